"""Is a prompt like those that a model was trained on? Two gates of likeness, and three of form.

A score alone does not tell: a model is sure of much that it never saw. So a prompt also has to be near one of the groups
of training prompts, and to be made of words, and parts of words, that were seen; its template, the tools and the schema
that it offers must be known, and it must not be longer than those that were learned.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from agentlog.models.contract import Row
from agentlog.models.features import Encoder, units
from agentlog.models.prompts import Reader, Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a prompt may go. All were measured on calls later than those that were learned."""

    similarity: float
    """Cosine to the nearest group, at least."""
    known: float
    """Share of a prompt's weight that is known, at least, 0 to 1."""
    size: int
    """Characters that vary, at most."""
    template: int
    """Lines of the template, at least."""
    offers: tuple[str, ...]
    """Digests of tools and output schemas that were seen."""


class Gate:
    """Says why a prompt is novel.

    Args:
        centroids: the middle of each group of training prompts, unit length, n_groups by n_dimensions.
        limits: see there.
    """

    def __init__(self, centroids: Floats, limits: Limits) -> None:
        import numpy as np

        self.centroids = np.ascontiguousarray(centroids, np.float32)
        self.limits = limits
        self._highest = np.maximum.reduce

    def form(self, reading: Reading) -> str:
        """Why the form of a prompt is novel; "" where it is known."""
        limits = self.limits
        if reading.offer not in limits.offers:
            return "the tools or the output schema changed since training"
        if reading.template < limits.template:
            return f"the prompt holds {reading.template} lines of its template, trained were {limits.template} and more"
        if reading.size > limits.size:
            return f"the prompt is longer than what was trained: {reading.size:,} characters vary, at most {limits.size:,} did"
        return ""

    def likeness(self, vector: Floats, known: float) -> str:
        """Why the words of a prompt are novel; "" where they are like those that were trained."""
        limits = self.limits
        if known < limits.known:
            return f"{known:.0%} of the prompt's words are known, the limit is {limits.known:.0%}"
        if limits.similarity > -1.0:
            similarity = self.similarity(vector)
            if similarity < limits.similarity:
                return f"no group of trained prompts is near: similarity {similarity:.2f}, the limit is {limits.similarity:.2f}"
        return ""

    def similarity(self, vector: Floats) -> float:
        """Cosine to the nearest group."""
        squared = float(vector @ vector)
        if squared <= 0.0 or not len(self.centroids):
            return 0.0
        nearest = float(self._highest(self.centroids @ vector))
        return nearest / math.sqrt(squared)

    def to_dict(self) -> dict[str, Any]:
        """The limits as JSON values."""
        return asdict(self.limits)

    @classmethod
    def from_dict(cls, centroids: Floats, value: Mapping[str, Any]) -> Gate:
        """The gate that `to_dict` wrote, with its array."""
        return cls(centroids, Limits(**{**value, "offers": tuple(value["offers"])}))


class Gatekeeper:
    """A gate that reads rows by itself: before an endpoint, or an adapter, that has no eyes of its own.

    Args:
        reader: knows the task's template.
        encoder: its vectors are those of the gate's centroids.
        gate: the limits.
    """

    def __init__(self, reader: Reader, encoder: Encoder, gate: Gate) -> None:
        self.reader = reader
        self.encoder = encoder
        self.gate = gate

    def novel(self, row: Row) -> str:
        """Why the row's prompt is unlike the training prompts; "" where it is like them."""
        reading = self.reader.read(row)
        why = self.gate.form(reading)
        if why:
            return why
        vector, known = self.encoder.encode(units(reading))
        return self.gate.likeness(vector, known)
