from __future__ import annotations

import json

from agentlog.messages import read
from agentlog.messages.parts import text_of


def generation(content, **keys):
    return {"generations": [{"type": "ai", "content": content, **keys}]}


def test_roles_parameters_and_what_the_answer_says_of_itself():
    messages = [
        {"type": "system", "content": "Be brief."},
        {"type": "system", "content": "Strict.", "additional_kwargs": {"__openai_role__": "developer"}},
        {"type": "human", "content": "Hi", "name": "ada"},
        {"type": "chat", "role": "critic", "content": "Hm"},
    ]
    params = {
        "model_name": "gpt-5",
        "_type": "openai-chat",
        "temperature": 0.1,
        "stop": None,
        "tools": [{"type": "function", "function": {"name": "f"}}],
    }
    answer = generation(
        "Hello",
        usage_metadata={
            "input_tokens": 9,
            "output_tokens": 2,
            "total_tokens": 11,
            "input_token_details": {"cache_read": 4},
            "output_token_details": {"reasoning": 1},
        },
        response_metadata={
            "model_name": "gpt-5-2026",
            "finish_reason": "stop",
            "id": "chatcmpl-1",
            "model_provider": "openai",
        },
    )
    reading = read("langchain", {"messages": messages, "params": params}, answer)
    assert [(one["role"], one.get("name")) for one in reading["input_messages"]] == [
        ("system", None),
        ("developer", None),
        ("user", "ada"),
        ("critic", None),
    ]
    assert reading["output_messages"] == [
        {"role": "assistant", "parts": [{"type": "text", "text": "Hello"}], "finish_reason": "stop"}
    ]
    assert reading["usage"] == {
        "input_tokens": 9,
        "output_tokens": 2,
        "cache_read_input_tokens": 4,
        "cache_creation_input_tokens": None,
        "reasoning_output_tokens": 1,
    }
    assert (reading["request_model"], reading["response_model"], reading["response_id"], reading["provider"]) == (
        "gpt-5",
        "gpt-5-2026",
        "chatcmpl-1",
        "openai",
    )
    assert json.loads(reading["request"]) == {"temperature": 0.1}
    assert json.loads(reading["tool_definitions"])[0]["function"]["name"] == "f"


def test_calls_are_read_once_though_langchain_lists_them_twice():
    content = [
        {"type": "text", "text": "Let me see."},
        {"type": "tool_use", "id": "t1", "name": "f", "input": {}, "index": 1},
    ]
    (out,) = read(
        "langchain",
        {"messages": []},
        generation(content, tool_calls=[{"name": "f", "args": {"a": 1}, "id": "t1", "type": "tool_call"}]),
    )["output_messages"]
    assert out["parts"] == [
        {"type": "text", "text": "Let me see."},
        {"type": "tool_call", "id": "t1", "name": "f", "arguments": '{"a": 1}'},
    ]


def test_arguments_are_kept_as_the_model_wrote_them_where_that_is_known():
    raw = [{"id": "t1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}]
    (out,) = read(
        "langchain",
        {"messages": []},
        generation("", tool_calls=[{"name": "f", "args": {"a": 1}, "id": "t1"}], additional_kwargs={"tool_calls": raw}),
    )["output_messages"]
    assert out["parts"] == [{"type": "tool_call", "id": "t1", "name": "f", "arguments": '{"a":1}'}]


def test_calls_that_could_not_be_parsed_are_calls_with_their_text():
    bad = [{"name": "f", "args": "{broken", "id": "t2", "error": "…", "type": "invalid_tool_call"}]
    (out,) = read("langchain", {"messages": []}, generation("", invalid_tool_calls=bad))["output_messages"]
    assert [(part["id"], part["arguments"]) for part in out["parts"]] == [("t2", "{broken")]


def test_a_tools_answer_keeps_its_id_its_failure_and_the_shape_of_its_artifact():
    message = {
        "type": "tool",
        "content": [{"type": "text", "text": "oops"}],
        "tool_call_id": "t1",
        "name": "f",
        "status": "error",
        "artifact": "list of 3",
    }
    reading = read("langchain", {"messages": [message]}, None)
    assert reading["input_messages"] == [
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "t1", "name": "f", "result": "oops"}]}
    ]
    assert json.loads(reading["request"])["extras"] == {
        "input_messages[0]": {"status": "error", "artifact": "list of 3"}
    }


def test_standard_blocks_of_langchain_v1():
    content = [
        {"type": "reasoning", "reasoning": "Hm.", "extras": {"signature": "s"}},
        {"type": "text", "text": "See", "annotations": [{"type": "citation"}]},
        {"type": "image", "base64": "AAAA", "mime_type": "image/png"},
        {"type": "image", "url": "https://example.com/a.png"},
        {"type": "file", "file_id": "file-1", "mime_type": "application/pdf"},
        {"type": "text-plain", "text": "plain", "mime_type": "text/plain"},
        {"type": "server_tool_call", "id": "s1", "name": "web_search", "args": {"q": "x"}},
        {"type": "server_tool_result", "tool_call_id": "s1", "status": "success", "output": [1]},
        {"type": "tool_call", "id": "t1", "name": "f", "args": {"a": 1}},
        {"type": "non_standard", "value": {"type": "oddity", "a": 1}},
    ]
    (out,) = read(
        "langchain", {"messages": []}, generation(content, tool_calls=[{"id": "t1", "name": "f", "args": {"a": 1}}])
    )["output_messages"]
    assert [part["type"] for part in out["parts"]] == [
        "reasoning",
        "text",
        "blob",
        "uri",
        "file",
        "text",
        "tool_call",
        "tool_call_response",
        "tool_call",
        "text",
    ]
    assert out["parts"][0] == {"type": "reasoning", "text": "Hm.", "signature": "s"}
    assert out["parts"][9]["name"] == "oddity"


def test_blocks_of_openais_responses_through_langchain():
    content = [
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": "Hm."}],
            "encrypted_content": "sealed",
        },
        {"type": "function_call", "id": "fc_1", "call_id": "t1", "name": "f", "arguments": '{"a":1}'},
    ]
    answer = generation(
        content,
        tool_calls=[{"id": "t1", "name": "f", "args": {"a": 1}}],
        response_metadata={"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
    )
    (out,) = read("langchain", {"messages": []}, answer)["output_messages"]
    assert [(part["type"], part["id"]) for part in out["parts"]] == [("reasoning", "rs_1"), ("tool_call", "t1")]
    assert out["finish_reason"] == "max_output_tokens"


def test_anthropics_cached_tokens_are_in_the_sum_also_through_old_releases():
    raw = {"input_tokens": 4, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 0, "output_tokens": 2}
    old = generation(
        "x", usage_metadata={"input_tokens": 4, "output_tokens": 2, "total_tokens": 6}, response_metadata={"usage": raw}
    )
    new = generation(
        "x",
        usage_metadata={
            "input_tokens": 104,
            "output_tokens": 2,
            "total_tokens": 106,
            "input_token_details": {"cache_read": 100},
        },
        response_metadata={"usage": raw},
    )
    assert [read("langchain", {"messages": []}, one)["usage"]["input_tokens"] for one in (old, new)] == [104, 104]


def test_tokens_are_found_in_llm_output_and_said_once_for_several_generations():
    answer = {
        "generations": [[{"type": "ai", "content": "a"}, {"type": "ai", "content": "b"}]],
        "llm_output": {"token_usage": {"prompt_tokens": 3, "completion_tokens": 4}, "model_name": "m"},
    }
    reading = read("langchain", {"messages": []}, answer)
    assert (reading["usage"]["input_tokens"], reading["usage"]["output_tokens"], reading["response_model"]) == (
        3,
        4,
        "m",
    )
    assert len(reading["output_messages"]) == 2


def test_nobody_said_is_no_usage():
    assert "usage" not in read("langchain", {"messages": []}, generation("x"))


def test_plain_models_have_prompts_and_texts():
    reading = read(
        "langchain",
        {"prompts": ["Once"], "params": {"model": "davinci"}},
        {"generations": [[{"text": " upon", "generation_info": {"finish_reason": "length"}}]]},
    )
    assert text_of(reading["input_messages"][0]) == "Once"
    assert reading["output_messages"] == [
        {"role": "assistant", "parts": [{"type": "text", "text": " upon"}], "finish_reason": "length"}
    ]


def test_refusals_reasoning_and_functions_in_additional_kwargs():
    beside = {
        "refusal": "No.",
        "reasoning_content": "Hm.",
        "function_call": {"name": "f", "arguments": "{}"},
        "parsed": {"x": 1},
    }
    (out,) = read("langchain", {"messages": []}, generation("", additional_kwargs=beside))["output_messages"]
    assert [(part["type"], part.get("name")) for part in out["parts"]] == [
        ("reasoning", None),
        ("text", "refusal"),
        ("tool_call", "f"),
    ]
