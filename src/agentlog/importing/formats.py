"""The formats of logs, and how one is recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from agentlog.errors import ConfigurationError
from agentlog.importing import chat, exchanges, tau
from agentlog.importing.context import Context
from agentlog.importing.drafts import Run
from agentlog.importing.sources import Bad, Item

_LOOKED_AT: Final = 50
_FIELDS: Final = frozenset(
    "answer api api_version body choices chosen completion content conversation conversations created data description event "
    "events from function history id input instruction instructions items label level message messages metadata method model "
    "name output parameters path prompt question rejected request response results role runs spans status steps system text "
    "time timestamp tools trace_id traces trajectory type url usage user value".split()
)
"""Names of fields that may be said of a record that is not known."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of log."""

    name: str
    says: str
    """What a record looks like, for messages."""
    recognises: Callable[[Any], bool]
    read: Callable[[Any, str, Context], Run]
    is_one_run: bool = False
    """A file of it is one run."""


def _is_server_log(value: Any) -> bool:
    return (
        exchanges.recognises(value) and isinstance(value.get("t"), int | float) and isinstance(value.get("path"), str)
    )


def _is_flywheel(value: Any) -> bool:
    return exchanges.recognises(value) and "workload_id" in value


FORMATS: Final = (
    Format(tau.NAME, tau.SAYS, tau.recognises, tau.read),
    Format(
        "run",
        "the log of a server through which one run went: {t, path, request, response, dur_s}",
        _is_server_log,
        exchanges.read,
        is_one_run=True,
    ),
    Format(
        "flywheel",
        "NVIDIA's flywheel logs: {timestamp, workload_id, client_id, request, response}",
        _is_flywheel,
        exchanges.read,
    ),
    Format(exchanges.NAME, exchanges.SAYS, exchanges.recognises, exchanges.read),
    Format(chat.NAME, chat.SAYS, chat.recognises, chat.read),
)
"""In the order in which they are tried: the first that recognises a record."""


def named(name: str) -> Format:
    """The format of a name.

    Raises:
        ConfigurationError: there is none.
    """
    found = next((one for one in FORMATS if one.name == name), None)
    if found is None:
        raise ConfigurationError(f"no format answers to {name!r}. There is: {', '.join(one.name for one in FORMATS)}")
    return found


def recognise(items: Iterable[Item | Bad]) -> tuple[Format | None, list[str]]:
    """The format of a file by its first records, and what was found in them, in words without their content."""
    found: list[str] = []
    for item in islice(items, _LOOKED_AT):
        if isinstance(item, Item):
            known = next((one for one in FORMATS if one.recognises(item.value)), None)
            if known is not None:
                return known, found
        if len(found) < 3:
            found.append(f"{item.place}: {item.reason if isinstance(item, Bad) else _shape(item.value)}")
    return None, found


def _shape(value: Any) -> str:
    if not isinstance(value, dict):
        kinds = {list: "a JSON list", str: "a JSON string", type(None): "null"}
        return kinds.get(type(value), "a JSON number or boolean")
    # other keys may be words of the log: a table of people is keyed by them
    shown = [key for key in value if key in _FIELDS]
    others = len(value) - len(shown)
    if not shown:
        return f"a JSON object with {others:,} keys" if others else "an empty JSON object"
    return f"a JSON object with the keys {', '.join(shown)}{f' and {others:,} others' if others else ''}"
