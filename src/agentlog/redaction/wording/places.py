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
from agentlog.redaction.wording.towns import BIG, KINDS_FIRST
from agentlog.redaction.words.lists import ORDINARY, STREETS
from agentlog.redaction.words.name_table import NAME, PLACE, is_word, known
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
_POSTAL_KINDS: Final = frozenset(
    """annex arcade bayou bend branch bridge brook bypass camp canyon cape causeway cliff common corner course courtyard creek crescent
    crest crossroad curve dale dam divide estate expressway extension ferry ford forge fork fort freeway gateway harbor haven heights
    inlet island isle junction key knoll lake lodge lock manor meadow mill mission motorway mount mountain neck orchard oval overpass
    park passage pine plain point port prairie radial ramp ranch rapid rest ridge river row run shoal shore skyway spring spur cutting
    station stravenue stream summit throughway trace track trafficway tunnel underpass union valley viaduct village vista walk wall
    well footway parade esplanade quadrant circuit strand""".split()
) | frozenset(word.rstrip("s") for word in _RARER)
"""Every kind of street of the postal services of the United States, Canada and Australia that is a common word too."""
_POSTAL_ENDS: Final = "|".join(sorted((word.title() for word in _POSTAL_KINDS), key=len, reverse=True))
_POSTAL_WORDS: Final = _POSTAL_KINDS | frozenset(f"{word}s" for word in _POSTAL_KINDS)
_LETTERED: Final = "[A-Z\u00c0-\u00de][\\w'.\u2019-]{0,30}"
_POSTAL_STREET: Final = re.compile(
    rf"(?<![\w.,$€£#/:+-])(?:(?:[0-9]{{1,4}}/)?[0-9]{{1,5}}[A-Za-z]?|(?:Flat|Unit|Studio|Apartment) [0-9]{{1,4}}[A-Za-z]?,) (?P<words>(?:{_LETTERED} ){{1,2}}?)(?:{_POSTAL_ENDS})s?(?=,? (?:Apt|Suite|Unit|Flat)\b|[,;.?!\n\"')|<]|\Z)"
)
_TO_OR_AT: Final = re.compile(
    r"(?:\b(?:at|to|on|in|address with|address is|are|following\?|Flat [0-9A-Za-z]{1,4},?|Unit [0-9A-Za-z]{1,4},?|Suite [0-9A-Za-z]{1,4})|[:>]|\A|\n) {0,4}\Z"
)
"""Right before an address."""
_COMMA_STREET: Final = re.compile(
    rf"(?:(?<=H\.No\. )|(?<= [Nn]o\. )|(?<= at )|(?<= to )|(?<=[Ww]ith )|(?<= is )|(?<=: )|(?<=\n)|\A)(?!(?:19|20)[0-9]{{2}},)[0-9]{{1,4}}[A-Za-z]?(?:/[0-9]{{1,4}})?, "
    rf"(?:{_CAPITAL} ){{1,3}}?(?:{_ENDS}|Nagar|Marg|Chowk|Zila|Gali|Circle)(?![\w'\u2019])(?=[,\n.]|\Z)"
)
"""As in India: "73, Bhasin Street, Mumbai"."""
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
_RUN: Final = (
    rf"(?=[^\n;]{{0,70}}[0-9])(?:(?>[Nn][°º]|#|(?:[DdLl]['\u2019])?{BIG}|[a-z\u00df-\u024f]{{1,14}}+\.?|"
    r"[0-9]{1,5}+(?:[A-Za-z]|-[A-Za-z])?(?:[-/][0-9]{1,4}[A-Za-z]?)?)(?![^\W_]|:[0-9])(?: ?, ?(?=[0-9]{1,4}(?![0-9]| [A-Z]))| ?- ?| |(?=[,.;\n]|\Z))){2,9}"
)
"""The words and the number of a street, in whatever order."""
_DWELLS: Final = re.compile(
    rf"(?<![\w-])(?:liv(?:es?|ed|ing)|resid(?:es?|ed|ing)|staying) at ({_RUN})"
    rf"|(?<![\w-])(?:ship|deliver|send|sent|mail|forward)(?:ed)?(?: (?:it|them|this|that|everything|[a-z]{{3,10}}))? to "
    rf"({_RUN})(?=\.?(?:,[ \n]|\n)(?:[A-Z]{{1,2}}-)?[0-9]{{3,5}}(?: [0-9]{{2}}|-[0-9]{{3}}| ?[A-Z]{{2}})? [A-Z\u00c0-\u024f])"
)
"""Behind the words that somebody lives there, or that something goes there and its town follows."""
_DWELLS_WORDS: Final = frozenset(
    """live lives lived living reside resides resided residing staying ship shipped deliver delivered send sent mail mailed forward
    forwarded""".split()
)
_LOWER: Final = re.compile(r"(?<![^\W_])[a-z\u00df-\u024f]{2,14}(?![^\W_])")
_BIG_WORD: Final = re.compile(rf"(?<!\w){BIG}")
_DIGIT: Final = re.compile("[0-9]")
_SOMEBODY: Final = re.compile(
    r"\b(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|[Yy]ou|who|am|is|are|was|were|been|[\u2019']m|[\u2019']re)(?: (?:currently|still|now|actually|also|just|to))? \Z"
)
"""Whoever lives there: whatever follows is where."""
_OF_A_SHOW: Final = re.compile(r"(?:, ?| )(?:19|20)[0-9]{2}\Z")
"""Live at Wembley, 1986."""
_IN_STREETS: Final = (
    KINDS_FIRST
    | STREETS
    | frozenset(
        "de del della do da dos das du des la las le les los di van von der den am an im y e og i gate gata".split()
    )
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
_AUSTRALIA: Final = re.compile(
    r"[A-Za-z],? (?:NSW(?:,| |, )(?=[12])|VIC(?:,| |, )(?=[38])|QLD(?:,| |, )(?=[49])|TAS(?:,| |, )(?=7))([0-9]{4})(?![\w%]|[.,:-][0-9])"
    r"|[A-Za-z], (?:ACT(?:,| |, )(?=26|29|02)|SA(?:,| |, )(?=5)|WA(?:,| |, )(?=6)|NT(?:,| |, )(?=0[89]))([0-9]{4})(?![\w%]|[.,:-][0-9])",
    re.ASCII,
)
"""Behind a state of Australia, as its codes begin; some of their letters are words too, so that a comma has to stand before them."""
_AUSTRALIAN: Final = frozenset("nsw vic qld tas act sa wa nt".split())
_ZIP: Final = re.compile(
    rf"(?:(?<=, )(?:{_STATES}),? {{1,2}}|(?:{_STATES}),? {{1,2}}(?=[0-9-]{{5,10}}(?:[,;.\n\"')|<]|\Z))|[a-z]{{2}},? (?:AL|DE|HI|IN|LA|MA|ME|OH|OK|OR|PA) )"
    r"([0-9]{3}(?!00)[0-9]{2}(?:-[0-9]{4})?)(?![\w%]|[.,-][0-9])",
    re.ASCII,
)
"""Behind the name of a state, or behind one of two letters that is a word as well where a city stands before it."""


_COMMA_WORDS: Final = STREETS | frozenset("nagar marg chowk zila gali circle".split())
_WORDS: Final = (
    frozenset(_TENS) | _COMMA_WORDS | _DWELLS_WORDS | _LIVES_WORDS | _RARER | _POSTAL_WORDS | _AUSTRALIAN | {NUMBERS}
)


def find_places(text: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Addresses and zip codes in `text`. `tokens` are its lower-case words."""
    tokens = _WORDS & tokens  # that is asked of them
    if not tokens.isdisjoint(_TENS) and not tokens.isdisjoint(STREETS):
        yield from _streets(text, _SPOKEN_STREET)
    if NUMBERS not in tokens:
        return
    if not tokens.isdisjoint(_DWELLS_WORDS):
        for match in _DWELLS.finditer(text):
            value = match.group(match.lastindex or 0).rstrip(" ,-")
            words = [word.strip(".").lower() for word in _BIG_WORD.findall(value)]
            somebody = _SOMEBODY.search(text, max(0, match.start() - 32), match.start()) is not None
            if (
                (somebody or any(not is_word(word) or word in _IN_STREETS for word in words))
                and _DIGIT.search(value if somebody else _OF_A_SHOW.sub("", value)) is not None
                and not any(is_word(word) and word not in _IN_STREETS for word in _LOWER.findall(value))
            ):
                start = match.start(match.lastindex or 0)
                yield Finding(start, start + len(value), ADDRESS)
    lives, rarer = not tokens.isdisjoint(_LIVES_WORDS), not tokens.isdisjoint(_RARER)
    if (lives or rarer) and _LOOK.search(text) is not None:
        if lives:
            for match in _LIVES.finditer(text):
                yield Finding(match.start(1) if match.group(1) else match.start(2), match.end(2), ADDRESS)
        if rarer:
            yield from _streets(text, _RARER_STREET)
    shape = outline(text)
    comma = b"9, A" in shape
    if comma and not tokens.isdisjoint(_COMMA_WORDS):
        yield from _streets(text, _COMMA_STREET)
    if not tokens.isdisjoint(_POSTAL_WORDS) and (comma or _LOOK.search(text) is not None):
        yield from _postal_streets(text)
    yield from find_streets(text, tokens)
    if b" 9A" in shape:
        yield from (Finding(*match.span(), ZIP) for match in _POSTCODE.finditer(text))
    if not tokens.isdisjoint(_AUSTRALIAN):
        yield from (Finding(*match.span(match.lastindex or 0), ZIP) for match in _AUSTRALIA.finditer(text))
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


def _postal_streets(text: str) -> Iterator[Finding]:
    """Streets of a kind that is a common word: somebody's name before it, and what stands around it, make them streets."""
    for match in _POSTAL_STREET.finditer(text):
        words = [word.strip(".,'-").lower() for word in match.group("words").split()]
        if any(word in _GENERAL for word in words):
            continue
        names = [word for word in words if len(word) > 2 and (known(word) & NAME or not is_word(word))]
        if not names or _TO_OR_AT.search(text, max(0, match.start() - 24), match.start()) is None:
            continue
        if all(word in ORDINARY or is_word(word) for word in names) and _TOWN_BEHIND.match(text, match.end()) is None:
            continue
        yield Finding(match.start(), match.end(), ADDRESS)


_TOWN_BEHIND: Final = re.compile(
    r",? (?:Apt|Suite|Unit|Flat)\b|,[ \n][A-Z][a-z]|\n[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20})?,? [A-Z]{2} "
)
_GENERAL: Final = frozenset("the this that these those new more other main key top best each every".split())
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
