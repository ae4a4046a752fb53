"""Which provider a host belongs to."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_PROVIDERS: Final = (
    ("api.openai.com", "openai"),
    ("openai.azure.com", "azure.ai.openai"),
    ("cognitiveservices.azure.com", "azure.ai.openai"),
    ("services.ai.azure.com", "azure.ai.inference"),
    ("models.ai.azure.com", "azure.ai.inference"),
    ("amazonaws.com", "aws.bedrock"),
    ("api.aws", "aws.bedrock"),
    ("aiplatform.googleapis.com", "gcp.vertex_ai"),
    ("rep.googleapis.com", "gcp.vertex_ai"),
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
"""Hosts that speak an SDK's API, and those below them → the provider's name in OpenTelemetry's conventions."""


@lru_cache(maxsize=256)
def provider_of(host: str) -> str:
    """The provider that a host is known to belong to; "" when it is not known.

    >>> provider_of("europe-west4-aiplatform.googleapis.com")
    'gcp.vertex_ai'
    """
    return next((name for known, name in _PROVIDERS if host == known or host.endswith(("." + known, "-" + known))), "")
