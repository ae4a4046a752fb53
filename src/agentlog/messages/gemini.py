"""Google's Gemini API, as its REST bodies (camelCase) and as its client's arguments and models (snake_case)."""

from __future__ import annotations

from typing import Any, Final

from agentlog.messages import parts
from agentlog.messages.chat import split_results
from agentlog.messages.media import read_data
from agentlog.messages.parts import Message, Part
from agentlog.messages.reading import Reading, as_dict, compose, read_error
from agentlog.messages.shapes import first_text, iterate_dicts
from agentlog.messages.usage import read_usage

_ROLES: Final = {"model": "assistant", "function": "user"}


def read_gemini(request: Any, response: Any) -> Reading:
    """`generateContent`: roles `model` → `assistant`, a function's response a message with the role `tool`."""
    asked, body = as_dict(request, "the request"), as_dict(response, "the response")
    config = asked.get("config") if isinstance(asked.get("config"), dict) else {}
    held = {**(config or {}), **{key: value for key, value in asked.items() if key != "config"}}
    outputs: list[Message] = []
    for candidate in iterate_dicts(body.get("candidates")):
        message = _content(candidate.get("content"), "assistant")
        reason = pick(candidate, "finishReason", "finish_reason")
        if isinstance(reason, str):
            message["finish_reason"] = reason
        outputs.append(message)
    blocked = pick(pick(body, "promptFeedback", "prompt_feedback") or {}, "blockReason", "block_reason")
    system = pick(held, "systemInstruction", "system_instruction")
    reading = compose(
        held,
        ("contents", "systemInstruction", "system_instruction"),
        system=_content(system, "system")["parts"] if system else [],
        inputs=read_contents(held.get("contents")),
        outputs=outputs if "candidates" in body else None,
        usage=read_usage(pick(body, "usageMetadata", "usage_metadata")),
        finish_reasons=[message.get("finish_reason") for message in outputs] or [blocked],
        response_model=pick(body, "modelVersion", "model_version"),
        response_id=pick(body, "responseId", "response_id"),
        provider="gcp.gemini",
        error_type=read_error(body),
    )
    return reading


def pick(held: dict[str, Any], *names: str) -> Any:
    """The first of `names` that `held` has: REST and client spell them differently."""
    return next((held[name] for name in names if held.get(name) is not None), None)


def read_contents(contents: Any) -> list[Message]:
    """Contents as messages; the client also takes a text, a part, or a list of either."""
    if contents is None:
        return []
    several = contents if isinstance(contents, list | tuple) else [contents]
    found: list[Message] = []
    loose: list[Any] = []  # texts and parts that stand next to each other are one turn
    for one in [*several, None]:
        if one is not None and not (isinstance(one, dict) and "parts" in one):
            loose.append(one)
            continue
        if loose:
            found.extend(split_results(_content(loose, "user")))
            loose = []
        if one is not None:
            found.extend(split_results(_content(one, "user")))
    return found


def _content(content: Any, role: str) -> Message:
    if isinstance(content, dict) and "parts" in content:
        given = content.get("role")
        role = _ROLES.get(given, given) if isinstance(given, str) and role != "assistant" else role
        held = content["parts"] if isinstance(content["parts"], list | tuple) else [content["parts"]]
    else:
        held = content if isinstance(content, list | tuple) else [content]
    return parts.message(role, *(part for one in held if one is not None and one != {} for part in _part(one)))


def _part(one: Any) -> list[Part]:
    if not isinstance(one, dict):
        return [parts.text(one if isinstance(one, str) else parts.dumps(one))] if one != "" else []
    signature = pick(one, "thoughtSignature", "thought_signature")
    if isinstance(signature, bytes):
        signature = parts.json_text(read_data(signature, None).get("data"))
    signature = signature if isinstance(signature, str) else None
    part = _read_part(one, signature)
    if part is None:
        return []
    if signature:
        part["signature"] = signature
    return [part]


_RESULTS: Final = ("codeExecutionResult", "code_execution_result")
_CODE: Final = ("executableCode", "executable_code")


def _read_part(one: dict[str, Any], signature: str | None) -> Part | None:
    text = one.get("text")
    if isinstance(text, str):
        if one.get("thought") is True:
            return parts.reasoning(text or None)
        if text:
            return parts.text(text)
        return parts.reasoning(None) if signature else None  # an empty text that carries the sealed thought
    call = pick(one, "functionCall", "function_call")
    if isinstance(call, dict):
        return parts.tool_call(
            str(call.get("name") or ""), call.get("args"), call.get("id") if isinstance(call.get("id"), str) else None
        )
    answer = pick(one, "functionResponse", "function_response")
    if isinstance(answer, dict):
        id, name = answer.get("id"), answer.get("name")
        return parts.tool_call_response(
            answer.get("response") or {}, id if isinstance(id, str) else None, name if isinstance(name, str) else None
        )
    data = pick(one, "inlineData", "inline_data")
    if isinstance(data, dict):
        return read_data(data.get("data") or "", first_text(data, ("mimeType", "mime_type")))
    file = pick(one, "fileData", "file_data")
    if isinstance(file, dict):
        return parts.uri(str(pick(file, "fileUri", "file_uri") or ""), first_text(file, ("mimeType", "mime_type")))
    code, result = pick(one, *_CODE), pick(one, *_RESULTS)
    if isinstance(code, dict):
        part = parts.tool_call("code_execution", code, code.get("id") if isinstance(code.get("id"), str) else None)
    elif isinstance(result, dict):
        part = parts.tool_call_response(
            result, result.get("id") if isinstance(result.get("id"), str) else None, "code_execution"
        )
    else:
        return parts.json_block(one, next(iter(one), None))
    part["extra"] = {"type": "code_execution"}
    return part
