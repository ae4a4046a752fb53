"""Tasks on disk: a folder of Parquet tables, the model as JSON, a manifest."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from agentlog.errors import DatasetError
from agentlog.tasks.model import TaskModel
from agentlog.tasks.task import Signature, Task

if TYPE_CHECKING:
    from agentlog.tasks.collection import Tasks

_WORDS = pa.list_(pa.string())
_SIGNATURE: Final = pa.struct(
    [
        pa.field("lines", _WORDS),
        pa.field("last", _WORDS),
        pa.field("turn", pa.string()),
        pa.field("tools", _WORDS),
        pa.field("schema", pa.string()),
        pa.field("agents", _WORDS),
        pa.field("nodes", _WORDS),
        pa.field("call_sites", _WORDS),
        pa.field("outputs", pa.list_(pa.struct([pa.field("shape", pa.string()), pa.field("share", pa.float64())]))),
    ]
)
_FIELDS: Final[list[pa.Field[Any]]] = [
    pa.field("id", pa.string(), nullable=False),
    pa.field("name", pa.string(), nullable=False),
    pa.field("n_calls", pa.int64(), nullable=False),
    pa.field("share", pa.float64(), nullable=False),
    pa.field("input_tokens", pa.int64()),
    pa.field("output_tokens", pa.int64()),
    pa.field("token_share", pa.float64()),
    pa.field("cost_usd", pa.float64()),
    pa.field("cost_share", pa.float64()),
    pa.field("n_examples", pa.int64(), nullable=False),
    pa.field("n_traces", pa.int64(), nullable=False),
    pa.field("n_distinct_outputs", pa.int64(), nullable=False),
    pa.field("output_kind", pa.string(), nullable=False),
    pa.field("label_entropy", pa.float64(), nullable=False),
    pa.field("keywords", _WORDS, nullable=False),
    pa.field("signature", _SIGNATURE, nullable=False),
]
TASKS: Final = pa.schema(_FIELDS)
"""The columns of `tasks.parquet`: the fields of `Task`."""
_ASSIGNMENTS: Final = pa.schema([pa.field("call_id", pa.string(), nullable=False), pa.field("task_id", pa.string())])
VERSION: Final = 1


def signature_row(signature: Signature) -> dict[str, Any]:
    """A signature as Arrow types it."""
    row = {name: getattr(signature, name) for name in Signature.__slots__}
    return row | {"outputs": [{"shape": shape, "share": share} for shape, share in signature.outputs]}


def save(tasks: Tasks, path: Path) -> None:
    """Writes the files; the manifest last, so that a folder with a manifest is whole."""
    path.mkdir(parents=True, exist_ok=True)
    pairs = [(call, task.id) for task in tasks for call in task.call_ids] + [(call, None) for call in tasks.unassigned]
    assignments = pa.table(
        {"call_id": [call for call, _ in pairs], "task_id": [task for _, task in pairs]}, schema=_ASSIGNMENTS
    )
    model = json.dumps(None if tasks.model is None else tasks.model.to_dict(), ensure_ascii=False)
    (path / "manifest.json").unlink(missing_ok=True)
    sums = {
        "tasks.parquet": _write(path / "tasks.parquet", lambda place: pq.write_table(tasks.table(), place)),
        "assignments.parquet": _write(path / "assignments.parquet", lambda place: pq.write_table(assignments, place)),
        "task_model.json": _write(path / "task_model.json", lambda place: place.write_text(model, encoding="utf-8")),
    }
    manifest = {
        "version": VERSION, "kind": "tasks", "n_tasks": len(tasks), "n_calls": tasks.n_calls, "min_size": tasks.min_size,
        "seed": tasks.seed, "retired": list(tasks.retired), "sha256": sums,
    }  # fmt: skip
    _write(path / "manifest.json", lambda place: place.write_text(json.dumps(manifest, indent=2), encoding="utf-8"))


def load(path: Path) -> tuple[list[Task], dict[str, Any]]:
    """The saved tasks, and the other arguments of `Tasks`.

    Raises:
        DatasetError: the folder holds none, or a file is damaged.
    """
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DatasetError(
            f"{path} holds no saved tasks: there is no manifest.json. Tasks.save({str(path)!r}) writes them"
        ) from error
    except ValueError as error:
        raise DatasetError(f"{path / 'manifest.json'} cannot be read: {error}. Save the tasks again") from error
    if manifest.get("kind") != "tasks" or manifest.get("version") != VERSION:
        raise DatasetError(
            f"{path} holds no tasks that this agentlog reads: kind {manifest.get('kind')!r}, version {manifest.get('version')!r}"
        )
    for name, expected in manifest["sha256"].items():
        place = path / name
        if not place.is_file() or _sum(place) != expected:
            raise DatasetError(f"{place} is missing or was changed since it was saved: save the tasks again")
    calls: dict[str | None, list[str]] = {}
    for row in pq.read_table(path / "assignments.parquet").to_pylist():
        calls.setdefault(row["task_id"], []).append(row["call_id"])
    tasks = [_task(row, calls) for row in pq.read_table(path / "tasks.parquet").to_pylist()]
    model = json.loads((path / "task_model.json").read_text(encoding="utf-8"))
    return tasks, {
        "unassigned": tuple(calls.get(None, ())),
        "min_size": manifest["min_size"],
        "seed": manifest["seed"],
        "retired": tuple(manifest["retired"]),
        "model": None if model is None else TaskModel.from_dict(model),
    }


def _task(row: dict[str, Any], calls: dict[str | None, list[str]]) -> Task:
    stored: dict[str, Any] = row.pop("signature")
    found: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
    found["outputs"] = tuple((one["shape"], one["share"]) for one in found["outputs"])
    row["keywords"] = tuple(row["keywords"])
    return Task(call_ids=tuple(calls.get(row["id"], ())), signature=Signature(**found), **row)


def _write(place: Path, write: Callable[[Path], Any]) -> str:
    """Writes a file beside its place, for its owner only, and moves it there; its SHA-256."""
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        write(beside)
        digest = _sum(beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
    return digest


def _sum(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
