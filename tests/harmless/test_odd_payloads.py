"""Whatever a function is given, and gives back: one record, the same object, nothing used up, no more bytes than allowed."""

import asyncio
import base64
import json

import msgspec
import pytest

import agentlog
from agentlog import messages
from agentlog.recording.snapshot import MAX_BYTES, encode


def driven(awaitable):
    """Its result. Without an event loop, which would look at what is given through it."""
    with pytest.raises(StopIteration) as stop:
        awaitable.__await__().send(None)
    return stop.value.value


def plain(operation, payload):
    @agentlog.capture(operation=operation)
    def function(messages):
        return messages

    return function(payload)


def coroutine(operation, payload):
    @agentlog.capture(operation=operation)
    async def function(messages):
        return messages

    return driven(function(payload))


def generator(operation, payload):
    @agentlog.capture(operation=operation)
    def function(messages):
        yield messages

    (result,) = function(payload)
    return result


def async_generator(operation, payload):
    @agentlog.capture(operation=operation)
    async def function(messages):
        yield messages

    stream = function(payload)
    result = driven(anext(stream))
    with pytest.raises(StopAsyncIteration):
        driven(anext(stream))
    return result


def returns_a_generator(operation, payload):
    @agentlog.capture(operation=operation)
    def function(messages):
        return (one for one in [messages])

    (result,) = function(payload)
    return result


def by_hand(operation, payload):
    with agentlog.call("by hand", operation=operation) as call:
        call.input(payload, temperature=payload)
        call.output(payload)
    return payload


@pytest.mark.parametrize("way", [plain, coroutine, generator, async_generator, returns_a_generator, by_hand])
def test_any_payload_is_a_record_and_is_left_as_it_was(taken, payload, way):
    given = payload.value
    if way is plain and type(given).__name__ in ("generator", "async_generator", "coroutine"):
        pytest.skip("a generator that is returned is a stream, and followed: see test_streams")
    for operation in ("chat", "execute_tool"):
        assert way(operation, given) is given
        call = taken.calls[-1]
        assert (call.operation, call.error, call.finish) == (operation, "", "")
        for snapshot in (call.request, call.response):
            assert len(memoryview(snapshot)) <= MAX_BYTES
            shown = repr(msgspec.msgpack.decode(snapshot))
            assert payload.holds in shown
    assert len(taken) == 2
    assert payload.untouched()
    assert agentlog.status().last_error is None


def test_a_secret_of_a_model_stays_masked(taken):
    pydantic = pytest.importorskip("pydantic")
    login = pydantic.create_model("Login", password=(pydantic.SecretStr, ...))(password="hunter2")
    plain("execute_tool", [login])
    assert b"hunter2" not in bytes(memoryview(taken.one().request))


@pytest.mark.parametrize("wish", [KeyboardInterrupt, SystemExit])
def test_a_wish_to_end_the_program_is_passed_on(taken, wish):
    class Ends:
        def __repr__(self):
            raise wish

    @agentlog.capture
    def function(a):
        return 1

    with pytest.raises(wish):
        function(Ends())
    assert agentlog.current_call() is None


def test_a_text_that_is_cut_keeps_its_head_its_tail_and_its_length():
    shown = msgspec.msgpack.decode(encode(["a" * 3_000_000 + "b" * 3_000_000, "short"]))
    assert shown[1] == "short"
    assert len(shown[0]) < 70_000
    assert shown[0].startswith("aaa") and shown[0].endswith("bbb")
    assert f"<… {6_000_000 - (64 << 10)} characters left out …>" in shown[0]


def test_a_long_prompt_beside_a_huge_one_stays_whole():
    shown = msgspec.msgpack.decode(encode({"prompt": "p" * 200_000, "file": "f" * 5_000_000}))
    assert shown["prompt"] == "p" * 200_000


@pytest.mark.parametrize("size", [300_000, 3_000_001])
def test_a_picture_that_is_cut_keeps_its_true_size_and_has_no_hash(size):
    picture = base64.b64encode(bytes(size)).decode()
    url = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}}
    raw = {"type": "image", "mime_type": "image/png", "data": bytes(size)}
    given = {"input": [{"role": "user", "content": [{"type": "text", "text": "What is this?"}, url, raw]}]}
    read = messages.read("messages", msgspec.msgpack.decode(encode(given)), {"output": "A square."})
    text, *pictures = read["input_messages"][0]["parts"]
    assert text["text"] == "What is this?"
    assert [(one["type"], one["mime_type"], one["bytes"]) for one in pictures] == [("blob", "image/png", size)] * 2
    assert all(("data" in one) == (size < 1_000_000) for one in pictures)


def test_any_number_of_long_texts_takes_no_more_than_allowed():
    encoded = encode({str(number): "€" * 100_000 for number in range(900)})
    assert len(memoryview(encoded)) <= MAX_BYTES
    assert "items left out" in list(msgspec.msgpack.decode(encoded))[-1]


def test_functions_and_locks_are_told_without_their_address():
    shown = json.dumps(
        msgspec.msgpack.decode(encode([plain, plain.__call__, asyncio.Lock(), lambda: 0, int, BadMethods().m]))
    )
    assert "0x" not in shown
    assert "plain" in shown


class BadMethods:
    def m(self): ...

    def __repr__(self):
        raise AssertionError("asked")


def test_a_circle_does_not_crash_where_the_recursion_limit_was_raised(in_another_process):
    done = in_another_process(
        """
        import dataclasses, sys
        from agentlog.recording.snapshot import encode
        sys.setrecursionlimit(1_000_000)
        @dataclasses.dataclass
        class Node:
            next: object = None
        node = Node()
        node.next = node
        print(len(memoryview(encode(node))) > 0)
        """
    )
    assert (done.returncode, done.stdout) == (0, "True\n")


def test_every_payload_ends_as_a_row(home, tmp_path, zoo):
    """Through the recorder and onto the disk: what cannot be redacted keeps its row and loses its words."""
    agentlog.configure(tmp_path / "records", recorder=home)
    made = []
    for make in zoo.values():
        try:
            payload = make()
        except pytest.skip.Exception:
            continue
        for operation in ("chat", "execute_tool"):
            by_hand(operation, payload.value)
        made.append(make.__name__)
        payload.close()
    assert agentlog.flush(120).durable == 2 * len(made)
    rows = agentlog.open_dataset(tmp_path / "records").to_arrow().to_pylist()
    assert len(rows) == 2 * len(made)
    assert agentlog.status().last_error is None
    assert not [row["name"] for row in rows if row["redaction"]["failed"]]
    assert any("unlocked _thread.lock" in row["tool_result"] for row in rows if row["operation"] == "execute_tool")


def test_what_dumps_itself_for_ever_is_no_deeper_than_a_description(zoo):
    payload = zoo["a_model_that_dumps_itself_for_ever"]()
    decoded, depth = msgspec.msgpack.decode(encode(payload.value)), 0
    while isinstance(decoded, dict):
        decoded, depth = next((one for one in decoded.values() if isinstance(one, dict)), None), depth + 1
    assert 1 < depth < 40
