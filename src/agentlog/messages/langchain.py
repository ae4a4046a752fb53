"""LangChain's messages: their own words for roles and calls, around the blocks of whichever provider they came from."""

from __future__ import annotations

import json
from typing import Any, Final

from agentlog.messages import parts
from agentlog.messages.blocks import read_block, read_content, read_result
from agentlog.messages.chat import read_beside, read_calls
from agentlog.messages.parts import Message, Part
from agentlog.messages.reading import Reading, as_dict, compose
from agentlog.messages.responses import finish_reason
from agentlog.messages.shapes import first_text, iterate_dicts
from agentlog.messages.usage import Usage, read_usage

_ROLES: Final = {
    "human": "user",
    "ai": "assistant",
    "system": "system",
    "developer": "developer",
    "tool": "tool",
    "function": "tool",
}
_PROVIDERS: Final = {
    "google_genai": "gcp.gemini",
    "google_vertexai": "gcp.vertex_ai",
    "bedrock": "aws.bedrock",
    "bedrock_converse": "aws.bedrock",
}
_REASONS: Final = ("finish_reason", "stop_reason", "done_reason", "finishReason", "stopReason")
_MODELS: Final = ("model_name", "model", "model_id", "modelId")


def read_langchain(request: Any, response: Any) -> Reading:
    """A chat model's call (`messages`) or a plain model's (`prompts`), and its generations."""
    asked, body = as_dict(request, "the request"), as_dict(response, "the response")
    params = as_dict(asked.get("params"), "the parameters")
    model = first_text(params, _MODELS)
    generations = [
        one
        for held in _list(body.get("generations"))
        for one in (held if isinstance(held, list) else [held])
        if isinstance(one, dict)
    ]
    outputs = [_generation(one) for one in generations]
    llm_output = as_dict(body.get("llm_output"), "llm_output")
    metadata = [_metadata(one) for one in generations]
    said = next(filter(None, metadata), {})
    inputs = asked.get("messages")
    prompts = [parts.message("user", *read_content(prompt)) for prompt in _list(asked.get("prompts"))]
    return compose(
        {**params, "model": model},
        (*_MODELS, "_type", "functions"),
        inputs=prompts if inputs is None else [read_lc_message(one) for one in iterate_dicts(inputs)],
        outputs=outputs if "generations" in body else None,
        tools=[params.get("functions"), asked.get("tools")],
        extra={"functions": True} if params.get("functions") else {},
        usage=_usage(generations, said, llm_output),
        finish_reasons=[message.get("finish_reason") for message in outputs],
        response_model=first_text(said, _MODELS) or first_text(llm_output, _MODELS),
        response_id=said.get("id") or llm_output.get("id"),
        provider=_provider(said),
    )


def read_lc_message(said: dict[str, Any]) -> Message:
    """One LangChain message."""
    kind = str(said.get("type") or "").removesuffix("MessageChunk").removesuffix("Message").lower()
    beside = said.get("additional_kwargs") if isinstance(said.get("additional_kwargs"), dict) else {}
    beside = dict(beside or {})
    given = beside.pop("__openai_role__", None) or said.get("role")
    role = _ROLES.get(kind) or (given if isinstance(given, str) else kind or "user")
    if kind == "system" and given == "developer":
        role = "developer"
    name = said.get("name") or beside.pop("name", None)
    name = name if isinstance(name, str) else None
    if role == "tool":
        result, media = read_result(said.get("content"))
        id = said.get("tool_call_id")
        made = parts.message(
            "tool", parts.tool_call_response(result, id if isinstance(id, str) else None, name), *media
        )
        extra = {key: said[key] for key in ("artifact",) if said.get(key) is not None}
        if said.get("status") == "error":
            extra["status"] = "error"
        if kind == "function":
            extra["role"] = "function"
    else:
        content = read_content(said.get("content"))
        calls = _merge_calls(content, said, beside) if role == "assistant" else []
        made = parts.message(role, *_thoughts(content, beside), *content, *read_beside(beside), *calls, name=name)
        for key in (
            "refusal",
            "audio",
            "function_call",
            "tool_calls",
            "reasoning",
            "reasoning_content",
            "parsed",
            "tool_outputs",
        ):
            beside.pop(key, None)
        extra = {}
    if beside:
        extra["additional_kwargs"] = beside
    if extra:
        made["extra"] = extra
    return made


def _merge_calls(content: list[Part], said: dict[str, Any], beside: dict[str, Any]) -> list[Part]:
    """The tool calls that are not among the content's blocks already: LangChain lists them twice, parsed and as they came."""
    written = {part.get("id"): part for part in read_calls(beside)}
    inside = [part for part in content if part["type"] == "tool_call"]
    found: list[Part] = []
    for call in (*iterate_dicts(said.get("tool_calls")), *iterate_dicts(said.get("invalid_tool_calls"))):
        part = read_block({**call, "type": "tool_call"})[0]
        twin = next(
            (
                one
                for one in inside
                if (one.get("id") == part.get("id") if part.get("id") else one.get("name") == part.get("name"))
            ),
            None,
        )
        if twin is not None:
            if twin.get("arguments") == "{}":  # a stream's block keeps its text elsewhere
                twin["arguments"] = part.get("arguments")
            continue
        raw = written.pop(part.get("id"), None) if part.get("id") else None
        found.append(raw if raw is not None and _same(raw.get("arguments"), call.get("args")) else part)
    known = {part.get("id") for part in (*inside, *found)}
    # what was not parsed at all: the old `function_call`, and calls of a message that somebody made by hand
    return [*found, *(part for id, part in written.items() if id not in known)]


def _same(written: str | None, parsed: Any) -> bool:
    """Whether `written` is what `parsed` was read from; what was not parsed is the text itself."""
    try:
        return bool(written == parsed or json.loads(written or "{}") == parsed)
    except ValueError:
        return False


def _thoughts(content: list[Part], beside: dict[str, Any]) -> list[Part]:
    """Reasoning and the calls of OpenAI's own tools that stand beside the content."""
    found: list[Part] = []
    thought = beside.get("reasoning_content") or beside.get("reasoning")
    if thought and not any(part["type"] == "reasoning" for part in content):
        found += (
            read_block({**thought, "type": "reasoning"})
            if isinstance(thought, dict)
            else [parts.reasoning(parts.json_text(thought))]
        )
    return [*found, *(part for item in iterate_dicts(beside.get("tool_outputs")) for part in read_block(item))]


def _generation(one: dict[str, Any]) -> Message:
    inner = one.get("message")
    said = inner if isinstance(inner, dict) else one
    made = (
        read_lc_message(said)
        if "type" in said or "content" in said
        else parts.message("assistant", *read_content(one.get("text")))
    )
    if not said.get("type"):
        made["role"] = "assistant"
    metadata = _metadata(one)
    reason = first_text(metadata, _REASONS) or finish_reason(metadata)
    if reason:
        made["finish_reason"] = reason
    return made


def _metadata(one: dict[str, Any]) -> dict[str, Any]:
    inner = one.get("message")
    said = inner if isinstance(inner, dict) else one
    found: dict[str, Any] = {}
    for held in (one.get("generation_info"), said.get("response_metadata")):
        if isinstance(held, dict):
            found.update(held)
    return found


def _usage(generations: list[dict[str, Any]], said: dict[str, Any], llm_output: dict[str, Any]) -> Usage | None:
    """The tokens of the call; each of several generations repeats them."""
    messages = [one["message"] if isinstance(one.get("message"), dict) else one for one in generations]
    found = next(filter(None, (read_usage(one.get("usage_metadata")) for one in messages)), None)
    raw = said.get("usage")
    if isinstance(raw, dict) and ("cache_read_input_tokens" in raw or "cache_creation_input_tokens" in raw):
        # old releases of langchain-anthropic left the cached tokens out of the sum
        whole = read_usage(raw, parts_apart=True)
        if whole and (found is None or (whole["input_tokens"] or 0) > (found["input_tokens"] or 0)):
            found = whole
    rest = (said.get("token_usage"), raw, llm_output.get("token_usage"), llm_output.get("usage"), said)
    return found or next(filter(None, (read_usage(one) for one in rest)), None)


def _provider(said: dict[str, Any]) -> str | None:
    given = said.get("model_provider")
    return _PROVIDERS.get(given, given) if isinstance(given, str) else None


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
