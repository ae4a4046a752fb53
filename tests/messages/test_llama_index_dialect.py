from __future__ import annotations

import json

from agentlog.messages import read
from agentlog.messages.parts import text_of


def test_blocks_calls_and_results():
    messages = [
        {"role": "system", "blocks": [{"block_type": "text", "text": "Be brief."}], "additional_kwargs": {}},
        {
            "role": "user",
            "blocks": [
                {"block_type": "text", "text": "See"},
                {"block_type": "image", "image": b"iVBORw0KGgo=", "image_mimetype": "image/png"},
            ],
        },
        {
            "role": "assistant",
            "blocks": [
                {"block_type": "thinking", "content": "Hm.", "additional_information": {"signature": "s"}},
                {"block_type": "tool_call", "tool_call_id": "t1", "tool_name": "f", "tool_kwargs": {"a": 1}},
            ],
        },
        {
            "role": "tool",
            "blocks": [{"block_type": "text", "text": "ok"}],
            "additional_kwargs": {"tool_call_id": "t1", "name": "f"},
        },
    ]
    reading = read(
        "llama_index",
        {
            "messages": messages,
            "params": {"model": "gpt-5", "temperature": 0},
            "tools": [{"type": "function", "function": {"name": "f"}}],
        },
        None,
    )
    assert [one["role"] for one in reading["input_messages"]] == ["system", "user", "assistant", "tool"]
    assert reading["input_messages"][1]["parts"][1] == {
        "type": "blob",
        "mime_type": "image/png",
        "bytes": 8,
        "data": "iVBORw0KGgo=",
    }
    assert reading["input_messages"][2]["parts"] == [
        {"type": "reasoning", "text": "Hm.", "signature": "s"},
        {"type": "tool_call", "id": "t1", "name": "f", "arguments": '{"a": 1}'},
    ]
    assert reading["input_messages"][3]["parts"] == [
        {"type": "tool_call_response", "id": "t1", "name": "f", "result": "ok"}
    ]
    assert (reading["request_model"], reading["request"]) == ("gpt-5", '{"temperature": 0}')
    assert json.loads(reading["tool_definitions"])[0]["function"]["name"] == "f"


def test_calls_in_additional_kwargs_are_not_counted_twice():
    call = {"id": "t1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
    block = {"block_type": "tool_call", "tool_call_id": "t1", "tool_name": "f", "tool_kwargs": {"a": 1}}
    both = read(
        "llama_index",
        {"messages": []},
        {"message": {"role": "assistant", "blocks": [block], "additional_kwargs": {"tool_calls": [call]}}},
    )
    only = read(
        "llama_index",
        {"messages": []},
        {"message": {"role": "assistant", "blocks": [], "additional_kwargs": {"tool_calls": [call]}}},
    )
    assert [part["id"] for part in both["output_messages"][0]["parts"]] == ["t1"]
    assert [part["arguments"] for part in only["output_messages"][0]["parts"]] == ['{"a":1}']


def test_tokens_reasons_and_models_come_from_the_body_of_any_provider():
    message = {"role": "assistant", "blocks": [{"block_type": "text", "text": "Hi"}]}
    bodies = {
        "openai": {
            "id": "c1",
            "model": "m",
            "choices": [{"finish_reason": "stop"}],
            "usage": {"prompt_tokens": 5, "completion_tokens": 2},
        },
        "anthropic": {
            "id": "c1",
            "model": "m",
            "stop_reason": "stop",
            "usage": {"input_tokens": 1, "cache_read_input_tokens": 4, "output_tokens": 2},
        },
        "responses": {
            "id": "c1",
            "object": "response",
            "model": "m",
            "status": "stop",
            "usage": {"input_tokens": 5, "output_tokens": 2, "input_tokens_details": {"cached_tokens": 4}},
        },
        "gemini": {
            "responseId": "c1",
            "modelVersion": "m",
            "candidates": [{"finishReason": "stop"}],
            "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 2},
        },
        "ollama": {"id": "c1", "model": "m", "done_reason": "stop", "prompt_eval_count": 5, "eval_count": 2},
    }
    for name, raw in bodies.items():
        reading = read("llama_index", {"messages": []}, {"message": message, "raw": raw})
        assert (reading["usage"]["input_tokens"], reading["usage"]["output_tokens"]) == (5, 2), name
        assert (reading["finish_reasons"], reading["response_model"], reading["response_id"]) == (
            ["stop"],
            "m",
            "c1",
        ), name
        assert reading["output_messages"][0]["finish_reason"] == "stop"


def test_a_completion_has_a_prompt_and_a_text():
    reading = read("llama_index", {"prompt": "Once"}, {"text": " upon", "raw": None})
    assert text_of(reading["input_messages"][0]) == "Once"
    assert text_of(reading["output_messages"][0]) == " upon"
    assert "usage" not in reading


def test_a_mark_for_the_cache_is_no_words():
    blocks = [{"block_type": "text", "text": "Long"}, {"block_type": "cache", "cache_control": {"type": "ephemeral"}}]
    reading = read("llama_index", {"messages": [{"role": "user", "blocks": blocks}]}, None)
    assert reading["input_messages"][0]["parts"] == [{"type": "text", "text": "Long"}]
    assert "ephemeral" in reading["request"]
