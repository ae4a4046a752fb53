"""The way from the application to its recorder: bounded, never blocking, and with a count of what did not fit.

The channel *is* the queue: space is given back when a call is durable on disk, not when it is read, so that a recorder
that falls behind is seen here, and nowhere else. Full, the newest frame is dropped and counted.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Final, Protocol

CAPACITY: Final = 64 << 20
"""Bytes that may be under way: taken by the application, not yet durable."""


class Channel(Protocol):
    """What the thread home and the process home of the recorder have in common."""

    def put(self, frame: bytes) -> bool:
        """Application side: hand a frame over. False when it did not fit and was dropped. Never blocks, never raises."""

    def take(self, limit: int) -> list[tuple[int, bytes]]:
        """Recorder side: up to `limit` frames with their sequence numbers, in order. They go on taking up space."""

    def acknowledge(self, sequences: Iterable[int]) -> None:
        """Recorder side: these frames are durable (or need not be); their space is free again."""

    @property
    def held(self) -> int:
        """Frames that are under way."""

    @property
    def waiting(self) -> int:
        """Of those, frames that the recorder has not taken yet."""

    @property
    def dropped(self) -> int:
        """Frames that did not fit, since the start."""

    @property
    def used(self) -> float:
        """The share of the capacity that is in use, 0 to 1."""


class MemoryChannel:
    """The channel to a recorder in a thread of the same process."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._sizes: dict[int, int] = {}
        # re-entrant: a finaliser or a signal handler may put a frame while this thread is putting one
        self._lock = threading.RLock()
        self._taken = 0
        self._bytes = 0
        self._dropped = 0

    def put(self, frame: bytes) -> bool:
        """See `Channel`. The lock is held for about a microsecond."""
        size = len(frame)
        with self._lock:
            if self._bytes + size > self._capacity:
                self._dropped += 1
                return False
            sequence = self._taken
            self._taken = sequence + 1
            self._bytes += size
            self._sizes[sequence] = size
            self._waiting.append((sequence, frame))
        return True

    def take(self, limit: int) -> list[tuple[int, bytes]]:
        """See `Channel`."""
        frames: list[tuple[int, bytes]] = []
        while len(frames) < limit:
            try:
                frames.append(self._waiting.popleft())
            except IndexError:
                break
        return frames

    def acknowledge(self, sequences: Iterable[int]) -> None:
        """See `Channel`."""
        with self._lock:
            for sequence in sequences:
                self._bytes -= self._sizes.pop(sequence, 0)

    @property
    def held(self) -> int:
        """See `Channel`."""
        return len(self._sizes)

    @property
    def waiting(self) -> int:
        """See `Channel`."""
        return len(self._waiting)

    @property
    def dropped(self) -> int:
        """See `Channel`."""
        return self._dropped

    @property
    def used(self) -> float:
        """See `Channel`."""
        return self._bytes / self._capacity
