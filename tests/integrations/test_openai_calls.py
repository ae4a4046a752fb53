"""The openai SDK against a server of our own: what is asked and what comes back in one piece."""

from __future__ import annotations

import array
import asyncio
import base64
import json
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any

import openai
import pytest
from openai import _base_client as clients
from openai import _streaming as streaming
from openai.lib.azure import AzureOpenAI
from pydantic import BaseModel

import agentlog
from agentlog import runtime
from agentlog.recording import context

USAGE = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
MESSAGES: list[Any] = [{"role": "user", "content": "Where is order A17?"}]
TOOL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "lookup", "parameters": {"type": "object", "properties": {"order": {"type": "string"}}}},
}


def needs(path: str) -> pytest.MarkDecorator:
    """What the test looks at came with a later release of the SDK than the oldest."""
    with openai.OpenAI(api_key="k") as client:
        found: Any = client
        for name in path.split("."):
            found = getattr(found, name, None)
    return pytest.mark.skipif(found is None, reason=f"openai {openai.__version__} has no {path}")


class Provider(BaseHTTPRequestHandler):
    """Answers as the API does. The model's name says how: "fail-400" fails with 400, "once-500" once with 500, "slow" late."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path = self.path.partition("?")[0]
        self.server.asked.append((path, asked))  # type: ignore[attr-defined]
        model = asked.get("model") or ""
        if model == "slow":
            self.server.hold.wait(5)  # type: ignore[attr-defined]
        if model.startswith("fail-") or (model.startswith("once-") and len(self.server.asked) == 1):  # type: ignore[attr-defined]
            self.send(int(model[5:]), {"error": {"message": "no", "code": "bad"}})
        elif path.endswith("/embeddings"):
            vector = base64.b64encode(array.array("f", [1.0, 2.0, 3.0]).tobytes()).decode()
            texts = asked["input"] if isinstance(asked["input"], list) else [asked["input"]]
            data = [{"object": "embedding", "index": n, "embedding": vector} for n in range(len(texts))]
            self.send(
                200, {"object": "list", "model": "e-1", "data": data, "usage": {"prompt_tokens": 3, "total_tokens": 3}}
            )
        elif path.endswith("/responses/compact"):
            item = {"type": "compaction", "id": "cmp_1", "encrypted_content": "gAAA"}
            usage = {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7}
            self.send(
                200,
                {"id": "resp_2", "object": "response.compaction", "created_at": 1, "output": [item], "usage": usage},
            )
        elif path.endswith("/responses"):
            self.send(200, self.response(model))
        elif path.endswith("/chat/completions"):
            message = {
                "role": "assistant",
                "content": model.removeprefix("says-") if "says-" in model else "On its way.",
            }
            choice = {"index": 0, "message": message, "finish_reason": "length" if model == "says-{" else "stop"}
            body = {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": "m-2026",
                "choices": [choice],
            }
            self.send(200, {**body, "usage": USAGE})
        elif path.endswith("/completions"):
            choice = {"index": 0, "text": " four", "finish_reason": "stop"}
            self.send(
                200, {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m-2026", "choices": [choice]}
            )
        else:
            self.send(200, {"object": "list", "data": []})

    def do_GET(self) -> None:
        self.send(200, {"object": "list", "data": []})

    def response(self, model: str) -> dict[str, Any]:
        part = {"type": "output_text", "text": "On its way.", "annotations": []}
        item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
        body: dict[str, Any] = {
            "id": "resp_1",
            "object": "response",
            "created_at": 1,
            "model": "m-2026",
            "output": [item],
        }
        if model == "broken":
            return {**body, "status": "failed", "output": [], "error": {"code": "server_error", "message": "no"}}
        return {**body, "status": "completed", "usage": {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7}}

    def send(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        with suppress(ConnectionError):  # a client that did not wait
            self.end_headers()
            self.wfile.write(data)


@pytest.fixture
def server() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as made:
        made.daemon_threads = True
        made.asked, made.hold = [], threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield made
        made.hold.set()  # type: ignore[attr-defined]
        made.shutdown()
        thread.join()


@pytest.fixture
def url(server: Any) -> str:
    return f"http://127.0.0.1:{server.server_port}/v1"


@pytest.fixture
def client(url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key="sk-secret", base_url=url, max_retries=0) as made:
        yield made


@pytest.fixture(autouse=True)
def _instrumented() -> Iterator[None]:
    with agentlog.instrument("openai"):
        yield


def test_a_chat_is_recorded_as_it_was_sent_and_answered(client, taken, snapshot_of):
    answer = client.chat.completions.create(model="m", messages=MESSAGES, tools=[TOOL], temperature=0)
    assert answer.choices[0].message.content == "On its way."
    call = taken.one()
    assert (call.operation, call.name, call.model, call.dialect) == ("chat", "m", "m", "openai.chat")
    assert (call.framework, call.message_ids, call.error, call.finish) == ("openai", ["chatcmpl-1"], "", "")
    assert snapshot_of(call.request) == {"model": "m", "messages": MESSAGES, "tools": [TOOL], "temperature": 0}
    body = snapshot_of(call.response)
    assert body["choices"][0] == {
        "index": 0,
        "message": {"role": "assistant", "content": "On its way."},
        "finish_reason": "stop",
    }
    assert body["usage"] == USAGE
    assert body["model"] == "m-2026"
    assert call.duration_ns > 0
    assert call.first_chunk_ns == 0


async def test_an_async_chat_is_recorded(url, taken, snapshot_of):
    async with openai.AsyncOpenAI(api_key="k", base_url=url) as client:
        await client.chat.completions.create(model="m", messages=MESSAGES)
    call = taken.one()
    assert snapshot_of(call.request)["messages"] == MESSAGES
    assert snapshot_of(call.response)["id"] == "chatcmpl-1"


def test_neither_keys_nor_headers_nor_timeouts_are_recorded_but_extra_body_is(client, taken, snapshot_of):
    client.chat.completions.create(
        model="m", messages=MESSAGES, extra_headers={"x-team": "hush"}, timeout=3.0, extra_body={"top_k": 4}
    )
    asked = snapshot_of(taken.one().request)
    assert asked == {"model": "m", "messages": MESSAGES, "top_k": 4}


def test_the_messages_of_a_call_are_those_that_were_sent_whatever_is_done_with_them_later(client, taken, snapshot_of):
    messages = [dict(MESSAGES[0])]
    answer = client.chat.completions.create(model="m", messages=messages)
    messages.append(answer.choices[0].message)
    messages[0]["content"] = "changed"
    client.chat.completions.create(model="m", messages=messages)
    first, second = taken.calls
    assert snapshot_of(first.request)["messages"] == MESSAGES
    # the SDK's own message, appended by every agent loop, is recorded as it is sent
    assert snapshot_of(second.request)["messages"][1] == {"role": "assistant", "content": "On its way."}


@pytest.mark.skipif(openai.__version__.startswith("1.2."), reason="it cannot send a generator of messages")
def test_a_generator_of_messages_reaches_the_provider_and_the_record(client, server, taken, snapshot_of):
    client.chat.completions.create(model="m", messages=(one for one in MESSAGES))
    assert server.asked[0][1]["messages"] == MESSAGES
    assert snapshot_of(taken.one().request)["messages"] == MESSAGES


class Order(BaseModel):
    state: str


PARSES = [pytest.param(path, marks=needs(path)) for path in ("chat.completions.parse", "beta.chat.completions.parse")]


def function_of(client: Any, path: str) -> Any:
    for name in path.split("."):
        client = getattr(client, name)
    return client


@pytest.mark.parametrize("path", PARSES)
def test_parse_is_one_call_with_the_schema_that_was_sent_and_the_text_that_came(path, client, taken, snapshot_of):
    model = 'says-{"state": "shipped"}'
    answer = function_of(client, path)(model=model, messages=MESSAGES, response_format=Order)
    assert answer.choices[0].message.parsed == Order(state="shipped")
    call = taken.one()
    schema = snapshot_of(call.request)["response_format"]["json_schema"]
    assert schema["name"] == "Order"
    assert schema["schema"]["properties"]["state"]["type"] == "string"
    assert snapshot_of(call.response)["choices"][0]["message"] == {
        "role": "assistant",
        "content": '{"state": "shipped"}',
    }


@pytest.mark.parametrize("path", PARSES)
@pytest.mark.parametrize(
    ("model", "error"),
    [("says-{}", "ValidationError"), ("says-{", "openai.LengthFinishReasonError")],
)
def test_an_answer_that_parse_cannot_read_is_an_error_and_is_recorded(path, client, taken, snapshot_of, model, error):
    with pytest.raises(Exception, match=r"validation error|length limit"):
        function_of(client, path)(model=model, messages=MESSAGES, response_format=Order)
    call = taken.one()
    assert call.error.endswith(error)
    assert snapshot_of(call.response)["choices"][0]["message"]["content"] == model[5:]


@needs("responses")
def test_responses_are_recorded(client, taken, snapshot_of):
    answer = client.responses.create(model="m", input="Where?", instructions="Be brief.")
    assert answer.output_text == "On its way."
    call = taken.one()
    assert (call.operation, call.dialect, call.message_ids) == ("chat", "openai.responses", ["resp_1"])
    assert snapshot_of(call.request) == {"model": "m", "input": "Where?", "instructions": "Be brief."}
    body = snapshot_of(call.response)
    assert body["output"][0]["content"][0]["text"] == "On its way."
    assert body["usage"]["input_tokens"] == 5


@needs("responses.compact")
def test_a_conversation_that_the_provider_compacts_is_a_call(client, taken, snapshot_of):
    client.responses.compact(model="m", input="Where?")
    call = taken.one()
    assert (call.operation, call.dialect, call.message_ids) == ("chat", "openai.responses", ["resp_2"])
    assert snapshot_of(call.response)["output"][0]["encrypted_content"] == "gAAA"


def test_a_request_written_by_hand_is_recorded_and_its_response_is_that_of_the_http_library(client, taken, snapshot_of):
    library = getattr(clients, "httpx2", None) or clients.httpx
    made = client.post("/chat/completions", body={"model": "m", "messages": MESSAGES}, cast_to=library.Response)
    assert made.json()["id"] == "chatcmpl-1"
    call = taken.one()
    assert snapshot_of(call.request)["messages"] == MESSAGES
    assert snapshot_of(call.response)["usage"] == USAGE


def test_the_beta_namespace_of_responses_is_the_same_call(client, taken):
    if not hasattr(client.beta, "responses"):
        pytest.skip("this release has no beta.responses")
    client.beta.responses.create(model="m", input="Where?")
    assert taken.one().dialect == "openai.responses"


@needs("responses")
def test_a_response_that_says_it_failed_is_an_error_of_the_call(client, taken):
    client.responses.create(model="broken", input="Where?")
    assert taken.one().error == "server_error"


def test_a_legacy_completion_is_recorded(client, taken, snapshot_of):
    client.completions.create(model="m", prompt="two and two is")
    call = taken.one()
    assert (call.operation, call.dialect) == ("text_completion", "openai.completions")
    assert snapshot_of(call.request)["prompt"] == "two and two is"
    assert snapshot_of(call.response)["choices"][0]["text"] == " four"


VECTORS = pytest.mark.skipif(
    openai.__version__.startswith("1.") and find_spec("numpy") is None, reason="openai 1 reads vectors with numpy"
)


@VECTORS
@pytest.mark.parametrize("wanted", [{}, {"encoding_format": "base64"}])
def test_of_embeddings_the_texts_are_recorded_and_of_the_vectors_only_their_shape(client, taken, snapshot_of, wanted):
    answer = client.embeddings.create(model="e", input=["a", "b"], **wanted)
    if not wanted:
        assert answer.data[0].embedding == [1.0, 2.0, 3.0]
    call = taken.one()
    assert call.operation == "embeddings"
    assert snapshot_of(call.request)["input"] == ["a", "b"]
    body = snapshot_of(call.response)
    assert (body["embeddings"], body["dimensions"], body["usage"]["prompt_tokens"]) == (2, 3, 3)
    assert "data" not in body


@VECTORS
def test_token_ids_are_words_that_nobody_could_redact_so_only_their_number_is_recorded(client, taken, snapshot_of):
    client.embeddings.create(model="e", input=[[9906, 11], [1917]])
    client.completions.create(model="m", prompt=[9906, 11, 1917])
    embedded, completed = taken.calls
    assert snapshot_of(embedded.request)["input"] == ["<2 tokens>", "<1 tokens>"]
    assert snapshot_of(completed.request)["prompt"] == "<3 tokens>"


def test_a_raw_response_is_recorded_once_and_stays_what_it_is(client, taken, snapshot_of):
    raw = client.chat.completions.with_raw_response.create(model="m", messages=MESSAGES)
    assert raw.headers["content-type"] == "application/json"
    assert raw.parse().choices[0].message.content == "On its way."
    assert raw.parse() is raw.parse()
    call = taken.one()
    assert snapshot_of(call.response)["choices"][0]["message"]["content"] == "On its way."
    assert call.message_ids == ["chatcmpl-1"]


@needs("chat.completions.with_streaming_response")
@pytest.mark.parametrize(
    "read",
    [
        lambda response: response.parse().id,
        lambda response: response.json()["id"],
        lambda response: json.loads(b"".join(response.iter_bytes()))["id"],
        lambda response: json.loads("".join(response.iter_lines()))["id"],
    ],
)
def test_a_streaming_response_is_recorded_however_its_body_is_read(client, taken, snapshot_of, read):
    with client.chat.completions.with_streaming_response.create(model="m", messages=MESSAGES) as response:
        assert not taken
        assert read(response) == "chatcmpl-1"
    call = taken.one()
    assert snapshot_of(call.response)["usage"] == USAGE
    assert (call.finish, call.first_chunk_ns) == ("", 0)


@needs("chat.completions.with_streaming_response")
def test_a_streaming_response_that_nobody_reads_is_abandoned(client, taken, snapshot_of):
    with client.chat.completions.with_streaming_response.create(model="m", messages=MESSAGES) as response:
        assert response.status_code == 200
    call = taken.one()
    assert call.finish == "abandoned"
    assert snapshot_of(call.response) is None


@needs("chat.completions.with_streaming_response")
async def test_an_async_streaming_response_is_recorded(url, taken, snapshot_of):
    async with openai.AsyncOpenAI(api_key="k", base_url=url) as client:
        request = client.chat.completions.with_streaming_response.create(model="m", messages=MESSAGES)
        async with request as response:
            assert (await response.parse()).id == "chatcmpl-1"
    assert snapshot_of(taken.one().response)["id"] == "chatcmpl-1"


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, "BadRequestError"), (401, "AuthenticationError"), (429, "RateLimitError"), (500, "InternalServerError")],
)
def test_an_error_of_the_provider_reaches_the_application_and_the_record(client, taken, snapshot_of, status, error):
    with pytest.raises(getattr(openai, error)):
        client.chat.completions.create(model=f"fail-{status}", messages=MESSAGES)
    call = taken.one()
    assert call.error == f"openai.{error}"
    assert snapshot_of(call.request)["messages"] == MESSAGES
    assert snapshot_of(call.response) is None


def test_a_timeout_is_an_error(client, server, taken):
    with pytest.raises(openai.APITimeoutError):
        client.chat.completions.create(model="slow", messages=MESSAGES, timeout=0.05)
    server.hold.set()
    assert taken.one().error == "openai.APITimeoutError"


def test_retries_of_the_sdk_are_one_call(url, server, taken, snapshot_of, monkeypatch):
    monkeypatch.setattr(clients, "INITIAL_RETRY_DELAY", 0.0, raising=False)  # the first releases wait half a second
    with openai.OpenAI(api_key="k", base_url=url, max_retries=2) as client:
        client.chat.completions.create(model="once-500", messages=MESSAGES)
    assert len(server.asked) == 2
    call = taken.one()
    assert call.error == ""
    assert snapshot_of(call.response)["id"] == "chatcmpl-1"


async def test_a_cancelled_call_is_an_error_of_that_name(url, server, taken):
    async with openai.AsyncOpenAI(api_key="k", base_url=url) as client:
        task = asyncio.create_task(client.chat.completions.create(model="slow", messages=MESSAGES))
        while not server.asked:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    server.hold.set()
    assert taken.one().error == "asyncio.exceptions.CancelledError"


def test_what_calls_no_model_is_no_call(client, taken):
    client.models.list()
    client.files.list()
    client.moderations.create(input="x")
    assert not taken


def test_a_call_knows_the_call_around_it(client, taken):
    @agentlog.capture
    def run() -> None:
        client.chat.completions.create(model="m", messages=MESSAGES)

    run()
    inner, outer = taken.calls
    assert outer.operation == "invoke_workflow"
    assert (inner.parent, inner.trace, inner.depth) == (outer.id, outer.trace, 1)
    assert context.innermost() is None


async def test_calls_at_the_same_time_keep_their_own_parents_and_answers(url, taken, snapshot_of):
    async with openai.AsyncOpenAI(api_key="k", base_url=url) as client:

        @agentlog.capture
        async def run(number: int) -> str | None:
            answer = await client.chat.completions.create(
                model=f"says-{number}", messages=[{"role": "user", "content": str(number)}]
            )
            return answer.choices[0].message.content

        assert await asyncio.gather(*(run(number) for number in range(8))) == [str(number) for number in range(8)]
    outer = {call.id: snapshot_of(call.request)["number"] for call in taken.calls if call.operation != "chat"}
    for call in taken.calls:
        if call.operation == "chat":
            said = snapshot_of(call.response)["choices"][0]["message"]["content"]
            assert said == snapshot_of(call.request)["messages"][0]["content"] == str(outer[call.parent])


def test_threads_record_each_their_own_call(client, taken, snapshot_of):
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda number: client.chat.completions.create(model=f"says-{number}", messages=MESSAGES), range(16)
            )
        )
    said = {snapshot_of(call.response)["choices"][0]["message"]["content"] for call in taken.calls}
    assert said == {str(number) for number in range(16)}
    assert len({call.id for call in taken.calls}) == 16


def test_an_azure_client_is_azure_and_its_deployment_the_model(url, server, taken):
    with AzureOpenAI(api_key="k", azure_endpoint=url, api_version="2026-01-01") as client:
        client.chat.completions.create(model="my-deployment", messages=MESSAGES)
    assert "/deployments/my-deployment/chat/completions" in server.asked[0][0]
    call = taken.one()
    assert (call.provider, call.model, call.attributes) == ("azure.ai.openai", "my-deployment", {})


@pytest.mark.parametrize(
    ("host", "provider", "known"),
    [
        ("api.openai.com", "openai", True),
        ("eu.api.openai.com", "openai", True),
        ("api.groq.com", "groq", True),
        ("api.deepseek.com", "deepseek", True),
        ("api.mistral.ai", "mistral_ai", True),
        ("openrouter.ai", "openrouter", True),
        ("shop.openai.azure.com", "azure.ai.openai", True),
        ("europe-west4-aiplatform.googleapis.com", "gcp.vertex_ai", True),
        ("notopenrouter.ai", "openai", False),
        ("10.0.0.7", "openai", False),
    ],
)
def test_the_provider_is_told_from_the_host(host, provider, known):
    from agentlog_openai.request import provider as provider_of

    with openai.OpenAI(api_key="k", base_url=f"https://{host}/v1") as client:
        assert provider_of(client) == (provider, "" if known else host)


def test_a_host_that_nobody_knows_is_an_attribute(client, taken):
    client.chat.completions.create(model="m", messages=MESSAGES)
    call = taken.one()
    assert (call.provider, call.attributes) == ("openai", {"server.address": "127.0.0.1"})


def test_a_client_and_its_raw_view_that_existed_before_are_covered_and_afterwards_are_not(url, taken):
    agentlog.uninstrument()
    with openai.OpenAI(api_key="k", base_url=url) as client:
        raw = client.chat.completions.with_raw_response  # keeps the method that it finds now
        raw.create(model="m", messages=MESSAGES)
        assert not taken
        with agentlog.instrument(openai):
            raw.create(model="m", messages=MESSAGES)
            kept = client.embeddings.with_raw_response
            kept.create(model="e", input="x")
        assert len(taken.calls) == 2
        raw.create(model="m", messages=MESSAGES)
        kept.create(model="e", input="x")
        assert len(taken.calls) == 2


def everything() -> dict[type, dict[str, Any]]:
    """Every class of the SDK's own modules, and what is in it."""
    modules = [module for name, module in sys.modules.items() if name == "openai" or name.startswith("openai._")]
    # by `type`: `isinstance` makes some proxies of the SDK import what they stand for
    classes = {one for module in modules for one in vars(module).values() if issubclass(type(one), type)}
    return {one: dict(vars(one)) for one in classes if one.__module__.startswith("openai")}


def test_uninstrument_leaves_every_class_of_the_sdk_as_it_was_found(client, taken):
    agentlog.uninstrument()
    client.chat.completions.create(model="m", messages=MESSAGES)  # Python notes what it learns of a class in it
    before = everything()
    with agentlog.instrument(openai), agentlog.instrument("openai"):
        # a wrapper says that it equals what it wraps
        there = everything()
        changed = [one for one in there if any(there[one][name] is not value for name, value in before[one].items())]
        hooked = {clients.SyncAPIClient, clients.AsyncAPIClient, streaming.Stream, streaming.AsyncStream}
        assert set(changed) == hooked
        client.chat.completions.create(model="m", messages=MESSAGES)
        assert len(taken.calls) == 1  # instrumented twice is once
    after = everything()
    for one, there in before.items():
        assert list(there) == list(after[one])  # in their order, too
        assert all(after[one][name] is value for name, value in there.items()), one


def test_what_somebody_has_wrapped_around_us_since_is_left_to_him(client, taken, monkeypatch):
    agentlog.uninstrument()
    before = vars(clients.SyncAPIClient)["request"]
    with agentlog.instrument(openai):
        ours = vars(clients.SyncAPIClient)["request"]
        theirs = lambda self, *args, **kwargs: ours.__get__(self)(*args, **kwargs)  # noqa: E731
        monkeypatch.setattr(clients.SyncAPIClient, "request", theirs)
    assert vars(clients.SyncAPIClient)["request"] is theirs
    client.chat.completions.create(model="m", messages=MESSAGES)
    assert not taken
    monkeypatch.setattr(clients.SyncAPIClient, "request", before)


def test_it_says_what_it_covers_and_what_this_release_has_not(client):
    apis = ("chat", "responses", "completions", "embeddings")
    there = [one for one in apis if hasattr(client, one)]
    with agentlog.instrument(openai) as what:
        pass
    release = f"openai {openai.__version__}"
    assert what.covered[0].startswith(f"{release}: {', '.join(there)} (")
    absent = [f"{release}: it has no {one}" for one in apis if one not in there]
    assert [one for one in what.missing if "it has no" in one] == absent
    said = "".join(what.missing)
    assert ("realtime" in said) == hasattr(client, "realtime")
    assert ("batches" in said) == hasattr(client, "batches")
    assert ("background responses" in said) == hasattr(client, "responses")


def test_a_release_without_the_hooked_method_is_named_as_missing(monkeypatch):
    agentlog.uninstrument()
    monkeypatch.delattr(clients, "AsyncAPIClient")
    with agentlog.instrument(openai) as what:
        assert any("AsyncAPIClient.request" in one for one in what.missing)


def test_a_run_that_is_not_sampled_records_nothing(client, taken, monkeypatch):
    monkeypatch.setattr(runtime, "_rate", 0.0)
    client.chat.completions.create(model="m", messages=MESSAGES)
    assert not taken
