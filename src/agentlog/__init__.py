"""Record every model and tool call an agent makes, and turn the records into training data.

Two lines in an application, nothing else changes:

    import agentlog
    agentlog.instrument("langchain_core")      # or @agentlog.capture on your own functions

Everything below is reached as `agentlog.<name>` and imported when it is first used; importing agentlog loads nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = [
    "AgentlogError",
    "Call",
    "Candidates",
    "Dataset",
    "Decision",
    "Evaluation",
    "Examples",
    "Export",
    "Flushed",
    "Imported",
    "Instrumentation",
    "Proposal",
    "RedactionPolicy",
    "Report",
    "Router",
    "Status",
    "Task",
    "Tasks",
    "Trained",
    "call",
    "candidates",
    "capture",
    "cluster",
    "configure",
    "curate",
    "current_call",
    "evaluate",
    "export",
    "feedback",
    "flush",
    "import_records",
    "instrument",
    "open_dataset",
    "refresh",
    "report",
    "session",
    "shutdown",
    "status",
    "train",
    "uninstrument",
]

if TYPE_CHECKING:
    from agentlog.clustering import cluster as cluster
    from agentlog.curation import Examples as Examples
    from agentlog.curation import curate as curate
    from agentlog.dataset import Dataset as Dataset
    from agentlog.dataset import open_dataset as open_dataset
    from agentlog.errors import AgentlogError as AgentlogError
    from agentlog.evaluation import Evaluation as Evaluation
    from agentlog.evaluation import evaluate as evaluate
    from agentlog.exports import Export as Export
    from agentlog.exports import export as export
    from agentlog.importing import Imported as Imported
    from agentlog.importing import import_records as import_records
    from agentlog.instrumentation.decorator import capture as capture
    from agentlog.instrumentation.integration import Instrumentation as Instrumentation
    from agentlog.instrumentation.integration import instrument as instrument
    from agentlog.instrumentation.integration import uninstrument as uninstrument
    from agentlog.instrumentation.session import call as call
    from agentlog.instrumentation.session import current_call as current_call
    from agentlog.instrumentation.session import session as session
    from agentlog.recording.calls import Call as Call
    from agentlog.redaction import RedactionPolicy as RedactionPolicy
    from agentlog.renewal import Proposal as Proposal
    from agentlog.renewal import refresh as refresh
    from agentlog.reporting import Report as Report
    from agentlog.reporting import report as report
    from agentlog.routing import Decision as Decision
    from agentlog.routing import Router as Router
    from agentlog.runtime import Flushed as Flushed
    from agentlog.runtime import Status as Status
    from agentlog.runtime import configure as configure
    from agentlog.runtime import feedback as feedback
    from agentlog.runtime import flush as flush
    from agentlog.runtime import shutdown as shutdown
    from agentlog.runtime import status as status
    from agentlog.selection import Candidates as Candidates
    from agentlog.selection import candidates as candidates
    from agentlog.tasks import Task as Task
    from agentlog.tasks import Tasks as Tasks
    from agentlog.training import Trained as Trained
    from agentlog.training import train as train
else:  # a checker that saw __getattr__ would accept any misspelt name
    _HOME = {
        "AgentlogError": "agentlog.errors",
        "Call": "agentlog.recording.calls",
        "Candidates": "agentlog.selection",
        "Dataset": "agentlog.dataset",
        "Decision": "agentlog.routing",
        "Evaluation": "agentlog.evaluation",
        "Examples": "agentlog.curation",
        "Export": "agentlog.exports",
        "Flushed": "agentlog.runtime",
        "Imported": "agentlog.importing",
        "Instrumentation": "agentlog.instrumentation.integration",
        "Proposal": "agentlog.renewal",
        "RedactionPolicy": "agentlog.redaction",
        "Report": "agentlog.reporting",
        "Router": "agentlog.routing",
        "Status": "agentlog.runtime",
        "Task": "agentlog.tasks",
        "Tasks": "agentlog.tasks",
        "Trained": "agentlog.training",
        "call": "agentlog.instrumentation.session",
        "candidates": "agentlog.selection",
        "capture": "agentlog.instrumentation.decorator",
        "cluster": "agentlog.clustering",
        "configure": "agentlog.runtime",
        "curate": "agentlog.curation",
        "current_call": "agentlog.instrumentation.session",
        "evaluate": "agentlog.evaluation",
        "export": "agentlog.exports",
        "feedback": "agentlog.runtime",
        "flush": "agentlog.runtime",
        "import_records": "agentlog.importing",
        "instrument": "agentlog.instrumentation.integration",
        "open_dataset": "agentlog.dataset",
        "refresh": "agentlog.renewal",
        "report": "agentlog.reporting",
        "session": "agentlog.instrumentation.session",
        "shutdown": "agentlog.runtime",
        "status": "agentlog.runtime",
        "train": "agentlog.training",
        "uninstrument": "agentlog.instrumentation.integration",
    }
    _NOT_YET = ("erase",)

    def __getattr__(name):
        from importlib import import_module

        if name == "__version__":
            return import_module("importlib.metadata").version("agentlog")
        if name in _HOME:
            value = globals()[name] = getattr(import_module(_HOME[name]), name)
            return value
        if name in _NOT_YET:
            raise AttributeError(f"agentlog.{name} is not there yet; it will have this name")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        return sorted([*__all__, "__version__"])
