"""One encoding of what a call was given or gave back, on the caller's thread, so that later changes are not recorded.

A payload that MessagePack cannot hold, or that takes too much, degrades to a bounded description of itself, never to an
exception.

A text that is cut keeps its head, its tail and its length. It has no hash: that would cost a pass over all of it on the
caller's thread, and on the disk it would tell who else holds the same text; the key that prevents this is the recorder's.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable
from enum import Enum
from itertools import islice
from typing import Any, Final

import msgspec

from agentlog.recording.objects import MAX_ITEMS, MAX_TEXT, WISHES, left_out, name, told

NOTHING: Final = msgspec.Raw(b"\xc0")
"""MessagePack's nil: nothing was captured."""

MAX_BYTES: Final = 3 << 19
"""A payload that takes more is described instead: 1.5 MB, because the redactor takes no text of more than two million
characters, and the arguments of a tool are one JSON text there."""

_DESCRIBED: Final = 1 << 20
"""Bytes of a description, about."""
_WHOLE_TEXT: Final = 256 << 10
"""A longer text is cut to `MAX_TEXT` in a description; characters, and bytes of a blob."""
_MAX_KEY: Final = 1000
_MAX_DEPTH: Final = 32
_PER_VALUE: Final = 16
"""Bytes that a value of a description counts for, beside its text."""
_UNENCODABLE: Final = msgspec.Raw(msgspec.msgpack.encode("<unencodable>"))

_DEEP_STACK: Final = 20_000
if sys.version_info >= (3, 12):

    def _stack() -> int:
        return 0
else:
    # One limit holds for Python's and C's recursion there. Where the application has raised it, a circle or a very deep
    # payload would run through the end of C's stack, and take the process along.
    _stack = sys.getrecursionlimit

_encode: Final = msgspec.msgpack.Encoder(enc_hook=told).encode
_raw: Final = msgspec.Raw


def encode(value: Any) -> msgspec.Raw:
    """`value` as MessagePack. Never raises, whatever `value` is and does, but what asks the program to end.

    >>> msgspec.msgpack.decode(encode({"order": "A17", "when": None}))
    {'order': 'A17', 'when': None}
    """
    try:
        if _stack() <= _DEEP_STACK:
            encoded = _encode(value)
            if len(encoded) <= MAX_BYTES:
                return _raw(encoded)
    except WISHES:
        raise
    except BaseException:  # noqa: BLE001 - any payload may raise anything: a lock, a circle, a bad __repr__
        pass
    try:
        return _raw(_encode(_Description().of(value, 0)))
    except WISHES:
        raise
    except BaseException:  # noqa: BLE001 - the application must not notice
        return _UNENCODABLE


class _Description:
    """A copy of a payload that MessagePack can hold: bounded in depth, items and bytes.

    Collections are read as the builtins that they are, past what a subclass says of its length or its items.
    """

    __slots__ = ("_room",)

    def __init__(self) -> None:
        self._room = _DESCRIBED

    def of(self, value: Any, depth: int) -> Any:
        """`value`; what cannot be described is named, and the rest of the payload stays."""
        kind = type(value)
        try:
            self._room -= _PER_VALUE
            return self._of(value, kind, depth)
        except WISHES:
            raise
        except BaseException:  # noqa: BLE001 - see encode
            return name(kind)

    def _of(self, value: Any, kind: type, depth: int) -> Any:
        if value is None or kind is bool:
            return value
        if issubclass(kind, Enum):
            return self.of(object.__getattribute__(value, "_value_"), depth)
        if issubclass(kind, float):
            return float.__float__(value)
        if issubclass(kind, int):
            return self._number(int.__index__(value))
        if issubclass(kind, str):
            return self._text(value)
        if issubclass(kind, (bytes, bytearray, memoryview)):
            return self._bytes(value)
        if depth >= _MAX_DEPTH or self._room <= 0:
            return name(kind)
        if issubclass(kind, dict):
            return self._dict(dict.items(value), dict.__len__(value), depth + 1)
        for base in (list, tuple, set, frozenset):
            if issubclass(kind, base):
                return self._items(base.__iter__(value), base.__len__(value), depth + 1)
        if kind.__module__ in ("datetime", "decimal", "uuid"):
            return _raw(_encode(value))
        fields = _fields(kind)
        if fields is not None:
            pairs = ((field, object.__getattribute__(value, field)) for field in fields)
            return self._dict(pairs, len(fields), depth + 1)
        return self.of(told(value), depth + 1)

    def _number(self, value: int) -> int | str:
        if -(2**63) <= value < 2**64:
            return value
        return str(value) if value.bit_length() <= _MAX_KEY else f"<int of {value.bit_length()} bits>"

    def _text(self, value: str) -> str:
        length = str.__len__(value)
        if length <= min(_WHOLE_TEXT, max(self._room, 0)):
            return self._clean(value)
        half = min(MAX_TEXT, max(self._room, 0)) // 2
        head, tail = str.__getitem__(value, slice(half)), str.__getitem__(value, slice(length - half, length))
        return self._clean(f"{head}{left_out(length - 2 * half, 'characters')}{tail}")

    def _clean(self, text: str) -> str:
        encoded = str.encode(text, "utf-8", "replace")  # a lone surrogate has no UTF-8
        self._room -= len(encoded)
        return encoded.decode("utf-8")

    def _bytes(self, value: bytes | bytearray | memoryview) -> bytes | str:
        size = value.nbytes if isinstance(value, memoryview) else len(value)
        if size > min(_WHOLE_TEXT, self._room):
            return f"<bytes len={size}>"
        self._room -= size
        return bytes(value)

    def _dict(self, items: Iterable[tuple[Any, Any]], length: int, depth: int) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for key, item in islice(items, MAX_ITEMS):
            if self._room <= 0:
                break
            shown[self._key(key, depth)] = self.of(item, depth)
        if length > len(shown):
            shown[left_out(length - len(shown), "items")] = None
        return shown

    def _items(self, items: Iterable[Any], length: int, depth: int) -> list[Any]:
        shown: list[Any] = []
        for item in islice(items, MAX_ITEMS):
            if self._room <= 0:
                break
            shown.append(self.of(item, depth))
        return shown if length <= len(shown) else [*shown, left_out(length - len(shown), "items")]

    def _key(self, key: Any, depth: int) -> str:
        return self._clean(key[:_MAX_KEY] if type(key) is str else str(self.of(key, depth))[:_MAX_KEY])


def _fields(kind: type) -> list[str] | None:
    """Of a dataclass, an attrs class or a msgspec Struct."""
    if hasattr(kind, "__dataclass_fields__"):
        return [field.name for field in dataclasses.fields(kind)]
    if hasattr(kind, "__attrs_attrs__"):
        return [field.name for field in kind.__attrs_attrs__]
    return list(kind.__struct_fields__) if hasattr(kind, "__struct_fields__") else None
