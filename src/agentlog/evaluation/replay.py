"""Recorded calls sent again as they were: to the LLM, to see how often it gives the same answer, or to a candidate.

Nothing is assumed about what was sent: each call ends as sent, refused (its request cannot be rebuilt, with the reason), failed
(with the kind of error) or not sent (the budget was used up, the endpoint had stopped answering).
"""

from __future__ import annotations

import json
import math
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from agentlog.conversations import Refused
from agentlog.errors import ConfigurationError
from agentlog.evaluation.display import lines_of, number, percent, usd
from agentlog.evaluation.matching import match
from agentlog.evaluation.prices import Prices
from agentlog.models.contract import Row
from agentlog.models.endpoint import Endpoint, EndpointError
from agentlog.models.requests import asked
from agentlog.tasks import Task
from agentlog.tasks.reading import Answer, answer_of

SENT: Final = "sent"
REFUSED: Final = "refused"
FAILED: Final = "failed"
NOT_SENT: Final = "not sent"
_IN_A_ROW: Final = 10
"""So many calls that nobody answers, one after the other: the endpoint is gone, and waiting for the rest is in vain."""

Progress = Callable[[int, int], None]
"""progress(done, total)"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One recorded call and what became of it."""

    call_id: str
    trace_id: str
    outcome: str
    """"sent", "refused", "failed" or "not sent"."""
    why: str = ""
    """The reason of what was not sent or failed: a code, as `Replay.refused` and `Replay.failed` count it."""
    answer: Answer | None = None
    agrees: bool | None = None
    """Whether it is the recorded answer; None where there is none."""
    score: float = 0.0
    latency_s: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Replay:
    """What became of recorded calls that were sent again."""

    endpoint: str
    """Address and model."""
    calls: tuple[Replayed, ...]
    """In the order of the rows."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Parameters of the records that a chat request has no word for, and in how many sent calls they were missing."""
    no_cost: str = ""
    """Why there is no cost; "" where there is one."""

    @property
    def sent(self) -> int:
        """Calls that were really sent and answered."""
        return sum(one.outcome == SENT for one in self.calls)

    @property
    def refused(self) -> dict[str, int]:
        """Reason (`agentlog.conversations.reasons`) → calls whose request could not be rebuilt."""
        return self._counts(REFUSED)

    @property
    def failed(self) -> dict[str, int]:
        """Kind of error, like "http 429" or "timeout" → calls that were sent and not answered."""
        return self._counts(FAILED)

    @property
    def not_sent(self) -> dict[str, int]:
        """Reason ("budget", "endpoint gone") → calls that it did not come to."""
        return self._counts(NOT_SENT)

    @property
    def agreement(self) -> float | None:
        """The share of sent calls that were answered as recorded, 0 to 1."""
        found = [one.agrees for one in self.calls if one.agrees is not None]
        return sum(found) / len(found) if found else None

    def latency_ms(self, quantile: float) -> float | None:
        """Of the sent calls, retries included."""
        return quantile_ms([one.latency_s for one in self.calls if one.latency_s is not None], quantile)

    @property
    def tokens(self) -> tuple[int, int] | None:
        """Sums of input and output; None where the endpoint does not say."""
        found = [(one.input_tokens, one.output_tokens) for one in self.calls if one.outcome == SENT]
        if not found or any(given is None or made is None for given, made in found):
            return None
        return sum(given or 0 for given, _ in found), sum(made or 0 for _, made in found)

    @property
    def cost_usd(self) -> float | None:
        """Of all sent calls; None where one of them has no known cost."""
        costs = [one.cost_usd for one in self.calls if one.outcome == SENT]
        return sum(cost or 0.0 for cost in costs) if costs and None not in costs else None

    @property
    def cost_per_success_usd(self) -> float | None:
        """`cost_usd` for each call that was answered as recorded (the survey arXiv:2510.03847 calls it CPS)."""
        right = sum(one.agrees is True for one in self.calls)
        return None if self.cost_usd is None or not right else self.cost_usd / right

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON values, without any answer."""
        return {
            "endpoint": self.endpoint, "calls": len(self.calls), "sent": self.sent, "refused": self.refused,
            "failed": self.failed, "not_sent": self.not_sent, "agreement": self.agreement,
            "latency_ms": {"p50": self.latency_ms(0.5), "p95": self.latency_ms(0.95)},
            "tokens": None if self.tokens is None else list(self.tokens), "cost_usd": self.cost_usd,
            "cost_per_success_usd": self.cost_per_success_usd, "left_out": dict(self.left_out),
        }  # fmt: skip

    def __repr__(self) -> str:
        tokens = self.tokens
        rows = [
            ("sent", f"{self.sent:,} of {len(self.calls):,} calls"),
            *((REFUSED, f"{count:,}  {why}") for why, count in self.refused.items()),
            *((FAILED, f"{count:,}  {why}") for why, count in self.failed.items()),
            *((NOT_SENT, f"{count:,}  {why}") for why, count in self.not_sent.items()),
            ("as recorded", percent(self.agreement)),
            ("latency", f"p50 {number(self.latency_ms(0.5))} ms, p95 {number(self.latency_ms(0.95))} ms"),
            ("tokens", "the endpoint does not say" if tokens is None else f"{tokens[0]:,} in, {tokens[1]:,} out"),
            ("cost", self.no_cost or usd(self.cost_usd)),
            *(("left out", f"{name} ({count:,} calls)") for name, count in self.left_out.items()),
        ]
        return "\n".join([f"replay to {self.endpoint}", *lines_of(rows)])

    def _counts(self, outcome: str) -> dict[str, int]:
        return dict(Counter(one.why for one in self.calls if one.outcome == outcome).most_common())


def replay(
    source: Task | pa.Table | Sequence[Row],
    endpoint: Endpoint | str,
    *,
    limit: int | None = None,
    max_usd: float | None = None,
    concurrency: int = 4,
    price: tuple[float, float] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Replay:
    """Send recorded calls again, and compare each answer with the recorded one.

    Placeholders are filled with natural values, the same in all calls of a run; in the answers they are placeholders again.

    Args:
        source: a task (its kept calls), a table or rows with the columns of `calls/`.
        endpoint: any OpenAI-compatible endpoint, or its address like "https://api.openai.com/v1#gpt-4o".
        limit: so many calls, drawn at random; None: all.
        max_usd: stop before the cost would pass this.
        concurrency: calls under way at once.
        price: USD for a million input and for a million output tokens, where no price list knows the endpoint.
        seed: of the draw.
        progress: is told (done, total).

    Raises:
        EndpointError: the first call showed that nobody answers there, or that key or model are wrong.
        ConfigurationError: an argument cannot be used; a budget without a known price.
        DatasetError: the task was loaded without its calls.
        MissingExtra: the SDK (`openai`) is not installed.

    Example:
        >>> replay(task, "http://127.0.0.1:8000/v1#triage-0.6b", limit=50)  # doctest: +SKIP
    """
    rows = drawn(rows_of(source), limit, seed)
    if concurrency < 1:
        raise ConfigurationError(f"concurrency= is 1 or more; found {concurrency!r}")
    if isinstance(endpoint, str):
        with Endpoint.at(endpoint) as opened:
            return _Run(opened, max_usd, price, len(rows), progress).all(rows, concurrency)
    return _Run(endpoint, max_usd, price, len(rows), progress).all(rows, concurrency)


def rows_of(source: Any) -> Sequence[Row]:
    """The kept calls of a task or a table as rows; rows as they are."""
    if isinstance(source, Task):
        source = source.calls()
    if isinstance(source, pa.Table):
        if "kept" in source.column_names:
            source = source.filter(source["kept"])
        rows: list[Row] = source.to_pylist()
        return rows
    if isinstance(source, Sequence) and all(isinstance(row, Mapping) for row in source):
        return source
    raise ConfigurationError(f"replay takes a task, a table or rows of calls; found {type(source).__name__}")


def drawn(rows: Sequence[Row], limit: int | None, seed: int) -> Sequence[Row]:
    """`limit` of the rows, at random, in their order: test sides are sorted by time, and their beginnings are not like the rest."""
    if limit is not None and limit < 1:
        raise ConfigurationError(f"limit= is 1 or more; found {limit!r}")
    if limit is None or limit >= len(rows):
        return rows
    return [rows[place] for place in sorted(random.Random(seed).sample(range(len(rows)), limit))]


class _Run:
    """One replay under way."""

    def __init__(
        self,
        endpoint: Endpoint,
        max_usd: float | None,
        price: tuple[float, float] | None,
        total: int,
        progress: Progress | None,
    ) -> None:
        self._endpoint = endpoint
        self._prices = Prices.of(endpoint.base_url, price)
        self._no_cost = self._prices.why_unknown(endpoint.model)
        if max_usd is not None and self._no_cost:
            raise ConfigurationError(f"max_usd= needs to know what a call costs, and {self._no_cost}")
        self._max_usd = max_usd
        self._spent = 0.0
        """Of what is under way, an estimate."""
        self._gone = 0
        self._done = 0
        self._total = total
        self._progress = progress
        self._lock = threading.Lock()

    def all(self, rows: Sequence[Row], concurrency: int) -> Replay:
        done: list[Replayed] = []
        for row in rows:  # one alone first: a wrong address is said once, and not counted a thousand times
            one, error = self._one(row)
            if error is not None and error.lasting:
                raise error
            done.append(one)
            if one.outcome != REFUSED:
                break
        pool = ThreadPoolExecutor(concurrency, thread_name_prefix="agentlog-replay")
        try:
            done += pool.map(lambda row: self._one(row)[0], rows[len(done) :])
        finally:
            pool.shutdown(cancel_futures=True)
        left_out: Counter[str] = Counter()
        for row, one in zip(rows, done, strict=True):
            if one.outcome == SENT:
                left_out.update(asked(row.get("request")).left_out)
        return Replay(self._endpoint.url, tuple(done), dict(left_out), self._no_cost)

    def _one(self, row: Row) -> tuple[Replayed, EndpointError | None]:
        called = str(row.get("call_id") or ""), str(row.get("trace_id") or "")
        reserved = 0.0 if self._max_usd is None else self._estimate(row)
        with self._lock:
            why = "endpoint gone" if self._gone >= _IN_A_ROW else ""
            if self._max_usd is not None and self._spent + reserved > self._max_usd:
                why = why or "budget"
            if not why:
                self._spent += reserved
        if why:
            return self._ended(Replayed(*called, NOT_SENT, why)), None
        error: EndpointError | None = None
        try:
            found = self._endpoint.ask(row)
        except Refused as refused:
            one = Replayed(*called, REFUSED, refused.reason)
        except EndpointError as failure:
            one, error = Replayed(*called, FAILED, failure.kind), failure
        else:
            cost = self._prices.cost(found.model, found.input_tokens, found.output_tokens, found.cached_tokens)
            recorded = answer_of(row)
            compared = bool(recorded.text.strip() or recorded.calls)
            one = Replayed(
                *called,
                SENT,
                answer=found.answer,
                agrees=match(recorded, found.answer, row, "").strict if compared else None,
                score=found.score,
                latency_s=found.latency_s,
                input_tokens=found.input_tokens,
                output_tokens=found.output_tokens,
                cost_usd=cost,
            )
        with self._lock:
            # what failed was perhaps paid for, so its estimate stays; what was refused was not
            if one.outcome == REFUSED or one.cost_usd is not None:
                self._spent += (one.cost_usd or 0.0) - reserved
            if one.outcome != REFUSED:
                self._gone = self._gone + 1 if error is not None and error.lasting else 0
        return self._ended(one), error

    def _ended(self, one: Replayed) -> Replayed:
        if self._progress is not None:
            with self._lock:
                self._done += 1
                self._progress(self._done, self._total)
        return one

    def _estimate(self, row: Row) -> float:
        """What a call may cost, before it is made: by the recorded tokens, else by its length."""
        usage = row.get("usage") or {}
        written = json.dumps(
            [row.get(name) for name in ("system_instructions", "input_messages", "tool_definitions")], default=str
        )
        given = usage.get("input_tokens") or len(written) // 3
        recorded = answer_of(row)
        made = usage.get("output_tokens") or 16 + (len(recorded.text) + sum(len(one) for _, one in recorded.calls)) // 3
        return self._prices.cost(self._endpoint.model, int(given), int(made)) or 0.0


def quantile_ms(seconds: Sequence[float], quantile: float) -> float | None:
    """A quantile of times in seconds (the smallest that so many do not exceed), in milliseconds."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return 1000 * ordered[max(0, math.ceil(quantile * len(ordered)) - 1)]
