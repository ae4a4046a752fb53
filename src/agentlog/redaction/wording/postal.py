"""Postal addresses in running text: house number and street in many countries' order, flat, post box, and the line of the town.

A street is told by its kind ("Street", "Strasse", "Rue", "-gade"), by the flat or the town with its postal code behind it, or
by what announces it ("lives at"). Each piece is a finding of its own, as tools take them one by one; a town is one only where
the policy asks for places.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import ADDRESS, LOCATION, ZIP, Finding
from agentlog.redaction.watching import watched
from agentlog.redaction.wording.outlines import outline
from agentlog.redaction.wording.towns import (
    BIG,
    CANADA,
    KINDS_FIRST,
    KINDS_LAST,
    SMALL,
    UNITED_KINGDOM,
    find_town_lines,
)
from agentlog.redaction.words.lists import MONTHS, ORDINARY, STREETS, UNITS
from agentlog.redaction.words.name_table import PLACE, is_word, known
from agentlog.redaction.words.text import NUMBERS

_LETTER: Final = r"[^\W\d_]"
_NUMBER: Final = r"[0-9](?<![\w.,$€£#/:+@-].)[0-9]{0,5}[A-Za-z]?(?:[-/][0-9]{1,4})?"
"""What stands before it is asked for behind the first digit: digits alone are what the search runs over."""
_FIRST_KIND: Final = r"(?:(?:ul\.?|rue|rua|via|calle|av\.?|avenida|jl\.?|pl\.|place|chemin|piazza|plaza|str\.) )?"
_FIRST_KINDS: Final = frozenset("ul rue rua via calle av avenue avenida jl pl place chemin piazza plaza str".split())
_LAST_KIND: Final = r"(?: (?:u\.?|út|utca|tér|köz|gata|gate|gade|vej|sk\.?|sok\.?|cad\.?|ulice|ulica))?"
_STREET: Final = watched(
    rf"(?P<number>{_NUMBER}(?: [0-9]{{1,5}})?) (?P<words>{_FIRST_KIND}(?:{BIG}|[0-9]{{1,3}}(?:st|nd|rd|th))"
    rf"(?: (?:{SMALL} ){{0,2}}{BIG}){{0,4}}{_LAST_KIND})(?P<behind> [0-9]{{1,5}}[A-Za-z]?(?![\w.,:/%-]*[0-9A-Za-z%]))?",
)
_OTHERS: Final = (b"9A A", b"9 9")
"""How the outline has 12B Rose and 12 5th; 12 Rose is the rule, and the name may begin with one of `_FIRST_KINDS`."""
_BEHIND: Final = watched(
    rf"(?<![\w.'’-])(?P<words>{_FIRST_KIND}{BIG}(?: (?:{SMALL} ){{0,2}}{BIG}){{0,3}}{_LAST_KIND}) (?P<number>[0-9]{{1,5}}[A-Za-z]?)(?![\w%-]|[.,:/][0-9])"
)
"""A street before its number."""
_LOW_STREET: Final = re.compile(
    rf"{_NUMBER}(?: [0-9]{{1,5}})?(?P<words>(?: {_LETTER}[\w.'’-]{{0,24}}+){{1,4}}?)(?: [0-9]{{1,5}})?(?=,?[ \n]{{1,3}}(?:apt|suite|ste|unit)\.? #?[0-9])",
    re.IGNORECASE,
)
_UNITS: Final = "|".join(sorted(UNITS))
_UNIT: Final = re.compile(
    rf"[\s,>]{{1,8}}((?:{_UNITS}|floor)\b\.?[ \t]?#?(?:no\.? ?)?[0-9A-Z][0-9A-Za-z-]{{0,7}}|#[ ]?[0-9]{{1,5}}[A-Z]?)(?!\w)",
    re.IGNORECASE,
)
_TOWN: Final = re.compile(
    rf"[\s,>]{{1,8}}(?P<town>{BIG}(?: (?:{SMALL} ){{0,2}}{BIG}){{0,3}})"
    rf"(?:[\s,>]{{1,8}}(?P<state>nan|[A-Z]{{2,3}}|[0-9]{{2}}|{BIG}(?: {BIG}){{0,2}}(?: \([A-Z][a-z]{{2,12}}\))?))?"
    rf"(?:[\s,>]{{1,8}}(?P<zip>[0-9]{{4,6}}(?:-[0-9]{{3,4}})?|{UNITED_KINGDOM}|{CANADA})(?![\w.:/-]*\w))?"
)
_CODE_TOWN: Final = re.compile(
    rf"[\s,>]{{1,8}}(?P<zip>[0-9]{{4,6}}(?:[ -][A-Z]{{2}})?)[ ](?P<town>{BIG}(?: {BIG}){{0,3}})"
)
_LOW_TOWN: Final = re.compile(
    rf"[\s,>]{{1,8}}(?P<town>{_LETTER}[\w'’-]{{1,24}}+(?: {_LETTER}[\w'’-]{{1,24}}+){{0,3}})[\s,]{{1,8}}(?:(?P<state>[a-z]{{2,3}})[\s,]{{1,4}})?(?P<zip>[0-9]{{5}})(?![\w.:/-]*\w)"
)
_BOX: Final = re.compile(
    r"\b(?:(?:psc|unit|cmr) [0-9]{1,5},? box [0-9]{1,6}|us(?:nv|ns|s|cgc) [^\W\d_][\w' -]{1,30}|p\.? ?o\.? ?box [0-9]{1,8}"
    r"|(?:postfach|postbus|postbox|postboks|casilla postal|apartado postal) [0-9]{1,8}|bo[iî]te postale [0-9]{1,6})\b(?:[\s,>]{1,8}(?:apo|fpo|dpo),? (?:ae|aa|ap) (?:[0-9]{5}(?:-[0-9]{4})?)\b)?",
    re.IGNORECASE,
)
_CORNER: Final = re.compile(
    rf"\bcorner of (?P<one>(?:[0-9]{{1,5}} )?{BIG}(?: {BIG}){{0,3}}(?: [0-9]{{1,5}})?) and (?P<two>(?:[0-9]{{1,5}} )?{BIG}(?: {BIG}){{0,3}}(?: [0-9]{{1,5}})?)"
)
_OFTEN: Final = frozenset(("via", "place", "route", "av", "plaza", "cours", "al", "pl"))
_RARE: Final = KINDS_FIRST - _OFTEN - {"ul", "jl", "bd", "boulevard", "avenue"}
"""Kinds of streets that stand first; the others are words of every text when they are written small."""
_SIGN: Final = re.compile(
    r" (?=[0-9])(?<=[\w.] )(?:"
    + "|".join(
        f"(?<={ending} )"
        for ending in (
            "asse", "aße", "weg", "allee", "platz", "damm", "ufer", "laan", "straat", "gracht", "gata", "gatan", "gade", "vej",
            "vejen", "veien", "vegen", "vägen", "katu", "ntie", "rtie", "stie", "brücke", "utca", " út", " tér", " u.", "köz",
            "ulice", "ulica", "sok", "sk.", "cad.",
        )
    )
    + ")"
)  # fmt: skip
"""A number behind the end of a street's kind. Without one, or a kind that stands first, no street before its number is looked for."""
_UNIT_AHEAD: Final = re.compile(rf"[\s,>]{{1,8}}(?:{_UNITS})\b\.? ?#?[0-9]", re.IGNORECASE)
_UNIT_BEFORE: Final = re.compile(rf"\b(?:{_UNITS})\b\.? ?#?\Z", re.IGNORECASE)
_ANNOUNCED: Final = re.compile(
    r"(?:\b(?:lives? at|living at|located at|address(?: of [^\n]{1,40})?(?: is|:)|address with|sent to|send(?: it| one| this)? to|"
    r"deliver(?:ed)? to|ship(?:ped)? to|arrived at|meet you at|moved to|taxi to|to be sent to\? user:|here they are:|office(?:s)? (?:is|are) (?:at|located at)|"
    r"home at|house at|new one to|bill to|ship to:|at)\s{1,8})\Z",
    re.IGNORECASE,
)
_GENERAL: Final = frozenset(MONTHS) | frozenset(
    "am pm monday tuesday wednesday thursday friday saturday sunday terminal gate flight row seat step page chapter section".split()
)
_TAGGED: Final = re.compile(r"[0-9] [A-Z]{3,5} [^\W\d_][^\WA-Z\d_]")
"""A level, a tag and its value, as in the family trees of GEDCOM: `2 PLAC Musterstadt`."""
_STATES: Final = frozenset(
    """al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc
    sd tn tx ut vt va wa wv wi wy on qc bc ab mb sk ns nb nl pe nsw vic qld act tas nan""".split()
)


def find_addresses(text: str, tokens: frozenset[str], places: bool = False) -> Iterator[Finding]:
    """Streets, flats, boxes and postal codes of addresses; with `places` their towns, states and countries too.

    `tokens` are the lower-case words of `text`.
    """
    units = not tokens.isdisjoint(UNITS)
    numbers = NUMBERS in tokens
    shape = outline(text) if numbers else b""
    capital = b"9 A" in shape
    if numbers and (capital or any(look in shape for look in _OTHERS) or not tokens.isdisjoint(_FIRST_KINDS)):
        for match in _STREET.finditer(text):
            yield from _address(text, match, True, places)
    if (
        units
        or not tokens.isdisjoint(_RARE)
        or any(f"{word.title()} " in text for word in _OFTEN & tokens)
        or (b" 9" in shape and _SIGN.search(text) is not None)
    ):
        for match in _BEHIND.finditer(text):
            yield from _address(text, match, False, places)
    if units:
        for match in _LOW_STREET.finditer(text):
            if any(not is_word(word.strip(".,'")) for word in match.group("words").lower().split()):
                yield Finding(*match.span(), ADDRESS)
                yield from _behind(text, match.end(), places, low=True)
    if not tokens.isdisjoint(
        ("box", "usnv", "usns", "uss", "uscgc", "postfach", "postbus", "postbox", "postboks", "postal", "postale")
    ):
        yield from (
            Finding(*match.span(), ADDRESS) for match in _BOX.finditer(text) if any(map(str.isdigit, match.group()))
        )
    yield from find_town_lines(text, shape)
    if "corner" in tokens:
        for match in _CORNER.finditer(text):
            yield Finding(*match.span("one"), ADDRESS)
            yield Finding(*match.span("two"), ADDRESS)


def _address(text: str, match: re.Match[str], number_first: bool, places: bool) -> Iterator[Finding]:
    """The address that begins with `match`, if it is one."""
    words = match.group("words").lower().split()
    plain = [word.strip(".,'’-") for word in words]
    if any(word in _GENERAL for word in plain) or (number_first and _TAGGED.match(match.group()) is not None):
        return
    start, end = match.span()
    if (
        number_first
        and " " in match.group("number")
        and _UNIT_BEFORE.search(text[max(0, start - 12) : start]) is not None
    ):
        start += match.group("number").index(" ") + 1  # "Suite 541 6343 Mill Road"
    kind = plain[0] in KINDS_FIRST or any(KINDS_LAST.match(word) is not None for word in words)
    numbered = number_first and match.group("behind") is not None
    if number_first and not kind:
        last = next((at for at, word in enumerate(plain) if word in STREETS and at), None)
        if last is not None:
            kind = True
    strange = any(len(word) > 2 and word not in ORDINARY and not is_word(word) for word in plain)
    if kind and number_first and not strange and len(plain) > 3:
        kind = False
    if not kind:
        if number_first and _UNIT_AHEAD.match(text, end) is not None:
            kind = True
        elif number_first and strange and (numbered or _ANNOUNCED.search(text[max(0, start - 56) : start]) is not None):
            kind = (numbered and _ANNOUNCED.search(text[max(0, start - 56) : start]) is not None) or _coded(text, end)
        elif not number_first and strange:
            kind = _UNIT_AHEAD.match(text, end) is not None
    if not kind or (not number_first and not strange):
        return
    yield Finding(start, end, ADDRESS)
    yield from _behind(text, end, places, low=False)


def _coded(text: str, end: int) -> bool:
    """Whether a town with its postal code or its state follows."""
    town = _TOWN.match(text, end)
    if town is not None and (town.group("zip") or (town.group("state") or "").lower() in _STATES):
        return True
    return _CODE_TOWN.match(text, end) is not None


def _behind(text: str, end: int, places: bool, low: bool) -> Iterator[Finding]:
    """The flat, the town and the postal code behind a street that ends at `end`."""
    flat = False
    for _ in range(2):
        unit = _UNIT.match(text, end)
        if unit is None:
            break
        yield Finding(*unit.span(1), ADDRESS)
        end, flat = unit.end(), True
    for pattern in [_CODE_TOWN, _TOWN, _LOW_TOWN] if low else [_CODE_TOWN, _TOWN]:
        town = pattern.match(text, end)
        if town is None:
            continue
        groups = town.groupdict()
        state = (groups.get("state") or "").lower()
        told = (
            state in _STATES
            or _known_place(groups["town"])
            or _known_place(state)
            or _known_place(state.split(" ")[-1])
        )
        if not groups["zip"] and not told and not (flat and 2 <= len(state) <= 3):
            continue
        if places:
            yield Finding(*town.span("town"), LOCATION)
            if groups.get("state"):
                yield Finding(*town.span("state"), LOCATION)
        if groups["zip"]:
            yield Finding(*town.span("zip"), ZIP)
        return


def _known_place(words: str) -> bool:
    return known("_".join(words.lower().split())) & PLACE > 0
