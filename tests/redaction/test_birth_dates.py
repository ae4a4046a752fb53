"""Dates in many spellings."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlog.redaction import Redactor
from agentlog.redaction.languages.dates import find_dates, meanings

SPELLINGS = (
    "%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d.%m.%Y", "%m-%d-%Y", "%B %d, %Y", "%b %d %Y", "%d %B %Y", "%d of %B %Y",
    "%Y年%m月%d日", "%Y%m%d", "%m/%d/%y",
)  # fmt: skip


@given(st.dates(dt.date(1930, 1, 1), dt.date(2019, 12, 31)), st.sampled_from(SPELLINGS))
def test_a_date_is_recognised_in_every_spelling(date: dt.date, spelling: str) -> None:
    text = f"it was {date.strftime(spelling)}, I think"
    found = [(text[start:end], meant) for start, end, meant in find_dates(text)]
    assert any(value == date.strftime(spelling) and date.isoformat() in meant for value, meant in found)


@given(st.dates(dt.date(1930, 1, 1), dt.date(2019, 12, 31)), st.sampled_from(SPELLINGS))
def test_a_birth_date_goes_in_whatever_spelling_it_comes_back(date: dt.date, spelling: str) -> None:
    other = date.strftime(spelling)
    made = Redactor(None, pseudonym_key=b"k").text(f'{{"dob": "{date.isoformat()}", "note": "she said {other} again"}}')
    assert made == '{"dob": "<DOB_1>", "note": "she said <DOB_1> again"}'


@pytest.mark.parametrize("text", ["2024-13-40", "1.2.3", "99/99/9999", "May I ask 20", "v2024.1", "10-20", ""])
def test_what_is_no_date_is_none(text: str) -> None:
    assert list(find_dates(text)) == []


def test_a_time_behind_a_date_does_not_change_what_it_means() -> None:
    assert meanings("1990-04-05T00:00:00Z") == ("1990-04-05",)
    assert meanings("04/05/1990") == ("1990-04-05", "1990-05-04")
    assert meanings("1990-04-05 and more") == ()
    assert meanings("soon") == ()


def test_other_dates_of_the_trace_stay() -> None:
    made = Redactor(None, pseudonym_key=b"k").text('{"dob": "1990-04-05", "departure": "2024-05-20"}')
    assert made == '{"dob": "<DOB_1>", "departure": "2024-05-20"}'
