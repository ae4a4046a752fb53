"""What is an SDK's own: which of its requests call a model, and how their answers are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from agentlog_stainless.answers import Answer, sent_events


@dataclass(frozen=True, slots=True)
class Sdk:
    """One SDK, as an integration describes it."""

    package: ModuleType
    """The SDK's package; its name is the framework of the calls."""
    endpoints: Mapping[str, tuple[str, str]]
    """Path of a request → operation and dialect of its call. Other requests call no model."""
    provider: Callable[[Any], tuple[str, str]]
    """A client → its provider's name, and its host where that name is only a guess."""
    streamed: Callable[[str], Answer]
    """An empty answer in a dialect, to be filled with chunks."""
    plain: Callable[[Any, str], Any]
    """The body of an answer in a dialect that came in one piece."""
    asked: Callable[[dict[str, Any], str], dict[str, Any]] = lambda body, dialect: body
    """What is recorded of a body in a dialect: all of it."""
    events: Callable[[Any, bytes], Iterable[Any]] = lambda client, body: sent_events(body)
    """The events in the bytes of a stream of a client."""
    ask_more: Callable[[Any, Any], bool] = lambda options, client: False
    """Asks, in the options of a stream's request, for what the application does not ask for (tokens), where that does no harm.
    True: it did, and `withheld` looks at the chunks."""
    withheld: Callable[[Any], bool] = lambda chunk: False
    """Whether a chunk is only there because of `ask_more`; of the others it takes out what is."""
    failure: Callable[[Mapping[str, Any]], str] = lambda body: ""
    """The provider's word for why an answer that came back is none; "" when it is one."""

    @property
    def name(self) -> str:
        """Of the package."""
        return self.package.__name__
