"""Streams of the openai SDK. A transport of our own says what arrives when, and what breaks."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import openai
import pytest
from feeds import feed
from openai import _base_client as clients

import agentlog
from agentlog.recording import context
from agentlog.recording.calls import error_name

# the library below the SDK: httpx2 since openai 3
http: Any = getattr(clients, "httpx2", None) or clients.httpx  # type: ignore[attr-defined]

MESSAGES: list[Any] = [{"role": "user", "content": "Where is order A17?"}]
USAGE = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}


def chunk(delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    about = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m-2026"}
    return {**about, "choices": choices, **more}


WORDS = [
    chunk({"role": "assistant", "content": ""}),
    chunk({"content": "On "}),
    chunk({"content": "its "}),
    chunk({"content": "way."}),
    chunk({}, "stop"),
    chunk(None, usage=USAGE),
]


WHOLE = {
    **{"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m-2026", "usage": USAGE},
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "On its way."}, "finish_reason": "stop"},
    ],
}


def events(*bodies: dict[str, Any], done: bool = True) -> list[bytes]:
    sent = [b"data: " + json.dumps(one).encode() + b"\n\n" for one in bodies]
    return [*sent, b"data: [DONE]\n\n"] if done else sent


def needs(path: str) -> pytest.MarkDecorator:
    """What the test looks at came with a later release of the SDK than the oldest."""
    with openai.OpenAI(api_key="k") as client:
        found: Any = client
        for name in path.split("."):
            found = getattr(found, name, None)
    return pytest.mark.skipif(found is None, reason=f"openai {openai.__version__} has no {path}")


STREAMS_CLOSE = pytest.mark.skipif(not hasattr(openai.Stream, "close"), reason="streams could not be closed yet")


Feed: Any = feed(http)


class Wire(http.BaseTransport, http.AsyncBaseTransport):
    """Answers every request with the same feed."""

    def __init__(self, items: list[Any]) -> None:
        self.feed = Feed(items)

    def handle_request(self, request: http.Request) -> http.Response:
        return http.Response(200, headers={"content-type": "text/event-stream"}, stream=self.feed)

    async def handle_async_request(self, request: http.Request) -> http.Response:
        return self.handle_request(request)


@pytest.fixture(autouse=True)
def _instrumented() -> Iterator[None]:
    with agentlog.instrument("openai"):
        yield


def client_of(items: list[Any]) -> openai.OpenAI:
    made = http.Client(transport=Wire(items))
    return openai.OpenAI(api_key="k", base_url="http://provider/v1", http_client=made, max_retries=0)


def async_client_of(items: list[Any]) -> openai.AsyncOpenAI:
    made = http.AsyncClient(transport=Wire(items))
    return openai.AsyncOpenAI(api_key="k", base_url="http://provider/v1", http_client=made, max_retries=0)


def begin(items: list[Any]) -> Any:
    return client_of(items).chat.completions.create(model="m", messages=MESSAGES, stream=True)


def content(body: Any) -> str:
    return body["choices"][0]["message"]["content"]


def test_a_stream_read_to_its_end_is_the_body_that_would_have_come_in_one_piece(taken, snapshot_of):
    stream = begin(events(*WORDS))
    assert type(stream) is openai.Stream
    assert not taken
    assert [one.choices[0].delta.content for one in stream if one.choices] == ["", "On ", "its ", "way.", None]
    call = taken.one()
    assert snapshot_of(call.response) == {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m-2026",
        "usage": USAGE,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "On its way."}, "finish_reason": "stop"},
        ],
    }
    assert (call.finish, call.error, call.message_ids) == ("", "", ["chatcmpl-1"])
    assert 0 < call.first_chunk_ns <= call.duration_ns
    assert snapshot_of(call.request) == {"model": "m", "messages": MESSAGES, "stream": True}


async def test_an_async_stream_is_recorded_as_it_is_read(taken, snapshot_of):
    async with async_client_of(events(*WORDS)) as client:
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        assert type(stream) is openai.AsyncStream
        async for _ in stream:
            pass
    call = taken.one()
    assert content(snapshot_of(call.response)) == "On its way."
    assert snapshot_of(call.response)["usage"] == USAGE
    assert call.first_chunk_ns > 0


def test_without_usage_in_the_stream_there_is_none_in_the_record(taken, snapshot_of):
    list(begin(events(*WORDS[:-1])))
    call = taken.one()
    assert "usage" not in snapshot_of(call.response)
    assert "stream_options" not in snapshot_of(call.request)


def read_two(stream: Any) -> None:
    next(stream)
    next(stream)


def close(stream: Any) -> None:
    read_two(stream)
    stream.close()


def leave_the_block(stream: Any) -> None:
    with stream:
        for place, _ in enumerate(stream):
            if place == 1:
                break


def fail_in_the_block(stream: Any) -> None:
    with suppress(KeyError), stream:
        read_two(stream)
        raise KeyError("mine")


def close_the_response(stream: Any) -> None:
    read_two(stream)
    stream.response.close()


@STREAMS_CLOSE
@pytest.mark.parametrize("leave", [close, leave_the_block, fail_in_the_block, close_the_response])
def test_a_stream_that_its_reader_leaves_is_abandoned_with_what_had_come(taken, snapshot_of, leave):
    stream = begin(events(*WORDS))
    leave(stream)
    assert stream.response.is_closed
    call = taken.one()
    assert (call.finish, call.error) == ("abandoned", "")
    assert content(snapshot_of(call.response)) == "On "
    stream.close()
    del stream
    gc.collect()
    assert len(taken.calls) == 1


def test_a_stream_that_is_forgotten_is_abandoned_when_it_is_collected(taken, snapshot_of):
    stream = begin(events(*WORDS))
    for place, _ in enumerate(stream):
        if place == 2:
            break
    assert not taken  # it could be read on
    del stream
    gc.collect()
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On its ")


def test_a_stream_that_is_read_on_after_a_break_is_whole(taken, snapshot_of):
    stream = begin(events(*WORDS))
    for _ in stream:
        break
    for _ in stream:
        pass
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("", "On its way.")


@STREAMS_CLOSE
def test_a_stream_that_was_never_read_is_abandoned(taken, snapshot_of):
    stream = begin(events(*WORDS))
    stream.close()
    call = taken.one()
    assert (call.finish, call.first_chunk_ns) == ("abandoned", 0)
    assert snapshot_of(call.response)["choices"] == []


@STREAMS_CLOSE
def test_who_leaves_after_the_last_word_has_read_it_all(taken, snapshot_of):
    with begin(events(*WORDS)) as stream:
        for one in stream:
            if one.choices[0].finish_reason:
                break
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("", "On its way.")


@STREAMS_CLOSE
async def test_an_async_stream_that_its_reader_leaves_is_abandoned(taken, snapshot_of):
    async with async_client_of(events(*WORDS)) as client:
        async with await client.chat.completions.create(model="m", messages=MESSAGES, stream=True) as stream:
            async for one in stream:
                if one.choices[0].delta.content:
                    break
        call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On ")


async def test_a_cancelled_reader_is_an_error_of_that_name_with_what_had_come(taken, snapshot_of):
    reached = asyncio.Event()

    async def stall() -> None:
        reached.set()
        await asyncio.sleep(60)

    async def read(client: openai.AsyncOpenAI) -> None:
        async for _ in await client.chat.completions.create(model="m", messages=MESSAGES, stream=True):
            pass

    async with async_client_of([*events(*WORDS[:3], done=False), stall]) as client:
        task = asyncio.create_task(read(client))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    call = taken.one()
    assert (call.error, call.finish) == ("asyncio.exceptions.CancelledError", "")
    assert content(snapshot_of(call.response)) == "On its "


@pytest.mark.parametrize(
    "last", [http.ReadError("cut"), http.ReadTimeout("late"), b'data: {"error": {"message": "overloaded"}}\n\n']
)
def test_an_error_in_mid_stream_reaches_the_reader_and_the_record_with_what_had_come(taken, snapshot_of, last):
    stream = begin([*events(*WORDS[:2], done=False), last])
    with pytest.raises((openai.APIError, http.TransportError)) as caught:
        list(stream)
    call = taken.one()
    assert (call.error, call.finish) == (error_name(caught.value), "")
    assert content(snapshot_of(call.response)) == "On "


def test_a_stream_that_just_stops_is_no_error_and_has_no_finish_reason(taken, snapshot_of):
    list(begin(events(*WORDS[:3], done=False)))
    call = taken.one()
    assert (call.error, call.finish) == ("", "")
    assert "finish_reason" not in snapshot_of(call.response)["choices"][0]


def test_a_stream_read_in_another_thread_is_one_call_of_where_it_began(taken, snapshot_of):
    @agentlog.capture
    def run() -> Any:
        return begin(events(*WORDS)).__iter__()

    words = run()
    thread = threading.Thread(target=lambda: list(words))
    thread.start()
    thread.join()
    (inner,) = [call for call in taken.calls if call.operation == "chat"]
    (outer,) = [call for call in taken.calls if call.operation != "chat"]
    assert inner.parent == outer.id
    assert content(snapshot_of(inner.response)) == "On its way."


async def test_an_async_stream_read_in_another_task_is_one_call_of_where_it_began(taken, snapshot_of):
    async with async_client_of(events(*WORDS)) as client:

        @agentlog.capture
        async def run() -> Any:
            return await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)

        async def read(stream: Any) -> int:
            return len([one async for one in stream])

        assert await asyncio.create_task(read(await run())) == 6
    (inner,) = [call for call in taken.calls if call.operation == "chat"]
    (outer,) = [call for call in taken.calls if call.operation != "chat"]
    assert inner.parent == outer.id
    assert content(snapshot_of(inner.response)) == "On its way."


def test_a_client_that_stands_on_the_older_http_library_is_recorded_too(taken, snapshot_of):
    older = pytest.importorskip("httpx")
    if older is http:
        pytest.skip("this release of the SDK knows no other")

    def answer(request: Any) -> Any:
        body = b"".join(events(*WORDS)) if json.loads(request.content).get("stream") else json.dumps(WHOLE).encode()
        kind = "text/event-stream" if body.startswith(b"data:") else "application/json"
        return older.Response(200, headers={"content-type": kind}, content=body)

    made = older.Client(transport=older.MockTransport(answer))
    ask = openai.OpenAI(api_key="k", base_url="http://provider/v1", http_client=made).chat.completions.create
    assert ask(model="m", messages=MESSAGES).choices[0].message.content == "On its way."
    assert len(list(ask(model="m", messages=MESSAGES, stream=True))) == 6
    for call in taken.calls:
        assert content(snapshot_of(call.response)) == "On its way."
        assert snapshot_of(call.response)["usage"] == USAGE
    assert len(taken.calls) == 2


@STREAMS_CLOSE
def test_a_stream_closed_from_another_thread_while_it_is_read_ends_once(taken):
    waiting, go_on = threading.Event(), threading.Event()

    def stall() -> None:
        waiting.set()
        go_on.wait(5)

    stream = begin([*events(*WORDS[:2], done=False), stall, http.ReadError("closed under us")])
    failed: list[BaseException] = []

    def read() -> None:
        try:
            list(stream)
        except (openai.APIError, http.TransportError) as error:
            failed.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    waiting.wait(5)
    stream.close()
    go_on.set()
    thread.join()
    assert taken.one().error == error_name(failed[0])


def test_nothing_of_ours_is_around_the_reader_between_two_chunks(taken):
    stream = begin(events(*WORDS))
    assert context.innermost() is None
    for _ in stream:
        assert context.innermost() is None


CHATS = [pytest.param(path, marks=needs(f"{path}.stream")) for path in ("chat.completions", "beta.chat.completions")]


def resource(client: Any, path: str) -> Any:
    for name in path.split("."):
        client = getattr(client, name)
    return client


@pytest.mark.parametrize("path", CHATS)
def test_the_stream_helper_is_one_call(path, taken, snapshot_of):
    from openai.lib.streaming.chat import ChatCompletionStream

    client = client_of(events(*WORDS))
    with resource(client, path).stream(model="m", messages=MESSAGES) as stream:
        assert isinstance(stream, ChatCompletionStream)
        kinds = {event.type for event in stream}
        answer = stream.get_final_completion()
    assert {"chunk", "content.delta", "content.done"} <= kinds
    assert answer.choices[0].message.content == "On its way."
    call = taken.one()
    assert content(snapshot_of(call.response)) == "On its way."


@pytest.mark.parametrize("path", CHATS)
def test_the_stream_helper_left_early_is_abandoned(path, taken, snapshot_of):
    with resource(client_of(events(*WORDS)), path).stream(model="m", messages=MESSAGES) as stream:
        for event in stream:
            if event.type == "content.delta" and event.delta:
                break
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On ")


@pytest.mark.parametrize("path", CHATS)
async def test_the_async_stream_helper_is_one_call(path, taken, snapshot_of):
    client = async_client_of(events(*WORDS))
    async with client, resource(client, path).stream(model="m", messages=MESSAGES) as stream:
        await stream.get_final_completion()
    assert content(snapshot_of(taken.one().response)) == "On its way."


def raw(client: openai.OpenAI) -> Any:
    return client.chat.completions.with_raw_response.create(model="m", messages=MESSAGES, stream=True)


def test_a_raw_response_of_a_stream_is_followed_when_it_is_parsed(taken, snapshot_of):
    response = raw(client_of(events(*WORDS)))
    stream = response.parse()
    assert type(stream) is openai.Stream
    assert response.parse() is stream
    assert not taken
    assert len(list(stream)) == 6
    call = taken.one()
    assert content(snapshot_of(call.response)) == "On its way."
    assert call.first_chunk_ns > 0


@STREAMS_CLOSE
def test_a_raw_response_of_a_stream_that_is_left_early_is_abandoned(taken, snapshot_of):
    with raw(client_of([b"".join(events(*WORDS))])).parse() as stream:
        read_two(stream)
    call = taken.one()
    # all bytes had come at once; the reader has seen two chunks of them
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On ")


def test_a_raw_response_that_nobody_parses_is_abandoned_when_it_is_collected(taken):
    raw(client_of(events(*WORDS)))
    gc.collect()
    assert taken.one().finish == "abandoned"


@needs("chat.completions.with_streaming_response")
def test_a_stream_whose_lines_are_passed_on_unread_is_recorded(taken, snapshot_of):
    completions = client_of(events(*WORDS)).chat.completions
    with completions.with_streaming_response.create(model="m", messages=MESSAGES, stream=True) as response:
        lines = [line for line in response.iter_lines() if line]
    assert lines[-1] == "data: [DONE]"
    call = taken.one()
    assert (content(snapshot_of(call.response)), call.finish) == ("On its way.", "")
    assert snapshot_of(call.response)["usage"] == USAGE
    assert call.first_chunk_ns > 0


@needs("chat.completions.with_streaming_response")
async def test_an_async_stream_whose_lines_are_passed_on_is_recorded_as_far_as_it_was_read(taken, snapshot_of):
    async with async_client_of(events(*WORDS)) as client:
        completions = client.chat.completions.with_streaming_response
        async with completions.create(model="m", messages=MESSAGES, stream=True) as response:
            async for line in response.iter_lines():
                if "its" in line:
                    break
    call = taken.one()
    assert (call.finish, content(snapshot_of(call.response))) == ("abandoned", "On its ")


def response(status: str, text: str = "On its way.", **more: Any) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    output = [item] if status == "completed" else []
    about = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m-2026", "status": status}
    return {**about, "output": output, **more}


def responses_events() -> list[dict[str, Any]]:
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "in_progress", "content": []}
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    said: list[dict[str, Any]] = [
        {"type": "response.created", "response": response("in_progress")},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {
            "type": "response.content_part.added",
            **place,
            "part": {"type": "output_text", "text": "", "annotations": []},
        },
        {"type": "response.output_text.delta", **place, "delta": "On its ", "logprobs": []},
        {"type": "response.output_text.delta", **place, "delta": "way.", "logprobs": []},
        {"type": "response.output_text.done", **place, "text": "On its way.", "logprobs": []},
        {"type": "response.output_item.done", "output_index": 0, "item": response("completed")["output"][0]},
        {
            "type": "response.completed",
            "response": response("completed", usage={"input_tokens": 5, "output_tokens": 2}),
        },
    ]
    return [{**one, "sequence_number": number} for number, one in enumerate(said)]


def named(bodies: list[dict[str, Any]]) -> list[bytes]:
    return [f"event: {one['type']}\ndata: {json.dumps(one)}\n\n".encode() for one in bodies]


@needs("responses")
def test_a_stream_of_responses_is_its_last_event(taken, snapshot_of):
    client = client_of(named(responses_events()))
    text = "".join(
        one.delta for one in client.responses.create(model="m", input="?", stream=True) if "delta" in one.type
    )
    assert text == "On its way."
    call = taken.one()
    body = snapshot_of(call.response)
    assert (body["status"], body["usage"]["output_tokens"], call.message_ids) == ("completed", 2, ["resp_1"])
    assert body["output"][0]["content"][0]["text"] == "On its way."


@needs("responses")
def test_a_stream_of_responses_that_is_left_holds_what_had_come(taken, snapshot_of):
    with client_of(named(responses_events())).responses.create(model="m", input="?", stream=True) as stream:
        for one in stream:
            if one.type == "response.output_text.delta":
                break
    call = taken.one()
    assert call.finish == "abandoned"
    (item,) = snapshot_of(call.response)["output"]
    assert (item["role"], item["content"][0]["text"]) == ("assistant", "On its ")


@needs("responses.stream")
def test_the_stream_helper_of_responses_is_one_call(taken, snapshot_of):
    with client_of(named(responses_events())).responses.stream(model="m", input="?") as stream:
        assert stream.get_final_response().output_text == "On its way."
    assert snapshot_of(taken.one().response)["status"] == "completed"


@needs("responses")
def test_an_error_event_of_responses_is_an_error_of_the_call(taken, snapshot_of):
    failed = {"type": "error", "code": "rate_limit_exceeded", "message": "no", "param": None, "sequence_number": 5}
    list(client_of(named([*responses_events()[:4], failed])).responses.create(model="m", input="?", stream=True))
    call = taken.one()
    assert call.error == "rate_limit_exceeded"
    assert snapshot_of(call.response)["output"][0]["content"][0]["text"] == "On its "


def test_a_stream_of_a_legacy_completion_is_joined(taken, snapshot_of):
    def piece(text: str, finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "text": text, "finish_reason": finish, "logprobs": None}
        return {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m", "choices": [choice]}

    client = client_of(events(piece(" fo"), piece("ur"), piece("", "stop")))
    list(client.completions.create(model="m", prompt="2+2", stream=True))
    assert snapshot_of(taken.one().response)["choices"] == [{"index": 0, "text": " four", "finish_reason": "stop"}]


def test_a_chunk_that_cannot_be_understood_is_read_by_the_application_all_the_same(taken, monkeypatch):
    from agentlog_openai import answers

    def broken(self: Any, chunk: Any) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(answers.ChatAnswer, "add", broken)
    assert len(list(begin(events(*WORDS)))) == 6
    assert len(taken.calls) == 1


SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
import msgspec
import agentlog
from agentlog import runtime
from agentlog.recording.calls import Call
from importlib import util
spec = util.spec_from_file_location("streams", {file!r})
streams = util.module_from_spec(spec)
spec.loader.exec_module(streams)
runtime._put = lambda frame: print(msgspec.msgpack.decode(frame, type=Call).finish)
agentlog.instrument("openai")
stream = streams.begin(streams.events(*streams.WORDS))
next(stream)
"""


def test_a_stream_that_a_script_ends_in_is_abandoned_not_lost():
    script = SCRIPT.format(folder=__file__.rpartition("/")[0], file=__file__)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["abandoned"]
