"""Reading parts: always with the newest columns, and never stopped by a file that is no part.

Old parts have fewer columns: those are null. Files that cannot be read (half-written, truncated, somebody else's) are
left out, named in the log and kept in `damaged`. A part that a recorder has repaired since it was opened (`storage.repairs`)
is opened again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.fs

from agentlog.errors import ConfigurationError, DatasetError, UnknownName
from agentlog.storage.folder import Folder, Kind
from agentlog.storage.parts import SCHEMAS, Footer, first_line, footer_of

logger = logging.getLogger(__name__)

_FORMAT = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
)
_FILES = pyarrow.fs.LocalFileSystem()
_GONE = (0, 0, 0)
_TRIES = 8
"""A part that is repaired again and again is read at last as it was opened; a page that does not fit is told by its checksum."""


@dataclass(frozen=True, slots=True)
class Part:
    """A whole file with one of our footers."""

    path: Path
    footer: Footer
    fragment: ds.ParquetFileFragment
    stamp: tuple[int, int, int]
    """Which file it was: a repair puts another one under the same name."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What lies in `calls/` or `feedback/`."""

    parts: tuple[Part, ...]
    damaged: tuple[tuple[Path, str], ...]
    """Files that are no parts (half-written, truncated, somebody else's), and what is wrong with each."""


def listing(folder: Folder, kind: Kind = "calls") -> list[Path]:
    """The files of `calls/` or `feedback/` by day and name; what begins with `.` or `_` is no file of a dataset."""
    found: list[Path] = []
    for path, folders, files in os.walk(folder.parts_of(kind)):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        found += (Path(path, name) for name in sorted(files) if name[0] not in "._")
    return found


def scan(paths: Sequence[Path]) -> Scan:
    """Read the footers of files (0.6 ms each) and tell the parts from the rest."""
    parts, damaged = [], []
    for path in paths:
        try:
            stamp = _stamp(path)
            # make_fragment is typed as any format's
            fragment: Any = _FORMAT.make_fragment(str(path), _FILES, partition_expression=_date(path))
            parts.append(Part(path, footer_of(fragment.metadata, path), fragment, stamp))
        except DatasetError:
            damaged.append((path, "another program wrote it: move it out of the dataset"))
        except (OSError, pa.ArrowException) as error:
            damaged.append((path, what_is_wrong(path, error)))
    return Scan(tuple(parts), tuple(damaged))


class PartReader:
    """The parts of one kind that lay in a dataset when this was made. Their footers are read at the first use."""

    def __init__(self, folder: Folder, kind: Kind = "calls", files: Sequence[Path] | None = None) -> None:
        """`files`: only these of the dataset's."""
        self.schema = SCHEMAS[kind]
        self._listed = listing(folder, kind) if files is None else files
        self._found: Scan | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The files that can be read."""
        return self._scan().parts

    @property
    def damaged(self) -> tuple[tuple[Path, str], ...]:
        """The files that are left out, and what is wrong with each."""
        return self._scan().damaged

    def __len__(self) -> int:
        return sum(part.footer.rows for part in self.parts)

    def open(self, schema: pa.Schema | None = None) -> ds.Dataset:
        """The parts as one dataset with the columns of `schema` (default: the newest); its rows stand as the parts do."""
        return _dataset(self.parts, schema or self.schema)

    def read(self, columns: Sequence[str] | None = None, filter: ds.Expression | None = None) -> pa.Table:
        """The rows, sorted by time and then by id. A part whose content turns out to be damaged is left out from then on.

        Raises:
            UnknownName: there is no such column.
            ConfigurationError: the filter cannot be used on these columns.
        """
        names = self.schema.names
        wanted = names if columns is None else list(columns)
        for name in wanted:
            if name not in names:
                raise UnknownName(f"the dataset has no column {name!r}. There is: {', '.join(names)}")
        keys = ["time", names[0]]
        needed = [*wanted, *(key for key in keys if key not in wanted)]
        if filter is not None:
            try:
                self.schema.empty_table().filter(filter)
            except (pa.ArrowException, TypeError) as error:
                raise _no_filter(error) from error
        return in_order(self._rows(needed, filter), keys).select(wanted)

    def _rows(self, columns: list[str], filter: ds.Expression | None) -> pa.Table:
        for _ in range(_TRIES):
            rows: pa.Table | None = None
            try:
                rows = self.open().to_table(columns=columns, filter=filter)
            except (OSError, pa.ArrowInvalid):
                logger.debug("reading part by part, to find the damaged one", exc_info=True)
            if not self._renew():
                break
        if rows is not None:
            return rows
        tables = [self.schema.empty_table().select(columns)]
        whole, broken = [], []
        for part in self.parts:
            try:
                tables.append(_dataset([part], self.schema).to_table(columns=columns, filter=filter))
                whole.append(part)
            except (OSError, pa.ArrowInvalid) as error:
                if filter is not None and _readable(part, self.schema):
                    raise _no_filter(error) from error
                broken.append((part.path, what_is_wrong(part.path, error)))
        report(broken)
        self._found = Scan(tuple(whole), (*self.damaged, *broken))
        return pa.concat_tables(tables)

    def _renew(self) -> bool:
        """Open again what was replaced since it was opened; its old footer leads astray. Whether there was anything."""
        replaced = {part.path for part in self.parts if _stamp(part.path) not in (part.stamp, _GONE)}
        if not replaced:
            return False
        again = {part.path: part for part in scan(sorted(replaced)).parts}
        self._found = Scan(tuple(again.get(part.path, part) for part in self.parts), self.damaged)
        return True

    def _scan(self) -> Scan:
        if self._found is None:
            self._found = scan(self._listed)
            report(self._found.damaged)
        return self._found


def open_parts(folder: Folder, kind: Kind = "calls", *, date: bool = False) -> ds.Dataset:
    """The parts of a dataset that can be read, as a `pyarrow.dataset.Dataset` with the newest columns.

    Args:
        folder: the dataset.
        kind: "calls" or "feedback".
        date: also give the column `date`, the name of the folder that a part lies in (a string, `2026-11-20`).
    """
    reader = PartReader(folder, kind)
    return reader.open(reader.schema.append(pa.field("date", pa.string())) if date else None)


def damaged(folder: Folder) -> list[tuple[Path, str]]:
    """The files under `calls/` and `feedback/` that are no parts, and what is wrong with each."""
    return [each for kind in get_args(Kind) for each in scan(listing(folder, kind)).damaged]


def report(files: Sequence[tuple[Path, str]]) -> None:
    """Say in the log which files are left out."""
    for path, reason in files:
        logger.warning("%s is left out: %s", path, reason)


def in_order(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The rows of `table` sorted by `columns`, of which none is nested."""
    order = pc.sort_indices(table.select(columns), sort_keys=[(column, "ascending") for column in columns])
    if order.to_pylist() == list(range(len(order))):
        return table
    try:
        return table.take(order)
    except pa.ArrowInvalid:
        # Arrow joins the pieces of a column before it takes from them, and one with 32-bit offsets ends at 2 GiB.
        wide = table.cast(pa.schema([field.with_type(_wide(field.type)) for field in table.schema])).combine_chunks()
        return pa.concat_tables(_taken(wide, order, table.schema))


def what_is_wrong(path: Path, error: BaseException) -> str:
    """Why a file cannot be read, and what to do."""
    try:
        with path.open("rb") as file:
            begins = file.read(4) == b"PAR1"
            file.seek(-min(4, path.stat().st_size), os.SEEK_END)
            ends = file.read(4) == b"PAR1"
    except FileNotFoundError:
        return "it has gone since the dataset was opened: open the dataset again"
    except OSError as reason:
        return f"it cannot be opened ({reason.strerror or reason}): open the dataset as the user who recorded it"
    if begins and not ends:
        return "it is half-written, its end is missing: copy it again, or delete it"
    if not begins:
        return "it is no Parquet file: move it out of the dataset"
    return f"its content is damaged ({first_line(error)}): copy it again, or delete it"


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return _GONE
    return found.st_ino, found.st_mtime_ns, found.st_size


def _dataset(parts: Sequence[Part], schema: pa.Schema) -> ds.Dataset:
    return ds.FileSystemDataset([part.fragment for part in parts], schema, _FORMAT, filesystem=_FILES)


def _readable(part: Part, schema: pa.Schema) -> bool:
    try:
        for _ in _dataset([part], schema).to_batches():
            pass
    except (OSError, pa.ArrowInvalid):
        return False
    return True


def _no_filter(error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"filter= cannot be used: {first_line(error)}. It is an expression over the columns, like "
        "pyarrow.compute.field('operation') == 'chat'"
    )


def _date(path: Path) -> ds.Expression | None:
    name, _, day = path.parent.name.partition("=")
    return ds.field("date") == ds.scalar(day) if name == "date" and day else None


def _wide(kind: pa.DataType) -> pa.DataType:
    """The same type with 64-bit offsets."""
    if pa.types.is_string(kind):
        return pa.large_string()
    if pa.types.is_list(kind):
        return pa.large_list(kind.value_field.with_type(_wide(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_wide(field.type)) for field in kind])
    return kind


def _taken(wide: pa.Table, order: pa.UInt64Array, schema: pa.Schema) -> list[pa.Table]:
    """The rows of `wide` in this order, back in `schema`: in as many pieces as its 32-bit offsets need."""
    try:
        return [wide.take(order).cast(schema)]
    except pa.ArrowInvalid:
        if len(order) < 2:
            raise
    half = len(order) // 2
    return [*_taken(wide, order[:half], schema), *_taken(wide, order[half:], schema)]
