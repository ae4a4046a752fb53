"""What says something of a person without naming one: places, dates, ages, nationalities, web addresses.

None of it is looked for unless `RedactionPolicy(entities=…)` names it: agents work with cities and dates, and a redactor that
takes them leaves nothing to learn from. Together they may point to one person, and rules such as HIPAA's want them gone.
"""

# ruff: noqa: RUF001 - typographic quotes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import AGE, DATE, LOCATION, NATIONALITY, URL, Finding
from agentlog.redaction.languages.dates import find_dates
from agentlog.redaction.words.lists import MONTHS, ORDINARY
from agentlog.redaction.words.name_table import NAME, PLACE, WORD, is_word, known

_BIG: Final = r"(?=[^\Wa-z\d_])[^\W\d_]{2,30}(?:['’-][^\W\d_]{2,30}){0,2}"
_PLACES: Final = re.compile(
    rf"(?<![\w@/\\#.'’-]){_BIG}(?:(?: (?:of|de|del|do|da|di|la|el|upon|am|an der|sur|and) | ){_BIG}){{0,3}}(?![\w@/\\(_])"
)
_PLACE_BEFORE: Final = re.compile(
    r"\b(?:in|from|to|near|at|visit|visited|visiting|toward|towards|around|outside|across|leave|leaving|left|reach|reached|"
    r"lives in|moved to|moved here from|city of|town of|state of|country of|capital of|mayor of|of|home city|our way to|where:)[ \t]+(?:the )?\Z",
    re.IGNORECASE,
)
_SURE_BEFORE: Final = re.compile(
    r"\b(?:lives? in|living in|lived in|moved (?:here |there )?(?:to|from)|grew up in|born in|travell?ing to|trip to|visit(?:ed|ing)? |"
    r"flew (?:to|from)|fly(?:ing)? (?:to|from)|headquartered in|based in|city of|town of|situated in|located in|come from|comes from|"
    r"year in|university of|i(?:'|’)m in|i am in|we(?:'|’)re in|home city|in)[ \t]+(?:the )?\Z",
    re.IGNORECASE,
)
_AGE: Final = re.compile(
    r"(?<![\w.,$€£/-])[0-9]{1,3}(?=[ -]years?[ -]old\b|[ -]?y/?o\b|[ -]year[ -]old)"
    r"|(?:(?<=\bage )|(?<=\baged )|(?<=\bage of )|(?<=\bage: )|(?<=\bage is )|(?<=turn )|(?<=turned )|(?<=turning ))[0-9]{1,3}(?![\w%/:-]|[.,][0-9])",
    re.ASCII | re.IGNORECASE,
)
_URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"'`)\]}]{3,500}", re.IGNORECASE)
_CLOCK: Final = re.compile(
    r"(?<![\w./:-])(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?: ?[AaPp]\.?[Mm]\.?)?(?![\w:/])|(?<=\d[ T])[0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?"
)
_YEAR: Final = re.compile(
    r"(?:\b(?:in|since|during|of|from|until|before|after|year|by) )((?:1[89]|20)[0-9]{2})(?![\w,./:-]*[0-9])|(?<![\w])'?((?:[5-9]0|(?:19|20)[0-9]0)s)\b",
    re.IGNORECASE,
)
_DAY: Final = re.compile(
    r"\b(?:last |next |this |on )?((?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|noon|afternoon|evening|night))?)\b|\b(yesterday|tomorrow|tonight)\b",
    re.IGNORECASE,
)
NATIONS: Final = frozenset(
    """afghan albanian algerian american andorran angolan argentine argentinian armenian australian austrian azerbaijani bahraini
    bangladeshi barbadian basque belarusian belgian belizean bolivian bosnian brazilian british bulgarian burmese cambodian
    cameroonian canadian catalan chilean chinese colombian congolese croatian cuban cypriot czech danish dominican dutch ecuadorian
    egyptian emirati english eritrean estonian ethiopian fijian filipino finnish french gambian georgian german ghanaian greek
    greenlander greenlandic guatemalan guinean haitian honduran hungarian icelandic icelander indian indonesian iranian iraqi irish
    israeli italian ivorian jamaican japanese jordanian kazakh kenyan korean kosovar kurdish kuwaiti kyrgyz laotian latvian
    lebanese liberian libyan lithuanian luxembourgish macedonian malagasy malawian malaysian malian maltese mauritian mexican
    moldovan mongolian montenegrin moroccan namibian nepalese nepali nicaraguan nigerian norwegian omani pakistani palestinian
    panamanian paraguayan persian peruvian polish portuguese qatari romanian russian rwandan salvadoran samoan saudi scottish
    senegalese serbian singaporean slovak slovakian slovene slovenian somali spaniard spanish sudanese swede swedish swiss syrian
    taiwanese tajik tanzanian thai tibetan togolese trinidadian tunisian turk turkish turkmen ugandan ukrainian uruguayan uzbek
    venezuelan vietnamese welsh yemeni zambian zimbabwean african asian european latino latina hispanic arab arabic
    christian muslim jewish hindu buddhist catholic protestant sikh mormon atheist orthodox lutheran methodist baptist""".split()
)


def find_quasi(text: str, tokens: frozenset[str], wanted: frozenset[str]) -> Iterator[Finding]:
    """Findings of the entities `wanted`; `tokens` are the lower-case words of `text`."""
    if URL in wanted and not tokens.isdisjoint(("http", "https", "www")):
        yield from (
            Finding(match.start(), match.start() + len(match.group().rstrip(".,;:!?")), URL)
            for match in _URL.finditer(text)
        )
    if AGE in wanted:
        yield from (Finding(*match.span(), AGE) for match in _AGE.finditer(text))
    if DATE in wanted:
        yield from _dates(text)
    if NATIONALITY in wanted and any(token in NATIONS or token[:-1] in NATIONS for token in tokens):
        yield from _nations(text)
    if LOCATION in wanted:
        yield from _places(text)


def _dates(text: str) -> Iterator[Finding]:
    yield from (Finding(start, end, DATE) for start, end, _ in find_dates(text))
    yield from (Finding(*match.span(), DATE) for match in _CLOCK.finditer(text))
    for pattern in (_YEAR, _DAY):
        for match in pattern.finditer(text):
            group = 1 if match.group(1) else 2
            yield Finding(*match.span(group), DATE)


def _nations(text: str) -> Iterator[Finding]:
    for match in re.finditer(r"[^\W\d_]+", text):
        low = match.group().lower()
        if low in NATIONS or (low.endswith("s") and low[:-1] in NATIONS):
            yield Finding(*match.span(), NATIONALITY)


def _places(text: str) -> Iterator[Finding]:
    """Places of the table, and capitalised words behind what only stands before places."""
    for match in _PLACES.finditer(text):
        words = list(re.finditer(r"[^ ]+", match.group()))
        at = 0
        while at < len(words):
            length = _place(text, match.start(), words, at)
            if length:
                yield Finding(match.start() + words[at].start(), match.start() + words[at + length - 1].end(), LOCATION)
            at += max(1, length)


def _place(text: str, offset: int, words: list[re.Match[str]], at: int) -> int:
    """How many words from `at` on are a place; 0: none."""
    start = offset + words[at].start()
    before = text[max(0, start - 28) : start]
    for length in range(min(4, len(words) - at), 0, -1):
        parts = [word.group().lower() for word in words[at : at + length]]
        kind = known("_".join(parts))
        if kind & PLACE and (length > 1 or (kind & (NAME | WORD) == 0) or _PLACE_BEFORE.search(before) is not None):
            return length
    if at == 0 and _SURE_BEFORE.search(before) is not None:
        parts = [word.group().lower() for word in words]
        if any(part in MONTHS or (part in ORDINARY and not known(part) & PLACE) for part in parts) or all(
            is_word(part) for part in parts
        ):
            return 0
        return len(words) if len(words[0].group()) > 2 else 0
    return 0
