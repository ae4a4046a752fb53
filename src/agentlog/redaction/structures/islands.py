"""Reads JSON, Python literals and pieces of either, cut at a limit or in the middle of prose, and judges values by their keys.

The text is scanned, not parsed: what is found are offsets into it, so that a value is exchanged where it stands and the
rest of the text stays as it was, byte for byte: spacing, number formats, repeated keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.limits import Unredactable
from agentlog.redaction.structures.escapes import escape, unescape
from agentlog.redaction.structures.frames import Frame, Island, Nested
from agentlog.redaction.structures.records import Records

__all__ = ("Island", "Leaf", "Nested", "Scan", "escape", "islands", "leaves_in", "string_leaves", "unescape")

_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*+(?:"([^"\\]*+(?:\\.[^"\\]*+)*+)("?)|'([^'\\]*+(?:\\.[^'\\]*+)*+)('?)|([{\[(])|([}\])])|([:,])|([^\s"'{}\[\]():,]++))""",
    re.DOTALL,
)
_PAIR: Final = re.compile(
    r"""[ \t\r\n]*+"([^"\\]*+)"[ \t\r\n]*+:[ \t\r\n]*+(?:(?:"([^"\\]*+)"|([0-9.eE+-]++|true|false|null))[ \t\r\n]*+([,}])|([{\[]))"""
)
"""A whole `"key": value` without escapes with the comma or the bracket behind it, or a key and the bracket that opens: most of JSON."""
_DOUBLE, _SINGLE, _CLOSE, _MARK, _BARE = 2, 4, 6, 7, 8
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9][0-9_]*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_START: Final = re.compile(r"[{\[](?=\s{0,40}[\"'{\[(])")
_ROWS: Final = re.compile(r"\[\s{0,40}[(\[]")
"""Rows without a header in a text: "the result is [(1, 'Mia', 'Li'), …]"."""
_CLOSES: Final = {"{": "}", "[": "]", "(": ")"}


def islands(text: str, rules: KeyRules) -> list[Island]:
    """The structured stretches of `text`, in order; what lies between them is prose. Linear in the length of `text`."""
    found: list[Island] = []
    first = len(text) - len(text.lstrip())
    if text.startswith(('"', "'"), first):
        whole = _quoted(text, first)
        return [whole] if whole is not None else _search(text, first, rules)
    if text.startswith(("{", "["), first):
        island = Scan(text, first, rules).run()
        if island.keyed or island.complete:
            found.append(island)
        first = max(island.end, first + 1)
    return found + _search(text, first, rules)


def _search(text: str, position: int, rules: KeyRules) -> list[Island]:
    found = []
    while match := _START.search(text, position):
        island = Scan(text, match.start(), rules).run()
        if island.keyed or (island.findings and island.complete and _ROWS.match(text, match.start())):
            found.append(island)
        position = max(island.end, match.start() + 1)
    return found


def _quoted(text: str, first: int) -> Island | None:
    """A text that is one JSON string, escapes and all."""
    match = _TOKEN.match(text, first)
    if match is None or match.lastindex not in (_DOUBLE, _SINGLE) or text[match.end() :].strip() or "\\" not in text:
        return None
    start, end = match.span(match.lastindex - 1)
    return Island(first, match.end(), complete=True, nested=[Nested(start, end)])


class Scan(Records):
    """One pass over one island: from tokens to what `Records` is told."""

    def run(self) -> Island:
        """The island that begins where it was told to, up to where it ends or breaks off."""
        text, match_token, island = self.text, _TOKEN.match, self.island
        position, match_pair, key_of = island.start, _PAIR.match, self.rules.key
        while True:
            frame = self.frame
            pair = match_pair(text, position) if frame.state == "key" else None
            if pair is not None:
                name, string, word, mark, bracket = pair.groups()
                position = pair.end()
                key = key_of(name)
                if bracket is not None:
                    self.key(*pair.span(1), key)
                    frame.state = "value"
                    self.enter(bracket)
                    continue
                if not (key.silent and frame.silent):
                    self.key(*pair.span(1), key)
                    if string is not None:
                        self.string(*pair.span(2))
                    elif word[0] not in "tfn":
                        self.number(*pair.span(3), word)
                else:
                    if " " in name or not name.isascii():
                        island.spoken.append(pair.span(1))
                    if string is not None:
                        self.unknown_string(frame, key, *pair.span(2), string)
                    else:
                        self.unknown_number(frame, key, *pair.span(3), word)
                if mark == ",":
                    frame.key = frame.rule = None
                    continue
                self._close(frame)
            else:
                match = match_token(text, position)
                if match is None or not self._take(match, match.lastindex or 0):
                    break
                position = match.end()
            if not self.stack:
                island.complete = True
                break
            frame = self.frame
            if frame.state == "comma" and text.startswith(
                ",", position
            ):  # what most often follows, without a step of its own
                position += 1
                frame.state = "value"
                if frame.bracket == "{":
                    frame.state, frame.key, frame.rule = "key", None, None
        for frame in reversed(self.stack):
            self.leave(frame)
        island.end = position
        return island

    def _close(self, frame: Frame) -> None:
        """The innermost bracket is closed."""
        self.stack.pop()
        self.leave(frame)
        if self.stack:
            self.frame = self.stack[-1]
            self.frame.state = "comma"

    def _take(self, match: re.Match[str], kind: int) -> bool:
        """Takes one token; False when it does not fit here, which ends the island."""
        frame = self.frame
        if kind == _CLOSE:
            if not self.stack or match.group(kind) != _CLOSES[frame.bracket]:
                return False
            self._close(frame)
        elif kind in (_DOUBLE, _SINGLE):
            start, end = match.span(kind - 1)
            if frame.state == "key":
                self.key(start, end)
                frame.state = "colon"
            elif frame.state == "value":
                self.string(start, end)
                frame.state = "comma"
            else:
                return False
        elif kind == _MARK:
            mark = match.group(kind)
            if mark == ":" and frame.state == "colon":
                frame.state = "value"
            elif mark == "," and frame.state in ("comma", "value"):
                frame.state = "key" if frame.bracket == "{" else "value"
                if frame.bracket == "{":
                    frame.key = frame.rule = None
            else:
                return False
        elif kind == _BARE:
            return self._bare(match, frame)
        else:
            bracket = match.group(kind)
            if self.stack and frame.state != "value" and not (bracket == "(" and frame.state == "comma"):
                return False
            self.enter(bracket)
        return True

    def _bare(self, match: re.Match[str], frame: Frame) -> bool:
        """A number, true, null, a name of Python's, or a key without quotes."""
        start, end = match.span(_BARE)
        if frame.state == "key":
            self.key(start, end)
            frame.state = "colon"
            return True
        if frame.state != "value":
            return False
        word = self.text[start:end]
        if word in ("b", "u", "r", "f") and self.text[end : end + 1] in ("'", '"'):
            return True
        if _NUMBER.fullmatch(word) is not None:
            self.number(start, end, word)
        else:
            self.other()
        frame.state = "comma"
        return True


def string_leaves(text: str) -> list[tuple[int, int]] | None:
    """Where the strings of a JSON text stand, but for its keys; None: it is not a JSON object, list or string.

    Raises:
        Unredactable: brackets nested too deeply.
    """
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return None
    try:
        json.loads(text)
    except RecursionError:
        raise Unredactable("brackets too deep") from None
    except ValueError:
        return None
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        if match.lastindex == _DOUBLE:
            spans.append(match.span(1))
        elif match.lastindex == _MARK and match.group(_MARK) == ":":
            spans.pop()
    return spans


class Leaf(NamedTuple):
    """A string or a number of a structure, without its quotes."""

    start: int
    end: int
    key: bool = False
    number: bool = False


def leaves_in(text: str, start: int, end: int) -> Iterator[Leaf]:
    """The strings and numbers of the structured stretch of `text` from `start` to `end`, in order."""
    last: Leaf | None = None
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastindex
        if last is not None:
            yield last._replace(key=kind == _MARK and match.group(_MARK) == ":")
            last = None
        if kind in (_DOUBLE, _SINGLE):
            last = Leaf(*match.span(kind - 1))
        elif kind == _BARE and _NUMBER.fullmatch(match.group(_BARE)) is not None:
            yield Leaf(*match.span(_BARE), number=True)
    if last is not None:
        yield last
