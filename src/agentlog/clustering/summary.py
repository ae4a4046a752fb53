"""The figures of a task, from its calls."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agentlog.clustering.answers import Given, Summary
from agentlog.clustering.calls import Calls
from agentlog.clustering.naming import keywords, name_of, unique
from agentlog.tasks import Signature, Task
from agentlog.tasks.lines import normalise
from agentlog.tasks.model import AFTER_TOOL, FIRST, FREE, MIDDLE, SYSTEM, Cue, TaskModel, key
from agentlog.tasks.reading import Answer, Request

_READ = 100  # calls of a task whose words are looked at for its keywords
_CHARACTERS = 600  # of each text
_LINES = 60  # of a signature


def summarise(
    calls: Calls, labels: Sequence[str | None], found: Sequence[Given], model: TaskModel, names: Mapping[str, str]
) -> tuple[Task, ...]:
    """The tasks, the biggest first, the earlier one of equals.

    Args:
        calls: all of them.
        labels: the task's id of each, in the order of time.
        found: what is remembered of each answer.
        model: knows the tasks by template and stage.
        names: names that tasks have already, by id.
    """
    members: defaultdict[str, list[int]] = defaultdict(list)
    for i, label in enumerate(labels):
        if label is not None:
            members[label].append(i)
    ordered = sorted(members, key=lambda one: -len(members[one]))
    columns = _Columns(calls)
    places = {one: place for place, one in model.tasks.items()}
    samples = {one: _spread(members[one]) for one in ordered}
    read = calls.read([i for chosen in samples.values() for i in chosen])
    signatures = {one: _signature(model, places[one], [read[i][0] for i in samples[one]]) for one in ordered}
    words = keywords([[_changing(*read[i], signatures[one]) for i in samples[one]] for one in ordered])
    call_ids = calls.column("call_id")
    made: list[dict[str, Any]] = []
    for one, own in zip(ordered, words, strict=True):
        indices = members[one]
        summary = Summary(found[i] for i in indices)
        figures = columns.figures(indices)
        made.append(
            figures
            | {
                "id": one,
                "call_ids": tuple(call_ids[i] for i in indices),
                "n_calls": len(indices),
                "share": len(indices) / len(calls),
                "n_distinct_outputs": summary.distinct,
                "output_kind": summary.kind,
                "label_entropy": summary.entropy,
                "keywords": own,
                "signature": replace(
                    signatures[one],
                    agents=_frequent(columns.agent, indices),
                    nodes=_frequent(columns.node, indices),
                    call_sites=_frequent(columns.call_site, indices),
                    outputs=summary.shapes,
                ),
            }
        )
    fresh = [task for task in made if task["id"] not in names]
    given = unique(
        [_name(task) for task in fresh],
        [_hints(task) for task in fresh],
        [names[task["id"]] for task in made if task["id"] in names],
    )
    named = dict(names) | {task["id"]: name for task, name in zip(fresh, given, strict=True)}
    return tuple(Task(name=named[task["id"]], _table=calls.table, **task) for task in made)


class _Columns:
    """The columns that are summed, as lists."""

    def __init__(self, calls: Calls) -> None:
        self.tokens = [calls.column("usage.input_tokens"), calls.column("usage.output_tokens")]
        self.cost = calls.column("cost_usd")
        self.run = calls.column("trace_id")
        self.kept = [kept is not False for kept in calls.column("kept")]  # never curated: all are kept
        self.agent, self.node, self.call_site = calls.column("agent"), calls.column("node"), calls.column("call_site")
        self._all_tokens = sum(filter(None, self.tokens[0])) + sum(filter(None, self.tokens[1]))
        self._all_cost = sum(filter(None, self.cost))

    def figures(self, indices: Sequence[int]) -> dict[str, Any]:
        """Tokens, cost, runs and kept calls of some calls."""
        read, written = (_sum(column, indices) for column in self.tokens)
        cost = _sum(self.cost, indices)
        tokens = None if read is None and written is None else (read or 0) + (written or 0)
        return {
            "input_tokens": read,
            "output_tokens": written,
            "token_share": None if tokens is None or not self._all_tokens else tokens / self._all_tokens,
            "cost_usd": cost,
            "cost_share": None if cost is None or not self._all_cost else cost / self._all_cost,
            "n_examples": sum(self.kept[i] for i in indices),
            "n_traces": len({self.run[i] for i in indices}),
        }


def _sum(column: Sequence[Any], indices: Sequence[int]) -> Any:
    """The sum of what is known; None when nothing is."""
    known = [column[i] for i in indices if column[i] is not None]
    return sum(known) if known else None


def _spread(indices: Sequence[int]) -> list[int]:
    """Some of a task's calls, spread over time."""
    return [indices[i * len(indices) // _READ] for i in range(_READ)] if len(indices) > _READ else list(indices)


def _changing(request: Request, answer: Answer, signature: Signature) -> str:
    """The words of a call that differ from call to call: lines that are not the template's, and the answer."""
    constant = {*signature.lines, *signature.last}
    lines = [
        line
        for text in (request.first, request.last)
        for line in text[-_CHARACTERS:].split("\n")
        if normalise(line) not in constant
    ]
    return "\n".join((*lines, answer.text[:_CHARACTERS], *(name for name, _ in answer.calls)))


def _signature(model: TaskModel, place: tuple[int, int], asked: Sequence[Request]) -> Signature:
    """What the requests of a task have in common."""
    template, stage = place
    stages = model.stages.get(template, {})
    cue: Cue = next((one for one, number in stages.items() if number == stage), FREE)
    turns = AFTER_TOOL in stages and cue in (AFTER_TOOL, FREE)
    return Signature(
        lines=_template_lines(model, asked),
        last=tuple(model.lexicon.words[word] for word in cue[1]),
        turn=("after tool" if cue == AFTER_TOOL else "before tool") if turns else "",
        tools=_common([tool for request in asked for tool in request.tools], len(asked)),
        schema=next(iter(_common([request.schema for request in asked if request.schema], len(asked))), ""),
        agents=(),
        nodes=(),
        call_sites=(),
        outputs=(),
    )


def _template_lines(model: TaskModel, asked: Sequence[Request]) -> tuple[str, ...]:
    """The lines of the vocabulary that half of the calls have, in the order of the first call."""
    counts: Counter[int] = Counter()
    for request in asked:
        counts.update(model.fingerprint(model.prompt(request)).keys)
    first = model.prompt(asked[0])
    found: dict[str, None] = {}
    for section, lines in ((SYSTEM, first.system), (FIRST, first.first), (MIDDLE, first.middle)):
        for line in lines:
            # the longest of a line and its heads that the calls share
            word = next((word for word in line.chain if 2 * counts[key(word, section)] >= len(asked)), None)
            if word is not None:
                found.setdefault(model.lexicon.words[word])
    return tuple(found)[:_LINES]


def _common(values: Sequence[str], total: int) -> tuple[str, ...]:
    return tuple(sorted(value for value, count in Counter(values).items() if 2 * count > total))


def _frequent(column: Sequence[Any], indices: Sequence[int], most: int = 5) -> tuple[str, ...]:
    return tuple(value for value, _ in Counter(column[i] for i in indices if column[i]).most_common(most))


def _name(task: dict[str, Any]) -> str:
    signature: Signature = task["signature"]
    place = next((found[0] for found in (signature.nodes, signature.agents) if len(found) == 1), "")
    return name_of(
        place, signature.lines, signature.tools, signature.schema, signature.last, signature.turn, task["output_kind"]
    )


def _hints(task: dict[str, Any]) -> list[str]:
    """What could tell a task from another of the same name."""
    signature: Signature = task["signature"]
    words, tools = ", ".join(task["keywords"][:2]), ", ".join(signature.tools[:2])
    return [hint for hint in (*signature.agents[:1], *signature.call_sites[:1], words, tools) if hint]
