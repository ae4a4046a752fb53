"""What the wire formats of all providers share: identifiers, token counts, texts, server-sent events."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

Body = dict[str, Any]
"""A JSON object, as it is sent or as it came."""

CREATED: Final = 1_767_225_600
"""The second at which every answer says it was made (2026-01-01 UTC): a clock would make answers differ."""

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


class Event(NamedTuple):
    """One server-sent event; `data` is JSON, or text that is sent as it is (`[DONE]`)."""

    name: str | None
    data: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer in its own wire format."""

    document: Body
    """The whole answer, as a request without `stream` gets it."""
    events: Iterator[Event]
    """The same answer as a stream; made only as far as it is read."""


def identifier(prefix: str, *parts: object) -> str:
    """`prefix` and 24 hex digits that depend on `parts` alone."""
    return prefix + hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def count_tokens(value: Any) -> int:
    """The words and signs in `value`: no provider's tokenizer, but it grows with the text and never changes.

    >>> count_tokens("Where is my parcel?")
    5
    >>> count_tokens(None)
    0
    """
    if value is None or value == "":
        return 0
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return len(_TOKEN.findall(text))


def text_of(content: Any) -> str:
    """The text in a message's content: a string, a list of parts, or nothing.

    >>> text_of([{"type": "text", "text": "Look:"}, {"type": "image_url", "image_url": {}}])
    'Look:'
    """
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        return text_of(content.get("text") or content.get("content"))
    if isinstance(content, list):
        return "\n".join(text for text in map(text_of, content) if text)
    return ""


def json_arguments(arguments: Any) -> str:
    """A tool call's arguments as the model would write them: JSON text (a string is taken as it is)."""
    return arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)


def pieces(text: str, characters: int) -> Iterator[str]:
    """`text` in pieces of so many characters; nothing for an empty text.

    >>> list(pieces("parcel", 4))
    ['parc', 'el']
    """
    for start in range(0, len(text), characters):
        yield text[start : start + characters]
