"""Numbers that identify a person by what is said before them: "MRN 4458812", "passport no. C01X00T47", "CVV is 123".

What stands behind a colon or an equals sign is judged by the word rules of keys; in a sentence there is often neither. A
number counts by its cue, whatever its check digits say: people mistype, and a wrong number is still somebody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from agentlog.redaction.entities import NATIONAL_ID, PAYMENT_ID, PHONE, SECRET, USER_ID, Finding
from agentlog.redaction.words.lists import COMMON


class _Kind(NamedTuple):
    """Phrases of one kind, and what must stand behind them."""

    entity: str
    phrases: str
    digits: tuple[int, int]
    """How many there are at least and at most."""
    dated: bool = True
    """What looks like a date is one."""
    named: bool = False
    """Only where it is called a number: "rewards are 5000 points"."""
    bare: bool = False
    """The number may follow at once; else something has to stand between: "number", "is", a sign."""
    value: re.Pattern[str] | None = None
    """What it must look like; so it may follow at once: "plate 7KXD 294", but "plate 2 of 7"."""


_PLATE: Final = re.compile(
    r"(?=[A-Z0-9 -]{0,8}[0-9])(?=[0-9 -]{0,8}[A-Z])(?=(?:[ -]?[A-Z0-9]){5,8}(?![A-Za-z0-9]))[A-Z0-9]{1,7}(?:[ -][A-Z0-9]{1,5}){0,2}",
    re.ASCII,
)
"""Capitals and digits, five to eight of them."""
_PASSPORT: Final = re.compile(r"[A-Z]{1,2}[0-9]{6,8}", re.ASCII)
_SHAPED_PHONE: Final = re.compile(
    r"\(?[2-9][0-9]{2}\)?[ .-]{0,2}[0-9]{3}[ .-]?[0-9]{4}|[2-9][0-9]{2}[ .-][0-9]{4}", re.ASCII
)
_GROUPED_PHONE: Final = re.compile(r"\+?[0-9]{1,5}\)?(?:[ ./-]{1,3}\(?[0-9]{2,8}\)?){1,6}|0[1-9][0-9]{7,11}", re.ASCII)
_DIALLED_PHONE: Final = re.compile(rf"(?=\+|0)(?:{_GROUPED_PHONE.pattern})", re.ASCII)
"""As one dials it: with the 0 of the town or the + of the country."""
_MIXED: Final = re.compile(
    r"(?=[A-Z0-9 -]{0,20}[0-9])(?=[0-9 -]{0,20}[A-Z])[A-Z0-9]{1,14}(?:[ -][A-Z0-9]{1,6}){0,3}", re.ASCII
)
_ANY_NUMBER: Final = re.compile(r"[A-Z]{0,4}[0-9]{2,16}(?:[ -][0-9]{2,6}){0,5}", re.ASCII)
_KINDS: Final = (
    # health
    _Kind(NATIONAL_ID, "mrn|medical record|medical records", (4, 16)),
    _Kind(NATIONAL_ID, "patient chart|chart|rx|prescription|identity", (4, 18), named=True),
    _Kind(NATIONAL_ID, "npi|national provider identifier", (8, 10)),
    _Kind(NATIONAL_ID, "mbi|medicare|medicare beneficiary|medicaid|hicn", (5, 14)),
    _Kind(NATIONAL_ID, "dea|dea registration", (6, 9)),
    _Kind(NATIONAL_ID, "nhs|health card|health insurance|health plan|health id|insurance id|insurance member", (4, 16)),
    # states
    _Kind(NATIONAL_ID, "ssn|social security|social insurance|last four of ssn", (4, 11)),
    _Kind(NATIONAL_ID, "itin|taxpayer|taxpayer id|taxpayer identification|tax id|tax identification|tax file|tfn", (6, 14)),
    _Kind(NATIONAL_ID, "passport|passport book|passport card", (5, 12)),
    _Kind(NATIONAL_ID, "passport", (6, 9), value=_PASSPORT),
    _Kind(
        NATIONAL_ID,
        "driver's license|drivers license|driver license|driving licence|driver's licence|driving license|my license|my licence|"
        "his license|her license",
        (4, 16),
    ),
    _Kind(NATIONAL_ID, "license plate|licence plate|number plate|registration plate|plate", (2, 7)),
    _Kind(
        NATIONAL_ID,
        "plate|plates|license tag|vehicle tag|vehicle reg|car reg|vehicle registration|car registration|reg",
        (1, 7),
        value=_PLATE,
    ),
    _Kind(
        NATIONAL_ID,
        "national id|national identity|national identification|identity card|id card|national insurance|nino|"
        "residence permit|green card|alien registration|alien|uscis|a-number|aadhaar|aadhar|uidai|voter id|known traveler|known traveller|ktn|redress",
        (5, 18),
    ),
    _Kind(NATIONAL_ID, "ni", (6, 6), named=True),
    # letters and digits together are no count, and no year
    _Kind(
        NATIONAL_ID,
        "passport|medicare|medicaid|driver's license|drivers license|driver license|driver's licence|driving licence|driving license",
        (5, 16),
        value=_MIXED,
    ),
    _Kind(NATIONAL_ID, "dl|driver lic|drivers lic", (6, 16), bare=True),
    _Kind(NATIONAL_ID, "vin|vehicle identification|chassis", (5, 17)),
    _Kind(NATIONAL_ID, "imei|imsi|iccid", (14, 20)),
    # banks
    _Kind(PAYMENT_ID, "routing|aba routing|aba|bank account|checking account|savings account|iban", (6, 30)),
    _Kind(PAYMENT_ID, "sort code", (6, 6), dated=False),
    _Kind(PAYMENT_ID, "acct|account|policyholder account", (6, 20), named=True),
    _Kind(
        PAYMENT_ID,
        "card|credit card|debit card|bank card|visa|mastercard|amex|american express|discover|kreditkarte|kreditkartennummer|kartennummer|"
        "ec-karte|carte|carte bancaire|carte de crédit|numéro de carte|tarjeta|cartão",
        (13, 19),
        bare=True,
    ),
    _Kind(SECRET, "cvv|cvv2|cvc|cvc2|csc|card security code|card verification", (3, 4)),
    # telephones
    _Kind(
        PHONE,
        "callback|call back|phone|telephone|mobile|cell|cellphone|fax|whatsapp|contact|call me at|call me on|call us at|call him at|"
        "call her at|call them at|call at|reach me at|reach me on|reached at|reached on|text me at|text me on|my number",
        (7, 15),
    ),
    _Kind(
        PHONE,
        "call|calls|called|call back|callback|cb|dial|ring|vm|voicemail|tel|tel.|ph|ph.|phone|cell|mobile",
        (7, 10),
        bare=True,
        value=_SHAPED_PHONE,
    ),
    _Kind(
        PHONE,
        "tel|tel.|tél|tél.|telf|telf.|tlf|tlf.|tfno|tfno.|telefon|telefono|teléfono|telefone|telefoon|téléphone|telephone|telefonnummer|"
        "rufnummer|handy|handynummer|mobilnummer|natel|móvil|celular|cellulare|whatsapp|puhelin",
        (7, 15),
        bare=True,
        value=_GROUPED_PHONE,
    ),
    _Kind(
        PHONE,
        "mob|mob.|mobil|mobile|móv|movil|cel|cel.|cell|gsm|port.|portable|wa|ph|ph.|fon|fone|fijo|fixe|festnetz|phone|call|ring|text|dial",
        (8, 15),
        bare=True,
        value=_DIALLED_PHONE,
    ),
    # customers
    _Kind(
        USER_ID,
        "frequent flyer|frequent flier|loyalty|rewards|mileage plus|mileageplus|skymiles|aadvantage|subscriber id|"
        "policyholder id|student id|student|badge|membership|member id",
        (4, 16),
        named=True,
    ),
    _Kind(
        USER_ID,
        "member id|patient id|subscriber id|insured id|employee id|emp id|staff id|student id|payroll id|personnel id|"
        "customer id|enrollee id|beneficiary id",
        (4, 16),
        bare=True,
    ),
    _Kind(
        USER_ID,
        "member no|member number|patient no|patient number|subscriber no|subscriber number|employee no|employee number|"
        "emp no|emp. no|staff no|staff number|student no|student number|payroll no|payroll number|personnel no|"
        "personnel number|customer no|customer number",
        (4, 16),
        bare=True,
    ),
    _Kind(
        USER_ID,
        "eurobonus|bonvoy|avios|skywards|krisflyer|aeroplan|miles & more|flying blue|hilton honors|world of hyatt|"
        "mileage plan|rapid rewards|trueblue|asia miles|clubcard|skymiles|aadvantage|mileageplus|frequent flyer|loyalty",
        (7, 16),
        bare=True,
        value=_ANY_NUMBER,
    ),
)  # fmt: skip
_FOLLOWS: Final = (
    r"(?:[ -]?(?:number|num\.?|no\.?|nr\.?|id|identifier|identification|code|#|№)){0,2}(?: ?\([A-Za-z]{2,6}\))?"
    r"(?:[ \t]{0,2},?(?: which)?[ \t](?:is|was|are|of|reads|as|ist|lautet|est|es|é)|[ \t]{0,2}[:=#-])?[ \t]{0,3}[\"'`*(\[#]{0,4}"
)
"""What may stand between the phrase and the number: "number (MRN) is #"."""
_NUMBER: Final = re.compile(r"num|no\b|nr\b|id|[#№:=]", re.IGNORECASE)
_BARE: Final = frozenset(
    "mrn npi mbi dea nhs ssn itin tfn nino vin imei imsi iccid aba cvv cvv2 cvc cvc2 csc iban ktn hicn a-number aadhaar aadhar uidai".split()
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
_AFTER: Final = re.compile(r"[\w@%$€£]|[.,:][0-9]", re.ASCII)


def _searched(kind: _Kind) -> re.Pattern[str]:
    phrases = "|".join(sorted((re.escape(one) for one in kind.phrases.split("|")), key=len, reverse=True))
    phrases = phrases.replace("'", "['\u2019]")
    return re.compile(rf"(?<![\w-])({phrases})(?:(?<=no)\.)?({_FOLLOWS})(?=[+A-Za-z0-9])", re.ASCII | re.IGNORECASE)


_SEARCHED: Final = tuple((kind, _searched(kind)) for kind in _KINDS)
_BY_WORD: Final[dict[str, list[tuple[str, int]]]] = {}
"""Phrases, up to an apostrophe, with their kinds, by the rarest word of each: without it the phrase is not in a text."""
for _at, _one in enumerate(_KINDS):
    for _phrase in _one.phrases.split("|"):
        _rarest = max(re.split(r"\W", _phrase), key=lambda word: (len(word) > 1 and word not in COMMON, len(word)))
        _BY_WORD.setdefault(_rarest, []).append((_phrase.partition("'")[0], _at))
_WORDS: Final = frozenset(_BY_WORD)
_NEEDLES: Final = tuple(tuple({phrase.partition("'")[0] for phrase in kind.phrases.split("|")}) for kind in _KINDS)
"""What a phrase of a kind begins with."""


def find_identity_cues(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Numbers of people by the words before them. `low` is `text` in lower case, `tokens` its words."""
    said = _WORDS & tokens
    if not said:
        return
    for at in sorted({at for word in said for phrase, at in _BY_WORD[word] if phrase in low}):
        kind, pattern = _SEARCHED[at]
        for match in _matches(text, low, pattern, _NEEDLES[at]):
            if _announces(kind, match.group(1).lower(), match.group(2)):
                found = _number_at(text, match.end(), kind)
                if found is not None:
                    yield found
                    yield from _like_it(text, found)


def _matches(text: str, low: str, pattern: re.Pattern[str], needles: tuple[str, ...]) -> Iterator[re.Match[str]]:
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


def _announces(kind: _Kind, phrase: str, between: str) -> bool:
    """Whether a phrase and what stands behind it say that a number of that kind comes next."""
    if kind.named:
        return _NUMBER.search(between) is not None
    return kind.bare or kind.value is not None or bool(between.strip()) or phrase in _BARE or phrase.endswith(_AT)


def _like_it(text: str, found: Finding) -> Iterator[Finding]:
    """What has the same shape close behind: "my passport is FX482913 and his is FX482914"."""
    value = text[found.start : found.end]
    if len(value) < _SHAPED or not value.isalnum() or value.isdecimal() or value.isalpha():
        return
    shape = "".join("[0-9]" if one.isdigit() else "[A-Z]" for one in value.upper())
    for match in re.finditer(rf"(?<![\w-]){shape}(?![\w-])", text[found.end : found.end + _CLOSE], re.ASCII):
        yield Finding(found.end + match.start(), found.end + match.end(), found.entity)


def _number_at(text: str, start: int, kind: _Kind) -> Finding | None:
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
