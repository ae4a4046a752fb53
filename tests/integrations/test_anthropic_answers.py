"""How events become one body: the odd ways in which servers that speak Anthropic's API send them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from agentlog_anthropic.answers import CompletionAnswer, MessageAnswer, plain, streamed
from agentlog_anthropic.sdk import SDK


def text(words: Any, index: int = 0) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": words}}


def block(index: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": "", **more}}


def made(kind: str, body: dict[str, Any]) -> Any:
    """The SDK's own object for an event."""
    from anthropic import types
    from anthropic._models import construct_type

    return construct_type(type_=getattr(types, kind), value=body)


def body_of(*events: Any) -> Any:
    answer = MessageAnswer()
    for one in events:
        answer.add(one)
    return answer.body()


@pytest.mark.parametrize("own", [True, False])
def test_blocks_that_come_in_turns_are_told_apart_by_their_index(own):
    events: list[Any] = [block(0), block(1), text("a"), text("b", 1), text("A"), text("A"), text("B", 1)]
    if own:
        events = events[:2] + [made("RawContentBlockDeltaEvent", one) for one in events[2:]]
    assert [one["text"] for one in body_of(*events)["content"]] == ["aAA", "bB"]


@pytest.mark.parametrize("own", [True, False])
def test_a_piece_that_is_null_is_no_text(own):
    events: list[Any] = [text("a"), text(None), text("b")]
    if own:
        events = [made("RawContentBlockDeltaEvent", one) for one in events]
    assert body_of(block(), *events)["content"] == [{"type": "text", "text": "ab"}]


def test_deltas_without_the_beginning_of_their_block_are_text():
    assert body_of(text("a"), text("b"))["content"] == [{"type": "text", "text": "ab"}]


def test_usage_is_what_was_said_last_of_each_number():
    start = {"type": "message_start", "message": {"id": "m", "usage": {"input_tokens": 3, "output_tokens": 1}}}
    end = {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn"},
        "usage": {"input_tokens": None, "output_tokens": 9, "cache_read_input_tokens": 4},
    }
    assert body_of(start, end)["usage"] == {"input_tokens": 3, "output_tokens": 9, "cache_read_input_tokens": 4}


def test_the_answer_is_complete_with_its_stop_reason():
    answer = streamed("anthropic.messages")
    answer.add(text("a"))
    assert not answer.complete
    answer.add({"type": "message_delta", "delta": {"stop_reason": None}, "usage": {}})
    assert not answer.complete
    answer.add({"type": "message_delta", "delta": {"stop_reason": "max_tokens"}, "usage": {}})
    answer.add({"type": "message_stop"})
    assert answer.complete


def test_events_that_this_release_does_not_know_are_kept_as_far_as_they_are_understood():
    odd = {"type": "content_block_delta", "index": 0, "delta": {"type": "sketch_delta", "sketch": "~"}}
    compacted = {
        "type": "content_block_delta",
        "index": 1,
        "delta": {"type": "compaction_delta", "content": "All told."},
    }
    body = body_of(block(), text("a"), odd, "no event", None, block(1, type="compaction"), compacted, text("b"))
    assert [one["type"] for one in body["content"]] == ["text", "compaction"]
    assert (body["content"][0]["text"], body["content"][1]["content"]) == ("ab", "All told.")


def test_nothing_at_all_is_an_answer_without_content():
    assert body_of()["content"] == []


def test_a_legacy_completion_grows_until_its_stop_reason():
    answer = CompletionAnswer()
    answer.add({"type": "completion", "id": "c", "completion": " fo", "stop_reason": None})
    assert not answer.complete
    answer.add({"type": "completion", "id": "c", "completion": "ur", "stop_reason": "stop_sequence"})
    assert answer.complete
    assert answer.body() == {"type": "completion", "id": "c", "completion": " four", "stop_reason": "stop_sequence"}


def test_a_body_that_is_no_json_is_kept_as_text():
    assert plain(b"upstream is down", "anthropic.messages") == "upstream is down"
    assert plain(b'{"id": "msg_1"}', "anthropic.messages") == {"id": "msg_1"}


class Frames:
    """Stands in for the SDK's decoder of Bedrock's frames, which needs botocore."""

    def iter_bytes(self, bodies: Iterator[bytes]) -> Iterator[Any]:
        for one in b"".join(bodies).split(b"|"):
            yield SimpleNamespace(json=lambda one=one: json.loads(one))


def test_bytes_that_a_cloud_frames_in_its_own_way_are_read_by_the_sdks_decoder():
    client = SimpleNamespace(_make_sse_decoder=Frames)
    assert list(SDK.events(client, b'{"type": "ping"}|{"type": "message_stop"}')) == [
        {"type": "ping"},
        {"type": "message_stop"},
    ]
