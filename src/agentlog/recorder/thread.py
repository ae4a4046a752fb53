"""The recorder's home in a thread of the application: a daemon that works at most a quarter of the time while it is busy.

What is heavy (pyarrow, the redaction) is imported in the thread. A killed process takes the thread and what it holds with
it; the process home will not have that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from agentlog.errors import AgentlogError
from agentlog.recorder.counts import Counts
from agentlog.recording.channel import Channel
from agentlog.settings import Settings

if TYPE_CHECKING:
    from agentlog.recorder.pipeline import Pipeline

_NAP_S: Final = (0.01, 0.25)
"""Between looks at an empty channel: from, and at most."""
_RETRY_S: Final = 5.0
"""Between tries, when the directory cannot be written."""
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
    """

    def __init__(
        self, channel: Channel, settings: Settings, problem: Callable[[str, BaseException | None], None]
    ) -> None:
        self._channel = channel
        self._settings = settings
        self._problem = problem
        self._pipeline: Pipeline | None = None
        self._next_try = 0.0
        self._wake = threading.Event()
        self._flushes: list[threading.Event] = []
        self._ending = False
        self._hurry = 0
        self._own_cpu = self._all_cpu = self._wall = 0.0
        self._thread = threading.Thread(target=self._run, name="agentlog-recorder", daemon=True)
        self._counts = Counts()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def counts(self) -> Counts:
        """What it has done so far."""
        return self._pipeline.counts if self._pipeline is not None else self._counts

    @property
    def waiting(self) -> int:
        """Frames in the channel that it has not looked at yet."""
        return self._channel.waiting

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

    # ------------------------------------------------------------ in the thread

    def _run(self) -> None:
        nap = _NAP_S[0]
        while True:
            asked, self._flushes = self._flushes, []
            ending = self._ending
            try:
                worked = self._work(flush=bool(asked), ending=ending)
            except Exception as error:  # noqa: BLE001 - the recorder lives on; what it holds is tried again
                self._problem("records could not be written; they are held and tried again", error)
                self._next_try = time.monotonic() + _RETRY_S
                worked = False
            for one in asked:
                one.set()
            if ending:
                return
            nap = _NAP_S[0] if worked else min(nap * 2, _NAP_S[1])
            if not worked:
                self._wake.wait(nap)
                self._wake.clear()

    def _work(self, *, flush: bool, ending: bool) -> bool:
        pipeline = self._opened(insist=flush or ending)
        if pipeline is None:
            return False
        frames = self._channel.take(256)
        worked = bool(frames)
        begun = time.thread_time()
        while frames:
            for sequence, frame in frames:
                pipeline.take(sequence, frame)
                begun = self._rest(begun)
            # a flush covers what had ended when it was asked for; more may come meanwhile
            frames = self._channel.take(256) if flush or ending else []
        pipeline.dropped = self._channel.dropped
        now = flush or ending
        pressure = self._channel.used > 0.5
        self._channel.acknowledge(pipeline.flush(ending=ending) if now else pipeline.tick(pressure=pressure))
        if ending:
            pipeline.close()
        return worked

    def _opened(self, *, insist: bool) -> Pipeline | None:
        """The pipeline; None when there is nothing to do yet, or its directory could not be made a moment ago."""
        if self._pipeline is None:
            if self._channel.held == 0 or (time.monotonic() < self._next_try and not insist):
                return None
            self._next_try = time.monotonic() + _RETRY_S
            from agentlog.recorder.pipeline import Pipeline

            try:
                self._pipeline = Pipeline(self._settings)
            except AgentlogError as error:
                self._problem(f"nothing can be written: {error}", None)
        return self._pipeline

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
