"""TRL's conversational prompt-completion format, which Unsloth reads too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from agentlog.conversations.conversation import Conversation
from agentlog.conversations.turns import Turn
from agentlog.exports.target import Target, message_problems, tool_calls, tool_problems


class Trl(Target):
    """`{"prompt": […], "completion": [assistant], "tools": […]?, "example_id", "call_id"}`, arguments as objects.

    Of the chat templates that TRL ships, most raise at arguments that are text, and some at a content that is null.
    """

    name = "trl"
    least = 1
    columns: ClassVar[Mapping[str, str]] = {
        "prompt": "list: json",
        "completion": "list: json",
        "tools": "list: json",
        "example_id": "dtype: string",
        "call_id": "dtype: string",
    }
    compared = ("prompt", "completion", "example_id", "call_id")
    message_keys: ClassVar[Mapping[str, frozenset[str]]] = {
        "system": frozenset({"role", "content", "name"}),
        "user": frozenset({"role", "content", "name"}),
        "assistant": frozenset({"role", "content", "name", "reasoning_content", "tool_calls"}),
        "tool": frozenset({"role", "content", "name", "tool_call_id"}),
    }
    about = (
        "Conversational prompt-completion rows for TRL's `SFTTrainer` (and Unsloth): only the completion is learned. "
        "Arguments of tool calls are objects. Reasoning, where the log has it, is the message's `reasoning_content`. "
        "The trainer cuts a row at its `max_length` without a word: look at the longest row before you set it."
    )

    def example(self, conversation: Conversation) -> dict[str, Any]:
        """The example without ids."""
        made: dict[str, Any] = {
            "prompt": [_message(turn) for turn in conversation.prompt],
            "completion": [_message(conversation.answer)],
        }
        if conversation.tools:
            made["tools"] = conversation.tools
        return made

    def line(self, example: dict[str, Any], example_id: str, call_id: str) -> dict[str, Any]:
        """The example with its ids; TRL ignores columns that it does not know."""
        return {**example, "example_id": example_id, "call_id": call_id}

    def problems(self, line: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with a line."""
        if set(line) - {"tools"} != {"prompt", "completion", "example_id", "call_id"}:
            yield "the keys are not prompt, completion, example_id, call_id and perhaps tools"
            return
        prompt, completion = line["prompt"], line["completion"]
        yield from message_problems([*prompt, *completion], self.message_keys, strings=False)
        if not prompt or prompt[-1].get("role") not in ("user", "tool"):
            yield "the prompt does not end with a user's or a tool's message"
        if [message.get("role") for message in completion] != ["assistant"]:
            yield "the completion is not one assistant's message"
        if "tools" in line:
            yield from tool_problems(line["tools"])


def _message(turn: Turn) -> dict[str, Any]:
    made: dict[str, Any] = {"role": turn.role, "content": turn.content}
    if turn.name:
        made["name"] = turn.name
    if turn.role == "tool":
        made["tool_call_id"] = turn.answers
    if turn.reasoning and turn.role == "assistant":
        made["reasoning_content"] = turn.reasoning
    if turn.asks:
        made["tool_calls"] = tool_calls(turn.asks, strings=False)
    return made
