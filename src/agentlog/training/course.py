"""`train`: a task's calls, and something that could take them over, into a folder."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from agentlog.curation.sides import split
from agentlog.errors import ConfigurationError, MissingExtra
from agentlog.models.served import as_served
from agentlog.tasks import Task
from agentlog.tasks.reading import Answer, answer_of
from agentlog.training import folder, run_card
from agentlog.training.calibration import DELTA, Calibration, cut, figures
from agentlog.training.run_card import TEACHER
from agentlog.training.trained import Trained

logger = logging.getLogger(__name__)

TEST_SHARE: Final = 0.1
"""Of the runs, never learned from: `evaluate(split="test")` takes them."""
SMALL: Final = ("head", "tagger")
LANGUAGE: Final = ("lora", "qlora", "dora", "full", "distill")


def train(
    task: Task,
    candidate: Any,
    directory: str | Path,
    *,
    method: str | None = None,
    seed: int = 0,
    overwrite: bool = False,
    target: float = 0.99,
    **recipe: Any,
) -> Trained:
    """Train a small model on a task's kept calls. A tenth of the runs is left for `evaluate`.

    Args:
        task: one of `agentlog.cluster(agentlog.curate(dataset))`.
        candidate: "head" (one of a closed set of answers), "tagger" (arguments copied from the prompt), a path or hub id of
            a language model, or one of `agentlog.candidates(task)`.
        directory: the folder to make.
        method: "head", "tagger", "lora", "qlora", "dora", "full" or "distill"; None: what the candidate is, for a language
            model "lora".
        seed: of the split and the training.
        overwrite: replace a model that is there.
        target: the agreement with the LLM that accepted calls must reach, 0 to 1; a threshold is kept only where the
            later calls prove it.
        recipe: of a language model: `epochs`, `rank`, `learning_rate`, `device`, `teacher`, `accept_licence` and what else
            `agentlog.training.language.recipe.Recipe` has.

    Returns:
        Where the model is, and how it does on calls later than those it learned from.

    Raises:
        ConfigurationError: the task cannot be learned in this way, or the folder exists. The message says what to do.
        DatasetError: the task was loaded without its calls.
        MissingExtra: a library is not installed.

    Example:
        >>> import agentlog
        >>> tasks = agentlog.cluster(agentlog.curate("agentlog-records"))  # doctest: +SKIP
        >>> agentlog.train(tasks["triage"], "head", "models/triage")  # doctest: +SKIP
    """
    if not isinstance(task, Task):
        raise ConfigurationError(
            f'train takes a task, like cluster(curate(dataset))["triage"]; found {type(task).__name__}'
        )
    if not 0.5 <= target < 1:
        raise ConfigurationError(f"target is the agreement to reach, from 0.5 to less than 1; found {target}")
    place = Path(directory)
    how, base = _way(candidate, method)
    folder.check(place, overwrite=overwrite)
    if how not in SMALL:
        from agentlog.training.language import train_language

        return train_language(task, base, place, method=how, seed=seed, overwrite=overwrite, target=target, **recipe)
    if recipe:
        raise ConfigurationError(f"a {how} has no recipe to choose; found {', '.join(sorted(recipe))}")
    try:
        import scipy  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: F401
        import sklearn  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: F401
    except ImportError as error:
        raise MissingExtra("scikit-learn", "study", f'train(…, "{how}")') from error
    return _small(task, how, place, seed, overwrite, target)


def _way(candidate: Any, method: str | None) -> tuple[str, Any]:
    """The method, and the base model of a language model: its path or hub id, or the candidate that knows its licence."""
    rung = getattr(candidate, "rung", candidate)
    if method is not None and method not in (*SMALL, *LANGUAGE):
        raise ConfigurationError(f"no method {method!r}. There is: {', '.join((*SMALL, *LANGUAGE))}")
    if isinstance(rung, Path):
        rung = str(rung)
    if not isinstance(rung, str) or not rung:
        raise ConfigurationError(
            '"head", "tagger", a path or hub id of a language model, or one of candidates(task) can be trained; '
            f"found {type(candidate).__name__}"
        )
    if rung in SMALL:
        if method not in (None, rung):
            raise ConfigurationError(f"a {rung} is not trained by {method!r}: leave method= out")
        return rung, ""
    if rung == "llm":
        raise ConfigurationError("the LLM as it is needs no training: choose another candidate")
    if method in SMALL:
        raise ConfigurationError(f'{method!r} has no base model: train(task, "{method}", directory)')
    base = getattr(candidate, "model", None) if candidate is not rung and not isinstance(candidate, Path) else rung
    base = getattr(base, "id", base)
    if not isinstance(base, str) or not base:
        raise ConfigurationError(f"the candidate names no model to begin with: give a path or a hub id; found {base!r}")
    return method or "lora", base if isinstance(candidate, str | Path) else candidate


def _small(task: Task, how: str, place: Path, seed: int, overwrite: bool, target: float) -> Trained:
    started = time.monotonic()
    table, _ = split(learnable(task), TEST_SHARE, seed)
    earlier, later = cut(table, target)
    rows, seen = as_served(table.to_pylist(), seed)
    told = [answer_of(row) for row in rows]
    files, calibration, recipe = _METHODS[how](
        [rows[place] for place in earlier],
        [told[place] for place in earlier],
        ([rows[place] for place in later], [told[place] for place in later]),
        target,
        seed,
    )
    seconds = time.monotonic() - started
    done = Trained(
        path=place,
        task_id=task.id,
        task_name=task.name,
        kind=how,
        n_train=len(earlier),
        n_calibration=len(later),
        threshold=calibration.threshold,
        coverage=calibration.coverage,
        agreement=calibration.agreement,
        interval=calibration.interval,
        target=target,
        seconds=seconds,
    )
    card = _card(task, table, how, done, calibration, recipe | {"rows": seen}, seed)
    about = {
        "format": 1,
        "kind": how,
        "task": {"id": task.id, "name": task.name},
        "threshold": calibration.threshold,
        "target": target,
        "split": {"test_share": TEST_SHARE, "seed": seed},
        "calibration": card["calibration"],
        "created": card["created"],
        "agentlog": card["libraries"]["agentlog"],
        "redaction": card["data"]["redaction"],
    }
    with folder.staged(place, overwrite=overwrite) as staging:
        folder.write(
            staging,
            about,
            {
                **files,
                "run_card.json": run_card.to_bytes(card),
                "README.md": run_card.readme(card, done.sentence).encode(),
            },
        )
    logger.info("trained a %s for %s in %.1f s", how, task.name, seconds)
    return done


def learnable(task: Task) -> pa.Table:
    """The calls of a task that may be learned from.

    Raises:
        ConfigurationError: the calls have no verdicts, or none of them is kept.
        DatasetError: the task was loaded without its calls.
    """
    table = task.calls()
    if "kept" not in table.column_names:
        raise ConfigurationError(f"task {task.name!r} was found in calls without verdicts: cluster(curate(dataset))")
    table = table.filter(table["kept"])
    if not table.num_rows:
        raise ConfigurationError(
            f"none of the {task.n_calls:,} calls of task {task.name!r} is kept: curate(dataset) says why"
        )
    return table


def _card(
    task: Task, table: pa.Table, how: str, done: Trained, calibration: Calibration, recipe: dict[str, Any], seed: int
) -> dict[str, Any]:
    return {
        "kind": how,
        "task": {"id": task.id, "name": task.name},
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": {
            "n_train": done.n_train,
            "n_calibration": done.n_calibration,
            "sha256": run_card.data_hash(table),
            "redaction": run_card.policy(table),
        },
        "recipe": recipe,
        "seed": seed,
        "seconds": round(done.seconds, 2),
        "calibration": figures(calibration),
        "teacher": {"models": run_card.teachers(table), "terms": TEACHER},
        "libraries": {
            "agentlog": version("agentlog"),
            **run_card.libraries(["numpy", "scipy", "scikit-learn", "python-crfsuite", "pyarrow"]),
        },
    }


_Later = tuple[Sequence[dict[str, Any]], Sequence[Answer]]
_Result = tuple[dict[str, bytes], Calibration, dict[str, Any]]


def _head(rows: Sequence[dict[str, Any]], told: Sequence[Answer], later: _Later, target: float, seed: int) -> _Result:
    from agentlog.training.head import fit_head

    fitted = fit_head(rows, told, later=later, target=target, seed=seed)
    recipe = {"answers": len(fitted.head.answers), "grams": len(fitted.head.encoder.names), "delta": DELTA}
    return fitted.head.to_files(), fitted.calibration, recipe


def _tagger(rows: Sequence[dict[str, Any]], told: Sequence[Answer], later: _Later, target: float, seed: int) -> _Result:
    from agentlog.training.tagger import fit_tagger

    fitted = fit_tagger(rows, told, later=later, target=target, seed=seed)
    recipe = {"fields": fitted.tagger.described(), "delta": DELTA}
    return fitted.tagger.to_files(), fitted.calibration, recipe


_METHODS: Final[dict[str, Callable[..., _Result]]] = {"head": _head, "tagger": _tagger}
