"""OpenAI's chat fine-tuning format, which Azure, Together, Fireworks and NeMo read too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from agentlog.conversations.conversation import Conversation
from agentlog.conversations.turns import Turn
from agentlog.exports.target import Target, message_problems, tool_calls, tool_problems

_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_-]+")


class OpenAI(Target):
    """`{"messages": […], "tools": […]?, "parallel_tool_calls"?}`, arguments as JSON text.

    OpenAI trains every assistant's turn whose `weight` is not 0, so the turns before the answer get that weight, unless
    the log says otherwise. Unknown keys are an error there: the ids stand in `lineage.parquet` only.
    """

    name = "openai"
    least = 10
    columns: ClassVar[Mapping[str, str]] = {
        "messages": "list: json",
        "tools": "list: json",
        "parallel_tool_calls": "dtype: bool",
    }
    compared = ("messages", "parallel_tool_calls")
    message_keys: ClassVar[Mapping[str, frozenset[str]]] = {
        "system": frozenset({"role", "content", "name"}),
        "user": frozenset({"role", "content", "name"}),
        "assistant": frozenset({"role", "content", "name", "tool_calls", "weight"}),
        "tool": frozenset({"role", "content", "tool_call_id"}),
    }
    about = (
        "OpenAI's chat fine-tuning format (Azure, Together, Fireworks and NeMo read it too): only assistant turns whose "
        "`weight` is not 0 are learned. Arguments of tool calls are JSON text. Reasoning has no place in the format and "
        "is left out. An `example_id` in `lineage.parquet` is the SHA-256 of its line with sorted keys."
    )

    def example(self, conversation: Conversation) -> dict[str, Any]:
        """The example, which is the line."""
        earlier = [_message(turn, 0 if turn.weight is None else turn.weight) for turn in conversation.prompt]
        made: dict[str, Any] = {"messages": [*earlier, _message(conversation.answer, conversation.answer.weight)]}
        if conversation.tools:
            made["tools"] = conversation.tools
            if conversation.parallel is not None:
                made["parallel_tool_calls"] = conversation.parallel
        return made

    def line(self, example: dict[str, Any], example_id: str, call_id: str) -> dict[str, Any]:
        """The example as it is: OpenAI refuses keys that it does not know."""
        return example

    def problems(self, line: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with a line."""
        if "messages" not in line or not set(line) <= set(self.columns):
            yield "the keys are not messages and perhaps tools and parallel_tool_calls"
            return
        messages = line["messages"]
        yield from message_problems(messages, self.message_keys, strings=True)
        if len(messages) < 2 or messages[-1].get("role") != "assistant":
            yield "the last message is not an assistant's answer to something"
        elif messages[-1].get("weight", 1) == 0:
            yield "the answer has the weight 0: nothing would be learned"
        if any(message.get("weight", 1) not in (0, 1) for message in messages):
            yield "a weight is neither 0 nor 1"
        if "tools" in line:
            yield from tool_problems(line["tools"])
        if not isinstance(line.get("parallel_tool_calls", True), bool):
            yield "parallel_tool_calls is neither true nor false"


def _message(turn: Turn, weight: int | None) -> dict[str, Any]:
    if turn.role == "tool":
        return {"role": "tool", "tool_call_id": turn.answers, "content": turn.content}
    made: dict[str, Any] = {"role": turn.role}
    if turn.content or not turn.asks:
        made["content"] = turn.content
    if turn.name:
        made["name"] = _NOT_IN_NAMES.sub("_", turn.name)[:64]
    if turn.asks:
        made["tool_calls"] = tool_calls(turn.asks, strings=True)
    if turn.role == "assistant" and weight is not None:
        made["weight"] = weight
    return made
