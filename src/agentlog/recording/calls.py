"""The call in flight. It is open, may hold private words, lives in memory only, and is its own wire format."""

from __future__ import annotations

import itertools
import os
import sys
import time
from typing import Any, Final

import msgspec

from agentlog.recording import misuse
from agentlog.recording.snapshot import NOTHING, encode
from agentlog.semconv import CHAT, EMBEDDINGS, GENERATE_CONTENT, INTERRUPTED, TEXT_COMPLETION

_now_ns = time.time_ns
_clock_ns = time.perf_counter_ns

_MODEL: Final = (CHAT, TEXT_COMPLETION, GENERATE_CONTENT)


class Session(msgspec.Struct, array_like=True):
    """What `with agentlog.session(...)` says of the calls in its block. Raw: the recorder makes pseudonyms of the ids."""

    id: str | None = None
    user: str | None = None
    tags: list[str] = []
    attributes: dict[str, Any] = {}
    surface: str = ""
    trace: str = ""
    """The trace of the block's calls where no outer run gives one."""


class Call(msgspec.Struct, array_like=True, weakref=True, tag="call"):
    """A call in flight.

    Fields stand in the order in which they travel; new ones are added at the end. Durations are nanoseconds.

    Example:
        >>> import agentlog
        >>> with agentlog.call("summarise", operation="chat", model="gpt-4o-mini") as call:  # doctest: +SKIP
        ...     call.input([{"role": "user", "content": "…"}])
        ...     call.output("a summary", usage={"input_tokens": 120, "output_tokens": 9})
    """

    id: str
    """Unique; "" when the run that this call belongs to is not sampled."""
    trace: str
    """The run: the OTel trace where one is active, else the session block's, else the outermost call's id."""
    parent: str
    """The id of the call around it; "" for the outermost."""
    depth: int
    """0 for the outermost call."""
    operation: str
    """One of `semconv.OPERATIONS`."""
    name: str
    """`__qualname__`, the tool's name or the model's name."""
    started_ns: int
    """Since 1970, UTC."""
    duration_ns: int = 0
    """Until the call has ended: minus the clock's reading at its start."""
    first_chunk_ns: int = 0
    """From the start to the first chunk of a stream; 0 when it was no stream, or nothing came."""
    dialect: str = "arguments"
    """How `request` and `response` are to be read: a name that `messages.read` knows."""
    request: msgspec.Raw = NOTHING
    """What went in, encoded when the call began."""
    response: msgspec.Raw = NOTHING
    """What came out, encoded when the call ended."""
    error: str = ""
    """The exception's qualified name; "" when it succeeded, and for control flow."""
    finish: str = ""
    """`semconv.ABANDONED` or `semconv.INTERRUPTED`; "" when it came to its own end."""
    surface: str = ""
    """An explicit mark: "internal", "human" or ""."""
    content: bool = True
    """False: only metadata is captured."""
    framework: str = ""
    agent: str = ""
    node: str = ""
    call_site: str = ""
    provider: str = ""
    model: str = ""
    span: str = ""
    """The OpenTelemetry span that was active, in hex."""
    session: Session | None = None
    message_ids: list[str] = []
    """Ids of the messages that this model call wrote (LangChain: `lc_run--…`; SDKs: the provider's response id)."""
    answer_ids: list[str] = []
    """On the outermost call: ids of the messages that are the run's answer."""
    tags: list[str] = []
    attributes: dict[str, Any] = {}
    tool_call_id: str = ""
    cached: bool = False
    """Answered from a framework's cache: no tokens, no cost."""
    inner: bool = False
    """Right inside a call of the same kind: perhaps the same call, seen by two layers."""

    def input(self, value: Any, *, tools: Any = None, **parameters: Any) -> None:
        """Say what goes in: messages (a str or OpenAI-style) for a model, arguments for a tool. A snapshot is taken now.

        Args:
            value: the messages or the arguments.
            tools: the tool definitions that the model was offered.
            parameters: temperature, response_format, … as they were sent.
        """
        if self.duration_ns >= 0:
            _too_late(self, "input")
        elif self.id and self.content:
            if self.operation in _MODEL:
                self.dialect = "messages"
                request = {"input": value, **parameters}
                if tools is not None:
                    request["tools"] = tools
                self.request = encode(request)
            else:
                self.request = encode(value)

    def output(self, value: Any, *, usage: Any = None, finish_reason: str | None = None) -> None:
        """Say what came out: a str or a message for a model, any value for a tool. A snapshot is taken now.

        Args:
            value: the answer.
            usage: token counts, `input_tokens` (cached ones included) and `output_tokens`.
            finish_reason: as the provider spells it.
        """
        if self.duration_ns >= 0:
            _too_late(self, "output")
        elif self.id and self.content:
            if self.operation in _MODEL:
                self.dialect = "messages"
                self.response = encode({"output": value, "usage": usage, "finish_reason": finish_reason})
            else:
                self.response = encode(value)


def _too_late(call: Call, what: str) -> None:
    if call.id:
        misuse.warn(f"{what}() is said after the call has ended, and is not recorded: say it inside the block")


class Feedback(msgspec.Struct, array_like=True, tag="feedback"):
    """What somebody said of a call, a trace or a session; raw, on its way to the recorder."""

    id: str
    name: str
    time_ns: int
    score: float | None = None
    label: str | None = None
    explanation: str | None = None
    call: str | None = None
    trace: str | None = None
    session: str | None = None


class Ended(msgspec.Struct, array_like=True, tag="ended"):
    """A session block is left: its trace is over."""

    trace: str


_prefix = os.urandom(10).hex()
_number = itertools.count(1 << 44).__next__  # 12 hex digits, for 270 million million calls


def _renew_prefix() -> None:
    """In a forked child: the same counter goes on under another prefix."""
    global _prefix
    _prefix = os.urandom(10).hex()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_prefix)


def new_id() -> str:
    """32 hex digits, unique among processes and within this one. A counter, because a uuid4 costs thirty times as much."""
    return _prefix + "%x" % _number()  # noqa: UP031 - half the time of an f-string


def open_call(operation: str, name: str, parent: Call | None, session: Session | None) -> Call:
    """A call that begins now, below `parent`. The clock runs."""
    key = _prefix + "%x" % _number()  # noqa: UP031 - `new_id`, without calling it
    if parent is None:
        trace, span = _otel()
        if not trace:
            trace = session.trace if session is not None and session.trace else key
        call = Call(key, trace, "", 0, operation, name, _now_ns(), -_clock_ns())
        if span:
            call.span = span
    elif not parent.id:
        return parent  # its run is not sampled
    else:
        call = Call(key, parent.trace, parent.id, parent.depth + 1, operation, name, _now_ns(), -_clock_ns())
        # a tool inside a tool of yours is another tool; inside a framework's it may be the function that it calls
        around = parent.operation
        if around == operation:
            call.inner = operation in _MODEL or operation == EMBEDDINGS or parent.framework != ""
        else:
            call.inner = operation in _MODEL and around in _MODEL
    if session is not None:
        call.session = session
    return call


def close_call(call: Call, error: BaseException | None = None) -> None:
    """The call ended now, well or with `error`."""
    if error is not None:
        if is_control_flow(error):
            call.finish = call.finish or INTERRUPTED
        else:
            call.error = error_name(error)
    call.duration_ns += _clock_ns()  # last: a call with a duration is whole


def make_plain(one: Call | Session) -> None:
    """What was said of a call in words of the application's own becomes what can travel: attributes may hold any object."""
    for field in one.__struct_fields__:
        value = getattr(one, field)
        if isinstance(value, Session):
            make_plain(value)
        elif not isinstance(value, msgspec.Raw):
            setattr(one, field, msgspec.msgpack.decode(encode(value)))


def first_chunk(call: Call) -> None:
    """The first chunk of a stream came now."""
    call.first_chunk_ns = call.duration_ns + _clock_ns()


def error_name(error: BaseException) -> str:
    """`package.module.Error`, and `ValueError` for a builtin."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def is_control_flow(error: BaseException) -> bool:
    """Whether an exception is a way to go on (a graph's interrupt, a hand-over), no failure."""
    if isinstance(error, (StopIteration, StopAsyncIteration, GeneratorExit)):
        return True
    return any(
        base.__name__ == "GraphBubbleUp" and base.__module__.startswith("langgraph") for base in type(error).__mro__
    )


def _otel() -> tuple[str, str]:
    """Trace and span id of the active OpenTelemetry span, in hex; empty where there is none. Never imports OpenTelemetry."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return "", ""
    try:
        active = trace.get_current_span()
        if active is trace.INVALID_SPAN:
            return "", ""
        context = active.get_span_context()
        return (f"{context.trace_id:032x}", f"{context.span_id:016x}") if context.is_valid else ("", "")
    except Exception:  # noqa: BLE001 - another library's state must not stop a call
        return "", ""
