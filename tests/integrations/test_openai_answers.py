"""How chunks become one body: the odd ways in which servers that speak OpenAI's API send them."""

from __future__ import annotations

from typing import Any

import pytest
from openai.types.chat import ChatCompletionChunk

from agentlog_openai.answers import ChatAnswer, ResponsesAnswer, plain, streamed
from agentlog_stainless.answers import RawAnswer, sent_events


def chat(*deltas: dict[str, Any], **last: Any) -> dict[str, Any]:
    answer = ChatAnswer()
    for delta in deltas:
        answer.add({"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta}]})
    if last:
        answer.add({"id": "c", "model": "m", **last})
    return answer.body()["choices"][0]["message"]


def call(
    index: int | None = None, id: str | None = None, name: str | None = None, arguments: str = ""
) -> dict[str, Any]:
    function = {"arguments": arguments, **({"name": name} if name else {})}
    piece = {"index": index, "id": id, "type": "function" if id else None, "function": function}
    return {"tool_calls": [{key: value for key, value in piece.items() if value is not None}]}


def test_parallel_tool_calls_are_told_apart_by_index():
    message = chat(
        call(0, "a", "add"),
        call(0, arguments='{"x":'),
        call(1, "b", "sub"),
        call(0, arguments="1}"),
        call(1, arguments="{}"),
    )
    assert message["tool_calls"] == [
        {"id": "a", "type": "function", "function": {"name": "add", "arguments": '{"x":1}'}},
        {"id": "b", "type": "function", "function": {"name": "sub", "arguments": "{}"}},
    ]


def test_tool_calls_that_all_have_the_index_0_are_told_apart_by_id():
    message = chat(call(0, "a", "add", "{}"), call(0, "b", "sub", "{}"))
    assert [one["id"] for one in message["tool_calls"]] == ["a", "b"]


def test_tool_calls_without_an_index_go_on_where_the_last_one_stopped():
    message = chat(call(None, "a", "add", "{"), call(None, arguments="}"), call(None, "b", "sub", "{}"))
    assert [one["function"]["arguments"] for one in message["tool_calls"]] == ["{}", "{}"]


def test_a_name_and_an_id_that_come_with_every_piece_are_written_once():
    message = chat(call(0, "a", "add", "{"), call(0, "a", "add", "}"))
    assert message["tool_calls"] == [{"id": "a", "type": "function", "function": {"name": "add", "arguments": "{}"}}]


def test_reasoning_refusals_and_other_texts_grow_like_content():
    message = chat(
        {"role": "assistant", "reasoning_content": "Let me "},
        {"reasoning_content": "think."},
        {"refusal": "No"},
        {"refusal": "."},
    )
    assert message == {"role": "assistant", "reasoning_content": "Let me think.", "refusal": "No."}


def test_blocks_among_text_are_kept_in_their_order():
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
    assert chat({"content": [thinking]}, {"content": "So "}, {"content": "be it."})["content"] == [
        thinking,
        "So ",
        "be it.",
    ]
    assert chat({"content": "So"}, {"content": [thinking]})["content"] == ["So", thinking]


def test_pieces_of_a_thought_and_of_a_text_are_one_block_each():
    # Mistral: every token is a block of its own
    def thought(text: str) -> dict[str, Any]:
        return {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": text}]}]}

    message = chat(thought("So "), thought("be it."), {"content": [{"type": "text", "text": "Ye"}]}, {"content": "s"})
    assert message["content"] == [
        {"type": "thinking", "thinking": [{"type": "text", "text": "So be it."}]},
        {"type": "text", "text": "Ye"},
        "s",
    ]


def test_a_thought_and_its_seal_are_two_blocks_though_they_have_one_index():
    # OpenRouter
    summary = {"type": "reasoning.summary", "index": 0, "id": "rs_1"}
    message = chat(
        {"reasoning_details": [{**summary, "summary": "Let me "}]},
        {"reasoning_details": [{**summary, "summary": "think."}]},
        {"reasoning_details": [{"type": "reasoning.encrypted", "index": 0, "id": "rs_1", "data": "gAAA"}]},
    )
    assert message["reasoning_details"] == [
        {**summary, "summary": "Let me think."},
        {"type": "reasoning.encrypted", "index": 0, "id": "rs_1", "data": "gAAA"},
    ]


def test_groq_says_the_tokens_of_a_stream_in_a_place_of_its_own():
    answer = ChatAnswer()
    answer.add({"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}]})
    answer.add({"id": "c", "model": "m", "choices": [], "x_groq": {"id": "r", "usage": {"prompt_tokens": 3}}})
    assert answer.body()["usage"] == {"prompt_tokens": 3}


def test_several_choices_and_log_probabilities():
    answer = ChatAnswer()
    for index, text in ((1, "b"), (0, "a"), (1, "B"), (0, "A")):
        token = {"token": text, "logprob": -0.1}
        answer.add({"choices": [{"index": index, "delta": {"content": text}, "logprobs": {"content": [token]}}]})
    assert not answer.complete
    for index in (0, 1):
        answer.add({"choices": [{"index": index, "delta": {}, "finish_reason": "stop"}]})
    assert answer.complete
    first, second = answer.body()["choices"]
    assert (first["message"]["content"], second["message"]["content"]) == ("aA", "bB")
    assert [one["token"] for one in second["logprobs"]["content"]] == ["b", "B"]


def test_azure_begins_with_a_chunk_without_model_id_and_choices():
    answer = ChatAnswer()
    answer.add({"id": "", "model": "", "choices": [], "prompt_filter_results": [{"prompt_index": 0}]})
    answer.add(
        {"id": "c", "model": "gpt", "choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}]}
    )
    body = answer.body()
    assert (body["id"], body["model"], body["prompt_filter_results"]) == ("c", "gpt", [{"prompt_index": 0}])


def test_the_sdks_own_chunks_are_read_with_the_fields_that_it_does_not_know():
    answer = ChatAnswer()
    for text in ("a", "b"):
        piece = {"index": 0, "delta": {"content": text, "reasoning_content": text.upper()}}
        answer.add(
            ChatCompletionChunk.construct(id="c", model="m", choices=[piece], x_groq={"usage": {"total_tokens": 3}})
        )
    body = answer.body()
    assert body["choices"][0]["message"] == {"content": "ab", "reasoning_content": "AB"}
    assert body["x_groq"] == {"usage": {"total_tokens": 3}}


@pytest.mark.parametrize(
    ("kind", "event", "item"),
    [
        (
            "response.refusal.delta",
            {"content_index": 0},
            {"type": "message", "content": [{"type": "refusal", "refusal": "ab"}]},
        ),
        ("response.function_call_arguments.delta", {}, {"arguments": "ab"}),
        ("response.custom_tool_call_input.delta", {}, {"input": "ab"}),
        ("response.code_interpreter_call_code.delta", {}, {"code": "ab"}),
        (
            "response.reasoning_summary_text.delta",
            {"summary_index": 1},
            {
                "type": "reasoning",
                "summary": [{"type": "summary_text", "text": ""}, {"type": "summary_text", "text": "ab"}],
            },
        ),
    ],
)
def test_every_kind_of_item_of_responses_grows_by_its_deltas(kind, event, item):
    answer = ResponsesAnswer()
    for delta in "ab":
        answer.add({"type": kind, "output_index": 2, "delta": delta, **event})
    assert answer.body()["output"] == [item]
    assert not answer.complete


def test_an_item_that_is_done_counts_and_not_its_deltas():
    answer = ResponsesAnswer()
    answer.add(
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "function_call", "name": "add"}}
    )
    answer.add({"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "{"})
    assert answer.body()["output"] == [{"type": "function_call", "name": "add", "arguments": "{"}]
    done = {"type": "function_call", "name": "add", "arguments": "{}"}
    answer.add({"type": "response.output_item.done", "output_index": 0, "item": done})
    # some backends end without the output, whose items came before
    answer.add({"type": "response.completed", "response": {"id": "r", "status": "completed", "output": []}})
    assert answer.complete
    assert answer.body()["output"] == [done]


def test_the_sdks_own_events_are_read():
    types = pytest.importorskip("openai.types.responses", reason="this release has no Responses")
    answer = streamed("openai.responses")
    answer.add(
        types.ResponseTextDeltaEvent.construct(
            type="response.output_text.delta",
            output_index=0,
            content_index=0,
            delta="x",
            item_id="m",
            sequence_number=1,
        )
    )
    assert answer.body()["output"][0]["content"] == [{"type": "output_text", "text": "x"}]


def test_raw_bytes_may_be_cut_anywhere():
    answer = RawAnswer(lambda body: plain(body, "openai.chat"), lambda: streamed("openai.chat"), sent_events)
    for one in (b'data: {"choices": [{"index": 0, "delta": {"cont', b'ent": "a"}}]}\n\n: ping\n\ndata: {"choi'):
        answer.add(one)
    assert answer.body()["choices"] == [{"index": 0, "message": {"content": "a"}}]
    assert not answer.complete


def test_a_body_that_is_no_json_is_kept_as_text():
    assert plain(b"upstream is down", "openai.chat") == "upstream is down"
