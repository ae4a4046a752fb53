from __future__ import annotations

import json

from agentlog.messages import read
from agentlog.messages.parts import text_of

REASONING = {
    "type": "reasoning",
    "id": "rs_1",
    "summary": [{"type": "summary_text", "text": "I add."}],
    "encrypted_content": "sealed",
}
CALL = {
    "type": "function_call",
    "id": "fc_1",
    "call_id": "call_1",
    "name": "add",
    "arguments": '{"a":1}',
    "status": "completed",
}
TEXT = {
    "type": "message",
    "id": "msg_1",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "2", "annotations": []}],
}


def respond(*output, **body):
    return {
        "object": "response",
        "id": "resp_1",
        "model": "gpt-5",
        "status": "completed",
        "output": list(output),
        **body,
    }


def test_instructions_are_system_instructions_and_a_text_is_a_users_message():
    reading = read(
        "openai.responses", {"model": "gpt-5", "input": "1+1?", "instructions": "Add.", "store": False}, respond(TEXT)
    )
    assert reading["system_instructions"] == [{"type": "text", "text": "Add."}]
    assert reading["input_messages"] == [{"role": "user", "parts": [{"type": "text", "text": "1+1?"}]}]
    assert reading["output_messages"] == [
        {"role": "assistant", "parts": [{"type": "text", "text": "2"}], "finish_reason": "completed"}
    ]
    assert reading["request"] == '{"store": false}'
    assert (reading["response_id"], reading["response_model"]) == ("resp_1", "gpt-5")


def test_what_a_model_says_in_one_go_is_one_message_and_the_same_when_it_comes_back_as_history():
    first = read("openai.responses", {"input": [{"role": "user", "content": "1+1?"}]}, respond(REASONING, CALL))
    result = {"type": "function_call_output", "call_id": "call_1", "output": "2"}
    second = read(
        "openai.responses", {"input": [{"role": "user", "content": "1+1?"}, REASONING, CALL, result]}, respond(TEXT)
    )
    said = first["output_messages"][0]["parts"]
    assert said == [
        {"type": "reasoning", "id": "rs_1", "text": "I add.", "signature": "sealed"},
        {"type": "tool_call", "id": "call_1", "name": "add", "arguments": '{"a":1}'},
    ]
    assert [one["role"] for one in second["input_messages"]] == ["user", "assistant", "tool"]
    assert second["input_messages"][1]["parts"] == said
    assert second["input_messages"][2]["parts"] == [
        {"type": "tool_call_response", "id": "call_1", "name": None, "result": "2"}
    ]


def test_two_texts_in_one_answer_stay_two_parts():
    (out,) = read("openai.responses", {"input": "x"}, respond(TEXT, CALL, TEXT))["output_messages"]
    assert [part["type"] for part in out["parts"]] == ["text", "tool_call", "text"]


def test_an_incomplete_answer_says_why():
    body = respond(TEXT, status="incomplete", incomplete_details={"reason": "max_output_tokens"})
    assert read("openai.responses", {"input": "x"}, body)["finish_reasons"] == ["max_output_tokens"]


def test_a_failed_answer_is_an_error():
    body = respond(status="failed", error={"code": "server_error", "message": "…"})
    assert read("openai.responses", {"input": "x"}, body)["error_type"] == "server_error"


def test_refusals_and_free_form_calls_are_read():
    refusal = {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}
    custom = {"type": "custom_tool_call", "call_id": "c2", "name": "sql", "input": "SELECT 1"}
    (out,) = read("openai.responses", {"input": "x"}, respond(refusal, custom))["output_messages"]
    assert out["parts"] == [
        {"type": "text", "text": "No.", "name": "refusal"},
        {"type": "tool_call", "id": "c2", "name": "sql", "arguments": '"SELECT 1"'},
    ]


def test_a_tool_at_the_provider_is_a_call_and_its_answer_in_the_same_message():
    ran = {
        "type": "mcp_call",
        "id": "mcp_1",
        "name": "ask",
        "arguments": '{"q": "x"}',
        "output": "found",
        "server_label": "wiki",
    }
    code = {
        "type": "code_interpreter_call",
        "id": "ci_1",
        "code": "print(1)",
        "outputs": [{"type": "logs", "logs": "1"}],
        "container_id": "k",
    }
    search = {
        "type": "web_search_call",
        "id": "ws_1",
        "action": {"type": "search", "query": "q"},
        "status": "completed",
    }
    (out,) = read("openai.responses", {"input": "x"}, respond(ran, code, search))["output_messages"]
    assert [(p["type"], p["id"], p["name"]) for p in out["parts"]] == [
        ("tool_call", "mcp_1", "ask"),
        ("tool_call_response", "mcp_1", "ask"),
        ("tool_call", "ci_1", "code_interpreter"),
        ("tool_call_response", "ci_1", "code_interpreter"),
        ("tool_call", "ws_1", "web_search"),
    ]
    assert out["parts"][1]["result"] == "found"
    assert json.loads(out["parts"][2]["arguments"]) == {"code": "print(1)"}
    assert json.loads(out["parts"][4]["arguments"]) == {"type": "search", "query": "q"}


def test_a_picture_that_was_made_is_a_blob():
    item = {
        "type": "image_generation_call",
        "id": "ig_1",
        "status": "completed",
        "result": "AAAA",
        "output_format": "jpeg",
        "revised_prompt": "a cat",
    }
    (out,) = read("openai.responses", {"input": "x"}, respond(item))["output_messages"]
    assert out["parts"][1] == {"type": "blob", "mime_type": "image/jpeg", "bytes": 3, "data": "AAAA"}


def test_media_in_input_items():
    content = [
        {"type": "input_text", "text": "See"},
        {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "auto"},
        {"type": "input_image", "file_id": "file-2"},
        {"type": "input_file", "file_url": "https://example.com/a.pdf"},
    ]
    reading = read("openai.responses", {"input": [{"role": "user", "content": content}]}, None)
    assert [part["type"] for part in reading["input_messages"][0]["parts"]] == ["text", "blob", "file", "uri"]


def test_flat_tools_take_the_shape_of_the_chat_api_and_keys_of_servers_are_left_out():
    tools = [
        {"type": "function", "name": "add", "description": "Adds.", "parameters": {"type": "object"}, "strict": True},
        {
            "type": "mcp",
            "server_label": "wiki",
            "server_url": "https://example.com",
            "authorization": "secret",
            "headers": {"X": "secret"},
        },
        {"type": "custom", "name": "sql"},
    ]
    definitions = json.loads(read("openai.responses", {"input": "x", "tools": tools}, None)["tool_definitions"])
    assert definitions == [
        {
            "type": "function",
            "function": {"name": "add", "description": "Adds.", "parameters": {"type": "object"}, "strict": True},
        },
        {"type": "mcp", "server_label": "wiki", "server_url": "https://example.com"},
        {"type": "custom", "name": "sql"},
    ]


def test_an_item_of_an_unknown_kind_is_kept_as_its_json():
    item = {"type": "quantum_state", "amplitude": 0.5}
    (message,) = read("openai.responses", {"input": [item]}, None)["input_messages"]
    (part,) = message["parts"]
    assert (part["name"], part["mime_type"], json.loads(part["text"])) == ("quantum_state", "application/json", item)


def test_texts_among_items_keep_their_place():
    reading = read("openai.responses", {"input": ["first", {"role": "user", "content": "second"}]}, None)
    assert [text_of(one) for one in reading["input_messages"]] == ["first", "second"]
