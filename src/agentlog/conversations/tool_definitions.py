"""The tools that were on offer, as OpenAI's function tools with nothing beside."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from agentlog.conversations import strict
from agentlog.conversations.reasons import Refused
from agentlog.messages.definitions import read_definitions

TOOL_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
"""The names that OpenAI, Mistral and most chat templates take."""


@lru_cache(maxsize=256)  # every call of an agent offers the same tools
def read(text: str | None) -> list[dict[str, Any]]:
    """`[{"type": "function", "function": {"name", "description"?, "parameters", "strict"?}}]`; `[]` means none.

    The list is shared between calls with the same text: it is not to be changed.

    Raises:
        Refused: the text is no strict JSON, a tool is no function (a provider's web search, a free-form tool), or its
            name is none that trainers take.

    >>> read('[{"name": "now", "input_schema": {"type": "object", "properties": {}}}]')
    [{'type': 'function', 'function': {'name': 'now', 'parameters': {'type': 'object', 'properties': {}}}}]
    """
    if text is None or not text.strip():
        return []
    try:
        # the recorder wrote this shape; a table from elsewhere may hold another API's
        shaped = read_definitions(strict.loads(text) or [])
        tools = strict.loads(shaped) if shaped else []
    except ValueError:
        raise Refused("tool_definition_invalid") from None
    return [_function(tool) for tool in tools]


def _function(tool: Any) -> dict[str, Any]:
    body = tool.get("function") if isinstance(tool, dict) else None
    if not isinstance(body, dict) or not isinstance(body.get("name"), str):
        raise Refused("tool_definition_invalid")
    if not TOOL_NAME.fullmatch(body["name"]):
        raise Refused("tool_name_invalid")
    schema = body.get("parameters", {"type": "object", "properties": {}})
    if not isinstance(schema, dict):
        raise Refused("tool_definition_invalid")
    made: dict[str, Any] = {"name": body["name"]}
    if isinstance(body.get("description"), str):
        made["description"] = body["description"]
    made["parameters"] = schema
    if isinstance(body.get("strict"), bool):
        made["strict"] = body["strict"]
    return {"type": "function", "function": made}
