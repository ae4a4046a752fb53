"""Requests passed to the upstream and its answers passed back, byte for byte, as they come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Final

from agentlog import runtime
from agentlog.errors import MissingExtra

Scope = Any
Receive = Callable[[], Any]
Send = Callable[[dict[str, Any]], Any]
Headers = list[tuple[bytes, bytes]]

_HOPS: Final = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
"""Headers that speak of one connection, not of the message (RFC 9110, section 7.6.1)."""
_CONNECT_S: Final = 10.0


class Incoming:
    """A request's body as the client sends it, and the moment when the client is gone."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._whole = asyncio.Event()

    async def parts(self) -> AsyncIterator[bytes]:
        """The body as it comes.

        Raises:
            ConnectionError: the client left in the middle of it.
        """
        while not self._whole.is_set():
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError("the client left before its request was whole")
            if not message.get("more_body"):
                self._whole.set()
            yield message.get("body", b"")

    async def whole(self) -> bytes:
        """All of the body."""
        return b"".join([part async for part in self.parts()])

    async def gone(self) -> None:
        """Returns when the client has left."""
        await self._whole.wait()
        while (await self._receive())["type"] != "http.disconnect":
            """Nothing else comes after the body."""


class Heard:
    """What an upstream answered, kept beside what is passed on."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Headers = []
        self.parts: list[bytes] = []
        self.whole = False


class Relay:
    """Passes requests to the upstream.

    Args:
        upstream: its base URL, as a client of OpenAI takes it: `https://api.openai.com/v1`.
        api_key: sent instead of the client's own Authorization; None: that is sent on.

    Raises:
        MissingExtra: httpx is not installed.
    """

    def __init__(self, upstream: str, *, api_key: str | None = None) -> None:
        try:
            import httpx
        except ImportError as error:
            raise MissingExtra("httpx", "serve", "agentlog serve") from error
        self._httpx = httpx
        self._base = upstream.rstrip("/")
        self._authorization = None if api_key is None else f"Bearer {api_key}".encode()
        # a model may think for minutes: only connecting has a limit, and the client's leaving ends the request
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=_CONNECT_S),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=100),
        )

    async def close(self) -> None:
        """Close the connections to the upstream."""
        await self._client.aclose()

    async def forward(
        self,
        scope: Scope,
        path: str,
        incoming: Incoming,
        send: Send,
        *,
        content: bytes | None,
        heard: Heard | None = None,
    ) -> None:
        """Send a request on and its answer back.

        Args:
            scope: the request, as ASGI has it.
            path: below the upstream's base URL, encoded, with its query.
            incoming: the request's body; when the client leaves, the request to the upstream is given up.
            send: takes the answer.
            content: the body, where it was read already.
            heard: takes the answer too.
        """
        headers = self._sent_on(scope["headers"])
        body: Any = content
        if content is None and any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"]):
            body = incoming.parts()
        request = self._httpx.Request(scope["method"], self._base + path, headers=headers, content=body)
        if body is None:
            try:
                await incoming.whole()  # of nothing; from here on only the client's leaving can come
            except ConnectionError:
                return
        answering = asyncio.ensure_future(self._answer(request, send, heard))
        leaving = asyncio.ensure_future(incoming.gone())
        try:
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended = answering.done()
            answering.cancel()
            leaving.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)
        if ended:
            answering.result()

    async def _answer(self, request: Any, send: Send, heard: Heard | None) -> None:
        try:
            response = await self._client.send(request, stream=True)
        except ConnectionError:
            return  # of the client, which has nobody to answer to
        except self._httpx.HTTPError as error:
            runtime.problem("the upstream did not answer", error)
            said = f"The upstream did not answer ({type(error).__name__}). The router is running."
            await send_json(send, 502, error_body(said, "upstream_error", "upstream_unreachable"))
            return
        try:
            headers = _without_hops(response.headers.raw)
            if heard is not None:
                heard.status, heard.headers = response.status_code, headers
            await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
            async for part in response.aiter_raw():
                await send({"type": "http.response.body", "body": part, "more_body": True})
                if heard is not None:
                    heard.parts.append(part)
        except self._httpx.HTTPError as error:
            # too late for a status: the answer is left unfinished, and the client sees that it is cut
            runtime.problem("the upstream broke off in the middle of its answer", error)
            return
        finally:
            await response.aclose()
        if heard is not None:
            heard.whole = True
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _sent_on(self, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
        sent = [
            (name, value)
            for name, value in _without_hops(headers)
            if name != b"host" and not name.startswith(b"x-agentlog-")
        ]
        if self._authorization is None:
            return sent
        sent = [(name, value) for name, value in sent if name != b"authorization"]
        return [*sent, (b"authorization", self._authorization)]


def _without_hops(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    lower = [(name.lower(), value) for name, value in headers]
    named = {one.strip().lower() for name, value in lower if name == b"connection" for one in value.split(b",")}
    return [(name, value) for name, value in lower if name not in _HOPS and name not in named]


def error_body(message: str, kind: str, code: str) -> dict[str, Any]:
    """An error in OpenAI's form."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


async def send_json(send: Send, status: int, value: Any) -> None:
    """Answer with JSON."""
    await send_bytes(send, status, b"application/json", json.dumps(value, ensure_ascii=False, default=str).encode())


async def send_bytes(send: Send, status: int, content_type: bytes, content: bytes, *more: tuple[bytes, bytes]) -> None:
    """Answer in one piece."""
    length = str(len(content)).encode()
    headers = [(b"content-type", content_type), (b"content-length", length), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": False})
