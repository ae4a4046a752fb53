"""Addresses in running text, by their form or by what is said before them: streets, postcodes, zip codes behind a state.

What a line or a key calls an address is found elsewhere; here are sentences. A city or a state is no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import ADDRESS, ZIP, Finding
from agentlog.redaction.watching import watched
from agentlog.redaction.wording.outlines import outline
from agentlog.redaction.words.lists import STREETS
from agentlog.redaction.words.name_table import PLACE, known
from agentlog.redaction.words.text import NUMBERS

_CAPITAL: Final = "[A-Z0-9\u00c0-\u00de][\\w'.\u2019-]{0,30}"
_SOUTHWEST: Final = r"(?:,? (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)(?![\w'\u2019]))?"
_DOOR: Final = r"(?:,? ?#[0-9A-Za-z]{1,5}(?![\w-]))?"
_ENDS: Final = "|".join(sorted((word.title() for word in STREETS), key=len, reverse=True))
_LOOK: Final = watched("[0-9][A-Za-z]? [A-Z0-9\u00c0-\u00de]")
_STREET: Final = re.compile(
    rf"(?<![\w-])(?:[0-9]{{1,4}}-)?[0-9]{{1,6}}[A-Za-z]? (?:{_CAPITAL} ){{1,4}}?(?:{_ENDS})(?![\w'\u2019]){_SOUTHWEST}{_DOOR}"
)
_RARER: Final = frozenset(
    """mews gardens grove bend rise view hill heights green quay wharf path loop ridge pike turnpike vale glen croft
    cottages villas chase hollow cove bluff crossing commons landing yard""".split()
)
"""Streets are called so too, and much else: "2 Mountain View offices". Here the address has to end behind it."""
_RARE_ENDS: Final = "|".join(word.title() for word in sorted(_RARER))
_RARER_STREET: Final = re.compile(
    rf"(?<![\w-])[0-9]{{1,5}}[A-Za-z]? (?:{_CAPITAL} ){{1,3}}?(?:{_RARE_ENDS})(?=[,;.\n\"')|<]|\Z)"
    rf"|(?<=[Aa]t )[0-9]{{1,5}}[A-Za-z]? (?:{_CAPITAL} ){{1,3}}?(?:{_RARE_ENDS})(?!\w)"
)
_TENS: Final = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_SPOKEN_STREET: Final = re.compile(
    rf"(?<![\w-])(?:{'|'.join(f'{word}|{word.title()}' for word in _TENS)})(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    rf" (?:{_CAPITAL} ){{1,3}}?(?:{_ENDS})(?![\w'\u2019])"
)
_LIVES: Final = re.compile(
    r"(?<![\w-])(?:(?:liv(?:es?|ed|ing)|resid(?:es?|ed|ing)|residence|tenancy|flat|house|home|property|premises) at"
    r"|(?:my|his|her|their|home|new|old|current|mailing|postal|forwarding|shipping|delivery|billing|street) addr(?:ess|\.)?"
    r"(?: (?:is|was|to|changed to|hasn't changed))?:?) "
    rf"((?:Flat|Apt\.?|Unit) [0-9A-Za-z]{{1,5}}, )?([0-9]{{1,5}}[A-Za-z]?(?:-[0-9]{{1,5}})? {_CAPITAL}(?: {_CAPITAL}){{0,4}})"
)
_LIVES_WORDS: Final = frozenset("at address addr".split())
_BEHIND_STREET: Final = re.compile(r"(?:Flat|Unit|Apartment|Apt\.?) [0-9A-Za-z]{1,5}, \Z")

_AREAS: Final = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|B|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|E|FK|FY|GL|GU|GY|G|"
    "HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|L|ME|MK|ML|M|NE|NG|NN|NP|NR|NW|N|OL|OX|PA|PE|PH|PL|"
    "PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|S|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|W|YO|ZE"
)
_POSTCODE: Final = re.compile(
    rf"(?<![\w-])(?:(?:{_AREAS})[0-9][0-9A-Z]? [0-9](?!GB|TB|HZ)[ABD-HJLNP-UW-Z]{{2}}"
    r"|[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] [0-9][ABCEGHJ-NPRSTV-Z][0-9])(?![\w-])",
    re.ASCII,
)
"""Of the United Kingdom (by its 124 areas; "M2 8GB" is a computer) and of Canada, written with their blank."""
_FIVE_LOOK: Final = watched("[0-9]{5}")
_STATE_WIDTH: Final = 48
"""Characters that a city or a state before a zip code may have, with its comma."""
_STATES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|"
    "Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|"
    "New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|"
    "South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
_CITY_ZIP: Final = re.compile(
    r"(?<=, )([A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20})?) ([0-9]{3}(?!00)[0-9]{2}(?:-[0-9]{4})?)(?=[,;.\n\"')|<]|\Z)(?![.,][0-9])",
    re.ASCII,
)
_CITY_STATE_ZIP: Final = re.compile(
    r"(?<![\w-])([A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20})?),? (?:ID|MS) ([0-9]{3}(?!00)[0-9]{2}(?:-[0-9]{4})?)(?![\w%]|[.,-][0-9])",
    re.ASCII,
)
"""Idaho and Mississippi: their letters mean other things too, so that the town must be known."""
_ZIP: Final = re.compile(
    rf"(?:(?<=, )(?:{_STATES}),? {{1,2}}|(?:{_STATES}),? {{1,2}}(?=[0-9-]{{5,10}}(?:[,;.\n\"')|<]|\Z))|[a-z]{{2}},? (?:AL|DE|HI|IN|LA|MA|ME|OH|OK|OR|PA) )"
    r"([0-9]{3}(?!00)[0-9]{2}(?:-[0-9]{4})?)(?![\w%]|[.,-][0-9])",
    re.ASCII,
)
"""Behind the name of a state, or behind one of two letters that is a word as well where a city stands before it."""


def find_places(text: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Addresses and zip codes in `text`. `tokens` are its lower-case words."""
    if not tokens.isdisjoint(_TENS) and not tokens.isdisjoint(STREETS):
        yield from _streets(text, _SPOKEN_STREET)
    if NUMBERS not in tokens:
        return
    lives, rarer = not tokens.isdisjoint(_LIVES_WORDS), not tokens.isdisjoint(_RARER)
    if (lives or rarer) and _LOOK.search(text) is not None:
        if lives:
            for match in _LIVES.finditer(text):
                yield Finding(match.start(1) if match.group(1) else match.start(2), match.end(2), ADDRESS)
        if rarer:
            yield from _streets(text, _RARER_STREET)
    yield from find_streets(text, tokens)
    shape = outline(text)
    if b" 9A" in shape:
        yield from (Finding(*match.span(), ZIP) for match in _POSTCODE.finditer(text))
    if b" 99999" not in shape:
        return
    behind = [at for at in map(re.Match.start, _FIVE_LOOK.finditer(text)) if text[at - 1 : at] == " "]
    for at in behind:
        found = _last(_ZIP, 1, text, at)
        if found is not None:
            yield Finding(*found.span(1), ZIP)
    for at in behind:
        found = _last(_CITY_ZIP if text[max(0, at - 2)].islower() else _CITY_STATE_ZIP, 2, text, at)
        if found is not None and known(found.group(1).lower().replace(" ", "_")) & PLACE:
            yield Finding(*found.span(2), ZIP)


_ZIP_WIDTH: Final = 16
"""A zip code, and what may not follow it."""


def _last(pattern: re.Pattern[str], group: int, text: str, at: int) -> re.Match[str] | None:
    """The match of `pattern` of which `group` begins at `at`: looking for it from there is quicker than through the text."""
    end = at + _ZIP_WIDTH
    match = pattern.search(text, max(0, at - _STATE_WIDTH), end)
    while match is not None and match.start(group) < at:
        match = pattern.search(text, match.end(), end)
    return match if match is not None and match.start(group) == at else None


def find_streets(text: str, tokens: frozenset[str]) -> tuple[Finding, ...]:
    """Streets in the order of the English, by their kinds. Two detectors in a row ask for those of one text."""
    global _last_streets
    if NUMBERS not in tokens or tokens.isdisjoint(STREETS):
        return ()
    of, streets = _last_streets
    if of is not text:
        streets = tuple(_streets(text, _STREET)) if _LOOK.search(text) is not None else ()
        _last_streets = (text, streets)
    return streets


_last_streets: tuple[str | None, tuple[Finding, ...]] = (None, ())


def _streets(text: str, pattern: re.Pattern[str]) -> Iterator[Finding]:
    """Streets, with the flat that is named before them."""
    for match in pattern.finditer(text):
        left = max(0, match.start() - 20)
        before = _BEHIND_STREET.search(text, left, match.start())
        yield Finding(match.start() if before is None else before.start(), match.end(), ADDRESS)
