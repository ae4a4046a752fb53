from __future__ import annotations

import json

from agentlog.messages import read
from agentlog.messages.parts import text_of

PNG = "iVBORw0KGgo="


def ask(**body):
    return {"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Hi"}], **body}


def answer(message, finish="stop", **body):
    return {
        "id": "chatcmpl-1",
        "model": "gpt-5-mini-2026",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        **body,
    }


def test_a_plain_chat_is_read_into_its_columns():
    reading = read(
        "openai.chat",
        ask(
            messages=[{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Hi", "name": "ada"}],
            temperature=0,
            stream=False,
        ),
        answer(
            {"role": "assistant", "content": "Hello!"},
            usage={"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9},
        ),
    )
    assert reading == {
        "stream": False,
        "input_messages": [
            {"role": "developer", "parts": [{"type": "text", "text": "Be brief."}]},
            {"role": "user", "name": "ada", "parts": [{"type": "text", "text": "Hi"}]},
        ],
        "output_messages": [
            {"role": "assistant", "parts": [{"type": "text", "text": "Hello!"}], "finish_reason": "stop"}
        ],
        "request": '{"temperature": 0, "stream": false}',
        "usage": {
            "input_tokens": 7,
            "output_tokens": 2,
            "cache_read_input_tokens": None,
            "cache_creation_input_tokens": None,
            "reasoning_output_tokens": None,
        },
        "finish_reasons": ["stop"],
        "request_model": "gpt-5-mini",
        "response_model": "gpt-5-mini-2026",
        "response_id": "chatcmpl-1",
    }


def test_parallel_tool_calls_and_their_results_keep_ids_names_and_arguments_as_written():
    calls = [
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}},
        {"id": "c2", "type": "function", "function": {"name": "g", "arguments": "{broken"}},
        {"id": "c3", "type": "function", "function": {"name": "h", "arguments": ""}},
    ]
    results = [
        {"role": "tool", "tool_call_id": "c1", "name": "f", "content": "ok"},
        {"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": "no"}]},
    ]
    history = [{"role": "user", "content": "Go"}, {"role": "assistant", "content": None, "tool_calls": calls}, *results]
    reading = read(
        "openai.chat",
        ask(messages=history),
        answer({"role": "assistant", "content": "", "tool_calls": calls}, "tool_calls"),
    )
    (out,) = reading["output_messages"]
    assert [(part["id"], part["name"], part["arguments"]) for part in out["parts"]] == [
        ("c1", "f", '{"a":1}'),
        ("c2", "g", "{broken"),
        ("c3", "h", "{}"),
    ]
    assert [message["role"] for message in reading["input_messages"]] == ["user", "assistant", "tool", "tool"]
    assert reading["input_messages"][1]["parts"] == out["parts"]
    assert reading["input_messages"][2]["parts"] == [
        {"type": "tool_call_response", "id": "c1", "name": "f", "result": "ok"}
    ]
    assert reading["input_messages"][3]["parts"] == [
        {"type": "tool_call_response", "id": "c2", "name": None, "result": "no"}
    ]


def test_a_free_form_tool_call_has_one_json_string_as_arguments():
    call = {"id": "c1", "type": "custom", "custom": {"name": "sql", "input": 'SELECT "a"'}}
    (out,) = read("openai.chat", ask(), answer({"role": "assistant", "tool_calls": [call]}))["output_messages"]
    assert json.loads(out["parts"][0]["arguments"]) == 'SELECT "a"'


def test_the_old_functions_are_read_as_tools():
    functions = [{"name": "add", "description": "Adds.", "parameters": {"type": "object"}}]
    history = [
        {"role": "user", "content": "1+1"},
        {"role": "assistant", "content": None, "function_call": {"name": "add", "arguments": "{}"}},
        {"role": "function", "name": "add", "content": "2"},
    ]
    reading = read(
        "openai.chat",
        {"model": "gpt-3.5-turbo", "messages": history, "functions": functions, "function_call": "auto"},
        answer(
            {"role": "assistant", "content": None, "function_call": {"name": "add", "arguments": '{"a": 1}'}},
            "function_call",
        ),
    )
    assert json.loads(reading["tool_definitions"]) == [{"type": "function", "function": functions[0]}]
    assert reading["output_messages"][0]["parts"] == [
        {"type": "tool_call", "id": None, "name": "add", "arguments": '{"a": 1}'}
    ]
    assert reading["input_messages"][2] == {
        "role": "tool",
        "parts": [{"type": "tool_call_response", "id": None, "name": "add", "result": "2"}],
    }
    request = json.loads(reading["request"])
    assert request["function_call"] == "auto"
    assert request["functions"] is True  # so that it can be sent again in its old shape
    assert request["extras"]["input_messages[2]"] == {"role": "function"}


def test_several_choices_are_several_messages_with_their_finish_reasons():
    choices = [
        {"index": n, "message": {"role": "assistant", "content": text}, "finish_reason": why}
        for n, (text, why) in enumerate([("a", "stop"), ("b", "length")])
    ]
    reading = read("openai.chat", ask(n=2), {"choices": choices})
    assert [(text_of(one), one["finish_reason"]) for one in reading["output_messages"]] == [
        ("a", "stop"),
        ("b", "length"),
    ]
    assert reading["finish_reasons"] == ["stop", "length"]


def test_pictures_sounds_and_files_become_blobs_uris_and_files():
    content = [
        {"type": "text", "text": "Look"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}", "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}},
    ]
    reading = read("openai.chat", ask(messages=[{"role": "user", "content": content}]), None)
    assert reading["input_messages"][0]["parts"] == [
        {"type": "text", "text": "Look"},
        {"type": "blob", "mime_type": "image/png", "bytes": 8, "data": PNG},
        {"type": "uri", "uri": "https://example.com/a.png", "mime_type": None},
        {"type": "blob", "mime_type": "audio/wav", "bytes": 3, "data": "AAAA"},
        {"type": "file", "id": "file-1", "mime_type": None},
        {"type": "blob", "mime_type": "application/pdf", "bytes": 3, "data": "AAAA"},
    ]
    assert json.loads(reading["request"])["extras"] == {
        "input_messages[0].parts[1]": {"detail": "low"},
        "input_messages[0].parts[5]": {"filename": "a.pdf"},
    }


def test_a_picture_in_a_tools_result_is_a_blob_behind_the_result():
    content = [
        {"type": "text", "text": "the chart"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
    ]
    reading = read("openai.chat", ask(messages=[{"role": "tool", "tool_call_id": "c1", "content": content}]), None)
    response, picture = reading["input_messages"][0]["parts"]
    assert json.loads(response["result"]) == [
        {"type": "text", "text": "the chart"},
        {"type": "blob", "mime_type": "image/png"},
    ]
    assert picture["data"] == PNG
    assert PNG not in response["result"]


def test_a_refusal_is_text_that_says_what_it_is():
    (out,) = read("openai.chat", ask(), answer({"role": "assistant", "content": None, "refusal": "I can't help."}))[
        "output_messages"
    ]
    assert out["parts"] == [{"type": "text", "text": "I can't help.", "name": "refusal"}]


def test_reasoning_beside_the_content_comes_before_it():
    for key in ("reasoning_content", "reasoning"):
        (out,) = read("openai.chat", ask(), answer({"role": "assistant", "content": "4", key: "2+2"}))[
            "output_messages"
        ]
        assert [(part["type"], part["text"]) for part in out["parts"]] == [("reasoning", "2+2"), ("text", "4")]


def test_signed_and_sealed_reasoning_details_keep_order_and_signature():
    details = [
        {"type": "reasoning.text", "text": "First", "signature": "sig1"},
        {"type": "reasoning.encrypted", "data": "sealed"},
    ]
    message = {"role": "assistant", "content": "ok", "reasoning": "First", "reasoning_details": details}
    (out,) = read("openai.chat", ask(), answer(message))["output_messages"]
    assert [(p["type"], p["text"], p.get("signature")) for p in out["parts"]] == [
        ("reasoning", "First", "sig1"),
        ("reasoning", None, "sealed"),
        ("text", "ok", None),
    ]


def test_spoken_answers_are_their_transcript_and_a_blob():
    message = {
        "role": "assistant",
        "content": None,
        "audio": {"id": "a1", "data": "AAAA", "transcript": "Hello", "expires_at": 1},
    }
    (out,) = read("openai.chat", ask(), answer(message))["output_messages"]
    assert [part["type"] for part in out["parts"]] == ["text", "blob"]


def test_tools_and_schemas_of_an_answer_stay_whole_and_are_said_once():
    tool = {
        "type": "function",
        "function": {
            "name": "f",
            "description": "d",
            "parameters": {"type": "object", "properties": {"password": {}}},
            "strict": True,
        },
    }
    schema = {
        "type": "json_schema",
        "json_schema": {"name": "A", "schema": {"properties": {"token": {"type": "string"}}}},
    }
    reading = read("openai.chat", ask(tools=[tool], tool_choice="required", response_format=schema), None)
    assert json.loads(reading["tool_definitions"]) == [tool]
    assert json.loads(reading["request"]) == {"tool_choice": "required", "response_format": schema}


def test_a_logged_weight_and_other_keys_of_a_message_are_kept():
    reading = read("openai.chat", ask(messages=[{"role": "assistant", "content": "a", "weight": 0}]), None)
    assert json.loads(reading["request"])["extras"] == {"input_messages[0]": {"weight": 0}}


def test_an_error_body_says_its_type_and_has_no_output():
    reading = read("openai.chat", ask(), {"error": {"message": "no", "type": "invalid_request_error", "code": None}})
    assert reading["error_type"] == "invalid_request_error"
    assert "output_messages" not in reading
    azure = {"error": {"message": "no", "type": None, "code": "content_filter", "status": 400}}
    assert read("openai.chat", ask(), azure)["error_type"] == "content_filter"


def test_an_empty_answer_is_a_message_without_parts():
    assert read("openai.chat", ask(), answer({"role": "assistant", "content": None}))["output_messages"] == [
        {"role": "assistant", "parts": [], "finish_reason": "stop"}
    ]


def test_a_gateways_envelope_is_opened():
    body = {"status": 200, "data": {"data": answer({"role": "assistant", "content": "Hi"})}}
    assert text_of(read("openai.chat", ask(), body)["output_messages"][0]) == "Hi"


def test_completions_have_a_users_message_for_each_prompt():
    reading = read(
        "openai.completions",
        {"model": "davinci", "prompt": ["One", "Two"], "max_tokens": 1},
        {
            "choices": [
                {"index": 0, "text": " 1", "finish_reason": "length"},
                {"index": 1, "text": " 2", "finish_reason": "stop"},
            ]
        },
    )
    assert [text_of(one) for one in reading["input_messages"]] == ["One", "Two"]
    assert [(text_of(one), one["finish_reason"]) for one in reading["output_messages"]] == [
        (" 1", "length"),
        (" 2", "stop"),
    ]


def test_embeddings_keep_texts_and_neither_vectors_nor_tokens():
    reading = read(
        "openai.embeddings",
        {"model": "e", "input": ["a text", [1, 2, 3]], "dimensions": 2},
        {"data": [{"embedding": [0.125, 0.25]}], "model": "e-1", "usage": {"prompt_tokens": 3, "total_tokens": 3}},
    )
    assert [text_of(one) for one in reading["input_messages"]] == ["a text", "<3 tokens>"]
    assert "0.125" not in json.dumps(reading)
    assert reading["usage"]["input_tokens"] == 3
    assert reading["request"] == '{"dimensions": 2}'
