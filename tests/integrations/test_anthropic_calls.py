"""The anthropic SDK: what is asked and what comes back in one piece."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anthropic
import pytest
from anthropic_wire import MESSAGES, TOOL, USAGE, async_client_of, client_of, clients, http, said
from pydantic import BaseModel

import agentlog
from agentlog import runtime
from agentlog.instrumentation import integration
from agentlog.recording import context
from agentlog.recording.calls import error_name


@pytest.fixture(autouse=True)
def _instrumented() -> Iterator[None]:
    with agentlog.instrument("anthropic"):
        yield


def ask(client: Any, **more: Any) -> Any:
    return client.messages.create(**{"model": "m", "max_tokens": 9, "messages": MESSAGES, **more})


def has(client: Any, path: str) -> bool:
    for name in path.split("."):
        client = getattr(client, name, None)
    return client is not None


def needs(client: Any, path: str) -> None:
    if not has(client, path):
        pytest.skip(f"anthropic {anthropic.__version__} has no {path}")


def test_a_message_is_recorded_as_it_was_sent_and_answered(taken, snapshot_of):
    client = client_of(said("On its way."))
    answer = ask(client, system="Be brief.", tools=[TOOL], tool_choice={"type": "any"}, stop_sequences=["END"])
    assert answer.content[0].text == "On its way."
    call = taken.one()
    assert (call.operation, call.name, call.model, call.dialect) == ("chat", "m", "m", "anthropic.messages")
    assert (call.framework, call.message_ids, call.error, call.finish) == ("anthropic", ["msg_1"], "", "")
    assert snapshot_of(call.request) == client.wire.asked[0][1]
    assert snapshot_of(call.request)["tools"] == [TOOL]
    body = snapshot_of(call.response)
    assert body["content"] == [{"type": "text", "text": "On its way."}]
    assert (body["usage"], body["stop_reason"], body["model"]) == (USAGE, "end_turn", "m-2026")
    assert call.duration_ns > 0
    assert call.first_chunk_ns == 0


async def test_an_async_message_is_recorded(taken, snapshot_of):
    async with async_client_of(said("On its way.")) as client:
        await ask(client)
        assert snapshot_of(taken.one().request) == client.wire.asked[0][1]
    assert snapshot_of(taken.one().response)["id"] == "msg_1"


def test_neither_keys_nor_headers_nor_timeouts_are_recorded_but_extra_body_is(taken, snapshot_of):
    ask(client_of(said("x")), extra_headers={"x-team": "hush"}, timeout=3.0, extra_body={"top_k": 4})
    asked = snapshot_of(taken.one().request)
    assert asked == {"model": "m", "max_tokens": 9, "messages": MESSAGES, "top_k": 4}


def test_the_messages_of_a_call_are_those_that_were_sent_whatever_is_done_with_them_later(taken, snapshot_of):
    client = client_of(said("On its way."))
    messages = [dict(MESSAGES[0])]
    answer = ask(client, messages=messages)
    messages.append({"role": "assistant", "content": answer.content})
    messages[0]["content"] = "changed"
    ask(client, messages=messages)
    first, second = taken.calls
    assert snapshot_of(first.request)["messages"] == MESSAGES
    # the SDK's own blocks, appended by every agent's loop, are recorded as they are sent
    assert snapshot_of(second.request) == client.wire.asked[1][1]
    assert snapshot_of(second.request)["messages"][1]["content"] == [{"type": "text", "text": "On its way."}]


def test_a_generator_of_messages_reaches_the_provider_and_the_record(taken, snapshot_of):
    client = client_of(said("x"))
    ask(client, messages=(one for one in MESSAGES))
    assert client.wire.asked[0][1]["messages"] == MESSAGES
    assert snapshot_of(taken.one().request)["messages"] == MESSAGES


async def test_an_async_generator_free_iterator_of_messages_reaches_the_provider_and_the_record(taken, snapshot_of):
    async with async_client_of(said("x")) as client:
        await ask(client, messages=iter(MESSAGES))
        assert client.wire.asked[0][1]["messages"] == MESSAGES
    assert snapshot_of(taken.one().request)["messages"] == MESSAGES


def test_a_picture_given_as_a_file_is_recorded_as_it_was_sent(taken, snapshot_of, tmp_path):
    (tmp_path / "a.png").write_bytes(b"picture")
    source = {"type": "base64", "media_type": "image/png", "data": tmp_path / "a.png"}
    client = client_of(said("x"))
    ask(client, messages=[{"role": "user", "content": [{"type": "image", "source": source}]}])
    assert snapshot_of(taken.one().request) == client.wire.asked[0][1]
    assert snapshot_of(taken.one().request)["messages"][0]["content"][0]["source"]["data"] == "cGljdHVyZQ=="


class Order(BaseModel):
    state: str


def test_parse_is_one_call_with_the_schema_that_was_sent_and_the_text_that_came(taken, snapshot_of):
    client = client_of(said('{"state": "shipped"}'))
    needs(client, "messages.parse")
    answer = client.messages.parse(model="m", max_tokens=9, messages=MESSAGES, output_format=Order)
    assert answer.parsed_output == Order(state="shipped")
    call = taken.one()
    assert snapshot_of(call.request) == client.wire.asked[0][1]
    assert "state" in json.dumps(snapshot_of(call.request)["output_config"])
    assert snapshot_of(call.response)["content"] == [{"type": "text", "text": '{"state": "shipped"}'}]


def test_an_answer_that_parse_cannot_read_is_an_error_and_is_recorded(taken, snapshot_of):
    client = client_of(said('{"wrong": 1}'))
    needs(client, "messages.parse")
    with pytest.raises(Exception, match=r"validation error|state") as caught:
        client.messages.parse(model="m", max_tokens=9, messages=MESSAGES, output_format=Order)
    call = taken.one()
    assert call.error == error_name(caught.value)
    assert snapshot_of(call.response)["content"][0]["text"] == '{"wrong": 1}'


def test_the_beta_namespace_is_the_same_call(taken, snapshot_of):
    client = client_of(said("x"))
    needs(client, "beta.messages")
    client.beta.messages.create(model="m", max_tokens=9, messages=MESSAGES, betas=["b-1"])
    call = taken.one()
    assert (call.dialect, call.message_ids) == ("anthropic.messages", ["msg_1"])
    assert snapshot_of(call.request)["messages"] == MESSAGES


def test_every_turn_of_the_tool_runner_is_a_call(taken, snapshot_of):
    use = {"type": "tool_use", "id": "toolu_1", "name": "lookup", "input": {"order": "A17"}}
    client = client_of(said(use, stop="tool_use"), said("On its way."))
    needs(client, "beta.messages.tool_runner")

    def lookup(order: str) -> str:
        """Look an order up.

        Args:
            order: its number.
        """
        return f"{order} has left"

    runner = client.beta.messages.tool_runner(
        model="m", max_tokens=9, messages=MESSAGES, tools=[anthropic.beta_tool(lookup)]
    )
    assert [one.stop_reason for one in runner] == ["tool_use", "end_turn"]
    first, second = [call for call in taken.calls if call.operation == "chat"]
    assert snapshot_of(first.response)["content"] == [use]
    assert snapshot_of(first.request)["tools"][0]["name"] == "lookup"
    # newer releases leave the history with the provider, and send the tool's result only
    assert [snapshot_of(call.request) for call in (first, second)] == [body for _, body in client.wire.asked]
    asked = snapshot_of(second.request)["messages"]
    assert asked[-1]["content"][0]["tool_use_id"] == "toolu_1"
    assert "A17 has left" in json.dumps(asked[-1])
    (tool,) = [call for call in taken.calls if call.operation == "execute_tool"]
    assert (tool.name, tool.framework, tool.error) == ("lookup", "anthropic", "")
    assert (snapshot_of(tool.request), snapshot_of(tool.response)) == ({"order": "A17"}, "A17 has left")
    assert taken.calls.index(first) < taken.calls.index(tool) < taken.calls.index(second)


async def test_an_async_tool_that_fails_in_the_tool_runner_is_an_error_of_its_call(taken, snapshot_of):
    use = {"type": "tool_use", "id": "toolu_1", "name": "lookup", "input": {"order": "A17"}}
    async with async_client_of(said(use, stop="tool_use"), said("I can't.")) as client:
        needs(client, "beta.messages.tool_runner")

        @anthropic.beta_async_tool
        async def lookup(order: str) -> str:
            """Look an order up."""
            raise LookupError(order)

        runner = client.beta.messages.tool_runner(model="m", max_tokens=9, messages=MESSAGES, tools=[lookup])
        if asyncio.iscoroutine(runner):
            runner = await runner
        answers = [one.stop_reason async for one in runner]
    assert answers == ["tool_use", "end_turn"]
    (tool,) = [call for call in taken.calls if call.operation == "execute_tool"]
    assert (tool.name, tool.error, snapshot_of(tool.request)) == ("lookup", "LookupError", {"order": "A17"})
    assert context.innermost() is None


def test_counting_tokens_calls_no_model(taken):
    client = client_of({"input_tokens": 9})
    needs(client, "messages.count_tokens")
    assert client.messages.count_tokens(model="m", messages=MESSAGES).input_tokens == 9
    assert not taken


def test_what_calls_no_model_is_no_call(taken):
    client = client_of({"data": [], "has_more": False, "first_id": None, "last_id": None})
    client.get("/v1/models", cast_to=object)
    client.post("/v1/messages/batches", body={"requests": []}, cast_to=object)
    assert len(client.wire.asked) == 2
    assert not taken


def test_a_legacy_completion_is_recorded(taken, snapshot_of):
    client = client_of(
        {"id": "compl_1", "type": "completion", "model": "m-2", "completion": " 4", "stop_reason": "stop"}
    )
    needs(client, "completions")
    client.completions.create(model="m", prompt="\n\nHuman: 2+2\n\nAssistant:", max_tokens_to_sample=5)
    call = taken.one()
    assert (call.operation, call.dialect, call.message_ids) == (
        "text_completion",
        "anthropic.completions",
        ["compl_1"],
    )
    assert snapshot_of(call.request) == client.wire.asked[0][1]
    assert snapshot_of(call.response)["completion"] == " 4"


def test_a_raw_response_is_recorded_once_and_stays_what_it_is(taken, snapshot_of):
    raw = client_of(said("On its way.")).messages.with_raw_response.create(model="m", max_tokens=9, messages=MESSAGES)
    assert raw.headers["content-type"] == "application/json"
    assert raw.parse().content[0].text == "On its way."
    call = taken.one()
    assert snapshot_of(call.response)["content"][0]["text"] == "On its way."
    assert call.message_ids == ["msg_1"]


@pytest.mark.parametrize(
    "read",
    [
        lambda response: response.parse().id,
        lambda response: response.json()["id"],
        lambda response: json.loads(b"".join(response.iter_bytes()))["id"],
        lambda response: json.loads("".join(response.iter_lines()))["id"],
    ],
)
def test_a_streaming_response_is_recorded_however_its_body_is_read(taken, snapshot_of, read):
    messages = client_of(said("On its way.")).messages
    with messages.with_streaming_response.create(model="m", max_tokens=9, messages=MESSAGES) as response:
        assert not taken
        assert read(response) == "msg_1"
    call = taken.one()
    assert snapshot_of(call.response)["usage"] == USAGE
    assert (call.finish, call.first_chunk_ns) == ("", 0)


def test_a_streaming_response_that_nobody_reads_is_abandoned(taken, snapshot_of):
    messages = client_of(said("x")).messages
    with messages.with_streaming_response.create(model="m", max_tokens=9, messages=MESSAGES) as response:
        assert response.status_code == 200
    call = taken.one()
    assert call.finish == "abandoned"
    assert snapshot_of(call.response) is None


async def test_an_async_streaming_response_is_recorded(taken, snapshot_of):
    async with async_client_of(said("x")) as client:
        request = client.messages.with_streaming_response.create(model="m", max_tokens=9, messages=MESSAGES)
        async with request as response:
            assert (await response.parse()).id == "msg_1"
    assert snapshot_of(taken.one().response)["id"] == "msg_1"


def test_a_response_of_the_http_library_can_be_asked_for(taken, snapshot_of):
    body = {"model": "m", "max_tokens": 9, "messages": MESSAGES}
    response = client_of(said("x")).post("/v1/messages", body=body, cast_to=http.Response)
    assert response.json()["id"] == "msg_1"
    assert snapshot_of(taken.one().response)["id"] == "msg_1"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (404, "NotFoundError"),
        (429, "RateLimitError"),
        (500, "InternalServerError"),
        (529, "APIStatusError"),  # a class of its own in some releases
    ],
)
def test_an_error_of_the_provider_reaches_the_application_and_the_record(taken, snapshot_of, status, error):
    failed = {"type": "error", "error": {"type": "overloaded_error", "message": "no"}}
    with pytest.raises(getattr(anthropic, error)) as caught:
        ask(client_of((status, failed)))
    call = taken.one()
    assert call.error == error_name(caught.value)
    assert call.error.startswith("anthropic.")
    assert snapshot_of(call.request)["messages"] == MESSAGES
    assert snapshot_of(call.response) is None


def test_a_timeout_and_a_broken_connection_are_errors(taken):
    for failure, error in (
        (http.ReadTimeout("late"), anthropic.APITimeoutError),
        (http.ConnectError("no"), anthropic.APIConnectionError),
    ):
        with pytest.raises(error):
            ask(client_of(failure))
    assert [call.error for call in taken.calls] == ["anthropic.APITimeoutError", "anthropic.APIConnectionError"]


def test_retries_of_the_sdk_are_one_call(taken, snapshot_of, monkeypatch):
    for name in ("INITIAL_RETRY_DELAY", "MAX_RETRY_DELAY"):
        monkeypatch.setattr(clients, name, 0.0)
    client = client_of((500, {}), (529, {}), said("x"), max_retries=2)
    ask(client)
    assert len(client.wire.asked) == 3
    call = taken.one()
    assert (call.error, snapshot_of(call.response)["id"]) == ("", "msg_1")


async def test_a_cancelled_call_is_an_error_of_that_name(taken):
    reached = asyncio.Event()

    async def late(body: Any) -> Any:
        reached.set()
        await asyncio.sleep(60)

    async with async_client_of(late) as client:
        task = asyncio.create_task(ask(client))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert taken.one().error == "asyncio.exceptions.CancelledError"


def test_a_request_that_the_sdk_refuses_is_an_error_without_an_answer(taken, snapshot_of):
    client = client_of(said("x"))
    if not hasattr(clients.SyncAPIClient, "_copy_and_prepare"):
        pytest.skip("this release makes the body before the request begins")
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(ValueError, match=r"."):
        ask(client, messages=circle)
    call = taken.one()
    assert (call.error, snapshot_of(call.request)) == ("ValueError", None)
    assert not integration._installed["agentlog_anthropic:AnthropicIntegration"].integration._hooks._unprepared  # type: ignore[attr-defined]


def test_a_call_knows_the_call_around_it(taken):
    client = client_of(said("x"))

    @agentlog.capture
    def run() -> None:
        ask(client)

    run()
    inner, outer = taken.calls
    assert outer.operation == "invoke_workflow"
    assert (inner.parent, inner.trace, inner.depth) == (outer.id, outer.trace, 1)
    assert context.innermost() is None


def echo(body: Any) -> Any:
    return said(body["messages"][0]["content"])


async def test_calls_at_the_same_time_keep_their_own_parents_and_answers(taken, snapshot_of):
    async def late_echo(body: Any) -> Any:
        await asyncio.sleep(0.001)
        return echo(body)

    async with async_client_of(late_echo) as client:

        @agentlog.capture
        async def run(number: int) -> str:
            answer = await ask(client, messages=[{"role": "user", "content": str(number)}])
            return answer.content[0].text

        assert await asyncio.gather(*(run(number) for number in range(8))) == [str(number) for number in range(8)]
    outer = {call.id: snapshot_of(call.request)["number"] for call in taken.calls if call.operation != "chat"}
    for call in taken.calls:
        if call.operation == "chat":
            words = snapshot_of(call.response)["content"][0]["text"]
            assert words == snapshot_of(call.request)["messages"][0]["content"] == str(outer[call.parent])


def test_threads_record_each_their_own_call(taken, snapshot_of):
    client = client_of(echo)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ask(client, messages=[{"role": "user", "content": str(n)}]), range(40)))
    assert len(taken.calls) == 40
    for call in taken.calls:
        assert snapshot_of(call.response)["content"][0]["text"] == snapshot_of(call.request)["messages"][0]["content"]


CLOUDS = {
    "AnthropicBedrock": ({"aws_region": "eu-west-1", "aws_access_key": "a", "aws_secret_key": "s"}, "aws.bedrock"),
    "AnthropicVertex": ({"region": "europe-west4", "project_id": "p", "access_token": "t"}, "gcp.vertex_ai"),
    "AnthropicFoundry": ({"api_key": "k"}, "azure.ai.inference"),
}


@pytest.mark.parametrize("name", CLOUDS)
def test_clients_of_clouds_are_the_same_call_of_another_provider(taken, snapshot_of, name, monkeypatch):
    kind = getattr(anthropic, name, None)
    if kind is None:
        pytest.skip(f"anthropic {anthropic.__version__} has no {name}")
    settings, provider = CLOUDS[name]
    # signing is for boto3 and google-auth, and not what is tested here
    monkeypatch.setattr(kind, "_prepare_request", lambda self, request: None)
    wire = client_of(said("On its way.")).wire
    client = kind(http_client=http.Client(transport=wire), base_url="http://gateway.example", **settings)
    ask(client)
    call = taken.one()
    assert (call.provider, call.model, call.dialect, call.attributes) == (provider, "m", "anthropic.messages", {})
    assert snapshot_of(call.request) == {"model": "m", "max_tokens": 9, "messages": MESSAGES}
    assert snapshot_of(call.response)["content"][0]["text"] == "On its way."


@pytest.mark.parametrize(
    ("url", "provider", "attributes"),
    [
        ("https://api.anthropic.com", "anthropic", {}),
        ("https://api.deepseek.com/anthropic", "deepseek", {}),
        ("http://gateway.example:8080", "anthropic", {"server.address": "gateway.example"}),
    ],
)
def test_the_provider_is_known_by_the_host(taken, url, provider, attributes):
    ask(client_of(said("x"), base_url=url))
    call = taken.one()
    assert (call.provider, call.attributes) == (provider, attributes)


def test_what_a_release_does_not_offer_is_said():
    with agentlog.instrument("anthropic") as told:
        pass
    client = client_of(said("x"))
    for path in ("messages.create", "messages.stream", "messages.parse", "beta.messages.tool_runner", "completions"):
        lines = told.covered if has(client, path) else told.missing
        assert any(anthropic.__version__ in line and path in line for line in lines), path
        assert has(client, path) == any(path in line for line in told.covered)
    if has(client, "beta.messages.batches"):
        assert any("batches" in line for line in told.missing)


def test_a_place_that_is_not_there_is_said(monkeypatch):
    agentlog.uninstrument()
    monkeypatch.delattr(clients.AsyncAPIClient, "request")
    with agentlog.instrument("anthropic") as told:
        assert any("AsyncAPIClient.request" in line for line in told.missing)


def attributes_of_the_sdk() -> dict[tuple[str, str], Any]:
    found = {}
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "anthropic":
            # by `type`: to look closer would make some of the SDK's proxies import what is not installed
            classes = [one for one in vars(module).values() if issubclass(type(one), type) and one.__module__ == name]
            for owner in classes:
                found |= {(f"{name}.{owner.__qualname__}", key): id(value) for key, value in vars(owner).items()}
            found |= {(name, key): id(value) for key, value in vars(module).items() if callable(value)}
    return found


def test_uninstrument_leaves_the_sdk_as_it_was_found(taken):
    ask(client_of(said("x")))  # what the SDK makes on first use is made
    agentlog.uninstrument()
    before = attributes_of_the_sdk()
    with agentlog.instrument("anthropic"):
        during = attributes_of_the_sdk()
        ask(client_of(said("x")))
    assert during != before
    after = attributes_of_the_sdk()
    assert {key: value for key, value in after.items() if before.get(key) != value and key in before} == {}
    ask(client_of(said("x")))
    assert len(taken.calls) == 2


def test_a_client_that_was_made_before_is_covered(taken):
    agentlog.uninstrument()
    client = client_of(said("x"))
    create = client.messages.create
    with agentlog.instrument("anthropic"):
        create(model="m", max_tokens=9, messages=MESSAGES)
    assert len(taken.calls) == 1


def test_what_somebody_else_put_around_ours_stays(taken, monkeypatch):
    ours = clients.SyncAPIClient.__dict__["request"]
    seen = []

    def theirs(self: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(1)
        return ours.__get__(self, type(self))(*args, **kwargs)

    monkeypatch.setattr(clients.SyncAPIClient, "request", theirs)
    agentlog.uninstrument()
    ask(client_of(said("x")))
    assert seen == [1]
    assert not taken


def test_nothing_is_recorded_where_nothing_shall_be(taken):
    with context.unrecorded():
        ask(client_of(said("x")))
    runtime._on = False
    ask(client_of(said("x")))
    assert not taken


def test_without_content_there_are_neither_words_nor_answers(taken, snapshot_of, monkeypatch):
    begin = runtime.begin

    def plain(*args: Any) -> Any:
        call = begin(*args)
        call.content = False
        return call

    monkeypatch.setattr(runtime, "begin", plain)
    ask(client_of(said("x")))
    call = taken.one()
    assert (snapshot_of(call.request), snapshot_of(call.response), call.model) == (None, None, "m")


FAULTS = {
    "the request": ("agentlog_stainless.hooks.encode", 1),
    "the provider": ("agentlog_anthropic.sdk.provider_of", 0),
    "the beginning": ("agentlog_stainless.hooks.runtime.begin", 0),
    "the answer": ("agentlog_stainless.reading.encode", 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_ours_changes_nothing_for_the_application(taken, monkeypatch, fault):
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("ours")

    place, rows = FAULTS[fault]
    monkeypatch.setattr(place, broken)
    assert ask(client_of(said("On its way."))).content[0].text == "On its way."
    assert len(taken.calls) == rows
    assert "RuntimeError" in str(runtime.status().last_error)
    assert context.innermost() is None


def test_odd_bodies_are_sent_as_they_are_and_recorded_as_well_as_they_can_be(taken, snapshot_of):
    client = client_of(said("x"))
    client.post("/v1/messages", body={"model": 7, "messages": "none"}, cast_to=object)
    client.post("/v1/messages", body=["no", "dict"], cast_to=object)
    assert [body for _, body in client.wire.asked] == [{"model": 7, "messages": "none"}, ["no", "dict"]]
    assert [call.model for call in taken.calls] == ["", ""]
    assert snapshot_of(taken.calls[0].request) == {"model": 7, "messages": "none"}
