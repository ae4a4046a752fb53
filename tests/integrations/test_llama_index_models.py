"""LlamaIndex's models and embeddings, with its own mocks and models made here."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest
from llama_index.core import MockEmbedding
from llama_index.core.base.llms import types
from llama_index.core.base.llms.base import BaseLLM
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    CompletionResponse,
    ImageBlock,
    LLMMetadata,
    TextBlock,
)
from llama_index.core.llms import CustomLLM, MockLLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from llama_index_instrumentation import root_dispatcher
from pydantic import BaseModel

import agentlog
from agentlog import runtime
from agentlog.recording import context

MESSAGES = [ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="Where is order A17?")]
WORDS = ["On ", "its ", "way."]


@pytest.fixture(autouse=True)
def _instrumented() -> Iterator[None]:
    with agentlog.instrument("llama_index"):
        yield


class Body(BaseModel):
    """What a provider's SDK would give back."""

    id: str = "chatcmpl-1"
    usage: dict[str, int] = {"prompt_tokens": 5, "completion_tokens": 2}


class Model(CustomLLM):
    """A model of somebody's own, which remembers the calls that it found around itself."""

    temperature: float = 0.3
    api_key: str = "sk-secret"
    fails: bool = False
    seen: list[Any] = []
    raw: Any = None

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="own-1")

    def to_payload(self) -> dict[str, Any]:
        return {**super().to_payload(), "api_key": self.api_key, "top_k": 4}

    def look(self) -> None:
        self.seen.append(context.innermost())

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self.look()
        if self.fails:
            raise ConnectionError("no")
        return CompletionResponse(text="".join(WORDS), raw=self.raw)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Iterator[CompletionResponse]:
        def words() -> Iterator[CompletionResponse]:
            text = ""
            for word in WORDS:
                self.look()
                text += word
                yield CompletionResponse(text=text, delta=word, raw=self.raw)
                if self.fails:
                    raise ConnectionError("cut")

        return words()


def text_of(said: Any) -> str:
    return said["message"]["content"]


def test_a_chat_is_one_call_though_the_model_completes_inside(taken, snapshot_of):
    answer = Model().chat(MESSAGES, top_p=0.5)
    assert answer.message.content == "On its way."
    call = taken.one()
    assert (call.operation, call.name, call.model, call.dialect) == ("chat", "own-1", "own-1", "llama_index")
    assert (call.framework, call.parent, call.error, call.first_chunk_ns) == ("llama_index", "", "", 0)
    asked = snapshot_of(call.request)
    assert asked["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Where is order A17?"},
    ]
    assert text_of(snapshot_of(call.response)) == "On its way."


def test_parameters_are_those_of_the_model_and_of_the_call_and_no_secrets(taken, snapshot_of):
    Model().chat(MESSAGES, top_p=0.5, stop=["\n"], azure_ad_token="hush")
    params = snapshot_of(taken.one().request)["params"]
    told = (
        {"top_k": 4} if hasattr(BaseLLM, "to_payload") else {}
    )  # older releases do not ask the model what it says of itself
    assert params == {"model": "own-1", "temperature": 0.3, "top_p": 0.5, "stop": ["\n"], **told}


def test_a_completion_is_recorded(taken, snapshot_of):
    Model().complete("Where is order A17?")
    call = taken.one()
    assert (call.operation, snapshot_of(call.request)["prompt"]) == ("text_completion", "Where is order A17?")
    assert snapshot_of(call.response) == {"text": "On its way."}


async def test_async_calls_are_one_call_each(taken, snapshot_of):
    await Model().achat(MESSAGES)
    await Model().acomplete("x")
    chat, completion = taken.calls
    assert (chat.operation, completion.operation) == ("chat", "text_completion")
    assert text_of(snapshot_of(chat.response)) == "On its way."


@pytest.mark.parametrize("raw", [Body(), Body().model_dump()])
def test_the_providers_own_body_is_kept_for_its_tokens_and_its_id(taken, snapshot_of, raw):
    Model(raw=raw).complete("x")
    call = taken.one()
    assert snapshot_of(call.response)["raw"] == Body().model_dump()
    assert call.message_ids == ["chatcmpl-1", call.id]


def test_a_stream_is_recorded_as_it_is_read(taken, snapshot_of):
    stream = Model().stream_chat(MESSAGES)
    assert not taken
    assert "".join(one.delta for one in stream) == "On its way."
    call = taken.one()
    assert (call.operation, call.finish, text_of(snapshot_of(call.response))) == ("chat", "", "On its way.")
    assert 0 < call.first_chunk_ns <= call.duration_ns


async def test_an_async_stream_is_one_call_though_it_reads_a_sync_one(taken, snapshot_of):
    async for _ in await Model().astream_chat(MESSAGES):
        pass
    async for _ in await Model().astream_complete("x"):
        pass
    chat, completion = taken.calls
    assert text_of(snapshot_of(chat.response)) == snapshot_of(completion.response)["text"] == "On its way."


def test_a_stream_that_its_reader_closes_is_abandoned_with_what_had_come(taken, snapshot_of):
    stream = Model().stream_chat(MESSAGES)
    next(stream)
    next(stream)
    stream.close()
    call = taken.one()
    assert (call.finish, call.error, text_of(snapshot_of(call.response))) == ("abandoned", "", "On its ")


def test_a_stream_that_is_forgotten_is_abandoned(taken, snapshot_of):
    stream = Model().stream_chat(MESSAGES)
    next(stream)
    del stream
    gc.collect()
    call = taken.one()
    assert (call.finish, text_of(snapshot_of(call.response))) == ("abandoned", "On ")


def test_a_stream_that_was_never_read_is_abandoned(taken, snapshot_of):
    Model().stream_chat(MESSAGES)
    gc.collect()
    call = taken.one()
    assert (call.finish, snapshot_of(call.response), call.first_chunk_ns) == ("abandoned", None, 0)


async def test_an_async_stream_that_its_reader_closes_is_abandoned(taken, snapshot_of):
    stream = await Model().astream_chat(MESSAGES)
    await stream.__anext__()
    await stream.aclose()
    call = taken.one()
    assert (call.finish, text_of(snapshot_of(call.response))) == ("abandoned", "On ")


def test_a_failure_is_the_applications_and_the_records(taken, snapshot_of):
    with pytest.raises(ConnectionError):
        Model(fails=True).chat(MESSAGES)
    call = taken.one()
    assert (call.error, snapshot_of(call.response)) == ("ConnectionError", None)
    assert len(snapshot_of(call.request)["messages"]) == 2


def test_a_failure_in_mid_stream_is_recorded_with_what_had_come(taken, snapshot_of):
    with pytest.raises(ConnectionError):
        list(Model(fails=True).stream_chat(MESSAGES))
    call = taken.one()
    assert (call.error, call.finish, text_of(snapshot_of(call.response))) == ("ConnectionError", "", "On ")


class SlowStream(MockLLM):
    @llm_chat_callback()
    async def astream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> AsyncIterator[ChatResponse]:
        async def words() -> AsyncIterator[ChatResponse]:
            yield ChatResponse(message=ChatMessage(role="assistant", content="On "), delta="On ")
            await asyncio.sleep(60)

        return words()


async def cancelled(work: Any, until: Any) -> None:
    task = asyncio.create_task(work)
    while not until():
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancelled_stream_is_an_error_of_that_name_with_what_had_come(taken, snapshot_of):
    got: list[Any] = []

    async def read() -> None:
        async for one in await SlowStream().astream_chat(MESSAGES):
            got.append(one)

    await cancelled(read(), lambda: got)
    call = taken.one()
    assert (call.error, call.finish) == ("asyncio.exceptions.CancelledError", "")
    assert text_of(snapshot_of(call.response)) == "On "


class SlowChat(MockLLM):
    asked: list[Any] = []

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        self.asked.append(messages)
        await asyncio.sleep(60)
        raise AssertionError


async def test_a_cancelled_chat_is_an_error_of_that_name(taken):
    model = SlowChat()
    await cancelled(model.achat(MESSAGES), lambda: model.asked)
    assert taken.one().error == "asyncio.exceptions.CancelledError"


def test_whatever_a_model_calls_finds_the_model_around_itself(taken):
    model = Model()
    model.chat(MESSAGES)
    list(model.stream_chat(MESSAGES))
    chat, stream = taken.calls
    assert [one.id for one in model.seen] == [chat.id, stream.id, stream.id, stream.id]


async def test_whatever_an_async_stream_calls_finds_it_around_itself_also_when_several_are_read_at_once(taken):
    models = [Model(), Model()]
    streams = [await model.astream_chat(MESSAGES) for model in models]
    for _ in WORDS:
        for stream in streams:
            await stream.__anext__()
            assert context.innermost() is None
    for stream in streams:
        await stream.aclose()
    first, second = taken.calls
    assert [{one.id for one in model.seen} for model in models] == [{first.id}, {second.id}]


def test_a_captured_function_is_around_its_models_and_inside_them(taken):
    @agentlog.capture(operation="chat", model="inner")
    def client(prompt: str) -> str:
        return "said"

    class Own(Model):
        @llm_completion_callback()
        def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
            return CompletionResponse(text=client(prompt))

    @agentlog.capture
    def run() -> None:
        Own().complete("x")

    run()
    inner, model, outer = taken.calls
    assert (inner.parent, model.parent, outer.parent) == (model.id, outer.id, "")
    assert inner.inner


def test_blocks_of_every_kind_are_recorded(taken, snapshot_of):
    blocks: list[Any] = [TextBlock(text="See:"), ImageBlock(image=b"iVBORw0KGgo=", image_mimetype="image/png")]
    if hasattr(types, "ToolCallBlock"):  # older releases have none
        blocks.append(types.ToolCallBlock(tool_call_id="c1", tool_name="add", tool_kwargs={"a": 1}))
    said = ChatMessage(role="assistant", blocks=blocks, additional_kwargs={"tool_call_id": "c0"})
    MockLLM(max_tokens=1).chat([said])
    (message,) = snapshot_of(taken.one().request)["messages"]
    text, image, *tools = message["blocks"]
    assert (text["block_type"], text["text"]) == ("text", "See:")
    assert (image["block_type"], image["image_mimetype"]) == ("image", "image/png")
    assert [tool["tool_kwargs"] for tool in tools] == [{"a": 1}] * (len(blocks) - 2)
    assert message["additional_kwargs"] == {"tool_call_id": "c0"}


def test_a_later_change_of_a_message_is_not_in_the_record(taken, snapshot_of):
    messages = [ChatMessage(role="user", content="first")]
    MockLLM(max_tokens=1).chat(messages)
    messages[0].blocks = [TextBlock(text="changed")]
    messages.append(ChatMessage(role="user", content="second"))
    assert [one["content"] for one in snapshot_of(taken.one().request)["messages"]] == ["first"]


def test_a_model_whose_name_llama_index_does_not_know_bears_the_name_of_its_class(taken):
    MockLLM(max_tokens=1).complete("x")
    call = taken.one()
    assert (call.name, call.model, call.provider) == ("MockLLM", "", "")


def test_of_embeddings_the_texts_are_recorded_and_of_the_vectors_only_their_shape(taken, snapshot_of):
    model = MockEmbedding(embed_dim=4, embed_batch_size=2)
    model.get_query_embedding("q")
    model.get_text_embedding("t")
    model.get_text_embedding_batch(["a", "b", "c"])
    assert [snapshot_of(call.request)["input"] for call in taken.calls] == [["q"], ["t"], ["a", "b"], ["c"]]
    assert {(call.operation, call.dialect, call.parent) for call in taken.calls} == {
        ("embeddings", "openai.embeddings", "")
    }
    assert snapshot_of(taken.calls[2].response) == {"embeddings": 2, "dimensions": 4}


async def test_async_batches_are_one_call_each(taken, snapshot_of):
    model = MockEmbedding(embed_dim=4, embed_batch_size=2)
    await model.aget_text_embedding_batch(["a", "b", "c"])
    await model.aget_query_embedding("q")
    assert [snapshot_of(call.request)["input"] for call in taken.calls] == [["a", "b"], ["c"], ["q"]]
    assert {call.parent for call in taken.calls} == {""}


class Broken(MockEmbedding):
    def _get_text_embedding(self, text: str) -> list[float]:
        raise ConnectionError("no")


def test_an_embedding_that_fails_is_recorded_with_its_texts(taken, snapshot_of):
    with pytest.raises(ConnectionError):
        Broken(embed_dim=4).get_text_embedding("t")
    call = taken.one()
    assert (call.error, snapshot_of(call.request)["input"]) == ("ConnectionError", ["t"])


def test_uninstrument_leaves_the_dispatcher_as_it_was():
    agentlog.uninstrument()
    events, spans = list(root_dispatcher.event_handlers), list(root_dispatcher.span_handlers)
    sources = context._sources
    with agentlog.instrument("llama_index"), agentlog.instrument("llama-index"):
        assert len(root_dispatcher.event_handlers) == len(events) + 1
        MockLLM(max_tokens=1).chat(MESSAGES)
        assert len(context._sources) == len(sources) + 1
    for before, now in ((events, root_dispatcher.event_handlers), (spans, root_dispatcher.span_handlers)):
        assert len(before) == len(now)
        assert all(one is other for one, other in zip(before, now, strict=True))
    assert context._sources == sources


def test_a_stream_that_is_open_when_nobody_listens_any_more_is_recorded_as_far_as_it_came(taken, snapshot_of):
    stream = Model().stream_chat(MESSAGES)
    next(stream)
    agentlog.uninstrument()
    call = taken.one()
    assert (call.finish, text_of(snapshot_of(call.response))) == ("abandoned", "On ")
    assert len(list(stream)) == 2
    assert len(taken.calls) == 1


def test_nothing_is_kept_of_what_has_ended(taken):
    from agentlog.instrumentation import integration

    model = Model()
    model.chat(MESSAGES)
    list(model.stream_chat(MESSAGES))
    model.stream_chat(MESSAGES)
    with pytest.raises(ConnectionError):
        Model(fails=True).chat(MESSAGES)
    MockEmbedding(embed_dim=2).get_text_embedding_batch(["a"])
    gc.collect()
    (installed,) = integration._installed.values()
    listener = installed.integration._handlers._listener
    held = (listener.places.spans, listener.places.streams, listener._models.open, listener._embeddings.open)
    assert held == ({}, {}, {}, {})


def test_a_failure_of_ours_never_reaches_the_application(taken, monkeypatch):
    from agentlog_llama_index import content

    def broken(*args: Any) -> Any:
        raise RuntimeError("ours")

    with monkeypatch.context() as patched:
        patched.setattr(content, "request", broken)
        assert Model().chat(MESSAGES).message.content == "On its way."
    monkeypatch.setattr(content, "dumped", broken)
    assert Model().chat(MESSAGES).message.content == "On its way."
    assert len(taken.calls) == 2  # each without what was not understood
    assert "RuntimeError" in (runtime.status().last_error or "")


def test_a_run_that_is_not_sampled_records_nothing(taken, monkeypatch):
    monkeypatch.setattr(runtime, "_rate", 0.0)
    Model().chat(MESSAGES)
    list(Model().stream_chat(MESSAGES))
    MockEmbedding(embed_dim=2).get_text_embedding("a")
    assert not taken


def test_instrumenting_does_not_import_the_core_of_llama_index():
    script = "import sys, agentlog; agentlog.instrument('llama_index'); print('llama_index.core' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
