from __future__ import annotations

import pytest

from agentlog.clustering.naming import keywords, name_of, phrase, unique


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Extract name and order from the ticket as JSON."], "extract name and order from the ticket as…"),
        (["You are a careful clerk.", "Your task is to sort the mail by urgency."], "sort the mail by urgency"),
        (
            ["# Policy", "As an airline agent, you can help users book, modify, or cancel flights."],
            "book, modify, or cancel flights",
        ),
        (["You are a patient teacher of <*>."], "patient teacher of"),
        (["You will be given a text.", "Some other line."], "You will be given a text"),
        (["- Write a patch. Do not explain."], "write a patch"),
        ([], ""),
    ],
)
def test_a_phrase_says_what_is_to_be_done(lines, expected):
    assert phrase(lines) == expected


def test_the_place_is_the_name_and_a_stage_is_added():
    assert name_of("triage", ["Classify it."], (), "", (), "", "label") == "triage"
    assert name_of("answer", ["Answer it."], ("find",), "", (), "before tool", "tool_call") == "answer: choose tool"
    assert name_of("answer", ["Answer it."], ("find",), "", (), "after tool", "") == "answer: write reply"
    assert name_of("", ["Solve it."], (), "", ("Thought <n>:",), "", "text") == "solve it: Thought n"


def test_without_a_place_and_a_line_tools_or_a_schema_are_the_name():
    assert name_of("", [], ("find", "get"), "Invoice", (), "", "json") == "use find, get"
    assert name_of("", [], (), "Invoice", (), "", "json") == "write Invoice"
    assert name_of("", [], (), "", (), "", "text") == "untitled"


def test_names_are_made_unique_by_a_hint_else_by_a_number():
    assert unique(["a", "b", "a", "a"], [["x"], ["y"], ["x"], []]) == ["a (x)", "b", "a", "a (2)"]
    assert unique(["a"], [[]], taken=["a"]) == ["a (2)"]


def test_keywords_are_frequent_here_and_rare_elsewhere():
    first = [f"the refund of order number{i} is late" for i in range(10)]
    second = [f"the parcel of order thing{i} is late" for i in range(10)]
    found = keywords([first, second], n=2)
    assert [words[0] for words in found] == ["refund", "parcel"]


def test_a_word_of_one_call_a_placeholder_and_a_function_word_are_no_keywords():
    found = keywords([["would <PERSON_1> come with zebra", "would <PERSON_1> stay with tiger"]])
    assert found == [()]
