"""From a text's vector to one of a closed set, in a few small products of numpy.

Several *members* look at the vector, each at its own columns, and their probabilities are averaged: members that were
trained differently are rarely wrong with certainty in the same place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Member:
    """A linear classifier, or one with a hidden layer of rectified units before it."""

    start: int
    """Its first column; it has as many as `bias` is long."""
    bias: Floats
    """n_columns."""
    second: Floats | None = None
    """n_classes by n_columns, behind the hidden layer; None: the columns are the classes."""
    second_bias: Floats | None = None
    """n_classes."""

    @property
    def end(self) -> int:
        """The column behind its last."""
        return self.start + len(self.bias)

    def logits(self, vector: Floats) -> Floats:
        """n_classes."""
        first = vector[self.start : self.end] + self.bias
        if self.second is None:
            return first
        hidden = first * (first > 0)
        logits: Floats = self.second @ hidden + self.second_bias
        return logits


class Scorer:
    """The probabilities of the classes."""

    def __init__(self, members: Sequence[Member]) -> None:
        import numpy as np

        self.members = tuple(members)
        self._add, self._exp = np.add.reduce, np.exp

    def probabilities(self, vector: Floats) -> Floats:
        """n_classes, their sum is 1."""
        total: Any = 0.0
        for member in self.members:
            logits = member.logits(vector)
            powers = self._exp(logits - logits.max())
            total = total + powers * (1.0 / float(self._add(powers)))
        found: Floats = total * (1.0 / len(self.members))
        return found

    def best(self, vector: Floats) -> tuple[int, float]:
        """The likeliest class and its probability: what `probabilities` says, sooner."""
        if len(self.members) > 1:
            found = self.probabilities(vector)
            place = int(found.argmax())
            return place, float(found[place])
        logits = self.members[0].logits(vector)
        place = int(logits.argmax())
        logits -= logits[place]
        return place, 1.0 / float(self._add(self._exp(logits)))

    def to_arrays(self, prefix: str) -> dict[str, Any]:
        """What `from_arrays` reads."""
        import numpy as np

        arrays: dict[str, Any] = {f"{prefix}starts": np.array([member.start for member in self.members], np.int64)}
        for number, member in enumerate(self.members):
            arrays[f"{prefix}{number}_bias"] = member.bias
            if member.second is not None:
                arrays[f"{prefix}{number}_second"] = member.second
                arrays[f"{prefix}{number}_second_bias"] = member.second_bias
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], prefix: str) -> Scorer:
        """The scorer that `to_arrays` wrote."""
        return cls(
            [
                Member(
                    int(start),
                    arrays[f"{prefix}{number}_bias"],
                    arrays.get(f"{prefix}{number}_second"),
                    arrays.get(f"{prefix}{number}_second_bias"),
                )
                for number, start in enumerate(arrays[f"{prefix}starts"])
            ]
        )
