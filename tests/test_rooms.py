"""What holds for the house as a whole: what is loaded, who makes records, what may bear which name."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import agentlog

SOURCE = Path(agentlog.__file__).parent
HEAVY = ["pyarrow", "numpy", "pandas", "sklearn", "torch", "presidio_anonymizer", "opentelemetry.sdk", "langchain_core",
         "llama_index", "openai", "datasets", "typer", "rich", "cryptography"]  # fmt: skip


def loaded_by(code):
    shown = f"{code}\nimport sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "code",
    [
        "import agentlog",
        "import agentlog; agentlog.capture, agentlog.instrument, agentlog.session, agentlog.feedback, agentlog.call",
        "import agentlog\n@agentlog.capture\ndef f(): pass",
        "import agentlog_langchain, agentlog_llama_index, agentlog_openai",
        "import agentlog.testing",
        "import agentlog; agentlog.status()",
    ],
)
def test_what_runs_in_the_application_loads_nothing_heavy(code):
    assert loaded_by(code) == "[]"


def test_every_public_name_is_there():
    for name in agentlog.__all__:
        assert getattr(agentlog, name) is not None
    assert set(agentlog.__all__) == set(agentlog._HOME)
    assert agentlog.__version__


def test_a_misspelt_name_and_one_that_is_not_there_yet_raise():
    with pytest.raises(AttributeError, match="no attribute 'captur'"):
        _ = agentlog.captur
    with pytest.raises(AttributeError, match="not there yet"):
        _ = agentlog.erase


def test_no_module_bears_a_public_name():
    # importing the module would replace the function
    modules = {module.name for module in pkgutil.iter_modules(agentlog.__path__)}
    assert not modules & set(agentlog.__all__)


def test_only_the_redactor_makes_records():
    makers = {
        path.relative_to(SOURCE).parts[0]
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Record"
    }
    assert makers <= {"redaction"}


def test_every_public_function_and_class_has_a_docstring():
    bare = [
        f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}"
        for path in SOURCE.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not any(isinstance(one, ast.Name) and one.id == "overload" for one in node.decorator_list)
    ]
    assert not bare
