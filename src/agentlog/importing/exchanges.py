"""Recorded exchanges with model providers: `{api, request, response, status, …}`, one call each.

Three kinds of files hold them: exchanges of any provider, the log of a server through which one run went (`{t, path, kind,
request, response, dur_s}`: one trace for the file), and NVIDIA's flywheel logs (`{timestamp, workload_id, client_id,
request, response}`).
"""

from __future__ import annotations

import re
from typing import Any, Final

from agentlog import messages
from agentlog.importing.bodies import as_body, response_body
from agentlog.importing.context import Context
from agentlog.importing.drafts import OPERATIONS, Run, Unreadable, Unsupported, instant, model_call

NAME: Final = "exchanges"
SAYS: Final = "exchanges with providers: {api or path, request, response, status}"

_APIS: Final = {
    "chat": "openai.chat",
    "chat.completions": "openai.chat",
    "responses": "openai.responses",
    "completions": "openai.completions",
    "embeddings": "openai.embeddings",
    "messages": "anthropic.messages",
    "generate": "gemini.generate",
    "generatecontent": "gemini.generate",
}
_PATHS: Final = (
    (re.compile(r"/chat/completions$"), "openai.chat"),
    (re.compile(r"/responses$"), "openai.responses"),
    (re.compile(r"/completions$"), "openai.completions"),
    (re.compile(r"/embeddings$"), "openai.embeddings"),
    (re.compile(r"/messages$"), "anthropic.messages"),
    (re.compile(r"/models/[^/]+:(stream)?generateContent$", re.IGNORECASE), "gemini.generate"),
)
_MODEL_IN_PATH: Final = re.compile(r"/(?:models|deployments)/([^/:]+)")
_PROVIDERS: Final = (
    (re.compile(r"^openai$|api\.openai\.com$"), "openai"),
    (re.compile(r"azure"), "azure.ai.openai"),
    (re.compile(r"anthropic"), "anthropic"),
    (re.compile(r"aiplatform|vertex"), "gcp.vertex_ai"),
    (re.compile(r"google|gemini|generativelanguage"), "gcp.gemini"),
    (re.compile(r"bedrock|amazonaws"), "aws.bedrock"),
    (re.compile(r"groq"), "groq"),
    (re.compile(r"mistral"), "mistral_ai"),
    (re.compile(r"deepseek"), "deepseek"),
    (re.compile(r"cohere"), "cohere"),
    (re.compile(r"perplexity"), "perplexity"),
    (re.compile(r"(^|\.)x\.ai$|^xai$"), "x_ai"),
    (re.compile(r"openrouter"), "openrouter"),
)
"""What logs call a provider, or its host → its name in OpenTelemetry's conventions."""


def recognises(value: Any) -> bool:
    """Whether a value is an exchange."""
    return isinstance(value, dict) and isinstance(value.get("request"), dict | str) and "response" in value


def read(value: Any, id: str, context: Context) -> Run:
    """The call of an exchange."""
    if not recognises(value):
        raise Unreadable("no `request` and `response`")
    request = as_body(value["request"])
    if request is None:
        raise Unreadable("`request` is no JSON object")
    request = dict(request)
    dialect = _dialect(value, request)
    path = _path(value)
    if not request.get("model") and (found := _MODEL_IN_PATH.search(path)):
        request["model"] = found[1]
    status = value["status"] if isinstance(value.get("status"), int) else 200
    body = response_body(value["response"], dialect, failed=status >= 400)
    reading = messages.read(dialect, request, body)
    attributes = _attributes(value)
    if status >= 400:
        if "error_type" in reading:
            attributes["error"] = reading["error_type"]
        reading["error_type"] = f"HTTPStatusError.{status}"
    draft = model_call(
        reading,
        OPERATIONS[dialect],
        call_id=id,
        trace_id=context.run_id or None,
        time=context.clock.at(_time(value, body)),
        duration_s=_seconds(value),
        provider=_provider(value),
        attributes=attributes,
    )
    return Run([draft])


def _path(value: dict[str, Any]) -> str:
    path = value.get("path") or value.get("url")
    return path.partition("?")[0].rstrip("/") if isinstance(path, str) else ""


def _dialect(value: dict[str, Any], request: dict[str, Any]) -> str:
    """The dialect of an exchange: what it says itself, else its path, else the shape of its request.

    Raises:
        Unsupported: it is one that is not known here.
    """
    said = value.get("api") or value.get("kind")
    if isinstance(said, str) and value.get("provider") != "bedrock":
        known = said if said in OPERATIONS else _APIS.get(said.lower())
        if known:
            return known
    for pattern, dialect in _PATHS:
        if pattern.search(_path(value)):
            return dialect
    if said or value.get("provider") == "bedrock":
        who = value.get("provider") if isinstance(value.get("provider"), str) else None
        raise Unsupported(" ".join(filter(None, (who, str(said) if said else None, "calls"))))
    if "contents" in request:
        return "gemini.generate"
    if isinstance(request.get("messages"), list):
        answered = as_body(value["response"]) or {}
        return (
            "anthropic.messages"
            if answered.get("type") in ("message", "error") and "choices" not in answered
            else "openai.chat"
        )
    if "prompt" in request:
        return "openai.completions"
    if "input" in request:
        answered = as_body(value["response"]) or {}
        return "openai.embeddings" if isinstance(answered.get("data"), list) else "openai.responses"
    raise Unsupported("requests of an unknown API")


def _provider(value: dict[str, Any]) -> str | None:
    """The provider, where the exchange names one that is known; a host of one's own is none."""
    said = value.get("provider") or value.get("host")
    if not isinstance(said, str):
        return None
    return next((name for pattern, name in _PROVIDERS if pattern.search(said.lower())), None)


def _time(value: dict[str, Any], body: dict[str, Any]) -> int | None:
    """When it was asked, else when it was answered."""
    said = (
        value.get("t"),
        value.get("timestamp"),
        value.get("time"),
        body.get("created"),
        body.get("created_at"),
        body.get("createTime"),
    )
    return next(filter(None, map(instant, said)), None)


def _seconds(value: dict[str, Any]) -> float | None:
    said = value.get("dur_s", value.get("duration_s"))
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) and said >= 0 else None


def _attributes(value: dict[str, Any]) -> dict[str, Any]:
    """Where an exchange comes from: its id in the source, and the workload and client of a flywheel's log."""
    found = {"source_id": value["id"]} if isinstance(value.get("id"), int | str) else {}
    return {
        **found,
        **{key: value[key] for key in ("workload_id", "client_id") if isinstance(value.get(key), int | str)},
    }
