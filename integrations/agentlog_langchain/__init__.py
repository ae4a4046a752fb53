"""Record LangChain and LangGraph: models, tools, retrievers, and the runs around them.

`agentlog.instrument(langchain_core)` finds `LangChainIntegration` by its entry point. LangChain itself is imported when it
hooks in, not before. `RoutedChatModel` and `route_middleware` are for those who have a router; they are imported when
they are asked for.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from agentlog.instrumentation.integration import Coverage

if TYPE_CHECKING:
    from agentlog_langchain.routing import RoutedChatModel, route_middleware

__all__ = ["LangChainIntegration", "RoutedChatModel", "route_middleware"]


def __getattr__(name: str) -> Any:
    if name in ("RoutedChatModel", "route_middleware"):
        from agentlog_langchain import routing

        return getattr(routing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class LangChainIntegration:
    """Hooks into `langchain_core`, on which LangChain, LangGraph and every provider's package stand."""

    extra = "langchain"
    library = "langchain_core"

    def install(self) -> Coverage:
        """Have LangChain tell us of every run, in every thread and task. Models that exist already are covered."""
        from agentlog_langchain import hooks

        hooks.install()
        covered = [f"langchain_core {version('langchain-core')}: models, tools, retrievers, chains"]
        try:
            covered.append(f"langgraph {version('langgraph')}: graphs and agents")
        except PackageNotFoundError:
            pass
        return Coverage(
            tuple(covered),
            ("langchain_core embeddings: LangChain has no callbacks for them; instrument the SDK below them",),
        )

    def uninstall(self) -> None:
        """Leave LangChain as it was found. Runs that are under way are not recorded."""
        from agentlog_langchain import hooks

        hooks.uninstall()
