"""What one text holds, whoever's trace it is in: structure first, then secrets, checked formats, cues and names.

An analysis holds offsets and kinds, never words, so that it can be kept for the next time the same text is sent: an
agent sends its whole history with every call.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final, NamedTuple

from agentlog.redaction.disguises import DECODED, JOINED, Reading, read_as, readings
from agentlog.redaction.documents import read as read_documents
from agentlog.redaction.entities import LOCATION, PHONE, Finding
from agentlog.redaction.forms.credentials import beyond_forms, find_credentials, worth_trying
from agentlog.redaction.forms.formats import find_formats
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.limits import DEEPEST_TEXT, LONGEST_TEXT, Unredactable
from agentlog.redaction.policies.own import Own
from agentlog.redaction.structures.frames import is_whole
from agentlog.redaction.structures.islands import Island, islands, unescape
from agentlog.redaction.watching import look
from agentlog.redaction.wording.answers import find_in_transcript
from agentlog.redaction.wording.cues import find_cues
from agentlog.redaction.wording.names import find_names
from agentlog.redaction.wording.notes import find_noted
from agentlog.redaction.wording.number_cues import find_number_cues
from agentlog.redaction.wording.places import find_places
from agentlog.redaction.wording.postal import find_addresses
from agentlog.redaction.wording.quasi import find_quasi
from agentlog.redaction.wording.spoken import find_spoken
from agentlog.redaction.words.spans import FILLER, blanked, span_at
from agentlog.redaction.words.text import lower, marks, words_among, words_in

CONTENT: Final = "content"
"""Whatever people, models and tools say: everything is looked for."""
LABEL: Final = "label"
"""Names of functions, nodes, services: checked formats, secrets and paths only, no guesses from wording."""
SCHEMA: Final = "schema"
"""Tool definitions: their keys describe values and hold none."""

_NOTHING: Final = Own()


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in one text, as offsets into it."""

    findings: tuple[Finding, ...] = ()
    couples: tuple[tuple[int, int], ...] = ()
    """Indices into `findings`: a given and a family name of one person."""
    numbers: tuple[tuple[int, int], ...] = ()
    """Bare numbers of a structure, in order."""
    nested: tuple[tuple[int, int, Analysis], ...] = ()
    """Strings that have to be unescaped, and what was found in them then."""
    structured: bool = False
    disguised: tuple[str, ...] = ()
    """The ways of `disguises.WAYS` in which there is more to read."""
    allowed: tuple[tuple[int, int], ...] = ()
    """What the policy allows to stay, in order and apart."""
    secretive: bool = field(default=True, repr=False)
    """Something in it says that a secret may be there."""

    def size(self) -> int:
        """How much it holds, for the bound of the cache."""
        return (
            4
            + len(self.findings)
            + len(self.numbers)
            + len(self.allowed)
            + sum(inner.size() for _, _, inner in self.nested)
        )

    @property
    def plain(self) -> bool:
        """Nothing was found, and nothing has to be unescaped or read in another way to be sure."""
        return not self.findings and not self.nested and not self.disguised

    def reader(self, text: str) -> Callable[[Finding], str]:
        """Gives the values of findings in `text`. Each other reading of it is made once, however many are found there."""
        readings: dict[str, Reading | None] = {}

        def value(found: Finding) -> str:
            if found.how and found.how not in readings:
                readings[found.how] = read_as(found.how, self.view(text))
            reading = readings.get(found.how)
            if reading is not None:
                return reading.text[slice(*found.seen)]
            raw = text[found.start : found.end]
            return unescape(raw) if found.escaped else raw

        return value

    @property
    def spares(self) -> bool:
        """Something in it is allowed to stay, here or in a nested string."""
        return bool(self.allowed) or any(inner.spares for _, _, inner in self.nested)

    def unspared(self, text: str) -> str:
        """`text` with all that is allowed to stay blanked out, and every nested string in which there is such."""
        nested = [(start, end) for start, end, inner in self.nested if inner.spares]
        return blanked(text, sorted((*self.allowed, *nested)))

    def view(self, text: str) -> str:
        """`text` with the nested strings blanked out: what is looked at directly. As long as `text`."""
        return blanked(text, [(start, end) for start, end, _ in self.nested])


def analyse(
    text: str, kind: str, rules: KeyRules, words: frozenset[str], depth: int = 0, own: Own = _NOTHING
) -> Analysis:
    """Looks through `text`, whose words are `words`. Work is linear in its length.

    Raises:
        Unredactable: it is too long, or nested too deeply, or a recognizer of the policy's own failed.
    """
    if len(text) > LONGEST_TEXT:
        raise Unredactable("text too long")
    if depth > DEEPEST_TEXT:
        raise Unredactable("strings within strings too deep")
    parts = islands(text, rules) if text.startswith(('"', "'")) or "{" in text or "[" in text else []
    nested = []
    for part in parts:
        for inner in part.nested:
            value = unescape(text[inner.start : inner.end])
            nested.append((inner.start, inner.end, analyse(value, kind, rules, words_in(value), depth + 1, own)))
    view = blanked(text, [(start, end) for start, end, _ in nested]) if nested else text
    chosen = _Chosen(text, own)
    stretches = [(part.start, part.end) for part in parts]
    if own.something:
        chosen.spare(own.spared(view, words))
        chosen.first(own.find(view, words, stretches, kind == CONTENT))
    couples: list[tuple[int, int]] = []
    if kind != SCHEMA:
        for part in parts:
            couples += chosen.add_all(part)
    low = lower(view)
    said = _Said(view, low, words)
    if kind == CONTENT and is_whole(text, stretches) and parts[0].complete:
        said = _said_in(view, parts[0])
    look(view)
    closed = sorted([span for part in parts for span in part.safe]) if parts else []
    if kind != SCHEMA and said.text:
        open_ = blanked(said.text, closed) if closed else said.text
        found_in = read_documents(open_, said.low, said.words, rules, stretches, label=kind == LABEL)
        couples += chosen.add_all(found_in)
    forms = worth_trying(low, words)
    for found in find_credentials(view, low, words, forms):
        if chosen.add(found) is None and not own.stays(view[found.start : found.end]):
            chosen.cover(found)  # a key's value ends with its line, a token may go on
    if kind == CONTENT:
        for found in rules.languages.find(view, low, words):
            chosen.add(found)
    numbers = tuple([span for part in parts for span in part.numbers]) if parts else ()
    for found in find_formats(view, words):
        # a phone number in a bare number of a structure is told by its key only
        if found.entity != PHONE or span_at(found.start, numbers) is None:
            chosen.add(found)
    chosen.close(closed)
    if kind == CONTENT:
        if said.text:
            _add_said(chosen, said, rules, stretches, own)
        if rules.optional:
            for found in find_quasi(view, words, rules.optional):
                chosen.add(found)
    ways = tuple(_read_again(view, low, words, rules, chosen, own)) if kind == CONTENT else ()
    allowed = tuple(chosen.allowed()) if own.something else ()
    secretive = bool(forms or nested) or beyond_forms(view, words)
    return Analysis(
        tuple(chosen.findings), tuple(couples), numbers, tuple(nested), bool(parts), ways, allowed, secretive
    )


class _Said(NamedTuple):
    """What is said in a text: all of a sentence; of a structure the strings in which more stands than one word."""

    text: str
    """As long as the text, or empty: nothing is said in it."""
    low: str
    words: frozenset[str]


def _said_in(view: str, island: Island) -> _Said:
    """What is said in `view`, which is one structure: without bare words, numbers, and values that were found."""
    found = {(one.start, one.end) for one in island.findings}
    before, behind = view[: island.start], view[island.end :]
    pieces, position = [before], island.start
    for start, end in island.spoken:
        if (start, end) not in found:
            pieces.append(FILLER * (start - 1 - position))
            pieces.append(view[start - 1 : end + 1])  # with its quotes
            position = end + 1
    if len(pieces) == 1 and not before.strip() and not behind.strip():
        return _Said("", "", frozenset())
    said = "".join((*pieces, FILLER * (island.end - position), behind))
    return _Said(said, lower(said), words_among(said))


def _add_said(chosen: _Chosen, said: _Said, rules: KeyRules, stretches: Sequence[tuple[int, int]], own: Own) -> None:
    """Adds what the wording around a value gives away."""
    text, low, words = said
    for found in find_cues(text, low, rules, stretches):
        chosen.add(found)
    for found in find_addresses(text, words, LOCATION in rules.optional):
        if chosen.add(found) is None and not own.something:
            chosen.cover(found)  # a language's table may know less of it
    for found in find_number_cues(text, low, words):
        chosen.add(found)
    for found in find_places(text, words):
        if chosen.add(found) is None and not own.something:
            chosen.cover(found)
    for found in (*find_spoken(text, low, words), *find_in_transcript(text)):
        chosen.add(found)
    for found in find_names(text, low, words):
        chosen.add(found)
    for found in find_noted(text, low, words):
        if chosen.add(found) is None and not own.something:
            chosen.cover(found)  # a name of which only a part was sure


def _read_again(
    view: str, low: str, words: frozenset[str], rules: KeyRules, chosen: _Chosen, own: Own
) -> Iterator[str]:
    """Looks through every other reading of a text; gives the ways in which there was one."""
    for how, reading in readings(view, low, words):
        yield how
        seen, below, its = reading.text, lower(reading.text), words_in(reading.text)
        look(seen)
        found = [*find_credentials(seen, below, its), *find_formats(seen, its)]
        if how in DECODED:
            parts = islands(seen, rules)
            stretches = [(part.start, part.end) for part in parts]
            found = [*(one for part in parts for one in part.findings if not one.escaped), *found]
            found += read_documents(seen, below, its, rules, stretches).findings
        if how not in JOINED:
            found += [*find_cues(seen, below, rules, ()), *find_number_cues(seen, below, its)]
            found += find_names(seen, below, its)
            found += rules.languages.find(seen, below, its)
            if own.something:
                found += own.find(seen, its, (), guess=False)
        for one in found:
            span = reading.source(one.start, one.end) if one.end > one.start else None
            if span is not None and not own.stays(seen[one.start : one.end]):
                chosen.cover(Finding(*span, one.entity, one.part, how=how, seen=(one.start, one.end)))


class _Chosen:
    """Findings in the order of their proof: one that overlaps an earlier one is not taken."""

    def __init__(self, text: str, own: Own) -> None:
        self.findings: list[Finding] = []
        self._text = text
        self._own = own
        self._taken = bytearray(len(text))
        self._spared = bytearray(len(text)) if own.something else b""

    def spare(self, spans: Iterable[tuple[int, int]]) -> None:
        """These stretches are allowed to stay."""
        if isinstance(self._spared, bytearray):
            for start, end in spans:
                self._spared[start:end] = b"\x01" * (end - start)

    def allowed(self) -> Iterator[tuple[int, int]]:
        """All that is allowed to stay, in order and apart."""
        start = self._spared.find(1)
        while start >= 0:
            end = self._spared.find(0, start)
            end = len(self._spared) if end < 0 else end
            yield start, end
            start = self._spared.find(1, end)

    def first(self, findings: Iterable[Finding]) -> None:
        """What the policy's own recognizers found. It takes no place: where a detector sees more, both are exchanged."""
        self.findings += [found for found in findings if not self._stays(found)]

    def _stays(self, found: Finding) -> bool:
        if self._spared.find(0, found.start, found.end) < 0:
            return True
        raw = self._text[found.start : found.end]
        if self._own.stays(unescape(raw) if found.escaped else raw):
            self.spare([(found.start, found.end)])
            return True
        return False

    def add(self, found: Finding) -> int | None:
        """Its index, or None: the place is taken, or empty, or may stay."""
        if found.end <= found.start or self._taken.find(1, found.start, found.end) >= 0:
            return None
        if self._spared and self._stays(found):
            return None
        self._taken[found.start : found.end] = b"\x01" * (found.end - found.start)
        self.findings.append(found)
        return len(self.findings) - 1

    def close(self, spans: Iterable[tuple[int, int]]) -> None:
        """Nothing more is taken in these stretches: they lie under keys whose values are nobody's."""
        for start, end in spans:
            self._taken[start:end] = b"\x01" * (end - start)

    def add_all(self, island: Island) -> list[tuple[int, int]]:
        """Adds what a structure holds; gives the couples of names in it, as indices."""
        places = [self.add(found) for found in island.findings]
        couples = ((places[given], places[family]) for given, family in island.couples)
        return [(given, family) for given, family in couples if given is not None and family is not None]

    def cover(self, found: Finding) -> None:
        """One that goes beyond what was found before: where they overlap, rewriting takes the longer."""
        if self._taken.find(0, found.start, found.end) >= 0:
            self._taken[found.start : found.end] = b"\x01" * (found.end - found.start)
            self.findings.append(found)


@dataclass(frozen=True, slots=True)
class Looked:
    """A text that has been looked through: what it holds, and marks of its words."""

    analysis: Analysis
    marks: frozenset[int]
    """See `text.marks`."""

    def with_findings(self, more: tuple[Finding, ...]) -> Looked:
        """With what only the text before it tells: an analysis itself is shared by all traces."""
        return replace(self, analysis=replace(self.analysis, findings=(*self.analysis.findings, *more)))


class Analyser:
    """Analyses texts and remembers what it found, by the content's keyed hash; the least recently met is forgotten."""

    def __init__(self, rules: KeyRules, key: bytes, most: int = 250_000, own: Own = _NOTHING) -> None:
        self._rules = rules
        self._own = own
        self._hashes = {
            kind: blake2b(digest_size=16, key=key, person=kind.encode()) for kind in (CONTENT, LABEL, SCHEMA)
        }
        self._most = most
        self._held = 0
        self._known: OrderedDict[bytes, Looked] = OrderedDict()
        self._lock = threading.Lock()

    def digest(self, text: str, kind: str) -> bytes:
        """What stands for `text`: it cannot be computed without this process's key."""
        made = self._hashes[kind].copy()
        made.update(text.encode("utf-8", "surrogatepass"))
        return made.digest()

    def fresh(self, text: str, kind: str) -> Analysis:
        """The analysis of `text`, made anew and not remembered."""
        return analyse(text, kind, self._rules, words_in(text), own=self._own)

    def look(self, text: str, kind: str, digest: bytes) -> Looked:
        """What `text` holds, from memory if it is there.

        Raises:
            Unredactable: it is too long, or nested too deeply.
        """
        with self._lock:
            known = self._known.get(digest)
            if known is not None:
                self._known.move_to_end(digest)
                return known
        words = words_in(text)
        analysis = analyse(text, kind, self._rules, words, own=self._own)
        if analysis.disguised:
            view = analysis.view(text)
            again = (read_as(how, view) for how in analysis.disguised)
            words = words.union(*(words_in(one.text) for one in again if one is not None))
        made = Looked(analysis, marks(words))
        with self._lock:
            if digest not in self._known:
                self._known[digest] = made
                self._held += _size(made)
            while self._held > self._most and len(self._known) > 1:
                _, old = self._known.popitem(last=False)
                self._held -= _size(old)
        return made


def _size(looked: Looked) -> int:
    return looked.analysis.size() + len(looked.marks) // 2
