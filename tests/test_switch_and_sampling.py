"""`configure()` in a running process: off and on again; and `sample_rate`: whole runs or nothing."""

import asyncio
import contextvars
import math
import os
import subprocess
import sys
import textwrap
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest

import agentlog
from agentlog import runtime
from agentlog.recording.sampling import kept


@agentlog.capture
def tool(n):
    return n


@agentlog.capture
def run(n):
    return [tool(n), tool(n)]


@agentlog.capture(operation="chat", model="m")
def chat(messages):
    return f"answer to {messages[-1]['content']}"


def stored(path):
    return agentlog.open_dataset(path).to_arrow(["call_id", "trace_id", "parent_id", "name", "operation"]).to_pylist()


# ---------------------------------------------------------------- off and on


def test_off_at_once_and_on_again_into_the_same_place(home, tmp_path, monkeypatch):
    agentlog.configure(tmp_path / "records", service="shop", recorder=home, roll_s=7)
    run(1)
    agentlog.configure(recorder="off")
    assert not runtime.recording()
    assert len(stored(tmp_path / "records")) == 3  # what had ended is durable
    assert run(2) == [2, 2]
    assert agentlog.status().recorder == "off"
    monkeypatch.chdir(tmp_path)
    agentlog.configure(recorder=home)
    run(3)
    agentlog.flush(30)
    status = agentlog.status()
    assert (status.recorder, status.alive, status.directory) == (home, True, tmp_path / "records")
    rows = agentlog.open_dataset(tmp_path / "records").to_arrow(["service"]).to_pylist()
    assert rows == [{"service": "shop"}] * 6
    assert runtime._state.settings.roll_s == 7


def test_a_relative_folder_stays_the_same_one_when_the_current_folder_changes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    agentlog.configure("records")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    agentlog.configure(recorder="off")
    agentlog.configure(recorder="thread")
    tool(1)
    agentlog.flush(30)
    assert len(stored(tmp_path / "records")) == 1


def test_calls_in_flight_end_without_harm_when_it_is_turned_off_and_are_recorded_when_it_is_on_again(home, tmp_path):
    agentlog.configure(tmp_path / "records", recorder=home)
    before_off, before_on = agentlog.call("a", operation="execute_tool"), agentlog.call("b", operation="execute_tool")
    with before_on:
        with before_off:
            agentlog.configure(recorder="off")
            assert tool(1) == 1
        agentlog.configure(recorder=home)
    agentlog.flush(30)
    assert [row["name"] for row in stored(tmp_path / "records")] == ["b"]
    assert agentlog.status().last_error is None


def test_no_call_waits_while_the_recorder_is_stopped(tmp_path, monkeypatch):
    agentlog.configure(tmp_path / "records")
    stopping, stop = threading.Event(), threading.Event()
    recorder = runtime._state.recorder
    monkeypatch.setattr(recorder, "stop", lambda timeout_s: (stopping.set(), stop.wait(30)))
    with agentlog.call("in flight", operation="execute_tool"):
        switch = threading.Thread(target=agentlog.configure, kwargs={"recorder": "off"})
        switch.start()
        assert stopping.wait(30)
        ended = threading.Thread(target=run, args=(1,))
        ended.start()
        ended.join(30)
        assert not ended.is_alive()  # it would wait for the lock for as long as the recorder takes
    assert switch.is_alive()
    stop.set()
    switch.join(30)


def test_another_configure_leaves_no_gap(home, tmp_path):
    agentlog.configure(tmp_path / "one", recorder=home)
    done = threading.Event()
    called = Counter()

    def work():
        while not done.is_set():
            tool(1)
            called["tool"] += 1
            done.wait(0.0005)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for place in ("two", "three"):
            agentlog.configure(tmp_path / place)
            done.wait(0.1)
    finally:
        done.set()
        thread.join(30)
    agentlog.flush(30)
    rows = [row for place in ("one", "two", "three") if (tmp_path / place).exists() for row in stored(tmp_path / place)]
    assert len(rows) == called["tool"]
    assert agentlog.status().last_error is None


def test_what_cannot_be_configured_leaves_the_recorder_that_is_there(tmp_path):
    agentlog.configure(tmp_path / "records")
    with pytest.raises(agentlog.AgentlogError):
        agentlog.configure(recorder="process", redaction=lambda text: text)
    tool(1)
    assert agentlog.flush(30).durable == 1


def test_off_a_call_costs_next_to_nothing(tmp_path, monkeypatch):
    agentlog.configure(tmp_path / "records", recorder="off")
    # no clock, no id, no snapshot: nothing of the way of a call is entered
    for name in ("agentlog.runtime.open_call", "agentlog.runtime._started"):
        monkeypatch.setattr(name, lambda *_: pytest.fail("entered"))
    assert run(1) == [1, 1]


def test_instrumented_frameworks_stay_instrumented(home, tmp_path):
    models = pytest.importorskip("langchain_core.language_models")
    from langchain_core.messages import AIMessage

    agentlog.configure(tmp_path / "records", recorder=home)
    with agentlog.instrument("langchain_core"):
        model = models.GenericFakeChatModel(messages=iter([AIMessage(str(n)) for n in range(3)]))
        model.invoke("recorded")
        agentlog.configure(recorder="off")
        assert model.invoke("not recorded").content == "1"
        agentlog.configure(recorder=home)
        model.invoke("recorded")
        agentlog.flush(30)
        assert len(stored(tmp_path / "records")) == 2


# ---------------------------------------------------------------- whole runs, or nothing


def whole_runs(rows, calls_of_a_run):
    """How many runs there are; every one of them is whole."""
    runs = defaultdict(list)
    for row in rows:
        runs[row["trace_id"]].append(row)
    ids = {row["call_id"] for row in rows}
    assert all(row["parent_id"] in ids for row in rows if row["parent_id"])
    assert {len(its) for its in runs.values()} <= {calls_of_a_run}
    return len(runs)


@agentlog.capture
def stream(n):
    for step in range(3):
        tool(step)
        yield step


@agentlog.capture
async def task(n):
    await asyncio.gather(*(asyncio.to_thread(tool, step) for step in range(2)))
    return n


@agentlog.capture
def pooled(n):
    with ThreadPoolExecutor(2) as pool:
        return [pool.submit(contextvars.copy_context().run, tool, step).result() for step in range(2)]


def test_runs_are_whole_over_threads_tasks_and_generators(home, tmp_path):
    agentlog.configure(tmp_path / "records", sample_rate=0.5, recorder=home)
    number = 60
    for n in range(number):
        run(n)
        pooled(n)
        asyncio.run(task(n))
    read = [list(stream(n)) for n in range(number)]
    abandoned = [next(stream(n)) for n in range(number)]
    assert read == [[0, 1, 2]] * number and abandoned == [0] * number
    agentlog.flush(30)
    rows = stored(tmp_path / "records")
    by_name = defaultdict(list)
    roots = {row["trace_id"]: row["name"] for row in rows if not row["parent_id"]}
    sizes = Counter(row["trace_id"] for row in rows)
    assert set(sizes) == set(roots)
    for trace, name in roots.items():
        by_name[name].append(sizes[trace])
    assert {name: set(its) for name, its in by_name.items()} == {
        "run": {3}, "pooled": {3}, "task": {3}, "stream": {4, 2},
    }  # fmt: skip
    # five standard deviations
    assert abs(len(roots) - 5 * number / 2) < 5 * math.sqrt(5 * number / 4)
    status = agentlog.status()
    assert status.unsampled == 5 * number - len(roots)
    assert (status.seen, status.stored) == (len(rows), len(rows))
    assert f"left out by sample_rate {status.unsampled}" in str(status)


@pytest.mark.parametrize(("rate", "rows"), [(0.0, 0), (1.0, 40)])
def test_none_and_all_are_exact_for_runs_and_for_calls_without_one(home, tmp_path, rate, rows):
    agentlog.configure(tmp_path / "records", sample_rate=rate, recorder=home)
    for n in range(10):
        run(n)
        chat([{"role": "user", "content": f"question {n}"}])
    assert agentlog.flush(30).durable == rows
    assert agentlog.status().unsampled == (20 if rate == 0 else 0)


def test_a_session_block_is_kept_as_a_whole(tmp_path):
    agentlog.configure(tmp_path / "records", sample_rate=0.5)
    for n in range(40):
        with agentlog.session(f"ticket-{n}"):
            run(n)
            chat([{"role": "user", "content": f"question {n}"}])
            run(n)
    agentlog.flush(30)
    assert 3 <= whole_runs(stored(tmp_path / "records"), 7) <= 37


def test_a_loop_without_a_run_is_kept_as_a_whole(home, tmp_path):
    """Only the recorder knows that its calls belong together."""
    agentlog.configure(tmp_path / "records", sample_rate=0.5, recorder=home)
    for n in range(40):
        messages = []
        for turn in range(3):
            messages.append({"role": "user", "content": f"question {turn} of {n}"})
            messages.append({"role": "assistant", "content": chat(messages)})
    agentlog.flush(30)
    rows = stored(tmp_path / "records")
    assert 3 <= whole_runs(rows, 3) <= 37
    status = agentlog.status()
    assert (status.seen, status.stored, status.held) == (120, len(rows), 0)
    assert status.unsampled == 120 - len(rows)


def test_an_opentelemetry_trace_is_kept_or_not_by_every_service_alike(tmp_path):
    trace = pytest.importorskip("opentelemetry.trace")
    agentlog.configure(tmp_path / "records", sample_rate=0.5)
    ids = [(n << 64) + 1 for n in range(1, 41)]
    for one in ids:
        context = trace.SpanContext(one, 7, is_remote=True, trace_flags=trace.TraceFlags(1))
        with trace.use_span(trace.NonRecordingSpan(context)):
            run(1)
            chat([{"role": "user", "content": f"question {one}"}])
    agentlog.flush(30)
    assert {row["trace_id"] for row in stored(tmp_path / "records")} == {
        f"{one:032x}" for one in ids if kept(f"{one:032x}", 0.5)
    }


def test_what_is_said_of_a_run_that_is_not_kept_goes_with_it(taken, monkeypatch):
    monkeypatch.setattr(runtime, "_rate", 0.0)
    with agentlog.call("run", operation="invoke_workflow") as call:
        agentlog.feedback("good", score=1.0)
    agentlog.feedback("good", score=1.0, call=call)
    assert taken == []


def test_the_rate_of_the_environment_holds_from_the_first_run_on(tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTLOG_SAMPLE_RATE", "0")
    run(1)
    assert agentlog.flush(30) == runtime.Flushed(0, 0, 0)
    assert agentlog.status().unsampled == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_goes_on_in_the_run_of_its_parent_or_not_at_all(home, tmp_path):
    (tmp_path / "application.py").write_text(
        textwrap.dedent(
            """
            import warnings
            warnings.simplefilter("ignore", DeprecationWarning)   # 3.12 warns of fork in a process with threads
            import os, agentlog
            agentlog.configure(sample_rate=0.5)
            @agentlog.capture
            def tool(n): return n
            @agentlog.capture
            def run(n):
                tool(n)
                child = os.fork()
                if child == 0:
                    tool(n)
                    agentlog.shutdown(30)
                    os._exit(0)
                os.waitpid(child, 0)
            for n in range(20): run(n)
            """
        )
    )
    done = subprocess.run(
        [sys.executable, "application.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = stored(os.environ["AGENTLOG_DIRECTORY"])
    assert 1 <= whole_runs(rows, 3) <= 19


def test_an_import_is_all_of_its_source(tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTLOG_SAMPLE_RATE", "0")
    source = tmp_path / "chat.jsonl"
    source.write_text('{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}\n')
    assert agentlog.import_records(source, tmp_path / "records").calls == 1


def test_a_frameworks_runs_are_whole_too(tmp_path):
    models = pytest.importorskip("langchain_core.language_models")
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import RunnableLambda

    agentlog.configure(tmp_path / "records", sample_rate=0.5)
    with agentlog.instrument("langchain_core"):
        model = models.GenericFakeChatModel(messages=iter([AIMessage(str(n)) for n in range(200)]))
        chain = RunnableLambda(lambda question: question, name="prepare") | model | RunnableLambda(lambda one: tool(1))
        for n in range(40):
            chain.invoke(f"question {n}")
            model.invoke(f"question {n}, without a run")
        agentlog.flush(30)
    rows = stored(tmp_path / "records")
    ids = {row["call_id"] for row in rows}
    assert all(row["parent_id"] in ids for row in rows if row["parent_id"])
    sizes = Counter(Counter(row["trace_id"] for row in rows).values())
    (whole,) = set(sizes) - {1}
    assert whole > 2
    assert 3 <= sizes[whole] <= 37 and 3 <= sizes[1] <= 37
