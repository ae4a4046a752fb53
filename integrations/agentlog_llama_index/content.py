"""LlamaIndex's objects as plain data: messages, tools, parameters, documents, answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from inspect import BoundArguments
from typing import Any, Final

from llama_index.core.base.llms.base import BaseLLM
from llama_index.core.base.llms.types import ChatMessage, TextBlock
from llama_index.core.instrumentation.events.llm import LLMChatStartEvent
from llama_index.core.tools import BaseTool
from llama_index.core.workflow import Context
from pydantic import BaseModel, PydanticUserError

_PROVIDERS: Final[Mapping[str, str]] = {
    "anthropic": "anthropic",
    "azure_inference": "azure.ai.inference",
    "azure_openai": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "bedrock_converse": "aws.bedrock",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "gemini": "gcp.gemini",
    "google_genai": "gcp.gemini",
    "groq": "groq",
    "ibm": "ibm.watsonx.ai",
    "mistralai": "mistral_ai",
    "openai": "openai",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
    "vertex": "gcp.vertex_ai",
}
"""The last word of `llama_index.llms.…` or `llama_index.embeddings.…` → OpenTelemetry's name of the provider."""

_SENT: Final = {
    "frequency_penalty": "frequency_penalty",
    "include": "include",
    "instructions": "instructions",
    "max_output_tokens": "max_output_tokens",
    "max_tokens": "max_tokens",
    "presence_penalty": "presence_penalty",
    "reasoning_effort": "reasoning_effort",
    "reasoning_options": "reasoning",
    "seed": "seed",
    "stop": "stop",
    "temperature": "temperature",
    "thinking_dict": "thinking",
    "top_k": "top_k",
    "top_p": "top_p",
    "truncation": "truncation",
}
"""Fields of a model that are sent with each of its requests, and what they are called there."""

_TOLD: Final = frozenset(
    {
        "class_name",
        "context_window",
        "num_output",
        "is_chat_model",
        "is_function_calling_model",
        "system_role",
        "completion_to_prompt",
        "messages_to_prompt",
        "pydantic_program_mode",
        "model",
        "model_name",
        "formatted",
        "prompt",
        "tools",
    }
)
"""What LlamaIndex says of a model in general, and what stands elsewhere in the request: no parameters."""

_SECRET: Final = re.compile(r"(^|_)(key|token|secret|password|credentials|headers)$")
TELLS: Final = hasattr(BaseLLM, "to_payload")
"""Whether what this release tells of a model is its name, its metadata, and what its integration adds to them."""
_INJECTED: Final = frozenset({"ctx", "memory", "callback_manager"})


class _Learned(dict[Any, Any]):
    """What was found out once about a name or a class. They are few, and come back with every call; were they many, not all are kept."""

    def __init__(self, find_out: Callable[[Any], Any]) -> None:
        self._find_out = find_out

    def __missing__(self, key: Any) -> Any:
        found = self._find_out(key)
        if len(self) < 4096:
            self[key] = found
        return found


def _provider(kind: type) -> str:
    words = kind.__module__.split(".")
    return _PROVIDERS.get(words[2], "") if len(words) > 2 and words[0] == "llama_index" else ""


provider_of: Final = _Learned(_provider)
"""The class of a model → OpenTelemetry's name of the provider that it asks; "" when it is not known."""


def messages(many: Iterable[ChatMessage]) -> list[dict[str, Any]]:
    """Messages as dicts: their text where they are nothing but that, else their blocks."""
    said = []
    for one in many:
        blocks = one.blocks
        if len(blocks) == 1 and type(blocks[0]) is TextBlock:
            plain: dict[str, Any] = {"role": one.role, "content": blocks[0].text}
        else:
            plain = {"role": one.role, "blocks": [dumped(block) for block in blocks]}
        if one.additional_kwargs:
            plain["additional_kwargs"] = one.additional_kwargs
        said.append(plain)
    return said


def dumped(value: Any) -> Any:
    """A model of pydantic as a dict, without what is null; other values as they are."""
    if isinstance(value, BaseModel):
        # no warnings: providers' bodies do not always match their own types
        with suppress(Exception):  # what cannot dump itself is described by the snapshot
            return value.model_dump(exclude_none=True, warnings=False)
    return value


def told_of(owner: Any) -> dict[str, Any]:
    """What newer releases of LlamaIndex tell of a model, where older ones tell all its fields: see `TELLS`."""
    return {"class_name": owner.class_name(), **owner.metadata.model_dump()}


def request(event: Any, told: Mapping[str, Any], model: str, owner: Any) -> dict[str, Any]:
    """What a model is asked, and how: as LlamaIndex tells of the model, as it is set, and as it is called."""
    params: dict[str, Any] = {"model": model} if model else {}
    for key in _parameters_among[tuple(told)]:
        if told[key] is not None:
            params[key] = told[key]
    own_tools = None
    if owner is not None:
        own = owner.__dict__
        for field, key in _sent_by[type(owner)]:
            value = own.get(field)
            if value is not None:
                params[key] = value
        if own.get("additional_kwargs"):
            _add(params, own["additional_kwargs"])
        own_tools = own.get("built_in_tools") or own.get("tools")  # those that run at the provider
    said: dict[str, Any] = {"params": params}
    if type(event) is LLMChatStartEvent:
        said["messages"] = messages(event.messages)
    else:
        said["prompt"] = event.prompt
    given = event.additional_kwargs
    if given:
        _add(params, given)
    if own_tools or given:
        tools = definitions(own_tools) + definitions(given.get("tools"))
        if tools:
            said["tools"] = tools
    return said


def _add(params: dict[str, Any], given: Any) -> None:
    for key, value in given.items():
        if value is not None and _is_parameter[key]:
            params[key] = _schema(value) if isinstance(value, type) else value


def _schema(kind: type) -> Any:
    """Of a class that the answer is to be an instance of: its schema. It is sent as that."""
    return kind.model_json_schema() if issubclass(kind, BaseModel) else kind


_is_parameter: Final = _Learned(lambda key: key not in _TOLD and not _SECRET.search(key))
"""Whether what stands under a name is sent with a request."""

_parameters_among: Final = _Learned(lambda names: [name for name in names if _is_parameter[name]])
"""The names that a model is told of with → those that are sent with a request. A model always uses the same."""

_sent_by: Final = _Learned(lambda kind: [(field, key) for field, key in _SENT.items() if field in kind.model_fields])
"""The class of a model → its fields that are sent, and what they are called there."""


def definitions(tools: Any) -> list[Any]:
    """The tools that a model is offered, in the shape of OpenAI's chat API where they are LlamaIndex's own."""
    if not isinstance(tools, (list, tuple)) or not tools:
        return []
    return [_definition(one) if isinstance(one, BaseTool) else dumped(one) for one in tools]


def _definition(tool: BaseTool) -> dict[str, Any]:
    about = tool.metadata
    function: dict[str, Any] = {"name": about.name, "description": about.description}
    with suppress(PydanticUserError):  # a type that has no schema; LlamaIndex will find out by itself
        function["parameters"] = about.get_parameters_dict()
    return {"type": "function", "function": function}


def arguments(tool: BaseTool, bound: BoundArguments) -> dict[str, Any]:
    """What a tool is called with, by name; without the run's context, which the framework puts in."""
    named: dict[str, Any] = {}
    positional: Iterable[Any] = ()
    for key, value in bound.arguments.items():
        if key == "kwargs":
            named.update(value)
        elif key == "args":
            positional = value
        else:
            named[key] = value
    if positional:
        schema = tool.metadata.fn_schema
        names = list(schema.model_fields) if schema is not None else []
        for place, value in enumerate(positional):
            named.setdefault(names[place] if place < len(names) else str(place), value)
    injected = getattr(tool, "ctx_param_name", None)
    return {key: value for key, value in named.items() if key != injected and not isinstance(value, Context)}


def documents(nodes: Any) -> Any:
    """What a retriever found: `[{text, id, score, metadata}]`."""
    if not isinstance(nodes, list):
        return nodes
    return [
        {
            "text": one.node.get_content(),
            "id": one.node.node_id,
            "score": one.score,
            "metadata": one.node.metadata,
        }
        for one in nodes
    ]


def question(bound: BoundArguments) -> dict[str, Any]:
    """What a retriever or a query engine is asked."""
    query = next(iter(bound.arguments.values()), None)
    return {"query": getattr(query, "query_str", query)}


def asked(bound: BoundArguments) -> dict[str, Any]:
    """What a chat engine is told."""
    return {key: plain(value) for key, value in bound.arguments.items() if value is not None}


def event_fields(event: Any) -> dict[str, Any]:
    """What a workflow's event holds, without what the framework puts in."""
    held = {**getattr(event, "__dict__", {}), **(getattr(event, "_data", None) or {})}
    return {
        key: plain(value)
        for key, value in held.items()
        if value is not None and value != [] and key not in _INJECTED and not isinstance(value, Context)
    }


def plain(value: Any) -> Any:
    """Messages as dicts, also in a list."""
    if isinstance(value, ChatMessage):
        return messages([value])[0]
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return dumped(value)


def final(result: Any) -> Any:
    """The answer of a run: its text where there is one, else its value."""
    held = getattr(result, "response", result)  # an agent's output, a query engine's or a chat engine's response
    if isinstance(held, ChatMessage):
        structured = getattr(result, "structured_response", None)
        return held.content if structured is None else {"response": held.content, "structured_response": structured}
    return dumped(held)
