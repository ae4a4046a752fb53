"""Names of people in running text that nothing announces: by the table of names, and by how they stand in their sentence.

How much evidence a name needs depends on what else the word may be. "Evelyn" is a name wherever a sentence has room for
one; "Will", "Paris" or "Chase" only beside a word that can be nothing but a name; a family name never by itself. What
looks like code, a path, a file, a product with a number or a heading is left alone.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from agentlog.redaction.entities import PERSON, USER_ID, Finding
from agentlog.redaction.wording.name_context import (
    FIRMS,
    MODALS,
    ROLES,
    STOPS,
    TELLING,
    begins,
    code_around,
    expected,
    is_firm,
    labelled_a_thing,
    of_a_thing,
    person_before,
    person_behind,
    thing_behind,
    told,
    wrapped,
)
from agentlog.redaction.wording.name_evidence import FINITE, around
from agentlog.redaction.wording.word_names import ALONE, IN_PAIRS, find_word_names, no_person, of_words
from agentlog.redaction.words.lists import NAME_SUFFIXES, ORDINARY, PARTICLES, TITLES
from agentlog.redaction.words.name_table import (
    BORNE,
    EVERYDAY,
    FAMILY,
    FREQUENT,
    GIVEN,
    NAME,
    OTHER,
    PLACE,
    WORD,
    is_word,
    known,
)

_CAPITAL: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017f\u0386-\u03ab\u0400-\u042f"
_NAME: Final = re.compile(
    rf"[{_CAPITAL}](?<![\w@/\\#$.&=_-].)(?:[^\W\d_]{{1,24}}+(?:['’-][{_CAPITAL}][^\W\d_]{{1,24}}+){{0,2}}|['’][{_CAPITAL}][^\W\d_]{{1,24}}+|(?=[. ]))(?![\w@/\\(=_&]|[.:-]\w)"
)
"""A word with a capital letter, or an initial, that is no part of an identifier, a path, an address or a file's name.
What stands before it is asked for behind the letter: letters alone are what the search runs over."""
_ASCII_NAME: Final = re.compile(_NAME.pattern.replace(_CAPITAL, "A-Z"), re.ASCII)
"""The same, for text that is ASCII, in half the time."""
_MIXED: Final = re.compile(
    rf"(?!(?:Mc|Mac|De|Di|Da|La|Le|Van|Fitz|[A-Z]['’])[A-Z])[{_CAPITAL}]+[^\W\d_]*?(?<![{_CAPITAL}'’-])[{_CAPITAL}]|[{_CAPITAL}]{{2,}}[a-z]"
)
_ID_ENDS: Final = tuple(
    re.compile(mark + r"([a-z]{2,20}+)[._-]?[0-9]{1,6}(?![\w@/\\(-]|\.\w)", re.ASCII) for mark in ("_", r"\.")
)
_ID_HEAD: Final = re.compile(r"(?<![\w@/\\.-])[a-z]{2,20}\Z", re.ASCII)
_LONGEST: Final = 4
_WIDEST: Final = 10
_SHORTEST_PAIR: Final = 5
_CERTAIN: Final = 4
"""The weight of a sentence in which "Emily London" is somebody."""
_MIXED_CASE: Final = 1 << 10


_common: dict[str, int] = {}
"""Ordinary words that were met with a capital letter, and what is known of them: at most as many as there are in the table.
A word that can only be a name is not kept."""


class _Word(NamedTuple):
    """A word with a capital letter, and what is known of it."""

    start: int
    end: int
    low: str
    kind: int

    @property
    def initial(self) -> bool:
        return len(self.low) == 1

    @property
    def sure(self) -> bool:
        """It can be nothing but a given name."""
        return self.kind & (GIVEN | OTHER) == GIVEN and self.low not in ORDINARY

    @property
    def given(self) -> bool:
        return self.kind & GIVEN > 0

    @property
    def family(self) -> bool:
        """A family name that is no ordinary word."""
        return self.kind & FAMILY > 0 and self.kind & OTHER == 0 and self.low not in ORDINARY

    @property
    def name(self) -> bool:
        return self.kind & NAME > 0

    @property
    def foreign(self) -> bool:
        """No ordinary word and no place: beside a name it may be one."""
        return self.kind & OTHER == 0 and len(self.low) > 2 and self.low not in ORDINARY and not is_word(self.low)


def find_bare_names(text: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Names of people without a cue, and login names that are made of two names.

    `tokens` are the lower-case words of `text`. Each word with a capital letter is looked up once; what stands around it
    is only looked at where one of them is a name.
    """
    matches = list((_ASCII_NAME if text.isascii() else _NAME).finditer(text))
    kinds = {word: _kind(word) for word in set(map(re.Match.group, matches))}
    met = set(kinds.values())
    telling = not tokens.isdisjoint(TELLING)
    both = 0
    for kind in met:
        both |= kind
    found = list(find_word_names(text, matches, kinds, both)) if both & (IN_PAIRS | ALONE) else []
    if (
        telling
        or any(kind & NAME and not kind & OTHER for kind in met)
        or (not tokens.isdisjoint(ROLES) and both & NAME)
    ):
        people = _people(text, matches, kinds, telling)
        if found:
            people = iter(sorted({*found, *people}, key=_whole_first))
    else:
        people = iter(found)
    yield from (one for one in people if not labelled_a_thing(text, one.start))
    yield from _logins(text)


def _whole_first(found: Finding) -> tuple[int, int]:
    """By their place, and of two names that begin at one place the longer one first."""
    return found.start, -found.end


def _people(text: str, matches: list[re.Match[str]], kinds: dict[str, int], telling: bool) -> Iterator[Finding]:
    """Names in a text whose capitalised words are of these `kinds`; `telling`: a word is in it that is only said of people."""
    matches = [match for match in matches if kinds[match.group()] != _MIXED_CASE]
    last, done = -1, 0
    for at, match in enumerate(matches):
        if at < done or not (kinds[match.group()] & NAME or (telling and told(text, *match.span()))):
            continue
        first, end = at, at + 1
        while first > done and _adjacent(text, matches[first - 1], matches[first], kinds):
            first -= 1
        while end < len(matches) and _adjacent(text, matches[end - 1], matches[end], kinds):
            end += 1
        words = [_Word(*one.span(), one.group().lower(), kinds[one.group()]) for one in matches[first:end]]
        for found in _run(text, words, last, telling):
            yield found
            last = found.end
        done = end


@lru_cache(16_384)
def _kind(word: str) -> int:
    """What is known of a word with a capital letter; of a double name what both halves are."""
    if not (word[1:].islower() or len(word) == 1 or word.isupper()) and _MIXED.match(word) is not None:
        return _MIXED_CASE  # NaN, macOS, GitHub
    kind = _common.get(word)
    if kind is not None:
        return kind
    low = word.lower()
    kind = known(low)
    if kind or word.isalpha():
        if low in ORDINARY and kind & PLACE == 0:
            kind |= WORD
        kind |= of_words(low, kind)
        if kind & WORD:
            _common[word] = kind
        return kind
    if low.startswith(("o'", "o’", "d'", "d’", "l'", "l’")):
        return known(low[2:]) & (FAMILY | FREQUENT) | (FAMILY if low[0] == "o" else 0)
    halves = [known(half) for half in re.split("['’-]", low)]
    return halves[0] & halves[1] if len(halves) == 2 else 0


def _adjacent(text: str, left: re.Match[str], right: re.Match[str], kinds: Mapping[str, int]) -> bool:
    """Whether two words stand in one name: a blank between them, a point behind an initial, or a small word of names."""
    if right.start() - left.end() > _WIDEST:
        return False
    gap = text[left.end() : right.start()]
    if gap in (" ", "\u00a0") or (gap in (". ", ".") and left.end() - left.start() == 1):
        return True
    if "\n" in gap:
        return (
            kinds[left.group()] & GIVEN > 0
            and kinds[right.group()] & FAMILY > 0
            and wrapped(text, left.end(), right.start())
        )
    return gap[:1] == gap[-1:] == " " and all(word in PARTICLES for word in gap.split())


def _run(text: str, words: list[_Word], last_name: int, telling: bool) -> Iterator[Finding]:
    """Names within words that stand side by side; `last_name`: where the name before them ended."""
    related = telling and told(text, words[0].start, words[-1].end)
    if related and len(words) <= _LONGEST and _strange(words):
        yield Finding(words[0].start, words[-1].end, PERSON)
        return
    heading = len(words) > 6
    at = 0
    while at < len(words):
        length = _full(text, words, at, last_name)
        if length:
            last = words[at + length - 1]
            if not heading or (words[at].sure and last.family):
                yield Finding(words[at].start, last.end, PERSON)
            at += length
            continue
        if at + 1 < len(words) and _firm(words[at], words[at + 1]):
            at += 2
            continue
        if not heading and _alone(text, words, at):
            yield Finding(words[at].start, words[at].end, PERSON)
        at += 1


def _wordy(word: _Word) -> bool:
    """An ordinary word that is seldom a family name."""
    return word.kind & WORD > 0 and word.kind & (BORNE | FREQUENT | PLACE) == 0


def _firm(first: _Word, second: _Word) -> bool:
    """Whether two words are a firm's name."""
    return is_firm(f"{first.low}_{second.low}")


def _strange(words: list[_Word]) -> bool:
    """Whether words that people are spoken of with may be a name: none is an ordinary word, a title but the first, a place."""
    return all(
        word.initial or (word.name and word.low not in ORDINARY) or word.foreign or (at == 0 and word.low in TITLES)
        for at, word in enumerate(words)
    ) and not all(word.initial or word.kind & WORD for word in words)


def _full(text: str, words: list[_Word], at: int, last_name: int) -> int:
    """How many words from `at` on are one person's name of two words or more; 0: none."""
    first = words[at]
    if first.initial or first.low in TITLES or not (first.name or first.foreign):
        return 0
    end = at + 1
    while end < len(words) and end - at < _LONGEST and (words[end].initial or words[end].low in NAME_SUFFIXES):
        end += 1
    if end >= len(words):
        return 0
    if (
        first.kind & WORD
        and first.low in MODALS
        and begins(text, first.start)
        and FINITE.match(text, words[end].end) is None
    ):
        return 0  # "Will Johnson come?", but "Will Johnson is here"
    second, shouted = words[end], text[first.start : first.end].isupper()
    if shouted != text[second.start : second.end].isupper() and not (shouted and first.name and second.sure):
        return 0  # "Stanford HAI", "AST Serializer", but "TAHRI Ahmed"
    if not _pair(first, second) and not (
        _may_pair(first, second)
        and (
            expected(text, first.start, second.end, last_name)
            or (first.sure and not shouted and around(text, first.start, second.end) >= _CERTAIN)
        )
    ):
        return 0
    if not first.name and at and not begins(text, words[at - 1].start):
        return 0  # "West Hampstead Kilburn"
    if _firm(first, second) and not expected(text, first.start, second.end, last_name):
        return 0
    end += 1
    while end < len(words) and end - at < _LONGEST and _goes_on(text, words[end - 1], words[end]):
        end += 1
    if end < len(words) and (
        words[end].low in STOPS or (words[end].kind & WORD and (_wordy(second) or not words[end].name))
    ):
        # "Ronald Reagan Airport", "Martha Stewart Living": whose name it is does not matter
        return 0 if words[end].low in STOPS or _wordy(second) else end - at
    if (
        f"{first.low}_{words[end - 1].low}" in FIRMS
        or thing_behind(text, words[end - 1].end)
        or (_wordy(second) and no_person(text, first.start, words[end - 1].end))
        or code_around(text, first.start, words[end - 1].end)
    ):
        return 0
    if known(f"{first.low}_{words[at + 1].low}") & PLACE:
        return 0
    return end - at


def _goes_on(text: str, last: _Word, word: _Word) -> bool:
    """Whether a name of two words has this one behind its `last` too: behind two given names, a family name that is a word."""
    if word.low in NAME_SUFFIXES:
        return True
    shouted = text[word.start : word.end].isupper()
    if shouted or word.low in STOPS:
        return False
    borne = word.kind & FAMILY and word.kind & (BORNE | FREQUENT) and not word.kind & EVERYDAY
    return word.family or word.foreign or (last.given and borne > 0)


def _pair(first: _Word, second: _Word) -> bool:
    """Whether two words are somebody's given and family name, in this order or the other."""
    if second.low in STOPS or second.low in TITLES or second.low in PARTICLES:
        return False
    if first.sure:
        return second.family or second.foreign or (second.name and second.low not in ORDINARY)
    if first.given and first.low not in STOPS and (first.low not in ORDINARY or first.kind & PLACE):  # Will, Jordan
        return second.family and (first.kind | second.kind) & FREQUENT > 0
    if first.family:
        return second.sure
    return first.foreign and not first.kind and second.family and second.kind & GIVEN == 0


def _may_pair(first: _Word, second: _Word) -> bool:
    """Whether two words may be somebody's names where a person is expected: none is an ordinary word only."""
    low = {first.low, second.low}
    if len(first.low) + len(second.low) < _SHORTEST_PAIR and low <= ORDINARY:
        return False  # "To Do"
    return all(word.name or word.foreign for word in (first, second)) and not low & STOPS


def _alone(text: str, words: list[_Word], at: int) -> bool:
    """Whether one given name stands by itself where a sentence has a person."""
    word = words[at]
    if not word.sure or word.end - word.start < 3 or text[word.start : word.end].isupper():
        return False
    behind = at + 1 + (at + 1 < len(words) and words[at + 1].initial)  # "John F. Kennedy Airport"
    beside = [words[place] for place in (at - 1, behind) if 0 <= place < len(words)]
    if any(not other.initial and not is_word(other.low) and other.low not in ORDINARY for other in beside):
        return False
    if at + 1 < len(words) and (words[at + 1].low in STOPS or words[at + 1].kind & WORD):
        return False
    if (word.low in MODALS and begins(text, word.start)) or of_a_thing(text, word.start, word.end):
        return False
    near, ahead = person_before(text, word.start), person_behind(text, word.end)
    return near and ahead if not word.kind & FREQUENT else near or ahead


def _logins(text: str) -> Iterator[Finding]:
    """Identifiers that are two names of people and a number, as `mia_li_3668` is."""
    for pattern in _ID_ENDS:
        for behind in pattern.finditer(text):
            at = behind.start()
            left = max(0, at - 21)
            before = _ID_HEAD.search(text[left:at])
            if before is not None and _of_names(before.group(), behind.group(1)):
                yield Finding(left + before.start(), behind.end(), USER_ID)


def _of_names(first: str, last: str) -> bool:
    """Whether two words in small letters are names of one person."""
    kinds = known(first), known(last)
    if not any(kinds) or not all(
        kind & NAME or not is_word(word) for kind, word in zip(kinds, (first, last), strict=True)
    ):
        return False
    return any(kind & NAME and kind & OTHER == 0 for kind in kinds) or all(kinds)
