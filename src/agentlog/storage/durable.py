"""Files that are whole or not there: written aside, synced, renamed, and then the folder synced.

A rename alone is not enough: after a power cut the new name may point at an empty file. pyarrow does none of these steps.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600


def make_folder(path: Path) -> None:
    """Make `path` for its owner only, and what is missing above it as usual. One that exists is left as it is."""
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def make_file(path: Path) -> None:
    """Make an empty file for its owner only; nobody else can ever have read what is then written into it.

    Raises:
        FileExistsError: it is there already.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def sync_file(path: Path) -> None:
    """Return when the content of `path` is on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Return when the names in `path` are on the disk."""
    if os.name == "nt":  # a folder cannot be opened there
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems cannot do it; their renames are as durable as they make them.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def write_text(path: Path, text: str, *, aside: Path) -> None:
    """Replace `path` by `text`: readers see the old content or the new one. `aside` is a folder on the same disk."""
    temporary = aside / f"{path.name}.{secrets.token_hex(6)}"
    make_file(temporary)
    try:
        temporary.write_text(text, encoding="utf-8")
        sync_file(temporary)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path` against other processes; it goes with the process, however that ends."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE)
    try:
        # Without locks (Windows, some network file systems) the last of two simultaneous writers wins.
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def staged(directory: Path, check: Callable[[], None]) -> Iterator[Path]:
    """A folder beside `directory` that takes its place when the block ends well, and is gone when it does not.

    It is made for its owner only (mode 0700), and stays so. `check` raises where `directory` may not be replaced.
    """
    made = [parent for parent in (directory.parent, *directory.parent.parents) if not parent.exists()]
    directory.parent.mkdir(parents=True, exist_ok=True)
    staging: Path | None = None
    try:
        staging = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
        (staging / "new").mkdir(mode=0o700)
        yield staging / "new"
        check()  # it may have come into being meanwhile
        if directory.exists():
            directory.rename(staging / "old")
        try:
            (staging / "new").rename(directory)
        except BaseException:
            if (staging / "old").exists():
                (staging / "old").rename(directory)
            raise
    except BaseException:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        for parent in made:
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise
    shutil.rmtree(staging, ignore_errors=True)
