"""An answer that is still being read, and the moment when it ends: read to its end, failed, closed early, forgotten.

The application's stream stays the object that it is. Its inner iterator is a `Chunks` of ours, and what the HTTP response
beneath it takes its bytes from is wrapped: every way to close a stream (`with`, `.close()`, the SDK's helpers) closes that.
An SDK may make several streams of one response, so the reading is found by the response. Nothing that hangs on the
response refers back to it: what the application drops is closed where it is dropped, not when the garbage is collected.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet, ref

import wrapt

from agentlog import runtime
from agentlog.messages.chat import unwrap
from agentlog.recording import calls
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog.semconv import ABANDONED
from agentlog_stainless.answers import Answer, RawAnswer
from agentlog_stainless.sdk import Sdk

if TYPE_CHECKING:
    _Proxy = wrapt.ObjectProxy[Any]
else:
    _Proxy = wrapt.ObjectProxy


class Reading:
    """A call whose answer is still being read. It ends exactly once, whoever says so first, in whatever thread."""

    def __init__(self, call: Call, sdk: Sdk, answer: Answer, *, timed: bool = True, unasked: bool = False) -> None:
        self.call = call
        self.sdk = sdk
        self.answer = answer
        self.timed = timed
        """It comes in chunks, the first of which is still to come and worth a time."""
        self.unasked = unasked
        """Its chunks say what the application did not ask for."""
        self.busy = False
        """The SDK is reading now: what it closes itself is no reader's leaving."""
        self._open = [call]
        _unfinished.add(self)

    def add(self, chunk: Any) -> None:
        """A chunk has come."""
        try:
            if self.timed:
                self.timed = False
                calls.first_chunk(self.call)
            if self.call.content:
                self.answer.add(chunk)
        except Exception as failure:  # noqa: BLE001 - the application reads on
            runtime.problem(f"a chunk of an answer of {self.sdk.name} was not understood", failure)

    def withholds(self, chunk: Any) -> bool:
        """Whether the application is not to see this chunk, which is there because of us."""
        try:
            return self.sdk.withheld(chunk)
        except Exception as failure:  # noqa: BLE001 - as above
            runtime.problem(f"a chunk of an answer of {self.sdk.name} was not understood", failure)
            return False

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
            answered(call, self.sdk, self.answer.body() if call.content else None)
        except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
            runtime.problem(f"the answer of a stream of {self.sdk.name} was not understood", failure)
        runtime.finish(call, error)


def answered(call: Call, sdk: Sdk, body: Any) -> None:
    """Put down what came back."""
    if body is None:
        return
    if isinstance(body, dict):
        id = unwrap(body).get("id")
        if isinstance(id, str) and id:
            call.message_ids = [id]
        if not call.name and isinstance(body.get("model"), str):
            call.name = body["model"]  # a stored prompt names its own model
        call.error = sdk.failure(body)
    call.response = encode(body)


def attach(stream: Any, call: Call, sdk: Sdk, *, unasked: bool) -> None:
    """Follow the stream that the application was given; `unasked` as in `Reading`."""
    reading = Reading(call, sdk, sdk.streamed(call.dialect), unasked=unasked)
    try:
        _follow(stream.response, reading)
    except Exception as failure:  # noqa: BLE001 - the call ends here, where nobody holds its reading
        runtime.problem(f"a stream of {sdk.name} is not followed", failure)


def attach_raw(response: Any, call: Call, sdk: Sdk, client: Any, *, events: bool, asynchronous: bool) -> None:
    """Follow an HTTP response whose body the application reads itself, or makes a stream of."""
    dialect = call.dialect
    answer = RawAnswer(
        lambda body: sdk.plain(body, dialect),
        (lambda: sdk.streamed(dialect)) if events else None,
        lambda body: sdk.events(client, body),
    )
    reading = Reading(call, sdk, answer, timed=events)
    try:
        _tee(response, reading, asynchronous=asynchronous)
        _follow(response, reading)
    except Exception as failure:  # noqa: BLE001 - as above
        runtime.problem(f"a raw answer of {sdk.name} is not followed", failure)


def followed(response: Any) -> Reading | None:
    """The reading of a response of which a stream is now read: its chunks count from now on, not the bytes."""
    reading = _readings.get(response)
    if reading is not None and isinstance(reading.answer, RawAnswer):
        vars(response).pop("iter_bytes", None)
        vars(response).pop("aiter_bytes", None)
        reading.answer = reading.sdk.streamed(reading.call.dialect)
    return reading


def _follow(response: Any, reading: Reading) -> None:
    response.stream = _Bytes(response.stream, reading)
    _readings[response] = reading


def _tee(response: Any, reading: Reading, *, asynchronous: bool) -> None:
    """On this one response, and once: `read`, `iter_text` and `iter_lines` all take their bytes from here."""
    name = "aiter_bytes" if asynchronous else "iter_bytes"
    chunks: Callable[[Any, Reading], Any] = AsyncChunks if asynchronous else Chunks
    held = ref(response)

    def tee(*args: Any, **kwargs: Any) -> Any:
        response = held()
        vars(response).pop(name, None)
        return chunks(getattr(response, name)(*args, **kwargs), reading)

    setattr(response, name, tee)


class _Bytes(_Proxy):
    """What a response takes its bytes from: every way to close the response closes it, too."""

    def __init__(self, inner: Any, reading: Reading) -> None:
        super().__init__(inner)
        self._self_reading = reading

    def __iter__(self) -> Any:
        return self.__wrapped__.__iter__()

    def __aiter__(self) -> Any:
        return self.__wrapped__.__aiter__()

    def close(self) -> None:
        try:
            self.__wrapped__.close()
        finally:
            if not self._self_reading.busy:
                self._self_reading.leave()

    async def aclose(self) -> None:
        try:
            await self.__wrapped__.aclose()
        finally:
            if not self._self_reading.busy:
                self._self_reading.leave()


class Chunks:
    """An iterator that hands on what `inner` gives, and lets the reading see it.

    Args:
        inner: the SDK's iterator.
        reading: whose chunks these are; None: that of `response` when the first chunk is asked for, if it has one.
        response: the HTTP response that `inner` reads.
    """

    def __init__(self, inner: Any, reading: Reading | None = None, response: Any = None) -> None:
        self._inner = inner
        self._reading = reading
        self._response = response

    def __iter__(self) -> Chunks:
        return self

    def __next__(self) -> Any:
        if self._response is not None:
            self._reading, self._response = _found(self._response), None
        reading = self._reading
        if reading is None:
            return self._inner.__next__()
        reading.busy = True
        try:
            while True:
                chunk = self._inner.__next__()
                reading.add(chunk)
                if not reading.unasked or not reading.withholds(chunk):
                    return chunk
        except StopIteration:
            reading.end()
            raise
        except BaseException as error:
            reading.end(error)
            raise
        finally:
            reading.busy = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class AsyncChunks:
    """`Chunks` for async iterators."""

    def __init__(self, inner: Any, reading: Reading | None = None, response: Any = None) -> None:
        self._inner = inner
        self._reading = reading
        self._response = response

    def __aiter__(self) -> AsyncChunks:
        return self

    async def __anext__(self) -> Any:
        if self._response is not None:
            self._reading, self._response = _found(self._response), None
        reading = self._reading
        if reading is None:
            return await self._inner.__anext__()
        reading.busy = True
        try:
            while True:
                chunk = await self._inner.__anext__()
                reading.add(chunk)
                if not reading.unasked or not reading.withholds(chunk):
                    return chunk
        except StopAsyncIteration:
            reading.end()
            raise
        except BaseException as error:
            reading.end(error)
            raise
        finally:
            reading.busy = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _found(response: Any) -> Reading | None:
    try:
        return followed(response)
    except Exception as failure:  # noqa: BLE001 - the application reads on
        runtime.problem("a stream is not followed", failure)
        return None


_unfinished: WeakSet[Reading] = WeakSet()
_readings: WeakKeyDictionary[Any, Reading] = WeakKeyDictionary()


@atexit.register
def _leave_all() -> None:
    """The interpreter ends: a stream that a script broke out of is recorded all the same."""
    for reading in list(_unfinished):
        reading.leave()
