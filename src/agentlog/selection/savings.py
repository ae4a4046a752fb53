"""What it saves when a candidate takes a task over."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from agentlog.errors import ConfigurationError
from agentlog.selection.profiling import Profile

if TYPE_CHECKING:
    from agentlog.selection.candidate import Candidate


@dataclass(frozen=True, slots=True)
class Saving:
    """USD a month. None: not measurable; `why` says why."""

    usd: float | None
    """What remains: avoided - candidate - cache. Below 0 it costs more than now."""
    share: float
    """Of the calls that the candidate answers, 0 to 1; the others stay with the language model."""
    avoided_usd: float | None
    """What the language model no longer costs."""
    candidate_usd: float | None
    """What the candidate costs: it is asked at every call, and a GPU of its own is paid whether it works or not."""
    cache_usd: float
    """What the other calls of the runs lose of the provider's prompt cache."""
    why: str

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


def saving(profile: Profile, candidate: Candidate, *, share: float = 1.0) -> Saving:
    """The saving a month, for that share of the task's calls.

    Args:
        profile: of the task.
        candidate: one of `candidates(task)`.
        share: of the calls that the candidate answers, 0 to 1: what the router lets through.

    Raises:
        ConfigurationError: the share is none.
    """
    if not 0 <= share <= 1:
        raise ConfigurationError(f"share is from 0 to 1; found {share!r}")
    cache = share * profile.cache_lost_usd_per_call * profile.calls_per_month
    avoided = None if profile.usd_per_month is None else share * profile.usd_per_month
    if candidate.rung == "llm":
        return Saving(0.0, 0.0, 0.0, profile.usd_per_month, 0.0, "nothing changes")
    costs = candidate.monthly_usd
    if avoided is None:
        reason = next((note for note in profile.notes if note.startswith("cost is not")), "cost is not measurable")
        return Saving(None, share, None, costs, cache, reason)
    if costs is None:
        return Saving(None, share, avoided, None, cache, "no price is known for serving this model")
    how = f"{share:.0%} of {profile.calls_per_month:,.0f} calls a month"
    if profile.rate_from == "assumed":
        how += ", as many as were recorded"
    return Saving(avoided - costs - cache, share, avoided, costs, cache, how)
