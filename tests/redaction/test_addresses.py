"""Postal addresses in running text, and what is none."""

from __future__ import annotations

import pytest

from agentlog.redaction import RedactionPolicy, Redactor
from agentlog.redaction.entities import ENTITIES, OPTIONAL
from agentlog.redaction.postal import find_addresses
from agentlog.redaction.text import words_in


def pieces(text: str, places: bool = False) -> list[str]:
    spans = {one[:2] for one in find_addresses(text, words_in(text), places)}
    whole = {one for one in spans if not any(a <= one[0] and one[1] <= b for a, b in spans - {one})}
    return [text[start:end] for start, end in sorted(whole)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ship to 6750 Koskikatu 25 Apt. 864, please", ["6750 Koskikatu 25", "Apt. 864"]),
        ("at 19607 Igias Street\nCockle Bay, NY 10017", ["19607 Igias Street", "10017"]),
        ("I live at 86 Rua do Arenque 1634", ["86 Rua do Arenque 1634"]),
        ("lives at 79 Pohlstrasse 9", ["79 Pohlstrasse 9"]),
        ("Suite 541 6343 Mill Road", ["6343 Mill Road"]),
        ("send it to 12 elmore grove apt. 999\nboston, ma 02118", ["12 elmore grove", "apt. 999", "02118"]),
        ("PSC 3294, Box 9168\nAPO AA 61487", ["PSC 3294, Box 9168\nAPO AA 61487"]),
        ("meet at the corner of Botley Road and Herceg Gateway", ["Botley Road", "Herceg Gateway"]),
        ("> 935 Gordon Terrace\n> Suite 828\n> Lyon\n> France 89800", ["935 Gordon Terrace", "Suite 828", "89800"]),
    ],
)
def test_an_address_is_found_by_its_pieces(text: str, found: list[str]) -> None:
    assert pieces(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Flight 123 Economy, Gate 12 Terminal 3, Row 17 Seat A",
        "on 24 May 2024 at 10 AM, 30 December 12",
        "2 Checked Bags, 3 Business Class seats, 1 Basic Economy 2",
        "iPhone 15 Pro Max 256, Galaxy S24 Ultra 512, HTTP 404 Not Found",
        "I bought 3 shirts size 4 and 5 pairs of shoes",
        "chapter 5 Section 12, Table 3 Figure 4, page 12 of 300",
        "costs 1 Dollar 50, or $12 Street value",
        "Python 3 and Windows 11 run on 64 Bit machines",
        "Unit tests 5 passed; Suite 3 of 4; box 12 is empty",
    ],
)
def test_what_only_has_numbers_and_capital_letters_is_none(text: str) -> None:
    assert pieces(text) == []


def test_towns_are_taken_only_where_the_policy_asks_for_places() -> None:
    text = "ship to 77 Elm Street, Suite 5, Austin, TX 78701"
    assert pieces(text, places=True) == ["77 Elm Street", "Suite 5", "Austin", "TX", "78701"]
    assert Redactor(None, pseudonym_key=b"k").text(text) == "ship to <ADDRESS_1>, <ADDRESS_2>, Austin, TX <ZIP_1>"
    policy = RedactionPolicy(entities=tuple(ENTITIES))
    assert "Austin" not in Redactor(policy, pseudonym_key=b"k").text(text)


def test_what_points_to_a_person_without_naming_one_stays_unless_it_is_named() -> None:
    text = "A 38-year-old Danish patient from Oslo came on Friday at 10:30, see https://example.org/x"
    assert Redactor(None, pseudonym_key=b"k").text(text) == text
    policy = RedactionPolicy(entities=tuple(OPTIONAL))
    made = Redactor(policy, pseudonym_key=b"k").text(text)
    assert (
        made == "A <AGE_1>-year-old <NATIONALITY_1> patient from <LOCATION_1> came on <DATE_1> at <DATE_2>, see <URL_1>"
    )
    only = RedactionPolicy(entities=("LOCATION",))
    assert "Oslo" not in Redactor(only, pseudonym_key=b"k").text(text)
    assert "38" in Redactor(only, pseudonym_key=b"k").text(text)
