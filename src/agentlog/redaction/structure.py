"""Reads JSON, Python literals and pieces of either, cut at a limit or in the middle of prose, and judges values by their keys.

The text is scanned, not parsed: what is found are offsets into it, so that a value is exchanged where it stands and the
rest of the text stays as it was, byte for byte: spacing, number formats, repeated keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from agentlog.redaction.entities import DOB, EMAIL, FAMILY, GIVEN, MIDDLE, NATIONAL_ID, PERSON, USER_ID, Finding
from agentlog.redaction.keys import SAFE, KeyRules, Rule, about_people, words_of
from agentlog.redaction.limits import DEEPEST, Unredactable
from agentlog.redaction.shapes import generic, half_name, key_shape, number_shape, programs_own, shape
from agentlog.redaction.values import empty, idlike, judged, person_like
from agentlog.redaction.words import ORDINARY

_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*+(?:"([^"\\]*+(?:\\.[^"\\]*+)*+)("?)|'([^'\\]*+(?:\\.[^'\\]*+)*+)('?)|([{\[(])|([}\])])|([:,])|([^\s"'{}\[\]():,]++))""",
    re.DOTALL,
)
_PAIR: Final = re.compile(
    r"""[ \t\r\n]*+"([^"\\]*+)"[ \t\r\n]*+:[ \t\r\n]*+(?:"([^"\\]*+)"|([0-9.eE+-]++|true|false|null))(?=[ \t\r\n]*+[,}])(?:[ \t\r\n]*+,)?+"""
)
"""A whole `"key": value,` without escapes: most of what JSON consists of, taken in one step."""
_DOUBLE, _SINGLE, _OPEN, _CLOSE, _MARK, _BARE = 2, 4, 5, 6, 7, 8
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9][0-9_]*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_START: Final = re.compile(r"[{\[](?=\s{0,40}[\"'{\[])")
_CLOSES: Final = {"{": "}", "[": "]", "(": ")"}
_PART_OF_NAME: Final = {"first": GIVEN, "given": GIVEN, "last": FAMILY, "family": FAMILY, "middle": MIDDLE}
_PASSES_ON: Final = frozenset("value number raw formatted full main primary home work mobile text line code".split())
"""Keys that say nothing themselves: the key above them does."""


@dataclass(slots=True)
class Nested:
    """A string within the structure that has to be unescaped before it can be read."""

    start: int
    end: int


@dataclass(slots=True)
class Island:
    """A stretch of a text that is structured."""

    start: int
    end: int = 0
    complete: bool = False
    keyed: bool = False
    """It holds at least one key: not just a bracket in a sentence."""
    findings: list[Finding] = field(default_factory=list)
    couples: list[tuple[int, int]] = field(default_factory=list)
    """Indices of a given and a family name that stand in one object: one person."""
    numbers: list[tuple[int, int]] = field(default_factory=list)
    """Bare numbers, but for short ones that say nothing: exchanged as a whole and quoted or not at all, or the JSON would break."""
    nested: list[Nested] = field(default_factory=list)


class _Frame:
    """An open bracket, and what is known of its inside."""

    __slots__ = (
        "bracket",
        "container",
        "couple",
        "inherited",
        "key",
        "lone",
        "name_at",
        "named",
        "people",
        "personal",
        "program",
        "rule",
        "state",
        "sure",
    )

    def __init__(self, bracket: str, container: str | None, people: bool, inherited: Rule | None, named: bool) -> None:
        self.bracket = bracket
        self.container = container
        self.people = people
        self.inherited = inherited
        self.named = named
        self.key: str | None = None
        self.rule: Rule | None = None if bracket == "{" else inherited
        self.state = "key" if bracket == "{" else "value"
        self.couple: list[int | None] = [None, None]
        self.name_at: tuple[int, int] | None = None
        self.personal = False
        self.lone: list[tuple[int, int, bool]] = []
        """In strict mode: single words that may be half of a name, as start, end and whether they are escaped."""
        self.sure = False
        """In strict mode: something was found in here."""
        self.program = False
        """In strict mode: what is in here without a telling key is the program's own."""


def islands(text: str, rules: KeyRules) -> list[Island]:
    """The structured stretches of `text`, in order; what lies between them is prose. Linear in the length of `text`."""
    found: list[Island] = []
    first = len(text) - len(text.lstrip())
    if text.startswith(('"', "'"), first):
        whole = _quoted(text, first)
        return [whole] if whole is not None else _search(text, first, rules)
    if text.startswith(("{", "["), first):
        island = _Scan(text, first, rules).run()
        if island.keyed or island.complete:
            found.append(island)
        first = max(island.end, first + 1)
    return found + _search(text, first, rules)


def _search(text: str, position: int, rules: KeyRules) -> list[Island]:
    found = []
    while match := _START.search(text, position):
        island = _Scan(text, match.start(), rules).run()
        if island.keyed:
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


class _Scan:
    """One pass over one island. Its own stack, no recursion: depth costs memory, never the interpreter's stack."""

    def __init__(self, text: str, start: int, rules: KeyRules) -> None:
        self.text = text
        self.rules = rules
        self.island = Island(start)
        self.stack: list[_Frame] = []
        self.frame = _Frame("", None, False, None, False)

    def run(self) -> Island:
        text, match_token, island = self.text, _TOKEN.match, self.island
        position, match_pair = island.start, _PAIR.match
        while True:
            while self.frame.state == "key" and (pair := match_pair(text, position)):
                self._pair(pair)
                position = pair.end()
            match = match_token(text, position)
            if match is None:
                break
            kind = match.lastindex or 0
            if not self._take(match, kind):
                break
            position = match.end()
            if not self.stack:
                island.complete = True
                break
        for frame in reversed(self.stack):
            self._leave(frame)
        island.end = position
        return island

    def _pair(self, pair: re.Match[str]) -> None:
        self._key(*pair.span(1))
        if pair.lastindex == 2:
            self._string(*pair.span(2))
        elif (word := pair.group(3))[0] not in "tfn":
            self._number(*pair.span(3), word)
        if self.text[pair.end() - 1] == ",":
            self.frame.key = self.frame.rule = None
        else:
            self.frame.state = "comma"

    def _take(self, match: re.Match[str], kind: int) -> bool:
        """Takes one token; False when it does not fit here, which ends the island."""
        frame = self.frame
        if kind in (_DOUBLE, _SINGLE):
            start, end = match.span(kind - 1)
            if frame.state == "key":
                self._key(start, end)
                frame.state = "colon"
            elif frame.state == "value":
                self._string(start, end)
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
        elif kind == _OPEN:
            bracket = match.group(kind)
            if self.stack and frame.state != "value" and not (bracket == "(" and frame.state == "comma"):
                return False
            self._enter(bracket)
        else:
            if not self.stack or match.group(kind) != _CLOSES[frame.bracket]:
                return False
            self.stack.pop()
            self._leave(frame)
            if self.stack:
                self.frame = self.stack[-1]
                self.frame.state = "comma"
        return True

    def _bare(self, match: re.Match[str], frame: _Frame) -> bool:
        """A number, true, null, a name of Python's, or a key without quotes."""
        start, end = match.span(_BARE)
        if frame.state == "key":
            self._key(start, end)
            frame.state = "colon"
            return True
        if frame.state != "value":
            return False
        word = self.text[start:end]
        if word in ("b", "u", "r", "f") and self.text[end : end + 1] in ("'", '"'):
            return True
        if _NUMBER.fullmatch(word) is not None:
            self._number(start, end, word)
        frame.state = "comma"
        return True

    def _enter(self, bracket: str) -> None:
        if len(self.stack) >= DEEPEST:
            raise Unredactable("brackets too deep")
        above = self.frame
        key = above.key
        if not self.stack:
            frame = _Frame(bracket, None, False, None, False)
        elif above.bracket == "{" and key is not None:
            is_id = above.container is not None and idlike(key)
            container = above.container if is_id else self.rules.container(key)
            named = words_of(key)[-1:] == ("name",)
            people = about_people(key) or (is_id and above.people)
            if above.rule is SAFE:
                container, named, people = None, False, False
            frame = _Frame(bracket, container, people, above.rule, named)
            frame.program = self.rules.strict and (above.rule is SAFE or self._programs_own(above))
        else:
            frame = _Frame(bracket, above.container, above.people, above.rule, above.named)
            frame.program = above.program
        self.stack.append(frame)
        self.frame = frame

    def _key(self, start: int, end: int) -> None:
        frame, raw = self.frame, self.text[start:end]
        key = unescape(raw) if "\\" in raw else raw
        self.island.keyed = True
        frame.key = key
        frame.rule = self.rules.rule(key)
        if frame.rule is None:
            low = key.lower()
            if frame.named and low in _PART_OF_NAME:
                frame.rule = Rule(PERSON, _PART_OF_NAME[low])
            elif frame.inherited is not None and low in _PASSES_ON:
                frame.rule = frame.inherited
            elif frame.container is not None and idlike(key):
                self._found(start, end, frame.container)
            elif self.rules.strict and not frame.program and (entity := key_shape(key)):
                self._found(start, end, entity)

    def _programs_own(self, frame: _Frame) -> bool:
        """Whether what stands under the key of `frame` is the program's own, or a thing's."""
        words = words_of(frame.key) if frame.key is not None else ()
        return frame.program if generic(words) else programs_own(words)

    def _string(self, start: int, end: int) -> None:
        raw = self.text[start:end]
        escaped = "\\" in raw
        value = unescape(raw) if escaped else raw
        entity, part = self._judge(value, start, end)
        if entity:
            self._found(start, end, entity, part, escaped)
        elif escaped or value.lstrip()[:1] in ("{", "["):
            self.island.nested.append(Nested(start, end))

    def _number(self, start: int, end: int, word: str) -> None:
        frame = self.frame
        entity = None
        if frame.rule is not None:
            entity = judged(frame.rule, word) if frame.rule is not SAFE else None
        elif frame.container is not None and frame.key is not None and words_of(frame.key) == ("id",) and frame.people:
            entity = frame.container
        if entity is None and self.rules.strict and frame.rule is None and not self._programs_own(frame):
            entity = number_shape(word)
        if entity is not None and entity != PERSON:
            self._found(start, end, entity, frame.rule.part if frame.rule is not None else "")
        elif end - start < 4:
            return
        self.island.numbers.append((start, end))

    def _judge(self, value: str, start: int, end: int) -> tuple[str, str]:
        """Entity and part of a string by its key and by what lies around it; "" when they say nothing."""
        frame = self.frame
        if frame.rule is not None:
            entity = judged(frame.rule, value) if frame.rule is not SAFE else ""
            if entity is not None:
                return entity, frame.rule.part if entity == PERSON else ""
        if len(value) > 200 or len(value) < 2 or empty(value):
            return "", ""
        key = frame.key
        if (
            frame.container is not None
            and (key is None or words_of(key) in (("id",), ("ids",), ("key",)))
            and idlike(value)
        ):
            return frame.container, ""
        if key is not None and frame.rule is None:
            if words_of(key) == ("name",):
                frame.name_at = (start, end)
            elif about_people(key):
                if person_like(value):
                    return PERSON, ""
                if idlike(value) and self.rules.container(key) == USER_ID:
                    return USER_ID, ""
        if self.rules.strict and not self._programs_own(frame):
            entity = shape(value) or ""
            if entity == PERSON and half_name(value):
                frame.lone.append((start, end, "\\" in self.text[start:end]))
                return "", ""
            return entity, ""
        return "", ""

    def _found(self, start: int, end: int, entity: str, part: str = "", escaped: bool = False) -> None:
        frame = self.frame
        frame.sure = True
        if part == GIVEN:
            frame.couple[0] = len(self.island.findings)
        elif part == FAMILY:
            frame.couple[1] = len(self.island.findings)
        if part or entity in (EMAIL, DOB, NATIONAL_ID):
            frame.personal = True
        self.island.findings.append(Finding(start, end, entity, part, escaped=escaped))

    def _leave(self, frame: _Frame) -> None:
        given, family = frame.couple
        if given is not None and family is not None:
            self.island.couples.append((given, family))
        # one word with a capital letter may be anything; two in one object, or one beside something personal, are a name
        if frame.lone and (frame.people or (frame.bracket == "{" and (frame.sure or len(frame.lone) > 1))):
            self.island.findings += [Finding(start, end, PERSON, escaped=how) for start, end, how in frame.lone]
        if frame.name_at is not None and (frame.people or frame.personal):
            start, end = frame.name_at
            raw = self.text[start:end]
            escaped = "\\" in raw
            value = unescape(raw) if escaped else raw
            ordinary = all(word.lower() in ORDINARY for word in value.split())
            if not ordinary and judged(Rule(PERSON), value) == PERSON:
                self.island.findings.append(Finding(start, end, PERSON, escaped=escaped))


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


_ESCAPE: Final = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})(?:\\u([Dd][C-Fc-f][0-9A-Fa-f]{2}))?|x([0-9A-Fa-f]{2})|U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})|(.))",
    re.DOTALL,
)
_PLAIN: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def unescape(raw: str) -> str:
    r"""The text that a JSON or Python string stands for. Never fails: an unknown escape is taken for what it escapes.

    >>> unescape(r"M\u00fcller\n"), unescape(r"it\'s")
    ('Müller\n', "it's")
    """

    def one(match: re.Match[str]) -> str:
        high, low, two, eight, other = match.groups()
        if high is not None:
            code = int(high, 16)
            if low is None:
                return chr(code)
            if 0xD800 <= code < 0xDC00:
                return chr(0x10000 + ((code - 0xD800) << 10) + (int(low, 16) - 0xDC00))
            return chr(code) + chr(int(low, 16))
        if two is not None or eight is not None:
            return chr(int(two or eight, 16))
        return _PLAIN.get(other, other)

    return _ESCAPE.sub(one, raw)


def escape(value: str, raw: str, quote: str) -> str:
    """`value` for the place where `raw` stood between `quote`s: pure ASCII where `raw` was."""
    made = json.dumps(value, ensure_ascii=raw.isascii() and "\\u" in raw)[1:-1]
    if not made.isascii() and any("\ud800" <= character <= "\udfff" for character in made):
        made = json.dumps(value)[1:-1]  # half a surrogate pair cannot be written as UTF-8
    return made.replace('\\"', '"').replace("'", "\\'") if quote == "'" else made
