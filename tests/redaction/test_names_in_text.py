"""Names that the words around them give away, who is one person, and what is no name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlog.redaction.trace.people import People, names_in_id, split_name
from agentlog.redaction.wording.names import find_names
from agentlog.redaction.words.text import folded, lower, words_of


def names(text: str) -> list[str]:
    low = lower(text)
    return [text[one.start : one.end] for one in find_names(text, low, frozenset(words_of(low)))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hello, my name is Zoltan Varga and I need help", "Zoltan Varga"),
        ("I'm Zoltan, nice to meet you", "Zoltan"),
        ("Dear Ms. O'Brien-Okafor,\nthe claim", "O'Brien-Okafor"),
        ("Thank you, Zoltan. What is next?", "Zoltan"),
        ("Kind regards,\nLeopold Vance\nClaims", "Leopold Vance"),
        ("the passenger Zoltan Varga boards first", "Zoltan Varga"),
        ("Mr. van der Berg called", "van der Berg"),
        ("Write to Zoltan Varga <z@x.org>", "Zoltan Varga"),
        ("Mrs. Chen's lap", "Chen"),
    ],
)
def test_a_name_is_found_by_its_surroundings(text: str, name: str) -> None:
    assert list(dict.fromkeys(names(text))) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, I am not sure. This is New York.",
        "Hi there, hello World, dear Customer, thank you Team.",
        "Hi, I'm contacting you about a delay",
        "Dear Sir or Madam,",
        "This is American Airlines Customer Service.",
        "call me back; my name is on the list",
        "the user wants Economy; user ID is required",
        "Thanks, OK. Sure, Friday works.",
        "I am Claude, made by Anthropic.",
    ],
)
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert names(text) == []


def test_a_name_is_taken_apart_into_its_words() -> None:
    def parts(value: str, part: str = "") -> list[tuple[str, str]]:
        return [(value[piece.start : piece.end], piece.part) for piece in split_name(value, part)]

    assert parts("Dr. Mia Anna Li, PhD") == [("Mia", "GIVEN"), ("Anna", "MIDDLE"), ("Li", "FAMILY")]
    assert parts("Ludwig van Beethoven") == [("Ludwig", "GIVEN"), ("Beethoven", "FAMILY")]
    assert parts("Mia") == [("Mia", "")]
    assert parts("Mia", "GIVEN") == [("Mia", "GIVEN")]
    assert parts("王小明") == [("王小明", "")]
    assert parts("Acme Holdings Ltd") == [("Acme Holdings Ltd", "")]
    assert parts("") == []


@given(st.text(max_size=60))
def test_the_pieces_of_a_name_stand_in_it_in_order(value: str) -> None:
    position = 0
    for piece in split_name(value):
        assert position <= piece.start <= piece.end <= len(value)
        position = piece.end


def test_an_id_made_of_a_name_gives_it_and_one_made_of_words_does_not() -> None:
    assert names_in_id("mia_li_3668") == ["mia", "li"]
    assert names_in_id("zoltan.varga") == ["zoltan", "varga"]
    assert names_in_id("customer_service") == []
    assert names_in_id("order_item_12") == []
    assert names_in_id("kx55213") == []


def test_names_learnt_in_pieces_become_one_person() -> None:
    people = People()
    people.learn([("Mia", "")])
    people.learn([("Li", "FAMILY")])
    assert people.bearer(folded("Mia")) is not people.bearer(folded("Li"))
    people.couple("Mia", "Li")
    assert people.bearer(folded("mia")) is people.bearer(folded("LI"))
    assert people.parts["mia"] == "GIVEN"


def test_a_second_bearer_of_a_given_name_is_somebody_else() -> None:
    people = People()
    people.couple("Mia", "Li")
    people.couple("Mia", "Varga")
    assert people.bearer(folded("Varga")) is not people.bearer(folded("Li"))


def test_a_person_with_a_number_is_not_joined_to_another_one() -> None:
    people = People()
    people.learn([("Mia", "")])
    people.learn([("Li", "FAMILY")])
    family = people.bearer(folded("Li"))
    assert family is not None
    family.number = 2
    people.couple("Mia", "Li")
    assert people.bearer(folded("Li")) is family
