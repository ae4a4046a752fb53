"""`agentlog doctor`: would recording work here, and what would it cover? Each finding says what to do.

findings.py      what a check says
given.py         the settings and where each comes from, the environment
frameworks.py    what `instrument()` covers here, and what it does not, and why
keeping.py       the key of the pseudonyms, the directory
machine.py       the recorder, tried out; containers and limits
"""

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
    app.command()(doctor)


def doctor(
    directory: Annotated[
        Path | None, typer.Argument(help="The dataset; the configured one by default.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program: a JSON list of findings.")] = False,
) -> None:
    """Look whether recording works here: settings, frameworks, keys, directory, recorder. Exit code 1: something is wrong."""
    from agentlog.cli.doctor import frameworks, given, keeping, machine

    with err.status("looking") if err.is_terminal else nullcontext():
        findings, settings = given.look(directory)
        findings += frameworks.look()
        if settings is not None:
            findings += keeping.look(settings, given.origin_of_key(directory))
            findings += machine.look(settings)
    wrong = sum(one.level == "wrong" for one in findings)
    if as_json:
        sys.stdout.write(json.dumps([one.to_dict() for one in findings], ensure_ascii=False) + "\n")
    else:
        from agentlog.cli.doctor.findings import shown

        for line in shown(findings):
            out.print(line, highlight=False)
    if wrong:
        raise typer.Exit(1)
