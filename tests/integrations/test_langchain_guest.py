"""A guest in someone else's program: beside other handlers, in and out again, and LangChain as it was found."""

from __future__ import annotations

import asyncio
import copy
import inspect
import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.callbacks import AsyncCallbackHandler, AsyncCallbackManager, BaseCallbackHandler, CallbackManager
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.language_models.fake import FakeListLLM
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import BaseTool
from langchain_core.tracers import context as tracers

import agentlog
from agentlog import runtime
from agentlog.recording import context


@pytest.fixture
def listening() -> Iterator[None]:
    with agentlog.instrument("langchain_core"):
        yield


def model(answer: str = "ok") -> FakeListChatModel:
    return FakeListChatModel(responses=[answer])


def found() -> Any:
    """LangChain as it is: what every one of its modules and classes that are loaded holds, and who is hooked into it."""
    held: dict[Any, Any] = {}
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] in ("langchain_core", "langgraph", "langchain"):
            for owner in (module, *(one for one in vars(module).values() if isinstance(one, type))):
                if owner is module or owner.__module__.partition(".")[0] in (
                    "langchain_core",
                    "langgraph",
                    "langchain",
                ):
                    held.update({(owner, key): id(value) for key, value in vars(owner).items() if key not in _CACHES})
    return [list(map(id, hook)) for hook in tracers._configure_hooks], held


# what Python and pydantic keep for themselves, and make anew
_CACHES = ("__abstractmethods__", "_abc_impl", "__annotations__", "__warningregistry__", "__pydantic_decorators__")


def test_langchain_is_left_as_it_was_found(taken):
    kept = model()
    kept.invoke("hi")
    with agentlog.instrument("langchain_core"):
        pass
    before, sources = found(), context._sources
    with agentlog.instrument("langchain_core"):
        kept.invoke("hi")
        during = found()
    after = found()
    assert after == before
    changed = {key for key, value in before[1].items() if during[1][key] != value}
    assert (CallbackManager, "on_chat_model_start") in changed
    assert (BaseTool, "arun") in changed
    assert during[0] == before[0]
    assert during[1].keys() == before[1].keys()
    assert context._sources == sources
    kept.invoke("hi")
    model().invoke("hi")
    assert len(taken.calls) == 1


def test_instrumenting_twice_records_once_and_the_last_to_leave_restores(taken):
    import langchain_core
    import langgraph

    before = found()
    agentlog.instrument(langchain_core)
    agentlog.instrument(langgraph, "langchain")
    model().invoke("hi")
    assert len(taken.calls) == 1
    agentlog.uninstrument(langchain_core)
    model().invoke("hi")
    assert len(taken.calls) == 2
    agentlog.uninstrument("langgraph")
    model().invoke("hi")
    assert len(taken.calls) == 2
    assert found() == before


def test_it_can_be_instrumented_again(taken):
    for _ in range(3):
        with agentlog.instrument("langchain_core"):
            model().invoke("hi")
    assert len(taken.calls) == 3


def test_models_and_chains_made_before_are_recorded(taken):
    chain = RunnableLambda(lambda value: value) | model()
    with agentlog.instrument("langchain_core"):
        chain.invoke("hi")
    assert [call.operation for call in taken.calls] == ["chat", "invoke_workflow"]


def test_what_somebody_wraps_after_us_stays_when_we_leave(taken):
    original = vars(BaseChatModel)["_agenerate_with_cache"]
    agentlog.instrument("langchain_core")
    ours = vars(BaseChatModel)["_agenerate_with_cache"]

    async def theirs(self: Any, *args: Any, **kwargs: Any) -> Any:
        return await ours.__get__(self)(*args, **kwargs)

    try:
        BaseChatModel._agenerate_with_cache = theirs  # type: ignore[method-assign]
        agentlog.uninstrument("langchain_core")
        assert vars(BaseChatModel)["_agenerate_with_cache"] is theirs
        assert asyncio.run(model("still").ainvoke("hi")).content == "still"
        with agentlog.instrument("langchain_core"):
            asyncio.run(model().ainvoke("hi"))
        assert len(taken.calls) == 1
    finally:
        BaseChatModel._agenerate_with_cache = original  # type: ignore[method-assign]


def test_what_somebody_wraps_around_the_beginning_of_a_run_stays_and_hears_of_it_once(taken):
    original = vars(CallbackManager)["on_chat_model_start"]
    agentlog.instrument("langchain_core")
    ours = vars(CallbackManager)["on_chat_model_start"]

    def theirs(self: Any, *args: Any, **kwargs: Any) -> Any:
        return ours(self, *args, **kwargs)

    try:
        CallbackManager.on_chat_model_start = theirs  # type: ignore[method-assign]
        agentlog.uninstrument("langchain_core")
        assert vars(CallbackManager)["on_chat_model_start"] is theirs
        assert model("still").invoke("hi").content == "still"
        assert taken.calls == []
        with agentlog.instrument("langchain_core"):
            model().invoke("hi")
        assert len(taken.calls) == 1
    finally:
        CallbackManager.on_chat_model_start = original  # type: ignore[method-assign]


def test_a_run_that_is_under_way_when_we_leave_ends_as_if_nothing_were(taken):
    stream = model("abc").stream
    agentlog.instrument("langchain_core")
    pieces = stream("hi")
    first = next(pieces)
    agentlog.uninstrument("langchain_core")
    assert first.content + "".join(str(piece.content) for piece in pieces) == "abc"
    assert taken.calls == []


class Noting(BaseCallbackHandler):
    """Somebody else's handler."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
        self.events.append("chat")

    def on_llm_start(self, *args: Any, **kwargs: Any) -> None:
        self.events.append("llm")

    def on_llm_end(self, *args: Any, **kwargs: Any) -> None:
        self.events.append("end")


class AsyncNoting(AsyncCallbackHandler):
    """Somebody else's async handler."""

    def __init__(self) -> None:
        self.events: list[str] = []

    async def on_llm_start(self, *args: Any, **kwargs: Any) -> None:
        self.events.append("llm")

    async def on_llm_end(self, *args: Any, **kwargs: Any) -> None:
        self.events.append("end")


class Inline(Noting):
    """One that runs inline, as ours."""

    run_inline = True


async def told(how: Any) -> list[list[str]]:
    """What handlers of others hear of calls of both kinds of models."""
    heard = []
    for handlers in ([Noting()], [Noting(), AsyncNoting()], [Inline()], [Inline(), Noting()]):
        for one in (model(), FakeListLLM(responses=["a"])):
            await how(one, {"callbacks": handlers})
        heard += [handler.events for handler in handlers]
    return heard


async def _invoke(one: Any, config: Any) -> None:
    one.invoke("hi", config)


async def _ainvoke(one: Any, config: Any) -> None:
    await one.ainvoke("hi", config)


async def _abatch(one: Any, config: Any) -> None:
    await one.agenerate_prompt([one._convert_input("a"), one._convert_input("b")], callbacks=config["callbacks"])


@pytest.mark.filterwarnings(
    "ignore::RuntimeWarning"
)  # langchain leaves coroutines of such handlers unawaited by itself
@pytest.mark.parametrize("how", [_invoke, _ainvoke, _abatch])
async def test_handlers_of_others_hear_the_same_with_us_and_without(taken, how):
    without = await told(how)
    with agentlog.instrument("langchain_core"):
        within = await told(how)
    assert within == without
    assert [call.operation for call in taken.calls].count("chat") == (8 if how is _abatch else 4)
    assert [call.operation for call in taken.calls].count("text_completion") == (8 if how is _abatch else 4)


def test_a_handler_of_others_that_raises_still_raises_and_leaves_nothing_behind(taken, listening):
    from agentlog_langchain import runs

    class Strict(BaseCallbackHandler):
        raise_error = True

        def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
            raise PermissionError("not today")

    before = len(runs.known)
    with pytest.raises(PermissionError):
        model().invoke("hi", {"callbacks": [Strict()]})
    assert len(runs.known) == before
    assert context.innermost() is None


@pytest.mark.parametrize("given", ["none", "list", "empty", "manager", "copy"])
def test_a_run_is_recorded_once_however_callbacks_are_given_and_they_stay_as_they_were(taken, listening, given):
    handlers: list[BaseCallbackHandler] = [Noting()]
    manager = CallbackManager(handlers, handlers)
    ways = {"none": None, "list": [Noting()], "empty": [], "manager": manager, "copy": copy.deepcopy(manager)}
    callbacks = ways[given]
    seen: list[Any] = []

    def look(value: Any, config: Any) -> Any:
        seen.append([type(one) for one in config["callbacks"].handlers])
        return value

    (RunnableLambda(look) | model()).invoke("hi", {"callbacks": callbacks})
    assert [call.operation for call in taken.calls] == ["chat", "invoke_workflow"]
    assert seen == [[] if given in ("none", "empty") else [Noting]]


async def test_nothing_of_ours_goes_to_another_thread(taken, listening, monkeypatch):
    class Own(FakeListChatModel):
        async def _agenerate(self, *args: Any, **kwargs: Any) -> Any:
            return self._generate(*args, **kwargs)

    class Tool(BaseTool):
        name: str = "double"
        description: str = "Twice."

        def _run(self, number: int) -> int:
            return 2 * number

        async def _arun(self, number: int) -> int:
            return 2 * number

    def hop(*args: Any) -> Any:
        raise AssertionError("a hop to a pool of threads")

    monkeypatch.setattr(asyncio.get_running_loop(), "run_in_executor", hop)
    await Own(responses=["x"]).ainvoke("hi")
    await Tool().ainvoke({"number": 2})
    assert [call.operation for call in taken.calls] == ["chat", "execute_tool"]
    assert {call.error for call in taken.calls} == {""}


def test_nothing_is_recorded_and_nothing_breaks_when_recording_is_off(taken, listening, monkeypatch):
    monkeypatch.setattr(runtime, "_on", False)
    assert (RunnableLambda(lambda value: value) | model("fine")).invoke("hi").content == "fine"
    assert [piece.content for piece in model("ab").stream("hi")] == ["a", "b"]
    assert taken.calls == []


def test_a_run_id_of_the_users_own_is_taken(taken, listening):
    import uuid

    mine = uuid.uuid4()
    said = model("fine").invoke("hi", {"run_id": mine})
    assert str(mine) in said.id
    assert taken.one().message_ids == [said.id]


def test_methods_we_wrap_look_as_they_did(listening):
    assert list(inspect.signature(BaseChatModel._agenerate_with_cache).parameters)[:2] == ["self", "messages"]
    assert list(inspect.signature(CallbackManager.on_llm_start).parameters)[:3] == ["self", "serialized", "prompts"]
    assert inspect.iscoroutinefunction(AsyncCallbackManager.on_chat_model_start)
    assert BaseRetriever.ainvoke.__name__ == "ainvoke"
    pickle.loads(pickle.dumps(model())).invoke("hi")


def test_the_integration_can_be_imported_without_langchain():
    code = (
        "import sys\n"
        "sys.modules['langchain_core'] = None\n"
        "import agentlog_langchain\n"
        "assert agentlog_langchain.LangChainIntegration.library == 'langchain_core'\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'pyarrow', 'numpy', 'pandas', 'pydantic'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_coverage_says_what_is_covered_and_what_is_not():
    with agentlog.instrument("langchain_core") as done:
        assert any("models, tools, retrievers" in one for one in done.covered)
        assert any("embeddings" in one for one in done.missing)


def test_what_a_release_does_not_have_is_said(monkeypatch, taken):
    monkeypatch.delattr(BaseChatModel, "_convert_cached_generations")
    with agentlog.instrument("langchain_core") as done:
        assert any("BaseChatModel._convert_cached_generations" in one for one in done.missing)
        model().invoke("hi")
    assert taken.one().operation == "chat"


@pytest.mark.parametrize(
    ("release", "said"), [("1.0.0", True), ("1.2.3", True), ("1.2.4", False), ("1.10.0rc1", False)]
)
def test_a_release_that_tells_no_agents_names_is_said(monkeypatch, release, said):
    import agentlog_langchain

    monkeypatch.setattr(agentlog_langchain, "version", lambda name: release if name == "langchain" else "1.2.0")
    with agentlog.instrument("langchain_core") as done:
        assert any("agents' names" in one for one in done.missing) is said


def test_the_answer_is_untouched(taken, listening):
    answer = AIMessage("x", id="mine")

    class Own(FakeListChatModel):
        def _generate(self, *args: Any, **kwargs: Any) -> Any:
            result = super()._generate(*args, **kwargs)
            result.generations[0].message = answer
            return result

    assert Own(responses=["y"]).invoke("hi") is answer
