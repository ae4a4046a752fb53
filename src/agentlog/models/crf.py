"""A linear-chain conditional random field at work: the likeliest labels of tokens, and how likely they are.

Trained by CRFsuite; here are its weights as arrays, and numpy. What one token says about itself and its neighbours is
remembered by word.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from agentlog.models import tokens as features
from agentlog.models.tokens import EDGE, NUMBER, OTHER, REACH, Tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

OUTSIDE: Final = "O"
"""The label of a token that is copied nowhere."""
BEGINS, INSIDE = "B", "I"
"""Other labels say `B field` for a value's first token, `I field` for its others;"""
SEPARATOR: Final = "\t"
"""one such part for each field, where a token belongs to several."""
_WORDS: Final = 32_768
_TEXTS: Final = 256
_SCALED: Final = 8
"""Tokens from one scaling to the next."""
_PAIRS: Final = (-2, -1, 0, 1)
"""How far from a token the first of two neighbours stands that say something about it."""


def named(tokens: Tokens, before: str) -> list[list[str]]:
    """The features of every token, by the names under which CRFsuite learns them."""
    words = [EDGE] * REACH + list(tokens.words) + [EDGE] * REACH
    said = features.before(before)
    found = []
    for place, word in enumerate(tokens.words, start=REACH):
        mine = ["bias"]
        for offset in range(-REACH, REACH + 1):
            mine += [f"{offset} {one}" for one in _seen(words[place + offset], offset)]
        for offset in _PAIRS:
            mine.append(f"p{offset} {features.pairs(words[place + offset], words[place + offset + 1])}")
        mine += [f"b {one}" for one in said]
        mine += [f"b{features.kind(word)} {one}" for one in said]
        found.append(mine)
    for place in features.repeated(tokens):
        found[place] += _repeated(tokens.words[place])
    return found


def _repeated(word: str) -> list[str]:
    """The features of a token that stood in the text before."""
    return [f"r {one}" for one in features.of_word(word)[:2]]


def _seen(word: str, offset: int) -> tuple[str, ...]:
    """What of a word is seen from `offset` tokens away: far neighbours show less."""
    found = features.of_word(word)
    return found if abs(offset) <= 1 else found[:2] if abs(offset) == 2 else found[:1]


class _Memory:
    """Arrays by key, each computed once. All are forgotten when there are too many."""

    def __init__(self, shape: tuple[int, ...], compute: Callable[[Any], Sequence[Floats] | Floats]) -> None:
        self._shape = shape
        self._compute = compute
        self._lock = threading.Lock()
        self._state = self._empty(256)

    def _empty(self, size: int) -> tuple[Floats, dict[Any, int]]:
        import numpy as np

        return np.zeros((size, *self._shape)), {}

    def take(self, keys: Sequence[Any]) -> Floats:
        """The arrays of the keys, one below the other."""
        arrays, places = self._state
        try:
            rows = [places[key] for key in keys]
        except KeyError:
            arrays, rows = self._learn(keys)
        return arrays.take(rows, 0)

    def _learn(self, keys: Sequence[Any]) -> tuple[Floats, list[int]]:
        with self._lock:
            arrays, places = self._state
            fresh = [key for key in dict.fromkeys(keys) if key not in places]
            if len(places) + len(fresh) > _WORDS:
                arrays, places = self._empty(256)
                fresh = list(dict.fromkeys(keys))
            if len(places) + len(fresh) > len(arrays):  # another thread may be reading what is there
                grown, _ = self._empty(2 * (len(places) + len(fresh)))
                grown[: len(arrays)] = arrays
                arrays, places = grown, dict(places)
            for key in fresh:
                arrays[len(places)] = self._compute(key)
                places[key] = len(places)
            self._state = arrays, places
            return arrays, [places[key] for key in keys]


class Crf:
    """Labels tokens.

    Args:
        labels: their names, `OUTSIDE` among them.
        names: of the features.
        weights: n_features by n_labels.
        transitions: from the label of the row to that of the column, n_labels by n_labels.
    """

    def __init__(self, labels: Sequence[str], names: Sequence[str], weights: Floats, transitions: Floats) -> None:
        import numpy as np

        self.labels = tuple(labels)
        self.names = tuple(names)
        self.weights = np.ascontiguousarray(weights, np.float64)
        self.transitions = np.ascontiguousarray(transitions, np.float64)
        self._exp = np.exp
        self._powers = np.exp(self.transitions)
        self._towards = np.ascontiguousarray(self.transitions.T)
        self._rows = {name: row for row, name in enumerate(self.names)}
        self._bias = self._sum(["bias"])
        self._words = _Memory((2 * REACH + 1, len(self.labels)), self._of_word)
        self._pairs = _Memory((len(_PAIRS), len(self.labels)), self._of_pair)
        self._repeats = _Memory((len(self.labels),), lambda word: self._sum(_repeated(word)))
        self._before = lru_cache(maxsize=_TEXTS)(self._of_text)

    def label(self, tokens: Tokens, before: str = "") -> tuple[list[int], float]:
        """The likeliest label of each token, and the probability of the whole sequence."""
        n = len(tokens)
        if not n:
            return [], 1.0
        scores = self._scores(tokens, before)
        best = scores[0]
        backs = []
        towards = self._towards
        for row in scores[1:]:
            ways = towards + best  # a row for each label that is reached
            backs.append(ways.argmax(1))
            best = ways.max(1) + row
        last = int(best.argmax())
        top = float(best[last])
        path = [last]
        for back in reversed(backs):
            path.append(int(back[path[-1]]))
        path.reverse()
        return path, math.exp(top - self._total(scores))

    def _total(self, scores: Floats) -> float:
        """The logarithm of the sum over all sequences; forwards, scaled before the sums leave the range of floats."""
        highest = scores.max(1, keepdims=True)
        powers = self._exp(scores - highest)
        forward, total = powers[0], float(highest.sum())
        for place in range(1, len(powers)):
            forward = (forward @ self._powers) * powers[place]
            if place % _SCALED == 0:
                scale = float(forward.sum())
                total += math.log(scale)
                forward = forward / scale
        return total + math.log(float(forward.sum()))

    def _scores(self, tokens: Tokens, before: str) -> Floats:
        """What each token says about its label, n_tokens by n_labels."""
        n = len(tokens)
        edges = (EDGE,) * REACH
        words = (*edges, *tokens.words, *edges)
        seen = self._words.take(words)
        scores = seen[REACH : REACH + n, REACH] + self._bias
        for offset in range(-REACH, REACH + 1):
            if offset:
                scores += seen[REACH + offset : REACH + offset + n, REACH + offset]
        couples = self._pairs.take(list(pairwise(words)))
        for number, offset in enumerate(_PAIRS):
            scores += couples[REACH + offset : REACH + offset + n, number]
        again = features.repeated(tokens)
        if again:
            scores[again] += self._repeats.take([tokens.words[place] for place in again])
        if before:
            scores += self._before(before).take([features.kind(word) == NUMBER for word in tokens.words], 0)
        return scores

    def _of_word(self, word: str) -> list[Floats]:
        """What a word says, seen from each distance."""
        return [self._sum([f"{offset} {one}" for one in _seen(word, offset)]) for offset in range(-REACH, REACH + 1)]

    def _of_pair(self, pair: tuple[str, str]) -> list[Floats]:
        """What two neighbours say, seen from each distance of the first of them."""
        words = features.pairs(*pair)
        return [self._sum([f"p{offset} {words}"]) for offset in _PAIRS]

    def _of_text(self, before: str) -> Floats:
        """What the words before say to tokens that are no numbers, and to numbers."""
        import numpy as np

        said = features.before(before)
        every = [f"b {one}" for one in said]
        return np.array([self._sum([*every, *(f"b{kind} {one}" for one in said)]) for kind in (OTHER, NUMBER)])

    def _sum(self, names: Sequence[str]) -> Floats:
        rows = [row for name in names if (row := self._rows.get(name)) is not None]
        found: Floats = self.weights[rows].sum(0)
        return found

    def to_arrays(self) -> dict[str, Any]:
        """What `from_arrays` reads."""
        import numpy as np

        return {
            "crf_labels": np.frombuffer("\n".join(self.labels).encode("utf-8", "surrogatepass"), np.uint8),
            "crf_names": np.frombuffer("\n".join(self.names).encode("utf-8", "surrogatepass"), np.uint8),
            "crf_weights": self.weights,
            "crf_transitions": self.transitions,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Crf:
        """The field that `to_arrays` wrote."""
        labels, names = (
            arrays[name].tobytes().decode("utf-8", "surrogatepass").split("\n") for name in ("crf_labels", "crf_names")
        )
        return cls(labels, names, arrays["crf_weights"], arrays["crf_transitions"])
