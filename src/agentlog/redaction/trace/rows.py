"""Which columns of a record carry words, of what kind, and how a row is rebuilt from their redacted forms.

A column that is not named here is left out: what nobody looked at is not stored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from agentlog.redaction.analysis import CONTENT, LABEL, SCHEMA
from agentlog.redaction.entities import failed_shape
from agentlog.redaction.limits import Unredactable
from agentlog.redaction.policies.pseudonyms import Pseudonyms

PASSED: Final = (
    "call_id", "trace_id", "parent_id", "span_id", "time", "duration_s", "time_to_first_chunk_s", "operation", "framework",
    "provider", "request_model", "response_model", "cached", "usage", "cost_usd", "price_version", "finish_reasons",
    "error_type", "surface", "surface_reason",
)  # fmt: skip
"""Columns of `calls` that hold no words of anybody: ids of ours, times, counts, names of models and exceptions."""

ORIGIN: Final = {"session": "session", "user": "user"}
"""Columns that become pseudonyms → the pseudonym's kind."""

LABELS: Final = ("name", "agent", "node", "call_site", "service")
TEXTS: Final = {
    "request": CONTENT,
    "attributes": CONTENT,
    "tool_definitions": SCHEMA,
    "tool_arguments": CONTENT,
    "tool_result": CONTENT,
}
"""Columns of JSON text → what they are looked through for."""

SIDES: Final = {
    "input": ("system_instructions", "input_messages", "tool_arguments"),
    "output": ("output_messages", "tool_result"),
}
"""What `Draft.withheld` speaks of → its columns."""

FEEDBACK_PASSED: Final = ("feedback_id", "time", "name", "score", "call_id", "trace_id")
FEEDBACK_TEXTS: Final = ("label", "explanation")

_FIELDS: Final = {
    "text": ("text",),
    "tool_call": ("arguments",),
    "tool_call_response": ("result",),
    "reasoning": ("text",),
    "uri": ("uri",),
    "file": (),
    "blob": (),
}
"""Type of a part → its fields that carry words."""
_BESIDE: Final = frozenset(("type", "id", "name", "mime_type", "bytes", "sha", "signature"))
"""Fields of a part that are kept as they are; `name` is a tool's."""

_ROLES: Final = frozenset(("system", "developer", "user", "assistant", "tool", "function"))

Change = Callable[[str, str], str]
"""From a text and its kind (`analysis.CONTENT`, …) to the text that is stored."""


def texts(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a row that `rewrite` would change, with its kind; whatever is no text is passed over."""
    for column in LABELS:
        if isinstance(row.get(column), str):
            yield row[column], LABEL
    for column, kind in TEXTS.items():
        if isinstance(row.get(column), str):
            yield row[column], kind
    for tag in row.get("tags") or ():
        if isinstance(tag, str):
            yield tag, LABEL
    parts = list(row.get("system_instructions") or ())
    for column in ("input_messages", "output_messages"):
        for message in row.get(column) or ():
            if isinstance(message.get("name"), str):
                yield message["name"], LABEL
            parts += message.get("parts") or ()
    for part in parts:
        for field in _FIELDS.get(part["type"], ()):
            value = part.get(field)
            if isinstance(value, str) and not (field == "uri" and value[:5].lower() == "data:"):
                yield value, CONTENT


def rewrite(row: Mapping[str, Any], change: Change, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """The row with every text passed through `change`, origin made pseudonymous, files made hashes.

    Raises:
        Unredactable: a part or a column is of no known kind.
    """
    made = {column: row[column] for column in PASSED if column in row}
    for column, kind in ORIGIN.items():
        if row.get(column) is not None:
            made[column] = pseudonyms.of(str(row[column]), kind)
    for column in LABELS:
        made[column] = _text(row.get(column), LABEL, change)
    for column, kind in TEXTS.items():
        made[column] = _text(row.get(column), kind, change)
    tags = row.get("tags")
    made["tags"] = None if tags is None else [_text(tag, LABEL, change) for tag in tags]
    system = row.get("system_instructions")
    made["system_instructions"] = None if system is None else [_part(part, change, pseudonyms) for part in system]
    for column in ("input_messages", "output_messages"):
        messages = row.get(column)
        made[column] = None if messages is None else [_message(one, change, pseudonyms) for one in messages]
    return made


def rewrite_again(row: Mapping[str, Any], change: Change, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """A stored row with every text passed through `change` once more; its origin is pseudonymous already.

    Raises:
        Unredactable: a part or a column is of no known kind.
    """
    origin = {column: row.get(column) for column in ORIGIN}
    if "feedback_id" in row:
        return rewrite_feedback({**row, "session": None}, change, pseudonyms) | {"session": row.get("session")}
    return rewrite({**row, **dict.fromkeys(ORIGIN)}, change, pseudonyms) | origin


def rewrite_feedback(row: Mapping[str, Any], change: Change, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """The same for a row of `feedback`."""
    made = {column: row[column] for column in FEEDBACK_PASSED if column in row}
    for column in FEEDBACK_TEXTS:
        made[column] = _text(row.get(column), CONTENT, change)
    session = row.get("session")
    made["session"] = None if session is None else pseudonyms.of(str(session), ORIGIN["session"])
    return made


def _text(value: Any, kind: str, change: Change) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unredactable("not a text")
    return change(value, kind) if value else value


def _message(message: Mapping[str, Any], change: Change, pseudonyms: Pseudonyms) -> dict[str, Any]:
    role = message.get("role")
    made: dict[str, Any] = {
        "role": role if role in _ROLES else _text(role, LABEL, change),
        "parts": [_part(part, change, pseudonyms) for part in message.get("parts") or ()],
    }
    name = message.get("name")
    if name is not None:
        made["name"] = _text(name, LABEL, change)
    if message.get("finish_reason") is not None:
        made["finish_reason"] = message["finish_reason"]
    return made


def _part(part: Mapping[str, Any], change: Change, pseudonyms: Pseudonyms) -> dict[str, Any]:
    fields = _FIELDS.get(part["type"])
    if fields is None:
        raise Unredactable("a part of no known type")
    made = {field: value for field, value in part.items() if field in _BESIDE}
    if part["type"] == "blob":
        return _blob(made, part.get("data"), pseudonyms)
    for field in fields:
        if field in part:
            value = part[field]
            if field == "uri" and isinstance(value, str) and value[:5].lower() == "data:":
                head, _, data = value.partition(",")
                return _blob(
                    {"type": "blob", "mime_type": part.get("mime_type") or head[5:].split(";")[0] or None},
                    data,
                    pseudonyms,
                )
            made[field] = _text(value, CONTENT, change)
    return made


def _blob(made: dict[str, Any], data: str | None, pseudonyms: Pseudonyms) -> dict[str, Any]:
    if data is not None:
        made["sha"], size = pseudonyms.of_file(data)
        if made.get("bytes") is None:
            made["bytes"] = size
    return made


# ── when redaction failed ─────────────────────────────────────────────────────────────────────────────────────────


def shapes(row: Mapping[str, Any], change: Change, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """The row with nothing of its content but types and lengths. Never raises, whatever the row holds.

    Labels (names of functions, nodes, services) still go through `change`; one that fails becomes a shape too.
    """
    made = {column: row[column] for column in PASSED if column in row}
    for column, kind in ORIGIN.items():
        if row.get(column) is not None:
            made[column] = pseudonyms.of(str(row[column]), kind)
    for column in LABELS:
        made[column] = _label_or_shape(row.get(column), change)
    for column in TEXTS:
        value = row.get(column)
        made[column] = None if value is None else json.dumps(failed_shape(value))
    made["tags"] = None if row.get("tags") is None else [failed_shape(tag) for tag in _items(row["tags"])]
    system = row.get("system_instructions")
    made["system_instructions"] = None if system is None else [_shape_of_part(part) for part in _items(system)]
    for column in ("input_messages", "output_messages"):
        messages = row.get(column)
        made[column] = None if messages is None else [_shape_of_message(one) for one in _items(messages)]
    return made


def emptied(row: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """A stored row of `calls` or `feedback` without any of its words, but for labels that still go through `change`."""
    if "feedback_id" in row:
        kept = {column: row[column] for column in (*FEEDBACK_PASSED, "session") if column in row}
        return kept | dict.fromkeys(FEEDBACK_TEXTS)
    made = {column: row[column] for column in (*PASSED, *ORIGIN) if column in row}
    for column in LABELS:
        made[column] = _label_or_shape(row.get(column), change)
    return made | dict.fromkeys((*TEXTS, "tags", "system_instructions", "input_messages", "output_messages"))


def shapes_of_feedback(row: Mapping[str, Any], pseudonyms: Pseudonyms) -> dict[str, Any]:
    """The same for a row of `feedback`."""
    made = {column: row[column] for column in FEEDBACK_PASSED if column in row}
    for column in FEEDBACK_TEXTS:
        value = row.get(column)
        made[column] = None if value is None else failed_shape(value)
    session = row.get("session")
    made["session"] = None if session is None else pseudonyms.of(str(session), ORIGIN["session"])
    return made


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _label_or_shape(value: Any, change: Change) -> str | None:
    try:
        return _text(value, LABEL, change)
    except Exception:  # noqa: BLE001 - whatever it was, the words stay out
        return failed_shape(value)


def _shape_of_message(message: Any) -> dict[str, Any]:
    if not isinstance(message, Mapping):
        return {"role": None, "parts": [{"type": "text", "text": failed_shape(message)}]}
    role = message.get("role")
    known = role if isinstance(role, str) and role in _ROLES else None
    return {"role": known, "parts": [_shape_of_part(part) for part in _items(message.get("parts") or ())]}


def _shape_of_part(part: Any) -> dict[str, Any]:
    type_ = part.get("type") if isinstance(part, Mapping) else None
    if not isinstance(type_, str) or type_ not in _FIELDS:
        return {"type": "text", "text": failed_shape(part)}
    made: dict[str, Any] = {"type": type_}
    for field in _FIELDS[type_]:
        value = part.get(field)
        if value is not None:
            shape = failed_shape(value)
            made[field] = json.dumps(shape) if field == "arguments" else shape
    return made
