"""Tools, retrievers, chains: what they hold, and who is around whom."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig, RunnableLambda, RunnableParallel
from langchain_core.tools import InjectedToolArg, StructuredTool, ToolException, tool
from pydantic import BaseModel, Field

import agentlog
from agentlog.recording import context


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    with agentlog.instrument("langchain_core"):
        yield


def model(answer: str = "ok") -> FakeListChatModel:
    return FakeListChatModel(responses=[answer])


async def ask(one: Any, way: str, value: Any) -> Any:
    return one.invoke(value) if way == "sync" else await one.ainvoke(value)


# ---------------------------------------------------------------- tools


@tool
def weather(city: str, unit: str = "C", *, key: Annotated[str, InjectedToolArg], config: RunnableConfig) -> str:
    """Say the weather."""
    return f"21 {unit} in {city}"


def test_a_tool_is_recorded_with_its_arguments_and_without_injected_ones(taken, snapshot_of):
    assert weather.invoke({"city": "Paris", "unit": "F", "key": "injected-secret"}) == "21 F in Paris"
    call = taken.one()
    assert (call.operation, call.name, call.dialect) == ("execute_tool", "weather", "arguments")
    assert snapshot_of(call.request) == {"city": "Paris", "unit": "F"}
    assert snapshot_of(call.response) == "21 F in Paris"
    assert call.tool_call_id == ""


def test_the_text_of_another_message_is_an_argument_like_any_text(taken, snapshot_of):
    text = model("Rome").invoke("where?").text
    text = text if isinstance(text, str) else text()  # a method before langchain-core 1.0
    weather.invoke({"city": text, "key": "k"})
    assert snapshot_of(taken.calls[-1].request) == {"city": "Rome"}


def test_a_tool_called_by_a_model_has_the_id_of_the_tool_call(taken, snapshot_of):
    weather.invoke({"type": "tool_call", "id": "c9", "name": "weather", "args": {"city": "Rome", "key": "k"}})
    call = taken.one()
    assert call.tool_call_id == "c9"
    assert snapshot_of(call.request) == {"city": "Rome"}
    assert snapshot_of(call.response) == "21 C in Rome"


async def test_an_async_tool_is_recorded(taken, snapshot_of):
    @tool
    async def add(a: int, b: int) -> int:
        """Add."""
        await asyncio.sleep(0.001)
        return a + b

    assert await add.ainvoke({"a": 2, "b": 3}) == 5
    call = taken.one()
    assert snapshot_of(call.request) == {"a": 2, "b": 3}
    assert snapshot_of(call.response) == 5


def test_an_artifact_is_recorded_as_its_shape(taken, snapshot_of):
    @tool(response_format="content_and_artifact")
    def table(name: str) -> tuple[str, list[int]]:
        """Give a table."""
        return "three rows", [7001, 7002, 7003]

    table.invoke({"type": "tool_call", "id": "c1", "name": "table", "args": {"name": "x"}})
    call = taken.one()
    assert snapshot_of(call.response) == "three rows"
    assert call.attributes["artifact"] == "<list of 3>"


@pytest.mark.parametrize("way", ["sync", "async"])
async def test_a_tool_that_fails_is_recorded_and_its_error_is_untouched(taken, way):
    failure = KeyError("nothing there")

    def fail(city: str) -> str:
        raise failure

    broken = StructuredTool.from_function(fail, name="broken", description="Fails.")
    with pytest.raises(KeyError) as caught:
        await ask(broken, way, {"city": "x"})
    assert caught.value is failure
    assert taken.one().error == "KeyError"


async def test_a_cancelled_tool_is_recorded_as_cancelled(taken):
    @tool
    async def slow(city: str) -> str:
        """Wait."""
        await asyncio.sleep(30)
        return "late"

    task = asyncio.create_task(slow.ainvoke({"city": "x"}))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.01)
    assert taken.one().error == "asyncio.exceptions.CancelledError"


def test_a_tools_handled_error_is_a_result_with_a_status(taken, snapshot_of):
    @tool
    def careful(city: str) -> str:
        """Fail politely."""
        raise ToolException("no such city")

    careful.handle_tool_error = True
    careful.invoke({"type": "tool_call", "id": "c1", "name": "careful", "args": {"city": "x"}})
    call = taken.one()
    assert (call.error, call.attributes["status"]) == ("", "error")
    assert snapshot_of(call.response) == "no such city"


def test_a_tool_that_takes_one_text_has_it_as_input(taken, snapshot_of):
    from langchain_core.tools import Tool

    Tool(name="shout", func=str.upper, description="Shout.").invoke("hey")
    assert snapshot_of(taken.one().request) in ({"input": "hey"}, {"__arg1": "hey"})


@pytest.mark.parametrize("way", ["sync", "async"])
async def test_a_model_called_inside_a_tool_has_the_tool_as_its_parent(taken, way):
    def consult(question: str) -> str:
        """Ask another model."""
        return model("inner").invoke(question).content

    async def aconsult(question: str) -> str:
        """Ask another model."""
        return (await model("inner").ainvoke(question)).content

    await ask(StructuredTool.from_function(consult, aconsult), way, {"question": "x"})
    inner, outer = taken.calls
    assert (inner.operation, outer.operation) == ("chat", "execute_tool")
    assert (inner.parent, inner.trace, inner.depth) == (outer.id, outer.trace, 1)
    assert context.innermost() is None


# ---------------------------------------------------------------- retrievers


class Shelf(BaseRetriever):
    """Finds two documents; asks a model first, and says which call was around it."""

    wait_s: float = 0.0
    fails: bool = False
    seen: list[str] = Field(default_factory=list)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        around = context.innermost()
        self.seen.append("" if around is None else around.id)
        if self.fails:
            raise OSError("no shelf")
        return [
            Document("Paris is sunny", id="d1", metadata={"source": "a.txt", "relevance_score": 0.9}),
            Document("Rome is hot", metadata={"source": "b.txt"}),
        ]

    async def _aget_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
        await asyncio.sleep(self.wait_s)
        return self._get_relevant_documents(query, run_manager=run_manager)


def test_a_retriever_is_recorded_with_its_query_and_documents(taken, snapshot_of):
    shelf = Shelf()
    assert len(shelf.invoke("weather in Paris")) == 2
    call = taken.one()
    assert (call.operation, call.name, call.dialect) == ("retrieval", "Shelf", "retrieval")
    assert snapshot_of(call.request) == {"query": "weather in Paris"}
    assert snapshot_of(call.response) == [
        {
            "text": "Paris is sunny",
            "id": "d1",
            "score": 0.9,
            "metadata": {"source": "a.txt", "relevance_score": 0.9},
        },
        {"text": "Rome is hot", "metadata": {"source": "b.txt"}},
    ]
    assert shelf.seen == [call.id]
    assert context.innermost() is None


async def test_an_async_retriever_is_around_its_own_work(taken):
    shelf = Shelf(wait_s=0.001)
    await shelf.ainvoke("x")
    assert shelf.seen == [taken.one().id]
    assert context.innermost() is None


@pytest.mark.parametrize("way", ["sync", "async"])
async def test_a_retriever_that_fails_is_recorded(taken, way):
    with pytest.raises(OSError, match="no shelf"):
        await ask(Shelf(fails=True), way, "x")
    assert taken.one().error == "OSError"


async def test_a_cancelled_retriever_is_recorded_as_cancelled(taken):
    task = asyncio.create_task(Shelf(wait_s=30).ainvoke("x"))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert taken.one().error == "asyncio.exceptions.CancelledError"


# ---------------------------------------------------------------- chains


def test_the_outermost_chain_is_the_root_and_inner_chains_are_no_rows(taken, snapshot_of):
    chain = ChatPromptTemplate.from_messages([("human", "{q}")]) | (RunnableLambda(lambda value: value) | model("42"))
    said = chain.invoke({"q": "answer?"})
    inner, root = taken.calls
    assert (inner.operation, root.operation) == ("chat", "invoke_workflow")
    assert (root.name, root.parent, inner.parent, inner.trace) == ("RunnableSequence", "", root.id, root.trace)
    assert snapshot_of(root.request) == {"input": {"q": "answer?"}}
    response = snapshot_of(root.response)
    assert (response["type"], response["content"], response["id"]) == ("ai", "42", said.id)
    assert root.answer_ids == [said.id] == inner.message_ids


def test_a_chain_that_ends_in_text_has_no_answer_by_id(taken, snapshot_of):
    (model("42") | StrOutputParser()).invoke("answer?")
    root = taken.calls[-1]
    assert snapshot_of(root.response) == "42"
    assert root.answer_ids == []


def test_a_prompt_or_a_parser_alone_is_no_run(taken):
    prompt = ChatPromptTemplate.from_messages([("human", "{q}")]).invoke({"q": "x"})
    StrOutputParser().invoke(AIMessage("y"))
    assert taken.calls == []
    model().invoke(prompt)
    assert taken.one().operation == "chat"


def test_calls_in_parallel_branches_have_the_same_root(taken):
    RunnableParallel(a=model("a"), b=model("b"), c=RunnableLambda(lambda _: model("c").invoke("x"))).invoke("hi")
    root = taken.calls[-1]
    assert [call.operation for call in taken.calls].count("chat") == 3
    assert {(call.parent, call.trace) for call in taken.calls[:-1]} == {(root.id, root.trace)}


async def test_calls_in_parallel_async_branches_have_the_same_root(taken):
    async def ask(_: Any) -> Any:
        return await model("c").ainvoke("x")

    await RunnableParallel(a=model("a"), b=RunnableLambda(ask)).ainvoke("hi")
    root = taken.calls[-1]
    assert {call.parent for call in taken.calls[:-1]} == {root.id}


def test_a_chain_that_fails_is_recorded_with_its_parts(taken):
    def fail(_: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        (model() | RunnableLambda(fail)).invoke("hi")
    assert [(call.operation, call.error) for call in taken.calls] == [
        ("chat", ""),
        ("invoke_workflow", "ZeroDivisionError"),
    ]


def test_a_decorated_function_inside_a_chain_is_nearer_than_the_chain(taken):
    @agentlog.capture
    def helper(value: Any) -> Any:
        return model("inner").invoke("x").content

    (RunnableLambda(helper) | model("outer")).invoke("hi")
    helper_call = next(call for call in taken.calls if call.name.endswith("helper"))
    inner, outer = (call for call in taken.calls if call.operation == "chat")
    root = taken.calls[-1]
    assert inner.parent == helper_call.id
    assert helper_call.parent == root.id == outer.parent
    assert {call.trace for call in taken.calls} == {root.trace}


def test_a_chain_inside_a_decorated_function_is_below_it(taken):
    @agentlog.capture
    def answer(question: str) -> str:
        return (model("42") | StrOutputParser()).invoke(question)

    assert answer("?") == "42"
    chat, chain, outermost = taken.calls
    assert (chat.parent, chain.parent, outermost.parent) == (chain.id, outermost.id, "")


def test_work_that_goes_on_after_its_node_has_ended_stays_in_its_run(taken):
    go, done = threading.Event(), []

    def later(config: RunnableConfig) -> None:
        go.wait(5)
        done.append(model("late").invoke("x", config))

    def node(_: Any, config: RunnableConfig) -> str:
        thread = threading.Thread(target=later, args=(config,))
        thread.start()
        return thread

    thread = (RunnableLambda(node) | RunnableLambda(lambda value: value)).invoke("hi")
    go.set()
    thread.join()
    root, late = taken.calls
    assert (root.operation, late.operation) == ("invoke_workflow", "chat")
    assert (late.parent, late.trace) == (root.id, root.trace)


class State(BaseModel):
    """A chain's state."""

    question: str
    found: list[Any] = []


def test_states_and_documents_are_plain_data_in_a_root(taken, snapshot_of):
    def step(state: State) -> State:
        return State(question=state.question, found=[Document("d", id="1"), AIMessage("a", id="m1")])

    RunnableLambda(step).invoke(State(question="q"))
    response = snapshot_of(taken.one().response)
    assert response["question"] == "q"
    assert response["found"] == [
        {"text": "d", "metadata": {}, "id": "1"},
        {"type": "ai", "content": "a", "id": "m1"},
    ]
