"""One call, seen by two layers (a framework and the SDK or the decorated function inside it), is one row.

The inner layer's view is the same call when its input equals the outer one's, or the provider gave both the same answer
id. The row has the outer layer's place (node, agent, ids, messages) and the inner layer's truth (parameters, usage,
finish reason). Otherwise they are two rows, parent and child.
"""

from __future__ import annotations

import itertools
import json
from typing import Any, Final

from agentlog.messages.parts import Message
from agentlog.records import Draft
from agentlog.semconv import EMBEDDINGS, EXECUTE_TOOL, MODEL_OPERATIONS, RETRIEVAL

SEEN_TWICE: Final = MODEL_OPERATIONS | {EMBEDDINGS, EXECUTE_TOOL, RETRIEVAL}
"""Operations that a framework and something inside it (an SDK, a decorated function) may both see."""

_TRUTH: Final = (
    "provider",
    "request_model",
    "response_model",
    "request",
    "usage",
    "finish_reasons",
    "tool_definitions",
)


def same_call(outer: Draft, inner: Draft) -> bool:
    """Whether `inner`, right inside `outer` and of the same kind, is the same call seen deeper down."""
    if outer.row["operation"] in (EXECUTE_TOOL, RETRIEVAL):
        return _same_tool(outer.row, inner.row)
    if outer.response_id and inner.response_id:
        return outer.response_id == inner.response_id
    mine, theirs = _turns(outer.row), _turns(inner.row)
    return bool(mine) and mine == theirs


def merge(outer: Draft, inner: Draft) -> None:
    """Let `outer` take over what `inner` knows better; `inner` is not stored."""
    for column in _TRUTH:
        value = inner.row.get(column)
        if value not in (None, [], ""):
            outer.row[column] = value
    for column in ("output_messages", "system_instructions", "time_to_first_chunk_s", "error_type"):
        if not outer.row.get(column):
            outer.row[column] = inner.row.get(column)
    if not outer.row.get("input_messages"):
        outer.row["input_messages"] = inner.row.get("input_messages")
    elif any(part["type"] == "text" for part in inner.row.get("system_instructions") or ()):
        # the SDK's split of system text and messages is the one that can be sent again
        outer.row["system_instructions"] = inner.row["system_instructions"]
        outer.row["input_messages"] = inner.row.get("input_messages")
    outer.message_ids += inner.message_ids
    outer.response_id = outer.response_id or inner.response_id
    outer.sequences += inner.sequences


def said(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What a call was told, as (role, words), comparable between the layers: ids and spellings of roles left out."""
    heard = [("system", "".join(part.get("text") or "" for part in row.get("system_instructions") or ()))]
    heard += [words(one) for one in row.get("input_messages") or ()]
    return [one for one in heard if one[1]]


def _turns(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What a call was told, turn by turn, without blanks: some layers put into one message what others put into several."""
    return [
        (role, "".join(piece for _, text in of_role for piece in text.split()))
        for role, of_role in itertools.groupby(said(row), key=lambda one: one[0])
    ]


def words(one: Message) -> tuple[str, str]:
    """A message as (role, words): its texts, the tools it calls, the results it brings."""
    return role_of(one), "\n".join(pieces(one)).strip()


def pieces(one: Message) -> list[str]:
    """The words of each part of a message."""
    found = []
    for part in one.get("parts") or ():
        if part["type"] == "tool_call":
            found.append(f"{part.get('name')}{_compact(part.get('arguments'))}")
        elif part["type"] == "tool_call_response":
            found.append(part.get("result") or "")
        elif part["type"] == "text":
            found.append(part.get("text") or "")
    return found


def role_of(one: Message) -> str:
    """Who says a message, in one spelling for all APIs."""
    role = one.get("role") or ""
    return {"developer": "system", "model": "assistant", "function": "tool"}.get(role, role)


def _same_tool(outer: dict[str, Any], inner: dict[str, Any]) -> bool:
    """A framework's tool and the decorated function that it calls: the same name and arguments."""
    names = [(row.get("name") or "").rpartition(".")[2] for row in (outer, inner)]
    if names[0] != names[1] or not outer.get("framework") or inner.get("framework") == outer.get("framework"):
        return False
    try:
        mine, theirs = (json.loads(row.get("tool_arguments") or "null") for row in (outer, inner))
    except ValueError:
        return False
    return mine is not None and mine == theirs


def _compact(arguments: str | None) -> str:
    return "".join((arguments or "").split())
