"""Values with digits that a phrase next to them gives away: "card ending in 1234", streets, zip codes, dates of birth.

Phrases are searched for literally; a pattern is only tried where one was found.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from agentlog.redaction.dates import find_dates
from agentlog.redaction.entities import ADDRESS, CARD_LAST4, DOB, PAYMENT_ID, PHONE, USER_ID, ZIP, Finding
from agentlog.redaction.identity_cues import find_identity_cues
from agentlog.redaction.secret_cues import find_secret_cues
from agentlog.redaction.text import NUMBERS, occurrences, words_of
from agentlog.redaction.values import idlike
from agentlog.redaction.watching import watched
from agentlog.redaction.words import MONTHS, STREETS


class _Cue(NamedTuple):
    """Phrases, and the pattern of what stands right behind them; its first group is the value."""

    entity: str
    phrases: tuple[tuple[str, str], ...]
    """Each with its first word, that must be in the text at all; "" for a phrase without a word."""
    behind: re.Pattern[str]
    whole: bool = False
    """The phrase itself belongs to the value: "Suite 217"."""


def _cue(entity: str, phrases: str, behind: str, whole: bool = False) -> _Cue:
    parted = tuple((phrase, (words_of(phrase) or [""])[0]) for phrase in phrases.split("|"))
    return _Cue(entity, parted, re.compile(behind, re.ASCII | re.IGNORECASE), whole)


_NO_MORE_DIGITS: Final = r"(?![0-9]|[.,][0-9]|-[0-9])"
_CUES: Final = (
    _cue(
        CARD_LAST4,
        "ending in|ending with|ends in|ends with|last four|last 4",
        r"(?: digits)?(?: of (?:(?:the|my|your|his|her) )?[a-z]{2,12}(?: (?:card|security|account|number)){0,2})?(?: (?:are|is|of))?:?[ *`'\"(#xX•.-]{0,12}([0-9]{4})"
        + _NO_MORE_DIGITS,
    ),
    _cue(
        CARD_LAST4,
        "card|visa|mastercard|amex|discover|****|xxxx|••••",
        r"(?: (?:ending|ends))?[ #*xX•(-]{1,20}([0-9]{4})" + _NO_MORE_DIGITS,
    ),
    _cue(
        CARD_LAST4,
        "account ending|acct ending|number ending|ssn ending",
        r"[ #*xX•(-]{1,20}([0-9]{4})" + _NO_MORE_DIGITS,
    ),
    _cue(
        PAYMENT_ID,
        "card_|giftcard_|certificate_|voucher_|paypal_|bank_|acct_|account_|payment_|pm_|cus_|ba_|src_",
        r"((?=[a-z0-9]{0,40}[0-9])[a-z0-9]{5,48})(?!\w)",
    ),
    _cue(
        PAYMENT_ID,
        "card|cc|certificate|voucher|account|acct|paypal|payment method",
        r"(?: (?:number|no\.?|id))?[ :#`*\"'(]{1,4}([0-9]{6,19})(?![0-9A-Za-z])",
    ),
    _cue(
        USER_ID,
        "user id|user name|userid|username|login|customer id|customer number|member id|member number|membership id|"
        "membership number|employee id|account id|patient id|user|customer",
        r"(?:,? (?:is|it's|it\u2019s|it is|which is|was))?[ :#`*\"'(]{1,4}([#@]?[a-z0-9][\w@+-]{2,63}(?:\.[\w@+-]{1,63}){0,6})",
    ),
    _cue(
        ADDRESS,
        "suite|apt|apartment|unit|ste",
        r"(?:\.? #?|[.#])((?=[0-9a-z-]{0,6}[0-9])[0-9a-z-]{1,8})(?!\w)",
        whole=True,
    ),
    _cue(
        PHONE,
        "contact|phone|mobile|telephone",
        r"(?: (?:number|no\.?))?: {0,2}((?!(?:19|20)[0-9]{2}-[0-9]{2}-)(?=(?:[ ()./-]{0,3}[0-9]){7})[0-9(][0-9 ()./-]{5,24}[0-9(])(?![0-9A-Za-z])",
    ),
    _cue(PHONE, "@ ", r"((?:[2-9][0-9]{9}|\(?[2-9][0-9]{2}\)?[ .-]{0,2}[0-9]{3}[ .-]?[0-9]{4}))(?![0-9A-Za-z])"),
    _cue(ADDRESS, "p.o. box|po box|p. o. box", r" #?([0-9]{1,8})(?![0-9])", whole=True),
)
_PHRASES: Final = tuple((cue, phrase) for cue in _CUES for phrase, _ in cue.phrases)
"""In the order in which they are believed."""
_BY_WORD: Final[dict[str, list[int]]] = {}
"""First word of a phrase → its places in `_PHRASES`."""
for _place, (_, _first) in enumerate(pair for _one in _CUES for pair in _one.phrases):
    _BY_WORD.setdefault(_first, []).append(_place)
_WORDLESS: Final = tuple(_BY_WORD.pop("", ()))
_FIRSTS: Final = frozenset(_BY_WORD)
_CARD_BEFORE: Final = re.compile(
    r"(?<![0-9$€£.,:/-])([0-9]{4}) (?:credit |debit |visa |mastercard |gift )?\Z", re.ASCII | re.IGNORECASE
)
_FIVE: Final = re.compile(r"(?<![0-9])[0-9]{5}(?:-[0-9]{4})?(?![0-9])", re.ASCII)
_STATE: Final = re.compile(
    r"(?:[,\n] ?[A-Z]{2}| (?:A[KRZ]|C[AT]|DC|FL|GA|I[AL]|K[SY]|M[DINOT]|N[CDEHJMVY]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])),? {1,2}\Z",
    re.ASCII,
)
"""A state before a zip code; after a comma any two letters, else none that are a word ("my ID 12345")."""
_FIVE_DIGITS: Final = re.compile("[0-9][0-9]{4}")
_STREET_LOOK: Final = watched("[0-9][A-Za-z]? [A-Z0-9\u00c0-\u00de]")
"""What is necessary for the next one, and begins so that it is found quickly."""
_STREET: Final = re.compile(
    r"(?<![\w-])[0-9]{1,6}[A-Za-z]? (?:[A-Z0-9\u00c0-\u00de][\w'.’-]{0,30} ){1,4}?(?:"
    + "|".join(sorted((word.title() for word in STREETS), key=len, reverse=True))
    + r")(?![\w'’])"
)
_BORN: Final = tuple(
    (phrase, (words_of(phrase) or [""])[0])
    for phrase in (
        "born",
        "dob",
        "d.o.b",
        "date of birth",
        "birth date",
        "birthdate",
        "birthday",
        "bday",
        "b-day",
        "出生",
        "生日",
    )
)
_DAY: Final = re.compile(
    r"[ :=-]{0,4}(?:(?:is|was|on|falls on)(?: on)? )?(?P<day>(?:MONTH)\.? (?:the )?[0-3]?[0-9](?:st|nd|rd|th)?|[0-3]?[0-9](?:st|nd|rd|th)?(?: of)? (?:MONTH))(?![\w-]|[.,:][0-9])".replace(
        "MONTH", "|".join(f"{month}|{month[:3]}" for month in MONTHS) + "|sept"
    ),
    re.ASCII | re.IGNORECASE,
)
"""A birthday without its year."""
_BORN_WORDS: Final = frozenset(first for _, first in _BORN)
_DIGIT: Final = re.compile("[0-9]", re.ASCII)


def find_number_cues(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Values with digits, by the phrases next to them.

    `low` is `text` in lower case, character for character, `tokens` its words.
    """
    if NUMBERS not in tokens and _DIGIT.search(text) is None:
        return
    yield from find_secret_cues(text, low, tokens)
    yield from find_identity_cues(text, low, tokens)
    for place in sorted([*_WORDLESS, *[place for first in _FIRSTS & tokens for place in _BY_WORD[first]]]):
        cue, phrase = _PHRASES[place]
        for at in occurrences(low, phrase) if phrase in low else ():
            found = _behind(text, at, at + len(phrase), cue)
            if found is not None:
                yield found
    if "card" in tokens:
        for at in occurrences(low, "card"):
            match = _CARD_BEFORE.search(text[max(0, at - 20) : at])
            if match is not None:
                yield Finding(max(0, at - 20) + match.start(1), max(0, at - 20) + match.end(1), CARD_LAST4)
    if _FIVE_DIGITS.search(text) is not None:
        zips = [
            Finding(*match.span(), ZIP)
            for match in _FIVE.finditer(text)
            if text[match.start() - 1 : match.start()] == " "
            and _STATE.search(text[max(0, match.start() - 8) : match.start()]) is not None
        ]
        if zips and any(len(token) == 5 and token.isdecimal() for token in tokens):
            yield from zips
    if not tokens.isdisjoint(STREETS) and _STREET_LOOK.search(text) is not None:
        yield from (Finding(*match.span(), ADDRESS) for match in _STREET.finditer(text))
    if not tokens.isdisjoint(_BORN_WORDS):
        for phrase, first in _BORN:
            if first in tokens:
                yield from _births(text, low, phrase)


def _behind(text: str, start: int, end: int, cue: _Cue) -> Finding | None:
    """The value behind the phrase that stands from `start` to `end`."""
    match = cue.behind.match(text, end)
    if match is None:
        return None
    value = match.group(1)
    if cue.entity == USER_ID and (
        not idlike(value) or value[0].isupper() or (value.isdigit() and text[match.end(1) : match.end(1) + 1] == ":")
    ):
        return None
    return Finding(start if cue.whole else match.start(1), match.end(1), cue.entity)


def _births(text: str, low: str, phrase: str) -> Iterator[Finding]:
    """Dates close to a phrase that speaks of birth: behind it, in Chinese before it too."""
    for at in occurrences(low, phrase):
        end = at + len(phrase)
        if text.startswith(('"', "'"), end):
            continue  # a key: its value has been judged
        around = max(0, at - 14) if phrase == "出生" else end
        for first, last, _ in find_dates(text[around : end + 40]):
            if first <= 16:
                yield Finding(around + first, around + last, DOB)
        day = _DAY.match(text, end)
        if day is not None:
            yield Finding(*day.span("day"), DOB)
