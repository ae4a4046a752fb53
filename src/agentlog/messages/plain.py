"""Calls that speak no API: functions, tools, retrievers, and model calls that somebody wrote down by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from agentlog.messages import parts
from agentlog.messages.anthropic import read_anthropic
from agentlog.messages.blocks import read_content
from agentlog.messages.chat import read_chat, read_message, read_messages
from agentlog.messages.gemini import read_gemini
from agentlog.messages.parts import Message
from agentlog.messages.reading import Reading, as_dict, compose
from agentlog.messages.responses import read_items, read_responses
from agentlog.messages.usage import read_usage


def read_arguments(request: Any, response: Any) -> Reading:
    """A function or a tool: its bound arguments and its result. A text result stays as it is.

    >>> read_arguments({"city": "Paris"}, "sunny")
    {'tool_arguments': '{"city": "Paris"}', 'tool_result': 'sunny'}
    """
    reading: Reading = {}
    if request is not None:
        reading["tool_arguments"] = request if isinstance(request, str) and _is_json(request) else parts.dumps(request)
    if response is not None:
        reading["tool_result"] = parts.json_text(response)
    return reading


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def read_hand_written(request: Any, response: Any) -> Reading:
    """A model call by hand: `{"input", "tools"?, …}` and `{"output", "usage"?, "finish_reason"?}`.

    The input is a text, messages in the shape of OpenAI's or Anthropic's chat, or anything else (its JSON). So is the output;
    the whole body of a response of a known API counts for what it is.
    """
    asked, body = as_dict(request, "the request"), as_dict(response, "the response")
    output, found = body.get("output"), Reading()
    known = _BODIES[kind] if isinstance(output, dict) and (kind := _kind_of_body(output)) else None
    if known is not None:
        found = known({}, output)
    outputs = found.get("output_messages") if known is not None else _outputs(output) if "output" in body else None
    reason = body.get("finish_reason")
    if outputs and isinstance(reason, str) and reason:
        outputs[0]["finish_reason"] = reason
    given = asked.get("input")
    items = isinstance(given, list) and any(
        isinstance(one, dict) and "role" not in one and "type" in one for one in given
    )
    return compose(
        asked,
        ("input", "system", "instructions"),
        system=[*read_content(asked.get("system")), *read_content(asked.get("instructions"))],
        inputs=read_items(given) if items else read_messages(given),
        outputs=outputs,
        usage=read_usage(body.get("usage")) or found.get("usage"),
        finish_reasons=[message.get("finish_reason") for message in outputs or ()],
        response_model=body.get("model") or found.get("response_model"),
        response_id=body.get("id") or found.get("response_id"),
        provider=found.get("provider"),
        error_type=found.get("error_type"),
    )


_BODIES: Final[dict[str, Callable[[Any, Any], Reading]]] = {
    "chat": read_chat,
    "responses": read_responses,
    "anthropic": read_anthropic,
    "gemini": read_gemini,
}


def _kind_of_body(body: dict[str, Any]) -> str | None:
    if isinstance(body.get("choices"), list):
        return "chat"
    if isinstance(body.get("candidates"), list):
        return "gemini"
    if body.get("object") == "response" and isinstance(body.get("output"), list):
        return "responses"
    if body.get("type") == "message" and "stop_reason" in body:
        return "anthropic"
    return None


def _outputs(output: Any) -> list[Message]:
    if output is None:
        return [parts.message("assistant")]
    if _is_message(output):
        return [read_message(output, "assistant")]
    if isinstance(output, list) and output and all(_is_message(one) for one in output):
        return [read_message(one, "assistant") for one in output]
    blocks = (
        isinstance(output, list)
        and output
        and all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in output)
    )
    return [
        parts.message("assistant", *read_content(output if blocks or isinstance(output, str) else parts.dumps(output)))
    ]


def _is_message(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("role"), str)
        and bool({"content", "tool_calls", "function_call", "refusal"} & set(value))
    )


def read_retrieval(request: Any, response: Any) -> Reading:
    """A retriever: the query, and the documents it found."""
    return read_arguments(request, response)
