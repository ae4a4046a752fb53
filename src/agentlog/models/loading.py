"""Opening a model, wherever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agentlog.errors import ConfigurationError, DatasetError
from agentlog.models.contract import Model
from agentlog.models.folder import Folder, open_folder


def load(path: str | Path, **options: Any) -> Model:
    """The model in a folder that `agentlog.train` made, or behind an address.

    Args:
        path: the folder; or `http://host:port/v1#model`, the base address of an OpenAI-compatible endpoint and the name
            under which it serves the model.
        options: for an endpoint, what `agentlog.models.endpoint.Endpoint` takes.

    Raises:
        DatasetError: there is no model, it is damaged, or another version wrote it.
        ConfigurationError: the address names no model, or the folder's model needs an endpoint to be served.
        MissingExtra: numpy is not installed.
    """
    if isinstance(path, str) and urlsplit(path).scheme in ("http", "https"):
        return _endpoint(path, options)
    if options:
        raise ConfigurationError(f"a model in a folder takes no options; found {', '.join(sorted(options))}")
    folder = open_folder(Path(path))
    kind = folder.about["kind"]
    try:
        if kind == "head":
            from agentlog.models.head import Head

            return Head.from_folder(folder)
        if kind == "tagger":
            from agentlog.models.tagger import Tagger

            return Tagger.from_folder(folder)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise DatasetError(f"{path} is damaged: its files do not fit together. Train the model again") from error
    if kind == "adapter":
        raise ConfigurationError(_needs_server(folder))
    raise DatasetError(f"{path} holds a model of kind {kind!r}; this agentlog knows head, tagger and adapter")


def _endpoint(address: str, options: dict[str, Any]) -> Model:
    from agentlog.models.endpoint import Endpoint

    parts = urlsplit(address)
    if not parts.fragment:
        raise ConfigurationError(
            f"{address} names no model: write {address.rstrip('#')}#MODEL, as the endpoint calls it"
        )
    return Endpoint(parts._replace(fragment="").geturl(), parts.fragment, **options)


def _needs_server(folder: Folder) -> str:
    """What to do with a language model."""
    try:
        lines = folder.json("run_card.json").get("serving") or {}
    except (OSError, ValueError, AttributeError):
        lines = {}
    said = list(lines.values()) if isinstance(lines, dict) else [lines] if isinstance(lines, str) else list(lines)
    how = " or ".join(f"`{line}`" for line in said if isinstance(line, str))
    how = how or "vLLM or Ollama, as its README.md says"
    return (
        f"{folder.path} holds a language model, which needs a server: start it with {how}, then load its address, "
        "http://HOST:PORT/v1#MODEL"
    )
