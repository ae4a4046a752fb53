"""The places in the SDK where calls are seen.

Every resource, `.parse()`, `.stream()`, `with_raw_response`, the Azure and Bedrock clients and the SDK's own agents' loops
end in one method of the client, `request`. Hooked there a call is seen once, as it is sent, whatever was cached before;
hooked at the resources it would be seen twice (`.stream()` calls `.create()`) or not at all (`with_raw_response`
keeps the method it found first).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import openai
import wrapt
from openai import _base_client as clients
from openai import _streaming as streaming

from agentlog import runtime
from agentlog.instrumentation.integration import Coverage
from agentlog.recording import context
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog_openai.answers import plain
from agentlog_openai.reading import adopt, answered, attach, attach_raw
from agentlog_openai.request import endpoint, provider, sent_body

_COVERED = ("chat", "responses", "completions", "embeddings")
_UNCOVERED = {
    "realtime": "realtime and responses.connect (a websocket has no single request and answer)",
    "decisions": "decisions (its answers are no messages)",
}


class Hooks:
    """What was put into the SDK, and what stood there before."""

    def __init__(self) -> None:
        self._placed: list[tuple[type, str, Any, Any]] = []
        self._active = True

    def install(self) -> Coverage:
        """Put the hooks in."""
        wanted: tuple[tuple[Any, str, str, Callable[..., Any]], ...] = (
            (clients, "SyncAPIClient", "request", self._request),
            (clients, "AsyncAPIClient", "request", self._arequest),
            (streaming, "Stream", "__init__", self._stream_made),
            (streaming, "AsyncStream", "__init__", self._stream_made),
        )
        release = f"openai {openai.__version__}"
        missing = []
        for module, owner_name, name, handler in wanted:
            owner = getattr(module, owner_name, None)
            original = vars(owner).get(name) if owner is not None else None
            if owner is None or original is None:
                missing.append(f"{release}: it has no {module.__name__}.{owner_name}.{name}")
                continue
            wrapper = wrapt.FunctionWrapper(original, handler)
            setattr(owner, name, wrapper)
            self._placed.append((owner, name, original, wrapper))
        there = [one for one in _COVERED if hasattr(openai.OpenAI, one)]
        missing += [f"{release}: it has no {one}" for one in _COVERED if one not in there]
        uncovered = [what for one, what in _UNCOVERED.items() if hasattr(openai.OpenAI, one)]
        if uncovered:
            missing.append(f"{release}: {', '.join(uncovered)}")
        return Coverage((f"{release}: {', '.join(there)} (sync, async, streams, raw responses)",), tuple(missing))

    def remove(self) -> None:
        """Take them out again; where somebody else has wrapped ours since, ours stays inside and does nothing."""
        self._active = False
        for owner, name, original, wrapper in self._placed:
            if vars(owner).get(name) is wrapper:
                setattr(owner, name, original)
        self._placed.clear()

    def _request(self, wrapped: Callable[..., Any], client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        begun = self._begin(client, args, kwargs)
        if begun is None:
            return wrapped(*args, **kwargs)
        token = context.enter(begun.call)
        try:
            result = wrapped(*args, **kwargs)
        except BaseException as error:
            begun.failed(error)
            raise
        finally:
            context.leave(token)
        begun.returned(result, asynchronous=False)
        return result

    async def _arequest(
        self, wrapped: Callable[..., Awaitable[Any]], client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        begun = self._begin(client, args, kwargs)
        if begun is None:
            return await wrapped(*args, **kwargs)
        token = context.enter(begun.call)
        try:
            result = await wrapped(*args, **kwargs)
        except BaseException as error:
            begun.failed(error)
            raise
        finally:
            # a coroutine that nobody awaited to its end is closed elsewhere, where there is nothing to leave
            with suppress(ValueError):
                context.leave(token)
        begun.returned(result, asynchronous=True)
        return result

    def _begin(self, client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Begun | None:
        """The call that begins with this request; None when it is none, or nothing is recorded."""
        if not self._active or not runtime.recording():
            return None
        try:
            options = kwargs["options"] if "options" in kwargs else args[1]
            known = endpoint(options)
            if known is None:
                return None
            operation, dialect = known
            body = sent_body(options, dialect)
            name, host = provider(client)
            model = body.get("model")
            call = runtime.begin(operation, model if isinstance(model, str) else "")
            if call is None or not call.id:
                return None  # nothing is recorded, or this run is not in the sample
            call.framework = "openai"
            call.dialect = dialect
            call.model = call.name
            call.provider = name
            if host:
                call.attributes = {"server.address": host}
            if call.content:
                call.request = encode(body)
            return _Begun(call, options, stream=bool(kwargs.get("stream")))
        except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
            runtime.problem("a request of openai was not understood", failure)
            return None

    def _stream_made(
        self, wrapped: Callable[..., Any], stream: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        wrapped(*args, **kwargs)
        try:
            adopt(stream)
        except Exception as failure:  # noqa: BLE001 - as above
            runtime.problem("a stream of openai is not followed", failure)


class _Begun:
    """A call whose request is under way."""

    def __init__(self, call: Call, options: Any, *, stream: bool) -> None:
        self.call = call
        self._stream = stream
        self._parser: _Unparsed | None = None
        parser = options.post_parser
        if callable(parser):
            parser = parser.parser if isinstance(parser, _Unparsed) else parser
            self._parser = options.post_parser = _Unparsed(parser)

    def failed(self, error: BaseException) -> None:
        """There is no result; what a parser could not read was answered all the same."""
        if self._parser is not None and self._parser.answer is not None:
            self._put_down(self._parser.answer)
        runtime.finish(self.call, error)

    def returned(self, result: Any, *, asynchronous: bool) -> None:
        """Put down what the application was given, or follow it where it is still to be read."""
        if isinstance(result, (openai.Stream, openai.AsyncStream)):
            attach(result, self.call)
            return
        if not isinstance(result, openai.BaseModel) and hasattr(result, "http_response"):
            response = result.http_response
            if self._stream or not response.is_closed:
                attach_raw(response, self.call, events=self._stream, asynchronous=asynchronous)
                return
            result = response.content  # `with_raw_response` has read it
        self._put_down(result if self._parser is None or self._parser.answer is None else self._parser.answer)
        runtime.finish(self.call)

    def _put_down(self, answer: Any) -> None:
        try:
            if self.call.content:
                answered(self.call, plain(answer, self.call.dialect))
        except Exception as failure:  # noqa: BLE001 - as above
            runtime.problem("an answer of openai was not understood", failure)


class _Unparsed:
    """Stands before a parser of the SDK and keeps what it is given: the answer as the model wrote it, readable or not."""

    def __init__(self, parser: Callable[[Any], Any]) -> None:
        self.parser = parser
        self.answer: Any = None

    def __call__(self, answer: Any) -> Any:
        self.answer = answer
        return self.parser(answer)
