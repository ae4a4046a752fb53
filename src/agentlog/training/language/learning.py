"""The steps of training: TRL's trainers over the verified tokens, with checkpoints to go on from and a loss to look at."""

from __future__ import annotations

import csv
import logging
import math
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agentlog.errors import AgentlogError, ConfigurationError
from agentlog.training.language.base import Base, quiet
from agentlog.training.language.lesson import Tokens
from agentlog.training.language.libraries import library
from agentlog.training.language.recipe import Recipe

logger = logging.getLogger(__name__)

LOSSES: Final = "loss.csv"
_STATE: Final = "trainer_state.json"


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of the steps."""

    steps: int
    resumed_at: int
    """The step that an earlier run had reached; 0: there was none."""
    first_loss: float | None
    last_loss: float | None
    """Means over the first and the last tenth of what was logged."""


def learn(
    base: Base,
    recipe: Recipe,
    found: Tokens,
    prompts: Sequence[str],
    directory: Path,
    checkpoints: Path,
    *,
    device: str,
    seed: int,
    bar: bool | None = None,
) -> Learned:
    """Train, from the last whole checkpoint where there is one.

    Args:
        base: the model; its weights are loaded here.
        recipe: with its numbers filled in.
        found: the rows as tokens.
        prompts: the rows' prompts as text, for a teacher that answers anew.
        directory: the model's folder: `loss.csv` and `adapter/` or `merged/` are written into it.
        checkpoints: a folder for what a stopped run goes on from.
        device: "cuda" or "cpu".
        seed: of the order of rows and of an adapter's first weights.
        bar: show a progress bar; None: where a person is looking.

    Raises:
        AgentlogError: the loss is no number any more.
    """
    transformers = library("transformers")
    model = load(base, recipe, device)
    stop_at(model, found.ends)
    resume = last_checkpoint(checkpoints)
    reached = int(resume.name.rpartition("-")[2]) if resume else 0
    if resume:
        logger.info("training goes on after step %d", reached)
    shown = _watched() if bar is None else bar
    with calm(), quiet():
        trainer = _trainer(model, base, recipe, found, prompts, checkpoints, device, seed, shown)
        trainer.remove_callback(transformers.PrinterCallback)
        if trainer.pop_callback(transformers.ProgressCallback) is not None:  # in a notebook there is another one
            trainer.add_callback(_bar(transformers))
        trainer.add_callback(_losses(transformers, directory / LOSSES))
        try:
            trainer.train(resume_from_checkpoint=str(resume) if resume else None)
        except KeyboardInterrupt:
            saved = last_checkpoint(checkpoints)
            step = saved.name.rpartition("-")[2] if saved else "0"
            logger.warning(
                "stopped after step %d: the same command goes on after step %s", trainer.state.global_step, step
            )
            raise
    target = directory / ("adapter" if recipe.adapter else "merged")
    with quiet():
        trainer.save_model(str(target))
        base.tokenizer.save_pretrained(str(target))
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    some = max(1, len(losses) // 10)
    return Learned(trainer.state.global_step, reached, _mean(losses[:some]), _mean(losses[-some:]))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def last_checkpoint(folder: Path) -> Path | None:
    """The latest checkpoint that was written to its end: its state is the last file that the trainer writes."""
    whole = [path for path in folder.glob("checkpoint-*") if (path / _STATE).is_file() and path.name[11:].isdigit()]
    return max(whole, key=lambda path: int(path.name[11:]), default=None)


def load(base: Base, recipe: Recipe, device: str) -> Any:
    """The base model with its weights, in the precision that the recipe trains it in."""
    torch, transformers = library("torch"), library("transformers")
    options: dict[str, Any] = {"trust_remote_code": recipe.trust_remote_code}
    # all weights are trained in float32 beside bfloat16 arithmetic: bfloat16 alone swallows small steps
    options["dtype"] = torch.float32 if device == "cpu" or not recipe.adapter else torch.bfloat16
    if device == "cuda":
        options["device_map"] = {"": 0}
    if recipe.method == "qlora":
        options["quantization_config"] = transformers.BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
    return weights(base.name, **options)


def weights(name: str, **options: Any) -> Any:
    """A model with its weights.

    Raises:
        ConfigurationError: they cannot be read.
    """
    try:
        with quiet():
            return library("transformers").AutoModelForCausalLM.from_pretrained(name, **options)
    except Exception as error:  # a shard that is missing or cut, a hub that went away: readers raise dozens of kinds  # noqa: BLE001
        raise ConfigurationError(
            f"the weights of {name} cannot be read ({type(error).__name__}: {str(error)[:200]})"
        ) from None


def _trainer(
    model: Any,
    base: Base,
    recipe: Recipe,
    found: Tokens,
    prompts: Sequence[str],
    checkpoints: Path,
    device: str,
    seed: int,
    shown: bool,
) -> Any:
    trl, datasets = library("trl"), library("datasets")
    common = _arguments(recipe, len(found.input_ids), checkpoints, device, seed, shown)
    adapter = _adapter(recipe) if recipe.adapter else None
    if recipe.teacher is None:
        data = datasets.Dataset.from_dict({"input_ids": found.input_ids, "labels": found.labels})
        # nothing is cut here: the rows were measured before
        arguments = trl.SFTConfig(**common, max_length=None, packing=False)
        return trl.SFTTrainer(
            model, arguments, train_dataset=data, processing_class=base.tokenizer, peft_config=adapter
        )
    data = datasets.Dataset.from_dict({"prompt": [_bare(prompt, base.tokenizer) for prompt in prompts]})
    wide = {"dtype": "float32" if device == "cpu" else "bfloat16", "trust_remote_code": recipe.trust_remote_code}
    teacher = weights(recipe.teacher, **wide, **({"device_map": {"": 0}} if device == "cuda" else {}))
    arguments = trl.DistillationConfig(**common, beta=recipe.beta, max_completion_length=2 * found.answer)
    return trl.DistillationTrainer(
        model, teacher, arguments, train_dataset=data, processing_class=base.tokenizer, peft_config=adapter
    )


def _arguments(recipe: Recipe, rows: int, checkpoints: Path, device: str, seed: int, shown: bool) -> dict[str, Any]:
    held = recipe.device_batch_size or 1
    accumulated = max(1, recipe.batch_size // held)
    steps = recipe.max_steps or max(1, math.ceil(math.ceil(rows / held) / accumulated * recipe.epochs))
    gpu = device == "cuda"
    return {
        "output_dir": str(checkpoints),
        "num_train_epochs": recipe.epochs,
        "max_steps": recipe.max_steps or -1,
        "learning_rate": recipe.learning_rate,
        "lr_scheduler_type": "cosine",
        "warmup_steps": math.ceil(recipe.warmup * steps),
        "weight_decay": recipe.weight_decay,
        "per_device_train_batch_size": held,
        "gradient_accumulation_steps": accumulated,
        "bf16": gpu and bool(library("torch").cuda.is_bf16_supported()),
        "fp16": gpu and not library("torch").cuda.is_bf16_supported(),
        "use_cpu": not gpu,
        "gradient_checkpointing": gpu,
        "save_strategy": "steps",
        "save_steps": recipe.save_steps or max(1, math.ceil(steps / 10)),
        "save_total_limit": 2,
        "logging_steps": max(1, steps // 200),
        "logging_nan_inf_filter": False,  # else a loss that is no number is logged as the mean of those before
        "dataloader_pin_memory": gpu,
        "report_to": "none",
        "disable_tqdm": not shown,
        "seed": seed,
        "data_seed": seed,
    }


def _adapter(recipe: Recipe) -> Any:
    return library("peft").LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.dropout,
        target_modules="all-linear",
        use_dora=recipe.method == "dora",
        task_type="CAUSAL_LM",
    )


def stop_at(model: Any, ends: Sequence[int]) -> None:
    """The model stops at what ends a turn in its rows, whatever it stopped at before; its configuration is served with it."""
    known = model.generation_config.eos_token_id
    stops = [known] if isinstance(known, int) else list(known or [])
    stops += [end for end in ends if end not in stops]
    model.generation_config.eos_token_id = stops if len(stops) > 1 else stops[0]


def _bare(prompt: str, tokenizer: Any) -> str:
    """The prompt without the token that its tokenizer puts in front of every text by itself."""
    start = tokenizer.bos_token
    if start and prompt.startswith(start) and tokenizer("")["input_ids"][:1] == [tokenizer.bos_token_id]:
        return prompt.removeprefix(start)
    return prompt


def _losses(transformers: Any, path: Path) -> Any:
    """Writes the loss curve as it grows; after a resumption the checkpoint's state holds its beginning."""

    class Losses(transformers.TrainerCallback):  # type: ignore[misc, unused-ignore]  # transformers has no types here
        def on_log(self, args: Any, state: Any, control: Any, **others: Any) -> None:
            curve = [entry for entry in state.log_history if "loss" in entry]
            if curve and not math.isfinite(curve[-1]["loss"]):
                raise AgentlogError(
                    f"the loss is {curve[-1]['loss']} after step {curve[-1]['step']}: the learning rate is too high. "
                    "Give a smaller learning_rate= and overwrite=True"
                )
            with path.open("w", newline="", encoding="utf-8") as file:
                table = csv.writer(file)
                table.writerow(["step", "epoch", "loss", "learning_rate"])
                table.writerows([one["step"], one.get("epoch"), one["loss"], one.get("learning_rate")] for one in curve)

    return Losses()


def _bar(transformers: Any) -> Any:
    """One line that moves, with the loss at its end, instead of a line for every entry of the log."""

    class Bar(transformers.ProgressCallback):  # type: ignore[misc, unused-ignore]  # transformers has no types here
        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **others: Any) -> None:
            if self.training_bar is not None and "loss" in (logs or {}):
                self.training_bar.set_postfix_str(f"loss {float(logs['loss']):.3f}")

    return Bar()


def _watched() -> bool:
    """A person sees the standard error stream."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules


@contextmanager
def calm() -> Iterator[None]:
    """Libraries that deprecate one another's arguments say so to their authors, not to whoever trains a model."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning)
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message=".*pin_memory.*")
        yield
