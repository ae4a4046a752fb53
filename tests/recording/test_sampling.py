import math
import random

import pytest

from agentlog.recording import calls
from agentlog.recording.sampling import kept


def ids(number):
    return [calls.new_id() for _ in range(number)]


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["ours, which count up", "OpenTelemetry's, at random"])
def test_the_share_of_kept_runs_is_the_rate(rate, kind):
    number, chance = 20_000, random.Random(rate)
    traces = ids(number) if kind.startswith("ours") else [f"{chance.getrandbits(128):032x}" for _ in range(number)]
    found = sum(kept(trace, rate) for trace in traces)
    # five standard deviations of a binomial: one failure in two million runs
    assert abs(found - number * rate) < 5 * math.sqrt(number * rate * (1 - rate))


def test_none_and_all_are_exact():
    assert not any(kept(trace, 0.0) for trace in ids(1000))
    assert all(kept(trace, 1.0) for trace in [*ids(1000), "", "\udcff"])


def test_who_is_kept_at_a_low_rate_is_kept_at_a_higher_one():
    for trace in ids(1000):
        answers = [kept(trace, rate / 20) for rate in range(21)]
        assert answers == sorted(answers)


def test_every_process_gives_the_same_answer():
    # what is written here is what another release, another process and another service of the trace must say
    assert [kept(f"{n:032x}", 0.5) for n in range(8)] == [False, False, True, False, True, True, False, False]
