from __future__ import annotations

import datetime as dt
import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from agentlog.curation.sides import TEST, TRAIN, Row, assign, leakage, split, without_crossing_prompts

START = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def row(number: int, trace: str, session: str | None = None, prompt: str | None = None) -> Row:
    said = (prompt or f"prompt {number}").encode()
    return Row(f"e{number}", f"c{number}", trace, session, START + dt.timedelta(seconds=number), said, 0, 0)


def sides_of(rows: list[Row], share: float = 0.1, seed: int = 0) -> dict[str, str]:
    assign(rows, share, seed)
    return {one.trace_id: one.side for one in rows}


def test_a_trace_and_a_session_stand_on_one_side():
    rows = [row(number, f"t{number // 3}", f"s{number // 9}" if number % 3 else None) for number in range(900)]
    assign(rows, 0.3, 0)
    assert leakage(rows) == {"traces": 0, "sessions": 0, "prompts": 0}
    assert {one.side for one in rows} == {TRAIN, TEST}


def test_old_rows_keep_their_sides_as_data_grows():
    rows = [row(number, f"t{number // 2}", f"s{number // 8}" if number % 16 < 8 else None) for number in range(600)]
    before = sides_of(rows[:50])
    after = sides_of(rows)
    assert {trace: after[trace] for trace in before} == before


@given(st.integers(2, 40), st.integers(0, 5))
def test_two_traces_are_enough_for_both_sides(count, seed):
    assert set(sides_of([row(number, f"t{number}") for number in range(count)], 0.1, seed).values()) == {TRAIN, TEST}


def test_one_trace_or_no_share_is_all_train():
    assert sides_of([row(0, "t"), row(1, "t")]) == {"t": TRAIN}
    assert set(sides_of([row(number, f"t{number}") for number in range(50)], 0.0).values()) == {TRAIN}


def test_the_share_is_about_what_was_asked_for_and_the_seed_decides_which():
    rows = [row(number, f"t{number}") for number in range(2000)]
    first, second = sides_of(rows, 0.2, 0), sides_of(rows, 0.2, 1)
    assert 0.17 < Counter(first.values())[TEST] / 2000 < 0.23
    assert first != second


def test_a_larger_share_only_moves_rows_into_test():
    rows = [row(number, f"t{number}") for number in range(300)]
    small, large = sides_of(rows, 0.1), sides_of(rows, 0.4)
    assert all(large[trace] == TEST for trace, side in small.items() if side == TEST)


def test_an_equal_prompt_stays_on_the_side_where_it_came_first():
    draw = random.Random(3)
    rows = [row(number, f"t{number}", prompt=f"p{draw.randrange(40)}") for number in range(400)]
    assign(rows, 0.3, 0)
    assert leakage(rows)["prompts"] > 0
    kept, left_out = without_crossing_prompts(rows)
    assert leakage(kept)["prompts"] == 0
    assert len(kept) + left_out == 400
    first = {}
    for one in rows:
        first.setdefault(one.prompt, one.side)
    assert all(one.side == first[one.prompt] for one in kept)


def test_leakage_counts_what_crosses():
    rows = [row(0, "t", "s", "p"), row(1, "t", "s", "p"), row(2, "u", "s")]
    for one, side in zip(rows, (TRAIN, TEST, TEST), strict=True):
        one.side = side
    assert leakage(rows) == {"traces": 1, "sessions": 1, "prompts": 1}


def test_a_table_is_split_by_run_in_the_order_of_time_and_equal_prompts_stay_on_one_side(calls):
    for number in range(60):
        calls.add(f"question {number % 50}", answer="yes", trace_id=f"trace-{number // 2}", kept=number != 7)
    table = calls.table()
    train, test = split(table.take(list(reversed(range(60)))), 0.3)
    assert len(train) > len(test) > 5 and "call-0007" not in train["call_id"].to_pylist() + test["call_id"].to_pylist()
    for side in (train, test):
        assert side["time"].to_pylist() == sorted(side["time"].to_pylist())
    for name in ("trace_id", "call_id"):
        assert not set(train[name].to_pylist()) & set(test[name].to_pylist())
    asked = [{str(said) for said in side["input_messages"].to_pylist()} for side in (train, test)]
    assert not asked[0] & asked[1]
    assert split(table, 0.3)[1]["call_id"].to_pylist() == test["call_id"].to_pylist()
