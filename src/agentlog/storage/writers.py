"""Who writes into a dataset now, and who died doing so.

    _agentlog/writers/<writer>.json    what a running recorder says of itself: where it lives, what it has done, what it holds
    _agentlog/writers/<writer>.lock    held while it lives

A lock goes with the process that holds it, however that ends. So another process tells a living recorder from a dead one
without trusting process ids, which are used again and mean nothing in another container. A recorder that ends takes both
files away: what it has done stands in the parts. What a killed one leaves tells that it was killed, and what it held.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from agentlog.storage.durable import FILE_MODE, make_file, make_folder
from agentlog.storage.folder import Folder

FIGURES: Final = ("seen", "stored", "withheld", "failed", "merged", "unsampled", "repaired", "dropped", "held")
"""What a recorder counts; `recorder.counts` says what each is. Held are calls in its memory."""

KEPT: Final = 32
"""So many killed recorders are remembered, the newest ones."""
KEPT_S: Final = 7 * 86_400.0
"""And none of them for longer than a week."""

_EVERY_S: Final = 1.0
"""What has changed is said once in this time at most."""


@dataclass(frozen=True, slots=True)
class WriterState:
    """What a recorder said of itself last. Counts are of calls, since it started."""

    writer: str
    """The name in its parts' names, 12 hexadecimal digits."""
    alive: bool | None
    """None: this file system has no locks, so that nobody can tell."""
    home: str
    """"process" or "thread"."""
    pid: int
    """The process that the recorder lives in."""
    application: int
    """The process that it works for: the same one for a thread."""
    started: str
    """ISO 8601, UTC."""
    updated: str
    """When it said this."""
    figures: Mapping[str, int]
    """A count for each of `FIGURES`."""
    last_error: str | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "writer": self.writer,
            "alive": self.alive,
            "home": self.home,
            "pid": self.pid,
            "application": self.application,
            "started": self.started,
            "updated": self.updated,
            **self.figures,
            "last_error": self.last_error,
        }


class WriterNote:
    """What one recorder says of itself, from its first record to its end. It never raises: nothing depends on it.

    Args:
        folder: the dataset.
        writer: the name in its parts' names.
        home: "process" or "thread".
        application: the id of the process that it works for.
    """

    def __init__(self, folder: Folder, writer: str, *, home: str, application: int) -> None:
        self._folder = folder
        self._path = folder.writers / f"{writer}.json"
        self._about = {
            "writer": writer,
            "home": home,
            "pid": os.getpid(),
            "application": application,
            "started": _now(),
        }
        self._lock = -1
        self._said: tuple[dict[str, int], str | None] | None = None
        self._next = 0.0
        with contextlib.suppress(OSError):
            _forget_old(folder)

    def due(self) -> bool:
        """Whether it is time to look again: a second has passed since the last time."""
        return time.monotonic() >= self._next

    def say(self, figures: Mapping[str, int], last_error: str | None = None) -> None:
        """Write down what it has done, if that has changed."""
        self._next = time.monotonic() + _EVERY_S
        what = dict(figures), last_error
        if what == self._said:
            return
        # The dataset may be gone, or the disk full: the records themselves are what is tried again then, and what is said of
        with contextlib.suppress(OSError):
            if self._folder.exists:
                self._hold()
                self._replace({**self._about, "updated": _now(), **what[0], "last_error": last_error})
                self._said = what

    def end(self) -> None:
        """It has written all it had: nothing is left behind."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
            _lock_of(self._path).unlink(missing_ok=True)
        self.let_go()

    def let_go(self) -> None:
        """Say no more: the recorder ends with something left to write, or a forked child finds the note of its parent."""
        if self._lock >= 0:
            with contextlib.suppress(OSError):
                os.close(self._lock)
            self._lock = -1

    def _hold(self) -> None:
        """Hold the lock; again where somebody has deleted the dataset, or the file, under a running recorder."""
        path = _lock_of(self._path)
        if self._lock >= 0:
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_ino == os.fstat(self._lock).st_ino:
                    return
            self.let_go()
        make_folder(self._folder.writers)
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE_MODE)
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            for _ in range(10):  # whoever asks whether a predecessor lives holds it for a moment
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.005)
        self._lock = descriptor

    def _replace(self, what: Mapping[str, Any]) -> None:
        """Readers see the old content or the new one. It is not synced: after a power cut there is no recorder to speak of."""
        make_folder(self._folder.temporary)
        temporary = self._folder.temporary / f"{self._path.name}.{secrets.token_hex(6)}"
        try:
            make_file(temporary)
            temporary.write_text(json.dumps(what) + "\n", encoding="utf-8")
            os.replace(temporary, self._path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise


def writers(folder: Folder) -> list[WriterState]:
    """The recorders that are running on a dataset, and those that were killed; in the order in which they started."""
    found = []
    for path in folder.writers.glob("*.json"):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            alive = _held(_lock_of(path))
            if alive is False and not path.exists():  # it ended while we looked
                continue
            found.append(
                WriterState(
                    writer=path.stem,
                    alive=alive,
                    home=str(said["home"]),
                    pid=int(said["pid"]),
                    application=int(said["application"]),
                    started=str(said["started"]),
                    updated=str(said["updated"]),
                    figures={name: int(said.get(name, 0)) for name in FIGURES},
                    last_error=None if said.get("last_error") is None else str(said["last_error"]),
                )
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # it ended while we looked, or a power cut left half of it
    return sorted(found, key=lambda one: (one.started, one.writer))


def _forget_old(folder: Folder) -> None:
    """Remove what recorders left that were killed long ago, so that their number has a bound."""
    files = sorted(((path.stat().st_mtime, path) for path in folder.writers.glob("*.json")), reverse=True)
    for place, (written, path) in enumerate(files):
        if (place >= KEPT or time.time() - written > KEPT_S) and _held(_lock_of(path)) is False:
            path.unlink(missing_ok=True)
            _lock_of(path).unlink(missing_ok=True)


def _held(lock: Path) -> bool | None:
    """Whether somebody holds a lock file; None where locks do not work."""
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (ImportError, OSError):
        return None
    finally:
        os.close(descriptor)
    return False


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
