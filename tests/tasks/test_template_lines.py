from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlog.tasks.lines import SLOT, Lexicon, heads, normalise


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  two   words\t here ", "two words here"),
        ("Order 4711, page 3", "Order <n>, page <n>"),
        ("id 9f8e7d6c5b4a of deadbeef", "id <h> of deadbeef"),
        ("Dear <PERSON_1> and <PERSON_12>", "Dear <PERSON> and <PERSON>"),
        ("Dear <PERSON_1_GIVEN>, call <PHONE_2>", "Dear <PERSON_GIVEN>, call <PHONE>"),
    ],
)
def test_what_differs_between_two_uses_of_a_line_becomes_constant(line, expected):
    assert normalise(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Policy: refunds take days", ["Policy:<*>"]),
        ("Policy:", []),
        ("(a) first", ["(a) first"][:0]),
        ("Use it (always): now", ["Use it (always):<*>", "Use it (<*>"]),
        ("I want my money back", ["I want my <*>"]),
        ("Four words and no", []),
        ("问题：巴黎在哪里", ["问题：<*>"]),  # noqa: RUF001 - Chinese writes its colon like this
        (
            "One two three four five six seven eight nine ten: x",
            ["One two three four five six seven eight nine ten:<*>", "One two three <*>"],
        ),
    ],
)
def test_heads_are_the_constant_fronts_of_a_filled_line(line, expected):
    assert heads(line) == expected


@given(st.text(max_size=200))
def test_every_head_is_a_proper_front_and_the_longest_comes_first(line):
    found = heads(normalise(line))
    assert all(normalise(line).startswith(head.removesuffix(SLOT).rstrip()) for head in found)
    assert [len(head) for head in found] == sorted((len(head) for head in found), reverse=True)


def test_a_lexicon_numbers_lines_and_heads_and_skips_lines_without_a_letter():
    lexicon = Lexicon()
    one, two = lexicon.read("Policy: refunds\n---\n12\nPolicy: parcels")
    assert [lexicon.words[word] for word in one.chain] == ["Policy: refunds", "Policy:<*>"]
    assert one.chain[1] == two.chain[1]
    assert (one.size, one.whole) == (15, True)
    assert lexicon.read("Policy: refunds\n---\n12\nPolicy: parcels") == (one, two)


def test_a_frozen_lexicon_learns_nothing_and_leaves_unknown_words_out():
    lexicon = Lexicon(["Policy:<*>", "Be brief"])
    policy, brief, other = lexicon.read("Policy: refunds\nBe brief\nBe long")
    assert (policy.chain, policy.whole) == ((0,), False)
    assert (brief.chain, brief.whole) == ((1,), True)
    assert (other.chain, other.whole) == ((), False)
    assert len(lexicon.words) == 2


def test_a_long_prompt_counts_by_its_first_lines():
    assert len(Lexicon().read("line of text\n" * 1000)) == 400


def test_forgetting_does_not_change_what_is_read(monkeypatch):
    monkeypatch.setattr("agentlog.tasks.lines._MEMO", 2)
    lexicon = Lexicon()
    before = [lexicon.read(f"text {word}: filled") for word in "abcde"]
    assert [lexicon.read(f"text {word}: filled") for word in "abcde"] == before
