"""JSON in which nobody stands (interfaces, builds, clouds, catalogues, prices, searches, metrics): it stays as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agentlog.redaction import RedactionPolicy, Redactor

FILES = sorted((Path(__file__).parent / "ordinary_json").glob("*.json"))
WORD = re.compile(r"[^\W_]+")


def redacted(text: str, strict: bool = False) -> str:
    return Redactor(RedactionPolicy(strict=strict), pseudonym_key=b"k").text(text)


def test_there_are_documents_of_many_kinds() -> None:
    assert len(FILES) >= 15


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_in_a_document_about_nobody_is_touched(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert redacted(text) == text
    compact = json.dumps(json.loads(text))
    assert redacted(compact) == compact


def test_strict_mode_takes_one_word_in_a_hundred_at_most() -> None:
    before = after = 0
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        before += len(WORD.findall(text))
        after += len(WORD.findall(re.sub(r"<[A-Z0-9_]+>", " ", redacted(text, strict=True))))
    assert before > 1_000
    assert before - after <= before / 100


def test_a_person_put_into_each_of_them_is_found() -> None:
    for file in FILES:
        document = json.loads(file.read_text(encoding="utf-8"))
        put = {
            "document": document,
            "requested_by": {"name": "Zoltan Varga", "zorvel": "1971-04-12", "email": "zv@example.org"},
        }
        made = json.loads(redacted(json.dumps(put)))
        assert set(made["requested_by"].values()) == {"<PERSON_1_GIVEN> <PERSON_1_FAMILY>", "<DOB_1>", "<EMAIL_1>"}
        assert made["document"] == document
