"""Clients of the openai SDK past a router: who answers, what the application sees of it, what is recorded and learned."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import httpx2
import openai
import pytest

import agentlog
from agentlog.errors import ConfigurationError
from agentlog.messages import read
from agentlog.tasks.reading import Answer, answer_of
from agentlog.testing import Reply, ScriptedProvider
from agentlog_openai import RoutingTransport, routed

MODEL = "agentlog/triage@0123456789ab"
LOOKUP: Any = {"type": "function", "function": {"name": "lookup", "parameters": {"type": "object"}}}


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider(lambda route, body: "from the LLM") as made:
        yield made


@pytest.fixture
def recorded() -> Iterator[None]:
    with agentlog.instrument("openai"):
        yield


def client(provider: ScriptedProvider, **settings: Any) -> openai.OpenAI:
    return openai.OpenAI(base_url=provider.base_url, api_key="any", max_retries=0, **settings)


def async_client(provider: ScriptedProvider, **settings: Any) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=provider.base_url, api_key="any", max_retries=0, **settings)


def refunds(text: str) -> str | None:
    return "refund" if "money" in text else None


def ask(text: str) -> list[Any]:
    return [{"role": "system", "content": "Sort tickets."}, {"role": "user", "content": text}]


def spoken(told: Any) -> str:
    """The answer that a router was told."""
    return answer_of(read("openai.chat", None, told[1])).text


def test_a_small_model_answers_and_the_provider_is_not_asked(provider, told_router):
    with routed(client(provider), told_router(refunds)) as past:
        made = past.chat.completions.create(model="gpt-4o", messages=ask("money back"))
    assert made.choices[0].message.content == "refund" and made.choices[0].finish_reason == "stop"
    assert made.model == MODEL and made.usage.total_tokens == 0
    assert made.agentlog == {"route": "model", "task": "triage", "score": 0.97}
    assert provider.requests == []


def test_what_the_router_leaves_is_the_providers_answer_and_the_router_hears_it(provider, told_router):
    router = told_router(refunds)
    with client(provider) as plain, routed(plain, router) as past:
        made = past.chat.completions.create(model="gpt-4o", messages=ask("where is it?"), temperature=0)
        same = plain.chat.completions.create(model="gpt-4o", messages=ask("where is it?"), temperature=0)
    assert made.choices == same.choices and made.usage == same.usage and made.model == "gpt-4o"
    assert provider.requests[0].request == provider.requests[1].request
    assert router.asked[0]["request"] == {"model": "gpt-4o", "temperature": 0}
    assert len(router.told) == 1 and spoken(router.told[0]) == "from the LLM"
    assert router.told[0][2] > 0 and router.told[0][3]["total_tokens"] > 0


def test_tool_calls_of_a_small_model_can_be_read_as_the_providers(provider, told_router):
    router = told_router(lambda text: Answer("", (("lookup", '{"order": "A17"}'), ("close", "{}"))))
    with routed(client(provider), router) as past:
        made = past.chat.completions.create(model="m", messages=ask("A17"), tools=[LOOKUP])
        with past.chat.completions.stream(model="m", messages=ask("A17"), tools=[LOOKUP]) as stream:
            streamed = stream.get_final_completion()
    for choice in (made.choices[0], streamed.choices[0]):
        assert choice.finish_reason == "tool_calls" and choice.message.content is None
        assert [(one.function.name, one.function.arguments) for one in choice.message.tool_calls] == [
            ("lookup", '{"order": "A17"}'),
            ("close", "{}"),
        ]
        assert len({one.id for one in choice.message.tool_calls}) == 2
    assert router.asked[0]["tools"] == [LOOKUP]


@pytest.mark.parametrize("with_usage", [False, True])
def test_a_small_models_stream_has_the_chunks_of_a_providers(provider, told_router, with_usage):
    options: Any = {"stream_options": {"include_usage": True}} if with_usage else {}
    with routed(client(provider), told_router(refunds)) as past:
        chunks = list(past.chat.completions.create(model="m", messages=ask("money"), stream=True, **options))
    assert "".join(one.choices[0].delta.content or "" for one in chunks if one.choices) == "refund"
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [one.choices[0].finish_reason for one in chunks if one.choices][-1] == "stop"
    assert {one.model for one in chunks} == {MODEL} and len({one.id for one in chunks}) == 1
    assert [one.usage.total_tokens for one in chunks if one.usage is not None] == ([0] if with_usage else [])


def test_an_async_client_is_routed_too(provider, told_router):
    router = told_router(refunds)

    async def talk() -> list[Any]:
        async with routed(async_client(provider), router) as past:
            one = await past.chat.completions.create(model="m", messages=ask("money"))
            two = await past.chat.completions.create(model="m", messages=ask("where?"))
            three = await past.chat.completions.create(model="m", messages=ask("money"), stream=True)
            four = await past.chat.completions.create(model="m", messages=ask("where?"), stream=True)
            texts = ["".join([c.choices[0].delta.content or "" async for c in s if c.choices]) for s in (three, four)]
        return [one.choices[0].message.content, two.choices[0].message.content, *texts]

    assert asyncio.run(talk()) == ["refund", "from the LLM", "refund", "from the LLM"]
    assert [spoken(told) for told in router.told] == ["from the LLM", "from the LLM"]


def test_a_router_that_asks_over_the_network_does_not_hold_up_the_event_loop(provider, told_router):
    router = told_router(refunds, remote=True)

    async def talk() -> str | None:
        async with routed(async_client(provider), router) as past:
            made = await past.chat.completions.create(model="m", messages=ask("money"))
        return made.choices[0].message.content

    assert asyncio.run(talk()) == "refund"
    assert router.threads[0] != "MainThread"


def test_a_providers_stream_is_handed_on_as_it_comes_and_heard_at_its_end(told_router):
    router = told_router()
    with ScriptedProvider([Reply(text="one two three", chunk_chars=4)], token_delay_s=0.05) as provider:
        with routed(client(provider), router) as past:
            heard_while_reading = []
            for _ in past.chat.completions.create(model="m", messages=ask("count"), stream=True):
                heard_while_reading.append(len(router.told))
    assert len(heard_while_reading) > 4 and set(heard_while_reading) == {0}
    assert spoken(router.told[0]) == "one two three"


def test_a_reader_who_leaves_a_stream_teaches_the_router_nothing(told_router):
    router = told_router()
    with ScriptedProvider([Reply(text="a long answer", chunk_chars=1)], token_delay_s=0.02) as provider:
        with routed(client(provider), router) as past:
            stream = past.chat.completions.create(model="m", messages=ask("count"), stream=True)
            next(iter(stream))
            stream.close()
    assert router.told == []


@pytest.mark.parametrize("broken", [RuntimeError("no such thing"), KeyError("x")])
def test_when_the_router_fails_the_provider_answers(provider, told_router, broken):
    with routed(client(provider), told_router(lambda text: broken)) as past:
        made = past.chat.completions.create(model="m", messages=ask("money"))
    assert made.choices[0].message.content == "from the LLM"


def test_when_the_router_cannot_take_in_an_answer_the_application_has_it_all_the_same(provider, told_router):
    router = told_router()
    router.outcome = None
    with routed(client(provider), router) as past:
        assert past.chat.completions.create(model="m", messages=ask("?")).choices[0].message.content == "from the LLM"


def test_the_providers_error_is_the_applications_and_the_router_knows_that_the_call_failed(told_router):
    router = told_router()
    with ScriptedProvider([Reply(status=429, error="slow down")]) as provider, routed(client(provider), router) as past:
        with pytest.raises(openai.RateLimitError, match="slow down"):
            past.chat.completions.create(model="m", messages=ask("?"))
    assert [told[1] for told in router.told] == [None]


def test_a_provider_that_is_not_there_is_the_applications_error(told_router):
    router = told_router()
    with routed(openai.OpenAI(base_url="http://127.0.0.1:9/v1", api_key="any", max_retries=0), router) as past:
        with pytest.raises(openai.APIConnectionError):
            past.chat.completions.create(model="m", messages=ask("?"))
    assert [told[1] for told in router.told] == [None]


@pytest.mark.parametrize("beyond", [{"n": 2}, {"logprobs": True}, {"functions": [{"name": "f", "parameters": {}}]}])
def test_what_no_small_model_can_give_is_not_put_to_the_router(provider, told_router, beyond):
    router = told_router(lambda text: "never")
    with routed(client(provider), router) as past:
        made = past.chat.completions.create(model="m", messages=ask("?"), **beyond)
    assert router.asked == [] and made.choices[0].message.content == "from the LLM"


def test_every_other_route_passes_untouched(provider, told_router):
    router = told_router(lambda text: "never")
    with routed(client(provider), router) as past:
        assert past.responses.create(model="m", input="hi").output_text == "from the LLM"
        assert past.models.list().data
    assert router.asked == []


def test_an_answer_that_came_compressed_is_heard(told_router):
    body = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "packed"}, "finish_reason": "stop"}]}
    packed = gzip.compress(
        json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": "m", **body}).encode()
    )

    def handle(request: httpx2.Request) -> httpx2.Response:
        headers = {"content-type": "application/json", "content-encoding": "gzip"}
        return httpx2.Response(200, headers=headers, stream=httpx2.ByteStream(packed))

    router = told_router()
    transport = RoutingTransport(router, httpx2.MockTransport(handle))
    with openai.OpenAI(api_key="any", http_client=httpx2.Client(transport=transport)) as past:
        assert past.chat.completions.create(model="m", messages=ask("?")).choices[0].message.content == "packed"
    assert spoken(router.told[0]) == "packed"


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_the_transport_serves_a_client_of_either_generation_of_httpx(provider, told_router, library):
    router = told_router(refunds)
    with client(provider, http_client=library.Client(transport=RoutingTransport(router))) as past:
        texts = [
            past.chat.completions.create(model="m", messages=ask(text)).choices[0].message.content
            for text in ("money", "where?")
        ]
        stream = past.chat.completions.create(model="m", messages=ask("where?"), stream=True)
        texts.append("".join(one.choices[0].delta.content or "" for one in stream if one.choices))
    assert texts == ["refund", "from the LLM", "from the LLM"] and len(router.told) == 2


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_a_client_of_either_generation_can_be_routed(provider, told_router, library):
    router = told_router(refunds)
    seen: list[str] = []
    hooks: Any = {"request": [lambda request: seen.append(request.url.path)]}
    with client(provider, http_client=library.Client(event_hooks=hooks)) as plain:
        past = routed(plain, router)
        for text in ("money", "where?"):
            past.chat.completions.create(model="m", messages=ask(text))
        plain.chat.completions.create(model="m", messages=ask("money"))
    assert len(router.asked) == 2 and len(provider.requests) == 2
    assert seen == ["/v1/chat/completions"] * 3  # the application's own hooks still see every request


def test_the_client_that_was_wrapped_may_be_forgotten_and_the_routed_one_too(provider, told_router):
    plain = client(provider)
    routed(plain, told_router()).chat.completions.create(model="m", messages=ask("?"))
    gc.collect()
    past = routed(plain, told_router())
    del plain
    gc.collect()
    assert past.chat.completions.create(model="m", messages=ask("?")).choices
    past.close()


def test_copies_of_a_routed_client_are_routed(provider, told_router):
    with routed(client(provider), told_router(refunds)) as past:
        made = past.with_options(timeout=3).chat.completions.create(model="m", messages=ask("money"))
    assert made.model == MODEL


def test_what_is_no_client_is_refused(told_router):
    with pytest.raises(ConfigurationError, match="takes an OpenAI or AsyncOpenAI client; found str"):
        routed("openai", told_router())


def test_the_run_is_named_by_a_header_which_is_not_sent_on(provider, told_router):
    router = told_router()
    with routed(client(provider), router) as past:
        past.chat.completions.create(model="m", messages=ask("?"), extra_headers={"x-agentlog-trace": "run-7"})
    assert router.asked[0]["trace"] == "run-7"
    assert "x-agentlog-trace" not in provider.requests[0].headers


def test_the_run_is_the_one_that_is_recorded(provider, told_router, taken, recorded):
    router = told_router()
    with routed(client(provider), router) as past:

        @agentlog.capture
        def run() -> None:
            for _ in range(2):
                past.chat.completions.create(model="m", messages=ask("?"))

        run()
        with agentlog.session("ticket-1"):
            past.chat.completions.create(model="m", messages=ask("?"))
            past.chat.completions.create(model="m", messages=ask("?"))
    assert [one["trace"] for one in router.asked] == [one.trace for one in taken.calls if one.operation == "chat"]
    first, second, third, fourth = (one["trace"] for one in router.asked)
    assert first == second != third == fourth


@pytest.mark.parametrize("stream", [False, True])
def test_a_routed_answer_is_recorded_once_as_the_small_models(
    provider, told_router, agentlog_records, recorded, stream
):
    with routed(client(provider), told_router(refunds)) as past:
        for text in ("money back", "where is it?"):
            made = past.chat.completions.create(model="gpt-4o", messages=ask(text), stream=stream)
            assert not stream or list(made)
    rows = agentlog_records.flush()
    assert [(row["operation"], row["request_model"], row["response_model"]) for row in rows] == [
        ("chat", "gpt-4o", MODEL),
        ("chat", "gpt-4o", "gpt-4o"),
    ]
    assert rows[0]["output_messages"][0]["parts"][0]["text"] == "refund"
    assert rows[0]["finish_reasons"] == ["stop"] and not (rows[0]["usage"] or {}).get("output_tokens")


def test_curate_sets_aside_what_a_small_model_answered(provider, told_router, agentlog_records, recorded):
    with routed(client(provider), told_router(refunds)) as past:
        for text in ("money back", "where is it?"):
            past.chat.completions.create(model="gpt-4o", messages=ask(text))
    agentlog_records.flush()
    verdicts = agentlog.curate(agentlog_records.directory).table["verdicts"].to_pylist()
    assert sorted(verdicts) == [[], ["routed"]]


def test_who_only_records_loads_no_router():
    code = (
        "import agentlog_openai, sys; print([m for m in sys.modules if m.startswith(('agentlog.routing', 'pyarrow'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
