"""Bodies of HTTP exchanges: JSON, or a stream of events that is joined."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from agentlog import messages
from agentlog.importing.drafts import Unreadable
from agentlog.importing.sources import mended


def as_body(said: Any) -> dict[str, Any] | None:
    """A JSON object, given as such or as its text."""
    if isinstance(said, str):
        said = parsed(said)
    return said if isinstance(said, dict) else None


def response_body(said: Any, dialect: str, *, failed: bool) -> dict[str, Any]:
    """The response as one body.

    Args:
        said: a JSON object, the text of one, the text of a stream of events, or a list of a stream's events.
        dialect: that of the API.
        failed: the status says that it is an error, which may be any text.

    Raises:
        Unreadable: it is neither.
    """
    if isinstance(said, str):
        found = parsed(said)
        if found is None and not failed:
            found = list(events(said))
            if not found:
                raise Unreadable("`response` is neither JSON nor a stream of events")
        said = found
    if isinstance(said, list):
        return messages.assemble(dialect, [one for one in said if isinstance(one, dict)])
    if isinstance(said, dict):
        return said
    if failed:
        return {}
    raise Unreadable("`response` is no JSON object")


def parsed(text: str) -> Any:
    """JSON from its text; None when it is none."""
    try:
        return mended(json.loads(text), text)
    except (ValueError, RecursionError):
        return None


def events(text: str) -> Iterator[Any]:
    """The events of a stream (server-sent events). One that was cut off in its middle is left out."""
    for block in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        data = "\n".join(line[5:].removeprefix(" ") for line in block.split("\n") if line.startswith("data:"))
        found = parsed(data) if data and data != "[DONE]" else None
        if found is not None:
            yield found
