from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from agentlog.errors import DatasetError
from agentlog.storage.folder import Folder


def modes(path: Path) -> set[tuple[bool, int]]:
    return {(each.is_dir(), stat.S_IMODE(each.stat().st_mode)) for each in (path, *path.rglob("*"))}


def test_a_dataset_is_made_where_there_was_nothing(tmp_path: Path) -> None:
    folder = Folder.create(tmp_path / "deep" / "records", policy="policy-1", service="shop")
    description = json.loads((folder.meta / "dataset.json").read_text())
    assert (description["format"], description["schema_version"]) == ("agentlog", 1)
    assert (description["policies"], description["services"]) == (["policy-1"], ["shop"])
    assert description["created"].endswith("+00:00")
    assert (folder.path / ".gitignore").read_text() == "*\n"
    assert Folder.open(folder.path) == folder


def test_only_the_owner_may_read_whatever_the_umask_says(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        folder = Folder.create(tmp_path / "records", policy="policy-1")
        folder.record_losses("a" * 12, 3)
    finally:
        os.umask(old)
    assert modes(folder.path) == {(True, 0o700), (False, 0o600)}


def test_creating_it_again_changes_nothing_but_the_list_of_policies(folder: Folder) -> None:
    before = folder.describe()
    assert Folder.create(folder.path, policy="policy-1", service="tests") == folder
    assert folder.describe() == before
    Folder.create(folder.path, policy="policy-2")
    assert folder.describe() == {**before, "policies": ["policy-1", "policy-2"]}


def test_many_processes_create_it_at_once_and_no_policy_is_lost(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from agentlog.storage.folder import Folder; sys.stdin.read()\n"
        "for number in range(5): Folder.create(Path(sys.argv[1]), policy=f'{sys.argv[2]}-{number}')"
    )
    path = tmp_path / "records"
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path), name], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for name in "abc"
    ]
    for child in children:  # they have imported, and wait for the end of their input
        assert child.stdin is not None
        child.stdin.close()
        child.stdin = None
    for child in children:
        _, said = child.communicate(timeout=60)
        assert child.returncode == 0, said.decode()
    assert sorted(Folder.open(path).describe()["policies"]) == sorted(f"{name}-{i}" for name in "abc" for i in range(5))


def test_a_creation_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    (tmp_path / "records" / "_agentlog" / "tmp").mkdir(parents=True)
    folder = Folder.create(tmp_path / "records", policy="policy-1")
    assert Folder.open(folder.path).describe()["policies"] == ["policy-1"]


def test_a_mounted_empty_disk_becomes_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()
    assert Folder.create(tmp_path, policy="policy-1").exists


def test_an_existing_gitignore_is_kept(folder: Folder) -> None:
    (folder.path / ".gitignore").write_text("calls/\n")
    Folder.create(folder.path, policy="policy-1")
    assert (folder.path / ".gitignore").read_text() == "calls/\n"


def test_somebody_elses_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(
        DatasetError, match=r"not empty: it holds 1 entry: thesis\.txt.*configure\(directory="
    ) as caught:
        Folder.create(tmp_path, policy="policy-1")
    assert str(tmp_path) in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_text("")
    with pytest.raises(DatasetError, match="is a file, and a dataset is a folder"):
        Folder.create(path, policy="policy-1")


def test_a_dataset_inside_a_dataset_is_refused(folder: Folder) -> None:
    with pytest.raises(DatasetError, match="lies inside the dataset"):
        Folder.create(folder.calls, policy="policy-1")
    assert list(folder.calls.iterdir()) == []


def test_a_place_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match=r"file/records cannot be written: Not a directory\..*AGENTLOG_DIRECTORY"):
        Folder.create(tmp_path / "file" / "records", policy="policy-1")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DatasetError, match=r"cannot be written: Permission denied\."):
            Folder.create(tmp_path / "records", policy="policy-1")
    finally:
        tmp_path.chmod(0o700)


def test_a_dataset_that_became_read_only_is_noticed_before_anything_is_recorded(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentlog.storage.folder.os.access", lambda path, mode: Path(path) != folder.calls)
    with pytest.raises(DatasetError, match=r"cannot be written: no permission to write into calls/"):
        Folder.create(folder.path, policy="policy-1")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"there is no dataset .*/nowhere: no such folder\. It is made when"):
        Folder.open(tmp_path / "nowhere")


def test_a_file_is_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "calls.parquet").write_bytes(b"PAR1")
    with pytest.raises(DatasetError, match="is a file, and a dataset is a folder"):
        Folder.open(tmp_path / "calls.parquet")


def test_what_lies_in_a_folder_that_is_no_dataset_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is no dataset: it is empty"):
        Folder.open(tmp_path)
    for name in "dbca":
        (tmp_path / name).write_text("")
    with pytest.raises(DatasetError, match="it holds 4 entries: a, b, c, …"):
        Folder.open(tmp_path)


@pytest.mark.parametrize("inside", ["calls", "calls/date=2026-09-22", "_agentlog", "studies/first", "feedback"])
def test_whoever_opens_a_folder_inside_a_dataset_is_told_the_right_one(folder: Folder, inside: str) -> None:
    (folder.path / inside).mkdir(parents=True, exist_ok=True)
    with pytest.raises(DatasetError, match=rf"inside a dataset\. Open the dataset: {folder.path}$"):
        Folder.open(folder.path / inside)


def test_whoever_opens_the_folder_around_a_dataset_is_told_the_right_one(folder: Folder) -> None:
    with pytest.raises(DatasetError, match=rf"is no dataset, but holds records\. Open {folder.path}$"):
        Folder.open(folder.path.parent)


def test_a_copy_of_calls_alone_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    with pytest.raises(DatasetError, match=r"copy of a part of a dataset\. Copy all of it"):
        Folder.open(tmp_path)


def test_a_damaged_description_is_said_and_is_made_anew_when_it_is_deleted(folder: Folder) -> None:
    description = folder.meta / "dataset.json"
    description.write_text('{"format": "agen')
    for attempt in (Folder.open, lambda path: Folder.create(path, policy="policy-1")):
        with pytest.raises(DatasetError, match=r"dataset\.json is damaged: .*delete this one file"):
            attempt(folder.path)
    description.unlink()
    assert Folder.create(folder.path, policy="policy-1").describe()["policies"] == ["policy-1"]


def test_another_programs_description_is_not_touched(folder: Folder) -> None:
    (folder.meta / "dataset.json").write_text('{"format": "other"}')
    with pytest.raises(DatasetError, match="does not say that this is a dataset of agentlog"):
        Folder.create(folder.path, policy="policy-1")
    assert (folder.meta / "dataset.json").read_text() == '{"format": "other"}'


def test_a_dataset_of_a_newer_version_opens_and_stays_one(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    path = folder.meta / "dataset.json"
    path.write_text(json.dumps({**folder.describe(), "schema_version": 99, "later": True}))
    Folder.open(folder.path)
    assert "newer agentlog" in caplog.text
    Folder.create(folder.path, policy="policy-2")
    assert folder.describe()["schema_version"] == 99
    assert folder.describe()["later"] is True


def test_losses_are_kept_by_writer(folder: Folder) -> None:
    assert folder.losses() == {}
    folder.record_losses("a" * 12, 3)
    folder.record_losses("b" * 12, 0)
    folder.record_losses("a" * 12, 8)
    assert folder.losses() == {"a" * 12: 8}


def test_losses_that_cannot_be_read_are_said(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    folder.record_losses("a" * 12, 3)
    (folder.meta / "losses" / "bbbbbbbbbbbb.json").write_text("{")
    assert folder.losses() == {"a" * 12: 3}
    assert "bbbbbbbbbbbb.json cannot be read" in caplog.text


def test_a_failed_replacement_leaves_the_old_file_and_no_other(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.record_losses("a" * 12, 3)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agentlog.storage.durable.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        folder.record_losses("a" * 12, 8)
    assert folder.losses() == {"a" * 12: 3}
    assert list(folder.temporary.iterdir()) == []
