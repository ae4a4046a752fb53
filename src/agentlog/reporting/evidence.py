"""What is known of the small models for a task: trained, evaluated, routed. And what of it may be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentlog.reporting.measured import Number, Unmeasured

SERVING: Final = "serving"
PROVEN: Final = "proven"
SHORT: Final = "not enough"
TRAINED: Final = "trained"
UNMEASURED: Final = "not measured"
HUMAN: Final = "human-facing"
STANDINGS: Final = (SERVING, PROVEN, SHORT, TRAINED, UNMEASURED, HUMAN)
"""How far a task has come; what each means stands in `MEANING`."""
MEANING: Final = {
    SERVING: "a small model answers calls of this task now, under the router's control",
    PROVEN: "evaluated on calls that it had not seen, and no worse than the LLM within the margin",
    SHORT: "evaluated, and the evidence does not carry it (yet)",
    TRAINED: "trained, and not evaluated",
    UNMEASURED: "no small model was tried yet",
    HUMAN: "people read the answers: they are not stored, so nothing is trained or tested on them",
}


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 95 % interval."""

    share: float
    low: float
    high: float
    n: int
    """What it was measured on: calls, or pairs of answers."""
    of: str = "call"
    """What `n` counts."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One saved evaluation of a model on a task."""

    model: str
    rung: str
    version: str
    split: str
    agreement: Interval | Unmeasured
    """With the LLM, on the calls that the model would answer; elsewhere the LLM goes on answering."""
    overall: Interval | Unmeasured
    """With the LLM, on all calls."""
    coverage: Number
    """The share of the task's calls that it would answer."""
    itself: Interval | Unmeasured
    """The LLM's agreement with itself on equal inputs."""
    verdict: str
    """"yes": no worse than the LLM within the margin; "no", "undecided", "not measurable"."""
    margin: float
    usd_per_call: float | None
    """What asking the model costs; None where it is not known."""
    sentence: str
    """The evaluation's own summary."""
    made: str
    """When, ISO 8601; "" where the file does not say."""
    current: bool = True
    """The study still has this version; else it was trained again, and the evaluation says nothing of the new one."""

    @property
    def proven(self) -> bool:
        """The evidence carries it, on calls that the model had not seen."""
        return self.verdict == "yes" and self.split == "test" and self.current


@dataclass(frozen=True, slots=True)
class Trained:
    """A model's folder in the study."""

    folder: str
    """Its name under `models/`."""
    rung: str
    version: str
    examples: int | None
    made: str


@dataclass(frozen=True, slots=True)
class Routed:
    """What the router does with a task, and what its log says of it."""

    state: str
    share: float
    """Of the runs that the model serves, where the state is "canary"."""
    model: str
    version: str
    rung: str
    since: str
    why: str
    decisions: int
    """Logged for this task."""
    avoided: int
    """Of these, the ones that the small model answered: calls that the LLM was spared."""
    disagreement: Interval | Unmeasured
    """Of the calls that both answered, how often they differed."""
    saved_usd: float | None
    """By the log; None where it has no prices."""

    @property
    def serves(self) -> bool:
        """Whether it answers in place of the LLM."""
        return self.state in ("canary", "on")


@dataclass(frozen=True, slots=True)
class Saving:
    """What is saved where a model answers some of a task's calls, by the selection's arithmetic."""

    candidate: str
    share: float
    """Of the task's calls that it answers."""
    month_usd: Number
    thousand_usd: float
    """For a thousand calls of the task, however often they come."""
    cache_usd: float
    """Taken off in `thousand_usd` already: what other calls lose of the provider's prompt cache."""
    basis: str
    """How it was worked out, in a few words."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the selection would try first. No evidence."""

    candidate: str
    rung: str
    why: tuple[str, ...]
    against: tuple[str, ...]


def standing(
    routed: Routed | None, evaluated: tuple[Evaluated, ...], trained: tuple[Trained, ...], only_human: bool
) -> str:
    """How far a task has come."""
    if routed is not None and routed.serves:
        return SERVING
    if any(one.proven for one in evaluated):
        return PROVEN
    if evaluated:
        return SHORT
    if trained:
        return TRAINED
    return HUMAN if only_human else UNMEASURED
