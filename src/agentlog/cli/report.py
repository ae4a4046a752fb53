"""`agentlog report`: one page of what an agent costs, and what small models can take over."""

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
    app.command("report")(_report)


def _report(
    directory: Annotated[
        Path | None, typer.Argument(help="The dataset; the configured one by default.", show_default=False)
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="The HTML file.")] = Path("report.html"),
    study: Annotated[str, typer.Option(help="Where in the dataset the work lies: studies/<study>.")] = "default",
    examples: Annotated[
        bool, typer.Option("--examples", help="Also one redacted call of each task; else no content is on the page.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program: every figure as one JSON object.")] = False,
) -> None:
    """Write one page: what the agent costs, what small models can take over, with what evidence, what is missing."""
    from agentlog.cli.app import directory_or_default
    from agentlog.reporting import report

    with err.status("counting") if err.is_terminal else nullcontext():
        done = report(directory_or_default(directory), to, study=study, examples=examples, overwrite=overwrite)
    if as_json:
        sys.stdout.write(json.dumps(done.to_dict(), ensure_ascii=False) + "\n")
    else:
        out.print(repr(done), markup=False, highlight=False, soft_wrap=True)
