"""`session(...)`, `call(...)`, `current_call()`: what an application says of its calls beside decorating them."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable
from contextvars import Token
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from agentlog import runtime
from agentlog.errors import ConfigurationError
from agentlog.recording import calls, context, misuse
from agentlog.recording.calls import Call, Session
from agentlog.semconv import ABANDONED, OPERATIONS

P = ParamSpec("P")
R = TypeVar("R")

_SURFACES = ("internal", "human")


def check_surface(surface: str | None) -> str:
    """A mark as it is kept.

    Raises:
        ConfigurationError: neither None, "internal" nor "human".
    """
    if surface is not None and surface not in _SURFACES:
        raise ConfigurationError(f'surface= is "internal", "human" or None; found {surface!r}')
    return surface or ""


def check_operation(operation: str) -> str:
    """An operation of the GenAI conventions.

    Raises:
        ConfigurationError: there is no such operation; the message lists them.
    """
    if operation not in OPERATIONS:
        raise ConfigurationError(f"operation= is one of {', '.join(sorted(OPERATIONS))}; found {operation!r}")
    return operation


class session:
    """All calls in this block belong together: one conversation, one ticket, one job.

    A context manager (also for `async with`), and a decorator for functions and coroutine functions. Where no outer run
    gives one, the block is one trace.

    Args:
        id: of the session, as your application knows it; stored as a pseudonym.
        user: the person it is for; stored as a pseudonym.
        tags: words to find the calls by.
        surface: "internal" or "human": who reads what the models in this block write.
        attributes: anything else, like `tier="gold"`; stored redacted.

    Raises:
        ConfigurationError: `surface` is neither None, "internal" nor "human", `tags` is a string, or it stands above a
            function without its parentheses.

    Example:
        >>> with agentlog.session("ticket-4711", user="u-17", tags=["refunds"], tier="gold") as s:
        ...     answer = lookup_order("A17")
        >>> s.feedback("resolved", score=1.0)
    """

    def __init__(
        self,
        id: str | None = None,
        /,
        *,
        user: str | None = None,
        tags: Iterable[str] = (),
        surface: str | None = None,
        **attributes: Any,
    ) -> None:
        if callable(id):
            raise ConfigurationError(
                "session needs its parentheses: write @agentlog.session() or @agentlog.session(…) above "
                f"{getattr(id, '__qualname__', 'the function')}"
            )
        if isinstance(tags, str):
            raise ConfigurationError(f'tags= takes a list of words, like ["refunds"]; found the string {tags!r}')
        self._session = Session(
            None if id is None else str(id),
            None if user is None else str(user),
            [str(tag) for tag in tags],
            attributes,
            check_surface(surface),
        )
        self._tokens: list[Token[Session | None]] = []
        self._used = False
        self._made = misuse.caller()

    @property
    def id(self) -> str | None:
        """As it was given."""
        return self._session.id

    @property
    def trace(self) -> str:
        """The trace of the calls in the block that have no outer run; "" before it was entered."""
        return self._session.trace

    def __enter__(self) -> session:
        if self._tokens:
            misuse.warn(
                "this agentlog.session(...) is entered while it is still open, so its calls cannot be told apart: make one for "
                "each block"
            )
        self._used = True
        around = context.session()
        mine = self._session
        if around is not None:
            # an inner block adds to the outer one, and belongs to its trace
            mine.id = around.id if mine.id is None else mine.id
            mine.user = around.user if mine.user is None else mine.user
            mine.tags = [*around.tags, *(tag for tag in mine.tags if tag not in around.tags)]
            mine.attributes = {**around.attributes, **mine.attributes}
            mine.surface = mine.surface or around.surface
            mine.trace = around.trace
        else:
            mine.trace = calls.new_id()
        self._tokens.append(context.enter_session(mine))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._tokens:
            token = self._tokens.pop()
            outermost = token.old_value in (None, Token.MISSING)
            try:
                context.leave_session(token)
            except ValueError:  # left in another context than it was entered in: nothing to undo here
                pass
            if outermost:
                runtime.end_trace(self._session.trace)

    async def __aenter__(self) -> session:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, traceback)

    def __del__(self) -> None:
        # what failed in __init__ has no line
        if not getattr(self, "_used", True) and not sys.is_finalizing():
            misuse.warn(
                "agentlog.session(...) does nothing by itself: write `with agentlog.session(...):` around the calls, or "
                "`@agentlog.session(...)` above a function",
                self._made,
            )

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """As a decorator: each call of `function` is a block of its own.

        Raises:
            ConfigurationError: it is a generator function: its body runs after the call, outside of the block.
        """
        self._used = True
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise ConfigurationError(
                f"session decorates functions and coroutine functions; {function.__qualname__} is a generator, whose body runs "
                "when it is read. Open the block where it is read: with agentlog.session(…)"
            )
        given = self._session

        def fresh() -> session:
            return session(
                given.id, user=given.user, tags=given.tags, surface=given.surface or None, **given.attributes
            )

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def in_session_async(*args: P.args, **kwargs: P.kwargs) -> Any:
                with fresh():
                    return await function(*args, **kwargs)

            return in_session_async  # type: ignore[return-value]  # R is the coroutine

        @functools.wraps(function)
        def in_session(*args: P.args, **kwargs: P.kwargs) -> R:
            with fresh():
                return function(*args, **kwargs)

        return in_session

    def feedback(
        self,
        name: str,
        *,
        score: float | None = None,
        label: str | None = None,
        explanation: str | None = None,
    ) -> None:
        """Say how this session went; `agentlog.feedback` explains the arguments. Works after the block as well.

        Raises:
            ConfigurationError: nothing is said, or the session has no id and was not entered.
        """
        self._used = True
        if self._session.id is not None:
            runtime.feedback(name, score=score, label=label, explanation=explanation, session=self._session.id)
        else:
            runtime.feedback(name, score=score, label=label, explanation=explanation, trace=self._session.trace)


class call:
    """Record a model or tool call that no decorator reaches.

    Args:
        name: the tool's or the function's name.
        operation: "chat", "execute_tool", "retrieval", … (OpenTelemetry's `gen_ai.operation.name`).
        model: the model that is asked, for model operations.
        surface: "internal" or "human"; None lets agentlog decide.

    Returns:
        A context manager, also for `async with`, that gives the `Call`: say `input(...)` and `output(...)` on it.

    Raises:
        ConfigurationError: there is no such operation or surface.

    Example:
        >>> with agentlog.call("summarise", operation="chat", model="gpt-4o-mini") as c:
        ...     c.input([{"role": "user", "content": "Summarise: …"}])
        ...     c.output("It is short.", usage={"input_tokens": 12, "output_tokens": 5})
    """

    def __init__(self, name: str, *, operation: str, model: str | None = None, surface: str | None = None) -> None:
        self._name = name
        self._operation = check_operation(operation)
        self._model = model or ""
        self._surface = check_surface(surface)
        self._call: Call | None = None
        self._token: Token[Call | None] | None = None
        self._used = False
        self._made = misuse.caller()

    def __enter__(self) -> Call:
        self._used = True
        one = runtime.begin(self._operation, self._name)
        if one is None:
            # nothing is recorded: input() and output() must still have somewhere to go
            return Call("", "", "", 0, self._operation, self._name, 0)
        one.model = self._model
        one.surface = self._surface
        self._call = one
        self._token = context.enter(one)
        return one

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._token is not None and self._call is not None:
            try:
                context.leave(self._token)
            except ValueError:  # left in another context than it was entered in: nothing to undo here
                pass
            runtime.finish(self._call, error)
            self._token = self._call = None

    def __del__(self) -> None:
        open_: Call | None = getattr(self, "_call", None)
        if open_ is not None:
            misuse.warn(
                "this agentlog.call(...) was entered and never left; it is recorded as abandoned. Write `with agentlog.call(...)`",
                self._made,
            )
            open_.finish = ABANDONED
            runtime.finish(open_)
        elif not getattr(self, "_used", True) and not sys.is_finalizing():
            misuse.warn(
                "agentlog.call(...) does nothing by itself: write `with agentlog.call(...) as call:`", self._made
            )

    async def __aenter__(self) -> Call:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, traceback)


def current_call() -> Call | None:
    """The call that is around this, whoever opened it; None outside of any.

    Example:
        >>> agentlog.current_call() is None
        True
    """
    return context.innermost()
