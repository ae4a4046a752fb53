"""One call that two layers see is one row: real frameworks over real SDKs, and decorated functions around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_openai import ChatOpenAI
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.llms.mock import MockFunctionCallingLLM

import agentlog
from agentlog.testing import Reply, ScriptedProvider

pytestmark = pytest.mark.filterwarnings("ignore::pydantic.PydanticDeprecationWarning")
ASKED = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How is the weather?"}]
CALLS = [{"name": "look", "args": {"city": city}, "id": f"toolu_{city}"} for city in ("Rome", "Oslo")]


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider(lambda route, body: Reply(text="It is sunny.")) as one:
        yield one


@pytest.fixture
def client(provider) -> Iterator[Any]:
    with openai.OpenAI(base_url=provider.base_url, api_key="none", max_retries=0) as one:
        yield one


def rows(records, *operations: str) -> list[dict[str, Any]]:
    return [row for row in records.flush() if row["operation"] in (operations or ("chat",))]


def check(row: dict[str, Any], provider: ScriptedProvider) -> None:
    """The outer layer's row, with what only the SDK knows."""
    assert len(provider.requests) == 1
    assert row["usage"]["input_tokens"] > 0
    assert row["finish_reasons"] and row["response_model"]
    assert row["output_messages"][0]["parts"][0]["text"] == "It is sunny."


def test_langchain_over_the_openai_sdk_is_one_row(provider, agentlog_records):
    model = ChatOpenAI(model="gpt-4o-mini", base_url=provider.base_url, api_key="none", temperature=0.5)
    with agentlog.instrument("langchain_core", "openai"):
        model.bind_tools([{"type": "function", "function": {"name": "look", "parameters": {}}}]).invoke(
            [SystemMessage("Be brief."), HumanMessage("Rome and Oslo?"), AIMessage("", tool_calls=CALLS),
             ToolMessage("sunny", tool_call_id="toolu_Rome"), ToolMessage("rainy", tool_call_id="toolu_Oslo")])  # fmt: skip
    (row,) = rows(agentlog_records)
    check(row, provider)
    assert row["framework"] == "langchain"
    assert '"temperature": 0.5' in row["request"]


class OverAnthropic(BaseChatModel):
    """A chat model as langchain-anthropic makes one: the results of tools go into one turn of the user."""

    client: Any

    @property
    def _llm_type(self) -> str:
        return "anthropic"

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        uses = [
            {"type": "tool_use", "id": one["id"], "name": one["name"], "input": one["args"]}
            for one in messages[2].tool_calls
        ]
        results = [
            {"type": "tool_result", "tool_use_id": one.tool_call_id, "content": one.text} for one in messages[3:5]
        ]
        said = self.client.messages.create(
            model="claude-3-5-haiku", max_tokens=99, system=messages[0].text,
            messages=[{"role": "user", "content": messages[1].text}, {"role": "assistant", "content": uses},
                      {"role": "user", "content": [*results, {"type": "text", "text": messages[5].text}]}])  # fmt: skip
        # without the answer's id: only the words can tell that it is the same call
        return ChatResult(generations=[ChatGeneration(message=AIMessage(said.content[0].text))])


def test_langchain_over_the_anthropic_sdk_is_one_row(provider, agentlog_records):
    with anthropic.Anthropic(base_url=provider.root_url, api_key="none", max_retries=0) as sdk:
        with agentlog.instrument("langchain_core", "anthropic"):
            OverAnthropic(client=sdk).invoke(
                [SystemMessage("Be brief."), HumanMessage("Rome and Oslo?"), AIMessage("", tool_calls=CALLS),
                 ToolMessage("sunny", tool_call_id="toolu_Rome"), ToolMessage("rainy", tool_call_id="toolu_Oslo"),
                 HumanMessage("So?")])  # fmt: skip
    (row,) = rows(agentlog_records)
    check(row, provider)
    assert (row["framework"], row["provider"]) == ("langchain", "anthropic")
    assert row["system_instructions"][0]["text"] == "Be brief."
    assert '"max_tokens": 99' in row["request"]


def test_llama_index_over_the_openai_sdk_is_one_row(provider, client, agentlog_records):
    def answer(messages: Any, **kwargs: Any) -> ChatMessage:
        asked = [{"role": one.role.value, "content": one.content} for one in messages]
        said = client.chat.completions.create(model="gpt-4o-mini", messages=asked, seed=7)
        return ChatMessage(role="assistant", content=said.choices[0].message.content)

    with agentlog.instrument("llama_index", "openai"):
        MockFunctionCallingLLM(response_generator=answer, is_chat_model=True).chat(
            [ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="How is the weather?")]
        )
    (row,) = rows(agentlog_records)
    check(row, provider)
    assert row["framework"] == "llama_index"
    assert '"seed": 7' in row["request"]


def test_a_decorated_chat_and_the_client_inside_it_are_one_row(provider, client, agentlog_records):
    @agentlog.capture(operation="chat", name="weather")
    def ask(messages: list[dict[str, str]]) -> str:
        said = client.chat.completions.create(model="gpt-4o-mini", messages=messages, top_p=0.9)
        return str(said.choices[0].message.content)

    with agentlog.instrument("openai"):
        ask(ASKED)
    (row,) = rows(agentlog_records)
    check(row, provider)
    assert row["name"] == "weather"
    assert '"top_p": 0.9' in row["request"]


def test_a_decorated_chat_that_asks_something_else_is_parent_and_child(provider, client, agentlog_records):
    @agentlog.capture(operation="chat")
    def ask(prompt: str) -> str:
        messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": f"Question: {prompt}"}]
        said = client.chat.completions.create(model="gpt-4o-mini", messages=messages)
        return str(said.choices[0].message.content).upper()

    with agentlog.instrument("openai"):
        ask("How is the weather?")
    outer, inner = sorted(rows(agentlog_records), key=lambda row: row["parent_id"] or "")
    assert inner["parent_id"] == outer["call_id"]
    assert outer["trace_id"] == inner["trace_id"]


def test_two_calls_inside_a_decorated_chat_are_two_rows_and_the_one_that_is_itself_is_its_own(
    provider, client, agentlog_records
):
    @agentlog.capture(operation="chat")
    def ask(messages: list[dict[str, str]]) -> str:
        client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "May I answer?"}])
        said = client.chat.completions.create(model="gpt-4o-mini", messages=messages)
        return str(said.choices[0].message.content)

    with agentlog.instrument("openai"):
        ask(ASKED)
    outer, inner = sorted(rows(agentlog_records), key=lambda row: row["parent_id"] or "")
    assert inner["parent_id"] == outer["call_id"]
    assert inner["input_messages"][0]["parts"][0]["text"] == "May I answer?"
    assert outer["usage"]["input_tokens"] > 0


def test_three_layers_are_one_row(provider, agentlog_records):
    model = ChatOpenAI(model="gpt-4o-mini", base_url=provider.base_url, api_key="none")

    @agentlog.capture(operation="chat", name="weather")
    def ask(messages: list[dict[str, str]]) -> str:
        return str(model.invoke(messages).text)

    with agentlog.instrument("langchain_core", "openai"):
        ask(ASKED)
    (row,) = rows(agentlog_records)
    check(row, provider)
    assert row["name"] == "weather"


def test_the_text_of_a_message_that_is_handed_to_an_sdk_is_a_text(provider, client, agentlog_records):
    with agentlog.instrument("openai"):
        asked = HumanMessage("How is the weather?").text  # a subclass of str
        client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": asked}])
    (row,) = rows(agentlog_records)
    assert row["input_messages"][0]["parts"][0]["text"] == "How is the weather?"
