"""One task: what it is called, how big it is, what its calls have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.errors import DatasetError
from agentlog.tasks.reading import answers

ENOUGH: Final = 10_000
"""Examples from which on small models have been trained to replace a large one (design §5)."""
_SHOWN = 600  # characters of an example's prompt or answer in its repr


@dataclass(frozen=True, slots=True)
class Signature:
    """What the calls of a task have in common, as far as it is known before the answer; and the shapes of the answers."""

    lines: tuple[str, ...]
    """Lines of the prompt template in the order of a prompt; `<*>` is a slot, `<n>` a number."""
    last: tuple[str, ...]
    """Constant lines of the last message, where they tell this task from others of the template."""
    turn: str
    """"after tool" or "before tool" where that tells it from the template's other task, else ""."""
    tools: tuple[str, ...]
    """Names of the tools that most of the calls offer."""
    schema: str
    """The output schema that most of the calls demand; "" when there is none."""
    agents: tuple[str, ...]
    nodes: tuple[str, ...]
    call_sites: tuple[str, ...]
    """Where the calls were made, the most frequent first; empty where capture did not know."""
    outputs: tuple[tuple[str, float], ...]
    """Shapes of the answers (`tool:NAME`, `action:VERB`, `json:KEYS`, `code:LANGUAGE`, `text`), each with its share."""


@dataclass(frozen=True, slots=True)
class Example:
    """One call to be read: what the model was asked and what it answered."""

    call_id: str
    prompt: str
    """The messages, each after its role in brackets."""
    answer: str

    def __repr__(self) -> str:
        return f"{self.call_id}\n{_cut(self.prompt)}\n[answer] {_cut(self.answer)}"


@dataclass(frozen=True, slots=True)
class Task:
    """A recurring kind of model call."""

    id: str
    """Stays when the records are clustered again with `previous=`."""
    name: str
    """Unique among the tasks: the node where it is known, else words of the prompt."""
    call_ids: tuple[str, ...] = field(repr=False)
    """In the order of time."""
    n_calls: int
    share: float
    """Of all examples' calls, 0 to 1, those of no task included."""
    input_tokens: int | None
    output_tokens: int | None
    """Sums; None when no call of the task says."""
    token_share: float | None
    """Of the tokens of all examples, input and output together."""
    cost_usd: float | None
    cost_share: float | None
    """None where no call has a cost."""
    n_examples: int
    """Calls that `curate` keeps."""
    n_traces: int
    """Different runs."""
    n_distinct_outputs: int
    output_kind: str
    """Of most answers: "label" (few short answers), "tool_call", "json", "code" or "text"; "" when no answer is stored."""
    label_entropy: float
    """In bits, how undecided the answers are: over the labels, the tools called, else over whole answers."""
    keywords: tuple[str, ...]
    """Words that are frequent in this task and rare in the others."""
    signature: Signature = field(repr=False)
    _table: pa.Table | None = field(default=None, repr=False, compare=False)

    @property
    def far_from_10k(self) -> int:
        """How many kept examples are missing to 10,000."""
        return max(0, ENOUGH - self.n_examples)

    def calls(self) -> pa.Table:
        """All its calls, one row each, with the columns of what was clustered.

        Raises:
            DatasetError: the tasks were loaded without their examples.
        """
        if self._table is None:
            raise DatasetError(
                "these tasks were loaded without their calls: Tasks.load(path, examples=curate(dataset))"
            )
        return self._table.filter(pc.is_in(self._table["call_id"], pa.array(self.call_ids, pa.string())))

    def examples(self, n: int = 3) -> list[Example]:
        """Up to `n` kept calls to read, with different answers where there are some, spread over time.

        Raises:
            DatasetError: the tasks were loaded without their examples.
        """
        rows = self.calls()
        if "kept" in rows.column_names:
            rows = rows.filter(rows["kept"])
        places = {call: place for place, call in enumerate(self.call_ids)}
        calls: list[Any] = rows["call_id"].to_pylist()
        written = sorted(zip((places[call] for call in calls), answers(rows), strict=True))
        first = {answer: place for place, answer in reversed(written)}
        choice = sorted(first.values()) if len(first) >= n else [place for place, _ in written]
        chosen = {self.call_ids[choice[i * len(choice) // n]] for i in range(n)} if choice else set()
        some = rows.filter(pc.is_in(rows["call_id"], pa.array(sorted(chosen), pa.string()))).to_pylist()
        return [_example(row) for row in sorted(some, key=lambda row: places[row["call_id"]])]


def _example(row: dict[str, object]) -> Example:
    lines = [f"[system] {_parts(row.get('system_instructions'))}"] if row.get("system_instructions") else []
    lines += [f"[{message['role']}] {_parts(message['parts'])}" for message in _list(row.get("input_messages"))]
    written = [_parts(message["parts"]) for message in _list(row.get("output_messages"))]
    return Example(str(row["call_id"]), "\n".join(lines), "\n".join(written))


def _list(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _parts(parts: object) -> str:
    """The parts of a message as text; a tool call as name(arguments), what has no text as its type."""
    found = []
    for part in _list(parts):
        if part["type"] == "tool_call":
            found.append(f"{part['name']}({part['arguments']})")
        else:
            text = part.get("text") if part.get("text") is not None else part.get("result")
            found.append(f"<{part['type']}>" if text is None else str(text))
    return "\n".join(found)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN // 2]} […] {text[-_SHOWN // 2 :]}"
