"""What the record of an exchange has to say of its answer, read off the recorded bytes a second time, without agentlog.

A message is `(finish reason, parts)`, a part one of

    ("text", words)   ("refusal", words)   ("reasoning", id, words, signature)   ("call", id, name, arguments)
    ("result", id)    ("block", type)

Arguments are the model's own text, or the value where the API sends a value.
"""

from __future__ import annotations

import json
from typing import Any

from replay_server import events, kept

Part = tuple[Any, ...]
Message = tuple[str | None, list[Part]]


def truth(exchange: dict[str, Any], ending: str = "whole") -> dict[str, Any]:
    """Columns of the record, as far as the answer decides them; `id` is the provider's id of the answer."""
    text = kept(exchange, ending)
    if exchange["status"] >= 400:
        return {"status": exchange["status"]}
    pieces = list(events(text)) if exchange["stream"] else None
    reader = {
        "chat": _chat,
        "completions": _chat,
        "embeddings": _embeddings,
        "responses": _responses,
        "messages": _messages,
    }[exchange["api"]]
    return {"status": exchange["status"], **reader(pieces if pieces is not None else [_json(text)], exchange["stream"])}


def _json(text: str) -> dict[str, Any]:
    body = json.loads(text)
    while "choices" not in body and isinstance(body.get("data"), dict):  # a gateway's envelope
        body = body["data"]
    return body


def _last(pieces: list[dict[str, Any]], key: str) -> Any:
    return next((one[key] for one in reversed(pieces) if one.get(key)), None)


# ---------------------------------------------------------------- OpenAI: chat, completions, embeddings


def _chat(pieces: list[dict[str, Any]], stream: bool) -> dict[str, Any]:
    choices: dict[int, dict[str, Any]] = {}
    for piece in pieces:
        for choice in piece.get("choices") or ():
            held = choices.setdefault(
                choice.get("index") or 0, {"reasoning": "", "text": "", "refusal": "", "calls": [], "finish": None}
            )
            said = choice.get("delta") or choice.get("message") or {}
            held["text"] += said.get("content") or choice.get("text") or ""
            held["refusal"] += said.get("refusal") or ""
            held["reasoning"] += said.get("reasoning_content") or said.get("reasoning") or ""
            held["finish"] = choice.get("finish_reason") or held["finish"]
            for call in said.get("tool_calls") or ():
                _add_call(held["calls"], call.get("index") if stream else None, call.get("id"), call["function"])
            if said.get("function_call"):
                _add_call(held["calls"], -1, None, said["function_call"])
    messages = [_chat_message(choices[index]) for index in sorted(choices)]
    usage = _last(pieces, "usage") or (_last(pieces, "x_groq") or {}).get("usage")
    return {
        "id": _last(pieces, "id"),
        "error": (_last(pieces, "error") or {}).get("code"),
        "response_model": _last(pieces, "model"),
        "output_messages": messages if any("choices" in piece for piece in pieces) else None,
        "finish_reasons": [finish for finish, _ in messages if finish] or None,
        "usage": _usage(usage, "prompt_tokens", "completion_tokens"),
    }


def _add_call(calls: list[list[Any]], index: int | None, id: str | None, function: dict[str, Any]) -> None:
    held = next((one for one in calls if index is not None and one[0] == index), None)
    if held is None:
        held = [index, id, "", ""]
        calls.append(held)
    held[2] += function.get("name") or ""
    held[3] += function.get("arguments") or ""


def _chat_message(held: dict[str, Any]) -> Message:
    found: list[Part] = [("reasoning", None, held["reasoning"], None)] if held["reasoning"] else []
    found += [(kind, held[kind]) for kind in ("text", "refusal") if held[kind]]
    found += [("call", id, name, arguments or "{}") for _, id, name, arguments in held["calls"]]
    return held["finish"], found


def _usage(said: Any, given: str, answered: str) -> dict[str, int | None] | None:
    if not said:
        return None
    inside, outside = (said.get(f"{one}_details") or {} for one in (given, answered))
    return {
        "input_tokens": said[given],
        "output_tokens": said.get(answered),
        "cache_read_input_tokens": inside.get("cached_tokens", said.get("prompt_cache_hit_tokens")),
        "cache_creation_input_tokens": inside.get("cache_write_tokens"),
        "reasoning_output_tokens": outside.get("reasoning_tokens"),
    }


def _embeddings(pieces: list[dict[str, Any]], stream: bool) -> dict[str, Any]:
    (body,) = pieces
    return {
        "id": None,
        "response_model": body.get("model"),
        "output_messages": None,
        "finish_reasons": None,
        "usage": _usage(body.get("usage"), "prompt_tokens", "completion_tokens"),
    }


# ---------------------------------------------------------------- OpenAI: Responses


def _responses(pieces: list[dict[str, Any]], stream: bool) -> dict[str, Any]:
    body = pieces[0] if not stream else _last(pieces, "response") or {}
    items = body.get("output") or (_items(pieces) if stream else [])
    found = [part for item in items for part in _item(item)]
    details = body.get("incomplete_details") or {}
    ended = body.get("status") not in ("in_progress", "queued", None)
    reason = details.get("reason") or (body["status"] if ended else None)
    # an item that answers a tool (a list of an MCP server's tools) is a tool's message, the turns before and after it are the model's
    return {
        "id": body.get("id"),
        "response_model": body.get("model"),
        "output_messages": [(reason, found)],
        "finish_reasons": [reason] if reason else None,
        "usage": _usage(body.get("usage"), "input_tokens", "output_tokens"),
    }


_GROWING = {
    "response.output_text.delta": ("content", "output_text", "text"),
    "response.refusal.delta": ("content", "refusal", "refusal"),
    "response.reasoning_summary_text.delta": ("summary", "summary_text", "text"),
    "response.reasoning_text.delta": ("content", "reasoning_text", "text"),
    "response.function_call_arguments.delta": ("arguments", None, None),
    "response.custom_tool_call_input.delta": ("input", None, None),
    "response.code_interpreter_call_code.delta": ("code", None, None),
    "response.mcp_call_arguments.delta": ("arguments", None, None),
}


def _items(pieces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items of a stream that stopped before its last event."""
    items: dict[int, dict[str, Any]] = {}
    for event in pieces:
        kind = event["type"]
        if kind in ("response.output_item.added", "response.output_item.done"):
            items[event["output_index"]] = dict(event["item"])
        elif kind in _GROWING:
            field, part, words = _GROWING[kind]
            item = items[event["output_index"]]
            if part is None:
                item[field] = (item.get(field) or "") + event["delta"]
                continue
            there = list(item.get(field) or ())
            place = event.get("summary_index", event.get("content_index"))
            while len(there) <= place:
                there.append({"type": part, words: ""})
            there[place] = {**there[place], words: there[place][words] + event["delta"]}
            item[field] = there
    return [items[index] for index in sorted(items)]


def _item(item: dict[str, Any]) -> list[Part]:
    kind = item["type"]
    if kind == "message":
        return [
            ("refusal", one["refusal"]) if one["type"] == "refusal" else ("text", one["text"])
            for one in item.get("content") or ()
            if one.get("text") or one.get("refusal")
        ]
    if kind == "reasoning":
        words = [one["text"] for one in item.get("content") or item.get("summary") or ()]
        return [("reasoning", item.get("id"), "\n\n".join(words) or None, item.get("encrypted_content"))]
    if kind == "compaction":
        return [("reasoning", item.get("id"), None, item.get("encrypted_content"))]
    if kind == "function_call":
        return [("call", item["call_id"], item["name"], item.get("arguments") or "{}")]
    if kind == "custom_tool_call":
        return [("call", item["call_id"], item["name"], item.get("input") or "")]
    if kind in ("mcp_list_tools", "tool_search_output"):
        return [("result", item.get("call_id") or item["id"])]
    return [("call", item.get("call_id") or item["id"], item.get("name") or kind.removesuffix("_call"), ...)]


# ---------------------------------------------------------------- Anthropic


def _messages(pieces: list[dict[str, Any]], stream: bool) -> dict[str, Any]:
    body = dict(pieces[0]) if not stream else _message(pieces)
    usage = body.get("usage") or {}
    cached = [usage.get("cache_read_input_tokens"), usage.get("cache_creation_input_tokens")]
    given = usage.get("input_tokens")
    details = usage.get("output_tokens_details") or {}
    parts = [part for block in body.get("content") or () for part in _block(block)]
    return {
        "id": body.get("id"),
        "response_model": body.get("model"),
        "output_messages": [(body.get("stop_reason"), parts)],
        "finish_reasons": [body["stop_reason"]] if body.get("stop_reason") else None,
        "usage": None
        if not usage
        else {
            "input_tokens": None if given is None else given + sum(one or 0 for one in cached),
            "output_tokens": usage.get("output_tokens"),
            "cache_read_input_tokens": cached[0],
            "cache_creation_input_tokens": cached[1],
            "reasoning_output_tokens": details.get("thinking_tokens"),
        },
    }


def _message(pieces: list[dict[str, Any]]) -> dict[str, Any]:
    """The body that a stream amounts to. The input of a tool call that is cut off is its text so far."""
    body: dict[str, Any] = {}
    blocks: dict[int, dict[str, Any]] = {}
    written: dict[int, str] = {}
    for event in pieces:
        if event["type"] == "message_start":
            body = dict(event["message"])
        elif event["type"] == "content_block_start":
            blocks[event["index"]] = dict(event["content_block"])
        elif event["type"] == "content_block_delta":
            block, delta = blocks[event["index"]], event["delta"]
            for key in ("text", "thinking", "signature"):
                if key in delta:
                    block[key] = (block.get(key) or "") + delta[key]
            if "partial_json" in delta:
                written[event["index"]] = written.get(event["index"], "") + delta["partial_json"]
        elif event["type"] == "message_delta":
            body.update(event["delta"])
            usage = {key: value for key, value in (event.get("usage") or {}).items() if value is not None}
            body["usage"] = {**(body.get("usage") or {}), **usage}
    for index, text in written.items():
        try:
            blocks[index]["input"] = json.loads(text) if text else {}
        except ValueError:
            blocks[index]["input"] = text
    body["content"] = [blocks[index] for index in sorted(blocks)]
    return body


def _block(block: dict[str, Any]) -> list[Part]:
    kind = block["type"]
    if kind == "text":
        return [("text", block["text"])] if block.get("text") else []
    if kind == "thinking":
        return [("reasoning", None, block.get("thinking") or None, block.get("signature") or None)]
    if kind == "redacted_thinking":
        return [("reasoning", None, None, block["data"])]
    if kind in ("tool_use", "server_tool_use", "mcp_tool_use"):
        return [("call", block["id"], block["name"], block.get("input") or {})]
    if kind.endswith("_tool_result"):
        return [("result", block["tool_use_id"])]
    return [("block", kind)]
