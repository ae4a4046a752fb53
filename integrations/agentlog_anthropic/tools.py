"""The tools that the SDK itself calls, in the loop of `tool_runner`: each call of one is a row, as with any agent's loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from typing import Any, Final

from agentlog.instrumentation.session import call
from agentlog.semconv import EXECUTE_TOOL

_PLACES: Final = (
    ("_beta_functions", "BetaFunctionTool"),
    ("_beta_functions", "BetaAsyncFunctionTool"),
    ("_beta_builtin_memory_tool", "BetaAbstractMemoryTool"),
    ("_beta_builtin_memory_tool", "BetaAsyncAbstractMemoryTool"),
)


def tool_classes() -> Iterator[tuple[type, Callable[..., Any]]]:
    """Classes of this release whose `call` runs a tool, and what to put around it."""
    for module, name in _PLACES:
        try:
            owner = getattr(import_module(f"anthropic.lib.tools.{module}"), name, None)
        except ImportError:
            continue
        if owner is not None:
            yield owner, _acalled if "Async" in name else _called


def _called(wrapped: Callable[..., Any], tool: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    with _call(tool) as one:
        one.framework = "anthropic"
        one.input(kwargs.get("input", args[0] if args else None))
        result = wrapped(*args, **kwargs)
        one.output(result)
        return result


async def _acalled(
    wrapped: Callable[..., Awaitable[Any]], tool: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    async with _call(tool) as one:
        one.framework = "anthropic"
        one.input(kwargs.get("input", args[0] if args else None))
        result = await wrapped(*args, **kwargs)
        one.output(result)
        return result


def _call(tool: Any) -> call:
    name = getattr(tool, "name", None)
    return call(name if isinstance(name, str) else type(tool).__name__, operation=EXECUTE_TOOL)
