"""The verbs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from agentlog.cli import candidates, doctor, evaluate, redact, refresh, report, serve, status, tail, train
from agentlog.cli.console import err, out
from agentlog.errors import ConfigurationError, NotBuilt

app = typer.Typer(
    name="agentlog",
    help="Record every model and tool call an agent makes, and turn the records into training data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_Dataset = Annotated[
    Path | None, typer.Argument(help="The dataset; the configured one by default.", show_default=False)
]
_Json = Annotated[bool, typer.Option("--json", help="For a program: one JSON object.")]


def _version(shown: bool) -> None:
    if shown:
        from importlib.metadata import version

        out.print(f"agentlog {version('agentlog')}", highlight=False)
        raise typer.Exit


@app.callback()
def _agentlog(
    shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    to: Annotated[Path, typer.Option("--to", help="Where records, models, training set and report go.")] = Path(
        "agentlog-demo"
    ),
    tickets: Annotated[int, typer.Option(help="How many tickets the agent answers.", min=1)] = 400,
) -> None:
    """Run a real support agent, record it, find its tasks, train small models, route to them. No key, no network."""
    from agentlog.cli.demo.story import run

    run(to, tickets=tickets, console=out)


@app.command("import")
def import_(
    source: Annotated[
        Path, typer.Argument(help="A file (.json, .jsonl, .gz) or a folder of them.", show_default=False)
    ],
    to: Annotated[Path, typer.Option("--to", help="The dataset; made when it is not there.", show_default=False)],
    format: Annotated[str | None, typer.Option(help="Recognised by itself when left out.", show_default=False)] = None,
    tools: Annotated[
        Path | None, typer.Option(help="A JSON list of the tool definitions that were offered.", show_default=False)
    ] = None,
    as_json: _Json = False,
) -> None:
    """Import logs you already have: τ-bench runs, provider exchanges, OpenAI chat JSONL."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    from agentlog.importing import import_records

    with Progress(
        TextColumn("importing"),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as bar:
        task = bar.add_task("import", total=None)

        def progress(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        imported = import_records(source, to, format=format, tools=tools, progress=progress)
    if as_json:
        _print_json(imported)
    else:
        out.print(repr(imported), markup=False, highlight=False)
    if imported.bad and not (imported.calls or imported.already):
        raise typer.Exit(1)


@app.command()
def show(directory: _Dataset = None) -> None:
    """Show what a dataset holds."""
    from agentlog.dataset import open_dataset

    out.print(repr(open_dataset(directory)), markup=False, highlight=False)


@app.command()
def tasks(
    directory: _Dataset = None,
    min_size: Annotated[int | None, typer.Option(help="Smaller groups are no task.", min=1, show_default=False)] = None,
    require_feedback: Annotated[
        str | None, typer.Option(help="Only calls whose run has good feedback of this name.", show_default=False)
    ] = None,
    as_json: _Json = False,
) -> None:
    """Find the recurring tasks in a dataset: share of calls, tokens, cost."""
    from agentlog.clustering import cluster
    from agentlog.curation import curate

    found = cluster(curate(directory_or_default(directory), require_feedback=require_feedback), min_size=min_size)
    if as_json:
        sys.stdout.write(json.dumps(found.table().to_pylist(), default=str, ensure_ascii=False) + "\n")
    else:
        out.print(repr(found), markup=False, highlight=False, soft_wrap=True)


@app.command()
def export(
    directory: _Dataset = None,
    format: Annotated[str, typer.Option(help="trl or openai.")] = "trl",
    to: Annotated[Path | None, typer.Option("--to", help="The folder of the training set.", show_default=False)] = None,
    require_feedback: Annotated[
        str | None, typer.Option(help="Only calls whose run has good feedback of this name.", show_default=False)
    ] = None,
    test_share: Annotated[float, typer.Option(help="Share of the runs that are kept for testing.")] = 0.1,
    render: Annotated[str, typer.Option(help="surrogate or placeholder: how replaced values look.")] = "surrogate",
    figures: Annotated[
        str, typer.Option(help="kept or shifted: whether amounts of money and dates are those of the log.")
    ] = "kept",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a training set that is there.")] = False,
    seed: Annotated[int, typer.Option(help="Of the split and of the surrogates.")] = 0,
) -> None:
    """Write a training set: validated, split by run, with a manifest and the lineage of every example."""
    from agentlog.exports import export as write

    if to is None:
        raise ConfigurationError("export needs --to, the folder of the training set")
    done = write(
        directory_or_default(directory),
        format,
        to,
        require_feedback=require_feedback,
        test_share=test_share,
        render=render,
        figures=figures,
        overwrite=overwrite,
        seed=seed,
    )
    out.print(repr(done), markup=False, highlight=False)


@app.command()
def feedback(
    name: Annotated[str, typer.Argument(help="Of the measure, like resolved.", show_default=False)],
    to: Annotated[Path | None, typer.Option("--to", help="The dataset.", show_default=False)] = None,
    score: Annotated[float | None, typer.Option(show_default=False)] = None,
    label: Annotated[str | None, typer.Option(show_default=False)] = None,
    explanation: Annotated[str | None, typer.Option(show_default=False)] = None,
    call: Annotated[str | None, typer.Option(help="A call's id.", show_default=False)] = None,
    trace: Annotated[str | None, typer.Option(help="A trace's id.", show_default=False)] = None,
    session: Annotated[str | None, typer.Option(help="A session's id, as you gave it.", show_default=False)] = None,
) -> None:
    """Say how a call, a trace or a session went."""
    from agentlog import runtime

    runtime.feedback(
        name,
        score=score,
        label=label,
        explanation=explanation,
        call=call,
        trace=trace,
        session=session,
        directory=directory_or_default(to),
    )
    out.print(f"feedback {name!r} stored in {directory_or_default(to)}", highlight=False)


def directory_or_default(directory: Path | None) -> Path:
    """What the user named, else the configured dataset."""
    from agentlog import settings

    return directory if directory is not None else settings.load().directory


def _print_json(value: Any) -> None:
    import dataclasses

    sys.stdout.write(json.dumps(dataclasses.asdict(value), default=str, ensure_ascii=False) + "\n")


def _not_yet(verb: str) -> None:
    @app.command(verb, hidden=True, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
    def refuse() -> None:
        raise NotBuilt(f"`agentlog {verb}` is not there yet")


for _room in (redact, status, tail, doctor, candidates, train, evaluate, serve, refresh, report):
    _room.register(app)
for _verb in ("verify", "erase", "compact", "keys"):
    _not_yet(_verb)
