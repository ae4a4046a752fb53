"""What varies in the prompts of a task: the only words that a small model looks at.

The calls of a task repeat their instructions. Lines that nearly all training prompts hold are remembered and dropped by
set lookup, so serving does not pay for the template; how many of them a prompt holds, and which tools and output schema
it offers, tells whether it is still the same template.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from agentlog.models.contract import Row
from agentlog.models.requests import asked

_CONSTANT: Final = 0.95
"""A line in at least this share of the training prompts belongs to the template."""
_CHARACTERS: Final = 4000
"""Of the last message, and of the rest, that are looked at: the beginning and the end."""
_MEMORY: Final = 512
_NUMBERED: Final = re.compile(r"<([A-Z][A-Z0-9_]*?)_\d+((?:_[A-Z]+)?)>")


@dataclass(frozen=True, slots=True)
class Reading:
    """A prompt without its template."""

    last: str
    """The varying lines of the last message."""
    rest: str
    """The varying lines of everything before it."""
    size: int
    """Characters of both, before they were cut."""
    template: int
    """How many different lines of the template it holds."""
    offer: str
    """Digest of the tools on offer, the tool choice and the demanded output schema."""


class Reader:
    """Reads rows; knows the lines of one task's template."""

    def __init__(self, template: Iterable[str] = ()) -> None:
        self.template = frozenset(template)
        self._memory: dict[str, tuple[str, int, frozenset[str]]] = {}

    @classmethod
    def fit(cls, rows: Sequence[Row]) -> Reader:
        """The reader that knows the lines which at least 95 % of the rows' prompts hold."""
        counts: Counter[str] = Counter()
        for row in rows:
            counts.update({line for text in texts(row) for line in _lines(text)})
        return cls(line for line, count in counts.items() if count >= _CONSTANT * len(rows) and len(rows) > 1)

    def read(self, row: Row) -> Reading:
        """The varying text of a row. Odd rows read as empty ones."""
        said = texts(row)
        size = 0
        found: frozenset[str] = frozenset()
        varying = []
        for text in said:
            kept, length, constant = self._varying(text)
            size += length
            if constant:
                found = found | constant if found else constant
            varying.append(kept)
        last = varying.pop() if varying else ""
        rest = "\n".join(filter(None, varying)) if varying else ""
        return Reading(
            _bounded(_unnumbered(last)),
            _bounded(_unnumbered(rest)),
            size,
            len(found),
            _offer(row.get("tool_definitions"), row.get("request")),
        )

    def varying(self, text: str) -> str:
        """The lines of a text that are not the template's, as they are but for spaces around them."""
        return self._varying(text)[0]

    def _varying(self, text: str) -> tuple[str, int, frozenset[str]]:
        """A message's lines that are not the template's, their length, and the template's lines in it."""
        known = self._memory.get(text)
        if known is not None:
            return known
        template = self.template
        lines = _lines(text)
        kept = [line for line in lines if line not in template]
        words = "\n".join(kept)
        constant = frozenset(lines).intersection(template) if len(kept) < len(lines) else frozenset()
        read = words, len(words), constant
        if constant:  # whoever holds a line of the template is likely to come again as it is
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            self._memory[text] = read
        return read


def texts(row: Row) -> list[str]:
    """What a row's prompt says: the system instructions, then one text for each message; the last is the last message."""
    said = []
    if instructions := row.get("system_instructions"):
        said.append(_said(instructions))
    for message in row.get("input_messages") or ():
        said.append(_said(message.get("parts") if isinstance(message, Mapping) else None))
    return said


def row_of(text: str, *, system: str = "", before: Sequence[str] = ()) -> Row:
    """A row that asks nothing but `text`: for benchmarks, and for whoever has no records.

    >>> texts(row_of("where is my card?", system="Classify."))
    ['Classify.', 'where is my card?']
    """
    row: dict[str, Any] = {
        "input_messages": [{"role": "user", "parts": [{"type": "text", "text": words}]} for words in (*before, text)]
    }
    if system:
        row["system_instructions"] = [{"type": "text", "text": system}]
    return row


def _said(parts: Any) -> str:
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        return ""
    if len(parts) == 1 and parts[0].get("type") == "text":
        return parts[0].get("text") or ""
    return "\n".join(filter(None, map(_part, parts)))


def _part(part: Mapping[str, Any]) -> str:
    kind = part.get("type")
    if kind == "tool_call":
        return f"{part.get('name') or ''} {part.get('arguments') or ''}"
    if kind == "reasoning":
        return ""
    return part.get("text") or part.get("result") or ""


def _lines(text: str) -> list[str]:
    if "\n" not in text:
        stripped = text.strip()
        return [stripped] if stripped else []
    return [stripped for line in text.splitlines() if (stripped := line.strip())]


def _unnumbered(text: str) -> str:
    """`<PERSON_3_GIVEN>` as `<PERSON_GIVEN>`: which person of its run it is says nothing."""
    return _NUMBERED.sub(r"<\1\2>", text) if "<" in text else text


def _bounded(text: str) -> str:
    if len(text) <= _CHARACTERS:
        return text
    return f"{text[: _CHARACTERS // 2]}\n{text[-_CHARACTERS // 2 :]}"


@lru_cache(maxsize=1024)
def _offer(tools: Any, request: Any) -> str:
    """A digest of what the answer may look like, the same in whatever words a layer or a provider says it."""
    demanded = asked(request) if isinstance(request, str) else asked(None)
    offered = [
        _form(_parsed(tools)), _form(demanded.schema), demanded.json, demanded.choice, demanded.names,
    ]  # fmt: skip
    if offered == [None, None, False, "auto", ()]:
        return ""
    words = json.dumps(offered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


_ADDED: Final = frozenset(("title", "strict", "additionalProperties", "$schema"))
"""What SDKs and frameworks put into a schema on its way, each in its own manner."""


def _form(schema: Any) -> Any:
    """A schema, or tool definitions, without what is added on the way. A property of such a name stays."""
    if isinstance(schema, list):
        return [_form(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {key: _form(one) for key, one in value.items()}
        if name in ("properties", "$defs", "definitions") and isinstance(value, dict)
        else _form(value)
        for name, value in schema.items()
        if name not in _ADDED
    }


def _parsed(text: Any) -> Any:
    if not isinstance(text, str):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
