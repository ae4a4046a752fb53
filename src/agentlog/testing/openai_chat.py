"""OpenAI's chat completions and the older text completions: POST …/chat/completions, POST …/completions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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


def chat_question(body: Body) -> Question:
    """What a chat completion asks for."""
    messages = [message for message in body.get("messages") or [] if isinstance(message, dict)]
    roles = [message.get("role") for message in messages]
    since = roles[len(roles) - roles[::-1].index("user") :] if "user" in roles else roles
    tools = [tool.get("function") or tool for tool in body.get("tools") or []]
    schema, json_object = response_format(body.get("response_format"))
    return Question(
        text=text_of(messages[-1].get("content")) if messages else "",
        tools=[(str(tool["name"]), tool.get("parameters") or {}) for tool in tools if tool.get("name")],
        choice=tool_choice(body.get("tool_choice")),
        called=frozenset(
            str((call.get("function") or {}).get("name")) for one in messages for call in one.get("tool_calls") or []
        ),
        tool_answered="tool" in since,
        schema=schema,
        json_object=json_object,
    )


def response_format(given: Any) -> tuple[Body | None, bool]:
    """The schema that the answer has to satisfy, and whether it has to be JSON at all."""
    wanted = given if isinstance(given, dict) else {}
    schema = (wanted.get("json_schema") or {}).get("schema") or wanted.get("schema")
    return schema, wanted.get("type") == "json_object"


def tool_choice(given: Any) -> str:
    """OpenAI's `tool_choice` in one word: "auto", "none", "required" or a tool's name."""
    if isinstance(given, dict):
        return str((given.get("function") or given).get("name") or "required")
    return str(given) if given in ("none", "required") else "auto"


def chat_answer(body: Body, reply: Reply, id: str) -> Answer:
    """A chat completion, and its chunks."""
    message: Body = {"role": "assistant", "content": reply.text, "refusal": None, "annotations": []}
    if reply.reasoning is not None:
        message["reasoning_content"] = reply.reasoning  # not OpenAI's own; what compatible servers send
    if reply.tool_calls:
        message["tool_calls"] = _tool_calls(reply, id)
    usage = _usage(
        count_tokens(body.get("messages")) + count_tokens(body.get("tools") or ""),
        count_tokens(reply.text) + sum(count_tokens(json_arguments(given)) for _, given in reply.tool_calls),
        reply,
    )
    shared = {"id": f"chatcmpl-{id}", "created": CREATED, "model": body.get("model"), "service_tier": "default"}
    choices = [
        {"index": index, "message": message, "logprobs": None, "finish_reason": reply.finish_reason}
        for index in range(int(body.get("n") or 1))
    ]
    document = {**shared, "object": "chat.completion", "choices": choices, "usage": usage}
    return Answer(document, _chunks(body, reply, {**shared, "object": "chat.completion.chunk"}, document))


def _tool_calls(reply: Reply, id: str) -> list[Body]:
    return [
        {
            "id": identifier("call_", id, index),
            "type": "function",
            "function": {"name": name, "arguments": json_arguments(arguments)},
        }
        for index, (name, arguments) in enumerate(reply.tool_calls)
    ]


def _usage(input_tokens: int, output_tokens: int, reply: Reply) -> Body:
    reasoning = count_tokens(reply.reasoning)
    return {
        "prompt_tokens": input_tokens,
        "completion_tokens": output_tokens + reasoning,
        "total_tokens": input_tokens + output_tokens + reasoning,
        "prompt_tokens_details": {"cached_tokens": reply.cached_tokens, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": reasoning, "audio_tokens": 0},
    }


def _chunks(body: Body, reply: Reply, shared: Body, document: Body) -> Iterator[Event]:
    with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
    for choice in document["choices"]:
        for delta, finish in _deltas(choice["message"], reply):
            one = {"index": choice["index"], "delta": delta, "logprobs": None, "finish_reason": finish}
            yield Event(None, {**shared, "choices": [one], **({"usage": None} if with_usage else {})})
    if with_usage:
        yield Event(None, {**shared, "choices": [], "usage": document["usage"]})
    yield Event(None, "[DONE]")


def _deltas(message: Body, reply: Reply) -> Iterator[tuple[Body, str | None]]:
    calls = message.get("tool_calls") or []
    yield {"role": "assistant", "content": None if calls and reply.text is None else "", "refusal": None}, None
    for piece in pieces(reply.reasoning or "", reply.chunk_chars):
        yield {"reasoning_content": piece}, None
    for piece in pieces(reply.text or "", reply.chunk_chars):
        yield {"content": piece}, None
    for index, call in enumerate(calls):
        function = call["function"]
        begun = {"index": index, "id": call["id"], "type": "function"}
        yield {"tool_calls": [{**begun, "function": {"name": function["name"], "arguments": ""}}]}, None
        for piece in pieces(function["arguments"], reply.chunk_chars):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}, None
    yield {}, reply.finish_reason


def completion_question(body: Body) -> Question:
    """What a text completion asks for: it knows no tools and no schema."""
    return Question(text=text_of(_prompts(body)[-1]))


def completion_answer(body: Body, reply: Reply, id: str) -> Answer:
    """A text completion, one choice for each prompt, and its chunks."""
    shared = {"id": f"cmpl-{id}", "object": "text_completion", "created": CREATED, "model": body.get("model")}
    count = len(_prompts(body)) * int(body.get("n") or 1)
    choices = [
        {"index": index, "text": reply.text or "", "logprobs": None, "finish_reason": reply.finish_reason}
        for index in range(count)
    ]
    usage = _usage(count_tokens(body.get("prompt")), count_tokens(reply.text) * count, reply)

    def chunks() -> Iterator[Event]:
        for choice in choices:
            for piece in pieces(reply.text or "", reply.chunk_chars):
                yield Event(None, {**shared, "choices": [{**choice, "text": piece, "finish_reason": None}]})
            yield Event(None, {**shared, "choices": [{**choice, "text": ""}]})
        if (body.get("stream_options") or {}).get("include_usage"):
            yield Event(None, {**shared, "choices": [], "usage": usage})
        yield Event(None, "[DONE]")

    return Answer({**shared, "choices": choices, "usage": usage}, chunks())


def _prompts(body: Body) -> list[Any]:
    prompt = body.get("prompt")
    if isinstance(prompt, list) and prompt and not isinstance(prompt[0], int):
        return prompt
    return [prompt]
