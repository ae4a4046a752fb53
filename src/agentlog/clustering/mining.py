"""`cluster`: from calls to tasks.

Structure before meaning: two calls are one task when they come from one prompt template, with the same tools, at the
same stage of it, and, where capture knows, from one place in the code. Nothing is downloaded and nothing is random.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.clustering.answers import Given, given, kind
from agentlog.clustering.calls import Calls
from agentlog.clustering.identity import carried, new_id
from agentlog.clustering.stages import learn_stages
from agentlog.clustering.summary import summarise
from agentlog.clustering.templates import learn
from agentlog.curation import curate
from agentlog.errors import ConfigurationError
from agentlog.semconv import MODEL_OPERATIONS
from agentlog.tasks import Tasks
from agentlog.tasks.collection import table_of
from agentlog.tasks.model import Cue, TaskModel
from agentlog.tasks.reading import answers, requests

MIN_SIZE: Final = 8
_MINED: Final = 100_000
"""From so many calls the model is learned, drawn by run; all others are assigned to what it found."""
_NEEDED = ("call_id", "trace_id", "time", "input_messages")

Place = tuple[int, int]
"""Template and stage."""


def cluster(
    examples: Any, *, min_size: int | None = None, previous: Tasks | str | Path | None = None, seed: int = 0
) -> Tasks:
    """Groups model calls into tasks, from the structure of their requests.

    The same calls give the same tasks with the same ids, in whatever order they are stored.

    Args:
        examples: what `curate` gave; or a dataset or a folder, which is curated first; or a pyarrow table with the
            columns of `calls/`, of which the model calls are taken.
        min_size: a group of fewer calls is no task; its calls are in `Tasks.unassigned`. None: 8, and fewer (down to 2)
            when there are fewer than 80 calls.
        previous: tasks found earlier, or the folder where they are saved. A task that holds mostly the same calls keeps
            its id and its name.
        seed: ids are drawn from it, and so are the runs to learn from when there are more than 100,000 calls.

    Returns:
        The tasks, the biggest first.

    Raises:
        ConfigurationError: an argument cannot be used.

    Example:
        >>> import agentlog
        >>> agentlog.cluster(agentlog.curate("agentlog-records"))  # doctest: +SKIP
        3 tasks in 120 model calls
        task     calls   share  tokens   share     cost   share  runs  kind
        triage      40  33.3 %   3,120  21.4 %   $0.004  20.0 %    40  label
        extract     40  33.3 %   5,206  35.7 %   $0.008  40.0 %    40  json
        check       40  33.3 %   6,248  42.9 %   $0.008  40.0 %    40  json
    """
    if min_size is not None and (isinstance(min_size, bool) or not isinstance(min_size, int) or min_size < 1):
        raise ConfigurationError(f"min_size= is a number of calls from 1; found {min_size!r}")
    if isinstance(previous, str | Path):
        previous = Tasks.load(previous)
    if previous is not None and not isinstance(previous, Tasks):
        raise ConfigurationError(
            f"previous= takes earlier Tasks or the folder of saved ones; found {type(previous).__name__}"
        )
    calls = Calls(_table(examples))
    least = min_size if min_size is not None else min(MIN_SIZE, max(2, len(calls) // 10))
    call_ids: list[str] = calls.column("call_id")
    found = calls.in_order(given(answer) for answer in answers(calls.table))
    model, places = _locate(calls, found, least, seed)
    sizes = Counter(place for place in places if place is not None)
    kept = {place for place, size in sizes.items() if size >= least}
    labels = [place if place in kept else None for place in places]

    known = {} if previous is None else _known(previous, calls)
    earlier = carried(known, call_ids, labels)
    taken = set(earlier.values()) | (
        set() if previous is None else {*previous.retired, *(task.id for task in previous)}
    )
    for place in sorted(kept):
        one = earlier.get(place)
        if one is None:
            one = new_id(seed, _content(model, place), taken)
            taken.add(one)
        model.tasks[place] = one
    names = {} if previous is None else {task.id: task.name for task in previous}
    return Tasks(
        tasks=summarise(
            calls, [None if place is None else model.tasks[place] for place in labels], found, model, names
        ),
        unassigned=tuple(call for call, place in zip(call_ids, labels, strict=True) if place is None),
        min_size=least,
        seed=seed,
        retired=tuple(sorted(taken - set(model.tasks.values()))),
        model=model.compact(),
    )


def _table(examples: Any) -> pa.Table:
    """The model calls as a table.

    Raises:
        ConfigurationError: `examples` is none of the things `cluster` takes, or a column is missing.
    """
    if isinstance(examples, str | Path) or hasattr(examples, "to_arrow"):
        examples = curate(examples)
    table = table_of(examples)
    missing = [name for name in _NEEDED if name not in table.column_names]
    if missing:
        raise ConfigurationError(
            f"cluster needs the columns {', '.join(_NEEDED)}; the table has no {', '.join(missing)}"
        )
    if "operation" in table.column_names:
        table = table.filter(pc.is_in(table["operation"], pa.array(sorted(MODEL_OPERATIONS))))
    return table


def _locate(calls: Calls, found: Sequence[Given], least: int, seed: int) -> tuple[TaskModel, list[Place | None]]:
    """A model learned from the calls, and the template and stage of each."""
    runs: list[str] = calls.column("trace_id")
    drawn = _drawn(runs, seed)
    rows = {calls.rows[i]: place for place, i in enumerate(drawn)}
    chosen = [
        request
        for _, request in sorted(
            (rows[row], request) for row, request in enumerate(requests(calls.table)) if row in rows
        )
    ]
    model, prompts, templates, recurring = learn(chosen, [runs[i] for i in drawn], least)
    surfaces = calls.column("surface")
    # an answer that is withheld because a person read it is known to be text
    kinds = [kind(found[i].shape) or ("text" if surfaces[i] == "human" else "") for i in drawn]
    learn_stages(model, prompts, [runs[i] for i in drawn], templates, kinds, recurring, least)
    if len(drawn) == len(runs):
        return model, [model.locate(prompt) for prompt in prompts]
    del chosen, prompts
    fitted = model.compact()
    return fitted, calls.in_order(fitted.locate(fitted.prompt(request)) for request in requests(calls.table))


def _drawn(runs: list[str], seed: int) -> list[int]:
    """The rows to learn from: all, or those of runs drawn by a hash, so that runs stay whole."""
    if len(runs) <= _MINED:
        return list(range(len(runs)))
    sizes = Counter(runs)
    total = 0
    drawn: set[str] = set()
    for run in sorted(sizes, key=lambda one: hashlib.blake2b(f"{seed} {one}".encode(), digest_size=8).digest()):
        total += sizes[run]
        if drawn and total > _MINED:
            break
        drawn.add(run)
    return [i for i, run in enumerate(runs) if run in drawn]


def _known(previous: Tasks, calls: Calls) -> Mapping[str, str | None]:
    """Call → earlier task: as it was, or as the earlier model says when none of the calls was there."""
    known: dict[str, str | None] = dict.fromkeys(previous.unassigned)
    for task in previous:
        known.update(dict.fromkeys(task.call_ids, task.id))
    call_ids = calls.column("call_id")
    if previous.model is not None and not any(call in known for call in call_ids):
        return dict(zip(call_ids, calls.in_order(previous.assign(calls.table)), strict=True))
    return known


def _content(model: TaskModel, place: Place) -> list[object]:
    """What a task is made of, as words."""
    template, stage = place
    leader = model.matcher.leaders[template]
    cue: Cue | None = next((cue for cue, number in model.stages.get(template, {}).items() if number == stage), None)
    return [
        leader.place,
        sorted(model.word(one) for one in leader.keys),
        None if cue is None else [cue[0], *sorted(model.lexicon.words[word] for word in cue[1])],
    ]
