"""What the scripted provider answers: a reply, a script that makes replies, and the default script."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from agentlog.testing.schemas import fill
from agentlog.testing.wire import Body, identifier


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answers, in no provider's format; every route writes it down in its own.

    Example:
        >>> Reply(text="It is sunny.").finish_reason
        'stop'
        >>> Reply(tool_calls=[("get_weather", {"city": "Paris"})]).finish_reason
        'tool_calls'
    """

    text: str | None = None
    tool_calls: list[tuple[str, Any]] = field(default_factory=list)
    """(name, arguments); arguments that are a string are sent as they are, so that broken JSON can be tested too."""
    status: int = 200
    """The HTTP status; from 400 the answer is an error."""
    error: str | Body | None = None
    """The error's message, or its fields. With status 200 a stream breaks off with this error after `cut_after` events
    (2, where that is not given), and a plain answer becomes a status 500."""
    finish: str | None = None
    """Why the model stopped: "stop", "length", "tool_calls" or "content_filter", which every route spells in its own
    way; another word is sent as it is."""
    chunk_chars: int = 12
    """A stream's pieces have so many characters."""
    cut_after: int | None = None
    """The connection is dropped after so many events of a stream, or in the middle of a plain answer."""
    reasoning: str | None = None
    """The model's reasoning, on the routes that show one."""
    cached_tokens: int = 0
    """So many of the input tokens are said to have come from the provider's cache."""
    raw: bytes | None = None
    """The body of the answer, byte for byte, instead of everything above."""
    delay_s: float = 0.0
    """Seconds to wait before the first byte."""

    def __post_init__(self) -> None:
        if self.chunk_chars < 1:
            raise ValueError(f"chunk_chars= is a number of characters from 1; found {self.chunk_chars!r}")
        if self.cut_after is not None and self.cut_after < 0:
            raise ValueError(f"cut_after= is a number of events from 0; found {self.cut_after!r}")

    @property
    def finish_reason(self) -> str:
        """`finish`, or what follows from the reply."""
        return self.finish or ("tool_calls" if self.tool_calls else "stop")


@dataclass(frozen=True, slots=True)
class Question:
    """A request as the default script sees it, whatever the route."""

    text: str = ""
    """The last message's text."""
    tools: list[tuple[str, Body]] = field(default_factory=list)
    """The tools on offer: (name, JSON schema of the arguments)."""
    choice: str = "auto"
    """"auto", "none", "required", or the name of the tool that has to be called."""
    called: frozenset[str] = frozenset()
    """The tools that were called already."""
    tool_answered: bool = False
    """A tool's result came after the last thing that the user said."""
    schema: Body | None = None
    """The answer has to satisfy this JSON schema."""
    json_object: bool = False
    """The answer has to be some JSON object."""


Said = Reply | str | Body | None
"""What a script gives back: a reply, its text, a JSON value that becomes its text, or None for the default."""

Script = Callable[[str, Body], Said]
"""script(route, request body); the route is "chat", "responses", "completions", "messages", "gemini" or "embeddings"."""


class ScriptExhausted(Exception):
    """More was asked than a script in the form of a list holds."""


def as_reply(said: Said) -> Reply | None:
    """What a script gave back, as a reply."""
    if said is None or isinstance(said, Reply):
        return said
    return Reply(text=said if isinstance(said, str) else json.dumps(said, ensure_ascii=False))


def as_script(given: Script | Iterable[Said] | None) -> Script:
    """`given` as a function: a list's items are given one after the other, to whoever asks next (not to embeddings)."""
    if given is None:
        return lambda route, body: None
    if callable(given):
        return given
    replies = list(given)
    left, lock = iter(replies), threading.Lock()

    def one_after_the_other(route: str, body: Body) -> Said:
        if route == "embeddings":
            return None
        with lock:
            for said in left:
                return said
        raise ScriptExhausted(
            f"the script holds {len(replies)} replies, and more was asked: give it more, or a function"
        )

    return one_after_the_other


def default_reply(question: Question) -> Reply:
    """A tool call where tools are on offer and none has answered yet, a value for a schema, else a short text.

    The same question always has the same answer, and a loop over tools comes to an end: a call that is forced again
    goes to a tool that was not called yet.
    """
    if question.tools and question.choice != "none":
        names = [name for name, _ in question.tools]
        if question.choice in names:
            return _call(question, question.choice)
        if question.choice == "required":
            return _call(question, next((name for name in names if name not in question.called), names[-1]))
        if not question.tool_answered:
            return _call(question, names[0])
    if question.schema is not None:
        return Reply(text=json.dumps(fill(question.schema), ensure_ascii=False))
    if question.json_object:
        return Reply(text="{}")
    return Reply(text=f"Scripted reply to {identifier('', question.text)[:8]}.")


def _call(question: Question, name: str) -> Reply:
    schema = next(schema for one, schema in question.tools if one == name)
    return Reply(tool_calls=[(name, fill(schema or {"type": "object"}))])
