from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.output_parsers import StrOutputParser
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tracers._streaming import _StreamingCallbackHandler
from pydantic import Field

import agentlog
from agentlog.recording import context


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    with agentlog.instrument("langchain_core"):
        yield


class Streaming(BaseChatModel):
    """Streams words; remembers which call was around each of its steps."""

    words: tuple[str, ...] = ("It ", "is ", "sunny")
    wait_s: float = 0.0
    fail_after: int = -1
    seen: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "streaming"

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    def _look(self) -> None:
        call = context.innermost()
        self.seen.append("" if call is None else call.id)

    def _chunk(self, number: int) -> ChatGenerationChunk:
        last = number == len(self.words) - 1
        usage = {"input_tokens": 4, "output_tokens": 3, "total_tokens": 7} if last else None
        return ChatGenerationChunk(message=AIMessageChunk(self.words[number], usage_metadata=usage))

    def _stream(
        self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        for number in range(len(self.words)):
            self._look()
            if number == self.fail_after:
                raise ConnectionError("cut")
            yield self._chunk(number)

    async def _astream(
        self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for number in range(len(self.words)):
            self._look()
            if number == self.fail_after:
                raise ConnectionError("cut")
            await asyncio.sleep(self.wait_s)
            yield self._chunk(number)


async def read(model: Any, way: str) -> list[Any]:
    return list(model.stream("hi")) if way == "sync" else [chunk async for chunk in model.astream("hi")]


async def within(seconds: float, reading: Any) -> Any:
    """Like `asyncio.wait_for`, in this task and its context."""
    async with asyncio.timeout(seconds):
        return await reading


def text(snapshot_of: Any, call: Any) -> str:
    (generation,) = snapshot_of(call.response)["generations"]
    return generation["content"]


def test_a_stream_is_recorded_as_it_was_read(taken, snapshot_of):
    chunks = list(Streaming().stream("hi"))
    assert "".join(chunk.content for chunk in chunks) == "It is sunny"
    call = taken.one()
    assert text(snapshot_of, call) == "It is sunny"
    assert snapshot_of(call.response)["generations"][0]["usage_metadata"]["output_tokens"] == 3
    assert 0 < call.first_chunk_ns < call.duration_ns
    assert (call.error, call.finish) == ("", "")
    assert call.message_ids == [chunks[0].id]


async def test_an_async_stream_is_recorded_as_it_was_read(taken, snapshot_of):
    chunks = [chunk async for chunk in Streaming(wait_s=0.001).astream("hi")]
    call = taken.one()
    assert text(snapshot_of, call) == "It is sunny"
    assert 0 < call.first_chunk_ns < call.duration_ns
    assert call.message_ids == [chunks[0].id]


def test_the_model_is_around_its_work_until_the_first_chunk_and_never_around_its_reader(taken):
    model = Streaming()
    for _ in model.stream("hi"):
        assert context.innermost() is None
    assert model.seen[0] == taken.one().id
    assert context.innermost() is None


async def test_the_model_is_never_around_the_reader_of_its_async_stream(taken):
    model = Streaming(wait_s=0.001)
    async for _ in model.astream("hi"):
        assert context.innermost() is None
    assert model.seen[0] == taken.one().id
    assert context.innermost() is None


def test_a_stream_closed_early_is_recorded_as_abandoned_with_what_was_read(taken, snapshot_of):
    stream = Streaming().stream("hi")
    next(stream)
    next(stream)
    stream.close()
    call = taken.one()
    assert (call.finish, call.error) == ("abandoned", "")
    assert text(snapshot_of, call) == "It is "
    assert "run-" in call.message_ids[0]
    assert context.innermost() is None


def test_a_stream_left_by_a_break_is_recorded_as_abandoned(taken):
    for _ in Streaming().stream("hi"):
        break
    gc.collect()
    assert taken.one().finish == "abandoned"


async def test_an_async_stream_closed_early_is_recorded_as_abandoned(taken, snapshot_of):
    stream = Streaming().astream("hi")
    await anext(stream)
    await stream.aclose()
    call = taken.one()
    assert (call.finish, call.error) == ("abandoned", "")
    assert text(snapshot_of, call) == "It "


async def test_a_cancelled_stream_is_recorded_as_cancelled_with_what_had_come(taken, snapshot_of):
    task = asyncio.create_task(read(Streaming(wait_s=0.4), "async"))
    await asyncio.sleep(0.6)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.01)
    call = taken.one()
    assert call.error == "asyncio.exceptions.CancelledError"
    assert text(snapshot_of, call) == "It "


async def test_a_stream_cancelled_before_its_first_chunk_leaves_nothing_around_its_reader(taken):
    with pytest.raises(TimeoutError):
        await within(0.005, read(Streaming(wait_s=30), "async"))
    await asyncio.sleep(0.01)
    assert taken.one().error == "asyncio.exceptions.CancelledError"
    assert context.innermost() is None


@pytest.mark.parametrize("way", ["sync", "async"])
async def test_a_stream_that_fails_is_recorded_with_what_had_come(taken, snapshot_of, way):
    model = Streaming(fail_after=2)
    with pytest.raises(ConnectionError, match="cut"):
        await read(model, way)
    call = taken.one()
    assert call.error == "ConnectionError"
    assert text(snapshot_of, call) == "It is "
    assert context.innermost() is None


async def test_streams_read_in_turns_do_not_mix(taken, snapshot_of):
    one = Streaming(words=("a", "b", "c")).astream("one")
    two = Streaming(words=("x", "y", "z")).astream("two")
    await anext(one), await anext(two), await anext(one), await anext(two)
    async for _ in one:
        pass
    async for _ in two:
        pass
    found = {snapshot_of(call.request)["messages"][0]["content"]: text(snapshot_of, call) for call in taken.calls}
    assert found == {"one": "abc", "two": "xyz"}
    assert {call.parent for call in taken.calls} == {""}


async def test_events_of_a_stream_are_recorded_once(taken, snapshot_of):
    async for _ in Streaming().astream_events("hi", version="v2"):
        assert context.innermost() is None
    assert text(snapshot_of, taken.one()) == "It is sunny"


def test_a_model_asked_below_a_streaming_handler_keeps_what_had_come_when_it_fails(taken, snapshot_of):
    class Listening(BaseCallbackHandler, _StreamingCallbackHandler):
        def tap_output_aiter(self, run_id: Any, output: Any) -> Any:
            return output

        def tap_output_iter(self, run_id: Any, output: Any) -> Any:
            return output

    with pytest.raises(ConnectionError):
        Streaming(fail_after=1).invoke("hi", {"callbacks": [Listening()]})
    call = taken.one()
    assert call.error == "ConnectionError"
    assert text(snapshot_of, call) == "It "


def test_the_stream_of_a_chain_has_its_input_and_its_answer(taken, snapshot_of):
    assert "".join(chain().stream({"question": "weather?"})) == "It is sunny"
    model, root = taken.calls
    assert (model.operation, root.operation) == ("chat", "invoke_workflow")
    assert (model.parent, root.parent, root.finish) == (root.id, "", "")
    assert snapshot_of(root.request) == {"input": {"question": "weather?"}}
    assert snapshot_of(root.response) == "It is sunny"


def chain() -> Any:
    return ChatPromptTemplate.from_messages([("human", "{question}")]) | Streaming() | StrOutputParser()


def test_the_stream_of_a_chain_closed_early_is_abandoned(taken, snapshot_of):
    stream = chain().stream({"question": "weather?"})
    next(stream)
    stream.close()
    del stream
    gc.collect()
    found = {call.operation: call for call in taken.calls}
    assert (found["invoke_workflow"].finish, found["invoke_workflow"].error) == ("abandoned", "")
    # its reader has left, but LangChain's own steps read the model to its end, for their tracing
    assert text(snapshot_of, found["chat"]) == "It is sunny"
    assert found["chat"].parent == found["invoke_workflow"].id


async def test_the_async_stream_of_a_chain_closed_early_is_abandoned_as_a_whole(taken):
    stream = chain().astream({"question": "weather?"})
    await anext(stream)
    await stream.aclose()
    await asyncio.sleep(0.01)
    assert {(call.operation, call.finish, call.error) for call in taken.calls} == {
        ("chat", "abandoned", ""),
        ("invoke_workflow", "abandoned", ""),
    }


@pytest.mark.skipif(not hasattr(BaseChatModel, "stream_events"), reason="came with langchain-core 1.4")
def test_a_stream_nobody_can_finish_any_more_is_recorded_as_abandoned(taken, snapshot_of):
    stream = Streaming().stream_events("hi", version="v3")
    for _ in stream.text:
        break
    assert taken.calls == []
    del stream, _
    gc.collect()
    call = taken.one()
    assert (call.finish, call.error) == ("abandoned", "")
    assert text(snapshot_of, call) == "It "


def test_runs_that_are_over_are_forgotten(taken):
    from agentlog_langchain import runs

    before = len(runs.known)
    for number in range(30):
        stream = Streaming().stream("hi")
        next(stream)
        if number % 2:
            stream.close()
        del stream
    gc.collect()
    assert len(taken.calls) == 30
    assert len(runs.known) == before
