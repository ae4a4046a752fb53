"""A model's folder: `model.json`, the files that it names with their hashes, nothing that has to be executed to be read.

model.json     format, kind, task, threshold, figures, and the SHA-256 of every other file
weights.npz    plain arrays
*.json         words and rules
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agentlog.errors import DatasetError, MissingExtra

FORMAT: Final = 1
MODEL: Final = "model.json"
WEIGHTS: Final = "weights.npz"


@dataclass(frozen=True, slots=True)
class Folder:
    """An opened folder whose files are what they were when they were written."""

    path: Path
    about: Mapping[str, Any]
    """What `model.json` says."""

    @property
    def version(self) -> str:
        """12 hex characters, of these files and no others."""
        return version_of(self.about["sha256"])

    @property
    def threshold(self) -> float:
        """Scores from here on may be trusted; infinity: none."""
        found = self.about.get("threshold")
        return float("inf") if found is None else float(found)

    def json(self, name: str) -> Any:
        """A JSON file of the folder."""
        return json.loads((self.path / name).read_text(encoding="utf-8"))

    def arrays(self, name: str = WEIGHTS) -> dict[str, Any]:
        """The arrays of an .npz file."""
        try:
            import numpy as np
        except ImportError as error:
            raise MissingExtra("numpy", "serve", f"the model {self.path}") from error
        with np.load(self.path / name, allow_pickle=False) as file:
            return {key: file[key] for key in file.files}


def version_of(sums: Mapping[str, str]) -> str:
    """The version of files with these hashes."""
    return hashlib.sha256(json.dumps(dict(sums), sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:12]


def packed(arrays: Mapping[str, Any]) -> bytes:
    """Arrays as the bytes of an .npz file."""
    import numpy as np

    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def open_folder(path: Path) -> Folder:
    """The model's folder at `path`, after all of its files were compared with their hashes.

    Raises:
        DatasetError: there is no model, a file is missing or was changed, or another version wrote it.
    """
    place = path / MODEL
    try:
        about = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DatasetError(
            f"{path} holds no model: there is no {MODEL}. agentlog.train(task, candidate, {str(path)!r}) makes one"
        ) from error
    except (OSError, ValueError) as error:
        raise DatasetError(f"{place} is damaged: it cannot be read as JSON. Train the model again") from error
    found = about.get("format") if isinstance(about, dict) else None
    if found != FORMAT:
        raise DatasetError(
            f"{path} has format {found!r}, this agentlog reads {FORMAT}: train the model again, or use the agentlog "
            "that wrote it"
        )
    sums = about.get("sha256")
    task = about.get("task")
    if not isinstance(sums, dict) or not isinstance(about.get("kind"), str) or not isinstance(task, dict):
        raise DatasetError(f"{place} is damaged: it names no kind, task or files. Train the model again")
    for name, expected in sums.items():
        if _sum(path, str(name)) != expected:
            raise DatasetError(
                f"{path} is damaged: {name} is missing or was changed since it was written. Train the model again, or "
                "copy the folder again"
            )
    return Folder(path, about)


def _sum(path: Path, name: str) -> str:
    place = path / name
    if not place.resolve().is_relative_to(path.resolve()):
        return "outside the folder"
    try:
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"
