"""What an answer is made of: a shape, fields with values, and the style in which they were written.

Answer ── taken_apart ──→ shape ("json", "call NAME", "" for anything else), {path: value}
shape, {path: value}, Style ── put_together ──→ the Answer, as the LLM would have written it
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from agentlog.tasks.reading import Answer

Path = tuple[str, ...]
"""The keys that lead to a value."""

JSON: Final = "json"
CALL: Final = "call "
FENCES: Final = (("", ""), ("```json\n", "\n```"), ("```\n", "\n```"))


@dataclass(frozen=True, slots=True)
class Style:
    """How the LLM writes JSON, to the byte."""

    before: str = ""
    after: str = ""
    item: str = ", "
    key: str = ": "
    indent: int | None = None
    ascii: bool = False

    def write(self, value: Any) -> str:
        """The value in this style."""
        written = json.dumps(value, ensure_ascii=self.ascii, indent=self.indent, separators=(self.item, self.key))
        return f"{self.before}{written}{self.after}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


STYLES: Final = tuple(
    Style(before, after, item, key, indent, only_ascii)
    for before, after in FENCES
    for item, key, indent in ((", ", ": ", None), (",", ":", None), (",", ": ", 2), (",", ": ", 4), (",", ": ", 1))
    for only_ascii in (False, True)
)


def style_of(texts: Iterable[str]) -> Style:
    """The style in which most of the texts are written."""
    counts = dict.fromkeys(STYLES, 0)
    for text in texts:
        value = object_of(text)
        if value is not None:
            for style in STYLES:
                counts[style] += style.write(value) == text
    return max(STYLES, key=lambda style: counts[style])


def object_of(text: str) -> dict[str, Any] | None:
    """The JSON object that a text is, alone or fenced; None: it is none."""
    stripped = text.strip()
    for before, after in FENCES[1:]:
        if stripped.startswith(before) and stripped.endswith(after):
            stripped = stripped[len(before) : -len(after)]
            break
    if not stripped.startswith("{"):
        return None
    try:
        value = json.loads(stripped)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def taken_apart(answer: Answer) -> tuple[str, dict[Path, Any]]:
    """The shape of an answer and its fields; ("", {}) where it has none."""
    if len(answer.calls) == 1 and not answer.text.strip():
        name, arguments = answer.calls[0]
        value = object_of(arguments or "{}")
        return ("", {}) if value is None else (CALL + name, leaves(value))
    value = None if answer.calls else object_of(answer.text)
    return ("", {}) if value is None else (JSON, leaves(value))


def leaves(value: Mapping[str, Any], above: Path = ()) -> dict[Path, Any]:
    """The values of an object that are no objects themselves, with their paths; an empty object is a value.

    >>> leaves({"a": {"b": 1}, "c": [2]})
    {('a', 'b'): 1, ('c',): [2]}
    """
    found: dict[Path, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            found.update(leaves(inner, (*above, key)))
        else:
            found[(*above, key)] = inner
    return found


def put_together(shape: str, values: Mapping[Path, Any], order: Sequence[Path], style: Style) -> Answer:
    """The answer of that shape, its keys in that order."""
    whole: dict[str, Any] = {}
    for path in order:
        if path in values:
            inner = whole
            for key in path[:-1]:
                inner = inner.setdefault(key, {})
            inner[path[-1]] = values[path]
    written = style.write(whole)
    return Answer(written, ()) if shape == JSON else Answer("", ((shape.removeprefix(CALL), written),))
