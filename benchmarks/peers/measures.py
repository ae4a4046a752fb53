"""The rows of the table: what each one is called, in what unit, which way is better, and what belongs into a cell."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

ENDINGS = ("exit", "os._exit", "SIGTERM", "SIGKILL", "fork, child ends at once", "fork, child lives on")
YARDSTICK = "bare OTel"
OURS = "agentlog"
TIMES, NOTHING = "×", "–"  # noqa: RUF001 - as they are printed


@dataclass(frozen=True)
class Measure:
    """One row."""

    key: str
    group: str
    title: str
    unit: str
    form: str = ".1f"
    more_is_better: bool = False
    ratio: bool = False
    """Whether it is also told as a ratio to the yardstick."""
    budget: str = ""
    """What agentlog allows itself on a quiet machine."""


DECORATED = "Added to a decorated call, on the caller's thread"
FRAMEWORK = "Added to a framework's call"
CPU = "CPU seconds for 10,000 decorated calls"
FLOOD = "A flood of decorated calls"
ENDED = "Delivered of 200 calls when the process ends by"
ODD = "Fourteen odd payloads"
WAKE = "How late an event loop wakes up under a backlog"
IMPORT = "Import, as a multiple of `import asyncio`"
MEASURES = (
    Measure("decorated p50", DECORATED, "back to back, p50", "µs", ratio=True, budget="5"),
    Measure("decorated p99", DECORATED, "back to back, p99 (CPU)", "µs", ratio=True),
    Measure("spaced p50", DECORATED, "2 ms apart, p50", "µs", ratio=True, budget="15"),
    Measure("spaced p99", DECORATED, "2 ms apart, p99 (CPU)", "µs", ratio=True),
    Measure("invoke p50", FRAMEWORK, "LangChain `invoke`, p50", "µs", ".0f", ratio=True, budget="45"),
    Measure("invoke p99", FRAMEWORK, "LangChain `invoke`, p99 (CPU)", "µs", ".0f", ratio=True),
    Measure("ainvoke p50", FRAMEWORK, "LangChain `ainvoke`, p50", "µs", ".0f", ratio=True),
    Measure("ainvoke p99", FRAMEWORK, "LangChain `ainvoke`, p99 (CPU)", "µs", ".0f", ratio=True),
    Measure("llama p50", FRAMEWORK, "LlamaIndex `chat`, p50", "µs", ".0f", ratio=True, budget="25"),
    Measure("llama p99", FRAMEWORK, "LlamaIndex `chat`, p99 (CPU)", "µs", ".0f", ratio=True),
    Measure("token", FRAMEWORK, "a streamed token (CPU)", "µs", ".2f", ratio=True),
    Measure("token over noop", FRAMEWORK, "a token, over a no-op handler (CPU)", "µs", ".2f", budget="0.5"),
    Measure("cpu", CPU, "the application's process", "s", ".2f", ratio=True),
    Measure("cpu all", CPU, "with the recorder's process", "s", ".2f", ratio=True),
    Measure("taken", FLOOD, "taken each second", "", ",.0f", True, ratio=True, budget="25,000"),
    Measure("delivered", FLOOD, "delivered", "%", ".1f", True, budget="100"),
    Measure("grown", FLOOD, "memory of the process, at its highest", "MB", ".0f", budget="64"),
    *(Measure(how, ENDED, how, "", ".0f", True) for how in ENDINGS),
    Measure("raised", ODD, "exceptions thrown into the application", "", ".0f", budget="0"),
    Measure("recorded", ODD, "recorded", "", ".0f", True, budget="14"),
    Measure("slowest", ODD, "the slowest call", "ms", ".1f"),
    Measure("wake p50", WAKE, "p50", "ms", ".2f"),
    Measure("wake ratio", WAKE, "p50, as a multiple of none", TIMES, ".2f", budget="1.1"),
    Measure("wake p99", WAKE, "p99", "ms", ".1f"),
    Measure("import", IMPORT, "the package", TIMES, ".2f", budget="0.3"),
    Measure("import used", IMPORT, "with what it decorates a function with", TIMES, ".2f"),
)


def cell(measure: Measure, arm: str, result: dict[str, Any]) -> str:
    """One cell of the table; a dash where there is no figure."""
    value = result["cells"][arm].get(measure.key)
    if value is None:
        return NOTHING
    text = f"{value:{measure.form}}"
    base = result["cells"].get(YARDSTICK, {}).get(measure.key)
    if measure.ratio and base and base > 0 and arm != YARDSTICK:
        text += f" ({value / base:.2f}{TIMES})"
    return text


def best(measure: Measure, result: dict[str, Any], others: bool = False) -> set[str]:
    """The arms that are first in a row; figures that are printed alike are alike. `others`: agentlog in a thread does not count."""
    values = {
        arm: f"{cells[measure.key]:{measure.form}}"
        for arm, cells in result["cells"].items()
        if cells.get(measure.key) is not None and not (others and arm.startswith(f"{OURS},"))
    }
    if not values:
        return set()
    numbers = {arm: float(text.replace(",", "")) for arm, text in values.items()}
    top = (max if measure.more_is_better else min)(numbers.values())
    return {arm for arm, number in numbers.items() if number == top}


def not_first(result: dict[str, Any]) -> tuple[int, list[str]]:
    """How many rows have a figure, and in which of them somebody is before agentlog, and who."""
    rows, found = 0, []
    for measure in MEASURES:
        first = best(measure, result, others=True)
        rows += bool(first)
        if first and OURS not in first:
            who = ", ".join(f"{arm} {cell(measure, arm, result)}" for arm in sorted(first))
            mine = f"agentlog {cell(measure, OURS, result)} {measure.unit}".rstrip()
            found.append(f"{measure.group}: {measure.title}: {who}; {mine}")
    return rows, found


def strike_tainted(result: dict[str, Any]) -> None:
    """Take out what was measured against a call that was not free of the peer: far slower "without" than everybody else's."""
    for title in ("decorated", "spaced", "invoke", "ainvoke", "llama"):
        base = result["without"].get(title, {})
        for arm, took in base.items():
            usual = statistics.median(base.values())
            if len(base) > 2 and took > 3 * usual:
                for name in ("p50", "p99"):
                    result["cells"][arm].pop(f"{title} {name}", None)
                result["why"][arm][title] = (
                    f"not measured: without it the call took {took:,.0f} µs, elsewhere {usual:,.0f} µs: it had not been switched off"
                )


def reasons(result: dict[str, Any]) -> dict[str, list[str]]:
    """Why a figure is missing: a reason, and where it holds."""
    found: dict[str, list[str]] = {}
    for arm, whys in result["why"].items():
        for key, why in whys.items():
            found.setdefault(why, []).append(f"{arm}: {key}")
    return found
