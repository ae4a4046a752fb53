"""Whom or what the things under a key are about: `savedPassengers`, `guestDetails`, `payment_methods`, `signed_by`."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from agentlog.redaction.entities import APP_ID, PAYMENT_ID, USER_ID
from agentlog.redaction.keys import key_words as vocabulary
from agentlog.redaction.keys.key_words import canonical, words_of
from agentlog.redaction.words.lists import PEOPLE

_KEPT: Final = 20_000
_TECHNICAL: Final = frozenset(
    """caller worker driver player manager creator parent child owner profile individual speaker lead rep provider reviewer editor
    engineer technician trainer coach lead follower watcher partner sibling son companion founder director witness courier""".split()
)
"""People, or parts of a program: what lies under them is not taken for somebody's id without more."""


def singular(word: str) -> str:
    """`passengers` → `passenger`; good enough to ask whether a word is about people."""
    if word in ("people", "children"):
        return {"people": "person", "children": "child"}[word]
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _last_word(key: str) -> str:
    """The word that says what lies under a key, past words that only hold things together: `worker_data` → worker."""
    words = [singular(word) for word in canonical(words_of(key))]
    while len(words) > 1 and words[-1] in vocabulary.WRAPPERS:
        words.pop()
    return words[-1] if words else ""


@lru_cache(_KEPT)
def about_people(key: str) -> bool:
    """Whether what lies under `key` is about people: `saved_passengers`, `user`, `guestDetails`, `signedBy`."""
    words = words_of(key)
    if not words:
        return False
    last = _last_word(key)
    if last in PEOPLE:
        return True
    # who did it: `signed_by`, `reported_by`; who it goes to: `ship_to`
    return len(words) == 2 and (
        (words[1] == "by" and words[0].endswith("d") and words[0] not in _NOT_BY)
        or (words[1] == "to" and words[0] in BY_AND_TO)
    )


_NOT_BY: Final = frozenset(
    "sorted ordered grouped filtered limited powered operated divided backed caused partitioned bounded".split()
)
BY_AND_TO: Final = frozenset("ship bill sold deliver assigned remit attention consigned".split())


@lru_cache(_KEPT)
def container_of(key: str) -> str | None:
    """The entity of the ids that lie under `key`, as keys, as `id` or as members of a list: `payment_methods`."""
    words = canonical(words_of(key))
    if not words:
        return None
    last = _last_word(key)
    have = {singular(word) for word in words}
    if have & {"payment", "card", "giftcard", "wallet", "iban"} or last == "account":
        return None if have & {"status", "type", "option", "boarding", "total", "summary"} else PAYMENT_ID
    if last in PEOPLE - _TECHNICAL:
        return USER_ID
    if last in vocabulary.APP_HEADS and words_of(key)[-1] != last:
        return APP_ID
    return None
