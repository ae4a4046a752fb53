"""What a call becomes in the recorder: a `Draft` (ended, raw), then a `Record` (redacted, one Parquet row).

    application                               recorder
    recording.Call ── encoded, channel ──→ Draft ── redactor ──→ Record ──→ Parquet

A `Call` and a `Draft` may hold private words and live in memory only. A `Record` holds none: only the redactor makes
one, and the writer takes nothing else. (`tests/test_rooms.py` looks for other places that do.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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
