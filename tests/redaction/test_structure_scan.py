"""The scanner of JSON and its relatives: what is structured, what its keys say, and where everything stands."""

from __future__ import annotations

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlog.redaction import Redactor
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.limits import DEEPEST, Unredactable
from agentlog.redaction.structures.islands import escape, islands, string_leaves, unescape

RULES = KeyRules({}, app_ids=False)


def found(text: str) -> list[tuple[str, str]]:
    return [(one.entity, text[one.start : one.end]) for part in islands(text, RULES) for one in part.findings]


@pytest.mark.parametrize(
    "text",
    [
        '{"email": "mia@x.org", "n": 1}',
        "{'email': 'mia@x.org', 'n': None}",
        '{"n": [1, {"email": "mia@x.org"}]}',
        'The tool said {"email": "mia@x.org"} and stopped.',
        '```json\n[\n  {"email": "mia@x.org"}\n]\n```',
        '{"email": "mia@x.org", "cut": {"in the mid',
        '{"email": "mia@x.org',
        '{"n": 1}\n{"email": "mia@x.org"}',
        "{email: 'mia@x.org'}",
        "[{'at': datetime.date(2024, 5, 1), 'email': 'mia@x.org'}]",
    ],
)
def test_a_value_is_found_by_its_key_in_whole_cut_and_surrounded_structures(text: str) -> None:
    assert found(text) == [("EMAIL", "mia@x.org")]


@pytest.mark.parametrize("text", ["see [1] and [the page](https://x.org)", "f(x) = {x | x > 0}", "don't {this}", ""])
def test_brackets_in_a_sentence_are_no_structure(text: str) -> None:
    assert [part for part in islands(text, RULES) if part.keyed] == []


def test_ids_are_found_where_they_are_keys_members_and_ids() -> None:
    text = '{"payment_methods": {"card_81234": {"id": "card_81234"}}, "users": ["kx55213"], "gates": ["B22"]}'
    assert found(text) == [("PAYMENT_ID", "card_81234"), ("PAYMENT_ID", "card_81234"), ("USER_ID", "kx55213")]


def test_a_bare_name_is_a_persons_where_the_object_is_about_people() -> None:
    assert found('{"user": {"name": "Zoltan Varga"}}') == [("PERSON", "Zoltan Varga")]
    assert found('{"name": "Zoltan Varga", "email": "z@x.org"}') == [("EMAIL", "z@x.org"), ("PERSON", "Zoltan Varga")]
    assert found('{"tool": {"name": "Zoltan Varga"}}') == []
    assert found('{"user": {"name": "Basic plan"}}') == []


def test_given_and_family_name_of_one_object_are_coupled() -> None:
    (part,) = islands('{"name": {"first_name": "Mia", "last_name": "Li"}}', RULES)
    ((given_at, family_at),) = part.couples
    assert (part.findings[given_at].part, part.findings[family_at].part) == ("GIVEN", "FAMILY")


def test_a_key_above_passes_on_what_it_says() -> None:
    assert found('{"phone": {"home": "415 555 2671", "type": "landline"}}') == [("PHONE", "415 555 2671")]
    assert found('{"emails": ["a@x.org", "b@x.org"]}') == [("EMAIL", "a@x.org"), ("EMAIL", "b@x.org")]


def test_a_value_without_content_is_none() -> None:
    assert found('{"email": "", "password": "null", "zip": "-", "first_name": "n/a", "phone": null}') == []


def test_too_deep_a_structure_is_refused_and_a_deep_one_is_not() -> None:
    assert found('{"a":' * (DEEPEST - 1) + '{"email": "mia@x.org"}') == [("EMAIL", "mia@x.org")]
    with pytest.raises(Unredactable):
        islands("[" * (DEEPEST + 1), RULES)


@given(st.text())
def test_unescape_undoes_what_json_escapes(value: str) -> None:
    assert unescape(json.dumps(value)[1:-1]) == value
    assert unescape(json.dumps(value, ensure_ascii=False)[1:-1]) == value


@given(st.text(), st.booleans())
def test_what_is_escaped_for_a_place_in_json_is_json_there(value: str, ascii_only: bool) -> None:
    raw = json.dumps("ü\n", ensure_ascii=ascii_only)[1:-1]
    assert json.loads(f'"{escape(value, raw, chr(34))}"') == value


@given(st.text())
def test_what_is_escaped_for_a_place_in_a_python_literal_is_read_back(value: str) -> None:
    raw = escape(value, "it\\'s", "'")
    assert unescape(raw) == value
    assert "'" not in raw.replace("\\\\", "").replace("\\'", "")


def test_the_strings_of_json_are_its_values_not_its_keys() -> None:
    text = '{"a": "x", "b": ["y", {"c": "\\"z\\""}], "d": 1}'
    spans = string_leaves(text)
    assert spans is not None
    assert [text[start:end] for start, end in spans] == ["x", "y", '\\"z\\"']
    assert string_leaves("plain text") is None
    assert string_leaves('{"cut": ') is None


def spoken(text: str) -> list[str]:
    (part,) = islands(text, RULES)
    return [text[start:end] for start, end in part.spoken]


def test_in_bare_words_numbers_and_times_of_a_structure_nothing_is_said() -> None:
    bare = (
        '{"origin": "JFK", "flight": "HAT084", "at": "2024-05-15T16:00:00", "cabin": "basic_economy", "n": [1, "b7"]}'
    )
    assert spoken(bare) == []
    assert spoken("{'a': 'ask Zoltan', 'b': 'x=1', 'c': '王伟', 'd': 'mia_li_3668', 'e': 'MRN98906541', 'f g': 2}") == [
        "ask Zoltan", "x=1", "王伟", "mia_li_3668", "MRN98906541", "f g",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('{"note": "I spoke with Mia Lindqvist", "cabin": "economy"}', "Lindqvist"),
        ('["ok", "My name is Zoltan."]', "Zoltan"),
        ('{"my friend Mia Lindqvist": 2}', "Lindqvist"),
        ('Mia Lin {"a": "b", "c": "d", "e": "f"}', "Mia"),
        ('{"a": "b", "c": "d", "e": "f"} Mia Lin', "Mia"),
    ],
)
def test_what_is_said_in_a_structure_or_beside_it_is_found(text: str, left: str) -> None:
    assert left not in Redactor(None, pseudonym_key=b"k").text(text)


def test_a_street_in_a_python_literal_leaves_its_quote_alone() -> None:
    text = "{'name': {'first_name': 'Mia', 'last_name': 'Lin'}, 'address': {'address1': '281 Spruce Street', 'city': 'Rome'}}"
    redacted = Redactor(None, pseudonym_key=b"k").text(text)
    assert ast.literal_eval(redacted)["address"] == {"address1": "<ADDRESS_1>", "city": "Rome"}


def test_the_key_of_a_value_says_more_than_the_record_around_it_with_and_without_escapes() -> None:
    text = '{"flight": {"blorp": "Anna Sm%sth", "zorb": 1, "email": "x17@gmail.com", "phone": "+1 415 555 2671"}}'
    assert ("PERSON", "Anna Smith") in found(text % "i")
    assert ("PERSON", "Anna Sm\\u0069th") in found(text % "\\u0069")
