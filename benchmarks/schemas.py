"""What redaction misses on schemas that nobody tuned to: a hospital's FHIR, an employer's helpdesk, a European bank.

Run from the checkout's root; `leak_bench` lies beside the checkout, in `../shared/bench`:

    PYTHONPATH=../shared/bench python -m benchmarks.schemas [--runs N] [-v]     scores the default and the strict policy
    PYTHONPATH=../shared/bench python -m benchmarks.schemas --check             checks the generated runs themselves

The schemas were written before anything was measured on them, by somebody who had not read the redactor's rules, and
nothing is tuned to them afterwards; the first figures stay in the docs. Runs are generated from fixed seeds, and every
personal value is marked where it is generated (`benchmarks.schemas_people`), so the truth is complete. What counts as
personal, and what must stay, stands at the top of each schema's module. Scored by `leak_bench` in `trace` mode.

`--check` runs no redactor: with nothing redacted all must leak and no word be lost, with everything replaced
nothing may leak, and no personal value may stand where none was put (a name that is also a word of the fixed text).
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final
from unittest import mock

from benchmarks import schemas_bank, schemas_helpdesk, schemas_hospital
from benchmarks.leak import KEY, _draft, _redacted
from benchmarks.schemas_people import Run
from leak_bench import __main__ as bench
from leak_bench import data, score

from agentlog.redaction import RedactionPolicy, Redactor

SCHEMAS: Final[dict[str, Callable[[random.Random], Run]]] = {
    "hospital": schemas_hospital.conversation,
    "helpdesk": schemas_helpdesk.conversation,
    "bank": schemas_bank.conversation,
}
POLICIES: Final = {"default": RedactionPolicy(), "strict": RedactionPolicy(strict=True)}
# Goals in percent: leak, over-redaction.
GOALS: Final = {"default": (1.0, 1.0), "strict": (0.5, 1.0)}

Messages = list[dict[str, Any]]
Redact = Callable[[Messages], Messages]


def runs(schema: str, count: int) -> Iterator[tuple[str, Run]]:
    """The first `count` runs of a schema, still with their marks."""
    for number in range(count):
        name = f"{schema}-{number}"
        yield name, SCHEMAS[schema](random.Random(name))


def traces(schema: str, count: int) -> Iterator[tuple[str, Messages, dict[str, set[str]]]]:
    """The same as `leak_bench.data.traces` yields: name, messages, true values by kind."""
    for name, run in runs(schema, count):
        yield name, *run.finish()


def measured(schema: str, count: int, redact: Redact) -> tuple[Any, ...]:
    """`leak_bench`'s score, utility, characters and seconds for one schema."""
    with mock.patch.object(data, "traces", return_value=traces(schema, count)):
        return bench.run(lambda: redact, "trace", count)


def redacting(policy: RedactionPolicy) -> Redact:
    """A whole run at once, learnt before any of it is redacted."""
    redactor = Redactor(policy, pseudonym_key=KEY)
    return lambda messages: _redacted(redactor.trace(), _draft(messages), messages)


def blanked(messages: Messages) -> Messages:
    """Everything replaced: the other end of the scale."""
    return [
        {
            **one,
            "content": one["content"] and "#",
            "tool_calls": [
                {**call, "function": {**call["function"], "arguments": "#"}} for call in one.get("tool_calls", ())
            ],
        }
        for one in messages
    ]


def unmatched(schema: str, count: int) -> int:
    """Marked values that the scorer would not see where they stand, because they are glued to other letters."""
    missed = 0
    for _, run in runs(schema, count):
        _, values = run.finish()
        patterns = {kind: score.rx(spelled) for kind, spelled in values.items()}
        missed += sum(not patterns[kind].match(text, at, to) for kind, text, at, to in run.places())
    return missed


def collisions(schema: str, count: int) -> dict[str, int]:
    """Direct personal values that stand outside every mark, with how often: they would be counted wrongly."""
    found: dict[str, int] = {}
    for _, run in runs(schema, count):
        _, values = run.finish()
        for kind, spelled in values.items():
            if kind.startswith("q:"):
                continue
            pattern = score.rx(spelled)
            for text in run.unmarked():
                for match in pattern.finditer(text):
                    found[f"{kind} {match.group()}"] = found.get(f"{kind} {match.group()}", 0) + 1
    return found


def check(count: int) -> bool:
    """Whether the generated runs can be scored: prints what is in them and what is wrong with them."""
    good = True
    for schema in SCHEMAS:
        kept = measured(schema, count, lambda messages: messages)[0].report()
        gone = measured(schema, count, blanked)[0].report()
        stray, glued = collisions(schema, count), unmatched(schema, count)
        again = list(traces(schema, 3)) == list(traces(schema, 3))
        good &= (
            kept["direct_leak"] == 1.0
            and kept["over_redaction"] == 0.0
            and gone["direct_leaked"] == 0
            and not stray
            and again
        )
        counts = "  ".join(f"{kind} {true}" for kind, (_, true, _) in kept["by_entity"].items())
        print(
            f"{schema}: {kept['traces']} runs, {kept['direct_true']} direct values, {kept['tokens']} other words; {counts}"
        )
        print(
            f"   nothing redacted: leak {kept['direct_leak']:.2%}, over {kept['over_redaction']:.2%}; everything replaced: leak "
            f"{gone['direct_leak']:.2%}, over {gone['over_redaction']:.2%}; values where none was put: {stray or 'none'}; "
            f"values that the scorer cannot see: {glued}; same again: {again}"
        )
    return good


def main() -> int:
    """Print the table; with --check, say whether the runs themselves are sound."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100, help="runs of each schema (100)")
    parser.add_argument("--check", action="store_true", help="check the generated runs, redact nothing")
    parser.add_argument("-v", action="store_true", help="show what leaked and which words were lost")
    options = parser.parse_args()
    if options.check:
        return 0 if check(options.runs) else 1
    print(
        f"{'schema':9s} {'policy':8s} {'leak %':>7s} {'goal':>5s} {'over %':>7s} {'goal':>5s}  leaked, of true, by type"
    )
    for schema in SCHEMAS:
        for name, policy in POLICIES.items():
            figures = measured(schema, options.runs, redacting(policy))
            report = figures[0].report()
            leaked = [
                f"{kind} {missed}/{true}"
                for kind, (missed, true, _) in report["by_entity"].items()
                if missed and not kind.startswith("q:")
            ]
            leak, over = 100 * report["direct_leak"], 100 * report["over_redaction"]
            print(
                f"{schema:9s} {name:8s} {leak:7.2f} {GOALS[name][0]:5.1f} {over:7.2f} {GOALS[name][1]:5.1f}  "
                + (", ".join(leaked) or "nothing")
            )
            if options.v:
                bench.show(f"{schema} [{name}]", *figures, verbose=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
