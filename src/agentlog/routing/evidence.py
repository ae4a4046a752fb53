"""What is known of one route since it came into its state, and whether that is enough to move it.

Promotion: shadow → canary → on, when the e-process of the state has proved agreement above `target - margin` among the
answers that would have been (or were) given. Rollback: from canary and on, when the alarm on checked answers is up.
A new state begins with new tests: what earned a canary is not counted again for the rest.
"""

from __future__ import annotations

from typing import Any, Final

from agentlog.routing import risk, table
from agentlog.routing.table import Route

_BASE: Final = 500
"""Calls of an epoch that tell what is usual."""
_SUSPICIOUS: Final = 0.5
_AUDITED_IN_SUSPICION: Final = 0.25


class Evidence:
    """Of one epoch of a route. Not thread-safe: the router holds a lock around it."""

    def __init__(self, route: Route) -> None:
        self.epoch = route.epoch
        self.version = route.version
        self.calls = 0
        """Calls that the model looked at."""
        self.novel = 0
        self.invalid = 0
        """Answers that did not pass validation."""
        self.accepted = 0
        """Calls that the model would have answered, or did."""
        self.failed = 0
        """Calls for which the model raised or did not answer."""
        self.promotion = risk.Promotion(max(route.target - route.margin, 0.5))
        self.alarm = risk.audit_alarm(route.target) if route.state in table.SERVING else None
        self.novelty: risk.Alarm | None = None
        self.strange = risk.strange_alarm()
        self._scores: list[float] = []
        self._strange_below = 0.0
        self.novel_since = 0
        """The number of the call at which the novelty alarm went up for the first time; 0: it never did."""

    def saw(self, reason: str, *, novel: bool, accepted: bool, score: float | None) -> bool:
        """Takes in one call that the model looked at; whether a novelty alarm goes up for the first time.

        There are two: on the share of calls that the model's gates stop, and on the share that it scores like its strangest.
        """
        self.calls += 1
        self.novel += novel
        self.accepted += accepted
        self.invalid += reason == "invalid"
        if self.novelty is None:
            if score is not None:
                self._scores.append(score)
            if self.calls >= _BASE:
                self.novelty = risk.novelty_alarm(self.novel / self.calls)
                self._scores.sort()
                self._strange_below = self._scores[int(risk.STRANGE * len(self._scores))] if self._scores else 0.0
                self._scores.clear()
            return False
        strange = score is not None and score < self._strange_below
        up = self.novelty.add(novel) | self.strange.add(strange)
        if not up or self.novel_since:
            return False
        self.novel_since = self.calls
        return True

    def compared(self, agreed: bool) -> None:
        """Takes in one answer that the model would have given, beside the LLM's."""
        self.promotion.add(agreed)
        if self.alarm is not None:
            self.alarm.add(not agreed)

    @property
    def audit_share(self) -> float:
        """At least so many calls are to be checked: more while the alarm is half up."""
        return _AUDITED_IN_SUSPICION if self.alarm is not None and self.alarm.suspicion >= _SUSPICIOUS else 0.0

    def verdict(self, route: Route, auto: bool) -> tuple[str, str] | None:
        """The state that the route has earned, and why in a sentence; None: it stays."""
        if route.pinned:
            return None
        agreed, n = self.promotion.agree, self.promotion.n
        if self.alarm is not None and self.alarm.up:
            return table.ROLLED_BACK, f"{n - agreed} of {n} checked answers disagreed with the LLM: the alarm is up"
        following = {table.SHADOW: table.CANARY, table.CANARY: table.ON}.get(route.state)
        if not auto or following is None or not self.promotion.passed:
            return None
        floor, alpha = self.promotion.floor, self.promotion.alpha
        return (
            following,
            f"{agreed} of {n} answers agreed with the LLM: above {floor:.3f} at error {alpha:.2f}, whenever looked at",
        )

    def to_dict(self) -> dict[str, Any]:
        """Figures for routing.json."""
        agreed, n = self.promotion.agree, self.promotion.n
        lower, upper = risk.bounds(agreed, n)
        made: dict[str, Any] = {
            "version": self.version, "calls": self.calls, "accepted": self.accepted, "novel": self.novel,
            "invalid": self.invalid, "failed": self.failed, "compared": n, "agreed": agreed,
            "lower": round(lower, 5), "upper": round(upper, 5), "log_e_value": round(self.promotion.wealth, 3),
        }  # fmt: skip
        if self.alarm is not None:
            made["alarm"] = {"level": round(self.alarm.level, 3), "threshold": self.alarm.threshold}
        return made
