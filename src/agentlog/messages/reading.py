"""What could be read of a call: the columns of its record to be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, TypedDict

from agentlog.messages.definitions import read_definitions
from agentlog.messages.parameters import read_parameters, request_text, settle, take_user
from agentlog.messages.parts import Message, Part
from agentlog.messages.usage import Usage

_WORD: Final = re.compile(r"[\w.:/-]{1,64}", re.ASCII)
_OTHER: Final = "other"
"""Instead of a finish reason that is no word."""


class Reading(TypedDict, total=False):
    """Columns that could be read of a call's request and response; what is not known is not there."""

    system_instructions: list[Part]
    input_messages: list[Message]
    output_messages: list[Message]
    tool_definitions: str
    """JSON text of a list."""
    tool_arguments: str
    tool_result: str
    request: str
    """JSON text: every other parameter of the request, and under `extras` what its messages say beyond their columns."""
    usage: Usage
    finish_reasons: list[str]
    request_model: str
    response_model: str
    provider: str
    response_id: str
    error_type: str
    """The provider's word for what went wrong, where the response is an error."""
    stream: bool
    user: str
    """The raw id of the person behind the call, where a parameter names one."""


def compose(
    request: dict[str, Any],
    taken: Iterable[str] = (),
    *,
    system: list[Part] | None = None,
    inputs: list[Message] | None = None,
    outputs: list[Message] | None = None,
    tools: Iterable[Any] = (),
    extra: dict[str, Any] | None = None,
    usage: Usage | None = None,
    finish_reasons: Iterable[Any] = (),
    response_model: Any = None,
    response_id: Any = None,
    provider: str | None = None,
    error_type: str | None = None,
) -> Reading:
    """A `Reading` of a model call; `taken` are the keys of `request` that are not parameters, `extra` further parameters."""
    parameters = {**read_parameters(request, "model", "tools", *taken), **(extra or {})}
    reading: Reading = {"stream": bool(request.get("stream"))}
    user = take_user(parameters)
    settle(parameters, system or [], inputs or [], outputs or [])
    if system:
        reading["system_instructions"] = system
    if inputs is not None:
        reading["input_messages"] = inputs
    if outputs is not None:
        reading["output_messages"] = outputs
    definitions = read_definitions(request.get("tools"), *tools)
    if definitions:
        reading["tool_definitions"] = definitions
    text = request_text(parameters)
    if text:
        reading["request"] = text
    if usage:
        reading["usage"] = usage
    for message in outputs or ():
        if "finish_reason" in message and not is_word(message["finish_reason"]):
            message["finish_reason"] = _OTHER
    reasons = [reason if is_word(reason) else _OTHER for reason in finish_reasons if isinstance(reason, str) and reason]
    if reasons:
        reading["finish_reasons"] = reasons
    if isinstance(request.get("model"), str) and request["model"]:
        reading["request_model"] = request["model"]
    if isinstance(response_model, str) and response_model:
        reading["response_model"] = response_model
    if isinstance(response_id, str) and response_id:
        reading["response_id"] = response_id
    if provider:
        reading["provider"] = provider
    if error_type:
        reading["error_type"] = error_type
    if user:
        reading["user"] = user
    return reading


def is_word(value: Any) -> bool:
    """Whether a finish reason or the name of an error is a word, and no sentence: it is stored as it is, without redaction."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def as_dict(value: Any, what: str) -> dict[str, Any]:
    """`value`, which must be a dict or nothing at all.

    Raises:
        ValueError: it is something else; the message names its type and never its content.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{what} should be a dict; found {type(value).__name__}")
    return value


def read_error(body: dict[str, Any]) -> str | None:
    """The provider's word for what went wrong, from the body of an error; None when it is no error.

    >>> read_error({"error": {"type": "invalid_request_error", "message": "…"}})
    'invalid_request_error'
    """
    error = body.get("error")
    if not error:
        return None
    if not isinstance(error, dict):
        return "error"
    said = [str(error[key]) for key in ("type", "status", "code") if error.get(key) not in (None, "", "error")]
    # a word says more than a number: Gemini's `code` and Azure's `status` repeat the HTTP status
    words = [one for one in said if is_word(one)]
    return next((one for one in words if not one.isdigit()), words[0] if words else "error")
