"""Values that are written so that a pattern does not see them: other alphabets, escapes, encodings, marks in between.

A text is read again as a reader or a decoder would read it, and what is found in that reading is exchanged where it
stands in the text. A reading is made only where a cheap look says that there is something to read differently.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

from agentlog.redaction.watching import watched
from agentlog.redaction.words.spans import span_at
from agentlog.redaction.words.text import longest, lower, occurrences, words_in

Edit = tuple[int, int, str]
"""Start and end of a stretch, and what a reader reads there."""

_LIKE: Final = str.maketrans(
    "АВЕКМНОРСТУХІЈЅавекмнорстухіјѕԁɡһӏԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρι",
    "ABEKMHOPCTYXIJSabekmhopctyxijsdghlqwABEZHIKMNOPTYXoavpi",
)
"""Letters that look like Latin ones."""
_INVISIBLE: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
_SPACES: Final = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
_DASHES: Final = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_ODD: Final = re.compile(rf"(?:(?![0-9])\d)|[{_INVISIBLE}{_SPACES}{_DASHES}\uff01-\uff5e\U0001d400-\U0001d7ffͰ-ӿԀ-ԯɡ]")
_ODD_WITHIN: Final = re.compile(
    rf"(?<=[\w@.+-])[{_INVISIBLE}](?=[\w@.+-])|[0-9)][{_SPACES}{_DASHES}]\(?[0-9]|(?![0-9])\d"
    r"|[\uff10-\uff19\uff20-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]|[A-Za-z0-9@][Ͱ-ӿԀ-ԯ]|[Ͱ-ӿԀ-ԯ][A-Za-z0-9@]"
)
"""What says that the characters of a text are to be read as what they look like."""
_INVISIBLES: Final = re.compile(f"[{_INVISIBLE}]")
_DASH: Final = re.compile(f"[{_DASHES}]")
_BLANKS: Final = re.compile(" +")
_SPELT_LOOK: Final = watched(r" \S \S \S \S")
_VALUE_LIKE: Final = re.compile(r"[0-9@]|[A-Za-z0-9+/_-]{16}")
_ENTITY: Final = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|commat|period|lowbar|hyphen|dash|lpar|rpar|plus|sol|colon|nbsp|amp|quot|apos);"
)
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPE: Final = re.compile(r"(?<!\\)\\++(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|[nrt]|(?=[\"'/@]))")
_MARKUP: Final = re.compile(r"\*{1,3}|_{2,3}|~~|`{1,3}")
_BEFORE_MARKUP: Final = r"(?<=[0-9A-Za-z@.+-].)"
_MARKUP_WITHIN: Final = watched(
    rf"(?:\*{_BEFORE_MARKUP}\*{{0,2}}|_{_BEFORE_MARKUP}_|~{_BEFORE_MARKUP}~|`{_BEFORE_MARKUP})[0-9A-Za-z@.+(-]"
)
_SPELT: Final = re.compile(r"(?<!\S)\S(?: {1,3}\S(?!\S)){5,}+")
_MAIL: Final = re.compile(
    r"(?<![\w.])[\w+-]{1,64}(?:(?:\.| ?[(\[{]?\bdot\b[)\]}]? ?)[\w+-]{1,64}){0,6}"
    r"(?:@| ?[(\[{]?\bat\b[)\]}]? ?)"
    r"[\w-]{1,63}(?:(?:\.| ?[(\[{]?\bdot\b[)\]}]? ?)[\w-]{2,63}){1,6}",
    re.IGNORECASE,
)
_AT_OR_DOT: Final = re.compile(r" ?[(\[{]?\b(?:(at)|dot)\b[)\]}]? ?", re.IGNORECASE)
_BROKEN: Final = watched(r"\n[ \t]{0,8}(?=[0-9A-Za-z@._+/=(-])")
_JOINS: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz@._+/=-")
_ITEM: Final = re.compile(r"[ \t]*(?:[0-9]{1,3}[.):]|[-*+])[ \t]|@[\w.-]{1,40}:(?:\s|\Z)")
"""An item of a list, or somebody of a chat who says something, begins: no line goes on there."""
_DATED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2}|[A-Za-z_][\w.-]{0,60}(?:=[^=]|:\Z)")
"""What a line of a log or a file of settings begins with: it goes on with nothing."""
_CODED: Final = 12
_CODED_LETTERS: Final = 18
"""A word of that many characters may be an encoding; one without digits, of that many."""
_AROUND: Final = 72
"""Characters before and behind a broken line that are read together."""
_TOKENS: Final = re.compile("[0-9A-Za-z+/_-]+")
_WHOLE_MAIL: Final = re.compile(r"@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,6}\Z", re.ASCII)
"""An address at the end of a line: what the next line begins with belongs to it no more."""
_LINES: Final = str.maketrans("", "", "\n\r\t")
_BASE64: Final = re.compile(r"(?=[A-Za-z+/_-]*[0-9A-Z])[A-Za-z0-9+/_-]{14,8192}={0,2}(?![A-Za-z0-9+/_=-])")
_HEX: Final = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}){8,4096}(?![0-9A-Za-z])")


class Reading:
    """A text as it is to be read, and where each stretch of it stands in the source.

    Args:
        source: the text.
        edits: what is read differently, in order.
        spans: only these stretches are read, each as a line of its own; everything where None.
    """

    __slots__ = ("_edited", "_edited_to", "_places", "_sources", "text")

    def __init__(self, source: str, edits: list[Edit], spans: list[tuple[int, int]] | None = None) -> None:
        pieces: list[str] = []
        self._places: list[int] = []
        self._sources: list[tuple[int, int]] = []
        self._edited = [start for start, _, _ in edits]
        self._edited_to = [end for _, end, _ in edits]
        length = 0

        def add(text: str, start: int, end: int) -> None:
            nonlocal length
            if text:
                self._places.append(length)
                self._sources.append((start, end))
                pieces.append(text)
                length += len(text)

        index = 0
        for first, last in spans if spans is not None else [(0, len(source))]:
            position = first
            while index < len(edits) and edits[index][0] < last:
                start, end, instead = edits[index]
                add(source[position:start], position, start)
                add(instead, start, end)
                position = end
                index += 1
            add(source[position:last], position, last)
            if spans is not None:
                add("\n", last, last)
        self.text = "".join(pieces)

    def source(self, start: int, end: int, *, beside: bool = False) -> tuple[int, int] | None:
        """Where that stretch of the reading stands in the source; None where it is written there as it is read.

        Args:
            start: of the stretch.
            end: of the stretch.
            beside: what is read otherwise right before or behind it counts too: in `Mia%20Li` there is no word "Li".
        """
        first, last = self._place(start)[0], self._place(end - 1)[1]
        index = bisect_left(self._edited_to, first) if beside else bisect_left(self._edited, first)
        read_otherwise = index < len(self._edited) and self._edited[index] < last + beside
        return (first, last) if read_otherwise else None

    def _place(self, at: int) -> tuple[int, int]:
        index = bisect_right(self._places, at) - 1
        start, end = self._sources[index]
        behind = self._places[index + 1] if index + 1 < len(self._places) else len(self.text)
        if end - start == behind - self._places[index]:  # character for character
            start += at - self._places[index]
            end = start + 1
        return start, end


def readings(text: str, low: str, words: frozenset[str]) -> Iterator[tuple[str, Reading]]:
    """Every other way in which `text` is to be read, by its name in `WAYS`.

    `low` is `text` in lower case, character for character, `words` its words.
    """
    for how, way in _PLAIN:
        reading = way(text, low, words)
        if reading is not None:
            yield how, reading
    if longest(words) < _CODED:
        return
    coded = frozenset([one for one in words if len(one) >= _CODED and _may_be_coded(one)])
    for how in _OF_CODED if coded else ():
        reading = WAYS[how](text, low, coded)
        if reading is not None:
            yield how, reading


def _characters(text: str, low: str, words: frozenset[str]) -> Reading | None:
    """Full-width and mathematical characters, digits of other scripts, look-alikes, invisible characters."""
    if text.isascii() or _ODD_WITHIN.search(text) is None:
        return None
    edits = []
    for match in _ODD.finditer(text):
        character = match.group()
        plain = _plain(character)
        if plain != character:
            edits.append((match.start(), match.end(), plain))
    return Reading(text, edits)


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character.isdigit():
        return str(unicodedata.digit(character))
    if _INVISIBLES.match(character):
        return ""
    if _DASH.match(character):
        return "-"
    return unicodedata.normalize("NFKC", character).translate(_LIKE)


def _entities(text: str, low: str, words: frozenset[str]) -> Reading | None:
    """`&#64;`."""
    if "&" not in text:
        return None
    return _read(text, ((*match.span(), html.unescape(match.group())) for match in _ENTITY.finditer(text)))


def _percent(text: str, low: str, words: frozenset[str]) -> Reading | None:
    """`%40`."""
    if "%" not in text:
        return None
    # a match is nothing but such bytes: `urllib.parse.unquote` does the same, four times slower
    made = ((*match.span(), bytes.fromhex(match.group().replace("%", ""))) for match in _PERCENT.finditer(text))
    return _read(text, ((start, end, raw.decode(errors="replace")) for start, end, raw in made))


def _escapes(text: str, low: str, words: frozenset[str]) -> Reading | None:
    r"""`\u0040`, and quotes behind any number of backslashes."""
    if "\\" not in text:
        return None
    return _read(text, ((*match.span(), _escaped(match)) for match in _ESCAPE.finditer(text)))


def _escaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code:
        return chr(int(code, 16))
    return "" if match.group().endswith("\\") else " "


def _markup(text: str, low: str, words: frozenset[str]) -> Reading | None:
    """`mia**@example.com**`."""
    if not ("*" in text or "__" in text or "~~" in text or "`" in text) or _MARKUP_WITHIN.search(text) is None:
        return None
    return _read(text, ((*match.span(), "") for match in _MARKUP.finditer(text)))


def _spelt(text: str, low: str, words: frozenset[str]) -> Reading | None:
    """`m i a @ …`."""
    if _SPELT_LOOK.search(text) is None:
        return None
    edits: list[Edit] = []
    spans = []
    for match in _SPELT.finditer(text):
        spans.append(match.span())
        for blanks in _BLANKS.finditer(text, *match.span()):
            edits.append((*blanks.span(), " " if len(blanks.group()) > 1 else ""))
    return Reading(text, edits, spans) if edits else None


def _words(text: str, low: str, words: frozenset[str]) -> Reading | None:
    """`mia at example dot com`."""
    if "dot" not in words and "at)" not in low and "at]" not in low:
        return None
    edits: list[Edit] = []
    spans = []
    for mail in _MAIL.finditer(text):
        if (found := list(_AT_OR_DOT.finditer(text, *mail.span()))) and any(one.group(1) for one in found) | (
            "@" in mail.group()
        ):
            spans.append(mail.span())
            edits += [(*one.span(), "@" if one.group(1) else ".") for one in found]
    return Reading(text, edits, spans) if edits else None


def _broken(text: str, low: str, words: frozenset[str]) -> Reading | None:
    """A value that a line break runs through: what stands around such breaks, without them."""
    if "\n" not in text:
        return None
    edits: list[Edit] = []
    spans: list[tuple[int, int]] = []
    for match in _BROKEN.finditer(text):
        start, end = match.span()
        if text[start - 1 : start] == "\r":
            start -= 1
        if text[start - 1 : start] not in _JOINS:
            continue
        before = text[max(0, start - _AROUND) : start].rpartition("\n")[2].split(" ")[-3:]
        behind = text[end : end + _AROUND].partition("\n")[0].split(" ")[:3]
        if (
            _WHOLE_MAIL.search(before[-1])
            or _ITEM.match(text, end)
            or _DATED.match(behind[0])
            or not _VALUE_LIKE.search(before[-1] + behind[0])
        ):
            continue
        first, last = start - len(" ".join(before)), end + len(" ".join(behind))
        if spans and first < spans[-1][1]:
            first = spans.pop()[0]
        spans.append((first, last))
        edits.append((start, end, ""))
    return Reading(text, edits, spans) if edits else None


def _base64(text: str, low: str, words: frozenset[str]) -> Reading | None:
    """`bWlhQGV4YW1wbGUuY29t`."""
    return _decoded(text, low, words, _BASE64, _from_base64)


def _hex(text: str, low: str, words: frozenset[str]) -> Reading | None:
    """`6d6961406578616d706c652e636f6d`."""
    return _decoded(text, low, words, _HEX, bytes.fromhex)


def _from_base64(token: str) -> bytes:
    plain = token.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def _decoded(
    text: str, low: str, words: frozenset[str], token: re.Pattern[str], decode: Callable[[str], bytes]
) -> Reading | None:
    """What the coded words of a text stand for, where that is text."""
    coded = [word for word in words if len(word) >= _CODED and _may_be_coded(word)]
    if not coded:
        return None
    # a word may stand many times in one long run of them, which is decoded once
    runs = [run.span() for run in _TOKENS.finditer(text)]
    around = (span_at(at, runs) for word in coded for at in occurrences(low, word))
    edits: list[Edit] = []
    for start in sorted({run[0] for run in around if run is not None}):
        match = token.match(text, start)
        if match is None:
            continue
        try:
            made = decode(match.group()).decode()
        except (binascii.Error, ValueError):
            continue
        if len(made) > 4 and made.translate(_LINES).isprintable():
            edits.append((*match.span(), made))
    return Reading(text, edits, [(start, end) for start, end, _ in edits]) if edits else None


def _may_be_coded(word: str) -> bool:
    return len(word) >= _CODED_LETTERS or not word.isalpha()


def read_as(how: str, text: str) -> Reading | None:
    """`text` as it is read in one way."""
    return WAYS[how](text, lower(text), words_in(text))


def _read(text: str, edits: Iterable[Edit]) -> Reading | None:
    made = list(edits)
    return Reading(text, made) if made else None


WAYS: Final[dict[str, Callable[[str, str, frozenset[str]], Reading | None]]] = {
    "characters": _characters,
    "entities": _entities,
    "percent": _percent,
    "escapes": _escapes,
    "markup": _markup,
    "spelt": _spelt,
    "words": _words,
    "broken": _broken,
    "base64": _base64,
    "hex": _hex,
}
"""The names of the ways of reading, and how each reads a text; None where there is nothing to read differently."""
DECODED: Final = frozenset(("escapes", "base64", "hex"))
"""Ways in which whole structures may be hidden."""
_OF_CODED: Final = ("base64", "hex")
_PLAIN: Final = tuple((how, way) for how, way in WAYS.items() if how not in _OF_CODED)
"""The ways for which it does not matter whether a word may be an encoding."""
JOINED: Final = frozenset(("broken",))
"""Ways that put together what stands on different lines: only what has a form of its own is believed there."""
