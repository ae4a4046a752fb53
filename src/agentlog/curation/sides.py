"""Which side of the split a row stands on, and the proof that nothing stands on both.

A row's *key* is its session, else its trace. Keys that share a trace form one group, and a group never crosses the split.
Its side is decided by a hash of its keys with the seed, so that a row never changes side as data grows; neither format,
verdicts nor order matter. Two groups are exempt, because small data must have both sides: the one that began first is
always `train`, the one that began second always `test` (later data begins later, so they keep their sides as well).

Equal prompts can stand in different groups. The side where a prompt came first keeps it; later rows with it are left out
on the other side.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

import pyarrow as pa

from agentlog.storage.reader import in_order

TRAIN: Final = "train"
TEST: Final = "test"
SIDES: Final = (TRAIN, TEST)


@dataclass(slots=True)
class Row:
    """An example that waits for its side; its line lies in a file from `start`, `size` bytes long."""

    example_id: str
    call_id: str
    trace_id: str
    session: str | None
    time: datetime
    prompt: bytes
    """`Conversation.prompt_key()`, before placeholders became surrogates."""
    start: int
    size: int
    side: str = ""

    @property
    def key(self) -> str:
        """What decides its side."""
        return f"session {self.session}" if self.session else f"trace {self.trace_id}"


def assign(rows: Sequence[Row], test_share: float, seed: int) -> None:
    """Give every row its side.

    Args:
        rows: in the order of their time.
        test_share: the share of groups, from 0 (all rows are `train`) to less than 1.
        seed: another seed is another split.
    """
    groups = _groups(rows)
    sides: dict[str, str] = {}
    for place, keys in enumerate(groups.values()):
        if test_share == 0 or len(groups) < 2 or place == 0:
            side = TRAIN
        elif place == 1:
            side = TEST
        else:
            # one key in `test` takes its group with it: a group that grows together can only move out of `train`
            side = TEST if min(_chance(key, seed) for key in keys) < test_share else TRAIN
        sides.update(dict.fromkeys(keys, side))
    for row in rows:
        row.side = sides[row.key]


def split(table: pa.Table, test_share: float = 0.1, seed: int = 0) -> tuple[pa.Table, pa.Table]:
    """The calls to learn from and the calls to be tested with, each in the order of time.

    A run, a session and a prompt stand on one side only. The same seed gives the same sides as data grows.

    Args:
        table: the columns of `calls/`; where there is a column `kept`, only rows that are kept count.
        test_share: the share of runs to be tested with, from 0 to less than 1.
        seed: another seed is another split.
    """
    if "kept" in table.column_names:
        table = table.filter(table["kept"])
    table = in_order(table, ["time", "call_id"])
    rows = [
        Row("", one["call_id"], one["trace_id"], one.get("session"), one["time"], _prompt(one), number, 0)
        for number, one in enumerate(_prompts(table))
    ]
    assign(rows, test_share, seed)
    rows, _ = without_crossing_prompts(rows)
    sides = {row.start: row.side for row in rows}
    train, test = (
        table.filter(pa.array([sides.get(number) == side for number in range(len(table))], pa.bool_()))
        for side in SIDES
    )
    return train, test


_ASKED = ("system_instructions", "input_messages", "tool_definitions")


def _prompts(table: pa.Table) -> Iterator[dict[str, Any]]:
    names = [name for name in ("call_id", "trace_id", "session", "time", *_ASKED) if name in table.column_names]
    for batch in table.select(names).to_batches(max_chunksize=256):
        yield from batch.to_pylist()


def _prompt(row: dict[str, Any]) -> bytes:
    """Equal for equal prompts and tools, whatever the ids of tool calls."""
    said = [
        [[part.get(name) for name in ("type", "text", "name", "arguments", "result", "sha", "uri")] for part in parts]
        for parts in [
            row.get("system_instructions") or [],
            *((message["parts"] or []) for message in row.get("input_messages") or []),
        ]
    ]
    roles = [message["role"] for message in row.get("input_messages") or []]
    words = json.dumps([roles, said, row.get("tool_definitions")])
    return blake2b(words.encode(), digest_size=16).digest()


def without_crossing_prompts(rows: Iterable[Row]) -> tuple[list[Row], int]:
    """The rows without those whose prompt came earlier on the other side, and how many those are."""
    first: dict[bytes, str] = {}
    kept: list[Row] = []
    left_out = 0
    for row in rows:
        if first.setdefault(row.prompt, row.side) == row.side:
            kept.append(row)
        else:
            left_out += 1
    return kept, left_out


def leakage(rows: Iterable[Row]) -> dict[str, int]:
    """How many traces, sessions and prompts stand on both sides; anything but zeros is a leak."""
    seen: dict[str, dict[object, set[str]]] = {kind: defaultdict(set) for kind in ("traces", "sessions", "prompts")}
    for row in rows:
        seen["traces"][row.trace_id].add(row.side)
        seen["prompts"][row.prompt].add(row.side)
        if row.session:
            seen["sessions"][row.session].add(row.side)
    return {kind: sum(len(sides) > 1 for sides in found.values()) for kind, found in seen.items()}


def _groups(rows: Iterable[Row]) -> dict[str, set[str]]:
    """Root → the keys of its group, in the order in which groups begin (union-find over keys and traces)."""
    above: dict[str, str] = {}

    def root_of(name: str) -> str:
        above.setdefault(name, name)
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    keys: dict[str, None] = {}
    for row in rows:
        keys.setdefault(row.key)
        above[root_of(row.key)] = root_of(f"trace {row.trace_id}")
    groups: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        groups[root_of(key)].add(key)
    return dict(groups)


def _chance(key: str, seed: int) -> float:
    """A number from 0 to 1 that is always the same for a key and a seed."""
    digest = blake2b(key.encode(), key=str(seed).encode()[:64], digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
