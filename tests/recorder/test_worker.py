import msgspec
import pytest

import agentlog
from agentlog import settings
from agentlog.recorder.worker import Worker
from agentlog.recording import calls
from agentlog.recording.channel import MemoryChannel
from agentlog.recording.snapshot import encode


@pytest.fixture(params=["memory", "ring"])
def channel(request):
    """Both ends of a channel of 256 KB."""
    if request.param == "memory":
        both = MemoryChannel(1 << 18)
        return both, both
    ring = pytest.importorskip("agentlog.recording.ring", reason="the ring needs mmap and fcntl")
    writer = ring.RingWriter(lambda burst: None, 1 << 18)
    return writer, ring.RingReader(writer.memory)


@pytest.fixture
def worker(channel, tmp_path):
    given = settings.load({"directory": tmp_path / "records", "pseudonym_key": b"a key for the tests"})
    return Worker(channel[1], given, lambda what, error: pytest.fail(f"{what}: {error}"))


def call(operation="execute_tool", parent=None):
    one = calls.open_call(operation, "name", parent, None)
    one.request = encode({"said": "x" * 2000})
    calls.close_call(one)
    return one


def put(channel, one):
    return channel[0].put(msgspec.msgpack.encode(one))


def test_a_call_that_waits_for_its_outer_half_does_not_keep_the_channel_full(channel, worker, tmp_path):
    outer = calls.open_call("chat", "outer", calls.open_call("invoke_workflow", "run", None, None), None)
    put(channel, call("chat", outer))
    for _ in range(400):
        assert put(channel, call())
        if channel[1].used > 0.6:
            worker.work()
    worker.work(flush=True)
    assert channel[0].dropped == 0
    assert len(agentlog.open_dataset(tmp_path / "records")) >= 400


def test_half_full_it_writes_although_runs_go_on(channel, worker, tmp_path):
    run = calls.open_call("invoke_workflow", "run", None, None)
    for _ in range(70):
        put(channel, call(parent=run))
    assert channel[1].used > 0.5
    worker.work()
    assert channel[0].held == 0
    assert len(agentlog.open_dataset(tmp_path / "records")) == 70


def test_when_nothing_can_be_written_it_leaves_the_channel_alone_for_a_while(channel, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    said = []
    given = settings.load({"directory": tmp_path / "file" / "records", "pseudonym_key": b"a key for the tests"})
    worker = Worker(channel[1], given, lambda what, error: said.append(what))
    put(channel, call())
    for _ in range(5):
        worker.work()
    assert len(said) == 1
    worker.work(flush=True)
    assert len(said) == 2
    (tmp_path / "file").unlink()
    worker.work(flush=True)
    assert (channel[0].held, worker.counts.stored) == (0, 1)
