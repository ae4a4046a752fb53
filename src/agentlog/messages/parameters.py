"""What a request says beside its messages and tools: with them, it can be sent again as it was. Never its credentials."""

from __future__ import annotations

from typing import Any, Final

from agentlog.messages import parts
from agentlog.messages.parts import Message, Part

_CREDENTIALS: Final = frozenset(
    {
        "api_key",
        "apikey",
        "key",
        "token",
        "access_token",
        "auth_token",
        "authorization",
        "authorization_token",
        "azure_ad_token",
        "bearer_token",
        "client_secret",
        "cookie",
        "cookies",
        "credentials",
        "password",
        "proxy_authorization",
        "secret",
        "x_api_key",
        "x_goog_api_key",
        "aws_access_key_id",
        "aws_secret_access_key",
        "aws_session_token",
    }
)
_TRANSPORT: Final = frozenset(
    {
        "default_headers",
        "extra_headers",
        "extra_query",
        "headers",
        "http_client",
        "http_options",
        "max_retries",
        "organization",
        "timeout",
    }
)
_SCHEMAS: Final = frozenset(
    {
        "schema",
        "json_schema",
        "properties",
        "parameters",
        "input_schema",
        "responseSchema",
        "responseJsonSchema",
        "response_schema",
        "response_json_schema",
    }
)
"""Below these, names are a schema's own: a field called `password` is no password."""


def is_credential(name: Any) -> bool:
    """Whether what bears this name is a key, or the headers that carry one."""
    plain = str(name).lower().replace("-", "_")
    return plain in _CREDENTIALS or plain in ("headers", "extra_headers")


def read_parameters(request: dict[str, Any], *taken: str) -> dict[str, Any]:
    """The parameters of `request` beyond the keys `taken`, without credentials and without those that are null.

    `extra_body` is what a client was told to send beside its own parameters: its keys are parameters like the others.

    >>> read_parameters({"model": "m", "temperature": 0, "api_key": "sk-1", "extra_body": {"top_k": 3}}, "model")
    {'temperature': 0, 'top_k': 3}
    """
    body = request.get("extra_body")
    all_of = {**request, **body} if isinstance(body, dict) else request
    left = {
        str(key): value
        for key, value in all_of.items()
        if key not in taken and key != "extra_body" and value is not None
    }
    return {key: _clean(value, key) for key, value in left.items() if key not in _TRANSPORT and not is_credential(key)}


def _clean(value: Any, name: str) -> Any:
    if name in _SCHEMAS:
        return value
    if isinstance(value, dict):
        return {key: _clean(one, str(key)) for key, one in value.items() if not is_credential(key)}
    if isinstance(value, list | tuple):
        return [_clean(one, "") for one in value]
    return value


def take_user(parameters: dict[str, Any]) -> str | None:
    """The id of the person behind the call, taken out of the parameters: it becomes a pseudonym in a column of its own."""
    metadata = parameters.get("metadata")
    found = None
    if isinstance(metadata, dict) and isinstance(metadata.get("user_id"), str):
        found = metadata["user_id"]
        parameters["metadata"] = {key: value for key, value in metadata.items() if key != "user_id"}
        if not parameters["metadata"]:
            del parameters["metadata"]
    for key in ("user", "safety_identifier"):
        if isinstance(parameters.get(key), str):
            found = parameters.pop(key)
    return found


def settle(parameters: dict[str, Any], system: list[Part], inputs: list[Message], outputs: list[Message]) -> None:
    """Move what messages and parts say beyond their columns into `parameters["extras"]`, by place.

    A place is like `input_messages[3].parts[0]`. What stands beside an answer (citations, annotations) is dropped.
    """
    extras: dict[str, Any] = {}
    for number, part in enumerate(system):
        _move(part, f"system_instructions[{number}]", extras)
    for number, message in enumerate(inputs):
        _move(message, f"input_messages[{number}]", extras)
        for place, part in enumerate(message["parts"]):
            _move(part, f"input_messages[{number}].parts[{place}]", extras)
    for message in outputs:
        message.pop("extra", None)
        for part in message["parts"]:
            part.pop("extra", None)
    if extras:
        parameters["extras"] = extras


def _move(holder: Message | Part, place: str, extras: dict[str, Any]) -> None:
    extra = holder.pop("extra", None)
    if extra:
        extras[place] = extra


def request_text(parameters: dict[str, Any]) -> str | None:
    """The column `request`: JSON text, or None when there is nothing to say."""
    return parts.dumps(parameters) if parameters else None
