from __future__ import annotations

from agentlog.clustering.identity import carried, new_id


def test_an_id_depends_on_seed_and_content_and_avoids_those_taken():
    one = new_id(0, ["a"], ())
    assert one == new_id(0, ["a"], ())
    assert one.startswith("t-")
    assert len({one, new_id(1, ["a"], ()), new_id(0, ["b"], ()), new_id(0, ["a"], (one,))}) == 4


def test_a_task_keeps_its_id_when_most_of_the_shared_calls_are_the_same():
    old = dict.fromkeys("abcdef", "t-1") | dict.fromkeys("ghij", "t-2") | {"k": None}
    calls = [*"abcdefghijk", "new"]
    assert carried(old, calls, [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, None, 3]) == {1: "t-1", 2: "t-2"}


def test_of_two_halves_none_keeps_the_id():
    assert carried(dict.fromkeys("abcd", "t-1"), "abcd", [1, 1, 2, 2]) == {}


def test_a_task_that_swallowed_another_keeps_the_id_of_the_larger():
    old = dict.fromkeys("abc", "t-1") | {"d": "t-2"}
    assert carried(old, "abcd", [1, 1, 1, 1]) == {1: "t-1"}


def test_calls_that_are_not_shared_do_not_count():
    assert carried({"a": "t-1", "x": "t-1", "y": "t-1"}, ["a", "b", "c", "d"], [1, 1, 1, 1]) == {1: "t-1"}
