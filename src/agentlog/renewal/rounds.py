"""`refresh`: one round of S6, from new records to proposed routes.

    records ─→ tasks (the known ones keep their ids) ─→ which have no model, grew or drifted?
                                                            │ train ─→ evaluate, beside the old model
    proposal.json ←─ routes before and after ←──────────────┘

Models are made beside the old ones and never in their place. The same records give the same models, so a proposal that is
applied later is not trained twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.clustering import cluster
from agentlog.curation import curate
from agentlog.dataset import Dataset, open_dataset
from agentlog.errors import AgentlogError, ConfigurationError, MissingExtra
from agentlog.evaluation import Evaluation, evaluate
from agentlog.models import load
from agentlog.renewal.drift import Drift, compare
from agentlog.renewal.proposal import KEEP, NEW, NOTHING, REPLACE, STOP, Change, Proposal, stopped
from agentlog.routing.table import FILE, OFF, ROLLED_BACK, SHADOW, Route, Table
from agentlog.selection import profile
from agentlog.storage import durable
from agentlog.tasks import Task, Tasks
from agentlog.tasks.study import DEFAULT, Study
from agentlog.training import train

RUNGS: Final = ("head", "tagger")
"""What a round trains by itself: minutes on a laptop. Language models are trained by hand, with a GPU."""


def refresh(
    dataset: Dataset | str | Path,
    *,
    apply: bool = False,
    study: str = DEFAULT,
    target: float = 0.99,
    seed: int = 0,
) -> Proposal:
    """Look at what has been recorded since the last round, train what has aged, and propose new routes.

    A task gets a new model when it has none, has grown by a fifth, has drifted, or its route was rolled back. The new model
    is evaluated on calls that no model has learned from, and is proposed in shadow: the LLM's answers are returned as
    before until the router has seen enough.

    Args:
        dataset: an opened dataset, or its folder.
        apply: save the tasks and the routes; False: only propose. What was proposed before is not trained again.
        study: where in the dataset the work lies: `studies/<study>`.
        target: the agreement with the LLM that a model must show, 0 to 1.
        seed: of tasks, split and training.

    Returns:
        The proposal; it is also written to `proposal.json` in the study.

    Raises:
        DatasetError: the folder is no dataset, or a file of the study is damaged.
        MissingExtra: the extra `study` is not installed.

    Example:
        >>> import agentlog
        >>> agentlog.refresh("agentlog-records")  # doctest: +SKIP
        task     calls   new  action  route                     why
        triage     400  +400  new     head 5f0c71a2b3d4 shadow  no model yet
        check      400  +400  none                              not trained: …
        1 of 2 routes change. Nothing is applied yet: `agentlog refresh agentlog-records --apply` does it.
    """
    if isinstance(dataset, str | Path):
        dataset = open_dataset(dataset)
    if not isinstance(dataset, Dataset):
        raise ConfigurationError(f"refresh takes a dataset or its folder; found {type(dataset).__name__}")
    return _Round(dataset, Study.of(dataset.path, study), target, seed).run(apply)


class _Round:
    """One round over one study."""

    def __init__(self, dataset: Dataset, study: Study, target: float, seed: int) -> None:
        self._study = study
        self._target = target
        self._seed = seed
        examples = curate(dataset)
        has_tasks = (study.tasks / "manifest.json").is_file()
        self._previous = Tasks.load(study.tasks) if has_tasks else None
        self._tasks = cluster(examples, previous=self._previous, seed=seed)
        self._known = set() if self._previous is None else _calls(self._previous)
        has_routes = (study.routing / FILE).is_file()
        self._before = Table.load(study.routing / FILE) if has_routes else None
        self._policy = _policy(examples.table)

    def run(self, apply: bool) -> Proposal:
        """The proposal, applied where that is asked for."""
        routes = {} if self._before is None else dict(self._before.routes)
        changes = [self._change(task, routes.get(task.id)) for task in self._tasks]
        changes += [
            self._gone(one, route) for one, route in routes.items() if one not in {task.id for task in self._tasks}
        ]
        routes |= {one.task_id: one.route for one in changes if one.route is not None}
        tasks = Path("..") / self._study.tasks.name
        after = (
            Table(self._policy, str(tasks), routes) if self._before is None else replace(self._before, routes=routes)
        )
        proposal = Proposal(
            path=self._study.path,
            changes=tuple(changes),
            before=self._before,
            after=after,
            unassigned=sum(call not in self._known for call in self._tasks.unassigned),
            applied=apply,
            notes=self._notes(),
        )
        if apply:
            self._apply(after)
        durable.make_folder(self._study.path)
        text = json.dumps(proposal.to_dict(), indent=2, ensure_ascii=False) + "\n"
        durable.write_text(self._study.path / "proposal.json", text, aside=self._study.path)
        return proposal

    def _apply(self, table: Table) -> None:
        # the tasks first: a route whose task is not known yet is never taken, a task without a route is the LLM's
        self._tasks.save(self._study.tasks)
        durable.make_folder(self._study.routing)
        table.save(self._study.routing)

    def _notes(self) -> tuple[str, ...]:
        if self._before is not None and self._before.redaction != self._policy:
            return (
                f"The records were redacted by {self._policy!r}, the routes were made for {self._before.redaction!r}: "
                "the router will leave every call to the LLM until both agree.",
            )
        return ()

    def _change(self, task: Task, route: Route | None) -> Change:
        drift = self._drift(task)
        reason = _reason(route, drift)
        if reason is None:
            return self._of(task, drift, KEEP, f"{drift}; the model stays")
        model, evaluation, failure = self._train(task)
        if model is None or evaluation is None:
            return self._of(task, drift, KEEP if route else NOTHING, f"{reason}; {failure}")
        if not _serves(evaluation):
            told = f"{reason}; a new {model.rung} earns no trust yet"
            return self._of(task, drift, KEEP if route else NOTHING, told, evaluation=evaluation.sentence)
        if route is not None and route.version == model.version:
            return self._of(
                task, drift, KEEP, f"{reason}; training again gives the same model", evaluation=evaluation.sentence
            )
        made = self._route(task, model, route, reason)
        return self._of(task, drift, REPLACE if route else NEW, reason, made, evaluation.sentence)

    def _of(
        self, task: Task, drift: Drift, action: str, why: str, route: Route | None = None, evaluation: str = ""
    ) -> Change:
        return Change(task.id, task.name, task.n_calls, drift, action, why, route, evaluation)

    def _gone(self, task: str, route: Route) -> Change:
        if route.state == OFF:
            return Change(task, route.task, 0, Drift(0, 0), KEEP, "the task is gone; the route is off")
        why = "the task is gone: its calls belong to other tasks now"
        return Change(task, route.task, 0, Drift(0, 0), STOP, why, stopped(route, why))

    def _drift(self, task: Task) -> Drift:
        if self._previous is None:
            return Drift(0, task.n_calls)
        table = task.calls()
        old = pc.is_in(table["call_id"], pa.array(sorted(self._known), pa.string()))
        return compare(table.filter(old), table.filter(pc.invert(old)))

    def _train(self, task: Task) -> tuple[Any, Evaluation | None, str]:
        """The first model that may be trusted with some calls, else the last one that there is; or why there is none."""
        failures = []
        made: tuple[Any, Evaluation | None] = (None, None)
        for rung in RUNGS:
            folder = self._folder(task, rung)
            try:
                if not (folder / "model.json").is_file():
                    train(task, rung, folder, target=self._target, seed=self._seed, overwrite=folder.exists())
                model = load(folder)
                evaluation = evaluate(model, task)
            except MissingExtra:
                raise
            except AgentlogError as error:
                failures.append(f"{rung}: {error}")
                continue
            evaluation.save(self._study.evaluations)
            made = model, evaluation
            if _serves(evaluation):
                break
        return *made, "not trained: " + "; ".join(failures)

    def _folder(self, task: Task, rung: str) -> Path:
        return self._study.models / f"{task.id}-{rung}-{_fingerprint(task, self._target, self._seed)}"

    def _route(self, task: Task, model: Any, old: Route | None, why: str) -> Route:
        folder = self._folder(task, model.rung)
        made = Route(
            task=task.name,
            model=str(Path("..") / folder.relative_to(self._study.path)),
            version=model.version,
            rung=model.rung,
            threshold=model.threshold,
            target=self._target,
            epoch=0 if old is None else old.epoch,
            cost_per_call_usd=None if task.cost_usd is None else task.cost_usd / task.n_calls,
            cache_lost_usd=profile(task).cache_lost_usd_per_call,
        )
        return made.moved(SHADOW, why)


def _reason(route: Route | None, drift: Drift) -> str | None:
    """Why a task needs a new model; None: it does not."""
    if route is None:
        return "no model yet"
    if route.pinned:
        return None
    if route.state == ROLLED_BACK:
        return f"the route was rolled back ({route.why})" if route.why else "the route was rolled back"
    if drift.changed:
        return str(drift)
    return f"grew from {drift.before:,} to {drift.before + drift.new:,} calls" if drift.grown else None


def _serves(evaluation: Evaluation) -> bool:
    """Whether the model answers anything that it may be trusted with."""
    return evaluation.accepted is not None and evaluation.accepted.value > 0


def _calls(tasks: Tasks) -> set[str]:
    return {*tasks.unassigned, *(call for task in tasks for call in task.call_ids)}


def _fingerprint(task: Task, target: float, seed: int) -> str:
    """Of what a model is trained on: equal for equal calls, target and seed."""
    words = json.dumps([sorted(task.call_ids), target, seed])
    return hashlib.blake2b(words.encode(), digest_size=4).hexdigest()


def _policy(table: pa.Table) -> str:
    """The name of the policy that redacted most of the calls."""
    names: Any = pc.struct_field(table["redaction"], "policy")
    counted: list[Mapping[str, Any]] = pc.value_counts(names).to_pylist()
    return str(max(counted, key=lambda one: one["counts"])["values"]) if counted else "default"
