"""Where in a run something stands, and which calls are around it.

LlamaIndex gives every span an id and keeps the id of the active one. Most spans are no calls: their ids lead to the span
around them, so that an id always leads to the innermost call. Streams outlive their spans: a generator is handed out,
and what happens while it is read happens outside; there the call stack tells whose stream is being read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any
from weakref import ref

from llama_index_instrumentation.span import active_span_id

from agentlog import runtime
from agentlog.recording import context
from agentlog.recording.calls import Call


class Span:
    """A place in a run. What is inside a place inherits what is known of it."""

    agent = ""
    node = ""
    """The step of the workflow."""
    tool_call_id = ""
    authors: dict[int, tuple[Any, str]] | None = None
    """Of a run: the messages that its models wrote, by their `id()`, and which calls those were."""
    model: Call | None = None
    """The model call that is under way here: a model inside it is the same call, in another layer."""
    tool = ""
    """The name of the tool that is running here, for the same reason."""
    call: Call | None = None
    """The innermost call that is under way here."""
    outside: Call | None = None
    """The innermost call around this span."""

    # what follows belongs to the span itself
    own: Call | None = None
    """The call that this span is, where it is one and has not ended."""
    ended: Callable[[Call, Span, Any], None] | None = None
    """Puts the span's result into its call."""
    owner: Any = None
    """The model that this span belongs to."""
    instance: Any = None
    """The retriever or engine that this span belongs to: what it calls of itself is the same call."""
    transparent = False
    """It belongs to a model that only asks another one."""
    texts: list[str] | None = None
    """What is to be embedded here."""
    said: tuple[Any, BaseException | None, str] | None = None
    """Of an engine: how the last model below it has ended: its response, its error, its finish."""
    over = False
    """Of an engine: the stream that it hands out has been read, by a thread of the engine's own."""
    reads_for: Span | None = None
    """It is that thread, and this is the engine."""
    cancelled = False

    def __init__(self, id: str, around: Span | None) -> None:
        self.id = id
        """Of the span itself; the ids of spans inside it that are nothing of their own lead here, too."""
        if around is not None:
            self.agent = around.agent
            self.node = around.node
            self.tool_call_id = around.tool_call_id
            self.authors = around.authors
            self.model = around.model
            self.tool = around.tool
            self.call = self.outside = around.call


class Places:
    """Every span and every stream that is open."""

    def __init__(self) -> None:
        self.spans: dict[Any, Span] = {}
        """Every open span's id, and where it leads."""
        self._streams: dict[int, tuple[ref[Any], Call]] = {}

    def around(self) -> Call | None:
        """The innermost call of LlamaIndex around this: a source of `agentlog.recording.context`."""
        active = active_span_id.get()
        span = self.spans.get(active) if active is not None else None
        call = span.call if span is not None else None
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
                call.agent = span.agent
                call.node = span.node
        return call

    # ---------------------------------------------------------------- streams

    def follow(self, stream: Any, call: Call, gone: Callable[[], None]) -> bool:
        """`stream`, a generator, belongs to `call`; `gone` is called when nobody can read it any more.

        False when it cannot be followed, because it is no object that says when it goes.
        """
        try:
            self._streams[id(call)] = (ref(stream, lambda _: gone()), call)
        except TypeError:
            return False
        return True

    def forget(self, call: Call) -> None:
        """The stream of `call`, if it had one, is over."""
        if self._streams:
            self._streams.pop(id(call), None)

    def being_read(self) -> Call | None:
        """The call whose stream is being read in this very stack: what happens below, happens in it."""
        if not self._streams:
            return None
        running: dict[FrameType, Call] = {}
        for generator, call in list(self._streams.values()):
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
