"""When two answers are the same answer, and an answer as JSON.

JSON is compared by value: another order of keys or another space is no other answer, `1` and `"1"` are two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agentlog.tasks.reading import Answer


def canonical(answer: Answer) -> str:
    """The same for answers that are the same.

    >>> canonical(Answer('{"b": 1, "a": 2}', ())) == canonical(Answer('{"a":2,"b":1}', ()))
    True
    """
    calls = [[name, value_of(arguments)] for name, arguments in answer.calls]
    return json.dumps([value_of(answer.text), calls], sort_keys=True, ensure_ascii=False)


def value_of(text: str) -> Any:
    """The JSON object or array in `text`, else the text without spaces around it."""
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        try:
            return json.loads(stripped)
        except ValueError:
            return stripped
    return stripped


def short(answer: Answer, size: int = 60) -> str:
    """What kind of answer it is, without its words: tool names are no captured content, texts may be."""
    if answer.calls:
        return "a call of " + ", ".join(name for name, _ in answer.calls)[:size]
    return f"a text of {len(answer.text):,} characters"


def to_json(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values."""
    return {"text": answer.text, "calls": [list(call) for call in answer.calls]}


def from_json(value: Mapping[str, Any]) -> Answer:
    """The answer that `to_json` wrote."""
    return Answer(str(value["text"]), tuple((str(name), str(arguments)) for name, arguments in value["calls"]))
