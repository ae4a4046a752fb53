"""From a request and its task to a decision, and from the LLM's answer to evidence.

What raises here is caught by the router, and is the LLM's answer.
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentlog.messages.usage import read_usage
from agentlog.models.asking import Asked, Asking, Redacted, agree, answer_in
from agentlog.redaction import Redactor
from agentlog.routing import log, table
from agentlog.routing.decision import Decision
from agentlog.routing.keeper import Keeper, of_route
from agentlog.routing.opened import Judged, Opened
from agentlog.routing.runs import Runs, drawn
from agentlog.semconv import OUR_MODELS


@dataclass(slots=True)
class Pending:
    """What an LLM's answer is compared with."""

    opened: Opened
    asked: Asked | None
    """To be judged after the outcome; None: judged already."""
    judged: Judged | None
    done: bool = False


class Deciding:
    """Decides for requests whose task is known.

    Args:
        keeper: the routes.
        redactor: the policy of the records.
        names: task id → name.
    """

    def __init__(self, keeper: Keeper, redactor: Redactor, names: Mapping[str, str]) -> None:
        self.asking = Asking(redactor)
        self._keeper = keeper
        self._redactor = redactor
        self._names = names
        self._runs = Runs()
        self._numbers = itertools.count()
        self._prefix = secrets.token_hex(6)

    def decide(self, task: str, asked: Asked, redacted: Redacted | None, trace: str | None, began: float) -> Decision:
        """Who answers a call of the task `task`. `began` is when the decision did, by `time.perf_counter`."""
        opened = self._keeper.opened.get(task)
        if opened is None or opened.route.state in (table.OFF, table.ROLLED_BACK):
            state = table.OFF if opened is None else opened.route.state
            reason = "no model" if opened is None else f"the route is {state.replace('_', ' ')}"
            return self._settle(task, opened, None, reason, trace, began)
        route = opened.route
        run = trace if trace is not None else asked.unit
        chosen = route.state == table.ON or (route.state == table.CANARY and drawn(task, run) < route.share)
        server = self._runs.began_with(trace, task, opened if chosen else None)
        if server is not None and (server.dead or route.state not in table.SERVING):
            server = None
        if opened.problem and server in (None, opened):
            return self._settle(task, opened, None, opened.problem, trace, began)
        asker = server or opened
        if server is None and asker.remote:  # nobody waits for an endpoint whose answer is not given
            return self._settle(
                task, asker, None, self._why_llm(opened), trace, began, pending=Pending(asker, asked, None)
            )
        judged = asker.judge(redacted or self.asking.redact(asked, trace))
        self._keeper.saw(asker, judged.code, accepted=judged.accepted, score=judged.score)
        pending = Pending(asker, None, judged) if judged.answer is not None else None
        if server is None:
            return self._settle(task, asker, judged, self._why_llm(opened), trace, began, pending=pending)
        if not judged.accepted:
            return self._settle(task, server, judged, judged.reason, trace, began, pending=pending)
        evidence = self._keeper.evidence.get(task)
        share = max(server.route.audit_share, evidence.audit_share if evidence is not None else 0.0)
        if drawn("audit", task, trace or "", asked.unit) < share:
            return self._settle(task, server, judged, "audit", trace, began, pending=pending, audit=True)
        return self._settle(task, server, judged, "trusted", trace, began)

    def _why_llm(self, opened: Opened) -> str:
        return {
            table.SHADOW: "shadow",
            table.CANARY: "canary: this run is not among its share, or began before",
        }.get(opened.route.state, "the run began with the LLM")

    def _settle(
        self,
        task: str,
        opened: Opened | None,
        judged: Judged | None,
        reason: str,
        trace: str | None,
        began: float,
        *,
        pending: Pending | None = None,
        audit: bool = False,
    ) -> Decision:
        """The decision, written down."""
        name = self._names.get(task, task)
        serves = reason == "trusted"
        saved = None
        if serves and opened is not None and opened.route.cost_per_call_usd is not None:
            saved = opened.route.cost_per_call_usd - opened.route.cache_lost_usd
        route = opened.route if opened is not None else None
        decision = Decision(
            "model" if serves else "llm", task, name, judged.score if judged else None, reason,
            judged.answer if serves and judged else None,
            f"{OUR_MODELS}{name}@{route.version}" if serves and route else None,
            route.state if route else table.OFF, audit, self._new_id(), trace, pending,
        )  # fmt: skip
        self._keeper.decided(task, serves, saved)
        self._keeper.log.add(
            log.DECISION, id=decision.id, trace=self._pseudonym(trace), route=decision.route,
            reason=judged.code if judged else reason.partition(":")[0], score=decision.score, audit=audit, saved_usd=saved,
            novel=judged.code == "novel" if judged else None, accepted=judged.accepted if judged else None,
            decided_s=time.perf_counter() - began, **(of_route(opened) if opened is not None else {"task_id": task}),
        )  # fmt: skip
        return decision

    def no_task(self, trace: str | None, began: float) -> Decision:
        """The decision for a call of no known task, written down."""
        decision = self.llm("no known task", trace)
        self._keeper.no_task()
        self._keeper.log.add(
            log.DECISION, id=decision.id, trace=self._pseudonym(trace), route="llm", reason="no known task",
            audit=False, decided_s=time.perf_counter() - began,
        )  # fmt: skip
        return decision

    def llm(self, reason: str, trace: str | None) -> Decision:
        """A decision for the LLM that is not written down: nothing could be found out."""
        return Decision("llm", None, "", None, reason, id=self._new_id(), trace=trace)

    def _new_id(self) -> str:
        return f"{self._prefix}-{next(self._numbers)}"

    def _pseudonym(self, trace: str | None) -> str | None:
        return None if trace is None else self._redactor.pseudonym(trace, "trace")

    def compare(self, decision: Decision, pending: Pending, answer: Any, latency_s: float | None, usage: Any) -> None:
        """Takes in the LLM's answer: compares, writes down, adds to the evidence."""
        said = answer_in(answer)
        judged, opened = pending.judged, pending.opened
        late: dict[str, Any] = {}
        if judged is None and pending.asked is not None:
            if said is None:
                return
            judged = opened.judge(self.asking.redact(pending.asked, decision.trace))
            self._keeper.saw(opened, judged.code, accepted=judged.accepted, score=judged.score)
            late = {
                "reason": judged.code, "score": judged.score, "novel": judged.code == "novel", "accepted": judged.accepted,
            }  # fmt: skip
        agreed = (
            agree(judged.answer, said)
            if judged is not None and judged.answer is not None and said is not None
            else None
        )
        tokens: Mapping[str, Any] = read_usage(usage) or {}
        self._keeper.log.add(
            log.OUTCOME, id=decision.id, route=decision.route, agreed=agreed, audit=decision.audit,
            latency_s=None if latency_s is None else max(0.0, latency_s), input_tokens=tokens.get("input_tokens"),
            output_tokens=tokens.get("output_tokens"), **late, **of_route(opened),
        )  # fmt: skip
        if agreed is not None and judged is not None and judged.accepted:
            self._keeper.compared(opened, agreed)
