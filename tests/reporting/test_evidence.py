"""What a study holds of small models, and what the page makes of it."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest

import agentlog
from agentlog.errors import MissingExtra
from agentlog.evaluation import Evaluation, SelfAgreement
from agentlog.evaluation.statistics import NonInferiority, Share
from agentlog.reporting import report
from agentlog.reporting.evidence import Interval
from agentlog.reporting.figures import gather
from agentlog.reporting.measured import Unmeasured
from agentlog.reporting.sentence import sentence
from agentlog.reporting.shares import pooled
from agentlog.reporting.studies import interval
from agentlog.routing.log import DECISION, DecisionLog
from agentlog.routing.table import Route, Table
from agentlog.tasks.study import Study

VERSION = "0123456789ab"


@pytest.fixture
def study(dataset) -> Study:
    """The study of the sixty tickets, its tasks saved."""
    place = Study.of(dataset.path)
    agentlog.cluster(agentlog.curate(dataset)).save(place.tasks)
    return place


@pytest.fixture
def triage(dataset, study) -> str:
    """The id of the task of labels."""
    tasks = agentlog.Tasks.load(study.tasks)
    return next(task.id for task in tasks if task.output_kind == "label")


def trained(study: Study, task: str) -> str:
    """A model's folder; its version."""
    from agentlog.models.folder import version_of

    folder = study.models / f"{task}-head"
    folder.mkdir(parents=True)
    sums = {"weights.npz": "00"}
    about = {
        "format": 1,
        "kind": "head",
        "task": {"id": task, "name": "triage"},
        "sha256": sums,
        "created": "2026-11-01",
    }
    (folder / "model.json").write_text(json.dumps(about))
    (folder / "run_card.json").write_text(json.dumps({"data": {"n_train": 54}}))
    return version_of(sums)


def evaluation(task: str, version: str, **changed: Any) -> Evaluation:
    fields: dict[str, Any] = {
        "task_id": task, "task_name": "triage", "model": f"head {version}", "rung": "head", "version": version, "llm": "gpt-4o",
        "split": "test", "test_share": 0.1, "seed": 0, "kind": "label", "n": 400, "runs": 400, "threshold": 0.9,
        "agreement": Share(0.97, 0.95, 0.99, 400, 400, 400.0), "accepted": Share(0.8, 0.75, 0.85, 400, 400, 400.0),
        "accepted_agreement": Share(0.995, 0.98, 0.999, 320, 320, 320.0),
        "noninferiority": NonInferiority("yes", 0.02, 0.005, 320, None, False), "novel": 0.01, "invalid": 0.0,
        "llm_invalid": 0.0, "self_agreement": SelfAgreement(None, 0, "repeats", "no input repeats"),
        "cost_per_success_usd": 0.0, "created": "2026-11-02T00:00:00+00:00", **changed,
    }  # fmt: skip
    return Evaluation(**fields)


def task_of(figures, id):
    return next(task for task in figures.tasks if task.id == id)


def test_a_proven_model_takes_its_share_of_calls_tasks_and_tokens(dataset, study, triage):
    evaluation(triage, trained(study, triage)).save(study.evaluations)
    figures = gather(dataset, "default", examples=False)
    task = task_of(figures, triage)
    assert task.standing == "proven"
    assert task.evaluated[0].agreement == Interval(0.995, 0.98, 0.999, 320)
    assert figures.replaceable.proven.by_call == pytest.approx(0.8 / 3)
    assert figures.replaceable.proven.by_task == pytest.approx(1 / 3)
    assert figures.replaceable.proven.by_token == pytest.approx(0.8 / 3)
    assert figures.replaceable.agreement == Interval(0.995, 0.98, 0.999, 320)
    said = sentence(figures)
    assert "Small models can take over **26.7\N{NARROW NO-BREAK SPACE}% of the calls** now" in said
    assert "99.5\N{NARROW NO-BREAK SPACE}% of 320 test calls" in said


def test_what_is_saved_is_the_llms_cost_of_the_calls_that_are_taken_over(dataset, study, triage):
    pytest.importorskip("yaml", reason="the selection's catalogue needs pyyaml (extra study)")
    evaluation(triage, trained(study, triage)).save(study.evaluations)
    figures = gather(dataset, "default", examples=False)
    saving = task_of(figures, triage).saving
    assert saving.share == 0.8 and saving.thousand_usd == pytest.approx(0.8 * 0.001 * 1000)
    assert figures.saving_thousand == pytest.approx(0.8 / 3)
    a_month = 0.8 * 0.06 * 730 / (59 * 4)  # sixty calls, four hours apart
    assert saving.month_usd == pytest.approx(a_month, rel=0.02) == figures.saving_month


def test_calls_of_the_training_side_prove_nothing(dataset, study, triage):
    evaluation(triage, trained(study, triage), split="train").save(study.evaluations)
    figures = gather(dataset, "default", examples=False)
    assert task_of(figures, triage).standing == "not enough"
    assert figures.replaceable.proven.by_call == 0
    assert "**No small model is proven yet**" in sentence(figures)


def test_an_evaluation_of_a_version_that_is_gone_proves_nothing(dataset, study, triage):
    trained(study, triage)
    evaluation(triage, VERSION).save(study.evaluations)
    made = report(dataset)
    task = next(task for task in made.figures["tasks"] if task["id"] == triage)
    assert task["standing"] == "not enough" and not task["evaluated"][0]["current"]
    assert "of a version that the study no longer has" in made.html


@pytest.mark.parametrize("verdict", ["no", "undecided", "not measurable"])
def test_only_a_yes_counts_as_proven(dataset, study, triage, verdict):
    found = NonInferiority(verdict, 0.01, 0.05, 320, None, False)
    evaluation(triage, trained(study, triage), noninferiority=found).save(study.evaluations)
    figures = gather(dataset, "default", examples=False)
    assert task_of(figures, triage).standing == "not enough" and figures.replaceable.proven.by_call == 0


def test_a_model_without_a_threshold_is_not_measurable_on_the_calls_it_is_sure_of(dataset, study, triage):
    one = evaluation(
        triage,
        trained(study, triage),
        threshold=None,
        accepted=Share(0.0, 0.0, 0.01, 400, 400, 400.0),
        accepted_agreement=None,
        noninferiority=NonInferiority("not measurable", 0.01, None, 0, None, False),
        not_measurable={"accepted_agreement": "no score is trusted"},
    )
    one.save(study.evaluations)
    made = report(dataset)
    found = task_of(gather(dataset, "default", examples=False), triage).evaluated[0]
    assert found.agreement == Unmeasured("no score is trusted")
    assert "no score is trusted" in made.html and "on all calls 97.0" in made.html


def test_a_trained_model_names_the_command_that_evaluates_it(dataset, study, triage):
    trained(study, triage)
    made = report(dataset)
    task = next(task for task in made.figures["tasks"] if task["id"] == triage)
    assert task["standing"] == "trained" and task["trained"][0]["examples"] == 54
    assert f"agentlog evaluate records/studies/default/models/{triage}-head records --task triage --save" in made.html


def test_the_router_says_what_was_avoided_and_how_often_both_differed(dataset, study, triage):
    routes = {
        triage: Route("triage", "../models/x", version=VERSION, rung="head", state="canary", share=0.1, why="by hand")
    }
    study.routing.mkdir(parents=True)
    Table("policy-1", "tasks", routes).save(study.routing)
    log = DecisionLog(study.routing)
    for number in range(50):
        log.add(DECISION, id=f"m{number}", task_id=triage, version=VERSION, route="model", saved_usd=0.001)
    for number in range(100):
        log.add(DECISION, id=f"l{number}", task_id=triage, version=VERSION, route="llm", agreed=number > 0, audit=True)
    log.add(DECISION, id="other", task_id=None, route="llm")
    log.write()
    figures = gather(dataset, "default", examples=False)
    routed = task_of(figures, triage).routed
    assert (routed.decisions, routed.avoided, routed.saved_usd) == (150, 50, pytest.approx(0.05))
    assert routed.disagreement.share == 0.01 and routed.disagreement.n == 100
    assert routed.disagreement.high == pytest.approx(
        0.0545, abs=0.0005
    )  # scipy.stats.binomtest(1, 100).proportion_ci().high
    assert task_of(figures, triage).standing == "serving" and figures.replaceable.served.by_task == pytest.approx(1 / 3)
    page = report(dataset).html
    assert "50 LLM calls avoided" in page and "canary" in page


def test_a_damaged_file_is_named_and_takes_nothing_else_with_it(dataset, study, triage):
    evaluation(triage, trained(study, triage)).save(study.evaluations)
    (study.evaluations / "broken.json").write_text("{")
    study.routing.mkdir(parents=True)
    (study.routing / "routing.json").write_text('{"format": 99}')
    made = report(dataset)
    assert made.figures["unreadable"] == [
        "evaluations/broken.json (DatasetError)",
        "routing/routing.json (DatasetError)",
    ]
    assert "evaluations/broken.json" in made.html
    assert next(task for task in made.figures["tasks"] if task["id"] == triage)["standing"] == "proven"


def test_the_llms_agreement_with_itself_is_measured_where_inputs_repeat(agent, tmp_path):
    pytest.importorskip("scipy", reason="intervals need scipy (extra study)")
    for run in range(120):
        answer = "refund" if run % 60 or run < 60 else "shipping"
        agent.chat(run, "Classify the ticket.", f"ticket {run % 60}", answer, node="triage")
    (task,) = gather(agent.write(tmp_path / "records"), "default", examples=False).tasks
    assert isinstance(task.itself, Interval)
    assert (task.itself.n, task.itself.share) == (60, pytest.approx(59 / 60))


def test_answers_that_people_read_are_no_measure(shared):
    (reply,) = [task for task in gather(shared, "default", examples=False).tasks if task.standing == "human-facing"]
    assert isinstance(reply.itself, Unmeasured) and "people read" in reply.itself.why
    assert isinstance(reply.saving, Unmeasured) and reply.offer is None


def test_without_the_extras_the_page_says_what_to_install(agent, tmp_path, monkeypatch):
    def gone(*_):
        raise MissingExtra("scipy", "study", "intervals and tests")

    monkeypatch.setattr("agentlog.reporting.figures.self_agreement", gone)
    monkeypatch.setattr("agentlog.reporting.offers._catalogue", gone)
    for run in range(60):
        agent.chat(run, "Classify.", f"ticket {run}", "yes")
    made = report(agent.write(tmp_path / "records"))
    (task,) = made.figures["tasks"]
    for figure in ("itself", "saving"):
        assert task[figure] == {
            "not_measurable": "intervals and tests needs scipy",
            "do": "`pip install 'agentlog[study]'`",
        }
    assert "what to try" in made.html and html.escape("pip install 'agentlog[study]'", quote=True) in made.html


def test_an_interval_is_exact_and_several_are_weighed_by_their_calls():
    assert interval(0, 299).high == pytest.approx(0.01226, abs=1e-4)
    assert interval(5, 5).low == pytest.approx(0.4782, abs=1e-4)
    one, other = Interval(1.0, 0.9, 1.0, 30), Interval(0.9, 0.8, 1.0, 10)
    assert pooled([one, other]) == Interval(0.975, 0.875, 1.0, 40)
    assert pooled([]) is None


def test_nothing_is_written_into_the_dataset(dataset, tmp_path):
    before = sorted(str(path) for path in Path(dataset.path).rglob("*"))
    report(dataset, tmp_path / "report.html")
    assert sorted(str(path) for path in Path(dataset.path).rglob("*")) == before
