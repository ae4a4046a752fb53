"""What all tests share: agentlog is left as it was found, and the frames that the application's side hands over can be looked at."""

from __future__ import annotations

import datetime as dt
import gc
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from agentlog import runtime
from agentlog.messages.parts import Message, Part, message, text, tool_call, tool_call_response
from agentlog.recording import flushing
from agentlog.recording.calls import Call, Ended, Feedback
from agentlog.storage.schema import CALLS


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there before the first test is left out of every collection of garbage: a million objects, a second each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _its_own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test writes into the developer's configuration, nor into the current folder, nor leaves a recorder running."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("AGENTLOG_DIRECTORY", str(home / "agentlog-records"))
    # a process takes a second to start: the tests of the recorder ask for it, the others have no need of it
    monkeypatch.setenv("AGENTLOG_RECORDER", "thread")
    monkeypatch.delenv("AGENTLOG_DISABLED", raising=False)
    yield
    runtime.shutdown()
    runtime._state = runtime._State()
    flushing.directory = None
    runtime._on = True
    runtime._rate = -1.0


@pytest.fixture(params=["thread", "process"])
def home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The test runs twice: with the recorder in a thread, and in a process of its own."""
    if request.param == "process" and sys.platform != "linux":
        pytest.skip("a recorder in a process of its own needs Linux")
    monkeypatch.setenv("AGENTLOG_RECORDER", request.param)
    return str(request.param)


class Taken(list[Any]):
    """Frames as they leave the application, decoded."""

    @property
    def calls(self) -> list[Call]:
        """The calls among them."""
        return [one for one in self if isinstance(one, Call)]

    def one(self) -> Call:
        """The only call."""
        (call,) = self.calls
        return call


def content(raw: msgspec.Raw) -> Any:
    """What a snapshot holds."""
    return msgspec.msgpack.decode(raw)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    """Instead of a recorder: a list of the frames that the application's side hands over."""
    frames = Taken()
    decode = msgspec.msgpack.Decoder(Call | Feedback | Ended).decode

    def put(frame: bytes) -> bool:
        frames.append(decode(frame))
        return True

    monkeypatch.setattr(runtime, "_put", put)
    return frames


@pytest.fixture
def snapshot_of() -> Callable[[msgspec.Raw], Any]:
    """Decodes a call's `request` or `response`."""
    return content


@pytest.fixture
def data() -> Path:
    """Real agent traffic, where it lies beside the checkout; skips where it does not."""
    path = Path(__file__).parents[1].parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("real traffic (shared/data beside the checkout) is not here")
    return path


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
