from __future__ import annotations

import json
import re

import pytest

from agentlog.errors import ConfigurationError, UnknownName
from agentlog.selection import RUNGS, Catalogue, candidates
from agentlog.selection.prices import Prices, cost

PRICES = {"gpt-4o": (2.5, 10.0)}


@pytest.fixture
def arguments(make):
    """Tool calls whose arguments are copied; 200 an hour, so that a GPU can pay."""

    def answer(n):
        return make.tool_call("find_order", order=f"A-{n}")

    tools = json.dumps([{"type": "function", "function": {"name": "find_order"}}])
    rows = [
        make.call(n, asked="where is A-{n}?", answer=answer, every_s=18, tool_definitions=tools) for n in range(400)
    ]
    return make.task(rows, kind="tool_call", name="find")


def test_the_ladder_is_climbed_from_below(labels):
    found = candidates(labels, prices=PRICES)
    rungs = [row.rung for row in found.rows]
    assert rungs == sorted(rungs, key=RUNGS.index)
    assert set(rungs) == set(RUNGS)
    assert {row.name for row in found.rows} >= {entry.id for entry in Catalogue.load()}


def test_a_closed_set_begins_with_a_head(labels):
    found = candidates(labels, prices=PRICES)
    assert found.best is found["head"]
    assert (found.best.monthly_usd, found.best.excluded) == (0.0, "")
    assert found["tagger"].constraint == "capability"


def test_one_answer_is_nothing_to_choose(make):
    assert "same answer" in candidates(make.task([make.call(n) for n in range(240)]))["head"].excluded


def test_copied_arguments_begin_with_a_tagger(arguments):
    found = candidates(arguments, prices=PRICES)
    assert found["head"].excluded.startswith("answers are no closed set")
    assert found.best is found["tagger"]


def test_free_text_is_left_to_language_models(make):
    task = make.task([make.call(n, answer=lambda n: f"We are sorry, case {n}.") for n in range(240)], kind="text")
    found = candidates(task, prices=PRICES)
    assert found["head"].excluded and found["tagger"].excluded
    assert found.best.rung in ("slm-1b", "slm-4b", "slm-8b", "llm")


def test_a_decision_among_many_tools_is_not_copying(make):
    def answer(n):
        return make.tool_call(f"tool_{n % 9}", order=f"A-{n}")

    task = make.task([make.call(n, asked="A-{n}", answer=answer) for n in range(240)], kind="tool_call")
    assert "choose among 9 shapes" in candidates(task)["tagger"].excluded


def test_a_commercial_filter_drops_what_forbids_and_names_conditions(labels):
    found = candidates(labels, licences="commercial")
    assert found["Salesforce/Llama-xLAM-2-8b-fc-r"].constraint == "licence"
    assert "forbids commercial use" in found["Qwen/Qwen2.5-3B-Instruct"].excluded
    llama = found["meta-llama/Llama-3.2-1B-Instruct"]
    assert not llama.excluded and any("custom commercial licence" in con for con in llama.cons)
    assert candidates(labels, licences="permissive")["meta-llama/Llama-3.2-1B-Instruct"].constraint == "licence"


def test_licences_may_be_spdx_ids_in_any_case(labels):
    found = candidates(labels, licences=["apache-2.0", "MIT"])
    assert {row.licence for row in found if row.model} == {"Apache-2.0", "MIT"}
    assert found["Qwen/Qwen3-0.6B"] in list(found)
    assert found.constraints["licences"] == ["MIT", "apache-2.0"]


@pytest.mark.parametrize(
    ("name", "close"), [("apache2", "Apache-2.0"), ("llama", "Llama"), ("CC-BY-NC", "CC-BY-NC-4.0")]
)
def test_an_unknown_licence_names_close_ones(labels, name, close):
    with pytest.raises(UnknownName, match=close):
        candidates(labels, licences=[name])


def test_memory_drops_what_does_not_fit(labels):
    found = candidates(labels, memory_gb=6)
    assert found["Qwen/Qwen3-8B"].constraint == "memory"
    assert re.search(r"1\d\.\d GB, above 6", found["Qwen/Qwen3-8B"].excluded)
    assert not candidates(labels, memory_gb=6, weights="Q4_K_M")["Qwen/Qwen3-8B"].excluded


def test_latency_drops_what_is_slow(labels):
    found = candidates(labels, latency_ms=600)
    assert found["Qwen/Qwen3-8B"].constraint == "latency"
    assert not found["Qwen/Qwen3-0.6B"].excluded
    assert found["gpt-4o"].constraint == "latency"  # 0.8 s, as recorded


def test_a_budget_drops_what_costs_more(labels):
    found = candidates(labels, monthly_budget=100, prices=PRICES)
    assert {row.constraint for row in found.rows if (row.monthly_usd or 0) > 100} <= {"budget"}
    assert found["Qwen/Qwen3-0.6B"].constraint == "budget"


def test_a_template_that_drops_tool_calls_is_out_for_tools_only(labels, arguments):
    assert "drops tool calls" in candidates(arguments)["google/gemma-3-1b-it"].excluded
    assert not candidates(labels)["google/gemma-3-1b-it"].excluded


def test_a_context_that_is_too_short_is_out(make):
    task = make.task([make.call(n, usage={"input_tokens": 9000, "output_tokens": 100}) for n in range(240)])
    found = candidates(task)
    assert (
        found["HuggingFaceTB/SmolLM2-1.7B-Instruct"].excluded
        == "context of 8,192 tokens; 1 % of the calls need 9,100 or more"
    )


def test_weights_that_nobody_published_are_out(labels):
    found = candidates(labels)
    assert found["deepmind/RETRO-7.5B"].excluded == "no published weights"
    assert found["meta/Toolformer-6.7B"].memory_gb is None


def test_answers_that_are_not_stored_leave_the_task_with_the_llm(make):
    task = make.task([make.call(n, output_messages=None) for n in range(240)], kind="")
    found = candidates(task, prices=PRICES)
    assert found.best.rung == "llm"
    assert "no answers are stored" in found["Qwen/Qwen3-0.6B"].excluded


def test_constraints_that_exclude_everything_say_which_excluded_how_many(labels):
    found = candidates(labels, latency_ms=1e-6, licences=["GPL-3.0-only"], prices=PRICES)
    assert found.best is None
    assert len(found) == 0
    by = found.excluded_by()
    assert sum(by.values()) == len(found.rows) == len(found.excluded)
    assert f"licence {by['licence']}" in repr(found).splitlines()[-1]


def test_a_small_task_does_not_pay_for_a_gpu(labels):
    row = candidates(labels, prices=PRICES, gpu_usd_per_hour=2.0)["Qwen/Qwen3.5-4B"]
    assert (row.monthly_usd, row.hosting) == (1460.0, "1 \N{MULTIPLICATION SIGN} A10G")
    assert row.saving_usd < 0
    assert any("less than 1 % of the month" in con for con in row.cons)


def test_a_large_load_needs_more_gpus(labels):
    few, many = (candidates(labels, calls_per_month=n)["Qwen/Qwen3.5-4B"] for n in (1e5, 1e7))
    assert (few.hosting, few.monthly_usd) == ("1 \N{MULTIPLICATION SIGN} A10G", pytest.approx(1.006 * 730))
    assert int(many.hosting.split()[0]) > 1
    assert many.monthly_usd == pytest.approx(int(many.hosting.split()[0]) * few.monthly_usd)


def test_a_model_too_big_for_the_small_gpu_gets_the_large_one(labels):
    assert candidates(labels, device="H100")["Qwen/Qwen3.5-4B"].hosting == "1 \N{MULTIPLICATION SIGN} H100"
    with pytest.raises(UnknownName, match="A10G, H100"):
        candidates(labels, device="TPU")


def test_a_user_s_price_wins_over_the_list(labels):
    row = candidates(labels, prices=PRICES | {"Qwen/Qwen3-8B": (1.0, 2.0)})["Qwen/Qwen3-8B"]
    assert row.hosting == "hosted by your table"
    assert row.monthly_usd == pytest.approx(730 * (1000 * 1.0 + 100 * 2.0) / 1e6, rel=0.01)


def test_a_hosted_price_is_of_the_very_model():
    pytest.importorskip("genai_prices")
    book = Prices()
    assert book.hosted("Qwen/Qwen3-8B", 1000, 100).output < 1
    assert book.hosted("deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B", 1, 1) != book.hosted(
        "Qwen/Qwen2.5-1.5B-Instruct", 1, 1
    )
    assert book.hosted("acme/house-3b", 1000, 100) is None
    assert book.of("no-such-model-anywhere") is None


def test_without_the_list_the_costs_say_why(labels, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "genai_prices", None)
    found = candidates(labels)
    assert found.profile.usd_per_month is None
    assert "pip install 'agentlog[prices]'" in repr(found)
    assert found.best is found["head"]  # what is not measurable excludes nothing


def test_cached_tokens_cost_less():
    pytest.importorskip("genai_prices")
    price = Prices().of("gpt-4o", "openai")
    assert cost(price, 1000, 0, 1000) == pytest.approx(cost(price, 1000, 0) * price.cache_read / price.input)


@pytest.mark.parametrize("table", [{"m": 3}, {"m": (1,)}, {"m": (-1, 2)}, {"m": (1, float("nan"))}])
def test_a_wrong_price_table_is_refused(labels, table):
    with pytest.raises(ConfigurationError, match=r"prices\['m'\]"):
        candidates(labels, prices=table)


@pytest.mark.parametrize("name", ["memory_gb", "latency_ms", "monthly_budget"])
@pytest.mark.parametrize("value", [0, -3, float("nan"), float("inf"), "4", True])
def test_an_absurd_limit_is_refused(labels, name, value):
    with pytest.raises(ConfigurationError, match=name):
        candidates(labels, **{name: value})


def test_other_arguments_are_checked_too(labels):
    with pytest.raises(UnknownName, match="Q4_K_M"):
        candidates(labels, weights="4bit")
    with pytest.raises(ConfigurationError, match="gpu_usd_per_hour"):
        candidates(labels, gpu_usd_per_hour=0)
    with pytest.raises(ConfigurationError, match="licences"):
        candidates(labels, licences=[])


def test_an_own_model_takes_part(labels, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(
        "models:\n- id: acme/huge\n  params: {value: 70000000000, source: us}\n"
        "- id: acme/tiny\n  params: {value: 500000000, source: us}\n  licence: {spdx: MIT, commercial: yes, source: us}\n"
    )
    found = candidates(labels, catalogue=path)
    assert found["acme/tiny"].rung == "slm-1b"
    assert {"context window not known", "shape not known: memory without its cache"} <= set(found["acme/tiny"].cons)
    assert "not a small model" in found["acme/huge"].excluded


def test_every_figure_that_is_shown_can_be_traced(labels):
    row = candidates(labels)["Qwen/Qwen3-8B"]
    assert row.facts["benchmark bfcl_v4"].source.startswith("BFCL V4 data_overall.csv")
    assert any(pro.startswith("BFCL v4 42.6") for pro in row.pros)
    assert row.facts["fine_tuned_rank_of_15"].value["average"] == 2.33


def test_the_table_is_narrow_and_leaves_nobody_out(labels):
    found = candidates(labels, licences="commercial", memory_gb=24, prices=PRICES)
    shown = repr(found)
    assert max(map(len, shown.splitlines())) <= 120
    for row in found.rows:
        if row.model:
            assert row.name in shown, row.name
    assert shown.splitlines()[-1].startswith("Begin with head") or "Begin with head" in shown
    assert "1,000 in, 100 out" in shown


def test_the_notebook_s_table_is_escaped(make):
    task = make.task([make.call(n) for n in range(240)], name="<script>")
    page = candidates(task)._repr_html_()
    assert "&lt;script&gt;" in page and "<script>" not in page
    assert "Qwen/Qwen3-8B" in page


def test_everything_is_json(labels):
    found = json.loads(json.dumps(candidates(labels, licences=["MIT", "Apache-2.0"], prices=PRICES).to_dict()))
    assert found["best"] == "head"
    assert found["profile"]["answers"]["n_distinct"] == 3
    assert len(found["candidates"]) == len(Catalogue.load()) + 3


def test_an_unknown_candidate_names_close_ones(labels):
    with pytest.raises(UnknownName, match=r"Qwen/Qwen3-8B"):
        candidates(labels)["qwen3-8b"]
