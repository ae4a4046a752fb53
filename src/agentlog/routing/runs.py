"""Which runs are under way, and with whom: a run stays with the model that it began with."""

from __future__ import annotations

import threading
from collections import OrderedDict
from hashlib import blake2b
from typing import Final

from agentlog.routing.opened import Opened

_MOST: Final = 20_000
"""Runs that are remembered; the one that was not met for longest is forgotten."""


class Runs:
    """(trace, task) → the model that it began with, or None for the LLM."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, str], Opened | None] = OrderedDict()
        self._lock = threading.Lock()

    def began_with(self, trace: str | None, task: str, first: Opened | None) -> Opened | None:
        """Who serves this run of the task: `first` where the run begins now. Without a trace every call is a run."""
        if trace is None:
            return first
        key = (trace, task)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            self._known[key] = first
            if len(self._known) > self._most:
                self._known.popitem(last=False)
            return first


def drawn(*what: str) -> float:
    """A number from 0 to below 1 that is always the same for the same words.

    >>> drawn("trace-1", "task-1") == drawn("trace-1", "task-1")
    True
    """
    digest = blake2b("\x00".join(what).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
