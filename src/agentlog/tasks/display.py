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


# Colours come from the notebook, light or dark.
_STYLE: Final = """<style>
.agentlog-tasks { font-size: 0.92em; line-height: 1.5 }
.agentlog-tasks table { border-collapse: collapse; margin-top: 0.5em; font-variant-numeric: tabular-nums }
.agentlog-tasks th, .agentlog-tasks td { text-align: right; vertical-align: top; padding: 4px 14px 4px 0; white-space: nowrap;
  border-bottom: 1px solid rgba(128, 128, 128, 0.3) }
.agentlog-tasks th:first-child, .agentlog-tasks td:first-child, .agentlog-tasks th:last-child, .agentlog-tasks td:last-child { text-align: left }
.agentlog-tasks .agentlog-quiet { opacity: 0.6 }
.agentlog-tasks .agentlog-bar { height: 3px; border-radius: 2px; margin-top: 3px; background: #4c8dd6 }
</style>"""


def html(tasks: Tasks) -> str:
    """A table for a notebook: the columns of `text`, and under each name its id, its keywords and its share as a bar."""
    head = "".join(f"<th>{name}</th>" for name in ("task", *(name for name, _ in _COLUMNS)))
    body = "".join(
        f"<tr>{_html_name(task)}{''.join(f'<td>{escape(cell(task))}</td>' for _, cell in _COLUMNS)}</tr>"
        for task in tasks.tasks
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""
    return f"{_STYLE}<div class='agentlog-tasks'>{escape(_headline(tasks))}{table}</div>"


def _html_name(task: Task) -> str:
    keywords = f"<div class='agentlog-quiet'>{escape(', '.join(task.keywords))}</div>" if task.keywords else ""
    bar = f"<div class='agentlog-bar' style='width: {max(1.0, 100 * task.share):.1f}%'></div>"
    return f"<td><b>{escape(task.name)}</b> <code class='agentlog-quiet'>{escape(task.id)}</code>{keywords}{bar}</td>"


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
            handles=[patches.Patch(color=colours[kind], label=kind or "not stored") for kind in dict.fromkeys(kinds)],
            frameon=False,
            loc="upper left",
            bbox_to_anchor=(1, 1),
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
