"""What is missing in the data, and what to do about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from agentlog.reporting import words
from agentlog.reporting.evidence import HUMAN
from agentlog.reporting.figures import Figures
from agentlog.reporting.measured import Unmeasured
from agentlog.reporting.tasks import FEW
from agentlog.reporting.traffic import NO_PRICES, NO_TOKENS, SHORTEST, TOO_SHORT

_MUCH_UNKNOWN = 0.2
_SAFE = timedelta(days=7)
_NAMED = 4
"""Names in a sentence."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing."""

    title: str
    what: str
    """What was found, with its count."""
    do: str
    """What to do; may hold `commands`."""


def gaps(figures: Figures) -> list[Gap]:
    """What keeps figures from being measured or trusted, the gravest first."""
    counted = figures.traffic
    if not counted.model_calls.calls:
        what = "the dataset holds no call of a model" + (
            f", only {words.plural(counted.records, 'other record')}" if counted.records else ""
        )
        return [
            Gap(
                "Calls",
                what,
                "put `agentlog.instrument()` or `@agentlog.capture` into the agent and let it run, or import logs: "
                f"`agentlog import SOURCE --to {figures.dataset}`",
            )
        ]
    found = [*_records(figures), *_tasks(figures)]
    if figures.unreadable:
        found.append(
            Gap(
                "Files of the study",
                f"cannot be read: {_some(figures.unreadable)}",
                "make them again; they count nowhere here",
            )
        )
    if figures.left_out:
        found.append(
            Gap(
                "Damaged records",
                f"left out: {_some(figures.left_out)}",
                "restore the files from a copy, or delete them",
            )
        )
    return found


def _records(figures: Figures) -> list[Gap]:
    counted = figures.traffic
    whole, billed = counted.model_calls, counted.billed
    found = []
    if whole.with_tokens < whole.calls:
        share = words.percent(1 - whole.with_tokens / whole.calls)
        found.append(Gap("Tokens", f"{share} of the model calls say nothing of their tokens", NO_TOKENS.do))
    if billed.with_cost < billed.calls:
        share = words.percent(1 - billed.with_cost / billed.calls)
        do = NO_PRICES.do if billed.with_tokens else "a price needs the tokens: see above"
        if billed.with_cost and billed.with_tokens > billed.with_cost:
            do = "the price list does not know their models: name the model as its provider does"
        found.append(Gap("Prices", f"{share} of the billed calls have no cost", do))
    if counted.span < SHORTEST:
        found.append(
            Gap(
                "Time",
                f"the records span {words.span(counted.span)}: a month cannot be told from that",
                f"{TOO_SHORT.do}; logs that are imported need their own times",
            )
        )
    elif counted.span < _SAFE:
        found.append(
            Gap(
                "Time",
                f"the records span {words.span(counted.span)}: a month is extrapolated from that",
                "a week would be safer",
            )
        )
    if not counted.feedback:
        found.append(
            Gap(
                "Feedback",
                "nobody said which runs went well, so wrong answers are learned like right ones",
                f"`agentlog feedback resolved --session ID --score 1 --to {figures.dataset}`, or `session.feedback()` in the agent",
            )
        )
    unknown = counted.surfaces.get("unknown", 0) / whole.calls
    if unknown >= _MUCH_UNKNOWN:
        found.append(
            Gap(
                "Readers",
                f"of {words.percent(unknown)} of the model calls nothing tells whether a person or a program reads the answer",
                "say it where it is known: `agentlog.session(surface='internal')` or `@agentlog.capture(surface=…)`",
            )
        )
    return found


def _tasks(figures: Figures) -> list[Gap]:
    tasks = figures.tasks
    found = []
    small = [task.name for task in tasks if task.kept < FEW and task.standing != HUMAN]
    if small:
        found.append(
            Gap(
                "Small tasks",
                f"{words.plural(len(small), 'task')} with fewer than {FEW} examples: {_some(small)}",
                "record more runs: nothing can be learned or tested on so few",
            )
        )
    human = [task.name for task in tasks if task.standing == HUMAN]
    if human:
        found.append(
            Gap(
                "Human-facing tasks",
                f"answers are not stored where people read them: {_some(human)}",
                "nothing, if that is right; else mark the calls `surface='internal'`",
            )
        )
    alone = [task.name for task in tasks if isinstance(task.itself, Unmeasured) and task.standing != HUMAN]
    if alone:
        found.append(
            Gap(
                "Repeats",
                f"{words.plural(len(alone), 'task')} in which the LLM's agreement with itself is not measurable: {_some(alone)}",
                "ask the LLM the same again: `agentlog.evaluation.replay`",
            )
        )
    untried = [task.name for task in tasks if not task.evaluated and task.standing != HUMAN and task.kept >= FEW]
    if untried:
        found.append(
            Gap(
                "Evaluations",
                f"no small model was evaluated for {_some(untried)}",
                f"`agentlog candidates {figures.dataset} --task NAME`, then `agentlog train` and `agentlog evaluate … --save`",
            )
        )
    if figures.unassigned:
        share = words.percent(figures.unassigned / figures.traffic.model_calls.calls)
        found.append(
            Gap(
                "Calls of no task",
                f"{share} of the model calls recur nowhere",
                "record more runs, or lower `--min-size`",
            )
        )
    if figures.newer:
        found.append(
            Gap(
                "Newer calls",
                f"{words.plural(figures.newer, 'model call')} came after the tasks were saved; they were given to the tasks they are like",
                f"`agentlog refresh {figures.dataset}`",
            )
        )
    return found


def _some(names: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}" for name in names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"
