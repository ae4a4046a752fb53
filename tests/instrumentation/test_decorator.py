import asyncio
import copy
import inspect
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

import agentlog
from agentlog.errors import ConfigurationError


@agentlog.capture
def lookup(order_id: str, *, deep: bool = False) -> dict[str, str]:
    """Look an order up."""
    return {"id": order_id, "state": "shipped"}


class Shop:
    @agentlog.capture
    def method(self, a):
        return a

    @classmethod
    @agentlog.capture
    def below_classmethod(cls, a):
        return cls.__name__, a

    @agentlog.capture
    @classmethod
    def above_classmethod(cls, a):
        return cls.__name__, a

    @agentlog.capture
    @staticmethod
    def static(a):
        return a


def test_a_function_gives_the_same_result_and_a_call_is_taken(taken, snapshot_of):
    assert lookup("A17", deep=True) == {"id": "A17", "state": "shipped"}
    call = taken.one()
    assert call.name == "lookup"
    assert snapshot_of(call.request) == {"order_id": "A17", "deep": True}
    assert snapshot_of(call.response) == {"id": "A17", "state": "shipped"}
    assert call.duration_ns > 0


def test_signature_name_documentation_and_kind_are_kept():
    assert str(inspect.signature(lookup)) == "(order_id: str, *, deep: bool = False) -> dict[str, str]"
    assert lookup.__name__ == "lookup"
    assert lookup.__doc__ == "Look an order up."

    @agentlog.capture
    async def coroutine(): ...

    @agentlog.capture
    def generator():
        yield 1

    @agentlog.capture
    async def async_generator():
        yield 1

    assert inspect.iscoroutinefunction(coroutine)
    assert inspect.isgeneratorfunction(generator)
    assert inspect.isasyncgenfunction(async_generator)


def test_what_is_wrapped_pickles_by_its_name_and_copies_are_itself():
    assert pickle.loads(pickle.dumps(lookup)) is lookup
    assert copy.deepcopy(lookup) is lookup


def test_methods_class_methods_and_static_methods_are_recorded_without_self(taken, snapshot_of):
    shop = Shop()
    assert shop.method(1) == 1
    assert Shop.below_classmethod(2) == ("Shop", 2)
    assert shop.above_classmethod(3) == ("Shop", 3)
    assert Shop.static(4) == 4
    assert [snapshot_of(call.request) for call in taken.calls] == [{"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}]
    assert taken.calls[0].name == "Shop.method"


def test_the_outermost_call_is_a_workflow_and_a_call_inside_is_a_tool_below_it(taken):
    @agentlog.capture
    def run():
        return lookup("A17")

    run()
    inner, outer = taken.calls
    assert (outer.operation, inner.operation) == ("invoke_workflow", "execute_tool")
    assert inner.parent == outer.id
    assert inner.trace == outer.trace == outer.id
    assert (outer.depth, inner.depth) == (0, 1)


def test_an_exception_comes_through_untouched_and_is_recorded_by_name(taken):
    problem = ValueError("secret words")

    @agentlog.capture
    def fails():
        raise problem

    with pytest.raises(ValueError, match="secret words") as caught:
        fails()
    assert caught.value is problem
    assert taken.one().error == "ValueError"


def test_after_a_failure_the_next_call_is_outermost_again(taken):
    @agentlog.capture
    def fails():
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            fails()
    assert [call.parent for call in taken.calls] == ["", ""]


def test_what_the_application_changes_afterwards_is_not_recorded(taken, snapshot_of):
    @agentlog.capture
    def extend(messages):
        messages.append("later")
        return messages

    messages = ["first"]
    result = extend(messages)
    result.append("much later")
    assert snapshot_of(taken.one().request) == {"messages": ["first"]}
    assert snapshot_of(taken.one().response) == ["first", "later"]


def test_a_model_call_by_hand_has_messages_in_and_text_out(taken, snapshot_of):
    @agentlog.capture(operation="chat", model="gpt-4o-mini")
    def classify(messages, temperature=0.0):
        return "refund"

    classify([{"role": "user", "content": "money back"}], temperature=0.5)
    call = taken.one()
    assert (call.operation, call.dialect, call.model) == ("chat", "messages", "gpt-4o-mini")
    assert snapshot_of(call.request) == {"input": [{"role": "user", "content": "money back"}], "temperature": 0.5}
    assert snapshot_of(call.response) == {"output": "refund"}


def test_the_argument_model_of_a_call_wins_over_the_decorator(taken):
    @agentlog.capture(operation="chat", model="default")
    def ask(prompt, model):
        return ""

    ask("hello", model="other")
    assert taken.one().model == "other"


async def test_a_coroutine_is_recorded_when_it_ends(taken, snapshot_of):
    @agentlog.capture
    async def wait(a):
        await asyncio.sleep(0)
        return a

    coroutine = wait(5)
    assert not taken
    assert await coroutine == 5
    assert snapshot_of(taken.one().response) == 5


async def test_concurrent_coroutines_keep_their_own_parents(taken):
    @agentlog.capture
    async def inner(n):
        await asyncio.sleep(0.001 * n)

    @agentlog.capture
    async def outer(n):
        await inner(n)
        await inner(3 - n)

    await asyncio.gather(*(outer(n) for n in range(4)))
    by_id = {call.id: call for call in taken.calls}
    children = [call for call in taken.calls if call.name.endswith("inner")]
    assert len(children) == 8
    assert all(by_id[call.parent].name.endswith("outer") for call in children)
    assert all(call.trace == by_id[call.parent].trace for call in children)


async def test_a_cancelled_coroutine_is_recorded_as_cancelled(taken):
    @agentlog.capture
    async def forever():
        await asyncio.Event().wait()

    task = asyncio.create_task(forever())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert taken.one().error == "asyncio.exceptions.CancelledError"


def test_a_stream_of_text_is_joined_and_its_first_chunk_timed(taken, snapshot_of):
    @agentlog.capture(operation="chat")
    def answer(prompt):
        yield "hel"
        yield "lo"

    assert list(answer("hi")) == ["hel", "lo"]
    call = taken.one()
    assert snapshot_of(call.response) == {"output": "hello"}
    assert 0 < call.first_chunk_ns <= call.duration_ns


def test_a_stream_closed_early_is_still_recorded(taken, snapshot_of):
    @agentlog.capture
    def answer():
        yield "one"
        yield "two"

    for _ in answer():
        break
    call = taken.one()
    assert (call.finish, call.error) == ("abandoned", "")
    assert snapshot_of(call.response) == "one"


def test_what_a_reader_does_between_two_chunks_is_not_inside_the_stream(taken):
    @agentlog.capture
    def stream():
        lookup("inside")
        yield 1
        yield 2

    for _ in stream():
        lookup("between")
    by_parent = {call.parent for call in taken.calls if call.name == "lookup" and call.depth == 0}
    assert by_parent == {""}
    inside = next(call for call in taken.calls if call.depth == 1)
    assert inside.parent == taken.calls[-1].id


def test_send_throw_and_return_values_of_a_generator_work_as_before(taken):
    @agentlog.capture
    def dialogue():
        got = yield "ready"
        try:
            yield f"got {got}"
        except KeyError:
            yield "caught"
        return "done"

    generator = dialogue()
    assert next(generator) == "ready"
    assert generator.send("x") == "got x"
    assert generator.throw(KeyError()) == "caught"
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value == "done"


async def test_async_generators_send_throw_close_and_are_recorded(taken, snapshot_of):
    @agentlog.capture
    async def dialogue():
        try:
            got = yield "ready"
            yield f"got {got}"
        except KeyError:
            yield "caught"

    generator = dialogue()
    assert await generator.asend(None) == "ready"
    assert await generator.asend("x") == "got x"
    assert await generator.athrow(KeyError()) == "caught"
    with pytest.raises(StopAsyncIteration):
        await generator.__anext__()
    assert snapshot_of(taken.one().response) == "readygot xcaught"

    other = dialogue()
    await other.__anext__()
    await other.aclose()
    assert taken.calls[-1].finish == "abandoned"


async def test_a_failing_async_generator_keeps_what_it_had_yielded(taken, snapshot_of):
    @agentlog.capture
    async def stream():
        yield "so far"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        async for _ in stream():
            pass
    call = taken.one()
    assert (call.error, snapshot_of(call.response)) == ("RuntimeError", "so far")


def test_a_plain_function_that_returns_a_generator_is_followed(taken, snapshot_of):
    @agentlog.capture
    def outer():
        return (n for n in (1, 2))

    assert list(outer()) == [1, 2]
    assert snapshot_of(taken.one().response) == [1, 2]


def test_content_false_records_when_but_not_what(taken, snapshot_of):
    @agentlog.capture(content=False)
    def private(a):
        return a

    private("words")
    call = taken.one()
    assert call.content is False
    assert snapshot_of(call.request) is None
    assert snapshot_of(call.response) is None


def test_input_and_output_change_what_is_recorded(taken, snapshot_of):
    @agentlog.capture(input=lambda bound: bound["a"] * 2, output=str.upper)
    def function(a):
        return a

    assert function("x") == "x"
    assert snapshot_of(taken.one().request) == "xx"
    assert snapshot_of(taken.one().response) == "X"


def test_an_error_in_a_users_input_hook_does_not_reach_the_application(taken):
    @agentlog.capture(input=lambda bound: bound["nothing"])
    def function(a):
        return a

    assert function(1) == 1
    assert agentlog.status().last_error is not None


@pytest.mark.parametrize("bad", [{"operation": "chatt"}, {"surface": "public"}])
def test_a_wrong_keyword_is_refused_at_decoration(bad):
    with pytest.raises(ConfigurationError, match="is"):
        agentlog.capture(**bad)


def test_a_class_is_refused():
    with pytest.raises(ConfigurationError, match="functions and methods"):
        agentlog.capture(Shop)


def test_disabled_it_gives_the_very_function_back(monkeypatch):
    monkeypatch.setenv("AGENTLOG_DISABLED", "1")

    def function(): ...

    assert agentlog.capture(function) is function


def test_a_run_that_is_not_sampled_leaves_nothing_of_itself_or_its_children(taken, monkeypatch):
    from agentlog import runtime

    monkeypatch.setattr(runtime, "_rate", 0.0)

    @agentlog.capture
    def run():
        return lookup("A17")

    assert run() == {"id": "A17", "state": "shipped"}
    assert not taken


def test_a_thread_pool_without_context_invents_no_parent(taken):
    @agentlog.capture
    def run():
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lookup, "A17").result()

    run()
    assert [call.parent for call in taken.calls] == ["", ""]


def test_it_works_in_a_process_pool():
    with ProcessPoolExecutor(1) as pool:
        assert pool.submit(lookup, "A17").result() == {"id": "A17", "state": "shipped"}


class Awkward:
    def __repr__(self):
        raise RuntimeError


CIRCLE: list = []
CIRCLE.append(CIRCLE)
DEEP: list = []
for _ in range(3000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "value",
    [
        Awkward(),
        CIRCLE,
        DEEP,
        2**80,
        float("nan"),
        b"bytes",
        "\ud800 lone surrogate",
        {1, 2},
        {(1, 2): 3},
        object(),
        lambda: None,
        "x" * 5_000_000,
        ValueError("x"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_payload_is_recorded_and_none_raises(taken, snapshot_of, value):
    @agentlog.capture
    def function(a):
        return a

    assert function(value) is value
    assert snapshot_of(taken.one().request) is not None
    assert agentlog.status().last_error is None
