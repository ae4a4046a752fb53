"""Where in a run something stands, and which calls are around it.

LlamaIndex gives every span an id and keeps the id of the active one. Most spans are no calls: their ids lead to the span
around them, so that an id always leads to the innermost call. Streams outlive their spans: a generator is handed out,
and what happens while it is read happens outside; there the call stack tells whose stream is being read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final
from weakref import ref

import msgspec
from llama_index_instrumentation.span import active_span_id

from agentlog import runtime
from agentlog.recording import context
from agentlog.recording.calls import Call


class Run(msgspec.Struct, eq=False):
    """What the steps of one run of an agent or a workflow leave to those after them."""

    agent: str = ""
    """Whose turn it is: not every event of a hand-over between agents says so."""
    authors: dict[int, tuple[Any, str]] = msgspec.field(default_factory=dict)
    """The messages that its models wrote, by their `id()`, and which calls those were."""


class Place(msgspec.Struct, frozen=True):
    """What is known of a part of a run. What is inside inherits it."""

    agent: str = ""
    node: str = ""
    """The step of the workflow."""
    tool_call_id: str = ""
    run: Run | None = None
    """The run of LlamaIndex that this is part of."""
    tool: str = ""
    """The name of the tool that is running here: one inside it of the same name is the same call, in another layer."""


NOWHERE: Final = Place()


class Span(msgspec.Struct, eq=False):
    """One of LlamaIndex's spans that is open, and what is under way in it."""

    id: str
    """Of the span itself; the ids of spans inside it that are nothing of their own lead here, too."""
    place: Place = NOWHERE
    call: Call | None = None
    """The innermost call that is under way here."""
    outside: Call | None = None
    """The innermost call around this span."""
    model: Call | None = None
    """The model call that is under way here: a model inside it is the same call, in another layer."""

    # what follows belongs to the span itself, and not to those inside it
    owner: Any = None
    """The model, the retriever or the engine that this span belongs to."""
    own: Call | None = None
    """The call that this span is, where it is one and has not ended."""
    ended: Callable[[Call, Span, Any], None] | None = None
    """Puts the span's result into its call."""
    transparent: bool = False
    """It belongs to a model that only asks another one."""
    texts: list[str] | None = None
    """What is to be embedded here."""
    said: tuple[Any, BaseException | None, str] | None = None
    """Of an engine: how the last model below it has ended: its response, its error, its finish."""
    over: bool = False
    """Of an engine: the stream that it hands out has been read, by a thread of the engine's own."""
    reads_for: Span | None = None
    """It is that thread, and this is the engine."""
    cancelled: bool = False


def inside(around: Span | None, id: str, **known: Any) -> Span:
    """A new span inside another one; `known`: what is otherwise known of its place."""
    if around is None:
        return Span(id, Place(**known))
    place = msgspec.structs.replace(around.place, **known) if known else around.place
    return Span(id, place, around.call, around.call, around.model)


class Places:
    """Every span and every stream that is open."""

    def __init__(self) -> None:
        self.spans: dict[Any, Span] = {}
        """Every open span's id, and where it leads."""
        self.streams: dict[int, tuple[ref[Any], Call]] = {}
        """The open streams, and whose they are, by the `id()` of the call."""

    def around(self) -> Call | None:
        """The innermost call of LlamaIndex around this: a source of `agentlog.recording.context`."""
        span = self.spans.get(active_span_id.get())
        call = span.call if span is not None else None
        if not self.streams:
            return call
        read = self.being_read()
        return read if read is not None and (call is None or read.depth > call.depth) else call

    def begin(self, operation: str, name: str, span: Span | None) -> Call | None:
        """A call begins in `span`, or inside whatever stands deeper around it. None: nothing is recorded."""
        around = None
        if span is not None and span.call is not None:
            # in a thread or a task of its own the active span may be another one than `span`
            around = context.innermost()
            if around is None or span.call.depth > around.depth:
                around = span.call
        call = runtime.begin(operation, name, around)
        if call is not None and call.id:
            call.framework = "llama_index"
            if span is not None:
                call.agent = span.place.agent
                call.node = span.place.node
        return call

    # ---------------------------------------------------------------- streams

    def follow(self, stream: Any, call: Call, gone: Callable[[], None]) -> bool:
        """`stream`, a generator, belongs to `call`; `gone` is called when nobody can read it any more.

        False when it cannot be followed, because it is no object that says when it goes.
        """

        def collected(_: Any) -> None:
            try:
                gone()
            except Exception as failure:  # noqa: BLE001 - Python would print it
                runtime.problem("the end of a stream of llama_index was not understood", failure)

        try:
            self.streams[id(call)] = (ref(stream, collected), call)
        except TypeError:
            return False
        return True

    def forget(self, call: Call) -> None:
        """The stream of `call`, if it had one, is over."""
        self.streams.pop(id(call), None)

    def being_read(self) -> Call | None:
        """The call whose stream is being read in this very stack: what happens below, happens in it."""
        running: dict[FrameType, Call] = {}
        for generator, call in list(self.streams.values()):
            frame = _running_frame(generator())
            # a run may hand out the very stream of its model: then it is the model's
            if frame is not None and (frame not in running or running[frame].depth < call.depth):
                running[frame] = call
        here: FrameType | None = sys._getframe(1) if running else None
        while here is not None:
            if here in running:
                return running[here]
            here = here.f_back
        return None


def is_generator(value: Any) -> bool:
    """Whether `value` is a generator, sync or async."""
    return hasattr(value, "gi_frame") or hasattr(value, "ag_frame")


def _running_frame(generator: Any) -> Any:
    """The frame of a generator that is being advanced just now, in whatever thread; None when it is not."""
    if getattr(generator, "gi_running", False):
        return generator.gi_frame
    if getattr(generator, "ag_running", False):
        return generator.ag_frame
    return None
