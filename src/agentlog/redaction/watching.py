"""Patterns that one scan rules out together: most texts match none of the many that are looked for.

A pattern made with `watched` is used like any other. Where the extra `[fast]` is installed, a text is looked at once by all
of them (`fast`), and one that cannot match is not tried: what is asked there is never more than what is necessary for a
match, so that the outcome is the same with and without, by construction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

_NOBODY: Final = object()


class Watched:
    """A compiled pattern, and whether it can match in the text that was looked at last."""

    __slots__ = (
        "finditer",
        "flags",
        "fullmatch",
        "groups",
        "match",
        "pattern",
        "plain",
        "possible",
        "search",
    )

    def __init__(self, plain: re.Pattern[str]) -> None:
        self.plain = plain
        self.pattern = plain.pattern
        self.flags = plain.flags
        self.groups = plain.groups
        self.match = plain.match
        self.fullmatch = plain.fullmatch
        self.finditer: Callable[..., Iterator[re.Match[str]]] = plain.finditer
        self.search: Callable[..., re.Match[str] | None] = plain.search
        self.possible: Callable[[str], bool] = _always
        """Whether it may match in a text at all. True as long as nobody has looked."""

    def watch(self, number: int) -> None:
        """From now on it is asked first whether pattern `number` can match."""
        finditer, search = self.plain.finditer, self.plain.search

        def finditer_if(text: str, start: int = 0, *end: int) -> Iterator[re.Match[str]]:
            seen, numbers = _last
            if (
                seen is text and number not in numbers and not end
            ):  # where it is to end, a text may match that otherwise does not
                return iter(())
            return finditer(text, start, *end)

        def search_if(text: str, start: int = 0, *end: int) -> re.Match[str] | None:
            seen, numbers = _last
            return None if seen is text and number not in numbers and not end else search(text, start, *end)

        def possible(text: str) -> bool:
            seen, numbers = _last
            return seen is not text or number in numbers

        self.finditer, self.search, self.possible = finditer_if, search_if, possible

    def unwatch(self) -> None:
        """As if `[fast]` were not installed."""
        self.finditer, self.search, self.possible = self.plain.finditer, self.plain.search, _always


def _always(text: str) -> bool:
    return True


_all: list[Watched] = []
_last: tuple[object, frozenset[int] | set[int]] = (_NOBODY, frozenset())
"""A text, and which patterns may match in it. Always replaced as a whole: threads may only lose each other's."""
_scan: Callable[[str], set[int] | None] | None = None


def watched(pattern: str | re.Pattern[str], flags: int = 0) -> Watched:
    """A pattern that is asked whether it can match before it is tried."""
    made = Watched(re.compile(pattern, flags))
    _all.append(made)
    return made


def look(text: str) -> None:
    """Has all patterns look at `text`, so that those which cannot match in it are not tried on it next."""
    global _last
    if _scan is not None:
        numbers = _scan(text)
        _last = (_NOBODY, frozenset()) if numbers is None else (text, numbers)


def every() -> list[Watched]:
    """All watched patterns of the modules that have been imported."""
    return list(_all)


def watches() -> bool:
    """Whether texts are looked at."""
    return _scan is not None


def begin(scan: Callable[[str], set[int] | None], numbers: list[tuple[Watched, int]]) -> None:
    """Watch with `scan`, which gives the numbers of patterns that may match in a text, or None where it cannot tell."""
    global _scan
    _scan = scan
    for pattern, number in numbers:
        pattern.watch(number)


def end() -> None:
    """Watch no more."""
    global _scan, _last
    _scan, _last = None, (_NOBODY, frozenset())
    for pattern in _all:
        pattern.unwatch()


# ── what is necessary for a match ─────────────────────────────────────────────────────────────────────────────────

_MOST: Final = 4
"""Repetitions that are counted: a higher upper bound makes a scanner large and tells little."""
_LEAST: Final = 16
_REPEATED: Final = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}")
_CODED: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2}))")
_OUTSIDE: Final = r"\xff"
"""A byte that stands in no ASCII text."""


def necessary(pattern: str) -> str | None:
    r"""An expression in PCRE's syntax, for bytes, that matches wherever `pattern` matches in a text of ASCII characters.

    None: it cannot be said. Assertions are left to the scanner, which drops them.

    >>> print(necessary(r"[a-z\u00e9]{16,512}\s="))
    [a-z\xff]{16,}[\s\x1c-\x1f]=
    """
    if "{," in pattern:
        return None  # "up to" for Python, plain characters for PCRE
    made: list[str] = []
    at, within, negated = 0, False, False
    while at < len(pattern):
        character = pattern[at]
        if coded := _CODED.match(pattern, at):
            code = int(coded.group(1) or coded.group(2) or coded.group(3), 16)
            made.append(rf"\x{code:02x}" if code < 128 else _OUTSIDE)
            at = coded.end()
        elif character == "\\":
            escaped = pattern[at : at + 2]
            if escaped == r"\s":
                made.append(r"\s\x1c-\x1f" if within else r"[\s\x1c-\x1f]")
            elif escaped == r"\S" and negated:
                return None
            else:
                made.append(escaped if escaped.isascii() else _OUTSIDE)
            at += 2
        elif within:
            within = character != "]"
            negated = negated and within
            made.append(r"\[" if character == "[" else character if character.isascii() else _OUTSIDE)
            at += 1
        elif character == "[":
            end = at + (2 if pattern[at + 1] == "^" else 1)
            negated = end == at + 2
            made.append(pattern[at:end])
            if pattern[end] == "]":
                made.append(r"\]")
                end += 1
            within, at = True, end
        elif repeated := _REPEATED.match(pattern, at):
            least, comma, most = int(repeated.group(1)), repeated.group(2), repeated.group(3)
            if (least if not comma else int(most or 0)) > _MOST:
                made.append(f"{{{min(least, _LEAST)},}}")
            else:
                made.append(f"{{{least}{comma}{most}}}")
            at = repeated.end()
        else:
            made.append(character if character.isascii() else _OUTSIDE)
            at += 1
    return "".join(made)
