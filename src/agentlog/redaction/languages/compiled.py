"""A table of a language with its patterns compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from agentlog.redaction.languages.dates import months_of
from agentlog.redaction.languages.table import IdNumber, Language, phrases

TITLE, NAMED, SELF, ROLE, CLOSING, PHONE, BORN, PLACE, CODE, ID = range(10)
"""What the phrases of a table announce."""
_TO_COPULA: Final = r"[ \t\"'»“:]{0,3}[^\n.,;:!?0-9]{0,40}?(?<!\w)"


class Compiled(NamedTuple):
    """A language with its patterns."""

    table: Language
    titles: re.Pattern[str]
    copula: re.Pattern[str] | None
    joints: re.Pattern[str]
    article: re.Pattern[str] | None
    stops: frozenset[str]
    months: Mapping[str, int]
    ids: tuple[tuple[IdNumber, re.Pattern[str], re.Pattern[str] | None], ...]
    phone: re.Pattern[str] | None
    place: re.Pattern[str] | None
    place_behind: tuple[re.Pattern[str], ...]
    code: re.Pattern[str] | None


@lru_cache(64)
def compiled(table: Language) -> Compiled:
    """The table with its patterns, made once."""
    titles = "|".join(re.escape(title.rstrip(".")) for title in phrases(table.titles))
    joints = "|".join(map(re.escape, phrases(table.joints)))
    copulas = "|".join(map(re.escape, phrases(table.copulas)))
    articles = "|".join(map(re.escape, phrases(table.articles)))
    return Compiled(
        table,
        re.compile(rf"(?:(?i:{titles})\.?[ºª°]?\.?[ \u00a0]{{1,2}}){{0,4}}" if titles else ""),
        re.compile(rf"{_TO_COPULA}(?:{copulas}):?[ \u00a0]") if copulas else None,
        re.compile(rf"(?:,| (?:{joints})) " if joints else ", "),
        re.compile(rf"(?:{articles}) ") if articles else None,
        frozenset(phrases(table.not_names)) | frozenset(phrases(table.titles)),
        months_of(table.months),
        tuple(
            (
                one,
                re.compile(rf"(?<![0-9A-Za-z])(?:{one.pattern})"),
                re.compile(one.alone) if one.alone else None,
            )
            for one in table.ids
        ),
        re.compile(rf"(?<![0-9][ .-])(?:{table.phone})") if table.phone else None,
        re.compile(table.place) if table.place else None,
        tuple(re.compile(rf"(?<!\w)(?:{one})") for one in (table.place, table.place_behind) if one),
        re.compile(rf"(?<![0-9])(?:{table.postcode})") if table.postcode else None,
    )
