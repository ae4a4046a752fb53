from __future__ import annotations

import json

from agentlog.messages import read


def answer(*content, **body):
    return {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "model": "claude-1",
        "content": list(content),
        "stop_reason": "end_turn",
        **body,
    }


def test_the_system_prompt_the_answer_and_its_place():
    request = {
        "model": "claude",
        "max_tokens": 9,
        "system": [{"type": "text", "text": "Be kind.", "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": "Hi"}],
    }
    reading = read("anthropic.messages", request, answer({"type": "text", "text": "Hello"}))
    assert reading["system_instructions"] == [{"type": "text", "text": "Be kind."}]
    assert reading["output_messages"] == [
        {"role": "assistant", "parts": [{"type": "text", "text": "Hello"}], "finish_reason": "end_turn"}
    ]
    assert (reading["provider"], reading["response_id"], reading["response_model"]) == (
        "anthropic",
        "msg_1",
        "claude-1",
    )
    assert json.loads(reading["request"]) == {
        "max_tokens": 9,
        "extras": {"system_instructions[0]": {"cache_control": {"type": "ephemeral"}}},
    }


def test_cached_tokens_are_added_up():
    usage = {"input_tokens": 4, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 20, "output_tokens": 7}
    assert read("anthropic.messages", {"messages": []}, answer(usage=usage))["usage"] == {
        "input_tokens": 124,
        "output_tokens": 7,
        "cache_read_input_tokens": 100,
        "cache_creation_input_tokens": 20,
        "reasoning_output_tokens": None,
    }


def test_results_in_a_users_turn_are_messages_of_their_own():
    turn = [
        {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "sunny"}]},
        {
            "type": "tool_result",
            "tool_use_id": "t2",
            "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}],
            "is_error": True,
        },
        {"type": "text", "text": "And now?"},
    ]
    history = [
        {"role": "user", "content": "Weather?"},
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "Let me see."},
                {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Köln"}},
            ],
        },
        {"role": "user", "content": turn},
    ]
    reading = read("anthropic.messages", {"messages": history}, None)
    assert [message["role"] for message in reading["input_messages"]] == ["user", "assistant", "tool", "tool", "user"]
    assert reading["input_messages"][1]["parts"][1] == {
        "type": "tool_call",
        "id": "t1",
        "name": "weather",
        "arguments": '{"city": "Köln"}',
    }
    assert reading["input_messages"][2]["parts"][0]["result"] == "sunny"
    assert [part["type"] for part in reading["input_messages"][3]["parts"]] == ["tool_call_response", "blob"]
    assert json.loads(reading["request"])["extras"] == {"input_messages[3].parts[0]": {"is_error": True}}


def test_thoughts_keep_order_signature_and_sealed_ones_have_no_text():
    blocks = [
        {"type": "thinking", "thinking": "Hm.", "signature": "s1"},
        {"type": "redacted_thinking", "data": "sealed"},
        {"type": "text", "text": "Yes."},
    ]
    (out,) = read("anthropic.messages", {"messages": []}, answer(*blocks))["output_messages"]
    assert out["parts"] == [
        {"type": "reasoning", "text": "Hm.", "signature": "s1"},
        {"type": "reasoning", "text": None, "signature": "sealed"},
        {"type": "text", "text": "Yes."},
    ]


def test_tools_at_the_provider_stay_inside_the_assistants_message():
    blocks = [
        {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "q"}},
        {
            "type": "web_search_tool_result",
            "tool_use_id": "s1",
            "content": [{"type": "web_search_result", "title": "T", "url": "https://example.com"}],
        },
        {"type": "text", "text": "Found.", "citations": [{"cited_text": "T"}]},
    ]
    (out,) = read("anthropic.messages", {"messages": []}, answer(*blocks))["output_messages"]
    assert [(part["type"], part.get("id")) for part in out["parts"]] == [
        ("tool_call", "s1"),
        ("tool_call_response", "s1"),
        ("text", None),
    ]
    assert json.loads(out["parts"][1]["result"])[0]["title"] == "T"
    assert out["parts"][1]["name"] == "web_search"


def test_documents_as_files_texts_and_blocks():
    content = [
        {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
        {
            "type": "document",
            "source": {"type": "text", "media_type": "text/plain", "data": "The text."},
            "title": "Doc",
        },
        {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "Inner."}]}},
        {"type": "document", "source": {"type": "url", "url": "https://example.com/a.pdf"}},
    ]
    reading = read("anthropic.messages", {"messages": [{"role": "user", "content": content}]}, None)
    assert reading["input_messages"][0]["parts"] == [
        {"type": "file", "id": "file_1", "mime_type": None},
        {"type": "text", "text": "The text."},
        {"type": "text", "text": "Inner."},
        {"type": "uri", "uri": "https://example.com/a.pdf", "mime_type": None},
    ]
    assert json.loads(reading["request"])["extras"] == {
        "input_messages[0].parts[1]": {"document": {"title": "Doc", "source": "text"}},
        "input_messages[0].parts[2]": {"document": {"source": "content"}},
    }


def test_a_document_of_several_blocks_can_be_sent_again():
    inner = [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}} for text in ("One.", "Two.")]
    document = {
        "type": "document",
        "source": {"type": "content", "content": inner},
        "citations": {"enabled": True},
        "context": "what the law says",
    }
    reading = read("anthropic.messages", {"messages": [{"role": "user", "content": [document]}]}, None)
    mark = {"cache_control": {"type": "ephemeral"}}
    about = {"citations": {"enabled": True}, "context": "what the law says", "source": "content", "parts": 2}
    assert json.loads(reading["request"])["extras"] == {
        "input_messages[0].parts[0]": {**mark, "document": about},
        "input_messages[0].parts[1]": mark,
    }


def test_a_legacy_completion_is_one_message_each_way():
    asked = {"model": "m", "prompt": "\n\nHuman: 2+2\n\nAssistant:", "max_tokens_to_sample": 5}
    said = {"id": "compl_1", "model": "m-2", "completion": " 4", "stop_reason": "stop_sequence"}
    reading = read("anthropic.completions", asked, said)
    assert reading["input_messages"] == [{"role": "user", "parts": [{"type": "text", "text": asked["prompt"]}]}]
    assert reading["output_messages"] == [
        {"role": "assistant", "finish_reason": "stop_sequence", "parts": [{"type": "text", "text": " 4"}]}
    ]
    assert (reading["response_id"], reading["finish_reasons"]) == ("compl_1", ["stop_sequence"])
    assert json.loads(reading["request"]) == {"max_tokens_to_sample": 5}


def test_functions_change_shape_and_server_tools_do_not():
    tools = [
        {"name": "f", "description": "d", "input_schema": {"type": "object"}, "cache_control": {"type": "ephemeral"}},
        {"type": "web_search_20250305", "name": "web_search", "max_uses": 1},
        {"type": "custom", "name": "g", "input_schema": {"type": "object"}},
    ]
    reading = read("anthropic.messages", {"messages": [], "tools": tools, "tool_choice": {"type": "any"}}, None)
    assert json.loads(reading["tool_definitions"]) == [
        {
            "type": "function",
            "function": {"name": "f", "description": "d", "parameters": {"type": "object"}},
            "cache_control": {"type": "ephemeral"},
        },
        tools[1],
        {"type": "function", "function": {"name": "g", "parameters": {"type": "object"}}},
    ]
    assert json.loads(reading["request"]) == {"tool_choice": {"type": "any"}}


def test_keys_of_mcp_servers_are_never_kept():
    servers = [{"type": "url", "url": "https://example.com", "name": "wiki", "authorization_token": "secret"}]
    reading = read(
        "anthropic.messages",
        {"messages": [], "mcp_servers": servers, "api_key": "secret", "extra_headers": {"x-api-key": "secret"}},
        None,
    )
    assert "secret" not in json.dumps(reading)
    assert json.loads(reading["request"])["mcp_servers"][0]["name"] == "wiki"


def test_the_person_behind_a_call_is_no_parameter():
    reading = read("anthropic.messages", {"messages": [], "metadata": {"user_id": "u-17", "plan": "x"}}, None)
    assert reading["user"] == "u-17"
    assert json.loads(reading["request"]) == {"metadata": {"plan": "x"}}


def test_an_error_body_says_its_type():
    assert (
        read(
            "anthropic.messages",
            {"messages": []},
            {"type": "error", "error": {"type": "not_found_error", "message": "model"}},
        )["error_type"]
        == "not_found_error"
    )
