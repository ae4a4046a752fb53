"""The anthropic SDK's calls as rows of a dataset: usage, parts, what can be sent again, and one row where LangChain sees the call too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from anthropic_wire import MESSAGES, TOOL, WORDS, client_of, event, http, said, stream, text

import agentlog


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    agentlog.configure(tmp_path, redaction="off", store=("internal", "unknown", "human"))

    def read() -> list[dict[str, Any]]:
        agentlog.flush(30)
        return agentlog.open_dataset(tmp_path).to_arrow().to_pylist()

    with agentlog.instrument("anthropic"):
        yield read


def ask(client: Any, **more: Any) -> Any:
    return client.messages.create(**{"model": "m", "max_tokens": 9, "messages": MESSAGES, **more})


def known(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value is not None}


SPENT = {
    "input_tokens": 325,
    "output_tokens": 2,
    "cache_read_input_tokens": 300,
    "cache_creation_input_tokens": 20,
    "reasoning_output_tokens": None,
}


def test_tokens_are_counted_with_the_cached_ones_whole_and_streamed(rows):
    ask(client_of(said("x")))
    list(ask(client_of(WORDS), stream=True))
    whole, streamed = rows()
    assert (whole["usage"], streamed["usage"]) == (SPENT, SPENT)
    assert (whole["finish_reasons"], streamed["finish_reasons"]) == (["end_turn"], ["end_turn"])
    assert (whole["time_to_first_chunk_s"], streamed["response_model"]) == (None, "m-2026")


def test_a_stream_that_is_left_before_its_end_does_not_guess_its_tokens(rows):
    with ask(client_of(WORDS), stream=True) as read:
        next(read)
        next(read)
    (row,) = rows()
    assert row["finish_reasons"] == ["abandoned"]
    assert row["usage"] == {**SPENT, "output_tokens": 1}  # what the provider had said by then


def test_an_answer_keeps_its_parts_in_order(rows):
    blocks = [
        {"type": "thinking", "thinking": "Let me see.", "signature": "signed"},
        {"type": "redacted_thinking", "data": "sealed"},
        {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "A17"}},
        {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [{"type": "web_search_result", "url": "u"}]},
        {"type": "text", "text": "Found.", "citations": [{"type": "char_location", "cited_text": "T"}]},
        {"type": "tool_use", "id": "t1", "name": "lookup", "input": {"order": "A17"}},
    ]
    ask(client_of(said(*blocks, stop="tool_use")), tools=[TOOL])
    (row,) = rows()
    (out,) = row["output_messages"]
    assert [known(one) for one in out["parts"]] == [
        {"type": "reasoning", "text": "Let me see.", "signature": "signed"},
        {"type": "reasoning", "signature": "sealed"},
        {"type": "tool_call", "id": "s1", "name": "web_search", "arguments": '{"query": "A17"}'},
        {
            "type": "tool_call_response",
            "id": "s1",
            "name": "web_search",
            "result": '[{"type": "web_search_result", "url": "u"}]',
        },
        {"type": "text", "text": "Found."},
        {"type": "tool_call", "id": "t1", "name": "lookup", "arguments": '{"order": "A17"}'},
    ]
    assert (out["finish_reason"], row["finish_reasons"]) == ("tool_use", ["tool_use"])


def odd_request() -> dict[str, Any]:
    """Everything that a row must hold for the request to be sent again."""
    cached = {"cache_control": {"type": "ephemeral"}}
    pixel = {"type": "base64", "media_type": "image/png", "data": "AAAA"}
    return {
        "model": "m",
        "max_tokens": 9,
        "system": [{"type": "text", "text": "Be brief."}, {"type": "text", "text": "Be kind.", **cached}],
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Look: ", **cached},
                    {"type": "image", "source": pixel},
                    {"type": "image", "source": {"type": "url", "url": "https://a.example/b.png"}},
                    {"type": "document", "source": {**pixel, "media_type": "application/pdf"}, "title": "Bill"},
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "Let me see.", "signature": "signed"},
                    {"type": "redacted_thinking", "data": "sealed"},
                    {"type": "text", "text": "I look."},
                    {"type": "tool_use", "id": "t1", "name": "lookup", "input": {"order": "A17"}},
                    {"type": "tool_use", "id": "t2", "name": "lookup", "input": {}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "t1", "content": "it has left", **cached},
                    {"type": "tool_result", "tool_use_id": "t2", "content": "no order", "is_error": True},
                    {"type": "text", "text": "And now?"},
                ],
            },
        ],
        "tools": [{**TOOL, **cached}, {"type": "web_search_20250305", "name": "web_search", "max_uses": 2}],
        "tool_choice": {"type": "tool", "name": "lookup", "disable_parallel_tool_use": True},
        "thinking": {"type": "enabled", "budget_tokens": 1024},
        "stop_sequences": ["END"],
        "metadata": {"plan": "gold"},
        "temperature": 0.5,
    }


def test_a_recorded_request_can_be_sent_again_as_it_was(rows):
    from replay_requests import canonical, rebuilt

    wanted = odd_request()
    client = client_of(said("x"))
    beside = {key: wanted[key] for key in ("temperature", "thinking", "metadata")}  # not a keyword in every release
    ask(client, **{key: value for key, value in wanted.items() if key not in beside}, extra_body=beside)
    (row,) = rows()
    (_, sent) = client.wire.asked[0]
    assert {key: sent[key] for key in beside} == beside
    assert rebuilt("messages", row) == canonical("messages", json.loads(json.dumps(sent)))
    assert row["tool_definitions"] is not None
    kinds = [one["type"] for one in row["input_messages"][0]["parts"]]
    assert kinds == ["text", "blob", "uri", "blob"]
    picture = row["input_messages"][0]["parts"][1]
    assert (picture["mime_type"], picture["bytes"], bool(picture["sha"])) == ("image/png", 3, True)
    assert "AAAA" not in json.dumps(row, default=str)


def test_documents_given_as_text_or_as_blocks_say_that_they_are_documents(rows):
    inner = [{"type": "text", "text": one} for one in ("The grass is green", "The sky is blue")]
    document = {"type": "document", "source": {"type": "content", "content": inner}, "citations": {"enabled": True}}
    ask(client_of(said("x")), messages=[{"role": "user", "content": [document, {"type": "text", "text": "Colours?"}]}])
    (row,) = rows()
    assert [one["text"] for one in row["input_messages"][0]["parts"]] == [
        "The grass is green",
        "The sky is blue",
        "Colours?",
    ]
    assert json.loads(row["request"])["extras"] == {
        "input_messages[0].parts[0]": {"document": {"citations": {"enabled": True}, "source": "content", "parts": 2}}
    }


def test_errors_and_the_place_of_a_call_stand_in_its_row(rows):
    import anthropic

    with pytest.raises(anthropic.NotFoundError), agentlog.session("ticket-1", tier="gold"):
        ask(client_of((404, {"type": "error", "error": {"type": "not_found_error", "message": "model"}})))
    with pytest.raises(anthropic.APIStatusError):
        list(
            ask(
                client_of([*WORDS[:4], event("error", error={"type": "overloaded_error", "message": "no"})]),
                stream=True,
            )
        )
    missing, broken = rows()
    assert (missing["error_type"], missing["output_messages"], missing["usage"]) == (
        "anthropic.NotFoundError",
        None,
        None,
    )
    assert (missing["framework"], missing["provider"], missing["request_model"]) == ("anthropic", "anthropic", "m")
    assert broken["error_type"].startswith("anthropic.")
    assert broken["output_messages"][0]["parts"][0]["text"] == "On "


def test_the_turns_of_a_tool_runner_are_one_trace_and_its_tools_are_rows(rows):
    import anthropic

    use = {"type": "tool_use", "id": "toolu_1", "name": "lookup", "input": {"order": "A17"}}
    client = client_of({**said(use, stop="tool_use"), "id": "msg_1"}, {**said("On its way."), "id": "msg_2"})
    if not hasattr(anthropic, "beta_tool"):
        pytest.skip("this release has no tool_runner")

    @anthropic.beta_tool
    def lookup(order: str) -> str:
        """Look an order up."""
        return f"{order} has left"

    client.beta.messages.tool_runner(model="m", max_tokens=9, messages=MESSAGES, tools=[lookup]).until_done()
    found = rows()
    first, second = [row for row in found if row["operation"] == "chat"]
    assert first["trace_id"] == second["trace_id"]
    assert second["input_messages"][-1]["parts"][0]["result"] == "A17 has left"
    (tool,) = [row for row in found if row["operation"] == "execute_tool"]
    assert (tool["name"], json.loads(tool["tool_arguments"])) == ("lookup", {"order": "A17"})
    assert tool["tool_result"] == "A17 has left"


def test_langchain_and_the_sdk_inside_it_are_one_row(rows, monkeypatch):
    langchain = pytest.importorskip("langchain_anthropic")
    from langchain_anthropic import chat_models

    answer = said({"type": "thinking", "thinking": "Hm.", "signature": "signed"}, "It is sunny.")
    wire = client_of(answer).wire
    held = http.Client(transport=wire)
    monkeypatch.setattr(chat_models, "_get_default_httpx_client", lambda **settings: held)
    model = langchain.ChatAnthropic(model="claude-x", api_key="k", base_url="http://provider", max_retries=0)
    with agentlog.instrument("langchain_core"):
        said_ = model.bind_tools([TOOL]).invoke([("system", "Be brief."), ("user", "Weather?")])
    assert said_.text == "It is sunny."
    (row,) = rows()
    assert (row["framework"], row["provider"], row["request_model"]) == ("langchain", "anthropic", "claude-x")
    assert row["usage"] == SPENT
    assert (row["finish_reasons"], row["response_model"]) == (["end_turn"], "m-2026")
    assert [one["text"] for one in row["system_instructions"]] == ["Be brief."]
    assert [one["role"] for one in row["input_messages"]] == ["user"]
    assert json.loads(row["tool_definitions"])[0]["function"]["name"] == "lookup"
    assert json.loads(row["request"])["max_tokens"] == wire.asked[0][1]["max_tokens"]
    parts = [known(one) for one in row["output_messages"][0]["parts"]]
    assert {"type": "reasoning", "text": "Hm.", "signature": "signed"} in parts


def test_a_stream_of_langchain_and_the_sdk_inside_it_are_one_row(rows, monkeypatch):
    langchain = pytest.importorskip("langchain_anthropic")
    from langchain_anthropic import chat_models

    wire = client_of(stream(text(0, "It ", "is ", "sunny."))).wire
    held = http.Client(transport=wire)
    monkeypatch.setattr(chat_models, "_get_default_httpx_client", lambda **settings: held)
    model = langchain.ChatAnthropic(model="claude-x", api_key="k", base_url="http://provider", max_retries=0)
    with agentlog.instrument("langchain_core"):
        assert "".join(one.text for one in model.stream("Weather?")) == "It is sunny."
    (row,) = rows()
    assert (row["framework"], row["usage"], row["finish_reasons"]) == ("langchain", SPENT, ["end_turn"])
    assert row["time_to_first_chunk_s"] > 0
