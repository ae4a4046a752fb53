"""From the wire to a draft: which columns a captured call has."""

from __future__ import annotations

import json
import logging
from typing import Any, Final

import msgspec

from agentlog import messages
from agentlog.messages.parts import json_text
from agentlog.recorder.layers import SEEN_TWICE
from agentlog.recording.calls import Call
from agentlog.records import Draft

logger = logging.getLogger(__name__)

_MAX_ANSWER: Final = 200_000
_NO_WORDS: Final = ("id", "type", "role", "name", "tool_call_id", "status", "response_metadata", "usage_metadata")
"""What stands beside the content of a message."""

_decode: Final = msgspec.msgpack.Decoder().decode


def draft(call: Call, sequences: tuple[int, ...] = ()) -> Draft:
    """The draft of an ended call. What cannot be read leaves its content out and says so; never raises."""
    session = call.session
    attributes = {**(session.attributes if session else {}), **call.attributes}
    if call.tool_call_id:
        attributes["tool_call_id"] = call.tool_call_id
    row: dict[str, Any] = {
        "call_id": call.id,
        "trace_id": call.trace,
        "parent_id": call.parent or None,
        "span_id": call.span or None,
        "session": session.id if session else None,
        "user": session.user if session else None,
        "time": call.started_ns // 1000,
        "duration_s": call.duration_ns / 1e9,
        "time_to_first_chunk_s": call.first_chunk_ns / 1e9 if call.first_chunk_ns else None,
        "operation": call.operation,
        "name": call.name or None,
        "framework": call.framework or None,
        "agent": call.agent or None,
        "node": call.node or None,
        "call_site": call.call_site or None,
        "provider": call.provider or None,
        "request_model": call.model or None,
        "cached": call.cached,
        "error_type": call.error or None,
        "tags": [*(session.tags if session else ()), *call.tags],
        "attributes": json_text(attributes) if attributes else None,
    }
    one = Draft(
        row,
        sequences=sequences,
        root=not call.parent,
        mark=call.surface or (session.surface if session else ""),
        message_ids=tuple(call.message_ids),
        answer_ids=tuple(call.answer_ids),
        inner=call.inner and call.operation in SEEN_TWICE,
    )
    if call.content:
        try:
            _fill(one, call)
        except Exception as error:  # noqa: BLE001 - fail closed: metadata without content
            logger.warning("a call of dialect %r could not be read: %s", call.dialect, type(error).__qualname__)
            one.unreadable = True
    if call.finish:
        row["finish_reasons"] = [call.finish]
    return one


def _fill(one: Draft, call: Call) -> None:
    request, response = _decode(call.request), _decode(call.response)
    reading = dict(messages.read(call.dialect, request, response))
    one.response_id = reading.pop("response_id", None)  # type: ignore[assignment]
    reading.pop("stream", None)
    row = one.row
    for column, value in reading.items():
        if value is not None and (
            column not in ("provider", "request_model", "error_type", "user") or not row.get(column)
        ):
            row[column] = value
    if call.cached:
        row["usage"] = None
    if one.root or one.mark == "human":
        one.answer_texts = _texts(response, one.answer_ids)


def _texts(value: Any, ids: tuple[str, ...]) -> tuple[str, ...]:
    """The texts in what a run gave back, bounded: where a model's words are looked for.

    A run that names the message which is its answer is taken at its word: its state holds other texts too.
    """
    found: list[str] = []
    room = _MAX_ANSWER
    stack = [_named(value, ids) if ids else value]
    while stack and room > 0:
        item = stack.pop()
        if isinstance(item, str):
            found.append(item[:room])
            room -= len(item)
            if item[:1] in "{[":
                try:
                    stack.append(json.loads(item))
                except ValueError:
                    pass
        elif isinstance(item, dict):
            # of a message only what it says
            stack.extend(item[key] for key in item if key not in _NO_WORDS or not ("content" in item or "text" in item))
        elif isinstance(item, list):
            stack.extend(item)
    return tuple(text for text in found if text.strip())


def _named(value: Any, ids: tuple[str, ...]) -> Any:
    """The message of one of these ids in what a run gave back, or all of it where there is none."""
    messages = value.get("messages") if isinstance(value, dict) else value
    for one in reversed(messages if isinstance(messages, list) else [messages]):
        if isinstance(one, dict) and one.get("id") in ids:
            return one.get("content")
    return value
