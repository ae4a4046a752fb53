"""What becomes of two of the tasks: small models learn them, run beside the LLM, and then answer in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agentlog.cli.demo.places import Places
from agentlog.cli.demo.script import expected_details, expected_kind
from agentlog.cli.demo.tickets import SupportTicket
from agentlog.errors import AgentlogError
from agentlog.evaluation import Evaluation, evaluate
from agentlog.routing import Router
from agentlog.semconv import OUR_MODELS
from agentlog.tasks import Tasks
from agentlog.training import Trained, train

LEARNERS: Final[Mapping[str, str]] = {"triage": "head", "extract": "tagger"}
"""Task → what learns it."""
TARGET: Final = 0.95
"""The agreement that is asked for. 45 later calls without an error prove it at 90 %; 99 % would take 230 of them."""
MARGIN: Final = 0.1
"""How much worse than the LLM is still good enough: some thirty test calls cannot show less."""
LEAST: Final = 200
"""With fewer tickets there is not enough to learn from, and to prove anything on."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a task came to."""

    task: str
    rung: str
    trained: Trained | None
    evaluation: Evaluation | None
    why: str = ""
    """Why there is no model."""

    @property
    def trusted(self) -> bool:
        """It may answer some calls."""
        return self.trained is not None and self.trained.threshold is not None


@dataclass(frozen=True, slots=True)
class Served:
    """What happened while small models answered."""

    tickets: int
    chats: int
    """Model calls of the agent."""
    avoided: int
    """Of these, the ones that a small model answered."""
    by_task: Mapping[str, int]
    wrong: int | None
    """Of the avoided ones, answered otherwise than the LLM would have; None where nobody knows what it would have said."""


def parts(tickets: Sequence[SupportTicket]) -> tuple[list[SupportTicket], list[SupportTicket], list[SupportTicket]]:
    """The tickets that are learned from, those of the shadow, those that are served; all are the first where they are few."""
    if len(tickets) < LEAST:
        return list(tickets), [], []
    first, second = len(tickets) * 14 // 20, len(tickets) * 17 // 20
    return list(tickets[:first]), list(tickets[first:second]), list(tickets[second:])


def learn(tasks: Tasks, places: Places) -> list[Learned]:
    """Trains and evaluates a model for each of `LEARNERS`."""
    found = []
    for name, rung in LEARNERS.items():
        if name not in tasks:
            found.append(Learned(name, rung, None, None, "no such task was found"))
            continue
        task = tasks[name]
        try:
            trained = train(task, rung, places.study.models / f"{task.id}-{rung}", target=TARGET)
            evaluation = evaluate(trained, task, margin=MARGIN)
        except AgentlogError as error:
            found.append(Learned(name, rung, None, None, str(error)))
            continue
        evaluation.save(places.study.evaluations)
        found.append(Learned(name, rung, trained, evaluation))
    return found


def router(tasks: Tasks, learned: Sequence[Learned], places: Places, key: bytes) -> Router:
    """A router with the models in shadow."""
    tasks.save(places.study.tasks)
    made = Router.create(places.study.routing, places.study.tasks, key=key, auto=False)
    for one in learned:
        if one.trained is not None:
            made.put(one.task, one.trained.path, target=TARGET, why="the demo looks at it beside the LLM")
    return made


def promote(made: Router, learned: Sequence[Learned]) -> None:
    """From shadow to service, in the two steps that there are."""
    for one in learned:
        if one.trusted:
            made.move(one.task, "canary", share=1.0, why="the demo has seen its shadow")
            made.move(one.task, "on", why="the demo has no time for a canary")


def served(
    rows: Sequence[Mapping[str, Any]], tickets: Sequence[SupportTicket], said: Mapping[str, Any] | None
) -> Served:
    """What the records of the served tickets say.

    Args:
        rows: of those tickets only.
        tickets: in service.
        said: ticket id → (kind, details) as the agent had them; None where nobody knows the truth.
    """
    chats = [row for row in rows if row["operation"] == "chat"]
    ours = [row["response_model"] for row in chats if (row["response_model"] or "").startswith(OUR_MODELS)]
    names = [name.removeprefix(OUR_MODELS).rpartition("@")[0] for name in ours]
    wrong = None
    if said is not None:
        wrong = 0
        for ticket in tickets:
            kind, details = said.get(ticket.id, (None, None))
            wrong += (kind is not None and kind != expected_kind(ticket.text)) + (
                details is not None and details != expected_details(ticket.text)
            )
    return Served(
        len(tickets), len(chats), len(ours), {name: names.count(name) for name in dict.fromkeys(names)}, wrong
    )
