"""Looks through a text with the tables of the languages.

The words of a text say which phrases are worth a search; a text without any of them costs one intersection of sets.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from agentlog.redaction.entities import ADDRESS, DOB, ZIP, Finding
from agentlog.redaction.entities import PHONE as PHONE_NUMBER
from agentlog.redaction.languages.compiled import (
    BORN,
    CLOSING,
    CODE,
    ID,
    NAMED,
    PHONE,
    PLACE,
    ROLE,
    SELF,
    TITLE,
    compiled,
)
from agentlog.redaction.languages.dates import find_dates
from agentlog.redaction.languages.de import GERMAN
from agentlog.redaction.languages.es import SPANISH
from agentlog.redaction.languages.fr import FRENCH
from agentlog.redaction.languages.ja import JAPANESE
from agentlog.redaction.languages.latin_names import names_behind, signatures
from agentlog.redaction.languages.pt import PORTUGUESE
from agentlog.redaction.languages.table import Language, phrases
from agentlog.redaction.languages.zh import CHINESE
from agentlog.redaction.words.lists import COMMON
from agentlog.redaction.words.text import word_after, word_before, words_of

BUILT_IN: Final = (CHINESE, GERMAN, FRENCH, SPANISH, PORTUGUESE, JAPANESE)
"""The languages that are looked for without being asked."""

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
_PLACE_GAP: Final = 28
_LONGEST_CODE: Final = 3
_BIRTH_BEFORE: Final = 32
_BIRTH_GAP: Final = 20
_BESIDE: Final = re.compile(r"[ \u3000（(]{0,2}")
_DIGIT: Final = re.compile("[0-9\uff10-\uff19]")
_MOST_LISTED: Final = 8
_MANY_WEAK: Final = 3
_MARKS: Final = frozenset(("",))
"""Phrases that hold no word stand under this one."""
_INTERNATIONAL: Final = re.compile(
    r"(?<![\w+.,/-])00[1-9][0-9]{0,2}(?:[ ./()-]{1,3}[0-9]{1,9}){1,6}(?![0-9A-Za-z]|[.,][0-9])", re.ASCII
)
"""A phone number with the 00 that is dialled before a country's code."""
_BORN_STAR: Final = re.compile(r"[(,;] ?(?:\*|geb\.?) ?(?=[0-9]{1,2}\.)")


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
    """Of `ID`: which of the language's identity numbers."""


class Languages:
    """All languages of a policy, ready to look through texts."""

    def __init__(self, tables: tuple[Language, ...]) -> None:
        self._all = tuple(map(compiled, tables))
        self._loud: dict[str, list[_Cue]] = {}
        self._shy: dict[str, list[_Cue]] = {}
        self._signs: dict[str, list[int]] = {}
        self._weak: dict[str, list[int]] = {}
        self._scripts = [(re.compile(one.script), index) for index, one in enumerate(tables) if one.script]
        for index, table in enumerate(tables):
            for kind, said in (
                (TITLE, table.titles), (NAMED, table.names), (SELF, table.selves), (ROLE, table.roles), (CLOSING, table.closings),
                (PHONE, table.phones), (BORN, table.births), (PLACE, table.addresses), (CODE, table.postcodes),
            ):  # fmt: skip
                for phrase in phrases(said):
                    self._enter(phrase, kind, index)
            for place, number in enumerate(table.ids):
                for phrase in phrases(number.cues):
                    self._enter(phrase, ID, index, place)
            for sign in phrases(table.signs):
                self._signs.setdefault(sign, []).append(index)
            for word in phrases(table.weak):
                self._weak.setdefault(word, []).append(index)
        self._sure = frozenset(self._signs)
        self._telling = frozenset(self._loud) | frozenset(self._shy) | self._sure
        self._frequent = frozenset(self._weak)

    def _enter(self, phrase: str, kind: int, language: int, number: int = 0) -> None:
        first, last = (not word_after(character, 0) for character in (phrase[0], phrase[-1]))
        words = words_of(phrase)
        shy = phrase.isascii() and (
            all(word in COMMON or len(word) == 1 for word in words) or (len(words) == 1 and len(words[0]) <= 3)
        )
        cue = _Cue(phrase, kind, language, first, last, shy, number)
        rarest = max(words, key=lambda word: (word not in COMMON, len(word)), default="")
        (self._shy if shy else self._loud).setdefault(rarest, []).append(cue)

    def find(self, text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
        """Personal values that the languages know of.

        `low` is `text` in lower case, character for character, `tokens` its words.
        """
        present = self._telling & tokens
        plain = text.isascii()
        if not present and plain and len(self._frequent & tokens) < _MANY_WEAK:
            return
        words = present if plain else present | _MARKS
        said = [cue for word in words for cue in _said(low, self._loud.get(word, ()))]
        active = self._active(text, tokens, present, said)
        said += _said(low, (cue for word in words for cue in self._shy.get(word, ()) if cue.language in active))
        if not said and not active:
            return
        said.sort(key=lambda cue: (cue[0], -cue[1]))
        order = sorted(active)
        if _DIGIT.search(text) is not None:
            yield from self._numbered(text, said, order)
        for index in order:
            more = self._all[index].table.more
            if more is not None:
                yield from more(text)
        if active and "\n\n" in text:
            yield from signatures(text, [self._all[index] for index in order if index in active])
        read = 0
        for _, end, cue in said:
            if cue.kind <= CLOSING and end >= read:  # within a longer phrase a shorter one says nothing more
                read = end
                yield from names_behind(text, end, cue.kind, self._all[cue.language])

    def _active(
        self, text: str, tokens: frozenset[str], present: frozenset[str], said: list[tuple[int, int, _Cue]]
    ) -> set[int]:
        """The languages that the words of a text, its phrases or its characters are signs of; not those with far fewer signs."""
        active: set[int] = set()
        telling = self._sure & present
        if len(telling) == 1 and not said:
            (word,) = telling
            if word not in self._shy and _code_only(text, word):
                telling = frozenset()
        if telling or said:
            signs = Counter([index for word in telling for index in self._signs[word]])
            signs.update([language for language, _ in {(cue.language, cue.phrase) for _, _, cue in said}])
            most = max(signs.values())
            active.update(index for index, count in signs.items() if count * 2 > most)
        weak = self._frequent & tokens
        least = _MANY_WEAK - (not text.isascii())  # its letters say something, too
        if not active and len(weak) >= least:
            counts = Counter([index for word in weak for index in self._weak[word]])
            active = {index for index, count in counts.items() if count >= least}
        if not text.isascii():
            active |= {index for script, index in self._scripts if script.search(text) is not None}
        return active

    def _numbered(self, text: str, said: list[tuple[int, int, _Cue]], active: list[int]) -> Iterator[Finding]:
        """Values with digits: identity numbers, addresses, dates of birth, phones, postal codes, in this order."""
        for _, end, cue in said:
            if cue.kind == ID:
                number, pattern, _ = self._all[cue.language].ids[cue.number]
                for found in _first(text, end, number.near, pattern, number.entity):
                    yield found
                    yield from _more(text, found.end, pattern, number.entity)
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
        dated: dict[int, list[tuple[int, int, int]]] = {}
        for at, end, cue in said:
            language = self._all[cue.language]
            if cue.kind == PLACE:
                for pattern in language.place_behind:
                    yield from _first(text, end, _PLACE_GAP, pattern, ADDRESS)
            elif cue.kind == BORN and end > read:
                read = end
                if cue.language not in dated:
                    every = enumerate(find_dates(text, language.months))
                    dated[cue.language] = sorted((start, stop, order) for order, (start, stop, _) in every)
                yield from _births(text, at, end, dated[cue.language])
        if active and "*" in text:
            for born in _BORN_STAR.finditer(text):
                dates = find_dates(text[born.end() : born.end() + 24])
                yield from (Finding(born.end() + at, born.end() + end, DOB) for at, end, _ in dates if at == 0)
        if active and "00" in text:
            yield from (
                Finding(*match.span(), PHONE_NUMBER)
                for match in _INTERNATIONAL.finditer(text)
                if _dialled(match.group())
            )
        for _, end, cue in said:
            if cue.kind == PHONE:
                gap = _GAP.match(text, end)
                match = _NUMBER.match(text, gap.end()) if gap is not None else None
                if match is not None and _OTHER_NUMBER.search(text, end, match.start()) is None:
                    yield Finding(*match.span(), PHONE_NUMBER)
        for index in active:
            phone = self._all[index].phone
            if phone is not None:
                yield from (Finding(*match.span(), PHONE_NUMBER) for match in phone.finditer(text))
        for _, end, cue in said:
            code = self._all[cue.language].code
            if cue.kind == CODE and code is not None:
                yield from _first(text, end, 4, code, ZIP)


def _said(low: str, cues: Iterable[_Cue]) -> Iterator[tuple[int, int, _Cue]]:
    """Where the phrases of `cues` stand, as words of their own: from where, to where, which."""
    for cue in cues:
        at = low.find(cue.phrase)
        while at >= 0:
            end = at + len(cue.phrase)
            if (cue.first or not word_before(low, at)) and (cue.last or not word_after(low, end)):
                yield at, end, cue
            at = low.find(cue.phrase, end)


def _first(text: str, start: int, gap: int, pattern: re.Pattern[str], entity: str) -> Iterator[Finding]:
    """The first match of `pattern` that begins within `gap` characters behind `start`, in the same line."""
    stop = text.find("\n", start, start + gap)
    match = pattern.search(text, start, min(len(text), start + gap + 120))
    if match is not None and match.start() <= start + gap and (stop < 0 or match.start() < stop):
        yield Finding(*match.span(), entity)


_AND: Final = re.compile("(?:,|、|;| y| e| et| und| sowie| o| ou| oder|和|及|と) ?")


def _more(text: str, end: int, pattern: re.Pattern[str], entity: str) -> Iterator[Finding]:
    """More of such numbers in a list: `pasaportes EA8820147 y EA8820148`."""
    for _ in range(_MOST_LISTED):
        joint = _AND.match(text, end)
        match = pattern.match(text, joint.end()) if joint is not None else None
        if match is None:
            return
        yield Finding(*match.span(), entity)
        end = match.end()


def _code_only(text: str, word: str) -> bool:
    """Whether a short word stands in `text` in capitals only, as the code of an airport or a currency does: DEN."""
    return word.isascii() and len(word) <= _LONGEST_CODE and word not in text and word.title() not in text


def _births(text: str, at: int, end: int, dates: list[tuple[int, int, int]]) -> Iterator[Finding]:
    """Dates beside the phrase that stands from `at` to `end`: soon behind it, or right before it.

    `dates` are those of the text with the order in which they are believed, by where they begin.
    """
    first = bisect_left(dates, (at - _BIRTH_BEFORE, 0, 0))
    last = bisect_left(dates, (end + _BIRTH_GAP + 1, 0, 0))
    for start, stop, _ in sorted(dates[first:last], key=itemgetter(2)):
        behind = end <= start and "\n" not in text[end:start].strip()
        if behind or (stop <= at and _BESIDE.fullmatch(text, stop, at) is not None):
            yield Finding(start, stop, DOB)


def _dialled(number: str) -> bool:
    """Whether a number with 00 in front has as many digits as a phone number."""
    return 9 <= sum(map(str.isdigit, number)) - 2 <= 13


@lru_cache(64)
def languages(own: tuple[Language, ...]) -> Languages:
    """The built-in languages and those of a policy, ready to look through texts."""
    return Languages((*BUILT_IN, *own))
