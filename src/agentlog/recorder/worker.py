"""What the recorder does wherever it lives: take from the channel, put through the pipeline, acknowledge. One thread calls it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from agentlog.errors import AgentlogError
from agentlog.recorder.counts import Counts
from agentlog.recording import forks
from agentlog.recording.channel import Outlet
from agentlog.settings import Settings

if TYPE_CHECKING:
    from agentlog.recorder.pipeline import Pipeline
    from agentlog.storage.writers import WriterNote

Problem = Callable[[str, BaseException | None], None]
"""Told what went wrong: a few words without content, and the error."""

RETRY_S: Final = 5.0
"""Between tries, when the directory cannot be written."""
_HALF: Final = 0.5
_THREE_QUARTERS: Final = 0.75


class Worker:
    """Moves frames from a channel to the disk.

    Args:
        channel: what the application fills.
        settings: where to, and how redacted.
        problem: told what went wrong.
        pause: called between two frames; a thread of the application rests there.
        application: the process that it works for, where that is another one.
    """

    def __init__(
        self,
        channel: Outlet,
        settings: Settings,
        problem: Problem,
        pause: Callable[[], None] = lambda: None,
        *,
        application: int | None = None,
    ) -> None:
        self.counts = Counts(*channel.counted)
        self._channel = channel
        self._settings = settings
        self._tell = problem
        self._pause = pause
        self._application = application
        self._pipeline: Pipeline | None = None
        self._note: WriterNote | None = None
        self._last_error: str | None = None
        self._next_try = 0.0

    def work(self, *, flush: bool = False, ending: bool = False) -> bool:
        """Do what there is to do now. Never raises.

        Args:
            flush: write all that had come before this call.
            ending: the same, half-seen calls too, and for the last time.

        Returns:
            Whether anything had come.
        """
        try:
            worked = self._work(flush or ending, ending)
        except Exception as error:  # noqa: BLE001 - the recorder lives on; what it holds is tried again
            self._problem("records could not be written; they are held and tried again", error)
            self._next_try = time.monotonic() + RETRY_S
            worked = False
        counts = self.counts
        self._channel.report(
            counts.seen,
            counts.stored,
            counts.withheld,
            counts.failed,
            counts.merged,
            counts.unsampled,
            counts.repaired,
        )
        self._say(ending)
        return worked

    def let_go(self) -> None:
        """A thread ends, or a forked child finds what was its parent's: hold nothing any more that tells that this one lives."""
        if self._note is not None:
            self._note.let_go()

    def _say(self, ending: bool) -> None:
        """Other processes can read in the dataset how it goes (`agentlog status`)."""
        note, pipeline, counts = self._note, self._pipeline, self.counts
        if note is None or pipeline is None:
            return
        if ending and self._channel.empty:
            note.end()
            return
        if not note.due() and not ending:
            return
        figures = {
            "seen": counts.seen,
            "stored": counts.stored,
            "withheld": counts.withheld,
            "failed": counts.failed,
            "merged": counts.merged,
            "unsampled": counts.unsampled,
            "repaired": counts.repaired,
            "dropped": self._channel.dropped,
            "held": pipeline.held,
        }
        note.say(figures, self._last_error)

    def _problem(self, what: str, error: BaseException | None) -> None:
        # without the error's own words, which may name a folder of somebody's
        self._last_error = what if error is None else f"{what} ({type(error).__qualname__})"
        self._tell(what, error)

    def _work(self, now: bool, ending: bool) -> bool:
        if time.monotonic() < self._next_try and not now:
            return False
        pipeline = self._opened()
        if pipeline is None:
            return False
        channel = self._channel
        limit = 256 if channel.used <= _HALF else 4096  # a channel that fills wants large parts
        frames = channel.take(limit)
        worked = bool(frames)
        while frames:
            for sequence, frame in frames:
                pipeline.take(sequence, frame)
                self._pause()
            # a flush covers what had ended when it was asked for; more may come meanwhile
            frames = channel.take(limit) if now else []
        pipeline.dropped = channel.dropped
        if now:
            durable = pipeline.flush(ending=ending)
        elif channel.used > _THREE_QUARTERS:
            # an outer half that is still to come must not keep the space of all that came after the inner one
            durable = pipeline.flush(ending=True, pressure=True)
        else:
            durable = pipeline.tick(pressure=channel.used > _HALF)
        channel.acknowledge(durable)
        if ending:
            pipeline.close()
        return worked

    def _opened(self) -> Pipeline | None:
        """The pipeline; None when there is nothing to do yet, or its directory cannot be made."""
        if self._pipeline is None:
            if self._channel.empty:
                return None
            with forks.lock:
                from agentlog.recorder.pipeline import Pipeline
                from agentlog.storage.writers import WriterNote

            try:
                pipeline = Pipeline(self._settings, writer=self._channel.writer)
                if self._channel.resumed:
                    pipeline.resume(self.counts, self._channel.read_before)
            except AgentlogError as error:
                self._problem(f"nothing can be written: {error}", None)
                self._next_try = time.monotonic() + RETRY_S
            else:
                self._pipeline, self.counts = pipeline, pipeline.counts
                home = "thread" if self._application is None else "process"
                self._note = WriterNote(
                    pipeline.folder, self._channel.writer, home=home, application=self._application or os.getpid()
                )
        return self._pipeline
