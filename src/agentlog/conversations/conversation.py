"""One logged call as a conversation that every target is a projection of: what was asked, what was answered, which tools.

    row of the dataset ── read ──→ Conversation(prompt, answer, tools) ── target ──→ line of a file
                         Refused: the row has no faithful form; nothing is dropped from a row to make it fit

Several choices were several answers to one prompt; the first one is the row's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Final

from agentlog.conversations import strict, tool_definitions
from agentlog.conversations.pairing import pair, rename
from agentlog.conversations.reasons import Refused
from agentlog.conversations.turns import Ask, Turn

_ROLES: Final = {
    # templates drop `developer`, and other trainers that read OpenAI's format do not know it
    "developer": "system",
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
}
_MEDIA: Final = {"blob": "image_not_stored", "uri": "image_by_address", "file": "image_by_address"}


@dataclass(frozen=True, slots=True)
class Conversation:
    """A call that can become a row: every tool call in the prompt has its result, ids are unique, arguments are objects."""

    prompt: list[Turn]
    """At most one system turn at the beginning; the last turn is the user's or a tool's."""
    answer: Turn
    tools: list[dict[str, Any]] = field(default_factory=list)
    """OpenAI function tools; empty: none were on offer."""
    parallel: bool | None = None
    """The request's `parallel_tool_calls`; None: it said nothing."""

    def with_text(self, change: Callable[[str], str]) -> Conversation:
        """The same with every captured text changed: contents, names, reasoning, arguments and tool definitions."""
        return replace(
            self,
            prompt=[turn.with_text(change) for turn in self.prompt],
            answer=self.answer.with_text(change),
            tools=_changed(self.tools, change),
        )

    def prompt_key(self) -> bytes:
        """16 bytes, the same for the same visible prompt and tools, whatever the ids of tool calls and hidden reasoning."""
        said = [
            [turn.role, turn.name, turn.content] + [[ask.name, json.loads(ask.arguments)] for ask in turn.asks]
            for turn in self.prompt
        ]
        return blake2b(strict.canonical([said, self.tools]), digest_size=16).digest()


def read(row: Mapping[str, Any]) -> Conversation:
    """The conversation of one row of `calls` (a dict as Arrow gives it).

    Raises:
        Refused: the row cannot become an example; `reason` is one of `reasons.REASONS`.
    """
    if (row.get("redaction") or {}).get("failed"):
        raise Refused("redaction_failed")
    tools = tool_definitions.read(row.get("tool_definitions"))
    request = _request(row.get("request"))
    prompt = pair(_prompt(row, request))
    if not prompt:
        raise Refused("prompt_empty")
    if prompt[-1].role not in ("user", "tool"):
        raise Refused(f"prompt_ends_with_{prompt[-1].role}")
    parallel = request.get("parallel_tool_calls")
    return Conversation(prompt, _answer(row, request, prompt), tools, parallel if isinstance(parallel, bool) else None)


def _prompt(row: Mapping[str, Any], request: Mapping[str, Any]) -> list[Turn]:
    turns: list[Turn] = []
    instructions = row.get("system_instructions") or []
    if instructions:
        turns.append(_turn("system", instructions))
    for number, message in enumerate(row.get("input_messages") or []):
        role = _ROLES.get(message.get("role") or "")
        if role is None:
            raise Refused("role_unknown")
        parts = message.get("parts") or []
        results = [part for part in parts if part["type"] == "tool_call_response"]
        if results and role == "assistant":
            raise Refused("server_side_tool")
        turns += [
            Turn("tool", part.get("result") or "", part.get("name"), answers=part.get("id") or "") for part in results
        ]
        rest = [part for part in parts if part["type"] != "tool_call_response"] if results else parts
        if not results or rest:
            turn = _turn(role, rest, message.get("name"))
            if results and role == "tool":
                raise Refused("tool_message_mixed")
            turn.weight = _weight(request, f"input_messages[{number}]")
            turns.append(turn)
    leading = next((place for place, turn in enumerate(turns) if turn.role != "system"), len(turns))
    if leading > 1:  # templates read one system message and raise at, or drop, a second
        first = Turn("system", "\n\n".join(turn.content for turn in turns[:leading] if turn.content))
        turns[:leading] = [first]
    return turns


def _answer(row: Mapping[str, Any], request: Mapping[str, Any], prompt: Sequence[Turn]) -> Turn:
    messages = row.get("output_messages") or []
    if not messages:
        raise Refused("no_answer")
    parts = messages[0].get("parts") or []
    if any(part["type"] == "tool_call_response" for part in parts):
        raise Refused("server_side_tool")
    if _ROLES.get(messages[0].get("role") or "assistant") != "assistant":
        raise Refused("role_unknown")
    turn = _turn("assistant", parts)
    if not turn.content.strip() and not turn.asks:
        raise Refused("no_answer")
    turn.weight = _weight(request, "output_messages[0]")
    if turn.weight == 0:
        raise Refused("last_turn_weight_0")
    rename([*prompt, turn])
    return turn


def _turn(role: str, parts: Sequence[Mapping[str, Any]], name: str | None = None) -> Turn:
    turn = Turn(role, name=name or None)
    texts, thoughts = [], []
    for part in parts:
        kind = part["type"]
        if kind in _MEDIA:
            raise Refused(_MEDIA[kind])
        if kind == "text" and part.get("mime_type") != "application/json":
            texts.append(part.get("text") or "")
        elif kind == "reasoning":
            thoughts.append(part.get("text") or "")
        elif kind == "tool_call":
            if role != "assistant":
                raise Refused("tool_call_misplaced")
            if not tool_definitions.TOOL_NAME.fullmatch(part.get("name") or ""):
                raise Refused("tool_name_invalid")
            turn.asks.append(Ask(part.get("id") or "", part["name"], strict.arguments(part.get("arguments"))))
        else:  # a block of a kind that has no part of its own is stored as its JSON
            raise Refused("part_unknown")
    turn.content = "".join(texts)
    turn.reasoning = "\n\n".join(filter(None, thoughts))
    return turn


def _request(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _weight(request: Mapping[str, Any], place: str) -> int | None:
    """What a log that was a training file already says of a message: `weight` stands in the request's extras."""
    extras = request.get("extras")
    beside = extras.get(place) if isinstance(extras, dict) else None
    weight = beside.get("weight") if isinstance(beside, dict) else None
    if weight is None:
        return None
    if weight not in (0, 1):
        raise Refused("weight_not_0_or_1")
    return int(weight)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_changed(item, change) for item in value]
    if isinstance(value, dict):
        return {change(key): _changed(item, change) for key, item in value.items()}
    return value
