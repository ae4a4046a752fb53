"""Who uses agentlog in a way that cannot be meant is told so, with the line of their own code.

It is a `UserWarning`, said once for each line. Where warnings are errors it is logged instead: a guest raises nothing.
"""

from __future__ import annotations

import logging
import sys
import warnings
from types import CodeType, FrameType
from typing import Any, Final, NamedTuple

logger = logging.getLogger(__name__)

_OURS: Final = ("agentlog.", "agentlog_")


class Place(NamedTuple):
    """A line of somebody's code, as cheap to keep as can be: which line it is, is only asked when it must be told."""

    code: CodeType
    instruction: int

    @property
    def line(self) -> int:
        """Its number in the file."""
        lines = (line for start, end, line in self.code.co_lines() if line and start <= self.instruction < end)
        return next(lines, self.code.co_firstlineno)


def caller() -> Place:
    """The line that calls the function which asks."""
    frame = sys._getframe(2)
    return Place(frame.f_code, frame.f_lasti)


def warn(message: str, at: Place | None = None) -> None:
    """Say what is wrong and what to do instead. Never raises.

    Args:
        message: without captured content.
        at: the line that it is about; the one from which agentlog was called last where None.
    """
    at = at or _outside()
    name, line = at.code.co_filename, at.line
    try:
        warnings.warn_explicit(message, UserWarning, name, line, registry=_told.setdefault(name, {}))
    except UserWarning:
        logger.warning("%s:%d: %s", name, line, message)


_told: dict[str, dict[Any, Any]] = {}
"""What `warnings` remembers of each file, so that it says a thing once."""


def _outside() -> Place:
    frame: FrameType = sys._getframe(1)
    while frame.f_back is not None and f"{frame.f_globals.get('__name__', '')}.".startswith(_OURS):
        frame = frame.f_back
    return Place(frame.f_code, frame.f_lasti)
