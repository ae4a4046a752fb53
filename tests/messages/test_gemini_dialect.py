from __future__ import annotations

import json

from agentlog.messages import read
from agentlog.messages.parts import text_of

CALL = {"functionCall": {"name": "add", "args": {"a": 1}}, "thoughtSignature": "sig"}


def test_roles_calls_answers_and_usage():
    request = {
        "model": "gemini-3",
        "systemInstruction": {"role": "user", "parts": [{"text": "Add."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "1+1"}, {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]},
            {"role": "model", "parts": [CALL]},
            {"role": "user", "parts": [{"functionResponse": {"name": "add", "response": {"result": 2}}}]},
        ],
        "tools": [
            {
                "functionDeclarations": [
                    {
                        "name": "add",
                        "description": "Adds.",
                        "parameters": {"type": "OBJECT", "properties": {"type": {"type": "STRING"}}},
                    }
                ]
            },
            {"googleSearch": {}},
        ],
        "generationConfig": {"temperature": 0},
    }
    body = {
        "candidates": [
            {
                "content": {"role": "model", "parts": [{"text": "Two? ", "thought": True}, {"text": "2"}]},
                "finishReason": "STOP",
            }
        ],
        "usageMetadata": {
            "promptTokenCount": 10,
            "candidatesTokenCount": 1,
            "thoughtsTokenCount": 5,
            "cachedContentTokenCount": 4,
        },
        "modelVersion": "gemini-3-001",
        "responseId": "r1",
    }
    reading = read("gemini.generate", request, body)
    assert reading["system_instructions"] == [{"type": "text", "text": "Add."}]
    assert [message["role"] for message in reading["input_messages"]] == ["user", "assistant", "tool"]
    assert reading["input_messages"][1]["parts"] == [
        {"type": "tool_call", "id": None, "name": "add", "arguments": '{"a": 1}', "signature": "sig"}
    ]
    assert reading["input_messages"][2]["parts"] == [
        {"type": "tool_call_response", "id": None, "name": "add", "result": '{"result": 2}'}
    ]
    assert [(part["type"], part["text"]) for part in reading["output_messages"][0]["parts"]] == [
        ("reasoning", "Two? "),
        ("text", "2"),
    ]
    assert reading["usage"] == {
        "input_tokens": 10,
        "output_tokens": 6,
        "cache_read_input_tokens": 4,
        "cache_creation_input_tokens": None,
        "reasoning_output_tokens": 5,
    }
    assert json.loads(reading["tool_definitions"]) == [
        {
            "type": "function",
            "function": {
                "name": "add",
                "description": "Adds.",
                "parameters": {"type": "object", "properties": {"type": {"type": "string"}}},
            },
        },
        {"googleSearch": {}},
    ]
    assert json.loads(reading["request"]) == {"generationConfig": {"temperature": 0}}
    assert (reading["request_model"], reading["response_model"], reading["response_id"], reading["finish_reasons"]) == (
        "gemini-3",
        "gemini-3-001",
        "r1",
        ["STOP"],
    )


def test_the_clients_own_arguments_are_read_too():
    request = {
        "model": "gemini-3",
        "contents": ["Look at this:", {"file_data": {"file_uri": "gs://b/a.pdf", "mime_type": "application/pdf"}}],
        "config": {
            "system_instruction": "Be brief.",
            "temperature": 0.5,
            "tools": [{"function_declarations": [{"name": "f", "parameters_json_schema": {"type": "object"}}]}],
            "http_options": {"headers": {"k": "secret"}},
        },
    }
    body = {
        "candidates": [{"content": {"parts": [{"text": "A PDF."}]}, "finish_reason": "MAX_TOKENS"}],
        "usage_metadata": {"prompt_token_count": 3, "candidates_token_count": 2},
    }
    reading = read("gemini.generate", request, body)
    assert reading["system_instructions"] == [{"type": "text", "text": "Be brief."}]
    assert reading["input_messages"] == [
        {
            "role": "user",
            "parts": [
                {"type": "text", "text": "Look at this:"},
                {"type": "uri", "uri": "gs://b/a.pdf", "mime_type": "application/pdf"},
            ],
        }
    ]
    assert text_of(reading["output_messages"][0]) == "A PDF."
    assert reading["finish_reasons"] == ["MAX_TOKENS"]
    assert json.loads(reading["tool_definitions"])[0]["function"] == {"name": "f", "parameters": {"type": "object"}}
    assert json.loads(reading["request"]) == {"temperature": 0.5}


def test_a_blocked_prompt_says_why():
    assert read("gemini.generate", {"contents": "x"}, {"promptFeedback": {"blockReason": "SAFETY"}})[
        "finish_reasons"
    ] == ["SAFETY"]


def test_code_that_ran_at_the_provider_is_a_call_and_its_answer():
    parts = [
        {"executableCode": {"language": "PYTHON", "code": "print(1)"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}},
    ]
    (out,) = read(
        "gemini.generate", {"contents": "x"}, {"candidates": [{"content": {"role": "model", "parts": parts}}]}
    )["output_messages"]
    assert [part["type"] for part in out["parts"]] == ["tool_call", "tool_call_response"]


def test_a_part_of_an_unknown_kind_is_kept_as_its_json():
    (message,) = read("gemini.generate", {"contents": [{"parts": [{"hologram": {"a": 1}}]}]}, None)["input_messages"]
    assert (message["parts"][0]["name"], json.loads(message["parts"][0]["text"])) == (
        "hologram",
        {"hologram": {"a": 1}},
    )


def test_an_error_body_says_its_status():
    assert (
        read("gemini.generate", {"contents": "x"}, {"error": {"code": 404, "status": "NOT_FOUND"}})["error_type"]
        == "NOT_FOUND"
    )
