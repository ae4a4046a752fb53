import io
import json
import re
import signal
import subprocess
import sys

import pytest
from rich.console import Console
from typer.testing import CliRunner

import agentlog
from agentlog.cli import tail as room
from agentlog.cli.app import app
from agentlog.storage.folder import Folder

START = 1_795_600_000_000_000  # µs: 2026-11-25, 09:46:40 UTC
DAY = 86_400_000_000


@pytest.fixture
def folder(tmp_path):
    return Folder.create(tmp_path / "records", policy="policy-1")


@pytest.fixture
def put(folder, tmp_path):
    """Writes calls as a recorder does: `put(name="…", time=…)` is a part of its own."""
    import msgspec

    from agentlog import settings
    from agentlog.recorder.worker import Worker
    from agentlog.recording import calls
    from agentlog.recording.channel import MemoryChannel

    def put(*names, time_us=START, **more):
        channel = MemoryChannel()
        given = settings.load({"directory": folder.path, "pseudonym_key": b"a key for the tests"})
        worker = Worker(channel, given, lambda what, error: pytest.fail(f"{what}: {error}"))
        for place, name in enumerate(names):
            call = calls.open_call(more.get("operation", "execute_tool"), name, None, None)
            call.started_ns = (time_us + place) * 1000
            for key, value in more.items():
                setattr(call, key, value)
            calls.close_call(call)
            if "duration_ns" in more:
                call.duration_ns = more["duration_ns"]
            channel.put(msgspec.msgpack.encode(call))
        worker.work(flush=True, ending=True)

    return put


def command(*words):
    return CliRunner().invoke(app, ["tail", *(str(word) for word in words)], catch_exceptions=False)


def names(done):
    return [json.loads(line)["name"] for line in done.stdout.splitlines()]


def test_the_newest_calls_in_the_order_in_which_they_began(folder, put):
    put("late", time_us=START + 5)
    put("a", "b", "c", time_us=START)
    put("yesterday", time_us=START - DAY)
    assert names(command(folder.path, "--json")) == ["yesterday", "a", "b", "c", "late"]
    assert names(command(folder.path, "--json", "-n", "2")) == ["c", "late"]
    assert names(command(folder.path, "--json", "-n", "0")) == []


def test_only_the_last_days_are_opened(folder, put, monkeypatch):
    put("yesterday", time_us=START - DAY)
    put("a", "b", time_us=START)
    opened = []
    rows = room._rows
    monkeypatch.setattr(room, "_rows", lambda folder, files: opened.append(files[0].parent.name) or rows(folder, files))
    assert [row["name"] for row in room.newest(folder, 2)] == ["a", "b"]
    assert opened == ["date=2026-11-25"]


def test_a_line_for_a_program_holds_no_content(folder, put):
    put("a", agent="desk", node="triage", error="ValueError")
    (line,) = command(folder.path, "--json").stdout.splitlines()
    row = json.loads(line)
    assert (row["agent"], row["node"], row["error_type"]) == ("desk", "triage", "ValueError")
    assert row["time"].startswith("2026-11-25T09:46:40")
    assert not set(row) & room._CONTENT


def test_a_pipe_gets_whole_fields_with_tabs_between(folder, put):
    put("a_name_that_is_longer_than_any_column_of_a_terminal_would_be", agent="desk", duration_ns=1_240_000_000)
    (line,) = command(folder.path).stdout.splitlines()
    assert line.split("\t") == [
        "2026-11-25T09:46:40.000000Z", "execute_tool", "a_name_that_is_longer_than_any_column_of_a_terminal_would_be",
        "desk", "-", "-", "1.2 s", "unknown", "-",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [60, 80, 110, 160])
def test_in_a_terminal_no_line_is_broken_and_errors_are_seen(folder, put, monkeypatch, width):
    put("a" * 50, agent="desk" * 9, node="triage", model="some-model-with-a-long-name-2026", operation="chat")
    put("b", error="openai.RateLimitError", time_us=START + 1)
    put("next day", time_us=START + DAY)
    console = Console(width=width, force_terminal=True, no_color=True, file=io.StringIO())
    monkeypatch.setattr(room, "out", console)
    room._Terminal().rows(room.newest(folder, 9))
    said = re.sub(r"\x1b\[[0-9;]*m", "", console.file.getvalue())
    lines = [line.rstrip() for line in said.splitlines()]
    assert len(lines) == 6  # two days, a head, three calls
    assert max(map(len, lines)) <= width
    assert "Wednesday, 2026-11-25 (UTC)" in lines[0] and "Thursday" in lines[4]
    assert "Rate" in lines[3]
    assert ("desk" in lines[2]) == (width >= 110)


def test_what_a_terminal_would_obey_is_not_printed(folder, put):
    put("evil\x1b]0;title\x07name\nnewline")
    (line,) = command(folder.path).stdout.splitlines()
    assert "\x1b" not in line and "evil·" in line


def test_no_dataset_is_an_error(tmp_path):
    with pytest.raises(agentlog.AgentlogError, match="no such folder"):
        command(tmp_path / "none")


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_it_follows_what_comes_from_before_the_first_call_to_ctrl_c(tmp_path, monkeypatch):
    place = tmp_path / "later"
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from agentlog.cli import main; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "tail", str(place), "--follow", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stderr.readline().startswith("waiting for the first call in")
        agentlog.configure(place)
        for name in ("first", "second", "third"):
            with agentlog.call(name, operation="execute_tool"):
                pass
            agentlog.flush(30)
            assert json.loads(running.stdout.readline())["name"] == name
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX pipes")
def test_a_reader_that_leaves_ends_it_without_a_traceback(folder, put):
    put(*(f"call-{n}" for n in range(3000)))
    with subprocess.Popen(
        [sys.executable, "-c", "from agentlog.cli import main; main()", "tail", str(folder.path), "-n", "3000"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert "call-0" in running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == ""


def test_durations_read_well():
    assert [room._took(s) for s in (None, 0.0000042, 0.00042, 0.0031, 0.31, 1.24, 90.0)] == [
        "", "4 µs", "420 µs", "3.1 ms", "310 ms", "1.2 s", "90 s",
    ]  # fmt: skip
