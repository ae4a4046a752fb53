"""The way from the application to its recorder: bounded, never blocking, and with a count of what did not fit.

The channel *is* the queue: space is given back when a call is durable on disk, not when it is read, so that a recorder
that falls behind is seen here, and nowhere else. Full, the newest frame is dropped and counted.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Iterable
from typing import Final, Protocol

CAPACITY: Final = 64 << 20
"""Bytes that may be under way: taken by the application, not yet durable."""


class Inlet(Protocol):
    """The application's end."""

    def put(self, frame: bytes) -> bool:
        """Hand a frame over. False when it did not fit and was dropped. Does not wait for the recorder, does not raise."""

    @property
    def held(self) -> int:
        """Frames that are under way."""

    @property
    def waiting(self) -> int:
        """Of those, frames that the recorder has not taken yet."""

    @property
    def dropped(self) -> int:
        """Frames that did not fit, since the start."""


class Outlet(Protocol):
    """The recorder's end: in a thread of the application, or in a process of its own."""

    @property
    def writer(self) -> str:
        """What the parts that are made of its frames are called after: 12 hexadecimal digits."""

    @property
    def resumed(self) -> bool:
        """Another recorder took frames before, and ended: what it did not acknowledge may be durable already."""

    @property
    def read_before(self) -> int:
        """Frames with a lower sequence number were counted by that other recorder."""

    @property
    def counted(self) -> tuple[int, int, int, int, int, int, int]:
        """What that other recorder had reported."""

    def take(self, limit: int) -> list[tuple[int, bytes]]:
        """Up to `limit` frames with their sequence numbers, in order. They go on taking up space."""

    def acknowledge(self, sequences: Iterable[int]) -> None:
        """These frames are durable (or need not be); their space is free again."""

    def report(
        self, seen: int, stored: int, withheld: int, failed: int, merged: int = 0, unsampled: int = 0, repaired: int = 0
    ) -> None:
        """What has been done so far, for whoever reads it at the other end; also how far has been read."""

    @property
    def empty(self) -> bool:
        """Nothing is under way: neither waiting here nor taken and not yet durable."""

    @property
    def dropped(self) -> int:
        """Frames that did not fit, since the start."""

    @property
    def used(self) -> float:
        """The share of the capacity that is in use, 0 to 1."""


class MemoryChannel:
    """The channel to a recorder in a thread of the same process: both of its ends."""

    resumed: Final = False
    read_before: Final = 0
    counted: Final = (0, 0, 0, 0, 0, 0, 0)

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.writer = secrets.token_hex(6)
        self._capacity = capacity
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._sizes: dict[int, int] = {}
        # re-entrant: a finaliser or a signal handler may put a frame while this thread is putting one
        self._lock = threading.RLock()
        self._taken = 0
        self._bytes = 0
        self._dropped = 0

    def put(self, frame: bytes) -> bool:
        """See `Inlet`. The lock is held for about a microsecond."""
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
        """See `Outlet`."""
        frames: list[tuple[int, bytes]] = []
        while len(frames) < limit:
            try:
                frames.append(self._waiting.popleft())
            except IndexError:
                break
        return frames

    def acknowledge(self, sequences: Iterable[int]) -> None:
        """See `Outlet`."""
        with self._lock:
            for sequence in sequences:
                self._bytes -= self._sizes.pop(sequence, 0)

    def report(
        self, seen: int, stored: int, withheld: int, failed: int, merged: int = 0, unsampled: int = 0, repaired: int = 0
    ) -> None:
        """See `Outlet`: here everybody reads the recorder's own counts."""

    @property
    def empty(self) -> bool:
        """See `Outlet`."""
        return not self._sizes

    @property
    def held(self) -> int:
        """See `Inlet`."""
        return len(self._sizes)

    @property
    def waiting(self) -> int:
        """See `Inlet`."""
        return len(self._waiting)

    @property
    def dropped(self) -> int:
        """See `Inlet`."""
        return self._dropped

    @property
    def used(self) -> float:
        """See `Outlet`."""
        return self._bytes / self._capacity
