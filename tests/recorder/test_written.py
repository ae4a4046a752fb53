"""What is learnt after rows were written is taken out of them: in the parts, whole, once, and counted."""

import json
import os
import re
import signal
import threading
import time

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import agentlog
from agentlog import settings
from agentlog.messages import parts
from agentlog.recorder import choice, traces, written
from agentlog.recorder import pipeline as pipelines
from agentlog.recorder.pipeline import Pipeline
from agentlog.recorder.takeover import Predecessor
from agentlog.recorder.traces import Past, Traces
from agentlog.recorder.written import Written
from agentlog.recording.sampling import kept
from agentlog.records import Draft
from agentlog.redaction import RedactionPolicy, Redactor, Trail, limits
from agentlog.redaction.trace import rows
from agentlog.storage import repairs
from agentlog.storage.parts import read_footer

KEY = b"a key for the tests"
DAY_US = 86_400_000_000


@pytest.fixture
def pipeline(tmp_path):
    return made(tmp_path / "records")


def made(directory, **options):
    return Pipeline(settings.load({"directory": directory, "pseudonym_key": KEY, **options}))


def draft(call_id, said="hello", answer="hi", *, trace="t", parent="root", operation="chat", time=0, **row):
    return Draft(
        {
            "call_id": call_id,
            "trace_id": trace,
            "parent_id": parent,
            "time": 1_700_000_000_000_000 + time,
            "operation": operation,
            "input_messages": [parts.message("user", parts.text(said))],
            "output_messages": [parts.message("assistant", parts.text(answer))],
            **row,
        },
        root=parent is None,
    )


def tool(call_id, arguments=None, result=None, **more):
    return draft(call_id, operation="execute_tool", input_messages=None, output_messages=None,
                 tool_arguments=arguments and json.dumps(arguments), tool_result=result and json.dumps(result), **more)  # fmt: skip


def written_by(pipeline, *drafts):
    for one in drafts:
        pipeline.add(one)
    return pipeline.flush()


def stored(pipeline):
    return agentlog.open_dataset(pipeline.folder.path).to_arrow().to_pylist()


def row(pipeline, call_id):
    (one,) = [one for one in stored(pipeline) if one["call_id"] == call_id]
    return one


def files(pipeline):
    return sorted(pipeline.folder.calls.glob("date=*/*.parquet"))


def no_space(*given):
    raise OSError(28, "No space left on device")


def on_disk(pipeline, word):
    """The parts in which a word stands, read without us, by anybody."""
    return [
        path.name for path in files(pipeline) if word in str(pq.read_table(path, partitioning=None).to_pylist()).lower()
    ]


# ── found and exchanged ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_that_is_learnt_after_a_flush_leaves_the_part_that_was_written_before(pipeline):
    written_by(pipeline, draft("a", "see vrelkin about it.", "vrelkin will know."))
    assert on_disk(pipeline, "vrelkin")
    before = files(pipeline)
    written_by(pipeline, draft("b", "My name is Vrelkin Quist."))
    assert not on_disk(pipeline, "vrelkin")
    first, second = row(pipeline, "a"), row(pipeline, "b")
    assert first["input_messages"][0]["parts"][0]["text"] == "see <PERSON_1_GIVEN> about it."
    assert "<PERSON_1_GIVEN> <PERSON_1_FAMILY>" in str(second["input_messages"])
    assert first["redaction"]["repaired"] and not second["redaction"]["repaired"]
    assert first["redaction"]["counts"] == [{"entity": "PERSON", "count": 2}]
    assert (pipeline.counts.repaired, pipeline.counts.stored, pipeline.counts.withheld) == (1, 2, 0)
    assert pipeline.counts.replaced["PERSON"] == 4
    assert set(before) < set(files(pipeline))


def test_what_was_exchanged_already_keeps_its_placeholder_and_everything_else_stays(pipeline):
    said = "I am Mia Li (mia.li@example.com). give it to vrelkin, order W-2291, at 9:30."
    first = draft("a", said, session="s", user="u", usage={"input_tokens": 5, "output_tokens": 2}, duration_s=0.25,
                  tags=["vip", "for vrelkin"], finish_reasons=["stop"], agent="desk", attributes='{"to": "vrelkin"}')  # fmt: skip
    written_by(pipeline, first)
    before = row(pipeline, "a")
    written_by(pipeline, draft("b", "The driver's name is Vrelkin Quist."))
    after = row(pipeline, "a")
    text = "I am <PERSON_1_GIVEN> <PERSON_1_FAMILY> (<EMAIL_1>). give it to <PERSON_2_GIVEN>, order W-2291, at 9:30."
    assert after["input_messages"][0]["parts"][0]["text"] == text
    assert (after["tags"], json.loads(after["attributes"])) == (
        ["vip", "for <PERSON_2_GIVEN>"],
        {"to": "<PERSON_2_GIVEN>"},
    )
    changed = {"input_messages", "tags", "attributes", "redaction"}
    assert {k: v for k, v in after.items() if k not in changed} == {k: v for k, v in before.items() if k not in changed}


@pytest.mark.parametrize(
    ("earlier", "later", "word"),
    [
        (tool("a", result={"note": "call 415 555 0134 after noon"}), draft("b", "My phone number is (415) 555-0134."), "0134"),
        (tool("a", {"query": "orders of q7x_99441"}), tool("b", result={"user_id": "q7x_99441"}), "q7x_99441"),
        (tool("a", result={"log": json.dumps({"who": "vrelkin\nQuist"})}), draft("b", "My name is Vrelkin Quist."), "vrelkin"),
        (draft("a", "It says %76%72%65lkin here, vrelkin."), draft("b", "My name is Vrelkin Quist."), "vrelkin"),
        (draft("a", "key: kQ9vTz2mXw4LpRb7"), tool("b", {"api_key": "kQ9vTz2mXw4LpRb7"}), "kq9vtz2mxw4lprb7"),
    ],
    ids=["phone", "user id", "string in a string", "percent", "secret"],
)  # fmt: skip
def test_whatever_kind_of_value_it_is_and_wherever_it_stands(pipeline, earlier, later, word):
    written_by(pipeline, earlier)
    written_by(pipeline, later)
    assert not on_disk(pipeline, word)
    for one in stored(pipeline):
        for column in ("tool_arguments", "tool_result"):
            assert one[column] is None or json.loads(one[column])


def test_parts_of_several_flushes_days_and_traces_are_repaired_and_others_are_not_touched(pipeline):
    written_by(pipeline, draft("a", "see vrelkin."), draft("x", "see vrelkin.", trace="other"))
    written_by(pipeline, draft("b", "vrelkin said no.", time=DAY_US))
    written_by(pipeline, draft("c", "Nobody was there."))
    untouched = {path: path.stat().st_mtime_ns for path in files(pipeline)[-1:]}
    written_by(pipeline, draft("d", "My name is Vrelkin Quist."))
    told = {one["call_id"]: "vrelkin" in str(one).lower() for one in stored(pipeline)}
    assert told == {
        "a": False,
        "b": False,
        "c": False,
        "d": False,
        "x": True,
    }  # another trace's vrelkin is not known to be one
    assert len(on_disk(pipeline, "vrelkin")) == 1
    (quiet,) = [path for path in files(pipeline) if "Nobody" in str(pq.read_table(path, partitioning=None).to_pylist())]
    assert untouched.get(quiet, quiet.stat().st_mtime_ns) == quiet.stat().st_mtime_ns
    assert pipeline.counts.repaired == 2


def test_what_eight_later_calls_released_is_repaired_without_a_flush(pipeline):
    pipeline.add(draft("c0", "see vrelkin."))
    for number in range(1, 10):
        pipeline.add(draft(f"c{number}"))
    pipeline._last_come = 0.0
    pipeline.tick()
    assert on_disk(pipeline, "vrelkin")
    pipeline.add(draft("late", "My name is Vrelkin Quist."))
    pipeline._last_come = 0.0
    pipeline.tick()  # the call that told it is still held
    assert pipeline.held and not on_disk(pipeline, "vrelkin")


def test_a_record_that_waits_for_its_part_is_changed_before_anybody_sees_it(pipeline, monkeypatch):
    pipeline.add(draft("a", "see vrelkin.", parent=None, operation="invoke_workflow"))
    assert pipeline._ready and not files(pipeline)
    pipeline.add(draft("b", "My name is Vrelkin Quist."))
    monkeypatch.setattr(repairs, "repair", lambda *given: pytest.fail("nothing was written yet"))
    pipeline.flush()
    assert not on_disk(pipeline, "vrelkin")
    assert not row(pipeline, "a")["redaction"]["repaired"] and pipeline.counts.repaired == 0


def test_feedback_is_repaired_too(pipeline):
    pipeline.add(draft("a"))
    pipeline.add_feedback({"feedback_id": "f", "time": 1_700_000_000_000_000, "name": "thumb", "trace_id": "t",
                           "session": "s", "explanation": "vrelkin was rude"})  # fmt: skip
    pipeline.flush()
    (before,) = agentlog.open_dataset(pipeline.folder.path).feedback().to_pylist()
    written_by(pipeline, draft("b", "My name is Vrelkin Quist."))
    (after,) = agentlog.open_dataset(pipeline.folder.path).feedback().to_pylist()
    assert after == {**before, "explanation": "<PERSON_1_GIVEN> was rude"}


def test_a_repaired_part_is_a_part_as_before(pipeline):
    for number in range(40):
        pipeline.add(draft(f"c{number:02d}", f"see vrelkin {number}", time=number, trace="t" if number % 3 else "u"))
    pipeline.flush()
    (part,) = files(pipeline)
    footer, columns, mode = read_footer(part), pq.read_schema(part), part.stat().st_mode
    written_by(pipeline, draft("z", "My name is Vrelkin Quist."))
    assert read_footer(part) == footer and part.stat().st_mode == mode
    assert pq.read_schema(part).equals(columns)
    ids = pq.read_table(part, columns=["call_id", "time"], partitioning=None).to_pylist()
    assert [one["call_id"] for one in ids] == [f"c{number:02d}" for number in range(40)]
    assert not list(pipeline.folder.temporary.iterdir())
    assert pipeline.counts.repaired == 26


def test_a_part_of_an_older_writer_gets_the_columns_that_it_lacks(pipeline):
    written_by(pipeline, draft("a", "see vrelkin."))
    (part,) = files(pipeline)
    table = pq.read_table(part, partitioning=None)
    place = table.schema.get_field_index("redaction")
    old = pa.StructArray.from_arrays(  # the struct had no `repaired` then
        [table["redaction"].chunk(0).field(name) for name in ("policy", "counts", "failed", "withheld")],
        names=["policy", "counts", "failed", "withheld"],
    )
    about = pq.read_metadata(part).metadata
    table = table.set_column(place, "redaction", old).drop_columns(["price_version"])
    pq.write_table(table.replace_schema_metadata(about), part)
    written_by(pipeline, draft("b", "My name is Vrelkin Quist."))
    assert row(pipeline, "a")["redaction"]["repaired"] and not on_disk(pipeline, "vrelkin")


# ── where it cannot be exchanged ──────────────────────────────────────────────────────────────────────────────────────


def test_a_row_in_which_it_cannot_be_exchanged_loses_its_words_and_says_so(pipeline, monkeypatch):
    written_by(pipeline, draft("a", "see vrelkin.", agent="desk"), draft("b", "Fine.", trace="u"))
    pipeline.add(draft("c", "My name is Vrelkin Quist."))

    def broken(*given):
        raise RuntimeError("vrelkin")

    trace = pipeline._traces["t"]
    monkeypatch.setattr(trace.redactor._way, "again", broken)
    pipeline.flush()
    one = row(pipeline, "a")
    assert not on_disk(pipeline, "vrelkin")
    assert one["input_messages"] is None and one["output_messages"] is None and one["tool_result"] is None
    assert "learnt later" in one["redaction"]["withheld"] and one["redaction"]["repaired"]
    assert (one["operation"], one["trace_id"], one["time"].year) == ("chat", "t", 2023)
    assert (pipeline.counts.repaired, pipeline.counts.withheld) == (1, 1)


def test_a_part_that_is_gone_or_damaged_keeps_nothing_else_from_being_repaired_and_written(pipeline, caplog):
    for name in ("a", "b", "c"):
        written_by(pipeline, draft(name, "see vrelkin."))
    first, second, third = files(pipeline)
    first.unlink()
    second.write_bytes(second.read_bytes()[:200])
    written_by(pipeline, draft("d", "My name is Vrelkin Quist."))
    assert "vrelkin" not in str(pq.read_table(third, partitioning=None).to_pylist()).lower()
    assert "cannot be read" in caplog.text and "vrelkin" not in caplog.text
    second.unlink()
    written_by(pipeline, draft("e", "Quist again."))
    assert {one["call_id"] for one in stored(pipeline)} == {"c", "d", "e"}


def test_a_full_disk_leaves_the_part_as_it_was_and_it_is_tried_again(pipeline, monkeypatch):
    written_by(pipeline, draft("a", "see vrelkin."))
    pipeline.add(draft("b", "My name is Vrelkin Quist."))
    with monkeypatch.context() as patched:
        patched.setattr(repairs, "write_file", no_space)
        pipeline.flush()
    assert {one["call_id"] for one in stored(pipeline)} == {"a", "b"}  # what could be written was
    assert on_disk(pipeline, "vrelkin") and not list(pipeline.folder.temporary.iterdir())
    pipeline.flush()
    assert not on_disk(pipeline, "vrelkin") and pipeline.counts.repaired == 1


def test_a_part_that_cannot_be_written_is_not_tried_all_the_time_and_told_of_once(pipeline, monkeypatch, caplog):
    written_by(pipeline, draft("a", "see vrelkin."))
    pipeline.add(draft("b", "My name is Vrelkin Quist."))
    tried = []

    def refused(*given):
        tried.append(given)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(written, "repair", refused)
    pipeline.flush()
    for _ in range(20):
        pipeline._last_come = 0.0
        pipeline.tick()
    assert len(tried) == 1
    now = time.monotonic()
    monkeypatch.setattr(pipelines.time, "monotonic", lambda: now + pipelines.REPAIR_AGAIN_S + 1)
    pipeline.tick()
    assert len(tried) == 2
    assert caplog.text.count("cannot be written now (PermissionError)") == 1


@pytest.mark.parametrize("at", ["make_file", "locked"])
def test_a_part_that_is_there_is_tried_again_when_something_else_was_not_found(pipeline, monkeypatch, at):
    written_by(pipeline, draft("a", "see vrelkin."))
    pipeline.add(draft("b", "My name is Vrelkin Quist."))
    with monkeypatch.context() as patched:

        def gone(*given):
            raise FileNotFoundError(2, "No such file or directory")

        patched.setattr(repairs, at, gone)
        pipeline.flush()
    assert on_disk(pipeline, "vrelkin")
    pipeline.flush()
    assert not on_disk(pipeline, "vrelkin") and pipeline.counts.repaired == 1


@pytest.mark.parametrize("refused", [OSError(24, "Too many open files"), MemoryError()], ids=["files", "memory"])
def test_a_part_that_cannot_be_read_now_is_tried_again(pipeline, monkeypatch, refused):
    written_by(pipeline, draft("a", "see vrelkin."))
    pipeline.add(draft("b", "My name is Vrelkin Quist."))
    with monkeypatch.context() as patched:

        def refuse(*given):
            raise refused

        patched.setattr(pq.ParquetFile, "read_row_group", refuse)
        pipeline.flush()
    assert on_disk(pipeline, "vrelkin")
    pipeline.flush()
    assert not on_disk(pipeline, "vrelkin") and pipeline.counts.repaired == 1


def test_labels_of_a_row_that_failed_are_repaired_too(pipeline, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(pipeline._traces["t"].redactor, "_learn", lambda *given: 1 / 0)
        written_by(pipeline, draft("a", agent="vrelkin desk"))
    assert row(pipeline, "a")["redaction"]["failed"] and on_disk(pipeline, "vrelkin")
    written_by(pipeline, draft("b", "My name is Vrelkin Quist."))
    assert row(pipeline, "a")["agent"] == "<PERSON_1_GIVEN> desk"


def test_labels_of_a_row_that_lost_its_words_are_repaired_too(pipeline, monkeypatch):
    written_by(pipeline, draft("a", "see vrelkin.", agent="dorquent desk"))
    pipeline.add(draft("b", "My name is Vrelkin Quist."))
    with monkeypatch.context() as patched:
        patched.setattr(limits, "BUDGET_S", -1.0)
        pipeline.flush()
    one = row(pipeline, "a")
    assert "learnt later" in one["redaction"]["withheld"] and one["agent"] == "dorquent desk"
    written_by(pipeline, draft("c", "My name is Dorquent Zorb."))
    assert row(pipeline, "a")["agent"] == "<PERSON_1_GIVEN> desk"


def test_a_row_that_loses_its_words_keeps_no_column_that_nobody_named():
    call = {"call_id": "c", "session": "session-1", "agent": "desk", "tool_result": '"x"', "news": "see vrelkin"}
    emptied = rows.emptied(call, lambda text, kind: text)
    assert {key: value for key, value in emptied.items() if value is not None} == {
        "call_id": "c",
        "session": "session-1",
        "agent": "desk",
    }
    spoken = {"feedback_id": "f", "session": "session-1", "score": 1.0, "label": "x", "news": "see vrelkin"}
    assert rows.emptied(spoken, lambda text, kind: text) == {
        "feedback_id": "f",
        "session": "session-1",
        "score": 1.0,
        "label": None,
        "explanation": None,
    }


def test_nothing_is_repaired_while_the_channel_is_nearly_full_and_then_it_is(pipeline):
    written_by(pipeline, draft("a", "see vrelkin."))
    pipeline.add(draft("b", "My name is Vrelkin Quist."))
    pipeline.tick(pressure=True)
    assert on_disk(pipeline, "vrelkin")
    pipeline._last_come = 0.0
    pipeline.tick()
    assert not on_disk(pipeline, "vrelkin")


def test_without_a_policy_of_ours_nothing_is_ever_read_again(tmp_path, monkeypatch):
    for redaction in ("off", str.upper):
        pipeline = made(tmp_path / str(len(str(redaction))), redaction=redaction)
        monkeypatch.setattr(written, "repair", lambda *given: pytest.fail("it read a part"))
        written_by(pipeline, draft("a", "see vrelkin."))
        written_by(pipeline, draft("b", "My name is Vrelkin Quist."))


def test_what_an_operator_made_is_left_as_it_is(tmp_path):
    from presidio_anonymizer.entities import OperatorConfig

    policy = RedactionPolicy(operators={"EMAIL": OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": 9, "from_end": False})})  # fmt: skip
    pipeline = made(tmp_path / "records", redaction=policy)
    written_by(pipeline, draft("a", "vrelkin has zeb@example.com"))
    written_by(pipeline, draft("b", "My name is Vrelkin Quist."))
    assert row(pipeline, "a")["input_messages"][0]["parts"][0]["text"] == "<PERSON_1_GIVEN> has *********le.com"


# ── no more work than that ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_part_is_only_read_when_a_word_of_it_was_learnt_later(pipeline, monkeypatch):
    read = []
    repair = written.repair
    monkeypatch.setattr(written, "repair", lambda folder, path, *more: read.append(path) or repair(folder, path, *more))
    written_by(pipeline, draft("a", "see vrelkin about it."))
    written_by(pipeline, draft("b", "I am Mia Li, mia@example.com, 415-555-0134."))
    assert not read
    written_by(pipeline, draft("c", "My name is Vrelkin Quist."))
    assert read == files(pipeline)[:1]
    pipeline.flush()
    pipeline.tick()
    assert len(read) == 1


def test_what_is_remembered_has_a_bound_and_beyond_it_parts_are_read(pipeline, monkeypatch):
    monkeypatch.setattr(written, "MOST_WORDS", 30)
    for number in range(12):
        written_by(
            pipeline, draft(f"c{number}", f"see vrelkin {number} " + " ".join(f"w{number}x{n}" for n in range(5)))
        )
    trails = pipeline._traces["t"].written._trails
    assert len(trails) == 12
    assert sum(len(marks) for trail in trails.values() for marks in trail.all()) <= 30
    written_by(pipeline, draft("z", "My name is Vrelkin Quist."))
    assert not on_disk(pipeline, "vrelkin") and pipeline.counts.repaired == 12


def test_rows_of_one_trace_are_remembered_at_once(pipeline, monkeypatch):
    added, add = [], Written.add
    monkeypatch.setattr(Written, "add", lambda self, *given: added.append(given) or add(self, *given))
    written_by(pipeline, *(draft(f"c{number}", f"see w{number}", trace="tu"[number % 2]) for number in range(40)))
    assert len(added) == 2
    (first, _), (second, _) = (trace.written._trails.popitem() for trace in pipeline._traces._traces.values())
    assert first == second


def test_what_is_joined_is_not_copied_and_what_is_joined_to_it_stays_as_it_was():
    one, other = Trail(3), Trail(2)
    for trail, mark in ((one, 1), (other, 2)):
        trail.note(frozenset((mark,)))
    marks = one.marks
    one.join(other)
    assert one.marks is marks and sorted(map(list, one.all())) == [[1], [2]] and one.version == 2
    assert list(map(list, other.all())) == [[2]]
    one.join(Trail(marks=None))
    assert one.marks is None


def test_rows_of_two_days_are_remembered_apart(pipeline):
    written_by(pipeline, draft("a", "one"), draft("b", "two", time=DAY_US))
    written = pipeline._traces["t"].written
    first, second = (written._trails[place].marks for place in written.places)
    assert first and second and first is not second


def test_no_draft_is_kept_that_became_part_of_another_or_is_left_out(tmp_path):
    out = next(f"t{number}" for number in range(1000) if not kept(f"t{number}", 0.5))
    pipeline = made(tmp_path / "records", sample_rate=0.5)
    inner, outer = draft("in", parent="out", trace=out), draft("out", trace=out)
    inner.inner, inner.sequences, outer.sequences = True, (1,), (2,)
    pipeline.add(inner)
    pipeline.add(outer)
    learnt = pipeline._traces[out].redactor._learnt
    assert pipeline.counts.merged == 1 and [one for one, _ in learnt.values()] == [outer]
    pipeline.flush()
    assert not learnt and not stored(pipeline)


def test_no_draft_is_kept_that_could_not_be_recorded(pipeline, monkeypatch):
    monkeypatch.setattr(pipelines, "price", lambda row: 1 / 0)
    written_by(pipeline, draft("a"))
    assert pipeline.counts.failed == 1 and not pipeline._traces["t"].redactor._learnt


def test_no_words_are_remembered(pipeline):
    written_by(pipeline, draft("a", "see vrelkin about the flumpet."))
    trace = pipeline._traces["t"]
    assert trace.written.places
    assert "flumpet" not in repr([(trail.version, trail.marks) for trail in trace.written._trails.values()])
    assert all(type(mark) is int for trail in trace.written._trails.values() for marks in trail.all() for mark in marks)


def test_a_trace_that_was_forgotten_is_repaired_and_gives_no_number_to_a_second_person(pipeline, monkeypatch):
    written_by(pipeline, draft("a", "My name is Mia Li. see vrelkin."))
    now = time.monotonic()
    monkeypatch.setattr(pipelines.time, "monotonic", lambda: now + traces.FORGET_S + 60)
    pipeline.tick()
    assert not pipeline._traces._traces
    written_by(pipeline, draft("b", "My name is Vrelkin Quist."))
    assert not on_disk(pipeline, "vrelkin")
    assert row(pipeline, "a")["input_messages"][0]["parts"][0]["text"] == (
        "My name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>. see <PERSON_2_GIVEN>."
    )


def later(monkeypatch, seconds):
    now = time.monotonic() + seconds
    monkeypatch.setattr(pipelines.time, "monotonic", lambda: now)


@pytest.mark.parametrize("why", ["silent", "too many"])
@pytest.mark.parametrize("kind", ["call", "feedback"])
def test_a_trace_whose_records_wait_for_their_part_is_not_forgotten(pipeline, monkeypatch, why, kind):
    if kind == "call":
        pipeline.add(draft("a", "see vrelkin.", parent=None, operation="invoke_workflow"))
    else:
        pipeline.add_feedback({"feedback_id": "f", "time": 1_700_000_000_000_000, "name": "thumb", "trace_id": "t",
                               "explanation": "vrelkin was rude"})  # fmt: skip
    if why == "too many":
        monkeypatch.setattr(traces, "MAX_TRACES", 0)
        pipeline._traces["t"].last = time.monotonic()
    later(monkeypatch, traces.FORGET_S + 60 if why == "silent" else 2)
    pipeline.tick()
    (trace,) = pipeline._traces._traces.values()
    assert trace.written.places and not trace.waiting
    pipeline.tick()
    assert not pipeline._traces._traces
    assert pipeline._traces._past["t"].places == trace.written.places


def test_a_trace_is_not_forgotten_while_a_repair_of_its_parts_is_due_unless_there_are_too_many(pipeline, monkeypatch):
    written_by(pipeline, draft("a", "see vrelkin."))
    pipeline.add(draft("b", "My name is Vrelkin Quist."))
    with monkeypatch.context() as patched:
        patched.setattr(repairs, "write_file", no_space)
        pipeline.flush()
        later(patched, traces.FORGET_S + 60)
        pipeline.tick()
        assert on_disk(pipeline, "vrelkin") and list(pipeline._traces._traces) == ["t"]
        with patched.context() as bound:
            bound.setattr(traces, "MAX_TRACES", 1)
            pipeline._traces["u"].last = time.monotonic()
            list(pipeline._traces.due(time.monotonic()))
            assert list(pipeline._traces._traces) == ["t"]  # the other one can go first
            bound.setattr(traces, "MAX_TRACES", 0)
            list(pipeline._traces.due(0.0))
            assert not pipeline._traces._traces
    assert pipeline._traces._past["t"].places


def test_a_silent_trace_is_repaired_before_it_is_forgotten(pipeline, monkeypatch):
    written_by(pipeline, draft("a", "see vrelkin."))
    pipeline.add(draft("b", "My name is Vrelkin Quist."))
    with monkeypatch.context() as patched:
        patched.setattr(repairs, "write_file", no_space)
        pipeline.flush()
    later(monkeypatch, traces.FORGET_S + 60)
    pipeline.tick()
    assert not on_disk(pipeline, "vrelkin")
    pipeline.tick()
    assert not pipeline._traces._traces


def test_a_trace_of_whose_past_nothing_could_be_found_out_is_asked_for_again():
    answers = iter([OSError(5, "Input/output error"), Past({"PERSON": 3}, ())])

    def past(trace_id):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    known = Traces(Redactor(None, pseudonym_key=KEY).trace, past)
    with pytest.raises(OSError, match="Input"):
        known["t"]
    assert known["t"].redactor.numbers["PERSON"] == 3


@pytest.mark.parametrize("asked_before", [False, True])
def test_parts_of_a_predecessor_that_are_erased_or_damaged_later_hide_no_others(pipeline, caplog, asked_before):
    for name in ("a", "b", "c"):
        written_by(pipeline, draft(name, f"My name is Mia Li, write to {name}@example.com."))
    predecessor = Predecessor(pipeline.folder, pipeline._writer.writer)
    if asked_before:
        assert predecessor.past("t").numbers["EMAIL"] == 3
    first, second, third = files(pipeline)
    first.unlink()
    second.write_bytes(second.read_bytes()[:200])
    past = predecessor.past("t")
    assert past.numbers == {"PERSON": 1, "EMAIL": 3} and third in [place.path for place in past.places]
    assert caplog.text.count("a part of an earlier recorder cannot be read") == 2


def test_of_forgotten_traces_a_bounded_number_is_known(pipeline, monkeypatch):
    monkeypatch.setattr(traces, "MAX_PAST", 3)
    written_by(pipeline, *(draft(f"c{n}", "My name is Mia Li.", trace=f"t{n}") for n in range(9)))
    now = time.monotonic()
    monkeypatch.setattr(pipelines.time, "monotonic", lambda: now + traces.FORGET_S + 60)
    pipeline.tick()
    assert list(pipeline._traces._past) == ["t6", "t7", "t8"]


# ── who reads meanwhile ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dataset_that_was_opened_before_reads_the_repaired_part(pipeline):
    written_by(
        pipeline, *(draft(f"c{number}", f"see vrelkin {number} " + "more and more " * number) for number in range(50))
    )
    dataset = agentlog.open_dataset(pipeline.folder.path)
    assert len(dataset) == 50  # its footers are read
    written_by(pipeline, draft("z", "My name is Vrelkin Quist. " + "And more. " * 500))
    rows = dataset.to_arrow().to_pylist()
    assert [one["call_id"] for one in rows] == sorted(f"c{number}" for number in range(50))
    assert "vrelkin" not in str(rows).lower()


def test_readers_in_the_middle_of_repairs_see_every_row_once_old_or_new(pipeline):
    written_by(
        pipeline, *(draft(f"c{number}", f"see vrelkin or dorquent {number}.", time=number) for number in range(60))
    )
    folder, wrong, reads = pipeline.folder.path, [], [0]
    ended = threading.Event()

    def read(how):
        while not ended.is_set() and len(wrong) < 3:
            table = how()
            ids = sorted(table["call_id"].to_pylist())
            if ids[:60] != sorted(f"c{number}" for number in range(60)) or len(set(ids)) != len(ids):
                wrong.append(ids)
            reads[0] += 1

    ways = [
        lambda: agentlog.open_dataset(folder).to_arrow(),
        lambda: ds.dataset(folder / "calls", partitioning="hive").to_table(),
    ]
    readers = [threading.Thread(target=read, args=(how,)) for how in ways]
    for one in readers:
        one.start()
    for number, name in enumerate(("Vrelkin Quist", "Dorquent Zorb", "Ask Who", "Or Else")):
        written_by(pipeline, draft(f"z{number}", f"My name is {name}.", time=1000 + number))
    ended.set()
    for one in readers:
        one.join()
    assert not wrong and reads[0] >= 2
    assert not on_disk(pipeline, "vrelkin") and not on_disk(pipeline, "dorquent")


# ── in both homes ─────────────────────────────────────────────────────────────────────────────────────────────────────


@agentlog.capture(operation="chat")
def ask(messages):
    return "I see."


def test_it_is_repaired_wherever_the_recorder_lives(home, tmp_path):
    agentlog.configure(tmp_path / "records")
    with agentlog.session("s"):
        ask([{"role": "user", "content": "see vrelkin about it."}])
        agentlog.flush(60)
        assert "vrelkin" in str(agentlog.open_dataset().to_arrow().to_pylist()).lower()
        assert agentlog.status().repaired == 0
        ask([{"role": "user", "content": "My name is Vrelkin Quist."}])
        agentlog.flush(60)
    rows = agentlog.open_dataset().to_arrow().to_pylist()
    assert len(rows) == 2 and "vrelkin" not in str(rows).lower()
    status = agentlog.status()
    assert (status.recorder, status.stored, status.repaired) == (home, 2, 1)
    assert "repaired 1" in str(status)


def test_a_recorder_that_takes_over_repairs_what_the_killed_one_had_written(tmp_path, monkeypatch):
    if choice.why_no_process(settings.load({})):
        pytest.skip("no recorder in a process of its own here")
    monkeypatch.setenv("AGENTLOG_RECORDER", "process")
    agentlog.configure(tmp_path / "records")
    with agentlog.session("s"):
        ask([{"role": "user", "content": "see vrelkin about it."}])
        agentlog.flush(60)
        os.kill(int(re.search(r"pid (\d+)", agentlog.status().recorder_reason)[1]), signal.SIGKILL)
        ask([{"role": "user", "content": "My name is Vrelkin Quist."}])
        assert agentlog.flush(60).held == 0
    rows = agentlog.open_dataset().to_arrow().to_pylist()
    assert len(rows) == len({one["call_id"] for one in rows}) == 2
    assert "vrelkin" not in str(rows).lower()
    assert (agentlog.status().stored, agentlog.status().repaired) == (2, 1)
