"""How often the LLM agrees with itself: no model can agree with it more often than that.

Measured where the same input was asked more than once, or by a replay. Inputs are compared as they are stored: after redaction,
two prompts that differ in a name only are one input.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from typing import Any, Final

import pyarrow as pa

from agentlog.evaluation.display import percent, plural
from agentlog.evaluation.matching import match
from agentlog.evaluation.replay import Replay
from agentlog.evaluation.statistics import Share, share
from agentlog.models.contract import Row
from agentlog.tasks.reading import answer_of

WANTED: Final = 50
"""Fewer inputs say too little."""
_GOOD: Final = frozenset({"duplicate", "missing_feedback"})
"""Verdicts of `curate` that leave an answer one of the LLM's."""
_MOST: Final = 20  # answers to one input that are compared with each other


@dataclass(frozen=True, slots=True)
class SelfAgreement:
    """The LLM's agreement with itself."""

    share: Share | None
    """Of pairs of answers to one input; each input is a run of its own. None: no input repeats."""
    inputs: int
    """Different inputs that were asked more than once."""
    how: str
    """"repeats" in the records, or "replay"."""
    why: str = ""
    """Why it is no measure, or "" where it is one."""

    @property
    def measurable(self) -> bool:
        """Enough inputs repeat for the figure to be used."""
        return self.share is not None and not self.why

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        found = None if self.share is None else self.share.to_dict()
        return {"share": found, "inputs": self.inputs, "how": self.how, "why": self.why}

    @classmethod
    def of_dict(cls, said: Mapping[str, Any]) -> SelfAgreement:
        """What `to_dict` made."""
        found = said["share"]
        return cls(None if found is None else Share.of_dict(found), said["inputs"], said["how"], said["why"])

    def __str__(self) -> str:
        value = "" if self.share is None else f"{percent(self.share.value)} of {plural(self.share.n, 'pair')}"
        if self.measurable and self.share is not None:
            return f"{value} ({percent(self.share.low)} to {percent(self.share.high)}), {plural(self.inputs, 'input')}, by {self.how}"
        return f"not measurable: {self.why}" + (f" ({value})" if value else "")


def self_agreement(source: pa.Table | Replay) -> SelfAgreement:
    """The LLM's agreement with itself, from all calls of a task or from a replay of its calls to the LLM itself.

    Of a table, calls that failed, were cut or came from a cache do not count; duplicates do: they are what is looked for.
    """
    if isinstance(source, Replay):
        return _of_replay(source)
    pairs: list[bool] = []
    inputs: list[bytes] = []
    repeating, answered = _by_input(source)
    for key, rows in answered.items():
        for one, other in combinations(rows[:_MOST], 2):
            pairs.append(match(answer_of(one), answer_of(other), one, "").strict)
            inputs.append(key)
    why = ""
    if not repeating:
        why = "no input repeats; replay() asks the LLM again"
    elif len(answered) < WANTED:
        why = f"only {repeating} input{'s repeat' if repeating > 1 else ' repeats'}, {WANTED} are wanted"
        hidden = repeating - len(answered)
        if hidden:
            why += f", and the answers to {hidden if answered else 'them'} are not stored"
        why += "; replay() asks the LLM again"
    return SelfAgreement(share(pairs, inputs), repeating, "repeats", why)


def _of_replay(done: Replay) -> SelfAgreement:
    hits = [(one.agrees, one.trace_id) for one in done.calls if one.agrees is not None]
    n = len(hits)
    why = "" if n >= WANTED else f"only {plural(n, 'call')} of the replay got an answer, {WANTED} are wanted"
    return SelfAgreement(share([hit for hit, _ in hits], [trace for _, trace in hits]), n, "replay", why)


def _by_input(table: pa.Table) -> tuple[int, dict[bytes, list[Row]]]:
    """How many inputs repeat; and the calls of those that have two answers or more, by what was asked of which model."""
    asked: Counter[bytes] = Counter()
    places: dict[bytes, list[int]] = defaultdict(list)
    for place, row in enumerate(_rows(table, ("verdicts", "cached", "request_model", "output_messages", *_ASKED))):
        bad = set(row.get("verdicts") or ()) - _GOOD
        if bad - {"withheld"} or row.get("cached"):
            continue
        key = _key(row)
        asked[key] += 1
        answer = answer_of(row)
        if not bad and (answer.text.strip() or answer.calls):
            places[key].append(place)
    wanted = {place: key for key, found in places.items() if len(found) > 1 for place in found}
    order = sorted(wanted)
    again = table.take(pa.array(order, pa.int64()))
    rows: dict[bytes, list[Row]] = defaultdict(list)
    for place, row in zip(order, _rows(again, ("request", "output_messages", *_ASKED)), strict=True):
        rows[wanted[place]].append(row)
    return sum(count > 1 for count in asked.values()), rows


_ASKED: Final = ("system_instructions", "input_messages", "tool_definitions")


def _rows(table: pa.Table, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for batch in table.select([name for name in names if name in table.column_names]).to_batches(max_chunksize=256):
        yield from batch.to_pylist()


def _key(row: Mapping[str, Any]) -> bytes:
    """Equal for equal prompts and tools that were given to one model, whatever the ids of tool calls."""
    wanted = ("type", "text", "name", "arguments", "result", "sha", "uri")
    lists = [row.get("system_instructions"), *(message.get("parts") for message in row.get("input_messages") or ())]
    said = [[[part.get(name) for name in wanted] for part in parts or ()] for parts in lists]
    roles = [message.get("role") for message in row.get("input_messages") or ()]
    words = json.dumps([row.get("request_model"), roles, said, row.get("tool_definitions")])
    return blake2b(words.encode(), digest_size=16).digest()
