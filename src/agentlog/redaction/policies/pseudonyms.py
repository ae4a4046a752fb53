"""Keyed hashes for what identifies the origin of a call: sessions, users, files."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Final

_DIGITS: Final = 16
_DIGITS_OF_FILE: Final = 32


class Pseudonyms:
    """Makes pseudonyms with one key: the same value gives the same pseudonym, and only the key's owner can check a guess."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, value: str, kind: str) -> str:
        """`kind` and sixteen hexadecimal digits of HMAC-SHA-256 over kind and value."""
        message = f"{kind}\x00{value}".encode("utf-8", "surrogatepass")
        return f"{kind}-{hmac.digest(self._key, message, 'sha256').hex()[:_DIGITS]}"

    def of_file(self, data: str) -> tuple[str, int]:
        """Keyed hash of the bytes that the base64 text `data` holds, and how many they are."""
        try:
            content = base64.b64decode(data, validate=False)
        except (binascii.Error, ValueError):
            content = data.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, b"file\x00" + content, "sha256").hex()[:_DIGITS_OF_FILE], len(content)
