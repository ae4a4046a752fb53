"""A classifier with one hidden layer over sparse texts, trained in numpy.

It finds what a linear one cannot: words that mean one thing together and another apart. Grams and hidden units are dropped
at random while it learns, so that no answer hangs on one of them. Only the rows of the grams in a batch are touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

HIDDEN: Final = 128
_EPOCHS: Final = 12
_BATCH: Final = 96
_RATE: Final = 2e-3
_DROPPED_GRAMS: Final = 0.3
_DROPPED_UNITS: Final = 0.3
_SMOOTHING: Final = 0.05
"""Of the probability that is taught, this share goes to all classes alike: it keeps the scores from saying 1 too soon."""
_FIRST_MOMENT, _SECOND_MOMENT = 0.9, 0.98


@dataclass(frozen=True, slots=True)
class Network:
    """What was learned."""

    first: Floats
    """n_grams by HIDDEN."""
    first_bias: Floats
    second: Floats
    """n_classes by HIDDEN."""
    second_bias: Floats


class _Adam:
    """Adam (Kingma and Ba 2015, algorithm 1) on some rows of a parameter."""

    def __init__(self, values: Floats) -> None:
        import numpy as np

        self.values = values
        self._mean, self._square = np.zeros_like(values), np.zeros_like(values)

    def step(self, gradient: Floats, rate: float, rows: Any = slice(None)) -> None:
        import numpy as np

        mean = self._mean[rows] * np.float32(_FIRST_MOMENT) + np.float32(1 - _FIRST_MOMENT) * gradient
        square = self._square[rows] * np.float32(_SECOND_MOMENT) + np.float32(1 - _SECOND_MOMENT) * gradient**2
        self._mean[rows], self._square[rows] = mean, square
        self.values[rows] -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(1e-8))


def fit(weights: Any, labels: Sequence[int], n_classes: int, seed: int) -> Network:
    """The network for a TF-IDF matrix (scipy CSR, n_texts by n_grams) and the class of each text."""
    import numpy as np
    from scipy import sparse  # type: ignore[import-untyped, import-not-found, unused-ignore]

    random = np.random.default_rng(seed)
    wanted = np.asarray(labels)
    n, n_grams = weights.shape
    first = _Adam((0.3 * random.standard_normal((n_grams, HIDDEN))).astype(np.float32))
    first_bias = _Adam(np.zeros(HIDDEN, np.float32))
    second = _Adam((HIDDEN**-0.5 * random.standard_normal((HIDDEN, n_classes))).astype(np.float32))
    second_bias = _Adam(np.zeros(n_classes, np.float32))
    steps, step = _EPOCHS * -(-n // _BATCH), 0
    for _ in range(_EPOCHS):
        order = random.permutation(n)
        for start in range(0, n, _BATCH):
            step += 1
            rows = order[start : start + _BATCH]
            batch = weights[rows]
            stay = random.random(len(batch.data), dtype=np.float32) >= _DROPPED_GRAMS
            grams, places = np.unique(batch.indices, return_inverse=True)
            batch = sparse.csr_matrix(
                (batch.data * stay / np.float32(1 - _DROPPED_GRAMS), places, batch.indptr),
                shape=(len(rows), len(grams)),
            )
            hidden = batch @ first.values[grams] + first_bias.values
            alive = (hidden > 0) * (random.random(hidden.shape, dtype=np.float32) >= _DROPPED_UNITS)
            passed = alive / np.float32(1 - _DROPPED_UNITS)
            hidden = hidden * passed
            error = _softmax(hidden @ second.values + second_bias.values) - np.float32(_SMOOTHING / n_classes)
            error[np.arange(len(rows)), wanted[rows]] -= np.float32(1 - _SMOOTHING)
            error /= np.float32(len(rows))
            below = (error @ second.values.T) * passed
            # the rate rests, then falls in a line; the divisor undoes that Adam's means begin at zero
            rate = _RATE * min(1.0, 3 * (1 - step / steps) + 0.02)
            rate *= (1 - _SECOND_MOMENT**step) ** 0.5 / (1 - _FIRST_MOMENT**step)
            first.step(batch.T @ below, rate, grams)
            first_bias.step(below.sum(0), rate)
            second.step(hidden.T @ error, rate)
            second_bias.step(error.sum(0), rate)
    return Network(first.values, first_bias.values, np.ascontiguousarray(second.values.T), second_bias.values)


def _softmax(logits: Floats) -> Floats:
    import numpy as np

    powers = np.exp(logits - logits.max(1, keepdims=True))
    found: Floats = powers / powers.sum(1, keepdims=True)
    return found
