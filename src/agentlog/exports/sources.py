"""`export`: whatever holds examples, in whatever format, into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from agentlog.curation import Examples, curate
from agentlog.dataset import Dataset, open_dataset
from agentlog.errors import ConfigurationError
from agentlog.exports import folder
from agentlog.exports.training_set import Export, Recipe, write
from agentlog.tasks import Task, Tasks


def export(
    source: Dataset | Examples | Tasks | Task | str | Path,
    format: str,
    directory: str | Path,
    *,
    test_share: float = 0.1,
    require_feedback: str | None = None,
    render: str = "surrogate",
    figures: str = "kept",
    prove: bool | None = None,
    overwrite: bool = False,
    seed: int = 0,
) -> Export:
    """Write a training set: verdicts applied, split by run, validated, loaded by its consumer, with lineage. Or nothing.

    One model call is one example: what it was told is the prompt, what it answered the completion. Calls of one run or
    session, and equal prompts, are never on both sides of the split.

    Args:
        source: a dataset or its folder, curated examples, found tasks, or one task.
        format: "trl" (prompt and completion with `tools`, arguments as objects) or "openai" (chat JSONL).
        directory: the folder to make.
        test_share: share of the runs that go to `test.jsonl`, 0 to less than 1. A run keeps its side as data grows.
        require_feedback: only calls with good feedback of this name; for a dataset. Examples and tasks had their `curate`.
        render: "surrogate": replaced values look natural (`<PERSON_1>` → a made-up name); "placeholder": as stored.
        figures: "kept": amounts and dates as stored; "shifted": of each run, all amounts of money times one factor and all
            dates moved by whole weeks, so that sums, order, intervals and days of the week hold. Whole amounts may get decimals.
        prove: True: the consumer's own loader must be installed and accept the files; None: where it is installed;
            False: it is not asked, and the manifest says so.
        overwrite: replace an export that is there.
        seed: of the split, the surrogates and the figures. The same seed and data give the same bytes.

    Returns:
        What was written. `manifest.json` has counts, hashes, reasons and proofs; `lineage.parquet` leads from each example
        to its call.

    Raises:
        UnknownName: there is no such format, or no feedback of that name.
        ConfigurationError: the folder exists, or an argument cannot be used.
        DatasetError: the source is no dataset.
        ExportError: too few rows, or a check failed. Nothing was written.
        MissingExtra: `prove=True` and the loader is not installed.

    Example:
        >>> import agentlog
        >>> agentlog.export("agentlog-records", "trl", "training-set")  # doctest: +SKIP
        Export(trl: 160 train, 21 test, 3 refused → training-set)
    """
    recipe = Recipe(
        format,
        test_share=test_share,
        render=render,
        figures=figures,
        prove=prove,
        overwrite=overwrite,
        seed=seed,
        require_feedback=require_feedback,
    )
    folder.check(Path(directory), overwrite=overwrite)  # before curation, which takes longer
    if isinstance(source, str | Path):
        source = open_dataset(source)
    if isinstance(source, Dataset) and Path(directory).resolve().is_relative_to(source.path.resolve()):
        raise ConfigurationError(f"{directory} lies in the dataset {source.path}: give a folder outside it")
    table, funnel, name = _examples(source, require_feedback)
    return write(table, directory, replace(recipe, source=name), funnel)


def _examples(source: Any, require_feedback: str | None) -> tuple[pa.Table, Mapping[str, int] | None, str]:
    if isinstance(source, Dataset):
        found = curate(source, require_feedback=require_feedback)
        return found.table, found.funnel(), source.path.resolve().name
    if require_feedback is not None:
        raise ConfigurationError(
            "require_feedback= needs the dataset, which has the feedback: "
            "give it to curate(dataset, require_feedback=…), or export the dataset"
        )
    if isinstance(source, Examples):
        return source.table, source.funnel(), Path(source.source).name or "examples"
    if isinstance(source, Task):
        return _of_task(source), None, f"task {source.name}"
    if isinstance(source, Tasks):
        if not len(source):
            raise ConfigurationError("there is no task to export: cluster() found none")
        return pa.concat_tables([_of_task(task) for task in source]), None, f"{len(source)} tasks"
    raise ConfigurationError(
        f"export takes a dataset, its folder, examples, tasks or a task; found {type(source).__qualname__}"
    )


def _of_task(task: Task) -> pa.Table:
    table = task.calls()
    if "kept" not in table.column_names:
        raise ConfigurationError(f"task {task.name!r} was found in calls without verdicts: cluster(curate(dataset))")
    return table
