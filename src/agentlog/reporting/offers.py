"""What the selection says of a task: what to try first, and what a model saves that answers some of its calls."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache

from agentlog.errors import AgentlogError, MissingExtra
from agentlog.reporting.evidence import Evaluated, Offer, Saving
from agentlog.reporting.measured import Unmeasured, absent
from agentlog.selection import Candidate, Candidates, Catalogue, candidates, saving
from agentlog.selection.candidate import RUNG_NAMES
from agentlog.tasks import Task

logger = logging.getLogger(__name__)

_OURS = ("head", "tagger")


@cache
def _catalogue() -> Catalogue:
    return Catalogue.load()


class Selection:
    """Asks the selection about one task after the other; the shipped catalogue is read once."""

    def __init__(self) -> None:
        self.missing: Unmeasured | None = None
        """Why nothing can be asked."""
        try:
            self._catalogue: Catalogue | None = _catalogue()
        except MissingExtra as error:
            self._catalogue, self.missing = None, absent(error)

    def ladder(self, task: Task) -> Candidates | None:
        """The candidates for a task; None where the selection cannot say."""
        if self._catalogue is None:
            return None
        try:
            return candidates(task, catalogue=self._catalogue)
        except AgentlogError as error:
            logger.warning("candidates of a task cannot be found: %s", type(error).__name__)
            return None


def offer(found: Candidates | None) -> Offer | None:
    """What to try first; None where the LLM stays the best, or nothing can be said."""
    best = found.best if found is not None else None
    if best is None or best.rung == "llm":
        return None
    return Offer(best.name, RUNG_NAMES.get(best.rung, best.rung), best.pros[:2], best.cons[:2])


def saved(
    found: Candidates | None, missing: Unmeasured | None, evaluated: tuple[Evaluated, ...]
) -> Saving | Unmeasured:
    """What the task's best model saves, where it is given all the calls that it is sure of.

    Args:
        found: the candidates.
        missing: why there are none.
        evaluated: the best first; the first one's coverage is the share.
    """
    if found is None:
        return missing or Unmeasured("the task's calls say too little")
    about = found.profile
    if about.usd_per_call is None:
        why = next(
            (note.partition(": ")[2] for note in about.notes if note.startswith("cost is not")), "no call has a price"
        )
        return Unmeasured(
            why, "" if "llm=" in why else "record with `pip install 'agentlog[prices]'` and the model's name"
        )
    if not evaluated:
        most = about.usd_per_call * 1000
        return Unmeasured(f"no model was evaluated; the LLM's answers cost ${most:.2g} for 1,000 calls")
    one = evaluated[0]
    if not isinstance(one.coverage, int | float):
        return Unmeasured("how many of the calls the model would answer is not known")
    candidate = _candidate(found, one)
    if candidate is None:
        return Unmeasured("what the model costs is not known", "evaluate it with `price=`")
    result = saving(about, candidate, share=one.coverage)
    if result.usd is None:
        return Unmeasured(result.why)
    thousand = result.usd / about.calls_per_month * 1000
    short = about.rate_from == "assumed"
    month = Unmeasured("the records are too short") if short else result.usd
    return Saving(
        candidate=f"{one.rung} {one.version}".strip(),
        share=one.coverage,
        month_usd=month,
        thousand_usd=thousand,
        cache_usd=result.cache_usd / about.calls_per_month * 1000,
        basis=f"{about.cost_from} cost of the LLM" + (f", {result.why}" if not short else ""),
    )


def _candidate(found: Candidates, one: Evaluated) -> Candidate | None:
    """The evaluated model as the selection's arithmetic takes it."""
    if one.rung in _OURS:
        return next((row for row in found.rows if row.name == one.rung), None)
    if one.usd_per_call is None:
        return None
    likeness = next((row for row in found.rows if row.rung not in (*_OURS, "llm")), None)
    if likeness is None:
        return None
    return replace(likeness, name=one.model, monthly_usd=one.usd_per_call * found.profile.calls_per_month)
