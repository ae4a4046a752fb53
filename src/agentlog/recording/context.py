"""Where a call stands: which call is around it, which session it is in.

One context variable holds the innermost call of ours. Frameworks keep their own context (LangChain's runnable config,
LlamaIndex's active span); an integration adds a *source* that looks there. All candidates lie on one path from the root
of the run, so the deepest one is the innermost: nothing needs to be set across a framework's `yield`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from threading import get_ident
from typing import Any

from agentlog.recording.calls import Call, Session

_current: ContextVar[Call | None] = ContextVar("agentlog_call", default=None)
_session: ContextVar[Session | None] = ContextVar("agentlog_session", default=None)
_unrecorded: ContextVar[bool] = ContextVar("agentlog_unrecorded", default=False)
_sources: tuple[Callable[[], Call | None], ...] = ()

enter = _current.set
"""`token = enter(call)`: what runs now runs inside `call`. Give the token to `leave` before anything yields."""

leave = _current.reset

_innermost = _current.get

session = _session.get
"""The session block that is around this, or None."""


def enter_session(one: Session) -> Token[Session | None]:
    """What runs now belongs to the session `one`."""
    return _session.set(one)


def leave_session(token: Token[Session | None]) -> None:
    """The session block is left."""
    _session.reset(token)


silent = _unrecorded.get
"""Whether what begins here is not to be recorded."""


collecting = 0
"""The thread that collects garbage now, by its number; 0: none does, or it does not matter (`finalising`)."""


def finalising() -> bool:
    """Whether a finaliser asks, during a collection of garbage: then a context variable must not be set.

    Before Python 3.12 a collection may begin in the middle of anybody's `ContextVar.set`. Setting a variable of the same
    context from there frees the mapping that is being read, and the process crashes.
    """
    return collecting == get_ident()


def _collects(phase: str, _info: dict[str, Any]) -> None:
    global collecting
    collecting = get_ident() if phase == "start" else 0


if sys.version_info < (3, 12):
    gc.callbacks.append(_collects)


@contextmanager
def unrecorded() -> Iterator[None]:
    """What begins inside is no call of the application (a replay, an evaluation, a shadow's question): it is not recorded."""
    token = _unrecorded.set(True)
    try:
        yield
    finally:
        _unrecorded.reset(token)


def innermost() -> Call | None:
    """The call that is around this, whoever opened it; None at the outermost."""
    best = _innermost()
    for source in _sources:
        found = source()
        if found is not None and (best is None or found.depth > best.depth):
            best = found
    return best


def add_source(source: Callable[[], Call | None]) -> None:
    """Let an integration say which call of its framework is around this. `source` must be quick and never raise."""
    global _sources
    if source not in _sources:
        _sources = (*_sources, source)


def remove_source(source: Callable[[], Call | None]) -> None:
    """Undo `add_source`."""
    global _sources
    _sources = tuple(one for one in _sources if one != source)
