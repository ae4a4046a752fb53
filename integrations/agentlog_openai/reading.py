"""An answer that is still being read, and the moment when it ends: read to its end, failed, closed early, forgotten.

The application's stream stays the object that it is. What is exchanged is its inner iterator, and `close` of the HTTP
response beneath it: every way to close a stream (`with`, `.close()`, the SDK's helpers) goes through there.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from agentlog import runtime
from agentlog.recording import calls
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog.semconv import ABANDONED
from agentlog_openai.answers import Answer, RawAnswer, streamed


class Reading:
    """A call whose answer is still being read. It ends exactly once, whoever says so first, in whatever thread."""

    def __init__(self, call: Call, answer: Answer, *, timed: bool = True) -> None:
        self.answer = answer
        self.timed = timed
        """It comes in chunks, the first of which is worth a time."""
        self.busy = False
        """The SDK is reading now: what it closes itself is no reader's leaving."""
        self.call = call
        self._open = [call]
        _unfinished.add(self)

    def add(self, chunk: Any) -> None:
        """A chunk has come."""
        try:
            if self.timed and not self.call.first_chunk_ns:
                calls.first_chunk(self.call)
            if self.call.content:
                self.answer.add(chunk)
        except Exception as failure:  # noqa: BLE001 - the application reads on
            runtime.problem("a chunk of an answer of openai was not understood", failure)

    def end(self, error: BaseException | None = None) -> None:
        """It came to its end, or failed with `error`."""
        self._close(error, left=False)

    def leave(self) -> None:
        """Nobody reads on."""
        self._close(None, left=True)

    def __del__(self) -> None:
        self.leave()

    def _close(self, error: BaseException | None, *, left: bool) -> None:
        try:
            call = self._open.pop()  # atomic: the second thread finds it empty
        except (IndexError, AttributeError):
            return
        try:
            if left and not self.answer.complete:
                call.finish = ABANDONED
            answered(call, self.answer.body() if call.content else None)
        except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
            runtime.problem("the answer of a stream of openai was not understood", failure)
        runtime.finish(call, error)


def answered(call: Call, body: Any) -> None:
    """Put down what came back."""
    if body is None:
        return
    if isinstance(body, dict):
        if isinstance(body.get("id"), str) and body["id"]:
            call.message_ids = [body["id"]]
        if not call.name and isinstance(body.get("model"), str):
            call.name = body["model"]  # a stored prompt names its own model
        if body.get("status") == "failed":
            # the call came back, and says in its body that there is no answer
            failed = body.get("error")
            code = failed.get("code") if isinstance(failed, dict) else None
            call.error = code if isinstance(code, str) and code else "failed"
    call.response = encode(body)


def attach(stream: Any, call: Call) -> None:
    """Follow the stream that the application was given."""
    reading = Reading(call, streamed(call.dialect))
    try:
        asynchronous = _exchange(stream, reading)
        _follow_close(stream.response, reading, asynchronous=asynchronous)
    except Exception as failure:  # noqa: BLE001 - the call ends here, where nobody holds its reading
        runtime.problem("a stream of openai is not followed", failure)


def attach_raw(response: Any, call: Call, *, events: bool, asynchronous: bool) -> None:
    """Follow an HTTP response whose body the application reads itself, or makes a stream of (`adopt`)."""
    reading = Reading(call, RawAnswer(call.dialect, events=events), timed=events)
    try:
        _pending[response] = reading
        # on this one response: `read`, `iter_text` and `iter_lines` all take their bytes from here
        name = "aiter_bytes" if asynchronous else "iter_bytes"
        chunks: Callable[[Any, Reading], Any] = AsyncChunks if asynchronous else Chunks
        source = getattr(response, name)
        setattr(response, name, lambda *args, **kwargs: chunks(source(*args, **kwargs), reading))
        _follow_close(response, reading, asynchronous=asynchronous)
    except Exception as failure:  # noqa: BLE001 - as above
        runtime.problem("a raw answer of openai is not followed", failure)


def adopt(stream: Any) -> None:
    """A stream was made of a raw response: from now on its chunks count, not the bytes."""
    reading = _pending.pop(stream.response, None)
    if reading is not None:
        vars(stream.response).pop("iter_bytes", None)
        vars(stream.response).pop("aiter_bytes", None)
        reading.answer = streamed(reading.call.dialect)
        _exchange(stream, reading)


def _exchange(stream: Any, reading: Reading) -> bool:
    inner = stream._iterator
    asynchronous = hasattr(inner, "__anext__")
    stream._iterator = AsyncChunks(inner, reading) if asynchronous else Chunks(inner, reading)
    return asynchronous


def _follow_close(response: Any, reading: Reading, *, asynchronous: bool) -> None:
    name = "aclose" if asynchronous else "close"
    original = getattr(response, name)

    def close() -> None:
        vars(response).pop(name, None)  # once is enough, and a circle less
        try:
            original()
        finally:
            if not reading.busy:
                reading.leave()

    async def aclose() -> None:
        vars(response).pop(name, None)
        try:
            await original()
        finally:
            if not reading.busy:
                reading.leave()

    setattr(response, name, aclose if asynchronous else close)


class Chunks:
    """An iterator that hands on what `inner` gives, and lets `reading` see it."""

    def __init__(self, inner: Any, reading: Reading) -> None:
        self._inner = inner
        self._reading = reading

    def __iter__(self) -> Chunks:
        return self

    def __next__(self) -> Any:
        reading = self._reading
        reading.busy = True
        try:
            chunk = self._inner.__next__()
        except StopIteration:
            reading.end()
            raise
        except BaseException as error:
            reading.end(error)
            raise
        finally:
            reading.busy = False
        reading.add(chunk)
        return chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class AsyncChunks:
    """`Chunks` for async iterators."""

    def __init__(self, inner: Any, reading: Reading) -> None:
        self._inner = inner
        self._reading = reading

    def __aiter__(self) -> AsyncChunks:
        return self

    async def __anext__(self) -> Any:
        reading = self._reading
        reading.busy = True
        try:
            chunk = await self._inner.__anext__()
        except StopAsyncIteration:
            reading.end()
            raise
        except BaseException as error:
            reading.end(error)
            raise
        finally:
            reading.busy = False
        reading.add(chunk)
        return chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


_unfinished: WeakSet[Reading] = WeakSet()
_pending: WeakKeyDictionary[Any, Reading] = WeakKeyDictionary()


@atexit.register
def _leave_all() -> None:
    """The interpreter ends: a stream that a script broke out of is recorded all the same."""
    for reading in list(_unfinished):
        reading.leave()
