from __future__ import annotations

import json

import pytest

from agentlog.messages import DIALECTS, read
from agentlog.messages.parts import text_of


def test_a_functions_arguments_and_result_are_json_text():
    assert read("arguments", {"city": "Köln", "days": 2}, {"sunny": True}) == {
        "tool_arguments": '{"city": "Köln", "days": 2}',
        "tool_result": '{"sunny": true}',
    }
    assert read("arguments", {}, None) == {"tool_arguments": "{}"}
    assert read("arguments", "free text", "done") == {"tool_arguments": '"free text"', "tool_result": "done"}


def test_values_that_json_does_not_know_are_described():
    reading = read("arguments", {"raw": b"ab", "set": {2, 1}, ("a", 1): object}, [1])
    held = json.loads(reading["tool_arguments"])
    assert held["raw"] == "YWI="
    assert held["set"] == [1, 2]
    assert held["('a', 1)"] == str(object)


def test_a_retrieval_is_a_query_and_its_documents():
    reading = read("retrieval", {"query": "q"}, [{"text": "t", "score": 0.5, "id": "d1", "metadata": {}}])
    assert json.loads(reading["tool_result"])[0]["id"] == "d1"
    assert json.loads(reading["tool_arguments"]) == {"query": "q"}


def test_a_hand_written_call_with_texts():
    reading = read(
        "messages",
        {"input": "Hi", "model": "m", "temperature": 1},
        {"output": "Hello", "usage": {"input_tokens": 3, "output_tokens": 1}, "finish_reason": "stop"},
    )
    assert text_of(reading["input_messages"][0]) == "Hi"
    assert reading["output_messages"] == [
        {"role": "assistant", "parts": [{"type": "text", "text": "Hello"}], "finish_reason": "stop"}
    ]
    assert (reading["request_model"], reading["request"], reading["usage"]["input_tokens"]) == (
        "m",
        '{"temperature": 1}',
        3,
    )


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ({"role": "assistant", "content": "a"}, ["a"]),
        ([{"role": "assistant", "content": "a"}, {"role": "assistant", "content": "b"}], ["a", "b"]),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], ["ab"]),
        ({"label": "spam"}, ['{"label": "spam"}']),
        (["x", "y"], ['["x", "y"]']),
        (3, ["3"]),
        (None, [""]),
        ("", [""]),
    ],
)
def test_any_output_of_a_hand_written_call_is_an_assistants_message(output, expected):
    reading = read("messages", {"input": "x"}, {"output": output})
    assert [text_of(one) for one in reading["output_messages"]] == expected
    assert {one["role"] for one in reading["output_messages"]} == {"assistant"}


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ([{"role": "system", "content": "s"}, {"role": "user", "content": "u"}], ["system", "user"]),
        (
            [
                {
                    "role": "user",
                    "content": [
                        {"type": "tool_result", "tool_use_id": "t", "content": "r"},
                        {"type": "text", "text": "u"},
                    ],
                }
            ],
            ["tool", "user"],
        ),
        (["a", "b"], ["user", "user"]),
        ({"question": "q"}, ["user"]),
        (None, []),
    ],
)
def test_any_input_of_a_hand_written_call_is_read(given, roles):
    assert [one["role"] for one in read("messages", {"input": given}, None)["input_messages"]] == roles


def test_a_whole_body_of_a_known_api_counts_for_what_it_is():
    bodies = [
        {
            "id": "r1",
            "model": "m",
            "choices": [{"message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1},
        },
        {
            "id": "r1",
            "type": "message",
            "role": "assistant",
            "model": "m",
            "content": [{"type": "text", "text": "Hi"}],
            "stop_reason": "stop",
            "usage": {"input_tokens": 1, "output_tokens": 1},
        },
        {
            "id": "r1",
            "object": "response",
            "model": "m",
            "status": "stop",
            "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi"}]}],
            "usage": {"input_tokens": 1, "output_tokens": 1},
        },
        {
            "responseId": "r1",
            "modelVersion": "m",
            "candidates": [{"content": {"parts": [{"text": "Hi"}]}, "finishReason": "stop"}],
            "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1},
        },
    ]
    for body in bodies:
        reading = read("messages", {"input": "x"}, {"output": body})
        assert text_of(reading["output_messages"][0]) == "Hi"
        assert (
            reading["finish_reasons"],
            reading["response_model"],
            reading["response_id"],
            reading["usage"]["output_tokens"],
        ) == (["stop"], "m", "r1", 1)


def test_an_unknown_dialect_and_a_wholly_different_shape_are_refused_without_their_words():
    with pytest.raises(ValueError, match="no dialect answers to 'klingon'"):
        read("klingon", {}, {})
    for dialect in set(DIALECTS) - {"arguments", "retrieval"}:
        with pytest.raises(ValueError, match="should be a dict; found str") as caught:
            read(dialect, "my secret words", None)
        assert "secret" not in str(caught.value)
