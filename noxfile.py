"""Every task of the project. `nox -l` lists them; `nox -s demo` shows agentlog at work, `nox` runs all that must pass."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"  # uv where it is installed, else plain pip
nox.options.reuse_existing_virtualenvs = True  # a second run is quick
nox.options.sessions = [
    "lint",
    "typing",
    "tests",
    "core",
    "fast",
    "presidio",
    "docs",
    "notebooks",
    "browser",
    "bench",
    "dist",
]

PYPROJECT = nox.project.load_toml("pyproject.toml")
FRAMEWORKS = ".[all]"
RELEASES = tomllib.loads(Path("tests/integrations/releases.toml").read_text(encoding="utf-8"))


def group(name: str) -> list[str]:
    return list(nox.project.dependency_groups(PYPROJECT, name))


@nox.session
def demo(session: nox.Session) -> None:
    """Record a real support agent, train small models on its tasks, route calls to them. No key, no network."""
    session.install("-e", ".[demo]")
    session.run("agentlog", "demo", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """All tests and every example in the docs, with every framework installed."""
    session.install("-e", FRAMEWORKS, *group("tests"), *group("peers"))
    session.run("pytest", *session.posargs)
    if not session.posargs:
        _examples(session)


@nox.session
def core(session: nox.Session) -> None:
    """The tests that need no framework, in an environment without any."""
    session.install("-e", ".", *group("tests"))
    # the others are the same with and without frameworks, and take a while
    same = ("integrations", "harmless", "redaction", "recorder/test_process.py", "recorder/test_servers.py")
    left_out = [f"--ignore=tests/{path}" for path in same]
    session.run("pytest", "tests", *left_out, *session.posargs)


@nox.session
def fast(session: nox.Session) -> None:
    """The tests of redaction with `[fast]` installed: it must find the same as without."""
    session.install("-e", ".[fast]", *group("tests"))
    session.run("pytest", *(session.posargs or ["tests/redaction"]))


@nox.session
def presidio(session: nox.Session) -> None:
    """Presidio's recognizers under a policy of ours, with presidio-analyzer installed: the findings are Presidio's."""
    session.install("-e", ".[presidio]", *group("tests"))
    session.run("pytest", "tests/redaction/test_recognizers_presidio.py", "-rs", *session.posargs)


@nox.session
@nox.parametrize("release", list(RELEASES), ids=list(RELEASES))
def integration(session: nox.Session, release: str) -> None:
    """The tests of an integration with the oldest, a middle and the newest release of its framework that is claimed."""
    row = RELEASES[release]
    session.install("-e", ".", *row["install"], *group("tests"))
    files = sorted({str(file) for pattern in row["tests"] for file in Path("tests/integrations").glob(pattern)})
    session.run("pytest", "-q", *row.get("options", ()), *files, *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Record for hours at the rates of real agents, and watch the memory. `-- --smoke` is a minute of it."""
    session.install("-e", ".")
    session.run("python", "benchmarks/soak.py", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, and the walls between the rooms."""
    session.install("-e", ".", *group("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session
def typing(session: nox.Session) -> None:
    """Types, strict, over src and integrations."""
    session.install("-e", FRAMEWORKS, *group("typing"), *group("tests"))
    session.run("mypy")
    # what a type checker sees of a decorated function
    session.run("pytest", "-q", "tests/harmless/test_wrapped_kinds.py", "-k", "type_checkers")


@nox.session
def docs(session: nox.Session) -> None:
    """Every example in README.md and docs/, and that every command and setting is on a page."""
    session.install("-e", FRAMEWORKS, *group("tests"), *group("peers"))
    _examples(session)
    session.run("pytest", "tests/test_docs.py", "-q")


@nox.session
def notebooks(session: nox.Session) -> None:
    """Run every notebook from top to bottom."""
    session.install("-e", FRAMEWORKS, *group("notebooks"))
    books = sorted(map(str, Path("docs").glob("*.ipynb")))
    session.run("pytest", "-p", "no:randomly", "--nbmake", "--nbmake-timeout=300", *books)


@nox.session
def bench(session: nox.Session) -> None:
    """What a captured call costs, and what the recorder does: ratios in one run. `-- routing` runs another file of benchmarks/."""
    session.install("-e", FRAMEWORKS)
    options = [one for one in session.posargs if one.startswith("-")]
    for name in [one for one in session.posargs if not one.startswith("-")] or ["capture", "recorder"]:
        if name == "redaction" and "--smoke" not in options:
            session.install("-e", ".[presidio]")  # what is compared
        session.run("python", f"benchmarks/{name}.py", *options)


@nox.session(venv_backend="virtualenv")
def train(session: nox.Session) -> None:
    """Language models: from scratch, LoRA by TRL, merged, reloaded, evaluated; every chat template of TRL decided. No GPU, no network."""
    # newer torch wheels bring gigabytes of CUDA
    session.install("torch==2.13.0", "-e", ".[train]", *group("tests"))
    quiet = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    session.run("pytest", "tests/training/language", *session.posargs, env=quiet)


@nox.session
def browser(session: nox.Session) -> None:
    """Open the report in a real headless browser. Needs Chromium from the system's packages."""
    session.install("-e", ".[study,prices]", *group("tests"), "playwright>=1.50")
    session.run("pytest", "tests/reporting/test_report_in_browser.py", "-rs", *session.posargs)


@nox.session
def dist(session: nox.Session) -> None:
    """Build the sdist and the wheel, check them, and use the wheel from outside the checkout."""
    out = Path(session.create_tmp()).resolve() / "dist"
    shutil.rmtree(out, ignore_errors=True)
    session.install("build", "twine")
    session.run("python", "-m", "build", "--outdir", str(out))
    files = sorted(map(str, out.iterdir()))
    session.run("twine", "check", "--strict", *files)
    session.install("--force-reinstall", *(f for f in files if f.endswith(".whl")))
    session.chdir(out)
    session.run("python", "-c", "import agentlog, agentlog_langchain, agentlog_openai; print(agentlog.__version__)")
    session.run("agentlog", "--version")


def _examples(session: nox.Session) -> None:
    # in the order of the page: pytest-randomly would shuffle the examples of a document
    session.run("pytest", "-p", "no:randomly", "-q", "README.md", "docs")
