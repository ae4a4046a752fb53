"""Messages and their parts, as OpenTelemetry's GenAI conventions name them and as Parquet stores them.

A message is `{role, name?, finish_reason?, parts}`; a part is `{type, …}`, and which other keys it has depends on its type:

    text                {type, text, name?, mime_type?}      name: what kind of text, where it is no plain one (below)
    tool_call           {type, id?, name, arguments, signature?}   arguments: JSON text, as the model wrote it
    tool_call_response  {type, id?, name?, result}           result: JSON text, or the text itself
    reasoning           {type, id?, text?, signature?}       redacted reasoning has a signature and no text
    blob                {type, mime_type, bytes, data → sha} data (base64) lives in memory only; the redactor makes a keyed hash of it
    uri                 {type, mime_type?, uri}
    file                {type, mime_type?, id}

Two kinds of text are no plain words: a refusal (`name="refusal"`), and a block of a kind that has no part of its own (its JSON
as text, the API's word for it as `name`, `mime_type="application/json"`).

Roles are those of OpenAI's chat API in every dialect: `system`, `developer`, `user`, `assistant`, `tool` (and whatever else an
API was given). What a tool gave back is a message of its own with the role `tool`, also where an API sends it inside a user's turn.

They are plain dicts, because that is what Arrow and msgspec read and give back.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import Any, Final, TypedDict

__all__ = [
    "Message",
    "Part",
    "blob",
    "file",
    "json_text",
    "message",
    "reasoning",
    "text",
    "text_of",
    "tool_call",
    "tool_call_response",
    "uri",
]


_CUT: Final = re.compile(r"<… (\d+) characters left out …>|<bytes len=(\d+)>")
"""What the snapshot of a large payload leaves of a long text, and of bytes."""
_KIND: Final = re.compile(r"[\w.+/-]{1,100}", re.ASCII)


class Part(TypedDict, total=False):
    """One piece of a message; the module's docstring says which keys go with which type."""

    type: str
    text: str | None
    id: str | None
    name: str | None
    arguments: str | None
    result: str | None
    mime_type: str | None
    uri: str | None
    bytes: int | None
    sha: str | None
    signature: str | None
    data: str  # base64, before redaction only
    extra: dict[str, Any]  # inside `messages.read` only: it moves what an API says beyond this into `request`


class Message(TypedDict, total=False):
    """One message of a conversation; `finish_reason` is known for output messages only."""

    role: str
    name: str | None
    finish_reason: str | None
    parts: list[Part]
    extra: dict[str, Any]  # as in `Part`


def json_text(value: Any) -> str:
    """`value` as JSON text; a string is taken as it is, because it is JSON text or plain text already.

    >>> json_text({"city": "Zürich"})
    '{"city": "Zürich"}'
    >>> json_text('{"a": 1}')
    '{"a": 1}'
    """
    return value if isinstance(value, str) else dumps(value)


def dumps(value: Any) -> str:
    """`value` as JSON text, whatever it holds: a string becomes a JSON string, bytes base64, an unknown object its `str`.

    >>> dumps("a")
    '"a"'
    >>> dumps({1: b"ab", (2, 3): None})
    '{"1": "YWI=", "(2, 3)": null}'
    """
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain)
    except TypeError:  # a key that is neither text nor number
        return json.dumps(_text_keys(value), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(value).decode()
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return str(value)


def _text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): _text_keys(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_text_keys(one) for one in value]
    return value


def message(role: str, *parts: Part, name: str | None = None, finish_reason: str | None = None) -> Message:
    """A message of `role` that holds `parts`."""
    made: Message = {"role": role, "parts": list(parts)}
    if name is not None:
        made["name"] = name
    if finish_reason is not None:
        made["finish_reason"] = finish_reason
    return made


def text(value: str) -> Part:
    """A piece of text."""
    return {"type": "text", "text": value}


def refusal(value: str) -> Part:
    """The words in which a model declines to answer."""
    return {"type": "text", "text": value, "name": "refusal"}


def json_block(value: Any, kind: Any) -> Part:
    """A block of a kind that has no part of its own: its JSON, and the API's word for it."""
    return {"type": "text", "text": dumps(value), "name": _kind(kind), "mime_type": "application/json"}


def tool_call(name: str, arguments: Any, id: str | None = None) -> Part:
    """A model asks for a tool; `arguments` is JSON text or a value that becomes it. Nothing at all means `{}`."""
    if arguments is None or arguments == "":
        arguments = {}
    return {"type": "tool_call", "id": id, "name": name, "arguments": json_text(arguments)}


def tool_call_response(result: Any, id: str | None = None, name: str | None = None) -> Part:
    """What a tool gave back; `result` is text, JSON text or a value that becomes it."""
    return {"type": "tool_call_response", "id": id, "name": name, "result": json_text(result)}


def reasoning(value: str | None, signature: str | None = None) -> Part:
    """A model's reasoning; redacted reasoning has a signature and no text."""
    return {"type": "reasoning", "text": value, "signature": signature}


def blob(mime_type: str | None, data: str) -> Part:
    """An image, a sound or a document given as base64. Only its kind, size (bytes) and keyed hash are ever stored.

    Of one that was cut, or left out, on its way here the size is known and the hash is not.
    """
    made: Part = {"type": "blob", "mime_type": _kind(mime_type)}
    length = len(data)
    cut = _CUT.search(data) if "<" in data else None
    if cut is None:
        made["data"] = data
    elif cut[2]:
        return {**made, "bytes": int(cut[2])}
    else:
        length += int(cut[1]) - len(cut[0])
    made["bytes"] = length * 3 // 4 - data[-2:].count("=")
    return made


def uri(value: str, mime_type: str | None = None) -> Part:
    """An image, a sound or a document given by its address."""
    return {"type": "uri", "uri": value, "mime_type": _kind(mime_type)}


def file(id: str, mime_type: str | None = None) -> Part:
    """A file that the provider already holds, by the provider's id."""
    return {"type": "file", "id": id, "mime_type": _kind(mime_type)}


def _kind(value: Any) -> str | None:
    """A block's or a file's kind, which is stored as it is, without redaction: a word, or nothing."""
    return value if isinstance(value, str) and _KIND.fullmatch(value) else None


def text_of(one: Message) -> str:
    """The text parts of a message, joined."""
    return "".join(part.get("text") or "" for part in one.get("parts") or () if part["type"] == "text")
