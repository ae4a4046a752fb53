"""The three ways of changing texts: by a policy, by the application's function, not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from agentlog.redaction.analysis import CONTENT, LABEL, SCHEMA, Analyser, Analysis, Looked
from agentlog.redaction.entities import EMAIL, USER_ID, numbers_in
from agentlog.redaction.limits import LONGEST_TEXT, Unredactable
from agentlog.redaction.policies.operators import Operators
from agentlog.redaction.policies.policy import RedactionPolicy
from agentlog.redaction.policies.pseudonyms import Pseudonyms
from agentlog.redaction.structures.islands import escape, string_leaves, unescape
from agentlog.redaction.trace.late import of_stored
from agentlog.redaction.trace.rewriting import Rewriter, Rewritten, merge
from agentlog.redaction.trace.vocabulary import Vocabulary
from agentlog.redaction.wording.answers import asked, find_answers
from agentlog.redaction.words.text import words_in

_KEPT_CHARACTERS: Final = 32_000_000
"""Of redacted texts, for the history that comes again with the next call of the trace."""
_HASHED_CHARACTERS: Final = 1_000_000
"""Of texts whose hashes are kept: a history is sent again and again, and each text is asked for when it is learnt and when it is written."""
_NOTHING: Final[frozenset[str]] = frozenset()
_STORED: Final = b"stored"
"""Behind the hash of a text: how it is known that `again` made of it."""


class Way(Protocol):
    """How the texts of one trace are changed."""

    def learn(self, text: str, kind: str) -> None:
        """Takes in what a text holds, for all texts of the trace."""

    def learn_user(self, user: str) -> None:
        """Takes in the id of the trace's user."""

    @property
    def version(self) -> int:
        """How much has been learnt."""

    def knows(self, marks: frozenset[int], since: int = 0) -> bool:
        """Whether a text of words with these `text.marks`, which holds nothing personal itself, may have to be changed here.

        `since`: only for what has been learnt after that `version`.
        """

    def change(self, text: str, kind: str) -> Rewritten:
        """The text as it may be stored. Raises, whatever the reason, when there is no such text."""

    def again(self, text: str, kind: str) -> Rewritten:
        """A text that `change` made, with what has been learnt since exchanged too. Raises likewise."""


@dataclass(slots=True)
class _Known:
    """A text of this trace that has been redacted already."""

    version: int
    made: Rewritten


class Exchange:
    """By a policy: analyse, learn, rewrite; remembers by hash what was done, because histories are sent again and again."""

    def __init__(self, policy: RedactionPolicy, analyser: Analyser, pseudonyms: Pseudonyms) -> None:
        self._analyser = analyser
        self._vocabulary = Vocabulary()
        self._rewriter = Rewriter(self._vocabulary, policy.kept, Operators(policy.operators), pseudonyms)
        self._digests: dict[str, dict[str, bytes]] = {CONTENT: {}, LABEL: {}, SCHEMA: {}}
        self._hashed = 0
        self._seen: set[bytes] = set()
        """The texts that were taken in, by hash."""
        self._answered: dict[bytes, Looked] = {}
        """Those in which the question before them tells more than the analyser can remember."""
        self._known: dict[bytes, _Known] = {}
        self._characters = 0
        self._asks: dict[bytes, frozenset[str]] = {}
        self._asked = _NOTHING
        """What the last text asked for."""

    def begin_above(self, numbers: Mapping[str, int]) -> None:
        """Numbers up to these are given away already, by entity."""
        self._vocabulary.begin_above(numbers)

    def learn(self, text: str, kind: str) -> None:
        """Analyses the text and takes its values into the trace's vocabulary."""
        digest = self._digest(text, kind)
        if digest not in self._seen:
            looked = self._analyser.look(text, kind, digest)
            self._seen.add(digest)
            self._vocabulary.begin_above(numbers_in(text))
            learn_all(self._vocabulary, text, looked.analysis)
            if kind == CONTENT:
                answers = tuple(find_answers(text, self._asked)) if self._asked else ()
                if answers:  # the text alone does not say what they are
                    self._answered[digest] = looked = looked.with_findings(answers)
                    learn_all(self._vocabulary, text, looked.analysis)
                asks = asked(text)
                if asks:
                    self._asks[digest] = asks
        if kind == CONTENT:
            self._asked = self._asks.get(digest, _NOTHING)

    def _digest(self, text: str, kind: str) -> bytes:
        """What stands for `text`. The texts themselves are kept for it, a few of them, and only as long as the trace is there."""
        digest = self._digests[kind].get(text)
        if digest is None:
            digest = self._analyser.digest(text, kind)
            self._hashed += len(text)
            if self._hashed > _HASHED_CHARACTERS:
                self._digests = {kind: {} for kind in self._digests}
                self._hashed = len(text)
            self._digests[kind][text] = digest
        return digest

    def learn_user(self, user: str) -> None:
        """Takes in the id of the trace's user."""
        self._vocabulary.learn(EMAIL if "@" in user else USER_ID, user)

    @property
    def version(self) -> int:
        """See `Vocabulary.version`."""
        return self._vocabulary.version

    @property
    def numbers(self) -> Mapping[str, int]:
        """The highest number that was given, by entity."""
        return self._vocabulary.numbers

    def knows(self, marks: frozenset[int], since: int = 0) -> bool:
        """Whether a value of the trace may stand in a text of words with these marks."""
        return self._vocabulary.touches(marks, since)

    def _again(self, made: Rewritten, kind: str) -> Rewritten:
        """Once more over a text in which the last look still found something; what it then finds too is not stored."""
        analysis = self._analyser.fresh(made.text, kind)
        learn_all(self._vocabulary, made.text, analysis)
        again = self._rewriter.rewrite(made.text, analysis, words_in(made.text))
        kept = self._analyser.fresh(again.text, kind).unspared(again.text) if analysis.spares else again.text
        if again.left or self._rewriter.left_in(kept):
            raise Unredactable("a value was left after redaction")
        again.counts.update(made.counts)
        again.marks |= made.marks
        merge(again.forms, made.forms)
        return again

    def change(self, text: str, kind: str) -> Rewritten:
        """With every known value exchanged; from memory where nothing learnt since touches the text."""
        digest = self._digest(text, kind)
        known = self._recalled(digest)
        if known is not None:
            return known
        version = self._vocabulary.version
        looked = self._answered.get(digest) or self._analyser.look(text, kind, digest)
        if looked.analysis.plain and not self._vocabulary.touches(looked.marks, 0):
            made = Rewritten(storable(text), marks=looked.marks)
        else:
            made = self._rewriter.rewrite(storable(text), looked.analysis, words_in(text), looked.marks)
            if made.left:
                made = self._again(made, kind)
        return self._remembered(digest, version, made, len(text))

    def again(self, text: str, kind: str) -> Rewritten:
        """A stored text with the values of the trace exchanged that still stand in it; no more is looked for, unless one is left."""
        digest = self._analyser.digest(text, kind)
        # most texts were stored as they came
        known = self._recalled(digest) or self._recalled(digest + _STORED)
        if known is not None:
            return known
        version = self._vocabulary.version
        looked = self._analyser.look(text, kind, digest)
        if not looked.analysis.nested and not self._vocabulary.touches(looked.marks, 0):
            made = Rewritten(text, marks=looked.marks)
        else:
            made = self._rewriter.rewrite(text, of_stored(text, looked.analysis), words_in(text))
            if made.left:
                made = self._again(made, kind)
            made.marks |= looked.marks
        return self._remembered(digest + _STORED, version, made, len(text))

    def _recalled(self, digest: bytes) -> Rewritten | None:
        """What was made of a text before, if nothing learnt since touches it."""
        known = self._known.get(digest)
        version = self._vocabulary.version
        if known is None or (known.version != version and self._vocabulary.touches(known.made.marks, known.version)):
            return None
        known.version = version
        return known.made

    def _remembered(self, digest: bytes, version: int, made: Rewritten, length: int) -> Rewritten:
        if self._characters > _KEPT_CHARACTERS:
            self._known.clear()
            self._characters = 0
        self._characters += length
        self._known[digest] = _Known(version, made)
        return made


def learn_all(vocabulary: Vocabulary, text: str, analysis: Analysis) -> None:
    """Takes what `analysis` found in `text` into a trace's vocabulary."""
    if not (analysis.findings or analysis.nested):
        return
    value = analysis.reader(text)
    for given, family in analysis.couples:
        vocabulary.couple(value(analysis.findings[given]), value(analysis.findings[family]))
    for found in analysis.findings:
        vocabulary.learn(found.entity, value(found), found.part)
    for start, end, inner in analysis.nested:
        learn_all(vocabulary, unescape(text[start:end]), inner)


def storable(text: str) -> str:
    """`text` with every half of a surrogate pair replaced: it could not be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return text


class Function:
    """By the application's function, text by text; in JSON, string by string, so that it stays JSON."""

    def __init__(self, function: Callable[[str], str]) -> None:
        self._function = function

    def learn(self, text: str, kind: str) -> None:
        """Nothing: a function keeps its own memory."""

    def learn_user(self, user: str) -> None:
        """Nothing."""

    version: Final = 0

    def knows(self, marks: frozenset[int], since: int = 0) -> bool:
        """No: equal texts are changed equally."""
        return False

    def change(self, text: str, kind: str) -> Rewritten:
        """What the function makes of it."""
        if len(text) > LONGEST_TEXT:
            raise Unredactable("text too long")
        text = storable(text)
        spans = string_leaves(text) if kind != LABEL else None
        if spans is None:
            return Rewritten(self._call(text))
        made, position = [], 0
        for start, end in spans:
            raw = text[start:end]
            value = unescape(raw)
            new = self._call(value)
            made += [text[position:start], raw if new == value else escape(new, raw, '"')]
            position = end
        return Rewritten("".join((*made, text[position:])))

    def again(self, text: str, kind: str) -> Rewritten:
        """The text itself: it was changed with all that the function knows."""
        return Rewritten(text)

    def _call(self, text: str) -> str:
        made = self._function(text)
        if not isinstance(made, str):
            raise Unredactable("the redaction function gave back no text")
        return storable(made)


class Off:
    """Not at all."""

    def learn(self, text: str, kind: str) -> None:
        """Nothing."""

    def learn_user(self, user: str) -> None:
        """Nothing."""

    version: Final = 0

    def knows(self, marks: frozenset[int], since: int = 0) -> bool:
        """No: nothing is ever changed."""
        return False

    def change(self, text: str, kind: str) -> Rewritten:
        """The text itself."""
        return Rewritten(storable(text))

    def again(self, text: str, kind: str) -> Rewritten:
        """The text itself."""
        return Rewritten(text)
