"""Which task is a call nearest to, when its template is none that is known? By the words of its last message; or none at all.

The middle of each task's calls in a space of hashed words and word pairs, weighted by rarity (TF-IDF, cosine). A call belongs
to the nearest middle only where it is as near as the task's own calls are and clearly nearer than to any other; else to none.
Both limits come from calls that the middles were not made of. The file holds numbers of hashed words, no words.

It is a fallback for the same questions under another prompt; a call of a known template never comes here.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final
from zlib import crc32

from agentlog.errors import DatasetError
from agentlog.routing.risk import bounds
from agentlog.storage import durable

FILE: Final = "nearness.json"
FORMAT: Final = 1

_BUCKETS: Final = 1 << 16
_KEPT: Final = 4000
"""Of a middle's numbers, the largest."""
_MOST: Final = 2000
"""Calls of a task that are looked at."""
_FEWEST: Final = 20
_OWN: Final = 0.05
"""This share of a task's own calls may be too far from its middle."""
_RIGHT: Final = 0.95
"""Of the calls that are given a task, this share must be given the right one: the exact bound is above it."""
_MARGINS: Final = tuple(step / 100 for step in range(50, -1, -1))
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Nearness:
    """The middles of the tasks, and the limits."""

    rarity: Mapping[int, float]
    middles: Mapping[str, Mapping[int, float]]
    floors: Mapping[str, float]
    """Task → the least likeness to its middle, 0 to 1."""
    margin: float
    """How much nearer than to the second nearest."""

    @classmethod
    def fit(cls, texts: Mapping[str, Sequence[str]]) -> Nearness | None:
        """From the last messages of each task's calls, in the order of time; None where they cannot be told apart well.

        A task with fewer than 20 is left out. The first half makes the middle, the second the limits.
        """
        halves = {}
        for task, said in texts.items():
            some = said[-_MOST:]
            if len(some) >= _FEWEST:
                halves[task] = some[: len(some) // 2], some[len(some) // 2 :]
        if not halves:
            return None
        earlier = {task: [_numbers(text) for text in first] for task, (first, _) in halves.items()}
        n = sum(map(len, earlier.values()))
        seen = Counter(number for several in earlier.values() for numbers in several for number in numbers)
        rarity = {number: math.log((1 + n) / (1 + count)) + 1 for number, count in seen.items() if count > 1}
        made = cls(rarity, {task: _middle(several, rarity) for task, several in earlier.items()}, {}, 0.0)
        likenesses = {task: [made._likenesses(text) for text in second] for task, (_, second) in halves.items()}
        floors = {}
        for task, several in likenesses.items():
            own = sorted(one[task] for one in several)
            floors[task] = own[int(_OWN * len(own))]
        best = None
        for (
            margin
        ) in _MARGINS:  # from the strictest down, to the first that is not proved: an order that no luck chooses
            fitted = cls(rarity, made.middles, floors, margin)
            given = [(task, fitted._nearest(one)) for task, several in likenesses.items() for one in several]
            told = [(task, found) for task, found in given if found is not None]
            if bounds(len(told), len(told))[0] < _RIGHT:
                continue  # too few to prove anything
            if bounds(sum(task == found for task, found in told), len(told))[0] < _RIGHT:
                break
            best = fitted
        return best

    def find(self, text: str) -> str | None:
        """The task that a last message belongs to, or None."""
        return self._nearest(self._likenesses(text))

    def _nearest(self, likenesses: Mapping[str, float]) -> str | None:
        best = max(likenesses, key=lambda task: likenesses[task])
        second = max((likeness for task, likeness in likenesses.items() if task != best), default=0.0)
        near = likenesses[best] > 0.0 and likenesses[best] >= self.floors[best]
        return best if near and likenesses[best] - second >= self.margin else None

    def _likenesses(self, text: str) -> dict[str, float]:
        vector = _vector(_numbers(text), self.rarity)
        return {
            task: sum(weight * middle.get(number, 0.0) for number, weight in vector.items())
            for task, middle in self.middles.items()
        }

    def save(self, folder: Path) -> None:
        """Writes it beside routing.json, for its owner only."""
        data = {
            "format": FORMAT,
            "rarity": {str(number): round(value, 4) for number, value in self.rarity.items()},
            "middles": {
                task: {str(number): round(value, 6) for number, value in middle.items()}
                for task, middle in self.middles.items()
            },
            "floors": self.floors,
            "margin": self.margin,
        }
        durable.write_text(folder / FILE, json.dumps(data), aside=folder)

    @classmethod
    def load(cls, folder: Path) -> Nearness | None:
        """What `save` wrote; None where there is none.

        Raises:
            DatasetError: it is of another version or damaged.
        """
        try:
            data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise DatasetError(f"{folder / FILE} cannot be read: delete it to do without") from error
        try:
            if data["format"] != FORMAT:
                raise DatasetError(f"{folder / FILE} has format {data['format']!r}, this agentlog reads {FORMAT}")
            middles = {
                task: {int(number): float(one) for number, one in said.items()}
                for task, said in data["middles"].items()
            }
            floors = {task: float(data["floors"][task]) for task in middles}
            return cls(
                {int(one): float(value) for one, value in data["rarity"].items()},
                middles,
                floors,
                float(data["margin"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            if isinstance(error, DatasetError):
                raise
            raise DatasetError(f"{folder / FILE} is damaged: delete it to do without") from error


def _numbers(text: str) -> set[int]:
    """Its words and word pairs, as numbers."""
    words = _WORD.findall(text[:4000].lower())
    return {crc32(word.encode()) % _BUCKETS for word in (*words, *map(" ".join, pairwise(words)))}


def _vector(numbers: set[int], rarity: Mapping[int, float]) -> dict[int, float]:
    """Weights of unit length."""
    weights = {number: rarity[number] for number in numbers if number in rarity}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {number: weight / length for number, weight in weights.items()} if length else {}


def _middle(several: Sequence[set[int]], rarity: Mapping[int, float]) -> dict[int, float]:
    total: Counter[int] = Counter()
    for numbers in several:
        for number, weight in _vector(numbers, rarity).items():
            total[number] += weight  # type: ignore[assignment]  # a Counter adds floats as well
    largest = dict(total.most_common(_KEPT))
    length = math.sqrt(sum(weight * weight for weight in largest.values()))
    return {number: weight / length for number, weight in largest.items()} if length else {}
