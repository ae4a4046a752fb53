from __future__ import annotations

import copy
import random

import pyarrow as pa
import pytest

from agentlog.messages import DIALECTS, assemble, read
from agentlog.storage.schema import CALLS

ODD = [
    None,
    "",
    0,
    -1,
    1.5,
    True,
    [],
    {},
    "x",
    ["y"],
    {"a": 1},
    [None],
    [[]],
    b"\xff",
    {1: 2},
    float("nan"),
    [1, 2],
    {"type": None},
    {"type": ["a"]},
    2**70,
]

CONTENT = [
    {"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}},
    {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
    {"type": "thinking", "thinking": "t", "signature": "s"},
    {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}},
    {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "r"}]},
    {"type": "reasoning", "id": "rs", "summary": [{"text": "s"}], "encrypted_content": "e"},
    {"type": "web_search_call", "id": "w", "action": {"query": "q"}},
    {"block_type": "tool_call", "tool_call_id": "t2", "tool_name": "g", "tool_kwargs": {}},
]
MESSAGE = {
    "role": "assistant",
    "type": "ai",
    "content": CONTENT,
    "blocks": CONTENT,
    "parts": [
        {"text": "a"},
        {"functionCall": {"name": "f", "args": {}}},
        {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
    ],
    "tool_calls": [{"id": "t3", "function": {"name": "f", "arguments": "{}"}, "name": "f", "args": {}}],
    "additional_kwargs": {
        "reasoning_content": "r",
        "tool_calls": [{"id": "t3", "function": {"name": "f", "arguments": "{}"}}],
    },
    "usage_metadata": {"input_tokens": 1, "input_token_details": {"cache_read": 1}},
    "response_metadata": {"finish_reason": "stop", "usage": {"input_tokens": 1}},
}
REQUEST = {
    "model": "m",
    "messages": [MESSAGE, {"role": "tool", "type": "tool", "tool_call_id": "t3", "content": CONTENT}],
    "input": [MESSAGE, *CONTENT],
    "contents": [MESSAGE],
    "prompt": ["p", [1, 2]],
    "prompts": ["p"],
    "system": CONTENT,
    "instructions": "i",
    "systemInstruction": MESSAGE,
    "tools": [
        {"type": "function", "function": {"name": "f", "parameters": {}}},
        {"name": "g", "input_schema": {"type": "OBJECT"}},
        {"functionDeclarations": [{"name": "h"}]},
    ],
    "params": {"model": "m", "tools": []},
    "metadata": {"user_id": "u"},
}
RESPONSE = {
    "id": "r",
    "model": "m",
    "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "stop"}],
    "candidates": [{"content": MESSAGE, "finishReason": "STOP"}],
    "output": [{"type": "message", **MESSAGE}, *CONTENT],
    "content": CONTENT,
    "usage": {"input_tokens": 1, "cache_read_input_tokens": 2},
    "usageMetadata": {"promptTokenCount": 1},
    "generations": [MESSAGE],
    "message": MESSAGE,
    "raw": {"usage": {"prompt_tokens": 1}, "choices": [{"finish_reason": "stop"}]},
}
EVENTS = [
    {"type": "message_start", "message": {"usage": {"input_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "tool_use", "input": {}}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": "{}"}},
    {"type": "message_delta", "delta": {"stop_reason": "x"}, "usage": {"output_tokens": 1}},
    {
        "choices": [
            {
                "index": 0,
                "delta": {
                    "content": "a",
                    "tool_calls": [{"index": 0, "id": "t", "function": {"name": "f", "arguments": "{"}}],
                },
            }
        ]
    },
    {
        "choices": [
            {
                "index": 0,
                "delta": {
                    "content": [{"type": "text", "text": "b"}],
                    "audio": {"data": "A"},
                    "tool_calls": [{"index": 0, "function": {"arguments": "}"}}],
                },
            }
        ]
    },
    {"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "content": []}},
    {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "a"},
    {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 1, "delta": "a"},
    {"candidates": [{"index": 0, "content": {"parts": [{"text": "a"}, {"text": "b"}]}}]},
    {"type": "response.completed", "response": {"status": "completed", "output": []}},
]


def places(value, place=()):
    yield place
    if isinstance(value, dict):
        for key, one in value.items():
            yield from places(one, (*place, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places(one, (*place, number))


def spoilt(value, chance):
    """A copy of `value` in which one to three places hold something odd."""
    made = copy.deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        place = chance.choice([one for one in places(made) if one])
        holder = made
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = copy.deepcopy(chance.choice(ODD))
    return made


def without_data(value):
    if isinstance(value, dict):
        return {key: without_data(one) for key, one in value.items() if key != "data"}
    return [without_data(one) for one in value] if isinstance(value, list) else value


def check_columns(reading):
    """What was read fits the dataset's columns; a blob's data is taken out by the redactor."""
    for column in set(reading) & set(CALLS.names):
        pa.array([without_data(reading[column])], CALLS.field(column).type)
    assert all(
        "extra" not in part
        for key in ("input_messages", "output_messages")
        for one in reading.get(key, ())
        for part in one["parts"]
    )


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_odd_values_anywhere_are_read_and_fit_the_columns(dialect):
    chance = random.Random(dialect)
    for _ in range(80):
        check_columns(read(dialect, *as_dicts(spoilt(REQUEST, chance), spoilt(RESPONSE, chance))))


@pytest.mark.parametrize(
    "api", ["openai.chat", "openai.completions", "openai.responses", "anthropic.messages", "gemini.generate"]
)
def test_odd_values_anywhere_in_a_stream_are_joined(api):
    chance = random.Random(api)
    for _ in range(80):
        check_columns(read(api, {}, assemble(api, spoilt(EVENTS, chance))))


def as_dicts(request, response):
    # of a wholly different shape, and refused: see test_plain_dialects
    for held, keys in ((request, ("params",)), (response, ("llm_output",))):
        for key in keys:
            if not isinstance(held.get(key), dict):
                held[key] = {}
    return request, response
