"""What kind of call a span is, if any: told from the class that it belongs to, and the name of the method."""

from __future__ import annotations

from collections.abc import Callable
from inspect import BoundArguments
from typing import Any

from llama_index.core.agent.workflow import BaseWorkflowAgent
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.llms.base import BaseLLM
from llama_index.core.chat_engine.types import BaseChatEngine, StreamingAgentChatResponse
from llama_index.core.llms.structured_llm import StructuredLLM
from llama_index.core.tools import BaseTool
from llama_index.core.workflow import Event, Workflow

from agentlog.semconv import EXECUTE_TOOL, INVOKE_AGENT, INVOKE_WORKFLOW, RETRIEVAL
from agentlog_llama_index import content
from agentlog_llama_index.places import Places, Span
from agentlog_llama_index.runs import Runs, retrieval_ended, run_ended, tool_ended

_UUID = 37  # "-" and a uuid4 end every span's id

Opener = Callable[[str, Span | None, BoundArguments, Any], None]


class Kinds:
    """Opens spans, each as what it is."""

    def __init__(self, places: Places, runs: Runs) -> None:
        self._spans = places.spans
        self._runs = runs
        self._known: dict[tuple[type, str], Opener | None] = {}

    def entered(self, span_id: str, bound: BoundArguments, instance: Any, parent_id: str | None) -> None:
        """A span opens."""
        around = self._spans.get(parent_id) if parent_id is not None else None
        key = (type(instance), span_id[:-_UUID])
        try:
            opener = self._known[key]
        except KeyError:
            opener = self._known[key] = self._opener(instance, key[1].rpartition(".")[2])
        of_itself = instance is not None and around is not None and around.instance is instance
        if opener is not None and not of_itself:
            opener(span_id, around, bound, instance)
        elif around is not None:
            self._spans[span_id] = around

    def _opener(self, instance: Any, method: str) -> Opener | None:
        if instance is None:
            return self._step
        if isinstance(instance, StructuredLLM):
            return self._transparent
        if isinstance(instance, BaseLLM):
            return self._model
        if isinstance(instance, BaseEmbedding):
            return self._embedding
        if isinstance(instance, BaseTool) and method in ("call", "acall", "__call__"):
            return self._tool
        if isinstance(instance, BaseRetriever) and method in ("retrieve", "aretrieve"):
            return self._retriever
        if isinstance(instance, BaseQueryEngine) and method in ("query", "aquery"):
            return self._query_engine
        if isinstance(instance, BaseChatEngine) and method in ("chat", "achat", "stream_chat", "astream_chat"):
            return self._chat_engine
        if isinstance(instance, StreamingAgentChatResponse):
            return self._reader
        if isinstance(instance, Workflow) and method == "run":
            return self._run
        return None

    def _step(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        """A step of a workflow is no call, but says where the calls in it stand."""
        span = Span(span_id, around)
        event = next((value for value in bound.arguments.values() if isinstance(value, Event)), None)
        if event is not None:
            span.node = span.id[:-_UUID].rpartition(".")[2]
            span.agent = getattr(event, "current_agent_name", None) or span.agent
            span.tool_call_id = getattr(event, "tool_id", None) or ""
        self._spans[span.id] = span

    def _model(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        if around is not None and around.model is not None:
            self._spans[span_id] = around  # the same call, in another layer
            return
        span = Span(span_id, around)
        span.owner = instance
        self._spans[span.id] = span

    def _transparent(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = Span(span_id, around)
        span.transparent = True
        self._spans[span.id] = span

    def _embedding(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = Span(span_id, around)
        span.owner = instance
        asked = next(iter(bound.arguments.values()), "")
        span.texts = asked if isinstance(asked, list) else [str(asked)]
        self._spans[span.id] = span

    def _tool(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = Span(span_id, around)
        name = instance.metadata.name or type(instance).__name__
        if span.tool == name:  # `__call__` calls `call`; an adapter's `acall` the tool's
            self._spans[span.id] = span
            return
        call = self._runs.open(span, EXECUTE_TOOL, name, lambda: content.arguments(instance, bound), tool_ended)
        span.tool = name
        if call is not None:
            call.tool_call_id = span.tool_call_id
            span.tool_call_id = ""

    def _retriever(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = Span(span_id, around)
        span.tool, span.instance = "", instance
        call = self._runs.open(
            span, RETRIEVAL, type(instance).__name__, lambda: content.question(bound), retrieval_ended
        )
        if call is not None:
            call.dialect = "retrieval"

    def _query_engine(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = Span(span_id, around)
        span.tool, span.instance = "", instance
        self._runs.open_engine(span, type(instance).__name__, lambda: content.question(bound))

    def _chat_engine(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = Span(span_id, around)
        span.tool, span.instance = "", instance
        self._runs.open_engine(span, type(instance).__name__, lambda: content.asked(bound))

    def _reader(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = Span(span_id, around)
        span.reads_for = around
        self._spans[span.id] = span

    def _run(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = Span(span_id, around)
        span.tool = span.node = ""
        span.authors = {}
        is_agent = isinstance(instance, BaseWorkflowAgent)
        name = instance.name if is_agent else type(instance).__name__
        span.agent = name if is_agent else ""
        started = bound.arguments.get("start_event")
        operation = INVOKE_AGENT if is_agent else INVOKE_WORKFLOW
        self._runs.open(span, operation, name, lambda: content.event_fields(started), run_ended)
