"""The bounds are exact, and the tests keep what they promise however often they are looked at."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb

import pytest

from agentlog.routing import risk


def exact_tail(k: int, n: int, p: Fraction) -> Fraction:
    return sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1)), Fraction(0))


@pytest.mark.parametrize(("k", "n"), [(0, 5), (1, 1), (3, 7), (7, 100), (20, 21), (99, 100), (50, 100), (2, 400)])
def test_a_binomial_s_tail_is_exact(k, n):
    for p in (Fraction(1, 50), Fraction(1, 2), Fraction(97, 100)):
        assert risk.tail(k, n, float(p)) == pytest.approx(float(exact_tail(k, n, p)), rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(("agree", "n"), [(0, 10), (10, 10), (9, 10), (299, 299), (471, 473), (996, 1000), (3, 5000)])
def test_the_bounds_are_where_the_tails_are_five_percent(agree, n):
    lower, upper = risk.bounds(agree, n)
    assert lower == 0 if agree == 0 else risk.tail(agree, n, lower) == pytest.approx(0.05, rel=1e-9)
    assert upper == 1 if agree == n else 1 - risk.tail(agree + 1, n, upper) == pytest.approx(0.05, rel=1e-9)


def test_the_bounds_are_those_of_the_known_table():
    assert risk.bounds(299, 299)[0] == pytest.approx(0.99, abs=5e-5)  # the rule of three
    assert risk.bounds(472, 473)[0] == pytest.approx(0.99, abs=5e-5)
    assert risk.bounds(0, 0) == (0.0, 1.0)


def test_promotion_keeps_its_word_although_it_is_looked_at_after_every_call():
    """A model exactly at the floor is promoted by luck in at most 5 % of its lives."""
    draw = random.Random(1)
    promoted = 0
    for _ in range(300):
        test = risk.Promotion(floor=0.95)
        for _ in range(1500):
            test.add(draw.random() < 0.95)
            if test.n % 5 == 0 and test.passed:
                promoted += 1
                break
    assert promoted <= 300 * 0.05 + 3 * (300 * 0.05 * 0.95) ** 0.5
    assert promoted >= 1  # the test can see something at all


def test_the_wealth_never_grows_in_expectation_at_the_floor():
    """Checked by adding up all outcomes of twelve calls, not by drawing."""
    floor = Fraction(9, 10)
    total = 0.0
    for agree in range(13):
        test = risk.Promotion(floor=0.9)
        test.agree, test.n = agree, 12
        total += comb(12, agree) * float(floor**agree * (1 - floor) ** (12 - agree)) * 2.718281828459045**test.wealth
    assert total == pytest.approx(1.0, rel=1e-9)


def test_a_good_model_is_promoted():
    draw = random.Random(2)
    test = risk.Promotion(floor=0.98)
    while not test.passed and test.n < 6000:
        test.add(draw.random() < 0.995)
    assert risk.FEWEST <= test.n < 3000


def test_an_alarm_rises_with_errors_and_falls_without():
    alarm = risk.Alarm(0.02, 0.06, threshold=5.0)
    for _ in range(5):
        alarm.add(True)
    assert alarm.up and alarm.suspicion == 1.0
    for _ in range(200):
        alarm.add(False)
    assert alarm.level == 0.0 and not alarm.up


def test_an_alarm_with_a_head_start_finds_a_bad_model_sooner():
    def first(head_start: float, seed: int) -> int:
        draw = random.Random(seed)
        alarm = risk.Alarm(0.02, 0.06, 9.5, head_start)
        while not alarm.add(draw.random() < 0.06):
            pass
        return alarm.n

    with_start = sorted(first(risk.AUDIT_HEAD_START, seed) for seed in range(201))
    without = sorted(first(0.0, seed) for seed in range(201))
    assert with_start[100] < 0.75 * without[100]


def test_the_alarm_of_a_target_puts_up_with_twice_its_error():
    draw = random.Random(3)
    false = 0
    for _ in range(60):
        alarm = risk.audit_alarm(0.99)
        for _ in range(4000):
            if alarm.add(draw.random() < 0.02):
                false += 1
                break
    assert false <= 4


def test_an_alarm_needs_rates_in_order():
    with pytest.raises(ValueError, match="before < after"):
        risk.Alarm(0.1, 0.05, 3.0)
