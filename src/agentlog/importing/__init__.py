"""Logs that people already have, as records: read, judged, redacted and written like calls that were captured."""

from agentlog.importing.importer import import_records
from agentlog.importing.report import Imported

__all__ = ["Imported", "import_records"]
