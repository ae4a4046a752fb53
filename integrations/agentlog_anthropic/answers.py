"""What a model answered, as the body that the provider sends in one piece: also where it came in events.

Text that grows is kept in pieces and joined once, at the end; all the rest is for `agentlog.messages.streams`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agentlog.messages.streams import assemble
from agentlog_stainless.answers import Answer, decoded, dump, fields


def streamed(dialect: str) -> Answer:
    """An empty answer in `dialect`, to be filled with events."""
    return CompletionAnswer() if dialect == "anthropic.completions" else MessageAnswer()


def plain(result: Any, dialect: str) -> Any:
    """The body of an answer that came in one piece: a model of the SDK, JSON in bytes, or whatever was asked for."""
    return dump(decoded(result))


_GROWS: Final[Mapping[str, str]] = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "input_json_delta": "partial_json",
    "signature_delta": "signature",
}
"""Type of a delta → where its text stands."""


class MessageAnswer:
    """Messages: blocks begin, grow by deltas, and end; the stop reason comes behind them."""

    def __init__(self) -> None:
        self.complete = False
        self._events: list[dict[str, Any]] = []
        self._pieces: list[str] = []
        self._place: Any = None
        self._field = ""
        """Block, and field of its delta, to which the pieces belong; "": the next event begins something else."""

    def add(self, chunk: Any) -> None:
        """Take in the next event."""
        # what comes with every token: an object of the SDK, which has no attributes that it was not sent
        delta = getattr(chunk, "delta", None)
        if delta is not None:
            field = _GROWS.get(getattr(delta, "type", ""))
            if field == self._field and chunk.index == self._place:
                piece = getattr(delta, field, None)
                if isinstance(piece, str):
                    self._pieces.append(piece)
                return
        self._field = ""
        event = dump(chunk)  # now, because an SDK's helpers may let these objects grow
        if not isinstance(event, dict):
            return
        self._events.append(event)
        delta = event.get("delta")
        if not isinstance(delta, dict):
            return
        if event.get("type") == "message_delta":
            self.complete = self.complete or bool(delta.get("stop_reason"))
        field = _GROWS.get(delta.get("type") or "")
        if field is not None and isinstance(delta.get(field), str):
            self._place, self._field = event.get("index"), field
            self._pieces = delta[field] = [delta[field]]

    def body(self) -> Any:
        """What has come so far."""
        return assemble("anthropic.messages", map(_joined, self._events))


def _joined(event: dict[str, Any]) -> dict[str, Any]:
    delta = event.get("delta")
    if not isinstance(delta, dict):
        return event
    return {
        **event,
        "delta": {key: "".join(one) if key in _FIELDS and isinstance(one, list) else one for key, one in delta.items()},
    }


_FIELDS: Final = frozenset(_GROWS.values())


class CompletionAnswer:
    """Legacy completions: every event brings a piece of the text, the last one the stop reason."""

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._pieces: list[str] = []

    @property
    def complete(self) -> bool:
        """Whether the stop reason has come."""
        return bool(self._head.get("stop_reason"))

    def add(self, chunk: Any) -> None:
        """Take in the next event."""
        for key, value in fields(chunk).items():
            if key == "completion":
                self._pieces.append(value or "")
            elif value is not None:
                self._head[key] = dump(value)

    def body(self) -> Any:
        """What has come so far."""
        return {**self._head, "completion": "".join(self._pieces)}
