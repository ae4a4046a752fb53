"""Rows of a part are exchanged under its name: readers see the old part or the new one, also when the writer is killed."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agentlog.errors import DatasetError
from agentlog.records import Record
from agentlog.storage import repairs, rows
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter, read_footer, remove_temporaries
from agentlog.storage.reader import PartReader, listing
from agentlog.storage.repairs import repair

Make = Callable[..., Record]

CHILD = """
import os, sys, time
from pathlib import Path
from agentlog.records import Record
from agentlog.storage.folder import Folder
from agentlog.storage.repairs import repair

folder, part, stop_in, stop_at = Folder.open(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
real, calls = getattr(os, stop_in), iter(range(1, 1000))
def stop(*arguments):
    if next(calls) == stop_at:
        print("stopped", flush=True)
        time.sleep(600)
    return real(*arguments)
setattr(os, stop_in, stop)
repair(folder, part, "calls", {"t": lambda row: Record({**row, "tool_result": '"new"'})})
print("done", flush=True)
time.sleep(600)
"""


def new(row: dict[str, Any]) -> Record:
    return Record({**row, "tool_result": '"new"'})


def part_of(folder: Folder, call: Make, count: int = 5, **columns: Any) -> Path:
    (part,) = PartWriter(folder, "a" * 12).write(
        [call(n, **columns) for n in range(count)], sequences=range(count), dropped=3
    )
    return part


def results(folder: Folder) -> list[Any]:
    reader = PartReader(folder)
    assert reader.damaged == ()
    return reader.read(["tool_result"])["tool_result"].to_pylist()


@pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9")
@pytest.mark.parametrize(
    ("stop_in", "stop_at", "found", "aside"),
    [("fsync", 1, "old", 1), ("replace", 1, "old", 1), ("fsync", 2, "new", 0)],
    ids=["before it is synced", "before the rename", "after the rename"],
)
def test_killed_at_any_step_the_part_is_the_old_one_or_the_new_one(
    folder: Folder, call: Make, stop_in: str, stop_at: int, found: str, aside: int
) -> None:
    part = part_of(folder, call, trace_id="t", tool_result='"old"')
    footer = read_footer(part)
    arguments = [sys.executable, "-c", CHILD, str(folder.path), str(part), stop_in, str(stop_at)]
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "stopped\n"
    assert results(folder) == [f'"{found}"'] * 5
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert results(folder) == [f'"{found}"'] * 5
    assert read_footer(part) == footer
    assert len(listing(folder)) == 1
    assert len(list(folder.temporary.iterdir())) == aside
    changed = repair(folder, part, "calls", {"t": new})  # its lock has gone with it
    assert len(changed) == 5
    assert results(folder) == ['"new"'] * 5
    remove_temporaries(folder, older_than_s=-1)
    assert not list(folder.temporary.iterdir())


def test_only_rows_that_are_to_change_do_and_all_stay_in_their_place(folder: Folder, call: Make) -> None:
    part = part_of(folder, call, 9, trace_id="t", tool_result='"old"')
    before = pq.read_table(part, partitioning=None).to_pylist()
    changed = repair(
        folder, part, "calls", {"t": lambda row: new(row) if row["call_id"] == before[4]["call_id"] else None}
    )
    assert [old["call_id"] for old, _ in changed] == [before[4]["call_id"]]
    before[4]["tool_result"] = '"new"'
    assert pq.read_table(part, partitioning=None).to_pylist() == before


def test_nothing_is_written_when_nothing_is_to_change(
    folder: Folder, call: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = part_of(folder, call, trace_id="t")
    monkeypatch.setattr(repairs, "write_file", lambda *given: pytest.fail("it wrote"))
    assert repair(folder, part, "calls", {"t": lambda row: None, "other": new}) == []


def test_row_groups_stay_apart(folder: Folder, call: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROW_GROUP_ROWS", 4)
    monkeypatch.setattr(rows, "_BATCH_ROWS", 2)
    part = part_of(folder, call, 10, trace_id="t", tool_result='"old"')
    groups = [pq.read_metadata(part).row_group(n).num_rows for n in range(pq.read_metadata(part).num_row_groups)]
    assert len(groups) > 1
    repair(folder, part, "calls", {"t": new})
    assert [pq.read_metadata(part).row_group(n).num_rows for n in range(len(groups))] == groups
    assert results(folder) == ['"new"'] * 10


def test_a_record_that_does_not_fit_loses_its_content_and_takes_no_other_with_it(folder: Folder, call: Make) -> None:
    part = part_of(folder, call, 3, trace_id="t", tool_result='"old"')
    broken = iter([{"tool_result": 7}, {}, {}])
    repair(folder, part, "calls", {"t": lambda row: Record({**row, "tool_result": '"new"', **next(broken)})})
    assert results(folder) == [None, '"new"', '"new"']


def test_what_is_no_record_is_refused(folder: Folder, call: Make) -> None:
    part = part_of(folder, call, trace_id="t", tool_result='"old"')
    with pytest.raises(TypeError, match="only a Record"):
        repair(folder, part, "calls", {"t": dict})  # type: ignore[dict-item]
    assert results(folder) == ['"old"'] * 5


def test_a_part_that_is_gone_or_damaged_is_told_apart(folder: Folder, call: Make) -> None:
    part = part_of(folder, call, trace_id="t")
    part.write_bytes(part.read_bytes()[:300])
    with pytest.raises(DatasetError, match="cannot be repaired"):
        repair(folder, part, "calls", {"t": new})
    part.unlink()
    with pytest.raises(FileNotFoundError):
        repair(folder, part, "calls", {"t": new})


def test_a_page_that_is_damaged_is_told_apart_from_a_disk_that_refuses(folder: Folder, call: Make) -> None:
    part = part_of(folder, call, 50, trace_id="t")
    chunk = pq.read_metadata(part).row_group(0).column(0)
    content = bytearray(part.read_bytes())
    content[chunk.data_page_offset + chunk.total_compressed_size // 2] ^= 0xFF
    part.write_bytes(content)
    with pytest.raises(DatasetError, match="cannot be repaired"):
        repair(folder, part, "calls", {"t": new})


@pytest.mark.parametrize(
    ("refused", "seen"),
    [
        (OSError(errno.EMFILE, "Too many open files"), OSError),
        (OSError(errno.EIO, "Input/output error"), OSError),
        (PermissionError(errno.EACCES, "Permission denied"), PermissionError),
        (pa.ArrowMemoryError("malloc of size 9 failed"), MemoryError),
    ],
    ids=["too many files", "input/output", "permission", "memory"],
)
def test_a_part_that_cannot_be_read_now_is_not_called_damaged(
    folder: Folder, call: Make, monkeypatch: pytest.MonkeyPatch, refused: Exception, seen: type[Exception]
) -> None:
    part = part_of(folder, call, trace_id="t", tool_result='"old"')

    def refuse(*given: Any) -> None:
        raise refused

    with monkeypatch.context() as patched:
        patched.setattr(pq.ParquetFile, "read_row_group", refuse)
        with pytest.raises(seen):
            repair(folder, part, "calls", {"t": new})
    assert results(folder) == ['"old"'] * 5
    assert len(repair(folder, part, "calls", {"t": new})) == 5


def test_a_repair_does_not_import_pandas(folder: Folder, call: Make) -> None:
    part = part_of(folder, call, trace_id="t", tool_result='"old"')
    code = f"""
import sys
from pathlib import Path
from agentlog.records import Record
from agentlog.storage.folder import Folder
from agentlog.storage.repairs import repair
assert repair(Folder.open(Path({str(folder.path)!r})), Path({str(part)!r}), "calls",
              {{"t": lambda row: Record({{**row, "tool_result": '"new"'}})}})
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
