from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from agentlog.messages.parts import Message, Part, message, text, tool_call, tool_call_response
from agentlog.storage.schema import CALLS

START = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def said(role: str, *what: str | Part) -> Message:
    """A message of texts and parts."""
    return message(role, *(text(one) if isinstance(one, str) else one for one in what))


class Calls:
    """Builds the rows of an examples table, each a call of its own trace unless told otherwise."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, *prompt: Message | str, answer: Message | str | list[Message], **columns: Any) -> dict[str, Any]:
        number = len(self.rows)
        tools = columns.pop("tools", None)
        request = columns.pop("request", None)
        row = {
            "call_id": f"call-{number:04d}",
            "trace_id": f"trace-{number:04d}",
            "time": START + dt.timedelta(minutes=number),
            "operation": "chat",
            "surface": "internal",
            "redaction": {"policy": "default", "counts": [], "failed": False, "withheld": None},
            "input_messages": [said("user", one) if isinstance(one, str) else one for one in prompt],
            "output_messages": [said("assistant", answer)]
            if isinstance(answer, str)
            else answer
            if isinstance(answer, list)
            else [answer],
            "tool_definitions": json.dumps(tools) if tools is not None else None,
            "request": json.dumps(request) if request is not None else None,
            "kept": True,
            "verdicts": [],
            **columns,
        }
        self.rows.append(row)
        return row

    def many(self, count: int) -> Calls:
        for number in range(len(self.rows), len(self.rows) + count):
            self.add(f"question {number}", answer=f"answer {number}")
        return self

    def table(self) -> pa.Table:
        verdicts = pa.list_(pa.string())
        schema = CALLS.append(pa.field("kept", pa.bool_())).append(pa.field("verdicts", verdicts))
        return pa.Table.from_pylist(self.rows, schema=schema)


def function(name: str, /, **parameters: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": parameters}
    return {"type": "function", "function": {"name": name, "description": name, "parameters": schema}}


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def say() -> Callable[..., Message]:
    return said


@pytest.fixture
def ask() -> Callable[..., Part]:
    return tool_call


@pytest.fixture
def result() -> Callable[..., Part]:
    return tool_call_response


@pytest.fixture
def offer() -> Callable[..., dict[str, Any]]:
    return function
