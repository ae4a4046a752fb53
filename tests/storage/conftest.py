from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentlog.records import Record
from agentlog.storage.folder import Folder

NOON = 1_790_078_400_000_000  # 2026-09-22 12:00 UTC, in µs
DAY = 86_400_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.create(tmp_path / "records", policy="policy-1", service="tests")


@pytest.fixture
def call() -> Callable[..., Record]:
    """Makes a record of a chat call; keywords replace its columns."""

    def make(number: int = 0, **columns: Any) -> Record:
        return Record(
            {
                "call_id": f"{number:032x}",
                "trace_id": "7" * 32,
                "time": NOON + number,
                "operation": "chat",
                "surface": "internal",
                "name": "gpt-4o",
                "usage": {"input_tokens": 10 + number, "output_tokens": 3},
                "redaction": {"policy": "policy-1", "counts": [{"entity": "PERSON", "count": 1}], "failed": False},
                "input_messages": [{"role": "user", "parts": [{"type": "text", "text": f"question {number}"}]}],
                "output_messages": [{"role": "assistant", "parts": [{"type": "text", "text": f"answer {number}"}]}],
                **columns,
            }
        )

    return make
