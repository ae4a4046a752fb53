"""Every figure against a dataset that can be added up by hand."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from agentlog.reporting import report
from agentlog.reporting.figures import gather
from agentlog.reporting.measured import Unmeasured
from agentlog.reporting.sentence import sentence
from agentlog.reporting.traffic import MONTH, traffic


def test_calls_tokens_and_cost_are_those_of_the_records(shared):
    counted = traffic(shared)
    assert (counted.records, counted.runs, counted.tool_calls, counted.ours) == (240, 60, 60, 0)
    assert (counted.model_calls.calls, counted.model_calls.input_tokens, counted.model_calls.output_tokens) == (
        180,
        18_000,
        1_800,
    )
    assert counted.model_calls.tokens == 19_800 and counted.model_calls.cached_tokens == 0
    assert counted.billed.cost_usd == pytest.approx(0.18) and counted.model_calls.seconds == 0.5
    assert [(one.name, one.calls) for one in counted.operations] == [("chat", 180), ("execute_tool", 60)]
    assert [(one.name, one.calls) for one in counted.models] == [("gpt-4o", 180)]
    assert counted.surfaces == {"human": 60, "internal": 120}
    assert counted.policies == ("policy-1:abc",) and counted.price_versions == ("list 1",)
    assert counted.span == timedelta(hours=239)
    assert sum(counted.over_time) == 180


def test_a_month_is_the_sum_by_its_span(shared):
    figures = gather(shared, "default", examples=False)
    assert figures.cost_month == pytest.approx(0.18 * (MONTH / timedelta(hours=239)))
    assert sentence(figures).startswith("This agent costs **$0.55 a month**: 180 model calls in 60 runs in 10 days.")


def test_failed_calls_and_calls_without_a_cost_are_counted(agent, tmp_path):
    agent.chat(0, "s", "a", "b", error_type="openai.RateLimitError", usage=None, cost_usd=None)
    agent.chat(0, "s", "a", "b")
    agent.chat(1, "s", "c", "d", usage={"input_tokens": 7}, cost_usd=None, response_model="agentlog/triage@abc")
    counted = traffic(agent.write(tmp_path / "records"))
    calls = counted.model_calls
    assert (calls.errors, calls.with_tokens, calls.with_cost) == (1, 2, 1)
    assert (calls.input_tokens, calls.output_tokens, calls.cost_usd) == (107, 10, 0.001)
    assert counted.ours == 1
    assert {one.name: one.calls for one in counted.models} == {"gpt-4o": 2, "agentlog/triage@abc": 1}


def test_tasks_have_their_shares_readers_and_examples(shared):
    figures = gather(shared, "default", examples=False)
    found = {task.kind: task for task in figures.tasks}
    triage, chooses, writes = found["label"], found["tool_call"], found[""]
    assert [task.calls.calls for task in (triage, chooses, writes)] == [60, 60, 60]
    assert triage.share == pytest.approx(1 / 3) == triage.token_share
    assert triage.cost_share == pytest.approx(1 / 3)
    assert (triage.human, triage.internal, triage.kept, triage.far_from_10k) == (0, 60, 60, 9_940)
    assert (writes.human, writes.open_calls, writes.kept, writes.standing) == (60, 0, 0, "human-facing")
    assert triage.standing == "not measured" and figures.unassigned == 0


def test_what_to_try_first_is_the_selections_lowest_rung(shared):
    pytest.importorskip("yaml", reason="the selection's catalogue needs pyyaml (extra study)")
    (triage,) = [task for task in gather(shared, "default", examples=False).tasks if task.kind == "label"]
    assert triage.offer is not None and triage.offer.candidate == "head"


def test_nothing_measured_is_said_so_and_the_ceiling_is_what_no_person_reads(shared):
    shares = gather(shared, "default", examples=False).replaceable
    assert isinstance(shares.proven.by_call, Unmeasured) and isinstance(shares.proven.by_cost, Unmeasured)
    assert shares.ceiling.by_call == pytest.approx(2 / 3)
    assert shares.ceiling.by_task == pytest.approx(2 / 3)
    assert shares.ceiling.by_token == pytest.approx(2 / 3)
    assert shares.served.by_call == 0


def test_the_figures_are_json_and_a_missing_one_says_why(agent, tmp_path):
    for run in range(4):
        agent.chat(run, "Classify.", f"ticket {run}", "refund", usage=None, cost_usd=None, price_version=None)
    made = report(agent.write(tmp_path / "records"))
    found = json.loads(json.dumps(made.to_dict()))
    assert found["tasks"][0]["token_share"]["not_measurable"] == "no call says how many tokens it used"
    assert "usage" in found["tasks"][0]["token_share"]["do"]
    assert found["cost_month"]["not_measurable"] == "no call has a price"
    assert found["sentence"].startswith(
        "4 model calls in 4 runs; what they cost is not measurable: no call says how many tokens"
    )
    assert "**" not in repr(made) and made.path is None


def test_a_price_that_is_missing_is_another_reason_than_tokens_that_are(agent, tmp_path):
    agent.chat(0, "s", "a", "b", cost_usd=None, price_version=None)
    text = sentence(gather(agent.write(tmp_path / "records"), "default", examples=False))
    assert "what they cost is **not measurable**: no call has a price." in text


def test_less_than_an_hour_says_nothing_of_a_month(agent, tmp_path):
    agent.chat(0, "s", "a", "b")
    agent.chat(0, "s", "c", "d", time=agent.rows[0]["time"] + 5_000_000)
    figures = gather(agent.write(tmp_path / "records"), "default", examples=False)
    assert figures.cost_month == Unmeasured(
        "the records span less than an hour", "let the agent run for a week, or at least a day"
    )
    assert sentence(figures).startswith("2 model calls in 1 run cost **$0.0020** in 5 seconds.")


def test_calls_that_came_after_the_tasks_were_saved_are_given_to_them(support, tmp_path):
    import agentlog
    from agentlog.tasks.study import Study

    first = support.write(tmp_path / "records")
    agentlog.cluster(agentlog.curate(first)).save(Study.of(first.path).tasks)
    before = gather(first, "default", examples=False)
    assert before.saved_tasks and before.newer == 0
    late = type(support)()
    late.rows = [dict(row) for row in support.rows]
    late.chat(900, "Classify the ticket in one word.", "ticket 900 about refund", "refund", node="triage")
    late.rows = late.rows[-1:]
    second = late.write(tmp_path / "more")
    part = next((second.path / "calls").rglob("*.parquet"))
    place = first.path / "calls" / part.parent.name / "part-abcdef012346-000000.parquet"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(part.read_bytes())
    after = gather(agentlog.open_dataset(first.path), "default", examples=False)
    assert after.newer == 1
    sizes = {task.kind: task.calls.calls for task in after.tasks}
    assert sizes["label"] == 61 and sizes["tool_call"] == 60


def test_the_tau_runs_say_what_is_not_measurable_and_why(data, tmp_path):
    import agentlog

    source = data / "tau_airline"
    agentlog.import_records(source / "gpt-4o-airline.json.gz", tmp_path / "tau", tools=source / "tools.json")
    made = report(tmp_path / "tau")
    found = made.to_dict()
    assert found["traffic"]["model_calls"]["calls"] == 2454
    assert found["traffic"]["surfaces"] == {"human": 1290, "internal": 1164}
    assert found["agency"]["runs"] == {"language-model": 200, "mixed": 0, "code": 0, "single": 0}
    assert found["agency"]["asked"] == found["agency"]["executions"] == 1164
    (task,) = found["tasks"]
    assert "repeat" in task["itself"]["not_measurable"]
    assert "not_measurable" in task["saving"]
    assert "what they cost is not measurable: no call says how many tokens it used" in made.sentence.replace("**", "")
