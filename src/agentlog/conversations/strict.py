"""Strict JSON: what every consumer reads as the same value, and nothing else.

Python's reader takes `NaN`, lets `1e400` overflow and keeps lone surrogates; Arrow's and pandas' readers turn them into
null or drop them without a word, and one integer beyond 64 bits spoils a whole column.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

from agentlog.conversations.reasons import Refused

LEVELS: Final = 100
"""Values nested deeper are refused: pandas' JSON writer gives up a little below 1000."""


class NotStrict(ValueError):
    """A text is JSON for some readers only; `wide` says that an integer beyond 64 bits is all that is wrong."""

    def __init__(self, *, wide: bool = False) -> None:
        super().__init__("no strict JSON")
        self.wide = wide


def _constant(text: str) -> Any:
    raise NotStrict


def _integer(text: str) -> int:
    # 20 characters hold every 64-bit integer with its sign; Python refuses to read some thousands of digits
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        raise NotStrict(wide=True)
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise NotStrict
    return value


def loads(text: str) -> Any:
    """The value of a strict JSON text.

    Raises:
        NotStrict: the text is JSON for some readers only.
        ValueError: the text is no JSON at all.

    >>> loads('{"city": "Zürich", "nights": 2}')
    {'city': 'Zürich', 'nights': 2}
    """
    try:
        value = json.loads(text, parse_constant=_constant, parse_int=_integer, parse_float=_number)
    except RecursionError:
        raise NotStrict from None
    _walk(value, 0)
    return value


def _walk(value: Any, level: int) -> None:
    if level > LEVELS:
        raise NotStrict
    if isinstance(value, str):
        _encodable(value)
    elif isinstance(value, list):
        for item in value:
            _walk(item, level + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _encodable(key)
            _walk(item, level + 1)


def _encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotStrict from None


def dumps(value: Any) -> str:
    r"""`value` as one line of JSON that every way of splitting lines leaves whole.

    U+0085, U+2028 and U+2029 are legal inside a JSON string, and `str.splitlines` breaks a line at them.

    >>> dumps({"text": "a\u2028b"})
    '{"text":"a\\u2028b"}'
    """
    line = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "\u0085\u2028\u2029":
        if character in line:
            line = line.replace(character, f"\\u{ord(character):04x}")
    return line


def canonical(value: Any) -> bytes:
    """The bytes that stand for `value` whatever the order of its keys: what hashes are made of."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def arguments(text: str | None) -> str:
    """The JSON text of a tool call's arguments, an object for certain; nothing at all means `{}`.

    Raises:
        Refused: they are no strict JSON object. An object inside a JSON string (encoded twice) is refused as well:
            routers write such arguments, and a model would learn to.

    >>> arguments(None), arguments('{"a": 1}')
    ('{}', '{"a": 1}')
    """
    if text is None or text.strip() in ("", "null"):
        return "{}"
    try:
        value = loads(text)
    except NotStrict as error:
        raise Refused("arguments_beyond_64_bits" if error.wide else "arguments_not_strict") from None
    except ValueError:
        raise Refused("arguments_not_json") from None
    if isinstance(value, dict):
        return text
    if isinstance(value, str):
        try:
            inner = json.loads(value)
        except (ValueError, RecursionError):
            inner = None
        if isinstance(inner, (dict, list)):
            raise Refused("arguments_double_encoded")
    raise Refused("arguments_not_object")
