from __future__ import annotations

import json

import pytest

from agentlog.dataset import open_dataset
from agentlog.importing import import_records
from agentlog.messages.parts import text_of

USAGE = {"prompt_tokens": 5, "completion_tokens": 2}
CHAT = {
    "id": "chatcmpl-1",
    "created": 1770000000,
    "model": "gpt-5-mini-2026",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
    "usage": USAGE,
}


def exchange(api="chat", request=None, response=CHAT, provider="openai", status=200, **keys):
    return {
        "id": f"x-{api}",
        "provider": provider,
        "api": api,
        "status": status,
        "request": request or {"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Hi"}]},
        "response": response if isinstance(response, str) else json.dumps(response),
        **keys,
    }


def sse(*events, done=True):
    blocks = [f"event: {one.get('type', 'message')}\r\ndata: {json.dumps(one)}" for one in events]
    return "\r\n\r\n".join([*blocks, *(["data: [DONE]"] if done else [])]) + "\r\n\r\n"


@pytest.fixture
def take(tmp_path):
    """Imports records and gives the report and the rows."""

    def taken(*records, **keywords):
        path = tmp_path / "log.jsonl"
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
        imported = import_records(path, tmp_path / "records", **keywords)
        return imported, open_dataset(tmp_path / "records").to_arrow().to_pylist()

    return taken


def test_a_chat_is_a_call_with_its_provider_time_and_tokens(take):
    imported, (row,) = take(exchange())
    assert (row["operation"], row["provider"], row["request_model"], row["response_model"]) == (
        "chat",
        "openai",
        "gpt-5-mini",
        "gpt-5-mini-2026",
    )
    assert row["name"] == "gpt-5-mini"
    assert row["time"].isoformat() == "2026-02-02T02:40:00+00:00"
    assert (row["usage"]["input_tokens"], row["finish_reasons"], row["error_type"]) == (5, ["stop"], None)
    assert text_of(row["output_messages"][0]) == "Hello"
    assert json.loads(row["attributes"]) == {"source_id": "x-chat"}
    assert imported.notes == ()


def test_a_chat_reply_is_not_internal_and_tool_calls_and_structured_answers_are(take):
    call = {
        "role": "assistant",
        "tool_calls": [{"id": "t", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
    }
    asks = {
        "model": "m",
        "messages": [{"role": "user", "content": "label it"}],
        "response_format": {"type": "json_object"},
    }
    _, rows = take(
        exchange(),
        exchange(
            response={
                **CHAT,
                "created": 1770000001,
                "choices": [{"index": 0, "message": call, "finish_reason": "tool_calls"}],
            }
        ),
        exchange(request=asks, response={**CHAT, "created": 1770000002}),
    )
    assert [row["surface"] for row in rows] == ["unknown", "internal", "internal"]


def test_every_api_has_its_operation_and_its_words(take):
    says = {"role": "assistant", "type": "message", "content": [{"type": "output_text", "text": "Hello"}]}
    gemini = {
        "candidates": [{"content": {"role": "model", "parts": [{"text": "Hello"}]}, "finishReason": "STOP"}],
        "modelVersion": "gemini-3",
    }
    imported, rows = take(
        exchange(
            "responses", {"model": "m", "input": "Hi"}, {"object": "response", "status": "completed", "output": [says]}
        ),
        exchange(
            "messages",
            {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 3},
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "text", "text": "Hello"}],
                "stop_reason": "end_turn",
            },
            "anthropic",
        ),
        exchange(
            "generate",
            {"contents": [{"parts": [{"text": "Hi"}]}]},
            gemini,
            "google",
            path="/v1beta/models/gemini-3:generateContent",
        ),
        exchange(
            "completions",
            {"model": "m", "prompt": "Hi"},
            {"choices": [{"index": 0, "text": "Hello", "finish_reason": "stop"}]},
        ),
        exchange(
            "embeddings", {"model": "m", "input": "Hi"}, {"data": [{"embedding": [0.5]}], "usage": {"prompt_tokens": 1}}
        ),
    )
    assert [(row["operation"], row["provider"]) for row in rows] == [
        ("chat", "openai"),
        ("chat", "anthropic"),
        ("generate_content", "gcp.gemini"),
        ("text_completion", "openai"),
        ("embeddings", "openai"),
    ]
    assert [text_of(row["output_messages"][0]) for row in rows[:4]] == ["Hello"] * 4
    assert [text_of(row["input_messages"][0]) for row in rows] == ["Hi"] * 5
    assert rows[2]["request_model"] == "gemini-3"
    assert imported.calls == 5


def test_streams_are_joined(take):
    def delta(**keys):
        return {"id": "c", "model": "m", "choices": [{"index": 0, "delta": keys, "finish_reason": None}]}

    chat = sse(delta(role="assistant", content="Hel"), delta(content="lo"), {"choices": [], "usage": USAGE})
    message = sse(
        {
            "type": "message_start",
            "message": {"id": "msg", "role": "assistant", "content": [], "usage": {"input_tokens": 3}},
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}},
        done=False,
    )
    gemini = json.dumps(
        [{"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}}]} for text in ("Hel", "lo")]
    )
    cut = chat[: chat.index('"content": "lo"')]
    _, rows = take(
        exchange(response=chat),
        exchange("messages", response=message, provider="anthropic"),
        exchange("generate", {"contents": "Hi"}, gemini, "google", path="/v1beta/models/g:streamGenerateContent"),
        exchange(response=cut),
    )
    assert [text_of(row["output_messages"][0]) for row in rows] == ["Hello", "Hello", "Hello", "Hel"]
    assert rows[0]["usage"]["input_tokens"] == 5
    assert rows[1]["usage"]["output_tokens"] == 4


def test_errors_are_calls_that_failed(take):
    _, rows = take(
        exchange(response={"error": {"type": "invalid_request_error", "message": "no"}}, status=404),
        exchange(response="<html>Bad gateway</html>", status=502),
    )
    assert [row["error_type"] for row in rows] == ["HTTPStatusError.404", "HTTPStatusError.502"]
    assert json.loads(rows[0]["attributes"])["error"] == "invalid_request_error"
    assert not rows[0]["output_messages"]


def test_apis_that_are_not_known_are_counted_and_not_called_bad(take):
    imported, rows = take(
        exchange("converse", provider="bedrock"),
        exchange("converse", provider="bedrock"),
        exchange("rerank"),
        exchange(),
    )
    assert imported.unsupported == {"bedrock converse calls": 2, "openai rerank calls": 1}
    assert (imported.bad, len(rows)) == ((), 1)
    assert "not supported  2 bedrock converse calls" in repr(imported)


def test_answers_that_cannot_be_read_are_reported(take):
    imported, rows = take(
        exchange(), exchange(response="I am no JSON"), exchange(response="[1, 2"), exchange(response="7")
    )
    assert [(line, reason) for _, line, reason in imported.bad] == [
        (2, "`response` is neither JSON nor a stream of events"),
        (3, "`response` is neither JSON nor a stream of events"),
        (4, "`response` is no JSON object"),
    ]
    assert len(rows) == 1


def test_the_api_is_seen_from_the_path_or_the_shape_where_no_word_says_it(take):
    def nameless(request, response, **keys):
        return {"request": request, "response": response, **keys}

    chat = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    _, rows = take(
        nameless(chat, CHAT, path="/openai/deployments/d/chat/completions?api-version=1"),
        nameless(chat, {**CHAT, "created": 1770000001}),
        nameless(chat, {"type": "message", "role": "assistant", "content": [], "stop_reason": "end_turn"}),
        nameless(json.dumps({"model": "m", "input": "Hi"}), {"data": []}),
    )
    assert sorted((row["operation"], row["provider"] or "") for row in rows) == [
        ("chat", ""),
        ("chat", ""),
        ("chat", "anthropic"),
        ("embeddings", ""),
    ]


def test_calls_of_one_conversation_become_one_run(take):
    first = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    second = {
        "model": "m",
        "messages": [
            *first["messages"],
            {"role": "assistant", "content": "Hello"},
            {"role": "user", "content": "More"},
        ],
    }
    other = {"model": "m", "messages": [{"role": "user", "content": "Something else"}]}
    _, rows = take(
        exchange(request=first),
        exchange(request=second, response={**CHAT, "created": 1770000001}),
        exchange(request=other, response={**CHAT, "created": 1770000002}),
    )
    assert rows[0]["trace_id"] == rows[1]["trace_id"] != rows[2]["trace_id"]


def test_calls_within_one_second_keep_their_order(take):
    _, rows = take(
        *(exchange(request={"model": "m", "messages": [{"role": "user", "content": str(n)}]}) for n in range(9))
    )
    assert [text_of(row["input_messages"][0]) for row in rows] == [str(n) for n in range(9)]


def test_the_log_of_a_server_is_one_run(take):
    def line(n):
        return {
            "t": 1770000000.5 + n,
            "path": "/v1/chat/completions",
            "kind": "chat",
            "request_id": f"r{n}",
            "headers": {"authorization": "Bearer sk-secret"},
            "request": {"model": "m", "messages": [{"role": "user", "content": f"step {n}"}]},
            "status": 200,
            "response": CHAT,
            "dur_s": 0.25,
        }

    imported, rows = take(line(0), line(1), line(2))
    assert list(imported.files.values()) == ["run"]
    assert len({row["trace_id"] for row in rows}) == 1
    assert [row["duration_s"] for row in rows] == [0.25] * 3
    assert rows[0]["time"].isoformat() == "2026-02-02T02:40:00.500000+00:00"
    assert "sk-secret" not in json.dumps(rows, default=str)


def test_the_flywheels_logs_keep_workload_and_client(take):
    line = {
        "timestamp": 1770000007,
        "workload_id": "triage",
        "client_id": "c-1",
        "request": exchange()["request"],
        "response": CHAT,
    }
    imported, (row,) = take(line)
    assert list(imported.files.values()) == ["flywheel"]
    attributes = json.loads(row["attributes"])
    assert attributes["workload_id"] == "triage"
    assert "client_id" in attributes  # redacted like any id of a client
    assert row["time"].timestamp() == 1770000007


def test_all_recorded_exchanges_are_imported(data, tmp_path):
    imported = import_records(data / "exchanges", tmp_path / "records")
    assert imported.operations == {"chat": 2006, "generate_content": 131, "embeddings": 66, "text_completion": 66}
    assert imported.unsupported == {"bedrock converse calls": 27, "bedrock invoke calls": 19}
    assert (imported.bad, imported.failed) == ((), 0)
    failed = [
        one for one in open_dataset(tmp_path / "records").to_arrow(["error_type"])["error_type"].to_pylist() if one
    ]
    assert sum(one.startswith("HTTPStatusError.") for one in failed) == 29
    assert sorted(failed)[-1] == "content_filter"  # an error behind the status 200
    assert len(failed) == 30


def test_recorded_runs_of_an_agent_are_imported(data, tmp_path):
    imported = import_records(data / "metagpt_runs", tmp_path / "records")
    assert (imported.calls, imported.bad) == (22, ())
    assert len(set(open_dataset(tmp_path / "records").to_arrow(["trace_id"])["trace_id"].to_pylist())) == 2
