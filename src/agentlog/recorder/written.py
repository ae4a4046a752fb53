"""What is learnt of a trace after rows of it were written is taken out of them: which parts that concerns, and the repair.

A trace remembers the parts that hold rows of it, and marks of the words in those rows (`redaction.Trail`: keyed hashes, in
memory only). When something new has been learnt that may stand there, the part is read, the value is exchanged by its
placeholder in the stored text, and the part is written anew under its name (`storage.repairs`). A row in which it cannot be
exchanged loses its words.

Of a trace that has been forgotten, or that another recorder had begun, only the parts are known: they are read when
anything at all is learnt of it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from agentlog.records import Record
from agentlog.redaction import TraceRedactor, Trail
from agentlog.storage.folder import Folder, Kind
from agentlog.storage.repairs import Mend, repair

logger = logging.getLogger(__name__)

_NEVER: Final = -1
MOST_WORDS: Final = 200_000
"""Of one trace's written rows, so many words are remembered; of what is older, only where it lies."""


class Place(NamedTuple):
    """A part that holds rows of a trace."""

    path: Path
    kind: Kind


class Written:
    """The rows of one trace that are durable."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        """`places`: parts of which nothing is remembered."""
        self._trails: dict[Place, Trail] = {place: Trail(marks=None) for place in places}
        self.looked_at = _NEVER
        """How much the trace had learnt when its parts were looked at last."""

    @property
    def places(self) -> tuple[Place, ...]:
        """The parts, the oldest first."""
        return tuple(self._trails)

    def add(self, place: Place, trail: Trail) -> None:
        """Rows of the trace have been written into a part."""
        known = self._trails.get(place)
        if known is None:
            self._trails[place] = trail
        else:
            known.join(trail)
        self._forget()

    def late(self, redactor: TraceRedactor) -> list[Place]:
        """The parts in which something may stand that was learnt after they were written."""
        return [place for place, trail in self._trails.items() if redactor.is_late(trail)]

    def settle(self, place: Place, trail: Trail | None) -> None:
        """A part has been looked through: `trail` is what there is to remember of it now; None: it is gone."""
        if trail is None:
            self._trails.pop(place, None)
        elif place in self._trails:
            self._trails[place] = trail
            self._forget()

    def _forget(self) -> None:
        words = 0
        for trail in reversed(self._trails.values()):
            words += sum(map(len, trail.all()))
            if words > MOST_WORDS:
                trail.marks = None


class Concerned(NamedTuple):
    """A trace that has learnt something, and its durable rows."""

    trace_id: str
    redactor: TraceRedactor
    written: Written


def repaired(
    folder: Folder, traces: Iterable[Concerned], failed: Callable[[Place, Exception], None]
) -> Iterator[tuple[dict[str, Any], Record]]:
    """Repair every part that what these traces have learnt concerns; gives the old row and the new record of each.

    A part that cannot be read or written now is tried again the next time, and `failed` is told; one that is gone, or
    damaged, is forgotten. Never raises.
    """
    concerned: dict[Place, list[Concerned]] = {}
    for one in traces:
        for place in one.written.late(one.redactor):
            concerned.setdefault(place, []).append(one)
    for place, its in concerned.items():
        trails = {one.trace_id: Trail(one.redactor.version) for one in its}
        mends = {one.trace_id: _mend(one.redactor, trails[one.trace_id]) for one in its}
        try:
            changed = repair(folder, place.path, place.kind, mends)
        except (OSError, MemoryError) as error:
            # what was not found may also be the lock, or the file aside: then the part is still there
            if not (isinstance(error, FileNotFoundError) and _is_gone(place.path)):
                failed(place, error)
                for one in its:
                    one.written.looked_at = _NEVER
                continue
            changed, trails = [], {}  # somebody has erased it
        except Exception as error:  # noqa: BLE001 - one part that cannot be repaired must not keep all others from being written
            # without the error's own words, which may name a folder of somebody's
            logger.warning("what was learnt later stands in a part that cannot be read (%s)", type(error).__qualname__)
            changed, trails = [], {}
        for one in its:
            one.written.settle(place, trails.get(one.trace_id))
        yield from changed


def _is_gone(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:  # nobody can tell now
        return False
    return False


def _mend(redactor: TraceRedactor, trail: Trail) -> Mend:
    return lambda row: redactor.again(row, trail)
