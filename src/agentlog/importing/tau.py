"""τ-bench's trajectories: `{task_id, trial, reward, traj: [messages]}`.

A trajectory is one run. Each message of the assistant is a model call with the history that it saw, each message of a
tool a tool call. The person is played by a model of the benchmark: its turns are no calls of the agent. `info` holds the
truth about the task and that person, which the agent never saw: it is not read.
"""

from __future__ import annotations

from typing import Any, Final

from agentlog import messages
from agentlog.importing.context import Context
from agentlog.importing.drafts import Run, Unreadable, identity, model_call, tool_call
from agentlog.messages.parts import Part
from agentlog.records import Draft
from agentlog.semconv import CHAT

NAME: Final = "tau"
SAYS: Final = "runs of τ-bench: {traj: [messages], reward, task_id, trial}"

_REPLY: Final = "reply in a conversation"
_BESIDE_A_CALL: Final = "said beside a tool call: the benchmark only runs the call"


def recognises(value: Any) -> bool:
    """Whether a value is a trajectory."""
    return isinstance(value, dict) and isinstance(value.get("traj"), list)


def read(value: Any, id: str, context: Context) -> Run:
    """The calls of a trajectory, and its reward as feedback."""
    if not recognises(value):
        raise Unreadable("no `traj` with a list of messages")
    traj = value["traj"]
    if not all(isinstance(one, dict) and isinstance(one.get("role"), str) for one in traj):
        raise Unreadable("`traj` holds something that is no message with a role")
    attributes = {key: value[key] for key in ("task_id", "trial") if isinstance(value.get(key), int | str)}
    model = value.get("model") or (value["info"].get("model") if isinstance(value.get("info"), dict) else None)
    run = Run([], whole=True)
    asked: dict[str, tuple[str, Part]] = {}  # tool call id → the model call that asked, and what it asked
    last: list[tuple[str, Part]] = []  # what the last model call asked, for results without an id
    for number, said in enumerate(traj):
        role = said["role"]
        if role == "assistant" and number:
            draft = _model_call(said, traj[:number], model, identity(id, "traj", number), id, context, attributes)
            run.drafts.append(draft)
            last = [(draft.row["call_id"], part) for part in _calls(draft)]
            asked.update({one[1]["id"]: one for one in last if one[1].get("id")})  # type: ignore[misc]  # there is an id
            run.tools_absent |= bool(last) and not draft.row.get("tool_definitions")
        elif role in ("tool", "function"):
            tool_id = said.get("tool_call_id")
            found = asked.pop(tool_id, None) if isinstance(tool_id, str) else None
            if found is None and not tool_id and last:
                found = last.pop(0)
            run.drafts.append(_tool_call(said, found, identity(id, "traj", number), id, context))
    reward = value.get("reward")
    if isinstance(reward, int | float):
        run.feedback.append(
            {
                "feedback_id": identity(id, "reward"),
                "time": context.clock.at(None),
                "name": "reward",
                "score": float(reward),
                "trace_id": id,
            }
        )
    return run


def _calls(draft: Draft) -> list[Part]:
    return [
        part for one in draft.row.get("output_messages") or () for part in one["parts"] if part["type"] == "tool_call"
    ]


def _model_call(
    said: dict[str, Any],
    history: list[Any],
    model: Any,
    call_id: str,
    trace_id: str,
    context: Context,
    attributes: dict[str, Any],
) -> Draft:
    request = {"messages": history, "tools": context.tools, "model": model}
    reading = messages.read("openai.chat", request, {"choices": [{"message": said}]})
    draft = model_call(
        reading, CHAT, call_id=call_id, trace_id=trace_id, time=context.clock.at(None), attributes=attributes
    )
    parts = reading["output_messages"][0]["parts"]
    if not any(part["type"] == "tool_call" for part in parts):
        # what the agent says without calling a tool is sent to the person
        draft.mark, draft.row["surface_reason"] = "human", _REPLY
    elif any(part["type"] == "text" for part in parts):
        draft.mark, draft.row["surface_reason"] = "internal", _BESIDE_A_CALL
    return draft


def _tool_call(
    said: dict[str, Any], asked: tuple[str, Part] | None, call_id: str, trace_id: str, context: Context
) -> Draft:
    reading = messages.read("openai.chat", {"messages": [said]}, None)
    response = reading["input_messages"][0]["parts"][0]
    parent_id, part = asked or (None, Part())
    id = part.get("id") or response.get("id")
    return tool_call(
        part.get("name") or response.get("name"),
        part.get("arguments"),
        response.get("result"),
        call_id=call_id,
        trace_id=trace_id,
        parent_id=parent_id,
        time=context.clock.at(None),
        attributes={"tool_call_id": id} if id else {},
    )
