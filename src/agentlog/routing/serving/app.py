"""The endpoint: chat completions go past the router, everything else to the upstream."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import unquote

from agentlog.errors import MissingExtra
from agentlog.routing.decision import Decision
from agentlog.routing.router import Router
from agentlog.routing.serving.asking import TRACE_HEADER, asked_async, question, tell, written
from agentlog.routing.serving.completions import read_answer
from agentlog.routing.serving.relay import (
    Heard,
    Incoming,
    Receive,
    Relay,
    Scope,
    Send,
    error_body,
    send_bytes,
    send_json,
)

_CHAT: Final = "/v1/chat/completions"
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def application(router: Router, upstream: str, *, api_key: str | None = None) -> Any:
    """The endpoint as an ASGI application. Its shutdown closes the router.

    Args:
        router: decides.
        upstream: base URL of the LLM's API, `https://api.openai.com/v1`.
        api_key: sent instead of the client's own; None: that is sent on.

    Raises:
        MissingExtra: starlette or httpx is not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.routing import Route
    except ImportError as error:
        raise MissingExtra("starlette", "serve", "agentlog serve") from error
    gateway = _Gateway(router, Relay(upstream, api_key=api_key))

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        yield
        await gateway.close()

    routes = [
        Route("/healthz", _Answer(lambda: {"status": "ok"}), methods=["GET"]),
        Route("/v1/agentlog/status", _Answer(lambda: _plain(router.status())), methods=["GET"]),
        Route("/v1/{path:path}", gateway),
    ]
    made = Starlette(routes=routes, lifespan=lifespan)
    made.router.redirect_slashes = False
    return made


class _Answer:
    """Answers with a JSON value that is made anew for each request."""

    def __init__(self, value: Any) -> None:
        self._value = value

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_json(send, 200, self._value())


class _Gateway:
    """Everything below /v1."""

    def __init__(self, router: Router, relay: Relay) -> None:
        self._router = router
        self._relay = relay

    async def close(self) -> None:
        await self._relay.close()
        await asyncio.to_thread(self._router.close)  # it writes what it has learned

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = Incoming(receive)
        path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        if ".." in unquote(path).split("/"):
            await send_json(
                send, 404, error_body(f"There is no {scope['path']!r} here.", "not_found_error", "not_found")
            )
            return
        below = path.removeprefix("/v1") + (
            "?" + scope["query_string"].decode("latin-1") if scope["query_string"] else ""
        )
        if scope["method"] != "POST" or scope["path"].rstrip("/") != _CHAT:
            await self._relay.forward(scope, below, incoming, send, content=None)
            return
        try:
            content = await incoming.whole()
        except ConnectionError:
            return  # nobody is there to be answered
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        decision, request = await self._decide(content, headers)
        answer = written(decision, request)
        if answer is not None:
            kind = answer.content_type.encode()
            await send_bytes(send, 200, kind, answer.content, (b"x-agentlog-route", b"model"))
            return
        heard = Heard() if decision is not None and decision.wants_outcome else None
        begun = time.perf_counter()
        await self._relay.forward(scope, below, incoming, send, content=content, heard=heard)
        if heard is not None and (heard.whole or heard.status >= 400):
            tell(self._router, decision, self._read(heard), latency_s=time.perf_counter() - begun)

    async def _decide(self, content: bytes, headers: dict[str, str]) -> tuple[Decision | None, Any]:
        try:
            request = json.loads(content)
        except ValueError:  # the upstream says what is wrong with it
            return None, None
        decide = question(
            self._router,
            request,
            trace=_trace(headers),
            agent=headers.get("x-agentlog-agent"),
            node=headers.get("x-agentlog-node"),
            user=_user(request),
        )
        return (None if decide is None else await asked_async(self._router, decide)), request

    def _read(self, heard: Heard) -> dict[str, Any] | None:
        if heard.status != 200:
            return None
        # httpx undoes whatever encoding the upstream chose
        import httpx

        try:
            response = httpx.Response(200, headers=heard.headers, content=b"".join(heard.parts))
        except httpx.DecodingError:
            return None
        return read_answer(response.content, response.headers.get("content-type", ""))


def _trace(headers: dict[str, str]) -> str | None:
    """The run that a request belongs to: our own header, else the W3C's trace context."""
    given = headers.get(TRACE_HEADER)
    if given:
        return given
    found = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return found[1] if found else None


def _user(request: Any) -> str | None:
    user = request.get("user") if isinstance(request, dict) else None
    return user if isinstance(user, str) else None


def _plain(status: Any) -> Any:
    """A router's status as JSON values."""
    to_dict = getattr(status, "to_dict", None)
    if to_dict is not None:
        return to_dict()
    return dataclasses.asdict(status) if dataclasses.is_dataclass(status) and not isinstance(status, type) else status
