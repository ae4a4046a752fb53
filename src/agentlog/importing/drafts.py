"""From what a log says of a call to the draft that the recorder takes."""

from __future__ import annotations

import hashlib
import json
import math
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from agentlog.messages import Reading
from agentlog.messages.parts import dumps
from agentlog.records import Draft
from agentlog.semconv import CHAT, EMBEDDINGS, EXECUTE_TOOL, GENERATE_CONTENT, TEXT_COMPLETION

OPERATIONS: Final = {
    "openai.chat": CHAT,
    "openai.responses": CHAT,
    "openai.completions": TEXT_COMPLETION,
    "openai.embeddings": EMBEDDINGS,
    "anthropic.messages": CHAT,
    "gemini.generate": GENERATE_CONTENT,
}
"""Dialect → operation."""


class Unreadable(ValueError):
    """A record is not what its format promises. The message says what is missing, and nothing of what is there."""


class Unsupported(Exception):
    """A record is a call of an API that is not known here."""


@dataclass(slots=True)
class Run:
    """What one record of a source amounts to."""

    drafts: list[Draft]
    feedback: list[dict[str, Any]] = field(default_factory=list)
    whole: bool = False
    """Its drafts are all there is of their trace: the run is over."""
    tools_absent: bool = False
    notes: tuple[str, ...] = ()


class Clock:
    """The times of calls: those that the source says, else the time of the import. Calls keep their order."""

    def __init__(self) -> None:
        self._last = 0
        self._said = 0
        self.silent = False
        """Some times are not in the source."""

    def at(self, said: int | None) -> int:
        """The time of the next call, in µs since 1970.

        Args:
            said: what the source says, in µs; often it only counts seconds.
        """
        if said is None:
            self.silent = True
            self._last = max(time.time_ns() // 1000, self._last + 1000)
            return self._last
        if said // 1_000_000 == self._said // 1_000_000 and said <= self._said:
            said = self._said + 1000
        self._said = said
        return said


def instant(value: Any) -> int | None:
    """A time as µs since 1970, from seconds, milliseconds, microseconds or an ISO date; None where it is no time.

    >>> instant(1770000000), instant("2026-02-02T02:40:00Z"), instant("yesterday"), instant(3)
    (1770000000000000, 1770000000000000, None, None)
    """
    if isinstance(value, str):
        try:
            date = datetime.fromisoformat(value)
        except ValueError:
            return None
        value = date.replace(tzinfo=date.tzinfo or UTC).timestamp()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    for scale in (1_000_000, 1_000, 1):
        if 946_684_800_000_000 <= value * scale < 4_102_444_800_000_000:  # the years 2000 to 2099
            return int(value * scale)
    return None


def identity(*what: Any) -> str:
    """An id of 32 hex digits that says what it is of: the same content at the same place has the same id."""
    return hashlib.sha256(json.dumps(what, sort_keys=True, default=str).encode()).hexdigest()[:32]


def model_call(
    reading: Reading,
    operation: str,
    *,
    call_id: str,
    trace_id: str | None = None,
    time: int,
    duration_s: float | None = None,
    provider: str | None = None,
    attributes: dict[str, Any] | None = None,
) -> Draft:
    """The draft of a model call. Without a trace it is the outermost call, and the recorder looks for its conversation."""
    row: dict[str, Any] = {key: value for key, value in reading.items() if key not in ("stream", "response_id")}
    row.update(
        call_id=call_id,
        trace_id=trace_id or call_id,
        time=time,
        duration_s=duration_s,
        operation=operation,
        name=reading.get("request_model") or reading.get("response_model"),
        provider=provider or reading.get("provider"),
        attributes=dumps(attributes) if attributes else None,
    )
    return Draft(row, root=trace_id is None, response_id=reading.get("response_id"))


def tool_call(
    name: str | None,
    arguments: str | None,
    result: str | None,
    *,
    call_id: str,
    trace_id: str,
    parent_id: str | None,
    time: int,
    attributes: dict[str, Any],
) -> Draft:
    """The draft of a tool's call."""
    row = {
        "call_id": call_id,
        "trace_id": trace_id,
        "parent_id": parent_id,
        "time": time,
        "operation": EXECUTE_TOOL,
        "name": name,
        "tool_arguments": arguments,
        "tool_result": result,
        "attributes": dumps(attributes) if attributes else None,
    }
    return Draft(row, root=False)
