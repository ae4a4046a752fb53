"""What an endpoint's calls cost: by a price that the caller gives, else by the public list where a known provider is asked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from agentlog.errors import ConfigurationError
from agentlog.recorder import pricing

_PROVIDERS: Final = {
    "api.openai.com": "openai",
    "api.groq.com": "groq",
    "api.deepseek.com": "deepseek",
    "api.mistral.ai": "mistral_ai",
    "generativelanguage.googleapis.com": "gcp.gemini",
}


@dataclass(frozen=True, slots=True)
class Prices:
    """Of one endpoint."""

    host: str
    given: tuple[float, float] | None = None
    """USD for a million input tokens, and for a million output tokens."""

    @classmethod
    def of(cls, base_url: str, given: tuple[float, float] | None = None) -> Prices:
        """The prices at an address.

        Raises:
            ConfigurationError: `given` is no pair of prices.
        """
        if given is not None and (len(given) != 2 or min(given) < 0):
            raise ConfigurationError(
                f"price= is (USD per million input tokens, USD per million output tokens); found {given!r}"
            )
        return cls(urlsplit(base_url).hostname or "", given)

    def cost(
        self, model: str, input_tokens: int | None, output_tokens: int | None, cached: int | None = None
    ) -> float | None:
        """USD for one call; None where tokens or price are not known."""
        if input_tokens is None or output_tokens is None:
            return None
        if self.given is not None:
            return (input_tokens * self.given[0] + output_tokens * self.given[1]) / 1e6
        provider = self._provider
        if provider is None:  # a model of the same name costs something else on a machine of one's own
            return None
        usage = {"input_tokens": input_tokens, "output_tokens": output_tokens, "cache_read_input_tokens": cached}
        row: dict[str, Any] = {"usage": usage, "response_model": model, "provider": provider, "time": time.time() * 1e6}
        pricing.price(row)
        found = row.get("cost_usd")
        return None if found is None else float(found)

    def why_unknown(self, model: str) -> str:
        """Why there is no price; "" where there is one."""
        if self.cost(model, 1, 1) is not None:
            return ""
        advice = "price=(USD per million input tokens, per million output tokens) says it"
        if self._provider is None:
            return f"no price list knows {self.host}: {advice}"
        return f"the price list does not know {model} at {self.host}, or agentlog[prices] is not installed: {advice}"

    @property
    def _provider(self) -> str | None:
        return "azure.ai.openai" if self.host.endswith(".openai.azure.com") else _PROVIDERS.get(self.host)
