"""What was recorded: calls, tokens, cost, time, and who read the answers. Counted over every record of the dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.dataset import Dataset
from agentlog.reporting.measured import Number, Unmeasured
from agentlog.semconv import EMBEDDINGS, EXECUTE_TOOL, MODEL_OPERATIONS, OUR_MODELS

MONTH: Final = timedelta(hours=730)
"""Of every figure "a month": a twelfth of a year. As `agentlog.selection` reckons."""
SHORTEST: Final = timedelta(hours=1)
"""A shorter span says nothing of a month. As there."""
_BINS: Final = 48

COLUMNS: Final = (
    "call_id", "trace_id", "time", "duration_s", "operation", "request_model", "response_model", "usage", "cost_usd", "price_version",
    "error_type", "surface", "redaction",
)  # fmt: skip

NO_TOKENS: Final = Unmeasured(
    "no call says how many tokens it used",
    "record with a client that reports usage (for streams of OpenAI: `stream_options={'include_usage': True}`)",
)
NO_PRICES: Final = Unmeasured(
    "no call has a price", "install the price list before the agent runs: `pip install 'agentlog[prices]'`"
)
TOO_SHORT: Final = Unmeasured("the records span less than an hour", "let the agent run for a week, or at least a day")


@dataclass(frozen=True, slots=True)
class Group:
    """Calls of one kind, added up."""

    name: str
    calls: int
    errors: int
    """Calls that raised."""
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int | None
    """Of the input tokens, those that the provider had in its prompt cache. Sums of the calls that say; None: none says."""
    with_tokens: int
    """Calls that say how many tokens they used."""
    cost_usd: float | None
    with_cost: int
    """Calls that have a cost."""
    seconds: float | None
    """Half of the calls took at most as long."""

    @property
    def tokens(self) -> int | None:
        """Input and output."""
        if self.input_tokens is None and self.output_tokens is None:
            return None
        return (self.input_tokens or 0) + (self.output_tokens or 0)


@dataclass(frozen=True, slots=True)
class Traffic:
    """The figures of the whole dataset."""

    records: int
    runs: int
    begin: datetime | None
    end: datetime | None
    operations: tuple[Group, ...]
    """The most frequent first."""
    models: tuple[Group, ...]
    """Calls of models, embeddings included, by the model that answered."""
    model_calls: Group
    """Calls in which a model writes an answer."""
    billed: Group
    """These and embeddings: what a provider bills."""
    tool_calls: int
    ours: int
    """Model calls that a small model of ours answered already."""
    surfaces: dict[str, int]
    """Model calls by who read the answer: human, unknown, internal."""
    over_time: tuple[int, ...]
    """Model calls in equal pieces of the time between `begin` and `end`; empty where that is no time."""
    price_versions: tuple[str, ...]
    policies: tuple[str, ...]
    """Redaction policies of the records, with their hashes."""
    feedback: int

    @property
    def span(self) -> timedelta:
        """From the first call to the last."""
        return self.end - self.begin if self.begin and self.end else timedelta()

    def a_month(self, amount: float | None, missing: Unmeasured) -> Number:
        """What an amount over the whole span comes to in a month."""
        if amount is None:
            return missing
        if self.span < SHORTEST:
            return TOO_SHORT
        return amount * (MONTH / self.span)


def traffic(dataset: Dataset) -> Traffic:
    """Count a dataset."""
    table = flat(dataset.to_arrow(COLUMNS))
    written = table.filter(pc.is_in(table["operation"], pa.array(sorted(MODEL_OPERATIONS))))
    billed = table.filter(pc.is_in(table["operation"], pa.array(sorted({*MODEL_OPERATIONS, EMBEDDINGS}))))
    return Traffic(
        records=len(table),
        runs=pc.count_distinct(table["trace_id"]).as_py(),
        begin=table["time"][0].as_py() if len(table) else None,
        end=table["time"][-1].as_py() if len(table) else None,
        operations=_groups(table, "operation"),
        models=_groups(billed, "model"),
        model_calls=total("model calls", written),
        billed=total("billed calls", billed),
        tool_calls=table["operation"].to_pylist().count(EXECUTE_TOOL),
        ours=sum(str(model).startswith(OUR_MODELS) for model in written["model"].to_pylist()),
        surfaces=_counts(written, "surface"),
        over_time=_over_time(written["time"], table["time"]),
        price_versions=tuple(sorted(_counts(billed, "price_version"))),
        policies=tuple(sorted(_counts(table, "policy"))),
        feedback=len(dataset.feedback()),
    )


def flat(table: pa.Table) -> pa.Table:
    """The columns of `COLUMNS` with the structs taken apart, so that Arrow can add them up."""
    usage, redaction = (table[name].combine_chunks() for name in ("usage", "redaction"))
    made = {
        "model": pc.coalesce(table["response_model"], table["request_model"], pa.scalar("", pa.string())),
        "input": _inner(usage, "input_tokens"),
        "output": _inner(usage, "output_tokens"),
        "cached": _inner(usage, "cache_read_input_tokens"),
        "tokens": pc.coalesce(_inner(usage, "input_tokens"), _inner(usage, "output_tokens")),
        "policy": _inner(redaction, "policy"),
    }
    for name, column in made.items():
        table = table.append_column(name, column)
    return table.drop_columns(["usage", "redaction", "request_model", "response_model"])


def _inner(struct: Any, name: str) -> Any:
    return pc.struct_field(struct, name)


_SUMS: Final = (
    ("call_id", "count"), ("error_type", "count"), ("input", "sum"), ("output", "sum"), ("cached", "sum"), ("tokens", "count"),
    ("cost_usd", "sum"), ("cost_usd", "count"), ("duration_s", "approximate_median"),
)  # fmt: skip


def _groups(table: pa.Table, key: str) -> tuple[Group, ...]:
    rows = table.group_by(key).aggregate(list(_SUMS)).to_pylist()
    found = [_group(row[key], row) for row in rows]
    return tuple(sorted(found, key=lambda one: (-one.calls, one.name)))


def total(name: str, table: pa.Table) -> Group:
    """All rows of a flat table as one group."""
    if not len(table):
        return Group(name, 0, 0, None, None, None, 0, None, 0, None)
    return _group(name, table.group_by([]).aggregate(list(_SUMS)).to_pylist()[0])


def _group(name: str | None, row: dict[str, Any]) -> Group:
    return Group(
        name or "",
        row["call_id_count"],
        row["error_type_count"],
        row["input_sum"],
        row["output_sum"],
        row["cached_sum"],
        row["tokens_count"],
        row["cost_usd_sum"],
        row["cost_usd_count"],
        row["duration_s_approximate_median"],
    )


def _counts(table: pa.Table, column: str) -> dict[str, int]:
    rows = table.group_by(column).aggregate([([], "count_all")]).to_pylist()
    return {row[column]: row["count_all"] for row in rows if row[column] is not None}


def _over_time(times: Any, of: Any) -> tuple[int, ...]:
    """How many of `times` lie in each equal piece of the time that `of`, which is sorted, spans."""
    if not len(of) or of[0].as_py() == of[-1].as_py():
        return ()
    begin, end = (pc.cast(of[place], pa.int64()).as_py() for place in (0, -1))
    counts = [0] * _BINS
    stamps: Sequence[int] = pc.cast(times, pa.int64()).to_pylist()
    for stamp in stamps:
        counts[min(_BINS - 1, (stamp - begin) * _BINS // (end - begin))] += 1
    return tuple(counts)
