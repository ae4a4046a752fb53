"""The layout of one dataset on disk: which folder holds what, and whether a folder is a dataset at all.

    agentlog-records/
      calls/date=2026-11-20/part-<writer>-<number>.parquet     nothing else lives under calls/
      feedback/date=…/…
      studies/<name>/
      _agentlog/    dataset.json, losses/<writer>.json, writers/<writer>.json (who records now), tmp/ (files that are being
                    written), lock
      .gitignore    everything

Folders are 0700 and files 0600.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from agentlog.errors import DatasetError
from agentlog.storage.durable import locked, make_folder, sync_folder, write_text
from agentlog.storage.schema import SCHEMA_VERSION

Kind = Literal["calls", "feedback"]

FORMAT: Final = "agentlog"
_OURS: Final = frozenset({"calls", "feedback", "studies", "_agentlog", ".gitignore"})
_NOT_CONTENT: Final = frozenset({"lost+found", ".DS_Store"})
"""What an empty disk (a mounted volume) or a file manager may have put there."""
_MAX_KEYS: Final = 16
"""A key that cannot be kept is another one in each process; that they do not agree is told by two."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Folder:
    """A dataset's folder. `Folder.create` makes one or joins one, `Folder.open` takes one that exists."""

    path: Path
    """Absolute."""

    @property
    def calls(self) -> Path:
        """The parts of the calls, and nothing else: what other readers open."""
        return self.path / "calls"

    @property
    def feedback(self) -> Path:
        """The parts of the feedback."""
        return self.path / "feedback"

    @property
    def studies(self) -> Path:
        """What was learned from the calls, a folder for each study; made by who writes the first."""
        return self.path / "studies"

    @property
    def meta(self) -> Path:
        """What agentlog knows of the dataset."""
        return self.path / "_agentlog"

    @property
    def temporary(self) -> Path:
        """Where files lie while they are written: on the same disk, and outside `calls/`."""
        return self.meta / "tmp"

    @property
    def writers(self) -> Path:
        """What running recorders say of themselves: `storage.writers`."""
        return self.meta / "writers"

    @property
    def exists(self) -> bool:
        """Whether it is (still) a dataset."""
        return self._description.is_file()

    @property
    def _description(self) -> Path:
        return self.meta / "dataset.json"

    @classmethod
    def create(
        cls, path: Path, *, policy: str | None, service: str | None = None, pseudonym_key: str | None = None
    ) -> Folder:
        """Make the dataset at `path`, or join it: any number of processes may do so at once.

        Args:
            path: the folder; it is made where it is missing.
            policy: the id of the redaction policy that is in force; each one is noted once. None notes nothing.
            service: the application that writes; noted likewise.
            pseudonym_key: the id of the key of its pseudonyms; noted likewise, up to sixteen of them.

        Raises:
            DatasetError: `path` is a file, holds something that is no dataset, or cannot be written.
        """
        folder = cls(Path(path).expanduser().absolute())
        try:
            folder._refuse_strangers()
            is_new = not folder.path.exists()
            for each in (folder.path, folder.meta, folder.temporary, folder._losses, folder.calls, folder.feedback):
                make_folder(each)
                if not os.access(each, os.W_OK | os.X_OK):
                    raise PermissionError(f"no permission to write into {each.name}/")
            with locked(folder.meta / "lock"):
                folder._note(policy, service, pseudonym_key)
            ignore = folder.path / ".gitignore"
            if not ignore.exists():
                write_text(ignore, "*\n", aside=folder.temporary)
            sync_folder(folder.path)
            if is_new:
                with contextlib.suppress(PermissionError):  # one may have to write into a folder that one may not list
                    sync_folder(folder.path.parent)
        except OSError as error:
            raise DatasetError(
                f"the dataset {folder.path} cannot be written: {error.strerror or error}. Make it writable, or name another "
                "folder: agentlog.configure(directory=…), AGENTLOG_DIRECTORY"
            ) from error
        return folder

    @classmethod
    def open(cls, path: Path) -> Folder:
        """The dataset at `path`.

        Raises:
            DatasetError: there is none; the message says what was found, and which folder is meant where that is clear.
        """
        folder = cls(Path(path).expanduser().absolute())
        try:
            if not folder.exists:
                raise DatasetError(folder._why_not())
            version = folder.describe().get("schema_version", 0)
        except OSError as error:
            raise DatasetError(
                f"{folder.path} cannot be read: {error.strerror or error}. Its files open for their owner only: open it as the "
                "user who recorded it"
            ) from error
        if isinstance(version, int) and version > SCHEMA_VERSION:
            logger.warning(
                "%s was written by a newer agentlog: columns that this one does not know are left out", folder.path
            )
        return folder

    def parts_of(self, kind: Kind) -> Path:
        """The folder of the parts of one kind."""
        return self.calls if kind == "calls" else self.feedback

    def describe(self) -> dict[str, Any]:
        """What `dataset.json` says: format, schema_version, created, policies, services, pseudonym_keys.

        Raises:
            DatasetError: it is damaged, or another program's.
            OSError: it cannot be read.
        """
        try:
            description = json.loads(self._description.read_text(encoding="utf-8"))
        except ValueError as error:
            raise DatasetError(
                f"{self._description} is damaged: {error}. The parts under {self.calls} do not need it: delete this one file, "
                "and the next recording makes it anew"
            ) from error
        if not isinstance(description, dict) or description.get("format") != FORMAT:
            raise DatasetError(
                f"{self._description} does not say that this is a dataset of agentlog. Name another folder, or move that file away"
            )
        return description

    def losses(self) -> dict[str, int]:
        """How many calls each writer had to drop before they could be stored; writers without losses are not in it."""
        return self._lost("dropped")

    def unrecorded(self) -> dict[str, int]:
        """How many calls of each writer could not be made a row at all; the others are not in it."""
        return self._lost("unrecorded")

    def _lost(self, how: str) -> dict[str, int]:
        counted = {}
        for path in sorted(self._losses.glob("*.json")):
            try:
                said = json.loads(path.read_text(encoding="utf-8"))
                number = int(said["dropped"] if how == "dropped" else said.get(how, 0))
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                logger.warning("%s cannot be read: the losses of that writer are unknown", path)
                continue
            if number:
                counted[path.stem] = number
        return counted

    def record_losses(self, writer: str, dropped: int, *, unrecorded: int = 0) -> None:
        """Note how many calls `writer` has dropped so far, in all, and how many could not be made a row.

        Raises:
            OSError: it cannot be written; what was noted before is still there.
        """
        noted = {"writer": writer, "dropped": dropped, "unrecorded": unrecorded, "time": _now()}
        make_folder(self._losses)
        make_folder(self.temporary)
        write_text(self._losses / f"{writer}.json", json.dumps(noted) + "\n", aside=self.temporary)

    @property
    def _losses(self) -> Path:
        return self.meta / "losses"

    def _note(self, policy: str | None, service: str | None, pseudonym_key: str | None) -> None:
        """Write dataset.json, unless it says all of this already."""
        old: dict[str, Any] = (
            self.describe() if self.exists else {"format": FORMAT, "schema_version": 0, "created": _now()}
        )
        new: dict[str, Any] = {
            **old,
            "schema_version": max(SCHEMA_VERSION, old.get("schema_version", 0)),
            "policies": _with(old.get("policies", []), policy),
            "services": _with(old.get("services", []), service),
            "pseudonym_keys": _with(old.get("pseudonym_keys", []), pseudonym_key)[:_MAX_KEYS],
        }
        if new != old:
            write_text(self._description, json.dumps(new, indent=2, ensure_ascii=False) + "\n", aside=self.temporary)

    def _around(self) -> Path | None:
        """The dataset that this folder lies in."""
        return next((parent for parent in self.path.parents if Folder(parent).exists), None)

    def _refuse_strangers(self) -> None:
        if self.exists:
            return
        around = self._around()
        if around is not None:
            raise DatasetError(
                f"{self.path} lies inside the dataset {around}. Record into that one, or into a folder outside it"
            )
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise DatasetError(
                f"{self.path} is a file, and a dataset is a folder. Name another: agentlog.configure(directory=…)"
            )
        # A dataset whose creation was cut short has none but our own entries: it is completed.
        if any(entry.name not in _OURS | _NOT_CONTENT for entry in self.path.iterdir()):
            raise DatasetError(
                f"{self.path} is no dataset, and not empty: {_contents(self.path)}. Nothing was written into it. Name a folder "
                "that is empty or not there yet: agentlog.configure(directory=…)"
            )

    def _why_not(self) -> str:
        """Why this is no dataset, what is there instead, and what to open."""
        around = self._around()
        if not self.path.exists():
            return (
                f"there is no dataset {self.path}: no such folder. It is made when the first call is recorded; "
                "agentlog.status().directory says where this process records"
            )
        if around is not None:
            found = "a folder" if self.path.is_dir() else "a file"
            return f"{self.path} is {found} inside a dataset. Open the dataset: {around}"
        if not self.path.is_dir():
            return f"{self.path} is a file, and a dataset is a folder. Open the folder that a recording made (default: agentlog-records)"
        inside = [entry.name for entry in sorted(self.path.iterdir()) if entry.is_dir() and Folder(entry).exists]
        if inside:
            return f"{self.path} is no dataset, but holds {', '.join(inside)}. Open {self.path / inside[0]}"
        if self.calls.is_dir():
            return (
                f"{self.path} has calls/ and no _agentlog/dataset.json: it is a copy of a part of a dataset. Copy all of it, or "
                "read calls/ with any reader of Parquet"
            )
        return (
            f"{self.path} is no dataset: {_contents(self.path)}. Open the folder that a recording made; it holds calls/ and "
            "_agentlog/dataset.json"
        )


def _contents(path: Path) -> str:
    """What lies in a folder, in a few words: `it holds 12 entries: a, b, c, …`."""
    names = sorted(entry.name for entry in path.iterdir())
    if not names:
        return "it is empty"
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return f"it holds {len(names)} {'entry' if len(names) == 1 else 'entries'}: {shown}"


def _with(known: list[str], one: str | None) -> list[str]:
    return known if one is None or one in known else [*known, one]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
