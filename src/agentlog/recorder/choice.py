"""Where the recorder lives: in a process of its own where that is known to be safe, else in a thread of the application."""

from __future__ import annotations

import importlib.machinery
import io
import os
import pickle
import platform
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from agentlog.errors import ConfigurationError
from agentlog.recorder.process import RecorderProcess, import_path
from agentlog.recorder.thread import RecorderThread
from agentlog.recorder.worker import Problem
from agentlog.recording.channel import CAPACITY, Inlet, MemoryChannel
from agentlog.settings import PolicyTable, Settings


def start(settings: Settings, problem: Problem) -> tuple[RecorderThread | RecorderProcess, Inlet]:
    """A running recorder, and the channel that leads to it.

    Raises:
        ConfigurationError: `recorder="process"`, and it cannot be; the redaction policy in TOML cannot be.
    """
    if isinstance(settings.redaction, PolicyTable):
        # understood here, where the application's modules can be imported and what is wrong can be said
        from agentlog.redaction.policies.tables import policy_from

        found = settings.redaction
        settings = replace(settings, redaction=policy_from(found.table, found.folder, found.where))
    obstacle = 'recorder="thread"' if settings.recorder == "thread" else why_no_process(settings)
    if not obstacle:
        absolute = replace(settings, directory=settings.directory.expanduser().absolute())
        process = None
        try:
            process = RecorderProcess(absolute, problem, CAPACITY)
            process.start()
        except OSError as error:
            obstacle = f"no process can be started here: {error.strerror or error}"
            if process is not None:
                process.abandon()
        else:
            return process, process.channel
    if settings.recorder == "process":
        raise ConfigurationError(
            f'recorder="process" cannot be: {obstacle}. recorder="auto" uses a thread in such a case, and status() says why'
        )
    channel = MemoryChannel(CAPACITY)
    thread = RecorderThread(channel, settings, problem, obstacle or "")
    thread.start()
    return thread, channel


def why_no_process(settings: Settings) -> str | None:
    """What speaks against a process of its own; None when nothing does."""
    if sys.platform != "linux":
        return f"a process of its own has not been tried on {sys.platform}"
    if platform.machine() not in ("x86_64", "AMD64"):
        return f"a process of its own has not been tried on {platform.machine()}"
    if getattr(sys, "frozen", False) or not Path(sys.executable or "").name.startswith(("python", "pypy")):
        return f"no Python can be started: sys.executable is {sys.executable!r}"
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        return "AWS Lambda freezes processes between two calls: flush() at the end of the handler"
    return why_not_rebuilt(settings.redaction)


def why_not_rebuilt(redaction: Any) -> str | None:
    """Why another process cannot import what a redaction is made of; None when it can."""
    if redaction is None or isinstance(redaction, str):
        return None
    try:
        content = pickle.dumps(redaction)
        names = _Names(io.BytesIO(content))
        names.load()
    except Exception as error:  # noqa: BLE001 - whatever a policy of the application's own does when it is copied
        return f"its redaction cannot be copied into another process ({type(error).__qualname__}): a lambda, a local function?"
    path = import_path()
    for module in sorted(names.modules):
        if module in ("__main__", "__mp_main__"):
            return "its redaction is made in the program's main file, which another process does not run"
        top = module.partition(".")[0]
        if top not in sys.builtin_module_names and importlib.machinery.PathFinder.find_spec(top, path) is None:
            return f"its redaction is made in {module}, which is not an installed module"
    return None


class _Names(pickle.Unpickler):
    """Makes a copy, and notes which modules it was made from."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.modules: set[str] = set()

    def find_class(self, module: str, name: str) -> Any:
        self.modules.add(module)
        return super().find_class(module, name)
