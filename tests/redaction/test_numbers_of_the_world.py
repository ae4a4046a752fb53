"""Numbers that states give to people, by what each state calls them, by their form, or by a key."""

# ruff: noqa: RUF001 - Chinese punctuation is part of the texts

from __future__ import annotations

import json

import pytest

from agentlog.redaction import Redactor


def text(value: str) -> str:
    return Redactor(None, pseudonym_key=b"secret").text(value)


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("My BSN is 302.11.8476, please check.", "302.11.8476"),
        ("her PESEL 86041277315 was refused", "86041277315"),
        ("rodné číslo 816207/4413", "816207/4413"),
        ("RČ 816207/4413 je neplatné", "816207/4413"),
        ("the customer's henkilötunnus 060781-927K", "060781-927K"),
        ("Fødselsnummer: 060781 40917", "060781 40917"),
        ("codice fiscale QBRTLS82H57F205J", "QBRTLS82H57F205J"),
        ("the OIB on file is 40918273655", "40918273655"),
        ("ИНН 771408261935 указан в заявке", "771408261935"),
        ("주민등록번호 860412-2718281 입니다", "860412-2718281"),
        ("Teudat Zehut: 31460927-5", "31460927-5"),
        ("His RUT is 14.206.883-K and he is waiting", "14.206.883-K"),
        ("NIT 901.447.215-3", "901.447.215-3"),
        ("RFC QEBR860412TL9", "QEBR860412TL9"),
        ("PAN QEBPT4417K", "QEBPT4417K"),
        ("the Norwegian birth number 060781 40917", "060781 40917"),
        ("Dutch citizen identification number 302118476", "302118476"),
        ("driving licence number of the claimant is QBREL804174QR9ZV 01", "QBREL804174QR9ZV"),
        ("My DVLA no is QBREL 804174 QR9ZV", "QBREL 804174 QR9ZV"),
        ("bank account 02-0417-0918273-000", "02-0417-0918273-000"),
        ("我的银行卡号是6222024417092083651", "6222024417092083651"),
        ("信用卡4417209304417200已冻结", "4417209304417200"),
        ("我的QQ号：441720930", "441720930"),
        ("クレジットカード番号は4417 2093 0441 7200です", "4417 2093 0441 7200"),
        ("my wallet is 0x7ac41f09e2b85d3306fa9971c28de40b5573af1e", "0x7ac41f09e2b85d3306fa9971c28de40b5573af1e"),
        ("send it to the Litecoin address MQebr7Xk2LtSvP9wYh4ZcD6nJf3GaRt5uE", "MQebr7Xk2LtSvP9wYh4ZcD6nJf3GaRt5uE"),
        ("IBAN BE92 417-0918273-65", "BE92 417-0918273-65"),
    ],
)
def test_a_number_goes_by_what_its_state_calls_it(sentence: str, value: str) -> None:
    assert value not in text(sentence)
    assert not any(part in text(sentence) for part in value.replace("-", " ").split() if len(part) > 4)


@pytest.mark.parametrize(
    "sentence",
    [
        "see RFC 7231 and RFC 9110",
        "the NIT is fixed, 4 of 12 are left",
        "PAN 4 cameras to the left",
        "born in 1986, tax 12.50, national park 204",
        "CI 4471 failed, CR 20 was merged",
        "the tax code 1257L applies",
        "CPR saves lives: 30 compressions, 2 breaths",
        "personal best: 10.48",
        "identification 12",
    ],
)
def test_an_abbreviation_that_means_other_things_needs_the_shape_of_the_number(sentence: str) -> None:
    assert text(sentence) == sentence


@pytest.mark.parametrize(
    "value",
    [
        "756.4029.1187.31",
        "482.915.306-70",
        "3KPTB4DE8RT507216",
        "QBRTLS82H57F205J",
        "QEBR860412MDFLTS07",
        "QBREL804174QR9ZV",
        "JW 38 20 71 B",
        "4QT7-RK2-WM83",
        "947-81-2206",
        "213177402551831",
        "676255309186",
        "0x7aC41f09E2b85D3306fA9971c28De40B5573aF1e",
        "0a1c.22f9.07be",
        "fe80::a417:2",
        "2001:db8:417::192.168.7.9",
        "hanne@brückner.de",
        "qadir@почта.рф",
        "07.4417.2093",
    ],
)
def test_a_value_whose_form_is_its_proof_needs_no_word(value: str) -> None:
    assert value not in text(f"it was {value}, as I said")
    assert value not in text(f"it was {value}.")
    assert value not in text(value)


@pytest.mark.parametrize(
    "value",
    [
        "756.4029.1187.34",
        "482.915.306-99",
        "3KPTB4DE1RT507216",
        "QBRTLS82H57F205B",
        "213177402551834",
        "0x7ac41f09e2b85d3306fa9971c28de40b5573af1e",
        "1234.5678.9012",
        "dead::beef",
        "std::a",
        "12:34:56",
        "1:2:3:4",
        "7.4417.2093",
    ],
)
def test_without_that_proof_it_stays(value: str) -> None:
    assert text(f"it was {value}, as I said") == f"it was {value}, as I said"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("isikukood", "38604127734"),
        ("codice_fiscale", "QBRTLS82H57F205J"),
        ("kennitala", "060781-4099"),
        ("rut", "14.206.883-K"),
        ("nit", "901.447.215-3"),
        ("customer_rfc", "QEBR860412TL9"),
        ("tfn", "302118476"),
        ("cédula", "22417098233"),
        ("ethereum_address", "0x7ac41f09e2b85d3306fa9971c28de40b5573af1e"),
        ("license_plate", "HO-12 DE"),
        ("license_plate", "81 QRT 52"),
    ],
)
def test_a_key_says_so_too(key: str, value: str) -> None:
    assert value not in text(json.dumps({key: value}))


def test_a_maiden_name_is_one_without_the_word_name() -> None:
    assert "Qebrelova" not in text('{"mothersMaiden": "Qebrelova"}')


def test_a_piece_of_an_account_s_number_is_no_telephone_number() -> None:
    assert text("row 01 0650 0007386 000 of the table") == "row 01 0650 0007386 000 of the table"
    assert text("0417 209 304 and 0302 765 432") == "<PHONE_1> and <PHONE_2>"


def test_a_key_that_may_be_something_else_needs_such_a_number() -> None:
    plain = json.dumps({"sin": 0.8415, "rc": 1, "rfc": 7231, "nit": "low", "build_bis": "12-3", "wallet": "main"})
    assert text(plain) == plain


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("You can reach him on 011 15-4417-2093, his mobile.", "011 15-4417-2093"),
        ("Please call me at 417 2093041 tomorrow", "417 2093041"),
        ("contact her at (06 1) 417 2093", "(06 1) 417 2093"),
        ("text us on 79 56 41 72", "79 56 41 72"),
        ("call 9417 2093", "9417 2093"),
        ("reach me at 417.555.0138x204", "417.555.0138"),
        ("Fax +90(229)417-2093x7442 is off", "417-2093"),
    ],
)
def test_whatever_groups_a_telephone_number_has_behind_words_of_calling(sentence: str, value: str) -> None:
    assert value not in text(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "call me at 10:30",
        "call me at noon on 2026-03-04",
        "reach us at 5 pm",
        "call 2019 2020 again",
        "text on 3 pages",
    ],
)
def test_hours_and_days_are_no_telephone_numbers(sentence: str) -> None:
    assert text(sentence) == sentence


def test_an_address_as_people_say_it_and_a_birthday_before_its_word() -> None:
    assert "qbrel" not in text("My email is t.qbrel at posteo.de, thank you")
    assert "1986-04-12" not in text("1986-04-12 is my birthday.")
    for plain in ("email us at example.com", "the email is sent at noon", "1986-04-12 is my deadline"):
        assert text(plain) == plain
