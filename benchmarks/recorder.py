"""What the recorder costs the application, in a thread and in a process of its own, side by side in one run.

    nox -s bench -- recorder      (or: python benchmarks/recorder.py [--smoke])

- put: a frame of 2.5 KB into the channel, on the caller's thread;
- wake-up: how late a sleeping thread of the application wakes up, idle and while the recorder works off a backlog;
- flood: 20,000 calls as fast as they can be made: how many a second are taken, dropped, lost without being counted.

Wake-up delays are compared with the idle ones of the same home, right before: ratios are what to trust.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

import agentlog
from agentlog import runtime
from agentlog.recording import calls
from agentlog.recording.snapshot import encode

SYSTEM = {"role": "system", "content": "You answer support tickets. " * 40}
QUESTION = "Where is my order A-17? It should have come on Monday. " * 20
ANSWER = {"role": "assistant", "content": "Your order is on its way. " * 10}


@agentlog.capture(operation="chat", model="m")
def chat(messages: list[dict[str, str]]) -> dict[str, str]:
    """A model that answers at once."""
    return ANSWER


@agentlog.capture
def ask(number: int) -> str:
    """A run of one model call, 2.5 KB; of every fifty, no two are alike."""
    return chat([SYSTEM, {"role": "user", "content": f"{QUESTION} Ticket {number % 50}."}])["content"]


def put_p50(rounds: int) -> float:
    """µs that the caller's thread spends in `put`, a loop without it taken off."""
    one = calls.open_call("execute_tool", "tool", None, None)
    one.request = encode({"text": "x" * 2300})
    calls.close_call(one)
    frame = msgspec.msgpack.encode(one)
    put = runtime._started()
    assert put is not None
    medians, clock = [], time.perf_counter_ns
    for _ in range(rounds):
        took, empty = [], []
        for _ in range(200):
            begun = clock()
            put(frame)
            took.append(clock() - begun)
            begun = clock()
            empty.append(clock() - begun)
        medians.append((statistics.median(took) - statistics.median(empty)) / 1000)
        agentlog.flush(60)
    return statistics.median(medians)


def wake_up(seconds: float, until_durable: bool) -> list[float]:
    """How late a thread wakes up that sleeps 1 ms at a time, in ms."""
    late = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and not (until_durable and agentlog.status().held == 0):
        begun = time.perf_counter()
        time.sleep(0.001)
        late.append((time.perf_counter() - begun - 0.001) * 1000)
    return late


def memory(pid: str) -> float:
    """MB that are in memory for a process: its own, and what it shares."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def measure(home: str, folder: str, smoke: bool) -> None:
    """All figures of one home."""
    agentlog.configure(f"{folder}/{home}", recorder=home, pseudonym_key=b"benchmark-key-16")
    ask(-1)
    agentlog.flush(60)  # what is heavy is imported by now
    if agentlog.status().recorder != home:
        print(f"{home}: not here ({agentlog.status().recorder_reason})")
        return
    print(f"\n{home}   ({agentlog.status().recorder_reason})")
    print(f"  put, 2.5 KB, p50                    {put_p50(3 if smoke else 30):8.2f} µs")

    ratios, idle_all, busy_all = [], [], []
    for number in range(1 if smoke else 5):
        idle = statistics.median(wake_up(0.5, False))
        for one in range(100 if smoke else 2000):
            ask(number * 10_000 + one)
        busy = statistics.median(wake_up(3.0, True) or [float("nan")])
        agentlog.flush(120)
        ratios.append(busy / idle)
        idle_all.append(idle)
        busy_all.append(busy)
    print(f"  wake-up delay idle, p50             {statistics.median(idle_all):8.3f} ms")
    print(
        f"  wake-up delay with a backlog, p50   {statistics.median(busy_all):8.3f} ms, x idle {statistics.median(ratios):.2f}"
    )

    gc.collect()
    count = 500 if smoke else 20_000
    before, stored = memory("self"), agentlog.status().stored
    begun = time.perf_counter()
    for number in range(count):
        ask(1_000_000 + number)
    taken_s = time.perf_counter() - begun
    grown = memory("self") - before
    done = agentlog.flush(600)
    durable_s = time.perf_counter() - begun
    # a run is two calls: its own and the model's
    lost = 2 * count - (done.durable - stored) - done.dropped
    print(f"  flood of {2 * count:,} calls: taken/s        {2 * count / taken_s:8,.0f}")
    print(f"    dropped and counted {done.dropped:,}, lost without being counted {lost:,}, memory {grown:+.0f} MB")
    print(f"    all durable after {durable_s:.1f} s: {2 * count / durable_s:,.0f} calls/s")
    agentlog.shutdown(60)


def main() -> None:
    """Both homes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a few calls, to see that it runs")
    smoke = parser.parse_args().smoke
    with tempfile.TemporaryDirectory() as folder:
        for home in ("thread", "process"):
            measure(home, folder, smoke)


if __name__ == "__main__":
    main()
