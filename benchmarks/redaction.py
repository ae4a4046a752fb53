"""What redaction misses, what it costs the data, and how fast it is: one table with the goals beside.

    python benchmarks/redaction.py            all of it; about two minutes
    python benchmarks/redaction.py --smoke    seconds, on generated texts alone: for CI
    python benchmarks/redaction.py --runs=40  the first 40 runs

Leak, over-redaction and utility are those of `leak_bench` (through `benchmarks/leak.py`), on 200 real agent runs whose people are
known; evasions and Chinese sentences are its too. `leak_bench` and its data lie beside the checkout, in `../shared`; where they
are not, that is said, and only generated texts are measured. Times are processor time of one thread. A KB is 1,000 characters.
`as logged` is what a recorder is sent: the whole history again with every model call; `unique` is each different text once.
Machines differ more than libraries: the goals in µs were set where plain Presidio takes 4,400 µs/KB, and Presidio is measured
beside them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import leak

from agentlog.redaction import Redactor, fast

BENCH: Final = Path(__file__).resolve().parents[1].parent / "shared" / "bench"
HOSTILE: Final = (
    ".", "a.", "wait...", "1", "1 2 3 4 5 6 7 8 9 ", " ", "\n", '"', "\\", '["', "{'", '{"a":1},', "@", "a@", "a@b.cc@", "http://a:",
    "sk-", "eyJaaaaaaaa.", "-----BEGIN RSA PRIVATE KEY-----", "bearer ", "card ", "my name is ", "Aa ", "Mr. Aaa Bbb ", "password=",
    "12-", "DE12AAAA", "data:a/b;base64,", "1 A St ", "/home/a", "我叫王小明,", "born April ", "\\u0041", "%40", "&#64;", "a b c d ",
    "a\u200b", "dot at ", "a: ", "x=1;", "::", "====", "aB3\n", "key: v\n", "- a\n", "k=v ", "a,b\n", "| a | b |\n", "<td>x</td>",
    "where a='b' and ", "values ('a'),", "To: A B <", "Mia Li ", "Mia ", "“Mia”,", "M-I-A ", "four one five ", "1 Elm Street ", "Apt 4 ",
    "User: ", "> ", "x_y.", "password is ", "12345 ", "CA 90210 ", "+1 ", "http://a.b/c?d=e&", "export A=b\n", "Frau Dr. ", "Herr Aaa ",
    "Kunde Aa Bb und Cc Dd und ", "Straße 1 ", "geboren 1.1.1980 ", "né le 1er ", "Rua A ", "CEP ", "王", "先生", "给王和", "公有限公司", "様",
    "山田様", "山様君", "と申します", "路1号", "a1B2c3D4e5F6g7H8-", "@AKIAЯ我叫password",
)  # fmt: skip
"""What texts made to be slow are made of; longer ones are put together of several."""
_AROUND: Final = "请联系谢谢"
"""What `leak_bench` puts around a value in Chinese."""

Messages = list[dict[str, Any]]


class Line(NamedTuple):
    """A line of the table."""

    what: str
    measured: str
    goal: str
    met: bool | None
    """None: there is no goal."""


def main() -> int:
    """Measures, prints, and ends with 1 where a value of the generated texts got through."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="seconds, on generated texts alone")
    parser.add_argument("--runs", type=int, help="so many of the runs of leak_bench")
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    there = _leak_bench() if not given.smoke else False
    lines: list[Line] = []
    made = generated(20 if given.smoke else 100)
    lost, planted = missed(made)
    lines.append(Line("generated texts: values that got through", f"{lost} of {planted}", "0", lost == 0))
    runs = [messages for messages, _ in made]
    if there:
        from leak_bench import data

        for mode in ("text", "trace", "stream"):
            lines += leaks(mode, given.runs)
        lines += [*schemas(30 if given.runs else 100), evasions(), *chinese()]
        runs = [messages for _, messages, _ in data.traces()][: given.runs]
    elif not given.smoke:
        print(
            f"absent: {BENCH / 'leak_bench'}. Leak, utility, evasions and Chinese are not measured, speed on generated texts"
        )
    if not given.smoke:
        lines += [*languages(), secrets()]
    # what generated texts take says that it works, and nothing about the goals: they are short, and few
    for extra in (False, True):
        with _with(extra) as usable:
            if usable:
                lines += (
                    speed(runs, extra) if there else [line._replace(goal="", met=None) for line in speed(runs, extra)]
                )
            else:
                lines.append(Line("speed with [fast]", "absent: pip install 'agentlog[fast]'", "", None))
    if there:
        lines += against_presidio(lines, runs)
    lines.append(worst(2_000 if given.smoke else 16_000))
    _print(lines)
    return 1 if lost else 0


# the others of this folder, as `python -m benchmarks.schemas` finds them
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def _leak_bench() -> bool:
    """Makes `leak_bench` importable, if it is there with its data."""
    if not (BENCH / "leak_bench").is_dir() or not (BENCH.parent / "data" / "tau_airline").is_dir():
        return False
    sys.path.insert(0, str(BENCH))
    return True


# ── what gets through ─────────────────────────────────────────────────────────────────────────────────────────────


def leaks(mode: str, runs: int | None) -> Iterator[Line]:
    """`leak_bench` in one mode."""
    from leak_bench.__main__ import run

    score, use, _, _ = run(getattr(leak, mode), mode, runs)
    report = score.report()
    share = 100 * report["direct_leak"]
    goals = {"trace": 0.05, "stream": 0.1}
    goal = goals.get(mode)
    said = f"{share:.2f} % ({report['direct_leaked']:,} of {report['direct_true']:,})"
    yield Line(f"{mode}: leak", said, f"≤ {goal} %" if goal else "", share <= goal if goal else None)
    some, all_ = report["traces_with_leak"], report["traces"]
    streamed = mode == "stream"
    yield Line(
        f"{mode}: runs with any leak", f"{some} of {all_}", "≤ 2" if streamed else "", some <= 2 if streamed else None
    )
    over = 100 * report["over_redaction"]
    yield Line(
        f"{mode}: over-redaction",
        f"{over:.2f} % of {report['tokens']:,} words",
        "≤ 0.1 % (0.3 with names)",
        over <= 0.3,
    )
    if mode == "trace":
        whole = 100 * (1 - use.broken / use.json)
        copied, one = 100 * use.kept / use.copied, 100 * use.collapsed / use.values
        yield Line("JSON that still parses", f"{whole:.2f} % of {use.json:,}", "100 %", use.broken == 0)
        yield Line(
            "arguments that can still be copied", f"{copied:.2f} % of {use.copied:,}", "≥ 99.5 %", copied >= 99.5
        )
        yield Line("different values made one", f"{one:.2f} % of {use.values:,}", "≤ 0.1 %", one <= 0.1)


def evasions() -> Line:
    """Disguised values, as `leak_bench.evasions` judges them."""
    from leak_bench.evasions import FORMS, VALUES, left

    change = leak.text()
    caught = 0
    for label, form in FORMS.items():
        for value in VALUES.values():
            said = form(value)
            text = said if label == "Han glued" else f"contact: {said}"
            caught += not left(said.strip(_AROUND), change(text))
    return Line("evasions caught", f"{caught} of {len(FORMS) * len(VALUES)}", "≥ 110 of 115", caught >= 110)


def chinese() -> list[Line]:
    """The Chinese sentences of `leak_bench.chinese`: its templates, its seeds, its measure."""
    try:
        import faker
    except ImportError:
        return [Line("Chinese", "absent: pip install faker", "", None)]
    import re

    from leak_bench.chinese import PLAIN, TEMPLATES
    from leak_bench.evasions import left

    make, draw, change = faker.Faker("zh_CN"), random.Random(7), leak.text()
    make.seed_instance(7)
    true: dict[str, int] = {}
    leaked: dict[str, int] = {}
    for _ in range(1500):
        values = {
            "name": make.name(), "name2": make.name(), "mobile": make.phone_number(), "address": make.address(), "id": make.ssn(),
            "email": make.email(), "company": make.company(), "card": make.credit_card_number(),
        }  # fmt: skip
        template = draw.choice(TEMPLATES)
        done = change(template.format(**values))
        for kind in re.findall(r"\{(\w+)\}", template):
            true[kind] = true.get(kind, 0) + 1
            leaked[kind] = leaked.get(kind, 0) + left(values[kind], done)
    goals = {"name": 5.0, "name2": 5.0, "address": 10.0, "id": 0.0, "mobile": 0.0, "card": 0.0, "email": 0.0}
    lines = []
    for kind, count in sorted(true.items()):
        share = 100 * leaked[kind] / count
        goal = goals.get(kind)
        said = f"{share:.1f} % ({leaked[kind]} of {count})"
        lines.append(
            Line(
                f"Chinese: {kind} leaked",
                said,
                "" if goal is None else f"≤ {goal:g} %",
                None if goal is None else share <= goal,
            )
        )
    changed = sum(change(text) != text for text in PLAIN)
    return [*lines, Line("Chinese: changed though nothing is personal", f"{changed} of {len(PLAIN)}", "", None)]


def schemas(runs: int) -> Iterator[Line]:
    """JSON of three kinds of services that the rules were not written for (`benchmarks/schemas.py`)."""
    from benchmarks import schemas as held_out

    for schema in held_out.SCHEMAS:
        for name, policy in held_out.POLICIES.items():
            report = held_out.measured(schema, runs, held_out.redacting(policy))[0].report()
            leaked, over = 100 * report["direct_leak"], 100 * report["over_redaction"]
            goal, most = held_out.GOALS[name]
            said = f"{leaked:.2f} % of {report['direct_true']:,}; {over:.2f} % of other words"
            yield Line(f"{schema}, {name}: leak", said, f"≤ {goal} %; ≤ {most} %", leaked <= goal and over <= most)


def languages() -> Iterator[Line]:
    """Messages in five languages (`benchmarks/languages.py`)."""
    from benchmarks.languages import measured

    true, leaked = measured(leak.text())
    for kind, goal in (("name", 10.0), ("id", 0.0), ("phone", 5.0)):
        there = sum(count for (_, one), count in true.items() if one == kind)
        share = 100 * sum(count for (_, one), count in leaked.items() if one == kind) / there
        what = "names with a title or cue" if kind == "name" else f"{kind}s"
        yield Line(f"German to Japanese: {what} leaked", f"{share:.1f} % of {there}", f"≤ {goal:g} %", share <= goal)


def secrets() -> Line:
    """Credentials of all kinds in five surroundings and more (`benchmarks/credentials.py`)."""
    from credentials import false_ones, measured

    total, caught, _, changed = measured(1)
    share = 100 * caught.total() / total.total()
    size, false = false_ones() if (BENCH.parent / "data").is_dir() else (0, [])
    said = f"{share:.2f} % of {total.total():,} ({len(total)} kinds); {len(changed)} changed that must stay, {len(false)} false in {size // 1000} KB"
    return Line("secrets caught", said, "≥ 99 %; ≤ 1 false in 600 KB", share >= 99 and len(false) <= size / 600_000)


def generated(count: int) -> list[tuple[Messages, list[str]]]:
    """Conversations of a made-up shop, and the personal values in them; the same with every call."""
    draw = random.Random(11)
    given = ("Mia", "Jonas", "Aisha", "Chloe", "Mateo", "Ingrid", "Rahul", "Yara")
    family = ("Lindqvist", "Okafor", "Moreau", "Castellanos", "Hoffmann", "Petrov", "Iyer", "Nakamura")
    made = []
    for number in range(count):
        first, last = draw.choice(given), draw.choice(family)
        email = f"{first}.{last}{draw.randrange(100, 999)}@example.com".lower()
        user = f"{first}_{last}_{draw.randrange(1000, 9999)}".lower()
        phone = f"(415) 555-{draw.randrange(1000, 9999)}"
        card = draw.choice(("4111 1111 1111 1111", "5500 0055 5555 5559", "4012888888881881"))
        record = {
            "user_id": user,
            "name": {"first_name": first, "last_name": last},
            "email": email,
            "orders": [f"#W{number:07}"],
        }
        messages = [
            {
                "role": "system",
                "content": "You help the customers of a shop. Look a customer up before you change an order. " * 8,
            },
            {
                "role": "user",
                "content": f"Hello, my name is {first} {last}. I would like to return order #W{number:07}.",
            },
            {"role": "assistant", "content": "Certainly. May I have your e-mail address, please?"},
            {"role": "user", "content": f"It is {email}, or call {phone}."},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "find_user", "arguments": json.dumps({"email": email})},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "name": "find_user", "content": json.dumps(record)},
            {"role": "assistant", "content": f"Thank you, {first}. The refund of 19.90 goes to the card {card}."},
        ]
        made.append((messages, [first, last, email, user, phone, card]))
    return made


def missed(made: Sequence[tuple[Messages, list[str]]]) -> tuple[int, int]:
    """How many of the generated values are left after redaction, and how many there are."""
    change = leak.trace()
    lost = planted = 0
    for messages, values in made:
        done = json.dumps(change(messages), ensure_ascii=False)
        lost += sum(value in done for value in values)
        planted += len(values)
    return lost, planted


# ── how fast ──────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def _with(extra: bool) -> Iterator[bool]:
    """With the extra `[fast]`, or without it; whether that can be had."""
    before = os.environ.get(fast.VARIABLE)
    os.environ[fast.VARIABLE] = "1" if extra else "0"
    try:
        yield fast.ready() if extra else True
    finally:
        fast.stop()
        os.environ.pop(fast.VARIABLE)
        if before is not None:
            os.environ[fast.VARIABLE] = before


def speed(runs: Sequence[Messages], extra: bool) -> Iterator[Line]:
    """Processor time as logged and for unique text, and per record; `extra`: with `[fast]`."""
    most_logged, most_unique = (15, 120) if extra else (60, 500)
    by = "with [fast]" if extra else "pure Python"
    redactor = Redactor(None, pseudonym_key=leak.KEY)
    for text in _texts(runs[0]):
        redactor.text(f"{text} ")  # tables are read and expressions compiled
    records: list[float] = []
    characters = 0
    for messages in runs:
        trace = redactor.trace()
        drafts = []
        for end in [place + 1 for place, one in enumerate(messages) if one["role"] == "assistant"]:
            characters += sum(map(len, _texts(messages[:end])))
            draft = leak._draft(messages[:end])
            drafts.append((draft, _timed(lambda trace=trace, draft=draft: trace.learn(draft))))
            if len(drafts) > leak.HOLD_CALLS:
                records.append(_released(trace, *drafts.pop(0)))
        records += [_released(trace, *one) for one in drafts]
    records.sort()
    logged = 1e9 * sum(records) / characters
    yield Line(
        f"speed as logged, {by}",
        f"{logged:.1f} µs/KB ({characters / 1e6:.1f} MB)",
        f"≤ {most_logged} µs/KB",
        logged <= most_logged,
    )
    different = list(dict.fromkeys(text for messages in runs for text in _texts(messages)))
    fresh = Redactor(None, pseudonym_key=leak.KEY)
    taken = _timed(lambda: [fresh.text(text) for text in different])
    size = sum(map(len, different))
    unique = 1e9 * taken / size
    yield Line(
        f"speed, unique text, {by}",
        f"{unique:.0f} µs/KB ({size / 1e6:.2f} MB)",
        f"≤ {most_unique} µs/KB",
        unique <= most_unique,
    )
    p99 = 1e3 * records[min(len(records) - 1, int(0.99 * len(records)))]
    median = 1e3 * records[len(records) // 2]
    yield Line(
        f"a record, p99, {by}", f"{p99:.2f} ms (median {median:.2f}, {len(records):,} records)", "≤ 1 ms", p99 <= 1
    )


def against_presidio(lines: Sequence[Line], runs: Sequence[Messages]) -> Iterator[Line]:
    """The same texts through plain Presidio without a model, in the same run: what remains when machines differ."""
    try:
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NoOpNlpEngine
        from tldextract import tldextract
    except ImportError:
        yield Line("speed beside Presidio", "absent: pip install 'agentlog[presidio]'", "", None)
        return
    # as it is delivered, it would fetch a list of domains first
    tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    no_model = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "no_op"}])
    engine = AnalyzerEngine(nlp_engine=no_model, supported_languages=["en"])
    different = list(dict.fromkeys(text for messages in runs for text in _texts(messages)))
    some = different[:: max(1, len(different) // 400)]
    engine.analyze(some[0], "en")
    theirs = 1e9 * _timed(lambda: [engine.analyze(text, "en") for text in some]) / sum(map(len, some))
    yield Line("Presidio, no model, unique text", f"{theirs:,.0f} µs/KB ({len(some)} texts)", "", None)
    for what, goal in (("speed as logged, pure Python", 60 / 4400), ("speed, unique text, pure Python", 500 / 4400)):
        ours = next(float(line.measured.split()[0]) for line in lines if line.what == what)
        share = ours / theirs
        yield Line(f"{what}, beside it", f"{100 * share:.1f} %", f"≤ {100 * goal:.1f} %", share <= goal)


def _released(trace: Any, draft: Any, learnt_s: float) -> float:
    return learnt_s + _timed(lambda: trace.redact(draft))


def worst(length: int) -> Line:
    """The slowest of the hostile texts, each of `length` characters; the slowest five are measured three times more, for the least."""
    draw = random.Random(3)
    pieces = [*HOSTILE, *("".join(draw.sample(HOSTILE, 4)) for _ in range(20))]

    def taken(piece: str) -> float:
        redactor = Redactor(None, pseudonym_key=leak.KEY)  # another one would know the text
        redactor.text("warm")
        return _timed(lambda: redactor.text(piece * (length // len(piece))))

    some = sorted(((taken(piece), piece) for piece in pieces), reverse=True)[:5]
    slowest, piece = max((min(taken(piece) for _ in range(3)), piece) for _, piece in some)
    rate = 1e6 * slowest / length
    return Line("worst hostile text", f"{rate:.2f} ms/KB (of {len(pieces)}: {piece!r})", "≤ 10 ms/KB", rate <= 10)


def _timed(work: Callable[[], object]) -> float:
    """Processor seconds of this thread."""
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _texts(messages: Messages) -> list[str]:
    """Contents and arguments: what `leak_bench` counts too."""
    found = []
    for one in messages:
        if one.get("content"):
            found.append(one["content"])
        found += [call["function"]["arguments"] for call in one.get("tool_calls") or ()]
    return found


def _print(lines: Sequence[Line]) -> None:
    print(f"\n{'':44s} {'measured':44s} {'goal':26s}")
    for what, measured, goal, met in lines:
        print(f"{what:44s} {measured:44s} {goal:26s} {'' if met is None else 'met' if met else 'NOT MET'}")


if __name__ == "__main__":
    sys.exit(main())
