"""How well the tasks that `cluster` finds agree with labels: ARI, AMI and purity, with and without the call site.

    python benchmarks/cluster.py --data ../shared/data/cluster [--sets A_dev C_dev] [--more]

Reads Parquet files with the columns `run, system, messages, tools, out_text, out_calls, call_site, task, label_src` (messages,
tools and out_calls as JSON text). `label_src` says where a label comes from: `site` is the place in the code, which is what a
task is; `action` is the first tool that was called, which nobody knows before the call; `gold` is a class behind one prompt.
So quote `site`; the others are printed apart. What is compared with the labels are the tasks of all calls of a set; no label,
app, model or source reaches `cluster`, and without `call_site` only what was sent to the model and what came back.

A call of no task counts as a group of its own. `assigned` is the share of calls that have a task. Labels of fewer than 8
calls are one-offs: not scored, but counted: `refused` is the share of them that has no task. `--more` also looks at tasks
learned from half of the runs (do they place the other half as a fit on all does?) and at ids after a second fit.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from agentlog.clustering import cluster
from agentlog.messages import parts
from agentlog.storage.schema import CALLS
from agentlog.tasks import Tasks

ONE_OFF = 8
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def calls(rows: Sequence[dict[str, Any]], call_site: bool) -> pa.Table:
    """The rows of a labelled set as calls, in the columns of a dataset. Labels stay outside."""
    return pa.Table.from_pylist(
        [
            {
                "call_id": f"{number:08d}",
                "trace_id": row["run"],
                "time": BEGINNING + timedelta(seconds=number),
                "operation": "chat",
                "surface": "unknown",
                "call_site": row["call_site"] if call_site else None,
                "system_instructions": [parts.text(row["system"])] if row["system"] else None,
                "input_messages": [message(one) for one in json.loads(row["messages"])],
                "output_messages": [answer(row["out_text"], json.loads(row["out_calls"] or "[]"))],
                "tool_definitions": row["tools"],
            }
            for number, row in enumerate(rows)
        ],
        schema=CALLS,
    )


def message(one: dict[str, Any]) -> parts.Message:
    """One message of the input."""
    if one["role"] == "tool":
        return parts.message("tool", parts.tool_call_response(one["content"] or ""))
    return parts.message(one["role"], *([parts.text(one["content"])] if one["content"] else []))


def answer(text: str | None, tools: list[dict[str, Any]]) -> parts.Message:
    """The output message."""
    called = [parts.tool_call(one["name"], one["arguments"]) for one in tools]
    return parts.message("assistant", *([parts.text(text)] if text else []), *called)


def groups(tasks: Tasks, table: pa.Table) -> list[str]:
    """The task of each row; a call of no task is a group of its own."""
    found = {call: task.id for task in tasks for call in task.call_ids}
    return [found.get(call, f"none {call}") for call in table["call_id"].to_pylist()]


def purity(labels: Sequence[str], found: Sequence[str]) -> float:
    """The share of calls that carry the most frequent label of their group."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for label, group in zip(labels, found, strict=True):
        counts[group][label] += 1
    return sum(max(one.values()) for one in counts.values()) / len(labels)


def slices(rows: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    """Which rows are scored together: by where the label comes from; all that is from the code also by application."""
    sizes = Counter(row["task"] for row in rows)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if sizes[row["task"]] >= ONE_OFF:
            found[row["label_src"]].append(number)
            if row["label_src"] == "site" and "app" in row:
                found[f"site, {row['app']}"].append(number)
        else:
            found["one-offs"].append(number)
    return dict(sorted(found.items(), key=lambda item: (not item[0].startswith("site"), item[0])))


def show(rows: Sequence[dict[str, Any]], found: Sequence[str]) -> None:
    """Prints the scores of one fit."""
    print(f"    {'labels from':24s} {'calls':>6s} {'labels':>6s}   {'ARI':>5s}  {'AMI':>5s}  purity  assigned")
    for name, numbers in slices(rows).items():
        labels, own = [rows[i]["task"] for i in numbers], [found[i] for i in numbers]
        placed = sum(not group.startswith("none ") for group in own) / len(own)
        if name == "one-offs":
            print(f"    {name:24s} {len(own):6,d} {len(set(labels)):6,d}   refused {1 - placed:.3f}")
            continue
        scores = adjusted_rand_score(labels, own), adjusted_mutual_info_score(labels, own), purity(labels, own)
        print(
            f"    {name:24s} {len(own):6,d} {len(set(labels)):6,d}   "
            + "  ".join(f"{one:.3f}" for one in scores)
            + f"   {placed:.3f}"
        )


def show_more(table: pa.Table, tasks: Tasks) -> None:
    """Prints how steady the tasks are: rows in another order, half of the runs unseen, a second fit on other runs."""
    order = list(range(table.num_rows))
    random.Random(1).shuffle(order)
    print(f"    rows shuffled: {'the same tasks' if cluster(table.take(pa.array(order))) == tasks else 'OTHER TASKS'}")

    names = sorted(set(table["trace_id"].to_pylist()))
    random.Random(2).shuffle(names)
    seen = pc.is_in(table["trace_id"], pa.array(names[: len(names) // 2]))
    early, late = table.filter(seen), table.filter(pc.invert(seen))
    begun = time.process_time()
    assigned = cluster(early).assign(late)
    took = (time.process_time() - begun) / table.num_rows
    reference = dict(zip(table["call_id"].to_pylist(), groups(tasks, table), strict=True))
    pairs = [
        (one, reference[call])
        for one, call in zip(assigned, late["call_id"].to_pylist(), strict=True)
        if one is not None
    ]
    agreement = adjusted_rand_score([one for _, one in pairs], [one for one, _ in pairs])
    print(
        f"    half of the runs unseen: {len(pairs) / late.num_rows:.3f} of them assigned, ARI with the fit on all {agreement:.3f}, {1e6 * took:.0f} µs a call"
    )

    some = [
        table.filter(pc.is_in(table["trace_id"], pa.array(random.Random(n).sample(names, max(1, 4 * len(names) // 5)))))
        for n in (3, 4)
    ]
    first = cluster(some[0])
    second = cluster(some[1], previous=first)
    before, after = ({call: task.id for task in one for call in task.call_ids} for one in (first, second))
    both = [call for call in before if call in after]
    kept = sum(before[call] == after[call] for call in both) / max(1, len(both))
    print(f"    a second fit on other 80 % of the runs: {kept:.3f} of the calls keep their task's id")


def main() -> None:
    """Reads the sets, clusters them with and without the call site, prints the scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled sets")
    parser.add_argument("--sets", nargs="+", help="their names without .parquet; default: every file there")
    parser.add_argument("--more", action="store_true", help="also how steady the tasks are")
    options = parser.parse_args()
    names = options.sets or sorted(path.stem for path in options.data.glob("*.parquet"))
    if not names:
        parser.error(f"{options.data} holds no Parquet files")
    for name in names:
        path = options.data / f"{name}.parquet"
        if not path.is_file():
            parser.error(f"there is no {path}")
        rows = pq.read_table(path).to_pylist()
        for call_site in (False, True):
            table = calls(rows, call_site)
            begun = time.process_time()
            tasks = cluster(table)
            took = time.process_time() - begun
            arm = "with the call site" if call_site else "from the input alone"
            print(
                f"{name}, {arm}: {len(tasks)} tasks in {len(rows):,} calls, {1e6 * took / len(rows):.0f} µs of CPU a call"
            )
            show(rows, groups(tasks, table))
            if options.more and not call_site:
                show_more(table, tasks)


if __name__ == "__main__":
    main()
