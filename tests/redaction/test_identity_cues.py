"""Numbers of people in sentences, by the words before them."""

from __future__ import annotations

import json

import pytest

from agentlog.redaction import Redactor


def text(value: str) -> str:
    return Redactor(None, pseudonym_key=b"secret").text(value)


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("MRN 4458812 was admitted on 2024-03-01", "4458812"),
        ("The medical record number (MRN) is 8834-22-19.", "8834-22-19"),
        ("NPI 1234567893 signed it", "1234567893"),
        ("MBI 1EG4-TE5-MK73, active", "1EG4-TE5-MK73"),
        ("his MBI is 1EG4 TE5 MK73", "1EG4 TE5 MK73"),
        ("prescribed under DEA AB1234564", "AB1234564"),
        ("Rx number 7734512-01 was filled", "7734512-01"),
        ("NHS number 943 476 5919", "943 476 5919"),
        ("health insurance number is A123456780", "A123456780"),
        ("My ITIN is 912-70-1234", "912-70-1234"),
        ("my social security number is 078 05 1121", "078 05 1121"),
        ("passport no. C01X00T47 expires 2030", "C01X00T47"),
        ("My driver\u2019s license number is D123-4567-8901", "D123-4567-8901"),
        ("a van with license plate 7ABC123? No: the license plate is 7ABC123", "7ABC123"),
        ("national insurance number QQ 12 34 56 C", "QQ 12 34 56 C"),
        ("Aadhaar number 2345 6789 0124", "2345 6789 0124"),
        ("VIN 1HGCM82633A004352", "1HGCM82633A004352"),
        ("IMEI: 490154203237518", "490154203237518"),
        ("routing number 021000021", "021000021"),
        ("sort code 20-00-00", "20-00-00"),
        ("exp 09/27, cvv 123", "123"),
        ("frequent flyer number is AA1234567", "AA1234567"),
        ("card number 4111 1111 1111 1112 please", "4111 1111 1111 1112"),
        ("Visa 4111111111111112", "4111111111111112"),
        ("Kreditkartennummer 4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("le numéro de carte est 4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("o cartão 4111111111111112", "4111111111111112"),
        ("Aadhaar 2234 5678 9012", "2234 5678 9012"),
        ("Medicare 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
        ("driver's license D1234567", "D1234567"),
        ("Passport C01X00T47", "C01X00T47"),
        ("pay to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("or bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 please", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ],
)
def test_a_number_behind_a_cue_goes_whatever_its_check_digits_say(sentence: str, value: str) -> None:
    done = text(sentence)
    assert value not in done.split("? ")[-1]
    assert "<" in done


@pytest.mark.parametrize(
    "sentence",
    [
        "MIT License 2024; the license number of seats is 12; plate 2 of 7; student 12 of 25",
        "rewards are 5000 points, membership is 2500 a year, routing is 4x faster",
        "passport expires 2030-01-01; passport is 10 years valid; passport-local 1.0.0 and passport@0.7.0",
        "the rx 2024 guidelines; prescription is 500 mg twice; chart 2024-05; the identity 3x3 matrix",
        "the card 12345; Medicare 2024 rates; passport US 2024; carte 12",
        "sort code in line 120304 of routing.py; the vin column; cvv is required",
        "the 3 student ids were 12, 13 and 14%",
        "pay to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
    ],
)
def test_what_only_sounds_like_it_stays(sentence: str) -> None:
    assert text(sentence) == sentence


def test_one_number_in_two_spellings_is_one_thing() -> None:
    assert text("SSN 078051121, that is 078-05-1121.") == "SSN <NATIONAL_ID_1>, that is <NATIONAL_ID_1>."


def test_a_number_of_json_stays_json_and_says_that_it_was_one() -> None:
    done = json.loads(text('{"user": {"id": 123456, "age": 33}, "zip": 94110, "phone": "4155550132"}'))
    assert done == {"user": {"id": "<USER_ID_1_NUMBER>", "age": 33}, "zip": "<ZIP_1_NUMBER>", "phone": "<PHONE_1>"}


def test_numbering_starts_above_the_placeholders_of_somebody_else() -> None:
    done = text("<PERSON_4_GIVEN> called <EMAIL_2>; my name is Mia Li, mia@example.com")
    assert done == "<PERSON_4_GIVEN> called <EMAIL_2>; my name is <PERSON_5_GIVEN> <PERSON_5_FAMILY>, <EMAIL_3>"


def test_a_number_comes_back_as_a_number_when_a_request_is_filled_back() -> None:
    trace = Redactor(None, pseudonym_key=b"secret").trace()
    done = trace.exchange(['{"zip": 94110, "phone": "4155550132"}'])
    assert json.loads(done.restore('{"code": "<ZIP_1_NUMBER>"}')) == {"code": 94110}
    assert json.loads(json.loads(done.restore(json.dumps('{"code": "<ZIP_1_NUMBER>"}')))) == {"code": 94110}


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("my callback number is 020 7946 0958", "020 7946 0958"),
        ("or 07700 900123 after six", "07700 900123"),
        ("call me at 415 555 0132", "415 555 0132"),
        ("You can reach me on 5550132.", "5550132"),
        ("my cell is 4155550132", "4155550132"),
    ],
)
def test_telephones_by_their_cue_or_with_the_zero_that_is_dialled_within_a_country(sentence: str, value: str) -> None:
    assert text(sentence) == sentence.replace(value, "<PHONE_1>")


@pytest.mark.parametrize(
    "sentence",
    ["call me at 10:30", "phone 15 pro max 256", "the phone cost 499 dollars", "reach me at 5 pm", "id 00-1234-5678"],
)
def test_what_is_no_telephone_number_stays(sentence: str) -> None:
    assert text(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Tel 06 12 34 56 78", "06 12 34 56 78"),
        ("Tel. 030 1234567", "030 1234567"),
        ("Tel.: 0221/4710123", "0221/4710123"),
        ("Mob: 07911 123456", "07911 123456"),
        ("ph. 555-0100", "555-0100"),
        ("Handy 0171 2345678", "0171 2345678"),
        ("Natel 079 123 45 67", "079 123 45 67"),
        ("GSM 0475 12 34 56", "0475 12 34 56"),
        ("tlf 91 234 56 78", "91 234 56 78"),
        ("Whatsapp 11 91234-5678", "11 91234-5678"),
        ("06 12 34 56 78", "06 12 34 56 78"),
        ("sure, here it is:\n06.12.34.56.78\nthanks", "06.12.34.56.78"),
    ],
)
def test_grouped_digits_behind_a_word_for_telephones_or_on_a_line_of_their_own(sentence: str, value: str) -> None:
    assert text(sentence) == sentence.replace(value, "<PHONE_1>")


@pytest.mark.parametrize(
    "sentence",
    [
        "tel aviv 2024; telephone 1876; mobile 4 200 300; port 8080 2345; cell 12 34; ring 12 34 56 of the tree",
        "GSM 900 1800 1900 and text 100 200 300 400",
        "the numbers 06 12 34 56 78 were drawn",
        "01 02 03 04 05",
        "10 20 30 40 50\n06 12 34 56\n06 12 34 56 78 90",
    ],
)
def test_grouped_digits_that_are_no_telephone_number(sentence: str) -> None:
    assert text(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("You can pay with card 4417", "4417"),
        ("put the rest on my 7447 card", "7447"),
        ("my card 2291", "2291"),
        ("card ending 2291", "2291"),
        ("charged to card 7310 on file", "7310"),
        ("Card 5512 was declined", "5512"),
        ("use the 6611 card for payment", "6611"),
        ("debit card 3390", "3390"),
        ("the visa 4532", "4532"),
    ],
)
def test_the_end_of_a_card_s_number_goes_where_somebody_pays(sentence: str, value: str) -> None:
    assert text(sentence) == sentence.replace(value, "<CARD_LAST4_1>")


@pytest.mark.parametrize(
    "sentence",
    [
        "I bought a graphics card 4090 yesterday and paid 900 dollars",
        "RTX card 3080 and the SD card 2048 MB were paid",
        "card 1234 points; report card 2023; move card 1201 to the done column",
        "5000 cards in stock were paid",
        "the 3090 card is loud",
        "visa 2024 requirements; discover 1500 new places; Discover 2024 trends",
    ],
)
def test_other_cards_have_numbers_too(sentence: str) -> None:
    assert text(sentence) == sentence
