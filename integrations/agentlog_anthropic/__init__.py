"""What makes `agentlog.instrument(anthropic)` work: every call of a model through the anthropic SDK becomes a record.

The SDK is imported when `install` is called, not before: this package can be imported without it.

    sdk.py        what the shared hooks are told of this SDK, and what a release has
    answers.py    what came back, in one piece or in chunks
    tools.py      the tools that the SDK's own loop (`tool_runner`) calls

Where calls are seen, and how streams are followed, is shared with the openai SDK: `agentlog_stainless`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentlog.instrumentation.integration import Coverage

if TYPE_CHECKING:
    from agentlog_stainless.hooks import Hooks

__all__ = ["AnthropicIntegration"]


class AnthropicIntegration:
    """Records messages, the beta's too, legacy completions, and the tools of the SDK's own loop; sync, async and streamed."""

    extra = "anthropic"
    library = "anthropic"

    def __init__(self) -> None:
        self._hooks: Hooks | None = None

    def install(self) -> Coverage:
        """Hook into the SDK's clients, those of clouds too; those that exist already are covered."""
        from agentlog_anthropic.sdk import SDK, coverage
        from agentlog_anthropic.tools import tool_classes
        from agentlog_stainless.hooks import Hooks

        self._hooks = Hooks(SDK)
        lacking = self._hooks.install()
        for owner, handler in tool_classes():
            self._hooks.place(owner, "call", handler)
        return coverage(lacking)

    def uninstall(self) -> None:
        """Put the SDK's own functions back."""
        if self._hooks is not None:
            self._hooks.remove()
            self._hooks = None
