"""A transport for the anthropic SDK, whichever HTTP library its release uses: it says what is answered, and keeps what was asked."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import anthropic
from anthropic import _base_client as clients
from feeds import feed

http: Any = getattr(clients, "httpx2", None) or clients.httpx  # type: ignore[attr-defined]

USAGE = {
    "input_tokens": 5,
    "cache_creation_input_tokens": 20,
    "cache_read_input_tokens": 300,
    "output_tokens": 2,
}
MESSAGES: list[Any] = [{"role": "user", "content": "Where is order A17?"}]
TOOL: dict[str, Any] = {
    "name": "lookup",
    "description": "Look an order up.",
    "input_schema": {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]},
}


def said(*content: dict[str, Any] | str, stop: str = "end_turn", **more: Any) -> dict[str, Any]:
    """An answer in one piece."""
    blocks = [{"type": "text", "text": one} if isinstance(one, str) else one for one in content]
    about = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m-2026"}
    return {**about, "content": blocks, "stop_reason": stop, "stop_sequence": None, "usage": USAGE, **more}


def event(kind: str, **more: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n".encode()


def delta(index: int, kind: str, field: str, value: Any) -> bytes:
    return event("content_block_delta", index=index, delta={"type": kind, field: value})


def text(index: int, *words: str) -> list[bytes]:
    """The events of a block of text."""
    begun = event("content_block_start", index=index, content_block={"type": "text", "text": ""})
    return [
        begun,
        *(delta(index, "text_delta", "text", one) for one in words),
        event("content_block_stop", index=index),
    ]


def stream(*blocks: list[bytes], stop: str = "end_turn") -> list[Any]:
    """The events of an answer; usage comes at both ends, as the API sends it."""
    message = {**said(), "content": [], "stop_reason": None, "usage": {**USAGE, "output_tokens": 1}}
    return [
        event("message_start", message=message),
        event("ping"),
        *(one for block in blocks for one in block),
        event("message_delta", delta={"stop_reason": stop, "stop_sequence": None}, usage={"output_tokens": 2}),
        event("message_stop"),
    ]


WORDS = stream(text(0, "On ", "its ", "way."))
BEGUN = WORDS[:5]
"""Two words have come."""


Feed: Any = feed(http)


class Wire(http.BaseTransport, http.AsyncBaseTransport):  # type: ignore[misc]
    """Answers one request after another, and the last answer for ever.

    Args:
        answers: a body; `(status, body)`; a list of the events of a stream; an exception; or a function of the asked body.
    """

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Any]] = []
        self.feed = Feed([])

    def handle_request(self, request: Any) -> Any:
        body = json.loads(request.read() or b"null")
        return self._answered(request, body)

    async def handle_async_request(self, request: Any) -> Any:
        body = json.loads(await request.aread() or b"null")
        answer = self.answers[0]
        if asyncio.iscoroutinefunction(answer):
            self.asked.append((request.url.path, body))
            return self._response(await answer(body))
        return self._answered(request, body)

    def _answered(self, request: Any, body: Any) -> Any:
        self.asked.append((request.url.path, body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return self._response(answer(body) if callable(answer) else answer)

    def _response(self, answer: Any) -> Any:
        if isinstance(answer, BaseException):
            raise answer
        status, kind = 200, "text/event-stream"
        if not isinstance(answer, list):
            kind = "application/json"
            status, body = answer if isinstance(answer, tuple) else (200, answer)
            answer = [json.dumps(body).encode()]
        self.feed = Feed(answer)
        return http.Response(status, headers={"content-type": kind}, stream=self.feed)


def client_of(*answers: Any, kind: Any = anthropic.Anthropic, **settings: Any) -> Any:
    """A client whose `wire` answers."""
    wire = Wire(*answers)
    asynchronous = kind.__name__.startswith("Async")
    held = (http.AsyncClient if asynchronous else http.Client)(transport=wire)
    given = {"api_key": "sk-secret", "base_url": "http://provider", "max_retries": 0, **settings}
    made = kind(http_client=held, **given)
    made.wire = wire
    return made


def async_client_of(*answers: Any, **settings: Any) -> Any:
    return client_of(*answers, kind=anthropic.AsyncAnthropic, **settings)
