"""LlamaIndex's objects as plain data: messages, tools, parameters, documents, answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from inspect import BoundArguments
from typing import Any, Final

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, TextBlock
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

_SET: Final = ("temperature", "max_tokens", "top_p", "top_k", "seed", "reasoning_effort")
"""Fields of a model that are sent with each of its requests."""

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
_INJECTED: Final = frozenset({"ctx", "memory", "callback_manager"})


def provider(owner: Any) -> str:
    """OpenTelemetry's name of the provider that a model of LlamaIndex asks; "" when it is not known."""
    kind = type(owner)
    found = _provider_of.get(kind)
    if found is None:
        words = kind.__module__.split(".")
        known = _PROVIDERS.get(words[2], "") if len(words) > 2 and words[0] == "llama_index" else ""
        found = _provider_of[kind] = known
    return found


_provider_of: dict[type, str] = {}


def message(one: ChatMessage) -> dict[str, Any]:
    """A message with its blocks."""
    return {
        "role": one.role,
        "blocks": [
            {"block_type": "text", "text": block.text} if type(block) is TextBlock else dumped(block)
            for block in one.blocks
        ],
        "additional_kwargs": one.additional_kwargs,
    }


def dumped(value: Any) -> Any:
    """A model of pydantic as a dict, without what is null; other values as they are."""
    if isinstance(value, BaseModel):
        # no warnings: providers' bodies do not always match their own types
        return value.model_dump(exclude_none=True, warnings=False)
    return value


def request(event: Any, told: Mapping[str, Any], model: str, owner: Any) -> dict[str, Any]:
    """What a model is asked, and how: as LlamaIndex tells of the model, as it is set, and as it is called."""
    params: dict[str, Any] = {"model": model} if model else {}
    _add(params, told)
    if owner is not None:
        own = owner.__dict__
        for key in _SET:
            value = own.get(key)
            if value is not None:
                params[key] = value
    said: dict[str, Any] = {"params": params}
    if type(event) is LLMChatStartEvent:
        said["messages"] = [message(one) for one in event.messages]
    else:
        said["prompt"] = event.prompt
    given = event.additional_kwargs
    if given:
        _add(params, given)
        tools = definitions(given.get("tools"))
        if tools is not None:
            said["tools"] = tools
    return said


def _add(params: dict[str, Any], said: Mapping[str, Any]) -> None:
    for key in said.keys() - _TOLD:
        value = said[key]
        if value is not None and not _SECRET.search(key):
            params[key] = value


def definitions(tools: Any) -> list[Any] | None:
    """The tools that a model is offered, in the shape of OpenAI's chat API where they are LlamaIndex's own."""
    if not isinstance(tools, (list, tuple)) or not tools:
        return None
    return [_definition(one) if isinstance(one, BaseTool) else dumped(one) for one in tools]


def _definition(tool: BaseTool) -> dict[str, Any]:
    about = tool.metadata
    function: dict[str, Any] = {"name": about.name, "description": about.description}
    with suppress(PydanticUserError):  # a type that has no schema; LlamaIndex will find out by itself
        function["parameters"] = about.get_parameters_dict()
    return {"type": "function", "function": function}


def answer(response: Any) -> dict[str, Any]:
    """What a model said, with the body of the provider: tokens, finish reason and ids stand only there."""
    said: dict[str, Any] = (
        {"message": message(response.message)} if isinstance(response, ChatResponse) else {"text": response.text}
    )
    if response.raw is not None:
        said["raw"] = dumped(response.raw)
    if response.additional_kwargs:
        said["additional_kwargs"] = response.additional_kwargs
    return said


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
        return message(value)
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
