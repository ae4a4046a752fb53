"""What is known of an open object or list while it is read, and of what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from agentlog.redaction.entities import Finding
from agentlog.redaction.keys.rules import Key, Rule


@dataclass(slots=True)
class Nested:
    """A string within the structure that has to be unescaped before it can be read."""

    start: int
    end: int


@dataclass(slots=True)
class Island:
    """A stretch of a text that is structured."""

    start: int
    end: int = 0
    complete: bool = False
    keyed: bool = False
    """It holds at least one key: not just a bracket in a sentence."""
    findings: list[Finding] = field(default_factory=list)
    couples: list[tuple[int, int]] = field(default_factory=list)
    """Indices of a given and a family name that stand in one object: one person."""
    numbers: list[tuple[int, int]] = field(default_factory=list)
    """Bare numbers, but for short ones that say nothing: exchanged as a whole and quoted or not at all, or the JSON would break."""
    nested: list[Nested] = field(default_factory=list)
    spoken: list[tuple[int, int]] = field(default_factory=list)
    """Keys and strings that are more than one bare word: where something may be said as in a sentence."""
    safe: list[tuple[int, int]] = field(default_factory=list)
    """Strings under keys of which the policy says that their values are nobody's."""


def is_whole(text: str, structured: Sequence[tuple[int, int]]) -> bool:
    """Whether all of `text` is one structure, but for a few characters around it: a blank, a bullet, a fence."""
    return len(structured) == 1 and structured[0][1] - structured[0][0] > len(text) - _AROUND


_AROUND: Final = 8


class Value(NamedTuple):
    """A string or a number of a structure."""

    start: int
    end: int
    text: str
    escaped: bool = False
    number: bool = False
    key: Key | None = None
    """The key it stands under, in an object."""
    member: int = 0
    """Which member of its list it is."""


_Any = TypeVar("_Any")


def added(held: list[_Any] | tuple[()], one: _Any) -> list[_Any]:
    """A list of a frame's with one more in it."""
    if not held:
        return [one]
    held.append(one)
    return held


Columns = tuple[Rule | None, ...]
"""What each cell of a row is, in a table that names its columns once."""


class Frame:
    """An open bracket, and what is known of its inside. Its lists are made when there is something to hold: most hold nothing."""

    __slots__ = (
        "above",
        "account",
        "address",
        "all_inherit",
        "bracket",
        "cells",
        "columns",
        "container",
        "count",
        "doubts",
        "family",
        "family_named",
        "given",
        "held",
        "inherited",
        "key",
        "label",
        "late",
        "listed",
        "logs_in",
        "lone",
        "named",
        "names",
        "of_person",
        "own_id",
        "parameters",
        "password",
        "people",
        "personal",
        "program",
        "relatives",
        "row",
        "rows",
        "rule",
        "sealed",
        "secret",
        "secrets",
        "seen",
        "silent",
        "state",
        "things",
        "under",
    )  # fmt: skip

    def __init__(self, bracket: str, above: Frame | None = None) -> None:
        self.bracket = bracket
        self.above = above
        self.under: Key | None = None
        """The key it lies under; of a list in a list, the key of the outer one."""

        # what is around it
        self.container: str | None = None
        """The entity of the ids in here."""
        self.people = False
        self.inherited: Rule | None = None
        """The rule of the key above: for values in here whose keys say nothing themselves."""
        self.named = False
        """It lies under a name: `{"name": {"first": …`."""
        self.address = False
        self.program = False
        """What is in here without a telling key is the program's own."""
        self.all_inherit = False
        """Every value in here has the inherited rule, whatever its key."""
        self.silent = False
        """An object, and nothing around it says anything: a key that says nothing (`Key.silent`) has to be asked no more."""

        # where the reading is
        self.key: Key | None = None
        self.rule: Rule | None = None
        """What the value that comes next is."""
        self.state = "key" if bracket == "{" else "value"
        self.count = 0
        """In a list: how many members have begun."""

        # what names what stands beside it
        self.label: Rule | None = None
        """What a value in here is, after another one that names it: `{"name": "email", "value": …`, `["email", …]`."""
        self.parameters = False
        """The second member of this list is an object: `["tel", {"type": "cell"}, "text", "…"]`, as in a jCard."""
        self.held: list[Value] | tuple[()] = ()
        """Values that may be named so."""
        self.columns: Columns | None = None
        """In an object: the names of columns that were listed in it."""
        self.rows: Columns | None = None
        """This holds rows of such columns."""
        self.row: Columns | None = None
        """This is such a row."""
        self.cells: list[Value] | tuple[()] = ()
        """Strings and long numbers of a list, should they turn out to be a row or names of columns."""
        self.listed: list[Rule | None] | tuple[()] = ()
        """In a list of objects that describe columns: what each of those is."""
        self.late: list[Value] | tuple[()] = ()
        """Cells of rows whose columns have not been named yet."""

        self.sealed: list[Value] | None = None
        """Where the values of a Kubernetes Secret are gathered, should this be one …"""
        self.secrets: list[list[Value]] | tuple[()] = ()
        """… as they are in the object that says so."""
        self.secret = False

        # what was found
        self.given: int | None = None
        """Which finding is somebody's given name, and which the family name that stands beside it."""
        self.family: int | None = None
        self.names: list[Value] | tuple[()] = ()
        """Values under `name`: somebody's, if this is about people."""
        self.own_id: Value | None = None
        self.password: Value | None = None
        """What stands under `pass`: a password, if somebody logs in here, else how a test went …"""
        self.logs_in = False
        """… as a login name says, or the word for it."""
        self.relatives: list[Value] | tuple[()] = ()
        """Ids of a parent or a child: somebody's, if this is the record of a family …"""
        self.family_named = False
        """… in which a pupil or a child has a name."""
        self.account: Value | None = None
        """What stands under `email` and is none."""
        self.personal = False
        """Something in here is somebody's for sure."""
        self.of_person = False
        """A name is."""
        self.things = False
        """It is the record of an order, a product, a case: not somebody's own."""
        self.seen: set[str] = set()
        """What was found in here."""
        self.lone: list[Value] | tuple[()] = ()
        """In strict mode: single words that may be half of a name."""
        self.doubts = 0
        """Where the values in doubt begin that stand in here."""
