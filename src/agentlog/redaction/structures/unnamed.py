"""Rows without a header: `[('Nancy', 'Edwards', 8), …]`, as a database gives them to a program.

No key says what a column holds. Where one column is of given names and the one beside it of what may be family names, both are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from agentlog.redaction.structures.frames import Value
from agentlog.redaction.words.lists import ORDINARY, ORGANISATION
from agentlog.redaction.words.name_table import FAMILY, FREQUENT, GIVEN, PLACE, WORD, is_word, known

_NAME: Final = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:[ '\u2019-][^\W\d_]+){0,2}")
_MOST_COLUMNS: Final = 64
Couple = tuple[Value, Value]
"""A given and a family name that stand in one row."""


def couples_in(cells: Sequence[Value]) -> list[Couple]:
    """The names in rows whose strings are `cells`, in order: a row ends where the number of the member gets smaller.

    Of one row alone both names must be nothing else; of several, half of them.
    """
    rows: list[dict[int, Value]] = []
    last = _MOST_COLUMNS
    for cell in cells:
        if cell.member <= last:
            rows.append({})
        last = cell.member
        if not cell.number and last < _MOST_COLUMNS:
            rows[-1][last] = cell
    found: list[Couple] = []
    taken: set[int] = set()
    for column in sorted(set().union(*rows)) if rows else ():
        for beside in (column + 1, column - 1):
            if not taken.isdisjoint((column, beside)):
                continue
            couples = [(row[column], row[beside]) for row in rows if column in row and beside in row]
            couples = [one for one in couples if one[0].text and one[1].text]
            if couples and _are_names(couples):
                taken.update((column, beside))
                found += [one for one in couples if _named(one[0].text) and _named(one[1].text)]
    return found


def _named(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def _are_names(couples: Sequence[Couple]) -> bool:
    """Whether the first of each couple is a given name, and the second may be a family name, in half of them."""
    need = len(couples) / 2
    pairs = [(given.text, family.text) for given, family in couples if _named(given.text) and _named(family.text)]
    if len(pairs) < 0.8 * len(couples):
        return False
    given = sum(_is_given(one) for one, _ in pairs)
    if given < need or len(set(pairs)) < need:
        return False
    low = [other.lower() for _, other in pairs]
    if any(word in ORGANISATION for word in low) or sum(known(word) & PLACE != 0 for word in low) > len(low) / 2:
        return False
    if len(couples) == 1:
        return bool(known(low[0]) & FAMILY) and not known(low[0]) & (GIVEN | PLACE) and low[0] not in ORDINARY
    only_words = sum(is_word(word) and not known(word) & FAMILY for word in low)
    return 3 * only_words <= len(low) and len(set(low)) > len(low) / 2


def _is_given(text: str) -> bool:
    kind = known(text.lower())
    return bool(kind & GIVEN) and not kind & WORD and (not kind & PLACE or bool(kind & FREQUENT))
