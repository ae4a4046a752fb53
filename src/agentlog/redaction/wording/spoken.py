"""Numbers and names as people say them aloud and a transcript writes them: "four one five, five five five …", "M-I-A"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from agentlog.redaction.entities import CARD_LAST4, DOB, NATIONAL_ID, PAYMENT_ID, PERSON, PHONE, ZIP, Finding
from agentlog.redaction.watching import watched
from agentlog.redaction.words.lists import MONTHS

_DIGITS: Final = {
    word: digit for digit, word in enumerate("zero one two three four five six seven eight nine".split())
} | {"oh": 0}
_TIMES: Final = {"double": 2, "triple": 3}
_SAID: Final = frozenset(_DIGITS)
_ONE: Final = "(?:" + "|".join((*_DIGITS, *_TIMES)) + ")"
_ROW: Final = re.compile(rf"(?<![\w-]){_ONE}(?:[ ,.-]{{1,3}}(?:uh |um |and )?{_ONE}){{3,23}}(?![\w-])", re.ASCII)
_WORD: Final = re.compile("[a-z]+")
_LAST_FOUR: Final = re.compile(r"(?:last four|last 4|ending|ends|social|ssn|pin)(?![a-z])", re.ASCII)
_LENGTHS: Final = (
    (4, CARD_LAST4),
    (5, ZIP),
    (6, NATIONAL_ID),
    (7, PHONE),
    (9, NATIONAL_ID),
    (10, PHONE),
    (12, PAYMENT_ID),
)
"""From how many digits on they are most likely what."""
_NEAR: Final = 80

_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UNITS: Final = "one|two|three|four|five|six|seven|eight|nine"
_ORDINALS: Final = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|"
    "sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|twenty[ -](?:first|second|third|fourth|fifth|sixth|"
    "seventh|eighth|ninth)|thirty[ -]first|[0-3]?[0-9](?:st|nd|rd|th)?"
)
_YEAR: Final = (
    rf"(?:(?:nineteen|twenty)[ -](?:(?:{_TENS})(?:[ -](?:{_UNITS}))?|(?:oh|o)[ -](?:{_UNITS})|ten|eleven|twelve|thirteen|"
    rf"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)|two thousand(?: (?:and )?(?:{_UNITS}|ten|eleven|twelve))?)"
)
_DATE: Final = re.compile(
    rf"(?<![\w-])(?:(?:{'|'.join(MONTHS)}) (?:the )?(?:{_ORDINALS})|(?:the )?(?:{_ORDINALS}) (?:of )?(?:{'|'.join(MONTHS)})),? {_YEAR}(?![\w-])",
    re.ASCII,
)
_CENTURY: Final = frozenset(("nineteen", "thousand", "twenty"))
_BORN: Final = re.compile(r"(?<![a-z])(?:born|birth|birthday|dob|bday)(?![a-z])")

_SPELLED: Final = re.compile(r"(?<![\w-])[A-Z](?:-[A-Z]){1,19}(?![\w-])", re.ASCII)
_SPELLED_LOOK: Final = watched("-(?<=[A-Z]-)[A-Z](?![A-Za-z])")
_SPELLING: Final = re.compile(
    r"(?:spell(?:ed|ing|s)?|spelt|name(?:'s)?|surname|that's|that is|it's)[^.?!\n]{0,16}\Z", re.IGNORECASE
)


def find_spoken(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """What was said digit by digit or letter by letter. `low` is `text` in lower case, `tokens` its words."""
    said = len(tokens & _SAID)
    if said > 1:
        for match in _ROW.finditer(low):
            entity = _entity(match.group(), low[max(0, match.start() - _NEAR) : match.start()])
            if entity is not None:
                yield Finding(*match.span(), entity)
    if not tokens.isdisjoint(_CENTURY) and not tokens.isdisjoint(MONTHS):
        for match in _DATE.finditer(low):
            if _BORN.search(low, max(0, match.start() - _NEAR), match.start()) is not None:
                yield Finding(*match.span(), DOB)
    if _SPELLED_LOOK.search(text) is not None:
        for match in _SPELLED.finditer(text):
            letters = len(match.group()) // 2 + 1
            if letters > 5 or _SPELLING.search(text[max(0, match.start() - 32) : match.start()]) is not None:
                yield Finding(*match.span(), PERSON)


def _entity(row: str, before: str) -> str | None:
    """What a row of spoken digits is, by how many there are; None: somebody counts, or only lists a few."""
    digits: list[int] = []
    times = 1
    for word in _WORD.findall(row):
        if word in _TIMES:
            times = _TIMES[word]
        elif word in _DIGITS:
            digits += [_DIGITS[word]] * times
            times = 1
    steps = {after - digit for digit, after in pairwise(digits)}
    if len(digits) < 4 or (len(steps) == 1 and steps != {0}):
        return None
    if len(digits) == 4 and _LAST_FOUR.search(before) is None:
        return None
    return [entity for least, entity in _LENGTHS if len(digits) >= least][-1]
