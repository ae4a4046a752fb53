"""Dates in any spelling, brought to one form, so that a date of birth is recognised however it is written later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.words import MONTHS

_MONTH: Final = "(?P<{0}>" + "|".join(f"{month}|{month[:3]}" for month in MONTHS if month != "may") + "|may|sept)"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        r"(?<![0-9])(?P<y>1[89][0-9]{2}|20[0-9]{2})(?P<s>[-/.])(?P<m>[01]?[0-9])(?P=s)(?P<d>[0-3]?[0-9])(?![0-9])",
        r"(?<![0-9])(?P<y>1[89][0-9]{2}|20[0-9]{2}) ?年 ?(?P<m>[01]?[0-9]) ?月 ?(?P<d>[0-3]?[0-9]) ?[日号]",
        r"(?<![0-9])(?P<a>[0-3]?[0-9])(?P<s>[-/.])(?P<b>[0-3]?[0-9])(?P=s)(?P<y>(?:1[89]|20)?[0-9]{2})(?![0-9])",
        r"(?<![a-z])" + _MONTH.format("n") + r"\.?[ \n-]{1,2}(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?,?[ \n-]{0,2}(?P<y>1[89][0-9]{2}|20[0-9]{2})(?![0-9])",
        r"(?<![0-9])(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?(?: of)?[ -]" + _MONTH.format("n") + r"[.,]?[ -](?P<y>1[89][0-9]{2}|20[0-9]{2})(?![0-9])",
        r"(?<![0-9])(?P<y>1[89][0-9]{2}|20[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])(?![0-9])",
    )
)  # fmt: skip
_NUMBER_OF: Final = {month[:3]: number for number, month in enumerate(MONTHS, 1)}


def find_dates(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Every date in `text`: start, end, and the ISO dates that it may mean (04/05/1990 means two).

    >>> list(find_dates("born April 5th, 1990"))
    [(5, 20, ('1990-04-05',))]
    """
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            meant = _meant(match.groupdict())
            if meant:
                yield match.start(), match.end(), meant


def meanings(value: str) -> tuple[str, ...]:
    """The ISO dates that the whole of `value` may mean; empty when it is no date. A time behind it is ignored."""
    value = value.strip()
    for start, end, meant in find_dates(value[:40]):
        if start == 0 and (end == len(value) or (value[end] in "T " and value[end + 1 : end + 2].isdigit())):
            return meant
    return ()


def _meant(groups: dict[str, str | None]) -> tuple[str, ...]:
    years = _years(groups["y"] or "")
    if groups.get("a"):
        a, b = int(groups["a"] or 0), int(groups["b"] or 0)
        pairs = [(a, b), (b, a)] if a != b else [(a, b)]
    elif groups.get("n"):
        pairs = [(_NUMBER_OF[(groups["n"] or "")[:3].lower()], int(groups["d"] or 0))]
    else:
        pairs = [(int(groups["m"] or 0), int(groups["d"] or 0))]
    return tuple(
        f"{year}-{month:02d}-{day:02d}" for year in years for month, day in pairs if 1 <= month <= 12 and 1 <= day <= 31
    )


def _years(text: str) -> tuple[str, ...]:
    return (text,) if len(text) == 4 else ("19" + text, "20" + text)
