"""Patterns that are asked whether they can match before they are tried; without the extra `[fast]`, with a scan made here."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from agentlog.redaction import watching


@pytest.fixture
def pattern(monkeypatch: pytest.MonkeyPatch) -> Iterator[watching.Watched]:
    """A pattern that a scan rules out in every text with an x."""
    monkeypatch.setattr(watching, "_all", [])
    made = watching.watched("[0-9]+")
    watching.begin(lambda text: None if "?" in text else set() if "x" in text else {7}, [(made, 7)])
    yield made
    watching.end()


def test_a_pattern_that_cannot_match_is_not_tried_on_the_text_that_was_looked_at(pattern: watching.Watched) -> None:
    text = "x 12"
    watching.look(text)
    assert pattern.search(text) is None
    assert list(pattern.finditer(text)) == []
    assert not pattern.possible(text)


def test_another_text_is_tried_whatever_was_looked_at_before(pattern: watching.Watched) -> None:
    watching.look("x 12")
    assert pattern.search("y 34") is not None
    assert [match.group() for match in pattern.finditer("x 5")] == ["5"]


def test_a_text_of_which_nothing_can_be_told_is_tried(pattern: watching.Watched) -> None:
    text = "x? 12"
    watching.look(text)
    assert pattern.search(text) is not None


def test_a_search_that_ends_early_is_tried(pattern: watching.Watched) -> None:
    text = "x 12"
    watching.look(text)
    assert pattern.search(text, 0, 3) is not None
    assert [match.group() for match in pattern.finditer(text, 0, 3)] == ["1"]


def test_after_the_end_everything_is_tried(pattern: watching.Watched) -> None:
    text = "x 12"
    watching.look(text)
    watching.end()
    assert pattern.search(text) is not None


@pytest.mark.parametrize(
    ("python", "pcre"),
    [
        (r"[a-z]{3}", r"[a-z]{3}"),
        (r"[a-z]{2,600}=", r"[a-z]{2,}="),
        (r"[a-z]{100,600}", r"[a-z]{16,}"),
        (r"\u4e00[\u4e00-\u9fff é]", r"\xff[\xff-\xff \xff]"),
        (r"a\sb[^\s]", r"a[\s\x1c-\x1f]b[^\s\x1c-\x1f]"),
        (r"[]x[]\{1,9}", r"[\]x\[]\{1,9}"),
        (r"\x41\xe9", r"\x41\xff"),
    ],
)
def test_what_is_necessary_is_said_for_bytes(python: str, pcre: str) -> None:
    assert watching.necessary(python) == pcre


@pytest.mark.parametrize("pattern", [r"a{,3}b", r"[^\S\n]+"])
def test_what_cannot_be_said_is_not(pattern: str) -> None:
    assert watching.necessary(pattern) is None


def test_every_watched_pattern_can_be_said() -> None:
    import agentlog.redaction  # noqa: F401 - the detectors make their patterns when they are imported

    watched = watching.every()
    assert len(watched) > 20
    unsaid = [one.pattern for one in watched if watching.necessary(one.pattern) is None]
    assert unsaid == []


def test_a_watched_pattern_is_used_like_a_plain_one() -> None:
    plain = re.compile("(?P<a>a+)b", re.IGNORECASE)
    made = watching.Watched(plain)
    assert made.search("xAAb") is not None
    assert made.match("aab") is not None
    assert made.fullmatch("aabc") is None
    assert (made.groups, made.flags) == (1, plain.flags)
    assert made.possible("anything")
