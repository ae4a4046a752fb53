from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

import agentlog
from agentlog.cli.candidates import register
from agentlog.errors import ConfigurationError

runner = CliRunner()


@pytest.fixture
def app():
    made = typer.Typer()

    @made.command()
    def other() -> None:
        """A second verb, so that verbs have names."""

    register(made)
    return made


@pytest.fixture
def records(tmp_path):
    agentlog.configure(tmp_path / "records")

    @agentlog.capture(operation="chat", model="gpt-4o-mini")
    def ask(messages):
        if messages[0]["content"].startswith("Classify"):
            return "refund" if "money" in messages[1]["content"] else "shipping"
        return json.dumps({"order": messages[1]["content"].split()[-1]})

    for number in range(24):
        ticket = {"role": "user", "content": f"{'money back' if number % 2 else 'a parcel'}, order A-{number}"}
        ask([{"role": "system", "content": "Classify the ticket as refund or shipping."}, ticket])
        ask([{"role": "system", "content": "Extract the order id from the ticket as JSON."}, ticket])
    agentlog.flush()
    return tmp_path / "records"


def test_the_command_shows_the_ladder_of_a_task(app, records):
    tasks = agentlog.cluster(agentlog.curate(records))
    task = next(task for task in tasks if task.output_kind == "label")
    done = runner.invoke(
        app, ["candidates", str(records), "--task", task.name, "--licence", "commercial", "--memory-gb", "24"]
    )
    assert done.exit_code == 0, done.output
    assert "compiled head" in done.output and "Begin with head" in done.output


def test_json_is_one_object_for_a_program(app, records):
    task = next(iter(agentlog.cluster(agentlog.curate(records))))
    options = ["--task", task.id, "--licence", "MIT", "--licence", "Apache-2.0", "--calls-per-month", "5000", "--json"]
    done = runner.invoke(app, ["candidates", str(records), *options])
    found = json.loads(done.output)
    assert found["task"]["id"] == task.id
    assert found["constraints"]["licences"] == ["Apache-2.0", "MIT"]
    assert found["profile"]["calls_per_month"] == 5000


def test_without_a_task_the_names_are_said(app, records):
    done = runner.invoke(app, ["candidates", str(records)])
    assert isinstance(done.exception, ConfigurationError)
    assert "--task, one of: '" in str(done.exception)
