"""What is wrapped is still what it was: for pickle, copy, inspect, FastAPI, LCEL, descriptors and type checkers."""

import abc
import asyncio
import contextlib
import copy
import dataclasses
import functools
import gc
import inspect
import pickle
import subprocess
import sys
import textwrap
import traceback
import typing
import weakref

import pytest

import agentlog


@agentlog.capture
def plain(a: int, /, b: str = "b", *rest: int, c: bool = False, **more: object) -> dict[str, object]:
    """Say it."""
    return {"a": a, "b": b, "rest": rest, "c": c, "more": more}


@agentlog.capture
async def coroutine(a: int) -> int:
    return a


@agentlog.capture
def generator(a: int) -> typing.Iterator[int]:
    yield a


@agentlog.capture
async def async_generator(a: int) -> typing.AsyncIterator[int]:
    yield a


KINDS = [plain, coroutine, generator, async_generator]


@pytest.mark.parametrize("wrapped", KINDS)
def test_inspect_sees_what_it_saw(wrapped):
    inner = wrapped.__wrapped__
    for question in (
        inspect.isfunction,
        inspect.isroutine,
        inspect.iscoroutinefunction,
        asyncio.iscoroutinefunction,
        inspect.isgeneratorfunction,
        inspect.isasyncgenfunction,
        inspect.signature,
        inspect.getdoc,
        inspect.getsource,
        inspect.getmodule,
        typing.get_type_hints,
    ):
        assert question(wrapped) == question(inner), question
    for name in ("__name__", "__qualname__", "__module__", "__doc__", "__annotations__"):
        assert getattr(wrapped, name) == getattr(inner, name)


@pytest.mark.parametrize("wrapped", KINDS)
def test_it_pickles_by_its_name_and_copies_are_itself(wrapped):
    assert pickle.loads(pickle.dumps(wrapped)) is wrapped
    assert copy.copy(wrapped) is copy.deepcopy(wrapped) is wrapped


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_process_pools_call_it_and_its_calls_are_recorded(in_another_process, tmp_path, method):
    done = in_another_process(
        """
        import multiprocessing, sys
        from concurrent.futures import ProcessPoolExecutor
        import agentlog

        @agentlog.capture
        def double(a):
            return a * 2

        if __name__ == "__main__":
            with ProcessPoolExecutor(2, multiprocessing.get_context(sys.argv[1])) as pool:
                print(sum(pool.map(double, range(10))))
        """,
        method,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "90\n", "")
    assert len(agentlog.open_dataset(tmp_path / "records")) == 10


def test_cloudpickle_carries_it_to_another_process():
    cloudpickle = pytest.importorskip("cloudpickle")

    @agentlog.capture
    def local(a):
        return a * 2

    assert pickle.loads(cloudpickle.dumps(local))(21) == 42


class Shop:
    closed = False

    @agentlog.capture
    def method(self, a):
        return self, a

    @property
    @agentlog.capture
    def state(self):
        return "open"

    @state.setter
    @agentlog.capture
    def state(self, value):
        self.closed = value

    @functools.cached_property
    @agentlog.capture
    def address(self):
        return object()

    @agentlog.capture
    @functools.lru_cache  # noqa: B019
    def above_a_cache(self, a):
        return object()

    @staticmethod
    @functools.lru_cache
    @agentlog.capture
    def below_a_cache(a):
        return object()

    @agentlog.capture
    def __call__(self, a):
        return a


def test_properties_and_their_setters_are_recorded(taken, snapshot_of):
    shop = Shop()
    assert shop.state == "open"
    shop.state = True
    assert shop.closed
    assert [call.name for call in taken.calls] == ["Shop.state", "Shop.state"]
    assert [snapshot_of(call.request) for call in taken.calls] == [{}, {"value": True}]


def test_cached_properties_and_caches_stay_caches(taken):
    shop = Shop()
    assert shop.address is shop.address
    assert len(taken) == 1
    assert shop.above_a_cache(1) is shop.above_a_cache(1)
    assert len(taken) == 3
    assert Shop.below_a_cache(1) is Shop.below_a_cache(1)
    assert len(taken) == 4
    assert Shop.below_a_cache.cache_info().hits == 1


def test_an_object_that_is_called_and_one_that_is_a_partial(taken, snapshot_of):
    assert Shop()(5) == 5
    assert taken.calls[-1].name == "Shop.__call__"
    part = agentlog.capture(functools.partial(plain.__wrapped__, 1, c=True))
    assert part("x") == {"a": 1, "b": "x", "rest": (), "c": True, "more": {}}
    assert snapshot_of(taken.calls[-1].request) == {"b": "x"}

    class Model:
        def __call__(self, text):
            return text.upper()

    assert agentlog.capture(Model())("a") == "A"
    assert snapshot_of(taken.calls[-1].request) == {"text": "a"}
    assert agentlog.capture(len)("abc") == 3
    assert functools.partial(plain, 1)(c=True)["c"] is True
    assert [call.error for call in taken.calls] == [""] * len(taken.calls)


def test_abstract_methods_stay_abstract():
    class Base(abc.ABC):
        @agentlog.capture
        @abc.abstractmethod
        def above(self): ...

        @abc.abstractmethod
        @agentlog.capture
        def below(self): ...

    assert Base.__abstractmethods__ == {"above", "below"}

    class Half(Base):
        @agentlog.capture
        def above(self):
            return 1

    with pytest.raises(TypeError, match="below"):
        Half()


def test_super_slots_overriding_and_protocols_work(taken):
    class Base:
        __slots__ = ()

        @agentlog.capture
        def answer(self):
            return ["base"]

    class Child(Base):
        __slots__ = ()

        @agentlog.capture
        def answer(self):
            return [*super().answer(), "child"]

    @typing.runtime_checkable
    class Answers(typing.Protocol):
        def answer(self) -> list[str]: ...

    assert isinstance(Child(), Answers)
    assert Child().answer() == ["base", "child"]
    inner, outer = taken.calls
    assert inner.parent == outer.id


def test_a_dataclass_may_have_it_as_a_method_and_as_a_field(taken):
    @dataclasses.dataclass(frozen=True)
    class Order:
        price: int
        rate: typing.Callable[[int], int] = agentlog.capture(lambda price: price * 2)

        @agentlog.capture
        def total(self):
            return self.rate(self.price)

    assert Order(21).total() == 42
    assert dataclasses.replace(Order(1), price=2).total() == 4
    assert len(taken) == 4


def test_context_managers_are_made_of_it(taken, snapshot_of):
    @contextlib.contextmanager
    @agentlog.capture
    def connection(name):
        try:
            yield name
        except KeyError:
            yield "never seen"

    with connection("db") as name:
        assert name == "db"
    with pytest.raises(ValueError, match="mine"):
        with connection("db"):
            raise ValueError("mine")
    assert [call.error for call in taken.calls] == ["", "ValueError"]

    @contextlib.asynccontextmanager
    @agentlog.capture
    async def session(name):
        yield name

    async def use():
        async with session("web") as name:
            return name

    assert asyncio.run(use()) == "web"
    assert snapshot_of(taken.calls[-1].response) == "web"


# ---------------------------------------------------------------- exceptions


def fail(cause):
    try:
        raise KeyError("inner")
    except KeyError as inner:
        raise ValueError("outer", 17) from (inner if cause else None)


def drive(kind):
    """Run `fail(True)` inside a function of a kind; what is raised comes out."""
    if kind == "plain":
        agentlog.capture(fail)(True)
    elif kind == "generator":

        @agentlog.capture
        def stream():
            yield 1
            fail(True)

        list(stream())
    elif kind == "coroutine":

        @agentlog.capture
        async def wait():
            fail(True)

        asyncio.run(wait())
    else:

        @agentlog.capture
        async def stream_async():
            yield 1
            fail(True)

        async def read():
            return [one async for one in stream_async()]

        asyncio.run(read())


@pytest.mark.parametrize("kind", ["plain", "generator", "coroutine", "async generator"])
def test_an_exception_keeps_its_arguments_its_cause_and_its_traceback(taken, kind):
    with pytest.raises(ValueError, match="outer") as caught:
        drive(kind)
    error = caught.value
    assert error.args == ("outer", 17)
    assert isinstance(error.__cause__, KeyError) and error.__context__ is error.__cause__
    assert "fail" in [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert taken.one().error == "ValueError"
    assert sys.exc_info() == (None, None, None)


def test_an_error_around_the_call_is_still_the_current_one(taken):
    @agentlog.capture
    def asks():
        return sys.exc_info()[1]

    try:
        raise KeyError
    except KeyError as error:
        found = asks(), sys.exc_info()[1], error
    assert found[0] is found[1] is found[2]


class Held:
    """Something large in the caller's frame."""


@pytest.mark.parametrize(
    "kind",
    ["plain", "generator", "thrown into a generator", "coroutine", "async generator", "thrown into an async generator"],
)
def test_no_circle_keeps_what_the_caller_held_alive(taken, kind):
    held = []

    @agentlog.capture
    def plain(a):
        raise ValueError

    @agentlog.capture
    def stream(a):
        yield 1
        raise ValueError

    @agentlog.capture
    async def wait(a):
        raise ValueError

    @agentlog.capture
    async def stream_async(a):
        yield 1
        raise ValueError

    def use():
        mine = Held()
        held.append(weakref.ref(mine))
        try:
            if kind == "plain":
                plain(mine)
            elif kind == "generator":
                list(stream(mine))
            elif kind == "thrown into a generator":
                one = stream(mine)
                next(one)
                one.throw(ValueError())
            elif kind == "coroutine":
                wait(mine).send(None)
            else:
                one = stream_async(mine)
                with contextlib.suppress(StopIteration):
                    one.asend(None).send(None)
                (one.athrow(ValueError()) if "thrown" in kind else one.asend(None)).send(None)
        except ValueError:
            pass

    gc.collect()
    gc.disable()
    try:
        use()
        assert held[0]() is None
    finally:
        gc.enable()
    assert taken.one().error == "ValueError"


# ---------------------------------------------------------------- other people's code


def test_type_checkers_see_the_parameters_and_the_result(tmp_path):
    pytest.importorskip("mypy")
    program = tmp_path / "typed.py"
    program.write_text(
        textwrap.dedent(
            """
            from collections.abc import AsyncIterator
            import agentlog

            @agentlog.capture
            def plain(a: int, *, b: str = "") -> list[str]:
                return [b]

            @agentlog.capture(operation="chat")
            async def stream(messages: list[str]) -> AsyncIterator[str]:
                yield ""

            class Shop:
                @agentlog.capture
                async def method(self, a: int) -> float:
                    return 1.0

                @classmethod
                @agentlog.capture
                def build(cls, a: int) -> "Shop":
                    return cls()

            reveal_type(plain)
            reveal_type(stream)
            reveal_type(Shop().method)
            reveal_type(Shop.build)
            plain("wrong")
            """
        ),
        encoding="utf-8",
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir", str(tmp_path), str(program)],
        capture_output=True,
        text=True,
        check=False,
    )
    revealed = [line.split('"')[1] for line in checked.stdout.splitlines() if "Revealed type" in line]
    assert [one.replace("builtins.", "").replace("collections.abc", "typing") for one in revealed] == [
        "def (a: int, *, b: str =) -> list[str]",
        "def (messages: list[str]) -> typing.AsyncIterator[str]",
        "def (a: int) -> typing.Coroutine[Any, Any, float]",
        "def (a: int) -> typed.Shop",
    ], checked.stdout
    assert checked.stdout.count("error:") == 1 and 'incompatible type "str"; expected "int"' in checked.stdout


def test_a_fastapi_application_is_made_of_it(taken, snapshot_of):
    fastapi = pytest.importorskip("fastapi")
    client = pytest.importorskip("fastapi.testclient")
    application = fastapi.FastAPI()
    closed = []

    @agentlog.capture
    def settings(region: str = "eu") -> str:
        return region

    @agentlog.capture
    async def user(name: str) -> dict[str, str]:
        return {"name": name}

    @agentlog.capture
    def database() -> typing.Iterator[str]:
        try:
            yield "db"
        finally:
            closed.append("db")

    @agentlog.capture
    async def cache() -> typing.AsyncIterator[str]:
        try:
            yield "cache"
        finally:
            closed.append("cache")

    @application.get("/ask/{id}")
    @agentlog.capture
    def ask(
        id: int,
        region: typing.Annotated[str, fastapi.Depends(settings)],
        name: typing.Annotated[dict[str, str], fastapi.Depends(user)],
        db: typing.Annotated[str, fastapi.Depends(database)],
        memory: typing.Annotated[str, fastapi.Depends(cache)],
    ) -> dict[str, typing.Any]:
        return {"id": id, "region": region, "name": name["name"], "db": db, "cache": memory}

    @application.get("/stream")
    @agentlog.capture
    async def stream() -> fastapi.responses.StreamingResponse:
        @agentlog.capture(operation="chat")
        async def tokens(prompt: str) -> typing.AsyncIterator[str]:
            yield "a"
            yield "b"

        return fastapi.responses.StreamingResponse(tokens("hi"))

    with client.TestClient(application) as browser:
        answer = browser.get("/ask/17", params={"name": "ada"})
        assert answer.json() == {"id": 17, "region": "eu", "name": "ada", "db": "db", "cache": "cache"}
        assert browser.get("/ask/seventeen", params={"name": "ada"}).status_code == 422
        assert sorted(closed) == ["cache", "cache", "db", "db"]
        assert browser.get("/stream").text == "ab"
        schema = browser.get("/openapi.json").json()["paths"]["/ask/{id}"]["get"]
    assert sorted(one["name"] for one in schema["parameters"]) == ["id", "name", "region"]
    by_name = {call.name.rpartition(".")[2]: call for call in taken.calls}
    assert snapshot_of(by_name["ask"].response)["id"] == 17
    assert snapshot_of(by_name["tokens"].response) == {"output": "ab"}
    assert by_name["ask"].error == by_name["tokens"].error == ""
    assert agentlog.status().last_error is None


async def test_it_works_inside_lcel_and_as_a_tool(taken, snapshot_of):
    runnables = pytest.importorskip("langchain_core.runnables")
    tools = pytest.importorskip("langchain_core.tools")

    @agentlog.capture
    def shout(text: str) -> str:
        return text.upper()

    @agentlog.capture
    async def ashout(text: str) -> str:
        return text.upper()

    @agentlog.capture
    def letters(text: str) -> typing.Iterator[str]:
        yield from text

    @tools.tool
    @agentlog.capture
    def lookup(order_id: str, deep: bool = False) -> str:
        """Look an order up."""
        return f"{order_id}: shipped"

    def spell(parts: typing.Iterator[str]) -> typing.Iterator[str]:
        yield from letters("".join(parts))

    chain = runnables.RunnableLambda(shout, afunc=ashout) | (lambda text: text + "!")
    assert chain.invoke("a") == "A!"
    assert await chain.ainvoke("b") == "B!"
    assert list(runnables.RunnableGenerator(spell).stream("xy")) == ["x", "y"]
    assert lookup.args == {
        "order_id": {"title": "Order Id", "type": "string"},
        "deep": {"default": False, "title": "Deep", "type": "boolean"},
    }
    assert lookup.description == "Look an order up."
    assert lookup.invoke({"order_id": "A17"}) == "A17: shipped"
    assert snapshot_of(taken.calls[-1].request) == {"order_id": "A17", "deep": False}
