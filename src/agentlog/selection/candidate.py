"""One thing that could serve a task, and all of them."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from agentlog.errors import UnknownName
from agentlog.selection import display
from agentlog.selection.catalogue import Figure
from agentlog.selection.profiling import Profile

RUNGS: Final = ("head", "tagger", "slm-1b", "slm-4b", "slm-8b", "llm")
"""The ladder, the cheapest first."""
RUNG_NAMES: Final = {
    "head": "compiled head",
    "tagger": "tagger",
    "slm-1b": "SLM \N{LESS-THAN OR EQUAL TO} 1 B",
    "slm-4b": "SLM \N{LESS-THAN OR EQUAL TO} 4 B",
    "slm-8b": "SLM \N{LESS-THAN OR EQUAL TO} 8 B",
    "llm": "LLM as it is",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could serve the task. None: not known, or it does not apply."""

    rung: str
    """One of `RUNGS`."""
    name: str
    """"head", "tagger", the model's id, or the name of the language model as it is."""
    model: str | None
    """The base model's id; None for a head and a tagger."""
    params: float | None
    licence: str | None
    """SPDX id, else `LicenseRef-…`."""
    commercial: str
    """"yes", "no", "conditions", or ""."""
    memory_gb: float | None
    """To serve one call at a time, weights and cache, in 10^9 bytes."""
    latency_ms: float | None
    """Of one call alone; for a language model an estimate on `hosting`, without network and queue."""
    monthly_usd: float | None
    """What answering all of the task's calls costs in a month."""
    hosting: str
    """What `monthly_usd` buys: "in your process", "1 x A10G", "hosted by …", "as now"."""
    saving_usd: float | None
    """A month, against now, with what is lost of the prompt cache."""
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    note: str
    """What the catalogue says of it besides."""
    excluded: str
    """Why it is out; "" where it is not."""
    constraint: str
    """What excluded it: "capability", "context", "licence", "memory", "latency", "budget"; "" where nothing did."""
    expected_rank: float | None = None
    """Among 15 models after fine-tuning, 1 is best: published, else from the compute of pre-training (`ranking`)."""
    facts: Mapping[str, Figure] = field(default_factory=dict, repr=False)
    """Figures with their sources; benchmarks under `benchmark <name>`."""

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "facts"}
        plain["pros"], plain["cons"] = list(self.pros), list(self.cons)
        facts = {
            name: {key: getattr(one, key) for key in ("value", "source", "setting", "by") if getattr(one, key) != ""}
            for name, one in self.facts.items()
        }
        return plain | {"facts": facts}


@dataclass(frozen=True, slots=True, repr=False)
class Candidates:
    """What could serve a task, rung by rung, the most promising of a rung first; and what could not, and why.

    Example:
        >>> import agentlog
        >>> found = agentlog.candidates(tasks["triage"], licences="commercial", memory_gb=24)  # doctest: +SKIP
        >>> found.best.name  # doctest: +SKIP
        'head'
        >>> found["Qwen/Qwen3-8B"].excluded  # doctest: +SKIP
        ''
    """

    rows: tuple[Candidate, ...]
    """All, the excluded ones too."""
    profile: Profile
    constraints: Mapping[str, Any]
    """What was demanded."""
    assumptions: tuple[str, ...]
    """What the estimates rest on."""

    def __iter__(self) -> Iterator[Candidate]:
        """Those that are not excluded."""
        return (row for row in self.rows if not row.excluded)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return any(row.name == name for row in self.rows)

    def __getitem__(self, name: str) -> Candidate:
        """The candidate of that name, excluded or not.

        Raises:
            UnknownName: there is none; the message holds close names.
        """
        for row in self.rows:
            if row.name == name:
                return row
        names = [row.name for row in self.rows]
        close = difflib.get_close_matches(str(name), names, n=5, cutoff=0.4)
        close += [one for one in names if str(name).lower() in one.lower() and one not in close]
        raise UnknownName(f"no candidate {name!r} among {len(names)}. Close: {', '.join(close[:5] or names[:5])}")

    @property
    def excluded(self) -> tuple[Candidate, ...]:
        """Those that are out, each with its reason."""
        return tuple(row for row in self.rows if row.excluded)

    @property
    def best(self) -> Candidate | None:
        """Where to begin: a head or tagger that suits and saves, else a language model, else the LLM as it is.

        Of the language models those count that save nearly as much as the one that saves most (a tenth less at most; where
        no saving is measurable, those that cost up to twice the cheapest); of these the one with the best expected rank,
        and of equals the smaller. None when everything is excluded.
        """
        left = [row for row in self if row.saving_usd is None or row.saving_usd > 0 or row.rung == "llm"]
        for rung in ("head", "tagger"):
            if own := [row for row in left if row.rung == rung]:
                return own[0]
        models = [row for row in left if row.rung.startswith("slm")]
        saved = [row.saving_usd for row in models if row.saving_usd is not None]
        costs = [row.monthly_usd for row in models if row.monthly_usd is not None]
        if saved:
            models = [row for row in models if row.saving_usd is not None and row.saving_usd >= 0.9 * max(saved)]
        elif costs:
            models = [row for row in models if row.monthly_usd is not None and row.monthly_usd <= 2 * min(costs)]
        llm = [row for row in left if row.rung == "llm"]
        return min(models, key=lambda row: (row.expected_rank or 99, row.params or 0), default=llm[0] if llm else None)

    def excluded_by(self) -> dict[str, int]:
        """Constraint → how many it excluded, the most first."""
        return dict(Counter(row.constraint for row in self.excluded).most_common())

    def __repr__(self) -> str:
        return display.text(self)

    def _repr_html_(self) -> str:
        return display.html(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON values: the task's profile, the constraints, every candidate with its facts."""
        best = self.best
        return {
            "task": {"id": self.profile.task_id, "name": self.profile.task_name},
            "profile": display.profile_dict(self.profile),
            "constraints": dict(self.constraints),
            "assumptions": list(self.assumptions),
            "best": None if best is None else best.name,
            "sentence": display.sentence(self),
            "candidates": [row.to_dict() for row in self.rows],
        }
