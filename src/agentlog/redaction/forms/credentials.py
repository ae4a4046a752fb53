"""Secrets by the form that their issuers gave them, and by where they stand: headers, URLs, PEM blocks.

A pattern is only tried where one of its words occurs, so that ordinary text costs a few substring searches.
What stands under a key like `password` or `api_key` is not found here but by the key.
"""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate
from typing import Final

from agentlog.redaction.entities import SECRET, Finding
from agentlog.redaction.forms.continued import KEY_BEGINS, KEY_ENDS, blocks, continued
from agentlog.redaction.forms.credential_forms import BEGUN, BY_WORD, WITHIN, WORDS, Form
from agentlog.redaction.keys.values import empty, reference
from agentlog.redaction.watching import watched
from agentlog.redaction.words.text import TURNS, longest, lower, words_in

_BASIC: Final = watched(r"[Bb]asic(?<![A-Za-z0-9].{5})[ \t]{1,2}([A-Za-z0-9+/]{8,512}={0,2})", re.ASCII)
_BETWEEN: Final = r"(?:\\{1,4}[nrt]|[\s\\\"'`>#|*,;]|-(?!---))"
"""What stands between the lines of a key in a file, in JSON, in a comment, in a quoted mail, in source code, in a diff."""
_KEY_LINE: Final = r"(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):[^\r\n\\\"']{0,120}|[A-Za-z0-9+/=]{16,}+)"
_PRIVATE_KEY: Final = re.compile(
    rf"{KEY_BEGINS}(?:(?:{_BETWEEN}{{0,60}}+{_KEY_LINE}){{1,4000}}+"
    rf"(?:{_BETWEEN}{{1,60}}+[A-Za-z0-9+/]{{0,15}}+={{0,3}}(?=[ \t]*(?:[\r\n\"'`]|\\|-----|\Z)))?"
    rf"(?:{_BETWEEN}{{0,60}}+=[A-Za-z0-9+/]{{4}})?"
    rf"|{_BETWEEN}{{1,60}}+[A-Za-z0-9+/]{{4,15}}(?=[ \t]*(?:\Z|\.\.|\u2026|[\r\n\"'\\\[])))"
    rf"(?:{_BETWEEN}{{0,60}}+{KEY_ENDS})?"
)
_END: Final = re.compile(KEY_ENDS)
_LINE_BEFORE: Final = re.compile(
    r"(?:\A|(?<=[\r\n])|(?<=\\n))[ \t>#|*\"'`]{0,20}([A-Za-z0-9+/]{1,200}={0,3})"
    r"(?:[ \t\"'`,+\\]|\\n|\\r){0,8}[\r\n]{0,2}[ \t>#|*\"'`]{0,20}\Z"
)
_LONGEST_LINE: Final = 256
_ALONE: Final = re.compile(
    r"[ \t>#|+]{0,40}[\"'`]?([\w.+/=~:-]{4,4096})[\"'`,;)]{0,3}[ \t]{0,8}[\\+]?[ \t]{0,8}\r?", re.ASCII
)
"""A line that holds one word and nothing else."""
_ALONE_LOOK: Final = watched(rf"\n{_ALONE.pattern}(?:\n|\Z)", re.ASCII)
"""Such a line behind another one: without it nothing goes on over lines."""
_RUN: Final = re.compile(r"[\w.+/=~:-]{4,512}", re.ASCII)
_WORDLIKE: Final = re.compile(
    r"[A-Z]?[a-z]+(?:[-_./][A-Z]?[a-z]*[0-9]{0,4})*|[A-Z_.-]+|[0-9.,:/-]+|(?:[a-z]+[-._])+[0-9a-z.-]{1,10}", re.ASCII
)

_ONE: Final = frozenset("0123456789abcdefghijklmnopqrstuvwyz!$%&+=~ABCDEFGHIJKLMNOPQRSTUVWYZ")
"""Passwords of one character, as in URLs; an `x` stands for another."""
_STRETCH: Final = re.compile("[A-Za-z0-9]+")
_DIGIT: Final = re.compile("[0-9]")
_UPPER: Final = re.compile("[A-Z]")


def find_credentials(
    text: str, low: str, tokens: frozenset[str], forms: Collection[Form] | None = None
) -> Iterator[Finding]:
    """Secrets in `text`, in order; `low` is the same text in lower case, character for character, `tokens` its words.

    `forms`: what `worth_trying` gave for it, where that has been asked.
    Two that overlap are one: a token within a cookie is part of the cookie.
    """
    start = end = 0
    for first, last in sorted(_spans(text, low, tokens, worth_trying(low, tokens) if forms is None else forms)):
        if first >= end:
            if end:
                yield Finding(start, end, SECRET)
            start, end = first, last
        else:
            end = max(end, last)
    if end:
        yield Finding(start, end, SECRET)


def beyond_forms(text: str, tokens: frozenset[str]) -> bool:
    """Whether a secret may be in a text in which no form is worth trying."""
    return "\n" in text or "\\n" in text or "basic" in tokens or "private" in tokens


def _spans(text: str, low: str, tokens: frozenset[str], forms: Iterable[Form]) -> Iterator[tuple[int, int]]:
    for form in forms:
        group = 1 if form.pattern.groups else 0
        for match in form.pattern.finditer(text):
            start, end = match.span(group)
            value = text[start:end]
            if not placeholder(value) and not (form.prefixed and _made_of_words(value)):
                yield start, end
    if "\n" in text and _ALONE_LOOK.search(text) is not None:
        yield from _over_lines(text, _columns(text))
    if "\n" in text or "\\n" in text:
        yield from _over_lines(text, continued(text, low, tokens))
        for pieces in blocks(text, tokens):
            yield from pieces
    if "basic" in tokens:
        for match in _BASIC.finditer(text):
            if _credentials_in(match.group(1)):
                yield match.span(1)
    if "private" in tokens and "-----" in text:
        yield from _private_keys(text)


def worth_trying(low: str, tokens: frozenset[str]) -> Collection[Form]:
    """The forms of which a needle occurs, each once."""
    worth: dict[re.Pattern[str], Form] = {}
    for word in tokens & WORDS:
        for needle, form in BY_WORD[word]:
            if needle in low:
                worth[form.pattern] = form
    most = longest(tokens)
    for least, sign, needles in WITHIN:
        if least > most:
            break
        if sign in low:
            for needle, form in needles:
                if needle in low:
                    worth[form.pattern] = form
    return worth.values()


def _over_lines(text: str, columns: Iterable[list[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    """Secrets that line breaks run through, each whole where only blanks stand between its pieces, else piece by piece."""
    for pieces in columns:
        joined = "".join(text[start:end] for start, end in pieces)
        places = list(accumulate((end - start for start, end in pieces), initial=0))
        below, its_words = lower(joined), words_in(joined)
        for first, last in _spans(joined, below, its_words, worth_trying(below, its_words)):
            opening, closing = bisect_right(places, first) - 1, bisect_right(places, last - 1) - 1
            its = list(pieces[opening : closing + 1])
            its[0] = pieces[opening][0] + first - places[opening], its[0][1]
            its[-1] = its[-1][0], pieces[closing][0] + last - places[closing]
            yield from _without_gaps(text, its)


def _without_gaps(text: str, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces, joined where nothing is said between them."""
    start, end = pieces[0]
    for first, last in pieces[1:]:
        if text[end:first].strip(" \t\r\n\\>|#*+\"'`=,;)") in ("", "n", "rn"):
            end = last
        else:
            yield start, end
            start, end = first, last
    yield start, end


def _columns(text: str) -> Iterator[list[tuple[int, int]]]:
    """Words that go on over lines: where their pieces stand. The first may end a line, the others have lines to themselves."""
    pieces: list[tuple[int, int]] = []
    position, before = 0, ""
    for line in text.split("\n"):
        alone = _ALONE.fullmatch(line)
        if alone is not None and random_like(alone.group(1)):
            if not pieces:
                tail = before[-600:].rstrip(" \t\r\"'`\\+")
                run = _RUN.match(tail[::-1])
                if run is not None and (_DIGIT.search(tail[-run.end() :]) or BEGUN.search(tail)):
                    end = position - 1 - min(len(before), 600) + len(tail)
                    pieces.append((end - run.end(), end))
            start, end = alone.span(1)
            pieces.append((position + start, position + end))
        else:
            if len(pieces) > 1:
                yield pieces
            pieces = []
        position += len(line) + 1
        before = line
    if len(pieces) > 1:
        yield pieces


def random_like(word: str) -> bool:
    """Whether this is a stretch of a token and not a word, a name, a version or a date."""
    if 0 <= word.rstrip("=").find("=") < 24 or _WORDLIKE.fullmatch(word):  # KEY=value, or a name
        return False
    digits, upper = _DIGIT.search(word) is not None, _UPPER.search(word) is not None
    return (digits and (upper or len(word) >= 8)) or (upper and len(word) >= 16)


def _private_keys(text: str) -> Iterator[tuple[int, int]]:
    """PEM blocks, also cut at either end; the words "BEGIN PRIVATE KEY" alone are none."""
    ends = set()
    for match in _PRIVATE_KEY.finditer(text):
        ends.add(match.end())
        yield match.span()
    known = 0
    for match in _END.finditer(text):
        start = match.start() if match.end() in ends else _lines_before(text, match.start(), known)
        if start < match.start():
            yield start, match.end()
        known = match.end()


def _lines_before(text: str, at: int, least: int) -> int:
    """Where the lines of a key begin that end at `at`, not before `least`. Only the last of them may be short."""
    start = at
    while match := _LINE_BEFORE.search(text, max(least, start - _LONGEST_LINE), start):
        if start < at and len(match.group(1)) < 16:
            break
        start = match.start(1)
    return start


def placeholder(value: str) -> bool:
    """Code or words that name a secret instead of holding one: `${TOKEN}`, `os.environ[…]`, `<your-key>`, `xxxx`, `password`."""
    value = value.strip("`\"'")
    if value.startswith("#{"):  # of Ruby
        return True
    return empty(value) or reference(value) or (len(set(value[-12:])) == 1 and value not in _ONE) or "..." in value


def _made_of_words(value: str) -> bool:
    """Whether the longest stretch of a key is words in a row, without digits: `xoxb-MyBotTokenGoesHere`."""
    longest_run = max(_STRETCH.findall(value), key=len, default="")
    if _DIGIT.search(longest_run) is not None:
        return False
    return 7 * len(TURNS.findall(longest_run)) < 2 * len(longest_run)


def _credentials_in(value: str) -> bool:
    """Whether base64 holds `user:password`: "Basic" is an ordinary word too."""
    try:
        return b":" in base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
