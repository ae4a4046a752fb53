"""Streams of the anthropic SDK. A transport of our own says what arrives when, and what breaks."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import anthropic
import pytest
from anthropic_wire import (
    BEGUN,
    MESSAGES,
    USAGE,
    WORDS,
    async_client_of,
    client_of,
    clients,
    delta,
    event,
    http,
    said,
    stream,
    text,
)

import agentlog
from agentlog.recording import context
from agentlog.recording.calls import error_name


@pytest.fixture(autouse=True)
def _instrumented() -> Iterator[None]:
    with agentlog.instrument("anthropic"):
        yield


ASKED: dict[str, Any] = {"model": "m", "max_tokens": 9, "messages": MESSAGES}


def begin(items: list[Any]) -> Any:
    return client_of(items).messages.create(**ASKED, stream=True)


def content(body: Any) -> str:
    return "".join(block["text"] for block in body["content"])


def test_a_stream_read_to_its_end_is_the_body_that_would_have_come_in_one_piece(taken, snapshot_of):
    read = begin(WORDS)
    assert type(read) is anthropic.Stream
    assert not taken
    kinds = [one.type for one in read]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-1] == "message_stop"
    call = taken.one()
    assert snapshot_of(call.response) == {**said("On its way."), "usage": USAGE}
    assert (call.finish, call.error, call.message_ids) == ("", "", ["msg_1"])
    assert 0 < call.first_chunk_ns <= call.duration_ns
    assert snapshot_of(call.request) == {**ASKED, "stream": True}


async def test_an_async_stream_is_recorded_as_it_is_read(taken, snapshot_of):
    async with async_client_of(WORDS) as client:
        read = await client.messages.create(**ASKED, stream=True)
        assert type(read) is anthropic.AsyncStream
        async for _ in read:
            pass
    call = taken.one()
    assert snapshot_of(call.response) == {**said("On its way."), "usage": USAGE}
    assert call.first_chunk_ns > 0


def thinking_and_tools() -> list[Any]:
    search = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}
    found = [{"type": "web_search_result", "url": "https://a.example", "title": "T", "encrypted_content": "sealed"}]
    citation = {"type": "web_search_result_location", "url": "https://a.example", "cited_text": "T", "title": "T"}
    return stream(
        [
            event("content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""}),
            delta(0, "thinking_delta", "thinking", "Let me "),
            delta(0, "thinking_delta", "thinking", "see."),
            delta(0, "signature_delta", "signature", "signed"),
            event("content_block_stop", index=0),
        ],
        [
            event("content_block_start", index=1, content_block={"type": "redacted_thinking", "data": "sealed"}),
            event("content_block_stop", index=1),
        ],
        [
            event("content_block_start", index=2, content_block=search),
            delta(2, "input_json_delta", "partial_json", ""),
            delta(2, "input_json_delta", "partial_json", '{"query": '),
            delta(2, "input_json_delta", "partial_json", '"A17"}'),
            event("content_block_stop", index=2),
        ],
        [
            event(
                "content_block_start",
                index=3,
                content_block={"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": found},
            ),
            event("content_block_stop", index=3),
        ],
        [*text(4, "Found.")[:-1], delta(4, "citations_delta", "citation", citation), text(4)[-1]],
        [
            event(
                "content_block_start", index=5, content_block={"type": "tool_use", "id": "t", "name": "f", "input": {}}
            ),
            event("content_block_stop", index=5),
        ],
        stop="tool_use",
    )


def blocks() -> list[Any]:
    return [
        {"type": "thinking", "thinking": "Let me see.", "signature": "signed"},
        {"type": "redacted_thinking", "data": "sealed"},
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "A17"}},
        {
            "type": "web_search_tool_result",
            "tool_use_id": "srvtoolu_1",
            "content": [
                {"type": "web_search_result", "url": "https://a.example", "title": "T", "encrypted_content": "sealed"}
            ],
        },
        {
            "type": "text",
            "text": "Found.",
            "citations": [
                {"type": "web_search_result_location", "url": "https://a.example", "cited_text": "T", "title": "T"}
            ],
        },
        {"type": "tool_use", "id": "t", "name": "f", "input": {}},
    ]


def knows_thinking() -> bool:
    return hasattr(anthropic.types, "ThinkingBlock")


def test_thinking_server_tools_and_citations_keep_their_order_and_signatures(taken, snapshot_of):
    list(begin(thinking_and_tools()))
    body = snapshot_of(taken.one().response)
    assert (body["content"], body["stop_reason"]) == (blocks(), "tool_use")


def test_what_the_stream_helper_makes_of_the_events_is_not_what_is_recorded(taken, snapshot_of):
    if not knows_thinking():
        pytest.skip("the helper of this release fails at blocks that it does not know")
    with client_of(thinking_and_tools()).messages.stream(**ASKED) as read:
        assert read.get_final_message().content[4].text == "Found."
    assert snapshot_of(taken.one().response)["content"] == blocks()


def read_words(read: Any) -> None:
    """Two words."""
    for _ in range(4):
        next(read)


def close(read: Any) -> None:
    read_words(read)
    read.close()


def leave_the_block(read: Any) -> None:
    with read:
        for place, _ in enumerate(read):
            if place == 3:
                break


def fail_in_the_block(read: Any) -> None:
    with suppress(KeyError), read:
        read_words(read)
        raise KeyError("mine")


def close_the_response(read: Any) -> None:
    read_words(read)
    read.response.close()


@pytest.mark.parametrize("leave", [close, leave_the_block, fail_in_the_block, close_the_response])
def test_a_stream_that_its_reader_leaves_is_abandoned_with_what_had_come(taken, snapshot_of, leave):
    read = begin(WORDS)
    leave(read)
    assert read.response.is_closed
    call = taken.one()
    assert (call.finish, call.error) == ("abandoned", "")
    assert content(snapshot_of(call.response)) == "On its "
    read.close()
    del read
    gc.collect()
    assert len(taken.calls) == 1


def test_a_stream_that_is_forgotten_is_abandoned_where_the_sdk_drops_it(taken, snapshot_of):
    gc.disable()
    try:
        client = client_of(WORDS)
        read = client.messages.create(**ASKED, stream=True)
        for place, _ in enumerate(read):
            if place == 3:
                break
        assert not taken  # it could be read on
        response = weakref.ref(read.response)
        circular = "_iterator" not in vars(anthropic.Stream)
        del read
        if circular:  # in older releases a stream and its generator hold each other
            gc.collect()
        call = taken.one()
        assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On its ")
        assert response() is None  # nothing of ours keeps it until the garbage is collected
    finally:
        gc.enable()


def test_a_stream_that_is_read_on_after_a_break_is_whole(taken, snapshot_of):
    read = begin(WORDS)
    for _ in read:
        break
    for _ in read:
        pass
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("", "On its way.")


def test_a_stream_that_was_never_read_is_abandoned(taken, snapshot_of):
    read = begin(WORDS)
    read.close()
    call = taken.one()
    assert (call.finish, call.first_chunk_ns) == ("abandoned", 0)
    assert snapshot_of(call.response)["content"] == []


def test_who_leaves_after_the_stop_reason_has_read_it_all(taken, snapshot_of):
    with begin(WORDS) as read:
        for one in read:
            if one.type == "message_delta":
                break
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("", "On its way.")
    assert snapshot_of(call.response)["usage"] == USAGE


async def test_an_async_stream_that_its_reader_leaves_is_abandoned(taken, snapshot_of):
    async with async_client_of(WORDS) as client:
        async with await client.messages.create(**ASKED, stream=True) as read:
            async for one in read:
                if one.type == "content_block_delta":
                    break
        call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On ")


async def test_an_async_stream_that_is_forgotten_is_abandoned(taken, snapshot_of):
    async with async_client_of(WORDS) as client:
        async for one in await client.messages.create(**ASKED, stream=True):
            if one.type == "content_block_delta":
                break
        for _ in range(3):  # the loop closes a generator that is collected, which may hold more
            gc.collect()
            await asyncio.sleep(0.01)
        call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On ")


async def stalled(reached: asyncio.Event) -> None:
    reached.set()
    await asyncio.sleep(60)


async def read_all(client: Any) -> None:
    async for _ in await client.messages.create(**ASKED, stream=True):
        pass


async def test_a_cancelled_reader_is_an_error_of_that_name_with_what_had_come(taken, snapshot_of):
    reached = asyncio.Event()
    async with async_client_of([*BEGUN, lambda: stalled(reached)]) as client:
        task = asyncio.create_task(read_all(client))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    call = taken.one()
    assert (call.error, call.finish) == ("asyncio.exceptions.CancelledError", "")
    assert content(snapshot_of(call.response)) == "On its "


async def test_a_reader_that_is_timed_out_is_recorded_as_far_as_it_came(taken, snapshot_of):
    reached = asyncio.Event()
    async with async_client_of([*BEGUN, lambda: stalled(reached)]) as client:
        task = asyncio.create_task(read_all(client))
        await reached.wait()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(task, 0.01)
    call = taken.one()
    assert (call.error, content(snapshot_of(call.response))) == ("asyncio.exceptions.CancelledError", "On its ")


OVERLOADED = event("error", error={"type": "overloaded_error", "message": "Overloaded"})


@pytest.mark.parametrize("last", [http.ReadError("cut"), http.ReadTimeout("late"), OVERLOADED])
def test_an_error_in_mid_stream_reaches_the_reader_and_the_record_with_what_had_come(taken, snapshot_of, last):
    read = begin([*BEGUN, last])
    with pytest.raises((anthropic.APIError, http.TransportError)) as caught:
        list(read)
    call = taken.one()
    assert (call.error, call.finish) == (error_name(caught.value), "")
    assert content(snapshot_of(call.response)) == "On its "


async def test_an_error_in_an_async_stream_reaches_the_reader_and_the_record(taken, snapshot_of):
    async with async_client_of([*BEGUN, OVERLOADED]) as client:
        with pytest.raises(anthropic.APIStatusError) as caught:
            await read_all(client)
    call = taken.one()
    assert (call.error, content(snapshot_of(call.response))) == (error_name(caught.value), "On its ")


def test_a_stream_that_just_stops_is_no_error_and_has_no_stop_reason(taken, snapshot_of):
    list(begin(BEGUN))
    call = taken.one()
    assert (call.error, call.finish) == ("", "")
    body = snapshot_of(call.response)
    assert (body["stop_reason"], content(body)) == (None, "On its ")


def test_arguments_that_are_cut_off_are_kept_as_far_as_they_came(taken, snapshot_of):
    whole = thinking_and_tools()
    cut = next(place for place, one in enumerate(whole) if b"A17" in one)
    list(begin(whole[:cut]))
    assert snapshot_of(taken.one().response)["content"][2]["input"] == '{"query": '


def test_a_stream_read_in_another_thread_is_one_call_of_where_it_began(taken, snapshot_of):
    @agentlog.capture
    def run() -> Any:
        return begin(WORDS).__iter__()

    words = run()
    thread = threading.Thread(target=lambda: list(words))
    thread.start()
    thread.join()
    (inner,) = [call for call in taken.calls if call.operation == "chat"]
    (outer,) = [call for call in taken.calls if call.operation != "chat"]
    assert inner.parent == outer.id
    assert content(snapshot_of(inner.response)) == "On its way."


async def test_a_stream_read_in_another_task_is_one_call_of_where_it_began(taken, snapshot_of):
    async with async_client_of(WORDS) as client:

        @agentlog.capture
        async def run() -> Any:
            return await client.messages.create(**ASKED, stream=True)

        read = await run()

        async def reader() -> None:
            async for _ in read:
                assert context.innermost() is None

        await asyncio.create_task(reader())
    outer, inner = sorted(taken.calls, key=lambda call: call.operation == "chat")
    assert inner.parent == outer.id
    assert content(snapshot_of(inner.response)) == "On its way."


def test_a_stream_closed_from_another_thread_while_it_is_read_ends_once(taken):
    waiting, go_on = threading.Event(), threading.Event()

    def stall() -> None:
        waiting.set()
        go_on.wait(5)

    read = begin([*BEGUN, stall, http.ReadError("closed under us")])
    failed: list[BaseException] = []

    def reader() -> None:
        try:
            list(read)
        except (anthropic.APIError, http.TransportError) as error:
            failed.append(error)

    thread = threading.Thread(target=reader)
    thread.start()
    waiting.wait(5)
    read.close()
    go_on.set()
    thread.join()
    assert taken.one().error == error_name(failed[0])


def test_nothing_of_ours_is_around_the_reader_between_two_events(taken):
    read = begin(WORDS)
    assert context.innermost() is None
    for _ in read:
        assert context.innermost() is None


WAYS = {
    "events": lambda read: [one.type for one in read][-1] == "message_stop",
    "text_stream": lambda read: "".join(read.text_stream) == "On its way.",
    "get_final_message": lambda read: read.get_final_message().content[0].text == "On its way.",
    "get_final_text": lambda read: read.get_final_text() == "On its way.",
    "until_done": lambda read: read.until_done() is None,
}


@pytest.mark.parametrize("way", WAYS)
def test_the_stream_helper_is_one_call_however_it_is_read(taken, snapshot_of, way):
    with client_of(WORDS).messages.stream(**ASKED) as read:
        assert not taken
        assert WAYS[way](read)
    call = taken.one()
    assert snapshot_of(call.response) == {**said("On its way."), "usage": USAGE}
    assert (call.finish, call.error) == ("", "")
    assert call.first_chunk_ns > 0
    assert snapshot_of(call.request) == {**ASKED, "stream": True}


@pytest.mark.parametrize("way", ["text_stream", "get_final_message"])
async def test_the_async_stream_helper_is_one_call(taken, snapshot_of, way):
    async with async_client_of(WORDS) as client, client.messages.stream(**ASKED) as read:
        if way == "text_stream":
            assert [word async for word in read.text_stream] == ["On ", "its ", "way."]
        else:
            await read.get_final_message()
    assert snapshot_of(taken.one().response) == {**said("On its way."), "usage": USAGE}


def test_the_stream_helper_left_early_is_abandoned(taken, snapshot_of):
    with client_of(WORDS).messages.stream(**ASKED) as read:
        for word in read.text_stream:
            if word == "its ":
                break
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On its ")


async def test_the_async_stream_helper_left_early_is_abandoned(taken, snapshot_of):
    async with async_client_of(WORDS) as client:
        async with client.messages.stream(**ASKED) as read:
            async for word in read.text_stream:
                if word == "its ":
                    break
        call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On its ")


def test_the_stream_helper_of_the_beta_is_one_call(taken, snapshot_of):
    beta = getattr(client_of(WORDS), "beta", None)
    if not hasattr(getattr(beta, "messages", None), "stream"):
        pytest.skip("this release has no beta.messages.stream")
    with client_of(WORDS).beta.messages.stream(**ASKED) as read:
        assert "".join(read.text_stream) == "On its way."
    assert content(snapshot_of(taken.one().response)) == "On its way."


def test_the_tool_runner_may_stream(taken, snapshot_of):
    client = client_of(WORDS)
    if not hasattr(getattr(getattr(client, "beta", None), "messages", None), "tool_runner"):
        pytest.skip("this release has no tool_runner")
    for read in client.beta.messages.tool_runner(**ASKED, tools=[], stream=True):
        read.until_done()
    assert content(snapshot_of(taken.one().response)) == "On its way."


def raw(client: Any) -> Any:
    return client.messages.with_raw_response.create(**ASKED, stream=True)


def test_a_raw_response_of_a_stream_is_followed_when_it_is_parsed(taken, snapshot_of):
    response = raw(client_of(WORDS))
    read = response.parse()
    assert type(read) is anthropic.Stream
    assert response.parse() is read
    assert not taken
    assert len(list(read)) == len(WORDS) - 1  # the SDK keeps pings to itself
    call = taken.one()
    assert content(snapshot_of(call.response)) == "On its way."
    assert call.first_chunk_ns > 0


def test_a_raw_response_of_a_stream_that_is_left_early_is_abandoned(taken, snapshot_of):
    with raw(client_of([b"".join(WORDS)])).parse() as read:
        read_words(read)
    call = taken.one()
    # all bytes had come at once; the reader has seen two words of them
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On its ")


def test_a_raw_response_that_nobody_parses_is_abandoned_when_it_is_dropped(taken):
    raw(client_of(WORDS))
    gc.collect()
    assert taken.one().finish == "abandoned"


def test_a_stream_whose_lines_are_passed_on_unread_is_recorded(taken, snapshot_of):
    messages = client_of(WORDS).messages
    with messages.with_streaming_response.create(**ASKED, stream=True) as response:
        lines = [line for line in response.iter_lines() if line]
    assert lines[-1] == 'data: {"type": "message_stop"}'
    call = taken.one()
    assert snapshot_of(call.response) == {**said("On its way."), "usage": USAGE}
    assert (call.finish, call.first_chunk_ns > 0) == ("", True)


async def test_an_async_stream_whose_lines_are_passed_on_is_recorded_as_far_as_it_was_read(taken, snapshot_of):
    async with async_client_of(WORDS) as client:
        async with client.messages.with_streaming_response.create(**ASKED, stream=True) as response:
            async for line in response.iter_lines():
                if "its" in line:
                    break
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On its ")


def test_an_error_event_that_is_passed_on_unread_stands_in_the_record(taken, snapshot_of):
    messages = client_of([*BEGUN, OVERLOADED]).messages
    with messages.with_streaming_response.create(**ASKED, stream=True) as response:
        list(response.iter_bytes())
    call = taken.one()
    assert (call.error, content(snapshot_of(call.response))) == ("overloaded_error", "On its ")


def test_a_stream_of_a_legacy_completion_is_joined(taken, snapshot_of):
    def piece(words: str, stop: str | None = None) -> bytes:
        return event("completion", id="compl_1", completion=words, stop_reason=stop, model="m-2")

    client = client_of([piece(" fo"), piece("ur"), piece("", "stop_sequence")])
    if not hasattr(client, "completions"):
        pytest.skip("this release has no completions")
    list(client.completions.create(model="m", prompt="2+2", max_tokens_to_sample=5, stream=True))
    assert snapshot_of(taken.one().response) == {
        "type": "completion",
        "id": "compl_1",
        "completion": " four",
        "stop_reason": "stop_sequence",
        "model": "m-2",
    }


def test_an_event_that_cannot_be_understood_is_read_by_the_application_all_the_same(taken, monkeypatch):
    from agentlog_anthropic import answers

    def broken(self: Any, chunk: Any) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(answers.MessageAnswer, "add", broken)
    assert len(list(begin(WORDS))) == len(WORDS) - 1
    assert len(taken.calls) == 1


@pytest.mark.parametrize("place", ["Reading", "_follow", "followed", "_Bytes"])
def test_a_stream_that_cannot_be_followed_is_read_by_the_application_all_the_same(taken, monkeypatch, place):
    from agentlog_stainless import reading

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("ours")

    monkeypatch.setattr(reading, place, broken)
    with client_of(WORDS).messages.stream(**ASKED) as read:
        assert read.get_final_text() == "On its way."
    response = raw(client_of(WORDS))
    assert len(list(response.parse())) == len(WORDS) - 1
    del response
    gc.collect()
    assert len(taken.calls) == 2


T = TypeVar("T")


class Late(anthropic.Stream[T]):
    """A stream of the application's own, which sets what it needs after the SDK's `__init__`."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.mark = "set"

    def __stream__(self) -> Iterator[Any]:
        inner = super().__stream__()
        yield from inner
        assert self.mark == "set"


def test_a_stream_class_of_the_applications_own_works_as_it_did(taken, snapshot_of):
    client = client_of(WORDS)
    read = client.post("/v1/messages", body=ASKED, cast_to=object, stream=True, stream_cls=Late[Any])
    assert type(read) is Late
    assert len(list(read)) == len(WORDS) - 1
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("", "On its way.")


def test_streams_that_nobody_records_are_read_as_ever(taken):
    with context.unrecorded():
        assert len(list(begin(WORDS))) == len(WORDS) - 1
    agentlog.uninstrument()
    assert type(begin(WORDS)._iterator).__module__ == "builtins"
    assert not taken


def test_a_stream_that_began_under_instrument_is_recorded_though_it_ends_after_it(taken, snapshot_of):
    read = begin(WORDS)
    next(read)
    agentlog.uninstrument()
    list(read)
    assert content(snapshot_of(taken.one().response)) == "On its way."


def test_of_a_thousand_abandoned_streams_none_is_left_open(taken):
    from agentlog_stainless import reading

    gc.collect()
    before = len(reading._unfinished), len(reading._readings)
    client = client_of(BEGUN)
    for number in range(1000):
        read = client.messages.create(**ASKED, stream=True)
        if number % 4 != 3:
            read_words(read)
        if number % 3 == 0:
            read.close()
    del read
    gc.collect()
    assert {call.finish for call in taken.calls} == {"abandoned"}
    assert len(taken.calls) == 1000
    assert (len(reading._unfinished), len(reading._readings)) == before


async def test_of_a_thousand_cancelled_calls_and_streams_none_is_left_open(taken):
    from agentlog_stainless import reading

    gc.collect()
    before = len(reading._unfinished), len(reading._readings)

    async def never(body: Any) -> Any:
        await asyncio.sleep(60)

    async def stall() -> None:
        await asyncio.sleep(60)

    async with async_client_of(never) as waiting, async_client_of([*BEGUN, stall]) as reading_on:
        tasks = [asyncio.create_task(read_all(client)) for client in (waiting, reading_on) for _ in range(500)]
        while sum(len(client.wire.asked) for client in (waiting, reading_on)) < 1000:
            await asyncio.sleep(0.01)
        for _ in range(50):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    del tasks, task
    await asyncio.sleep(0.01)  # the loop holds the exceptions, and they what they passed through, for one more round
    gc.collect()
    assert {call.error for call in taken.calls} == {"asyncio.exceptions.CancelledError"}
    assert len(taken.calls) == 1000
    assert (len(reading._unfinished), len(reading._readings)) == before
    assert context.innermost() is None


def test_a_release_without_the_place_says_so(monkeypatch):
    from anthropic import _streaming

    agentlog.uninstrument()
    monkeypatch.delattr(_streaming.AsyncStream, "__stream__")
    with agentlog.instrument("anthropic") as told:
        assert any("AsyncStream.__stream__" in line for line in told.missing)
    assert clients is not None


SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
import msgspec
import agentlog
from agentlog import runtime
from agentlog.recording.calls import Call
from anthropic_wire import MESSAGES, WORDS, client_of
runtime._put = lambda frame: print(msgspec.msgpack.decode(frame, type=Call).finish)
agentlog.instrument("anthropic")
stream = client_of(WORDS).messages.create(model="m", max_tokens=9, messages=MESSAGES, stream=True)
next(stream)
"""


def test_a_stream_that_a_script_ends_in_is_abandoned_not_lost():
    script = SCRIPT.format(folder=str(Path(__file__).parent))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["abandoned"]
