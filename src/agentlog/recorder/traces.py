"""Calls are held with their trace, in memory, until what is personal in the run is known: then they are released together.

A call is released when its run ends, when eight later model calls of the trace have come, after 30 seconds, or on a
flush, whichever comes first. Eight become 64 where only the run's answer can tell who read a call's words: it is looked at
together with what later calls were told. What a trace's redactor has learnt outlives its released calls, so that a
person keeps one placeholder. It is forgotten when the trace has been silent for a while, none of its records waits for a
part, and what it learnt has been taken out of its parts; where there are too many traces, a repair that is due is given up.
Then what is remembered is which numbers were given and where its rows lie, so that a run that goes on gives no number to a
second person.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from agentlog.recorder.layers import merge, same_call
from agentlog.recorder.surface import Run, needs_the_end
from agentlog.recorder.written import Concerned, Place, Written
from agentlog.records import Draft
from agentlog.semconv import MODEL_OPERATIONS

if TYPE_CHECKING:
    from agentlog.redaction import TraceRedactor

HOLD_CALLS: Final = 8
HOLD_FOR_THE_ANSWER: Final = 64
HOLD_S: Final = 30.0
FORGET_S: Final = 120.0
"""A silent trace keeps its vocabulary for this long, and longer while its records wait or a repair is due."""
MAX_TRACES: Final = 5_000
"""Of more traces, those are forgotten that have been silent longest, if nothing of them is held or waits."""
MAX_PAST: Final = 10_000
"""Traces that are forgotten but for their numbers and parts."""


class Held(NamedTuple):
    """A call in memory."""

    draft: Draft
    since: float
    """When it came (s)."""
    calls: int
    """The number of model calls that had come by then."""
    waits: bool
    """Only the run's answer can tell who read it."""


@dataclass(slots=True)
class Trace:
    """One run, while it lasts."""

    redactor: TraceRedactor
    run: Run = field(default_factory=Run)
    held: list[Held] = field(default_factory=list)
    written: Written = field(default_factory=Written)
    waiting: int = 0
    """Records of it that are made and in no part yet."""
    model_calls: int = 0
    last: float = 0.0

    @property
    def repair_is_due(self) -> bool:
        """Whether its parts have not been looked at since it learnt something."""
        return bool(self.written.places) and self.written.looked_at != self.redactor.version


class Past(NamedTuple):
    """What is known of a trace of which nothing else is in memory."""

    numbers: Mapping[str, int]
    """The highest number of a placeholder that was given, by entity."""
    places: tuple[Place, ...]
    """The parts that hold rows of it."""


class Traces:
    """All traces that have calls in memory, or a vocabulary that is still needed.

    Args:
        new_redactor: makes the redactor of a trace.
        past: what earlier recorders knew of a trace; None where they knew nothing.
    """

    def __init__(self, new_redactor: Callable[[], TraceRedactor], past: Callable[[str], Past | None]) -> None:
        self._new_redactor = new_redactor
        self._traces: dict[str, Trace] = {}
        self._earlier = past
        self._past: OrderedDict[str, Past] = OrderedDict()

    def __getitem__(self, trace_id: str) -> Trace:
        trace = self._traces.get(trace_id)
        if trace is None:
            past = self._past.get(trace_id) or self._earlier(trace_id)
            trace = Trace(self._new_redactor())
            if past is not None:
                trace.redactor.begin_above(past.numbers)
                trace.written = Written(past.places)
            # last: if anything raises, the next call of the trace must not find one that knows nothing of its past
            self._traces[trace_id] = trace
            self._past.pop(trace_id, None)
        return trace

    def learnt(self) -> Iterator[Concerned]:
        """The traces that have learnt something since this was asked last, and have rows that are written."""
        for trace_id, trace in self._traces.items():
            version = trace.redactor.version
            if trace.written.looked_at != version:
                trace.written.looked_at = version
                if trace.written.places:
                    yield Concerned(trace_id, trace.redactor, trace.written)

    @property
    def held(self) -> int:
        """Calls in memory."""
        return sum(len(trace.held) for trace in self._traces.values())

    def add(self, draft: Draft, now: float) -> int:
        """Hold a call with its trace. Returns how many calls of inner layers became part of it."""
        trace = self[draft.row["trace_id"]]
        merged = self._merge(trace, draft)
        trace.redactor.learn(draft)
        trace.run.note(draft)
        trace.last = now
        if draft.row["operation"] in MODEL_OPERATIONS and not draft.inner:
            trace.model_calls += 1
        trace.held.append(Held(draft, now, trace.model_calls, needs_the_end(draft)))
        return merged

    @staticmethod
    def _merge(trace: Trace, outer: Draft) -> int:
        mine = outer.row["call_id"]
        operation = outer.row["operation"]
        inner = [one for one in trace.held if one.draft.inner and one.draft.row.get("parent_id") == mine]
        kind = MODEL_OPERATIONS if operation in MODEL_OPERATIONS else {operation}
        same = [one for one in inner if one.draft.row["operation"] in kind and same_call(outer, one.draft)]
        # a framework that tries again inside one call: the last try is the one it answered with
        for one in same[-1:]:
            merge(outer, one.draft)
            trace.redactor.forget(one.draft)
            trace.held.remove(one)
            adopted = one.draft.row["call_id"]
            for other in trace.held:
                if other.draft.row.get("parent_id") == adopted:
                    other.draft.row["parent_id"] = mine
        for one in inner:
            one.draft.inner = False
        return len(same[-1:])

    def finish(self, trace_id: str) -> list[tuple[Trace, list[Draft]]]:
        """The run is over: release all that is held of it. Another run of the same trace (a session's) may go on."""
        trace = self._traces.get(trace_id)
        if trace is None:
            return []
        going_on = [one for one in trace.held if not one.draft.root and trace.run.goes_on(one.draft.row["call_id"])]
        kept = {id(one.draft) for one in going_on} if any(one.waits for one in going_on) else set()
        return self._release(trace, [one.draft for one in trace.held if id(one.draft) not in kept])

    def due(self, now: float, *, pressure: bool = False) -> Iterable[tuple[Trace, list[Draft]]]:
        """Release what has waited long enough; under pressure, everything but half-seen calls."""
        for trace in list(self._traces.values()):
            patience = HOLD_FOR_THE_ANSWER if any(one.waits for one in trace.held) else HOLD_CALLS
            ready = [
                one.draft
                for one in trace.held
                if now - one.since >= HOLD_S
                or (not one.draft.inner and (pressure or trace.model_calls - one.calls >= patience))
            ]
            yield from self._release(trace, ready)
        self._forget(now)

    def all(self) -> Iterable[tuple[Trace, list[Draft]]]:
        """Release everything: the recorder ends."""
        for trace in list(self._traces.values()):
            yield from self._release(trace, [one.draft for one in trace.held])

    @staticmethod
    def _release(trace: Trace, drafts: list[Draft]) -> list[tuple[Trace, list[Draft]]]:
        if not drafts:
            return []
        gone = {id(draft) for draft in drafts}
        trace.held = [one for one in trace.held if id(one.draft) not in gone]
        return [(trace, drafts)]

    def _forget(self, now: float) -> None:
        idle = {key: trace for key, trace in self._traces.items() if not trace.held and not trace.waiting}
        silent = [key for key, t in idle.items() if now - t.last > FORGET_S and not t.repair_is_due]
        excess = len(self._traces) - len(silent) - MAX_TRACES
        if excess > 0:
            others = idle.keys() - silent
            silent += sorted(others, key=lambda key: (idle[key].repair_is_due, idle[key].last, key))[:excess]
        for key in silent:
            trace = self._traces.pop(key)
            past = Past(dict(trace.redactor.numbers), trace.written.places)
            if past.numbers or past.places:
                self._past[key] = past
        while len(self._past) > MAX_PAST:
            self._past.popitem(last=False)
