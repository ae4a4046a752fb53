"""What the recorder has done, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """Calls, since the recorder started."""

    seen: int = 0
    """Ended calls that reached the recorder (two layers' views of one call are two here)."""
    stored: int = 0
    """Rows that are durable."""
    withheld: int = 0
    """Of the stored: some content is withheld."""
    failed: int = 0
    """Of the stored: only the shape is stored, because the call could not be read or redacted."""
    merged: int = 0
    """Calls that two layers saw, stored once."""
    unsampled: int = 0
    """Outermost calls that `sample_rate` left out here: model calls without a run, whose run is only known here."""
    repaired: int = 0
    """Durable rows that were written anew, because what was learnt later stood in them."""
    feedback: int = 0
    """Feedback that is durable."""
    by_surface: Counter[str] = field(default_factory=Counter)
    by_operation: Counter[str] = field(default_factory=Counter)
    replaced: Counter[str] = field(default_factory=Counter)
    """Replaced values, by entity."""
