"""Secrets by the form that their issuers gave them, and by where they stand: headers, URLs, PEM blocks.

A pattern is only tried where one of its words occurs, so that ordinary text costs a few substring searches.
What stands under a key like `password` or `api_key` is not found here but by the key.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.credential_forms import BEFORE, BY_NEEDLE, BY_WORD, OPEN, WORDS, Form
from agentlog.redaction.entities import SECRET, Finding
from agentlog.redaction.values import empty, reference

_BASIC: Final = re.compile(BEFORE + r"[Bb]asic[ \t]{1,2}([A-Za-z0-9+/]{8,512}={0,2})", re.ASCII)
_BETWEEN: Final = r"(?:\\{1,4}[nrt]|[\s\\\"'`>#|*,;]|-(?!---))"
"""What stands between the lines of a key in a file, in JSON, in a comment, in a quoted mail, in source code, in a diff."""
_KEY_LINE: Final = r"(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):[^\r\n\\\"']{0,120}|[A-Za-z0-9+/=]{16,}+)"
_PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    rf"(?:(?:{_BETWEEN}{{0,60}}+{_KEY_LINE}){{1,4000}}+"
    rf"(?:{_BETWEEN}{{1,60}}+[A-Za-z0-9+/]{{0,15}}+={{0,3}}(?=[ \t]*(?:[\r\n\"'`]|\\|-----|\Z)))?"
    rf"(?:{_BETWEEN}{{0,60}}+=[A-Za-z0-9+/]{{4}})?"
    rf"|{_BETWEEN}{{1,60}}+[A-Za-z0-9+/]{{4,15}}(?=[ \t]*(?:\Z|\.\.|\u2026|[\"'\[])))"
    rf"(?:{_BETWEEN}{{0,60}}+-----END [A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)?-----)?"
)
_END: Final = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_LINE_BEFORE: Final = re.compile(r"(?:\A|[\r\n]|\\[nr])[ \t>#|*\"'`]{0,20}([A-Za-z0-9+/]{1,200}={0,3})[\"'`,+ \t\\]{0,6}\Z")
_LONGEST_LINE: Final = 240
_CONTINUED: Final = re.compile(
    r"(?:[ \t]*[\"'`]?[ \t]*[\\+]?[ \t]*\r?\n[ \t>#|]{0,40}\+?[ \t]?[\"'`]?|[\"'] ?\+? ?[\"'])([\w.+/=~-]{4,4096})(?=[\"'`,;)]{0,3}[ \t]*[\\+]?[ \t]*(?:[\r\n]|\Z)|[\"'])",
    re.ASCII,
)
"""A line that holds nothing but the rest of what the line before began."""
_WORDLIKE: Final = re.compile(r"[A-Z]?[a-z]+(?:[-_./][A-Z]?[a-z]*[0-9]{0,4})*|[A-Z_.-]+|[0-9.,:/-]+|(?:[a-z]+[-._])+[0-9a-z.-]{1,10}", re.ASCII)


def find_credentials(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Secrets in `text`, in order; `low` is the same text in lower case, character for character, `tokens` its words.

    Two that overlap are one: a token within a cookie is part of the cookie.
    """
    start = end = 0
    for first, last in sorted(_spans(text, low, tokens)):
        if first >= end:
            if end:
                yield Finding(start, end, SECRET)
            start, end = first, last
        else:
            end = max(end, last)
    if end:
        yield Finding(start, end, SECRET)


def _spans(text: str, low: str, tokens: frozenset[str]) -> Iterator[tuple[int, int]]:
    known = tokens & WORDS
    for form in _worth_trying(low, tokens, known):
        group = 1 if form.pattern.groups else 0
        for match in form.pattern.finditer(text):
            start, end = match.span(group)
            if not placeholder(text[start:end]):
                yield start, _continued(text, end)
    if known and "\n" in text:
        for match in OPEN.finditer(text):
            end = _continued(text, match.end())
            if end - match.start() >= 20 and end > match.end():
                yield match.start(), end
    if "basic" in tokens:
        for match in _BASIC.finditer(text):
            if _credentials_in(match.group(1)):
                yield match.span(1)
    if "private" in tokens and "-----" in text:
        yield from _private_keys(text)


def _worth_trying(low: str, tokens: frozenset[str], known: frozenset[str]) -> Iterator[Form]:
    """The forms of which a word or a needle occurs, each once."""
    tried = set()
    longest = max(map(len, tokens), default=0)
    for word in known:
        for form in BY_WORD[word]:
            if form.pattern not in tried:
                tried.add(form.pattern)
                yield form
    for needle, form in BY_NEEDLE:
        if form.longest <= longest and needle in low and form.pattern not in tried:
            tried.add(form.pattern)
            yield form


def _continued(text: str, end: int) -> int:
    """Where a token that ends with its line really ends: lines that hold nothing but more of the same belong to it."""
    while match := _CONTINUED.match(text, end):
        rest = match.group(1)
        if len(rest) < 6 or _WORDLIKE.fullmatch(rest) or "=" in rest.rstrip("=") or "://" in rest:
            break
        end = match.end(1)
    return end


def _private_keys(text: str) -> Iterator[tuple[int, int]]:
    """PEM blocks, also cut at either end; the words "BEGIN PRIVATE KEY" alone are none."""
    begun = []
    for match in _PRIVATE_KEY.finditer(text):
        begun.append(match.span())
        yield match.span()
    known = 0
    for match in _END.finditer(text):
        if not any(start <= match.start() < end for start, end in begun[-1:] if end >= match.end()) and not _covered(begun, match.start()):
            start = _lines_before(text, match.start(), known)
            if start < match.start():
                yield start, match.end()
        known = match.end()


def _covered(spans: list[tuple[int, int]], at: int) -> bool:
    from bisect import bisect_right

    index = bisect_right(spans, (at, at)) - 1
    return index >= 0 and at < spans[index][1]


def _lines_before(text: str, at: int, least: int) -> int:
    """Where the lines of a key begin that end at `at`, not before `least`."""
    start = at
    while start > least:
        window = text[max(least, start - _LONGEST_LINE) : start].rstrip(" \t\r\n\"'`>#|*+,")
        window = re.sub(r"\\[nr]\Z", "", window)
        break
    return start


def placeholder(value: str) -> bool:
    """Code or words that name a secret instead of holding one: `${TOKEN}`, `os.environ[…]`, `<your-key>`, `xxxx`, `password`."""
    return empty(value) or reference(value) or len(set(value[-12:])) == 1 or "..." in value


def _credentials_in(value: str) -> bool:
    """Whether base64 holds `user:password`: "Basic" is an ordinary word too."""
    try:
        return b":" in base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
