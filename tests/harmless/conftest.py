"""The zoo: what an application may hand to a function that is recorded, and what must be left as it was."""

from __future__ import annotations

import array
import asyncio
import collections
import contextvars
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import functools
import mmap
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import types
import uuid
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from unittest import mock

import msgspec
import pytest


@dataclasses.dataclass(repr=False, eq=False)
class Odd:
    """One payload."""

    value: Any
    holds: str = ""
    """What its record must hold, somewhere."""
    untouched: Callable[[], bool] = lambda: True
    """Whether nobody used it up, ran it or asked it."""
    close: Callable[[], Any] = lambda: None


ZOO: dict[str, Callable[[], Odd]] = {}


def odd(make: Callable[[], Odd | Any]) -> Callable[[], Odd]:
    @functools.wraps(make)
    def made() -> Odd:
        one = make()
        return one if isinstance(one, Odd) else Odd(one)

    ZOO[make.__name__] = made
    return made


# ---------------------------------------------------------------- the fourteen that other recorders were tried with


@odd
def a_lock() -> Any:
    return threading.Lock()


class BadRepr:
    def __repr__(self) -> str:
        raise ValueError("no words for this")


@odd
def a_repr_that_raises() -> Any:
    return Odd(BadRepr(), holds="BadRepr")


class Uncopyable:
    def __deepcopy__(self, memo: object) -> Any:
        raise TypeError("there is only one of me")

    def __reduce__(self) -> Any:
        raise TypeError("there is only one of me")


@odd
def what_cannot_be_copied() -> Any:
    return Odd(Uncopyable(), holds="Uncopyable")


@dataclasses.dataclass
class Order:
    id: str
    lines: list[str]


@odd
def a_dataclass() -> Any:
    return Odd(Order("A17", ["socks"]), holds="socks")


@odd
def a_list_that_holds_itself() -> Any:
    circle: list[Any] = ["kept"]
    circle.append(circle)
    return Odd(circle, holds="kept")


@odd
def a_list_two_thousand_deep() -> Any:
    deep: list[Any] = []
    for _ in range(2000):
        deep = [deep, "kept"]
    return Odd(deep, holds="kept")


@odd
def not_a_number() -> Any:
    return [float("nan"), float("inf")]


@odd
def some_bytes() -> Any:
    return b"\x00\xff"


@odd
def a_lone_surrogate() -> Any:
    return Odd({"good": "kept", "bad": "half of \ud83d", "\udc00": 1}, holds="kept")


@odd
def a_moment() -> Any:
    return Odd(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), holds="2026, 11, 20")


@odd
def keys_that_are_no_text() -> Any:
    return Odd({1: "one", None: 2, (3, 4): "kept", 2.5: 0}, holds="kept")


@odd
def a_set() -> Any:
    return {frozenset({1}), "two"}


@odd
def a_text_of_five_megabytes() -> Any:
    return Odd("head " + "x" * 5_000_000 + " tail", holds=" tail")


@odd
def a_number_of_eighty_bits() -> Any:
    return Odd(2**80, holds=str(2**80))


# ---------------------------------------------------------------- objects that do something when they are looked at


class Panic(BaseException):
    """As libraries written in Rust raise it."""


def proxy(problem: type[BaseException]) -> Any:
    class Proxy:
        asked = 0

        def __getattribute__(self, name: str) -> Any:
            type(self).asked += 1
            raise problem(name)

        def __repr__(self) -> str:
            type(self).asked += 1
            raise problem

        __iter__ = __len__ = __bool__ = __eq__ = __repr__  # type: ignore[assignment]
        __hash__ = None  # type: ignore[assignment]

    one = Proxy()
    return Odd(one, holds="Proxy", untouched=lambda: Proxy.asked == 0)


@odd
def a_proxy_that_raises_on_any_attribute() -> Any:
    return proxy(RuntimeError)


@odd
def a_proxy_that_ends_the_program() -> Any:
    return proxy(SystemExit)


@odd
def a_proxy_that_interrupts() -> Any:
    return proxy(KeyboardInterrupt)


class Panicking:
    def __repr__(self) -> str:
        raise Panic


@odd
def a_panic() -> Any:
    return Odd([Panicking(), "kept"], holds="kept")


class Query:
    """As an ORM has it: the database is asked as soon as somebody wants to see, count or test it."""

    asked = 0

    def _ask(self) -> Iterator[int]:
        type(self).asked += 1
        return iter(range(3))

    def __iter__(self) -> Iterator[int]:
        return self._ask()

    def __len__(self) -> int:
        return len(list(self._ask()))

    def __bool__(self) -> bool:
        return bool(list(self._ask()))

    def __repr__(self) -> str:
        return repr(list(self._ask()))

    def __getattr__(self, name: str) -> Any:
        return self._ask()


@odd
def a_query() -> Any:
    Query.asked = 0
    return Odd(Query(), holds="Query", untouched=lambda: Query.asked == 0)


class Lazy:
    asked = 0

    @property
    def customer(self) -> str:
        type(self).asked += 1  # a database, in life; or a second of sleep
        return "Ada"


@odd
def attributes_that_are_fetched() -> Any:
    Lazy.asked = 0
    return Odd({"row": Lazy(), "good": "kept"}, holds="kept", untouched=lambda: Lazy.asked == 0)


@odd
def a_mock() -> Any:
    one = mock.MagicMock()
    return Odd(one, holds="MagicMock", untouched=lambda: one.mock_calls == [] and one.method_calls == [])


class Incomparable:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        raise RuntimeError

    def __bool__(self) -> bool:
        raise RuntimeError


@odd
def what_cannot_be_compared_nor_tested() -> Any:
    return Odd([Incomparable(), "kept"], holds="kept")


class LongList(list[Any]):
    def __len__(self) -> int:
        return 10**9

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError


@odd
def a_list_that_lies_about_its_length() -> Any:
    return Odd(LongList(["kept", "\ud800"]), holds="kept")


class Sealed(dict[str, Any]):
    def items(self) -> Any:
        raise RuntimeError

    __iter__ = keys = values = __len__ = items


@odd
def a_dict_that_shows_nothing() -> Any:
    return Odd(Sealed(good="kept", bad="\ud800"), holds="kept")


class Text(str):
    def __len__(self) -> int:
        raise RuntimeError

    __str__ = __repr__ = __getitem__ = encode = __len__  # type: ignore[assignment]


@odd
def a_text_with_ideas_of_its_own() -> Any:
    return Odd([Text("kept"), "\ud800"], holds="kept")


class Masked:
    @property
    def __class__(self) -> Any:  # type: ignore[override]
        return dict


@odd
def what_claims_another_class() -> Any:
    return Odd([Masked(), "kept"], holds="kept")


class Names(type):
    @property
    def __module__(cls) -> Any:  # type: ignore[override]
        raise RuntimeError

    def __getattr__(cls, name: str) -> Any:
        raise RuntimeError


@odd
def a_class_without_a_module() -> Any:
    return Odd([Names("Nameless", (), {})(), "kept"], holds="kept")


class Circular:
    def model_dump(self) -> Any:
        return {"me": self, "good": "kept"}


@odd
def a_model_that_dumps_itself_for_ever() -> Any:
    return Odd(Circular(), holds="kept")


class Wordy:
    def __repr__(self) -> str:
        return "x" * 5_000_000


@odd
def an_object_of_five_million_words() -> Any:
    return Wordy()


# ---------------------------------------------------------------- what can be read only once


@odd
def a_generator() -> Any:
    one = (number for number in range(3))
    return Odd(one, holds="generator", untouched=lambda: list(one) == [0, 1, 2])


@odd
def an_iterator() -> Any:
    one = iter([1, 2, 3])
    return Odd([one, map(str, [1])], untouched=lambda: list(one) == [1, 2, 3])


async def never() -> None:
    raise AssertionError("it ran")


@odd
def a_coroutine() -> Any:
    one = never()
    return Odd([one, "kept"], holds="kept", untouched=lambda: one.cr_frame is not None, close=one.close)


@odd
def an_async_generator() -> Any:
    async def numbers() -> Any:
        yield 1

    one = numbers()
    return Odd([one, "kept"], holds="kept", untouched=lambda: one.ag_frame is not None)


@odd
def an_open_file() -> Any:
    file = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed below
    file.write("line\nline\n")
    file.seek(0)
    return Odd(file, untouched=lambda: file.tell() == 0 and file.read() == "line\nline\n", close=file.close)


@odd
def a_socket() -> Any:
    one = socket.socket()
    return Odd(one, holds="socket", close=one.close)


@odd
def a_mapped_file() -> Any:
    memory = mmap.mmap(-1, 4096)
    return Odd(memory, untouched=lambda: memory.tell() == 0, close=memory.close)


@odd
def a_view_of_memory() -> Any:
    return [memoryview(b"abcd"), memoryview(b"abcd")[::2], memoryview(bytearray(10))]


@odd
def a_future() -> Any:
    loop = asyncio.new_event_loop()
    return Odd([loop.create_future(), "kept"], holds="kept", close=loop.close)


# ---------------------------------------------------------------- much of it


@odd
def four_hundred_thousand_entries() -> Any:
    return {str(number): number for number in range(400_000)}


@odd
def a_million_numbers() -> Any:
    return Odd(list(range(1_200_000)), holds="items left out")


@odd
def nested_dicts_without_end() -> Any:
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"deeper": deep, "good": "kept"}
    return Odd(deep, holds="kept")


@odd
def two_thousand_long_texts() -> Any:
    return ["x" * 10_000] * 2_000


@odd
def many_bytes() -> Any:
    return Odd([bytes(6_000_000), "kept"], holds="kept")


@odd
def a_number_of_five_thousand_digits() -> Any:
    return Odd([10**5000, "kept"], holds="kept")


@odd
def ends_of_collections() -> Any:
    held = dict.fromkeys(range(5000), "kept")
    everything = (held.keys(), held.items(), collections.deque(range(5000)), array.array("d", range(5000)))
    return Odd([*everything, types.MappingProxyType(held), collections.ChainMap(held)], holds="kept")


# ---------------------------------------------------------------- Python's own


class Colour(enum.Enum):
    RED = "kept"


class Level(enum.IntEnum):
    HIGH = 3


class Where(NamedTuple):
    city: str


class Point(msgspec.Struct):
    x: int
    name: str


@odd
def values_of_the_standard_library() -> Any:
    values = [
        decimal.Decimal("1.10"),
        fractions.Fraction(1, 3),
        uuid.UUID(int=7),
        pathlib.PurePosixPath("/etc/kept"),
        Colour.RED,
        Level.HIGH,
        Where("Paris"),
        Point(1, "here"),
        dt.timedelta(days=1),
        types.SimpleNamespace(a=1),
        complex(1, 2),
        range(3),
        ...,
        NotImplemented,
    ]
    return Odd(values, holds="/etc/kept")


@odd
def the_same_beside_a_lone_surrogate() -> Any:
    return Odd([*ZOO["values_of_the_standard_library"]().value, "\ud800"], holds="/etc/kept")


@odd
def code() -> Any:
    return [never, lambda: None, len, Order, int, sys, Query().__len__, functools.partial(never, "x" * 9_000_000)]


@odd
def the_environment() -> Any:
    return Odd(os.environ, holds="Environ")


@odd
def a_thread_and_its_kin() -> Any:
    variable = contextvars.ContextVar("variable", default="x" * 9_000_000)
    return Odd(
        [threading.Thread(target=print), threading.local(), threading.Event(), variable, contextvars.copy_context()],
        holds="ContextVar variable",
    )


@odd
def weak_references() -> Any:
    order = Order("A17", [])
    return [weakref.ref(order), weakref.proxy(order), weakref.WeakValueDictionary(a=order)]


@odd
def an_error_that_holds_itself() -> Any:
    error = ValueError("kept")
    error.args = ("kept", error)
    error.__cause__ = error.__context__ = RuntimeError()
    return Odd([error, "kept"], holds="kept")


@odd
def dataclasses_in_a_circle() -> Any:
    order = Order("kept", [])
    order.lines.append(order)  # type: ignore[arg-type]
    return Odd(order, holds="kept")


# ---------------------------------------------------------------- other libraries


@odd
def a_model_in_a_circle() -> Any:
    pydantic = pytest.importorskip("pydantic")
    node = pydantic.create_model("Node", next=(Any, None))
    one = node()
    one.next = {"back": one}
    return Odd({"model": one, "good": "kept"}, holds="kept")


@odd
def a_model_of_the_first_pydantic() -> Any:
    if sys.version_info >= (3, 14):
        pytest.skip("pydantic.v1 is not there for Python 3.14")
    v1 = pytest.importorskip("pydantic.v1")
    return Odd(v1.create_model("Order", id="kept")(), holds="kept")


@odd
def a_model_with_a_secret() -> Any:
    pydantic = pytest.importorskip("pydantic")
    login = pydantic.create_model("Login", user=(str, ...), password=(pydantic.SecretStr, ...))
    return Odd(login(user="ada", password="hunter2"), holds="**********")


@odd
def a_model_that_holds_what_it_should_not() -> Any:
    pydantic = pytest.importorskip("pydantic")
    model = pydantic.create_model("Order", id=(str, ...)).model_construct(id=17, lines=object())
    return Odd({"model": model, "good": "kept"}, holds="kept")


@odd
def attrs() -> Any:
    library = pytest.importorskip("attr")
    return Odd(library.make_class("Order", ["id", "lines"])("kept", ["\ud800"]), holds="kept")


@odd
def arrays() -> Any:
    numpy = pytest.importorskip("numpy")
    objects = numpy.array([None, {"a": 1}], dtype=object)
    small = numpy.arange(6, dtype="float32").reshape(2, 3)
    return Odd([small, numpy.float64(0.5), numpy.int64(3), numpy.datetime64("2026-11-20"), objects], holds="2026")


@odd
def a_huge_array() -> Any:
    numpy = pytest.importorskip("numpy")
    return Odd(numpy.zeros((1000, 10_000)), holds="shape=(1000, 10000) dtype=float64")


@odd
def tensors() -> Any:
    torch = pytest.importorskip("torch")
    return Odd([torch.arange(3), torch.zeros(3000, 3000)], holds="shape=(3000, 3000)")


@odd
def tables() -> Any:
    pyarrow = pytest.importorskip("pyarrow")
    found = [pyarrow.table({"city": ["Paris"]}), pyarrow.table({"n": list(range(100_000))})]
    for name in ("pandas", "polars"):
        if (library := sys.modules.get(name)) is not None:
            found += [library.DataFrame({"city": ["Paris"]}), library.DataFrame({"n": range(100_000)})]
    return Odd(found, holds="Paris")


@pytest.fixture(params=sorted(ZOO))
def payload(request: pytest.FixtureRequest) -> Iterator[Odd]:
    """Each animal of the zoo."""
    one = ZOO[request.param]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield one
    one.close()


@pytest.fixture
def zoo() -> dict[str, Callable[[], Odd]]:
    """All of it."""
    return ZOO


@pytest.fixture
def in_another_process(tmp_path: pathlib.Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a program in an interpreter of its own, warnings as errors; `home` is where its recorder lives."""

    def run(program: str, *arguments: str, home: str = "thread") -> subprocess.CompletedProcess[str]:
        file = tmp_path / "program.py"
        file.write_text(textwrap.dedent(program), encoding="utf-8")
        environment = {**os.environ, "AGENTLOG_DIRECTORY": str(tmp_path / "records"), "AGENTLOG_RECORDER": home}
        command = [sys.executable, "-W", "error", str(file), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    return run
