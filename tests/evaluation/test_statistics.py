"""Intervals, tests and sample sizes; each checked by a second way of computing it."""

import math
import random

import pytest

from agentlog.errors import ConfigurationError
from agentlog.evaluation import statistics

stats = pytest.importorskip("scipy.stats")


@pytest.mark.parametrize(
    ("margin", "discordance", "calls"),
    [
        (0.02, 0.05, 773),
        (0.02, 0.10, 1546),
        (0.02, 0.20, 3092),
        (0.05, 0.05, 124),
        (0.05, 0.10, 248),
        (0.05, 0.20, 495),
    ],
)
def test_the_published_sample_sizes_come_out(margin, discordance, calls):
    assert statistics.calls_needed(margin, discordance) == calls


def test_299_audits_without_an_error_show_one_percent():
    assert statistics.audits_needed(0.01) == 299
    assert statistics.noninferior([True] * 299, range(299), 0.01).verdict == "yes"
    assert statistics.noninferior([True] * 298, range(298), 0.01).verdict == "undecided"


@pytest.mark.parametrize(("errors", "audits"), [(1, 473), (4, 913)])
def test_more_audits_are_needed_with_errors(errors, audits):
    hits = [False] * errors + [True] * (audits - errors)
    shown = statistics.noninferior(hits, range(audits), 0.01).verdict
    assert (shown == "yes") == (stats.binom.cdf(errors, audits, 0.01) <= 0.05)


def test_the_number_that_is_needed_is_enough_and_one_less_is_not():
    needed = statistics.noninferior([True] * 198 + [False] * 2, range(200), 0.02).needed
    assert statistics.interval(0.01 * needed, needed, 0.9)[1] <= 0.02
    assert statistics.interval(0.01 * (needed - 1), needed - 1, 0.9)[1] > 0.02


def test_calls_of_their_own_runs_have_clopper_and_pearson_s_interval():
    found = statistics.share([True] * 90 + [False] * 10, range(100))
    expected = stats.binomtest(90, 100).proportion_ci(method="exact")
    assert (found.low, found.high) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert found.effective == 100


def test_calls_that_fail_in_whole_runs_count_as_few_calls():
    runs = [number // 10 for number in range(400)]
    clustered = statistics.share([run % 8 != 0 for run in runs], runs)
    scattered = statistics.share([number % 8 != 0 for number in range(400)], runs)
    assert clustered.value == scattered.value
    assert clustered.effective < 80 < 300 < scattered.effective
    assert clustered.low < scattered.low


def test_one_run_is_one_call():
    assert statistics.share([True] * 50, ["run"] * 50).effective == 1.0


def test_an_interval_holds_the_truth_as_often_as_it_says():
    chance = random.Random(7)
    held = 0
    for _ in range(300):
        hits, runs = [], []
        for run in range(40):
            rate = chance.betavariate(0.95 * 7 / 3, 0.05 * 7 / 3)  # two calls of a run have a correlation of 0.3
            hits += [chance.random() < rate for _ in range(5)]
            runs += [run] * 5
        found = statistics.share(hits, runs)
        held += found.low <= 0.95 <= found.high
    assert held >= 0.93 * 300


def test_mcnemar_is_the_binomial_test_of_what_differs():
    first = [True] * 40 + [True] * 12 + [False] * 3
    second = [True] * 40 + [False] * 12 + [True] * 3
    expected = 2 * sum(math.comb(15, k) for k in range(4)) / 2**15
    assert statistics.mcnemar(first, second) == pytest.approx(expected)
    assert statistics.mcnemar(first, first) == 1.0


def test_tango_s_statistic_is_that_of_the_likeliest_table_under_the_hypothesis():
    lost, won, n, margin = 12.0, 5.0, 200.0, 0.03

    def likelihood(rare):  # of `won`; `lost` is that plus the margin
        return (
            won * math.log(rare) + lost * math.log(rare + margin) + (n - lost - won) * math.log(1 - 2 * rare - margin)
        )

    rare = max((place / 100_000 for place in range(1, 40_000)), key=likelihood)
    expected = (lost - won - n * margin) / math.sqrt(n * (2 * rare + margin * (1 - margin)))
    assert statistics.tango(lost, won, n, margin) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("model_lost", "llm_lost", "verdict"),
    [(0, 0, "yes"), (10, 10, "yes"), (40, 5, "undecided"), (120, 5, "no"), (5, 40, "yes")],
)
def test_pairs_decide_non_inferiority(model_lost, llm_lost, verdict):
    n = 1000
    model = [number >= model_lost for number in range(n)]
    llm = [not n - llm_lost <= number for number in range(n)]
    found = statistics.noninferior_paired(model, llm, range(n), 0.03)
    assert found.verdict == verdict
    assert found.loss == pytest.approx((model_lost - llm_lost) / n)


def test_a_loss_above_the_margin_needs_no_more_calls_but_a_better_model():
    assert statistics.noninferior([True] * 90 + [False] * 10, range(100), 0.01).needed is None
    assert statistics.noninferior([True] * 50 + [False] * 50, range(100), 0.01).verdict == "no"


def test_nothing_has_no_share():
    assert statistics.share([], []) is None
    assert statistics.noninferior([], [], 0.01).verdict == "not measurable"
    assert statistics.noninferior_paired([], [], [], 0.01).verdict == "not measurable"


@pytest.mark.parametrize("margin", [0, 1, -0.1, 5])
def test_a_margin_is_a_share(margin):
    with pytest.raises(ConfigurationError, match="one point"):
        statistics.noninferior([True], [1], margin)
