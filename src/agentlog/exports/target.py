"""What a format is: how a conversation becomes a line, and the rules that a line must keep.

The rules are checked on what was written, by other code than wrote it.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from agentlog.conversations import strict
from agentlog.conversations.conversation import Conversation
from agentlog.conversations.reasons import Refused
from agentlog.conversations.tool_definitions import TOOL_NAME


class Target(ABC):
    """A format of training files."""

    name: ClassVar[str]
    least: ClassVar[int]
    """The consumer takes no training file with fewer rows."""
    columns: ClassVar[Mapping[str, str]]
    """Column → its type in the card's `dataset_info`, one of "list: json", "dtype: string", "dtype: bool"."""
    compared: ClassVar[tuple[str, ...]]
    """Columns in which the loader must give back exactly what was written; elsewhere it may round a float."""
    message_keys: ClassVar[Mapping[str, frozenset[str]]]
    """Role → the keys that its messages may have."""
    about: ClassVar[str]
    """What the card says of the format."""

    @abstractmethod
    def example(self, conversation: Conversation) -> dict[str, Any]:
        """The example without ids: what `example_id` is the hash of."""

    @abstractmethod
    def line(self, example: dict[str, Any], example_id: str, call_id: str) -> dict[str, Any]:
        """What is written: the example, with its ids where the consumer ignores them."""

    @abstractmethod
    def problems(self, line: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with a line; nothing when it keeps the format's rules. No captured words are in it."""


def message_problems(messages: Any, keys: Mapping[str, frozenset[str]], *, strings: bool) -> Iterator[str]:
    """What is wrong with a whole conversation; `strings`: arguments are JSON text, not objects."""
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        yield "messages are no list of objects"
        return
    seen: set[str] = set()
    waiting: list[str] = []
    for number, message in enumerate(messages):
        role = message.get("role")
        where = f"message {number}"
        if role not in keys:
            yield f"{where} has a role that the format does not know"
            continue
        if not set(message) <= keys[role]:
            yield f"{where} has a key that the format does not know"
        if not isinstance(message.get("content", "" if message.get("tool_calls") else None), str):
            yield f"{where} has a content that is no text"
        if role == "tool":
            if not waiting or message.get("tool_call_id") != waiting.pop(0):
                yield f"{where} does not answer the next open tool call"
            continue
        if waiting:
            yield f"{where} comes before a tool call is answered"
            waiting = []
        calls = message.get("tool_calls", [])
        if "tool_calls" in message and not calls:
            yield f"{where} has an empty list of tool calls"
        for call in calls:
            yield from (f"{where}: {problem}" for problem in _call_problems(call, seen, strings=strings))
            waiting.append(call.get("id"))
    if waiting and messages[-1].get("role") != "assistant":
        yield "a tool call in the prompt is not answered"


def _call_problems(call: Any, seen: set[str], *, strings: bool) -> Iterator[str]:
    function = call.get("function")
    if set(call) != {"id", "type", "function"} or call["type"] != "function" or set(function) != {"name", "arguments"}:
        yield "a tool call is not {id, type, function: {name, arguments}}"
        return
    if not isinstance(call["id"], str) or not call["id"] or call["id"] in seen:
        yield "a tool call's id is missing or not unique"
    seen.add(call["id"])
    if not TOOL_NAME.fullmatch(function["name"]):
        yield "a tool call's name is not 1 to 64 of a-z A-Z 0-9 _ -"
    given = function["arguments"]
    if isinstance(given, str) is not strings:
        yield f"arguments are {'no JSON text' if strings else 'no object'}"
        return
    try:
        value = json.loads(strict.arguments(given if strings else strict.dumps(given)))
    except (Refused, ValueError):
        yield "arguments are no strict JSON object"
        return
    if not strings and value != given:
        yield "arguments are no strict JSON object"


def tool_problems(tools: Any) -> Iterator[str]:
    """What is wrong with the tools on offer."""
    if not isinstance(tools, list) or not tools:
        yield "tools is no list, or an empty one"
        return
    for number, tool in enumerate(tools):
        function = tool.get("function") if isinstance(tool, dict) else None
        if (
            not isinstance(function, dict)
            or tool.get("type") != "function"
            or not TOOL_NAME.fullmatch(function.get("name") or "")
            or not isinstance(function.get("parameters"), dict)
        ):
            yield f"tool {number} is no function with a name and parameters"


def tool_calls(conversation_asks: Sequence[Any], *, strings: bool) -> list[dict[str, Any]]:
    """The `tool_calls` of an assistant's message."""
    return [
        {
            "id": ask.id,
            "type": "function",
            "function": {"name": ask.name, "arguments": ask.arguments if strings else json.loads(ask.arguments)},
        }
        for ask in conversation_asks
    ]
