from __future__ import annotations

import json

import pytest

pytest.importorskip("sklearn", reason="heads are trained with scikit-learn: pip install 'agentlog[study]'")

import numpy as np

from agentlog.errors import ConfigurationError
from agentlog.models.features import units
from agentlog.models.prompts import row_of
from agentlog.tasks.reading import Answer
from agentlog.training import head as training
from agentlog.training import network
from agentlog.training.head import fit_head, logistic, vectorise


def asked_and_told(pairs):
    return [asked for asked, _ in pairs], [told for _, told in pairs]


def test_the_compiled_head_decides_as_scikit_learn_does(labels):
    asked, told = asked_and_told(labels(300))
    readings = [training.Reader().read(row_of(text)) for text in asked]
    classes, numbers = training.closed([Answer(answer, ()) for answer in told])
    matrix = vectorise(readings)
    model = logistic(matrix, numbers, seed=0)
    table, bias = training.linear(matrix, numbers, len(classes), seed=0)
    encoder = training.Encoder(matrix.names, matrix.idf, table)
    scorer = training.Scorer([training.Member(0, bias)])
    later = [training.Reader().read(row_of(text)) for text, _ in labels(200, seed=7)]
    # scikit-learn sees the same texts as a matrix; unknown grams are in neither
    theirs = model.predict_proba(_project(later, matrix))
    for row, reading in enumerate(later):
        vector, _ = encoder.encode(units(reading))
        ours = scorer.probabilities(vector)
        assert ours.argmax() == theirs[row].argmax()
        assert ours == pytest.approx(theirs[row], abs=1e-4)
        best, score = scorer.best(vector)
        assert best == ours.argmax() and score == pytest.approx(float(ours.max()), abs=1e-5)


def _project(readings, matrix):
    from collections import Counter

    from agentlog.models.features import grams

    places = {name: place for place, name in enumerate(matrix.names)}
    rows = np.zeros((len(readings), len(matrix.names)))
    for row, reading in enumerate(readings):
        squared = 0.0
        for unit, times in Counter(units(reading)).items():
            for gram, count in Counter(grams(unit)).items():
                if gram in places:
                    weight = count * matrix.idf[places[gram]]
                    rows[row, places[gram]] += times * weight
                    squared += times * weight**2
        rows[row] /= squared**0.5
    return rows


def test_two_classes_are_decided_too(labels):
    pairs = [pair for pair in labels(200) if pair[1] != "account"]
    fitted = fit_head(*asked_and_told(pairs))
    assert fitted.head.predict(row_of("hello, charged twice order 3 please")).answer == Answer("refund", ())
    assert fitted.head.predict(row_of("hello, late delivery order 3 please")).answer == Answer("shipping", ())


def test_a_network_decides_where_there_is_enough_to_learn_from_and_the_seed_decides_the_network(labels):
    asked, told = asked_and_told(labels(1600))
    head, again = (fit_head(asked, told, seed=3).head for _ in range(2))
    assert head.scorer.members[0].second is not None
    row = row_of("good morning, where is my parcel order 9 please")
    assert head.predict(row) == again.predict(row)
    assert head.predict(row).answer == Answer("shipping", ())


def test_a_network_learns_what_no_linear_model_can():
    from scipy import sparse

    # exclusive or of two words, as rows of a matrix
    corners = np.array([[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]] * 300, np.float32)
    wanted = [0, 1, 1, 0] * 300
    learned = network.fit(sparse.csr_matrix(corners), wanted, 2, seed=0)
    hidden = np.maximum(corners[:4] @ learned.first + learned.first_bias, 0)
    assert (hidden @ learned.second.T + learned.second_bias).argmax(1).tolist() == [0, 1, 1, 0]


def test_answers_that_differ_in_spaces_only_are_one_class_and_the_frequent_form_is_given():
    pairs = [("red", '{"a": 1}'), ("red", '{"a": 1}'), ("red", '{"a":1}'), ("blue", '{"a": 2}')] * 10
    head = fit_head(*asked_and_told(pairs), later=([], [])).head
    assert {answer.text for answer in head.answers} == {'{"a": 1}', '{"a": 2}'}


def test_closed_tool_calls_are_answers_like_others(labels):
    pairs = [(asked, Answer("", (("route", json.dumps({"to": told})),))) for asked, told in labels(120)]
    head = fit_head(*asked_and_told(pairs)).head
    said = head.predict(row_of("hello, tracking number order 5 please")).answer
    assert said == Answer("", (("route", '{"to": "shipping"}'),))


def test_one_answer_only_needs_no_model():
    with pytest.raises(ConfigurationError, match=r"have one answer, 'yes': that needs no model"):
        fit_head([f"text {number}" for number in range(50)], ["yes"] * 50, later=([], []))


def test_answers_that_do_not_repeat_are_refused_with_their_number():
    with pytest.raises(ConfigurationError, match=r"no closed set: 50 different answers in 50 calls.*tagger"):
        fit_head(
            [f"text {number}" for number in range(50)], [f"answer {number}" for number in range(50)], later=([], [])
        )


def test_too_few_calls_are_refused():
    with pytest.raises(ConfigurationError, match=r"10 calls to learn from are too few"):
        fit_head(["a"] * 10, ["x", "y"] * 5, later=([], []))


def test_rows_and_answers_must_be_as_many():
    with pytest.raises(ConfigurationError, match="3 rows and 2 answers"):
        fit_head(["a", "b", "c"], ["x", "y"])
