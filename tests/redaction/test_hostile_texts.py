"""Texts made to be slow: the work grows with their length, not with its square.

A pattern that goes back and forth over these texts would need minutes for them; calls are counted besides.
"""

# ruff: noqa: RUF001 - Chinese punctuation is part of what is read

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from work import calls, lines

from agentlog.redaction import Redactor

PIECES = (
    ".", "a.", "wait...", "1", "1 2 3 4 5 6 7 8 9 ", " ", "\n", '"', "'", "\\", '["', "{'", '{"a":1},', "@", "a@", "a@b.cc@",
    "a://", "http://a:", "sk-", "eyJaaaaaaaa.", "-----BEGIN RSA PRIVATE KEY-----", "bearer ", "card ", "****", "user ",
    "my name is ", "Aa ", "Mr. Aaa Bbb ", "a:", "password=", "password: a1 ", "-", "12-", "ab:", "1.", "DE12AAAA", "data:a/b;",
    "data:a/b,", "aA1", "1 A St ", "Aaaa ", "/home/a", "我叫王小明，", "王", "先生", "born April ", "April 5, 1990 ", "(1", "<",
    "a_", "x=", "Aa 1, 12345 Aa ", "a 1 1 1 1 1 1, 1000 A", "Rua A, 1 - SP, 12345-678 ", "06 12 34 56 78\n", "tel 06 12 ", "zip 1000 ",
    "\\u0041", "\x00", "İ", "bearer a1B2c3D4\\u0041password=",
)  # fmt: skip
CALLS_PER_CHARACTER = 60


@pytest.mark.parametrize("piece", PIECES)
def test_the_work_for_a_hostile_text_is_bounded_by_its_length(piece: str) -> None:
    redactor = Redactor(None, pseudonym_key=b"k")
    redactor.text("warm")
    short, long = piece * (4_000 // len(piece)), piece * (32_000 // len(piece))
    few, many = calls(lambda: redactor.text(short)), calls(lambda: redactor.text(long))
    assert many < CALLS_PER_CHARACTER * len(long)
    assert many < 12 * few + 5_000


def test_a_long_run_of_codes_is_looked_through_once() -> None:
    """Not once for each word in it. A loop of ours calls nothing: here its lines count."""
    redactor = Redactor(None, pseudonym_key=b"k")
    redactor.text("warm")
    piece = "a1B2c3D4e5F6g7H8-"
    few, many = (lines(lambda times=times: redactor.text(piece * times)) for times in (100, 800))
    assert many < 12 * few + 5_000


@pytest.mark.parametrize(
    "make",
    [
        lambda n: " ".join(f"a{i}@b{i}.org" for i in range(n)),
        lambda n: " ".join(f"user user_{i}_x{i}" for i in range(n)),
        lambda n: json.dumps([{"first_name": f"Ab{i:05}".translate(LETTERS), "last_name": f"Xy{i:05}".translate(LETTERS)} for i in range(n)]),
        lambda n: json.dumps({"payment_methods": {f"card_{i:07}": {"id": f"card_{i:07}"} for i in range(n)}}),
        lambda n: " ".join(f"born {1950 + i % 50}-{i % 12 + 1:02}-{i % 28 + 1:02}," for i in range(n)),
    ],
)  # fmt: skip
def test_many_values_do_not_make_each_of_them_dearer(make: Callable[[int], str]) -> None:
    redactor = Redactor(None, pseudonym_key=b"k")
    redactor.text("warm")
    few, many = calls(lambda: redactor.text(make(100))), calls(lambda: redactor.text(make(800)))
    assert many < 12 * few


LETTERS = str.maketrans("0123456789", "abcdefghij")


def test_a_history_that_is_sent_again_is_not_worked_through_again() -> None:
    from agentlog.messages.parts import message, text
    from agentlog.records import Draft

    history = [message("user", text(f"My name is Zoltan Varga, this is line {i}. " * 20)) for i in range(20)]
    row = {"call_id": "c", "trace_id": "t", "operation": "chat", "input_messages": history}
    trace = Redactor(None, pseudonym_key=b"k").trace()
    first = calls(lambda: trace.redact(Draft(row)))
    again = calls(lambda: trace.redact(Draft({**row, "output_messages": [message("assistant", text("Fine."))]})))
    assert again < first / 10
