"""What an evaluation found: figures with their intervals, and the sentence at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from agentlog.errors import DatasetError
from agentlog.evaluation.display import UNKNOWN, lines_of, number, percent, plural, table_of, usd
from agentlog.evaluation.repeats import SelfAgreement
from agentlog.evaluation.statistics import NonInferiority, Share
from agentlog.storage import durable

FORMAT: Final = 1


@dataclass(frozen=True, slots=True, repr=False)
class Evaluation:
    """A model beside the LLM whose recorded answers are the measure. Shares are 0 to 1.

    Example:
        >>> Evaluation.load("agentlog-records/studies/default/evaluations/t1-head-0123456789ab.json")  # doctest: +SKIP
    """

    task_id: str
    task_name: str
    model: str
    """How it is called here: its rung and version, or its address."""
    rung: str
    version: str
    llm: str
    """The model of most records; "" where they do not say."""
    split: str
    """"test", "train" or "all"."""
    test_share: float
    seed: int
    """Of the split."""
    kind: str
    """How answers were compared: "label", "tool_call", "json", "extraction", "text", "code"."""
    n: int
    """Calls."""
    runs: int
    """Traces that they come from."""
    threshold: float | None
    """Scores from here on are trusted; None: none is."""
    agreement: Share | None
    """Of all calls; one without an answer does not agree. Of texts: as good as the LLM's, where a judge was asked."""
    accepted: Share | None
    """Calls that it would be given: its score reaches the threshold, the prompt is not novel, the answer validates."""
    accepted_agreement: Share | None
    """Among the accepted."""
    noninferiority: NonInferiority
    """Of the accepted calls."""
    novel: float
    """Share of calls whose prompt is unlike those that it was trained on."""
    invalid: float
    """Share of its answers that could not be given to the application."""
    llm_invalid: float
    """The same of the recorded answers."""
    self_agreement: SelfAgreement
    failed: Mapping[str, int] = field(default_factory=dict)
    """Kind of error → calls to which an endpoint did not answer."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Figures of the kind, see `matching.summary`."""
    judged: Mapping[str, Any] | None = None
    """What a judge said, see `texts.Judged`."""
    latency_ms: Mapping[str, float | None] = field(default_factory=dict)
    """"p50" and "p95"."""
    llm_latency_ms: Mapping[str, float | None] = field(default_factory=dict)
    """Of the recorded calls."""
    cost_per_success_usd: float | None = None
    """Of the model: what its calls cost, for each that agrees. 0 where it runs in the caller's process."""
    llm_cost_per_success_usd: float | None = None
    """Of the LLM: what a recorded call cost, divided by its agreement with itself where that is known."""
    mcnemar_p: float | None = None
    """Against the LLM's own repeated answers to the same calls."""
    not_measurable: Mapping[str, str] = field(default_factory=dict)
    """Figure → why there is none."""
    warnings: tuple[str, ...] = ()
    created: str = ""
    """ISO 8601, UTC."""

    @property
    def sentence(self) -> str:
        """What it comes to."""
        where = f"On {plural(self.n, f'{self.split} call') if self.split != 'all' else plural(self.n, 'call')} of {plural(self.runs, 'run')}"
        whom = self.llm or "the LLM"
        if self.agreement is None:
            return f"{where} the agreement with {whom} is not measurable: {self.not_measurable.get('agreement', '')}."
        verb = "is judged as good as" if self.judged else "agrees with"
        said = f"{where} {self._who} {verb} {whom} in {_interval(self.agreement)}"
        if self.accepted is not None and self.accepted_agreement is not None and self.accepted.value < 1:
            said += (
                f"; it would be given {percent(self.accepted.value)} of them, and agrees there in "
                f"{_interval(self.accepted_agreement)}"
            )
        return f"{said}: {self._verdict}."

    @property
    def _who(self) -> str:
        return f"the {self.rung}" if self.rung != "endpoint" else self.model.rpartition("#")[2]

    @property
    def _verdict(self) -> str:
        found = self.noninferiority
        points = f"{number(100 * found.margin)} point{'' if found.margin == 0.01 else 's'}"
        whom = self.llm or "the LLM"
        ceiling = "" if found.paired else ", taking it that the LLM would always answer alike"
        if found.verdict == "yes":
            return f"within {points} of {whom}{ceiling}"
        if found.verdict == "no":
            return f"more than {points} below {whom}{ceiling}"
        if found.verdict == "not measurable":
            return f"whether it is within {points} is not measurable, {found.why}"
        if found.needed is None:
            return f"not enough to say it is within {points}, and more calls like these would not show it{ceiling}"
        return f"not yet enough to say it is within {points}; {found.needed:,} calls would be needed"

    def __repr__(self) -> str:
        return "\n".join([self._headline, *lines_of(self._rows()), self.sentence])

    def _repr_html_(self) -> str:
        return table_of(self._headline, self._rows(), self.sentence)

    @property
    def _headline(self) -> str:
        return f"{self.model} on task {self.task_name!r}, compared with {self.llm or 'the recorded LLM'} as {self.kind}"

    def _rows(self) -> list[tuple[str, str]]:
        rows = [
            ("calls", f"{self.n:,} of {plural(self.runs, 'run')} ({self.split})"),
            ("agreement", self._figure("agreement", self.agreement)),
            ("accepted", self._figure("accepted", self.accepted)),
            ("agreement, accepted", self._figure("accepted_agreement", self.accepted_agreement)),
            ("novel", percent(self.novel)),
            ("invalid answers", f"{percent(self.invalid)} (the LLM's own: {percent(self.llm_invalid)})"),
            *(("no answer", f"{plural(count, 'call')}: {kind}") for kind, count in self.failed.items()),
            *((name, said) for name, said in _details(self.details)),
        ]
        if self.judged:
            names = ("better", "ties", "worse", "swayed", "equal", "failed")
            rows.append(("judge", ", ".join(f"{name} {self.judged[name]}" for name in names if self.judged[name])))
        rows += [
            ("LLM with itself", str(self.self_agreement)),
            ("McNemar p", self._plain("mcnemar", None if self.mcnemar_p is None else number(self.mcnemar_p))),
            ("latency", f"{_times(self.latency_ms)} (the LLM's: {_times(self.llm_latency_ms)})"),
            ("cost per success", self._plain("cost", _cost(self.cost_per_success_usd))),
            ("the LLM's", self._plain("llm_cost", _cost(self.llm_cost_per_success_usd))),
            *(("warning", warning) for warning in self.warnings),
        ]
        return rows

    def _figure(self, name: str, found: Share | None) -> str:
        return self._plain(name, None if found is None else _interval(found))

    def _plain(self, name: str, said: str | None) -> str:
        return said if said is not None else f"not measurable: {self.not_measurable.get(name, 'not known')}"

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON values, and the sentence."""
        made: dict[str, Any] = {"format": FORMAT}
        for one in fields(self):
            value = getattr(self, one.name)
            made[one.name] = value.to_dict() if hasattr(value, "to_dict") else _json(value)
        return {**made, "sentence": self.sentence}

    def save(self, directory: str | Path) -> Path:
        """Write it as `<task id>-<rung>-<version>.json` into a folder, instead of an earlier one of that name; where it is.

        The place for it is `Study.of(dataset).evaluations`.
        """
        name = "-".join(re.sub(r"[^\w.-]", "_", part) for part in (self.task_id, self.rung, self.version))
        place = Path(directory) / f"{name}.json"
        durable.make_folder(place.parent)
        durable.write_text(place, json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n", aside=place.parent)
        return place

    @classmethod
    def load(cls, path: str | Path) -> Evaluation:
        """What `save` wrote.

        Raises:
            DatasetError: there is no such file, or it holds no evaluation that this agentlog reads.
        """
        try:
            said = json.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise DatasetError(
                f"{path} cannot be read: {error.strerror}. agentlog.evaluate(…).save(…) writes it"
            ) from error
        except ValueError as error:
            raise DatasetError(f"{path} is no evaluation: it is not JSON. Evaluate the model again") from error
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise DatasetError(f"{path} is no evaluation of format {FORMAT}: evaluate the model again")
        try:
            return cls.of_dict(said)
        except (KeyError, TypeError) as error:
            raise DatasetError(f"{path} is damaged: a field is missing or unknown. Evaluate the model again") from error

    @classmethod
    def of_dict(cls, said: Mapping[str, Any]) -> Evaluation:
        """What `to_dict` made."""
        given = {one.name: said[one.name] for one in fields(cls)}
        for name in ("agreement", "accepted", "accepted_agreement"):
            given[name] = None if given[name] is None else Share.of_dict(given[name])
        given["noninferiority"] = NonInferiority.of_dict(given["noninferiority"])
        given["self_agreement"] = SelfAgreement.of_dict(given["self_agreement"])
        given["warnings"] = tuple(given["warnings"])
        return cls(**given)


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    return value


def _interval(found: Share) -> str:
    return f"{percent(found.value)} (95 % interval {100 * found.low:.1f} to {percent(found.high)})"


def _times(found: Mapping[str, float | None]) -> str:
    if found.get("p50") is None:
        return "not measurable: no times are known"
    return f"p50 {number(found.get('p50'))} ms, p95 {number(found.get('p95'))} ms"


def _cost(value: float | None) -> str | None:
    return None if value is None else usd(value)


_NAMES: Final = {
    "exact": "equal answers",
    "lenient": "equal but for spelling",
    "macro_f1": "macro-F1",
    "names": "right tools",
    "names_and_arguments": "tools and arguments",
    "valid_json": "JSON at all",
    "field_f1": "F1 of fields",
    "word_f1": "F1 of words",
    "chrf": "chrF (0 to 100)",
}
_ARGUMENTS_SHOWN = 8


def _details(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = []
    for name, said in _NAMES.items():
        if name == "lenient" and details.get("lenient") == details.get("exact"):
            continue
        if name in details:
            value = details[name]
            shown = (
                UNKNOWN
                if value is None
                else number(value)
                if name in ("chrf", "macro_f1", "field_f1", "word_f1")
                else percent(value)
            )
            rows.append((said, f"{shown} over {plural(details['labels'], 'label')}" if name == "macro_f1" else shown))
    for name, said in (("not_called", "LLM calls, it does not"), ("called_without_need", "it calls, the LLM does not")):
        if name in details:
            rows.append((said, f"{details[name][0]:,} of {details[name][1]:,}"))
    worst = sorted(details.get("arguments", {}).items(), key=lambda item: item[1][0])
    rows += [
        ("worst arguments", f"{percent(hit)} of {n:,}  {name}")
        for name, (hit, n) in worst[:_ARGUMENTS_SHOWN]
        if hit < 1
    ]
    return rows
