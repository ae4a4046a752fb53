from __future__ import annotations

import json
import os
import stat

import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn: pip install 'agentlog[study]'")

from agentlog.errors import ConfigurationError, DatasetError
from agentlog.models import load
from agentlog.models.folder import version_of
from agentlog.tasks.reading import Answer
from agentlog.training import Trained, train


def test_a_trained_head_answers_after_loading(table, task, labels, tmp_path):
    rows = table(labels(400))
    done = train(task(rows), "head", tmp_path / "models" / "triage", target=0.95)
    assert isinstance(done, Trained) and done.kind == "head" and done.threshold is not None
    model = done.model()
    said = model.predict(rows.to_pylist()[3])
    assert said.answer == Answer(labels(400)[3][1], ())
    assert (model.task_id, model.task_name, model.rung, model.remote) == ("t1", "triage", "head", False)
    assert model.threshold == done.threshold
    about = json.loads((done.path / "model.json").read_text())
    assert model.version == version_of(about["sha256"])
    assert set(about["sha256"]) == {path.name for path in done.path.iterdir()} - {"model.json"}
    assert about["split"] == {"test_share": 0.1, "seed": 0} and about["redaction"] == "agentlog-1:abc"


def test_the_folder_is_its_owners_alone(table, task, labels, tmp_path):
    done = train(task(table(labels(100))), "head", tmp_path / "m", target=0.9)
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in done.path.iterdir()} == {0o600}


def test_the_test_side_is_never_learned(table, task, labels, tmp_path):
    from agentlog.curation.sides import split

    rows = table(labels(400))
    done = train(task(rows), "head", tmp_path / "m", target=0.95, seed=5)
    learned, tested = split(rows, 0.1, 5)
    assert done.n_train + done.n_calibration == learned.num_rows
    assert learned.num_rows + tested.num_rows <= 400 and tested.num_rows > 0


def test_calls_that_are_not_kept_are_never_learned(table, task, labels, tmp_path):
    pairs = labels(200) + [(f"odd words {number}", "wrong") for number in range(100)]
    done = train(task(table(pairs, kept=[True] * 200 + [False] * 100)), "head", tmp_path / "m", target=0.9)
    assert Answer("wrong", ()) not in done.model().answers
    assert done.n_train + done.n_calibration < 200


def test_the_same_seed_and_calls_give_the_same_weights(table, task, labels, tmp_path):
    rows = table(labels(150))
    one, two = (train(task(rows), "head", tmp_path / name, target=0.9) for name in ("one", "two"))
    sums = [json.loads((done.path / "model.json").read_text())["sha256"] for done in (one, two)]
    assert sums[0]["weights.npz"] == sums[1]["weights.npz"] and sums[0]["head.json"] == sums[1]["head.json"]


def test_the_run_card_says_what_was_learned_from_whom(table, task, labels, tmp_path):
    done = train(task(table(labels(100))), "head", tmp_path / "m", target=0.9)
    card = json.loads((done.path / "run_card.json").read_text())
    assert card["teacher"]["models"] == ["gpt-4o-mini"] and len(card["data"]["sha256"]) == 64
    assert card["data"]["n_train"] == done.n_train and card["libraries"]["scikit-learn"]
    assert done.sentence in (done.path / "README.md").read_text()


def test_what_was_trained_reads_well(table, task, labels, tmp_path):
    done = train(task(table(labels(400))), "head", tmp_path / "m", target=0.95)
    last = repr(done).splitlines()[-1]
    assert last.startswith("It can take ") and "agrees with the LLM" in last
    assert "<table" in done._repr_html_()
    assert json.loads(json.dumps(done.to_dict()))["n_train"] == done.n_train
    few = train(task(table(labels(100))), "head", tmp_path / "few")
    assert few.threshold is None and repr(few).splitlines()[-1].startswith("No score reaches 99%")
    assert few.model().threshold == float("inf")


def test_a_folder_that_is_there_is_not_replaced_unasked(table, task, labels, tmp_path):
    some = task(table(labels(100)))
    train(some, "head", tmp_path / "m", target=0.9)
    before = (tmp_path / "m" / "model.json").read_bytes()
    with pytest.raises(ConfigurationError, match="never overwrites"):
        train(some, "head", tmp_path / "m", target=0.9)
    assert (tmp_path / "m" / "model.json").read_bytes() == before
    assert train(some, "head", tmp_path / "m", target=0.9, overwrite=True).path == tmp_path / "m"


def test_what_no_training_wrote_is_never_replaced(table, task, labels, tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "letter.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match=r"holds what no training wrote \(letter.txt\)"):
        train(task(table(labels(100))), "head", tmp_path / "m", overwrite=True)


def test_nothing_is_left_when_training_fails(table, task, tmp_path):
    with pytest.raises(ConfigurationError, match="one answer"):
        train(task(table([(f"text {number}", "yes") for number in range(100)])), "head", tmp_path / "deep" / "m")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_noticed(table, task, labels, tmp_path):
    done = train(task(table(labels(100))), "head", tmp_path / "m", target=0.9)
    place = done.path / "head.json"
    place.write_bytes(place.read_bytes().replace(b"refund", b"refuse"))
    with pytest.raises(DatasetError, match=r"damaged: head.json is missing or was changed"):
        load(done.path)
    os.unlink(place)
    with pytest.raises(DatasetError, match=r"damaged: head.json is missing"):
        load(done.path)


@pytest.mark.parametrize(
    ("candidate", "method", "message"),
    [
        ("head", "lora", "a head is not trained by 'lora'"),
        ("llm", None, "needs no training"),
        ("some/model", "head", "'head' has no base model"),
        ("some/model", "magic", "no method 'magic'"),
        (7, None, "found int"),
    ],
)
def test_what_cannot_be_trained_is_said(table, task, labels, tmp_path, candidate, method, message):
    with pytest.raises(ConfigurationError, match=message):
        train(task(table(labels(50))), candidate, tmp_path / "m", method=method)


def test_a_target_is_a_share(table, task, labels, tmp_path):
    with pytest.raises(ConfigurationError, match="target is the agreement"):
        train(task(table(labels(50))), "head", tmp_path / "m", target=99)


def test_calls_without_verdicts_are_refused(table, task, labels, tmp_path):
    with pytest.raises(ConfigurationError, match="without verdicts"):
        train(task(table(labels(50)).drop_columns(["kept"])), "head", tmp_path / "m")


def test_a_trained_tagger_answers_after_loading(table, task, bookings, tmp_path):
    pytest.importorskip("pycrfsuite", reason="taggers are trained with python-crfsuite: pip install 'agentlog[study]'")
    pairs = bookings(300)
    done = train(task(table(pairs), "booking"), "tagger", tmp_path / "m", target=0.9)
    model = done.model()
    rows = table(bookings(20, seed=3)).to_pylist()
    wrong = [
        one
        for row, (_, told) in zip(rows, bookings(20, seed=3), strict=True)
        if (one := model.predict(row).answer) != told
    ]
    assert len(wrong) <= 1
    assert model.rung == "tagger" and model.threshold == done.threshold
