"""A call's way through the recorder: frame → draft → held with its trace → surface → redaction → record → part.

Thread home, process home and the importer use this one implementation. What is learnt of a trace when records of it are
made already is exchanged in them before anything else is written: in those that wait for their part, and in parts.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from agentlog.recorder import reading
from agentlog.recorder.counts import Counts
from agentlog.recorder.keys import key_id, pseudonym_key
from agentlog.recorder.links import Links
from agentlog.recorder.pricing import price
from agentlog.recorder.surface import judge
from agentlog.recorder.takeover import Predecessor
from agentlog.recorder.traces import Past, Trace, Traces
from agentlog.recorder.written import Place, repaired
from agentlog.recording.calls import Call, Ended, Feedback
from agentlog.recording.sampling import kept
from agentlog.records import Draft, Record
from agentlog.redaction import Redactor, Trail
from agentlog.semconv import MODEL_OPERATIONS
from agentlog.settings import Settings
from agentlog.storage.folder import Folder, Kind
from agentlog.storage.parts import PartWriter, remove_temporaries

logger = logging.getLogger(__name__)

PART_ROWS: Final = 8192
"""A part is written when this many rows wait."""
IDLE_S: Final = 1.0
"""A part is written when nothing has come for this long."""
REPAIR_AGAIN_S: Final = 5.0
"""Between tries to repair a part that cannot be written, while nothing else is written."""

_decode: Final = msgspec.msgpack.Decoder(Call | Feedback | Ended).decode


@dataclass(slots=True)
class Ready:
    """A record that waits for its part."""

    record: Record
    sequences: tuple[int, ...]
    trace: Trace | None
    """None: feedback that is about no trace."""
    trail: Trail


class Pipeline:
    """Everything between the channel and the disk. Not thread-safe: one thread owns it.

    Raises:
        DatasetError: the directory cannot be made or written, or is no dataset.
        ConfigurationError: the redaction cannot be used.
    """

    def __init__(self, settings: Settings, *, writer: str | None = None) -> None:
        """`writer` is the name of its parts; one of its own where None."""
        key = settings.pseudonym_key or pseudonym_key()
        self._settings = settings
        self._redactor = Redactor(settings.redaction, pseudonym_key=key)
        self._folder = Folder.create(
            settings.directory,
            policy=self._redactor.policy_name,
            service=settings.service,
            pseudonym_key=key_id(key),
        )
        remove_temporaries(self._folder)
        self._writer = PartWriter(self._folder, writer or secrets.token_hex(6))
        self._predecessor: Predecessor | None = None
        self._read_before = 0
        self._traces = Traces(self._redactor.trace, self._past)
        self._links = Links()
        self._ready: list[Ready] = []
        self._ready_feedback: list[Ready] = []
        self._durable: list[int] = []
        self._first_ready = 0.0
        self._last_come = 0.0
        self._misfits = 0
        self._unrecorded = 0
        self._next_repair = 0.0
        self._told: set[Place] = set()
        self.counts = Counts()
        self.dropped = 0
        """Calls that the channel had to drop; whoever owns the channel keeps it up to date, and the parts say it."""

    def resume(self, counts: Counts, read_before: int) -> None:
        """Take over from a recorder of the same writer's name that has ended.

        Args:
            counts: what it had counted.
            read_before: frames below this sequence number are counted in there.
        """
        self._predecessor = Predecessor(self._folder, self._writer.writer)
        self._read_before = read_before
        self.counts = counts
        counts.stored = self._predecessor.stored

    def _past(self, trace_id: str) -> Past | None:
        """What an earlier recorder did of a trace that it had begun."""
        return None if self._predecessor is None else self._predecessor.past(trace_id)

    # ------------------------------------------------------------ in

    def take(self, sequence: int, frame: bytes) -> None:
        """A frame from the channel."""
        if self._predecessor is not None and sequence in self._predecessor.sequences:
            self._durable.append(sequence)
            return
        try:
            one = _decode(frame)
            if isinstance(one, Call):
                self.counts.seen += sequence >= self._read_before
                self.add(reading.draft(one, (sequence,)))
            elif isinstance(one, Feedback):
                self._add_feedback(feedback_row(one), sequence)
            else:
                self.finish(one.trace)
                self._durable.append(sequence)
        except Exception as error:  # noqa: BLE001 - one bad frame must not take the others with it
            self._lose((sequence,), error)

    def add(self, draft: Draft) -> None:
        """A call that has ended. It is held with its trace; the end of its run releases it."""
        row = draft.row
        row.setdefault("service", self._settings.service)
        alone = draft.root and row["operation"] in MODEL_OPERATIONS
        if alone and row["trace_id"] == row["call_id"]:
            self._links.link(draft)
        now = self._last_come = time.monotonic()
        self.counts.merged += self._traces.add(draft, now)
        # a model call that is its own outermost call tells nothing of the end of its run
        if draft.root and not alone:
            self.finish(row["trace_id"])

    def add_feedback(self, row: dict[str, Any]) -> None:
        """What somebody said; raw, the columns of `storage.schema.FEEDBACK`."""
        self._add_feedback(row, None)

    def _add_feedback(self, row: dict[str, Any], sequence: int | None) -> None:
        trace = self._traces[row["trace_id"]] if row.get("trace_id") else None
        redactor, trail = self._redactor.trace() if trace is None else trace.redactor, Trail()
        sequences = () if sequence is None else (sequence,)
        self._ready_feedback.append(Ready(redactor.feedback(row, trail), sequences, trace, trail))
        if trace is not None:
            trace.waiting += 1
        self._last_come = time.monotonic()
        self._first_ready = self._first_ready or self._last_come

    def finish(self, trace_id: str) -> None:
        """A run is over: what is held of it is judged, redacted and made ready."""
        self._prepare(self._traces.finish(trace_id))

    # ------------------------------------------------------------ through

    def _prepare(self, released: Iterable[tuple[Trace, list[Draft]]]) -> None:
        for trace, drafts in released:
            for draft in judge(drafts, trace.run):
                if self._unsampled(draft):
                    trace.redactor.forget(draft)
                    continue
                try:
                    trail = Trail()
                    self._ready.append(Ready(self._record(trace, draft, trail), draft.sequences, trace, trail))
                    trace.waiting += 1
                except Exception as error:  # noqa: BLE001 - one bad call must not take its run with it
                    trace.redactor.forget(draft)
                    self._lose(draft.sequences, error)
            self._first_ready = self._first_ready or time.monotonic()

    def _lose(self, sequences: Iterable[int], error: Exception) -> None:
        """A call that cannot be recorded is counted, and its space in the channel given back."""
        logger.warning("a call could not be recorded and is counted as failed: %s", type(error).__qualname__)
        self.counts.failed += 1
        self._unrecorded += 1
        self._durable += sequences

    def _unsampled(self, draft: Draft) -> bool:
        """Whether `sample_rate` leaves a call out. Most are left out where they begin; a model call without a run comes here."""
        rate = self._settings.sample_rate
        # an import is all of its source
        if rate >= 1 or not draft.sequences or kept(draft.row["trace_id"], rate):
            return False
        self.counts.unsampled += draft.root
        self._durable += draft.sequences
        return True

    def _record(self, trace: Trace, draft: Draft, trail: Trail) -> Record:
        row = draft.row
        if row["surface"] not in self._settings.store:
            why = "human-facing" if row["surface"] == "human" else f"surface {row['surface']} is not stored"
            draft.withheld = {"output": why}
        price(row)
        record = trace.redactor.redact(draft, trail)
        if draft.unreadable:
            record.row["redaction"]["failed"] = True
        return record

    # ------------------------------------------------------------ out

    @property
    def folder(self) -> Folder:
        """The dataset."""
        return self._folder

    @property
    def held(self) -> int:
        """Calls in memory: with their trace, or waiting for their part."""
        return self._traces.held + len(self._ready)

    def tick(self, *, pressure: bool = False) -> list[int]:
        """Do what is due now. Returns the sequence numbers that are durable since the last time.

        Args:
            pressure: the channel is more than half full: stop holding traces and write.
        """
        now = time.monotonic()
        self._prepare(self._traces.due(now, pressure=pressure))
        waiting = self._ready or self._ready_feedback
        idle = now - self._last_come >= IDLE_S
        full = len(self._ready) >= PART_ROWS or now - self._first_ready >= self._settings.roll_s
        if waiting and (idle or full or pressure):
            self._write(repair=not pressure)
        elif idle and now >= self._next_repair:
            self._repair()
        return self._acknowledged()

    def flush(self, *, ending: bool = False, pressure: bool = False) -> list[int]:
        """Write everything that is held; half-seen calls (an inner layer's) only when the recorder ends.

        Args:
            ending: the recorder ends, or must have all its space back.
            pressure: the channel is nearly full: parts are repaired when it is not any more.
        """
        self._prepare(self._traces.all() if ending else self._traces.due(time.monotonic(), pressure=True))
        self._write(repair=not pressure)
        return self._acknowledged()

    def close(self) -> None:
        """The recorder ends: say in the dataset what was lost."""
        if self.dropped or self._unrecorded:
            self._folder.record_losses(self._writer.writer, self.dropped, unrecorded=self._unrecorded)

    def _acknowledged(self) -> list[int]:
        durable, self._durable = self._durable, []
        return durable

    def _write(self, *, repair: bool) -> None:
        """Parts for all that is ready. A failure (a full disk) leaves what is not written where it was, for the next time."""
        self._refresh()
        if repair:
            # before: once these are durable, what was learnt from them is not sent again to a recorder that takes over
            self._repair()
        while self._ready:
            for ones in _by_day(self._ready[:PART_ROWS]):
                sequences = self._write_part(ones, "calls")
                self.counts.failed += self._writer.misfits - self._misfits
                self._misfits = self._writer.misfits
                self._ready = _without(self._ready, ones)
                self._durable += sequences
                for one in ones:
                    self._count(one.record.row)
        for spoken in _by_day(self._ready_feedback):
            sequences = self._write_part(spoken, "feedback")
            self._ready_feedback = _without(self._ready_feedback, spoken)
            self._durable += sequences
            self.counts.feedback += len(spoken)
        self._first_ready = 0.0

    def _write_part(self, ones: list[Ready], kind: Kind) -> list[int]:
        """Make rows of one day durable, and remember where they lie. Returns the sequence numbers that are durable with them."""
        sequences = [sequence for one in ones for sequence in one.sequences]
        records = [one.record for one in ones]
        for path in self._writer.write(records, kind=kind, sequences=sequences, dropped=self.dropped):
            for trace, trail in _joined(ones):
                trace.written.add(Place(path, kind), trail)
        for one in ones:
            if one.trace is not None:
                one.trace.waiting -= 1
        return sequences

    def _refresh(self) -> None:
        """What was learnt while records waited for their part is exchanged in them."""
        for one in (*self._ready, *self._ready_feedback):
            if one.trace is not None and one.trace.redactor.is_late(one.trail):
                trail = Trail(one.trace.redactor.version)
                again = one.trace.redactor.again(one.record.row, trail)
                one.trail = trail
                if again is not None:
                    one.record = again
                    if "redaction" in again.row:
                        again.row["redaction"]["repaired"] = False  # nobody has seen it before

    def _repair(self) -> None:
        """What was learnt of a trace is taken out of what had been written of it before."""
        for old, new in repaired(self._folder, self._traces.learnt(), self._unrepaired):
            self.counts.repaired += 1
            if "redaction" in new.row:
                before, after = old["redaction"] or {}, new.row["redaction"]
                self.counts.withheld += bool(after["withheld"]) - bool(before.get("withheld"))
                _add(self.counts.replaced, after["counts"])
                _add(self.counts.replaced, before.get("counts"), -1)

    def _unrepaired(self, place: Place, error: Exception) -> None:
        """A part could not be written anew (a full disk): it stays as it is until it can."""
        self._next_repair = time.monotonic() + REPAIR_AGAIN_S
        if place not in self._told:
            self._told.add(place)
            what = "what was learnt later stands in a part that cannot be written now (%s): it is tried again"
            logger.warning(what, type(error).__qualname__)

    def _count(self, row: dict[str, Any]) -> None:
        counts, redaction = self.counts, row["redaction"]
        counts.stored += 1
        counts.by_surface[row["surface"]] += 1
        counts.by_operation[row["operation"]] += 1
        counts.failed += bool(redaction["failed"])
        counts.withheld += bool(redaction["withheld"])
        _add(counts.replaced, redaction["counts"])


def _add(counted: Counter[str], some: Iterable[dict[str, Any]] | None, sign: int = 1) -> None:
    for one in some or ():
        counted[one["entity"]] += sign * one["count"]


def _by_day(ready: list[Ready]) -> list[list[Ready]]:
    """Split by the UTC day of `time`, so that the footer of a part holds the sequences of exactly its own rows."""
    days: dict[object, list[Ready]] = {}
    for one in ready:
        moment = one.record.row.get("time")
        days.setdefault(moment // 86_400_000_000 if isinstance(moment, int) else None, []).append(one)
    return list(days.values())


def _joined(ones: Iterable[Ready]) -> Iterable[tuple[Trace, Trail]]:
    """Each trace once, with one new trail for all its rows."""
    joined: dict[int, tuple[Trace, Trail]] = {}
    for one in ones:
        if one.trace is not None:
            _, trail = joined.setdefault(id(one.trace), (one.trace, Trail(one.trail.version)))
            trail.join(one.trail)
    return joined.values()


def _without(ready: list[Ready], written: list[Ready]) -> list[Ready]:
    gone = set(map(id, written))
    return [one for one in ready if id(one) not in gone]


def feedback_row(one: Feedback) -> dict[str, Any]:
    """The raw row of a feedback."""
    return {
        "feedback_id": one.id,
        "time": one.time_ns // 1000,
        "name": one.name,
        "score": one.score,
        "label": one.label,
        "explanation": one.explanation,
        "call_id": one.call,
        "trace_id": one.trace,
        "session": one.session,
    }


def store_feedback(one: Feedback, settings: Settings) -> None:
    """Write one feedback into a dataset that is not this process's own."""
    Folder.open(settings.directory)
    pipeline = Pipeline(settings)
    pipeline.add_feedback(feedback_row(one))
    pipeline.flush(ending=True)
