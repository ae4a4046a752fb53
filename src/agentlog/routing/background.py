"""The router's work off the caller's path: comparing what the LLM answered, writing the log, looking at routing.json."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Final

_log = logging.getLogger(__name__)

_MOST: Final = 1000
_TICK_S: Final = 1.0


class Background:
    """One daemon thread, started when there is something to do.

    Args:
        duties: done about every second, and at the end of a flush.
        most: jobs that may wait; what comes then is dropped, and counted.
    """

    def __init__(self, duties: Callable[[], None], most: int = _MOST) -> None:
        self._duties = duties
        self._jobs: queue.Queue[Callable[[], None]] = queue.Queue(most)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.dropped = 0

    @property
    def queued(self) -> int:
        """Jobs that wait."""
        return self._jobs.qsize()

    def start(self) -> None:
        """Makes the thread, if there is none."""
        if self._thread is None and not self._stop.is_set():
            with self._lock:
                if self._thread is None:
                    thread = threading.Thread(target=self._run, name="agentlog-router", daemon=True)
                    thread.start()
                    self._thread = thread

    def submit(self, job: Callable[[], None]) -> None:
        """Takes in a job, or counts it as dropped."""
        self.start()
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            self.dropped += 1

    def flush(self, timeout_s: float) -> bool:
        """Returns when the jobs that wait now are done, or the time is over; whether they are."""
        thread = self._thread
        if thread is None or not thread.is_alive() or thread is threading.current_thread():
            self._drain()
            return True
        done = threading.Event()
        try:
            self._jobs.put(done.set, timeout=timeout_s)
        except queue.Full:
            return False
        return done.wait(timeout_s)

    def end(self) -> None:
        """The thread ends after the job at hand."""
        self._stop.set()

    def stop(self, timeout_s: float) -> None:
        """`end`, and waits for it."""
        self.end()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            try:
                self._jobs.put_nowait(lambda: None)
            except queue.Full:
                pass
            thread.join(timeout_s)

    def _run(self) -> None:
        due = time.monotonic() + _TICK_S
        while not self._stop.is_set():
            try:
                self._do(self._jobs.get(timeout=max(0.0, due - time.monotonic())))
            except queue.Empty:
                pass
            if time.monotonic() >= due:
                self._do(self._duties)
                due = time.monotonic() + _TICK_S

    def _drain(self) -> None:
        while True:
            try:
                self._do(self._jobs.get_nowait())
            except queue.Empty:
                return

    def _do(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001 - one job must not end the others; its message may hold words
            _log.warning("the router's background work failed (%s)", type(error).__name__)
