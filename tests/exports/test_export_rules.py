"""The rules are checked by other code than writes: here on lines that are wrong."""

from __future__ import annotations

import copy

import pytest

from agentlog.exports.openai_chat import OpenAI
from agentlog.exports.trl import Trl

CALL = {"id": "a", "type": "function", "function": {"name": "f", "arguments": {"x": 1}}}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}
TRL = {
    "prompt": [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "", "tool_calls": [CALL]},
        {"role": "tool", "content": "r", "tool_call_id": "a", "name": "f"},
    ],
    "completion": [{"role": "assistant", "content": "y"}],
    "tools": [TOOL],
    "example_id": "e",
    "call_id": "c",
}
OPENAI = {
    "messages": [
        {"role": "user", "content": "q"},
        {
            "role": "assistant",
            "weight": 0,
            "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}],
        },
        {"role": "tool", "content": "r", "tool_call_id": "a"},
        {"role": "assistant", "content": "y"},
    ],
    "tools": [TOOL],
    "parallel_tool_calls": True,
}


def test_lines_that_keep_the_rules_have_no_problems():
    assert list(Trl().problems(TRL)) == []
    assert list(OpenAI().problems(OPENAI)) == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("prompt", 0, "content"), None, "content that is no text"),
        (("prompt", 0, "role"), "developer", "role that the format does not know"),
        (("prompt", 0, "weight"), 1, "key that the format does not know"),
        (("prompt", 1, "tool_calls"), [], "empty list"),
        (("prompt", 1, "tool_calls", 0, "id"), "", "id is missing"),
        (("prompt", 1, "tool_calls", 0, "function", "arguments"), '{"x": 1}', "no object"),
        (("prompt", 1, "tool_calls", 0, "function", "arguments"), [1], "no strict JSON object"),
        (("prompt", 1, "tool_calls", 0, "function", "arguments"), {"x": 2**64}, "no strict JSON object"),
        (("prompt", 1, "tool_calls", 0, "function", "name"), "f.g", "name is not"),
        (("prompt", 2, "tool_call_id"), "b", "does not answer"),
        (("prompt", 2), {"role": "user", "content": "x"}, "before a tool call is answered"),
        (("prompt",), [], "does not end with"),
        (("completion",), [], "not one assistant"),
        (("tools",), [], "an empty one"),
        (("tools", 0, "function", "parameters"), None, "no function"),
        (("text",), "x", "the keys are not"),
    ],
)
def test_a_wrong_trl_line_is_found(path, value, words):
    assert any(words in problem for problem in Trl().problems(changed(TRL, path, value)))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("messages", 1, "tool_calls", 0, "function", "arguments"), {"x": 1}, "no JSON text"),
        (("messages", 1, "tool_calls", 0, "function", "arguments"), '{"x": ', "no strict JSON object"),
        (("messages", 1, "tool_calls", 0, "function", "arguments"), '"{}"', "no strict JSON object"),
        (("messages", 1, "weight"), 2, "neither 0 nor 1"),
        (("messages", 3, "weight"), 0, "nothing would be learned"),
        (("messages", 3, "reasoning_content"), "x", "key that the format does not know"),
        (("messages", 3, "content"), [], "content that is no text"),
        (("messages", 3, "role"), "user", "not an assistant's answer"),
        (("messages", 2, "name"), "f", "key that the format does not know"),
        (("parallel_tool_calls",), "yes", "neither true nor false"),
        (("example_id",), "x", "the keys are not"),
        (("messages",), "x", "no list"),
    ],
)
def test_a_wrong_openai_line_is_found(path, value, words):
    assert any(words in problem for problem in OpenAI().problems(changed(OPENAI, path, value)))


def changed(line, path, value):
    line = copy.deepcopy(line)
    place = line
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return line
