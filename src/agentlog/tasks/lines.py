"""Lines of a prompt as numbers: what a template is made of.

A line is normalised (numbers, hex words and redaction's placeholders become constants) and stands for a chain of
prefixes: itself, then its heads, the longest first: `Policy: refunds take 5 days` → `Policy: <*>`. A line that a
program filled in differs from call to call, its head does not.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

SLOT: Final = "<*>"
_LINES = 400  # a prompt's first lines; what follows is content
_MEMO = 200_000  # remembered lines and texts, to bound the memory of a long stream

_PLACEHOLDER = re.compile(r"<([A-Z][A-Z_]*?)_\d+((?:_[A-Z]+)*)>")
_HEX_WORD = re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{8,}\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")
_LETTER = re.compile(r"[^\W\d_]")
_DELIMITER = re.compile(r"[:(\[\uff1a\uff08\u3010]")  # and their full-width forms
_HEADS = 3
_NEAR = 40  # characters: a delimiter further on may stand behind filled-in words


class Line(NamedTuple):
    """One line of a prompt."""

    size: int
    """Characters of the normalised line."""
    chain: tuple[int, ...]
    """Numbers of the line and of its heads, the longest first. Not known to the lexicon: left out."""
    whole: bool
    """The first of `chain` is the line itself, not a head."""


def normalise(line: str) -> str:
    """A line without what differs between two uses of one template.

    >>> normalise("  Order 4711 of <PERSON_2>,  id 9f8e7d6c5b4a ")
    'Order <n> of <PERSON>, id <h>'
    """
    line = _SPACE.sub(" ", line.strip())
    if _NUMBER.search(line) is None:
        return line
    if "<" in line:
        line = _PLACEHOLDER.sub(r"<\1\2>", line)
    return _NUMBER.sub("<n>", _HEX_WORD.sub("<h>", line))


def heads(line: str) -> list[str]:
    """The constant fronts a filled line may have: up to a colon or an opening bracket, else its first three words.

    >>> heads("Use the tools. Policy: refunds (all) take days")
    ['Use the tools. Policy: refunds (<*>', 'Use the tools. Policy:<*>']
    >>> heads("Hello I am looking for a flight")
    ['Hello I am <*>']
    """
    ends = [match.end() for match in _DELIMITER.finditer(line) if match.start() and match.end() < len(line)][:_HEADS]
    found = [line[:end] + SLOT for end in reversed(ends)]
    if not ends or ends[0] > _NEAR:
        words = line.split(" ", 4)
        if len(words) > 4:
            found.append(" ".join(words[:3]) + " " + SLOT)
    return found


class Lexicon:
    """The numbers of lines and heads. It learns new ones until it is frozen; then unknown ones are left out."""

    def __init__(self, words: list[str] | None = None) -> None:
        self.words: list[str] = []
        """The line or head of each number."""
        self._numbers: dict[str, int] = {}
        self._raw: dict[str, Line | None] = {}
        self._texts: dict[str, tuple[Line, ...]] = {}
        self.frozen = False
        for word in words or ():
            self.number(word)
        self.frozen = words is not None

    def heads(self, word: str) -> list[int]:
        """The numbers of the heads of a line or of a head, the longest first, as far as they are known."""
        return [n for n in map(self._numbers.get, heads(word.removesuffix(SLOT))) if n is not None]

    def read(self, text: str) -> tuple[Line, ...]:
        """The lines of `text` that hold a letter."""
        known = self._texts.get(text)
        if known is None:
            found = []
            for raw in text.split("\n"):
                line = self._raw[raw] if raw in self._raw else self._line(raw)
                if line is not None:
                    found.append(line)
                    if len(found) == _LINES:
                        break
            if len(self._texts) >= _MEMO:
                self._texts.clear()
            known = self._texts[text] = tuple(found)
        return known

    def _line(self, raw: str) -> Line | None:
        line: Line | None = None
        if _LETTER.search(raw):
            text = normalise(raw)
            numbers = [self.number(word) for word in (text, *heads(text))]
            line = Line(len(text), tuple(n for n in numbers if n is not None), numbers[0] is not None)
        if len(self._raw) >= _MEMO:
            self._raw.clear()
        self._raw[raw] = line
        return line

    def number(self, word: str) -> int | None:
        """The number of a line, a head or another word; None when it is not known and the lexicon is frozen."""
        number = self._numbers.get(word)
        if number is None and not self.frozen:
            number = self._numbers[word] = len(self.words)
            self.words.append(word)
        return number
