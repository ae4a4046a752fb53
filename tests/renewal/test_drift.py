from __future__ import annotations

import random

import pytest

from agentlog.renewal.drift import compare

pytest.importorskip("scipy", reason="needs agentlog[study]")


def side(calls, n, *, seed, weights=(4, 3, 2, 1), length=6, tools=None):
    source = random.Random(seed)
    calls.rows.clear()
    for _ in range(n):
        asked = " ".join(source.choices(("the", "kettle", "broke", "again", "today"), k=length + source.randint(0, 4)))
        answer = source.choices(("refund", "shipping", "account", "technical"), weights)[0]
        calls.add(f"{asked} {source.random()}", answer=answer, tools=tools)
    return calls.table()


def test_two_samples_of_one_task_have_not_drifted(calls):
    for seed in range(20):
        assert not compare(side(calls, 200, seed=seed), side(calls, 150, seed=seed + 100)).changed


def test_other_answers_longer_prompts_and_other_tools_are_drift(calls, offer):
    before = side(calls, 200, seed=0)
    (said,) = compare(before, side(calls, 120, seed=1, weights=(1, 1, 2, 6))).changed
    assert "answers" in said
    (said,) = compare(before, side(calls, 120, seed=2, length=12)).changed
    assert "longer" in said
    (said,) = compare(before, side(calls, 120, seed=3, tools=[offer("look_up")])).changed
    assert "+look_up" in said


def test_answers_that_are_all_different_are_no_drift(calls):
    for start in (0, 100):
        calls.rows.clear()
        for number in range(start, start + 100):
            calls.add("Write a poem.", answer=f"poem {number}")
        if start == 0:
            before = calls.table()
    assert not compare(before, calls.table()).changed


def test_few_calls_say_nothing(calls):
    drift = compare(side(calls, 200, seed=0), side(calls, 20, seed=1, weights=(0, 0, 0, 1)))
    assert not drift.changed
    assert "too few" in str(drift)


@pytest.mark.parametrize(("new", "grown"), [(0, False), (19, False), (20, True)])
def test_a_fifth_more_is_growth(calls, new, grown):
    assert compare(side(calls, 100, seed=0), side(calls, new, seed=1)).grown is grown
