"""Models that tag names in a text: token classifiers of Hugging Face and GLiNER, from a folder on this machine."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, Final

from agentlog.errors import ConfigurationError
from agentlog.redaction.entities import PERSON
from agentlog.redaction.keys.rules import rule_of
from agentlog.redaction.policies.recognizers import check_entity

_WINDOW: Final = 400
"""Characters that a model is given at once: 512 tokens hold them even where each is a token; what is beyond is cut unseen."""
_OVERLAP: Final = 100
_GLINER_LABELS: Final = {"person": PERSON, "street address": "ADDRESS"}
_Asked = Callable[[str], Iterable[tuple[int, int, str, float]]]


class NerRecognizer:
    """A model that tags names, for `RedactionPolicy(recognizers=)`.

    Args:
        model: the folder of a token classifier (`config.json`) or of a GLiNER model (`gliner_config.json`); nothing is ever
            downloaded. Or a model that is loaded already: a `token-classification` pipeline of transformers, or a GLiNER.
        labels: label of the model → entity. None: labels that name what `ENTITIES` knows, like `PER`, `FIRSTNAME` or
            `PHONE_NUMBER`; for GLiNER "person" and "street address".
        threshold: the least score that counts, 0 to 1.

    Example:
        >>> policy = RedactionPolicy(recognizers=[NerRecognizer("models/names", labels={"PER": "PERSON"})])

    Raises:
        ConfigurationError: there is no such folder, the library that it needs is not installed, or an argument cannot be used.
    """

    limit_s = 60.0
    """Seconds for one text: a model takes some hundred milliseconds a kilobyte."""

    def __init__(
        self, model: str | PathLike[str] | object, labels: Mapping[str, str] | None = None, threshold: float = 0.5
    ) -> None:
        if not 0 <= threshold <= 1:
            raise ConfigurationError(f"NerRecognizer(threshold=) is from 0 to 1; found {threshold!r}")
        for entity in (labels or {}).values():
            check_entity(entity, "NerRecognizer(labels=)")
        self._labels = None if labels is None else dict(labels)
        self._threshold = threshold
        self._folder: Path | None = None
        self._model: Any = None
        if isinstance(model, str | PathLike):
            self._folder = Path(model).expanduser().absolute()
            needed = _library_for(self._folder)
            if importlib.util.find_spec(needed) is None:
                raise ConfigurationError(
                    f"NerRecognizer needs {needed}, which is not installed: pip install 'agentlog[ner]'"
                )
        elif callable(model) or hasattr(model, "predict_entities"):
            self._model = model
        else:
            raise ConfigurationError(f"NerRecognizer takes a folder or a model; found a {type(model).__name__}")

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_model": None if self._folder is not None else self._model}

    @property
    def entities(self) -> tuple[str, ...]:
        """What it finds, as far as it was said."""
        return tuple(dict.fromkeys((self._labels or _GLINER_LABELS).values()))

    @property
    def fingerprint(self) -> str:
        """Changes with the model's configuration and with what is asked of it."""
        made = type(self._model).__qualname__
        if self._folder is not None:
            config = self._folder / _config_of(self._folder)
            made = hashlib.sha256(config.read_bytes()).hexdigest() if config.is_file() else "gone"
        return f"{made} {json.dumps(self._labels, sort_keys=True)} {self._threshold}"

    def prepare(self) -> None:
        """Loads the model: seconds, once."""
        if self._model is None and self._folder is not None:
            self._model = _loaded(self._folder)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """What the model tags, window by window; what stands in the overlap of two is given once."""
        self.prepare()
        ask = self._gliner if hasattr(self._model, "predict_entities") else self._classifier
        given: set[tuple[int, int, str]] = set()
        for offset, window in _windows(text):
            for start, end, label, score in ask(window):
                entity = self._entity(label)
                place = (offset + start, offset + end)
                if entity is not None and score >= self._threshold and end > start and (*place, entity) not in given:
                    given.add((*place, entity))
                    yield (*place, entity)

    def _entity(self, label: str) -> str | None:
        if self._labels is not None:
            return self._labels.get(label) or self._labels.get(_bare(label))
        if label in _GLINER_LABELS:
            return _GLINER_LABELS[label]
        bare = _bare(label)
        if bare.upper() in ("PER", "PERSON", "NAME"):
            return PERSON
        rule = rule_of(bare.lower())
        return rule.entity if rule is not None else None

    def _gliner(self, window: str) -> Iterator[tuple[int, int, str, float]]:
        asked = list(self._labels or _GLINER_LABELS)
        for one in self._model.predict_entities(window, asked, threshold=self._threshold):
            yield one["start"], one["end"], one["label"], float(one["score"])

    def _classifier(self, window: str) -> Iterator[tuple[int, int, str, float]]:
        for one in self._model(window):
            label = one.get("entity_group") or one.get("entity")
            if one.get("start") is None or one.get("end") is None:
                raise ValueError("the model's tokenizer tells no places")
            start = int(one["start"])
            start += len(window[start : one["end"]]) - len(window[start : one["end"]].lstrip())
            yield start, int(one["end"]), str(label), float(one["score"])


def _bare(label: str) -> str:
    return label[2:] if label[:2] in ("B-", "I-", "E-", "S-", "L-", "U-") else label


def _windows(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of a text with their offsets, cut between words where there are any."""
    start = 0
    while True:
        end = start + _WINDOW
        if end >= len(text):
            yield start, text[start:]
            return
        cut = text.rfind(" ", start + _WINDOW - _OVERLAP, end)
        end = cut if cut > 0 else end
        yield start, text[start:end]
        back = text.rfind(" ", end - _OVERLAP, end - _OVERLAP // 2)
        start = back + 1 if back > 0 else end - _OVERLAP


def _config_of(folder: Path) -> str:
    return "gliner_config.json" if (folder / "gliner_config.json").is_file() else "config.json"


def _library_for(folder: Path) -> str:
    if not folder.is_dir():
        raise ConfigurationError(
            f"NerRecognizer takes a model's folder, and {folder} is none. Nothing is downloaded: fetch the model first"
        )
    config = _config_of(folder)
    if not (folder / config).is_file():
        raise ConfigurationError(f"{folder} is no model's folder: neither gliner_config.json nor config.json is in it")
    return "gliner" if config == "gliner_config.json" else "transformers"


def _loaded(folder: Path) -> Any:
    """The model in `folder`, loaded without a look at the network."""
    with _offline():
        if _library_for(folder) == "gliner":
            return importlib.import_module("gliner").GLiNER.from_pretrained(str(folder), local_files_only=True)
        return _token_classifier(importlib.import_module("transformers"), folder)


@contextmanager
def _offline() -> Iterator[None]:
    """A GLiNER looks for its backbone on the hub although its folder is local: the hub is off while a model is loaded."""
    constants: Any = importlib.import_module("huggingface_hub.constants")
    before, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def _token_classifier(transformers: Any, folder: Path) -> Any:
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    model = transformers.AutoModelForTokenClassification.from_pretrained(str(folder), local_files_only=True)
    return transformers.pipeline(
        "token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="simple"
    )
