"""Tokens of streams: asked for where that cannot do harm, and unseen by the application; elsewhere unknown, never guessed."""

from __future__ import annotations

import gc
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import openai
import pytest
from openai import _base_client as clients
from openai.lib.azure import AzureOpenAI

import agentlog

http: Any = getattr(clients, "httpx2", None) or clients.httpx  # type: ignore[attr-defined]

MESSAGES: list[Any] = [{"role": "user", "content": "Where is order A17?"}]
USAGE = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
ABOUT = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m-2026"}


class Provider(http.BaseTransport, http.AsyncBaseTransport):
    """As api.openai.com: tokens in a last chunk without choices, and null in all others, for who asks for them."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def handle_request(self, request: Any) -> Any:
        body = json.loads(request.read())
        self.asked.append(body)
        wanted = (body.get("stream_options") or {}).get("include_usage")
        legacy = str(request.url.path).endswith("/completions") and "prompt" in body
        said = [
            {"index": 0, "text": text, "finish_reason": end}
            if legacy
            else {"index": 0, "delta": {"content": text}, "finish_reason": end}
            for text, end in (("On its ", None), ("way.", None), ("", "stop"))
        ]
        chunks: list[dict[str, Any]] = [
            {**ABOUT, "choices": [one], **({"usage": None} if wanted else {})} for one in said
        ]
        if wanted:
            chunks.append({**ABOUT, "choices": [], "usage": USAGE})
        events = [*(f"data: {json.dumps(one)}\n\n".encode() for one in chunks), b"data: [DONE]\n\n"]
        return http.Response(200, headers={"content-type": "text/event-stream"}, stream=Feed(events), request=request)

    async def handle_async_request(self, request: Any) -> Any:
        await request.aread()
        return self.handle_request(request)


class Feed(http.SyncByteStream, http.AsyncByteStream):
    def __init__(self, events: list[bytes]) -> None:
        self.events = events

    def __iter__(self) -> Iterator[bytes]:
        yield from self.events

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for one in self.events:
            yield one


@pytest.fixture
def provider() -> Provider:
    return Provider()


def client_of(provider: Provider, url: str = "https://api.openai.com/v1") -> openai.OpenAI:
    return openai.OpenAI(api_key="k", base_url=url, http_client=http.Client(transport=provider), max_retries=0)


def async_client_of(provider: Provider) -> openai.AsyncOpenAI:
    made = http.AsyncClient(transport=provider)
    return openai.AsyncOpenAI(api_key="k", base_url="https://api.openai.com/v1", http_client=made, max_retries=0)


def shown(chunk: Any) -> tuple[Any, ...]:
    """Everything that an application can see of a chunk."""
    return (
        chunk.model_dump(),
        chunk.model_dump(exclude_unset=True),
        chunk.model_dump_json(),
        repr(chunk),
        chunk.model_fields_set,
    )


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_the_tokens_of_a_stream_are_recorded_and_the_application_sees_what_it_would_have_seen(
    api, provider, taken, snapshot_of
):
    client = client_of(provider)

    def read() -> list[tuple[Any, ...]]:
        if api == "chat":
            return [shown(one) for one in client.chat.completions.create(model="m", messages=MESSAGES, stream=True)]
        return [shown(one) for one in client.completions.create(model="m", prompt="?", stream=True)]

    expected = read()
    with agentlog.instrument("openai"):
        assert read() == expected
    assert len(expected) == 3
    call = taken.one()
    assert snapshot_of(call.response)["usage"] == USAGE
    assert call.finish == ""
    # recorded is what the application asked
    assert "stream_options" not in snapshot_of(call.request)
    assert provider.asked[1] == {**provider.asked[0], "stream_options": {"include_usage": True}}


async def test_it_is_the_same_with_an_async_client(provider, taken, snapshot_of):
    async with async_client_of(provider) as client:

        async def read() -> list[tuple[Any, ...]]:
            return [
                shown(one)
                async for one in await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
            ]

        expected = await read()
        with agentlog.instrument("openai"):
            assert await read() == expected
    assert snapshot_of(taken.one().response)["usage"] == USAGE


@pytest.mark.parametrize("options", [{"include_usage": True}, {"include_usage": False}, {}])
def test_who_says_himself_what_he_wants_gets_it(options, provider, taken, snapshot_of):
    with agentlog.instrument("openai"):
        ask = client_of(provider).chat.completions.create
        # the first releases have no keyword for it
        chunks = list(ask(model="m", messages=MESSAGES, stream=True, extra_body={"stream_options": options}))
    wanted = options.get("include_usage")
    assert provider.asked[0]["stream_options"] == options
    assert len(chunks) == (4 if wanted else 3)
    assert snapshot_of(taken.one().response).get("usage") == (USAGE if wanted else None)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.7:8000/v1", "https://api.openai.com.example/v1", "https://openrouter.ai/api/v1"]
)
def test_other_servers_are_not_asked_for_what_they_may_not_know(url, provider, taken, snapshot_of):
    with agentlog.instrument("openai"):
        list(client_of(provider, url).chat.completions.create(model="m", messages=MESSAGES, stream=True))
    assert "stream_options" not in provider.asked[0]
    assert "usage" not in snapshot_of(taken.one().response)


def test_nor_is_azure_some_of_whose_versions_refuse_it(provider, taken):
    made = http.Client(transport=provider)
    with agentlog.instrument("openai"):
        client = AzureOpenAI(
            api_key="k", azure_endpoint="https://shop.openai.azure.com", api_version="2023-05-15", http_client=made
        )
        list(client.chat.completions.create(model="m", messages=MESSAGES, stream=True))
    assert "stream_options" not in provider.asked[0]
    assert taken.one().provider == "azure.ai.openai"


def test_a_raw_response_whose_bytes_the_application_may_read_is_left_as_it_is(provider, taken):
    with agentlog.instrument("openai"):
        raw: Any = client_of(provider).chat.completions.with_raw_response.create(
            model="m", messages=MESSAGES, stream=True
        )
        assert len(list(raw.parse())) == 3
    assert "stream_options" not in provider.asked[0]
    assert len(taken.calls) == 1


def test_the_body_of_the_application_is_not_written_to(provider, taken):
    body = {"model": "m", "messages": MESSAGES, "stream": True}
    kept = json.loads(json.dumps(body))
    with agentlog.instrument("openai"):
        stream = client_of(provider).post(
            "/chat/completions",
            body=body,
            cast_to=openai.types.chat.ChatCompletionChunk,
            stream=True,
            stream_cls=openai.Stream[openai.types.chat.ChatCompletionChunk],
        )
        assert len(list(stream)) == 3
    assert body == kept


def test_who_leaves_before_the_last_chunk_has_no_tokens(provider, taken, snapshot_of):
    with agentlog.instrument("openai"):
        stream = client_of(provider).chat.completions.create(model="m", messages=MESSAGES, stream=True)
        for one in stream:
            if one.choices[0].finish_reason:
                break
        del stream
        gc.collect()
    call = taken.one()
    assert call.finish == ""
    assert snapshot_of(call.response).get("usage") is None
