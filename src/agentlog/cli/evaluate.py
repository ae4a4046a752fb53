"""`agentlog evaluate`: a model beside the LLM whose calls it is to take over."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentlog.cli.console import err, out
from agentlog.errors import ConfigurationError

if TYPE_CHECKING:
    from agentlog.models.endpoint import Endpoint
    from agentlog.tasks import Task


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(evaluate)


def evaluate(
    model: Annotated[
        str, typer.Argument(help="A model's folder, or an address like http://host:8000/v1#model.", show_default=False)
    ],
    directory: Annotated[
        Path | None, typer.Argument(help="The dataset; the configured one by default.", show_default=False)
    ] = None,
    task: Annotated[str | None, typer.Option(help="The name or id of a task.", show_default=False)] = None,
    split: Annotated[str, typer.Option(help="test, train or all.")] = "test",
    margin: Annotated[
        float, typer.Option(help="How much worse than the LLM is good enough: 0.01 is one point.")
    ] = 0.01,
    llm: Annotated[
        str | None,
        typer.Option(
            help="The LLM's address, like https://api.openai.com/v1#gpt-4o: it is asked again.", show_default=False
        ),
    ] = None,
    judge: Annotated[
        str | None, typer.Option(help="The address of a model that judges free texts.", show_default=False)
    ] = None,
    limit: Annotated[int | None, typer.Option(help="So many calls, at random.", min=1, show_default=False)] = None,
    max_usd: Annotated[
        float | None, typer.Option(help="For an endpoint: stop before it costs more.", show_default=False)
    ] = None,
    price: Annotated[
        str | None,
        typer.Option(help="For an endpoint: USD for a million tokens in and out, like 0.10,0.40.", show_default=False),
    ] = None,
    api_key_env: Annotated[
        str | None, typer.Option(help="For an endpoint: the variable that holds its key.", show_default=False)
    ] = None,
    study: Annotated[str, typer.Option(help="Where in the dataset the work lies: studies/<study>.")] = "default",
    save: Annotated[bool, typer.Option("--save", help="Keep it in the study, where the report finds it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program: one JSON object.")] = False,
) -> None:
    """Compare a model with the LLM on a task's test calls: agreement, latency, cost, and how sure that is."""
    from agentlog import settings
    from agentlog.evaluation import evaluate as compare
    from agentlog.tasks.study import Study

    place = directory if directory is not None else settings.load().directory
    with _progress() as progress:
        done = compare(
            model if api_key_env is None else _with_key(model, api_key_env),
            _task(place, task, study),
            split=split,
            margin=margin,
            llm=llm,
            judge=judge,
            limit=limit,
            max_usd=max_usd,
            price=_price(price),
            progress=progress,
        )
    saved = done.save(Study.of(place, study).evaluations) if save else None
    if as_json:
        sys.stdout.write(json.dumps(done.to_dict(), ensure_ascii=False) + "\n")
        return
    out.print(repr(done), markup=False, highlight=False, soft_wrap=True)
    if saved is not None:
        out.print(f"saved as {saved}", markup=False, highlight=False, soft_wrap=True)


def _task(dataset: Path, name: str | None, study: str) -> Task:
    """The task of that name: of the saved tasks where there are some, else found now."""
    from agentlog.clustering import cluster
    from agentlog.curation import curate
    from agentlog.tasks import Tasks
    from agentlog.tasks.study import Study

    examples = curate(dataset)
    saved = Study.of(dataset, study).tasks
    tasks = Tasks.load(saved, examples) if saved.is_dir() else cluster(examples)
    if name is None:
        names = ", ".join(repr(one.name) for one in tasks) or "none"
        raise ConfigurationError(f"evaluate needs --task, a task's name or id. There is: {names}")
    return tasks[name]


def _with_key(address: str, variable: str) -> Endpoint:
    """The endpoint at an address, opened with the key that a variable holds."""
    from agentlog.models.endpoint import Endpoint

    key = os.environ.get(variable)
    if not key:
        raise ConfigurationError(f"--api-key-env names {variable}, which is not set")
    return Endpoint.at(address, api_key=key)


def _price(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    numbers = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*", text)
    if numbers is None:
        raise ConfigurationError(f"--price is two numbers, like 0.10,0.40; found {text!r}")
    return float(numbers[1]), float(numbers[2])


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns: tuple[Any, ...] = (TextColumn("evaluating"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        shown = bar.add_task("evaluate", total=None)
        yield lambda done, total: bar.update(shown, completed=done, total=total)
