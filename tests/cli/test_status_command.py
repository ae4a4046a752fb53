import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from typer.testing import CliRunner

import agentlog
from agentlog import runtime
from agentlog.cli.app import app
from agentlog.cli.status import ago, look, size
from agentlog.storage.folder import Folder


@agentlog.capture
def work(n):
    return n


def command(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done


def told(path):
    done = command("status", path, "--json")
    assert done.exit_code == 0
    return json.loads(done.stdout)


APPLICATION = """
import sys, agentlog
agentlog.configure(recorder=sys.argv[1])
@agentlog.capture
def work(n): return n
for n in range(4): work(n)
agentlog.flush(60)
print("stored", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def application(home, tmp_path):
    """A program of its own that has recorded four calls and waits; and where it records."""
    path = tmp_path / "application.py"
    path.write_text(textwrap.dedent(APPLICATION))
    with subprocess.Popen(
        [sys.executable, str(path), home], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    ) as running:
        assert running.stdout.readline() == "stored\n"
        yield running
        if running.poll() is None:
            running.communicate("end\n", timeout=60)


def eventually(path, ask):
    until = time.monotonic() + 30
    while not ask(told(path)) and time.monotonic() < until:
        time.sleep(0.1)
    return told(path)


def test_another_process_sees_a_recorder_that_lives_what_it_did_and_its_end(home, application):
    path = os.environ["AGENTLOG_DIRECTORY"]
    seen = eventually(path, lambda seen: seen["alive"] and seen["recorders"][0]["stored"] == 4)
    (one,) = seen["recorders"]
    assert (seen["stored"], seen["held"], seen["dropped"], seen["failed"], seen["withheld"]) == (4, 0, 0, 0, 0)
    assert (one["alive"], one["home"], one["application"]) == (True, home, application.pid)
    assert (one["pid"] == application.pid) == (home == "thread")
    assert (one["seen"], one["stored"], one["written"]["rows"], one["last_error"]) == (4, 4, 4, None)
    assert sum(seen["surfaces"].values()) == 4
    shown = command("status", path).stdout
    assert "alive" in shown and "4 calls in 1 part" in shown
    application.communicate("end\n", timeout=60)
    seen = eventually(path, lambda seen: not seen["recorders"])
    assert (seen["stored"], seen["alive"], seen["recorders"]) == (4, 0, [])
    assert "none is running now" in command("status", path).stdout
    assert list(Folder.open(path).writers.iterdir()) == []


def test_a_recorder_that_was_killed_is_told_from_one_that_ended(home, application):
    path = os.environ["AGENTLOG_DIRECTORY"]
    seen = eventually(path, lambda seen: seen["alive"])
    pid = seen["recorders"][0]["pid"]
    os.kill(pid, signal.SIGKILL)
    seen = eventually(path, lambda seen: not seen["alive"])
    assert [one["alive"] for one in seen["recorders"]] == [False]
    assert "killed" in command("status", path).stdout


def test_rows_that_were_repaired_are_counted(tmp_path):
    agentlog.configure(tmp_path / "records")
    with agentlog.session("s"):
        for words in ("see vrelkin about it", "My name is Vrelkin Quist."):
            work(words)
            agentlog.flush(30)
    assert told(tmp_path / "records")["repaired"] == 1
    assert "1 of the stored: what was learnt later" in command("status", tmp_path / "records").stdout


def test_losses_and_failures_say_how_many_and_why(tmp_path, monkeypatch):
    agentlog.configure(tmp_path / "records", store=("internal",))
    work(1)
    agentlog.flush(30)
    runtime._put(b"\xc1 no frame at all")
    agentlog.shutdown(30)
    Folder.open(tmp_path / "records").record_losses("a" * 12, 7)
    (tmp_path / "records" / "calls" / "odd.parquet").write_text("")
    seen = told(tmp_path / "records")
    assert (seen["dropped"], seen["unrecorded"], seen["withheld"]) == (7, 1, 1)
    assert seen["withheld_why"] == {"output: surface unknown is not stored": 1}
    assert [one["file"] for one in seen["damaged"]] == ["calls/odd.parquet"]
    shown = command("status", tmp_path / "records").stdout
    for words in ("7 calls came faster", "1 call could not be made a row", "is not stored 1", "calls/odd.parquet"):
        assert words in " ".join(shown.split())


def test_a_problem_of_a_running_recorder_is_told_without_folders_or_words(tmp_path, monkeypatch):
    agentlog.configure(tmp_path / "records")
    work(1)
    agentlog.flush(30)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        work(2)
        agentlog.flush(30)
        seen = eventually(tmp_path / "records", lambda seen: seen["recorders"][0]["last_error"])
    (one,) = seen["recorders"]
    assert (one["held"], seen["held"]) == (1, 1)
    assert one["last_error"] == "records could not be written; they are held and tried again (OSError)"
    assert "last error" in command("status", tmp_path / "records").stdout


def test_an_empty_dataset_and_none_at_all(tmp_path):
    Folder.create(tmp_path / "records", policy="policy-1")
    assert told(tmp_path / "records")["stored"] == 0
    assert "no calls yet" in command("status", tmp_path / "records").stdout
    with pytest.raises(agentlog.AgentlogError, match="no such folder"):
        look(tmp_path / "none")


def test_a_part_damaged_inside_does_not_hide_the_others(tmp_path):
    for n in range(2):
        agentlog.configure(tmp_path / "records")
        work(n)
        agentlog.shutdown(30)
    part = sorted((tmp_path / "records" / "calls").glob("*/*.parquet"))[0]
    content = bytearray(part.read_bytes())
    footer = int.from_bytes(content[-8:-4], "little") + 8
    content[4:-footer] = bytes(len(content) - 4 - footer)
    part.write_bytes(content)
    seen = told(tmp_path / "records")
    assert sum(seen["surfaces"].values()) == 1
    assert len(seen["damaged"]) == 1


def test_sizes_and_ages_read_well():
    assert [size(n) for n in (0, 999, 1500, 150_000, 3_200_000, 5 * 10**12)] == [
        "0 B", "999 B", "1.5 KB", "150 KB", "3.2 MB", "5.0 TB",
    ]  # fmt: skip
    from datetime import UTC, datetime, timedelta

    now = datetime(2026, 11, 25, tzinfo=UTC)
    ages = [ago(now - timedelta(seconds=s), now) for s in (0, 119, 120, 7_200, 172_800)]
    assert ages == ["0 s ago", "119 s ago", "2 min ago", "2 h ago", "2 d ago"]
    assert ago(None, now) == "?"


@pytest.mark.parametrize("words", ["--version", "status --help", "tail --help", "doctor --help"])
def test_the_command_line_starts_without_what_is_heavy(words):
    code = (
        "import sys\nfrom agentlog.cli import main\nsys.argv = ['agentlog', *sys.argv[1:]]\ntry:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'pyarrow', 'numpy', 'sklearn', 'openai', 'langchain_core', 'llama_index', 'presidio_anonymizer'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words.split()], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.splitlines()[-1] == "loaded: []"
