"""A scripted provider on 127.0.0.1, and pytest fixtures: what tests of agents need, with no key and no network.

    with ScriptedProvider(["Hello!", Reply(tool_calls=[("lookup", {"id": 7})])]) as provider:
        client = openai.OpenAI(base_url=provider.base_url, api_key="any")
        ...
    provider.requests      # what was asked and answered: the ground truth

It answers the routes of OpenAI (chat, responses, embeddings, completions, models), Anthropic (messages) and Gemini
(generateContent), plain and streamed, so that an agent runs on its real SDKs. The fixtures `agentlog_provider` and
`agentlog_records` are there in every pytest run once agentlog is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Exchange", "Reply", "ScriptedProvider"]

if TYPE_CHECKING:
    from agentlog.testing.provider import Exchange, ScriptedProvider
    from agentlog.testing.scripts import Reply
else:

    def __getattr__(name: str) -> object:
        # late: pytest imports the fixtures, and with them this file, in every run of every project
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from agentlog.testing import provider, scripts

        return getattr(scripts if name == "Reply" else provider, name)
