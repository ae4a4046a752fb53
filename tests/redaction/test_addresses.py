"""Postal addresses in running text, and what is none."""

from __future__ import annotations

import pytest

from agentlog.redaction import RedactionPolicy, Redactor
from agentlog.redaction.entities import ENTITIES, OPTIONAL
from agentlog.redaction.wording.postal import find_addresses
from agentlog.redaction.words.text import words_in


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


def text(value: str) -> str:
    return Redactor(None, pseudonym_key=b"k").text(value)


@pytest.mark.parametrize("around", ["{}", "Send it to {} please", "She moved to {}.\nCall first."])
@pytest.mark.parametrize(
    ("street", "code", "town"),
    [
        ("Hauptstr. 12", "10115", "Berlin"),
        ("Am Stadtpark 3", "90409", "Nürnberg"),
        ("Kärntner Str. 9", "1010", "Wien"),
        ("Bahnhofstrasse 21", "8001", "Zürich"),
        ("C/ Mayor 5", "28013", "Madrid"),
        ("Via Roma 12", "00184", "Roma"),
        ("Viale Monza 140/A", "20127", "Milano"),
        ("12 rue de la Paix", "75002", "Paris"),
        ("8 bis avenue Foch", "69006", "Lyon"),
        ("110, cours de Verdun", "33000", "Bordeaux"),
        ("Rua Augusta 274", "1100-053", "Lisboa"),
        ("Plac Defilad 1", "00-901", "Warszawa"),
        ("Keizersgracht 174", "1016 DW", "Amsterdam"),
        ("Vodičkova 36", "116 02", "Praha"),
    ],
)
def test_a_street_with_the_line_of_its_town_goes_in_any_text(around: str, street: str, code: str, town: str) -> None:
    made = text(around.format(f"{street}, {code} {town}"))
    assert street.split()[-1] not in made.split()
    assert code not in made


@pytest.mark.parametrize(
    "address",
    [
        "Av. Paulista, 1578 - Bela Vista, São Paulo - SP, 01310-200",
        "Alameda Santos, 2233, Rio de Janeiro/RJ, 01419-101",
    ],
)
def test_a_brazilian_address_ends_with_its_state_and_code(address: str) -> None:
    kind, number, code = address.split()[0], address.split(", ")[1][:4], address[-9:]
    made = text(f"ship to {address} ok?")
    assert all(part not in made for part in (kind, number, code))


def test_a_flat_between_the_street_and_its_town_goes_too() -> None:
    made = text("the office is Calle de Alcalá 45, 3º izq., 28014 Madrid now")
    assert not any(part in made for part in ("Calle", "45", "3º", "28014"))
    assert made.endswith(" now")


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2019, 10115 people moved to Berlin",
        "Section 12, 10115 Berlin wall exhibits",
        "Revision 14, 10119 Lines changed",
        "Apollo 11, 1969 Moon landing",
        "Euro 12, 1500 Total; Bus 12, 1130 Departure; Level 12, 2000 Gold earned",
        "Model Enigma 12, 20000 Copies sold",
        "Formula 1, 2021 Monaco Grand Prix and Train 9575, 1015 Milano Centrale",
        "Python 3, 2008 Release Notes. Windows 10, 2021 Update",
    ],
)
def test_a_number_before_a_number_and_a_capital_letter_is_no_address(sentence: str) -> None:
    assert text(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("My zip code 94110", "94110"),
        ("zip 94110", "94110"),
        ("what is the delivery time for zip 98101?", "98101"),
        ("ZIP: 94110-1234", "94110-1234"),
        ("postcode SW1A 1AA", "SW1A 1AA"),
        ("postal code K1A 0B1 please", "K1A 0B1"),
        ("plz 10115 Berlin", "10115"),
        ("CAP 00184", "00184"),
        ("eircode D02 X285", "D02 X285"),
    ],
)
def test_a_postal_code_goes_by_the_word_before_it(sentence: str, code: str) -> None:
    assert text(sentence) == sentence.replace(code, "<ZIP_1>")


@pytest.mark.parametrize(
    "sentence",
    ["zip 94110 files into one", "order 94110", "zip 7", "we zip 50000 records", "plz 20 min", "the cap 12000 was reached",
     "The zip file has 94110 entries", "plz send 10115 copies", "CP violation 1964"],
)  # fmt: skip
def test_what_is_zipped_or_counted_is_no_postal_code(sentence: str) -> None:
    assert text(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "street"),
    [
        ("I live at Callejón Qebrel 774 Interior 402\nNueva Lutetia", "Callejón Qebrel 774 Interior 402"),
        ("I live at 4417 boulevard Qebrel", "4417 boulevard Qebrel"),
        ("she resides at Contrada Qebrella, 72", "Contrada Qebrella, 72"),
        ("I live at ul. Qebrela 58, Wrocław.", "ul. Qebrela 58"),
        ("He lives at Avenue d'Oqbrel 5, Plons.", "Avenue d'Oqbrel 5"),
        ("residing at Qebrel rkp. 97., Szerencs", "Qebrel rkp. 97"),
        ("Please ship it to Ingvald Qebrels gate 155, 2615 Lillehammer.", "Ingvald Qebrels gate 155"),
        ("send it to Postbox 417, 3923 Narsarsuaq", "Postbox 417"),
        ("deliver it to 582 Hanson Junction, Qebrelton", "582 Hanson Junction"),
        ("meet me at Flat 5, Bates Grove, Qebrelburgh", "Bates Grove"),
        ("it should be sent to 73, Bhasin Street, Mumbai", "73, Bhasin Street"),
        ("My place is in Sydney NSW 2047.", "2047"),
        ("Lake Qebrel, ACT, 2619", "2619"),
    ],
)
def test_streets_behind_words_of_living_and_of_kinds_that_are_common_words(sentence: str, street: str) -> None:
    assert street not in Redactor(None, pseudonym_key=b"secret").text(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "They live at home until 2027.",
        "We are living at the Ritz for 3 days",
        "On May 5, Wall Street fell. In 2019, Main Street was closed",
        "Top 5 Summer Camps, 3 Data Center, 10 Park Rangers",
        "at 5 Golden Keys, and to 3 Power Stations.",
        "5 Data Points, and 12 Key Points.",
        "please send it to Terminal 3, 2 hours before",
        "mail this to Team 4, 2019 Goals follow",
        "deliver 5 units to Warehouse 12, 45 Units to Berlin",
        "I live at school 3 days a week",
        "the Equality ACT 2010, the WA 2024 plan",
    ],
)
def test_counted_things_and_days_are_no_streets(sentence: str) -> None:
    assert Redactor(None, pseudonym_key=b"secret").text(sentence) == sentence
