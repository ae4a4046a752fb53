"""The tasks of a dataset: how big each is, who reads its answers, and what could take it over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from agentlog.clustering import cluster
from agentlog.curation import Examples, curate
from agentlog.dataset import Dataset
from agentlog.reporting.evidence import Evaluated, Interval, Offer, Routed, Saving, Trained, standing
from agentlog.reporting.measured import Number, Unmeasured, ratio
from agentlog.reporting.traffic import COLUMNS, NO_PRICES, NO_TOKENS, Group, flat, total
from agentlog.tasks import Task, Tasks
from agentlog.tasks.study import Study

FEW: Final = 50
"""A task with fewer kept examples is too small to learn from or to be tested on (facts: the flywheels that exist start there)."""


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """One task, counted on the records as they are now."""

    id: str
    name: str
    kind: str
    """Of most answers: label, tool_call, json, code or text; "" when no answer is stored."""
    calls: Group
    share: float
    """Of all model calls."""
    token_share: Number
    cost_share: Number
    human: int
    unknown: int
    internal: int
    """Calls by who read the answer."""
    runs: int
    kept: int
    """Examples that `curate` keeps."""
    far_from_10k: int
    distinct: int
    """Different answers among them."""
    entropy: float
    """Bits: how undecided the answers are."""
    itself: Interval | Unmeasured
    """The LLM's agreement with itself, where its calls repeat."""
    template: tuple[str, ...]
    tools: tuple[str, ...]
    example: str
    """One redacted call to read; "" unless it was asked for."""
    standing: str
    routed: Routed | None
    evaluated: tuple[Evaluated, ...]
    """The best first."""
    trained: tuple[Trained, ...]
    offer: Offer | None
    """What to try first, where nothing was tried."""
    saving: Saving | Unmeasured

    @property
    def open_calls(self) -> int:
        """Calls whose answers no person reads, as far as it is known: what could be taken over."""
        return self.calls.calls - self.human


@dataclass(frozen=True, slots=True)
class Found:
    """The tasks, and where they come from."""

    tasks: tuple[Task, ...]
    """Each with its calls of today."""
    examples: Examples
    saved: bool
    """They lay in the study; else they were found for this report."""
    newer: int
    """Model calls recorded after the tasks were saved; each was given to the task it is like, or to none."""
    task_of: dict[str, str | None]
    """Call id → task id."""
    kept: dict[str, int]
    """Task id → kept examples."""


def find(dataset: Dataset, study: Study) -> Found:
    """The study's saved tasks with the calls of today, else the tasks that `cluster` finds now. Nothing is written."""
    examples = curate(dataset)
    saved = (study.tasks / "manifest.json").is_file()
    tasks = Tasks.load(study.tasks, examples) if saved else cluster(examples)
    task_of: dict[str, str | None] = {call: task.id for task in tasks for call in task.call_ids}
    task_of |= dict.fromkeys(tasks.unassigned)
    ids: list[Any] = examples.table["call_id"].to_pylist()
    late = examples.table.filter(pa.array([one not in task_of for one in ids], pa.bool_()))
    if len(late) and tasks.model is not None:
        new: list[Any] = late["call_id"].to_pylist()
        task_of |= dict(zip(new, tasks.assign(late), strict=True))
    calls: dict[str, list[str]] = {}
    kept: dict[str, int] = {}
    for call, keep in zip(ids, examples.table["kept"].to_pylist(), strict=True):
        task = task_of.get(call)
        if task is not None:
            calls.setdefault(task, []).append(call)
            kept[task] = kept.get(task, 0) + bool(keep)
    today = tuple(replace(task, call_ids=tuple(calls[task.id])) for task in tasks if task.id in calls)
    return Found(today, examples, saved, len(late), {call: task_of.get(call) for call in ids}, kept)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How big one task is."""

    calls: Group
    surfaces: dict[str, int]
    runs: int


def sizes(dataset: Dataset, found: Found) -> dict[str | None, Sizes]:
    """Task id → its size, None for the calls of no task; over the model calls of the dataset."""
    table = flat(dataset.to_arrow(COLUMNS))
    rows: dict[str | None, list[int]] = {}
    calls: list[Any] = table["call_id"].to_pylist()
    for row, call in enumerate(calls):
        if call in found.task_of:
            rows.setdefault(found.task_of[call], []).append(row)
    made = {}
    for task, places in rows.items():
        part = table.take(pa.array(places, pa.int64()))
        surfaces = Counter(map(str, part["surface"].to_pylist()))
        made[task] = Sizes(total(task or "", part), dict(surfaces), len(set(part["trace_id"].to_pylist())))
    return made


def figures(
    task: Task, size: Sizes, whole: Group, kept: int, *, itself: Interval | Unmeasured, example: str, offer: Offer | None,
    saving: Saving | Unmeasured, routed: Routed | None, evaluated: tuple[Evaluated, ...], trained: tuple[Trained, ...],
) -> TaskFigures:  # fmt: skip
    """Everything that the page says of a task."""
    human = size.surfaces.get("human", 0)
    return TaskFigures(
        id=task.id,
        name=task.name,
        kind=task.output_kind,
        calls=size.calls,
        share=size.calls.calls / whole.calls,
        token_share=ratio(size.calls.tokens, whole.tokens, NO_TOKENS.why, NO_TOKENS.do),
        cost_share=ratio(size.calls.cost_usd, whole.cost_usd, NO_PRICES.why, NO_PRICES.do),
        human=human,
        unknown=size.surfaces.get("unknown", 0),
        internal=size.surfaces.get("internal", 0),
        runs=size.runs,
        kept=kept,
        far_from_10k=max(0, 10_000 - kept),
        distinct=task.n_distinct_outputs,
        entropy=task.label_entropy,
        itself=itself,
        template=task.signature.lines,
        tools=task.signature.tools,
        example=example,
        standing=standing(routed, evaluated, trained, human == size.calls.calls),
        routed=routed,
        evaluated=evaluated,
        trained=trained,
        offer=offer,
        saving=saving,
    )


def folder_name(path: Path) -> str:
    """The last name of a path: where a dataset lies says who works on it, and does not belong on a page that travels."""
    return path.resolve().name or "dataset"


def first_example(task: Task) -> str:
    """One kept call of a task to read, shortened, or ""."""
    some: list[Any] = task.examples(1)
    return repr(some[0]) if some else ""
