"""A logged call as a conversation: what a trainer, an evaluation or another model is given of it.

conversation      one row of `calls/` → turns, tools, answer; or a reason why that cannot be
turns, pairing    messages, and tool calls beside their results
tool_definitions  the tools on offer, in OpenAI's form
surrogates        natural values for the placeholders of redaction, in a language (locales, languages)
figures           amounts and dates that are not those of the log, in the same relations
strict            JSON that every reader reads alike
reasons           why a call has no faithful form
"""

from __future__ import annotations

from agentlog.conversations.conversation import Conversation, read
from agentlog.conversations.reasons import Refused

__all__ = ["Conversation", "Refused", "read"]
