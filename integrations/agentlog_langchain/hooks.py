"""Hooking into LangChain: we listen at its run managers, and at the few places where LangChain tells them nothing.

LangChain tells a run manager of everything that happens to a run; the manager hands it to callback handlers. We stand at
the managers' methods instead of being one more handler: that is half the cost (nothing is handed on, nor added to every
manager), there is no thread to hop to, and the handlers of others are called as if we were not there.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Final, TypeVar

from langchain_core.callbacks import manager as managers
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.language_models.llms import BaseLLM
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool
from langchain_core.version import VERSION

from agentlog import runtime
from agentlog.recording import context
from agentlog.recording.snapshot import encode
from agentlog.semconv import EXECUTE_TOOL
from agentlog_langchain import events, plain, runs
from agentlog_langchain.events import end_model
from agentlog_langchain.runs import Run

_RELEASE: Final = tuple(map(int, VERSION.split(".")[:2]))

_Made = TypeVar("_Made")

_wrapped: Final[list[tuple[type, str, Any, Any]]] = []
_listening = False


def install() -> tuple[str, ...]:
    """Listen to every run from now on. What we would listen to and this release of LangChain does not have is returned."""
    global _listening
    absent = []
    for owner, name, wrap in _WRAPPERS:
        original = vars(owner).get(name)
        if original is None:
            if name not in _NEWER:
                absent.append(f"{owner.__name__}.{name}")
            continue
        wrapper = functools.wraps(original)(wrap(original))
        setattr(owner, name, wrapper)
        _wrapped.append((owner, name, original, wrapper))
    context.add_source(runs.current)
    _listening = True
    return tuple(absent)


def uninstall() -> None:
    """Leave LangChain as it was found."""
    global _listening
    _listening = False
    context.remove_source(runs.current)
    while _wrapped:
        owner, name, original, wrapper = _wrapped.pop()
        # if somebody wrapped it after us, ours stays below theirs: it hears of no beginning, and passes on
        if vars(owner).get(name) is wrapper:
            setattr(owner, name, original)
    runs.forget()


# ---------------------------------------------------------------- what run managers are told
#
# Each takes LangChain's method and gives the one that stands in its place. Nothing here raises but what the method does,
# and failures of ours reach neither the application nor LangChain's log, which would show their words.


def _problem(error: Exception) -> None:
    try:
        runtime.problem("a run of LangChain was not recorded whole", error)
    except Exception:  # noqa: BLE001 - at the end of the stack not even that can be said
        pass


def _begins(event: Callable[..., None]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A run begins, when the handlers of others have been told: what they take is not the run's."""

    def wrap(start: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(start):

            async def begins_async(self: Any, *args: Any, **kwargs: Any) -> Any:
                manager = await start(self, *args, **kwargs)
                if _listening:
                    try:
                        event(self, manager, *args, **kwargs)
                    except Exception as error:  # noqa: BLE001 - see above
                        _problem(error)
                return manager

            return begins_async

        def begins(self: Any, *args: Any, **kwargs: Any) -> Any:
            manager = start(self, *args, **kwargs)
            if _listening:
                try:
                    event(self, manager, *args, **kwargs)
                except Exception as error:  # noqa: BLE001 - see above
                    _problem(error)
            return manager

        return begins

    return wrap


def _goes_on(event: Callable[..., None]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Something has happened to a run: before the handlers of others are told."""

    def wrap(tell: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(tell):

            async def goes_on_async(self: Any, *args: Any, **kwargs: Any) -> Any:
                try:
                    event(self.run_id, *args, **kwargs)
                except Exception as error:  # noqa: BLE001 - see above
                    _problem(error)
                return await tell(self, *args, **kwargs)

            return goes_on_async

        def goes_on(self: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                event(self.run_id, *args, **kwargs)
            except Exception as error:  # noqa: BLE001 - see above
                _problem(error)
            return tell(self, *args, **kwargs)

        return goes_on

    return wrap


# ---------------------------------------------------------------- where LangChain tells nobody


def _quietly(step: Callable[..., _Made], *args: Any, **kwargs: Any) -> _Made | None:
    """What `step` gives; None where it fails."""
    try:
        return step(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - see above
        _problem(error)
        return None


def _in_turn(generate: Callable[..., Any]) -> Callable[..., Any]:
    """`generate` with several lists asks one after the other, and tells how they ended only when all have."""

    def _generate_with_cache(self: Any, *args: Any, **kwargs: Any) -> Any:
        run = _quietly(_whose_turn, kwargs) if runs.waiting else None
        if run is None:
            return generate(self, *args, **kwargs)
        try:
            answer = generate(self, *args, **kwargs)
        finally:
            run.inside = False
        if run.open:
            _quietly(end_model, run, answer.generations, answer.llm_output)
        return answer

    return _generate_with_cache


def _cancelled(generate: Callable[..., Any]) -> Callable[..., Any]:
    """A cancelled `ainvoke` ends without a callback."""

    async def _agenerate_with_cache(self: Any, *args: Any, **kwargs: Any) -> Any:
        if runs.waiting:
            _quietly(_whose_turn, kwargs)
        try:
            return await generate(self, *args, **kwargs)
        except BaseException as error:
            run = None if isinstance(error, Exception) else _quietly(_run_of, kwargs)
            if run is not None and run.open:
                _quietly(runs.fail, run, error)
            raise

    return _agenerate_with_cache


def _cancelled_below(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """A cancelled retriever ends without a callback; so does a tool before langchain-core 1.8."""

    async def cancelled_below(self: Any, *args: Any, **kwargs: Any) -> Any:
        before = _quietly(runs.entered)
        try:
            return await invoke(self, *args, **kwargs)
        except BaseException as error:
            run = None if isinstance(error, Exception) else _quietly(runs.entered)
            while run is not None and run is not before:
                if run.open:
                    _quietly(runs.fail, run, error)
                run = run.outer
            raise

    return cancelled_below


def _inside(generate: Callable[..., Any]) -> Callable[..., Any]:
    """A plain model's own work; a chat model's begins with its run (see `events.on_llm_start`)."""

    def _generate_helper(self: Any, *args: Any, **kwargs: Any) -> Any:
        run = _quietly(_enter_only, args, kwargs)
        try:
            return generate(self, *args, **kwargs)
        finally:
            if run is not None:
                run.inside = False

    return _generate_helper


def _inside_async(generate: Callable[..., Any]) -> Callable[..., Any]:
    """The same, for `ainvoke`."""

    async def _agenerate_helper(self: Any, *args: Any, **kwargs: Any) -> Any:
        run = _quietly(_enter_only, args, kwargs)
        try:
            return await generate(self, *args, **kwargs)
        finally:
            if run is not None:
                run.inside = False

    return _agenerate_helper


def _from_cache(convert: Callable[..., Any]) -> Callable[..., Any]:
    """A model's cache held the answer; the callbacks are the same as for one that was generated."""

    def _convert_cached_generations(self: Any, *args: Any, **kwargs: Any) -> Any:
        run = _quietly(runs.entered)
        if run is not None and run.call.id:
            run.call.cached = True
        return convert(self, *args, **kwargs)

    return _convert_cached_generations


def _told_late(prepare: Callable[..., Any]) -> Callable[..., Any]:
    """What old releases do not tell when a tool begins, its run knows a moment later.

    Before langchain-core 1.2 that is the tool call's id, before 1.0.7 which arguments a framework injects (a key, a state).
    """

    def _to_args_and_kwargs(self: Any, *args: Any, **kwargs: Any) -> Any:
        _quietly(_complete, self, *args, **kwargs)
        return prepare(self, *args, **kwargs)

    return _to_args_and_kwargs


def _complete(tool: BaseTool, tool_input: Any, tool_call_id: str | None = None) -> None:
    run = runs.entered()
    if run is None or not run.open or not run.call.id or run.call.operation != EXECUTE_TOOL:
        return
    run.call.tool_call_id = run.call.tool_call_id or tool_call_id or ""
    hidden = plain.injected(tool)
    if isinstance(tool_input, dict) and not hidden.isdisjoint(tool_input):
        filled = {name: value for name, value in tool_input.items() if name not in hidden}
        run.call.request = encode(plain.arguments(filled, ""))


def _run_of(kwargs: dict[str, Any]) -> Run | None:
    return runs.find(getattr(kwargs.get("run_manager"), "run_id", None))


def _whose_turn(kwargs: dict[str, Any]) -> Run | None:
    """The run that was announced, and that is entered now."""
    run = _run_of(kwargs)
    return run if runs.take_turn(run) else None


def _enter_only(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run | None:
    """Enter the run of a plain model that was given one prompt; several are one request to the SDK, which is nobody's part."""
    given = args[2] if len(args) > 2 else kwargs.get("run_managers")
    if not isinstance(given, list) or len(given) != 1:
        return None
    run = runs.find(getattr(given[0], "run_id", None))
    if run is None or not run.open:
        return None
    runs.enter(run)
    return run


_BOTH: Final = (managers.CallbackManager, managers.AsyncCallbackManager)
_MODEL: Final = (managers.CallbackManagerForLLMRun, managers.AsyncCallbackManagerForLLMRun)
_TOOL: Final = (managers.CallbackManagerForToolRun, managers.AsyncCallbackManagerForToolRun)
_RETRIEVER: Final = (managers.CallbackManagerForRetrieverRun, managers.AsyncCallbackManagerForRetrieverRun)
_CHAIN: Final = (managers.CallbackManagerForChainRun, managers.AsyncCallbackManagerForChainRun)

_NEWER: Final = ("on_stream_event",)
"""What came with a kind of stream that older releases do not have: nothing is missed there."""

_Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]
_EVENTS: Final[tuple[tuple[tuple[type, ...], str, _Wrap], ...]] = (
    (_BOTH, "on_chat_model_start", _begins(events.on_chat_model_start)),
    (_BOTH, "on_llm_start", _begins(events.on_llm_start)),
    (_BOTH, "on_tool_start", _begins(events.on_tool_start)),
    (_BOTH, "on_retriever_start", _begins(events.on_retriever_start)),
    (_BOTH, "on_chain_start", _begins(events.on_chain_start)),
    (_MODEL, "on_llm_new_token", _goes_on(events.on_llm_new_token)),
    (_MODEL, "on_stream_event", _goes_on(events.on_stream_event)),
    (_MODEL, "on_llm_end", _goes_on(events.on_llm_end)),
    (_MODEL, "on_llm_error", _goes_on(events.on_error)),
    (_TOOL, "on_tool_end", _goes_on(events.on_tool_end)),
    (_TOOL, "on_tool_error", _goes_on(events.on_error)),
    (_RETRIEVER, "on_retriever_end", _goes_on(events.on_retriever_end)),
    (_RETRIEVER, "on_retriever_error", _goes_on(events.on_error)),
    (_CHAIN, "on_chain_end", _goes_on(events.on_chain_end)),
    (_CHAIN, "on_chain_error", _goes_on(events.on_chain_error)),
)
_WRAPPERS: Final[tuple[tuple[type, str, _Wrap], ...]] = (
    *((owner, name, wrap) for owners, name, wrap in _EVENTS for owner in owners),
    (BaseChatModel, "_generate_with_cache", _in_turn),
    (BaseChatModel, "_agenerate_with_cache", _cancelled),
    (BaseChatModel, "_convert_cached_generations", _from_cache),
    (BaseLLM, "_generate_helper", _inside),
    (BaseLLM, "_agenerate_helper", _inside_async),
    (BaseRetriever, "ainvoke", _cancelled_below),
    (BaseTool, "arun", _cancelled_below),
    *(((BaseTool, "_to_args_and_kwargs", _told_late),) if _RELEASE < (1, 2) else ()),
)
