"""LangChain's chat models and agents past a router: who answers, what callbacks see, what is recorded and learned."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.caches import InMemoryCache
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.rate_limiters import BaseRateLimiter
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph
from pydantic import BaseModel

import agentlog
from agentlog.errors import ConfigurationError
from agentlog.messages import read
from agentlog.routing.serving.asking import asked
from agentlog.tasks.reading import Answer, request_of
from agentlog.testing import Reply, ScriptedProvider
from agentlog_langchain import RoutedChatModel, route_middleware

MODEL = "agentlog/triage@0123456789ab"


@pytest.fixture
def recorded() -> Iterator[None]:
    with agentlog.instrument("langchain_core"):
        yield


def refunds(text: str) -> str | None:
    return "refund" if "money" in text else None


def llm(**fields: Any) -> FakeListChatModel:
    return FakeListChatModel(responses=["from the LLM"], **fields)


def open_ai(provider: ScriptedProvider, **fields: Any) -> ChatOpenAI:
    return ChatOpenAI(model="gpt-4o", base_url=provider.base_url, api_key="any", max_retries=0, **fields)


class Ticket(BaseModel):
    kind: str


@tool
def lookup(order: str) -> str:
    """Look an order up."""
    return f"{order} is on its way"


class Ear(BaseCallbackHandler):
    """What callbacks are told of models."""

    def __init__(self) -> None:
        self.starts: list[Any] = []
        self.tokens: list[str] = []
        self.ends: list[Any] = []

    def on_chat_model_start(self, serialized: Any, messages: Any, **kwargs: Any) -> None:
        self.starts.append((serialized, kwargs["invocation_params"], kwargs["metadata"]))

    def on_llm_new_token(self, token: Any, **kwargs: Any) -> None:
        self.tokens.append(token)

    def on_llm_end(self, response: Any, **kwargs: Any) -> None:
        self.ends.append(response.generations[0][0].message)


def test_a_small_model_answers_as_an_ai_message(told_router):
    made = RoutedChatModel(llm(), told_router(refunds)).invoke("money back")
    assert type(made) is AIMessage and made.content == "refund" and made.id.startswith("lc_run--")
    assert made.response_metadata["model_name"] == MODEL
    assert made.response_metadata["agentlog"] == {"route": "model", "task": "triage", "score": 0.97}
    assert made.usage_metadata == {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}


def test_what_the_router_leaves_is_the_llms_answer_and_the_router_hears_it(told_router):
    router = told_router(refunds)
    assert RoutedChatModel(llm(), router).invoke("where is it?").content == "from the LLM"
    ((decision, answer, latency, _),) = router.told
    assert answer == Answer("from the LLM", ()) and decision.route == "llm" and latency > 0


def test_every_way_to_ask_is_routed(told_router):
    router = told_router(refunds)
    model = RoutedChatModel(llm(), router)

    async def talk() -> list[str]:
        made = [(await model.ainvoke("money")).content, (await model.ainvoke("?")).content]
        made += ["".join([one.content async for one in model.astream(text)]) for text in ("money", "?")]
        return made + [one.content for one in await model.abatch(["money", "?"])]

    expected = ["refund", "from the LLM"]
    assert [model.invoke(text).content for text in ("money", "?")] == expected
    assert ["".join(one.content for one in model.stream(text)) for text in ("money", "?")] == expected
    assert [one.content for one in model.batch(["money", "?"])] == expected
    assert [
        one[0].text for one in model.generate([[HumanMessage("money")], [HumanMessage("?")]]).generations
    ] == expected
    assert asyncio.run(talk()) == expected * 3
    assert len(router.asked) == 14 and len(router.told) == 7


def test_a_stream_of_a_small_model_adds_up_to_its_answer(told_router):
    router = told_router(lambda text: Answer("", (("lookup", '{"order": "A17"}'),)))
    chunks = list(RoutedChatModel(llm(), router).stream("A17"))
    assert all(isinstance(one, AIMessageChunk) for one in chunks)
    whole = chunks[0]
    for one in chunks[1:]:
        whole += one
    assert [(one["name"], one["args"]) for one in whole.tool_calls] == [("lookup", {"order": "A17"})]
    assert whole.response_metadata["model_name"] == MODEL and whole.response_metadata["finish_reason"] == "tool_calls"


def test_arguments_that_are_no_object_are_marked_as_langchain_marks_them(told_router):
    made = RoutedChatModel(llm(), told_router(lambda text: Answer("", (("lookup", "[1"),)))).invoke("?")
    assert made.tool_calls == [] and [one["args"] for one in made.invalid_tool_calls] == ["[1"]


def test_the_llms_stream_is_handed_on_piece_by_piece_and_heard_at_its_end(told_router):
    router = told_router()
    told = [len(router.told) for _ in RoutedChatModel(llm(), router).stream("?")]
    assert len(told) > 4 and set(told) == {0}
    assert [one[1] for one in router.told] == [Answer("from the LLM", ())]


def test_a_reader_who_leaves_a_stream_teaches_the_router_nothing(told_router):
    router = told_router()
    stream = RoutedChatModel(llm(), router).stream("?")
    next(stream)
    stream.close()

    async def leave() -> None:
        async for _ in RoutedChatModel(llm(), router).astream("?"):
            break

    asyncio.run(leave())
    assert router.told == []


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("text", ["money", "?"])
def test_events_stream_the_answer_of_whoever_gives_it(told_router, asynchronous, text):
    router = told_router(refunds)
    model = RoutedChatModel(llm(), router)

    async def tokens() -> str:
        events = [one async for one in model.astream_events(text, version="v2")]
        return "".join(one["data"]["chunk"].content for one in events if one["event"] == "on_chat_model_stream")

    def graph_tokens() -> str:
        graph = StateGraph(MessagesState)
        graph.add_node("sort", lambda state: {"messages": [model.invoke(state["messages"])]})
        graph.add_edge(START, "sort")
        graph.add_edge("sort", END)
        pieces = graph.compile().stream({"messages": [("user", text)]}, stream_mode="messages")
        return "".join(one.content for one, _ in pieces)

    assert (asyncio.run(tokens()) if asynchronous else graph_tokens()) == (refunds(text) or "from the LLM")


@pytest.mark.parametrize("text", ["money", "?"])
def test_the_protocol_of_content_blocks_streams_the_answer_of_whoever_gives_it(told_router, text):
    model = RoutedChatModel(llm(), told_router(refunds))
    stream = model.stream_events(text, version="v3")
    assert "".join(stream.text) == (refunds(text) or "from the LLM")


@pytest.mark.parametrize("broken", [RuntimeError("no such thing"), TypeError("x")])
def test_when_the_router_fails_the_llm_answers(told_router, broken):
    router = told_router(lambda text: broken)
    assert RoutedChatModel(llm(), router).invoke("money").content == "from the LLM"
    router.decide = None
    assert "".join(one.content for one in RoutedChatModel(llm(), router).stream("money")) == "from the LLM"


def test_the_llms_error_is_the_applications_and_the_router_knows_that_the_call_failed(told_router):
    class Down(Exception):
        pass

    class Broken(FakeListChatModel):
        def _call(self, *args: Any, **kwargs: Any) -> str:
            raise Down

    router = told_router()
    with pytest.raises(Down):
        RoutedChatModel(Broken(responses=[]), router).invoke("?")
    assert [one[1] for one in router.told] == [None]


def test_callbacks_see_one_run_with_the_llms_name_and_parameters(told_router):
    ear, plain_ear = Ear(), Ear()
    with ScriptedProvider(["from the LLM"]) as provider:
        model = open_ai(provider, temperature=0.2)
        model.invoke("?", config={"callbacks": [plain_ear]})
        RoutedChatModel(model, told_router(refunds)).invoke("money", config={"callbacks": [ear]})
    assert len(ear.starts) == len(ear.ends) == 1
    serialized, params, metadata = ear.starts[0]
    assert (serialized, params) == plain_ear.starts[0][:2]
    assert metadata["ls_model_name"] == "gpt-4o" and metadata["ls_provider"] == "openai"
    assert ear.ends[0].content == "refund"


def test_the_llms_own_callbacks_tags_and_attributes_stay(told_router):
    ear = Ear()
    model = RoutedChatModel(llm(callbacks=[ear], tags=["t"], sleep=0.0), told_router(refunds))
    model.invoke("money")
    assert len(ear.starts) == 1
    assert model.responses == ["from the LLM"] and model._llm_type == "fake-list-chat-model"
    with pytest.raises(AttributeError):
        _ = model.no_such_thing


def test_the_llms_cache_serves_the_llm_and_holds_nothing_of_a_small_model(told_router):
    cache = InMemoryCache()
    model = FakeListChatModel(responses=["one", "two"], cache=cache)
    router = told_router(refunds)
    past = RoutedChatModel(model, router)
    assert [past.invoke(text).content for text in ("money", "?", "?", "money")] == ["refund", "one", "one", "refund"]
    assert len(router.asked) == 4 and len(cache._cache) == 1


def test_a_small_model_does_not_wait_for_the_llms_rate(told_router):
    class Counted(BaseRateLimiter):
        waits = 0

        def acquire(self, *, blocking: bool = True) -> bool:
            self.waits += 1
            return True

        async def aacquire(self, *, blocking: bool = True) -> bool:
            return self.acquire()

    limiter = Counted()
    past = RoutedChatModel(llm(rate_limiter=limiter), told_router(refunds))
    past.invoke("money")
    assert limiter.waits == 0
    past.invoke("?")
    assert limiter.waits == 1


def test_tools_are_bound_as_the_llm_binds_them(told_router):
    router = told_router(lambda text: Answer("", (("lookup", '{"order": "A17"}'),)) if "A17" in text else None)
    with ScriptedProvider([Reply(text="from the LLM")]) as provider:
        model = open_ai(provider)
        past = RoutedChatModel(model, router).bind_tools([lookup], tool_choice="auto")
        assert past.kwargs == model.bind_tools([lookup], tool_choice="auto").kwargs
        assert [one["name"] for one in past.invoke("A17").tool_calls] == ["lookup"]
        assert past.invoke("?").content == "from the LLM"
        assert provider.requests[0].request["tools"][0]["function"]["name"] == "lookup"
    assert router.asked[0]["tools"][0]["function"]["name"] == "lookup"


@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
@pytest.mark.parametrize("include_raw", [False, True])
def test_structured_output_is_parsed_from_whoever_answers(told_router, method, include_raw):
    said = {
        "json_schema": Answer('{"kind": "refund"}', ()),
        "function_calling": Answer("", (("Ticket", '{"kind": "refund"}'),)),
    }[method]
    router = told_router(lambda text: said if "money" in text else None)
    llms = {
        "json_schema": Reply(text='{"kind": "delay"}'),
        "function_calling": Reply(tool_calls=[("Ticket", {"kind": "delay"})]),
    }[method]
    with ScriptedProvider([llms]) as provider:
        past = RoutedChatModel(open_ai(provider), router).with_structured_output(
            Ticket, method=method, include_raw=include_raw
        )
        made = [past.invoke(text) for text in ("money", "where?")]
        assert len(provider.requests) == 1
    parsed = [one["parsed"] if include_raw else one for one in made]
    assert parsed == [Ticket(kind="refund"), Ticket(kind="delay")]


def test_a_runnable_in_which_the_llm_is_not_found_is_left_alone_and_that_is_said(told_router, caplog):
    class Own(FakeListChatModel):
        def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
            return RunnableLambda(lambda given: self.invoke(given))

    router = told_router(lambda text: "never")
    assert (
        RoutedChatModel(Own(responses=["from the LLM"]), router).bind_tools([lookup]).invoke("?").content
        == "from the LLM"
    )
    assert router.asked == [] and "what Own makes of tools or a schema does not go past the router" in caplog.text


def test_an_answer_that_is_not_of_the_wanted_class_is_the_llms_instead(told_router):
    with ScriptedProvider([Reply(text='{"kind": "delay"}')]) as provider:
        past = RoutedChatModel(open_ai(provider), told_router(lambda text: '{"sort": 1}'))
        assert past.with_structured_output(Ticket, method="json_schema").invoke("?") == Ticket(kind="delay")


def test_what_no_small_model_can_give_is_not_put_to_the_router(told_router):
    router = told_router(lambda text: "never")
    with ScriptedProvider(["from the LLM"]) as provider:
        assert RoutedChatModel(open_ai(provider, n=2), router).invoke("?").content == "from the LLM"
    assert router.asked == []


def test_something_that_is_no_chat_model_is_refused(told_router):
    with pytest.raises(ConfigurationError, match="stands in front of a chat model; found _ChatModelBinding"):
        RoutedChatModel(llm().bind(stop=["x"]), told_router())


# ------------------------------------------------------------ agents


class Agent(BaseChatModel):
    """Calls a tool, then answers."""

    streams: bool = False

    @property
    def _llm_type(self) -> str:
        return "agent"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self.bind(tools=[{"type": "function", "function": {"name": one.name}} for one in tools], **kwargs)

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        answered = any(one.type == "tool" for one in messages)
        calls = [] if answered else [{"name": "lookup", "args": {"order": "A17"}, "id": "c1", "type": "tool_call"}]
        return ChatResult(generations=[ChatGeneration(message=AIMessage("done" if answered else "", tool_calls=calls))])


def small(text: str) -> Answer | str | None:
    return Answer("", (("lookup", '{"order": "B22"}'),)) if "B22" in text and "way" not in text else None


@pytest.mark.parametrize("asynchronous", [False, True])
def test_an_agents_model_calls_go_past_the_router(told_router, asynchronous):
    router = told_router(small)
    agent = create_agent(Agent(), [lookup], name="support", middleware=[route_middleware(router)])
    for order, calls in (("A17", 2), ("B22", 1)):
        request: Any = {"messages": [("user", f"where is {order}?")]}
        made = asyncio.run(agent.ainvoke(request)) if asynchronous else agent.invoke(request)
        assert [one.content for one in made["messages"][2:]] == [f"{order} is on its way", "done"]
        routed = [one for one in made["messages"] if one.response_metadata.get("model_name") == MODEL]
        assert len(routed) == 2 - calls
    assert {(one["agent"], one["node"]) for one in router.asked} == {("support", "model")}
    assert [one[1].text for one in router.told if one[1].text] == ["done", "done"]


@pytest.mark.parametrize("said", ["json", "tool"])
def test_an_agents_structured_answer_may_come_from_a_small_model(told_router, said):
    answer = Answer('{"kind": "refund"}', ()) if said == "json" else Answer("", (("Ticket", '{"kind": "refund"}'),))
    with ScriptedProvider([]) as provider:
        # gpt-4o is known to have structured output of its own; another name has it by a tool
        model = open_ai(provider) if said == "json" else llm_with_tools()
        middleware = [route_middleware(told_router(lambda text: answer))]
        agent = create_agent(model, [], response_format=Ticket, middleware=middleware)
        assert agent.invoke({"messages": [("user", "money back")]})["structured_response"] == Ticket(kind="refund")
        assert provider.requests == []


def llm_with_tools() -> Any:
    class Binds(FakeListChatModel):
        def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
            return self.bind(tools=[{"type": "function", "function": {"name": one.name}} for one in tools], **kwargs)

    return Binds(responses=["never"])


def test_a_run_stays_with_its_trace(told_router, taken, recorded):
    router = told_router()
    agent = create_agent(Agent(), [lookup], middleware=[route_middleware(router)])
    for _ in range(2):
        agent.invoke({"messages": [("user", "where is A17?")]})
    traces = [one["trace"] for one in router.asked]
    assert traces[0] == traces[1] != traces[2] == traces[3]
    assert traces == [one.trace for one in taken.calls if one.operation == "chat"]


def test_without_a_recorded_run_a_thread_holds_calls_together(told_router):
    router = told_router()
    config: Any = {"metadata": {"thread_id": "t-1"}}
    model = RoutedChatModel(llm(), router)
    model.invoke("?", config)
    assert len(list(model.stream("?", config))) > 1
    assert [one["trace"] for one in router.asked] == ["t-1", "t-1"]


# ------------------------------------------------------------ recorded


@pytest.mark.parametrize("way", ["invoke", "stream", "ainvoke", "astream"])
def test_a_routed_answer_is_recorded_once_as_the_small_models(told_router, agentlog_records, recorded, way):
    past = RoutedChatModel(llm(), told_router(refunds))

    async def talk(text: str) -> Any:
        return await past.ainvoke(text) if way == "ainvoke" else [one async for one in past.astream(text)]

    for text in ("money back", "where?"):
        if way.startswith("a"):
            asyncio.run(talk(text))
        else:
            list(past.stream(text)) if way == "stream" else past.invoke(text)
    rows = agentlog_records.flush()
    assert [(row["operation"], row["response_model"]) for row in rows] == [("chat", MODEL), ("chat", None)]
    assert [row["output_messages"][0]["parts"][0]["text"] for row in rows] == ["refund", "from the LLM"]
    assert rows[0]["finish_reasons"] == ["stop"] and rows[0]["usage"]["output_tokens"] == 0


def test_with_the_sdk_recorded_too_each_call_is_one_row(told_router, agentlog_records):
    with ScriptedProvider(["from the LLM"]) as provider, agentlog.instrument("langchain_core", "openai"):
        past = RoutedChatModel(open_ai(provider), told_router(refunds))
        for text in ("money back", "where?"):
            past.invoke(text)
    rows = agentlog_records.flush()
    assert [(row["request_model"], row["response_model"]) for row in rows] == [("gpt-4o", MODEL), ("gpt-4o", "gpt-4o")]


def test_curate_sets_aside_what_a_small_model_answered_in_an_agent(told_router, agentlog_records, recorded):
    agent = create_agent(Agent(), [lookup], middleware=[route_middleware(told_router(small))])
    agent.invoke({"messages": [("user", "where is B22?")]})
    agent.invoke({"messages": [("user", "where is A17?")]})
    rows = agentlog_records.flush()
    assert [row["operation"] for row in rows].count("chat") == 4
    verdicts = agentlog.curate(agentlog_records.directory).table["verdicts"].to_pylist()
    assert sum("routed" in one for one in verdicts) == 1


@pytest.mark.parametrize("way", ["plain", "tools", "json_schema", "function_calling"])
def test_the_router_is_asked_in_the_words_of_the_record(told_router, agentlog_records, recorded, way):
    """Or tasks that were learned from records would not be found again."""
    router = told_router(lambda text: '{"kind": "refund"}')
    with ScriptedProvider([]) as provider:
        past: Any = RoutedChatModel(open_ai(provider, temperature=0.2), router)
        if way == "tools":
            past = past.bind_tools([lookup])
        elif way != "plain":
            past = past.with_structured_output(Ticket, method=way, include_raw=True)
        past.invoke([("system", "Sort tickets."), ("user", "money back")])
    (row,) = [row for row in agentlog_records.flush() if row["operation"] == "chat"]
    (one,) = router.asked
    params = {**one["request"], **({"tools": one["tools"]} if one["tools"] else {})}
    reading = read("langchain", {"messages": one["messages"], "params": params}, None)
    assert request_of(reading) == request_of(row)
    assert reading.get("request") == row["request"] and reading.get("tool_definitions") == row["tool_definitions"]


def test_who_only_records_loads_neither_a_router_nor_langchain():
    code = "import agentlog_langchain, sys; print([m for m in sys.modules if m.startswith(('agentlog.routing', 'langchain_core'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_router_that_asks_over_the_network_does_not_hold_up_the_event_loop(told_router):
    router = told_router(refunds, remote=True)
    assert asyncio.run(RoutedChatModel(llm(), router).ainvoke("money")).content == "refund"
    assert router.threads[0] != "MainThread"


def test_a_decision_without_an_answer_is_the_llms():
    from agentlog.routing.decision import Decision

    assert asked(lambda: Decision("model", "t", "task", 1.0, "trusted")) is None


def test_chunks_of_a_plain_stream_are_the_llms_own(told_router):
    plain = [one.content for one in llm().stream("?")]
    assert [one.content for one in RoutedChatModel(llm(), told_router()).stream("?")] == plain
    assert ChatGenerationChunk(message=AIMessageChunk("x")).text == "x"
