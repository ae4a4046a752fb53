"""Detectors of an application's own: three lines, and whatever goes wrong in them the words stay out."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from agentlog.errors import ConfigurationError
from agentlog.recorder.choice import why_not_rebuilt
from agentlog.redaction import Pattern, Recognizer, RedactionPolicy, Redactor, recognizes
from agentlog.redaction.policies import recognizers

KEY = b"a key for the tests"
BADGE = Pattern("BADGE", r"\bB-[0-9]{4}\b")


def redactor(*given: Any, **fields: Any) -> Redactor:
    return Redactor(RedactionPolicy(recognizers=given, **fields), pseudonym_key=KEY)


class Teams:
    """Finds teams, slowly if it is told to, and counts how often it is asked."""

    entities = ("TEAM",)
    limit_s = 0.2

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = threading.Event()
        self.go.set()
        self.prepared = 0

    def prepare(self) -> None:
        self.prepared += 1

    def find(self, text: str) -> Iterable[tuple[int, int, str]]:
        self.asked.append(text)
        self.go.wait(20)
        return [(match.start(), match.end(), "TEAM") for match in re.finditer("Team [A-Z]", text)]


# ── what they find ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_recognizer_takes_three_lines() -> None:
    @recognizes("EMPLOYEE_ID")
    def employees(text: str) -> Iterable[tuple[int, int, str]]:
        return ((match.start(), match.end(), "EMPLOYEE_ID") for match in re.finditer("E-[0-9]{6}", text))

    assert redactor(employees).text("E-123456, then E-654321") == "<EMPLOYEE_ID_1>, then <EMPLOYEE_ID_2>"
    assert redactor(employees, keep=("EMPLOYEE_ID",)).text("E-123456") == "E-123456"


def test_what_a_recognizer_finds_is_exchanged_in_the_whole_trace() -> None:
    marked = Pattern("BADGE", r"badge ([A-Z]{3}-[0-9]{2})")
    done = redactor(marked).trace().exchange(["QRX-17 was here", "her badge QRX-17"]).texts
    assert done == ("<BADGE_1> was here", "her badge <BADGE_1>")


def test_values_are_found_in_json_and_in_json_within_strings() -> None:
    raw = json.dumps({"a": ["B-1234"], "b": json.dumps({"B-1234": "x\ty B-5678"})})
    made = json.loads(redactor(BADGE).text(raw))
    assert json.loads(made["b"]) == {"<BADGE_2>": "x\ty <BADGE_1>"}
    assert made["a"] == ["<BADGE_2>"]


def test_numbers_glued_to_chinese_text_are_found() -> None:
    assert redactor(BADGE).text("工牌B-1234已失效") == "工牌<BADGE_1>已失效"


def test_a_value_that_is_read_in_another_alphabet_is_found() -> None:
    assert redactor(BADGE).text("badge Ｂ-１２３４ is lost") == "badge <BADGE_1> is lost"  # noqa: RUF001


def test_what_goes_over_several_values_of_json_leaves_it_json_and_its_keys() -> None:
    raw = '{"kind": "Team B", "n": [7, true, null, 1234567, "x y"], "z": {"q": "w"}}'
    made = redactor(lambda text: [(3, len(text) - 3, "WIDE")]).text(raw)
    assert json.loads(made).keys() == {"kind", "n", "z"}
    assert json.loads(made)["n"][:3] == [7, True, None]
    for gone in ("Team", "1234567", "x y", '"w"'):
        assert gone not in made


def test_a_detector_that_sees_more_wins_and_one_that_sees_less_does_not_hide_the_rest() -> None:
    assert redactor(Pattern("WORD", "mia")).text("to mia@example.com") == "to <EMAIL_1>"
    assert redactor(Pattern("LINE", r"to \S+ now")).text("to mia@example.com now") == "<LINE_1>"
    assert redactor(Pattern("HALF", "example.com soon")).text("mia@example.com soon") == "<EMAIL_1>"


def test_a_recognizer_is_asked_once_for_a_text_that_comes_again() -> None:
    teams = Teams()
    one = redactor(teams)
    for _ in range(3):
        assert one.trace().exchange(["Team Q is late"]).texts == ("<TEAM_1> is late",)
    assert teams.asked == ["Team Q is late"]
    assert teams.prepared == 1
    assert isinstance(teams, Recognizer)


def test_recognizers_that_guess_are_not_asked_about_names_of_functions() -> None:
    teams = Teams()
    assert redactor(teams, BADGE).text("Team Q B-1234", "label") == "Team Q <BADGE_1>"
    assert teams.asked == []


# ── what goes wrong ───────────────────────────────────────────────────────────────────────────────────────────────


def fails(text: str) -> Iterable[tuple[int, int, str]]:
    raise ValueError(text)


def fails_late(text: str) -> Iterable[tuple[int, int, str]]:
    yield 0, 1, "FIRST"
    raise RuntimeError(text)


@pytest.mark.parametrize(
    "broken",
    [
        fails,
        fails_late,
        lambda text: None,
        lambda text: 3,
        lambda text: [(0, len(text) + 1, "WIDE")],
        lambda text: [(-3, 2, "WIDE")],
        lambda text: [(2, 2, "EMPTY")],
        lambda text: [("0", 2, "WIDE")],
        lambda text: [(0, 2, "no entity")],
        lambda text: [(0, 2)],
        lambda text: [text],
    ],
)
def test_one_that_fails_or_gives_nonsense_leaves_the_shape_only(broken: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert redactor(broken).text("the words of Mia") == "<REDACTION_FAILED type=str len=16>"
    assert "recognizer" in caplog.text
    assert "words of" not in caplog.text


def test_one_that_takes_too_long_leaves_the_shape_only_and_is_not_waited_for_again() -> None:
    teams = Teams()
    one = redactor(teams)
    teams.go.clear()
    assert one.text("Team Q is slow") == "<REDACTION_FAILED type=str len=14>"
    assert one.text("Team R follows") == "<REDACTION_FAILED type=str len=14>"
    assert teams.asked == ["Team Q is slow"]
    teams.go.set()
    for _ in range(200):
        if one.text("Team S is fine") == "<TEAM_1> is fine":
            break
        threading.Event().wait(0.01)
    assert one.text("Team S is fine") == "<TEAM_1> is fine"


def test_what_cannot_be_prepared_leaves_the_shape_only() -> None:
    teams = Teams()
    teams.prepare = lambda: fails("x")  # type: ignore[method-assign, assignment, return-value]
    assert redactor(teams).text("Team Q") == "<REDACTION_FAILED type=str len=6>"


def test_too_many_findings_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(text: str) -> Iterable[tuple[int, int, str]]:
        while True:
            yield 0, 1, "AGAIN"

    monkeypatch.setattr(recognizers, "MOST_VALUES", 50)
    assert redactor(endless).text("x is here") == "<AGAIN_1> is here"


@pytest.mark.parametrize(
    ("entity", "regex"), [("badge", "b"), ("BADGE_1", "b"), ("B", "b"), ("BADGE", "("), ("BADGE", "b*"), ("BADGE", 3)]
)
def test_a_pattern_that_cannot_work_is_refused(entity: str, regex: Any) -> None:
    with pytest.raises(ConfigurationError):
        Pattern(entity, regex)


def test_a_recognizer_of_presidio_is_told_where_it_belongs() -> None:
    class Theirs:
        supported_entities = ("X",)

        def analyze(self) -> None: ...

    with pytest.raises(ConfigurationError, match="PresidioRecognizer"):
        RedactionPolicy(recognizers=(Theirs(),))


# ── in another process ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_policy_of_installed_things_is_rebuilt_in_another_process_and_one_with_a_local_function_is_not() -> None:
    fine = RedactionPolicy(recognizers=(BADGE,), vocabulary=["Zanzibar"], allow=(re.compile("x"), "yy"), strict=True)
    assert why_not_rebuilt(fine) is None
    assert "lambda" in str(why_not_rebuilt(RedactionPolicy(recognizers=(lambda text: [],))))
