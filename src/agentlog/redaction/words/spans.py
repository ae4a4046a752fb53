"""Stretches of a text that lie in order and apart."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

Span = tuple[int, int]
"""Where a stretch begins and where it ends, as offsets."""
FILLER: Final = "\x00"
"""What stands for what must not be looked at: no pattern of ours matches it."""


def span_at(position: int, spans: Sequence[Span]) -> Span | None:
    """The one of `spans` that `position` lies in, if it lies in one.

    >>> span_at(5, [(0, 2), (4, 8)]), span_at(2, [(0, 2), (4, 8)])
    ((4, 8), None)
    """
    index = bisect_right(spans, (position, sys.maxsize)) - 1
    return spans[index] if index >= 0 and position < spans[index][1] else None


def blanked(text: str, spans: Iterable[Span]) -> str:
    """`text` with these stretches blanked out. As long as `text`."""
    pieces, position = [], 0
    for start, end in spans:
        pieces.append(text[position:start])
        pieces.append(FILLER * (end - start))
        position = end
    return "".join((*pieces, text[position:])) if pieces else text
