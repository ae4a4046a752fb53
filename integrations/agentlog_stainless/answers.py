"""An SDK's models, chunks and bytes as plain bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

import msgspec


class Answer(Protocol):
    """An answer that grows with every chunk."""

    @property
    def complete(self) -> bool:
        """Whether the model had come to its end: what follows holds no content."""

    def add(self, chunk: Any) -> None:
        """Take in the next chunk: an object of the SDK, or the plain dict that it is made of."""

    def body(self) -> Any:
        """What has come so far, as the body of an answer in one piece."""


def decoded(result: Any) -> Any:
    """The JSON in bytes, their text where they hold none, and every other answer as it is."""
    if not isinstance(result, bytes):
        return result
    try:
        return msgspec.json.decode(result)
    except msgspec.DecodeError:
        return result.decode("utf-8", "replace")


def dump(value: Any) -> Any:
    """A model of the SDK as the body it was made of; other values as they are."""
    if not hasattr(value, "model_dump"):
        return value
    # without warnings: the SDK takes what a server sends, whether or not it fits the model's types
    return value.model_dump(by_alias=True, exclude_unset=True, warnings=False)


def fields(value: Any) -> Mapping[str, Any]:
    """The fields of a chunk, with those that this release of the SDK does not know (`reasoning_content`, …)."""
    if isinstance(value, Mapping):
        return value
    own: dict[str, Any] = value.__dict__
    extra = getattr(value, "__pydantic_extra__", None)
    return {**own, **extra} if extra else own


class RawAnswer:
    """Bytes that the application reads itself: a body in one piece, or events.

    Args:
        plain: bytes of a body in one piece → the body.
        streamed: makes the answer that events are put together in; None when the body comes in one piece.
        events: bytes → the events in them.
    """

    def __init__(
        self,
        plain: Callable[[bytes], Any],
        streamed: Callable[[], Answer] | None,
        events: Callable[[bytes], Iterable[Any]],
    ) -> None:
        self._plain = plain
        self._streamed = streamed
        self._events = events
        self._bytes: list[bytes] = []
        self._answer: Answer | None = None

    def add(self, chunk: Any) -> None:
        """Take in the next bytes."""
        self._bytes.append(chunk)
        self._answer = None

    @property
    def complete(self) -> bool:
        """Whether the last event has come, or the body in one piece can be read."""
        return isinstance(self.body(), dict) if self._streamed is None else self._joined(self._streamed).complete

    def body(self) -> Any:
        """What has come so far; None when it is nothing."""
        if self._streamed is not None:
            return self._joined(self._streamed).body()
        return self._plain(b"".join(self._bytes)) if self._bytes else None

    def _joined(self, streamed: Callable[[], Answer]) -> Answer:
        if self._answer is None:
            self._answer = streamed()
            for event in self._events(b"".join(self._bytes)):
                self._answer.add(event)
        return self._answer


def sent_events(text: bytes) -> Iterator[dict[str, Any]]:
    """The JSON objects in server-sent events; the last one may be cut off."""
    for line in text.splitlines():
        if line.startswith(b"data:"):
            try:
                event = msgspec.json.decode(line[5:])
            except msgspec.DecodeError:
                continue
            if isinstance(event, dict):
                yield event
