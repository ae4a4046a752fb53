"""Datasets that a test writes call by call, so that every figure can be added up by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentlog.dataset import Dataset, open_dataset
from agentlog.records import Record
from agentlog.reporting import Report, report
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter

NOON = 1_790_078_400_000_000  # 2026-09-22 12:00 UTC, in µs
HOUR = 3_600_000_000
TOOL = '[{"type": "function", "function": {"name": "lookup", "parameters": {"type": "object", "properties": {}}}}]'


def words(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": "text", "text": text}]}


def calls_tool(name: str) -> dict[str, Any]:
    return {"role": "assistant", "parts": [{"type": "tool_call", "id": "c1", "name": name, "arguments": "{}"}]}


class Agent:
    """Builds a dataset; each call comes an hour after the one before."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def chat(self, run: int, system: str, asked: str, answer: Any, **columns: Any) -> str:
        """A model call; its id."""
        said = [words("assistant", answer)] if isinstance(answer, str) else [answer]
        given: dict[str, Any] = {
            "operation": "chat",
            "request_model": "gpt-4o",
            "usage": {"input_tokens": 100, "output_tokens": 10, "cache_read_input_tokens": 0},
            "cost_usd": 0.001,
            "price_version": "list 1",
            "duration_s": 0.5,
            "input_messages": [words("system", system), words("user", asked)],
            "output_messages": said,
            **columns,
        }
        return self.add(run, **given)

    def tool(self, run: int, name: str, **columns: Any) -> str:
        """A tool's execution; its id."""
        return self.add(run, operation="execute_tool", name=name, tool_arguments="{}", tool_result='"ok"', **columns)

    def add(self, run: int, **columns: Any) -> str:
        number = len(self.rows)
        row = {
            "call_id": f"{number:032x}",
            "trace_id": f"{run:032x}",
            "time": NOON + number * HOUR,
            "surface": "internal",
            "redaction": {"policy": "policy-1:abc", "counts": [], "failed": False, "withheld": None},
            **columns,
        }
        self.rows.append(row)
        return row["call_id"]

    def write(self, path: Path) -> Dataset:
        """The dataset on disk, opened."""
        folder = Folder.create(path, policy="policy-1:abc")
        if self.rows:
            PartWriter(folder, "abcdef012345").write([Record(row) for row in self.rows])
        return open_dataset(path)


@pytest.fixture
def agent() -> Agent:
    return Agent()


def sixty_tickets() -> Agent:
    """Sixty tickets: code calls a triage model, one that looks an order up, one that writes to the customer."""
    agent = Agent()
    for run in range(60):
        kind = ("refund", "shipping", "account")[run % 3]
        agent.chat(run, "Classify the ticket in one word.", f"ticket {run} about {kind}", kind, node="triage")
        ticket = f"ticket {run} about {kind}"
        agent.chat(run, "Look the order up.", ticket, calls_tool("lookup"), node="order", tool_definitions=TOOL)
        agent.tool(run, "lookup")
        agent.chat(
            run,
            "Write a reply to the customer.",
            f"the order of ticket {run}",
            "",
            surface="human",
            node="reply",
            tool_definitions=TOOL,
            output_messages=None,
            redaction={"policy": "policy-1:abc", "counts": [], "failed": False, "withheld": "output: human-facing"},
        )
    return agent


@pytest.fixture
def support() -> Agent:
    """The sixty tickets, not yet written."""
    return sixty_tickets()


@pytest.fixture
def dataset(support: Agent, tmp_path: Path) -> Dataset:
    return support.write(tmp_path / "records")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The same dataset for all tests that only read it."""
    return sixty_tickets().write(tmp_path_factory.mktemp("shared") / "records")


@pytest.fixture(scope="session")
def made(shared: Dataset) -> Report:
    """Its report."""
    return report(shared)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'& " + "averylongnamewithoutanyspace" * 6


def with_name(name: str) -> Agent:
    """A dataset in which everything that has a name has this one."""
    agent = Agent()
    for run in range(60):
        agent.chat(
            run,
            f"Say yes or no. {name}",
            f"question {run}",
            ("yes", "no")[run % 2],
            node=name,
            agent=name,
            request_model=name,
            price_version=name,
            tool_definitions=TOOL,
        )
        agent.tool(run, name)
    return agent


@pytest.fixture
def named(tmp_path: Path) -> Callable[[str], Dataset]:
    """The same on disk."""
    return lambda name: with_name(name).write(tmp_path / "records")


@pytest.fixture(scope="session")
def agents() -> Callable[[Path], dict[str, Dataset]]:
    """Writes what a browser is to see: a dataset to which evidence is added, one with hostile names, one without a call."""

    def write(place: Path) -> dict[str, Dataset]:
        return {
            "evidence": sixty_tickets().write(place / "evidence"),
            "hostile": with_name(HOSTILE).write(place / "hostile"),
            "empty": Agent().write(place / "empty"),
        }

    return write
