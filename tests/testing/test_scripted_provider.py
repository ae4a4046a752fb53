from __future__ import annotations

import http.client
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from agentlog.testing import Reply, ScriptedProvider

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def ask(url: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def chat(provider: ScriptedProvider, text: str = "How is the weather?", **fields: Any) -> dict[str, Any]:
    body = {"model": "any", "messages": [{"role": "user", "content": text}], **fields}
    return ask(provider.base_url + "/chat/completions", body)


def events(provider: ScriptedProvider, path: str, body: dict[str, Any]) -> list[tuple[str | None, str]]:
    """The server-sent events of a stream, as (name, data), read to wherever the stream ends."""
    request = urllib.request.Request(provider.root_url + path, json.dumps({**body, "stream": True}).encode())
    found, name = [], None
    with urllib.request.urlopen(request, timeout=10) as response:
        for line in response.read().decode().splitlines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, line.removeprefix("data: ")))
                name = None
    return found


def wait_until(happened: Callable[[], object]) -> None:
    for _ in range(1000):
        if happened():
            return
        time.sleep(0.01)
    pytest.fail("waited 10 s in vain")


def failure(call: Any, *args: Any, **fields: Any) -> tuple[int, dict[str, Any]]:
    with pytest.raises(urllib.error.HTTPError) as raised:
        call(*args, **fields)
    with raised.value as error:
        return error.code, json.load(error)


def test_a_list_of_replies_is_given_one_after_the_other_and_says_when_it_is_used_up() -> None:
    with ScriptedProvider(["one", {"two": 2}, Reply(tool_calls=[("three", {"n": 3})])]) as provider:
        messages = [chat(provider)["choices"][0]["message"] for _ in range(3)]
        status, document = failure(chat, provider)
    assert [message["content"] for message in messages] == ["one", '{"two": 2}', None]
    assert messages[2]["tool_calls"][0]["function"] == {"name": "three", "arguments": '{"n": 3}'}
    assert status == 500
    assert "3 replies" in document["error"]["message"]


def test_a_script_sees_the_route_and_the_body_and_leaves_to_the_default_what_it_does_not_answer() -> None:
    def script(route: str, body: dict[str, Any]) -> str | None:
        return f"{route}: {len(body['messages'])}" if body["model"] == "mine" else None

    with ScriptedProvider(script) as provider:
        assert chat(provider, model="mine")["choices"][0]["message"]["content"] == "chat: 1"
        assert chat(provider)["choices"][0]["message"]["content"].startswith("Scripted reply to ")


def test_an_exception_in_a_script_reaches_the_client_as_an_error() -> None:
    def script(route: str, body: dict[str, Any]) -> str:
        raise KeyError("nothing here")

    with ScriptedProvider(script) as provider:
        status, document = failure(chat, provider)
    assert (status, document["error"]["message"]) == (500, "the script raised KeyError: 'nothing here'")


def test_requests_hold_what_was_asked_and_answered_and_no_key() -> None:
    with ScriptedProvider(["Sunny."]) as provider:
        body = {"model": "any", "messages": [{"role": "user", "content": "Weather?"}]}
        answer = ask(provider.base_url + "/chat/completions", body, authorization="Bearer sk-secret", app="test")
        (exchange,) = provider.requests
    assert exchange.request == body
    assert exchange.response == answer
    assert (exchange.route, exchange.path, exchange.status, exchange.stream) == (
        "chat",
        "/v1/chat/completions",
        200,
        False,
    )
    assert exchange.headers["app"] == "test"
    assert "sk-secret" not in repr(exchange)
    assert answer["id"] == f"chatcmpl-{exchange.id}"


def test_two_providers_answer_the_same_with_the_same_bytes_and_every_answer_has_its_own_id() -> None:
    answers = []
    for _ in range(2):
        with ScriptedProvider() as provider:
            answers.append([chat(provider), chat(provider), chat(provider, tools=[WEATHER])])
    assert answers[0] == answers[1]
    assert len({answer["id"] for answer in answers[0]}) == 3


def test_the_default_script_calls_each_tool_once_and_then_speaks() -> None:
    with ScriptedProvider() as provider:
        asked = {"role": "user", "content": "Weather?"}
        first = ask(provider.base_url + "/chat/completions", {"model": "m", "messages": [asked], "tools": [WEATHER]})
        call = first["choices"][0]["message"]
        result = {"role": "tool", "tool_call_id": call["tool_calls"][0]["id"], "content": "12 degrees"}
        history = [asked, call, result]
        second = ask(provider.base_url + "/chat/completions", {"model": "m", "messages": history, "tools": [WEATHER]})
        third = ask(
            provider.base_url + "/chat/completions",
            {"model": "m", "messages": [*history, {"role": "user", "content": "And now?"}], "tools": [WEATHER]},
        )
    assert json.loads(call["tool_calls"][0]["function"]["arguments"]) == {"city": "city (scripted)"}
    assert second["choices"][0]["finish_reason"] == "stop"
    assert third["choices"][0]["finish_reason"] == "tool_calls"


def test_a_call_that_is_forced_again_goes_to_a_tool_that_was_not_called_yet() -> None:
    final = {"type": "function", "function": {"name": "final_answer", "parameters": {"type": "object"}}}
    with ScriptedProvider() as provider:
        chosen, messages = [], [{"role": "user", "content": "Weather?"}]
        for _ in range(2):
            body = {"model": "m", "messages": messages, "tools": [WEATHER, final], "tool_choice": "required"}
            message = ask(provider.base_url + "/chat/completions", body)["choices"][0]["message"]
            call = message["tool_calls"][0]
            chosen.append(call["function"]["name"])
            messages = [*messages, message, {"role": "tool", "tool_call_id": call["id"], "content": "done"}]
    assert chosen == ["get_weather", "final_answer"]


@pytest.mark.parametrize("status", [400, 401, 404, 418, 429, 500, 503, 529])
def test_a_models_name_asks_for_a_status(status: int) -> None:
    with ScriptedProvider(["never said"]) as provider:
        found, document = failure(chat, provider, model=f"fault-{status}")
        assert provider.requests[0].status == status
    assert found == status
    assert document["error"]["message"]


def test_a_fault_that_does_not_exist_says_where_they_are_listed() -> None:
    with ScriptedProvider() as provider:
        status, document = failure(chat, provider, model="fault-typo")
    assert status == 404
    assert "agentlog.testing.faults" in document["error"]["message"]


def test_a_rate_limit_that_comes_once_lets_the_second_try_through() -> None:
    with ScriptedProvider() as provider:
        status, _ = failure(chat, provider, model="fault-429-once")
        assert status == 429
        assert chat(provider, model="fault-429-once")["choices"][0]["message"]["content"]


def test_half_a_document_is_sent_where_it_is_asked_for() -> None:
    with ScriptedProvider() as provider, pytest.raises(json.JSONDecodeError):
        chat(provider, model="fault-badjson")


def test_a_plain_answer_is_cut_in_the_middle() -> None:
    with ScriptedProvider() as provider:
        with pytest.raises(http.client.IncompleteRead):
            chat(provider, model="fault-drop")
        assert provider.requests[0].outcome == "cut"


def test_a_stream_is_cut_after_so_many_events() -> None:
    with ScriptedProvider([Reply(text="a long answer that is cut", chunk_chars=2, cut_after=3)]) as provider:
        connection = http.client.HTTPConnection("127.0.0.1", int(provider.root_url.rpartition(":")[2]), timeout=10)
        body = {"model": "m", "messages": [], "stream": True}
        connection.request("POST", "/v1/chat/completions", json.dumps(body))
        response = connection.getresponse()
        with pytest.raises(http.client.IncompleteRead) as raised:
            response.read()
        connection.close()
        (exchange,) = provider.requests
    assert raised.value.partial.count(b"data: ") == 3
    assert exchange.outcome == "cut"
    assert exchange.response is not None
    assert exchange.response["choices"][0]["message"]["content"] == "a long answer that is cut"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "hi"}]}),
        ("/v1/completions", {"prompt": "hi"}),
        ("/v1/responses", {"input": "hi"}),
        ("/v1/messages", {"messages": [{"role": "user", "content": "hi"}]}),
        ("/v1beta/models/fault-stream-error:streamGenerateContent?alt=sse", {"contents": []}),
    ],
)
def test_a_stream_can_break_off_with_an_error_under_status_200(path: str, body: dict[str, Any]) -> None:
    with ScriptedProvider() as provider:
        found = events(provider, path, {"model": "fault-stream-error", **body})
        (exchange,) = provider.requests
    assert len(found) == 3
    last = json.loads(found[-1][1])
    assert "The server had an error" in (last.get("error") or last)["message"]
    assert exchange.status == 200


def test_streams_of_one_answer_join_to_its_text_on_every_route() -> None:
    text = "Dear customer, your parcel (it's № 7, Zoë) is on its way."
    reply = Reply(text=text, chunk_chars=5)
    asked = [{"role": "user", "content": "hi"}]
    with ScriptedProvider([reply] * 5) as provider:
        chat_events = events(provider, "/v1/chat/completions", {"model": "m", "messages": asked})
        old_events = events(provider, "/v1/completions", {"model": "m", "prompt": "hi"})
        typed_events = events(provider, "/v1/responses", {"model": "m", "input": "hi"})
        message_events = events(provider, "/v1/messages", {"model": "m", "messages": asked})
        content_events = events(provider, "/v1beta/models/m:streamGenerateContent?alt=sse", {"contents": []})
    assert chat_events.pop()[1] == old_events.pop()[1] == "[DONE]"

    def load(found: list[tuple[str | None, str]]) -> list[Any]:
        return [json.loads(data) for _, data in found]

    assert "".join(one["choices"][0]["delta"].get("content") or "" for one in load(chat_events)) == text
    assert "".join(one["choices"][0]["text"] for one in load(old_events)) == text
    assert "".join(one["delta"] for one in load(typed_events) if one["type"] == "response.output_text.delta") == text
    assert "".join(one["delta"]["text"] for one in load(message_events) if one["type"] == "content_block_delta") == text
    parts = [part for one in load(content_events) for part in one["candidates"][0]["content"]["parts"]]
    assert "".join(part["text"] for part in parts) == text
    assert all(name == json.loads(data)["type"] for name, data in typed_events + message_events)


def test_gemini_answers_with_a_list_of_chunks_where_no_events_are_asked_for() -> None:
    with ScriptedProvider([Reply(text="one two three", chunk_chars=4)]) as provider:
        chunks = ask(provider.root_url + "/v1beta/models/gemini-x:streamGenerateContent", {"contents": []})
        assert provider.requests[0].request["model"] == "gemini-x"
    texts = [part["text"] for chunk in chunks for part in chunk["candidates"][0]["content"]["parts"]]
    assert "".join(texts) == "one two three"
    assert chunks[-1]["candidates"][0]["finishReason"] == "STOP"


def test_gemini_calls_a_function_and_then_speaks() -> None:
    declaration = {"name": "get_weather", "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}}}
    contents: list[dict[str, Any]] = [{"role": "user", "parts": [{"text": "Weather?"}]}]
    tools = [{"functionDeclarations": [declaration]}]
    with ScriptedProvider() as provider:
        url = provider.root_url + "/v1beta/models/gemini-x:generateContent"
        content = ask(url, {"contents": contents, "tools": tools})["candidates"][0]["content"]
        response = {"role": "user", "parts": [{"functionResponse": {"name": "get_weather", "response": {"c": 12}}}]}
        final = ask(url, {"contents": [*contents, content, response], "tools": tools})["candidates"][0]["content"]
    assert content["parts"] == [{"functionCall": {"name": "get_weather", "args": {"city": "city (scripted)"}}}]
    assert "text" in final["parts"][0]


def test_usage_counts_what_was_sent_and_said() -> None:
    with ScriptedProvider([Reply(text="four words of answer", reasoning="two words", cached_tokens=1)] * 4) as provider:
        openai = chat(provider)["usage"]
        response = ask(provider.base_url + "/responses", {"model": "m", "input": "one two"})["usage"]
        message = {"messages": [{"role": "user", "content": "x"}], "model": "m"}
        anthropic = ask(provider.base_url + "/messages", message)["usage"]
        gemini = ask(provider.root_url + "/v1beta/models/m:generateContent", {"contents": []})["usageMetadata"]
    assert openai["completion_tokens"] == 6
    assert openai["completion_tokens_details"]["reasoning_tokens"] == 2
    assert openai["total_tokens"] == openai["prompt_tokens"] + 6
    assert (response["input_tokens"], response["output_tokens"], response["total_tokens"]) == (2, 6, 8)
    assert (anthropic["cache_read_input_tokens"], anthropic["output_tokens"]) == (1, 6)
    assert (gemini["candidatesTokenCount"], gemini["thoughtsTokenCount"]) == (4, 2)


def test_a_finish_reason_is_spelled_as_each_provider_does() -> None:
    with ScriptedProvider([Reply(text="cut off", finish="length")] * 4) as provider:
        assert chat(provider)["choices"][0]["finish_reason"] == "length"
        response = ask(provider.base_url + "/responses", {"model": "m", "input": "x"})
        assert (response["status"], response["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})
        assert ask(provider.base_url + "/messages", {"messages": [], "model": "m"})["stop_reason"] == "max_tokens"
        content = ask(provider.root_url + "/v1beta/models/m:generateContent", {"contents": []})
        assert content["candidates"][0]["finishReason"] == "MAX_TOKENS"


def test_similar_texts_have_near_vectors_and_numbers_and_base64_agree() -> None:
    import base64
    import struct

    texts = ["refund my order please", "please refund the order", "a lecture on chromodynamics"]
    with ScriptedProvider(["not for embeddings"]) as provider:
        numbers = ask(provider.base_url + "/embeddings", {"model": "m", "input": texts, "encoding_format": "float"})
        packed = ask(provider.base_url + "/embeddings", {"model": "m", "input": texts, "encoding_format": "base64"})
        small = ask(provider.base_url + "/embeddings", {"model": "m", "input": [[1, 2, 3]], "dimensions": 8})
    first, second, third = (one["embedding"] for one in numbers["data"])

    def product(one: list[float], other: list[float]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True))

    assert product(first, first) == pytest.approx(1.0)
    assert product(first, second) > product(first, third) + 0.3
    unpacked = struct.unpack(f"<{len(first)}f", base64.b64decode(packed["data"][0]["embedding"]))
    assert unpacked == pytest.approx(first)
    assert len(small["data"][0]["embedding"]) == 8


def test_an_unknown_path_and_a_body_that_is_no_object_are_refused() -> None:
    with ScriptedProvider() as provider:
        status, document = failure(ask, provider.base_url + "/audio/speech", {})
        assert (status, document["error"]["code"]) == (404, "model_not_found")
        request = urllib.request.Request(provider.base_url + "/messages", b"[1]")
        status, document = failure(urllib.request.urlopen, request)
        assert (status, document["error"]["type"]) == (400, "invalid_request_error")
        assert provider.requests == []


def test_a_chunked_and_compressed_body_is_read() -> None:
    import gzip

    body = gzip.compress(json.dumps({"model": "m", "messages": []}).encode())
    with ScriptedProvider(["read"]) as provider:
        connection = http.client.HTTPConnection("127.0.0.1", int(provider.root_url.rpartition(":")[2]), timeout=10)
        headers = {"content-encoding": "gzip", "transfer-encoding": "chunked"}
        connection.request("POST", "/v1/chat/completions", iter([body[:10], body[10:]]), headers, encode_chunked=True)
        answer = json.load(connection.getresponse())
        connection.close()
    assert answer["choices"][0]["message"]["content"] == "read"


def test_closing_ends_waiting_answers_and_idle_connections_and_leaves_no_thread() -> None:
    before = threading.active_count()
    provider = ScriptedProvider()
    idle = socket.create_connection(("127.0.0.1", int(provider.root_url.rpartition(":")[2])))
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            chat(provider, model="fault-timeout")
        except (OSError, http.client.HTTPException) as error:
            errors.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_until(lambda: provider.requests)
    provider.close()
    waiting.join(10)
    assert idle.recv(1) == b""
    idle.close()
    assert len(errors) == 1
    assert provider.requests[0].outcome == "cut"
    assert threading.active_count() == before
    provider.close()
    with pytest.raises(urllib.error.URLError):
        chat(provider)


def test_a_client_that_leaves_a_stream_is_noted() -> None:
    with ScriptedProvider([Reply(text="word " * 200_000, chunk_chars=100)]) as provider:
        connection = http.client.HTTPConnection("127.0.0.1", int(provider.root_url.rpartition(":")[2]), timeout=10)
        connection.request("POST", "/v1/chat/completions", json.dumps({"model": "m", "messages": [], "stream": True}))
        response = connection.getresponse()
        response.readline()
        response.close()
        connection.close()
        (exchange,) = provider.requests
        wait_until(lambda: exchange.outcome != "open")
    assert exchange.outcome == "left"


def test_many_clients_at_once_are_all_answered_and_noted() -> None:
    with ScriptedProvider(lambda route, body: body["messages"][0]["content"]) as provider:
        answers: list[str] = []
        threads = [
            threading.Thread(
                target=lambda n=n: answers.append(chat(provider, f"number {n}")["choices"][0]["message"]["content"])
            )
            for n in range(24)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(provider.requests) == 24
    assert sorted(answers) == sorted(f"number {n}" for n in range(24))
