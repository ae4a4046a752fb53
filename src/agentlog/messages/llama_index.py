"""LlamaIndex's messages: blocks, and whatever the provider's own body says in `raw`."""

from __future__ import annotations

from typing import Any, Final

from agentlog.messages import parts
from agentlog.messages.blocks import read_block, read_content, read_result
from agentlog.messages.chat import read_beside, read_calls
from agentlog.messages.gemini import pick
from agentlog.messages.parts import Message, Part
from agentlog.messages.reading import Reading, as_dict, compose
from agentlog.messages.responses import finish_reason
from agentlog.messages.shapes import first_text, iterate_dicts
from agentlog.messages.usage import Usage, read_usage

_ROLES: Final = {"chatbot": "assistant", "model": "assistant", "function": "tool"}
_MODELS: Final = ("model", "model_name", "modelVersion", "model_version")


def read_llama_index(request: Any, response: Any) -> Reading:
    """A chat (`messages`) or a completion (`prompt`); tokens, finish reason and model come from the provider's own body."""
    asked, body = as_dict(request, "the request"), as_dict(response, "the response")
    params = as_dict(asked.get("params"), "the parameters")
    raw = body["raw"] if isinstance(body.get("raw"), dict) else {}
    if isinstance(raw.get("response"), dict):
        raw = raw["response"]  # the last event of a stream of OpenAI's Responses holds the whole answer
    reasons = _reasons(raw)
    outputs: list[Message] | None = None
    if isinstance(body.get("message"), dict):
        outputs = [read_li_message(body["message"])]
    elif body.get("text") is not None:
        outputs = [parts.message("assistant", *read_content(body["text"]))]
    if outputs and reasons:
        outputs[0]["finish_reason"] = reasons[0]
    prompt = asked.get("prompt")
    messages = asked.get("messages")
    return compose(
        {**params, "model": first_text(params, _MODELS)},
        (*_MODELS, "instructions"),
        system=read_content(params.get("instructions")),
        inputs=[parts.message("user", *read_content(prompt))]
        if messages is None and prompt is not None
        else [read_li_message(one) for one in iterate_dicts(messages)],
        outputs=outputs,
        tools=[asked.get("tools")],
        usage=_usage(raw, body),
        finish_reasons=reasons,
        response_model=first_text(raw, _MODELS),
        response_id=pick(raw, "id", "responseId", "response_id"),
    )


def read_li_message(said: dict[str, Any]) -> Message:
    """One LlamaIndex message."""
    role = str(said.get("role") or "user")
    beside = said.get("additional_kwargs") if isinstance(said.get("additional_kwargs"), dict) else {}
    beside = dict(beside or {})
    held = said["blocks"] if said.get("blocks") is not None else said.get("content")
    name = beside.pop("name", None)
    name = name if isinstance(name, str) else None
    role = _ROLES.get(role, role)
    if role == "tool":
        id = beside.pop("tool_call_id", None)
        result, media = read_result([_plain(block) for block in held] if isinstance(held, list) else held)
        made = parts.message(
            "tool", parts.tool_call_response(result, id if isinstance(id, str) else None, name), *media
        )
    else:
        content = read_content(held)
        inside = {part.get("id") for part in content if part["type"] == "tool_call"}
        calls = [part for part in _calls(beside) if part.get("id") is None or part.get("id") not in inside]
        made = parts.message(role, *_thoughts(content, beside), *content, *read_beside(beside), *calls, name=name)
        for key in ("tool_calls", "function_call", "refusal", "audio", "thinking", "reasoning_content"):
            beside.pop(key, None)
    if beside:
        made["extra"] = {"additional_kwargs": beside}
    return made


def _plain(block: Any) -> Any:
    """A text block as the other APIs write it, so that a tool's single text stays a text."""
    if isinstance(block, dict) and block.get("block_type") == "text":
        return {"type": "text", "text": block.get("text")}
    return block


def _calls(beside: dict[str, Any]) -> list[Part]:
    found: list[Part] = []
    for part, call in zip(
        read_calls(beside), [*iterate_dicts(beside.get("tool_calls")), beside.get("function_call")], strict=False
    ):
        if isinstance(call, dict) and part.get("id") is None and isinstance(call.get("tool_id"), str):
            part["id"] = call["tool_id"]  # a ToolSelection
        found.append(part)
    return found


def _thoughts(content: list[Part], beside: dict[str, Any]) -> list[Part]:
    if any(part["type"] == "reasoning" for part in content):
        return []
    for key in ("thinking", "reasoning_content"):
        thought = beside.get(key)
        if isinstance(thought, dict):
            return read_block({**thought, "type": "thinking"})
        if thought:
            return [parts.reasoning(parts.json_text(thought))]
    return []


def _reasons(raw: dict[str, Any]) -> list[str]:
    """Finish reasons in the body of any provider."""
    held = [*iterate_dicts(raw.get("choices")), *iterate_dicts(raw.get("candidates")), raw]
    held += iterate_dicts([raw.get("delta")])  # Anthropic's last event but one
    found = [pick(one, "finish_reason", "finishReason", "stop_reason", "done_reason", "stopReason") for one in held]
    if raw.get("object") == "response":
        found.append(finish_reason(raw))
    return [one for one in found if isinstance(one, str) and one]


def _usage(raw: dict[str, Any], body: dict[str, Any]) -> Usage | None:
    said = pick(raw, "usage", "usageMetadata", "usage_metadata")
    apart = True if isinstance(said, dict) and "input_tokens" in said and "cache_read_input_tokens" in said else None
    # Ollama counts beside its message; some integrations only say it in additional_kwargs
    return read_usage(said, parts_apart=apart) or read_usage(raw) or read_usage(body.get("additional_kwargs"))
