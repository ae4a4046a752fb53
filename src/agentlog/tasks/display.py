"""Tasks for the eye: a table in a terminal, one in a notebook, bars in a figure."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, Final

from agentlog.errors import MissingExtra
from agentlog.tasks.task import Task

if TYPE_CHECKING:
    from agentlog.tasks.collection import Tasks

_NAME_WIDTH = 52
_UNKNOWN = "\N{EN DASH}"

_COLUMNS: Final[tuple[tuple[str, Callable[[Task], str]], ...]] = (
    ("calls", lambda task: f"{task.n_calls:,}"),
    ("share", lambda task: _percent(task.share)),
    ("tokens", lambda task: _tokens(task)),
    ("share", lambda task: _percent(task.token_share)),
    ("cost", lambda task: _dollars(task.cost_usd)),
    ("share", lambda task: _percent(task.cost_share)),
    ("runs", lambda task: f"{task.n_traces:,}"),
    ("kind", lambda task: task.output_kind or _UNKNOWN),
)
_LEFT: Final = "kind"  # the one column of words


def text(tasks: Tasks) -> str:
    """One line for each task, aligned for a terminal."""
    lines = [_headline(tasks)]
    if tasks.tasks:
        rows = [["task", *(name for name, _ in _COLUMNS)]]
        rows += [[_shortened(task.name), *(cell(task) for _, cell in _COLUMNS)] for task in tasks.tasks]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        left = {0, *(i for i, (name, _) in enumerate(_COLUMNS, 1) if name == _LEFT)}
        lines += [
            "  ".join(
                cell.ljust(width) if i in left else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
    return "\n".join(lines)


def html(tasks: Tasks) -> str:
    """A table for a notebook. It takes its colours from the page, so that it is readable on light and dark ones."""
    cell = "padding:.35em .8em;border-bottom:1px solid color-mix(in srgb, currentColor 15%, transparent)"
    head = "".join(
        f'<th style="{cell};text-align:{"left" if name in ("task", _LEFT) else "right"};font-weight:600;opacity:.7">{name}</th>'
        for name in ("task", *(name for name, _ in _COLUMNS))
    )
    body = "".join(_html_row(task, cell) for task in tasks.tasks)
    return (
        f'<div style="font-family:system-ui,sans-serif;font-size:13px"><div style="margin:.3em 0 .6em">{escape(_headline(tasks))}</div>'
        + (
            f'<table style="border-collapse:collapse;font-variant-numeric:tabular-nums"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
            if body
            else ""
        )
        + "</div>"
    )


def _html_row(task: Task, cell: str) -> str:
    name = (
        f'<td style="{cell};text-align:left"><b>{escape(task.name)}</b> <code style="opacity:.5">{escape(task.id)}</code>'
        f'<div style="opacity:.65;font-size:90%">{escape(", ".join(task.keywords))}</div>'
        f'<div style="height:3px;border-radius:2px;margin-top:.3em;width:{max(1.0, 100 * task.share):.1f}%;background:#4c8dd6"></div></td>'
    )
    cells = "".join(
        f'<td style="{cell};text-align:{"left" if title == _LEFT else "right"};white-space:nowrap">{escape(value(task))}</td>'
        for title, value in _COLUMNS
    )
    return f"<tr>{name}{cells}</tr>"


def plot(tasks: Tasks, ax: Any) -> Any:
    """Bars of each task's share of calls, coloured by the kind of its answers.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    try:
        pyplot = importlib.import_module("matplotlib.pyplot")
        patches = importlib.import_module("matplotlib.patches")
    except ImportError as error:
        raise MissingExtra("matplotlib", "notebook", "Tasks.plot()") from error
    colours = {
        "label": "#2a9d8f",
        "tool_call": "#e9a23b",
        "json": "#4c8dd6",
        "code": "#8a6fc2",
        "text": "#c8553d",
        "": "#999999",
    }
    if ax is None:
        _, ax = pyplot.subplots(figsize=(8, 0.4 * len(tasks) + 1), layout="constrained")
    kinds = [task.output_kind for task in tasks.tasks]
    ax.barh(
        [_shortened(task.name) for task in tasks.tasks],
        [100 * task.share for task in tasks.tasks],
        color=[colours[kind] for kind in kinds],
    )
    ax.invert_yaxis()
    ax.set_xlabel("share of calls in %")
    ax.set_title(_headline(tasks), fontsize="medium", loc="left")
    ax.spines[["top", "right"]].set_visible(False)
    if kinds:
        ax.legend(
            handles=[patches.Patch(color=colours[kind], label=kind or "unknown") for kind in dict.fromkeys(kinds)],
            frameon=False,
        )
    return ax


def _headline(tasks: Tasks) -> str:
    if not tasks.n_calls:
        return "no tasks: there are no model calls"
    found = f"{len(tasks)} task{'s' * (len(tasks) != 1)} in {tasks.n_calls:,} model call{'s' * (tasks.n_calls != 1)}"
    left = len(tasks.unassigned)
    return (
        f"{found}; {left:,} belong{'s' * (left == 1)} to none (fewer than {tasks.min_size} of a kind)"
        if left
        else found
    )


def _shortened(name: str) -> str:
    return name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 1] + "…"


def _percent(share: float | None) -> str:
    return _UNKNOWN if share is None else f"{100 * share:.1f} %"


def _dollars(cost: float | None) -> str:
    if cost is None:
        return _UNKNOWN
    return f"${cost:,.2f}" if cost >= 1 or cost == 0 else f"${cost:.2g}"


def _tokens(task: Task) -> str:
    if task.input_tokens is None and task.output_tokens is None:
        return _UNKNOWN
    count = (task.input_tokens or 0) + (task.output_tokens or 0)
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if count >= size:
            return f"{count / (1e3 if unit == 'k' else size):,.1f}{unit}"
    return f"{count:,}"
