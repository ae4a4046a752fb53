"""The pytest fixtures `agentlog_provider` and `agentlog_records`, there in every run once agentlog is installed.

pytest imports this file before anything else, in every project that has agentlog: it imports nothing of ours until a
fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from agentlog.testing.provider import ScriptedProvider


@dataclass(frozen=True, slots=True)
class RecordedCalls:
    """The dataset of one test."""

    directory: Path

    def flush(self, timeout_s: float = 10.0) -> list[dict[str, Any]]:
        """Write what is still held, and read it back: one dict for each call so far, in the order of their start."""
        from agentlog import dataset, runtime

        runtime.flush(timeout_s)
        if not self.directory.exists():  # it is made when there is something to write
            return []
        rows: list[dict[str, Any]] = dataset.open_dataset(self.directory).to_arrow().to_pylist()
        return rows


@pytest.fixture
def agentlog_provider() -> Iterator[ScriptedProvider]:
    """A running `ScriptedProvider` with the default script."""
    from agentlog.testing.provider import ScriptedProvider

    with ScriptedProvider() as provider:
        yield provider


@pytest.fixture
def agentlog_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordedCalls]:
    """A fresh dataset in the test's own folder: `agentlog_records.flush()` gives the calls recorded so far.

    agentlog is configured for it and shut down afterwards. What to instrument is the test's business.
    """
    from agentlog import runtime

    for name in ("AGENTLOG_DISABLED", "AGENTLOG_SAMPLE_RATE", "AGENTLOG_STORE", "AGENTLOG_REDACTION"):
        monkeypatch.delenv(name, raising=False)
    directory = tmp_path / "agentlog-records"
    # a key of its own: a test makes none in the user's configuration folder, and pseudonyms are the same in every run
    runtime.configure(directory=directory, recorder="thread", pseudonym_key=b"agentlog.testing: no secret at all")
    try:
        yield RecordedCalls(directory)
    finally:
        runtime.shutdown(10.0)
