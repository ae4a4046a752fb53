"""What cannot be trained is said before anything is loaded, with what to do instead."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")
transformers = pytest.importorskip("transformers")

from agentlog.errors import ConfigurationError, MissingExtra, UnknownName  # noqa: E402
from agentlog.tasks import Task  # noqa: E402
from agentlog.training.language import LocalModel, learning, lesson, memory, scratch_model, train_language  # noqa: E402
from agentlog.training.language import base as bases  # noqa: E402
from agentlog.training.language.recipe import Recipe  # noqa: E402

GIB = 2**30


@pytest.fixture(autouse=True)
def _loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def loaded(*_: Any, **__: Any) -> None:
        raise AssertionError("weights were loaded")

    monkeypatch.setattr(learning, "weights", loaded)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "model"


@pytest.fixture
def seven_billion(scratch: Path, tmp_path: Path) -> Path:
    """The folder of a model with 7 B parameters, as a hub has it, without its weights."""
    folder = tmp_path / "Big-7B"
    shutil.copytree(scratch, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"hidden_size": 3584, "intermediate_size": 18944, "num_hidden_layers": 28, "vocab_size": 152064}
    config |= {"num_attention_heads": 28, "num_key_value_heads": 4, "head_dim": 128, "tie_word_embeddings": False}
    config |= {"layer_types": ["full_attention"] * 28, "dtype": "bfloat16"}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def _changed(scratch: Path, folder: Path, template: str | None) -> Path:
    """The small model with another chat template."""
    shutil.copytree(scratch, folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = template
    (folder / "chat_template.jinja").unlink()
    tokenizer.save_pretrained(folder)
    return folder


def test_seven_billion_parameters_without_a_gpu(
    task: Task, seven_billion: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free", lambda device: 16.0 * GIB)
    with pytest.raises(ConfigurationError, match="Nothing was loaded") as caught:
        train_language(task, seven_billion, place, method="lora")
    said = str(caught.value)
    assert "7.62 B parameters" in said
    assert "16.0 GiB are free on this machine (no GPU)" in said
    assert "qlora" in said
    assert not place.exists()
    assert not list(place.parent.glob(".model*"))


def test_memory_is_there_and_days_would_go_by(
    task: Task, seven_billion: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free", lambda device: 512.0 * GIB)
    monkeypatch.setattr(memory, "_PATIENCE_H", 0.5)
    with pytest.raises(ConfigurationError, match=r"hours without a GPU.*device='cpu'"):
        train_language(task, seven_billion, place, method="lora")


def test_a_gpu_that_is_too_small_is_told_what_fits(seven_billion: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda device: 24.0 * GIB)
    base = bases.find(seven_billion)
    with pytest.raises(ConfigurationError, match=r"full on .* GiB are free on this GPU.*method='lora' takes .*'qlora'"):
        memory.check(base, Recipe("full"), 1024, 10_000, "cuda")
    assert memory.check(base, Recipe("lora"), 1024, 10_000, "cuda").total < 24 * GIB


def test_the_order_of_methods_by_memory(seven_billion: Path) -> None:
    base = bases.find(seven_billion)
    full, lora, qlora = (
        memory.estimate(base, Recipe(method), 1024).total / GIB for method in ("full", "lora", "qlora")
    )
    assert full > 16 * base.parameters / GIB  # weights, gradients and two moments in float32
    assert 2 * base.parameters / GIB < lora < 2.6 * base.parameters / GIB
    assert 4 < qlora < 12
    teacher = memory.estimate(base, Recipe("distill", rank=16), 1024, teacher=base).total / GIB
    assert teacher > 1.9 * lora - 8


def test_qlora_without_cuda(task: Task, scratch: Path, place: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(ConfigurationError, match=r"qlora .* CUDA GPU.*method='lora'"):
        train_language(task, scratch, place, method="qlora")
    with pytest.raises(ConfigurationError, match="torch sees no GPU"):
        train_language(task, scratch, place, method="lora", device="cuda")


def test_a_template_that_drops_tool_calls(task: Task, scratch: Path, tmp_path: Path, place: Path) -> None:
    plain = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    plain += "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    base = _changed(scratch, tmp_path / "Plain-1B", plain)
    with pytest.raises(
        ConfigurationError, match=r"template of Plain-1B drops the name of tool call 1 .'refund'. in row 1"
    ):
        train_language(task, base, place, method="lora")
    assert not place.exists()
    assert not list(place.parent.glob(".model*"))  # another base model can be tried at once


def test_no_template(task: Task, scratch: Path, tmp_path: Path, place: Path) -> None:
    base = _changed(scratch, tmp_path / "Base-1B", None)
    with pytest.raises(ConfigurationError, match="Base-1B has no chat template"):
        train_language(task, base, place, method="lora")


def test_too_few_examples(tasks: Callable[..., Task], scratch: Path, place: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"task 'refund' has \d+ examples to learn from .15 calls"):
        train_language(tasks(15), scratch, place, method="lora")


def test_too_few_examples_for_a_threshold(tasks: Callable[..., Task], scratch: Path, place: Path) -> None:
    with pytest.raises(ConfigurationError, match="the later ones decide a threshold"):
        train_language(tasks(40), scratch, place, method="lora", calibrate=True)


def test_calls_without_verdicts(task: Task, scratch: Path, place: Path) -> None:
    from dataclasses import replace

    bare = replace(task, _table=task.calls().drop_columns(["kept", "verdicts"]))
    with pytest.raises(ConfigurationError, match="without verdicts"):
        train_language(bare, scratch, place, method="lora")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no base model: there is no config.json"),
        ({"adapter_config.json": "{}"}, "is an adapter, not base model"),
        ({"config.json": "{"}, "neither a folder with a model nor a hub id"),
        ({"config.json": '{"model_type": "t5"}'}, "does not know as one that writes text"),
        ({"config.json": '{"model_type": "qwen3"}'}, "no tokenizer"),
    ],
)
def test_a_path_that_is_no_base_model(
    task: Task, tmp_path: Path, place: Path, files: dict[str, str], words: str
) -> None:
    base = tmp_path / "something"
    base.mkdir()
    for name, content in files.items():
        (base / name).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=words):
        train_language(task, base, place, method="lora")


def test_a_hub_id_without_network(task: Task, place: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no-such/model is neither .*scratch_model"):
        train_language(task, "no-such/model", place, method="lora")


def test_weights_that_are_cut_off(scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    base = tmp_path / "cut"
    shutil.copytree(scratch, base)
    content = (base / "model.safetensors").read_bytes()
    (base / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(ConfigurationError, match=r"the weights of .* cannot be read"):
        learning.weights(str(base))


def test_a_licence_that_forbids(task: Task, scratch: Path, tmp_path: Path, place: Path) -> None:
    base = tmp_path / "xLAM"
    shutil.copytree(scratch, base)
    (base / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"cc-by-nc-4.0. forbids commercial use.*accept_licence=True"):
        train_language(task, base, place, method="lora")

    class Candidate:
        model, licence, commercial = str(scratch), "LicenseRef-research", "no"

    with pytest.raises(ConfigurationError, match="LicenseRef-research"):
        train_language(task, Candidate(), place, method="lora")
    assert bases.find(base).commercial == "no"
    assert bases.find(scratch).commercial == "yes"


def test_examples_are_never_cut(task: Task, scratch: Path, texts: list[str], tmp_path: Path, place: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"of \d+ examples would be cut: max_length= 40 tokens"):
        train_language(task, scratch, place, method="lora", max_length=40)
    short = scratch_model(tmp_path / "short", texts, hidden=64, layers=1, context=64)
    with pytest.raises(ConfigurationError, match="the context of the model is 64 tokens"):
        train_language(task, short, tmp_path / "other", method="lora")


def test_a_teacher_with_another_tokenizer(task: Task, scratch: Path, tmp_path: Path, place: Path) -> None:
    other = scratch_model(tmp_path / "teacher", ["quite other words"], hidden=64, layers=1)
    with pytest.raises(ConfigurationError, match="another tokenizer"):
        train_language(task, scratch, place, method="distill", teacher=str(other))
    with pytest.raises(ConfigurationError, match="teacher= goes with method='distill'"):
        train_language(task, scratch, place, method="lora", teacher=str(other))


def test_a_recipe_that_cannot_be(task: Task, scratch: Path, place: Path) -> None:
    with pytest.raises(UnknownName, match="There is: lora, qlora"):
        train_language(task, scratch, place, method="lorra")
    with pytest.raises(ConfigurationError, match=r"no part of a recipe is called 'epoch'\. There is: epochs"):
        train_language(task, scratch, place, method="lora", epoch=3)
    with pytest.raises(ConfigurationError, match=r"epochs= is 0\.01 or more"):
        train_language(task, scratch, place, method="lora", epochs=0)
    with pytest.raises(ConfigurationError, match="no number"):
        train_language(task, scratch, place, method="lora", epochs="three")
    with pytest.raises(ConfigurationError, match="test_share="):
        train_language(task, scratch, place, method="lora", test_share=1.5)


def test_a_folder_that_holds_something(task: Task, scratch: Path, place: Path) -> None:
    place.mkdir()
    (place / "thesis.tex").write_text("years of work", encoding="utf-8")
    for overwrite in (False, True):
        with pytest.raises(ConfigurationError, match=r"give another folder"):
            train_language(task, scratch, place, method="lora", overwrite=overwrite)
    assert (place / "thesis.tex").read_text(encoding="utf-8") == "years of work"
    with pytest.raises(ConfigurationError, match="never overwritten"):
        scratch_model(place, ["words"])
    with pytest.raises(ConfigurationError, match="there is none"):
        scratch_model(place.parent / "empty", [])
    with pytest.raises(ValueError, match="holds no model"):
        LocalModel(place)


def test_a_training_set_that_was_changed(task: Task, tmp_path: Path) -> None:
    train, _ = lesson.sides_of(task, 0.1, 0)
    lesson.export(task, train, tmp_path / "data", 0)
    with (tmp_path / "data/train.jsonl").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(ValueError, match="is damaged"):
        lesson.read(tmp_path / "data")


def test_a_library_that_is_missing(task: Task, scratch: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    real = importlib.import_module

    def without(name: str, package: str | None = None) -> Any:
        if name.partition(".")[0] == "transformers":
            raise ModuleNotFoundError("No module named 'transformers'", name="transformers")
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(MissingExtra, match=r"pip install 'agentlog\[train\]'"):
        train_language(task, scratch, place, method="lora")


def test_importing_the_room_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    look = "import sys, agentlog.training.language; print([n for n in ('torch', 'transformers', 'trl', 'peft', 'datasets') if n in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
