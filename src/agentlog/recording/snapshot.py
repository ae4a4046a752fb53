"""One encoding of what a call was given or gave back, on the caller's thread, so that later changes are not recorded.

A payload that MessagePack cannot hold degrades to a bounded description of itself, never to an exception.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import msgspec

NOTHING: Final = msgspec.Raw(b"\xc0")
"""MessagePack's nil: nothing was captured."""

MAX_BYTES: Final = 4 << 20
"""A payload that takes more is described instead: long texts keep their head, tail and length."""

_MAX_TEXT: Final = 64 << 10
_MAX_ITEMS: Final = 1000
_MAX_DEPTH: Final = 24
_UNENCODABLE: Final = msgspec.Raw(msgspec.msgpack.encode("<unencodable>"))


def encode(value: Any) -> msgspec.Raw:
    """`value` as MessagePack. Never raises, whatever `value` is and does.

    >>> msgspec.msgpack.decode(encode({"order": "A17", "when": None}))
    {'order': 'A17', 'when': None}
    """
    try:
        encoded = _encode(value)
        if len(encoded) <= MAX_BYTES:
            return msgspec.Raw(encoded)
    except Exception:  # noqa: BLE001 - any payload may raise anything: a lock, a circle, a bad __repr__
        pass
    try:
        return msgspec.Raw(_encode(_described(value, 0, [200_000])))
    except Exception:  # noqa: BLE001 - the application must not notice
        return _UNENCODABLE


def _plain(value: Any) -> Any:
    """What msgspec asks for a type that it does not know."""
    dump = getattr(value, "model_dump", None)
    if dump is not None and not isinstance(value, type):
        return dump()
    if isinstance(value, (range, map, filter, zip)):
        return _name(value)
    if isinstance(value, BaseException):
        return f"{_name(value)}: {value}"
    try:  # numpy scalars and arrays, without importing numpy
        return value.tolist() if type(value).__module__ == "numpy" else _shown(value)
    except Exception:  # noqa: BLE001 - see encode
        return _name(value)


def _shown(value: Any) -> str:
    # the default repr holds an address, which would make equal calls differ
    if getattr(type(value), "__repr__", None) is object.__repr__:
        return _name(value)
    try:
        return repr(value)[:_MAX_TEXT]
    except Exception:  # noqa: BLE001 - see encode
        return _name(value)


def _name(value: Any) -> str:
    return f"<{type(value).__module__}.{type(value).__qualname__}>"


_encoder: Final = msgspec.msgpack.Encoder(enc_hook=_plain)
_encode: Final = _encoder.encode


def _described(value: Any, depth: int, budget: list[int]) -> Any:
    """A copy of `value` that MessagePack can hold: bounded in depth, items and text, at most `budget[0]` nodes."""
    budget[0] -= 1
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else str(value)
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode("utf-8")
        if len(text) <= _MAX_TEXT:
            return text
        half = _MAX_TEXT // 2
        return f"{text[:half]}<… {len(text) - _MAX_TEXT} characters left out …>{text[-half:]}"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"<bytes len={len(value)}>"
    if depth >= _MAX_DEPTH or budget[0] <= 0:
        return _name(value)
    if isinstance(value, dict):
        return {
            _key(key): _described(item, depth + 1, budget)
            for _, (key, item) in zip(range(_MAX_ITEMS), list(value.items()), strict=False)
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        shown = [_described(item, depth + 1, budget) for _, item in zip(range(_MAX_ITEMS), list(value), strict=False)]
        return shown if len(value) <= _MAX_ITEMS else [*shown, f"<… {len(value) - _MAX_ITEMS} items left out …>"]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _described(getattr(value, field.name, None), depth + 1, budget)
            for field in dataclasses.fields(value)
        }
    return _described(_plain(value), depth + 1, budget)


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key.encode("utf-8", "replace").decode("utf-8")[:_MAX_TEXT]
    return str(key) if isinstance(key, (int, float, bool)) or key is None else _shown(key)
