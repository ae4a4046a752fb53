"""The extra `[fast]`: hyperscan looks at a text with all watched patterns at once, pyahocorasick finds many known values.

Neither decides anything: hyperscan says which patterns can be left untried, pyahocorasick where values may stand. Where one
is missing, is not ready yet, or fails, everything is tried, as without the extra. The scanner is made on a thread of its
own, in memory only; it takes a second or two of a processor, during which nobody waits.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from agentlog.redaction import watching
from agentlog.redaction.watching import Watched

_log = logging.getLogger(__name__)

VARIABLE: Final = "AGENTLOG_FAST"
"""Set to 0: as if the extra were not installed."""
_OFF: Final = ("0", "false", "no", "off")

_lock = threading.Lock()
_thread: threading.Thread | None = None
_scanner: Scanner | None = None
"""The last one that was made: it is good for as long as no pattern is added."""


def wanted() -> bool:
    """Whether the extra may be used."""
    return os.environ.get(VARIABLE, "").strip().lower() not in _OFF


@lru_cache
def _installed(library: str) -> bool:
    return find_spec(library) is not None


def start() -> None:
    """Begins to make the scanner, once for the process, if the extra is there. Returns at once."""
    global _thread
    if _thread is not None or not wanted() or not _installed("hyperscan"):
        return
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=_make, name="agentlog-scanner", daemon=True)
            _thread.start()


def ready(timeout_s: float = 60.0) -> bool:
    """Waits until the scanner is made; whether texts are looked at with it now."""
    start()
    if _thread is not None:
        _thread.join(timeout_s)
    return watching.watches()


def stop() -> None:
    """Use the scanner no more, until `start` is called again."""
    global _thread
    if _thread is not None:
        _thread.join()
        _thread = None
    watching.end()


def _make() -> None:
    global _scanner
    try:
        patterns = watching.every()
        if _scanner is None or _scanner.asked != patterns:
            _scanner = Scanner(patterns)
        watching.begin(_scanner.scan, _scanner.numbers)
    except Exception as error:  # noqa: BLE001 - without it everything is tried, which is slower and finds the same
        _log.info("no scanner could be made (%s): redaction goes on without it", type(error).__name__)


class Scanner:
    """One hyperscan database for many patterns."""

    def __init__(self, patterns: Iterable[Watched]) -> None:
        self._library: Any = import_module("hyperscan")
        self.asked = list(patterns)
        self.numbers: list[tuple[Watched, int]] = []
        """The patterns that it knows, with their numbers."""
        said: list[tuple[bytes, int]] = []
        for pattern in self.asked:
            expression = watching.necessary(pattern.pattern)
            if expression is not None:
                self.numbers.append((pattern, len(said)))
                said.append((expression.encode("ascii"), self._flags(pattern.flags)))
        self._database = self._compiled(said)
        self._scratch = threading.local()

    def _flags(self, flags: int) -> int:
        library = self._library
        made: int = library.HS_FLAG_SINGLEMATCH | library.HS_FLAG_PREFILTER
        for ours, its in (
            (re.IGNORECASE, library.HS_FLAG_CASELESS),
            (re.DOTALL, library.HS_FLAG_DOTALL),
            (re.MULTILINE, library.HS_FLAG_MULTILINE),
        ):
            if flags & ours:
                made |= its
        return made

    def _compiled(self, said: list[tuple[bytes, int]]) -> Any:
        """The database; patterns that hyperscan does not understand are left out, and always tried."""
        try:
            return self._database_of(range(len(said)), said)
        except self._library.error:
            known = [number for number in range(len(said)) if self._understood(said[number])]
        kept = set(known)
        self.numbers = [(pattern, number) for pattern, number in self.numbers if number in kept]
        return self._database_of(known, said)

    def _understood(self, one: tuple[bytes, int]) -> bool:
        try:
            self._database_of([0], [one])
        except self._library.error:
            return False
        return True

    def _database_of(self, numbers: Iterable[int], said: list[tuple[bytes, int]]) -> Any:
        chosen = list(numbers)
        database = self._library.Database(mode=self._library.HS_MODE_BLOCK)
        database.compile(
            expressions=[said[number][0] for number in chosen],
            ids=chosen,
            elements=len(chosen),
            flags=[said[number][1] for number in chosen],
        )
        return database

    def scan(self, text: str) -> set[int] | None:
        """The numbers of the patterns that may match in `text`; None: it cannot be told."""
        if not text.isascii():
            return None  # beyond ASCII the two mean different things by a letter, a digit, a blank
        numbers: set[int] = set()
        try:
            scratch = self._scratch.own
        except AttributeError:
            scratch = self._scratch.own = self._library.Scratch(self._database)
        try:
            self._database.scan(text.encode("ascii"), match_event_handler=_note, scratch=scratch, context=numbers)
        except Exception:  # noqa: BLE001 - whatever it was: everything is tried
            return None
        return numbers


def _note(number: int, start: int, end: int, flags: int, numbers: set[int]) -> None:
    numbers.add(number)


def finder() -> Callable[[Iterable[str]], Callable[[str], Iterator[tuple[int, str]]]] | None:
    """Makes of many words what finds them in a text, with pyahocorasick; None where that is not there or not wanted."""
    if not wanted() or not _installed("ahocorasick"):
        return None
    automaton: Any = import_module("ahocorasick").Automaton

    def of(words: Iterable[str]) -> Callable[[str], Iterator[tuple[int, str]]]:
        made = automaton()
        for word in words:
            made.add_word(word, word)
        made.make_automaton()

        def find(text: str) -> Iterator[tuple[int, str]]:
            for last, word in made.iter(text):
                yield last + 1 - len(word), word

        return find

    return of
