from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentlog.records import Record
from agentlog.storage.rows import CONTENT, by_day
from agentlog.storage.schema import CALLS, FEEDBACK

FIRST, LAST = 1_789_900_000_000_000, 1_790_100_000_000_000  # three days

TEXT = st.text(max_size=20)  # any character of Unicode that UTF-8 can carry, the zero too


def values(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Whatever fits a type of the schema."""
    if pa.types.is_struct(kind):
        optional = {kind.field(i).name: st.none() | values(kind.field(i).type) for i in range(kind.num_fields)}
        return st.fixed_dictionaries({}, optional=optional)
    if pa.types.is_list(kind):
        return st.lists(values(kind.value_type), max_size=3)
    if pa.types.is_string(kind):
        return TEXT
    if pa.types.is_boolean(kind):
        return st.booleans()
    if pa.types.is_floating(kind):
        return st.floats(allow_nan=False, allow_infinity=False)
    return st.integers(FIRST, LAST) if pa.types.is_timestamp(kind) else st.integers(-(2**63), 2**63 - 1)


def rows_of(schema: pa.Schema) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {field.name: values(field.type) for field in schema if not field.nullable},
        optional={field.name: st.none() | values(field.type) for field in schema if field.nullable},
    )


def joined(days: dict[date, list[pa.Table]]) -> pa.Table:
    return pa.concat_tables([table for day in days.values() for table in day])


@pytest.mark.parametrize("schema", [CALLS, FEEDBACK], ids=["calls", "feedback"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_every_row_that_fits_comes_out_as_arrow_itself_would_make_it(schema: pa.Schema, data: st.DataObject) -> None:
    rows = data.draw(st.lists(rows_of(schema), max_size=4))
    days = by_day(rows, schema)
    ordered = sorted(rows, key=lambda row: (row["time"], row[schema.names[0]]))
    assert [row for day in days.values() for table in day for row in table.to_pylist()] == (
        pa.Table.from_pylist(ordered, schema=schema).to_pylist()
    )
    for day, tables in days.items():
        for table in tables:
            assert table.schema.equals(schema)
            assert {time.date() for time in table["time"].to_pylist()} == {day}


def test_making_tables_does_not_import_pandas() -> None:
    program = (
        "import sys; from agentlog.storage.rows import by_day; from agentlog.storage.schema import FEEDBACK\n"
        "assert by_day([{'feedback_id': 'a', 'time': 1, 'name': 'good'}], FEEDBACK)\n"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_time_is_microseconds_or_a_datetime_and_without_a_zone_it_is_utc(call: Callable[..., Record]) -> None:
    moment = datetime(2026, 9, 22, 23, 30, 0, 5, tzinfo=UTC)
    times = [
        int(moment.timestamp()) * 1_000_000 + 5,
        moment,
        moment.astimezone(timezone(timedelta(hours=5))),
        moment.replace(tzinfo=None),
    ]
    days = by_day([call(number, time=time).row for number, time in enumerate(times)], CALLS)
    assert list(days) == [date(2026, 9, 22)]
    assert joined(days)["time"].to_pylist() == [moment] * 4


def test_unknown_columns_and_keys_are_left_out(call: Callable[..., Record]) -> None:
    blob = {"type": "blob", "mime_type": "image/png", "bytes": 3, "sha": "x", "data": "AAAA"}
    table = joined(by_day([call(extra=1, input_messages=[{"role": "user", "parts": [blob]}]).row], CALLS))
    assert table.schema.equals(CALLS)
    assert "data" not in table["input_messages"][0].as_py()[0]["parts"][0]


def test_a_number_that_says_the_same_in_another_type_is_kept(call: Callable[..., Record]) -> None:
    row = joined(by_day([call(usage={"input_tokens": 3.0}, duration_s=2).row], CALLS)).to_pylist()[0]
    assert row["usage"]["input_tokens"] == 3
    assert row["duration_s"] == 2.0
    assert row["redaction"]["failed"] is False


def test_a_lone_surrogate_is_replaced_and_nothing_else_is_lost(call: Callable[..., Record]) -> None:
    message = {"role": "assistant", "parts": [{"type": "text", "text": "cut \ud83d here, whole \U0001f600"}]}
    row = joined(by_day([call(1).row, call(2, output_messages=[message]).row], CALLS)).to_pylist()[1]
    assert row["output_messages"][0]["parts"][0]["text"] == "cut \ufffd here, whole \U0001f600"
    assert row["input_messages"][0]["parts"][0]["text"] == "question 2"
    assert row["redaction"]["failed"] is False


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("input_messages", [{"role": "user", "parts": [{"type": "text", "text": 42}]}]),
        ("input_messages", "hello"),
        ("output_messages", [{"role": "assistant", "parts": {"type": "text"}}]),
        ("tool_arguments", {"city": "Bern"}),
        ("usage", {"input_tokens": "many"}),
        ("usage", {"input_tokens": 2**63}),
        ("duration_s", "slow"),
        ("tags", [object()]),
        ("name", Decimal("1.5")),
        ("redaction", "policy-1"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_row_that_does_not_fit_keeps_its_metadata_and_says_so(
    call: Callable[..., Record], column: str, value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    if column == "name":
        value = {"a": value}
    table = joined(by_day([call(number, **({column: value} if number == 2 else {})).row for number in range(5)], CALLS))
    whole, misfit = [table.slice(position, 1).to_pylist()[0] for position in (1, 2)]
    assert len(table) == 5
    assert whole["input_messages"][0]["parts"][0]["text"] == "question 1"
    assert whole["redaction"]["failed"] is False
    assert (misfit["call_id"], misfit["operation"], misfit["trace_id"]) == (f"{2:032x}", "chat", "7" * 32)
    assert all(misfit[name] is None for name in (*CONTENT, column) if name != "redaction")
    assert misfit["redaction"]["failed"] is True
    assert misfit["redaction"]["withheld"] == f"does not fit the schema: {column}"
    if column != "redaction":
        assert misfit["redaction"]["policy"] == "policy-1"
        assert misfit["redaction"]["counts"] == [{"entity": "PERSON", "count": 1}]
    assert f"at fault: {column}" in caplog.text


def test_the_log_names_the_columns_and_never_their_values(
    call: Callable[..., Record], caplog: pytest.LogCaptureFixture
) -> None:
    by_day([call(name=["very private words"]).row], CALLS)
    assert "at fault: name" in caplog.text
    assert "private" not in caplog.text


def test_what_a_row_must_have_is_made_up_where_it_is_missing() -> None:
    table = joined(by_day([{"time": "yesterday"}, {"name": "search", "operation": None}], CALLS))
    first, second = table.to_pylist()
    assert len({first["call_id"], second["call_id"]}) == 2
    for row in (first, second):
        assert row["trace_id"] == row["call_id"]
        assert (row["operation"], row["surface"]) == ("unknown", "unknown")
        assert abs(row["time"] - datetime.now(UTC)) < timedelta(minutes=5)
        assert {"time", "call_id", "operation"} <= set(row["redaction"]["withheld"].split(": ")[1].split(", "))


@pytest.mark.parametrize("time", [10**18 * 3, -(10**18), True, 1.5, math.nan])
def test_what_is_no_time_does_not_stop_the_others(call: Callable[..., Record], time: Any) -> None:
    table = joined(by_day([call(1).row, call(2, time=time).row], CALLS))
    failed = {row["call_id"]: row["redaction"]["failed"] for row in table.to_pylist()}
    assert failed == {f"{1:032x}": False, f"{2:032x}": True}


def test_feedback_that_does_not_fit_loses_that_column_only() -> None:
    row = {"feedback_id": "f", "time": FIRST, "name": "good", "score": "high", "label": "yes"}
    stored = joined(by_day([row], FEEDBACK)).to_pylist()[0]
    assert (stored["feedback_id"], stored["score"], stored["label"]) == ("f", None, "yes")


def test_row_groups_end_before_they_are_too_long_or_too_large(
    call: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentlog.storage.rows.ROW_GROUP_ROWS", 10)
    monkeypatch.setattr("agentlog.storage.rows._BATCH_ROWS", 4)
    rows = [call(number).row for number in range(30)]
    assert [len(table) for table in by_day(rows, CALLS)[date(2026, 9, 22)]] == [8, 8, 8, 6]
    monkeypatch.setattr("agentlog.storage.rows._BYTES", 2_000)  # a row is about 400 bytes of JSON
    lengths = [len(table) for table in by_day(rows, CALLS)[date(2026, 9, 22)]]
    assert sum(lengths) == 30
    assert max(lengths) < 8
