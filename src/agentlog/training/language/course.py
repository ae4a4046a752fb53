"""From a task to a folder with a language model: everything that can say no first, then the steps, then the proof.

    task ── export ──→ rows ── verify the template ──→ tokens ── fits into memory? ──→ steps ── merge, reload ──→ the folder

The work is done in a hidden folder beside the one that was asked for, which appears whole or not at all. A run that was
stopped leaves the hidden one behind, and the same command goes on in it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from agentlog.errors import ConfigurationError
from agentlog.models.folder import FORMAT
from agentlog.tasks import Task
from agentlog.training import folder
from agentlog.training.calibration import Calibration, figures
from agentlog.training.language import card, lesson, memory
from agentlog.training.language.base import Base, find
from agentlog.training.language.learning import Learned, learn
from agentlog.training.language.libraries import versions
from agentlog.training.language.merging import merge
from agentlog.training.language.recipe import Recipe, recipe
from agentlog.training.language.serving import lines, vllm_parser
from agentlog.training.language.templates import Verdict, verify_template
from agentlog.training.language.trusting import calibrated
from agentlog.training.language.work import Work
from agentlog.training.trained import Trained

logger = logging.getLogger(__name__)

_PICKLE: Final = "training_args.bin"
"""The trainer's own, and no part of a model: whoever opens a pickle runs it."""


def train_language(
    task: Task,
    base: Any,
    directory: str | Path,
    *,
    method: str,
    seed: int = 0,
    overwrite: bool = False,
    target: float = 0.99,
    **given: Any,
) -> Trained:
    """Train a language model on a task's kept calls, or go on where the same command was stopped.

    The calls are exported as a TRL training set (into `data/`), the base model's chat template is verified on every row,
    and everything that can be known before the weights are loaded is checked before: licence, memory, lengths.

    Args:
        task: one of `agentlog.cluster(agentlog.curate(dataset))`.
        base: a path, a hub id, or one of `agentlog.candidates(task)`.
        directory: the folder to make: `adapter/` (not for all methods), `merged/`, `data/`, `loss.csv`, `run_card.json`.
        method: "lora", "qlora", "dora", "full" or "distill".
        seed: of the split and the training.
        overwrite: replace a model that is there; begin anew where a stopped run was begun with something else.
        target: the agreement that is asked of the model later; noted in `model.json`.
        given: parts of the recipe, see `recipe.Recipe`.

    Raises:
        ConfigurationError: it cannot be trained like this; the message says why and what to do. Nothing was loaded.
        MissingExtra: a library is not installed.
        AgentlogError: the training itself failed.
    """
    started = time.monotonic()
    wanted = recipe(method, given)
    directory = Path(directory)
    folder.check(directory, overwrite=overwrite)
    train, test = lesson.sides_of(task, wanted.test_share, seed)
    learned_from, later = lesson.cut_off(train, target) if wanted.calibrate else (train, train.slice(0, 0))
    found = find(base, trust_remote_code=wanted.trust_remote_code)
    _check_licence(found, wanted)
    teacher = _teacher(wanted, found)
    device = memory.device_of(wanted)
    # the weights alone may be too many, and that is said before a row is exported
    memory.check(found, wanted, 1, 0, device, teacher=teacher)
    work = Work(directory.with_name(f".{directory.name}-unfinished"))
    goes_on = work.open(_begun(task, train, found, wanted, seed), overwrite=overwrite)
    data = work.model / "data"
    with work.dropped_on_error(unless=goes_on):
        rows = lesson.read(data) if goes_on and data.exists() else lesson.export(task, learned_from, data, seed)
        verdict = verify_template(found.tokenizer, rows.rows)
        rendering = verdict.require()
        tokens = lesson.tokens(rendering, rows.rows, found.tokenizer, closes=verdict.closes)
        lesson.check_length(tokens, found.context, wanted.max_length)
        needed = memory.check(found, wanted, tokens.longest, tokens.total, device, teacher=teacher)
    filled = wanted.filled(found.parameters)
    prompts = [rendering.prompt(row) for row in rows.rows] if filled.teacher else []
    learned = learn(found, filled, tokens, prompts, work.model, work.checkpoints, device=device, seed=seed)
    moved = merge(found, filled, work.model, tokens, device=device)
    about: dict[str, Any] = {
        "kind": "adapter",
        "task": {"id": task.id, "name": task.name},
        "created": card.now(),
        "agentlog": version("agentlog"),
        "base": found.to_dict(),
        "method": method,
        "recipe": filled.to_dict(),
        "seed": seed,
        "device": device,
        "data": {
            "examples": len(rows.rows),
            "left_for_calibration": len(later),
            "left_for_test": len(test),
            "sha256": rows.sha256,
            "refused": rows.manifest["refused"],
            "proof": rows.manifest["proof"],
            "redaction": rows.policies,
            "tokens": tokens.total,
            "longest_tokens": tokens.longest,
            "longest_answer_tokens": tokens.answer,
        },
        "template": _template(verdict, found, rows.rows),
        "learned": _learned(learned),
        "merged": {"largest_logit_difference": moved},
        "memory_gib": {"estimated": round(needed.total / memory.GIB, 3)},
        "licences": _licences(found, filled, train),
        "libraries": versions(),
    }
    about["serving"] = lines(directory, task.name, found.name, filled.rank, about["template"])
    split = {"test_share": wanted.test_share, "seed": seed}
    _write_model(work.model, about, None, split=split, target=target)
    calibration = calibrated(work.model, later, target) if wanted.calibrate else None
    done = _done(task, directory, about, calibration, target, time.monotonic() - started)
    about["seconds"] = round(done.seconds, 2)
    _write_model(work.model, about, calibration, split=split, target=target)
    work.move(directory)
    logger.info("trained a language model for %s in %.1f s", task.name, done.seconds)
    return done


def _check_licence(base: Base, wanted: Recipe) -> None:
    if base.commercial == "no" and not wanted.accept_licence:
        raise ConfigurationError(
            f"the licence of {base.name} ({base.licence}) forbids commercial use. Nothing was loaded. Take another base "
            "model, or say accept_licence=True where yours is no such use; the run card will say so"
        )


def _teacher(wanted: Recipe, base: Base) -> Base | None:
    if wanted.teacher is None:
        return None
    found = find(wanted.teacher, trust_remote_code=wanted.trust_remote_code)
    if found.tokenizer.get_vocab() != base.tokenizer.get_vocab():
        raise ConfigurationError(
            f"the teacher {found.name} has another tokenizer than {base.name}, so their next tokens cannot be compared: take a "
            "teacher of the same family, or leave teacher= out and learn from the logged answers"
        )
    return found


def _begun(task: Task, train: pa.Table, base: Base, wanted: Recipe, seed: int) -> dict[str, Any]:
    """What must be the same for a run that goes on."""
    calls = hashlib.sha256("\n".join(map(str, train["call_id"].to_pylist())).encode()).hexdigest()
    return {"task": task.id, "calls": calls, "base": base.name, "seed": seed, **wanted.to_dict()}


def _template(verdict: Verdict, base: Base, rows: list[dict[str, Any]]) -> dict[str, Any]:
    text = base.tokenizer.chat_template
    text = text.get("default", "") if isinstance(text, dict) else text
    return {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "rows": verdict.rows,
        "read_back": None if verdict.unread is None else verdict.rows - verdict.unread,
        "history_without_words": verdict.silent,
        "options": dict(verdict.options),
        "ends_a_turn": verdict.closes,
        "tools": any(row.get("tools") for row in rows),
        "parser": vllm_parser(text),
    }


def _learned(learned: Learned) -> dict[str, Any]:
    return {
        "steps": learned.steps,
        "resumed_at_step": learned.resumed_at,
        "first_loss": learned.first_loss,
        "last_loss": learned.last_loss,
    }


def _licences(base: Base, filled: Recipe, train: pa.Table) -> dict[str, Any]:
    teachers = {filled.teacher: len(train)} if filled.teacher else lesson.teachers_of(train)
    return {
        "base": {
            "name": base.name,
            "licence": base.licence,
            "commercial": base.commercial,
            "accepted": filled.accept_licence,
        },
        "teachers": teachers,
        "terms": lesson.terms(teachers),
    }


def _done(
    task: Task,
    directory: Path,
    about: Mapping[str, Any],
    calibration: Calibration | None,
    target: float,
    seconds: float,
) -> Trained:
    ways = "\n".join(f"  {line}" for line in about["serving"].values())
    return Trained(
        path=directory,
        task_id=task.id,
        task_name=task.name,
        kind="adapter",
        n_train=about["data"]["examples"],
        n_calibration=about["data"]["left_for_calibration"],
        threshold=None if calibration is None else calibration.threshold,
        coverage=None if calibration is None else calibration.coverage,
        agreement=None if calibration is None else calibration.agreement,
        interval=None if calibration is None else calibration.interval,
        target=target,
        seconds=seconds,
        note=f"{card.sentence(about)} Serve it in one of these ways, then evaluate() it:\n{ways}",
    )


def _write_model(
    made: Path, about: Mapping[str, Any], calibration: Calibration | None, *, split: Mapping[str, Any], target: float
) -> None:
    """The files that say what it is, with the hash of every other file."""
    for left in made.glob(f"*/{_PICKLE}"):
        left.unlink()
    model = {
        "format": FORMAT,
        "kind": "adapter",
        "task": about["task"],
        "threshold": None if calibration is None else calibration.threshold,
        "target": target,
        "split": split,
        "calibration": figures(calibration),
        "base": about["base"]["name"],
        "created": about["created"],
        "agentlog": about["agentlog"],
        "redaction": "+".join(about["data"]["redaction"]) or None,
    }
    written = json.dumps({**about, "calibration": figures(calibration)}, ensure_ascii=False, indent=2).encode()
    folder.write(made, model, {card.NAME: written, "README.md": card.text(about).encode()})
