"""What was decided for one call, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from agentlog.tasks.reading import Answer


@dataclass(frozen=True, slots=True)
class Decision:
    """Who answers one call. `route == "model"`: give `answer` back and do not ask the LLM. Else ask the LLM as ever.

    After the LLM has answered a call whose decision `wants_outcome`, hand its answer to `Router.outcome`; handing in every
    answer does no harm.
    """

    route: Literal["llm", "model"]
    task: str | None
    """The task's id; None: the call belongs to no known task."""
    task_name: str
    """"" where there is no task."""
    score: float | None
    """How sure the small model was, 0 to 1; None where it was not asked."""
    reason: str
    """Why, in a few words; never words of the call."""
    answer: Answer | None = field(default=None, repr=False)
    """The small model's answer, with every placeholder filled back; only where `route == "model"`."""
    model: str | None = None
    """Where our model answers: "agentlog/<task name>@<version>", the `response_model` of the call's record."""
    state: str = "off"
    """The route's state at that moment: "off", "shadow", "canary", "on" or "rolled_back"."""
    audit: bool = False
    """The small model would have answered, and the LLM is asked all the same to check it."""
    id: str = ""
    """Of this decision, in the log."""
    trace: str | None = None
    """The trace that it belongs to, as the caller gave it."""
    pending: Any = field(default=None, repr=False, compare=False)
    """For the router: what it compares the LLM's answer with."""

    @property
    def wants_outcome(self) -> bool:
        """Whether the LLM's answer tells the router something."""
        return self.pending is not None
