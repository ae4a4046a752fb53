"""What a captured call costs the application: added time on the caller's thread, as ratios in one run.

    nox -s bench            (or: python benchmarks/calls.py [--smoke])

Arms run right after one another in short rounds, and are compared within a round, because a shared machine changes its speed
from second to second: p50 and ratios are what to trust. "added" is over the arm without anything. A bare OpenTelemetry span
with `json.dumps` of the same payload is the yardstick. The recorder runs for real, in its thread, into a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import agentlog

MESSAGES = [
    {"role": "system", "content": "You answer support tickets. " * 40},
    {"role": "user", "content": "Where is my order A-17? It should have come on Monday. " * 20},
]
ANSWER = {"role": "assistant", "content": "Your order is on its way. " * 18}


@dataclass
class Arm:
    """One way of making a call, and what has to be on while it is measured."""

    call: Callable[[], Any]
    around: Callable[[], AbstractContextManager[Any]] = nullcontext


def measure(arms: dict[str, Arm], rounds: int, calls: int, gap_s: float = 0.0) -> dict[str, list[float]]:
    """p50 of a call in µs, by arm and round. All arms of a round run right after one another: compare within a round."""
    found: dict[str, list[float]] = {name: [] for name in arms}
    clock = time.perf_counter_ns
    for _ in range(rounds):
        for name, arm in arms.items():
            agentlog.flush(60)  # no arm pays for the records of the one before
            took = []
            with arm.around():
                for _ in range(calls):
                    if gap_s:
                        time.sleep(gap_s)
                    begun = clock()
                    arm.call()
                    took.append(clock() - begun)
            found[name].append(statistics.median(took) / 1000)
    return found


def decorated() -> dict[str, Arm]:
    """A function that takes 2 KB of messages and gives 0.5 KB back."""
    from opentelemetry.sdk.trace import TracerProvider

    def chat(messages: list[dict[str, str]]) -> dict[str, str]:
        return ANSWER

    captured = agentlog.capture(operation="chat", model="m")(chat)
    tracer = TracerProvider().get_tracer("bench")

    def span() -> None:
        with tracer.start_as_current_span("chat m") as one:
            one.set_attribute("gen_ai.input.messages", json.dumps(MESSAGES))
            one.set_attribute("gen_ai.output.messages", json.dumps(chat(MESSAGES)))

    return {
        "none": Arm(lambda: chat(MESSAGES)),
        "agentlog": Arm(lambda: captured(MESSAGES)),
        "OpenTelemetry span": Arm(span),
    }


def langchain() -> dict[str, Arm]:
    """`invoke` of a fake chat model. The arms share the process, so agentlog is on during its own arm only."""
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.language_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    def forever() -> Any:
        while True:
            yield AIMessage(ANSWER["content"])

    class Nothing(BaseCallbackHandler):
        run_inline = True

    model = GenericFakeChatModel(messages=forever())
    said = [SystemMessage(MESSAGES[0]["content"]), HumanMessage(MESSAGES[1]["content"])]

    quiet = {"callbacks": [Nothing()]}
    return {
        "none": Arm(lambda: model.invoke(said)),
        "no-op handler": Arm(lambda: model.invoke(said, quiet)),
        "agentlog": Arm(lambda: model.invoke(said), lambda: agentlog.instrument("langchain_core")),
    }


def show(title: str, found: dict[str, list[float]], budget: str) -> None:
    """One table: medians over the rounds of what was compared within a round."""
    base = found["none"]
    print(f"\n{title}   (budget: {budget})")
    print(f"  {'':20} {'p50 µs':>9} {'added µs':>9} {'x none':>8}")
    for name, rounds in found.items():
        added = statistics.median(one - none for one, none in zip(rounds, base, strict=True))
        ratio = statistics.median(one / none for one, none in zip(rounds, base, strict=True))
        print(f"  {name:20} {statistics.median(rounds):9.2f} {added:9.2f} {ratio:8.2f}")


def main() -> None:
    """Run all arms and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a few calls, to see that it runs")
    smoke = parser.parse_args().smoke
    rounds, calls = (2, 50) if smoke else (40, 200)
    with tempfile.TemporaryDirectory() as folder:
        agentlog.configure(f"{folder}/records", pseudonym_key=b"benchmark-key-16")
        arms = decorated()
        show("decorated call, 2 KB in, 0.5 KB out, back to back", measure(arms, rounds, calls), "5 µs added")
        spaced = measure(arms, 1 if smoke else 8, 20 if smoke else 80, gap_s=0.002)
        show("the same, 2 ms apart", spaced, "15 µs added")
        try:
            arms = langchain()
        except ImportError:
            print("\nLangChain is not installed: pip install 'agentlog[langchain]'")
        else:
            show("LangChain invoke", measure(arms, rounds, calls // 4), "45 µs added")
        print(f"\n{agentlog.status()}")
        agentlog.shutdown(30)


if __name__ == "__main__":
    main()
