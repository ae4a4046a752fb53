"""What tokens cost: the user's own table first, then the public list of `genai-prices` (extra `prices`).

The list is the snapshot inside the installed package; nothing is fetched.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

from agentlog.errors import ConfigurationError

MISSING: Final = (
    "no price list: pip install 'agentlog[prices]', or give prices={model: (usd per M input, usd per M output)}"
)


@dataclass(frozen=True, slots=True)
class Price:
    """USD for a million tokens."""

    input: float
    output: float
    cache_read: float | None
    """Of input that the provider has cached; None where there is no such price."""
    where: str
    """The provider, "your table", …"""
    source: str
    """The list with its version."""


class Prices:
    """Looks prices up, once for each model."""

    def __init__(self, table: Mapping[str, tuple[float, float]] | None = None) -> None:
        """Take the user's own table.

        Args:
            table: model → (USD per million input tokens, USD per million output tokens).

        Raises:
            ConfigurationError: a price is no pair of numbers from 0 on.
        """
        self._table = dict(table or {})
        for model, pair in self._table.items():
            good = isinstance(pair, tuple | list) and len(pair) == 2
            if not good or not all(isinstance(one, int | float) and 0 <= one < math.inf for one in pair):
                raise ConfigurationError(
                    f"prices[{model!r}] is (usd per million input tokens, usd per million output tokens); found {pair!r}"
                )
        self._found: dict[tuple[str, str | None], Price | None] = {}
        self._open: list[tuple[str, str, Any]] | None = None
        try:
            import genai_prices  # noqa: F401

            self.list_version = f"genai-prices {version('genai-prices')}"
        except ImportError:
            self.list_version = ""

    @property
    def missing(self) -> str:
        """Why there is no public list; "" where there is one."""
        return "" if self.list_version else MISSING

    def of(self, model: str, provider: str | None = None) -> Price | None:
        """The price of a model as an application calls it; None where nobody knows it."""
        if model in self._table:
            usd = self._table[model]
            return Price(float(usd[0]), float(usd[1]), None, "your table", "your price table")
        key = (model, provider)
        if key not in self._found:
            self._found[key] = self._listed(model, provider) if self.list_version else None
        return self._found[key]

    def _listed(self, model: str, provider: str | None) -> Price | None:
        for where in (provider, None) if provider else (None,):
            found = self._asked(model, where)
            if found is not None:
                return found
        return None

    def _asked(self, model: str, provider: str | None) -> Price | None:
        from genai_prices import Usage, calc_price

        def usd(input: int, output: int, cached: int = 0) -> float:
            tokens = Usage(input_tokens=input, output_tokens=output, cache_read_tokens=cached)
            return float(calc_price(tokens, model, provider_id=provider, genai_request_timestamp=_now()).total_price)

        try:  # a thousand tokens: some lists charge long prompts more
            read, written, cached = (usd(*one) * 1000 for one in ((1000, 0), (0, 1000), (1000, 0, 1000)))
        except (LookupError, ValueError):
            return None
        return Price(read, written, cached if cached < read else None, provider or "list", self.list_version)

    def hosted(self, model: str, input_tokens: float, output_tokens: float) -> Price | None:
        """The cheapest provider of an open model for calls of that size; None where the list has none.

        The name must be the model's own: other sizes, versions and quantisations are other models.
        """
        if model in self._table:
            return self.of(model)
        if not self.list_version:
            return None
        wanted = _canonical(model)
        found = [
            Price(float(price.input_mtok), float(price.output_mtok), None, where, self.list_version)
            for where, name, price in self._models()
            if name == wanted
        ]
        return min(found, key=lambda one: one.input * input_tokens + one.output * output_tokens, default=None)

    def _models(self) -> list[tuple[str, str, Any]]:
        """(provider, canonical name, price) of everything in the list that has one flat price for input and output."""
        if self._open is None:
            from genai_prices import data_snapshot

            self._open = []
            for provider in data_snapshot.get_snapshot().providers:
                for model in provider.models:
                    price = model.get_prices(_now())
                    flat = [getattr(price, name, None) for name in ("input_mtok", "output_mtok")]
                    usable = all(one is not None and not hasattr(one, "base") and float(one) > 0 for one in flat)
                    if usable and not model.id.endswith((":free", ":batch")):
                        self._open.append((provider.id, _canonical(model.id), price))
        return self._open


def cost(price: Price, input_tokens: float, output_tokens: float, cached_tokens: float = 0.0) -> float:
    """USD of one call. `input_tokens` includes the cached ones."""
    cached = cached_tokens if price.cache_read is not None else 0.0
    read = price.input * (input_tokens - cached) + (price.cache_read or 0.0) * cached
    return (read + price.output * output_tokens) / 1e6


def _now() -> datetime:
    return datetime.now(tz=UTC)


_ENDINGS: Final = re.compile(r"-(instruct|it|chat|hf|instant)(?=$|-)|:0$|-bf16$")


def _canonical(model: str) -> str:
    """A model's name without its maker and without the words that providers add: "Qwen/Qwen3-8B" → "qwen3-8b".

    >>> _canonical("meta-llama/Llama-3.1-8B-Instruct") == _canonical("@cf/meta/llama-3.1-8b-instruct")
    True
    >>> _canonical("llama-3.1-8b-instruct-awq") == _canonical("llama-3.1-8b-instruct")
    False
    """
    name = model.lower().rsplit("/", 1)[-1]
    for maker in ("meta-llama", "nvidia.", "google.", "mistral.", "nvidia-"):
        if name.startswith(maker):
            name = name[len(maker) :].lstrip("-") if maker != "meta-llama" else "llama" + name[len(maker) :]
    name = re.sub(r"^qwen-?2\.5", "qwen2.5", name)
    return _ENDINGS.sub("", _ENDINGS.sub("", name))
