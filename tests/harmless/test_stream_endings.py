"""However a stream ends, it is recorded as far as it came; what runs in its steps is below it, what its reader does is not."""

import asyncio
import contextlib
import contextvars
import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import agentlog
from agentlog.recording.calls import Call


@agentlog.capture
def inside(n):
    return n


@agentlog.capture
def between(n):
    return n


@agentlog.capture(operation="chat")
def words(prompt):
    for n, word in enumerate(("one ", "two ", "three ")):
        inside(n)
        yield word


@agentlog.capture(operation="chat")
async def words_async(prompt):
    for n, word in enumerate(("one ", "two ", "three ")):
        inside(n)
        await asyncio.sleep(0)
        yield word


def returned(prompt):
    return words.__wrapped__(prompt)


returned_stream = agentlog.capture(operation="chat")(returned)


def the_stream(taken):
    (call,) = [one for one in taken.calls if one.operation == "chat"]
    for child in [one for one in taken.calls if one.name == "inside"]:
        assert (child.parent, child.trace, child.depth) == (call.id, call.trace, call.depth + 1)
    return call


def check(taken, snapshot_of, text, finish="", error=""):
    call = the_stream(taken)
    assert snapshot_of(call.response) == {"output": text}
    assert (call.finish, call.error) == (finish, error)
    assert 0 < call.first_chunk_ns <= call.duration_ns
    assert agentlog.current_call() is None
    assert agentlog.status().last_error is None


@pytest.mark.parametrize("make", [words, returned_stream])
def test_read_to_its_end(taken, snapshot_of, make):
    for n, _ in enumerate(make("hi")):
        between(n)
        assert agentlog.current_call() is None
    check(taken, snapshot_of, "one two three ")
    assert {one.parent for one in taken.calls if one.name == "between"} == {""}


@pytest.mark.parametrize("make", [words, returned_stream])
def test_closed_early(taken, snapshot_of, make):
    stream = make("hi")
    next(stream)
    stream.close()
    check(taken, snapshot_of, "one ", "abandoned")


@pytest.mark.parametrize("make", [words, returned_stream])
def test_forgotten_and_collected(taken, snapshot_of, make):
    stream = make("hi")
    next(stream)
    del stream
    gc.collect()
    check(taken, snapshot_of, "one ", "abandoned")


def test_never_begun_it_is_no_call(taken):
    stream = words("hi")
    del stream
    gc.collect()
    assert not taken


def test_closed_by_an_error_of_its_reader(taken, snapshot_of):
    with pytest.raises(KeyError), contextlib.closing(words("hi")) as stream:
        for _ in stream:
            raise KeyError
    check(taken, snapshot_of, "one ", "abandoned")


def test_an_error_thrown_into_it(taken, snapshot_of):
    stream = words("hi")
    next(stream)
    with pytest.raises(TimeoutError):
        stream.throw(TimeoutError())
    check(taken, snapshot_of, "one ", "", "TimeoutError")


@pytest.mark.parametrize("make", [words, returned_stream])
def test_each_chunk_read_in_another_thread(taken, snapshot_of, make):
    stream = make("hi")
    got = []
    for _ in range(4):
        thread = threading.Thread(target=lambda: got.append(next(stream, None)))
        thread.start()
        thread.join()
    assert got == ["one ", "two ", "three ", None]
    check(taken, snapshot_of, "one two three ")


def test_begun_in_one_context_and_ended_in_another(taken, snapshot_of):
    stream = words("hi")
    for _ in range(4):
        contextvars.copy_context().run(next, stream, None)
    check(taken, snapshot_of, "one two three ")


def test_two_streams_read_in_turns_do_not_mix(taken):
    for _ in zip(words("a"), words("b"), strict=True):
        pass
    streams = [one for one in taken.calls if one.operation == "chat"]
    for stream in streams:
        assert len([one for one in taken.calls if one.parent == stream.id]) == 3
        assert stream.parent == ""


def test_a_stream_that_is_read_in_a_run_stays_below_it(taken):
    @agentlog.capture
    def run():
        for n, _ in enumerate(words("hi")):
            between(n)

    run()
    root = taken.calls[-1]
    assert {one.parent for one in taken.calls if one.name == "between"} == {root.id}
    assert the_stream(taken).parent == root.id


def test_a_stream_handed_out_of_its_run_is_recorded_when_it_is_read(taken, snapshot_of):
    @agentlog.capture
    def run():
        stream = words("hi")
        first = next(stream)
        return first, stream

    _, stream = run()
    list(stream)
    call = the_stream(taken)
    root = next(one for one in taken.calls if one.name.endswith("run"))
    assert (call.parent, call.trace) == (root.id, root.id)
    assert snapshot_of(call.response) == {"output": "one two three "}


async def test_async_read_to_its_end(taken, snapshot_of):
    async for _ in words_async("hi"):
        between(0)
        assert agentlog.current_call() is None
    check(taken, snapshot_of, "one two three ")


async def test_async_left_by_break_and_collected(taken, snapshot_of):
    async for _ in words_async("hi"):
        break
    gc.collect()
    await asyncio.sleep(0.01)  # the loop closes what was forgotten
    check(taken, snapshot_of, "one ", "abandoned")


async def test_async_closed(taken, snapshot_of):
    async with contextlib.aclosing(words_async("hi")) as stream:
        await anext(stream)
    check(taken, snapshot_of, "one ", "abandoned")


async def test_async_cancelled_while_it_waits(taken, snapshot_of):
    @agentlog.capture(operation="chat")
    async def stuck(prompt):
        yield "so far"
        await asyncio.Event().wait()

    async def read():
        async for _ in stuck("hi"):
            pass

    task = asyncio.create_task(read())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    check(taken, snapshot_of, "so far", "", "asyncio.exceptions.CancelledError")


async def test_async_timed_out(taken, snapshot_of):
    @agentlog.capture(operation="chat")
    async def slow(prompt):
        yield "so far"
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            async for _ in slow("hi"):
                pass
    check(taken, snapshot_of, "so far", "", "asyncio.exceptions.CancelledError")


async def test_async_each_chunk_read_in_another_task(taken, snapshot_of):
    stream = words_async("hi")
    got = [await asyncio.create_task(anext(stream, None)) for _ in range(4)]
    assert got == ["one ", "two ", "three ", None]
    check(taken, snapshot_of, "one two three ")


async def test_async_begun_in_one_task_and_closed_in_another(taken, snapshot_of):
    stream = words_async("hi")
    await asyncio.create_task(anext(stream))
    await asyncio.create_task(stream.aclose())
    check(taken, snapshot_of, "one ", "abandoned")


def test_async_read_by_one_loop_after_the_other(taken, snapshot_of):
    stream = words_async("hi")

    async def step():
        return await anext(stream, None)

    with ThreadPoolExecutor(1) as pool:
        got = [pool.submit(asyncio.run, step()).result()]
        # the first loop has closed what it had begun, when it ended
        got.append(pool.submit(asyncio.run, step()).result())
    assert got == ["one ", None]
    check(taken, snapshot_of, "one ", "abandoned")


async def test_an_error_of_a_stream_keeps_what_came_before(taken, snapshot_of):
    @agentlog.capture(operation="chat")
    async def breaks(prompt):
        yield "so far"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        async for _ in breaks("hi"):
            pass
    check(taken, snapshot_of, "so far", "", "ConnectionResetError")


async def test_what_a_generator_does_on_its_way_out_still_runs_and_is_below_it(taken):
    @agentlog.capture(operation="chat")
    async def tidy(prompt):
        try:
            yield "one "
        finally:
            await asyncio.sleep(0)
            inside(9)

    async with contextlib.aclosing(tidy("hi")) as stream:
        await anext(stream)
    assert the_stream(taken).finish == "abandoned"
    assert [one.name for one in taken.calls].count("inside") == 1


def test_what_a_generator_does_on_its_way_out_is_below_it_too(taken):
    @agentlog.capture(operation="chat")
    def tidy(prompt):
        try:
            yield "one "
        finally:
            inside(9)

    stream = tidy("hi")
    next(stream)
    stream.close()
    assert the_stream(taken).finish == "abandoned"
    assert [one.name for one in taken.calls].count("inside") == 1


def test_delegation_reaches_the_generator_below(taken):
    heard = []

    @agentlog.capture
    def inner():
        try:
            heard.append((yield "ready"))
        except KeyError:
            heard.append("caught")
            yield "after"
        return "returned"

    def outer():
        return (yield from inner())

    one = outer()
    assert next(one) == "ready"
    assert one.throw(KeyError()) == "after"
    with pytest.raises(StopIteration) as stop:
        next(one)
    assert (stop.value.value, heard) == ("returned", ["caught"])


async def test_a_thousand_cancelled_calls_leave_none_open(taken):
    @agentlog.capture
    async def waits():
        await inner()

    @agentlog.capture
    async def inner():
        await asyncio.Event().wait()

    tasks = [asyncio.create_task(waits()) for _ in range(1000)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    assert all(isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*tasks, return_exceptions=True))
    del tasks, task
    await asyncio.sleep(0.01)  # the loop lets go of them
    assert len(taken) == 2000
    assert {one.error for one in taken.calls} == {"asyncio.exceptions.CancelledError"}
    assert open_calls(taken) == 0


async def test_a_thousand_abandoned_streams_and_coroutines_leave_none_open(taken):
    @agentlog.capture
    async def waits():
        await Suspended()

    for _ in range(1000):
        stream = words_async("hi")
        await anext(stream)
        coroutine = waits()
        coroutine.send(None)  # begun, and never asked again
    del stream, coroutine
    gc.collect()
    await asyncio.sleep(0.01)
    ended = [one for one in taken.calls if one.name != "inside"]
    assert len(ended) == 2000
    assert {one.finish for one in ended} == {"abandoned", "interrupted"}
    assert open_calls(taken) == 0


class Suspended:
    def __await__(self):
        yield


def open_calls(taken):
    """Calls that something still holds on to, beside what was handed over."""
    gc.collect()
    handed = {id(one) for one in taken}
    mine = min((one.id for one in taken), default="")  # ids count upwards; what is older is another test's
    return sum(
        1
        for one in gc.get_objects()
        if type(one) is Call and id(one) not in handed and one.id >= mine  # other libraries have a Call of their own
    )
