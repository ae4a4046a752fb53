"""`agentlog`: the command line. Each verb calls the function of its name; `--to` is always where it goes."""

from __future__ import annotations

import sys

from agentlog.cli.app import app
from agentlog.cli.console import err
from agentlog.errors import AgentlogError, ConfigurationError, NotBuilt, UnknownName

__all__ = ["main"]


def main() -> None:
    """Run the command line. Exit code 0: done; 1: a check failed, or something is missing; 2: wrong usage; 130: Ctrl-C."""
    try:
        app(standalone_mode=True)
    except (ConfigurationError, UnknownName, NotBuilt) as error:
        err.print(f"[red]error:[/red] {_escaped(error)}", highlight=False, soft_wrap=True)
        sys.exit(2)
    except AgentlogError as error:
        err.print(f"[red]error:[/red] {_escaped(error)}", highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("interrupted")
        sys.exit(130)


def _escaped(error: Exception) -> str:
    from rich.markup import escape

    return escape(str(error))
