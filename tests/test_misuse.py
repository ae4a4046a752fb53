"""Who uses agentlog in a way that cannot be meant is told so, with the line of their own code."""

import asyncio
import functools
import gc
import inspect
import logging
import os
import subprocess
import sys
import textwrap
import time
import warnings

import pytest

import agentlog
from agentlog import runtime
from agentlog.errors import ConfigurationError
from agentlog.recording import misuse


@pytest.fixture(autouse=True)
def _not_told_yet(monkeypatch):
    monkeypatch.setattr(misuse, "_told", {})


def here():
    """The number of the line that calls this."""
    return inspect.currentframe().f_back.f_lineno


def told(caught):
    """File, line and words of the only warning."""
    gc.collect()
    (one,) = caught
    assert one.category is UserWarning
    assert one.filename == __file__
    return one.lineno, str(one.message)


@agentlog.capture
def work():
    return 1


def test_a_session_that_is_no_block_names_the_line_where_it_was_made():
    line = here() + 2
    with pytest.warns(UserWarning, match="agentlog|recorded") as caught:
        agentlog.session("ticket-4711", user="u")
    number, words = told(caught)
    assert (number, "with agentlog.session" in words) == (line, True)


def test_the_first_line_of_a_long_statement_is_named():
    line = here() + 2
    with pytest.warns(UserWarning, match="agentlog|recorded") as caught:
        agentlog.session(
            "ticket-4711",
            user="u",
        )
    assert told(caught)[0] == line


def test_a_session_that_is_used_in_one_of_its_ways_says_nothing(taken):
    block = agentlog.session("s")
    with block:
        work()
    agentlog.session("s").feedback("good", score=1.0)

    @agentlog.session("s")
    def decorated():
        return work()

    assert decorated() == 1
    with pytest.raises(ConfigurationError):
        agentlog.session(tags="refunds")
    gc.collect()


def test_a_session_entered_twice_at_once_names_the_line_and_leaves_nothing_behind(taken):
    block = agentlog.session("s")
    with block:
        line = here() + 2
        with pytest.warns(UserWarning, match="entered while it is still open") as caught:
            with block:
                work()
    assert told(caught)[0] == line
    work()
    assert taken.calls[-1].session is None


async def test_a_session_is_an_async_block_too(taken):
    async with agentlog.session("s") as block:
        work()
    assert taken.one().trace == block.trace


def test_a_decorator_without_its_parentheses_is_refused_where_it_stands():
    with pytest.raises(ConfigurationError, match=r"@agentlog\.session\(\)"):

        @agentlog.session
        def work():
            return 1


@pytest.mark.parametrize("kind", ["generator", "async generator"])
def test_a_session_above_a_generator_is_refused_because_its_body_runs_later(kind):
    def generator():
        yield 1

    async def async_generator():
        yield 1

    with pytest.raises(ConfigurationError, match="generator"):
        agentlog.session("s")(generator if kind == "generator" else async_generator)


def test_feedback_of_a_session_that_was_never_entered_and_has_no_id_is_about_nothing():
    with pytest.raises(ConfigurationError, match="trace= takes an id"):
        agentlog.session().feedback("good", score=1.0)


def test_feedback_about_a_thing_instead_of_its_id_is_refused(taken):
    with agentlog.session("s") as block:
        with pytest.raises(ConfigurationError, match="session= takes an id; found <class 'agentlog"):
            agentlog.feedback("good", score=1.0, session=block)


def test_a_call_by_hand_that_is_no_block_names_the_line(taken):
    line = here() + 2
    with pytest.warns(UserWarning, match="agentlog|recorded") as caught:
        agentlog.call("t", operation="execute_tool")
    number, words = told(caught)
    assert (number, "with agentlog.call" in words) == (line, True)
    assert taken == []


def test_a_call_by_hand_that_is_never_left_names_the_line_and_is_recorded_as_abandoned(taken, snapshot_of):
    def careless():
        made = agentlog.call("t", operation="execute_tool")
        made.__enter__().input({"asked": 1})
        return here() - 2

    from contextvars import copy_context

    with pytest.warns(UserWarning, match="agentlog|recorded") as caught:
        line = copy_context().run(careless)
    number, words = told(caught)
    assert (number, "never left" in words) == (line, True)
    assert (taken.one().finish, snapshot_of(taken.one().request)) == ("abandoned", {"asked": 1})


def test_what_is_said_of_a_call_after_its_end_names_the_line(taken):
    with agentlog.call("t", operation="chat") as call:
        call.input("x")
    line = here() + 2
    with pytest.warns(UserWarning, match="agentlog|recorded") as caught:
        call.output("y")
    number, words = told(caught)
    assert (number, "output()" in words) == (line, True)


def test_a_call_that_is_not_recorded_may_be_told_anything_at_any_time(monkeypatch):
    monkeypatch.setattr(runtime, "_on", False)
    with agentlog.call("t", operation="chat") as call:
        pass
    call.output("y")
    monkeypatch.setattr(runtime, "_on", True)
    monkeypatch.setattr(runtime, "_rate", 0.0)
    with agentlog.call("t", operation="invoke_workflow") as call:
        call.input("x")
    call.output("y")


def test_configure_after_the_first_call_names_the_line_and_where_the_calls_are(tmp_path):
    work()
    line = here() + 2
    with pytest.warns(UserWarning, match="agentlog|recorded") as caught:
        agentlog.configure(tmp_path / "records")
    number, words = told(caught)
    assert (number, os.environ["AGENTLOG_DIRECTORY"] in words) == (line, True)
    agentlog.configure(tmp_path / "others")  # who says it a second time means it


def test_configure_after_the_first_call_into_the_same_folder_is_fine():
    work()
    agentlog.configure(os.environ["AGENTLOG_DIRECTORY"])
    agentlog.configure(service="shop")


def test_a_flush_that_holds_up_the_event_loop_names_the_line(tmp_path, monkeypatch):
    agentlog.configure(tmp_path / "records")
    recorder, lines = runtime._state.recorder, []
    flush = recorder.flush
    monkeypatch.setattr(runtime, "_LONG_S", 0.01)
    monkeypatch.setattr(recorder, "flush", lambda timeout_s: (time.sleep(0.02), flush(timeout_s)))

    async def handler():
        agentlog.flush(30)
        lines.append(here() - 1)

    async def polite():
        await asyncio.to_thread(agentlog.flush, 30)

    agentlog.flush(30)  # nobody waits but who asks
    asyncio.run(polite())
    with pytest.warns(UserWarning, match="agentlog|recorded") as caught:
        asyncio.run(handler())
    number, words = told(caught)
    assert (number, "asyncio.to_thread(agentlog.flush)" in words) == (lines[0], True)


@pytest.mark.parametrize("kind", ["function", "coroutine", "generator", "async generator", "method"])
def test_capture_twice_names_the_line_and_records_a_call_once(taken, kind):
    def function():
        return 1

    async def coroutine():
        return 1

    def generator():
        yield 1

    async def async_generator():
        yield 1

    class Agent:
        @agentlog.capture
        def method(self):
            return 1

    there = {
        "function": function, "coroutine": coroutine, "generator": generator, "async generator": async_generator,
    }  # fmt: skip
    once = Agent.method if kind == "method" else agentlog.capture(there[kind])
    line = here() + 2
    with pytest.warns(UserWarning, match="captured by agentlog already") as caught:
        twice = agentlog.capture(operation="chat")(once)
    assert told(caught)[0] == line
    assert twice is once


def test_capture_around_another_decorator_around_capture_is_meant(taken):
    @agentlog.capture
    @functools.lru_cache
    @agentlog.capture
    def cached():
        return 1

    @agentlog.capture
    @functools.wraps(cached)
    def other():
        return work()

    assert (cached(), cached(), other()) == (1, 1, 1)


def test_capture_on_a_class_and_on_no_function_is_refused_where_it_stands():
    with pytest.raises(ConfigurationError, match="functions and methods"):

        @agentlog.capture
        class Agent:
            pass

    with pytest.raises(ConfigurationError, match="functions and methods"):
        agentlog.capture("not a function")


def test_where_warnings_are_errors_it_is_logged_with_the_line_and_nothing_is_raised(caplog):
    with caplog.at_level(logging.WARNING), warnings.catch_warnings():
        warnings.simplefilter("error")
        agentlog.session("ticket-4711")
        line = here() - 1
        gc.collect()
    assert f"{__file__}:{line}: agentlog.session" in caplog.text


def test_a_line_is_told_once():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            agentlog.session("ticket-4711")
        gc.collect()
    assert len(caught) == 1


def test_at_the_end_of_a_program_nothing_is_printed_about_what_was_not_used(tmp_path):
    path = tmp_path / "application.py"
    path.write_text(
        textwrap.dedent(
            """
            import agentlog
            kept = agentlog.session("made for later")
            also = agentlog.call("t", operation="execute_tool")
            """
        )
    )
    done = subprocess.run([sys.executable, str(path)], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Exception ignored" not in done.stderr


# ---------------------------------------------------------------- internal errors


def test_what_goes_wrong_inside_is_logged_once_and_never_printed(tmp_path, caplog, capfd, monkeypatch):
    monkeypatch.setattr(runtime, "_encode", lambda call: (_ for _ in ()).throw(TypeError("secret words")))
    agentlog.configure(tmp_path / "records")
    with caplog.at_level(logging.DEBUG):
        for _ in range(5):
            assert work() == 1
            runtime.problem("another kind")
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "a call was not recorded: TypeError",
        "another kind",
    ]
    assert "secret" not in caplog.text
    assert capfd.readouterr() == ("", "")
    status = agentlog.status()
    assert (status.failed, status.last_error.endswith("another kind")) == (5, True)


def test_what_goes_on_being_wrong_is_logged_again_after_an_hour(caplog, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(runtime.time, "monotonic", lambda: clock[0])
    for now in (0.0, 10.0, 3700.0):
        clock[0] = now
        runtime.problem("the disk is full")
    assert len(caplog.records) == 2


def test_the_kinds_that_are_remembered_have_a_bound():
    for n in range(10 * runtime._KINDS):
        runtime.problem(f"kind {n}")
    assert len(runtime._state.logged) <= runtime._KINDS


def test_a_call_that_meets_a_channel_closed_in_this_moment_goes_into_the_next_one(taken, monkeypatch):
    put = runtime._put

    def closed(frame):
        monkeypatch.setattr(runtime, "_put", put)
        raise ValueError("mmap closed or invalid")

    monkeypatch.setattr(runtime, "_put", closed)
    work()
    assert taken.one().name == "work"
    assert agentlog.status().last_error is None
