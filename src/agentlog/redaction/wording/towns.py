"""Streets with the line of their town behind them: "Keizersgracht 174, 1016 DW Amsterdam", "12 rue de la Paix, 75002 Paris".

The line of the town, a postal code and a name, is what is looked for; then what stands before it has to be a street with a
number. Neither has to be in the text's language. The town itself is no address.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import ADDRESS, ZIP, Finding
from agentlog.redaction.words.lists import MONTHS, ORDINARY, STREETS, STREETS_ABROAD
from agentlog.redaction.words.name_table import PLACE, is_word, known

BIG: Final = r"(?=[^\Wa-z\d_])[^\W\d_][\w.'’-]{0,30}+"
"""A word that begins with a capital letter."""
SMALL: Final = (
    "(?:de|del|della|do|da|dos|das|du|des|la|las|le|les|los|di|van|von|der|den|am|an|im|of|the|y|e|nad|u|og|i)"
)
"""A word that may stand small within the name of a street or a town."""
KINDS_FIRST: Final = (STREETS_ABROAD - {"os"}) | frozenset(
    "viale piazzale av avenue boulevard bd place route strada jalan jl carrer ronda ulitsa".split()
)
"""Kinds of streets that stand before the name."""
UNITED_KINGDOM: Final = "[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"
CANADA: Final = "[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]"
"""Postal codes with letters."""
KINDS_LAST: Final = re.compile(
    r".{2,}(?:stra(?:ss|ß)e|gasse|weg|allee|(?<!sitz)(?<!steh)(?<!stell)(?<!park)(?<!liege)(?<!arbeits)platz|damm|ufer|laan|straat|gracht|gata|gatan|gade|vej|veien|vegen|vägen|katu|(?:n|r|s|t)tie|polku|brücke)\Z"
    r"|(?:utca|út|tér|u|köz|krt|sok|sk|cad|strasse|straße|trg|ulice)\.?\Z"
)
"""Kinds of streets that stand behind the name, most of them as the end of a word."""
_MORE_KINDS: Final = """os c r al aleje rynek avda bvd blvd str rambla glorieta passeig passatge plaça beco calçada lungotevere contrada salita
    faubourg square passage sentier esplanade montée""".split()
_SHORT_KIND: Final = re.compile(r".{2,}str\.?\Z|str\.?\Z|.{3,}(?:plein|kade|singel|ring|gränd|vei)\Z")
"""More of both where a town follows; elsewhere they are too much else."""

_LOOKS: Final = (b"999 A", b"9AA A", b"999 99 A")
"""The outline of a line of a town holds one of these: 75002 Paris or 1016 DW Amsterdam, 1016DW Amsterdam, 114 56 Stockholm."""
_LINE: Final = re.compile(
    rf"(?:,|,?[ ]?\n|(?<=[0-9A-Za-z.])(?= ))[ ]?(?:[A-Z]{{1,3}}-)?"
    r"(?P<zip>[0-9]{4} ?[A-Z]{2}|[0-9]{4}-[0-9]{3}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4,6})"
    rf" (?P<town>{BIG}(?:[ -]{BIG}){{0,2}})"
)
_WIDTH: Final = 96
"""Characters that a street before its town may have."""
_NUMBER: Final = r"[0-9]{1,4}(?:[ -]?(?:bis|ter|quater|[A-Za-z])(?!\w))?(?:[-–/](?:[0-9]{1,4}[a-z]?|[A-Z])(?!\w))?"
_INSIDE: Final = r"(?:(?:,|\.|(?<=\w)(?= )) ?(?=[\w.º°ª -]{0,10}[0-9ºª])[\w.º°ª/ -]{1,20}|, ?EG|,? [A-Z])?"
"""A floor, a door, a flat."""
_NAME: Final = rf"{BIG}(?: (?:{SMALL} ){{0,2}}(?:[dl]['’])?{BIG}){{0,4}}"
_KIND: Final = r"(?:[Cc]/ ?|(?:" + "|".join(
    sorted({form for kind in (*KINDS_FIRST, *_MORE_KINDS) for form in (re.escape(kind), re.escape(kind.title()))}, key=len, reverse=True)
) + r")\.? (?:(?:" + SMALL + r" ){0,2}(?:[dl]['’])?))"  # fmt: skip
_BEFORE_NUMBER: Final = re.compile(
    rf"(?<![\w.'’/-])(?P<words>(?:(?P<kind>{_KIND})?(?:{_NAME}))),? (?P<number>{_NUMBER})(?P<inside>{_INSIDE})\Z"
)
_BEHIND_NUMBER: Final = re.compile(
    rf"(?<![\w.,$€£#/:+@-])(?P<number>{_NUMBER}),? (?P<words>(?P<kind>{_KIND})(?:{_NAME}))(?P<inside>{_INSIDE})\Z"
)
_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
_GENERAL: Final = frozenset(MONTHS)

_STATES: Final = "AC|AL|AP|AM|BA|CE|DF|ES|GO|MA|MT|MS|MG|PA|PB|PR|PE|PI|RJ|RN|RS|RO|RR|SC|SP|SE|TO"
_CEP: Final = re.compile(
    rf"(?:[-–/,] ?|\()(?:{_STATES})\)?(?:,| -|[ ]|\n){{1,2}}[ ]?(?:CEP:? ?)?(?P<zip>[0-9]{{5}}-[0-9]{{3}})(?![0-9-])"
)
"""The end of a Brazilian address: the state and its postal code."""
_BRAZILIAN: Final = re.compile(
    rf"(?<![\w.'’/-])(?:{_KIND}){_NAME}(?:,| n[.º°]{{0,2}}|, n[.º°]{{0,2}}) ?[0-9]{{1,5}}[A-Za-z]?(?=[ ]?[-–,/\n])"
)
_BRAZILIAN_WIDTH: Final = 160


def find_town_lines(text: str, shape: bytes) -> Iterator[Finding]:
    """Streets before the line of a town, and the postal code in it. `shape` is the outline of `text`."""
    if any(look in shape for look in _LOOKS):
        last = 0
        for line in _LINE.finditer(text):
            found = _street_before(text, max(last, line.start() - _WIDTH), line)
            last = line.start()  # no street goes on over the line of another town
            if found is not None:
                yield found
                yield Finding(*line.span("zip"), ZIP)
    if b"99999-999" in shape:
        for end in _CEP.finditer(text):
            yield Finding(*end.span("zip"), ZIP)
            start = max(0, end.start() - _BRAZILIAN_WIDTH)
            yield from (
                Finding(start + street.start(), start + street.end(), ADDRESS)
                for street in _BRAZILIAN.finditer(text[start : end.end()])
            )


def _street_before(text: str, start: int, line: re.Match[str]) -> Finding | None:
    """The street that ends where the line of the town begins, and begins at `start` or behind it."""
    end = line.start()
    before = text[start:end]
    for pattern in (_BEHIND_NUMBER, _BEFORE_NUMBER):
        street = pattern.search(before)
        if street is not None and _told(street, line) and not (street.group("inside") and text[end] == " "):
            return Finding(start + street.start(), end, ADDRESS)
    return None


def _told(street: re.Match[str], line: re.Match[str]) -> bool:
    """Whether a kind of street, or a name that is no word, and the town say that this is an address."""
    words = street.group("words").lower().split()
    plain = [word.strip(".,'’-") for word in words]
    if any(word in _GENERAL for word in plain):
        return False
    if (
        street.group("kind")
        or (len(plain) > 1 and plain[-1] in STREETS)
        or any(KINDS_LAST.match(word) or _SHORT_KIND.match(word) for word in words)
    ):
        return True
    code, town = line.group("zip"), line.group("town").lower().split()
    there = known("_".join(town)) & PLACE > 0 or known(town[0]) & PLACE > 0
    uncommon = any(len(word) > 2 and word not in ORDINARY for word in plain)
    if not code.isdecimal():
        return uncommon and (there or town[0] not in ORDINARY)
    if street.group("inside") or (not there and (is_word(town[0]) or code.endswith("000"))):
        return False
    if there and len(code) > 4:
        return uncommon
    strange = any(len(word) > 2 and word not in ORDINARY and not is_word(word) for word in plain)
    return strange and (there or len(code) > 4 or _YEAR.match(code) is None)
