"""What a call cost, by the public price list of `genai-prices` (extra `prices`). Without it the column is null."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any

logger = logging.getLogger(__name__)

_told: set[str] = set()


def price(row: dict[str, Any]) -> None:
    """Fill `cost_usd` and `price_version` where the model's price and its tokens are known."""
    if row.get("cached"):
        row["cost_usd"] = 0.0
        return
    usage = row.get("usage")
    model = row.get("response_model") or row.get("request_model")
    if not usage or not model:
        return
    try:
        from genai_prices import Usage, calc_price
    except ImportError:
        if "missing" not in _told:
            _told.add("missing")
            logger.info("cost_usd is null without the extra: pip install 'agentlog[prices]'")
        return
    tokens = Usage(
        input_tokens=usage.get("input_tokens"),
        output_tokens=usage.get("output_tokens"),
        cache_read_tokens=usage.get("cache_read_input_tokens"),
        cache_write_tokens=usage.get("cache_creation_input_tokens"),
    )
    when = datetime.fromtimestamp(row["time"] / 1e6, tz=UTC)
    try:
        found = calc_price(
            tokens, model, provider_id=_PROVIDERS.get(row.get("provider") or ""), genai_request_timestamp=when
        )
    except (LookupError, ValueError):  # a model that the list does not know
        return
    row["cost_usd"] = float(found.total_price)
    row["price_version"] = _price_version()


@cache
def _price_version() -> str:
    return f"genai-prices {version('genai-prices')}"


_PROVIDERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "azure.ai.openai": "azure",
    "gcp.gemini": "google",
    "gcp.vertex_ai": "google",
    "groq": "groq",
    "deepseek": "deepseek",
    "mistral_ai": "mistral",
}
"""OpenTelemetry's `gen_ai.provider.name` → the price list's provider."""
