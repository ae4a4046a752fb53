"""Conversations as people have them in files and variables: which of their strings are words, and the same shape again.

What is recorded is read by `agentlog.messages` instead, call by call. Here the shape that was given must come back: a
list of messages stays a list of messages, whatever the API.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from agentlog.redaction.analysis import CONTENT, LABEL, SCHEMA

Change = Callable[[str, str, str], str]
"""From where a text stands (in words), the text and its kind (`analysis.CONTENT`, …) to what takes its place."""

_KEPT: Final = frozenset(
    (
        "role",
        "type",
        "id",
        "tool_call_id",
        "call_id",
        "tool_use_id",
        "index",
        "finish_reason",
        "stop_reason",
        "signature",
    )
)
"""Fields that hold no words of anybody, as long as their values are no structures."""
_WORDS: Final = frozenset(
    ("content", "text", "arguments", "result", "thinking", "reasoning_content", "refusal", "output")
)
_HOLDERS: Final = frozenset(("content", "parts", "tool_calls", "function", "function_call"))
"""Fields whose structure is the API's, and not the application's."""
_SPEAKERS: Final = ("user", "assistant", "system", "developer")
_SCHEMAS: Final = frozenset(("tools", "functions", "tool_definitions"))
_CONTENTS: Final = ("content", "parts", "tool_calls", "function_call")


def is_message(value: Any) -> bool:
    """Whether this is a message of a conversation: it has a role, and something is said or asked for."""
    return isinstance(value, dict) and isinstance(value.get("role"), str) and any(key in value for key in _CONTENTS)


def holds_messages(value: Any) -> bool:
    """Whether there is a message anywhere in it."""
    return id(value) in _holders(value)


def changed(value: Any, change: Change) -> Any:
    """`value` with every text in it changed; the texts are met in the order of the value.

    Args:
        value: a text; a list of messages; or anything of JSON, with or without messages in it.
        change: called for each text.
    """
    if isinstance(value, str):
        return change("", value, CONTENT)
    return _Walk(change, _holders(value)).value(value, "")


def _holders(value: Any) -> set[int]:
    """The ids of all messages in `value`, and of what holds them."""
    found: set[int] = set()

    def look(one: Any) -> bool:
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list | tuple) else ()
        if is_message(one) or any([look(each) for each in inner]):
            found.add(id(one))
            return True
        return False

    look(value)
    return found


class _Walk:
    def __init__(self, change: Change, holders: set[int]) -> None:
        self._change = change
        self._holders = holders
        self._messages = 0

    def value(self, value: Any, key: str) -> Any:
        """Something that may hold messages."""
        if id(value) not in self._holders:
            return self._json(value, key, key)
        if is_message(value):
            self._messages += 1
            return self._fields(value, f"message {self._messages}", value["role"])
        if isinstance(value, dict):
            return {name: self.value(one, name) for name, one in value.items()}
        return [self.value(one, key) for one in value]

    def _fields(self, value: dict[str, Any], where: str, what: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, one in value.items():
            if one is None or (key in _KEPT and isinstance(one, str | int | float)):
                made[key] = one
            elif key in _WORDS and isinstance(one, str):
                made[key] = self._text(f"{where}, {what}" if what else where, one, CONTENT)
            elif key in _HOLDERS and isinstance(one, dict | list):
                made[key] = self._held(one, where, "" if key in ("content", "parts") else "call", what)
            elif key == "name" and isinstance(one, str):
                # a person's or an agent's; elsewhere a tool's
                made[key] = self._text(f"{where}, name", one, LABEL) if value.get("role") in _SPEAKERS else one
            else:
                made[key] = self._json(one, key, f"{where}, {key}")
        return made

    def _held(self, value: Any, where: str, call: str, what: str) -> Any:
        if isinstance(value, list):
            return [self._held(one, where, call, what) for one in value]
        if isinstance(value, dict):
            name = value.get("name")
            return self._fields(value, where, f"call of {name}" if call and isinstance(name, str) else what)
        return self._text(f"{where}, {what}", value, CONTENT) if isinstance(value, str) else value

    def _json(self, value: Any, key: str, where: str) -> Any:
        """A value that is the application's own: its keys say what it holds."""
        if value is None or isinstance(value, bool):
            return value
        whole = {key: value} if key else value
        text = json.dumps(whole, ensure_ascii=False, default=str)
        made = self._text(where, text, SCHEMA if key in _SCHEMAS else CONTENT)
        if made == text:
            return value
        try:
            read = json.loads(made)
        except ValueError:
            return made  # a shape: the words could not be redacted
        return next(iter(read.values())) if key else read

    def _text(self, where: str, text: str, kind: str) -> str:
        return self._change(where, text, kind) if text else text
