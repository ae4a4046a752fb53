from __future__ import annotations

import json

import pytest

from agentlog.messages import assemble, read
from agentlog.messages.parts import text_of


def chunk(delta=None, finish=None, index=0, **keys):
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "model": "m",
        "choices": [{"index": index, "delta": delta or {}, "finish_reason": finish}],
        **keys,
    }


def call_piece(index, id=None, name=None, arguments=""):
    function = {"arguments": arguments, **({"name": name} if name else {})}
    return {"index": index, "function": function, **({"id": id, "type": "function"} if id else {})}


def test_chunks_of_a_chat_become_its_response():
    chunks = [
        {"id": "", "model": "", "choices": [], "prompt_filter_results": []},
        chunk({"role": "assistant", "content": "", "refusal": None}),
        chunk({"reasoning_content": "Hm"}),
        chunk({"reasoning_content": "."}),
        chunk({"content": "Hel"}),
        chunk({"content": "lo"}),
        chunk({}, "stop"),
        {"id": "c1", "model": "m", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
    ]
    body = assemble("openai.chat", chunks)
    assert body["object"] == "chat.completion"
    assert body["choices"] == [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "Hello", "reasoning_content": "Hm."},
        }
    ]
    assert (body["id"], body["model"], body["usage"]["prompt_tokens"]) == ("c1", "m", 3)


def test_parallel_calls_are_joined_by_their_index_however_they_are_mixed():
    chunks = [
        chunk({"role": "assistant", "tool_calls": [call_piece(0, "t1", "f")]}),
        chunk({"tool_calls": [call_piece(1, "t2", "g"), call_piece(0, arguments='{"a"')]}),
        chunk({"tool_calls": [call_piece(1, arguments='{"b"')]}),
        chunk({"tool_calls": [call_piece(0, arguments=":1}"), call_piece(1, arguments=":2}")]}),
        chunk({}, "tool_calls"),
    ]
    (out,) = read("openai.chat", {}, assemble("openai.chat", chunks))["output_messages"]
    assert [(part["id"], part["name"], part["arguments"]) for part in out["parts"]] == [
        ("t1", "f", '{"a":1}'),
        ("t2", "g", '{"b":2}'),
    ]


@pytest.mark.parametrize(
    "pieces",
    [
        [call_piece(0, "t1", "f", '{"a":1}'), call_piece(0, "t2", "g", '{"b":2}')],  # every call has index 0
        [
            {"id": "t1", "function": {"name": "f", "arguments": '{"a":1}'}},
            {"id": "t2", "function": {"name": "g", "arguments": '{"b":2}'}},
        ],  # no index
        [
            call_piece(0, "t1", "f", '{"a":'),
            call_piece(0, "t1", "f", "1}"),
            call_piece(1, "t2", "g", '{"b":2}'),
        ],  # said again with every piece
        [
            call_piece(0, "t1", "f", '{"a":'),
            call_piece(0, "t1x", None, "1}"),
            call_piece(1, "t2", "g", '{"b":2}'),
        ],  # an id for every piece
    ],
)
def test_servers_that_number_calls_in_their_own_way(pieces):
    body = assemble("openai.chat", [chunk({"tool_calls": [piece]}) for piece in pieces])
    (out,) = read("openai.chat", {}, body)["output_messages"]
    assert [(part["id"], part["name"], part["arguments"]) for part in out["parts"]] == [
        ("t1", "f", '{"a":1}'),
        ("t2", "g", '{"b":2}'),
    ]


def test_several_choices_function_calls_and_refusals_in_a_stream():
    chunks = [
        chunk({"content": "a"}, index=1),
        chunk({"function_call": {"name": "f", "arguments": ""}}),
        chunk({"function_call": {"arguments": "{}"}}),
        chunk({"refusal": "No"}, index=2),
        chunk({"refusal": "."}, index=2),
        chunk({}, "function_call"),
        chunk({}, "stop", index=1),
    ]
    outputs = read("openai.chat", {}, assemble("openai.chat", chunks))["output_messages"]
    assert outputs[0]["parts"][0]["name"] == "f"
    assert text_of(outputs[1]) == "a"
    assert outputs[2]["parts"] == [{"type": "text", "text": "No.", "name": "refusal"}]


def test_blocks_in_deltas_are_joined_to_text_and_thoughts():
    chunks = [
        chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "H"}]}]}),
        chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "m"}]}]}),
        chunk({"content": "4"}),
        chunk({"content": "2"}),
    ]
    (out,) = read("openai.chat", {}, assemble("openai.chat", chunks))["output_messages"]
    assert [(part["type"], part["text"]) for part in out["parts"]] == [("reasoning", "Hm"), ("text", "42")]


def test_a_stream_cut_in_the_middle_gives_what_had_come_and_no_reason():
    body = assemble(
        "openai.chat", [chunk({"content": "Hel"}), chunk({"tool_calls": [call_piece(0, "t1", "f", '{"a"')]})]
    )
    reading = read("openai.chat", {"stream": True}, body)
    assert [part.get("text") or part.get("arguments") for part in reading["output_messages"][0]["parts"]] == [
        "Hel",
        '{"a"',
    ]
    assert "finish_reasons" not in reading
    assert reading["stream"] is True


def test_an_error_in_a_stream_is_an_error_beside_what_had_come():
    reading = read(
        "openai.chat",
        {},
        assemble("openai.chat", [chunk({"content": "Hel"}), {"error": {"type": "server_error", "message": "…"}}]),
    )
    assert reading["error_type"] == "server_error"
    assert text_of(reading["output_messages"][0]) == "Hel"
    assert "output_messages" not in read("openai.chat", {}, assemble("openai.chat", [{"error": {"code": 429}}]))


def test_completions_are_joined():
    chunks = [
        {"id": "c", "model": "m", "choices": [{"index": 0, "text": text, "finish_reason": reason}]}
        for text, reason in ((" a", None), ("b", "stop"))
    ]
    (out,) = read("openai.completions", {}, assemble("openai.completions", chunks))["output_messages"]
    assert (text_of(out), out["finish_reason"]) == (" ab", "stop")


ITEMS = [
    {"type": "response.created", "response": {"id": "r1", "model": "m", "status": "in_progress", "output": []}},
    {"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning", "id": "rs", "summary": []}},
    {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "H"},
    {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "m"},
    {
        "type": "response.output_item.added",
        "output_index": 1,
        "item": {"type": "function_call", "call_id": "t1", "name": "f", "arguments": ""},
    },
    {
        "type": "response.output_item.added",
        "output_index": 2,
        "item": {"type": "message", "role": "assistant", "content": []},
    },
    {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": '{"a"'},
    {"type": "response.output_text.delta", "output_index": 2, "content_index": 0, "delta": "He"},
    {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": ":1}"},
    {"type": "response.output_text.delta", "output_index": 2, "content_index": 0, "delta": "y"},
]


def test_events_of_responses_cut_in_the_middle_are_joined_from_their_deltas():
    reading = read("openai.responses", {}, assemble("openai.responses", ITEMS))
    assert [
        (part["type"], part.get("text") or part.get("arguments")) for part in reading["output_messages"][0]["parts"]
    ] == [("reasoning", "Hm"), ("tool_call", '{"a":1}'), ("text", "Hey")]
    assert "finish_reasons" not in reading
    assert reading["response_id"] == "r1"


def test_the_last_event_of_responses_counts_for_the_whole():
    whole = {
        "id": "r1",
        "model": "m",
        "status": "incomplete",
        "incomplete_details": {"reason": "max_output_tokens"},
        "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "All"}]}],
    }
    reading = read(
        "openai.responses",
        {},
        assemble("openai.responses", [*ITEMS, {"type": "response.incomplete", "response": whole}]),
    )
    assert text_of(reading["output_messages"][0]) == "All"
    assert reading["finish_reasons"] == ["max_output_tokens"]


def test_servers_whose_last_event_leaves_the_items_out():
    done = {
        "type": "response.output_item.done",
        "output_index": 2,
        "item": {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hey"}]},
    }
    end = {"type": "response.completed", "response": {"id": "r1", "status": "completed", "output": []}}
    reading = read("openai.responses", {}, assemble("openai.responses", [*ITEMS, done, end]))
    assert text_of(reading["output_messages"][0]) == "Hey"
    assert reading["finish_reasons"] == ["completed"]


def test_errors_in_responses():
    failed = {
        "type": "response.failed",
        "response": {"status": "failed", "error": {"code": "rate_limit"}, "output": []},
    }
    assert read("openai.responses", {}, assemble("openai.responses", [failed]))["error_type"] == "rate_limit"
    assert (
        read(
            "openai.responses",
            {},
            assemble("openai.responses", [{"type": "error", "code": "server_error", "message": "…"}]),
        )["error_type"]
        == "server_error"
    )


ANTHROPIC = [
    {
        "type": "message_start",
        "message": {
            "id": "msg",
            "type": "message",
            "role": "assistant",
            "model": "m",
            "content": [],
            "stop_reason": None,
            "usage": {"input_tokens": 3, "cache_read_input_tokens": 10, "output_tokens": 1},
        },
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "sig"}},
    {"type": "content_block_start", "index": 1, "content_block": {"type": "redacted_thinking", "data": "sealed"}},
    {"type": "content_block_start", "index": 2, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 2, "delta": {"type": "text_delta", "text": "Hi"}},
    {
        "type": "content_block_start",
        "index": 3,
        "content_block": {"type": "tool_use", "id": "t1", "name": "f", "input": {}},
    },
    {
        "type": "content_block_start",
        "index": 4,
        "content_block": {"type": "tool_use", "id": "t2", "name": "g", "input": {}},
    },
    {"type": "content_block_delta", "index": 3, "delta": {"type": "input_json_delta", "partial_json": '{"a"'}},
    {"type": "content_block_delta", "index": 4, "delta": {"type": "input_json_delta", "partial_json": ""}},
    {"type": "content_block_delta", "index": 3, "delta": {"type": "input_json_delta", "partial_json": ": 1}"}},
]
END = [
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 20}},
    {"type": "message_stop"},
]


def test_events_of_anthropic_become_its_message():
    body = assemble("anthropic.messages", [*ANTHROPIC, *END])
    assert [block["type"] for block in body["content"]] == [
        "thinking",
        "redacted_thinking",
        "text",
        "tool_use",
        "tool_use",
    ]
    reading = read("anthropic.messages", {}, body)
    assert [
        (p["type"], p.get("text") or p.get("arguments") or p.get("signature"))
        for p in reading["output_messages"][0]["parts"]
    ] == [
        ("reasoning", "Hm"),
        ("reasoning", "sealed"),
        ("text", "Hi"),
        ("tool_call", '{"a": 1}'),
        ("tool_call", "{}"),
    ]
    assert reading["output_messages"][0]["parts"][0]["signature"] == "sig"
    assert (reading["usage"]["input_tokens"], reading["usage"]["output_tokens"], reading["finish_reasons"]) == (
        13,
        20,
        ["tool_use"],
    )


def test_events_of_anthropic_cut_in_the_middle_of_arguments_keep_their_text():
    reading = read("anthropic.messages", {}, assemble("anthropic.messages", ANTHROPIC[:-1]))
    assert reading["output_messages"][0]["parts"][3]["arguments"] == '{"a"'
    assert "finish_reasons" not in reading


def test_an_overloaded_anthropic_is_an_error():
    events = [*ANTHROPIC[:8], {"type": "error", "error": {"type": "overloaded_error", "message": "…"}}]
    reading = read("anthropic.messages", {}, assemble("anthropic.messages", events))
    assert reading["error_type"] == "overloaded_error"
    assert text_of(reading["output_messages"][0]) == "Hi"


def test_chunks_of_gemini_are_joined_and_thoughts_stay_apart():
    def part(one, **keys):
        return {
            "candidates": [{"index": 0, "content": {"role": "model", "parts": [one]}, **keys}],
            "usageMetadata": {"promptTokenCount": 4, "candidatesTokenCount": 2},
            "modelVersion": "m",
        }

    chunks = [
        part({"text": "H", "thought": True}),
        part({"text": "m", "thought": True}),
        part({"text": "He"}),
        part({"text": "y"}),
        part({"functionCall": {"name": "f", "args": {}}}, finishReason="STOP"),
    ]
    reading = read("gemini.generate", {}, assemble("gemini.generate", chunks))
    assert [(p["type"], p.get("text")) for p in reading["output_messages"][0]["parts"]] == [
        ("reasoning", "Hm"),
        ("text", "Hey"),
        ("tool_call", None),
    ]
    assert (reading["finish_reasons"], reading["usage"]["input_tokens"]) == (["STOP"], 4)


def test_no_events_at_all_are_an_empty_response():
    for api in ("openai.chat", "openai.completions", "openai.responses", "anthropic.messages", "gemini.generate"):
        assert read(api, {}, json.loads(json.dumps(assemble(api, []))))["stream"] is False


def test_an_api_without_streams_is_refused():
    with pytest.raises(ValueError, match="has no streams"):
        assemble("openai.embeddings", [])
