"""A task of made-up tickets, and models for it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pyarrow as pa
import pytest

from agentlog.messages import parts
from agentlog.models.contract import Prediction
from agentlog.storage.schema import CALLS
from agentlog.tasks import Task
from agentlog.tasks.reading import Answer
from agentlog.tasks.task import Signature

# intervals are scipy's, schemas jsonschema's: agentlog[study]
collect_ignore_glob = [] if find_spec("scipy") and find_spec("jsonschema") else ["test_*.py"]

START = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def ticket(number: int, asked: str, said: Any, *, runs: int = 10, **columns: Any) -> dict[str, Any]:
    """A row: `said` is a text, or (tool, arguments)."""
    answer = parts.text(said) if isinstance(said, str) else parts.tool_call(said[0], said[1], "c1")
    tools, request = columns.pop("tools", None), columns.pop("request", None)
    return {
        "call_id": f"call-{number:04d}",
        "trace_id": f"run-{number % runs:03d}",
        "time": START + dt.timedelta(minutes=number),
        "duration_s": 0.5,
        "operation": "chat",
        "request_model": "gpt-4o",
        "input_messages": [parts.message("user", parts.text(asked))],
        "output_messages": [parts.message("assistant", answer)],
        "tool_definitions": json.dumps(tools) if tools else None,
        "request": json.dumps(request) if request else None,
        "kept": True,
        "verdicts": [],
        **columns,
    }


def task_of(rows: list[dict[str, Any]], kind: str = "label") -> Task:
    schema = CALLS.append(pa.field("kept", pa.bool_())).append(pa.field("verdicts", pa.list_(pa.string())))
    return Task(
        id="t_1", name="triage", call_ids=tuple(row["call_id"] for row in rows), n_calls=len(rows), share=1.0,
        input_tokens=None, output_tokens=None, token_share=None, cost_usd=None, cost_share=None,
        n_examples=len(rows), n_traces=len({row["trace_id"] for row in rows}), n_distinct_outputs=2, output_kind=kind,
        label_entropy=1.0, keywords=(), signature=Signature((), (), "", (), "", (), (), (), ()),
        _table=pa.Table.from_pylist(rows, schema=schema),
    )  # fmt: skip


class Model:
    """A model that is a function of the text asked: an answer, or (answer, score), or a whole prediction."""

    rung, version, remote, task_id, task_name = "head", "0123456789ab", False, "t_1", "triage"

    def __init__(self, answer: Callable[[str], Any], threshold: float = 0.0) -> None:
        self._answer = answer
        self.threshold = threshold

    def predict(self, row: Any) -> Prediction:
        said = self._answer(row["input_messages"][-1]["parts"][0]["text"])
        if isinstance(said, Prediction):
            return said
        text, score = said if isinstance(said, tuple) else (said, 1.0)
        return Prediction(Answer(text, ()), score)


@pytest.fixture
def make_ticket() -> Callable[..., dict[str, Any]]:
    return ticket


@pytest.fixture
def make_task() -> Callable[..., Task]:
    return task_of


@pytest.fixture
def make_model() -> type[Model]:
    return Model


def right(text: str) -> str:
    """What the LLM said of a ticket of `labels`."""
    return "refund" if int(text.split()[-1]) % 3 else "shipping"


@pytest.fixture
def llm_says() -> Callable[[str], str]:
    return right


@pytest.fixture
def labels() -> Task:
    """200 tickets of 40 runs, each a number that decides the label."""
    return task_of([ticket(n, f"ticket {n}", right(f"ticket {n}"), runs=40) for n in range(200)])
