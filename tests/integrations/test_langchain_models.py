from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.language_models.fake import FakeListLLM, FakeStreamingListLLM
from langchain_core.language_models.fake_chat_models import FakeListChatModel, FakeMessagesListChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.rate_limiters import InMemoryRateLimiter
from pydantic import BaseModel

import agentlog
from agentlog.recording import context


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    with agentlog.instrument("langchain_core"):
        yield


class Model(BaseChatModel):
    """Answers with what it is told to do: waits, fails, or says which call it found around itself."""

    answer: Any = None
    wait_s: float = 0.0
    model_name: str = "house-1"
    openai_api_key: str = "sk-never-to-be-seen"

    @property
    def _llm_type(self) -> str:
        return "house"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name, "temperature": 0.5, "openai_api_key": self.openai_api_key}

    def _result(self, messages: list[Any]) -> ChatResult:
        answer = self.answer
        if callable(answer):
            answer = answer(messages)
        if isinstance(answer, BaseException):
            raise answer
        message = answer if isinstance(answer, AIMessage) else AIMessage(str(answer))
        return ChatResult(generations=[ChatGeneration(message=message)], llm_output={"model_name": "house-1-2026"})

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        return self._result(messages)

    async def _agenerate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        if self.wait_s:
            await asyncio.sleep(self.wait_s)
        return self._result(messages)


def around(messages: list[Any]) -> str:
    """Which call an SDK would find around itself, as the model's answer."""
    call = context.innermost()
    return "" if call is None else call.id


async def ask(model: Any, way: str, value: Any) -> Any:
    """The same, in the way that is asked for."""
    return model.invoke(value) if way == "sync" else await model.ainvoke(value)


def test_a_chat_model_is_recorded_with_messages_parameters_and_answer(taken, snapshot_of):
    history = [
        SystemMessage("Be brief."),
        HumanMessage("Weather?"),
        AIMessage("", tool_calls=[{"name": "weather", "args": {"city": "Paris"}, "id": "c1"}]),
        ToolMessage("sunny", tool_call_id="c1", artifact={"raw": "secret-raw"}, status="success"),
    ]
    answer = AIMessage(
        "It is sunny",
        usage_metadata={"input_tokens": 12, "output_tokens": 3, "total_tokens": 15},
        response_metadata={"finish_reason": "stop", "headers": {"authorization": "Bearer x"}},
    )
    said = Model(answer=answer).bind(tools=[{"type": "function", "function": {"name": "weather"}}]).invoke(history)

    call = taken.one()
    assert (call.operation, call.name, call.model, call.dialect) == ("chat", "house-1", "house-1", "langchain")
    assert (call.framework, call.provider, call.parent, call.depth) == ("langchain", "model", "", 0)
    assert (call.error, call.finish) == ("", "")
    assert call.duration_ns > 0
    request = snapshot_of(call.request)
    assert [one["type"] for one in request["messages"]] == ["system", "human", "ai", "tool"]
    assert request["messages"][0]["content"] == "Be brief."
    assert request["messages"][2]["tool_calls"][0]["args"] == {"city": "Paris"}
    assert request["messages"][3]["artifact"] == "<dict of 1>"
    assert request["params"]["temperature"] == 0.5
    assert request["params"]["tools"] == [{"type": "function", "function": {"name": "weather"}}]
    (generation,) = snapshot_of(call.response)["generations"]
    assert (generation["type"], generation["content"]) == ("ai", "It is sunny")
    assert generation["usage_metadata"]["input_tokens"] == 12
    assert generation["response_metadata"]["finish_reason"] == "stop"
    assert "headers" not in generation["response_metadata"]
    assert call.message_ids == [said.id]
    assert "run-" in said.id


def test_no_key_and_no_raw_artifact_is_in_what_leaves_the_application(taken):
    message = ToolMessage("sunny", tool_call_id="c1", artifact="secret-raw")
    Model(answer="ok").invoke([HumanMessage("hi"), message], extra_headers={"x": "sk-never-to-be-seen"})
    assert b"sk-never-to-be-seen" not in bytes(taken.one().request)
    assert b"secret-raw" not in bytes(taken.one().request)


def test_what_is_changed_after_the_call_is_not_recorded(taken, snapshot_of):
    messages = [HumanMessage("first")]

    def meddle(given: list[Any]) -> str:
        messages[0].content = "changed"
        messages.append(HumanMessage("second"))
        return "ok"

    Model(answer=meddle).invoke(messages)
    assert [one["content"] for one in snapshot_of(taken.one().request)["messages"]] == ["first"]


async def test_an_async_call_is_recorded(taken, snapshot_of):
    assert (await Model(answer="hello", wait_s=0.001).ainvoke("hi")).content == "hello"
    call = taken.one()
    assert snapshot_of(call.response)["generations"][0]["content"] == "hello"
    assert call.duration_ns >= 1_000_000


@pytest.mark.parametrize("way", ["sync", "async"])
async def test_a_failure_is_recorded_and_reaches_the_caller_untouched(taken, way):
    failure = ValueError("the words of the failure")
    with pytest.raises(ValueError, match="the words") as caught:
        await ask(Model(answer=failure), way, "hi")
    assert caught.value is failure
    call = taken.one()
    assert call.error == "ValueError"
    assert bytes(call.response) == b"\xc0"


async def test_a_cancelled_call_is_recorded_as_cancelled(taken):
    task = asyncio.create_task(Model(answer="late", wait_s=30).ainvoke("hi"))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert taken.one().error == "asyncio.exceptions.CancelledError"


async def test_a_timeout_leaves_nothing_behind(taken):
    from agentlog_langchain import runs

    before = len(runs.known)
    for _ in range(20):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(Model(answer="late", wait_s=30).ainvoke("hi"), 0.001)
    assert len(taken.calls) == 20
    assert len(runs.known) == before


def test_what_runs_inside_a_model_has_it_as_its_parent(taken):
    found = Model(answer=around).invoke("hi").content
    assert found == taken.one().id
    assert context.innermost() is None


def test_a_model_that_asks_another_is_around_its_own_work_again_afterwards(taken):
    def answer(messages: list[Any]) -> str:
        inner = Model(answer=around).invoke("inner").content
        return f"{inner} {around(messages)}"

    found = Model(answer=answer).invoke("outer").content.split()
    inner, outer = taken.calls
    assert found == [inner.id, outer.id]
    assert (inner.parent, inner.trace) == (outer.id, outer.trace)


def test_calls_of_many_threads_do_not_mix(taken):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: Model(answer=around).invoke(str(number)).content, range(64)))
    assert sorted(found) == sorted(call.id for call in taken.calls)
    assert {call.parent for call in taken.calls} == {""}


async def test_concurrent_calls_do_not_mix(taken):
    async def question(number: int) -> tuple[str, str]:
        said = await Model(answer=around, wait_s=0.002 * (number % 3)).ainvoke(f"question {number}")
        return f"question {number}", said.content

    found = dict(await asyncio.gather(*(question(number) for number in range(12))))
    import msgspec

    for call in taken.calls:
        text = msgspec.msgpack.decode(call.request)["messages"][0]["content"]
        assert found[text] == call.id
    assert len(taken.calls) == 12


def test_a_batch_is_one_call_for_each_input(taken):
    said = Model(answer=around).batch(["a", "b", "c", "d"], {"max_concurrency": 2})
    assert {one.content for one in said} == {call.id for call in taken.calls}
    assert len(taken.calls) == 4


async def test_an_async_batch_is_one_call_for_each_input(taken):
    said = await Model(answer=around, wait_s=0.001).abatch(["a", "b", "c"])
    assert {one.content for one in said} == {call.id for call in taken.calls}


def test_generate_with_several_lists_finds_each_call_around_its_own_work(taken):
    asked: list[str] = []

    def answer(messages: list[Any]) -> str:
        asked.append(messages[0].content)
        time.sleep(0.002)
        return around(messages)

    result = Model(answer=answer).generate([[HumanMessage("a")], [HumanMessage("b")], [HumanMessage("c")]])
    assert asked == ["a", "b", "c"]
    assert [one[0].message.content for one in result.generations] == [call.id for call in taken.calls]
    first, second, third = taken.calls
    assert first.started_ns + first.duration_ns <= second.started_ns + 1_000_000 <= third.started_ns + 1_000_000
    assert all(call.duration_ns < 1_000_000_000 for call in taken.calls)
    assert context.innermost() is None


def test_generate_that_fails_in_the_middle_records_what_was_asked_and_nothing_else(taken, snapshot_of):
    def answer(messages: list[Any]) -> Any:
        return RuntimeError("no") if messages[0].content == "b" else "fine"

    with pytest.raises(RuntimeError):
        Model(answer=answer).generate([[HumanMessage("a")], [HumanMessage("b")], [HumanMessage("c")]])
    assert [(snapshot_of(call.request)["messages"][0]["content"], call.error) for call in taken.calls] == [
        ("a", ""),
        ("b", "RuntimeError"),
    ]


async def test_agenerate_with_several_lists_finds_each_call_around_its_own_work(taken):
    lists = [[HumanMessage("a")], [HumanMessage("b")], [HumanMessage("c")]]
    result = await Model(answer=around, wait_s=0.001).agenerate(lists)
    assert {one[0].message.content for one in result.generations} == {call.id for call in taken.calls}
    assert len(taken.calls) == 3


def test_an_answer_from_the_cache_is_marked(taken):
    model = Model(answer="hello", cache=InMemoryCache())
    model.invoke("hi")
    model.invoke("hi")
    model.invoke("other")
    assert [call.cached for call in taken.calls] == [False, True, False]


async def test_an_answer_from_the_cache_is_marked_when_asked_asynchronously(taken):
    model = Model(answer="hello", cache=InMemoryCache())
    await model.ainvoke("hi")
    await model.ainvoke("hi")
    assert [call.cached for call in taken.calls] == [False, True]


class Weather(BaseModel):
    """What the weather is."""

    city: str


def test_structured_output_shows_in_the_parameters(taken, snapshot_of):
    structure = {"kwargs": {"method": "json_schema"}, "schema": Weather}
    Model(answer='{"city": "Paris"}').invoke("hi", ls_structured_output_format=structure, response_format=Weather)
    params = snapshot_of(taken.one().request)["params"]
    assert params["ls_structured_output_format"]["schema"]["properties"] == {"city": {"type": "string"}}
    wanted = params["response_format"]
    assert (wanted["type"], wanted["json_schema"]["name"]) == ("json_schema", "Weather")
    assert "city" in wanted["json_schema"]["schema"]["properties"]


def test_a_response_format_given_as_a_class_shows_its_schema(taken, snapshot_of):
    Model(answer="{}").invoke("hi", response_format=Weather)
    wanted = snapshot_of(taken.one().request)["params"]["response_format"]
    assert "city" in wanted["json_schema"]["schema"]["properties"]


def test_retries_are_rows_of_their_own_below_one_run(taken):
    answers = iter([RuntimeError("busy"), "hello"])
    Model(answer=lambda messages: next(answers)).with_retry(wait_exponential_jitter=False).invoke("hi")
    root = taken.calls[-1]
    assert [(call.operation, call.error) for call in taken.calls] == [
        ("chat", "RuntimeError"),
        ("chat", ""),
        ("invoke_workflow", ""),
    ]
    assert {call.parent for call in taken.calls[:2]} == {root.id}
    assert taken.calls[1].tags == ["retry:attempt:2"]


def test_tags_metadata_and_thread_of_the_user_are_recorded(taken):
    metadata = {"team": "blue", "thread_id": "t-7", "odd": {"when": {1, 2}}, "half": "\ud800"}
    Model(answer="ok").invoke("hi", {"tags": ["mine", "seq:step:1"], "metadata": metadata})
    call = taken.one()
    assert call.tags == ["mine"]
    assert call.attributes["team"] == "blue"
    assert "thread_id" not in call.attributes
    assert not any(key.startswith(("ls_", "lc_")) for key in call.attributes)
    assert call.session.id == "t-7"


def test_a_session_of_ours_wins_over_the_thread(taken):
    with agentlog.session("ticket-1"):
        Model(answer="ok").invoke("hi", {"metadata": {"thread_id": "t-7"}})
    (call,) = taken.calls
    assert call.session.id == "ticket-1"


def test_odd_payloads_neither_disturb_the_model_nor_lose_the_call(taken):
    class Odd:
        def __repr__(self) -> str:
            raise RuntimeError("no repr")

    loop: list[Any] = []
    loop.append(loop)
    for odd in (Odd(), loop, {1: {2: b"x"}}, float("nan"), "\ud800", 2**80):
        assert Model(answer="ok").invoke("hi", odd=odd).content == "ok"
    assert len(taken.calls) == 6
    assert all(bytes(call.request) != b"\xc0" for call in taken.calls)


def test_nothing_is_recorded_of_a_run_that_is_not_sampled(taken, monkeypatch):
    from agentlog import runtime

    monkeypatch.setattr(runtime, "_rate", 0.0)
    assert Model(answer="ok").with_retry().invoke("hi").content == "ok"
    assert taken.calls == []


def test_a_plain_model_is_a_text_completion(taken, snapshot_of):
    assert FakeListLLM(responses=["four"]).invoke("two and two") == "four"
    call = taken.one()
    assert (call.operation, call.dialect, call.name) == ("text_completion", "langchain", "FakeListLLM")
    assert snapshot_of(call.request)["prompts"] == ["two and two"]
    assert snapshot_of(call.response)["generations"][0]["content"] == "four"


async def test_a_plain_model_asked_asynchronously_has_its_work_inside_it(taken):
    class Asking(FakeListLLM):
        async def _acall(self, prompt: str, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> str:
            await asyncio.sleep(0)
            return around([])

    found = await Asking(responses=["x"]).ainvoke("hi")
    assert found == taken.one().id
    assert context.innermost() is None


def test_a_plain_models_stream_does_not_leak_to_its_reader(taken):
    for piece in FakeStreamingListLLM(responses=["abc"]).stream("hi"):
        assert piece
        assert context.innermost() is None
    assert taken.one().operation == "text_completion"


def test_a_rate_limited_model_is_recorded(taken):
    limiter = InMemoryRateLimiter(requests_per_second=1000, check_every_n_seconds=0.001, max_bucket_size=5)
    FakeListChatModel(responses=["a"], rate_limiter=limiter).invoke("hi")
    assert taken.one().operation == "chat"


def test_a_model_of_langchains_own_fakes_is_named_by_its_class(taken):
    FakeMessagesListChatModel(responses=[AIMessage("x")]).invoke("hi")
    assert taken.one().name == "FakeMessagesListChatModel"
