"""What is asked of a model, as it goes over the wire, and who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from openai import NotGiven, Omit
from openai.lib.azure import BaseAzureClient

from agentlog.semconv import CHAT, EMBEDDINGS, TEXT_COMPLETION

ENDPOINTS: Final[Mapping[str, tuple[str, str]]] = {
    "chat/completions": (CHAT, "openai.chat"),
    "responses": (CHAT, "openai.responses"),
    "completions": (TEXT_COMPLETION, "openai.completions"),
    "embeddings": (EMBEDDINGS, "openai.embeddings"),
}
"""Path of a request → operation and dialect of its call. Azure's own paths are made of these later, by the SDK."""

_PROVIDERS: Final = (
    ("api.openai.com", "openai"),
    ("openai.azure.com", "azure.ai.openai"),
    ("cognitiveservices.azure.com", "azure.ai.openai"),
    ("services.ai.azure.com", "azure.ai.inference"),
    ("models.ai.azure.com", "azure.ai.inference"),
    ("amazonaws.com", "aws.bedrock"),
    ("api.aws", "aws.bedrock"),
    ("aiplatform.googleapis.com", "gcp.vertex_ai"),
    ("generativelanguage.googleapis.com", "gcp.gemini"),
    ("api.anthropic.com", "anthropic"),
    ("api.cohere.ai", "cohere"),
    ("api.cohere.com", "cohere"),
    ("api.deepseek.com", "deepseek"),
    ("api.groq.com", "groq"),
    ("api.mistral.ai", "mistral_ai"),
    ("api.perplexity.ai", "perplexity"),
    ("api.x.ai", "x_ai"),
    ("openrouter.ai", "openrouter"),
)
"""Hosts that speak OpenAI's API, and those below them → the provider's name in OpenTelemetry's conventions."""


def endpoint(options: Any) -> tuple[str, str] | None:
    """Operation and dialect of a request, or None when it calls no model (a list of files, a stored response, …)."""
    if options.method.lower() != "post":
        return None
    return ENDPOINTS.get(options.url.partition("?")[0].strip("/"))


def sent_body(options: Any, dialect: str) -> dict[str, Any]:
    """The body as it is sent: with `extra_body`, without what was not given. Headers and timeouts are no part of it."""
    given = options.json_data if isinstance(options.json_data, Mapping) else {}
    if options.extra_json:
        given = {**given, **options.extra_json}
    body = {key: value for key, value in given.items() if not isinstance(value, (Omit, NotGiven))}
    place = {"openai.embeddings": "input", "openai.completions": "prompt"}.get(dialect)
    if place is not None and place in body:
        body[place] = _without_tokens(body[place])
    return body


def provider(client: Any) -> tuple[str, str]:
    """The provider's name, and the host when that name is only a guess."""
    if isinstance(client, BaseAzureClient):
        return "azure.ai.openai", ""
    return _of_host(client.base_url.host)


@lru_cache(maxsize=256)
def _of_host(host: str) -> tuple[str, str]:
    for known, name in _PROVIDERS:
        if host == known or host.endswith(("." + known, "-" + known)):
            return name, ""
    return "openai", host


def _without_tokens(value: Any) -> Any:
    """Texts as they are; token ids as their number, because they are words that no redaction can read."""
    if isinstance(value, list) and value:
        if isinstance(value[0], int):
            return f"<{len(value)} tokens>"
        if isinstance(value[0], list):
            return [_without_tokens(one) for one in value]
    return value
