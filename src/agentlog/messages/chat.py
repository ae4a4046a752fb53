"""The chat API of OpenAI, which most providers speak, its older sisters, and hand-written calls in its shape."""

from __future__ import annotations

from typing import Any, Final

from agentlog.messages import parts
from agentlog.messages.blocks import read_block, read_content, read_result
from agentlog.messages.media import read_data
from agentlog.messages.parts import Message, Part
from agentlog.messages.reading import Reading, as_dict, compose, read_error
from agentlog.messages.shapes import iterate_dicts, with_extra
from agentlog.messages.usage import read_usage


def read_chat(request: Any, response: Any) -> Reading:
    """`chat.completions`: messages in, one message for each choice out."""
    asked, body = as_dict(request, "the request"), unwrap(as_dict(response, "the response"))
    outputs = [read_choice(choice) for choice in iterate_dicts(body.get("choices"))]
    legacy = {"functions": True} if asked.get("functions") else {}
    reading = compose(
        asked,
        ("messages", "functions"),
        inputs=read_messages(asked.get("messages")),
        outputs=outputs if "choices" in body else None,
        tools=[asked.get("functions")],
        extra=legacy,
        usage=read_usage(body.get("usage")),
        finish_reasons=[message.get("finish_reason") for message in outputs],
        response_model=body.get("model"),
        response_id=body.get("id"),
        error_type=read_error(body),
    )
    return reading


def read_completions(request: Any, response: Any) -> Reading:
    """`completions`: each prompt a user's message, each choice an assistant's."""
    asked, body = as_dict(request, "the request"), unwrap(as_dict(response, "the response"))
    outputs = [read_choice(choice) for choice in iterate_dicts(body.get("choices"))]
    return compose(
        asked,
        ("prompt",),
        inputs=read_prompts(asked.get("prompt")),
        outputs=outputs if "choices" in body else None,
        usage=read_usage(body.get("usage")),
        finish_reasons=[message.get("finish_reason") for message in outputs],
        response_model=body.get("model"),
        response_id=body.get("id"),
        error_type=read_error(body),
    )


def read_embeddings(request: Any, response: Any) -> Reading:
    """`embeddings`: each text a user's message. Vectors are not kept: a text can be guessed from its vector."""
    asked, body = as_dict(request, "the request"), as_dict(response, "the response")
    return compose(
        asked,
        ("input",),
        inputs=read_prompts(asked.get("input")),
        usage=read_usage(body.get("usage")),
        response_model=body.get("model"),
        response_id=body.get("id"),
        error_type=read_error(body),
    )


def unwrap(body: dict[str, Any]) -> dict[str, Any]:
    """The response inside a gateway's envelope, `{"status": …, "data": {…}}`."""
    while "choices" not in body and "error" not in body and isinstance(body.get("data"), dict):
        body = body["data"]
    return body


def read_prompts(prompt: Any) -> list[Message]:
    """Texts as users' messages. Of token ids only the number: they are words that no redaction can read.

    >>> [parts.text_of(one) for one in read_prompts(["a text", [3, 1, 4]])]
    ['a text', '<3 tokens>']
    """
    if prompt is None:
        return []
    several = isinstance(prompt, list | tuple) and not _are_tokens(prompt)
    return [parts.message("user", *_prompt(one)) for one in (prompt if several else [prompt])]


def _prompt(one: Any) -> list[Part]:
    if _are_tokens(one):
        return [parts.text(f"<{len(one)} tokens>")]
    return read_content(one if isinstance(one, str) else parts.dumps(one))


def _are_tokens(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(one, int) for one in value)


def read_choice(choice: dict[str, Any]) -> Message:
    """One choice of a response, with its finish reason; `text` is the completions API's."""
    said = choice.get("message") or choice.get("delta")
    message = (
        read_message(said, "assistant")
        if said is not None
        else parts.message("assistant", *read_content(choice.get("text")))
    )
    reason = choice.get("finish_reason")
    if isinstance(reason, str) and reason:
        message["finish_reason"] = reason
    return message


def read_messages(messages: Any) -> list[Message]:
    """Messages in the shape of OpenAI's chat API (or of Anthropic's, whose blocks it may hold)."""
    if messages is None:
        return []
    if isinstance(messages, str | dict):
        messages = [messages]
    if not isinstance(messages, list | tuple):
        return [parts.message("user", *read_content(parts.dumps(messages)))]
    return [one for message in messages for one in split_results(read_message(message, "user"))]


def read_message(said: Any, role: str) -> Message:
    """One message; `role` is that of a message which names none."""
    if not isinstance(said, dict):
        return parts.message(role, *read_content(said if isinstance(said, str) else parts.dumps(said)))
    given = said.get("role")
    role = given if isinstance(given, str) and given else role
    name = said.get("name")
    name = name if isinstance(name, str) and name else None
    if role in ("tool", "function"):
        result, media = read_result(said.get("content"))
        id = said.get("tool_call_id")
        response = parts.tool_call_response(result, id if isinstance(id, str) else None, name)
        made = parts.message("tool", response, *media)
    else:
        made = parts.message(
            role, *_thoughts(said), *read_content(said.get("content")), *read_beside(said), *read_calls(said), name=name
        )
    extra = {
        key: value
        for key, value in said.items()
        if key not in _READ and value is not None and value not in ("", [], {})
    }
    if role == "function":
        extra["role"] = "function"
    if extra:
        made["extra"] = extra
    return made


_READ: Final = frozenset(
    {
        "role",
        "name",
        "content",
        "tool_call_id",
        "tool_calls",
        "function_call",
        "refusal",
        "audio",
        "reasoning",
        "reasoning_content",
        "reasoning_details",
        "thinking_blocks",
    }
)


def _thoughts(said: dict[str, Any]) -> list[Part]:
    """Reasoning, as DeepSeek, OpenRouter, Groq and LiteLLM put it beside the content."""
    for key in ("reasoning_details", "thinking_blocks"):
        if isinstance(said.get(key), list) and said[key]:
            return [part for block in iterate_dicts(said[key]) for part in read_block(block)]
    for key in ("reasoning_content", "reasoning"):
        if said.get(key):
            return [parts.reasoning(parts.json_text(said[key]))]
    return []


def read_beside(said: dict[str, Any]) -> list[Part]:
    """What stands beside the content of a message: a refusal, and what was spoken."""
    found: list[Part] = []
    if isinstance(said.get("refusal"), str) and said["refusal"]:
        found.append(parts.refusal(said["refusal"]))
    audio = said.get("audio")
    if isinstance(audio, dict):
        if isinstance(audio.get("transcript"), str) and audio["transcript"]:
            found.append(parts.text(audio["transcript"]))
        if audio.get("data"):
            found.append(read_data(audio["data"], "audio"))
        elif isinstance(audio.get("id"), str):
            found.append(parts.file(audio["id"], "audio"))
    return found


def read_calls(said: dict[str, Any]) -> list[Part]:
    """The tool calls of a message: functions, custom tools, and the old `function_call`."""
    found = [_call(call) for call in iterate_dicts(said.get("tool_calls"))]
    old = said.get("function_call")
    if isinstance(old, dict):
        part = parts.tool_call(str(old.get("name") or ""), old.get("arguments"))
        part["extra"] = {"type": "function_call"}
        found.append(part)
    return found


def _call(call: dict[str, Any]) -> Part:
    id = call.get("id") if isinstance(call.get("id"), str) else None
    custom = call.get("custom")
    if isinstance(custom, dict):
        part = parts.tool_call(str(custom.get("name") or ""), parts.dumps(str(custom.get("input") or "")), id)
        part["extra"] = {"type": "custom"}
        return part
    function = call.get("function")
    if not isinstance(function, dict):
        return read_block({**call, "type": "tool_call"})[0]  # LangChain's {name, args, id}
    part = parts.tool_call(str(function.get("name") or ""), function.get("arguments"), id)
    sealed = call.get("extra_content")
    google = sealed.get("google") if isinstance(sealed, dict) else None
    if isinstance(google, dict) and isinstance(google.get("thought_signature"), str):
        part["signature"] = google["thought_signature"]
    return with_extra(part, call, "id", "function", "extra_content")


def split_results(message: Message) -> list[Message]:
    """A message in which tools' results stand among other parts (Anthropic, Gemini), as one message for each result.

    Only in a person's turn: what a provider's own tool gave back is part of the assistant's message.
    """
    if message["role"] != "user" or not any(part["type"] == "tool_call_response" for part in message["parts"]):
        return [message]
    found: list[Message] = []
    for part in message["parts"]:
        if part["type"] == "tool_call_response":
            found.append(parts.message("tool", part))
        elif found and part["type"] in ("blob", "uri", "file") and found[-1]["role"] == "tool":
            found[-1]["parts"].append(part)  # a picture in the result (see blocks.read_result)
        elif found and found[-1]["role"] == "user":
            found[-1]["parts"].append(part)
        else:
            found.append(parts.message("user", part))
    if "extra" in message:
        found[0]["extra"] = message["extra"]
    return found
