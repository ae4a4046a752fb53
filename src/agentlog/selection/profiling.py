"""A task in numbers: what its calls take and cost, how often they come, and how much of their answers can be learnt."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from agentlog.errors import ConfigurationError, DatasetError
from agentlog.selection.answers import Answers, characters, study
from agentlog.selection.caching import lost_tokens
from agentlog.selection.prices import Prices, cost
from agentlog.semconv import OUR_MODELS
from agentlog.storage.reader import in_order
from agentlog.tasks import Task

_MONTH_S: Final = 730.0 * 3600
_SHORTEST_S: Final = 3600.0
"""A shorter record says nothing about a month."""
_CHARACTERS_A_TOKEN: Final = 4.0
_SAMPLE: Final = 2000
"""Calls whose texts are read; all of them count in the figures that need no text."""


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Of tokens or seconds, one value a call."""

    mean: float
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known about a task. None: not measurable; `notes` say why."""

    task_id: str
    task_name: str
    output_kind: str
    n_calls: int
    n_examples: int
    far_from_10k: int
    models: Mapping[str, int]
    """The language models that answered, with their calls."""
    input_tokens: Quantiles | None
    output_tokens: Quantiles | None
    tokens_from: str
    """"logged", "estimated" (from characters), or ""."""
    duration_s: Quantiles | None
    span_s: float
    """From the first call to the last."""
    calls_per_month: float
    rate_from: str
    """"given", "measured", or "assumed": the record is too short, so its calls are taken for a month's."""
    peak_per_s: float | None
    """Calls a second in the busiest minute."""
    usd_per_call: float | None
    """Of a call that the language model answers."""
    cost_from: str
    """"logged", "priced", "priced, tokens estimated", or ""."""
    price_version: str
    cache_share: float | None
    """Share of the input tokens that the provider read from its prompt cache."""
    cache_lost_usd_per_call: float
    """What other calls of the same runs lose of the prompt cache for each call of this task that goes elsewhere."""
    offers_tools: float
    """Share of the calls that offer tools."""
    answers: Answers
    notes: tuple[str, ...] = field(repr=False)

    @property
    def usd_per_month(self) -> float | None:
        """What the language model costs for this task in a month."""
        return None if self.usd_per_call is None else self.usd_per_call * self.calls_per_month


def profile(
    task: Task,
    *,
    llm: str | None = None,
    prices: Prices | Mapping[str, tuple[float, float]] | None = None,
    calls_per_month: float | None = None,
) -> Profile:
    """The numbers of one task.

    Args:
        task: a task with its calls.
        llm: the language model that answers, where the calls do not name one.
        prices: model → (USD per million input tokens, per million output tokens), before the public list.
        calls_per_month: where you know better than the record.

    Raises:
        ConfigurationError: `task` is none, has no calls, or `calls_per_month` is no number above 0.
        DatasetError: the tasks were loaded without their calls.
    """
    if not isinstance(task, Task):
        raise ConfigurationError(
            f"a task of agentlog.cluster(...) is needed, like tasks['triage']; found {type(task).__name__}"
        )
    if calls_per_month is not None and not (
        isinstance(calls_per_month, int | float) and 0 < calls_per_month < math.inf
    ):
        raise ConfigurationError(f"calls_per_month is a number above 0; found {calls_per_month!r}")
    table = in_order(task.calls(), ["time", "call_id"])
    if not table.num_rows:
        raise DatasetError(f"the task {task.name!r} has no calls: were its examples filtered after clustering?")
    book = prices if isinstance(prices, Prices) else Prices(prices)
    notes: list[str] = []
    rows = table.select([name for name in _PLAIN if name in table.column_names]).to_pylist()
    asked = [row for row in rows if not str(row.get("response_model") or "").startswith(OUR_MODELS)]
    if len(asked) < len(rows):
        notes.append(
            f"{len(rows) - len(asked):,} of {len(rows):,} calls were answered by a small model of yours already"
        )
    asked = asked or rows
    models = Counter(filter(None, (_model(row, llm) for row in asked)))
    sample = _sample(table)
    tokens, tokens_from = _tokens(asked, sample, notes)
    span, rate, rate_from, peak = _rate([row["time"] for row in rows], calls_per_month, notes)
    usd, cost_from, version = _cost(asked, models, tokens, tokens_from, llm, book, notes)
    cached = [row["usage"] for row in asked if (row.get("usage") or {}).get("input_tokens")]
    known = [one for one in cached if one.get("cache_read_input_tokens") is not None]
    total = sum(one["input_tokens"] for one in known)
    share = sum(one["cache_read_input_tokens"] for one in known) / total if total else None
    if share is None and tokens_from == "logged":
        notes.append("the provider's prompt cache is not measurable: no cached tokens were logged")
    return Profile(
        task_id=task.id,
        task_name=task.name,
        output_kind=task.output_kind,
        n_calls=len(rows),
        n_examples=task.n_examples,
        far_from_10k=task.far_from_10k,
        models=dict(models.most_common()),
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        tokens_from=tokens_from,
        duration_s=_quantiles([row["duration_s"] for row in asked if row.get("duration_s") and not row.get("cached")]),
        span_s=span,
        calls_per_month=rate,
        rate_from=rate_from,
        peak_per_s=peak,
        usd_per_call=usd,
        cost_from=cost_from,
        price_version=version,
        cache_share=share,
        cache_lost_usd_per_call=_cache_lost(task, len(rows), llm, book),
        offers_tools=sum(bool(row.get("tool_definitions")) for row in sample) / len(sample),
        answers=study(table, sample),
        notes=tuple(notes),
    )


_PLAIN: Final = (
    "call_id", "trace_id", "time", "duration_s", "provider", "request_model", "response_model", "cached", "usage",
    "cost_usd", "price_version", "error_type",
)  # fmt: skip


def _sample(table: pa.Table) -> list[dict[str, Any]]:
    """Whole rows, spread over time."""
    n = min(_SAMPLE, table.num_rows)
    return table.take(pa.array([i * table.num_rows // n for i in range(n)])).to_pylist()


def _model(row: Mapping[str, Any], llm: str | None) -> str | None:
    return row.get("response_model") or row.get("request_model") or llm


def _tokens(
    asked: Sequence[Mapping[str, Any]], sample: Sequence[Mapping[str, Any]], notes: list[str]
) -> tuple[tuple[Quantiles | None, Quantiles | None], str]:
    logged = [row["usage"] for row in asked if row.get("usage") and not row.get("cached")]
    inputs = [one["input_tokens"] for one in logged if one.get("input_tokens") is not None]
    outputs = [one["output_tokens"] for one in logged if one.get("output_tokens") is not None]
    if inputs and outputs:
        if len(inputs) < len(asked):
            notes.append(
                f"tokens were logged for {len(inputs):,} of {len(asked):,} calls; the others are taken to be like them"
            )
        return (_quantiles(inputs), _quantiles(outputs)), "logged"
    written = [characters(row) for row in sample]
    if not any(asks for asks, _ in written):
        notes.append("tokens are not measurable: none were logged, and the prompts were not stored")
        return (None, None), ""
    notes.append(
        f"no tokens were logged: estimated at {_CHARACTERS_A_TOKEN:g} characters a token, right within about 30 %"
    )
    reads, writes = ([count / _CHARACTERS_A_TOKEN for count in column] for column in zip(*written, strict=True))
    stored = [count for count in writes if count]
    if 0 < len(stored) < len(writes):
        notes.append(
            f"{1 - len(stored) / len(writes):.0%} of the answers are not stored; they are taken to be as long as the others"
        )
    return (_quantiles(reads), _quantiles(stored or [0.0])), "estimated"


def _rate(times: Sequence[datetime], given: float | None, notes: list[str]) -> tuple[float, float, str, float | None]:
    """(seconds from first to last, calls a month, where that comes from, calls a second in the busiest minute)."""
    span = (times[-1] - times[0]).total_seconds()
    peak = _busiest(times) if span >= _SHORTEST_S else None
    if given is not None:
        return span, float(given), "given", peak
    if span < _SHORTEST_S:
        notes.append(
            f"the record spans {_duration(span)}, too short to say how often calls come (or it was imported without times): "
            f"its {len(times):,} calls are taken for a month's; calls_per_month= says better"
        )
        return span, float(len(times)), "assumed", None
    rate = (len(times) - 1) / span * _MONTH_S
    if span < 7 * 86400:
        notes.append(f"{rate:,.0f} calls a month: measured over {_duration(span)}, extrapolated; a week would be safer")
    return span, rate, "measured", peak


def _busiest(times: Sequence[datetime]) -> float:
    first, most = 0, 0
    for last, time in enumerate(times):
        while (time - times[first]).total_seconds() >= 60:
            first += 1
        most = max(most, last - first + 1)
    return most / 60


def _cost(
    asked: Sequence[Mapping[str, Any]],
    models: Mapping[str, int],
    tokens: tuple[Quantiles | None, Quantiles | None],
    tokens_from: str,
    llm: str | None,
    book: Prices,
    notes: list[str],
) -> tuple[float | None, str, str]:
    """(USD of a call, where that comes from, version of the price list)."""
    logged = [row for row in asked if row.get("cost_usd") is not None]
    if logged:
        versions = sorted({str(row["price_version"]) for row in logged if row.get("price_version")})
        if len(logged) < len(asked):
            notes.append(f"{len(logged):,} of {len(asked):,} calls have a cost; the others are taken to cost the same")
        return sum(row["cost_usd"] for row in logged) / len(logged), "logged", ", ".join(versions)
    if not models:
        notes.append("cost is not measurable: no call names its model; llm='gpt-4o' would say it")
        return None, "", ""
    if tokens[0] is None or tokens[1] is None:
        notes.append("cost is not measurable: no tokens are known")
        return None, "", ""
    usd, priced, sources = 0.0, 0, set()
    for row in asked:
        model = _model(row, llm)
        price = book.of(model, row.get("provider")) if model else None
        if price is None:
            continue
        usage = row.get("usage") or {}
        priced += 1
        sources.add(price.source)
        if row.get("error_type") and not usage:
            continue  # nothing was answered, nothing is charged
        read, written = usage.get("input_tokens"), usage.get("output_tokens")
        usd += cost(
            price,
            tokens[0].mean if read is None else read,
            tokens[1].mean if written is None else written,
            usage.get("cache_read_input_tokens") or 0,
        )
    if not priced:
        named = ", ".join(models)
        notes.append(f"cost is not measurable: {book.missing or f'the price list does not know {named}'}")
        return None, "", ""
    return (
        usd / priced,
        "priced" if tokens_from == "logged" else "priced, tokens estimated",
        ", ".join(sorted(sources)),
    )


def _cache_lost(task: Task, n_calls: int, llm: str | None, book: Prices) -> float:
    """USD that other calls lose of the prompt cache, for each call of the task that goes elsewhere."""
    usd = 0.0
    for (model, provider), lost in lost_tokens(task).items():
        price = book.of(model or llm or "", provider)
        if price is not None and price.cache_read is not None:
            usd += lost * (price.input - price.cache_read) / 1e6
    return usd / n_calls


def _quantiles(values: Iterable[float]) -> Quantiles | None:
    found = sorted(values)
    if not found:
        return None
    p50, p95, p99 = (found[min(len(found) - 1, math.ceil(q * len(found)) - 1)] for q in (0.5, 0.95, 0.99))
    return Quantiles(sum(found) / len(found), float(p50), float(p95), float(p99))


def _duration(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (unit == "h" and seconds >= size):
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
