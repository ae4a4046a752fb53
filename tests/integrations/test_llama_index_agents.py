"""LlamaIndex's agents, and what models are offered: tools, hand-over, structured answers, a human in between.

Without `from __future__ import annotations`: LlamaIndex looks at the annotations of tools as they are.
"""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest
from llama_index.core.agent.workflow import AgentWorkflow, FunctionAgent, ReActAgent, base_agent
from llama_index.core.base.llms import types
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, CompletionResponse, LLMMetadata
from llama_index.core.llms import MockLLM
from llama_index.core.llms.callbacks import llm_chat_callback
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection
from llama_index.core.prompts import PromptTemplate
from llama_index.core.tools import BaseTool, FunctionTool
from llama_index.core.workflow import Context, HumanResponseEvent, InputRequiredEvent
from pydantic import BaseModel, PrivateAttr
from workflows.errors import WorkflowCancelledByUser

import agentlog
from agentlog import messages

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


def ask(*calls: tuple[str, dict[str, Any]]) -> ChatMessage:
    """A message that calls tools, as this release of LlamaIndex writes it."""
    if hasattr(types, "ToolCallBlock"):
        blocks = [
            types.ToolCallBlock(tool_call_id=f"c-{name}", tool_name=name, tool_kwargs=given) for name, given in calls
        ]
        return ChatMessage(role="assistant", blocks=blocks)
    said = [
        {"id": f"c-{name}", "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
        for name, given in calls
    ]
    return ChatMessage(role="assistant", content="", additional_kwargs={"tool_calls": said})


class Clerk(FunctionCallingLLM):
    """Calls its tools, one group after the other, then answers; as a provider's integration does it."""

    groups: list[list[tuple[str, dict[str, Any]]]]
    answer: str = "It is 3."
    raw: Any = None

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="clerk-1", is_chat_model=True, is_function_calling_model=True)

    def _prepare_chat_with_tools(
        self,
        tools: Sequence[BaseTool],
        user_msg: Any = None,
        chat_history: Any = None,
        tool_required: bool = False,
        verbose: bool = False,
        allow_parallel_tool_calls: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        asked = [*(chat_history or [])]
        if user_msg is not None:
            asked.append(ChatMessage(role="user", content=user_msg) if isinstance(user_msg, str) else user_msg)
        choice = "required" if tool_required else "auto"
        return {"messages": asked, "tools": [one.metadata.to_openai_tool() for one in tools], "tool_choice": choice}

    def _say(self, asked: Sequence[ChatMessage]) -> ChatResponse:
        turn = sum(one.role == "tool" and asked[place - 1].role != "tool" for place, one in enumerate(asked))
        said = (
            ask(*self.groups[turn]) if turn < len(self.groups) else ChatMessage(role="assistant", content=self.answer)
        )
        return ChatResponse(message=said, delta="", raw=self.raw)

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        return self._say(messages)

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        return self._say(messages)

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> Iterator[ChatResponse]:
        return (self._say(messages) for _ in range(1))

    @llm_chat_callback()
    async def astream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> AsyncIterator[ChatResponse]:
        async def words() -> AsyncIterator[ChatResponse]:
            yield self._say(messages)

        return words()

    def get_tool_calls_from_response(
        self, response: ChatResponse, error_on_no_tool_call: bool = True, **kwargs: Any
    ) -> list[ToolSelection]:
        said = f"{response.message.blocks} {response.message.additional_kwargs}"
        found = [one for group in self.groups for one in group if f"c-{one[0]}" in said]
        return [ToolSelection(tool_id=f"c-{name}", tool_name=name, tool_kwargs=given) for name, given in found]

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError

    async def acomplete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Iterator[CompletionResponse]:
        raise NotImplementedError

    async def astream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        raise NotImplementedError


def calls_tools(*names: str) -> Clerk:
    """A model that calls these tools at once, then answers."""
    return Clerk(groups=[[(name, {"a": 1}) for name in names]])


def below(calls: Sequence[Any], parent: Any) -> list[str]:
    return [call.operation for call in calls if call.parent == parent.id]


def reading(call: Any, snapshot_of: Any) -> Any:
    """The call as it will stand in the dataset."""
    return messages.read(call.dialect, snapshot_of(call.request), snapshot_of(call.response))


# ---------------------------------------------------------------- what a model is offered


def test_tools_choice_and_the_call_that_a_model_makes_are_recorded_in_full(taken, snapshot_of):
    tool = FunctionTool.from_defaults(add)
    calls_tools("add").chat_with_tools([tool], user_msg="Add 1 and 2.", tool_required=True)
    read = reading(taken.one(), snapshot_of)
    (offered,) = json.loads(read["tool_definitions"])
    assert offered == tool.metadata.to_openai_tool()
    assert json.loads(read["request"])["tool_choice"] == "required"
    (part,) = read["output_messages"][0]["parts"]
    assert (part["type"], part["id"], part["name"], part["arguments"]) == ("tool_call", "c-add", "add", '{"a": 1}')


OPENAI = {
    "id": "chatcmpl-1",
    "model": "clerk-1-2026",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "It is 3."}}],
    "usage": {
        "prompt_tokens": 50,
        "completion_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 40},
        "completion_tokens_details": {"reasoning_tokens": 3},
    },
}
ANTHROPIC = {
    "id": "msg_1",
    "model": "clerk-1-2026",
    "stop_reason": "end_turn",
    "usage": {
        "input_tokens": 6,
        "output_tokens": 7,
        "cache_read_input_tokens": 40,
        "cache_creation_input_tokens": 4,
    },
}


@pytest.mark.parametrize(
    ("raw", "usage", "reason"),
    [
        (
            OPENAI,
            {"input_tokens": 50, "output_tokens": 7, "cache_read_input_tokens": 40, "reasoning_output_tokens": 3},
            "stop",
        ),
        (
            ANTHROPIC,
            {"input_tokens": 50, "output_tokens": 7, "cache_read_input_tokens": 40, "cache_creation_input_tokens": 4},
            "end_turn",
        ),
    ],
)
def test_tokens_and_finish_reason_stand_in_the_body_of_the_provider_only(taken, snapshot_of, raw, usage, reason):
    Clerk(groups=[], raw=raw).chat([ChatMessage(role="user", content="Add.")])
    call = taken.one()
    read = reading(call, snapshot_of)
    assert {key: value for key, value in read["usage"].items() if value is not None} == usage
    assert (read["finish_reasons"], read["response_model"], call.message_ids[0]) == (
        [reason],
        "clerk-1-2026",
        raw["id"],
    )


class Chunks(Clerk):
    """Streams what a provider's own stream holds last."""

    bodies: list[Any]

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> Iterator[ChatResponse]:
        said = ChatMessage(role="assistant", content="It is 3.")
        return (ChatResponse(message=said, delta="", raw=body) for body in self.bodies)


@pytest.mark.parametrize(
    ("bodies", "reason", "tokens"),
    [
        (
            [
                {"id": "c1", "choices": [{"index": 0, "delta": {"content": "It is 3."}, "finish_reason": None}]},
                {"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]},
                {"id": "c1", "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}},
            ],
            "length",
            (5, 2),
        ),
        (
            [
                {
                    "type": "message_delta",
                    "delta": {"stop_reason": "max_tokens"},
                    "usage": {"input_tokens": 5, "output_tokens": 2},
                }
            ],
            "max_tokens",
            (5, 2),
        ),
        (
            [
                {
                    "type": "response.completed",
                    "response": {
                        "id": "resp_1",
                        "object": "response",
                        "status": "completed",
                        "usage": {"input_tokens": 5, "output_tokens": 2},
                    },
                }
            ],
            "completed",
            (5, 2),
        ),
    ],
)
def test_of_a_stream_tokens_and_finish_reason_are_those_of_its_last_bodies(taken, snapshot_of, bodies, reason, tokens):
    list(Chunks(groups=[], bodies=bodies).stream_chat([ChatMessage(role="user", content="Add.")]))
    read = reading(taken.one(), snapshot_of)
    assert (read["finish_reasons"], read["usage"]["input_tokens"], read["usage"]["output_tokens"]) == (
        [reason],
        *tokens,
    )


class Order(BaseModel):
    """An order."""

    state: str


def test_the_schema_of_an_answer_is_recorded_though_it_is_given_as_a_class(taken, snapshot_of):
    Clerk(groups=[]).chat([ChatMessage(role="user", content="Where?")], response_format=Order)
    assert snapshot_of(taken.one().request)["params"]["response_format"] == Order.model_json_schema()


class Sets(Clerk):
    """Its fields are sent with each request, and it has more to send."""

    reasoning_options: dict[str, Any] = {"effort": "low"}
    instructions: str = "Be brief."
    api_version: str = "2026-01"
    built_in_tools: list[dict[str, Any]] = [{"type": "web_search"}]
    additional_kwargs: dict[str, Any] = {"service_tier": "flex", "api_key": "sk-secret"}


def test_what_a_model_is_set_to_send_with_every_request_is_in_the_request(taken, snapshot_of):
    Sets(groups=[]).chat([ChatMessage(role="user", content="Where?")], temperature=0.5)
    read = reading(taken.one(), snapshot_of)
    assert json.loads(read["request"]) == {"reasoning": {"effort": "low"}, "service_tier": "flex", "temperature": 0.5}
    assert [part["text"] for part in read["system_instructions"]] == ["Be brief."]
    assert "web_search" in str(read["tool_definitions"])


# ---------------------------------------------------------------- structured answers


def structured() -> Clerk:
    return Clerk(groups=[[("Order", {"state": "shipped"})]])


def where() -> PromptTemplate:
    """A new one: LlamaIndex writes the schema into it."""
    return PromptTemplate("Where is {order}?")


async def test_a_structured_answer_is_one_model_call_with_its_schema_as_a_tool(taken, snapshot_of):
    assert structured().structured_predict(Order, where(), order="A17") == Order(state="shipped")
    assert await structured().astructured_predict(Order, where(), order="A17") == Order(state="shipped")
    models = [call for call in taken.calls if call.operation == "chat"]
    assert len(models) == 2
    for call in models:
        asked = snapshot_of(call.request)
        (tool,) = asked["tools"]
        assert (tool["function"]["name"], list(tool["function"]["parameters"]["properties"])) == ("Order", ["state"])
        assert asked["params"]["tool_choice"] == "required"
        assert asked["messages"][0]["content"] == "Where is A17?"


def test_a_structured_answer_that_is_streamed_is_one_model_call(taken):
    list(structured().stream_structured_predict(Order, where(), order="A17"))
    assert [call.operation for call in taken.calls if call.operation != "execute_tool"] == ["chat"]


def test_a_structured_model_only_asks_another_one_and_is_no_call_itself(taken, snapshot_of):
    said = structured().as_structured_llm(Order).chat([ChatMessage(role="user", content="Where?")])
    assert said.raw == Order(state="shipped")
    (call,) = [one for one in taken.calls if one.operation == "chat"]
    assert (call.name, snapshot_of(call.request)["tools"][0]["function"]["name"]) == ("clerk-1", "Order")


class Writes(MockLLM):
    """Answers in its own words, one after the other."""

    _said: Iterator[str] = PrivateAttr()

    def __init__(self, *words: str) -> None:
        super().__init__(max_tokens=1)
        self._said = iter(words)

    def _generate_text(self, length: int) -> str:
        return next(self._said)


def test_a_structured_answer_of_a_model_without_tools_is_recorded_as_the_text_that_it_was(taken, snapshot_of):
    assert Writes('{"state": "late"}').structured_predict(Order, where(), order="A17") == Order(state="late")
    call = taken.one()
    assert '"state"' in str(snapshot_of(call.request)) and '{"state": "late"}' in str(snapshot_of(call.response))


# ---------------------------------------------------------------- agents


async def test_an_agent_is_the_run_around_its_models_and_tools(taken, snapshot_of):
    agent = FunctionAgent(name="clerk", tools=[add, fail], llm=calls_tools("add", "fail"), streaming=False)
    assert str(await agent.run("Add 1 and 2.")) == "It is 3."
    root = taken.calls[-1]
    assert (root.operation, root.name, root.agent, root.parent) == ("invoke_agent", "clerk", "clerk", "")
    assert (snapshot_of(root.request), snapshot_of(root.response)) == ({"user_msg": "Add 1 and 2."}, "It is 3.")
    assert sorted(below(taken.calls, root)) == ["chat", "chat", "execute_tool", "execute_tool"]
    models = [call for call in taken.calls if call.operation == "chat"]
    assert {(call.agent, call.node) for call in models} == {("clerk", "run_agent_step")}
    tools = {call.name: call for call in taken.calls if call.operation == "execute_tool"}
    assert (tools["add"].tool_call_id, tools["fail"].tool_call_id) == ("c-add", "c-fail")
    assert (snapshot_of(tools["add"].request), snapshot_of(tools["add"].response)) == ({"a": 1}, "3")
    assert (tools["fail"].error, tools["fail"].node) == ("LookupError", "call_tool")
    # the answer that the run gave back is the very message of this call
    assert root.answer_ids == [models[-1].id]
    assert root.answer_ids[0] in models[-1].message_ids


async def test_a_streaming_agent_is_recorded_alike(taken, snapshot_of):
    handler = FunctionAgent(name="clerk", tools=[add], llm=calls_tools("add")).run("Add 1 and 2.")
    async for _ in handler.stream_events():
        pass
    await handler
    root = taken.calls[-1]
    models = [call for call in taken.calls if call.operation == "chat"]
    assert below(taken.calls, root) == ["chat", "execute_tool", "chat"]
    assert all(call.first_chunk_ns for call in models)
    assert (snapshot_of(root.response), root.answer_ids) == ("It is 3.", [models[-1].id])


async def test_a_workflow_of_agents_says_which_agent_asked(taken, snapshot_of):
    clerk = FunctionAgent(name="clerk", description="adds", tools=[add], llm=calls_tools("add"))
    await AgentWorkflow(agents=[clerk], root_agent="clerk").run("Add 1 and 2.")
    root = taken.calls[-1]
    assert (root.operation, root.name, snapshot_of(root.response)) == ("invoke_workflow", "AgentWorkflow", "It is 3.")
    assert {call.agent for call in taken.calls if call.operation == "chat"} == {"clerk"}


async def test_an_agent_inside_a_tool_stands_below_the_tool(taken):
    inner = FunctionAgent(name="inner", tools=[add], llm=calls_tools("add"))

    async def ask(a: int) -> str:
        """Asks the other agent."""
        return str(await inner.run("Add."))

    await FunctionAgent(name="outer", tools=[ask], llm=calls_tools("ask")).run("Ask.")
    outer = taken.calls[-1]
    (tool,) = [call for call in taken.calls if call.name == "ask"]
    (run,) = [call for call in taken.calls if call.name == "inner"]
    assert (tool.parent, run.parent, outer.parent) == (outer.id, tool.id, "")
    assert {call.trace for call in taken.calls} == {outer.trace}
    (added,) = [call for call in taken.calls if call.name == "add"]
    assert (added.parent, added.agent, added.tool_call_id) == (run.id, "inner", "c-add")


async def test_agents_at_the_same_time_keep_apart(taken):
    agents = [FunctionAgent(name=f"a{number}", tools=[add], llm=calls_tools("add")) for number in range(4)]
    await asyncio.gather(*(agent.run("Add.") for agent in agents))
    for root in [call for call in taken.calls if call.operation == "invoke_agent"]:
        mine = [call for call in taken.calls if call.parent == root.id]
        assert len(mine) == 3
        assert {(call.agent, call.trace) for call in mine} == {(root.name, root.trace)}


async def test_the_run_context_is_no_argument(taken, snapshot_of):
    async def remember(ctx: Context, a: int) -> str:
        """Remembers."""
        return str(a)

    await FunctionAgent(name="clerk", tools=[remember], llm=calls_tools("remember")).run("Remember 1.")
    (tool,) = [call for call in taken.calls if call.operation == "execute_tool"]
    assert (snapshot_of(tool.request), snapshot_of(tool.response)) == ({"a": 1}, "1")


@pytest.mark.skipif(
    "WaitingForEvent" not in inspect.getsource(base_agent), reason="in this release a tool of an agent cannot wait"
)
async def test_a_tool_that_waits_for_a_human_is_interrupted_and_run_again(taken, snapshot_of):
    async def refund(ctx: Context, a: int) -> str:
        """Refunds after a human has agreed."""
        said = await ctx.wait_for_event(
            HumanResponseEvent, waiter_event=InputRequiredEvent(prefix="Refund?"), waiter_id="w"
        )
        return f"refunded: {said.response}"

    handler = FunctionAgent(name="clerk", tools=[refund], llm=calls_tools("refund")).run("Refund it.")
    async for event in handler.stream_events():
        if isinstance(event, InputRequiredEvent):
            handler.ctx.send_event(HumanResponseEvent(response="yes"))
    await handler
    tools = [call for call in taken.calls if call.operation == "execute_tool"]
    assert [(call.finish, call.error) for call in tools] == [("interrupted", ""), ("", "")]
    assert snapshot_of(tools[-1].response) == "refunded: yes"


@pytest.mark.filterwarnings("ignore:is_running called from within a step")  # by LlamaIndex
async def test_a_react_agent_is_recorded_with_the_tool_that_it_wrote_about(taken, snapshot_of):
    model = Writes(
        'Thought: I need a tool.\nAction: add\nAction Input: {"a": 1, "b": 3}',
        "Thought: I can answer without using any more tools.\nAnswer: It is 4.",
    )
    answer = await ReActAgent(name="thinker", tools=[add], llm=model, streaming=False).run("Add 1 and 3.")
    assert str(answer) == "It is 4."
    root = taken.calls[-1]
    assert (root.name, below(taken.calls, root)) == ("thinker", ["chat", "execute_tool", "chat"])
    (tool,) = [call for call in taken.calls if call.operation == "execute_tool"]
    assert (snapshot_of(tool.request), snapshot_of(tool.response), tool.agent) == ({"a": 1, "b": 3}, "4", "thinker")


async def test_after_a_hand_over_the_next_agent_asks_and_calls(taken, snapshot_of):
    first = Clerk(groups=[[("handoff", {"to_agent": "second", "reason": "It adds."})]])
    second = Clerk(groups=[[], [("add", {"a": 1})]])
    agents = [
        FunctionAgent(name="first", description="asks", llm=first, can_handoff_to=["second"]),
        FunctionAgent(name="second", description="adds", llm=second, tools=[add]),
    ]
    assert str(await AgentWorkflow(agents=agents, root_agent="first").run("Add 1 and 2.")) == "It is 3."
    root = taken.calls[-1]
    assert [(call.operation, call.name, call.agent) for call in taken.calls[:-1]] == [
        ("chat", "clerk-1", "first"),
        ("execute_tool", "handoff", "first"),
        ("chat", "clerk-1", "second"),
        ("execute_tool", "add", "second"),
        ("chat", "clerk-1", "second"),
    ]
    assert {call.parent for call in taken.calls[:-1]} == {root.id}
    assert snapshot_of(taken.calls[1].request) == {"to_agent": "second", "reason": "It adds."}


async def test_tools_that_run_at_once_keep_their_ids_and_what_they_call(taken):
    async def lookup(a: int) -> str:
        """Looks up."""
        await asyncio.sleep(0.01)
        return (await MockLLM(max_tokens=1).acomplete(str(a))).text

    async def search(a: int) -> str:
        """Searches."""
        return (await MockLLM(max_tokens=1).acomplete(str(a))).text

    agent = FunctionAgent(name="clerk", tools=[lookup, search], llm=calls_tools("lookup", "search"))
    await agent.run("Do both.")
    tools = {call.id: call for call in taken.calls if call.operation == "execute_tool"}
    assert {(call.name, call.tool_call_id) for call in tools.values()} == {
        ("lookup", "c-lookup"),
        ("search", "c-search"),
    }
    assert sorted(tools[call.parent].name for call in taken.calls if call.operation == "text_completion") == [
        "lookup",
        "search",
    ]


@pytest.mark.filterwarnings("ignore:Skipping serialization")  # of the memory, says LlamaIndex
async def test_runs_that_share_their_context_are_two_runs(taken, snapshot_of):
    agent = FunctionAgent(name="clerk", tools=[add], llm=calls_tools("add"))
    context = Context(agent)
    await agent.run("Add 1 and 2.", ctx=context)
    await agent.run("And again?", ctx=context)
    runs = [call for call in taken.calls if call.operation == "invoke_agent"]
    assert len({call.trace for call in runs}) == 2
    assert {call.trace for call in taken.calls} == {call.trace for call in runs}


async def test_an_agent_that_was_made_before_instrument_is_recorded(taken):
    agentlog.uninstrument()
    agent = FunctionAgent(name="clerk", tools=[add], llm=calls_tools("add"))
    await agent.run("Add.")
    assert not taken
    with agentlog.instrument("llama_index"):
        await agent.run("Add.")
    assert [call.operation for call in taken.calls] == ["chat", "execute_tool", "chat", "invoke_agent"]


async def test_an_agent_that_is_cancelled_closes_its_open_calls(taken):
    started = asyncio.Event()

    async def wait(a: int) -> str:
        """Waits."""
        started.set()
        await asyncio.sleep(60)
        return "never"

    handler = FunctionAgent(name="clerk", tools=[wait], llm=calls_tools("wait")).run("Wait.")
    await started.wait()
    await handler.cancel_run()
    with pytest.raises(WorkflowCancelledByUser):
        await handler
    for _ in range(200):
        if len(taken.calls) == 3:
            break
        await asyncio.sleep(0.01)
    ends = {call.operation: call.error for call in taken.calls}
    assert ends["chat"] == ""
    assert "Cancelled" in ends["execute_tool"] and "Cancelled" in ends["invoke_agent"]


async def test_a_run_that_nobody_waits_for_is_recorded_when_it_has_ended(taken, snapshot_of):
    handler = FunctionAgent(name="clerk", tools=[add], llm=calls_tools("add")).run("Add 1 and 2.")
    async for _ in handler.stream_events():
        pass
    for _ in range(200):
        if [call for call in taken.calls if call.operation == "invoke_agent"]:
            break
        await asyncio.sleep(0.01)
    assert snapshot_of(taken.calls[-1].response) == "It is 3."
