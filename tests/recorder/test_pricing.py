import sys

import pytest

from agentlog.recorder.pricing import price


def row(**columns):
    usage = {"input_tokens": 1000, "output_tokens": 100, "cache_read_input_tokens": None}
    return {
        "time": 1_750_000_000_000_000,
        "provider": "openai",
        "request_model": "gpt-4o-mini",
        "usage": usage,
        **columns,
    }


def test_a_known_model_costs_its_tokens_times_the_list_price():
    pytest.importorskip("genai_prices")
    one = row()
    price(one)
    assert one["cost_usd"] == pytest.approx(1000 * 0.15e-6 + 100 * 0.60e-6)  # OpenAI's price list for gpt-4o-mini
    assert one["price_version"].startswith("genai-prices ")


def test_cached_tokens_cost_less_and_are_not_counted_twice():
    pytest.importorskip("genai_prices")
    one = row(usage={"input_tokens": 1000, "output_tokens": 0, "cache_read_input_tokens": 400})
    price(one)
    assert one["cost_usd"] == pytest.approx(600 * 0.15e-6 + 400 * 0.075e-6)


@pytest.mark.parametrize("unknown", [{"request_model": "house-1"}, {"usage": None}, {"request_model": None}])
def test_what_is_not_known_has_no_cost(unknown):
    one = row(**unknown)
    price(one)
    assert "cost_usd" not in one


def test_an_answer_from_a_cache_is_free():
    one = row(cached=True)
    price(one)
    assert one["cost_usd"] == 0.0


def test_without_the_extra_there_is_no_cost_and_no_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    one = row()
    price(one)
    assert "cost_usd" not in one
