"""Model calls and embeddings: LlamaIndex tells of them in events, each with the id of its span."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, Final

import msgspec
from llama_index.core.base.llms.types import ChatResponse
from llama_index.core.instrumentation.events.llm import LLMChatStartEvent

from agentlog import runtime
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog.semconv import ABANDONED, CHAT, EMBEDDINGS, TEXT_COMPLETION
from agentlog_llama_index import content
from agentlog_llama_index.places import Places, Span, is_generator
from agentlog_llama_index.runs import Runs

_OPERATIONS: Final = (CHAT, TEXT_COMPLETION)


class Open(msgspec.Struct, eq=False):
    """A model call that is under way."""

    call: Call
    span: Span | None
    inner: int = 0
    """How many calls of the same model are open inside it, in the same span."""
    last: Any = None
    """The last chunk of a stream: it holds all that came before it."""
    before: Any = None
    """The one before it: the body of OpenAI's last one has no choices, only tokens."""


class Models:
    """The model calls that are under way. A model inside a model's call is the same call, seen in another layer."""

    def __init__(self, places: Places, runs: Runs) -> None:
        self._places = places
        self._runs = runs
        self.open: dict[Any, Open] = {}
        """By the id of the span that an event belongs to."""

    def start(self, event: Any) -> None:
        """A model is sent messages or a text."""
        key = event.span_id or threading.get_ident()
        if key in self.open:
            self.open[key].inner += 1
            return
        places = self._places
        span = places.spans.get(key)
        if span is not None and (span.model is not None or span.transparent):
            return
        if places.streams:
            read = places.being_read()
            if read is not None and read.operation in _OPERATIONS:
                return  # the sync stream that an async one reads from
        owner = span.owner if span is not None else None
        told: dict[str, Any] = event.model_dict if content.TELLS or owner is None else content.told_of(owner)
        name = model_name(told)
        operation = CHAT if type(event) is LLMChatStartEvent else TEXT_COMPLETION
        call = places.begin(operation, name or str(told.get("class_name", "")), span)
        if call is None:
            return
        if call.id:
            call.dialect = "llama_index"
            call.model = name
            call.provider = content.provider_of[type(owner)]
            if call.content:
                try:
                    call.request = encode(content.request(event, told, name, owner))
                except Exception as failure:  # noqa: BLE001 - then the call is recorded without its request
                    runtime.problem("a request of llama_index was not understood", failure)
        if owner is not None and span is not None:
            span.call = span.model = call
        self.open[key] = Open(call, span)

    def end(self, event: Any) -> None:
        """A model has answered."""
        key = event.span_id or threading.get_ident()
        if key in self.open:
            if self.open[key].inner:
                self.open[key].inner -= 1
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
        if self._places.streams:
            self._places.forget(call)
        if span is not None and span.model is call:
            span.call, span.model = span.outside, None
        if error is not None and isinstance(error, GeneratorExit):
            call.finish, error = ABANDONED, None
        if call.id and response is not None:
            try:
                _put_down(call, span, response, open_call.before)
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


def _put_down(call: Call, span: Span | None, response: Any, before: Any) -> None:
    """What the model said. Tokens, finish reason and the answer's id stand in the provider's own body only."""
    written = response.message if isinstance(response, ChatResponse) else None
    raw = response.raw
    call.message_ids = [call.id]
    if raw is not None:
        raw = content.dumped(raw)
    if isinstance(raw, dict):
        if before is not None and raw.get("choices") == []:
            earlier = content.dumped(before.raw)
            if isinstance(earlier, dict):
                raw = {**raw, "choices": earlier.get("choices")}
        held = raw.get("response", raw)  # the last event of a stream of OpenAI's Responses holds the answer
        if isinstance(held, dict) and isinstance(held.get("id"), str) and held["id"]:
            call.message_ids = [held["id"], call.id]
    if call.content:
        said: dict[str, Any] = (
            {"text": response.text} if written is None else {"message": content.messages((written,))[0]}
        )
        if raw is not None:
            said["raw"] = raw
        if response.additional_kwargs:
            said["additional_kwargs"] = response.additional_kwargs
        call.response = encode(said)
    if written is not None and span is not None and span.place.run is not None:
        span.place.run.authors[id(written)] = (written, call.id)


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
            call.provider = content.provider_of[type(span.owner)]
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
