"""Presidio's operators in place of our placeholders: replace, mask, hash, redact, encrypt, keep, custom.

A value is handed to `presidio_anonymizer.AnonymizerEngine` as Presidio's users know it, once per trace; equal values give
equal results within a trace. (`hash` draws a new salt for each value of a trace unless `salt` is given: then equal values
are equal across traces too. `encrypt` draws a new vector in the same way; `DeanonymizeEngine` decrypts it with the key.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from agentlog.errors import ConfigurationError

if TYPE_CHECKING:
    from presidio_anonymizer.entities import OperatorConfig

DEFAULT: Final = "DEFAULT"
"""The operator of every entity that has none of its own."""
_UNSAID: Final = frozenset(("key", "salt"))


def check_operators(operators: Mapping[str, OperatorConfig], entities: Collection[str]) -> None:
    """Raises `ConfigurationError` where an entity is none of `entities`, or an operator or its parameters not Presidio's."""
    for entity, config in operators.items():
        if entity not in entities and entity != DEFAULT:
            raise ConfigurationError(
                f"operators= has no entity {entity!r}. There is: {', '.join(entities)}, and {DEFAULT} for all others"
            )
        if not (hasattr(config, "operator_name") and hasattr(config, "params")):
            raise ConfigurationError(
                f"operators[{entity!r}] takes a presidio_anonymizer.entities.OperatorConfig; found {type(config).__name__}"
            )
    if operators:
        from presidio_anonymizer.operators import OperatorsFactory, OperatorType

        factory = OperatorsFactory()  # type: ignore[no-untyped-call]  # Presidio's constructors are untyped
        for entity, config in operators.items():
            try:
                operator = factory.create_operator_class(config.operator_name, OperatorType.Anonymize)
                operator.validate(dict(config.params, entity_type=entity))
                if (
                    config.operator_name != "custom"
                ):  # Presidio's validation calls a function of the application's own already
                    # a salt that is too short is only refused at work, where every text would be withheld for it
                    operator.operate("probe", dict(config.params, entity_type=entity))
            except Exception as error:  # noqa: BLE001 - Presidio raises its own kinds, and TypeError for missing parameters
                raise ConfigurationError(
                    f"operators[{entity!r}]: Presidio does not take the operator {config.operator_name!r} so: {type(error).__name__}"
                    f" ({', '.join(sorted(factory.get_anonymizers()))} are there)"
                ) from None


def fingerprint(config: OperatorConfig) -> str:
    """A stable name for an operator and its parameters, that gives none of them away.

    Of a key or a salt it says only that there is one: a guess at it could be tried against a hash.
    """
    described = ";".join(
        f"{key}={'given' if key in _UNSAID else _describe(value)}" for key, value in sorted(config.params.items())
    )
    return f"{config.operator_name}:{hashlib.sha256(described.encode()).hexdigest()}"


def _describe(value: Any) -> str:
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__qualname__)}"
    if isinstance(value, str | bytes | bytearray | int | float | bool | type(None)):
        return repr(value)
    if isinstance(value, list | tuple | set | frozenset):
        parts = [_describe(one) for one in value]
        return f"[{','.join(sorted(parts) if isinstance(value, set | frozenset) else parts)}]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{_describe(one)}" for key, one in sorted(value.items(), key=repr)) + "}"
    return type(value).__qualname__


class Operators:
    """The operators of a policy, for one trace: remembers what each value became."""

    def __init__(self, operators: Mapping[str, OperatorConfig]) -> None:
        self._operators = operators
        self._done: dict[tuple[str, str], str] = {}
        self._engine: Any = None

    def has(self, entity: str) -> bool:
        """Whether the policy has an operator for `entity`."""
        return entity in self._operators or DEFAULT in self._operators

    def apply(self, entity: str, value: str) -> str:
        """What Presidio's operator makes of `value`."""
        done = self._done.get((entity, value))
        if done is None:
            done = self._done[entity, value] = self._run(entity, value)
        return done

    def _run(self, entity: str, value: str) -> str:
        from presidio_anonymizer import AnonymizerEngine
        from presidio_anonymizer.entities import RecognizerResult

        if self._engine is None:
            self._engine = AnonymizerEngine()  # type: ignore[no-untyped-call]  # Presidio's constructors are untyped
        config = self._operators.get(entity) or self._operators[DEFAULT]
        found = RecognizerResult(entity_type=entity, start=0, end=len(value), score=1.0)
        return str(self._engine.anonymize(value, [found], operators={entity: config}).text)
