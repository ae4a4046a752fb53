"""What can be set, and from where: keyword > environment `AGENTLOG_*` > `[tool.agentlog]` in pyproject.toml > default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from agentlog.errors import ConfigurationError, NotBuilt

DIRECTORY: Final = "agentlog-records"
SURFACES: Final = ("internal", "human", "unknown")
RECORDERS: Final = ("auto", "process", "thread", "off")


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """A redaction policy as TOML says it: read here, understood by the redaction."""

    table: Mapping[str, Any]
    """Fields of `RedactionPolicy`."""
    folder: Path
    """What paths in it begin at."""
    where: str
    """Where it was found, for errors."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked. Fields are the keywords of `agentlog.configure`."""

    directory: Path = Path(DIRECTORY)
    """Where the dataset lies; made when the first record is written."""
    service: str | None = None
    """The name of the application, written into the column `service`."""
    redaction: Any = None
    """A `RedactionPolicy`, a `PolicyTable`, a callable `str -> str`, "off", or None for the default policy."""
    store: tuple[str, ...] = ("internal", "unknown")
    """The surfaces whose content is stored."""
    recorder: str = "auto"
    """Where the recorder lives: "auto", "process", "thread" or "off"."""
    pseudonym_key: bytes | None = None
    """The key of the pseudonyms; None: the one in the user's configuration folder, made when first needed."""
    sample_rate: float = 1.0
    """The share of runs that are recorded, 0 to 1."""
    roll_s: float = 60.0
    """A part is written at least this often, in seconds."""
    emit_spans: bool = False

    def __post_init__(self) -> None:
        if not self.store or not set(self.store) <= set(SURFACES):
            raise ConfigurationError(f"store= takes some of {', '.join(SURFACES)}; found {self.store!r}")
        if self.recorder not in RECORDERS:
            raise ConfigurationError(f"recorder= is one of {', '.join(RECORDERS)}; found {self.recorder!r}")
        if not 0 <= self.sample_rate <= 1:
            raise ConfigurationError(f"sample_rate= is a share from 0 to 1; found {self.sample_rate!r}")
        if not self.roll_s > 0:
            raise ConfigurationError(f"roll_s= is a time in seconds above 0; found {self.roll_s!r}")
        if self.emit_spans:
            raise NotBuilt("emit_spans=True is not there yet: spans are read, none are emitted")


def disabled(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether `AGENTLOG_DISABLED` says that nothing at all is to be done."""
    return environment.get("AGENTLOG_DISABLED", "").strip().lower() not in ("", "0", "false", "no")


def _redaction(value: str, folder: Path | None = None) -> str | PolicyTable | None:
    if value.endswith(".toml"):
        return _policy_file((folder or Path.cwd()) / Path(value).expanduser())
    if value not in ("off", "default"):
        raise ValueError(
            '"off", "default" or a TOML file of a policy; agentlog.configure(redaction=) takes a policy itself'
        )
    return "off" if value == "off" else None


def _policy_file(path: Path) -> PolicyTable:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {type(error).__name__}") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is no TOML: {error}") from None
    if "tool" in content:
        return PolicyTable(content["tool"].get("agentlog", {}).get("redaction", {}), path.absolute().parent, str(path))
    return PolicyTable(content.get("redaction", content), path.absolute().parent, str(path))


def _flag(value: str) -> bool:
    return value.strip().lower() in ("1", "true", "yes", "on")


_READ: Final[dict[str, Callable[[str], Any]]] = {
    "directory": Path,
    "service": str,
    "redaction": _redaction,
    "store": lambda value: tuple(part.strip() for part in value.split(",") if part.strip()),
    "recorder": str,
    "pseudonym_key": lambda value: value.encode(),
    "sample_rate": float,
    "roll_s": float,
    "emit_spans": _flag,
}


def load(
    given: Mapping[str, Any] | None = None, environment: Mapping[str, str] = os.environ, folder: Path | None = None
) -> Settings:
    """The settings in force: `given` (None counts as not given), then the environment, then pyproject.toml, then defaults.

    Raises:
        ConfigurationError: a value cannot be used; the message says where it was found.
    """
    return _found(given, environment, folder)[0]


def origins(
    given: Mapping[str, Any] | None = None, environment: Mapping[str, str] = os.environ, folder: Path | None = None
) -> dict[str, str]:
    """Where the value of each setting comes from: "argument", its variable, "[tool.agentlog]" or "default".

    Raises:
        ConfigurationError: as `load`.
    """
    return _found(given, environment, folder)[1]


def _found(
    given: Mapping[str, Any] | None, environment: Mapping[str, str], folder: Path | None
) -> tuple[Settings, dict[str, str]]:
    values: dict[str, Any] = {}
    origin = {field.name: "default" for field in fields(Settings)}
    table, place = _table(folder or Path.cwd())
    for name, value in table.items():
        if name not in _READ:
            raise ConfigurationError(f"[tool.agentlog] has no setting {name!r}. There is: {', '.join(_READ)}")
        if name == "redaction" and isinstance(value, dict):
            values[name] = PolicyTable(value, place, "[tool.agentlog.redaction]")
        elif name == "redaction":
            values[name] = _parse(name, str(value), "[tool.agentlog]", lambda text: _redaction(text, place))
        else:
            values[name] = _parse(name, ",".join(value) if isinstance(value, list) else str(value), "[tool.agentlog]")
        origin[name] = "[tool.agentlog]"
    for name in _READ:
        variable = f"AGENTLOG_{name.upper()}"
        text = environment.get(variable)
        if text:
            values[name] = _parse(name, text, f"the environment variable {variable}")
            origin[name] = variable
    for field in fields(Settings):
        value = (given or {}).get(field.name)
        if value is not None:
            values[field.name] = value
            origin[field.name] = "argument"
    if isinstance(values.get("directory"), str):
        values["directory"] = Path(values["directory"])
    if isinstance(values.get("store"), str):
        raise ConfigurationError(
            f'store= takes a tuple of surfaces, like ("internal",); found the string {values["store"]!r}'
        )
    if "store" in values:
        values["store"] = tuple(values["store"])
    key = values.get("pseudonym_key")
    if isinstance(key, str):
        values["pseudonym_key"] = key.encode()
    return Settings(**values), origin


def _parse(name: str, text: str, where: str, read: Callable[[str], Any] | None = None) -> Any:
    try:
        return (read or _READ[name])(text)
    except ValueError as error:
        raise ConfigurationError(f"{where} gives {name} the value {text!r}: {error}") from error


def _table(folder: Path) -> tuple[dict[str, Any], Path]:
    """`[tool.agentlog]` of the nearest pyproject.toml from `folder` upwards, and where that lies.

    {} where there is none or it cannot be read.
    """
    for place in (folder, *folder.parents):
        path = place / "pyproject.toml"
        if path.is_file():
            try:
                table = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("agentlog", {})
            except (OSError, tomllib.TOMLDecodeError):
                return {}, place
            return dict(table) if isinstance(table, dict) else {}, place
    return {}, folder
