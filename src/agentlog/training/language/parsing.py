"""What a language model wrote, read back as an answer: words and tool calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from agentlog.conversations import strict
from agentlog.tasks.reading import Answer
from agentlog.training.language.libraries import library

_THOUGHT: Final = re.compile(r"^\s*(?:<think>)?(?:(?!<think>).)*?</think>", re.DOTALL)
_CALL: Final = re.compile(r"<tool_call>\s*(\{.*?\})\s*</tool_call>", re.DOTALL)
_TAG: Final = "<tool_call>"


@dataclass(frozen=True, slots=True)
class Read:
    """An answer as it was read."""

    text: str
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()

    def values(self) -> list[tuple[str, dict[str, Any]]]:
        """(name, arguments) of each tool call."""
        return list(self.calls)

    def answer(self) -> Answer:
        """The same with arguments as JSON text, as answers of logged calls have them."""
        return Answer(self.text, tuple((name, strict.dumps(arguments)) for name, arguments in self.calls))


Parser = Callable[[str, str, Sequence[Mapping[str, Any]]], Read | None]
"""(what was written, the prompt before it, the tools on offer) → the answer; None: it cannot be read."""


def parser_of(template: Any) -> Parser | None:
    """How to read what a model with this template writes; None where that is not known.

    Args:
        template: a tokenizer, or a template's text. transformers' own parser is taken where TRL knows the template.
    """
    known = _of_transformers(template)
    if known is not None:
        return known
    text = template if isinstance(template, str) else getattr(template, "chat_template", None) or ""
    if isinstance(text, str) and _TAG in text and "<function=" not in text and "<arg_key>" not in text:
        ends = tuple(getattr(template, "all_special_tokens", ()) or ())
        return lambda written, prompt, tools: hermes(_without(written, ends))
    return None


def hermes(text: str) -> Read | None:
    """Words, then each tool call as JSON between `<tool_call>` tags; what Qwen, Hermes and our own small models write.

    >>> hermes('<tool_call>{"name": "now", "arguments": {"zone": "UTC"}}</tool_call>')
    Read(text='', calls=(('now', {'zone': 'UTC'}),))
    >>> hermes('<tool_call>{"name": "now", "argu') is None
    True
    """
    text = _THOUGHT.sub("", text, count=1)
    calls = []
    for match in _CALL.finditer(text):
        try:
            call = strict.loads(match.group(1))
        except ValueError:
            return None
        if not isinstance(call, dict) or not isinstance(call.get("name"), str):
            return None
        given = call.get("arguments", call.get("parameters", {}))
        if not isinstance(given, dict):
            return None
        calls.append((call["name"], given))
    rest = _CALL.sub("", text)
    if _TAG in rest or "</tool_call>" in rest:  # it began a call and did not end it
        return None
    return Read(rest.strip(), tuple(calls))


def _without(text: str, ends: tuple[str, ...]) -> str:
    """The text up to the token that ends the turn."""
    text = text.rstrip()
    for end in sorted(ends, key=len, reverse=True):
        if end not in ("<think>", "</think>", _TAG, "</tool_call>"):
            text = text.partition(end)[0]
    return text.removesuffix("<|im_end|>")


def _of_transformers(template: Any) -> Parser | None:
    """The parser of `transformers` for a template that TRL knows byte for byte."""
    if isinstance(template, str):
        return None
    if getattr(template, "response_template", None) is None:
        known = library("trl.chat_template_utils")
        with suppress(ValueError, AttributeError):
            known.add_response_schema(template)
    if getattr(template, "response_template", None) is None:
        return None

    def parse(written: str, prompt: str, tools: Sequence[Mapping[str, Any]]) -> Read | None:
        try:
            message = template.parse_response(written, prefix=prompt, tools=list(tools) or None)
            calls = tuple(
                (call["function"]["name"], call["function"]["arguments"]) for call in message.get("tool_calls") or ()
            )
            json.dumps(calls, allow_nan=False)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        if not all(isinstance(name, str) and isinstance(given, dict) for name, given in calls):
            return None
        return Read((message.get("content") or "").removesuffix(template.eos_token or ""), calls)

    return parse
