"""How sure a share can be, when calls come in runs: intervals, a paired test, non-inferiority, the number of calls needed.

Calls of one run resemble each other: ten calls of one run tell less than ten of ten runs. Every interval here counts
*effective* calls, the number of calls divided by the design effect of the runs, and is exact (Clopper and Pearson) in
these: E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998), 193. Where all runs have one call, it is Clopper and
Pearson's own interval.

The design effect is measured, and where few runs hold a failure that says little: a handful of failures never shows how
much they cluster. So the measured correlation within runs is weighed against a prior one, by the number of runs that fail.
"""

from __future__ import annotations

import importlib
import math
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agentlog.errors import ConfigurationError, MissingExtra

CONFIDENCE: Final = 0.95
_PRIOR_CORRELATION: Final = 0.3
"""Of two calls of a run, before anything is measured: with it, 95 % intervals held 95 % or more at true correlations
from 0 to 0.5 in simulations of 15 to 100 runs; without it, down to 83 %."""
_PRIOR_RUNS: Final = 5
"""So many failing runs weigh as much as the prior."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of calls, with the interval that holds the true one with 95 % confidence."""

    value: float
    low: float
    high: float
    n: int
    """Calls."""
    runs: int
    effective: float
    """As many independent calls would be as informative."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {name: getattr(self, name) for name in ("value", "low", "high", "n", "runs", "effective")}

    @classmethod
    def of_dict(cls, said: Mapping[str, Any]) -> Share:
        """What `to_dict` made."""
        return cls(**said)


def share(hits: Sequence[bool], runs: Sequence[Hashable], confidence: float = CONFIDENCE) -> Share | None:
    """The share of `hits`, with its interval; None of nothing.

    Args:
        hits: one for each call.
        runs: the run (trace) of each call.
        confidence: of the two-sided interval.

    >>> found = share([True] * 29 + [False], range(30))
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.967, 0.828, 0.999)
    """
    if not hits:
        return None
    rate = sum(hits) / len(hits)
    effective = effective_calls([float(hit) for hit in hits], runs)
    low, high = interval(rate * effective, effective, confidence)
    return Share(rate, min(low, rate), max(high, rate), len(hits), len(set(runs)), effective)


def interval(hits: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Clopper and Pearson's exact interval for a share; `hits` and `n` may be fractions.

    >>> low, high = interval(0, 299, 0.90)
    >>> round(high, 4)  # no error in 299 audits: at most 1 %, with 95 % confidence on one side
    0.01
    """
    beta = _stats().beta
    tail = (1 - confidence) / 2
    low = 0.0 if hits <= 0 else float(beta.ppf(tail, hits, n - hits + 1))
    high = 1.0 if hits >= n else float(beta.ppf(1 - tail, hits + 1, n - hits))
    return low, high


def effective_calls(values: Sequence[float], runs: Sequence[Hashable]) -> float:
    """The number of calls divided by the design effect, which is 1 where each run has one call.

    Args:
        values: of each call, for example 1.0 where it agrees; its mean is what is estimated.
        runs: the run of each call.
    """
    n = len(values)
    mean = sum(values) / n
    groups: dict[Hashable, list[float]] = defaultdict(list)
    for value, run in zip(values, runs, strict=True):
        groups[run].append(value)
    if len(groups) == n:
        return float(n)
    if len(groups) == 1:
        return 1.0
    size = sum(len(group) ** 2 for group in groups.values()) / n  # as a call sees it
    spread = sum((value - mean) ** 2 for value in values) / n
    measured = 0.0
    if spread > 0:
        between = sum(sum(value - mean for value in group) ** 2 for group in groups.values())
        effect = len(groups) / (len(groups) - 1) * between / n / spread
        measured = (effect - 1) / (size - 1)
    usual = max(set(values), key=values.count)
    odd = sum(any(value != usual for value in group) for group in groups.values())
    weight = odd / (odd + _PRIOR_RUNS)
    correlation = min(1.0, max(0.0, weight * measured + (1 - weight) * _PRIOR_CORRELATION))
    # with few runs the effect itself is uncertain: Student's t instead of the normal distribution
    student = _stats().t
    fewer = (student.ppf(0.975, n - 1) / student.ppf(0.975, len(groups) - 1)) ** 2
    return float(max(1.0, n / (1 + (size - 1) * correlation) * fewer))


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> float:
    """The p-value of McNemar's exact test: whether one of two agrees more often on the same calls.

    >>> round(mcnemar([True] * 9 + [False], [False] * 9 + [True]), 4)
    0.0215
    """
    only_first = sum(one and not other for one, other in zip(first, second, strict=True))
    only_second = sum(other and not one for one, other in zip(first, second, strict=True))
    if only_first + only_second == 0:
        return 1.0
    return float(_stats().binomtest(only_first, only_first + only_second).pvalue)


@dataclass(frozen=True, slots=True)
class NonInferiority:
    """Whether a model is at most a margin worse than the LLM, one-sided with 95 % confidence."""

    verdict: str
    """"yes", "no" (it is worse by more than the margin, as surely), "undecided" or "not measurable"."""
    margin: float
    loss: float | None
    """How much less often than the LLM it gives the recorded answer; negative: more often."""
    n: int
    needed: int | None
    """Calls, in runs as long as these, that would probably decide it if things stay as measured. None: no number would."""
    paired: bool
    """Compared with the LLM's own repeated answers to the same calls; else with an LLM that always agrees with itself."""
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {name: getattr(self, name) for name in ("verdict", "margin", "loss", "n", "needed", "paired", "why")}

    @classmethod
    def of_dict(cls, said: Mapping[str, Any]) -> NonInferiority:
        """What `to_dict` made."""
        return cls(**said)


def noninferior(agrees: Sequence[bool], runs: Sequence[Hashable], margin: float) -> NonInferiority:
    """Against an LLM that would always give its recorded answer again: its disagreement has to be below the margin.

    >>> noninferior([True] * 299, range(299), margin=0.01).verdict
    'yes'
    >>> found = noninferior([True] * 99 + [False], range(100), margin=0.02)
    >>> found.verdict, found.needed
    ('undecided', 569)
    """
    _check_margin(margin)
    n = len(agrees)
    if not n:
        return NonInferiority("not measurable", margin, None, 0, None, False, "there is no call to compare")
    loss = 1 - sum(agrees) / n
    effective = effective_calls([float(one) for one in agrees], runs)
    low, high = interval(loss * effective, effective, 2 * CONFIDENCE - 1)
    verdict = "yes" if high <= margin else "no" if low > margin else "undecided"
    needed = _audits_at(loss, margin)
    return NonInferiority(
        verdict, margin, loss, n, None if needed is None else math.ceil(needed * n / effective), False
    )


def noninferior_paired(
    agrees: Sequence[bool], llm_agrees: Sequence[bool], runs: Sequence[Hashable], margin: float
) -> NonInferiority:
    """Against the LLM's own repeated answers to the same calls: Tango's score test for a paired difference.

    T. Tango, Statistics in Medicine 17 (1998), 891; the counts are effective ones, as everywhere here.

    Args:
        agrees: whether the model gives the recorded answer, for each call.
        llm_agrees: whether the LLM gives it again.
        runs: the run of each call.
        margin: how much worse is still good enough, as a share: 0.01 is one point.
    """
    _check_margin(margin)
    n = len(agrees)
    if not n:
        return NonInferiority("not measurable", margin, None, 0, None, True, "there is no call to compare")
    losses = [float(llm) - float(model) for model, llm in zip(agrees, llm_agrees, strict=True)]
    effective = effective_calls(losses, runs)
    lost, won = (sum(value == sign for value in losses) / n * effective for sign in (1.0, -1.0))
    critical = float(_stats().norm.ppf(CONFIDENCE))
    statistic = tango(lost, won, effective, margin)
    verdict = "yes" if statistic <= -critical else "no" if statistic >= critical else "undecided"
    loss = sum(losses) / n
    discordance = sum(value != 0 for value in losses) / n
    needed = None
    if loss < margin:
        # what is left of the margin has to be seen; with no discordance at all the test itself asks for some calls
        least = math.ceil(critical**2 * (1 - margin) / margin)
        needed = max(calls_needed(margin - max(loss, 0.0), discordance), least)
    return NonInferiority(verdict, margin, loss, n, None if needed is None else math.ceil(needed * n / effective), True)


def tango(lost: float, won: float, n: float, margin: float) -> float:
    """The score statistic of the hypothesis that (lost - won) / n is `margin`: standard normal if it is.

    Args:
        lost: calls on which the LLM agrees with its record and the model does not.
        won: the other way round.
        n: all calls.
        margin: the difference that is tested.
    """
    b = -lost - won + (2 * n - lost + won) * margin
    c = -won * margin * (1 - margin)
    rare = (math.sqrt(max(0.0, b * b - 8 * n * c)) - b) / (4 * n)  # the likeliest share of `won` under the hypothesis
    variance = n * (2 * rare + margin * (1 - margin))
    return (lost - won - n * margin) / math.sqrt(variance)


def calls_needed(margin: float, discordance: float, *, power: float = 0.8) -> int:
    """Calls for showing non-inferiority of two that are equally good, one-sided with 95 % confidence.

    Args:
        margin: how much worse is still good enough, as a share.
        discordance: the share of calls on which exactly one of the two agrees with the record.
        power: the probability that it succeeds.

    >>> calls_needed(0.02, 0.05), calls_needed(0.05, 0.10)
    (773, 248)
    """
    _check_margin(margin)
    normal = _stats().norm
    return math.ceil(float(normal.ppf(CONFIDENCE) + normal.ppf(power)) ** 2 * discordance / margin**2)


def audits_needed(most: float, confidence: float = CONFIDENCE) -> int:
    """Audits without one error that show an error rate of at most `most`.

    >>> audits_needed(0.01)
    299
    """
    return math.ceil(math.log(1 - confidence) / math.log(1 - most))


def _audits_at(rate: float, most: float) -> int | None:
    """Audits that show at most `most` errors if the rate stays as it is; None where it is not below `most`."""
    if rate >= most:
        return None

    def shown(n: int) -> bool:
        return interval(rate * n, n, 2 * CONFIDENCE - 1)[1] <= most

    low = high = audits_needed(most)
    while not shown(high):
        low, high = high, high * 2
        if high > 10**8:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shown(middle) else (middle, high)
    return high


def _check_margin(margin: float) -> None:
    if not 0 < margin < 1:
        raise ConfigurationError(f"margin= is a share between 0 and 1, like 0.01 for one point; found {margin!r}")


def _stats() -> Any:
    try:
        return importlib.import_module("scipy.stats")  # scipy has no types of its own
    except ImportError as error:
        raise MissingExtra("scipy", "study", "intervals and tests") from error
