"""Values that carry their own proof: a checksum, a fixed shape, a separator that nothing else has.

Digits are looked at once: every group of digits in a text is cut out by one pattern, and plain code decides what it is.
Boundaries are ASCII: a number glued to Chinese text is still a number of its own.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Final

from agentlog.redaction.entities import BLOB, EMAIL, IP, MAC, NATIONAL_ID, PAYMENT_ID, PHONE, Finding

_LOCAL: Final = re.compile(r"[A-Za-z0-9\u00c0-\u024f.!#$%&'*+/=?^_`{|}~-]{1,64}\Z")
_DOMAIN: Final = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])", re.ASCII
)
_LEADING: Final = "'`*/=|{}&?!#$%^~"
_DIGITS: Final = re.compile(
    r"(?<![0-9A-Za-z_.])(?:\+|\(\+?|\+?\()?[0-9](?:[ .()/\u2010-\u2013-]{0,3}[0-9]){6,}+[xX]?(?![0-9A-Za-z_])", re.ASCII
)
_GROUP: Final = re.compile(r"[0-9]+", re.ASCII)
_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", re.ASCII
)
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
_AREA: Final = re.compile(r"\(0[0-9]{1,4}\)", re.ASCII)
_VERSION_BEFORE: Final = re.compile(r"(?:[vV]|version |Version |/|==|>=|~=|@)\Z")


def find_formats(text: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """What can be told by its form alone. `tokens` are the lower-case words of `text`."""
    if "@" in text:
        yield from find_emails(text)
    rows = list(_DIGITS.finditer(text))
    yield from _among(text, rows)
    if _COLONS.search(text) is not None or _DASHES.search(text) is not None:
        yield from (Finding(*match.span(), MAC) for match in _MAC.finditer(text))
        yield from _ipv6(text)
    if _DOTS.search(text) is not None:
        yield from _ipv4(text)
    longest = max(map(len, tokens), default=0)
    if rows or longest >= 15:
        for match in _IBAN.finditer(text):
            if valid_iban(match.group()):
                yield Finding(*match.span(), PAYMENT_ID)
    if "data:" in text:
        yield from (Finding(*match.span(), BLOB) for match in _DATA_URL.finditer(text))
    if longest >= 40:
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
                ssh = name == "git" and text[domain.end() : domain.end() + 1] == ":"
                if name and not ssh:
                    yield Finding(at - len(name), domain.end(), EMAIL)
        at = text.find("@", at + 1)


def find_digits(text: str) -> Iterator[Finding]:
    """Cards, identity numbers and phone numbers among the groups of digits in `text`."""
    yield from _among(text, _DIGITS.finditer(text))


def _among(text: str, rows: Iterable[re.Match[str]]) -> Iterator[Finding]:
    for match in rows:
        entity = _of_digits(match.group())
        if entity is not None:
            yield Finding(*match.span(), entity)
        elif " " in match.group():
            yield from _windows(text, match.start(), match.end())


def _windows(text: str, start: int, end: int) -> Iterator[Finding]:
    """A number within a longer row of numbers, as in a table: up to five neighbouring groups are tried together."""
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    index = 0
    while index < len(groups):
        step = 1
        digits = [end - start for start, end in groups[index : index + 5]]
        for count in range(len(digits), 0, -1):
            if 10 <= sum(digits[:count]) <= 19:
                first, last = groups[index][0], groups[index + count - 1][1]
                entity = _of_digits(text[first:last])
                if entity is not None:
                    yield Finding(first, last, entity)
                    step = count
                    break
        index += step


def _of_digits(value: str) -> str | None:
    groups = _GROUP.findall(value)
    digits = "".join(groups)
    shape = tuple(map(len, groups))
    if value[-1] in "xX":
        return NATIONAL_ID if len(digits) == 17 and len(groups) == 1 and valid_chinese_id(value) else None
    if shape == (18,) and valid_chinese_id(value):
        return NATIONAL_ID
    if 13 <= len(digits) <= 19 and _card_shape(shape) and _issuer(digits) and luhn(digits):
        return PAYMENT_ID
    if shape == (3, 2, 4) and _one_separator(value, "- ") and valid_ssn(digits):
        return NATIONAL_ID
    return PHONE if _phone(value, digits, shape) else None


def _card_shape(shape: tuple[int, ...]) -> bool:
    return len(shape) == 1 or shape[:-1] == (4,) * (len(shape) - 1) or shape in ((4, 6, 5), (4, 6, 4))


def _issuer(digits: str) -> bool:
    """Whether an issuer gives out cards that begin so and are that long."""
    length, two, four = len(digits), int(digits[:2]), int(digits[:4])
    if digits[0] == "4":
        return length in (13, 16, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return length == 16
    if two in (34, 37):
        return length == 15
    if two in (36, 38, 39) or 3000 <= four <= 3059:
        return 14 <= length <= 19
    return length >= 16 and (four == 6011 or two in (62, 64, 65, 35, 60, 81) or 2200 <= four <= 2204)


def _one_separator(value: str, allowed: str) -> bool:
    return len({c for c in value if not c.isdigit()}) == 1 and value[3] in allowed


def _phone(value: str, digits: str, shape: tuple[int, ...]) -> bool:
    if value.startswith("+") or value.startswith("(+"):
        return 8 <= len(digits) <= 15
    if "/" in value:
        return False
    if shape == (11,):
        return digits[0] == "1" and digits[1] in "3456789"  # a mobile number of the People's Republic
    if shape == (3, 4, 4) and digits[0] == "1" and digits[1] in "3456789":
        return True
    separators = {c for c in value[1:] if not c.isdigit()} - {"(", ")"}
    if shape in ((3, 3, 4), (1, 3, 3, 4)) and (digits[0] in "23456789" or len(shape) == 4):
        if len(shape) == 4 and digits[0] != "1":
            return False
        return bool(separators) or "(" in value
    return _AREA.match(value) is not None and 8 <= len(digits) <= 13


def luhn(digits: str) -> bool:
    """The check digit of cards (ISO/IEC 7812-1).

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for index, character in enumerate(reversed(digits)):
        digit = int(character)
        if index % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0 and digits.strip("0") != ""


def valid_ssn(digits: str) -> bool:
    """Whether the Social Security Administration gives out such numbers."""
    return digits[:3] not in ("000", "666") and digits[0] != "9" and digits[3:5] != "00" and digits[5:] != "0000"


def valid_chinese_id(value: str) -> bool:
    """The check digit of the resident identity card (GB 11643, ISO 7064 MOD 11-2), and a possible date of birth.

    >>> valid_chinese_id("11010519491231002X")
    True
    """
    if not ("1800" <= value[6:10] <= "2099" and "01" <= value[10:12] <= "12" and "01" <= value[12:14] <= "31"):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(value[:17], _WEIGHTS, strict=True))
    return "10X98765432"[weighted % 11] == value[17].upper()


_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def valid_iban(value: str) -> bool:
    """The check digits of an IBAN (ISO 13616, MOD 97-10).

    >>> valid_iban("DE89 3704 0044 0532 0130 00")
    True
    """
    plain = value.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


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
