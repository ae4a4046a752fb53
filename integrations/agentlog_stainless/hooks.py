"""The places in an SDK where calls are seen.

Every resource, `.parse()`, `.stream()`, `with_raw_response`, the clients of clouds and the SDK's own agents' loops end in
one method of the client, `request`. Hooked there a call is seen once, as it is sent, whatever was cached before; hooked
at the resources it would be seen twice (`.stream()` calls `.create()`) or not at all (`with_raw_response` keeps the method
it found first).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

import wrapt

from agentlog import runtime
from agentlog.recording import context
from agentlog.recording.calls import Call
from agentlog.recording.snapshot import encode
from agentlog_stainless.reading import AsyncChunks, Chunks, answered, attach, attach_raw
from agentlog_stainless.sdk import Sdk

_PREPARE = "_copy_and_prepare"


class Hooks:
    """What was put into an SDK, and what stood there before."""

    def __init__(self, sdk: Sdk) -> None:
        self._sdk = sdk
        self._clients = import_module(f"{sdk.name}._base_client")
        self._streaming = import_module(f"{sdk.name}._streaming")
        types = import_module(f"{sdk.name}._types")
        self._absent = tuple(getattr(types, name) for name in ("NotGiven", "Omit") if hasattr(types, name))
        self._placed: list[tuple[type, str, Any, Any]] = []
        self._active = True
        self._unprepared: dict[int, Call] = {}
        """Calls whose body is made ready to be sent inside `request`, by the id of their options."""

    def install(self) -> list[str]:
        """Put the hooks in.

        Returns:
            What this release does not have, and without which there are calls that are not seen.
        """
        missing = []
        wanted: tuple[tuple[Any, str, str, Callable[..., Any]], ...] = (
            (self._clients, "SyncAPIClient", "request", self._request),
            (self._clients, "AsyncAPIClient", "request", self._arequest),
            (self._streaming, "Stream", "__stream__", self._stream_read),
            (self._streaming, "AsyncStream", "__stream__", self._astream_read),
        )
        for module, owner, name, handler in wanted:
            if not self.place(getattr(module, owner, None), name, handler):
                missing.append(f"{module.__name__}.{owner}.{name}")
        # newer releases take iterators and files in a body, which only they may read
        self.place(getattr(self._clients, "SyncAPIClient", None), _PREPARE, self._prepare)
        self.place(getattr(self._clients, "AsyncAPIClient", None), _PREPARE, self._aprepare)
        return missing

    def place(self, owner: type | None, name: str, handler: Callable[..., Any]) -> bool:
        """Put `handler` (as wrapt calls it) around a function of a class; False: the class has no such function."""
        original = vars(owner).get(name) if owner is not None else None
        if owner is None or original is None:
            return False
        wrapper = wrapt.FunctionWrapper(original, handler, enabled=lambda: self._active)
        setattr(owner, name, wrapper)
        self._placed.append((owner, name, original, wrapper))
        return True

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
            self._unprepared.pop(begun.key, None)
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
            self._unprepared.pop(begun.key, None)
        begun.returned(result, asynchronous=True)
        return result

    def _prepare(self, wrapped: Callable[..., Any], client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        prepared = wrapped(*args, **kwargs)
        self._prepared(args, kwargs, prepared)
        return prepared

    async def _aprepare(
        self, wrapped: Callable[..., Awaitable[Any]], client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        prepared = await wrapped(*args, **kwargs)
        self._prepared(args, kwargs, prepared)
        return prepared

    def _stream_read(
        self, wrapped: Callable[..., Any], stream: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        return Chunks(wrapped(*args, **kwargs), response=stream.response)

    def _astream_read(
        self, wrapped: Callable[..., Any], stream: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        return AsyncChunks(wrapped(*args, **kwargs), response=stream.response)

    def _begin(self, client: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Begun | None:
        """The call that begins with this request; None when it is none, or nothing is recorded."""
        if not runtime.recording():
            return None
        try:
            options = kwargs["options"] if "options" in kwargs else args[1]
            if options.method.lower() != "post":
                return None
            known = self._sdk.endpoints.get(options.url.partition("?")[0].strip("/"))
            if known is None:
                return None
            operation, dialect = known
            model = self._model(options)
            call = runtime.begin(operation, model if isinstance(model, str) else "")
            if call is None or not call.id:
                return None  # nothing is recorded, or this run is not in the sample
            call.framework = self._sdk.name
            call.dialect = dialect
            call.model = call.name
            call.provider, host = self._sdk.provider(client)
            if host:
                call.attributes = {"server.address": host}
            if call.content:
                if hasattr(client, _PREPARE):
                    self._unprepared[id(options)] = call
                else:
                    self._sent(call, options)
            stream = bool(kwargs.get("stream"))
            unasked = stream and self._asked_more(options, client)
            return _Begun(call, self._sdk, client, options, stream=stream, unasked=unasked)
        except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
            runtime.problem(f"a request of {self._sdk.name} was not understood", failure)
            return None

    def _asked_more(self, options: Any, client: Any) -> bool:
        try:
            return self._sdk.ask_more(options, client)
        except Exception as failure:  # noqa: BLE001 - as above; the call is recorded as it is asked
            runtime.problem(f"{self._sdk.name} was not asked for the tokens of a stream", failure)
            return False

    def _prepared(self, args: tuple[Any, ...], kwargs: dict[str, Any], prepared: Any) -> None:
        call = self._unprepared.pop(id(kwargs["options"] if "options" in kwargs else args[0]), None)
        if call is not None:
            self._sent(call, prepared)

    def _sent(self, call: Call, options: Any) -> None:
        try:
            call.request = encode(self._sdk.asked(self._body(options), call.dialect))
        except Exception as failure:  # noqa: BLE001 - as above
            runtime.problem(f"the body of a request of {self._sdk.name} was not understood", failure)

    @staticmethod
    def _model(options: Any) -> Any:
        for given in (options.extra_json, options.json_data):
            if isinstance(given, Mapping) and "model" in given:
                return given["model"]
        return None

    def _body(self, options: Any) -> dict[str, Any]:
        """With `extra_body`, without what was not given. Headers and timeouts are no part of it."""
        given = options.json_data if isinstance(options.json_data, Mapping) else {}
        if options.extra_json:
            given = {**given, **options.extra_json}
        return {key: value for key, value in given.items() if not isinstance(value, self._absent)}


class _Begun:
    """A call whose request is under way."""

    def __init__(self, call: Call, sdk: Sdk, client: Any, options: Any, *, stream: bool, unasked: bool) -> None:
        self.call = call
        self.key = id(options)
        self._sdk = sdk
        self._client = client
        self._stream = stream
        self._unasked = unasked
        self._parser: _Unparsed | None = None
        parser = options.post_parser
        if callable(parser):
            parser = parser.parser if isinstance(parser, _Unparsed) else parser
            self._parser = options.post_parser = _Unparsed(parser)

    def failed(self, error: BaseException) -> None:
        """There is no result; what a parser could not read was answered all the same."""
        if self._parser is not None and self._parser.answer is not None:
            try:
                self._put_down(self._parser.answer)
            except Exception as failure:  # noqa: BLE001 - as above
                runtime.problem(f"an answer of {self._sdk.name} was not understood", failure)
        runtime.finish(self.call, error)

    def returned(self, result: Any, *, asynchronous: bool) -> None:
        """Put down what the application was given, or follow it where it is still to be read."""
        try:
            if self._followed(result, asynchronous=asynchronous):
                return
        except Exception as failure:  # noqa: BLE001 - as above
            runtime.problem(f"an answer of {self._sdk.name} was not understood", failure)
        runtime.finish(self.call)

    def _followed(self, result: Any, *, asynchronous: bool) -> bool:
        """Whether the call goes on, until somebody has read what its request returned."""
        kind = type(result)
        if hasattr(kind, "__stream__"):  # not by isinstance, on which their metaclass has an opinion of its own
            attach(result, self.call, self._sdk, unasked=self._unasked)
            return True
        response = None
        if hasattr(kind, "iter_raw"):
            response = result  # the HTTP library's own: it was asked for as it is
        elif hasattr(kind, "http_response") or "http_response" in getattr(result, "__dict__", ()):
            response = result.http_response
        if response is not None:
            if self._stream or not response.is_closed:
                attach_raw(response, self.call, self._sdk, self._client, events=self._stream, asynchronous=asynchronous)
                return True
            result = response.content  # `with_raw_response` has read it
        self._put_down(result if self._parser is None or self._parser.answer is None else self._parser.answer)
        return False

    def _put_down(self, answer: Any) -> None:
        if self.call.content:
            answered(self.call, self._sdk, self._sdk.plain(answer, self.call.dialect))


class _Unparsed:
    """Stands before a parser of the SDK and keeps what it is given: the answer as the model wrote it, readable or not."""

    def __init__(self, parser: Callable[[Any], Any]) -> None:
        self.parser = parser
        self.answer: Any = None

    def __call__(self, answer: Any) -> Any:
        self.answer = answer
        return self.parser(answer)
