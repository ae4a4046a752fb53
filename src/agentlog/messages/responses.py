"""OpenAI's Responses API: items in, items out. The items of one turn are one message here."""

from __future__ import annotations

from typing import Any

from agentlog.messages import parts
from agentlog.messages.blocks import read_block, read_content
from agentlog.messages.parts import Message
from agentlog.messages.reading import Reading, as_dict, compose, read_error
from agentlog.messages.shapes import kind_of
from agentlog.messages.usage import read_usage


def read_responses(request: Any, response: Any) -> Reading:
    """`responses`: `instructions` are system instructions, items become messages."""
    asked, body = as_dict(request, "the request"), as_dict(response, "the response")
    reason = finish_reason(body)
    outputs = None
    if "output" in body:
        outputs = read_items(body["output"]) if body["output"] else [parts.message("assistant")]
        if reason and outputs:
            outputs[-1]["finish_reason"] = reason
    return compose(
        asked,
        ("input", "instructions"),
        system=read_content(asked.get("instructions")),
        inputs=read_items(asked.get("input")),
        outputs=outputs,
        usage=read_usage(body.get("usage")),
        finish_reasons=[reason],
        response_model=body.get("model"),
        response_id=body.get("id"),
        error_type=read_error(body),
    )


def finish_reason(body: dict[str, Any]) -> str | None:
    """Why an answer ended: the reason of an incomplete one (`max_output_tokens`), else its status, once it has ended."""
    details = body.get("incomplete_details")
    if isinstance(details, dict) and isinstance(details.get("reason"), str):
        return str(details["reason"])
    status = body.get("status")
    return status if isinstance(status, str) and status not in ("in_progress", "queued") else None


def read_items(items: Any) -> list[Message]:
    """Items as messages: what a model said in one go (reasoning, text, calls) is one assistant's message.

    >>> [
    ...     message["role"]
    ...     for message in read_items(
    ...         [{"type": "reasoning", "summary": []}, {"type": "function_call", "name": "f", "arguments": "{}"}]
    ...     )
    ... ]
    ['assistant']
    """
    if items is None:
        return []
    if not isinstance(items, list | tuple | dict):
        return [parts.message("user", *read_content(items))]
    found: list[Message] = []
    for item in [items] if isinstance(items, dict) else items:
        made = _item(item) if isinstance(item, dict) else parts.message("user", *read_content(item))
        if made["role"] == "assistant" and found and found[-1]["role"] == "assistant":
            found[-1]["parts"].extend(made["parts"])
        else:
            found.append(made)
    return found


def _item(item: dict[str, Any]) -> Message:
    kind = kind_of(item)
    role = item.get("role")
    if kind in ("", "message") and ("content" in item or isinstance(role, str)):
        made = parts.message(role if isinstance(role, str) else "user", *read_content(item.get("content")))
        extra = {
            key: value
            for key, value in item.items()
            if key not in ("type", "role", "content", "status") and value is not None
        }
        if extra and made["parts"]:  # with the item's first part, for a turn may hold several items
            made["parts"][0].setdefault("extra", {})["item"] = extra
        return made
    if kind.startswith(("input_", "output_text")):  # content without its message
        return parts.message("assistant" if kind == "output_text" else "user", *read_block(item))
    if isinstance(role, str):
        return parts.message(role, *read_block(item))
    answered = kind.endswith(("_output", "_approval_response"))
    # a search among tools that ran at the provider is the model's own turn, its result too
    at_provider = item.get("execution") == "server"
    return parts.message("tool" if answered and not at_provider else "assistant", *read_block(item))
