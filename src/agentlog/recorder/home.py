"""The recorder's home in a process of its own: what runs there, from the first line to the last.

It knows three ways to be told something: the words in the ring (a flush is asked for, it is to end), a byte on the socket
(look now), and the end of the application. It leaves when the application is gone, or has asked for it, and nothing is left
to write. What it has to say goes back over the socket as lines of JSON: `["problem", text]`, `["log", name, level, text]`.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import logging
import mmap
import os
import pickle
import resource
import select
import signal
import socket
import time
from typing import Final

from agentlog.recorder.worker import Worker
from agentlog.recording import ring
from agentlog.recording.ring import RingReader

_NAP_S: Final = (0.001, 0.25)
"""Between looks at an empty ring: from, and at most."""
_LAST_TRIES_S: Final = 60.0
"""When the application is gone and the directory cannot be written: after this it gives up, and what it held is gone."""
_STUCK_S: Final = 900
"""When one round of work takes longer (a redaction of the application's own that never returns), the system ends the process."""
_PR_SET_DUMPABLE: Final = 4
_MLOCK_ONFAULT: Final = 1


def main(control: socket.socket, ring_fd: int) -> None:
    """Record until the application is gone.

    Args:
        control: the socket that the application holds the other end of; the settings come over it.
        ring_fd: the descriptor of the ring's memory.
    """
    _keep_to_itself()
    settings = pickle.loads(receive(control))
    control.setblocking(False)
    _speak_through(control)
    # A predecessor whose socket broke may still be writing. The lock is a process's own and goes with it.
    fcntl.lockf(ring_fd, fcntl.LOCK_EX)
    memory = ring.mapped(ring_fd)
    reader = RingReader(memory)
    words = reader.words
    words[ring.LOCKED] = _lock(memory)
    words[ring.RECORDER] = os.getpid()
    worker = Worker(
        reader,
        settings,
        lambda what, error: _say(control, "problem", _told(what, error)),
        application=words[ring.OWNER],
    )
    import agentlog.recorder.pipeline  # noqa: F401 - half a second that the first call need not wait for

    words[ring.READY] = 1
    application = _Application(control, words[ring.OWNER])
    nap, give_up = _NAP_S[0], 0.0
    while True:
        gone = application.wait(nap)
        asked = words[ring.FLUSHES_ASKED]
        ending = gone or words[ring.ENDING] == 1  # in this order: whoever says that it ends, asks for a flush then
        signal.alarm(_STUCK_S)
        worked = worker.work(flush=asked != words[ring.FLUSHES_DONE], ending=ending)
        signal.alarm(0)
        words[ring.FLUSHES_DONE] = asked
        if ending:
            give_up = give_up or time.monotonic() + _LAST_TRIES_S
            if reader.empty or time.monotonic() > give_up:
                break
            time.sleep(0.25 if not worked else 0.0)
        nap = _NAP_S[0] if worked else min(nap * 2, _NAP_S[1])
    words[ring.ENDED] = 1
    logging.shutdown()
    # the end of the process closes the socket last: whoever sees that end knows that everything is gone
    os._exit(0)


def receive(control: socket.socket) -> bytes:
    """One message of the application: its length in 8 bytes, then itself.

    Raises:
        EOFError: the application is gone.
    """
    length = _exactly(control, 8)
    return _exactly(control, int.from_bytes(length, "big"))


def _exactly(control: socket.socket, size: int) -> bytes:
    message = control.recv(size, socket.MSG_WAITALL)
    if len(message) < size:
        raise EOFError("the application ended before it had said what is to be recorded")
    return message


class _Application:
    """The process that this recorder works for."""

    def __init__(self, control: socket.socket, pid: int) -> None:
        self._control = control
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._pid_fd = -1
        # a child that was forked in C may keep the other end of the socket open: the process itself is the truth
        with contextlib.suppress(OSError, AttributeError):
            self._pid_fd = os.pidfd_open(pid)
            self._poll.register(self._pid_fd, select.POLLIN)

    def wait(self, timeout_s: float) -> bool:
        """Sleep until it says something, but no longer than `timeout_s`. Whether it is gone."""
        for fd, _ in self._poll.poll(int(timeout_s * 1000)):
            if fd == self._pid_fd:
                return True
            try:
                if not self._control.recv(4096):
                    return True
            except BlockingIOError:
                pass
            except OSError:
                return True
        return False


def _keep_to_itself() -> None:
    """Ctrl-C and a service's stop are for the application; its words are in this memory, and nobody may look into it."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _lock(memory: mmap.mmap) -> int:
    """Keep the ring out of the swap, as far as the limits allow; how many bytes are kept out."""
    size = len(memory)
    soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
    library = ctypes.CDLL(None, use_errno=True)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    allowed = size if hard == resource.RLIM_INFINITY else min(size, hard)
    for length in (size, allowed & ~(mmap.PAGESIZE - 1)):
        # pages count when they are first touched: the ring reserves much and uses little
        if library.mlock2(ctypes.c_void_p(address), ctypes.c_size_t(length), _MLOCK_ONFAULT) == 0:
            return length
    return 0


def _speak_through(control: socket.socket) -> None:
    """What agentlog logs here appears in the application's log."""

    class Through(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            _say(control, "log", record.name, record.levelno, record.getMessage())

    logging.getLogger("agentlog").addHandler(Through(logging.WARNING))
    logging.getLogger().addHandler(logging.NullHandler())


def _say(control: socket.socket, *words: object) -> None:
    # full, or nobody there to hear it: the recorder goes on
    with contextlib.suppress(OSError):
        control.send(json.dumps(words).encode() + b"\n")


def _told(what: str, error: BaseException | None) -> str:
    if error is None:
        return what
    kind = type(error)
    return f"{what}: {kind.__qualname__ if kind.__module__ == 'builtins' else f'{kind.__module__}.{kind.__qualname__}'}"
