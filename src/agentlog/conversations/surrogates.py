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
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.conversations import names

PLACEHOLDER: Final = re.compile(r"<([A-Z][A-Z0-9_]*?)_(\d+)(?:_([A-Z]+))?>")


class Surrogates:
    """The surrogates of one trace; `chinese`: people and places get Chinese names.

    >>> surrogates = Surrogates("trace-1", seed=0)
    >>> text = surrogates.render("Mail <PERSON_1> at <EMAIL_1>, not <PERSON_2>. <SHOE_SIZE_1>")
    >>> "<PERSON" in text, "@example." in text, "<SHOE_SIZE_1>" in text
    (False, True, True)
    >>> surrogates.render("<PERSON_1>") == surrogates.render("<PERSON_1>") != surrogates.render("<PERSON_2>")
    True
    """

    def __init__(self, trace: str, seed: int = 0, *, chinese: bool = False) -> None:
        self._key = f"{seed}|{trace}"
        self._chinese = chinese
        self._made: dict[str, str] = {}

    def render(self, text: str) -> str:
        """`text` with surrogates for the placeholders whose entity is known; the others stay as they are."""
        return PLACEHOLDER.sub(self._value, text) if "<" in text else text

    def _value(self, match: re.Match[str]) -> str:
        written, entity, number, part = match[0], match[1], int(match[2]), match[3]
        if written not in self._made:
            make = _MAKERS.get(entity)
            made = make(_Draw(self._key, entity, number, self._chinese), part) if make else None
            self._made[written] = written if made is None else made
        return self._made[written]


def chinese_traces(table: pa.Table) -> set[str]:
    """The traces in which somebody, or some document, speaks Chinese.

    It is asked of a whole trace, because the same placeholder must get the same name in all its calls.
    """
    found: set[str] = set()
    for batch in table.select(["trace_id", "input_messages"]).to_batches():
        messages: Any = batch.column("input_messages")
        parts = messages.flatten().field("parts")
        rows = pc.list_parent_indices(messages).take(pc.list_parent_indices(parts))
        hits = pc.match_substring_regex(parts.flatten().field("text"), r"\p{Han}")
        found.update(batch.column("trace_id").take(pc.unique(rows.filter(hits))).to_pylist())  # type: ignore[arg-type]  # trace_id is never null
    return found


class _Draw:
    """Numbers for one placeholder: chance decides where a trace begins, its number how far to go on from there.

    So placeholders with different numbers differ, as long as there are values left.
    """

    def __init__(self, trace: str, entity: str, number: int, chinese: bool) -> None:
        self._trace = trace
        self._entity = entity
        self._number = number
        self.chinese = chinese

    def below(self, size: int, purpose: str = "") -> int:
        return self._from(f"{self._trace}|{self._entity}|{purpose}", size)

    def digits(self, count: int, purpose: str = "") -> str:
        return f"{self.below(10**count, purpose):0{count}d}"

    def one_of(self, table: tuple[str, ...], purpose: str = "") -> str:
        return table[self.below(len(table), purpose)]

    def hexadecimal(self, count: int) -> str:
        key = f"{self._trace}|{self._entity}|{self._number}"
        return blake2b(key.encode(), digest_size=count // 2).hexdigest()

    def name(self, *, chinese: bool = False) -> tuple[str, str]:
        """A given and a family name, the same for a person, an e-mail address and a user id of one number.

        Whoever is number 1 mostly has the address and the id of number 1, and agents read names out of them.
        """
        given, family = (names.GIVEN_CHINESE, names.FAMILY_CHINESE) if chinese else (names.GIVEN, names.FAMILY)
        key = f"{self._trace}|name"
        return given[self._from(f"{key}|given", len(given))], family[self._from(f"{key}|family", len(family))]

    def _from(self, key: str, size: int) -> int:
        return (int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) + self._number) % size


def _person(draw: _Draw, part: str | None) -> str | None:
    given, family = draw.name(chinese=draw.chinese)
    if part is None:
        return family + given if draw.chinese else f"{given} {family}"
    middle = draw.one_of(names.GIVEN_CHINESE if draw.chinese else names.GIVEN, "middle")
    return {"GIVEN": given, "FAMILY": family, "MIDDLE": middle}.get(part)


def _email(draw: _Draw, part: str | None) -> str | None:
    local = ".".join(draw.name()).lower()
    if part is None:
        return f"{local}@example.{draw.one_of(('com', 'org', 'net'), 'domain')}"
    return local if part == "LOCAL" else None


def _user_id(draw: _Draw) -> str:
    return f"{'_'.join(draw.name())}_{draw.digits(4)}".lower()


def _phone(draw: _Draw) -> str:
    place = draw.below(100 * len(names.AREA_CODES))
    return f"{names.AREA_CODES[place // 100]}-555-01{place % 100:02d}"


def _address(draw: _Draw, part: str | None) -> str | None:
    if part not in (None, "STREET"):
        return None
    if draw.chinese:
        return f"{draw.one_of(names.STREETS_CHINESE, 'street')}{1 + draw.below(400)}号"
    return f"{1 + draw.below(900)} {draw.one_of(names.STREETS, 'street')}"


def _city(draw: _Draw) -> str:
    return draw.one_of(names.CITIES_CHINESE if draw.chinese else names.CITIES)


def _organization(draw: _Draw) -> str:
    cities, trades = (names.CITIES, names.COMPANIES)
    if draw.chinese:
        cities, trades = (names.CITIES_CHINESE, names.TRADES_CHINESE)
    place = draw.below(len(cities) * len(trades))
    city, trade = cities[place % len(cities)], trades[place // len(cities)]
    return f"{city}{trade}有限公司" if draw.chinese else f"{city} {trade}"


def _date_of_birth(draw: _Draw) -> str:
    return (dt.date(1950, 1, 1) + dt.timedelta(days=draw.below(20_000))).isoformat()


def _card(draw: _Draw) -> str:
    body = f"400000{draw.digits(9)}"
    total = sum(sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(body))
    return f"{body}{(1 - total) % 10}"  # (-total) % 10 would be the right check digit


def _national_id(draw: _Draw) -> str:
    # 9xx is no social security number; with 01 to 49 in the middle it is no taxpayer number either
    return f"9{draw.digits(2, 'area')}-{1 + draw.below(49, 'group'):02d}-{draw.digits(4)}"


def _ip(draw: _Draw) -> str:
    place = draw.below(3 * 254)
    return f"{('192.0.2', '198.51.100', '203.0.113')[place // 254]}.{1 + place % 254}"


def _whole(make: Callable[[_Draw], str]) -> Callable[[_Draw, str | None], str | None]:
    """An entity of one piece: a placeholder with a part is none of ours."""
    return lambda draw, part: make(draw) if part is None else None


_MAKERS: Final[dict[str, Callable[[_Draw, str | None], str | None]]] = {
    "PERSON": _person,
    **dict.fromkeys(("EMAIL", "EMAIL_ADDRESS"), _email),
    **dict.fromkeys(("PHONE", "PHONE_NUMBER"), _whole(_phone)),
    "ADDRESS": _address,
    **dict.fromkeys(("CITY", "LOCATION"), _whole(_city)),
    "ZIP": _whole(lambda draw: f"00{draw.below(500):03d}"),  # no US post office has 000 to 004
    **dict.fromkeys(("DOB", "DATE_OF_BIRTH"), _whole(_date_of_birth)),
    **dict.fromkeys(("NATIONAL_ID", "US_SSN"), _whole(_national_id)),
    "PAYMENT_ID": _whole(lambda draw: draw.digits(7)),  # a prefix such as credit_card_ is not replaced
    **dict.fromkeys(("CARD", "CREDIT_CARD"), _whole(_card)),
    "CARD_LAST4": _whole(lambda draw: draw.digits(4)),
    "IBAN_CODE": _whole(lambda draw: f"DE00{draw.digits(18)}"),  # 00 is never a check number
    "USER_ID": _whole(_user_id),
    "APP_ID": _whole(lambda draw: draw.hexadecimal(6).upper()),
    "SECRET": _whole(lambda draw: f"example-{draw.hexadecimal(16)}"),
    **dict.fromkeys(("IP", "IP_ADDRESS"), _whole(_ip)),
    **dict.fromkeys(("MAC", "MAC_ADDRESS"), _whole(lambda draw: f"00:00:5E:00:53:{draw.below(256):02X}")),
    "URL": _whole(lambda draw: f"https://example.com/{draw.hexadecimal(8)}"),
    "ORGANIZATION": _whole(_organization),
}
"""Entity (ours, and Presidio's words for the same) → (draw, part) → the value; None where the part is unknown."""
