"""Which task does a call belong to? The model that `cluster` fits and a router asks; it sees requests only.

A prompt's *signature* is the set of its template lines (those in the model's vocabulary) and the offered tools. It goes
to the most similar *leader* (weighted Jaccard), and within that template to the *stage* that its last message shows.
Nothing here is learned from answers at the moment of asking, so a request can be routed before it is sent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from agentlog.errors import DatasetError
from agentlog.tasks.lines import SLOT, Lexicon, Line, heads
from agentlog.tasks.reading import Request

SYSTEM, FIRST, MIDDLE, LAST, TOOL, SCHEMA = range(6)
"""Where a word stands: it is part of the key, because the same line means another thing elsewhere."""
_SECTIONS = 8  # key = number of the word * 8 + where it stands
_TOOL_WEIGHT = 40.0  # a tool counts like a line of 35 letters
_PLACE_WEIGHT = 40.0
_LONGEST = 400  # characters of a line that count
_CONTROLLING = 0.3  # of the last message's characters are constant lines: it controls what the model does next
VERSION: Final = 1

Cue = tuple[str, tuple[int, ...]]
"""What the end of a prompt shows: ("tool", ()) a tool result, ("tail" | "control", numbers of constant lines), ("free", ())."""
FREE: Final[Cue] = ("free", ())
AFTER_TOOL: Final[Cue] = ("tool", ())


def key(word: int, section: int) -> int:
    """The word at that place, as one number."""
    return word * _SECTIONS + section


def section_of(one: int) -> int:
    """Where the word of a key stands."""
    return one % _SECTIONS


def word_of(one: int) -> int:
    """The number of the word of a key."""
    return one // _SECTIONS


class Prompt(NamedTuple):
    """A request whose texts have been read as lines."""

    system: tuple[Line, ...]
    first: tuple[Line, ...]
    middle: tuple[Line, ...]
    last: tuple[Line, ...]
    last_role: str
    extras: tuple[int, ...]
    """Keys of the tools and of the output schema that the lexicon knows."""
    unknown: int
    """How many of them it does not know."""
    place: str


class Signature(NamedTuple):
    """What is compared: template lines, tools, place."""

    keys: frozenset[int]
    unknown: int
    place: str


class Leader(NamedTuple):
    """The signature that stands for a template."""

    keys: frozenset[int]
    weight: float
    place: str


@dataclass(slots=True)
class Matcher:
    """Leaders, and the most similar one to a signature."""

    words: list[str]
    similarity: float = 0.5
    """Weighted Jaccard from which two signatures are one template."""
    similarity_in_place: float = 0.25
    """The same where both calls were made at one known place: capture has said already that they belong together."""
    leaders: list[Leader] = field(default_factory=list)
    _holders: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _weights: dict[int, float] = field(default_factory=dict)

    def add(self, keys: frozenset[int], place: str) -> int:
        """A new leader; its number."""
        number = len(self.leaders)
        self.leaders.append(Leader(keys, sum(map(self.weight, keys)), place))
        for one in keys:
            self._holders[one].append(number)
        return number

    def weight(self, one: int) -> float:
        """Long lines weigh more than short ones, system text twice; a head takes its share from its line."""
        known = self._weights.get(one)
        if known is None:
            section = section_of(one)
            if section >= TOOL:
                known = _TOOL_WEIGHT
            else:
                word = self.words[word_of(one)]
                longer = 0 if word.endswith(SLOT) else max(map(len, heads(word)), default=0)
                known = min(len(word), _LONGEST) - min(longer, _LONGEST) + (0.0 if longer else 5.0)
                known *= 2.0 if section in (SYSTEM, MIDDLE) else 1.0
            self._weights[one] = known
        return known

    def best(self, signature: Signature) -> int | None:
        """The most similar leader, the earliest of equals; None when none is similar enough.

        Calls made at different known places are never one template. Of calls made at one place, less similarity is asked.
        """
        shared: Counter[int] = Counter()
        total = signature.unknown * _TOOL_WEIGHT
        for one in signature.keys:
            weight = self.weight(one)
            total += weight
            for number in self._holders.get(one, ()):
                shared[number] += weight  # type: ignore[assignment]  # a Counter of weights
        best, best_rank = None, (False, 0.0, 0)
        if signature.place:
            for number, leader in enumerate(self.leaders):
                if leader.place == signature.place:
                    shared.setdefault(number, 0)
        for number, common in shared.items():
            leader = self.leaders[number]
            here = bool(signature.place) and signature.place == leader.place
            if signature.place and leader.place and not here:
                continue
            bonus = _PLACE_WEIGHT if here else 0.0
            jaccard = (common + bonus) / (total + leader.weight - common + bonus)
            rank = (here, jaccard, -number)
            if jaccard >= (self.similarity_in_place if here else self.similarity) and (best is None or rank > best_rank):
                best, best_rank = number, rank
        return best
