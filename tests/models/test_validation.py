"""Why an answer cannot be given to the application."""

import json
import sys

import pytest

pytest.importorskip("jsonschema", reason="needs agentlog[study]")

from agentlog.errors import MissingExtra
from agentlog.messages import parts
from agentlog.models import validation
from agentlog.models.validation import problems
from agentlog.tasks.reading import Answer

CANCEL = {
    "type": "function",
    "function": {
        "name": "cancel",
        "parameters": {
            "type": "object",
            "properties": {
                "order_id": {"type": "string"},
                "count": {"type": "integer"},
                "reason": {"type": "string", "enum": ["late", "CODE-7"]},
                "first_name": {"type": "string"},
                "mail": {"type": "string"},
                "day": {"type": "string"},
            },
            "required": ["order_id"],
        },
    },
}


def row(text="Cancel #W-2378156 for <PERSON_1>, +1 (555) 010-1234.", tools=(CANCEL,), **request):
    return {
        "input_messages": [parts.message("user", parts.text(text))],
        "tool_definitions": json.dumps(list(tools)) if tools else None,
        "request": json.dumps(request) if request else None,
    }


def call(**arguments):
    return Answer("", (("cancel", json.dumps({"order_id": "W-2378156", **arguments})),))


def test_an_answer_that_fits_has_no_problem():
    assert problems(call(count=2, reason="late"), row()) == []
    assert problems(Answer("On its way.", ()), row()) == []


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_answer_is_one(text):
    assert problems(Answer(text, ()), row(tools=())) == ["it is empty"]


def test_a_tool_that_is_not_on_offer_is_found():
    assert problems(Answer("", (("refund", "{}"),)), row()) == ["it calls the tool 'refund', and that is not on offer"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("{}", "'order_id' missing"),
        ('{"order_id": 7}', "has to be of type 'string', and is integer"),
        ('{"order_id": "W-2378156", "count": "2"}', "count has to be of type 'integer', and is string"),
        ('{"order_id": "W-2378156", "reason": "never"}', "none of the allowed values"),
        ('{"order_id": ', "no JSON"),
        ('["W-2378156"]', "no object"),
    ],
)
def test_arguments_against_their_schema_are_found(arguments, said):
    (problem,) = problems(Answer("", (("cancel", arguments),)), row())
    assert said in problem


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"order_id": "W-2378157"}, "an id"),
        ({"mail": "ada@example.com"}, "an e-mail address"),
        ({"order_id": "<APP_ID_9>"}, "a placeholder"),
        ({"first_name": "Ada Lovelace"}, "a name"),
        ({"mail": "https://example.com/x"}, "an address"),
    ],
)
def test_what_can_only_be_a_copy_and_stands_nowhere_is_found(arguments, kind):
    (problem,) = problems(call(**arguments), row())
    assert f"is {kind} that stands nowhere" in problem
    assert not any(value in problem for value in arguments.values())


@pytest.mark.parametrize(
    "arguments",
    [
        {"order_id": "#W-2378156"},
        {"order_id": "w2378156"},
        {"order_id": "5550101234"},
        {"first_name": "<PERSON_1_GIVEN>"},
        {"reason": "CODE-7"},
        {"day": "2024-05-15"},
        {"day": "2kg"},
        {"mail": "the usual one"},
    ],
)
def test_copies_in_another_spelling_and_values_that_need_no_source_pass(arguments):
    assert problems(call(**arguments), row()) == []


def test_an_id_in_a_tool_s_result_is_a_source_also_where_json_escapes_it():
    one = row("Cancel it.")
    asked = parts.message("assistant", parts.tool_call("cancel", {"order_id": "x"}, "c1"))
    said = parts.message("tool", parts.tool_call_response('{"id": "Z\\u00fcrich-12"}', "c1", "cancel"))
    one["input_messages"] += [asked, said]
    assert problems(Answer("", (("cancel", json.dumps({"order_id": "Zürich-12"})),)), one) == []


def test_the_tool_choice_is_kept():
    assert problems(Answer("No.", ()), row(tool_choice="required")) == ["a tool has to be called, and it calls none"]
    assert problems(call(), row(tool_choice="none")) == ["it calls a tool, and none may be called"]
    other = {"type": "function", "function": {"name": "other", "parameters": {"type": "object"}}}
    forced = row(tools=(CANCEL, other), tool_choice={"type": "function", "function": {"name": "other"}})
    assert problems(call(), forced) == ["it calls the tool 'cancel', and only 'other' may be called"]
    twice = Answer("", call().calls * 2)
    assert problems(twice, row(parallel_tool_calls=False)) == ["it calls 2 tools at once, and one is allowed"]
    assert problems(twice, row()) == []


FORMAT = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object", "required": ["label"]}}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("refund", "has to be JSON"),
        ('{"a": 1}', "'label' missing"),
        ('{"label": NaN}', "has to be JSON"),
        ('{"label": "<PERSON_9>"}', "a placeholder"),
    ],
)
def test_a_demanded_schema_is_checked(text, said):
    (problem,) = problems(Answer(text, ()), row(tools=(), response_format=FORMAT))
    assert said in problem


def test_a_document_may_number_its_own_parts():
    assert problems(Answer('{"label": "step_12"}', ()), row(tools=(), response_format=FORMAT)) == []


def test_a_schema_that_refers_to_an_address_is_not_fetched():
    remote = {"type": "json_schema", "json_schema": {"schema": {"$ref": "http://127.0.0.1:9/schema.json"}}}
    (problem,) = problems(Answer('{"label": 1}', ()), row(tools=(), response_format=remote))
    assert "refers to something that is not there" in problem


def test_a_schema_that_is_none_is_no_proof():
    wrong = {"type": "json_schema", "json_schema": {"schema": {"type": "objekt", "properties": {}}}}
    (problem,) = problems(Answer('{"label": 1}', ()), row(tools=(), response_format=wrong))
    assert "its schema is none" in problem


def test_plain_labels_load_no_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    validation._validator.cache_clear()
    assert problems(Answer("refund", ()), row(tools=(), temperature=0)) == []
    with pytest.raises(MissingExtra, match=r"agentlog\[study\]"):
        problems(call(), row())
    validation._validator.cache_clear()
