"""What a model answered, as the body that the provider sends in one piece: also where it came in chunks.

Chunks are the SDK's objects, or plain dicts where the application reads the bytes itself; `fields` reads both. Text that
grows is kept in pieces and joined once, at the end.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any, Final

from agentlog_stainless.answers import Answer, decoded, dump, fields


def streamed(dialect: str) -> Answer:
    """An empty answer in `dialect`, to be filled with chunks."""
    return ResponsesAnswer() if dialect == "openai.responses" else ChatAnswer(dialect)


def plain(result: Any, dialect: str) -> Any:
    """The body of an answer that came in one piece: a model of the SDK, JSON in bytes, or whatever the application asked for."""
    result = decoded(result)
    if dialect == "openai.embeddings":
        return _without_vectors(result)
    return dump(result)


class Pieces(list[str]):
    """A text that is still growing."""


_GROWING: Final = ("text", "thinking")
"""Blocks of content that come in pieces, without an index."""

_WHOLE: Final = frozenset({"id", "type", "role", "index", "object", "format", "status", "call_id"})
"""Texts that come once, or again and again, but never in pieces."""


class ChatAnswer:
    """Chat and legacy completions: `choices[i]` grows by `delta` or by `text`."""

    def __init__(self, dialect: str = "openai.chat") -> None:
        self._object = "chat.completion" if dialect == "openai.chat" else "text_completion"
        self._head: dict[str, Any] = {}
        self._choices: dict[int, dict[str, Any]] = {}

    @property
    def complete(self) -> bool:
        """Whether every choice has its finish reason; after them only usage follows."""
        return bool(self._choices) and all(choice.get("finish_reason") for choice in self._choices.values())

    def add(self, chunk: Any) -> None:
        """Take in the next chunk."""
        for key, value in fields(chunk).items():
            if key == "choices":
                for choice in value or ():
                    self._add_choice(fields(choice))
            elif value is not None and value != "":
                # Azure begins with a chunk whose id and model are empty; usage stands in the last one
                self._head[key] = value

    def _add_choice(self, new: Mapping[str, Any]) -> None:
        index = new.get("index") or 0
        choice = self._choices.get(index)
        if choice is None:
            choice = self._choices[index] = {"index": index}
        for key, value in new.items():
            if value is None or key == "index":
                continue
            if key == "delta":
                _join(choice.setdefault("message", {}), fields(value))
            elif key == "text" or key == "logprobs":
                _join(choice, {key: value})
            else:
                choice[key] = value

    def body(self) -> Any:
        """What has come so far."""
        body = {key: dump(value) for key, value in self._head.items()}
        body["object"] = self._object
        groq = body.get("x_groq")
        if "usage" not in body and isinstance(groq, dict) and groq.get("usage"):
            body["usage"] = groq["usage"]  # Groq's place for it in a stream
        body["choices"] = [_finished(self._choices[index]) for index in sorted(self._choices)]
        for choice in body["choices"]:
            for call in choice.get("message", {}).get("tool_calls") or ():
                if isinstance(call, dict):
                    call.pop("index", None)
        return body


def _join(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    """Let the message so far grow by a delta."""
    for key, value in new.items():
        if value is None:
            continue
        there = into.get(key)
        if isinstance(value, str) and key not in _WHOLE:
            if isinstance(there, list):  # pieces, or the blocks that some servers mix with text
                there.append(value)
            elif there is None:
                into[key] = Pieces((value,))
        elif isinstance(value, str):
            into[key] = value or there or value
        elif isinstance(value, (list, tuple)):
            if not isinstance(there, list) or isinstance(there, Pieces):
                # blocks after text: both are kept, in their order
                there = into[key] = ["".join(there)] if isinstance(there, Pieces) and any(there) else []
            _join_list(there, value)
        elif isinstance(value, (int, float)):
            into[key] = value
        else:
            if not isinstance(there, dict):
                there = into[key] = {}
            _join(there, fields(value))


def _join_list(into: list[Any], new: Iterable[Any]) -> None:
    for item in new:
        if isinstance(item, (str, int, float)) or item is None:
            into.append(item)
            continue
        given = fields(item)
        there = _place(into, given)
        if there is None:
            there = {}
            into.append(there)
        _join(there, given)


def _place(items: list[Any], given: Mapping[str, Any]) -> dict[str, Any] | None:
    """The item that `given` goes on with, if there is one.

    Items are told apart by `index`. Some servers give every tool call the index 0, or none at all: then a new id begins
    a new call, and a piece without an id belongs to the last one. Blocks of content (Mistral) have neither: text goes on
    after text, a thought after a thought. OpenRouter gives a thought and its seal one index: another type is another block.
    """
    index, id, kind = given.get("index"), given.get("id"), given.get("type")
    if index is None and given.get("function") is None:
        last = items[-1] if items else None
        # whole items: annotations, log probabilities
        return last if kind in _GROWING and isinstance(last, dict) and last.get("type") == kind else None
    for item in reversed(items):
        if isinstance(item, dict) and (index is None or item.get("index") == index):
            if kind and item.get("type") and item["type"] != kind:
                continue
            return None if id and item.get("id") and item["id"] != id else item
    return None


def _finished(value: Any, key: str = "") -> Any:
    """Pieces joined, models dumped."""
    if isinstance(value, Pieces):
        # some servers send a function's name with every piece of its arguments
        return value[0] if key == "name" and len(set(value)) == 1 else "".join(value)
    if isinstance(value, dict):
        return {name: _finished(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_finished(one) for one in value]
    return dump(value)


_ENDS: Final = frozenset({"response.completed", "response.incomplete", "response.failed"})
_GROWS: Final[Mapping[str, tuple[str, str, str]]] = {
    # event → field of the item; where that is a list: the type of its parts and their text's key
    "response.output_text.delta": ("content", "output_text", "text"),
    "response.refusal.delta": ("content", "refusal", "refusal"),
    "response.reasoning_text.delta": ("content", "reasoning_text", "text"),
    "response.reasoning_summary_text.delta": ("summary", "summary_text", "text"),
    "response.function_call_arguments.delta": ("arguments", "", ""),
    "response.mcp_call_arguments.delta": ("arguments", "", ""),
    "response.custom_tool_call_input.delta": ("input", "", ""),
    "response.code_interpreter_call_code.delta": ("code", "", ""),
}


class ResponsesAnswer:
    """Responses: the last event holds the whole answer; before it, items grow by deltas until they are done."""

    def __init__(self) -> None:
        self.complete = False
        self._response: Any = None
        self._items: dict[int, Any] = {}
        self._done: dict[int, Any] = {}
        self._grown: dict[int, dict[tuple[str, int], Pieces]] = {}
        self._error: Any = None

    def add(self, chunk: Any) -> None:
        """Take in the next event."""
        event = fields(chunk)
        kind = event.get("type") or ""
        if kind in _GROWS:
            part = event.get("content_index")
            if part is None:
                part = event.get("summary_index")
            pieces = self._grown.setdefault(event.get("output_index") or 0, {})
            pieces.setdefault((kind, part or 0), Pieces()).append(event.get("delta") or "")
        elif event.get("response") is not None and not self.complete:
            self._response = event["response"]
            self.complete = kind in _ENDS
        elif kind == "response.output_item.added":
            self._items[event.get("output_index") or 0] = event.get("item")
        elif kind == "response.output_item.done":
            self._done[event.get("output_index") or 0] = event.get("item")
        elif kind == "error":
            self._error = {key: event[key] for key in ("code", "message", "param") if event.get(key) is not None}

    def body(self) -> Any:
        """What has come so far."""
        told = dump(self._response)
        body: dict[str, Any] = dict(told) if isinstance(told, Mapping) else {}
        if not body.get("output"):
            indexes = sorted({*self._items, *self._done, *self._grown})
            body["output"] = [item for item in map(self._item, indexes) if item]
        if self._error is not None:
            body["status"], body["error"] = "failed", self._error
        return body

    def _item(self, index: int) -> Any:
        if self._done.get(index) is not None:
            return dump(self._done[index])
        begun = dump(self._items.get(index))
        item: dict[str, Any] = dict(begun) if isinstance(begun, Mapping) else {}
        for (kind, number), pieces in sorted(self._grown.get(index, {}).items()):
            key, part, text = _GROWS[kind]
            if not part:
                item[key] = "".join(pieces)
                continue
            item.setdefault("type", "reasoning" if part.startswith(("reasoning", "summary")) else "message")
            parts = item[key] = list(item.get(key) or ())
            while len(parts) <= number:
                parts.append({"type": part, text: ""})
            parts[number] = {**parts[number], "type": part, text: "".join(pieces)}
        return item


def _without_vectors(result: Any) -> Any:
    """How many vectors of how many dimensions; the numbers are no content."""
    if not isinstance(result, Mapping) and not hasattr(result, "__dict__"):
        return result
    body = {key: dump(value) for key, value in fields(result).items() if key != "data" and value is not None}
    data = fields(result).get("data") or []
    body["embeddings"] = len(data)
    first = fields(data[0]).get("embedding") if data else None
    if isinstance(first, str):  # float32 in base64: the SDK's own way to ask for it
        body["dimensions"] = len(b64decode(first)) // 4
    elif first is not None:
        body["dimensions"] = len(first)
    return body
