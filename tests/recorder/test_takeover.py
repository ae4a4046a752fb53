"""One recorder dies in the middle, the next one takes over: nothing lost, nothing twice. (Killed for real: test_process.py.)"""

import os

import msgspec
import pytest

import agentlog
from agentlog import settings
from agentlog.recorder.worker import Worker
from agentlog.recording import calls
from agentlog.recording.calls import Feedback
from agentlog.recording.snapshot import encode
from agentlog.storage.parts import PartWriter

if not hasattr(os, "memfd_create"):
    pytest.skip("the ring needs memfd", allow_module_level=True)

from agentlog.recording.ring import RingReader, RingWriter


class Killed(BaseException):
    """The recorder is gone here."""


@pytest.fixture
def channel():
    return RingWriter(lambda burst: None, 8 << 20)


@pytest.fixture
def recorder(channel, tmp_path):
    given = settings.load({"directory": tmp_path / "records", "pseudonym_key": b"a key for the tests"})

    def one():
        return Worker(RingReader(channel.memory), given, lambda what, error: pytest.fail(f"{what}: {error}"))

    return one


def stored(tmp_path):
    return agentlog.open_dataset(tmp_path / "records").to_arrow().to_pylist()


def tool(channel, argument="x", parent=None, **columns):
    call = calls.open_call("execute_tool", "tool", parent, None)
    call.request = encode({"said": argument})
    calls.close_call(call)
    for name, value in columns.items():
        setattr(call, name, value)
    assert channel.put(msgspec.msgpack.encode(call))
    return call


def run(name):
    return calls.open_call("invoke_workflow", name, None, None)


def test_what_was_taken_and_not_written_is_taken_again(channel, recorder, tmp_path):
    outer = run("r")
    for _ in range(3):
        tool(channel, parent=outer)
    first = recorder()
    first.work()  # held, because its run goes on
    second = recorder()
    second.work(flush=True)
    assert len(stored(tmp_path)) == 3
    assert channel.held == 0
    assert (second.counts.seen, second.counts.stored) == (3, 3)


def test_what_was_written_and_not_acknowledged_is_not_written_again(channel, recorder, tmp_path, monkeypatch):
    for _ in range(3):
        tool(channel)
    agentlog_feedback = Feedback(calls.new_id(), "resolved", 1, 1.0)
    channel.put(msgspec.msgpack.encode(agentlog_feedback))
    with monkeypatch.context() as patch:
        patch.setattr(RingReader, "acknowledge", lambda *given: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            recorder().work(flush=True)
    assert channel.held == 4
    tool(channel)
    second = recorder()
    second.work(flush=True)
    assert len(stored(tmp_path)) == 4
    assert agentlog.open_dataset(tmp_path / "records").feedback().num_rows == 1
    assert channel.held == 0
    assert second.counts.stored == 4


def test_over_midnight_each_part_says_which_frames_it_holds(channel, recorder, tmp_path, monkeypatch):
    day = 86_400_000_000_000
    for number in range(4):
        tool(channel, started_ns=1_764_028_800_000_000_000 + day * (number % 2))
    made = []
    rename = os.rename

    def killed_before_the_second(source, target):
        if made and "calls" in str(target):
            raise Killed
        made.append(target)
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", killed_before_the_second)
        with pytest.raises(Killed):
            recorder().work(flush=True)
    assert len(stored(tmp_path)) == 2
    recorder().work(flush=True)
    rows = stored(tmp_path)
    assert len(rows) == len({row["call_id"] for row in rows}) == 4


def test_a_third_one_knows_what_the_first_wrote(channel, recorder, tmp_path, monkeypatch):
    monkeypatch.setattr(RingReader, "acknowledge", lambda *given: None)
    tool(channel)
    recorder().work(flush=True)
    tool(channel)
    recorder().work(flush=True)
    monkeypatch.undo()
    recorder().work(flush=True)
    assert len(stored(tmp_path)) == 2
    assert channel.held == 0


def test_a_number_is_not_given_to_a_second_person_of_the_trace(channel, recorder, tmp_path):
    outer = run("r")
    tool(channel, "Write to mia.li@example.com and to ben.ott@example.com", parent=outer)
    first = recorder()
    first.work(flush=True)
    tool(channel, "Write to eve.zorn@example.com", parent=outer)
    recorder().work(flush=True)
    said = sorted(row["tool_arguments"] for row in stored(tmp_path))
    assert "<EMAIL_1>" in said[0]
    assert "<EMAIL_2>" in said[0]
    assert said[1] == '{"said": "Write to <EMAIL_3>"}'


def test_what_a_full_channel_dropped_is_in_the_losses_once_after_a_takeover(recorder, channel, tmp_path):
    big = "word " * 50_000
    kept, calls_made = 0, 60
    for _ in range(calls_made):
        call = calls.open_call("execute_tool", "tool", None, None)
        call.request = encode({"said": big})
        calls.close_call(call)
        kept += channel.put(msgspec.msgpack.encode(call))
    assert channel.dropped == calls_made - kept > 0
    recorder().work(ending=True)
    recorder().work(ending=True)
    tool(channel)
    recorder().work(ending=True)
    assert list(agentlog.open_dataset(tmp_path / "records")._folder.losses().values()) == [channel.dropped]


@pytest.mark.parametrize(
    "killed_at", ["before the first", "before the second", "after both", "after the rows were written"]
)
def test_one_that_dies_in_the_middle_of_a_repair_leaves_whole_parts_and_the_next_one_ends_it(
    channel, recorder, tmp_path, monkeypatch, killed_at
):
    outer, first = run("r"), recorder()
    for _ in range(2):
        tool(channel, "see vrelkin", parent=outer)
        first.work(flush=True)
    tool(channel, "My name is Vrelkin Quist", parent=outer)
    done = []
    replace = os.replace

    def replaced(source, target):
        if "calls" in str(target):
            if len(done) == {"before the first": 0, "before the second": 1}.get(killed_at):
                raise Killed
            done.append(target)
        replace(source, target)

    def acknowledged(*given):
        raise Killed

    def written(*given, **more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replaced)
        if killed_at == "after both":
            patch.setattr(PartWriter, "write", written)
        if killed_at == "after the rows were written":
            patch.setattr(RingReader, "acknowledge", acknowledged)
        with pytest.raises(Killed):
            first.work(flush=True)
    there = str(stored(tmp_path)).count("vrelkin")
    assert there == {"before the first": 2, "before the second": 1}.get(killed_at, 0)
    recorder().work(flush=True)
    rows = stored(tmp_path)
    assert len(rows) == len({row["call_id"] for row in rows}) == 3
    assert "vrelkin" not in str(rows).lower()
    assert channel.held == 0
    people = {row["tool_arguments"] for row in rows if "see" in row["tool_arguments"]}
    assert all(said.startswith('{"said": "see <PERSON_') for said in people)
