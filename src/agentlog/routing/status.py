"""How the routes stand, to be looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Final

_UNKNOWN: Final = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class RouteStatus:
    """One route. Counts of `calls` to `failed` are of its present state; `served` and what follows, of its whole log."""

    task_id: str
    task: str
    state: str
    share: float
    """Of the traces, while a canary."""
    model: str
    version: str
    rung: str
    problem: str
    """Why the model cannot be asked; "" where it can."""
    since: str
    why: str
    calls: int
    """Calls that the model looked at."""
    accepted: int
    """Of these, those that it would have answered or did."""
    novel: int
    invalid: int
    failed: int
    compared: int
    """Of the accepted, those to which the LLM's answer is known."""
    agreed: int
    lower: float
    """Clopper-Pearson, one-sided 95 %, of the share agreed."""
    upper: float
    target: float
    promotion: float
    """How far the proof for the next state is, 0 to 1."""
    alarm: float | None
    """How near the rollback is, 0 to 1; None where nothing is served."""
    novelty_alarm: bool
    """More calls are novel than when the route came into its state: perhaps a new task, or another prompt."""
    served: int
    """Calls that the LLM was spared."""
    saved_usd: float | None
    """None where a call's cost is not known."""

    @property
    def novelty_rate(self) -> float | None:
        """Of the calls that the model looked at."""
        return self.novel / self.calls if self.calls else None


@dataclass(frozen=True, slots=True, repr=False)
class RouterStatus:
    """All routes of a router, and the router itself."""

    routes: tuple[RouteStatus, ...]
    decisions: int
    """In the log, with those not written yet."""
    served: int
    unassigned: int
    """Decisions for calls that belong to no known task."""
    unassigned_alarm: bool
    """More calls belong to no task than the tasks were made with: cluster again."""
    saved_usd: float | None
    queued: int
    """LLM answers that wait for their comparison."""
    dropped: int
    """LLM answers that did not fit into the queue, and events that could not be written."""
    problem: str
    """Why nothing is routed; "" where all is well."""

    def __repr__(self) -> str:
        rows = [_HEAD, *(_row(route) for route in self.routes)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if i in _LEFT else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        return "\n".join([*(lines if self.routes else []), self.sentence()])

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align: left'>{name}</th>" for name in _HEAD)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _row(route))}</tr>" for route in self.routes
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""
        return f"<div>{table}<p>{escape(self.sentence())}</p></div>"

    def sentence(self) -> str:
        """What it comes to."""
        if self.problem:
            return f"Nothing is routed: {self.problem}. Every call goes to the LLM."
        said = f"{self.served:,} of {self.decisions:,} calls were answered without the LLM"
        said += f", saving ${self.saved_usd:,.2f}" if self.saved_usd is not None else ""
        said += f"; {self.unassigned:,} belong to no known task" if self.unassigned else ""
        said += ", more than before: cluster again" if self.unassigned_alarm else ""
        said += f"; {self.queued:,} answers wait" if self.queued else ""
        said += f"; {self.dropped:,} were dropped" if self.dropped else ""
        return said + "."

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


_HEAD: Final = [
    "task",
    "state",
    "model",
    "looked at",
    "accepted",
    "compared",
    "agreed",
    "at least",
    "novel",
    "served",
    "saved",
    "",
]
_LEFT: Final = frozenset((0, 1, 2, 11))


def _row(route: RouteStatus) -> list[str]:
    state = f"{route.state} {route.share:.0%}" if route.state == "canary" else route.state.replace("_", " ")
    notes = [f"! {route.problem}"] if route.problem else []
    notes += ["more novel calls than before"] if route.novelty_alarm else []
    notes += [f"alarm {route.alarm:.0%}"] if route.alarm and route.alarm >= 0.5 else []
    return [
        route.task, state, f"{route.rung} {route.version}".strip(), f"{route.calls:,}", _share(route.accepted, route.calls),
        f"{route.compared:,}", _share(route.agreed, route.compared, 2), f"{route.lower:.2%}" if route.compared else _UNKNOWN,
        _share(route.novel, route.calls), f"{route.served:,}",
        _UNKNOWN if route.saved_usd is None else f"${route.saved_usd:,.2f}", "; ".join(notes),
    ]  # fmt: skip


def _share(part: int, whole: int, digits: int = 1) -> str:
    return f"{part / whole:.{digits}%}" if whole else _UNKNOWN
