"""decisions/: what was decided, what the LLM then said to it, and how routes moved. Append-only Parquet without words.

    decisions/date=2026-11-20/part-<writer>-<number>.parquet

Each row is an event: a `decision`, the `outcome` of one (the same `id`), or a `state` into which a route came. Several
processes write beside each other: each has a name of its own, and its events are numbered. Clocks are not trusted: a
process's events are in the order of their numbers, whatever their times say.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agentlog.storage import durable

if TYPE_CHECKING:
    import pyarrow as pa

_log = logging.getLogger(__name__)

FOLDER: Final = "decisions"
DECISION: Final = "decision"
OUTCOME: Final = "outcome"
STATE: Final = "state"

COLUMNS: Final = (
    "event", "id", "writer", "sequence", "time", "trace", "task_id", "version", "state", "epoch", "route", "reason",
    "score", "novel", "accepted", "agreed", "audit", "decided_s", "latency_s", "saved_usd", "input_tokens", "output_tokens",
)  # fmt: skip
_LATEST: Final = 253_402_214_400.0
"""The last day that a date can be written of: clocks say anything."""
_MOST: Final = 200_000
"""Rows held while the disk takes none; the oldest are dropped then, and counted."""


def schema() -> pa.Schema:
    """The columns of a part."""
    import pyarrow as pa

    text, number, flag, whole = pa.string(), pa.float64(), pa.bool_(), pa.int64()
    kinds = {
        "sequence": whole, "epoch": whole, "time": pa.timestamp("us", tz="UTC"), "score": number, "novel": flag,
        "accepted": flag, "agreed": flag, "audit": flag, "decided_s": number, "latency_s": number, "saved_usd": number,
        "input_tokens": whole, "output_tokens": whole,
    }  # fmt: skip
    fields: list[pa.Field[Any]] = [pa.field(name, kinds.get(name, text)) for name in COLUMNS]
    return pa.schema(fields)


class DecisionLog:
    """Writes events in the background; `add` costs a list's append.

    Args:
        folder: that of routing.json.
        clock: seconds since 1970.
        each: events in a part, at most about; `every_s`: seconds until they are written at the latest.
    """

    def __init__(
        self, folder: Path, *, clock: Callable[[], float] = time.time, each: int = 4096, every_s: float = 5.0
    ) -> None:
        self._folder = folder / FOLDER
        self._clock = clock
        self._each = each
        self.every_s = every_s
        self.writer = secrets.token_hex(6)
        self._sequence = 0
        self._part = 0
        self._rows: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self.dropped = 0
        self.full: Callable[[], None] = lambda: None
        """Called when enough is held for a part."""

    def add(self, event: str, **values: Any) -> None:
        """Takes in one event. Never raises for want of disk."""
        values["event"] = event
        values["time"] = self._clock()
        with self._lock:
            values["writer"] = self.writer
            values["sequence"] = self._sequence
            self._sequence += 1
            self._rows.append(values)
            held = len(self._rows)
        if held % self._each == 0:
            self.full()

    def after_fork(self) -> None:
        """In a child: a writer of its own. What the parent held, the parent writes."""
        self.writer, self._sequence, self._part, self._rows = secrets.token_hex(6), 0, 0, []
        self._lock, self._writing = threading.Lock(), threading.Lock()

    def write(self) -> None:
        """Writes what is held, one part for each day. What cannot be written is held for the next time."""
        with self._writing:
            with self._lock:
                rows, self._rows = self._rows, []
            if not rows:
                return
            left = rows
            try:
                days: dict[str, list[dict[str, Any]]] = {}
                for row in rows:
                    days.setdefault(_day(min(max(row["time"], 0.0), _LATEST)), []).append(row)
                for day, some in days.items():
                    self._write(day, some)
                    done = {id(row) for row in some}
                    left = [row for row in left if id(row) not in done]
            except Exception as error:  # noqa: BLE001 - a full disk must not reach the application; nothing is lost yet
                _log.warning(
                    "decisions cannot be written to %s (%s): they are held", self._folder, type(error).__name__
                )
                with self._lock:
                    self._rows = left + self._rows
                    over = len(self._rows) - _MOST
                    if over > 0:
                        del self._rows[:over]
                        self.dropped += over

    def _write(self, day: str, rows: list[dict[str, Any]]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        known = schema()
        columns = []
        for name in COLUMNS:
            values: list[Any] = [row.get(name) for row in rows]
            if name == "time":
                values = [round(min(max(value, 0.0), _LATEST) * 1e6) for value in values]
            columns.append(pa.array(values, known.field(name).type))
        table = pa.Table.from_arrays(columns, schema=known)
        folder = self._folder / f"date={day}"
        durable.make_folder(folder)
        place = folder / f"part-{self.writer}-{self._part:06d}.parquet"
        beside = self._folder / f".{place.name}.{secrets.token_hex(4)}"
        durable.make_file(beside)
        try:
            pq.write_table(table, beside, compression="zstd")
            durable.sync_file(beside)
            os.replace(beside, place)
        finally:
            beside.unlink(missing_ok=True)
        durable.sync_folder(folder)
        self._part += 1


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def events(directory: str | Path) -> pa.Table:
    """Every event in a router's folder, each writer's in the order of its numbers, the writers in the order they began.

    A part that cannot be read is passed over, and said in the log.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = schema()
    folder = Path(directory)
    folder = folder.parent if folder.is_file() else folder
    tables = []
    for place in sorted((folder / FOLDER).glob("date=*/part-*.parquet")):
        try:
            table = pq.ParquetFile(place).read()
            tables.append(_as_now(table, known))
        except (OSError, pa.ArrowException) as error:
            _log.warning("the decisions in %s cannot be read (%s): they are passed over", place, type(error).__name__)
    if not tables:
        return known.empty_table()
    table = pa.concat_tables(tables)
    began: dict[Any, Any] = {}
    writers: list[Any] = table["writer"].to_pylist()
    times: list[Any] = table["time"].cast(pa.int64()).to_pylist()
    for writer, at in zip(writers, times, strict=True):
        began[writer] = min(at, began.get(writer, at))
    sequences: list[Any] = table["sequence"].to_pylist()
    order = sorted(range(len(table)), key=lambda i: (began[writers[i]], str(writers[i]), sequences[i]))
    return table.take(pa.array(order, pa.int64()))


def _as_now(table: pa.Table, known: pa.Schema) -> pa.Table:
    """A part with the columns of today: those it lacks are null, those nobody knows are left out."""
    import pyarrow as pa

    columns = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in known
    ]
    return pa.Table.from_arrays(columns, schema=known)


def read(directory: str | Path) -> pa.Table:
    """One row for each decision in a router's folder: what was decided, and `agreed`, `latency_s` and tokens of its outcome.

    Args:
        directory: the router's folder, or its routing.json.
    """
    import pyarrow as pa

    table = events(directory)
    later = ("agreed", "latency_s", "input_tokens", "output_tokens")
    rows: dict[str, dict[str, Any]] = {}
    outcomes: dict[str, dict[str, Any]] = {}
    for row in table.to_pylist():
        if row["event"] == DECISION:
            rows[row["id"]] = row
        elif row["event"] == OUTCOME:
            outcomes[row["id"]] = row
    for id, outcome in outcomes.items():
        if id in rows:
            rows[id].update(
                {name: outcome[name] for name in (*later, "score", "accepted", "novel") if outcome[name] is not None}
            )
    return pa.Table.from_pylist(list(rows.values()), schema=schema())
