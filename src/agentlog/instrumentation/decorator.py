"""`@agentlog.capture`: what is wrapped keeps its signature, its kind and its results.

A plain closure for each kind of function. Everything that can be known is bound at decoration. The context variable is
set and reset around each step of a generator, never across a `yield`. What is wrapped pickles by its name, as functions do.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, Final, ParamSpec, TypeVar, cast, overload

from agentlog import runtime, settings
from agentlog.instrumentation.recipe import Recipe
from agentlog.instrumentation.session import check_operation, check_surface
from agentlog.recording import calls, context, misuse
from agentlog.recording.calls import Call

P = ParamSpec("P")
R = TypeVar("R")


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
                _wrapped(inner, Recipe(inner, name, operation, model, surface, content, input, output)),
            )

        check_surface(surface)
        if operation is not None:
            check_operation(operation)
        return decorate
    return _wrapped(function, Recipe(function, name, operation, model, surface, content, input, output))


def _wrapped(function: Any, recipe: Recipe) -> Any:
    if settings.disabled():
        return function
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(_wrapped(function.__func__, recipe))
    if isinstance(function, types.FunctionType) and function.__code__.co_filename == __file__:
        misuse.warn(f"{recipe.name} is captured by agentlog already: a second capture would record each call twice")
        return function
    if inspect.isasyncgenfunction(function):
        return _async_generator(function, recipe)
    if inspect.isgeneratorfunction(function):
        return _generator(function, recipe)
    if inspect.iscoroutinefunction(function):
        return _coroutine(function, recipe)
    return _plain(function, recipe)


def _plain(function: Callable[..., Any], recipe: Recipe) -> Callable[..., Any]:
    begin, end, finish = recipe.begin, recipe.end, runtime.finish

    @functools.wraps(function)
    def captured(*args: Any, **kwargs: Any) -> Any:
        call = begin(args, kwargs)
        if call is None:
            return function(*args, **kwargs)
        # looked up anew: bound in a cell, cloudpickle could not carry a function of `__main__` to another process
        token = context.enter(call)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            context.leave(token)
            finish(call, error)
            raise
        context.leave(token)
        follow = _FOLLOWED.get(type(result))
        if follow is not None:
            return follow(result, call, recipe)
        end(call, result)
        return result

    return captured


def _coroutine(function: Callable[..., Any], recipe: Recipe) -> Callable[..., Any]:
    begin = recipe.begin

    @functools.wraps(function)
    async def captured(*args: Any, **kwargs: Any) -> Any:
        call = begin(args, kwargs)
        if call is None:
            return await function(*args, **kwargs)
        return await _awaited(function(*args, **kwargs), call, recipe)

    return captured


async def _awaited(coroutine: Any, call: Call, recipe: Recipe) -> Any:
    # a task has a context of its own: what is set here is seen by this coroutine and what it awaits, nothing else
    token = context.enter(call)
    try:
        result = await coroutine
    except BaseException as error:
        _left(token)
        runtime.finish(call, error)
        raise
    _left(token)
    recipe.end(call, result)
    return result


def _generator(function: Callable[..., Any], recipe: Recipe) -> Callable[..., Any]:
    @functools.wraps(function)
    def captured(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        call = recipe.begin(args, kwargs)
        if call is None:
            return (yield from function(*args, **kwargs))
        return (yield from _followed(function(*args, **kwargs), call, recipe))

    return captured


def _followed(generator: Generator[Any, Any, Any], call: Call, recipe: Recipe) -> Generator[Any, Any, Any]:
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
            value = None  # an error that was thrown in holds this frame
            recipe.end_stream(call, items if items or stop.value is None else [stop.value], None, abandoned=False)
            return stop.value
        except BaseException as error:
            context.leave(token)
            value = None
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
            around = None if context.finalising() else context.enter(call)
            try:
                generator.close()
            finally:
                _left(around)
                recipe.end_stream(call, items, None, abandoned=True)
            raise
        except BaseException as error:  # noqa: BLE001 - it goes on into the generator
            value, step = error, generator.throw


def _async_generator(function: Callable[..., Any], recipe: Recipe) -> Callable[..., Any]:
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
            value = None  # an error that was thrown in holds this frame
            await followed.aclose()

    return captured


async def _followed_async(generator: AsyncGenerator[Any, Any], call: Call, recipe: Recipe) -> AsyncGenerator[Any, Any]:
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
            value = None  # an error that was thrown in holds this frame
            recipe.end_stream(call, items, None, abandoned=False)
            return
        except BaseException as error:
            _left(token)
            value = None
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
            around = None if context.finalising() else context.enter(call)
            try:
                await generator.aclose()
            finally:
                _left(around)
                recipe.end_stream(call, items, None, abandoned=True)
            raise
        except BaseException as error:  # noqa: BLE001 - it goes on into the generator
            value, step = error, generator.athrow


def _left(token: Any) -> None:
    try:
        if token is not None and not context.finalising():
            context.leave(token)
    except ValueError:  # finalised in another context than the step began in: that one is gone
        pass


_FOLLOWED: Final[dict[type, Callable[[Any, Call, Recipe], Any]]] = {
    types.GeneratorType: _followed,
    types.AsyncGeneratorType: _followed_async,
    types.CoroutineType: _awaited,
}
"""What a plain function may give back whose end is still to come."""
