"""The model's answers beside the recorded ones: which agree, which would be given, what that says."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agentlog.evaluation import matching, statistics, texts
from agentlog.evaluation.prices import Prices
from agentlog.evaluation.repeats import SelfAgreement
from agentlog.evaluation.replay import Replay, quantile_ms
from agentlog.evaluation.result import Evaluation
from agentlog.models.contract import Model, Prediction, Row
from agentlog.models.endpoint import Endpoint
from agentlog.models.validation import problems
from agentlog.tasks.reading import Answer, answer_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One call as the model answered it."""

    prediction: Prediction
    latency_s: float | None
    failure: str = ""
    cost_usd: float | None = 0.0


class Comparison:
    """The model's answers beside the recorded ones."""

    def __init__(self, rows: Sequence[Row], asked: Sequence[Asked], output_kind: str) -> None:
        self.rows = rows
        self.asked = asked
        self.references = [answer_of(row) for row in rows]
        self.answers: list[Answer | None] = [one.prediction.answer for one in asked]
        self.kind = matching.kind_of(output_kind, rows, self.references)
        self.matches = [
            matching.match(reference, answer, row, self.kind)
            for reference, answer, row in zip(self.references, self.answers, rows, strict=True)
        ]
        self.runs = [str(row.get("trace_id") or row.get("call_id")) for row in rows]
        self.valid = [
            None if answer is None else not problems(answer, row)
            for answer, row in zip(self.answers, rows, strict=True)
        ]
        self.missing: dict[str, str] = {}
        self.warnings: list[str] = []

    def result(
        self,
        model: Model,
        about: dict[str, Any],
        own: SelfAgreement,
        repeated: Replay | None,
        margin: float,
        judge: texts.Judge | str | None,
    ) -> Evaluation:
        """The evaluation.

        Args:
            model: whose threshold decides what is accepted.
            about: the fields of `Evaluation` that name model, task and split.
            own: the LLM's agreement with itself.
            repeated: the LLM's answers when it was asked the same calls again.
            margin: of non-inferiority.
            judge: of free texts.
        """
        judged, agrees = self._agreements(judge, about["llm"])
        accepted = [
            bool(valid) and not one.prediction.novel and one.prediction.score >= model.threshold
            for one, valid in zip(self.asked, self.valid, strict=True)
        ]
        agreement = self._share(agrees, "agreement")
        if about["threshold"] is None:
            self.missing["accepted_agreement"] = "no score is trusted: the model has no threshold"
        elif not any(accepted):
            self.missing["accepted_agreement"] = "no call is accepted"
        within = [hit if taken else None for hit, taken in zip(agrees, accepted, strict=True)]
        given = [valid for valid in self.valid if valid is not None]
        mcnemar, noninferiority = self._against(within, repeated, margin)
        return Evaluation(
            **about,
            kind=self.kind,
            n=len(self.rows),
            runs=len(set(self.runs)),
            agreement=agreement,
            accepted=statistics.share(accepted, self.runs),
            accepted_agreement=self._share(within, "accepted_agreement"),
            noninferiority=noninferiority,
            novel=sum(bool(one.prediction.novel) for one in self.asked) / len(self.rows),
            invalid=given.count(False) / len(given) if given else 0.0,
            llm_invalid=sum(bool(problems(one, row)) for one, row in zip(self.references, self.rows, strict=True))
            / len(self.rows),
            self_agreement=own,
            failed=dict(Counter(one.failure for one in self.asked if one.failure).most_common()),
            details=matching.summary(self.kind, self.matches, self.references, self.answers),
            judged=judged,
            latency_ms=_times([one.latency_s for one in self.asked]),
            llm_latency_ms=_times([row.get("duration_s") for row in self.rows]),
            cost_per_success_usd=self._cost(agrees, model),
            llm_cost_per_success_usd=self._llm_cost(own),
            mcnemar_p=mcnemar,
            not_measurable=self.missing,
            warnings=tuple(self.warnings),
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        )

    def _agreements(self, judge: texts.Judge | str | None, llm: str) -> tuple[dict[str, Any] | None, list[bool | None]]:
        """Whether each answer is the LLM's, or as good as it; None where that cannot be said."""
        equal = [one.strict for one in self.matches]
        if self.kind not in matching.OPEN:
            if judge is not None:
                self.warnings.append(f"the judge was not asked: answers of kind {self.kind!r} are compared")
            return None, list(equal)
        if judge is None:
            self.missing["agreement"] = "two good texts are seldom equal; judge= asks which is better"
            self.missing["accepted_agreement"] = self.missing["agreement"]
            return None, [None] * len(equal)
        asked, warning = texts.judge_of(judge, llm)
        if warning:
            self.warnings.append(warning)
        judged, as_good = texts.verdicts(asked, self.rows, self.references, self.answers, equal)
        if judged.failed == len(equal):
            self.missing["agreement"] = "the judge answered nothing that could be read"
        return {**judged.to_dict(), "warning": warning}, as_good

    def _share(self, hits: Sequence[bool | None], name: str) -> statistics.Share | None:
        known = [(hit, run) for hit, run in zip(hits, self.runs, strict=True) if hit is not None]
        if not known:
            self.missing.setdefault(name, "there is no answer to compare")
        return statistics.share([hit for hit, _ in known], [run for _, run in known])

    def _against(
        self, agrees: Sequence[bool | None], repeated: Replay | None, margin: float
    ) -> tuple[float | None, statistics.NonInferiority]:
        """McNemar and non-inferiority: in pairs where the LLM was asked again, else against its record."""
        if repeated is None:
            self.missing["mcnemar"] = "the LLM was not asked the same calls again: llm= does"
            known = [(hit, run) for hit, run in zip(agrees, self.runs, strict=True) if hit is not None]
            return None, statistics.noninferior([hit for hit, _ in known], [run for _, run in known], margin)
        again = {one.call_id: one.agrees for one in repeated.calls}
        both = [
            (hit, self_hit, run)
            for row, hit, run in zip(self.rows, agrees, self.runs, strict=True)
            if hit is not None and (self_hit := again.get(str(row.get("call_id")))) is not None
        ]
        if not both:
            self.missing["mcnemar"] = "no call was answered by both, the model and the LLM that was asked again"
        mine, theirs, runs = [one for one, _, _ in both], [one for _, one, _ in both], [run for _, _, run in both]
        paired = statistics.noninferior_paired(mine, theirs, runs, margin)
        return (statistics.mcnemar(mine, theirs) if both else None), paired

    def _cost(self, agrees: Sequence[bool | None], model: Model) -> float | None:
        costs = [one.cost_usd for one in self.asked]
        right = sum(hit is True for hit in agrees)
        if None in costs:
            why = Prices.of(model.base_url).why_unknown(model.model) if isinstance(model, Endpoint) else ""
            self.missing["cost"] = why or "the endpoint does not say how many tokens each call took"
            return None
        if not right:
            self.missing["cost"] = "no call is known to be answered as the LLM did"
            return None
        return sum(cost or 0.0 for cost in costs) / right

    def _llm_cost(self, own: SelfAgreement) -> float | None:
        costs = [float(cost) for row in self.rows if (cost := row.get("cost_usd")) is not None]
        if not costs:
            self.missing["llm_cost"] = "the records hold no cost (tokens or the model's price were not known)"
            return None
        again = own.share.value if own.measurable and own.share is not None else 1.0
        if not again:
            self.missing["llm_cost"] = "the LLM never gives the recorded answer again"
            return None
        return sum(costs) / len(costs) / again


def _times(seconds: Sequence[float | None]) -> dict[str, float | None]:
    known = [one for one in seconds if one is not None]
    return {"p50": quantile_ms(known, 0.5), "p95": quantile_ms(known, 0.95)}
