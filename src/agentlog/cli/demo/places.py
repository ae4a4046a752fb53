"""What the demo needs around it: its packages, a folder of its own, and a provider to talk to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agentlog.errors import DatasetError, MissingExtra
from agentlog.tasks.study import Study

if TYPE_CHECKING:
    from agentlog.testing import ScriptedProvider

_NEEDED: Final = {
    "datasets": "datasets",
    "langchain_openai": "langchain-openai",
    "langgraph": "langgraph",
    "llama_index": "llama-index-core",
    "openai": "openai",
    "pycrfsuite": "python-crfsuite",
    "sklearn": "scikit-learn",
}
_MARK: Final = ".agentlog-demo"
_ALONE: Final = {
    "LANGSMITH_TRACING": "false",  # who has set it for other work does not mean these made-up tickets
    "LANGCHAIN_TRACING_V2": "false",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",  # `datasets` counts its users in a bucket of Hugging Face
    "LANGCHAIN_OPENAI_TCP_KEEPALIVE": "0",  # else it warns of its own transport where the machine has a proxy
}
_LOCAL: Final = {name: "127.0.0.1,localhost" for name in ("NO_PROXY", "no_proxy")}


def check_packages() -> None:
    """Look for the packages of the extra `demo`, without importing them.

    Raises:
        MissingExtra: some are not installed; the message names them and the command.
    """
    missing = [package for module, package in _NEEDED.items() if find_spec(module) is None]
    if missing:
        raise MissingExtra(", ".join(missing), "demo", "the demo")


@dataclass(frozen=True, slots=True)
class Places:
    """The demo's folder, and what lies in it."""

    directory: Path

    @property
    def records(self) -> Path:
        """The dataset."""
        return self.directory / "records"

    @property
    def export(self) -> Path:
        """The training set."""
        return self.directory / "export"

    @property
    def study(self) -> Study:
        """Tasks, models, evaluations and routes."""
        return Study.of(self.records)

    @property
    def report(self) -> Path:
        """The report."""
        return self.directory / "report.html"


def prepare(directory: Path) -> Places:
    """Make the folder, or empty what an earlier demo left in it. Nothing else in it is touched.

    Raises:
        DatasetError: the folder holds something, and no demo made it.
    """
    mark = directory / _MARK
    if directory.exists() and not mark.is_file():
        if not directory.is_dir():
            raise DatasetError(f"{directory} is a file: give the demo a folder of its own with --to")
        if any(directory.iterdir()):
            raise DatasetError(
                f"{directory} holds files, and no demo made it: give the demo a folder of its own with --to"
            )
    directory.mkdir(parents=True, exist_ok=True)
    mark.write_text(
        "Made by `agentlog demo`, which empties records/ and export/ and replaces report.html when it runs again.\n",
        encoding="utf-8",
    )
    places = Places(directory)
    for old in (places.records, places.export):
        if old.exists():
            shutil.rmtree(old)
    places.report.unlink(missing_ok=True)
    return places


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who answers the agent's model calls."""

    base_url: str
    api_key: str
    model: str
    embedding_model: str
    provider: ScriptedProvider | None
    """The scripted provider; None when it is a real one, of which nobody knows the truth."""


@contextmanager
def endpoint(environment: Mapping[str, str] = os.environ) -> Iterator[Endpoint]:
    """The provider at `OPENAI_BASE_URL`, else a scripted one on 127.0.0.1 for the length of the block.

    A real one is asked with `OPENAI_API_KEY`, for the models `AGENTLOG_DEMO_MODEL` and `AGENTLOG_DEMO_EMBEDDING_MODEL`.
    """
    model = environment.get("AGENTLOG_DEMO_MODEL") or "gpt-4o-mini"
    embedding_model = environment.get("AGENTLOG_DEMO_EMBEDDING_MODEL") or "text-embedding-3-small"
    base_url = environment.get("OPENAI_BASE_URL")
    if base_url:
        # a local server asks for no key, and the SDK does not start without one
        yield Endpoint(base_url, environment.get("OPENAI_API_KEY") or "none", model, embedding_model, None)
        return
    from agentlog.cli.demo.script import script
    from agentlog.testing import ScriptedProvider

    with _variables(_LOCAL), ScriptedProvider(script) as provider:
        yield Endpoint(provider.base_url, "scripted", model, embedding_model, provider)


def alone() -> AbstractContextManager[None]:
    """For the length of the block, the libraries that the demo uses talk to the provider and to nobody else."""
    return _variables(_ALONE)


@contextmanager
def _variables(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables for the length of the block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
