"""All tasks of a dataset: to look at, to ask by name, to assign new calls to, to save."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from agentlog.errors import ConfigurationError, MissingExtra, UnknownName
from agentlog.tasks import display, saving
from agentlog.tasks.model import TaskModel
from agentlog.tasks.reading import requests
from agentlog.tasks.task import Task

if TYPE_CHECKING:
    import pandas as pd


class HasTable(Protocol):
    """Examples, or whatever else has its calls in an Arrow table."""

    @property
    def table(self) -> pa.Table:
        """The calls, with the columns of `calls/`."""


@dataclass(frozen=True, slots=True, repr=False)
class Tasks:
    """The tasks, the biggest first. `cluster` makes them.

    Example:
        >>> import agentlog
        >>> tasks = agentlog.cluster(agentlog.curate("agentlog-records"))  # doctest: +SKIP
        >>> tasks["triage"].n_calls  # doctest: +SKIP
        40
    """

    tasks: tuple[Task, ...]
    unassigned: tuple[str, ...]
    """Ids of the calls that belong to no task: nothing recurs in them, or not often enough."""
    min_size: int
    """Fewer calls are no task."""
    seed: int = 0
    retired: tuple[str, ...] = ()
    """Ids of earlier tasks that are no longer there; never given again."""
    model: TaskModel | None = field(default=None, compare=False)
    """Finds the task of a new call."""

    @property
    def n_calls(self) -> int:
        """All calls that were clustered."""
        return len(self.unassigned) + sum(task.n_calls for task in self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __contains__(self, name: object) -> bool:
        return any(name in (task.name, task.id) or name is task for task in self.tasks)

    def __getitem__(self, name: str) -> Task:
        """The task of that name or id.

        Raises:
            UnknownName: no task has it; the message holds the names that are close.
        """
        for task in self.tasks:
            if name in (task.id, task.name):
                return task
        names = [task.name for task in self.tasks]
        close = difflib.get_close_matches(str(name), names, n=5, cutoff=0.4) or names[:20]
        raise UnknownName(f"no task {name!r} among {len(names)}. There is: {', '.join(map(repr, close)) or 'none'}")

    def __repr__(self) -> str:
        return display.text(self)

    def _repr_html_(self) -> str:
        return display.html(self)

    def table(self) -> pa.Table:
        """One row for each task: the fields of `Task` without its call ids; the signature is a struct."""
        names = [one.name for one in fields(Task) if one.name in saving.TASKS.names]
        rows = [
            {name: getattr(task, name) for name in names} | {"signature": saving.signature_row(task.signature)}
            for task in self.tasks
        ]
        return pa.Table.from_pylist(rows, schema=saving.TASKS)

    def to_pandas(self) -> pd.DataFrame:
        """`table()` as a pandas data frame."""
        try:
            import pandas  # noqa: F401
        except ImportError as error:
            raise MissingExtra("pandas", "notebook", "Tasks.to_pandas()") from error
        return self.table().to_pandas()

    def assign(self, examples: HasTable | pa.Table) -> list[str | None]:
        """The id of each call's task, in the order of the rows; None for a call that belongs to none.

        Only the request is read (prompt, tools, place), never the answer: a router may ask before the call is made.
        """
        if self.model is None:
            raise ConfigurationError(
                "these tasks have no model to assign with: make them with agentlog.cluster or Tasks.load"
            )
        return list(self.model.assign(requests(table_of(examples))))

    def save(self, path: str | Path) -> None:
        """Writes `tasks.parquet`, `assignments.parquet`, `task_model.json` and `manifest.json` into the folder `path`.

        The place for it is `studies/<name>` in the dataset. The files hold redacted words, are readable by their owner
        only, and replace those of an earlier `save`.
        """
        saving.save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path, examples: HasTable | pa.Table | None = None) -> Tasks:
        """The tasks that `save` wrote. With `examples` their calls can be read again.

        Raises:
            DatasetError: the folder holds no saved tasks, or cannot be read.
        """
        table = None if examples is None else table_of(examples)
        tasks, rest = saving.load(Path(path))
        return cls(tasks=tuple(replace(task, _table=table) for task in tasks), **rest)

    def plot(self, ax: Any = None) -> Any:
        """Bars of each task's share of calls, coloured by the kind of its answers; the matplotlib axes they are on.

        Args:
            ax: where to draw; None makes a figure.

        Raises:
            MissingExtra: matplotlib is not installed.
        """
        return display.plot(self, ax)


def table_of(examples: Any) -> pa.Table:
    """The Arrow table of examples, or the table itself.

    Raises:
        ConfigurationError: it is neither.
    """
    table = getattr(examples, "table", None) if not isinstance(examples, pa.Table) else examples
    if not isinstance(table, pa.Table):
        raise ConfigurationError(
            f"expected the examples of agentlog.curate or a pyarrow table of calls; found {type(examples).__name__}"
        )
    return table
