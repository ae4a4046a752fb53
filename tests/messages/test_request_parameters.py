from __future__ import annotations

import json

from agentlog.messages import read


def test_no_credential_and_no_header_is_ever_kept():
    request = {
        "messages": [],
        "model": "m",
        "api_key": "secret",
        "extra_headers": {"Authorization": "secret"},
        "timeout": 3,
        "organization": "secret",
        "extra_body": {"top_k": 3, "token": "secret"},
        "web": {"authorization": "secret", "url": "https://example.com", "x-api-key": "secret"},
        "tools": [{"type": "mcp", "authorization": "secret"}],
    }
    reading = read("openai.chat", request, None)
    assert "secret" not in json.dumps(reading)
    assert json.loads(reading["request"]) == {"top_k": 3, "web": {"url": "https://example.com"}}


def test_names_inside_schemas_are_no_credentials():
    schema = {
        "type": "json_schema",
        "json_schema": {"schema": {"properties": {"password": {"type": "string"}, "token": {}}}},
    }
    assert json.loads(read("openai.chat", {"messages": [], "response_format": schema}, None)["request"]) == {
        "response_format": schema
    }


def test_what_is_null_is_not_a_parameter_and_nothing_is_no_text():
    assert "request" not in read("openai.chat", {"messages": [], "temperature": None}, None)


def test_a_users_id_goes_to_its_own_column():
    reading = read("openai.chat", {"messages": [], "user": "u-1", "seed": 3}, None)
    assert (reading["user"], reading["request"]) == ("u-1", '{"seed": 3}')


def test_reading_leaves_what_it_reads_as_it_was():
    request = {
        "messages": [{"role": "user", "content": [{"type": "text", "text": "a", "cache_control": {}}]}],
        "metadata": {"user_id": "u"},
        "extra_body": {"a": 1},
    }
    response = {
        "choices": [
            {
                "message": {
                    "role": "assistant",
                    "tool_calls": [{"id": "t", "function": {"name": "f", "arguments": "{}"}}],
                }
            }
        ]
    }
    before = json.dumps([request, response])
    read("openai.chat", request, response)
    read("messages", {"input": request["messages"]}, {"output": response})
    assert json.dumps([request, response]) == before


def test_reasons_and_errors_are_words_for_they_are_not_redacted():
    body = {
        "choices": [{"message": {"role": "assistant", "content": "x"}, "finish_reason": "because Ada said so"}],
        "error": {"type": "Ada Lovelace is not allowed", "code": "forbidden"},
    }
    reading = read("openai.chat", {"messages": []}, body)
    assert reading["finish_reasons"] == ["other"]
    assert reading["output_messages"][0]["finish_reason"] == "other"
    assert reading["error_type"] == "forbidden"


def test_kinds_of_blocks_and_files_are_words_for_they_are_not_redacted():
    content = [
        {"type": "Ada's own kind", "x": 1},
        {"type": "image_url", "image_url": {"url": "data:of Ada Lovelace;base64,AAAA"}},
        {"type": "image_url", "image_url": {"url": "data:image/svg+xml;base64,AAAA"}},
    ]
    (message,) = read("openai.chat", {"messages": [{"role": "user", "content": content}]}, None)["input_messages"]
    assert [part.get("name") for part in message["parts"]] == [None, None, None]
    assert [part["mime_type"] for part in message["parts"]] == ["application/json", None, "image/svg+xml"]
