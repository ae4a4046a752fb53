"""Shows what redaction would do, before it is trusted: before and after, and why. In memory only."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal

from agentlog.redaction.analysis import CONTENT
from agentlog.redaction.entities import failed_shape
from agentlog.redaction.limits import Unredactable
from agentlog.redaction.policies.policy import RedactionPolicy
from agentlog.redaction.redactor import Redactor
from agentlog.redaction.showing.noting import Note, NotingRewriter, composed, spliced
from agentlog.redaction.showing.walking import changed
from agentlog.redaction.trace.ways import Exchange, Way, storable
from agentlog.redaction.words.text import folded
from agentlog.settings import PolicyTable

if TYPE_CHECKING:
    from rich.console import RenderableType

FAILED: Final = "FAILED"
"""The entity of a text that could not be redacted: it is stored as its shape."""
_SEARCHED: Final = 2_000
"""Values among which one is looked for that a longer one holds."""
FUNCTION: Final = "FUNCTION"
"""The entity of what the application's own function changed."""


@dataclass(frozen=True, slots=True)
class Found:
    """One exchange: what stood at `start:end` of a text, what takes its place, and why."""

    where: str
    """The text it is in: "message 2, user"; "" where a single text was given."""
    entity: str
    """One of `ENTITIES`, or `FAILED` or `FUNCTION`."""
    start: int
    end: int
    """Places in the text before redaction, in characters."""
    replacement: str
    reason: str = field(repr=False)
    """In words. It may quote the text."""
    original: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """One text of a preview. `after` is `before` with each of the findings exchanged."""

    where: str
    before: str = field(repr=False)
    after: str = field(repr=False)
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Preview:
    """What redaction makes of a text or a conversation. It holds the raw words: keep it out of logs and files.

    Its `repr` holds none of them; `print(preview)` shows all, a notebook and `rich.print` in colours.
    """

    before: Any
    """What was given."""
    after: Any
    """The same, as it may be stored."""
    texts: tuple[Shown, ...]
    """Every text in it, in order."""
    policy: str
    """As it is written into each record."""

    @property
    def findings(self) -> tuple[Found, ...]:
        """Everything that is exchanged, in the order of the texts."""
        return tuple(one for text in self.texts for one in text.findings)

    @property
    def counts(self) -> dict[str, int]:
        """Entity → how often it was found, the most frequent first."""
        return dict(Counter(one.entity for one in self.findings).most_common())

    @property
    def failed(self) -> bool:
        """Whether a text could not be redacted. A call that holds it is stored as its shape, without words."""
        return any(one.entity == FAILED for one in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """For a program: before, after, findings. It holds the raw words."""
        found = [{name: getattr(one, name) for name in Found.__dataclass_fields__} for one in self.findings]
        return {"before": self.before, "after": self.after, "findings": found, "policy": self.policy}

    def __repr__(self) -> str:
        counts = ", ".join(f"{entity} {count:,}" for entity, count in self.counts.items())
        return f"<Preview of {len(self.texts):,} texts: {counts or 'nothing found'}>"

    def __str__(self) -> str:
        from agentlog.redaction.showing.painting import plain

        return plain(self)

    def __rich__(self) -> RenderableType:
        from agentlog.redaction.showing.painting import coloured

        return coloured(self)

    def _repr_html_(self) -> str:
        from agentlog.redaction.showing.painting import html

        return html(self)


def preview(
    text_or_messages: str | Sequence[Any] | Mapping[str, Any],
    *,
    policy: RedactionPolicy | PolicyTable | Callable[[str], str] | Literal["off"] | None = None,
) -> Preview:
    """What redaction makes of a text or a conversation, and why. Nothing is written anywhere, and nothing is sent.

    All texts of a conversation are one trace: what is found in one of them is exchanged in all. What comes back holds the
    raw words.

    Args:
        text_or_messages: a text; a list of messages as OpenAI's or Anthropic's API takes them; or anything of JSON.
        policy: as `agentlog.configure(redaction=)` takes it; None is the default policy.

    Example:
        >>> from agentlog.redaction import preview
        >>> seen = preview(
        ...     [{"role": "user", "content": "My name is Mia Li"}, {"role": "assistant", "content": "Hello Mia"}]
        ... )
        >>> seen
        <Preview of 2 texts: PERSON 3>
        >>> seen.after[1]["content"], seen.findings[2].reason
        ('Hello <PERSON_1_GIVEN>', 'known from message 1, user: “Mia Li”')

    Raises:
        ConfigurationError: `policy` is none of these.
    """
    redactor = Redactor(policy, pseudonym_key=os.urandom(32))
    look = _Look(redactor._make())
    changed(text_or_messages, look.learn)
    after = changed(text_or_messages, look.change)
    return Preview(text_or_messages, after, look.shown(), redactor.policy_name)


@dataclass(slots=True)
class _Origin:
    """Where something was found by itself."""

    place: int
    note: Note


class _Look:
    """One trace: learns from all its texts, then changes each of them and notes why."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._noting: NotingRewriter | None = None
        if isinstance(way, Exchange):
            analyser = way._analyser
            self._noting = NotingRewriter(way._rewriter, analyser._rules, analyser._own)
            way._rewriter = self._noting
        self._failed: set[tuple[str, str]] = set()
        self._texts: list[tuple[str, str, str, list[Note]]] = []

    def learn(self, where: str, text: str, kind: str = CONTENT) -> str:
        """Takes in what a text holds."""
        try:
            self._way.learn(text, kind)
        except Exception:  # noqa: BLE001 - `change` meets it too, or it is remembered: the words stay out
            self._failed.add((text, kind))
        return text

    def change(self, where: str, text: str, kind: str = CONTENT) -> str:
        """The text as it may be stored; its shape where that fails."""
        before = storable(text)
        try:
            if (text, kind) in self._failed:
                raise Unredactable("not learnt from")
            after, notes = self._change(text, before, kind)
        except Exception as error:  # noqa: BLE001 - fail closed, as the recorder does
            after = failed_shape(text)
            said = f" ({error})" if isinstance(error, Unredactable) else f" ({type(error).__name__})"
            why = f"it could not be redacted{said}: a call that holds it is stored without its words"
            notes = [Note(0, len(before), after, FAILED, why)]
        self._texts.append((where, before, after, notes))
        return after

    def _change(self, text: str, before: str, kind: str) -> tuple[str, list[Note]]:
        if self._noting is not None and isinstance(self._way, Exchange):
            self._way._known.clear()  # what is remembered is not noted again
            self._noting.passes.clear()
        after = self._way.change(text, kind).text
        if after == before:
            return after, []
        notes = composed(before, self._noting.passes) if self._noting is not None else []
        if spliced(before, notes) != after:  # by the application's function, or where two looks cannot be told apart
            notes = [_difference(before, after, FUNCTION if self._noting is None else "")]
        return after, notes

    def shown(self) -> tuple[Shown, ...]:
        """All texts, with the reason of each exchange."""
        origins = [
            _Origin(place, note)
            for place, (_, _, _, notes) in enumerate(self._texts)
            for note in notes
            if note.why and note.entity != FAILED
        ]
        index = _Index(origins)
        made = []
        for place, (where, before, after, notes) in enumerate(self._texts):
            found = tuple(
                Found(
                    where,
                    note.entity,
                    note.start,
                    note.end,
                    note.new,
                    note.why or self._from_elsewhere(index, place, note),
                    before[note.start : note.end],
                )
                for note in notes
            )
            made.append(Shown(where, before, after, found))
        return tuple(made)

    def _from_elsewhere(self, index: _Index, place: int, note: Note) -> str:
        origin = index.of(note)
        if origin is None:
            return "known from elsewhere in the trace"
        where = "this text" if origin.place == place else self._texts[origin.place][0] or "this text"
        value = origin.note.value if len(origin.note.value) <= 60 else origin.note.value[:59] + "…"
        return f"known from {where}: “{value}”"


class _Index:
    """Where each value of a trace was found by itself first: by the value, else by whom it belongs to."""

    def __init__(self, origins: list[_Origin]) -> None:
        self._by_entry: dict[int, _Origin] = {}
        self._by_thing: dict[int, _Origin] = {}
        self._by_value: dict[str, _Origin] = {}
        for origin in origins:
            note = origin.note
            self._by_value.setdefault(folded(note.value), origin)
            if note.entry is not None and note.thing is not None:
                self._by_entry.setdefault(id(note.entry), origin)
                self._by_thing.setdefault(id(note.thing.root()), origin)
        self._searched: dict[str, _Origin | None] = {}

    def of(self, note: Note) -> _Origin | None:
        """Where what this note exchanged comes from."""
        low = folded(note.value)
        found = self._by_entry.get(id(note.entry)) or self._by_value.get(low) or self._within(low)
        if found is None and note.thing is not None:
            found = self._by_thing.get(id(note.thing.root()))
        return found

    def _within(self, low: str) -> _Origin | None:
        """Where it is a piece of what was found, as a name is of a user id."""
        if low not in self._searched:
            some = islice(self._by_value.items(), _SEARCHED) if len(low) > 2 else ()
            self._searched[low] = next((origin for value, origin in some if low in value), None)
        return self._searched[low]


def _difference(before: str, after: str, entity: str) -> Note:
    """The stretch in which two texts differ, as one exchange."""
    start = _alike(before, after)
    same = _alike(before[start:][::-1], after[start:][::-1])
    end = len(before) - same
    why = "changed by your function" if entity == FUNCTION else "found on a second look at what was left"
    return Note(start, end, after[start : len(after) - same], entity, why)


def _alike(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
