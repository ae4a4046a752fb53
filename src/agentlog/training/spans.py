"""Where in a prompt the values of its answer were copied from."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from agentlog.models.tagger import FORMS
from agentlog.models.tokens import EDGE, Tokens

Span = tuple[int, int]
"""First token, and the token behind the last."""

_NUMBER: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def places(tokens: Tokens, value: Any, form: str) -> list[Span]:
    """All spans of whole tokens of which `form` makes the value."""
    starts = {start: place for place, start in enumerate(tokens.starts)}
    ends = {end: place + 1 for place, end in enumerate(tokens.ends)}
    found = []
    for start, end in _matches(tokens.text, value, form):
        if start in starts and end in ends and FORMS[form](tokens.text[start:end]) == value:
            found.append((starts[start], ends[end]))
    return found


def _matches(text: str, value: Any, form: str) -> Iterable[tuple[int, int]]:
    if form == "number":
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield from ((match.start(), match.end()) for match in _NUMBER.finditer(text))
        return
    if not isinstance(value, str) or not value.strip():
        return
    flags = 0 if form == "verbatim" else re.IGNORECASE
    yield from ((match.start(), match.end()) for match in re.finditer(re.escape(value), text, flags))


class Chooser:
    """Which of several places a value was copied from, judged by the neighbours of values that stand in one place only."""

    def __init__(self) -> None:
        self._near: dict[str, Counter[str]] = {}
        self._all: Counter[str] = Counter()

    def learn(self, tokens: Tokens, label: str, span: Span) -> None:
        """A span that is certain."""
        self._near.setdefault(label, Counter()).update(_neighbours(tokens, span))

    def see(self, tokens: Tokens) -> None:
        """A text, so that common words count for little."""
        self._all.update({f"{side} {word.lower()}" for word in tokens.words for side in "<>"})

    def choose(self, tokens: Tokens, label: str, spans: Sequence[Span], taken: Iterable[int]) -> Span | None:
        """The likeliest of the spans that touch no taken token; None where all do."""
        used = set(taken)
        free = [span for span in spans if used.isdisjoint(range(*span))]
        near = self._near.get(label, Counter())
        return max(free, key=lambda span: (self._likely(near, tokens, span), -span[0]), default=None)

    def _likely(self, near: Mapping[str, int], tokens: Tokens, span: Span) -> float:
        return sum(
            math.log((near.get(one, 0) + 0.1) / (self._all.get(one, 0) + 1.0)) for one in _neighbours(tokens, span)
        )


def _neighbours(tokens: Tokens, span: Span) -> tuple[str, str]:
    start, end = span
    left = tokens.words[start - 1].lower() if start else EDGE
    right = tokens.words[end].lower() if end < len(tokens) else EDGE
    return f"< {left}", f"> {right}"
