"""What is taken down of a call of one decorated function: all that can be known of it is bound at decoration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentlog import runtime
from agentlog.errors import ConfigurationError
from agentlog.instrumentation.arguments import binder, sole
from agentlog.instrumentation.session import check_operation, check_surface
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog.semconv import ABANDONED, EXECUTE_TOOL, INVOKE_WORKFLOW, MODEL_OPERATIONS

_MAX_ITEMS = 1000

Take = Callable[[Call, tuple[Any, ...], dict[str, Any]], None]


class Recipe:
    """How a call of a decorated function begins and ends for us. Nothing here raises into the application.

    Raises:
        ConfigurationError: at decoration: no function, no such operation, no such surface.
    """

    __slots__ = ("_is_model", "_model", "_operation", "_output", "_surface", "_take", "name")

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
        self._operation = None if operation is None else check_operation(operation)
        self._is_model = operation in MODEL_OPERATIONS
        self._model = model or ""
        self._surface = check_surface(surface)
        self._output = output
        self._take = _nothing if not content else _prompt(inner, input) if self._is_model else _arguments(inner, input)

    def begin(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call | None:
        """The call begins: its place, its snapshot. None: nothing is recorded."""
        try:
            operation = self._operation
            call = runtime.begin(operation or EXECUTE_TOOL, self.name)
            if call is None or not call.id:
                return call
            if operation is None and not call.parent:
                call.operation = INVOKE_WORKFLOW
            call.surface = self._surface
            call.model = self._model
            self._take(call, args, kwargs)
            return call
        except Exception as error:  # noqa: BLE001 - failures of ours never reach the application
            try:
                runtime.problem(f"capture of {self.name} could not begin", error)
            except Exception:  # noqa: BLE001 - at the end of the stack not even that can be said
                pass
            return None

    def end(self, call: Call, result: Any) -> None:
        """The call came back with `result`."""
        try:
            if call.content and call.id:
                self._answer(call, result)
            runtime.finish(call)
        except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
            try:
                runtime.problem(f"capture of {self.name} could not end", failure)
                runtime.finish(call)
            except Exception:  # noqa: BLE001 - at the end of the stack not even that can be said
                pass

    def end_stream(self, call: Call, items: list[Any], error: BaseException | None, *, abandoned: bool) -> None:
        """A generator ended, was closed, or failed: what it had yielded is the output."""
        try:
            if abandoned:
                call.finish = ABANDONED
            if call.content and call.id and (items or error is None):
                whole: Any = items
                # asked of their types: a proxy would answer `isinstance` by running what it stands for
                if items and all(issubclass(type(item), str) for item in items):
                    whole = "".join(items)
                elif len(items) > _MAX_ITEMS:
                    whole = [*items[:_MAX_ITEMS], f"<… {len(items) - _MAX_ITEMS} items left out …>"]
                self._answer(call, whole)
        except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
            try:
                runtime.problem(f"capture of {self.name} could not end", failure)
            except Exception:  # noqa: BLE001 - at the end of the stack not even that can be said
                pass
        runtime.finish(call, None if abandoned else error)

    def _answer(self, call: Call, result: Any) -> None:
        if self._output is not None:
            result = self._output(result)
        call.response = encode({"output": result} if self._is_model else result)


def _nothing(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    call.content = False


def _arguments(function: Any, input: Callable[[dict[str, Any]], Any] | None) -> Take:
    """The arguments by name."""
    bind = binder(function)
    name, place = sole(function) if input is None else ("", -1)

    def take(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if len(args) == place and not kwargs:
            call.request = encode({name: args[-1]})
        else:
            bound = bind(args, kwargs)
            call.request = encode(bound if input is None else input(bound))

    return take


def _prompt(function: Any, input: Callable[[dict[str, Any]], Any] | None) -> Take:
    """Of a model call written by hand: its messages, and the parameters beside them."""
    bind = binder(function)
    _, place = sole(function) if input is None else ("", -1)

    def take(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        call.dialect = "messages"
        if len(args) == place and not kwargs:
            call.request = encode({"input": args[-1]})
            return
        bound = bind(args, kwargs)
        asked = bound.get("model")
        if issubclass(type(asked), str) and asked:
            call.model = asked
        if input is not None:
            call.request = encode({"input": input(bound)})
            return
        key = "messages" if "messages" in bound else "prompt" if "prompt" in bound else next(iter(bound), "")
        request = {"input": bound.pop(key, None), **bound}
        request.pop("model", None)
        call.request = encode(request)

    return take
