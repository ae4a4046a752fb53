"""The kinds of personal values there are, and what is written in their place.

A placeholder is `<ENTITY_NUMBER>` or `<ENTITY_NUMBER_PART>`: one thing has one number within a trace, and the part behind
it says which piece of the thing stood there. "Mia Li" becomes `<PERSON_1_GIVEN> <PERSON_1_FAMILY>`, and a later "Mia"
becomes `<PERSON_1_GIVEN>`: words are exchanged one for one, so whatever could be copied from a text before can be copied
after.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

PERSON: Final = "PERSON"
EMAIL: Final = "EMAIL"
PHONE: Final = "PHONE"
ADDRESS: Final = "ADDRESS"
ZIP: Final = "ZIP"
ORGANIZATION: Final = "ORGANIZATION"
DOB: Final = "DOB"
NATIONAL_ID: Final = "NATIONAL_ID"
PAYMENT_ID: Final = "PAYMENT_ID"
CARD_LAST4: Final = "CARD_LAST4"
USER_ID: Final = "USER_ID"
SECRET: Final = "SECRET"
IP: Final = "IP"
MAC: Final = "MAC"
BLOB: Final = "BLOB"
APP_ID: Final = "APP_ID"
LOCATION: Final = "LOCATION"
DATE: Final = "DATE"
AGE: Final = "AGE"
NATIONALITY: Final = "NATIONALITY"
URL: Final = "URL"

ENTITIES: Final[dict[str, str]] = {
    PERSON: "names of people: given, middle, family",
    EMAIL: "e-mail addresses",
    PHONE: "phone numbers",
    ADDRESS: "streets, flats, whole postal addresses (a city alone is none)",
    ZIP: "postal codes",
    ORGANIZATION: "companies whose legal form says so; only Chinese ones (有限公司) are looked for",
    DOB: "dates of birth, in any spelling",
    NATIONAL_ID: "social security, identity card, passport, tax, licence and health numbers",
    PAYMENT_ID: "cards, bank accounts, IBANs, ids of payment methods",
    CARD_LAST4: "the last four digits of a card",
    USER_ID: "ids and login names of people, also in the paths of their home folders",
    SECRET: "passwords, keys, tokens, cookies",
    IP: "IP addresses (not loopback)",
    MAC: "hardware addresses of network cards",
    BLOB: "files inside text: data: URLs and long runs of base64",
    APP_ID: "order, booking, ticket, invoice and case ids; only with app_ids=True",
    LOCATION: "cities, states, countries; only where entities= names it",
    DATE: "dates and times of day other than of birth; only where entities= names it",
    AGE: "ages of people; only where entities= names it",
    NATIONALITY: "nationalities and religions; only where entities= names it",
    URL: "web addresses; only where entities= names it",
}
"""Entity → what it covers. `RedactionPolicy` takes these names."""

OPTIONAL: Final = frozenset((LOCATION, DATE, AGE, NATIONALITY, URL))
"""Not looked for unless a policy's `entities` names them."""

GIVEN: Final = "GIVEN"
MIDDLE: Final = "MIDDLE"
FAMILY: Final = "FAMILY"
LOCAL: Final = "LOCAL"
"""The part of an e-mail address before the @, where it stands alone."""
NUMBER: Final = "NUMBER"
"""What stood there was a number of JSON: `{"zip": 94110}` becomes `{"zip": "<ZIP_1_NUMBER>"}`."""

PLACEHOLDER: Final = re.compile(r"<([A-Z][A-Z0-9_]*?)_([0-9]{1,7})(?:_([A-Z]+))?>")
"""Entity, number and part of a placeholder of a thing."""
QUOTED_NUMBER: Final = re.compile(rf"""(\\*")(<[A-Z][A-Z0-9_]*?_[0-9]{{1,7}}_{NUMBER}>)\1""")
"""The placeholder of a number of JSON, second, between the quotes that keep the JSON valid; in JSON within JSON they are escaped."""


def number_label(label: str) -> str:
    """The placeholder `label` where a number stood.

    >>> number_label("<ZIP_1>")
    '<ZIP_1_NUMBER>'
    """
    return PLACEHOLDER.sub(rf"<\1_\2_{NUMBER}>", label)


def numbers_in(text: str) -> dict[str, int]:
    """The highest number that placeholders in `text` have, by entity: somebody has redacted it before.

    >>> numbers_in("<PERSON_4_GIVEN> asked <PERSON_2> for <ORDER>")
    {'PERSON': 4}
    """
    highest: dict[str, int] = {}
    for entity, number, _ in PLACEHOLDER.findall(text) if "<" in text else ():
        highest[entity] = max(int(number), highest.get(entity, 0))
    return highest


class Finding(NamedTuple):
    """A place in a text that holds something personal. Offsets, never words, so that it can be cached."""

    start: int
    end: int
    entity: str
    part: str = ""
    """`GIVEN`, `FAMILY` or "": what a key says of a name."""
    escaped: bool = False
    """The text there is the inside of a JSON string and has to be unescaped to get the value."""
    how: str = ""
    """The way of `disguises.WAYS` in which the text has to be read for the value to be seen …"""
    seen: tuple[int, int] = (0, 0)
    """… and where the value stands in that reading."""


def failed_shape(value: object) -> str:
    """What stands for a value that could not be redacted: its type and length, none of its words.

    >>> failed_shape("my name is Mia")
    '<REDACTION_FAILED type=str len=14>'
    """
    length = f" len={len(value)}" if isinstance(value, str | bytes | list | tuple | dict) else ""
    return f"<REDACTION_FAILED type={type(value).__name__}{length}>"
