"""What users of LangChain and LangGraph do beside calling one model: fallbacks, hand-overs, threads, subclasses, many runs that end early."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.callbacks.manager import trace_as_chain_group
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import FakeListChatModel, FakeMessagesListChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import BaseTool, StructuredTool, tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.types import Command, interrupt

import agentlog

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # langgraph 1.0 warns of its own import
    from langgraph.prebuilt import ToolNode
from agentlog.recording import context
from agentlog_langchain import runs

CANCELLED = "asyncio.exceptions.CancelledError"


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    with agentlog.instrument("langchain_core"):
        yield


class Failing(FakeListChatModel):
    """Never answers."""

    responses: list[str] = []

    def _call(self, *args: Any, **kwargs: Any) -> str:
        raise ConnectionError("down")


class Slow(FakeListChatModel):
    """Answers too late."""

    async def _agenerate(self, *args: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(30)


def model(answer: str = "ok") -> FakeListChatModel:
    return FakeListChatModel(responses=[answer])


def calling(*calls: tuple[str, dict[str, Any]]) -> AIMessage:
    return AIMessage(
        "", tool_calls=[{"name": name, "args": args, "id": f"c-{n}"} for n, (name, args) in enumerate(calls)]
    )


# ---------------------------------------------------------------- one model after another


def test_a_fallback_is_a_row_of_its_own_beside_the_call_that_failed(taken):
    assert Failing().with_fallbacks([model("from the second")]).invoke("hi").content == "from the second"
    first, second, root = taken.calls
    assert [(call.name, call.error) for call in taken.calls] == [
        ("Failing", "ConnectionError"),
        ("FakeListChatModel", ""),
        ("RunnableWithFallbacks", ""),
    ]
    assert {first.parent, second.parent} == {root.id}
    assert root.answer_ids == second.message_ids


async def test_a_fallback_of_a_stream_is_a_row_of_its_own(taken):
    class Cut(Failing):
        async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            raise ConnectionError("down")
            yield

    pieces = [piece.content async for piece in Cut().with_fallbacks([model("abc")]).astream("hi")]
    assert "".join(pieces) == "abc"
    assert [(call.operation, call.error) for call in taken.calls if call.operation == "chat"] == [
        ("chat", "ConnectionError"),
        ("chat", ""),
    ]


@pytest.mark.parametrize("way", ["batch", "abatch"])
async def test_each_run_of_a_batch_of_chains_is_a_trace_of_its_own_and_one_failure_is_no_one_elses(taken, way):
    def fail(value: Any) -> Any:
        if value.content == "b":
            raise LookupError(value.content)
        return value

    chain = RunnableLambda(lambda text: model(text).invoke(text)) | RunnableLambda(fail)
    if way == "batch":
        done = chain.batch(["a", "b", "c"], return_exceptions=True)
    else:
        done = await chain.abatch(["a", "b", "c"], return_exceptions=True)
    assert isinstance(done[1], LookupError)
    roots = [call for call in taken.calls if not call.parent]
    assert sorted(call.error for call in roots) == ["", "", "LookupError"]
    assert len({call.trace for call in roots}) == 3
    chats = [call for call in taken.calls if call.operation == "chat"]
    assert {call.trace for call in chats} == {call.trace for call in roots}


@pytest.mark.filterwarnings("ignore:.*version='v1'")
@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_the_events_of_a_chain_have_the_same_rows(taken, snapshot_of, version):
    chain = RunnableLambda(lambda text: text) | model("abc")
    async for _ in chain.astream_events("hi", version=version):
        assert context.innermost() is None
    chat, root = taken.calls
    assert (chat.operation, chat.parent, root.operation) == ("chat", root.id, "invoke_workflow")
    assert snapshot_of(chat.response)["generations"][0]["content"] == "abc"


# ---------------------------------------------------------------- handlers and configurations


class Listening(BaseCallbackHandler):
    """Somebody else's handler."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []

    def on_chain_start(self, *args: Any, run_id: Any, **kwargs: Any) -> None:
        self.heard.append(("chain", run_id))

    def on_chat_model_start(self, *args: Any, run_id: Any, parent_run_id: Any, **kwargs: Any) -> None:
        self.heard.append(("chat", parent_run_id))

    def on_tool_start(self, *args: Any, parent_run_id: Any, **kwargs: Any) -> None:
        self.heard.append(("tool", parent_run_id))


def test_a_handler_in_the_configuration_only_hears_all_and_so_do_we(taken):
    def ask(text: Any) -> Any:
        return model().invoke(echo.invoke({"text": text}))

    @tool
    def echo(text: str) -> str:
        """Say it again."""
        return text

    listening = Listening()
    RunnableLambda(ask).invoke("hi", {"callbacks": [listening]})
    kinds = [kind for kind, _ in listening.heard]
    assert kinds == ["chain", "tool", "chat"]
    assert len({run_id for _, run_id in listening.heard}) == 1
    called, chat, root = taken.calls
    assert (called.operation, chat.operation) == ("execute_tool", "chat")
    assert {called.parent, chat.parent} == {root.id}


def test_a_configuration_without_any_handler_keeps_its_runs_parent(taken):
    seen: list[Any] = []

    def ask(text: Any, config: Any) -> Any:
        seen.append(config["callbacks"].parent_run_id)
        return model().invoke(text, {"callbacks": config["callbacks"]})

    RunnableLambda(ask).invoke("hi")
    chat, root = taken.calls
    assert chat.parent == root.id
    assert seen[0] is not None


def test_calls_in_a_chain_group_belong_to_its_run(taken):
    with trace_as_chain_group("triage", inputs={"ticket": 7}) as group:
        model("a").invoke("one", {"callbacks": group})
        model("b").invoke("two", {"callbacks": group})
    first, second, root = taken.calls
    assert (root.operation, root.name, root.parent) == ("invoke_workflow", "triage", "")
    assert {first.parent, second.parent} == {root.id}


def test_a_bare_thread_inside_a_tool_has_no_invented_parent(taken):
    @tool
    def fetch(city: str) -> str:
        """Ask a model in a thread of its own."""
        thread = threading.Thread(target=lambda: model("sunny").invoke(city))
        thread.start()
        thread.join()
        return "sunny"

    fetch.invoke({"city": "Oslo"})
    chat, called = taken.calls
    assert (chat.operation, chat.parent) == ("chat", "")
    assert chat.trace != called.trace


def test_a_thread_that_is_given_the_context_finds_the_tool(taken):
    import contextvars

    @tool
    def fetch(city: str) -> str:
        """Ask a model in a thread of its own."""
        thread = threading.Thread(target=contextvars.copy_context().run, args=(model("sunny").invoke, city))
        thread.start()
        thread.join()
        return "sunny"

    fetch.invoke({"city": "Oslo"})
    chat, called = taken.calls
    assert (chat.parent, chat.trace) == (called.id, called.trace)


# ---------------------------------------------------------------- subclasses, and what is called directly


def test_a_model_and_a_tool_with_methods_of_their_own_are_recorded_once(taken, snapshot_of):
    class Model(FakeListChatModel):
        def invoke(self, *args: Any, **kwargs: Any) -> Any:
            return super().invoke(*args, **kwargs)

        def _generate(self, *args: Any, **kwargs: Any) -> Any:
            return super()._generate(*args, **kwargs)

    class Double(BaseTool):
        name: str = "double"
        description: str = "Twice."

        def _run(self, number: int) -> int:
            return 2 * number

        def run(self, *args: Any, **kwargs: Any) -> Any:
            return super().run(*args, **kwargs)

    assert Model(responses=["yes"]).invoke("hi").content == "yes"
    assert Double().invoke({"number": 4}) == 8
    chat, called = taken.calls
    assert (chat.name, chat.operation) == ("Model", "chat")
    assert (called.name, snapshot_of(called.request), snapshot_of(called.response)) == ("double", {"number": 4}, 8)


async def test_a_model_that_does_not_ask_its_base_class_is_closed_when_it_is_cancelled(taken):
    class Own(Slow):
        async def _agenerate_with_cache(self, *args: Any, **kwargs: Any) -> Any:
            await asyncio.sleep(30)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(Own(responses=[]).ainvoke("hi"), 0.02)
    gc.collect()
    call = taken.one()
    assert call.error == CANCELLED or call.finish == "abandoned"
    assert not any(run.open for run in runs.known.values())


async def test_what_is_asked_directly_is_not_recorded_not_changed_and_said_to_be_missing(taken):
    asked = model("direct")
    assert asked._generate([HumanMessage("hi")]).generations[0].message.content == "direct"
    assert [piece.message.content for piece in asked._stream([HumanMessage("hi")])] == list("direct")
    assert taken.calls == []
    with agentlog.instrument("langchain_core") as done:
        assert any("_generate" in one for one in done.missing)


# ---------------------------------------------------------------- graphs


def test_a_hand_over_to_another_agent_is_control_flow_and_both_are_named_by_their_nodes(taken, snapshot_of):
    @tool
    def hand_over(reason: str) -> Command:
        """Give the case to billing."""
        answer = ToolMessage("handed over", tool_call_id="c-0")
        return Command(goto="billing", graph=Command.PARENT, update={"messages": [answer]})

    first = FakeMessagesListChatModel(responses=[calling(("hand_over", {"reason": "invoice"}))])

    def ask_first(state: MessagesState) -> Any:
        return {"messages": [first.invoke(state["messages"])]}

    inner = StateGraph(MessagesState).add_node("ask", ask_first).add_node("act", ToolNode([hand_over]))
    support = inner.add_edge(START, "ask").add_edge("ask", "act").compile(name="support")

    def billing(state: MessagesState) -> Any:
        return {"messages": [model("Refunded.").invoke(state["messages"])]}

    outer = StateGraph(MessagesState).add_node("support", support, destinations=("billing",)).add_node(billing)
    graph = outer.add_edge(START, "support").compile(name="desk")
    said = graph.invoke({"messages": [("user", "my invoice")]})
    assert said["messages"][-1].content == "Refunded."
    asked, handed, answered, root = taken.calls
    assert [(call.operation, call.node, call.error) for call in taken.calls] == [
        ("chat", "ask", ""),
        ("execute_tool", "act", ""),
        ("chat", "billing", ""),
        ("invoke_workflow", "", ""),
    ]
    assert (handed.tool_call_id, snapshot_of(handed.request)) == ("c-0", {"reason": "invoice"})
    assert snapshot_of(handed.response) == "handed over"
    assert {call.parent for call in taken.calls} == {root.id, ""}
    assert root.answer_ids == answered.message_ids
    assert root.finish == ""
    assert asked.trace == root.trace


def test_an_interrupt_inside_a_graph_inside_a_graph_is_no_error(taken):
    def confirm(state: MessagesState) -> Any:
        return {"messages": [AIMessage(f"{model('sure').invoke('?').content}: {interrupt('really?')}")]}

    inner = StateGraph(MessagesState).add_node(confirm).add_edge(START, "confirm").compile()
    outer = StateGraph(MessagesState).add_node("inner", inner).add_edge(START, "inner")
    graph = outer.compile(checkpointer=InMemorySaver())
    config: Any = {"configurable": {"thread_id": "t"}}
    graph.invoke({"messages": [("user", "pay")]}, config)
    assert [(call.operation, call.finish, call.error) for call in taken.calls] == [
        ("chat", "", ""),
        ("invoke_workflow", "interrupted", ""),
    ]
    del taken[:]
    said = graph.invoke(Command(resume="yes"), config)
    assert said["messages"][-1].content == "sure: yes"
    assert [(call.operation, call.finish, call.error) for call in taken.calls] == [
        ("chat", "", ""),
        ("invoke_workflow", "", ""),
    ]


async def test_tools_that_run_at_the_same_time_end_each_in_its_own_way(taken, snapshot_of):
    async def look(city: str) -> str:
        """Look it up."""
        await asyncio.sleep(0.001)
        if city == "Oslo":
            raise LookupError("closed")
        return str((await model(f"sunny {city}").ainvoke(city)).content)

    node = ToolNode([StructuredTool.from_function(coroutine=look, name="look")], handle_tool_errors=True)
    graph = StateGraph(MessagesState).add_node("tools", node).add_edge(START, "tools").compile()
    asked = calling(*(("look", {"city": city}) for city in ("Rome", "Oslo", "Bern")))
    await graph.ainvoke({"messages": [asked]})
    tools = {snapshot_of(call.request)["city"]: call for call in taken.calls if call.operation == "execute_tool"}
    assert {city: call.error for city, call in tools.items()} == {"Rome": "", "Oslo": "LookupError", "Bern": ""}
    assert {call.tool_call_id for call in tools.values()} == {"c-0", "c-1", "c-2"}
    chats = [call for call in taken.calls if call.operation == "chat"]
    assert {call.parent for call in chats} == {tools["Rome"].id, tools["Bern"].id}


# ---------------------------------------------------------------- many that end early


async def test_a_thousand_cancelled_calls_leave_nothing_open(taken):
    before = len(runs.known)
    asked = Slow(responses=[])

    async def ask() -> None:
        task = asyncio.create_task(asked.ainvoke("hi"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    for _ in range(20):
        await asyncio.gather(*(ask() for _ in range(50)))
    gc.collect()
    begun = [call for call in taken.calls if call.operation == "chat"]
    assert len(begun) == 1000
    assert {call.error for call in begun} == {CANCELLED}
    assert len(runs.known) == before
    assert not runs.waiting
    assert context.innermost() is None


class Words(BaseChatModel):
    """Streams two words."""

    @property
    def _llm_type(self) -> str:
        return "words"

    def _generate(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(message=AIMessageChunk("one "))
        yield ChatGenerationChunk(message=AIMessageChunk("two"))


def test_a_thousand_abandoned_streams_leave_nothing_open(taken, snapshot_of):
    before = len(runs.known)
    for _ in range(1000):
        for _ in Words().stream("hi"):
            break
    gc.collect()
    assert len(taken.calls) == 1000
    assert {(call.finish, call.error) for call in taken.calls} == {("abandoned", "")}
    assert {snapshot_of(call.response)["generations"][0]["content"] for call in taken.calls} == {"one "}
    assert len(runs.known) == before
    assert context.innermost() is None
