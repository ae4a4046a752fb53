"""Does agentlog stay small, for hours? Runs of agents as they come in life, and what they leave behind in memory.

    nox -s soak                            eight hours (or: python benchmarks/soak.py --hours 8 [--home thread])
    nox -s soak -- --hours 0.5
    python benchmarks/soak.py --calls 200000     as many calls, as fast as they become durable
    python benchmarks/soak.py --smoke            both, for a few seconds

A run is a decorated agent: two model calls of 2 to 6 KB whose history grows, two tools, a stream. Among them are runs that fail,
that are cancelled, streams that are left or forgotten, and now and then a forked child that makes calls of its own.

Memory is what a process has for itself (RssAnon); the ring's pages (RssShmem) are bounded by its size, and shown. Compared are the
medians of the second quarter and of the last one: what grows by more than a tenth and 8 MB is no longer flat. Exit code 1
says that something grew, was dropped, or was not stored.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import agentlog

SYSTEM = {"role": "system", "content": "You answer support tickets. Look the order up before you say anything. " * 30}
Message = dict[str, str]


@agentlog.capture
def lookup(order: str) -> dict[str, str]:
    """A tool."""
    return {"order": order, "state": "shipped", "note": "left the depot " * 20}


@agentlog.capture(operation="chat", model="m")
def chat(messages: list[Message]) -> str:
    """A model."""
    return f"The order is on its way, in answer to message {len(messages)}. " * 5


@agentlog.capture(operation="chat", model="m")
def stream(messages: list[Message]) -> Iterator[str]:
    """A model that streams."""
    yield from ("It ", "is ", "on ", "its ", "way.")


@agentlog.capture(operation="chat", model="m")
async def astream(messages: list[Message]) -> AsyncIterator[str]:
    """The same, without threads."""
    for word in ("It ", "is ", "on ", "its ", "way."):
        await asyncio.sleep(0)
        yield word


@agentlog.capture
def run(number: int) -> str:
    """A run of six calls."""
    ticket = f"Where is order A-{number % 300}? It should have come on Monday. " * 20
    messages = [SYSTEM, {"role": "user", "content": ticket}]
    for _ in range(2):
        found = lookup(f"A-{number % 300}")
        messages += [{"role": "assistant", "content": chat(messages)}, {"role": "user", "content": found["note"]}]
    if number % 10 == 3:
        raise ValueError("this one fails")
    words = stream(messages)
    return next(words) if number % 10 == 7 else "".join(words)  # every tenth is forgotten


@agentlog.capture
async def arun(number: int) -> None:
    """A run that waits for something that does not come."""
    async for _ in astream([SYSTEM, {"role": "user", "content": f"ticket {number % 300}"}]):
        break
    await asyncio.Event().wait()


async def cancelled(number: int) -> None:
    """Ten runs at once, given up."""
    tasks = [asyncio.create_task(arun(number + one)) for one in range(10)]
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def work(number: int) -> int:
    """One of what comes; how many calls it was. It comes again: the recorder remembers new texts, up to a bound."""
    number %= 3000
    if number % 50 == 11:
        asyncio.run(cancelled(number))
        return 20
    session = agentlog.session(f"ticket-{number % 1000}", user=f"user-{number % 100}", tags=["soak"])
    with session, contextlib.suppress(ValueError):
        run(number)
    return 5 if number % 10 == 3 else 6


def child(before: int | None) -> int:
    """A forked worker that makes a few calls and ends; the one before has ended long ago."""
    if before is not None:
        os.waitpid(before, 0)
    pid = os.fork()
    if pid == 0:
        run(0)
        agentlog.flush(30)
        os._exit(0)
    return pid


@dataclass
class Look:
    """What a look at both processes finds; MB, and counts."""

    own: float
    ring: float
    files: int
    recorder: float | None
    recorder_files: int | None


def look() -> Look:
    """Now."""
    gc.collect()
    found = re.search(r"pid (\d+)", agentlog.status().recorder_reason)
    pid = found and found.group(1)
    own = memory("self")
    return Look(own[0], own[1], files("self"), memory(pid)[0] if pid else None, files(pid) if pid else None)


def memory(pid: str) -> tuple[float, float]:
    """MB that a process has for itself, and of shared memory."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    own, ring = (int(re.search(rf"{word}:\s+(\d+)", text).group(1)) / 1024 for word in ("RssAnon", "RssShmem"))  # type: ignore[union-attr]
    return own, ring


def files(pid: str) -> int | None:
    """Open descriptors; the recorder's process lets nobody look."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return None


class Course:
    """Prints what is found, and judges it in the end."""

    def __init__(self) -> None:
        self.looks: list[Look] = []
        self.begun = time.monotonic()
        print(
            f"  {'minutes':>8} {'calls':>9} {'application':>12} {'ring':>7} {'files':>6} {'recorder':>9} {'held':>7} {'dropped':>8}"
        )

    def note(self, calls: int) -> None:
        """One line."""
        one, status = look(), agentlog.status()
        self.looks.append(one)
        recorder = "-" if one.recorder is None else f"{one.recorder:.1f}"
        print(
            f"  {(time.monotonic() - self.begun) / 60:8.1f} {calls:9,} {one.own:9.1f} MB {one.ring:7.1f} {one.files:6} "
            f"{recorder:>9} {status.held:7,} {status.dropped:8,}",
            flush=True,
        )

    def verdict(self, calls: int) -> list[str]:
        """What is not as it should be."""
        done, status = agentlog.flush(120), agentlog.status()
        wrong = []
        for name in ("own", "recorder", "files"):
            figures = [figure for one in self.looks if (figure := getattr(one, name)) is not None]
            quarter = max(1, len(figures) // 4)
            if len(figures) < 4:
                continue
            before, after = statistics.median(figures[quarter : 2 * quarter]), statistics.median(figures[-quarter:])
            if after > before * 1.1 + (2 if name == "files" else 8):
                wrong.append(f"{name} grew from {before:.1f} to {after:.1f}")
        if done.dropped:
            wrong.append(f"{done.dropped:,} calls were dropped")
        if done.durable != calls:
            wrong.append(f"{calls:,} calls were made and {done.durable:,} are stored")
        if status.last_error:
            wrong.append(f"last error: {status.last_error}")
        return wrong


def count(calls: int, looks: int = 20) -> list[str]:
    """That many calls, as fast as they become durable."""
    course, made, number = Course(), 0, 0
    for step in range(1, looks + 1):
        while made < calls * step // looks:
            made += work(number)
            number += 1
            if number % 200 == 0:
                agentlog.flush(60)
        agentlog.flush(60)
        course.note(made)
    return course.verdict(made)


def last(seconds: float, rate: float, every_s: float) -> list[str]:
    """That long, `rate` runs a second."""
    course, made, number = Course(), 0, 0
    worker: int | None = None
    end, next_look, next_child = (time.monotonic() + one for one in (seconds, every_s, every_s / 2))
    while (now := time.monotonic()) < end:
        made += work(number)
        number += 1
        if now >= next_child:
            worker = child(worker)
            next_child += every_s
        if now >= next_look:
            course.note(made)
            next_look += every_s
        time.sleep(1 / rate)
    return course.verdict(made)


def main() -> int:
    """By what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a few seconds of both")
    parser.add_argument("--calls", type=int, help="that many calls instead of hours")
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--rate", type=float, default=5.0, help="runs of six calls a second")
    parser.add_argument("--home", default="process", choices=["process", "thread"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        agentlog.configure(f"{folder}/records", recorder=asked.home, pseudonym_key=b"benchmark-key-16")
        print(f"recorder: {agentlog.status().recorder}, MB of memory")
        if asked.smoke:
            wrong = count(4000, looks=8)
            agentlog.configure(f"{folder}/more", recorder=asked.home, pseudonym_key=b"benchmark-key-16")
            wrong += last(15, rate=20, every_s=3)
        elif asked.calls:
            wrong = count(asked.calls)
        else:
            wrong = last(asked.hours * 3600, asked.rate, every_s=60)
        agentlog.shutdown(60)
    print("\n".join(wrong) or "flat, nothing dropped, everything stored")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
