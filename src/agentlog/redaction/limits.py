"""How much work a text may ask for. What asks for more is not redacted but withheld: only its shape is stored."""

from __future__ import annotations

import gc
import time
from typing import Final

LONGEST_TEXT: Final = 2_000_000
"""Characters of one text."""
DEEPEST: Final = 1_000
"""Brackets within brackets."""
DEEPEST_TEXT: Final = 6
"""JSON in a string in JSON in a string …"""
MOST_VALUES: Final = 200_000
"""Different values that one trace may hold."""
BUDGET_S: Final = 2.0
"""Processor seconds for one call's record."""


class Unredactable(Exception):
    """A text or a part is too long, too deep, too slow or of no known kind. Its message holds no content."""


class Clock:
    """The time that one draft may take: the work of this thread counts, not its waiting.

    A full collection of the process's garbage runs on whichever thread is at work and may take seconds where the
    application holds much. It is nobody's text that asked for it: after one, a draft has its time once more.
    """

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._worked: float | None = None
        self._collections: int | None = None

    def check(self) -> None:
        """Raises `Unredactable` when the time is used up."""
        # the first clock is fifty times cheaper: the other one starts only where a draft turns out to be long
        if time.perf_counter() - self._began < BUDGET_S / 40:
            return
        if self._worked is None:
            self._worked, self._collections = time.thread_time(), _full_collections()
        if time.thread_time() - self._worked <= BUDGET_S:
            return
        if self._collections in (None, _full_collections()):
            raise Unredactable("out of time")
        self._worked, self._collections = time.thread_time(), None


def _full_collections() -> int:
    """How often all generations were collected in this process."""
    return int(gc.get_stats()[-1]["collections"])
