"""The table of names: what it knows, what it takes for granted, and names that only it gives away."""

# ruff: noqa: RUF001 - typographic quotes are part of what is read

from __future__ import annotations

import json

import pytest
from work import calls

from agentlog.redaction import RedactionPolicy, Redactor
from agentlog.redaction.entities import OPTIONAL
from agentlog.redaction.wording.bare_names import find_bare_names
from agentlog.redaction.words.name_table import FAMILY, FREQUENT, GIVEN, PLACE, WORD, is_word, known
from agentlog.redaction.words.text import words_in


def people(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_bare_names(text, words_in(text))]


def redacted(text: str) -> str:
    return Redactor(None, pseudonym_key=b"k").text(text)


@pytest.mark.parametrize(
    "name", ["evelyn", "aarav", "fatima", "wojciech", "sölvi", "Дмитрий".lower(), "siobhan", "nguyen"]
)
def test_names_of_many_languages_are_known(name: str) -> None:
    assert known(name) & (GIVEN | FAMILY)


def test_what_else_a_name_may_be_is_known_with_it() -> None:
    assert known("will") & (GIVEN | WORD) == GIVEN | WORD
    assert known("paris") & (GIVEN | PLACE) == GIVEN | PLACE
    assert known("smith") & (FAMILY | FREQUENT | WORD) == FAMILY | FREQUENT | WORD
    assert known("evelyn") & (WORD | PLACE) == 0
    assert known("new_york") & PLACE
    for brand in ("python", "claude", "alexa", "jenkins", "chase", "ford", "max", "may"):
        assert known(brand) & WORD, brand
    assert known("qwertz") == known("") == known("a" * 4000) == 0


def test_accents_make_no_difference() -> None:
    assert known("josé") == known("jose") > 0
    assert known("łukasz") == known("lukasz") > 0


def test_ordinary_words_are_known_in_their_forms() -> None:
    assert all(map(is_word, ("invoice", "invoices", "carefully", "shipped", "kindness")))
    assert not any(map(is_word, ("evelyn", "qwertz", "")))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The upgrade for Noah Hernandez and Chen Lee is done.", ["Noah Hernandez", "Chen Lee"]),
        ("**Passengers:** Amelia Sanchez, Raj Brown", ["Amelia Sanchez", "Raj Brown"]),
        ("- **Passenger:** Daiki Lee\n- **Cabin:** Economy", ["Daiki Lee"]),
        ("Yes, please proceed with upgrading Noah to business class.", ["Noah"]),
        ("I will confirm the payment with Sophia.", ["Sophia"]),
        ("Evelyn has travel insurance.", ["Evelyn"]),
        ("3. **Evelyn's Reservation:** none", ["Evelyn"]),
        ("Thanks Evelyn", ["Evelyn"]),
        ("Will Johnson and Jordan Garcia signed.", ["Will Johnson", "Jordan Garcia"]),
        ("please ask Will Johnson", ["Will Johnson"]),
        ("signed: Siobhán O’Connor", ["Siobhán O’Connor"]),
        ("It was written by Guido van Rossum.", ["Guido van Rossum"]),
        ("ELENA PETROVA called", ["ELENA PETROVA"]),
        ("They talked to Marc-Andre Lemburg", ["Marc-Andre Lemburg"]),
        ("a friend of Marina V Petrova", ["Marina V Petrova"]),
        ('"I am glad," says Gerste.', ["Gerste"]),
        ("I am Tomomi's daughter", ["Tomomi"]),
        ("his account, mia_li_3668, is closed", ["mia_li_3668"]),
        ("Дмитрий Иванов подтвердил", ["Дмитрий Иванов"]),
    ],
)
def test_a_name_without_a_cue_is_found(text: str, names: list[str]) -> None:
    assert people(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Will you mark it as read in May? April, June and August are full.",
        "Mark as read. Chase the invoice. Grant access. Bill the customer. Sue for damages. Rob a bank.",
        "Flights to Paris, Jordan, Charlotte, Austin, Madison and San Jose; Santa Ana is near.",
        "- **Origin:** Charlotte (CLT)\n- **Destination:** Helena (HLN)",
        "from Eugene, OR to Augusta, GA",
        "Pay with Chase, Wells Fargo or Morgan Stanley; Charles Schwab too.",
        "A Ford, a Mercedes, a Tesla and an Aston Martin.",
        "Levi's jeans, Macy's, Wendy's, Denny's and a Calvin Klein shirt by Ralph Lauren.",
        "Python, Ruby, Julia 1.9, Ada, Haskell, Pascal and Swift are languages; Django and Flask are not.",
        "Ask Alexa, Siri, Claude or Gemini. Claude Opus is a model, so is Claude 3.",
        "Jenkins runs Gradle, Kafka feeds Cassandra, Travis builds; Jira and Trello too.",
        "from collections import Counter\nclass Evelyn(Base):\n    Sophia = Noah.Ethan(Liam)\n",
        "see /home/build/Evelyn/Sophia.py, Sophia.md, @Evelyn and https://example.org/Evelyn",
        "`Evelyn` and <Sophia> and $Noah and #Liam are identifiers",
        "the Evelyn collection, an Ethan Allen chair, Hurricane Isabel and Lake Victoria",
        "Rose Gold, Ruby Red, Jade Green, Olive, Violet, Hazel and Amber lamps; Summer Sky",
        "Ronald Reagan Airport, John Hopkins University, Martin Luther Street",
        "Danish, German, Israel and Christian are on the list. NaN, macOS and GitHub.",
        "Best Regards, Thank You, Sincerely, Dear Customer, Yours Truly",
        "United Airlines, Delta and Frontier; Economy, Basic Economy, Business",
        "Status: Pending, Carrier: DHL, Model: Galaxy S24 Ultra, Color: Rose",
        "JFK, SFO, LAX, DEN; HAT123 departs from MIA at 10:00 EST",
        "Moving on, Sandy Bay beach is open; the Baker Hughes deal, a Parker pen and the Turner Prize",
        "Sofia is the capital of Bulgaria, Kingston that of Jamaica",
    ],
)
def test_what_is_no_person_stays(text: str) -> None:
    assert people(text) == []
    assert "PERSON" not in redacted(text)


def test_a_value_of_json_is_judged_by_its_key_and_not_by_the_table() -> None:
    rows = {"fare_family": "Evelyn", "collection": ["Sophia", "Noah"], "route": "Helena"}
    assert json.loads(redacted(json.dumps(rows))) == rows


def test_prose_within_json_is_looked_through() -> None:
    made = redacted('{"summary": "Amelia Davis wants to cancel her trip"}')
    assert json.loads(made) == {"summary": "<PERSON_1_GIVEN> <PERSON_1_FAMILY> wants to cancel her trip"}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("my name is mia li, hello", "my name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>, hello"),
        ("call me evelyn", "call me <PERSON_1>"),
        ("i'm sophia and i need help", "i'm <PERSON_1> and i need help"),
        ("my name is on the list", "my name is on the list"),
        ("i'm happy, this is amazing, call me tomorrow", "i'm happy, this is amazing, call me tomorrow"),
    ],
)
def test_a_name_in_small_letters_is_found_behind_what_announces_it(text: str, made: str) -> None:
    assert redacted(text) == made


def test_a_name_that_is_a_word_too_is_not_exchanged_in_small_letters() -> None:
    made = redacted("Passenger Max Weber. Set max_tokens and take the max.")
    assert made == "Passenger <PERSON_1_GIVEN> <PERSON_1_FAMILY>. Set max_tokens and take the max."


def test_who_does_not_want_names_keeps_them() -> None:
    policy = RedactionPolicy(keep=("PERSON",))
    assert Redactor(policy, pseudonym_key=b"k").text("for Noah Hernandez") == "for Noah Hernandez"


def test_a_heading_of_many_capitalised_words_is_no_list_of_people() -> None:
    assert people("Chapter Ten Where Evelyn Goes To Market And Buys Ruby Shoes For Nobody") == []


@pytest.mark.parametrize(
    "piece",
    ["Evelyn, ", "Mia Li ", "Mia, Li and ", "E. ", "O'", "A-A-", "mia_li_1.", "._", "Mia's wife ", ", says Aaaa ", "my name is mia ",
     "1 A St ", "1 a apt 1 ", "1 Aaaa Street, Apt 1, Suite 1, Aaaa Bbbb, Cccc ", "1 A-A-A-A-A-A-A-A-A-A apt 1, A-A-A-A, B", "in Aaaa of "],
)  # fmt: skip
def test_the_work_for_hostile_names_and_addresses_is_bounded_by_their_length(piece: str) -> None:
    redactor = Redactor(RedactionPolicy(entities=("PERSON", "ADDRESS", *OPTIONAL)), pseudonym_key=b"k")
    redactor.text("warm Evelyn")
    few, many = (calls(lambda n=n: redactor.text((piece * n)[:n])) for n in (2_000, 16_000))
    assert many < 12 * few + 5_000
