"""Makes records of drafts: learns what is personal in a trace, exchanges it everywhere in the trace, fails closed."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, Literal

from agentlog.errors import ConfigurationError
from agentlog.records import Draft, Record
from agentlog.redaction import fast
from agentlog.redaction.analysis import CONTENT, Analyser
from agentlog.redaction.entities import OPTIONAL, failed_shape, numbers_in
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.limits import Clock, Unredactable
from agentlog.redaction.policies.own import Own
from agentlog.redaction.policies.policy import RedactionPolicy
from agentlog.redaction.policies.pseudonyms import Pseudonyms
from agentlog.redaction.policies.tables import policy_from
from agentlog.redaction.trace import rows
from agentlog.redaction.trace.across import gathered
from agentlog.redaction.trace.filling import Exchanged
from agentlog.redaction.trace.late import Trail
from agentlog.redaction.trace.rewriting import Forms, Rewritten, merge
from agentlog.redaction.trace.ways import Exchange, Function, Off, Way
from agentlog.redaction.words.text import marks, words_in
from agentlog.settings import PolicyTable

_log = logging.getLogger(__name__)

LATE: Final = "all words: what was learnt later stood in it and could not be exchanged"
"""What `redaction.withheld` says of a row that could not be repaired."""
_CONSTANTS: Final = 1024
"""Texts of templates that are remembered."""


class Redactor:
    """Redacts under one policy; shared by all traces of a recorder.

    Args:
        redaction: a `RedactionPolicy`, or one in TOML; None for the default one; a function from text to text; or "off", which leaves
            all words as they are (sessions, users and files are pseudonyms even then).
        pseudonym_key: the key of the pseudonyms; whoever has it can tell whether a pseudonym is a given id's.

    Example:
        >>> Redactor(None, pseudonym_key=b"secret").text("My name is Mia Li, write to mia@example.com")
        'My name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>, write to <EMAIL_1>'

    Raises:
        ConfigurationError: `redaction` is none of these.
    """

    policy_name: str
    """What is written into each record: the policy's name, "callable:module.qualname" or "off"."""

    def __init__(
        self,
        redaction: RedactionPolicy | PolicyTable | Callable[[str], str] | Literal["off"] | None,
        *,
        pseudonym_key: bytes,
    ) -> None:
        self._pseudonyms = Pseudonyms(pseudonym_key)
        self._make: Callable[[], Way]
        self._placeholders = self._foreign = False
        """What it writes: placeholders of ours; what an operator or the application's function made."""
        if redaction is None:
            redaction = RedactionPolicy()
        if isinstance(redaction, PolicyTable):
            redaction = policy_from(redaction.table, redaction.folder, redaction.where)
        if isinstance(redaction, RedactionPolicy):
            policy = redaction
            rules = KeyRules(
                policy.keys,
                policy.exchanges_app_ids,
                policy.safe_keys,
                policy.strict,
                policy.languages,
                OPTIONAL.intersection(policy.entities or ()),
            )
            own = Own(policy.recognizers, policy.vocabulary, policy.allow)
            fast.start()
            analyser = Analyser(rules, os.urandom(32), own=own)
            self.policy_name = policy.name
            self._placeholders = True
            self._foreign = bool(policy.operators)
            self._make = lambda: Exchange(policy, analyser, self._pseudonyms)
        elif isinstance(redaction, str):
            if redaction != "off":
                raise ConfigurationError(
                    f'redaction= takes a RedactionPolicy, a function or "off"; found {redaction!r}'
                )
            self.policy_name = "off"
            self._make = Off
        elif callable(redaction) and not isinstance(redaction, type):
            function = redaction
            self._foreign = True
            self.policy_name = f"callable:{_name_of(function)}"
            self._make = lambda: Function(function)
        else:
            raise ConfigurationError(
                f'redaction= takes a RedactionPolicy, a function or "off"; found {type(redaction).__name__} {_shown(redaction)}'
            )
        self._said: set[str] = set()
        self._clean: dict[str, frozenset[int] | None] = {}

    def trace(self) -> TraceRedactor:
        """A redactor for one trace, with a vocabulary of its own."""
        return TraceRedactor(self)

    def text(self, text: str, kind: Literal["content", "label", "schema"] = CONTENT) -> str:
        """One text by itself, without a trace; its shape where it cannot be redacted. Never raises.

        Args:
            text: to be redacted.
            kind: what people, models and tools say; a name of a function, node or service; or tool definitions, whose
                keys describe values and hold none.
        """
        way = self._make()
        try:
            way.learn(text, kind)
            return way.change(text, kind).text
        except Exception as error:  # noqa: BLE001 - fail closed: whatever went wrong, the words stay out
            self._failed(error)
            return failed_shape(text)

    def pseudonym(self, value: str, kind: str) -> str:
        """The pseudonym of an id: the same for the same value, kind and key.

        >>> Redactor("off", pseudonym_key=b"secret").pseudonym("u-17", "user")
        'user-af168812a2af5688'
        """
        return self._pseudonyms.of(value, kind)

    def _marks_of_clean(self, text: str) -> frozenset[int] | None:
        """Marks of the words of a text that redaction leaves as it is by itself; None where it does not. Remembered."""
        try:
            return self._clean[text]
        except KeyError:
            way = self._make()
            way.learn(text, CONTENT)
            clean = None
            if not numbers_in(text) and way.change(text, CONTENT).text == text:
                clean = marks(words_in(text))
            if len(self._clean) >= _CONSTANTS:
                self._clean.clear()
            self._clean[text] = clean
            return clean

    def _failed(self, error: Exception) -> None:
        """Says once for each kind of error that only shapes are stored; an error's message may hold words and stays out."""
        kind = type(error).__name__ if not isinstance(error, Unredactable) else f"Unredactable: {error}"
        level = logging.DEBUG if kind in self._said else logging.WARNING
        self._said.add(kind)
        _log.log(level, "redaction failed (%s): only the shape of the content is stored", kind)


class TraceRedactor:
    """Redacts the calls of one trace. What is found in any of them is exchanged in all that are redacted afterwards.

    `learn` first what is held, then `redact`: a value that is only recognisable in a later message is then exchanged in
    the earlier ones too. A placeholder once given stays, however much is learnt later.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._pseudonyms = redactor._pseudonyms
        self._way = redactor._make()
        self._learnt: dict[int, tuple[Draft | None, bool]] = {}

    def begin_above(self, numbers: Mapping[str, int]) -> None:
        """Give no number of a placeholder that another recorder has given in this trace: entity → the highest."""
        if isinstance(self._way, Exchange):
            self._way.begin_above(numbers)

    @property
    def numbers(self) -> Mapping[str, int]:
        """The highest number of a placeholder that was given, by entity."""
        return self._way.numbers if isinstance(self._way, Exchange) else {}

    @property
    def version(self) -> int:
        """How much has been learnt; equal numbers mean that nothing was learnt between them."""
        return self._way.version

    def learn(self, draft: Draft) -> None:
        """Takes in what the draft's texts hold, also those that will be withheld. Never raises."""
        try:
            self._learnt[id(draft)] = draft, self._learn(draft, Clock())
        except Exception as error:  # noqa: BLE001 - redact() meets the same error and stores shapes
            self._redactor._failed(error)

    def forget(self, draft: Draft) -> None:
        """A draft that was learnt will never be redacted: it is not kept. What it told of the trace stays known."""
        self._learnt.pop(id(draft), None)

    def redact(self, draft: Draft, trail: Trail | None = None) -> Record:
        """The draft's record, redacted with what is known now; shapes only where that fails. Never raises.

        Args:
            draft: what is to be stored.
            trail: takes down what `is_late` has to know of the record.
        """
        counts: Counter[str] = Counter()
        failed = False
        if trail is not None:
            trail.version = self._way.version
        try:
            clock = Clock()
            learnt, was_cut = self._learnt.pop(id(draft), (None, False))
            if learnt is not draft:
                was_cut = self._learn(draft, clock)
            if trail is not None:
                trail.version = self._way.version
            raw = gathered(draft.row) if was_cut else draft.row
            row = rows.rewrite(raw, _Budget(self._way.change, counts, clock, trail), self._pseudonyms)
        except Exception as error:  # noqa: BLE001 - fail closed: whatever went wrong, the words stay out
            self._redactor._failed(error)
            failed = True
            counts.clear()
            row = rows.shapes(draft.row, _noted(self._way.change, trail), self._pseudonyms)
        for side in draft.withheld:
            for column in rows.SIDES.get(side, rows.SIDES["input"] + rows.SIDES["output"]):
                row[column] = None
        row["redaction"] = {
            "policy": self._redactor.policy_name,
            "counts": [{"entity": entity, "count": count} for entity, count in sorted(counts.items()) if count],
            "failed": failed,
            "withheld": "; ".join(f"{side}: {why}" for side, why in sorted(draft.withheld.items())) or None,
            "repaired": False,
        }
        return Record(row)

    def is_late(self, trail: Trail) -> bool:
        """Whether what has been learnt since may stand in the rows of `trail`; where it cannot, the trail is up to date."""
        version = self._way.version
        if version == trail.version:
            return False
        if trail.marks is None or any(self._way.knows(marks, trail.version) for marks in trail.all()):
            return True
        trail.version = version
        return False

    def again(self, row: Mapping[str, Any], trail: Trail) -> Record | None:
        """The record of a row that was stored, with what has been learnt since exchanged in it. Never raises.

        Args:
            row: a row of `calls` or of `feedback` as it is stored; the raw words are not needed.
            trail: takes down what `is_late` has to know of the row as it is now.

        Returns:
            None when nothing of what is known stands in the row. A row in which it cannot be exchanged loses its words:
            `redaction.withheld` says so.
        """
        counts: Counter[str] = Counter()
        try:
            change = _Budget(self._way.again, counts, Clock(), trail)
            made = rows.rewrite_again(row, change, self._pseudonyms)
            if not counts:
                return None
        except Exception as error:  # noqa: BLE001 - fail closed: whatever went wrong, the words go
            self._redactor._failed(error)
            made, counts = rows.emptied(row, _noted(self._way.again, trail)), Counter()
        if "feedback_id" not in row:
            made["redaction"] = _repaired(row.get("redaction") or {}, counts)
        return Record(made)

    def exchange(self, texts: Sequence[str], *, user: str | None = None, constant: Collection[int] = ()) -> Exchanged:
        """The texts of a request in flight, redacted as its record will be, and the way back for what is copied of them.

        Args:
            texts: contents of messages; all are learnt from before the first is redacted.
            user: the raw id of the person behind the request.
            constant: places of texts that come again and again, like a template's. They are looked through once for all
                traces; where they hold nothing personal themselves, and no word of what this trace knows, they stay.

        Raises:
            Exception: they cannot be redacted, whatever the reason; its message may hold words.

        Example:
            >>> trace = Redactor(None, pseudonym_key=b"secret").trace()
            >>> trace.exchange(["Thanks, Mia!", "My name is Mia Li"]).texts
            ('Thanks, <PERSON_1_GIVEN>!', 'My name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>')
        """
        clock = Clock()
        if user:
            self._way.learn_user(user)
        clean: dict[int, frozenset[int]] = {}
        for place, text in enumerate(texts):
            clock.check()
            marked = self._redactor._marks_of_clean(text) if place in constant else None
            if marked is None:
                self._way.learn(text, CONTENT)
            else:
                clean[place] = marked
        done: list[str] = []
        forms: Forms = {}
        for place, text in enumerate(texts):
            clock.check()
            if not text or (place in clean and not self._way.knows(clean[place])):
                done.append(text)
                continue
            made = self._way.change(text, CONTENT)
            done.append(made.text)
            if made.forms:
                merge(forms, made.forms)
        return Exchanged(texts, done, forms if self._redactor._placeholders else None, self._redactor._foreign)

    def feedback(self, row: dict[str, Any], trail: Trail | None = None) -> Record:
        """A row of `feedback`: its label and explanation redacted, its session a pseudonym. Never raises.

        `trail` takes down what `is_late` has to know of the record.
        """
        try:
            for column in rows.FEEDBACK_TEXTS:
                if isinstance(row.get(column), str):
                    self._way.learn(row[column], CONTENT)
            if trail is not None:
                trail.version = self._way.version
            change = _Budget(self._way.change, Counter(), Clock(), trail)
            return Record(rows.rewrite_feedback(row, change, self._pseudonyms))
        except Exception as error:  # noqa: BLE001 - fail closed: whatever went wrong, the words stay out
            self._redactor._failed(error)
            return Record(rows.shapes_of_feedback(row, self._pseudonyms))

    def _learn(self, draft: Draft, clock: Clock) -> bool:
        """Takes in what a draft holds. Returns whether a secret in it was cut between texts: see `across`."""
        user = draft.row.get("user")
        if isinstance(user, str):
            self._way.learn_user(user)
        raw = gathered(draft.row)
        for text, kind in rows.texts(raw):
            clock.check()
            self._way.learn(text, kind)
        return raw is not draft.row


class _Budget:
    """Changes the texts of one draft, one by one, as long as there is time, and adds up what was exchanged."""

    def __init__(
        self,
        change: Callable[[str, str], Rewritten],
        counts: Counter[str],
        clock: Clock,
        trail: Trail | None = None,
    ) -> None:
        self._change = change
        self._counts = counts
        self._clock = clock
        self._trail = trail

    def __call__(self, text: str, kind: str) -> str:
        self._clock.check()
        made = self._change(text, kind)
        if self._trail is not None:
            self._trail.note(made.marks)
        for entity, count in made.counts.items():
            self._counts[entity] += count
        return made.text


def _noted(change: Callable[[str, str], Rewritten], trail: Trail | None) -> rows.Change:
    """Changes the labels of a row that failed, however much time is used up."""

    def change_label(text: str, kind: str) -> str:
        made = change(text, kind)
        if trail is not None:
            trail.note(made.marks)
        return made.text

    return change_label


def _repaired(redaction: Mapping[str, Any], counts: Counter[str]) -> dict[str, Any]:
    """What a row says of its redaction after it was repaired; without `counts` it has lost its words."""
    before = Counter({one["entity"]: one["count"] for one in redaction.get("counts") or ()})
    why = redaction.get("withheld")
    if not counts:
        why = "; ".join(filter(None, (why, LATE)))
    return {
        **redaction,
        "counts": [{"entity": entity, "count": count} for entity, count in sorted((before + counts).items())],
        "withheld": why,
        "repaired": True,
    }


def _name_of(function: Callable[[str], str]) -> str:
    return f"{getattr(function, '__module__', '?')}.{getattr(function, '__qualname__', type(function).__qualname__)}"


def _shown(value: object) -> str:
    """A setting is no content; a class is shown by its name, other things by their value."""
    return getattr(value, "__qualname__", None) or repr(value)[:80]
