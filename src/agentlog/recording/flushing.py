"""What rooms below the runtime may ask of it: a flush of this process, and where it records to. The runtime leaves both here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

directory: Path | None = None
"""Where this process records to; None before it is configured."""

_flush: Callable[[float], object] | None = None


def set_flush(flush: Callable[[float], object] | None) -> None:
    """The runtime started (or ended, with None)."""
    global _flush
    _flush = flush


def flush_here(timeout_s: float = 5.0) -> None:
    """Make durable what this process has captured so far. Does nothing when no recorder runs."""
    if _flush is not None:
        _flush(timeout_s)
