"""Faults that are asked for by the model's name, so that an application can be tried without touching its script.

fault-400 … fault-599    that HTTP status, with the provider's usual error
fault-429-once           429 the first time, the script's answer when the same is asked again
fault-timeout            an answer that does not come (until the provider is closed)
fault-badjson            status 200, and half a JSON document
fault-drop               the connection is dropped in the middle of the answer
fault-stream-error       a stream that begins well and breaks off with an error (a plain answer: 500)
"""

from __future__ import annotations

import re
from typing import Final

from agentlog.testing.scripts import Reply
from agentlog.testing.wire import Body

TIMEOUT_S: Final = 3600.0
HALF_A_DOCUMENT: Final = b'{"id": "chatcmpl-broken", "choices": ['

_ERRORS: Final[dict[int, Body]] = {
    400: {
        "message": "This model's maximum context length is 8192 tokens.",
        "type": "invalid_request_error",
        "param": "messages",
        "code": "context_length_exceeded",
    },
    401: {"message": "Incorrect API key provided.", "type": "invalid_request_error", "code": "invalid_api_key"},
    403: {"message": "You are not allowed to use this model.", "type": "invalid_request_error", "code": "forbidden"},
    404: {"message": "The model does not exist.", "type": "invalid_request_error", "code": "model_not_found"},
    429: {"message": "Rate limit reached for requests per minute.", "type": "requests", "code": "rate_limit_exceeded"},
    500: {"message": "The server had an error while processing your request.", "type": "server_error"},
    503: {"message": "The engine is currently overloaded.", "type": "server_error"},
}


def error_fields(status: int, error: str | Body | None = None) -> Body:
    """message, type, param and code of an error: what `error` says, over what is usual for `status`."""
    usual = _ERRORS.get(status) or _ERRORS[400 if status < 500 else 500]
    given = {"message": error} if isinstance(error, str) else error or {}
    return {"param": None, "code": None, **usual, **given}


def fault(model: str, asked_before: int, reply: Reply | None) -> Reply | None:
    """The reply that a model with a fault's name gives; None when the name asks for none.

    Args:
        model: the model in the request.
        asked_before: how often the same was asked before.
        reply: what the script says, where there is a script to say something.
    """
    if not model.startswith("fault-"):
        return None
    kind = model.removeprefix("fault-")
    if re.fullmatch(r"[45]\d\d", kind):
        return Reply(status=int(kind), error=error_fields(int(kind)))
    if kind == "429-once":
        return Reply(status=429, error=error_fields(429)) if asked_before == 0 else None
    begun = reply.text if reply and reply.text else "This answer begins well, and then it does not come to its end."
    if kind == "drop":
        return Reply(text=begun, cut_after=2)
    if kind == "stream-error":
        return Reply(text=begun, error=error_fields(500))
    if kind == "timeout":
        return Reply(text="late", delay_s=TIMEOUT_S)
    if kind == "badjson":
        return Reply(raw=HALF_A_DOCUMENT)
    return Reply(status=404, error=f"There is no fault {model!r}: agentlog.testing.faults lists them.")
