"""Figures for the eye: aligned lines in a terminal, a table in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

UNKNOWN: Final = "\N{EN DASH}"

_STYLE: Final = """<style>
.agentlog-evaluation { font-size: 0.92em; line-height: 1.5 }
.agentlog-evaluation table { border-collapse: collapse; margin: 0.5em 0; font-variant-numeric: tabular-nums }
.agentlog-evaluation td { text-align: left; vertical-align: top; padding: 4px 14px 4px 0;
  border-bottom: 1px solid rgba(128, 128, 128, 0.3) }
.agentlog-evaluation td:first-child { white-space: nowrap; opacity: 0.7 }
</style>"""
# Colours come from the notebook, light or dark.


def lines_of(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Names and what is said under them, aligned; a name that is repeated is written once."""
    width = max((len(name) for name, _ in rows), default=0)
    before = ""
    lines = []
    for name, said in rows:
        lines.append(f"  {'' if name == before else name:<{width}}  {said}".rstrip())
        before = name
    return lines


def table_of(headline: str, rows: Iterable[tuple[str, str]], sentence: str) -> str:
    """The same as HTML."""
    body = "".join(f"<tr><td>{escape(name)}</td><td>{escape(said)}</td></tr>" for name, said in rows)
    return (
        f"{_STYLE}<div class='agentlog-evaluation'>{escape(headline)}<table><tbody>{body}</tbody></table>"
        f"<b>{escape(sentence)}</b></div>"
    )


def percent(share: float | None) -> str:
    """A share as a percentage."""
    return UNKNOWN if share is None else f"{100 * share:.1f} %"


def number(value: float | None) -> str:
    """Three digits are enough."""
    if value is None:
        return UNKNOWN
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def usd(value: float | None) -> str:
    """An amount; small ones with two digits that count."""
    if value is None:
        return UNKNOWN
    return f"${value:,.2f}" if value >= 1 or value == 0 else f"${value:.2g}"


def plural(count: int, word: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
