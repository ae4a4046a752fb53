"""A key that a model says in many deltas: whichever library carries them, it is put together before it is redacted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import agentlog

KEY = "sk-proj-a8FkZ93ksdlfjwoAbcdHello93kdQQzz71"
"""Made up: no key of anybody."""
PIECES = [KEY[at : at + 3] for at in range(0, len(KEY), 3)]
SAID = ["Your key is ", *PIECES, ", keep it."]


def rows() -> list[dict[str, Any]]:
    agentlog.flush(30)
    found: list[dict[str, Any]] = agentlog.open_dataset().to_arrow().to_pylist()
    assert found
    return found


def nothing_of_it_is_stored() -> list[dict[str, Any]]:
    found = rows()
    words = str(found)
    assert not [KEY[at : at + 8] for at in range(len(KEY) - 7) if KEY[at : at + 8] in words]
    assert "<SECRET_1>" in words
    return found


def answer(row: dict[str, Any]) -> str:
    return "".join(part["text"] or "" for one in row["output_messages"] for part in one["parts"])


def test_a_generator_of_texts() -> None:
    @agentlog.capture(operation="chat")
    def say(messages: Any) -> Iterator[str]:
        yield from SAID

    assert "".join(say([{"role": "user", "content": "hello"}])).endswith("keep it.")
    (row,) = nothing_of_it_is_stored()
    assert answer(row) == "Your key is <SECRET_1>, keep it."


@pytest.mark.parametrize("operation", ["chat", "execute_tool"])
def test_a_generator_of_chunks(operation: str) -> None:
    @agentlog.capture(operation=operation)
    def say(messages: Any) -> Iterator[Any]:
        yield from ({"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in SAID)
        yield {"done": True}

    assert len(list(say([{"role": "user", "content": "hello"}]))) == len(SAID) + 1
    nothing_of_it_is_stored()


async def test_an_async_generator_that_is_left_in_the_middle() -> None:
    @agentlog.capture(operation="chat")
    async def say(messages: Any) -> Any:
        for piece in SAID:
            yield piece

    stream = say([{"role": "user", "content": "hello"}])
    async for piece in stream:
        if piece == PIECES[-2]:
            break
    await stream.aclose()
    nothing_of_it_is_stored()


def test_langchain() -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.language_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage

    with agentlog.instrument("langchain_core"):
        model = GenericFakeChatModel(messages=iter([AIMessage(f"Your key is {KEY}, keep it.")]))
        assert len(list(model.stream("hello"))) > 4
    nothing_of_it_is_stored()


def test_langchain_with_deltas_of_a_tool_call() -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk
    from langchain_core.outputs import ChatGenerationChunk

    arguments = json.dumps({"text": f"use {KEY} now"})

    class Calls(BaseChatModel):
        @property
        def _llm_type(self) -> str:
            return "calls"

        def _generate(self, *given: Any, **more: Any) -> Any:
            raise NotImplementedError

        def _stream(self, *given: Any, **more: Any) -> Iterator[ChatGenerationChunk]:
            for at in range(0, len(arguments), 4):
                piece = {
                    "name": None if at else "note",
                    "args": arguments[at : at + 4],
                    "id": None if at else "c1",
                    "index": 0,
                }
                yield ChatGenerationChunk(message=AIMessageChunk("", tool_call_chunks=[piece]))  # type: ignore[list-item]

    with agentlog.instrument("langchain_core"):
        list(Calls().stream("hello"))
    (row,) = nothing_of_it_is_stored()
    (part,) = [part for one in row["output_messages"] for part in one["parts"] if part["type"] == "tool_call"]
    assert json.loads(part["arguments"]) == {"text": "use <SECRET_1> now"}


def test_openai() -> None:
    openai = pytest.importorskip("openai")
    from openai import _base_client as clients

    http: Any = getattr(clients, "httpx2", None) or clients.httpx  # type: ignore[attr-defined]
    arguments = json.dumps({"text": f"use {KEY} now"})
    calls = [
        {"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {"name": "note", "arguments": ""}}]}
    ]
    calls += [
        {"tool_calls": [{"index": 0, "function": {"arguments": arguments[at : at + 4]}}]}
        for at in range(0, len(arguments), 4)
    ]
    about = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    deltas = [*({"content": piece} for piece in SAID), *calls]
    chunks = [{**about, "choices": [{"index": 0, "delta": one, "finish_reason": None}]} for one in deltas]
    body = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in chunks) + b"data: [DONE]\n\n"
    answered = http.MockTransport(
        lambda request: http.Response(200, headers={"content-type": "text/event-stream"}, content=body)
    )
    with (
        agentlog.instrument("openai"),
        openai.OpenAI(api_key="k", base_url="http://provider", http_client=http.Client(transport=answered)) as client,
    ):
        read = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hello"}], stream=True)
        assert len(list(read)) == len(chunks)
    (row,) = nothing_of_it_is_stored()
    assert answer(row) == "Your key is <SECRET_1>, keep it."
    (part,) = [part for one in row["output_messages"] for part in one["parts"] if part["type"] == "tool_call"]
    assert json.loads(part["arguments"]) == {"text": "use <SECRET_1> now"}


def test_anthropic() -> None:
    pytest.importorskip("anthropic")
    from anthropic_wire import client_of, delta, event, stream, text

    arguments = json.dumps({"text": f"use {KEY} now"})
    tool = {"type": "tool_use", "id": "c1", "name": "note", "input": {}}
    asked = [
        event("content_block_start", index=1, content_block=tool),
        *(delta(1, "input_json_delta", "partial_json", arguments[at : at + 4]) for at in range(0, len(arguments), 4)),
        event("content_block_stop", index=1),
    ]
    with agentlog.instrument("anthropic"):
        client = client_of(stream(text(0, *SAID), asked, stop="tool_use"))
        told = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
        assert len(list(client.messages.create(**told, stream=True))) > len(SAID)
    (row,) = nothing_of_it_is_stored()
    assert answer(row) == "Your key is <SECRET_1>, keep it."
    (part,) = [part for one in row["output_messages"] for part in one["parts"] if part["type"] == "tool_call"]
    assert json.loads(part["arguments"]) == {"text": "use <SECRET_1> now"}
