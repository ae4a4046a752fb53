"""How well it went: what can be counted because the scripted provider knows the truth and the tickets are made up."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import Any

from agentlog.cli.demo.script import step_of
from agentlog.testing import Exchange


def true_steps(exchanges: Iterable[Exchange], rows: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
    """call_id -> the true task of each recorded chat, from the provider's own list of what it answered.

    The agent asks one thing after the other, so the n-th chat on one side is the n-th on the other. Both sides must
    also agree on the tokens of each, else there is no telling which is which.

    Args:
        exchanges: what the provider was asked, in that order.
        rows: the recorded calls of the operation "chat", in order of time.

    Returns:
        None when the two sides do not match one to one.
    """
    chats = [exchange for exchange in exchanges if exchange.route == "chat" and exchange.response is not None]
    counted = [
        (usage["prompt_tokens"], usage["completion_tokens"])
        for exchange in chats
        if (usage := (exchange.response or {}).get("usage"))
    ]
    recorded = [((row["usage"] or {}).get("input_tokens"), (row["usage"] or {}).get("output_tokens")) for row in rows]
    if counted != recorded:
        return None
    return {row["call_id"]: step_of(exchange.request) for row, exchange in zip(rows, chats, strict=True)}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Found tasks against true ones, over the calls that have both."""

    calls: int
    rand_index: float
    """Adjusted Rand index: 1 when the two partitions are the same, about 0 for chance."""
    purity: float
    """Share of calls whose true task is the commonest one in their found task."""
    table: dict[str, Counter[str]]
    """Found task's id -> true task -> calls."""


def agreement(found: Mapping[str, str], true: Mapping[str, str]) -> Agreement:
    """Compare two partitions of calls, each given as call_id -> name; calls that only one of them holds are left out."""
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for call in found.keys() & true.keys():
        table[found[call]][true[call]] += 1
    calls = sum(map(Counter.total, table.values()))
    pure = sum(max(counts.values()) for counts in table.values())
    return Agreement(calls, _rand_index(table.values(), calls), pure / calls if calls else 0.0, dict(table))


def _rand_index(rows: Collection[Counter[str]], calls: int) -> float:
    """Hubert and Arabie, Comparing Partitions (1985), equation 5: how many pairs agree, beyond what chance explains."""
    columns: Counter[str] = Counter()
    for counts in rows:
        columns.update(counts)
    together = sum(comb(count, 2) for counts in rows for count in counts.values())
    in_rows = sum(comb(counts.total(), 2) for counts in rows)
    in_columns = sum(comb(count, 2) for count in columns.values())
    chance = in_rows * in_columns / comb(calls, 2) if calls > 1 else 0.0
    most = (in_rows + in_columns) / 2
    return 1.0 if most == chance else (together - chance) / (most - chance)


def still_there(values: Iterable[str], *folders: Path) -> set[str]:
    """Those of `values` that stand in any file below `folders`: in its bytes, or in the rows of a Parquet file."""
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    text = "\n".join(map(_text_of, files)).lower()
    candidates = {one for one in values if one.lower() in text}
    return {one for one in candidates if re.search(rf"(?<!\w){re.escape(one.lower())}(?!\w)", text)}


def _text_of(path: Path) -> str:
    raw = path.read_bytes().decode("utf-8", "replace")
    if path.suffix != ".parquet":
        return raw
    import pyarrow.parquet as pq

    return raw + "\n" + "\n".join(_strings(pq.ParquetFile(path).read().to_pylist()))


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)
