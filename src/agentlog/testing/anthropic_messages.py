"""Anthropic's messages: POST …/messages, plain and as events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from agentlog.testing.scripts import Question, Reply
from agentlog.testing.wire import Answer, Body, Event, count_tokens, identifier, pieces, text_of

_STOP: Final = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}
_ERROR_TYPES: Final = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def messages_question(body: Body) -> Question:
    """What a request for a message asks for."""
    messages = [message for message in body.get("messages") or [] if isinstance(message, dict)]
    blocks = [block for message in messages for block in _blocks(message)]
    # a tool's result travels in a user's message
    asked = [
        place for place, block in enumerate(blocks) if block["role"] == "user" and block.get("type") != "tool_result"
    ]
    since = blocks[asked[-1] + 1 :] if asked else blocks
    wanted = body.get("output_format") or (body.get("output_config") or {}).get("format") or {}
    choice = body.get("tool_choice") or {"type": "auto"}
    return Question(
        text=text_of(messages[-1].get("content")) if messages else "",
        tools=[
            (str(tool["name"]), tool.get("input_schema") or {}) for tool in body.get("tools") or [] if tool.get("name")
        ],
        choice=str(choice.get("name") or ("required" if choice["type"] == "any" else choice["type"])),
        called=frozenset(str(block.get("name")) for block in blocks if block.get("type") == "tool_use"),
        tool_answered=any(block.get("type") == "tool_result" for block in since),
        schema=wanted.get("schema"),
    )


def _blocks(message: Body) -> Iterator[Body]:
    content = message.get("content")
    for block in content if isinstance(content, list) else [{"type": "text", "text": content}]:
        if isinstance(block, dict):
            yield {**block, "role": message.get("role")}


def messages_answer(body: Body, reply: Reply, id: str) -> Answer:
    """A message, and its events."""
    content: list[Body] = []
    if reply.reasoning is not None:
        content.append({"type": "thinking", "thinking": reply.reasoning, "signature": identifier("sig_", id)})
    if reply.text is not None:
        content.append({"type": "text", "text": reply.text, "citations": None})
    for index, (name, arguments) in enumerate(reply.tool_calls):
        content.append({"type": "tool_use", "id": identifier("toolu_", id, index), "name": name, "input": arguments})
    input_tokens = sum(count_tokens(body.get(key) or "") for key in ("messages", "system", "tools"))
    document = {
        "id": f"msg_{id}",
        "type": "message",
        "role": "assistant",
        "model": body.get("model"),
        "content": content,
        "stop_reason": _STOP.get(reply.finish_reason, reply.finish_reason),
        "stop_sequence": None,
        "usage": {
            # Anthropic counts what came from its cache apart from input_tokens
            "input_tokens": max(0, input_tokens - reply.cached_tokens),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": reply.cached_tokens,
            "output_tokens": sum(map(_tokens, content)),
            "service_tier": "standard",
        },
    }
    return Answer(document, _events(reply, document))


def _tokens(block: Body) -> int:
    return count_tokens(block.get("text") or block.get("thinking") or block.get("input"))


def _events(reply: Reply, document: Body) -> Iterator[Event]:
    usage = document["usage"]
    begun = {**document, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    yield _event("message_start", message=begun)
    for index, block in enumerate(document["content"]):
        start, deltas = _block_events(block, reply)
        yield _event("content_block_start", index=index, content_block=start)
        for delta in deltas:
            yield _event("content_block_delta", index=index, delta=delta)
        yield _event("content_block_stop", index=index)
    stop = {"stop_reason": document["stop_reason"], "stop_sequence": None}
    yield _event("message_delta", delta=stop, usage={"output_tokens": usage["output_tokens"]})
    yield _event("message_stop")


def _block_events(block: Body, reply: Reply) -> tuple[Body, Iterator[Body]]:
    size = reply.chunk_chars
    if block["type"] == "text":
        return {**block, "text": ""}, ({"type": "text_delta", "text": one} for one in pieces(block["text"], size))
    if block["type"] == "tool_use":
        given = block["input"] if isinstance(block["input"], str) else json.dumps(block["input"], ensure_ascii=False)
        deltas = ({"type": "input_json_delta", "partial_json": one} for one in pieces(given, size))
        return {**block, "input": {}}, deltas

    def thinking() -> Iterator[Body]:
        for one in pieces(block["thinking"], size):
            yield {"type": "thinking_delta", "thinking": one}
        yield {"type": "signature_delta", "signature": block["signature"]}

    return {**block, "thinking": "", "signature": ""}, thinking()


def _event(type_: str, **fields: Any) -> Event:
    return Event(type_, {"type": type_, **fields})


def messages_error(status: int, fields: Body) -> Body:
    """An error as Anthropic sends it."""
    usual = "invalid_request_error" if status < 500 else "api_error"
    return {"type": "error", "error": {"type": _ERROR_TYPES.get(status, usual), "message": fields["message"]}}
