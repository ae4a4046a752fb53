"""`export` from every source, on a dataset that lies on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agentlog.clustering import cluster
from agentlog.curation import curate
from agentlog.dataset import Dataset, open_dataset
from agentlog.errors import ConfigurationError, DatasetError, ExportError, UnknownName
from agentlog.exports import export
from agentlog.exports.proofs import lines
from agentlog.records import Record
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter
from agentlog.tasks import Tasks

START = 1_793_491_200_000_000  # 2026-11-01, in µs
KINDS = ("Translate the note.", "Sort the ticket.")


def said(role: str, text: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "text": text}]}


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Sixty calls of two kinds, two to a run; one failed, one is a tool's; every third run has feedback."""
    folder = Folder.create(tmp_path / "records", policy="policy-1")
    rows = [
        {
            "call_id": f"{number:032x}",
            "trace_id": f"{number // 2:032x}",
            "time": START + number * 1_000_000,
            "operation": "execute_tool" if number == 7 else "chat",
            "surface": "internal",
            "node": f"node-{number % 2}",
            "error_type": "ValueError" if number == 4 else None,
            "redaction": {"policy": "policy-1", "counts": [], "failed": False, "withheld": None},
            "system_instructions": [{"type": "text", "text": KINDS[number % 2]}],
            "input_messages": [said("user", f"note {number} of <PERSON_1>")],
            "output_messages": [said("assistant", f"answer {number} for <PERSON_1>")],
        }
        for number in range(60)
    ]
    PartWriter(folder, "a" * 12).write([Record(row) for row in rows])
    feedback = [
        {"feedback_id": f"{number:032x}", "time": START, "name": "resolved", "score": 1.0, "trace_id": f"{number:032x}"}
        for number in range(0, 30, 3)
    ]
    PartWriter(folder, "b" * 12).write([Record(row) for row in feedback], kind="feedback")
    return open_dataset(folder.path)


def call_ids(path: Path) -> set[str]:
    return set(pq.read_table(path / "lineage.parquet")["call_id"].to_pylist())


def test_a_dataset_and_its_folder_give_the_same_training_set(dataset, tmp_path):
    first = export(dataset, "trl", tmp_path / "a", prove=False)
    second = export(str(dataset.path), "trl", tmp_path / "b", prove=False)
    assert first.manifest["files"] == second.manifest["files"]
    assert first.train + first.test == 58
    assert first.manifest["funnel"] == {"seen": 59, "error": 1, "kept": 58, "written": 58}
    assert first.manifest["source"] == "records"
    assert first.manifest["policies"] == ["policy-1"]
    assert (first.train, first.test) == tuple(
        len(list(lines(tmp_path / "a" / f"{side}.jsonl"))) for side in ("train", "test")
    )


def test_the_other_format_puts_every_run_on_the_same_side(dataset, tmp_path):
    sides = []
    for format in ("trl", "openai"):
        export(dataset, format, tmp_path / format, prove=False, test_share=0.3)
        lineage = pq.read_table(tmp_path / format / "lineage.parquet").to_pylist()
        sides.append({row["trace_id"]: row["split"] for row in lineage})
    assert sides[0] == sides[1]


def test_feedback_can_be_demanded_of_a_dataset(dataset, tmp_path):
    done = export(dataset, "trl", tmp_path / "out", prove=False, require_feedback="resolved")
    assert call_ids(done.path) == {f"{2 * run + place:032x}" for run in range(0, 30, 3) for place in (0, 1)} - {
        f"{7:032x}"
    }
    assert done.manifest["require_feedback"] == "resolved"
    assert done.manifest["funnel"]["missing_feedback"] == 39
    with pytest.raises(UnknownName, match="resolved"):
        export(dataset, "trl", tmp_path / "other", require_feedback="thumbs")
    with pytest.raises(ConfigurationError, match="give it to curate"):
        export(curate(dataset), "trl", tmp_path / "other", require_feedback="resolved")


def test_examples_bring_their_own_verdicts(dataset, tmp_path):
    done = export(curate(dataset, require_feedback="resolved"), "openai", tmp_path / "out", prove=False)
    assert done.train + done.test == 19
    assert done.manifest["source"] == "records"


def test_a_task_gives_its_own_calls_and_tasks_those_of_all(dataset, tmp_path):
    examples = curate(dataset)
    tasks = cluster(examples, min_size=5)
    assert len(tasks) == 2
    written = [call_ids(export(task, "trl", tmp_path / task.id, prove=False).path) for task in tasks]
    kept = set(examples.kept().table["call_id"].to_pylist())
    assert [ids for ids in written] == [set(task.call_ids) & kept for task in tasks]
    assert call_ids(export(tasks, "trl", tmp_path / "all", prove=False).path) == written[0] | written[1]
    assert json.loads((tmp_path / "all" / "manifest.json").read_text())["source"] == "2 tasks"


def test_tasks_without_their_examples_say_how_to_get_them(dataset, tmp_path):
    tasks = cluster(curate(dataset), min_size=5)
    tasks.save(tmp_path / "tasks")
    loaded = Tasks.load(tmp_path / "tasks")
    with pytest.raises(DatasetError, match=r"Tasks\.load\(path, examples=curate\(dataset\)\)"):
        export(loaded, "trl", tmp_path / "out")
    with_calls = Tasks.load(tmp_path / "tasks", examples=curate(dataset))
    assert export(with_calls, "trl", tmp_path / "out", prove=False).train > 0


@pytest.mark.parametrize(
    ("source", "error"), [(None, ConfigurationError), (pa.table({}), ConfigurationError), ("nowhere", DatasetError)]
)
def test_a_source_that_holds_no_examples_is_refused(source, error, tmp_path):
    with pytest.raises(error):
        export(source, "trl", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_bad_arguments_are_found_before_anything_is_read(dataset, tmp_path):
    with pytest.raises(UnknownName, match="trl, openai"):
        export("nowhere", "alpaca", tmp_path / "out")
    with pytest.raises(ConfigurationError, match="overwrite"):
        export("nowhere", "trl", tmp_path)
    with pytest.raises(ConfigurationError, match="outside"):
        export(dataset, "trl", dataset.path / "calls" / "out")


def test_a_dataset_without_a_model_call_is_an_error_that_says_so(tmp_path):
    Folder.create(tmp_path / "records", policy="p")
    with pytest.raises(
        ExportError, match=r"no row is left for train\. Nothing was written\. From calls to rows: seen 0"
    ):
        export(tmp_path / "records", "trl", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["records"]
