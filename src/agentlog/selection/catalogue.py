"""The catalogue of small language models: what is shipped, and what a user adds to it."""

from __future__ import annotations

import difflib
import importlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from agentlog.errors import ConfigurationError, MissingExtra, UnknownName
from agentlog.selection.footprint import Shape

_COMMERCIAL: Final = ("yes", "no", "conditions")
_TEMPLATES: Final = ("drops", "none", "renders")
_KEYS: Final = frozenset(
    {
        "id", "named_in_paper", "released", "params", "active_params", "context", "licence", "released_on", "shape",
        "trained_on_tokens", "tool_template", "reasoning", "fine_tuned_rank", "benchmarks", "note",
    }
)  # fmt: skip
_SHAPE: Final = frozenset(
    {"layers", "kv_heads", "head_dim", "attention_layers", "heads", "hidden", "ffn", "vocab", "upper_bound"}
)
_LICENCE: Final = frozenset({"spdx", "commercial", "why", "source"})
_RANK: Final = frozenset({"average", "place", "of", "source"})
_FIGURE: Final = frozenset({"value", "source", "setting", "by"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and where it can be looked up."""

    value: Any
    source: str
    setting: str = ""
    """How it was measured; of benchmarks only."""
    by: str = ""
    """Who measured it; of benchmarks only."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One model. What nobody says is None, never guessed."""

    id: str
    params: float
    """Weights of the checkpoint, embeddings included."""
    active_params: float
    """Weights that one token touches: fewer than `params` in a mixture of experts."""
    context: int | None
    spdx: str | None
    commercial: str
    """"yes", "no", "conditions", or "" where the licence is not known."""
    licence_why: str
    shape: Shape | None
    trained_on_tokens: float | None
    fine_tuned_rank: float | None
    """Average rank after fine-tuning, 1 is best, in the largest published comparison."""
    rank_of: int
    tool_template: str
    """"drops", "none", "renders", or "" where nobody looked."""
    reasoning: bool
    released: bool
    named_in_paper: bool
    note: str
    benchmarks: Mapping[str, Figure] = field(repr=False)
    """One key for each version of a benchmark. Figures of different keys, settings or parties cannot be compared."""
    figures: Mapping[str, Figure] = field(repr=False)
    """Everything above that is a figure, with its source."""


@dataclass(frozen=True, slots=True, repr=False)
class Catalogue:
    """Models by id.

    Example:
        >>> catalogue = Catalogue.load()
        >>> catalogue["Qwen/Qwen3-0.6B"].spdx
        'Apache-2.0'
    """

    entries: tuple[Entry, ...]

    @classmethod
    def load(cls, *paths: str | Path) -> Catalogue:
        """The shipped catalogue, with the models of your own files added.

        A model whose id is there already is overridden key by key, so that one licence or one benchmark can be corrected
        by three lines. A later path wins.

        Args:
            paths: YAML files of the form of the shipped one: `models: [{id: …, params: {value: …, source: …}}]`.

        Raises:
            ConfigurationError: a file cannot be read, has an unknown key, or a figure without a source.
            MissingExtra: pyyaml is not installed.
        """
        merged = dict(_shipped())
        for path in paths:
            try:
                text = Path(path).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigurationError(f"the catalogue {path} cannot be read: {error}") from error
            for id, model in _models(text, str(path)).items():
                merged[id] = merged.get(id, {}) | model
        return cls(tuple(_entry(id, model) for id, model in merged.items()))

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __contains__(self, id: object) -> bool:
        return any(entry.id == id for entry in self.entries)

    def __getitem__(self, id: str) -> Entry:
        """The model of that id.

        Raises:
            UnknownName: there is none; the message holds close ids.
        """
        for entry in self.entries:
            if entry.id == id:
                return entry
        ids = [entry.id for entry in self.entries]
        close = difflib.get_close_matches(str(id), ids, n=5, cutoff=0.4) or ids[:10]
        raise UnknownName(f"no model {id!r} among the {len(ids)} of the catalogue. Close: {', '.join(close)}")

    def __repr__(self) -> str:
        return f"Catalogue of {len(self)} models, {sum(entry.commercial == 'yes' for entry in self)} free for commercial use"


@cache
def _shipped() -> Mapping[str, dict[str, Any]]:
    text = resources.files("agentlog.selection").joinpath("catalogue.yaml").read_text(encoding="utf-8")
    return _models(text, "the shipped catalogue")


def _models(text: str, where: str) -> dict[str, dict[str, Any]]:
    """Checked models of one file by id, their sources spelled out."""
    try:
        yaml: Any = importlib.import_module("yaml")  # it has no types
    except ImportError as error:
        raise MissingExtra("pyyaml", "study", "agentlog.candidates") from error
    try:
        data = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{where} is no YAML: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("models"), list):
        raise ConfigurationError(f"{where} holds no list `models:`; found {type(data).__name__}")
    if unknown := set(data) - {"format", "sources", "models"}:
        raise ConfigurationError(
            f"{where} has the unknown key {sorted(map(str, unknown))[0]!r}: format, sources, models"
        )
    if data.get("format", 1) != 1:
        raise ConfigurationError(f"{where} is of format {data['format']}; this agentlog reads format 1")
    sources = data.get("sources") or {}
    found: dict[str, dict[str, Any]] = {}
    for number, model in enumerate(data["models"]):
        if not isinstance(model, dict) or not isinstance(model.get("id"), str) or not model["id"].strip():
            raise ConfigurationError(f"{where}: model {number + 1} has no id, like `id: Qwen/Qwen3-0.6B`")
        id = model["id"]
        if id in found:
            raise ConfigurationError(f"{where}: {id} stands there twice")
        found[id] = {key: _checked(key, value, f"{where}: {id}", sources) for key, value in model.items()}
    return found


def _checked(key: str, value: Any, where: str, sources: Mapping[str, Any]) -> Any:
    if key not in _KEYS:
        close = difflib.get_close_matches(key, _KEYS, n=1)
        raise ConfigurationError(
            f"{where} has the unknown key {key!r}" + (f": is it {close[0]!r}?" if close else f": {sorted(_KEYS)}")
        )
    if key in ("id", "note"):
        return str(value)
    if key in ("named_in_paper", "released"):
        return bool(value)
    if key == "benchmarks":
        if not isinstance(value, dict):
            raise ConfigurationError(f"{where}: benchmarks is a table name: {{value, setting, by, source}}")
        return {name: _sourced(one, f"{where}: {name}", _FIGURE, sources) for name, one in value.items()}
    if key == "fine_tuned_rank":
        if not isinstance(value, list):
            raise ConfigurationError(f"{where}: fine_tuned_rank is a list of {{average, place, of, source}}")
        return [_sourced(one, f"{where}: {key}", _RANK, sources) for one in value]
    allowed = _LICENCE if key == "licence" else _SHAPE | {"source"} if key == "shape" else _FIGURE
    found = _sourced(value, f"{where}: {key}", allowed, sources)
    if key == "licence" and found.get("commercial") not in _COMMERCIAL:
        # YAML reads a bare yes as true
        said = found.get("commercial")
        found["commercial"] = {True: "yes", False: "no"}.get(said) if isinstance(said, bool) else None
        if found["commercial"] is None:
            raise ConfigurationError(f"{where}: licence: commercial is yes, no or conditions; found {said!r}")
    if key == "tool_template" and found["value"] not in _TEMPLATES:
        raise ConfigurationError(f"{where}: tool_template is one of {', '.join(_TEMPLATES)}; found {found['value']!r}")
    if key in ("params", "active_params", "context", "trained_on_tokens"):
        number = found["value"]
        if not isinstance(number, int | float) or isinstance(number, bool) or not 0 < number < math.inf:
            raise ConfigurationError(f"{where}: {key} is a number above 0; found {number!r}")
    return found


def _sourced(value: Any, where: str, allowed: frozenset[str], sources: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where} is no {{value: …, source: …}}; found {value!r}")
    if unknown := set(value) - allowed:
        raise ConfigurationError(f"{where} has the unknown key {sorted(map(str, unknown))[0]!r}: {sorted(allowed)}")
    source = value.get("source")
    if not isinstance(source, str) or not source.strip():
        raise ConfigurationError(f"{where} has no source: say where the figure can be looked up (`source: https://…`)")
    if "value" in allowed and "value" not in value:
        raise ConfigurationError(f"{where} has no value")
    return value | {"source": str(sources.get(source, source))}


def _entry(id: str, model: Mapping[str, Any]) -> Entry:
    if "params" not in model:
        raise ConfigurationError(f"{id} has no params: {{value: 4022468096, source: …}}")
    licence, shape = model.get("licence", {}), dict(model.get("shape", {}))
    shape.pop("source", None)
    ranks = [one for one in model.get("fine_tuned_rank", ()) if "average" in one]
    rank: Mapping[str, Any] = max(ranks, key=lambda one: one.get("of", 0), default={})
    context = model.get("context", {}).get("value")
    tokens = model.get("trained_on_tokens", {}).get("value")
    return Entry(
        id=id,
        params=float(model["params"]["value"]),
        active_params=float(model.get("active_params", model["params"])["value"]),
        context=None if context is None else int(context),
        spdx=licence.get("spdx"),
        commercial=licence.get("commercial", ""),
        licence_why=str(licence.get("why", "")),
        shape=Shape(**shape) if {"layers", "kv_heads", "head_dim"} <= set(shape) else None,
        trained_on_tokens=None if tokens is None else float(tokens),
        fine_tuned_rank=rank.get("average"),
        rank_of=int(rank.get("of", 0)),
        tool_template=str(model.get("tool_template", {}).get("value", "")),
        reasoning=bool(model.get("reasoning", {}).get("value", False)),
        released=bool(model.get("released", True)),
        named_in_paper=bool(model.get("named_in_paper", False)),
        note=str(model.get("note", "")),
        benchmarks={name: _figure(id, one) for name, one in model.get("benchmarks", {}).items()},
        figures={
            name: _figure(id, one)
            for name, one in model.items()
            if isinstance(one, dict) and name not in ("benchmarks", "released")
        }
        | {f"fine_tuned_rank_of_{one.get('of')}": _figure(id, one) for one in model.get("fine_tuned_rank", ())},
    )


def _figure(id: str, one: Mapping[str, Any]) -> Figure:
    value = one["value"] if "value" in one else {name: part for name, part in one.items() if name != "source"}
    source = str(one["source"]).replace("<id>", id)
    return Figure(value, source, str(one.get("setting", "")), str(one.get("by", "")))
