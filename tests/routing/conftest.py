"""A support agent's traffic, its tasks, and small models made for one test each."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

import agentlog
from agentlog import models
from agentlog.models import Prediction
from agentlog.redaction import RedactionPolicy
from agentlog.routing import Router
from agentlog.storage.schema import CALLS
from agentlog.tasks import Tasks
from agentlog.tasks.reading import Answer

KEY = b"0123456789abcdef"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
POLICY = RedactionPolicy().name
TRIAGE = "You sort the tickets of an online shop.\nAnswer with one word: refund, parcel or account.\nSay nothing else."
LOOKUP = "You look up customers of an online shop.\nCall the tool with what the customer wrote.\nNever guess a value."
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "find_customer",
            "description": "Find a customer",
            "parameters": {
                "type": "object",
                "properties": {"email": {"type": "string"}, "name": {"type": "string"}},
                "required": ["email"],
            },
        },
    }
]
WORDS = {
    "refund": "I want my money back for the broken lamp|please refund the second payment|the shoes are too small, give me a refund",
    "parcel": "where is my parcel|the tracking has not moved for a week|my parcel never came",
    "account": "I cannot log in|delete my account please|my password does not work",
}


def triage(text: str) -> list[dict[str, Any]]:
    """A request of the first task."""
    return [{"role": "system", "content": TRIAGE}, {"role": "user", "content": text}]


def lookup(text: str) -> list[dict[str, Any]]:
    """A request of the second one; it offers `TOOLS`."""
    return [{"role": "system", "content": LOOKUP}, {"role": "user", "content": text}]


def _row(number: int, system: str, text: str, part: dict[str, Any], tools: str | None) -> dict[str, Any]:
    return {
        "call_id": f"c{number:05d}",
        "trace_id": f"run-{number}",
        "time": NOON + timedelta(seconds=number),
        "operation": "chat",
        "surface": "internal",
        "cost_usd": 0.002,
        "input_messages": [
            {"role": "system", "parts": [{"type": "text", "text": system}]},
            {"role": "user", "parts": [{"type": "text", "text": text}]},
        ],
        "output_messages": [{"role": "assistant", "parts": [part]}],
        "tool_definitions": tools,
        "redaction": {"policy": POLICY, "counts": [], "failed": False, "withheld": None},
    }


def traffic(n: int = 120, seed: int = 0) -> pa.Table:
    draw = random.Random(seed)
    rows = []
    for number in range(n):
        if number % 3:
            label = draw.choice(list(WORDS))
            text = f"{draw.choice(WORDS[label].split('|'))}, order {draw.randrange(10_000)}"
            rows.append(_row(number, TRIAGE, text, {"type": "text", "text": label}, None))
        else:
            call = {
                "type": "tool_call", "id": f"t{number}", "name": "find_customer", "arguments": '{"email": "<EMAIL_1>"}',
            }  # fmt: skip
            asked = draw.choice(
                ["I am <PERSON_1_GIVEN>", "this is about <EMAIL_1>", "find <EMAIL_1> for me", "hello there"]
            )
            text = f"{asked}, {draw.choice(['my order is', 'number', 'case'])} {draw.randrange(100)} of <EMAIL_1>"
            rows.append(_row(number, LOOKUP, text, call, json.dumps(TOOLS)))
    return pa.Table.from_pylist(rows, schema=CALLS)


@pytest.fixture(scope="session")
def tasks() -> Tasks:
    return agentlog.cluster(traffic(), min_size=10)


@pytest.fixture(scope="session")
def triage_id(tasks: Tasks) -> str:
    return next(task.id for task in tasks if task.output_kind == "label")


@pytest.fixture(scope="session")
def lookup_id(tasks: Tasks) -> str:
    return next(task.id for task in tasks if task.output_kind == "tool_call")


class Small:
    """A model that a test writes: what it says is a function of the row's last message."""

    rung = "head"
    remote = False

    def __init__(
        self,
        says: Callable[[str], Answer | Prediction | None] = lambda text: Answer("refund", ()),
        *,
        score: float = 0.999,
        threshold: float = 0.9,
        version: str = "0123456789ab",
        remote: bool = False,
    ) -> None:
        self.says = says
        self.score = score
        self.threshold = threshold
        self.version = version
        self.remote = remote
        self.task_id = ""
        self.task_name = ""
        self.rows: list[dict[str, Any]] = []

    def predict(self, row: Any) -> Prediction:
        self.rows.append(row)
        last = row["input_messages"][-1]["parts"][-1]
        said = self.says(last.get("text") or last.get("result") or "")
        return said if isinstance(said, Prediction) else Prediction(said, self.score)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Puts a `Small` where `models.load` finds it: a folder, or for a remote one an address."""
    known: dict[str, Small] = {}
    real = models.load

    def load(path: str | Path, **options: Any) -> Any:
        return known.get(str(path)) or real(path, **options)

    monkeypatch.setattr(models, "load", load)

    def put(model: Small, name: str = "small", policy: str = POLICY) -> str:
        if model.remote:
            known[f"http://127.0.0.1:9/v1#{name}"] = model
            return f"http://127.0.0.1:9/v1#{name}"
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.json").write_text(json.dumps({"redaction": policy}), encoding="utf-8")
        known[str(folder.resolve())] = model
        return str(folder)

    return put


@pytest.fixture
def router(tmp_path: Path, tasks: Tasks) -> Any:
    made = Router.create(tmp_path / "routing", tasks, key=KEY)
    yield made
    made.close()


def reopened(router: Router, **options: Any) -> Router:
    """The same router as another process would have it."""
    router.flush()
    return Router.load(router._keeper.folder, key=KEY, **options)


@pytest.fixture(scope="session")
def kit() -> SimpleNamespace:
    """What the tests of this room share: requests, tools, the small model, the way to open a router again."""
    return SimpleNamespace(
        KEY=KEY,
        POLICY=POLICY,
        TOOLS=TOOLS,
        Small=Small,
        triage=triage,
        lookup=lookup,
        traffic=traffic,
        reopened=reopened,
    )
