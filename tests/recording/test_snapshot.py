import dataclasses

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlog.recording.snapshot import encode

decode = msgspec.msgpack.decode

json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=20,
)


@given(json_like)
def test_any_payload_can_be_encoded_and_decoded(value):
    decode(encode(value))


@given(st.dictionaries(st.text(), st.lists(st.integers(-(2**63), 2**63) | st.text() | st.none())))
def test_plain_data_comes_back_as_it_was(value):
    assert decode(encode(value)) == value


def test_an_object_without_a_repr_of_its_own_has_no_address_in_it():
    shown = decode(encode(object()))
    assert shown == "<builtins.object>"


def test_a_dataclass_and_a_model_become_their_fields():
    @dataclasses.dataclass
    class Order:
        id: str

    class Model:
        def model_dump(self):
            return {"a": 1}

    assert decode(encode([Order("A17"), Model()])) == [{"id": "A17"}, {"a": 1}]


def test_a_payload_with_one_bad_place_keeps_the_rest():
    shown = decode(encode({"good": "text", "bad": "\ud800x", "big": 2**80}))
    assert shown == {"good": "text", "bad": "?x", "big": str(2**80)}


def test_a_huge_text_keeps_its_head_its_tail_and_its_length():
    shown = decode(encode("a" * 3_000_000 + "b" * 3_000_000))
    assert len(shown) < 70_000
    assert shown.startswith("aaa")
    assert shown.endswith("bbb")
    assert f"{6_000_000 - (64 << 10)} characters left out" in shown


@pytest.mark.parametrize("bad", [RuntimeError, RecursionError, MemoryError])
def test_an_object_that_raises_when_looked_at_is_described(bad):
    class Awkward:
        def model_dump(self):
            raise bad

        def __repr__(self):
            raise bad

    assert "Awkward" in str(decode(encode({"x": Awkward()}))) or decode(encode({"x": Awkward()})) == "<unencodable>"
