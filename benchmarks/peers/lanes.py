"""What is measured inside a worker. Arms of one round run right after one another: compare within a round.

Each function takes the adapter, the plain function, the captured one and a number of calls. Times of calls are nanoseconds, of the clock
and, under "… cpu", of the thread's own CPU: on a shared machine the worst in a hundred by the clock are those that somebody else interrupted.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from payloads import ANSWER, CHUNKS, CONVERSATIONS

Times = dict[str, list[int]]
Spell = tuple[list[int], list[int]]
"""By the clock, of the thread's CPU."""
clock, own = time.perf_counter_ns, time.thread_time_ns


class Missing(Exception):
    """The peer has nothing for this, or its framework is not installed."""


def decorated(adapter: Any, plain: Any, captured: Any, calls: int, gap_s: float = 0.0) -> Times:
    """A function that takes 2 KB of messages and gives 0.5 KB back."""
    found = {}
    for name, function in (("none", plain), ("peer", captured)):
        adapter.flush()  # no arm pays for the records of the one before
        gc.collect()
        for one in CONVERSATIONS[:5]:
            function(one)
        took: list[int] = []
        spent: list[int] = []
        for number in range(calls):
            messages = CONVERSATIONS[number % 50]
            if gap_s:
                time.sleep(gap_s)
            mine, begun = own(), clock()
            function(messages)
            ended = clock()
            spent.append(own() - mine)
            took.append(ended - begun)
        found[name], found[f"{name} cpu"] = took, spent
    adapter.flush()
    return found


def invoke(adapter: Any, plain: Any, captured: Any, calls: int) -> Times:
    """LangChain's `invoke` of a model that answers at once."""
    model, said, arms = _langchain(adapter)
    return _arms(adapter, arms, lambda config: _spell(lambda: model.invoke(said, config), calls))


def ainvoke(adapter: Any, plain: Any, captured: Any, calls: int) -> Times:
    """The same with `ainvoke`, one call after the other."""
    model, said, arms = _langchain(adapter)

    async def spell(config: Any) -> Spell:
        took, spent = [], []
        for number in range(calls + 5):
            mine, begun = own(), clock()
            await model.ainvoke(said, config)
            ended = clock()
            if number >= 5:
                spent.append(own() - mine)
                took.append(ended - begun)
        return took, spent

    return _arms(adapter, arms, lambda config: asyncio.run(spell(config)))


def stream(adapter: Any, plain: Any, captured: Any, calls: int) -> Times:
    """A stream of 100 chunks, read to its end; the time is that of the stream."""
    model, said, arms = _langchain(adapter)

    def read(config: Any) -> None:
        for _ in model.stream(said, config):
            pass

    return _arms(adapter, arms, lambda config: _spell(lambda: read(config), calls))


def llama(adapter: Any, plain: Any, captured: Any, calls: int) -> Times:
    """LlamaIndex' `chat` of its own mock model."""
    if isinstance(adapter.llama_index, str):
        raise Missing(adapter.llama_index)
    try:
        from llama_index.core.base.llms.types import ChatMessage
        from llama_index.core.llms import MockLLM
    except ImportError as error:
        raise Missing("LlamaIndex is not installed here: pip install 'agentlog[llama-index]'") from error
    model = MockLLM()
    said = [ChatMessage(role=one["role"], content=one["content"]) for one in CONVERSATIONS[0]]
    arms = {"none": nullcontext, "peer": adapter.llama_index}
    return _arms(adapter, arms, lambda _: _spell(lambda: model.chat(said), calls))


def cpu(adapter: Any, plain: Any, captured: Any, calls: int) -> dict[str, float]:
    """CPU seconds of this process until all is sent, and of those that work for it."""
    found = {}
    for name, function in (("none", plain), ("peer", captured)):
        adapter.flush()
        gc.collect()
        beside = _beside(adapter)
        begun = time.process_time()
        for number in range(calls):
            function(CONVERSATIONS[number % 50])
        adapter.flush()
        found[name] = time.process_time() - begun
        found[f"{name} beside"] = _beside(adapter) - beside
    return found


def wakeup(adapter: Any, plain: Any, captured: Any, calls: int, ticks: int) -> Times:
    """How late an event loop wakes up from sleeping 1 ms, while `calls` calls made at once are worked off and one more comes each time."""

    async def late(function: Callable[..., Any]) -> list[int]:
        for number in range(calls):
            function(CONVERSATIONS[number % 50])
        found = []
        for number in range(ticks):
            function(CONVERSATIONS[number % 50])
            begun = clock()
            await asyncio.sleep(0.001)
            found.append(clock() - begun - 1_000_000)
        return found

    found = {}
    for name, function in (("none", plain), ("peer", captured)):
        adapter.flush()
        gc.collect()
        found[name] = asyncio.run(late(function))
    adapter.flush()
    return found


def flood(adapter: Any, plain: Any, captured: Any, calls: int) -> dict[str, float]:
    """Calls as fast as they can be made; how far memory grows meanwhile and until all is sent, at its highest."""
    adapter.flush()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest mark begins anew
    before = _memory("VmRSS")
    begun = time.perf_counter()
    for number in range(calls):
        captured(CONVERSATIONS[number % 50])
    taken = time.perf_counter() - begun
    adapter.flush()
    return {"taken_s": taken, "sent_s": time.perf_counter() - begun, "grown_mb": _memory("VmHWM") - before}


def _langchain(adapter: Any) -> tuple[Any, list[Any], dict[str, Callable[[], AbstractContextManager[Any]]]]:
    """A model, what is said to it, and the arms: nothing, a handler that does nothing, the peer."""
    if isinstance(adapter.langchain, str):
        raise Missing(adapter.langchain)
    try:
        from langchain_core.callbacks import BaseCallbackHandler
        from langchain_core.language_models import BaseChatModel
        from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage
        from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
    except ImportError as error:
        raise Missing("LangChain is not installed here: pip install 'agentlog[langchain]'") from error
    usage = {"input_tokens": 500, "output_tokens": 100, "total_tokens": 600}

    class Model(BaseChatModel):
        """Answers at once, with usage, like a provider's."""

        model_name: str = "m"

        @property
        def _llm_type(self) -> str:
            return "bench"

        @property
        def _identifying_params(self) -> dict[str, Any]:
            return {"model_name": self.model_name}

        def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **more: Any) -> Any:
            return ChatResult(
                generations=[ChatGeneration(message=AIMessage(ANSWER["content"], usage_metadata=dict(usage)))]
            )

        async def _agenerate(self, messages: Any, stop: Any = None, run_manager: Any = None, **more: Any) -> Any:
            return self._generate(messages)

        def _stream(self, messages: Any, stop: Any = None, run_manager: Any = None, **more: Any) -> Iterator[Any]:
            for _ in range(CHUNKS):
                yield ChatGenerationChunk(message=AIMessageChunk(content="word "))

    class Nothing(BaseCallbackHandler):
        run_inline = True

    said = [SystemMessage(CONVERSATIONS[0][0]["content"]), HumanMessage(CONVERSATIONS[0][1]["content"])]

    @contextmanager
    def noop() -> Iterator[dict[str, Any]]:
        yield {"callbacks": [Nothing()]}

    return Model(), said, {"none": nullcontext, "noop": noop, "peer": adapter.langchain}


def _arms(adapter: Any, arms: dict[str, Callable[[], Any]], spell: Callable[[Any], Spell]) -> Times:
    """A spell of each arm; what is captured is captured in the peer's own arm only."""
    quiet = getattr(adapter, "quiet", nullcontext)
    found = {}
    for name, around in arms.items():
        adapter.flush()
        gc.collect()
        with nullcontext() if name == "peer" else quiet(), around() as config:
            found[name], found[f"{name} cpu"] = spell(config)
    adapter.flush()
    return found


def _spell(call: Callable[[], Any], calls: int) -> Spell:
    for _ in range(min(5, calls)):
        call()
    took, spent = [], []
    for _ in range(calls):
        mine, begun = own(), clock()
        call()
        ended = clock()
        spent.append(own() - mine)
        took.append(ended - begun)
    return took, spent


def _beside(adapter: Any) -> float:
    """CPU seconds of the processes that work for this one."""
    spent = 0.0
    for pid in adapter.beside() if hasattr(adapter, "beside") else ():
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _memory(what: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    raise LookupError(f"/proc/self/status has no {what}")
