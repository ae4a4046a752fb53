"""All figures of a report, and the sentence that they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.dataset import Dataset
from agentlog.errors import MissingExtra
from agentlog.evaluation import self_agreement
from agentlog.reporting.agency import Agency, agency
from agentlog.reporting.evidence import Interval
from agentlog.reporting.measured import Number, Unmeasured, absent
from agentlog.reporting.offers import Selection, offer, saved
from agentlog.reporting.shares import Replaceable, best, replaceable
from agentlog.reporting.studies import Evidence, evidence, itself
from agentlog.reporting.tasks import Found, TaskFigures, figures, find, first_example, folder_name, sizes
from agentlog.reporting.traffic import COLUMNS, NO_PRICES, Traffic, flat, total, traffic
from agentlog.semconv import MODEL_OPERATIONS, OUR_MODELS
from agentlog.tasks import Task
from agentlog.tasks.study import Study

IN_FULL: Final = 30
"""Tasks that get an entry of their own; the selection is asked of these only."""
NOT_STORED: Final = Unmeasured("people read the answers, so they are not stored")
LIBRARIES: Final = ("agentlog", "pyarrow", "genai-prices", "numpy", "scikit-learn", "scipy", "sacrebleu")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page is made of."""

    dataset: str
    """The last name of the dataset's folder."""
    study: str
    made: datetime
    traffic: Traffic
    agency: Agency
    tasks: tuple[TaskFigures, ...]
    """The biggest first."""
    unassigned: int
    """Model calls of no task."""
    saved_tasks: bool
    """The tasks lay in the study; else they were found for this report."""
    newer: int
    """Model calls recorded after the tasks were saved."""
    kept: int
    """Model calls that `curate` keeps as examples."""
    replaceable: Replaceable
    cost_month: Number
    saving_month: Number
    """Of all tasks with a proven model, where each is given all the calls that it is sure of."""
    saving_thousand: Number
    """The same for 1,000 model calls of the agent, however often they come."""
    router: bool
    unreadable: tuple[str, ...]
    left_out: tuple[str, ...]
    """Damaged files of the dataset."""
    versions: dict[str, str]
    examples: bool


def gather(dataset: Dataset, study: str, *, examples: bool, now: datetime | None = None) -> Figures:
    """Count, read the study, and put it together. Nothing is written."""
    counted = traffic(dataset)
    place = Study.of(dataset.path, study)
    known_evidence = evidence(place)
    found = find(dataset, place)
    tasks = _tasks(dataset, found, counted, known_evidence, examples=examples)
    shares = replaceable(tasks, counted.model_calls, total("ours", _ours(dataset)))
    return Figures(
        dataset=folder_name(dataset.path),
        study=study,
        made=now or datetime.now(UTC),
        traffic=counted,
        agency=agency(dataset),
        tasks=tasks,
        unassigned=sum(task is None for task in found.task_of.values()),
        saved_tasks=found.saved,
        newer=found.newer,
        kept=len(found.examples),
        replaceable=shares,
        cost_month=counted.a_month(counted.billed.cost_usd, NO_PRICES),
        saving_month=_saving(tasks, month=True),
        saving_thousand=_saving(tasks, month=False),
        router=known_evidence.router,
        unreadable=tuple(known_evidence.unreadable),
        left_out=tuple(str(path.relative_to(dataset.path)) for path, _ in dataset.damaged),
        versions=_versions(),
        examples=examples,
    )


def _ours(dataset: Dataset) -> pa.Table:
    table = flat(dataset.to_arrow(COLUMNS, pc.field("operation").isin(sorted(MODEL_OPERATIONS))))
    return table.filter(pc.starts_with(table["model"], pattern=OUR_MODELS))


def _tasks(
    dataset: Dataset, found: Found, counted: Traffic, known_evidence: Evidence, *, examples: bool
) -> tuple[TaskFigures, ...]:
    size = sizes(dataset, found)
    selection = Selection()
    made = []
    for place, task in enumerate(sorted(found.tasks, key=lambda one: -len(one.call_ids))):
        routed = known_evidence.routed.get(task.id)
        unread = size[task.id].surfaces.get("human") == size[task.id].calls.calls
        evaluated = tuple(known_evidence.evaluated.get(task.id, ()))
        ladder = selection.ladder(task) if place < IN_FULL or evaluated else None
        made.append(
            figures(
                task,
                size[task.id],
                counted.model_calls,
                found.kept[task.id],
                itself=NOT_STORED if unread else _itself(task),
                example=first_example(task) if examples else "",
                offer=None if evaluated or unread else offer(ladder),
                saving=NOT_STORED if unread else saved(ladder, selection.missing, evaluated),
                routed=routed,
                evaluated=evaluated,
                trained=tuple(known_evidence.trained.get(task.id, ())),
            )
        )
    return tuple(made)


def _itself(task: Task) -> Interval | Unmeasured:
    try:
        return itself(self_agreement(task.calls()))
    except MissingExtra as error:
        return absent(error)


def _saving(tasks: tuple[TaskFigures, ...], *, month: bool) -> Number:
    """Of the tasks that are proven. One that is not measurable makes the sum so: a part is no sum."""
    proven = [task for task in tasks if best(task) is not None]
    if not proven:
        return Unmeasured("no small model is proven")
    whole = 0.0
    for task in proven:
        if isinstance(task.saving, Unmeasured):
            return task.saving
        if not month:
            whole += task.saving.thousand_usd * task.share
        elif isinstance(task.saving.month_usd, Unmeasured):
            return task.saving.month_usd
        else:
            whole += task.saving.month_usd
    return whole


def _versions() -> dict[str, str]:
    found = {}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found
