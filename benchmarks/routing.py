"""What the router spares, at what risk, and what a decision costs. `nox -s bench -- routing`, or `python benchmarks/routing.py`.

Three public tasks as one stream of calls, with gold labels in the place of the LLM's answers: banking77, CLINC150, bookings
(RESTAURANTS-8K). Models learn from the training splits, redacted as records are; their thresholds come from calls held back
there. Routed are the test splits, raw, through `Router.decide`. Figures of one machine compare with one another only.

    avoided        calls that the LLM was spared, of all calls
    disagreement   calls answered otherwise than the gold label, of all calls
    out of scope   CLINC150's queries that belong to no intent; no model has seen one

`--smoke` does the same on a few hundred made-up calls; so it does where the data is not beside the checkout.
"""

from __future__ import annotations

import argparse
import copy
import itertools
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import agentlog
from agentlog import models
from agentlog.models.answers import canonical
from agentlog.models.asking import Asking
from agentlog.models.served import AsServed
from agentlog.redaction import Redactor
from agentlog.routing import Router, risk
from agentlog.routing.evidence import Evidence
from agentlog.storage.schema import CALLS
from agentlog.tasks import Tasks
from agentlog.tasks.reading import Answer, request_of
from agentlog.training import folder as folders
from agentlog.training.calibration import calibrate

DATA = Path(__file__).resolve().parents[1] / "../shared/data"
KEY = b"a key for benchmarks"
TARGETS = (0.985, 0.99, 0.995)
BOOKING = (
    "You book tables at a restaurant.\nCall book_table with what the guest says, word for word.\n"
    "Leave out what the guest does not say."
)
SLOTS = ("date", "first_name", "last_name", "people", "time")
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "book_table",
            "parameters": {"type": "object", "properties": {slot: {"type": "string"} for slot in SLOTS}},
        },
    }
]


@dataclass
class Call:
    """One call, raw, with the answer that stands in for the LLM's."""

    task: str
    messages: list[dict[str, Any]]
    answer: Answer
    tools: list[Any] | None = None
    oos: bool = False


@dataclass
class Stream:
    """One task's calls."""

    learn: list[Call]
    later: list[Call]
    test: list[Call]
    rung: str


# ── the data ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def public(rng: random.Random) -> tuple[dict[str, Stream], list[Call]]:
    """The three tasks and the out-of-scope calls."""
    streams: dict[str, Stream] = {}
    outside: list[Call] = []
    for task in ("banking", "clinc"):
        rows = pq.read_table(DATA / f"cluster/B_{task}_dev.parquet").to_pylist()
        calls: dict[str, list[Call]] = {}
        for row in rows:
            said = [{"role": "system", "content": row["system"]}, *json.loads(row["messages"])]
            call = Call(task, said, Answer(row["out_text"], ()), oos=row["run"] == "oos_test")
            calls.setdefault(row["run"], []).append(call)
        learn = calls["train"]
        rng.shuffle(learn)
        later = calls.get("val") or learn[-2000:]
        streams[task] = Stream(learn if "val" in calls else learn[:-2000], later, calls["test"], "head")
        outside += calls.get("oos_test", [])
    rows = pq.read_table(DATA / "extraction/restaurants8k.parquet").to_pylist()
    splits: dict[str, list[Call]] = {"train": [], "test": []}
    for row in rows:
        found = {slot["slot"]: slot["value"] for slot in row["slots"]}
        asked = [{"role": "assistant", "content": f"Please tell me: {', '.join(row['requested_slots'])}."}]
        said = [
            {"role": "system", "content": BOOKING},
            *(asked if row["requested_slots"] else []),
            {"role": "user", "content": row["text"]},
        ]
        splits[row["split"]].append(
            Call("booking", said, Answer("", (("book_table", json.dumps(found, ensure_ascii=False)),)), TOOLS)
        )
    rng.shuffle(splits["train"])
    rng.shuffle(splits["test"])
    streams["booking"] = Stream(splits["train"][:-1600], splits["train"][-1600:], splits["test"][:1500], "tagger")
    return streams, outside


def made_up(rng: random.Random) -> tuple[dict[str, Stream], list[Call]]:
    """Two small tasks of the same kind, for a quick look at the whole way."""
    labels = {
        f"topic_{a}": [f"{a}{b}" for b in ("ings", "able", "ment", "ful")]
        for a in "alpha bravo carbon delta echo".split()
    }
    system = "You sort the messages of a shop.\nAnswer with the name of the topic.\nSay nothing else."

    def label() -> Call:
        name = rng.choice(list(labels))
        words = rng.sample(labels[name], 3) + rng.sample("please thanks today order hello".split(), 2)
        rng.shuffle(words)
        return Call(
            "topics",
            [{"role": "system", "content": system}, {"role": "user", "content": " ".join(words)}],
            Answer(name, ()),
        )

    def booking() -> Call:
        people, day = rng.randrange(2, 9), rng.choice("Monday Tuesday Friday Sunday".split())
        found = {"people": str(people), "date": day}
        text = rng.choice(
            (
                f"a table for {people} on {day} please",
                f"we are {people} people, {day} evening",
                f"{day}, {people} of us",
            )
        )
        said = [{"role": "system", "content": BOOKING}, {"role": "user", "content": text}]
        return Call("booking", said, Answer("", (("book_table", json.dumps(found)),)), TOOLS)

    def outside() -> Call:
        words = " ".join("".join(rng.choice("qxzjkvw") for _ in range(6)) for _ in range(5))
        return Call(
            "topics",
            [{"role": "system", "content": system}, {"role": "user", "content": words}],
            Answer("?", ()),
            oos=True,
        )

    def several(make: Callable[[], Call], n: int) -> list[Call]:
        return [make() for _ in range(n)]

    return {
        "topics": Stream(several(label, 600), several(label, 300), several(label, 200), "head"),
        "booking": Stream(several(booking, 400), several(booking, 300), several(booking, 100), "tagger"),
    }, several(outside, 30)


class Redacting:
    """Calls as they would stand in the records: the answer is redacted with its request, in one trace."""

    def __init__(self, as_recorded: bool) -> None:
        self.redactor = Redactor(None, pseudonym_key=KEY)
        self.asking = Asking(self.redactor)
        self._as_served = None if as_recorded else AsServed(self.redactor)
        self._numbers = itertools.count()

    def learnt(self, call: Call) -> tuple[dict[str, Any], Answer]:
        """What a model learns from: the record, as the router would have seen it (or as it is)."""
        row, answer = self.row(call)
        return (
            self._as_served({**row, "trace_id": str(next(self._numbers))}, answer) if self._as_served else (row, answer)
        )

    def row(self, call: Call) -> tuple[dict[str, Any], Answer]:
        """The row of a call, and its answer."""
        asked = self.asking.read(call.messages, tools=call.tools, request=None, dialect="openai.chat")
        said = [part for message in asked.row["input_messages"] for part in message["parts"]]
        texts = [part["text"] for part in said]
        done = self.redactor.trace().exchange([*texts, call.answer.text, *(text for _, text in call.answer.calls)])
        for part, text in zip(said, done.texts, strict=False):
            part["text"] = text
        rest = done.texts[len(texts) :]
        names = [name for name, _ in call.answer.calls]
        return asked.row, Answer(rest[0], tuple(zip(names, rest[1:], strict=True)))


# ── making the router ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Fitted:
    """A model on disk, and what decides its threshold for any target."""

    path: Path
    scores: list[float]
    agreed: list[bool]
    novel: list[bool]

    def threshold(self, target: float) -> float | None:
        """The score from which on the target is proved on the calls held back."""
        return calibrate(self.scores, self.agreed, self.novel, target=target).threshold


def fit(stream: Stream, task: Any, place: Path, redact: Redacting) -> Fitted:
    """Trains a model of the stream's rung, into a folder; one that lies there from before is taken."""
    earlier = [redact.learnt(call) for call in stream.learn]
    later = [redact.learnt(call) for call in stream.later]
    if not place.exists():
        rows, told = [row for row, _ in earlier], [answer for _, answer in earlier]
        held = [row for row, _ in later], [answer for _, answer in later]
        if stream.rung == "head":
            from agentlog.training.head import fit_head

            made = fit_head(rows, told, later=held)
            files, calibration = made.head.to_files(), made.calibration
        else:
            from agentlog.training.tagger import fit_tagger

            tagged = fit_tagger(rows, told, later=held)
            files, calibration = tagged.tagger.to_files(), tagged.calibration
        about = {
            "format": 1, "kind": stream.rung, "task": {"id": task.id, "name": task.name}, "threshold": calibration.threshold,
            "target": 0.99, "split": {"test_share": 0.1, "seed": 0}, "redaction": redact.redactor.policy_name,
        }  # fmt: skip
        with folders.staged(place, overwrite=False) as staging:
            folders.write(staging, about, files)
    model = models.load(place)
    said = [model.predict(row) for row, _ in later]
    right = [
        one.answer is not None and canonical(one.answer) == canonical(told)
        for one, (_, told) in zip(said, later, strict=True)
    ]
    return Fitted(place, [one.score for one in said], right, [bool(one.novel) for one in said])


def tasks_of(streams: dict[str, Stream], redact: Redacting) -> Tasks:
    """What `cluster` finds in a sample of the training calls."""
    rows = []
    noon = datetime(2026, 11, 20, tzinfo=UTC)
    for stream in streams.values():
        for call in stream.learn[:600]:
            row, answer = redact.row(call)
            said = [{"type": "tool_call", "name": name, "arguments": text} for name, text in answer.calls]
            number = len(rows)
            rows.append(
                {
                    **row,
                    "call_id": f"c{number}",
                    "trace_id": f"t{number}",
                    "time": noon + timedelta(seconds=number),
                    "operation": "chat",
                    "surface": "internal",
                    "output_messages": [
                        {"role": "assistant", "parts": said or [{"type": "text", "text": answer.text}]}
                    ],
                }
            )
    return agentlog.cluster(pa.Table.from_pylist(rows, schema=CALLS))


# ── measuring ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Routed:
    """What became of a stream."""

    calls: int
    accepted: Counter[str]
    right: Counter[str]
    of: Counter[str]
    oos: int
    oos_accepted: int

    @property
    def avoided(self) -> float:
        """Share of the calls that the LLM was spared."""
        return sum(self.accepted.values()) / self.calls

    @property
    def disagreement(self) -> float:
        """Share of all calls that were answered otherwise than the gold label."""
        return (sum(self.accepted.values()) - sum(self.right.values())) / self.calls


def route(router: Router, calls: list[Call]) -> Routed:
    """Sends the calls through the router."""
    done = Routed(len(calls), Counter(), Counter(), Counter(), 0, 0)
    for call in calls:
        decision = router.decide(call.messages, tools=call.tools)
        done.of[call.task] += 1
        done.oos += call.oos
        if decision.route == "model" and decision.answer is not None:
            done.accepted[call.task] += 1
            done.right[call.task] += not call.oos and canonical(decision.answer) == canonical(call.answer)
            done.oos_accepted += call.oos
    return done


def say(title: str, routed: Routed) -> None:
    """One line of the result."""
    tasks = "  ".join(
        f"{task} {routed.accepted[task] / n:.3f}/{routed.right[task] / max(1, routed.accepted[task]):.4f}"
        for task, n in routed.of.items()
    )
    outside = f"  out of scope accepted {routed.oos_accepted / routed.oos:.1%}" if routed.oos else ""
    print(f"  {title:<34} avoided {routed.avoided:.1%}  disagreement {routed.disagreement:.2%}{outside}  ({tasks})")


def spread(times: list[float]) -> str:
    """Median and 95 %, without what looking at the clock costs."""
    empty: list[float] = []
    for _ in range(200):
        with clocked(empty):
            pass
    own = statistics.median(empty)
    times = sorted(max(0.0, one - own) for one in times)
    return f"p50 {statistics.median(times) * 1e6:6.1f} µs  p95 {times[int(0.95 * len(times))] * 1e6:6.1f} µs"


@contextmanager
def clocked(times: list[float]) -> Iterator[None]:
    """Adds this thread's processor seconds for the block."""
    began = time.thread_time_ns()
    yield
    times.append((time.thread_time_ns() - began) / 1e9)


def latency(router: Router, calls: list[Call]) -> None:
    """CPU time of a decision and of its steps, on texts that were never seen (nothing of them is remembered)."""
    asking, found = Asking(router._redactor), router._finding._model
    steps: dict[str, list[float]] = {
        name: [] for name in ("whole decision", "read", "which task", "redact", "model, check, fill back")
    }
    for call in calls:
        with clocked(steps["whole decision"]):
            router.decide(call.messages, tools=call.tools)
    for call in calls:
        fresh = [
            {**message, "content": f"{message['content']} ."} if message["role"] == "user" else message
            for message in call.messages
        ]
        with clocked(steps["read"]):
            asked = asking.read(fresh, tools=call.tools, request=None, dialect="openai.chat")
        with clocked(steps["which task"]):
            task = next(found.assign([request_of(asked.row)]))
        with clocked(steps["redact"]):
            redacted = asking.redact(asked, None)
        if task in router._keeper.opened:
            with clocked(steps["model, check, fill back"]):
                router._keeper.opened[task].judge(redacted)
    for name, times in steps.items():
        print(f"  {name:<26} {spread(times)}")


def by_words(tasks: Tasks, calls: list[Call], ids: dict[str, str | None], folder: Path) -> None:
    """Calls without their system prompt: no template tells their task, only their words do."""
    with Router.create(folder, tasks, key=KEY, centroids=True) as router:
        found = [(ids[call.task], router.decide(call.messages[-1:]).task) for call in calls]
    told = [(task, one) for task, one in found if one is not None]
    right = sum(task == one for task, one in told)
    print(
        f"  given a task {len(told) / len(found):.1%}, of these the right one {right / max(1, len(told)):.1%} (off unless centroids=True)"
    )


def rollback(n: int, rng: random.Random) -> None:
    """How soon the alarm finds 6 % where 2 % are put up with, and how often it is wrong in 10,000 audits."""

    def run(change: int, after: float, most: int) -> int | None:
        alarm = risk.audit_alarm(0.99)
        for number in range(most):
            if alarm.add(rng.random() < (0.02 if number < change else after)):
                return number + 1
        return None

    false = sum(run(most, 0.02, most) is not None for most in [10_000] * n) / n
    print(f"  false alarms in 10,000 audits at 2 %: {false:.2%} of {n} runs (goal 1 %)")
    for change, when in ((0, "from the start"), (1000, "after 1,000 good audits")):
        for after in (0.06, 0.10):
            found = [run(change, after, change + 5000) for _ in range(max(200, n // 4))]
            waited = sorted(one - change for one in found if one is not None and one > change)
            print(
                f"  2 → {after:.0%} {when:<24} alarm after {statistics.median(waited):.0f} audits (median), {waited[int(0.9 * len(waited))]} (90 %)"
            )
    least = next(size for size in range(50, 400) if power(size, 0.02, 0.06, 0.01) >= 0.5)
    print(
        f"  the least that any test can promise for 2 → 6 % from the start at 1 % false alarms: {least} audits (Neyman-Pearson)"
    )


def power(n: int, before: float, after: float, alpha: float) -> float:
    """Of the best test of level alpha with n audits: no sequential test has found more by then."""
    k = next(k for k in range(n + 2) if risk.tail(k, n, before) <= alpha)
    exactly = lambda rate: risk.tail(k - 1, n, rate) - risk.tail(k, n, rate)  # noqa: E731
    randomised = (alpha - risk.tail(k, n, before)) / exactly(before)
    return risk.tail(k, n, after) + randomised * exactly(after)


def novelty(router: Router, known: list[Call], new: list[Call], rng: random.Random) -> None:
    """How many calls pass until a new kind of call, 5 % of a task's traffic, raises the alarm."""
    task_of = {
        task: next(
            router._finding._model.assign(
                [
                    request_of(
                        router._deciding.asking.read(
                            call.messages, tools=call.tools, request=None, dialect="openai.chat"
                        ).row
                    )
                ]
            )
        )
        for task, call in {call.task: call for call in known}.items()
    }
    task = task_of[new[0].task]
    opened = router._keeper.opened[task]

    def judged(calls: list[Call]) -> list[tuple[bool, float | None]]:
        done = []
        for call in calls:
            asked = router._deciding.asking.read(call.messages, tools=call.tools, request=None, dialect="openai.chat")
            one = opened.judge(router._deciding.asking.redact(asked, None))
            done.append((one.code == "novel", one.score))
        return done

    usual, strange = judged([call for call in known if call.task == new[0].task]), judged(new)
    waited, false = [], 0
    for _ in range(200):
        evidence = Evidence(opened.route)
        for _ in range(500):
            novel, score = rng.choice(usual)
            evidence.saw("", novel=novel, accepted=False, score=score)
        quiet = copy.deepcopy(evidence)
        for _ in range(2000):
            novel, score = rng.choice(usual)
            quiet.saw("", novel=novel, accepted=False, score=score)
        false += quiet.novel_since > 0
        while not evidence.novel_since and evidence.calls < 20_000:
            novel, score = rng.choice(strange) if rng.random() < 0.05 else rng.choice(usual)
            evidence.saw("", novel=novel, accepted=False, score=score)
        waited.append(evidence.calls - 500)
    waited.sort()
    stopped = [sum(novel for novel, _ in several) / len(several) for several in (usual, strange)]
    print(f"  stopped by the gates: {stopped[0]:.1%} of the known calls, {stopped[1]:.1%} of the new ones")
    print(
        f"  5 % new: alarm after {statistics.median(waited):.0f} calls (median), {waited[int(0.9 * len(waited))]} (90 %); "
        f"false in 2,000 calls: {false / 200:.1%}"
    )


def main() -> None:
    """Everything, one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a few hundred made-up calls")
    parser.add_argument("--models", type=Path, help="where models are kept from one run to the next")
    parser.add_argument(
        "--as-recorded", action="store_true", help="learn from records as they are, not as they would be served"
    )
    arguments = parser.parse_args([one for one in sys.argv[1:] if one != "routing"])
    there = (DATA / "cluster/B_clinc_dev.parquet").is_file() and (DATA / "extraction/restaurants8k.parquet").is_file()
    smoke = arguments.smoke or not there
    rng = random.Random(0)
    streams, outside = made_up(rng) if smoke else public(rng)
    print("made-up calls (a quick look)" if smoke else "banking77, CLINC150, RESTAURANTS-8K: public test splits")
    redact = Redacting(arguments.as_recorded)
    with tempfile.TemporaryDirectory() as temporary:
        home = arguments.models or Path(temporary)
        tasks = tasks_of(streams, redact)
        first = {name: stream.learn[0] for name, stream in streams.items()}
        ids = (
            dict(
                zip(first, tasks.model.assign(request_of(redact.row(call)[0]) for call in first.values()), strict=True)
            )
            if tasks.model
            else {}
        )
        print(f"  {len(tasks)} tasks found: {ids}")
        began = time.process_time()
        fitted = {name: fit(stream, tasks[ids[name] or ""], home / name, redact) for name, stream in streams.items()}
        print(f"  models ready after {time.process_time() - began:.0f} CPU seconds")
        stream = [call for one in streams.values() for call in one.test]
        rng.shuffle(stream)
        mixed = stream + outside[: round(len(stream) / 9)]
        rng.shuffle(mixed)
        print("\nthe stream (task: share accepted/agreement of the accepted)")
        for target in TARGETS:
            router = Router.create(Path(temporary) / f"routing-{target}", tasks, key=KEY)
            for name, one in fitted.items():
                router.put(ids[name] or "", one.path, state="on", audit_share=0.0, pinned=True, target=target)
                route_ = router._keeper.table.routes[ids[name] or ""]
                assert route_.rung == streams[name].rung
                threshold = one.threshold(target)
                router.put(
                    ids[name] or "", one.path, state="on", audit_share=0.0, pinned=True, target=target,
                    threshold=2.0 if threshold is None else threshold,
                )  # fmt: skip
            say(f"target {target}", route(router, stream))
            say(f"target {target}, 10 % out of scope", route(router, mixed))
            if target == 0.99:
                numbers = list(range(1000))
                unit: list[float] = []
                for _ in range(2000):
                    with clocked(unit):
                        sum(numbers)
                print("\na decision, CPU time (texts that were never seen)")
                print(f"  {'(sum of 1,000 numbers)':<26} {spread(unit)}")
                latency(
                    router,
                    [
                        Call(
                            c.task,
                            [*c.messages[:-1], {**c.messages[-1], "content": f"{c.messages[-1]['content']} {n}"}],
                            c.answer,
                            c.tools,
                        )
                        for n, c in enumerate(stream[:2000])
                    ],
                )
                print("\na new kind of call")
                novelty(router, stream, outside, rng)
                print()
            router.close()
        print("\nthe task by words alone (no template)")
        by_words(tasks, stream[:3000], ids, Path(temporary) / "by-words")
    print("\nrollback (target 0.99: 2 % errors are put up with, 6 % are found)")
    rollback(50 if smoke else 1000, rng)


if __name__ == "__main__":
    main()
