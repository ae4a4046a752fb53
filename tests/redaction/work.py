"""How much a piece of work does, without a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable


def lines(work: Callable[[], object]) -> int:
    """How many lines of Python `work` runs through: for loops that call nothing."""
    count = 0

    def counting(frame: object, event: str, argument: object) -> object:
        nonlocal count
        count += event == "line"
        return counting

    before = sys.gettrace()
    sys.settrace(counting)  # type: ignore[arg-type]  # a tracer that looks at its event only
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def calls(work: Callable[[], object]) -> int:
    """How many Python and C functions `work` calls: what time would say, without a clock."""
    count = 0

    def counting(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
