"""The router's state: routing.json, the opened models, the evidence; moves routes, and writes down that it did.

Two processes may keep one folder: every change is made to the file as it is on the disk then, under a lock, and the other
process sees it within about a second.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from agentlog.errors import AgentlogError
from agentlog.models import Model
from agentlog.routing import log, table
from agentlog.routing.evidence import Evidence
from agentlog.routing.log import DecisionLog
from agentlog.routing.opened import Opened
from agentlog.routing.risk import Alarm, bounds
from agentlog.routing.status import RouterStatus, RouteStatus
from agentlog.routing.table import Route, Table
from agentlog.storage import durable

_log = logging.getLogger(__name__)

_UNASSIGNED_THRESHOLD: Final = 7.0


class Totals:
    """Counts over the whole log, whatever state the routes were in."""

    def __init__(self) -> None:
        self.decisions = 0
        self.unassigned = 0
        self.served: Counter[str] = Counter()
        self.saved_usd: dict[str, float] = {}

    def decided(self, task: str | None, served: bool, saved_usd: float | None) -> None:
        """Takes in one decision."""
        self.decisions += 1
        if task is None:
            self.unassigned += 1
        elif served:
            self.served[task] += 1
            if saved_usd is not None:
                self.saved_usd[task] = self.saved_usd.get(task, 0.0) + saved_usd


class Keeper:
    """Keeps one router's folder.

    Args:
        folder: that of routing.json.
        now: its content.
        redaction: the policy that the router redacts with.
        unassigned: the share of calls of no task among those that the tasks were made of.
    """

    def __init__(self, folder: Path, now: Table, redaction: str, unassigned: float) -> None:
        self.folder = folder
        self.table = now
        self.redaction = redaction
        self.log = DecisionLog(folder)
        self.lock = threading.RLock()
        self.problem = ""
        """Why nothing is routed."""
        self.totals = Totals()
        usual = min(max(unassigned, 0.005), 0.5)
        self.unassigned = Alarm(usual, min(usual + 0.05, 0.95), _UNASSIGNED_THRESHOLD)
        self._stamp = self._stat()
        self.opened = {task: Opened(task, route, folder, redaction) for task, route in now.routes.items()}
        self.evidence = {task: Evidence(route) for task, route in now.routes.items()}
        self._restore()

    # ── what is seen ──────────────────────────────────────────────────────────────────────────────────────────────

    def no_task(self) -> None:
        """Takes in a call that belongs to no task."""
        with self.lock:
            self.totals.decided(None, False, None)
            self.unassigned.add(True)

    def decided(self, task: str, served: bool, saved_usd: float | None) -> None:
        """Takes in a decision for a call of a task."""
        with self.lock:
            self.totals.decided(task, served, saved_usd)
            self.unassigned.add(False)

    def saw(self, opened: Opened, code: str, *, accepted: bool, score: float | None) -> None:
        """Takes in what the model of a route made of a call."""
        with self.lock:
            evidence = self._of(opened)
            if evidence is None:
                return
            if code == "failed":
                evidence.failed += 1
            elif evidence.saw(code, novel=code == "novel", accepted=accepted, score=score):
                _log.warning(
                    "more calls of task %r are unlike the training prompts than before: perhaps a new kind of call",
                    opened.route.task,
                )

    def compared(self, opened: Opened, agreed: bool) -> None:
        """Takes in an answer that would have been given, beside the LLM's; moves the route when that decides it."""
        with self.lock:
            evidence = self._of(opened)
            if evidence is None:
                return
            evidence.compared(agreed)
            verdict = evidence.verdict(opened.route, self.table.auto)
            if verdict is None:
                return
            state, why = verdict
            _log.warning("the route of task %r: %s → %s, because %s", opened.route.task, opened.route.state, state, why)
            epoch, found = opened.route.epoch, evidence.to_dict()

            def earned(route: Route) -> Route | None:
                return route.moved(state, why, evidence=found) if route.epoch == epoch else None

            self.change(opened.task_id, earned)

    def _of(self, opened: Opened) -> Evidence | None:
        """The evidence that an opened route adds to; None where it has been moved meanwhile."""
        evidence = self.evidence.get(opened.task_id)
        return evidence if evidence is not None and evidence.epoch == opened.route.epoch else None

    def status(self, queued: int, dropped: int, *, closed: bool) -> RouterStatus:
        """How every route stands; with what the background work says of itself."""
        with self.lock:
            saved = self.totals.saved_usd
            return RouterStatus(
                tuple(self._status_of(opened) for opened in self.opened.values()), self.totals.decisions,
                self.totals.served.total(), self.totals.unassigned, self.unassigned.up,
                sum(saved.values()) if saved else None, queued, dropped + self.log.dropped,
                self.problem or ("the router is closed" if closed else ""),
            )  # fmt: skip

    def _status_of(self, opened: Opened) -> RouteStatus:
        route, evidence = opened.route, self.evidence[opened.task_id]
        test = evidence.promotion
        lower, upper = bounds(test.agree, test.n)
        return RouteStatus(
            opened.task_id, route.task, route.state, route.share, route.model, route.version, route.rung, opened.problem,
            route.since, route.why, evidence.calls, evidence.accepted, evidence.novel, evidence.invalid, evidence.failed,
            test.n, test.agree, lower, upper, route.target, min(1.0, max(0.0, test.wealth / -math.log(test.alpha))),
            evidence.alarm.suspicion if evidence.alarm is not None else None, evidence.novel_since > 0,
            self.totals.served[opened.task_id], self.totals.saved_usd.get(opened.task_id),
        )  # fmt: skip

    # ── changes ───────────────────────────────────────────────────────────────────────────────────────────────────

    def change(self, task: str, make: Callable[[Route], Route | None], model: Model | None = None) -> None:
        """Replaces a route by what `make` makes of it as it is on the disk, there and here; None: it stays."""
        with self.lock:
            made: Route | None = None
            try:
                with durable.locked(self.folder / ".lock"):
                    now = Table.load(self.folder / table.FILE)
                    made = make(now.routes.get(task) or Route("", ""))
                    if made is not None:
                        now = now.with_route(task, made)
                        now.save(self.folder)
                    self._stamp = self._stat()
            except OSError as error:
                # the disk takes nothing: a model that is to be taken back is taken back here all the same
                _log.error("routing.json cannot be written (%s)", type(error).__name__)
                now = self.table
                made = make(now.routes[task]) if task in now.routes else None
                now = now.with_route(task, made) if made is not None else now
            self._install(now, {task: model} if model is not None else {})
            if made is not None:
                self.log.add(
                    log.STATE, task_id=task, version=made.version, state=made.state, epoch=made.epoch, reason="moved"
                )

    def refresh(self) -> None:
        """Takes over what another process, or a person, has changed in routing.json."""
        stamp = self._stat()
        if stamp == self._stamp:
            return
        with self.lock:
            try:
                now = Table.load(self.folder / table.FILE)
            except AgentlogError as error:
                if not self.problem:
                    _log.error("nothing is routed until this is mended: %s", error)
                self.problem = "routing.json cannot be read"
                self._stamp = stamp
                return
            self._stamp = stamp
            self.problem = self.policy_problem(now)
            self._install(now, {})

    def policy_problem(self, now: Table) -> str:
        """Why the router's redaction is not that of the tasks; "" where it is."""
        if now.redaction == self.redaction:
            return ""
        return (
            f"the tasks were recorded with redaction {now.redaction!r}, and this router redacts by {self.redaction!r}"
        )

    def _install(self, now: Table, models: dict[str, Model]) -> None:
        opened = dict(self.opened)
        for task, route in now.routes.items():
            before = self.opened.get(task)
            if before is not None and before.route == route:
                continue
            model = models.get(task)
            same = before is not None and (before.route.model, before.route.version) == (route.model, route.version)
            if model is None and before is not None and same:
                model = before.model
            opened[task] = Opened(task, route, self.folder, self.redaction, model)
            if before is not None and route.state not in table.SERVING:
                before.dead = True
            if before is None or _time_of(before.route) != _time_of(route):
                self.evidence[task] = Evidence(route)
        for task in set(opened) - set(now.routes):
            opened.pop(task).dead = True
            self.evidence.pop(task, None)
        self.table, self.opened = now, opened

    def _stat(self) -> tuple[int, int, int]:
        try:
            stat = (self.folder / table.FILE).stat()
        except OSError:
            return 0, 0, 0
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    # ── after a restart ───────────────────────────────────────────────────────────────────────────────────────────

    def _restore(self) -> None:
        """The counts and tests as they were: the log is read again, in order."""
        seen: dict[str, bool] = {}
        for row in log.events(self.folder).select(_NEEDED).to_pylist():
            task = row["task_id"]
            if row["event"] == log.DECISION:
                self.totals.decided(task, row["route"] == "model", row["saved_usd"])
                self.unassigned.add(task is None)
            evidence = self.evidence.get(task) if task is not None else None
            if evidence is None or (row["epoch"], row["version"]) != (evidence.epoch, evidence.version):
                continue
            if (
                row["accepted"] is not None and row["id"] not in seen
            ):  # a decision, or the outcome of one made without asking
                seen[row["id"]] = bool(row["accepted"])
                if row["reason"] == "failed":
                    evidence.failed += 1
                else:
                    evidence.saw(
                        row["reason"], novel=bool(row["novel"]), accepted=bool(row["accepted"]), score=row["score"]
                    )
            if row["event"] == log.OUTCOME and row["agreed"] is not None and seen.get(row["id"]):
                evidence.compared(row["agreed"])

    def put(self, task: str, route: Route, model: Model) -> None:
        """Gives a task a route; its evidence begins anew."""

        def placed(before: Route) -> Route:
            return replace(route, epoch=before.epoch + 1)

        self.change(task, placed, model)


_NEEDED: Final[list[str]] = [
    "event",
    "id",
    "task_id",
    "version",
    "epoch",
    "route",
    "reason",
    "novel",
    "accepted",
    "score",
    "agreed",
    "saved_usd",
]


def _time_of(route: Route) -> tuple[Any, ...]:
    """What evidence belongs to. A person who edits routing.json may change the state and forget the epoch."""
    return route.epoch, route.state, route.version, route.target, route.margin


def of_route(opened: Opened) -> dict[str, Any]:
    """What an event says of a route."""
    route = opened.route
    return {"task_id": opened.task_id, "version": route.version, "state": route.state, "epoch": route.epoch}
