"""How the words of a table's traces are written in an export: surrogates for placeholders, and figures kept or shifted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from agentlog.conversations.figures import Figures
from agentlog.conversations.languages import languages
from agentlog.conversations.surrogates import Surrogates

_JSON = ("tool_definitions", "tool_arguments", "tool_result")
_MESSAGES = ("input_messages", "output_messages")


class Rendering:
    """The changes to the texts of each trace.

    Args:
        table: all rows that are written; columns of `storage.schema.CALLS`.
        seed: equal seeds give equal texts.
        surrogates: placeholders become natural values.
        shifted: amounts of money and dates are not those of the log.
    """

    def __init__(self, table: pa.Table, seed: int, *, surrogates: bool, shifted: bool) -> None:
        self._seed = seed
        self._languages = languages(table) if surrogates or shifted else {}
        self._surrogates: dict[str, Surrogates] | None = {} if surrogates else None
        self._figures: dict[str, Figures] | None = self._noted(table) if shifted else None

    def of(self, trace: str) -> Callable[[str], str] | None:
        """What changes the texts of a trace; None: nothing does."""
        figures = None if self._figures is None else self._figures[trace]
        if self._surrogates is None:
            return None if figures is None else figures.render
        if trace not in self._surrogates:
            self._surrogates[trace] = Surrogates(trace, self._seed, language=self._language(trace))
        surrogates = self._surrogates[trace]
        if figures is None:
            return surrogates.render
        # in this order: an invented birth date or number is no figure of the log
        return lambda text: surrogates.render(figures.render(text))

    def _language(self, trace: str) -> str:
        return self._languages.get(trace, "en")

    def _noted(self, table: pa.Table) -> dict[str, Figures]:
        found: dict[str, Figures] = {}
        noted: dict[str, set[int]] = {}
        for batch in table.to_batches(max_chunksize=256):
            for row in batch.to_pylist():
                trace = row["trace_id"]
                if trace not in found:
                    found[trace] = Figures(trace, self._seed, language=self._language(trace))
                seen = noted.setdefault(trace, set())
                for text in _texts(row):
                    mark = hash(text)  # a history is sent again with every call
                    if mark not in seen:
                        seen.add(mark)
                        found[trace].note(text)
        return found


def _texts(row: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is said in a row."""
    parts = list(row.get("system_instructions") or ())
    for column in _MESSAGES:
        for message in row.get(column) or ():
            parts += message["parts"] or ()
    for part in parts:
        yield from (part[field] for field in ("text", "arguments", "result") if part.get(field))
    yield from (row[column] for column in _JSON if row.get(column))
