"""LlamaIndex with agentlog beside it: the same results, nothing left behind, whatever happens to calls, threads and handlers."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from llama_index.core import Document, MockEmbedding, VectorStoreIndex
from llama_index.core.base.llms.base import BaseLLM
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.llms import MockLLM
from llama_index.core.llms.callbacks import llm_chat_callback
from llama_index.core.llms.llm import LLM
from llama_index.core.tools import FunctionTool
from llama_index.core.workflow import StartEvent, StopEvent, Workflow, step
from llama_index_instrumentation import root_dispatcher
from llama_index_instrumentation.dispatcher import Dispatcher
from llama_index_instrumentation.event_handlers import BaseEventHandler
from llama_index_instrumentation.span_handlers import BaseSpanHandler
from llama_index_instrumentation.span_handlers.base import Thread

import agentlog
import agentlog_llama_index
from agentlog import runtime
from agentlog.instrumentation import integration
from agentlog.recording import context
from agentlog_llama_index import content, kinds, models, places, runs

MESSAGES = [ChatMessage(role="user", content="Where is order A17?")]


def listener() -> Any:
    (installed,) = integration._installed.values()
    return installed.integration._handlers._listener


def held() -> list[Any]:
    """All that is kept of what is under way."""
    one = listener()
    tables = (
        one.places.spans,
        one.places.streams,
        one._models.open,
        one._embeddings.open,
        one._runs.engines,
        one._runs._streaming,
    )
    return [table for table in tables if table]


# ---------------------------------------------------------------- LlamaIndex stays as it was


def state() -> dict[str, Any]:
    """Everything of LlamaIndex that a handler or a patch could be put into."""
    classes = (
        BaseLLM,
        LLM,
        MockLLM,
        MockEmbedding,
        FunctionTool,
        Workflow,
        Dispatcher,
        BaseEventHandler,
        BaseSpanHandler,
    )
    return {
        **{f"{cls.__module__}.{cls.__qualname__}": dict(vars(cls)) for cls in classes},
        "dispatcher": {name: value for name, value in vars(root_dispatcher).items() if not name.endswith("_handlers")},
        "events": [id(one) for one in root_dispatcher.event_handlers],
        "spans": [id(one) for one in root_dispatcher.span_handlers],
        "lists": (id(root_dispatcher.event_handlers), id(root_dispatcher.span_handlers)),
        "fields": set(root_dispatcher.model_fields_set),
        "sources": context._sources,
    }


def test_uninstrument_leaves_everything_as_it_was_found():
    MockLLM(max_tokens=1).chat(MESSAGES)  # what classes find out about themselves when they are first used
    FunctionTool.from_defaults(held, name="x")
    before = state()
    with agentlog.instrument("llama_index"):
        MockLLM(max_tokens=1).chat(MESSAGES)
        list(MockLLM(max_tokens=1).stream_chat(MESSAGES))
        assert state() != before
    assert state() == before


class Noted(BaseEventHandler):
    seen: list[str] = []
    fails: bool = False

    def handle(self, event: Any, **kwargs: Any) -> None:
        self.seen.append(type(event).__name__)
        if self.fails:
            raise RuntimeError("theirs")


@pytest.mark.parametrize("fails", [False, True])
def test_handlers_of_others_see_what_they_saw_before_or_after_ours_and_stay(taken, fails):
    first, last = Noted(fails=fails), Noted(fails=fails)
    root_dispatcher.add_event_handler(first)
    try:
        with agentlog.instrument("llama_index"):
            root_dispatcher.add_event_handler(last)
            MockLLM(max_tokens=1).chat(MESSAGES)
        MockLLM(max_tokens=1).chat(MESSAGES)
        assert first.seen == last.seen
        assert first.seen.count("LLMChatEndEvent") == 2
        assert len(taken.calls) == 1
        assert root_dispatcher.event_handlers[-2:] == [first, last]
    finally:
        root_dispatcher.event_handlers[:] = [
            one for one in root_dispatcher.event_handlers if one is not first and one is not last
        ]


def test_a_dispatcher_that_somebody_shuts_down_goes_on_recording(taken):
    if not hasattr(root_dispatcher, "shutdown"):
        pytest.skip("this release cannot shut its dispatcher down")
    with agentlog.instrument("llama_index"):
        MockLLM(max_tokens=1).chat(MESSAGES)
        root_dispatcher.shutdown()
        MockLLM(max_tokens=1).chat(MESSAGES)
    assert len(taken.calls) == 2


@pytest.mark.parametrize("release", ["0.13.6", "0.9.48.post3"])
def test_a_release_that_is_too_old_is_said_to_be_not_covered(monkeypatch, release):
    monkeypatch.setattr(agentlog_llama_index, "version", lambda name: release)
    before = state()
    with agentlog.instrument("llama_index") as made:
        assert (made.covered, made.missing) == (
            (),
            (f"llama_index {release}: it needs llama-index-core 0.14 or newer",),
        )
        assert state() == before


# ---------------------------------------------------------------- faults of ours


class Desk(Workflow):
    @step
    async def answer(self, event: StartEvent) -> StopEvent:
        return StopEvent(result=(await MockLLM(max_tokens=2).acomplete(event.ticket)).text)


def add(a: int, b: int = 2) -> int:
    """Adds."""
    return a + b


async def application() -> list[Any]:
    """A bit of everything, and what came of it."""
    index = VectorStoreIndex.from_documents([Document(text="A17 was shipped.")], embed_model=MockEmbedding(embed_dim=2))
    engine = index.as_query_engine(llm=MockLLM(max_tokens=2), streaming=True)
    return [
        MockLLM(max_tokens=2).chat(MESSAGES).message.content,
        [one.delta for one in MockLLM(max_tokens=2).stream_chat(MESSAGES)],
        [one.delta async for one in await MockLLM(max_tokens=2).astream_chat(MESSAGES)],
        FunctionTool.from_defaults(add)(1).content,
        MockEmbedding(embed_dim=2).get_text_embedding_batch(["a", "b"]),
        "".join(engine.query("Where is A17?").response_gen),
        await Desk().run(ticket="x"),
    ]


def broken(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("ours")


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (runtime, "begin"),
        (runtime, "finish"),
        (places.Places, "begin"),
        (places.Places, "follow"),
        (places.Places, "forget"),
        (kinds.Kinds, "opener"),
        (kinds, "inside"),
        (models.Models, "start"),
        (models.Models, "end"),
        (models.Models, "exited"),
        (models.Models, "finish"),
        (models, "_put_down"),
        (models, "encode"),
        (models.Embeddings, "start"),
        (models.Embeddings, "end"),
        (runs.Runs, "open"),
        (runs.Runs, "exited"),
        (runs.Runs, "finish"),
        (runs, "encode"),
        (content, "request"),
        (content, "messages"),
        (content, "documents"),
        (content, "event_fields"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__.rpartition(".")[2],
)
async def test_a_fault_of_ours_is_counted_and_never_reaches_the_application(taken, monkeypatch, owner, name):
    expected = await application()
    monkeypatch.setattr(owner, name, broken)
    with agentlog.instrument("llama_index"):
        assert await application() == expected
    assert "RuntimeError" in (runtime.status().last_error or "")


# ---------------------------------------------------------------- nothing stays open


@pytest.fixture
def _instrumented() -> Iterator[None]:
    with agentlog.instrument("llama_index"):
        MockLLM(max_tokens=1).chat(MESSAGES)
        yield


class Waits(MockLLM):
    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        await asyncio.sleep(600)
        raise AssertionError


@pytest.mark.usefixtures("_instrumented")
async def test_of_a_thousand_cancelled_calls_none_is_left_open(taken):
    taken.clear()
    model = Waits()
    tasks = [asyncio.create_task(model.achat(MESSAGES)) for _ in range(1000)]
    await asyncio.sleep(0)
    while len(listener()._models.open) < len(tasks):
        await asyncio.sleep(0.01)
    for one in tasks:
        one.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in ends)
    assert {call.error for call in taken.calls} == {"asyncio.exceptions.CancelledError"}
    assert (len(taken.calls), held()) == (1000, [])


@pytest.mark.usefixtures("_instrumented")
async def test_of_a_thousand_abandoned_streams_none_is_left_open(taken):
    taken.clear()
    model = MockLLM(max_tokens=3)
    for number in range(500):
        stream = model.stream_chat(MESSAGES)
        later = await model.astream_chat(MESSAGES)
        if number % 2:  # half of them were never read
            next(stream)
            await later.__anext__()
        del stream, later
    for _ in range(100):
        gc.collect()
        await asyncio.sleep(0)  # the loop closes async generators
        if len(taken.calls) == 1000:
            break
    assert {call.finish for call in taken.calls} == {"abandoned"}
    assert (len(taken.calls), held()) == (1000, [])


@pytest.mark.usefixtures("_instrumented")
def test_a_stream_that_is_forgotten_inside_another_run_stays_in_its_own(taken):
    taken.clear()
    kept: list[Any] = []

    @agentlog.capture
    def opens() -> None:
        kept.append(MockLLM(max_tokens=3).stream_chat(MESSAGES))
        next(kept[0])

    @agentlog.capture
    def forgets() -> None:
        kept.clear()
        gc.collect()

    opens()
    forgets()
    first, stream, second = taken.calls
    assert (stream.finish, stream.parent, stream.trace) == ("abandoned", first.id, first.trace)
    assert second.trace != first.trace


# ---------------------------------------------------------------- threads and tasks


def chats() -> None:
    MockLLM(max_tokens=1).chat(MESSAGES)


def in_pool(work: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def in_pool_with_context(work: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(contextvars.copy_context().run, work).result()


def in_thread_of_llama_index(work: Callable[[], None]) -> None:
    one = Thread(target=work)
    one.start()
    one.join()


@pytest.mark.parametrize(
    ("run", "found"), [(in_pool, False), (in_pool_with_context, True), (in_thread_of_llama_index, True)]
)
@pytest.mark.usefixtures("_instrumented")
def test_a_thread_has_the_parent_that_its_context_names_and_none_is_invented(taken, run, found):
    taken.clear()
    FunctionTool.from_defaults(lambda: run(chats), name="work", description="Works.")()
    model, tool = taken.calls
    assert (model.parent, tool.operation) == (tool.id if found else "", "execute_tool")


@pytest.mark.usefixtures("_instrumented")
def test_a_stream_that_another_thread_reads_is_recorded_whole_where_it_was_opened(taken, snapshot_of):
    taken.clear()

    class Looks(MockLLM):
        seen: list[Any] = []

        def _generate_text(self, length: int) -> str:
            self.seen.append(context.innermost())
            return super()._generate_text(length)

    model = Looks(max_tokens=3)
    stream = model.stream_chat(MESSAGES)
    reader = threading.Thread(target=lambda: list(stream))
    reader.start()
    reader.join()
    call = taken.one()
    assert (call.finish, snapshot_of(call.response)["message"]["content"]) == ("", "text text")
    assert {one.id for one in model.seen} == {call.id}


@pytest.mark.usefixtures("_instrumented")
async def test_tasks_at_once_keep_their_parents(taken):
    taken.clear()

    @agentlog.capture
    async def work() -> None:
        await asyncio.gather(*(MockLLM(max_tokens=1).achat(MESSAGES) for _ in range(3)))

    await asyncio.gather(work(), work())
    roots = [call for call in taken.calls if not call.parent]
    assert len(roots) == 2
    assert [sum(call.parent == root.id for call in taken.calls) for root in roots] == [3, 3]


# ---------------------------------------------------------------- models of all sorts


@pytest.mark.usefixtures("_instrumented")
def test_a_model_that_extends_anothers_chat_is_one_call(taken, snapshot_of):
    taken.clear()

    class Polite(MockLLM):
        @llm_chat_callback()
        def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
            said = super().chat([ChatMessage(role="system", content="Be polite."), *messages], **kwargs)
            return ChatResponse(message=ChatMessage(role="assistant", content=f"Dear, {said.message.content}"))

    Polite(max_tokens=1).chat(MESSAGES)
    call = taken.one()
    assert len(snapshot_of(call.request)["messages"]) == 1
    assert snapshot_of(call.response)["message"]["content"] == "Dear, text"


@pytest.mark.usefixtures("_instrumented")
def test_a_model_that_asks_another_one_is_one_call_and_two_where_each_is_asked_apart(taken):
    taken.clear()

    class Falls(MockLLM):
        """Falls back to another model."""

        @llm_chat_callback()
        def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
            return MockLLM(max_tokens=4).chat(messages)

    Falls().chat(MESSAGES)
    assert len(taken.calls) == 1
    for model in (Falls(), MockLLM(max_tokens=1)):
        model.chat(MESSAGES)
    assert len(taken.calls) == 3


@pytest.mark.usefixtures("_instrumented")
def test_a_call_that_is_tried_again_is_a_row_for_each_attempt(taken):
    taken.clear()

    class Flaky(MockLLM):
        left: int = 1

        def _generate_text(self, length: int) -> str:
            if self.left:
                self.left -= 1
                raise ConnectionError("no")
            return super()._generate_text(length)

    model = Flaky(max_tokens=1)

    @agentlog.capture
    def stubborn() -> None:
        for _ in range(2):
            try:
                model.chat(MESSAGES)
            except ConnectionError:
                continue

    stubborn()
    failed, succeeded, root = taken.calls
    assert [(call.error, call.parent) for call in (failed, succeeded)] == [("ConnectionError", root.id), ("", root.id)]
