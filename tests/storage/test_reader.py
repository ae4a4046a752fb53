from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from agentlog.errors import ConfigurationError, UnknownName
from agentlog.records import Record
from agentlog.storage import parts as parts_room
from agentlog.storage import reader as reader_room
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter
from agentlog.storage.reader import PartReader, damaged, in_order, open_parts
from agentlog.storage.schema import CALLS, FEEDBACK

Make = Callable[..., Record]
DAY = 86_400_000_000


def ids(table: pa.Table) -> list[int]:
    return [int(value, 16) for value in table["call_id"].to_pylist()]


@pytest.fixture
def three(folder: Folder, call: Make) -> list[Path]:
    """Three parts of two writers, with the calls 1 and 4, 2, and 3; the last is of the day after."""
    first, second = PartWriter(folder, "a" * 12), PartWriter(folder, "b" * 12)
    return [
        *first.write([call(4), call(1)]),
        *second.write([call(2)]),
        *first.write([call(3, time=call(3).row["time"] + DAY)]),
    ]


def test_all_parts_are_read_in_the_order_of_time(folder: Folder, three: list[Path]) -> None:
    reader = PartReader(folder)
    assert len(reader) == 4
    table = reader.read()
    assert ids(table) == [1, 2, 4, 3]
    assert table.schema.equals(CALLS)
    assert table["input_messages"][1].as_py()[0]["parts"][0]["text"] == "question 2"


def test_the_day_is_a_column_only_for_who_asks(folder: Folder, three: list[Path]) -> None:
    assert open_parts(folder).schema.equals(CALLS)
    dated = open_parts(folder, date=True)
    assert sorted(dated.to_table(columns=["date"])["date"].to_pylist()) == ["2026-09-22"] * 3 + ["2026-09-23"]
    assert dated.count_rows(filter=pc.field("date") == "2026-09-23") == 1


def test_columns_and_rows_are_chosen(folder: Folder, three: list[Path]) -> None:
    table = PartReader(folder).read(["name", "usage"], pc.field("call_id") != f"{2:032x}")
    assert table.column_names == ["name", "usage"]
    assert [usage["input_tokens"] for usage in table["usage"].to_pylist()] == [11, 14, 13]


def test_an_unknown_column_is_named_beside_those_there_are(folder: Folder, three: list[Path]) -> None:
    with pytest.raises(UnknownName, match=r"no column 'tokens'\. There is: call_id, trace_id, .*usage"):
        PartReader(folder).read(["tokens"])


@pytest.mark.parametrize(
    "condition",
    [
        pc.field("tokens") == 1,
        pc.field("duration_s") == "long",
        "operation == 'chat'",
        pc.field("name").cast("int64") == 1,
    ],
    ids=["unknown column", "wrong type", "no expression", "fails on the data"],
)
def test_a_filter_that_cannot_be_used_is_said_and_no_part_is_blamed(
    folder: Folder, three: list[Path], condition: pc.Expression
) -> None:
    reader = PartReader(folder)
    with pytest.raises(ConfigurationError, match=r"filter= cannot be used: .*like pyarrow\.compute\.field"):
        reader.read(["name"], condition)
    assert (len(reader), reader.damaged) == (4, ())


def test_an_empty_dataset_has_the_columns_and_no_rows(folder: Folder) -> None:
    assert PartReader(folder).read().schema.equals(CALLS)
    assert open_parts(folder).count_rows() == 0
    assert PartReader(folder, "feedback").read().schema.equals(FEEDBACK)


def half(part: Path) -> None:
    part.write_bytes(part.read_bytes()[: part.stat().st_size // 2])


def emptied(part: Path) -> None:
    part.write_bytes(b"")


def another(part: Path) -> None:
    part.write_bytes(b"not at all Parquet, but long enough to be some")


def torn(part: Path) -> None:
    content = part.read_bytes()
    part.write_bytes(content[:100] + content[-8:])


def foreign(part: Path) -> None:
    pq.write_table(pa.table({"text": ["mine"]}), part)


def unnamed(part: Path) -> None:
    pq.write_table(pq.read_table(part, partitioning=None).replace_schema_metadata(None), part)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (half, "it is half-written, its end is missing: copy it again, or delete it"),
        (emptied, "it is no Parquet file: move it out of the dataset"),
        (another, "it is no Parquet file: move it out of the dataset"),
        (torn, "its content is damaged (Could not open Parquet input source"),
        (foreign, "another program wrote it: move it out of the dataset"),
        (unnamed, "another program wrote it: move it out of the dataset"),
    ],
)
def test_a_file_that_is_no_part_is_left_out_and_named(
    folder: Folder, three: list[Path], spoil: Callable[[Path], None], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(three[1])
    assert ids(PartReader(folder).read()) == [1, 4, 3]
    assert open_parts(folder).count_rows() == 3
    ((path, said),) = damaged(folder)
    assert path == three[1]
    assert said.startswith(reason)
    assert f"{three[1]} is left out: {reason}" in caplog.text


def test_files_of_another_kind_are_named_and_hidden_ones_are_not(folder: Folder, three: list[Path]) -> None:
    for name in ("notes.txt", ".DS_Store", "_SUCCESS", "date=2026-09-22/.part.parquet.crc"):
        (folder.calls / name).write_text("x")
    (folder.feedback / "more.csv").write_text("x")
    assert [path.name for path, _ in damaged(folder)] == ["notes.txt", "more.csv"]
    assert len(PartReader(folder)) == 4


def test_a_part_that_goes_after_the_dataset_was_opened_is_named(folder: Folder, three: list[Path]) -> None:
    reader = PartReader(folder)
    three[1].unlink()
    assert ids(reader.read()) == [1, 4, 3]
    assert reader.damaged == ((three[1], "it has gone since the dataset was opened: open the dataset again"),)


def test_a_part_that_goes_while_it_is_read_is_named(folder: Folder, three: list[Path]) -> None:
    reader = PartReader(folder)
    assert len(reader) == 4
    three[1].unlink()
    assert ids(reader.read()) == [1, 4, 3]
    assert [path for path, _ in reader.damaged] == [three[1]]


def test_parts_that_come_later_are_for_the_next_reader(folder: Folder, three: list[Path], call: Make) -> None:
    reader = PartReader(folder)
    PartWriter(folder, "c" * 12).write([call(9)])
    assert (len(reader), len(PartReader(folder))) == (4, 5)


def test_one_flipped_bit_in_the_words_is_noticed(folder: Folder, three: list[Path]) -> None:
    group = pq.read_metadata(three[1]).row_group(0)
    place = next(
        column.dictionary_page_offset + column.total_compressed_size // 3
        for column in map(group.column, range(group.num_columns))
        if column.path_in_schema == "input_messages.list.element.parts.list.element.text"
    )
    content = bytearray(three[1].read_bytes())
    content[place] ^= 1
    three[1].write_bytes(content)
    reader = PartReader(folder)
    assert len(reader) == 4  # its footer is whole
    assert ids(reader.read()) == [1, 4, 3]
    assert len(reader) == 3
    ((path, said),) = reader.damaged
    assert path == three[1]
    assert said.startswith("its content is damaged (")


def test_parts_of_an_older_version_are_read_with_the_newest_columns(
    folder: Folder, call: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def newer(field: pa.Field) -> pa.Field:
        """With one more field in `usage`, and in each part of each message."""
        kind = field.type
        if pa.types.is_list(kind):
            return field.with_type(pa.list_(newer(kind.value_field)))
        if pa.types.is_struct(kind):
            return field.with_type(pa.struct([*map(newer, kind), pa.field("later", pa.string())]))
        return field

    new = pa.schema([*map(newer, CALLS), pa.field("also_later", pa.int64())])
    PartWriter(folder, "a" * 12).write([call(1)])
    for room in (parts_room, reader_room):
        monkeypatch.setattr(room, "SCHEMAS", {"calls": new, "feedback": FEEDBACK})
    parts = [{"type": "text", "text": "hello", "later": "x"}]
    PartWriter(folder, "b" * 12).write([call(2, also_later=7, input_messages=[{"role": "user", "parts": parts}])])
    table = PartReader(folder).read()
    assert table.schema.equals(new)
    assert table["also_later"].to_pylist() == [None, 7]
    old, latest = [messages[0]["parts"][0] for messages in table["input_messages"].to_pylist()]
    assert (old["text"], old["later"]) == ("question 1", None)
    assert (latest["text"], latest["later"]) == ("hello", "x")
    monkeypatch.undo()  # and the older version reads what the newer one wrote
    assert PartReader(folder).read().schema.equals(CALLS)
    assert ids(PartReader(folder).read()) == [1, 2]


class Narrow:
    """A table that refuses to take more than one row at once, as Arrow does beyond 2 GiB of text in a column."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __getattr__(self, name: str) -> Any:
        return getattr(self.table, name)

    def take(self, order: pa.Array) -> pa.Table:
        if len(order) > 1:
            raise pa.ArrowInvalid("offset overflow while concatenating arrays")
        return self.table.take(order)

    def cast(self, schema: pa.Schema) -> Narrow:
        return Narrow(self.table.cast(schema))

    def combine_chunks(self) -> Narrow:
        return Narrow(self.table.combine_chunks())


def test_more_text_than_an_arrow_column_holds_is_sorted_too(folder: Folder, three: list[Path]) -> None:
    table = open_parts(folder).to_table()
    narrow: Any = Narrow(table)
    result = in_order(narrow, ["time", "call_id"])
    assert ids(result) == [1, 2, 4, 3]
    assert result["name"].num_chunks == 4
    assert result.schema.equals(CALLS)
    assert result.to_pylist() == in_order(table, ["time", "call_id"]).to_pylist()
