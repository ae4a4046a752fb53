"""The application of docs/shutdown.md under real servers on 127.0.0.1, with the recorder that is lost with its process: a thread."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import agentlog
from agentlog.storage.folder import Folder

PAGE = Path(__file__).parents[1] / "docs" / "shutdown.md"
UVICORN = ["-m", "uvicorn", "application:app", "--host", "127.0.0.1", "--port", "{port}"]
GUNICORN = ["-m", "gunicorn", "application:app", "-k", "uvicorn.workers.UvicornWorker", "--bind", "127.0.0.1:{port}"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


@pytest.fixture
def application(tmp_path, monkeypatch):
    """The page's application in a folder of its own; `application("text to leave out")` writes it without that."""
    pytest.importorskip("starlette")
    monkeypatch.setenv("AGENTLOG_RECORDER", "thread")

    def write(left_out=""):
        code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
        assert left_out in code
        # a part is written by itself after two seconds: what is stored must be so because of the line
        code = code.replace(left_out, "pass") if left_out else code
        # a busy machine may need more than the five seconds for its first part: they are not what is tested
        code = code.replace("to_thread(agentlog.shutdown)", "to_thread(agentlog.shutdown, 25)")
        (tmp_path / "application.py").write_text(code)
        return tmp_path

    return write


def served(folder, server, stop):
    """Twenty requests, then the signal; how many calls are stored."""
    pytest.importorskip(server[1])
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, *(word.format(port=port) for word in server)]
    with (folder / "log").open("w") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as running:
        try:
            until = time.monotonic() + 60
            answered = 0
            while answered < 20:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/ask?question=Where", timeout=10) as reply:
                        assert b"on its way" in reply.read()
                        answered += 1
                except OSError:
                    assert time.monotonic() < until, (folder / "log").read_text()
                    time.sleep(0.05)
        finally:
            running.send_signal(stop)
            running.wait(60)
    assert "Traceback" not in (folder / "log").read_text()
    if not list((folder / "records").glob("calls/*/*.parquet")):
        return 0
    return len(agentlog.open_dataset(folder / "records"))


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
@pytest.mark.parametrize(
    "server",
    [
        pytest.param(UVICORN, id="uvicorn"),
        pytest.param([*UVICORN, "--workers", "2"], id="uvicorn workers"),
        pytest.param([*GUNICORN, "--workers", "2"], id="gunicorn"),
        pytest.param([*GUNICORN, "--workers", "2", "--preload"], id="gunicorn, preloaded"),
    ],
)
def test_the_pages_application_loses_nothing(application, server, stop):
    if stop == signal.SIGINT and server != UVICORN:
        pytest.skip("Ctrl-C in a terminal reaches every process of a server; here only the first would hear it")
    folder = application()
    assert served(folder, server, stop) == 20
    assert not list(Folder(folder / "records").writers.glob("*"))  # every recorder has ended, in order


def test_without_the_line_uvicorn_loses_what_a_thread_had_not_written(application):
    """What the page's table says; when uvicorn runs Python's exit hooks one day, the table is to be changed."""
    folder = application("await asyncio.to_thread(agentlog.shutdown)")
    assert os.environ["AGENTLOG_RECORDER"] == "thread"
    assert served(folder, UVICORN, signal.SIGTERM) < 20
