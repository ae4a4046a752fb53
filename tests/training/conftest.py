from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from agentlog.curation.examples import VERDICTS
from agentlog.storage.schema import CALLS
from agentlog.tasks import Task
from agentlog.tasks.reading import Answer
from agentlog.tasks.task import Signature

_SCHEMA = pa.schema([*CALLS, *VERDICTS])


def make_table(
    pairs: Sequence[tuple[str, str | Answer]],
    *,
    system: str = "Answer in one word.",
    kept: Sequence[bool] | None = None,
) -> pa.Table:
    """Kept calls, one a minute, each of a run of its own."""
    rows: list[dict[str, Any]] = []
    for number, (asked, told) in enumerate(pairs):
        answer = Answer(told, ()) if isinstance(told, str) else told
        parts: list[dict[str, Any]] = [{"type": "text", "text": answer.text}] if answer.text else []
        parts += [
            {"type": "tool_call", "id": f"id{number}", "name": name, "arguments": arguments}
            for name, arguments in answer.calls
        ]
        rows.append(
            {
                "call_id": f"call-{number:05d}",
                "trace_id": f"trace-{number:05d}",
                "time": datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=number),
                "operation": "chat",
                "surface": "internal",
                "response_model": "gpt-4o-mini",
                "redaction": {"policy": "agentlog-1:abc", "counts": [], "failed": False, "withheld": None},
                "system_instructions": [{"type": "text", "text": system}],
                "input_messages": [{"role": "user", "parts": [{"type": "text", "text": asked}]}],
                "output_messages": [{"role": "assistant", "parts": parts}],
                "verdicts": [],
                "kept": True if kept is None else kept[number],
                "weight": 1,
            }
        )
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def make_task(table: pa.Table, name: str = "triage") -> Task:
    calls = tuple(table["call_id"].to_pylist())
    return Task(
        id="t1", name=name, call_ids=calls, n_calls=len(calls), share=1.0, input_tokens=None, output_tokens=None,
        token_share=None, cost_usd=None, cost_share=None, n_examples=len(calls), n_traces=len(calls), n_distinct_outputs=3,
        output_kind="label", label_entropy=1.0, keywords=(),
        signature=Signature((), (), "", (), "", (), (), (), ()), _table=table,
    )  # fmt: skip


_WORDS = {
    "refund": ["money back", "return the item", "charged twice", "want a refund"],
    "shipping": ["where is my parcel", "late delivery", "tracking number", "courier lost it"],
    "account": ["close my account", "change my name", "reset the password", "cannot log in"],
}


def make_labels(n: int, seed: int = 0) -> list[tuple[str, str | Answer]]:
    """Tickets and their labels; the words decide."""
    chance = random.Random(seed)
    found: list[tuple[str, str | Answer]] = []
    for number in range(n):
        label = chance.choice(sorted(_WORDS))
        opening = chance.choice(["hello", "hi there", "good morning", "please help"])
        found.append((f"{opening}, {chance.choice(_WORDS[label])} order {number} please", label))
    return found


_NAMES = "Anna Boris Chen Dora Emil Farid Greta Hugo Ines Jonas Klara Lars Mona Nils Olga Petra Quentin Rosa Sven Tilda".split()
_CITIES = "Paris Rome Oslo Lima Cairo Delhi Quito Berne Minsk Tunis".split()


def make_bookings(n: int, seed: int = 0, *, tool: bool = True) -> list[tuple[str, str | Answer]]:
    """Bookings, and the arguments that an LLM would copy from them: a name, a city, a number of people, a class."""
    chance = random.Random(seed)
    found: list[tuple[str, str | Answer]] = []
    for _ in range(n):
        name, city, people = chance.choice(_NAMES), chance.choice(_CITIES), chance.randrange(1, 9)
        speed = chance.choice(["express", "normal"])
        how = "quickly" if speed == "express" else "whenever it suits"
        named = f" my name is {name}," if chance.random() < 0.8 else ""
        text = f"Hello,{named} book {people} seats to {city} {how}"
        arguments = ", ".join(
            ([f'"name": "{name}"'] if named else [])
            + [f'"city": "{city}"', f'"people": {people}', f'"speed": "{speed}"', '"currency": "EUR"']
        )
        arguments = "{" + arguments + "}"
        found.append((text, Answer("", (("book", arguments),)) if tool else arguments))
    return found


@pytest.fixture
def table() -> Callable[..., pa.Table]:
    return make_table


@pytest.fixture
def task() -> Callable[..., Task]:
    return make_task


@pytest.fixture
def labels() -> Callable[..., list[tuple[str, str | Answer]]]:
    return make_labels


@pytest.fixture
def bookings() -> Callable[..., list[tuple[str, str | Answer]]]:
    return make_bookings
