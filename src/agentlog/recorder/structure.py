"""What the shape of an answer says of its reader: tool calls and JSON are read by a program, but what they carry may be for a person.

A tool that speaks to somebody (`send_message(text=…)`, `final_answer(answer=…)`) and a field that holds the answer itself
(`{"reply": …}`) are written for a reader, and so is a long text in any field but the model's own notes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from agentlog.messages.parts import Part

LONG_WORDS: Final = 25
"""A field of so many words is written to be read."""

WORD: Final = re.compile(r"[⺀-\U0003ffff]|[^\W⺀-\U0003ffff]+")
"""A word; of Chinese, Japanese and Korean, which have no blanks between them, each sign is one."""

_TELLS: Final = frozenset(
    "answer comment email mail message notify post publish reply respond response say send show sms speak tell".split()
)
"""Words in the name of a tool that speaks to somebody."""
_ASKS: Final = frozenset("ask clarify prompt".split())
_PERSONS: Final = frozenset("clarification client customer human person question user".split())
"""A tool that asks one of them, or just asks; one that asks an expert or a database asks a program."""
_ANSWERS: Final = frozenset("answer answers final_answer greeting message reply response".split())
"""Fields that hold what is said to somebody, whoever fills them."""
_SPOKEN: Final = _ANSWERS | frozenset("body caption comment content msg text".split())
"""Fields that do, in a tool that speaks."""
_NOTES: Final = frozenset(
    "analysis chain_of_thought critique evidence explanation justification notes plan rationale reason reasoning reasons "
    "scratchpad steps thinking thought thoughts".split()
)
"""Fields in which a model writes for itself, or for the program that checks it."""
_FENCE: Final = re.compile(r"^```(?:json)?\s*\n(.*?)\n?```$", re.DOTALL)
_NAME: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def parsed(text: str) -> Any:
    """The JSON that an answer is (an object, a list, a text in quotes), also in a code fence; None where it is none."""
    fenced = _FENCE.match(text)
    body = fenced[1].strip() if fenced else text
    if body[:1] not in ("{", "[", '"'):
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def texts_in(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, with the name of the field that it is in."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts_in(inner, str(name).lower())
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts_in(inner, key)


def words_for_a_reader(value: Any) -> list[str]:
    """The texts in a structured answer that are written for a reader, not for a program."""
    return [
        text.strip()
        for key, text in texts_in(value)
        if text.strip() and (key in _ANSWERS or (key not in _NOTES and len(WORD.findall(text)) >= LONG_WORDS))
    ]


def speaks(part: Part) -> bool:
    """Whether a tool call says something to somebody: what the tool is called, and what its arguments are."""
    name = {word.lower() for word in _NAME.findall(part.get("name") or "")}
    if name & _ASKS and (name <= _ASKS or name & _PERSONS):
        return True
    if not name & _TELLS:
        return False
    arguments = parsed(part.get("arguments") or "")
    # one free-form argument is what is said
    return (arguments is None and bool(part.get("arguments"))) or any(key in _SPOKEN for key, _ in texts_in(arguments))


def asks_for_structure(request: str | None) -> bool:
    """Whether a request's parameters ask for JSON: a response schema or JSON mode."""
    if not request:
        return False
    try:
        parameters = json.loads(request)
    except ValueError:
        return False
    return isinstance(parameters, dict) and any(_structured(parameters, key) for key in parameters)


def _structured(parameters: Mapping[str, Any], key: str) -> bool:
    value = parameters[key]
    if key in ("response_format", "format", "output_format", "ls_structured_output_format", "response_schema", "responseSchema",
               "responseJsonSchema", "response_json_schema"):  # fmt: skip
        return bool(value) and not (isinstance(value, dict) and value.get("type") == "text") and value != "text"
    if key in ("text", "generationConfig", "generation_config", "config", "output_config", "options"):
        return isinstance(value, dict) and (
            value.get("responseMimeType", value.get("response_mime_type")) == "application/json"
            or any(_structured(value, inner) for inner in value)
        )
    return False
