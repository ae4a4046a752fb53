"""One block of content, of any API, as parts.

OpenAI (chat and Responses), Anthropic, MCP, LangChain and LlamaIndex all make content of typed blocks, and frameworks hand
blocks of one API through to another. So there is one table from a block's type to its reader, for all of them. What it does not
know becomes its JSON (`parts.json_block`), never nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from agentlog.messages import parts
from agentlog.messages.media import MEDIA, read_media
from agentlog.messages.parts import Part
from agentlog.messages.shapes import Block, first_text, kind_of, with_extra


def read_content(content: Any) -> list[Part]:
    """The parts of a message's content: text, one block, or a list of both. Nothing and empty text are no parts.

    >>> read_content(["Look: ", {"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}])
    [{'type': 'text', 'text': 'Look: '}, {'type': 'uri', 'uri': 'https://a.example/b.png', 'mime_type': None}]
    """
    if content is None or content == "":
        return []
    if isinstance(content, str):
        return [parts.text(content)]
    if isinstance(content, dict):
        return read_block(content)
    if not isinstance(content, list | tuple):
        return [parts.text(parts.json_text(content))]
    found: list[Part] = []
    for one in content:
        if isinstance(one, dict) and kind_of(one) in ("cache", "cachePoint") and found:
            # a mark behind a block, not a block: it belongs to what stands before it
            found[-1].setdefault("extra", {})["cache_control"] = (
                one.get("cache_control") or one.get("cachePoint") or True
            )
        else:
            found.extend(read_content(one))
    return found


def read_block(block: Block) -> list[Part]:
    """The parts of one block; most blocks are one part."""
    kind = kind_of(block)
    reader = _READERS.get(kind)
    if reader is None:
        if kind.endswith("_tool_result"):
            reader = _server_result
        elif kind.endswith(("_call_output", "_approval_response")):
            reader = _call_output
        elif kind.endswith("_call"):
            reader = _server_call
        elif not kind and isinstance(block.get("text"), str):
            reader = _text
        else:
            return [parts.json_block(block, kind)]
    return reader(block)


def read_result(content: Any) -> tuple[str, list[Part]]:
    """What a tool gave back, as the text of its result, and the pictures and files in it as parts that follow.

    >>> read_result([{"type": "text", "text": "sunny"}])
    ('sunny', [])
    """
    if content is None:
        return "", []
    if not isinstance(content, list | tuple):
        return parts.json_text(content), []
    if len(content) == 1 and isinstance(content[0], dict) and set(content[0]) - {"cache_control"} == {"type", "text"}:
        return parts.json_text(content[0]["text"]), []
    shown: list[Any] = []
    media: list[Part] = []
    for one in content:
        found = read_block(one) if isinstance(one, dict) and kind_of(one) in MEDIA else []
        if found and all(part["type"] in ("blob", "uri", "file") for part in found):
            media.extend(found)
            # the place of the picture among the words; its bytes are in the part that follows
            shown.extend(
                {key: part.get(key) for key in ("type", "mime_type", "uri", "id") if part.get(key)} for part in found
            )
        else:
            shown.append(one)
    return parts.dumps(shown), media


def joined(value: Any) -> str | None:
    r"""Text from a string or from a list of `{text}` blocks, paragraphs kept apart; None where there is none.

    >>> joined([{"type": "summary_text", "text": "First."}, {"type": "summary_text", "text": "Then."}])
    'First.\n\nThen.'
    """
    if isinstance(value, str):
        return value or None
    if not isinstance(value, list | tuple):
        return None
    found = [one if isinstance(one, str) else one.get("text") for one in value if isinstance(one, str | dict)]
    return "\n\n".join(one for one in found if isinstance(one, str) and one) or None


def _text(block: Block) -> list[Part]:
    value = block.get("text", block.get("content"))
    if isinstance(value, dict):  # the Assistants API: {"value": …, "annotations": […]}
        value = value.get("value", value)
    if value is None or value == "":
        return []
    return [with_extra(parts.text(parts.json_text(value)), block, "text", "content")]


def _refusal(block: Block) -> list[Part]:
    return [parts.refusal(parts.json_text(block.get("refusal") or block.get("text") or ""))]


def _media(block: Block) -> list[Part]:
    source = block.get("source")
    if isinstance(source, dict) and source.get("type") == "content":
        return _document(read_content(source.get("content")), block)
    if isinstance(source, dict) and source.get("type") == "text" and isinstance(source.get("data"), str):
        return _document([parts.text(source["data"])], block)
    return read_media(block)


def _document(found: list[Part], block: Block) -> list[Part]:
    """Anthropic: a document given as text, or as blocks. What it says of itself stands beside its first part."""
    if found:
        about = with_extra(parts.text(""), block, "source").get("extra", {})
        about["source"] = block["source"]["type"]
        if len(found) > 1:
            about["parts"] = len(found)
        found[0].setdefault("extra", {})["document"] = about
    return found


def _thinking(block: Block) -> list[Part]:
    value = joined(block.get("thinking")) or joined(
        block.get("content")
    )  # Mistral: a list of texts; LlamaIndex: content
    about = block.get("additional_information")
    signature = block.get("signature") or (about.get("signature") if isinstance(about, dict) else None)
    return [parts.reasoning(value, signature if isinstance(signature, str) else None)]


def _redacted(block: Block) -> list[Part]:
    data = block.get("data")
    return [parts.reasoning(None, data if isinstance(data, str) else None)]


def _reasoning(block: Block) -> list[Part]:
    """OpenAI's items (content, summary, encrypted_content), LangChain's blocks, Bedrock's `reasoning_content`."""
    held = block.get("reasoning_content")
    held = {**block, **held} if isinstance(held, dict) else block
    extras = held.get("extras") if isinstance(held.get("extras"), dict) else {}
    keys = ("content", "reasoning", "reasoning_content", "text", "summary")
    value = next(filter(None, (joined(held.get(key)) for key in keys)), None)
    signature = next(
        (
            one
            for one in (
                held.get("encrypted_content"),
                held.get("signature"),
                held.get("data"),
                (extras or {}).get("signature"),
            )
            if isinstance(one, str)
        ),
        None,
    )
    part = parts.reasoning(value, signature)
    if isinstance(held.get("id"), str):
        part["id"] = held["id"]
    return [part]


def _compaction(block: Block) -> list[Part]:
    # the provider's own, sealed notes on a conversation: like reasoning it is sent back, and is no visible text
    part = parts.reasoning(joined(block.get("content")), first_text(block, ("encrypted_content", "signature")))
    if isinstance(block.get("id"), str):
        part["id"] = block["id"]
    part["extra"] = {"type": "compaction"}
    return [part]


def _tool_use(block: Block) -> list[Part]:
    given = block.get("input")
    if not given and isinstance(block.get("partial_json"), str):
        given = block["partial_json"]
    part = parts.tool_call(str(block.get("name") or ""), given, _id(block.get("id")))
    with_extra(part, block, "id", "name", "input", "partial_json")
    if kind_of(block) != "tool_use":
        part.setdefault("extra", {})["type"] = kind_of(block)
    return [part]


def _tool_result(block: Block) -> list[Part]:
    result, media = read_result(block.get("content"))
    part = parts.tool_call_response(result, _id(block.get("tool_use_id")), _id(block.get("name")))
    return [_told(with_extra(part, block, "tool_use_id", "content", "name"), block), *media]


def _server_result(block: Block) -> list[Part]:
    """What a tool gave back that ran at the provider, like `web_search_tool_result`."""
    kind = kind_of(block)
    result, media = read_result(block.get("content"))
    part = parts.tool_call_response(result, _id(block.get("tool_use_id")), kind.removesuffix("_tool_result"))
    _told(with_extra(part, block, "tool_use_id", "content"), block)
    part.setdefault("extra", {})["type"] = kind
    return [part, *media]


def _told(part: Part, block: Block) -> Part:
    """A tool's result says that it is no error, too: what was sent can be sent again as it was."""
    if block.get("is_error") is False:
        part.setdefault("extra", {})["is_error"] = False
    return part


def _tool_call(block: Block) -> list[Part]:
    """LangChain's and LlamaIndex's own tool calls, and OpenTelemetry's parts."""
    name = block.get("name") or block.get("tool_name") or ""
    given = next((block[key] for key in ("args", "arguments", "tool_kwargs") if block.get(key) is not None), None)
    part = parts.tool_call(str(name), given, _id(block.get("id") or block.get("tool_call_id")))
    if kind_of(block).startswith(("server", "invalid")):
        part["extra"] = {"type": kind_of(block)}
    extras = block.get("extras")
    if isinstance(extras, dict) and isinstance(extras.get("signature"), str):
        part["signature"] = extras["signature"]
    return [part]


def _tool_response(block: Block) -> list[Part]:
    given = next(
        (block[key] for key in ("output", "result", "response", "content") if block.get(key) is not None), None
    )
    result, media = read_result(given)
    part = parts.tool_call_response(result, _id(block.get("tool_call_id") or block.get("id")), _id(block.get("name")))
    return [
        with_extra(part, block, "tool_call_id", "id", "name", "output", "result", "response", "content", "extras"),
        *media,
    ]


def _function_call(block: Block) -> list[Part]:
    part = parts.tool_call(
        str(block.get("name") or ""), block.get("arguments"), _id(block.get("call_id") or block.get("id"))
    )
    return [with_extra(part, block, "name", "arguments", "call_id", "status")]


def _custom_call(block: Block) -> list[Part]:
    # free-form: what the model wrote is one JSON string
    part = parts.tool_call(
        str(block.get("name") or ""), parts.dumps(str(block.get("input") or "")), _id(block.get("call_id"))
    )
    with_extra(part, block, "name", "input", "call_id", "status")
    part.setdefault("extra", {})["type"] = "custom_tool_call"
    return [part]


def _call_output(block: Block) -> list[Part]:
    """Responses: `function_call_output`, `shell_call_output`, `mcp_approval_response` and their like."""
    kind = kind_of(block)
    id = _id(block.get("call_id") or block.get("approval_request_id") or block.get("id"))
    if "output" in block:
        output = block["output"]
        if isinstance(output, dict) and kind_of(output) in MEDIA:  # a computer's screenshot
            output = [output]
        result, media = read_result(output)
    else:
        result, media = (
            parts.dumps(
                {key: value for key, value in block.items() if key not in ("type", "id", "approval_request_id")}
            ),
            [],
        )
    part = parts.tool_call_response(result, id)
    if "output" in block:
        with_extra(part, block, "call_id", "output", "status")
    if kind != "function_call_output":
        part.setdefault("extra", {})["type"] = kind
    return [part, *media]


_GIVEN: Final = ("action", "actions", "operation", "arguments", "queries", "code", "input")


def _server_call(block: Block) -> list[Part]:
    """Responses: a tool that ran at the provider (`web_search_call`, `mcp_call`, …) or on a computer (`shell_call`, …).

    What it was asked and what came back stand in one item there; here they are a call and its answer.
    """
    kind = kind_of(block)
    id = _id(block.get("call_id") or block.get("id"))
    name = block.get("name")
    given = {key: block[key] for key in _GIVEN if block.get(key) is not None}
    arguments = next(
        (given[key] for key in ("arguments", "action", "operation") if len(given) == 1 and key in given), given
    )
    call = parts.tool_call(name if isinstance(name, str) else kind.removesuffix("_call"), arguments, id)
    rest = {
        key: value
        for key, value in block.items()
        if key not in (*_GIVEN, "name", "call_id", "output", "outputs", "results", "result", "tools")
    }
    with_extra(call, rest)
    call.setdefault("extra", {})["type"] = kind
    found: list[Part] = [call]
    picture = block.get("result")
    if isinstance(picture, str) and picture:
        found.append(parts.blob(f"image/{block.get('output_format') or 'png'}", picture))
    for key in ("output", "outputs", "results", "tools", "error"):
        if block.get(key):
            result, media = read_result(block[key])
            found += [parts.tool_call_response(result, id, call["name"]), *media]
    return found


def _listed_tools(block: Block) -> list[Part]:
    """`mcp_list_tools`: what a server says it can do, told to the model."""
    part = parts.tool_call_response(
        block.get("tools") or [], _id(block.get("call_id") or block.get("id")), kind_of(block)
    )
    return [with_extra(part, block, "tools", "call_id", "id", "name", "status")]


def _non_standard(block: Block) -> list[Part]:
    value = block.get("value")
    return read_block(value) if isinstance(value, dict) else [parts.json_block(block, "non_standard")]


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


_READERS: Final[dict[str, Callable[[Block], list[Part]]]] = {
    **dict.fromkeys(("text", "input_text", "output_text", "summary_text", "reasoning_text", "text-plain"), _text),
    **dict.fromkeys(MEDIA, _media),
    "refusal": _refusal,
    "thinking": _thinking,
    "redacted_thinking": _redacted,
    **dict.fromkeys(
        ("reasoning", "reasoning_content", "reasoning.text", "reasoning.summary", "reasoning.encrypted"), _reasoning
    ),
    "compaction": _compaction,
    **dict.fromkeys(("tool_use", "server_tool_use", "mcp_tool_use"), _tool_use),
    "tool_result": _tool_result,
    **dict.fromkeys(
        ("tool_call", "tool_call_chunk", "invalid_tool_call", "server_tool_call", "server_tool_call_chunk"), _tool_call
    ),
    **dict.fromkeys(("server_tool_result", "tool_call_response"), _tool_response),
    "function_call": _function_call,
    "custom_tool_call": _custom_call,
    "mcp_approval_request": _server_call,
    "mcp_list_tools": _listed_tools,
    "tool_search_output": _listed_tools,
    "non_standard": _non_standard,
}
