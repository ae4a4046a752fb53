"""The router asked and told by an adapter: whatever goes wrong in it, the application gets the LLM's answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from agentlog import runtime
from agentlog.recording import context
from agentlog.routing.decision import Decision
from agentlog.routing.router import Router
from agentlog.routing.serving.completions import Reply, askable, reply
from agentlog.tasks.reading import Answer

TRACE_HEADER = "x-agentlog-trace"
"""A request's header that names the run it belongs to. It is not sent on."""


def asked(decide: Callable[[], Decision]) -> Decision | None:
    """What the router decides; None where it fails."""
    try:
        decision = decide()
    except Exception as error:  # noqa: BLE001 - the router's failure is the LLM's answer
        runtime.problem("the router failed", error)
        return None
    if decision.route == "model" and decision.answer is None:
        runtime.problem("the router decided for a model and had no answer")
        return None
    return decision


async def asked_async(router: Router, decide: Callable[[], Decision]) -> Decision | None:
    """`asked`, without holding up the event loop where a remote model may be asked."""
    if getattr(router, "remote", False):
        return await asyncio.to_thread(asked, decide)
    return asked(decide)


def question(router: Router, request: Any, **place: str | None) -> Callable[[], Decision] | None:
    """What there is to decide of a chat request in OpenAI's form; None where an answer of ours cannot serve it.

    Args:
        router: whom to ask.
        request: the request's body.
        place: `trace`, `agent`, `node`, `call_site` and `user` of the request, where they are known.
    """
    if not isinstance(request, Mapping) or not isinstance(request.get("messages"), list) or not askable(request):
        return None
    return lambda: router.decide_request(request, **place)


def written(decision: Decision | None, request: Mapping[str, Any]) -> Reply | None:
    """A small model's answer as it goes over the wire; None where the LLM has to be asked."""
    if decision is None or decision.route != "model":
        return None
    try:
        return reply(decision, request)
    except Exception as error:  # noqa: BLE001 - as above
        runtime.problem("an answer of a small model could not be written", error)
        return None


def tell(
    router: Router,
    decision: Decision | None,
    answer: Answer | Mapping[str, Any] | None,
    *,
    latency_s: float | None = None,
    usage: Any = None,
) -> None:
    """Say what the LLM answered to a call that was decided; None: the call failed. Never raises."""
    if decision is None or decision.route == "model":
        return
    try:
        if usage is None and isinstance(answer, Mapping):
            usage = answer.get("usage")
        router.outcome(decision, answer, latency_s=latency_s, usage=usage)
    except Exception as error:  # noqa: BLE001 - as above
        runtime.problem("the router could not take in an answer", error)


def run_around() -> str | None:
    """The trace of the run that is around this, as it is recorded; None where there is none that has more than one call."""
    call = context.innermost()
    session = context.session()
    if call is not None and (call.depth > 0 or call.trace != call.id):
        return call.trace
    return session.trace or None if session is not None else None


def trace_around() -> str | None:
    """The trace of what is around this, be it the call itself; None where nothing is recorded."""
    run = run_around()
    if run is not None:
        return run
    call = context.innermost()
    return call.trace or None if call is not None else None
