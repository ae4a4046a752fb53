"""The recorder in a process of its own, against everything that may happen to it and to its application. All of it is real."""

import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import agentlog
from agentlog import runtime
from agentlog.errors import ConfigurationError
from agentlog.recorder import choice, process

if choice.why_no_process(runtime._settings.Settings()):
    pytest.skip("no recorder in a process of its own here", allow_module_level=True)

PREAMBLE = """
import os, signal, sys, time
import agentlog
@agentlog.capture
def work(n): return n
def recorder(): return int(agentlog.status().recorder_reason.split()[1].rstrip(","))
def ready():
    while "pid" not in agentlog.status().recorder_reason: time.sleep(0.01)
    print(recorder(), flush=True)
"""


@pytest.fixture(autouse=True)
def _in_a_process(monkeypatch):
    monkeypatch.setenv("AGENTLOG_RECORDER", "process")


@agentlog.capture
def work(n):
    return n


def records():
    return Path(os.environ["AGENTLOG_DIRECTORY"])


def stored():
    return agentlog.open_dataset(records()).to_arrow().to_pylist()


def start(tmp_path, text, *command, cwd=None, **options):
    """A program of its own, with warnings as errors; it may print the recorder's process id with `ready()`."""
    path = tmp_path / "application.py"
    path.write_text(PREAMBLE + textwrap.dedent(text))
    return subprocess.Popen(
        [*command, sys.executable, "-W", "error", str(path)],
        cwd=cwd or tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def script(tmp_path, text, *command, **options):
    """Such a program, run to its end: exit code, output, errors."""
    with start(tmp_path, text, *command, **options) as running:
        out, err = running.communicate(timeout=120)
    return running.returncode, out, err


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pid, within_s=60.0):
    until = time.monotonic() + within_s
    while alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def pid_of(status):
    return int(re.search(r"pid (\d+)", status.recorder_reason)[1])


def up():
    """The id of this test's recorder, when it has come up."""
    until = time.monotonic() + 60
    while "pid" not in agentlog.status().recorder_reason and time.monotonic() < until:
        time.sleep(0.02)
    return pid_of(agentlog.status())


# ---------------------------------------------------------------- the application ends


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("os._exit(3)", 3),
        ("os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("os.abort()", -signal.SIGABRT),
        ("os.execv(sys.executable, [sys.executable, '-c', ''])", 0),
    ],
    ids=["os._exit", "SIGTERM", "SIGKILL", "abort", "exec"],
)
def test_however_an_application_ends_nothing_is_lost_and_nothing_stays_behind(tmp_path, monkeypatch, ending, code):
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    before = set(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else set()
    done, out, err = script(tmp_path, f"for n in range(200): work(n)\nready()\n{ending}")
    assert (done, err) == (code, "")
    assert gone(int(out))
    assert len({row["call_id"] for row in stored()}) == len(stored()) == 200
    assert os.listdir(place) == []
    assert os.listdir(records() / "_agentlog" / "tmp") == []
    assert not before or {name for name in os.listdir("/dev/shm") if "agentlog" in name} <= before


def test_an_application_killed_before_its_recorder_is_up_loses_nothing(tmp_path):
    text = "for n in range(200): work(n)\nos.kill(os.getpid(), signal.SIGKILL)"
    assert script(tmp_path, text)[0] == -signal.SIGKILL
    until = time.monotonic() + 60
    while not list(records().glob("calls/*/*.parquet")) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(stored()) == 200


def test_ctrl_c_is_for_the_application_only(tmp_path):
    # a shell starts what runs in the background with SIGINT ignored, and Python leaves it so
    heard = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    with start(tmp_path, heard + "work(1)\nready()\ntime.sleep(60)", start_new_session=True) as running:
        pid = int(running.stdout.readline())
        os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert running.returncode in (1, -signal.SIGINT)
    assert err.strip().endswith("KeyboardInterrupt")
    assert gone(pid)
    assert len(stored()) == 1


def test_it_outlives_the_signals_that_end_a_service(tmp_path):
    agentlog.configure(records())
    work(1)
    pid = up()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(pid, name)
    work(2)
    assert agentlog.flush(60).durable == 2
    assert pid_of(agentlog.status()) == pid
    agentlog.shutdown(60)
    assert gone(pid)


def test_when_nothing_can_be_written_the_application_ends_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AGENTLOG_DIRECTORY", str(tmp_path / "file" / "records"))
    begun = time.monotonic()
    code, out, err = script(tmp_path, "work(1)\nready()")
    assert code == 0
    assert "cannot be written" in err  # the application's log has no handler: Python prints warnings of libraries
    assert time.monotonic() - begun < 30
    # it goes on trying for a minute: the place may come back
    assert alive(int(out))
    (tmp_path / "file").unlink()
    assert gone(int(out))
    assert len(stored()) == 1


# ---------------------------------------------------------------- the recorder dies


def test_a_recorder_that_is_killed_is_replaced_and_nothing_is_lost_or_stored_twice(caplog):
    agentlog.configure(records())
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            for n in range(100):
                work(n)
            os.kill(up(), signal.SIGKILL)
            for n in range(100):
                work(n)
            assert agentlog.flush(120).held == 0
    rows = stored()
    assert len(rows) == len({row["call_id"] for row in rows}) == 400
    status = agentlog.status()
    assert (status.recorder, status.seen, status.stored, status.dropped) == ("process", 400, 400, 0)
    assert "started 3 times" in status.recorder_reason
    assert "died and was started again" in status.last_error
    assert caplog.text.count("died and was started again") == 1


def test_the_next_call_starts_it_again_without_a_flush():
    agentlog.configure(records())
    work(1)
    first = up()
    os.kill(first, signal.SIGKILL)
    assert gone(first)
    time.sleep(0.3)  # a call looks after it four times a second
    work(2)
    assert up() != first


def test_where_no_recorder_stays_alive_a_thread_takes_over(monkeypatch):
    monkeypatch.setattr(process, "_BOOT", "import os; os.fork(); os._exit(1)")
    agentlog.configure(records())
    for n in range(100):
        work(n)
    assert agentlog.flush(60) == runtime.Flushed(100, 0, 0)
    work(100)
    assert agentlog.flush(60) == runtime.Flushed(101, 0, 0)
    status = agentlog.status()
    assert (status.recorder, status.seen, status.stored) == ("thread", 101, 101)
    assert "died" in status.recorder_reason
    assert agentlog.shutdown(60).durable == 101
    assert len(stored()) == 101


def test_a_program_that_closes_all_its_descriptors_is_recorded_on(tmp_path):
    code, out, err = script(
        tmp_path,
        """
        for n in range(50): work(n)
        ready()
        os.closerange(3, 1000)
        mine = os.open("/dev/zero", os.O_RDWR), os.open("/dev/zero", os.O_RDWR), os.open("/dev/zero", os.O_RDWR)
        time.sleep(0.3)
        for n in range(50): work(n)
        print(agentlog.flush(60).held, agentlog.status().recorder, agentlog.shutdown(60).durable)
        for one in mine: os.close(one)            # nobody closed what took the numbers of ours
        """,
    )
    assert (code, out.splitlines()[1:]) == (0, ["0 thread 100"]), err
    assert len(stored()) == 100


def test_one_that_dies_of_what_it_is_given_does_not_take_the_application_with_it(monkeypatch):
    deadly = process._BOOT.replace(
        "    main(",
        "    from agentlog.recorder.pipeline import Pipeline\n    Pipeline.take = lambda *given: os.abort()\n    main(",
    )
    monkeypatch.setattr(process, "_BOOT", deadly)
    agentlog.configure(records())
    work(1)
    assert agentlog.flush(60).held == 1
    status = agentlog.status()
    assert (status.recorder, status.recorder_reason) == ("process", "it died 3 times")
    monkeypatch.undo()
    runtime._state.recorder._next_start = time.monotonic()
    assert agentlog.flush(60).durable == 1


def test_a_flood_that_does_not_fit_is_counted_to_the_last_call(monkeypatch):
    monkeypatch.setattr("agentlog.recorder.choice.CAPACITY", 1 << 18)
    agentlog.configure(records())
    work(0)
    agentlog.flush(60)
    os.kill(up(), signal.SIGSTOP)
    try:
        for _ in range(3000):
            work("x" * 200)
    finally:
        os.kill(up(), signal.SIGCONT)
    dropped = agentlog.status().dropped
    assert dropped > 0
    done = agentlog.shutdown(60)
    assert (done.durable + dropped, done.held) == (3001, 0)
    assert len(stored()) == done.durable
    losses = agentlog.open_dataset(records())._folder.losses()
    assert list(losses.values()) == [dropped]


def test_what_keeps_it_from_starting_is_said(monkeypatch):
    monkeypatch.setattr(process, "import_path", lambda: [place for place in sys.path if "site-packages" not in place])
    agentlog.configure(records())
    work(1)
    assert agentlog.flush(60).durable == 1
    assert "died 3 times" in agentlog.status().recorder_reason


# ---------------------------------------------------------------- a guest in someone else's process


def test_it_is_nobodys_child_and_holds_nothing_of_the_application(tmp_path):
    code, out, err = script(
        tmp_path,
        """
        heard = []
        signal.signal(signal.SIGCHLD, lambda *given: heard.append(1))
        reading, writing = os.pipe()
        os.set_inheritable(writing, True)
        agentlog.configure(pseudonym_key=b"the key of the pseudonyms")
        ready()
        heard.clear()
        try:
            os.wait()
        except ChildProcessError:
            print("no child")
        os.close(writing)
        print(os.read(reading, 1))                # nobody else holds the other end
        from pathlib import Path
        command = Path(f"/proc/{recorder()}/cmdline").read_text()
        print("key" in command, "records" in command, os.getsid(recorder()) != os.getsid(0))
        print(os.readlink(f"/proc/{recorder()}/cwd") if os.getuid() == 0 else "/")
        os.kill(recorder(), signal.SIGKILL)
        time.sleep(0.3)
        print(heard)
        """,
    )
    assert (code, err) == (0, "")
    assert out.splitlines()[1:] == ["no child", "b''", "False False True", "/", "[]"]


def test_the_key_is_not_in_its_environment(tmp_path, monkeypatch):
    if os.getuid():
        pytest.skip("only root may look into a process that cannot be dumped")
    monkeypatch.setenv("AGENTLOG_PSEUDONYM_KEY", "a secret of sixteen bytes")
    agentlog.configure(records())
    assert b"AGENTLOG_" not in Path(f"/proc/{up()}/environ").read_bytes()


def test_it_cannot_be_dumped(tmp_path):
    code = """
        import ctypes, resource
        from agentlog.recorder.home import _keep_to_itself
        library = ctypes.CDLL(None)
        before = library.prctl(3, 0, 0, 0, 0)
        _keep_to_itself()
        print(before, library.prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE)[0])
        """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "0", "0"]


def test_its_memory_is_locked_as_far_as_the_limits_allow_and_status_says_so(tmp_path):
    text = """
        import resource
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (65536, 65536))
        agentlog.configure()
        ready()
        print(agentlog.status().recorder_reason)
        """
    dropped = ["setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"] if os.getuid() == 0 else []
    if dropped and not shutil.which("setpriv"):
        pytest.skip("root may lock all there is")
    code, out, err = script(tmp_path, text, *dropped)
    assert (code, err) == (0, "")
    assert "only 64 KB of its memory are locked" in out


def test_a_file_that_is_called_like_a_library_is_the_applications_business(tmp_path):
    folder = tmp_path / "current"
    folder.mkdir()
    for name in ("msgspec", "pyarrow", "site", "socket", "json", "pickle"):
        (folder / f"{name}.py").write_text("raise RuntimeError('not this one')")
    for name in ("pyarrow", "platformdirs", "presidio_anonymizer"):  # what the application itself does not import
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('not this one')")
    text = "work(1)\nready()\nprint(agentlog.flush(60).held, agentlog.status().recorder)"
    code, out, err = script(tmp_path, text, cwd=folder)
    assert (code, err, out.splitlines()[1:]) == (0, "", ["0 process"])


def test_what_it_logs_appears_in_the_applications_log(caplog):
    agentlog.configure(records(), redaction=textwrap.dedent)  # a function of an installed module: it can be rebuilt
    assert agentlog.status().recorder == "process"
    with caplog.at_level(logging.WARNING, "agentlog"):
        runtime._put(b"\xff no call at all")
        agentlog.flush(60)
    assert [one.name for one in caplog.records] == ["agentlog.recorder.pipeline"]
    assert "could not be recorded" in caplog.text


# ---------------------------------------------------------------- forks and workers


def test_forked_children_lose_nothing_however_they_end_and_leave_their_parent_alone(tmp_path):
    code, out, err = script(
        tmp_path,
        """
        work(0)
        ready()
        endings = [lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: None]
        for ending in endings:
            child = os.fork()
            if not child:
                for n in range(20): work(n)
                ready()
                ending()
                sys.exit()
            os.waitpid(child, 0)
        for n in range(20): work(n)
        print(agentlog.flush(60).durable, recorder(), flush=True)
        """,
    )
    assert (code, err) == (0, "")
    *children, last = out.splitlines()
    parent, *children = children
    assert last == f"21 {parent}"
    assert len({parent, *children}) == 4
    assert all(gone(int(pid)) for pid in (parent, *children))
    assert len(stored()) == 81


def test_a_child_that_records_nothing_has_no_recorder_and_does_not_keep_its_parents_alive(tmp_path):
    code, out, _ = script(
        tmp_path,
        """
        work(0)
        ready()
        child = os.fork()
        if not child:
            os.close(1)
            os.close(2)
            time.sleep(60)
        print(child, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    assert code == -signal.SIGKILL
    pid, child = map(int, out.split())
    try:
        assert gone(pid)
        assert alive(child)
        assert len(stored()) == 1
    finally:
        os.kill(child, signal.SIGKILL)


def test_many_forks_under_writing_threads_lose_nothing(tmp_path):
    code, _, err = script(
        tmp_path,
        """
        import threading, warnings
        warnings.simplefilter("ignore", DeprecationWarning)   # 3.12 warns of fork in a process with threads
        def many():
            for n in range(500): work(n); time.sleep(0.0005)
        threads = [threading.Thread(target=many) for _ in range(4)]
        for one in threads: one.start()
        children = []
        for _ in range(3):
            child = os.fork()
            if not child:
                for n in range(50): work(n)
                os._exit(0)
            children.append(child)
            time.sleep(0.05)
        for one in threads: one.join()
        for child in children: assert os.waitpid(child, 0)[1] == 0
        """,
    )
    assert (code, err) == (0, "")
    until = time.monotonic() + 60
    while len(stored()) < 2150 and time.monotonic() < until:
        time.sleep(0.1)
    assert len(stored()) == len({row["call_id"] for row in stored()}) == 2150


def test_a_pool_of_spawned_processes_loses_nothing(tmp_path):
    code, _, err = script(
        tmp_path,
        """
        import concurrent.futures, multiprocessing
        if __name__ == "__main__":
            with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
                assert list(pool.map(work, range(60))) == list(range(60))
            work(60)
        """,
    )
    assert (code, err) == (0, "")
    until = time.monotonic() + 60
    while len(stored()) < 61 and time.monotonic() < until:
        time.sleep(0.1)
    assert len(stored()) == 61


def test_as_a_containers_first_process_the_exit_flushes(tmp_path):
    inside = ["unshare", "-pf", "--mount-proc"]
    if not shutil.which("unshare") or subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no pid namespace may be made here")
    code, out, err = script(
        tmp_path,
        """
        from pathlib import Path
        assert os.getpid() == 1
        for n in range(100): work(n)
        ready()
        os.kill(recorder(), signal.SIGKILL)
        assert agentlog.flush(60).held == 0
        # what has no parent any more is this process's child: it must bury it
        print([stat.read_text().split()[2] for stat in Path("/proc").glob("[0-9]*/stat")].count("Z"))
        for n in range(100): work(n)
        """,
        *inside,
    )
    assert (code, out.splitlines()[1:]) == (0, ["0"])
    assert "died and was started again" in err
    assert len(stored()) == 200


def test_it_needs_no_dev_shm(tmp_path):
    inside = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o size=4k none /dev/shm && exec "$@"', "sh"]
    if not shutil.which("unshare") or subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no file systems of its own may be given to a process here")
    # a ring in a file there would be ended by a SIGBUS
    code, out, err = script(
        tmp_path, "for n in range(500): work('x' * 10_000)\nprint(agentlog.status().recorder)", *inside
    )
    assert (code, out, err) == (0, "process\n", "")
    assert len(stored()) == 500


# ---------------------------------------------------------------- what is chosen


def in_main(text):
    return text


@pytest.mark.parametrize("redaction", [lambda text: text, in_main], ids=["a lambda", "a module that is not installed"])
def test_a_policy_that_cannot_be_rebuilt_chooses_the_thread_and_says_why(redaction):
    with pytest.raises(ConfigurationError, match="its redaction"):
        agentlog.configure(records(), redaction=redaction)
    agentlog.configure(records(), redaction=redaction, recorder="auto")
    assert agentlog.status().recorder == "thread"
    assert "its redaction" in agentlog.status().recorder_reason


def test_a_policy_of_the_main_file_chooses_the_thread(tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTLOG_RECORDER", "auto")
    text = """
        def redact(text): return text
        agentlog.configure(redaction=redact)
        print(agentlog.status().recorder, agentlog.status().recorder_reason)
        """
    code, out, err = script(tmp_path, text)
    assert (code, err) == (0, "")
    assert out.startswith("thread its redaction is made in the program's main file")


def test_a_policy_goes_over_the_socket(monkeypatch):
    policy = agentlog.RedactionPolicy(keep=("EMAIL",))
    agentlog.configure(records(), redaction=policy, recorder="auto", pseudonym_key=b"a key for the tests")
    work("mia.li@example.com from 93.184.216.34")
    agentlog.flush(60)
    (row,) = stored()
    assert agentlog.status().recorder == "process"
    assert row["redaction"]["policy"] == policy.name
    assert row["tool_arguments"] == '{"n": "mia.li@example.com from <IP_1>"}'


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            ("os.memfd_create", lambda *given: (_ for _ in ()).throw(OSError(38, "Function not implemented"))),
            "not implem",
        ),
        (("sys.platform", "darwin"), "not been tried on darwin"),
        (("platform.machine", lambda: "aarch64"), "not been tried on aarch64"),
        (("sys.executable", "/usr/bin/uwsgi"), "uwsgi"),
        (("subprocess.Popen", lambda *given, **more: (_ for _ in ()).throw(OSError(11, "try again"))), "try again"),
    ],
    ids=["no memfd", "another system", "another processor", "no Python to start", "no more processes"],
)
def test_where_it_cannot_be_auto_takes_the_thread_and_says_why(monkeypatch, change, reason):
    with monkeypatch.context() as patch:
        patch.setattr(*change)
        with pytest.raises(ConfigurationError, match=reason):
            agentlog.configure(records())
        agentlog.configure(records(), recorder="auto")
    assert agentlog.status().recorder == "thread"
    assert reason in agentlog.status().recorder_reason
    work(1)
    assert agentlog.flush(60).durable == 1


def test_a_frozen_function_service_takes_the_thread(monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "f")
    agentlog.configure(records(), recorder="auto")
    assert "flush()" in agentlog.status().recorder_reason


def test_auto_takes_the_process_where_nothing_speaks_against_it():
    agentlog.configure(records(), recorder="auto")
    assert agentlog.status().recorder == "process"


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_nobody_can_look_into_the_memory_of_a_recorder_and_it_leaves_no_core():
    code = """
        import ctypes, resource
        from agentlog.recorder import home
        home._keep_to_itself()
        PR_GET_DUMPABLE = 3
        print(ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE)[0])
    """
    said = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["0", "0"]
