"""Who decides what happens next: a model, or code. The paper's Figure 1 (arXiv 2506.02153), told from the records.

**Language-model agency**: one model chooses the tools (and often talks to the user as well). **Code agency**: a program calls
models and tools in an order of its own. The rule, from records alone:

- A model call *may choose* when tools were offered to it and the request did not force one of them. (A forced tool, or one
  tool under "required", is a way of asking for structured output: code has chosen.) Where the offered tools were not
  recorded, an answer that calls a tool shows that there were some.
- A tool's execution is *asked for* when the call around it is a model call that may choose, or when an earlier model call of
  the run called a tool of its name that no other execution has answered yet. (Where that call's answer is withheld, it counts
  when it offered the tool.) What is retrieved inside such an execution belongs to it; every other retrieval is code's.
- A run is **language-model** when each of its model calls may choose and each of its executions was asked for; **code** when
  none may choose and there are at least two steps; **mixed** when it has both; **single** when it is one model call and
  nothing else, where nothing was orchestrated.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.dataset import Dataset
from agentlog.semconv import EXECUTE_TOOL, MODEL_OPERATIONS, RETRIEVAL
from agentlog.tasks.reading import answers, requests

LANGUAGE_MODEL: Final = "language-model"
MIXED: Final = "mixed"
CODE: Final = "code"
SINGLE: Final = "single"
KINDS: Final = (LANGUAGE_MODEL, MIXED, CODE, SINGLE)

_COLUMNS: Final = (
    "call_id", "trace_id", "parent_id", "time", "operation", "name", "surface", "request", "tool_definitions", "output_messages",
    "redaction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agency:
    """How many runs and calls are of which kind."""

    runs: dict[str, int]
    """Kind → runs. Runs without a model call count nowhere."""
    choosing: int
    """Model calls that may choose a tool."""
    told: int
    """Model calls that may not: code calls them and decides what follows."""
    forced: int
    """Of these, the ones that were offered tools and had one forced on them."""
    executions: int
    """Recorded executions of tools."""
    asked: int
    """Of these, the ones that answer a model's tool call."""
    talking: int
    """Runs of language-model agency in which a person read some of the answers: interface and orchestrator are one."""

    @property
    def n_runs(self) -> int:
        """Runs with a model call."""
        return sum(self.runs.values())

    @property
    def n_calls(self) -> int:
        """Model calls."""
        return self.choosing + self.told


@dataclass(slots=True)
class _Step:
    """One model call, tool execution or retrieval, as far as the rule looks at it."""

    call_id: str
    parent_id: str | None
    operation: str
    name: str
    human: bool
    hidden: bool
    """Its answer is not stored: which tools it called is not known."""
    offered: tuple[str, ...]
    calls: tuple[str, ...]
    may_choose: bool = False
    was_forced: bool = False

    @property
    def is_model(self) -> bool:
        return self.operation in MODEL_OPERATIONS


def agency(dataset: Dataset) -> Agency:
    """Tell the two kinds apart, over all runs of a dataset."""
    wanted = pc.field("operation").isin(sorted({*MODEL_OPERATIONS, EXECUTE_TOOL, RETRIEVAL}))
    return of_table(dataset.to_arrow(_COLUMNS, wanted))


def of_table(table: pa.Table) -> Agency:
    """The same over a table of calls, sorted by time."""
    runs: dict[str, list[_Step]] = defaultdict(list)
    traces: list[Any] = table["trace_id"].to_pylist()
    for trace, step in zip(traces, _steps(table), strict=True):
        runs[trace].append(step)
    kinds: Counter[str] = Counter()
    asked_in_all = talking = 0
    for steps in runs.values():
        asked = _asked_for(steps)
        asked_in_all += sum(step.operation == EXECUTE_TOOL and step.call_id in asked for step in steps)
        if kind := _kind(steps, asked):
            kinds[kind] += 1
            talking += kind == LANGUAGE_MODEL and any(step.human for step in steps if step.is_model)
    every = [step for steps in runs.values() for step in steps]
    models = [step for step in every if step.is_model]
    choosing = sum(step.may_choose for step in models)
    return Agency(
        runs={kind: kinds[kind] for kind in KINDS},
        choosing=choosing,
        told=len(models) - choosing,
        forced=sum(step.was_forced for step in models),
        executions=sum(step.operation == EXECUTE_TOOL for step in every),
        asked=asked_in_all,
        talking=talking,
    )


def _steps(table: pa.Table) -> Iterable[_Step]:
    short = table.select(["call_id", "parent_id", "operation", "name", "surface", "request", "redaction"]).to_pylist()
    offers = (one.tools for one in requests(table.select(["tool_definitions"])))
    said = (tuple(name for name, _ in one.calls) for one in answers(table.select(["output_messages"])))
    for row, offered, calls in zip(short, offers, said, strict=True):
        step = _Step(
            row["call_id"],
            row["parent_id"],
            row["operation"],
            row["name"] or "",
            human=row["surface"] == "human",
            hidden=bool((row["redaction"] or {}).get("withheld")),
            offered=offered,
            calls=calls,
        )
        if step.is_model:
            step.was_forced = bool(offered) and is_forced(row["request"], offered)
            step.may_choose = not step.was_forced and bool(offered or calls)
        yield step


def _asked_for(steps: Sequence[_Step]) -> set[str]:
    """The ids of the executions that a model asked for, and of the retrievals inside them."""
    choosing = {step.call_id for step in steps if step.is_model and step.may_choose}
    waiting: Counter[str] = Counter()
    hidden: set[str] = set()
    asked: set[str] = set()
    for step in steps:
        if step.is_model and step.may_choose:
            waiting.update(step.calls)
            if step.hidden:
                hidden.update(step.offered)
        elif step.operation == EXECUTE_TOOL:
            if step.parent_id in choosing or waiting[step.name] > 0 or step.name in hidden:
                asked.add(step.call_id)
                waiting[step.name] -= waiting[step.name] > 0
        elif not step.is_model and step.parent_id in asked:
            asked.add(step.call_id)
    return asked


def _kind(steps: Sequence[_Step], asked: set[str]) -> str:
    models = [step for step in steps if step.is_model]
    choosing = sum(step.may_choose for step in models)
    if not models:
        return ""
    if choosing:
        by_code = any(not step.is_model and step.call_id not in asked for step in steps)
        return MIXED if by_code or choosing < len(models) else LANGUAGE_MODEL
    return CODE if len(steps) > 1 else SINGLE


@lru_cache(maxsize=4096)
def is_forced(request: str | None, offered: tuple[str, ...]) -> bool:
    """Whether a request leaves its model no choice among the offered tools.

    >>> is_forced('{"tool_choice": "auto"}', ("search", "book"))
    False
    >>> is_forced('{"tool_choice": {"type": "function", "function": {"name": "book"}}}', ("search", "book"))
    True
    """
    try:
        asked = json.loads(request) if request else {}
    except ValueError:
        return False
    return isinstance(asked, dict) and any(
        _forces(asked[name], len(offered))
        for name in ("tool_choice", "toolChoice", "tool_config", "toolConfig")
        if asked.get(name) is not None
    )


def _forces(choice: Any, n_offered: int) -> bool:
    if choice is True:
        return n_offered < 2
    if isinstance(choice, str):
        word = choice.lower()
        if word in ("auto", "validated"):
            return False
        return n_offered < 2 if word in ("required", "any") else True  # "none", or the name of a tool
    if not isinstance(choice, dict):
        return False
    inner = next(
        (choice[name] for name in ("functionCallingConfig", "function_calling_config", "toolChoice", "tool_choice") if name in choice),
        None,
    )  # fmt: skip
    if inner is not None:
        return _forces(inner, n_offered)
    for name in ("allowedFunctionNames", "allowed_function_names"):
        if choice.get(name):
            n_offered = len(choice[name])
    kind = choice.get("type", choice.get("mode"))
    if kind == "allowed_tools":
        tools = choice.get("tools") or choice.get("allowed_tools", {}).get("tools") or ()
        return len(tools) < 2
    if isinstance(kind, str):
        return _forces(kind, n_offered)  # a type like "function" or "tool" names one
    return "tool" in choice or (
        "any" in choice and n_offered < 2
    )  # Bedrock: {"tool": {"name": …}}, {"any": {}}, {"auto": {}}
