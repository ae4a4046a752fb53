from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

pytest.importorskip("sklearn", reason="training needs scikit-learn: pip install 'agentlog[study]'")

import agentlog
from agentlog.cli.app import app
from agentlog.errors import ConfigurationError
from agentlog.models import load


def test_the_command_trains_into_the_datasets_study_and_saves_the_tasks(tmp_path):
    agentlog.configure(tmp_path / "records")

    @agentlog.capture(operation="chat", model="gpt-4o-mini")
    def ask(messages):
        return "refund" if "money" in messages[1]["content"] else "shipping"

    for number in range(120):
        words = "I want my money back" if number % 2 else "where is my parcel"
        ask([{"role": "system", "content": "Classify the ticket."}, {"role": "user", "content": f"{number}: {words}"}])
    agentlog.shutdown()
    arguments = ["train", str(tmp_path / "records"), "--method", "head", "--target", "0.9", "--json"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert load(said["path"]).task_id == said["task_id"]
    assert str(tmp_path / "records" / "studies" / "default" / "models") in said["path"]
    assert said["task_id"] in {
        one.id for one in agentlog.Tasks.load(tmp_path / "records" / "studies" / "default" / "tasks")
    }
    again = CliRunner().invoke(app, arguments)
    assert isinstance(again.exception, ConfigurationError) and "never overwrites" in str(again.exception)


def test_the_command_wants_a_method_or_a_candidate(tmp_path):
    done = CliRunner().invoke(app, ["train", str(tmp_path)])
    assert isinstance(done.exception, ConfigurationError) and "--method head" in str(done.exception)


def test_a_recipe_goes_to_the_language_model_and_a_head_has_none(tmp_path, monkeypatch):
    from agentlog.training import language

    given = {}

    def train_language(task, base, directory, **options):
        given.update(options, base=base)
        raise ConfigurationError("enough seen")

    monkeypatch.setattr(language, "train_language", train_language)
    agentlog.configure(tmp_path / "records")
    for number in range(20):
        with agentlog.call("m", operation="chat", model="m") as call:
            call.input([{"role": "user", "content": f"Classify {number}."}])
            call.output("yes" if number % 2 else "no")
    agentlog.shutdown()
    language_model = ["train", str(tmp_path / "records"), "--candidate", "some/model", "--set", "epochs=2"]
    done = CliRunner().invoke(app, [*language_model, "--set", "teacher=other/model", "--method", "distill"])
    assert str(done.exception) == "enough seen"
    assert {"epochs": 2, "teacher": "other/model", "method": "distill", "base": "some/model"}.items() <= given.items()
    done = CliRunner().invoke(app, ["train", str(tmp_path / "records"), "--method", "head", "--set", "rank=8"])
    assert "no recipe" in str(done.exception)
    done = CliRunner().invoke(app, [*language_model[:4], "--set", "rank"])
    assert "NAME=VALUE" in str(done.exception)
