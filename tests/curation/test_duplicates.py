from __future__ import annotations

import json

import pytest

from agentlog.curation import curate
from agentlog.messages import parts

TOOLS = json.dumps([{"name": "find", "parameters": {"type": "object"}}])


def test_an_equal_call_names_the_earliest_and_the_weight_is_how_many_there_are(dataset, chat):
    rows = [chat(i) for i in (5, 3, 9)] + [chat(1, "Another question")]
    table = curate(dataset(rows)).table
    found = {
        row["call_id"]: row
        for row in table.select(["call_id", "duplicate_of", "weight", "kept", "verdicts"]).to_pylist()
    }
    assert {call: row["duplicate_of"] for call, row in found.items()} == {
        "call-1": None, "call-3": None, "call-5": "call-3", "call-9": "call-3",
    }  # fmt: skip
    assert {call: row["weight"] for call, row in found.items()} == {"call-1": 1, "call-3": 3, "call-5": 3, "call-9": 3}
    assert [call for call, row in found.items() if row["kept"]] == ["call-1", "call-3"]
    assert found["call-9"]["verdicts"] == ["duplicate"]


def conversation(id: str, arguments: str) -> dict[str, object]:
    return {
        "input_messages": [
            parts.message("user", parts.text("Find it.")),
            parts.message("assistant", parts.tool_call("find", arguments, id)),
            parts.message("tool", parts.tool_call_response('{"a": 1, "b": 2}', id)),
        ],
        "output_messages": [parts.message("assistant", parts.tool_call("find", arguments, id + "x"))],
        "tool_definitions": TOOLS,
    }


def test_ids_of_tool_calls_and_the_order_of_keys_do_not_count(dataset, chat):
    one, other = conversation("call_a", '{"q": "x", "n": 2}'), conversation("call_b", '{"n":2,"q":"x"}')
    assert curate(dataset([chat(1, **one), chat(2, **other)])).table["duplicate_of"].to_pylist() == [None, "call-1"]


@pytest.mark.parametrize(
    "columns",
    [
        {"system_instructions": [parts.text("Be brief.")]},
        {"input_messages": [parts.message("user", parts.text("Where is my order?"))]},
        {"input_messages": [parts.message("system", parts.text("Where is my parcel?"))]},
        {"input_messages": [parts.message("user", parts.text("Where is my parcel?"), parts.text(""))]},
        {"output_messages": [parts.message("assistant", parts.text("On its way"))]},
        {"output_messages": [parts.message("assistant", parts.text("On its way."), parts.tool_call("find", {}))]},
        {"tool_definitions": TOOLS},
    ],
)
def test_calls_that_differ_in_prompt_tools_or_answer_are_not_equal(dataset, chat, columns):
    assert curate(dataset([chat(1), chat(2, **columns)])).table["duplicate_of"].to_pylist() == [None, None]


def test_two_messages_are_not_one_message_of_two_parts(dataset, chat):
    said = [parts.text("a"), parts.text("b")]
    one = chat(1, input_messages=[parts.message("user", *said)])
    two = chat(2, input_messages=[parts.message("user", said[0]), parts.message("user", said[1])])
    assert curate(dataset([one, two])).table["duplicate_of"].to_pylist() == [None, None]


def test_only_good_calls_are_compared(dataset, chat):
    rows = [chat(1, finish_reasons=["length"]), chat(2), chat(3), chat(4, said=None), chat(5, said=None)]
    table = curate(dataset(rows)).table
    assert table["duplicate_of"].to_pylist() == [None, None, "call-2", None, None]
    assert table["verdicts"].to_pylist() == [["truncated"], [], ["duplicate"], ["empty"], ["empty"]]
    assert table["weight"].to_pylist() == [1, 2, 2, 1, 1]


def test_equal_calls_are_found_across_batches(dataset, chat, monkeypatch):
    monkeypatch.setattr("agentlog.curation.examples._ROWS", 2)
    rows = [chat(i, f"question {i % 3}", f"answer {i % 3}") for i in range(9)]
    assert curate(dataset(rows)).table["duplicate_of"].to_pylist() == [None] * 3 + ["call-0", "call-1", "call-2"] * 2
