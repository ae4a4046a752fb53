"""A call's way through the recorder: frame → draft → held with its trace → surface → redaction → record → part.

Thread home, process home and the importer use this one implementation.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from agentlog.recorder import reading
from agentlog.recorder.counts import Counts
from agentlog.recorder.keys import key_id, pseudonym_key
from agentlog.recorder.links import Links
from agentlog.recorder.pricing import price
from agentlog.recorder.surface import judge
from agentlog.recorder.takeover import Predecessor
from agentlog.recorder.traces import Trace, Traces
from agentlog.recording.calls import Call, Ended, Feedback
from agentlog.recording.sampling import kept
from agentlog.records import Draft, Record
from agentlog.redaction import Redactor, TraceRedactor
from agentlog.semconv import MODEL_OPERATIONS
from agentlog.settings import Settings
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter, remove_temporaries

logger = logging.getLogger(__name__)

PART_ROWS: Final = 8192
"""A part is written when this many rows wait."""
IDLE_S: Final = 1.0
"""A part is written when nothing has come for this long."""

_decode: Final = msgspec.msgpack.Decoder(Call | Feedback | Ended).decode


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
        self._traces = Traces(self._trace)
        self._links = Links()
        self._ready: list[tuple[Record, tuple[int, ...]]] = []
        self._ready_feedback: list[tuple[Record, int | None]] = []
        self._durable: list[int] = []
        self._first_ready = 0.0
        self._last_come = 0.0
        self._misfits = 0
        self._unrecorded = 0
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

    def _trace(self, trace_id: str) -> TraceRedactor:
        """A redactor for a trace; of one that an earlier recorder had begun, above the numbers that it gave."""
        redactor = self._redactor.trace()
        if self._predecessor is not None:
            redactor.begin_above(self._predecessor.numbers(trace_id))
        return redactor

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
        redactor = self._traces[row["trace_id"]].redactor if row.get("trace_id") else self._redactor.trace()
        self._ready_feedback.append((redactor.feedback(row), sequence))
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
                    continue
                try:
                    self._ready.append((self._record(trace, draft), draft.sequences))
                except Exception as error:  # noqa: BLE001 - one bad call must not take its run with it
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

    def _record(self, trace: Trace, draft: Draft) -> Record:
        row = draft.row
        if row["surface"] not in self._settings.store:
            why = "human-facing" if row["surface"] == "human" else f"surface {row['surface']} is not stored"
            draft.withheld = {"output": why}
        price(row)
        record = trace.redactor.redact(draft)
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
            self._write()
        return self._acknowledged()

    def flush(self, *, ending: bool = False) -> list[int]:
        """Write everything that is held; half-seen calls (an inner layer's) only when the recorder ends."""
        self._prepare(self._traces.all() if ending else self._traces.due(time.monotonic(), pressure=True))
        self._write()
        return self._acknowledged()

    def close(self) -> None:
        """The recorder ends: say in the dataset what was lost."""
        if self.dropped or self._unrecorded:
            self._folder.record_losses(self._writer.writer, self.dropped, unrecorded=self._unrecorded)

    def _acknowledged(self) -> list[int]:
        durable, self._durable = self._durable, []
        return durable

    def _write(self) -> None:
        """Parts for all that is ready. A failure (a full disk) leaves what is not written where it was, for the next time."""
        while self._ready:
            for ones in _by_day(self._ready[:PART_ROWS]):
                sequences = [sequence for _, its in ones for sequence in its]
                records = [record for record, _ in ones]
                self._writer.write(records, kind="calls", sequences=sequences, dropped=self.dropped)
                self.counts.failed += self._writer.misfits - self._misfits
                self._misfits = self._writer.misfits
                self._ready = _without(self._ready, ones)
                self._durable += sequences
                for record in records:
                    self._count(record.row)
        for spoken in _by_day(self._ready_feedback):
            said = [sequence for _, sequence in spoken if sequence is not None]
            self._writer.write([one for one, _ in spoken], kind="feedback", sequences=said, dropped=self.dropped)
            self._ready_feedback = _without(self._ready_feedback, spoken)
            self._durable += said
            self.counts.feedback += len(spoken)
        self._first_ready = 0.0

    def _count(self, row: dict[str, Any]) -> None:
        counts, redaction = self.counts, row["redaction"]
        counts.stored += 1
        counts.by_surface[row["surface"]] += 1
        counts.by_operation[row["operation"]] += 1
        counts.failed += bool(redaction["failed"])
        counts.withheld += bool(redaction["withheld"])
        for one in redaction["counts"] or ():
            counts.replaced[one["entity"]] += one["count"]


def _by_day(ready: list[tuple[Record, Any]]) -> list[list[tuple[Record, Any]]]:
    """Split by the UTC day of `time`, so that the footer of a part holds the sequences of exactly its own rows."""
    days: dict[object, list[tuple[Record, Any]]] = {}
    for one in ready:
        moment = one[0].row.get("time")
        days.setdefault(moment // 86_400_000_000 if isinstance(moment, int) else None, []).append(one)
    return list(days.values())


def _without(ready: list[tuple[Record, Any]], written: list[tuple[Record, Any]]) -> list[tuple[Record, Any]]:
    gone = {id(record) for record, _ in written}
    return [one for one in ready if id(one[0]) not in gone]


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
