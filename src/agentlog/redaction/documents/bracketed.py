"""Objects without quotes around their keys: YAML in one line, what objects print of themselves, calls with named arguments.

`{name: Mia Li, age: 3}`, `User(id=7, name='Mia Li')`, `User{firstName='Mia'}`, `createUser(firstName: "Mia") {`.
"""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.documents.fields import Fields, one_word, unquoted
from agentlog.redaction.documents.page import Page
from agentlog.redaction.limits import DEEPEST
from agentlog.redaction.watching import watched
from agentlog.redaction.words.spans import Span

_OPENED: Final = watched(r"[({\[]\s{0,40}(?=[A-Za-z_$][\w$]{0,60}[ \t]{0,2}(?:=(?!=)|:(?!:)))")
_BEFORE: Final = re.compile(r"(?<![\w$])[A-Za-z_$][\w.$]{0,60}(?=[ \t]{0,2}\Z)")
_TOKEN: Final = re.compile(
    r"""\s*+(?:"((?:[^"\\\n]|\\.){0,4096}+)"|'((?:[^'\\\n]|\\.){0,4096}+)'|`([^`\\$]{0,4096}+)`|([{\[(])|([}\])])|(,|;|=>|[:=])|([^\s"'`{}\[\](),;:=]++(?:[ \t]+[^\s"'`{}\[\](),;:=]++)*+))""",
    re.DOTALL,
)
_KEY: Final = re.compile(r"[A-Za-z_$][\w.$-]{0,60}")
_CLOSES: Final = {"{": "}", "[": "]", "(": ")"}
_WRAPPERS: Final = frozenset(("Some", "Just", "Ok", "String", "Text", "SecretStr", "Secret"))
"""What is called so around a value is no function of it."""
_LONGEST: Final = 20_000


def read(page: Page) -> None:
    """All such objects of `page`, but for those in JSON."""
    text = page.text
    if not ("=" in text or ":" in text) or not ("(" in text or "{" in text or "[" in text):
        return
    position = 0
    while match := _OPENED.search(text, position):
        inside = page.within(match.start())
        if inside is not None:
            position = inside
            continue
        before = _BEFORE.search(text, max(0, match.start() - 64), match.start())
        name = before.span() if before is not None else None
        position = max(_object(text, match.start(), len(text), page.fields, name, data=False), match.end())


def flow(text: str, start: int, end: int, fields: Fields) -> bool:
    """Reads the flow mapping or list that is the value of a line of YAML; False if it is none."""
    if text[end - 1] not in "}]":
        return False
    return _object(text, start, end, fields, None, data=True) > start


def _object(text: str, start: int, end: int, fields: Fields, name: Span | None, data: bool) -> int:
    """Reads from the bracket at `start`; where it ends, or where it stops to be understood.

    Args:
        text: the whole text.
        start: where the bracket stands.
        end: where to stop at the latest.
        fields: what is told.
        name: the name before the bracket.
        data: words without quotes are values, not names of variables.
    """
    brackets: list[str] = []
    key: Span | None = name
    bare: Span | None = None
    valued = False
    position, end = start, min(end, start + _LONGEST)
    while match := _TOKEN.match(text, position, end):
        kind = match.lastindex or 0
        position = match.end()
        if kind in (1, 2, 3):
            span = match.span(kind)
            if valued and key is not None:
                fields.pair(key, span, quoted=True, login=one_word(text, *span))
                key, valued = None, False
            elif brackets and brackets[-1] == "[":
                fields.value(span, quoted=True)
            else:
                bare = span
        elif kind == 4:
            if len(brackets) >= DEEPEST // 2:
                break
            called = valued and bare is not None and text[slice(*bare)] not in _WRAPPERS
            opened = None if called else key if valued or not brackets else bare
            brackets.append(match.group(4))
            fields.open("[" if match.group(4) == "[" and not _keyed(text, position) else "{", opened)
            key, bare, valued = None, None, False
        elif kind == 5:
            if not brackets or _CLOSES[brackets.pop()] != match.group(5):
                break
            if valued and key is not None and bare is not None:
                _bare(text, key, bare, fields, data)
            fields.close()
            key, bare, valued = None, None, False
            if not brackets:
                return position
        elif kind == 6:
            mark = match.group(6)
            if mark in (",", ";"):
                if valued and key is not None and bare is not None:
                    _bare(text, key, bare, fields, data)
                elif data and bare is not None and brackets[-1:] == ["["]:
                    fields.value(bare)
                key, bare, valued = None, None, False
            elif bare is not None and not valued and _KEY.fullmatch(text, *bare):
                key, bare, valued = bare, None, True
            elif valued and bare is not None:
                bare = (bare[0], match.end())  # a colon within a value
        elif valued and bare is not None:
            bare = (bare[0], match.end(7))
        else:
            bare = match.span(7)
    for _ in brackets:
        fields.close()
    return position


def _keyed(text: str, position: int) -> bool:
    return _KEYED.match(text, position) is not None


_KEYED: Final = re.compile(r"\s{0,40}[A-Za-z_$][\w$]{0,60}[ \t]{0,2}[=:]")
_DATA: Final = re.compile(
    r"[^\s()@]{1,200}@[^\s()@]{1,255}|[^\W\d_a-z][^\W\d_]+(?:[ '-][^\W\d_a-z][^\W\d_]+){1,3}|.*[0-9].*"
)


def _bare(text: str, key: Span, value: Span, fields: Fields, data: bool) -> None:
    """A value without quotes: in data any, in what may be code only what no variable is called like."""
    inner, quoted = unquoted(text, *value)
    if data or quoted or _DATA.fullmatch(text, *inner):
        fields.pair(key, inner, quoted)
