"""A model's folder, written whole or not at all, and readable by its owner only."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from agentlog.errors import ConfigurationError
from agentlog.models.folder import MODEL
from agentlog.storage import durable


def check(directory: Path, *, overwrite: bool) -> None:
    """Say no before any work is done.

    Raises:
        ConfigurationError: `directory` exists and may not be replaced, or holds something that is no model.
    """
    if not directory.exists():
        return
    if not directory.is_dir():
        raise ConfigurationError(f"{directory} is a file, so no model goes there: give another folder")
    if not any(directory.iterdir()):
        return
    if not overwrite:
        raise ConfigurationError(
            f"{directory} exists, and training never overwrites: give another folder, or overwrite=True (--overwrite)"
        )
    foreign = sorted({path.name for path in directory.iterdir()} - _written(directory))
    if foreign:
        raise ConfigurationError(
            f"{directory} holds what no training wrote ({', '.join(foreign[:3])}), so it is not replaced: "
            "move that out of it, or give another folder"
        )


def _written(directory: Path) -> set[str]:
    """The first names of the files that belong to the model in `directory`; none when it holds no model."""
    try:
        about = json.loads((directory / MODEL).read_text(encoding="utf-8"))
        return {MODEL, *(name.split("/")[0] for name in about["sha256"])} if "agentlog" in about else set()
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return set()


def staged(directory: Path, *, overwrite: bool) -> AbstractContextManager[Path]:
    """A folder beside `directory` that takes its place when the block ends well, and is gone when it does not."""
    return durable.staged(directory, lambda: check(directory, overwrite=overwrite))


def write(folder: Path, about: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Writes the files, and `model.json` with the hashes of everything that then lies in the folder."""
    for name, content in files.items():
        _write(folder / name, content)
    sums = {
        path.relative_to(folder).as_posix(): _sum(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MODEL
    }
    for name in sums:
        (folder / name).chmod(0o600)
    _write(folder / MODEL, json.dumps({**about, "sha256": sums}, ensure_ascii=False, indent=2).encode())


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(place, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
