"""Who a call's answer was for: a program (`internal`), a person (`human`), or nobody can tell (`unknown`).

In this order: an explicit mark; exact identity (the message is the run's answer: LangGraph, LlamaIndex); the run's
answer holds the model's words; structure (only tool calls, structured output, below a tool). No person's answer may end
as `internal`: where the run has not ended yet, only what is certain without its end is said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from agentlog.messages.parts import text_of
from agentlog.records import Draft
from agentlog.semconv import EMBEDDINGS, EXECUTE_TOOL, MODEL_OPERATIONS, RETRIEVAL

INTERNAL: Final = "internal"
HUMAN: Final = "human"
UNKNOWN: Final = "unknown"

_MIN_WORDS: Final = 12
"""A shorter answer ("yes", "refund") may stand in a longer text by chance: it must be the whole of it."""


class Run:
    """What is known of a run when its calls are judged."""

    def __init__(self) -> None:
        self.ended = False
        self.reached_a_person = False
        """Some model call of this run was judged human."""
        self.answer_ids: set[str] = set()
        self.answers: list[str] = []
        self.above: dict[str, tuple[str | None, str]] = {}
        """Call id → (parent's id, operation)."""

    def note(self, draft: Draft) -> None:
        """A call of the run has ended."""
        row = draft.row
        self.above[row["call_id"]] = row.get("parent_id"), row["operation"]
        self.answer_ids.update(draft.answer_ids)
        is_model = row["operation"] in MODEL_OPERATIONS
        # a run that names its answer is taken at its word: its state holds other texts too
        if draft.answer_text and not draft.answer_ids and (draft.mark == HUMAN or (draft.root and not is_model)):
            self.answers.append(draft.answer_text)

    def below_tool(self, call_id: str) -> bool:
        """Whether a tool is among the calls around this one."""
        parent = self.above.get(call_id, (None, ""))[0]
        seen: set[str] = set()
        while parent is not None and parent not in seen:
            seen.add(parent)
            parent, operation = self.above.get(parent, (None, ""))
            if operation == EXECUTE_TOOL:
                return True
        return False


def judge(drafts: Sequence[Draft], run: Run) -> Sequence[Draft]:
    """Write `surface` and `surface_reason` into calls of one run; model calls first, the outermost call knows by them.

    A call that cannot be judged counts as human: what nobody can judge is not stored.
    """
    for one in sorted(drafts, key=lambda one: one.row["operation"] not in MODEL_OPERATIONS):
        try:
            surface, reason = decide(one, run)
        except Exception as error:  # noqa: BLE001 - fail closed, and go on with the others
            surface, reason = HUMAN, f"it could not be judged: {type(error).__qualname__}"
        one.row["surface"], one.row["surface_reason"] = surface, reason
        run.reached_a_person |= surface == HUMAN and one.row["operation"] in MODEL_OPERATIONS
    return drafts


def decide(draft: Draft, run: Run) -> tuple[str, str]:
    """The surface of a call and the reason, in a few words."""
    row = draft.row
    if row.get("surface_reason") and draft.mark:
        return draft.mark, row["surface_reason"]  # an importer knew
    if draft.mark:
        return draft.mark, "marked"
    if row["operation"] not in MODEL_OPERATIONS:
        return _of_other(draft, run)
    if run.answer_ids.intersection(draft.message_ids):
        return HUMAN, "the run's answer by its id"
    text = "".join(text_of(one) for one in row.get("output_messages") or ()).strip()
    if text and any(_holds(answer, text) for answer in run.answers):
        return HUMAN, "its words are in the run's answer"
    return _by_structure(draft, run, text)


def _of_other(draft: Draft, run: Run) -> tuple[str, str]:
    operation = draft.row["operation"]
    if draft.root and operation not in (EMBEDDINGS, RETRIEVAL):
        if run.reached_a_person:
            return HUMAN, "it gave a person the run's answer"
        return UNKNOWN, "the outermost call: who reads its answer is not known"
    return INTERNAL, f"{operation}: a program reads it"


def _by_structure(draft: Draft, run: Run, text: str) -> tuple[str, str]:
    row = draft.row
    parts = [part for one in row.get("output_messages") or () for part in one.get("parts") or ()]
    if parts and not text and any(part["type"] == "tool_call" for part in parts):
        return INTERNAL, "only tool calls"
    if asks_for_structure(row.get("request")):
        return INTERNAL, "structured output"
    if run.ended and run.below_tool(row["call_id"]):
        return INTERNAL, "below a tool"
    return UNKNOWN, "no run around it" if draft.root else "no evidence"


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


def _holds(answer: str, text: str) -> bool:
    if len(text) >= _MIN_WORDS:
        return text in answer
    return text in (line.strip() for line in answer.split("\n"))
