"""The driver's side of an arm: its process, asked by lines of JSON."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import time
from pathlib import Path
from typing import Any

from peers.destinations import Destination, Folder, Sink
from peers.environments import Arm, variables

WORKER = Path(__file__).parent / "worker.py"


class Failed(Exception):
    """A worker could not do it; the message is what a reader of the table is told."""


class Worker:
    """An arm's process."""

    def __init__(self, arm: Arm, python: str, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.destination: Destination = Folder(folder / "records") if arm.ours else Sink()
        self._log = (folder / "log").open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            [python, str(WORKER), arm.adapter, self.destination.where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=variables(arm, folder),
            cwd=folder,
        )
        self._buffer = b""

    def ask(self, what: str, timeout_s: float = 600, **more: Any) -> dict[str, Any]:
        """One question.

        Raises:
            Failed: it could not, or did not answer in time.
        """
        self.say(what, **more)
        return self.hear(timeout_s)

    def say(self, what: str, **more: Any) -> None:
        """A question of which no answer is awaited here."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": what, **more}).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Failed("its process has died") from error

    def hear(self, timeout_s: float = 600) -> dict[str, Any]:
        """The next answer."""
        assert self._process.stdout is not None
        until = time.monotonic() + timeout_s
        with selectors.DefaultSelector() as ready:
            ready.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                if not ready.select(max(0.0, until - time.monotonic())):
                    self._process.kill()
                    raise Failed(f"no answer within {timeout_s:.0f} s")
                piece = os.read(self._process.stdout.fileno(), 1 << 20)
                if not piece:
                    raise Failed("its process has died")
                self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        if "missing" in said or "error" in said:
            raise Failed(str(said.get("missing") or said["error"]))
        return said

    def wait(self, timeout_s: float = 60) -> None:
        """Until it has ended by itself."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Ask for nothing more."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.close()
        except OSError:
            pass  # it has died already
        self.wait()
        self._process.stdout.close()
        self._log.close()
        self.destination.close()
