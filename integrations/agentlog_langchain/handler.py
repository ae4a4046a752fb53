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
            runtime.problem("a run of LangChain was not recorded whole", error)

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

    @_guarded
    def on_chat_model_start(
        self,
        serialized: dict[str, Any] | None,
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """A chat model is asked."""
        run = _begin_model(CHAT, serialized, run_id, parent_run_id, tags, metadata, kwargs)
        if run is None:
            return
        if kwargs.get("batch_size", 1) > 1:
            run.begun = False  # `generate` with several lists announces them all, then asks one after the other
        else:
            runs.enter(run)
        call = runs.own_call(run)
        if call is not None:
            params = plain.parameters(kwargs.get("invocation_params"), kwargs.get("options"))
            call.request = encode({"messages": [plain.message(one) for one in messages[0]], "params": params})

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
        **kwargs: Any,
    ) -> None:
        """A plain model is asked. It is not entered: its stream need not tell of a token before its reader has it."""
        call = runs.own_call(_begin_model(TEXT_COMPLETION, serialized, run_id, parent_run_id, tags, metadata, kwargs))
        if call is not None:
            params = plain.parameters(kwargs.get("invocation_params"), kwargs.get("options"))
            call.request = encode({"prompts": prompts, "params": params})

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

    @_guarded
    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """A model has answered."""
        run = runs.find_open(run_id)
        if run is not None:
            end_model(run, response.generations[0] if response.generations else (), response.llm_output)

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
        call = runs.own_call(runs.begin(EXECUTE_TOOL, _name(serialized, kwargs), run_id, parent_run_id))
        if call is not None:
            describe(call, metadata, tags)
            call.tool_call_id = kwargs.get("tool_call_id") or ""
            call.request = encode(plain.arguments(inputs, input_str))

    @_guarded
    def on_tool_end(self, output: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A tool has given its result."""
        run = runs.find_open(run_id)
        if run is None:
            return
        call = runs.own_call(run)
        if call is not None:
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
        runs.enter(
            run
        )  # LangChain does not say so to what a retriever calls: embeddings, a model that rewrites the query
        call = runs.own_call(run)
        if call is not None:
            describe(call, metadata, tags)
            call.dialect = "retrieval"
            call.request = encode({"query": plain.plain(query)})

    @_guarded
    def on_retriever_end(self, documents: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A retriever has found documents."""
        run = runs.find_open(run_id)
        if run is None:
            return
        call = runs.own_call(run)
        if call is not None:
            call.response = encode(plain.documents(documents))
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
            if (
                metadata
                and "langgraph_node" in metadata
                and outer is not None
                and outer.open
                and outer.call is not None
            ):
                outer.call.framework = "langgraph"  # langgraph before 1.2 does not say so of the graph itself
            runs.note(run_id, runs.around(parent_run_id))
            return
        operation = INVOKE_AGENT if metadata and metadata.get("lc_agent_name") else INVOKE_WORKFLOW
        call = runs.own_call(runs.begin(operation, _name(serialized, kwargs), run_id, parent_run_id))
        if call is not None:
            describe(call, metadata, tags)
            call.request = encode({"input": plain.plain(inputs)})

    @_guarded
    def on_chain_end(self, outputs: Any, *, run_id: UUID, inputs: Any = None, **kwargs: Any) -> None:
        """A chain, a graph or one of its nodes has ended."""
        run = runs.find_open(run_id)
        if run is None:
            return
        call = runs.own_call(run)
        if call is not None:
            if inputs is not None:  # of a chain's stream: they were not known when it began
                call.request = encode({"input": plain.plain(inputs)})
                if any(other.chunks for other in runs.open_runs(call.trace)):
                    call.finish = (
                        ABANDONED  # the reader left: LangChain tells it by nothing but a model that still streams
                    )
            call.response = encode(plain.plain(outputs))
            call.answer_ids = plain.answer_ids(outputs)
        runs.end(run)

    @_guarded
    def on_chain_error(self, error: BaseException, *, run_id: UUID, inputs: Any = None, **kwargs: Any) -> None:
        """A chain, a graph or one of its nodes has failed, was interrupted or cancelled, or its reader left."""
        run = runs.find(run_id)
        call = runs.own_call(run)
        if run is None or not run.open:
            if call is not None and any(kind.__name__ == "GraphInterrupt" for kind in type(error).__mro__):
                call.finish = INTERRUPTED  # of a node; its graph ends as if nothing were
            return
        if call is not None and inputs is not None:
            call.request = encode({"input": plain.plain(inputs)})
        runs.fail(run, error)


handler: Final = Handler()


def end_model(run: Run, generations: Sequence[Any], llm_output: Mapping[str, Any] | None) -> None:
    """A model has answered: hand its call over."""
    call = runs.own_call(run)
    if call is not None:
        response: dict[str, Any] = {"generations": [plain.generation(one) for one in generations]}
        if llm_output:
            response["llm_output"] = llm_output
        call.response = encode(response)
        if call.operation == CHAT:
            call.message_ids = [
                getattr(getattr(one, "message", None), "id", None) or f"lc_run--{UUID(int=run.key)}-{number}"
                for number, one in enumerate(generations)
            ]
    runs.end(run)


def _begin_model(
    operation: str,
    serialized: Mapping[str, Any] | None,
    run_id: UUID,
    parent_run_id: UUID | None,
    tags: list[str] | None,
    metadata: Mapping[str, Any] | None,
    kwargs: Mapping[str, Any],
) -> Run | None:
    params = kwargs.get("invocation_params") or {}
    model = (metadata or {}).get("ls_model_name") or params.get("model") or params.get("model_name")
    model = model if isinstance(model, str) else ""
    run = runs.begin(operation, model or _name(serialized, {}), run_id, parent_run_id)
    call = runs.own_call(run)
    if call is not None:
        call.dialect = "langchain"
        call.model = model
        describe(call, metadata, tags)
    return run


def _first(run: Run) -> list[Any]:
    """The first piece of a stream: from here on its reader runs too, so what is called is not the model's any more."""
    run.inside = False
    chunks: list[Any] = []
    if run.open:
        run.chunks = chunks
        call = runs.own_call(run)
        if call is not None:
            first_chunk(call)
    return chunks


def _name(serialized: Mapping[str, Any] | None, kwargs: Mapping[str, Any]) -> str:
    """The name that LangChain gives a run: of the tool, the retriever, the graph."""
    said = serialized or {}
    name = said.get("name") or kwargs.get("name")
    if not name:
        path = said.get("id")
        name = path[-1] if isinstance(path, list) and path else ""
    return name if isinstance(name, str) else ""
