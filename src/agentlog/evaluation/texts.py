"""Labels and free texts: F1 of labels, chrF, whether a text is a copy, and a judge who is asked twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agentlog.errors import AgentlogError, ConfigurationError, MissingExtra
from agentlog.models.answers import canonical
from agentlog.models.contract import Row
from agentlog.models.endpoint import Endpoint
from agentlog.tasks.reading import Answer

Judge = Callable[[str, str, str], str]
"""judge(prompt, answer a, answer b) → "a", "b" or "tie"."""
_SPACE: Final = re.compile(r"\s+")


def by_label(references: Sequence[Answer], candidates: Sequence[Answer | None]) -> dict[str, Any]:
    """`macro_f1` over the labels that the LLM gave, and how many those are.

    A label that only the model gives lowers the precision of no label of the LLM's, but the recall of the one it missed.
    """
    wanted = [canonical(one) for one in references]
    given = [None if one is None else canonical(one) for one in candidates]
    hits = Counter(one for one, other in zip(wanted, given, strict=True) if one == other)
    asked, said = Counter(wanted), Counter(given)
    scores = [2 * hits[label] / (asked[label] + said[label]) for label in asked]
    return {"macro_f1": sum(scores) / len(scores) if scores else None, "labels": len(asked)}


def chrf(references: Sequence[Answer], candidates: Sequence[Answer | None]) -> float:
    """ChrF (M. Popović, WMT 2015) of all texts together, 0 to 100, by sacrebleu.

    Raises:
        MissingExtra: sacrebleu is not installed.
    """
    try:
        from sacrebleu.metrics.chrf import CHRF
    except ImportError as error:
        raise MissingExtra("sacrebleu", "study", "comparing free texts") from error
    said = ["" if one is None else one.text for one in candidates]
    return float(CHRF().corpus_score(said, [[one.text for one in references]]).score)


def stands_in(text: str, row: Row) -> bool:
    """Whether a text stands in the messages that the model was given."""
    wanted = _SPACE.sub(" ", text).strip()
    return any(wanted in _SPACE.sub(" ", said) for said in _said(row))


def _said(row: Row) -> list[str]:
    parts = [part for message in row.get("input_messages") or () for part in message.get("parts") or ()]
    return [text for part in parts for text in (part.get("text"), part.get("result")) if text]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judge said of the answers that are not equal; each pair is shown in both orders."""

    better: int
    """Both times the model's answer was preferred."""
    ties: int
    """A tie both times, or a tie once: no difference that holds."""
    worse: int
    """Both times the LLM's."""
    swayed: int
    """The first place won, or the second, whatever stood there: counted as a tie, and a sign of the judge's quality."""
    equal: int
    """Equal texts, which were not shown to the judge."""
    failed: int = 0
    """The judge did not answer, or in other words than it was told; not counted as anything."""
    warning: str = ""

    @property
    def as_good(self) -> int:
        """Of the answers that were judged or are equal: those that are not worse."""
        return self.better + self.ties + self.swayed + self.equal

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        names = ("better", "ties", "worse", "swayed", "equal", "failed", "warning")
        return {name: getattr(self, name) for name in names}


def verdicts(
    judge: Judge,
    rows: Sequence[Row],
    references: Sequence[Answer],
    candidates: Sequence[Answer | None],
    equal: Sequence[bool],
) -> tuple[Judged, list[bool | None]]:
    """Ask a judge about every answer that is not equal to the recorded one, in both orders.

    Returns:
        The counts; and for each answer whether it is not worse (None: the judge failed).
    """
    counts: Counter[str] = Counter()
    as_good: list[bool | None] = []
    for row, reference, candidate, is_equal in zip(rows, references, candidates, equal, strict=True):
        word = "equal" if is_equal else "worse"
        if not is_equal and candidate is not None:
            word = _both_ways(judge, "\n".join(_said(row)), written(reference), written(candidate))
        counts[word] += 1
        as_good.append(None if word == "failed" else word != "worse")
    judged = Judged(
        better=counts["better"],
        ties=counts["ties"],
        worse=counts["worse"],
        swayed=counts["swayed"],
        equal=counts["equal"],
        failed=counts["failed"],
    )
    return judged, as_good


def _both_ways(judge: Judge, prompt: str, reference: str, candidate: str) -> str:
    try:
        first, second = judge(prompt, reference, candidate), judge(prompt, candidate, reference)
    except AgentlogError:
        return "failed"
    if first not in ("a", "b", "tie") or second not in ("a", "b", "tie"):
        return "failed"
    if "tie" in (first, second):
        return "ties"
    if first == second:
        return "swayed"
    return "better" if first == "b" else "worse"


def written(answer: Answer) -> str:
    """An answer as text for a reader."""
    return "\n".join([answer.text, *(f"{name}({arguments})" for name, arguments in answer.calls)]).strip()


_QUESTION: Final = """Two answers were given to the same request. Which one serves it better? Length and style do not count.

[request]
{prompt}

[answer a]
{a}

[answer b]
{b}

Answer with one word: a, b or tie."""


def judge_of(judge: Judge | str, teacher: str | None) -> tuple[Judge, str]:
    """The judge that a caller named: a function, or an address like `https://…/v1#model`; and a warning, or "".

    Args:
        judge: what was given.
        teacher: the LLM that gave the recorded answers. A judge of its own family prefers its family's answers.
    """
    if callable(judge):
        return judge, ""
    if not isinstance(judge, str):
        raise ConfigurationError(
            f"judge= is a function or an address like https://…/v1#model; found {type(judge).__name__}"
        )
    endpoint = Endpoint.at(judge)

    def ask(prompt: str, a: str, b: str) -> str:
        said = endpoint.complete(_QUESTION.format(prompt=prompt, a=a, b=b))
        words = re.findall(r"[a-z]+", said.lower())
        return words[-1] if words else ""

    family = _family(endpoint.model)
    if teacher and family == _family(teacher):
        return (
            ask,
            f"the judge {endpoint.model} is of the family of {teacher}, whose answers it judges: it may prefer them",
        )
    return ask, ""


def _family(model: str) -> str:
    """The first word of a model's name, without its vendor: gpt, claude, qwen.

    >>> _family("openai/gpt-4o"), _family("Qwen3-0.6B")
    ('gpt', 'qwen')
    """
    name = model.rpartition("/")[2].lower()
    found = re.match(r"[a-z]+", name)
    word = found[0] if found else name
    return "gpt" if word in ("chatgpt", "o") else word
