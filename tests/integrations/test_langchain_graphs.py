from __future__ import annotations

import asyncio
import inspect
import operator
from collections.abc import Iterator
from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel, FakeMessagesListChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import Command, interrupt

import agentlog

try:
    from langchain.agents import create_agent, factory
    from langchain.tools import InjectedState, ToolRuntime
except ImportError:  # langchain before 1.0
    from langgraph.prebuilt import InjectedState
    from langgraph.prebuilt import create_react_agent as create_agent

    factory = ToolRuntime = None  # type: ignore[assignment]

# langchain 1.0 and 1.1 tell callbacks neither that a graph is an agent nor its name; nor does what was there before them
TELLS_AGENTS = factory is not None and "lc_agent_name" in inspect.getsource(factory)
AGENT = "invoke_agent" if TELLS_AGENTS else "invoke_workflow"
MODEL_NODE = "agent" if factory is None else "model"
needs_runtime = pytest.mark.skipif(ToolRuntime is None, reason="ToolRuntime came with langchain 1.0")


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    with agentlog.instrument("langgraph"):
        yield


class Scripted(FakeMessagesListChatModel):
    """Answers as it was told to, and can be offered tools."""

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        offered = [{"type": "function", "function": {"name": one.name}} for one in tools]
        return self.bind(tools=offered, **kwargs)


def calls_tool(name: str, number: int = 1, **arguments: Any) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": f"c{number}"}])


def model(answer: str) -> FakeListChatModel:
    return FakeListChatModel(responses=[answer])


if ToolRuntime is not None:

    @tool
    def weather(city: str, runtime: ToolRuntime, state: Annotated[dict[str, Any], InjectedState]) -> str:
        """Say the weather."""
        return f"sunny in {city}"

else:

    @tool
    def weather(city: str, state: Annotated[dict[str, Any], InjectedState]) -> str:
        """Say the weather."""
        return f"sunny in {city}"


def agent(**kwargs: Any) -> Any:
    answers = [calls_tool("weather", city="Paris"), AIMessage("It is sunny in Paris.")]
    return create_agent(Scripted(responses=answers), [weather], name="forecaster", **kwargs)


def check_agent(taken: Any, snapshot_of: Any, said: Any) -> None:
    root = next(call for call in taken.calls if not call.parent)
    first, second = (call for call in taken.calls if call.operation == "chat")
    called = next(call for call in taken.calls if call.operation == "execute_tool")
    assert (root.operation, root.name, root.agent, root.framework) == (
        AGENT,
        "forecaster",
        "forecaster" if TELLS_AGENTS else "",
        "langgraph",
    )
    assert {call.parent for call in (first, second, called)} == {root.id}
    assert {call.trace for call in taken.calls} == {root.trace}
    assert (first.node, second.node, called.node) == (MODEL_NODE, MODEL_NODE, "tools")
    assert {call.agent for call in taken.calls} == {root.agent}
    assert (called.name, called.tool_call_id) == ("weather", "c1")
    assert snapshot_of(called.request) == {"city": "Paris"}
    assert snapshot_of(called.response) == "sunny in Paris"
    assert root.answer_ids == second.message_ids == [said["messages"][-1].id]
    assert root.answer_ids != first.message_ids
    response = snapshot_of(root.response)
    assert [one["type"] for one in response["messages"]] == ["human", "ai", "tool", "ai"]
    assert len(taken.calls) == 4


def test_an_agent_is_recorded_with_its_models_tool_and_answer(taken, snapshot_of):
    check_agent(taken, snapshot_of, agent().invoke({"messages": [("user", "weather in Paris?")]}))


async def test_an_agent_asked_asynchronously_is_recorded_the_same(taken, snapshot_of):
    check_agent(taken, snapshot_of, await agent().ainvoke({"messages": [("user", "weather in Paris?")]}))


@pytest.mark.parametrize("mode", ["values", "updates", "messages"])
def test_an_agent_that_streams_is_recorded_the_same(taken, snapshot_of, mode):
    graph = agent(checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "t-1"}}
    for _ in graph.stream({"messages": [("user", "weather in Paris?")]}, config, stream_mode=mode):
        assert agentlog.current_call() is None
    check_agent(taken, snapshot_of, graph.get_state(config).values)
    assert {call.session.id for call in taken.calls} == {"t-1"}


async def test_an_agent_that_streams_asynchronously_is_recorded_the_same(taken, snapshot_of):
    graph = agent(checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "t-1"}}
    async for _ in graph.astream({"messages": [("user", "weather?")]}, config, stream_mode="messages"):
        assert agentlog.current_call() is None
    check_agent(taken, snapshot_of, graph.get_state(config).values)


async def test_the_events_of_an_agent_do_not_change_what_is_recorded(taken):
    async for _ in agent().astream_events({"messages": [("user", "weather?")]}, version="v2"):
        pass
    assert sorted(call.operation for call in taken.calls) == ["chat", "chat", "execute_tool", AGENT]


def test_the_nodes_of_a_graph_are_named_and_its_chains_are_no_rows(taken):
    def extract(state: MessagesState) -> Any:
        return {"messages": [model("extracted").invoke(state["messages"])]}

    def answer(state: MessagesState) -> Any:
        return {"messages": [model("answered").invoke(state["messages"])]}

    graph = StateGraph(MessagesState).add_sequence([extract, answer]).add_edge(START, "extract").compile()
    said = graph.invoke({"messages": [HumanMessage("hi")]})
    first, second, root = taken.calls
    assert [call.node for call in taken.calls] == ["extract", "answer", ""]
    assert (root.operation, root.framework, root.name) == ("invoke_workflow", "langgraph", "LangGraph")
    assert {first.parent, second.parent} == {root.id}
    assert root.answer_ids == second.message_ids == [said["messages"][-1].id]


def test_a_graph_inside_a_graph_belongs_to_the_same_run(taken):
    def think(state: MessagesState) -> Any:
        return {"messages": [model("thought").invoke(state["messages"])]}

    inner = StateGraph(MessagesState).add_node(think).add_edge(START, "think").add_edge("think", END).compile()
    outer = StateGraph(MessagesState).add_node("inner", inner).add_edge(START, "inner").compile()
    outer.invoke({"messages": [HumanMessage("hi")]})
    chat, root = taken.calls
    assert (chat.parent, chat.node, root.parent) == (root.id, "think", "")


def test_an_agent_called_by_a_tool_of_another_is_below_the_tool(taken):
    expert = create_agent(Scripted(responses=[AIMessage("Take an umbrella.")]), [], name="expert")

    @tool
    def consult(question: str) -> str:
        """Ask the expert."""
        return expert.invoke({"messages": [("user", question)]})["messages"][-1].content

    answers = [calls_tool("consult", question="?"), AIMessage("Umbrella.")]
    boss = create_agent(Scripted(responses=answers), [consult], name="boss")
    boss.invoke({"messages": [("user", "hi")]})
    root = next(call for call in taken.calls if not call.parent)
    called = next(call for call in taken.calls if call.operation == "execute_tool")
    (below,) = (call for call in taken.calls if call.parent == called.id)
    assert (called.parent, below.operation, below.node) == (root.id, "chat", MODEL_NODE)
    assert (root.agent, below.agent) == (("boss", "expert") if TELLS_AGENTS else ("", ""))
    assert len({call.trace for call in taken.calls}) == 1


def test_tools_called_in_parallel_have_their_own_ids_and_children(taken, snapshot_of):
    @tool
    def look(city: str) -> str:
        """Look it up with a model."""
        return str(model(f"sunny {city}").invoke(city).content)

    both = AIMessage(
        "",
        tool_calls=[{"name": "look", "args": {"city": city}, "id": f"c-{city}"} for city in ("Rome", "Oslo", "Bern")],
    )
    create_agent(Scripted(responses=[both, AIMessage("done")]), [look]).invoke({"messages": [("user", "hi")]})
    tools = {call.id: call for call in taken.calls if call.operation == "execute_tool"}
    assert {call.tool_call_id for call in tools.values()} == {"c-Rome", "c-Oslo", "c-Bern"}
    inside = [call for call in taken.calls if call.parent in tools]
    assert len(inside) == 3
    for call in inside:
        city = snapshot_of(tools[call.parent].request)["city"]
        assert snapshot_of(call.request)["messages"][0]["content"] == city


def test_an_interrupt_is_no_error_and_the_resumed_run_is_a_row_of_its_own(taken):
    @tool
    def pay(amount: int) -> str:
        """Pay."""
        return f"paid {amount}: {interrupt('really?')}"

    answers = [calls_tool("pay", amount=5), AIMessage("Paid.")]
    graph = create_agent(Scripted(responses=answers), [pay], checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "t"}}
    graph.invoke({"messages": [("user", "pay")]}, config)
    found = [(call.operation, call.finish, call.error) for call in taken.calls]
    assert found == [("chat", "", ""), ("execute_tool", "interrupted", ""), ("invoke_workflow", "interrupted", "")]
    assert taken.calls[-1].answer_ids == []
    del taken[:]
    graph.invoke(Command(resume="yes"), config)
    found = [(call.operation, call.finish, call.error) for call in taken.calls]
    assert found == [("execute_tool", "", ""), ("chat", "", ""), ("invoke_workflow", "", "")]
    assert taken.calls[-1].answer_ids == taken.calls[1].message_ids


@needs_runtime
def test_a_tool_that_answers_with_a_command_is_recorded_with_what_the_model_reads(taken, snapshot_of):
    from langchain_core.messages import ToolMessage

    @tool
    def note(text: str, runtime: ToolRuntime) -> Command:
        """Take a note."""
        return Command(update={"messages": [ToolMessage("noted", tool_call_id=runtime.tool_call_id)]})

    answers = [calls_tool("note", text="milk"), AIMessage("Done.")]
    create_agent(Scripted(responses=answers), [note]).invoke({"messages": [("user", "hi")]})
    called = next(call for call in taken.calls if call.operation == "execute_tool")
    assert (snapshot_of(called.request), snapshot_of(called.response)) == ({"text": "milk"}, "noted")
    assert (called.tool_call_id, called.error) == ("c1", "")


def test_a_node_that_fails_shows_in_the_graph_and_nowhere_else(taken):
    def fail(state: MessagesState) -> Any:
        model("before").invoke("x")
        raise LookupError("no")

    graph = StateGraph(MessagesState).add_node(fail).add_edge(START, "fail").compile()
    with pytest.raises(LookupError):
        graph.invoke({"messages": [HumanMessage("hi")]})
    assert [(call.operation, call.error) for call in taken.calls] == [("chat", ""), ("invoke_workflow", "LookupError")]


async def test_a_cancelled_graph_closes_every_call(taken):
    from langchain_core.language_models.fake_chat_models import GenericFakeChatModel

    class Slow(GenericFakeChatModel):
        async def _agenerate(self, *args: Any, **kwargs: Any) -> Any:
            await asyncio.sleep(30)

    async def think(state: MessagesState) -> Any:
        return {"messages": [await Slow(messages=iter([])).ainvoke("x")]}

    graph = StateGraph(MessagesState).add_node(think).add_edge(START, "think").compile()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(graph.ainvoke({"messages": [HumanMessage("hi")]}), 0.1)
    await asyncio.sleep(0.05)
    cancelled = "asyncio.exceptions.CancelledError"
    assert {(call.operation, call.error) for call in taken.calls} == {
        ("chat", cancelled),
        ("invoke_workflow", cancelled),
    }


class Votes(TypedDict):
    """A state without messages."""

    question: str
    votes: Annotated[list[str], operator.add]


def test_nodes_that_run_in_parallel_have_the_same_root(taken, snapshot_of):
    def vote(name: str) -> Any:
        return lambda state: {"votes": [str(model(name).invoke(state["question"]).content)]}

    graph = StateGraph(Votes)
    for name in ("a", "b", "c"):
        graph.add_node(name, vote(name)).add_edge(START, name)
    graph.compile(name="panel").invoke({"question": "which?", "votes": []})
    root = taken.calls[-1]
    assert (root.name, root.answer_ids) == ("panel", [])
    assert sorted(call.node for call in taken.calls[:-1]) == ["a", "b", "c"]
    assert {call.parent for call in taken.calls[:-1]} == {root.id}
    assert sorted(snapshot_of(root.response)["votes"]) == ["a", "b", "c"]
