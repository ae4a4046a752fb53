"""Natural values in the place of placeholders, so that what is trained on looks like what will be served.

`<PERSON_1>` becomes a name, `<EMAIL_1>` an address at example.com. A value is drawn from the seed, the trace and the
placeholder alone: the same in every message, argument and tool result of a trace (what a model copied, it can still copy),
and unlinked between traces. Numbers and addresses come from ranges that belong to nobody: 555-01xx telephones, example
domains, documentation IPs and MACs, cards with a wrong check digit, social security numbers that are never given out.
No value holds a quote, a backslash or a line break, so JSON text stays JSON text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

from agentlog.exports import names

PLACEHOLDER: Final = re.compile(r"<([A-Z][A-Z_]*?)_(\d+)(?:_([A-Z]+))?>")
_HAN: Final = re.compile("[\u4e00-\u9fff]")


class Surrogates:
    """The surrogates of one trace.

    >>> surrogates = Surrogates("trace-1", seed=0)
    >>> text = surrogates.render("Mail <PERSON_1> at <EMAIL_1>, not <PERSON_2>. <SHOE_SIZE_1>")
    >>> "<PERSON" in text, "@example." in text, "<SHOE_SIZE_1>" in text
    (False, True, True)
    >>> surrogates.render("<PERSON_1>") == surrogates.render("<PERSON_1>") != surrogates.render("<PERSON_2>")
    True
    """

    def __init__(self, trace: str, seed: int = 0) -> None:
        self._trace = trace
        self._seed = seed
        self._made: dict[tuple[str, bool], str] = {}

    def render(self, text: str) -> str:
        """`text` with surrogates for the placeholders whose entity is known; the others stay as they are.

        In a text with Chinese characters people and places get Chinese names.
        """
        if "<" not in text:
            return text
        chinese = _HAN.search(text) is not None
        return PLACEHOLDER.sub(lambda match: self._value(match, chinese), text)

    def _value(self, match: re.Match[str], chinese: bool) -> str:
        entity, number, part = match[1], int(match[2]), match[3]
        key = (match[0], chinese)
        if key not in self._made:
            make = _MAKERS.get(entity)
            made = make(_Draw(f"{self._seed}|{self._trace}|{entity}", number, chinese), part) if make else None
            self._made[key] = match[0] if made is None else made
        return self._made[key]


class _Draw:
    """Numbers for one placeholder: chance decides where a trace begins, its number how far to go on from there.

    So placeholders with different numbers differ, as long as there are values left.
    """

    def __init__(self, key: str, number: int, chinese: bool) -> None:
        self._key = key
        self._number = number
        self.chinese = chinese

    def below(self, size: int, purpose: str = "") -> int:
        digest = blake2b(f"{self._key}|{purpose}".encode(), digest_size=8).digest()
        return (int.from_bytes(digest) + self._number) % size

    def digits(self, count: int, purpose: str = "") -> str:
        return f"{self.below(10**count, purpose):0{count}d}"

    def one_of(self, table: tuple[str, ...], purpose: str = "") -> str:
        return table[self.below(len(table), purpose)]

    def hexadecimal(self, count: int) -> str:
        return blake2b(f"{self._key}|{self._number}".encode(), digest_size=count // 2).hexdigest()


def _person(draw: _Draw, part: str | None) -> str | None:
    if draw.chinese:
        family, given = draw.one_of(names.FAMILY_CHINESE, "family"), draw.one_of(names.GIVEN_CHINESE, "given")
        whole = family + given
    else:
        family, given = draw.one_of(names.FAMILY, "family"), draw.one_of(names.GIVEN, "given")
        whole = f"{given} {family}"
    if part is None:
        return whole
    if part in ("GIVEN", "FIRST"):
        return given
    if part in ("FAMILY", "LAST", "SURNAME"):
        return family
    return draw.one_of(names.GIVEN, "middle") if part == "MIDDLE" else None


def _handle(draw: _Draw) -> tuple[str, str]:
    return draw.one_of(names.GIVEN, "given").lower(), draw.one_of(names.FAMILY, "family").lower()


def _whole(make: Callable[[_Draw], str]) -> Callable[[_Draw, str | None], str | None]:
    """An entity of one piece: a placeholder with a part is none of ours."""
    return lambda draw, part: make(draw) if part is None else None


def _email(draw: _Draw) -> str:
    given, family = _handle(draw)
    return f"{given}.{family}@example.{draw.one_of(('com', 'org', 'net'), 'domain')}"


def _user_id(draw: _Draw) -> str:
    given, family = _handle(draw)
    return f"{given}_{family}_{draw.digits(4)}"


def _phone(draw: _Draw) -> str:
    place = draw.below(100 * len(names.AREA_CODES))
    return f"({names.AREA_CODES[place // 100]}) 555-01{place % 100:02d}"


def _address(draw: _Draw) -> str:
    if draw.chinese:
        return f"{draw.one_of(names.STREETS_CHINESE, 'street')}{1 + draw.below(400)}号"
    return f"{1 + draw.below(900)} {draw.one_of(names.STREETS, 'street')}"


def _city(draw: _Draw) -> str:
    return draw.one_of(names.CITIES_CHINESE if draw.chinese else names.CITIES)


def _date(draw: _Draw, part: str | None) -> str | None:
    day = dt.date(1950, 1, 1) + dt.timedelta(days=draw.below(20_000))
    if part is None:
        return day.isoformat()
    return {"YEAR": f"{day:%Y}", "MONTH": f"{day:%m}", "DAY": f"{day:%d}"}.get(part)


def _card(draw: _Draw, part: str | None) -> str | None:
    body = f"400000{draw.digits(9)}"
    total = sum(sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(body))
    card = f"{body}{(1 - total) % 10}"  # (-total) % 10 would be the right check digit
    return card if part is None else card[-4:] if part in ("LAST", "LASTFOUR") else None


def _national_id(draw: _Draw) -> str:
    # 9xx is no social security number; with 01 to 49 in the middle it is no taxpayer number either
    return f"9{draw.digits(2, 'area')}-{1 + draw.below(49, 'group'):02d}-{draw.digits(4)}"


def _ip(draw: _Draw) -> str:
    place = draw.below(3 * 254)
    return f"{('192.0.2', '198.51.100', '203.0.113')[place // 254]}.{1 + place % 254}"


_MAKERS: Final[dict[str, Callable[[_Draw, str | None], str | None]]] = {
    **dict.fromkeys(("PERSON", "NAME"), _person),
    **dict.fromkeys(("EMAIL", "EMAIL_ADDRESS"), _whole(_email)),
    **dict.fromkeys(("PHONE", "PHONE_NUMBER"), _whole(_phone)),
    **dict.fromkeys(("ADDRESS", "STREET_ADDRESS"), _whole(_address)),
    "CITY": _whole(_city),
    **dict.fromkeys(("ZIP", "POSTCODE"), _whole(lambda draw: f"00{draw.digits(3)}")),  # no US post office has these
    **dict.fromkeys(("DOB", "DATE_OF_BIRTH"), _date),
    **dict.fromkeys(("NATIONAL_ID", "SSN", "US_SSN"), _whole(_national_id)),
    **dict.fromkeys(("CARD", "CREDIT_CARD"), _card),
    "CARD_LAST": _whole(lambda draw: draw.digits(4)),
    "PAYMENT_ID": _whole(lambda draw: f"payment_{draw.digits(7)}"),
    **dict.fromkeys(("USER_ID", "USERNAME", "USER"), _whole(_user_id)),
    **dict.fromkeys(("ACCOUNT", "ACCOUNT_ID", "BANK_ACCOUNT"), _whole(lambda draw: f"0000{draw.digits(8)}")),
    **dict.fromkeys(("IBAN", "IBAN_CODE"), _whole(lambda draw: f"DE00{draw.digits(18)}")),  # 00 is never a check number
    **dict.fromkeys(("SECRET", "PASSWORD", "API_KEY", "TOKEN"), _whole(lambda draw: f"example-{draw.hexadecimal(16)}")),
    **dict.fromkeys(("IP", "IP_ADDRESS"), _whole(_ip)),
    **dict.fromkeys(("MAC", "MAC_ADDRESS"), _whole(lambda draw: f"00:00:5E:00:53:{draw.below(256):02X}")),
    "URL": _whole(lambda draw: f"https://example.com/{draw.hexadecimal(8)}"),
    **dict.fromkeys(("ORGANIZATION", "COMPANY"), _whole(lambda draw: draw.one_of(names.COMPANIES))),
}
"""Entity, as placeholders spell it → (draw, part) → the value; None where the part is unknown."""
