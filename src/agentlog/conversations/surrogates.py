"""Natural values in the place of placeholders, so that what is trained on looks like what will be served.

`<PERSON_1>` becomes a name, `<EMAIL_1>` an address at example.com. A value is drawn from the seed, the trace and the
placeholder alone: the same in every message, argument and tool result of a trace (what a model copied, it can still copy),
and unlinked between traces. Numbers and addresses come from ranges that belong to nobody (`locales`): telephones of films
and books, example domains, documentation IPs and MACs, cards with a wrong check digit, ids that are never given out.
No value holds a quote, a backslash or a line break, so JSON text stays JSON text; where a number of JSON stood, it is one again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

from agentlog.conversations.locales import ENGLISH, KINDS, LOCALES, Locale
from agentlog.redaction.entities import NUMBER, PLACEHOLDER, QUOTED_NUMBER

_LONGEST_NUMBER: Final = 16
"""Digits; beyond, readers of JSON round."""


class Surrogates:
    """The surrogates of one trace, in the forms of one language (a code of `locales.LOCALES`).

    >>> surrogates = Surrogates("trace-1", seed=0)
    >>> text = surrogates.render("Mail <PERSON_1> at <EMAIL_1>, not <PERSON_2>. <SHOE_SIZE_1>")
    >>> "<PERSON" in text, "@example." in text, "<SHOE_SIZE_1>" in text
    (False, True, True)
    >>> surrogates.render("<PERSON_1>") == surrogates.render("<PERSON_1>") != surrogates.render("<PERSON_2>")
    True
    """

    def __init__(self, trace: str, seed: int = 0, *, language: str = "en") -> None:
        self._key = f"{seed}|{trace}"
        self._locale = LOCALES.get(language, ENGLISH)
        self._made: dict[str, str] = {}

    def render(self, text: str) -> str:
        """`text` with surrogates for the placeholders whose entity is known; the others stay as they are."""
        if "<" not in text:
            return text
        if NUMBER in text:
            text = QUOTED_NUMBER.sub(self._number, text)
        return PLACEHOLDER.sub(self._value, text)

    def _number(self, match: re.Match[str]) -> str:
        made = PLACEHOLDER.sub(self._value, match[2])
        return made if made.isdigit() else match[0]

    def _value(self, match: re.Match[str]) -> str:
        written, entity, number, part = match[0], match[1], int(match[2]), match[3]
        if written not in self._made:
            draw = _Draw(self._key, entity, number, self._locale)
            make = _MAKERS.get(entity)
            if make is None and entity in KINDS:
                make = _whole(_organization)
            if make is None:
                made = None
            elif part == NUMBER:
                made = _as_number(make(draw, None) or "", draw)
            else:
                made = make(draw, part)
            self._made[written] = written if made is None else made
        return self._made[written]


class _Draw:
    """Numbers for one placeholder: chance decides where a trace begins, its number how far to go on from there.

    So placeholders with different numbers differ, as long as there are values left.
    """

    def __init__(self, trace: str, entity: str, number: int, locale: Locale) -> None:
        self._trace = trace
        self._number = number
        self.entity = entity
        self.locale = locale

    def below(self, size: int, purpose: str = "") -> int:
        return self._from(f"{self._trace}|{self.entity}|{purpose}", size)

    def digits(self, count: int, purpose: str = "") -> str:
        return f"{self.below(10**count, purpose):0{count}d}"

    def one_of(self, table: tuple[str, ...], purpose: str = "") -> str:
        return table[self.below(len(table), purpose)]

    def hexadecimal(self, count: int) -> str:
        key = f"{self._trace}|{self.entity}|{self._number}"
        return blake2b(key.encode(), digest_size=count // 2).hexdigest()

    def filled(self, patterns: tuple[str, ...]) -> str:
        """One of the patterns, with a digit for each `#` and a letter for each `@`; all of them have as many."""
        digits, letters = patterns[0].count("#"), patterns[0].count("@")
        place = self.below(len(patterns) * 10**digits * 24**letters)
        place, which = divmod(place, len(patterns))
        place, number = divmod(place, 10**digits)
        free = iter(f"{number:0{digits}d}")
        made = re.sub("#", lambda _: next(free), patterns[which])
        for _ in range(letters):
            place, letter = divmod(place, 24)
            made = made.replace("@", "ABCDEFGHJKLMNPQRSTUVWXYZ"[letter], 1)
        return made

    def name(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """A given and a family name, each as written and in Latin letters.

        They are the same for a person, an e-mail address and a user id of one number: whoever is number 1 mostly has the
        address and the id of number 1, and agents read names out of them.
        """
        given, family = self.locale.given, self.locale.family
        key = f"{self._trace}|name"
        return given[self._from(f"{key}|given", len(given))], family[self._from(f"{key}|family", len(family))]

    def _from(self, key: str, size: int) -> int:
        return (int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) + self._number) % size


def _person(draw: _Draw, part: str | None) -> str | None:
    (given, _), (family, _) = draw.name()
    if part is None:
        names = (family, given) if draw.locale.family_first else (given, family)
        return draw.locale.between.join(names)
    middle = draw.one_of(tuple(written for written, _ in draw.locale.given), "middle")
    return {"GIVEN": given, "FAMILY": family, "MIDDLE": middle}.get(part)


def _login(draw: _Draw, between: str) -> str:
    (_, given), (_, family) = draw.name()
    return f"{given}{between}{family}".lower()


def _email(draw: _Draw, part: str | None) -> str | None:
    local = _login(draw, ".")
    if part is None:
        return f"{local}@example.{draw.one_of(('com', 'org', 'net'), 'domain')}"
    return local if part == "LOCAL" else None


def _address(draw: _Draw, part: str | None) -> str | None:
    if part not in (None, "STREET"):
        return None
    return draw.locale.address.format(street=draw.one_of(draw.locale.streets, "street"), number=1 + draw.below(900))


def _organization(draw: _Draw) -> str:
    locale = draw.locale
    place = draw.below(len(locale.cities) * len(locale.brands))
    city, brand = locale.cities[place % len(locale.cities)], locale.brands[place // len(locale.cities)]
    name = f"{city.removesuffix('市')}{locale.between}{brand}"
    return locale.organisations[KINDS[draw.entity]].format(name=name, city=city)


def _date_of_birth(draw: _Draw) -> str:
    """Of somebody in the age of working people: all that a placeholder of a birth date may tell."""
    return (dt.date(1950, 1, 1) + dt.timedelta(days=draw.below(20_000))).isoformat()


def _date(draw: _Draw) -> str:
    return (dt.date(2025, 1, 1) + dt.timedelta(days=draw.below(730))).isoformat()


def _card(draw: _Draw) -> str:
    body = f"400000{draw.digits(9)}"
    total = sum(sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(body))
    return f"{body}{(1 - total) % 10}"  # (-total) % 10 would be the right check digit


def _national_id(draw: _Draw) -> str:
    form = draw.locale.national_id
    if form == "ssn":
        # 9xx is no social security number; with 01 to 49 in the middle it is no taxpayer number either
        return f"9{draw.digits(2, 'area')}-{1 + draw.below(49, 'group'):02d}-{draw.digits(4)}"
    if form == "resident":  # no province has the code 99; the check digit is right
        body = f"990100{_date_of_birth(draw).replace('-', '')}{draw.digits(3, 'order')}"
        return body + "10X98765432"[sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body)) % 11]
    if form == "my number":
        body = draw.digits(11)
        total = sum(
            int(digit) * (place + 1 if place < 7 else place - 5) for place, digit in enumerate(reversed(body), 1)
        )
        right = 0 if total % 11 < 2 else 11 - total % 11
        return f"{body}{(right + 1) % 10}"
    return draw.filled((form,))


def _ip(draw: _Draw) -> str:
    place = draw.below(3 * 254)
    return f"{('192.0.2', '198.51.100', '203.0.113')[place // 254]}.{1 + place % 254}"


def _as_number(value: str, draw: _Draw) -> str:
    """The digits of a value as a number of JSON, which begins with no zero; another number where it is none."""
    digits = "".join(character for character in value if character in "0123456789").lstrip("0")
    if any(map(str.isalpha, value)) or not 3 < len(digits) < _LONGEST_NUMBER:
        return f"9{draw.digits(6, 'number')}"
    return digits


def _whole(make: Callable[[_Draw], str]) -> Callable[[_Draw, str | None], str | None]:
    """An entity of one piece: a placeholder with a part is none of ours."""
    return lambda draw, part: make(draw) if part is None else None


_MAKERS: Final[dict[str, Callable[[_Draw, str | None], str | None]]] = {
    "PERSON": _person,
    **dict.fromkeys(("EMAIL", "EMAIL_ADDRESS"), _email),
    **dict.fromkeys(("PHONE", "PHONE_NUMBER"), _whole(lambda draw: draw.filled(draw.locale.phones))),
    "ADDRESS": _address,
    **dict.fromkeys(("CITY", "LOCATION"), _whole(lambda draw: draw.one_of(draw.locale.cities))),
    "ZIP": _whole(lambda draw: draw.filled(draw.locale.zips)),
    **dict.fromkeys(("DOB", "DATE_OF_BIRTH"), _whole(_date_of_birth)),
    **dict.fromkeys(("DATE", "DATE_TIME"), _whole(_date)),
    "AGE": _whole(lambda draw: str(20 + draw.below(50))),
    **dict.fromkeys(("NATIONALITY", "NRP"), _whole(lambda draw: draw.one_of(draw.locale.nationalities))),
    **dict.fromkeys(("NATIONAL_ID", "US_SSN"), _whole(_national_id)),
    "PAYMENT_ID": _whole(lambda draw: draw.digits(7)),  # a prefix such as credit_card_ is not replaced
    **dict.fromkeys(("CARD", "CREDIT_CARD"), _whole(_card)),
    "CARD_LAST4": _whole(lambda draw: draw.digits(4)),
    **dict.fromkeys(("IBAN", "IBAN_CODE"), _whole(lambda draw: draw.filled((draw.locale.iban,)))),
    "USER_ID": _whole(lambda draw: f"{_login(draw, '_')}_{draw.digits(4)}"),
    "APP_ID": _whole(lambda draw: draw.hexadecimal(6).upper()),
    "SECRET": _whole(lambda draw: f"example-{draw.hexadecimal(16)}"),
    **dict.fromkeys(("IP", "IP_ADDRESS"), _whole(_ip)),
    **dict.fromkeys(("IPV6", "IPV6_ADDRESS"), _whole(lambda draw: f"2001:db8::{1 + draw.below(65_535):x}")),
    **dict.fromkeys(("MAC", "MAC_ADDRESS"), _whole(lambda draw: f"00:00:5E:00:53:{draw.below(256):02X}")),
    "URL": _whole(lambda draw: f"https://example.com/{draw.hexadecimal(8)}"),
}
"""Entity (ours, and Presidio's words for the same) → (draw, part) → the value; None where the part is unknown."""
