"""Hooking into LangChain: one callback handler that every run finds, and the few places where LangChain tells nobody."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

from langchain_core.callbacks.manager import AsyncCallbackManager
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.language_models.llms import BaseLLM
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool
from langchain_core.tracers import context as tracers

from agentlog import runtime
from agentlog.recording import context
from agentlog_langchain import runs
from agentlog_langchain.handler import NOT_WHOLE, Handler, end_model, handler
from agentlog_langchain.runs import Run

# a default, unlike a value that is set, is there in every thread and every task
_variable: Final[ContextVar[Handler | None]] = ContextVar("agentlog_langchain_handler", default=handler)

_wrapped: Final[list[tuple[type, str, Any, Any]]] = []


def install() -> None:
    """Listen to every run from now on."""
    if not any(hook[0] is _variable for hook in _hooks()):
        tracers.register_configure_hook(_variable, inheritable=True)
    for owner, name, wrap in _WRAPPERS:
        original = vars(owner).get(name)
        if original is not None:
            wrapper = functools.wraps(original)(wrap(original))
            setattr(owner, name, wrapper)
            _wrapped.append((owner, name, original, wrapper))
    context.add_source(runs.current)
    handler.enable(True)


def uninstall() -> None:
    """Leave LangChain as it was found."""
    handler.enable(False)
    context.remove_source(runs.current)
    hooks = _hooks()  # there is no way to unregister: take our entry out of the list
    hooks[:] = [hook for hook in hooks if hook[0] is not _variable]
    while _wrapped:
        owner, name, original, wrapper = _wrapped.pop()
        # if somebody wrapped it after us, ours stays below theirs: it knows no run any more, and passes on
        if vars(owner).get(name) is wrapper:
            setattr(owner, name, original)
    runs.forget()


def _hooks() -> list[Any]:
    """LangChain's list of registered handlers."""
    return tracers._configure_hooks


# ---------------------------------------------------------------- where LangChain tells nobody
#
# Each takes LangChain's method and gives the one that stands in its place. Nothing here raises but what the method does.


def _in_turn(generate: Callable[..., Any]) -> Callable[..., Any]:
    """`generate` with several lists asks one after the other, and tells how they ended only when all have."""

    def _generate_with_cache(self: Any, *args: Any, **kwargs: Any) -> Any:
        run = _run_of(kwargs) if runs.waiting else None
        if run is None or not runs.take_turn(run):
            return generate(self, *args, **kwargs)
        try:
            answer = generate(self, *args, **kwargs)
        finally:
            run.inside = False
        try:
            if run.open:
                end_model(run, answer.generations, answer.llm_output)
        except Exception as error:  # noqa: BLE001 - failures of ours never reach the application
            runtime.problem(NOT_WHOLE, error)
        return answer

    return _generate_with_cache


def _cancelled(generate: Callable[..., Any]) -> Callable[..., Any]:
    """A cancelled `ainvoke` ends without a callback."""

    async def _agenerate_with_cache(self: Any, *args: Any, **kwargs: Any) -> Any:
        if runs.waiting:
            runs.take_turn(_run_of(kwargs))
        try:
            return await generate(self, *args, **kwargs)
        except BaseException as error:
            run = None if isinstance(error, Exception) else _run_of(kwargs)
            if run is not None and run.open:
                runs.fail(run, error)
            raise

    return _agenerate_with_cache


def _cancelled_below(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """A cancelled retriever ends without a callback; so does a tool before langchain-core 1.8."""

    async def cancelled_below(self: Any, *args: Any, **kwargs: Any) -> Any:
        before = runs.entered()
        try:
            return await invoke(self, *args, **kwargs)
        except BaseException as error:
            run = None if isinstance(error, Exception) else runs.entered()
            while run is not None and run is not before:
                if run.open:
                    runs.fail(run, error)
                run = run.outer
            raise

    return cancelled_below


def _inside(generate: Callable[..., Any]) -> Callable[..., Any]:
    """A plain model's own work; a chat model's begins with its run (see `Handler.on_llm_start`)."""

    def _generate_helper(self: Any, *args: Any, **kwargs: Any) -> Any:
        run = _only_run_of(args, kwargs)
        if run is None:
            return generate(self, *args, **kwargs)
        runs.enter(run)
        try:
            return generate(self, *args, **kwargs)
        finally:
            run.inside = False

    return _generate_helper


def _inside_async(generate: Callable[..., Any]) -> Callable[..., Any]:
    """The same, for `ainvoke`."""

    async def _agenerate_helper(self: Any, *args: Any, **kwargs: Any) -> Any:
        run = _only_run_of(args, kwargs)
        if run is None:
            return await generate(self, *args, **kwargs)
        runs.enter(run)
        try:
            return await generate(self, *args, **kwargs)
        finally:
            run.inside = False

    return _agenerate_helper


def _from_cache(convert: Callable[..., Any]) -> Callable[..., Any]:
    """A model's cache held the answer; the callbacks are the same as for one that was generated."""

    def _convert_cached_generations(self: Any, *args: Any, **kwargs: Any) -> Any:
        run = runs.entered()
        if run is not None and run.call.id:
            run.call.cached = True
        return convert(self, *args, **kwargs)

    return _convert_cached_generations


def _beside_others(start: Callable[..., Any]) -> Callable[..., Any]:
    """With an inline handler there, LangChain does not tell the others that a plain model starts: tell ours apart.

    (`AsyncCallbackManager.on_llm_start`, langchain-core 1.0 to 1.8.)
    """

    async def on_llm_start(
        self: Any, serialized: Any, prompts: list[str], run_id: Any = None, **kwargs: Any
    ) -> list[Any]:
        others = [one for one in self.handlers if one is not handler]
        if len(others) == len(self.handlers) or not others or any(one.run_inline for one in others):
            told: list[Any] = await start(self, serialized, prompts, run_id=run_id, **kwargs)
            return told
        without_ours = copy.copy(self)  # several prompts share one manager, at the same time
        without_ours.handlers = others
        managers: list[Any] = await start(without_ours, serialized, prompts, run_id=run_id, **kwargs)
        place = {"parent_run_id": self.parent_run_id, "tags": self.tags, "metadata": self.metadata}
        for manager, prompt in zip(managers, prompts, strict=False):
            manager.handlers = self.handlers
            if not handler.ignore_llm:
                handler.on_llm_start(serialized, [prompt], run_id=manager.run_id, **place, **kwargs)
        return managers

    return on_llm_start


_WRAPPERS: Final[tuple[tuple[type, str, Callable[[Callable[..., Any]], Callable[..., Any]]], ...]] = (
    (BaseChatModel, "_generate_with_cache", _in_turn),
    (BaseChatModel, "_agenerate_with_cache", _cancelled),
    (BaseChatModel, "_convert_cached_generations", _from_cache),
    (BaseLLM, "_generate_helper", _inside),
    (BaseLLM, "_agenerate_helper", _inside_async),
    (BaseRetriever, "ainvoke", _cancelled_below),
    (BaseTool, "arun", _cancelled_below),
    (AsyncCallbackManager, "on_llm_start", _beside_others),
)


def _run_of(kwargs: dict[str, Any]) -> Run | None:
    return runs.find(getattr(kwargs.get("run_manager"), "run_id", None))


def _only_run_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run | None:
    """The run of a plain model that was given one prompt; several are one request to the SDK, which is nobody's part."""
    managers = args[2] if len(args) > 2 else kwargs.get("run_managers")
    if not isinstance(managers, list) or len(managers) != 1:
        return None
    run = runs.find(getattr(managers[0], "run_id", None))
    return run if run is not None and run.open else None
