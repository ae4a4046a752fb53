"""What capture costs an application, what it loses and what it breaks: agentlog, and with --peers everybody else, in one run.

    nox -s bench                               agentlog and bare OpenTelemetry (or: python benchmarks/capture.py [--smoke])
    nox -s bench -- capture --peers            installs the peers, each in an environment of its own, and compares
    nox -s bench -- capture --peers --json=FILE

Every arm runs in a process of its own and sends to a sink on 127.0.0.1. A round measures the call without and with the peer right
after one another, in the same process; the arms take turns, round by round, because a shared machine changes its speed from second to
second. What is told is the median over the rounds of the difference within a round. Bare OpenTelemetry is the yardstick: ratios to it are
what to trust from one machine to another.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peers.destinations import Destination
from peers.environments import AGENTLOG, FRAMEWORKS, PEERS, YARDSTICK, Arm, prepare, variables, versions
from peers.measures import ENDINGS, MEASURES, NOTHING, OURS, best, cell, not_first, reasons, strike_tainted
from peers.payloads import CHUNKS
from peers.process import Failed, Worker


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    calls: int
    spaced: tuple[int, int]
    """Rounds and calls that are 2 ms apart."""
    framework: int
    streams: int
    cpu: int
    wakeup: tuple[int, int, int]
    """Rounds, calls at once, wake-ups."""
    flood: int
    endings: tuple[tuple[str, ...], int]
    """Ways to end, calls before it."""
    imports: int
    """Fresh interpreters for each import."""


FULL = Size(20, 200, (8, 80), 100, 10, 2000, (5, 2000, 300), 20_000, (ENDINGS, 200), 5)
SMOKE = Size(1, 20, (1, 5), 5, 1, 50, (1, 50, 20), 200, (("exit", "SIGKILL", "fork, child ends at once"), 20), 1)


class Run:
    """One run of everything: its arms, and the table that grows."""

    def __init__(self, arms: dict[Arm, str], size: Size, folder: Path) -> None:
        self.arms, self.size, self._folder = arms, size, folder
        self.cells: dict[str, dict[str, float | None]] = {arm.name: {} for arm in arms}
        self.why: dict[str, dict[str, str]] = {arm.name: {} for arm in arms}
        self.bases: dict[str, dict[str, float]] = {}
        """What a call takes without the peer, and other figures that the table leaves out."""
        self.loads: list[float] = []
        """The machine's load average at the beginning of each part."""
        self.silent: dict[Arm, str] = {}
        """Arms that send nothing, and why."""
        self._numbers = itertools.count(1)

    @contextmanager
    def worker(self, arm: Arm) -> Iterator[Worker]:
        """A fresh process of an arm, ready."""
        one = Worker(arm, self.arms[arm], self._folder / f"{next(self._numbers)}-{arm.adapter}")
        try:
            if not one.hear(180)["sends"]:
                self.silent.setdefault(arm, "without --peers it has no exporter here, and sends nothing")
            yield one
        finally:
            one.close()

    def lane(
        self,
        workers: dict[Arm, Worker],
        title: str,
        rounds: int,
        calls: int,
        write: Callable[[Arm, list[Any]], None],
        **more: Any,
    ) -> None:
        """Ask every worker the same, in turns, for some rounds; `write` gets an arm's answers."""
        progress(title)
        self.loads.append(os.getloadavg()[0])
        answers: dict[Arm, list[Any]] = {arm: [] for arm in workers}
        lane = more.pop("lane", title)
        for worker in workers.values():
            worker.destination.clear()
        for _ in range(rounds):
            for arm, worker in workers.items():
                if title in self.why[arm.name]:
                    continue
                try:
                    answers[arm].append(worker.ask(lane, calls=calls, **more))
                except Failed as failed:
                    self.why[arm.name][title] = str(failed)
        for arm, worker in workers.items():
            if title in self.why[arm.name]:
                continue
            if arm not in self.silent and not settled(worker.destination, 1, 10):
                self.why[arm.name][title] = "nothing arrived"
                continue
            self.bases.setdefault(f"{title}, records arrived for a call", {})[arm.name] = round(
                worker.destination.received() / (rounds * calls), 2
            )
            write(arm, answers[arm])

    def added(self, title: str) -> Callable[[Arm, list[Any]], None]:
        """Write what a call takes longer, in µs: the median over the rounds of the difference within a round.

        p50 is by the clock. p99 is of the thread's own CPU time: by the clock it would be the other programs of the machine.
        """

        def write(arm: Arm, rounds: list[Any]) -> None:
            for name, share, kind in (("p50", 0.5, ""), ("p99", 0.99, " cpu")):
                differences = [
                    quantile(one[f"peer{kind}"], share) - quantile(one[f"none{kind}"], share) for one in rounds
                ]
                self.cells[arm.name][f"{title} {name}"] = statistics.median(differences) / 1000
            base = self.bases.setdefault(title, {})
            base[arm.name] = statistics.median(quantile(one["none"], 0.5) for one in rounds) / 1000
            if "noop" in rounds[0]:
                noop = statistics.median(
                    (quantile(one["noop"], 0.5) - quantile(one["none"], 0.5)) / 1000 for one in rounds
                )
                self.bases.setdefault(f"{title}, a handler that does nothing", {})[arm.name] = noop

        return write

    def timings(self) -> None:
        """All that is measured in turns, in processes that live through it."""
        size = self.size
        workers: dict[Arm, Worker] = {}
        with ExitStack() as stack:
            for arm in self.arms:
                try:
                    workers[arm] = stack.enter_context(self.worker(arm))
                except Failed as failed:
                    self.why[arm.name]["start"] = str(failed)
            self.lane(workers, "decorated", size.rounds, size.calls, self.added("decorated"))
            self.lane(
                workers, "spaced", size.spaced[0], size.spaced[1], self.added("spaced"), lane="decorated", gap_s=0.002
            )
            for title in ("invoke", "ainvoke", "llama"):
                self.lane(workers, title, size.rounds, size.framework, self.added(title))
            self.lane(workers, "stream", max(1, size.rounds // 2), size.streams, self._stream)
            self.lane(workers, "cpu", max(1, size.rounds // 6), size.cpu, self._cpu)
            rounds, calls, ticks = size.wakeup
            self.lane(workers, "wakeup", rounds, calls, self._wakeup, ticks=ticks)

    def _stream(self, arm: Arm, rounds: list[Any]) -> None:
        for key, base in (("token", "none"), ("token over noop", "noop")):
            self.cells[arm.name][key] = statistics.median(
                (statistics.median(one["peer cpu"]) - statistics.median(one[f"{base} cpu"])) / CHUNKS / 1000
                for one in rounds
            )

    def _cpu(self, arm: Arm, rounds: list[Any]) -> None:
        scale = 10_000 / self.size.cpu
        mine = statistics.median((one["peer"] - one["none"]) * scale for one in rounds)
        beside = statistics.median((one["peer beside"] - one["none beside"]) * scale for one in rounds)
        self.cells[arm.name]["cpu"], self.cells[arm.name]["cpu all"] = mine, mine + beside

    def _wakeup(self, arm: Arm, rounds: list[Any]) -> None:
        cells = self.cells[arm.name]
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            cells[f"wake {name}"] = statistics.median(quantile(one["peer"], share) / 1e6 for one in rounds)
        cells["wake ratio"] = statistics.median(
            quantile(one["peer"], 0.5) / quantile(one["none"], 0.5) for one in rounds
        )

    def floods(self) -> None:
        """Each arm alone, in a fresh process."""
        for arm in self.arms:
            progress(f"flood: {arm.name}")
            self.loads.append(os.getloadavg()[0])
            try:
                with self.worker(arm) as worker:
                    worker.destination.clear()
                    said = worker.ask("flood", calls=self.size.flood)
                    cells = self.cells[arm.name]
                    cells["taken"] = self.size.flood / said["taken_s"]
                    cells["grown"] = said["grown_mb"]
                    if arm in self.silent:
                        self.why[arm.name]["delivered"] = self.silent[arm]
                        continue
                    settled(worker.destination, self.size.flood, 60)
                    cells["delivered"] = 100 * worker.destination.received() / self.size.flood
            except Failed as failed:
                self.why[arm.name]["flood"] = str(failed)

    def odd(self) -> None:
        """Fourteen values that are hard to write down."""
        for arm in self.arms:
            try:
                with self.worker(arm) as worker:
                    said = worker.ask("odd")
                    cells = self.cells[arm.name]
                    raised = [name for name, one in said.items() if one["raised"]]
                    cells["raised"] = len(raised)
                    cells["slowest"] = max(one["s"] for one in said.values()) * 1000
                    if arm in self.silent:
                        self.why[arm.name]["recorded"] = self.silent[arm]
                        continue
                    settled(worker.destination, len(said) + 1, 5)
                    lost = [name for name, one in said.items() if not worker.destination.holds(one["about"])]
                    cells["recorded"] = len(said) - len(lost)
                    progress(f"odd payloads: {arm.name}: raised {raised}, not recorded {lost}")
            except Failed as failed:
                self.why[arm.name]["odd"] = str(failed)

    def endings(self) -> None:
        """Six ways to end. No timing: four at a time."""
        ways, calls = self.size.endings

        def one(arm: Arm, how: str) -> None:
            try:
                with self.worker(arm) as worker:
                    if arm in self.silent:
                        self.why[arm.name][how] = self.silent[arm]
                        return
                    worker.destination.clear()
                    worker.say("end", how=how, calls=calls)
                    worker.wait(120)
                    # nothing comes from a dead process any more; agentlog's recorder outlives it and works off what there is
                    settled(worker.destination, calls, 10 if arm.name == OURS else 2)
                    self.cells[arm.name][how] = 200 * worker.destination.received() / calls
            except Failed as failed:
                self.why[arm.name][how] = str(failed)

        progress("endings")
        self.loads.append(os.getloadavg()[0])
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(one, *zip(*((arm, how) for how in ways for arm in self.arms), strict=True)))

    def imports(self) -> None:
        """A fresh interpreter each time, next to one that imports asyncio."""
        progress("import")
        ratios: dict[str, list[tuple[float, float]]] = {arm.name: [] for arm in self.arms}
        for number in range(self.size.imports + 1):
            for arm, python in self.arms.items():
                if "import" in self.why[arm.name]:
                    continue
                try:
                    base, *took = (
                        _import(arm, python, what, self._folder) for what in ("import asyncio", *arm.imports)
                    )
                except subprocess.CalledProcessError as error:
                    self.why[arm.name]["import"] = error.stderr.strip().rpartition("\n")[2]
                    continue
                if number:  # the first one fills the disk's cache
                    ratios[arm.name].append((took[0] / base, took[1] / base))
        for name, found in ratios.items():
            if found:
                self.cells[name]["import"] = statistics.median(one[0] for one in found)
                self.cells[name]["import used"] = statistics.median(one[1] for one in found)


def _import(arm: Arm, python: str, what: str, folder: Path) -> float:
    code = f"import time; begun = time.perf_counter(); {what}; print(time.perf_counter() - begun)"
    out = subprocess.run(
        [python, "-c", code], check=True, capture_output=True, text=True, env=variables(arm, folder), cwd=folder
    )
    return float(out.stdout)


def progress(what: str) -> None:
    """Say what is measured now."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr)


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of them lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, round(share * (len(ranked) - 1)))]


def settled(destination: Destination, wanted: int, quiet_s: float) -> bool:
    """Wait until that many have arrived, or none has come for a while."""
    seen, since = destination.received(), time.monotonic()
    while seen < wanted and time.monotonic() - since < quiet_s:
        time.sleep(0.2)
        now = destination.received()
        if now != seen:
            seen, since = now, time.monotonic()
    return seen >= wanted


def show(result: dict[str, Any]) -> None:
    """The one table. A star: first in its row."""
    arms = list(result["cells"])
    width = max(16, *(len(arm) + 1 for arm in arms))
    group = None
    print(f"\n{'':46}{'our budget':>10}" + "".join(f"{arm:>{width}} " for arm in arms))
    for measure in MEASURES:
        if measure.group != group:
            group = measure.group
            print(group)
        first = best(measure, result)
        name = f"  {measure.title.replace('`', '')}{', ' + measure.unit if measure.unit else ''}"
        cells = (f"{cell(measure, arm, result):>{width}}{'*' if arm in first else ' '}" for arm in arms)
        print(f"{name:46}{measure.budget:>10}{''.join(cells)}")
    print("\n* first in its row; in brackets: as a multiple of bare OTel")
    for why, places in reasons(result).items():
        print(f"{NOTHING} {why}   ({'; '.join(places)})")
    rows, before = not_first(result)
    print(f"\n{OURS} is first in {rows - len(before)} of {rows} rows.{' Not in:' if before else ''}")
    for row in before:
        print(f"  {row}")


def main() -> None:
    """Run, print, and write down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", action="store_true", help="install the peers and compare with them")
    parser.add_argument("--newest", action="store_true", help="their newest releases instead of those that were tried")
    parser.add_argument("--only", help="names of arms, with commas between them")
    parser.add_argument("--smoke", action="store_true", help="a few calls, to see that it runs")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--write-docs", action="store_true", help="write them into docs/performance.md and its picture")
    options = parser.parse_args()

    size = SMOKE if options.smoke else FULL
    chosen = [*AGENTLOG, YARDSTICK, *(PEERS if options.peers else ())]
    if options.only:
        chosen = [arm for arm in chosen if arm.name in options.only.split(",")]
    arms, failed = {}, {}
    for arm in chosen:
        try:
            arms[arm] = prepare(arm, options.newest) if options.peers else sys.executable
        except subprocess.CalledProcessError as error:
            failed[arm.name] = f"cannot be installed: {error.stderr.strip()[-300:]}"
    begun, loads = time.monotonic(), [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as folder:
        run = Run(arms, size, Path(folder))
        run.timings()
        run.floods()
        run.odd()
        run.endings()
        run.imports()
        loads += run.loads
    frameworks = [one.partition("==")[0] for one in FRAMEWORKS]
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "took_s": round(time.monotonic() - begun),
        "smoke": options.smoke,
        "size": asdict(size),
        "full": not options.smoke and not options.only,
        "load": [min(loads), max(loads)],
        "machine": {
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "cores": os.cpu_count(),
        },
        "versions": {
            arm.name: versions(python, [arm.distribution]).get(arm.distribution, "") for arm, python in arms.items()
        },
        "frameworks": versions(next(iter(arms.values())), frameworks),
        "cells": run.cells,
        "why": {**run.why, **{name: {"all": why} for name, why in failed.items()}},
        "without": run.bases,
    }
    strike_tainted(result)
    show(result)
    print(f"\n{result['date']}, {result['took_s']} s, Python {result['machine']['python']}, {result['frameworks']}")
    print(", ".join(f"{name} {version}" for name, version in result["versions"].items()))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.write_docs:
        import capture_page

        capture_page.write(result)


if __name__ == "__main__":
    main()
