"""The calls in the order of time, whatever order they are stored in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.tasks.reading import Answer, Request, answers, requests

T = TypeVar("T")


class Calls:
    """A table of calls, and its rows in the order of time.

    The table itself is not sorted: its texts may be larger than one Arrow array can hold.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        order: Any = pc.sort_indices(
            table.select(["time", "call_id"]), sort_keys=[("time", "ascending"), ("call_id", "ascending")]
        )
        self.rows: list[int] = order.to_pylist()
        """The row of each call: ties are decided by who came first, not by how rows are stored."""

    def __len__(self) -> int:
        return len(self.rows)

    def in_order(self, values: Iterable[T]) -> list[T]:
        """Values that come row by row, in the order of time."""
        found = list(values)
        return [found[row] for row in self.rows]

    def column(self, name: str) -> list[Any]:
        """A column in the order of time; nulls where it is missing. A field of a struct is `column.field`."""
        outer, _, inner = name.partition(".")
        if outer not in self.table.column_names:
            return [None] * len(self)
        column = self.table[outer]
        return self.in_order((pc.struct_field(column, inner) if inner else column).to_pylist())

    def read(self, indices: Sequence[int]) -> dict[int, tuple[Request, Answer]]:
        """What some calls asked and answered, by their place in the order of time."""
        wanted = {self.rows[i]: i for i in indices}
        some = self.table.filter(pa.array([row in wanted for row in range(len(self))], pa.bool_()))
        return dict(
            zip((wanted[row] for row in sorted(wanted)), zip(requests(some), answers(some), strict=True), strict=True)
        )
