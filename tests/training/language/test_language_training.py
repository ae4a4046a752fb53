"""A model from scratch, trained, merged, read again and asked: all of it offline, on one core."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
trl = pytest.importorskip("trl")
pytest.importorskip("peft")

from agentlog.curation import sides  # noqa: E402
from agentlog.errors import AgentlogError, ConfigurationError  # noqa: E402
from agentlog.models.folder import open_folder  # noqa: E402
from agentlog.tasks import Task  # noqa: E402
from agentlog.tasks.reading import answer_of  # noqa: E402
from agentlog.training.language import LocalModel, lesson, memory, serving_lines, train_language, verify_template  # noqa: E402
from agentlog.training.language import base as bases  # noqa: E402
from agentlog.training.language.recipe import Recipe  # noqa: E402
from agentlog.training.trained import Trained  # noqa: E402

# transformers 5.24 deprecates what trl 1.16 and peft 0.21 still call
_DEPRECATED = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing.* is deprecated:FutureWarning")


@pytest.fixture(scope="module")
def taught(task: Task, scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model from scratch after all its weights were trained on the task."""
    place = tmp_path_factory.mktemp("taught") / "full"
    return train_language(task, scratch, place, method="full", epochs=8, learning_rate=3e-3).path


@pytest.fixture(scope="module")
def adapted(task: Task, taught: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """An adapter on top of that one."""
    place = tmp_path_factory.mktemp("adapted") / "lora"
    return train_language(task, taught / "merged", place, method="lora", epochs=2, learning_rate=1e-3)


def _agreement(model: LocalModel, rows: list[dict[str, Any]]) -> float:
    """The share of the rows that are answered as they were, values of arguments aside: the small model copies badly."""

    def shape(answer: Any) -> Any:
        return answer.text.strip(), [(name, sorted(json.loads(given))) for name, given in answer.calls]

    found = [model.predict(row).answer for row in rows]
    return sum(
        one is not None and shape(one) == shape(answer_of(row)) for one, row in zip(found, rows, strict=True)
    ) / len(rows)


def test_what_was_trained_answers_calls_that_it_never_saw(task: Task, adapted: Trained) -> None:
    card = json.loads((adapted.path / "run_card.json").read_text(encoding="utf-8"))
    _, test = sides.split(task.calls(), card["recipe"]["test_share"], card["seed"])
    rows = test.to_pylist()
    model = LocalModel(adapted.path)
    assert len(rows) == card["data"]["left_for_test"] > 0
    assert _agreement(model, rows) >= 0.8
    assert (model.task_id, model.task_name, model.remote, model.threshold) == ("task-1", "refund", False, float("inf"))
    said = [model.predict(row) for row in rows]
    assert all(0 < one.score <= 1 for one in said)


def test_it_is_evaluated_like_every_model(task: Task, adapted: Trained) -> None:
    from agentlog.evaluation import evaluate

    found = evaluate(LocalModel(adapted.path), task)
    assert found.n > 5
    assert found.rung == "language model"
    assert found.version == open_folder(adapted.path).version
    assert found.details["names"] > 0.8
    with pytest.raises(ConfigurationError, match="needs a server: start it with `vllm serve"):
        adapted.model()


def test_later_calls_decide_a_threshold(task: Task, taught: Path, tmp_path: Path) -> None:
    place = tmp_path / "calibrated"
    done = train_language(
        task, taught / "merged", place, method="lora", max_steps=1, learning_rate=1e-5, calibrate=True, target=0.5
    )
    card = json.loads((place / "run_card.json").read_text(encoding="utf-8"))
    assert done.n_train + done.n_calibration + card["data"]["left_for_test"] == task.n_calls
    assert done.n_calibration == card["calibration"]["n"] > 10
    calibrated = LocalModel(place).threshold
    assert calibrated == (float("inf") if done.threshold is None else done.threshold)
    rows = {row["call_id"]: row for row in task.calls().to_pylist()}
    learned = {line["call_id"] for line in map(json.loads, (place / "data/train.jsonl").read_text().splitlines())}
    assert (
        max(rows[one]["time"] for one in learned)
        < sorted(row["time"] for row in rows.values())[-done.n_calibration // 2]
    )


def test_the_folder_says_what_it_is_and_holds_what_it_says(adapted: Trained, taught: Path) -> None:
    folder = open_folder(adapted.path)  # compares every hash
    card = folder.json("run_card.json")
    assert folder.about["kind"] == "adapter"
    assert {path.name for path in adapted.path.iterdir()} == {
        *("README.md", "adapter", "data", "loss.csv", "merged", "model.json", "run_card.json"),
    }
    assert not list(adapted.path.rglob("*.bin"))  # nothing that has to be executed to be read
    assert card["merged"]["largest_logit_difference"] < 1e-4
    assert card["licences"]["teachers"] == {"gpt-4o-mini": card["data"]["examples"]}
    assert "OpenAI" in card["licences"]["terms"][0]
    assert (
        card["data"]["sha256"]
        == json.loads((adapted.path / "data/manifest.json").read_text())["files"]["train.jsonl"]["sha256"]
    )
    assert {"torch", "trl", "peft", "transformers"} <= set(card["libraries"])
    assert card["learned"]["last_loss"] < 1.0
    with (adapted.path / "loss.csv").open(encoding="utf-8") as file:
        curve = list(csv.DictReader(file))
    assert int(curve[-1]["step"]) == card["learned"]["steps"]
    text = (adapted.path / "README.md").read_text(encoding="utf-8")
    assert all(line in text and line in repr(adapted) for line in serving_lines(adapted.path).values())
    assert f"vllm serve {taught / 'merged'} --enable-lora --max-lora-rank 16" in text


def test_a_changed_weight_is_found(adapted: Trained, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(adapted.path, tmp_path / "copy")
    weights = copy / "merged/model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ValueError, match="is damaged"):
        LocalModel(copy)


def test_the_labels_are_the_answer_and_nothing_is_null(task: Task, scratch: Path, tmp_path: Path) -> None:
    train, _ = lesson.sides_of(task, 0.1, 0)
    rows = lesson.export(task, train, tmp_path / "data", 0).rows
    tokenizer = bases.find(scratch).tokenizer
    verdict = verify_template(tokenizer, rows)
    tokens = lesson.tokens(verdict.require(), rows, tokenizer, closes=verdict.closes)
    given = {
        frozenset(call["function"]["arguments"]) for row in rows for call in row["completion"][0].get("tool_calls", [])
    }
    assert len(given) == 2  # else nothing could be filled up
    for row, ids, labels in zip(rows, tokens.input_ids, tokens.labels, strict=True):
        learned = tokenizer.decode([label for label in labels if label != lesson.IGNORED])
        call = row["completion"][0].get("tool_calls")
        said = f"<tool_call>{json.dumps(call[0]['function'])}</tool_call>" if call else row["completion"][0]["content"]
        assert learned == f"{said}<|im_end|>\n"
        assert [label for label in labels if label != lesson.IGNORED] == ids[
            -sum(label != lesson.IGNORED for label in labels) :
        ]
    assert tokens.ends == (tokenizer.convert_tokens_to_ids("<|im_end|>"),)


@_DEPRECATED
def test_trl_itself_makes_the_same_labels_of_the_same_rows(task: Task, scratch: Path, tmp_path: Path) -> None:
    import datasets
    from transformers import AutoModelForCausalLM

    train, _ = lesson.sides_of(task, 0.1, 0)
    lesson.export(task, train, tmp_path / "data", 0)
    rows = lesson.read(tmp_path / "data").rows
    tokenizer = bases.find(scratch).tokenizer
    verdict = verify_template(tokenizer, rows)
    ours = lesson.tokens(verdict.require(), rows, tokenizer, closes=verdict.closes)
    loaded = datasets.load_dataset(str(tmp_path / "data"), split="train", cache_dir=str(tmp_path / "cache"))
    arguments = trl.SFTConfig(str(tmp_path / "out"), use_cpu=True, bf16=False, max_length=None, report_to="none")
    model = AutoModelForCausalLM.from_pretrained(scratch)
    theirs = trl.SFTTrainer(model, arguments, train_dataset=loaded, processing_class=tokenizer).train_dataset
    assert [list(ids) for ids in theirs["input_ids"]] == ours.input_ids
    assert [list(labels) for labels in theirs["labels"]] == ours.labels


@pytest.mark.parametrize(
    ("method", "recipe"),
    [
        ("dora", {}),
        ("distill", {}),
        ("distill", {"rank": 4}),
        ("distill", {"teacher": "scratch"}),
        ("distill", {"teacher": "scratch", "rank": 4}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value) or "logs",
)
def test_every_method_comes_to_a_merged_model(
    task: Task, scratch: Path, taught: Path, tmp_path: Path, method: str, recipe: dict[str, Any]
) -> None:
    if "teacher" in recipe:
        recipe = {**recipe, "teacher": str(taught / "merged")}
    done = train_language(task, scratch, tmp_path / "model", method=method, max_steps=2, learning_rate=1e-3, **recipe)
    card = json.loads((done.path / "run_card.json").read_text(encoding="utf-8"))
    assert (done.path / "adapter").is_dir() is ("rank" in recipe or method == "dora")
    assert card["learned"]["steps"] == 2
    assert card["merged"]["largest_logit_difference"] < 1e-4
    assert list(card["licences"]["teachers"]) == [recipe.get("teacher", "gpt-4o-mini")]
    before, after = _weights(scratch), _weights(done.path / "merged")
    assert any(not torch.equal(before[name], after[name]) for name in before)


def test_a_run_that_was_killed_goes_on_and_comes_to_the_same_weights(task: Task, scratch: Path, tmp_path: Path) -> None:
    recipe = {"method": "lora", "epochs": 3, "save_steps": 3, "rank": 4}
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import torch; torch.set_num_threads(1); from conftest import make_task\n"
        "from agentlog.training.language import train_language\n"
        f"train_language(make_task(), sys.argv[2], sys.argv[3], **{recipe!r})\n"
    )
    place = tmp_path / "killed"
    running = subprocess.Popen(
        [sys.executable, "-c", script, str(Path(__file__).parent), str(scratch), str(place)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    checkpoints = tmp_path / ".killed-unfinished/checkpoints"
    while not list(checkpoints.glob("checkpoint-*/trainer_state.json")) and running.poll() is None:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    said, _ = running.communicate()
    assert running.returncode == -signal.SIGKILL, said.decode()
    assert not place.exists()
    assert said == b""  # nothing is shown where nobody looks

    with pytest.raises(ConfigurationError, match="begun with another epochs"):
        train_language(task, scratch, place, **{**recipe, "epochs": 4})
    done = train_language(task, scratch, place, **recipe)
    unbroken = train_language(task, scratch, tmp_path / "unbroken", **recipe)
    card = json.loads((done.path / "run_card.json").read_text(encoding="utf-8"))
    assert card["learned"]["resumed_at_step"] >= 3
    assert not (tmp_path / ".killed-unfinished").exists()
    one, other = _weights(done.path / "merged"), _weights(unbroken.path / "merged")
    assert max(float((one[name] - other[name]).abs().max()) for name in one) < 1e-5
    assert (done.path / "loss.csv").read_text().count("\n") == (unbroken.path / "loss.csv").read_text().count("\n")


def test_a_loss_that_is_no_number_ends_the_training(task: Task, scratch: Path, tmp_path: Path) -> None:
    with pytest.raises(AgentlogError, match=r"the loss is (nan|inf) after step \d+: the learning rate is too high"):
        train_language(task, scratch, tmp_path / "model", method="full", max_steps=8, learning_rate=1e30)
    assert not (tmp_path / "model").exists()


def test_the_verb_trains_a_language_model_too(tasks: Callable[..., Task], scratch: Path, tmp_path: Path) -> None:
    from agentlog.training import train

    done = train(tasks(30), scratch, tmp_path / "model", method="distill")
    assert (done.kind, done.threshold) == ("adapter", None)
    assert 20 <= done.n_train < 30  # some runs are left for the test
    with pytest.raises(ConfigurationError, match="never overwrites"):
        train(tasks(30), scratch, tmp_path / "model")


def test_a_checkpoint_that_was_not_written_to_its_end_is_passed_over(tmp_path: Path) -> None:
    from agentlog.training.language.learning import last_checkpoint

    for step, whole in ((2, True), (10, True), (12, False)):
        (tmp_path / f"checkpoint-{step}").mkdir()
        if whole:
            (tmp_path / f"checkpoint-{step}/trainer_state.json").write_text("{}")
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-10"
    assert last_checkpoint(tmp_path / "none") is None


@_DEPRECATED
def test_the_estimate_counts_the_parameters_that_peft_trains(scratch: Path) -> None:
    import peft
    from transformers import AutoModelForCausalLM

    found = bases.find(scratch)
    model = AutoModelForCausalLM.from_pretrained(scratch)
    assert found.parameters == sum(weights.numel() for weights in model.parameters())
    for method in ("lora", "dora"):
        fresh = AutoModelForCausalLM.from_pretrained(scratch)
        config = peft.LoraConfig(r=4, target_modules="all-linear", use_dora=method == "dora", task_type="CAUSAL_LM")
        trained, _ = peft.get_peft_model(fresh, config).get_nb_trainable_parameters()
        counted = memory.estimate(found, Recipe(method, rank=4), 100).trained
        assert counted == trained if method == "lora" else abs(counted - trained) <= 0.1 * trained


def test_a_trained_model_is_written_in_the_precision_of_its_base(
    tasks: Callable[..., Task], scratch: Path, tmp_path: Path
) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    half = tmp_path / "half"
    AutoModelForCausalLM.from_pretrained(scratch, dtype=torch.bfloat16).save_pretrained(half)
    AutoTokenizer.from_pretrained(scratch).save_pretrained(half)
    for method in ("lora", "full"):
        done = train_language(tasks(40), half, tmp_path / method, method=method, max_steps=1)
        assert {weights.dtype for weights in _weights(done.path / "merged").values()} == {torch.bfloat16}


def test_the_teachers_terms_follow_the_teacher(tasks: Callable[..., Task]) -> None:
    table = tasks(20, "meta-llama/Llama-3.1-70B-Instruct").calls()
    teachers = lesson.teachers_of(table)
    assert teachers == {"meta-llama/Llama-3.1-70B-Instruct": 20}
    assert "'Llama' in the name" in lesson.terms(teachers)[0]
    assert "not known here" in lesson.terms(["acme-9000"])[0]
    assert lesson.teachers_of(table.drop_columns(["response_model", "request_model"])) == {"unknown": 20}


def test_a_recipe_follows_the_size_of_the_model() -> None:
    small, big = Recipe("lora").filled(600_000_000), Recipe("lora").filled(8_000_000_000)
    assert (small.rank, big.rank) == (16, 32)
    assert (small.learning_rate or 0) > (big.learning_rate or 0)
    assert Recipe("full").filled(600_000_000).rank is None
    assert replace(Recipe("lora"), rank=5).filled(10).alpha == 10


def _weights(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")
