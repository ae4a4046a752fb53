import logging
import os
import subprocess
import sys
import textwrap

import pytest

import agentlog
from agentlog import runtime
from agentlog.errors import ConfigurationError
from agentlog.storage.folder import Folder


@agentlog.capture
def work(n):
    return n


def stored(path):
    return agentlog.open_dataset(path).to_arrow().to_pylist()


def script(tmp_path, text):
    """Runs a program of its own, as an application would be."""
    path = tmp_path / "application.py"
    path.write_text(textwrap.dedent(text))
    return subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_after_a_flush_a_row_is_there(home, tmp_path):
    agentlog.configure(tmp_path / "records")
    work(1)
    done = agentlog.flush(30)
    assert (done.durable, done.held, done.dropped) == (1, 0, 0)
    assert len(stored(tmp_path / "records")) == 1


def test_without_configure_the_first_call_starts_with_the_environment(home, tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTLOG_DIRECTORY", str(tmp_path / "here"))
    work(1)
    agentlog.flush(30)
    assert len(stored(tmp_path / "here")) == 1


def test_open_dataset_flushes_its_own_process_first(tmp_path):
    agentlog.configure(tmp_path / "records")
    work(1)
    assert len(agentlog.open_dataset(tmp_path / "records")) == 1


def test_status_counts_what_was_seen_and_stored(home, tmp_path):
    agentlog.configure(tmp_path / "records")
    for n in range(5):
        work(n)
    agentlog.flush(30)
    status = agentlog.status()
    assert (status.seen, status.stored, status.held, status.dropped, status.failed) == (5, 5, 0, 0, 0)
    assert status.recorder == home
    assert str(tmp_path) in str(status)


def test_a_directory_that_cannot_be_written_is_said_and_the_application_goes_on(home, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        agentlog.configure(tmp_path / "file" / "records")
        assert work(1) == 1
        done = agentlog.flush(30)
    assert done.held == 1
    assert "file" in agentlog.status().last_error
    assert "file" in caplog.text


def test_a_folder_that_is_no_dataset_is_not_written_into(home, tmp_path):
    (tmp_path / "photo.jpg").write_text("")
    agentlog.configure(tmp_path)
    work(1)
    assert agentlog.flush(30).held == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photo.jpg"]
    assert "photo.jpg" in agentlog.status().last_error


def test_a_full_disk_is_said_counted_and_mended(tmp_path, monkeypatch):
    agentlog.configure(tmp_path / "records")
    work(0)
    agentlog.flush(30)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        work(1)
        assert agentlog.flush(30).held == 1
        assert "OSError" in agentlog.status().last_error
    assert agentlog.flush(30).held == 0
    assert len(stored(tmp_path / "records")) == 2


def test_a_full_channel_drops_the_newest_counts_it_and_writes_the_count_down(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "agentlog.recorder.choice.CAPACITY",
        2000,
    )
    agentlog.configure(tmp_path / "records")
    agentlog.flush(30)
    monkeypatch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    for n in range(100):
        work(n)
    agentlog.flush(30)
    dropped = agentlog.status().dropped
    assert dropped > 0
    monkeypatch.undo()
    done = agentlog.shutdown(30)
    assert done.durable + dropped == 100
    assert sum(Folder.open(tmp_path / "records").losses().values()) == dropped


def test_off_records_nothing(tmp_path):
    agentlog.configure(tmp_path / "records", recorder="off")
    assert work(1) == 1
    assert agentlog.flush(1) == runtime.Flushed(0, 0, 0)
    assert not (tmp_path / "records").exists()
    assert agentlog.status().recorder == "off"


def test_after_a_shutdown_nothing_is_recorded_until_it_is_configured_again(home, tmp_path):
    agentlog.configure(tmp_path / "records")
    work(1)
    agentlog.shutdown(30)
    work(2)
    agentlog.configure(tmp_path / "records")
    work(3)
    agentlog.flush(30)
    assert len(stored(tmp_path / "records")) == 2


def test_redaction_off_is_written_into_the_dataset(tmp_path):
    agentlog.configure(tmp_path / "records", redaction="off")
    work("mia.li@example.com")
    agentlog.flush(30)
    (row,) = stored(tmp_path / "records")
    assert row["redaction"]["policy"] == "off"
    assert "mia.li@example.com" in row["tool_arguments"]
    assert '"off"' in (tmp_path / "records" / "_agentlog" / "dataset.json").read_text()


def test_a_plain_callable_redacts(tmp_path):
    agentlog.configure(tmp_path / "records", redaction=lambda text: text.replace("secret", "***"))
    work("my secret word")
    agentlog.flush(30)
    (row,) = stored(tmp_path / "records")
    assert row["tool_arguments"] == '{"n": "my *** word"}'


def test_sessions_give_pseudonyms_tags_and_attributes(home, tmp_path):
    agentlog.configure(tmp_path / "records")
    with agentlog.session("ticket-4711", user="u-17", tags=["refunds"], tier="gold") as ticket:
        work(1)
        work(2)
    ticket.feedback("resolved", score=1.0, explanation="closed by mia.li@example.com")
    agentlog.flush(30)
    one, two = stored(tmp_path / "records")
    assert one["trace_id"] == two["trace_id"]
    assert one["tags"] == ["refunds"]
    assert one["attributes"] == '{"tier": "gold"}'
    (said,) = agentlog.open_dataset(tmp_path / "records").feedback().to_pylist()
    assert (said["name"], said["score"], said["session"]) == ("resolved", 1.0, one["session"])
    assert "mia" not in said["explanation"]


def test_feedback_about_nothing_and_feedback_that_says_nothing_are_refused():
    with pytest.raises(ConfigurationError, match="about nothing"):
        agentlog.feedback("resolved", score=1.0)
    with pytest.raises(ConfigurationError, match="says nothing"):
        agentlog.feedback("resolved", session="s")


def test_feedback_of_another_process_goes_into_a_dataset_that_is_there(tmp_path):
    agentlog.configure(tmp_path / "records")
    work(1)
    agentlog.shutdown(30)
    agentlog.feedback("resolved", score=0.0, session="ticket-4711", directory=tmp_path / "records")
    assert agentlog.open_dataset(tmp_path / "records").feedback().num_rows == 1


def test_a_program_that_just_ends_loses_nothing(home, tmp_path):
    done = script(
        tmp_path,
        """
        import agentlog
        @agentlog.capture
        def work(n): return n
        for n in range(200): work(n)
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(stored(os.environ["AGENTLOG_DIRECTORY"])) == 200


def test_a_program_that_fails_keeps_its_traceback_and_loses_nothing(home, tmp_path):
    done = script(
        tmp_path,
        """
        import agentlog
        @agentlog.capture
        def work(n): return 1 / n
        work(1)
        work(0)
        """,
    )
    assert done.returncode == 1
    assert done.stderr.strip().endswith("ZeroDivisionError: division by zero")
    assert [row["error_type"] for row in stored(os.environ["AGENTLOG_DIRECTORY"])] == [None, "ZeroDivisionError"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_a_recorder_of_its_own(home, tmp_path):
    done = script(
        tmp_path,
        """
        import warnings
        warnings.simplefilter("ignore", DeprecationWarning)   # 3.12 warns of fork in a process with threads
        import os, sys, agentlog
        @agentlog.capture
        def work(n): return n
        work(1)
        agentlog.flush(30)
        child = os.fork()
        for n in range(10): work(n)
        agentlog.flush(30)
        if child:
            os.waitpid(child, 0)
        else:
            os._exit(0)
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = stored(os.environ["AGENTLOG_DIRECTORY"])
    assert len(rows) == 21
    assert len({row["call_id"] for row in rows}) == 21


def test_a_child_of_multiprocessing_loses_nothing(home, tmp_path):
    done = script(
        tmp_path,
        """
        import warnings
        warnings.simplefilter("ignore", DeprecationWarning)
        import multiprocessing, agentlog
        @agentlog.capture
        def work(n): return n
        def many():
            for n in range(50): work(n)
        if __name__ == "__main__":
            work(0)
            children = [multiprocessing.get_context("fork").Process(target=many) for _ in range(2)]
            for child in children: child.start()
            for child in children: child.join()
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(stored(os.environ["AGENTLOG_DIRECTORY"])) == 101


def test_two_applications_on_one_dataset_lose_nothing(home, tmp_path):
    text = """
        import agentlog
        @agentlog.capture
        def work(n): return n
        for n in range(50): work(n)
        """
    path = tmp_path / "application.py"
    path.write_text(textwrap.dedent(text))
    both = [subprocess.Popen([sys.executable, str(path)], cwd=tmp_path) for _ in range(2)]
    assert [one.wait(120) for one in both] == [0, 0]
    assert len(stored(os.environ["AGENTLOG_DIRECTORY"])) == 100


def test_disabled_nothing_is_done_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTLOG_DISABLED", "1")
    done = script(
        tmp_path,
        """
        import agentlog, sys
        agentlog.configure("records")
        @agentlog.capture
        def work(n): return n
        work(1)
        print(agentlog.instrument(), agentlog.flush(), "pyarrow" in sys.modules)
        """,
    )
    assert done.stdout.strip() == (
        "not covered  everything: AGENTLOG_DISABLED is set Flushed(durable=0, held=0, dropped=0) False"
    )
    assert not (tmp_path / "records").exists()
