import pytest

import agentlog
from agentlog.errors import ConfigurationError
from agentlog.recording.calls import Ended


@agentlog.capture
def work():
    return 1


def test_the_calls_of_a_block_are_one_trace_and_its_end_is_told(taken):
    with agentlog.session("s") as block:
        work()
        work()
    one, two = taken.calls
    assert one.trace == two.trace == block.trace
    assert one.session.id == "s"
    assert [frame.trace for frame in taken if isinstance(frame, Ended)] == [block.trace]


def test_an_inner_block_adds_to_the_outer_one(taken):
    with agentlog.session("s", user="u", tags=["a"], x=1), agentlog.session(tags=["b"], y=2):
        work()
    session = taken.one().session
    assert (session.id, session.user, session.tags, session.attributes) == ("s", "u", ["a", "b"], {"x": 1, "y": 2})


async def test_as_a_decorator_each_call_is_a_block(taken):
    @agentlog.session("s")
    def plain():
        work()

    @agentlog.session("s")
    async def coroutine():
        work()

    plain()
    plain()
    await coroutine()
    assert len({call.trace for call in taken.calls}) == 3


def test_tags_that_are_one_string_are_refused():
    with pytest.raises(ConfigurationError, match="refunds"):
        agentlog.session(tags="refunds")


def test_a_call_by_hand_records_what_it_is_told(taken, snapshot_of):
    with agentlog.call("summarise", operation="chat", model="m") as call:
        assert agentlog.current_call() is call
        call.input([{"role": "user", "content": "x"}], tools=[{"name": "t"}], temperature=0)
        call.output("short", usage={"input_tokens": 1}, finish_reason="stop")
    one = taken.one()
    assert snapshot_of(one.request) == {
        "input": [{"role": "user", "content": "x"}],
        "temperature": 0,
        "tools": [{"name": "t"}],
    }
    assert snapshot_of(one.response) == {"output": "short", "usage": {"input_tokens": 1}, "finish_reason": "stop"}
    assert agentlog.current_call() is None


async def test_a_call_by_hand_that_fails_is_recorded_as_failed(taken):
    with pytest.raises(KeyError):
        async with agentlog.call("t", operation="execute_tool"):
            raise KeyError
    assert taken.one().error == "KeyError"


def test_an_unknown_operation_lists_those_there_are():
    with pytest.raises(ConfigurationError, match="execute_tool"):
        agentlog.call("t", operation="tool")


def test_off_a_call_by_hand_still_takes_input_and_output(monkeypatch):
    from agentlog import runtime

    monkeypatch.setattr(runtime, "_on", False)
    with agentlog.call("t", operation="chat") as call:
        call.input("x")
        call.output("y")
