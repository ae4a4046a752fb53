"""Hears every event and span of LlamaIndex, and tells those that it concerns."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import BoundArguments
from typing import Any

from llama_index.core.instrumentation.events import embedding, llm
from llama_index.core.instrumentation.events.exception import ExceptionEvent

from agentlog import runtime
from agentlog.recording import calls
from agentlog_llama_index.kinds import Kinds
from agentlog_llama_index.models import Embeddings, Models, Open
from agentlog_llama_index.places import Places
from agentlog_llama_index.runs import Runs

Reader = Callable[[Any], None]


class Listener:
    """Everything that is under way in LlamaIndex."""

    def __init__(self) -> None:
        self.places = Places()
        self.around = self.places.around  # one object: a source is removed by what it is
        self._spans = self.places.spans
        self._runs = Runs(self.places)
        self._models = Models(self.places, self._runs)
        self._embeddings = Embeddings(self.places)
        kinds = Kinds(self.places, self._runs)
        self._opener_of_class, self._opener = kinds.of_class, kinds.opener
        readers: dict[type, Reader] = {
            llm.LLMChatStartEvent: self._models.start,
            llm.LLMChatEndEvent: self._models.end,
            llm.LLMCompletionStartEvent: self._models.start,
            llm.LLMCompletionEndEvent: self._models.end,
            ExceptionEvent: self._models.fail,
            embedding.EmbeddingStartEvent: self._embeddings.start,
            embedding.EmbeddingEndEvent: self._embeddings.end,
            **_optional(embedding.__name__, "SparseEmbeddingStartEvent", self._embeddings.start),
            **_optional(embedding.__name__, "SparseEmbeddingEndEvent", self._embeddings.end),
            **_optional("workflows.runtime.types.step_function", "SpanCancelledEvent", self._runs.cancelled),
        }
        self.handle = _hearing(readers, self._models.open)

    def span_enter(
        self,
        id_: str,
        bound_args: BoundArguments,
        instance: Any | None = None,
        parent_id: str | None = None,
        tags: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """A span opens."""
        try:
            spans = self._spans
            around = spans.get(parent_id)
            if (
                around is not None
                and instance is not None
                and around.owner is instance
                and (around.model is not None or around.own is not None)
            ):
                spans[id_] = around  # what it calls of itself is the same call
                return
            opener = self._opener_of_class.get(type(instance)) or self._opener(type(instance), id_)
            if opener is not None:
                opener(id_, around, bound_args, instance)
            elif around is not None:
                spans[id_] = around
        except Exception as failure:  # noqa: BLE001 - as above
            runtime.problem("a span of llama_index was not understood", failure)

    def span_exit(
        self,
        id_: str,
        bound_args: BoundArguments,
        instance: Any | None = None,
        result: Any | None = None,
        **kwargs: Any,
    ) -> None:
        """A span came to its end with `result`."""
        try:
            if id_ in self._models.open:
                self._models.exited(id_, result)
            elif id_ in self._embeddings.open:
                self._embeddings.left(id_, None)
            span = self._spans.pop(id_, None)
            if span is not None and span.id == id_:
                if span.own is not None:
                    self._runs.exited(span, result)
                elif span.reads_for is not None:
                    self._runs.read(span.reads_for)
        except Exception as failure:  # noqa: BLE001 - as above
            runtime.problem("a span of llama_index was not understood", failure)

    def span_drop(
        self,
        id_: str,
        bound_args: BoundArguments,
        instance: Any | None = None,
        err: BaseException | None = None,
        **kwargs: Any,
    ) -> None:
        """A span failed."""
        try:
            if id_ in self._models.open:
                self._models.finish(id_, None, err)
            elif id_ in self._embeddings.open:
                self._embeddings.left(id_, err)
            span = self._spans.pop(id_, None)
            if span is not None and span.id == id_:
                if span.reads_for is not None:
                    self._runs.read(span.reads_for)
                self._runs.finish(span, None, err)
        except Exception as failure:  # noqa: BLE001 - as above
            runtime.problem("a span of llama_index was not understood", failure)

    def close(self) -> None:
        """Nobody listens any more: what is under way is recorded as far as it has come."""
        self._models.close()
        self._embeddings.close()
        self._runs.close()


def _hearing(readers: dict[type, Reader], opened: dict[Any, Open]) -> Callable[..., None]:
    """The handler of events: who hears which; the others are tokens in another shape, or concern nobody here.

    A closure, and chunks of streams are taken here and now: there is one for each token, and its share is half a µs.
    """
    chat_chunk, text_chunk = llm.LLMChatInProgressEvent, llm.LLMCompletionInProgressEvent

    def handle(event: Any, **kwargs: Any) -> None:
        try:
            kind = type(event)
            if kind is chat_chunk or kind is text_chunk:
                span_id = event.span_id
                if span_id in opened:
                    stream = opened[span_id]
                    if stream.last is None:
                        calls.first_chunk(stream.call)
                    stream.before = stream.last
                    stream.last = event.response
            elif kind in readers:
                readers[kind](event)
        except Exception as failure:  # noqa: BLE001 - the dispatcher would swallow it without a word
            runtime.problem("an event of llama_index was not understood", failure)

    return handle


def _optional(module: str, name: str, reader: Reader) -> dict[type, Reader]:
    """An event that not every release has."""
    try:
        return {getattr(import_module(module), name): reader}
    except (ImportError, AttributeError):
        return {}
