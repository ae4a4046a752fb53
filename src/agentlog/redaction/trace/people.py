"""Who is who in a trace: given name, family name, user id and e-mail address that belong to one person get one number.

A name is taken apart into its words, and each word keeps one placeholder for the whole trace. "Mia Li", "Li, Mia",
"Mia" and the words in `mia_li_3668` are one person. Two people who share a family name keep their own given names, and
the shared word keeps the number of the first who bore it: what was equal stays equal, what was different stays so.
"""

# ruff: noqa: RUF001 - typographic quotes, dashes and Chinese punctuation are what is looked for

from __future__ import annotations

import re
from typing import Final, NamedTuple

from agentlog.redaction.entities import FAMILY, GIVEN, MIDDLE, PERSON
from agentlog.redaction.words.lists import COMMON, NAME_SUFFIXES, ORDINARY, ORGANISATION, PARTICLES, TITLES
from agentlog.redaction.words.text import folded

_NO_NAMES: Final = PARTICLES | TITLES | NAME_SUFFIXES
_MARKED: Final = re.compile(r"[._\-]")
_WORD: Final = re.compile(r"[^\s,()\"“”]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ALL_HAN: Final = re.compile(r"[\u3041-\u30ff\u3400-\u9fff·々 \u3000]+")


class Thing:
    """Something that has one number in a trace; it gets the number when it is first written."""

    __slots__ = ("_same", "entity", "family", "given", "number")

    def __init__(self, entity: str) -> None:
        self.entity = entity
        self.number = 0
        self.given = ""
        self.family = ""
        self._same: Thing | None = None

    def join(self, other: Thing) -> None:
        """This turns out to be `other`."""
        self._same = other

    def root(self) -> Thing:
        """The thing that this one was joined to, at the end of the chain."""
        thing = self
        while thing._same is not None:
            thing = thing._same
        return thing


class NamePiece(NamedTuple):
    """A word (or an undivided stretch) of a name, by its place in the name."""

    start: int
    end: int
    part: str


def split_name(value: str, part: str = "") -> list[NamePiece]:
    """The pieces of a name that are exchanged one by one.

    >>> [("Mia Anna Li"[a:b], part) for a, b, part in split_name("Mia Anna Li")]
    [('Mia', 'GIVEN'), ('Anna', 'MIDDLE'), ('Li', 'FAMILY')]
    >>> [("Li, Mia"[a:b], part) for a, b, part in split_name("Li, Mia")]
    [('Li', 'FAMILY'), ('Mia', 'GIVEN')]
    """
    if value.isalpha() and value.isascii():
        return [NamePiece(0, len(value), part)] if value.lower() in ORGANISATION or _is_name(value) else []
    words = list(_WORD.finditer(value))
    if not words:
        return []
    if _ALL_HAN.fullmatch(value.strip()) or any(word.group().strip(".").lower() in ORGANISATION for word in words):
        return [NamePiece(words[0].start(), words[-1].end(), part)]
    pieces = [
        NamePiece(word.start(), word.end() - (len(word.group()) - len(word.group().rstrip(".;:!?'"))), part)
        for word in words
        if _is_name(word.group())
    ]
    if part or len(pieces) < 2:
        return pieces
    comma = value.find(",")
    if 0 < comma < pieces[-1].start:
        return [
            p._replace(part=FAMILY if p.end <= comma else GIVEN if p.start > comma and p is pieces[-1] else MIDDLE)
            for p in pieces
        ]
    last = len(pieces) - 1
    return [p._replace(part=GIVEN if i == 0 else FAMILY if i == last else MIDDLE) for i, p in enumerate(pieces)]


def _is_name(word: str) -> bool:
    plain = word.strip(".'’").lower()
    return len(plain) > 1 and plain[0].isalpha() and plain not in _NO_NAMES


def names_in_id(identifier: str) -> list[str]:
    """The words of a user id or the front of an e-mail address, when it is made of a name: `mia_li_3668` → mia, li."""
    words = _LETTERS.findall(identifier)
    if not 2 <= len(words) <= 3 or any(len(word) < 2 or word.lower() in ORDINARY for word in words):
        return []
    if _MARKED.search(identifier) is None or all(word.lower() in COMMON for word in words):
        return []
    return words


class People:
    """The people of one trace and the words of their names."""

    def __init__(self) -> None:
        self._words: dict[str, Thing] = {}
        self.parts: dict[str, str] = {}
        """What each word is: `GIVEN`, `MIDDLE`, `FAMILY`, or "" as long as nobody said."""

    def bearer(self, low: str) -> Thing | None:
        """Who bears that word as a name; it is `folded`."""
        thing = self._words.get(low)
        return thing.root() if thing is not None else None

    def learn(self, words: list[tuple[str, str]]) -> None:
        """Takes in one name: its words with their parts."""
        lows = [(folded(word), part) for word, part in words]
        given = family = ""
        for low, part in lows:
            if part == GIVEN:
                given = given or low
            elif part == FAMILY:
                family = family or low
        person = self._who(given, family) if given and family else None
        if person is None:
            if not (given and family):
                known = [self._words[low] for low, _ in lows if low in self._words]
                person = known[0].root() if known else None
            if person is None:
                person = Thing(PERSON)
        for low, part in lows:
            if low not in self._words:
                self._words[low] = person
                self.parts[low] = part
            elif part and not self.parts[low]:
                self.parts[low] = part
            if self._words[low].root() is person:
                person.given = person.given or (low if part == GIVEN else "")
                person.family = person.family or (low if part == FAMILY else "")

    def couple(self, given: str, family: str) -> None:
        """`given` and `family` stand in one object: one person bears both."""
        self.learn([(given, GIVEN), (family, FAMILY)])

    def _who(self, given: str, family: str) -> Thing | None:
        """Who bears both names, joining what was learnt of one person in two pieces; None: nobody yet."""
        by_given, by_family = self.bearer(given), self.bearer(family)
        if by_given is None and by_family is None:
            return None
        if by_given is None or by_family is None:
            known = by_given or by_family
            if known is None:
                return None
            free = not known.family or known.family == family if by_given else not known.given or known.given == given
            return known if free else None
        if by_given is not by_family and not (by_given.family or by_family.given) and not by_family.number:
            by_family.join(by_given)
        return by_given
