"""A fork finds nothing of ours half done.

What a thread is importing when another one forks, the child can never import: the thread that would release the module's
lock does not exist there. So a fork waits until we are done with an import, or with starting a process.
"""

from __future__ import annotations

import os
import threading
from typing import Final

_PATIENCE_S: Final = 5.0
"""A fork waits no longer than this."""

_held = False
lock = threading.RLock()
"""Held while we import something late, and while we start a process. Take it as `forks.lock`: a child has a new one."""


def _before() -> None:
    global _held
    _held = lock.acquire(timeout=_PATIENCE_S)


def _in_parent() -> None:
    if _held:
        lock.release()


def _in_child() -> None:
    global lock
    lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
