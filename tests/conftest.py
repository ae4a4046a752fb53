"""What all tests share: agentlog is left as it was found, and the frames that the application's side hands over can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agentlog import runtime
from agentlog.recording import flushing
from agentlog.recording.calls import Call, Ended, Feedback


@pytest.fixture(autouse=True)
def _its_own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test writes into the developer's configuration, nor into the current folder, nor leaves a recorder running."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("AGENTLOG_DIRECTORY", str(home / "agentlog-records"))
    monkeypatch.delenv("AGENTLOG_DISABLED", raising=False)
    yield
    runtime.shutdown()
    runtime._state = runtime._State()
    flushing.directory = None
    runtime._on = True
    runtime._rate = 1.0


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
