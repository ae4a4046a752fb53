"""What the figures come to, in a sentence or two."""

from __future__ import annotations

from agentlog.reporting import words
from agentlog.reporting.evidence import HUMAN, Interval
from agentlog.reporting.figures import Figures
from agentlog.reporting.measured import Unmeasured


def sentence(figures: Figures) -> str:
    """What this agent costs, what small models can take over, with what evidence. `**` marks what counts."""
    counted = figures.traffic
    if not counted.records:
        return f"**Nothing is recorded yet** in {figures.dataset}: there is no call to report on."
    if not counted.model_calls.calls:
        return (
            f"{figures.dataset} holds {words.plural(counted.records, 'record')} and **no call of a model**: "
            "there is nothing that a small model could take over."
        )
    return f"{_cost(figures)} {_share(figures)}"


def _cost(figures: Figures) -> str:
    counted = figures.traffic
    calls = f"{words.plural(counted.model_calls.calls, 'model call')} in {words.plural(counted.runs, 'run')}"
    cost = counted.billed.cost_usd
    if cost is None:
        why = "no call has a price" if counted.billed.with_tokens else "no call says how many tokens it used"
        return f"{calls}; what they cost is **not measurable**: {why}."
    known_for = counted.billed.with_cost / counted.billed.calls
    partly = "" if known_for == 1 else f" (known for {words.percent(known_for)} of them)"
    if isinstance(figures.cost_month, Unmeasured):
        return f"{calls} cost **{words.money(cost)}**{partly} in {words.span(counted.span)}."
    return f"This agent costs **{words.money(figures.cost_month)} a month**{partly}: {calls} in {words.span(counted.span)}."


def _share(figures: Figures) -> str:
    found = figures.replaceable
    proven = found.proven.by_call
    served = found.served.by_call
    already = (
        f" Small models answered {words.percent(served)} of these calls already."
        if isinstance(served, int | float) and served > 0
        else ""
    )
    if isinstance(proven, Unmeasured):
        return _untried(figures) + already
    if not proven:
        return (
            f"**No small model is proven yet**: {words.plural(found.n_measured, 'task')} of {words.count(len(figures.tasks))} "
            f"evaluated, none shown to be no worse than the LLM.{already}"
        )
    agreement = f", agreeing with the LLM on {_interval(found.agreement)}" if found.agreement is not None else ""
    return f"Small models can take over **{words.percent(proven)} of the calls** now{agreement}{_saving(figures)}.{already}"


def _saving(figures: Figures) -> str:
    month, thousand = figures.saving_month, figures.saving_thousand
    if not isinstance(month, Unmeasured):
        return f", saving **{words.money(month)} a month**"
    if not isinstance(thousand, Unmeasured):
        return f", saving **{words.money(thousand)} in 1,000 calls** (by the month it is not measurable: {month.why})"
    return f"; what that saves is not measurable: {month.why}"


def _untried(figures: Figures) -> str:
    most = figures.replaceable.ceiling.by_call
    open_tasks = sum(task.standing != HUMAN for task in figures.tasks)
    if not isinstance(most, int | float) or not open_tasks:
        return (
            "What small models could take over is **not measured yet**: no task recurs whose answers a program reads."
        )
    return (
        f"What small models can take over is **not measured yet**: {words.plural(open_tasks, 'recurring task')} with "
        f"{words.percent(most)} of the calls could be tried."
    )


def _interval(one: Interval) -> str:
    return f"{words.percent(one.share)} of {words.plural(one.n, 'test call')} ({words.percent(one.low)} to {words.percent(one.high)})"
