"""Candidates for the eye: a table with reasons in a terminal, one in a notebook."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from agentlog.selection.candidate import Candidate, Candidates
    from agentlog.selection.profiling import Profile

_WIDTH: Final = 118
_UNKNOWN: Final = "\N{EN DASH}"
_MINUS: Final = "\N{MINUS SIGN}"
_SHOWN: Final = 3
"""Models of one rung in the table; the others are named below it."""
_HEADS: Final = ("rung", "candidate", "licence", "memory", "latency", "a month", "saves", "served")
_LEFT: Final = frozenset({0, 1, 2, 7})
_GIVES: Final = {7: 8, 2: 8, 1: 20}
"""Columns that are cut where the table is too wide, in this order, and to what width: a name last."""


def text(found: Candidates) -> str:
    """The task's numbers, the ladder with reasons, what is excluded and why, the sentence at the end."""
    lines = _headline(found.profile)
    rows = list(_shown(found))
    cells = [list(_HEADS), *(_cells(row, found) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for column, least in _GIVES.items():
        over = sum(widths) + 2 * (len(widths) - 1) - _WIDTH
        widths[column] -= max(0, min(over, widths[column] - least))
    lines += ["", _line(cells[0], widths)]
    for row, cell in zip(rows, cells[1:], strict=True):
        lines.append(_line(cell, widths))
        if row.pros:
            lines += _wrapped("+ " + "; ".join(row.pros), "    ")
        if row.cons:
            lines += _wrapped(f"{_MINUS} " + "; ".join(row.cons), "    ")
        if row.note:
            lines += _wrapped(f"\N{MIDDLE DOT} {row.note}", "    ")
    for rung, others in _others(found):
        lines += _wrapped(f"also {rung}: {', '.join(others)}", "  ")
    lines += _excluded(found)
    lines.append("")
    for assumption in found.assumptions:
        lines += _wrapped(assumption, "  ")
    return "\n".join([*lines, "", *_wrapped(sentence(found), "")])


def sentence(found: Candidates) -> str:
    """What to do, in words."""
    best, about = found.best, found.profile
    by = ", ".join(f"{constraint} {count}" for constraint, count in found.excluded_by().items())
    if best is None:
        return f"Nothing is left: excluded by {by}. Loosen what excludes most."
    if best.rung == "llm":
        if not any(row.rung != "llm" for row in found):
            return f"Leave the task with the LLM: nothing else is left. Excluded by {by}."
        costs = min(
            (row.monthly_usd for row in found if row.rung != "llm" and row.monthly_usd is not None), default=None
        )
        least = f": the cheapest that is left would cost {money(costs)} a month" if costs is not None else ""
        return f"Leave the task with the LLM, at {money(about.usd_per_month)} a month{least}."
    saves = (
        f"saves up to {money(best.saving_usd)} a month"
        if best.saving_usd is not None
        else "what it saves is not measurable (see above)"
    )
    return f"Begin with {best.name}: {saves}. Whether it agrees with the LLM, training and evaluating will show."


def html(found: Candidates) -> str:
    """The table for a notebook, excluded candidates folded."""
    cell = "padding:.3em .9em .3em 0;border-bottom:1px solid rgba(128,128,128,.3);vertical-align:top"
    head = "".join(f"<th style='{cell};text-align:left'>{name}</th>" for name in _HEADS)
    body = ""
    for row in _shown(found):
        cells = "".join(f"<td style='{cell};white-space:nowrap'>{escape(one)}</td>" for one in _cells(row, found))
        reasons = "".join(f"<div>+ {escape(one)}</div>" for one in row.pros)
        reasons += "".join(f"<div>{_MINUS} {escape(one)}</div>" for one in row.cons)
        body += f"<tr>{cells}</tr><tr><td></td><td colspan='{len(_HEADS) - 1}' style='opacity:.75'>{reasons}</td></tr>"
    others = "".join(f"<div>also {rung}: {escape(', '.join(names))}</div>" for rung, names in _others(found))
    out = "".join(f"<div>{escape(line.strip())}</div>" for line in _excluded(found))
    notes = "".join(f"<div>{escape(one)}</div>" for one in found.assumptions)
    return (
        "<div style='font-family:system-ui,sans-serif;font-size:13px;line-height:1.5'>"
        + "".join(f"<div>{escape(line)}</div>" for line in _headline(found.profile))
        + f"<table style='border-collapse:collapse;font-variant-numeric:tabular-nums'><thead><tr>{head}</tr></thead>"
        + f"<tbody>{body}</tbody></table>{others}<details><summary>excluded and assumed</summary>{out}{notes}</details>"
        + f"<p><b>{escape(sentence(found))}</b></p></div>"
    )


def profile_dict(about: Profile) -> dict[str, Any]:
    """A profile as JSON values."""
    return asdict(about) | {
        "notes": list(about.notes),
        "usd_per_month": about.usd_per_month,
        "closed": about.answers.closed,
    }


def money(usd: float | None) -> str:
    """USD, as exact as it matters."""
    if usd is None:
        return "an unknown price"
    sign, size = (_MINUS if usd < 0 else ""), abs(usd)
    if size >= 100 or size == 0:
        return f"{sign}${size:,.0f}"
    return f"{sign}${size:,.2f}" if size >= 0.1 else f"{sign}${size:.2g}"


def _headline(about: Profile) -> list[str]:
    read, written = about.input_tokens, about.output_tokens
    tokens = (
        f"; tokens p50 {read.p50:,.0f} in, {written.p50:,.0f} out (p99 {read.p99:,.0f}, {written.p99:,.0f}) {about.tokens_from}"
        if read and written
        else "; tokens not known"
    )
    short = f" ({about.far_from_10k:,} short of 10,000)" if about.far_from_10k else ""
    rate = {"given": "as you say", "measured": "by the record's rate", "assumed": "the record's, taken for a month's"}
    usd = about.usd_per_month
    costs = f"{money(usd)} a month ({about.cost_from})" if usd is not None else "cost not measurable"
    a = about.answers
    kinds = [f"{a.n_distinct:,} different answers" + (", a closed set" if a.closed else "")]
    if a.copy_share is not None and a.structured_share >= 0.5:
        kinds.append(f"{a.copy_share:.0%} of argument values copied from the prompt")
    if about.cache_share:
        kinds.append(f"{about.cache_share:.0%} of input tokens from the prompt cache")
    if about.cache_lost_usd_per_call:
        kinds.append(
            f"routing it away costs other calls {money(about.cache_lost_usd_per_call * about.calls_per_month)} of cache a month"
        )
    lines = _wrapped(f"{about.task_name}: {about.n_calls:,} calls, {about.n_examples:,} examples{short}{tokens}", "")
    lines += _wrapped(
        f"{about.calls_per_month:,.0f} calls a month ({rate[about.rate_from]}); {costs}; {', '.join(about.models) or 'model not named'}",
        "",
    )
    return lines + _wrapped(f"{about.output_kind or 'answers not stored'}: {'; '.join(kinds)}", "")


def _shown(found: Candidates) -> list[Candidate]:
    """The first of each rung, and the best wherever it stands."""
    best, shown = found.best, []
    for _, rows in groupby(found, key=lambda row: row.rung):
        shown += [row for place, row in enumerate(rows) if place < _SHOWN or row is best]
    return shown


def _others(found: Candidates) -> list[tuple[str, list[str]]]:
    from agentlog.selection.candidate import RUNG_NAMES

    shown = {row.name for row in _shown(found)}
    groups = [
        (rung, [row.name for row in rows if row.name not in shown])
        for rung, rows in groupby(found, key=lambda row: row.rung)
    ]
    return [(RUNG_NAMES[rung], names) for rung, names in groups if names]


def _excluded(found: Candidates) -> list[str]:
    if not found.excluded:
        return []
    counts = ", ".join(f"{constraint} {count}" for constraint, count in found.excluded_by().items())
    lines = _wrapped(f"{len(found.excluded)} excluded ({counts})", "")
    reasons: dict[str, list[str]] = {}
    for row in found.excluded:
        reasons.setdefault(row.excluded, []).append(row.name)
    for reason, names in reasons.items():
        lines += _wrapped(f"{', '.join(names)}: {reason}", "  ")
    return lines


def _cells(row: Candidate, found: Candidates) -> list[str]:
    from agentlog.selection.candidate import RUNG_NAMES

    best = found.best
    mark = "\N{RIGHTWARDS ARROW} " if row is best else "  "
    return [
        mark + RUNG_NAMES[row.rung],
        row.name if row.model or row.rung == "llm" else "from your calls",
        _cut(row.licence.removeprefix("LicenseRef-"), 13) if row.licence else _UNKNOWN,
        _UNKNOWN if row.memory_gb is None else f"{row.memory_gb:.1f} GB",
        _milliseconds(row.latency_ms),
        _UNKNOWN if row.monthly_usd is None else money(row.monthly_usd),
        _UNKNOWN if row.saving_usd is None else money(row.saving_usd),
        _cut(row.hosting.removeprefix("hosted by ").removeprefix("huggingface_") or _UNKNOWN, 15),
    ]


def _milliseconds(value: float | None) -> str:
    if value is None:
        return _UNKNOWN
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.2g} ms"


def _line(cells: list[str], widths: list[int]) -> str:
    return "  ".join(
        _cut(cell, width).ljust(width) if i in _LEFT else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: size - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
