"""Values with digits that a phrase next to them gives away: "card ending in 1234", streets, zip codes, dates of birth.

Phrases are searched for literally; a pattern is only tried where one was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from agentlog.redaction.entities import ADDRESS, CARD_LAST4, DOB, NATIONAL_ID, PAYMENT_ID, PHONE, USER_ID, ZIP, Finding
from agentlog.redaction.keys.values import idlike
from agentlog.redaction.languages.dates import find_dates
from agentlog.redaction.wording.card_cues import paid_with
from agentlog.redaction.wording.identity_cues import find_identity_cues
from agentlog.redaction.wording.outlines import outline
from agentlog.redaction.wording.places import find_streets
from agentlog.redaction.wording.secret_cues import find_secret_cues
from agentlog.redaction.wording.towns import CANADA, UNITED_KINGDOM
from agentlog.redaction.words.lists import MONTHS
from agentlog.redaction.words.text import NUMBERS, occurrences, words_of


class _Cue(NamedTuple):
    """Phrases, and the pattern of what stands right behind them; its first group is the value."""

    entity: str
    phrases: tuple[tuple[str, str], ...]
    """Each with its first word, that must be in the text at all; "" for a phrase without a word."""
    behind: re.Pattern[str]
    whole: bool = False
    """The phrase itself belongs to the value: "Suite 217"."""
    card: bool = False
    """The word may mean other cards, or a voyage: see `paid_with`."""


def _cue(entity: str, phrases: str, behind: str, whole: bool = False, card: bool = False) -> _Cue:
    parted = tuple((phrase, (words_of(phrase) or [""])[0]) for phrase in phrases.split("|"))
    return _Cue(entity, parted, re.compile(behind, re.ASCII | re.IGNORECASE), whole, card)


_NO_MORE_DIGITS: Final = r"(?![0-9]|[.,][0-9]|-[0-9])"
_LAST_FOUR: Final = r"[ #*xX•(-]{1,20}([0-9]{4})" + _NO_MORE_DIGITS
_GOES_ON: Final = (
    "and|or|in|is|was|are|for|if|but|so|to|the|at|on|please|pls|plz|thanks|thx|near|with|instead|not|area|my|we|i|as|now|only|then|right|"
    "there|here|which|where|y|e|et|und|en|à|a|o|ou|oder|bitte|por|merci"
)
"""Small words with which a sentence goes on behind a postal code; any other says what there are so many of."""
_CODE: Final = (
    r"([0-9]{5}(?:-[0-9]{3,4})?|[0-9]{3}-[0-9]{4}|[0-9]{8}|[0-9]{4}(?: ?[A-Z]{2})?(?:-[0-9]{3})?|[0-9]{6}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}"
    rf"|{UNITED_KINGDOM}|{CANADA}|[A-Z][0-9][0-9W] ?[0-9A-Z]{{4}})"
    rf"(?![\w%]|[.,-][0-9])(?![ ](?-i:(?!(?:{_GOES_ON})\b)[a-z]))"
)
"""A postal code, behind which no count goes on: "zip 94110 files"."""
_CUES: Final = (
    _cue(
        CARD_LAST4,
        "ending in|ending with|ends in|ends with|last four|last 4",
        r"(?: digits)?(?: of (?:(?:the|my|your|his|her) )?[a-z]{2,12}(?: (?:card|security|account|number)){0,2})?(?: (?:are|is|of))?:?[ *`'\"(#xX•.-]{0,12}([0-9]{4})"
        + _NO_MORE_DIGITS,
    ),
    _cue(
        CARD_LAST4,
        "card|visa|mastercard|amex|discover",
        r"(?: (?:ending|ends))?" + _LAST_FOUR,
        card=True,
    ),
    _cue(CARD_LAST4, "****|xxxx|••••", r"(?: (?:ending|ends))?" + _LAST_FOUR),
    _cue(
        CARD_LAST4,
        "account ending|acct ending|number ending|ssn ending",
        _LAST_FOUR,
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
    _cue(
        ZIP,
        "zip|zips|zip code|zip-code|zipcode|postcode|post code|postal code|postalcode|eircode|plz|postleitzahl|code postal|"
        "código postal|codigo postal|codice postale|kod pocztowy|postnummer|psč",
        r"(?: (?:code|is|number|no\.?))?[ :#=]{1,3}" + _CODE,
    ),
    _cue(ZIP, "cp|cap|cep", r"(?-i:(?<=CP)|(?<=CAP)|(?<=CEP))[ :]{1,2}(?=[0-9]{5}|[0-9]{4}-)" + _CODE),
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
_PAIRS_LOOKS: Final = (b"99 99 99 99 99", b"99.99.99.99.99", b"99-99-99-99-99")
_PAIRS: Final = re.compile(
    r"^[ \t>*•-]{0,6}(0[1-9](?P<mark>[ .-])[0-9]{2}(?:(?P=mark)[0-9]{2}){3})[ \t]{0,4}[.!]?$", re.ASCII | re.MULTILINE
)
"""A phone number as the French write it, on a line of its own."""
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
_INSURANCE: Final = re.compile(
    r"(?<![0-9A-Za-z-])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] [0-9]{2} [0-9]{2} [0-9]{2} [A-D](?![0-9A-Za-z-])", re.ASCII
)
"""A National Insurance number of the United Kingdom, in pairs."""
_BEFORE_BIRTHDAY: Final = re.compile(r" (?:is|was) (?:my|his|her|their|your|our) \Z")
"""Between a date and the word for what it is: "1985-01-01 is my birthday"."""
_BORN_WORDS: Final = frozenset(first for _, first in _BORN)
_DIGIT: Final = re.compile("[0-9]", re.ASCII)


def find_number_cues(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Values with digits, by the phrases next to them.

    `low` is `text` in lower case, character for character, `tokens` its words.
    """
    yield from find_secret_cues(text, low, tokens)
    if NUMBERS not in tokens and _DIGIT.search(text) is None:
        return
    yield from find_identity_cues(text, low, tokens)
    for place in sorted([*_WORDLESS, *[place for first in _FIRSTS & tokens for place in _BY_WORD[first]]]):
        cue, phrase = _PHRASES[place]
        for at in occurrences(low, phrase) if phrase in low else ():
            found = _behind(text, at, at + len(phrase), cue)
            if found is not None and (
                not cue.card or paid_with(text, low, tokens, at, at + len(phrase), (found.start, found.end))
            ):
                yield found
    if "card" in tokens:
        for at in occurrences(low, "card"):
            match = _CARD_BEFORE.search(text, max(0, at - 20), at)
            if match is not None and paid_with(text, low, tokens, at, at + 4, match.span(1)):
                yield Finding(*match.span(1), CARD_LAST4)
    shape = outline(text)
    if b" 99999" in shape:
        zips = [
            Finding(*match.span(), ZIP)
            for match in _FIVE.finditer(text)
            if text[match.start() - 1 : match.start()] == " "
            and _STATE.search(text[max(0, match.start() - 8) : match.start()]) is not None
        ]
        if zips and any(len(token) == 5 and token.isdecimal() for token in tokens):
            yield from zips
    if b"AA 99 99 99 A" in shape:
        yield from (Finding(*match.span(), NATIONAL_ID) for match in _INSURANCE.finditer(text))
    yield from find_streets(text, tokens)
    if any(look in shape for look in _PAIRS_LOOKS):
        for match in _PAIRS.finditer(text):
            pairs = [int(pair) for pair in match.group(1).split(match.group("mark"))]
            if len({after - before for before, after in pairwise(pairs)}) > 1:
                yield Finding(*match.span(1), PHONE)
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
        before = _BEFORE_BIRTHDAY.search(text, max(0, at - 16), at)
        if before is not None:
            stretch = max(0, before.start() - 24)
            for first, last, _ in find_dates(text[stretch : before.start()]):
                if stretch + last == before.start():
                    yield Finding(stretch + first, stretch + last, DOB)
        day = _DAY.match(text, end)
        if day is not None:
            yield Finding(*day.span("day"), DOB)
