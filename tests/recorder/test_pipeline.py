import msgspec
import pytest

import agentlog
from agentlog import settings
from agentlog.messages import parts
from agentlog.recorder.pipeline import Pipeline
from agentlog.recording import calls
from agentlog.recording.calls import Ended
from agentlog.recording.snapshot import encode
from agentlog.records import Draft

KEY = b"a key for the tests"


@pytest.fixture
def pipeline(tmp_path):
    return Pipeline(settings.load({"directory": tmp_path / "records", "pseudonym_key": KEY}))


def rows(pipeline):
    return agentlog.open_dataset(pipeline._settings.directory).to_arrow().to_pylist()


def draft(call_id, said="hello", answer="hi", *, trace="t", parent=None, operation="chat", **row):
    return Draft(
        {
            "call_id": call_id,
            "trace_id": trace,
            "parent_id": parent,
            "time": 1_700_000_000_000_000,
            "operation": operation,
            "input_messages": [parts.message("user", parts.text(said))],
            "output_messages": [parts.message("assistant", parts.text(answer))],
            **row,
        },
        root=parent is None,
    )


def frame(call):
    return msgspec.msgpack.encode(call)


def test_a_call_becomes_a_row_and_its_frame_is_acknowledged_only_then(pipeline):
    call = calls.open_call("execute_tool", "lookup", None, None)
    call.request, call.response = encode({"order_id": "A17"}), encode({"state": "shipped"})
    calls.close_call(call)
    pipeline.take(7, frame(call))
    assert pipeline.tick() == []
    assert pipeline.flush() == [7]
    (row,) = rows(pipeline)
    assert (row["call_id"], row["tool_arguments"], row["tool_result"]) == (
        call.id,
        '{"order_id": "A17"}',
        '{"state": "shipped"}',
    )
    assert row["duration_s"] > 0


def test_a_name_in_the_last_message_is_replaced_in_the_first_call_too(pipeline):
    pipeline.add(draft("a", "Ask Zebulon about it.", parent="root"))
    pipeline.add(draft("b", "My name is Zebulon Quist.", parent="root"))
    pipeline.finish("t")
    pipeline.flush()
    assert "Zebulon" not in str(rows(pipeline))
    assert all(row["redaction"]["counts"] for row in rows(pipeline))


def test_eight_later_model_calls_release_a_call_of_a_run_that_goes_on(pipeline):
    for number in range(10):
        pipeline.add(draft(f"c{number}", parent="root"))
    pipeline._last_come = 0.0
    pipeline.tick()
    assert sorted(row["call_id"] for row in rows(pipeline)) == ["c0", "c1"]


def test_a_call_whose_reader_only_the_runs_answer_tells_waits_for_it_among_many(pipeline):
    """And what was told of it is still there, although more than eight model calls have come."""
    note = "The customer of this parcel is waiting."
    told = {f"c{number}": draft(f"c{number}", note if number == 11 else "hello", note if not number else "hi", parent="root",
                                time=1_700_000_000_000_000 + number) for number in range(12)}  # fmt: skip
    for one in told.values():
        pipeline.add(one)
        pipeline.tick()
    answer = draft("answer", "well?", "Dear Mia, it comes on Monday.", parent="root", time=1_700_000_000_000_100)
    pipeline.add(answer)
    root = draft("root", operation="invoke_workflow")
    root.answer_texts = ("Dear Mia, it comes on Monday.",)
    pipeline.add(root)
    pipeline.flush()
    surfaces = {row["call_id"]: row["surface"] for row in rows(pipeline)}
    assert (surfaces["c0"], surfaces["answer"], surfaces["root"]) == ("internal", "human", "human")


def test_one_run_of_a_session_that_ends_does_not_release_what_waits_for_another(pipeline):
    pipeline.add(draft("waits", answer="Dear Mia, it comes on Monday.", parent="other"))
    root = draft("root", operation="invoke_workflow")
    root.answer_texts = ("ok",)
    pipeline.add(root)
    assert pipeline._traces.held == 1
    other = draft("other", operation="invoke_workflow")
    other.answer_texts = ("Dear Mia, it comes on Monday.",)
    pipeline.add(other)
    assert pipeline._traces.held == 0
    pipeline.flush()
    assert {row["call_id"]: row["surface"] for row in rows(pipeline)}["waits"] == "human"


def test_thirty_seconds_release_a_call(pipeline, monkeypatch):
    pipeline.add(draft("a", parent="root"))
    now = pipeline._last_come
    monkeypatch.setattr("agentlog.recorder.pipeline.time.monotonic", lambda: now + 31)
    pipeline.tick()
    assert len(rows(pipeline)) == 1


def test_what_a_person_read_keeps_its_row_with_its_output_withheld(pipeline):
    one = draft("a", "Where is it?", "Dear Mia, it is on its way.")
    one.mark = "human"
    pipeline.add(one)
    pipeline.flush()
    (row,) = rows(pipeline)
    assert row["surface"] == "human"
    assert row["output_messages"] is None
    assert row["input_messages"] is not None
    assert "human" in row["redaction"]["withheld"]
    assert pipeline.counts.withheld == 1


def test_two_layers_of_one_call_are_one_row_and_both_frames_are_acknowledged(pipeline):
    outer = calls.open_call("chat", "ChatOpenAI", None, None)
    inner = calls.open_call("chat", "gpt-4o", outer, None)
    for call, framework in ((inner, ""), (outer, "langchain")):
        call.dialect = "messages"
        call.framework = framework
        call.request = encode({"input": [{"role": "user", "content": "hi"}]})
        usage = {"input_tokens": 5, "output_tokens": 2} if call is inner else None
        call.response = encode({"output": "hello", "usage": usage})
        calls.close_call(call)
    pipeline.take(0, frame(inner))
    pipeline.take(1, frame(outer))
    assert sorted(pipeline.flush()) == [0, 1]
    (row,) = rows(pipeline)
    assert (row["call_id"], row["framework"], row["usage"]["input_tokens"]) == (outer.id, "langchain", 5)
    assert pipeline.counts.merged == 1


def test_a_flush_waits_for_the_outer_half_of_a_call_and_the_end_does_not(pipeline):
    outer = calls.open_call("chat", "outer", None, None)
    inner = calls.open_call("chat", "inner", outer, None)
    calls.close_call(inner)
    pipeline.take(0, frame(inner))
    assert pipeline.flush() == []
    assert pipeline.flush(ending=True) == [0]


def test_a_plain_loop_is_one_trace(pipeline):
    history = []
    for number in range(3):
        history += [{"role": "user", "content": f"question {number}"}]
        call = calls.open_call("chat", "gpt-4o", None, None)
        call.dialect = "openai.chat"
        call.request = encode({"model": "gpt-4o", "messages": history})
        answer = {"role": "assistant", "content": f"answer {number}"}
        call.response = encode(
            {"id": f"r{number}", "choices": [{"index": 0, "message": answer, "finish_reason": "stop"}]}
        )
        calls.close_call(call)
        pipeline.take(number, frame(call))
        history += [answer]
    pipeline.flush()
    assert len({row["trace_id"] for row in rows(pipeline)}) == 1


def test_the_end_of_a_session_block_releases_its_calls(pipeline):
    pipeline.add(draft("a", trace="block"))
    assert pipeline.held == 1
    pipeline.take(3, frame(Ended("block")))
    pipeline._last_come = 0.0
    assert pipeline.tick() == [3]
    assert len(rows(pipeline)) == 1


def test_a_damaged_frame_is_counted_and_the_others_go_on(pipeline):
    call = calls.open_call("execute_tool", "t", None, None)
    calls.close_call(call)
    pipeline.take(0, b"\xff\xff")
    pipeline.take(1, frame(call))
    assert sorted(pipeline.flush()) == [0, 1]
    assert pipeline.counts.failed == 1
    assert len(rows(pipeline)) == 1


def test_what_cannot_be_read_is_stored_without_content_and_counted(pipeline):
    call = calls.open_call("chat", "m", None, None)
    call.dialect = "no such dialect"
    call.request = encode({"messages": "secret words"})
    calls.close_call(call)
    pipeline.take(0, frame(call))
    pipeline.flush()
    (row,) = rows(pipeline)
    assert row["redaction"]["failed"]
    assert "secret" not in str(row)
    assert pipeline.counts.failed == 1


def test_a_full_disk_keeps_everything_for_the_next_time(pipeline, monkeypatch):
    pipeline.add(draft("a"))
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            pipeline.flush()
    assert rows(pipeline) == []
    pipeline.flush()
    assert len(rows(pipeline)) == 1


def test_origin_is_pseudonymous_and_agrees_between_processes_with_the_same_key(pipeline, tmp_path):
    other = Pipeline(settings.load({"directory": tmp_path / "other", "pseudonym_key": KEY}))
    for one in (pipeline, other):
        one.add(draft("a", session="ticket-4711", user="u-17"))
        one.flush()
    (row,), (there,) = rows(pipeline), rows(other)
    assert (row["session"], row["user"]) == (there["session"], there["user"])
    assert "4711" not in row["session"]
    assert row["user"] != "u-17"


def test_feedback_finds_its_session(pipeline):
    pipeline.add(draft("a", session="ticket-4711"))
    pipeline.add_feedback({"feedback_id": "f", "time": 1, "name": "resolved", "score": 1.0, "session": "ticket-4711"})
    pipeline.flush()
    (row,) = rows(pipeline)
    (said,) = agentlog.open_dataset(pipeline._settings.directory).feedback().to_pylist()
    assert said["session"] == row["session"]


def test_a_call_that_breaks_something_is_counted_and_its_run_goes_on(pipeline, monkeypatch):
    def breaks(row):
        if row["call_id"] == "bad":
            raise TypeError

    monkeypatch.setattr("agentlog.recorder.pipeline.price", breaks)
    for number, name in enumerate(["a", "bad", "b"]):
        one = draft(name, parent="root")
        one.sequences = (number,)
        pipeline.add(one)
    assert sorted(pipeline.flush()) == [0, 1, 2]
    assert sorted(row["call_id"] for row in rows(pipeline)) == ["a", "b"]
    assert pipeline.counts.failed == 1


def test_what_cannot_be_judged_is_not_stored(pipeline, monkeypatch):
    monkeypatch.setattr("agentlog.recorder.surface._by_structure", lambda *given: 1 / 0)
    pipeline.add(draft("a", answer="some words"))
    pipeline.flush()
    (row,) = rows(pipeline)
    assert (row["surface"], row["output_messages"]) == ("human", None)


def test_a_tool_inside_a_tool_of_yours_is_durable_after_a_flush_although_the_outer_one_goes_on(pipeline):
    run = calls.open_call("invoke_workflow", "run", None, None)
    outer = calls.open_call("execute_tool", "outer", run, None)
    inner = calls.open_call("execute_tool", "inner", outer, None)
    calls.close_call(inner)
    pipeline.take(0, frame(inner))
    assert pipeline.flush() == [0]
