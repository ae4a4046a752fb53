"""Exchanges what was found in one text: splices placeholders in, keeps JSON valid, and looks again at what is left."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from agentlog.redaction.analysis import Analysis
from agentlog.redaction.disguises import read_as
from agentlog.redaction.entities import BLOB, EMAIL, PAYMENT_ID, PERSON, SECRET, number_label
from agentlog.redaction.forms.credentials import find_credentials
from agentlog.redaction.forms.digits import holds_card
from agentlog.redaction.forms.formats import find_emails
from agentlog.redaction.limits import Unredactable
from agentlog.redaction.policies.operators import Operators
from agentlog.redaction.policies.pseudonyms import Pseudonyms
from agentlog.redaction.structures.islands import escape, unescape
from agentlog.redaction.trace.vocabulary import Entry, Vocabulary
from agentlog.redaction.watching import look
from agentlog.redaction.words.spans import FILLER, span_at
from agentlog.redaction.words.text import folded, lower, marks, words_in

_LONG_NUMBER: Final = 7

Forms = dict[str, set[str]]
"""Placeholder (or an operator's text) → the different spellings that it replaced."""


@dataclass(slots=True)
class Rewritten:
    """A text after redaction."""

    text: str
    counts: Counter[str] = field(default_factory=Counter)
    """Entity → how many of its values were exchanged."""
    left: bool = False
    """Something is left in it that must not be: it has to be looked through once more."""
    marks: frozenset[int] = frozenset()
    """Of the words of the text before redaction (see `text.marks`): what may have to be exchanged when more is known."""
    forms: Forms = field(default_factory=dict)
    """What was written → what stood there before."""


@dataclass(slots=True)
class _Piece:
    """One stretch that is exchanged: for what an entry says, or for a text that is made already."""

    start: int
    end: int
    entry: Entry | None = None
    text: str = ""
    entity: str = ""
    counts: Counter[str] | None = None
    quoted: bool = False
    """It stands bare in JSON and gets quotes, so that the JSON stays valid."""


class Rewriter:
    """Rewrites texts with one trace's vocabulary under one policy."""

    def __init__(
        self, vocabulary: Vocabulary, keep: Iterable[str], operators: Operators, pseudonyms: Pseudonyms
    ) -> None:
        self._vocabulary = vocabulary
        self._keep = frozenset(keep)
        self._operators = operators
        self._pseudonyms = pseudonyms

    def rewrite(
        self, text: str, analysis: Analysis, words: frozenset[str], marked: frozenset[int] | None = None
    ) -> Rewritten:
        """`text`, whose words are `words`, with every value exchanged that `analysis` found or that the trace knows.

        `marked`: their `text.marks`, where these have been made.

        Raises:
            Unredactable: JSON would not be JSON any more.
        """
        view = analysis.view(text)
        low = folded(view)
        all_marks = marks(words) if marked is None else marked
        forms: Forms = {}
        pieces = self._found(text, analysis, forms)
        pieces += [_Piece(match.start, match.end, match.entry) for match in self._vocabulary.find(view, low, words)]
        pieces += self._disguised(view, analysis)
        counts: Counter[str] = Counter()
        left = False
        for start, end, inner in analysis.nested:
            raw = text[start:end]
            value = unescape(raw)
            made = self.rewrite(value, inner, words_in(value))
            all_marks |= made.marks
            left |= made.left
            merge(forms, made.forms)
            if made.text != value:
                pieces.append(
                    _Piece(start, end, text=escape(made.text, raw, text[start - 1 : start]), counts=made.counts)
                )
            elif inner.spares:
                pieces.append(_Piece(start, end, text=raw, counts=Counter()))
        if analysis.numbers:
            pieces = self._spare_numbers(pieces, analysis)
        if analysis.allowed:
            pieces = _spare(text, pieces, analysis.allowed)
        if not pieces:
            return Rewritten(text, counts, left, all_marks)
        done, kept = self._splice(text, _disjoint(pieces), counts, analysis.structured, forms)
        left = left or self._left(kept, words, analysis.secretive)
        if analysis.structured and done != text and not _is_json(done) and _is_json(text):
            raise Unredactable("JSON broke")
        return Rewritten(done, counts, left, all_marks, forms)

    # ── what to exchange ──────────────────────────────────────────────────────────────────────────────────────────

    def _found(self, text: str, analysis: Analysis, forms: Forms) -> list[_Piece]:
        pieces = []
        value_of = analysis.reader(text)
        for found in analysis.findings:
            raw = text[found.start : found.end]
            if found.entity == BLOB:
                pieces.append(_Piece(found.start, found.end, text=self._blob(raw), entity=BLOB))
            elif found.escaped or found.how:
                value = value_of(found)
                inner = [_Piece(*match) for match in self._vocabulary.pieces(found.entity, value, found.part)]
                counts: Counter[str] = Counter()
                done, _ = self._splice(value, _disjoint(inner), counts, False, forms)
                made = escape(done, raw, text[found.start - 1 : found.start])
                if found.how == "percent":
                    made = made.replace(" ", "%20")  # a URL stays one
                pieces.append(_Piece(found.start, found.end, text=made, counts=counts))
            else:
                for match in self._vocabulary.pieces(found.entity, raw, found.part):
                    pieces.append(_Piece(found.start + match.start, found.start + match.end, match.entry))
        return pieces

    def _disguised(self, view: str, analysis: Analysis) -> Iterator[_Piece]:
        """What the trace knows already, where it is written so that only another reading shows it."""
        for how in analysis.disguised:
            reading = read_as(how, view)
            if reading is not None:
                found = self._vocabulary.find(reading.text, folded(reading.text), words_in(reading.text))
                for match in sorted(found, key=lambda match: (match.start, -match.end)):
                    span = reading.source(match.start, match.end, beside=True)
                    if span is not None:
                        yield _Piece(*span, match.entry)

    def _blob(self, raw: str) -> str:
        head, _, data = raw.partition(",") if raw[:5].lower() == "data:" else ("", "", raw)
        sha, size = self._pseudonyms.of_file(data)
        mime = head[5:].split(";")[0]
        return f"<BLOB {f'mime={mime} ' if mime else ''}bytes={size} sha={sha}>"

    def _spare_numbers(self, pieces: list[_Piece], analysis: Analysis) -> list[_Piece]:
        """Leaves bare numbers of JSON alone, unless their key or a value of seven characters in them says so."""
        sure = {(found.start, found.end) for found in analysis.findings}
        spared = []
        for piece in pieces:
            number = span_at(piece.start, analysis.numbers)
            if number is None:
                spared.append(piece)
            elif number in sure or piece.end - piece.start >= _LONG_NUMBER:
                piece.start, piece.end, piece.quoted = *number, True
                spared.append(piece)
        return spared

    # ── exchanging ────────────────────────────────────────────────────────────────────────────────────────────────

    def _splice(
        self, text: str, pieces: list[_Piece], counts: Counter[str], structured: bool, forms: Forms
    ) -> tuple[str, str]:
        """The text with all pieces exchanged, and what is left of the original, with a filler for each piece.

        What is exchanged is added to `counts` and `forms`.
        """
        made: list[str] = []
        left: list[str] = []
        position = 0
        for piece in self._joined(text, pieces):
            between = text[position : piece.start]
            made.append(between)
            left.append(between)
            if piece.entry is not None:
                entity = piece.entry.thing.entity
                original = text[piece.start : piece.end]
                if entity in self._keep:
                    new = original
                else:
                    operated = self._operators.has(entity)
                    new = self._operators.apply(entity, original) if operated else self._vocabulary.label(piece.entry)
                    if piece.quoted and not operated:
                        new = number_label(new)
                    if new != original:
                        counts[entity] += 1
                        forms.setdefault(new, set()).add(original)
                    if structured and operated and new != original:
                        new = json.dumps(new)[1:-1]
                if piece.quoted and new != original:
                    new = f'"{new}"'
            elif piece.entity in self._keep:
                new = text[piece.start : piece.end]
            else:
                new = piece.text
                counts.update(piece.counts if piece.counts is not None else {piece.entity: 1})
            made.append(new)
            position = piece.end
        made.append(text[position:])
        left.append(text[position:])
        return "".join(made), FILLER.join(left)

    def _joined(self, text: str, pieces: list[_Piece]) -> list[_Piece]:
        """Neighbouring words of one name are one value to a Presidio operator, as they are to Presidio."""
        if not self._operators.has(PERSON):
            return pieces
        joined: list[_Piece] = []
        for piece in pieces:
            last = joined[-1] if joined else None
            if (
                last is not None
                and last.entry is not None
                and piece.entry is not None
                and last.entry.thing.entity == piece.entry.thing.entity == PERSON
                and text[last.end : piece.start].strip(" ") == ""
            ):
                last.end = piece.end
            else:
                joined.append(piece)
        return joined

    # ── looking again ─────────────────────────────────────────────────────────────────────────────────────────────

    def left_in(self, text: str) -> bool:
        """Whether a text that nothing was exchanged in still holds what must not be stored."""
        return self._left(text, words_in(text))

    def _left(self, kept: str, words: frozenset[str], secretive: bool = True) -> bool:
        """Whether what was not exchanged still holds an e-mail address, a card, a secret or a distinctive value of the trace.

        `secretive`: a secret may be in it at all.
        """
        look(kept)
        if EMAIL not in self._keep and "@" in kept and any(True for _ in find_emails(kept)):
            return True
        if secretive and SECRET not in self._keep and any(True for _ in find_credentials(kept, lower(kept), words)):
            return True
        if PAYMENT_ID not in self._keep and holds_card(kept):
            return True
        return self._vocabulary.left_in(kept, words, self._keep)


def merge(forms: Forms, more: Forms) -> None:
    """Adds `more` to `forms`."""
    for written, spellings in more.items():
        forms.setdefault(written, set()).update(spellings)


def _disjoint(pieces: list[_Piece]) -> list[_Piece]:
    """Pieces in order without overlap: of two that begin together the longer; where two cross, the first covers both."""
    pieces.sort(key=lambda piece: (piece.start, -piece.end))
    chosen: list[_Piece] = []
    for piece in pieces:
        if not chosen or piece.start >= chosen[-1].end:
            chosen.append(piece)
        elif piece.end > chosen[-1].end:
            chosen[-1].end = piece.end
    return chosen


def _spare(text: str, pieces: list[_Piece], allowed: Sequence[tuple[int, int]]) -> list[_Piece]:
    """Leaves what is allowed to stay, unless something goes beyond it: then all of that is exchanged."""
    starts = [start for start, _ in allowed]
    inside: dict[int, list[_Piece]] = {}
    crossed: set[int] = set()
    left: list[_Piece] = []
    for piece in pieces:
        index = bisect_right(starts, piece.start) - 1
        if index >= 0 and piece.end <= allowed[index][1]:
            inside.setdefault(index, []).append(piece)
            continue
        left.append(piece)
        index += index < 0 or allowed[index][1] <= piece.start
        while index < len(allowed) and allowed[index][0] < piece.end:
            crossed.add(index)
            index += 1
    for index, (start, end) in enumerate(allowed):
        if index in crossed:
            left += inside.get(index, ())
        else:
            left.append(_Piece(start, end, text=text[start:end], counts=Counter()))
    return left


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
