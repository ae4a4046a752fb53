"""A router that decides as a test tells it to, and remembers what it was asked and told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from agentlog.routing.decision import Decision
from agentlog.tasks.reading import Answer

MODEL = "agentlog/triage@0123456789ab"


@dataclass
class ToldRouter:
    """Decides for the model where there is an answer."""

    say: Callable[[str], Answer | str | BaseException | None] = lambda text: None
    """The last message's text → the small model's answer; None: the LLM; an exception: the router fails."""
    remote: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[Decision, Any, float | None, Any]] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)

    def decide(self, messages: list[Any], **place: Any) -> Decision:
        self.asked.append({"messages": messages, **place})
        self.threads.append(threading.current_thread().name)
        content = messages[-1]["content"]
        said = self.say(content if isinstance(content, str) else "")
        if isinstance(said, BaseException):
            raise said
        trace = place.get("trace")
        if said is None:
            return Decision("llm", "t1", "triage", None, "shadow", state="shadow", trace=trace, pending=object())
        answer = Answer(said, ()) if isinstance(said, str) else said
        return Decision("model", "t1", "triage", 0.97, "trusted", answer, MODEL, "on", trace=trace)

    def decide_request(self, body: dict[str, Any], **place: Any) -> Decision:
        rest = {key: value for key, value in body.items() if key not in ("messages", "tools")}
        return self.decide(body["messages"], tools=body.get("tools"), request=rest, **place)

    def outcome(self, decision: Decision, answer: Any, *, latency_s: float | None = None, usage: Any = None) -> None:
        self.told.append((decision, answer, latency_s, usage))


@pytest.fixture
def told_router() -> Callable[..., ToldRouter]:
    return ToldRouter
