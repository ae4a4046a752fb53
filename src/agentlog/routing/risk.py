"""How much evidence is enough: exact bounds, and tests that stay honest however often they are looked at.

Everything here is arithmetic on counts of agreements and disagreements, without numpy or scipy.

- `bounds`: Clopper-Pearson, for a figure that is looked at once (a report, `Router.status`).
- `Promotion`: an e-process (Ville's inequality; Waudby-Smith & Ramdas, 2024, §3). Looked at after every call, it promotes a
  model that is not good enough with probability at most alpha *over its whole life*. Clopper-Pearson looked at again and
  again would do so far more often.
- `Alarm`: a Bernoulli CUSUM (Page, 1954; with a head start, Lucas & Crosier, 1982) on audited disagreements, and on novelty.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

CONFIDENCE: Final = 0.95
"""Of one-sided bounds in reports."""
PROMOTION_ALPHA: Final = 0.05
"""Probability that a model which is not good enough is ever promoted by one test."""
FEWEST: Final = 100
"""Comparisons before anything is promoted, however good they look."""
TOLERATED: Final = 2.0
INTOLERABLE: Final = 6.0
"""Times the error that the target allows: what an alarm must put up with, and what it must find."""
AUDIT_THRESHOLD: Final = 10.0
AUDIT_HEAD_START: Final = 4.7
NOVELTY_THRESHOLD: Final = 7.0
STRANGE: Final = 0.02
"""Of a route's first calls, those with the lowest scores: a new kind of call mostly scores like them."""
STRANGE_THRESHOLD: Final = 5.0


@lru_cache(maxsize=4096)
def bounds(agree: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """One-sided Clopper-Pearson bounds of a share, each at `confidence`: (lower, upper); (0, 1) without observations.

    >>> [round(bound, 4) for bound in bounds(299, 299)]
    [0.99, 1.0]
    """
    if n <= 0:
        return 0.0, 1.0
    alpha = 1.0 - confidence
    lower = 0.0 if agree == 0 else _solve(lambda p: tail(agree, n, p), alpha)
    upper = 1.0 if agree == n else 1.0 - _solve(lambda q: tail(n - agree, n, q), alpha)
    return lower, upper


def tail(k: int, n: int, p: float) -> float:
    """P(X ≥ k) of a binomial X with n trials of probability p, exact to rounding.

    >>> round(tail(7, 100, 0.02), 5)
    0.00406
    """
    if k <= 0:
        return 1.0
    if k > n or p <= 0.0:
        return 0.0
    if p >= 1.0:
        return 1.0
    if k > n * p:
        return _sum_up(k, n, p)
    return 1.0 - _sum_up(n - k + 1, n, 1.0 - p)


def _sum_up(k: int, n: int, p: float) -> float:
    """Σ of the binomial's terms from k upwards, where they fall: each from the one before, until nothing is added."""
    log_first = (
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)
    )
    odds = p / (1.0 - p)
    total = term = 1.0
    for i in range(k, n):
        term *= (n - i) / (i + 1) * odds
        total += term
        if term < total * 1e-17:
            break
    return min(1.0, math.exp(log_first) * total)


def _solve(rising: Callable[[float], float], alpha: float) -> float:
    """Where a rising function from 0 at 0 to 1 at 1 reaches alpha."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < alpha:
            low = middle
        else:
            high = middle
    return low


class Promotion:
    """Whether agreement is above `floor`: bets on it, call by call. The wealth passes 1/alpha by luck with at most probability alpha, ever.

    The bet is a mixture over agreements above the floor, up to 1; under any agreement at or below the floor its expected wealth
    does not grow, so the result may be looked at after every single call.

    Example:
        >>> test = Promotion(floor=0.98)
        >>> for _ in range(400):
        ...     test.add(True)
        >>> test.passed
        True
    """

    _BETS: Final = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)  # how far from the floor to 1

    def __init__(self, floor: float, alpha: float = PROMOTION_ALPHA) -> None:
        self.floor = min(max(floor, 0.01), 0.9999)
        self.alpha = alpha
        self.n = 0
        self.agree = 0

    def add(self, agreed: bool) -> None:
        """Takes in one comparison."""
        self.n += 1
        self.agree += agreed

    @property
    def wealth(self) -> float:
        """The logarithm of what was won; evidence against "not good enough"."""
        logs = []
        disagree = self.n - self.agree
        for share in self._BETS:
            q = self.floor + share * (1.0 - self.floor)
            log = self.agree * math.log(q / self.floor)
            if disagree:
                log = log + disagree * math.log((1.0 - q) / (1.0 - self.floor)) if q < 1.0 else -math.inf
            logs.append(log)
        top = max(logs)
        return top + math.log(sum(math.exp(log - top) for log in logs) / len(logs)) if top > -math.inf else -math.inf

    @property
    def passed(self) -> bool:
        """Whether there is enough of it."""
        return self.n >= FEWEST and self.wealth >= -math.log(self.alpha)


class Alarm:
    """Whether a rate has risen from `before` to `after`: a CUSUM of log-likelihood ratios, floored at 0.

    Args:
        before: the rate that is put up with.
        after: the rate that is to be found.
        threshold: the alarm's height; the mean run between false alarms grows with its exponential.
        head_start: where the sum begins. A model is most likely bad right after its promotion; the sum then needs to rise by
            `threshold - head_start` only, and falls to 0 by itself when all is well.
    """

    def __init__(self, before: float, after: float, threshold: float, head_start: float = 0.0) -> None:
        if not 0.0 < before < after < 1.0:
            raise ValueError(f"an alarm needs 0 < before < after < 1; found {before} and {after}")
        self._up = math.log(after / before)
        self._down = math.log((1.0 - before) / (1.0 - after))
        self.threshold = threshold
        self.level = head_start
        self.n = 0
        self.hits = 0

    def add(self, hit: bool) -> bool:
        """Takes in one observation; whether the alarm is up."""
        self.n += 1
        self.hits += hit
        self.level = max(0.0, self.level + (self._up if hit else -self._down))
        return self.up

    @property
    def up(self) -> bool:
        """Whether the threshold is reached."""
        return self.level >= self.threshold

    @property
    def suspicion(self) -> float:
        """How near the alarm is, 0 to 1."""
        return min(1.0, self.level / self.threshold)


def audit_alarm(target: float) -> Alarm:
    """The alarm on audited disagreements of a route with that target: it puts up with 2 and finds 6 times the error allowed."""
    error = min(max(1.0 - target, 0.001), 0.1)
    return Alarm(TOLERATED * error, min(INTOLERABLE * error, 0.9), AUDIT_THRESHOLD, AUDIT_HEAD_START)


def novelty_alarm(base: float) -> Alarm:
    """The alarm on the share of novel calls of a task whose usual share is `base`: finds 5 % of new traffic on top of it."""
    usual = min(max(base, 0.01), 0.5)
    return Alarm(usual, min(usual + 0.05, 0.95), NOVELTY_THRESHOLD)


def strange_alarm() -> Alarm:
    """The alarm on the share of calls that score like the lowest 2 % did: finds 5 % of new traffic, most of which does."""
    return Alarm(STRANGE * 1.25, STRANGE + 0.04, STRANGE_THRESHOLD)
