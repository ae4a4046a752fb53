"""What is redacted, and how: the public face of redaction."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agentlog.errors import ConfigurationError
from agentlog.redaction.entities import APP_ID, ENTITIES
from agentlog.redaction.keys.values import empty
from agentlog.redaction.languages.table import Language
from agentlog.redaction.policies.known import LONGEST
from agentlog.redaction.policies.operators import check_operators, fingerprint
from agentlog.redaction.policies.recognizers import check_entity, check_recognizer, entities_of, fingerprint_of

if TYPE_CHECKING:
    from presidio_anonymizer.entities import OperatorConfig

RULES_VERSION: Final = 1
"""Raised when the rules find or write something else than before: it is part of every policy's name."""
KNOWN: Final = "KNOWN"
"""The entity of a vocabulary that is given without one."""


@dataclass(frozen=True, slots=True)
class RedactionPolicy:
    """Which personal values are exchanged, and for what.

    By default every entity of `ENTITIES` is exchanged for a placeholder such as `<EMAIL_1>`, but for order, booking and
    ticket ids (`app_ids`). It is frozen; all it says but the vocabulary's values goes into `name`, which is written into
    every record.

    Example:
        >>> from agentlog.redaction import RedactionPolicy, Redactor
        >>> policy = RedactionPolicy(keep=("IP",), keys={"loyalty_no": "USER_ID"})
        >>> Redactor(policy, pseudonym_key=b"secret").text("mia@example.com called from 93.184.216.34")
        '<EMAIL_1> called from 93.184.216.34'

    Raises:
        ConfigurationError: an entity or an operator does not exist (the message lists those that do), or another field
            cannot be used.
    """

    keep: tuple[str, ...] = ()
    """Entities that are left as they are."""
    operators: Mapping[str, OperatorConfig] = field(default_factory=dict, repr=False)
    """Entity → Presidio operator, instead of our placeholder; "DEFAULT" is for every entity that has none of its own."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """JSON keys of your own → the entity of their values, beside the word rules; spelling and separators do not matter."""
    app_ids: bool = False
    """Exchange order, booking, ticket and other ids of the application too."""
    entities: tuple[str, ...] | None = None
    """Only these are exchanged; None: all. With APP_ID among them `app_ids` is on."""
    safe_keys: tuple[str, ...] = ()
    """JSON keys whose values say nothing personal whatever the key rules and `strict` think; a checked format under such a
    key, like an e-mail address, is still found."""
    allow: tuple[str | re.Pattern[str], ...] = field(default=(), repr=False)
    """What stays wherever it stands, like the company's own support address: a value by whole words, or a compiled regular
    expression that a found value has to match from end to end."""
    strict: bool = False
    """Judge values of JSON under keys that say nothing by their looks, too: names, ids, addresses, old dates. For schemas
    that nobody has seen before; costs about ten times the over-redaction."""
    recognizers: tuple[Any, ...] = ()
    """Detectors of your own: `Pattern`, `PresidioRecognizer`, `NerRecognizer`, any object with `find(text)`, any function."""
    languages: tuple[Language, ...] = field(default=(), repr=False)
    """Tables of languages of your own, beside Chinese, German, French, Spanish, Portuguese and Japanese, which are always
    looked for."""
    vocabulary: Any = field(default=(), repr=False, hash=False)
    """Values that are personal wherever they stand, like a customer list: entity → values, or values alone (entity KNOWN).
    A path is read now: UTF-8, one value a line. Kept in memory; neither `repr` nor `name` nor an error shows them."""

    def __post_init__(self) -> None:
        for argument in ("keep", "entities", "safe_keys", "allow", "recognizers", "languages"):
            value = getattr(self, argument)
            if isinstance(value, str | bytes) or not isinstance(value, Iterable | None):
                shown = "the string" if isinstance(value, str) else "a"
                raise ConfigurationError(
                    f'{argument}= takes a tuple, like ("…",); found {shown} {_shown(argument, value)}'
                )
            if value is not None:
                object.__setattr__(self, argument, tuple(value))
        for argument in ("keys", "operators"):
            if not isinstance(getattr(self, argument), Mapping):
                raise ConfigurationError(f"{argument}= takes a dict; found a {type(getattr(self, argument)).__name__}")
            object.__setattr__(self, argument, dict(getattr(self, argument)))
        for recognizer in self.recognizers:
            check_recognizer(recognizer)
        for language in self.languages:
            if not isinstance(language, Language):
                raise ConfigurationError(
                    f"languages= takes tables, like agentlog.redaction.Language(…); found a {type(language).__name__}"
                )
        object.__setattr__(self, "vocabulary", _values(self.vocabulary))
        self._check()

    def _check(self) -> None:
        known = self.known_entities
        named = (("keep", self.keep), ("keys", self.keys.values()), ("entities", self.entities or ()))
        for argument, names in named:
            for name in names:
                if name not in known:
                    raise ConfigurationError(f"{argument}= has no entity {name!r}. There is: {', '.join(known)}")
        for key in self.safe_keys:
            if not isinstance(key, str):
                raise ConfigurationError(f"safe_keys= takes keys; found a {type(key).__name__}")
        for allowed in self.allow:
            if isinstance(allowed, re.Pattern) and isinstance(allowed.pattern, str):
                continue
            if not isinstance(allowed, str) or sum(map(str.isalnum, allowed)) < 2:
                raise ConfigurationError(
                    "allow= takes texts of at least two letters or digits, and compiled regular expressions of text"
                )
        check_operators(self.operators, known)

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def known_entities(self) -> tuple[str, ...]:
        """`ENTITIES`, and those of its own that its recognizers and its vocabulary declare."""
        own = [entity for recognizer in self.recognizers for entity in entities_of(recognizer)]
        return tuple(dict.fromkeys((*ENTITIES, *own, *self.vocabulary)))

    @property
    def kept(self) -> frozenset[str]:
        """All entities that are left as they are, by `keep` and by `entities`."""
        if self.entities is None:
            return frozenset(self.keep)
        return frozenset(self.known_entities) - frozenset(self.entities) | frozenset(self.keep)

    @property
    def exchanges_app_ids(self) -> bool:
        """Whether ids of the application are looked for."""
        return self.app_ids or APP_ID in (self.entities or ())

    @property
    def name(self) -> str:
        """`agentlog-1:` and a hash over all that the policy says; the same in every process. Written into each record.

        Of a vocabulary it knows the entities only: from a hash over values somebody who has a list of names could tell
        which of them are on it, and a customer more is no other policy.
        """
        content: dict[str, Any] = {
            "keep": sorted(set(self.keep)),
            "operators": {entity: fingerprint(config) for entity, config in self.operators.items()},
            "keys": self.keys,
            "app_ids": self.app_ids,
        }
        more = {
            "entities": None if self.entities is None else sorted(set(self.entities)),
            "safe_keys": sorted(set(self.safe_keys)),
            "allow": sorted(_described(one) for one in set(self.allow)),
            "strict": self.strict,
            "recognizers": [fingerprint_of(one) for one in self.recognizers],
            "languages": [one.fingerprint() for one in self.languages],
            "vocabulary": sorted(self.vocabulary),
        }
        # what is not said is left out: the names of policies stay when a field is added
        content |= {
            argument: value for argument, value in more.items() if value or (argument == "entities" and value == [])
        }
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return f"agentlog-{RULES_VERSION}:{digest[:12]}"

    @classmethod
    def from_toml(cls, path: str | PathLike[str]) -> RedactionPolicy:
        """A policy out of a TOML file: its table `[tool.agentlog.redaction]`, or `[redaction]`, or the whole file.

        Raises:
            ConfigurationError: it cannot be read, or a field cannot be used; the message says which.
        """
        from agentlog.redaction.policies.tables import policy_in_file

        return policy_in_file(Path(path))


def _described(allowed: str | re.Pattern[str]) -> str:
    return f"={allowed}" if isinstance(allowed, str) else f"~{allowed.flags}:{allowed.pattern}"


def _shown(argument: str, value: object) -> str:
    """A setting may be shown in an error, but for what may be words of people."""
    return repr(value) if argument != "allow" and isinstance(value, str) else type(value).__name__


def _values(given: Any) -> dict[str, tuple[str, ...]]:
    """A vocabulary as entity → values."""
    if isinstance(given, str | bytes):
        raise ConfigurationError(
            "vocabulary= takes values, or a pathlib.Path to a file of values; found a string, which may be either"
        )
    table = given if isinstance(given, Mapping) else {KNOWN: given}
    values = {}
    for entity, some in table.items():
        check_entity(entity, "vocabulary=")
        if isinstance(some, str | bytes) or not isinstance(some, Iterable | PathLike):
            raise ConfigurationError(
                f"vocabulary= takes values, or a pathlib.Path to a file of values; found a {type(some).__name__} for {entity}"
            )
        taken = tuple(dict.fromkeys(_checked(some)))
        if taken:
            values[entity] = taken
    return values


def _checked(some: Iterable[Any] | PathLike[str]) -> Iterable[str]:
    if isinstance(some, PathLike):
        try:
            lines = Path(some).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"vocabulary= cannot read {Path(some)}: {type(error).__name__}") from None
        some = lines
    for number, value in enumerate(some, 1):
        if not isinstance(value, str):
            raise ConfigurationError(f"vocabulary= takes texts; value {number} is a {type(value).__name__}")
        value = value.strip()
        if empty(value):
            continue
        if sum(map(str.isalnum, value)) < 2 or len(value) > LONGEST:
            raise ConfigurationError(
                f"vocabulary=: value {number} has fewer than two letters or digits, or more than {LONGEST} characters"
            )
        yield value
