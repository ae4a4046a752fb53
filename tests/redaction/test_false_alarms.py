"""What only looks or sounds like somebody's: names of states' numbers that are ordinary words, counts, roles of markup, files."""

from __future__ import annotations

import json

import pytest

from agentlog.redaction import Redactor


def text(value: str) -> str:
    return Redactor(None, pseudonym_key=b"secret").text(value)


@pytest.mark.parametrize(
    "sentence",
    [
        "see :rfc:`5545` and :rfc:`2445`; also :pep:`484`",
        "relay.tin 4417209304 was cut",
        "mirror.rif.nl J-12345678-9",
        "https://example.org/tin 4417209304",
    ],
)
def test_a_role_of_markup_or_a_part_of_a_domain_is_no_name_of_a_number(sentence: str) -> None:
    assert text(sentence) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "nie 123 456 789 razy, cette nuit 12 34 56 78",
        "Nik 1234567 followed you",
        "El Nino 1997 1998 2015 2016",
        "CPR 30:2, then CPR 100 120 again",
        "OIB 1234567890",
        "Medicare 2019 2020 2021; Medicare 2024 1234567 enrollees",
        "Holiday Inn 1234567890 and Drury Inn 9821 1234567",
        "the inn is 250 300 400 m away",
        "NIS 1000000000 in funding",
        "10:30 MST 2024041712",
        "qid: 4471920930 took 12 ms, vid: 4471920930417209",
        "NAS 192 168 100",
        "SARS 2003 2004",
        "tin 200 300 400",
        "ribs: rib 1 2 3 4 5 6 7 8 are fractured",
        "patente EP 1234567 was filed",
        "plaka 250000",
        "Rentenversicherung 2 100 000 000",
        "birth number 1 2 3 4 5 6",
        "national number 45 60 75 80",
        "avs-1234567 build",
        "NRT 1234567 yen",
        "DNI 2024 06 12 34",
        "PNF 123456 at KTP 1 2 3 4 5 6",
        "targa 24BIT, reg EAX12, reg R12 4471, plates 96 WELL",
        "conto corrente 2024 2025",
        "eth 0x0000000000000000000000000000000000000000",
        "The peak was reached at 1234567 steps",
        "convergence was reached at 450 000 000 years",
    ],
)
def test_a_word_that_means_other_things_needs_more_than_a_number_behind_it(sentence: str) -> None:
    assert text(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("my nik is 3204417209304172", "3204417209304172"),
        ("NIK 3204417209304172", "3204417209304172"),
        ("her bvn 44172093041 was refused", "44172093041"),
        ("BSN 302118476 hoort bij de aanvraag", "302118476"),
        ("nie: X4417209T", "X4417209T"),
        ("his Medicare number is 4417 20930 1", "4417 20930 1"),
        ("patente: U1A441720B", "U1A441720B"),
        ("sécurité sociale : 1 84 12 76 451 089 46", "1 84 12 76 451 089 46"),
        ("UTR number 4417209304", "4417209304"),
        ("targa QB 441 RT", "QB 441 RT"),
        ("reg QB44 RTL", "QB44 RTL"),
        ("CI: 441720930-4", "441720930-4"),
        ("DNI/NIE: X4417209T", "X4417209T"),
        ("user.ssn 078-05-1121 was deleted", "078-05-1121"),
        ("ID/Passport number C01X00T47", "C01X00T47"),
        ("you can reach her on 79 56 41 72", "79 56 41 72"),
    ],
)
def test_said_as_somebodys_or_in_its_own_form_it_goes(sentence: str, value: str) -> None:
    assert value not in text(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "2 PLAC Musterstadt",
        "0 @I1@ INDI\n1 BIRT\n2 DATE 1 JAN 1900\n2 PLAC Musterstadt\n1 DEAT\n2 PLAC Altdorf, Bayern",
        "live at Wembley, 1986, and live at Leeds 1970",
        "The data lives at Table 4, row 2; the file lives at Line 42",
        "staying at Level 5",
        "power, WA 2030 and Windows, NT 4000",
    ],
)
def test_a_level_and_a_tag_or_a_show_is_no_street(sentence: str) -> None:
    assert text(sentence) == sentence


def test_a_street_is_one_whatever_its_country_says_first() -> None:
    assert "Musterowa" not in text("ul. Musterowa 12, 00-417 Warszawa")
    assert "Qbrelova" not in text("I am staying at Qbrelova 17.")
    assert "Market 85" not in text("I live at Market 85, QBREL.")
    assert "Qbrel 1978" not in text("she still lives at Qbrel 1978, Lipov.")
    assert "6009" not in text("12 Qbrel Street, Nedlands, WA 6009")


@pytest.mark.parametrize("value", ["São José dos Campos", "San José", "Santa Maria da Feira"])
def test_a_town_of_a_saint_is_nobody(value: str) -> None:
    for sentence in (json.dumps({"city": value}, ensure_ascii=False), f"city: {value}"):
        assert text(sentence) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "assets/icon@2x.png and img/logo@3x.jpg",
        "the worker.\n@dask.delayed\ndef run(): ...",
        "a view\n@app.route('/x')\ndef view(): ...",
        "the email is hosted at example.com; email: configured at settings.py",
        "e-mail, look at example.com",
    ],
)
def test_a_file_a_decorator_or_a_sentence_about_mail_is_no_address(sentence: str) -> None:
    assert text(sentence) == sentence


def test_an_address_before_a_file_s_ending_or_a_line_s_end_still_goes() -> None:
    assert text("saved as qbrel@posteo.de.pdf") == "saved as <EMAIL_1>.pdf"
    assert "qbrel" not in text("write to qbrel\n@posteo.de today")
    assert "qbrel" not in text("write to qbrel@posteo.de (work)")


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("passport number: 4417.2093/B", "2093"),
        ("SSN: 417/20/9304", "9304"),
        ("Personalausweis: L01X00T47/2", "L01X00T47"),
        ("Postal code: 4417-209", "209"),
        ("Zip: 860-4417", "4417"),
        ("CEP: 41720930", "41720930"),
        ("Username: Qbrelova", "Qbrelova"),
    ],
)
def test_behind_its_label_a_value_goes_whole(sentence: str, value: str) -> None:
    assert value not in text(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "user: Admin",
        "username: Required",
        "login: Failed",
        "User: Guest, login: Disabled, username: Optional",
        "User: Necesito ayuda con mi vuelo",
        "User: Quiero cambiar el asiento.",
        "Passport: 2024-04-17",
        "zip code: 12345678 rows",
        "national id: 1.2.3; NHS: 10.5.2; tax: 1.234.567,89 EUR",
    ],
)
def test_a_state_a_sentence_or_a_day_behind_a_label_stays(sentence: str) -> None:
    assert text(sentence) == sentence
