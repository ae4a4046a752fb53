"""When two JSON values mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlog.evaluation.values import pairs, same

INTEGER, NUMBER, STRING = {"type": "integer"}, {"type": "number"}, {"type": "string"}


@pytest.mark.parametrize(
    ("one", "other", "schema", "strict", "lenient"),
    [
        (1, 1.0, None, True, True),
        (1, "1", INTEGER, True, True),
        (1.5, "1.50", NUMBER, True, True),
        (1, "1", None, False, True),
        ("1", 1, STRING, False, False),
        (1, True, None, False, False),
        (0, False, INTEGER, False, False),
        (True, "true", {"type": "boolean"}, True, True),
        (True, "yes", {"type": "boolean"}, False, False),
        (None, None, STRING, True, True),
        (None, "", None, False, False),
        ("Paris", "paris ", STRING, False, True),
        ("San Diego, CA", "san-diego ca", STRING, False, True),
        ("Paris", "London", STRING, False, False),
        ("2024-05-05", "May 5, 2024", STRING, False, True),
        ("2024-05-05", "2024-05-06", STRING, False, False),
        ("2024-05-05T10:00:00Z", "2024-05-05T12:00:00+02:00", STRING, False, True),
        ("!!!", "???", STRING, False, False),
        ("economy", "Economy", {"type": "string", "enum": ["economy"]}, False, True),
        (1, "1", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, True, True),
        (1, "1", {"type": ["integer", "string"]}, False, False),
        ([1, 2], [2, 1], None, False, True),
        ([1, 2], [2, 1], {"type": "array", "uniqueItems": True}, True, True),
        ([1, 1, 2], [1, 2, 2], {"type": "array", "uniqueItems": True}, False, False),
        (["1"], [1], {"type": "array", "items": INTEGER}, True, True),
        ([1], [1, 2], None, False, False),
        ([], {}, None, False, False),
    ],
)
def test_values(one, other, schema, strict, lenient):
    assert same(one, other, schema) is strict
    assert same(other, one, schema) is strict
    assert same(one, other, schema, lenient=True) is lenient


OBJECT = {"properties": {"n": {"type": "integer", "default": 10}, "who": STRING, "must": STRING}, "required": ["must"]}


@pytest.mark.parametrize(
    ("one", "other", "strict", "lenient"),
    [
        ({"must": "a", "n": 10}, {"must": "a"}, True, True),
        ({"must": "a", "n": 11}, {"must": "a"}, False, False),
        ({"must": "a", "who": None}, {"must": "a"}, True, True),
        ({"must": "a", "who": ""}, {"must": "a"}, False, True),
        ({"must": "a"}, {}, False, False),
        ({"must": None}, {}, False, False),
        ({"must": "a", "extra": 1}, {"must": "a"}, False, False),
        ({"must": "a", "n": "3"}, {"n": 3, "must": "a"}, True, True),
    ],
)
def test_missing_arguments_defaults_and_order(one, other, strict, lenient):
    assert same(one, other, OBJECT) is strict
    assert same(other, one, OBJECT) is strict
    assert same(one, other, OBJECT, lenient=True) is lenient


def test_as_many_pairs_are_found_as_there_can_be():
    near = lambda one, other: abs(one - other) <= 1  # noqa: E731
    assert len(pairs([1, 2], [2, 3], near)) == 2  # a greedy search gives 1 the 2, and leaves 2 with 3
    assert len(pairs([2, 1], [1, 3], near)) == 2


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("aB 1", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(values, values)
def test_same_is_symmetric_and_strict_is_lenient_too(one, other):
    assert same(one, one)
    assert same(one, other) == same(other, one)
    if same(one, other):
        assert same(one, other, lenient=True)
