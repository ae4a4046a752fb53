"""Records as the router would have seen them."""

from __future__ import annotations

import json

import pytest

from agentlog.models.served import AsServed, as_served
from agentlog.redaction import Redactor
from agentlog.tasks.reading import Answer


@pytest.fixture
def served():
    return AsServed(Redactor(None, pseudonym_key=b"secret"))


def row(text: str, **columns: object) -> dict:
    part = {"type": "text", "text": text, "arguments": None, "result": None}
    return {"input_messages": [{"role": "user", "parts": [part]}], "trace_id": "t", **columns}


def text(made: dict) -> str:
    return made["input_messages"][0]["parts"][0]["text"]


def test_a_name_that_only_the_answer_told_is_a_word_again_and_still_copied(served):
    answer = Answer("", (("book", json.dumps({"last_name": "<PERSON_1_FAMILY>", "people": "5"})),))
    made, told = served(row("<PERSON_1_FAMILY> for 5"), answer)
    name = json.loads(told.calls[0][1])["last_name"]
    assert "<" not in text(made) and text(made) == f"{name} for 5"
    assert json.loads(told.calls[0][1])["people"] == "5"


def test_what_the_request_itself_tells_stays_a_placeholder_on_both_sides(served):
    made, told = served(row("write to <EMAIL_4>"), Answer('{"to": "<EMAIL_4>"}', ()))
    assert text(made) == "write to <EMAIL_1>" and json.loads(told.text) == {"to": "<EMAIL_1>"}


def test_an_answer_that_copies_nothing_is_left_as_it_was_written(served):
    _, told = served(row("write to <EMAIL_1>"), Answer('{"intent":  "mail"}', ()))
    assert told.text == '{"intent":  "mail"}'


def test_the_record_is_not_changed_and_the_same_record_gives_the_same_row(served):
    one = row("I am <PERSON_1_GIVEN>", system_instructions=[{"type": "text", "text": "Help <PERSON_2_GIVEN>."}])
    before = json.dumps(one)
    first = served(one, Answer("<PERSON_1_GIVEN>", ()))
    assert json.dumps(one) == before
    assert first == AsServed(Redactor(None, pseudonym_key=b"secret"))(one, Answer("<PERSON_1_GIVEN>", ()))


def test_an_odd_row_is_no_trouble(served):
    made, told = served({"input_messages": None}, Answer("x", ()))
    assert made["input_messages"] == [] and told == Answer("x", ())


def test_rows_of_a_table_are_changed_with_their_answers_and_nulls_are_no_trouble(calls, say):
    policy = Redactor(None, pseudonym_key=b"secret").policy_name
    redaction = {"policy": policy, "counts": [], "failed": False, "withheld": None}
    calls.add(say("user", "write to <EMAIL_4>"), answer='{"to":"<EMAIL_4>"}', redaction=redaction)
    rows, how = as_served(calls.table().to_pylist())
    assert "as a router sees them" in how
    assert text(rows[0]) == "write to <EMAIL_1>"
    assert rows[0]["output_messages"][0]["parts"][0]["text"] == '{"to":"<EMAIL_1>"}'


def test_rows_of_another_policy_stay_as_they_were_recorded(calls):
    redaction = {"policy": "ours-2024", "counts": [], "failed": False, "withheld": None}
    calls.add("write to <EMAIL_4>", answer="yes", redaction=redaction)
    recorded = calls.table().to_pylist()
    rows, how = as_served(recorded)
    assert rows == recorded
    assert "ours-2024" in how
