"""What names what: `{"name": "email", "value": …}`, `["email", …]`, columns named once above their rows.

These are the structures whose keys say nothing; a string in them says what another one is. A Kubernetes Secret says in
`kind` that everything under its `data` is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agentlog.redaction.entities import NATIONAL_ID, PERSON, PHONE, SECRET
from agentlog.redaction.keys.rules import SAFE, Key, KeyRules, Rule
from agentlog.redaction.keys.values import judged
from agentlog.redaction.languages.dates import meanings
from agentlog.redaction.structures.frames import Columns, Frame, Value, added
from agentlog.redaction.words.lists import COMMON

_LONGEST_LABEL: Final = 80
_MOST_HELD: Final = 12
_MOST_CELLS: Final = 64
_MOST_LATE: Final = 20_000
_TERSE_CELLS: Final = frozenset("f c r cells cell values row data".split())
"""Keys that rows which are objects keep their cells under."""


def labelled_by(text: str, rules: KeyRules) -> Rule | None:
    """What a string that names another one says of it."""
    if not 2 <= len(text) <= _LONGEST_LABEL or "@" in text:
        return None
    key = rules.key(text)
    if key.rule is not None:
        return key.rule if key.rule is not SAFE else None
    if key.words in (("name",), ("your", "name"), ("what", "is", "your", "name")) or (
        key.people and len(key.words) < 5
    ):
        return Rule(PERSON, weak=True)
    return None


def read_label(frame: Frame, key: Key, text: str, rules: KeyRules) -> None:
    """Notes what a string of an object says of the others in it."""
    if key.text == "kind" and text == "Secret":
        frame.secret = True
    if key.kind and len(text) <= _LONGEST_LABEL:
        about = rules.key(text.partition("/")[0])
        if not about.people:
            frame.program |= about.program is True
        elif about.rule is None:
            frame.people, frame.silent = True, False
            frame.container = frame.container or about.container
            above = frame.above
            if above is not None and frame.under is not None and frame.under.words == ("attributes",):
                above.people, above.container, above.silent = True, above.container or about.container, False
    if key.label and frame.label is None and (key.rule is None or key.rule.weak):
        frame.label = labelled_by(text, rules)


def hold(frame: Frame, value: Value) -> None:
    """Keeps a value that may be named by another, till the end of its object."""
    if len(frame.held) < _MOST_HELD:
        frame.held = added(frame.held, value)


def named_values(frame: Frame, rules: KeyRules) -> list[tuple[Value, Rule]]:
    """At the end of an object or list: the values that another one named, with what they are."""
    if frame.bracket == "{":
        named = [(value, frame.label) for value in frame.held] if frame.label is not None else []
        columns = frame.columns
        return named + [
            (cell, rule) for cell in frame.late if columns and (rule := at(columns, cell.member)) is not None
        ]
    if frame.count == 2 and len(frame.cells) == 2 and frame.inherited is None and not frame.cells[0].number:
        label = labelled_by(frame.cells[0].text, rules)
        return [(frame.cells[1], label)] if label is not None else []
    return []


def seal(frame: Frame, above: Frame, key: Key) -> None:
    """Gathers the values under `data`, should this be a Kubernetes Secret: all of them, whatever their own keys are."""
    frame.sealed = above.sealed
    if key.seals:
        frame.sealed = []
        above.secrets = added(above.secrets, frame.sealed)


def judged_by_name(value: Value, rule: Rule, rules: KeyRules) -> str | None:
    """The entity of a value that another one named; None when it does not look the part, or names a field itself."""
    text = value.text.strip()
    if text.isalpha() and text.isascii() and rules.rule(text) is not None:
        return None  # `["firstName", "lastName"]` names two fields
    if rule.entity == SECRET and (any(map(str.isspace, text)) or text.lower() in COMMON):
        return None
    if rule.entity == PHONE and sum(map(str.isalpha, text)) > 6:
        return None
    if rule.entity in (NATIONAL_ID, PHONE) and meanings(text):
        return None  # when a passport was issued
    return judged(rule, text)


# ── columns and rows ──────────────────────────────────────────────────────────────────────────────────────────────


def begin_member(frame: Frame, rules: KeyRules) -> None:
    """A member of a list begins: what it is by its column, or by the list's first string."""
    index = frame.count
    frame.count += 1
    if frame.row is not None:
        frame.rule = at(frame.row, index)
    elif index == 3 and frame.parameters and frame.cells:
        frame.rule = frame.label = labelled_by(frame.cells[0].text, rules)
    elif index > 3 and frame.parameters:
        frame.rule = frame.label
    else:
        frame.rule = frame.inherited


def note_member(frame: Frame, value: Value) -> None:
    """Keeps a string or a number of a list, should it be a cell or name one."""
    if frame.row is None and frame.inherited is None and len(frame.cells) < _MOST_CELLS:
        frame.cells = added(frame.cells, value)


def enter_table(frame: Frame, above: Frame) -> None:
    """Hands the columns of a table down to its rows and cells."""
    if above.row is not None:
        frame.all_inherit = frame.inherited is not None  # a cell that is an object: {"v": …}
    elif above.rows is not None:
        if frame.bracket == "[":
            frame.row = above.rows
        else:
            frame.columns = above.rows
    elif above.columns is not None and frame.bracket == "[" and frame.under is not None:
        of_row = above.above is not None and above.above.rows is above.columns
        if not of_row:
            frame.rows = above.columns
        elif frame.under.text.lower() in _TERSE_CELLS:
            frame.row = above.columns


def leave_table(frame: Frame, rules: KeyRules) -> None:
    """At the end of a list: whether it named columns, or was a row of columns that are yet to be named."""
    above, under = frame.above, frame.under
    if above is None or frame.row is not None or frame.rows is not None:
        return
    described = under is not None and under.columns
    if frame.bracket == "{":
        if above.bracket == "[" and described and len(above.listed) < _MOST_CELLS:
            above.listed = added(above.listed, frame.label)  # one column: {"name": "email", "type": "STRING"}
        return
    if above.bracket == "{" and described:
        texts = [cell.text for cell in frame.cells if not cell.number]
        columns = columns_of([labelled_by(text, rules) for text in texts] or frame.listed)
        if columns and len(columns) == frame.count:
            above.columns = columns
            outer = above.above
            if outer is not None and outer.bracket == "{" and above.under is not None and above.under.columns:
                outer.columns = columns  # {"schema": {"fields": […]}, "rows": …}
        return
    if above.bracket == "[":
        if above.count == 1 and len(frame.cells) == frame.count and not any(cell.number for cell in frame.cells):
            columns = columns_of([labelled_by(cell.text, rules) for cell in frame.cells])
            telling = sum(rule is not None for rule in columns or ())
            if columns and 3 * telling >= len(columns) and (telling > 1 or len(columns) == 1):
                above.rows = columns
        elif len(above.late) < _MOST_LATE:
            _keep(above, frame.cells)
    elif above.bracket == "{" and frame.late and len(above.late) < _MOST_LATE:
        _keep(above, frame.late)


def _keep(frame: Frame, cells: Sequence[Value]) -> None:
    """Till the columns are named."""
    if not frame.late:
        frame.late = list(cells)
    else:
        frame.late += cells


def columns_of(rules: Sequence[Rule | None]) -> Columns | None:
    """Those columns; None: no name of them says anything."""
    return tuple(rules) if any(rule is not None for rule in rules) else None


def at(columns: Columns, index: int) -> Rule | None:
    """The rule of the cell number `index`."""
    return columns[index] if index < len(columns) else None
