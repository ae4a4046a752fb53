"""Calls of the openai SDK that go past the router: a small model answers what it has earned, the provider everything else.

    client = routed(openai.OpenAI(), Router.load("studies/default/routing"))

Nothing but POST …/chat/completions is looked at. Whichever generation of httpx a client stands on, a request, its
response and its streams are of one library: what is made here is made of the request's own.
"""

from __future__ import annotations

import functools
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeVar

from agentlog import runtime
from agentlog.errors import ConfigurationError
from agentlog.recording import context
from agentlog.routing.decision import Decision
from agentlog.routing.router import Router
from agentlog.routing.serving.asking import TRACE_HEADER, asked, asked_async, question, tell, trace_around, written
from agentlog.routing.serving.completions import read_answer

_Client = TypeVar("_Client")


def routed(client: _Client, router: Router) -> _Client:
    """A client like `client` whose chat completions go past `router`. Settings and connections are shared.

    Args:
        client: an `OpenAI` or `AsyncOpenAI`, or one of their relatives (Azure, …). It stays as it is. Closing either
            closes both, as with the SDK's own copies.
        router: decides.

    Raises:
        ConfigurationError: it is no client of the openai SDK.
    """
    inner = getattr(client, "_client", None)
    if not hasattr(client, "copy") or not hasattr(inner, "_transport_for_url"):
        raise ConfigurationError(f"routed() takes an OpenAI or AsyncOpenAI client; found {type(client).__name__}")
    # the SDK's own HTTP clients close when they are forgotten; this one must not, the connections are not its own
    kind: Any = next(one for one in type(inner).__mro__ if not hasattr(one, "__del__"))
    past = kind.__new__(kind)
    past.__dict__.update(inner.__dict__)
    past._mounts = {}
    past._transport = RoutingTransport(router, _Borrowed(inner))
    made: _Client = client.copy(http_client=past)
    return made


class RoutingTransport:
    """A transport for `OpenAI(http_client=httpx2.Client(transport=RoutingTransport(router)))`, sync and async.

    Chat completions that the router gives to a small model are answered here; everything else is passed to `inner`, and
    its answers, streams too, are handed on as they come.

    A request's run, with which the router stays with its first choice, is its header `x-agentlog-trace`
    (`extra_headers=`), else what agentlog records around it.

    Args:
        router: decides.
        inner: the transport below; None: a plain one of the client's own library.
    """

    def __init__(self, router: Router, inner: Any = None) -> None:
        self._router = router
        self._inner = inner
        self._lock = threading.Lock()

    def handle_request(self, request: Any) -> Any:
        """Answer, or pass on. For httpx."""
        inner = self._below(request, "HTTPTransport")
        trace = _take_trace(request)
        if not _is_chat(request):
            return inner.handle_request(request)
        asking = _Asking(self._router, request, request.read(), trace)
        made = asking.answer(asked(asking.decide) if asking.decide is not None else None)
        if made is not None:
            return made
        with asking:
            return asking.follow(inner.handle_request(request))

    async def handle_async_request(self, request: Any) -> Any:
        """Answer, or pass on. For httpx."""
        inner = self._below(request, "AsyncHTTPTransport")
        trace = _take_trace(request)
        if not _is_chat(request):
            return await inner.handle_async_request(request)
        asking = _Asking(self._router, request, await request.aread(), trace)
        decision = await asked_async(self._router, asking.decide) if asking.decide is not None else None
        made = asking.answer(decision)
        if made is not None:
            return made
        with asking:
            return asking.follow(await inner.handle_async_request(request))

    def _below(self, request: Any, name: str) -> Any:
        if self._inner is None:
            with self._lock:
                if self._inner is None:
                    self._inner = getattr(_library(request), name)()
        return self._inner

    def close(self) -> None:
        """Close the transport below."""
        if self._inner is not None:
            self._inner.close()

    async def aclose(self) -> None:
        """Close the transport below."""
        if self._inner is not None:
            await self._inner.aclose()

    def __enter__(self) -> RoutingTransport:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    async def __aenter__(self) -> RoutingTransport:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()


class _Borrowed:
    """The transports of another client: its connections, proxies and mounts."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def handle_request(self, request: Any) -> Any:
        return self._client._transport_for_url(request.url).handle_request(request)

    async def handle_async_request(self, request: Any) -> Any:
        return await self._client._transport_for_url(request.url).handle_async_request(request)

    def close(self) -> None:
        self._client.close()

    async def aclose(self) -> None:
        await self._client.aclose()


class _Asking:
    """One chat request: what the router says of it, and what becomes of the answer. A context manager around the provider's."""

    def __init__(self, router: Router, request: Any, content: bytes, trace: str | None) -> None:
        self._router = router
        self._request = request
        self._body = _parsed(content)
        self._decision: Decision | None = None
        self._begun = 0.0
        self.decide = question(router, self._body, trace=trace or trace_around(), **_place())

    def answer(self, decision: Decision | None) -> Any:
        """The response of a small model; None: the provider has to be asked."""
        self._decision = decision
        self._begun = time.perf_counter()
        answer = written(decision, self._body)
        if answer is None:
            return None
        headers = {"content-type": answer.content_type, "x-agentlog-route": "model"}
        return _library(self._request).Response(200, headers=headers, content=answer.content, request=self._request)

    def follow(self, response: Any) -> Any:
        """The provider's response; what it holds is heard while it is read."""
        decision = self._decision
        if decision is None or not decision.wants_outcome:
            return response
        if response.status_code != 200:
            self.told(None)
            return response
        try:
            teed, teed_async = _teed(_library(self._request))
            stream = response.stream
            response.stream = (teed if hasattr(stream, "__iter__") else teed_async)(stream, self, response.headers)
        except Exception as error:  # noqa: BLE001 - as above
            runtime.problem("an answer of openai could not be followed", error)
        return response

    def told(self, body: dict[str, Any] | None) -> None:
        tell(self._router, self._decision, body, latency_s=time.perf_counter() - self._begun)

    def heard(self, parts: list[bytes], headers: Any) -> dict[str, Any] | None:
        """The answer in the bytes that came, whatever their encoding; None where it is not whole."""
        try:
            response = _library(self._request).Response(200, headers=headers, content=b"".join(parts))
            return read_answer(response.content, headers.get("content-type", ""))
        except Exception:  # noqa: BLE001 - bytes that cannot be decoded are the reader's business
            return None

    def __enter__(self) -> _Asking:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is not None:
            self.told(None)


class _Tee:
    """Hands on a response's bytes as they come, and tells of the answer when it is whole or its reader is done."""

    def __init__(self, stream: Any, asking: _Asking, headers: Any) -> None:
        self._stream = stream
        self._asking = asking
        self._headers = headers
        self._parts: list[bytes] = []
        self._open = True

    def _end(self, *, failed: bool = False) -> None:
        if self._open:
            self._open = False
            body = None if failed else self._asking.heard(self._parts, self._headers)
            # a reader who left tells nothing of the answer
            if failed or body is not None:
                self._asking.told(body)
            self._parts = []


class _SyncTee(_Tee):
    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self._stream:
                self._parts.append(part)
                yield part
        except Exception:
            self._end(failed=True)
            raise
        self._end()

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            self._end()


class _AsyncTee(_Tee):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._stream:
                self._parts.append(part)
                yield part
        except Exception:
            self._end(failed=True)
            raise
        self._end()

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            self._end()


@functools.cache
def _teed(library: Any) -> tuple[Any, Any]:
    """The two as streams of a library, which looks at their classes."""
    return type("Tee", (_SyncTee, library.SyncByteStream), {}), type(
        "AsyncTee", (_AsyncTee, library.AsyncByteStream), {}
    )


def _library(request: Any) -> Any:
    """Httpx or httpx2: whichever made the request."""
    return sys.modules[type(request).__module__.partition(".")[0]]


def _is_chat(request: Any) -> bool:
    path: str = request.url.path
    return request.method == "POST" and path.rstrip("/").endswith("/chat/completions")


def _take_trace(request: Any) -> str | None:
    """The run that a request names; the provider has no use for it."""
    given: str | None = request.headers.get(TRACE_HEADER)
    if given is not None:
        del request.headers[TRACE_HEADER]
    return given


def _place() -> dict[str, str | None]:
    """Where in the program the request is made, as its record will say."""
    call = context.innermost()
    if call is None:
        return {}
    return {"agent": call.agent or None, "node": call.node or None, "call_site": call.call_site or None}


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
