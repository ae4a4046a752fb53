"""The adapters with a real router behind them: what the small model is spared, asked and compared."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytest.importorskip("httpx", reason="needs agentlog[serve]")
pytest.importorskip("langchain_openai", reason="needs langchain-openai")
pytest.importorskip("numpy", reason="needs agentlog[serve]")
pytest.importorskip("openai", reason="needs agentlog[openai]")
pytest.importorskip("starlette", reason="needs agentlog[serve]")
pytest.importorskip("uvicorn", reason="needs agentlog[serve]")

import httpx
import openai
import typer
import uvicorn
from langchain_openai import ChatOpenAI
from typer.testing import CliRunner

from agentlog.cli import serve as command
from agentlog.routing import Router
from agentlog.routing.serving.app import application
from agentlog.routing.serving.run import listen
from agentlog.tasks.reading import Answer
from agentlog.testing import Reply, ScriptedProvider
from agentlog_langchain import RoutedChatModel
from agentlog_openai import routed


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider(lambda route, body: Reply(text="parcel")) as made:
        yield made


@contextmanager
def at_work(router: Router, provider: ScriptedProvider) -> Iterator[str]:
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(application(router, provider.base_url), log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def way(name: str, router: Router, provider: ScriptedProvider) -> Iterator[Any]:
    """A function from messages to the answer's text, through one of the adapters."""
    if name == "langchain":
        llm = ChatOpenAI(model="gpt-4o", base_url=provider.base_url, api_key="any", max_retries=0)
        yield lambda messages: RoutedChatModel(llm, router).invoke(messages).content
    elif name == "openai":
        with routed(openai.OpenAI(base_url=provider.base_url, api_key="any", max_retries=0), router) as client:
            yield lambda messages: said(client, messages)
    else:
        with at_work(router, provider) as url, openai.OpenAI(base_url=url, api_key="any", max_retries=0) as client:
            yield lambda messages: said(client, messages)


def said(client: openai.OpenAI, messages: Any) -> str | None:
    return client.chat.completions.create(model="gpt-4o", messages=messages).choices[0].message.content


@pytest.mark.parametrize("name", ["openai", "langchain", "serve"])
def test_switched_on_the_llm_is_spared_and_in_shadow_it_is_compared(kit, router, place, triage_id, provider, name):
    router.put(triage_id, place(kit.Small(lambda text: Answer("refund", ()))), state="on", audit_share=0.0)
    with way(name, router, provider) as ask:
        assert ask(kit.triage("please refund the lamp")) == "refund"
        assert provider.requests == []
        router.move(triage_id, "shadow", why="a look beside the LLM")
        assert ask(kit.triage("where is my parcel")) == "parcel"
        assert len(provider.requests) == 1
        router.flush()
        (route,) = (one for one in router.status().routes if one.task_id == triage_id)
        assert (route.served, route.compared, route.agreed) == (1, 1, 0)


@pytest.mark.parametrize("name", ["openai", "langchain", "serve"])
def test_a_tool_call_of_a_small_model_has_the_callers_own_values(kit, router, place, lookup_id, provider, name):
    model = kit.Small(lambda text: Answer("", (("find_customer", '{"email": "<EMAIL_1>"}'),)))
    router.put(lookup_id, place(model), state="on", audit_share=0.0)
    messages: Any = kit.lookup("find ada.lovelace@example.org for me")
    if name == "langchain":
        llm = ChatOpenAI(model="gpt-4o", base_url=provider.base_url, api_key="any", max_retries=0)
        tools: Any = RoutedChatModel(llm, router).bind_tools(kit.TOOLS)
        (call,) = tools.invoke(messages).tool_calls
        assert (call["name"], call["args"]) == ("find_customer", {"email": "ada.lovelace@example.org"})
    else:
        with at_work(router, provider) as url:
            plain = openai.OpenAI(base_url=url if name == "serve" else provider.base_url, api_key="any", max_retries=0)
            with plain if name == "serve" else routed(plain, router) as client:
                made = client.chat.completions.create(model="gpt-4o", messages=messages, tools=kit.TOOLS)
        (call,) = made.choices[0].message.tool_calls
        assert call.function.arguments == '{"email": "ada.lovelace@example.org"}'
    assert "lovelace" not in repr(model.rows)
    assert provider.requests == []


def test_the_status_of_the_endpoint_is_the_routers_without_words(kit, router, place, triage_id, provider):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    with at_work(router, provider) as url:
        httpx.post(url + "/chat/completions", json={"messages": kit.triage("refund the lamp of Ada Lovelace")})
        status = httpx.get(url + "/agentlog/status")
    assert status.json()["served"] == 1 and status.json()["routes"][0]["state"] == "on"
    assert "Lovelace" not in status.text


# ------------------------------------------------------------ the command

_COMMAND = """
import sys, typer
from agentlog.cli import serve
app = typer.Typer()
app.callback()(lambda: None)
serve.register(app)
app(sys.argv[1:])
"""


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.callback()(lambda: None)
    command.register(made)
    return made


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_told_to_stop_and_keeps_what_it_learned(kit, router, tmp_path, provider, how):
    router.close()
    arguments = ["serve", str(tmp_path / "routing"), "--upstream", provider.base_url, "--port", "0"]
    environment = {**os.environ, "AGENTLOG_PSEUDONYM_KEY": kit.KEY.hex(), "UPSTREAM_KEY": "sk-server"}
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, *arguments, "--api-key-env", "UPSTREAM_KEY"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        line = process.stderr.readline()
        url = next(word for word in line.split() if word.startswith("http://"))
        with openai.OpenAI(base_url=url, api_key="any") as client:
            assert said(client, kit.triage("where is my parcel")) == "parcel"
        process.send_signal(how)
        rest = process.stderr.read()
        assert process.wait(20) == (0 if how is signal.SIGINT else -signal.SIGTERM)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    assert "Traceback" not in rest and "parcel" not in line + rest
    assert Router.load(tmp_path / "routing", key=kit.KEY).status().decisions == 1


def test_what_cannot_be_served_is_said(app, router, tmp_path):
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["serve", *arguments])
        assert done.exception is not None
        return str(done.exception)

    routing = str(tmp_path / "routing")
    up = ("--upstream", "http://127.0.0.1:9/v1")
    assert "serve needs --upstream" in run(routing)
    assert "base URL of the LLM's API" in run(routing, "--upstream", "openai.com")
    assert "there is no routing at" in run(str(tmp_path / "none"), *up)
    assert "names NO_SUCH_KEY, which is not set" in run(routing, *up, "--api-key-env", "NO_SUCH_KEY")
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(app, ["serve", routing, *up, "--port", port])
    assert f"port {port} on 127.0.0.1 is in use" in str(done.exception)
    assert "nobody answers at http://127.0.0.1:9/v1 now" in " ".join(done.stderr.split())
