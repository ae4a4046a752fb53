"""What a policy adds to the detectors: values that are known, recognizers, and what is allowed to stay."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from agentlog.redaction.entities import Finding
from agentlog.redaction.policies.known import Known
from agentlog.redaction.policies.recognizers import Pattern, Place, Runner, name_of
from agentlog.redaction.structures.islands import Leaf, leaves_in

_ALLOWED: Final = ""


class Own:
    """What one policy adds, ready to be used; shared by all traces.

    Args:
        recognizers: as `RedactionPolicy` takes them.
        vocabulary: entity → values.
        allow: values and expressions that stay.
    """

    def __init__(
        self,
        recognizers: Iterable[Any] = (),
        vocabulary: Mapping[str, Iterable[str]] | None = None,
        allow: Iterable[str | re.Pattern[str]] = (),
    ) -> None:
        recognizers, allow = tuple(recognizers), tuple(allow)
        self._runner = Runner(recognizers) if recognizers else None
        self._known = Known(vocabulary or {})
        self._stays = Known({_ALLOWED: [one for one in allow if isinstance(one, str)]})
        self._expressions = tuple(one for one in allow if isinstance(one, re.Pattern))
        self.something = bool(recognizers or self._known or self._stays or self._expressions)
        """Whether there is anything at all; without it nothing of this costs time."""

    def find(
        self, text: str, words: frozenset[str], structured: Sequence[tuple[int, int]], guess: bool
    ) -> list[Finding]:
        """What the vocabulary and the recognizers find in `text`, whose words are `words`.

        Args:
            text: to be looked through.
            words: see `text.words_in`.
            structured: its stretches of JSON, within which a finding does not go beyond one value.
            guess: whether recognizers are asked that may guess from the wording; `Pattern`s always are.

        Raises:
            Unredactable: a recognizer failed.
        """
        places: list[Place] = list(self._known.find(text, words)) if self._known else []
        if self._runner is not None:
            readable = text.replace("\x00", " ")
            places += self._runner.patterns(readable)
            if guess:
                places += self._runner.others(readable)
        if not places:
            return []
        if not structured:
            return [Finding(*place) for place in places]
        leaves = list(_leaves(text, structured))
        starts = [leaf.start for leaf in leaves]
        return [Finding(*place) for whole in places for place in _within(whole, leaves, starts)]

    def why(self, text: str, words: frozenset[str], found: Finding) -> str:
        """Which of this found it, in words; "" when none did."""
        start, end, entity = found.start, found.end, found.entity
        if any(a < end and b > start and kind == entity for a, b, kind in self._known.find(text, words)):
            return "it is in your policy's vocabulary"
        who = self._runner.who(text, start, end, entity) if self._runner is not None else []
        if not who:
            return ""
        if isinstance(who[0], Pattern):
            return f"your policy's Pattern({entity!r}, …)"
        return f"your policy's recognizer {' or '.join(map(name_of, who))}"

    def stays(self, value: str) -> bool:
        """Whether a value that was found is allowed to stay."""
        if not (self._stays or self._expressions):
            return False
        return self._stays.holds(value) or any(one.fullmatch(value) is not None for one in self._expressions)

    def spared(self, text: str, words: frozenset[str]) -> list[tuple[int, int]]:
        """Where something stands that is allowed by its words."""
        return [(start, end) for start, end, _ in self._stays.find(text, words)] if self._stays else []


def _leaves(text: str, structured: Sequence[tuple[int, int]]) -> Iterator[Leaf]:
    """The prose between stretches of JSON, and the strings and numbers within them, in order."""
    position = 0
    for start, end in structured:
        if position < start:
            yield Leaf(position, start)
        yield from leaves_in(text, start, end)
        position = end
    if position < len(text):
        yield Leaf(position, len(text))


def _within(place: Place, leaves: Sequence[Leaf], starts: Sequence[int]) -> Iterator[Place]:
    """`place`, or the values that it goes over: JSON stays JSON, and keys stay where a guess only went over them."""
    start, end, entity = place
    index = bisect_right(starts, start) - 1
    if index >= 0 and end <= leaves[index].end:
        yield place
        return
    index += index < 0 or leaves[index].end <= start
    while index < len(leaves) and leaves[index].start < end:
        leaf = leaves[index]
        first, last = max(start, leaf.start), min(end, leaf.end)
        # a number is exchanged as a whole, and a short one says nothing by itself
        taken = (first, last) == (leaf.start, leaf.end) and last - first > 3 if leaf.number else first < last
        if taken and not leaf.key:
            yield first, last, entity
        index += 1
