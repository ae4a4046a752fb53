"""Values that carry their own proof: a fixed shape, a checksum, a separator that nothing else has.

E-mail, IP and hardware addresses, IBANs, Bitcoin addresses, files within a text; numbers of cards, people and phones are in `digits`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from agentlog.redaction.entities import BLOB, EMAIL, IP, MAC, PAYMENT_ID, Finding
from agentlog.redaction.forms.digits import among_digits, digit_rows
from agentlog.redaction.watching import watched
from agentlog.redaction.words.text import longest

_LOCAL: Final = re.compile(r"[A-Za-z0-9\u00c0-\u024f.!#$%&'*+/=?^_`{|}~-]{1,64}\Z")
_DOMAIN: Final = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])", re.ASCII
)
_USERINFO: Final = re.compile(r"://[^\s/:@?#]{0,64}:\Z")
_LEADING: Final = "'`*/=|{}&?!#$%^~"
_IBAN: Final = watched(
    r"[A-Z](?<![A-Za-z0-9].)[A-Z][0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", re.ASCII
)
_COINS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71})(?![0-9A-Za-z])", re.ASCII
)
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_IPV4: Final = re.compile(
    r"(?<![0-9A-Za-z.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?![0-9A-Za-z]|\.[0-9])",
    re.ASCII,
)
_IPV6: Final = re.compile(r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:.])", re.ASCII)
_MAC: Final = re.compile(
    r"(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Za-z:-])", re.ASCII
)
_DATA_URL: Final = re.compile(
    r"data:[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}(?:;[a-z0-9=._+-]{1,80}){0,4},[^\s\"'<>\\)]{1,}+",
    re.ASCII | re.IGNORECASE,
)
_BASE64: Final = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{76}\r?\n|[A-Za-z0-9+/]{256}){2,}+[A-Za-z0-9+/\r\n]*+={0,2}", re.ASCII
)
_COLONS: Final = re.compile(r":[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:", re.ASCII)
_DASHES: Final = re.compile(r"-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-", re.ASCII)
_DOTS: Final = re.compile(r"\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]", re.ASCII)
_VERSION_BEFORE: Final = re.compile(r"(?:[vV]|version |Version |/|==|>=|~=|@)\Z")


def find_formats(text: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """What can be told by its form alone. `tokens` are the lower-case words of `text`."""
    if "@" in text:
        yield from find_emails(text)
    rows = list(digit_rows(text))
    yield from among_digits(text, rows)
    if _COLONS.search(text) is not None or _DASHES.search(text) is not None:
        yield from (Finding(*match.span(), MAC) for match in _MAC.finditer(text))
        yield from _ipv6(text)
    if _DOTS.search(text) is not None:
        yield from _ipv4(text)
    most = longest(tokens)
    if most >= 15 or any(end - start > 10 for start, end in rows):
        for match in _IBAN.finditer(text):
            if valid_iban(match.group()):
                yield Finding(*match.span(), PAYMENT_ID)
    if most >= 26:
        yield from (Finding(*match.span(), PAYMENT_ID) for match in _COINS.finditer(text) if valid_coins(match.group()))
    if "data:" in text:
        yield from (Finding(*match.span(), BLOB) for match in _DATA_URL.finditer(text))
    if most >= 40:
        yield from _base64(text)


def find_emails(text: str) -> Iterator[Finding]:
    """E-mail addresses: from every @, as far as an address goes to the left and to the right."""
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at + 1)
        if domain is not None:
            left = max(0, at - 64)
            local = _LOCAL.search(text[left:at])
            if local is not None:
                name = (
                    local.group().lstrip(_LEADING).rsplit("=", 1)[-1].rsplit("&", 1)[-1].rsplit("//", 1)[-1].lstrip(".")
                )
                ssh = name == "git" and text[domain.end() : domain.end() + 1] in (":", "/")
                if name and not ssh and not _in_userinfo(text, at - len(name)):
                    yield Finding(at - len(name), domain.end(), EMAIL)
        at = text.find("@", at + 1)


def _in_userinfo(text: str, start: int) -> bool:
    """Whether a password of a URL begins there: `//user:password@host` is no address."""
    return text[start - 1 : start] == ":" and _USERINFO.search(text, max(0, start - 80), start) is not None


def valid_iban(value: str) -> bool:
    """The check digits of an IBAN (ISO 13616, MOD 97-10).

    >>> valid_iban("DE89 3704 0044 0532 0130 00")
    True
    """
    plain = value.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def valid_coins(value: str) -> bool:
    """The check digits of a Bitcoin address: Base58Check, or bech32 and bech32m (BIP 173, BIP 350).

    >>> valid_coins("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), valid_coins("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")
    (True, True)
    """
    if value.startswith("bc1"):
        check = 1
        for digit in [3, 3, 0, 2, 3, *map(_BASE32.index, value[3:])]:
            top = check >> 25
            check = (check & 0x1FFFFFF) << 5 ^ digit
            for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                check ^= generator if top >> bit & 1 else 0
        return check in (1, 0x2BC830A3)
    number = 0
    for character in value:
        number = number * 58 + _BASE58.index(character)
    if number >> 200:
        return False
    raw = number.to_bytes(25)
    return sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _ipv4(text: str) -> Iterator[Finding]:
    for match in _IPV4.finditer(text):
        start = match.start()
        before = text[max(0, start - 10) : start]
        version = _VERSION_BEFORE.search(before) is not None and not before.endswith("//")
        section = len(match.group()) == 7  # four single digits: a version or a chapter
        if not (version or section or match.group().startswith(("127.", "0.", "255."))):
            yield Finding(start, match.end(), IP)


def _ipv6(text: str) -> Iterator[Finding]:
    for match in _IPV6.finditer(text):
        value = match.group()
        if sum(map(bool, value.split(":"))) >= 3:
            try:
                ipaddress.IPv6Address(value)
            except ValueError:
                continue
            yield Finding(*match.span(), IP)


def _base64(text: str) -> Iterator[Finding]:
    for match in _BASE64.finditer(text):
        head = match.group()[:600]
        if any(c.isupper() for c in head) and any(c.islower() for c in head) and any(c.isdigit() for c in head):
            yield Finding(*match.span(), BLOB)
