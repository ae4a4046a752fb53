"""A decided answer in the form of OpenAI's chat API, plain or as a stream; and an LLM's answer read from the bytes it came in."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from agentlog.messages import assemble
from agentlog.routing.decision import Decision

JSON: Final = "application/json"
EVENTS: Final = "text/event-stream; charset=utf-8"
NO_TOKENS: Final = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


class Reply(NamedTuple):
    """What goes over the wire."""

    content_type: str
    content: bytes


def askable(request: Mapping[str, Any]) -> bool:
    """Whether an answer of ours has the form that is asked for: one choice, text or tool calls.

    >>> askable({"messages": []}), askable({"messages": [], "n": 3}), askable({"messages": [], "logprobs": True})
    (True, False, False)
    """
    if request.get("n") not in (None, 1) or "audio" in (request.get("modalities") or ()):
        return False
    return not any(request.get(key) for key in _BEYOND)


_BEYOND: Final = ("logprobs", "top_logprobs", "audio", "functions", "function_call", "web_search_options")


def reply(decision: Decision, request: Mapping[str, Any]) -> Reply:
    """The answer of `decision` as the body that `request`, a chat request, asks for: JSON, or server-sent events."""
    if not request.get("stream"):
        return Reply(JSON, _json(completion(decision)))
    options = request.get("stream_options")
    with_usage = bool(isinstance(options, Mapping) and options.get("include_usage"))
    events = b"".join(b"data: " + _json(one) + b"\n\n" for one in chunks(decision, with_usage=with_usage))
    return Reply(EVENTS, events + b"data: [DONE]\n\n")


def completion(decision: Decision) -> dict[str, Any]:
    """The answer of `decision` as a `chat.completion`. It has used no tokens."""
    message = _message(decision)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason(decision)}
    return {**_head(decision), "object": "chat.completion", "choices": [choice], "usage": dict(NO_TOKENS)}


def chunks(decision: Decision, *, with_usage: bool = False) -> Iterator[dict[str, Any]]:
    """The same as `chat.completion.chunk`s. Our models answer at once: each text and each tool call is one chunk."""
    head = {**_head(decision), "object": "chat.completion.chunk"}
    if with_usage:
        head["usage"] = None
    message = _message(decision)
    calls = message.pop("tool_calls", None)
    first = {**message, "content": "" if message["content"] is not None else None}
    deltas: list[dict[str, Any]] = [first]
    if message["content"]:
        deltas.append({"content": message["content"]})
    deltas += [{"tool_calls": [{"index": index, **call}]} for index, call in enumerate(calls or ())]
    for delta in deltas:
        yield {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}]}
    last = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": finish_reason(decision)}
    yield {**head, "choices": [last]}
    if with_usage:
        yield {**head, "choices": [], "usage": dict(NO_TOKENS)}


def finish_reason(decision: Decision) -> str:
    """Why the answer ended, in OpenAI's word."""
    return "tool_calls" if decision.answer is not None and decision.answer.calls else "stop"


def about(decision: Decision) -> dict[str, Any]:
    """What an answer of ours says of itself, beside the model's name."""
    return {"route": decision.route, "task": decision.task_name, "score": decision.score}


def call_id() -> str:
    """An id for a tool call."""
    return f"call_{uuid.uuid4().hex[:24]}"


def _head(decision: Decision) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "created": int(time.time()),
        "model": decision.model,
        "agentlog": about(decision),
    }


def _message(decision: Decision) -> dict[str, Any]:
    answer = decision.answer
    if answer is None:
        raise ValueError("a decision for the LLM holds no answer")
    message: dict[str, Any] = {"role": "assistant", "content": answer.text or None, "refusal": None}
    if answer.calls:
        message["tool_calls"] = [
            {"id": call_id(), "type": "function", "function": {"name": name, "arguments": arguments or "{}"}}
            for name, arguments in answer.calls
        ]
    elif not answer.text:
        message["content"] = ""
    return message


def read_answer(content: bytes, content_type: str) -> dict[str, Any] | None:
    """The body of an LLM's chat completion from the bytes it came in; a stream's events are joined.

    None where it is no whole answer: no JSON, an error, or a stream that was cut before its end.

    >>> read_answer(b'{"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}', "application/json")[
    ...     "choices"
    ... ][0]
    {'message': {'content': 'Hi'}, 'finish_reason': 'stop'}
    >>> read_answer(b'data: {"choices": [{"index": 0, "delta": {"content": "Hi"}}]}', "text/event-stream") is None
    True
    """
    if "text/event-stream" in content_type:
        body = assemble("openai.chat", _events(content))
        whole = bool(body.get("choices")) and all(one.get("finish_reason") for one in body["choices"])
        return body if whole and "error" not in body else None
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) and body.get("choices") else None


def _events(content: bytes) -> Iterator[dict[str, Any]]:
    for line in content.splitlines():
        if line.startswith(b"data:"):
            try:
                event = json.loads(line[5:])
            except ValueError:
                continue  # [DONE], or cut off
            if isinstance(event, dict):
                yield event


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
