"""LangChain's objects as plain data, lean: what the dialect "langchain" reads, and nothing more."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from langchain_core.documents import Document
from langchain_core.messages import BaseMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk, Generation
from langchain_core.outputs.chat_generation import merge_chat_generation_chunks
from langchain_core.prompt_values import PromptValue
from langchain_core.tools import BaseTool
from pydantic import BaseModel

_MAKING: Final = ("response_metadata", "usage_metadata", "artifact")
_AI: Final = ("ai", "AIMessageChunk")
_MAX_DEPTH: Final = 12

_PRIVATE: Final = re.compile(
    r"api_?key|secret|passw|credential|authori[sz]ation|cookie|private_?key|access_?key|headers$|^key$"
    r"|(^|auth|access|bearer|api|session|refresh|ad|hub|jwt)_?token$",
    re.IGNORECASE,
)
_NESTED: Final = frozenset({"model_kwargs", "extra_body", "client_kwargs", "default_query", "extra_query"})


def messages(given: Iterable[BaseMessage]) -> list[dict[str, Any]]:
    """What a model is given: the messages' own fields where none is to be left out. To be encoded at once, not changed."""
    made = []
    for one in given:
        held = one.__dict__
        made.append(lean(one) if held["response_metadata"] or "artifact" in held else held)
    return made


def lean(one: BaseMessage) -> dict[str, Any]:
    """A message without what it says of its making (tokens, log probabilities); its artifact is a shape."""
    held = one.__dict__
    made = {key: value for key, value in held.items() if value and key not in _MAKING}
    made["content"] = held["content"]
    if held.get("artifact") is not None:
        made["artifact"] = shape(held["artifact"])
    return made


def generations(written: Iterable[Generation], run: int) -> tuple[list[dict[str, Any]], list[str]]:
    """What a model wrote, with what it says about its making, and the ids of the messages; `run` is the run's id.

    The messages' own fields, to be encoded at once and not to be changed.
    """
    made: list[dict[str, Any]] = []
    ids: list[str] = []
    for one in written:
        message = getattr(one, "message", None)
        if message is None:  # of a plain model
            made.append({"type": "ai", "content": one.text, "response_metadata": one.generation_info or {}})
            continue
        held = message.__dict__
        if "headers" in held["response_metadata"]:
            about = {key: value for key, value in held["response_metadata"].items() if key != "headers"}
            held = {**held, "response_metadata": about}
        made.append(held)
        ids.append(held["id"] or f"lc_run--{UUID(int=run)}-{len(ids)}")
    return made, ids


def streamed(chunks: Sequence[Any], run: int) -> tuple[list[dict[str, Any]], list[str]]:
    """What was streamed until now, as one generation, and the message's id.

    Args:
        chunks: what LangChain's token and stream events brought.
        run: the run's id.
    """
    parts = [one for one in chunks if isinstance(one, ChatGenerationChunk)]
    merged = merge_chat_generation_chunks(parts) if parts else None
    if merged is not None:
        return generations([merged], run)
    return [{"type": "ai", "content": "".join(map(_text, chunks))}], [f"lc_run--{UUID(int=run)}"]


def _text(chunk: Any) -> str:
    """The text of a token, of a plain model's chunk, or of an event of `stream_events(version="v3")`."""
    if isinstance(chunk, str):
        return chunk
    if isinstance(chunk, dict):
        delta = chunk.get("delta")
        text = delta.get("text") if isinstance(delta, dict) else None
        return text if isinstance(text, str) else ""
    return chunk.text if isinstance(chunk, Generation) else ""


def parameters(given: dict[str, Any] | None, options: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a model was called with beside its messages: tools, response format, temperature, …; never keys or headers.

    Args:
        given: LangChain's `invocation_params`.
        options: LangChain's `options`; `ls_structured_output_format` says which structure `with_structured_output` wants.
    """
    structure = options.get("ls_structured_output_format") if options else None
    if not structure and not needs_care(tuple(given or ())):
        return given or {}
    made = _public(given or {})
    if structure:
        made["ls_structured_output_format"] = structure
    wanted = made.get("response_format")
    if isinstance(wanted, type):
        schema = structure.get("schema") if isinstance(structure, dict) else None
        made["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": wanted.__name__, "schema": schema or _schema(wanted)},
        }
    return made


@lru_cache(maxsize=1024)
def needs_care(names: tuple[str, ...]) -> bool:
    """Whether parameters of these names cannot travel as they are. A model is called with the same names again and again."""
    return any(is_private(name) or name in _NESTED or name == "response_format" for name in names)


def _public(given: Mapping[str, Any]) -> dict[str, Any]:
    made = {}
    for key, value in given.items():
        if not is_private(key):
            made[key] = _public(value) if key in _NESTED and isinstance(value, dict) else value
    return made


def is_private(name: str) -> bool:
    """Whether what bears this name may be a credential.

    >>> is_private("openai_api_key"), is_private("default_headers"), is_private("max_tokens")
    (True, True, False)
    """
    return _PRIVATE.search(name) is not None


_schemas: Final[WeakKeyDictionary[type, Any]] = WeakKeyDictionary()


def _schema(wanted: type) -> Any:
    """The JSON schema of a class; pydantic makes it anew each time it is asked."""
    if wanted not in _schemas:
        _schemas[wanted] = wanted.model_json_schema() if issubclass(wanted, BaseModel) else {"title": wanted.__name__}
    return _schemas[wanted]


def arguments(inputs: Mapping[str, Any] | None, text: str) -> dict[str, Any]:
    """A tool's arguments by name. What a framework injected (state, store, runtime) was written by no model."""
    if inputs is None:
        return {"input": str(text)}
    return {key: plain(value) for key, value in inputs.items() if not _is_injected(value)}


def _is_injected(value: Any) -> bool:
    # releases of langchain-core before 1.0.7 do not take injected arguments out themselves
    return type(value).__module__.startswith(
        ("langgraph.", "langchain.", "langchain_core.callbacks", "langchain_core.stores")
    )


_injected: Final[WeakKeyDictionary[type, frozenset[str]]] = WeakKeyDictionary()


def injected(tool: BaseTool) -> frozenset[str]:
    """The names of those of a tool's arguments that no model may fill: a framework injects them."""
    kind = tool.args_schema if isinstance(tool.args_schema, type) else type(tool)
    if kind not in _injected:
        offered = tool.tool_call_schema
        hidden = _fields(tool.get_input_schema()) - _fields(offered) if isinstance(offered, type) else frozenset()
        _injected[kind] = hidden
    return _injected[kind]


def _fields(schema: Any) -> frozenset[str]:
    for name in ("model_fields", "__fields__"):  # of pydantic 2, of pydantic 1
        held = getattr(schema, name, None)
        if isinstance(held, dict):
            return frozenset(held)
    return frozenset()


def result(output: Any) -> tuple[Any, dict[str, Any], str]:
    """What a tool gave back: the content that the model gets to read, what else there is to say, and the tool call's id."""
    written = output
    if not isinstance(output, ToolMessage):  # langgraph's Command carries the message in its update
        update = getattr(output, "update", None)
        found = update.get("messages") if isinstance(update, dict) else None
        for one in found if isinstance(found, (list, tuple)) else (found,):
            if isinstance(one, ToolMessage):
                written = one
    if not isinstance(written, ToolMessage):
        return plain(output), {}, ""
    beside: dict[str, Any] = {}
    if written.status == "error":
        beside["status"] = "error"
    if written.artifact is not None:
        beside["artifact"] = shape(written.artifact)
    return written.content, beside, written.tool_call_id


def documents(found: Iterable[Document]) -> list[dict[str, Any]]:
    """What a retriever found."""
    made = []
    for one in found:
        entry: dict[str, Any] = {"text": one.page_content, "metadata": one.metadata}
        if one.id is not None:
            entry["id"] = one.id
        score = one.metadata.get("relevance_score", one.metadata.get("score"))
        if isinstance(score, (int, float)):
            entry["score"] = score
        made.append(entry)
    return made


def plain(value: Any, depth: int = 0) -> Any:
    """A state, an input or an output of a chain: messages become lean, containers are walked, the rest stays as it is."""
    if isinstance(value, str):
        return str(value)  # `message.text` is a subclass, which MessagePack does not know
    if value is None or isinstance(value, (int, float)) or depth > _MAX_DEPTH:
        return value
    if isinstance(value, BaseMessage):
        return lean(value)
    if isinstance(value, dict):
        return {key: plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one, depth + 1) for one in value]
    if isinstance(value, Document):
        return documents([value])[0]
    if isinstance(value, PromptValue):
        return {"messages": [lean(one) for one in value.to_messages()]}
    if isinstance(value, BaseModel):
        return {key: plain(one, depth + 1) for key, one in value.__dict__.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):  # a state, langgraph's Command and Interrupt
        held = {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
        return {key: plain(one, depth + 1) for key, one in held.items() if one is not None}
    return value


def answer_ids(output: Any) -> list[str]:
    """The id of the message with which a run answers: the last of its output's messages, if a model wrote it as an answer."""
    if isinstance(output, dict):
        output = output.get("messages")
    for one in reversed(output if isinstance(output, (list, tuple)) else [output]):
        if not isinstance(one, BaseMessage) or one.type == "human":
            break
        if one.type in _AI:
            return [one.id] if one.id and not getattr(one, "tool_calls", None) else []
    return []


def shape(value: Any) -> str:
    """What kind of thing an artifact is and how big, never what is in it.

    >>> shape([1, 2, 3])
    '<list of 3>'
    """
    name = (
        type(value).__qualname__
        if type(value).__module__ == "builtins"
        else f"{type(value).__module__}.{type(value).__qualname__}"
    )
    size = getattr(value, "shape", None)
    if isinstance(size, tuple) and all(isinstance(one, int) for one in size):
        return f"<{name} of {' x '.join(map(str, size))}>"
    try:
        return f"<{name} of {len(value)}>"
    except Exception:  # noqa: BLE001 - whatever it is, it must not stop a call
        return f"<{name}>"
