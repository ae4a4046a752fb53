"""A turn of a conversation, before a target gives it its shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace


@dataclass(slots=True)
class Ask:
    """The assistant asks for a tool."""

    id: str
    name: str
    arguments: str
    """JSON text of an object, as the model wrote it."""


@dataclass(slots=True)
class Turn:
    """One message: of the system, the user, the assistant or a tool."""

    role: str
    content: str = ""
    """Visible text; "" where there is none, never null."""
    name: str | None = None
    """The speaker, or the tool whose result this is."""
    reasoning: str = ""
    weight: int | None = None
    """Whether it is to be learned, 0 or 1, where the log says so."""
    asks: list[Ask] = field(default_factory=list)
    answers: str = ""
    """On a tool's turn: the id of the call that it answers."""

    def with_text(self, change: Callable[[str], str]) -> Turn:
        """The same with every captured text changed; names of tools and ids are no such text."""
        return replace(
            self,
            content=change(self.content),
            name=self.name if self.name is None or self.role == "tool" else change(self.name),
            reasoning=change(self.reasoning),
            asks=[replace(ask, arguments=change(ask.arguments)) for ask in self.asks],
        )
