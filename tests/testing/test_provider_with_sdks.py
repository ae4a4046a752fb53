"""The real SDKs against the scripted provider: what they parse is what the script said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from agentlog.testing import Reply, ScriptedProvider

ASKED: list[Any] = [{"role": "user", "content": "Hello, what is the weather in Paris?"}]
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS: list[Any] = [{"type": "function", "function": {"name": "get_weather", "parameters": PARAMETERS}}]
SAID = Reply(text="It is sunny in Paris.", reasoning="The user wants the weather.", chunk_chars=4)
CALLS = Reply(tool_calls=[("get_weather", {"city": "Paris"}), ("get_weather", {"city": "Rome"})], chunk_chars=4)


class Clients:
    """Clients of one provider, closed when the test ends, so that no socket is left open."""

    def __init__(self) -> None:
        self.made: list[Any] = []

    def openai(self, provider: ScriptedProvider, **options: Any) -> Any:
        sdk = pytest.importorskip("openai", reason="needs the openai SDK")
        return self._kept(sdk.OpenAI(base_url=provider.base_url, api_key="any", timeout=10, **options))

    def anthropic(self, provider: ScriptedProvider, **options: Any) -> Any:
        sdk = pytest.importorskip("anthropic", reason="needs the anthropic SDK")
        return self._kept(sdk.Anthropic(base_url=provider.root_url, api_key="any", timeout=10, **options))

    def _kept(self, client: Any) -> Any:
        self.made.append(client)
        return client


@pytest.fixture
def clients() -> Iterator[Clients]:
    kept = Clients()
    yield kept
    for client in kept.made:
        client.close()


def test_a_chat_completion_and_its_stream_say_the_same(clients: Clients) -> None:
    with ScriptedProvider([SAID, SAID]) as provider:
        client = clients.openai(provider)
        plain = client.chat.completions.create(model="m", messages=ASKED)
        options = {"include_usage": True}
        chunks = list(client.chat.completions.create(model="m", messages=ASKED, stream=True, stream_options=options))
    assert plain.choices[0].message.content == SAID.text
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == SAID.text
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage == plain.usage
    assert plain.usage.total_tokens == plain.usage.prompt_tokens + plain.usage.completion_tokens


def test_tool_calls_and_their_deltas_are_the_same(clients: Clients) -> None:
    with ScriptedProvider([CALLS, CALLS]) as provider:
        client = clients.openai(provider)
        plain = client.chat.completions.create(model="m", messages=ASKED, tools=TOOLS).choices[0]
        with client.chat.completions.stream(model="m", messages=ASKED, tools=TOOLS) as stream:
            streamed = stream.get_final_completion().choices[0]
    wanted = [("get_weather", {"city": "Paris"}), ("get_weather", {"city": "Rome"})]
    for choice in (plain, streamed):
        found = [(call.function.name, json.loads(call.function.arguments)) for call in choice.message.tool_calls]
        assert found == wanted
        assert choice.finish_reason == "tool_calls"


def test_a_parsed_answer_satisfies_its_schema(clients: Clients) -> None:
    pydantic = pytest.importorskip("pydantic")
    ticket = pydantic.create_model(
        "Ticket", city=(str, ...), priority=(int, pydantic.Field(ge=2)), tags=(list[str], ...)
    )
    with ScriptedProvider() as provider:
        client = clients.openai(provider)
        parsed = (
            client.chat.completions.parse(model="m", messages=ASKED, response_format=ticket).choices[0].message.parsed
        )
        response = client.responses.parse(model="m", input="hello", text_format=ticket).output_parsed
    assert parsed.priority == response.priority == 2
    assert parsed.tags


def test_several_choices_are_given_plain_and_streamed(clients: Clients) -> None:
    with ScriptedProvider([SAID, SAID]) as provider:
        client = clients.openai(provider)
        plain = client.chat.completions.create(model="m", messages=ASKED, n=3)
        chunks = list(client.chat.completions.create(model="m", messages=ASKED, n=3, stream=True))
    assert [choice.index for choice in plain.choices] == [0, 1, 2]
    assert {chunk.choices[0].index for chunk in chunks} == {0, 1, 2}
    assert all(chunk.usage is None for chunk in chunks)


def test_a_response_and_its_typed_events_say_the_same(clients: Clients) -> None:
    both = Reply(text=SAID.text, reasoning=SAID.reasoning, tool_calls=CALLS.tool_calls, chunk_chars=4)
    with ScriptedProvider([both, both]) as provider:
        client = clients.openai(provider)
        plain = client.responses.create(model="m", input="hello")
        with client.responses.stream(model="m", input="hello") as stream:
            types = [event.type for event in stream]
            final = stream.get_final_response()
    assert plain.output_text == final.output_text == both.text
    assert [item.type for item in final.output] == ["reasoning", "function_call", "function_call", "message"]
    assert [json.loads(item.arguments)["city"] for item in final.output[1:3]] == ["Paris", "Rome"]
    assert types[0] == "response.created"
    assert types[-1] == "response.completed"
    assert "response.reasoning_summary_text.delta" in types


def test_the_default_script_answers_a_function_call_in_responses(clients: Clients) -> None:
    tools = [{"type": "function", "name": "get_weather", "parameters": PARAMETERS, "strict": False}]
    with ScriptedProvider() as provider:
        client = clients.openai(provider)
        asked: list[Any] = [{"role": "user", "content": "weather?"}]
        first = client.responses.create(model="m", input=asked, tools=tools)
        call = first.output[0]
        result = {"type": "function_call_output", "call_id": call.call_id, "output": "12 degrees"}
        history = [*asked, call.model_dump(exclude_none=True), result]
        second = client.responses.create(model="m", input=history, tools=tools)
    assert call.type == "function_call"
    assert second.output_text


def test_embeddings_models_and_completions_are_there(clients: Clients) -> None:
    with ScriptedProvider() as provider:
        client = clients.openai(provider)
        vectors = client.embeddings.create(model="m", input=["a cat", "a dog"]).data
        models = list(client.models.list())
        one = client.models.retrieve(models[0].id)
        completion = client.completions.create(model="m", prompt=["one", "two"])
        pieces = list(client.completions.create(model="m", prompt="one", stream=True))
    assert [len(vector.embedding) for vector in vectors] == [256, 256]
    assert one.id == models[0].id
    assert [choice.index for choice in completion.choices] == [0, 1]
    assert pieces[-1].choices[0].finish_reason == "stop"


def test_the_sdk_tries_again_after_a_rate_limit(clients: Clients) -> None:
    with ScriptedProvider() as provider:
        client = clients.openai(provider, max_retries=1)
        answer = client.chat.completions.create(model="fault-429-once", messages=ASKED)
        statuses = [exchange.status for exchange in provider.requests]
    assert answer.choices[0].message.content
    assert statuses == [429, 200]


@pytest.mark.parametrize(
    ("model", "error"),
    [("fault-429", "RateLimitError"), ("fault-500", "InternalServerError"), ("fault-401", "AuthenticationError")],
)
def test_faults_are_the_errors_that_the_sdks_know(clients: Clients, model: str, error: str) -> None:
    with ScriptedProvider() as provider:
        client = clients.openai(provider, max_retries=0)
        with pytest.raises(Exception, match=r".") as raised:
            client.chat.completions.create(model=model, messages=ASKED)
        other = clients.anthropic(provider, max_retries=0)
        with pytest.raises(Exception, match=r".") as other_raised:
            other.messages.create(model=model, max_tokens=9, messages=ASKED)
    assert type(raised.value).__name__ == type(other_raised.value).__name__ == error


def test_an_error_inside_a_stream_reaches_the_reader(clients: Clients) -> None:
    with ScriptedProvider() as provider:
        openai_client = clients.openai(provider, max_retries=0)
        with pytest.raises(Exception, match="The server had an error") as raised:
            list(openai_client.chat.completions.create(model="fault-stream-error", messages=ASKED, stream=True))
        assert type(raised.value).__name__ == "APIError"
        anthropic_client = clients.anthropic(provider, max_retries=0)
        with pytest.raises(Exception, match="The server had an error"):
            list(
                anthropic_client.messages.create(model="fault-stream-error", max_tokens=9, messages=ASKED, stream=True)
            )


def test_a_message_and_its_events_say_the_same(clients: Clients) -> None:
    both = Reply(text=SAID.text, reasoning=SAID.reasoning, tool_calls=CALLS.tool_calls, chunk_chars=4)
    with ScriptedProvider([both, both]) as provider:
        client = clients.anthropic(provider)
        plain = client.messages.create(model="m", max_tokens=50, messages=ASKED)
        with client.messages.stream(model="m", max_tokens=50, messages=ASKED) as stream:
            for _ in stream:
                """Read to the end."""
            final = stream.get_final_message()
    assert [block.type for block in final.content] == ["thinking", "text", "tool_use", "tool_use"]
    assert [block.input for block in final.content[2:]] == [{"city": "Paris"}, {"city": "Rome"}]
    assert plain.content[1].text == final.content[1].text == both.text
    assert plain.stop_reason == final.stop_reason == "tool_use"
    assert plain.usage.output_tokens == final.usage.output_tokens


def test_the_default_script_uses_an_anthropic_tool_and_then_speaks(clients: Clients) -> None:
    tools = [{"name": "get_weather", "input_schema": PARAMETERS}]
    with ScriptedProvider() as provider:
        client = clients.anthropic(provider)
        first = client.messages.create(model="m", max_tokens=50, messages=ASKED, tools=tools)
        use = first.content[0]
        result = [{"type": "tool_result", "tool_use_id": use.id, "content": "12 degrees"}]
        turn = {"role": "assistant", "content": [use.model_dump(exclude_none=True)]}
        history = [*ASKED, turn, {"role": "user", "content": result}]
        second = client.messages.create(model="m", max_tokens=50, messages=history, tools=tools)
    assert (use.name, use.input) == ("get_weather", {"city": "city (scripted)"})
    assert second.content[0].type == "text"
