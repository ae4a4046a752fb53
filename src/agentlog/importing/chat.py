"""OpenAI's JSONL of conversations, as for fine-tuning: `{messages: […], tools?, metadata?}`.

A line is one call: the last message of the assistant is its answer, what stands before is its history. Earlier turns of
the assistant are history too; that they were calls of their own is not in the file.
"""

from __future__ import annotations

from typing import Any, Final

from agentlog import messages
from agentlog.importing.context import Context
from agentlog.importing.drafts import Run, Unreadable, instant, model_call
from agentlog.semconv import CHAT

NAME: Final = "chat"
SAYS: Final = "conversations in OpenAI's JSONL: {messages: [{role, content}], tools, metadata}"

_PARAMETERS: Final = frozenset(
    "model tools functions function_call tool_choice parallel_tool_calls response_format temperature top_p top_k max_tokens "
    "max_completion_tokens stop seed n frequency_penalty presence_penalty logit_bias logprobs top_logprobs reasoning_effort "
    "user safety_identifier verbosity".split()
)
_TIMES: Final = ("timestamp", "created_at", "created", "time")


def recognises(value: Any) -> bool:
    """Whether a value is a conversation."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("messages"), list)
        and bool(value["messages"])
        and all(isinstance(one, dict) and isinstance(one.get("role"), str) for one in value["messages"])
    )


def read(value: Any, id: str, context: Context) -> Run:
    """The call that a line amounts to."""
    if not recognises(value):
        raise Unreadable("no `messages` with a list of messages that have a role")
    said = value["messages"]
    last = next((number for number in range(len(said) - 1, -1, -1) if said[number]["role"] == "assistant"), None)
    if last is None:
        raise Unreadable("no message of an assistant among `messages`")
    offered = {} if context.tools is None or "tools" in value or "functions" in value else {"tools": context.tools}
    request = {**{key: value[key] for key in _PARAMETERS if key in value}, **offered, "messages": said[:last]}
    reading = messages.read("openai.chat", request, {"choices": [{"message": said[last]}]})
    when = next(filter(None, (instant(value.get(key)) for key in _TIMES)), None)
    draft = model_call(
        reading, CHAT, call_id=id, time=context.clock.at(when), attributes=_attributes(value, said[last])
    )
    used = any(part["type"] == "tool_call" for one in reading["output_messages"] for part in one["parts"])
    behind = len(said) - 1 - last
    return Run(
        [draft],
        tools_absent=used and "tool_definitions" not in reading,
        notes=("messages behind the assistant's last one are not part of its call, and left out",) if behind else (),
    )


def _attributes(value: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """A line's `metadata`, and whatever else it says that is no parameter."""
    metadata = value.get("metadata")
    known = {*_PARAMETERS, *_TIMES, "messages", "metadata"}
    found = {key: one for key, one in value.items() if key not in known and one is not None}
    if isinstance(metadata, dict):
        found.update(metadata)
    elif metadata is not None:
        found["metadata"] = metadata
    if answer.get("weight") is not None:
        found["weight"] = answer["weight"]
    return found
