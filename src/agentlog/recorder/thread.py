"""The recorder's home in a thread of the application: a daemon that works at most a quarter of the time while it is busy.

What is heavy (pyarrow, the redaction) is imported in the thread. A killed process takes the thread and what it holds with
it; the process home does not have that.
"""

from __future__ import annotations

import threading
import time
from typing import Final

from agentlog.recorder.counts import Counts
from agentlog.recorder.worker import Problem, Worker
from agentlog.recording.channel import Outlet
from agentlog.settings import Settings

_NAP_S: Final = (0.01, 0.25)
"""Between looks at an empty channel: from, and at most."""
_SLICE_S: Final = 0.002
"""Work for this long, then look whether the application wants the processor."""
_REST: Final = 3.0
"""Rest three times as long as the work took: a quarter of the time."""


class RecorderThread:
    """Empties a channel in a daemon thread.

    Args:
        channel: what the application fills.
        settings: where to, and how redacted.
        problem: told what went wrong; it is shown by `status()`.
        reason: why it lives here, for `status()`.
    """

    def __init__(
        self, channel: Outlet, settings: Settings, problem: Problem, reason: str = 'recorder="thread"'
    ) -> None:
        self.reason = reason
        self._channel = channel
        self._wake = threading.Event()
        self._flushes: list[threading.Event] = []
        self._ending = False
        self._hurry = 0
        self._own_cpu = self._all_cpu = self._wall = self._begun = 0.0
        self._worker = Worker(channel, settings, problem, self._pause)
        self._thread = threading.Thread(target=self._run, name="agentlog-recorder", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def home(self) -> str:
        """Where it lives."""
        return "thread"

    @property
    def alive(self) -> bool:
        """Whether it is there."""
        return self._thread.is_alive()

    @property
    def counts(self) -> Counts:
        """What it has done so far."""
        return self._worker.counts

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything that had ended is durable. False: it took too long, or could not be written."""
        if not self._thread.is_alive() or threading.current_thread() is self._thread:
            return False
        done = threading.Event()
        self._hurry += 1
        try:
            self._flushes.append(done)
            self._wake.set()
            return done.wait(timeout_s)
        finally:
            self._hurry -= 1

    def stop(self, timeout_s: float) -> None:
        """Write what is held and end the thread."""
        self._ending = True
        self._hurry += 1
        self._wake.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)

    def abandon(self) -> None:
        """In a forked child: the thread is its parent's."""
        self._worker.let_go()

    # ------------------------------------------------------------ in the thread

    def _run(self) -> None:
        nap = _NAP_S[0]
        while True:
            asked, self._flushes = self._flushes, []
            ending = self._ending
            self._begun = time.thread_time()
            worked = self._worker.work(flush=bool(asked), ending=ending)
            for one in asked:
                one.set()
            if ending:
                self._worker.let_go()
                return
            nap = _NAP_S[0] if worked else min(nap * 2, _NAP_S[1])
            if not worked:
                self._wake.wait(nap)
                self._wake.clear()

    def _pause(self) -> None:
        self._begun = self._rest(self._begun)

    def _rest(self, begun: float) -> float:
        """After a slice of work, rest three times as long, if the application is using the processor meanwhile."""
        now = time.thread_time()
        worked = now - begun
        if worked < _SLICE_S or self._hurry or self._channel.used > 0.5:
            return begun if worked < _SLICE_S else now
        if self._application_is_busy(now):
            time.sleep(min(worked * _REST, 0.25))
        return time.thread_time()

    def _application_is_busy(self, own: float) -> bool:
        everything, wall = time.process_time(), time.monotonic()
        passed = wall - self._wall
        theirs = (everything - self._all_cpu) - (own - self._own_cpu)
        self._own_cpu, self._all_cpu, self._wall = own, everything, wall
        return passed > 0 and theirs / passed > 0.05
