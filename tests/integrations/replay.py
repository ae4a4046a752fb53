"""Recorded exchanges once more, through the real SDKs: is every field of every record what was sent and what came back?

    python tests/integrations/replay.py [--mode sync|async] [--ending whole|cut|torn] [--api chat messages] [--every 10] [--json]

Prints, for the releases that are installed, how often each field was right and how often it was not. `--show 5` prints what was
expected and what was found, for the first five faults. The records are made as in an application: `instrument`, a recorder, Parquet;
only redaction is off, because it would change what is compared.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import importlib.metadata
import inspect
import json
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from replay_requests import canonical, rebuilt
from replay_server import APIS, DATA, Exchange, Server, load
from replay_truth import truth

import agentlog
from agentlog import runtime

AT_ONCE = 8


@dataclasses.dataclass
class Outcome:
    """What became of an exchange on the application's side."""

    exchange: Exchange
    error: BaseException | None = None
    absent: str = ""
    """Why it was not asked for: this release does not know the API."""


# ---------------------------------------------------------------- asking through the SDKs


RESOURCES = {
    "chat": ("chat", "completions"),
    "responses": ("responses",),
    "completions": ("completions",),
    "embeddings": ("embeddings",),
}


def arguments(function: Any, exchange: Exchange) -> dict[str, Any]:
    """The recorded request as keywords; what this release has no keyword for goes through `extra_body`."""
    body = {"model": "deployment", **exchange["request"]}  # Azure has it in the path
    if exchange["stream"]:
        body["stream"] = True
    elif body.get("stream") and exchange["status"] < 400:
        del body["stream"]  # recorded after it was joined
    known = inspect.signature(function).parameters
    given = {key: value for key, value in body.items() if key in known}
    beside = {key: value for key, value in body.items() if key not in known}
    return {**given, "extra_body": beside} if beside else given


class Clients:
    """One client of each SDK, and so one pool of connections. A context manager, sync and async."""

    def __init__(self, server: Server, *, asynchronous: bool) -> None:
        import anthropic
        import openai

        settings: dict[str, Any] = {"api_key": "sk-replay", "max_retries": 0, "timeout": 30, "base_url": server.url}
        self._url = server.url
        self._openai = (openai.AsyncOpenAI if asynchronous else openai.OpenAI)(**settings)
        self._anthropic = (anthropic.AsyncAnthropic if asynchronous else anthropic.Anthropic)(**settings)

    def function(self, exchange: Exchange) -> Any:
        """What asks for the exchange; None where this release of the SDK has no such function."""
        place = f"{self._url}/{exchange['id']}"
        if exchange["api"] == "messages":
            return self._anthropic.with_options(base_url=place).messages.create
        found = self._openai.with_options(base_url=f"{place}/v1")
        for name in RESOURCES[exchange["api"]]:
            found = getattr(found, name, None)
        return getattr(found, "create", None)

    def close(self) -> None:
        self._openai.close()
        self._anthropic.close()

    async def aclose(self) -> None:
        await self._openai.close()
        await self._anthropic.close()


def ask(exchange: Exchange, clients: Clients) -> Outcome:
    done = Outcome(exchange)
    function = clients.function(exchange)
    if function is None:
        done.absent = exchange["api"]
        return done
    with agentlog.session(exchange=exchange["id"]):
        try:
            answer = function(**arguments(function, exchange))
            if exchange["stream"]:
                for _ in answer:
                    pass
        except Exception as error:  # noqa: BLE001 - it is what is looked at
            done.error = error
    return done


async def ask_async(exchange: Exchange, clients: Clients, gate: asyncio.Semaphore) -> Outcome:
    done = Outcome(exchange)
    function = clients.function(exchange)
    if function is None:
        done.absent = exchange["api"]
        return done
    async with gate:
        with agentlog.session(exchange=exchange["id"]):
            try:
                answer = await function(**arguments(function, exchange))
                if exchange["stream"]:
                    async for _ in answer:
                        pass
            except Exception as error:  # noqa: BLE001 - as above
                done.error = error
    return done


def ask_all(exchanges: list[Exchange], server: Server, mode: str) -> list[Outcome]:
    if mode == "sync":
        with contextlib.closing(Clients(server, asynchronous=False)) as clients:
            return [ask(one, clients) for one in exchanges]

    async def everything() -> list[Outcome]:
        gate = asyncio.Semaphore(AT_ONCE)
        async with contextlib.aclosing(Clients(server, asynchronous=True)) as clients:
            return await asyncio.gather(*(ask_async(one, clients, gate) for one in exchanges))

    return asyncio.run(everything())


# ---------------------------------------------------------------- comparing


@contextlib.contextmanager
def answer_ids() -> Iterator[dict[str, list[str]]]:
    """Call id → the provider's ids of its answer. They travel with the call, and are no column of a row."""
    found: dict[str, list[str]] = {}
    finish = runtime.finish

    def noting(call: Any, error: BaseException | None = None) -> None:
        found[call.id] = list(call.message_ids)
        finish(call, error)

    runtime.finish = noting
    try:
        yield found
    finally:
        runtime.finish = finish


def parts_of(message: dict[str, Any]) -> tuple[str | None, list[Any]]:
    """An output message of a row, as `replay_truth` writes them."""
    found: list[Any] = []
    for part in message["parts"]:
        kind = part["type"]
        if kind == "text" and part["mime_type"] == "application/json":
            found.append(("block", part["name"]))
        elif kind == "text":
            found.append(("refusal" if part["name"] == "refusal" else "text", part["text"]))
        elif kind == "reasoning":
            found.append(("reasoning", part["id"], part["text"], part["signature"]))
        elif kind == "tool_call":
            found.append(("call", part["id"], part["name"], part["arguments"]))
        elif kind == "tool_call_response":
            found.append(("result", part["id"]))
    return message["finish_reason"], found


def same_parts(wanted: list[Any], found: list[Any]) -> bool:
    """Whether the parts are the same, in their order. What a provider's own tool gave back follows its call in a row."""
    asked = {part[1] for part in wanted if part[0] == "call" and part[3] is ...}
    found = [part for part in found if not (part[0] == "result" and part[1] in asked)]
    return len(wanted) == len(found) and all(map(_same_part, wanted, found))


def _same_part(wanted: Any, found: Any) -> bool:
    if wanted[0] != "call" or found[0] != "call":
        return bool(wanted == found)
    if wanted[:3] != found[:3]:
        return False
    if wanted[3] is ...:
        return True
    if isinstance(wanted[3], str) and wanted[3] == found[3]:
        return True
    try:
        return bool(json.loads(found[3]) == wanted[3])
    except ValueError:
        return False


def compare(
    outcome: Outcome, row: dict[str, Any] | None, ids: dict[str, list[str]], sent: Any, ending: str
) -> dict[str, Any]:
    """Field → None where the record is right, else (expected, found)."""
    if row is None:
        return {"a row for the call": ("a row", "none")}
    exchange, api = outcome.exchange, outcome.exchange["api"]
    wanted = truth(exchange, ending)
    found: dict[str, Any] = {"a row for the call": None}

    def check(field: str, expected: Any, there: Any) -> None:
        found[field] = None if expected == there else (expected, there)

    operation = {"completions": "text_completion", "embeddings": "embeddings"}.get(api, "chat")
    check("operation", operation, row["operation"])
    check("request model", sent["model"], row["request_model"])
    check("request, sent again", canonical(api, json.loads(json.dumps(sent))), _attempt(lambda: rebuilt(api, row)))
    error = outcome.error
    named = wanted.get("error") if error is None else f"{type(error).__module__}.{type(error).__qualname__}"
    check("error", named, row["error_type"])
    if wanted["status"] >= 400:
        check(
            "nothing but the error", (None, None, None), (row["output_messages"], row["usage"], row["finish_reasons"])
        )
        return found
    if wanted["id"] is not None:
        check("response id", [wanted["id"]], ids.get(row["call_id"]))
    check("response model", wanted["response_model"], row["response_model"])
    check("usage", wanted["usage"], row["usage"])
    check("finish reasons", wanted["finish_reasons"], row["finish_reasons"])
    check("time to first chunk", exchange["stream"], row["time_to_first_chunk_s"] is not None)
    said = row["output_messages"]
    messages = None if said is None else [parts_of(one) for one in said]
    expected = wanted["output_messages"]
    if api == "responses" and messages:  # the items of a tool stand between a model's messages
        messages = [(messages[-1][0], [part for _, parts in messages for part in parts])]
    for kind in ("text", "refusal", "reasoning", "call"):
        if any(part[0] == kind for _, parts in expected or () for part in parts):
            wanted_parts = [[part for part in parts if part[0] == kind] for _, parts in expected]
            there = [[part for part in parts if part[0] == kind] for _, parts in messages or ()]
            right = len(wanted_parts) == len(there) and all(map(same_parts, wanted_parts, there))
            found[f"output: {kind}"] = None if right else (wanted_parts, there)
    right = (messages is None) == (expected is None) and (
        not expected
        or (
            len(expected) == len(messages or ())
            and all(
                one[0] == other[0] and same_parts(one[1], other[1])
                for one, other in zip(expected, messages or (), strict=True)
            )
        )
    )
    found["output: all parts in order"] = None if right else (expected, messages)
    return found


def _attempt(make: Any) -> Any:
    try:
        return make()
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        return f"not to be rebuilt: {type(error).__name__}: {error}"


# ---------------------------------------------------------------- the command


@dataclasses.dataclass
class Report:
    """How a replay went."""

    releases: dict[str, str]
    mode: str
    ending: str
    exchanges: int = 0
    absent: dict[str, int] = dataclasses.field(default_factory=dict)
    """API → exchanges that these releases have no function for."""
    unexpected: dict[str, int] = dataclasses.field(default_factory=dict)
    """Exceptions that the application met and the exchange does not hold."""
    raised: int = 0
    fields: dict[str, list[int]] = dataclasses.field(default_factory=dict)
    """Field → [right, wrong]."""
    whole: int = 0
    """Calls without a fault."""
    missing: list[str] = dataclasses.field(default_factory=list)
    """What instrument() said that it does not cover."""
    problem: str | None = None
    """What agentlog says went wrong inside it."""
    wall_s: float = 0.0


def replay(
    exchanges: list[Exchange],
    mode: str = "sync",
    ending: str = "whole",
    show: int = 0,
    targets: tuple[str, ...] = ("openai", "anthropic"),
) -> Report:
    """Replay and compare.

    Args:
        exchanges: which (`replay_server.load`).
        mode: "sync", or "async": several at once.
        ending: of streams, as of `Server`. Only streams are asked for where it is not "whole".
        show: print so many faults.
        targets: what to instrument.
    """
    if ending != "whole":
        exchanges = [one for one in exchanges if one["stream"]]
    releases = {name: importlib.metadata.version(name) for name in ("openai", "anthropic")}
    report = Report(releases, mode, ending, len(exchanges))
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Server(exchanges, ending) as server, answer_ids() as ids:
        agentlog.configure(folder, redaction="off", store=("internal", "unknown", "human"))
        with agentlog.instrument(*targets) as what:
            report.missing = list(what.missing)
            outcomes = ask_all(exchanges, server, mode)
        agentlog.flush(60)
        rows = agentlog.open_dataset(folder).to_arrow().to_pylist()
        report.problem = runtime.status().last_error
        agentlog.shutdown()
    report.wall_s = round(time.monotonic() - begun, 1)
    by_exchange: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_exchange.setdefault(json.loads(row["attributes"] or "{}").get("exchange", ""), []).append(row)
    absent: Counter[str] = Counter()
    unexpected: Counter[str] = Counter()
    for outcome in outcomes:
        if outcome.absent:
            absent[outcome.absent] += 1
            continue
        exchange = outcome.exchange
        if outcome.error is not None:
            report.raised += 1
            if exchange["status"] < 400 and ending != "torn":
                unexpected[f"{exchange['api']}: {type(outcome.error).__name__}: {str(outcome.error)[:80]}"] += 1
        own = by_exchange.pop(exchange["id"], [])
        found = compare(outcome, own[0] if len(own) == 1 else None, ids, server.received.get(exchange["id"]), ending)
        for field, fault in found.items():
            report.fields.setdefault(field, [0, 0])[fault is not None] += 1
            if fault is not None and show > 0:
                show -= 1
                print(  # noqa: T201
                    f"{exchange['id']} {exchange['src']} {exchange['api']} {field}\n  expected {fault[0]!r}\n  found    {fault[1]!r}"
                )
        report.whole += not any(found.values())
    report.fields["no row beyond the calls"] = [len(rows), sum(map(len, by_exchange.values()))]
    report.absent, report.unexpected = dict(absent), dict(unexpected)
    return report


def lines(report: Report) -> Iterator[str]:
    """The report, for people."""
    names = " ".join(f"{name} {version}" for name, version in report.releases.items())
    yield f"{names}, {report.mode}, streams {report.ending}: {report.exchanges} exchanges in {report.wall_s} s"
    for api, number in report.absent.items():
        yield f"  not in this release: {api} ({number} exchanges)"
    for what, number in report.unexpected.items():
        yield f"  the application met  {what} ({number} times)"
    for field, (right, wrong) in report.fields.items():
        yield f"  {field:<28} {right:>6} right {wrong:>6} wrong"
    yield f"  {'calls without a fault':<28} {report.whole:>6} of {report.exchanges - sum(report.absent.values())}"
    if report.problem:
        yield f"  agentlog says: {report.problem}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="exchanges, gzipped JSONL")
    parser.add_argument("--mode", choices=("sync", "async"), default="sync")
    parser.add_argument("--ending", choices=("whole", "cut", "torn"), default="whole")
    parser.add_argument("--api", nargs="+", choices=APIS, default=APIS)
    parser.add_argument("--every", type=int, default=1, help="only every n-th exchange, and the errors")
    parser.add_argument("--only", help="the exchange of this id")
    parser.add_argument("--show", type=int, default=0, help="print so many faults")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    recorded = load(given.data, tuple(given.api))
    exchanges = [one for number, one in enumerate(recorded) if number % given.every == 0 or one["status"] >= 400]
    if given.only:
        exchanges = [one for one in exchanges if one["id"] == given.only]
    warnings.simplefilter("ignore")  # what SDKs deprecate
    targets = tuple(
        sdk for sdk in ("openai", "anthropic") if any((api == "messages") == (sdk == "anthropic") for api in given.api)
    )
    report = replay(exchanges, given.mode, given.ending, given.show, targets)
    if given.json:
        print(json.dumps(dataclasses.asdict(report)))  # noqa: T201
    else:
        print("\n".join(lines(report)))  # noqa: T201
    return 1 if report.unexpected or any(wrong for _, wrong in report.fields.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
