"""The application's side of a recorder in a process of its own: start it, ask it to flush, start it again when it died.

No thread, and nothing that the application could trip over: the recorder is nobody's child (it is forked once more by a
process that ends at once, so that neither `os.wait()` nor SIGCHLD ever tell of it), is in a session of its own (Ctrl-C), has no
descriptor of the application but the ring and one end of a socket pair, and prints nothing.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from agentlog.recorder.counts import Counts
from agentlog.recorder.thread import RecorderThread
from agentlog.recorder.worker import Problem
from agentlog.recording import forks, ring
from agentlog.recording.channel import CAPACITY
from agentlog.recording.ring import RingReader, RingWriter
from agentlog.settings import Settings

_BOOT: Final = """\
import os, sys
if os.fork():
    os._exit(0)
import json, site, socket
control = socket.socket(fileno=int(sys.argv[1]))
try:
    site.main()
    length = int.from_bytes(control.recv(8, socket.MSG_WAITALL), "big")
    sys.path[:] = json.loads(control.recv(length, socket.MSG_WAITALL))
    from agentlog.recorder.home import main
    main(control, int(sys.argv[2]))
except BaseException as error:
    kind = type(error).__qualname__
    text = f"the recorder's process ended: {kind}" + (f": {error}" if isinstance(error, ImportError) else "")
    control.send(json.dumps(["problem", text]).encode() + b"\\n")
    os._exit(1)
"""
"""What the new interpreter runs. It imports nothing of the application: neither `__main__` nor from the current folder."""

_START_S: Final = 5.0
_TRIES: Final = 3
"""Recorders that die without having made anything durable, one after the other, before it is given up."""
_LATER_S: Final = 60.0
"""After that: between tries."""

logger = logging.getLogger(__name__)


class RecorderProcess:
    """A recorder in a process of its own, and the ring that leads to it.

    Args:
        settings: where to, and how redacted; the directory is absolute, the policy can be pickled.
        problem: told what went wrong; it is shown by `status()`.
        capacity: of the ring, in bytes.

    Raises:
        OSError: no memory for the ring is to be had.
    """

    def __init__(self, settings: Settings, problem: Problem, capacity: int = CAPACITY) -> None:
        self.channel = RingWriter(self._attend, capacity)
        self._capacity = capacity
        self._settings = settings
        self._problem = problem
        self._control: socket.socket | None = None
        self._heard = b""
        self._lock = threading.RLock()
        self._asking = threading.Lock()
        self._inode = 0
        self._starts = self._in_vain = 0
        self._durable_before = 0
        self._next_start = 0.0
        self._thread: RecorderThread | None = None
        self._reader: RingReader | None = None
        self._final: Counts | None = None

    def start(self) -> None:
        """Begin.

        Raises:
            OSError: no process can be started.
        """
        with self._lock:
            self._launch()

    @property
    def home(self) -> str:
        """Where it lives."""
        return "thread" if self._thread is not None else "process"

    @property
    def alive(self) -> bool:
        """Whether it is there; one that died is started again by the next call."""
        if self._thread is not None:
            return self._thread.alive
        if self.channel.closed:
            return False
        with self._lock:
            return self._listen()

    @property
    def reason(self) -> str:
        """The process's id, and what is to be said of it; for `status()`."""
        if self._thread is not None:
            return self._thread.reason
        if self.channel.closed:
            return "ended"
        with self._lock:
            alive = self._listen()
        words = self.channel.words
        said = [f"pid {words[ring.RECORDER]}" if words[ring.RECORDER] else "starting"]
        if not alive:
            said = [f"it died {self._starts} times"] if self._next_start else ["it died, the next call starts another"]
        elif words[ring.GENERATION] > 1:
            said.append(f"started {words[ring.GENERATION]} times")
        locked = words[ring.LOCKED]
        if words[ring.RECORDER] and locked < ring.HEADER + self._capacity:
            said.append(
                f"only {locked >> 10:,} KB of its memory are locked against swapping: the limit is RLIMIT_MEMLOCK"
            )
        return ", ".join(said)

    @property
    def counts(self) -> Counts:
        """What it has done so far."""
        if self._final is not None or self.channel.closed:
            return self._final or Counts()
        words = self.channel.words
        return Counts(
            words[ring.SEEN],
            words[ring.STORED],
            words[ring.WITHHELD],
            words[ring.FAILED],
            words[ring.MERGED],
            words[ring.UNSAMPLED],
            words[ring.REPAIRED],
        )

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything that had ended is durable. False: it took too long, or could not be written."""
        if self._thread is not None:
            return self._thread.flush(timeout_s)
        try:
            return self._ask(time.monotonic() + timeout_s)
        except ValueError:  # another thread shut it down meanwhile
            return False

    def stop(self, timeout_s: float) -> None:
        """Write what is held and end the process. What is not written in time it writes on its own."""
        until = time.monotonic() + timeout_s
        if not self.channel.closed:
            if self._thread is None:
                self.channel.words[ring.ENDING] = 1
                if self.channel.held:
                    self._ask(until)
            if self._thread is not None:
                self._thread.stop(max(0.0, until - time.monotonic()))
            self._close(until)

    def abandon(self) -> None:
        """In a forked child: the ring, the socket and the process are its parent's. Let go of them, and touch nothing."""
        self._lock = threading.RLock()
        if self._thread is not None:
            self._thread.abandon()
        with contextlib.suppress(BufferError, OSError):
            self.channel.close()
        self._hang_up()

    # ------------------------------------------------------------ the process

    def _launch(self) -> None:
        """Start a recorder for the ring: the first, or the next one after it died."""
        with forks.lock:
            self._launch_one()

    def _launch_one(self) -> None:
        self._starts += 1
        self._hang_up()
        memory, words = self.channel.fd, self.channel.words
        words[ring.RECORDER] = words[ring.READY] = words[ring.ENDED] = 0
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-I", "-S", *(["-B"] if sys.dont_write_bytecode else [])]
            command += ["-c", _BOOT, str(theirs.fileno()), str(memory)]
            try:
                launcher = subprocess.Popen(
                    command,
                    pass_fds=(theirs.fileno(), memory),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    env={name: value for name, value in os.environ.items() if not name.startswith("AGENTLOG_")},
                    start_new_session=True,
                )
            except BaseException:
                ours.close()
                raise
        self._control, self._heard = ours, b""
        self._inode = os.fstat(ours.fileno()).st_ino
        ours.settimeout(_START_S)
        with contextlib.suppress(OSError):  # it died already: the next look sees that
            for message in (json.dumps(import_path()).encode(), pickle.dumps(self._settings)):
                ours.sendall(len(message).to_bytes(8, "big") + message)
        ours.setblocking(False)
        # it ends as soon as it has forked; an unwaited child would be seen by the application's own os.wait()
        try:
            launcher.wait(_START_S)
        except subprocess.TimeoutExpired:
            logger.warning("the recorder's process takes long to start")

    def _attend(self, burst: bool) -> None:
        """On a caller's thread, now and then: wake a recorder that may be napping, look whether it lives."""
        if self._thread is not None or not self._lock.acquire(blocking=False):
            return  # somebody else is looking
        try:
            if burst:
                self._wake()
            self._revive()
        finally:
            self._lock.release()

    def _wake(self) -> None:
        # full: it has unread bytes enough to wake up by. Broken: the next look sees that
        control = self._connection()
        if control is not None:
            with contextlib.suppress(OSError):
                control.send(b"w")

    def _connection(self) -> socket.socket | None:
        """The socket, if it is still ours: a program that closes all descriptors may have given its number to a file of its own."""
        control = self._control
        if control is not None:
            try:
                if os.fstat(control.fileno()).st_ino == self._inode:
                    return control
            except OSError:
                pass
            control.detach()
            self._control = None
        return None

    def _ask(self, until: float) -> bool:
        """Ask for a flush, and wait until it is done (or was tried, and could not be)."""
        words = self.channel.words
        with self._asking:
            words[ring.FLUSHES_ASKED] = asked = words[ring.FLUSHES_ASKED] + 1
        nap = 0.0005
        with self._lock:
            self._wake()
        while words[ring.FLUSHES_DONE] < asked:
            if time.monotonic() > until:
                return False
            time.sleep(nap)
            nap = min(nap * 1.5, 0.02)
            with self._lock:
                alive = self._thread is None and self._revive()
            if self._thread is not None:
                return self._thread.flush(max(0.0, until - time.monotonic()))
            if not alive:
                break
        with self._lock:
            self._listen()
        return words[ring.FLUSHES_DONE] >= asked

    def _revive(self) -> bool:
        """Start the recorder again if it died. False: it ended as it should, or there is no starting it."""
        if self._listen():
            return True
        if self.channel.closed:
            return False
        words = self.channel.words
        if words[ring.ENDED] and words[ring.ENDING]:
            return False
        if not words[ring.ENDED] and _lives(words[ring.RECORDER]):
            return True  # only its socket broke: it writes what it holds, and ends
        if time.monotonic() < self._next_start:
            return False
        self._reap()
        durable = words[ring.DURABLE]
        self._in_vain = 0 if durable > self._durable_before else self._in_vain + 1
        self._durable_before = durable
        if self._in_vain >= _TRIES and not self._next_start:
            if not words[ring.READY]:
                self._take_over()
                return False
            # It comes up and dies of what it is given. A thread would die of it too, and take the application with it.
            self._problem(f"the recorder's process died {self._starts} times; the next try is in a minute", None)
            self._next_start = time.monotonic() + _LATER_S
            return False
        self._next_start = 0.0
        try:
            self._launch()
        except OSError:
            self._take_over()
            return False
        self._problem("the recorder's process died and was started again; what it held is not lost", None)
        return True

    def _take_over(self) -> None:
        """No process comes up here: a thread of the application empties the same ring."""
        words = self.channel.words
        self._problem(f"the recorder's process died {self._starts} times: a thread of the application takes over", None)
        words[ring.ENDING] = words[ring.ENDED] = 0
        reason = f"its process died {self._starts} times"
        self._reader = RingReader(self.channel.memory)
        thread = RecorderThread(self._reader, self._settings, self._problem, reason)
        thread.start()
        self._thread = thread
        self._hang_up()

    def _listen(self) -> bool:
        """Hear what the recorder has to say. False: it is not there any more."""
        control = self._connection()
        if control is None:
            return False
        try:
            while heard := control.recv(1 << 16):
                *lines, self._heard = (self._heard + heard).split(b"\n")
                for line in lines:
                    self._tell(line)
        except (BlockingIOError, InterruptedError):
            return True
        except OSError:
            pass
        return False

    def _tell(self, line: bytes) -> None:
        try:
            kind, *said = json.loads(line)
            if kind == "problem":
                self._problem(str(said[0]), None)
            else:
                logging.getLogger(str(said[0])).log(int(said[1]), "%s", said[2])
        except (ValueError, IndexError, TypeError):
            logger.debug("a line of the recorder's process makes no sense")

    def _reap(self) -> None:
        """As a container's first process we inherit the recorder, and must bury it."""
        if os.getpid() == 1:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.channel.words[ring.RECORDER], os.WNOHANG)

    def _close(self, until: float) -> None:
        """Let go of it. It ends by itself; wait for that end, so that nothing is left behind."""
        with self._lock:
            control = self._connection()
            if control is not None:
                with contextlib.suppress(OSError):
                    control.shutdown(socket.SHUT_WR)
                # one that is still starting ends when it finds nobody there, one that cannot write goes on trying for a while
                wait = self._thread is None and self.channel.words[ring.READY] == 1 and not self.channel.held
                while wait and self._listen() and time.monotonic() < until:
                    time.sleep(0.002)
            self._hang_up()
            self._final = self.counts
            self._reap()
            if self._reader is not None:
                self._reader.close()
            self.channel.close()

    def _hang_up(self) -> None:
        control = self._connection()
        if control is not None:
            control.close()
        self._control = None


def _lives(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0] != "Z"
        )
    except OSError:
        return False


def import_path() -> list[str]:
    """Where the recorder's process imports from: as the application does, but neither from its current folder nor from its own.

    A file called `msgspec.py` that lies there is the application's business.
    """
    own = set()
    with contextlib.suppress(OSError):  # it may have been deleted
        own.add(os.getcwd())
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    if main and sys.path and sys.path[0] == os.path.dirname(os.path.abspath(main)):
        own.add(sys.path[0])
    ours = str(Path(__file__).parents[2])
    places = [place for place in sys.path if isinstance(place, str) and os.path.isabs(place) and place not in own]
    return [*places, *([ours] if ours not in places else [])]
