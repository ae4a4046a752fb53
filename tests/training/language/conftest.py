"""A task of made-up refund tickets, two thirds answered by a tool call, and small models to learn it with."""

from __future__ import annotations

import importlib.util
import json
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agentlog.storage.schema import CALLS
from agentlog.tasks import Task
from agentlog.tasks.task import Signature

if importlib.util.find_spec("torch") is not None:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing here asks the network
    import torch

    torch.set_num_threads(1)

PART = ("type", "text", "id", "name", "arguments", "result", "mime_type", "uri", "bytes", "sha", "signature")
TOOLS: list[dict[str, Any]] = [
    {
        "type": "function",
        "function": {
            "name": "refund",
            "description": "Refund an order.",
            "parameters": {
                "type": "object",
                "properties": {"order": {"type": "string"}, "amount": {"type": "integer"}},
                "required": ["order"],
            },
        },
    }
]


def _part(**keys: Any) -> dict[str, Any]:
    return {**dict.fromkeys(PART), **keys}


def _rows(n: int, model: str) -> list[dict[str, Any]]:
    chance = random.Random(0)
    rows = []
    for number in range(n):
        order, amount = f"A-{chance.randint(100, 999)}", chance.choice([5, 10, 20])
        if number % 3 == 2:
            asked, answer = f"hello, this is message {number}", [_part(type="text", text="How can I help?")]
        else:
            # every second call leaves an argument out: a loader that fills up with null would put it in
            given = {"order": order, "amount": amount} if number % 2 else {"order": order}
            asked = (
                f"<PERSON_1> wants {amount} back for {order}" if number % 2 else f"<PERSON_1> returns all of {order}"
            )
            answer = [_part(type="tool_call", id=f"c{number}", name="refund", arguments=json.dumps(given))]
        rows.append(
            {
                "call_id": f"k{number:04d}",
                "trace_id": f"t{number:04d}",
                "time": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
                "operation": "chat",
                "surface": "internal",
                "request_model": model,
                "response_model": model,
                "system_instructions": [_part(type="text", text="Refund orders.")],
                "tool_definitions": json.dumps(TOOLS),
                "redaction": {"policy": "default", "counts": [], "failed": False, "withheld": None},
                "input_messages": [
                    {"role": "user", "name": None, "finish_reason": None, "parts": [_part(type="text", text=asked)]}
                ],
                "output_messages": [{"role": "assistant", "name": None, "finish_reason": "stop", "parts": answer}],
            }
        )
    return rows


def make_task(n: int = 100, model: str = "gpt-4o-mini") -> Task:
    """A task of `n` kept calls that `model` answered."""
    rows = _rows(n, model)
    table = pa.Table.from_pylist(rows, schema=CALLS)
    table = table.append_column("verdicts", pa.array([[]] * n, pa.list_(pa.string())))
    table = table.append_column("kept", pa.array([True] * n))
    return Task(
        id="task-1",
        name="refund",
        call_ids=tuple(row["call_id"] for row in rows),
        n_calls=n,
        share=1.0,
        input_tokens=None,
        output_tokens=None,
        token_share=None,
        cost_usd=None,
        cost_share=None,
        n_examples=n,
        n_traces=n,
        n_distinct_outputs=n,
        output_kind="tool_call",
        label_entropy=0.0,
        keywords=(),
        signature=Signature((), (), "", ("refund",), "", (), (), (), ()),
        _table=table,
    )


@pytest.fixture(scope="session")
def task() -> Task:
    return make_task()


@pytest.fixture(scope="session")
def tasks() -> Callable[..., Task]:
    return make_task


@pytest.fixture(scope="session")
def texts(task: Task) -> list[str]:
    """What the small models learn their tokens from."""
    return [json.dumps(row, default=str, ensure_ascii=False) for row in task.calls().to_pylist()]


@pytest.fixture(scope="session")
def scratch(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model of half a million parameters."""
    pytest.importorskip("torch")
    from agentlog.training.language import scratch_model

    return scratch_model(tmp_path_factory.mktemp("base") / "scratch", texts, hidden=128, layers=2)


@pytest.fixture(scope="session")
def calls() -> list[dict[str, Any]]:
    """Rows of a TRL training set: a tool call of every type of value, one after a tool's result, and words."""
    tool = {
        "name": "book_flight",
        "description": "Books seats.",
        "parameters": {
            "type": "object",
            "properties": {
                "origin": {"type": "string"},
                "seats": {"type": "integer"},
                "flexible": {"type": "boolean"},
                "bags": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["origin"],
        },
    }

    def call(name: str, given: dict[str, Any]) -> dict[str, Any]:
        return {"id": name, "type": "function", "function": {"name": "book_flight", "arguments": given}}

    prompt = [{"role": "system", "content": "You book."}, {"role": "user", "content": "Seats from Zürich."}]
    given = {"origin": 'Zürich "HB"', "seats": 271, "flexible": False, "bags": ["red one", "blue"]}
    first = {"role": "assistant", "content": "", "tool_calls": [call("c1", given)]}
    result = {"role": "tool", "name": "book_flight", "tool_call_id": "c1", "content": 'row 9 is "taken"'}
    second = {"role": "assistant", "content": "", "tool_calls": [call("c2", {"origin": "Bern", "seats": 2})]}
    tools = [{"type": "function", "function": tool}]
    return [
        {"prompt": prompt, "completion": [first], "tools": tools},
        {"prompt": [*prompt, first, result], "completion": [second], "tools": tools},
        {"prompt": prompt, "completion": [{"role": "assistant", "content": "All done."}], "tools": tools},
    ]
