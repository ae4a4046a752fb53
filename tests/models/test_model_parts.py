from __future__ import annotations

import json
import math
import threading

import pytest

pytest.importorskip("numpy", reason="models need numpy: pip install 'agentlog[serve]'")

import numpy as np

from agentlog.models.crf import Crf
from agentlog.models.features import Encoder, grams, units
from agentlog.models.gates import Gate, Gatekeeper, Limits
from agentlog.models.prompts import Reader, Reading, row_of
from agentlog.models.scorer import Member, Scorer
from agentlog.models.tagger import Field, copied, spans_of
from agentlog.models.tokens import tokens_of


def reading(text, rest=""):
    return Reading(text, rest, len(text), 0, "")


def encoder(*words):
    names = sorted({gram for word in words for unit in units(reading(word)) for gram in grams(unit)})
    chance = np.random.default_rng(1)
    return Encoder(names, np.linspace(1, 3, len(names)), chance.standard_normal((len(names), 3)))


def test_words_before_the_last_message_count_apart():
    assert units(reading("card", "card")) == ["card", "^ card", "card $", "~card"]
    assert set(grams("card")).isdisjoint(grams("~card"))


def test_a_text_is_the_weighted_sum_of_its_grams():
    one = encoder("lost card")
    found, known = one.encode(units(reading("lost card")))
    rows = {name: row for row, name in enumerate(one.names)}
    total, squared = np.zeros(3), 0.0
    for unit in units(reading("lost card")):
        for gram in grams(unit):
            total += one.idf[rows[gram]] * one.table[rows[gram]]
            squared += float(one.idf[rows[gram]]) ** 2
    assert found == pytest.approx(total / math.sqrt(squared), rel=1e-5)
    assert known == 1.0


def test_unknown_words_lower_the_known_share():
    one = encoder("lost card")
    shares = [one.encode(units(reading(text)))[1] for text in ("lost card", "lost zebra", "quux zebra", "")]
    assert shares[0] == 1.0 and shares[0] > shares[1] > shares[2] and shares[3] == 0.0


def test_what_is_remembered_is_bounded_and_stays_right():
    one = encoder("lost card")
    before, _ = one.encode(units(reading("lost card")))
    for start in range(0, 40_000, 500):
        one.encode([f"w{number}" for number in range(start, start + 500)])
    assert len(one._state[1]) <= 32_768
    assert one.encode(units(reading("lost card")))[0] == pytest.approx(before)


def test_threads_see_the_same_vectors():
    one, texts = encoder("lost card found"), [f"lost card {number} found" for number in range(300)]
    wanted = [encoder("lost card found").encode(units(reading(text)))[0] for text in texts]
    failures = []

    def work():
        for text, right in zip(texts, wanted, strict=True):
            if not np.allclose(one.encode(units(reading(text)))[0], right, atol=1e-5):
                failures.append(text)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_the_members_probabilities_are_averaged():
    linear = Member(0, np.array([0.0, 1.0], np.float32))
    deep = Member(2, np.zeros(1, np.float32), np.array([[2.0], [-2.0]], np.float32), np.zeros(2, np.float32))
    vector = np.array([0.5, 0.0, 3.0], np.float32)
    first = np.exp([0.5, 1.0]) / np.exp([0.5, 1.0]).sum()
    second = np.exp([6.0, -6.0]) / np.exp([6.0, -6.0]).sum()
    assert Scorer([linear, deep]).probabilities(vector) == pytest.approx((first + second) / 2, rel=1e-5)
    assert Scorer([linear]).best(vector) == (1, pytest.approx(first[1], rel=1e-5))
    again = Scorer.from_arrays(Scorer([linear, deep]).to_arrays("s_"), "s_")
    assert again.probabilities(vector) == pytest.approx(Scorer([linear, deep]).probabilities(vector))


def limits(**changes):
    return Limits(**{"similarity": 0.5, "known": 0.5, "size": 100, "template": 1, "offers": ("",), **changes})


def test_each_gate_says_why_in_words():
    gate = Gate(np.array([[1.0, 0.0]], np.float32), limits())
    fine = Reading("x", "", 50, 1, "")
    assert gate.form(fine) == ""
    assert "longer" in gate.form(Reading("x", "", 101, 1, ""))
    assert "lines of its template" in gate.form(Reading("x", "", 50, 0, ""))
    assert "tools or the output schema changed" in gate.form(Reading("x", "", 50, 1, "abc"))
    near, far = np.array([1.0, 0.1], np.float32), np.array([0.1, 1.0], np.float32)
    assert gate.likeness(near, 0.9) == ""
    assert "20% of the prompt's words are known" in gate.likeness(near, 0.2)
    assert "no group of trained prompts is near" in gate.likeness(far, 0.9)
    again = Gate.from_dict(gate.centroids, json.loads(json.dumps(gate.to_dict())))
    assert again.limits == gate.limits


def test_a_gate_can_stand_before_a_model_without_eyes():
    one = encoder("lost card")
    vector, _ = one.encode(units(reading("lost card")))
    keeper = Gatekeeper(Reader(), one, Gate(vector[None] / np.linalg.norm(vector), limits(template=0)))
    assert keeper.novel(row_of("lost card")) == ""
    assert keeper.novel(row_of("quux zebra")) != ""


def brute(crf, scores):
    import itertools

    def value(path):
        total = sum(scores[place][label] for place, label in enumerate(path))
        return total + sum(crf.transitions[one, other] for one, other in itertools.pairwise(path))

    paths = list(itertools.product(range(len(crf.labels)), repeat=len(scores)))
    values = np.array([value(path) for path in paths])
    return list(paths[int(values.argmax())]), float(np.exp(values.max()) / np.exp(values).sum())


def test_the_likeliest_labels_are_those_that_trying_all_finds():
    chance = np.random.default_rng(3)
    names = ["bias", "0 w=one", "-1 w=one", "1 w=two", "0 s=x", "p0 one two", "b said", "bother said"]
    crf = Crf(["O", "B a", "I a"], names, chance.standard_normal((len(names), 3)), chance.standard_normal((3, 3)))
    for text in ("one two", "two one two three", "one"):
        tokens = tokens_of(text)
        path, probability = crf.label(tokens, "said")
        assert (path, pytest.approx(probability)) == brute(crf, crf._scores(tokens, "said"))
    assert crf.label(tokens_of("")) == ([], 1.0)


def test_spans_are_read_from_labels_and_may_overlap():
    tokens = tokens_of("8:45 tonight for two")
    names = ["O", "B time", "I time", "I time\tB date", "B people"]
    assert spans_of(tokens, [1, 2, 2, 3, 0, 4], names) == {
        "time": ["8:45 tonight"],
        "date": ["tonight"],
        "people": ["two"],
    }
    assert spans_of(tokens, [1, 1, 0, 0, 0, 0], names) == {"time": ["8", ":"]}


def test_a_copied_value_takes_its_form():
    assert copied(Field("json", ("n",), "copied", form="number"), ["1,250"]) == 1250
    assert copied(Field("json", ("n",), "copied", form="number"), ["two"]) == "missing"
    assert copied(Field("json", ("n",), "copied", form="upper", absent=None), []) is None
    assert copied(Field("json", ("n",), "copied", many=True), ["a", "b", "a"]) == ["a", "b"]
