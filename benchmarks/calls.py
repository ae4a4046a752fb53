"""What a captured call costs the application: added time on the caller's thread, as ratios in one run.

    nox -s bench            (or: python benchmarks/calls.py [--smoke])

Arms run interleaved in short blocks, so that a noisy machine is noisy for all of them; p50 is what to trust. "added" is the
arm's p50 minus the p50 without anything. A bare OpenTelemetry span with `json.dumps` of the same payload is the yardstick.
The recorder runs for real, in its thread, into a temporary folder. Back to back, a thread that shares the interpreter shows
in the tail; the column `idle` has the same calls 2 ms apart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

import agentlog
from agentlog import runtime

MESSAGES = [
    {"role": "system", "content": "You answer support tickets. " * 40},
    {"role": "user", "content": "Where is my order A-17? It should have come on Monday. " * 20},
]
ANSWER = {"role": "assistant", "content": "Your order is on its way. " * 18}


def measure(arms: dict[str, Callable[[], Any]], blocks: int, calls: int, gap_s: float = 0.0) -> dict[str, float]:
    """p50 of a call by arm, in µs, from interleaved blocks."""
    times: dict[str, list[int]] = {name: [] for name in arms}
    clock = time.perf_counter_ns
    for _ in range(blocks):
        for name, call in arms.items():
            took = times[name]
            for _ in range(calls):
                if gap_s:
                    time.sleep(gap_s)
                begun = clock()
                call()
                took.append(clock() - begun)
        runtime.flush()
    return {name: statistics.median(took) / 1000 for name, took in times.items()}


def decorated() -> dict[str, Callable[[], Any]]:
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
        "none": lambda: chat(MESSAGES),
        "agentlog": lambda: captured(MESSAGES),
        "OpenTelemetry span": span,
    }


def langchain() -> dict[str, Callable[[], Any]]:
    """`invoke` of a fake chat model. The three arms share the process, so agentlog is switched on for its own arm only."""
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

    def captured() -> None:
        model.invoke(said)

    quiet = {"callbacks": [Nothing()]}
    return {
        "none": lambda: model.invoke(said),
        "no-op handler": lambda: model.invoke(said, quiet),
        "agentlog": captured,
    }


def show(title: str, p50: dict[str, float], budget: str) -> None:
    """One table."""
    base = p50["none"]
    print(f"\n{title}   (budget: {budget})")
    print(f"  {'':20} {'p50 µs':>9} {'added µs':>9} {'x none':>8}")
    for name, value in p50.items():
        print(f"  {name:20} {value:9.2f} {value - base:9.2f} {value / base:8.2f}")


def main() -> None:
    """Run all arms and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a few calls, to see that it runs")
    smoke = parser.parse_args().smoke
    blocks, calls = (2, 50) if smoke else (20, 400)
    with tempfile.TemporaryDirectory() as folder:
        agentlog.configure(f"{folder}/records", pseudonym_key=b"benchmark-key-16")
        agentlog.flush(30)
        arms = decorated()
        show("decorated call, 2 KB in, 0.5 KB out, back to back", measure(arms, blocks, calls), "5 µs added")
        spaced = measure(arms, 1 if smoke else 4, 20 if smoke else 150, gap_s=0.002)
        show("the same, 2 ms apart", spaced, "15 µs added")
        try:
            arms = langchain()
        except ImportError:
            print("\nLangChain is not installed: pip install 'agentlog[langchain]'")
        else:
            show("LangChain invoke", _langchain(arms, blocks, calls // 4), "45 µs added")
        print(f"\n{agentlog.status()}")
        agentlog.shutdown(30)


def _langchain(arms: dict[str, Callable[[], Any]], blocks: int, calls: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(blocks):
        for name, call in arms.items():
            one = {name: call}
            if name == "agentlog":
                with agentlog.instrument("langchain_core"):
                    times[name].append(measure(one, 1, calls)[name])
            else:
                times[name].append(measure(one, 1, calls)[name])
    return {name: statistics.median(took) for name, took in times.items()}


if __name__ == "__main__":
    main()
