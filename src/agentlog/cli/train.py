"""`agentlog train`: a small model for one of a dataset's tasks."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from agentlog.cli.console import err, out


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(train)


def train(
    directory: Annotated[
        Path | None, typer.Argument(help="The dataset; the configured one by default.", show_default=False)
    ] = None,
    task: Annotated[
        str | None, typer.Option(help="Name or id; may be left out where there is one.", show_default=False)
    ] = None,
    candidate: Annotated[
        str | None, typer.Option(help="head, tagger, or a language model's path or hub id.", show_default=False)
    ] = None,
    method: Annotated[
        str | None, typer.Option(help="head, tagger, lora, qlora, dora, full or distill.", show_default=False)
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="The model's folder; in the dataset's study by default.", show_default=False),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="Of a language model's recipe: epochs=1, rank=8, teacher=PATH.", show_default=False),
    ] = None,
    target: Annotated[float, typer.Option(help="Agreement with the LLM that accepted calls must reach.")] = 0.99,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a model that is there.")] = False,
    seed: Annotated[int, typer.Option(help="Of the split and the training.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="For a program: one JSON object.")] = False,
) -> None:
    """Train a small model on a task's calls: a head, a tagger, or a language model."""
    from agentlog.cli.app import directory_or_default
    from agentlog.errors import ConfigurationError
    from agentlog.tasks.study import Study
    from agentlog.training import train as learn

    dataset = directory_or_default(directory)
    chosen = candidate or method
    if chosen is None or (candidate is None and method not in ("head", "tagger")):
        raise ConfigurationError(
            "train needs --method head, --method tagger, or --candidate with the path or hub id of a language model"
        )
    found = _task(dataset, task)
    place = to if to is not None else Study.of(dataset).models / f"{found.id}-{method or _name(chosen)}"
    recipe = dict(map(_setting, settings or ()))
    quick = chosen in ("head", "tagger")  # a language model shows its own progress
    with err.status(f"training on {found.n_examples:,} calls of {found.name}") if quick else nullcontext():
        done = learn(found, chosen, place, method=method, seed=seed, overwrite=overwrite, target=target, **recipe)
    if as_json:
        sys.stdout.write(json.dumps(done.to_dict(), ensure_ascii=False) + "\n")
    else:
        out.print(repr(done), markup=False, highlight=False, soft_wrap=True)


def _task(dataset: Path, name: str | None):  # type: ignore[no-untyped-def]  # Task, whose import takes pyarrow
    """The task of that name: of the saved tasks where there are some, else of a fresh clustering, which is then saved."""
    from agentlog.clustering import cluster
    from agentlog.curation import curate
    from agentlog.errors import ConfigurationError
    from agentlog.tasks import Tasks
    from agentlog.tasks.study import Study

    saved = Study.of(dataset).tasks
    examples = curate(dataset)
    if (saved / "manifest.json").is_file():
        tasks = Tasks.load(saved, examples=examples)
    else:
        tasks = cluster(examples)
        tasks.save(saved)  # the router asks these tasks which of them a call is; ids must be those of the model
    if name is not None:
        return tasks[name]
    if len(tasks) == 1:
        return next(iter(tasks))
    names = ", ".join(repr(one.name) for one in list(tasks)[:20])
    raise ConfigurationError(f"--task says which of {len(tasks)} tasks: {names or 'there is none'}")


def _setting(said: str) -> tuple[str, object]:
    """`epochs=1` as a name and a value: JSON where it is some, else a text."""
    from agentlog.errors import ConfigurationError

    name, sign, value = said.partition("=")
    if not (name.isidentifier() and sign):
        raise ConfigurationError(f"--set takes NAME=VALUE, like epochs=1; found {said!r}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _name(candidate: str) -> str:
    """A language model's name as part of a folder's name."""
    return "".join(one if one.isalnum() or one in "._-" else "-" for one in candidate.rstrip("/").split("/")[-1])
