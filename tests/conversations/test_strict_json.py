from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlog.conversations import strict
from agentlog.conversations.reasons import Refused

plain = st.text(st.characters(exclude_categories=["Cs"]))
strict_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(plain, strict_values, max_size=4), st.booleans())
def test_every_strict_object_comes_through_unchanged(value, escaped):
    text = json.dumps(value, ensure_ascii=escaped)
    given_back = strict.arguments(text)
    assert given_back == text
    assert repr(strict.loads(strict.dumps(json.loads(given_back)))) == repr(value)


@given(strict_values)
def test_a_line_is_one_line_however_lines_are_split(value):
    line = strict.dumps({"value": value})
    assert len(line.splitlines()) == 1
    assert repr(json.loads(line)) == repr({"value": value})


@given(st.recursive(st.none() | st.floats() | st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=6))
def test_what_is_not_strict_never_passes(value):
    text = json.dumps({"value": value})
    try:
        passed = json.loads(strict.arguments(text))
    except Refused:
        return
    assert not math.isnan(passed["value"]) if isinstance(passed["value"], float) else True
    json.dumps(passed, allow_nan=False, ensure_ascii=False).encode()


def test_canonical_bytes_do_not_depend_on_the_order_of_keys():
    assert strict.canonical({"b": 1, "a": {"d": 2, "c": 3}}) == strict.canonical({"a": {"c": 3, "d": 2}, "b": 1})
    assert strict.canonical({"a": 1}) != strict.canonical({"a": 1.0})


def test_text_that_is_no_json_is_told_from_json_that_is_not_strict():
    with pytest.raises(strict.NotStrict):
        strict.loads("[NaN]")
    with pytest.raises(ValueError, match="Expecting"):
        strict.loads("[1, ")
