"""Numbers, money, shares and times as people read them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from agentlog.reporting.measured import Unmeasured

NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
DASH: Final = "\N{EN DASH}"
NOT_MEASURABLE: Final = "not measurable"


def count(value: float) -> str:
    """1234 → 1,234."""
    return f"{round(value):,}"


def short(value: float) -> str:
    """1234567 → 1.23M: for places without room."""
    for size, letter in ((1e9, "G"), (1e6, "M")):
        if abs(value) >= 0.9995 * size:  # what would be rounded up to it
            return f"{value / size:.3g}{letter}" if abs(value) < 999 * size else f"{value / size:,.0f}{letter}"
    return f"{value / 1e3:.3g}k" if abs(value) >= 1e4 else count(value)


def money(value: float) -> str:
    """Dollars with the digits that say something: 1234.5 → $1,235, 0.0163 → $0.016, 0.00007 → $0.000070."""
    if value == 0:
        return "$0"
    sign, size = ("-" if value < 0 else ""), abs(value)
    if size >= 1000:
        return f"{sign}${size:,.0f}"
    if size >= 1:
        return f"{sign}${size:,.2f}"
    if size < 1e-6:
        return f"{sign}$<0.000001"
    digits = 1 - math.floor(math.log10(size))
    return f"{sign}${size:.{digits}f}"


def percent(value: float, digits: int = 1) -> str:
    """0.9765 → 97.7 %. What is not quite everything is not rounded to it, nor what is not nothing to that."""
    scaled = 100 * value
    written = f"{scaled:.{digits}f}"
    if scaled < 100 and float(written) >= 100:
        written = f">{100 - 10**-digits:.{digits}f}"
    elif scaled > 0 and float(written) == 0:
        written = f"<{10**-digits:.{digits}f}"
    elif float(written) in (0.0, 100.0):
        written = f"{scaled:.0f}"
    return f"{written}{NARROW}%"


def span(value: timedelta) -> str:
    """How long, in the largest unit that says it: "3.2 days", "32 seconds"."""
    seconds = value.total_seconds()
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= 2 * size or unit == "second":
            amount = seconds / size
            said = f"{amount:.0f}" if amount >= 10 or unit == "second" else f"{amount:.1f}".removesuffix(".0")
            return f"{said} {unit}" + ("" if said == "1" else "s")
    raise AssertionError("the last unit always returns")


def minute(value: datetime) -> str:
    """A time to the minute."""
    return f"{value:%Y-%m-%d %H:%M}"


def plural(number: float, one: str, many: str = "") -> str:
    """1 → "1 call", 2 → "2 calls"."""
    return f"{count(number)} {one if round(number) == 1 else many or one + 's'}"


def share(value: float | Unmeasured | None) -> str:
    """A share, or that it is not measurable."""
    return percent(value) if isinstance(value, int | float) else NOT_MEASURABLE


def between(begin: datetime, end: datetime) -> str:
    """A span of time; seconds where minutes say too little, the date once where it is the same."""
    close = (end - begin).total_seconds() < 600
    last = f"{end:%H:%M:%S}" if close else f"{end:%H:%M}"
    if end.date() != begin.date():
        last = f"{end:%Y-%m-%d} {last}"
    return f"{begin:%Y-%m-%d} {begin:%H:%M:%S} to {last} UTC" if close else f"{minute(begin)} to {last} UTC"


def seconds(value: float) -> str:
    """0.0195 → 20 ms, 3.21 → 3.2 s."""
    if value < 0.001:
        return f"{1e6 * value:.0f} µs"
    if value < 1:
        return f"{1e3 * value:.2g} ms" if value < 0.01 else f"{1e3 * value:.0f} ms"
    return f"{value:.1f} s" if value < 100 else f"{value:,.0f} s"
