"""What all records of an import share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agentlog.importing.drafts import Clock


@dataclass(slots=True)
class Context:
    """Handed to every format's reader."""

    tools: list[Any] | None = None
    """The definitions of tools that the user gave."""
    clock: Clock = field(default_factory=Clock)
    run_id: str = ""
    """The trace of a file that is one run; the id of its first record."""
