from __future__ import annotations

from typing import Any

import pytest

from agentlog.curation import curate
from agentlog.curation.verdicts import REASONS
from agentlog.messages import parts


def withheld(why: str) -> dict[str, Any]:
    return {"policy": "p", "counts": [], "failed": False, "withheld": why}


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("error", {"error_type": "openai.RateLimitError", "output_messages": None}),
        ("truncated", {"finish_reasons": ["length"]}),
        ("truncated", {"finish_reasons": ["stop", "MAX_TOKENS"]}),
        ("truncated", {"finish_reasons": ["content_filter"]}),
        ("empty", {"output_messages": None}),
        ("empty", {"output_messages": []}),
        ("empty", {"output_messages": [parts.message("assistant", parts.text(" \n\u00a0"))]}),
        ("empty", {"output_messages": [parts.message("assistant", parts.reasoning("hm"))]}),
        ("withheld", {"output_messages": None, "surface": "human"}),
        ("withheld", {"output_messages": None, "redaction": withheld("output: content is not captured")}),
        ("redaction_failed", {"redaction": {"policy": "p", "counts": [], "failed": True, "withheld": None}}),
        ("abandoned", {"finish_reasons": ["abandoned"]}),
        ("abandoned", {"finish_reasons": ["abandoned"], "output_messages": None}),
        ("interrupted", {"finish_reasons": ["interrupted"], "output_messages": None}),
        ("routed", {"response_model": "agentlog/triage@0a1b2c3d4e5f"}),
        ("no_input", {"input_messages": None}),
        ("no_input", {"input_messages": [], "system_instructions": []}),
    ],
)
def test_a_call_that_is_no_example_has_the_one_reason_for_it(dataset, chat, code, columns):
    examples = curate(dataset([chat(1), chat(2, "Another question", "Another answer", **columns)]))
    assert examples.table["verdicts"].to_pylist() == [[], [code]]
    assert examples.table["kept"].to_pylist() == [True, False]
    assert examples.funnel() == {"seen": 2, code: 1, "kept": 1}


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"finish_reasons": None},
        {
            "finish_reasons": ["tool_calls"],
            "output_messages": [parts.message("assistant", parts.tool_call("find", {"q": 1}))],
        },
        {"input_messages": None, "system_instructions": [parts.text("Say a number.")]},
        {
            "output_messages": [
                parts.message("assistant", parts.text("")),
                parts.message("assistant", parts.text("second choice")),
            ]
        },
        {"output_messages": [parts.message("assistant", parts.uri("https://example.org/picture.png"))]},
        {"surface": "human"},
        {"redaction": withheld("input: content is not captured")},
    ],
)
def test_a_call_with_a_whole_answer_is_kept(dataset, chat, columns):
    assert len(curate(dataset([chat(1, **columns)]))) == 1


def test_a_call_has_all_its_reasons_and_counts_under_the_first(dataset, chat):
    both = chat(1, error_type="TimeoutError", finish_reasons=["length"])
    examples = curate(dataset([both]))
    assert examples.table["verdicts"].to_pylist() == [["error", "truncated"]]
    assert examples.funnel() == {"seen": 1, "error": 1, "kept": 0}


def test_every_reason_has_a_meaning_and_rows_of_a_later_batch_their_own(dataset, chat, monkeypatch):
    monkeypatch.setattr("agentlog.curation.examples._ROWS", 2)
    rows = [chat(i, f"question {i}", None if i == 3 else f"answer {i}") for i in range(5)]
    examples = curate(dataset(rows))
    assert examples.table["verdicts"].to_pylist() == [[], [], [], ["empty"], []]
    assert set(examples.funnel()) - {"seen", "kept"} <= set(REASONS)
