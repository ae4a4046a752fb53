"""A model beside the LLM."""

import json

import pytest

from agentlog.errors import ConfigurationError, DatasetError
from agentlog.evaluation import Evaluation, evaluate, replay
from agentlog.models.contract import Prediction
from agentlog.models.endpoint import Endpoint, EndpointError
from agentlog.tasks.reading import Answer
from agentlog.tasks.study import Study
from agentlog.testing import Reply, ScriptedProvider


def test_a_model_that_says_the_same_agrees_everywhere(labels, make_model, llm_says):
    found = evaluate(make_model(llm_says), labels, test_share=0.5)
    assert found.agreement.value == found.accepted.value == found.accepted_agreement.value == 1.0
    assert found.n == found.agreement.n and 1 < found.runs < 40 and found.kind == "label"
    assert found.details["macro_f1"] == 1.0
    assert found.latency_ms["p50"] > 0 and found.llm_latency_ms == {"p50": 500.0, "p95": 500.0}
    assert found.cost_per_success_usd == 0.0
    assert found.sentence.startswith(
        f"On {found.n} test calls of {found.runs} runs the head agrees with gpt-4o in 100.0 %"
    )


def test_only_runs_of_the_test_side_are_asked(labels, make_model):
    asked = set()

    def spy(text):
        asked.add(int(text.split()[-1]) % 40)
        return "refund"

    found = evaluate(make_model(spy), labels, test_share=0.2, seed=3)
    other = set(asked)
    asked.clear()
    evaluate(make_model(spy), labels, split="train", test_share=0.2, seed=3)
    assert len(other) == found.runs and not other & asked and other | asked == set(range(40))


def test_the_split_is_that_of_the_training(labels, make_model, llm_says):
    trained = make_model(llm_says)
    trained.split = {"test_share": 0.5, "seed": 9}
    found = evaluate(trained, labels)
    assert (found.test_share, found.seed) == (0.5, 9)
    assert found.n == evaluate(make_model(llm_says), labels, test_share=0.5, seed=9).n


def test_what_is_accepted_reaches_the_threshold_is_not_novel_and_validates(labels, make_model, llm_says):
    def unsure(text):
        number = int(text.split()[-1])
        if number % 5 == 0:
            return "wrong", 0.3  # below the threshold
        if number % 5 == 1:
            return Prediction(Answer("wrong", ()), 1.0, "too long")
        return llm_says(text) if number % 5 == 2 else (llm_says(text), 0.9)

    found = evaluate(make_model(unsure, threshold=0.9), labels, split="all")
    assert found.accepted.value == pytest.approx(0.6)
    assert found.accepted_agreement.value == 1.0 and found.agreement.value == pytest.approx(0.6)
    assert found.novel == pytest.approx(0.2)
    assert "it would be given 60.0 % of them" in found.sentence


def test_without_a_threshold_nothing_is_accepted(labels, make_model, llm_says):
    found = evaluate(make_model(llm_says, threshold=float("inf")), labels, split="all")
    assert found.threshold is None and found.accepted.value == 0 and found.accepted_agreement is None
    assert found.noninferiority.verdict == "not measurable"
    assert "no score is trusted" in repr(found)


def test_answers_that_do_not_fit_are_invalid_and_not_accepted(make_ticket, make_task, make_model):
    demanded = {"response_format": {"type": "json_object"}}
    rows = [make_ticket(number, f"ticket {number}", '{"a": 1}', request=demanded) for number in range(40)]
    found = evaluate(
        make_model(lambda text: '{"a": 1}' if text[-1] in "02468" else '{"a": '), make_task(rows, "json"), split="all"
    )
    assert (found.invalid, found.llm_invalid, found.accepted.value) == (0.5, 0.0, 0.5)
    assert found.details["valid_json"] == 0.5 and found.accepted_agreement.value == 1.0


def test_enough_calls_decide(make_ticket, make_task, make_model):
    rows = [make_ticket(number, f"ticket {number}", "refund", runs=400) for number in range(400)]
    task = make_task(rows)
    assert evaluate(make_model(lambda text: "refund"), task, split="all").noninferiority.verdict == "yes"
    poor = evaluate(make_model(lambda text: "refund" if text[-1] in "0123456" else "no"), task, split="all")
    assert poor.noninferiority.verdict == "no" and "more than 1 point below gpt-4o" in poor.sentence
    middling = evaluate(make_model(lambda text: "no" if text == "ticket 7" else "refund"), task, split="all")
    assert middling.noninferiority.verdict == "undecided"
    assert f"{middling.noninferiority.needed:,} calls would be needed" in middling.sentence


def test_free_texts_are_not_decided_by_equality(make_ticket, make_task, make_model):
    pytest.importorskip("sacrebleu")
    rows = [make_ticket(number, f"ticket {number}", f"Dear customer, it is number {number}.") for number in range(20)]
    task, model = make_task(rows, "text"), make_model(lambda text: f"Hello, your number is {text.split()[-1]}.")
    found = evaluate(model, task, split="all")
    assert found.agreement is None and 0 < found.details["chrf"] < 100
    assert "not measurable: two good texts are seldom equal" in repr(found) and "not measurable" in found.sentence
    judged = evaluate(model, task, split="all", judge=lambda prompt, a, b: "tie")
    assert judged.agreement.value == 1.0 and judged.judged["ties"] == 20
    assert "is judged as good as" in judged.sentence


def test_a_judge_of_labels_is_not_asked(labels, make_model, llm_says):
    found = evaluate(make_model(llm_says), labels, split="all", judge=lambda prompt, a, b: 1 / 0)
    assert "was not asked" in found.warnings[0]


def test_costs_of_the_llm_come_from_the_records(make_ticket, make_task, make_model):
    rows = [make_ticket(number, f"ticket {number}", "refund", cost_usd=0.002) for number in range(20)]
    found = evaluate(make_model(lambda text: "refund"), make_task(rows), split="all")
    assert found.llm_cost_per_success_usd == pytest.approx(0.002)
    without = evaluate(
        make_model(lambda text: "refund"), make_task([{**row, "cost_usd": None} for row in rows]), split="all"
    )
    assert without.llm_cost_per_success_usd is None and "hold no cost" in repr(without)


def test_it_is_saved_and_loaded_as_it_was(labels, make_model, llm_says, tmp_path):
    found = evaluate(make_model(llm_says), labels, test_share=0.5)
    place = found.save(Study.of(tmp_path).evaluations)
    assert place == tmp_path / "studies" / "default" / "evaluations" / "t_1-head-0123456789ab.json"
    assert Evaluation.load(place) == found
    assert json.loads(place.read_text())["sentence"] == found.sentence
    assert found.save(place.parent) == place  # a second time replaces the first


def test_a_paired_evaluation_is_saved_as_well(labels, make_model, llm_says, tmp_path):
    pytest.importorskip("openai")
    with ScriptedProvider(lambda route, body: llm_says(body["messages"][-1]["content"])) as provider:
        found = evaluate(make_model(llm_says), labels, split="all", llm=f"{provider.base_url}#gpt-4o")
    assert found.mcnemar_p == 1.0 and found.noninferiority.paired
    assert found.self_agreement.how == "replay" and found.self_agreement.share.value == 1.0
    assert Evaluation.load(found.save(tmp_path)) == found


@pytest.mark.parametrize("text", ["no json", "[]", '{"format": 9}', '{"format": 1, "task_id": "t"}'])
def test_a_file_that_is_no_evaluation_is_refused(tmp_path, text):
    (tmp_path / "one.json").write_text(text)
    with pytest.raises(DatasetError, match="evaluat"):
        Evaluation.load(tmp_path / "one.json")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(DatasetError, match="cannot be read"):
        Evaluation.load(tmp_path / "none.json")


def test_a_notebook_shows_the_same_and_escapes_it(labels, make_model, llm_says):
    model = make_model(llm_says)
    model.version = "<b>"
    shown = evaluate(model, labels, split="all")._repr_html_()
    assert "agrees with gpt-4o" in shown and "<b>head <b>" not in shown and "head &lt;b&gt;" in shown


# ---------------------------------------------------------------- endpoints


def test_an_endpoint_is_evaluated_by_its_address(labels, llm_says):
    pytest.importorskip("openai")
    with ScriptedProvider(lambda route, body: llm_says(body["messages"][-1]["content"])) as provider:
        found = evaluate(f"{provider.base_url}#triage-0.6b", labels, test_share=0.3, price=(0.1, 0.4))
        assert len(provider.requests) == found.n
    assert found.agreement.value == 1.0 and found.rung == "endpoint" and found.model.endswith("#triage-0.6b")
    assert found.cost_per_success_usd > 0
    assert "triage-0.6b agrees with gpt-4o" in found.sentence


def test_calls_that_an_endpoint_fails_count_against_it(labels, llm_says):
    pytest.importorskip("openai")

    def sometimes(route, body):
        text = body["messages"][-1]["content"]
        return Reply(status=500) if text.endswith("7") else llm_says(text)

    with ScriptedProvider(sometimes) as provider, Endpoint(provider.base_url, "m", max_retries=0) as endpoint:
        found = evaluate(endpoint, labels, split="all")
    assert found.failed == {"http 500": 20}
    assert found.agreement.value == found.accepted.value == pytest.approx(0.9) and found.accepted_agreement.value == 1.0
    assert found.cost_per_success_usd is None


def test_a_gate_keeps_calls_from_an_endpoint(labels, llm_says):
    pytest.importorskip("openai")

    def gate(row):
        return "odd" if row["call_id"] < "call-0100" else ""

    with ScriptedProvider(lambda route, body: llm_says(body["messages"][-1]["content"])) as provider:
        with Endpoint(provider.base_url, "m", gate=gate) as endpoint:
            found = evaluate(endpoint, labels, split="all")
        assert len(provider.requests) == 100
    assert (found.novel, found.accepted.value) == (0.5, 0.5)


def test_a_budget_leaves_calls_unjudged(labels, llm_says):
    pytest.importorskip("openai")
    with ScriptedProvider(lambda route, body: llm_says(body["messages"][-1]["content"])) as provider:
        url = f"{provider.base_url}#m"
        found = evaluate(url, labels, split="all", price=(10.0, 10.0), max_usd=0.002)
        assert found.n == len(provider.requests) < 200 and found.agreement.value == 1.0
        assert f"{200 - found.n} calls were not sent" in found.warnings[0]
        with pytest.raises(ConfigurationError, match="not one call"):
            evaluate(url, labels, split="all", price=(10.0, 10.0), max_usd=1e-9)


def test_a_finished_replay_serves_as_the_llm(labels, make_model, llm_says):
    pytest.importorskip("openai")
    with ScriptedProvider(lambda route, body: llm_says(body["messages"][-1]["content"])) as provider:
        again = replay(labels, f"{provider.base_url}#gpt-4o", limit=80)
    found = evaluate(make_model(lambda text: "refund"), labels, split="all", llm=again)
    assert found.noninferiority.paired and found.noninferiority.n == 80
    assert found.mcnemar_p < 0.001 and found.noninferiority.verdict == "no"


def test_an_endpoint_that_is_down_is_said(labels):
    pytest.importorskip("openai")
    with (
        Endpoint("http://127.0.0.1:9/v1", "m", max_retries=0) as endpoint,
        pytest.raises(EndpointError, match="server running"),
    ):
        evaluate(endpoint, labels)


# ---------------------------------------------------------------- bad input


def test_another_task_s_model_is_refused(labels, make_model, llm_says):
    other = make_model(llm_says)
    other.task_id = "t_2"
    with pytest.raises(ConfigurationError, match="t_2"):
        evaluate(other, labels)


def test_a_task_without_test_calls_says_how_many_it_has(make_ticket, make_task, make_model, llm_says):
    one_run = make_task([make_ticket(number, f"ticket {number}", "refund", runs=1) for number in range(5)])
    with pytest.raises(ConfigurationError, match="5 kept calls of 1 runs"):
        evaluate(make_model(llm_says), one_run)


def test_a_tiny_task_is_evaluated_and_found_too_small(make_ticket, make_task, make_model):
    task = make_task([make_ticket(number, f"ticket {number}", "refund", runs=3) for number in range(6)])
    found = evaluate(make_model(lambda text: "refund"), task)
    assert found.noninferiority.verdict == "undecided" and "not yet enough" in found.sentence


def test_a_task_without_its_calls_is_refused(labels, make_model, llm_says):
    from dataclasses import replace

    with pytest.raises(DatasetError, match=r"Tasks\.load"):
        evaluate(make_model(llm_says), replace(labels, _table=None))


@pytest.mark.parametrize("arguments", [{"split": "validation"}, {"margin": 2.0}, {"test_share": 1.0}, {"limit": 0}])
def test_arguments_that_cannot_be_used(labels, make_model, llm_says, arguments):
    with pytest.raises(ConfigurationError):
        evaluate(make_model(llm_says), labels, **arguments)


def test_what_is_no_model_or_no_task_is_refused(labels, make_model, llm_says, tmp_path):
    with pytest.raises(ConfigurationError, match="found int"):
        evaluate(3, labels)
    with pytest.raises(ConfigurationError, match="found str"):
        evaluate(make_model(llm_says), "triage")
    with pytest.raises(DatasetError, match="holds no model"):
        evaluate(tmp_path, labels)
