"""What a round proposes: which tasks have changed, which models were made for them, and the routes before and after."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Final

from agentlog.renewal.drift import Drift
from agentlog.routing.table import OFF, Route, Table

NEW: Final = "new"
REPLACE: Final = "replace"
KEEP: Final = "keep"
STOP: Final = "stop"
NOTHING: Final = "none"
ACTIONS: Final[Mapping[str, str]] = {
    NEW: "the task gets its first model, in shadow",
    REPLACE: "a newer model takes the place of the old one, in shadow",
    KEEP: "the route stays as it is",
    STOP: "the route is switched off",
    NOTHING: "the LLM goes on answering",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a round found out about one task, and proposes for it."""

    task_id: str
    task: str
    calls: int
    drift: Drift
    action: str
    """A key of `ACTIONS`."""
    why: str
    route: Route | None = None
    """The route that is proposed; None: there is none."""
    evaluation: str = ""
    """The last sentence of the new model's evaluation; "" where none was made."""


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """A round's proposal. Nothing serves differently before it is applied: `agentlog refresh DIR --apply`."""

    path: Path
    """Of the study."""
    changes: tuple[Change, ...]
    before: Table | None
    """The routes as they are; None: there are none yet."""
    after: Table
    unassigned: int
    """New calls that belong to no task."""
    applied: bool = False
    notes: tuple[str, ...] = field(default=())

    def diff(self) -> str:
        """The routes before and after, as a unified diff; "" where nothing changes."""
        texts = [_text(table) for table in (self.before, self.after)]
        return "\n".join(difflib.unified_diff(texts[0], texts[1], "routes now", "routes proposed", lineterm="", n=2))

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return {
            "path": str(self.path),
            "applied": self.applied,
            "unassigned": self.unassigned,
            "changes": [
                {
                    "task_id": one.task_id, "task": one.task, "calls": one.calls, "new_calls": one.drift.new, "drift": list(one.drift.changed),
                    "action": one.action, "why": one.why, "route": None if one.route is None else asdict(one.route),
                    "evaluation": one.evaluation,
                }
                for one in self.changes
            ],
            "diff": self.diff(),
            "notes": list(self.notes),
        }  # fmt: skip

    @property
    def sentence(self) -> str:
        """What is proposed, and what to do now."""
        moved = [one for one in self.changes if one.action in (NEW, REPLACE, STOP)]
        if not moved:
            return f"Nothing changes: {len(self.changes)} tasks were looked at."
        told = f"{len(moved)} of {len(self.changes)} routes change"
        if self.applied:
            return f"{told}. Applied: new models run in shadow, and the LLM's answers are returned as before."
        return f"{told}. Nothing is applied yet: `agentlog refresh {self.path.parent.parent} --apply` does it."

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                one.task,
                f"{one.calls:,}",
                f"+{one.drift.new:,}",
                one.action,
                "" if one.route is None else f"{one.route.rung} {one.route.version} {one.route.state}",
                one.why,
            )
            for one in self.changes
        ]

    def __repr__(self) -> str:
        rows = [("task", "calls", "new", "action", "route", "why"), *self._rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = [
            "  ".join(
                [
                    row[0].ljust(widths[0]),
                    row[1].rjust(widths[1]),
                    row[2].rjust(widths[2]),
                    row[3].ljust(widths[3]),
                    row[4].ljust(widths[4]),
                    row[5],
                ]
            ).rstrip()
            for row in rows
        ]
        return "\n".join([*lines, *self.notes, self.sentence])

    def _repr_html_(self) -> str:
        cell = "padding:.25em .8em;text-align:left;border-bottom:1px solid color-mix(in srgb, currentColor 15%, transparent)"
        head = "".join(
            f'<th style="{cell};opacity:.7">{name}</th>' for name in ("task", "calls", "new", "action", "route", "why")
        )
        rows = ("".join(f'<td style="{cell}">{escape(value)}</td>' for value in row) for row in self._rows())
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return (
            '<div style="font-family:system-ui,sans-serif;font-size:13px">'
            f'<table style="border-collapse:collapse;font-variant-numeric:tabular-nums"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table><p>{escape(' '.join((*self.notes, self.sentence)))}</p></div>"
        )


def _text(table: Table | None) -> list[str]:
    """A table as lines that a person compares: one line for each thing that serves."""
    if table is None:
        return []
    lines: list[str] = []
    for task, route in sorted(table.routes.items(), key=lambda pair: (pair[1].task, pair[0])):
        shown = {name: getattr(route, name) for name in ("model", "version", "state", "share", "threshold", "target")}
        lines += [f"{route.task} ({task})", *(f"  {name}: {json.dumps(value)}" for name, value in shown.items())]
    return lines


def stopped(route: Route, why: str) -> Route:
    """The route, switched off."""
    return route if route.state == OFF else route.moved(OFF, why)
