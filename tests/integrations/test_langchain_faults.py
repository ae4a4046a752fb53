"""Whatever fails inside our hooks, the application has its own result, its own exception, and `status()` says that something failed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.language_models.fake import FakeListLLM
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import HumanMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool

import agentlog
from agentlog import runtime
from agentlog_langchain import events, hooks, plain, runs


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    with agentlog.instrument("langchain_core"):
        yield


class Cut(FakeListChatModel):
    """Breaks off after its first piece."""

    responses: list[str] = ["abc"]

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        async for chunk in super()._astream(*args, **kwargs):
            yield chunk
            raise ConnectionResetError

    def _call(self, *args: Any, **kwargs: Any) -> str:
        raise ConnectionError("down")


class Slow(FakeListChatModel):
    """Answers too late."""

    responses: list[str] = []

    async def _agenerate(self, *args: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(30)


class Shelf(BaseRetriever):
    """Finds one document, or waits."""

    wait_s: float = 0.0

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [Document(query)]

    async def _aget_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
        await asyncio.sleep(self.wait_s)
        return [Document(query)]


@tool
def double(number: int) -> int:
    """Twice."""
    return 2 * number


@tool
async def wait(number: int) -> int:
    """Wait."""
    await asyncio.sleep(30)
    return number


def model() -> FakeListChatModel:
    return FakeListChatModel(responses=["ab"])


def from_cache() -> Any:
    asked = FakeListChatModel(responses=["ab", "cd"], cache=InMemoryCache())
    return [asked.invoke("hi").content, asked.invoke("hi").content]


async def _content(answer: Awaitable[Any]) -> Any:
    return (await answer).content


async def _read(stream: AsyncIterator[Any]) -> str:
    return "".join([str(piece.content) async for piece in stream])


def _generate() -> list[str]:
    lists = [[HumanMessage("a")], [HumanMessage("b")]]
    return [one[0].text for one in model().generate(lists).generations]


# what an application does → what it gets, or the name of what it catches
SCENES: dict[str, tuple[Callable[[], Awaitable[Any]], Any]] = {
    "invoke": (lambda: asyncio.to_thread(lambda: model().invoke("hi").content), "ab"),
    "ainvoke": (lambda: _content(model().ainvoke("hi")), "ab"),
    "stream": (lambda: asyncio.to_thread(lambda: "".join(str(one.content) for one in model().stream("hi"))), "ab"),
    "astream": (lambda: _read(model().astream("hi")), "ab"),
    "generate": (lambda: asyncio.to_thread(_generate), ["ab", "ab"]),
    "failing": (lambda: asyncio.to_thread(Cut().invoke, "hi"), "ConnectionError"),
    "cut": (lambda: _read(Cut().astream("hi")), "ConnectionResetError"),
    "cancelled": (lambda: asyncio.wait_for(Slow().ainvoke("hi"), 0.01), "TimeoutError"),
    "cached": (lambda: asyncio.to_thread(from_cache), ["ab", "ab"]),
    "plain model": (lambda: FakeListLLM(responses=["x"]).ainvoke("hi"), "x"),
    "plain model in a thread": (lambda: asyncio.to_thread(FakeListLLM(responses=["x"]).invoke, "hi"), "x"),
    "tool": (lambda: asyncio.to_thread(double.invoke, {"number": 2}), 4),
    "cancelled tool": (lambda: asyncio.wait_for(wait.ainvoke({"number": 2}), 0.01), "TimeoutError"),
    "retriever": (lambda: Shelf().ainvoke("q"), [Document("q")]),
    "cancelled retriever": (lambda: asyncio.wait_for(Shelf(wait_s=30).ainvoke("q"), 0.01), "TimeoutError"),
    "chain": (lambda: asyncio.to_thread((RunnableLambda(str.upper) | str.lower).invoke, "Ab"), "ab"),
    "chain in a task": (lambda: (RunnableLambda(str.upper) | str.lower).ainvoke("Ab"), "ab"),
}


async def outcome(act: Callable[[], Awaitable[Any]]) -> Any:
    try:
        return await act()
    except Exception as error:  # noqa: BLE001 - whichever it is, it is compared
        return type(error).__name__


def _break(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[str]:
    """From now on it raises; what has reached it is noted."""
    reached: list[str] = []

    def broken(*args: Any, **kwargs: Any) -> Any:
        reached.append(name)
        raise RuntimeError("private words")

    monkeypatch.setattr(owner, name, broken)
    return reached


INSIDE = [
    (runtime, "begin"),
    (runtime, "finish"),
    (events, "describe"),
    (events, "encode"),
    (events, "end_model"),
    (events, "first_chunk"),
    (hooks, "end_model"),
    (plain, "messages"),
    (plain, "parameters"),
    (plain, "generations"),
    (plain, "arguments"),
    (plain, "result"),
    (plain, "documents"),
    (plain, "plain"),
    (plain, "answer_ids"),
    (runs, "note"),
    (runs, "begin"),
    (runs, "around"),
    (runs, "find"),
    (runs, "find_open"),
    (runs, "enter"),
    (runs, "entered"),
    (runs, "take_turn"),
    (runs, "announce"),
    (runs, "streamed"),
    (runs, "end"),
    (runs, "fail"),
]


@pytest.mark.parametrize(
    ("owner", "name"), INSIDE, ids=[f"{owner.__name__.split('.')[-1]}.{name}" for owner, name in INSIDE]
)
async def test_a_failure_of_ours_changes_nothing_for_the_application_and_is_told(
    taken, monkeypatch, caplog, owner, name
):
    reached = _break(monkeypatch, owner, name)
    with caplog.at_level(logging.WARNING):
        for scene, (act, expected) in SCENES.items():
            assert await outcome(act) == expected, scene
    assert reached, "nothing came through what was broken: the test shows nothing"
    assert "RuntimeError" in str(runtime.status().last_error)
    assert "private words" not in caplog.text
    assert "private words" not in str(runtime.status())


async def test_a_failure_of_ours_does_not_hide_what_happened_to_a_stream(taken, monkeypatch):
    reached = _break(monkeypatch, runs, "streamed")
    with pytest.raises(ConnectionResetError):
        await _read(Cut().astream("hi"))
    assert reached
    assert taken.one().error == "ConnectionResetError"


async def test_the_scenes_are_what_the_application_sees_without_us(taken):
    agentlog.uninstrument("langchain_core")
    for scene, (act, expected) in SCENES.items():
        assert await outcome(act) == expected, scene
    assert taken.calls == []
