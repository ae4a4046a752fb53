"""Whatever goes wrong, the words stay out: shapes are stored, nothing is raised, nothing private is logged."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from agentlog.messages.parts import blob, message, text, tool_call, tool_call_response
from agentlog.records import Draft, Record
from agentlog.redaction import Redactor, TraceRedactor, analysis, limits
from agentlog.redaction.trace import rewriting

WORDS = "the private words of Mia Li"
DETECTORS = ("islands", "find_credentials", "find_formats", "find_cues", "find_number_cues", "find_names")


@pytest.fixture
def trace() -> TraceRedactor:
    return Redactor(None, pseudonym_key=b"a key for the tests").trace()


def call(**columns: Any) -> Draft:
    row = {
        "call_id": "c-17",
        "trace_id": "t-17",
        "request_model": "gpt-4o",
        "input_messages": [
            message("user", text(WORDS), blob("image/png", "aGVsbG8=")),
            message("assistant", tool_call("find", {"who": WORDS}, "call_1")),
            message("tool", tool_call_response(json.dumps([WORDS]), "call_1")),
        ],
        "output_messages": [message("assistant", text(WORDS), finish_reason="stop")],
        "system_instructions": [text(WORDS)],
        "tool_arguments": json.dumps({"x": WORDS}),
        "tool_result": json.dumps([WORDS]),
        "attributes": json.dumps({"x": WORDS}),
        "tags": ["beta"],
        "session": "s-private",
        "user": "u-private",
    }
    return Draft({**row, **columns})


def assert_only_shapes(record: Record) -> None:
    row = record.row
    assert row["redaction"]["failed"] is True
    assert row["redaction"]["counts"] == []
    stored = repr(row)
    assert "Mia" not in stored
    assert "private" not in stored
    assert (row["call_id"], row["trace_id"], row["request_model"]) == ("c-17", "t-17", "gpt-4o")
    assert row["session"].startswith("session-")
    assert row["user"].startswith("user-")
    json.loads(row["tool_arguments"])
    json.loads(row["tool_result"])
    for one in row["input_messages"]:
        for part in one["parts"]:
            if part["type"] == "tool_call":
                json.loads(part["arguments"])


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_detector_that_raises_leaves_only_shapes(
    trace: TraceRedactor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, detector: str
) -> None:
    def broken(given: str, *others: Any) -> Iterator[Any]:
        raise RuntimeError(given)

    monkeypatch.setattr(analysis, detector, broken)
    draft = call()
    with caplog.at_level(logging.DEBUG):
        trace.learn(draft)
        record = trace.redact(draft)
    assert_only_shapes(record)
    assert "Mia" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_failure_warns_once_for_its_kind(
    trace: TraceRedactor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(analysis, "find_formats", lambda *given: 1 / 0)
    for _ in range(3):
        trace.redact(call())
    assert [one.levelname for one in caplog.records].count("WARNING") == 1


def test_a_value_that_slips_through_the_exchange_is_noticed(
    trace: TraceRedactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "find_formats", lambda *given: iter(()))
    record = trace.redact(call(output_messages=[message("assistant", text("My name is Mia Li, zoe@example.com"))]))
    assert record.row["redaction"]["failed"] is True
    assert "zoe@example.com" not in repr(record.row)


def test_json_that_would_break_is_not_stored(trace: TraceRedactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "escape", lambda made, raw, quote: '"' + made)
    escaped = json.dumps({"note": 'write to "mia@example.com"'})
    assert_only_shapes(trace.redact(call(tool_result=escaped)))


def test_a_call_that_takes_too_long_becomes_its_shape(trace: TraceRedactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BUDGET_S", -1.0)
    assert_only_shapes(trace.redact(call()))


def test_a_collection_of_the_applications_garbage_is_not_the_time_of_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    now, collections = 0.0, 0
    monkeypatch.setattr(limits.time, "perf_counter", lambda: now)
    monkeypatch.setattr(limits.time, "thread_time", lambda: now)
    monkeypatch.setattr(limits, "_full_collections", lambda: collections)
    clock = limits.Clock()
    now = 1.0
    clock.check()
    now, collections = 60.0, 1
    clock.check()
    # … but once: a text must not live on the garbage that it makes itself
    now, collections = 120.0, 2
    with pytest.raises(limits.Unredactable):
        clock.check()


@pytest.mark.parametrize(
    "columns",
    [
        {"input_messages": [{"role": "user", "parts": [{"type": "hologram", "text": WORDS}]}]},
        {"input_messages": [message("user", text(["no text", WORDS]))]},  # type: ignore[arg-type]  # what must not come
        {"input_messages": [WORDS]},
        {"input_messages": WORDS},
        {"output_messages": [{"role": WORDS, "parts": WORDS}]},
        {"system_instructions": {"text": WORDS}},
        {"tool_result": {"an": WORDS}},
        {"tags": [WORDS.encode()]},
        {"tags": 7},
        {"name": 3, "agent": [WORDS]},
    ],
)
def test_a_row_of_an_unknown_form_becomes_its_shape(trace: TraceRedactor, columns: dict[str, Any]) -> None:
    draft = call(**columns)
    trace.learn(draft)
    assert_only_shapes(trace.redact(draft))


def test_a_part_without_a_type_becomes_its_shape(trace: TraceRedactor) -> None:
    assert_only_shapes(trace.redact(call(input_messages=[{"role": "user", "parts": [{"text": WORDS}]}])))


def test_a_shape_says_type_and_length(trace: TraceRedactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "find_names", lambda *given: 1 / 0)
    row = trace.redact(call()).row
    assert row["output_messages"][0]["parts"][0]["text"] == f"<REDACTION_FAILED type=str len={len(WORDS)}>"
    assert row["input_messages"][0]["parts"][1] == {"type": "blob"}


def test_one_failed_call_does_not_fail_the_next_of_its_trace(trace: TraceRedactor) -> None:
    trace.redact(call(input_messages=[{"role": "user", "parts": [{"type": "hologram"}]}]))
    assert trace.redact(call()).row["redaction"]["failed"] is False


def test_feedback_fails_closed_too(trace: TraceRedactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "find_names", lambda *given: 1 / 0)
    row = {"feedback_id": "f", "name": "rating", "score": 1.0, "label": WORDS, "explanation": WORDS, "session": "s-9"}
    made = trace.feedback(row).row
    assert made["label"] == made["explanation"] == f"<REDACTION_FAILED type=str len={len(WORDS)}>"
    assert made["score"] == 1.0
    assert made["session"].startswith("session-")


def test_what_is_withheld_is_learnt_from_and_not_stored(trace: TraceRedactor) -> None:
    shown = call(output_messages=[message("assistant", text("My name is Zoltan Varga."))])
    shown.withheld = {"output": "human"}
    trace.learn(shown)
    row = trace.redact(shown).row
    assert row["output_messages"] is None
    assert row["tool_result"] is None
    assert row["input_messages"] is not None
    assert row["redaction"]["withheld"] == "output: human"
    later = trace.redact(call(output_messages=[message("assistant", text("Zoltan is here."))])).row
    assert later["output_messages"][0]["parts"][0]["text"] == "<PERSON_2_GIVEN> is here."


def test_what_is_withheld_stays_out_of_a_failed_record_as_well(
    trace: TraceRedactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "find_names", lambda *given: 1 / 0)
    draft = call()
    draft.withheld = {"input": "surface", "output": "surface"}
    row = trace.redact(draft).row
    columns = ("input_messages", "system_instructions", "tool_arguments", "output_messages", "tool_result")
    assert all(row[column] is None for column in columns)
    assert row["redaction"]["withheld"] == "input: surface; output: surface"
