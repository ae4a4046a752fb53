"""Parts: the Parquet files of a dataset, each written once, whole or not at all.

    temporary name outside calls/ → fsync → rename → fsync of the folders → acknowledged

What the footer of a part says of itself, beside what Parquet says:

    agentlog.schema_version   the version of the columns
    agentlog.writer           who wrote it, 12 hexadecimal digits
    agentlog.sequences        the places in the writer's channel that are durable with it, as ranges: `0-41,43`
    agentlog.dropped          how many calls that writer had dropped by then, in all
    agentlog.policy           the redaction policies of its rows, separated by commas
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from agentlog.errors import DatasetError
from agentlog.records import Record
from agentlog.storage.durable import make_file, make_folder, sync_file, sync_folder
from agentlog.storage.folder import Folder, Kind
from agentlog.storage.rows import MISFIT, ROW_GROUP_ROWS, by_day
from agentlog.storage.schema import CALLS, FEEDBACK, SCHEMA_VERSION

SCHEMAS: Final = {"calls": CALLS, "feedback": FEEDBACK}

_LONG: Final = frozenset({"request", "attributes", "tool_definitions", "tool_arguments", "tool_result", "explanation"})
"""Text whose smallest and greatest value helps no search, and would only make footers long."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Footer:
    """What a part says of itself."""

    schema_version: int
    writer: str
    sequences: frozenset[int]
    """The places in the writer's channel that are durable with this part."""
    dropped: int
    """How many calls the writer had dropped when it wrote this part, since it started."""
    policies: tuple[str, ...]
    rows: int


class PartWriter:
    """Writes the parts of one writer. Not for several threads at once; a forked process needs one of its own."""

    def __init__(self, folder: Folder, writer: str) -> None:
        """`writer` is 12 hexadecimal digits, chosen at random for each process (`secrets.token_hex(6)`)."""
        if not re.fullmatch(r"[0-9a-f]{12}", writer):
            raise ValueError(f"a writer's name is 12 hexadecimal digits; found {writer!r}")
        self.folder = folder
        self.writer = writer
        self.misfits = 0
        """Calls that did not fit the schema, and so are stored without their content."""
        self._number = 0

    def write(
        self, records: Sequence[Record], *, kind: Kind = "calls", sequences: Sequence[int] = (), dropped: int = 0
    ) -> list[Path]:
        """Make `records` durable: when this returns, they are on the disk and every reader sees them.

        There is one part for each UTC day of `time`. They become visible one right after the other, and the last one's
        footer holds the sequences: a crash between two of them (a batch over midnight) can lead to rows that are written
        twice, never to lost ones.

        Args:
            records: what the redactor made; rows that do not fit the schema are stored without their content.
            kind: "calls" or "feedback".
            sequences: the places in the writer's channel that are durable with them; negative ones are left out.
            dropped: how many calls this writer has dropped so far, in all.

        Returns:
            The parts, in the order of their days; none for no records.

        Raises:
            OSError: it could not be done (a full disk, no permission). No part of this call is visible: it may be
                called again with the same records.
        """
        if not records:
            return []
        days = by_day([_row(record) for record in records], SCHEMAS[kind])
        temporaries: list[Path] = []
        parts: list[Path] = []
        try:
            self._prepare(days, kind)
            names = []
            for day in days:
                temporary, part = self._reserve(kind, day)
                temporaries.append(temporary)
                names.append(part)
                last = len(names) == len(days)
                write_file(temporary, days[day], self._about(days[day], sequences if last else (), dropped))
            for temporary, part in zip(temporaries, names, strict=True):
                os.rename(temporary, part)
                parts.append(part)
            for part in parts:
                sync_folder(part.parent)
        except BaseException as error:
            for path in (*temporaries, *parts):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise _explained(error, len(records), kind, self.folder) from error
            raise
        self.misfits += sum(_misfits(table) for day in days for table in days[day] if kind == "calls")
        return parts

    def _prepare(self, days: Iterable[date], kind: Kind) -> None:
        """Make the folders that are missing; all of them, when somebody deleted the dataset under a running recorder."""
        if not self.folder.exists:
            try:
                Folder.create(self.folder.path, policy=None)
            except DatasetError as error:
                raise FileNotFoundError(str(error)) from error
        make_folder(self.folder.temporary)
        home = self.folder.parts_of(kind)
        make_folder(home)
        for day in days:
            make_folder(home / f"date={day}")
        sync_folder(home)

    def _reserve(self, kind: Kind, day: date) -> tuple[Path, Path]:
        """The temporary file of the next part, made, and the part's own path. No existing part is ever overwritten."""
        while True:
            name = f"part-{self.writer}-{self._number:06d}.parquet"
            self._number += 1
            part = self.folder.parts_of(kind) / f"date={day}" / name
            temporary = self.folder.temporary / f"{kind}-{name}"
            if part.exists():
                continue
            with contextlib.suppress(FileExistsError):
                make_file(temporary)
                return temporary, part

    def _about(self, tables: Sequence[pa.Table], sequences: Iterable[int], dropped: int) -> dict[str, str]:
        policies: set[str] = set()
        for table in tables:
            if "redaction" in table.schema.names:
                policies.update(filter(None, pc.struct_field(table["redaction"], "policy").unique().to_pylist()))
        return {
            "agentlog.schema_version": str(SCHEMA_VERSION),
            "agentlog.writer": self.writer,
            "agentlog.sequences": to_ranges(sequences),
            "agentlog.dropped": str(dropped),
            "agentlog.policy": ",".join(sorted(policies)),
        }


def read_footer(path: Path) -> Footer:
    """What the part at `path` says of itself.

    Raises:
        DatasetError: it is no whole Parquet file, or agentlog did not write it.
        OSError: it cannot be read.
    """
    try:
        metadata = pq.read_metadata(path)
    except (FileNotFoundError, PermissionError):
        raise
    except (OSError, pa.ArrowException) as error:  # Arrow says OSError of a footer that makes no sense, too
        raise DatasetError(
            f"{path} is no whole Parquet file: {first_line(error)}. Delete it, or copy it again"
        ) from error
    return footer_of(metadata, path)


def footer_of(metadata: pq.FileMetaData, path: Path) -> Footer:
    """What a part says of itself, from what Parquet read already; the errors of `read_footer`."""
    said = {
        key.decode(): value.decode() for key, value in (metadata.metadata or {}).items() if key.startswith(b"agentlog.")
    }
    try:
        return Footer(
            schema_version=int(said["agentlog.schema_version"]),
            writer=said["agentlog.writer"],
            sequences=from_ranges(said["agentlog.sequences"]),
            dropped=int(said["agentlog.dropped"]),
            policies=tuple(filter(None, said["agentlog.policy"].split(","))),
            rows=metadata.num_rows,
        )
    except (KeyError, ValueError) as error:
        raise DatasetError(
            f"{path} was not written by agentlog: its footer lacks {error}. Move it out of the dataset"
        ) from error


def remove_temporaries(folder: Folder, *, older_than_s: float = 3600.0) -> list[Path]:
    """Remove what writers left that ended in the middle of a file; only what has not been touched for `older_than_s`.

    A living writer has its temporary file for a moment only. What was in it is not lost by this: it was never acknowledged.
    """
    removed = []
    with contextlib.suppress(FileNotFoundError):
        for path in folder.temporary.iterdir():
            with contextlib.suppress(OSError):  # another process removes them too
                if time.time() - path.stat().st_mtime > older_than_s:
                    path.unlink()
                    removed.append(path)
    return removed


def to_ranges(numbers: Iterable[int]) -> str:
    """Sorted ranges; negative numbers are left out.

    >>> to_ranges([3, 0, 1, 2, 7, -1])
    '0-3,7'
    """
    ranges: list[list[int]] = []
    for number in sorted({number for number in numbers if number >= 0}):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def from_ranges(text: str) -> frozenset[int]:
    """The numbers that `to_ranges` wrote.

    >>> sorted(from_ranges("0-3,7"))
    [0, 1, 2, 3, 7]
    """
    numbers: set[int] = set()
    for piece in filter(None, text.split(",")):
        first, _, last = piece.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return frozenset(numbers)


def _row(record: Record) -> dict[str, Any]:
    if not isinstance(record, Record):
        raise TypeError(f"only a Record, which the redactor makes, may be written; found {type(record).__name__}")
    return record.row


def _misfits(table: pa.Table) -> int:
    withheld = pc.struct_field(table["redaction"], "withheld")
    return pc.sum(pc.starts_with(withheld, MISFIT)).as_py() or 0


def write_file(path: Path, row_groups: Sequence[pa.Table], about: dict[str, str]) -> None:
    """Write one Parquet file into `path`, which exists and is empty, and return when it is on the disk."""
    schema = row_groups[0].schema
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=3,
        # A resent history is stored once per row group, as long as the dictionary of its texts has room.
        dictionary_pagesize_limit=32 << 20,
        write_page_index=True,
        write_page_checksum=True,  # zstd pages have none: a flipped bit would be another word
        write_statistics=[
            field.name for field in schema if not pa.types.is_nested(field.type) and field.name not in _LONG
        ],
        store_schema=False,  # Parquet's own types say it all, and Arrow's copy is 6 kB in every part
        sorting_columns=pq.SortingColumn.from_ordering(schema, [("time", "ascending")]),
    ) as writer:
        for table in row_groups:
            writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
        writer.add_key_value_metadata(about)
    sync_file(path)


def _explained(error: OSError, count: int, kind: Kind, folder: Folder) -> OSError:
    """The same error, with what it means here."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    message = f"{count} {kind} could not be written into {folder.path}: {reason}. Nothing of them is visible; make room, or make it writable"
    return type(error)(error.errno, message) if error.errno else OSError(message)


def first_line(error: BaseException) -> str:
    """What an error says, without the stack that Arrow adds to it."""
    return (str(error).splitlines() or [type(error).__name__])[0]
