"""Values judged by their looks alone, where the key says nothing: the strict mode for schemas that nobody has seen before.

It errs on the side of taking too much. What keeps it usable are the words of keys that programs use for their own things
(`flight_number`, `model`, `sku`, `created_at`): what lies under those is left to the ordinary rules.
"""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.entities import ADDRESS, CARD_LAST4, DOB, PAYMENT_ID, PERSON, PHONE, USER_ID, ZIP
from agentlog.redaction.keys.values import empty, idlike, only_a_word, person_like
from agentlog.redaction.languages.dates import meanings
from agentlog.redaction.languages.zh_names import chinese_name_at
from agentlog.redaction.words.lists import (
    ORDINARY,
    ORGANISATION,
    PARTICLES,
    STREET_ENDS,
    STREETS,
    STREETS_ABROAD,
    TITLES,
    UNITS,
)
from agentlog.redaction.words.name_table import FREQUENT, GIVEN, NAME, PLACE, WORD, known

_ID: Final = re.compile(
    r"(?=[^A-Za-z]{0,40}[A-Za-z])(?=[^0-9]{0,40}[0-9])[A-Za-z0-9][A-Za-z0-9_.#-]{3,39}|[0-9]{6,19}", re.ASCII
)
_PLAIN: Final = re.compile(
    r"v?[0-9]+(?:\.[0-9A-Za-z-]+){1,4}|[0-9]+(?:\.[0-9]+)?[A-Za-z%]{1,4}|[A-Za-z]{1,3}[0-9]{1,3}"
    r"|[A-Za-z]{1,8}(?:[-_.][A-Za-z]{1,12}){0,4}[-_.]?[0-9]{1,2}|[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}|[0-9a-f]{32,64}"
    r"|(?=[0-9]{0,7}[a-f])[0-9a-f]{2,8}|[A-Za-z]{1,20}(?:[-_.][A-Za-z]{1,20}){0,4}[-_.]?[0-9]+(?:\.[0-9]+)+[A-Za-z]?"
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
_STREET_WORDS: Final = STREETS | STREETS_ABROAD | UNITS
_LONGEST: Final = 120
_GROWN_UP_BEFORE: Final = 2010


def key_shape(key: str) -> str | None:
    """The entity of a key that is a value itself: an id, or somebody's name."""
    entity = shape(key) if key.count(" ") or sum(map(str.isdigit, key)) > 2 else None
    return entity if entity == USER_ID or (entity == PERSON and " " in key) else None


def shape(value: str) -> str | None:
    """The entity of a string that stands in JSON under a key that says nothing, or None.

    >>> shape("Mia Li"), shape("77 Elm Street"), shape("mia_li_3668"), shape("1985-03-05"), shape("in stock")
    ('PERSON', 'ADDRESS', 'USER_ID', 'DOB', None)
    """
    value = value.strip()
    if not 2 <= len(value) <= _LONGEST or empty(value) or value.lower().rstrip(".") in TITLES:
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
        short = value[-3:].isupper() and not value.isupper()  # `Firefox ESR`
        return None if short or any(map(only_a_word, words)) or known("_".join(words)) & PLACE else PERSON
    comma = _COMMA_NAME.fullmatch(value)
    if comma is not None and all(part[0].isupper() and _may_be_name(part) for part in comma.groups()):
        return PERSON
    if _STREET.fullmatch(value) is not None and _of_street(words) and any(map(_unusual, words)):
        return ADDRESS
    street = _BARE_STREET.fullmatch(value)
    if street is not None and any(map(_unusual, street.group(1).lower().split())):
        return ADDRESS
    if _NUMBERED.fullmatch(value) is not None:
        return PHONE
    login = _LOGIN.fullmatch(value)
    if login is not None and login.group(1) not in ORDINARY:
        return USER_ID
    if (
        _ID.fullmatch(value) is not None
        and _PLAIN.fullmatch(value) is None
        and sum(map(str.isdigit, value)) > 2
        and idlike(value)
    ):
        return USER_ID
    return None


def likely(value: str) -> str | None:
    """The entity of a string under a key that says nothing, in the record of somebody: only what is hardly anything else.

    >>> likely("Mia Li"), likely("Mia"), likely("Gold Tier"), likely("1985-03-05"), likely("77 Elm Street")
    ('PERSON', 'PERSON', None, 'DOB', 'ADDRESS')
    """
    entity = shape(value)
    if entity == PERSON:
        return PERSON if likely_name(value.strip()) else None
    return entity if entity in (ADDRESS, DOB, PHONE, USER_ID) else None


_FOUR: Final = re.compile("[0-9]{4}", re.ASCII)
_CODE: Final = re.compile(
    r"[0-9]{4,5}(?:-[0-9]{3,4})?|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]", re.ASCII
)


def likely_beside(value: str, found: set[str]) -> str | None:
    """The entity of a code that only what stands beside it tells: a postal code beside a street, four digits beside a card.

    >>> likely_beside("94103", {"ADDRESS"}), likely_beside("94103", {"EMAIL"})
    ('ZIP', None)
    """
    if PAYMENT_ID in found and _FOUR.fullmatch(value) is not None:
        return CARD_LAST4
    return ZIP if ADDRESS in found and _CODE.fullmatch(value) is not None else None


def speaks_of_somebody(values: list[str]) -> bool:
    """Whether values of one object are somebody's by their looks alone: a name beside a street or a date long ago.

    >>> speaks_of_somebody(["Mia Perkins", "1985-03-05"]), speaks_of_somebody(["Mia Perkins", "Gold Tier"])
    (True, False)
    """
    found, words = set(), 0
    for value in values:
        entity = likely(value)
        if entity == PERSON and " " not in value.strip() and value < "\u3041":
            entity = "GIVEN" if known(value.strip().lower()) & GIVEN else "FAMILY"
        words += entity is None and could_be_name(value)
        found.add(entity)
        if len(found & {PERSON, ADDRESS, DOB, PHONE, "GIVEN", "FAMILY"}) + (words > 1) > 1:
            return True
    return False


def could_be_name(value: str) -> bool:
    """Whether one word with a capital letter may be half of a name, in the record of somebody: Lee, Mason, Daiki."""
    if _NAME.fullmatch(value) is None:
        return False
    low = value.lower()
    if low in TITLES:
        return False
    kind = known(low)
    return kind & (FREQUENT | PLACE) == FREQUENT if kind else len(low) > 2 and _may_be_name(low)


def name_in_record(value: str) -> bool:
    """Whether a value under `name`, beside something personal, is somebody's: not a package's whose author is named.

    >>> name_in_record("Mia Li"), name_in_record("Zoltan"), name_in_record("serde-core"), name_in_record("Grand Hotel")
    (True, True, False, False)
    """
    if person_like(value):
        return True
    words = [word for word in _LETTER_WORDS.findall(value) if word.lower() not in PARTICLES]
    for word in words:
        kind = known(word.lower())
        if kind & WORD if kind & NAME else (word[0].islower() or not _may_be_name(word)):
            return False
    return bool(words)


def likely_name(value: str) -> bool:
    """Whether a string with the shape of a name is one: some word of it is borne by people and means nothing else."""
    words = [word.lower() for word in _LETTER_WORDS.findall(value)]
    kinds = [known(word) for word in words]
    names = [kind for kind in kinds if kind & NAME and not kind & WORD and (kind & GIVEN or not kind & PLACE)]
    if len(words) == 1:
        return bool(names) and (not kinds[0] & PLACE or bool(kinds[0] & FREQUENT))
    return value >= "\u3041" or (bool(names) and not any(map(only_a_word, words)))


def half_name(value: str) -> bool:
    """Whether a string with the shape of a name is one word: somebody's given name, or anything else with a capital."""
    return _NAME.fullmatch(value.strip()) is not None


def number_shape(word: str) -> str | None:
    """The entity of a bare number that stands in JSON under a key that says nothing: long ones are somebody's account."""
    return PAYMENT_ID if len(word) >= 9 and word.isdigit() and _TIME.fullmatch(word) is None else None


def _may_be_name(word: str) -> bool:
    low = word.lower()
    return low not in ORDINARY and low not in ORGANISATION and not only_a_word(low) and _NO_NAME.fullmatch(low) is None


def _of_street(words: list[str]) -> bool:
    if not set(words).isdisjoint(_STREET_WORDS):
        return True
    return any(len(word) > 6 and word.endswith(STREET_ENDS) and not only_a_word(word) for word in words)


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
