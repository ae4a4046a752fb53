"""Rewrites as `rewriting` does, and notes what was exchanged where and why: for showing it, never on the way to a record."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from agentlog.redaction.analysis import Analysis
from agentlog.redaction.entities import Finding
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.policies.own import Own
from agentlog.redaction.showing.reasons import Detected
from agentlog.redaction.structures.islands import escape, unescape
from agentlog.redaction.trace.people import Thing
from agentlog.redaction.trace.rewriting import Forms, Rewriter, Rewritten, _Piece
from agentlog.redaction.trace.vocabulary import Entry

_ESCAPED: Final = re.compile(
    r"\\(?:u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})?|x[0-9A-Fa-f]{2}|U[0-9A-Fa-f]{8}|.)", re.DOTALL
)


@dataclass(slots=True)
class Note:
    """One exchange: what stood at `start:end` of a text, and what was written there."""

    start: int
    end: int
    new: str
    entity: str
    why: str = ""
    """In words; "" as long as it is only known from elsewhere in the trace."""
    value: str = ""
    """What was found there, read as it is meant."""
    entry: Entry | None = None
    thing: Thing | None = None


@dataclass(slots=True)
class _Frame:
    """A text that is being rewritten, and what is noted of it so far."""

    text: str
    notes: list[Note] = field(default_factory=list)
    within: list[list[Note]] = field(default_factory=list)
    """The notes of each of its nested strings, in their order."""


class NotingRewriter(Rewriter):
    """Does what the rewriter it is made of does, with the same vocabulary; `passes` says what came of the last text.

    Args:
        rewriter: its state is shared.
        rules: those that the texts were analysed with.
        own: what the policy adds.
    """

    def __init__(self, rewriter: Rewriter, rules: KeyRules, own: Own) -> None:
        vars(self).update(vars(rewriter))
        self._rules = rules
        self._own = own
        self._frames: list[_Frame] = []
        self.passes: list[list[Note]] = []
        """The notes of each look at the text; a second look notes places in what the first one made."""

    def rewrite(
        self, text: str, analysis: Analysis, words: frozenset[str], marked: frozenset[int] | None = None
    ) -> Rewritten:
        """As `Rewriter.rewrite`."""
        frame = _Frame(text)
        self._frames.append(frame)
        try:
            made = super().rewrite(text, analysis, words, marked)
        finally:
            self._frames.pop()
        notes = self._explained(frame, analysis, words)
        (self._frames[-1].within if self._frames else self.passes).append(notes)
        return made

    def _splice(
        self, text: str, pieces: list[_Piece], counts: Counter[str], structured: bool, forms: Forms
    ) -> tuple[str, str]:
        made = super()._splice(text, pieces, counts, structured, forms)
        frame = self._frames[-1]
        if text is frame.text:
            frame.notes = [self._note(text, piece, structured) for piece in self._joined(text, pieces)]
        return made

    def _note(self, text: str, piece: _Piece, structured: bool) -> Note:
        stretch = text[piece.start : piece.end]
        end = piece.start + len(stretch)  # a match at the very end of a text may say that it goes beyond it
        # numbered and operated on already: the same value gives the same again
        new, _ = super()._splice(stretch, [replace(piece, start=0, end=len(stretch))], Counter(), structured, {})
        entry = piece.entry
        if entry is not None:
            return Note(piece.start, end, new, entry.thing.entity, value=stretch, entry=entry, thing=entry.thing.root())
        return Note(piece.start, end, new, piece.entity or next(iter(piece.counts or ()), ""), value=stretch)

    def _explained(self, frame: _Frame, analysis: Analysis, words: frozenset[str]) -> list[Note]:
        """The notes of a text with their reasons; those of nested strings by their places in it."""
        text = frame.text
        nested = {(start, end): notes for (start, end, _), notes in zip(analysis.nested, frame.within, strict=False)}
        detected = Detected(text, analysis, self._rules, words, self._own)
        explained: list[Note] = []
        sources, value_of = _sources(analysis.findings, frame.notes), analysis.reader(text)
        for note, source in zip(frame.notes, sources, strict=True):
            if note.new == text[note.start : note.end]:
                continue
            within = nested.get((note.start, note.end))
            if within is not None:
                explained += _in_string(text, note, within)
                continue
            if source is not None:
                note.why = detected.reason(source)
                note.value = value_of(source)
                note.entity = note.entity or source.entity
            explained.append(note)
        return explained


def _sources(found: Iterable[Finding], notes: Sequence[Note]) -> list[Finding | None]:
    """For each note the finding that it comes from: of those of its entity the one that covers most of it."""
    starts, ends = [note.start for note in notes], [note.end for note in notes]
    sources: list[Finding | None] = [None] * len(notes)
    covered = [0] * len(notes)
    for one in found:
        for index in range(bisect_right(ends, one.start), bisect_left(starts, one.end)):
            note = notes[index]
            common = min(one.end, note.end) - max(one.start, note.start)
            if common > covered[index] and note.entity in ("", one.entity):
                sources[index], covered[index] = one, common
    return sources


def _in_string(text: str, whole: Note, within: list[Note]) -> list[Note]:
    """The notes of a string that had to be unescaped, by their places in the text; the whole string where that fails."""
    raw = text[whole.start : whole.end]
    places = _places(raw)
    quote = text[whole.start - 1 : whole.start]
    moved = [
        replace(
            note,
            start=whole.start + places[note.start],
            end=whole.start + places[note.end],
            new=escape(note.new, raw, quote),
        )
        for note in within
        if note.end < len(places)
    ]
    made = spliced(raw, [replace(note, start=note.start - whole.start, end=note.end - whole.start) for note in moved])
    if made == whole.new and len(moved) == len(within):
        return moved
    whole.why = "; ".join(dict.fromkeys(note.why for note in within if note.why))
    whole.entity = within[0].entity if within else ""
    return [whole]


def _places(raw: str) -> list[int]:
    """For each character of `unescape(raw)`, and for its end, where it stands in `raw`."""
    places: list[int] = []
    position = 0
    for match in _ESCAPED.finditer(raw):
        places += range(position, match.start())
        places += [match.start()] * len(unescape(match.group()))
        position = match.end()
    places += range(position, len(raw) + 1)
    return places


def spliced(text: str, notes: Sequence[Note]) -> str:
    """`text` with each noted exchange made."""
    made, position = [], 0
    for note in notes:
        made += [text[position : note.start], note.new]
        position = note.end
    return "".join((*made, text[position:]))


def composed(text: str, passes: Sequence[list[Note]]) -> list[Note]:
    """The notes of several looks at `text`, each at what the one before made of it, as one: by their places in `text`."""
    notes = list(passes[0]) if passes else []
    for later in passes[1:]:
        notes = _behind(text, notes, later)
    return notes


def _behind(text: str, first: list[Note], second: list[Note]) -> list[Note]:
    made = spliced(text, first)
    starts: list[int] = []
    shift = 0
    for note in first:
        starts.append(note.start + shift)
        shift += len(note.new) - (note.end - note.start)
    ends = [start + len(note.new) for start, note in zip(starts, first, strict=True)]
    kept = dict(enumerate(first))
    moved: list[Note] = []
    for note in second:
        touched = range(bisect_right(ends, note.start), bisect_left(starts, note.end))
        if touched:
            low, high = touched[0], touched[-1]
            head = made[min(starts[low], note.start) : note.start]
            tail = made[note.end : max(starts[high] + len(first[high].new), note.end)]
            moved.append(
                replace(
                    note,
                    start=min(first[low].start, _before(note.start, first, starts)),
                    end=max(first[high].end, _before(note.end, first, starts)),
                    new=head + note.new + tail,
                )
            )
            for index in touched:
                kept.pop(index, None)
        else:
            moved.append(replace(note, start=_before(note.start, first, starts), end=_before(note.end, first, starts)))
    return sorted([*kept.values(), *moved], key=lambda note: note.start)


def _before(position: int, notes: list[Note], starts: list[int]) -> int:
    """Where a position in what `notes` made stood before; the end of the exchange that it lies in."""
    index = bisect_right(starts, position) - 1
    if index < 0:
        return position
    note = notes[index]
    return note.end + max(0, position - starts[index] - len(note.new))
