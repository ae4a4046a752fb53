"""What a key says of its value, judged by the words in the key: `customerEmail`, `billing-zip`, `联系电话`.

Rules, not a list of keys: a schema that nobody has seen before is judged the same way. The same rules read what stands
before a colon, an equals sign or "is" in running text ("My zip code is …").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

from agentlog.redaction.entities import (
    ADDRESS,
    APP_ID,
    CARD_LAST4,
    DOB,
    EMAIL,
    FAMILY,
    GIVEN,
    IP,
    MAC,
    MIDDLE,
    NATIONAL_ID,
    PAYMENT_ID,
    PERSON,
    PHONE,
    SECRET,
    USER_ID,
    ZIP,
)
from agentlog.redaction.keys import key_words as vocabulary
from agentlog.redaction.keys.key_people import BY_AND_TO, about_people, container_of, singular
from agentlog.redaction.keys.key_words import LONGEST_KEY, canonical, words_of
from agentlog.redaction.keys.program_words import PROSE, THINGS, programs_own
from agentlog.redaction.languages.search import languages as languages_of
from agentlog.redaction.languages.table import Language
from agentlog.redaction.words.lists import PEOPLE

__all__ = ("SAFE", "Key", "KeyRules", "Rule", "about_people", "container_of", "rule_of", "rule_of_phrase", "words_of")

_KEPT: Final = 20_000


class Rule(NamedTuple):
    """What a key says: the entity of its value, and how far to trust it."""

    entity: str
    part: str = ""
    weak: bool = False
    """The value must look the part: `display_name` may be a model's, `token` may be a word of a text."""
    own: bool = False
    """The policy names this key: whatever stands under it is of that entity."""


def _rule(spec: str) -> Rule:
    entity, _, part = spec.rstrip("?").partition("/")
    return Rule(entity, part, weak=spec.endswith("?"))


_WHOLE: Final = {key: _rule(spec) for key, spec in vocabulary.WHOLE.items()}
_WHOLE_IN_KEYS: Final = {key: _rule(spec) for key, spec in vocabulary.WHOLE_IN_KEYS.items()}
_ASIAN_WHOLE: Final = {key: _rule(spec) for key, spec in vocabulary.ASIAN_WHOLE.items()}
_ASIAN: Final = tuple((part, _rule(spec)) for spec, parts in vocabulary.ASIAN.items() for part in parts.split())


@lru_cache(_KEPT)
def rule_of(key: str) -> Rule | None:
    """What the words of `key` say of its value, or None: it says nothing personal.

    >>> rule_of("customerEmail")
    Rule(entity='EMAIL', part='', weak=False, own=False)
    >>> rule_of("flight_number") is None
    True
    """
    return _rule_of(words_of(key), spoken=False)


@lru_cache(_KEPT)
def rule_of_phrase(phrase: str) -> Rule | None:
    """The same for words of a sentence: abbreviations that are words of their own mean nothing there."""
    return _rule_of(words_of(phrase), spoken=True)


def _rule_of(plain: tuple[str, ...], spoken: bool) -> Rule | None:
    if not plain:
        return None
    asian = next((word for word in plain if word >= "\u3041"), None)
    if asian is not None:
        if not spoken and asian in _ASIAN_WHOLE and len(plain) == 1:
            return _ASIAN_WHOLE[asian]
        if any(part in asian for part in vocabulary.ASIAN_APP):
            return Rule(APP_ID)
        return next((rule for part, rule in _ASIAN if part in asian), None)
    glued = "".join(plain)
    whole = _WHOLE.get(glued) or (_WHOLE_IN_KEYS.get(glued) if not spoken else None)
    if whole is not None:
        return whole
    if plain[-1] in vocabulary.SETTINGS:
        return None
    words = canonical(plain, spoken)
    return _secret(words) or _contact(words) or _identity(words) or _name(words) or _WHOLE.get(" ".join(words))


def _secret(words: tuple[str, ...]) -> Rule | None:
    have = set(words)
    if have & vocabulary.NO_SECRET:
        return None
    if have & vocabulary.SECRET_WORDS:
        return Rule(SECRET, weak=words[-1] in ("cid", "pin", "secret"))
    if words[-1] in ("key", "keys") and have & vocabulary.SECRET_KEYS:
        return Rule(SECRET)
    if words[-1] == "token" or (words[-1] == "code" and len(words) > 1 and words[-2] in vocabulary.CODES):
        return Rule(SECRET, weak=True)
    return None


_NO_BIRTH: Final = frozenset("place city country certificate name rate order state weight sex gender".split())


_CALLED: Final = frozenset("contact callback caller sms wa from dialed calling called".split())


def _contact(words: tuple[str, ...]) -> Rule | None:
    have = set(words)
    if have & {"dob", "birth"}:
        return None if have & _NO_BIRTH else Rule(DOB)
    if ("last" in have and have & {"4", "four", "digits"}) or words[-1] in ("last4", "lastfour"):
        return Rule(CARD_LAST4)
    if "email" in have or words[-2:] == ("e", "mail") or words == ("e", "email") or words[-2:] == ("e", "email"):
        return None if have & vocabulary.NO_CONTACT else Rule(EMAIL)
    if have & {"phone", "mobile", "fax", "whatsapp"} or (
        words[-1] in ("number", "id") and len(words) > 1 and words[-2] in _CALLED and words[-2:] != ("contact", "id")
    ):
        return None if have & vocabulary.NO_CONTACT else Rule(PHONE)
    if (
        "zip" in have
        or ("postal" in have and have & {"code", "codigo", "cod", "codice"})
        or {"post", "code"} <= have
        or words == ("pin", "code")
    ):
        return None if have & {"file", "archive", "path", "url", "size"} else Rule(ZIP)
    if have & {"address", "street", "residence", "address1", "address2"} or {"house", "number"} <= have:
        if "ip" in have:
            return Rule(IP)
        if "mac" in have:
            return Rule(MAC)
        return None if have & vocabulary.NO_ADDRESS else Rule(ADDRESS, weak="street" not in have and len(words) < 2)
    if words[-1] in ("ip", "ips") and len(words) <= 3:
        return Rule(IP)
    return None


_PAYING: Final = frozenset("debit credit beneficiary payee payer payout bank source destination".split())
_NETWORKS: Final = frozenset("twitter instagram telegram skype wechat facebook linkedin github discord".split())
_PLATES: Final = frozenset(
    ("plate", "plates", "numberplate", "regplate", "licenceplate", "licenseplate", "kennzeichen")
)
_NO_NATIONAL: Final = frozenset("country expiry expiration expires type status issued date issuer class state".split())


_BEGIN_NATIONAL: Final = frozenset(phrase.partition(" ")[0] for phrase in vocabulary.NATIONAL_PHRASES)


def _identity(words: tuple[str, ...]) -> Rule | None:
    have = set(words)
    sentence = f" {' '.join(words)} "
    if have & vocabulary.NATIONAL or (
        have & _BEGIN_NATIONAL and any(f" {phrase} " in sentence for phrase in vocabulary.NATIONAL_PHRASES)
    ):
        return None if have & _NO_NATIONAL else Rule(NATIONAL_ID)
    if words[-1] in _PLATES or (words[-1] in ("number", "no") and not _PLATES.isdisjoint(words)):
        return Rule(NATIONAL_ID)
    if words[-1] in vocabulary.PAYMENT_WORDS or sentence in (" sort code ", " bank account "):
        return Rule(PAYMENT_ID, weak=words == ("pan",))
    if words[-1] in ("username", "userid", "login", "uid") and words[0] not in ("last", "first", "failed"):
        return Rule(USER_ID)
    if words[0] in _NETWORKS and len(words) < 3 and words[-1] in ("id", "tag", "number", words[0]):
        return Rule(USER_ID, weak=True)
    if words[-2:] in (("login", "id"), ("login", "name"), ("logon", "name")):
        return Rule(USER_ID)
    if len(words) > 1 and words[-1] in vocabulary.ID_ENDS:
        return _id_of(words, have)
    if words == ("account",) or (words[-1] in ("account", "card") and words[0] in _PAYING):
        return Rule(PAYMENT_ID, weak=True)
    if words[-2:] == ("user", "name"):
        return Rule(USER_ID)
    if words[-1] in ("handle", "nick"):
        return Rule(USER_ID, weak=True)
    return None


def _id_of(words: tuple[str, ...], have: set[str]) -> Rule | None:
    """An id or a number: of a person, of a means of payment, of something of the application's."""
    end = words[-1]
    heads = [
        word
        for word in words[:-1]
        if word not in ("external", "internal", "unique", "global", "alternate", "old", "new")
    ]
    if not heads:
        return None
    head = heads[-1]
    if head in vocabulary.ID_ENDS and len(heads) > 1:
        head = heads[-2]
    if (
        head in vocabulary.PAYMENT_HEADS
        or (head == "method" and "payment" in have)
        or have & {"routing", "iban", "transit"}
    ):
        return Rule(PAYMENT_ID, weak=end in ("code", "ref"))
    if head == "account":
        return Rule(PAYMENT_ID if end in ("number", "no") or have & {"bank", "card"} else USER_ID)
    strong = head in vocabulary.USER_HEADS and head not in vocabulary.WEAK_USER_HEADS
    if strong and end not in ("key", "ref", "code"):
        return Rule(USER_ID)
    if strong or head in vocabulary.WEAK_USER_HEADS or head in PEOPLE or have & {"flyer", "loyalty", "membership"}:
        return Rule(USER_ID, weak=True)
    return Rule(APP_ID) if head in vocabulary.APP_HEADS else None


_PARTS: Final = {"first": GIVEN, "given": GIVEN, "last": FAMILY, "family": FAMILY}


def _name(words: tuple[str, ...]) -> Rule | None:
    at = next((index for index in range(len(words) - 1, -1, -1) if words[index] in ("name", "initial")), -1)
    if words[-1] in _PARTS and len(words) == 2 and (at == 0 or words[0] in vocabulary.NAME_HEADS | {"preferred"}):
        return Rule(PERSON, _PARTS[words[-1]], weak=True)
    if at < 0:
        return None
    tail = set(words[at + 1 :])
    if not tail <= vocabulary.NAME_TAILS:
        return None
    if at == 0:
        return Rule(PERSON) if {"on"} < tail or "legal" in tail or words[1:] == ("full",) else None
    head = singular(words[at - 1])
    if head == "by" and at > 1 and words[at - 2].endswith("d"):
        return Rule(PERSON, weak=True)
    if head in ("contact", "person") and not vocabulary.NAME_HEADS.isdisjoint(words[: at - 1]):
        return Rule(PERSON)
    if head in vocabulary.GIVEN_HEADS and not tail & {"last"}:
        return Rule(PERSON, GIVEN)
    if head in vocabulary.FAMILY_HEADS and not tail & {"first"}:
        return Rule(PERSON, FAMILY)
    if head == "middle":
        return Rule(PERSON, MIDDLE)
    if head in vocabulary.NAME_HEADS or (head == "to" and at > 1 and words[at - 2] in BY_AND_TO):
        return Rule(PERSON)
    return Rule(PERSON, weak=True) if head in vocabulary.WEAK_NAME_HEADS else None


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
    of_place: bool
    """What lies under it is where somebody lives, or something goes: `billing`, `residence`."""
    of_address: bool
    """What lies under it is an address."""
    of_name: bool
    """What lies under it is a name."""
    columns: bool
    """What lies under it may be the names of columns."""
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
        of_place=last in _PLACES,
        of_address=last in _ADDRESSES,
        of_name=last in _NAMES,
        columns=bool(words) and (last in vocabulary.COLUMNS or "".join(words) in vocabulary.COLUMNS),
        seals=text in _SEALED,
        silent=rule is None and not (people or label or kind or name or identifies),
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
