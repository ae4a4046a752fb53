"""Names that are made of ordinary words only: "Grace Miller", "Will Turner", "I told Rose".

Nothing in such a name says that it is one, so what it asks of its sentence is weighed: little of two words that are
common names and rare words, more of "Max Price" or "Olive Green", most of "Joy Park". What the sentence says is in
`name_evidence`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from agentlog.redaction.entities import PERSON, Finding
from agentlog.redaction.wording import name_evidence as evidence
from agentlog.redaction.wording.name_context import STOPS, is_firm, thing_ahead, wrapped
from agentlog.redaction.wording.name_evidence import NEVER, SURE
from agentlog.redaction.words.lists import MONTHS, ORDINARY, ORGANISATION
from agentlog.redaction.words.name_table import (
    BORNE,
    CALLED,
    EVERYDAY,
    FAMILY,
    FREQUENT,
    GIVEN,
    OTHER,
    PLACE,
    is_word,
    known,
)

IN_PAIRS: Final = 1 << 11
"""Of a word's kind: with a family name behind it, it may be a given name …"""
ALONE: Final = 1 << 12
"""… and without one, too."""

_GOODS: Final = frozenset(
    """black white red green blue brown gray grey gold silver pink purple violet tan ivory rose stone sand rice berry bean lamb bacon
    pepper cotton cherry olive salmon""".split()
)
"""Colours, fruits and the like."""
_LANDS: Final = frozenset(
    """hill hills woods wood brooks brook wells fields field stone park hall church lake ford bridges forest marsh rivers banks
    waters lane heath bay glen dale ridge cliff point rock springs moor mills mill green east west north south garden""".split()
)
"""As family names these are also the second words of places."""
_NO_GIVEN: Final = frozenset("ma mi chi son sun les".split())
_NOBODY: Final = (
    frozenset(
        """chase mercedes harley hilton avis chanel ruby stella alpha brain buddy hung sang sung van roman royal junior prince princess
        queen santa major charity chance guy young gay christian numbers aura don lon sol mac nan val""".split()
    )
    | ORDINARY
    | frozenset(MONTHS)
)
"""Given names that stand alone for something else."""
_SMALL: Final = re.compile(r" ([a-z]{2,16})\b")
_LISTED: Final = re.compile(r",? (?:and|or|&) |, | ?/ ?|; ?")
_ASIDE: Final = re.compile(r" \((?![A-Z]{2,4}\))[^()=;{}\n]{1,40}\)|> ")
"""Said about somebody within brackets, or behind who speaks in a chat."""


class _Pair(NamedTuple):
    """Two words that may be a given and a family name."""

    start: int
    end: int
    need: int
    """What has to be said for a person; 0: nothing, both are names and no words."""
    capitals: bool


def find_word_names(
    text: str, matches: Sequence[re.Match[str]], kinds: Mapping[str, int], met: int
) -> Iterator[Finding]:
    """Names that are ordinary words among the capitalised words `matches`, of which `kinds` are known, in all `met`."""
    pairs = list(_pairs(text, matches, kinds)) if met & IN_PAIRS and met & FAMILY else []
    at = 0
    while at < len(pairs):
        end = at + 1
        while end < len(pairs) and _listed(text, pairs[end - 1].end, pairs[end].start):
            end += 1
        yield from _believed(text, pairs[at:end])
        at = end
    if met & ALONE:
        for match in matches:
            kind = kinds[match.group()]
            if kind & ALONE and _called(text, *match.span(), kind):
                yield Finding(*match.span(), PERSON)


def of_words(low: str, kind: int) -> int:
    """`IN_PAIRS` and `ALONE` for a word in lower case of that kind, where they hold."""
    if not kind & GIVEN or not kind & OTHER or low in _NO_GIVEN or (low in ORDINARY and not kind & PLACE):
        return 0
    if not kind & CALLED:
        return 0 if kind & EVERYDAY or low in ORDINARY else IN_PAIRS
    return IN_PAIRS | ALONE if low not in _NOBODY and len(low) > 2 else IN_PAIRS


def no_person(text: str, start: int, end: int) -> bool:
    """Whether a thing's word follows on what may be a name, and nothing before it says that it is one: "Jack Hammer rental"."""
    match = _SMALL.match(text, end)
    return (
        match is not None
        and is_word(match.group(1))
        and evidence.following(text, end) < 0
        and evidence.before(text, start, end) <= 0
    )


def _called(text: str, start: int, end: int, kind: int) -> bool:
    """Whether one word from `start` to `end` is somebody's given name: where something is said to, by or of a person."""
    told, said = evidence.told(text, start), evidence.said(text, end)
    if not (told or said) or text[start:end].isupper() or thing_ahead(text, end):
        return False
    weight = evidence.behind(text, end)
    if weight == NEVER or evidence.after_capital(text, start, opens=told):
        return False
    if not told:
        weight = min(0, evidence.before(text, start, end)) + 2 * evidence.he_or_she(text, end)
        return weight >= (kind & PLACE > 0)
    return weight >= (kind & (EVERYDAY | PLACE) > 0)


def _pairs(text: str, matches: Sequence[re.Match[str]], kinds: Mapping[str, int]) -> Iterator[_Pair]:
    """All pairs, in order; those of names that are no words only count for the ones they are listed with."""
    place = 0
    while place < len(matches) - 1:
        first = matches[place]
        given = kinds[first.group()]
        place += 1
        if not given & GIVEN or (given & OTHER and not given & IN_PAIRS):
            continue
        initial = place + 1 < len(matches) and len(matches[place].group()) == 1
        second = matches[place + initial]
        family = kinds[second.group()]
        if not family & FAMILY or first.group().isupper() != second.group().isupper():
            continue
        between = text[first.end() : second.start()]
        if (
            between not in (" ", "\u00a0")
            and not (initial and between.strip(" .") == matches[place].group())
            and not wrapped(text, first.end(), second.start())
        ):
            continue
        need = 0
        if given & IN_PAIRS and family & OTHER:
            need = _needed(first.group().lower(), second.group().lower(), given, family)
        if need or not (given | family) & OTHER:
            yield _Pair(first.start(), second.end(), need, first.group().isupper())
            place += 1 + initial


def _needed(first: str, last: str, given: int, family: int) -> int:
    """How much has to be said for a person of that name; 0: nothing would do."""
    if last in ORGANISATION or is_firm(f"{first}_{last}") or known(f"{first}_{last}") & PLACE:
        return 0
    need = 1 + (given & EVERYDAY > 0) + (given & PLACE > 0 or not given & CALLED)
    thing = last in _GOODS or last in _LANDS
    if last in ORDINARY or last in STOPS or not family & (BORNE | FREQUENT):
        return need + 3
    if family & EVERYDAY or thing:
        return need + 2 + (thing and first in _LANDS)
    return need + (not family & BORNE)


def _listed(text: str, end: int, start: int) -> bool:
    return start - end < 8 and _LISTED.fullmatch(text, end, start) is not None


def _believed(text: str, pairs: list[_Pair]) -> Iterator[Finding]:
    """Those of one list of names that are people: what stands before its first and behind its last says it of all."""
    if not any(pair.need for pair in pairs):
        return
    weight = SURE
    if all(pair.need for pair in pairs):
        weight = evidence.around(text, pairs[0].start, pairs[-1].end, capitals=pairs[0].capitals)
    for pair in pairs:
        if (
            pair.need
            and weight >= pair.need
            and (not thing_ahead(text, pair.end) or _ASIDE.match(text, pair.end) is not None)
        ):
            yield Finding(pair.start, pair.end, PERSON)
