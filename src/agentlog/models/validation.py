"""Why an answer cannot be given to the application: what it demanded is there to be checked, whoever answered.

Checked are the output schema, the tools on offer and their schemas, the tool choice, and whether what was copied stands in
the request: a small model that invents an order number is found out without knowing the right one. Plain text that answers
a request without tools and schema costs nothing to check.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from agentlog.conversations import Refused, strict, tool_definitions
from agentlog.errors import MissingExtra
from agentlog.models.contract import Row
from agentlog.models.requests import Asked, asked
from agentlog.redaction.entities import PLACEHOLDER
from agentlog.tasks.reading import Answer


def problems(answer: Answer, row: Row) -> list[str]:
    """Why `answer` is none that the application could have been given for `row`; empty when it is one.

    The sentences name tools, arguments and rules, and never a value.

    Args:
        answer: with placeholders where the row has them, or with raw values where the row has those.
        row: what was asked.

    Raises:
        MissingExtra: there is a schema to be checked and jsonschema is not installed.

    >>> problems(Answer("refund", ()), {})
    []
    >>> problems(Answer("", (("cancel", "{}"),)), {})
    ["it calls the tool 'cancel', and no tool is on offer"]
    """
    if not answer.calls:
        if not answer.text or answer.text.isspace():
            return ["it is empty"]
        if not row.get("request"):
            return []
    wanted = asked(row.get("request"))
    if not answer.calls:
        found = ["a tool has to be called, and it calls none"] if _forced(wanted, row) else []
        return [*found, *_text(answer.text, wanted, row)] if wanted.json else found
    return [*_calls(answer, wanted, row)]


def _forced(wanted: Asked, row: Row) -> bool:
    return wanted.choice == "required" and bool(row.get("tool_definitions"))


def _text(text: str, wanted: Asked, row: Row) -> Iterator[str]:
    try:
        value = strict.loads(text)
    except ValueError:
        yield "it has to be JSON, and is none"
        return
    if wanted.schema is not None:
        yield from _against(value, _canonical(wanted.schema), "the answer")
    # whoever writes a document may give its parts numbers of their own; people and addresses are never made up
    yield from _copied(value, row, "the answer", invented_ids=True)


def _calls(answer: Answer, wanted: Asked, row: Row) -> Iterator[str]:
    if wanted.choice == "none":
        yield "it calls a tool, and none may be called"
    if wanted.parallel is False and len(answer.calls) > 1:
        yield f"it calls {len(answer.calls)} tools at once, and one is allowed"
    try:
        offered = {
            tool["function"]["name"]: tool["function"] for tool in tool_definitions.read(row.get("tool_definitions"))
        }
    except Refused as refused:
        yield f"the tools on offer cannot be read: {refused}"
        return
    for name, arguments in answer.calls:
        if name not in offered:
            yield f"it calls the tool {name[:64]!r}, and {'that is not' if offered else 'no tool is'} on offer"
            continue
        if wanted.names and name not in wanted.names:
            yield f"it calls the tool {name!r}, and only {', '.join(map(repr, wanted.names))} may be called"
        try:
            value = json.loads(strict.arguments(arguments))
        except Refused as refused:
            yield f"{name}: {refused}"
            continue
        schema = offered[name]["parameters"]
        yield from _against(value, _canonical(schema), name)
        yield from _copied(value, row, name, schema=schema)


# ---------------------------------------------------------------- schemas


def _canonical(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, sort_keys=True)


def _against(value: Any, schema: str, where: str) -> Iterator[str]:
    check = _validator(schema)
    if check is None:
        yield f"{where}: its schema is none, so nothing can be said for it"
        return
    from referencing.exceptions import Unresolvable

    try:
        for error in sorted(check.iter_errors(value), key=lambda error: list(map(str, error.absolute_path))):
            yield _sentence(error, where)
    except (Unresolvable, RecursionError, re.error):
        yield f"{where}: its schema refers to something that is not there"


@lru_cache(maxsize=512)
def _validator(schema: str) -> Any:
    """A validator for a schema; None where the schema itself is wrong."""
    try:
        jsonschema: Any = importlib.import_module("jsonschema")  # it has no types of its own
        from referencing import Registry
    except ImportError as error:
        raise MissingExtra("jsonschema", "study", "checking an answer against a schema") from error
    read = json.loads(schema)
    kind = jsonschema.validators.validator_for(read, default=jsonschema.Draft202012Validator)
    try:
        kind.check_schema(read)
    except jsonschema.SchemaError:
        return None
    return kind(read, registry=Registry())  # an empty registry: a `$ref` to an address is not fetched


def _sentence(error: Any, where: str) -> str:
    """What is wrong, by rule and place: jsonschema's own message quotes the value."""
    path = ".".join(str(step) for step in error.absolute_path) or "the value"
    rule = error.validator
    if rule == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"{where}: {', '.join(map(repr, missing))} missing" + (f" in {path}" if error.absolute_path else "")
    if rule == "type":
        return f"{where}: {path} has to be of type {error.validator_value!r}, and is {_type(error.instance)}"
    if rule == "additionalProperties":
        return f"{where}: {path} holds names that the schema does not know"
    if rule == "enum":
        return f"{where}: {path} is none of the allowed values"
    return f"{where}: {path} breaks the rule {rule!r}"


def _type(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


# ---------------------------------------------------------------- what was copied

_EMAIL: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_URL: Final = re.compile(r"https?://\S+")
_ID: Final = re.compile(r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z]|\D*(?:\d[\s().+-]?){6})[\w#@./:+-]{4,80}")
"""One word with a digit and a letter, or with six digits: an order, a user, a card."""
_DATE: Final = re.compile(r"\d{4}-\d\d?(-\d\d?)?([T ]\d\d?:\d\d\S*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}:\d\d\S*")
_MEASURE: Final = re.compile(r"[-+]?\d+([.,]\d+)*\s?[A-Za-z%°]{1,3}", re.ASCII)
"""2kg, 15min, 8pm: said in other words as often as copied."""
_PERSON: Final = re.compile(r"[^\W\d_][\w'.-]*(?: [^\W\d_][\w'.-]*){1,3}")
_NAMES: Final = re.compile(
    r"(?:.*_)?(?:first|last|middle|full|given|family|sur|customer|user|person|passenger|guest|contact|recipient|patient)_?name|name",
    re.IGNORECASE,
)
_NOT_WORD: Final = re.compile(r"[\W_]+")


def _copied(
    value: Any, row: Row, where: str, schema: Mapping[str, Any] | None = None, *, invented_ids: bool = False
) -> Iterator[str]:
    """Values that can only be copies, and stand nowhere in the request."""
    said: _Said | None = None
    for path, leaf in _leaves(value):
        kind = _kind(path, leaf)
        if not kind or (invented_ids and kind in ("an id", "a name", "an address")) or _foreseen(schema, path, leaf):
            continue
        said = said or _Said(row)
        if not said.has(leaf, kind):
            yield f"{where}: {path} is {kind} that stands nowhere in the request"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path or "the value", value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)


def _kind(path: str, leaf: str) -> str:
    leaf = leaf.strip()
    if PLACEHOLDER.search(leaf):
        return "a placeholder"
    if _EMAIL.fullmatch(leaf):
        return "an e-mail address"
    if _URL.fullmatch(leaf):
        return "an address"
    if _DATE.fullmatch(leaf) or _MEASURE.fullmatch(leaf):
        return ""
    if _ID.fullmatch(leaf):
        return "an id"
    if _PERSON.fullmatch(leaf) and leaf.istitle() and _NAMES.fullmatch(path.rpartition(".")[2]):
        return "a name"
    return ""


def _foreseen(schema: Mapping[str, Any] | None, path: str, leaf: str) -> bool:
    """Whether the tool's own schema holds the value: in an enumeration, as its default, in a description."""
    return schema is not None and leaf in _canonical(schema)


class _Said:
    """All that stands in a request, to look for a value in."""

    def __init__(self, row: Row) -> None:
        texts = [part.get("text") for part in row.get("system_instructions") or ()]
        for message in row.get("input_messages") or ():
            texts.append(message.get("name"))
            for part in message.get("parts") or ():
                texts += [part.get("text"), part.get("arguments"), part.get("result"), part.get("uri")]
        self._plain = "\n".join(_unescaped(text) for text in texts if text)
        self._bare: str | None = None

    def has(self, leaf: str, kind: str) -> bool:
        if kind == "a placeholder":
            return all(self._knows(match) for match in PLACEHOLDER.finditer(leaf))
        if leaf in self._plain:
            return True
        # numbers are grouped otherwise, names are written large: only letters and digits count
        if self._bare is None:
            self._bare = _bare(self._plain)
        words = leaf.split() if kind == "a name" else [leaf]
        return all(_bare(word) in self._bare for word in words)

    def _knows(self, match: re.Match[str]) -> bool:
        # a piece, like a given name, can be read off the whole
        return (
            match[0] in self._plain
            or f"<{match[1]}_{match[2]}>" in self._plain
            or f"<{match[1]}_{match[2]}_" in self._plain
        )


def _bare(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


def _unescaped(text: str) -> str:
    r"""JSON text with its values as they are meant: `\u00fc` is no way to find a name by."""
    if "\\" not in text:
        return text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False).replace("\\/", "/") + "\n" + text
    except (ValueError, RecursionError):
        return text
