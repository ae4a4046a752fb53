"""What a model was asked and what it answered, read from the columns of `calls/` without building every message.

A call resends its whole history; the miner needs four places of it. So roles are read for all messages, and texts only
for those places.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.storage.schema import CALLS

_ROWS = 4096  # rows read at once: bounds the memory of a pass, whatever the row groups are
_SYSTEM = ("system", "developer")


class Request(NamedTuple):
    """What went into one model call, as far as it tells tasks apart. Never the output: a router has not seen it yet."""

    system: str
    """System instructions and the system messages at the beginning."""
    first: str
    """The first message that is not a system message."""
    middle: str
    """The last system message after it; "" when there is none."""
    last: str
    """The last message; "" when the first one is also the last."""
    last_role: str
    tools: tuple[str, ...]
    """Names of the offered tools, sorted."""
    schema: str
    """The demanded output schema: its name, else its properties; "" when there is none."""
    place: str
    """Where the call was made, as capture knows it: agent and node, else agent and call site; "" when unknown."""


class Answer(NamedTuple):
    """What came out of one model call."""

    text: str
    calls: tuple[tuple[str, str], ...]
    """(name, arguments as JSON text) of each tool call, without its id."""


def requests(table: pa.Table) -> Iterator[Request]:
    """One `Request` per row, in the order of the rows. A column that is missing counts as null."""
    for batch in _batches(table):
        systems = _part_texts(_column(batch, "system_instructions"))
        tools = [_tool_names(text) for text in _shared(_column(batch, "tool_definitions"))]
        schemas = [_schema_name(text) for text in _shared(_column(batch, "request"))]
        places = map(place_of, *(_shared(_column(batch, name)) for name in ("agent", "node", "call_site")))
        for system, turns, offered, schema, place in zip(
            systems, _turns(_column(batch, "input_messages")), tools, schemas, places, strict=True
        ):
            leading, first, middle, last, role = turns
            yield Request(
                f"{system}\n{leading}" if system and leading else system or leading,
                first,
                middle,
                last,
                role,
                offered,
                schema,
                place,
            )


def answers(table: pa.Table) -> Iterator[Answer]:
    """One `Answer` per row: the first output message, in the order of the rows."""
    for batch in _batches(table):
        starts, messages = _spread(_column(batch, "output_messages"))
        first = [start if end > start else None for start, end in pairwise(starts)]
        bounds, parts = _spread(messages.field("parts").take(pa.array(first, pa.int64())))
        types, texts, names, arguments = (_shared(parts.field(one)) for one in ("type", "text", "name", "arguments"))
        for start, end in pairwise(bounds):
            spoken = [texts[i] or "" for i in range(start, end) if types[i] == "text"]
            called = [(names[i] or "", arguments[i] or "") for i in range(start, end) if types[i] == "tool_call"]
            yield Answer("".join(spoken), tuple(called))


def request_of(row: Mapping[str, Any]) -> Request:
    """The `Request` of one row (a dict with the columns of `calls/`): what a router has in its hands. As `requests` reads it.

    >>> request_of({"input_messages": [{"role": "user", "parts": [{"type": "text", "text": "Hi"}]}], "node": "greet"})
    Request(system='', first='Hi', middle='', last='', last_role='user', tools=(), schema='', place='greet')
    """
    system = _text_of(row.get("system_instructions"))
    messages = row.get("input_messages") or ()
    roles = [message.get("role") for message in messages]
    leading, first, middle, last = _places(roles, 0, len(roles))
    said = {one: _text_of(messages[one].get("parts")) for one in (*leading, first, middle, last) if one is not None}
    before = "\n".join(said[one] for one in leading if said[one])
    return Request(
        f"{system}\n{before}" if system and before else system or before,
        "" if first is None else said[first],
        "" if middle is None else said[middle],
        "" if last is None else said[last],
        roles[-1] or "" if roles else "",
        _tool_names(row.get("tool_definitions")),
        _schema_name(row.get("request")),
        place_of(row.get("agent"), row.get("node"), row.get("call_site")),
    )


def answer_of(row: Mapping[str, Any]) -> Answer:
    """The `Answer` of one row, as `answers` reads it.

    >>> answer_of({"output_messages": [{"role": "assistant", "parts": [{"type": "text", "text": "refund"}]}]})
    Answer(text='refund', calls=())
    """
    messages = row.get("output_messages") or ()
    parts = (messages[0].get("parts") or ()) if messages else ()
    return Answer(
        "".join(part.get("text") or "" for part in parts if part["type"] == "text"),
        tuple((part.get("name") or "", part.get("arguments") or "") for part in parts if part["type"] == "tool_call"),
    )


def _text_of(parts: Sequence[Mapping[str, Any]] | None) -> str:
    found = [part.get("text") if part["type"] == "text" else part.get("result") for part in parts or ()]
    return (found[0] or "") if len(found) == 1 else "\n".join(filter(None, found))


def place_of(agent: str | None, node: str | None, call_site: str | None) -> str:
    """The name of a place in the code. The call site counts only where no framework names the node.

    >>> place_of("support", "triage", "app.py:12")
    'support/triage'
    >>> place_of(None, None, "app.py:12")
    'app.py:12'
    """
    return "/".join(word for word in (agent, node or call_site) if word)


def _batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    yield from table.select([name for name in _NEEDED if name in table.column_names]).to_batches(max_chunksize=_ROWS)


_NEEDED = (
    "agent",
    "node",
    "call_site",
    "request",
    "system_instructions",
    "input_messages",
    "output_messages",
    "tool_definitions",
)


def _column(batch: pa.RecordBatch, name: str) -> Any:
    kind = CALLS.field(name).type
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows, kind)
    column = batch.column(name)
    return column if column.type == kind else column.cast(kind)


def _spread(column: Any) -> tuple[list[int], Any]:
    """A list column as (where each row begins, and the end), all values in a row."""
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_pylist()
    return list(accumulate(lengths, initial=0)), column.flatten()


def _shared(column: Any) -> list[str | None]:
    """A column of strings as a list in which equal values are one object: repeated prompts cost one string."""
    encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    values: list[str | None] = encoded.dictionary.to_pylist()
    return [None if index is None else values[index] for index in encoded.indices.to_pylist()]


def _part_texts(column: Any) -> list[str]:
    """The readable text of each list of parts: texts and tool results, a line each; no reasoning, no tool calls."""
    bounds, parts = _spread(column)
    if not len(parts):
        return [""] * len(column)
    spoken: Any = pc.equal(parts.field("type"), pa.scalar("text"))
    texts = _shared(pc.if_else(spoken, parts.field("text"), parts.field("result")))
    return [
        (texts[start] or "") if end - start == 1 else "\n".join(filter(None, texts[start:end]))
        for start, end in pairwise(bounds)
    ]


def _turns(column: Any) -> Iterator[tuple[str, str, str, str, str]]:
    """(leading system text, first, middle, last, role of the last) of each row of `input_messages`."""
    starts, messages = _spread(column)
    roles = _shared(messages.field("role"))
    rows = [_places(roles, start, end) for start, end in pairwise(starts)]
    wanted = sorted({message for leading, *single in rows for message in (*leading, *single) if message is not None})
    texts = _part_texts(messages.field("parts").take(pa.array(wanted, pa.int64())))
    said: dict[int | None, str] = {None: "", **dict(zip(wanted, texts, strict=True))}
    for (leading, first, middle, last), (start, end) in zip(rows, pairwise(starts), strict=True):
        role = roles[end - 1] or "" if end > start else ""
        yield "\n".join(said[one] for one in leading if said[one]), said[first], said[middle], said[last], role


def _places(roles: Sequence[str | None], start: int, end: int) -> tuple[range, int | None, int | None, int | None]:
    """Of the messages from `start` to `end`: the leading system messages, the first other, a later system one, the last."""
    first = next((i for i in range(start, end) if roles[i] not in _SYSTEM), None)
    if first is None:
        return range(start, end), None, None, None
    middle = next((i for i in range(end - 1, first, -1) if roles[i] in _SYSTEM), None)
    return range(start, first), first, middle, end - 1 if end - 1 > first else None


@lru_cache(maxsize=4096)
def _tool_names(definitions: str | None) -> tuple[str, ...]:
    """The names in a JSON list of tool definitions, whichever provider's form they have."""
    return tuple(sorted(set(_names(_parse(definitions)))))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key in ("function", "functionDeclarations", "function_declarations", "toolSpec", "tools"):
            if isinstance(value.get(key), dict | list):
                yield from _names(value[key])
                return
        name = value.get("name") or value.get("type")
        if isinstance(name, str):
            yield name


_FORMATS = frozenset(
    {
        "response_format", "output_format", "format", "ls_structured_output_format", "response_schema", "responseSchema",
        "response_json_schema", "responseJsonSchema", "output_schema",
    }
)  # fmt: skip
_HOLDERS = frozenset({"text", "generation_config", "generationConfig", "config", "output_config", "options"})
"""Names under which the providers' requests hold the demanded output schema, and what these may stand in."""


@lru_cache(maxsize=4096)
def _schema_name(request: str | None) -> str:
    """The output schema that a request demands: its name, else its properties, else "json" for any JSON; "" for none."""
    asked = _parse(request)
    return _demanded(asked) if isinstance(asked, dict) else ""


def _demanded(asked: dict[str, Any]) -> str:
    for name, value in asked.items():
        if name in _FORMATS and isinstance(value, dict) and value.get("type") != "text":
            wrapped = _dict(value, "json_schema") or value
            schema = _dict(wrapped, "schema") or wrapped
            title = wrapped.get("name") or schema.get("title")
            return str(title) if title else ",".join(sorted(_dict(schema, "properties"))) or "json"
        if name in _HOLDERS and isinstance(value, dict) and (found := _demanded(value)):
            return found
    return ""


def _dict(value: dict[str, Any], name: str) -> dict[str, Any]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _parse(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None
