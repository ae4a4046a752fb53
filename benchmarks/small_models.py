"""What heads and taggers take over on public data: share served at a target agreement, out-of-scope accepted, latency, cost.

    python benchmarks/small_models.py --data ../shared/data [--only banking clinc restaurants] [--target 0.99] [--smoke]

Labels of people stand in for the LLM's answers. `banking` and `clinc` are `cluster/B_*_dev.parquet` (77 and 150 intents
behind one prompt; their public test split), `restaurants` is `extraction/restaurants8k.parquet` (five slots as JSON; the slot
that was asked for stands in the message before). Fitting takes the earlier rows, calibration later ones: the last
three tenths, and clinc's official `val` split. The files' order is the order of time; that of restaurants is shuffled first.

    exact     share of all test rows that are answered as labelled
    served    share of the test rows with a score at the threshold or above, and not novel
    agreed    share of those that are answered as labelled
    no gate   served and agreed, if no gate stopped anything
    oos       share of the out-of-scope rows that are served: they are in no class, so every one of them is wrong
    p50, p95  microseconds of CPU time for one `predict`, one thread, everything included
    train     CPU seconds, calibration included
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # numpy and scikit-learn read it when they are imported

import numpy as np
import pyarrow.parquet as pq

from agentlog.models import Row
from agentlog.models.answers import canonical
from agentlog.models.prompts import row_of
from agentlog.tasks.reading import Answer
from agentlog.training.head import fit_head
from agentlog.training.tagger import fit_tagger

Rows = list[Row]
Answers = list[Answer]


@dataclass
class Stream:
    """Calls of one task, and answers that are held to be right."""

    name: str
    train: tuple[Rows, Answers]
    test: tuple[Rows, Answers]
    later: tuple[Rows, Answers] | None = None
    """For calibration; None: the last of `train`."""
    outside: Rows = field(default_factory=list)
    """Calls that belong to no class of the task."""
    fit: Callable[..., Any] = fit_head


def labelled(data: Path, name: str) -> Stream:
    """banking77 or CLINC150."""
    rows = pq.read_table(data / "cluster" / f"B_{name}_dev.parquet").to_pylist()

    def part(run: str) -> tuple[Rows, Answers]:
        mine = [row for row in rows if row["run"] == run]
        asked = [row_of(json.loads(row["messages"])[-1]["content"], system=row["system"]) for row in mine]
        return asked, [Answer(row["out_text"], ()) for row in mine]

    later = part("val")
    return Stream(name, part("train"), part("test"), later if later[0] else None, part("oos_test")[0])


def restaurants(data: Path) -> Stream:
    """RESTAURANTS-8K: slots as the JSON that a model would be asked for."""
    rows = pq.read_table(data / "extraction" / "restaurants8k.parquet").to_pylist()

    def part(split: str) -> tuple[Rows, Answers]:
        mine = [row for row in rows if row["split"] == split]
        mine = [mine[place] for place in np.random.default_rng(0).permutation(len(mine))]
        asked = [
            row_of(
                row["text"],
                system="Fill in what the guest says, as JSON.",
                before=[f"Which {' and '.join(row['requested_slots'])}?"] if row["requested_slots"] else [],
            )
            for row in mine
        ]
        slots = [{slot["slot"]: slot["value"] for slot in row["slots"] if slot["value"]} for row in mine]
        return asked, [Answer(json.dumps(dict(sorted(one.items()))), ()) for one in slots]

    return Stream("restaurants", part("train"), part("test"), fit=fit_tagger)


def cut(stream: Stream, n: int) -> Stream:
    """The same with fewer rows on every side."""

    def some(part: tuple[Rows, Answers] | None) -> tuple[Rows, Answers] | None:
        return None if part is None else (part[0][:n], part[1][:n])

    return Stream(
        stream.name, some(stream.train), some(stream.test), some(stream.later), stream.outside[:n], stream.fit
    )  # type: ignore[arg-type]  # None only for `later`


def measure(stream: Stream, target: float, seed: int) -> dict[str, Any]:
    """The figures of one stream."""
    started = time.process_time()
    fitted = stream.fit(*stream.train, later=stream.later, target=target, seed=seed)
    seconds = time.process_time() - started
    model = getattr(fitted, "head", None) or fitted.tagger
    threshold = float("inf") if fitted.calibration.threshold is None else fitted.calibration.threshold
    asked, told = stream.test
    said = [model.predict(row) for row in asked]
    right = np.array([canonical(one.answer) == canonical(answer) for one, answer in zip(said, told, strict=True)])
    sure = np.array([one.score >= threshold for one in said])
    served = sure & np.array([not one.novel for one in said])
    outside = [model.predict(row) for row in stream.outside]
    p50, p95 = np.percentile(latencies(model.predict, asked), [50, 95])
    return {
        "stream": stream.name,
        "n": len(asked),
        "exact": right.mean(),
        "calibrated": fitted.calibration.coverage,
        "served": served.mean(),
        "agreed": mean(right[served]),
        "no gate": sure.mean(),
        "no gate agreed": mean(right[sure]),
        "oos": mean([one.score >= threshold and not one.novel for one in outside]),
        "oos no gate": mean([one.score >= threshold for one in outside]),
        "p50": p50,
        "p95": p95,
        "train": seconds,
        "kB": sum(map(len, model.to_files().values())) / 1000,
    }


def latencies(predict: Callable[[Row], Any], rows: Sequence[Row]) -> list[float]:
    """Microseconds of CPU time for each row, after all rows were seen once."""
    found = []
    for row in rows:
        before = time.thread_time_ns()
        predict(row)
        found.append((time.thread_time_ns() - before) / 1000)
    return found


def mean(values: Any) -> float:
    """The mean; nan where there is nothing."""
    return float(np.mean(values)) if len(values) else float("nan")


def show(found: Sequence[dict[str, Any]]) -> None:
    """One aligned table."""

    def cell(name: str, value: Any) -> str:
        if isinstance(value, str):
            return value
        if value != value:
            return "-"
        return f"{value:,.0f}" if name in ("n", "p50", "p95", "train", "kB") else f"{value:.4f}"

    rows = [list(found[0]), *([cell(name, value) for name, value in one.items()] for one in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(value.rjust(width) for value, width in zip(row, widths, strict=True)))


def main() -> None:
    """The table of all streams."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with cluster/ and extraction/")
    parser.add_argument("--only", nargs="+", choices=["banking", "clinc", "restaurants"], default=None)
    parser.add_argument("--target", type=float, default=0.99)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--smoke", action="store_true", help="600 rows of each: does it run?")
    chosen = parser.parse_args()
    found = []
    for name in chosen.only or ["banking", "clinc", "restaurants"]:
        stream = restaurants(chosen.data) if name == "restaurants" else labelled(chosen.data, name)
        found.append(measure(cut(stream, 600) if chosen.smoke else stream, chosen.target, chosen.seed))
    show(found)


if __name__ == "__main__":
    main()
