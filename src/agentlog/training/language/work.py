"""Where a training works until it is done: a hidden folder beside the one that was asked for.

.NAME-unfinished/
begun.json     what it was begun with
checkpoints/   what it goes on from
model/         becomes NAME
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentlog.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Work:
    """The folder of a training that is not finished."""

    path: Path

    @property
    def model(self) -> Path:
        """The model's folder, as far as it is there."""
        return self.path / "model"

    @property
    def checkpoints(self) -> Path:
        """The trainer's own folder."""
        return self.path / "checkpoints"

    def open(self, begun: Mapping[str, Any], *, overwrite: bool) -> bool:
        """Make it, or find that of a run that was stopped.

        Args:
            begun: JSON values that must be the same for a run that goes on.
            overwrite: begin anew where they are not.

        Returns:
            True: an earlier run goes on.

        Raises:
            ConfigurationError: a run lies there that was begun with something else.
        """
        place = self.path / "begun.json"
        if self.path.exists():
            try:
                earlier = json.loads(place.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                earlier = None  # it was stopped before it had begun
            if earlier == begun:
                return True
            if earlier is not None and not overwrite:
                other = sorted(key for key in {*begun, *earlier} if begun.get(key) != earlier.get(key))
                raise ConfigurationError(
                    f"{self.path} holds a training that was stopped and was begun with another {', '.join(other)}: give what "
                    "it was begun with to go on, or overwrite=True (--overwrite) to begin anew"
                )
            shutil.rmtree(self.path)
        self.model.mkdir(parents=True, mode=0o700)
        self.path.chmod(0o700)
        beside = place.with_suffix(".new")
        beside.write_text(json.dumps(begun, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        os.replace(beside, place)  # it is there whole or not at all
        return False

    @contextmanager
    def dropped_on_error(self, *, unless: bool) -> Iterator[None]:
        """A training that is refused before its first step leaves nothing behind; `unless` an earlier run goes on in it."""
        try:
            yield
        except BaseException:
            if not unless:
                shutil.rmtree(self.path, ignore_errors=True)
            raise

    def move(self, directory: Path) -> None:
        """The model takes its place; what is there, and may be replaced, goes."""
        if directory.exists():
            shutil.rmtree(directory)
        self.model.rename(directory)
        shutil.rmtree(self.path)
