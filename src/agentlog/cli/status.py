"""`agentlog status`: what lies in a dataset, who records into it now, and what was lost, told from another process."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentlog.cli.console import out

if TYPE_CHECKING:
    from rich.console import RenderableType

    from agentlog.storage.reader import Part, PartReader
    from agentlog.storage.writers import WriterState


_ALWAYS = ("seen", "stored", "held", "dropped")
"""Figures of a recorder that are shown although they are 0."""


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(status)


def status(
    directory: Annotated[
        Path | None, typer.Argument(help="The dataset; the configured one by default.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program: one JSON object.")] = False,
) -> None:
    """What was seen, stored, withheld, lost, and why; which recorders are alive. Works from any process."""
    from agentlog.cli.app import directory_or_default

    seen = look(directory_or_default(directory))
    if as_json:
        sys.stdout.write(json.dumps(seen.to_dict(), ensure_ascii=False) + "\n")
    else:
        for part in seen.shown():
            out.print(part, highlight=False)


@dataclass(slots=True)
class Written:
    """What one writer has put into the dataset, or all of them have."""

    parts: int = 0
    rows: int = 0
    bytes: int = 0
    first: datetime | None = None
    newest: datetime | None = None
    """When the last of its calls began."""

    def add(self, part: Part) -> None:
        """One part more."""
        self.parts += 1
        self.rows += part.footer.rows
        self.bytes += part.path.stat().st_size
        times = list(_times(part))
        self.first = min([*times, *([self.first] if self.first else [])], default=None)
        self.newest = max([*times, *([self.newest] if self.newest else [])], default=None)

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        times = {"first": self.first and self.first.isoformat(), "newest": self.newest and self.newest.isoformat()}
        return {"parts": self.parts, "rows": self.rows, "bytes": self.bytes, **times}


@dataclass(slots=True)
class DatasetStatus:
    """What there is to say of a dataset."""

    directory: Path
    description: dict[str, Any]
    calls: Written = field(default_factory=Written)
    feedback: Written = field(default_factory=Written)
    writers: dict[str, Written] = field(default_factory=dict)
    surfaces: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    """Rows whose content is withheld, by reason."""
    failed: int = 0
    """Rows of which only the shape is stored, because redaction failed."""
    repaired: int = 0
    """Rows that were written anew, because something personal was learnt in their run after they had been written."""
    dropped: dict[str, int] = field(default_factory=dict)
    """Calls that did not fit into the channel, by writer."""
    unrecorded: dict[str, int] = field(default_factory=dict)
    """Calls that could not be made a row, by writer."""
    damaged: list[tuple[str, str]] = field(default_factory=list)
    recorders: list[WriterState] = field(default_factory=list)
    """Those that run, and those that were killed."""

    @property
    def alive(self) -> list[WriterState]:
        """The recorders that run."""
        return [one for one in self.recorders if one.alive]

    @property
    def held(self) -> int:
        """Calls in the memory of the recorders that run: not durable yet."""
        return sum(one.figures["held"] for one in self.alive)

    @property
    def lost(self) -> int:
        """Calls that were in the memory of recorders that were killed, when they spoke last. Their application may have saved them."""
        return sum(one.figures["held"] for one in self.recorders if one.alive is False)

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "directory": str(self.directory),
            **{key: self.description.get(key) for key in ("schema_version", "created", "policies", "services")},
            "calls": self.calls.to_dict(),
            "feedback": self.feedback.to_dict(),
            "surfaces": dict(self.surfaces),
            "stored": self.calls.rows,
            "withheld": sum(self.withheld.values()),
            "withheld_why": dict(self.withheld),
            "failed": self.failed,
            "repaired": self.repaired,
            "dropped": sum(self.dropped.values()),
            "unrecorded": sum(self.unrecorded.values()),
            "held": self.held,
            "held_by_killed": self.lost,
            "alive": len(self.alive),
            "recorders": [
                {**one.to_dict(), "written": self.writers.get(one.writer, Written()).to_dict()}
                for one in self.recorders
            ],
            "writers": {
                name: {
                    **one.to_dict(),
                    "dropped": self.dropped.get(name, 0),
                    "unrecorded": self.unrecorded.get(name, 0),
                }
                for name, one in self.writers.items()
            },
            "damaged": [{"file": name, "reason": reason} for name, reason in self.damaged],
        }

    def shown(self) -> Iterable[RenderableType]:
        """For a terminal."""
        from rich.table import Table
        from rich.text import Text

        now = datetime.now(UTC)
        lines = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        lines.add_column(style="dim", no_wrap=True)
        lines.add_column()
        for title, text, style in self._lines(now):
            lines.add_row(title, Text(text, style=style))
        yield Text.assemble(("agentlog dataset ", "bold"), str(self.directory))
        yield lines

    def _lines(self, now: datetime) -> Iterable[tuple[str, str, str]]:
        calls = self.calls
        if calls.rows and calls.newest and calls.first:
            yield "stored", f"{_number(calls.rows, 'call')} in {_number(calls.parts, 'part')}, {size(calls.bytes)}", ""
            newest = f"{calls.newest:%Y-%m-%d %H:%M:%S} UTC ({ago(calls.newest, now)})"
            yield "newest", f"{newest}; the first is of {calls.first:%Y-%m-%d}", ""
            yield "surface", " · ".join(f"{name} {count:,}" for name, count in self.surfaces.most_common()), ""
        else:
            yield "stored", "no calls yet", ""
        if self.withheld:
            why = " · ".join(f"{reason} {count:,}" for reason, count in self.withheld.most_common())
            yield "withheld", f"{sum(self.withheld.values()):,}: {why}", ""
        if self.failed:
            yield "failed", f"{self.failed:,} of the stored: only their shape is kept, because redaction failed", "red"
        if self.repaired:
            yield "repaired", f"{self.repaired:,} of the stored: what was learnt later was taken out of them", ""
        if self.feedback.rows:
            yield "feedback", f"{self.feedback.rows:,}", ""
        if self.dropped:
            dropped = _number(sum(self.dropped.values()), "call")
            text = f"{dropped} came faster than they could be stored, and did not fit"
            yield "dropped", f"{text} ({_number(len(self.dropped), 'writer')})", "red"
        if self.unrecorded:
            yield "unrecorded", f"{_number(sum(self.unrecorded.values()), 'call')} could not be made a row", "red"
        for name, reason in self.damaged[:3]:
            yield "left out", f"{name}: {reason}", "yellow"
        if len(self.damaged) > 3:
            yield "left out", f"{len(self.damaged) - 3} more files", "yellow"
        for one in self.recorders:
            for place, (text, style) in enumerate(_told(one, now)):
                yield "" if place else "recorder", text, style
        if not self.alive:
            unknown = any(one.alive is None for one in self.recorders)
            none = "this file system has no locks: nobody can tell" if unknown else "none is running now"
            yield "recorder", none, "yellow" if unknown else ""
        ended = set(self.writers) - {one.writer for one in self.recorders}
        if ended:
            rows = sum(self.writers[name].rows for name in ended)
            yield (
                "",
                f"{len(ended):,} {'has' if len(ended) == 1 else 'have'} ended, with {_number(rows, 'call')} stored",
                "dim",
            )


def _told(one: WriterState, now: datetime) -> Iterable[tuple[str, str]]:
    """What a recorder says of itself, as lines and their style."""
    from agentlog.storage.writers import FIGURES

    state, style = {True: ("alive", "green"), False: ("killed", "red"), None: ("alive or not", "yellow")}[one.alive]
    where = (
        f"process {one.pid} for process {one.application}" if one.home == "process" else f"thread of process {one.pid}"
    )
    yield f"{state}: {where}, since {_clock(one.started, now)}, writer {one.writer}", style
    figures = ", ".join(f"{each} {one.figures[each]:,}" for each in FIGURES if one.figures[each] or each in _ALWAYS)
    yield f"{figures}; said {ago(_parsed(one.updated), now)}", ""
    if one.last_error:
        yield f"last error: {one.last_error}", "red"
    if one.alive is False and one.figures["held"]:
        yield "what it held is lost, unless its application lived on and started another one", "red"


def look(directory: Path) -> DatasetStatus:
    """Read it from the disk: footers, short columns, and what the recorders say of themselves.

    Raises:
        DatasetError: there is no dataset.
    """
    from agentlog.storage.folder import Folder
    from agentlog.storage.reader import PartReader
    from agentlog.storage.writers import writers

    folder = Folder.open(directory)
    # before the parts: what is held now and written meanwhile is told twice rather than not at all
    recorders = writers(folder)
    seen = DatasetStatus(folder.path, folder.describe(), recorders=recorders)
    calls, feedback = PartReader(folder), PartReader(folder, "feedback")
    dropped: dict[str, int] = {}
    for part in calls.parts:
        writer = part.footer.writer
        seen.calls.add(part)
        seen.writers.setdefault(writer, Written()).add(part)
        dropped[writer] = max(dropped.get(writer, 0), part.footer.dropped)
    for part in feedback.parts:
        seen.feedback.add(part)
    _count(calls, seen)
    for one in recorders:
        dropped[one.writer] = max(dropped.get(one.writer, 0), one.figures["dropped"])
    for writer, number in folder.losses().items():
        dropped[writer] = max(dropped.get(writer, 0), number)
    seen.dropped = {writer: number for writer, number in dropped.items() if number}
    seen.unrecorded = folder.unrecorded()
    seen.damaged = [
        (str(path.relative_to(folder.path)), reason) for path, reason in [*calls.damaged, *feedback.damaged]
    ]
    return seen


def _count(calls: PartReader, seen: DatasetStatus) -> None:
    """Surfaces, and what is withheld, failed or repaired: four short columns, batch by batch."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns: Any = {  # typed as a list of names
        "surface": pc.field("surface"),
        "failed": pc.field("redaction", "failed"),
        "withheld": pc.field("redaction", "withheld"),
        "repaired": pc.field("redaction", "repaired"),
    }
    counts: Counter[tuple[str, bool, str | None, bool]] = Counter()
    try:
        for batch in calls.open().to_batches(columns=columns):
            for one in pa.table(batch).group_by(list(columns)).aggregate([([], "count_all")]).to_pylist():
                counts[one["surface"], bool(one["failed"]), one["withheld"], bool(one["repaired"])] += one["count_all"]
    except (OSError, pa.ArrowInvalid):  # a part is damaged inside: read what can be read
        rows = calls.read(["surface", "redaction"]).to_pylist()
        counts = Counter(
            (row["surface"], bool(told["failed"]), told["withheld"], bool(told["repaired"]))
            for row in rows
            for told in (row["redaction"],)
        )
    for (surface, failed, withheld, repaired), number in counts.items():
        seen.surfaces[surface] += number
        seen.failed += number if failed else 0
        seen.repaired += number if repaired else 0
        if withheld:
            seen.withheld[withheld] += number


def _times(part: Part) -> Iterable[datetime]:
    """When the first and the last call of a part began: from its footer."""
    metadata = part.fragment.metadata
    place = next(n for n in range(metadata.num_columns) if metadata.schema.column(n).path == "time")
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(place).statistics
        if statistics is not None and statistics.has_min_max:
            yield _utc(statistics.min)
            yield _utc(statistics.max)


def _utc(time: Any) -> datetime:
    if not isinstance(time, datetime):  # microseconds, where Arrow does not say it as a time
        return datetime.fromtimestamp(int(time) / 1e6, UTC)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def size(number: int) -> str:
    """`3.2 MB`."""
    power = next((power for power in range(4) if number < 1000 ** (power + 1)), 4)
    amount = number / 1000**power
    return f"{amount:.1f} {_UNITS[power]}" if power and amount < 100 else f"{amount:.0f} {_UNITS[power]}"


_UNITS = ("B", "KB", "MB", "GB", "TB")


def ago(then: datetime | None, now: datetime) -> str:
    """`12 s ago`."""
    if then is None:
        return "?"
    seconds = max(0.0, (now - then).total_seconds())
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def _parsed(time: str) -> datetime | None:
    try:
        return datetime.fromisoformat(time)
    except ValueError:
        return None


def _clock(time: str, now: datetime) -> str:
    then = _parsed(time)
    if then is None:
        return "?"
    return f"{then:%H:%M:%S}" if then.date() == now.date() else f"{then:%Y-%m-%d %H:%M}"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
