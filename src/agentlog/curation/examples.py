"""`curate`, and the examples it gives: the model calls with verdicts beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.curation import verdicts
from agentlog.curation.duplicates import Equals
from agentlog.curation.feedback import approved
from agentlog.dataset import Dataset, open_dataset
from agentlog.errors import ConfigurationError, NotBuilt
from agentlog.semconv import MODEL_OPERATIONS
from agentlog.storage.schema import CALLS

_ROWS = 4096  # rows looked at together: bounds the memory, whatever the row groups are

VERDICTS: Final = pa.schema(
    [
        pa.field("verdicts", pa.list_(pa.string()), nullable=False),
        pa.field("duplicate_of", pa.string()),
        pa.field("kept", pa.bool_(), nullable=False),
        pa.field("weight", pa.int64(), nullable=False),
    ]
)
"""The columns that `curate` adds to those of `calls/`."""


@dataclass(frozen=True, slots=True, repr=False)
class Examples:
    """Model calls, each with the reasons why it is no example to learn from.

    Example:
        >>> import agentlog
        >>> examples = agentlog.curate("agentlog-records")  # doctest: +SKIP
        >>> examples  # doctest: +SKIP
        118 of 120 model calls kept
          error        1  the call raised
          truncated    1  the answer was cut by a length limit or a content filter
        >>> examples.kept().table.to_pandas()  # doctest: +SKIP
    """

    table: pa.Table
    """One row for each model call, with the columns of `calls/` and:

    - `verdicts`: codes of `verdicts.REASONS`; empty for a good example.
    - `duplicate_of`: the earliest of the equal calls, null for that one.
    - `kept`: there is no verdict.
    - `weight`: how many equal calls there are, 1 where there is no other.
    """
    source: str = ""
    """Where the calls come from."""
    others: dict[str, int] = field(default_factory=dict)
    """How many records of other operations were passed over: tools, retrieval, embeddings."""

    def __len__(self) -> int:
        """How many calls are kept."""
        return sum(kept is True for kept in self.table["kept"].to_pylist())

    def kept(self) -> Examples:
        """The examples that are kept, without the others."""
        return Examples(self.table.filter(self.table["kept"]), self.source, self.others)

    def funnel(self) -> dict[str, int]:
        """From `seen` to `kept`: how many calls each reason takes away. A call with several counts under the first.

        The order of reasons is that of `verdicts.REASONS`; `seen` minus all of them is `kept`.
        """
        counts: Counter[str] = Counter()
        for found in self.table["verdicts"].to_pylist():
            if found:
                counts[next(code for code in verdicts.REASONS if code in found)] += 1
        lost = {code: counts[code] for code in verdicts.REASONS if counts[code]}
        return {"seen": self.table.num_rows} | lost | {"kept": self.table.num_rows - sum(lost.values())}

    def __repr__(self) -> str:
        rows = self._rows()
        width = max((len(code) for code, _, _ in rows), default=0)
        digits = max((len(count) for _, count, _ in rows), default=0)
        return "\n".join(
            [self._headline(), *(f"  {code:<{width}}  {count:>{digits}}  {meaning}" for code, count, meaning in rows)]
        )

    def _repr_html_(self) -> str:
        cell = "padding:.25em .8em;border-bottom:1px solid color-mix(in srgb, currentColor 15%, transparent)"
        body = "".join(
            f'<tr><td style="{cell};text-align:left"><code>{escape(code)}</code></td><td style="{cell};text-align:right">{count}</td>'
            f'<td style="{cell};text-align:left;opacity:.7">{escape(meaning)}</td></tr>'
            for code, count, meaning in self._rows()
        )
        return (
            f'<div style="font-family:system-ui,sans-serif;font-size:13px"><div style="margin:.3em 0 .6em">{escape(self._headline())}</div>'
            f'<table style="border-collapse:collapse;font-variant-numeric:tabular-nums"><tbody>{body}</tbody></table></div>'
        )

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (code, f"{count:,}", verdicts.REASONS[code])
            for code, count in self.funnel().items()
            if code in verdicts.REASONS
        ]

    def _headline(self) -> str:
        if self.table.num_rows:
            return f"{len(self):,} of {self.table.num_rows:,} model calls kept"
        other = ", ".join(f"{count:,} {operation}" for operation, count in sorted(self.others.items()))
        return f"no examples: {self.source or 'the dataset'} holds no model calls ({other or 'no records at all'})"


def curate(
    dataset: Dataset | str | Path, *, require_feedback: str | None = None, paraphrase: Any = None, seed: int = 0
) -> Examples:
    """The model calls of a dataset, with verdicts on which of them are fit to learn from.

    Nothing is deleted: a verdict is a reason code in a column. See `verdicts.REASONS` for the codes.

    Args:
        dataset: an opened dataset, or its folder.
        require_feedback: the name of a feedback that a call must have: a score of 0.5 or more, or without a score a label
            like "yes" or "resolved". The feedback on the call decides, else the one on its run, else the one on its session;
            of several on one target the last.
        paraphrase: not there yet.
        seed: for paraphrases; nothing else is random.

    Raises:
        DatasetError: the folder is no dataset.
        UnknownName: there is no feedback of that name.
        NotBuilt: `paraphrase` was given.

    Example:
        >>> import agentlog
        >>> agentlog.curate("agentlog-records", require_feedback="resolved")  # doctest: +SKIP
        97 of 120 model calls kept
          truncated          1  the answer was cut by a length limit or a content filter
          missing_feedback  22  the demanded feedback is missing or bad
    """
    if paraphrase is not None:
        raise NotBuilt("curate(paraphrase=) is not there yet: leave it out, the examples keep their words")
    if isinstance(dataset, str | Path):
        dataset = open_dataset(dataset)
    if not hasattr(dataset, "to_arrow"):
        raise ConfigurationError(f"curate takes a dataset or its folder; found {type(dataset).__name__}")
    table = dataset.to_arrow()
    operations: list[str | None] = table["operation"].to_pylist()
    others = dict(Counter(str(operation) for operation in operations if operation not in MODEL_OPERATIONS))
    table = table.filter(pc.is_in(table["operation"], pa.array(sorted(MODEL_OPERATIONS))))
    found, numbers = _read(table)
    if require_feedback is not None:
        targets = {name: table[name].to_pylist() for name in ("call_id", "trace_id", "session")}
        for codes, good in zip(found, approved(dataset.feedback(), require_feedback, targets), strict=True):
            if not good:
                codes.append(verdicts.MISSING_FEEDBACK)
    first, weights = _equal(table, found, numbers)
    for codes, one in zip(found, first, strict=True):
        if one is not None:
            codes.append(verdicts.DUPLICATE)
    columns: list[list[Any]] = [found, first, [not codes for codes in found], weights]
    for column, values in zip(VERDICTS, columns, strict=True):
        table = table.append_column(column, pa.array(values, column.type))
    return Examples(table, source=str(dataset.path), others=others)


def _read(table: pa.Table) -> tuple[list[list[str]], list[int]]:
    """For each call the codes of its own row, and a number that equal calls share."""
    equals = Equals()
    found: list[list[str]] = []
    numbers: list[int] = []
    for batch in table.select([name for name in _NEEDED if name in table.column_names]).to_batches(max_chunksize=_ROWS):
        whole = _complete(batch)
        found += verdicts.of_rows(whole)
        numbers += equals.numbers(whole)
    return found, numbers


_NEEDED = (*verdicts.COLUMNS, "tool_definitions")


def _complete(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with every needed column in the type of `calls/`; a missing one is null."""
    columns = []
    for name in _NEEDED:
        kind = CALLS.field(name).type
        column = batch[name] if name in batch.schema.names else pa.nulls(batch.num_rows, kind)
        columns.append(column if column.type == kind else column.cast(kind))
    return pa.RecordBatch.from_arrays(columns, names=list(_NEEDED))


def _equal(table: pa.Table, found: Iterable[list[str]], numbers: list[int]) -> tuple[list[str | None], list[int]]:
    """For each call the earliest of its equals (None for that one), and how many they are.

    Only calls without a verdict are compared: what is kept must not be the double of something that is not.
    """
    call_ids = table["call_id"].to_pylist()
    order: Any = pc.sort_indices(
        table.select(["time", "call_id"]), sort_keys=[("time", "ascending"), ("call_id", "ascending")]
    )
    good = [not codes for codes in found]
    firsts: dict[int, int] = {}
    for row in order.to_pylist():
        if good[row]:
            firsts.setdefault(numbers[row], row)
    counts = Counter(number for number, is_good in zip(numbers, good, strict=True) if is_good)
    first = [
        call_ids[firsts[number]] if is_good and firsts[number] != row else None
        for row, (number, is_good) in enumerate(zip(numbers, good, strict=True))
    ]
    return first, [counts[number] if is_good else 1 for number, is_good in zip(numbers, good, strict=True)]
