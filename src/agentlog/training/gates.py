"""Where the limits of the gates come from: likeness is learned from the training rows, its limits from later ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from agentlog.models.contract import Row
from agentlog.models.features import Encoder, units
from agentlog.models.gates import Gate, Gatekeeper, Limits
from agentlog.models.prompts import Reader, Reading, row_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_DIMENSIONS: Final = 64
_GROUPS: Final = 64
"""Groups of prompts, where there are no classes to say what belongs together."""
_DISTANT: Final = 0.02
"""This share of later prompts may be farther from every group, and"""
_STRANGE: Final = 0.01
"""this share may have more unknown words. On CLINC150 5 % and 2 % cost three points of served calls, and stopped no more
out-of-scope prompts among those with a trusted score."""
_LONGER: Final = 1.5
"""A prompt may be this much longer than 99 % of those that were learned."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A space in which prompts that belong together are near."""

    table: Floats
    """n_grams by n_dimensions."""
    centroids: Floats
    """n_groups by n_dimensions, unit length."""


def fit(matrix: Any, labels: Sequence[int] | None, n_classes: int, seed: int = 0) -> Likeness:
    """The space of a TF-IDF matrix (latent semantic analysis), and the middle of each class; without labels, of clusters."""
    import numpy as np
    from sklearn.cluster import KMeans  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from sklearn.decomposition import TruncatedSVD  # type: ignore[import-untyped, import-not-found, unused-ignore]

    n, width = matrix.weights.shape
    dimensions = max(1, min(_DIMENSIONS, n - 1, width - 1))
    if width < 2 or n < 3:
        return Likeness(np.zeros((width, 1), np.float32), np.zeros((0, 1), np.float32))
    svd = TruncatedSVD(dimensions, random_state=seed).fit(matrix.weights)
    table = svd.components_.T.astype(np.float32)
    vectors = _unit(matrix.weights @ table)
    if labels is None:
        n_classes = min(_GROUPS, max(1, n // 10))
        labels = KMeans(n_classes, n_init=1, random_state=seed).fit_predict(vectors).tolist()
    sums = np.zeros((n_classes, dimensions), np.float32)
    np.add.at(sums, np.asarray(labels), vectors)
    return Likeness(table, _unit(sums))


def limits(
    centroids: Floats, encoder: Encoder, start: int, trained: Sequence[Reading], later: Sequence[Reading]
) -> Gate:
    """A gate whose limits most of the later prompts keep.

    Args:
        centroids: of the groups.
        encoder: its columns from `start` on are those of the centroids.
        start: see there.
        trained: the prompts that were learned.
        later: prompts that came after them.
    """
    open_gate = Gate(centroids, Limits(-1.0, 0.0, 0, 0, ()))
    similarities, known = [], []
    for reading in later:
        vector, share = encoder.encode(units(reading))
        similarities.append(open_gate.similarity(vector[start:]))
        known.append(share)
    return Gate(
        centroids,
        Limits(
            similarity=_low(similarities, _DISTANT) if len(centroids) else -1.0,
            known=_low(known, _STRANGE),
            size=math.ceil(_LONGER * _high([reading.size for reading in trained], 0.99)),
            template=int(_low([reading.template for reading in trained], 0.01)),
            offers=tuple(sorted({reading.offer for reading in trained})),
        ),
    )


def fit_gate(rows: Sequence[Row | str], later: Sequence[Row | str], seed: int = 0) -> Gatekeeper:
    """A gate for a model that has none of its own.

    Args:
        rows: what the model learned from.
        later: rows that came after them.
        seed: of the groups.
    """
    from agentlog.training.head import vectorise

    asked = [row_of(row) if isinstance(row, str) else row for row in rows]
    reader = Reader.fit(asked)
    readings = [reader.read(row) for row in asked]
    matrix = vectorise(readings)
    likeness = fit(matrix, None, 0, seed)
    encoder = Encoder(matrix.names, matrix.idf, likeness.table)
    rest = [reader.read(row_of(row) if isinstance(row, str) else row) for row in later]
    return Gatekeeper(reader, encoder, limits(likeness.centroids, encoder, 0, readings, rest))


def _unit(vectors: Any) -> Floats:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return found


def _low(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return float(ordered[int(share * len(ordered))]) if ordered else 0.0


def _high(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))]) if ordered else 0.0
