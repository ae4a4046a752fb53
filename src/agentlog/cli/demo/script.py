"""What the scripted provider answers to the agent. It knows no more than a model does: what is in the request."""

from __future__ import annotations

import re
from typing import Any, Final

from agentlog.cli.demo.prompts import ANSWER, CHECK, EXTRACT, TRIAGE
from agentlog.testing import Reply

STEPS: Final = ("triage", "extract", "answer: call a tool", "answer: write the reply", "check")
"""The five true tasks."""

_ORDER: Final = re.compile(r"\bA-\d{5}\b")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_NAME: Final = re.compile(
    r"(?:my name is|I am|this is) ([A-Z]\w+(?: [A-Z]\w+)?)|(?:regards,?|sincerely,|Thank you!|Thanks,)\s+([A-Z]\w+(?: [A-Z]\w+)?)"
)
_KINDS: Final = (
    ("technical", r"\b(?:app|sync|scanner|error)\b"),
    ("account", r"\b(?:log in|password|profile|phone number)\b"),
    ("refund", r"\b(?:refund|money back)\b"),
)
_BEGINNINGS: Final = {TRIAGE: STEPS[0], EXTRACT: STEPS[1], CHECK: STEPS[4]}


def step_of(body: dict[str, Any]) -> str:
    """Which of the five tasks a request to the chat route is."""
    messages = body["messages"]
    if messages[0]["content"].startswith(ANSWER):
        return STEPS[3] if messages[-1]["role"] == "tool" else STEPS[2]
    return _BEGINNINGS[messages[0]["content"]]


def script(route: str, body: dict[str, Any]) -> Reply | str | dict[str, Any] | None:
    """The script for `ScriptedProvider`; embeddings are left to its default."""
    if route != "chat":
        return None
    ticket = body["messages"][1]["content"]
    step = step_of(body)
    if step == STEPS[0]:
        return expected_kind(ticket)
    if step == STEPS[1]:
        return expected_details(ticket)
    if step == STEPS[2]:
        return Reply(tool_calls=[_tool_call(ticket)])
    if step == STEPS[3]:
        handbook = body["messages"][0]["content"].rpartition("\n")[2]
        return _reply(ticket, body["messages"][-1]["content"], handbook)
    return {"polite": True, "answers_the_question": "second level" not in ticket, "promises_too_much": False}


def expected_details(ticket: str) -> dict[str, str]:
    """What the extraction is answered."""
    return {
        "customer": _name(ticket),
        "email": _first(_MAIL, ticket),
        "order_id": _first(_ORDER, ticket),
        "mood": _mood(ticket),
    }


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


def _name(ticket: str) -> str:
    found = _NAME.search(ticket)
    return (found[1] or found[2]) if found else ""


def expected_kind(ticket: str) -> str:
    """What triage is answered."""
    return next((kind for kind, words in _KINDS if re.search(words, ticket, re.IGNORECASE)), "shipping")


def _mood(ticket: str) -> str:
    if re.search(r"annoying|twice already|again and again", ticket):
        return "angry"
    return "worried" if re.search(r"broken|crashes|by Friday|was not\b|never", ticket) else "calm"


def _tool_call(ticket: str) -> tuple[str, dict[str, Any]]:
    order = _first(_ORDER, ticket)
    if order:
        return "lookup_order", {"order_id": order}
    problem = max(re.split(r"(?<=[.!?])\s+", ticket.partition("\n")[0]), key=len)
    return "create_ticket", {"summary": problem, "urgent": _mood(ticket) == "angry"}


def _reply(ticket: str, result: str, handbook: str) -> str:
    opening = f"Dear {_name(ticket) or 'customer'}, thank you for writing to us."
    rule = handbook.partition(": ")[2]
    rule = rule[:1].upper() + rule[1:]
    if result.startswith("Ticket "):
        return f"{opening} {result} A colleague from the second level will write to you. {rule} Kind regards, your support team"
    return f"{opening} {result} {rule} Kind regards, your support team"
