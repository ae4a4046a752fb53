"""How a route earns trust and loses it, and that both survive a restart."""

from __future__ import annotations

import json
import logging
import os
import stat
import warnings
from pathlib import Path

import pytest

from agentlog.errors import AgentlogError, ConfigurationError, DatasetError
from agentlog.routing import Router, log
from agentlog.tasks.reading import Answer

REFUND = Answer("refund", ())


def answered(kit, router, n: int, agreed: bool = True, first: int = 0) -> None:
    """`n` calls that the LLM answered, if it was asked: as the model would have, or not."""
    for number in range(first, first + n):
        decision = router.decide(kit.triage(f"refund order {number}"), trace=f"run-{number}")
        if decision.route == "llm":
            router.outcome(decision, REFUND if agreed else Answer("parcel", ()), latency_s=0.5)
        if number % 200 == 199:  # the queue is bounded
            router.flush()
    router.flush()


def state(router: Router) -> str:
    return router.status().routes[0].state


def table(router: Router) -> dict:
    return json.loads((router._keeper.folder / "routing.json").read_text(encoding="utf-8"))


def test_agreement_earns_a_canary_and_then_the_whole(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()))
    answered(kit, router, 150)
    assert state(router) == "shadow"
    answered(kit, router, 100, first=150)
    route = table(router)["routes"][triage_id]
    assert (route["state"], route["share"], route["epoch"]) == ("canary", 0.1, 2)
    assert route["evidence"]["compared"] == route["evidence"]["agreed"] >= 197 and "agreed with the LLM" in route["why"]
    answered(kit, router, 330, first=250)
    assert state(router) == "on"


def test_a_model_that_agrees_too_seldom_is_not_promoted(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()))
    for first in range(0, 600, 20):
        answered(kit, router, 19, first=first)
        answered(kit, router, 1, agreed=False, first=first + 19)
    assert state(router) == "shadow"
    status = router.status().routes[0]
    assert (status.compared, status.agreed) == (600, 570) and status.promotion == 0.0


def test_few_comparisons_promote_nothing(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), target=0.9, margin=0.2)
    answered(kit, router, 99)
    assert state(router) == "shadow"
    answered(kit, router, 1, first=99)
    assert state(router) == "canary"


def test_without_auto_nothing_is_promoted_and_disagreement_still_rolls_back(kit, tmp_path, tasks, place, triage_id):
    router = Router.create(tmp_path / "r", tasks, key=kit.KEY, auto=False, models=[(triage_id, place(kit.Small()))])
    answered(kit, router, 300)
    assert state(router) == "shadow"
    router.move(triage_id, "canary", share=0.5, why="by hand")
    answered(kit, router, 100, agreed=False, first=300)
    assert state(router) == "rolled_back"
    router.close()


def test_disagreement_rolls_back_at_once_and_stays_so(kit, router, place, triage_id, caplog):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.5)
    with caplog.at_level(logging.WARNING):
        answered(kit, router, 40, agreed=False)
    route = table(router)["routes"][triage_id]
    assert route["state"] == "rolled_back" and "disagreed with the LLM" in route["why"]
    assert route["evidence"]["agreed"] == 0 < route["evidence"]["compared"]
    assert "rolled_back" in caplog.text
    assert router.decide(kit.triage("refund it")).reason == "the route is rolled back"
    again = kit.reopened(router)
    answered(kit, again, 300)
    assert state(again) == "rolled_back"
    again.close()


def test_a_pinned_route_stays(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="canary", share=0.2, pinned=True)
    answered(kit, router, 300, agreed=False)
    assert state(router) == "canary" and router.status().routes[0].alarm == 1.0


def test_suspicion_raises_the_share_of_audits(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    evidence = router._keeper.evidence[triage_id]
    evidence.alarm.level = 0.6 * evidence.alarm.threshold
    audits = sum(router.decide(kit.triage(f"refund order {n}")).audit for n in range(400))
    assert 60 < audits < 140


def test_by_hand_trust_grows_one_step_at_a_time(kit, router, place, triage_id):
    with pytest.raises(ConfigurationError, match="no model yet"):
        router.move(triage_id, "on", why="")
    router.put(triage_id, place(kit.Small()))
    with pytest.raises(ConfigurationError, match="From there: off, canary, rolled_back"):
        router.move(triage_id, "on", why="")
    with pytest.raises(ConfigurationError, match="no state 'full'"):
        router.move(triage_id, "full", why="")
    with pytest.raises(ConfigurationError, match="share from 0 to 1"):
        router.move(triage_id, "canary", share=2.0, why="")
    for to in ("canary", "on", "rolled_back", "shadow", "off"):
        router.move(triage_id, to, why=f"to {to}")
        assert (state(router), table(router)["routes"][triage_id]["why"]) == (to, f"to {to}")


@pytest.mark.parametrize(
    "bad", [{"state": "rolled_back"}, {"state": "full"}, {"target": 1.0}, {"share": -1.0}, {"audit_share": 3.0}]
)
def test_values_that_cannot_be_used_are_refused(kit, router, place, triage_id, bad):
    with pytest.raises(ConfigurationError):
        router.put(triage_id, place(kit.Small()), **bad)
    assert not table(router)["routes"]


def test_what_was_learnt_survives_a_restart(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="canary", share=0.2, target=0.9, pinned=True)
    answered(kit, router, 60)
    answered(kit, router, 5, agreed=False, first=60)
    before = router.status()
    again = kit.reopened(router)
    after = again.status()
    assert after.routes == before.routes and after.routes[0].compared > 40 and after.routes[0].alarm > 0
    assert (after.decisions, after.served) == (before.decisions, before.served)
    again.close()


def test_evidence_for_another_model_is_not_counted(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small(), "one"))
    answered(kit, router, 50)
    router.put(triage_id, place(kit.Small(version="ffffffffffff"), "two"))
    assert router.status().routes[0].compared == 0
    again = kit.reopened(router)
    assert again.status().routes[0].compared == 0
    again.close()


def test_two_processes_share_one_table(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    other = kit.reopened(router)
    assert other.decide(kit.triage("refund it")).route == "model"
    router.move(triage_id, "rolled_back", why="a test")
    other.flush()
    assert other.decide(kit.triage("refund it")).route == "llm"
    answered(kit, router, 20)
    answered(kit, other, 20)
    assert log.read(router._keeper.folder).num_rows == 42
    other.close()


def test_a_change_by_another_process_is_kept(kit, router, place, triage_id, lookup_id):
    other = kit.reopened(router)
    router.put(triage_id, place(kit.Small(), "one"))
    other.put(lookup_id, place(kit.Small(), "two"))
    assert set(table(router)["routes"]) == {triage_id, lookup_id}
    other.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"format": 2, "routes": {}}', "has format 2, this agentlog reads 1"),
        ("{", "cannot be read"),
        ("[]", "has format 'list'"),
        ('{"format": 1, "redaction": "x", "tasks": "tasks", "routes": {"t": {"task": "a"}}}', "is damaged"),
        ('{"format": 1, "redaction": "x", "tasks": "tasks", "routes": {"t": {"task": "a", "model": "b", "state": "?"}}}', "damaged"),
        ('{"format": 1, "redaction": "x", "tasks": "tasks", "routes": {"t": {"task": "a", "model": "b", "share": 7}}}', "damaged"),
        ('{"format": 1}', "is damaged"),
    ],
)  # fmt: skip
def test_a_routing_file_of_another_version_or_a_damaged_one_is_said(kit, tmp_path, content, said):
    (tmp_path / "routing.json").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match=said):
        Router.load(tmp_path, key=kit.KEY)
    with pytest.raises(DatasetError, match="makes one"):
        Router.load(tmp_path / "elsewhere", key=kit.KEY)


def test_a_table_that_breaks_under_way_stops_the_routing(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    path = router._keeper.folder / "routing.json"
    good = path.read_text(encoding="utf-8")
    path.write_text("{", encoding="utf-8")
    router.flush()
    decision = router.decide(kit.triage("refund it"))
    assert decision.route == "llm" and "cannot be read" in decision.reason
    path.write_text(good, encoding="utf-8")
    router.flush()
    assert router.decide(kit.triage("refund it")).route == "model"


def test_a_person_may_edit_the_table(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    path = router._keeper.folder / "routing.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"state": "on"', '"state": "off"'), encoding="utf-8")
    router.flush()
    assert router.decide(kit.triage("refund it")).reason == "the route is off"


def test_a_disk_that_takes_nothing_does_not_keep_a_bad_model_serving(
    kit, router, place, triage_id, monkeypatch, caplog
):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.5)

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agentlog.storage.durable.write_text", full)
    answered(kit, router, 40, agreed=False)
    assert state(router) == "rolled_back" and table(router)["routes"][triage_id]["state"] == "on"
    assert router.decide(kit.triage("refund it")).route == "llm"
    assert "cannot be written" in caplog.text


def test_novel_calls_are_counted_and_a_wave_of_them_raises_the_alarm(kit, router, place, triage_id, caplog):
    from agentlog.models import Prediction

    says = lambda text: Prediction(REFUND, 0.99, "unknown words" if "quantum" in text else "")  # noqa: E731
    router.put(triage_id, place(kit.Small(says)))
    for number in range(550):
        router.decide(kit.triage(f"refund order {number}"))
    assert not router.status().routes[0].novelty_alarm
    for number in range(60):
        router.decide(kit.triage("quantum" if number % 3 == 0 else f"refund order {number}"))
    status = router.status().routes[0]
    assert status.novelty_alarm and status.novel == 20 and status.novelty_rate == pytest.approx(20 / 610)
    assert caplog.text.count("perhaps a new kind of call") == 1


def test_a_wave_of_calls_that_score_low_raises_the_alarm_and_a_restart_does_not_forget_it(
    kit, router, place, triage_id
):
    from agentlog.models import Prediction

    def says(text: str) -> Prediction:
        return Prediction(REFUND, 0.1 if "quantum" in text else 0.5 + len(text) / 1000)

    router.put(triage_id, place(kit.Small(says)))
    for number in range(700):
        router.decide(kit.triage(f"refund order {number}"))
    assert not router.status().routes[0].novelty_alarm
    for number in range(60):
        router.decide(kit.triage("quantum" if number % 4 == 0 else f"refund order {number}"))
    assert router.status().routes[0].novelty_alarm
    again = kit.reopened(router)
    assert again.status().routes[0].novelty_alarm
    again.close()


def test_a_wave_of_unknown_calls_says_that_it_is_time_to_cluster_again(kit, router):
    for number in range(100):
        router.decide(kit.triage(f"refund order {number}"))
    assert not router.status().unassigned_alarm
    for number in range(40):
        router.decide([{"role": "user", "content": f"A poem about the sea, number {number}"}])
    assert router.status().unassigned_alarm and "cluster again" in repr(router.status())


# ── remote models ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_in_shadow_an_endpoint_is_asked_after_the_llm_has_answered(kit, router, place, triage_id):
    model = kit.Small(remote=True)
    router.put(triage_id, place(model))
    decision = router.decide(kit.triage("my name is Mia Li, refund it"))
    assert (decision.route, decision.score) == ("llm", None) and decision.wants_outcome
    router.flush()
    assert not model.rows
    router.outcome(decision, REFUND)
    router.flush()
    assert len(model.rows) == 1 and "Mia" not in json.dumps(model.rows)
    assert router.status().routes[0].agreed == 1
    again = kit.reopened(router)
    assert again.status().routes[0].agreed == 1
    again.close()


def test_an_endpoint_that_is_down_in_shadow_touches_nothing(kit, router, place, triage_id, caplog):
    def says(text: str) -> Answer:
        raise AgentlogError("nobody listens")

    router.put(triage_id, place(kit.Small(says, remote=True)))
    for number in range(5):
        decision = router.decide(kit.triage(f"refund order {number}"))
        assert (decision.route, decision.reason) == ("llm", "shadow")
        router.outcome(decision, REFUND)
    router.flush()
    status = router.status().routes[0]
    assert (status.failed, status.compared) == (5, 0) and state(router) == "shadow"
    assert caplog.text.count("failed (AgentlogError)") == 1


def test_an_endpoint_that_fails_while_it_serves_is_left_alone_for_a_while(kit, router, place, triage_id, monkeypatch):
    calls = []

    def says(text: str) -> Answer:
        calls.append(text)
        raise AgentlogError("nobody listens")

    router.put(triage_id, place(kit.Small(says, remote=True)), state="on", audit_share=0.0)
    for number in range(10):
        assert router.decide(kit.triage(f"refund order {number}")).route == "llm"
    assert len(calls) == 3
    monkeypatch.setattr("agentlog.routing.opened._REST_S", 0.0)
    router._keeper.opened[triage_id]._resting_until = 0.0
    router.decide(kit.triage("refund it"))
    assert len(calls) == 4


def test_answers_that_do_not_fit_into_the_queue_are_dropped_and_counted(kit, router, place, triage_id):
    import threading

    gate = threading.Event()
    router.put(triage_id, place(kit.Small(lambda text: (gate.wait(30), REFUND)[1], remote=True)), pinned=True)
    for number in range(1100):
        router.outcome(router.decide(kit.triage(f"refund order {number}")), REFUND)
    dropped = router.status().dropped
    gate.set()
    router.flush()
    status = router.status()
    assert dropped > 0 and status.routes[0].compared + status.dropped == 1100


def test_an_outcome_counts_once_and_a_failed_call_not_at_all(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()))
    decision = router.decide(kit.triage("refund it"))
    router.outcome(decision, {"choices": [{"message": {"role": "assistant", "content": " refund\n"}}]})
    router.outcome(decision, Answer("parcel", ()))
    router.outcome(router.decide(kit.triage("refund it")), None)
    router.outcome(router.decide(kit.triage("refund it")), {"error": {"message": "overloaded"}})
    router.flush()
    status = router.status().routes[0]
    assert (status.calls, status.compared, status.agreed) == (3, 1, 1)


def test_answers_below_the_threshold_prove_nothing(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small(score=0.2)))
    answered(kit, router, 250)
    status = router.status().routes[0]
    assert (status.state, status.calls, status.accepted, status.compared) == ("shadow", 250, 0, 0)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_private_is_written(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small(lambda text: Answer("mia@example.com wants a refund", ()))))
    said = "my name is Mia Li, mia@example.com, card 4111111111111111, refund it"
    for number in range(3):
        decision = router.decide(kit.triage(said), trace=f"mia-session-{number}", user="mia_li_3668")
        router.outcome(decision, Answer("refund Mia Li", ()), latency_s=1.0)
    router.flush()
    files = [path for path in router._keeper.folder.rglob("*") if path.is_file() and "tasks" not in path.parts]
    assert len(files) >= 2
    for path in files:
        content = path.read_bytes().lower()
        assert not any(word in content for word in (b"mia", b"4111", b"example.com", b"refund it")), path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = log.read(router._keeper.folder).to_pylist()
    assert {row["trace"][:6] for row in rows} == {"trace-"} and len({row["trace"] for row in rows}) == 3
    assert not any("mia" in str(row).lower() for row in rows)


def test_the_log_says_what_was_decided_and_what_the_llm_said_to_it(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.3)
    for number in range(20):
        decision = router.decide(kit.triage(f"refund order {number}"))
        router.outcome(decision, REFUND, latency_s=-3.0, usage={"prompt_tokens": 7, "completion_tokens": 2})
    router.decide([{"role": "user", "content": "A poem about the sea"}])
    router.flush()
    rows = log.read(router._keeper.folder).to_pylist()
    served = [row for row in rows if row["route"] == "model"]
    audits = [row for row in rows if row["audit"]]
    assert len(rows) == 21 and len(served) + len(audits) == 20
    assert {(row["agreed"], round(row["saved_usd"], 9), row["reason"]) for row in served} == {(None, 0.002, "accepted")}
    assert {(row["agreed"], row["latency_s"], row["input_tokens"]) for row in audits} == {(True, 0.0, 7)}
    assert rows[-1]["task_id"] is None and all(row["decided_s"] > 0 for row in rows)
    moves = [row for row in log.events(router._keeper.folder).to_pylist() if row["event"] == "state"]
    assert [row["state"] for row in moves] == ["on"]


def test_pandas_and_duckdb_read_the_log_without_us(kit, router, place, triage_id):
    pandas, duckdb = pytest.importorskip("pandas"), pytest.importorskip("duckdb")
    router.put(triage_id, place(kit.Small()))
    answered(kit, router, 3)
    folder = router._keeper.folder / "decisions"
    assert (pandas.read_parquet(folder)["event"] == "decision").sum() == 3
    found = duckdb.sql(f"select count(*) from '{folder}/*/*.parquet' where event = 'outcome'").fetchall()
    assert found == [(3,)]


def test_clocks_that_jump_change_no_order(kit, tmp_path):
    times = iter([2e9, 1e9, 4e12, 1.5e9, -5.0])
    one = log.DecisionLog(tmp_path, clock=lambda: next(times))
    for number in range(5):
        one.add(log.DECISION, id=str(number), task_id="t")
        if number == 2:
            one.write()
    one.write()
    assert log.read(tmp_path)["id"].to_pylist() == ["0", "1", "2", "3", "4"]


def test_a_part_that_cannot_be_read_is_passed_over(kit, router, place, triage_id, caplog):
    router.put(triage_id, place(kit.Small()))
    answered(kit, router, 3)
    day = next((router._keeper.folder / "decisions").glob("date=*"))
    (day / "part-zzz-000000.parquet").write_bytes(b"not parquet")
    assert log.read(router._keeper.folder).num_rows == 3
    assert "passed over" in caplog.text


def test_events_are_held_while_the_disk_takes_none(kit, tmp_path, caplog):
    (tmp_path / "decisions").write_text("in the way", encoding="utf-8")
    one = log.DecisionLog(tmp_path)
    one.add(log.DECISION, id="a")
    one.write()
    assert "are held" in caplog.text and one.dropped == 0
    (tmp_path / "decisions").unlink()
    one.add(log.DECISION, id="b")
    one.write()
    assert log.read(tmp_path)["id"].to_pylist() == ["a", "b"]


def test_a_part_of_an_older_agentlog_is_read_with_what_it_has(tmp_path: Path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "decisions" / "date=2026-11-20"
    folder.mkdir(parents=True)
    old = {
        "event": ["decision"],
        "id": ["a"],
        "writer": ["w"],
        "sequence": [0],
        "time": [0],
        "route": ["llm"],
        "gone": [1],
    }
    pq.write_table(pa.table(old), folder / "part-w-000000.parquet")
    assert log.read(tmp_path).to_pylist()[0] | {"route": "llm", "saved_usd": None} == log.read(tmp_path).to_pylist()[0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_worker_goes_on_with_a_log_of_its_own(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    router.decide(kit.triage("refund it"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of threads; this is what is tested
        child = os.fork()
    if child == 0:
        served = router.decide(kit.triage("refund it")).route == "model"
        router.flush()
        os._exit(0 if served else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    router.flush()
    rows = log.events(router._keeper.folder).to_pylist()
    decisions = [row for row in rows if row["event"] == "decision"]
    assert (
        len(decisions) == 2
        and len({row["writer"] for row in decisions}) == 2
        and len({row["id"] for row in decisions}) == 2
    )
