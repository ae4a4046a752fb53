"""Hears every event and span of LlamaIndex, and tells those that it concerns."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from llama_index.core.instrumentation.events import embedding, llm
from llama_index.core.instrumentation.events.exception import ExceptionEvent

from agentlog_llama_index.kinds import Kinds
from agentlog_llama_index.models import Embeddings, Models
from agentlog_llama_index.places import Places
from agentlog_llama_index.runs import Runs

Reader = Callable[[Any], None]


class Listener:
    """Everything that is under way in LlamaIndex."""

    def __init__(self) -> None:
        self.places = Places()
        self.around = self.places.around  # one object: a source is removed by what it is
        self._runs = Runs(self.places)
        self._models = Models(self.places, self._runs)
        self._embeddings = Embeddings(self.places)
        self.entered = Kinds(self.places, self._runs).entered
        self.readers: dict[type, Reader] = {
            llm.LLMChatStartEvent: self._models.start_chat,
            llm.LLMChatInProgressEvent: self._models.token,
            llm.LLMChatEndEvent: self._models.end,
            llm.LLMCompletionStartEvent: self._models.start_completion,
            llm.LLMCompletionInProgressEvent: self._models.token,
            llm.LLMCompletionEndEvent: self._models.end,
            ExceptionEvent: self._models.fail,
            embedding.EmbeddingStartEvent: self._embeddings.start,
            embedding.EmbeddingEndEvent: self._embeddings.end,
            **_optional(embedding.__name__, "SparseEmbeddingStartEvent", self._embeddings.start),
            **_optional(embedding.__name__, "SparseEmbeddingEndEvent", self._embeddings.end),
            **_optional("workflows.runtime.types.step_function", "SpanCancelledEvent", self._runs.cancelled),
        }
        """Who hears which events; the others are tokens in another shape, or concern nobody here."""

    def exited(self, span_id: str, result: Any) -> None:
        """A span came to its end with `result`."""
        if span_id in self._models.open:
            self._models.exited(span_id, result)
        elif span_id in self._embeddings.open:
            self._embeddings.left(span_id, None)
        span = self.places.spans.pop(span_id, None)
        if span is not None and span.id == span_id:
            if span.own is not None:
                self._runs.exited(span, result)
            elif span.reads_for is not None:
                self._runs.read(span.reads_for)

    def dropped(self, span_id: str, error: BaseException | None) -> None:
        """A span failed."""
        if span_id in self._models.open:
            self._models.finish(span_id, None, error)
        elif span_id in self._embeddings.open:
            self._embeddings.left(span_id, error)
        span = self.places.spans.pop(span_id, None)
        if span is not None and span.id == span_id:
            if span.reads_for is not None:
                self._runs.read(span.reads_for)
            self._runs.finish(span, None, error)

    def close(self) -> None:
        """Nobody listens any more: what is under way is recorded as far as it has come."""
        self._models.close()
        self._embeddings.close()
        self._runs.close()


def _optional(module: str, name: str, reader: Reader) -> dict[type, Reader]:
    """An event that not every release has."""
    try:
        return {getattr(import_module(module), name): reader}
    except (ImportError, AttributeError):
        return {}
