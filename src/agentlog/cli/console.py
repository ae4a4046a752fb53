"""Where the command line writes: results to standard output, progress and errors to standard error."""

from __future__ import annotations

from rich.console import Console

out = Console()
err = Console(stderr=True)
