"""Anthropic's Messages API, and the completions before it."""

from __future__ import annotations

from typing import Any

from agentlog.messages.blocks import read_content
from agentlog.messages.chat import read_message, read_messages, read_prompts
from agentlog.messages.parts import message, text
from agentlog.messages.reading import Reading, as_dict, compose, read_error
from agentlog.messages.usage import read_usage


def read_anthropic(request: Any, response: Any) -> Reading:
    """`messages`: `system` is system instructions; a tool's result in a user's turn is a message of its own."""
    asked, body = as_dict(request, "the request"), as_dict(response, "the response")
    outputs = None
    if "content" in body:
        answer = read_message({"role": body.get("role") or "assistant", "content": body["content"]}, "assistant")
        if isinstance(body.get("stop_reason"), str):
            answer["finish_reason"] = body["stop_reason"]
        outputs = [answer]
    return compose(
        asked,
        ("messages", "system"),
        system=read_content(asked.get("system")),
        inputs=read_messages(asked.get("messages")),
        outputs=outputs,
        usage=read_usage(body.get("usage"), parts_apart=True),
        finish_reasons=[body.get("stop_reason")],
        response_model=body.get("model"),
        response_id=body.get("id"),
        provider="anthropic",
        error_type=read_error(body),
    )


def read_anthropic_completions(request: Any, response: Any) -> Reading:
    """`complete`: the prompt, which holds the turns of both sides, is one user's message."""
    asked, body = as_dict(request, "the request"), as_dict(response, "the response")
    outputs = None
    if isinstance(body.get("completion"), str):
        stop = body.get("stop_reason")
        outputs = [
            message("assistant", text(body["completion"]), finish_reason=stop if isinstance(stop, str) else None)
        ]
    return compose(
        asked,
        ("prompt",),
        inputs=read_prompts(asked.get("prompt")),
        outputs=outputs,
        finish_reasons=[body.get("stop_reason")],
        response_model=body.get("model"),
        response_id=body.get("id"),
        provider="anthropic",
        error_type=read_error(body),
    )
