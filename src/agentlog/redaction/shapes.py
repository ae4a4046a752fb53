"""Values judged by their looks alone, where the key says nothing: the strict mode for schemas that nobody has seen before.

It errs on the side of taking too much. What keeps it usable are the words of keys that programs use for their own things
(`flight_number`, `model`, `sku`, `created_at`): what lies under those is left to the ordinary rules.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from agentlog.redaction.dates import meanings
from agentlog.redaction.entities import ADDRESS, CARD_LAST4, DOB, PAYMENT_ID, PERSON, PHONE, USER_ID, ZIP
from agentlog.redaction.languages.zh import chinese_name_at
from agentlog.redaction.values import empty, idlike
from agentlog.redaction.words import ORDINARY, ORGANISATION, STREETS, UNITS

_PROGRAM: Final = frozenset(
    """flight airport airline origin destination aircraft gate seat cabin fare class product item sku variant model engine
    version build commit hash sha md5 checksum digest etag trace span request response tool function session thread
    event job task run step batch queue topic channel shard node host hostname pod cluster namespace image container
    service deployment release branch tag tags category type kind status state code codes error level severity priority
    currency locale language lang timezone tz unit units format mime encoding color colour size weight height width length
    price cost amount total subtotal balance tax fee discount quantity qty count number_of limit offset page index rank
    score rating percent percentage ratio rate duration timeout interval latency timestamp created updated modified
    deleted started ended expires expiry expiration date time datetime day month year week departure arrival depart arrive
    scheduled estimated actual until due url uri link href path file filename folder directory
    extension icon title description summary note notes comment message text content body label option options
    options policy plan tier brand make material features feature enabled available availability coupon promo campaign
    warehouse inventory stock carrier shipping_method method source target reason result results metadata
    schema table column field query sql command script module package library framework runtime platform os browser
    device latitude longitude lat lon lng coordinates city state country region province county continent company
    organization organisation department team role position job currency_code iata icao order reservation booking
    confirmation tracking invoice ticket case transaction shipment claim receipt quote subscription contract
    opened closed joined since hired registered issued valid activated enrolled launched founded purchased shipped delivered""".split()
)
"""Words that say: this is the program's own, or a thing's, and nobody's."""
_GENERIC: Final = frozenset(
    "id ids name names number no nr code key value values data item items entry entries ref uid".split()
)
_ID: Final = re.compile(
    r"(?=[^A-Za-z]{0,40}[A-Za-z])(?=[^0-9]{0,40}[0-9])[A-Za-z0-9][A-Za-z0-9_.#-]{3,39}|[0-9]{6,19}", re.ASCII
)
_PLAIN: Final = re.compile(
    r"v?[0-9]+(?:\.[0-9A-Za-z-]+){1,4}|[0-9]+(?:\.[0-9]+)?[A-Za-z%]{1,4}|[A-Za-z]{1,3}[0-9]{1,3}"
    r"|[A-Za-z]{1,8}(?:[-_.][A-Za-z]{1,12}){0,4}[-_.]?[0-9]{1,2}|[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}|[0-9a-f]{32,64}"
    r"|[0-9]{4}-[0-9]{2}.{0,40}|[0-9]{2}:[0-9]{2}.{0,20}|[A-Z]{2,3}[-_]?[0-9]{2,4}",
    re.ASCII,
)
"""Ids and sizes of things: versions, `128GB`, `HAT170`, UUIDs, hashes, times in seconds since 1970."""
_NAME: Final = re.compile(r"[^\W\d_a-z][a-z\u00df-\u024f]{1,19}(?:['\u2019-][^\W\d_]{1,19}){0,2}")
"""One word with a capital letter: half of a name has to be taken for one where its key does not say so."""
_STREET: Final = re.compile(
    r"(?:[A-Z]?[0-9]{1,6}[A-Za-z]?,? [^\n]{3,120}|[^\n0-9]{3,60}[ ,]{1,2}[0-9]{1,6}[A-Za-z]?(?:,[^\n]{0,80})?)"
)
_LETTER_WORDS: Final = re.compile(r"[^\W\d_]+")
_BARE_STREET: Final = re.compile(
    r"[0-9]{1,6}[A-Z]?((?: [^\W\d_a-z][^\W\d_]{1,20}){1,4})(?:,? [A-Za-z]{2,6}\.? [0-9]{1,5}[A-Z]?)?(?:, ?[^\n]{2,80})?"
)
"""A house number and names, whatever the last of them is: `8 Harbour Rise`, `8 Mill Rest Apt. 3`."""
_NUMBERED: Final = re.compile(r"[+(]?[0-9](?:[ ().-]{0,2}[0-9]){8,14}", re.ASCII)
_NAMES: Final = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:[ '\u2019.-]{1,2}[^\W\d_a-z][^\W\d_]*){1,3}\.?")
"""Two to four words with capital letters, of which one at least has to be none of the language's."""
_LOGIN: Final = re.compile(r"([a-z]{4,20})[_.]?[0-9]{2,4}", re.ASCII)
_COMMA_NAME: Final = re.compile(r"([^\W\d_][^\W\d_'\u2019 -]{1,30}), ([^\W\d_][^\W\d_'\u2019. -]{1,30})")
_TIME: Final = re.compile(r"1[0-9]{9}|1[0-9]{12}", re.ASCII)
"""Seconds or milliseconds since 1970, as bare numbers are."""
_NO_NAME: Final = re.compile(
    r".{2,}(?:[ts]ion|ology|ness|ility|ivity|ality|mance|ement|able|ible|ship|graphy|metry|iatry|istry)"
)
_LONGEST: Final = 120
_GROWN_UP_BEFORE: Final = 2010


@lru_cache(20_000)
def programs_own(words: tuple[str, ...]) -> bool:
    """Whether a key of these words is about the program or about things."""
    return any(word in _PROGRAM or (word.endswith("s") and word[:-1] in _PROGRAM) for word in words)


def generic(words: tuple[str, ...]) -> bool:
    """Whether a key of these words says only that there is a value: what lies around it has to say more."""
    return all(word in _GENERIC for word in words)


def key_shape(key: str) -> str | None:
    """The entity of a key that is a value itself: an id, or somebody's name."""
    entity = shape(key)
    return entity if entity == USER_ID or (entity == PERSON and " " in key) else None


def shape(value: str) -> str | None:
    """The entity of a string that stands in JSON under a key that says nothing, or None.

    >>> shape("Mia Li"), shape("77 Elm Street"), shape("mia_li_3668"), shape("1985-03-05"), shape("in stock")
    ('PERSON', 'ADDRESS', 'USER_ID', 'DOB', None)
    """
    value = value.strip()
    if not 2 <= len(value) <= _LONGEST or empty(value):
        return None
    if _NAME.fullmatch(value) is not None:
        return PERSON if _may_be_name(value) else None
    if chinese_name_at(value, 0) == (0, len(value)):
        return PERSON
    if len(value) < 4:
        return None
    words = [word.lower() for word in _LETTER_WORDS.findall(value)]
    if value[0].isdigit() and meanings(value):
        return DOB if _long_ago(value) else None
    if value.isascii() and value.isdigit():
        return _digits(value)
    if _NAMES.fullmatch(value) is not None and not set(words) & ORGANISATION and any(map(_may_be_name, words)):
        return PERSON
    comma = _COMMA_NAME.fullmatch(value)
    if comma is not None and all(part[0].isupper() and _may_be_name(part) for part in comma.groups()):
        return PERSON
    if _STREET.fullmatch(value) is not None and set(words) & (STREETS | UNITS) and any(map(_unusual, words)):
        return ADDRESS
    street = _BARE_STREET.fullmatch(value)
    if street is not None and any(map(_unusual, street.group(1).lower().split())):
        return ADDRESS
    if _NUMBERED.fullmatch(value) is not None:
        return PHONE
    login = _LOGIN.fullmatch(value)
    if login is not None and login.group(1) not in ORDINARY:
        return USER_ID
    if idlike(value) and _ID.fullmatch(value) is not None and _PLAIN.fullmatch(value) is None:
        return USER_ID
    return None


def half_name(value: str) -> bool:
    """Whether a string with the shape of a name is one word: somebody's given name, or anything else with a capital."""
    return _NAME.fullmatch(value.strip()) is not None


def number_shape(word: str) -> str | None:
    """The entity of a bare number that stands in JSON under a key that says nothing: long ones are somebody's account."""
    return PAYMENT_ID if len(word) >= 9 and word.isdigit() and _TIME.fullmatch(word) is None else None


def _may_be_name(word: str) -> bool:
    low = word.lower()
    return low not in ORDINARY and low not in ORGANISATION and _NO_NAME.fullmatch(low) is None


def _unusual(word: str) -> bool:
    return len(word) > 2 and word not in ORDINARY


def _digits(value: str) -> str | None:
    if len(value) == 4:
        return None if value[:2] in ("19", "20") or value[2:] == "00" else CARD_LAST4
    if len(value) == 5:
        return ZIP
    return USER_ID if len(value) <= 19 and _PLAIN.fullmatch(value) is None else None


def _long_ago(value: str) -> bool:
    return any(date[:4].isdigit() and 1900 < int(date[:4]) < _GROWN_UP_BEFORE for date in meanings(value))
