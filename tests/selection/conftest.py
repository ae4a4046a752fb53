from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from types import SimpleNamespace

import pyarrow as pa
import pytest

from agentlog.storage.schema import CALLS
from agentlog.tasks import Signature, Task

# the catalogue is YAML, ranks are correlated by scipy: agentlog[study]
collect_ignore_glob = [] if find_spec("yaml") and find_spec("scipy") else ["test_*.py"]

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def text(words):
    return [{"type": "text", "text": words}]


def call(number, *, asked="ticket {n}", answer="refund", every_s=3600.0, trace=None, **more):
    """A row of calls/: one system line, one question, one answer; tokens and price as gpt-4o would have them."""
    said = answer(number) if callable(answer) else answer
    parts = text(said) if isinstance(said, str) else said
    row = {
        "call_id": f"c{number}",
        "trace_id": trace or f"t{number}",
        "time": START + timedelta(seconds=number * every_s),
        "duration_s": 0.8,
        "operation": "chat",
        "surface": "internal",
        "provider": "openai",
        "request_model": "gpt-4o",
        "response_model": "gpt-4o",
        "usage": {"input_tokens": 1000, "output_tokens": 100, "cache_read_input_tokens": 0},
        "system_instructions": text("Classify the ticket."),
        "input_messages": [{"role": "user", "parts": text(asked.format(n=number))}],
        "output_messages": [{"role": "assistant", "parts": parts}],
    }
    return row | more


def tool_call(name, **arguments):
    return [{"type": "tool_call", "id": "x", "name": name, "arguments": json.dumps(arguments)}]


def task_of(rows, *, ours=None, kind="label", name="triage"):
    table = pa.Table.from_pylist(rows, schema=CALLS)
    ids = tuple(row["call_id"] for row in rows if ours is None or row["call_id"] in ours)
    return Task(
        id="0123456789ab", name=name, call_ids=ids, n_calls=len(ids), share=1.0, input_tokens=None, output_tokens=None,
        token_share=None, cost_usd=None, cost_share=None, n_examples=len(ids), n_traces=len(ids), n_distinct_outputs=1,
        output_kind=kind, label_entropy=0.0, keywords=(), signature=Signature((), (), "", (), "", (), (), (), ()), _table=table,
    )  # fmt: skip


@pytest.fixture
def labels():
    """240 calls, ten days, three answers."""
    return task_of([call(n, answer=("refund", "shipping", "other")[n % 3]) for n in range(240)])


@pytest.fixture
def make():
    """The builders above: `make.call(…)`, `make.task(rows)`, `make.tool_call(name, …)`."""
    return SimpleNamespace(call=call, task=task_of, tool_call=tool_call, text=text, start=START)
