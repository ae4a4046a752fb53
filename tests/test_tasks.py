from __future__ import annotations

import json
import stat
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agentlog.clustering import cluster
from agentlog.errors import ConfigurationError, DatasetError, MissingExtra, UnknownName
from agentlog.messages import parts
from agentlog.storage.schema import CALLS
from agentlog.tasks import Tasks

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LABELS = ("refund", "parcel", "account", "error")


def row(number, node, system, text, answer, **columns):
    return {
        "call_id": f"{node}-{number}",
        "trace_id": f"run-{number}",
        "time": NOON + timedelta(hours=node != "triage", seconds=number),
        "operation": "chat",
        "surface": "internal",
        "node": node,
        "usage": {"input_tokens": 90, "output_tokens": 10},
        "system_instructions": [parts.text(system)],
        "input_messages": [parts.message("user", parts.text(text))],
        "output_messages": [parts.message("assistant", parts.text(answer))],
        **columns,
    }


@pytest.fixture(scope="module")
def calls():
    """Twenty calls of each of two nodes, and one that nothing is like."""
    rows = [row(n, "triage", "Classify the ticket. One word.", f"Ticket {n}: help", LABELS[n % 4]) for n in range(20)]
    rows += [
        row(n, "<b>sum</b>", "Sum up the thread in three lines.", f"Thread {n}: …", f"It is about {n}.", cost_usd=0.002)
        for n in range(20)
    ]
    rows += [row(99, "odd", "Something else altogether", "Hm?", "No.")]
    return pa.Table.from_pylist(rows, schema=CALLS)


@pytest.fixture(scope="module")
def tasks(calls):
    return cluster(calls)


def test_tasks_are_asked_for_by_name_and_by_id_and_iterated(tasks):
    assert [task.name for task in tasks] == ["triage", "<b>sum</b>"]
    assert len(tasks) == 2
    assert tasks["triage"] is tasks[tasks["triage"].id]
    assert "triage" in tasks
    assert "other" not in tasks
    assert tasks.n_calls == 41
    assert tasks.unassigned == ("odd-99",)


def test_a_name_that_is_not_there_is_answered_with_close_ones(tasks):
    with pytest.raises(UnknownName, match=r"no task 'triags' among 2\. There is: 'triage'$"):
        tasks["triags"]
    with pytest.raises(LookupError, match="There is: none"):
        Tasks(tasks=(), unassigned=(), min_size=8)["x"]


def test_the_table_in_a_terminal_has_a_line_for_each_task(tasks):
    assert repr(tasks).splitlines() == [
        "2 tasks in 41 model calls; 1 belongs to none (fewer than 4 of a kind)",
        "task        calls   share  tokens   share   cost    share  runs  kind",
        "triage         20  48.8 %   2,000  48.8 %      \u2013        \u2013    20  label",
        "<b>sum</b>     20  48.8 %   2,000  48.8 %  $0.04  100.0 %    20  text",
    ]


def test_the_table_in_a_notebook_is_escaped_and_whole(tasks):
    shown = tasks._repr_html_()
    assert "&lt;b&gt;sum&lt;/b&gt;" in shown
    assert "<b>sum" not in shown
    assert shown.count("<tr>") == 3
    assert shown.count("<div") == shown.count("</div>")
    assert "48.8 %" in shown


def test_without_tasks_the_table_says_why():
    assert repr(Tasks(tasks=(), unassigned=(), min_size=8)) == "no tasks: there are no model calls"
    assert "0 tasks in 1 model call; 1 belongs to none" in repr(Tasks(tasks=(), unassigned=("a",), min_size=8))
    assert "<table" not in Tasks(tasks=(), unassigned=(), min_size=8)._repr_html_()


def test_the_arrow_table_has_a_row_for_each_task(tasks):
    table = tasks.table()
    assert table["name"].to_pylist() == ["triage", "<b>sum</b>"]
    assert table["n_calls"].to_pylist() == [20, 20]
    assert table["signature"].to_pylist()[0]["nodes"] == ["triage"]
    assert table["signature"].to_pylist()[0]["outputs"] == [{"shape": "text", "share": 1.0}]


def test_pandas_shows_the_same(tasks):
    pandas = pytest.importorskip("pandas")
    frame = tasks.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["name"]) == ["triage", "<b>sum</b>"]


def test_examples_are_kept_calls_with_different_answers(calls, tasks):
    found = tasks["triage"].examples(4)
    assert {one.answer for one in found} == set(LABELS)
    assert found[0].prompt == "[system] Classify the ticket. One word.\n[user] Ticket 0: help"
    assert repr(found[0]) == f"triage-0\n{found[0].prompt}\n[answer] refund"
    assert [one.call_id for one in tasks["<b>sum</b>"].examples(2)] == ["<b>sum</b>-0", "<b>sum</b>-10"]
    assert len(tasks["triage"].examples(100)) == 20
    curated = calls.append_column("kept", pa.array([n in (3, 4) for n in range(calls.num_rows)]))
    assert [one.call_id for one in cluster(curated)["triage"].examples(5)] == ["triage-3", "triage-4"]
    assert cluster(curated)["triage"].n_examples == 2
    assert cluster(curated)["<b>sum</b>"].examples() == []


def test_an_example_shows_tool_calls_and_cuts_what_is_long(calls):
    called = [parts.message("assistant", parts.tool_call("find", {"q": 1}))]
    rows = [row(n, "find", "Find it. Use the tool.", "w " * 2000, "", output_messages=called) for n in range(4)]
    (one,) = cluster(pa.Table.from_pylist(rows, schema=CALLS))["find"].examples(1)
    assert one.answer == 'find({"q": 1})'
    assert len(repr(one)) < 800
    assert "[…]" in repr(one)


def test_saved_tasks_are_the_same_and_assign_the_same(calls, tasks, tmp_path):
    place = tmp_path / "studies" / "support"
    tasks.save(place)
    assert sorted(path.name for path in place.iterdir()) == [
        "assignments.parquet",
        "manifest.json",
        "task_model.json",
        "tasks.parquet",
    ]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in place.iterdir())
    loaded = Tasks.load(place)
    assert loaded == tasks
    assert loaded.assign(calls) == tasks.assign(calls)
    assert [task.call_ids for task in loaded] == [task.call_ids for task in tasks]
    assert pq.read_table(place / "tasks.parquet").equals(tasks.table())
    manifest = json.loads((place / "manifest.json").read_text())
    assert (manifest["n_tasks"], manifest["n_calls"], manifest["min_size"]) == (2, 41, 4)


def test_saving_again_replaces_what_was_saved(calls, tasks, tmp_path):
    tasks.save(tmp_path / "study")
    fewer = cluster(calls.slice(0, 20))
    fewer.save(tmp_path / "study")
    assert Tasks.load(str(tmp_path / "study")) == fewer
    assert len(list((tmp_path / "study").iterdir())) == 4


def test_loaded_tasks_show_examples_once_they_are_given_the_calls(calls, tasks, tmp_path):
    tasks.save(tmp_path)
    with pytest.raises(DatasetError, match="loaded without their calls"):
        Tasks.load(tmp_path)["triage"].examples()
    assert (
        Tasks.load(tmp_path, examples=SimpleNamespace(table=calls))["triage"].examples() == tasks["triage"].examples()
    )


def test_a_second_fit_takes_ids_and_names_from_saved_tasks(calls, tasks, tmp_path):
    tasks.save(tmp_path)
    again = cluster(calls.slice(5), previous=tmp_path, seed=5)
    assert {task.id: task.name for task in again} == {task.id: task.name for task in tasks}


def test_new_calls_are_assigned_by_what_was_asked_only(calls, tasks):
    triage = tasks["triage"].id
    new = [
        row(500, "triage", "Classify the ticket. One word.", "Ticket 500: lost", "no answer yet", output_messages=None),
        row(501, None, "Classify the ticket. One word.", "Ticket 501: lost", "x"),
        row(502, "triage", "Write a poem about the sea, in verse and with many fishes.", "Now!", "x"),
        row(503, None, "Write a poem about the sea, in verse and with many fishes.", "Now!", "x"),
    ]
    assert tasks.assign(pa.Table.from_pylist(new, schema=CALLS)) == [triage, triage, None, None]
    assert tasks.assign(calls) == [triage] * 20 + [tasks["<b>sum</b>"].id] * 20 + [None]


def test_what_cannot_be_assigned_is_refused(tasks, calls):
    with pytest.raises(ConfigurationError, match="found list"):
        tasks.assign([1])
    with pytest.raises(ConfigurationError, match="no model"):
        Tasks(tasks=(), unassigned=(), min_size=8).assign(calls)


def test_a_folder_without_tasks_or_with_damaged_ones_is_refused(tasks, tmp_path):
    with pytest.raises(DatasetError, match=r"holds no saved tasks: there is no manifest\.json"):
        Tasks.load(tmp_path / "nothing")
    tasks.save(tmp_path / "study")
    (tmp_path / "study" / "tasks.parquet").write_bytes(b"PAR1")
    with pytest.raises(DatasetError, match=r"tasks\.parquet is missing or was changed"):
        Tasks.load(tmp_path / "study")
    (tmp_path / "study" / "manifest.json").write_text("{}")
    with pytest.raises(DatasetError, match="holds no tasks that this agentlog reads"):
        Tasks.load(tmp_path / "study")
    (tmp_path / "study" / "manifest.json").write_text("no json")
    with pytest.raises(DatasetError, match=r"manifest\.json cannot be read"):
        Tasks.load(tmp_path / "study")


@pytest.mark.parametrize(
    ("module", "use", "words"), [("matplotlib", "plot", "matplotlib"), ("pandas", "to_pandas", "pandas")]
)
def test_a_missing_library_names_its_extra(tasks, monkeypatch, module, use, words):
    for name in [one for one in sys.modules if one == module or one.startswith(module + ".")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"{words}: pip install 'agentlog\[notebook\]'"):
        getattr(tasks, use)()


def test_the_plot_has_a_bar_for_each_task(tasks):
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed: agentlog[notebook] brings it")
    matplotlib.use("agg")
    ax = tasks.plot()
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([100 * task.share for task in tasks])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["triage", "<b>sum</b>"]
