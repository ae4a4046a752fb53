"""LiteLLM past a router. LiteLLM is in no extra: where it is not installed, these are skipped."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

import agentlog
from agentlog.errors import ConfigurationError
from agentlog.messages import read
from agentlog.tasks.reading import Answer, answer_of
from agentlog.testing import Reply, ScriptedProvider

if importlib.util.find_spec("litellm") is None:
    pytest.skip("litellm is not installed", allow_module_level=True)
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # it would fetch its list of prices

import litellm

from agentlog_litellm import routed

MODEL = "agentlog/triage@0123456789ab"
LOOKUP: Any = {"type": "function", "function": {"name": "lookup", "parameters": {"type": "object"}}}

# its own warnings (pydantic's serializer, unclosed sessions, deprecated imports) are not ours to judge
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module", autouse=True)
def _loops_closed() -> Iterator[None]:
    """LiteLLM leaves event loops behind, which warn when they are collected."""
    before = set(map(id, loops()))
    yield
    for loop in loops():
        if id(loop) not in before and not loop.is_running():
            loop.close()


def loops() -> list[asyncio.BaseEventLoop]:
    return [one for one in gc.get_objects() if isinstance(one, asyncio.BaseEventLoop) and not one.is_closed()]


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider(lambda route, body: "from the LLM") as made:
        yield made


def refunds(text: str) -> str | None:
    return "refund" if "money" in text else None


def ask(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def to(provider: ScriptedProvider) -> dict[str, Any]:
    return {"model": "openai/gpt-4o", "api_base": provider.base_url, "api_key": "sk-any", "num_retries": 0}


def spoken(told: Any) -> str:
    return answer_of(read("openai.chat", None, told[1])).text


def text_of(chunks: Any) -> str:
    return "".join(one.choices[0].delta.content or "" for one in chunks if one.choices)


def test_a_small_model_answers_or_the_llm(provider, told_router):
    router = told_router(refunds)
    past = routed(litellm, router)
    one = past.completion(messages=ask("money"), **to(provider))
    two = past.completion(messages=ask("where?"), temperature=0, seed=3, **to(provider))
    assert isinstance(one, litellm.ModelResponse) and (one.model, one.choices[0].message.content) == (MODEL, "refund")
    assert two.choices[0].message.content == "from the LLM" and len(provider.requests) == 1
    assert [spoken(told) for told in router.told] == ["from the LLM"]
    assert router.asked[1]["request"] == {"model": "openai/gpt-4o", "temperature": 0, "seed": 3}


def test_streams_come_from_whoever_answers(provider, told_router):
    router = told_router(refunds)
    past = routed(litellm, router)
    assert text_of(past.completion(messages=ask("money"), stream=True, **to(provider))) == "refund"
    stream = past.completion(messages=ask("where?"), stream=True, **to(provider))
    assert isinstance(stream, litellm.CustomStreamWrapper)
    assert router.told == [] and text_of(stream) == "from the LLM"
    assert [spoken(told) for told in router.told] == ["from the LLM"]


def test_async_calls_and_streams_are_routed_too(provider, told_router):
    router = told_router(refunds, remote=True)
    past = routed(litellm, router)

    async def talk() -> list[str]:
        made = []
        for text in ("money", "where?"):
            made.append((await past.acompletion(messages=ask(text), **to(provider))).choices[0].message.content)
            stream = await past.acompletion(messages=ask(text), stream=True, **to(provider))
            made.append(text_of([one async for one in stream]))
        return made

    assert asyncio.run(talk()) == ["refund", "refund", "from the LLM", "from the LLM"]
    assert [spoken(told) for told in router.told] == ["from the LLM", "from the LLM"]
    assert "MainThread" not in router.threads


def test_tool_calls_and_usage_are_in_litellms_form(provider, told_router):
    past = routed(litellm, told_router(lambda text: Answer("", (("lookup", '{"order": "A17"}'),))))
    made = past.completion(messages=ask("A17"), tools=[LOOKUP], **to(provider))
    (call,) = made.choices[0].message.tool_calls
    assert (call.function.name, call.function.arguments) == ("lookup", '{"order": "A17"}')
    assert made.choices[0].finish_reason == "tool_calls" and made.usage.total_tokens == 0
    stream = past.completion(
        messages=ask("A17"), tools=[LOOKUP], stream=True, stream_options={"include_usage": True}, **to(provider)
    )
    rebuilt = litellm.stream_chunk_builder(list(stream))
    assert rebuilt.choices[0].message.tool_calls[0].function.name == "lookup"


def test_the_messages_that_litellm_gave_can_be_sent_again(provider, told_router):
    router = told_router(refunds)
    past = routed(litellm, router)
    first = past.completion(messages=ask("money"), **to(provider)).choices[0].message
    past.completion(messages=[*ask("money"), first, *ask("where?")], **to(provider))
    assert router.asked[1]["messages"][1]["content"] == "refund"


def test_a_router_of_litellm_can_be_routed(provider, told_router):
    router = told_router(refunds)
    deployments = [{"model_name": "main", "litellm_params": to(provider)}]
    past = routed(litellm.Router(model_list=deployments), router)

    async def talk() -> list[str]:
        made = [(await past.acompletion("main", ask(text))).choices[0].message.content for text in ("money", "?")]
        return [*made, text_of([one async for one in await past.acompletion("main", ask("?"), stream=True)])]

    assert asyncio.run(talk()) == ["refund", "from the LLM", "from the LLM"]
    assert [spoken(told) for told in router.told] == ["from the LLM", "from the LLM"]
    assert past.model_names


def test_errors_are_litellms_and_the_router_knows_that_the_call_failed(told_router):
    router = told_router()
    with ScriptedProvider([Reply(status=401, error="no")]) as provider:
        with pytest.raises(litellm.AuthenticationError):
            routed(litellm, router).completion(messages=ask("?"), **to(provider))
    assert [told[1] for told in router.told] == [None]


def test_when_the_router_fails_the_llm_answers(provider, told_router):
    past = routed(litellm, told_router(lambda text: RuntimeError("x")))
    assert past.completion(messages=ask("money"), **to(provider)).choices[0].message.content == "from the LLM"


def test_a_wanted_class_is_told_as_its_schema(provider, told_router):
    class Ticket(BaseModel):
        kind: str

    router = told_router(lambda text: '{"kind": "refund"}')
    made = routed(litellm, router).completion(messages=ask("?"), response_format=Ticket, **to(provider))
    assert Ticket.model_validate_json(made.choices[0].message.content) == Ticket(kind="refund")
    assert router.asked[0]["request"]["response_format"]["json_schema"]["name"] == "Ticket"


def test_keys_and_addresses_are_not_shown_to_the_router(provider, told_router):
    router = told_router()
    routed(litellm, router).completion(messages=ask("?"), metadata={"session_id": "s-1"}, **to(provider))
    assert "sk-any" not in repr(router.asked) and "127.0.0.1" not in repr(router.asked)
    assert router.asked[0]["trace"] == "s-1"


@pytest.mark.parametrize("stream", [False, True])
def test_each_call_is_recorded_once(provider, told_router, agentlog_records, stream):
    with agentlog.instrument("openai"):
        past = routed(litellm, told_router(refunds))
        for text in ("money back", "where?"):
            made = past.completion(messages=ask(text), stream=stream, **to(provider))
            assert not stream or list(made)
    rows = agentlog_records.flush()
    assert [(row["operation"], row["response_model"]) for row in rows] == [("chat", MODEL), ("chat", "gpt-4o")]
    assert rows[0]["output_messages"][0]["parts"][0]["text"] == "refund"
    verdicts = agentlog.curate(agentlog_records.directory).table["verdicts"].to_pylist()
    assert sorted(verdicts) == [[], ["routed"]]


def test_what_is_not_litellm_is_refused(told_router):
    with pytest.raises(ConfigurationError, match=r"takes the module litellm or a litellm\.Router; found dict"):
        routed({}, told_router())


def test_importing_the_package_loads_no_litellm():
    code = (
        "import agentlog_litellm, sys; print([m for m in sys.modules if m.startswith(('litellm', 'agentlog.routing'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
