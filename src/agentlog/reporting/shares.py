"""What share of the model calls small models serve, could serve by evidence, and could at most: by call, task, token, cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from agentlog.reporting.evidence import Evaluated, Interval
from agentlog.reporting.measured import Number, Unmeasured
from agentlog.reporting.tasks import TaskFigures
from agentlog.reporting.traffic import NO_PRICES, NO_TOKENS, Group

PAPER: Final = (("MetaGPT", 0.60), ("Open Operator", 0.40), ("Cradle", 0.70))
"""Appendix B of arXiv 2506.02153: its authors' estimates of the share of LLM calls that small models could take over."""

NOTHING_MEASURED: Final = Unmeasured(
    "no small model was evaluated on these calls yet",
    "Train one and evaluate it: `agentlog train`, `agentlog evaluate … --save`",
)


@dataclass(frozen=True, slots=True)
class Shares:
    """One row of the table: each share of all model calls."""

    by_call: Number
    by_task: Number
    by_token: Number
    by_cost: Number


@dataclass(frozen=True, slots=True)
class Replaceable:
    """Three answers, from what happens to what is possible."""

    served: Shares
    """Calls that small models of ours have answered already, in these records."""
    proven: Shares
    """Calls that the evaluated models would answer with evidence that they are no worse than the LLM."""
    ceiling: Shares
    """Calls of recurring tasks whose answers no person reads: what could be tried. No evidence, an upper bound."""
    n_measured: int
    """Tasks with an evaluation."""
    agreement: Interval | None
    """Of the proven models, over all their test calls; None where nothing is proven."""


def best(task: TaskFigures) -> Evaluated | None:
    """The evaluation that speaks for a task: a proven one, else none."""
    return next((one for one in task.evaluated if one.proven), None)


def takes_over(task: TaskFigures) -> float:
    """The share of a task's calls that a proven model would answer."""
    one = best(task)
    coverage = one.coverage if one is not None else 0.0
    open_share = task.open_calls / task.calls.calls
    return open_share * (coverage if isinstance(coverage, int | float) else 0.0)


def replaceable(tasks: Sequence[TaskFigures], whole: Group, ours: Group) -> Replaceable:
    """The three rows.

    Args:
        tasks: all tasks.
        whole: all model calls.
        ours: those of them that small models of ours answered.
    """
    measured = [task for task in tasks if task.evaluated]
    proven = [task for task in tasks if best(task) is not None]
    intervals = [one.agreement for task in proven if (one := best(task)) and isinstance(one.agreement, Interval)]
    serving = sum(task.routed is not None and task.routed.serves for task in tasks)
    return Replaceable(
        served=Shares(
            ours.calls / whole.calls if whole.calls else NOTHING_MEASURED,
            serving / len(tasks) if tasks else NOTHING_MEASURED,
            Unmeasured("a call that a small model answered used none of the LLM's tokens"),
            Unmeasured("a call that a small model answered was not billed"),
        ),
        proven=_weighted(tasks, whole, takes_over, len(proven)) if measured else Shares(*[NOTHING_MEASURED] * 4),
        ceiling=_weighted(
            tasks, whole, lambda task: task.open_calls / task.calls.calls, sum(task.open_calls > 0 for task in tasks)
        ),
        n_measured=len(measured),
        agreement=pooled(intervals),
    )


def _weighted(tasks: Sequence[TaskFigures], whole: Group, part: Callable[[TaskFigures], float], n_tasks: int) -> Shares:
    if not tasks or not whole.calls:
        nothing = Unmeasured("no task recurs in the records", "record more runs of the agent")
        return Shares(nothing, nothing, nothing, nothing)
    return Shares(
        sum(part(task) * task.share for task in tasks),
        n_tasks / len(tasks),
        _sum((part(task), task.token_share) for task in tasks) if whole.tokens else NO_TOKENS,
        _sum((part(task), task.cost_share) for task in tasks) if whole.cost_usd else NO_PRICES,
    )


def _sum(pairs: Iterable[tuple[float, Number]]) -> float:
    """The tasks that do not say count nothing."""
    return sum(part * weight for part, weight in pairs if isinstance(weight, int | float))


def pooled(intervals: Sequence[Interval]) -> Interval | None:
    """Several tasks' agreement as one; the bounds are the means of theirs, which is wider than need be."""
    n = sum(one.n for one in intervals)
    if not n:
        return None
    if len(intervals) == 1:
        return intervals[0]
    share, low, high = (sum(getattr(one, name) * one.n for one in intervals) / n for name in ("share", "low", "high"))
    return Interval(share, low, high, n)
