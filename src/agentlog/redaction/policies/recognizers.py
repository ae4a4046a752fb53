"""What an application adds to the built-in detectors: anything that finds places in a text.

A recognizer is an object with `find(text)`, or a function; both give `(start, end, entity)` for each place. In three lines:

    @recognizes("EMPLOYEE_ID")
    def employees(text):
        return ((m.start(), m.end(), "EMPLOYEE_ID") for m in re.finditer(r"E-[0-9]{6}", text))

and where a regular expression is enough, in one: `Pattern("EMPLOYEE_ID", r"E-[0-9]{6}")`.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol, TypeVar, runtime_checkable

from agentlog.errors import ConfigurationError
from agentlog.redaction.limits import MOST_VALUES, Unredactable

Place = tuple[int, int, str]
"""Start, end and entity of one finding."""

_ENTITY: Final = re.compile(r"[A-Z][A-Z0-9_]{1,40}")
_PATIENCE_S: Final = 2.0
_PREPARING_S: Final = 300.0
_Function = TypeVar("_Function", bound=Callable[..., Any])


@runtime_checkable
class Recognizer(Protocol):
    """Finds what the built-in detectors cannot know.

    It may also have `entities` (a tuple: what it finds, so that a policy can name them), `prepare()` (called once, before
    the first text), `limit_s` (seconds that one text may take, 2 by default) and `fingerprint` (a text that changes when it
    finds something else; part of the policy's name).
    It is called by one thread at a time, and once for each different text.
    """

    def find(self, text: str) -> Iterable[Place]:
        """`(start, end, entity)` of each place; they may overlap, and come in any order."""


@dataclass(frozen=True, slots=True)
class Pattern:
    r"""A recognizer made of a regular expression.

    Args:
        entity: what it finds; one of `ENTITIES` or a name of your own, in capitals.
        regex: what it looks like; where it has a group, the first group is the value. It has to work in linear time:
            bounded repeats, no repeat within a repeat.
        flags: of `re`; `re.ASCII` is always on, or `\b` would not see where a number ends in Chinese text.

    Example:
        >>> from agentlog.redaction import Pattern, RedactionPolicy, Redactor
        >>> policy = RedactionPolicy(recognizers=(Pattern("EMPLOYEE_ID", r"E-[0-9]{6}"),))
        >>> Redactor(policy, pseudonym_key=b"secret").text("E-123456 reports to E-654321, says E-123456")
        '<EMPLOYEE_ID_1> reports to <EMPLOYEE_ID_2>, says <EMPLOYEE_ID_1>'

    Raises:
        ConfigurationError: the entity's name or the expression cannot be used.
    """

    entity: str
    regex: str
    flags: int = 0

    def __post_init__(self) -> None:
        check_entity(self.entity, "Pattern()")
        try:
            compiled = re.compile(self.regex, self.flags | re.ASCII)
        except (re.error, TypeError, ValueError, OverflowError) as error:
            raise ConfigurationError(f"Pattern({self.entity!r}): the expression cannot be used: {error}") from None
        if compiled.fullmatch("") is not None:
            raise ConfigurationError(f"Pattern({self.entity!r}): the expression finds nothing at all everywhere")

    @property
    def entities(self) -> tuple[str, ...]:
        """What it finds."""
        return (self.entity,)

    @property
    def fingerprint(self) -> str:
        """Changes with the expression."""
        return f"{self.entity} {self.flags} {self.regex}"

    def find(self, text: str) -> Iterable[Place]:
        """Every match."""
        compiled = re.compile(self.regex, self.flags | re.ASCII)
        for match in compiled.finditer(text):
            start, end = match.span(1 if compiled.groups and match.group(1) is not None else 0)
            if end > start:
                yield start, end, self.entity


def recognizes(*entities: str) -> Callable[[_Function], _Function]:
    """Says of a function which entities it finds, so that a policy can name them (`keep=`, `operators=`, `keys=`).

    Raises:
        ConfigurationError: a name is not in capitals.
    """
    for entity in entities:
        check_entity(entity, "recognizes()")

    def said(function: _Function) -> _Function:
        function.entities = entities  # type: ignore[attr-defined]  # functions take attributes
        return function

    return said


def check_entity(name: object, where: str) -> None:
    """Raises `ConfigurationError` when a placeholder cannot be made of that name."""
    if not isinstance(name, str) or _ENTITY.fullmatch(name) is None or name[-1].isdigit():
        raise ConfigurationError(
            f"{where}: an entity's name is in capitals, like EMPLOYEE_ID, and ends with a letter; found {name!r}"
        )


def check_recognizer(recognizer: object) -> None:
    """Raises `ConfigurationError` when it is none."""
    if isinstance(recognizer, type) or not (callable(getattr(recognizer, "find", None)) or callable(recognizer)):
        hint = ""
        if hasattr(recognizer, "analyze") and hasattr(recognizer, "supported_entities"):
            hint = "; a recognizer of Presidio's goes into PresidioRecognizer([...])"
        shown = recognizer.__qualname__ if isinstance(recognizer, type) else type(recognizer).__qualname__
        raise ConfigurationError(f"recognizers= takes objects with find(text), or functions; found {shown}{hint}")
    for entity in entities_of(recognizer):
        check_entity(entity, f"recognizers={name_of(recognizer)}")


def entities_of(recognizer: object) -> tuple[str, ...]:
    """What it says that it finds; () when it does not say."""
    said = getattr(recognizer, "entities", ())
    return tuple(said) if isinstance(said, tuple | list | frozenset | set) else ()


def name_of(recognizer: object) -> str:
    """For messages and for the policy's name: where it was made, nothing of what it holds."""
    made = recognizer if hasattr(recognizer, "__qualname__") else type(recognizer)
    return f"{made.__module__}.{made.__qualname__}"


def fingerprint_of(recognizer: object) -> str:
    """A stable name for it and its settings, that gives none of them away."""
    said = str(getattr(recognizer, "fingerprint", ""))
    return f"{name_of(recognizer)}:{hashlib.sha256(said.encode()).hexdigest()[:16]}"


class Runner:
    """Runs recognizers, none of which is trusted: what raises, hangs or gives nonsense makes the text unredactable.

    They run on a thread of their own, so that a text's time can be limited; one that does not come back keeps that thread,
    and until it does every text is refused. A regular expression of `re` that explodes cannot be interrupted: it holds the
    interpreter's lock. `Pattern`s therefore run where they are called, and must be linear.
    """

    def __init__(self, recognizers: Iterable[Any]) -> None:
        given = tuple(recognizers)
        self._patterns = tuple(one for one in given if isinstance(one, Pattern))
        self._others = tuple(one for one in given if not isinstance(one, Pattern))
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self._prepared: set[int] = set()

    def patterns(self, text: str) -> list[Place]:
        """What the `Pattern`s find."""
        return [place for pattern in self._patterns for place in pattern.find(text)]

    def others(self, text: str) -> list[Place]:
        """What all others find.

        Raises:
            Unredactable: one of them failed, was too slow, or gave something that is no place in the text.
        """
        found: list[Place] = []
        for one in self._others:
            found += self._run(one, text)
        return found

    def who(self, text: str, start: int, end: int, entity: str) -> list[object]:
        """Those that may have found an `entity` from `start` to `end`: a `Pattern` that does, else who says that it finds such."""
        for pattern in self._patterns:
            if pattern.entity == entity and any(a < end and b > start for a, b, _ in pattern.find(text)):
                return [pattern]
        return [one for one in self._others if entity in entities_of(one) or not entities_of(one)]

    def _run(self, recognizer: Any, text: str) -> list[Place]:
        name = name_of(recognizer)
        with self._lock:
            if self._worker is None or not self._worker.thread.is_alive():  # in a forked child threads are gone
                self._worker = _Worker()
            outcome: Any = ()
            if hasattr(recognizer, "prepare") and id(recognizer) not in self._prepared:
                outcome = self._worker.run(lambda: recognizer.prepare() or (), _PREPARING_S)
            if isinstance(outcome, list | tuple):
                self._prepared.add(id(recognizer))
                find = recognizer.find if hasattr(recognizer, "find") else recognizer
                outcome = self._worker.run(lambda: find(text), float(getattr(recognizer, "limit_s", _PATIENCE_S)))
        if outcome is None:
            raise Unredactable(f"the recognizer {name} took too long")
        if isinstance(outcome, BaseException):
            # its message may hold words of the text
            raise Unredactable(f"the recognizer {name} raised {type(outcome).__qualname__}") from None
        return [_checked(place, len(text), name) for place in outcome]


class _Worker:
    """A thread that does one thing at a time."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[Callable[[], Iterable[Any]], SimpleQueue[Any]]] = SimpleQueue()
        self._busy = False
        self.thread = threading.Thread(target=self._serve, name="agentlog-recognizers", daemon=True)
        self.thread.start()

    def run(self, work: Callable[[], Iterable[Any]], limit_s: float) -> list[Any] | BaseException | None:
        """What it gave or raised; None: not in time, or the thread is still at something earlier."""
        if self._busy:
            return None
        self._busy = True
        answer: SimpleQueue[Any] = SimpleQueue()
        began = time.monotonic()
        self._asked.put((work, answer))
        try:
            outcome: list[Any] | BaseException = answer.get(timeout=limit_s)
        except Empty:
            return None
        # it may have held the interpreter's lock all the while; what Presidio gives after its own time-out is incomplete
        return outcome if time.monotonic() - began <= limit_s else None

    def _serve(self) -> None:
        while True:
            work, answer = self._asked.get()
            try:
                outcome: Any = list(islice(work(), MOST_VALUES))
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is the text's end and not the thread's
                outcome = error
            del work
            self._busy = False
            answer.put(outcome)
            del outcome, answer


def _checked(place: Any, length: int, name: str) -> Place:
    """`place` as start, end and entity; Presidio's results are understood too."""
    try:
        start, end, entity = place
    except (TypeError, ValueError):
        start, end, entity = (getattr(place, at, None) for at in ("start", "end", "entity_type"))
    whole = isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length
    if not whole or not isinstance(entity, str) or _ENTITY.fullmatch(entity) is None:
        raise Unredactable(f"the recognizer {name} gave something else than (start, end, entity) within the text")
    return int(start), int(end), entity
