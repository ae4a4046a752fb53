"""For and against each candidate, for one task under its constraints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from agentlog.selection.candidate import Candidate
from agentlog.selection.catalogue import Entry
from agentlog.selection.devices import Device, Load, Served, serve
from agentlog.selection.footprint import bits_per_weight, kv_bytes_per_token, memory_gb, weights_gb
from agentlog.selection.licences import Allowed
from agentlog.selection.prices import Price, Prices, cost
from agentlog.selection.profiling import Profile
from agentlog.selection.ranking import expected_rank
from agentlog.selection.savings import saving

_ENOUGH_TO_TRY: Final = 200
"""Kept examples below which a head or tagger has too little to prove itself on."""
_FILLED: Final = 0.8
"""Share of values that a tagger must be able to find."""
_FEW_SHAPES: Final = 4
_ONE_SHAPE: Final = 0.6
"""More shapes, none of them in most calls: then an answer is first of all a decision. On recorded airline agents a linear model chose the
next of 14 tools right in 67 % of calls only."""
_SHOWN: Final = ("bfcl_v4", "bfcl_v4_2025_12", "bfcl_v3", "bfcl_v2", "tau2_bench", "ifeval")
_NAMES: Final = {
    "bfcl_v4": "BFCL v4",
    "bfcl_v4_2025_12": "BFCL v4 (Dec 2025)",
    "bfcl_v3": "BFCL v3",
    "bfcl_v2": "BFCL v2",
    "tau2_bench": "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}-bench",
    "ifeval": "IFEval",
}
_LATENCY_MS: Final = {"head": 0.1, "tagger": 0.4}
"""Measured p50 of one call on one core: benchmarks/small_models.py."""


class Judge:
    """Judges candidates for one task."""

    def __init__(
        self,
        about: Profile,
        allowed: Allowed,
        limits: Mapping[str, float | None],
        book: Prices,
        weights: str,
        devices: tuple[Device, ...],
    ) -> None:
        """Take the task's numbers and what is demanded.

        Raises:
            UnknownName: there is no such weight format.
        """
        bits_per_weight(weights, 1e9)
        self.about, self.allowed, self.limits, self.book = about, allowed, limits, book
        self.weights, self.devices = weights, devices
        read, written = about.input_tokens, about.output_tokens
        self.tokens = read.p99 + written.p99 if read and written else None
        self.load = Load(read.mean, written.mean, about.peak_per_s, about.calls_per_month) if read and written else None

    def head(self) -> Candidate:
        """The compiled head."""
        a = self.about.answers
        suits = "" if a.closed else "answers are no closed set: " + self._open()
        if a.closed and a.n_distinct == 1:
            suits = "every call has the same answer: there is nothing to choose"
        pros = [f"{a.n_distinct} different answers, {a.closed_share or 0:.0%} of calls with one seen 5 times or more"]
        return self._own("head", suits, [] if suits else pros)

    def tagger(self) -> Candidate:
        """The tagger."""
        a = self.about.answers
        share = a.fill_share
        if a.structured_share < 0.5 or share is None:
            suits = "answers are neither tool calls nor JSON" if a.n else "no answers are stored"
        elif a.n_shapes > _FEW_SHAPES and a.main_shape_share < _ONE_SHAPE:
            suits = (
                f"answers choose among {a.n_shapes} shapes, the most frequent in {a.main_shape_share:.0%} of calls: "
                "to choose the next step is not copying"
            )
        elif share < _FILLED:
            suits = f"only {share:.0%} of {a.n_values:,} values stand in the prompt or recur in their field"
        else:
            suits = ""
        pros = [] if suits else [f"{share:.0%} of {a.n_values:,} values stand in the prompt or recur in their field"]
        if not suits and a.n_shapes > 1:
            return self._own("tagger", suits, pros, [f"must also choose among {a.n_shapes} shapes of answers"])
        return self._own("tagger", suits, pros)

    def _open(self) -> str:
        a = self.about.answers
        if not a.n:
            return "none are stored"
        return f"{a.n_distinct:,} different ones in {a.n:,} calls, {a.closed_share or 0:.0%} seen 5 times or more"

    def _own(self, rung: str, unsuitable: str, pros: list[str], against: Sequence[str] = ()) -> Candidate:
        """A rung that is trained from the calls alone and runs in the application's process."""
        about, latency = self.about, _LATENCY_MS[rung]
        cons = list(against)
        if about.n_examples < _ENOUGH_TO_TRY:
            cons.append(f"only {about.n_examples:,} examples: too few to prove 99 % agreement")
        pros += ["no GPU, no base model, no licence but yours", f"about {latency:g} ms a call"]
        cons.append("answers only what it is sure of; the rest stays with the LLM")
        found = Candidate(
            rung, rung, None, None, None, "yes", 0.0, latency, 0.0, "in your process", None, tuple(pros), tuple(cons), "",
            unsuitable, "capability" if unsuitable else "", None, {},
        )  # fmt: skip
        return self._finished(found)

    def model(self, rung: str, entry: Entry) -> Candidate:
        """A language model of the catalogue."""
        memory = memory_gb(entry.params, entry.shape, tokens=self.tokens or 0.0, format=self.weights)
        served = self._served(entry, memory)
        price = self._hosted(entry)
        usd, hosting = self._cheapest(served, price)
        found = Candidate(
            rung,
            entry.id,
            entry.id,
            entry.params,
            entry.spdx,
            entry.commercial,
            memory if entry.released else None,
            served.latency_s * 1000 if served else None,
            usd,
            hosting,
            None,
            tuple(self._pros(entry, usd)),
            tuple(self._cons(entry, served, hosting)),
            entry.note,
            "",
            "",
            expected_rank(entry),
            dict(entry.figures) | {f"benchmark {name}": one for name, one in entry.benchmarks.items()},
        )
        for constraint, why in (
            ("capability", self._incapable(entry)),
            ("context", self._too_long(entry)),
            ("licence", self.allowed.refuses(entry.spdx, entry.commercial, entry.licence_why)),
        ):
            if why:
                return replace(found, excluded=why, constraint=constraint, monthly_usd=None, hosting="")
        return self._finished(found)

    def too_large(self, entry: Entry) -> Candidate:
        """A model of the user's that is not small."""
        found = self.model("slm-8b", entry)
        why = f"{entry.params / 1e9:.1f} B parameters: not a small model (10 B at most)"
        return found if found.excluded else replace(found, excluded=why, constraint="capability")

    def llm(self, named: str | None) -> Candidate:
        """What answers now."""
        about = self.about
        name = ", ".join(about.models) or named or "the LLM"
        usd = about.usd_per_month
        latency = about.duration_s.p50 * 1000 if about.duration_s else None
        pros = ("nothing to train, nothing to evaluate",)
        cons = ("what it costs is not measurable",) if usd is None else ()
        found = Candidate(
            "llm", name, None, None, None, "", None, latency, usd, "as now", 0.0, pros, cons, "", "", "", None, {}
        )
        return self._finished(found)

    def _finished(self, found: Candidate) -> Candidate:
        """With the saving, and excluded where a number is above its limit."""
        found = replace(found, saving_usd=saving(self.about, found).usd)
        if found.excluded:
            return replace(found, saving_usd=None)
        for constraint, value, name, unit in (
            ("memory", found.memory_gb, "memory_gb", "GB"),
            ("latency", found.latency_ms, "latency_ms", "ms"),
            ("budget", found.monthly_usd, "monthly_budget", "USD a month"),
        ):
            limit = self.limits[name]
            if limit is not None and value is not None and value > limit:
                why = f"{constraint}: {value:,.1f} {unit}, above {limit:,g}"
                return replace(found, excluded=why, constraint=constraint)
        return found

    def _incapable(self, entry: Entry) -> str:
        if not entry.released:
            return "no published weights"
        if not self.about.answers.n:
            return "no answers are stored: there is nothing to train on or to compare with"
        if entry.tool_template == "none":
            return "a base model without a chat template: there is nothing to render the calls with"
        if entry.tool_template == "drops" and (self.about.output_kind == "tool_call" or self.about.offers_tools >= 0.5):
            return "its chat template drops tool calls, and this task has them"
        return ""

    def _too_long(self, entry: Entry) -> str:
        if self.tokens is None or entry.context is None or entry.context >= self.tokens:
            return ""
        return f"context of {entry.context:,} tokens; 1 % of the calls need {self.tokens:,.0f} or more"

    def _served(self, entry: Entry, memory: float) -> Served | None:
        if self.load is None or not entry.released:
            return None
        active = weights_gb(
            entry.active_params, self.weights, entry.shape if entry.active_params == entry.params else None
        )
        tokens = self.load.input_tokens + self.load.output_tokens
        cache = kv_bytes_per_token(entry.shape) * tokens / 1e9 if entry.shape else 0.0
        for device in self.devices:
            if memory <= device.memory_gb:
                return serve(device, entry.active_params, active, cache, memory, self.load)
        return None

    def _hosted(self, entry: Entry) -> Price | None:
        return self.book.hosted(entry.id, self.load.input_tokens, self.load.output_tokens) if self.load else None

    def _cheapest(self, served: Served | None, price: Price | None) -> tuple[float | None, str]:
        offers: list[tuple[float, str]] = []
        if served and served.usd_per_month is not None:
            offers.append((served.usd_per_month, f"{served.n_devices} \N{MULTIPLICATION SIGN} {served.device.name}"))
        if price and self.load:
            usd = cost(price, self.load.input_tokens, self.load.output_tokens) * self.load.calls_per_month
            offers.append((usd, f"hosted by {price.where}"))
        return min(offers, default=(None, ""))

    def _pros(self, entry: Entry, usd: float | None) -> list[str]:
        now = self.about.usd_per_month
        found = [f"{entry.spdx}: free for commercial use"] if entry.commercial == "yes" else []
        if usd is not None and now and usd < now:
            found.append(f"{now / usd:,.0f}\N{MULTIPLICATION SIGN} cheaper than now" if usd else "costs nothing")
        if entry.fine_tuned_rank is not None:
            found.append(f"average rank {entry.fine_tuned_rank:g} of {entry.rank_of} after fine-tuning")
        for name in _SHOWN:
            if name in entry.benchmarks:
                one = entry.benchmarks[name]
                found.append(f"{_NAMES[name]} {one.value:.3g} ({one.by or 'not stated'})")
        if self.tokens and entry.context and entry.context >= 4 * self.tokens:
            found.append(f"context {entry.context:,} for {self.tokens:,.0f}")
        return found

    def _cons(self, entry: Entry, served: Served | None, hosting: str) -> list[str]:
        about = self.about
        found = []
        if entry.commercial in ("no", "conditions"):
            found.append(f"{entry.spdx}: {entry.licence_why or entry.commercial}")
        elif not entry.spdx:
            found.append("licence not known")
        if served and hosting.endswith(served.device.name):
            busy = "less than 1 %" if served.utilisation < 0.01 else f"{served.utilisation:.0%}"
            found.append(f"its GPU works {busy} of the month: other tasks' adapters could share it")
        if hosting.startswith("hosted"):
            found.append("price of the untuned model; latency of a provider not known")
        if entry.reasoning:
            found.append("writes its thoughts first: time and tokens are a multiple of what is estimated")
        if about.output_kind == "tool_call" and not any(name.startswith(("bfcl", "tau2")) for name in entry.benchmarks):
            found.append("no published figure for tool calls")
        if entry.fine_tuned_rank is None:
            guess = "" if entry.trained_on_tokens else ", and its training tokens are not known"
            found.append(
                f"not in a published fine-tuning comparison{guess}; placed by compute (rank about {expected_rank(entry):.1f} of 15)"
            )
        if entry.context is None:
            found.append("context window not known")
        if entry.shape is None:
            found.append("shape not known: memory without its cache")
        elif entry.shape.upper_bound:
            found.append("some layers keep less: memory is an upper bound")
        return found
