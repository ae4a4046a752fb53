"""The import: from files to the recorder's pipeline, which judges, redacts and writes as it does for captured calls."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from agentlog import settings
from agentlog.errors import SourceError
from agentlog.importing.context import Context
from agentlog.importing.drafts import Run, Unreadable, Unsupported, identity
from agentlog.importing.formats import FORMATS, Format, named, recognise
from agentlog.importing.report import Imported
from agentlog.importing.sources import Bad, Item, SourceFile, files_of
from agentlog.recorder.pipeline import Pipeline
from agentlog.storage.folder import Folder
from agentlog.storage.reader import PartReader

Progress = Callable[[int, int | None], None]
"""Called with the bytes that have been read, and those there are."""

_MAX_BAD: Final = 1000
_MAX_HELD: Final = 5_000
"""Calls in memory, above which conversations are no longer waited for."""
_TICK_S: Final = 0.25


def import_records(
    source: str | Path,
    directory: str | Path,
    *,
    format: str | None = None,
    tools: str | Path | list[Any] | None = None,
    redaction: Any = None,
    store: tuple[str, ...] | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Make records of logs that you already have. They are judged, redacted and stored like calls that were captured.

    Ids come from content and place, so that importing the same again adds nothing, and an import that was cut off can be
    run again. A line that cannot be read is reported with its number and reason; the others are imported.

    Args:
        source: a file (.json, .jsonl, also with .gz), or a folder of them.
        directory: the dataset; made when it is not there.
        format: "tau", "exchanges", "run", "flywheel" or "chat"; None recognises it, in each file.
        tools: definitions of the tools that were offered, where the source does not hold them: a file with a JSON list,
            or the list itself. Without them they are said to be absent, never made up.
        redaction: as for `agentlog.configure`; None is the default policy.
        store: the surfaces whose content is stored, as for `agentlog.configure`.
        progress: called now and then with the bytes read so far and the bytes there are.

    Returns:
        What was added, what was there already, and which lines could not be read.

    Raises:
        SourceError: there is no such file, or nothing in it is recognised; nothing was written then.
        ConfigurationError: no such format, or a setting that cannot be used.
        DatasetError: `directory` is no dataset, or cannot be written.

    Example:
        >>> agentlog.import_records("runs.json.gz", "records", tools="tools.json")  # doctest: +SKIP
    """
    chosen = None if format is None else named(format)
    target = Path(directory).expanduser()
    found = [SourceFile(path) for path in files_of(Path(source).expanduser(), target.absolute())]
    definitions = read_tools(tools)
    known, notes = _recognised(found, chosen)
    pipeline = Pipeline(settings.load({"directory": target, "redaction": redaction, "store": store}))
    one_import = _Import(pipeline, _ids(target), definitions, progress, sum(one.path.stat().st_size for one in known))
    for file, its_format in known.items():
        one_import.take(file, its_format)
    pipeline.flush(ending=True)
    pipeline.close()
    if one_import.clock_is_silent:
        notes.append("times that the source does not say are those of the import, in its order")
    counts = pipeline.counts
    return Imported(
        target,
        calls=counts.stored,
        feedback=counts.feedback,
        already=one_import.already,
        unsupported=dict(one_import.unsupported),
        bad=tuple(one_import.bad),
        bad_lines=one_import.bad_lines,
        operations=dict(counts.by_operation),
        surfaces=dict(counts.by_surface),
        withheld=counts.withheld,
        failed=counts.failed,
        replaced=dict(counts.replaced),
        files={str(file.path): one.name for file, one in known.items()},
        tools_absent=one_import.tools_absent,
        notes=(*notes, *(f"{note} ({number:,} times)" for note, number in one_import.notes.items())),
    )


def read_tools(tools: str | Path | list[Any] | None) -> list[Any] | None:
    """The definitions of tools in a file, or as they were given.

    Raises:
        SourceError: the file is not there, or holds no JSON list of them.
    """
    if tools is None:
        return None
    values: Any = tools
    if isinstance(tools, str | Path):
        path = Path(tools)
        if not path.is_file():
            raise SourceError(f"there is no file {path} with the definitions of tools")
        read = list(SourceFile(path).items())
        bad = next((one for one in read if isinstance(one, Bad)), None)
        if bad is not None:
            raise SourceError(f"the definitions of tools in {path} cannot be read: {bad.reason}")
        values = [one.value for one in read if isinstance(one, Item)]
    if not values or not all(isinstance(one, dict) for one in values):
        raise SourceError('tools= takes a JSON list of definitions like {"type": "function", "function": {"name": …}}')
    return list(values)


def _recognised(files: list[SourceFile], chosen: Format | None) -> tuple[dict[SourceFile, Format], list[str]]:
    """The files with their formats, and a note for each that is left out.

    Raises:
        SourceError: nothing is recognised.
    """
    known: dict[SourceFile, Format] = {}
    unknown: list[str] = []
    for file in files:
        if chosen is not None:
            known[file] = chosen
            continue
        try:
            its_format, seen = recognise(file.items())
        except SourceError as error:
            if len(files) == 1:
                raise
            unknown.append(f"{error}")
            continue
        if its_format is not None:
            known[file] = its_format
        else:
            unknown.append(f"{file.path} is no log that is known: {'; '.join(seen)}")
    if not known:
        formats = "".join(f"\n  {one.name:<10} {one.says}" for one in FORMATS)
        raise SourceError("nothing here is recognised.\n" + "\n".join(unknown[:5]) + f"\nFormats:{formats}")
    return known, [f"left out: {one}" for one in unknown]


def _ids(directory: Path) -> set[str]:
    """The ids of the calls and the feedback that are there already."""
    folder = Folder.open(directory)
    calls = PartReader(folder).read(["call_id"])["call_id"]
    feedback = PartReader(folder, "feedback").read(["feedback_id"])["feedback_id"]
    return {str(id) for column in (calls, feedback) for id in column.to_pylist()}


class _Import:
    """One import under way."""

    def __init__(
        self, pipeline: Pipeline, known: set[str], tools: list[Any] | None, progress: Progress | None, size: int
    ) -> None:
        self._pipeline = pipeline
        self._known = known
        self._tools = tools
        self._progress = progress
        self._size = size
        self._before = 0
        self._ticked = 0.0
        self.already = 0
        self.unsupported: Counter[str] = Counter()
        self.bad: list[tuple[str, int, str]] = []
        self.bad_lines = 0
        self.tools_absent = False
        self.notes: Counter[str] = Counter()
        self.clock_is_silent = False

    def take(self, file: SourceFile, its_format: Format) -> None:
        """All records of a file."""
        context = Context(self._tools)
        seen: set[str] = set()
        again: Counter[str] = Counter()
        for item in file.items():
            if isinstance(item, Item):
                id = identity(item.value)
                if id in seen:  # the same content once more: another call that was the same
                    again[id] += 1
                    id = identity(id, again[id])
                else:
                    seen.add(id)
                if its_format.is_one_run and not context.run_id:
                    context.run_id = identity(id, "run")
                self._take(item, id, file, its_format, context)
            else:
                self._report(file, item.place, item.reason)
            self._tick(file)
        if context.run_id:
            self._pipeline.finish(context.run_id)
        self._before += file.path.stat().st_size
        self.clock_is_silent |= context.clock.silent
        self._tell(self._before)

    def _take(self, item: Item, id: str, file: SourceFile, its_format: Format, context: Context) -> None:
        try:
            run = its_format.read(item.value, id, context)
        except Unsupported as error:
            self.unsupported[str(error)] += 1
        except Unreadable as error:
            self._report(file, item.place, str(error))
        except Exception as error:  # noqa: BLE001 - one odd record must not take the others with it
            self._report(file, item.place, f"could not be read: {type(error).__qualname__}")
        else:
            self._add(run)

    def _add(self, run: Run) -> None:
        trace = ""
        for draft in run.drafts:
            if self._is_new(draft.row["call_id"]):
                trace = draft.row["trace_id"]
                self._pipeline.add(draft)
        for said in run.feedback:
            if self._is_new(said["feedback_id"]):
                self._pipeline.add_feedback(said)
        if run.whole and trace:
            self._pipeline.finish(trace)
        self.tools_absent |= run.tools_absent
        self.notes.update(run.notes)

    def _is_new(self, id: str) -> bool:
        if id in self._known:
            self.already += 1
            return False
        self._known.add(id)
        return True

    def _report(self, file: SourceFile, place: int, reason: str) -> None:
        self.bad_lines += 1
        if len(self.bad) < _MAX_BAD:
            self.bad.append((str(file.path), place, reason))

    def _tick(self, file: SourceFile) -> None:
        now = time.monotonic()
        if now - self._ticked >= _TICK_S:
            self._ticked = now
            self._pipeline.tick(pressure=self._pipeline.held > _MAX_HELD)
            self._tell(self._before + file.position)

    def _tell(self, done: int) -> None:
        if self._progress is not None:
            self._progress(done, self._size)
