"""Looks at plain data of which only the rough shape is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agentlog.messages.parts import Part

Block = dict[str, Any]
"""One typed piece of content, as some API writes it."""

_PASSING: Final = frozenset({"type", "block_type", "index", "logprobs"})


def kind_of(block: Block) -> str:
    """A block's type; LlamaIndex calls it `block_type`."""
    kind = block.get("type") or block.get("block_type")
    return kind if isinstance(kind, str) else ""


def with_extra(part: Part, source: dict[str, Any], *known: str) -> Part:
    """`part`, with what `source` says beyond the keys `known`; `messages.read` moves that into `request`."""
    extra = {
        key: value
        for key, value in source.items()
        if key not in known and key not in _PASSING and is_something(value) and value is not False
    }
    if extra:
        part["extra"] = extra
    return part


def is_something(value: Any) -> bool:
    """Whether a value says anything: null, empty text and empty containers do not."""
    return value is not None and value not in ("", [], {})


def iterate_dicts(value: Any) -> Iterator[dict[str, Any]]:
    """The dicts in a list; nothing where it is no list."""
    if isinstance(value, list | tuple):
        yield from (one for one in value if isinstance(one, dict))


def first_text(held: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    """The first of `keys` under which `held` has a text."""
    return next((held[key] for key in keys if isinstance(held.get(key), str) and held[key]), None)
