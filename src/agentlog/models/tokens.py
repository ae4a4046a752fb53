"""A prompt as tokens that a tagger labels, each with what tells it from others.

Features are of three kinds, because a compiled tagger sums each kind in its own way: of one token, seen from its
neighbours too; of a pair of neighbours; of what was said before the last message, the same for all tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_TOKEN: Final = re.compile(r"<[A-Z][A-Z0-9_]*>|\d+|[^\W\d_]+|[^\w\s]|_")
_NUMBERED: Final = re.compile(r"_\d+(?=[_>])")
_MOST: Final = 800
"""Tokens that are looked at, the last ones."""
REACH: Final = 3
"""How many neighbours on each side say something about a token."""
EDGE: Final = "\x02"
"""The word before the first and after the last token."""
NUMBER, OTHER = "number", "other"
_SAID: Final = 12
"""Words of the message before that are looked at."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text and where its tokens are."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    words: tuple[str, ...]
    """As written, placeholders without their numbers."""

    def __len__(self) -> int:
        return len(self.words)


def tokens_of(text: str) -> Tokens:
    """The tokens of a text: words, runs of digits, placeholders, single marks.

    >>> tokens_of("at 7pm, <PERSON_2_GIVEN>").words
    ('at', '7', 'pm', ',', '<PERSON_GIVEN>')
    """
    found = list(_TOKEN.finditer(text))[-_MOST:]
    return Tokens(
        text,
        tuple(match.start() for match in found),
        tuple(match.end() for match in found),
        tuple(_NUMBERED.sub("", word) if word[0] == "<" and len(word) > 1 else word for word in (m[0] for m in found)),
    )


@lru_cache(maxsize=16384)
def of_word(word: str) -> tuple[str, ...]:
    """What is to be said of a token itself."""
    if word == EDGE:
        return ("edge",)
    lower = word.lower()
    found = [f"w={lower}", f"s={_shape(word)}"]
    if len(word) > 1 and word[0] != "<":
        found.append(f"z={lower[-3:]}")
        if not word.isdigit():
            found += [f"a={lower[:3]}", f"y={lower[-2:]}"]
    if word.isdigit():
        found.append(f"n={min(len(word), 5)}")
        if len(word) <= 2:
            found.append(f"d={_size(int(word))}")
    return tuple(found)


def pairs(one: str, other: str) -> str:
    """What is to be said of two neighbours."""
    return f"{one.lower()} {other.lower()}"


def repeated(tokens: Tokens) -> list[int]:
    """The places of tokens that stood in the text before, as they are written: what was named already is seldom named anew.

    >>> repeated(tokens_of("I am <PERSON_1_GIVEN>. Yours, <PERSON_1_GIVEN>"))
    [6]
    """
    seen: set[str] = set()
    found = []
    for place, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        if end - start > 1:
            word = tokens.text[start:end].lower()
            if word in seen:
                found.append(place)
            seen.add(word)
    return found


def before(text: str) -> tuple[str, ...]:
    """What is to be said of the words before the last message: its last ones, without repetition."""
    return tuple(dict.fromkeys(word.lower() for word in _TOKEN.findall(text)[-4 * _SAID :] if word[0].isalnum()))[
        -_SAID:
    ]


def kind(word: str) -> str:
    """A token's coarse kind, together with which the words before count."""
    return NUMBER if word.isdigit() else OTHER


def _shape(word: str) -> str:
    if word.isdigit():
        return "9" * min(len(word), 5)
    if not word[0].isalpha():
        return word
    return "x" if word.islower() else "X" if word.isupper() and len(word) > 1 else "Xx" if word[0].isupper() else "xX"


def _size(number: int) -> str:
    return (
        str(number)
        if number < 10
        else "10-12"
        if number <= 12
        else "13-24"
        if number <= 24
        else "25-31"
        if number <= 31
        else "32-99"
    )
