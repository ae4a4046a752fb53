"""What is redacted, and how: the public face of redaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from agentlog.errors import ConfigurationError
from agentlog.redaction.entities import ENTITIES
from agentlog.redaction.operators import check_operators, fingerprint

if TYPE_CHECKING:
    from presidio_anonymizer.entities import OperatorConfig

RULES_VERSION: Final = 1
"""Raised when the rules find or write something else than before: it is part of every policy's name."""


@dataclass(frozen=True, slots=True)
class RedactionPolicy:
    """Which personal values are exchanged, and for what.

    By default every entity of `ENTITIES` is exchanged for a placeholder such as `<EMAIL_1>`, but for order, booking and
    ticket ids (`app_ids`).

    Example:
        >>> from agentlog.redaction import RedactionPolicy, Redactor
        >>> policy = RedactionPolicy(keep=("IP",), keys={"loyalty_no": "USER_ID"})
        >>> Redactor(policy, pseudonym_key=b"secret").text("mia@example.com called from 93.184.216.34")
        '<EMAIL_1> called from 93.184.216.34'

    Raises:
        ConfigurationError: an entity or an operator does not exist; the message lists those that do.
    """

    keep: tuple[str, ...] = ()
    """Entities that are left as they are."""
    operators: Mapping[str, OperatorConfig] = field(default_factory=dict, repr=False)
    """Entity → Presidio operator, instead of our placeholder; "DEFAULT" is for every entity that has none of its own."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """JSON keys of your own → the entity of their values, beside the word rules; spelling and separators do not matter."""
    app_ids: bool = False
    """Exchange order, booking, ticket and other ids of the application too."""

    def __post_init__(self) -> None:
        if isinstance(self.keep, str):
            raise ConfigurationError(f'keep= takes a tuple of entities, like ("IP",); found the string {self.keep!r}')
        object.__setattr__(self, "keep", tuple(self.keep))
        object.__setattr__(self, "keys", dict(self.keys))
        object.__setattr__(self, "operators", dict(self.operators))
        for argument, names in (("keep", self.keep), ("keys", self.keys.values())):
            for name in names:
                if name not in ENTITIES:
                    raise ConfigurationError(f"{argument}= has no entity {name!r}. There is: {', '.join(ENTITIES)}")
        check_operators(self.operators)

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def name(self) -> str:
        """`agentlog-1:` and a hash over all that the policy says; the same in every process. Written into each record."""
        content = {
            "keep": sorted(set(self.keep)),
            "operators": {entity: fingerprint(config) for entity, config in self.operators.items()},
            "keys": self.keys,
            "app_ids": self.app_ids,
        }
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return f"agentlog-{RULES_VERSION}:{digest[:12]}"
