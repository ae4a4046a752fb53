"""How much redaction misses, and what it costs: agentlog under `leak_bench`, on 200 real agent runs whose people are known.

Run from the checkout's root; `leak_bench` lies beside the checkout, in `../shared/bench`:

    PYTHONPATH=../shared/bench python -m leak_bench benchmarks.leak:text                   every text by itself
    PYTHONPATH=../shared/bench python -m leak_bench benchmarks.leak:trace --mode trace     a whole run at once
    PYTHONPATH=../shared/bench python -m leak_bench benchmarks.leak:stream --mode stream   call by call, as the recorder does
    PYTHONPATH=../shared/bench python -m leak_bench benchmarks.leak:written --mode trace   what stands in the parts in the end

`stream` holds a call until eight more model calls have come, thirty seconds have passed or the run is over, and then
redacts it with what is known by then. A message counts as it was first released. `--show` lists what was missed.
`written` is the worst case for what is learnt late: the real pipeline, and a `flush()` after every model call, so that nothing is
held. A message counts as it stands in the first row that has it, when the run is over and its parts have been repaired.
The Chinese sentences and the evasions take `text`: `python -m leak_bench.chinese benchmarks.leak:text` (needs faker),
`python -m leak_bench.evasions benchmarks.leak:text`.
"""

from __future__ import annotations

import itertools
import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from agentlog import open_dataset
from agentlog.messages.parts import Message, message, text_of, tool_call, tool_call_response
from agentlog.messages.parts import text as text_part
from agentlog.recorder.pipeline import Pipeline
from agentlog.records import Draft
from agentlog.redaction import Redactor, TraceRedactor
from agentlog.settings import load

HOLD_CALLS: Final = 8
HOLD_S: Final = 30.0
KEY: Final = b"a key for the benchmark"

OpenAIMessage = dict[str, Any]


def text() -> Callable[[str], str]:
    """Every text by itself, with a vocabulary of its own."""
    return Redactor(None, pseudonym_key=KEY).text


def trace() -> Callable[[list[OpenAIMessage]], list[OpenAIMessage]]:
    """A whole run: all of it is learnt before any of it is redacted."""
    redactor = Redactor(None, pseudonym_key=KEY)

    def redact(messages: list[OpenAIMessage]) -> list[OpenAIMessage]:
        draft = _draft(messages)
        return _redacted(redactor.trace(), draft, messages)

    return redact


def stream() -> Callable[[], Stream]:
    """A run as it is recorded: model call by model call, each held for a while."""
    redactor = Redactor(None, pseudonym_key=KEY)
    return lambda: Stream(redactor.trace())


class Stream:
    """One run, recorded as it goes."""

    def __init__(self, redactor: TraceRedactor) -> None:
        self._redactor = redactor
        self._held: deque[tuple[float, Draft, list[OpenAIMessage]]] = deque()
        self._released: list[OpenAIMessage] = []

    def record(self, messages: list[OpenAIMessage], at_s: float) -> list[OpenAIMessage]:
        """One more model call, `at_s` seconds after the run began; what is released by now."""
        draft = _draft(messages)
        self._redactor.learn(draft)
        self._held.append((at_s, draft, messages))
        while len(self._held) > HOLD_CALLS or at_s - self._held[0][0] >= HOLD_S:
            self._release()
        return self._released

    def end(self) -> list[OpenAIMessage]:
        """The run is over: what had not been released yet."""
        before = len(self._released)
        while self._held:
            self._release()
        return self._released[before:]

    def _release(self) -> None:
        _, draft, messages = self._held.popleft()
        redacted = _redacted(self._redactor, draft, messages)
        self._released = self._released + redacted[len(self._released) :]


def written() -> Callable[[list[OpenAIMessage]], list[OpenAIMessage]]:
    """A run whose every call is written at once, as its parts are in the end."""
    runs = itertools.count()

    def record(messages: list[OpenAIMessage]) -> list[OpenAIMessage]:
        run = f"run{next(runs)}"
        with tempfile.TemporaryDirectory() as folder:
            pipeline = Pipeline(load({"directory": Path(folder) / "records", "pseudonym_key": KEY}))
            ends = [place for place, one in enumerate(messages, 1) if one["role"] == "assistant"]
            ends = [*ends[:-1], len(messages)]
            for number, end in enumerate(ends):
                draft = _draft(messages[:end])
                draft.row |= {"call_id": f"{number:06d}", "trace_id": run, "parent_id": "root", "time": number}
                draft.root = False
                pipeline.add(draft)
                pipeline.flush()
            rows = open_dataset(pipeline.folder.path).to_arrow().to_pylist()
        done: list[OpenAIMessage] = []
        for end, row in zip(ends, rows, strict=True):
            made = (row["input_messages"] + row["output_messages"])[len(done) :]
            done += [_back(one, new) for one, new in zip(messages[len(done) : end], made, strict=True)]
        return done

    return record


def _draft(messages: list[OpenAIMessage]) -> Draft:
    """The model call whose answer is the last of `messages`, as the recorder drafts it."""
    row = {
        "call_id": "c",
        "trace_id": "t",
        "operation": "chat",
        "surface": "unknown",
        "input_messages": [_message(one) for one in messages[:-1]],
        "output_messages": [_message(one) for one in messages[-1:]],
    }
    return Draft(row)


def _message(one: OpenAIMessage) -> Message:
    if one["role"] == "tool":
        return message("tool", tool_call_response(one["content"], one.get("tool_call_id"), one.get("name")))
    parts = [text_part(one["content"])] if one.get("content") else []
    for call in one.get("tool_calls") or ():
        parts.append(tool_call(call["function"]["name"], call["function"]["arguments"], call.get("id")))
    return message(one["role"], *parts)


def _redacted(redactor: TraceRedactor, draft: Draft, messages: list[OpenAIMessage]) -> list[OpenAIMessage]:
    record = redactor.redact(draft)
    if record.row["redaction"]["failed"]:
        raise AssertionError("redaction failed on a benchmark run")
    done = record.row["input_messages"] + record.row["output_messages"]
    return [_back(one, made) for one, made in zip(messages, done, strict=True)]


def _back(one: OpenAIMessage, made: Message) -> OpenAIMessage:
    back = dict(one)
    if one["role"] == "tool":
        back["content"] = made["parts"][0]["result"]
        return back
    if one.get("content"):
        back["content"] = text_of(made)
    calls = [part for part in made["parts"] if part["type"] == "tool_call"]
    if one.get("tool_calls"):
        back["tool_calls"] = [
            {**call, "function": {**call["function"], "arguments": part["arguments"]}}
            for call, part in zip(one["tool_calls"], calls, strict=True)
        ]
    return back
