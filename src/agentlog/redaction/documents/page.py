"""A text as the readers of containers see it: its words, and its lines without what is put before every line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from agentlog.redaction.documents.fields import Fields
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.structures.frames import Island, is_whole
from agentlog.redaction.words.spans import Span, span_at

_HUNK: Final = re.compile(r"^(?:@@ -[0-9]|diff --git |--- \S.*\n\+\+\+ )", re.MULTILINE)
_QUOTED: Final = re.compile(r"(?:> ?){1,6}")
_PUT_BEFORE: Final = frozenset("+- >│┃║")
_FRAME: Final = "│┃║ \t\r"


class Page:
    """One text, and where in it other readers have been already.

    Args:
        text: with all that has to be unescaped first blanked out.
        low: the same in lower case, character for character.
        words: its words.
        rules: what keys say.
        structured: the stretches that are JSON, in order.
    """

    def __init__(
        self, text: str, low: str, words: frozenset[str], rules: KeyRules, structured: Sequence[Span] = ()
    ) -> None:
        self.text = text
        self.low = low
        self.words = words
        self.rules = rules
        self.structured = structured
        self.whole = is_whole(text, structured)
        """All of it is one structure."""

    @cached_property
    def fields(self) -> Fields:
        """Where readers say what they see; made when the first of them sees something."""
        return Fields(self.text, self.rules)

    @property
    def found(self) -> Island:
        """What was found in it."""
        return self.fields.found() if "fields" in self.__dict__ else Island(0)

    @cached_property
    def is_diff(self) -> bool:
        """Its lines begin with `+`, `-` or a blank, and hold something else behind it."""
        return _HUNK.search(self.text) is not None

    def within(self, position: int) -> int | None:
        """The end of the structure that `position` lies in, if it lies in one."""
        inside = span_at(position, self.structured)
        return inside[1] if inside is not None else None

    @cached_property
    def lines(self) -> list[Span]:
        """Where its lines stand, without signs of a diff, of a quoted mail, of a box around them; none of JSON's."""
        if self.whole:
            return []
        text, spans, start = self.text, [], 0
        returns = "\r" in text
        skips = iter([*self.structured, (len(text) + 1, len(text) + 1)])
        skip = next(skips)
        while start <= len(text):
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            while skip[1] <= start:
                skip = next(skips)
            if skip[0] <= start and end <= skip[1]:
                spans.append((end, end))
            elif returns or text[start : start + 1] in _PUT_BEFORE:
                spans.append(self._inner(start, end))
            else:
                spans.append((start, end))
            start = end + 1
        return spans

    def _inner(self, start: int, end: int) -> Span:
        text = self.text
        if end > start and text[end - 1] == "\r":
            end -= 1
        first = text[start : start + 1]
        if first in ("+", "-", " ") and self.is_diff:
            start += 1
        elif first == ">" and (quote := _QUOTED.match(text, start, end)):
            start = quote.end()
        elif first in ("│", "┃", "║") and text[end - 1] in "│┃║" and text.count(first, start, end) == 2:
            start, end = start + 2, end - 1
            while end > start and text[end - 1] in _FRAME:
                end -= 1
        return min(start, end), end
