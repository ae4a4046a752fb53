"""From which score on may an answer be trusted? A threshold with a guarantee, on calls later than those that were learned.

Learn then test (Angelopoulos et al. 2021, arXiv:2110.01052, §1.2 and fixed-sequence testing): thresholds are tried in an
order that the answers' correctness has no say in, from the strictest down; each is tested ("agreement is below target") by
the exact binomial bound of Clopper and Pearson at level δ, and the first that is not rejected ends the search. So the
chance that the threshold we keep misses the target is at most δ, although many were tried. To take the smallest score at
which the bound happens to hold would be no such promise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from agentlog.errors import ConfigurationError, MissingExtra
from agentlog.models.contract import Row
from agentlog.models.prompts import row_of
from agentlog.tasks.reading import Answer

DELTA: Final = 0.1
"""How often a threshold may miss its target."""
_STEP: Final = 1.05  # each threshold in the sequence accepts 5 % more rows than the one before


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a threshold does on the calibration rows."""

    n: int
    """Rows."""
    novel: int
    """Of them: stopped by a gate."""
    threshold: float | None
    """None: no score reaches the target."""
    accepted: int
    """Rows at the threshold or above, and not novel."""
    agreed: int
    """Of them: answered as the LLM did."""
    target: float
    delta: float
    right: int
    """Of all rows: answered as the LLM did."""

    @property
    def coverage(self) -> float:
        """Share of the rows that are accepted."""
        return self.accepted / self.n if self.n else 0.0

    @property
    def agreement(self) -> float | None:
        """Among the accepted; None when there are none."""
        return self.agreed / self.accepted if self.accepted else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Two-sided Clopper-Pearson interval of the agreement, each side at δ; None without accepted rows."""
        if not self.accepted:
            return None
        wrong = self.accepted - self.agreed
        return lower_bound(self.agreed, self.accepted, self.delta), 1 - lower_bound(wrong, self.accepted, self.delta)


def figures(calibration: Calibration | None) -> dict[str, Any]:
    """The figures as JSON values; empty where none were made."""
    if calibration is None:
        return {}
    interval = calibration.interval
    return {
        "threshold": calibration.threshold,
        "target": calibration.target,
        "delta": calibration.delta,
        "n": calibration.n,
        "novel": calibration.novel,
        "accepted": calibration.accepted,
        "agreed": calibration.agreed,
        "coverage": calibration.coverage,
        "agreement": calibration.agreement,
        "interval": None if interval is None else list(interval),
        "agreement_of_all": calibration.right / calibration.n if calibration.n else None,
    }


def lower_bound(successes: int, n: int, delta: float = DELTA) -> float:
    """The one-sided Clopper-Pearson bound: the true share is below it with a chance of at most `delta`.

    >>> round(lower_bound(229, 229), 4), round(lower_bound(387, 388), 4)
    (0.99, 0.99)
    """
    if successes <= 0:
        return 0.0
    if successes == n:
        return float(delta ** (1 / n))
    try:
        from scipy.special import betaincinv  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError as error:
        raise MissingExtra("scipy", "study", "calibration") from error
    return float(betaincinv(successes, n - successes + 1, delta))


def needed(target: float, delta: float = DELTA) -> int:
    """How many rows, all of them right, the smallest test takes.

    >>> needed(0.99), needed(0.95)
    (230, 45)
    """
    return math.ceil(math.log(delta) / math.log(target))


def calibrate(
    scores: Sequence[float],
    agreed: Sequence[bool],
    novel: Sequence[bool],
    *,
    target: float = 0.99,
    delta: float = DELTA,
) -> Calibration:
    """The threshold for a target.

    Args:
        scores: of the model on rows that came later than what it learned.
        agreed: whether it answered as the LLM did.
        novel: whether a gate stops the row. The gates know nothing of answers.
        target: the agreement that accepted rows must reach, 0 to 1.
        delta: see `DELTA`.
    """
    rows = sorted(
        ((score, right) for score, right, stopped in zip(scores, agreed, novel, strict=True) if not stopped),
        key=lambda row: -row[0],
    )
    found: tuple[float | None, int, int] = None, 0, 0
    right, place = 0, 0
    for size in _sizes(len(rows), target, delta):
        score = rows[size - 1][0]
        while place < len(rows) and rows[place][0] >= score:  # equal scores stand or fall together
            right += rows[place][1]
            place += 1
        if lower_bound(right, place, delta) < target:
            break
        found = score, place, right
    threshold, accepted, correct = found
    return Calibration(
        len(scores), sum(map(bool, novel)), threshold, accepted, correct, target, delta, sum(map(bool, agreed))
    )


def _sizes(n: int, target: float, delta: float) -> list[int]:
    """How many rows the thresholds accept, in the order in which they are tried.

    The first test must not hang on one unlucky row, or nothing is ever accepted: it takes two fifths of the rows, and so
    many that one may be wrong, where there are enough of them.
    """
    smallest = needed(target, delta)
    if n < smallest:
        return []
    size = float(smallest if n < 3 * smallest else max(1.7 * smallest, 0.4 * n))
    sizes = []
    while size < n:
        sizes.append(int(size))
        size *= _STEP
    return [*sizes, n]


def share(n: int, target: float = 0.99, delta: float = DELTA) -> int:
    """How many of `n` rows are for calibration.

    Three tenths, up to 3,000 rows: a sharp threshold gains more calls than a model does from the same rows. A tenth beyond
    30,000 rows. More of little data, where three tenths could not carry a threshold, at most two thirds.

    >>> share(300), share(2000), share(10_000), share(50_000)
    (200, 600, 3000, 5000)
    """
    return round(max(min(0.3 * n, max(3000, 0.1 * n)), min(1.5 * needed(target, delta), 2 * n / 3)))


def cut(table: pa.Table, target: float = 0.99, delta: float = DELTA) -> tuple[list[int], list[int]]:
    """The places of the rows to learn from and of those to calibrate on: the later runs.

    See `share` for how many.

    Args:
        table: the train side, in the order of time, with `trace_id` and, where there is one, `session`.
        target: decides how many rows calibration needs.
        delta: see `DELTA`.
    """
    n = table.num_rows
    wanted = share(n, target, delta)
    runs = _runs(table)
    started: dict[Any, int] = {}
    for place, run in enumerate(runs):
        started.setdefault(run, place)
    later = [started[run] >= n - wanted for run in runs]
    return [place for place in range(n) if not later[place]], [place for place in range(n) if later[place]]


def earlier_and_later(
    rows: Sequence[Row | str],
    answers: Sequence[Answer | str],
    later: tuple[Sequence[Row | str], Sequence[Answer | str]] | None,
    target: float,
    delta: float,
) -> tuple[list[Row], list[Answer], list[Row], list[Answer]]:
    """Rows and answers to learn from, and those that decide the threshold: `later`, or else the last of the others.

    Raises:
        ConfigurationError: there is not one answer for each row.
    """
    asked, told = _plain(rows, answers)
    if later is not None:
        return asked, told, *_plain(*later)
    start = len(asked) - share(len(asked), target, delta)
    return asked[:start], told[:start], asked[start:], told[start:]


def _plain(rows: Sequence[Row | str], answers: Sequence[Answer | str]) -> tuple[list[Row], list[Answer]]:
    if len(rows) != len(answers):
        raise ConfigurationError(f"{len(rows)} rows and {len(answers)} answers: there must be one answer for each row")
    return (
        [row_of(row) if isinstance(row, str) else row for row in rows],
        [Answer(answer, ()) if isinstance(answer, str) else answer for answer in answers],
    )


def _runs(table: pa.Table) -> list[Any]:
    """What belongs together, for each row: its session, else its trace."""
    names = [name for name in ("session", "trace_id") if name in table.column_names]
    columns = [table[name].to_pylist() for name in names]
    return (
        [next((value for value in values if value), place) for place, values in enumerate(zip(*columns, strict=True))]
        if columns
        else list(range(table.num_rows))
    )
