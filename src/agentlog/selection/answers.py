"""What a task's answers are made of: a closed set of them, or values that stand in the prompt."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from agentlog.tasks.reading import Answer, answer_of, answers

_OFTEN: Final = 5
"""An answer given so often can be learnt as a label."""
_MOST_LABELS: Final = 200
_LONGEST_LABEL: Final = 400
"""Characters."""
_BOOLEANS: Final = ("true", "false")
_FENCE: Final = re.compile(r"^```[a-z]*\s*|\s*```$")


@dataclass(frozen=True, slots=True)
class Answers:
    """Figures over a task's answers. None where no answer is stored."""

    n: int
    """Calls with an answer."""
    n_distinct: int
    entropy: float | None
    """In bits, over whole answers."""
    closed_share: float | None
    """Share of the calls whose answer was given five times or more: what a head could learn as labels."""
    copy_share: float | None
    """Share of the values in tool arguments or JSON that stand verbatim in the prompt; of free text, of its words."""
    fill_share: float | None
    """The same, where values that their field has five times or more count too: what a tagger could fill in."""
    n_values: int
    """How many values were looked up."""
    n_shapes: int
    """Different shapes of answers: which tools are called, JSON, text."""
    main_shape_share: float
    """Share of the calls with the most frequent shape."""
    structured_share: float
    """Share of the calls that answer with tool calls or JSON."""
    longest: int
    """Characters of the longest answer that was given five times or more."""

    @property
    def closed(self) -> bool:
        """Whether nearly all answers come from a small set."""
        return (
            self.closed_share is not None
            and self.closed_share >= 0.9
            and self.n_distinct <= max(_MOST_LABELS, self.n // 20)
            and self.longest <= _LONGEST_LABEL
        )


def study(table: pa.Table, sample: Sequence[Mapping[str, Any]]) -> Answers:
    """The figures: sets of answers over the whole table, copied values over the sample of whole rows."""
    given = Counter(one for one in answers(table) if one.text.strip() or one.calls)
    n = sum(given.values())
    often = {one: count for one, count in given.items() if count >= _OFTEN}
    shapes: Counter[str] = Counter()
    found: Counter[tuple[str, str, bool]] = Counter()  # (field, value, whether it stands in the prompt)
    for row in sample:
        answer = answer_of(row)
        if answer.text.strip() or answer.calls:
            shapes[_shape(answer)] += 1
            context = _context(row)
            found.update((path, value, _stands_in(value, context)) for path, value in _values(answer))
    often_in_field: Counter[tuple[str, str]] = Counter()
    for (path, value, _), count in found.items():
        often_in_field[path, value] += count
    values = sum(found.values())
    # a boolean is chosen, not copied, even where the prompt has the word
    texts = sum(count for (_, value, _), count in found.items() if value not in _BOOLEANS)
    copied = sum(count for (_, value, copy), count in found.items() if copy and value not in _BOOLEANS)
    filled = sum(c for (path, value, copy), c in found.items() if copy or often_in_field[path, value] >= _OFTEN)
    answered = sum(shapes.values())
    structured = answered - shapes["text"]
    return Answers(
        n=n,
        n_distinct=len(given),
        entropy=-sum(c / n * math.log2(c / n) for c in given.values()) + 0.0 if n else None,
        closed_share=sum(often.values()) / n if n else None,
        copy_share=copied / texts if texts else None,
        fill_share=filled / values if values else None,
        n_values=values,
        n_shapes=len(shapes),
        main_shape_share=max(shapes.values()) / answered if answered else 0.0,
        structured_share=structured / answered if answered else 0.0,
        longest=max((len(one.text) + sum(len(a) for _, a in one.calls) for one in often), default=0),
    )


def characters(row: Mapping[str, Any]) -> tuple[int, int]:
    """How many characters a call reads (messages and tool definitions) and writes."""
    asked = sum(map(len, _texts(row, ("system_instructions", "input_messages"))))
    return asked + len(row.get("tool_definitions") or ""), sum(map(len, _texts(row, ("output_messages",))))


def _texts(row: Mapping[str, Any], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        for one in row.get(name) or ():
            for part in one.get("parts") or () if "parts" in one else (one,):
                yield from filter(None, (part.get("text"), part.get("result"), part.get("arguments")))


def _context(row: Mapping[str, Any]) -> str:
    return "\n".join(_texts(row, ("system_instructions", "input_messages"))).lower()


def _shape(answer: Answer) -> str:
    if answer.calls:
        return "call " + ", ".join(sorted(name for name, _ in answer.calls))
    return "text" if _json(answer.text) is None else "json"


def _values(answer: Answer) -> Iterator[tuple[str, str]]:
    """(field, value) of the arguments and of JSON; the words of other text. Empty texts and nulls are no values."""
    for name, arguments in answer.calls:
        yield from _leaves(_json(arguments), name)
    parsed = _json(answer.text)
    if parsed is not None:
        yield from _leaves(parsed, "json")
    elif not answer.calls:
        # the place of a word is no field: a word counts only where it is copied
        yield from ((str(place), word.lower()) for place, word in enumerate(re.findall(r"\w+", answer.text)))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(one, f"{path}.{key}")
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one, path + "[]")
    elif isinstance(value, str) and value.strip():
        yield path, value.strip().lower()
    elif isinstance(value, bool):
        yield path, str(value).lower()
    elif isinstance(value, int | float):
        yield path, f"{value:g}" if isinstance(value, float) else str(value)


def _json(text: str) -> Any:
    """The object or list that a text is; None where it is none."""
    bare = _FENCE.sub("", text.strip())
    if not bare.startswith(("{", "[")):
        return None
    try:
        return json.loads(bare)
    except (ValueError, RecursionError):
        return None


def _stands_in(value: str, context: str) -> bool:
    """Whether a value stands in the context by itself: 12 does not stand in 2012."""
    start = context.find(value)
    while start >= 0:
        end = start + len(value)
        before = start == 0 or not (context[start - 1].isalnum() and value[0].isalnum())
        after = end == len(context) or not (context[end].isalnum() and value[-1].isalnum())
        if before and after:
            return True
        start = context.find(value, start + 1)
    return False
