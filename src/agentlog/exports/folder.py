"""A folder that is there whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from agentlog.errors import ConfigurationError

MANIFEST: Final = "manifest.json"


def check(directory: Path, *, overwrite: bool) -> None:
    """Say no before any work is done.

    Raises:
        ConfigurationError: `directory` exists and may not be replaced, or holds something that is no export.
    """
    if not directory.exists():
        return
    if not overwrite:
        raise ConfigurationError(
            f"{directory} exists, and an export never overwrites: give another folder, or overwrite=True (--overwrite)"
        )
    if not directory.is_dir():
        raise ConfigurationError(f"{directory} is a file, so it is not replaced: give another folder")
    foreign = sorted({path.name for path in directory.iterdir()} - _written(directory))
    if foreign:
        raise ConfigurationError(
            f"{directory} holds what no export wrote ({', '.join(foreign[:3])}), so it is not replaced: "
            "move that out of it, or give another folder"
        )


def _written(directory: Path) -> set[str]:
    """The names of the files that the export in `directory` wrote, from its manifest; none when it holds no export."""
    try:
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        return {MANIFEST, *manifest["files"]} if "agentlog" in manifest else set()
    except (OSError, ValueError, TypeError, KeyError):
        return set()


@contextmanager
def staged(directory: Path, *, overwrite: bool) -> Iterator[Path]:
    """A folder beside `directory` that takes its place when the block ends well, and is gone when it does not.

    It is made for its owner only (mode 0700), and stays so.
    """
    made = [parent for parent in (directory.parent, *directory.parent.parents) if not parent.exists()]
    directory.parent.mkdir(parents=True, exist_ok=True)
    staging: Path | None = None
    try:
        staging = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
        (staging / "new").mkdir(mode=0o700)
        yield staging / "new"
        check(directory, overwrite=overwrite)  # it may have come into being meanwhile
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
            with suppress(OSError):
                parent.rmdir()
        raise
    shutil.rmtree(staging, ignore_errors=True)
