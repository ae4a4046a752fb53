"""Amounts and dates that are not those of the log, in the same relations: an option of exports, off unless it is asked for.

Every amount of money of a trace is multiplied by one factor with two decimals, drawn from the seed and the trace, and
every date is moved by one number of whole weeks. So sums, products with counts, comparisons, intervals and days of the week
hold as they held in the log, in prompts, arguments and results alike. Decimals are exact: nothing is rounded. Counts,
percentages, times of day, ids and years that stand alone stay.

It hides figures from a reader, it is no secret: whoever knows one true amount knows the factor.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from hashlib import blake2b
from typing import Final

from agentlog.conversations.money import AMOUNT, EXPRESSION, NUMBER, Span, in_json, is_expression

FACTORS: Final = tuple(Decimal(percent) / 100 for percent in range(80, 126) if percent % 10)
"""What amounts are multiplied by."""
WEEKS: Final = tuple(week for week in range(-26, 27) if week)
"""How far dates are moved."""
_SIGNS: Final = frozenset("$€£¥")
_NUMBERED: Final = re.compile(
    r"(?:[#-]|\b(?:flight|order|number|no|nr|n°|room|gate|seat|case|ticket|id|code|zip|page|step|suite|apt|unit|line|row|version|error|status|"
    r"booking|invoice|item|bus|train|route|chapter|section|floor|highway|area|model|port)s?[.:#]?)[ ]{0,2}\Z",
    re.IGNORECASE,
)
"""What says that the number behind it counts or names something."""
_ENDS: Final = re.compile(
    r"\s*(?:\Z|[^\w\s]|(?:in|per|for|each|and|or|total|altogether|is|are|was|to|from|as|which|plus|minus|more|less|back|instead|if|but|on|at|with|after|before)\b)"
)
"""What may stand behind an amount: what else does says what is counted ("200 people")."""
_LEAST_KNOWN: Final = 100
"""A known amount is told by its value alone from here on; and any that has decimals."""

_MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "en": tuple("January February March April May June July August September October November December".split()),
    "en3": tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()),
    "de": tuple("Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()),
    "fr": tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()),
    "es": tuple("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()),
    "pt": tuple("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split()),
}
_BY_NAME: Final = {name.lower(): place for names in _MONTHS.values() for place, name in enumerate(names, 1)}
_NAMES: Final = "|".join(sorted(_BY_NAME, key=len, reverse=True))
_BEFORE: Final = r"(?<![\w.-])"
_AFTER: Final = r"(?![\w%]|[-/.][0-9])"
_DATE: Final = re.compile(
    rf"(?<![\w.])(?<![A-Za-z0-9]-)(?P<iso>(?P<y1>(?:19|20)[0-9]{{2}})(?P<s1>[-/.])(?P<m1>[01]?[0-9])(?P=s1)(?P<d1>[0-3]?[0-9]))(?=T[0-9]|(?![\w%]|[-/.][0-9A-Za-z]))"
    rf"|{_BEFORE}(?P<a2>[0-3]?[0-9])(?P<s2>[/.-])(?P<b2>[0-3]?[0-9])(?P=s2)(?P<y2>(?:19|20)[0-9]{{2}}){_AFTER}"
    rf"|{_BEFORE}(?P<m3>{_NAMES})(?P<p3>\.?[ ])(?P<d3>[0-3]?[0-9])(?P<o3>st|nd|rd|th)?(?:(?P<g3>,?[ ])(?P<y3>(?:19|20)[0-9]{{2}}))?(?![\w%])(?![.,:][0-9])"
    rf"|{_BEFORE}(?P<d4>[0-3]?[0-9])(?P<p4>(?:st|nd|rd|th|\.)?[ ](?:de[ ])?)(?P<m4>{_NAMES})(?:(?P<g4>\.?,?[ ](?:de[ ])?)(?P<y4>(?:19|20)[0-9]{{2}}))?(?!\w)"
    r"|(?:(?P<y5>(?:19|20)[0-9]{2})(?P<g5>[ ]?年[ ]?))?(?<![0-9])(?P<m5>[01]?[0-9])(?P<h5>[ ]?月[ ]?)(?P<d5>[0-3]?[0-9])(?=[ ]?[日号])",
    re.IGNORECASE,
)


class Figures:
    """The amounts and dates of one trace.

    Args:
        trace: its id.
        seed: the same seed, trace and texts give the same figures.
        texts: everything that is said in the trace: which amounts there are, and which year a date without one is of.
        language: a code of `locales.LOCALES`; what comes first in `03/04/2026`.

    >>> figures = Figures("t", 0, ["It costs $30 for each of 3 bags on 2026-05-15"])
    >>> text = figures.render("It costs $30 for each of 3 bags on 2026-05-15")
    >>> "$30" in text, "3 bags" in text, "2026-05-15" in text
    (False, True, False)
    """

    def __init__(self, trace: str, seed: int = 0, texts: Iterable[str] = (), *, language: str = "en") -> None:
        drawn = int.from_bytes(blake2b(f"{seed}|{trace}|figures".encode(), digest_size=8).digest())
        self.factor = FACTORS[drawn % len(FACTORS)]
        self.shift = dt.timedelta(weeks=WEEKS[drawn // len(FACTORS) % len(WEEKS)])
        self._language = language[:2]
        self._month_first = language == "en"
        self._known: set[Decimal] = set()
        self._years: Counter[int] = Counter()
        for text in texts:
            self.note(text)

    def note(self, text: str) -> None:
        """One more text of the trace; all of them before the first is rendered."""
        self._known.update(abs(_value(text[start:end])) for start, end in _amounts(text))
        self._years.update(int(year) for match in _DATE.finditer(text) if (year := _part(match, "y")) is not None)

    @property
    def _year(self) -> int | None:
        return self._years.most_common(1)[0][0] if self._years else None

    def render(self, text: str) -> str:
        """`text` with its amounts scaled and its dates moved. JSON stays JSON."""
        dates = [(*match.span(), moved) for match in _DATE.finditer(text) if (moved := self._moved(match)) is not None]
        taken = [(start, end) for start, end, _ in dates]
        amounts = {*_amounts(text), *self._again(text)}
        edits = [*dates]
        for start, end in amounts:
            if not any(first < end and start < last for first, last in taken):
                edits.append(
                    (start, end, _scaled(text[start:end], self.factor, priced=text[:start][-2:].strip()[-1:] in _SIGNS))
                )
        made, position = [], 0
        for start, end, new in sorted(edits):
            if start >= position:
                made += [text[position:start], new]
                position = end
        return "".join((*made, text[position:]))

    def _again(self, text: str) -> Iterator[Span]:
        """Where an amount of the trace stands without anything that says so: in a sum that is worked out, in a sentence."""
        if not self._known:
            return
        worked_out = [match.span() for match in EXPRESSION.finditer(text) if is_expression(match.group())]
        for match in NUMBER.finditer(text):
            value = _value(match.group())
            sure = value >= _LEAST_KNOWN or value != value.to_integral_value()
            if value in self._known and (
                (
                    sure
                    and _ENDS.match(text, match.end()) is not None
                    and _NUMBERED.search(text[max(0, match.start() - 24) : match.start()]) is None
                )
                or any(start <= match.start() and match.end() <= end for start, end in worked_out)
            ):
                yield match.span()

    def _moved(self, match: re.Match[str]) -> str | None:
        year, month, day = (_part(match, name) for name in "ymd")
        if match["a2"] is not None:
            first, second = int(match["a2"]), int(match["b2"])
            swapped = (self._month_first and match["s2"] == "/" and first <= 12) or second > 12
            month, day = (str(first), str(second)) if swapped else (str(second), str(first))
        else:
            swapped = False
        named = match["m3"] or match["m4"]
        if named:
            month = str(_BY_NAME[named.lower()])
        if (named and year is None and self._year is None) or month is None or day is None:
            return None
        try:
            date = dt.date(int(year or self._year or 0), int(month), int(day)) + self.shift
        except (ValueError, OverflowError):
            return None  # no date: a version, a fraction
        return _written(match, date, swapped, year is not None, self._language)


def _written(match: re.Match[str], date: dt.date, month_first: bool, with_year: bool, language: str) -> str:
    """A date as the other one is written."""
    if match["iso"] is not None:
        return match["s1"].join((f"{date.year}", *_padded((match["m1"], match["d1"]), (date.month, date.day))))
    if match["a2"] is not None:
        first, second = (date.month, date.day) if month_first else (date.day, date.month)
        return match["s2"].join((*_padded((match["a2"], match["b2"]), (first, second)), f"{date.year}"))
    if match["m3"] is not None:
        day = f"{_like(match['d3'], date.day)}{_ordinal(date.day) if match['o3'] else ''}"
        tail = f"{match['g3']}{date.year}" if with_year else ""
        return f"{_month(match['m3'], date, language)}{match['p3']}{day}{tail}"
    if match["m4"] is not None:
        between = re.sub("^(?:st|nd|rd|th)", _ordinal(date.day), match["p4"])
        tail = f"{match['g4']}{date.year}" if with_year else ""
        return f"{_like(match['d4'], date.day)}{between}{_month(match['m4'], date, language)}{tail}"
    head = f"{date.year}{match['g5']}" if with_year else ""
    width = 2 if "0" in (match["m5"][0], match["d5"][0]) else 1
    return f"{head}{date.month:0{width}d}{match['h5']}{date.day:0{width}d}"


def _padded(before: tuple[str, str], numbers: tuple[int, int]) -> tuple[str, str]:
    """Two numbers with the zeros that the two before them have, or would have had."""
    width = 2 if all(len(one) == 2 for one in before) else 1
    return f"{numbers[0]:0{width}d}", f"{numbers[1]:0{width}d}"


def _part(match: re.Match[str], which: str) -> str | None:
    """The year, month or day of a date, in whichever form it is."""
    return next(
        (match[name] for name in (f"{which}{n}" for n in range(1, 6)) if name in match.re.groupindex and match[name]),
        None,
    )


def _like(before: str, number: int) -> str:
    return f"{number:02d}" if before.startswith("0") else str(number)


def _month(before: str, date: dt.date, language: str) -> str:
    """A month's name in the language that the one before it is in: the trace's, where it has that name."""
    low = before.lower()
    its = [one for one in (language, *_MONTHS) if one in _MONTHS and low in (name.lower() for name in _MONTHS[one])]
    short = "en3" in its and low != "may"
    name = _MONTHS["en3" if short else its[0]][date.month - 1]
    return name.upper() if before.isupper() else name.lower() if before.islower() else name.capitalize()


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _amounts(text: str) -> Iterator[Span]:
    """Where amounts of money stand: by their key in JSON, by a currency beside them."""
    if text[:1] in "{[":
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            yield from in_json(text)
    for match in AMOUNT.finditer(text):
        yield match.span("before") if match["before"] else match.span("behind")


def _value(written: str) -> Decimal:
    """What a number means, whichever sign parts its thousands.

    >>> _value("1,234.50"), _value("1.234,50"), _value("1 234,5"), _value("12,000"), _value("0,5")
    (Decimal('1234.50'), Decimal('1234.50'), Decimal('1234.5'), Decimal('12000'), Decimal('0.5'))
    """
    return Decimal(_plain(written)[0])


def _plain(written: str) -> tuple[str, str, str]:
    """A number with a point for its decimals; the sign of its thousands, and of its decimals."""
    for thousands, point in ((",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ","), ("'", ".")):
        grouped = re.fullmatch(
            rf"(-?[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+)(?:{re.escape(point)}([0-9]+))?", written
        )
        if grouped is not None and not (thousands == "." and grouped.group(2) is None and written.count(".") == 1):
            whole = grouped.group(1).replace(thousands, "")
            return (f"{whole}.{grouped.group(2)}" if grouped.group(2) else whole), thousands, point
    return written.replace(",", "."), "", "," if "," in written else "."


def _scaled(written: str, factor: Decimal, *, priced: bool = False) -> str:
    """A number times `factor`, exactly, in the same writing; decimals are added where they are needed, two behind a sign ($).

    >>> _scaled("1,200", Decimal("0.93")), _scaled("12,50", Decimal("1.1")), _scaled("152", Decimal("0.93"))
    ('1,116', '13,75', '141.36')
    """
    plain, thousands, point = _plain(written)
    before = len(plain.partition(".")[2])
    whole, _, decimals = f"{Decimal(plain) * factor:f}".partition(".")
    decimals = decimals.rstrip("0")
    if decimals or before:
        decimals = decimals.ljust(max(before, 2 if priced else 0), "0")
    if thousands:
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        whole = sign + f"{int(digits):,}".replace(",", thousands)
    return f"{whole}{point}{decimals}" if decimals else whole
