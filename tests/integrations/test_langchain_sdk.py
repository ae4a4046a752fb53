"""A real client inside: `ChatOpenAI` against a server of our own. Whoever is called inside a model finds it around itself."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI, OpenAI
from openai import DefaultAsyncHttpxClient, DefaultHttpxClient
from openai.resources import completions as plain_completions
from openai.resources.chat import completions
from pydantic import BaseModel

import agentlog
from agentlog.recording import context


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    with agentlog.instrument("langchain_core"):
        yield


class Provider(BaseHTTPRequestHandler):
    """Answers chat and text completions, whole or in pieces; says "slow" to be waited for, "fail" to fail."""

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = json.dumps(asked.get("messages") or asked.get("prompt"))
        if "slow" in text:
            self.server.hold.wait(5)  # type: ignore[attr-defined]
        if "fail" in text:
            return self.send(400, "application/json", json.dumps({"error": {"message": "no", "type": "bad"}}))
        usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
        about = {"id": "chatcmpl-1", "created": 1, "model": "gpt-4o-mini-2024"}
        if "prompt" in asked:
            choice = {"index": 0, "text": "four", "finish_reason": "stop"}
            return self.send(200, "application/json", json.dumps({**about, "choices": [choice], "usage": usage}))
        content = '{"city": "Paris"}' if asked.get("response_format") else "It is sunny"
        if not asked.get("stream"):
            message = {"role": "assistant", "content": content}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            body = {**about, "object": "chat.completion", "choices": [choice], "usage": usage}
            return self.send(200, "application/json", json.dumps(body))
        pieces: list[dict[str, Any]] = [{"delta": {"role": "assistant", "content": ""}}]
        pieces += [{"delta": {"content": f"{word} "}} for word in content.split()]
        pieces += [{"delta": {}, "finish_reason": "stop"}]
        events = [
            {**about, "object": "chat.completion.chunk", "choices": [{"index": 0, "finish_reason": None, **piece}]}
            for piece in pieces
        ]
        events.append({**about, "object": "chat.completion.chunk", "choices": [], "usage": usage})
        lines = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
        return self.send(200, "text/event-stream", lines)

    def send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Does not mind a client that leaves."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture(scope="module")
def provider() -> Iterator[ThreadingHTTPServer]:
    server = Server(("127.0.0.1", 0), Provider)
    server.daemon_threads = True
    server.hold = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.hold.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def inner(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What stands in for an instrumented SDK: the id of the call that each request of the SDK found around itself."""
    seen: list[str] = []

    def watch(owner: Any, name: str) -> None:
        ask = getattr(owner, name)

        def look(self: Any, *args: Any, **kwargs: Any) -> Any:
            call = context.innermost()
            seen.append("" if call is None else call.id)
            return ask(self, *args, **kwargs)

        monkeypatch.setattr(owner, name, look)

    for owner in (completions.Completions, completions.AsyncCompletions):
        watch(owner, "create")
        watch(owner, "parse")
    for owner in (plain_completions.Completions, plain_completions.AsyncCompletions):
        watch(owner, "create")
    return seen


@pytest.fixture
async def chat(provider: ThreadingHTTPServer) -> AsyncIterator[ChatOpenAI]:
    url = f"http://127.0.0.1:{provider.server_port}/v1"
    with DefaultHttpxClient() as client:
        async with DefaultAsyncHttpxClient() as async_client:
            yield ChatOpenAI(
                model="gpt-4o-mini",
                api_key="sk-never-to-be-seen",
                base_url=url,
                max_retries=0,
                temperature=0.5,
                http_client=client,
                http_async_client=async_client,
            )


def test_the_request_of_the_sdk_is_inside_the_model(taken, snapshot_of, chat, inner):
    said = chat.invoke([HumanMessage("weather?")])
    assert said.content == "It is sunny"
    call = taken.one()
    assert inner == [call.id]
    assert (call.provider, call.model, call.name) == ("openai", "gpt-4o-mini", "gpt-4o-mini")
    assert b"sk-never" not in bytes(call.request)
    assert snapshot_of(call.request)["params"]["temperature"] == 0.5
    (generation,) = snapshot_of(call.response)["generations"]
    assert generation["usage_metadata"]["input_tokens"] == 5
    assert generation["response_metadata"]["id"] == "chatcmpl-1"
    assert generation["response_metadata"]["finish_reason"] == "stop"
    assert context.innermost() is None


async def test_the_async_request_of_the_sdk_is_inside_the_model(taken, chat, inner):
    await chat.ainvoke("weather?")
    assert inner == [taken.one().id]
    assert context.innermost() is None


def test_the_request_of_a_stream_is_inside_the_model_and_its_reader_is_not(taken, snapshot_of, chat, inner):
    text = ""
    for chunk in chat.stream("weather?", stream_usage=True):
        text += str(chunk.content)
        assert context.innermost() is None
    call = taken.one()
    assert text.strip() == "It is sunny"
    assert inner == [call.id]
    (generation,) = snapshot_of(call.response)["generations"]
    assert generation["content"] == text
    assert generation["usage_metadata"]["output_tokens"] == 2
    assert 0 < call.first_chunk_ns < call.duration_ns


async def test_the_request_of_an_async_stream_is_inside_the_model_and_its_reader_is_not(taken, chat, inner):
    async for _ in chat.astream("weather?"):
        assert context.innermost() is None
    assert inner == [taken.one().id]


async def test_the_request_below_events_is_inside_the_model_and_their_reader_is_not(taken, chat, inner):
    async for _ in chat.astream_events("weather?", version="v2"):
        assert context.innermost() is None
    assert inner == [taken.one().id]


def test_requests_of_a_batch_are_inside_their_own_models(taken, snapshot_of, chat, inner):
    chat.batch(["one", "two", "three"], {"max_concurrency": 3})
    assert sorted(inner) == sorted(call.id for call in taken.calls)
    assert len(set(inner)) == 3


def test_requests_of_generate_are_inside_their_own_models(taken, chat, inner):
    chat.generate([[HumanMessage("one")], [HumanMessage("two")]])
    assert inner == [call.id for call in taken.calls]


async def test_requests_of_agenerate_are_inside_their_own_models(taken, chat, inner):
    await chat.agenerate([[HumanMessage("one")], [HumanMessage("two")]])
    assert sorted(inner) == sorted(call.id for call in taken.calls)
    assert len(set(inner)) == 2


async def test_a_reader_in_turns_with_another_call_is_never_inside_the_stream(taken, snapshot_of, chat, inner):
    async for _ in chat.astream("outer"):
        await chat.ainvoke("between")
    assert {call.parent for call in taken.calls} == {""}
    assert len(set(inner)) == len(inner) == len(taken.calls)


async def test_a_cancelled_request_leaves_nothing_around(taken, chat, inner):
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(chat.ainvoke("slow"), 0.05)
    call = taken.one()
    assert (inner, call.error) == ([call.id], "asyncio.exceptions.CancelledError")
    assert context.innermost() is None


@pytest.mark.parametrize("way", ["invoke", "stream", "ainvoke", "astream"])
async def test_a_request_that_fails_leaves_nothing_around(taken, chat, inner, way):
    asked = {
        "invoke": lambda: asyncio.to_thread(chat.invoke, "fail"),
        "stream": lambda: asyncio.to_thread(list, chat.stream("fail")),
        "ainvoke": lambda: chat.ainvoke("fail"),
        "astream": lambda: anext(chat.astream("fail")),
    }
    with pytest.raises(Exception, match="400") as caught:
        await asked[way]()
    call = taken.one()
    assert inner == [call.id]
    assert call.error.endswith(type(caught.value).__qualname__)
    assert bytes(call.response) == b"\xc0"  # what LangChain says of the failed request is no answer
    assert context.innermost() is None


class City(BaseModel):
    """A city."""

    city: str


def test_structured_output_is_inside_its_chain_and_shows_its_schema(taken, snapshot_of, chat, inner):
    found = chat.with_structured_output(City, method="json_mode").invoke("which city? answer in json")
    assert found == City(city="Paris")
    model, root = taken.calls
    params = snapshot_of(model.request)["params"]
    assert params["response_format"] == {"type": "json_object"}
    assert "city" in params["ls_structured_output_format"]["schema"]["properties"]
    assert (model.parent, root.operation) == (root.id, "invoke_workflow")
    assert snapshot_of(root.response) == {"city": "Paris"}
    assert inner == [model.id]


def test_the_request_of_a_plain_model_is_inside_it(taken, provider, inner):
    url = f"http://127.0.0.1:{provider.server_port}/v1"
    with DefaultHttpxClient() as client:
        model = OpenAI(model="davinci", api_key="sk-x", base_url=url, max_retries=0, http_client=client)
        assert model.invoke("two and two") == "four"
    call = taken.one()
    assert (call.operation, inner) == ("text_completion", [call.id])
    assert context.innermost() is None
