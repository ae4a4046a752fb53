"""The events of a stream, joined into the response that the same call would have given without one.

A stream that was cut in the middle gives what had come by then, without a finish reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from agentlog.messages.gemini import pick
from agentlog.messages.shapes import iterate_dicts

Body = dict[str, Any]


def assemble(api: str, events: Iterable[Body]) -> Body:
    """The response body that `events` amount to.

    Args:
        api: the dialect, as `read` knows it: "openai.chat", "openai.completions", "openai.responses", "anthropic.messages" or
            "gemini.generate".
        events: the stream's events, in their order, as plain dicts.

    Raises:
        ValueError: the API has no streams.

    >>> chunks = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in ("Hel", "lo")]
    >>> assemble("openai.chat", chunks)["choices"][0]["message"]["content"]
    'Hello'
    """
    join = _APIS.get(api)
    if join is None:
        raise ValueError(f"{api!r} has no streams. There is: {', '.join(_APIS)}")
    return join([event for event in events if isinstance(event, dict)])


def _chat(chunks: list[Body]) -> Body:
    """Chunks of `chat.completions` and of `completions`."""
    body: Body = {}
    choices: dict[int, Body] = {}
    for chunk in chunks:
        for key, value in chunk.items():
            if key not in ("choices", "usage") and value not in (None, "", []):
                body[key] = value.removesuffix(".chunk") if key == "object" and isinstance(value, str) else value
        groq = chunk.get("x_groq")
        usage = chunk.get("usage") or (groq.get("usage") if isinstance(groq, dict) else None)
        if usage:
            body["usage"] = usage
        for choice in iterate_dicts(chunk.get("choices")):
            index = choice.get("index")
            _add_choice(choices.setdefault(index if isinstance(index, int) else 0, {}), choice)
    if choices or "error" not in body:
        body["choices"] = [{"index": index, "finish_reason": None, **choices[index]} for index in sorted(choices)]
    return body


def _add_choice(held: Body, choice: Body) -> None:
    delta = choice.get("delta") or choice.get("message")
    if isinstance(delta, dict):
        _add_delta(held.setdefault("message", {"role": "assistant", "content": None}), delta)
    if isinstance(choice.get("text"), str):
        held["text"] = held.get("text", "") + choice["text"]
    if choice.get("finish_reason"):
        held["finish_reason"] = choice["finish_reason"]


def _add_delta(message: Body, delta: Body) -> None:
    for key, value in delta.items():
        if value is None:
            continue
        if key == "tool_calls":
            calls = message.setdefault("tool_calls", [])
            for call in iterate_dicts(value):
                _add_call(calls, call)
        elif key == "function_call" and isinstance(value, dict):
            _add_function(message.setdefault("function_call", {}), value)
        elif key == "role":
            message["role"] = value or message["role"]
        elif key == "content" and isinstance(value, list):  # Mistral: blocks
            held = message.get("content")
            message["content"] = _add_blocks(held if isinstance(held, list) else _as_blocks(held), value)
        elif isinstance(value, str) and isinstance(message.get(key), list):
            _add_blocks(message[key], _as_blocks(value))
        elif isinstance(value, str):
            message[key] = _text(message.get(key)) + value
        elif isinstance(value, list) and isinstance(message.get(key), list):
            _add_blocks(message[key], value)
        elif isinstance(value, dict) and isinstance(message.get(key), dict):
            message[key] = _add_audio(message[key], value)
        else:
            message[key] = list(value) if isinstance(value, list) else value


def _add_call(calls: list[Body], call: Body) -> None:
    """A piece of a tool call, to the call that it belongs to.

    By its index; by its id where there is none. Some servers give every call the index 0: another id with a name begins another.
    """
    index, id = call.get("index"), call.get("id")
    if index is not None:
        held = next((one for one in reversed(calls) if one.get("index") == index), None)
    elif id:
        held = next((one for one in calls if one.get("id") == id), None)
    else:
        held = calls[-1] if calls and not _names(call) else None
    if held is not None and id and held.get("id") not in (None, id) and _names(call):
        held = None
    if held is None:
        held = {"index": index if index is not None else len(calls)}
        calls.append(held)
    for key, value in call.items():
        if key in ("function", "custom") and isinstance(value, dict):
            held[key] = _dict(held.get(key))
            _add_function(held[key], value)
        elif key == "id":
            held["id"] = held.get("id") or value
        elif key != "index" and value not in (None, ""):
            held[key] = value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _names(call: Body) -> bool:
    return bool(_dict(call.get("function") or call.get("custom")).get("name"))


def _add_function(held: Body, piece: Body) -> None:
    for key, value in piece.items():
        if key == "name" and held.get("name") == value:
            continue  # said again with every piece
        if isinstance(value, str) and isinstance(held.get(key, ""), str):
            held[key] = held.get(key, "") + value
        elif value is not None:
            held[key] = value


def _add_audio(held: Body, piece: Body) -> Body:
    return {
        **held,
        **{
            key: held.get(key, "") + value if key in ("data", "transcript") and isinstance(value, str) else value
            for key, value in piece.items()
            if value is not None
        },
    }


def _as_blocks(text: Any) -> list[Any]:
    return [{"type": "text", "text": text}] if isinstance(text, str) and text else []


def _add_blocks(held: list[Any], blocks: list[Any]) -> list[Any]:
    """Blocks after blocks; a piece of text or of a thought is added to the one before it."""
    for block in blocks:
        last = held[-1] if held else None
        if isinstance(block, dict) and isinstance(last, dict) and block.get("type") == last.get("type"):
            if block.get("type") == "text" and isinstance(block.get("text"), str):
                held[-1] = {**last, "text": str(last.get("text") or "") + block["text"]}
                continue
            if (
                block.get("type") == "thinking"
                and isinstance(block.get("thinking"), list)
                and isinstance(last.get("thinking"), list)
            ):
                held[-1] = {**last, **block, "thinking": _add_blocks(list(last["thinking"]), block["thinking"])}
                continue
            if str(block.get("type")).startswith("reasoning.") and block.get("index") == last.get("index"):
                texts = {
                    key: str(last.get(key) or "") + block[key]
                    for key in ("text", "summary", "data")
                    if isinstance(block.get(key), str)
                }
                held[-1] = {**last, **{key: value for key, value in block.items() if value is not None}, **texts}
                continue
        held.append(block)
    return held


_DELTAS: Final = {
    "response.output_text.delta": "text",
    "response.refusal.delta": "refusal",
    "response.reasoning_text.delta": "text",
    "response.reasoning_summary_text.delta": "text",
    "response.function_call_arguments.delta": "arguments",
    "response.mcp_call_arguments.delta": "arguments",
    "response.custom_tool_call_input.delta": "input",
    "response.code_interpreter_call_code.delta": "code",
}
"""Deltas of the Responses API that carry words, and where in their item (or its part) the words go."""
_PART_KINDS: Final = {
    "response.output_text.delta": "output_text",
    "response.refusal.delta": "refusal",
    "response.reasoning_text.delta": "reasoning_text",
    "response.reasoning_summary_text.delta": "summary_text",
}


def _responses(events: list[Body]) -> Body:
    body: Body = {}
    items: dict[int, Body] = {}
    done: set[int] = set()
    for event in events:
        kind = str(event.get("type") or "")
        if isinstance(event.get("response"), dict):
            body = {**body, **event["response"]}
        index = event.get("output_index")
        index = index if isinstance(index, int) else 0
        if kind in ("response.output_item.added", "response.output_item.done") and isinstance(event.get("item"), dict):
            items[index] = dict(event["item"])
            if kind.endswith("done"):
                done.add(index)
        elif kind in _DELTAS and index not in done and isinstance(event.get("delta"), str):
            _add_item_delta(items.setdefault(index, {"type": "message", "role": "assistant"}), kind, event)
        elif kind == "error" or (not kind and event.get("error")):
            body["error"] = event.get("error") or {
                key: event[key] for key in ("code", "message", "param") if key in event
            }
            body["status"] = "failed"
    if items and not body.get("output"):  # cut off, or a server whose last event leaves the items out
        body["output"] = [items[index] for index in sorted(items)]
    return body


def _add_item_delta(item: Body, kind: str, event: Body) -> None:
    where = _DELTAS[kind]
    if kind not in _PART_KINDS:
        item[where] = str(item.get(where) or "") + event["delta"]
        return
    summary = kind == "response.reasoning_summary_text.delta"
    held = item.get("summary" if summary else "content")
    pieces = list(held) if isinstance(held, list) else []
    place = event.get("summary_index" if summary else "content_index")
    place = place if isinstance(place, int) and 0 <= place < 1000 else max(len(pieces) - 1, 0)
    while len(pieces) <= place:
        pieces.append({"type": _PART_KINDS[kind], where: ""})
    piece = _dict(pieces[place])
    pieces[place] = {**piece, where: _text(piece.get(where)) + event["delta"]}
    item["summary" if summary else "content"] = pieces


def _anthropic(events: list[Body]) -> Body:
    body: Body = {}
    blocks: dict[int, Body] = {}
    pieces: dict[int, str] = {}
    for event in events:
        kind = event.get("type")
        index = event.get("index")
        index = index if isinstance(index, int) else 0
        if kind == "message_start" and isinstance(event.get("message"), dict):
            body = {**body, **event["message"]}
        elif kind == "content_block_start" and isinstance(event.get("content_block"), dict):
            blocks[index] = dict(event["content_block"])
        elif kind == "content_block_delta" and isinstance(event.get("delta"), dict):
            block = blocks.setdefault(index, {"type": "text"})
            if isinstance(event["delta"].get("partial_json"), str):
                pieces[index] = pieces.get(index, "") + event["delta"]["partial_json"]
            else:
                _add_block_delta(block, event["delta"])
        elif kind == "message_delta":
            for key, value in event.items():
                if key == "delta" and isinstance(value, dict):
                    body.update(value)
                elif key == "usage" and isinstance(value, dict):
                    body["usage"] = {
                        **_dict(body.get("usage")),
                        **{name: one for name, one in value.items() if one is not None},
                    }
                elif key not in ("type", "delta"):
                    body[key] = value
        elif kind == "error" or (kind is None and event.get("error")):
            body["error"] = event.get("error")
    for index, text in pieces.items():
        if text:
            blocks[index]["input"] = _parsed(text)
    if blocks or "error" not in body:
        body["content"] = [blocks[index] for index in sorted(blocks)]
    return body


def _add_block_delta(block: Body, delta: Body) -> None:
    kind = delta.get("type")
    for key in ("text", "thinking", "content"):
        if isinstance(delta.get(key), str):
            block[key] = str(block.get(key) or "") + delta[key]
    if isinstance(delta.get("signature"), str):
        block["signature"] = str(block.get("signature") or "") + delta["signature"]
    if kind == "citations_delta" and delta.get("citation") is not None:
        block["citations"] = [*(block.get("citations") or []), delta["citation"]]
    if kind == "compaction_delta" and delta.get("encrypted_content"):
        block["encrypted_content"] = delta["encrypted_content"]


def _dict(value: Any) -> Body:
    return value if isinstance(value, dict) else {}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # cut in the middle: as far as it came


def _gemini(chunks: list[Body]) -> Body:
    body: Body = {}
    candidates: dict[int, Body] = {}
    for chunk in chunks:
        body.update({key: value for key, value in chunk.items() if key != "candidates" and value is not None})
        for candidate in iterate_dicts(chunk.get("candidates")):
            index = candidate.get("index")
            held = candidates.setdefault(index if isinstance(index, int) else 0, {})
            content = candidate.get("content")
            held.update({key: value for key, value in candidate.items() if key != "content" and value is not None})
            if isinstance(content, dict):
                made = held.setdefault("content", {"role": content.get("role") or "model", "parts": []})
                for part in iterate_dicts(content.get("parts")):
                    _add_gemini_part(made["parts"], part)
    if candidates or "error" not in body:
        body["candidates"] = [candidates[index] for index in sorted(candidates)]
    return body


def _add_gemini_part(held: list[Body], part: Body) -> None:
    last = held[-1] if held else None
    words = isinstance(part.get("text"), str) and last is not None and isinstance(last.get("text"), str)
    if (
        words
        and last is not None
        and bool(part.get("thought")) == bool(last.get("thought"))
        and not pick(last, "thoughtSignature", "thought_signature")
    ):
        held[-1] = {**last, **part, "text": last["text"] + part["text"]}
    else:
        held.append(part)


_APIS: Final[dict[str, Callable[[list[Body]], Body]]] = {
    "openai.chat": _chat,
    "openai.completions": _chat,
    "openai.responses": _responses,
    "anthropic.messages": _anthropic,
    "gemini.generate": _gemini,
}
