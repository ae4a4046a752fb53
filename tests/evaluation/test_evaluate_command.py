"""`agentlog evaluate`."""

import json

import pytest
import typer
from typer.testing import CliRunner

import agentlog
from agentlog.cli import evaluate as command
from agentlog.errors import ConfigurationError, UnknownName
from agentlog.testing import ScriptedProvider

pytest.importorskip("openai")


@pytest.fixture
def app():
    made = typer.Typer()
    made.callback()(lambda: None)
    command.register(made)
    return made


@pytest.fixture
def records(tmp_path):
    agentlog.configure(tmp_path / "records")

    @agentlog.capture(operation="chat", model="gpt-4o")
    def triage(messages):
        return "refund" if "money" in messages[1]["content"] else "shipping"

    for number in range(60):
        wish = "my money back" if number % 3 else "my parcel"
        ticket = {"role": "user", "content": f"ticket {number}: I want {wish}"}
        triage([{"role": "system", "content": "Classify the ticket as refund or shipping."}, ticket])
    agentlog.flush()
    return tmp_path / "records"


def task_id(records):
    return agentlog.cluster(agentlog.curate(records)).tasks[0].id


def test_it_prints_the_sentence_and_saves_the_figures(app, records):
    with ScriptedProvider(lambda route, body: "refund") as provider:
        words = [
            "evaluate",
            f"{provider.base_url}#m",
            str(records),
            "--task",
            task_id(records),
            "--split",
            "all",
            "--save",
        ]
        done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "On 60 calls of" in done.output and "66.7 %" in done.output
    (saved,) = (records / "studies" / "default" / "evaluations").glob("*-endpoint-*.json")
    assert json.loads(saved.read_text())["agreement"]["n"] == 60


def test_it_prints_json_for_a_program(app, records):
    with ScriptedProvider(lambda route, body: "refund") as provider:
        words = [
            "evaluate",
            f"{provider.base_url}#m",
            str(records),
            "--task",
            task_id(records),
            "--limit",
            "5",
            "--split",
            "all",
        ]
        done = CliRunner().invoke(app, [*words, "--price", "0.1,0.4", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["n"] == 5


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ([], ConfigurationError, "needs --task"),
        (["--task", "nothing like it"], UnknownName, "no task"),
        (["--price", "cheap"], ConfigurationError, "0.10,0.40"),
        (["--api-key-env", "NO_SUCH_VARIABLE"], ConfigurationError, "not set"),
    ],
)
def test_wrong_words_say_what_to_do(app, records, words, error, said):
    given = words if "--task" in words or not words else [*words, "--task", task_id(records)]
    done = CliRunner().invoke(app, ["evaluate", "http://127.0.0.1:9/v1#m", str(records), *given])
    assert isinstance(done.exception, error) and said in str(done.exception)
