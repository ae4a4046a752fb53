"""The router: decides call by call, learns from what the LLM answers, and steps back by itself."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from agentlog.errors import ConfigurationError, UnknownName
from agentlog.models.asking import redactor_of
from agentlog.redaction import Redactor
from agentlog.routing import table
from agentlog.routing.background import Background
from agentlog.routing.deciding import Deciding, Pending
from agentlog.routing.decision import Decision
from agentlog.routing.finding import Finding, fit_nearness
from agentlog.routing.keeper import Keeper
from agentlog.routing.nearness import Nearness
from agentlog.routing.opened import open_model, placed
from agentlog.routing.status import RouterStatus
from agentlog.routing.table import Route, Table
from agentlog.storage import durable
from agentlog.tasks import Tasks
from agentlog.tasks.reading import Answer

_log = logging.getLogger(__name__)

_AT_EXIT_S: Final = 5.0


class Router:
    """Decides for every call whether a small model answers it. Thread-safe; nothing of it raises on the caller's path.

    Example:
        >>> import agentlog
        >>> router = agentlog.Router.load("agentlog-records/studies/default/routing")  # doctest: +SKIP
        >>> decision = router.decide([{"role": "user", "content": "Where is my parcel?"}])  # doctest: +SKIP
        >>> decision.route, decision.reason  # doctest: +SKIP
        ('llm', 'shadow')
    """

    def __init__(self, folder: Path, now: Table, tasks: Tasks, redactor: Redactor) -> None:
        """For `create` and `load`."""
        if tasks.model is None:
            raise ConfigurationError(
                "these tasks have no model to find a call's task with: make them with agentlog.cluster"
            )
        self._names = {task.id: task.name for task in tasks}
        self._costs = {
            task.id: task.cost_usd / task.n_calls for task in tasks if task.cost_usd is not None and task.n_calls
        }
        self._finding = Finding(tasks.model, Nearness.load(folder))
        self._redactor = redactor
        unassigned = len(tasks.unassigned) / tasks.n_calls if tasks.n_calls else 0.0
        self._keeper = Keeper(folder, now, redactor.policy_name, unassigned)
        self._keeper.problem = self._keeper.policy_problem(now)
        if self._keeper.problem:
            _log.warning("nothing is routed: %s. Give Router.load the redaction of the records", self._keeper.problem)
        self._deciding = Deciding(self._keeper, redactor, self._names)
        self._said: set[str] = set()
        self._closed = False
        self._written = time.monotonic()
        self._background = self._new_background()
        _routers.add(self)

    @classmethod
    def create(
        cls,
        directory: str | Path,
        tasks: Tasks | str | Path,
        *,
        redaction: Any = None,
        models: Iterable[tuple[str, str | Path]] = (),
        key: bytes | None = None,
        auto: bool = True,
        centroids: bool = False,
    ) -> Router:
        """Makes routing.json in `directory`. Every task begins with the LLM.

        Args:
            directory: the place for it is `Study.of(dataset).routing`.
            tasks: what `agentlog.cluster` made (a copy is saved beside), or a folder of `Tasks.save`.
            redaction: that of the records, as `agentlog.configure` takes it; None: the settings' or the default one.
            models: (task, model) pairs for `put`: they begin in shadow.
            key: of the pseudonyms of traces; None: the settings' or this machine's.
            auto: whether routes are promoted by themselves; rolled back they are in any case.
            centroids: a call of no known template may belong to the task whose calls' words are nearest. Needs tasks with
                their calls; where words do not tell the tasks apart, nothing is found by them.

        Raises:
            ConfigurationError: there is a routing.json already, or the tasks have no model.
            DatasetError: `tasks` is a folder that holds none, or has no calls for `centroids`.
        """
        folder = Path(directory)
        if (folder / table.FILE).exists():
            raise ConfigurationError(f"{folder / table.FILE} exists already: Router.load opens it")
        redactor = redactor_of(redaction, key)
        durable.make_folder(folder)
        if isinstance(tasks, Tasks):
            if tasks.model is None:
                raise ConfigurationError(
                    "these tasks have no model to find a call's task with: make them with agentlog.cluster"
                )
            tasks.save(folder / "tasks")
            place = "tasks"
        else:
            place = placed(tasks, folder)
            tasks = Tasks.load(tasks)
        nearness = fit_nearness(tasks) if centroids else None
        if nearness is not None:
            nearness.save(folder)
        elif centroids:
            _log.warning(
                "the tasks cannot be told apart by words well enough: calls of no known template belong to none"
            )
        now = Table(redactor.policy_name, place, auto=auto)
        now.save(folder)
        router = cls(folder, now, tasks, redactor)
        for task, model in models:
            router.put(task, model)
        return router

    @classmethod
    def load(cls, path: str | Path, *, redaction: Any = None, key: bytes | None = None) -> Router:
        """The router of a folder, or of its routing.json. A model that cannot be opened is said in the log; the LLM answers.

        Args:
            path: the folder or the file.
            redaction: that of the records, as in `create`. Another one than in routing.json: every decision is "llm".
            key: as in `create`.

        Raises:
            DatasetError: there is none, it is of another version, or it is damaged.
        """
        folder = Path(path)
        if folder.name == table.FILE:
            folder = folder.parent
        now = Table.load(folder / table.FILE)
        return cls(folder, now, Tasks.load(folder / now.tasks), redactor_of(redaction, key))

    # ── routes ────────────────────────────────────────────────────────────────────────────────────────────────────

    def put(
        self,
        task: str,
        model: str | Path,
        *,
        state: str = table.SHADOW,
        share: float | None = None,
        target: float = 0.99,
        margin: float = 0.01,
        threshold: float | None = None,
        audit_share: float = table.AUDIT_SHARE,
        pinned: bool = False,
        cache_lost_usd: float = 0.0,
        why: str = "",
    ) -> None:
        """Gives a task a model, in the place of the one it has. Evidence begins anew.

        Args:
            task: its name or id.
            model: a folder of `agentlog.train`, or "http://host:port/v1#model".
            state: "shadow", as a rule; a person may begin with any state but "rolled_back".
            share: of the traces, for a canary, 0 to 1.
            target: the agreement that is asked for; the alarm puts up with twice the error that it leaves, and finds six times.
            margin: promotion needs proof of `target - margin`.
            threshold: scores from here on are trusted; None: the model's own.
            audit_share: of the calls it would serve, 0 to 1, those that the LLM answers to check it.
            pinned: neither promoted nor rolled back by itself.
            cache_lost_usd: what a served call costs the LLM's later calls (the provider's prompt cache misses it).
            why: for the reader of routing.json.

        Raises:
            UnknownName: no such task.
            DatasetError: the model is damaged.
            ConfigurationError: it is another task's, was trained on rows of another redaction, or a value cannot be used.
        """
        id = self._id_of(task)
        if state not in table.STATES or state == table.ROLLED_BACK:
            usable = ", ".join(one for one in table.STATES if one != table.ROLLED_BACK)
            raise ConfigurationError(f"a model is put into one of the states {usable}; found {state!r}")
        for name, value in (("share", share), ("audit_share", audit_share), ("margin", margin)):
            table.check_share(name, value)
        if not 0.5 < target < 1:
            raise ConfigurationError(f"target= is an agreement above 0.5 and below 1, like 0.99; found {target!r}")
        place = placed(model, self._keeper.folder)
        opened = open_model(place, self._keeper.folder, id, self._redactor.policy_name)
        own = opened.threshold if opened.threshold <= 1.0 else None
        route = Route(
            self._names[id], place, opened.version, opened.rung, table.OFF, target=target, margin=margin,
            threshold=own if threshold is None else threshold, audit_share=audit_share, pinned=pinned,
            cost_per_call_usd=self._costs.get(id), cache_lost_usd=cache_lost_usd,
        ).moved(state, why, share=share)  # fmt: skip
        self._keeper.put(id, route, opened)

    def move(self, task: str, state: str, *, share: float | None = None, why: str) -> None:
        """Moves a route by hand: off → shadow → canary → on, and back to any. Out of "rolled_back" it is "shadow" or "off".

        Args:
            task: its name or id.
            state: where to; the present state changes `share` only.
            share: of the traces, for a canary, 0 to 1.
            why: for the reader of routing.json.

        Raises:
            UnknownName: no such task.
            ConfigurationError: it has no model, or may not be moved so.
        """
        id = self._id_of(task)
        now = self._keeper.table.routes.get(id)
        if now is None:
            raise ConfigurationError(f"task {self._names[id]!r} has no model yet: Router.put gives it one")
        now.check_move(state, share)

        def moved(route: Route) -> Route:
            route.check_move(state, share)
            evidence = self._keeper.evidence.get(id)
            return route.moved(state, why, share=share, evidence=evidence.to_dict() if evidence else {})

        self._keeper.change(id, moved)

    def _id_of(self, task: str) -> str:
        if task in self._names:
            return task
        for id, name in self._names.items():
            if name == task:
                return id
        known = ", ".join(map(repr, list(self._names.values())[:20])) or "none"
        raise UnknownName(f"no task {task!r}. There is: {known}")

    # ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────

    def decide(
        self,
        messages: Any,
        *,
        tools: Any = None,
        request: Mapping[str, Any] | None = None,
        dialect: str = "openai.chat",
        trace: str | None = None,
        agent: str | None = None,
        node: str | None = None,
        call_site: str | None = None,
        user: str | None = None,
    ) -> Decision:
        """Who answers this call. Never raises: whatever goes wrong, the LLM answers, and `reason` says what it was.

        Args:
            messages: as the API of `dialect` has them (plain data).
            tools: the offered tools, as the API has them.
            request: the other parameters of the request (`response_format`, `tool_choice`, `temperature`, …).
            dialect: a name in `agentlog.messages.dialects.DIALECTS`.
            trace: what names the run: its calls stay with the model they began with, and one person has one placeholder in
                all of them. None: each call by itself.
            agent: as capture records it.
            node: as capture records it.
            call_site: as capture records it.
            user: the raw id of the person behind the call; it is redacted wherever it stands.
        """
        began = time.perf_counter()
        try:
            if self._closed or self._keeper.problem:
                return self._deciding.llm(self._keeper.problem or "the router is closed", trace)
            self._background.start()
            asked = self._deciding.asking.read(
                messages,
                tools=tools,
                request=request,
                dialect=dialect,
                agent=agent,
                node=node,
                call_site=call_site,
                user=user,
            )
            task, redacted = self._finding.find(asked, self._deciding.asking, trace)
            if task is None:
                return self._deciding.no_task(trace, began)
            return self._deciding.decide(task, asked, redacted, trace, began)
        except Exception as error:  # noqa: BLE001 - the router's failure is always the LLM's answer
            self._failed(error)
            return self._deciding.llm(f"the router failed: {type(error).__name__}", trace)

    def decide_request(
        self,
        body: Mapping[str, Any],
        *,
        trace: str | None = None,
        agent: str | None = None,
        node: str | None = None,
        call_site: str | None = None,
        user: str | None = None,
    ) -> Decision:
        """`decide` for the body of an OpenAI chat request. Never raises."""
        try:
            request = {name: value for name, value in body.items() if name not in ("messages", "tools")}
            messages, tools = body.get("messages"), body.get("tools")
        except Exception as error:  # noqa: BLE001 - the router's failure is always the LLM's answer
            self._failed(error)
            return self._deciding.llm(f"the router failed: {type(error).__name__}", trace)
        return self.decide(
            messages, tools=tools, request=request, trace=trace, agent=agent, node=node, call_site=call_site, user=user
        )

    def _failed(self, error: BaseException) -> None:
        """Says each kind of failure once; its message may hold words."""
        kind = type(error).__name__
        level = logging.DEBUG if kind in self._said else logging.WARNING
        self._said.add(kind)
        _log.log(level, "the router failed (%s): the LLM answers", kind)

    # ── learning ──────────────────────────────────────────────────────────────────────────────────────────────────

    def outcome(
        self,
        decision: Decision,
        answer: Answer | Mapping[str, Any] | None,
        *,
        latency_s: float | None = None,
        usage: Any = None,
    ) -> None:
        """Takes in what the LLM answered to a call whose decision went to it. Returns at once and never raises.

        Args:
            decision: what `decide` gave.
            answer: the LLM's answer (an `Answer`, or the body of an OpenAI chat response); None: the call failed.
            latency_s: how long the LLM took.
            usage: tokens, as the API reports them.
        """
        try:
            pending = decision.pending
            if not isinstance(pending, Pending) or pending.done or self._closed:
                return
            pending.done = True
            self._background.start()
            self._background.submit(lambda: self._deciding.compare(decision, pending, answer, latency_s, usage))
        except Exception as error:  # noqa: BLE001 - the LLM's answer is on its way to the caller
            self._failed(error)

    # ── in the background ─────────────────────────────────────────────────────────────────────────────────────────

    def _new_background(self) -> Background:
        router = weakref.ref(self)

        def duties() -> None:
            one = router()
            if one is None:  # nobody asks any more
                background.end()
            else:
                one._tidy()

        background = Background(duties)
        self._keeper.log.full = lambda: background.submit(self._keeper.log.write)
        return background

    def _after_fork(self) -> None:
        """In a child: locks may be held by threads that are not there any more."""
        self._keeper.lock = threading.RLock()
        self._keeper.log.after_fork()
        self._deciding = Deciding(self._keeper, self._redactor, self._names)
        self._background = self._new_background()

    def _tidy(self) -> None:
        self._finding.renew()
        self._keeper.refresh()
        if time.monotonic() - self._written >= self._keeper.log.every_s:
            self._written = time.monotonic()
            self._keeper.log.write()

    @property
    def remote(self) -> bool:
        """Whether a decision may wait for an endpoint: an event loop had better ask in a thread."""
        return any(one.remote and one.route.state in table.SERVING for one in self._keeper.opened.values())

    def status(self) -> RouterStatus:
        """How every route stands."""
        return self._keeper.status(self._background.queued, self._background.dropped, closed=self._closed)

    def flush(self, timeout_s: float = 30.0) -> None:
        """Returns when everything handed in is compared and written, or the time is over."""
        self._background.flush(timeout_s)
        self._keeper.refresh()
        self._keeper.log.write()

    def close(self, timeout_s: float = 30.0) -> None:
        """`flush`, and the end of the background work. Afterwards every decision is "llm"."""
        if not self._closed:
            self.flush(timeout_s)
            self._closed = True
            self._background.stop(timeout_s)
            self._keeper.log.write()

    def __enter__(self) -> Router:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Router({str(self._keeper.folder)!r}, {len(self._keeper.table.routes)} routes)"


_routers: weakref.WeakSet[Router] = weakref.WeakSet()


def _in_child() -> None:
    for router in list(_routers):
        router._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


@atexit.register
def _at_exit() -> None:
    for router in list(_routers):
        router.close(_AT_EXIT_S)
