"""A call's three states: `Call` (in flight), `Draft` (ended, raw), `Record` (redacted, one Parquet row).

    application                     recorder
    Call ── encoded, channel ──→ Draft ── redactor ──→ Record ──→ Parquet

A `Call` and a `Draft` may hold private words and live in memory only. A `Record` holds none: only the redactor makes
one, and the writer takes nothing else. (`tests/test_rooms.py` looks for other places that do.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

NOTHING: Final = msgspec.Raw(b"\xc0")
"""MessagePack's nil: nothing was captured."""


class Session(msgspec.Struct, array_like=True, gc=False):
    """What `with agentlog.session(...)` says of the calls in its block. Raw: the recorder makes pseudonyms of the ids."""

    id: str | None = None
    user: str | None = None
    tags: list[str] = []
    attributes: dict[str, Any] = {}
    surface: str | None = None
    trace: str = ""
    """The trace of the block's calls where no outer run gives one."""


class Call(msgspec.Struct, array_like=True, weakref=True):
    """A call in flight: open, private, in memory only. It is its own wire format: encoded once, when it ends.

    Fields stand in the order in which they travel; new ones are added at the end. Times are nanoseconds of
    `time.time_ns`, durations nanoseconds of `time.perf_counter_ns`.
    """

    number: int
    """Its id within the process that made it; the recorder puts the process's random prefix before it."""
    trace: str
    """The trace's id in hex; "" for the outermost call, which gives its own id to the trace."""
    root: int
    """The number of the outermost call of this run (its own, when it is the outermost)."""
    parent: int
    """The number of the call around it; 0 when there is none."""
    depth: int
    """0 for the outermost call."""
    operation: str
    """One of `semconv.OPERATIONS`."""
    name: str
    """`__qualname__`, the tool's name or the model's name."""
    started_ns: int
    duration_ns: int = 0
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
    """Ids of the messages that this model call wrote (LangChain: `lc_run--…`; others: the provider's response id)."""
    answer_ids: list[str] = []
    """On the outermost call: ids of the messages that are the run's answer."""
    tags: list[str] = []
    attributes: dict[str, Any] = {}
    tool_call_id: str = ""
    cached: bool = False


class Feedback(msgspec.Struct, array_like=True, kw_only=True):
    """What somebody said of a call, a trace or a session; raw, on its way to the recorder."""

    name: str
    time_ns: int
    score: float | None = None
    label: str | None = None
    explanation: str | None = None
    call: str | None = None
    trace: str | None = None
    session: str | None = None


@dataclass(slots=True)
class Draft:
    """A call that has ended and is not redacted yet: raw, in the recorder's memory only."""

    row: dict[str, Any]
    """The columns of its record to be (`storage.schema.CALLS`), with raw words; an absent column is null.

    `request`, `attributes`, `tool_definitions`, `tool_arguments` and `tool_result` are JSON text; messages and parts are
    those of `agentlog.messages.parts`; `time` is µs since 1970, UTC; `session` and `user` are the raw ids."""
    sequence: int = -1
    """Its place in the channel, to be acknowledged when the row is durable; -1 for an imported call."""
    root: bool = True
    """It is the outermost call of its run."""
    mark: str = ""
    """An explicit surface: "internal", "human" or ""."""
    message_ids: tuple[str, ...] = ()
    answer_ids: tuple[str, ...] = ()
    answer_text: str | None = None
    """On the outermost call: the text of the run's answer, for the question whether a model's words are in it."""
    withheld: dict[str, str] = field(default_factory=dict)
    """What is not to be stored, and why: {"input" | "output": reason}. The redactor still learns from it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A finished call: closed, redacted, frozen; one row of `calls/` (or of `feedback/`)."""

    row: dict[str, Any]
    """Column → value, as `storage.schema` types them."""
