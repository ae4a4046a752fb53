"""Where a call comes from: framework, agent, node, provider, tags and the user's metadata, from what LangChain says of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from agentlog.recording.calls import Call, Session
from agentlog.recording.snapshot import encode

_GRAPHS: Final = ("langgraph", "langchain_create_agent")
_PROVIDERS: Final = {
    "amazon_bedrock": "aws.bedrock",
    "azure": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "bedrock_converse": "aws.bedrock",
    "google_genai": "gcp.gemini",
    "google_vertexai": "gcp.vertex_ai",
    "mistral": "mistral_ai",
    "mistralai": "mistral_ai",
    "xai": "x_ai",
}
"""LangChain's word → OpenTelemetry's, where they differ."""
_SESSIONS: Final = ("thread_id", "session_id", "conversation_id")
_FRAMEWORKS_OWN: Final = ("ls_", "lc_", "langgraph_", "langsmith", "LANGSMITH", "__", "checkpoint_")
_NOT_THE_USERS: Final = frozenset({"tags", "task_id", "run_id", "assistant_id", "graph_id", "revision_id"})
_INTERNAL_TAGS: Final = ("seq:step:", "graph:step:", "map:key:", "condition:", "branch:", "langsmith:")


def describe(call: Call, metadata: Mapping[str, Any] | None, tags: Iterable[str] | None) -> None:
    """Write into `call` where it comes from."""
    said = metadata or {}
    node = said.get("langgraph_node")
    call.framework = "langgraph" if node is not None or said.get("ls_integration") in _GRAPHS else "langchain"
    if node is not None:
        call.node = _text(node)
    agent = said.get("lc_agent_name")
    if agent:
        call.agent = _text(agent)
    provider = said.get("ls_provider")
    if provider:
        call.provider = _PROVIDERS.get(provider, _text(provider))
    if tags:
        call.tags = [_text(tag) for tag in tags if isinstance(tag, str) and not tag.startswith(_INTERNAL_TAGS)]
    keys = users_keys(tuple(said))
    if keys:
        call.attributes = {_text(key): _plain(said[key]) for key in keys if key not in _SESSIONS}
        if call.session is None:
            thread = next((said[key] for key in _SESSIONS if said.get(key)), None)
            call.session = None if thread is None else Session(_text(thread))


@lru_cache(maxsize=1024)
def users_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Which metadata are the user's own, not a framework's: a place in a program has the same keys again and again."""
    return tuple(key for key in keys if key not in _NOT_THE_USERS and not key.startswith(_FRAMEWORKS_OWN))


def _plain(value: Any) -> Any:
    """A user's value as it can travel."""
    if value is None or isinstance(value, (bool, float)) or (type(value) is str and value.isascii()):
        return value
    return msgspec.msgpack.decode(encode(value))


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
