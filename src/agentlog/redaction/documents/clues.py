"""Patterns that say by themselves what stands where, each tried only where a piece of it occurs at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from agentlog.redaction.documents.fields import Fields, unquoted
from agentlog.redaction.documents.page import Page
from agentlog.redaction.words.needles import by_letter

_KEPT: Final = 1_000

Taker = Callable[[Fields, "re.Match[str]"], None]
"""Says to `Fields` what a match holds."""


class Clue(NamedTuple):
    """A pattern, and what its groups are."""

    words: frozenset[str]
    """One of these words must be in a text before the pattern is tried; none: any text will do."""
    marks: tuple[str, ...]
    """And one of these, letter for letter."""
    pattern: re.Pattern[str]
    take: Taker


def clue(words: str, marks: str, pattern: str, take: Taker, flags: int = 0) -> Clue:
    """A clue; words are parted by blanks and in lower case, marks by `|`. `^` and `$` in the pattern are of lines."""
    needles = tuple(marks.split("|")) if marks else ()
    return Clue(frozenset(words.split()), needles, re.compile(pattern, re.MULTILINE | flags), take)


class Book:
    """Clues by their words, so that a text is asked once for the words of all of them."""

    def __init__(self, clues: Iterable[Clue]) -> None:
        self._clues = tuple(clues)
        self._always = frozenset(place for place, one in enumerate(self._clues) if not one.words)
        self._by_word: dict[str, list[int]] = {}
        for place, one in enumerate(self._clues):
            for word in one.words:
                self._by_word.setdefault(word, []).append(place)
        self._words = frozenset(self._by_word)
        self._worth = lru_cache(_KEPT)(self._worth_trying)

    def look(self, page: Page) -> None:
        """Finds what the clues find in `page`, in their order."""
        text = page.text
        unmarked, marked = self._worth(page.words & self._words)
        places = set(unmarked)
        for letter, marks in marked:
            if letter in text:
                for mark, place in marks:
                    if mark in text:
                        places.add(place)
        for place in sorted(places):
            one = self._clues[place]
            for match in one.pattern.finditer(text):
                one.take(page.fields, match)

    def _worth_trying(self, words: frozenset[str]) -> _Worth:
        """The clues for a text in which there are these of their words: few sets of them are common."""
        places = self._always.union(*(self._by_word[word] for word in words))
        marked = ((mark, place) for place in sorted(places) for mark in self._clues[place].marks)
        return tuple(place for place in places if not self._clues[place].marks), by_letter(marked)


_Worth = tuple[tuple[int, ...], tuple[tuple[str, tuple[tuple[str, int], ...]], ...]]
"""Which clues have no marks; and by a letter of them the marks of others, each with the clue that it belongs to."""


def login(*groups: int) -> Taker:
    """These groups are login names."""
    return _each(Fields.login, groups)


def secret(*groups: int) -> Taker:
    """These groups are secrets."""
    return _each(Fields.secret, groups)


def person(*groups: int) -> Taker:
    """These groups are names of people."""
    return _each(Fields.person, groups)


def _each(say: Callable[[Fields, int, int], None], groups: tuple[int, ...]) -> Taker:
    def take(fields: Fields, match: re.Match[str]) -> None:
        for group in groups:
            if match.group(group):
                say(fields, *match.span(group))

    return take


def kind(entity: str) -> Taker:
    """The first group is of that kind."""
    return lambda fields, match: fields.told(*match.span(1), entity)


def pair(key: int, value: int, quoted: bool = True, login: bool = False) -> Taker:
    """One group is a key and another its value; without `quoted` the value may have quotes."""

    def take(fields: Fields, match: re.Match[str]) -> None:
        inner, had = (match.span(value), True) if quoted else unquoted(match.string, *match.span(value))
        fields.pair(match.span(key), inner, had, login)

    return take


def both(*takers: Taker) -> Taker:
    """All of these, one after another."""

    def take(fields: Fields, match: re.Match[str]) -> None:
        for one in takers:
            one(fields, match)

    return take
