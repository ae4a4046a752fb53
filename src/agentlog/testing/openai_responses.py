"""OpenAI's Responses API: POST …/responses, plain and as typed events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agentlog.testing.openai_chat import response_format, tool_choice
from agentlog.testing.scripts import Question, Reply
from agentlog.testing.wire import (
    CREATED,
    Answer,
    Body,
    Event,
    count_tokens,
    identifier,
    json_arguments,
    pieces,
    text_of,
)

_INCOMPLETE: Final = {"length": "max_output_tokens", "content_filter": "content_filter"}


def responses_question(body: Body) -> Question:
    """What a request to the Responses API asks for."""
    items = _items(body)
    users = [place for place, item in enumerate(items) if item.get("role") == "user"]
    since = items[users[-1] + 1 :] if users else items
    schema, json_object = response_format((body.get("text") or {}).get("format"))
    return Question(
        text=text_of(items[-1].get("content") or items[-1].get("output")) if items else "",
        tools=[
            (str(tool["name"]), tool.get("parameters") or {}) for tool in body.get("tools") or [] if tool.get("name")
        ],
        choice=tool_choice(body.get("tool_choice")),
        called=frozenset(str(item.get("name")) for item in items if item.get("type") == "function_call"),
        tool_answered=any(str(item.get("type")).endswith("_call_output") for item in since),
        schema=schema,
        json_object=json_object,
    )


def _items(body: Body) -> list[Body]:
    given = body.get("input") or []
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    return [item for item in given if isinstance(item, dict)]


def responses_answer(body: Body, reply: Reply, id: str) -> Answer:
    """A response, and its events."""
    reason = _INCOMPLETE.get(reply.finish_reason)
    reasoning = count_tokens(reply.reasoning)
    input_tokens = sum(count_tokens(body.get(key) or "") for key in ("input", "instructions", "tools"))
    output_tokens = count_tokens(reply.text) + reasoning
    output_tokens += sum(count_tokens(json_arguments(given)) for _, given in reply.tool_calls)
    document = {
        "id": f"resp_{id}",
        "object": "response",
        "created_at": CREATED,
        "status": "incomplete" if reason else "completed",
        "background": False,
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "metadata": body.get("metadata") or {},
        "model": body.get("model"),
        "output": _output(reply, id, "incomplete" if reason else "completed"),
        "parallel_tool_calls": True,
        "previous_response_id": body.get("previous_response_id"),
        "reasoning": body.get("reasoning") or {"effort": None, "summary": None},
        "store": True,
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": body.get("tools") or [],
        "top_p": body.get("top_p", 1.0),
        "truncation": "disabled",
        "usage": {
            "input_tokens": input_tokens,
            "input_tokens_details": {"cached_tokens": reply.cached_tokens},
            "output_tokens": output_tokens,
            "output_tokens_details": {"reasoning_tokens": reasoning},
            "total_tokens": input_tokens + output_tokens,
        },
        "user": None,
    }
    return Answer(document, _events(reply, document))


def _output(reply: Reply, id: str, status: str) -> list[Body]:
    output: list[Body] = []
    if reply.reasoning is not None:
        summary = [{"type": "summary_text", "text": reply.reasoning}]
        output.append({"id": identifier("rs_", id), "type": "reasoning", "summary": summary})
    for index, (name, arguments) in enumerate(reply.tool_calls):
        call = {"call_id": identifier("call_", id, index), "name": name, "arguments": json_arguments(arguments)}
        output.append({"id": identifier("fc_", id, index), "type": "function_call", "status": "completed", **call})
    if reply.text is not None:
        content = [{"type": "output_text", "text": reply.text, "annotations": [], "logprobs": []}]
        message = {"id": identifier("msg_", id), "type": "message", "status": status, "role": "assistant"}
        output.append({**message, "content": content})
    return output


def _events(reply: Reply, document: Body) -> Iterator[Event]:
    begun = {**document, "status": "in_progress", "incomplete_details": None, "output": [], "usage": None}
    listed: list[tuple[str, Body]] = [
        ("response.created", {"response": begun}),
        ("response.in_progress", {"response": begun}),
    ]
    number = 0
    for type_, fields in (*listed, *_item_events(reply, document["output"])):
        yield Event(type_, {"type": type_, "sequence_number": number, **fields})
        number += 1
    type_ = f"response.{document['status']}"
    yield Event(type_, {"type": type_, "sequence_number": number, "response": document})


def _item_events(reply: Reply, output: list[Body]) -> Iterator[tuple[str, Body]]:
    for index, item in enumerate(output):
        at: dict[str, Any] = {"item_id": item["id"], "output_index": index}
        kind = item["type"]
        if kind == "function_call":
            yield (
                "response.output_item.added",
                {"output_index": index, "item": {**item, "arguments": "", "status": "in_progress"}},
            )
            for piece in pieces(item["arguments"], reply.chunk_chars):
                yield "response.function_call_arguments.delta", {**at, "delta": piece}
            yield "response.function_call_arguments.done", {**at, "name": item["name"], "arguments": item["arguments"]}
        elif kind == "message":
            yield (
                "response.output_item.added",
                {"output_index": index, "item": {**item, "content": [], "status": "in_progress"}},
            )
            at["content_index"] = 0
            part = item["content"][0]
            yield "response.content_part.added", {**at, "part": {**part, "text": ""}}
            for piece in pieces(part["text"], reply.chunk_chars):
                yield "response.output_text.delta", {**at, "delta": piece, "logprobs": []}
            yield "response.output_text.done", {**at, "text": part["text"], "logprobs": []}
            yield "response.content_part.done", {**at, "part": part}
        else:
            yield "response.output_item.added", {"output_index": index, "item": {**item, "summary": []}}
            at["summary_index"] = 0
            part = item["summary"][0]
            yield "response.reasoning_summary_part.added", {**at, "part": {**part, "text": ""}}
            for piece in pieces(part["text"], reply.chunk_chars):
                yield "response.reasoning_summary_text.delta", {**at, "delta": piece}
            yield "response.reasoning_summary_text.done", {**at, "text": part["text"]}
            yield "response.reasoning_summary_part.done", {**at, "part": part}
        yield "response.output_item.done", {"output_index": index, "item": item}
