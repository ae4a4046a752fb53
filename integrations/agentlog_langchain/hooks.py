"""Hooking into LangChain: one callback handler that every run finds, and the few places where LangChain tells nobody."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Final

import wrapt
from langchain_core.callbacks.manager import AsyncCallbackManager
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.language_models.llms import BaseLLM
from langchain_core.retrievers import BaseRetriever
from langchain_core.tracers import context as tracers

from agentlog import runtime
from agentlog.recording import context
from agentlog.semconv import RETRIEVAL
from agentlog_langchain import runs
from agentlog_langchain.handler import Handler, end_model, handler
from agentlog_langchain.runs import Run

# a default, unlike a value that is set, is there in every thread and every task
_variable: Final[ContextVar[Handler | None]] = ContextVar("agentlog_langchain_handler", default=handler)

_wrapped: Final[list[tuple[type, str, Any, wrapt.FunctionWrapper[..., Any]]]] = []
_on = False


def install() -> None:
    """Listen to every run from now on."""
    global _on
    _on = True
    if not any(hook[0] is _variable for hook in _hooks()):
        tracers.register_configure_hook(_variable, inheritable=True)
    for owner, name, wrapper in _WRAPPERS:
        _wrap(owner, name, wrapper)
    context.add_source(runs.current)
    handler.enable(True)


def uninstall() -> None:
    """Leave LangChain as it was found."""
    global _on
    _on = False
    handler.enable(False)
    context.remove_source(runs.current)
    hooks = _hooks()  # there is no way to unregister: take our entry out of the list
    hooks[:] = [hook for hook in hooks if hook[0] is not _variable]
    while _wrapped:
        owner, name, original, wrapper = _wrapped.pop()
        if (
            vars(owner).get(name) is wrapper
        ):  # else somebody wrapped it after us: ours stays below theirs, and passes on
            setattr(owner, name, original)
    runs.forget()


def _hooks() -> list[Any]:
    """LangChain's list of registered handlers."""
    return tracers._configure_hooks


def _wrap(owner: type, name: str, wrapper: Callable[..., Any]) -> None:
    original = vars(owner).get(name)
    if original is None or any(one[:2] == (owner, name) for one in _wrapped):
        return
    made = wrapt.FunctionWrapper(original, wrapper, enabled=lambda: _on)
    setattr(owner, name, made)
    _wrapped.append((owner, name, original, made))


# ---------------------------------------------------------------- where LangChain tells nobody


def _generate(wrapped: Callable[..., Any], model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`generate` with several lists asks one after the other, and tells how they ended only when all have."""
    run = _announced(kwargs)
    if run is None or not run.open or run.begun:
        return wrapped(*args, **kwargs)
    _begin_now(run)
    try:
        answer = wrapped(*args, **kwargs)
    finally:
        run.inside = False
    try:
        if run.open:
            end_model(run, answer.generations, answer.llm_output)
    except Exception as error:  # noqa: BLE001 - failures of ours never reach the application
        runtime.problem("a run of LangChain was not recorded whole", error)
    return answer


async def _agenerate(
    wrapped: Callable[..., Awaitable[Any]], model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """A cancelled `ainvoke` ends without a callback."""
    run = _announced(kwargs)
    if run is None:
        return await wrapped(*args, **kwargs)
    if run.open and not run.begun:
        _begin_now(run)
    try:
        return await wrapped(*args, **kwargs)
    except Exception:
        raise
    except BaseException as error:
        _cancelled(run, error)
        raise


async def _aretrieve(
    wrapped: Callable[..., Awaitable[Any]], retriever: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """A cancelled retriever ends without a callback."""
    before = runs.entered()
    try:
        return await wrapped(*args, **kwargs)
    except Exception:
        raise
    except BaseException as error:
        run = runs.entered()
        while run is not None and run is not before:
            if run.call is not None and run.call.operation == RETRIEVAL:
                _cancelled(run, error)
            run = run.outer
        raise


def _complete(wrapped: Callable[..., Any], model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A plain model's own work, where a chat model's begins with its run: see `Handler.on_llm_start`."""
    run = _only(args, kwargs)
    if run is None:
        return wrapped(*args, **kwargs)
    runs.enter(run)
    try:
        return wrapped(*args, **kwargs)
    finally:
        run.inside = False


async def _acomplete(
    wrapped: Callable[..., Awaitable[Any]], model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """The same, for `ainvoke`."""
    run = _only(args, kwargs)
    if run is None:
        return await wrapped(*args, **kwargs)
    runs.enter(run)
    try:
        return await wrapped(*args, **kwargs)
    finally:
        run.inside = False


def _from_cache(wrapped: Callable[..., Any], model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A model's cache held the answer: the callbacks are the same as for one that was generated."""
    call = runs.own_call(runs.entered())
    if call is not None:
        call.cached = True
    return wrapped(*args, **kwargs)


async def _astart_llm(
    wrapped: Callable[..., Awaitable[Any]], manager: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """With an inline handler there, LangChain does not tell the others that a plain model starts: tell ours apart.

    (`AsyncCallbackManager.on_llm_start`, langchain-core 1.0 to 1.8.)
    """
    everyone = manager.handlers
    others = [one for one in everyone if one is not handler]
    if len(others) == len(everyone) or not others or any(one.run_inline for one in others):
        return await wrapped(*args, **kwargs)
    without_ours = copy.copy(manager)  # several prompts share one manager, at the same time
    without_ours.handlers = others
    managers = await wrapped.__func__(without_ours, *args, **kwargs)  # type: ignore[attr-defined]  # a bound method
    _tell_ours(manager, managers, everyone, *args, **kwargs)
    return managers


_WRAPPERS: Final[tuple[tuple[type, str, Callable[..., Any]], ...]] = (
    (BaseChatModel, "_generate_with_cache", _generate),
    (BaseChatModel, "_agenerate_with_cache", _agenerate),
    (BaseChatModel, "_convert_cached_generations", _from_cache),
    (BaseLLM, "_generate_helper", _complete),
    (BaseLLM, "_agenerate_helper", _acomplete),
    (BaseRetriever, "ainvoke", _aretrieve),
    (AsyncCallbackManager, "on_llm_start", _astart_llm),
)


def _tell_ours(
    manager: Any,
    managers: list[Any],
    everyone: list[Any],
    serialized: Any,
    prompts: list[str],
    run_id: Any = None,
    **kwargs: Any,
) -> None:
    place = {"parent_run_id": manager.parent_run_id, "tags": manager.tags, "metadata": manager.metadata}
    for one, prompt in zip(managers, prompts, strict=False):
        one.handlers = everyone
        if not handler.ignore_llm:
            handler.on_llm_start(serialized, [prompt], run_id=one.run_id, **place, **kwargs)


def _announced(kwargs: dict[str, Any]) -> Run | None:
    return runs.find(getattr(kwargs.get("run_manager"), "run_id", None))


def _only(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run | None:
    """The run of a plain model that was given one prompt; several are one request to the SDK, which is nobody's part."""
    managers = args[2] if len(args) > 2 else kwargs.get("run_managers")
    if not isinstance(managers, list) or len(managers) != 1:
        return None
    run = runs.find(getattr(managers[0], "run_id", None))
    return run if run is not None and run.open else None


def _begin_now(run: Run) -> None:
    runs.restart(run)
    runs.enter(run)


def _cancelled(run: Run, error: BaseException) -> None:
    if run.open:
        runs.fail(run, error)
