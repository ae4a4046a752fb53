"""Messages of hospitals and insurers: HL7 version 2 (`PID|1||…`) and X12 (`NM1*IL*1*…~`), in which only the place tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from agentlog.redaction.documents.fields import Fields
from agentlog.redaction.documents.page import Page
from agentlog.redaction.entities import ADDRESS, DOB, EMAIL, NATIONAL_ID, PHONE, USER_ID, ZIP
from agentlog.redaction.words.name_table import GIVEN, known
from agentlog.redaction.words.spans import Span

_HOSPITAL: Final = re.compile(
    r"(?<![\w|^~&])(PID|NK1|GT1|IN1|IN2|PV1|PD1|MRG|ORC|OBR|STF|ROL)\|((?:[^\r\n\"\\]|\\(?![rn])){2,4000})"
)
_INSURER: Final = re.compile(r"(?:\A|[~\r\n'\"]|\\n)[ \t\r\n]{0,4}(NM1|N3|N4|DMG|PER|REF)\*([^~\r\n\"']{2,400})")
_LEAST_DIGITS: Final = 6

_Kind = Callable[[Fields, str, Span], None]


def read(page: Page) -> None:
    """All segments of such messages in `page`."""
    text = page.text
    if "|" in text and ("PID|" in text or "NK1|" in text or "MSH|" in text):
        for match in _HOSPITAL.finditer(text) if "^" in text or "MSH|" in text else ():
            kinds = _OF_HOSPITALS[match.group(1)]
            for number, field in enumerate(_parts(text, *match.span(2), "|"), 1):
                kind = kinds.get(number, _perhaps_staff)
                for repeated in _parts(text, *field, "~") if field[0] < field[1] else ():
                    kind(page.fields, text, repeated)
    if "*" in text and "NM1*" in text:
        for match in _INSURER.finditer(text):
            elements = list(_parts(text, *match.span(2), "*"))
            _OF_INSURERS[match.group(1)](page.fields, text, elements)


def _parts(text: str, start: int, end: int, mark: str) -> Iterator[Span]:
    while True:
        stop = text.find(mark, start, end)
        yield start, end if stop < 0 else stop
        if stop < 0:
            return
        start = stop + 1


def _components(text: str, span: Span) -> list[Span]:
    """Those of a field; of the parts of one the first says what is meant."""
    return [next(_parts(text, *one, "&")) for one in _parts(text, *span, "^")]


def _digits(text: str, span: Span) -> int:
    return sum(map(str.isdigit, text[slice(*span)]))


# ── HL7 ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _name(fields: Fields, text: str, span: Span, at: int = 0) -> None:
    """`Obiaku^Adaeze^M`; `at`: how many components come before it."""
    parts = _components(text, span)[at:]
    if len(parts) == 1:
        fields.person(*parts[0])
    elif len(parts) > 1:
        fields.couple(parts[1], parts[0])
        if len(parts) > 2 and parts[2][1] - parts[2][0] > 1:
            fields.person(*parts[2])


def _staff(fields: Fields, text: str, span: Span) -> None:
    """`4471^Obiaku^Adaeze`: an id, and a name behind it."""
    parts = _components(text, span)
    if len(parts) > 1:
        _id(fields, text, span, USER_ID)
        _name(fields, text, span, 1)


def _perhaps_staff(fields: Fields, text: str, span: Span) -> None:
    """The same in a field that is another's by the standard, if there is a given name in it."""
    parts = _components(text, span) if text.find("^", *span) >= 0 else []
    if len(parts) > 2 and _digits(text, parts[0]) and known(text[slice(*parts[2])].partition(" ")[0].lower()) & GIVEN:
        _staff(fields, text, span)


def _id(fields: Fields, text: str, span: Span, entity: str = NATIONAL_ID) -> None:
    first = _components(text, span)[0]
    if first[1] - first[0] > 3 and _digits(text, first):
        fields.told(*first, entity)


def _address(fields: Fields, text: str, span: Span) -> None:
    parts = _components(text, span)
    for index, entity in ((0, ADDRESS), (1, ADDRESS), (4, ZIP)):
        if index < len(parts) and parts[index][1] - parts[index][0] > 2:
            fields.told(*parts[index], entity)


def _phone(fields: Fields, text: str, span: Span) -> None:
    for part in _components(text, span):
        if text.find("@", *part) >= 0:
            fields.told(*part, EMAIL)
        elif _digits(text, part) >= _LEAST_DIGITS:
            fields.told(*part, PHONE)


def _birth(fields: Fields, text: str, span: Span) -> None:
    if _digits(text, span) >= _LEAST_DIGITS:
        fields.told(*span, DOB)


_OF_HOSPITALS: Final[dict[str, dict[int, _Kind]]] = {
    "PID": {
        2: _id, 3: _id, 4: _id, 5: _name, 6: _name, 7: _birth, 9: _name, 11: _address, 13: _phone, 14: _phone, 18: _id, 19: _id, 20: _id, 21: _id,
    },
    "NK1": {2: _name, 4: _address, 5: _phone, 6: _phone, 12: _id, 16: _birth, 30: _name, 31: _phone, 32: _address, 37: _id},
    "GT1": {2: _id, 3: _name, 4: _name, 5: _address, 6: _phone, 7: _phone, 8: _birth, 12: _id, 17: _address, 18: _phone},
    "IN1": {16: _name, 18: _birth, 19: _address, 36: _id, 49: _id},
    "IN2": {2: _id, 6: _id, 8: _id, 61: _id, 63: _phone},
    "PV1": {7: _staff, 8: _staff, 9: _staff, 17: _staff, 19: _id},
    "PD1": {4: _staff},
    "MRG": {1: _id, 3: _id, 4: _id, 7: _name},
    "ORC": {10: _staff, 11: _staff, 12: _staff, 14: _phone},
    "OBR": {10: _staff, 16: _staff, 17: _phone, 28: _staff},
    "STF": {1: _id, 3: _name, 6: _birth, 10: _phone, 11: _address},
    "ROL": {4: _staff, 11: _address, 12: _phone},
}  # fmt: skip
"""What the fields of a segment hold, by their number."""


# ── X12 ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_NUMBERS: Final = {"TE": PHONE, "FX": PHONE, "CP": PHONE, "HP": PHONE, "WP": PHONE, "EM": EMAIL}
_OF_PEOPLE: Final = frozenset(("SY", "0F", "1W", "1L", "23", "EJ", "34", "MI", "ZZ", "II", "XX"))
"""Qualifiers of numbers of people: of the state, of the insured, of the patient, of who treats them."""


def _party(fields: Fields, text: str, elements: list[Span]) -> None:
    """`IL*1*OBIAKU*ADAEZE*M***MI*W1234`: 1 is a person, 2 a firm."""
    if len(elements) < 3 or text[slice(*elements[1])] != "1":
        return
    if len(elements) > 3 and elements[3][0] < elements[3][1]:
        fields.couple(elements[3], elements[2])
    else:
        fields.person(*elements[2])
    if len(elements) > 4 and elements[4][1] - elements[4][0] > 1:
        fields.person(*elements[4])
    if len(elements) > 8 and text[slice(*elements[7])] in _OF_PEOPLE:
        fields.told(*elements[8], NATIONAL_ID)


def _streets(fields: Fields, text: str, elements: list[Span]) -> None:
    for element in elements[:2]:
        if element[1] - element[0] > 2:
            fields.told(*element, ADDRESS)


def _town(fields: Fields, text: str, elements: list[Span]) -> None:
    if len(elements) > 2 and _digits(text, elements[2]) > 2:
        fields.told(*elements[2], ZIP)


def _born(fields: Fields, text: str, elements: list[Span]) -> None:
    if len(elements) > 1 and _digits(text, elements[1]) >= _LEAST_DIGITS:
        fields.told(*elements[1], DOB)


def _contact(fields: Fields, text: str, elements: list[Span]) -> None:
    if len(elements) > 1:
        fields.person(*elements[1])
    for kind, value in zip(elements[2::2], elements[3::2], strict=False):
        entity = _NUMBERS.get(text[slice(*kind)])
        if entity is not None and value[0] < value[1]:
            fields.told(*value, entity)


def _number(fields: Fields, text: str, elements: list[Span]) -> None:
    if len(elements) > 1 and text[slice(*elements[0])] in _OF_PEOPLE and _digits(text, elements[1]) > 3:
        fields.told(*elements[1], NATIONAL_ID)


_OF_INSURERS: Final[dict[str, Callable[[Fields, str, list[Span]], None]]] = {
    "NM1": _party, "N3": _streets, "N4": _town, "DMG": _born, "PER": _contact, "REF": _number,
}  # fmt: skip
