from __future__ import annotations

import gzip
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.compute as pc
import pytest

from agentlog.dataset import Dataset, open_dataset
from agentlog.errors import DatasetError, MissingExtra, NotBuilt
from agentlog.recording import flushing
from agentlog.records import Record
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter
from agentlog.storage.schema import CALLS, FEEDBACK

NOON = 1_790_078_400_000_000  # 2026-09-22 12:00 UTC, in µs
HOUR = 3_600_000_000


def chat(number: int, **columns: Any) -> Record:
    return Record(
        {
            "call_id": f"{number:032x}",
            "trace_id": f"{number // 4:032x}",
            "time": NOON + number * HOUR,
            "operation": "chat",
            "surface": "internal",
            "name": "gpt-4o",
            "request_model": "gpt-4o",
            "usage": {"input_tokens": 1200 + number, "output_tokens": 30},
            "input_messages": [{"role": "user", "parts": [{"type": "text", "text": f"question {number}"}]}],
            "output_messages": [{"role": "assistant", "parts": [{"type": "text", "text": f"answer {number}"}]}],
            **columns,
        }
    )


def tool(number: int, **columns: Any) -> Record:
    what = {"operation": "execute_tool", "name": "search", "request_model": None, "usage": None}
    said = {
        "input_messages": None,
        "output_messages": None,
        "tool_arguments": '{"city":"Bern"}',
        "tool_result": "3 hotels",
    }
    return chat(number, **what, **said, **columns)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.create(tmp_path / "records", policy="policy-1")


@pytest.fixture
def thirty(folder: Folder) -> Folder:
    """Thirty calls in two days, by two writers."""
    PartWriter(folder, "a" * 12).write([chat(number) for number in range(0, 30, 2)])
    PartWriter(folder, "b" * 12).write([tool(number, surface="unknown") for number in range(1, 30, 2)])
    return folder


def test_a_dataset_is_opened_counted_and_read(thirty: Folder) -> None:
    dataset = open_dataset(str(thirty.path))
    assert isinstance(dataset, Dataset)
    assert len(dataset) == 30
    assert dataset.path == thirty.path
    assert dataset.calls_path == str(thirty.calls)
    assert dataset.schema is CALLS
    table = dataset.to_arrow()
    assert table.schema.equals(CALLS)
    assert table["call_id"].to_pylist() == [f"{number:032x}" for number in range(30)]
    assert dataset.to_arrow(["name"], pc.field("operation") == "execute_tool").to_pydict() == {"name": ["search"] * 15}
    assert dataset.damaged == []


def documented() -> list[str]:
    """The lines of the docstring that say how other readers open the folder."""
    lines = [line.strip() for line in (Dataset.__doc__ or "").splitlines()]
    return [line for line in lines if "agentlog-records" in line]


TO_ROWS: dict[str, Callable[[Any], list[Any]]] = {
    "agentlog": lambda table: table["input_messages"].to_pylist(),
    "pandas": lambda frame: list(frame["input_messages"]),
    "polars": lambda frame: frame["input_messages"].to_list(),
    "duckdb": lambda relation: [row[0] for row in relation.select("input_messages").fetchall()],
    "datasets": lambda data: list(data["input_messages"]),
    "pyarrow": lambda table: table["input_messages"].to_pylist(),
}


def test_six_ways_to_read_the_folder_are_documented() -> None:
    assert [line.split(".")[0] for line in documented()] == list(TO_ROWS)


@pytest.mark.filterwarnings("default")  # the readers' own warnings are not ours
@pytest.mark.parametrize("line", documented(), ids=list(TO_ROWS))
def test_every_reader_finds_the_same_rows_and_the_same_words_in_them(
    thirty: Folder, line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = line.split(".")[0]
    names: dict[str, Any] = {"agentlog": SimpleNamespace(open_dataset=open_dataset)}
    if library != "agentlog":
        names = {library: pytest.importorskip(library)}
    if library == "pyarrow":
        importlib.import_module("pyarrow.dataset")
    if library == "datasets":
        monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    found = TO_ROWS[library](eval(line.replace("agentlog-records", str(thirty.path)), names))
    assert len(found) == 30
    texts = sorted(messages[0]["parts"][0]["text"] for messages in found if messages is not None)
    assert texts == sorted(f"question {number}" for number in range(0, 30, 2))


def test_the_conversions_agree(thirty: Folder) -> None:
    dataset = open_dataset(thirty.path)
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    pytest.importorskip("datasets")
    frame, polar, hugging = dataset.to_pandas(), dataset.to_polars(), dataset.to_hf(["call_id", "usage"])
    assert (len(frame), polar.height, len(hugging)) == (30, 30, 30)
    assert list(frame["call_id"]) == polar["call_id"].to_list() == list(hugging["call_id"])
    assert frame["input_messages"][2][0]["parts"][0]["text"] == "question 2"
    assert polar["input_messages"][2][0]["parts"][0]["text"] == "question 2"
    assert hugging[2]["usage"]["input_tokens"] == 1202
    assert str(frame["time"].dtype) == "datetime64[us, UTC]"
    assert hugging.column_names == ["call_id", "usage"]
    assert list(dataset.to_pandas(["name"], pc.field("surface") == "unknown")["name"]) == ["search"] * 15


@pytest.mark.parametrize(
    ("method", "library", "extra"),
    [("to_pandas", "pandas", "notebook"), ("to_polars", "polars", "notebook"), ("to_hf", "datasets", "study")],
)
def test_a_library_that_is_missing_is_named_with_its_command(
    thirty: Folder, monkeypatch: pytest.MonkeyPatch, method: str, library: str, extra: str
) -> None:
    dataset = open_dataset(thirty.path)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        MissingExtra, match=rf"Dataset\.{method}\(\) needs {library}: pip install 'agentlog\[{extra}\]'"
    ):
        getattr(dataset, method)()


def test_the_first_calls_are_shown(thirty: Folder) -> None:
    dataset = open_dataset(thirty.path)
    assert dataset.head()["call_id"].to_pylist() == [f"{number:032x}" for number in range(5)]
    assert dataset.head(2).schema.equals(CALLS)
    assert (len(dataset.head(0)), len(dataset.head(100))) == (0, 30)


def test_calls_of_one_moment_are_told_apart_by_their_ids(folder: Folder) -> None:
    PartWriter(folder, "a" * 12).write([chat(number, time=NOON) for number in range(40)])
    assert open_dataset(folder.path).head(3)["call_id"].to_pylist() == [f"{number:032x}" for number in range(3)]


def test_feedback_is_read_beside_the_calls(thirty: Folder) -> None:
    assert open_dataset(thirty.path).feedback().schema.equals(FEEDBACK)
    rows = [
        {"feedback_id": f"f{number}", "time": NOON - number, "name": "helpful", "score": 1.0} for number in range(3)
    ]
    PartWriter(thirty, "a" * 12).write([Record(row) for row in rows], kind="feedback")
    dataset = open_dataset(thirty.path)
    assert dataset.feedback()["feedback_id"].to_pylist() == ["f2", "f1", "f0"]
    assert len(dataset) == 30
    assert "  feedback   3\n" in f"{dataset}\n"


def test_it_says_in_few_lines_what_it_holds(thirty: Folder) -> None:
    assert repr(open_dataset(thirty.path)).splitlines() == [
        f"agentlog dataset {thirty.path}",
        "  calls      30 in 8 runs",
        "  time       2026-09-22 12:00 to 2026-09-23 17:00 UTC",
        "  operation  chat 15 · execute_tool 15",
        "  surface    internal 15 · unknown 15",
    ]


def test_losses_are_said(thirty: Folder) -> None:
    thirty.record_losses("a" * 12, 4)
    thirty.record_losses("b" * 12, 1_000)
    assert "  dropped    1,004 more calls came faster than they could be stored" in repr(open_dataset(thirty.path))


def test_an_empty_dataset_opens_and_says_how_calls_get_there(folder: Folder) -> None:
    dataset = open_dataset(folder.path)
    assert len(dataset) == 0
    assert dataset.to_arrow().schema.equals(CALLS)
    assert len(dataset.head()) == 0
    assert "no calls yet: they come with agentlog.instrument()" in repr(dataset)
    assert "no calls yet" in dataset._repr_html_()


def test_a_damaged_part_is_left_out_and_said_everywhere(thirty: Folder, caplog: pytest.LogCaptureFixture) -> None:
    part = sorted(thirty.calls.rglob("*.parquet"))[0]
    part.write_bytes(part.read_bytes()[:-20])
    dataset = open_dataset(thirty.path)
    assert len(dataset) == len(dataset.to_arrow()) < 30
    name = part.relative_to(thirty.path)
    assert f"  left out   {name}: it is half-written, its end is missing: copy it again, or delete it" in repr(dataset)
    assert str(name) in dataset._repr_html_()
    assert caplog.text.count("is left out") == 1
    for number in range(4):
        (thirty.calls / f"{number}.txt").write_text("x")
    assert "  left out   2 more files: Dataset.damaged" in repr(open_dataset(thirty.path))


def test_it_shows_itself_as_a_table_with_both_ends(thirty: Folder) -> None:
    shown = open_dataset(thirty.path)._repr_html_()
    assert shown.count("<tr>") == 1 + 5 + 1 + 5
    assert "… 20 more" in shown
    assert [f"question {number}<" in shown for number in (0, 4, 6, 22, 24, 26, 28)] == [
        True,
        True,
        False,
        False,
        False,
        True,
        True,
    ]
    for cell in (
        "2026-09-22 12:00:00",
        "gpt-4o",
        "1,200 → 30",
        "answer 28",
        "{&quot;city&quot;:&quot;Bern&quot;}",
        "3 hotels",
    ):
        assert f"<td>{cell}</td>" in shown
    assert shown.count("<td") == shown.count("</td>") == 10 * 8 + 1


def test_ten_calls_are_shown_without_a_gap(folder: Folder) -> None:
    PartWriter(folder, "a" * 12).write([chat(number) for number in range(10)])
    shown = open_dataset(folder.path)._repr_html_()
    assert shown.count("<tr>") == 11
    assert "more</td>" not in shown


def test_what_was_recorded_cannot_act_in_the_notebook(folder: Folder) -> None:
    bad = "<script>alert(1)</script>"
    message = [{"role": "user", "parts": [{"type": "text", "text": bad}]}]
    PartWriter(folder, "a" * 12).write(
        [chat(1, name=bad, operation=bad, surface=bad, input_messages=message, request_model=bad)]
    )
    shown = open_dataset(folder.path)._repr_html_()
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)" in shown


@pytest.mark.parametrize(
    ("columns", "cell"),
    [
        (
            {
                "output_messages": [
                    {"role": "assistant", "parts": [{"type": "tool_call", "name": "book", "arguments": "{}"}]}
                ]
            },
            "book({})",
        ),
        (
            {"output_messages": [{"role": "assistant", "parts": [{"type": "reasoning", "signature": "s"}]}]},
            "[reasoning]",
        ),
        ({"output_messages": None, "redaction": {"withheld": "output: human"}}, "withheld: output: human"),
        ({"output_messages": None, "error_type": "openai.RateLimitError"}, "openai.RateLimitError"),
        ({"output_messages": [None]}, ""),
        ({"input_messages": [{"role": "tool", "parts": [{"type": "tool_call_response", "result": "42 m"}]}]}, "42 m"),
        ({"input_messages": [{"role": "user", "parts": [{"type": "text", "text": "two\n lines"}]}]}, "two lines"),
        ({"input_messages": [{"role": "user", "parts": [{"type": "text", "text": "x" * 500}]}]}, "x" * 89 + "…"),
        ({"usage": {"output_tokens": 5}}, "? → 5"),
        ({"response_model": "gpt-4o-2024-08-06"}, "gpt-4o-2024-08-06"),
    ],
)
def test_a_cell_says_the_most_telling_thing(folder: Folder, columns: dict[str, Any], cell: str) -> None:
    PartWriter(folder, "a" * 12).write([chat(1, **columns)])
    assert f"<td>{cell}</td>" in open_dataset(folder.path)._repr_html_()


def test_what_this_process_captured_is_flushed_first(thirty: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def flush(timeout_s: float) -> None:
        PartWriter(thirty, "c" * 12).write([chat(99)])

    monkeypatch.setattr(flushing, "_flush", flush)
    assert len(open_dataset(thirty.path)) == 31


def test_nothing_is_read_before_it_is_asked_for(thirty: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    scan = importlib.import_module("agentlog.storage.reader").scan
    monkeypatch.setattr("agentlog.storage.reader.scan", lambda paths: opened.extend(map(str, paths)) or scan(paths))
    dataset = open_dataset(thirty.path)
    assert opened == []
    assert len(dataset) == 30
    assert len(opened) == 4


def test_without_a_path_it_is_the_configured_one(
    thirty: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AGENTLOG_DIRECTORY", str(thirty.path))
    assert open_dataset().path == thirty.path
    monkeypatch.delenv("AGENTLOG_DIRECTORY")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatasetError, match=r"there is no dataset .*/agentlog-records: no such folder"):
        open_dataset()


def test_a_relative_path_still_means_the_same_folder_after_a_change_of_directory(
    thirty: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(thirty.path.parent)
    dataset = open_dataset("records")
    monkeypatch.chdir("/")
    assert len(dataset) == 30


@pytest.mark.parametrize("arguments", [{"role": "curator"}, {"key": b"k"}, {"path": "s3://bucket/records"}])
def test_what_is_not_built_yet_is_said(thirty: Folder, arguments: dict[str, Any]) -> None:
    with pytest.raises(NotBuilt, match="not there yet"):
        open_dataset(**{"path": thirty.path, **arguments})


def test_a_wrong_folder_is_said_at_once(thirty: Folder) -> None:
    with pytest.raises(DatasetError, match="Open the dataset: "):
        open_dataset(thirty.calls)


def test_real_agent_runs_come_back_as_they_went_in(folder: Folder) -> None:
    """A second way to the same numbers: JSON of everything that went in, against JSON of everything that comes out."""
    runs = Path(__file__).parents[1] / "../shared/data/tau_airline/gpt-4o-airline.json.gz"
    if not runs.exists():
        pytest.skip("needs the recorded airline runs in ../shared/data beside the checkout")
    records = []
    for number, run in enumerate(json.loads(gzip.decompress(runs.read_bytes()))[:20]):
        messages = [
            {"role": one["role"], "parts": [{"type": "text", "text": one["content"] or ""}]} for one in run["traj"]
        ]
        for step, message in enumerate(messages):
            if message["role"] == "assistant":
                columns = {
                    "input_messages": messages[:step],
                    "output_messages": [message],
                    "trace_id": f"{number:032x}",
                }
                records.append(chat(len(records), **columns))
    parts = PartWriter(folder, "a" * 12).write(records)
    back = open_dataset(folder.path).to_arrow()
    assert len(back) == len(records) > 150
    for column in ("input_messages", "output_messages"):
        found = [
            [
                {"role": one["role"], "parts": [{"type": part["type"], "text": part["text"]} for part in one["parts"]]}
                for one in messages
            ]
            for messages in back[column].to_pylist()
        ]
        assert found == [record.row[column] for record in records]
    written = sum(len(json.dumps(record.row)) for record in records)
    assert written > 5 * sum(part.stat().st_size for part in parts)
