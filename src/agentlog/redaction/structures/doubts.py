"""What the end of an object tells of values that said nothing by themselves: names, ids and whatever stands beside somebody."""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.entities import DOB, EMAIL, PAYMENT_ID, PERSON, USER_ID
from agentlog.redaction.keys.rules import Rule
from agentlog.redaction.keys.values import judged, only_a_word
from agentlog.redaction.structures.frames import Frame, Value
from agentlog.redaction.structures.shapes import (
    could_be_name,
    likely,
    likely_beside,
    name_in_record,
    number_shape,
    shape,
    speaks_of_somebody,
)
from agentlog.redaction.words.lists import ORDINARY, ORGANISATION

_OWN_ID: Final = re.compile(r"(?=[^0-9]{0,40}[0-9])(?![0-9a-fA-F]{8}-)(?![0-9a-f]{32})[\w.#@:-]{4,40}", re.ASCII)
"""The id of somebody's own record; hashes and UUIDs tell nobody anything."""
_MOST: Final = 40
"""An object with more values in doubt is no record of a person's."""


def somebodys_names(frame: Frame) -> list[Value]:
    """Values under `name`, where the object is about people or holds something personal."""
    found = []
    for value in frame.names:
        words = value.text.lower().split()
        if all(word in ORDINARY for word in words) or not ORGANISATION.isdisjoint(words):
            continue
        believed = name_in_record(value.text) or (frame.people and not any(map(only_a_word, words)))
        if believed and judged(Rule(PERSON), value.text) == PERSON:
            found.append(value)
    return found


def own_id_entity(frame: Frame, strict: bool) -> str | None:
    """What the `id` of an object is: somebody's, if a name stands beside it and nothing says that it is a thing's."""
    own = frame.own_id
    if own is None or frame.things:
        return None
    if frame.of_person and _OWN_ID.fullmatch(own.text):
        return USER_ID
    if not strict or frame.program:
        return None
    entity = number_shape(own.text) if own.number else shape(own.text)
    return entity if entity in (USER_ID, PAYMENT_ID) else None


def is_somebodys(frame: Frame, doubts: list[Value]) -> bool:
    """Whether values in doubt are to be decided here: the object is somebody's, or speaks of a card.

    Args:
        frame: the object or list that ends.
        doubts: all values in doubt; its own begin at `frame.doubts`.
    """
    if not frame.personal and 1 < len(doubts) - frame.doubts < _MOST and frame.bracket in "{(":
        # two words of one list are two of a kind: no given and family name of one person
        frame.personal = speaks_of_somebody(
            [value.text for value in doubts[frame.doubts :] if not _listed(frame, value) or " " in value.text]
        )
    return frame.personal or PAYMENT_ID in frame.seen


def named_members(frame: Frame, doubtful: list[Value]) -> list[Value]:
    """Of a list of people the members that are one word each, if at least half of those are names for sure: Alice, Bob, Eve."""
    if frame.bracket != "[" or frame.under is None or not frame.under.people:
        return []
    words = [value for value in doubtful if " " not in value.text and could_be_name(value.text)]
    sure = sum(likely(value.text) == PERSON for value in words)
    return words if len(words) > 1 and 2 * sure >= len(words) else []


def _listed(frame: Frame, value: Value) -> bool:
    """Whether a value in doubt is a member of a list in the object `frame`."""
    return value.key is None and frame.bracket == "{"


def decided(frame: Frame, doubtful: list[Value]) -> list[tuple[Value, str]]:
    """Of the values in doubt of somebody's record those that look like somebody's, with what they are."""
    likeliest = [(value, likely(value.text) if frame.personal else None) for value in doubtful]
    frame.seen.update(entity for _, entity in likeliest if entity)
    named = not frame.seen.isdisjoint((PERSON, DOB))
    found = []
    for value, entity in likeliest:
        if entity is None and named and not _listed(frame, value) and could_be_name(value.text):
            entity = PERSON
        if entity is None and (value.key is None or value.key.words[-1:] != ("id",)):
            entity = likely_beside(value.text, frame.seen)
        if entity and (entity != USER_ID or frame.of_person or not frame.seen.isdisjoint((PERSON, EMAIL))):
            found.append((value, entity))
    return found


def tell_above(frame: Frame) -> None:
    """What is somebody's in a part of a record makes the record somebody's."""
    above, under = frame.above, frame.under
    if above is None or not frame.personal or under is None:
        return
    part = (
        frame.bracket == "["
        or under.wraps
        or under.rule is not None
        or under.contact
        or (under.people and above.people)
    )
    if part and (above.bracket == "{" or under.rule is not None or under.contact):
        if frame.bracket == "[" and under.people:
            return  # a list of people is no person
        above.personal = True
        above.of_person = above.of_person or (frame.of_person and (frame.named or above.people))
