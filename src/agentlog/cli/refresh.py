"""`agentlog refresh`."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from agentlog.cli.console import err, out


def register(app: typer.Typer) -> None:
    """Adds the verb."""

    @app.command()
    def refresh(
        directory: Annotated[
            Path | None, typer.Argument(help="The dataset; the configured one by default.", show_default=False)
        ] = None,
        apply: Annotated[bool, typer.Option("--apply", help="Save the tasks and the routes.")] = False,
        study: Annotated[str, typer.Option(help="Where in the dataset the work lies: studies/<study>.")] = "default",
        target: Annotated[float, typer.Option(help="The agreement with the LLM that a model must show.")] = 0.99,
        seed: Annotated[int, typer.Option(help="Of tasks, split and training.")] = 0,
        as_json: Annotated[bool, typer.Option("--json", help="For a program: one JSON object.")] = False,
    ) -> None:
        """New records find their tasks, models that have aged are trained again, new routes are proposed."""
        from agentlog import settings
        from agentlog.renewal import refresh as go

        place = directory if directory is not None else settings.load().directory
        with err.status("looking at the tasks, training what has aged") if err.is_terminal else nullcontext():
            proposal = go(place, apply=apply, study=study, target=target, seed=seed)
        if as_json:
            sys.stdout.write(json.dumps(proposal.to_dict(), ensure_ascii=False) + "\n")
            return
        out.print(repr(proposal), markup=False, highlight=False, soft_wrap=True)
        changed = proposal.diff()
        if changed:
            out.print()
            out.print(changed, markup=False, highlight=False, soft_wrap=True)
