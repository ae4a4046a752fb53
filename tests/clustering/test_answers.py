from __future__ import annotations

import math
from collections import Counter

import pytest

from agentlog.clustering.answers import Summary, entropy, given, kind, shape
from agentlog.tasks.reading import Answer


@pytest.mark.parametrize(
    ("text", "expected", "of"),
    [
        ("", "", ""),
        ("  \n", "", ""),
        ("refund", "text", "text"),
        ('{"b": 1, "a": {"c": 2}}', "json:a,b", "json"),
        ('Here it is:\n```json\n{"b": 1}\n```', "json:b", "json"),
        ("[1, 2]", "json:[]", "json"),
        ('{"a": 1, "b": "cut of', "json:a,b", "json"),
        ('{"action": "search", "input": "x"}', "action:search", "text"),
        ("{not json", "text", "text"),
        ("```python\nprint(1)\n```", "code:python", "code"),
        ("```sql\nSELECT 1", "code:sql", "code"),
        ("def add(a, b):\n    return a + b", "code:", "code"),
        ("Search[Colorado orogeny]", "action:Search", "text"),
        ("Thought: I look it up.\nAction: Search\nAction Input: x", "action:Search", "text"),
        ("The function f(x) is even (see above)", "text", "text"),
    ],
)
def test_the_shape_of_a_text_and_its_kind(text, expected, of):
    assert shape(Answer(text, ())) == expected
    assert kind(expected) == of


def test_a_tool_call_is_the_shape_whatever_is_said_beside_it():
    assert shape(Answer("I look.", (("find", "{}"), ("other", "{}")))) == "tool:find"
    assert kind("tool:find") == "tool_call"


def summary(*texts):
    return Summary([given(Answer(text, ())) for text in texts])


def test_few_short_answers_that_recur_are_labels():
    found = summary(*["yes"] * 20, *["no"] * 20)
    assert (found.kind, found.distinct, found.entropy) == ("label", 2, 1.0)


@pytest.mark.parametrize(
    "texts",
    [
        [f"answer {number}" for number in range(40)],  # all different
        ["a long answer, word by word, " * 4] * 40,  # no label is so long
        ["yes"] * 30 + [f"answer {number}" for number in range(10)],  # a quarter is no label
    ],
)
def test_other_answers_are_text(texts):
    assert summary(*texts).kind == "text"


def test_the_entropy_of_tool_calls_is_over_the_tools():
    answers = [given(Answer("", (("find", f'{{"q": {number}}}'),))) for number in range(30)]
    answers += [given(Answer("", (("stop", "{}"),))) for _ in range(30)]
    found = Summary(answers)
    assert (found.kind, found.distinct, found.entropy) == ("tool_call", 31, 1.0)
    assert found.shapes == (("tool:find", 0.5), ("tool:stop", 0.5))


def test_without_answers_nothing_is_claimed():
    found = summary("", "")
    assert (found.kind, found.distinct, found.entropy, found.shapes) == ("", 0, 0.0, ())


def test_equal_answers_have_equal_digests_though_their_json_is_written_differently():
    one = given(Answer("x ", (("find", '{"a": 1, "b": 2}'),)))
    assert one == given(Answer("x", (("find", '{"b":2,"a":1}'),)))
    assert one.digest != given(Answer("x", (("find", '{"b":2,"a":2}'),))).digest
    assert given(Answer("", (("find", "not json"),))).digest != given(Answer("", (("find", "other"),))).digest


def test_entropy_agrees_with_its_definition():
    counts = Counter("abracadabra")
    expected = -sum(n / 11 * math.log2(n / 11) for n in counts.values())
    assert entropy(counts.values()) == pytest.approx(expected)
    assert entropy([]) == entropy([7]) == 0.0
