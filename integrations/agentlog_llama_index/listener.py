"""Hears every event and span of LlamaIndex, and tells those that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import BoundArguments
from typing import Any

from llama_index.core.instrumentation.events import embedding, llm
from llama_index.core.instrumentation.events.exception import ExceptionEvent

from agentlog_llama_index.kinds import Kinds
from agentlog_llama_index.models import Embeddings, Models
from agentlog_llama_index.places import Places
from agentlog_llama_index.runs import Runs


class Listener:
    """Everything that is under way in LlamaIndex."""

    def __init__(self) -> None:
        self.places = Places()
        self._runs = Runs(self.places)
        self._models = Models(self.places, self._runs.model_finished)
        self._embeddings = Embeddings(self.places)
        self._kinds = Kinds(self.places, self._runs)
        self.entered: Callable[[str, BoundArguments, Any, str | None], None] = self._kinds.entered
        self._readers: Mapping[type, Callable[[Any], None]] = {
            llm.LLMChatStartEvent: self._models.start_chat,
            llm.LLMChatInProgressEvent: self._models.token,
            llm.LLMChatEndEvent: self._models.end,
            llm.LLMCompletionStartEvent: self._models.start_completion,
            llm.LLMCompletionInProgressEvent: self._models.token,
            llm.LLMCompletionEndEvent: self._models.end,
            ExceptionEvent: self._models.fail,
            embedding.EmbeddingStartEvent: self._embeddings.start,
            embedding.EmbeddingEndEvent: self._embeddings.end,
            **_later(
                "llama_index.core.instrumentation.events.embedding", "SparseEmbeddingStartEvent", self._embeddings.start
            ),
            **_later(
                "llama_index.core.instrumentation.events.embedding", "SparseEmbeddingEndEvent", self._embeddings.end
            ),
            **_later("workflows.runtime.types.step_function", "SpanCancelledEvent", self._runs.cancelled),
        }

    def event(self, event: Any) -> None:
        """Something has happened. Most events are tokens, or concern nobody here."""
        reader = self._readers.get(type(event))
        if reader is not None:
            reader(event)

    def exited(self, span_id: str, result: Any) -> None:
        """A span came to its end with `result`."""
        self._models.exited(span_id, result)
        self._embeddings.left(span_id, None)
        self._runs.exited(span_id, result)

    def dropped(self, span_id: str, error: BaseException | None) -> None:
        """A span failed."""
        self._models.dropped(span_id, error)
        self._embeddings.left(span_id, error)
        self._runs.dropped(span_id, error)

    def close(self) -> None:
        """Nobody listens any more: what is under way is recorded as far as it has come."""
        self._models.close()
        self._embeddings.close()
        self._runs.close()


def _later(module: str, name: str, reader: Callable[[Any], None]) -> dict[type, Callable[[Any], None]]:
    """An event that not every release has."""
    try:
        return {getattr(import_module(module), name): reader}
    except (ImportError, AttributeError):
        return {}
