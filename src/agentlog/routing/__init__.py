"""Who answers this call: the LLM, or a small model that has earned it. The router's failure is always the LLM's answer.

router       `Router`: decide, outcome, put, move, status
decision     what was decided for one call, and why
finding      which task a call belongs to: by its template, else (`nearness`) by its words
opened       a model at work, and why an answer of it cannot be given
runs         a run stays with whom it began
risk         exact bounds and sequential tests
evidence     what is known of a route, and what that earns it
keeper       routing.json (`table`), decisions/ (`log`), evidence: kept together, by several processes
background   what is done off the caller's path
serving      `agentlog serve`
"""

from __future__ import annotations

from agentlog.routing.decision import Decision
from agentlog.routing.router import Router
from agentlog.routing.status import RouterStatus, RouteStatus

__all__ = ["Decision", "RouteStatus", "Router", "RouterStatus"]
