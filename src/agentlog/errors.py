"""What can go wrong, and what to do then.

Every error derives from `AgentlogError` and from the builtin that it refines:

    AgentlogError
    ├── ConfigurationError (ValueError)     a setting, an argument or an option cannot be used
    ├── DatasetError (ValueError)           a folder is no dataset, or holds something unreadable
    ├── SourceError (ValueError)            a log file cannot be imported
    ├── ExportError (ValueError)            a training set failed a check; nothing was written
    ├── UnknownName (LookupError)           nothing answers to that name
    ├── MissingExtra (ImportError)          a library is missing; the message holds the command
    └── NotBuilt (NotImplementedError)      in the face, and not there yet

A message says what was wrong, what was found and what to do next.
"""

from __future__ import annotations

__all__ = [
    "AgentlogError",
    "ConfigurationError",
    "DatasetError",
    "ExportError",
    "MissingExtra",
    "NotBuilt",
    "SourceError",
    "UnknownName",
]


class AgentlogError(Exception):
    """The base of every error that agentlog raises."""


class ConfigurationError(AgentlogError, ValueError):
    """A setting, an argument or an option cannot be used."""


class DatasetError(AgentlogError, ValueError):
    """A folder is no dataset, or holds something that cannot be read or written."""


class SourceError(AgentlogError, ValueError):
    """A log file cannot be imported."""


class ExportError(AgentlogError, ValueError):
    """A training set failed a check. Nothing was written."""


class UnknownName(AgentlogError, LookupError):
    """Nothing answers to a name. The message lists what there is."""


class MissingExtra(AgentlogError, ImportError):
    """A library is not installed. The message holds the command that installs it."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs {library}: pip install 'agentlog[{extra}]'")


class NotBuilt(AgentlogError, NotImplementedError):
    """Part of the face that is not there yet, so that nothing is silently left out."""
