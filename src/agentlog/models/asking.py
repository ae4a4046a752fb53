"""From a request in flight to the row that a small model reads, and from its answer back to the application's words.

messages, tools, parameters ──read──→ raw row ──redact──→ row as it would stand in `calls/` ──model──→ answer
                                        │                        └──────── Exchanged.restore ←────────────┘
                                        └─→ which task (raw words do: templates are constant)
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from agentlog import settings
from agentlog.messages import dialects
from agentlog.messages.chat import read_messages
from agentlog.messages.parts import Message, Part
from agentlog.models.answers import value_of
from agentlog.redaction import Exchanged, Redactor, TraceRedactor
from agentlog.redaction.structures.islands import escape, string_leaves, unescape
from agentlog.tasks.reading import Answer

_OFFERS: Final = 512
_TRACES: Final = 2048
_TEMPLATE: Final = 200
"""Characters from which on a system message is taken for a template: looked through once, not per call."""
_MESSAGES: Final = {
    "openai.responses": "input", "openai.completions": "prompt", "openai.embeddings": "input", "gemini.generate": "contents",
}  # fmt: skip
"""Where the messages stand in a request, if not under `messages`."""
_IN_PARAMS: Final = frozenset(("langchain", "llama_index"))
"""Dialects whose parameters stand under `params`."""
_SYSTEM: Final = ("system", "developer")
_WORDS: Final = {
    "text": "text", "tool_call": "arguments", "tool_call_response": "result", "reasoning": "text", "uri": "uri",
}  # fmt: skip
"""Type of a part → where its words are."""

_encode: Final = msgspec.json.Encoder(enc_hook=str, order="deterministic").encode


@dataclass(slots=True)
class Asked:
    """A request in flight."""

    row: dict[str, Any]
    """Its columns. The messages are raw, everything else is redacted."""
    user: str | None = None

    @property
    def unit(self) -> str:
        """What tells this request from others: for drawing by hash, never stored."""
        messages = self.row["input_messages"]
        said = messages[-1]["parts"] if messages else []
        return f"{len(messages)}:" + "\n".join(filter(None, (part.get(words_at(part)) for part in said)))


@dataclass(slots=True)
class Redacted:
    """The row that a model reads, and the way back."""

    row: dict[str, Any]
    exchanged: Exchanged

    def restore(self, answer: Answer) -> Answer:
        """The answer in the application's own words.

        Raises:
            Unrestorable: a placeholder in it cannot be filled back.
        """
        restore = self.exchanged.restore
        return Answer(
            in_leaves(answer.text, restore), tuple((name, in_leaves(said, restore)) for name, said in answer.calls)
        )


class Asking:
    """Reads requests; remembers tools and parameters, which come again with every call, and the traces' vocabularies."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._offers: OrderedDict[bytes, dict[str, Any]] = OrderedDict()
        self._traces: OrderedDict[str, tuple[threading.Lock, TraceRedactor]] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self,
        messages: Any,
        *,
        tools: Any,
        request: Mapping[str, Any] | None,
        dialect: str,
        agent: str | None = None,
        node: str | None = None,
        call_site: str | None = None,
        user: str | None = None,
    ) -> Asked:
        """The request as columns.

        Raises:
            ValueError: no such dialect, or messages of a wholly different shape.
        """
        offer = self._offer(tools, request, dialect)
        row: dict[str, Any] = {name: offer[name] for name in ("tool_definitions", "request") if name in offer}
        system: list[Part] = [dict(part) for part in offer.get("system", ())]  # type: ignore[misc]  # a copy of a TypedDict
        if dialect == "openai.chat":
            said = read_messages(messages)
            for message in said:
                message.pop("extra", None)
                for part in message["parts"]:
                    part.pop("extra", None)
        else:
            read = dialects.read(dialect, {_MESSAGES.get(dialect, "messages"): messages}, None)
            said = read.get("input_messages", [])
            system += read.get("system_instructions", [])
        if system:
            row["system_instructions"] = system
        row["input_messages"] = said
        for column, value in (("agent", agent), ("node", node), ("call_site", call_site)):
            if value is not None:
                row[column] = value
        return Asked(row, user or offer.get("user"))

    def _offer(self, tools: Any, request: Mapping[str, Any] | None, dialect: str) -> dict[str, Any]:
        """What the request says beside its messages, redacted; looked up by content, so that a changed tool is seen."""
        if not tools and not request:
            return {}
        digest = _encode((dialect, tools, request))
        with self._lock:
            known = self._offers.get(digest)
            if known is not None:
                self._offers.move_to_end(digest)
                return known
        tools = msgspec.to_builtins(tools, enc_hook=str)
        said = dict(msgspec.to_builtins(request or {}, enc_hook=str))
        body = {"params": said, "tools": tools} if dialect in _IN_PARAMS else {**said, "tools": tools}
        read = dialects.read(dialect, body, None)
        made: dict[str, Any] = {}
        if read.get("tool_definitions"):
            made["tool_definitions"] = self._redactor.text(read["tool_definitions"], "schema")
        if read.get("request"):
            made["request"] = self._redactor.text(read["request"])
        if read.get("system_instructions"):
            made["system"] = read["system_instructions"]
        if read.get("user"):
            made["user"] = read["user"]
        with self._lock:
            self._offers[digest] = made
            if len(self._offers) > _OFFERS:
                self._offers.popitem(last=False)
        return made

    def redact(self, asked: Asked, trace: str | None) -> Redacted:
        """The row as its record will be. One person has one placeholder in all calls of a trace.

        Raises:
            Exception: it cannot be redacted; the message may hold words.
        """
        lock, redactor = self._of_trace(trace)
        messages = asked.row["input_messages"]
        parts = [*asked.row.get("system_instructions", ()), *(part for one in messages for part in one["parts"])]
        leading = len(asked.row.get("system_instructions", ()))
        roles = [True] * leading + [one.get("role") in _SYSTEM for one in messages for _ in one["parts"]]
        texts: list[str] = []
        constant: list[int] = []
        for part, of_system in zip(parts, roles, strict=True):
            words = part.get(words_at(part))
            text = words if isinstance(words, str) else ""
            if of_system and len(text) >= _TEMPLATE:
                constant.append(len(texts))
            texts.append(text)
        with lock:
            exchanged = redactor.exchange(texts, user=asked.user, constant=constant)
        changed = iter(exchanged.texts)
        row = dict(asked.row)
        if leading:
            row["system_instructions"] = [_part(part, next(changed)) for part in asked.row["system_instructions"]]
        row["input_messages"] = [
            _message(one, [_part(part, next(changed)) for part in one["parts"]]) for one in messages
        ]
        return Redacted(row, exchanged)

    def _of_trace(self, trace: str | None) -> tuple[threading.Lock, TraceRedactor]:
        if trace is None:
            return threading.Lock(), self._redactor.trace()
        with self._lock:
            known = self._traces.get(trace)
            if known is None:
                known = self._traces[trace] = threading.Lock(), self._redactor.trace()
                if len(self._traces) > _TRACES:
                    self._traces.popitem(last=False)
            else:
                self._traces.move_to_end(trace)
            return known


def _message(message: Message, parts: list[Part]) -> Message:
    """A message with other parts. A speaker's name is left out: it may be a person's."""
    return {"role": message.get("role") or "user", "parts": parts}


def words_at(part: Mapping[str, Any]) -> str:
    """The field of a part that holds its words; "" where it has none."""
    return _WORDS.get(part["type"], "")


def _part(part: Part, text: str) -> Part:
    made: Any = {key: value for key, value in part.items() if key != "data"}
    field = _WORDS.get(part["type"])
    if field is not None and isinstance(part.get(field), str):
        made[field] = text
    return made  # type: ignore[no-any-return]  # a dict with the keys of a part


def in_leaves(text: str, change: Callable[[str], str]) -> str:
    r"""`text` changed; in JSON string by string, so that a quote in a value does not break it and all else stays as written.

    >>> in_leaves('{"a":"<X>"}', lambda leaf: leaf.replace("<X>", 'say "x"'))
    '{"a":"say \\"x\\""}'
    """
    spans = string_leaves(text)
    if spans is None:
        return change(text)
    made, position = [], 0
    for start, end in spans:
        raw = text[start:end]
        value = unescape(raw)
        new = change(value)
        made += [text[position:start], raw if new == value else escape(new, raw, '"')]
        position = end
    return "".join((*made, text[position:]))


def answer_in(said: Answer | Mapping[str, Any] | None) -> Answer | None:
    """What the LLM answered: an `Answer`, or the body of an OpenAI chat response; None where there is nothing to compare."""
    if said is None or isinstance(said, Answer):
        return said
    outputs = dialects.read("openai.chat", {}, msgspec.to_builtins(said, enc_hook=str)).get("output_messages")
    if not outputs:
        return None
    parts: Sequence[Any] = outputs[0]["parts"]
    return Answer(
        "".join(part.get("text") or "" for part in parts if part["type"] == "text"),
        tuple((part.get("name") or "", part.get("arguments") or "") for part in parts if part["type"] == "tool_call"),
    )


def agree(one: Answer, other: Answer) -> bool:
    """Whether two answers do the same: the same tool calls in any order, else the same text or JSON value.

    >>> agree(Answer("", (("find", '{"a": 1, "b": 2}'),)), Answer("Sure.", (("find", '{"b":2,"a":1}'),)))
    True
    """
    if one.calls or other.calls:
        return _calls(one) == _calls(other)
    return _canonical(one.text) == _canonical(other.text)


def _calls(answer: Answer) -> list[str]:
    return sorted(f"{name}\n{_canonical(arguments)}" for name, arguments in answer.calls)


def _canonical(text: str) -> str:
    value = value_of(text)
    return " ".join(value.split()) if isinstance(value, str) else json.dumps(value, sort_keys=True)


def redactor_of(redaction: Any, key: bytes | None) -> Redactor:
    """By the arguments, else by the settings; the key of the pseudonyms else this machine's.

    Raises:
        ConfigurationError: `redaction` is none.
    """
    found = settings.load({"redaction": redaction, "pseudonym_key": key})
    if found.pseudonym_key is None:
        from agentlog.recorder.keys import pseudonym_key  # makes a file in the user's folder: only where it is needed

        return Redactor(found.redaction, pseudonym_key=pseudonym_key())
    return Redactor(found.redaction, pseudonym_key=found.pseudonym_key)
