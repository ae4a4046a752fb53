"""The arms of the comparison, and the environment that each one runs in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".nox" / "peers"
FRAMEWORKS = ("langchain-core==1.8.3", "llama-index-core==0.14.25")
OTLP = ("opentelemetry-sdk==1.45.2", "opentelemetry-exporter-otlp-proto-http==1.45.2")


@dataclass(frozen=True)
class Arm:
    """A peer, or one way of running agentlog."""

    name: str
    adapter: str
    imports: tuple[str, str]
    """Its import, and the import of what an application decorates or wraps a function with."""
    packages: tuple[str, ...]
    """What pip installs, with the releases that were tried; the first one's version is told."""
    variables: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def ours(self) -> bool:
        """Whether it is agentlog."""
        return self.adapter == "use_agentlog"

    @property
    def distribution(self) -> str:
        """Whose version is told."""
        return "agentlog" if self.ours else self.packages[0].partition("==")[0]


YARDSTICK = Arm(
    "bare OTel",
    "use_otel",
    ("import opentelemetry.trace", "from opentelemetry.sdk.trace.export import BatchSpanProcessor"),
    OTLP,
)
AGENTLOG = (
    Arm(
        "agentlog",
        "use_agentlog",
        ("import agentlog", "from agentlog import capture"),
        ("-e", str(ROOT)),
        {"AGENTLOG_RECORDER": "process"},
    ),
    Arm(
        "agentlog, thread",
        "use_agentlog",
        ("import agentlog", "from agentlog import capture"),
        ("-e", str(ROOT)),
        {"AGENTLOG_RECORDER": "thread"},
    ),
)
PEERS = (
    # its instrumentation of LangChain asks for the package langchain, and does nothing without
    Arm(
        "OTel GenAI",
        "use_genai",
        ("import opentelemetry.util.genai.handler", "from opentelemetry.util.genai.handler import TelemetryHandler"),
        (
            "opentelemetry-util-genai==1.3b0",
            "opentelemetry-instrumentation-genai-langchain==1.3b0",
            "langchain==1.5.2",
            *OTLP,
        ),
        {"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_ONLY"},
    ),
    # its instrumentation of LlamaIndex does not import with llama-index-core alone
    Arm(
        "Traceloop",
        "use_traceloop",
        ("import traceloop.sdk", "from traceloop.sdk.decorators import task"),
        ("traceloop-sdk==0.62.4", "llama-index-llms-openai==0.8.3"),
    ),
    Arm(
        "OpenInference",
        "use_openinference",
        ("import openinference.instrumentation", "from openinference.instrumentation import OITracer"),
        (
            "openinference-instrumentation-langchain==0.1.80",
            "openinference-instrumentation-llama-index==4.6.1",
            *OTLP,
        ),
    ),
    Arm(
        "Langfuse",
        "use_langfuse",
        ("import langfuse", "from langfuse import observe"),
        ("langfuse==5.0.4", "openinference-instrumentation-llama-index==4.6.1"),
    ),
    Arm("LangSmith", "use_langsmith", ("import langsmith", "from langsmith import traceable"), ("langsmith==0.15.1",)),
    Arm(
        "Logfire",
        "use_logfire",
        ("import logfire", "from logfire import instrument"),
        ("logfire==5.4.0", "langsmith==0.15.1"),
        {"LANGSMITH_OTEL_ENABLED": "true", "LANGSMITH_OTEL_ONLY": "true", "LANGSMITH_TRACING": "true"},
    ),
    # it holds openai back below 3, one more reason for environments of their own
    Arm("MLflow", "use_mlflow", ("import mlflow", "from mlflow import trace"), ("mlflow==3.17.2", OTLP[1])),
)


def prepare(arm: Arm, newest: bool) -> str:
    """The Python of an arm's own environment, made where it is not there yet; by uv where that is installed, else by pip.

    Args:
        arm: whose environment.
        newest: the newest releases instead of those that were tried.

    Raises:
        CalledProcessError: it cannot be installed; what the installer said is in `stderr`.
    """
    folder = HOME / arm.adapter.removeprefix("use_")
    python = str(folder / "bin" / "python")
    packages = [*FRAMEWORKS, *arm.packages]
    if newest:
        packages = [one.partition("==")[0] for one in packages]
    stamp, wanted = folder / "installed.json", json.dumps(packages)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"installing {arm.name}: {' '.join(packages)}", file=sys.stderr)
    uv = shutil.which("uv")
    if uv:
        _run([uv, "venv", "--clear", "--python", sys.executable, str(folder)])
        _run([uv, "pip", "install", "--python", python, *packages])
    else:
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([python, "-m", "pip", "install", *packages])
    stamp.write_text(wanted, encoding="utf-8")
    return python


def versions(python: str, distributions: Sequence[str]) -> dict[str, str]:
    """The versions that are installed there; absent what is not."""
    code = (
        "import importlib.metadata as m, json, sys\n"
        "found = {d.name.lower().replace('_', '-'): d.version for d in m.distributions()}\n"
        "print(json.dumps({n: found[n] for n in sys.argv[1:] if n in found}))"
    )
    out = subprocess.run([python, "-c", code, *distributions], check=True, capture_output=True, text=True).stdout
    return dict(json.loads(out))


def variables(arm: Arm, folder: Path) -> dict[str, str]:
    """The environment variables of an arm: none of the caller's settings, no reporting home, nothing written outside `folder`."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")}
    return {
        **kept,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "NO_PROXY": "127.0.0.1",
        "DO_NOT_TRACK": "1",
        "TRACELOOP_TELEMETRY": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db",
        **arm.variables,
    }


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
