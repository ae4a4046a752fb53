"""The heavy libraries, imported when they are first needed; a missing one is named with the command that installs it."""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from agentlog.errors import MissingExtra

NAMES: Final = ("torch", "transformers", "trl", "peft", "accelerate", "datasets")
"""What a run card tells the versions of."""


def library(name: str, purpose: str = "training a language model") -> Any:
    """The imported module `name` (it may be a submodule: "transformers.trainer_callback").

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        missing = (error.name or name).partition(".")[0]
        raise MissingExtra(missing, "train", purpose) from error


def versions() -> dict[str, str]:
    """Library → version, of those that are installed."""
    found = {}
    for name in (*NAMES, "bitsandbytes"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
