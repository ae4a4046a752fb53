"""Dates in any spelling, brought to one form, so that a date of birth is recognised however it is written later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import compress
from typing import Final

from agentlog.redaction.languages.de import GERMAN
from agentlog.redaction.languages.es import SPANISH
from agentlog.redaction.languages.fr import FRENCH
from agentlog.redaction.languages.pt import PORTUGUESE
from agentlog.redaction.words.lists import MONTHS

_MONTH: Final = "(?P<{0}>" + "|".join(f"{month}|{month[:3]}" for month in MONTHS if month != "may") + "|may|sept)"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        r"(?<![0-9])(?P<y>1[89][0-9]{2}|20[0-9]{2})(?P<s>[-/.])(?P<m>[01]?[0-9])(?P=s)(?P<d>[0-3]?[0-9])(?![0-9])",
        r"(?<![0-9])(?P<y>1[89][0-9]{2}|20[0-9]{2}) ?年 ?(?P<m>[01]?[0-9]) ?月 ?(?P<d>[0-3]?[0-9]) ?[日号]",
        r"(?<![0-9])(?P<a>[0-3]?[0-9])(?P<s>[-/.])(?P<b>[0-3]?[0-9])(?P=s)(?P<y>(?:1[89]|20)?[0-9]{2})(?![0-9])",
        r"(?<![a-z])" + _MONTH.format("n") + r"\.?[ \n-]{1,2}(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?,?[ \n-]{0,2}(?P<y>1[89][0-9]{2}|20[0-9]{2})(?![0-9])",
        r"(?P<era>明治|大正|昭和|平成|令和) ?(?P<e>[0-9]{1,2}|元) ?年 ?(?P<m>[01]?[0-9]) ?月 ?(?P<d>[0-3]?[0-9]) ?日",
        r"(?<![0-9A-Za-z.])(?P<era>(?-i:[MTSHR])|明治|大正|昭和|平成|令和)(?P<e>[0-9]{1,2}|元)(?P<s>[./-])(?P<m>[01]?[0-9])(?P=s)(?P<d>[0-3]?[0-9])(?![0-9.A-Za-z])",
        r"(?<![0-9])(?P<d>[0-3]?[0-9])(?:st|nd|rd|th|er|\.|º|\.º|°)?(?: of| de)?[ -](?P<n>[a-z\u00c0-\u00ff]{3,10})[.,]?(?: del?)?[ -](?P<y>1[89][0-9]{2}|20[0-9]{2})(?![0-9])",
        r"(?<![0-9])(?P<y>1[89][0-9]{2}|20[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])(?![0-9])",
    )
)  # fmt: skip
_PARTED: Final = re.compile("[0-9元][-/.][0-9]{1,2}[-/.][0-9]")
_YEAR_BEHIND: Final = re.compile(r"[0-9](?:st|nd|rd|th)?,?[ \n-]{0,2}(?:1[89]|20)[0-9]{2}", re.ASCII | re.IGNORECASE)
_DAY_AHEAD: Final = re.compile(
    r"[0-9](?:st|nd|rd|th|er|\.|º|\.º|°)?(?: of| de)?[ -][a-z\u00c0-\u00ff]{3}", re.ASCII | re.IGNORECASE
)
_EIGHT: Final = re.compile("[0-9]{8}")


def _possible(text: str) -> list[re.Pattern[str]]:
    """Those of `_PATTERNS`, in their order, for which `text` has what is necessary and is found quickly."""
    if _DIGIT.search(text) is None:
        return []
    parted = _PARTED.search(text) is not None
    year = "年" in text
    possible = (
        parted,
        year,
        parted,
        _YEAR_BEHIND.search(text) is not None,
        year,
        parted,
        _DAY_AHEAD.search(text) is not None,
        _EIGHT.search(text) is not None,
    )
    return list(compress(_PATTERNS, possible))


def months_of(said: str) -> dict[str, int]:
    """The number of each name in a language's `months`: months are parted by `|`, their forms by a blank.

    >>> months_of("januar jan|februar")
    {'januar': 1, 'jan': 1, 'februar': 2}
    """
    return {form: number for number, forms in enumerate(said.split("|"), 1) for form in forms.split()}


_DIGIT: Final = re.compile("[0-9]")


_NUMBER_OF: Final[Mapping[str, int]] = {
    name: number
    for said in (
        *(table.months for table in (GERMAN, FRENCH, SPANISH, PORTUGUESE)),
        "|".join(f"{month} {month[:3]}" for month in MONTHS),
        "||||||||sept",
    )
    for name, number in months_of(said).items()
}
_ERAS: Final = {
    "明治": 1867,
    "大正": 1911,
    "昭和": 1925,
    "平成": 1988,
    "令和": 2018,
    "M": 1867,
    "T": 1911,
    "S": 1925,
    "H": 1988,
    "R": 2018,
}
"""Japanese eras, also as a form shortens them, by the year before their first."""


def find_dates(text: str, more: Mapping[str, int] = _NUMBER_OF) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Every date in `text`: start, end, and the ISO dates that it may mean (04/05/1990 means two).

    `more` are names of months beside those of the languages that are built in.

    >>> list(find_dates("born April 5th, 1990"))
    [(5, 20, ('1990-04-05',))]
    >>> list(find_dates("geboren am 5. März 1990"))
    [(11, 23, ('1990-03-05',))]
    """
    for pattern in _possible(text):
        for match in pattern.finditer(text):
            meant = _meant(match.groupdict(), more)
            if meant:
                yield match.start(), match.end(), meant


def meanings(value: str) -> tuple[str, ...]:
    """The ISO dates that the whole of `value` may mean; empty when it is no date. A time behind it is ignored."""
    value = value.strip()
    head = value[:40]
    if _DIGIT.search(head) is None:
        return ()
    for pattern in _PATTERNS:
        match = pattern.match(head)
        meant = _meant(match.groupdict(), _NUMBER_OF) if match is not None else ()
        if match is not None and meant:
            end = match.end()
            if end == len(value) or (value[end] in "T " and value[end + 1 : end + 2].isdigit()):
                return meant
    return ()


def _meant(groups: dict[str, str | None], more: Mapping[str, int]) -> tuple[str, ...]:
    era = groups.get("era")
    years = _years(groups["y"] or "") if era is None else (_year_of(era, groups["e"] or ""),)
    if groups.get("a"):
        a, b = int(groups["a"] or 0), int(groups["b"] or 0)
        pairs = [(a, b), (b, a)] if a != b else [(a, b)]
    elif groups.get("n"):
        name = (groups["n"] or "").lower()
        pairs = [(_NUMBER_OF.get(name) or more.get(name, 0), int(groups["d"] or 0))]
    else:
        pairs = [(int(groups["m"] or 0), int(groups["d"] or 0))]
    return tuple(
        f"{year}-{month:02d}-{day:02d}" for year in years for month, day in pairs if 1 <= month <= 12 and 1 <= day <= 31
    )


def _years(text: str) -> tuple[str, ...]:
    return (text,) if len(text) == 4 else ("19" + text, "20" + text)


def _year_of(era: str, year: str) -> str:
    """昭和55 → 1980; the first year of an era is 元."""
    return str(_ERAS[era] + (1 if year == "元" else int(year)))
