"""Equal calls: the same system instructions, messages, tools and answer.

Computed on what is stored, that is, after redaction: two calls that differ in a name only are equal, because a name is a
placeholder. Ids of calls and of tool calls do not count, nor the order of the keys of a JSON object.
"""

from __future__ import annotations

import hashlib
import json
from itertools import accumulate, pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_JSON = ("arguments", "result")
_PLAIN = ("type", "text", "name", "mime_type", "uri", "bytes", "sha")


class Equals:
    """Gives equal calls equal numbers, a batch at a time.

    Every value is looked at once and every message is a tuple of small numbers, so that a history which is sent again
    with every call costs little more than its length in messages.
    """

    def __init__(self) -> None:
        self._values: dict[bytes, int] = {}
        self._numbers: dict[tuple[object, ...], int] = {}

    def numbers(self, batch: pa.RecordBatch) -> list[int]:
        """A number for each row of a batch with the columns of `calls/`; equal for equal calls of all batches."""
        instructions: Any = batch["system_instructions"]
        systems = self._lists(instructions, self._parts(instructions.flatten()))
        asked, answered = (self._conversation(batch[name]) for name in ("input_messages", "output_messages"))
        tools = self._column(batch["tool_definitions"], canonical=True)
        return [self._number(row) for row in zip(systems, asked, tools, answered, strict=True)]

    def _conversation(self, column: Any) -> list[tuple[int, ...]]:
        return self._lists(column, self._messages(column.flatten()))

    def _messages(self, messages: Any) -> list[int]:
        roles, names = (self._column(messages.field(name)) for name in ("role", "name"))
        parts = self._lists(messages.field("parts"), self._parts(messages.field("parts").flatten()))
        return [self._number(one) for one in zip(roles, names, parts, strict=True)]

    def _parts(self, parts: Any) -> list[int]:
        columns = [self._column(parts.field(name)) for name in _PLAIN]
        columns += [self._column(parts.field(name), canonical=True) for name in _JSON]
        return [self._number(one) for one in zip(*columns, strict=True)]

    def _lists(self, lists: Any, items: list[int]) -> list[tuple[int, ...]]:
        """The numbers of each list's items; nothing and an empty list are equal."""
        ends = accumulate(pc.fill_null(pc.list_value_length(lists), 0).to_pylist(), initial=0)
        return [tuple(items[start:end]) for start, end in pairwise(ends)]

    def _column(self, column: Any, canonical: bool = False) -> list[int]:
        """A number for each value; 0 for null. Values are remembered by their hash, not by their words."""
        encoded = column.dictionary_encode()
        known = []
        for value in encoded.dictionary.to_pylist():
            words = _canonical(value) if canonical else str(value)
            digest = hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            known.append(self._values.setdefault(digest, len(self._values) + 1))
        return [0 if index is None else known[index] for index in encoded.indices.to_pylist()]

    def _number(self, one: tuple[object, ...]) -> int:
        return self._numbers.setdefault(one, len(self._numbers))


def _canonical(text: str) -> str:
    """JSON text with sorted keys; a text that is no JSON as it is."""
    try:
        return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
