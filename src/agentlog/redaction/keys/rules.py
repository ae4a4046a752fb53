"""All that a key says where it stands in a structure, under the rules in force: a policy's own keys first, then the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from agentlog.redaction.entities import APP_ID, EMAIL, NATIONAL_ID, PAYMENT_ID, PERSON, PHONE
from agentlog.redaction.keys import key_words as vocabulary
from agentlog.redaction.keys.key_people import about_people, container_of
from agentlog.redaction.keys.key_words import LONGEST_KEY, canonical, words_of
from agentlog.redaction.keys.program_words import PROSE, THINGS, programs_own
from agentlog.redaction.keys.word_rules import Rule, rule_of, rule_of_phrase
from agentlog.redaction.languages.search import languages as languages_of
from agentlog.redaction.languages.table import Language

__all__ = ("SAFE", "Key", "KeyRules", "Rule", "about_people", "container_of", "rule_of", "rule_of_phrase", "words_of")

_KEPT: Final = 20_000
SAFE: Final = Rule("")
"""What a policy says of a key whose values are nobody's."""


@dataclass(slots=True)
class Key:
    """All that the words of a key say, where it stands in a structure."""

    text: str
    words: tuple[str, ...]
    rule: Rule | None
    container: str | None
    program: bool | None
    """It is about the program or about things; None: what lies around it has to say."""
    people: bool
    """What lies under it is about people."""
    wraps: bool
    """It only holds things together: what is known around it holds inside it."""
    label: bool
    """Its value may name another value."""
    held: bool
    """Its value may be named by another."""
    kind: bool
    """Its value may say what the object is about."""
    name: bool
    """It is `name`: whose, it does not say."""
    thing: bool
    """The object it stands in is an order, a product, a case."""
    prose: bool
    """Its values are sentences."""
    contact: bool
    """What lies under it is how somebody is reached."""
    part: str
    """The part of a name that it says under a name: `first`."""
    place: str
    """The entity that it says within an address: `line`, `code`."""
    passes: bool
    """It says nothing itself: the key above it does."""
    of_birth: bool
    """It is a part of a date."""
    document: bool
    """It is the number of a document."""
    papers: bool
    """What lies under it is about a document of somebody's."""
    identifies: bool
    """It is `id`."""
    relative: bool
    """It is the id of a parent or a child: somebody's, or a node's."""
    family: bool
    """It is the name of somebody who may have a parent in the record: a pupil, a child."""
    of_place: bool
    """What lies under it is where somebody lives, or something goes: `billing`, `residence`."""
    of_address: bool
    """What lies under it is an address."""
    of_name: bool
    """What lies under it is a name."""
    columns: bool
    """What lies under it may be the names of columns."""
    inside: Rule | None
    """What is told under it in parts: of `BankAccountDetails` what `bank_account` says."""
    seals: bool
    """What lies under it is secret, if it is a Kubernetes Secret's."""
    silent: bool
    """It says nothing, neither of its value nor, by it, of other values."""


_PLACES: Final = frozenset(
    "postal mailing residence home domicile delivery shipping billing location pickup dropoff geo".split()
)
_ADDRESSES: Final = frozenset(("address", "addr", "adr"))
_NAMES: Final = frozenset(("name", "names", "nm"))
_SEALED: Final = frozenset(("data", "stringData"))


def _inside(words: tuple[str, ...]) -> Rule | None:
    """What a key says of the parts that lie under it, past words that only hold them together."""
    end = len(words)
    while end > 1 and words[end - 1] in vocabulary.DETAILS:
        end -= 1
    rule = rule_of("_".join(words[:end])) if end < len(words) else None
    return rule if rule is not None and rule.entity in _TOLD_IN_PARTS else None


_TOLD_IN_PARTS: Final = frozenset((PAYMENT_ID, NATIONAL_ID, PHONE, EMAIL))


def key_of(text: str, rule: Rule | None, container: str | None) -> Key:
    """What is said by a key with that rule and container."""
    words = words_of(text)
    first, last = (words[0], words[-1]) if words else ("", "")
    tail = words[-2] if len(words) > 1 and last.isdigit() else last
    alone = len(words) == 1 or first in ("name", "nm", "preferred", "legal") or last.isdigit()
    people = about_people(text)
    label = last in vocabulary.LABELS or first in ("field", "attribute")
    kind = last in vocabulary.KINDS
    name = len(words) == 1 and canonical(words) == ("name",)
    identifies = words in (("id",), ("ids",), ("key",))
    relative = rule is None and len(words) > 1 and words[-2] in vocabulary.NODES and last in vocabulary.ID_ENDS
    return Key(
        text,
        words,
        rule,
        container,
        program=programs_own(words),
        people=people,
        wraps=all(vocabulary.wraps(word) for word in words),
        label=label,
        held=last in vocabulary.VALUES or first == "value",
        kind=kind,
        name=name,
        thing=not THINGS.isdisjoint(words),
        prose=not PROSE.isdisjoint(words),
        contact=not vocabulary.CONTACT.isdisjoint(words),
        part=vocabulary.PART_OF_NAME.get(tail, "") if alone else "",
        place=vocabulary.OF_ADDRESS.get(tail, ""),
        passes=not words or tail in vocabulary.PASSES_ON or first == "value" or tail.isdigit(),
        of_birth=tail in vocabulary.OF_BIRTH,
        document=tail in vocabulary.NUMBERS and not vocabulary.DOCUMENT.isdisjoint(words),
        papers=not vocabulary.DOCUMENT.isdisjoint(words),
        identifies=identifies,
        relative=relative,
        family=rule is not None and rule.entity == PERSON and not vocabulary.FAMILIES.isdisjoint(words),
        of_place=last in _PLACES,
        of_address=last in _ADDRESSES,
        of_name=last in _NAMES,
        columns=bool(words) and (last in vocabulary.COLUMNS or "".join(words) in vocabulary.COLUMNS),
        inside=_inside(words),
        seals=text in _SEALED,
        silent=rule is None and not (people or label or kind or name or identifies or relative),
    )


_OF_NUMBERS: Final = key_of("0", None, None)
"""What a key that is a number says, as in lists that became objects."""


class KeyRules:
    """The rules in force under a policy: its own keys first, then the word rules.

    Args:
        own: key → entity of its values.
        app_ids: whether ids of the application count.
        safe: keys whose values are nobody's; one that is in `own` too is not safe.
        strict: whether values under keys that say nothing are judged by their looks.
        languages: tables beside those that are built in.
        optional: those of `entities.OPTIONAL` that are looked for.
    """

    def __init__(
        self,
        own: Mapping[str, str],
        app_ids: bool,
        safe: Iterable[str] = (),
        strict: bool = False,
        languages: tuple[Language, ...] = (),
        optional: frozenset[str] = frozenset(),
    ) -> None:
        self._own = dict.fromkeys(("".join(words_of(key)) for key in safe), SAFE)
        self._own |= {"".join(words_of(key)): Rule(entity, own=True) for key, entity in own.items()}
        self._app_ids = app_ids
        self.strict = strict
        self.optional = optional
        self.languages = languages_of(languages)
        """Words and shapes of other languages than English."""
        self.rule = lru_cache(_KEPT)(self._rule)
        """What a key says of its value: `rule(key)`."""
        self.spoken = lru_cache(_KEPT)(self._spoken)
        """What words of a sentence say of what follows them: `spoken(phrase)`."""
        self.key = lru_cache(_KEPT)(self._key)
        """All that a key says: `key(key)`."""

    def _rule(self, key: str) -> Rule | None:
        own = self._own.get("".join(words_of(key))) if self._own else None
        return own if own is not None else self._wanted(rule_of(key[:LONGEST_KEY]))

    def _spoken(self, phrase: str) -> Rule | None:
        own = self._own.get("".join(words_of(phrase))) if self._own else None
        return own if own is not None else self._wanted(rule_of_phrase(phrase[:LONGEST_KEY]))

    def _wanted(self, rule: Rule | None) -> Rule | None:
        return None if rule is not None and rule.entity == APP_ID and not self._app_ids else rule

    def container(self, key: str) -> str | None:
        """The entity of the ids that lie under `key`."""
        entity = container_of(key[:LONGEST_KEY])
        return None if entity == APP_ID and not self._app_ids else entity

    def _key(self, key: str) -> Key:
        if key.isdigit():
            return replace(_OF_NUMBERS, text=key, words=(key,))
        return key_of(key, self._rule(key), self.container(key))
