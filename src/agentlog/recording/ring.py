"""The channel to a recorder in a process of its own: a ring of bytes in shared memory without a name.

    page 0         64-bit words (below); the application's and the recorder's lie on cache lines of their own
    then           frames: [length | sequence << 28] and the bytes, padded to 8, never wrapped round the edge

A position counts bytes since the ring was made and never goes back; `position % capacity` is its place. `TAIL` is the commit:
one aligned 8-byte store after the frame's bytes, so a writer that is killed in the middle leaves nothing half-visible.
`FREED` is the other end: everything before it is durable and may be overwritten. Because space is given back only then, a
killed recorder loses nothing: its successor goes on at `FREED`. (This relies on stores being seen in their order, as x86-64
sees to it.)

The memory is a `memfd`: it lies on no disk, nobody can open it by a name, it does not count against the size of `/dev/shm`,
and it goes with the last process that maps it.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from agentlog.recording.channel import CAPACITY

HEADER: Final = 4096
NEAR: Final = 1 << 20
"""When all is durable, the ring starts again at its beginning once it has come this far: warm pages, small memory."""

_MAGIC: Final = 0x31474F4C544E4741  # "AGNTLOG1"
_LENGTH_BITS: Final = 28
_LENGTH: Final = (1 << _LENGTH_BITS) - 1
_SKIP: Final = _LENGTH
"""In place of a length: the next frame lies at place 0."""
_LOOK_NS: Final = 250_000_000
"""While calls come, the application looks after its recorder this often."""
_POPULATE_WRITE: Final = 23
"""Linux's MADV_POPULATE_WRITE, which Python has no name for."""

# the application's words
MAGIC, SIZE, WRITER, OWNER = 0, 1, 2, 3
TAIL, DROPPED, JUMP_FROM, JUMP_TO, FLUSHES_ASKED, ENDING = 8, 9, 10, 11, 12, 13
# the recorder's words
FREED, READ, DURABLE, FLUSHES_DONE, GENERATION, RECORDER, LOCKED, ENDED = 16, 17, 18, 19, 20, 21, 22, 23
READY, SEEN, STORED, WITHHELD, FAILED, MERGED, UNSAMPLED, REPAIRED = 24, 25, 26, 27, 28, 29, 30, 31


class RingWriter:
    """The application's end: many threads, no waiting for the other end, no system call for a frame.

    `put` may be entered again from a signal handler or a finaliser while it runs.

    Args:
        attend: called now and then from `put`, on the caller's thread: `attend(True)` when a quarter of the ring has been filled
            since the last time (the recorder may be napping), `attend(False)` when a quarter of a second has passed.
        capacity: bytes that may be under way; a multiple of 8.

    Raises:
        OSError: no such memory is to be had.
    """

    put: Callable[[bytes], bool]
    """See `Inlet`."""

    def __init__(self, attend: Callable[[bool], None], capacity: int = CAPACITY) -> None:
        self._fd = _memory(HEADER + capacity)
        self._inode = os.fstat(self._fd).st_ino
        self.memory = mapped(self._fd)
        with contextlib.suppress(OSError):  # half a millisecond now, for 2 µs less at each first touch of a page
            self.memory.madvise(_POPULATE_WRITE, 0, min(HEADER + NEAR, HEADER + capacity))
        self.words = memoryview(self.memory).cast("Q")
        self.words[MAGIC], self.words[SIZE], self.words[OWNER] = _MAGIC, capacity, os.getpid()
        self.words[WRITER] = int.from_bytes(os.urandom(6), "big")
        self._last = 0, 0
        self.closed = False
        self.put, self._count = _writing(self.memory, self.words, capacity, attend)

    @property
    def held(self) -> int:
        """See `Inlet`."""
        return self._last[0] if self.closed else max(0, self._count() - self.words[DURABLE])

    @property
    def waiting(self) -> int:
        """See `Inlet`."""
        return 0 if self.closed else max(0, self._count() - self.words[READ])

    @property
    def dropped(self) -> int:
        """See `Inlet`."""
        return self._last[1] if self.closed else self.words[DROPPED]

    @property
    def fd(self) -> int:
        """The descriptor of the memory, for another process to map.

        Raises:
            OSError: the application has closed it: a program that becomes a daemon may close all there are.
        """
        if os.fstat(self._fd).st_ino != self._inode:
            raise OSError("the descriptor of the ring was closed")
        return self._fd

    def close(self) -> None:
        """Let go of the memory; a late `put` raises ValueError. A forked child does so too: the ring is its parent's."""
        if not self.closed:
            self._last = self.held, self.dropped
            self.closed = True
            self.words.release()
            try:
                os.close(self.fd)
            except OSError:
                # the numbers of our descriptors may be somebody else's now, and the mapping would close one of them
                _kept.append(self.memory)
            else:
                self.memory.close()


def _writing(
    memory: mmap.mmap, words: memoryview[int], capacity: int, attend: Callable[[bool], None]
) -> tuple[Callable[[bytes], bool], Callable[[], int]]:
    """`put`, and how many frames it has taken. Closures, and no calls inside: half of what attributes and methods cost."""
    lock = threading.RLock()
    pending: deque[bytes] = deque()
    clock = time.monotonic_ns
    quarter = capacity // 4
    inside = False
    tail = sequence = look_at = look_tail = 0
    limit = capacity
    """How far may be written before `FREED` is read again."""

    def put(frame: bytes) -> bool:
        nonlocal inside, tail, limit, sequence, look_at, look_tail
        length = len(frame)
        need = (length + 15) & ~7
        with lock:
            if inside:  # a signal handler or a finaliser interrupted this very thread, which takes the frame along
                pending.append(frame)
                return True
            inside = True
            try:
                start = tail
                place = start % capacity
                if place >= NEAR or place + need > capacity:
                    if words[FREED] == tail and need <= capacity:
                        # Nothing is under way: back to the warm beginning. This is told in the header, not by a mark in the
                        # data: with a mark that must not be overwritten, the ring would have room for `place` bytes only.
                        start += capacity - place
                        limit = start + capacity
                        words[JUMP_TO] = start
                        words[JUMP_FROM] = tail
                        place = 0
                    elif place + need > capacity:
                        start += capacity - place
                end = start + need
                if end > limit:
                    free = words[FREED] + capacity
                    if free > limit:
                        limit = free
                kept = end <= limit
                if kept:
                    if start != tail and place:
                        words[(HEADER + place) >> 3] = _SKIP
                        place = 0
                    place += HEADER
                    words[place >> 3] = length | sequence << _LENGTH_BITS
                    memory[place + 8 : place + 8 + length] = frame
                    words[TAIL] = tail = end
                    sequence += 1
                else:
                    words[DROPPED] += 1
            finally:
                inside = False
        while pending:
            try:
                waited = pending.popleft()
            except IndexError:  # another thread was quicker
                break
            put(waited)
        now = clock()
        if now >= look_at or tail >= look_tail:
            burst = now < look_at
            look_at, look_tail = now + _LOOK_NS, tail + quarter
            attend(burst)
        return kept

    return put, lambda: sequence + len(pending)


class RingReader:
    """The recorder's end. It goes on where the last recorder of this ring had come to, which may have been another process.

    Args:
        memory: what `mapped` gives for the writer's descriptor; or, in the same process, the writer's own memory.

    Raises:
        ValueError: the memory holds no ring of this version.
    """

    def __init__(self, memory: mmap.mmap) -> None:
        self._bytes = memoryview(memory)
        self.words = words = self._bytes.cast("Q")
        self._capacity = len(memory) - HEADER
        if words[MAGIC] != _MAGIC or words[SIZE] != self._capacity:
            raise ValueError("this memory holds no ring of this version of agentlog")
        self.writer = f"{words[WRITER]:012x}"
        self.resumed = words[GENERATION] > 0
        self.read_before = words[READ]
        self.counted = (
            words[SEEN],
            words[STORED],
            words[WITHHELD],
            words[FAILED],
            words[MERGED],
            words[UNSAMPLED],
            words[REPAIRED],
        )
        words[GENERATION] += 1
        self._position: int = words[FREED]
        self._next: int | None = None
        """The number of the next frame; None until the first has told."""
        self._under_way: deque[tuple[int, int]] = deque()
        self._done: set[int] = set()
        self._lost = 0
        self._damaged = False

    def take(self, limit: int) -> list[tuple[int, bytes]]:
        """See `Outlet`."""
        frames: list[tuple[int, bytes]] = []
        tail = self.words[TAIL]
        while len(frames) < limit:
            at = self._find(tail)
            if at is None:
                break
            word = self.words[at >> 3]
            length, sequence = word & _LENGTH, word >> _LENGTH_BITS
            end = self._position + ((length + 15) & ~7)
            fits = end <= tail and at + 8 + length <= HEADER + self._capacity
            if self._damaged and fits and self._next is not None:
                self._lost += max(0, sequence - self._next)
                self._next, self._damaged = sequence, False
            if not fits or sequence != (sequence if self._next is None else self._next):
                self._give_up(tail)
                break
            frames.append((sequence, bytes(self._bytes[at + 8 : at + 8 + length])))
            self._under_way.append((sequence, end))
            self._position = end
            self._next = sequence + 1
        return frames

    def acknowledge(self, sequences: Iterable[int]) -> None:
        """See `Outlet`."""
        if self._under_way:
            first = self._under_way[0][0]
            self._done.update(sequence for sequence in sequences if sequence >= first)
            freed = None
            while self._under_way and self._under_way[0][0] in self._done:
                sequence, freed = self._under_way.popleft()
                self._done.discard(sequence)
            if freed is not None:
                self.words[FREED] = freed
        if self._next is not None:
            self.words[DURABLE] = self._next - len(self._under_way) + len(self._done)

    def report(
        self, seen: int, stored: int, withheld: int, failed: int, merged: int = 0, unsampled: int = 0, repaired: int = 0
    ) -> None:
        """See `Outlet`."""
        words = self.words
        words[SEEN], words[STORED], words[WITHHELD], words[FAILED] = seen, stored, withheld, failed + self._lost
        words[MERGED], words[UNSAMPLED], words[REPAIRED] = merged, unsampled, repaired
        if self._next is not None:
            words[READ] = self._next

    def close(self) -> None:
        """Let go of the memory."""
        self.words.release()
        self._bytes.release()

    @property
    def empty(self) -> bool:
        """See `Outlet`."""
        return self.words[TAIL] == self.words[FREED]

    @property
    def dropped(self) -> int:
        """See `Outlet`."""
        return self.words[DROPPED]

    @property
    def used(self) -> float:
        """See `Outlet`."""
        return (self.words[TAIL] - self.words[FREED]) / self._capacity

    def _find(self, tail: int) -> int | None:
        """Where the next frame lies; None when there is none yet."""
        while self._position < tail:
            if self._position == self.words[JUMP_FROM] and self.words[JUMP_TO]:
                # nothing was under way when this was told
                self._position = self.words[FREED] = self.words[JUMP_TO]
                continue
            place = self._position % self._capacity
            if self.words[(HEADER + place) >> 3] & _LENGTH != _SKIP:
                return HEADER + place
            self._position += self._capacity - place
        return None

    def _give_up(self, tail: int) -> None:
        """Something else wrote into the ring. What is in it cannot be read: count it, and go on with what comes."""
        self._damaged = True
        self._under_way.clear()
        self._done.clear()
        self._position = self.words[FREED] = tail


_kept: list[mmap.mmap] = []


def _memory(size: int) -> int:
    """A descriptor of memory without a name, reserved only where it is touched."""
    if not hasattr(os, "memfd_create"):
        raise OSError("this platform has no memfd")
    fd = os.memfd_create("agentlog", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(fd, size)
        # a file that shrinks under a mapping kills who touches it
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    except OSError:
        os.close(fd)
        raise
    return fd


def mapped(fd: int) -> mmap.mmap:
    """The memory behind a descriptor; it stays when the descriptor is closed."""
    memory = mmap.mmap(fd, os.fstat(fd).st_size, mmap.MAP_SHARED)
    memory.madvise(mmap.MADV_DONTDUMP)  # raw words stay out of core dumps
    return memory
