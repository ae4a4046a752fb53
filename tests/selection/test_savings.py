from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from agentlog.errors import ConfigurationError
from agentlog.selection import candidates, profile, saving

PRICES = {"gpt-4o": (2.5, 10.0)}


def chain(make, run, *, minutes=0, cached=900):
    """A run of three calls: plan, look up (ours), reply; the reply finds the look-up's prompt in the cache."""
    history = [{"role": "user", "parts": make.text(f"question {run} " + "long " * 400)}]
    looked = [*history, {"role": "assistant", "parts": make.text("looking " + "up " * 400)}]
    replied = [*looked, {"role": "user", "parts": make.text("go on")}]
    rows = []
    for step, (messages, read) in enumerate(((history, 0), (looked, 400), (replied, cached))):
        rows.append(
            make.call(
                run * 10 + step,
                trace=f"run{run}",
                time=make.start + timedelta(hours=run, minutes=minutes * step, seconds=step),
                input_messages=messages,
                usage={"input_tokens": 1000, "output_tokens": 50, "cache_read_input_tokens": read},
            )
        )
    return rows


def middle(make, **more):
    rows = [row for run in range(20) for row in chain(make, run, **more)]
    return make.task(rows, ours={f"c{run * 10 + 1}" for run in range(20)}, kind="text")


def test_what_others_lose_of_the_prompt_cache_is_priced(make):
    """The reply keeps what the plan had sent; what only the look-up had sent is paid in full."""
    pytest.importorskip("genai_prices")
    found = profile(middle(make))
    lost = found.cache_lost_usd_per_call / (1.25 / 1e6)  # gpt-4o: 2.50 USD, cached 1.25
    assert lost == pytest.approx(900 - 1000 * 2000 / (2000 + 1200), rel=0.1)  # by their characters
    assert found.cache_share == pytest.approx((0 + 400 + 900) / 3000, abs=0.3)


def test_a_cold_cache_loses_nothing(make):
    assert profile(middle(make, minutes=20)).cache_lost_usd_per_call == 0


def test_no_cached_tokens_lose_nothing(make):
    assert profile(middle(make, cached=0)).cache_lost_usd_per_call == 0


def test_a_table_without_a_cached_price_says_nothing_of_the_cache(make):
    assert profile(middle(make), prices=PRICES).cache_lost_usd_per_call == 0


def test_the_saving_is_what_is_avoided_less_the_candidate_and_the_cache(labels):
    found = candidates(labels, prices=PRICES, calls_per_month=1e6)
    about = replace(found.profile, cache_lost_usd_per_call=1e-4)
    head = saving(about, found["head"], share=0.8)
    assert head.avoided_usd == pytest.approx(0.8 * 3500)
    assert head.cache_usd == pytest.approx(80)
    assert head.usd == pytest.approx(2800 - 80)
    model = saving(about, found["Qwen/Qwen3-0.6B"], share=0.8)
    assert model.usd == pytest.approx(2800 - 80 - found["Qwen/Qwen3-0.6B"].monthly_usd)
    assert saving(about, found["gpt-4o"]).usd == 0


def test_the_rows_carry_the_same_saving(labels):
    found = candidates(labels, prices=PRICES, calls_per_month=1e6)
    for row in found:
        assert row.saving_usd == saving(found.profile, row).usd


def test_an_unknown_cost_gives_no_saving_and_says_why(make):
    task = make.task([make.call(n, request_model=None, response_model=None) for n in range(240)])
    found = candidates(task)
    said = saving(found.profile, found["head"])
    assert said.usd is None
    assert "no call names its model" in said.why
    assert said.to_dict()["usd"] is None


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_that_is_none_is_refused(labels, share):
    found = candidates(labels)
    with pytest.raises(ConfigurationError, match="share"):
        saving(found.profile, found["head"], share=share)
