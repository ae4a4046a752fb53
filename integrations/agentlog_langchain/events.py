"""What LangChain's run managers are told, and the calls that are made of it: of models, tools and retrievers.

Each function bears the name of the method that it listens to (`hooks` puts it there). Those of a beginning are given the
manager that began the run, the manager of the run (a list of them, of models), then what the method was given; the
others are given the run's id, then what the method was given. What they raise, `hooks` keeps from the application.

Runs of chains and graphs become a row only where they are the outermost; the others are known so that what begins inside
them finds the call around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from langchain_core.callbacks.base import BaseCallbackManager
from langchain_core.callbacks.manager import BaseRunManager
from langchain_core.messages import BaseMessage
from langchain_core.outputs import LLMResult

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

_PASSIVE: Final = ("prompt", "parser")
"""Chains that call nobody: they are no run of ours when they are the outermost."""

# ---------------------------------------------------------------- models


def on_chat_model_start(
    around: BaseCallbackManager,
    managers: Sequence[BaseRunManager],
    serialized: Mapping[str, Any] | None,
    messages: Sequence[Sequence[BaseMessage]],
    run_id: UUID | None = None,
    *,
    invocation_params: dict[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    name: str | None = None,
    batch_size: int = 1,
    **kwargs: Any,
) -> None:
    """A chat model is asked; several lists of messages are several runs."""
    metadata = around.metadata
    model = _model(metadata, invocation_params)
    for manager, given in zip(managers, messages, strict=False):
        run = runs.begin(CHAT, model or _name(serialized, name), manager.run_id, around.parent_run_id)
        if run is None:
            continue
        if batch_size > 1:
            runs.announce(run)
        else:
            runs.enter(run)
        call = run.call
        if call.id:
            call.dialect = "langchain"
            call.model = model
            describe(call, metadata, around.tags)
            params = plain.parameters(invocation_params, options)
            call.request = encode({"messages": plain.messages(given), "params": params})


def on_llm_start(
    around: BaseCallbackManager,
    managers: Sequence[BaseRunManager],
    serialized: Mapping[str, Any] | None,
    prompts: Sequence[str],
    run_id: UUID | None = None,
    *,
    invocation_params: dict[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    name: str | None = None,
    **kwargs: Any,
) -> None:
    """A plain model is asked. It is not entered: its stream need not tell of a token before its reader has it."""
    model = _model(around.metadata, invocation_params)
    for manager, prompt in zip(managers, prompts, strict=False):
        run = runs.begin(TEXT_COMPLETION, model or _name(serialized, name), manager.run_id, around.parent_run_id)
        if run is not None and run.call.id:
            call = run.call
            call.dialect = "langchain"
            call.model = model
            describe(call, around.metadata, around.tags)
            call.request = encode({"prompts": [prompt], "params": plain.parameters(invocation_params, options)})


def on_llm_new_token(run_id: UUID, token: Any = "", *, chunk: Any = None, **kwargs: Any) -> None:
    """A piece of a stream, before its reader has it."""
    run = runs.known.get(run_id.int)
    if run is not None:
        chunks = run.chunks
        if chunks is None:
            chunks = _first(run)
        chunks.append(token if chunk is None else chunk)


def on_stream_event(run_id: UUID, event: Any, **kwargs: Any) -> None:
    """A piece of a stream of `stream_events(version="v3")`."""
    on_llm_new_token(run_id, event)


def on_llm_end(run_id: UUID, response: LLMResult, **kwargs: Any) -> None:
    """A model has answered."""
    run = runs.known.get(run_id.int)
    if run is not None and run.open:
        end_model(run, response.generations[0] if response.generations else [], response.llm_output)


def end_model(run: Run, generations: Sequence[Any], llm_output: Mapping[str, Any] | None) -> None:
    """A model has answered: hand its call over."""
    call = run.call
    if call.id:
        made, call.message_ids = plain.generations(generations, run.key)
        call.response = encode({"generations": made, "llm_output": llm_output} if llm_output else {"generations": made})
    runs.end(run)


def on_error(run_id: UUID, error: BaseException, **kwargs: Any) -> None:
    """A model, a tool or a retriever has failed, was cancelled, or its reader left."""
    run = runs.find_open(run_id)
    if run is not None:
        runs.fail(run, error)


# ---------------------------------------------------------------- tools


def on_tool_start(
    around: BaseCallbackManager,
    manager: BaseRunManager,
    serialized: Mapping[str, Any] | None,
    input_str: str,
    run_id: UUID | None = None,
    parent_run_id: UUID | None = None,
    inputs: dict[str, Any] | None = None,
    *,
    name: str | None = None,
    tool_call_id: str | None = None,
    **kwargs: Any,
) -> None:
    """A tool is called."""
    run = runs.begin(EXECUTE_TOOL, _name(serialized, name), manager.run_id, around.parent_run_id)
    if run is None:
        return
    runs.enter(run)
    call = run.call
    if call.id:
        describe(call, around.metadata, around.tags)
        call.tool_call_id = tool_call_id or ""
        call.request = encode(plain.arguments(inputs, input_str))


def on_tool_end(run_id: UUID, output: Any, **kwargs: Any) -> None:
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


# ---------------------------------------------------------------- retrievers


def on_retriever_start(
    around: BaseCallbackManager,
    manager: BaseRunManager,
    serialized: Mapping[str, Any] | None,
    query: str,
    run_id: UUID | None = None,
    parent_run_id: UUID | None = None,
    *,
    name: str | None = None,
    **kwargs: Any,
) -> None:
    """A retriever is asked."""
    run = runs.begin(RETRIEVAL, _name(serialized, name), manager.run_id, around.parent_run_id)
    if run is None:
        return
    runs.enter(run)  # LangChain hands no run on to what a retriever calls: embeddings, another model
    call = run.call
    if call.id:
        describe(call, around.metadata, around.tags)
        call.dialect = "retrieval"
        call.request = encode({"query": plain.plain(query)})


def on_retriever_end(run_id: UUID, documents: Any, **kwargs: Any) -> None:
    """A retriever has found documents."""
    run = runs.find_open(run_id)
    if run is None:
        return
    if run.call.id:
        run.call.response = encode(plain.documents(documents))
    runs.end(run)


# ---------------------------------------------------------------- chains and graphs


def on_chain_start(
    around: BaseCallbackManager,
    manager: BaseRunManager,
    serialized: Mapping[str, Any] | None,
    inputs: Any,
    run_id: UUID | None = None,
    *,
    name: str | None = None,
    run_type: str | None = None,
    **kwargs: Any,
) -> None:
    """A chain, a graph or one of its nodes begins."""
    metadata = around.metadata
    outer = runs.find(around.parent_run_id)
    if outer is not None or run_type in _PASSIVE:
        if outer is not None and outer.open and metadata and "langgraph_node" in metadata:
            outer.call.framework = "langgraph"  # langgraph before 1.2 does not say so of the graph itself
        nearest = runs.around(around.parent_run_id)
        if nearest is not None:
            runs.note(manager.run_id, nearest)
        return
    operation = INVOKE_AGENT if metadata and metadata.get("lc_agent_name") else INVOKE_WORKFLOW
    run = runs.begin(operation, _name(serialized, name), manager.run_id, around.parent_run_id)
    if run is not None and run.call.id:
        call = run.call
        describe(call, metadata, around.tags)
        call.request = encode({"input": plain.plain(inputs)})


def on_chain_end(run_id: UUID, outputs: Any, *, inputs: Any = None, **kwargs: Any) -> None:
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


def on_chain_error(run_id: UUID, error: BaseException, *, inputs: Any = None, **kwargs: Any) -> None:
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


# ---------------------------------------------------------------- how they are called


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


def _name(serialized: Mapping[str, Any] | None, given: str | None) -> str:
    """The name that LangChain gives a run: of the tool, the retriever, the graph."""
    said = serialized or {}
    name = said.get("name") or given
    if not name:
        path = said.get("id")
        name = path[-1] if isinstance(path, list) and path else ""
    return name if isinstance(name, str) else ""
