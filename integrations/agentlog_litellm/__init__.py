"""LiteLLM past a router: a small model answers what it has earned, whichever provider LiteLLM asks the rest.

    litellm = routed(litellm, Router.load("studies/default/routing"))
    litellm.completion(model="gpt-4o", messages=[…])

LiteLLM's own calls are recorded by the SDK below it (`agentlog.instrument(openai)`); an answer of a small model, which
reaches no SDK, is recorded here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentlog_litellm.routing import Routed, routed

__all__ = ["Routed", "routed"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from agentlog_litellm import routing

        return getattr(routing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
