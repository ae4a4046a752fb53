"""What a study holds of small models: trained folders, saved evaluations, the router's table and its log.

A file that cannot be read takes nothing else with it: it is named on the page, under what is missing.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from agentlog.errors import AgentlogError
from agentlog.evaluation import Evaluation, SelfAgreement
from agentlog.evaluation.statistics import Share
from agentlog.models.folder import version_of
from agentlog.reporting.evidence import Evaluated, Interval, Routed, Trained
from agentlog.reporting.measured import Unmeasured
from agentlog.routing import log as decisions
from agentlog.routing.risk import bounds
from agentlog.routing.table import FILE, Table
from agentlog.tasks.study import Study

logger = logging.getLogger(__name__)

_TWO_SIDED: Final = 0.975
"""Each bound's confidence; both together are a 95 % interval."""


@dataclass(slots=True)
class Evidence:
    """By task id."""

    trained: dict[str, list[Trained]] = field(default_factory=lambda: defaultdict(list))
    evaluated: dict[str, list[Evaluated]] = field(default_factory=lambda: defaultdict(list))
    routed: dict[str, Routed] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    """Files that were passed over, each with what is wrong, and no word of a path outside the study."""
    router: bool = False
    """There is a routing table."""


def evidence(study: Study) -> Evidence:
    """Read a study. A folder that is not there is no evidence, and no error."""
    found = Evidence()
    for place in sorted(study.models.glob("*/model.json")):
        _guarded(found, place, study, _model)
    for place in sorted(study.evaluations.glob("*.json")):
        _guarded(found, place, study, _evaluation)
    if (study.routing / FILE).is_file():
        found.router = True
        _guarded(found, study.routing / FILE, study, _routes)
    for task, some in found.evaluated.items():
        there = {one.version for one in found.trained.get(task, ())}
        if task in found.routed:
            there.add(found.routed[task].version)
        some[:] = [replace(one, current=one.rung == "endpoint" or one.version in there) for one in some]
        some.sort(key=lambda one: one.made, reverse=True)
        some.sort(key=lambda one: (not one.proven, not one.current))
    return found


def _guarded(found: Evidence, place: Path, study: Study, read: Any) -> None:
    try:
        read(found, place)
    except (AgentlogError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        logger.warning("a file of the study cannot be read (%s): it is passed over", type(error).__name__)
        found.unreadable.append(f"{place.relative_to(study.path)} ({type(error).__name__})")


def _model(found: Evidence, place: Path) -> None:
    about = json.loads(place.read_text(encoding="utf-8"))
    card_at = place.with_name("run_card.json")
    card = json.loads(card_at.read_text(encoding="utf-8")) if card_at.is_file() else {}
    found.trained[str(about["task"]["id"])].append(
        Trained(
            folder=place.parent.name,
            rung=str(about["kind"]),
            version=version_of(about["sha256"]),
            examples=_examples(card),
            made=str(about.get("created") or ""),
        )
    )


def _examples(card: Mapping[str, Any]) -> int | None:
    """Calls that a model learned from: heads and taggers write them under `data`, language models too."""
    data = card.get("data")
    counts = [data.get(name) for name in ("n_train", "train", "examples")] if isinstance(data, Mapping) else []
    return next((one for one in counts if isinstance(one, int)), None)


def _evaluation(found: Evidence, place: Path) -> None:
    one = Evaluation.load(place)
    absent = one.not_measurable
    accepted = one.accepted.value if one.accepted is not None else None
    cost = one.cost_per_success_usd
    found.evaluated[one.task_id].append(
        Evaluated(
            model=one.model.rpartition("#")[2] if one.rung == "endpoint" else one.model,
            rung=one.rung,
            version=one.version,
            split=one.split,
            agreement=_interval_of(one.accepted_agreement, absent.get("accepted_agreement", "it is sure of no call")),
            overall=_interval_of(one.agreement, absent.get("agreement", "no call could be compared")),
            coverage=Unmeasured(absent.get("accepted", "its threshold is not known")) if accepted is None else accepted,
            itself=itself(one.self_agreement),
            verdict=one.noninferiority.verdict,
            margin=one.noninferiority.margin,
            usd_per_call=None if cost is None or one.agreement is None else cost * one.agreement.value,
            sentence=one.sentence,
            made=one.created,
        )
    )


def _interval_of(share: Share | None, why: str) -> Interval | Unmeasured:
    return Unmeasured(why) if share is None else Interval(share.value, share.low, share.high, share.n)


def itself(found: SelfAgreement) -> Interval | Unmeasured:
    """The LLM's agreement with itself, or why it is no measure."""
    if found.share is not None and found.measurable:
        return Interval(found.share.value, found.share.low, found.share.high, found.share.n, f"pair by {found.how}")
    seen = "" if found.share is None else f" (there: {found.share.value:.0%} of {found.share.n} pairs)"
    return Unmeasured(f"{found.why}{seen}")


def _routes(found: Evidence, place: Path) -> None:
    table = Table.load(place)
    logged: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in decisions.read(place.parent).select(["task_id", "route", "agreed", "saved_usd"]).to_pylist():
        if row["task_id"] is not None:
            logged[row["task_id"]].append(row)
    for task, route in table.routes.items():
        rows = logged.get(task, [])
        both = [row["agreed"] for row in rows if row["agreed"] is not None]
        saved = [row["saved_usd"] for row in rows if row["route"] == "model" and row["saved_usd"] is not None]
        found.routed[task] = Routed(
            state=route.state,
            share=route.share,
            model="endpoint" if "://" in route.model else Path(route.model).name,
            version=route.version,
            rung=route.rung,
            since=route.since,
            why=route.why,
            decisions=len(rows),
            avoided=sum(row["route"] == "model" for row in rows),
            disagreement=interval(both.count(False), len(both))
            if both
            else Unmeasured("no call was answered by both", "put the route into shadow, and let the agent run"),
            saved_usd=sum(saved) if saved else None,
        )


def interval(hits: int, n: int) -> Interval:
    """A share with its exact 95 % interval (Clopper and Pearson)."""
    low, high = bounds(hits, n, _TWO_SIDED)
    return Interval(hits / n, low, high, n)
