"""Full names of which both words are ordinary words, given names that are one, and the things that are called so."""

from __future__ import annotations

import pytest
from work import calls

from agentlog.redaction import Redactor
from agentlog.redaction.wording.bare_names import find_bare_names
from agentlog.redaction.words.name_table import BORNE, CALLED, EVERYDAY, FIRM, known
from agentlog.redaction.words.text import words_in


def people(text: str) -> list[str]:
    return list(dict.fromkeys(text[one.start : one.end] for one in find_bare_names(text, words_in(text))))


def redacted(text: str) -> str:
    return Redactor(None, pseudonym_key=b"k").text(text)


def test_the_table_knows_how_common_a_name_and_a_word_are() -> None:
    assert known("grace") & (CALLED | EVERYDAY) == CALLED
    assert known("turner") & (BORNE | EVERYDAY) == BORNE
    assert known("will") & known("price") & EVERYDAY
    assert not known("gold") & BORNE
    assert known("eli_lilly") & known("johnson_johnson") & FIRM
    assert not known("kimberly_clark") & FIRM, "somebody may be called so; the firm has a hyphen"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I spoke with Will Turner yesterday.", ["Will Turner"]),
        ("Grace Miller said she would call.", ["Grace Miller"]),
        ("Jordan Baker is my name", ["Jordan Baker"]),
        ("Please forward this to Mark Cooper in accounting.", ["Mark Cooper"]),
        ("Faith Carter asked for a refund", ["Faith Carter"]),
        ("The ticket was opened by Hunter Mason on 3 March.", ["Hunter Mason"]),
        ("Dawn Fisher's order never arrived.", ["Dawn Fisher"]),
        ("Mark T. Cooper asked for it", ["Mark T. Cooper"]),
        ("Summer Brooks and Autumn Wells will attend.", ["Summer Brooks", "Autumn Wells"]),
        ("Evelyn Nguyen, Mark Cooper and Rose Parker are here", ["Evelyn Nguyen", "Mark Cooper", "Rose Parker"]),
        ("Olive Green said that she never got the mail.", ["Olive Green"]),
        ("Max Price called about his bill.", ["Max Price"]),
        ("Will Cooper is here.", ["Will Cooper"]),
        ("Did Jay Parker sign the waiver?", ["Jay Parker"]),
        ("From: Grace Miller", ["Grace Miller"]),
        ("To: Will Turner", ["Will Turner"]),
        ("Cc: Rose Parker, Mark Cooper", ["Rose Parker", "Mark Cooper"]),
        ("Signed: Dean Carpenter", ["Dean Carpenter"]),
        ("- **Assignee:** Jasmine King", ["Jasmine King"]),
        ("ATTENDEES: MARK COOPER, FAITH CARTER", ["MARK COOPER", "FAITH CARTER"]),
        ("Kind regards\nFrank Barber", ["Frank Barber"]),
        ("12:04 <Rose Cook> brb", ["Rose Cook"]),
        ("Rob Stone (absent)", ["Rob Stone"]),
    ],
)
def test_a_name_of_two_ordinary_words_is_found_where_a_sentence_has_a_person(text: str, names: list[str]) -> None:
    assert people(text) == names
    assert not any(word in redacted(text) for name in names for word in name.split() if len(word) > 2)


@pytest.mark.parametrize(
    "text",
    [
        "Olive Green",
        "She bought the Olive Green sofa and the Rose Gold watch in the Rose Garden.",
        "Olive Green and Rose Gold are sold out; Jade Black, Pearl White and Amber Brown are not.",
        "Max Price: 20",
        "Max Price is 20. Grant Price will be updated.",
        "Mark Down is cheaper. Press Page Down. Will Power is needed. Rich Text is supported.",
        "The office is on Hope Street, near Forest Hill and Rose Hill.",
        "Art Deco, Summer School, Grand Prairie, Virginia Beach",
        "Take the Dallas Green Line to Victoria Station.",
        "The Christian Church and a Jade Stone ring",
        "Chase Bank said no. Dean Foods filed. Ruby Version is 3.2.",
        "# Grant Price Policy",
        "Grant Price Policy",
        "You have a Grace Period of ten days. The Grant Application is due.",
        "Brand: Grant Walker",
        "Ray Tracing, Iris Recognition, Mark Complete, Bill Pay, Cash Back",
        "`Grace Miller` and $Mark Cooper are identifiers",
    ],
)
def test_what_is_only_made_of_such_words_is_nobody(text: str) -> None:
    assert people(text) == []
    assert "PERSON" not in redacted(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I told Rose that it is late.", ["Rose"]),
        ("Mark thinks we should wait.", ["Mark"]),
        ("Please ask Will to call.", ["Will"]),
        ("I got an email from Amber yesterday.", ["Amber"]),
        ("Holly's account was charged twice.", ["Holly"]),
        ("Hope for the best. Will do! Mark your calendar. May I? Grace under pressure, Faith in people.", []),
        ("Hope is lost, Joy is near. Bill: 45.10, Grant: 5000 USD, Mark: 85 / 100", []),
        ("Ask Chase about the fee; the Summer sale; tell May", []),
    ],
)
def test_a_given_name_that_is_a_word_needs_something_that_is_only_said_of_people(text: str, names: list[str]) -> None:
    assert people(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Eli Lilly and Company shipped the vaccine.",
        "Johnson & Johnson recalled it, Tate & Lyle and Ernst & Young did not.",
        "A pint of Ben & Jerry's with Graham crackers and Victoria sponge",
        "The shares of Archer Daniels Midland and Raymond James Financial fell.",
        "a Jack Hammer rental, a Samuel Smith beer, a Mercedes Benz",
    ],
)
def test_firms_dishes_and_goods_that_bear_names_are_nobody(text: str) -> None:
    assert people(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Customer Eli Lilly called", "Eli Lilly"),
        ("Evelyn & Noah are here", "Evelyn"),
        ("Noah Price instead of her", "Noah Price"),
        ("Bernardo dos Reis entregou os documentos ontem.", "Bernardo dos Reis"),
    ],
)
def test_who_bears_the_name_of_a_thing_is_found_where_a_person_is_expected(text: str, name: str) -> None:
    assert name in people(text)


@pytest.mark.parametrize("second", ["Varga", "Miller"])
def test_a_name_that_is_broken_over_two_lines_of_a_letter_is_found_whole(second: str) -> None:
    made = redacted(
        f"> As we said on the phone this morning I spoke with Grace\n> {second} about it, and {second} agreed."
    )
    assert "Grace" not in made and second not in made


def test_names_in_lines_of_their_own_are_several() -> None:
    assert people("Evelyn\nNoah\nVarga Ltd") == ["Evelyn", "Noah"]


def test_a_family_name_that_is_a_place_is_taken_where_somebody_is_spoken_with() -> None:
    assert people("I told Evelyn London about it.") == ["Evelyn London"]
    assert "Evelyn London" not in people("Evelyn London Paris")


def test_a_name_ends_with_its_sentence() -> None:
    assert (
        redacted("Passenger Zoe Li. Will you come?") == "Passenger <PERSON_1_GIVEN> <PERSON_1_FAMILY>. Will you come?"
    )


@pytest.mark.parametrize(
    "piece",
    ["Mark Cooper, ", "Grace Miller ", "told Will ", "Max Price: ", "Rose & ", "to a a a to Mark Cook ", "Hope "],
)
def test_the_work_for_hostile_names_of_words_is_bounded_by_their_length(piece: str) -> None:
    few, many = (calls(lambda n=n: people((piece * n)[:n])) for n in (2_000, 16_000))
    assert many < 12 * few + 5_000


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Alan Dean Foster is a novelist.", "{} is a novelist."),
        ("I met Sarah Jane Smith.", "I met {}."),
        ("James Earl Carter was president.", "{} was president."),
        ("So Darren Benjamin Shepherd called.", "So {} called."),
        ("The Anna Lee Bakery", "The <PERSON_1_GIVEN> <PERSON_1_FAMILY> Bakery"),
    ],
)
def test_behind_two_given_names_a_family_name_that_is_a_word_goes_too(text: str, left: str) -> None:
    whole = "<PERSON_1_GIVEN> <PERSON_1_MIDDLE> <PERSON_1_FAMILY>"
    assert Redactor(None, pseudonym_key=b"k").text(text) == left.format(whole)


def test_a_family_name_that_is_an_everyday_word_is_none_before_a_colon() -> None:
    text = "I spoke with Grace Price yesterday.\nPrice: 20\nGrace: hello\nMs. Price agreed."
    assert Redactor(None, pseudonym_key=b"k").text(text) == (
        "I spoke with <PERSON_1_GIVEN> <PERSON_1_FAMILY> yesterday.\nPrice: 20\n<PERSON_1_GIVEN>: hello\n"
        "Ms. <PERSON_1_FAMILY> agreed."
    )
