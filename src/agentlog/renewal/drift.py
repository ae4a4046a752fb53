"""Has a task changed since the last round? Its answers, its prompts' length and the tools on offer, then and now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from agentlog.errors import MissingExtra
from agentlog.tasks.reading import Answer, answers, requests

GROWN: Final = 1.2
"""A task with so many times its calls of the last round has grown: a model trained then has seen too little."""
_FEW: Final = 30  # calls on either side below which nothing is said of drift
_RARE: Final = 5  # a category expected less often than this shares one with the others, as the chi-square test demands
_CHANCE: Final = 0.001
_EFFECT: Final = 0.1  # Cramér's V: with enough calls any difference is beyond chance, and only some matter


@dataclass(frozen=True, slots=True)
class Drift:
    """How a task's calls of this round differ from those of the rounds before."""

    before: int
    """Calls that the last round knew."""
    new: int
    """Calls since."""
    changed: tuple[str, ...] = ()
    """What has changed, in words; empty where nothing has, or where there are too few calls to say."""

    @property
    def grown(self) -> bool:
        """A model trained in the last round has not seen a large part of the calls."""
        return self.before + self.new >= GROWN * self.before

    def __str__(self) -> str:
        if self.changed:
            return "; ".join(self.changed)
        if not self.new:
            return "no new calls"
        told = f"{self.new:,} new calls after {self.before:,}"
        return told if min(self.before, self.new) >= _FEW else f"{told}: too few to tell drift"


def compare(before: pa.Table, after: pa.Table) -> Drift:
    """How the calls `after` differ from those `before`; both have the columns of `calls/` and are of one task.

    A difference counts when it is beyond chance (chi-square or Mann-Whitney, p < 0.001) and large enough to matter
    (Cramér's V, or the rank-biserial correlation, at least 0.1).

    Raises:
        MissingExtra: scipy is not installed.
    """
    if min(len(before), len(after)) < _FEW:
        return Drift(len(before), len(after))
    changed = []
    effect = _association(*([_kind(one) for one in answers(side)] for side in (before, after)))
    if effect is not None:
        changed.append(f"the answers are spread differently (Cramér's V {effect:.2f})")
    asked = [list(requests(side)) for side in (before, after)]
    shift = _shift(*([len(one.first) + len(one.last) for one in side] for side in asked))
    if shift is not None:
        changed.append(f"the prompts are {'longer' if shift > 0 else 'shorter'} (rank-biserial {shift:+.2f})")
    tools = [Counter(one.tools for one in side).most_common(1)[0][0] for side in asked]
    if tools[0] != tools[1]:
        names = [f"{sign}{name}" for sign, some in (("+", set(tools[1]) - set(tools[0])), ("-", set(tools[0]) - set(tools[1]))) for name in sorted(some)]  # fmt: skip
        changed.append(f"the tools on offer have changed ({', '.join(names)})")
    return Drift(len(before), len(after), tuple(changed))


def _kind(answer: Answer) -> Hashable:
    """What is counted of an answer: the tools called, else the text."""
    return tuple(name for name, _ in answer.calls) or answer.text.strip()


def _association(before: Sequence[Hashable], after: Sequence[Hashable]) -> float | None:
    """Cramér's V between the round and the category; None where it is small, or no more than chance."""
    counts = Counter(before), Counter(after)
    share = min(len(before), len(after)) / (len(before) + len(after))
    often = [one for one, count in (counts[0] + counts[1]).items() if count * share >= _RARE]
    table = [[side[one] for one in often] for side in counts]
    rest = [len(side) - sum(row) for side, row in zip((before, after), table, strict=True)]
    if sum(rest) * share >= _RARE:
        table = [[*row, other] for row, other in zip(table, rest, strict=True)]
    if len(table[0]) < 2:
        return None
    test = _stats().chi2_contingency(table)
    total = sum(map(sum, table))
    effect = float((test.statistic / total) ** 0.5)
    return effect if test.pvalue < _CHANCE and effect >= _EFFECT else None


def _shift(before: Sequence[int], after: Sequence[int]) -> float | None:
    """By how much `after` stands above `before`, -1 to 1; None where it is little, or no more than chance."""
    test = _stats().mannwhitneyu(after, before)
    effect = float(2 * test.statistic / (len(before) * len(after)) - 1)
    return effect if test.pvalue < _CHANCE and abs(effect) >= _EFFECT else None


def _stats() -> Any:
    try:
        from scipy import stats  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError as error:
        raise MissingExtra("scipy", "study", "agentlog.refresh()") from error
    return stats
