"""Record LangChain and LangGraph: models, tools, retrievers, and the runs around them.

`agentlog.instrument(langchain_core)` finds `LangChainIntegration` by its entry point. LangChain itself is imported when it
hooks in, not before. `RoutedChatModel` and `route_middleware` are for those who have a router; they are imported when
they are asked for.
"""

from __future__ import annotations

import re
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


def _version(distribution: str) -> str:
    """The release that is installed; "" when none is."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


class LangChainIntegration:
    """Hooks into `langchain_core`, on which LangChain, LangGraph and every provider's package stand."""

    extra = "langchain"
    library = "langchain_core"

    def install(self) -> Coverage:
        """Have LangChain tell us of every run, in every thread and task. Models that exist already are covered."""
        from agentlog_langchain import hooks

        absent = hooks.install()
        core, graphs, agents = (_version(one) for one in ("langchain-core", "langgraph", "langchain"))
        covered = [f"langchain_core {core}: models, tools, retrievers, chains"]
        missing = [
            "langchain_core embeddings: LangChain has no callbacks for them; instrument the SDK below them",
            "langchain_core models whose `_generate` or `_stream` is called directly: LangChain tells nobody; instrument the "
            "SDK below them",
            *(
                f"langchain_core {core}, {one}: this release does not have it, what it tells is not recorded"
                for one in absent
            ),
        ]
        if graphs:
            covered.append(f"langgraph {graphs}: graphs and agents")
        if agents and tuple(map(int, re.findall(r"\d+", agents)[:3])) < (1, 2, 4):
            missing.append(f"langchain {agents}, agents' names: they are told since 1.2.4; `name` holds the graph's")
        return Coverage(tuple(covered), tuple(missing))

    def uninstall(self) -> None:
        """Leave LangChain as it was found. Runs that are under way are not recorded."""
        from agentlog_langchain import hooks

        hooks.uninstall()
