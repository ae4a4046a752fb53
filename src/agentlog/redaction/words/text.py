"""Words of a text, and lower case that keeps every character in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
TOKEN: Final = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
"""One word: a run of letters and digits; `_` parts words, and each character of Chinese, Japanese and Korean is a word."""

_CJK: Final = re.compile(rf"[{CJK}]")


_BLANKS: Final = "\n\t\r\v\f\u00a0_"
_ASCII_WORDS: Final = bytes(ord(chr(code).lower()) if chr(code).isalnum() and code < 128 else 32 for code in range(256))
"""What each ASCII character is in a word, in lower case; a space for all that parts words."""


TURNS: Final = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""Where capitals and small letters take turns in a word: `My`, `Bot`, `Token`; in what is drawn by lot every other letter."""


def lower(text: str) -> str:
    """`text` in lower case with every character at its place: İ, the only one that would become two, stays."""
    low = text.lower()
    return low if len(low) == len(text) else "İ".join(map(str.lower, text.split("İ")))


def folded(text: str) -> str:
    """`text` as values are compared: in lower case, every blank and every `_` a space, every character at its place.

    >>> folded("Mia_Li")
    'mia li'
    """
    low = lower(text)
    if low.isalnum():
        return low
    for blank in _BLANKS:  # several times as fast as str.translate
        if blank in low:
            low = low.replace(blank, " ")
    return low


def word_before(text: str, position: int) -> bool:
    """Whether a word goes on to the left of `position`."""
    return position > 0 and text[position - 1].isalnum() and _CJK.match(text[position - 1]) is None


def word_after(text: str, position: int) -> bool:
    """Whether a word goes on at `position`."""
    return position < len(text) and text[position].isalnum() and _CJK.match(text[position]) is None


def words_of(low: str) -> list[str]:
    """The words of a lower-case text, in order."""
    return low.encode().translate(_ASCII_WORDS).decode().split() if low.isascii() else TOKEN.findall(low)


NUMBERS: Final = "#"
"""Among the words of a text: some of them begin with a digit."""
_WITH_NUMBERS: Final = frozenset((NUMBERS,))


def words_in(text: str) -> frozenset[str]:
    """The different words of `text` as values are compared, and `NUMBERS` where there are some."""
    global _last
    of, words = _last
    if of is not text:  # a text that was learnt is often written next
        words = words_among(text)
        _last = (text, words)
    return words


def words_among(text: str) -> frozenset[str]:
    """`words_in` for a text that is asked for once."""
    words = frozenset(words_of(text if text.isascii() else folded(text)))
    return words | _WITH_NUMBERS if words and min(words) < ":" else words


_last: tuple[str, frozenset[str]] = ("", frozenset())


def longest(words: frozenset[str]) -> int:
    """The length of the longest of these words; several detectors in a row ask for that of one text."""
    global _longest
    of, length = _longest
    if of is not words:
        length = max(map(len, words), default=0)
        _longest = (words, length)
    return length


_longest: tuple[frozenset[str] | None, int] = (None, 0)


def marks(words: frozenset[str]) -> frozenset[int]:
    """What stands for words where they are remembered for longer than a trace: Python's own hashes, in memory only."""
    return frozenset(map(hash, words))


def occurrences(low: str, phrase: str) -> Iterator[int]:
    """Where `phrase` stands in `low` with no letter or digit right before it."""
    at = low.find(phrase)
    while at >= 0:
        if at == 0 or not low[at - 1].isalnum():
            yield at
        at = low.find(phrase, at + len(phrase))
