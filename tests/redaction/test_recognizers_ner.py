"""Models that tag names: stand-ins with the faces of transformers and GLiNER, read from this machine only."""

from __future__ import annotations

import importlib.util
import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

from agentlog.errors import ConfigurationError
from agentlog.redaction import NerRecognizer, RedactionPolicy, Redactor

KEY = b"a key for the tests"


def pipeline(text: str) -> list[dict[str, Any]]:
    """Tags as `transformers.pipeline("token-classification", aggregation_strategy="simple")` does."""
    return [
        {
            "entity_group": label,
            "score": score,
            "word": match.group().lower(),
            "start": match.start(),
            "end": match.end(),
        }
        for label, score, regex in (("PER", 0.9, " ?Quilla Zorn"), ("LOC", 0.9, "Tarvo"), ("PER", 0.3, "Maybe"))
        for match in re.finditer(regex, text)
    ]


class Gliner:
    def __init__(self) -> None:
        self.longest = 0
        self.labels: set[str] = set()

    def predict_entities(self, text: str, labels: list[str], threshold: float) -> list[dict[str, Any]]:
        self.longest = max(self.longest, len(text))
        self.labels.update(labels)
        return [
            {"label": "person", "score": 0.8, "start": match.start(), "end": match.end(), "text": match.group()}
            for match in re.finditer("Quilla Zorn", text)
        ]


def redacted(text: str, model: Any, **arguments: Any) -> str:
    policy = RedactionPolicy(recognizers=(NerRecognizer(model, **arguments),))
    return Redactor(policy, pseudonym_key=KEY).text(text)


def test_a_token_classifier_finds_people_and_only_what_is_sure() -> None:
    assert redacted("seen Quilla Zorn in Tarvo. Maybe.", pipeline) == (
        "seen <PERSON_1_GIVEN> <PERSON_1_FAMILY> in Tarvo. Maybe."
    )


def test_labels_say_what_else_counts() -> None:
    recognizer = NerRecognizer(pipeline, labels={"LOC": "PLACE"})
    policy = RedactionPolicy(recognizers=(recognizer,), keep=("PERSON",))  # the table of names knows one
    made = Redactor(policy, pseudonym_key=KEY).text("seen Quilla Zorn in Tarvo")
    assert made == "seen Quilla Zorn in <PLACE_1>"


@pytest.mark.parametrize(
    ("label", "entity"),
    [("B-PER", "PERSON"), ("FIRSTNAME", "PERSON"), ("PHONE_NUMBER", "PHONE"), ("ZIPCODE", "ZIP"), ("MISC", None)],
)
def test_labels_are_read_by_their_words(label: str, entity: str | None) -> None:
    def model(text: str) -> list[dict[str, Any]]:
        return [{"entity": label, "score": 0.9, "start": 5, "end": 15}]

    found = list(NerRecognizer(model).find("here 4155552671 stands"))
    assert found == ([(5, 15, entity)] if entity else [])


def test_a_gliner_is_asked_window_by_window_and_a_value_at_a_seam_is_found_once() -> None:
    model = Gliner()
    text = ("filler " * 70 + "Quilla Zorn ") * 12
    found = list(NerRecognizer(model).find(text))
    assert [text[start:end] for start, end, _ in sorted(found)] == ["Quilla Zorn"] * 12
    assert model.longest <= 400
    assert model.labels == {"person", "street address"}


def test_a_text_without_blanks_is_cut_into_windows_too() -> None:
    model = Gliner()
    list(NerRecognizer(model).find("x" * 5000))
    assert model.longest == 400


def test_a_model_without_places_fails_closed() -> None:
    def placeless(text: str) -> list[dict[str, Any]]:
        return [{"entity": "PER", "score": 0.9, "start": None, "end": None}]

    assert redacted("seen Quilla Zorn", placeless) == "<REDACTION_FAILED type=str len=16>"


def test_only_a_folder_with_a_model_is_taken_and_nothing_is_downloaded(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Nothing is downloaded"):
        NerRecognizer("dslim/bert-base-NER")
    with pytest.raises(ConfigurationError, match=r"config\.json"):
        NerRecognizer(tmp_path)
    with pytest.raises(ConfigurationError):
        NerRecognizer(3)
    with pytest.raises(ConfigurationError):
        NerRecognizer(pipeline, threshold=2)


@pytest.mark.parametrize(("config", "library"), [("config.json", "transformers"), ("gliner_config.json", "gliner")])
def test_a_library_that_is_not_there_is_named_with_the_extra(
    config: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / config).write_text("{}", encoding="utf-8")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=rf"needs {library}.*agentlog\[ner\]"):
        NerRecognizer(tmp_path)


def test_a_recognizer_from_a_folder_travels_without_its_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    one = NerRecognizer(tmp_path)
    one._model = Gliner()
    policy = RedactionPolicy(recognizers=(one,))
    again = pickle.loads(pickle.dumps(policy))
    assert again.recognizers[0]._model is None
    assert again.name == policy.name
    (tmp_path / "config.json").write_text(json.dumps({"layers": 2}), encoding="utf-8")
    assert again.name != RedactionPolicy().name
