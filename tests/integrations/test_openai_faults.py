"""Whatever breaks inside our hooks, the application's result, stream and exception are what they were, and it is counted."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import openai
import pytest
from openai import _base_client as clients

import agentlog
from agentlog import runtime
from agentlog_openai import answers, sdk
from agentlog_stainless import hooks, reading

http: Any = getattr(clients, "httpx2", None) or clients.httpx  # type: ignore[attr-defined]

MESSAGES: list[Any] = [{"role": "user", "content": "Where is order A17?"}]
ABOUT = {"id": "chatcmpl-1", "created": 1, "model": "m-2026"}
WHOLE = {
    **ABOUT,
    "object": "chat.completion",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Here."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7},
}
PIECES = [
    {**ABOUT, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    for delta, finish in (({"role": "assistant", "content": "He"}, None), ({"content": "re."}, None), ({}, "stop"))
]


EVENTS = [*(b"data: %s\n\n" % json.dumps(one).encode() for one in PIECES), b"data: [DONE]\n\n"]


class Feed(http.SyncByteStream, http.AsyncByteStream):
    """The events of a stream, one after the other."""

    def __iter__(self) -> Iterator[bytes]:
        yield from EVENTS

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for one in EVENTS:
            yield one


def answer(request: Any) -> Any:
    body = json.loads(request.content)
    if body["model"] == "refused":
        return http.Response(400, json={"error": {"message": "no"}})
    if body.get("stream"):
        return http.Response(200, headers={"content-type": "text/event-stream"}, stream=Feed())
    return http.Response(200, json=WHOLE)


async def answer_later(request: Any) -> Any:
    await asyncio.sleep(60 if json.loads(request.content)["model"] == "slow" else 0)
    return answer(request)


@pytest.fixture
def client() -> Iterator[openai.OpenAI]:
    transport = http.Client(transport=http.MockTransport(answer))
    with openai.OpenAI(api_key="k", base_url="http://provider/v1", http_client=transport, max_retries=0) as made:
        yield made


def async_client() -> openai.AsyncOpenAI:
    transport = http.AsyncClient(transport=http.MockTransport(answer_later))
    return openai.AsyncOpenAI(api_key="k", base_url="http://provider/v1", http_client=transport, max_retries=0)


def seen(client: openai.OpenAI) -> list[Any]:
    """Everything that an application can see of its calls: results, chunks, errors."""
    ask = client.chat.completions
    found: list[Any] = [ask.create(model="m", messages=MESSAGES).model_dump()]
    found += [one.model_dump(exclude_unset=True) for one in ask.create(model="m", messages=MESSAGES, stream=True)]
    raw = ask.with_raw_response.create(model="m", messages=MESSAGES)
    found += [raw.status_code, raw.parse().model_dump()]
    stream: Any = ask.with_raw_response.create(model="m", messages=MESSAGES, stream=True).parse()
    found += [one.model_dump(exclude_unset=True) for one in stream]
    left = ask.create(model="m", messages=MESSAGES, stream=True)
    found.append(next(iter(left)).model_dump())
    left.response.close()
    with pytest.raises(openai.BadRequestError) as refused:
        ask.create(model="refused", messages=MESSAGES)
    return [*found, str(refused.value)]


async def seen_async() -> list[Any]:
    async with async_client() as client:
        ask = client.chat.completions
        found: list[Any] = [(await ask.create(model="m", messages=MESSAGES)).model_dump()]
        found += [one.model_dump() async for one in await ask.create(model="m", messages=MESSAGES, stream=True)]
        with pytest.raises(openai.BadRequestError) as refused:
            await ask.create(model="refused", messages=MESSAGES)
        return [*found, str(refused.value)]


def broken(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("ours")


PLACES: list[tuple[Any, str]] = [
    (hooks, "encode"),
    (hooks, "answered"),
    (hooks, "attach"),
    (hooks, "attach_raw"),
    (hooks, "_Begun"),
    (hooks.runtime, "begin"),
    (reading, "Reading"),
    (reading, "RawAnswer"),
    (reading, "answered"),
    (reading, "encode"),
    (reading, "followed"),
    (reading.calls, "first_chunk"),
    (answers.ChatAnswer, "add"),
    (answers.ChatAnswer, "body"),
]


@pytest.mark.parametrize(("owner", "name"), PLACES, ids=lambda one: one if isinstance(one, str) else one.__name__)
async def test_whatever_breaks_in_us_the_application_sees_what_it_saw_without_us(
    owner, name, client, taken, monkeypatch
):
    expected, expected_async = seen(client), await seen_async()
    with agentlog.instrument("openai"):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, broken)
            assert seen(client) == expected
            assert await seen_async() == expected_async
            gc.collect()
        assert runtime.status().last_error is not None  # said, and not only survived
        # nothing stays broken
        taken.clear()
        assert seen(client) == expected
    assert [(one.finish, one.error) for one in taken.calls] == [
        *[("", "")] * 4,
        ("abandoned", ""),
        ("", "openai.BadRequestError"),
    ]


OURS = [one.name for one in dataclasses.fields(sdk.SDK) if callable(getattr(sdk.SDK, one.name))]


@pytest.mark.parametrize("name", OURS)
async def test_what_breaks_in_the_description_of_the_sdk_breaks_nothing_else(name, client, taken, monkeypatch):
    expected, expected_async = seen(client), await seen_async()
    monkeypatch.setattr(sdk, "SDK", dataclasses.replace(sdk.SDK, **{name: broken}))
    with agentlog.instrument("openai"):
        assert seen(client) == expected
        assert await seen_async() == expected_async
        gc.collect()


def test_a_stream_whose_tokens_cannot_be_asked_for_is_recorded_all_the_same(client, taken, monkeypatch):
    monkeypatch.setattr(sdk, "SDK", dataclasses.replace(sdk.SDK, ask_more=broken))
    with agentlog.instrument("openai"):
        list(client.chat.completions.create(model="m", messages=MESSAGES, stream=True))
    assert [(one.operation, one.error) for one in taken.calls] == [("chat", "")]


async def test_a_thousand_cancelled_and_a_thousand_abandoned_streams_leave_nothing_open(taken):
    gc.collect()
    # what a traceback of another test still holds on to
    older = [one for one in gc.get_objects() if type(one) is reading.Reading]
    before = set(map(id, older))
    with agentlog.instrument("openai"):
        async with async_client() as client:

            async def left() -> None:
                async for _ in await client.chat.completions.create(model="m", messages=MESSAGES, stream=True):
                    break

            slow = [
                asyncio.create_task(client.chat.completions.create(model="slow", messages=MESSAGES, stream=True))
                for _ in range(1000)
            ]
            await asyncio.sleep(0)
            for _ in range(20):
                await asyncio.gather(*(left() for _ in range(50)))
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
        for _ in range(5):
            # the SDK's generators refer to one another, and are closed by the loop, the outer before the inner
            gc.collect()
            await asyncio.sleep(0.01)
    ended = [(one.finish, one.error) for one in taken.calls]
    assert ended.count(("", "asyncio.exceptions.CancelledError")) == 1000
    assert ended.count(("abandoned", "")) == 1000
    assert len(ended) == 2000
    assert [one for one in gc.get_objects() if type(one) is reading.Reading and id(one) not in before] == []
    assert {id(one) for one in reading._unfinished} <= before
    assert len(reading._readings) <= len(before)
