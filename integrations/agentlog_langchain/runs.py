"""The runs of LangChain that somebody may still speak of, and which call of ours each of them stands for.

LangChain names a run by a UUID and hands it to callbacks; its own run managers hold that UUID for as long as anybody can
end the run, or start another one inside it. So a `Run` here is a weak reference to the UUID: when the UUID is gone, so is
the entry, and a call that nobody has ended by then was abandoned. Nothing leaks, and nothing has to be swept.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import Any, Final
from uuid import UUID
from weakref import ref

from langchain_core.runnables.config import var_child_runnable_config

from agentlog import runtime
from agentlog.recording import context
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import NOTHING, encode
from agentlog.semconv import ABANDONED
from agentlog_langchain.plain import streamed


class Run(ref[UUID]):
    """One run of LangChain, for as long as its id lives."""

    __slots__ = ("call", "chunks", "inside", "key", "open", "outer")

    key: int
    """The number that is its id."""
    call: Call
    """Its own call, or that of the nearest run around it that has one."""
    open: bool
    """`call` is its own and has not ended."""
    inside: bool
    """What runs now, in the context where it was entered, runs inside it."""
    outer: Run | None
    """The run that was entered before it in the same context."""
    chunks: list[Any] | None
    """What it has streamed until now."""


known: Final[dict[int, Run]] = {}
waiting: Final[set[int]] = set()
"""The runs whose turn has not come: empty but while a model is asked with several lists of messages at once."""
_entered: ContextVar[Run | None] = ContextVar("agentlog_langchain_entered", default=None)


def note(run_id: UUID, call: Call) -> Run:
    """A run without a row of its own: what begins inside it belongs to `call`."""
    run = Run(run_id, _gone)
    run.key = key = run_id.int
    run.call = call
    run.open = run.inside = False
    run.outer = run.chunks = None
    known[key] = run
    return run


def begin(operation: str, name: str, run_id: UUID, parent_run_id: UUID | None) -> Run | None:
    """A run that becomes a row. None: nothing is recorded now, or it has begun already.

    (langgraph tells of a run twice where tracers are to see less of it than the other handlers.)
    """
    there = known.get(run_id.int)
    if there is not None and there.open and there() is run_id:
        return None
    call = runtime.begin(operation, name, None if parent_run_id is None else around(parent_run_id))
    if call is None:
        return None
    run = note(run_id, call)
    run.open = True
    return run


def find(run_id: UUID | None) -> Run | None:
    """The run of that id, while it is known."""
    return known.get(getattr(run_id, "int", -1))


def find_open(run_id: UUID) -> Run | None:
    """The run of that id, if it has a row that has not ended."""
    run = find(run_id)
    return run if run is not None and run.open else None


def around(parent_run_id: UUID | None) -> Call | None:
    """The call that a run which begins here and now is inside of.

    LangChain knows the run around it, we know the calls of others (a decorated function inside a node): the deeper one
    is the nearer one. A run that was handed a parent from another trace was moved there on purpose.
    """
    nearest = context.innermost()
    run = find(parent_run_id)
    if run is None:
        return nearest
    told = run.call
    return nearest if nearest is not None and nearest.trace == told.trace and nearest.depth > told.depth else told


def enter(run: Run) -> None:
    """What runs now in this context, the SDK below a model above all, runs inside `run`, until `run.inside` is False.

    The context variable is never reset: LangChain ends runs in copies of the context, where a token is of no use. That
    a run has ended, or has begun to stream to its reader, is said by the run itself, and is true in every context.
    """
    outer = _entered.get()
    while outer is not None and not outer.inside:
        outer = outer.outer
    run.outer = outer
    run.inside = True
    _entered.set(run)


def entered() -> Run | None:
    """The run entered last in this context that is not over."""
    run = _entered.get()
    while run is not None and not run.inside:
        run = run.outer
    return run


def current() -> Call | None:
    """The call of the run that is around this code, for `recording.context`: entered, or LangChain's own word for it."""
    run = _entered.get()
    while run is not None and not run.inside:
        run = run.outer
    config = var_child_runnable_config.get()
    if config:
        told = find(getattr(config.get("callbacks"), "parent_run_id", None))
        if told is not None and (run is None or told.call.depth > run.call.depth):
            return told.call
    return None if run is None else run.call


def end(run: Run, error: BaseException | None = None) -> None:
    """The run has ended: hand its call over. Its place stays known for what is still started inside it."""
    run.open = run.inside = False
    run.chunks = None
    call = run.call
    runtime.finish(call, error)
    call.request = call.response = NOTHING  # they are on their way; the run's id may live for long


def fail(run: Run, error: BaseException | None) -> None:
    """The run has ended before its time: by an error, or (GeneratorExit, None) because its reader left.

    What it has streamed until then is recorded.
    """
    call = run.call
    if call.id:
        if error is None or isinstance(error, GeneratorExit):
            call.finish = ABANDONED
        if run.chunks:
            try:
                made, call.message_ids = streamed(run.chunks, run.key)
                call.response = encode({"generations": made})
            except Exception as failure:  # noqa: BLE001 - chunks that do not fit together; the error itself must get through
                runtime.problem("what a stream of LangChain had brought until it failed was not recorded", failure)
    end(run, error)


def announce(run: Run) -> None:
    """The run is told of together with others, and its turn has not come: `generate` with several lists of messages."""
    waiting.add(run.key)


def take_turn(run: Run | None) -> bool:
    """Its turn has come, if it was announced and waits for it. Whether it did."""
    if run is None or run.key not in waiting:
        return False
    waiting.discard(run.key)
    enter(run)
    if run.call.id:
        run.call.started_ns = time.time_ns()
        run.call.duration_ns = -time.perf_counter_ns()
    return True


def forget() -> None:
    """Drop every run; those under way are not recorded."""
    for run in list(known.values()):
        run.open = run.inside = False
    known.clear()
    waiting.clear()


def open_runs(trace: str) -> list[Run]:
    """The runs of a trace that have a row and have not ended."""
    return [run for run in list(known.values()) if run.open and run.call.trace == trace]


def _gone(run: Run) -> None:
    """Nobody holds the run's id any more. May be called anywhere, by the garbage collector."""
    try:
        if known.get(run.key) is run:
            del known[run.key]
        if run.key in waiting:
            waiting.discard(run.key)  # another of those it was announced with has failed: it was never asked
        elif run.open:
            fail(run, None)
    except Exception as error:  # noqa: BLE001 - failures of ours never reach the application
        runtime.problem("an abandoned run of LangChain was not recorded", error)
