"""What makes `agentlog.instrument(openai)` work: every call of a model through the openai SDK becomes a record.

The SDK is imported when `install` is called, not before: this package can be imported without it.

    sdk.py       what the shared hooks are told of this SDK, and what a release has
    request.py   what is asked, of whom
    answers.py   what came back, in one piece or in chunks
    routing.py   `routed` and `RoutingTransport`: calls that go past a router

Where calls are seen, and how streams are followed, is shared with the anthropic SDK: `agentlog_stainless`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentlog.instrumentation.integration import Coverage

if TYPE_CHECKING:
    from agentlog_openai.routing import RoutingTransport, routed
    from agentlog_stainless.hooks import Hooks

__all__ = ["OpenAIIntegration", "RoutingTransport", "routed"]


def __getattr__(name: str) -> Any:
    # late: who only records needs no router
    if name in ("RoutingTransport", "routed"):
        from agentlog_openai import routing

        return getattr(routing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class OpenAIIntegration:
    """Records chat, Responses, completions and embeddings of the openai SDK, sync, async and streamed."""

    extra = "openai"
    library = "openai"

    def __init__(self) -> None:
        self._hooks: Hooks | None = None

    def install(self) -> Coverage:
        """Hook into the SDK's clients; those that exist already are covered."""
        from agentlog_openai.sdk import SDK, coverage
        from agentlog_stainless.hooks import Hooks

        self._hooks = Hooks(SDK)
        return coverage(self._hooks.install())

    def uninstall(self) -> None:
        """Put the SDK's own functions back."""
        if self._hooks is not None:
            self._hooks.remove()
            self._hooks = None
