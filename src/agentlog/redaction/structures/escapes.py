"""The insides of JSON and Python strings: what they stand for, and how a value is written in one."""

from __future__ import annotations

import json
import re
from typing import Final

_ESCAPE: Final = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})(?:\\u([Dd][C-Fc-f][0-9A-Fa-f]{2}))?|x([0-9A-Fa-f]{2})|U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})|(.))",
    re.DOTALL,
)
_PLAIN: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def unescape(raw: str) -> str:
    r"""The text that a JSON or Python string stands for. Never fails: an unknown escape is taken for what it escapes.

    >>> unescape(r"M\u00fcller\n"), unescape(r"it\'s")
    ('Müller\n', "it's")
    """

    def one(match: re.Match[str]) -> str:
        high, low, two, eight, other = match.groups()
        if high is not None:
            code = int(high, 16)
            if low is None:
                return chr(code)
            if 0xD800 <= code < 0xDC00:
                return chr(0x10000 + ((code - 0xD800) << 10) + (int(low, 16) - 0xDC00))
            return chr(code) + chr(int(low, 16))
        if two is not None or eight is not None:
            return chr(int(two or eight, 16))
        return _PLAIN.get(other, other)

    return _ESCAPE.sub(one, raw)


def escape(value: str, raw: str, quote: str) -> str:
    """`value` for the place where `raw` stood between `quote`s: pure ASCII where `raw` was."""
    made = json.dumps(value, ensure_ascii=raw.isascii() and "\\u" in raw)[1:-1]
    if not made.isascii() and any("\ud800" <= character <= "\udfff" for character in made):
        made = json.dumps(value)[1:-1]  # half a surrogate pair cannot be written as UTF-8
    return made.replace('\\"', '"').replace("'", "\\'") if quote == "'" else made
