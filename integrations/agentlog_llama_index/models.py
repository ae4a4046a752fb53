"""Model calls and embeddings: LlamaIndex tells of them in events, each with the id of its span."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from agentlog import runtime
from agentlog.recording import calls
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog.semconv import ABANDONED, CHAT, EMBEDDINGS, TEXT_COMPLETION
from agentlog_llama_index import content
from agentlog_llama_index.places import Places, Span, is_generator
from agentlog_llama_index.runs import Runs


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

    def __init__(self, places: Places, runs: Runs) -> None:
        self._places = places
        self._runs = runs
        self.open: dict[Any, _Open] = {}
        """By the id of the span that an event belongs to."""

    def start_chat(self, event: Any) -> None:
        """A model is sent messages."""
        self._start(event, CHAT)

    def start_completion(self, event: Any) -> None:
        """A model is sent a text."""
        self._start(event, TEXT_COMPLETION)

    def _start(self, event: Any, operation: str) -> None:
        key = event.span_id or threading.get_ident()
        there = self.open.get(key)
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
        name = model_name(told)
        call = self._places.begin(operation, name or str(told.get("class_name", "")), span)
        if call is None:
            return
        owner = span.owner if span is not None else None
        if call.id:
            call.dialect = "llama_index"
            call.model = name
            call.provider = content.provider(owner)
            if call.content:
                try:
                    call.request = encode(content.request(event, told, name, owner))
                except Exception as failure:  # noqa: BLE001 - then the call is recorded without its request
                    runtime.problem("a request of llama_index was not understood", failure)
        if owner is not None and span is not None:
            span.call = span.model = call
        self.open[key] = _Open(call, span)

    def token(self, event: Any) -> None:
        """A chunk of a stream has come."""
        open_call = self.open.get(event.span_id)
        if open_call is not None:
            if open_call.last is None:
                calls.first_chunk(open_call.call)
            open_call.last = event.response

    def end(self, event: Any) -> None:
        """A model has answered."""
        key = event.span_id or threading.get_ident()
        open_call = self.open.get(key)
        if open_call is not None:
            if open_call.inner:
                open_call.inner -= 1
            else:
                self.finish(key, event.response, None)

    def fail(self, event: Any) -> None:
        """Reading a stream failed, or its reader left."""
        self.finish(event.span_id or threading.get_ident(), None, event.exception)

    def exited(self, span_id: str, result: Any) -> None:
        """The span of an open call exits: it has handed out a stream."""
        # for a generator that was never started no event comes
        if is_generator(result) and self._places.follow(
            result, self.open[span_id].call, lambda: self.finish(span_id, None, GeneratorExit())
        ):
            return
        self.finish(span_id, None, None)

    def finish(self, key: Any, response: Any, error: BaseException | None) -> None:
        """A call is over; `GeneratorExit`: its reader has left."""
        open_call = self.open.pop(key, None)  # atomic: a call ends once
        if open_call is None:
            return
        call, span = open_call.call, open_call.span
        if response is None:
            response = open_call.last
        self._places.forget(call)
        if span is not None and span.model is call:
            span.call, span.model = span.outside, None
        if isinstance(error, GeneratorExit):
            call.finish, error = ABANDONED, None
        if call.id and response is not None:
            try:
                _put_down(call, span, response)
            except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
                runtime.problem("an answer of llama_index was not understood", failure)
        runtime.finish(call, error)
        if self._runs.engines:
            self._runs.model_finished(call, response, error)

    def close(self) -> None:
        """Nobody listens any more."""
        for key in list(self.open):
            self.finish(key, None, GeneratorExit())


def model_name(told: dict[str, Any]) -> str:
    """The model's name; "" where LlamaIndex only says that it does not know."""
    name = told.get("model_name") or told.get("model")
    return name if isinstance(name, str) and name != "unknown" else ""


def _put_down(call: Call, span: Span | None, response: Any) -> None:
    said = content.answer(response)
    call.message_ids = [call.id]
    raw = said.get("raw")
    if isinstance(raw, dict) and isinstance(raw.get("id"), str) and raw["id"]:
        call.message_ids = [raw["id"], call.id]
    if call.content:
        call.response = encode(said)
    if span is not None and span.authors is not None:
        written = getattr(response, "message", None)
        span.authors[id(written)] = (written, call.id)


class Embeddings:
    """The batches of texts that are being embedded."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.open: dict[Any, deque[Call]] = {}
        """By the id of the span, the oldest first."""

    def start(self, event: Any) -> None:
        """A batch begins; which texts, its end says. An async span begins all its batches at once."""
        key = event.span_id or threading.get_ident()
        span = self._places.spans.get(key)
        if span is not None and span.owner is not None:
            span.call = span.outside  # a batch is not inside the one before it
        model = model_name(event.model_dict)
        call = self._places.begin(EMBEDDINGS, model or str(event.model_dict.get("class_name", "")), span)
        if call is None:
            return
        if call.id:
            call.dialect = "openai.embeddings"
            call.model = model
        if span is not None and span.owner is not None:
            span.call = call
            call.provider = content.provider(span.owner)
        self.open.setdefault(key, deque()).append(call)

    def end(self, event: Any) -> None:
        """A batch is embedded. Its vectors are no content: how many they are, and of how many dimensions."""
        key = event.span_id or threading.get_ident()
        open_calls = self.open.get(key)
        if not open_calls:
            return
        call = open_calls.popleft()
        if not open_calls:
            del self.open[key]
        if call.id and call.content:
            call.request = encode({"model": call.model, "input": event.chunks})
            shape = {"embeddings": len(event.embeddings)}
            if event.embeddings and isinstance(event.embeddings[0], (list, tuple)):
                shape["dimensions"] = len(event.embeddings[0])
            call.response = encode(shape)
        runtime.finish(call)

    def left(self, span_id: str, error: BaseException | None) -> None:
        """A span is over; batches that are still open have failed."""
        span = self._places.spans.get(span_id)
        for call in self.open.pop(span_id):
            if isinstance(error, GeneratorExit):
                call.finish, error = ABANDONED, None
            if call.id and call.content and span is not None:
                call.request = encode({"model": call.model, "input": span.texts})
            runtime.finish(call, error)

    def close(self) -> None:
        """Nobody listens any more."""
        for key in list(self.open):
            self.left(key, GeneratorExit())
