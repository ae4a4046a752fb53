"""The key of the pseudonyms. It lies outside the dataset, or whoever has the dataset could try all user ids."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from pathlib import Path

import platformdirs

logger = logging.getLogger(__name__)


def pseudonym_key() -> bytes:
    """The key of this user on this machine, made once (mode 0600). Where it cannot be kept, one for this process only."""
    path = key_path()
    try:
        return _read(path) or _make(path)
    except OSError as error:
        logger.warning(
            "agentlog cannot keep a pseudonym key in %s (%s): users and sessions get other pseudonyms in every process. "
            "Set AGENTLOG_PSEUDONYM_KEY",
            path,
            error.strerror,
        )
        return secrets.token_bytes(32)


def key_path() -> Path:
    """Where the key of this user lies, or will."""
    return Path(platformdirs.user_config_dir("agentlog")) / "pseudonym.key"


def key_id(key: bytes) -> str:
    """By what the dataset knows a key: two processes whose keys have the same id agree. It does not tell the key."""
    return hmac.new(key, b"agentlog: which key is this", hashlib.sha256).hexdigest()[:16]


def _read(path: Path) -> bytes | None:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except ValueError:
        logger.warning("the pseudonym key in %s is damaged; a new one is made", path)
        return None
    return key if len(key) >= 16 else None


def _make(path: Path) -> bytes:
    """Write a new key so that of several processes that do it at once, one wins and all use its key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(32)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        if _read(path) is None and path.exists():
            path.unlink()  # damaged
        try:
            os.link(temporary, path)
        except FileExistsError:
            return _read(path) or key
        return key
    finally:
        temporary.unlink(missing_ok=True)
