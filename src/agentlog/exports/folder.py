"""A folder that is there whole or not at all."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from agentlog.errors import ConfigurationError
from agentlog.storage import durable

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


def staged(directory: Path, *, overwrite: bool) -> AbstractContextManager[Path]:
    """A folder beside `directory` that takes its place when the block ends well, and is gone when it does not."""
    return durable.staged(directory, lambda: check(directory, overwrite=overwrite))
