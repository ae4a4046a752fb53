"""Reasons why a call is no example, from its own row. They are columns beside the calls: nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog import semconv

ERROR: Final = "error"
REDACTION_FAILED: Final = "redaction_failed"
WITHHELD: Final = "withheld"
ABANDONED: Final = "abandoned"
INTERRUPTED: Final = "interrupted"
TRUNCATED: Final = "truncated"
ROUTED: Final = "routed"
NO_INPUT: Final = "no_input"
EMPTY: Final = "empty"
MISSING_FEEDBACK: Final = "missing_feedback"
DUPLICATE: Final = "duplicate"

REASONS: Final[dict[str, str]] = {
    ERROR: "the call raised",
    REDACTION_FAILED: "redaction failed: only shapes are stored",
    WITHHELD: "the answer is not stored: a person read it, or content was not captured",
    ABANDONED: "the reader left before the answer was whole",
    INTERRUPTED: "control flow left the call; the resumed one is a row of its own",
    ROUTED: "a small model of ours answered: a model must not learn from itself",
    TRUNCATED: "the answer was cut by a length limit or a content filter",
    NO_INPUT: "no prompt is stored",
    EMPTY: "the answer holds neither text nor a tool call",
    MISSING_FEEDBACK: "the demanded feedback is missing or bad",
    DUPLICATE: "equal to an earlier call: prompt, tools and answer",
}
"""Code → meaning, in the order in which a call with several is counted under one."""

_FILTERED = {
    "content_filter", "content_filtered", "guardrail_intervened", "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
}  # fmt: skip
"""Finish reasons of an answer that a filter cut, as the providers spell them."""
_CUT: Final = frozenset(semconv.FINISH_LENGTH | _FILTERED)

COLUMNS: Final = (
    "error_type",
    "finish_reasons",
    "redaction",
    "surface",
    "response_model",
    "system_instructions",
    "input_messages",
    "output_messages",
)
"""What a verdict looks at."""


def of_rows(batch: pa.RecordBatch) -> list[list[str]]:
    """The codes of each row of a batch that has `COLUMNS`, in the order of `REASONS`."""
    redaction: Any = batch["redaction"]
    columns = (
        batch["error_type"].to_pylist(),
        batch["finish_reasons"].to_pylist(),
        pc.struct_field(redaction, "failed").to_pylist(),
        pc.struct_field(redaction, "withheld").to_pylist(),
        batch["surface"].to_pylist(),
        batch["response_model"].to_pylist(),
        _filled(batch["system_instructions"], batch["input_messages"]),
        _answered(batch["output_messages"]),
    )
    return [_codes(*row) for row in zip(*columns, strict=True)]


def _codes(
    error: str | None,
    finish: list[str | None] | None,
    failed: bool | None,
    withheld: str | None,
    surface: str | None,
    model: str | None,
    asked: bool,
    answered: bool,
) -> list[str]:
    ended = set(finish or ())
    absent = {  # an answer that is missing for one of these reasons is not called empty as well
        ERROR: error is not None,
        REDACTION_FAILED: bool(failed),
        WITHHELD: not answered and bool(withheld or surface == "human"),
        ABANDONED: semconv.ABANDONED in ended,
        INTERRUPTED: semconv.INTERRUPTED in ended,
    }
    others = {
        ROUTED: bool(model and model.startswith(semconv.OUR_MODELS)),
        TRUNCATED: not ended.isdisjoint(_CUT),
        NO_INPUT: not asked,
        EMPTY: not answered and not any(absent.values()),
    }
    return [code for code, holds in {**absent, **others}.items() if holds]


def _filled(*columns: Any) -> list[bool]:
    """Whether one of some columns of lists has something in it."""
    lengths = [pc.fill_null(pc.list_value_length(column), 0).to_pylist() for column in columns]
    return [any(row) for row in zip(*lengths, strict=True)]


def _answered(output: Any) -> list[bool]:
    """Whether some output message holds text that is more than space, a tool call or a file."""
    messages = output.flatten()
    rows: Sequence[int] = (
        pc.list_parent_indices(output).take(pc.list_parent_indices(messages.field("parts"))).to_pylist()
    )
    parts = messages.field("parts").flatten()
    kinds = parts.field("type").to_pylist()
    texts: Any = pc.utf8_trim_whitespace(pc.fill_null(parts.field("text"), ""))
    written = pc.not_equal(texts, pa.scalar("")).to_pylist()
    answered = [False] * len(output)
    for row, kind, text in zip(rows, kinds, written, strict=True):
        if text if kind == "text" else kind in ("tool_call", "blob", "uri", "file"):
            answered[row] = True
    return answered
