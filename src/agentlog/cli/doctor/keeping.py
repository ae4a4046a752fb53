"""What is kept: the key of the pseudonyms, and the directory of the records."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from pathlib import Path
from typing import Final

from agentlog.cli.doctor.findings import Finding, Level
from agentlog.cli.status import size
from agentlog.errors import AgentlogError
from agentlog.recorder.keys import key_id, key_path, pseudonym_key
from agentlog.settings import Settings
from agentlog.storage.durable import make_file
from agentlog.storage.folder import Folder
from agentlog.storage.reader import damaged
from agentlog.storage.writers import writers

_LITTLE: Final = 1 << 30
_TOO_LITTLE: Final = 64 << 20
"""As much as may be under way."""
_KINDS: Final = {
    "tmpfs": "it is in memory: the records are gone when the machine restarts",
    "ramfs": "it is in memory: the records are gone when the machine restarts",
    "overlay": "it is a container's own layer: the records are gone with the container. Mount a volume",
    "nfs": "it is a network file system: writing takes longer, and locks depend on the server",
    "nfs4": "it is a network file system: writing takes longer, and locks depend on the server",
    "cifs": "it is a network file system: writing takes longer, and locks depend on the server",
    "fuse.sshfs": "it is a network file system: writing takes longer, and locks depend on the server",
    "9p": "it belongs to the host of this machine: syncs may not reach its disk",
}


def look(settings: Settings, origin: str) -> list[Finding]:
    """What there is to say of both. `origin`: where the key comes from."""
    path = settings.directory.expanduser().absolute()
    folder = Folder(path) if Folder(path).exists else None
    return [*_key(settings, origin, folder), *_directory(path, folder)]


# ---------------------------------------------------------------- the key


def _key(settings: Settings, origin: str, folder: Folder | None) -> list[Finding]:
    key = settings.pseudonym_key
    found: list[Finding] = []
    if key is not None:
        if len(key) < 16:
            return [Finding("keys", "wrong", f"the key from {origin} has {len(key)} bytes", "it needs 16 or more")]
        do = "whoever has the code can try all user ids: set AGENTLOG_PSEUDONYM_KEY instead" if "tool" in origin else ""
        found.append(Finding("keys", "note" if do else "ok", f"the pseudonyms' key comes from {origin}", do))
    else:
        path = key_path()
        if not path.exists():
            return [*_makeable(path), *_agreement(None, folder)]
        found += _private(path)
        if any(one.level == "wrong" for one in found):
            return found
        key = pseudonym_key()
        found.append(Finding("keys", "ok", f"the pseudonyms' key lies in {path}"))
    return [*found, *_agreement(key, folder)]


def _makeable(path: Path) -> list[Finding]:
    parent = _there(path)
    if os.access(parent, os.W_OK | os.X_OK):
        return [Finding("keys", "ok", f"the pseudonyms' key is made with the first record, in {path}")]
    return [
        Finding(
            "keys",
            "wrong",
            f"the pseudonyms' key cannot be kept in {path}: users and sessions get other pseudonyms in every process",
            "set AGENTLOG_PSEUDONYM_KEY, the same for all processes",
        )
    ]


def _private(path: Path) -> list[Finding]:
    try:
        about = path.stat()
        whole = len(bytes.fromhex(path.read_text(encoding="ascii").strip())) >= 16
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is damaged"
        do = "delete it, if no dataset needs it any more, or restore it; or set AGENTLOG_PSEUDONYM_KEY"
        return [Finding("keys", "wrong", f"the pseudonyms' key in {path} cannot be read: {reason}", do)]
    if not whole:
        return [Finding("keys", "wrong", f"the pseudonyms' key in {path} is too short", "delete it: a new one is made")]
    if os.name == "posix" and stat.S_IMODE(about.st_mode) & 0o077:
        mode = f"{stat.S_IMODE(about.st_mode):04o}"
        return [Finding("keys", "wrong", f"others can read the pseudonyms' key: {path} is {mode}", f"chmod 600 {path}")]
    return []


def _agreement(key: bytes | None, folder: Folder | None) -> list[Finding]:
    """Whether this process and those that wrote the dataset give a user the same pseudonym."""
    if folder is None:
        return []
    try:
        known = folder.describe().get("pseudonym_keys") or []
    except (AgentlogError, OSError):
        return []  # the directory's findings say it
    if len(known) > 1:
        what = f"the dataset was written with {len(known)} keys: a user has {len(known)} pseudonyms in it"
    elif known and (key is None or key_id(key) not in known):
        what = "the dataset was written with another key: here, its users and sessions would get other pseudonyms"
    else:
        return [Finding("keys", "ok", "this process and the dataset agree on it")] if known else []
    return [Finding("keys", "wrong", what, "give all processes the same key: AGENTLOG_PSEUDONYM_KEY")]


# ---------------------------------------------------------------- the directory


def _directory(path: Path, folder: Folder | None) -> list[Finding]:
    area, there = "directory", _there(path)
    found: list[Finding] = []
    around = next((parent for parent in path.parents if Folder(parent).exists), None)
    if folder is None and around is not None:
        return [
            Finding(area, "wrong", f"{path} lies inside the dataset {around}", "record into that one, or outside it")
        ]
    if folder is not None or (path.exists() and not _empty(path)):
        try:
            Folder.open(path)
        except AgentlogError as error:
            return [
                Finding(area, "wrong", str(error), "name another folder: AGENTLOG_DIRECTORY, or configure(directory=…)")
            ]
    reason = _not_writable(folder.temporary if folder is not None else there)
    if reason:
        do = "make it writable, or name another folder: AGENTLOG_DIRECTORY, or configure(directory=…)"
        return [Finding(area, "wrong", f"{path} cannot be written: {reason}", do)]
    found.append(
        Finding(
            area, "ok", f"{path} {'is a dataset' if folder else 'is made with the first record'}, and can be written"
        )
    )
    free = shutil.disk_usage(there).free
    level: Level = "ok" if free >= _LITTLE else "note" if free >= _TOO_LITTLE else "wrong"
    found.append(
        Finding(
            area,
            level,
            f"{size(free)} are free",
            "" if level == "ok" else "make room: what cannot be written waits in memory, up to 64 MB",
        )
    )
    kind = _file_system(there)
    if kind in _KINDS:
        found.append(Finding(area, "note", f"{there} is on {kind}", _KINDS[kind]))
    if folder is not None:
        found += _inside(folder)
    return found


def _inside(folder: Folder) -> list[Finding]:
    area = "directory"
    found: list[Finding] = []
    mode = stat.S_IMODE(folder.path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        found.append(
            Finding(area, "note", f"others can look into {folder.path}: it is {mode:04o}", f"chmod 700 {folder.path}")
        )
    broken = damaged(folder)
    if broken:
        path, why = broken[0]
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        found.append(Finding(area, "wrong", f"a file cannot be read: {path.relative_to(folder.path)}{more}", why))
    dropped = sum(folder.losses().values())
    if dropped:
        found.append(
            Finding(
                area,
                "note",
                f"{dropped:,} calls were dropped because the channel was full",
                "agentlog status says when and by whom; sample_rate= records less",
            )
        )
    killed = [one for one in writers(folder) if one.alive is False]
    if killed:
        do = "agentlog status says what they held. Where a process is killed, a recorder of its own loses nothing"
        found.append(Finding(area, "note", f"{len(killed)} recorders were killed within the last week", do))
    return found


def _there(path: Path) -> Path:
    """`path`, or the nearest folder above it that exists."""
    return next(each for each in (path, *path.parents) if each.exists())


def _empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _not_writable(folder: Path) -> str:
    """Try it: permissions alone do not tell of read-only mounts and quotas."""
    probe = _there(folder) / f".agentlog-{secrets.token_hex(6)}"
    try:
        make_file(probe)
        probe.unlink()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _file_system(path: Path) -> str:
    """The kind of the file system that `path` lies on; "" where the system does not tell."""
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    real = str(path.resolve())
    on = [(len(where), kind) for _, where, kind, *_ in mounts if f"{real}/".startswith(where.rstrip("/") + "/")]
    return max(on, default=(0, ""))[1]
