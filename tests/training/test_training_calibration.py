from __future__ import annotations

import random

import pytest

pytest.importorskip("scipy", reason="calibration needs scipy: pip install 'agentlog[study]'")

from agentlog.training.calibration import calibrate, cut, lower_bound, needed


def test_the_bound_is_that_of_clopper_and_pearson():
    from scipy.stats import binomtest

    for right, n in ((299, 300), (95, 100), (100, 100), (1, 7)):
        interval = binomtest(right, n).proportion_ci(confidence_level=0.8, method="exact")
        assert lower_bound(right, n, 0.1) == pytest.approx(interval.low, abs=1e-9)


def test_the_smallest_test_is_just_enough():
    for target in (0.9, 0.95, 0.99):
        n = needed(target)
        assert lower_bound(n, n) >= target > lower_bound(n - 1, n - 1)


def test_too_few_rows_give_no_threshold():
    found = calibrate([0.9] * 200, [True] * 200, [False] * 200, target=0.99)
    assert found.threshold is None and found.accepted == 0 and found.interval is None and found.agreement is None


def test_perfect_answers_are_all_accepted():
    scores = [number / 1000 for number in range(1000)]
    found = calibrate(scores, [True] * 1000, [False] * 1000)
    assert (found.threshold, found.accepted, found.coverage) == (0.0, 1000, 1.0)


def test_novel_rows_are_never_accepted():
    found = calibrate([0.9] * 600, [True] * 600, [number % 2 == 0 for number in range(600)])
    assert (found.accepted, found.novel, found.coverage) == (300, 300, 0.5)


def test_equal_scores_stand_or_fall_together():
    scores = [0.9] * 500 + [0.5] * 500
    agreed = [True] * 500 + [True, False] * 250
    found = calibrate(scores, agreed, [False] * 1000)
    assert found.threshold == 0.9 and found.accepted == 500


def test_the_guarantee_holds_over_many_draws():
    """A score is the chance of being right; at most one draw in ten may promise more than it holds."""
    chance = random.Random(5)
    missed = accepted = 0
    for _ in range(200):
        scores = [1 - chance.random() ** 6 * 0.2 for _ in range(1500)]
        found = calibrate(scores, [chance.random() < score for score in scores], [False] * len(scores))
        if found.threshold is not None:
            accepted += 1
            # the mean of 1 - 0.2 u⁶ over those at the threshold or above
            u = ((1 - found.threshold) / 0.2) ** (1 / 6)
            missed += 1 - 0.2 * u**6 / 7 < 0.99
    assert accepted > 100
    assert missed <= 0.1 * 200 + 8  # two and a half standard errors


def test_calibration_takes_the_later_runs_whole(table, labels):
    rows = table(labels(1000))
    sessions = [f"s{number // 10}" for number in range(1000)]
    rows = rows.set_column(rows.column_names.index("session"), "session", [sessions])
    earlier, later = cut(rows, target=0.95)
    assert max(earlier) < min(later) and len(earlier) + len(later) == 1000
    assert len(later) == 300
    assert {sessions[place] for place in earlier}.isdisjoint(sessions[place] for place in later)


def test_calibration_takes_more_of_little_data_but_leaves_a_third(table, labels):
    earlier, later = cut(table(labels(300)), target=0.99)
    assert len(later) == 200 and len(earlier) == 100
    earlier, later = cut(table(labels(3000)), target=0.99)
    assert len(later) == 900
