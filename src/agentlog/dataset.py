"""Open a dataset: count it, look at it, and hand it to pandas, polars, Hugging Face or Arrow."""

from __future__ import annotations

import html
import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from agentlog import settings
from agentlog.errors import MissingExtra, NotBuilt
from agentlog.messages.parts import text_of
from agentlog.recording import flushing
from agentlog.storage.folder import Folder
from agentlog.storage.reader import PartReader

if TYPE_CHECKING:  # none of these needs to be installed
    import datasets  # type: ignore[import-untyped, import-not-found, unused-ignore]
    import pandas  # type: ignore[import-untyped, import-not-found, unused-ignore]
    import polars  # type: ignore[import-not-found, unused-ignore]

_SHOWN: Final = 5
"""Rows at each end of the table in a notebook."""
_WIDTH: Final = 90
"""Characters of a preview."""


def open_dataset(path: str | Path | None = None, *, role: str | None = None, key: bytes | None = None) -> Dataset:
    """Open the dataset at `path`; what this process has captured so far is flushed into it first.

    Args:
        path: the folder that a recording made; None is the one that the settings name (`agentlog-records`).
        role: not there yet.
        key: not there yet.

    Returns:
        The calls that lay there when it was opened. Nothing of them is read before it is asked for.

    Raises:
        DatasetError: there is no dataset; the message says what was found, and which folder is meant where that is clear.
        NotBuilt: a role, a key or a bucket is given.

    Example:
        >>> dataset = agentlog.open_dataset("agentlog-records")  # doctest: +SKIP
        >>> len(dataset)  # doctest: +SKIP
        2454
        >>> dataset.to_pandas(["time", "operation", "request_model"])  # doctest: +SKIP
    """
    if role is not None or key is not None:
        raise NotBuilt(
            "role= and key= are not there yet: a dataset is not encrypted, whoever can read its files can read all of it"
        )
    if path is not None and "://" in str(path):
        raise NotBuilt(f"a dataset in a bucket is not there yet: copy {path} to a local folder and open that")
    flushing.flush_here()
    return Dataset(Folder.open(Path(path) if path is not None else flushing.directory or settings.load().directory))


class Dataset:
    """The calls in a folder, as they lay there when it was opened; it shows itself in a notebook.

    The folder `calls/` is plain Parquet, and needs nothing of agentlog to be read. These give the same rows (where parts
    of several versions of agentlog lie side by side, `open_dataset` is the one that always gives the newest columns):

        agentlog.open_dataset("agentlog-records").to_arrow()
        pandas.read_parquet("agentlog-records/calls")
        polars.read_parquet("agentlog-records/calls/**/*.parquet")
        duckdb.sql("from 'agentlog-records/calls/**/*.parquet'")
        datasets.load_dataset("parquet", data_dir="agentlog-records/calls", split="train")
        pyarrow.dataset.dataset("agentlog-records/calls").to_table()

    pandas, and DuckDB and polars when they are given the folders, add the column `date`, which is in the folders' names.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._calls = PartReader(folder)
        self._feedback = PartReader(folder, "feedback")
        self._overview: _Overview | None = None

    @property
    def path(self) -> Path:
        """The folder of the dataset."""
        return self._folder.path

    @property
    def calls_path(self) -> str:
        """The folder of the calls' Parquet files, for other readers."""
        return str(self._folder.calls)

    @property
    def schema(self) -> pa.Schema:
        """The columns: `agentlog.storage.schema.CALLS`."""
        return self._calls.schema

    @property
    def damaged(self) -> list[tuple[Path, str]]:
        """The files that are left out because they cannot be read, and what is wrong with each."""
        return [*self._calls.damaged, *self._feedback.damaged]

    def __len__(self) -> int:
        """The number of calls, from the footers of the files."""
        return len(self._calls)

    def to_arrow(self, columns: Sequence[str] | None = None, filter: ds.Expression | None = None) -> pa.Table:
        """The calls as an Arrow table, sorted by time and then by `call_id`.

        Args:
            columns: their names; None is all of them.
            filter: which rows, an expression like `pyarrow.compute.field("operation") == "chat"`.

        Raises:
            UnknownName: there is no such column.
            ConfigurationError: the filter cannot be used on these columns.
        """
        return self._calls.read(columns, filter)

    def to_pandas(self, columns: Sequence[str] | None = None, filter: ds.Expression | None = None) -> pandas.DataFrame:
        """The calls as a pandas DataFrame: `to_arrow`, where a list becomes a numpy array and a struct a dict."""
        _need("pandas", "notebook", "Dataset.to_pandas()")
        return self.to_arrow(columns, filter).to_pandas()

    def to_polars(self, columns: Sequence[str] | None = None, filter: ds.Expression | None = None) -> polars.DataFrame:
        """The calls as a polars DataFrame: `to_arrow`, where lists and structs keep their types."""
        frame: polars.DataFrame = _need("polars", "notebook", "Dataset.to_polars()").from_arrow(
            self.to_arrow(columns, filter)
        )
        return frame

    def to_hf(self, columns: Sequence[str] | None = None, filter: ds.Expression | None = None) -> datasets.Dataset:
        """The calls as a Hugging Face `datasets.Dataset`, in memory; lists and structs become its features."""
        library = _need("datasets", "study", "Dataset.to_hf()")
        made: datasets.Dataset = library.Dataset(library.table.InMemoryTable(self.to_arrow(columns, filter)))
        return made

    def head(self, n: int = _SHOWN) -> pa.Table:
        """The first `n` calls."""
        return self._look().first(n, self._calls)

    def feedback(self) -> pa.Table:
        """What was said of the calls, sorted by time: `agentlog.storage.schema.FEEDBACK`."""
        return self._feedback.read()

    def __repr__(self) -> str:
        return "\n".join([f"agentlog dataset {self.path}", *(f"  {title:<10} {text}" for title, text in self._lines())])

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<div><span class='agentlog-quiet'>{html.escape(title)}</span> {html.escape(text)}</div>"
            for title, text in self._lines()
        )
        return f"{_STYLE}<div class='agentlog'><b>agentlog dataset</b> {html.escape(str(self.path))}{lines}{self._table()}</div>"

    def _look(self) -> _Overview:
        if self._overview is None:
            self._overview = _Overview(self._calls.read(["time", "call_id", "trace_id", "operation", "surface"]))
        return self._overview

    def _lines(self) -> list[tuple[str, str]]:
        """What there is to say of the whole, as title and text."""
        look = self._look()
        if not len(look.rows):
            what_next = (
                "they come with agentlog.instrument() or @agentlog.capture; agentlog.flush() makes them visible at once"
            )
            lines = [("calls", f"no calls yet: {what_next}")]
        else:
            runs = pc.count_distinct(look.rows["trace_id"]).as_py()
            times = look.rows["time"]
            lines = [
                ("calls", f"{len(look.rows):,} in {runs:,} {'run' if runs == 1 else 'runs'}"),
                ("time", f"{_minute(times[0].as_py())} to {_minute(times[-1].as_py())} UTC"),
                ("operation", look.counts("operation")),
                ("surface", look.counts("surface")),
            ]
        if len(self._feedback):
            lines.append(("feedback", f"{len(self._feedback):,}"))
        dropped = sum(self._folder.losses().values())
        if dropped:
            lines.append(("dropped", f"{dropped:,} more calls came faster than they could be stored"))
        lines += [("left out", f"{path.relative_to(self.path)}: {reason}") for path, reason in self.damaged[:3]]
        if len(self.damaged) > 3:
            lines.append(("left out", f"{len(self.damaged) - 3} more files: Dataset.damaged"))
        return lines

    def _table(self) -> str:
        look = self._look()
        if not len(look.rows):
            return ""
        head = "".join(
            f"<th>{title}</th>" for title in ("time", "operation", "name", "model", "surface", "tokens", "in", "out")
        )
        if len(look.rows) <= 2 * _SHOWN:
            body = _html_rows(look.first(2 * _SHOWN, self._calls, _PREVIEWED))
        else:
            gap = f"<tr><td colspan='8' class='agentlog-quiet'>… {len(look.rows) - 2 * _SHOWN:,} more</td></tr>"
            body = (
                _html_rows(look.first(_SHOWN, self._calls, _PREVIEWED))
                + gap
                + _html_rows(look.last(_SHOWN, self._calls, _PREVIEWED))
            )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True, slots=True)
class _Overview:
    """The short columns of all rows, in order: enough to count them, and to find the rows at either end."""

    rows: pa.Table

    def counts(self, column: str) -> str:
        counted = self.rows.group_by(column).aggregate([([], "count_all")]).to_pylist()
        counted.sort(key=lambda pair: (-pair["count_all"], pair[column]))
        return " · ".join(f"{pair[column]} {pair['count_all']:,}" for pair in counted)

    def first(self, n: int, calls: PartReader, columns: Sequence[str] | None = None) -> pa.Table:
        edge = self.rows.slice(0, max(n, 0))
        return self._between(edge, calls, columns).slice(0, len(edge))

    def last(self, n: int, calls: PartReader, columns: Sequence[str] | None = None) -> pa.Table:
        edge = self.rows.slice(max(len(self.rows) - n, 0))
        found = self._between(edge, calls, columns)
        return found.slice(len(found) - len(edge))

    @staticmethod
    def _between(edge: pa.Table, calls: PartReader, columns: Sequence[str] | None) -> pa.Table:
        """The rows of `edge` with other columns. The times let Parquet skip what lies outside."""
        if not len(edge):
            return calls.schema.empty_table().select(columns or calls.schema.names)
        time = pc.field("time")
        return calls.read(
            columns,
            (time >= edge["time"][0])
            & (time <= edge["time"][-1])
            & pc.field("call_id").isin(edge["call_id"].combine_chunks()),
        )


_PREVIEWED: Final = (
    "time",
    "operation",
    "name",
    "request_model",
    "response_model",
    "surface",
    "error_type",
    "usage",
    "redaction",
    "input_messages",
    "output_messages",
    "tool_arguments",
    "tool_result",
)

# Colours come from the notebook, light or dark.
_STYLE: Final = """<style>
.agentlog { font-size: 0.92em; line-height: 1.5 }
.agentlog .agentlog-quiet { opacity: 0.6; display: inline-block; min-width: 5.5em }
.agentlog table { border-collapse: collapse; margin-top: 0.5em }
.agentlog table tr th, .agentlog table tr td {
  text-align: left !important; vertical-align: top; white-space: nowrap;
  padding: 2px 10px 2px 0; border-bottom: 1px solid rgba(128, 128, 128, 0.3)
}
.agentlog table tr td:nth-last-child(-n+2) { max-width: 26em; white-space: normal; overflow-wrap: anywhere }
</style>"""


def _html_rows(table: pa.Table) -> str:
    return "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in _cells(row))}</tr>" for row in table.to_pylist()
    )


def _cells(row: Mapping[str, Any]) -> Iterable[str]:
    usage = row["usage"] or {}
    tokens = [usage.get("input_tokens"), usage.get("output_tokens")]
    yield f"{row['time']:%Y-%m-%d %H:%M:%S}"
    yield row["operation"]
    yield row["name"] or ""
    yield row["response_model"] or row["request_model"] or ""
    yield row["surface"]
    yield "" if tokens == [None, None] else " → ".join("?" if count is None else f"{count:,}" for count in tokens)
    yield _preview(row["tool_arguments"] or _said((row["input_messages"] or [])[-1:]))
    withheld = (row["redaction"] or {}).get("withheld")
    out = row["tool_result"] or _said(row["output_messages"] or [])
    yield _preview(row["error_type"] or out or (withheld and f"withheld: {withheld}") or "")


def _said(messages: Iterable[Mapping[str, Any] | None]) -> str:
    """What messages say, in a few words: their text, else the tools they call or answer, else the kinds of their parts."""
    said = []
    for one in messages:
        if one is None:
            continue
        parts = [part for part in one["parts"] or [] if part]
        words = text_of({"role": one["role"] or "", "parts": parts})
        said.append(words or ", ".join(_part(part) for part in parts))
    return " | ".join(filter(None, said))


def _part(part: Mapping[str, Any]) -> str:
    if part["type"] == "tool_call":
        return f"{part['name']}({part['arguments'] or ''})"
    return part["result"] or f"[{part['type']}]"


def _preview(text: str) -> str:
    line = " ".join(text[: 4 * _WIDTH].split())
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"


def _need(library: str, extra: str, purpose: str) -> Any:
    try:
        return importlib.import_module(library)
    except ImportError as error:
        raise MissingExtra(library, extra, purpose) from error
