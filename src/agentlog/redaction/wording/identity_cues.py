"""Numbers that identify a person by what is said before them: "MRN 4458812", "passport no. C01X00T47", "CVV is 123".

What stands behind a colon or an equals sign is judged by the word rules of keys; in a sentence there is often neither. A
number counts by its cue, whatever its check digits say: people mistype, and a wrong number is still somebody's.
"""

# ruff: noqa: RUF001 - letters of other alphabets are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from agentlog.redaction.entities import Finding
from agentlog.redaction.wording.identity_kinds import KINDS, Kind
from agentlog.redaction.wording.state_numbers import COUNTED, OFTEN
from agentlog.redaction.words.lists import COMMON
from agentlog.redaction.words.name_table import is_word
from agentlog.redaction.words.text import words_of

_FOLLOWS: Final = (
    r"(?:[ -]?(?:number|nummer|n[uú]mero|numaras[iı]|num\.?|no\.?|nr\.?|id|identifier|identification|code|kod|#|№)){0,2}(?: of (?:the|my|our|his|her|their|your) [a-z]{3,12})?(?: ?\([A-Za-z]{2,6}\))?"
    r"(?:[ \t]{0,2},?(?: which)?[ \t](?:is|was|are|of|reads|as|ist|lautet|est|es|é)|[ \t]{0,2}[:=#-])?[ \t]{0,3}[\"'`*(\[#]{0,4}"
)
"""What may stand between the phrase and the number: "number (MRN) is #"."""
_NUMBER: Final = re.compile(r"num|no\b|nr\b|id|[#№:=]", re.IGNORECASE)
_CALLED: Final = re.compile(r"num|code|kod|\bn[or]\b", re.IGNORECASE)
_BARE: Final = frozenset(
    "rtn mrn npi mbi dea nhs ssn itin tfn nino vin imei imsi iccid aba cvv cvv2 cvc cvc2 csc iban ktn hicn a-number aadhaar aadhar uidai".split()
) | {"sort code", "my number"}
"""Behind these the number may follow at once."""
_AT: Final = (" at", " on")
_VALUE: Final = re.compile(
    r"[A-Z]{1,3}(?: ?[0-9]{2,6}){2,6}(?: ?[A-Z](?![A-Za-z0-9]))?"  # QQ 12 34 56 C
    r"|[0-9][A-Z0-9]{3} [A-Z0-9]{3} [A-Z0-9]{4}"  # 1EG4 TE5 MK73
    r"|[0-9]{1,6}(?:[ -][0-9]{1,6}){1,7}"
    r"|\+?\(?[0-9]{1,5}\)?(?:[ ./-]{1,3}\(?[0-9]{2,8}\)?){1,5}"
    r"|[A-Za-z0-9]{1,24}(?:[-./][A-Za-z0-9]{1,12}){0,5}",
    re.ASCII,
)
_NOT: Final = re.compile(
    r"(?:19|20)[0-9]{2}(?:[-./][0-9]{1,2}){0,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./](?:[0-9]{2}|[0-9]{4})|[0-9]{1,3}(?:[.][0-9]{3}){1,4}|v?[0-9]{1,3}\.[0-9.]{1,12}",
    re.ASCII,
)
"""Years, dates, amounts, versions."""
_SHAPED: Final = 7
_CLOSE: Final = 80
"""Of how many characters one must be for another of its shape to be another of its kind, and within how many."""
_AFTER: Final = re.compile(r" ?[%$€£¥]|[\w@]|[.,:][0-9]", re.ASCII)
_SIGN: Final = re.compile(r"[A-Za-z:=#№]")
_NAMED_SIGN: Final = re.compile("[A-Za-z#№]")
"""Behind an abbreviation in small letters a colon alone is a program's: `qid: 4471920930`."""
_WHOSE: Final = re.compile(
    r"\b(?:my|your|his|her|their|our|whose|customer'?s|client'?s|mi|su|tu|mon|son|mein|meine|ihre?|il mio|meu|minha|mijn|min|saya|the) \Z",
    re.IGNORECASE,
)
_UNITS: Final = re.compile(
    r" (?!(?:and|or|in|is|was|are|were|for|if|but|so|to|the|at|on|please|pls|plz|thanks|thx|with|not|my|we|i|he|she|they|you|it|as|now|only|then|right|here|which|has|had|have|"
    r"does|did|can|will|of|from|by|this|that|again|belongs|expires|expired|y|e|et|est|und|en|à|a|o|es|é|ou|oder|ist|war|bitte|por|merci|nie|je|er|ei|non|no|ne)\b)([a-z]{1,24})(?![\w-])"
    r"|[  ](?:[kMG]?Hz|[kKMGT]i?B|EUR|USD|GBP|CHF|JPY)\b"
)
"""What there are so many of, behind a number; with another word its sentence goes on."""
_LONGEST_COUNT: Final = 10
"""Digits."""
_MAIL: Final = re.compile(r"@[\w.-]{0,40}\Z")
_DOMAIN: Final = re.compile(r"\w\.\Z|://[^\s\"'<>]{0,80}\Z")
"""The part of an e-mail address, of a domain or a URL before some word in it."""


def _searched(kind: Kind) -> re.Pattern[str]:
    phrases = "|".join(sorted((re.escape(one) for one in kind.phrases.split("|")), key=len, reverse=True))
    phrases = phrases.replace("'", "['\u2019]")
    return re.compile(
        rf"(?<![0-9A-Za-z_-])({phrases})(?:(?<=no)\.)?({_FOLLOWS})(?=[+A-Za-z0-9])",
        re.ASCII | re.IGNORECASE if phrases.isascii() else re.IGNORECASE,
    )


_MEANS_MORE: Final = frozenset(name for names, _ in (*OFTEN, *COUNTED) for name in names.split("|"))
_SEARCHED: Final = tuple((kind, _searched(kind)) for kind in KINDS)
_EVERYWHERE: Final = frozenset("a i t s d m id no number".split())


def _rarity(word: str) -> tuple[bool, bool, int]:
    return word not in _EVERYWHERE, len(word) > 1 and word not in COMMON, len(word)


_BY_WORD: Final[dict[str, dict[str, list[int]]]] = {}
"""Phrases, up to an apostrophe, with their kinds, by the rarest word of each: without it the phrase is not in a text."""
for _at, _one in enumerate(KINDS):
    for _phrase in _one.phrases.split("|"):
        _rarest = max(words_of(_phrase), key=_rarity)
        _BY_WORD.setdefault(_rarest, {}).setdefault(_phrase.partition("'")[0], []).append(_at)
_WORDS: Final = frozenset(_BY_WORD)
_MANY: Final = 64
_NEEDLES: Final = tuple(
    tuple({phrase.partition("'")[0] for phrase in phrases}) if len(phrases) < _MANY else ()
    for phrases in (kind.phrases.split("|") for kind in KINDS)
)
"""What a phrase of a kind begins with; of a kind with many phrases only those that are in a text are looked for."""


def find_identity_cues(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Numbers of people by the words before them. `low` is `text` in lower case, `tokens` its words."""
    said = _WORDS & tokens
    if not said:
        return
    there: dict[int, list[str]] = {}
    for word in said:
        for phrase, kinds in _BY_WORD[word].items():
            if phrase in low:
                for at in kinds:
                    there.setdefault(at, []).append(phrase)
    for at in sorted(there):
        kind, pattern = _SEARCHED[at]
        for match in _matches(text, low, pattern, _NEEDLES[at] or there[at]):
            if _announces(kind, match.group(1).lower(), match.group(2)):
                found = _number_at(text, match.end(), kind)
                if found is not None and _meant(text, match, kind, found):
                    yield found
                    yield from _like_it(text, found)


def _matches(text: str, low: str, pattern: re.Pattern[str], needles: Iterable[str]) -> Iterator[re.Match[str]]:
    """Every match of `pattern`, which begins with one of `needles`: to look for these is quicker."""
    past = 0
    for start in sorted({start for needle in needles for start in _starts(low, needle)}):
        match = pattern.match(text, start) if start >= past else None
        if match is not None:
            past = match.end()
            yield match


def _starts(low: str, needle: str) -> Iterator[int]:
    """Where `needle` stands in `low`, also within a word: "MRN65320555"."""
    start = low.find(needle)
    while start >= 0:
        yield start
        start = low.find(needle, start + 1)


def _announces(kind: Kind, phrase: str, between: str) -> bool:
    """Whether a phrase and what stands behind it say that a number of that kind comes next."""
    if kind.called:
        return _CALLED.search(between) is not None
    if kind.named:
        return _NUMBER.search(between) is not None
    return kind.bare or kind.value is not None or bool(between.strip()) or phrase in _BARE or phrase.endswith(_AT)


def _meant(text: str, match: re.Match[str], kind: Kind, found: Finding) -> bool:
    """Whether a phrase with a number behind it is no part of an address, and no other thing that is called so too."""
    start = match.start(1)
    if _MAIL.search(text, max(0, start - 41), start) is not None:
        return False
    if kind.said and _DOMAIN.search(text, max(0, start - 84), start) is not None:
        return False
    if kind.counts and _counted(text, found.start, found.end):
        return False
    if not kind.said or (kind.said == "capitals" and match.group(1).isupper()):
        return True
    sign = _NAMED_SIGN if kind.said == "sign" and match.group(1).islower() else _SIGN
    return sign.search(match.group(2)) is not None or _WHOSE.search(text, max(0, start - 16), start) is not None


def _counted(text: str, start: int, end: int) -> bool:
    digits = text[start:end].replace(" ", "")
    unit = _UNITS.match(text, end) if digits.isdecimal() and len(digits) <= _LONGEST_COUNT else None
    return unit is not None and (unit.group(1) is None or len(unit.group(1)) == 1 or is_word(unit.group(1)))


def is_count(text: str, word: str, start: int, end: int) -> bool:
    """Whether a number behind a `word` that means other things too says how many there are of what follows it."""
    return word in _MEANS_MORE and _counted(text, start, end)


def _like_it(text: str, found: Finding) -> Iterator[Finding]:
    """What has the same shape close behind: "my passport is FX482913 and his is FX482914"."""
    value = text[found.start : found.end]
    if len(value) < _SHAPED or not value.isalnum() or value.isdecimal() or value.isalpha():
        return
    shape = "".join("[0-9]" if one.isdigit() else "[A-Z]" for one in value.upper())
    for match in re.finditer(rf"(?<![\w-]){shape}(?![\w-])", text[found.end : found.end + _CLOSE], re.ASCII):
        yield Finding(found.end + match.start(), found.end + match.end(), found.entity)


def _number_at(text: str, start: int, kind: Kind) -> Finding | None:
    """The number that begins at `start`, if one that long does, and nothing goes on behind it."""
    match = (kind.value or _VALUE).match(text, start)
    if match is None:
        return None
    value = match.group()
    least, most = kind.digits
    if not least <= sum(map(str.isdigit, value)) <= most or (kind.dated and _NOT.fullmatch(value) is not None):
        return None
    if _AFTER.match(text, match.end()) is not None:
        return None
    return Finding(start, match.end(), kind.entity)
