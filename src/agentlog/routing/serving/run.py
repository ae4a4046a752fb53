"""The endpoint at work on a port, until it is told to stop."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agentlog.errors import ConfigurationError, MissingExtra
from agentlog.routing.serving.app import application

if TYPE_CHECKING:
    from agentlog.routing.router import Router

_REACH_S = 3.0


def serve(
    router: Router,
    upstream: str,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    api_key: str | None = None,
    started: Callable[[str], None] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM. Requests that are under way are answered, then the router is closed.

    Args:
        router: decides; closed at the end.
        upstream: base URL of the LLM's API, as a client of OpenAI takes it: `https://api.openai.com/v1`.
        host: the address to listen on. Anyone who can reach it can ask the upstream with `api_key`.
        port: 0 for any free one.
        api_key: sent instead of the client's own; None: that is sent on.
        started: called with the endpoint's base URL when it listens.

    Raises:
        ConfigurationError: the upstream is no URL, or the port is in use.
        MissingExtra: starlette, uvicorn or httpx is not installed.
    """
    check_upstream(upstream)
    try:
        import uvicorn
    except ImportError as error:
        raise MissingExtra("uvicorn", "serve", "agentlog serve") from error
    made = application(router, upstream, api_key=api_key)
    listening = listen(host, port)
    # what passes through keeps the upstream's own `server` and `date`; no access log: paths may hold words
    config = uvicorn.Config(
        made, log_level="warning", access_log=False, server_header=False, date_header=False, lifespan="on"
    )
    try:
        if started is not None:
            shown = f"[{host}]" if ":" in host else host
            started(f"http://{shown}:{listening.getsockname()[1]}/v1")
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        """It has shut down already: this is how it is told to."""
    finally:
        listening.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        ConfigurationError: the port is in use, or the host is none of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {host}: {error.strerror}. Choose another address with --host"
        ) from error
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(2048)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(
                f"port {port} on {host} is in use. Choose another with --port (0: any free one)"
            ) from error
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    return made


def check_upstream(upstream: str) -> None:
    """Whether `upstream` can be asked at all.

    Raises:
        ConfigurationError: it is no URL.
    """
    try:
        parts = urlsplit(upstream)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(
            f"the upstream is the base URL of the LLM's API, like https://api.openai.com/v1; found {upstream!r}"
        )


def reachable(upstream: str) -> bool:
    """Whether somebody listens at `upstream` now."""
    parts = urlsplit(upstream)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), timeout=_REACH_S).close()
    except OSError:
        return False
    return True
