"""Any OpenAI-compatible endpoint as a model."""

import json
import socket

import pytest

import agentlog
from agentlog.errors import AgentlogError, ConfigurationError
from agentlog.messages import parts
from agentlog.models.endpoint import Endpoint, EndpointError
from agentlog.tasks.reading import Answer
from agentlog.testing import Reply, ScriptedProvider

openai = pytest.importorskip("openai")


def row(text="Where is order <APP_ID_1>?"):
    return {"trace_id": "run-1", "input_messages": [parts.message("user", parts.text(text))]}


def with_logprobs(*logprobs):
    body = {
        "id": "1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [
            {
                "index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "refund"},
                "logprobs": {"content": [{"token": "t", "logprob": one, "bytes": None, "top_logprobs": []} for one in logprobs]},
            }
        ],
    }  # fmt: skip
    return Reply(raw=json.dumps(body).encode())


def test_it_answers_with_the_placeholders_of_the_row():
    def echo(route, body):
        return f"Looking for {body['messages'][-1]['content'].split()[-1]}"

    with ScriptedProvider(echo) as provider, Endpoint(provider.base_url, "m") as endpoint:
        assert endpoint.predict(row()).answer == Answer("Looking for <APP_ID_1>?", ())
        assert "<APP_ID_1>" not in json.dumps(provider.requests[0].request)


def test_tool_calls_and_tokens_are_read():
    with (
        ScriptedProvider([Reply(tool_calls=[("find", {"n": 1})])]) as provider,
        Endpoint(provider.base_url, "m") as endpoint,
    ):
        done = endpoint.ask(row())
    assert [name for name, _ in done.answer.calls] == ["find"]
    assert done.input_tokens > 0 and done.output_tokens > 0 and done.latency_s > 0
    assert done.finish_reason == "tool_calls"


def test_the_score_is_the_mean_probability_of_the_tokens():
    with ScriptedProvider([with_logprobs(-0.1, -0.3)]) as provider, Endpoint(provider.base_url, "m") as endpoint:
        assert endpoint.predict(row()).score == pytest.approx(0.818730753)


def test_a_server_without_logprobs_is_asked_without_them_from_then_on():
    def script(route, body):
        if "logprobs" in body:
            return Reply(status=400, error="logprobs are not supported by this model")
        return "refund"

    with ScriptedProvider(script) as provider, Endpoint(provider.base_url, "m") as endpoint:
        assert endpoint.predict(row()).score == 1.0
        endpoint.predict(row())
        assert ["logprobs" in one.request for one in provider.requests] == [True, False, False]


def test_a_novel_prompt_is_not_sent():
    with (
        ScriptedProvider(["never"]) as provider,
        Endpoint(provider.base_url, "m", gate=lambda row: "too long") as endpoint,
    ):
        prediction = endpoint.predict(row())
        assert (prediction.answer, prediction.novel) == (None, "too long")
        assert provider.requests == []


def test_a_row_that_cannot_be_sent_is_novel():
    picture = row()
    picture["input_messages"][0]["parts"].append(parts.blob("image/png", "AAAA"))
    endpoint = Endpoint("http://127.0.0.1:9/v1", "m")
    assert "hash" in endpoint.predict(picture).novel


@pytest.mark.parametrize(
    ("model", "kind", "advice"),
    [
        ("fault-401", "http 401", "api_key="),
        ("fault-404", "http 404", "/v1"),
        ("fault-429", "http 429", "rate limit"),
        ("fault-500", "http 500", "server's own log"),
        ("fault-badjson", "no answer", "address"),
        ("fault-timeout", "timeout", "timeout_s="),
    ],
)
def test_each_error_says_where_what_and_what_to_do(model, kind, advice):
    with ScriptedProvider() as provider, Endpoint(provider.base_url, model, max_retries=0, timeout_s=0.5) as endpoint:
        with pytest.raises(EndpointError) as failed:
            endpoint.predict(row("a private word"))
    assert failed.value.kind == kind
    assert provider.base_url in str(failed.value) and advice in str(failed.value)
    assert "private" not in str(failed.value)
    assert isinstance(failed.value, AgentlogError)
    assert (
        failed.value.__cause__ is None and failed.value.__suppress_context__
    )  # a provider's own error quotes the request


def test_an_error_that_quotes_the_request_is_not_repeated():
    with ScriptedProvider([Reply(status=422, error="bad value: a private word")]) as provider:
        with Endpoint(provider.base_url, "m", max_retries=0) as endpoint, pytest.raises(EndpointError) as failed:
            endpoint.predict(row())
    assert "private" not in str(failed.value)


def test_where_nobody_listens_is_said():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        Endpoint(f"http://127.0.0.1:{port}/v1", "m", max_retries=0) as endpoint,
        pytest.raises(EndpointError) as failed,
    ):
        endpoint.predict(row())
    assert failed.value.lasting and "server running" in str(failed.value)


def test_a_rate_limit_is_waited_out():
    with (
        ScriptedProvider(lambda route, body: "late but right") as provider,
        Endpoint(provider.base_url, "fault-429-once") as endpoint,
    ):
        assert endpoint.predict(row()).answer.text == "late but right"


def test_what_it_asks_is_no_call_of_the_application(taken):
    with ScriptedProvider(["one", "two"]) as provider, agentlog.instrument("openai"):
        with Endpoint(provider.base_url, "m") as endpoint:
            endpoint.predict(row())
        assert taken.calls == []
        with openai.OpenAI(base_url=provider.base_url, api_key="any") as client:
            client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])
        assert len(taken.calls) == 1


def test_the_key_for_openai_is_not_shown_to_another_server(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    endpoint = Endpoint("http://127.0.0.1:9/v1", "m")
    assert endpoint._connected().api_key == "none"
    own = Endpoint("https://api.openai.com/v1", "gpt-4o")
    assert own._connected().api_key == "sk-secret"
    for one in (endpoint, own):
        one.close()


def test_openai_without_a_key_says_so(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        Endpoint("https://api.openai.com/v1", "gpt-4o").predict(row())


@pytest.mark.parametrize("url", ["ftp://host/v1#m", "host:80#m", "http://host/v1", "http://u:p@host/v1#m"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ConfigurationError):
        Endpoint.at(url)


def test_an_address_names_base_url_and_model():
    endpoint = Endpoint.at("http://host:8000/v1/#qwen/triage", threshold=0.7)
    assert (endpoint.base_url, endpoint.model, endpoint.threshold) == ("http://host:8000/v1", "qwen/triage", 0.7)
    assert endpoint.url == "http://host:8000/v1#qwen/triage"
    assert (endpoint.rung, endpoint.remote, len(endpoint.version)) == ("endpoint", True, 12)
    assert endpoint.version != Endpoint.at("http://host:8000/v1#other").version
