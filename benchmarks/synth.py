"""Precision, recall and F2 on the sentences of presidio-research, `synth_dataset_v2.json`, without any model.

The file (MIT) is in the source package of presidio-evaluator 0.3.2, not in its wheel:

    pip download --no-deps --no-binary :all: presidio-evaluator==0.3.2      and unpack it
    python benchmarks/synth.py presidio_evaluator-0.3.2/data/synth_dataset_v2.json [--presidio] [--show]

What is counted is what presidio-evaluator's `SpanEvaluator` counts by default for "PII or not", at an overlap of 0.9: words
that are next to each other, or have only stop words, marks and words like "Suite" between them, are one stretch; a stretch
that was annotated counts as found if the stretch that was found covers it and little else (intersection over union of
characters, first word to last). Kinds need not agree. `--presidio` does the same with plain Presidio (no model,
threshold 0; needs presidio-analyzer).

Two rows are printed for each redactor: all that is annotated, and without what a redactor of personal values leaves on
purpose (cities and countries, organisations, dates, ages, titles, nationalities, web sites): neither annotated nor, where
they were found, counted as wrong. Templates are in two halves, every other one: rules were written while looking at the
first, never at the second.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from agentlog.redaction.analysis import CONTENT, Analyser
from agentlog.redaction.entities import OPTIONAL
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.words import lists as words

LEAST: Final = 0.9
LEFT: Final = frozenset(("GPE", "ORGANIZATION", "DATE_TIME", "AGE", "TITLE", "NRP", "DOMAIN_NAME"))
"""Annotated, and no personal value to a policy that names nothing."""
SKIPPED: Final = frozenset(
    """'s street st. st de rue via and a the or do as of day address country state city zip po apt unit corner p.o. box suite
    mr. mrs. miss year years y/o month months old morning noon afternoon night evening this first last week weeks weekend
    days age ago inc inc. ltd >> >>> >>>>""".split()
) | words._words(words._FUNCTION)
"""presidio-evaluator's own words, and function words for spaCy's stop words."""
_TOKEN: Final = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|'s\b|\w+(?:\.(?=\w)\w+)*\.?(?<!\d\.)|\S")

Span = tuple[int, int]


class Found(NamedTuple):
    """One stretch that a redactor takes for a personal value."""

    start: int
    end: int
    entity: str


@dataclass
class Score:
    """What was annotated, what was found, and what of it agrees."""

    annotated: int = 0
    predicted: int = 0
    agreed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        """Precision, recall and F2."""
        precision, recall = self.agreed / max(1, self.predicted), self.agreed / max(1, self.annotated)
        f2 = 5 * precision * recall / max(1e-9, 4 * precision + recall)
        return f"F2 {f2:.3f}  precision {precision:.3f}  recall {recall:.3f}  ({self.annotated} annotated, {self.predicted} found)"


def tokens(text: str) -> list[Span]:
    """Words and marks; a point goes with an abbreviation, an e-mail address is one word."""
    return [match.span() for match in _TOKEN.finditer(text)]


def stretches(text: str, parts: list[Span], spans: Iterable[Span]) -> list[Span]:
    """First and last character of what is taken, joined over words that do not count."""
    taken = sorted(spans)
    inside = [any(a < end and start < b for a, b in taken) for start, end in parts]
    counts = [
        (text[start:end].lower() not in SKIPPED and text[start:end].isalnum())
        or (len(text[start:end]) > 1 and text[start:end].lower() not in SKIPPED)
        for start, end in parts
    ]
    found: list[Span] = []
    open_at: Span | None = None
    for (start, end), inner, counted in zip(parts, inside, counts, strict=True):
        if not counted:
            continue
        if inner:
            open_at = (start if open_at is None else open_at[0], end)
        elif open_at is not None:
            found.append(open_at)
            open_at = None
    return found if open_at is None else [*found, open_at]


def overlap(one: Span, others: Iterable[Span]) -> float:
    """Intersection over union of characters."""
    union, common = set(range(*one)), set()
    mine = set(union)
    for other in others:
        theirs = set(range(*other))
        common |= mine & theirs
        union |= theirs
    return len(common) / len(union)


def judge(score: Score, text: str, annotated: list[Found], found: list[Found]) -> None:
    """One sentence."""
    parts = tokens(text)
    truth = stretches(text, parts, [one[:2] for one in annotated])
    guesses = stretches(text, parts, [one[:2] for one in found])
    met: set[Span] = set()
    good: set[Span] = set()
    for one in truth:
        near = [guess for guess in guesses if guess[0] < one[1] and one[0] < guess[1]]
        met.update(near)
        score.annotated += 1
        if near:
            score.predicted += 1
            if overlap(one, near) >= LEAST:
                score.agreed += 1
                good.add(one)
    score.predicted += sum(guess not in met for guess in guesses)
    for one in annotated:
        mine = stretches(text, parts, [one[:2]])
        score.kinds[one.entity] += 1
        score.whole[one.entity] += any(
            (a <= one.start < b or a < one.end <= b or (one.start <= a and b <= one.end)) for a, b in good
        ) or any(
            overlap(each, [guess for guess in guesses if guess[0] < each[1] and each[0] < guess[1]]) >= LEAST
            for each in mine
        )
    for one in found:
        score.said[one.entity] += 1
        score.wrong[one.entity] += not any(a < one.end and one.start < b for a, b, _ in annotated)


def ours(everything: bool) -> Callable[[str], list[Found]]:
    """What agentlog finds; `everything`: also what it only finds where `entities=` names it."""
    rules = KeyRules({}, False, optional=OPTIONAL if everything else frozenset())
    analyser = Analyser(rules, os.urandom(32))
    return lambda text: [Found(*one[:3]) for one in analyser.fresh(text, CONTENT).findings]


def presidio() -> Callable[[str], list[Found]]:
    """Plain Presidio, no model."""
    import tldextract.tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    # its default fetches a list from the network
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    nlp = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "no_op"}])
    engine = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    return lambda text: [Found(one.start, one.end, one.entity_type) for one in engine.analyze(text, language="en")]


PRESIDIO_LEFT: Final = frozenset(("DATE_TIME", "URL", "NRP"))


def read(path: Path) -> Iterator[tuple[bool, str, list[Found]]]:
    """Whether a sentence is of the first half, its text, and what is annotated."""
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    first = set(sorted({row["template_id"] for row in rows})[::2])
    for row in rows:
        spans = [Found(one["start_position"], one["end_position"], one["entity_type"]) for one in row["spans"]]
        yield row["template_id"] in first, row["full_text"], sorted(spans)


def report(label: str, find: Callable[[str], list[Found]], path: Path, left: frozenset[str], show: bool) -> None:
    """Prints a redactor's figures."""
    scores = {
        name: Score() for name in ("all, both halves", "all, first half", "all, second half", "claimed, both halves")
    }
    for first, text, annotated in read(path):
        found = find(text)
        judge(scores["all, both halves"], text, annotated, found)
        judge(scores["all, first half" if first else "all, second half"], text, annotated, found)
        claimed = [one for one in annotated if one.entity not in LEFT]
        fair = [
            one
            for one in found
            if one.entity not in left
            and (
                any(a < one.end and one.start < b for a, b, _ in claimed)
                or not any(a < one.end and one.start < b for a, b, _ in annotated)
            )
        ]
        judge(scores["claimed, both halves"], text, claimed, fair)
        if show and first and found != annotated:
            print(
                repr(text),
                "\n    annotated",
                [(text[a:b], e) for a, b, e in annotated],
                "\n    found    ",
                [(text[a:b], e) for a, b, e in found],
            )
    print(f"== {label}")
    for name, score in scores.items():
        print(f"   {name:22} {score.line()}")
    score = scores["all, both halves"]
    print(
        "   found whole: "
        + "  ".join(f"{kind} {score.whole[kind]}/{count}" for kind, count in score.kinds.most_common())
    )
    print("   wrong: " + "  ".join(f"{kind} {score.wrong[kind]}/{count}" for kind, count in score.said.most_common()))


def main() -> None:
    """Prints the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--presidio", action="store_true", help="plain Presidio too")
    arguments.add_argument("--show", action="store_true", help="sentences of the first half where something differs")
    given = arguments.parse_args()
    report("agentlog, default policy", ours(False), given.file, frozenset(), given.show)
    report(f"agentlog, with {', '.join(sorted(OPTIONAL))}", ours(True), given.file, OPTIONAL, given.show)
    if given.presidio:
        report("plain Presidio", presidio(), given.file, PRESIDIO_LEFT, False)


if __name__ == "__main__":
    main()
