"""LlamaIndex's tools, retrievers, engines, agents and workflows.

Without `from __future__ import annotations`: LlamaIndex looks at the annotations of tools as they are.
"""

import asyncio
import gc
import inspect
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from llama_index.core import Document, MockEmbedding, VectorStoreIndex
from llama_index.core.base.llms.types import CompletionResponse
from llama_index.core.chat_engine import SimpleChatEngine
from llama_index.core.llms import MockLLM
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.tools import BaseTool, FunctionTool, QueryEngineTool, ToolMetadata, ToolOutput
from llama_index.core.tools.types import adapt_to_async_tool
from llama_index.core.workflow import (
    Event,
    HumanResponseEvent,
    InputRequiredEvent,
    StartEvent,
    StopEvent,
    Workflow,
    step,
)
from llama_index.core.workflow.retry_policy import ConstantDelayRetryPolicy
from workflows.errors import WorkflowCancelledByUser, WorkflowTimeoutError

import agentlog

# LlamaIndex's agents look at all attributes of their own, pydantic's old ones, too
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.PydanticDeprecationWarning")


@pytest.fixture(autouse=True)
def _instrumented() -> Iterator[None]:
    with agentlog.instrument("llama_index"):
        yield


def add(a: int, b: int = 2) -> int:
    """Adds."""
    return a + b


def fail(a: int = 1) -> int:
    """Fails."""
    raise LookupError("no such order")


# ---------------------------------------------------------------- tools


def test_a_tool_is_one_call_with_named_arguments_and_what_the_model_will_read(taken, snapshot_of):
    tool = FunctionTool.from_defaults(add)
    tool(1, b=3)
    tool.call(a=1)
    first, second = taken.calls
    assert (first.operation, first.name, first.dialect, first.tool_call_id) == ("execute_tool", "add", "arguments", "")
    assert (snapshot_of(first.request), snapshot_of(first.response)) == ({"a": 1, "b": 3}, "4")
    assert (snapshot_of(second.request), snapshot_of(second.response)) == ({"a": 1}, "3")


async def test_an_async_tool_is_one_call(taken, snapshot_of):
    await FunctionTool.from_defaults(add).acall(a=1, b=1)
    assert snapshot_of(taken.one().response) == "2"


def test_a_tool_that_raises_is_an_error(taken):
    with pytest.raises(LookupError):
        FunctionTool.from_defaults(fail).call()
    assert taken.one().error == "LookupError"


class Plain(BaseTool):
    """A tool of somebody's own, sync only."""

    def __init__(self, output: ToolOutput) -> None:
        self.output = output

    @property
    def metadata(self) -> ToolMetadata:
        return ToolMetadata(description="looks up", name="lookup")

    def __call__(self, input: Any) -> ToolOutput:
        return self.output


async def test_a_sync_tool_behind_an_adapter_is_one_call(taken, snapshot_of):
    said = ToolOutput(content="shipped", tool_name="lookup", raw_input={}, raw_output=object())
    await adapt_to_async_tool(Plain(said)).acall("A17")
    call = taken.one()
    assert (call.name, snapshot_of(call.request), snapshot_of(call.response)) == ("lookup", {"input": "A17"}, "shipped")


@pytest.mark.parametrize(("cause", "error"), [(LookupError("no"), "LookupError"), (None, "ToolOutput.is_error")])
def test_a_tool_that_says_it_failed_is_an_error(taken, snapshot_of, cause, error):
    more = {"exception": cause} if cause is not None else {}
    if more and "exception" not in inspect.signature(ToolOutput.__init__).parameters:
        pytest.skip("this release does not say what a tool failed of")
    Plain(ToolOutput("lookup", content="no", raw_input={}, raw_output=None, is_error=True, **more))("A17")
    call = taken.one()
    assert (call.error, snapshot_of(call.response)) == (error, "no")


# ---------------------------------------------------------------- retrievers and engines


@pytest.fixture
def index() -> VectorStoreIndex:
    texts = [Document(text="A17 was shipped.", metadata={"source": "orders"}), Document(text="B2 is late.")]
    return VectorStoreIndex.from_documents(texts, embed_model=MockEmbedding(embed_dim=4))


def below(calls: Sequence[Any], parent: Any) -> list[str]:
    return [call.operation for call in calls if call.parent == parent.id]


def test_a_retrieval_holds_the_question_and_the_documents(taken, snapshot_of, index):
    taken.clear()
    index.as_retriever(similarity_top_k=2).retrieve("Where is A17?")
    embedding, retrieval = taken.calls
    assert (retrieval.operation, retrieval.name, retrieval.dialect) == (
        "retrieval",
        "VectorIndexRetriever",
        "retrieval",
    )
    assert snapshot_of(retrieval.request) == {"query": "Where is A17?"}
    found = {one["text"]: one for one in snapshot_of(retrieval.response)}
    assert found["A17 was shipped."]["metadata"] == {"source": "orders"}
    assert set(found["B2 is late."]) == {"text", "id", "score", "metadata"}
    assert embedding.parent == retrieval.id


async def test_an_async_query_holds_all_that_it_took(taken, snapshot_of, index):
    taken.clear()
    answer = await index.as_query_engine(llm=MockLLM(max_tokens=2)).aquery("Where is A17?")
    root = taken.calls[-1]
    assert (root.operation, root.name, root.parent) == ("invoke_workflow", "RetrieverQueryEngine", "")
    assert (snapshot_of(root.request), snapshot_of(root.response)) == ({"query": "Where is A17?"}, str(answer))
    assert below(taken.calls, root) == ["retrieval", "text_completion"]
    assert {call.trace for call in taken.calls} == {root.trace}


def test_a_query_that_hands_out_a_stream_ends_when_that_is_read(taken, snapshot_of, index):
    taken.clear()
    tokens = index.as_query_engine(llm=MockLLM(max_tokens=3), streaming=True).query("Where is A17?").response_gen
    assert "invoke_workflow" not in [call.operation for call in taken.calls]
    gc.collect()
    assert "text" in "".join(tokens)
    root = taken.calls[-1]
    (model,) = [call for call in taken.calls if call.operation == "text_completion"]
    assert (root.operation, model.parent, root.finish) == ("invoke_workflow", root.id, "")
    assert snapshot_of(root.response) == snapshot_of(model.response)["text"]


def test_a_streaming_query_that_its_reader_leaves_is_abandoned(taken, index):
    taken.clear()
    tokens = index.as_query_engine(llm=MockLLM(max_tokens=3), streaming=True).query("Where is A17?").response_gen
    next(tokens)
    tokens.close()
    gc.collect()
    ends = {call.operation: call.finish for call in taken.calls}
    assert (ends["text_completion"], ends["invoke_workflow"]) == ("abandoned", "abandoned")


def test_a_streaming_query_that_nobody_reads_is_recorded(taken, index):
    taken.clear()
    index.as_query_engine(llm=MockLLM(max_tokens=3), streaming=True).query("Where is A17?")
    gc.collect()
    operations = [
        call.operation for call in taken.calls if call.operation != "text_completion"
    ]  # older releases ask it
    assert operations == ["embeddings", "retrieval", "invoke_workflow"]


class Words(MockLLM):
    """Streams three words."""

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Iterator[CompletionResponse]:
        words = ["On ", "its ", "way."]
        return (CompletionResponse(text="".join(words[: n + 1]), delta=words[n]) for n in range(3))


def chat_engine() -> Any:
    # with a memory of its own: the default one leaves database connections open
    return SimpleChatEngine.from_defaults(llm=Words(), memory=ChatMemoryBuffer.from_defaults())


def test_a_chat_engine_is_the_run_around_its_model(taken, snapshot_of):
    answer = chat_engine().chat("Where is A17?")
    model, root = taken.calls
    assert (root.name, model.operation, model.parent) == ("SimpleChatEngine", "chat", root.id)
    assert (snapshot_of(root.request), snapshot_of(root.response)) == ({"message": "Where is A17?"}, answer.response)


def test_a_streaming_chat_engine_ends_with_its_stream_which_a_thread_of_its_own_reads(taken, snapshot_of):
    answer = chat_engine().stream_chat("Where is A17?")
    text = "".join(answer.response_gen)
    for _ in range(500):  # the engine's own thread ends a moment after its last token was read
        if len(taken.calls) == 2:
            break
        time.sleep(0.01)
    model, root = taken.calls
    assert (root.name, model.parent) == ("SimpleChatEngine", root.id)
    assert snapshot_of(root.response) == text == "On its way."


async def test_an_async_streaming_chat_engine_ends_with_its_stream(taken, snapshot_of):
    answer = await chat_engine().astream_chat("Where is A17?")
    text = "".join([token async for token in answer.async_response_gen()])
    model, root = taken.calls
    assert (root.name, model.parent) == ("SimpleChatEngine", root.id)
    assert snapshot_of(root.response) == text == "On its way."


def test_a_stream_that_was_read_before_the_engine_handed_it_out_is_recorded_alike(taken, snapshot_of):
    class Hasty(SimpleChatEngine):
        def stream_chat(self, message: str, chat_history: Any = None) -> Any:
            answer = super().stream_chat(message, chat_history)
            if not hasattr(answer, "write_response_to_history_thread"):
                pytest.skip("this release does not say which thread reads the stream")
            answer.write_response_to_history_thread.join()
            return answer

    engine = Hasty.from_defaults(llm=Words(), memory=ChatMemoryBuffer.from_defaults())
    text = "".join(engine.stream_chat("Where is A17?").response_gen)
    model, root = taken.calls  # the method that it extends is the same call
    assert (root.name, model.parent, snapshot_of(root.response)) == ("Hasty", root.id, text)


def test_a_query_engine_as_a_tool_stands_below_the_tool(taken, index):
    taken.clear()
    QueryEngineTool.from_defaults(index.as_query_engine(llm=MockLLM(max_tokens=1)), name="orders").call("A17?")
    tool = taken.calls[-1]
    assert (tool.operation, tool.name, below(taken.calls, tool)) == ("execute_tool", "orders", ["invoke_workflow"])


# ---------------------------------------------------------------- workflows


class Sorted(Event):
    kind: str


class Desk(Workflow):
    """A workflow of somebody's own: two steps, a model in the first, a captured function in the second."""

    @step
    async def sort(self, event: StartEvent) -> Sorted:
        answer = await MockLLM(max_tokens=1).acomplete(event.ticket)
        return Sorted(kind=answer.text)

    @step
    async def answer(self, event: Sorted) -> StopEvent:
        return StopEvent(result=reply(event.kind))


@agentlog.capture
def reply(kind: str) -> str:
    return MockLLM(max_tokens=2).complete(kind).text


async def test_a_workflow_is_the_run_around_its_steps(taken, snapshot_of):
    answer = await Desk().run(ticket="Where is A17?")
    sorting, replying, tool, root = taken.calls
    assert (root.operation, root.name, root.parent) == ("invoke_workflow", "Desk", "")
    assert (snapshot_of(root.request), snapshot_of(root.response)) == ({"ticket": "Where is A17?"}, answer)
    assert (sorting.parent, sorting.node) == (root.id, "sort")
    # the captured function stands between the step and its model
    assert (tool.operation, tool.parent, replying.parent) == ("execute_tool", root.id, tool.id)


class Done(StopEvent):
    state: str


class Ends(Workflow):
    def __init__(self, how: str, **more: Any) -> None:
        super().__init__(**more)
        self.how = how

    @step
    async def go(self, event: StartEvent) -> Done:
        if self.how == "fails":
            raise LookupError("no")
        if self.how == "waits":
            await asyncio.sleep(60)
        return Done(state="shipped")


async def test_a_result_with_fields_of_its_own_is_recorded(taken, snapshot_of):
    await Ends("well").run()
    assert snapshot_of(taken.one().response) == {"state": "shipped"}


async def test_a_step_that_fails_fails_the_run(taken):
    with pytest.raises(LookupError):
        await Ends("fails").run()
    assert taken.one().error == "LookupError"


async def test_a_run_that_takes_too_long_is_an_error(taken):
    with pytest.raises(WorkflowTimeoutError):
        await Ends("waits", timeout=0.05).run()
    assert taken.one().error == "workflows.errors.WorkflowTimeoutError"


async def test_a_run_that_is_cancelled_is_an_error(taken):
    handler = Ends("waits").run()
    await asyncio.sleep(0.05)
    await handler.cancel_run()
    with pytest.raises(WorkflowCancelledByUser):
        await handler
    assert taken.one().error == "workflows.errors.WorkflowCancelledByUser"


class Refunds(Workflow):
    """Asks a human, and goes on with the answer."""

    @step
    async def ask(self, event: StartEvent) -> InputRequiredEvent:
        return InputRequiredEvent(prefix=(await MockLLM(max_tokens=1).acomplete("Refund?")).text)

    @step
    async def go(self, event: HumanResponseEvent) -> StopEvent:
        return StopEvent(result=(await MockLLM(max_tokens=2).acomplete(event.response)).text)


async def test_a_run_that_a_human_answers_is_one_run(taken, snapshot_of):
    handler = Refunds().run()
    async for event in handler.stream_events():
        if isinstance(event, InputRequiredEvent):
            handler.ctx.send_event(HumanResponseEvent(response="yes"))
    assert await handler == "text text"
    asked, answered, root = taken.calls
    assert [(call.node, call.parent) for call in (asked, answered)] == [("ask", root.id), ("go", root.id)]
    assert (snapshot_of(answered.request)["prompt"], root.finish) == ("yes", "")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # newer releases build the policy in another way
async def test_a_step_that_is_tried_again_is_a_model_call_for_each_attempt_in_one_run(taken):
    class Flaky(Workflow):
        failures = 1

        @step(retry_policy=ConstantDelayRetryPolicy(maximum_attempts=2, delay=0))
        async def go(self, event: StartEvent) -> StopEvent:
            answer = await MockLLM(max_tokens=1).acomplete("x")
            if self.failures:
                self.failures = 0
                raise ConnectionError("no")
            return StopEvent(result=answer.text)

    assert await Flaky().run() == "text"
    first, second, root = taken.calls
    assert {(call.node, call.parent) for call in (first, second)} == {("go", root.id)}
    assert root.error == ""


async def test_nothing_is_kept_of_runs_that_have_ended(taken, index):
    from agentlog.instrumentation import integration

    "".join(index.as_query_engine(llm=MockLLM(max_tokens=3), streaming=True).query("A17?").response_gen)
    "".join(chat_engine().stream_chat("A17?").response_gen)
    await Desk().run(ticket="x")
    gc.collect()
    (installed,) = integration._installed.values()
    listener = installed.integration._handlers._listener
    held = (listener.places.spans, listener.places.streams, listener._models.open, listener._runs.engines)
    assert held == ({}, {}, {}, {})
