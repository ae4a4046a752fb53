"""What is learnt after a row was redacted: which rows it concerns, and how it is exchanged in what is stored of them.

The raw words are gone by then. A stored text has placeholders for what was known, and in clear what was not: the trace's
values are looked for in it once more, and nothing else is, unless something is left that must not be. Its placeholders stay
as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from agentlog.redaction.analysis import Analysis
from agentlog.redaction.entities import PLACEHOLDER
from agentlog.redaction.structures.islands import unescape


@dataclass(slots=True)
class Trail:
    """What is remembered of redacted rows of one trace: how much was known then, and marks of their words. No words."""

    version: int = 0
    """How much the trace had learnt (`TraceRedactor.version`) when the first of the rows was redacted."""
    marks: dict[int, frozenset[int]] | None = field(default_factory=dict)
    """Of each text, once (see `text.marks`), by its identity; None: not remembered, any word may be in it."""

    def note(self, marks: frozenset[int]) -> None:
        """One more text. Texts of a history that is sent again share what they are remembered by."""
        if self.marks is not None:
            self.marks[id(marks)] = marks

    def join(self, other: Trail) -> None:
        """Take in what is remembered of other rows of the same trace."""
        self.version = min(self.version, other.version)
        if other.marks is None:
            self.marks = None
        elif self.marks is not None:
            self.marks |= other.marks

    def all(self) -> Iterable[frozenset[int]]:
        """The marks of each text."""
        return () if self.marks is None else self.marks.values()


def of_stored(text: str, analysis: Analysis) -> Analysis:
    """How a stored text is built, of all that was found in it, with its placeholders as what may stay.

    >>> of_stored("<PERSON_1> and Li", Analysis()).allowed
    ((0, 10),)
    """
    nested = tuple((start, end, of_stored(unescape(text[start:end]), inner)) for start, end, inner in analysis.nested)
    view = analysis.view(text)
    ours = {match.span() for match in PLACEHOLDER.finditer(view)} if "<" in view else set()
    allowed = _apart(ours.union(analysis.allowed)) if ours else analysis.allowed
    return replace(analysis, findings=(), couples=(), nested=nested, allowed=allowed)


def _apart(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same stretches in order, joined where they overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)
