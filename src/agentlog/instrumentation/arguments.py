"""What a function was given, by name: bound as cheaply as its signature allows, decided once at decoration."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

_INJECTED: Final = (
    "RunnableConfig",
    "CallbackManager",
    "InjectedState",
    "InjectedStore",
    "InjectedToolArg",
    "InjectedToolCallId",
    "ToolRuntime",
    "RunContext",
    "RunContextWrapper",
)
"""What a framework puts in by itself: no argument that the model, or the caller, chose."""

Bind = Callable[[tuple[Any, ...], dict[str, Any]], dict[str, Any]]


def binder(function: Callable[..., Any]) -> Bind:
    """A function from (args, kwargs) to the arguments by name, without `self`, `cls` and what a framework injects."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some builtins have no signature
        return lambda args, kwargs: {**{str(place): value for place, value in enumerate(args)}, **kwargs}
    names = [one.name for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    rest = next((one.name for one in parameters if one.kind is one.VAR_POSITIONAL), None)
    dropped = {one.name for one in parameters if _injected(one)}
    if names and names[0] in ("self", "cls"):
        dropped.add(names[0])
    count = len(names)

    def bind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        bound = dict(zip(names, args))  # noqa: B905 - what is missing has a default, what is too much is in `rest`
        if kwargs:
            bound.update(kwargs)
        return bound

    if rest is None and not dropped:
        return bind

    def bind_some(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        bound = bind(args, kwargs)
        if rest is not None and len(args) > count:
            bound[rest] = args[count:]
        for name in dropped:
            bound.pop(name, None)
        return bound

    return bind_some


def sole(function: Callable[..., Any]) -> tuple[str, int]:
    """The name of the one argument that a call with `n` positional arguments gives beside `self`, and that `n`.

    It lets the commonest calls go without `binder`. ("", -1), a number that no call has, where there is no such argument.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return "", -1
    skipped = 1 if parameters and parameters[0].name in ("self", "cls") else 0
    if len(parameters) <= skipped:
        return "", -1
    one = parameters[skipped]
    if one.kind not in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) or _injected(one):
        return "", -1
    return one.name, skipped + 1


def _injected(parameter: inspect.Parameter) -> bool:
    if parameter.annotation is parameter.empty:
        return parameter.name in ("run_manager", "callbacks")
    shown = parameter.annotation if isinstance(parameter.annotation, str) else repr(parameter.annotation)
    return parameter.name in ("run_manager", "callbacks") or any(name in shown for name in _INJECTED)
