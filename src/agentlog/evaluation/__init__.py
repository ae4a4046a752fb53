"""How well a small model does what the LLM did, and how sure that is.

    evaluate(model, task) ── asks ──→ answers ── matching ──→ agreement, with intervals ──→ Evaluation
    replay(task, endpoint)                                       statistics

evaluating   asks a model
comparing    lays its answers beside the recorded ones
replay       recorded calls sent again
matching     when two answers are the same, by kind; values, texts
statistics   intervals by run, McNemar, non-inferiority, sample sizes
repeats      the LLM's agreement with itself
result       what comes out
"""

from __future__ import annotations

from agentlog.evaluation.evaluating import evaluate
from agentlog.evaluation.repeats import SelfAgreement, self_agreement
from agentlog.evaluation.replay import Replay, replay
from agentlog.evaluation.result import Evaluation

__all__ = ["Evaluation", "Replay", "SelfAgreement", "evaluate", "replay", "self_agreement"]
