from __future__ import annotations

import errno
import os
import resource
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlog.errors import DatasetError
from agentlog.records import Record
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter, from_ranges, read_footer, remove_temporaries, to_ranges
from agentlog.storage.reader import open_parts

DAY = 86_400_000_000
WRITER = "0123456789ab"

Make = Callable[..., Record]


def files(folder: Folder) -> list[str]:
    return sorted(str(path.relative_to(folder.calls)) for path in folder.calls.rglob("*") if path.is_file())


def test_a_written_record_is_there_in_a_part_of_its_day(folder: Folder, call: Make) -> None:
    parts = PartWriter(folder, WRITER).write([call(1), call(2)])
    assert parts == [folder.calls / "date=2026-09-22" / "part-0123456789ab-000000.parquet"]
    assert files(folder) == ["date=2026-09-22/part-0123456789ab-000000.parquet"]
    assert open_parts(folder).to_table()["call_id"].to_pylist() == [f"{1:032x}", f"{2:032x}"]
    assert list(folder.temporary.iterdir()) == []


def test_rows_are_sorted_by_time(folder: Folder, call: Make) -> None:
    (part,) = PartWriter(folder, WRITER).write([call(3), call(1), call(2)])
    assert pq.read_table(part)["call_id"].to_pylist() == [f"{number:032x}" for number in (1, 2, 3)]


def test_a_batch_over_midnight_becomes_two_parts(folder: Folder, call: Make) -> None:
    first = call(1).row["time"]
    PartWriter(folder, WRITER).write([call(1), call(2, time=first + DAY), call(3, time=first - 1)])
    assert files(folder) == [
        "date=2026-09-22/part-0123456789ab-000000.parquet",
        "date=2026-09-23/part-0123456789ab-000001.parquet",
    ]


def test_nothing_is_written_for_no_records(folder: Folder) -> None:
    assert PartWriter(folder, WRITER).write([], sequences=[1, 2]) == []
    assert files(folder) == []


def test_feedback_has_a_folder_of_its_own(folder: Folder) -> None:
    row = {"feedback_id": "f1", "time": 1_790_078_400_000_000, "name": "helpful", "score": 1.0}
    PartWriter(folder, WRITER).write([Record(row)], kind="feedback")
    assert files(folder) == []
    assert open_parts(folder, "feedback").to_table()["name"].to_pylist() == ["helpful"]


def test_the_writer_takes_nothing_but_records(folder: Folder, call: Make) -> None:
    raw: Any = [call(1), call(2).row]
    with pytest.raises(TypeError, match="only a Record, which the redactor makes, may be written; found dict"):
        PartWriter(folder, WRITER).write(raw)
    assert files(folder) == []


@pytest.mark.parametrize("writer", ["", "0123456789AB", "0123456789abc", "../../../../x"])
def test_a_writers_name_is_twelve_hexadecimal_digits(folder: Folder, writer: str) -> None:
    with pytest.raises(ValueError, match="12 hexadecimal digits"):
        PartWriter(folder, writer)


def test_parts_are_for_their_owner_only_whatever_the_umask_says(folder: Folder, call: Make) -> None:
    old = os.umask(0)
    try:
        (part,) = PartWriter(folder, WRITER).write([call(1)])
    finally:
        os.umask(old)
    assert stat.S_IMODE(part.stat().st_mode) == 0o600
    assert stat.S_IMODE(part.parent.stat().st_mode) == 0o700


def test_the_footer_says_what_the_part_holds(folder: Folder, call: Make) -> None:
    records = [call(1), call(2, redaction={"policy": "policy-2", "failed": False}), call(3, redaction=None)]
    (part,) = PartWriter(folder, WRITER).write(records, sequences=[0, 1, 2, 5, 7, 6, -1], dropped=4)
    said = pq.read_metadata(part).metadata
    assert said[b"agentlog.sequences"] == b"0-2,5-7"
    footer = read_footer(part)
    assert (footer.schema_version, footer.writer, footer.dropped, footer.rows) == (1, WRITER, 4, 3)
    assert footer.sequences == {0, 1, 2, 5, 6, 7}
    assert footer.policies == ("policy-1", "policy-2")


def test_over_midnight_only_the_last_part_claims_the_sequences(folder: Folder, call: Make) -> None:
    later = call(2, time=call(2).row["time"] + DAY)
    first, last = PartWriter(folder, WRITER).write([later, call(1)], sequences=[8, 9])
    assert (read_footer(first).sequences, read_footer(last).sequences) == (set(), {8, 9})


@given(st.lists(st.integers(-3, 60)))
def test_ranges_give_back_the_numbers(numbers: list[int]) -> None:
    text = to_ranges(numbers)
    assert from_ranges(text) == {number for number in numbers if number >= 0}
    assert text.count(",") < 31  # never a range beside its neighbour


def test_a_footer_of_another_program_is_refused(folder: Folder, call: Make, tmp_path: Path) -> None:
    (part,) = PartWriter(folder, WRITER).write([call(1)])
    pq.write_table(pq.read_table(part).replace_schema_metadata(None), tmp_path / "other.parquet")
    with pytest.raises(DatasetError, match=r"was not written by agentlog: its footer lacks 'agentlog.schema_version'"):
        read_footer(tmp_path / "other.parquet")
    part.write_bytes(part.read_bytes()[:-9])
    with pytest.raises(DatasetError, match=r"is no whole Parquet file: .*Delete it, or copy it again"):
        read_footer(part)
    with pytest.raises(FileNotFoundError):
        read_footer(tmp_path / "nowhere.parquet")


def test_one_record_that_does_not_fit_takes_no_other_with_it(folder: Folder, call: Make) -> None:
    records = [call(number) for number in range(20)]
    records[7] = call(7, input_messages="raw text where messages belong")
    writer = PartWriter(folder, WRITER)
    writer.write(records)
    writer.write([call(30)])
    assert writer.misfits == 1
    rows = open_parts(folder).to_table().to_pylist()[:20]
    assert [row["redaction"]["failed"] for row in rows] == [number == 7 for number in range(20)]
    assert rows[7]["input_messages"] is None
    assert rows[8]["input_messages"][0]["parts"][0]["text"] == "question 8"


def test_every_file_is_synced_before_its_rename_and_every_folder_after_it(
    folder: Folder, call: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, str]] = []
    paths = {
        folder.calls: "calls",
        folder.calls / "date=2026-09-22": "first day",
        folder.calls / "date=2026-09-23": "second day",
    }

    def fsync(descriptor: int, real: Callable[[int], None] = os.fsync) -> None:
        about = os.fstat(descriptor)
        name = (
            "file"
            if stat.S_ISREG(about.st_mode)
            else next(paths[path] for path in paths if path.exists() and path.stat().st_ino == about.st_ino)
        )
        real(descriptor)
        done.append(("sync", name))

    def rename(source: Path, target: Path, real: Callable[[Path, Path], None] = os.rename) -> None:
        assert source.parent == folder.temporary
        real(source, target)
        done.append(("rename", paths[target.parent]))

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", rename)
    PartWriter(folder, WRITER).write([call(1), call(2, time=call(2).row["time"] + DAY)])
    assert done == [
        ("sync", "calls"),  # the names of the days' folders
        ("sync", "file"),
        ("sync", "file"),
        ("rename", "first day"),
        ("rename", "second day"),
        ("sync", "first day"),
        ("sync", "second day"),
    ]


def full(*args: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def nth(number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, that fails like a full disk when it is called for the nth time."""
    calls = iter(range(1, 1000))
    return lambda *args: full() if next(calls) == number else function(*args)


@pytest.mark.parametrize(
    ("name", "number"),
    [("fsync", 1), ("fsync", 2), ("fsync", 3), ("rename", 1), ("rename", 2), ("fsync", 4), ("fsync", 5)],
    ids=["folder", "first file", "second file", "first rename", "second rename", "first day", "second day"],
)
def test_when_any_step_fails_nothing_is_visible_and_the_same_call_can_be_repeated(
    folder: Folder, call: Make, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    records = [call(1), call(2, time=call(2).row["time"] + DAY)]
    writer = PartWriter(folder, WRITER)
    writer.write([call(9)])
    with monkeypatch.context() as patch:
        patch.setattr(os, name, nth(number, getattr(os, name)))
        with pytest.raises(
            OSError, match=r"2 calls could not be written into .*: No space left on device\. Nothing"
        ) as caught:
            writer.write(records)
    assert caught.value.errno == errno.ENOSPC
    assert open_parts(folder).count_rows() == 1
    assert list(folder.temporary.iterdir()) == []
    writer.write(records)
    assert open_parts(folder).to_table()["call_id"].to_pylist() == [f"{number:032x}" for number in (9, 1, 2)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_a_disk_that_is_full_while_the_part_is_written_leaves_nothing(
    folder: Folder, call: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentlog.storage.parts.make_file", lambda path: os.symlink("/dev/full", path))
    with pytest.raises(OSError, match="No space left on device") as caught:
        PartWriter(folder, WRITER).write([call(1)])
    assert caught.value.errno == errno.ENOSPC
    assert files(folder) == []
    assert list(folder.temporary.iterdir()) == []


def test_a_file_that_may_not_grow_any_more_leaves_nothing(folder: Folder, call: Make) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))  # bytes; the smallest part has more
    try:
        with pytest.raises(OSError, match="File too large") as caught:
            PartWriter(folder, WRITER).write([call(1)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG
    assert files(folder) == []
    assert list(folder.temporary.iterdir()) == []


def test_an_interrupt_in_the_middle_leaves_nothing(folder: Folder, call: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        PartWriter(folder, WRITER).write([call(1)])
    assert files(folder) == []
    assert list(folder.temporary.iterdir()) == []


def test_two_writers_of_one_name_never_overwrite_each_other(folder: Folder, call: Make) -> None:
    for number in range(3):  # a forked process, or one that starts again with the name it had
        PartWriter(folder, WRITER).write([call(number)])
    assert open_parts(folder).count_rows() == 3
    assert [name[-14:-8] for name in files(folder)] == ["000000", "000001", "000002"]


def test_a_dataset_that_was_deleted_under_a_running_writer_is_made_anew(folder: Folder, call: Make) -> None:
    writer = PartWriter(folder, WRITER)
    writer.write([call(1)])
    shutil.rmtree(folder.path)
    writer.write([call(2)])
    assert Folder.open(folder.path) == folder
    assert open_parts(folder).to_table()["call_id"].to_pylist() == [f"{2:032x}"]
    shutil.rmtree(folder.path)
    folder.path.mkdir()
    (folder.path / "thesis.txt").write_text("mine")
    with pytest.raises(OSError, match=r"is no dataset, and not empty: it holds 1 entry: thesis\.txt"):
        writer.write([call(3)])


def test_what_dead_writers_left_is_removed_after_an_hour(folder: Folder) -> None:
    old, new = folder.temporary / "calls-part-a.parquet", folder.temporary / "calls-part-b.parquet"
    for path in (old, new):
        path.write_bytes(b"PAR1")
    os.utime(old, (time.time() - 3700, time.time() - 3700))
    assert remove_temporaries(folder) == [old]
    assert list(folder.temporary.iterdir()) == [new]
    folder.temporary.joinpath(new.name).unlink()
    folder.temporary.rmdir()
    assert remove_temporaries(folder) == []


def test_writing_does_not_import_pandas(folder: Folder) -> None:
    program = (
        "import sys; from pathlib import Path; from agentlog.records import Record\n"
        "from agentlog.storage.folder import Folder; from agentlog.storage.parts import PartWriter, remove_temporaries\n"
        "folder = Folder.create(Path(sys.argv[1]), policy='policy-1')\n"
        "row = dict(call_id='c', trace_id='t', time=1, operation='chat', surface='unknown', redaction={'policy': 'policy-1'})\n"
        "PartWriter(folder, 'a' * 12).write([Record(row)], sequences=[1]); remove_temporaries(folder)\n"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(folder.path)], check=False).returncode == 0
    assert open_parts(folder).count_rows() == 1


def test_a_resent_history_is_stored_once(folder: Folder, call: Make) -> None:
    """An agent of 40 steps sends everything before again with each call: 20 times the text that is new."""
    words = [f"{'%x' % (number * 2654435761 % 2**32)} " for number in range(200_000)]  # hardly compressible
    records, distinct, sent = [], 0, 0
    for run in range(10):
        said = ["".join(words[(run * 40 + step) * 20 : (run * 40 + step + 1) * 20]) for step in range(40)]
        distinct += sum(map(len, said))
        for step in range(1, 40):
            messages = [{"role": "user", "parts": [{"type": "text", "text": text}]} for text in said[:step]]
            sent += sum(map(len, said[:step]))
            records.append(call(run * 40 + step, input_messages=messages))
    (part,) = PartWriter(folder, WRITER).write(records)
    column = pq.read_metadata(part).row_group(0)
    stored = next(
        column.column(i).total_compressed_size
        for i in range(column.num_columns)
        if column.column(i).path_in_schema == "input_messages.list.element.parts.list.element.text"
    )
    assert sent > 15 * distinct
    assert stored < distinct
    assert part.stat().st_size < distinct + 40_000  # what is said of itself included
