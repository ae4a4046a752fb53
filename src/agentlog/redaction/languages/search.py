"""Looks through a text with the tables of the languages.

The words of a text say which phrases are worth a search; a text without any of them costs one intersection of sets.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from agentlog.redaction.dates import find_dates, months_of
from agentlog.redaction.entities import ADDRESS, DOB, PERSON, PHONE, ZIP, Finding
from agentlog.redaction.languages.de import GERMAN
from agentlog.redaction.languages.es import SPANISH
from agentlog.redaction.languages.fr import FRENCH
from agentlog.redaction.languages.ja import JAPANESE
from agentlog.redaction.languages.pt import PORTUGUESE
from agentlog.redaction.languages.table import IdNumber, Language, phrases
from agentlog.redaction.languages.zh import CHINESE
from agentlog.redaction.text import word_after, word_before, words_of
from agentlog.redaction.words import COMMON

BUILT_IN: Final = (CHINESE, GERMAN, FRENCH, SPANISH, PORTUGUESE, JAPANESE)
"""The languages that are looked for without being asked."""

_CAPITAL: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017f\u0391-\u03a9\u0410-\u042f"
_LETTER: Final = r"[^\W\d_\u3040-\u9fff]"
_WORD: Final = rf"(?:[dDlL]['’])?[{_CAPITAL}]{_LETTER}{{0,30}}(?:['’-]{_LETTER}{{1,30}}){{0,3}}\.?"
_SMALL: Final = r"(?:de|del|della|di|da|do|das|dos|du|la|las|le|les|los|(?:van|von|zu|de)(?: der| den| dem)?|vom|zur|bin|ibn|al|el|ben|ter) "
_NAME: Final = re.compile(rf"(?:{_SMALL}){{0,3}}{_WORD}(?: (?:{_SMALL}){{0,3}}{_WORD}){{0,4}}(?!\w)")
_NAME_WORD: Final = re.compile(r"[^ ]+")
_TITLE_GAP: Final = re.compile(r"\.?[ \t\u00a0]{1,3}|\.?: ?")
_BETWEEN: Final = re.compile(r"(?:[ \t\u00a0]{0,2}[:：,=][ \t]{0,2}|[ \t\u00a0*_]{1,4}|\"?: ?\"?)[*_\"'“„«]{0,3} ?")
_NEXT_LINE: Final = re.compile(r"[ \t]{0,4}[,.!;]?[ \t]{0,4}(?:\r?\n[ \t>]{0,8}){1,3}")
_TO_COPULA: Final = r"[ \t\"'»“:]{0,3}[^\n.,;:!?0-9]{0,40}?(?<!\w)"
_END_OF_NAME: Final = re.compile(r"[,.;:!?)\n\"“”»|–—-]| [-–—(]|\s*\Z")
_GAP: Final = re.compile(r"[^0-9\n+(]{0,28}")
_NUMBER: Final = re.compile(
    r"(?![0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[./-][01]?[0-9][./-])"
    r"\+?\(?[0-9](?:[ ./()\u2010-\u2013-]{0,3}[0-9]){6,14}(?![0-9A-Za-z]|[.,][0-9])",
    re.ASCII,
)
_OTHER_NUMBER: Final = re.compile(
    "rechnung|bestell|auftrag|ticket|vertrag|vorgang|commande|facture|dossier|contrat|pedido|factura|fatura|encomenda|contrato|"
    "protocolo|order|invoice|注文|受付|請求|订单|工单|发票|版本|バージョン",
    re.IGNORECASE,
)
"""Between a word for phones and a number: it is the number of something else."""
_ID_GAP: Final = 32
_PLACE_GAP: Final = 28
_BIRTH_GAP: Final = 20
_BESIDE: Final = re.compile(r"[ \u3000（(]{0,2}")
_DIGIT: Final = re.compile("[0-9\uff10-\uff19]")
_MOST_LISTED: Final = 8

_TITLE, _NAMED, _ROLE, _CLOSING, _PHONE, _BORN, _PLACE, _CODE, _ID = range(9)


class _Cue(NamedTuple):
    """What is looked for behind a phrase."""

    phrase: str
    kind: int
    language: int
    first: bool
    """The phrase begins with a mark or a character that is a word by itself: whatever may stand before it."""
    last: bool
    """The same of its end."""
    shy: bool
    """English has it too: it only counts where a sign of the language is in the text."""
    number: int = 0
    """Of `_ID`: which of the language's identity numbers."""


class _Compiled(NamedTuple):
    """A language with its patterns."""

    table: Language
    titles: re.Pattern[str]
    copula: re.Pattern[str] | None
    joints: re.Pattern[str]
    stops: frozenset[str]
    months: Mapping[str, int]
    ids: tuple[tuple[IdNumber, re.Pattern[str], re.Pattern[str] | None], ...]
    phone: re.Pattern[str] | None
    place: re.Pattern[str] | None
    place_behind: tuple[re.Pattern[str], ...]
    code: re.Pattern[str] | None


class Languages:
    """All languages of a policy, ready to look through texts."""

    def __init__(self, tables: tuple[Language, ...]) -> None:
        self._all = tuple(map(_compiled, tables))
        self._cues: dict[str, list[_Cue]] = {}
        self._signs: dict[str, list[int]] = {}
        self._scripts = [(re.compile(one.script), index) for index, one in enumerate(tables) if one.script]
        for index, table in enumerate(tables):
            for kind, said in (
                (_TITLE, table.titles), (_NAMED, table.names), (_ROLE, table.roles), (_CLOSING, table.closings),
                (_PHONE, table.phones), (_BORN, table.births), (_PLACE, table.addresses), (_CODE, table.postcodes),
            ):  # fmt: skip
                for phrase in phrases(said):
                    self._enter(phrase, kind, index)
            for place, number in enumerate(table.ids):
                for phrase in phrases(number.cues):
                    self._enter(phrase, _ID, index, place)
            for sign in phrases(table.signs):
                self._signs.setdefault(sign, []).append(index)
        self._words = frozenset(self._cues) | frozenset(self._signs)

    def _enter(self, phrase: str, kind: int, language: int, number: int = 0) -> None:
        first, last = (not word_after(character, 0) for character in (phrase[0], phrase[-1]))
        words = words_of(phrase)
        shy = phrase.isascii() and (
            all(word in COMMON or len(word) == 1 for word in words) or (len(words) == 1 and len(words[0]) <= 3)
        )
        cue = _Cue(phrase, kind, language, first, last, shy, number)
        rarest = max(words, key=lambda word: (word not in COMMON, len(word)), default="")
        self._cues.setdefault(rarest, []).append(cue)

    def find(self, text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
        """Personal values that the languages know of.

        `low` is `text` in lower case, character for character, `tokens` its words.
        """
        present = self._words & tokens
        plain = text.isascii()
        if not present and plain:
            return
        active = {index for word in present for index in self._signs.get(word, ())}
        if not plain:
            active |= {index for script, index in self._scripts if script.search(text) is not None}
        said = [cue for word in present for cue in self._said(low, word, active)]
        if not plain:
            said += self._said(low, "", active)
        said.sort(key=lambda cue: (cue[0], -cue[1]))
        order = sorted(active.union(cue.language for _, _, cue in said))
        if _DIGIT.search(text) is not None:
            yield from self._numbered(text, said, order)
        for index in order:
            more = self._all[index].table.more
            if more is not None:
                yield from more(text)
        read = 0
        for _, end, cue in said:
            if cue.kind <= _CLOSING and end >= read:  # within a longer phrase a shorter one says nothing more
                read = end
                yield from _names(text, end, cue.kind, self._all[cue.language])

    def _said(self, low: str, word: str, active: set[int]) -> Iterator[tuple[int, int, _Cue]]:
        """Where phrases whose rarest word is `word` stand, as words of their own: from where, to where, which."""
        for cue in self._cues.get(word, ()):
            at = low.find(cue.phrase) if not cue.shy or cue.language in active else -1
            while at >= 0:
                end = at + len(cue.phrase)
                if (cue.first or not word_before(low, at)) and (cue.last or not word_after(low, end)):
                    yield at, end, cue
                at = low.find(cue.phrase, end)

    def _numbered(self, text: str, said: list[tuple[int, int, _Cue]], active: list[int]) -> Iterator[Finding]:
        """Values with digits: identity numbers, addresses, dates of birth, phones, postal codes, in this order."""
        for _, end, cue in said:
            if cue.kind == _ID:
                number, pattern, _ = self._all[cue.language].ids[cue.number]
                yield from _first(text, end, _ID_GAP, pattern, number.entity)
        for index in active:
            for number, _, alone in self._all[index].ids:
                for lone in alone.finditer(text) if alone is not None else ():
                    if number.check is not None and number.check(lone.group()):
                        yield Finding(*lone.span(), number.entity)
        for index in active:
            place = self._all[index].place
            if place is not None:
                yield from (Finding(*match.span(), ADDRESS) for match in place.finditer(text))
        read = 0
        for at, end, cue in said:
            language = self._all[cue.language]
            if cue.kind == _PLACE:
                for pattern in language.place_behind:
                    yield from _first(text, end, _PLACE_GAP, pattern, ADDRESS)
            elif cue.kind == _BORN and end > read:
                read = end
                yield from _births(text, at, end, language.months)
        for _, end, cue in said:
            if cue.kind == _PHONE:
                gap = _GAP.match(text, end)
                match = _NUMBER.match(text, gap.end()) if gap is not None else None
                if match is not None and _OTHER_NUMBER.search(text, end, match.start()) is None:
                    yield Finding(*match.span(), PHONE)
        for index in active:
            phone = self._all[index].phone
            if phone is not None:
                yield from (Finding(*match.span(), PHONE) for match in phone.finditer(text))
        for _, end, cue in said:
            code = self._all[cue.language].code
            if cue.kind == _CODE and code is not None:
                yield from _first(text, end, 4, code, ZIP)


def _first(text: str, start: int, gap: int, pattern: re.Pattern[str], entity: str) -> Iterator[Finding]:
    """The first match of `pattern` that begins within `gap` characters behind `start`, in the same line."""
    stop = text.find("\n", start, start + gap)
    match = pattern.search(text, start, min(len(text), start + gap + 120))
    if match is not None and match.start() <= start + gap and (stop < 0 or match.start() < stop):
        yield Finding(*match.span(), entity)


def _births(text: str, at: int, end: int, months: Mapping[str, int]) -> Iterator[Finding]:
    """Dates beside the phrase that stands from `at` to `end`: soon behind it, or right before it."""
    around = max(0, at - 32)
    for first, last, _ in find_dates(text[around : end + 48], months):
        start, stop = around + first, around + last
        behind = end <= start <= end + _BIRTH_GAP and "\n" not in text[end:start].strip()
        if behind or (stop <= at and _BESIDE.fullmatch(text, stop, at) is not None):
            yield Finding(start, stop, DOB)


def _names(text: str, end: int, kind: int, language: _Compiled) -> Iterator[Finding]:
    """The name behind a phrase of `kind`, and those that are joined to it."""
    gap = (_TITLE_GAP if kind == _TITLE else _NEXT_LINE if kind == _CLOSING else _BETWEEN).match(text, end)
    span = _name_at(text, gap.end(), language) if gap is not None else None
    titled = gap is not None and span is not None and span[0] > _skip_small(text, gap.end())
    if span is None and kind in (_NAMED, _ROLE) and language.copula is not None:
        copula = language.copula.match(text, end)
        span = _name_at(text, copula.end(), language) if copula is not None else None
    if span is None:
        return
    if kind == _CLOSING and text[span[1] : span[1] + 1] not in ("", "\n", "\r", ",", " "):
        return
    name = text[slice(*span)]
    doubtful = " " not in name and not titled and kind != _TITLE
    if doubtful and (name.isupper() or (kind == _ROLE and _END_OF_NAME.match(text, span[1]) is None)):
        return
    yield Finding(*span, PERSON)
    for _ in range(_MOST_LISTED if kind == _ROLE else 1):
        joint = language.joints.match(text, span[1])
        if joint is None:
            return
        span = _name_at(text, joint.end(), language)
        if span is None or " " not in text[slice(*span)]:
            return
        yield Finding(*span, PERSON)


def _skip_small(text: str, start: int) -> int:
    """Where the first capital letter within a few characters stands, past small words of a name."""
    match = _LEADING.match(text, start)
    return match.end() if match is not None else start


_LEADING: Final = re.compile(rf"(?:{_SMALL}){{0,3}}")


def _name_at(text: str, start: int, language: _Compiled) -> tuple[int, int] | None:
    """The name that begins at `start`, behind titles, up to a word that no name holds."""
    titles = language.titles.match(text, start)
    match = _NAME.match(text, titles.end() if titles is not None else start)
    if match is None:
        return None
    begin, end = match.start(), 0
    for word in _NAME_WORD.finditer(match.group()):
        plain = word.group().rstrip(".").lower()
        small = plain in _SMALL_WORDS and (word.group().islower() or plain in _CAPITAL_TOO)
        if not small and plain in language.stops:
            break
        if not small:
            end = begin + word.end()
            if word.group().endswith(".") and len(plain) > 2:
                break  # the end of a sentence, not an initial
    if not end:
        return None
    end -= text[begin:end].endswith(".")
    name = text[begin:end]
    return (begin, end) if len(name) > 1 and not (name.isupper() and len(name) < 4) else None


_SMALL_WORDS: Final = frozenset(re.findall("[a-z]+", _SMALL))
_CAPITAL_TOO: Final = frozenset("le la de du van von del da do dos di ben al el".split())
"""Those of them that may be written with a capital letter: Le Goff, De Luca."""


@lru_cache(64)
def _compiled(table: Language) -> _Compiled:
    titles = "|".join(re.escape(title.rstrip(".")) for title in phrases(table.titles))
    joints = "|".join(map(re.escape, phrases(table.joints)))
    copulas = "|".join(map(re.escape, phrases(table.copulas)))
    return _Compiled(
        table,
        re.compile(rf"(?:(?i:{titles})\.?[ \u00a0]{{1,2}}){{0,4}}" if titles else ""),
        re.compile(rf"{_TO_COPULA}(?:{copulas}):?[ \u00a0]") if copulas else None,
        re.compile(rf"(?:,| (?:{joints})) " if joints else ", "),
        frozenset(phrases(table.not_names)) | frozenset(phrases(table.titles)),
        months_of(table.months),
        tuple(
            (
                one,
                re.compile(rf"(?<![0-9A-Za-z])(?:{one.pattern})"),
                re.compile(one.alone) if one.alone else None,
            )
            for one in table.ids
        ),
        re.compile(rf"(?<![0-9][ .-])(?:{table.phone})") if table.phone else None,
        re.compile(table.place) if table.place else None,
        tuple(re.compile(rf"(?<!\w)(?:{one})") for one in (table.place, table.place_behind) if one),
        re.compile(rf"(?<![0-9])(?:{table.postcode})") if table.postcode else None,
    )


@lru_cache(64)
def languages(own: tuple[Language, ...]) -> Languages:
    """The built-in languages and those of a policy, ready to look through texts."""
    return Languages((*BUILT_IN, *own))
