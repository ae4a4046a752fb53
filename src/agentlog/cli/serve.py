"""`agentlog serve`: the router as an OpenAI-compatible endpoint."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from agentlog.cli.console import err
from agentlog.errors import ConfigurationError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(serve)


def serve(
    routing: Annotated[Path, typer.Argument(help="The folder of a routing, or its routing.json.", show_default=False)],
    upstream: Annotated[
        str | None,
        typer.Option(help="Base URL of the LLM's API, like https://api.openai.com/v1.", show_default=False),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0: any free one.", min=0, max=65535)] = 8080,
    api_key_env: Annotated[
        str | None,
        typer.Option(
            help="Variable that holds the key for the upstream; without it the client's own is sent on.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve an OpenAI-compatible endpoint: small models answer what they have earned, the LLM everything else."""
    from agentlog.routing import Router
    from agentlog.routing.serving import serve as run
    from agentlog.routing.serving.run import check_upstream, reachable

    if upstream is None:
        raise ConfigurationError(
            "serve needs --upstream, the base URL of the LLM's API, like https://api.openai.com/v1"
        )
    check_upstream(upstream)
    if not routing.exists():
        raise ConfigurationError(f"there is no routing at {str(routing)!r}. It is the folder that holds routing.json")
    key = _key(api_key_env)
    router = Router.load(routing)
    if not reachable(upstream):
        err.print(f"[yellow]warning:[/yellow] nobody answers at {upstream} now; serving all the same", highlight=False)
    if key is not None and host not in _LOOPBACK:
        err.print(
            f"[yellow]warning:[/yellow] everyone who reaches {host} can ask the upstream with the key in {api_key_env}",
            highlight=False,
        )

    def started(url: str) -> None:
        err.print(f"serving {url} in front of {upstream}; Ctrl-C ends it", highlight=False, soft_wrap=True)

    try:
        run(router, upstream, host=host, port=port, api_key=key, started=started)
    finally:
        router.close()


def _key(variable: str | None) -> str | None:
    """What the variable holds.

    Raises:
        ConfigurationError: it is named and not set.
    """
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise ConfigurationError(f"--api-key-env names {variable}, which is not set")
    return value
