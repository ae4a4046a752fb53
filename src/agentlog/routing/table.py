"""routing.json: which model a task has, how far it is trusted, and why. Small, readable, no words of any call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from agentlog.errors import ConfigurationError, DatasetError
from agentlog.storage import durable

FORMAT: Final = 1
FILE: Final = "routing.json"

OFF: Final = "off"
SHADOW: Final = "shadow"
CANARY: Final = "canary"
ON: Final = "on"
ROLLED_BACK: Final = "rolled_back"
STATES: Final = (OFF, SHADOW, CANARY, ON, ROLLED_BACK)
SERVING: Final = frozenset({CANARY, ON})
"""States in which the model's answers reach the caller."""

TRANSITIONS: Final[Mapping[str, tuple[str, ...]]] = {
    OFF: (SHADOW,),
    SHADOW: (OFF, CANARY, ROLLED_BACK),
    CANARY: (OFF, SHADOW, ON, ROLLED_BACK),
    ON: (OFF, SHADOW, CANARY, ROLLED_BACK),
    ROLLED_BACK: (OFF, SHADOW),
}
"""From a state to those it may be moved to. Trust grows one step at a time and is taken back in one."""

CANARY_SHARE: Final = 0.1
AUDIT_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Route:
    """What is known of a task's model."""

    task: str
    """The task's name."""
    model: str
    """The model's folder, relative to that of routing.json where it can be; or "http://host:port/v1#model"."""
    version: str = ""
    rung: str = ""
    state: str = SHADOW
    share: float = 0.0
    """Of the traces that the model serves while it is a canary, 0 to 1."""
    threshold: float | None = None
    """Of the model, for the reader; None: it answers nothing."""
    target: float = 0.99
    """The agreement that is asked for."""
    margin: float = 0.01
    """Promotion needs agreement above `target - margin`; so much may be lost to the size of the sample."""
    audit_share: float = AUDIT_SHARE
    """Of the calls that the model would serve, those that the LLM answers all the same, to check it."""
    pinned: bool = False
    """Stays as it is: neither promoted nor rolled back by itself."""
    epoch: int = 0
    """Counts the changes of model and state; evidence belongs to one epoch."""
    since: str = ""
    """When it came into its state, UTC."""
    why: str = ""
    cost_per_call_usd: float | None = None
    """What the LLM costs for one call of this task, from the records."""
    cache_lost_usd: float = 0.0
    """What a call served here costs the LLM's later calls, because the provider's prompt cache misses it."""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """Counts and bounds at the last change of state."""

    def moved(
        self, state: str, why: str, *, share: float | None = None, evidence: Mapping[str, Any] | None = None
    ) -> Route:
        """The route in another state, from now on."""
        if share is None:
            share = {CANARY: self.share or CANARY_SHARE, ON: 1.0}.get(state, 0.0)
        return replace(
            self, state=state, share=share, epoch=self.epoch + 1, since=now(), why=why, evidence=dict(evidence or {})
        )

    def check_move(self, state: str, share: float | None) -> None:
        """Raises `ConfigurationError` where the route may not be moved so."""
        if state not in STATES:
            raise ConfigurationError(f"a route has no state {state!r}. There is: {', '.join(STATES)}")
        if state != self.state and state not in TRANSITIONS[self.state]:
            raise ConfigurationError(
                f"the route of {self.task!r} is {self.state!r} and cannot become {state!r} at once. "
                f"From there: {', '.join(TRANSITIONS[self.state])}"
            )
        check_share("share", share)


def check_share(name: str, share: float | None) -> None:
    """Raises `ConfigurationError` where `share` is none."""
    if share is not None and not 0.0 <= share <= 1.0:
        raise ConfigurationError(f"{name}= is a share from 0 to 1; found {share!r}")


@dataclass(frozen=True, slots=True)
class Table:
    """The content of routing.json."""

    redaction: str
    """The name of the redaction policy that the tasks' records were made with."""
    tasks: str
    """Where the saved tasks are, relative to the file."""
    routes: Mapping[str, Route] = field(default_factory=dict)
    """Task id → route."""
    auto: bool = True
    """Whether routes are promoted by themselves; rolled back they are in any case."""

    def with_route(self, task: str, route: Route) -> Table:
        """The table with another route for a task."""
        return replace(self, routes={**self.routes, task: route})

    def save(self, folder: Path) -> None:
        """Replaces routing.json, whole or not at all; for its owner only."""
        data = {
            "format": FORMAT, "redaction": self.redaction, "tasks": self.tasks, "auto": self.auto,
            "routes": {task: asdict(route) for task, route in self.routes.items()},
        }  # fmt: skip
        durable.write_text(folder / FILE, json.dumps(data, indent=2, ensure_ascii=False) + "\n", aside=folder)

    @classmethod
    def load(cls, path: Path) -> Table:
        """The table in the file `path`.

        Raises:
            DatasetError: there is none, it is of another version, or it is damaged.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise DatasetError(f"there is no {path}: agentlog.Router.create(folder, tasks) makes one") from error
        except (OSError, ValueError) as error:
            raise DatasetError(
                f"{path} cannot be read ({type(error).__name__}): restore it, or make it anew"
            ) from error
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            found = data.get("format") if isinstance(data, dict) else type(data).__name__
            raise DatasetError(
                f"{path} has format {found!r}, this agentlog reads {FORMAT}: use the agentlog that wrote it, or make it anew"
            )
        try:
            routes = {str(task): _route(said) for task, said in data["routes"].items()}
            return cls(str(data["redaction"]), str(data["tasks"]), routes, bool(data.get("auto", True)))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DatasetError(
                f"{path} is damaged ({type(error).__name__}: {error}): restore it, or make it anew"
            ) from error


_FIELDS: Final = frozenset(Route.__dataclass_fields__)


def _route(said: Mapping[str, Any]) -> Route:
    """A route as it was written. A field that is not known is of a newer agentlog of the same format and left out."""
    route = Route(**{name: value for name, value in said.items() if name in _FIELDS})
    if route.state not in STATES:
        raise ValueError(f"no state {route.state!r}")
    numbers = (route.share, route.target, route.margin, route.audit_share, route.epoch, route.cache_lost_usd)
    if (
        not all(isinstance(one, int | float) for one in numbers)
        or not 0 <= route.share <= 1
        or not 0 < route.target < 1
    ):
        raise ValueError(f"numbers of the route of {route.task!r}")
    if not isinstance(route.evidence, Mapping) or not all(isinstance(one, str) for one in (route.task, route.model)):
        raise ValueError(f"texts of the route of {route.task!r}")
    return route


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
