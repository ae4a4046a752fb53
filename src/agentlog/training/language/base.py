"""The base model, looked at without loading its weights: where it is, how big it is, what its licence says."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from agentlog.errors import ConfigurationError, MissingExtra
from agentlog.selection.catalogue import Catalogue
from agentlog.training.language.libraries import library

logger = logging.getLogger(__name__)

_LICENCE: Final = re.compile(r"^license(?:_name)?:\s*['\"]?([^'\"\n]+)", re.MULTILINE)
_BYTES: Final = 256
"""A vocabulary with fewer tokens cannot write every text."""


@dataclass(frozen=True, slots=True)
class Base:
    """A model to begin with."""

    name: str
    """The path or hub id that `from_pretrained` takes."""
    parameters: int
    embedding: int
    """Parameters of the embeddings and the output layer, which quantization leaves as they are."""
    linear: int
    """Parameters of the linear layers between them."""
    widths: int
    """The sum of inputs and outputs of those layers: an adapter of rank r has r times as many parameters."""
    layers: int
    hidden: int
    vocabulary: int
    context: int | None
    """The longest text in tokens; None: the model does not say."""
    dtype: str
    """Of the stored weights: "bfloat16", "float32", …"""
    licence: str
    """As the model's card or the catalogue spells it; "unknown" when neither says."""
    commercial: str
    """"yes", "no", "conditions" or "unknown", from the catalogue."""
    tokenizer: Any = field(repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """For the run card."""
        return {
            "name": self.name,
            "parameters": self.parameters,
            "context": self.context,
            "dtype": self.dtype,
            "licence": self.licence,
            "commercial": self.commercial,
        }


def find(candidate: Any, *, trust_remote_code: bool = False) -> Base:
    """Look at a base model. Its configuration and tokenizer are read, its weights are not.

    Args:
        candidate: a path, a hub id, or a candidate of `agentlog.candidates` that stands for one.
        trust_remote_code: run Python code that comes with the model.

    Raises:
        ConfigurationError: there is no such model, or it is none that writes text.
        MissingExtra: transformers or torch is not installed.
    """
    name, licence, commercial = _identity(candidate)
    transformers = library("transformers")
    config = _config(transformers, name, trust_remote_code)
    try:
        with quiet():
            tokenizer = transformers.AutoTokenizer.from_pretrained(name, trust_remote_code=trust_remote_code)
    except Exception as error:  # whatever its tokenizer's files make a reader raise  # noqa: BLE001
        raise ConfigurationError(
            f"{name} has no tokenizer that transformers can read ({type(error).__name__}): "
            "give a folder or hub id with tokenizer.json"
        ) from None
    if len(tokenizer) < _BYTES:  # transformers makes an empty one where there are no files of a tokenizer
        raise ConfigurationError(f"{name} has no tokenizer: give a folder or hub id with tokenizer.json")
    shape = _shape(transformers, config, name, trust_remote_code)
    text = config.get_text_config()
    licence = licence or _licence_of(name) or "unknown"
    return Base(
        name,
        **shape,
        layers=int(getattr(text, "num_hidden_layers", 0) or 0),
        hidden=int(getattr(text, "hidden_size", 0) or 0),
        vocabulary=int(getattr(text, "vocab_size", 0) or 0),
        context=getattr(text, "max_position_embeddings", None),
        dtype=str(getattr(config, "dtype", None) or "float32").removeprefix("torch."),
        licence=licence,
        commercial=commercial or _commercial(licence) or "unknown",
        tokenizer=tokenizer,
    )


def _identity(candidate: Any) -> tuple[str, str, str]:
    """(path or hub id, licence, commercial use) of what `train` was given."""
    if isinstance(candidate, str | Path):
        return str(candidate), *_catalogued(str(candidate))
    name = getattr(candidate, "model", None)
    if not isinstance(name, str) or not name:
        raise ConfigurationError(
            f"a language model is trained from a path, a hub id or a candidate with a model; found {type(candidate).__name__}"
        )
    return name, str(getattr(candidate, "licence", "") or ""), str(getattr(candidate, "commercial", "") or "")


def _catalogued(name: str) -> tuple[str, str]:
    """What the catalogue says of a hub id: (licence, commercial use); empty where it does not know it."""
    if Path(name).exists():
        return "", ""
    try:
        found = next((entry for entry in Catalogue.load() if entry.id == name), None)
    except MissingExtra:  # the catalogue is YAML; without its reader the model's own card is asked
        return "", ""
    return (found.spdx or "", found.commercial) if found else ("", "")


def _commercial(licence: str) -> str:
    """What the name of a licence says of commercial use; "" where it says nothing.

    >>> _commercial("cc-by-nc-4.0"), _commercial("apache-2.0"), _commercial("llama3.1")
    ('no', 'yes', '')
    """
    word = licence.lower()
    if re.search(r"\bnc\b|non-?commercial|research", word):
        return "no"
    return "yes" if word in ("apache-2.0", "mit", "bsd-3-clause", "bsd-2-clause", "cc0-1.0") else ""


def _config(transformers: Any, name: str, trust: bool) -> Any:
    local = Path(name)
    if local.exists() and not (local / "config.json").is_file():
        adapter = (local / "adapter_config.json").is_file()
        raise ConfigurationError(
            f"{name} is {'an adapter, not' if adapter else 'no'} base model: there is no config.json in it. "
            + ("Give the model that it was trained on" if adapter else "Give a folder that save_pretrained wrote")
        )
    try:
        with quiet():
            config = transformers.AutoConfig.from_pretrained(name, trust_remote_code=trust)
    except Exception as error:  # offline, misspelt, gated, no configuration of ours: hub clients raise dozens of kinds  # noqa: BLE001
        raise ConfigurationError(
            f"{name} is neither a folder with a model nor a hub id that can be reached ({type(error).__name__}). "
            "Without network give a folder, or make a small one: agentlog.training.language.scratch_model"
        ) from None
    if type(config) not in transformers.AutoModelForCausalLM._model_mapping and not trust:
        raise ConfigurationError(
            f"{name} is a {config.model_type!r} model, which transformers does not know as one that writes text"
        )
    return config


def _shape(transformers: Any, config: Any, name: str, trust: bool) -> dict[str, int]:
    """Counted on a model without memory (torch's meta device): exact for every architecture."""
    torch = library("torch")
    try:
        with torch.device("meta"), quiet():
            model = transformers.AutoModelForCausalLM.from_config(config, trust_remote_code=trust)
    except Exception as error:  # a configuration with values that its own model class does not take  # noqa: BLE001
        raise ConfigurationError(f"{name} has a configuration that makes no model ({type(error).__name__})") from None
    output = model.get_output_embeddings()
    embeddings = {
        id(one.weight): one.weight.numel() for one in (model.get_input_embeddings(), output) if one is not None
    }
    layers = [one for one in model.modules() if isinstance(one, torch.nn.Linear) and one is not output]
    return {
        "parameters": sum(weights.numel() for weights in model.parameters()),
        "embedding": sum(embeddings.values()),
        "linear": sum(one.weight.numel() for one in layers),
        "widths": sum(one.in_features + one.out_features for one in layers),
    }


def _licence_of(name: str) -> str:
    """What the model's card says: of a folder its README.md, of a hub id the card on the hub where it is reached."""
    card = Path(name) / "README.md"
    try:
        if Path(name).exists():
            text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""
            found = _LICENCE.search(text.partition("\n---")[0])
            return found.group(1).strip() if found else ""
        hub = library("huggingface_hub")
        data = hub.ModelCard.load(name).data
        return str(getattr(data, "license_name", None) or getattr(data, "license", None) or "")
    except Exception as error:  # the licence is then unknown, and the run card says so  # noqa: BLE001
        logger.debug("no card of %s could be read: %s", name, type(error).__name__)
        return ""


@contextmanager
def quiet() -> Iterator[None]:
    """No advice and no loading bars of transformers; the user's choice comes back."""
    chatter = library("transformers.utils.logging")
    level, bars = chatter.get_verbosity(), chatter.is_progress_bar_enabled()
    chatter.set_verbosity_error()
    chatter.disable_progress_bar()
    try:
        yield
    finally:
        chatter.set_verbosity(level)
        if bars:
            chatter.enable_progress_bar()
