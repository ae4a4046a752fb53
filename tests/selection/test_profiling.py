from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

import agentlog
from agentlog.errors import ConfigurationError, DatasetError
from agentlog.selection import profile

GPT_4O = {"gpt-4o": (2.5, 10.0)}


def test_tokens_rate_and_cost_are_this_task_s_own(labels):
    found = profile(labels, prices=GPT_4O)
    assert (found.input_tokens.p50, found.output_tokens.p99, found.tokens_from) == (1000, 100, "logged")
    assert found.span_s == 239 * 3600
    assert found.calls_per_month == pytest.approx(730)  # one an hour
    assert found.rate_from == "measured"
    assert found.usd_per_call == pytest.approx((1000 * 2.5 + 100 * 10) / 1e6)
    assert found.usd_per_month == pytest.approx(730 * found.usd_per_call)
    assert found.models == {"gpt-4o": 240}
    assert found.duration_s.p95 == 0.8


def test_quantiles_are_values_that_occurred(make):
    rows = [make.call(n, usage={"input_tokens": n + 1, "output_tokens": 1}) for n in range(200)]
    found = profile(make.task(rows)).input_tokens
    assert (found.p50, found.p95, found.p99, found.mean) == (100, 190, 198, 100.5)


def test_a_short_record_is_not_extrapolated(make):
    found = profile(make.task([make.call(n, every_s=1) for n in range(60)]))
    assert (found.calls_per_month, found.rate_from, found.peak_per_s) == (60, "assumed", None)
    assert any("spans 59 s" in note and "calls_per_month=" in note for note in found.notes)


def test_a_record_of_hours_is_extrapolated_and_says_so(make):
    found = profile(make.task([make.call(n, every_s=60) for n in range(193)]))
    assert found.calls_per_month == pytest.approx(43_800)
    assert any("measured over 3.2 h, extrapolated" in note for note in found.notes)


def test_what_the_user_knows_of_the_rate_wins(labels):
    found = profile(labels, calls_per_month=1e6, prices=GPT_4O)
    assert (found.calls_per_month, found.rate_from) == (1e6, "given")
    assert found.usd_per_month == pytest.approx(3500)


def test_the_busiest_minute_is_found(make):
    rows = [make.call(n) for n in range(50)]
    burst = [make.call(1000 + n, time=make.start + timedelta(hours=5, seconds=n)) for n in range(30)]
    assert profile(make.task([*rows, *burst])).peak_per_s == pytest.approx(31 / 60)


def test_a_logged_cost_wins_over_the_list(make):
    rows = [make.call(n, cost_usd=0.5 if n % 2 else None, price_version="genai-prices 9") for n in range(40)]
    found = profile(make.task(rows), prices=GPT_4O)
    assert (found.usd_per_call, found.cost_from, found.price_version) == (0.5, "logged", "genai-prices 9")
    assert any("20 of 40 calls have a cost" in note for note in found.notes)


def test_no_tokens_are_estimated_from_characters_and_called_so(make):
    rows = [make.call(n, usage=None, asked="x" * 396 + "{n:04d}") for n in range(30)]
    found = profile(make.task(rows), prices=GPT_4O)
    assert found.tokens_from == "estimated"
    assert found.input_tokens.p50 == pytest.approx((len("Classify the ticket.") + 400) / 4)
    assert found.cost_from == "priced, tokens estimated"
    assert any("estimated at 4 characters" in note for note in found.notes)


def test_a_call_without_a_model_has_no_cost_until_the_user_names_one(make):
    task = make.task([make.call(n, request_model=None, response_model=None) for n in range(30)])
    found = profile(task, prices=GPT_4O)
    assert found.usd_per_month is None
    assert any(note.startswith("cost is not measurable") and "llm=" in note for note in found.notes)
    assert profile(task, llm="gpt-4o", prices=GPT_4O).usd_per_call == pytest.approx(0.0035)


def test_a_model_that_no_list_knows_has_no_cost(make):
    task = make.task([make.call(n, request_model="house-7", response_model="house-7") for n in range(30)])
    assert any(note.startswith("cost is not measurable") for note in profile(task).notes)


def test_a_call_that_failed_without_an_answer_costs_nothing(make):
    failed = [make.call(n, error_type="openai.APIConnectionError", usage=None) for n in range(10)]
    found = profile(make.task([*failed, *(make.call(n) for n in range(10, 40))]), prices=GPT_4O)
    assert found.usd_per_call == pytest.approx(0.0035 * 30 / 40)


def test_neither_tokens_nor_texts_is_said(make):
    rows = [make.call(n, usage=None, system_instructions=None, input_messages=None) for n in range(30)]
    found = profile(make.task(rows))
    assert (found.input_tokens, found.usd_per_month) == (None, None)
    assert any(note.startswith("tokens are not measurable") for note in found.notes)


def test_calls_that_our_own_model_answered_are_not_the_llm_s(make):
    ours = [make.call(n, response_model="agentlog/triage@0123456789ab", usage=None) for n in range(20)]
    found = profile(make.task([*ours, *(make.call(n) for n in range(20, 40))]), prices=GPT_4O)
    assert found.models == {"gpt-4o": 20}
    assert found.usd_per_call == pytest.approx(0.0035)
    assert any("20 of 40 calls were answered by a small model" in note for note in found.notes)


def test_answers_from_a_small_set_are_closed(labels):
    answers = profile(labels).answers
    assert (answers.n_distinct, answers.closed_share, answers.closed) == (3, 1.0, True)
    assert answers.entropy == pytest.approx(1.585, abs=0.001)


def test_answers_of_one_s_own_are_open(make):
    answers = profile(make.task([make.call(n, answer=lambda n: f"answer {n}") for n in range(100)])).answers
    assert (answers.closed_share, answers.closed) == (0.0, False)


def test_the_copy_share_is_the_share_of_values_that_stand_in_the_prompt(make):
    def answer(n):
        return make.tool_call("find", order=f"A-{n}", note=f"made up {n}", express=True, price=12.5)

    rows = [make.call(n, asked="order A-{n}, 12.5 USD", answer=answer) for n in range(50)]
    answers = profile(make.task(rows, kind="tool_call")).answers
    assert answers.copy_share == pytest.approx(2 / 3)  # a boolean is no copy
    assert answers.fill_share == pytest.approx(3 / 4)
    assert (answers.n_shapes, answers.structured_share) == (1, 1.0)


def test_a_number_inside_a_longer_one_is_no_copy(make):
    rows = [make.call(n, asked="in 2012{n}", answer='{"count": 12}') for n in range(20)]
    assert profile(make.task(rows, kind="json")).answers.copy_share == 0.0


def test_json_in_a_fence_is_json(make):
    rows = [make.call(n, asked="code {n}x", answer=lambda n: f'```json\n{{"code": "{n}x"}}\n```') for n in range(20)]
    answers = profile(make.task(rows, kind="json")).answers
    assert (answers.structured_share, answers.copy_share) == (1.0, 1.0)


def test_a_task_loaded_without_its_calls_says_what_to_do(labels):
    with pytest.raises(DatasetError, match="examples=curate"):
        profile(replace(labels, _table=None))


def test_a_task_without_calls_is_refused(labels, make):
    with pytest.raises(DatasetError, match="has no calls"):
        profile(make.task([make.call(1)], ours=()))


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), "many"])
def test_an_absurd_rate_is_refused(labels, rate):
    with pytest.raises(ConfigurationError, match="calls_per_month"):
        profile(labels, calls_per_month=rate)


def test_something_else_than_a_task_is_refused():
    with pytest.raises(ConfigurationError, match="found str"):
        profile("triage")


def test_recorded_airline_agents_copy_nine_of_ten_arguments(tmp_path):
    data = Path(__file__).parents[3] / "shared" / "data" / "tau_airline"
    if not data.is_dir():
        pytest.skip("the τ-bench runs are not beside the checkout (shared/data/tau_airline)")
    agentlog.import_records(data / "gpt-4o-airline.json.gz", tmp_path / "records", tools=data / "tools.json")
    table = agentlog.curate(tmp_path / "records").table
    task = next(iter(agentlog.cluster(table)))
    found = profile(task, llm="gpt-4o", prices=GPT_4O)
    assert 0.85 <= found.answers.copy_share <= 0.95  # 89.2 % in the raw runs
    assert (found.tokens_from, found.rate_from) == ("estimated", "assumed")
    assert found.usd_per_month > 0
    assert isinstance(table, pa.Table) and json.dumps(found.notes)
