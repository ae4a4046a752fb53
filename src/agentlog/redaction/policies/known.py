"""Values that are known before any text is read: what an organisation knows (`vocabulary=`), and what stays (`allow=`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from agentlog.redaction.forms.digits import digit_rows
from agentlog.redaction.words.lists import COMMON
from agentlog.redaction.words.text import NUMBERS, TOKEN, folded, word_after, word_before

LONGEST: Final = 400
"""Characters of one value."""
_DIGITS: Final = 7
_BETWEEN: Final = 3
_LONGEST_NUMBER: Final = 100


class Known:
    """Many values, found again in any text by whole words, however they are written: `Mia Li`, `mia_li`, `MIA  LI`.

    Args:
        values: entity → values. Of two that are equal the first counts.

    Example:
        >>> known = Known({"CUSTOMER": ["Acme Rockets"]})
        >>> list(known.find("for ACME ROCKETS only", frozenset({"for", "acme", "rockets", "only"})))
        [(4, 16, 'CUSTOMER')]
    """

    def __init__(self, values: Mapping[str, Iterable[str]]) -> None:
        self._entities: dict[str, str] = {}
        self._lengths: dict[str, list[int]] = {}
        self._numbers: dict[str, str] = {}
        for entity, some in values.items():
            for value in some:
                self._add(value, entity)
        self._firsts = frozenset(self._lengths)

    def __bool__(self) -> bool:
        return bool(self._entities or self._numbers)

    def _add(self, value: str, entity: str) -> None:
        words = folded(value)
        digits = "".join(c for c in words if c.isascii() and c.isdigit())
        if len(digits) >= _DIGITS and not any(c.isalpha() for c in words):
            self._numbers.setdefault(digits, entity)
            if len(digits) > 10:  # a phone number without its country's code
                self._numbers.setdefault(digits[-10:], entity)
        tokens = TOKEN.findall(words)
        if not tokens:
            return
        key = " ".join(tokens)
        self._entities.setdefault(key, entity)
        counts = self._lengths.setdefault(tokens[0], [])
        if len(tokens) not in counts:
            counts.append(len(tokens))
            counts.sort(reverse=True)

    def holds(self, value: str) -> bool:
        """Whether `value` is one of them."""
        return " ".join(TOKEN.findall(folded(value))) in self._entities

    def find(self, text: str, words: frozenset[str]) -> Iterator[tuple[int, int, str]]:
        """Start, end and entity of each value in `text`, whose words are `words`; the longest at each place."""
        firsts = self._firsts & words
        if firsts:
            yield from self._words(text, firsts)
        if self._numbers and NUMBERS in words:
            for start, end in digit_rows(text):
                digits = "".join(c for c in text[start : min(end, start + _LONGEST_NUMBER)] if c.isdigit())
                entity = self._numbers.get(digits)
                if entity is not None:
                    yield start, end, entity

    def _words(self, text: str, firsts: frozenset[str]) -> Iterator[tuple[int, int, str]]:
        low = folded(text)
        tokens = list(TOKEN.finditer(low))
        past = 0
        for index, token in enumerate(tokens):
            if token.group() not in firsts or index < past:
                continue
            for count in self._lengths[token.group()]:
                run = tokens[index : index + count]
                if len(run) < count:
                    continue
                key = " ".join([one.group() for one in run])
                entity = self._entities.get(key)
                if entity is None or not _together(run) or not _meant(text, key, run[0].start()):
                    continue
                start, end = run[0].start(), run[-1].end()
                if not word_before(low, start) and not word_after(low, end):
                    yield start, end, entity
                    past = index + count
                    break


def _together(run: Sequence[re.Match[str]]) -> bool:
    """Whether nothing but a little punctuation lies between the words."""
    return all(other.start() - one.end() <= _BETWEEN for one, other in pairwise(run))


def _meant(text: str, key: str, start: int) -> bool:
    """A value that is one ordinary word, like `Will` or `Apple`, is meant with a capital letter only."""
    return key not in COMMON or text[start].isupper()
