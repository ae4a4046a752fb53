"""Names from OpenTelemetry's GenAI semantic conventions, written down once.

Source: open-telemetry/semantic-conventions-genai, status Development, read in November 2026 (the last version in the
old repository is v1.41.1). These names still change; nothing else in the project spells one.
"""

from __future__ import annotations

from typing import Final

CHAT: Final = "chat"
TEXT_COMPLETION: Final = "text_completion"
EMBEDDINGS: Final = "embeddings"
RETRIEVAL: Final = "retrieval"
EXECUTE_TOOL: Final = "execute_tool"
INVOKE_AGENT: Final = "invoke_agent"
INVOKE_WORKFLOW: Final = "invoke_workflow"
GENERATE_CONTENT: Final = "generate_content"

OPERATIONS: Final = frozenset(
    {
        CHAT,
        TEXT_COMPLETION,
        EMBEDDINGS,
        RETRIEVAL,
        EXECUTE_TOOL,
        INVOKE_AGENT,
        INVOKE_WORKFLOW,
        GENERATE_CONTENT,
        "create_agent",
        "plan",
        "create_memory_store",
        "delete_memory_store",
        "create_memory",
        "update_memory",
        "upsert_memory",
        "delete_memory",
        "search_memory",
    }
)
"""The values of `gen_ai.operation.name`."""

MODEL_OPERATIONS: Final = frozenset({CHAT, TEXT_COMPLETION, GENERATE_CONTENT})
"""Operations in which a model writes an answer: what can become a training example."""

FINISH_LENGTH: Final = frozenset({"length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_length"})
"""Finish reasons of an answer that was cut, as the providers spell them."""

ABANDONED: Final = "abandoned"
"""Ours: the reader of a stream left, or a generator was closed early."""

INTERRUPTED: Final = "interrupted"
"""Ours: control flow (a graph's interrupt, a hand-over), no error; the resumed call is a row of its own."""

OUR_MODELS: Final = "agentlog/"
"""What `gen_ai.response.model` begins with where a small model of ours answered: `agentlog/<task>@<version>`."""
