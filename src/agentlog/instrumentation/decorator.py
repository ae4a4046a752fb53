"""`@agentlog.capture`: what is wrapped keeps its signature, its kind and its results.

A plain closure for each kind of function. Everything that can be known is bound at decoration. The context variable is
set and reset around each step of a generator, never across a `yield`. What is wrapped pickles by its name, as functions do.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, ParamSpec, TypeVar, cast, overload

from agentlog import runtime, settings
from agentlog.errors import ConfigurationError
from agentlog.instrumentation.arguments import binder
from agentlog.instrumentation.session import check_operation, check_surface
from agentlog.recording import calls, context
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog.semconv import ABANDONED, EXECUTE_TOOL, INVOKE_WORKFLOW, MODEL_OPERATIONS

P = ParamSpec("P")
R = TypeVar("R")

_MAX_ITEMS = 1000


@overload
def capture(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def capture(
    *,
    name: str | None = None,
    operation: str | None = None,
    model: str | None = None,
    surface: str | None = None,
    content: bool = True,
    input: Callable[[dict[str, Any]], Any] | None = None,
    output: Callable[[Any], Any] | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def capture(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    operation: str | None = None,
    model: str | None = None,
    surface: str | None = None,
    content: bool = True,
    input: Callable[[dict[str, Any]], Any] | None = None,
    output: Callable[[Any], Any] | None = None,
) -> Any:
    """Record every call of a function: plain, coroutine, generator, async generator, method, class or static method.

    Bare, the outermost call is the run (`invoke_workflow`) and a call inside another is a tool (`execute_tool`). With
    `operation="chat"` or `"text_completion"` the function is a model call written by hand: its argument `messages`, else
    `prompt`, else its first one is the input (a str or OpenAI-style messages), and what it returns (a str or a message) is
    the output. Other operations keep arguments and result as JSON.

    Args:
        function: what is decorated.
        name: instead of its `__qualname__`.
        operation: OpenTelemetry's `gen_ai.operation.name`.
        model: the model that is asked; the argument `model` of a call wins.
        surface: "internal" or "human": who reads the result. None lets agentlog decide.
        content: False records when and how long, not what.
        input: from the bound arguments (a dict) to what is recorded as input.
        output: from the result to what is recorded as output.

    Raises:
        ConfigurationError: at decoration: no function, no such operation, no such surface.

    Example:
        >>> @agentlog.capture
        ... def lookup_order(order_id: str) -> dict[str, str]:
        ...     return {"id": order_id, "state": "shipped"}
        >>> lookup_order("A17")
        {'id': 'A17', 'state': 'shipped'}
    """
    if function is None:

        def decorate(inner: Callable[P, R]) -> Callable[P, R]:
            return cast(
                "Callable[P, R]",
                _wrapped(inner, _Recipe(inner, name, operation, model, surface, content, input, output)),
            )

        check_surface(surface)
        if operation is not None:
            check_operation(operation)
        return decorate
    return _wrapped(function, _Recipe(function, name, operation, model, surface, content, input, output))


class _Recipe:
    """All that is known of a decorated function, bound once."""

    __slots__ = ("bind", "content", "input", "is_model", "model", "name", "operation", "output", "surface")

    def __init__(
        self,
        function: Any,
        name: str | None,
        operation: str | None,
        model: str | None,
        surface: str | None,
        content: bool,
        input: Callable[[dict[str, Any]], Any] | None,
        output: Callable[[Any], Any] | None,
    ) -> None:
        inner = function.__func__ if isinstance(function, (staticmethod, classmethod)) else function
        if isinstance(inner, type) or not callable(inner):
            raise ConfigurationError(f"capture decorates functions and methods; found {inner!r}")
        self.name: str = name or str(getattr(inner, "__qualname__", type(inner).__qualname__))
        self.operation = None if operation is None else check_operation(operation)
        self.is_model = operation in MODEL_OPERATIONS
        self.model = model or ""
        self.surface = check_surface(surface)
        self.content = content
        self.input = input
        self.output = output
        self.bind = binder(inner)

    def begin(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call | None:
        """The call begins: its place, its snapshot. Never raises."""
        try:
            call = runtime.begin(self.operation or EXECUTE_TOOL, self.name)
            if call is None or not call.id:
                return call
            if self.operation is None and not call.parent:
                call.operation = INVOKE_WORKFLOW
            call.surface = self.surface
            call.model = self.model
            if not self.content:
                call.content = False
                return call
            bound = self.bind(args, kwargs)
            if self.is_model:
                call.dialect = "messages"
                call.model = _text(bound.get("model")) or self.model
                call.request = encode(self._prompt(bound))
            else:
                call.request = encode(bound if self.input is None else self.input(bound))
            return call
        except Exception as error:  # noqa: BLE001 - failures of ours never reach the application
            runtime.problem(f"capture of {self.name} could not begin", error)
            return None

    def _prompt(self, bound: dict[str, Any]) -> dict[str, Any]:
        if self.input is not None:
            return {"input": self.input(bound)}
        key = "messages" if "messages" in bound else "prompt" if "prompt" in bound else next(iter(bound), "")
        request = {"input": bound.pop(key, None)}
        request.update(bound)
        request.pop("model", None)
        return request

    def end(self, call: Call, result: Any, error: BaseException | None = None) -> None:
        """The call ended. Never raises."""
        try:
            if call.content and call.id and error is None:
                if self.output is not None:
                    result = self.output(result)
                call.response = encode({"output": result}) if self.is_model else encode(result)
            runtime.finish(call, error)
        except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
            runtime.problem(f"capture of {self.name} could not end", failure)
            runtime.finish(call, error)

    def end_stream(self, call: Call, items: list[Any], error: BaseException | None, *, abandoned: bool) -> None:
        """A generator ended, was closed, or failed: what it had yielded is the output."""
        try:
            if abandoned:
                call.finish = ABANDONED
            if call.content and call.id and (items or error is None):
                whole: Any = items
                if items and all(isinstance(item, str) for item in items):
                    whole = "".join(items)
                elif len(items) > _MAX_ITEMS:
                    whole = [*items[:_MAX_ITEMS], f"<… {len(items) - _MAX_ITEMS} items left out …>"]
                if self.output is not None:
                    whole = self.output(whole)
                call.response = encode({"output": whole}) if self.is_model else encode(whole)
            runtime.finish(call, None if abandoned else error)
        except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
            runtime.problem(f"capture of {self.name} could not end", failure)
            runtime.finish(call, None if abandoned else error)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _wrapped(function: Any, recipe: _Recipe) -> Any:
    if settings.disabled():
        return function
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(_wrapped(function.__func__, recipe))
    if inspect.isasyncgenfunction(function):
        return _async_generator(function, recipe)
    if inspect.isgeneratorfunction(function):
        return _generator(function, recipe)
    if inspect.iscoroutinefunction(function):
        return _coroutine(function, recipe)
    return _plain(function, recipe)


def _plain(function: Callable[..., Any], recipe: _Recipe) -> Callable[..., Any]:
    begin, end, enter, leave = recipe.begin, recipe.end, context.enter, context.leave

    @functools.wraps(function)
    def captured(*args: Any, **kwargs: Any) -> Any:
        call = begin(args, kwargs)
        if call is None:
            return function(*args, **kwargs)
        token = enter(call)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            leave(token)
            end(call, None, error)
            raise
        leave(token)
        kind = type(result)
        if kind is types.GeneratorType:
            return _followed(result, call, recipe)
        if kind is types.AsyncGeneratorType:
            return _followed_async(result, call, recipe)
        if kind is types.CoroutineType:
            return _awaited(result, call, recipe)
        end(call, result)
        return result

    return captured


def _coroutine(function: Callable[..., Any], recipe: _Recipe) -> Callable[..., Any]:
    begin = recipe.begin

    @functools.wraps(function)
    async def captured(*args: Any, **kwargs: Any) -> Any:
        call = begin(args, kwargs)
        if call is None:
            return await function(*args, **kwargs)
        return await _awaited(function(*args, **kwargs), call, recipe)

    return captured


async def _awaited(coroutine: Any, call: Call, recipe: _Recipe) -> Any:
    # a task has a context of its own: what is set here is seen by this coroutine and what it awaits, nothing else
    token = context.enter(call)
    try:
        result = await coroutine
    except BaseException as error:
        context.leave(token)
        recipe.end(call, None, error)
        raise
    context.leave(token)
    recipe.end(call, result)
    return result


def _generator(function: Callable[..., Any], recipe: _Recipe) -> Callable[..., Any]:
    @functools.wraps(function)
    def captured(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        call = recipe.begin(args, kwargs)
        if call is None:
            return (yield from function(*args, **kwargs))
        return (yield from _followed(function(*args, **kwargs), call, recipe))

    return captured


def _followed(generator: Generator[Any, Any, Any], call: Call, recipe: _Recipe) -> Generator[Any, Any, Any]:
    """Yield what `generator` yields; each of its steps runs inside `call`, what its reader does does not."""
    items: list[Any] = []
    step: Callable[[Any], Any] = generator.send
    value: Any = None
    while True:
        token = context.enter(call)
        try:
            item = step(value)
        except StopIteration as stop:
            context.leave(token)
            recipe.end_stream(call, items if items or stop.value is None else [stop.value], None, abandoned=False)
            return stop.value
        except BaseException as error:
            context.leave(token)
            recipe.end_stream(call, items, error, abandoned=False)
            raise
        context.leave(token)
        if not items:
            calls.first_chunk(call)
        items.append(item)
        try:
            value = yield item
            step = generator.send
        except GeneratorExit:
            try:
                generator.close()
            finally:
                recipe.end_stream(call, items, None, abandoned=True)
            raise
        except BaseException as error:  # noqa: BLE001 - it goes on into the generator
            value, step = error, generator.throw


def _async_generator(function: Callable[..., Any], recipe: _Recipe) -> Callable[..., Any]:
    @functools.wraps(function)
    async def captured(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        call = recipe.begin(args, kwargs)
        generator = function(*args, **kwargs)
        followed = generator if call is None else _followed_async(generator, call, recipe)
        step: Callable[[Any], Any] = followed.asend
        value: Any = None
        try:
            while True:
                try:
                    item = await step(value)
                except StopAsyncIteration:
                    return
                try:
                    value = yield item
                    step = followed.asend
                except GeneratorExit:
                    raise
                except BaseException as error:  # noqa: BLE001 - it goes on into the generator
                    value, step = error, followed.athrow
        finally:
            await followed.aclose()

    return captured


async def _followed_async(generator: AsyncGenerator[Any, Any], call: Call, recipe: _Recipe) -> AsyncGenerator[Any, Any]:
    """`_followed`, for an async generator."""
    items: list[Any] = []
    step: Callable[[Any], Any] = generator.asend
    value: Any = None
    while True:
        token = context.enter(call)
        try:
            item = await step(value)
        except StopAsyncIteration:
            _left(token)
            recipe.end_stream(call, items, None, abandoned=False)
            return
        except BaseException as error:
            _left(token)
            recipe.end_stream(call, items, error, abandoned=False)
            raise
        _left(token)
        if not items:
            calls.first_chunk(call)
        items.append(item)
        try:
            value = yield item
            step = generator.asend
        except GeneratorExit:
            try:
                await generator.aclose()
            finally:
                recipe.end_stream(call, items, None, abandoned=True)
            raise
        except BaseException as error:  # noqa: BLE001 - it goes on into the generator
            value, step = error, generator.athrow


def _left(token: Any) -> None:
    try:
        context.leave(token)
    except ValueError:  # finalised in another context than the step began in: that one is gone
        pass
