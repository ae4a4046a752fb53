"""A recorded call as a chat request that any OpenAI-compatible endpoint takes, and what that request demands of its answer.

    row ── asked(row["request"]) ──→ Asked: parameters, output schema, tool choice, in one form for all providers
    row ── chat_request(row) ──→ {"messages", "tools", "temperature", …}: what `chat.completions.create` takes beside the model
    row ── Disguise(row) ──→ the same with natural values for placeholders, and the way back for the answer

A record says what was asked of *its* provider; parameters that OpenAI's chat API has no word for are named in
`Asked.left_out` and not sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from agentlog import conversations
from agentlog.conversations.conversation import Conversation
from agentlog.conversations.languages import language_in
from agentlog.conversations.surrogates import Surrogates
from agentlog.conversations.turns import Turn
from agentlog.messages.definitions import read_definitions
from agentlog.models.contract import Row
from agentlog.redaction.entities import PLACEHOLDER
from agentlog.tasks.reading import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says beside its messages and tools."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Sampling and length, under the names of OpenAI's chat API."""
    schema: Mapping[str, Any] | None = None
    """The JSON schema that the text of the answer has to satisfy."""
    schema_name: str = ""
    strict: bool | None = None
    """Whether the provider was told to enforce the schema; None: it said nothing."""
    json: bool = False
    """The text of the answer has to be JSON, with or without a schema."""
    choice: str = "auto"
    """"auto", "none" or "required": whether a tool is to be called."""
    names: tuple[str, ...] = ()
    """The only tools that may be called; empty: all on offer."""
    parallel: bool | None = None
    """Whether several tools may be called at once; None: it said nothing."""
    left_out: tuple[str, ...] = ()
    """Parameters that have no place in a chat request."""


_SAME: Final = frozenset(
    "temperature top_p max_tokens max_completion_tokens frequency_penalty presence_penalty logit_bias seed stop "
    "reasoning_effort verbosity".split()
)
_OTHER_WORDS: Final = {
    "max_output_tokens": "max_tokens",
    "maxOutputTokens": "max_tokens",
    "max_tokens_to_sample": "max_tokens",
    "num_predict": "max_tokens",
    "stop_sequences": "stop",
    "stopSequences": "stop",
    "topP": "top_p",
    "frequencyPenalty": "frequency_penalty",
    "presencePenalty": "presence_penalty",
    "random_seed": "seed",
}
"""Anthropic's, Gemini's, Ollama's and Mistral's words for the same."""
_HOLDERS: Final = ("generation_config", "generationConfig", "config", "options", "output_config", "text", "reasoning")
"""What parameters stand in, one level deeper."""
_SCHEMAS: Final = (
    "response_format", "output_format", "format", "response_schema", "responseSchema", "response_json_schema",
    "responseJsonSchema", "output_schema",
)  # fmt: skip
_CHOICES: Final = ("tool_choice", "function_call", "tool_config", "toolConfig", "toolChoice")
_OF_NO_MATTER: Final = frozenset(
    # how the answer travelled, who paid, what the framework noted: nothing that changes what is answered
    "stream stream_options streaming n store metadata user service_tier extras functions logprobs top_logprobs timeout include "
    "prompt_cache_key prompt_cache_retention safety_identifier truncation previous_response_id responseMimeType response_mime_type "
    "_type model_name ls_structured_output_format candidateCount candidate_count".split()
)
_JSON_TYPES: Final = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})


def asked(request: str | None) -> Asked:
    """What the column `request` of a row demands. Whatever is no JSON object demands nothing.

    >>> asked('{"temperature": 0, "tool_choice": {"type": "any"}, "thinking": {"type": "enabled"}}').choice
    'required'
    """
    return _asked(request) if request else _NOTHING


@lru_cache(maxsize=512)  # the calls of a task mostly say the same
def _asked(request: str) -> Asked:
    try:
        said = json.loads(request)
    except (ValueError, RecursionError):
        return _NOTHING
    if not isinstance(said, dict):
        return _NOTHING
    flat = _flattened(said)
    parameters, left_out = {}, []
    for name, value in flat.items():
        if name in _SAME or name in _OTHER_WORDS:
            parameters[_OTHER_WORDS.get(name, name)] = value
        elif name not in (*_SCHEMAS, *_CHOICES, *_OF_NO_MATTER, "parallel_tool_calls"):
            left_out.append(name)
    parallel = flat.get("parallel_tool_calls")
    choice = next((flat[name] for name in _CHOICES if name in flat), None)
    if isinstance(choice, dict) and isinstance(choice.get("disable_parallel_tool_use"), bool):
        parallel = not choice["disable_parallel_tool_use"]
    whether, names = _choice(choice)
    return Asked(
        parameters,
        **_demanded(flat),
        choice=whether,
        names=names,
        parallel=parallel if isinstance(parallel, bool) else None,
        left_out=tuple(sorted(left_out)),
    )


_NOTHING: Final = Asked()


def _flattened(said: dict[str, Any]) -> dict[str, Any]:
    """The parameters, with those that stand in a holder beside the others."""
    flat = {name: value for name, value in said.items() if name not in _HOLDERS or not isinstance(value, dict)}
    for holder in _HOLDERS:
        inside = said.get(holder)
        if isinstance(inside, dict):
            for name, value in inside.items():
                flat.setdefault("reasoning_effort" if (holder, name) == ("reasoning", "effort") else name, value)
    return flat


def _demanded(flat: Mapping[str, Any]) -> dict[str, Any]:
    mime = flat.get("responseMimeType") or flat.get("response_mime_type")
    for name in _SCHEMAS:
        value = flat.get(name)
        if value == "json":  # Ollama
            return {"json": True}
        if not isinstance(value, dict) or value.get("type") == "text":
            continue
        wrapped = value["json_schema"] if isinstance(value.get("json_schema"), dict) else value
        schema = wrapped["schema"] if isinstance(wrapped.get("schema"), dict) else wrapped
        if schema is wrapped and not _is_schema(schema):
            return {"json": True}
        strict = wrapped.get("strict")
        return {
            "json": True,
            "schema": _plain_schema(schema),
            "schema_name": str(wrapped.get("name") or schema.get("title") or ""),
            "strict": strict if isinstance(strict, bool) else None,
        }
    return {"json": mime == "application/json"}


def _is_schema(value: Mapping[str, Any]) -> bool:
    return "properties" in value or "$ref" in value or str(value.get("type")).lower() in _JSON_TYPES


def _plain_schema(schema: Mapping[str, Any]) -> Any:
    """With the type names of JSON Schema, where Gemini has its own."""
    shaped = json.loads(read_definitions([{"name": "any", "parameters": schema}]) or "[]")
    return shaped[0]["function"]["parameters"]


def _choice(said: Any) -> tuple[str, tuple[str, ...]]:
    """(whether, which): a tool choice of any provider."""
    words = {"any": "required", "ANY": "required", "AUTO": "auto", "NONE": "none", True: "required"}
    if isinstance(said, str | bool):
        whether = words.get(said, said)
        if whether in ("auto", "none", "required"):
            return str(whether), ()
        return ("required", (str(said),)) if isinstance(said, str) and said else ("auto", ())
    if not isinstance(said, dict):
        return "auto", ()
    for inside in ("function_calling_config", "functionCallingConfig", "allowed_tools"):
        if isinstance(said.get(inside), dict):
            said = said[inside]
    allowed = said.get("allowed_function_names") or said.get("allowedFunctionNames") or said.get("tools") or ()
    names = tuple(name for one in allowed if (name := _name(one)))
    mode = said.get("mode")
    if isinstance(mode, str):
        return words.get(mode, mode if mode in ("auto", "none", "required") else "auto"), names
    kind, name = said.get("type"), _name(said)
    if name and kind in ("function", "tool", "custom", None):
        return "required", (name,)
    return words.get(str(kind), kind if kind in ("none", "required") else "auto"), ()


def _name(said: Any) -> str:
    if isinstance(said, dict):
        inner = said.get("function")
        said = inner.get("name") if isinstance(inner, dict) else said.get("name")
    return said if isinstance(said, str) else ""


def chat_request(row: Row, change: Callable[[str], str] | None = None) -> dict[str, Any]:
    """What `chat.completions.create` takes beside the model, to ask once more what the row asked.

    Leading system messages are one message, `developer` is `system`; reasoning and what providers note beside a message
    are not sent again. The answer of the row, if it has one, is not looked at.

    Args:
        row: a row of `calls/`, or what a router makes of a request in flight.
        change: is given every text of the messages and tools; placeholders can be filled so.

    Raises:
        Refused: the request cannot be sent again as it was: a picture is not stored, a tool call has no result, …

    >>> row = {
    ...     "input_messages": [{"role": "user", "parts": [{"type": "text", "text": "Hi"}]}],
    ...     "request": '{"seed": 7}',
    ... }
    >>> chat_request(row)
    {'messages': [{'role': 'user', 'content': 'Hi'}], 'seed': 7}
    """
    return _request(_conversation(row), asked(row.get("request")), change)


def _conversation(row: Row) -> Conversation:
    # a conversation has an answer; a request in flight has none yet, and that of a record is not sent
    return conversations.read({**row, "output_messages": _ANY_ANSWER})


_ANY_ANSWER: Final = [{"role": "assistant", "parts": [{"type": "text", "text": "-"}]}]


def _request(conversation: Conversation, wanted: Asked, change: Callable[[str], str] | None) -> dict[str, Any]:
    if change is not None:
        conversation = conversation.with_text(change)
    made: dict[str, Any] = {"messages": [_message(turn) for turn in conversation.prompt], **wanted.parameters}
    offered = [tool for tool in conversation.tools if not wanted.names or tool["function"]["name"] in wanted.names]
    if offered:
        made["tools"] = offered
        if wanted.choice == "required" and len(offered) == 1 and wanted.names:
            made["tool_choice"] = {"type": "function", "function": {"name": offered[0]["function"]["name"]}}
        elif wanted.choice != "auto":
            made["tool_choice"] = wanted.choice
        if wanted.parallel is not None:
            made["parallel_tool_calls"] = wanted.parallel
    if wanted.schema is not None:
        named: dict[str, Any] = {
            "name": re.sub(r"[^\w-]", "_", wanted.schema_name, flags=re.ASCII)[:64] or "answer",
            "schema": wanted.schema,
        }
        if wanted.strict is not None:
            named["strict"] = wanted.strict
        made["response_format"] = {"type": "json_schema", "json_schema": named}
    elif wanted.json:
        made["response_format"] = {"type": "json_object"}
    return made


_SPEAKER: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def _message(turn: Turn) -> dict[str, Any]:
    if turn.role == "tool":
        return {"role": "tool", "tool_call_id": turn.answers, "content": turn.content}
    made: dict[str, Any] = {"role": turn.role, "content": turn.content}
    if turn.asks:
        made["content"] = turn.content or None
        made["tool_calls"] = [
            {"id": ask.id, "type": "function", "function": {"name": ask.name, "arguments": ask.arguments}}
            for ask in turn.asks
        ]
    if turn.name and _SPEAKER.fullmatch(turn.name):  # APIs refuse names with a space
        made["name"] = turn.name
    return made


_PARTS: Final = {"PERSON": ("GIVEN", "FAMILY"), "EMAIL": ("LOCAL",), "EMAIL_ADDRESS": ("LOCAL",)}
"""Pieces of a value that a model may write although only the whole stood in the prompt."""
_SHORT = 6  # characters: a shorter value can be part of another word by chance


class Disguise:
    """A row's request with natural values in the place of placeholders, and the way back.

    The values are those of the row's trace: the same person has the same name in all its calls.

    Args:
        row: a row of `calls/`; without a `trace_id` its values are the same for all such rows.
        seed: another seed draws other values.

    Raises:
        Refused: as `chat_request`.
    """

    def __init__(self, row: Row, seed: int = 0) -> None:
        conversation = _conversation(row)
        texts: list[str] = []

        def gather(text: str) -> str:
            texts.append(text)
            return text

        conversation.with_text(gather)
        surrogates = Surrogates(str(row.get("trace_id") or ""), seed, language=language_in(texts))
        self.request: dict[str, Any] = _request(conversation, asked(row.get("request")), surrogates.render)
        """What to send, as of `chat_request`."""
        self._written = _written(texts, surrogates)
        # the longest first: an address begins with the name that it is made of
        found = sorted(self._written, key=len, reverse=True)
        self._found = re.compile("|".join(map(_bounded, found))) if found else None

    def back(self, text: str) -> str:
        """`text` with the placeholders of the values that were put in their place."""
        return text if self._found is None else self._found.sub(lambda match: self._written[match[0]], text)

    def answer(self, answer: Answer) -> Answer:
        """An answer as it would stand in the record."""
        if self._found is None:
            return answer
        return Answer(
            self.back(answer.text), tuple((name, self._arguments(arguments)) for name, arguments in answer.calls)
        )

    def _arguments(self, text: str) -> str:
        try:
            return json.dumps(self._leaves(json.loads(text)), ensure_ascii=False)
        except (ValueError, RecursionError):
            return self.back(text)

    def _leaves(self, value: Any) -> Any:
        """A value of JSON with the placeholders in it; one that stands for a number is a string, as in a record."""
        if isinstance(value, str):
            return self.back(value)
        if isinstance(value, dict):
            return {self.back(key): self._leaves(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._leaves(one) for one in value]
        number = isinstance(value, int) and not isinstance(value, bool)
        return self._written.get(str(value), value) if number else value


def _written(texts: list[str], surrogates: Surrogates) -> dict[str, str]:
    """Value → the placeholder that it stands for, for all placeholders in the texts and their pieces."""
    found: dict[str, None] = {}
    pieces: dict[str, None] = {}
    for text in texts:
        for match in PLACEHOLDER.finditer(text) if "<" in text else ():
            found.setdefault(match[0])
            if match[3] is None:
                pieces.update(dict.fromkeys(f"<{match[1]}_{match[2]}_{piece}>" for piece in _PARTS.get(match[1], ())))
    written: dict[str, str] = {}
    for placeholder in (*found, *pieces):
        value = surrogates.render(placeholder)
        if value != placeholder:
            written.setdefault(value, placeholder)
    return written


def _bounded(value: str) -> str:
    """A pattern for the value; a short one not inside a longer word or number."""
    pattern = re.escape(value)
    if len(value) >= _SHORT or not value.isascii():
        return pattern
    return rf"(?<![^\W_]){pattern}(?![^\W_])"
