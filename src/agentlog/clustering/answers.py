"""The shape of answers: what a task's calls give back, and how decided they are."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from sys import intern
from typing import NamedTuple

from agentlog.tasks.reading import Answer

_LABELS = 200  # a task with more different answers is no classifier
_LABEL_LENGTH = 60
_LABEL_SEEN = 5  # an answer seen so often is a label
_LABEL_SHARE = 0.9  # of the answers must be labels
_FENCE = re.compile(r"```[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:```|\Z)", re.DOTALL)
_ACTION = re.compile(
    r"""^\s*(?:Action|Tool|Command|Function)(?: ?\d+)?\s*[:\uff1a]\s*["`]?([A-Za-z_]\w*)""", re.MULTILINE
)
_CALL = re.compile(r"([A-Za-z_]\w*)[\[(].*[\])]\Z", re.DOTALL)
_ACTION_KEYS = ("action", "tool", "tool_name", "function", "command", "next_action", "action_type")
_CODE = re.compile(
    r"(?:from \w|import \w|def \w|class \w|async def |@\w+|fn \w|pub |use \w+::|impl |let \w|const \w|var \w|function \w|#include|package \w"
    r"|public |private |SELECT |INSERT |UPDATE |WITH \w|#!/)"
)


def shape(answer: Answer) -> str:
    """The shape of an answer: `tool:NAME`, `action:VERB`, `json:KEYS`, `code:LANGUAGE`, `text`, or "" for nothing.

    >>> shape(Answer("", (("lookup_order", "{}"),)))
    'tool:lookup_order'
    >>> shape(Answer('{"name": "Ada", "age": 3}', ()))
    'json:age,name'
    >>> shape(Answer("Search[Colorado orogeny]", ()))
    'action:Search'
    """
    if answer.calls:
        return f"tool:{answer.calls[0][0]}"
    text = answer.text.strip()
    if not text:
        return ""
    fenced = _FENCE.search(text)
    inside = fenced[2].strip() if fenced else text
    if inside[:1] in ("{", "[") and (keys := _json_shape(inside)):
        return keys
    if fenced:
        return f"code:{fenced[1].lower()}"
    if _CODE.match(text):
        return "code:"
    found = (_CALL.match(text) if len(text) < 400 else None) or _ACTION.search(text)
    return f"action:{found[1]}" if found else "text"


def _json_shape(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        keys = re.findall(r'"(\w+)"\s*:', text[:400])  # cut or not quite JSON
        return "json:" + ",".join(sorted(set(keys))[:6]) if keys else ""
    if not isinstance(value, dict):
        return "json:[]"
    for name in _ACTION_KEYS:
        verb = value.get(name)
        if isinstance(verb, str) and len(verb) <= 40:
            return f"action:{verb}"
    return "json:" + ",".join(sorted(map(str, value)))


def kind(one: str) -> str:
    """The kind of a shape: "tool_call", "json", "code", "text", or "" for nothing. A verb in a text is text."""
    if one.startswith("tool:"):
        return "tool_call"
    return one.partition(":")[0] if one.startswith(("json:", "code:")) else "text" if one else ""


class Given(NamedTuple):
    """What is remembered of an answer."""

    shape: str
    digest: bytes
    """Equal for equal answers; the order of a JSON object's keys and the ids of tool calls do not count."""
    short: bool
    """It could be a label."""


def given(answer: Answer) -> Given:
    """What is remembered of an answer, without its words."""
    content = json.dumps(
        [answer.text.strip(), [[name, _ordered(arguments)] for name, arguments in answer.calls]], ensure_ascii=False
    )
    return Given(
        intern(shape(answer)),
        hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest(),
        len(answer.text) <= _LABEL_LENGTH,
    )


def _ordered(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), sort_keys=True)
    except ValueError:
        return arguments


class Summary:
    """What the answers of one task have in common."""

    def __init__(self, found: Iterable[Given]) -> None:
        answered = [one for one in found if one.shape]
        whole = Counter(one.digest for one in answered)
        shapes = Counter(one.shape for one in answered)
        kinds = Counter(kind(one.shape) for one in answered)
        self.distinct: int = len(whole)
        """Different answers."""
        self.shapes: tuple[tuple[str, float], ...] = tuple(
            (one, count / len(answered)) for one, count in shapes.most_common(12)
        )
        """The most frequent shapes, each with its share of the answers."""
        self.kind: str = kinds.most_common(1)[0][0] if kinds else ""
        """Of most answers: "label", "tool_call", "json", "code", "text"; "" when there are none."""
        if self.kind == "text" and _closed(whole, sum(one.short for one in answered)):
            self.kind = "label"
        self.entropy: float = entropy(shapes.values() if self.kind == "tool_call" else whole.values())
        """In bits: of the labels, of the tools called, else of whole answers."""


def _closed(whole: Counter[bytes], short: int) -> bool:
    """Whether the answers are labels: few, short, and nearly all of them seen again and again."""
    total = sum(whole.values())
    often = min(_LABEL_SEEN, max(2, total // 8))
    repeated = sum(count for count in whole.values() if count >= often)
    return len(whole) <= min(_LABELS, total / 2) and min(repeated, short) >= _LABEL_SHARE * total


def entropy(counts: Iterable[int]) -> float:
    """Shannon's entropy in bits.

    >>> entropy([2, 2])
    1.0
    """
    found = [count for count in counts if count]
    total = sum(found)
    return abs(sum(count / total * math.log2(total / count) for count in found)) if total else 0.0
