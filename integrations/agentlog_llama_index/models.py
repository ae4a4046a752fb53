"""Model calls and embeddings: LlamaIndex tells of them in events, each with the id of its span."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from agentlog import runtime
from agentlog.recording import calls
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog.semconv import ABANDONED, CHAT, EMBEDDINGS, TEXT_COMPLETION
from agentlog_llama_index import content
from agentlog_llama_index.places import Places, Span, is_generator


class _Open:
    """A model call that is under way."""

    __slots__ = ("call", "inner", "last", "span")

    def __init__(self, call: Call, span: Span | None) -> None:
        self.call = call
        self.span = span
        self.inner = 0
        """How many calls of the same model are open inside it, in the same span."""
        self.last: Any = None
        """The last chunk of a stream: it holds all that came before it."""


class Models:
    """The model calls that are under way. A model inside a model's call is the same call, seen in another layer."""

    def __init__(self, places: Places, finished: Callable[[Call, Any, BaseException | None], None]) -> None:
        self._places = places
        self._open: dict[Any, _Open] = {}
        self._finished = finished
        """Told of a call that has ended, with its response."""

    def start_chat(self, event: Any) -> None:
        """A model is sent messages."""
        self._start(event, CHAT)

    def start_completion(self, event: Any) -> None:
        """A model is sent a text."""
        self._start(event, TEXT_COMPLETION)

    def _start(self, event: Any, operation: str) -> None:
        key = _key(event)
        there = self._open.get(key)
        if there is not None:
            there.inner += 1
            return
        span = self._places.spans.get(key)
        if span is not None and (span.model is not None or span.transparent):
            return
        read = self._places.being_read()
        if read is not None and read.operation in (CHAT, TEXT_COMPLETION):
            return  # the sync stream that an async one reads from
        told: dict[str, Any] = event.model_dict
        owner = span.owner if span is not None else None
        model = _model(told)
        call = self._places.begin(operation, model or str(told.get("class_name", "")), span)
        if call is None:
            return
        if call.id:
            call.dialect = "llama_index"
            call.model = model
            call.provider = content.provider(type(owner))
            if call.content:
                call.request = encode(_request(event, told, owner))
        if owner is not None and span is not None:
            span.call = span.model = call
        self._open[key] = _Open(call, span)

    def token(self, event: Any) -> None:
        """A chunk of a stream has come."""
        open_call = self._open.get(event.span_id)
        if open_call is not None:
            if open_call.last is None:
                calls.first_chunk(open_call.call)
            open_call.last = event.response

    def end(self, event: Any) -> None:
        """A model has answered."""
        key = _key(event)
        open_call = self._open.get(key)
        if open_call is None:
            return
        if open_call.inner:
            open_call.inner -= 1
            return
        self._finish(key, event.response, None)

    def fail(self, event: Any) -> None:
        """Reading a stream failed, or its reader left."""
        self._finish(_key(event), None, event.exception)

    def exited(self, span_id: str, result: Any) -> None:
        """A span exits. Where its call is still open, it has handed out a stream."""
        open_call = self._open.get(span_id)
        if open_call is None:
            return
        # for a generator that was never started no event comes
        if is_generator(result) and self._places.follow(result, open_call.call, lambda: self._left(span_id)):
            return
        self._finish(span_id, None, None)

    def dropped(self, span_id: str, error: BaseException | None) -> None:
        """A span failed."""
        self._finish(span_id, None, error)

    def close(self) -> None:
        """Nobody listens any more."""
        for key in list(self._open):
            self._left(key)

    def _left(self, key: Any) -> None:
        self._finish(key, None, GeneratorExit())

    def _finish(self, key: Any, response: Any, error: BaseException | None) -> None:
        open_call = self._open.pop(key, None)  # atomic: a call ends once
        if open_call is None:
            return
        call, span = open_call.call, open_call.span
        response = response if response is not None else open_call.last
        self._places.forget(call)
        if span is not None and span.model is call:
            span.call, span.model = span.outside, None
        if isinstance(error, GeneratorExit):
            call.finish, error = ABANDONED, None
        if call.id:
            try:
                _put_down(call, span, response)
            except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
                runtime.problem("an answer of llama_index was not understood", failure)
        runtime.finish(call, error)
        self._finished(call, response, error)


def _model(told: dict[str, Any]) -> str:
    """The model's name; "" where LlamaIndex only says that it does not know."""
    name = told.get("model_name") or told.get("model")
    return name if isinstance(name, str) and name != "unknown" else ""


def _request(event: Any, told: dict[str, Any], owner: Any) -> dict[str, Any]:
    given: dict[str, Any] = event.additional_kwargs
    request: dict[str, Any] = {"params": content.parameters(told, owner, given)}
    if hasattr(event, "messages"):
        request["messages"] = [content.message(one) for one in event.messages]
    else:
        request["prompt"] = event.prompt
    tools = content.definitions(given.get("tools")) if given else None
    if tools is not None:
        request["tools"] = tools
    return request


def _put_down(call: Call, span: Span | None, response: Any) -> None:
    said = content.answer(response)
    if said is None:
        return
    raw = said.get("raw")
    theirs = raw.get("id") if isinstance(raw, dict) else None
    call.message_ids = [theirs, call.id] if isinstance(theirs, str) and theirs else [call.id]
    if call.content:
        call.response = encode(said)
    written = getattr(response, "message", None)
    if written is not None and span is not None and span.authors is not None:
        span.authors[id(written)] = (written, call.id)


class Embeddings:
    """The batches of texts that are being embedded."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._open: dict[Any, deque[Call]] = {}

    def start(self, event: Any) -> None:
        """A batch begins; which texts, its end says. An async span begins all its batches at once."""
        key = _key(event)
        span = self._places.spans.get(key)
        if span is not None and span.owner is not None:
            span.call = span.outside  # a batch is not inside the one before it
        model = _model(event.model_dict)
        call = self._places.begin(EMBEDDINGS, model or str(event.model_dict.get("class_name", "")), span)
        if call is None:
            return
        if call.id:
            call.dialect = "openai.embeddings"
            call.model = model
        if span is not None and span.owner is not None:
            span.call = call
            call.provider = content.provider(type(span.owner))
        self._open.setdefault(key, deque()).append(call)

    def end(self, event: Any) -> None:
        """A batch is embedded. Its vectors are no content: how many they are, and of how many dimensions."""
        open_calls = self._open.get(_key(event))
        if not open_calls:
            return
        call = open_calls.popleft()
        if call.id and call.content:
            call.request = encode({"model": call.model, "input": event.chunks})
            shape = {"embeddings": len(event.embeddings)}
            if event.embeddings and isinstance(event.embeddings[0], (list, tuple)):
                shape["dimensions"] = len(event.embeddings[0])
            call.response = encode(shape)
        runtime.finish(call)

    def left(self, span_id: str, error: BaseException | None) -> None:
        """A span is over; batches that are still open have failed."""
        if span_id not in self._open:
            return
        span = self._places.spans.get(span_id)
        for call in self._open.pop(span_id):
            if isinstance(error, GeneratorExit):
                call.finish, error = ABANDONED, None
            if call.id and call.content and span is not None:
                call.request = encode({"model": call.model, "input": span.texts})
            runtime.finish(call, error)

    def close(self) -> None:
        """Nobody listens any more."""
        for key in list(self._open):
            self.left(key, GeneratorExit())


def _key(event: Any) -> Any:
    """The id of an event's span; the thread where there is none: a model's method that is no span, called outside of any."""
    return threading.get_ident() if event.span_id is None else event.span_id
