"""Whether everything that a message says is in a rendered text."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

_NULL: Final = re.compile(r"\b(?:null|None)\b")


def lost(message: Mapping[str, Any], text: str) -> str:
    """What of `message` is not in `text`, in words without any of its content; "" when all is there.

    Names count, and each value of each argument as often as it is said.

    >>> call = {"function": {"name": "book", "arguments": {"seats": 2}}}
    >>> lost({"role": "assistant", "content": "", "tool_calls": [call]}, "book(seats=2)")
    ''
    >>> lost({"role": "assistant", "content": "", "tool_calls": [call]}, "book(seats=27)")
    "argument 1 of tool call 1 ('book')"
    """
    content = (message.get("content") or "").strip()
    if content and not any(form in text for form in _forms(content)):
        role = message.get("role") or ""
        return "a tool's result" if role == "tool" else f"the words of the {role}'s message"
    wanted: Counter[str] = Counter()
    for number, call in enumerate(message.get("tool_calls") or (), 1):
        name = call["function"]["name"]
        where = f"tool call {number} ({name!r})"
        wanted[name] += 1
        if text.count(name) < wanted[name]:
            return f"the name of {where}"
        for place, (key, value) in enumerate(call["function"]["arguments"].items(), 1):
            if key not in text:
                return f"the name of argument {place} of {where}"
            for leaf in leaves(value):
                # the type belongs to the key: 1 and "1" and True are three values
                wanted[f"{type(leaf).__name__} {leaf}"] += 1
                if _count(leaf, text) < wanted[f"{type(leaf).__name__} {leaf}"]:
                    return f"argument {place} of {where}"
    return ""


def leaves(value: Any) -> Iterator[Any]:
    """The values in a JSON value that hold no others, and the keys of its objects."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def nulls(text: str) -> int:
    """How many words of a text say that there is no value."""
    return len(_NULL.findall(text))


def nulls_of(message: Mapping[str, Any]) -> int:
    """How many such words a message brings into the text: its null values, and what its own words say."""
    said = [message.get("content") or "", message.get("reasoning_content") or ""]
    for call in message.get("tool_calls") or ():
        said += [call["function"]["name"], json.dumps(call["function"]["arguments"], ensure_ascii=False)]
    return sum(map(nulls, said))


def _count(leaf: Any, text: str) -> int:
    if isinstance(leaf, str):
        return max(text.count(form) for form in _forms(leaf)) if leaf else 1  # an empty text leaves no trace
    if leaf is None:
        return len(_NULL.findall(text)) or 1  # a template may leave out what has no value
    forms = {json.dumps(leaf), str(leaf)}  # `true` in JSON, `True` in calls written as Python
    return max(len(re.findall(rf"(?<![\w.]){re.escape(form)}(?![\w]|\.\d)", text)) for form in forms)


def _forms(words: str) -> Iterator[str]:
    """How a template may write words: as they are, as JSON (non-ASCII as it is or escaped), as a Python literal."""
    yield words
    yield json.dumps(words, ensure_ascii=False)[1:-1]
    yield json.dumps(words)[1:-1]
    yield repr(words)[1:-1]
    yield words.strip()
