"""What a recorder that takes over must know of its predecessor: what is durable already, and which numbers are given.

The predecessor was killed between writing a part and acknowledging it, perhaps. The footers of its parts say which frames
they hold; a placeholder's number that is in its rows must not be given to a second person of the same trace; and what is
learnt from now on is taken out of its rows too.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from typing import Any, Final, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from agentlog.errors import DatasetError
from agentlog.recorder.traces import Past
from agentlog.recorder.written import Place
from agentlog.redaction.entities import numbers_in
from agentlog.storage.folder import Folder, Kind
from agentlog.storage.parts import read_footer

logger = logging.getLogger(__name__)

_UNREADABLE: Final = (
    "a part of an earlier recorder cannot be read: its calls may be stored twice, its numbers given twice"
)


class Predecessor:
    """What earlier recorders of one channel have written; they all write under the channel's name."""

    def __init__(self, folder: Folder, writer: str) -> None:
        self.sequences: set[int] = set()
        """Frames that are durable."""
        self.stored = 0
        """Rows of calls that are durable."""
        self._parts: list[Place] = []
        self._traces: dict[str, list[Place]] | None = None
        kinds: tuple[Kind, ...] = get_args(Kind)
        for kind in kinds:
            for path in sorted((folder.path / kind).glob(f"date=*/part-{writer}-*.parquet")):
                try:
                    footer = read_footer(path)
                except (DatasetError, OSError):
                    logger.warning(_UNREADABLE)
                    continue
                self.sequences |= footer.sequences
                if kind == "calls":
                    self.stored += footer.rows
                self._parts.append(Place(path, kind))

    def past(self, trace_id: str) -> Past | None:
        """The highest number of each entity's placeholders in the rows of a trace, and where they lie; None: it has none."""
        places = self._of_traces().get(trace_id)
        if places is None:
            return None
        found: dict[str, int] = {}
        for place in places:
            rows = _read(place, filters=[("trace_id", "=", trace_id)])
            if rows is None:
                continue
            for entity, number in numbers_in(json.dumps(rows.to_pylist(), default=str)).items():
                found[entity] = max(found.get(entity, 0), number)
        return Past(found, tuple(places))

    def _of_traces(self) -> dict[str, list[Place]]:
        if self._traces is None:
            traces: defaultdict[str, list[Place]] = defaultdict(list)
            for place in self._parts:
                rows = _read(place, columns=["trace_id"])
                if rows is not None:
                    for trace_id in rows["trace_id"].unique():
                        traces[trace_id.as_py()].append(place)
            self._traces = dict(traces)
        return self._traces


def _read(place: Place, **which: Any) -> pa.Table | None:
    """These rows or columns of a part; None: it cannot be read, which is said."""
    try:
        return pq.read_table(place.path, partitioning=None, **which)
    except (OSError, pa.ArrowException):
        logger.warning(_UNREADABLE)
        return None
