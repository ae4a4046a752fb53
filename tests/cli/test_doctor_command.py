import json
import os
import types
from pathlib import Path

import pytest
from typer.testing import CliRunner

import agentlog
from agentlog.cli import doctor
from agentlog.cli.app import app
from agentlog.cli.doctor import frameworks, given, keeping, machine
from agentlog.instrumentation.integration import Coverage
from agentlog.recorder.keys import key_path
from agentlog.settings import load
from agentlog.storage.folder import Folder


def levels(findings):
    return {one.level for one in findings}


def wrong(findings):
    """What is wrong, with what to do about it: every one says so."""
    found = [one for one in findings if one.level == "wrong"]
    assert all(one.do for one in found)
    return "\n".join(f"{one.what} -> {one.do}" for one in found)


def notes(findings):
    return "\n".join(f"{one.what} -> {one.do}" for one in findings if one.level == "note")


@pytest.fixture
def quick(monkeypatch):
    """Without importing every framework that is installed."""
    monkeypatch.setattr(frameworks, "look", lambda: [])


def command(*words):
    return CliRunner().invoke(app, ["doctor", *(str(word) for word in words)], catch_exceptions=False)


# ---------------------------------------------------------------- as a whole


def test_nothing_is_wrong_in_a_fresh_place_and_nothing_is_left_there(quick, tmp_path):
    done = command(tmp_path / "records", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0, [one for one in found if one["level"] == "wrong"]
    assert {one["area"] for one in found} >= {"settings", "keys", "directory", "recorder"}
    assert any("a call was recorded, redacted and written" in one["what"] for one in found)
    assert list(tmp_path.iterdir()) == []
    assert not key_path().exists()


def test_something_wrong_is_exit_code_1_and_says_what_to_do(quick, tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTLOG_DIRECTRY", "/data")
    done = command(tmp_path / "records")
    assert done.exit_code == 1
    words = " ".join(done.stdout.split())
    assert "no setting is called AGENTLOG_DIRECTRY" in words
    assert "→ did you mean AGENTLOG_DIRECTORY?" in words
    assert "1 thing is wrong." in words


# ---------------------------------------------------------------- settings


def test_each_setting_says_where_it_comes_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.agentlog]\nservice = "shop"\nroll_s = 5\n')
    monkeypatch.setenv("AGENTLOG_SAMPLE_RATE", "0.25")
    found, settings = given.look(tmp_path / "records")
    said = [one.what for one in found]
    assert f"directory = {tmp_path / 'records'} (argument)" in said
    assert "service = shop ([tool.agentlog])" in said
    assert "roll_s = 5.0 ([tool.agentlog])" in said
    assert "sample_rate = 0.25 (AGENTLOG_SAMPLE_RATE)" in said
    assert "store = internal, unknown (default)" in said
    assert "75% of the runs are left out" in notes(found)
    assert settings.service == "shop"


def test_a_value_that_cannot_be_used_is_wrong_and_the_rest_is_looked_at(quick, tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTLOG_SAMPLE_RATE", "many")
    done = command(tmp_path / "records", "--json")
    assert done.exit_code == 1
    assert "AGENTLOG_SAMPLE_RATE" in wrong([doctor.findings.Finding(**one) for one in json.loads(done.stdout)])


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("AGENTLOG_DISABLED", "1", "nothing at all is done"),
        ("AGENTLOG_RECORDER", "off", "nothing is recorded"),
        ("AGENTLOG_REDACTION", "off", "raw words are written"),
    ],
)
def test_what_turns_something_off_is_noted(monkeypatch, variable, value, said):
    monkeypatch.setenv(variable, value)
    found, _ = given.look(None)
    assert said in notes(found)
    assert not wrong(found)


def test_the_key_is_never_shown(quick, tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTLOG_PSEUDONYM_KEY", "correct horse battery staple")
    for words in ([], ["--json"]):
        done = command(tmp_path / "records", *words)
        assert "correct horse" not in done.stdout
        assert "AGENTLOG_PSEUDONYM_KEY" in done.stdout


# ---------------------------------------------------------------- frameworks


class Fake:
    extra = "fake"
    library = "json"
    log: list[str] = []

    def install(self):
        self.log.append("install")
        return Coverage(("fake 1.0: calls",), ("fake 1.0: streams, this release has none",))

    def uninstall(self):
        self.log.append("uninstall")


class Absent(Fake):
    extra, library = "absent", "no_such_library"


class Broken(Fake):
    extra = "broken"

    def install(self):
        raise AttributeError("the release has no such method")


def entries(monkeypatch, **classes):
    Fake.log.clear()
    there = [types.SimpleNamespace(name=name, value=name, load=lambda cls=cls: cls) for name, cls in classes.items()]
    monkeypatch.setattr(frameworks, "entry_points", lambda group: there)


def test_what_is_covered_what_is_not_and_what_is_not_installed(monkeypatch):
    entries(monkeypatch, fake=Fake, absent=Absent)
    found = frameworks.look()
    assert not wrong(found)
    assert "fake 1.0: calls" in [one.what for one in found if one.level == "ok"]
    assert "not covered: fake 1.0: streams" in notes(found)
    assert "not installed: no_such_library (agentlog[absent])" in [one.what for one in found]
    assert Fake.log == ["install", "uninstall"]


def test_a_framework_that_cannot_be_hooked_is_wrong_and_does_not_stop_the_others(monkeypatch):
    entries(monkeypatch, broken=Broken, fake=Fake)
    found = frameworks.look()
    assert "json cannot be instrumented: AttributeError: the release has no such method" in wrong(found)
    assert "fake 1.0: calls" in [one.what for one in found]


def test_a_release_older_than_the_extra_asks_for_is_wrong(monkeypatch):
    entries(monkeypatch, fake=Fake)
    asked = ["other>=1", "fakelib[x]>=2.10; extra == 'fake'", "fakelib>=9; extra == 'more'"]
    monkeypatch.setattr(frameworks, "requires", lambda name: asked)
    for there, old in (("2.9.1", True), ("2.10rc1", False), ("3", False)):
        monkeypatch.setattr(frameworks, "version", lambda name, there=there: there)
        said = wrong(frameworks.look())
        assert ("fakelib" in said) == old
        assert ("pip install -U 'agentlog[fake]'" in said) == old


def test_a_framework_without_an_integration_says_what_can_be_done(monkeypatch):
    entries(monkeypatch, fake=Fake)
    monkeypatch.setattr(frameworks, "_version", lambda name: "1.2" if name == "crewai" else None)
    assert "crewai 1.2 has no integration -> decorate" in notes(frameworks.look())


# ---------------------------------------------------------------- keys


@pytest.fixture
def dataset(tmp_path):
    agentlog.configure(tmp_path / "records")
    with agentlog.session("s"), agentlog.call("t", operation="execute_tool"):
        pass
    agentlog.shutdown(30)
    return tmp_path / "records"


def keys(path, **more):
    settings = load({"directory": path, **more})
    return [one for one in keeping.look(settings, "argument" if more else "default") if one.area == "keys"]


def test_the_dataset_and_this_process_agree_on_the_key(dataset):
    found = keys(dataset)
    assert levels(found) == {"ok"}
    assert "this process and the dataset agree on it" in [one.what for one in found]


def test_another_key_than_the_datasets_is_wrong(dataset):
    assert "written with another key" in wrong(keys(dataset, pseudonym_key=b"another key of 16 bytes"))


def test_two_keys_in_one_dataset_are_wrong(dataset):
    agentlog.configure(dataset, pseudonym_key=b"another key of 16 bytes")
    with agentlog.call("t", operation="execute_tool"):
        pass
    agentlog.shutdown(30)
    assert "a user has 2 pseudonyms in it" in wrong(keys(dataset))


def test_the_keys_themselves_are_not_in_the_dataset(dataset):
    secret = key_path().read_text().strip()
    for path in dataset.rglob("*"):
        assert path.is_dir() or secret.encode() not in path.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_key_that_others_can_read_is_wrong(dataset):
    key_path().chmod(0o644)
    assert f"is 0644 -> chmod 600 {key_path()}" in wrong(keys(dataset))


def test_a_damaged_key_is_wrong_and_is_not_replaced(dataset):
    key_path().write_text("no key")
    assert "is damaged" in wrong(keys(dataset))
    assert key_path().read_text() == "no key"


# ---------------------------------------------------------------- directory


def directory(path):
    return [one for one in keeping.look(load({"directory": path}), "default") if one.area == "directory"]


def test_a_folder_that_is_no_dataset_and_one_inside_a_dataset_are_wrong(dataset, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "photo.jpg").write_text("")
    assert "photo.jpg" in wrong(directory(tmp_path / "photos"))
    assert "lies inside the dataset" in wrong(directory(dataset / "calls" / "more"))
    assert "lies inside the dataset" in wrong(directory(dataset / "calls"))


def test_a_folder_that_cannot_be_written_is_wrong(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(keeping, "make_file", refuse)
    assert "cannot be written: Permission denied -> make it writable" in wrong(directory(tmp_path / "records"))


def test_little_room_is_noted_and_none_is_wrong(tmp_path, monkeypatch):
    for free, level in ((5 << 30, "ok"), (500 << 20, "note"), (1 << 20, "wrong")):
        monkeypatch.setattr(keeping.shutil, "disk_usage", lambda path, free=free: types.SimpleNamespace(free=free))
        (room,) = [one for one in directory(tmp_path / "records") if "are free" in one.what]
        assert room.level == level


def test_memory_and_network_file_systems_are_noted(tmp_path, monkeypatch):
    for kind, said in (("tmpfs", "gone when the machine restarts"), ("nfs4", "network"), ("overlay", "Mount a volume")):
        monkeypatch.setattr(keeping, "_file_system", lambda path, kind=kind: kind)
        assert said in notes(directory(tmp_path / "records"))


@pytest.mark.skipif(not Path("/proc/self/mounts").exists(), reason="needs /proc")
def test_the_kind_of_a_file_system_is_that_of_the_nearest_mount():
    assert keeping._file_system(Path("/proc/self")) == "proc"


def test_losses_damaged_files_open_folders_and_killed_recorders_are_told(dataset):
    folder = Folder.open(dataset)
    folder.record_losses("a" * 12, 7)
    (dataset / "calls" / "odd.parquet").write_text("")
    folder.writers.mkdir(exist_ok=True)
    said = {"home": "thread", "pid": 1, "application": 1, "started": "2026-11-01T00:00:00+00:00", "updated": "x"}
    (folder.writers / ("b" * 12 + ".json")).write_text(json.dumps(said))
    dataset.chmod(0o755)
    found = directory(dataset)
    assert "odd.parquet" in wrong(found)
    assert "7 calls were dropped" in notes(found)
    assert "1 recorders were killed" in notes(found)
    if os.name == "posix":
        assert f"chmod 700 {dataset}" in notes(found)


# ---------------------------------------------------------------- recorder and machine


def test_the_recorder_is_tried_in_the_home_that_is_asked_for(home, tmp_path):
    found = machine.look(load({"directory": tmp_path / "records", "recorder": home}))
    assert not wrong(found)
    assert any(f"by a {home}" in one.what for one in found)
    assert not (tmp_path / "records").exists()


def test_why_a_thread_is_chosen_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "handler")
    assert "AWS Lambda freezes processes" in notes(machine.look(load({"recorder": "auto"})))
    assert "AWS Lambda freezes processes" in wrong(machine.look(load({"recorder": "process"})))


def test_a_recorder_that_stores_nothing_is_wrong(tmp_path, monkeypatch):
    monkeypatch.setattr("agentlog.storage.parts.sync_file", lambda path: (_ for _ in ()).throw(OSError(5, "I/O error")))
    found = machine.look(load({"directory": tmp_path / "records", "recorder": "thread"}))
    assert "was not stored: records could not be written" in wrong(found)


def test_a_container_whose_first_process_is_an_application_is_noted(monkeypatch):
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    for first, level in (("python", "note"), ("tini", "ok")):
        monkeypatch.setattr(machine, "_text", lambda path, first=first: first)
        assert machine._container()[0].level == level


def test_a_small_container_is_noted(monkeypatch):
    monkeypatch.setattr(machine, "_text", lambda path: str(128 << 20))
    assert "limited to 134 MB" in notes(machine._limits())
