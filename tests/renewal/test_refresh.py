"""One round after another on records that this test makes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import agentlog
from agentlog.errors import DatasetError
from agentlog.routing.table import FILE, Table

for needed in ("sklearn", "scipy", "numpy"):
    pytest.importorskip(needed, reason="needs agentlog[study]")

PROBLEMS = {
    "refund": ("I want my money back for the {item}", "please refund the {item}", "the {item} broke, refund me"),
    "shipping": ("where is my parcel with the {item}", "the {item} has not arrived", "the courier lost the {item}"),
    "account": ("I cannot log in to buy the {item}", "reset my password", "change the phone number in my profile"),
}
ITEMS = ("kettle", "lamp", "jacket", "backpack", "grinder", "bread knife", "chair", "table", "mirror", "clock")


def record(directory: Path, count: int, *, seed: int, swapped: bool = False) -> None:
    """`count` tickets are triaged, and each is answered with a poem that nobody could learn."""
    source = random.Random(seed)
    names = list(PROBLEMS)
    agentlog.configure(directory, pseudonym_key=b"sixteen bytes...")
    for number in range(count):
        kind = source.choice(names)
        said = source.choice(PROBLEMS[kind]).format(item=source.choice(ITEMS))
        ticket = f"{source.choice(('Hello', 'Hi', 'Good day'))}, {said}. Number {source.randint(100, 999)}."
        answer = names[(names.index(kind) + 1) % 3] if swapped else kind
        with agentlog.session(f"t-{seed}-{number}"):
            for system, told in (("Classify the ticket.", answer), ("Write a poem on it.", f"Ode {source.random()}")):
                asked = [{"role": "system", "content": system}, {"role": "user", "content": ticket}]
                with agentlog.call("m", operation="chat", model="m", surface="internal") as call:
                    call.input(asked)
                    call.output(told, usage={"input_tokens": 20, "output_tokens": 1})
    agentlog.shutdown()


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[agentlog.Proposal, str]]:
    """Three rounds: the first records, few more of the same, and as many again with other answers; the table after each."""
    directory = tmp_path_factory.mktemp("rounds") / "records"
    found = []
    for count, seed, swapped in ((260, 1, False), (20, 2, False), (120, 3, True)):
        record(directory, count, seed=seed, swapped=swapped)
        place = directory / "studies" / "default" / "routing" / FILE
        before = place.read_text() if place.exists() else ""
        proposed = agentlog.refresh(directory, target=0.9)
        assert (place.read_text() if place.exists() else "") == before, "nothing is applied before it is asked for"
        applied = agentlog.refresh(directory, target=0.9, apply=True)
        assert applied.diff() == proposed.diff()
        found.append((applied, place.read_text()))
    return found


def change_of(proposal: agentlog.Proposal, learnable: bool) -> object:
    """The change of the task whose answers repeat, or of the other."""
    (one,) = [one for one in proposal.changes if ("no closed set" not in one.why) is learnable]
    return one


def test_the_first_round_gives_what_can_be_learned_a_model_in_shadow_and_says_why_not(rounds):
    proposal, table = rounds[0]
    triage, poem = change_of(proposal, True), change_of(proposal, False)
    assert (triage.action, triage.route.state, triage.route.rung) == ("new", "shadow", "head")
    assert triage.evaluation.startswith("On ")
    assert (poem.action, poem.route) == ("none", None)
    assert "not trained" in poem.why
    assert list(json.loads(table)["routes"]) == [triage.task_id]
    assert '+  state: "shadow"' in proposal.diff()


def test_a_few_more_of_the_same_change_nothing(rounds):
    proposal, table = rounds[1]
    triage = change_of(proposal, True)
    assert (triage.action, triage.drift.new, triage.drift.changed) == ("keep", 20, ())
    assert proposal.diff() == ""
    assert json.loads(table)["routes"] == json.loads(rounds[0][1])["routes"]


def test_answers_that_have_changed_bring_a_new_model_that_begins_in_shadow(rounds):
    proposal, table = rounds[2]
    triage = change_of(proposal, True)
    assert triage.drift.new == 120
    old, new = (next(iter(json.loads(text)["routes"].values())) for text in (rounds[1][1], table))
    if triage.action == "replace":
        assert (new["state"], new["epoch"]) == ("shadow", old["epoch"] + 1)
        assert new["version"] != old["version"]
    else:  # the swapped answers are not learned well enough to be trusted: then the table says nothing new
        assert "earns no trust" in triage.why
        assert new == old


def test_the_router_opens_what_was_applied(rounds):
    study = rounds[2][0].path
    with agentlog.Router.load(study.joinpath("routing"), key=b"sixteen bytes...") as router:
        decision = router.decide(
            [{"role": "system", "content": "Classify the ticket."}, {"role": "user", "content": "Hi, please refund the lamp. Number 100."}]
        )  # fmt: skip
    assert (decision.route, decision.state) == ("llm", "shadow")


def test_a_round_reads_well(rounds):
    for proposal, _ in rounds:
        text = repr(proposal)
        assert "task" in text.splitlines()[0]
        assert proposal.sentence in text
        assert proposal.to_dict()["diff"] == proposal.diff()
        assert "<table" in proposal._repr_html_()


def test_what_is_no_dataset_is_refused(tmp_path):
    with pytest.raises(DatasetError):
        agentlog.refresh(tmp_path / "nothing")


def test_a_damaged_routing_table_is_said_and_left_alone(tmp_path):
    record(tmp_path / "records", 12, seed=9)
    place = tmp_path / "records" / "studies" / "default" / "routing"
    place.mkdir(parents=True)
    (place / FILE).write_text("{")
    with pytest.raises(DatasetError, match=FILE):
        agentlog.refresh(tmp_path / "records", apply=True)
    assert (place / FILE).read_text() == "{"
    with pytest.raises(DatasetError):
        Table.load(place / FILE)


def test_what_the_prompt_cache_loses_goes_into_the_route(tmp_path, monkeypatch):
    from types import SimpleNamespace

    from agentlog.renewal import rounds as round_of

    record(tmp_path / "records", 200, seed=4)
    monkeypatch.setattr(round_of, "profile", lambda task: SimpleNamespace(cache_lost_usd_per_call=0.002))
    proposal = agentlog.refresh(tmp_path / "records", target=0.9)
    assert [one.cache_lost_usd for one in proposal.after.routes.values()] == [0.002]
