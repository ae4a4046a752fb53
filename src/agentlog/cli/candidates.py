"""`agentlog candidates`: what could take a task over."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agentlog.cli.console import out
from agentlog.errors import ConfigurationError

if TYPE_CHECKING:
    from agentlog.tasks import Task


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("candidates")(_candidates)


def _candidates(
    directory: Annotated[
        Path | None, typer.Argument(help="The dataset; the configured one by default.", show_default=False)
    ] = None,
    task: Annotated[
        str | None, typer.Option(help="The task's name or id, as `agentlog tasks` shows it.", show_default=False)
    ] = None,
    licence: Annotated[
        list[str] | None,
        typer.Option(help="commercial, permissive, or an SPDX id; may be repeated.", show_default=False),
    ] = None,
    memory_gb: Annotated[float | None, typer.Option(help="Memory of your device, in GB.", show_default=False)] = None,
    latency_ms: Annotated[float | None, typer.Option(help="Of one call, at most.", show_default=False)] = None,
    monthly_budget: Annotated[float | None, typer.Option(help="USD a month, at most.", show_default=False)] = None,
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(help="Your own YAML beside the shipped one; may be repeated.", show_default=False),
    ] = None,
    llm: Annotated[
        str | None, typer.Option(help="The LLM that answers now, where the records do not say.", show_default=False)
    ] = None,
    calls_per_month: Annotated[
        float | None, typer.Option(help="Where you know better than the record.", show_default=False)
    ] = None,
    weights: Annotated[str, typer.Option(help="bf16, fp8, int8, Q8_0, Q4_K_M, Q4_0 or Q2_K.")] = "bf16",
    device: Annotated[str | None, typer.Option(help="A10G or H100.", show_default=False)] = None,
    gpu_usd_per_hour: Annotated[
        float | None, typer.Option(help="What an hour of your GPU costs.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program: one JSON object.")] = False,
) -> None:
    """Show what could take a task over, with its cost, memory, licence, and reasons for and against."""
    from agentlog.selection import candidates

    licences = licence[0] if licence and len(licence) == 1 else licence or None
    found = candidates(
        _task(directory, task),
        licences=licences,
        memory_gb=memory_gb,
        latency_ms=latency_ms,
        monthly_budget=monthly_budget,
        catalogue=catalogue or None,
        llm=llm,
        calls_per_month=calls_per_month,
        weights=weights,
        device=device,
        gpu_usd_per_hour=gpu_usd_per_hour,
    )
    if as_json:
        sys.stdout.write(json.dumps(found.to_dict(), default=str, ensure_ascii=False) + "\n")
    else:
        out.print(repr(found), markup=False, highlight=False, soft_wrap=True)


def _task(directory: Path | None, name: str | None) -> Task:
    """The task of that name: of the saved ones, else of those that are found now."""
    from agentlog import settings
    from agentlog.clustering import cluster
    from agentlog.curation import curate
    from agentlog.tasks import Tasks
    from agentlog.tasks.study import Study

    place = directory if directory is not None else settings.load().directory
    examples = curate(place)
    saved = Study.of(place).tasks
    tasks = Tasks.load(saved, examples=examples) if saved.is_dir() else cluster(examples)
    if name is not None:
        return tasks[name]
    if len(tasks) == 1:
        return tasks.tasks[0]
    names = ", ".join(repr(one.name) for one in tasks.tasks[:20])
    raise ConfigurationError(f"candidates needs --task, one of: {names}" if names else f"{place} holds no tasks")
