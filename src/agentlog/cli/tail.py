"""`agentlog tail`: the newest calls, a line each, and those that come."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from agentlog.cli.console import err, out
from agentlog.errors import DatasetError

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from agentlog.storage.folder import Folder

_POLL_S: Final = 0.5
_CONTENT: Final = frozenset(
    {"system_instructions", "input_messages", "output_messages", "tool_definitions", "tool_arguments", "tool_result", "request"}
)  # fmt: skip
"""What is left out: `tail` shows that something happened, not what was said."""
_SHORT: Final = {
    "invoke_workflow": "run", "invoke_agent": "agent", "execute_tool": "tool", "embeddings": "embed",
    "retrieval": "retrieve", "text_completion": "complete", "generate_content": "generate",
}  # fmt: skip
_COLOURS: Final = {
    "chat": "cyan",
    "tool": "yellow",
    "run": "bold",
    "agent": "bold",
    "retrieve": "blue",
    "embed": "blue",
}
_WIDE: Final = 110
"""Columns of a terminal from which there is room for the place in the agent."""


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(tail)


def tail(
    directory: Annotated[
        Path | None, typer.Argument(help="The dataset; the configured one by default.", show_default=False)
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes; Ctrl-C ends it.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="So many of those that are there.", min=0)] = 20,
    as_json: Annotated[
        bool, typer.Option("--json", help="For a program: one JSON object a line, without content.")
    ] = False,
) -> None:
    """The newest calls, one line each, in the order in which they began."""
    from agentlog.cli.app import directory_or_default

    show = _Json() if as_json else _Terminal() if out.is_terminal else _Plain()
    try:
        _tail(directory_or_default(directory), lines, follow, show)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _tail(directory: Path, lines: int, follow: bool, show: _Json | _Terminal | _Plain) -> None:
    from agentlog.storage.reader import listing

    folder = _opened(directory, follow)
    known = set(listing(folder))
    show.rows(newest(folder, lines))
    while follow:
        began = time.monotonic()
        there = listing(folder)
        come = [path for path in there if path not in known]
        if come:
            show.rows(_rows(folder, come))
        known = set(there)
        # a folder of very many parts takes a while to list
        time.sleep(max(_POLL_S, 20 * (time.monotonic() - began)))


def _opened(directory: Path, follow: bool) -> Folder:
    """The dataset; who follows may be there before its first call."""
    from agentlog.storage.folder import Folder

    told = False
    while True:
        try:
            return Folder.open(directory)
        except DatasetError:
            if not follow or directory.exists():
                raise
        if not told:
            told = True
            err.print(f"waiting for the first call in {directory}", highlight=False, markup=False, soft_wrap=True)
        time.sleep(_POLL_S)


def newest(folder: Folder, number: int) -> list[dict[str, Any]]:
    """The `number` calls that began last, in their order. Only the last days' parts are opened: a call lies in its day."""
    from agentlog.storage.reader import listing

    days: dict[str, list[Path]] = {}
    for path in listing(folder):
        days.setdefault(path.parent.name, []).append(path)
    rows: list[dict[str, Any]] = []
    for day in sorted(days, reverse=True):
        if len(rows) >= number:
            break
        rows = _rows(folder, days[day]) + rows
    return rows[len(rows) - number :] if number < len(rows) else rows


def _rows(folder: Folder, files: list[Path]) -> list[dict[str, Any]]:
    from agentlog.storage.reader import PartReader

    reader = PartReader(folder, files=files)
    rows: list[dict[str, Any]] = reader.read([one for one in reader.schema.names if one not in _CONTENT]).to_pylist()
    return rows


class _Json:
    """For a program: one object a line."""

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            line = {**row, "time": row["time"].isoformat()}
            sys.stdout.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        sys.stdout.flush()


class _Plain:
    """For a pipe: fields with tabs between, nothing cut off; "-" where there is nothing."""

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            fields = [f"{row['time']:%Y-%m-%dT%H:%M:%S.%fZ}", row["operation"], *cells(row)[1:]]
            sys.stdout.write("\t".join(field or "-" for field in fields) + "\n")
        sys.stdout.flush()


class _Terminal:
    """For a person: columns as wide as the window allows, a line for each new day."""

    def __init__(self) -> None:
        self._day = ""
        self._headed = False

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        from rich.text import Text

        table = None
        for row in rows:
            day = f"{row['time']:%A, %Y-%m-%d}"
            if day != self._day:
                if table is not None:
                    out.print(table)
                out.print(Text(f"{day} (UTC)", style="dim"))
                self._day, table = day, None
            if table is None:
                table = self._table()
            table.add_row(*_styled(row, wide=out.width >= _WIDE))
        if table is not None:
            out.print(table)

    def _table(self) -> Table:
        """Columns of fixed widths: what comes later stands below what came before."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=not self._headed, header_style="dim")
        self._headed = True
        for title, width in _widths(out.width).items():
            right = title in ("tokens", "took")
            table.add_column(
                title, width=width, no_wrap=True, overflow="ellipsis", justify="right" if right else "left"
            )
        return table


def _widths(width: int) -> dict[str, int]:
    """How wide each column is in a terminal of `width` columns."""
    wide = width >= _WIDE
    fixed = {"time": 8, "call": 8, "tokens": 13, "took": 7} | ({"surface": 8} if wide else {})
    shares = {"name": 4, "agent/node": 3, "model": 4, "note": 3} if wide else {"name": 3, "model": 2, "surface": 3}
    room = max(width - sum(fixed.values()) - 2 * (len(fixed) + len(shares)), 8 * len(shares))
    order = ("time", "call", "name", "agent/node", "model", "tokens", "took", "surface", "note")
    sizes = fixed | {title: room * share // sum(shares.values()) for title, share in shares.items()}
    return {title: sizes[title] for title in order if title in sizes}


def _styled(row: Mapping[str, Any], *, wide: bool) -> list[Text]:
    from rich.text import Text

    operation, name, place, model, tokens, took, surface, note = cells(row)
    bad = "red" if row["error_type"] else "yellow" if note else ""
    if row["error_type"]:
        note = note.rpartition(".")[2]  # there is little room
    first = [
        Text(f"{row['time']:%H:%M:%S}", style="dim"),
        Text(operation, style=_COLOURS.get(operation, "")),
        Text(name, style="red" if row["error_type"] else ""),
    ]
    shown = Text(surface, style="magenta" if surface == "human" else "dim")
    last = [shown, Text(note, style=bad)] if wide else [Text(note, style=bad) if note else shown]
    return [*first, *([Text(place, style="dim")] if wide else []), Text(model), Text(tokens), Text(took), *last]


def cells(row: Mapping[str, Any]) -> list[str]:
    """Operation (shortened), name, place, model, tokens, duration, surface, note: what was recorded, and no control characters."""
    usage = row["usage"] or {}
    tokens = [usage.get("input_tokens"), usage.get("output_tokens")]
    place = "/".join(filter(None, (row["agent"], row["node"])))
    withheld = (row["redaction"] or {}).get("withheld")
    failed = "redaction failed" if (row["redaction"] or {}).get("failed") else ""
    odd = ", ".join(
        reason for reason in row["finish_reasons"] or () if reason in ("abandoned", "interrupted", "length")
    )
    note = row["error_type"] or failed or odd or ("cached" if row["cached"] else "") or (withheld and "withheld") or ""
    given = [
        _SHORT.get(row["operation"], row["operation"]),
        row["name"] or "",
        place,
        row["response_model"] or row["request_model"] or "",
        "" if tokens == [None, None] else "→".join("?" if one is None else f"{one:,}" for one in tokens),
        _took(row["duration_s"]),
        row["surface"],
        note,
    ]
    # a name could hold what a terminal obeys
    return ["".join(sign if sign.isprintable() else "·" for sign in one) for one in given]


def _took(seconds: float | None) -> str:
    """`1.2 s`, `310 ms`, `42 µs`."""
    if seconds is None:
        return ""
    for unit, length in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= length:
            amount = seconds / length
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:,.0f} {unit}"
    return f"{seconds * 1e6:.0f} µs"
