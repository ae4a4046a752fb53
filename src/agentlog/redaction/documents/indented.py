"""Lines of keys and values: YAML, INI, TOML, properties, environment files, headers, lists of fields in a message.

What is indented below a key lies under it. A block scalar is one value. Of a Kubernetes Secret all that lies under `data`
is secret. A single line with a colon may be prose, and is left to the cues; two lines in a row are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from agentlog.redaction.documents import bracketed
from agentlog.redaction.documents.fields import one_word, unquoted, worth_reading
from agentlog.redaction.documents.page import Page
from agentlog.redaction.limits import DEEPEST
from agentlog.redaction.words.spans import Span

_SEPARATOR: Final = re.compile(r":=|\?=|\+=|=>|=(?!=)|:(?=[ \t*\"'`_]|\Z)|\.{3,}[ .:]*")
_KEY: Final = re.compile(
    r"(?P<indent>[ \t]*+)(?P<dash>(?:(?:[-*+\u2022]|[0-9]{1,3}[.)])[ \t]{1,8}){0,3})"
    r"(?:(?:export|declare -\w{1,3}|typeset -\w{1,3}|readonly|local|set|SET|setx|SETX|ENV|ARG|env) {1,2}\"?(?=[\w.]{1,60}\Z))?"
    r"(?:\$(?:env|Env|ENV):)?"
    r"(?P<mark>[\"'*_`]{0,3})(?P<key>[\w$./+-][\w$./@+-]{0,63}(?:[ :][\w$./@+()'&-]{1,40}){0,4}?)(?P<close>(?P=mark))?[ \t]*"
)
_LOOK: Final = re.compile(
    r"\n[ \t>+|\u2502-]{0,40}(?:[*\u2022] |[0-9]{1,3}[.)] )?[\"'*_`]{0,3}[\w$./+-][\w $./@+:()'&-]{0,150}[\"'*_`]{0,3}[ \t]*(?:[:=?]|\.\.\.)"
)
"""A second line of that kind: a text without it is ruled out in one step."""
_ITEM: Final = re.compile(r"([ \t]*+)((?:-[ \t]{1,8}){1,3})(\S.*)")
_SECTION: Final = re.compile(r"[ \t]*\[{1,2}([\w .:\"'/-]{1,60})\]{1,2}[ \t]*(?:[#;].*)?")
_NEUTRAL: Final = re.compile(r"[ \t]*(?:(?:#|;|//|--(?!-)).*|-{3,}.*|\.\.\.|=+|\*+.*\*+)?")
_DOCUMENT: Final = re.compile(r"-{3}(?: .*)?|\.\.\.|\*{3,}.*")
_BLOCK: Final = re.compile(r"[|>][0-9]?[+-]?[0-9]?[ \t]*(?:#.*)?")
_TAG: Final = re.compile(r"(?:![\w!/.:-]{0,60}|&[\w-]{1,60})[ \t]+")
_COMMENT: Final = re.compile(r"[ \t]+(?:#|//)(?=[ \t]).*|[ \t]+#.*")
_ASSIGNED: Final = re.compile(r"\"?([A-Za-z_][\w.-]{1,60})=(.*?)\"?\Z")
_CODE: Final = re.compile(
    r"(?:def|class|function|func|const|let|var|return|import|from|public|private|if|for|while|try|async|await|type|struct|interface|self\.\w+)\b"
    r"|.*(?:[{(\[;,]|\)|=> ?.*)\Z|.*\w\(.*\).*|.*(?:None|nil|\bnull)\b.*=.*"
)
_EARLY: Final = 200
_LONGEST: Final = 4_000
_LEAST: Final = 2


class _Level:
    """A mapping or a list that is being read, by the column that its keys or dashes stand in."""

    __slots__ = ("column", "dashed", "is_list", "is_secret", "keys", "sealed", "secrets")

    def __init__(self, column: int, is_list: bool, sealed: list[Span] | None) -> None:
        self.column = column
        self.is_list = is_list
        self.dashed = not is_list
        """Every key in it had a dash of its own: it is a list of fields, and one object …"""
        self.keys: set[str] = set()
        """… until one of its keys comes again."""
        self.is_secret = False
        self.secrets: list[Span] = []
        """Values that are secret if this turns out to be a Kubernetes Secret."""
        self.sealed = sealed
        """Where the values in here are gathered for that."""


def read(page: Page) -> None:
    """All runs of such lines."""
    if _LOOK.search(page.text) is None:
        return
    todo = [(0, len(page.lines))]
    while todo:
        _Run(page, todo).read(*todo.pop())


class _Run:
    """Reads the lines of one stretch; stretches that have to be read apart are added to `todo`."""

    def __init__(self, page: Page, todo: list[tuple[int, int]]) -> None:
        self._page = page
        self._todo = todo
        self._levels: list[_Level] = []

    def read(self, first: int, after: int) -> None:
        """Lines `first` up to `after`, run by run."""
        text, lines = self._page.text, self._page.lines
        number = first
        while number < after:
            start, end = lines[number]
            match = _line(text, start, end)
            if match is None and not text.startswith("[", start):
                number += 1
                continue
            begin, matches = number, [match]
            number += 1
            while number < after:
                start, end = lines[number]
                match = _line(text, start, end)
                if match is None and not self._belongs(start, end, matches):
                    break
                matches.append(match)
                number += 1
            keyed = [match for match in matches if match is not None]
            rest = zip(matches, lines[begin:number], strict=True)
            if len(keyed) >= _LEAST and self._says_something(keyed, rest) and not self._is_code(keyed):
                self._lines(begin, matches)

    def _belongs(self, start: int, end: int, above: list[_Keyed | None]) -> bool:
        """Whether a line without a key goes on with those above it: a comment, a member of a list, a section, more of a value."""
        text = self._page.text
        if (
            _NEUTRAL.fullmatch(text, start, end)
            or _ITEM.match(text, start, end)
            or _SECTION.fullmatch(text, start, end)
        ):
            return True
        last = next((match for match in above[:-4:-1] if match is not None), None)
        return last is not None and _indent(text, start, end) > last.column

    def _is_code(self, keyed: list[_Keyed]) -> bool:
        """Whether these are lines of a program: what has quotes there is read elsewhere (`assignments`)."""
        return 3 * sum(_CODE.fullmatch(self._page.text, *one.value) is not None for one in keyed) > len(keyed)

    def _says_something(self, keyed: list[_Keyed], rest: Iterable[tuple[_Keyed | None, Span]]) -> bool:
        """Whether it is worth while to read these lines one by one."""
        rules = self._page.rules
        if rules.strict or any(worth_reading(one.name, rules) for one in keyed):
            return True
        return any(one is None and self._page.text.find("=", *span) >= 0 for one, span in rest)

    def _lines(self, number: int, matches: list[_Keyed | None]) -> None:
        text, lines, first = self._page.text, self._page.lines, number
        after = number + len(matches)
        while number < after:
            start, end = lines[number]
            match = matches[number - first]
            number += 1
            if match is not None:
                number = self._key_line(match, number)
            elif _DOCUMENT.fullmatch(text, start, end):
                self._close_all()
            elif section := _SECTION.fullmatch(text, start, end):
                self._close_all()
                self._enter(-1, False, section.span(1))
            elif item := _ITEM.match(text, start, end):
                self._item(item)
        self._close_all()

    def _key_line(self, line: _Keyed, number: int) -> int:
        """A line with a key; the number of the next line to be read."""
        text = self._page.text
        column, dash, key, name, value = line
        if dash:
            if not self._goes_on(column + len(dash), name):
                self._dashes(column, dash)
            column += len(dash)
        self._mapping(column, name, fresh=bool(dash))
        first = text[value[0]] if value[0] < value[1] else ""
        if first in ("!", "&") and (tag := _TAG.match(text, *value)):
            value = (tag.end(), value[1])
            first = text[value[0]] if value[0] < value[1] else ""
        if first in ("|", ">") and _BLOCK.fullmatch(text, *value):
            return self._block(key, column, number)
        level = self._levels[-1]
        if first in ("", "{", "["):
            self._page.fields.key(*key)
        if not first:
            return number
        if first in ("{", "[") and bracketed.flow(text, value[0], value[1], self._page.fields):
            return number
        inner, quoted = _value(text, *value)
        if name == "kind" and text[slice(*inner)] in ("Secret", "secret"):
            level.is_secret = True
        if level.sealed is not None:
            level.sealed.append(inner)
        self._page.fields.pair(key, inner, quoted, login=one_word(text, *inner))
        return number

    def _block(self, key: Span, column: int, number: int) -> int:
        """A block scalar: one value if its key says something, else lines to be read by themselves."""
        text, lines = self._page.text, self._page.lines
        begin = number
        while number < len(lines):
            start, end = lines[number]
            if text[start:end].strip() and _indent(text, start, end) <= column:
                break
            number += 1
        if number == begin:
            return number
        start, end = lines[begin][0], lines[number - 1][1]
        while start < end and text[start] in " \t\r\n":
            start += 1
        while end > start and text[end - 1] in " \t\r\n":
            end -= 1
        self._page.fields.key(*key)
        level = self._levels[-1]
        if level.sealed is not None:
            level.sealed.append((start, end))
        if self._page.fields.frame.rule is not None:
            self._page.fields.value((start, end), quoted=True)
        elif level.sealed is None:
            self._todo.append((begin, number))
        return number

    def _item(self, item: re.Match[str]) -> None:
        """`- value`: a member of a list."""
        text = self._page.text
        self._dashes(len(item.group(1)), item.group(2))
        inner, quoted = _value(text, *item.span(3))
        assigned = _ASSIGNED.match(text, *item.span(3))
        level = self._levels[-1]
        if assigned is not None:
            self._page.fields.open()
            value, had = unquoted(text, *assigned.span(2))
            self._page.fields.pair(assigned.span(1), value, had, login=True)
            self._page.fields.close()
        elif text[item.start(3)] in "{[" and bracketed.flow(text, *item.span(3), self._page.fields):
            return
        else:
            self._page.fields.value(inner, quoted)
        if level.sealed is not None:
            level.sealed.append(inner)

    # ── what lies under what ──────────────────────────────────────────────────────────────────────────────────────

    def _dashes(self, column: int, dashes: str) -> None:
        for at, mark in enumerate(dashes):
            if mark not in " \t" and (at == 0 or dashes[at - 1] in " \t"):
                self._close_above(column + at)
                top = self._levels[-1] if self._levels else None
                # a list may stand in the column of the key that it lies under
                if top is None or not top.is_list or top.column < column + at:
                    self._enter(column + at, True)

    def _goes_on(self, column: int, key: str) -> bool:
        """Whether a key with a dash belongs to the object before it: `- Name: …` and then `- Phone: …`."""
        top = self._levels[-1] if self._levels else None
        return top is not None and top.column == column and top.dashed and key not in top.keys

    def _mapping(self, column: int, key: str, fresh: bool) -> None:
        """The mapping that `key` in this column belongs to is the innermost one; `fresh`: the key has a dash before it."""
        levels = self._levels
        if fresh and self._goes_on(column, key):
            levels[-1].keys.add(key)
            return
        while levels and (levels[-1].column > column or (levels[-1].is_list and levels[-1].column >= column)):
            self._leave()
        if fresh or not levels or levels[-1].is_list or levels[-1].column < column:
            if fresh and levels and levels[-1].column == column:
                self._leave()
            self._enter(column, False)
        levels[-1].keys.add(key)
        levels[-1].dashed &= fresh

    def _close_above(self, column: int) -> None:
        """Ends what stands further in than a dash at `column`."""
        while self._levels and self._levels[-1].column > column:
            self._leave()

    def _enter(self, column: int, is_list: bool, key: Span | None = None) -> None:
        if len(self._levels) >= DEEPEST // 2:
            self._close_all()
        above = self._levels[-1] if self._levels else None
        sealed = above.sealed if above is not None else None
        last = self._page.fields.frame.key
        name = last if isinstance(last, str) or last is None else last.text
        if above is not None and not above.is_list and name in ("data", "stringData"):
            sealed = above.secrets
        self._page.fields.open("[" if is_list else "{", key)
        self._levels.append(_Level(column, is_list, sealed))

    def _leave(self) -> None:
        level = self._levels.pop()
        if level.is_secret:
            for start, end in level.secrets:
                self._page.fields.secret(start, end)
        self._page.fields.close()

    def _close_all(self) -> None:
        while self._levels:
            self._leave()


class _Keyed(NamedTuple):
    """A line with a key, and where its parts stand."""

    column: int
    dash: str
    key: Span
    name: str
    value: Span


def _line(text: str, start: int, end: int) -> _Keyed | None:
    """A line with a key, if it has one: its separator comes early."""
    if end - start > _LONGEST:
        return None
    separator = _SEPARATOR.search(text, start, min(end, start + _EARLY))
    if separator is None:
        return None
    key = _KEY.fullmatch(text, start, separator.start())
    if key is None:
        return None
    value = separator.end()
    indent, dash, mark, name, close = key.groups()
    if close is None:  # `**Name:** …`
        if not text.startswith(mark, value):
            return None
        value += len(mark)
    while value < end and text[value] in " \t":
        value += 1
    return _Keyed(len(indent), dash, key.span(4), name, (value, end))


def _indent(text: str, start: int, end: int) -> int:
    at = start
    while at < end and text[at] in " \t":
        at += 1
    return at - start


def _value(text: str, start: int, end: int) -> tuple[Span, bool]:
    """A value without quotes, comment and comma, and whether it had quotes."""
    mark = text[start : start + 1]
    if mark in ("'", '"'):
        close = text.find(mark, start + 1, end)
        while close > 0 and (text[close - 1] == "\\" or text.startswith(mark, close + 1)):
            close = text.find(mark, close + (1 if text[close - 1] == "\\" else 2), end)
        if close > 0:
            return (start + 1, close), True
    marked = text.find("#", start, end) >= 0 or text.find("//", start, end) >= 0
    comment = _COMMENT.search(text, start, end) if marked else None
    return unquoted(text, start, comment.start() if comment is not None else end)
