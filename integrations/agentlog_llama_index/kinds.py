"""What kind of call a span is, if any: told from the class that it belongs to, and the name of the method."""

from __future__ import annotations

from collections.abc import Callable
from inspect import BoundArguments
from typing import Any, Final

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
from agentlog_llama_index.places import Places, Run, Span, inside
from agentlog_llama_index.runs import Runs, retrieval_ended, run_ended, tool_ended

_UUID: Final = 37  # "-" and a uuid4 end every span's id
_MANY: Final = 4096
"""Classes and methods that are remembered: a class that is made for one call must not be kept for ever."""

Opener = Callable[[str, Span | None, BoundArguments, Any], None]


class Kinds:
    """Opens spans, each as what it is."""

    def __init__(self, places: Places, runs: Runs) -> None:
        self._spans = places.spans
        self._runs = runs
        self.of_class: dict[type, Opener] = {}
        """Of the classes that were met: those whose every span is of one kind. Models first of all, which are asked most often."""
        self._of_method: dict[tuple[type, str], Opener | None] = {}

    def opener(self, kind: type, span_id: str) -> Opener | None:
        """Who opens a span of an object of this class; None: it is nothing of its own."""
        method = span_id[:-_UUID]
        try:
            return self._of_method[kind, method]
        except KeyError:
            if len(self.of_class) + len(self._of_method) > _MANY:
                self.of_class.clear()
                self._of_method.clear()
        for base, opener in (
            (type(None), self._step),
            (StructuredLLM, self._transparent),
            (BaseLLM, self._model),
            (BaseEmbedding, self._embedding),
            (StreamingAgentChatResponse, self._reader),
        ):
            if issubclass(kind, base):
                self.of_class[kind] = opener
                return opener
        found = self._of_method[kind, method] = self._by_method(kind, method.rpartition(".")[2])
        return found

    def _by_method(self, kind: type, method: str) -> Opener | None:
        if issubclass(kind, BaseTool) and method in ("call", "acall", "__call__"):
            return self._tool
        if issubclass(kind, BaseRetriever) and method in ("retrieve", "aretrieve"):
            return self._retriever
        if issubclass(kind, BaseQueryEngine) and method in ("query", "aquery"):
            return self._query_engine
        if issubclass(kind, BaseChatEngine) and method in ("chat", "achat", "stream_chat", "astream_chat"):
            return self._chat_engine
        if issubclass(kind, Workflow) and method == "run":
            return self._run
        return None

    def _model(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        if around is None:
            span = Span(span_id)
        elif around.model is None:
            span = Span(span_id, around.place, around.call, around.call)
        else:
            self._spans[span_id] = around  # the same call, in another layer
            return
        span.owner = instance
        self._spans[span_id] = span

    def _transparent(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = inside(around, span_id)
        span.transparent = True
        self._spans[span_id] = span

    def _embedding(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = inside(around, span_id)
        span.owner = instance
        asked = next(iter(bound.arguments.values()), "")
        span.texts = asked if isinstance(asked, list) else [str(asked)]
        self._spans[span_id] = span

    def _reader(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = inside(around, span_id)
        span.reads_for = around
        self._spans[span_id] = span

    def _step(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        """A step of a workflow is no call, but says where the calls in it stand."""
        event = next((value for value in bound.arguments.values() if isinstance(value, Event)), None)
        known: dict[str, Any] = {}
        if event is not None:
            known["node"] = span_id[:-_UUID].rpartition(".")[2]
            known["tool_call_id"] = getattr(event, "tool_id", None) or ""
            run = around.place.run if around is not None else None
            if run is not None:
                run.agent = known["agent"] = getattr(event, "current_agent_name", None) or run.agent
        self._spans[span_id] = inside(around, span_id, **known)

    def _tool(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        name = instance.metadata.name or type(instance).__name__
        if around is not None and around.place.tool == name:  # `__call__` calls `call`; an adapter's `acall` the tool's
            self._spans[span_id] = around
            return
        span = inside(around, span_id, tool=name, tool_call_id="")
        call = self._runs.open(span, EXECUTE_TOOL, name, lambda: content.arguments(instance, bound), tool_ended)
        if call is not None and around is not None:
            call.tool_call_id = around.place.tool_call_id

    def _retriever(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = inside(around, span_id, tool="")
        span.owner = instance
        call = self._runs.open(
            span, RETRIEVAL, type(instance).__name__, lambda: content.question(bound), retrieval_ended
        )
        if call is not None:
            call.dialect = "retrieval"

    def _query_engine(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = inside(around, span_id, tool="")
        span.owner = instance
        self._runs.open_engine(span, type(instance).__name__, lambda: content.question(bound))

    def _chat_engine(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        span = inside(around, span_id, tool="")
        span.owner = instance
        self._runs.open_engine(span, type(instance).__name__, lambda: content.asked(bound))

    def _run(self, span_id: str, around: Span | None, bound: BoundArguments, instance: Any) -> None:
        is_agent = isinstance(instance, BaseWorkflowAgent)
        name = instance.name if is_agent else type(instance).__name__
        agent = name if is_agent else ""
        span = inside(around, span_id, agent=agent, node="", run=Run(agent), tool="")
        started = bound.arguments.get("start_event")
        operation = INVOKE_AGENT if is_agent else INVOKE_WORKFLOW
        self._runs.open(span, operation, name, lambda: content.event_fields(started), run_ended)
