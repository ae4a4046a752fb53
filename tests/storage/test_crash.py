"""Writers that are killed (kill -9) at every step, and at any moment."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from agentlog.records import Record
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter, read_footer, remove_temporaries
from agentlog.storage.reader import PartReader, listing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9")

CHILD = """
import os, sys, time
from pathlib import Path
from agentlog.records import Record
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter

path, writer, stop_in, stop_at = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
NOON, DAY = 1_790_078_400_000_000, 86_400_000_000

def record(number):
    return Record({"call_id": f"{writer}{number:06d}", "trace_id": "t", "operation": "chat", "surface": "unknown",
                   "time": NOON + number + DAY * (number % 2), "tool_result": f"answer {number} " * 20})

out = PartWriter(Folder.create(Path(path), policy="p"), writer)
print("ready", flush=True)
if stop_in != "nowhere":
    real, calls = getattr(os, stop_in), iter(range(1, 1000))
    def stop(*arguments):
        if next(calls) == stop_at:
            print("stopped", flush=True)
            time.sleep(600)
        return real(*arguments)
    setattr(os, stop_in, stop)

number = 0
while True:
    batch = range(number, number + 6)
    out.write([record(each) for each in batch], sequences=batch)
    print(number + 6, flush=True)
    number += 6
"""


def start(path: Path, writer: str, stop_in: str = "nowhere", stop_at: int = 0) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", CHILD, str(path), writer, stop_in, str(stop_at)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def stored(folder: Folder) -> Counter[str]:
    reader = PartReader(folder)
    assert reader.damaged == ()
    return Counter(reader.read(["call_id"])["call_id"].to_pylist())


@pytest.mark.parametrize(
    ("stop_in", "stop_at", "visible"),
    [("fsync", 2, 0), ("fsync", 3, 0), ("rename", 1, 0), ("rename", 2, 3), ("fsync", 4, 6)],
    ids=["first file", "second file", "first rename", "between the renames", "after the renames"],
)
def test_a_writer_killed_at_any_step_leaves_whole_parts_only(
    tmp_path: Path, call: Callable[..., Record], stop_in: str, stop_at: int, visible: int
) -> None:
    folder = Folder.create(tmp_path / "records", policy="p")
    child = start(folder.path, "0" * 12, stop_in, stop_at)
    assert child.stdout is not None
    assert [child.stdout.readline() for _ in range(2)] == ["ready\n", "stopped\n"]
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert sum(stored(folder).values()) == visible
    claimed = frozenset().union(*(read_footer(path).sequences for path in listing(folder)))
    assert len(claimed) == (6 if visible == 6 else 0), "what is not all there is not claimed"
    PartWriter(folder, "1" * 12).write([call(1)])  # the dataset goes on
    assert sum(stored(folder).values()) == visible + 1
    left = list(folder.temporary.iterdir())
    assert (
        len(left)
        == {("fsync", 2): 1, ("fsync", 3): 2, ("rename", 1): 2, ("rename", 2): 1, ("fsync", 4): 0}[stop_in, stop_at]
    )
    assert remove_temporaries(folder, older_than_s=-1) == left
    assert sum(stored(folder).values()) == visible + 1


def test_two_writers_killed_at_any_moment_lose_nothing_they_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(20261125)
    folder = Folder.create(tmp_path / "records", policy="p")
    acknowledged: dict[str, int] = {}
    for turn in range(3):
        writers = {name: start(folder.path, name) for name in (f"{turn:011d}a", f"{turn:011d}b")}
        for name, child in writers.items():
            assert child.stdout is not None
            for _ in range(1 + chance.randrange(12)):
                said = child.stdout.readline()
            child.send_signal(signal.SIGKILL)
            last = [said, *child.communicate()[0].splitlines()][-1].strip()
            acknowledged[name] = 0 if last == "ready" else int(last)
    found = stored(folder)
    assert sum(acknowledged.values()) > 30
    assert set(found.values()) == {1}, "written twice"
    for name, count in acknowledged.items():
        assert {f"{name}{number:06d}" for number in range(count)} <= set(found)
