"""What every small model is to whoever asks it: a row of `calls/` goes in, an answer with a score comes out.

A *row* is a dict with the columns of `calls/`, redacted, as Arrow gives it (`table.to_pylist()`) or as a router makes it
of a request in flight; only what was asked is read (`system_instructions`, `input_messages`, `tool_definitions`, `request`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from agentlog.tasks.reading import Answer

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says to one row."""

    answer: Answer | None
    """None: it has no answer, or was not asked because the prompt is novel."""
    score: float
    """How sure it is, 0 to 1. To be compared with `Model.threshold`, not to be read as a probability."""
    novel: str = ""
    """Why the prompt is unlike those that it was trained on; "" where it is like them."""


class Model(Protocol):
    """A small model that can take over a task's calls."""

    rung: str
    """"head", "tagger" or "endpoint"."""
    task_id: str
    task_name: str
    version: str
    """Of these weights: 12 hex characters of their hash."""
    threshold: float
    """Scores from here on may be trusted; infinity: none."""
    remote: bool
    """Answering takes a request over the network: nothing for the caller's thread to wait for in shadow."""

    def predict(self, row: Row) -> Prediction:
        """The answer to a row. Never raises for odd rows: they are novel.

        Raises:
            AgentlogError: a remote model did not answer.
        """
