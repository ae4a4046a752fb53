from __future__ import annotations

import json

import pyarrow as pa
import pytest

from agentlog.messages import parts
from agentlog.storage.schema import CALLS
from agentlog.tasks.reading import Answer, answer_of, answers, place_of, request_of, requests


def table(*rows):
    return pa.Table.from_pylist([{"call_id": str(i), "trace_id": "t", "time": i, "operation": "chat", "surface": "unknown", **row} for i, row in enumerate(rows)], schema=CALLS)  # fmt: skip


def said(role, *texts):
    return parts.message(role, *map(parts.text, texts))


def test_the_places_of_a_conversation_are_found():
    conversation = [
        said("system", "You are a clerk."),
        said("developer", "Be brief."),
        said("user", "Hello", "there"),
        parts.message("assistant", parts.text("I look."), parts.tool_call("find", {"q": 1})),
        said("system", "Now be polite."),
        parts.message("tool", parts.tool_call_response("nothing found")),
    ]
    (one,) = requests(table({"system_instructions": [parts.text("From the API.")], "input_messages": conversation}))
    assert one.system == "From the API.\nYou are a clerk.\nBe brief."
    assert one.first == "Hello\nthere"
    assert one.middle == "Now be polite."
    assert (one.last, one.last_role) == ("nothing found", "tool")


def test_a_single_message_is_the_first_and_not_the_last_as_well():
    (one,) = requests(table({"input_messages": [said("user", "Hello")]}))
    assert (one.system, one.first, one.middle, one.last, one.last_role) == ("", "Hello", "", "", "user")


def test_calls_without_content_are_read_as_empty():
    rows = [{"input_messages": None}, {"input_messages": []}, {"input_messages": [said("system", "Only this.")]}]
    assert [(one.system, one.first, one.last_role) for one in requests(table(*rows))] == [
        ("", "", ""),
        ("", "", ""),
        ("Only this.", "", "system"),
    ]
    assert list(answers(table(*rows))) == [Answer("", ())] * 3


def test_a_missing_column_counts_as_null_and_slices_and_chunks_as_what_they_hold():
    whole = table(
        *({"input_messages": [said("system", f"S{i}"), said("user", f"U{i}")], "node": f"n{i}"} for i in range(9))
    )
    expected = [(f"S{i}", f"U{i}", f"n{i}") for i in range(9)]
    parted = pa.concat_tables([whole.slice(0, 4), whole.slice(4, 1), whole.slice(5)])
    assert [(one.system, one.first, one.place) for one in requests(parted)] == expected
    assert [one.first for one in requests(whole.slice(3, 2))] == ["U3", "U4"]
    assert [one.place for one in requests(whole.drop_columns(["node"]))] == [""] * 9


def test_tables_of_other_libraries_with_large_types_are_read():
    whole = table({"input_messages": [said("user", "Hello")], "tool_definitions": '[{"name": "find"}]'})
    large = whole.set_column(
        whole.schema.get_field_index("tool_definitions"),
        "tool_definitions",
        whole["tool_definitions"].cast(pa.large_string()),
    )
    assert list(requests(large)) == list(requests(whole))


@pytest.mark.parametrize(
    ("definitions", "expected"),
    [
        (
            [{"type": "function", "function": {"name": "b"}}, {"type": "function", "function": {"name": "a"}}],
            ("a", "b"),
        ),
        ([{"name": "find", "input_schema": {}}], ("find",)),
        ([{"functionDeclarations": [{"name": "a"}, {"name": "b"}]}], ("a", "b")),
        ([{"toolSpec": {"name": "find"}}], ("find",)),
        ([{"type": "web_search"}], ("web_search",)),
        (["find", "find"], ("find",)),
        ({"tools": [{"name": "find"}]}, ("find",)),
        ([], ()),
        (3, ()),
    ],
)
def test_tools_are_named_in_every_provider_s_form(definitions, expected):
    (one,) = requests(table({"tool_definitions": json.dumps(definitions)}))
    assert one.tools == expected


@pytest.mark.parametrize("text", [None, "", "no json", "[1"])
def test_tool_definitions_that_are_no_json_are_no_tools(text):
    assert next(requests(table({"tool_definitions": text}))).tools == ()


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "Invoice", "schema": {}}}}, "Invoice"),
        ({"text": {"format": {"type": "json_schema", "name": "Invoice", "schema": {}}}}, "Invoice"),
        ({"generationConfig": {"responseSchema": {"type": "object", "properties": {"b": {}, "a": {}}}}}, "a,b"),
        ({"response_format": {"title": "Invoice", "properties": {}}}, "Invoice"),
        ({"response_format": {"type": "json_object"}}, "json"),
        ({"response_format": {"type": "text"}}, ""),
        ({"temperature": 0, "text": {"verbosity": "low"}}, ""),
        ([1], ""),
    ],
)
def test_the_demanded_schema_is_named_in_every_provider_s_form(request_, expected):
    (one,) = requests(table({"request": json.dumps(request_)}))
    assert one.schema == expected


def test_a_place_is_agent_and_node_else_the_call_site():
    assert place_of("support", "triage", "app.py:3") == "support/triage"
    assert place_of("support", None, "app.py:3") == "support/app.py:3"
    assert place_of("support", None, None) == "support"
    assert place_of(None, None, None) == ""


def test_an_answer_is_the_first_output_message_without_reasoning_and_ids():
    first = parts.message(
        "assistant", parts.reasoning("hm"), parts.text("a"), parts.text("b"), parts.tool_call("find", {"q": 1}, "id-1")
    )
    rows = [
        {"output_messages": [first, said("assistant", "second choice")]},
        {"output_messages": None},
        {"output_messages": [said("assistant", "c")]},
    ]
    assert list(answers(table(*rows))) == [Answer("ab", (("find", '{"q": 1}'),)), Answer("", ()), Answer("c", ())]


def test_one_row_reads_as_the_same_row_of_a_table():
    rows = table(
        {"input_messages": None},
        {"input_messages": [said("user", "Hello")], "agent": "a", "call_site": "x.py:1"},
        {
            "system_instructions": [parts.text("Be brief."), parts.text("")],
            "input_messages": [
                said("system", "You are a clerk."),
                said("user", "Hello", "there"),
                parts.message("assistant", parts.text("I look."), parts.tool_call("find", {"q": 1})),
                said("system", "Now be polite."),
                parts.message("tool", parts.tool_call_response("nothing", name="find"), parts.text("so")),
            ],
            "tool_definitions": json.dumps([{"type": "function", "function": {"name": "find"}}]),
            "request": json.dumps({"response_format": {"type": "json_object"}}),
            "node": "look",
            "output_messages": [
                parts.message("assistant", parts.reasoning("hm"), parts.text("yes"), parts.tool_call("find", {"q": 2}))
            ],
        },
    )  # fmt: skip
    assert [request_of(row) for row in rows.to_pylist()] == list(requests(rows))
    assert [answer_of(row) for row in rows.to_pylist()] == list(answers(rows))
