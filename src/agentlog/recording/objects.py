"""What is recorded in place of an object that is no plain data: what it dumps itself to, a short text, or its type's name.

An object is asked through its type. On the instance, a mock would make up an answer (and note that it was asked), and a
proxy would run what it stands for. What is lazy, iterates or stands for something else (a generator, a query, a proxy) is
named and not run: asked for its text, it would fetch rows, raise outside of its request, or list all that it holds.
"""

from __future__ import annotations

import array
import contextvars
import functools
import math
import os
import re
import types
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any, Final

WISHES: Final = (KeyboardInterrupt, SystemExit)
"""Somebody wants the program to end: passed on. Whatever else a payload raises is kept from the application; a panic of a
library written in Rust is no `Exception`."""

MAX_ITEMS: Final = 1000
"""Of a collection; how many are left out is said."""
MAX_TEXT: Final = 64 << 10
"""Characters of an object's text."""
_MAX_CELLS: Final = 10_000
"""Of an array; a larger one is told by its shape."""

_ADDRESS: Final = re.compile(r" at 0x[0-9A-Fa-f]+")


def told(value: Any) -> Any:
    """What is recorded in place of `value`.

    Raises:
        RecursionError: there is no stack left for it. Named here, an object that dumps itself for ever would be sent as deep
            as the stack allows, and a recorder with less of it could not read what came.
        KeyboardInterrupt, SystemExit: somebody wants the program to end. Nothing else is raised.
    """
    kind = type(value)
    try:
        return _ask(value, kind)
    except (*WISHES, RecursionError):
        raise
    except BaseException:  # noqa: BLE001 - an object may raise anything
        return name(kind)


def name(kind: type) -> str:
    """`<module.Class>`."""
    try:
        return f"<{kind.__module__}.{kind.__qualname__}>"
    except Exception:  # noqa: BLE001 - a metaclass may do anything, too
        return "<object>"


def left_out(number: int, what: str) -> str:
    """Stands where something was cut. `messages.parts` reads it."""
    return f"<… {number} {what} left out …>"


def _ask(value: Any, kind: type) -> Any:
    dump = getattr(kind, "model_dump", None)
    if dump is not None:
        return _dumped(dump, value)
    tell = _KNOWN.get(kind)
    if tell is not None:
        return tell(value)
    if issubclass(kind, str):  # `message.text` of LangChain is one
        return str.__str__(value)
    if issubclass(kind, int):
        return int.__index__(value)
    if kind.__module__.partition(".")[0] in _TABULAR and hasattr(kind, "shape"):
        return _shaped(value, kind)
    if issubclass(kind, BaseException):
        return f"{name(kind)}: {value}"
    if issubclass(kind, type):
        return f"<class {value.__module__}.{value.__qualname__}>"
    if hasattr(kind, "__fields__") and hasattr(kind, "dict"):  # pydantic's first generation
        return kind.dict(value)
    # the default text holds an address, which would make equal calls differ
    if _is_more(kind) or kind.__repr__ is object.__repr__:
        return name(kind)
    if hasattr(kind, "__fspath__"):
        return os.fspath(value)
    return _ADDRESS.sub("", repr(value)[:MAX_TEXT])


def _dumped(dump: Callable[..., Any], value: Any) -> Any:
    try:
        return dump(value, warnings=False)  # pydantic would warn, on stderr, of a field that holds what it should not
    except TypeError:
        return dump(value)


def _is_more(kind: type) -> bool:
    """Whether an object may fetch, run or list much when it is asked for its text."""
    return (
        hasattr(kind, "__iter__") or hasattr(kind, "__getattr__") or type(kind.__getattribute__) is types.FunctionType
    )


def _function(value: Any) -> str:
    return f"<{type(value).__name__} {value.__module__}.{value.__qualname__}>"


def _items(value: Any) -> list[Any]:
    shown = list(islice(value, MAX_ITEMS))
    return shown if len(value) <= MAX_ITEMS else [*shown, left_out(len(value) - MAX_ITEMS, "items")]


_KNOWN: Final[dict[type, Callable[[Any], Any]]] = {
    types.FunctionType: _function,
    types.BuiltinFunctionType: _function,
    types.MethodType: _function,  # its own text holds that of its object
    types.MappingProxyType: lambda value: dict(islice(value.items(), MAX_ITEMS)),
    types.SimpleNamespace: vars,
    type({}.keys()): _items,
    type({}.values()): _items,
    type({}.items()): _items,
    deque: _items,
    array.array: _items,
    range: repr,
    # their texts hold those of what they hold
    functools.partial: lambda value: f"<functools.partial of {name(type(value.func))}>",
    contextvars.ContextVar: lambda value: f"<ContextVar {value.name}>",
    contextvars.Token: lambda value: "<Token>",
}

_TABULAR: Final = frozenset("numpy torch jax jaxlib cupy tensorflow scipy xarray pandas polars pyarrow".split())
"""Libraries whose objects with a `shape` are arrays, tensors and tables."""
_TABLES: Final = frozenset("pandas polars pyarrow".split())


def _shaped(value: Any, kind: type) -> Any:
    """An array, a tensor or a table: its content where that is small and at hand, else its shape."""
    shape = tuple(value.shape)
    cells, library = math.prod(shape), kind.__module__.partition(".")[0]
    if cells <= _MAX_CELLS and (library == "numpy" or (library == "torch" and value.device.type == "cpu")):
        return value.tolist()  # of a tensor elsewhere one would have to wait for its device
    if cells <= MAX_ITEMS and library in _TABLES:
        return repr(value)[:MAX_TEXT]
    sort = getattr(value, "dtype", None)
    return f"<{kind.__module__}.{kind.__qualname__} shape={shape}{'' if sort is None else f' dtype={sort}'}>"
