"""What the language model's prompt cache loses when a task's calls go elsewhere.

A provider keeps the prefix of a prompt for some minutes; the next call that begins alike pays less for it. A call that is
answered by a small model no longer warms it. For each other call of the same runs: of its cached tokens, those that only
this task's calls had sent before are lost. Prefixes are compared by messages; a message's tokens by its characters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.storage.reader import in_order
from agentlog.tasks import Task

_WARM_S: Final = 600.0
"""Prompt caches keep a prefix for 5 to 10 minutes after its last use (OpenAI, Anthropic: prompt caching documentation)."""
_COLUMNS: Final = (
    "call_id", "trace_id", "time", "provider", "request_model", "response_model", "usage", "tool_definitions",
    "system_instructions", "input_messages",
)  # fmt: skip

Prefixes = Sequence[tuple[bytes, int]]
"""After each message of a prompt: (hash of all that comes up to here, its characters)."""
Seen = dict[tuple[str | None, bytes], datetime]
"""(model, hash of a prefix) → when it was sent last."""


def lost_tokens(task: Task) -> Mapping[tuple[str | None, str | None], float]:
    """(model, provider) → cached input tokens that other calls of the task's runs would lose, in all of the record.

    Empty where no cached tokens were logged, or where the task has all calls of its runs.
    """
    table = task._table
    if table is None or not {"trace_id", "usage", "input_messages"} <= set(table.column_names):
        return {}
    runs = pc.unique(table.filter(pc.is_in(table["call_id"], pa.array(task.call_ids, pa.string())))["trace_id"])
    table = table.filter(pc.is_in(table["trace_id"], runs))
    if not pc.sum(pc.struct_field(table["usage"], "cache_read_input_tokens")).as_py():
        return {}
    table = in_order(table.select([name for name in _COLUMNS if name in table.column_names]), ["time", "call_id"])
    ours, mine, others = set(task.call_ids), Seen(), Seen()
    lost: dict[tuple[str | None, str | None], float] = defaultdict(float)
    for batch in table.to_batches(max_chunksize=256):
        for row in batch.to_pylist():
            model = row.get("response_model") or row.get("request_model")
            prefixes = list(_prefixes(row))
            if row["call_id"] in ours:
                mine.update(((model, key), row["time"]) for key, _ in prefixes)
                continue
            usage = row.get("usage") or {}
            cached, whole = usage.get("cache_read_input_tokens") or 0, prefixes[-1][1]
            if cached and whole:
                a_character = (usage.get("input_tokens") or 0) / whole
                warm, kept = (a_character * _warm(model, prefixes, row["time"], seen) for seen in (mine, others))
                lost[model, row.get("provider")] += max(0.0, min(cached, warm) - min(cached, kept))
            others.update(((model, key), row["time"]) for key, _ in prefixes)
    return {key: tokens for key, tokens in lost.items() if tokens > 0}


def _warm(model: str | None, prefixes: Prefixes, time: datetime, seen: Seen) -> int:
    """Characters of the longest prefix that was sent in the last minutes."""
    for key, size in reversed(prefixes):
        sent = seen.get((model, key))
        if sent is not None and (time - sent).total_seconds() <= _WARM_S:
            return size
    return 0


def _prefixes(row: Mapping[str, Any]) -> Iterator[tuple[bytes, int]]:
    running, size = blake2b(digest_size=12), 0
    for text in _blocks(row):
        running.update(text.encode("utf-8", "surrogatepass"))
        size += len(text)
        yield running.digest(), size


def _blocks(row: Mapping[str, Any]) -> Iterator[str]:
    """Tools and instructions, then each message."""
    yield repr([row.get("tool_definitions"), _words(row.get("system_instructions"))])
    for message in row.get("input_messages") or ():
        yield repr([message.get("role"), _words(message.get("parts"))])


def _words(parts: Sequence[Mapping[str, Any]] | None) -> list[Any]:
    names = ("type", "text", "name", "arguments", "result", "sha", "uri")
    return [value for part in parts or () for name in names if (value := part.get(name)) is not None]
