"""Traffic of small agents, made by the tests themselves; which task each call belongs to is known."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from agentlog.messages import parts
from agentlog.storage.schema import CALLS

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Traffic:
    """Calls as they are added, one second after another, with the true task of each."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.truth: dict[str, str] = {}

    def add(self, task: str, run: str, system: str | None, messages: list[Any], answer: Any, **columns: Any) -> None:
        number = len(self.rows)
        if isinstance(answer, str):
            answer = parts.text(answer)
        self.truth[f"c{number:05d}"] = task
        self.rows.append(
            {
                "call_id": f"c{number:05d}",
                "trace_id": run,
                "time": NOON + timedelta(seconds=number),
                "operation": "chat",
                "surface": "internal",
                "input_messages": [parts.message("system", parts.text(system)), *messages] if system else messages,
                "output_messages": None if answer is None else [parts.message("assistant", answer)],
                **columns,
            }
        )

    @property
    def table(self) -> pa.Table:
        return pa.Table.from_pylist(self.rows, schema=CALLS)


def user(text: str) -> Any:
    return parts.message("user", parts.text(text))


POLICIES = {
    "refund": "Refunds are paid within 5 working days to the card that was used.",
    "parcel": "Parcels leave the depot the next working day; tracking starts after the first scan.",
    "account": "Accounts can be deleted from Settings; a deletion takes 30 days.",
    "error": "Error codes that start with 0 mean that the local cache must be cleared.",
}
TOOLS = json.dumps([{"type": "function", "function": {"name": name}} for name in ("lookup_order", "create_ticket")])


@pytest.fixture
def support() -> Callable[..., Traffic]:
    """A support agent of four nodes and five tasks: one node chooses a tool, then writes a reply."""

    def make(runs: int = 40, nodes: bool = True, redacted: bool = True, seed: int = 0) -> Traffic:
        chance = random.Random(seed)
        made = Traffic()

        def node(name: str) -> dict[str, Any]:
            return {"node": name} if nodes else {}

        for number in range(runs):
            run = f"run-{seed}-{number}"
            kind = chance.choice(sorted(POLICIES))
            order = f"A-{chance.randrange(10_000, 99_999)}"
            name = (
                "<PERSON_1>"
                if redacted
                else chance.choice(["Ada", "Bruno", "Chiara", "Dmitri"]) + f" {chance.choice('ABCDEF')}."
            )
            text = f"Hello, my name is {name}. My {kind} {order} is {chance.choice(['late', 'wrong', 'broken', 'lost'])}. Thanks!"
            ticket = user(text)
            fields = json.dumps({"name": name, "order": order})
            made.add(
                "triage",
                run,
                "Classify the ticket as refund, parcel, account or error. One word.",
                [ticket],
                kind,
                **node("triage"),
            )
            made.add(
                "extract", run, "Extract name and order from the ticket as JSON.", [ticket], fields, **node("extract")
            )
            prompt = f"You answer support tickets. Use the tools. Policy: {POLICIES[kind]}"
            call = parts.tool_call("lookup_order", {"order": order}, f"call-{number}")
            result = parts.message("tool", parts.tool_call_response(f"Order {order} is in transit.", f"call-{number}"))
            reply = f"Dear {name}, order {order} is in transit. {POLICIES[kind]}"
            made.add("choose", run, prompt, [ticket], call, tool_definitions=TOOLS, **node("answer"))
            history = [ticket, parts.message("assistant", call), result]
            made.add("reply", run, prompt, history, reply, tool_definitions=TOOLS, **node("answer"))
            both = user(f"Ticket: {text}\nReply: {reply}")
            made.add(
                "check",
                run,
                "Check the reply for politeness and leaks. Answer as JSON.",
                [both],
                '{"ok": true}',
                **node("check"),
            )
        return made

    return make


@pytest.fixture
def traffic() -> Callable[[], Traffic]:
    return Traffic


@pytest.fixture
def ask() -> Callable[[str], Any]:
    """A user's message."""
    return user
