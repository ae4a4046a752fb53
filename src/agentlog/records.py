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
    sequences: tuple[int, ...] = ()
    """The places in the channel that are acknowledged when the row is durable; none for an imported call."""
    root: bool = True
    """It is the outermost call of its run."""
    mark: str = ""
    """An explicit surface: "internal", "human" or ""."""
    message_ids: tuple[str, ...] = ()
    answer_ids: tuple[str, ...] = ()
    answer_texts: tuple[str, ...] | None = None
    """On the outermost call, and on one marked human: the texts in its answer. A model's words in them were for a person."""
    inner: bool = False
    """A model call right inside another model call: perhaps the same one, seen by two layers."""
    response_id: str | None = None
    """The provider's id of the answer."""
    unreadable: bool = False
    """What was captured could not be read: only metadata can be stored."""
    withheld: dict[str, str] = field(default_factory=dict)
    """What is not to be stored, and why: {"input" | "output": reason}. The redactor still learns from it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A finished call: closed, redacted, frozen; one row of `calls/` (or of `feedback/`)."""

    row: dict[str, Any]
    """Column → value, as `storage.schema` types them."""
