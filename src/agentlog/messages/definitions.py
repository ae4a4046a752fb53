"""The tools that a model was offered, in the shape of OpenAI's chat API where they are functions."""

from __future__ import annotations

from typing import Any, Final

from agentlog.messages import parts
from agentlog.messages.parameters import is_credential

_SCHEMAS: Final = (
    "parameters",
    "input_schema",
    "inputSchema",
    "parameters_json_schema",
    "parametersJsonSchema",
    "args_schema",
)
_GEMINI_TYPES: Final = frozenset({"STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"})
_GEMINI_FUNCTIONS: Final = ("functionDeclarations", "function_declarations")


def read_definitions(*lists: Any) -> str | None:
    """JSON text of the tools in `lists` (of any API); None when there are none.

    Functions become `{"type": "function", "function": {"name", "description", "parameters", …}}`; tools of another kind stay as
    they are, without the keys to them. What an API says beside a function (`cache_control`) stands beside `function`.

    >>> read_definitions([{"name": "add", "input_schema": {"type": "object"}}])
    '[{"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}]'
    """
    found = [shaped for tools in lists if isinstance(tools, list | tuple) for tool in tools for shaped in _shape(tool)]
    return parts.dumps(found) if found else None


def _shape(tool: Any) -> list[Any]:
    if not isinstance(tool, dict):
        return [tool]
    for key in _GEMINI_FUNCTIONS:
        if isinstance(tool.get(key), list):
            functions = [_function(one, {}) if isinstance(one, dict) else one for one in tool[key]]
            return (
                functions + _shape({name: value for name, value in tool.items() if name != key and value})
                if len(tool) > 1
                else functions
            )
    inner = tool.get("function")
    if isinstance(inner, dict):
        return [_function(inner, {key: value for key, value in tool.items() if key not in ("type", "function")})]
    kind = tool.get("type")
    named = isinstance(tool.get("name"), str)
    if named and (
        kind == "function" or (kind in (None, "custom") and any(isinstance(tool.get(key), dict) for key in _SCHEMAS))
    ):
        return [_flat(tool)]
    if named and kind is None and set(tool) <= {"name", "description"}:
        return [_flat(tool)]
    return [{key: value for key, value in tool.items() if not is_credential(key)}] if tool else []


def _flat(tool: dict[str, Any]) -> dict[str, Any]:
    """A function whose name and schema stand at the top (Responses, Anthropic, MCP, the old `functions`)."""
    own = ("name", "description", "strict", *_SCHEMAS)
    beside = {key: value for key, value in tool.items() if key not in (*own, "type") and value is not None}
    return _function({key: value for key, value in tool.items() if key in own}, beside)


def _function(said: dict[str, Any], beside: dict[str, Any]) -> dict[str, Any]:
    function: dict[str, Any] = {}
    for key, value in said.items():
        if value is None:
            continue
        if key in _SCHEMAS:
            function["parameters"] = _json_schema(value)
        else:
            function[key] = value
    return {"type": "function", "function": function, **beside}


def _json_schema(schema: Any) -> Any:
    """Gemini's own schemas with the type names of JSON Schema (`STRING` is no type there)."""
    if isinstance(schema, list):
        return [_json_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value.lower()
        if key == "type" and isinstance(value, str) and value in _GEMINI_TYPES
        else value
        if key in ("enum", "default", "example", "examples", "const")
        else _json_schema(value)
        for key, value in schema.items()
    }
