"""A part is written once; but what is learnt too late is taken out of it again, under the same name.

    the part as it will be, aside → fsync → rename over the old one → fsync of the folder

Whoever has the old file open reads it to its end; whoever opens the name reads one or the other, whole. The rows stay
where they are, with their ids, and the footer says what it said. A crash in the middle leaves the old part, and a file
aside that `parts.remove_temporaries` takes away.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from agentlog.errors import DatasetError
from agentlog.records import Record
from agentlog.storage.durable import locked, make_file, make_folder, sync_folder
from agentlog.storage.folder import Folder, Kind
from agentlog.storage.parts import SCHEMAS, first_line, write_file
from agentlog.storage.rows import tables

Mend = Callable[[dict[str, Any]], Record | None]
"""From a stored row to the record that takes its place; None: it stays as it is."""

_OURS: Final = b"agentlog."


def repair(folder: Folder, part: Path, kind: Kind, mends: Mapping[str, Mend]) -> list[tuple[dict[str, Any], Record]]:
    """Put other records in the place of rows of a part. When this returns, they are on the disk.

    Args:
        folder: the dataset.
        part: one of its parts.
        kind: "calls" or "feedback".
        mends: for each trace that is concerned, what becomes of its rows.

    Returns:
        The rows that are gone, each with what took its place; nothing was written where there are none.

    Raises:
        FileNotFoundError: there is no such part any more.
        DatasetError: it is no whole part: reading it again would not help.
        OSError: it cannot be read or written now; the old part is there as it was.
        MemoryError: there is too little for it now; likewise.
    """
    with locked(folder.meta / "lock"):
        changed: list[tuple[dict[str, Any], Record]] = []
        groups = []
        try:
            # not as a dataset: pyarrow would import pandas for it, 2 seconds in a recorder
            with pq.ParquetFile(part, page_checksum_verification=True) as file:
                said = file.metadata.metadata or {}
                for number in range(file.num_row_groups):
                    rows = _evolved(file.read_row_group(number), SCHEMAS[kind])
                    groups.append(pa.concat_tables(_mended(rows, mends, changed)))
        except MemoryError:  # Arrow's is an ArrowException, too
            raise
        except (OSError, pa.ArrowException) as error:
            # Arrow says OSError of a page that is damaged, too; only what the system refused has a number
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise DatasetError(f"{part} cannot be repaired: {first_line(error)}") from error
        if changed:
            _replace(folder, part, groups, {k.decode(): v.decode() for k, v in said.items() if k.startswith(_OURS)})
        return changed


def _evolved(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows with the newest columns; what an older writer did not know is null."""
    columns = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _mended(
    table: pa.Table, mends: Mapping[str, Mend], changed: list[tuple[dict[str, Any], Record]]
) -> Iterator[pa.Table]:
    """The rows in their order, in pieces: those that stay, and each that is exchanged. Adds those to `changed`."""
    begin = 0
    time = table.schema.get_field_index("time")
    rows = table.set_column(time, "time", table["time"].cast(pa.int64()))  # as records have it
    for place, trace in enumerate(table["trace_id"].to_pylist()):
        mend = None if trace is None else mends.get(trace)
        if mend is None:
            continue
        old = rows.slice(place, 1).to_pylist()[0]
        made = mend(old)
        if made is None:
            continue
        if not isinstance(made, Record):
            raise TypeError(f"only a Record, which the redactor makes, may be written; found {type(made).__name__}")
        yield table.slice(begin, place - begin)
        yield from tables([made.row], table.schema)
        changed.append((old, made))
        begin = place + 1
    yield table.slice(begin)


def _replace(folder: Folder, part: Path, groups: list[pa.Table], about: dict[str, str]) -> None:
    make_folder(folder.temporary)
    temporary = folder.temporary / f"{part.stem}.{secrets.token_hex(6)}.parquet"
    make_file(temporary)
    try:
        write_file(temporary, groups, about)
        os.replace(temporary, part)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(part.parent)
