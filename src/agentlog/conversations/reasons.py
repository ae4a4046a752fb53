"""Why a call does not become a row: one code for each reason, and what the code means."""

from __future__ import annotations

from typing import Final

REASONS: Final[dict[str, str]] = {
    "redaction_failed": "redaction failed, so only the shape of the call is stored",
    "prompt_empty": "nothing that was asked of the model is stored",
    "prompt_ends_with_assistant": "the prompt ends with the assistant's own words, which a trainer would continue",
    "prompt_ends_with_system": "the prompt ends with a system message; trainers want user or tool last",
    "no_answer": "the answer has neither text nor a tool call",
    "last_turn_weight_0": "the log gives the answer the weight 0: it is not to be learned",
    "weight_not_0_or_1": "a message has a weight other than 0 and 1",
    "role_unknown": "a message has a role other than system, developer, user, assistant and tool",
    "part_unknown": "a message holds a part that this format has no place for",
    "image_not_stored": "an image, a sound or a document is stored as a hash only",
    "image_by_address": "an image, a sound or a document is known by its address only",
    "server_side_tool": "the provider ran a tool inside the assistant's turn",
    "tool_call_misplaced": "a tool call stands in a message that is not the assistant's",
    "tool_message_mixed": "a tool's message holds text beside the tool's result",
    "tool_result_orphaned": "a tool result answers no tool call before it",
    "tool_result_mismatched": "a tool result bears another tool's name than the call that it answers",
    "tool_call_unanswered": "a tool call in the prompt has no result",
    "tool_name_invalid": "a tool's name is not 1 to 64 of a-z A-Z 0-9 _ -",
    "tool_definition_invalid": "the tools on offer are no strict JSON, or one of them is no function",
    "arguments_not_json": "a tool call's arguments are no JSON (cut off, for example)",
    "arguments_not_strict": "a tool call's arguments hold NaN, an infinite number, a lone surrogate or 100 levels",
    "arguments_beyond_64_bits": "a tool call's arguments hold an integer beyond 64 bits",
    "arguments_not_object": "a tool call's arguments are JSON and no object",
    "arguments_double_encoded": "a tool call's arguments are an object inside a JSON string",
    "number_changed_by_loader": "the consumer's loader changes a number of the row (0.7 becomes 0.7000000000000001)",
    "same_example": "the row equals an earlier one",
    "prompt_on_other_side": "the same prompt came earlier, on the other side of the split",
}
"""Reason → what it means, for the card, the manifest and messages."""


class Refused(Exception):
    """A call cannot become a row: it is counted and left out. `reason` is a key of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason])
        self.reason = reason
