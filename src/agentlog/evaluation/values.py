"""When two JSON values mean the same, read by the schema that the tool or the answer was given.

The idea of comparing calls as typed values and not as text is that of the Berkeley Function-Calling Leaderboard's AST check
(S. Patil et al., "The Berkeley Function Calling Leaderboard", ICML 2025); written anew here, with two grades:

strict    the same value for whoever receives it: `1`, `1.0` and, where the schema says number, `"1"`; a missing optional
          argument and its default; a set in another order where the schema says that items are unique
lenient   also what a careful reader lets pass: letter case, spaces and punctuation of a string, the spelling of a date, the
          order of a list, `"1"` for 1 without a schema, an empty optional value for a missing one
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
_NO_SCHEMA: Final[Schema] = {}
_MISSING: Final = object()
MANY: Final = 200
"""Longer lists in another order are compared as they are written: each item with each would take too long."""
_PUNCTUATION: Final = re.compile(r"[\s,./\\\-_*^'\"!?;:()]+")
_NUMBER: Final = re.compile(r"\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)


def same(reference: Any, candidate: Any, schema: Schema | None = None, *, lenient: bool = False) -> bool:
    """Whether two values of one schema mean the same.

    >>> same({"n": 1}, {"n": "1.0"}, {"properties": {"n": {"type": "integer"}}})
    True
    >>> same("San Diego", "san diego"), same("San Diego", "san diego", lenient=True)
    (False, True)
    """
    schema = schema if isinstance(schema, Mapping) else _NO_SCHEMA
    if isinstance(reference, dict) and isinstance(candidate, dict):
        return all(one for _, one in fields(reference, candidate, schema, lenient=lenient))
    if isinstance(reference, list) and isinstance(candidate, list):
        return _lists(reference, candidate, schema, lenient)
    return _scalars(reference, candidate, _types(schema), lenient)


def fields(
    reference: Mapping[str, Any], candidate: Mapping[str, Any], schema: Schema | None = None, *, lenient: bool = False
) -> Iterator[tuple[str, bool]]:
    """Each name that one of two objects has, and whether they say the same under it."""
    schema = schema if isinstance(schema, Mapping) else _NO_SCHEMA
    known = schema.get("properties")
    known = known if isinstance(known, Mapping) else {}
    required = schema.get("required")
    required = required if isinstance(required, list) else []
    for name in dict.fromkeys((*reference, *candidate)):
        inner = known.get(name)
        one, other = reference.get(name, _MISSING), candidate.get(name, _MISSING)
        if one is _MISSING or other is _MISSING:
            left = other if one is _MISSING else one
            yield name, _stands_for_nothing(left, inner, optional=name not in required, lenient=lenient)
        else:
            yield name, same(one, other, inner, lenient=lenient)


def _stands_for_nothing(value: Any, schema: Any, *, optional: bool, lenient: bool) -> bool:
    """Whether a value says what leaving it out says."""
    if isinstance(schema, Mapping) and "default" in schema and same(schema["default"], value, schema):
        return True
    return optional and (value is None or (lenient and value in ("", [], {})))


def _lists(reference: list[Any], candidate: list[Any], schema: Schema, lenient: bool) -> bool:
    if len(reference) != len(candidate):
        return False
    inner = schema.get("items")

    def equal(one: Any, other: Any) -> bool:
        return same(one, other, inner, lenient=lenient)

    if all(map(equal, reference, candidate)):
        return True
    if not lenient and schema.get("uniqueItems") is not True:
        return False
    if len(reference) > MANY:
        return Counter(map(_written, reference)) == Counter(map(_written, candidate))
    return len(pairs(reference, candidate, equal)) == len(reference)


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def pairs(reference: list[Any], candidate: list[Any], equal: Callable[[Any, Any], bool]) -> list[tuple[int, int]]:
    """As many pairs of equal items as there can be, whatever their order (augmenting paths: equal is not transitive)."""
    partner: dict[int, int] = {}  # place in candidate → place in reference

    def find(one: int, tried: set[int]) -> bool:
        for other in range(len(candidate)):
            if other not in tried and equal(reference[one], candidate[other]):
                tried.add(other)
                if other not in partner or find(partner[other], tried):
                    partner[other] = one
                    return True
        return False

    for one in range(len(reference)):
        find(one, set())
    return sorted((one, other) for other, one in partner.items())


def _types(schema: Schema) -> frozenset[str]:
    """The types that a schema allows, those of its alternatives included."""
    said = schema.get("type")
    found = {said} if isinstance(said, str) else set(said) if isinstance(said, list) else set()
    for name in ("anyOf", "oneOf"):
        if isinstance(schema.get(name), list):
            found |= {kind for one in schema[name] if isinstance(one, Mapping) for kind in _types(one)}
    return frozenset(found - {"null"})


def _scalars(reference: Any, candidate: Any, types: frozenset[str], lenient: bool) -> bool:
    if (types and types <= {"number", "integer"}) or (lenient and not types):
        one, other = _number(reference), _number(candidate)
        if one is not None and other is not None:
            return one == other or math.isclose(one, other, rel_tol=1e-9)
    if types == {"boolean"}:
        one, other = _boolean(reference), _boolean(candidate)
        if one is not None and other is not None:
            return one == other
    if isinstance(reference, bool) or isinstance(candidate, bool):
        return reference is candidate
    if isinstance(reference, int | float) and isinstance(candidate, int | float):
        return reference == candidate
    if isinstance(reference, str) and isinstance(candidate, str):
        return reference == candidate or (lenient and _texts(reference, candidate))
    return type(reference) is type(candidate) and bool(reference == candidate)


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return float(value) if len(value) < 40 and _NUMBER.fullmatch(value) else None
    return value if isinstance(value, int | float) else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _texts(reference: str, candidate: str) -> bool:
    one, other = plain(reference), plain(candidate)
    if one == other and (one or reference.strip() == candidate.strip()):
        return True
    day = date(reference)
    return day is not None and day == date(candidate)


def plain(text: str) -> str:
    """Without letter case, spaces and punctuation, as BFCL compares strings."""
    return _PUNCTUATION.sub("", text).casefold()


_SPELLINGS: Final = (
    "%Y/%m/%d", "%Y%m%d", "%m/%d/%Y", "%d.%m.%Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y",
)  # fmt: skip


def date(text: str) -> dt.date | dt.datetime | None:
    """The day, or the moment, that a text is; None where it is none. A month comes before a day where there are slashes.

    >>> date("May 5, 2024") == date("2024-05-05") == date("05/05/2024")
    True
    """
    text = text.strip()
    if not 6 <= len(text) <= 40 or not any(map(str.isdigit, text)):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        if len(text) <= 10:
            return moment.date()
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment
    for spelling in _SPELLINGS:
        try:
            return dt.datetime.strptime(text, spelling).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None
