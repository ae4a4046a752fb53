"""A figure is a number, or the reason why it is none. Never zero, never blank."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A figure that is not there."""

    why: str
    """What is missing, as the end of a sentence: "no call carries token counts"."""
    do: str = ""
    """What to do, as a sentence; may hold one command in backticks."""


Number: TypeAlias = float | Unmeasured


def known(value: Any) -> bool:
    """Whether it is a number and not a reason."""
    return value is not None and not isinstance(value, Unmeasured)


def ratio(part: float | Unmeasured | None, whole: float | Unmeasured | None, why: str, do: str = "") -> Number:
    """`part / whole`; the reason where one of them is not there or the whole is nothing."""
    if part is None or whole is None or isinstance(part, Unmeasured) or isinstance(whole, Unmeasured) or not whole:
        return Unmeasured(why, do)
    return part / whole


def absent(error: Exception) -> Unmeasured:
    """A library that is missing, as a reason; the error's message holds the command that installs it."""
    needs, _, install = str(error).partition(": ")
    return Unmeasured(needs, f"`{install}`")


def as_json(value: Any) -> Any:
    """What `json.dumps` takes: a dataclass as an object, a missing figure as `{"not_measurable": why, "do": …}`."""
    if isinstance(value, Unmeasured):
        return {"not_measurable": value.why} | ({"do": value.do} if value.do else {})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: as_json(getattr(value, one.name)) for one in dataclasses.fields(value) if one.repr}
    if isinstance(value, Mapping):
        return {str(name): as_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value
