import json
import os
import signal
import subprocess
import sys
import time

import pytest

from agentlog.storage import writers as room
from agentlog.storage.writers import KEPT, KEPT_S, WriterNote, writers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks of files are POSIX")

NOTE = """
import sys, time
from pathlib import Path
from agentlog.storage.folder import Folder
from agentlog.storage.writers import WriterNote
note = WriterNote(Folder.open(Path(sys.argv[1])), sys.argv[2], home="process", application=7)
note.say({"seen": 3, "held": 2}, "a problem (OSError)")
print("said", flush=True)
sys.stdin.readline()
note.end()
"""


def running(folder, writer="a" * 12):
    """A process that says of itself that it records."""
    one = subprocess.Popen(
        [sys.executable, "-c", NOTE, str(folder.path), writer], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert one.stdout.readline() == "said\n"
    return one


def test_a_running_recorder_is_alive_and_leaves_nothing_when_it_ends(folder):
    with running(folder) as one:
        (state,) = writers(folder)
        one.communicate("end\n")
    assert (state.alive, state.home, state.pid, state.application) == (True, "process", one.pid, 7)
    assert (state.figures["seen"], state.figures["held"], state.last_error) == (3, 2, "a problem (OSError)")
    assert state.to_dict()["dropped"] == 0
    assert writers(folder) == []
    assert list(folder.writers.iterdir()) == []
    assert list(folder.temporary.iterdir()) == []


def test_a_killed_recorder_is_told_from_a_living_one_although_its_process_id_is_used_again(folder):
    with running(folder) as one:
        one.kill()
        one.wait()
    # somebody else has its number now
    path = folder.writers / ("a" * 12 + ".json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"pid": os.getpid()}))
    (state,) = writers(folder)
    assert (state.alive, state.pid, state.figures["held"]) == (False, os.getpid(), 2)


def test_a_recorder_that_takes_over_under_the_same_name_is_alive(folder):
    with running(folder) as first:
        first.kill()
        first.wait()
    with running(folder) as second:
        (state,) = writers(folder)
        second.communicate("end\n")
    assert (state.alive, state.pid) == (True, second.pid)


def test_a_stopped_process_still_lives(folder):
    with running(folder) as one:
        one.send_signal(signal.SIGSTOP)
        (state,) = writers(folder)
        one.send_signal(signal.SIGCONT)
        one.communicate("end\n")
    assert state.alive


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_that_lets_go_does_not_keep_its_parents_recorder_alive(folder):
    note = WriterNote(folder, "b" * 12, home="thread", application=os.getpid())
    note.say({"seen": 1})
    ask, answer = os.pipe()
    listen, tell = os.pipe()
    child = os.fork()
    if child == 0:
        note.let_go()
        os.write(tell, b".")
        os.read(ask, 1)
        os._exit(0)
    try:
        os.read(listen, 1)
        assert [one.alive for one in writers(folder)] == [True]
        note.let_go()  # as the end of the parent would
        assert [one.alive for one in writers(folder)] == [False]
    finally:
        os.write(answer, b".")
        os.waitpid(child, 0)
        for each in (ask, answer, listen, tell):
            os.close(each)


def test_it_is_written_when_something_changed_and_not_more_than_once_a_second(folder, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(room.time, "monotonic", lambda: clock[0])
    note = WriterNote(folder, "c" * 12, home="thread", application=1)
    path = folder.writers / ("c" * 12 + ".json")

    def written(seen):
        before = path.stat().st_mtime_ns if path.exists() else None
        if note.due():
            note.say({"seen": seen})
        return path.stat().st_mtime_ns != before

    assert written(1)
    clock[0] = 0.5
    assert not written(2)
    clock[0] = 1.5
    assert written(2)
    clock[0] = 99.0
    assert not written(2)
    note.end()


def test_the_dataset_deleted_under_a_running_recorder_stays_deleted_until_it_writes_again(folder):
    note = WriterNote(folder, "d" * 12, home="thread", application=1)
    note.say({"seen": 1})
    (folder.writers / ("d" * 12 + ".lock")).unlink()
    note.say({"seen": 2})
    assert [(one.alive, one.figures["seen"]) for one in writers(folder)] == [(True, 2)]
    (folder.meta / "dataset.json").unlink()
    note.say({"seen": 3})
    assert [one.figures["seen"] for one in writers(folder)] == [2]
    note.end()


def test_killed_recorders_are_remembered_for_a_week_and_only_the_newest(folder):
    folder.writers.mkdir()
    said = {"home": "thread", "pid": 1, "application": 1, "started": "2026-11-01T00:00:00+00:00", "updated": "x"}
    now = time.time()
    for n in range(KEPT + 5):
        path = folder.writers / f"{n:012x}.json"
        path.write_text(json.dumps(said))
        os.utime(path, (now - n, now - n))
    os.utime(folder.writers / f"{0:012x}.json", (now - KEPT_S - 60, now - KEPT_S - 60))
    WriterNote(folder, "f" * 12, home="thread", application=1)
    kept = {one.writer for one in writers(folder)}
    assert kept == {f"{n:012x}" for n in range(1, KEPT + 1)}


def test_what_is_half_written_or_unreadable_is_left_out(folder):
    folder.writers.mkdir()
    (folder.writers / ("a" * 12 + ".json")).write_text('{"home": "thr')
    (folder.writers / ("b" * 12 + ".json")).write_text("[]")
    assert writers(folder) == []


def test_a_full_disk_is_nobodys_problem_here(folder, monkeypatch):
    note = WriterNote(folder, "e" * 12, home="thread", application=1)
    monkeypatch.setattr(room.os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    note.say({"seen": 1})
    assert writers(folder) == []
    assert list(folder.temporary.iterdir()) == []
    note.end()
