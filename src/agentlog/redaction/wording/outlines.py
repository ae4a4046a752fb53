"""The outline of a text, in which its digits and capital letters stand out: a search for a few bytes rules out what would take a scan."""

from __future__ import annotations

from typing import Final

_MADE: Final = bytes(
    ord("9") if chr(code).isdecimal() else ord("A") if chr(code).isupper() or code >= 0x80 else code for code in range(256)
)  # fmt: skip
_LEFT_OUT: Final = b"abcdefghijklmnopqrstuvwxyz" + bytes(range(0x80, 0xC0))


def outline(text: str) -> bytes:
    """`text` with 9 for a digit and A for a capital letter, without its small ones; all else as it is.

    Each character beyond ASCII is an A, as it may be a capital letter. So whatever a pattern needs of digits, capital
    letters and marks in a row is in the outline of a text that matches; it may also be there without being in the text.

    >>> outline("at 12b Rose St, 1016 DW Amsterdam"), outline("8 Évry")
    (b' 99 A A, 9999 AA A', b'9 A')
    """
    global _last
    of, made = _last
    if of is not text:  # several detectors in a row ask for that of one text
        made = text.encode("utf-8", "replace").translate(_MADE, _LEFT_OUT)
        _last = (text, made)
    return made


_last: tuple[str | None, bytes] = (None, b"")
