"""From rows to Arrow tables, so that one row that does not fit its schema takes no other with it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.json

ROW_GROUP_ROWS: Final = 16_384
"""Smaller ones repeat more of a resent history, larger ones save nothing more."""

CONTENT: Final = frozenset(
    {"system_instructions", "input_messages", "output_messages", "tool_definitions", "tool_arguments", "tool_result"}
)
"""The columns of what was said; a row that does not fit loses them."""

MISFIT: Final = "does not fit the schema: "
"""How `redaction.withheld` begins for a row that does not fit; the columns at fault follow."""

_BATCH_ROWS: Final = 1_024
_BYTES: Final = 1 << 30
"""The most text in one batch and in one row group; Arrow's offsets end at 2 GiB."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ERRORS: Final = (
    pa.ArrowException,
    msgspec.MsgspecError,
    ValueError,
    TypeError,
    OverflowError,
    AttributeError,
    KeyError,
    RecursionError,
)

logger = logging.getLogger(__name__)


def by_day(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> dict[date, list[pa.Table]]:
    """The rows by the UTC day of `time`, each day as its row groups; sorted by time, then by id.

    Every row comes out. A column that does not fit the schema becomes null (or a made-up value where null is not
    allowed); a call that has one loses its content too, its `redaction.failed` is true and `redaction.withheld` names the
    columns.
    """
    days: dict[date, list[tuple[datetime, str, Mapping[str, Any]]]] = {}
    identity = schema.names[0]
    for row in rows:
        moment = _moment(row.get("time"))
        if moment is None:
            row = _fitted(row, schema)
            moment = row["time"]
        if isinstance(row["time"], datetime):
            row = {**row, "time": (moment - _EPOCH) // timedelta(microseconds=1)}
        days.setdefault(moment.date(), []).append((moment, str(row.get(identity)), row))
    groups = {}
    for day in sorted(days):
        ordered = [row for _, _, row in sorted(days[day], key=lambda entry: entry[:2])]
        batches = (ordered[start : start + _BATCH_ROWS] for start in range(0, len(ordered), _BATCH_ROWS))
        groups[day] = _grouped(table for batch in batches for table in tables(batch, schema))
    return groups


def _grouped(pieces: Iterable[pa.Table]) -> list[pa.Table]:
    """Tables joined to row groups."""
    groups: list[list[pa.Table]] = []
    rows = size = 0
    for table in pieces:
        rows, size = rows + len(table), size + table.nbytes
        if not groups or rows > ROW_GROUP_ROWS or size > _BYTES:
            groups.append([])
            rows, size = len(table), table.nbytes
        groups[-1].append(table)
    return [pa.concat_tables(group) for group in groups]


def tables(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> list[pa.Table]:
    """The rows in one table; in several when one of them does not fit, or when they are too much for one."""
    try:
        return [_table(rows, schema)]
    except _ERRORS:
        if len(rows) == 1:
            return [_complete(pa.Table.from_pylist([_fitted(rows[0], schema)], schema=schema), 1)]
    half = len(rows) // 2
    return [*tables(rows[:half], schema), *tables(rows[half:], schema)]


def _table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """The rows by way of JSON.

    `Table.from_pylist` would look whether it was given something of pandas, and so import pandas where it is installed:
    2 seconds of CPU and 57 MB, in a recorder that may be a guest in the application. This also spends no more time with
    the interpreter's lock, because Arrow parses without it.
    """
    lines = msgspec.json.Encoder().encode_lines(rows)
    if len(lines) > _BYTES:
        raise OverflowError(f"{len(lines)} bytes at once")
    raw = pa.schema([field.with_type(pa.int64()) if pa.types.is_timestamp(field.type) else field for field in schema])
    table = pyarrow.json.read_json(
        pa.BufferReader(lines),  # type: ignore[arg-type]  # the stubs do not know Arrow's own files
        read_options=pyarrow.json.ReadOptions(block_size=len(lines) + 1, use_threads=False),
        parse_options=pyarrow.json.ParseOptions(explicit_schema=raw, unexpected_field_behavior="ignore"),
    )
    return _complete(table.select(schema.names).cast(schema), len(rows))


def _complete(table: pa.Table, count: int) -> pa.Table:
    """Arrow looks for missing values only when it writes the file; here one can still tell whose they are."""
    for field, column in zip(table.schema, table.columns, strict=True):
        if not field.nullable and column.null_count:
            raise pa.ArrowInvalid(f"{field.name} is missing")
    if len(table) != count:
        raise pa.ArrowInvalid(f"{count} rows became {len(table)}")
    return table


def _fitted(row: Mapping[str, Any], schema: pa.Schema) -> dict[str, Any]:
    """A row that fits in place of one that does not."""
    mended: dict[str, Any] = {name: _mended(row.get(name)) for name in schema.names}
    misfits = [field.name for field in schema if not _fits(mended[field.name], field)]
    if not misfits:
        return mended
    logger.warning(
        "a record does not fit the schema and is stored without its content; at fault: %s", ", ".join(misfits)
    )
    fitted = {name: None if name in misfits else value for name, value in mended.items()}
    for field in schema:
        if not field.nullable and fitted[field.name] is None:
            fitted[field.name] = _made_up(field.name, fitted)
    if "redaction" in schema.names:
        redaction = {
            **(fitted["redaction"] or {}),
            "failed": True,
            "withheld": f"{MISFIT}{', '.join(misfits)}",
        }
        fitted |= {"redaction": redaction, **dict.fromkeys(CONTENT)}
    return fitted


def _fits(value: Any, field: pa.Field[Any]) -> bool:
    if value is None:
        return field.nullable
    if field.name == "time" and _moment(value) is None:
        return False
    try:
        pa.array([value], field.type)
    except _ERRORS:
        return False
    return True


def _made_up(column: str, row: Mapping[str, Any]) -> Any:
    """A value for a column that has to have one."""
    if column == "time":
        return datetime.now(UTC)
    if column == "trace_id":
        return row["call_id"]  # a run of its own
    return secrets.token_hex(16) if column in ("call_id", "feedback_id") else "unknown"


def _mended(value: Any) -> Any:
    """`value` with lone surrogates replaced: a stream cut inside a character leaves one, and UTF-8 has no code for it."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, Mapping):
        return {_mended(key): _mended(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(each) for each in value]
    return value


def _moment(value: Any) -> datetime | None:
    """The time in a row (µs since 1970, or a datetime; without a zone it is UTC); None for what is no time."""
    try:
        if isinstance(value, datetime):
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, int) and not isinstance(value, bool):
            return _EPOCH + timedelta(microseconds=value)
        return None
    except OverflowError:  # beyond the year 9999: nanoseconds taken for microseconds, most likely
        return None
