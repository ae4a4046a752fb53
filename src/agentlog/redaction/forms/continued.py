"""Secrets that go on over lines which hold more than them: a log's, a mail's, code's, an escaped text's.

A line ends with a token that has begun, and the next one goes on with it, behind what every line of that text begins with
(a time and a level, `> `, `web_1 |`, blanks). What stands between the pieces stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.forms.credential_forms import BEFORE, BEGUN_WITH, BEGUN_WITHIN
from agentlog.redaction.watching import watched
from agentlog.redaction.words.spans import Span
from agentlog.redaction.words.text import longest, occurrences

_NEXT: Final = re.compile(r"[\"'`+\\]{0,3}[ \t]{0,8}(?:\\{1,4}r|\r)?(?:\\{1,4}n|\n)")
"""The end of a line, also an escaped one."""
_PIECE: Final = re.compile(r"[\w.+/=~:-]{2,8192}+", re.ASCII)
_INDENT: Final = re.compile(r"[ \t>#|*+\"'`]{0,40}")
KEY_BEGINS: Final = r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
KEY_ENDS: Final = KEY_BEGINS.replace("BEGIN", "END")
_BEGIN: Final = re.compile(KEY_BEGINS)
_OF_KEY: Final = re.compile(KEY_ENDS + r"|[A-Za-z0-9+/=]{4,512}+(?=[ \t\"',]{0,4}\r?(?:\n|\Z))")
_CALLED: Final = watched(
    BEFORE + r"(?:secret|private|access|api|auth|encryption|signing|master|shared|service|account)[ _-]{0,2}(?:key|token|secret)s?"
    r"(?:[ \t]{1,2}(?:is|was|below|value|follows)){0,2}[ \t]{0,2}[:=]?[ \t]{0,4}\r?\n(?=[ \t>|]{0,40}[A-Za-z0-9+/_-]{24})",
    re.ASCII | re.IGNORECASE,
)  # fmt: skip
_ASSIGNED: Final = watched(
    r"(?<!public[ _-])(?:key|secret|token|password|credential)s?[\"']?[ \t]{0,2}[:=][ \t]{0,2}[\"']?"
    r"(?=[A-Za-z0-9+/_-]{40,512}\r?\n[ \t>|]{0,40}[A-Za-z0-9+/_-]{16})",
    re.ASCII | re.IGNORECASE,
)
_ABOUT: Final = frozenset("key keys secret secrets token tokens password passwords credential credentials".split())
_LEAST: Final = 12
"""A line of base64 has a stretch of so many letters and digits."""
_LINE_OF_CODE: Final = re.compile(
    r"[ \t>|]{0,40}((?=[^\n]{0,80}[0-9])(?=[^\n]{0,80}[A-Z])[A-Za-z0-9+/_-]{4,512}+={0,3})[ \t]{0,8}(?:\r?\n|\Z)"
)
_WORD: Final = r"(?>[A-Z]?[a-z]++|[A-Z]++)"
_WORDLIKE: Final = re.compile(
    rf"{_WORD}(?:[-_./:]++{_WORD})*+[.:/-]*|[0-9]{{1,4}}(?:[-/.:][0-9]{{1,4}})*+(?:[T.Z+][0-9:.TZ+]*+)?", re.ASCII
)
"""A word, or several; a date, a time, a number of a version."""
_DIGITS: Final = str.maketrans("123456789", "000000000")
_LONGEST_START: Final = 120
_LONGEST_LINE: Final = 2_000
_LINES: Final = 400


def continued(text: str, low: str, tokens: frozenset[str]) -> Iterator[list[Span]]:
    """Where the pieces of tokens stand that go on over lines, in order.

    `low` is `text` in lower case, character for character, `tokens` its words.
    """
    needles = {needle for word in tokens & BEGUN_WITH.keys() for needle in BEGUN_WITH[word]}
    needles.update(start for start in BEGUN_WITHIN if start in low)
    past = 0
    for at in sorted(at for needle in needles for at in occurrences(low, needle)):
        if at < past:
            continue
        pieces = _pieces(text, at)
        past = max(at + 1, pieces[-1][1])
        if len(pieces) > 1:
            yield pieces


def blocks(text: str, tokens: frozenset[str]) -> Iterator[list[Span]]:
    """Keys of many lines: a PEM block in a log, and what stands below the words "the secret key is", or behind `SECRET_KEY=`."""
    if "-----BEGIN" in text:
        for match in _BEGIN.finditer(text):
            pieces = [match.span()]
            while len(pieces) < _LINES and (found := _below(text, pieces[-1][1], _OF_KEY)) is not None:
                pieces.append(found.span())
            if len(pieces) > 2:
                yield pieces
    if tokens.isdisjoint(_ABOUT) or longest(tokens) < _LEAST:
        return
    for match in (*_CALLED.finditer(text), *_ASSIGNED.finditer(text)):
        pieces, at = [], match.end()
        while len(pieces) < _LINES and (found := _LINE_OF_CODE.match(text, at)) is not None:
            pieces.append(found.span(1))
            at = found.end()
        if pieces:
            yield pieces


def _pieces(text: str, at: int) -> list[Span]:
    """The stretch of a token that begins at `at`, and those that go on with it on the next lines."""
    first = _PIECE.match(text, at)
    pieces = [first.span() if first is not None else (at, at + 1)]
    while len(pieces) < _LINES:
        start, end = pieces[-1]
        found = _below(text, end, _PIECE)
        if found is None or not going_on(found.group()):
            break
        if text[end - 1] == "=":  # a mail program broke the line
            pieces[-1] = start, end - 1
        pieces.append(found.span())
    return pieces


def _below(text: str, end: int, what: re.Pattern[str]) -> re.Match[str] | None:
    """What goes on in the line below, where the line ends at `end`: behind its indent, or what both lines begin with."""
    line_end = _NEXT.match(text, end)
    if line_end is None:
        return None
    begin = line_end.end()
    found = what.match(text, _INDENT.match(text, begin).end())  # type: ignore[union-attr]  # it matches nothing at least
    alike = _alike(text, begin)
    return what.match(text, begin + alike) if alike else found


def _alike(text: str, begin: int) -> int:
    """How long the beginning is that this line has in common with the one above, digits aside; 0 where it has none of its own."""
    above = text.rfind("\n", max(0, begin - _LONGEST_LINE), max(begin - 1, 0)) + 1
    if above == 0 and begin > _LONGEST_LINE:
        return 0
    one, other = (text[at : at + _LONGEST_START].translate(_DIGITS) for at in (above, begin))
    length = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    while length and other[length - 1] not in " \t|>:]":
        length -= 1
    return length if other[:length].strip() else 0


def going_on(piece: str) -> bool:
    """Whether a stretch goes on with a token and does not begin the next sentence: no word, no date, no `KEY=value`."""
    return _WORDLIKE.fullmatch(piece) is None and piece.rstrip("=").find("=") < 1
