"""A policy out of TOML: `[tool.agentlog.redaction]` in pyproject.toml, or a file of its own."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from agentlog.errors import ConfigurationError
from agentlog.redaction.policies.plugins.ner import NerRecognizer
from agentlog.redaction.policies.plugins.presidio import PresidioRecognizer
from agentlog.redaction.policies.policy import RedactionPolicy
from agentlog.redaction.policies.recognizers import Pattern

_FLAG: Final = frozenset(("strict", "app_ids"))
_TABLES: Final = frozenset(("keys", "operators"))


def policy_in_file(path: Path) -> RedactionPolicy:
    """The policy in a TOML file: its table `[tool.agentlog.redaction]`, or `[redaction]`, or the whole of it.

    Raises:
        ConfigurationError: it cannot be read, or a field cannot be used.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the policy in {path} cannot be read: {type(error).__name__}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is no TOML: {error}") from None
    table = content.get("redaction", content)
    if "tool" in content:
        table = content["tool"].get("agentlog", {}).get("redaction", {})
    return policy_from(table, path.absolute().parent, str(path))


def policy_from(table: Any, folder: Path, where: str) -> RedactionPolicy:
    """The policy that a table says.

    Args:
        table: fields of `RedactionPolicy`.
        folder: what paths in it begin at.
        where: named in errors.

    Raises:
        ConfigurationError: a field does not exist or cannot be used; the message says where it was found.
    """
    if not isinstance(table, Mapping):
        raise ConfigurationError(f"{where}: the policy is a table; found a {type(table).__name__}")
    names = [field.name for field in fields(RedactionPolicy)]
    for name in table:
        if name not in names:
            raise ConfigurationError(f"{where}: a redaction policy has no field {name!r}. There is: {', '.join(names)}")
    made: dict[str, Any] = {}
    try:
        for name, value in table.items():
            made[name] = _read(name, value, folder)
        return RedactionPolicy(**made)
    except ConfigurationError as error:
        raise ConfigurationError(f"{where}: {error}") from None


def _read(name: str, value: Any, folder: Path) -> Any:
    if name in _FLAG:
        if not isinstance(value, bool):
            raise ConfigurationError(f"{name} is true or false; found {value!r}")
        return value
    if name in _TABLES and not isinstance(value, dict):
        raise ConfigurationError(f"{name} is a table; found a {type(value).__name__}")
    if name == "operators":
        return {entity: _operator(entity, config) for entity, config in value.items()}
    if name == "vocabulary":
        return _vocabulary(value, folder)
    if name in _TABLES:
        return value
    if not isinstance(value, list):
        raise ConfigurationError(f"{name} is a list; found a {type(value).__name__}")
    if name == "allow":
        return tuple(_allowed(one) for one in value)
    if name == "recognizers":
        return tuple(_recognizer(one, folder) for one in value)
    return tuple(value)


def _operator(entity: str, config: Any) -> Any:
    from presidio_anonymizer.entities import OperatorConfig

    if isinstance(config, str):
        config = {"operator": config}
    if not isinstance(config, dict) or not isinstance(config.get("operator"), str):
        raise ConfigurationError(f'operators.{entity} is an operator, like {{ operator = "replace", new_value = "…" }}')
    return OperatorConfig(config["operator"], {name: one for name, one in config.items() if name != "operator"})


def _vocabulary(value: Any, folder: Path) -> Any:
    """A text is a path here: TOML has none of its own, and one value is a list of one."""
    if isinstance(value, dict):
        return {entity: _vocabulary(one, folder) for entity, one in value.items()}
    if not isinstance(value, str | list):
        raise ConfigurationError("vocabulary is the path of a file, a list of values, or a table of those")
    return folder / value if isinstance(value, str) else value


def _allowed(one: Any) -> Any:
    if isinstance(one, dict) and set(one) == {"regex"} and isinstance(one["regex"], str):
        try:
            return re.compile(one["regex"])
        except (re.error, OverflowError) as error:
            raise ConfigurationError(f"allow has an expression that cannot be used: {error}") from None
    if isinstance(one, str):
        return one
    raise ConfigurationError('allow is a list of texts and of { regex = "…" }')


def _recognizer(one: Any, folder: Path) -> Any:
    """`{ entity, regex }`, `{ presidio = true, … }`, `{ ner = "folder", … }` or `"module:name"`."""
    if isinstance(one, str):
        return _imported(one)
    if isinstance(one, dict):
        more = dict(one)
        try:
            if more.pop("presidio", None) is True:
                return PresidioRecognizer(**more)
            if "ner" in more:
                return NerRecognizer(folder / more.pop("ner"), **more)
            if "regex" in more:
                return Pattern(**more)
        except TypeError:
            raise ConfigurationError(f"recognizers: one cannot be made of {', '.join(one)}") from None
    raise ConfigurationError(
        'recognizers is a list of { entity = "…", regex = "…" }, { presidio = true }, { ner = "a model\'s folder" } and '
        '"module:name"'
    )


def _imported(name: str) -> Any:
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(f"recognizers: {name!r} cannot be imported: {type(error).__name__}: {error}") from None
    return found() if isinstance(found, type) else found
