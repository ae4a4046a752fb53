"""Is the model's answer the LLM's answer? By the kind of output that the task has.

label       the same label (spaces around it do not count)
tool_call   the same tools with the same arguments, read by their schemas, in any order; no call where the LLM made none
json        the same value, read by the demanded schema; F1 over its fields
extraction  the same span of the prompt; F1 over its words
code, text  equal texts are rare and not needed: chrF says how near, a judge which is better

Every comparison gives a `Match`; `summary` makes a task's figures of them.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from agentlog.conversations import Refused, tool_definitions
from agentlog.evaluation import texts
from agentlog.evaluation.values import MANY, fields, pairs, plain, same
from agentlog.models.contract import Row
from agentlog.models.requests import asked
from agentlog.tasks.reading import Answer

EXTRACTION: Final = "extraction"
OPEN: Final = ("text", "code")
"""Kinds in which two good answers are seldom equal."""
_FENCE: Final = re.compile(r"\s*```[\w+-]*\s*\n(.*?)\n?```\s*", re.DOTALL)
_COPIED: Final = 0.8  # of the recorded texts stand in their prompts: the task is an extraction


@dataclass(frozen=True, slots=True)
class Match:
    """One answer beside the recorded one."""

    strict: bool
    """The same for whoever receives it."""
    lenient: bool = False
    """The same to a careful reader: case, spaces, spelling of dates, order of lists aside."""
    names: bool | None = None
    """The same tools were called, whatever their arguments; None where neither calls one."""
    called: tuple[bool, bool] = (False, False)
    """Whether the LLM, and whether the model, called a tool."""
    arguments: tuple[tuple[str, bool], ...] = ()
    """Each argument of tools that both called, as `tool.argument`, and whether it is the same."""
    found: tuple[int, int, int] = (0, 0, 0)
    """Fields, or words: of the LLM's answer, of the model's, of both."""
    valid_json: bool | None = None
    """Whether the model's answer is JSON at all; None where the LLM's is not."""


def kind_of(output_kind: str, rows: Sequence[Row], references: Sequence[Answer]) -> str:
    """How answers of a task are compared: its output kind, "extraction" for texts that are copied from the prompt."""
    if output_kind != "text" or not references:
        return output_kind or "text"
    copied = sum(
        bool(answer.text.strip()) and texts.stands_in(answer.text, row)
        for answer, row in zip(references, rows, strict=True)
    )
    return EXTRACTION if copied >= _COPIED * len(references) else "text"


def match(reference: Answer, candidate: Answer | None, row: Row, kind: str) -> Match:
    r"""Compare an answer with the recorded one.

    Args:
        reference: what the LLM answered.
        candidate: what the model answered; None: nothing, which is no agreement.
        row: what both were asked.
        kind: of `kind_of`.

    >>> match(Answer("refund", ()), Answer(" refund\n", ()), {}, "label").strict
    True
    """
    nothing = candidate is None
    candidate = candidate or Answer("", ())
    if reference.calls or candidate.calls:
        made = _calls(reference, candidate, row)
    elif kind == "json" or _value(reference.text) is not _NONE:
        made = _json(reference.text, candidate.text, asked(row.get("request")).schema)
    else:
        made = _text(reference.text, candidate.text)
    if nothing and made.strict:  # the record holds nothing either: that was no answer
        return Match(False)
    return made


def _text(reference: str, candidate: str) -> Match:
    strict = reference.strip() == candidate.strip()
    one, other = (Counter(text.casefold().split()) for text in (reference, candidate))
    lenient = strict or (bool(plain(reference)) and plain(reference) == plain(candidate))
    return Match(strict, lenient, found=(one.total(), other.total(), (one & other).total()))


# ---------------------------------------------------------------- JSON

_NONE: Final = object()


def _value(text: str) -> Any:
    """The JSON object or list in a text, also inside a code fence; `_NONE` where there is none."""
    fenced = _FENCE.fullmatch(text)
    inside = (fenced[1] if fenced else text).strip()
    if inside[:1] not in ("{", "["):
        return _NONE
    try:
        return json.loads(inside)
    except (ValueError, RecursionError):
        return _NONE


def _json(reference: str, candidate: str, schema: Mapping[str, Any] | None) -> Match:
    one, other = _value(reference), _value(candidate)
    if one is _NONE:
        return _text(reference, candidate)
    found = _common(list(_leaves(one, schema)), [] if other is _NONE else list(_leaves(other, schema)))
    if other is _NONE:
        return Match(False, found=found, valid_json=False)
    return Match(same(one, other, schema), same(one, other, schema, lenient=True), found=found, valid_json=True)


_Leaf = tuple[str, Any, Any]


def _common(mine: list[_Leaf], theirs: list[_Leaf]) -> tuple[int, int, int]:
    """How many values one document has, the other has, and both have under the same path."""
    sides: dict[str, tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    schemas: dict[str, Any] = {}
    for side, leaves in enumerate((mine, theirs)):
        for path, value, schema in leaves:
            sides[path][side].append(value)
            schemas.setdefault(path, schema)
    both = 0
    for path, (left, right) in sides.items():
        if max(len(left), len(right)) > MANY:
            both += (Counter(map(repr, left)) & Counter(map(repr, right))).total()
        else:
            both += len(pairs(left, right, lambda a, b, path=path: same(a, b, schemas[path])))  # type: ignore[misc]  # the default binds the loop's path
    return len(mine), len(theirs), both


def _leaves(value: Any, schema: Any, path: str = "") -> Iterator[_Leaf]:
    """(path, value, its schema) of each value in a document; items of a list share their list's path."""
    schema = schema if isinstance(schema, Mapping) else {}
    if isinstance(value, dict):
        known = schema.get("properties")
        for name, item in value.items():
            yield from _leaves(item, known.get(name) if isinstance(known, Mapping) else None, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, schema.get("items"), f"{path}[]")
    else:
        yield path, value, schema


# ---------------------------------------------------------------- tool calls


def _calls(reference: Answer, candidate: Answer, row: Row) -> Match:
    """Calls as a set: what is asked for at once has no order. Words beside a call are not compared."""
    schemas = _schemas(row)
    mine, theirs = [_read(call) for call in reference.calls], [_read(call) for call in candidate.calls]

    def equal(lenient: bool) -> bool:
        def one(a: tuple[str, Any], b: tuple[str, Any]) -> bool:
            return a[0] == b[0] and same(a[1], b[1], schemas.get(a[0]), lenient=lenient)

        return len(mine) == len(theirs) == len(pairs(mine, theirs, one))

    arguments: list[tuple[str, bool]] = []
    for name, (first, second) in _beside(mine, theirs, schemas):
        schema = schemas.get(name)
        if isinstance(first, dict) and isinstance(second, dict):
            arguments += [(f"{name}.{argument}", hit) for argument, hit in fields(first, second, schema)]
        else:  # a custom tool takes a text
            arguments.append((name, same(first, second, schema)))
    strict = equal(lenient=False)
    return Match(
        strict,
        strict or equal(lenient=True),
        names=Counter(name for name, _ in mine) == Counter(name for name, _ in theirs),
        called=(bool(mine), bool(theirs)),
        arguments=tuple(arguments),
    )


def _beside(
    mine: list[tuple[str, Any]], theirs: list[tuple[str, Any]], schemas: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Calls of one tool by both, equal ones beside each other, the rest in their order."""
    for name in dict.fromkeys(name for name, _ in mine):
        left = [value for one, value in mine if one == name]
        right = [value for one, value in theirs if one == name]
        equal = pairs(left, right, lambda a, b, name=name: same(a, b, schemas.get(name)))  # type: ignore[misc]  # the default binds the loop's name
        used_left, used_right = {one for one, _ in equal}, {other for _, other in equal}
        yield from ((name, (left[one], right[other])) for one, other in equal)
        rest = [
            [value for place, value in enumerate(side) if place not in used]
            for side, used in ((left, used_left), (right, used_right))
        ]
        yield from ((name, both) for both in zip(*rest, strict=False))


def _read(call: tuple[str, str]) -> tuple[str, Any]:
    name, arguments = call
    if not arguments.strip():
        return name, {}
    try:
        return name, json.loads(arguments)
    except (ValueError, RecursionError):
        return name, arguments


def _schemas(row: Row) -> dict[str, Any]:
    try:
        tools = tool_definitions.read(row.get("tool_definitions"))
    except Refused:  # compared without types
        return {}
    return {tool["function"]["name"]: tool["function"]["parameters"] for tool in tools}


# ---------------------------------------------------------------- figures


@dataclass(slots=True)
class _Counts:
    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    all: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, name: str, hit: bool) -> None:
        self.all[name] += 1
        self.right[name] += hit

    def shares(self) -> dict[str, list[float | int]]:
        return {
            name: [self.right[name] / n, n]
            for name, n in sorted(self.all.items(), key=lambda item: (-item[1], item[0]))
        }


def summary(
    kind: str, matches: Sequence[Match], references: Sequence[Answer], candidates: Sequence[Answer | None]
) -> dict[str, Any]:
    """The figures of a kind, as JSON values; shares are 0 to 1.

    Of tool calls: `names` (right tools), `names_and_arguments`, `lenient`, `arguments` ({tool.argument: [share, n]}),
    `called_without_need` and `not_called` with their n. Of JSON: `valid_json`, `field_f1`, `lenient`. Of labels: `macro_f1`,
    `labels`. Of extractions: `word_f1`. Of texts: `exact`, `chrf` (0 to 100).
    """
    n = len(matches)
    made: dict[str, Any] = {
        "exact": _share([one.strict for one in matches]),
        "lenient": _share([one.lenient for one in matches]),
    }
    if kind == "label":
        made |= texts.by_label(references, candidates)
    calls = [one for one in matches if any(one.called)]
    if calls:
        made |= _of_calls(matches, calls)
    documents = [one for one in matches if one.valid_json is not None]
    if documents:
        made["valid_json"] = _share([bool(one.valid_json) for one in documents])
        made["field_f1"] = _f1(documents)
    if kind == EXTRACTION:
        made["word_f1"] = _f1(matches)
    if kind in OPEN and n:
        made["chrf"] = texts.chrf(references, candidates)
    return made


def _of_calls(matches: Sequence[Match], calls: Sequence[Match]) -> dict[str, Any]:
    wanted = [one for one in matches if one.called[0]]
    unwanted = [one for one in matches if not one.called[0]]
    counts = _Counts()
    for one in calls:
        for name, hit in one.arguments:
            counts.add(name, hit)
    return {
        "names": _share([bool(one.names) for one in wanted]),
        "names_and_arguments": _share([one.strict for one in wanted]),
        "arguments": counts.shares(),
        "not_called": [sum(not one.called[1] for one in wanted), len(wanted)],
        "called_without_need": [sum(one.called[1] for one in unwanted), len(unwanted)],
    }


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _f1(matches: Sequence[Match]) -> float | None:
    """F1 over the fields, or words, of all answers together."""
    wanted, given, both = (sum(one.found[place] for one in matches) for place in range(3))
    return 2 * both / (wanted + given) if wanted + given else None
