"""Calls of a loop without a framework, tied together by what their messages say."""

from __future__ import annotations

import collections
import gzip
import itertools
import json
import random
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from agentlog.importing import exchanges, tau
from agentlog.importing.context import Context
from agentlog.importing.drafts import Unsupported
from agentlog.messages import parts
from agentlog.recorder.layers import said, words
from agentlog.recorder.links import Links
from agentlog.records import Draft

QUESTION = "I would like to know when the parcel with the two lamps will arrive."
REPLY = "It left our depot in Hamburg on Monday and will be delivered to you on Thursday before noon."


def call(id: str, heard: list[Any], answer: Any = "", *, response_id: str | None = None, **row: Any) -> Draft:
    row = {
        "call_id": id,
        "trace_id": id,
        "operation": "chat",
        "input_messages": [one if isinstance(one, dict) else said_by(*one) for one in heard],
        "output_messages": [answer if isinstance(answer, dict) else said_by("assistant", answer)] if answer else None,
        **row,
    }
    return Draft(row, response_id=response_id)


def said_by(role: str, text: str) -> Any:
    return parts.message(role, parts.text(text))


def traces(*calls: Draft) -> list[str]:
    links = Links()
    for one in calls:
        links.link(one)
    return [one.row["trace_id"] for one in calls]


def test_a_loop_over_tools_is_one_run():
    asks = parts.message("assistant", parts.tool_call("lookup", {"id": "A17"}, "c1"))
    found = parts.message("tool", parts.tool_call_response("in transit", "c1"))
    start = [("system", "Help."), ("user", "Where is A17?")]
    assert traces(
        call("a", start, asks),
        call("b", [*start, asks, found], "It is in transit."),
        call("c", [*start, asks, found, ("assistant", "It is in transit."), ("user", "Thanks.")], "Bye."),
    ) == ["a", "a", "a"]


def test_the_same_first_message_twice_is_two_runs_that_go_on_apart():
    start = [("user", "hi")]
    one = [*start, ("assistant", "Hello! How can I help?"), ("user", "With a refund.")]
    two = [*start, ("assistant", "Hello! What is it?"), ("user", "With a refund.")]
    assert traces(
        call("a", start, "Hello! How can I help?"),
        call("b", start, "Hello! What is it?"),
        call("c", two, "Sure."),
        call("d", one, "Sure."),
    ) == ["a", "b", "b", "a"]


def test_of_runs_that_were_alike_until_now_the_latest_that_waits_goes_on():
    start, hello = [("user", "hi")], "Hello!"
    more = [*start, ("assistant", hello), ("user", "one")]
    other = [*start, ("assistant", hello), ("user", "two")]
    assert traces(call("a", start, hello), call("b", more, "x"), call("c", start, hello), call("d", other, "y")) == [
        "a", "a", "c", "c"]  # fmt: skip
    # a run that nobody goes on with does not take the next one's calls
    assert traces(call("a", start, hello), call("b", start, hello), call("c", more, "x")) == ["a", "b", "b"]


def test_branches_from_one_history_are_one_run():
    start = [("user", "Name a colour."), ("assistant", "Blue."), ("user", "And another one.")]
    first = call("a", start[:1], "Blue.")
    assert traces(first, call("b", start, "Red."), call("c", start, "Green."), call("d", [*start, ("assistant", "Green."),
                  ("user", "More!")], "Grey.")) == ["a", "a", "a", "a"]  # fmt: skip


def test_a_loop_may_go_on_with_any_of_several_choices():
    first = call("a", [("user", "Name a colour.")], "Blue.")
    first.row["output_messages"].append(said_by("assistant", "Red."))
    assert traces(first, call("b", [("user", "Name a colour."), ("assistant", "Red."), ("user", "Why?")], "x")) == [
        "a",
        "a",
    ]


def test_how_a_turn_is_cut_into_messages_makes_no_difference():
    first = call(
        "a",
        [("user", "one"), ("user", "two ")],
        parts.message("assistant", parts.text("x "), parts.tool_call("f", {"k": 1})),
    )
    again = [parts.message("user", parts.text("one"), parts.text("two")), said_by("assistant", "x"),
             parts.message("assistant", parts.tool_call("f", '{"k":1}')), said_by("user", "go")]  # fmt: skip
    assert traces(first, call("b", again, "y")) == ["a", "a"]


def test_a_history_without_its_older_turns_is_still_its_runs():
    old = [("user", "Hello there."), ("assistant", "Hello! What can I do for you?")]
    asked = [("system", "Help."), *old, ("user", QUESTION)]
    cut = [("system", "Help."), ("user", QUESTION), ("assistant", REPLY), ("user", "Thank you.")]
    first = call("a", [("system", "Help."), old[0]], old[1][1])
    assert traces(first, call("b", asked, REPLY), call("c", cut, "Bye.")) == ["a", "a", "a"]


def test_a_history_that_was_summed_up_but_for_its_last_turn_is_still_its_runs():
    summed = [
        ("system", "Help.\nSo far: they want to know about a parcel."),
        ("user", QUESTION),
        ("assistant", REPLY),
        ("user", "And the bill?"),
    ]
    later = [*summed, ("assistant", "It is in the parcel."), ("user", "Good.")]
    first = call("a", [("system", "Help."), ("user", QUESTION)], REPLY)
    assert traces(first, call("b", summed, "It is in the parcel."), call("c", later, "Bye.")) == ["a", "a", "a"]


def test_a_history_summed_up_whole_begins_a_run_of_its_own():
    first = call("a", [("system", "Help."), ("user", QUESTION)], REPLY)
    assert traces(first, call("b", [("system", "Help. So far: a parcel."), ("user", "And the bill?")], "x")) == [
        "a",
        "b",
    ]


def test_another_system_prompt_in_each_call_is_no_other_run():
    first = call("a", [("system", "It is 10:01."), ("user", QUESTION)], REPLY)
    second = call(
        "b", [("system", "It is 10:02."), ("user", QUESTION), ("assistant", REPLY), ("user", "Thanks.")], "Bye."
    )
    assert traces(first, second) == ["a", "a"]


def test_a_turn_that_many_say_ties_nothing_together():
    hello = [("user", "hello"), ("assistant", "Hello! How can I help you today?"), ("user", "Where is my order?")]
    first = call("a", [("system", "It is 10:01."), hello[0]], hello[1][1])
    assert traces(first, call("b", [("system", "It is 10:02."), *hello], "x")) == ["a", "b"]


def test_a_turn_that_two_runs_know_is_neithers():
    one = call("a", [("system", "It is 10:01."), ("user", QUESTION)], REPLY)
    two = call("b", [("system", "It is 10:02."), ("user", QUESTION)], REPLY)
    third = call(
        "c", [("system", "It is 10:03."), ("user", QUESTION), ("assistant", REPLY), ("user", "Thanks.")], "Bye."
    )
    assert traces(one, two, third) == ["a", "b", "c"]


def test_an_old_turn_that_is_shown_as_an_example_does_not_tie_all_calls_together():
    example = [("user", QUESTION), ("assistant", REPLY)]
    shown = [
        call(f"c{number}", [("system", "As in the example:"), *example, ("user", f"mail {number}")], "shipping")
        for number in range(5)
    ]
    found = traces(call("a", [("system", "Help."), example[0]], REPLY), *shown)
    assert len(set(found)) >= 5


def test_an_agent_that_takes_over_the_talk_under_its_own_prompt_is_the_same_run():
    asks = parts.message("assistant", parts.tool_call("transfer_to_math", {}))
    moved = parts.message("tool", parts.tool_call_response("done"))
    first = call("a", [("system", "You triage."), ("user", "2 + 2?")], asks)
    assert traces(first, call("b", [("system", "You count."), ("user", "2 + 2?"), asks, moved], "4")) == ["a", "a"]


def test_a_call_that_got_no_answer_is_tried_again_in_its_run():
    turn = [("user", QUESTION), ("assistant", REPLY), ("user", "And the bill?")]
    first = call("a", [("system", "It is 10:01."), turn[0]], REPLY)
    failed = call("b", [("system", "It is 10:02."), *turn])
    assert traces(first, failed, call("c", [("system", "It is 10:03."), *turn], "Here.")) == ["a", "a", "a"]


def test_sub_agents_with_prompts_of_their_own_are_runs_of_their_own():
    start = [("system", "You lead."), ("user", QUESTION)]
    assert traces(
        call("a", start, parts.message("assistant", parts.tool_call("ask", {"question": QUESTION}))),
        call("b", [("system", "You look things up."), ("user", QUESTION)], REPLY),
    ) == ["a", "b"]


def test_an_answers_id_says_what_it_goes_on_from():
    first = call("a", [("user", "hi")], "hello", response_id="resp_1")
    second = call("b", [("user", "more")], "yes", response_id="resp_2", request='{"previous_response_id": "resp_1"}')
    third = call("c", [("user", "bye")], "bye", request='{"previous_response_id": "resp_2"}')
    odd = call("d", [("user", "bye")], "bye", request='{"previous_response_id": null}')
    assert traces(first, second, third, odd) == ["a", "a", "a", "d"]


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("agentlog.recorder.links._REMEMBERED", 10)
    links = Links()
    for number in range(50):
        links.link(call(f"c{number}", [("user", f"{QUESTION} {number}")], REPLY, response_id=f"r{number}"))
    assert len(links._histories) == len(links._turns) == len(links._answers) == 10
    for number in range(50):
        links.link(call(f"d{number}", [("user", "hi")], "hello"))
    assert all(len(traces) <= 8 for traces in links._histories.values())


# ---------------------------------------------------------------- real conversations


def pairs(calls: Iterable[tuple[str, Draft]]) -> collections.Counter[str]:
    """Pairs of calls: right (together, as they should be), wrong (together, of two runs), missed (apart, of one run)."""
    found: collections.Counter[str] = collections.Counter()
    for (run, one), (other_run, other) in itertools.combinations(calls, 2):
        together = one.row["trace_id"] == other.row["trace_id"]
        if run == other_run:
            found["right" if together else "missed"] += 1
        elif together:
            found["wrong"] += 1
    return found


def show(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")


@pytest.mark.parametrize("seed", [1, 2])
def test_interleaved_runs_of_tau_bench_are_found_again_without_their_roots(data: Path, seed: int, capsys):
    with gzip.open(data / "tau_airline" / "gpt-4o-airline.json.gz", "rt") as file:
        trajectories = json.load(file)
    runs = {}
    for number, value in enumerate(trajectories):
        read = tau.read(value, f"run-{number}", Context(None)).drafts
        runs[f"run-{number}"] = [without_root(one) for one in read if one.row["operation"] == "chat"]
    found, alike = linked(runs, seed)
    show(
        capsys,
        f"tau-bench: {len(runs)} runs, {len(alike)} of them begin like another one; pairs of calls: {dict(found)}",
    )
    assert found["right"] > 10_000
    assert (found["wrong"], found["missed"]) == (0, 0)


def test_the_conversations_among_recorded_exchanges_are_found_again(data: Path, capsys):
    """Truth by a plain look: a call whose messages begin with those and the answer of another one in its cassette."""
    context, calls = Context(None), []
    with gzip.open(data / "exchanges" / "pypi_sdists.jsonl.gz", "rt") as file:
        for number, line in enumerate(file):
            value = json.loads(line)
            try:
                (one,) = exchanges.read(value, f"x{number}", context).drafts
            except Unsupported:
                continue
            if one.row["operation"] in ("chat", "generate_content") and one.row.get("output_messages"):
                calls.append(((value["src"], value["cassette"]), one))
    runs: dict[str, list[Draft]] = {}
    for cassette, group in itertools.groupby(sorted(calls, key=lambda one: one[0]), key=lambda one: one[0]):
        known: list[tuple[str, list[Any]]] = []
        for number, (_, one) in enumerate(group):
            heard = without_system(one)
            run = next(
                (run for run, before in reversed(known) if heard[: len(before)] == before), f"{cassette} {number}"
            )
            known.append((run, answered(one)))
            runs.setdefault(run, []).append(without_root(one))
    several = sum(len(mine) > 1 for mine in runs.values())
    found, alike = linked(runs, seed=1)
    show(
        capsys,
        f"exchanges: {len(runs)} runs, {several} of several calls, {len(alike)} begin like another one; pairs: {dict(found)}",
    )
    assert found["right"] > 150
    assert (found["wrong"], found["missed"]) == (0, 0)


def linked(runs: dict[str, list[Draft]], seed: int) -> tuple[collections.Counter[str], set[str]]:
    """Link the calls of all runs in a random order. The pairs among runs that begin like no other, and those that do not."""
    begins = {run: answered(mine[0]) for run, mine in runs.items()}
    known = collections.Counter(tuple(begin) for begin in begins.values())
    alike = set()
    for run, begin in begins.items():
        for length in range(1, len(begin) + 1):
            if known[tuple(begin[:length])] > (length == len(begin)):
                alike |= {other for other, its in begins.items() if its in (begin, begin[:length])}
                alike.add(run)
    order = [run for run, mine in runs.items() for _ in mine]
    random.Random(seed).shuffle(order)
    left, links = {run: iter(mine) for run, mine in runs.items()}, Links()
    calls = [(run, next(left[run])) for run in order]
    for _, one in calls:
        links.link(one)
    return pairs((run, one) for run, one in calls if run not in alike), alike


def answered(one: Draft) -> list[tuple[str, str]]:
    role, text = words(one.row["output_messages"][0])
    return [*without_system(one), (role, "".join(text.split()))]


def without_system(one: Draft) -> list[tuple[str, str]]:
    return [(role, "".join(text.split())) for role, text in said(one.row) if role != "system"]


def without_root(one: Draft) -> Draft:
    one.root, one.row["trace_id"] = True, one.row["call_id"]
    return one
