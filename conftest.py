"""Every example in README.md and docs/ runs, page by page, in a folder of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser


def _setup(namespace: dict[str, Any]) -> None:
    import tempfile

    namespace["_before"] = os.getcwd(), dict(os.environ)
    namespace["_folder"] = tempfile.TemporaryDirectory()
    os.environ["XDG_CONFIG_HOME"] = namespace["_folder"].name
    os.environ.pop("AGENTLOG_DIRECTORY", None)
    os.chdir(namespace["_folder"].name)


def _teardown(namespace: dict[str, Any]) -> None:
    import agentlog
    from agentlog import runtime

    agentlog.uninstrument()
    agentlog.shutdown()
    runtime._state = runtime._State()
    runtime._on = True
    folder, environment = namespace["_before"]
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    namespace["_folder"].cleanup()


_pages = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/*.md"],
    path=str(Path(__file__).parent),
    setup=_setup,
    teardown=_teardown,
)
pytest_collect_file = _pages.pytest()
