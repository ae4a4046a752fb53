"""A recorded request, sent again as it was: its body, made of nothing but the columns of its row.

What a row does not keep, because the API does not care or because no row may hold it, is brought into one form on both sides by
`canonical`, and nowhere else:

- a member that is null; a content that is empty, null or not there; text as one block or as a plain string;
- a picture or a file given as base64: of it a row keeps kind, size and hash. Token ids: of them a row keeps their number;
- a document given as text or as blocks (Anthropic): its words, and what it says of itself beside the first. A key of an MCP
  server: no row holds one;
- several messages in a row of one person or of a model (Anthropic joins them; Responses has no messages but items);
- a tool's result in blocks: a row keeps the JSON text of the blocks. A call without arguments: `{}`;
- of a Responses item that runs at the provider: the same values, in the item's own keys. The `status` of an item: it was said by
  the provider, and says nothing in a request.
"""

from __future__ import annotations

import json
from typing import Any

Body = dict[str, Any]

_MEDIA = frozenset(
    ("image_url", "image", "input_image", "input_audio", "file", "input_file", "document", "container_upload")
)
_SHOWN = _MEDIA | {"blob", "uri"}


# ---------------------------------------------------------------- from a row to a body


def rebuilt(api: str, row: dict[str, Any]) -> Body:
    """The body that the row stands for, in the form of `canonical`."""
    parameters = json.loads(row["request"] or "{}")
    extras = parameters.pop("extras", {})
    legacy = parameters.pop("functions", False) is True
    body: Body = {**parameters, "model": row["request_model"]}
    system = [
        {**part, "extra": extras.get(f"system_instructions[{n}]", {})}
        for n, part in _numbered(row, "system_instructions")
    ]
    messages = [_with_extras(one, n, extras) for n, one in _numbered(row, "input_messages")]
    tools = json.loads(row["tool_definitions"] or "[]")
    if tools:
        body["functions" if legacy else "tools"] = [_definition(one, api, legacy=legacy) for one in tools]
    if api in ("embeddings", "completions"):
        texts = [one["parts"][0]["text"] if one["parts"] else "" for one in messages]
        body["input" if api == "embeddings" else "prompt"] = texts
    elif api == "chat":
        body["messages"] = [_chat_message(one) for one in messages]
    elif api == "messages":
        body["system"] = [_block(part) for part in system]
        body["messages"] = [
            {
                "role": "user" if one["role"] == "tool" else one["role"],
                "content": [_block(part) for part in one["parts"]],
            }
            for one in messages
        ]
    else:
        body["instructions"] = "".join(part["text"] for part in system)
        body["input"] = [item for one in messages for item in _items(one)]
    return canonical(api, body, made=True)


def _numbered(row: dict[str, Any], column: str) -> list[tuple[int, Any]]:
    return list(enumerate(row[column] or ()))


def _with_extras(message: dict[str, Any], number: int, extras: dict[str, Any]) -> dict[str, Any]:
    place = f"input_messages[{number}]"
    parts = [{**part, "extra": extras.get(f"{place}.parts[{n}]", {})} for n, part in enumerate(message["parts"])]
    return {**message, "parts": parts, "extra": extras.get(place, {})}


def _definition(tool: Body, api: str, *, legacy: bool) -> Body:
    function = tool.get("function")
    if function is None or (api == "chat" and not legacy):
        return tool
    beside = {key: value for key, value in tool.items() if key not in ("type", "function")}
    if legacy:
        return {**function, **beside}
    if api == "messages":
        return {
            **{("input_schema" if key == "parameters" else key): value for key, value in function.items()},
            **beside,
        }
    return {"type": "function", **function, **beside}


def _chat_message(message: dict[str, Any]) -> Body:
    extra, parts = dict(message["extra"]), message["parts"]
    made: Body = {"role": extra.pop("role", message["role"]), **extra}
    if message["name"] is not None:
        made["name"] = message["name"]
    if message["role"] == "tool":
        response = parts[0]
        return {**made, **_known(tool_call_id=response["id"], name=response["name"], content=response["result"])}
    blocks = []
    for part in parts:
        if part["type"] == "tool_call" and part["extra"].get("type") == "function_call":
            made["function_call"] = {"name": part["name"], "arguments": part["arguments"]}
        elif part["type"] == "tool_call":
            function = {"name": part["name"], "arguments": part["arguments"]}
            made.setdefault("tool_calls", []).append(
                {"id": part["id"], "type": "function", "function": function, **part["extra"]}
            )
        elif part["type"] == "text" and part["name"] == "refusal":
            made["refusal"] = part["text"]
        elif part["type"] == "reasoning":
            made["reasoning_content"] = part["text"]
        else:
            blocks.append(_block(part))
    return {**made, "content": blocks}


def _block(part: dict[str, Any]) -> Body:
    """A block of the Messages API, and what it shares with chat."""
    extra, kind = dict(part["extra"]), part["type"]
    if kind == "text":
        return (
            json.loads(part["text"])
            if part["mime_type"] == "application/json"
            else {"type": "text", "text": part["text"], **extra}
        )
    if kind == "reasoning":
        if part["text"] is None:
            return {"type": "redacted_thinking", "data": part["signature"]}
        return {"type": "thinking", **_known(thinking=part["text"], signature=part["signature"]), **extra}
    if kind == "tool_call":
        return {
            "type": "tool_use",
            "id": part["id"],
            "name": part["name"],
            "input": json.loads(part["arguments"]),
            **extra,
        }
    if kind == "tool_call_response":
        return {"type": "tool_result", "tool_use_id": part["id"], "content": part["result"], **extra}
    return _known(media=part["uri"] or part["id"] or part["mime_type"], size=part["bytes"], **extra)


def _items(message: dict[str, Any]) -> list[Body]:
    """Items of the Responses API."""
    found: list[Body] = []
    for part in message["parts"]:
        extra, kind = dict(part["extra"]), part["type"]
        own = extra.pop("item", {})
        if kind == "reasoning" and extra.get("type") != "compaction":
            found.append(
                {"type": "reasoning", **_known(id=part["id"], text=part["text"], encrypted_content=part["signature"])}
            )
        elif kind == "tool_call" and "type" not in extra:
            found.append(
                {
                    "type": "function_call",
                    "call_id": part["id"],
                    **_known(name=part["name"], arguments=part["arguments"]),
                    **extra,
                }
            )
        elif kind == "tool_call_response" and "type" not in extra and part["name"] is None:
            found.append({"type": "function_call_output", "call_id": part["id"], "output": part["result"], **extra})
        elif kind in ("text", "uri", "blob", "file") and part["mime_type"] != "application/json":
            block = (
                {"type": "refusal", "refusal": part["text"]}
                if part["name"] == "refusal"
                else _block({**part, "extra": extra})
            )
            found.append({"role": message["role"], "content": [block], **own})
        else:
            _add_other(found, part)
    return found or [{"role": message["role"], "content": [], **message["extra"]}]


def _add_other(found: list[Body], part: dict[str, Any]) -> None:
    """An item that runs at the provider: a call and what came back are two parts of a row, and one item."""
    if part["type"] == "text":
        found.append({"type": "other", "values": json.loads(part["text"])})
        return
    kind = str(part["extra"].get("type") or part["name"])
    name = None if part["name"] == kind.removesuffix("_call") else part["name"]
    values = [kind, name, part["id"], part["arguments"], part["result"], part["text"], part["signature"], part["extra"]]
    last = found[-1] if found else {}
    if part["type"] == "tool_call_response" and last.get("type") == "other" and last.get("id") == part["id"]:
        last["values"] += [part["result"], part["extra"]]
    else:
        found.append({"type": "other", "id": part["id"], "values": values})


def _known(**values: Any) -> Body:
    return {key: value for key, value in values.items() if value is not None}


# ---------------------------------------------------------------- one form for what says the same


def canonical(api: str, body: Body, *, made: bool = False) -> Body:
    """`body`, with what a row does not keep brought into one form. `made` of a row, or sent by a client."""
    held = {key: value for key, value in body.items() if value is not None and key != "extra_body"}
    if "tools" in held:
        held["tools"] = [_plain_definition(one, api) for one in held["tools"]]
    if not held.get("tools", True):
        del held["tools"]
    if api in ("embeddings", "completions"):
        place = "input" if api == "embeddings" else "prompt"
        held[place] = _prompts(held[place])
    elif api == "chat":
        held["messages"] = [_one_message(one) for one in held["messages"]]
    elif api == "messages":
        for server in held.get("mcp_servers") or ():
            server.pop("authorization_token", None)
        held["system"] = _blocks(held.get("system"))
        held["messages"] = _joined([{**one, "content": _blocks(one["content"])} for one in held["messages"]])
    else:
        held["instructions"] = held.get("instructions") or ""
        held["input"] = _flat_items(held["input"], made=made)
    return held


def _plain_definition(tool: Body, api: str) -> Body:
    without = {key: value for key, value in tool.items() if value is not None}
    if isinstance(without.get("function"), dict):
        without["function"] = {key: value for key, value in without["function"].items() if value is not None}
    # a tool of one's own is `custom` for Anthropic, or of no type
    return {
        key: value for key, value in without.items() if not (api == "messages" and (key, value) == ("type", "custom"))
    }


def _prompts(given: Any) -> list[str]:
    several = isinstance(given, list) and not (given and isinstance(given[0], int))
    return [f"<{len(one)} tokens>" if isinstance(one, list) else one for one in (given if several else [given])]


def _one_message(message: Body) -> Body:
    held = {key: value for key, value in message.items() if value is not None and value not in ("", [], {})}
    if held.get("role") in ("tool", "function"):
        held["content"] = _result(message.get("content"))
    else:
        held["content"] = _blocks(message.get("content"))
    for call in held.get("tool_calls") or ():
        call["function"] = {**call["function"], "arguments": call["function"].get("arguments") or "{}"}
    return held


def _result(content: Any) -> Any:
    """A tool's result: text, or the values in it. Of a picture the place is kept; it stands behind the result (`_blocks`)."""
    if content is None:
        return ""
    if isinstance(content, list) and len(content) == 1 and set(content[0]) - {"cache_control"} == {"type", "text"}:
        content = content[0]["text"]
    if isinstance(content, str):
        if not content.startswith(("{", "[")):
            return content
        try:
            content = json.loads(content)
        except ValueError:
            return content
    if isinstance(content, list):
        return ["media" if isinstance(one, dict) and one.get("type") in _SHOWN else one for one in content]
    return content


def _blocks(content: Any) -> list[Body]:
    if content is None or content == "":
        return []
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [made for one in content if one not in ("", {"type": "text", "text": ""}) for made in _one_block(one)]


def _one_block(block: Any) -> list[Body]:
    if isinstance(block, str):
        return [{"type": "text", "text": block}]
    kind = str(block.get("type"))
    held = {key: value for key, value in block.items() if value is not None and value not in ([], {})}
    source = block.get("source")
    if kind == "document" and isinstance(source, dict) and source.get("type") in ("text", "content"):
        return _document(held, source)
    if kind in _MEDIA:
        return [_media(held)]
    if kind in ("input_text", "output_text", "text") and "text" in held:
        held["type"] = "text"
        held.pop("logprobs", None)
    elif kind.endswith("tool_result"):
        held["content"] = _result(block.get("content"))
        shown = block["content"] if isinstance(block.get("content"), list) else ()
        return [held, *(_media(one) for one in shown if isinstance(one, dict) and one.get("type") in _MEDIA)]
    elif kind.endswith("tool_use"):
        held["input"] = block.get("input") or {}
    return [held]


def _document(block: Body, source: Body) -> list[Body]:
    words = _blocks(source["content"] if source["type"] == "content" else source["data"])
    about = {key: value for key, value in block.items() if key not in ("type", "source")} | {"source": source["type"]}
    if len(words) > 1:
        about["parts"] = len(words)
    return [{**words[0], "document": about}, *words[1:]]


def _media(block: Body) -> Body:
    if "media" in block:
        return block
    kind = block["type"]
    flat = {key: value for key, value in block.items() if key != "type"}
    for key in ("source", kind):
        if isinstance(flat.get(key), dict):
            flat.update(flat.pop(key))
    address = next((flat.pop(key) for key in ("url", "image_url", "file_url") if flat.get(key)), "")
    mime = flat.pop("media_type", None) or (f"audio/{flat.pop('format')}" if kind == "input_audio" else None)
    data = flat.pop("data", None) or flat.pop("file_data", None) or (address if address.startswith("data:") else None)
    if flat.get("type") in ("base64", "url", "file"):
        del flat["type"]
    if data is None:
        address = address or flat.pop("file_id", None)
        return {**flat, "media": address}
    head, _, tail = data.rpartition(",")
    mime = head[5:].split(";")[0] or mime
    return {**flat, "media": mime, "size": len(tail) * 3 // 4 - tail[-2:].count("=")}


def _joined(messages: list[Body]) -> list[Body]:
    found: list[Body] = []
    for one in messages:
        if found and found[-1]["role"] == one["role"]:
            found[-1]["content"] += one["content"]
        else:
            found.append(one)
    return found


def _flat_items(given: Any, *, made: bool) -> list[Body]:
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    found: list[Body] = []
    for item in given:
        kind = item.get("type")
        if kind in (None, "message") and "role" in item:
            own = {
                key: value
                for key, value in item.items()
                if key not in ("type", "role", "content", "status") and value is not None
            }
            blocks = _blocks(item["content"])
            found += [{"role": item["role"], **(own if not n else {}), **one} for n, one in enumerate(blocks)]
        elif kind == "reasoning":
            words = (
                [one["text"] for one in (item.get("content") or item.get("summary") or ())]
                if not made
                else [item.get("text")]
            )
            text = "\n\n".join(filter(None, words)) or None
            found.append(
                {"type": kind, **_known(id=item.get("id"), text=text, encrypted_content=item.get("encrypted_content"))}
            )
        elif kind in ("function_call", "function_call_output"):
            held = {key: value for key, value in item.items() if value is not None and key != "status"}
            found.append(held)
            if "output" in held:
                held["output"] = _result(item["output"])
                shown = item["output"] if isinstance(item["output"], list) else ()
                found += [{"role": "tool", **_media(one)} for one in shown if not made and one.get("type") in _MEDIA]
        else:
            found.append({"type": "other", "values": sorted(set(_leaves(item["values"] if made else item)))})
    return found


def _leaves(value: Any) -> list[str]:
    """The words and numbers in a value, wherever they stand; JSON text is looked into."""
    if isinstance(value, dict):
        return [leaf for key, one in value.items() if key != "status" for leaf in _leaves(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in _leaves(one)]
    if isinstance(value, str) and value[:1] in ("{", "[", '"'):
        try:
            return _leaves(json.loads(value))
        except ValueError:
            return [value]
    return [] if value is None or isinstance(value, bool) else [str(value)]
