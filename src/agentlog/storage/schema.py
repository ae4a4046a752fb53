"""The columns of the dataset. Changes are additive: new columns are null in old parts, old parts stay readable."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

SCHEMA_VERSION: Final = 1

PART: Final = pa.struct(
    [
        pa.field("type", pa.string()),
        pa.field("text", pa.string()),
        pa.field("id", pa.string()),
        pa.field("name", pa.string()),
        pa.field("arguments", pa.string()),
        pa.field("result", pa.string()),
        pa.field("mime_type", pa.string()),
        pa.field("uri", pa.string()),
        pa.field("bytes", pa.int64()),
        pa.field("sha", pa.string()),
        pa.field("signature", pa.string()),
    ]
)
"""One part of a message; `messages.parts` says which keys go with which type."""

MESSAGE: Final = pa.struct(
    [
        pa.field("role", pa.string()),
        pa.field("name", pa.string()),
        pa.field("finish_reason", pa.string()),
        pa.field("parts", pa.list_(PART)),
    ]
)

USAGE: Final = pa.struct(
    [
        pa.field("input_tokens", pa.int64()),
        pa.field("output_tokens", pa.int64()),
        pa.field("cache_read_input_tokens", pa.int64()),
        pa.field("cache_creation_input_tokens", pa.int64()),
        pa.field("reasoning_output_tokens", pa.int64()),
    ]
)
"""Tokens as OpenTelemetry counts them: `input_tokens` includes the cached ones. Null when nobody said."""

REDACTION: Final = pa.struct(
    [
        pa.field("policy", pa.string()),
        pa.field("counts", pa.list_(pa.struct([pa.field("entity", pa.string()), pa.field("count", pa.int64())]))),
        pa.field("failed", pa.bool_()),
        pa.field("withheld", pa.string()),
        pa.field("repaired", pa.bool_()),
    ]
)
"""Which policy, how many values it replaced by entity, whether it failed (only shapes are stored), what is withheld and why.

Whether the row was repaired: what was learnt after it had been written was exchanged in it. Null in parts of older writers.
"""

_CALLS: list[pa.Field[Any]] = [
    pa.field("call_id", pa.string(), nullable=False),
    pa.field("trace_id", pa.string(), nullable=False),
    pa.field("parent_id", pa.string()),
    pa.field("span_id", pa.string()),
    pa.field("session", pa.string()),
    pa.field("user", pa.string()),
    pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
    pa.field("duration_s", pa.float64()),
    pa.field("time_to_first_chunk_s", pa.float64()),
    pa.field("operation", pa.string(), nullable=False),
    pa.field("name", pa.string()),
    pa.field("framework", pa.string()),
    pa.field("agent", pa.string()),
    pa.field("node", pa.string()),
    pa.field("call_site", pa.string()),
    pa.field("service", pa.string()),
    pa.field("provider", pa.string()),
    pa.field("request_model", pa.string()),
    pa.field("response_model", pa.string()),
    pa.field("cached", pa.bool_()),
    pa.field("request", pa.string()),
    pa.field("usage", USAGE),
    pa.field("cost_usd", pa.float64()),
    pa.field("price_version", pa.string()),
    pa.field("finish_reasons", pa.list_(pa.string())),
    pa.field("error_type", pa.string()),
    pa.field("surface", pa.string(), nullable=False),
    pa.field("surface_reason", pa.string()),
    pa.field("tags", pa.list_(pa.string())),
    pa.field("attributes", pa.string()),
    pa.field("redaction", REDACTION),
    pa.field("system_instructions", pa.list_(PART)),
    pa.field("input_messages", pa.list_(MESSAGE)),
    pa.field("output_messages", pa.list_(MESSAGE)),
    pa.field("tool_definitions", pa.string()),
    pa.field("tool_arguments", pa.string()),
    pa.field("tool_result", pa.string()),
]

CALLS: Final = pa.schema(_CALLS)
"""One row for one call. `request`, `attributes` and `tool_*` are JSON text, because their keys vary."""

_FEEDBACK: list[pa.Field[Any]] = [
    pa.field("feedback_id", pa.string(), nullable=False),
    pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
    pa.field("name", pa.string(), nullable=False),
    pa.field("score", pa.float64()),
    pa.field("label", pa.string()),
    pa.field("explanation", pa.string()),
    pa.field("call_id", pa.string()),
    pa.field("trace_id", pa.string()),
    pa.field("session", pa.string()),
]

FEEDBACK: Final = pa.schema(_FEEDBACK)
"""One row for one `feedback()`: about a call, a trace or a session."""
