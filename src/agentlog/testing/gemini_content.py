"""Gemini: POST …/models/MODEL:generateContent and :streamGenerateContent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from agentlog.testing.scripts import Question, Reply
from agentlog.testing.wire import Answer, Body, Event, count_tokens, pieces

_FINISH: Final = {"stop": "STOP", "tool_calls": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}
_STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
_CHOICE: Final = {"ANY": "required", "NONE": "none"}


def gemini_question(body: Body) -> Question:
    """What a request for content asks for. Gemini takes camelCase and snake_case."""
    contents = [content for content in body.get("contents") or [] if isinstance(content, dict)]
    parts = [(content.get("role"), part) for content in contents for part in content.get("parts") or []]
    said = [place for place, (role, part) in enumerate(parts) if role != "model" and "text" in part]
    since = parts[said[-1] + 1 :] if said else parts
    settings = _get(body, "generationConfig") or {}
    calling = _get(_get(body, "toolConfig") or {}, "functionCallingConfig") or {}
    allowed = _get(calling, "allowedFunctionNames") or []
    return Question(
        text="\n".join(part["text"] for part in (contents[-1].get("parts") or []) if part.get("text"))
        if contents
        else "",
        tools=[
            (str(one["name"]), one.get("parameters") or _get(one, "parametersJsonSchema") or {})
            for tool in body.get("tools") or []
            for one in _get(tool, "functionDeclarations") or []
        ],
        choice=allowed[0] if len(allowed) == 1 else _CHOICE.get(str(calling.get("mode", "")).upper(), "auto"),
        called=frozenset(str(call.get("name")) for _, part in parts if (call := _get(part, "functionCall"))),
        tool_answered=any(_get(part, "functionResponse") for _, part in since),
        schema=_get(settings, "responseSchema") or _get(settings, "responseJsonSchema"),
        json_object=_get(settings, "responseMimeType") == "application/json",
    )


def _get(mapping: Body, name: str) -> Any:
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return mapping.get(name, mapping.get(snake))


def gemini_answer(body: Body, reply: Reply, id: str) -> Answer:
    """Generated content, and its chunks."""
    thought: list[Body] = [{"text": reply.reasoning, "thought": True}] if reply.reasoning is not None else []
    said: list[Body] = [{"text": reply.text}] if reply.text is not None else []
    said += [{"functionCall": {"name": name, "args": _args(given)}} for name, given in reply.tool_calls]
    input_tokens = sum(count_tokens(_get(body, key) or "") for key in ("contents", "systemInstruction", "tools"))
    usage = {
        "promptTokenCount": input_tokens,
        "cachedContentTokenCount": reply.cached_tokens,
        "candidatesTokenCount": sum(count_tokens(part.get("text") or part.get("functionCall")) for part in said),
        "thoughtsTokenCount": count_tokens(reply.reasoning),
    }
    usage["totalTokenCount"] = usage["promptTokenCount"] + usage["candidatesTokenCount"] + usage["thoughtsTokenCount"]
    shared = {"modelVersion": body.get("model"), "responseId": id}
    finish = _FINISH.get(reply.finish_reason, reply.finish_reason)
    parts = thought + said
    document = {"candidates": [_candidate(parts, finish)], "usageMetadata": usage, **shared}

    def chunks() -> Iterator[Event]:
        for part in parts:
            texts = pieces(part["text"], reply.chunk_chars) if "text" in part else ()
            for small in [{**part, "text": text} for text in texts] or [part]:
                yield Event(None, {"candidates": [_candidate([small])], **shared})
        yield Event(None, {"candidates": [_candidate([], finish)], "usageMetadata": usage, **shared})

    return Answer(document, chunks())


def _args(given: Any) -> Any:
    """Gemini has no arguments as text: JSON text is read, anything else is sent as one argument."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        return {"arguments": given}


def _candidate(parts: list[Body], finish: str | None = None) -> Body:
    candidate: Body = {"content": {"parts": parts, "role": "model"}, "index": 0}
    return candidate | ({"finishReason": finish} if finish else {})


def gemini_error(status: int, fields: Body) -> Body:
    """An error as Google's services send it."""
    return {"error": {"code": status, "message": fields["message"], "status": _STATUS.get(status, "INTERNAL")}}
