"""The page: the tasks as a map, and the same as a table."""

from __future__ import annotations

from typing import Final

from agentlog.reporting import words
from agentlog.reporting.drawing import squarified
from agentlog.reporting.elements import Column, bar, brief, missing, paragraph, section, table
from agentlog.reporting.evidence import PROVEN, SERVING
from agentlog.reporting.figures import Figures
from agentlog.reporting.markup import Child, Html, join, name, tag
from agentlog.reporting.measured import Number
from agentlog.reporting.tasks import TaskFigures
from agentlog.reporting.traffic import NO_PRICES, NO_TOKENS

KINDS: Final = {
    "label": "label",
    "tool_call": "tool call",
    "json": "JSON",
    "code": "code",
    "text": "text",
    "": "not stored",
}
"""Kind of answer → as people say it."""
_SMALLEST: Final = 0.001
"""Of the map: what is smaller could not be seen, and is left to the table."""


_FEW: Final = 3
"""Tasks that need no large map."""


def kind_class(kind: str) -> str:
    """The class that colours a kind of answer."""
    return f"kind-{kind.replace('_', '-') if kind in KINDS and kind else 'none'}"


def kind_word(kind: str) -> str:
    """A kind of answer as people say it."""
    return KINDS.get(kind, kind)


def task_map(figures: Figures) -> Html:
    """A map of the tasks and the table beside it."""
    about = join(
        paragraph(
            "A task is one instruction over changing content: calls that share the lines of a prompt, the tools on offer, "
            "the shape of the answer and their place in the code."
        ),
        paragraph(
            "An area is a share of all model calls, of their tokens or of their cost. The colour is the kind of answer: labels and "
            "JSON suit the smallest models, free text needs larger ones. **Filled** tasks have a small model that is proven or serves."
        ),
    )
    if not figures.tasks:
        return section(
            "tasks",
            "The tasks",
            about,
            paragraph(
                "No task recurs in the records. A task needs a few calls of a kind: record more runs of the agent, then look with "
                f"`agentlog tasks {figures.dataset}`."
            ),
        )
    return section("tasks", "The tasks", about, _maps(figures), _key(figures), _table(figures))


def _maps(figures: Figures) -> Html:
    """Three maps, of which the chosen one is shown; without a script."""
    choices = (
        ("calls", "Calls", None),
        ("tokens", "Tokens", None if figures.traffic.model_calls.tokens else NO_TOKENS),
        ("cost", "Cost", None if figures.traffic.model_calls.cost_usd else NO_PRICES),
    )
    pieces: list[Html] = []
    for number, (key, title, absent) in enumerate(choices):
        pieces.append(
            tag(
                "input",
                type="radio",
                name="area",
                id=f"area-{key}",
                checked=number == 0,
                disabled=absent is not None,
                class_="choice",
            )
        )
        pieces.append(tag("label", title, for_=f"area-{key}"))
    notes = [
        tag("p", f"{title}: ", missing(absent), class_="note") for _, title, absent in choices if absent is not None
    ]
    maps = [_map(figures, key) for key, _, absent in choices if absent is None]
    return join(
        tag(
            "div",
            tag("span", "Area by", class_="choices-title"),
            *pieces,
            *maps,
            class_="maps",
            role="group",
            aria_label="Area by",
        ),
        *notes,
    )


def _weight(task: TaskFigures, by: str) -> float:
    if by == "calls":
        return task.share
    found: Number = task.token_share if by == "tokens" else task.cost_share
    return found if isinstance(found, int | float) else 0.0


def _map(figures: Figures, by: str) -> Html:
    sized = sorted(((_weight(task, by), task) for task in figures.tasks), key=lambda pair: -pair[0])
    shown = [(weight, task) for weight, task in sized if weight >= _SMALLEST]
    rest = max(0.0, 1 - sum(weight for weight, _ in shown))
    parts: list[tuple[float, TaskFigures | None]] = [*shown]
    if rest >= _SMALLEST:
        parts.append((rest, None))
        parts.sort(key=lambda pair: -pair[0])
    boxes = squarified([weight for weight, _ in parts]) if parts else []
    tiles = []
    for (weight, task), box in zip(parts, boxes, strict=True):
        if task is None:
            said, kind, badge, full = "no task, or too small to show", "kind-rest", "", False
        else:
            said, kind, badge = task.name, kind_class(task.kind), task.standing
            full = task.standing in (SERVING, PROVEN)
        inner = tag(
            "div",
            tag("span", name(said), class_="tile-name"),
            tag("span", words.percent(weight), class_="tile-share"),
            tag("span", badge, class_="tile-badge") if badge else None,
            class_=f"tile {kind}" + (" full" if full else ""),
        )
        place = f"left:{100 * box.left:.3f}%;top:{100 * box.top:.3f}%;width:{100 * box.width:.3f}%;height:{100 * box.height:.3f}%"
        tiles.append(tag("div", inner, class_="place", style=place))
    biggest = ", ".join(f"{task.name} {words.percent(weight)}" for weight, task in shown[:5])
    return tag(
        "div",
        *tiles,
        class_=f"map map-{by}" + (" few" if len(parts) < _FEW else ""),
        role="img",
        aria_label=f"Map of the tasks by {by}: {biggest}. The table below has all of them.",
    )


def _key(figures: Figures) -> Html:
    there = {task.kind if task.kind in KINDS else "" for task in figures.tasks}
    return tag(
        "ul",
        *(
            tag("li", tag("span", class_=f"key {kind_class(kind)}", aria_hidden="true"), said)
            for kind, said in KINDS.items()
            if kind in there
        ),
        tag("li", tag("span", class_="key kind-rest", aria_hidden="true"), "no task") if figures.unassigned else None,
        class_="legend inline",
    )


def _table(figures: Figures) -> Html:
    columns = [
        Column("Task", words=True),
        *(
            column
            for thing in ("Calls", "Tokens", "Cost")
            for column in (Column(thing), Column("of all", alone=f"of all {thing.lower()}"))
        ),
        Column("Answers", words=True),
        Column("Standing", words=True),
    ]
    rows: list[list[Child]] = []
    for task in figures.tasks:
        title = join(tag("a", name(task.name), href=f"#task-{task.id}"), bar(task.share, kind_class(task.kind)))
        rows.append(
            [
                title,
                words.count(task.calls.calls),
                words.percent(task.share),
                brief(task.calls.tokens, words.short),
                brief(task.token_share, words.percent),
                brief(task.calls.cost_usd, words.money),
                brief(task.cost_share, words.percent),
                tag(
                    "span", tag("span", class_=f"key {kind_class(task.kind)}", aria_hidden="true"), kind_word(task.kind)
                ),
                task.standing,
            ]
        )
    if figures.unassigned:
        share = figures.unassigned / figures.traffic.model_calls.calls
        rows.append(
            [
                tag("em", "no task: nothing in them recurs"),
                words.count(figures.unassigned),
                words.percent(share),
                *[words.DASH] * 6,
            ]
        )
    return table("The tasks, the biggest first", columns, rows, "tasks")
