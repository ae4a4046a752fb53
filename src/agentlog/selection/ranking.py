"""Which small model comes first inside a rung.

Where a published comparison fine-tuned the models with one recipe, its average rank decides: on fine-tuned models that is a
better prior than any benchmark of the untuned ones. Other models are placed among them by the compute of their
pre-training, 6 x parameters x tokens (Kaplan et al. 2020, arXiv 2001.08361, §2.1), which reads no rank: it orders the
published places of distil labs' two comparisons at Spearman .94 and .96 (7 known places each), .87 and .81 with the models
below the seventh place tied (tests/selection/test_ranking.py prints and holds it).
"""

from __future__ import annotations

import math
from typing import Final

from agentlog.selection.catalogue import Entry

_USUAL_TOKENS: Final = 1e13
"""About the median of the models that say; an assumption where nobody says."""
_AT_1E23: Final = 5.52
_PER_DECADE: Final = 2.21
"""Average rank of 15 against the compute's logarithm: least squares through the six published averages."""


def training_compute(entry: Entry) -> float:
    """Floating-point operations of the pre-training, 6 x parameters x tokens; with a usual number of tokens where unknown."""
    return 6.0 * entry.active_params * (entry.trained_on_tokens or _USUAL_TOKENS)


def expected_rank(entry: Entry) -> float:
    """Average rank among 15 models after fine-tuning, 1 is best: the published one, else what the compute suggests."""
    if entry.fine_tuned_rank is not None:
        return entry.fine_tuned_rank * 15 / entry.rank_of
    return max(1.0, _AT_1E23 - _PER_DECADE * (math.log10(training_compute(entry)) - 23))


def order(entries: list[Entry]) -> list[Entry]:
    """The most promising first; of equals the smaller one."""
    return sorted(entries, key=lambda entry: (round(expected_rank(entry), 2), entry.params, entry.id))
