"""What is asked of a model, as it goes over the wire, and who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openai._types import NotGiven, Omit  # public since 1.3 and 1.104, and here in every release
from openai.lib.azure import BaseAzureClient

from agentlog.semconv import CHAT, EMBEDDINGS, TEXT_COMPLETION
from agentlog_stainless.hosts import provider_of

RAW_RESPONSE_HEADER: Final = "x-stainless-raw-response"
"""With it the SDK marks the requests of `with_raw_response` and `with_streaming_response`."""

ENDPOINTS: Final[Mapping[str, tuple[str, str]]] = {
    "chat/completions": (CHAT, "openai.chat"),
    "responses": (CHAT, "openai.responses"),
    "responses/compact": (CHAT, "openai.responses"),
    "completions": (TEXT_COMPLETION, "openai.completions"),
    "embeddings": (EMBEDDINGS, "openai.embeddings"),
}
"""Path of a request → operation and dialect of its call. Azure's own paths are made of these later, by the SDK."""


def asked(body: dict[str, Any], dialect: str) -> dict[str, Any]:
    """What is recorded of a body, as it is sent: of token ids only their number."""
    place = {"openai.embeddings": "input", "openai.completions": "prompt"}.get(dialect)
    if place is not None and place in body:
        body[place] = _without_tokens(body[place])
    return body


def ask_for_usage(options: Any, client: Any) -> bool:
    """Ask for the tokens of a stream, where that cannot do harm. True: its chunks now hold what the application did not ask for.

    Only OpenAI itself, which takes the option with every model of its chat and completions: some versions of Azure's API
    refuse it, and so do servers that only speak the API. Not where the application says itself what it wants
    (`stream_options`), nor where it may read the bytes (`with_raw_response`, `with_streaming_response`).
    """
    if ENDPOINTS.get(options.url.strip("/"), ("", ""))[1] not in ("openai.chat", "openai.completions"):
        return False
    given = options.json_data
    headers = options.headers if isinstance(options.headers, Mapping) else {}
    if (
        not isinstance(given, Mapping)
        or given.get("stream") is not True
        or not isinstance(given.get("stream_options"), (Omit, NotGiven, type(None)))
        or "stream_options" in (options.extra_json or ())
        or any(name.lower() == RAW_RESPONSE_HEADER for name in headers)
        or isinstance(client, BaseAzureClient)
        or not is_openai(client.base_url.host)
    ):
        return False
    # a copy: with `client.post(body=…)` it is the application's own
    options.json_data = {**given, "stream_options": {"include_usage": True}}
    return True


def is_openai(host: str) -> bool:
    """Whether it is OpenAI's own server (`eu.api.openai.com` is, too)."""
    return host == "api.openai.com" or host.endswith(".api.openai.com")


def provider(client: Any) -> tuple[str, str]:
    """The provider's name, and the host when that name is only a guess."""
    if isinstance(client, BaseAzureClient):
        return "azure.ai.openai", ""
    host = client.base_url.host
    known = provider_of(host)
    return (known, "") if known else ("openai", host)


def _without_tokens(value: Any) -> Any:
    """Texts as they are; token ids as their number, because they are words that no redaction can read."""
    if isinstance(value, list) and value:
        if isinstance(value[0], int):
            return f"<{len(value)} tokens>"
        if isinstance(value[0], list):
            return [_without_tokens(one) for one in value]
    return value
