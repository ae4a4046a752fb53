"""The columns that redaction knows are those of the dataset, and what is remembered of a text is none of its words."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from agentlog.messages.parts import message, text
from agentlog.records import Draft
from agentlog.redaction import RedactionPolicy, Redactor
from agentlog.redaction.analysis import CONTENT, Analyser
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.trace import rows
from agentlog.storage.schema import CALLS, FEEDBACK


def test_every_column_of_the_dataset_is_passed_rewritten_or_made_a_pseudonym() -> None:
    known = {*rows.PASSED, *rows.ORIGIN, *rows.LABELS, *rows.TEXTS, "tags", "redaction", *sum(rows.SIDES.values(), ())}
    assert known == set(CALLS.names)
    assert {*rows.FEEDBACK_PASSED, *rows.FEEDBACK_TEXTS, "session"} == set(FEEDBACK.names)


def test_an_analysis_holds_offsets_and_no_words() -> None:
    analyser = Analyser(KeyRules({}, False), os.urandom(32))
    raw = json.dumps({"email": "mia@example.com", "note": 'she is "Mia Li", my name is Zoltan'})
    made = analyser.look(raw, CONTENT, analyser.digest(raw, CONTENT))
    assert made.analysis.findings and made.marks
    assert not any(word in repr(made) for word in ("mia", "Mia", "Li", "Zoltan", "example"))


def test_the_least_recently_met_text_is_forgotten_first() -> None:
    analyser = Analyser(KeyRules({}, False), b"key", most=12)
    texts = ["one", "two", "three"]
    digests = [analyser.digest(one, CONTENT) for one in texts]
    first = analyser.look(texts[0], CONTENT, digests[0])
    analyser.look(texts[1], CONTENT, digests[1])
    assert analyser.look(texts[0], CONTENT, digests[0]) is first
    for one, digest in zip([*texts[2:], "four", "five"], [digests[2], b"4", b"5"], strict=True):
        analyser.look(one, CONTENT, digest)
    assert analyser.look(texts[0], CONTENT, digests[0]) is not first


def test_a_digest_needs_the_key_and_tells_kinds_apart() -> None:
    one, two = Analyser(KeyRules({}, False), b"a"), Analyser(KeyRules({}, False), b"b")
    assert one.digest("x", CONTENT) != two.digest("x", CONTENT)
    assert one.digest("x", CONTENT) != one.digest("x", "label")


def test_neither_policy_nor_redactor_shows_what_it_was_given(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        trace = Redactor(RedactionPolicy(), pseudonym_key=b"the pseudonym key").trace()
        trace.redact(Draft({"call_id": "c", "trace_id": "t", "user": "mia", "name": "f"}))
        assert "mia" not in repr(trace) + caplog.text
        assert "pseudonym key" not in repr(trace) + repr(vars(trace))


# ── real runs, where they lie beside the checkout ─────────────────────────────────────────────────────────────────

RUNS = Path(__file__).parents[2] / "../shared/data/tau_airline"


def load(name: str) -> Any:
    import gzip

    path = RUNS / name
    if not path.is_file():
        pytest.skip(f"the τ-bench runs are not there: no {name} in ../shared/data/tau_airline")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


@pytest.mark.parametrize("index", [0, 7, 42, 111, 187])
def test_nothing_of_a_users_profile_is_left_in_a_real_run(index: int) -> None:
    run, users = load("gpt-4o-airline.json.gz")[index], load("users.json.gz")
    user = users[run["info"]["task"]["user_id"]]
    texts = [one["content"] for one in run["traj"] if one.get("content") and one["role"] != "system"]
    texts += [call["function"]["arguments"] for one in run["traj"] for call in one.get("tool_calls") or ()]
    draft = Draft({"call_id": "c", "trace_id": "t", "input_messages": [message("user", text(one)) for one in texts]})
    row = Redactor(None, pseudonym_key=b"k").trace().redact(draft).row
    assert row["redaction"]["failed"] is False
    stored = repr(row)
    private = [user["email"], user["dob"], user["address"]["address1"], *user["payment_methods"]]
    assert [value for value in (*private, run["info"]["task"]["user_id"]) if value in stored] == []
    for before, after in zip(texts, row["input_messages"], strict=True):
        if before.startswith("{"):
            assert list(json.loads(before)) == list(json.loads(after["parts"][0]["text"])) or "{" in before[1:]
