"""Is the model's answer the LLM's answer?"""

import json

import pytest

from agentlog.evaluation import texts
from agentlog.evaluation.matching import kind_of, match, summary
from agentlog.messages import parts
from agentlog.tasks.reading import Answer

BOOK = {
    "type": "function",
    "function": {
        "name": "book",
        "parameters": {"type": "object", "properties": {"seats": {"type": "integer"}, "to": {"type": "string"}}},
    },
}


def row(text="Book it.", **request):
    return {
        "input_messages": [parts.message("user", parts.text(text))],
        "tool_definitions": json.dumps([BOOK]),
        "request": json.dumps(request),
    }


def text(said):
    return Answer(said, ())


def calls(*made):
    return Answer("", tuple((name, json.dumps(arguments)) for name, arguments in made))


def test_labels_agree_whatever_spaces_are_around_them():
    assert match(text("refund"), text(" refund\n"), row(), "label").strict
    assert not match(text("refund"), text("Refund"), row(), "label").strict
    assert match(text("refund"), text("Refund."), row(), "label").lenient
    assert not match(text("refund"), text("shipping"), row(), "label").lenient


def test_no_answer_is_never_the_llm_s():
    for reference in (text("refund"), text(""), calls(("book", {}))):
        assert not match(reference, None, row(), "label").strict


def test_tool_calls_are_read_by_their_schema():
    found = match(
        calls(("book", {"seats": 2, "to": "Rome"})), calls(("book", {"to": "Rome", "seats": "2.0"})), row(), "tool_call"
    )
    assert found.strict and found.names
    assert dict(found.arguments) == {"book.seats": True, "book.to": True}


def test_the_right_tool_with_a_wrong_argument_is_said_so():
    found = match(
        calls(("book", {"seats": 2, "to": "Rome"})), calls(("book", {"seats": 2, "to": "ROME"})), row(), "tool_call"
    )
    assert (found.strict, found.lenient, found.names) == (False, True, True)
    assert dict(found.arguments) == {"book.seats": True, "book.to": False}


def test_calls_made_at_once_have_no_order_and_each_counts():
    one, other = ("book", {"to": "Rome"}), ("book", {"to": "Oslo"})
    assert match(calls(one, other), calls(other, one), row(), "tool_call").strict
    assert not match(calls(one, one), calls(one, other), row(), "tool_call").strict
    assert not match(calls(one), calls(one, one), row(), "tool_call").strict


def test_calling_without_need_and_not_calling_are_told_apart():
    found = [
        match(text("Which city?"), calls(("book", {})), row(), "tool_call"),
        match(calls(("book", {})), text("Which city?"), row(), "tool_call"),
        match(calls(("book", {})), calls(("book", {})), row(), "tool_call"),
    ]
    figures = summary("tool_call", found, [], [])
    assert figures["called_without_need"] == [1, 1]
    assert figures["not_called"] == [1, 2]
    assert figures["names"] == 0.5 and figures["names_and_arguments"] == 0.5


def test_words_beside_a_call_do_not_count():
    wordy = Answer("I will book it.", calls(("book", {"seats": 1})).calls)
    assert match(calls(("book", {"seats": 1})), wordy, row(), "tool_call").strict


def test_arguments_that_are_no_json_agree_only_with_themselves():
    broken = Answer("", (("book", '{"seats": '),))
    assert not match(calls(("book", {"seats": 1})), broken, row(), "tool_call").strict
    assert match(broken, broken, row(), "tool_call").strict


SCHEMA = {
    "type": "json_schema",
    "json_schema": {"schema": {"type": "object", "properties": {"n": {"type": "integer"}}}},
}


def test_documents_are_read_by_the_demanded_schema():
    one = row(response_format=SCHEMA)
    assert match(text('{"n": 1, "a": "x"}'), text('{"a": "x", "n": "1"}'), one, "json").strict
    assert match(text('```json\n{"n": 1}\n```'), text('{"n": 1}'), one, "json").strict


def test_fields_are_counted_also_in_lists():
    found = match(text('{"a": 1, "b": ["x", "y"]}'), text('{"a": 1, "b": ["y", "z"], "c": 0}'), row(), "json")
    assert found.found == (3, 4, 2)
    assert summary("json", [found], [], [])["field_f1"] == pytest.approx(4 / 7)


def test_very_long_lists_are_counted_too():
    long = json.dumps({"n": list(range(3000))})
    assert match(text(long), text(long), row(), "json").found == (3000, 3000, 3000)


def test_what_is_no_json_is_said_so():
    found = match(text('{"a": 1}'), text("sorry"), row(), "json")
    assert (found.strict, found.valid_json) == (False, False)
    assert summary("json", [found], [], [])["valid_json"] == 0.0


def test_macro_f1_is_that_of_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    wanted, given = list("aaaaabbbcc"), list("aaaabbbbca")
    figures = texts.by_label([text(one) for one in wanted], [text(one) for one in given])
    assert figures["macro_f1"] == pytest.approx(metrics.f1_score(wanted, given, average="macro"))
    assert figures["labels"] == 3


def test_texts_copied_from_the_prompt_are_an_extraction():
    rows = [row(f"My order is A-{number}, where is it?") for number in range(10)]
    spans = [text(f"A-{number}") for number in range(10)]
    assert kind_of("text", rows, spans) == "extraction"
    assert kind_of("text", rows, [text(f"It is on its way, number {number}") for number in range(10)]) == "text"
    assert kind_of("label", rows, spans) == "label"


def test_spans_are_scored_by_their_words():
    found = match(text("12 Maple Street"), text("Maple Street Rome"), row(), "extraction")
    assert summary("extraction", [found], [], [])["word_f1"] == pytest.approx(2 / 3)


def test_free_texts_have_a_chrf():
    pytest.importorskip("sacrebleu")
    same, other = [text("The parcel is late.")], [text("qqq")]
    assert texts.chrf(same, same) == pytest.approx(100)
    assert texts.chrf(same, other) < 5 and texts.chrf(same, [None]) == 0


def judged(judge, candidate="new"):
    counts, as_good = texts.verdicts(judge, [row()], [text("old")], [text(candidate)], [False])
    return counts, as_good[0]


def test_a_judge_is_asked_in_both_orders():
    seen = []

    def judge(prompt, a, b):
        seen.append((a, b))
        return "a" if a == "new" else "b"

    counts, as_good = judged(judge)
    assert seen == [("old", "new"), ("new", "old")]
    assert (counts.better, as_good) == (1, True)


@pytest.mark.parametrize(
    ("judge", "count", "as_good"),
    [
        (lambda prompt, a, b: "a" if a == "old" else "b", "worse", False),
        (lambda prompt, a, b: "tie", "ties", True),
        (lambda prompt, a, b: "tie" if a == "old" else "a", "ties", True),
        (lambda prompt, a, b: "a", "swayed", True),
        (lambda prompt, a, b: "the first", "failed", None),
    ],
)
def test_what_a_judge_says_is_counted(judge, count, as_good):
    counts, good = judged(judge)
    assert getattr(counts, count) == 1 and good is as_good


def test_equal_texts_are_not_shown_to_the_judge():
    def never(prompt, a, b):
        raise AssertionError("asked")

    counts, as_good = texts.verdicts(never, [row()], [text("old")], [text("old")], [True])
    assert counts.equal == 1 and as_good == [True]


def test_a_judge_of_the_teacher_s_family_is_warned_of():
    _, warning = texts.judge_of("http://127.0.0.1:9/v1#gpt-5-mini", "gpt-4o-2024-08-06")
    assert "may prefer" in warning
    assert texts.judge_of("http://127.0.0.1:9/v1#qwen3-32b", "gpt-4o")[1] == ""
