"""What is read of recorded traffic, against a second, separate look at the same bodies."""

from __future__ import annotations

import gzip
import json

import pytest

from agentlog.messages import assemble, read
from agentlog.messages.parts import text_of

APIS = {
    "chat": "openai.chat",
    "responses": "openai.responses",
    "completions": "openai.completions",
    "embeddings": "openai.embeddings",
    "messages": "anthropic.messages",
    "generate": "gemini.generate",
}


def events(text):
    for block in text.replace("\r\n", "\n").split("\n\n"):
        data = "\n".join(line[5:].lstrip() for line in block.split("\n") if line.startswith("data:"))
        if data and data != "[DONE]":
            yield json.loads(data)


@pytest.fixture(scope="module")
def exchanges(request):
    path = request.config.rootpath.parent / "shared" / "data" / "exchanges" / "pypi_sdists.jsonl.gz"
    if not path.is_file():
        pytest.skip("recorded exchanges (shared/data beside the checkout) are not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [one for one in map(json.loads, lines) if one["provider"] != "bedrock"]


@pytest.fixture(scope="module")
def readings(exchanges):
    found = []
    for one in exchanges:
        dialect = APIS[one["api"]]
        try:
            body = json.loads(one["response"])
        except ValueError:
            body = assemble(dialect, events(one["response"]))
        found.append((one, body, read(dialect, one["request"], body)))
    return found


def test_every_exchange_is_read(readings):
    assert len(readings) == 2269
    assert all(reading.get("error_type") for one, body, reading in readings if one["status"] >= 400 and "error" in body)


def test_no_text_of_an_input_is_lost(readings):
    for one, _, reading in readings:
        held = json.dumps([reading.get("input_messages"), reading.get("system_instructions")])
        for message in one["request"].get("messages") or ():
            content = message.get("content")
            for text in [content] if isinstance(content, str) else [part.get("text") for part in content or ()]:
                assert not text or json.dumps(text)[1:-1] in held, one["id"]


def test_tools_are_named_in_their_order(readings):
    for one, _, reading in readings:
        tools = one["request"].get("tools") or one["request"].get("functions") or []
        flat = [inner for tool in tools for inner in tool.get("functionDeclarations", [tool.get("function") or tool])]
        expected = [tool["name"] for tool in flat if "name" in tool]
        names = [
            (tool.get("function") or tool).get("name") for tool in json.loads(reading.get("tool_definitions", "[]"))
        ]
        assert [name for name in names if name] == expected, one["id"]


def test_answers_calls_and_tokens_of_chats_in_one_piece(readings):
    seen = 0
    for one, body, reading in readings:
        if one["api"] != "chat" or one["stream"] or "choices" not in body:
            continue
        seen += 1
        for choice, message in zip(body["choices"], reading["output_messages"], strict=True):
            if "message" not in choice:
                continue  # a chunk of a stream that was recorded as a whole answer
            said = choice["message"]
            assert text_of(message) == (said.get("content") or said.get("refusal") or ""), one["id"]
            calls = [
                (call["id"], call["function"]["name"], call["function"]["arguments"])
                for call in said.get("tool_calls") or ()
            ]
            assert [
                (p["id"], p["name"], p["arguments"]) for p in message["parts"] if p["type"] == "tool_call" and p["id"]
            ] == calls
            assert message.get("finish_reason") == choice.get("finish_reason")
        usage = body["usage"]
        assert (reading["usage"]["input_tokens"], reading["usage"]["output_tokens"]) == (
            usage["prompt_tokens"],
            usage["completion_tokens"],
        )
    assert seen > 1000


def test_streamed_responses_say_the_same_as_their_last_event(readings):
    seen = 0
    for one, _, reading in readings:
        if one["api"] != "responses" or not one["stream"]:
            continue
        *before, last = events(one["response"])
        if last.get("type") != "response.completed":
            continue
        seen += 1
        cut = read("openai.responses", one["request"], assemble("openai.responses", before))
        # sealed thoughts are sealed anew for the last event
        said = [
            [
                {key: value for key, value in part.items() if key != "signature"}
                for part in held["output_messages"][0]["parts"]
            ]
            for held in (cut, reading)
        ]
        assert said[0] == said[1], one["id"]
    assert seen > 100
