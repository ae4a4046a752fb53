"""The endpoint on a real port, in front of a scripted provider, asked by the real SDK and byte by byte."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

pytest.importorskip("httpx", reason="needs agentlog[serve]")
pytest.importorskip("openai", reason="needs agentlog[openai]")
pytest.importorskip("starlette", reason="needs agentlog[serve]")
pytest.importorskip("uvicorn", reason="needs agentlog[serve]")

import httpx
import openai
import uvicorn

from agentlog.errors import ConfigurationError
from agentlog.messages import read
from agentlog.routing.decision import Decision
from agentlog.routing.serving.app import application
from agentlog.routing.serving.run import check_upstream, listen, reachable
from agentlog.tasks.reading import Answer, answer_of
from agentlog.testing import Reply, ScriptedProvider

MODEL = "agentlog/triage@0123456789ab"


@dataclass
class Deciding:
    """A router that decides for the model where a message speaks of money."""

    remote: bool = False
    fails: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    closed: bool = False

    def decide_request(self, body: dict[str, Any], **place: Any) -> Decision:
        self.asked.append({"body": body, "thread": threading.current_thread().name, **place})
        if self.fails:
            raise RuntimeError("private words")
        if "money" in json.dumps(body["messages"]):
            return Decision("model", "t1", "triage", 0.97, "trusted", Answer("refund", ()), MODEL, "on")
        return Decision("llm", "t1", "triage", None, "shadow", state="shadow", pending=object())

    def outcome(self, decision: Decision, answer: Any, *, latency_s: float | None = None, usage: Any = None) -> None:
        self.told.append(answer)

    def status(self) -> dict[str, Any]:
        return {"routes": [{"task": "triage", "state": "on"}]}

    def close(self) -> None:
        self.closed = True


@contextmanager
def serving(router: Any, upstream: str, **settings: Any) -> Iterator[str]:
    """The endpoint at work in a thread; its root URL."""
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        application(router, upstream, **settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="on",
        log_config=None,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture
def router() -> Deciding:
    return Deciding()


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider(lambda route, body: "from the LLM") as made:
        yield made


@pytest.fixture
def client(router: Deciding, provider: ScriptedProvider) -> Iterator[openai.OpenAI]:
    with serving(router, provider.base_url) as root:
        with openai.OpenAI(base_url=root + "/v1", api_key="sk-client", max_retries=0) as made:
            yield made


def ask(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def said(told: Any) -> str:
    return answer_of(read("openai.chat", None, told)).text


def until(holds: Callable[[], Any]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to hold within 4 s")


def test_the_sdk_gets_a_small_models_answer_and_the_llms(client, router, provider):
    one = client.chat.completions.create(model="gpt-4o", messages=ask("money back"))
    two = client.chat.completions.create(model="gpt-4o", messages=ask("where?"))
    assert (one.model, one.choices[0].message.content) == (MODEL, "refund")
    assert (two.model, two.choices[0].message.content) == ("gpt-4o", "from the LLM")
    assert len(provider.requests) == 1
    until(lambda: router.told)
    assert said(router.told[0]) == "from the LLM"


def test_streams_come_from_whoever_answers(client, router):
    for text, expected in (("money", "refund"), ("where?", "from the LLM")):
        options: Any = {"stream": True, "stream_options": {"include_usage": True}}
        chunks = list(client.chat.completions.create(model="m", messages=ask(text), **options))
        assert "".join(one.choices[0].delta.content or "" for one in chunks if one.choices) == expected
        assert chunks[-1].usage is not None
    until(lambda: router.told)
    assert said(router.told[0]) == "from the LLM"


def test_what_is_passed_through_is_the_upstreams_byte_for_byte(client, provider):
    root = str(client.base_url).removesuffix("/v1/")
    requests: list[Any] = [
        ("POST", "/v1/chat/completions", {"json": {"model": "m", "messages": ask("?")}}),
        ("POST", "/v1/chat/completions", {"json": {"model": "m", "messages": ask("?"), "stream": True}}),
        ("POST", "/v1/chat/completions", {"content": b"{no json"}),
        ("POST", "/v1/chat/completions", {"content": b"[1]"}),
        ("POST", "/v1/responses", {"json": {"model": "m", "input": "?"}}),
        ("POST", "/v1/embeddings", {"json": {"model": "m", "input": ["a", "b"]}}),
        ("GET", "/v1/models", {}),
        ("GET", "/v1/models/some%2Fmodel?x=1", {}),
        ("POST", "/v1/no/such/thing", {"content": iter([b"in ", b"pieces"])}),
    ]
    for method, path, given in requests:
        if "json" in given:  # what a scripted answer is made of depends on how often it was asked for
            given = {"content": json.dumps(given["json"], indent=1).encode()}
        through = httpx.request(method, root + path, **given)
        if isinstance(given.get("content"), Iterator):
            given = {"content": iter([b"in ", b"pieces"])}
        with ScriptedProvider(lambda route, body: "from the LLM") as fresh:
            straight = httpx.request(method, fresh.root_url + path, **given)
        assert through.status_code == straight.status_code, path
        hide = ("date", "transfer-encoding", "connection")
        kept = [(name, value) for name, value in straight.headers.raw if name.lower().decode() not in hide]
        assert [(name, value) for name, value in through.headers.raw if name.lower().decode() not in hide] == [
            (name.lower(), value) for name, value in kept
        ], path
        if path == "/v1/chat/completions" or path == "/v1/responses":
            assert len(through.content) == len(straight.content), path  # ids depend on how often was asked
        else:
            assert through.content == straight.content, path


def test_errors_of_the_upstream_are_the_clients(router):
    with ScriptedProvider([Reply(status=429, error="slow down"), Reply(status=500, error="oh")]) as provider:
        with serving(router, provider.base_url) as root:
            with openai.OpenAI(base_url=root + "/v1", api_key="any", max_retries=0) as client:
                with pytest.raises(openai.RateLimitError, match="slow down"):
                    client.chat.completions.create(model="m", messages=ask("?"))
                with pytest.raises(openai.InternalServerError, match="oh"):
                    client.chat.completions.create(model="m", messages=ask("?"), stream=True)
    assert router.told == [None, None]


def test_an_upstream_that_is_down_is_said_in_openais_form(router):
    with serving(router, "http://127.0.0.1:9/v1") as root:
        with openai.OpenAI(base_url=root + "/v1", api_key="any", max_retries=0) as client:
            assert client.chat.completions.create(model="m", messages=ask("money")).model == MODEL
            with pytest.raises(openai.InternalServerError) as raised:
                client.chat.completions.create(model="m", messages=ask("?"))
        answer = httpx.get(root + "/v1/models")
    assert raised.value.status_code == 502 and raised.value.code == "upstream_unreachable"
    assert answer.status_code == 502 and answer.json()["error"]["type"] == "upstream_error"


def test_when_the_router_fails_the_llm_answers_and_no_words_are_logged(client, router, caplog):
    router.fails = True
    made = client.chat.completions.create(model="m", messages=ask("money"))
    assert made.choices[0].message.content == "from the LLM"
    assert "the router failed" in caplog.text and "private" not in caplog.text


def test_the_clients_key_is_sent_on_unless_one_is_configured(router):
    seen: list[httpx.Headers] = []

    async def upstream(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            seen.append(httpx.Headers(scope["headers"]))
            await send({"type": "http.response.start", "status": 200, "headers": [(b"x-one", b"1"), (b"x-one", b"2")]})
            await send({"type": "http.response.body", "body": b"{}"})

    headers = {
        "authorization": "Bearer sk-client",
        "x-agentlog-trace": "t",
        "connection": "close, x-hop",
        "x-hop": "1",
        "openai-beta": "b",
    }
    with plain_server(upstream) as url:
        for key in (None, "sk-server"):
            with serving(router, url + "/v1", api_key=key) as root:
                answer = httpx.get(root + "/v1/models", headers=headers)
    assert [one["authorization"] for one in seen] == ["Bearer sk-client", "Bearer sk-server"]
    assert all("x-agentlog-trace" not in one and "x-hop" not in one and one["openai-beta"] == "b" for one in seen)
    assert answer.headers.get_list("x-one") == ["1", "2"]


@contextmanager
def plain_server(app: Any) -> Iterator[str]:
    """An upstream of the test's own."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.mark.parametrize("streams", [False, True])
def test_a_client_that_leaves_ends_the_request_to_the_upstream(router, streams):
    left = threading.Event()

    async def upstream(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        await receive()
        if streams:
            headers = [(b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"data: {}\n\n", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        left.set()

    with plain_server(upstream) as url, serving(router, url + "/v1") as root:
        body = {"model": "m", "messages": ask("?"), "stream": streams}
        if streams:
            with httpx.stream("POST", root + "/v1/chat/completions", json=body) as response:
                next(response.iter_raw())
        else:
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(root + "/v1/chat/completions", json=body, timeout=0.3)
        assert left.wait(4)
    assert router.told == []


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/files"])
def test_a_client_that_leaves_in_the_middle_of_its_request_is_no_error(client, router, provider, caplog, path):
    with socket.create_connection(("127.0.0.1", int(str(client.base_url.port)))) as raw:
        raw.sendall(f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{{".encode())
        time.sleep(0.1)
    client.chat.completions.create(model="m", messages=ask("money"))
    assert "Traceback" not in caplog.text and "Exception" not in caplog.text
    assert provider.requests == []


def test_the_chunks_of_a_stream_are_not_held_back(router):
    with ScriptedProvider([Reply(text="one two three", chunk_chars=4)], token_delay_s=0.1) as provider:
        with serving(router, provider.base_url) as root:
            body = {"model": "m", "messages": ask("?"), "stream": True}
            with httpx.stream("POST", root + "/v1/chat/completions", json=body) as response:
                seen = [provider.requests[0].outcome for _ in response.iter_raw()]
    assert seen[0] == "open" and len(seen) > 3


def test_an_upstream_that_breaks_off_is_a_broken_answer_of_ours(router):
    with ScriptedProvider([Reply(text="a long answer", chunk_chars=2, cut_after=2)]) as provider:
        with serving(router, provider.base_url) as root:
            body = {"model": "m", "messages": ask("?"), "stream": True}
            with pytest.raises(httpx.RemoteProtocolError):
                httpx.post(root + "/v1/chat/completions", json=body)
    assert router.told == []


def test_a_compressed_answer_is_passed_on_as_it_is_and_heard(router):
    import gzip

    body = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "packed"}, "finish_reason": "stop"}]}
    packed = gzip.compress(json.dumps(body).encode())

    async def upstream(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-encoding", b"gzip")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": packed})

    with plain_server(upstream) as url, serving(router, url + "/v1") as root:
        with httpx.stream("POST", root + "/v1/chat/completions", json={"messages": ask("?")}) as response:
            assert b"".join(response.iter_raw()) == packed
        until(lambda: router.told)
    assert said(router.told[0]) == "packed"


def test_the_run_is_named_by_our_header_or_by_the_trace_context(client, router):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    given: list[dict[str, str]] = [
        {"x-agentlog-trace": "run-7", "x-agentlog-agent": "support", "x-agentlog-node": "triage"},
        {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"},
        {"traceparent": "nonsense"},
    ]
    for headers in given:
        client.chat.completions.create(model="m", messages=ask("?"), extra_headers=headers, user="u-17")
    assert [one["trace"] for one in router.asked] == ["run-7", trace, None]
    assert (router.asked[0]["agent"], router.asked[0]["node"], router.asked[0]["user"]) == ("support", "triage", "u-17")


def test_what_no_small_model_can_give_is_not_put_to_the_router(client, router):
    client.chat.completions.create(model="m", messages=ask("money"), n=2)
    assert router.asked == []


def test_a_router_that_asks_over_the_network_is_asked_beside_the_event_loop(router, provider):
    router.remote = True
    with serving(router, provider.base_url) as root:
        with openai.OpenAI(base_url=root + "/v1", api_key="any") as client:
            client.chat.completions.create(model="m", messages=ask("money"))
            client.chat.completions.create(model="m", messages=ask("money"))
    assert all("asyncio" in one["thread"] for one in router.asked)


def test_health_and_status_can_be_asked(client, router):
    root = str(client.base_url).removesuffix("/v1/")
    assert httpx.get(root + "/healthz").json() == {"status": "ok"}
    assert httpx.get(root + "/v1/agentlog/status").json() == {"routes": [{"task": "triage", "state": "on"}]}
    assert httpx.get(root + "/elsewhere").status_code == 404


def test_no_path_leads_out_of_the_upstreams_base(client, provider):
    port = int(str(client.base_url.port))
    for path in ("/v1/../admin", "/v1/%2e%2e/admin"):
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
            assert b" 404 " in raw.recv(100)


def test_many_at_once_get_each_their_own(router, provider):
    async def talk(root: str) -> list[Any]:
        async with openai.AsyncOpenAI(base_url=root + "/v1", api_key="any") as client:
            texts = [f"{'money' if number % 2 else 'where'} {number}" for number in range(40)]
            return await asyncio.gather(
                *(client.chat.completions.create(model="m", messages=ask(text)) for text in texts)
            )

    with serving(router, provider.base_url) as root:
        made = asyncio.run(talk(root))
    assert [one.choices[0].message.content for one in made] == ["from the LLM", "refund"] * 20
    assert len(router.told) == 20


def test_its_shutdown_closes_the_router(router, provider):
    with serving(router, provider.base_url):
        assert not router.closed
    assert router.closed


def test_nothing_that_is_asked_or_answered_is_logged(client, caplog):
    caplog.set_level(logging.DEBUG, "agentlog")
    caplog.set_level(logging.DEBUG, "uvicorn")
    client.chat.completions.create(model="m", messages=ask("private words of mine"))
    assert "private words" not in "".join(one.getMessage() for one in caplog.records if "openai" not in one.name)


def test_a_port_in_use_and_an_upstream_that_is_no_url_are_said():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port} on 127.0.0.1 is in use. Choose another with --port"):
            listen("127.0.0.1", port)
        assert reachable(f"http://127.0.0.1:{port}/v1")
    assert not reachable(f"http://127.0.0.1:{port}/v1")
    for wrong in ("api.openai.com", "ftp://x", "http://", "http://x:abc"):
        with pytest.raises(ConfigurationError, match="base URL of the LLM's API"):
            check_upstream(wrong)
