"""Numbers that say themselves what they are: cards, identity numbers, phones.

Every row of digits in a text is cut out by one pattern, and plain code decides what it is. Boundaries are ASCII: a
number glued to Chinese text is still a number of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from agentlog.redaction.entities import NATIONAL_ID, PAYMENT_ID, PHONE, Finding
from agentlog.redaction.languages.checks import brazilian_person
from agentlog.redaction.watching import watched

_ROW: Final = watched(r"[0-9](?<![0-9].)(?:[ .()/\u2010-\u2013-]{0,3}[0-9]){6,}+[xX]?", re.ASCII)
"""What stands before it is asked for behind the first digit: digits alone are what the search runs over."""
_CARD_LONG: Final = watched(r"[0-9](?<![0-9].)(?:[ .()/\u2010-\u2013-]{0,3}[0-9]){12}", re.ASCII)
_GLUE: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_GROUP: Final = re.compile(r"[0-9]+", re.ASCII)
_AREA: Final = re.compile(r"\(0[0-9]{1,4}\)", re.ASCII)
_TRUNK: Final = frozenset(
    (
        (3, 4, 4),
        (4, 3, 4),
        (4, 3, 3),
        (5, 6),
        (5, 5),
        (5, 3, 3),
        (4, 7),
        (4, 6),
        (3, 8),
        (3, 7),
        (2, 4, 4),
        (2, 8),
        (3, 3, 4),
    )
)
"""Groups of digits of a phone number within its country, the first beginning with the 0 that is dialled there."""
_BETWEEN: Final = " .()/\u2010\u2011\u2012\u2013-"
_LEAST: Final = 7
_EXTENSION: Final = re.compile(r"(?:x|ext\.?) ?[0-9]{1,6}(?![0-9A-Za-z])", re.ASCII | re.IGNORECASE)
"""Behind a phone number, glued to it: 415-555-0132x204."""


def digit_rows(text: str) -> Iterator[tuple[int, int]]:
    """Where rows of seven and more digits stand, with what may lead a phone number; separators are part of a row.

    A group of digits that is part of a word does not belong to the row.
    """
    for match in _ROW.finditer(text):
        start, end = match.span()
        if text[end - 1] in "xX" and text[end : end + 1].isdigit():
            end -= 1
        if end < len(text) and text[end] in _GLUE and _EXTENSION.match(text, end) is None:
            end = start + len(match.group().rstrip("0123456789xX").rstrip(_BETWEEN))
        if start and (text[start - 1] in _GLUE or text[start - 1] == "."):
            start = end - len(text[start:end].lstrip("0123456789").lstrip(_BETWEEN))
        if (start, end) != match.span() and sum(map(str.isdigit, text[start:end])) < _LEAST:
            continue
        for lead in "(+(":
            start -= text.startswith(lead, start - 1) if start else 0
        yield start, end


def find_digits(text: str) -> Iterator[Finding]:
    """Cards, identity numbers and phone numbers among the rows of digits in `text`."""
    return among_digits(text, digit_rows(text))


def holds_card(text: str) -> bool:
    """Whether the number of a card stands in `text`."""
    if _CARD_LONG.search(text) is None:
        return False
    return any(found.entity == PAYMENT_ID for found in find_digits(text))


def among_digits(text: str, rows: Iterable[tuple[int, int]]) -> Iterator[Finding]:
    """Cards, identity numbers and phone numbers among those `rows` of `text`."""
    for start, end in rows:
        value = text[start:end]
        entity = _kind_of(value)
        if entity is not None:
            yield Finding(start, end, entity)
        elif " " in value:
            yield from _windows(text, start, end)


def _windows(text: str, start: int, end: int) -> Iterator[Finding]:
    """A number within a longer row of numbers, as in a table: up to five neighbouring groups are tried together.

    A phone number of a country is none where the row goes on with more than a count: it is a piece of an account's number.
    """
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    index = 0
    found: list[Finding] = []
    others = False
    while index < len(groups):
        step = 1
        digits = [end - start for start, end in groups[index : index + 5]]
        entity = None
        for count in range(len(digits), 0, -1):
            if 10 <= sum(digits[:count]) <= 19:
                first, last = groups[index][0], groups[index + count - 1][1]
                entity = _kind_of(text[first:last])
                if entity is not None:
                    found.append(Finding(first, last, entity))
                    step = count
                    break
        others |= entity is None and digits[0] > 2
        index += step
    yield from (one for one in found if not (others and one.entity == PHONE and text[one.start] == "0"))


def _kind_of(value: str) -> str | None:
    groups = _GROUP.findall(value)
    digits = "".join(groups)
    shape = tuple(map(len, groups))
    if value[-1] in "xX":
        return NATIONAL_ID if len(digits) == 17 and len(groups) == 1 and valid_chinese_id(value) else None
    if shape == (18,) and valid_chinese_id(value):
        return NATIONAL_ID
    if 12 <= len(digits) <= 19 and _card_shape(shape) and _issuer(digits) and luhn(digits):
        return PAYMENT_ID
    if shape == (3, 2, 4) and _one_separator(value, "- ") and (valid_ssn(digits) or _itin(digits)):
        return NATIONAL_ID
    if shape in _SWISS and digits.startswith("756") and valid_ean(digits):
        return NATIONAL_ID
    if shape == (3, 3, 3, 2) and value[3::4] == "..-" and brazilian_person(value):
        return NATIONAL_ID
    return PHONE if _phone(value, digits, shape) else None


_SWISS: Final = ((13,), (3, 4, 4, 2))
"""How the number of the Swiss old-age insurance is written."""
_MAESTRO: Final = frozenset((5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763))


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
    if four in _MAESTRO:
        return True
    if four in (1800, 2131):
        return length == 15
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
    if (
        digits[0] == "0" != digits[1]
        and shape in _TRUNK
        and (separators == {" "} or (separators == {"."} and len(digits) == 10))
    ):
        return True
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


def _itin(digits: str) -> bool:
    """Whether the Internal Revenue Service gives such numbers to taxpayers without a social security number."""
    return digits[0] == "9" and (50 <= int(digits[3:5]) <= 65 or 70 <= int(digits[3:5]) <= 99)


def valid_ean(digits: str) -> bool:
    """The check digit of thirteen digits that are weighted 1, 3, 1, 3 … (GS1), as Switzerland's AHV numbers have it.

    >>> valid_ean("7569217076985"), valid_ean("7569217076984")
    (True, False)
    """
    return sum(int(digit) * (1, 3)[index % 2] for index, digit in enumerate(digits)) % 10 == 0


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
