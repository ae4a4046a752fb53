"""Calls are held with their trace, in memory, until what is personal in the run is known: then they are released together.

A call is released when its run ends, when eight later model calls of the trace have come, after 30 seconds, or on a
flush, whichever comes first. What a trace's redactor has learnt outlives its released calls, so that a person keeps one
placeholder; it is forgotten when the trace has been silent for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from agentlog.recorder.layers import merge, same_call
from agentlog.recorder.surface import Run
from agentlog.records import Draft
from agentlog.semconv import MODEL_OPERATIONS

if TYPE_CHECKING:
    from agentlog.redaction import TraceRedactor

HOLD_CALLS: Final = 8
HOLD_S: Final = 30.0
FORGET_S: Final = 120.0
"""A silent trace keeps its vocabulary for this long."""
MAX_TRACES: Final = 5_000


@dataclass(slots=True)
class Trace:
    """One run, while it lasts."""

    redactor: TraceRedactor
    run: Run = field(default_factory=Run)
    held: list[tuple[Draft, float, int]] = field(default_factory=list)
    """Draft, when it came (s), the number of model calls that had come by then."""
    model_calls: int = 0
    last: float = 0.0


class Traces:
    """All traces that have calls in memory, or a vocabulary that is still needed."""

    def __init__(self, new_redactor: Callable[[str], TraceRedactor]) -> None:
        self._new_redactor = new_redactor
        self._traces: dict[str, Trace] = {}

    def __getitem__(self, trace_id: str) -> Trace:
        trace = self._traces.get(trace_id)
        if trace is None:
            trace = self._traces[trace_id] = Trace(self._new_redactor(trace_id))
        return trace

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
        trace.held.append((draft, now, trace.model_calls))
        return merged

    @staticmethod
    def _merge(trace: Trace, outer: Draft) -> int:
        mine = outer.row["call_id"]
        operation = outer.row["operation"]
        inner = [item for item in trace.held if item[0].inner and item[0].row.get("parent_id") == mine]
        kind = MODEL_OPERATIONS if operation in MODEL_OPERATIONS else {operation}
        same = [item for item in inner if item[0].row["operation"] in kind and same_call(outer, item[0])]
        # a framework that tries again inside one call: the last try is the one it answered with
        for item in same[-1:]:
            merge(outer, item[0])
            trace.held.remove(item)
            adopted = item[0].row["call_id"]
            for other, _, _ in trace.held:
                if other.row.get("parent_id") == adopted:
                    other.row["parent_id"] = mine
        for item in inner:
            item[0].inner = False
        return len(same[-1:])

    def finish(self, trace_id: str) -> list[tuple[Trace, list[Draft]]]:
        """The run is over: release all that is held of it."""
        trace = self._traces.get(trace_id)
        if trace is None:
            return []
        trace.run.ended = True
        return self._release(trace, [item[0] for item in trace.held])

    def due(self, now: float, *, pressure: bool = False) -> Iterable[tuple[Trace, list[Draft]]]:
        """Release what has waited long enough; under pressure, everything but half-seen calls."""
        for trace in list(self._traces.values()):
            ready = [
                draft
                for draft, since, calls in trace.held
                if now - since >= HOLD_S or (not draft.inner and (pressure or trace.model_calls - calls >= HOLD_CALLS))
            ]
            yield from self._release(trace, ready)
        self._forget(now)

    def all(self) -> Iterable[tuple[Trace, list[Draft]]]:
        """Release everything: the recorder ends."""
        for trace in list(self._traces.values()):
            yield from self._release(trace, [item[0] for item in trace.held])

    @staticmethod
    def _release(trace: Trace, drafts: list[Draft]) -> list[tuple[Trace, list[Draft]]]:
        if not drafts:
            return []
        gone = {id(draft) for draft in drafts}
        trace.held = [item for item in trace.held if id(item[0]) not in gone]
        return [(trace, drafts)]

    def _forget(self, now: float) -> None:
        silent = [key for key, trace in self._traces.items() if not trace.held and now - trace.last > FORGET_S]
        excess = len(self._traces) - len(silent) - MAX_TRACES
        if excess > 0:
            idle = sorted((t.last, key) for key, t in self._traces.items() if not t.held and key not in set(silent))
            silent += [key for _, key in idle[:excess]]
        for key in silent:
            del self._traces[key]
