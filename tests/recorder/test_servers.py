"""Real servers on 127.0.0.1, with real workers: each request is one captured call, and none is lost when the server stops."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import agentlog
from agentlog import runtime
from agentlog.recorder import choice

APPLICATION = """
import agentlog

@agentlog.capture
def answer(path):
    return path.upper()

{configured}

def wsgi(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [answer(environ["PATH_INFO"]).encode()]

async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({{"type": message["type"] + ".complete"}})
            if message["type"] == "lifespan.shutdown":
                {at_the_end}
                return
    await send({{"type": "http.response.start", "status": 200, "headers": []}})
    await send({{"type": "http.response.body", "body": answer(scope["path"]).encode()}})
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(port, path):
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as reply:
                return reply.read().decode()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


GUNICORN = ["-m", "gunicorn", "application:wsgi", "--workers", "2", "--bind", "127.0.0.1:{port}"]
UVICORN = ["-m", "uvicorn", "application:asgi", "--workers", "2", "--port", "{port}", "--host", "127.0.0.1"]
# by default a worker that is busy for five seconds is killed, and what is in its memory goes with it
UVICORN += ["--timeout-worker-healthcheck", "60"]


@pytest.mark.parametrize(
    ("server", "configured"),
    [
        pytest.param(GUNICORN, "", id="gunicorn"),
        pytest.param(
            [*GUNICORN, "--preload"], "agentlog.configure()", id="gunicorn, preloaded and configured before the fork"
        ),
        pytest.param(UVICORN, "agentlog.configure()", id="uvicorn workers"),
    ],
)
def test_a_server_with_workers_loses_nothing(tmp_path, monkeypatch, home, server, configured):
    pytest.importorskip(server[1])
    if home == "process" and choice.why_no_process(runtime._settings.Settings()):
        pytest.skip("no recorder in a process of its own here")
    # uvicorn's workers end by the signal itself, without the exit hooks of Python: a thread must be told
    at_the_end = "agentlog.shutdown(timeout_s=60)" if home == "thread" else "pass"
    (tmp_path / "application.py").write_text(APPLICATION.format(configured=configured, at_the_end=at_the_end))
    port = free_port()
    command = [sys.executable, *(one.format(port=port) for one in server)]
    log = tmp_path / "log"
    with log.open("w") as said, subprocess.Popen(command, cwd=tmp_path, stdout=said, stderr=said) as running:
        try:
            assert [ask(port, f"/path-{n}") for n in range(40)] == [f"/PATH-{n}" for n in range(40)]
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(60)
    until = time.monotonic() + 30
    while len(stored()) < 40 and time.monotonic() < until:
        time.sleep(0.1)
    assert sorted(row["tool_arguments"] for row in stored()) == sorted(f'{{"path": "/path-{n}"}}' for n in range(40))
    assert "Traceback" not in log.read_text()


def stored():
    directory = Path(os.environ["AGENTLOG_DIRECTORY"])
    if not list(directory.glob("calls/*/*.parquet")):
        return []
    return agentlog.open_dataset(directory).to_arrow().to_pylist()


def test_an_event_loop_goes_on_while_the_recorder_starts_and_flushes(home, tmp_path):
    """A flush waits in the thread that asks for it: from a loop it is asked for in another one."""
    agentlog.configure(tmp_path / "records")

    @agentlog.capture
    async def work():
        return 1

    async def serve():
        await work()
        flushing = asyncio.get_running_loop().run_in_executor(None, agentlog.flush, 60)
        turns = 0
        while not flushing.done():
            turns += 1
            await asyncio.sleep(0.001)
        return turns, await flushing

    turns, done = asyncio.run(serve())
    assert turns > 1
    assert done.durable == 1
