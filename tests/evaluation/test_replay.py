"""Recorded calls sent again."""

import socket

import pytest

from agentlog.errors import ConfigurationError
from agentlog.evaluation import replay
from agentlog.evaluation.replay import quantile_ms
from agentlog.messages import parts
from agentlog.models.endpoint import Endpoint, EndpointError
from agentlog.testing import Reply, ScriptedProvider

pytest.importorskip("openai")


def echo_label(route, body):
    return "refund" if int(body["messages"][-1]["content"].split()[-1]) % 3 else "shipping"


def test_each_call_is_asked_as_it_was_and_compared(labels):
    with ScriptedProvider(echo_label) as provider:
        done = replay(labels, f"{provider.base_url}#m", limit=20)
        assert len(provider.requests) == 20
    assert (done.sent, done.refused, done.failed, done.not_sent) == (20, {}, {}, {})
    assert done.agreement == 1.0
    assert done.tokens[0] > 20 and done.latency_ms(0.5) <= done.latency_ms(0.95)
    assert "sent         20 of 20 calls" in repr(done)


def test_answers_that_differ_from_the_record_are_counted(labels):
    with ScriptedProvider(lambda route, body: "refund") as provider:
        done = replay(labels, f"{provider.base_url}#m", price=(1.0, 2.0), limit=30)
    right = sum(one.agrees for one in done.calls)
    assert 0 < right < 30 and done.agreement == right / 30
    given, made = done.tokens
    assert done.cost_usd == pytest.approx((given + 2 * made) / 1e6)
    assert done.cost_per_success_usd == pytest.approx(done.cost_usd / right)


def test_what_cannot_be_sent_is_refused_with_its_reason(make_ticket, make_task):
    rows = [make_ticket(number, f"ticket {number}", "refund") for number in range(4)]
    rows[0]["input_messages"][0]["parts"].append(parts.blob("image/png", "AAAA"))
    rows[2]["input_messages"].append(parts.message("assistant", parts.tool_call("find", {}, "c9")))
    rows[2]["input_messages"].append(parts.message("user", parts.text("and?")))
    with ScriptedProvider(echo_label) as provider:
        done = replay(make_task(rows), f"{provider.base_url}#m")
        assert len(provider.requests) == 2
    assert done.refused == {"image_not_stored": 1, "tool_call_unanswered": 1}
    assert [one.outcome for one in done.calls] == ["refused", "sent", "refused", "sent"]


def test_parameters_that_were_left_out_are_named(make_ticket, make_task):
    rows = [make_ticket(number, f"ticket {number}", "refund", request={"top_k": 3, "seed": 1}) for number in range(3)]
    with ScriptedProvider(echo_label) as provider:
        done = replay(make_task(rows), f"{provider.base_url}#m")
        assert all(one.request["seed"] == 1 for one in provider.requests)
    assert done.left_out == {"top_k": 3}


@pytest.mark.parametrize(
    ("model", "kind"), [("fault-500", "http 500"), ("fault-429", "http 429"), ("fault-timeout", "timeout")]
)
def test_failures_are_counted_by_kind(labels, model, kind):
    with ScriptedProvider() as provider, Endpoint(provider.base_url, model, max_retries=0, timeout_s=0.3) as endpoint:
        done = replay(labels, endpoint, limit=5, concurrency=5)
    assert (done.sent, done.failed, done.agreement, done.tokens) == (0, {kind: 5}, None, None)


def test_a_wrong_address_is_said_at_once_and_not_counted_for_each_call(labels):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Endpoint(f"http://127.0.0.1:{port}/v1", "m", max_retries=0) as endpoint:
        with pytest.raises(EndpointError, match="server running"):
            replay(labels, endpoint)


def test_an_endpoint_that_goes_away_is_not_waited_for(labels):
    def key_is_withdrawn(route, body):
        return "refund" if len(provider.requests) <= 5 else Reply(status=401)

    with ScriptedProvider(key_is_withdrawn) as provider:
        with Endpoint(provider.base_url, "m", max_retries=0) as endpoint:
            done = replay(labels, endpoint, concurrency=1)
        assert len(provider.requests) == 15
    assert (done.sent, done.failed, done.not_sent) == (5, {"http 401": 10}, {"endpoint gone": 185})


def test_a_budget_is_kept(labels):
    with ScriptedProvider(echo_label) as provider:
        done = replay(labels, f"{provider.base_url}#m", price=(10.0, 10.0), max_usd=0.002, concurrency=3)
        assert len(provider.requests) == done.sent
    assert 0 < done.sent < 200
    assert done.cost_usd <= 0.002
    assert done.not_sent == {"budget": 200 - done.sent}


def test_a_budget_without_a_price_is_refused_before_anything_is_sent(labels):
    with ScriptedProvider(echo_label) as provider:
        with pytest.raises(ConfigurationError, match="price="):
            replay(labels, f"{provider.base_url}#m", max_usd=1.0)
        assert provider.requests == []


def test_the_public_price_list_knows_openai():
    pytest.importorskip("genai_prices")
    from agentlog.evaluation.prices import Prices

    prices = Prices.of("https://api.openai.com/v1")
    assert prices.cost("gpt-4o-mini", 1_000_000, 1_000_000) == pytest.approx(0.75)
    assert prices.why_unknown("gpt-4o-mini") == ""
    assert Prices.of("http://127.0.0.1:8000/v1").cost("gpt-4o-mini", 1, 1) is None


def test_a_draw_is_the_same_for_a_seed_and_not_the_beginning(labels):
    with ScriptedProvider(echo_label) as provider:
        url = f"{provider.base_url}#m"
        first, again = (replay(labels, url, limit=10, seed=1) for _ in range(2))
        other = replay(labels, url, limit=10, seed=2)
    ids = [one.call_id for one in first.calls]
    assert ids == [one.call_id for one in again.calls] != [one.call_id for one in other.calls]
    assert ids != [f"call-{number:04d}" for number in range(10)]


def test_progress_is_told(labels):
    told = []
    with ScriptedProvider(echo_label) as provider:
        replay(labels, f"{provider.base_url}#m", limit=7, progress=lambda done, total: told.append((done, total)))
    assert told == [(number, 7) for number in range(1, 8)]


@pytest.mark.parametrize("arguments", [{"limit": 0}, {"concurrency": 0}, {"price": (1.0,)}, {"price": (-1.0, 1.0)}])
def test_arguments_that_cannot_be_used_are_refused(labels, arguments):
    with pytest.raises(ConfigurationError):
        replay(labels, "http://127.0.0.1:9/v1#m", **arguments)


def test_what_holds_no_calls_is_refused():
    with pytest.raises(ConfigurationError, match="found int"):
        replay(3, "http://127.0.0.1:9/v1#m")


def test_the_figures_hold_no_answer(labels):
    with ScriptedProvider(lambda route, body: "a private word") as provider:
        done = replay(labels, f"{provider.base_url}#m", limit=3)
    assert done.calls[0].answer.text == "a private word"
    assert "private" not in str(done.to_dict()) and "private" not in repr(done)


def test_quantiles_are_times_that_were_measured():
    assert quantile_ms([0.004, 0.001, 0.002, 0.003], 0.5) == 2.0
    assert quantile_ms([0.001 * n for n in range(1, 101)], 0.95) == pytest.approx(95.0)
    assert quantile_ms([], 0.5) is None
