"""The callback handler: LangChain tells it of every run, it makes calls of those that are models, tools and retrievers.

Runs of chains and graphs become a row only where they are the outermost; the others are known so that what begins inside
them finds the call around it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage
from langchain_core.outputs import LLMResult

from agentlog import runtime
from agentlog.recording.calls import first_chunk
from agentlog.recording.snapshot import encode
from agentlog.semconv import (
    ABANDONED,
    CHAT,
    EXECUTE_TOOL,
    INTERRUPTED,
    INVOKE_AGENT,
    INVOKE_WORKFLOW,
    RETRIEVAL,
    TEXT_COMPLETION,
)
from agentlog_langchain import plain, runs
from agentlog_langchain.origin import describe
from agentlog_langchain.runs import Run

NOT_WHOLE: Final = "a run of LangChain was not recorded whole"

_Method = TypeVar("_Method", bound=Callable[..., None])

_KINDS: Final = ("ignore_llm", "ignore_chat_model", "ignore_chain", "ignore_agent", "ignore_retriever")
_PASSIVE: Final = ("prompt", "parser")
"""Chains that call nobody: they are no run of ours when they are the outermost."""


def _guarded(method: _Method) -> _Method:
    """Failures of ours never reach the application, nor LangChain's log, which would show their words."""

    @functools.wraps(method)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            method(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - see above
            runtime.problem(NOT_WHOLE, error)

    return cast(_Method, guarded)


class Handler(BaseCallbackHandler):
    """One for the process. LangChain adds it to every run by its identity, so copies of it are itself."""

    run_inline = True  # in the caller's own context, and without a hop to a thread pool for each event
    raise_error = False
    # not properties, as in the base class: they are asked for each event
    ignore_llm = ignore_chat_model = ignore_chain = ignore_agent = ignore_retriever = True
    ignore_retry = ignore_custom_event = True

    def enable(self, wanted: bool) -> None:
        """Listen, or stop listening: run managers that are under way keep their handlers."""
        for kind in _KINDS:
            setattr(self, kind, not wanted)

    def __copy__(self) -> Handler:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Handler:
        return self

    def __reduce__(self) -> str:
        return "handler"

    # ------------------------------------------------------------ models

    def on_chat_model_start(
        self,
        serialized: dict[str, Any] | None,
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        invocation_params: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
        batch_size: int = 1,
        **kwargs: Any,
    ) -> None:
        """A chat model is asked."""
        try:
            model = _model(metadata, invocation_params)
            run = runs.begin(CHAT, model or _name(serialized, kwargs), run_id, parent_run_id)
            if run is None:
                return
            if batch_size > 1:
                runs.announce(run)
            else:
                runs.enter(run)
            call = run.call
            if call.id:
                call.dialect = "langchain"
                call.model = model
                describe(call, metadata, tags)
                params = plain.parameters(invocation_params, options)
                call.request = encode({"messages": plain.messages(messages[0]), "params": params})
        except Exception as error:  # noqa: BLE001 - see _guarded, which costs too much here
            runtime.problem(NOT_WHOLE, error)

    @_guarded
    def on_llm_start(
        self,
        serialized: dict[str, Any] | None,
        prompts: list[str],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        invocation_params: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """A plain model is asked. It is not entered: its stream need not tell of a token before its reader has it."""
        model = _model(metadata, invocation_params)
        run = runs.begin(TEXT_COMPLETION, model or _name(serialized, kwargs), run_id, parent_run_id)
        if run is not None and run.call.id:
            call = run.call
            call.dialect = "langchain"
            call.model = model
            describe(call, metadata, tags)
            call.request = encode({"prompts": prompts, "params": plain.parameters(invocation_params, options)})

    def on_llm_new_token(self, token: Any = "", *, run_id: UUID, chunk: Any = None, **kwargs: Any) -> None:
        """A piece of a stream, before its reader has it."""
        try:
            run = runs.known.get(run_id.int)
            if run is not None:
                chunks = run.chunks
                if chunks is None:
                    chunks = _first(run)
                chunks.append(token if chunk is None else chunk)
        except Exception as error:  # noqa: BLE001 - see _guarded, which would cost too much here
            runtime.problem("a stream of LangChain was not recorded whole", error)

    def on_stream_event(self, event: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A piece of a stream of `stream_events(version="v3")`."""
        self.on_llm_new_token(event, run_id=run_id)

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """A model has answered."""
        try:
            run = runs.known.get(run_id.int)
            if run is not None and run.open:
                end_model(run, response.generations[0] if response.generations else [], response.llm_output)
        except Exception as error:  # noqa: BLE001 - see _guarded, which costs too much here
            runtime.problem(NOT_WHOLE, error)

    @_guarded
    def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """A model, a tool or a retriever has failed, was cancelled, or its reader left."""
        run = runs.find_open(run_id)
        if run is not None:
            runs.fail(run, error)

    # ------------------------------------------------------------ tools

    @_guarded
    def on_tool_start(
        self,
        serialized: dict[str, Any] | None,
        input_str: str,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        inputs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """A tool is called."""
        run = runs.begin(EXECUTE_TOOL, _name(serialized, kwargs), run_id, parent_run_id)
        if run is None:
            return
        runs.enter(run)
        call = run.call
        if call.id:
            describe(call, metadata, tags)
            call.tool_call_id = kwargs.get("tool_call_id") or ""
            call.request = encode(plain.arguments(inputs, input_str))

    @_guarded
    def on_tool_end(self, output: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A tool has given its result."""
        run = runs.find_open(run_id)
        if run is None:
            return
        call = run.call
        if call.id:
            content, beside, tool_call_id = plain.result(output)
            call.tool_call_id = call.tool_call_id or tool_call_id or ""
            call.attributes = {**call.attributes, **beside}
            call.response = encode(content)
        runs.end(run)

    on_tool_error = on_llm_error

    # ------------------------------------------------------------ retrievers

    @_guarded
    def on_retriever_start(
        self,
        serialized: dict[str, Any] | None,
        query: str,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """A retriever is asked."""
        run = runs.begin(RETRIEVAL, _name(serialized, kwargs), run_id, parent_run_id)
        if run is None:
            return
        runs.enter(run)  # LangChain hands no run on to what a retriever calls: embeddings, another model
        call = run.call
        if call.id:
            describe(call, metadata, tags)
            call.dialect = "retrieval"
            call.request = encode({"query": plain.plain(query)})

    @_guarded
    def on_retriever_end(self, documents: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A retriever has found documents."""
        run = runs.find_open(run_id)
        if run is None:
            return
        if run.call.id:
            run.call.response = encode(plain.documents(documents))
        runs.end(run)

    on_retriever_error = on_llm_error

    # ------------------------------------------------------------ chains and graphs

    @_guarded
    def on_chain_start(
        self,
        serialized: dict[str, Any] | None,
        inputs: Any,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        run_type: str | None = None,
        **kwargs: Any,
    ) -> None:
        """A chain, a graph or one of its nodes begins."""
        outer = runs.find(parent_run_id)
        if outer is not None or run_type in _PASSIVE:
            if outer is not None and outer.open and metadata and "langgraph_node" in metadata:
                outer.call.framework = "langgraph"  # langgraph before 1.2 does not say so of the graph itself
            nearest = runs.around(parent_run_id)
            if nearest is not None:
                runs.note(run_id, nearest)
            return
        operation = INVOKE_AGENT if metadata and metadata.get("lc_agent_name") else INVOKE_WORKFLOW
        run = runs.begin(operation, _name(serialized, kwargs), run_id, parent_run_id)
        if run is not None and run.call.id:
            call = run.call
            describe(call, metadata, tags)
            call.request = encode({"input": plain.plain(inputs)})

    @_guarded
    def on_chain_end(self, outputs: Any, *, run_id: UUID, inputs: Any = None, **kwargs: Any) -> None:
        """A chain, a graph or one of its nodes has ended."""
        run = runs.find_open(run_id)
        if run is None:
            return
        call = run.call
        if call.id:
            if inputs is not None:  # of a chain's stream: they were not known when it began
                call.request = encode({"input": plain.plain(inputs)})
                if any(other.chunks for other in runs.open_runs(call.trace)):
                    call.finish = ABANDONED  # its reader left: nothing tells, but a model in it that still streams
            call.response = encode(plain.plain(outputs))
            call.answer_ids = plain.answer_ids(outputs)
        runs.end(run)

    @_guarded
    def on_chain_error(self, error: BaseException, *, run_id: UUID, inputs: Any = None, **kwargs: Any) -> None:
        """A chain, a graph or one of its nodes has failed, was interrupted or cancelled, or its reader left."""
        run = runs.find(run_id)
        if run is None:
            return
        if not run.open:
            if run.call.id and any(kind.__name__ == "GraphInterrupt" for kind in type(error).__mro__):
                run.call.finish = INTERRUPTED  # of a node; its graph ends as if nothing were
            return
        if inputs is not None and run.call.id:
            run.call.request = encode({"input": plain.plain(inputs)})
        runs.fail(run, error)


handler: Final = Handler()


def end_model(run: Run, generations: Sequence[Any], llm_output: Mapping[str, Any] | None) -> None:
    """A model has answered: hand its call over."""
    call = run.call
    if call.id:
        made, call.message_ids = plain.generations(generations, run.key)
        call.response = encode({"generations": made, "llm_output": llm_output} if llm_output else {"generations": made})
    runs.end(run)


def _model(metadata: Mapping[str, Any] | None, params: Mapping[str, Any] | None) -> str:
    """The model's name as it was asked for; "" when it has none."""
    name = metadata.get("ls_model_name") if metadata else None
    if not name and params:
        name = params.get("model") or params.get("model_name")
    return name if isinstance(name, str) else ""


def _first(run: Run) -> list[Any]:
    """The first piece of a stream: from here on its reader runs too, so what is called is not the model's any more."""
    run.inside = False
    chunks: list[Any] = []
    if run.open:
        run.chunks = chunks
        if run.call.id:
            first_chunk(run.call)
    return chunks


def _name(serialized: Mapping[str, Any] | None, kwargs: Mapping[str, Any]) -> str:
    """The name that LangChain gives a run: of the tool, the retriever, the graph."""
    said = serialized or {}
    name = said.get("name") or kwargs.get("name")
    if not name:
        path = said.get("id")
        name = path[-1] if isinstance(path, list) and path else ""
    return name if isinstance(name, str) else ""
