"""Datasets made of a few rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from agentlog.dataset import Dataset, open_dataset
from agentlog.messages import parts
from agentlog.records import Record
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter

NOON = 1_790_078_400_000_000  # 2026-09-22 12:00 UTC, in µs

MakeCall = Callable[..., dict[str, Any]]
MakeDataset = Callable[..., Dataset]


@pytest.fixture
def chat() -> MakeCall:
    """Makes a row: a call that asks and is answered, number after number."""

    def make(
        number: int, asked: str = "Where is my parcel?", said: str | None = "On its way.", **columns: Any
    ) -> dict[str, Any]:
        output = None if said is None else [parts.message("assistant", parts.text(said))]
        return {
            "call_id": f"call-{number}",
            "trace_id": f"run-{number // 2}",
            "time": NOON + number,
            "operation": "chat",
            "surface": "internal",
            "finish_reasons": ["stop"],
            "input_messages": [parts.message("user", parts.text(asked))],
            "output_messages": output,
            **columns,
        }

    return make


@pytest.fixture
def dataset(tmp_path: Path) -> MakeDataset:
    """Writes rows, and feedback on them, into a dataset."""

    def make(rows: Sequence[dict[str, Any]], feedback: Sequence[dict[str, Any]] = ()) -> Dataset:
        folder = Folder.create(tmp_path / "records", policy="policy-1")
        if rows:
            PartWriter(folder, "a" * 12).write([Record(row) for row in rows])
        if feedback:
            said = [
                {"feedback_id": f"f{i}", "time": NOON + i, "name": "resolved", **one} for i, one in enumerate(feedback)
            ]
            PartWriter(folder, "b" * 12).write([Record(row) for row in said], kind="feedback")
        return open_dataset(folder.path)

    return make
