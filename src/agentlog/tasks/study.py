"""Where the work on a dataset lies: `studies/<name>/` in its folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agentlog.errors import ConfigurationError

DEFAULT: Final = "default"
_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,79}")


@dataclass(frozen=True, slots=True)
class Study:
    """The folders of one study; none of them is made before something is written into it.

    Example:
        >>> Study.of("agentlog-records").routing
        PosixPath('agentlog-records/studies/default/routing')
    """

    path: Path

    @classmethod
    def of(cls, dataset: str | Path, name: str = DEFAULT) -> Study:
        """The study of that name in a dataset's folder.

        Raises:
            ConfigurationError: the name cannot be a folder's.
        """
        if not _NAME.fullmatch(name):
            raise ConfigurationError(f"a study's name is letters, digits, '.', '_' and '-'; found {name!r}")
        return cls(Path(dataset) / "studies" / name)

    @property
    def tasks(self) -> Path:
        """What `Tasks.save` writes."""
        return self.path / "tasks"

    @property
    def models(self) -> Path:
        """One folder for each trained model."""
        return self.path / "models"

    @property
    def evaluations(self) -> Path:
        """One JSON file for each evaluation."""
        return self.path / "evaluations"

    @property
    def routing(self) -> Path:
        """The router's table, and its log of decisions."""
        return self.path / "routing"
