"""`candidates`: the ladder for one task."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from agentlog.errors import ConfigurationError
from agentlog.selection.candidate import Candidate, Candidates
from agentlog.selection.catalogue import Catalogue
from agentlog.selection.devices import BANDWIDTH_REACHED, BUSY, COMPUTE_REACHED, devices
from agentlog.selection.judging import Judge
from agentlog.selection.licences import Allowed
from agentlog.selection.prices import Prices
from agentlog.selection.profiling import Profile, profile
from agentlog.selection.ranking import order
from agentlog.tasks import Task

_LARGEST: Final = {"slm-1b": 1.3e9, "slm-4b": 5e9, "slm-8b": 10e9}
"""Parameters up to which a model stands on a rung: a nominal 1 B has up to 1.25, a nominal 4 B up to 4.7; above 10 B a model
is not small (arXiv 2506.02153, §2.1)."""


def candidates(
    task: Task,
    *,
    licences: str | Iterable[str] | None = None,
    memory_gb: float | None = None,
    latency_ms: float | None = None,
    monthly_budget: float | None = None,
    catalogue: Catalogue | str | Path | Iterable[str | Path] | None = None,
    prices: Mapping[str, tuple[float, float]] | None = None,
    llm: str | None = None,
    calls_per_month: float | None = None,
    weights: str = "bf16",
    device: str | None = None,
    gpu_usd_per_hour: float | None = None,
) -> Candidates:
    """What could take a task over, on a ladder: compiled head, tagger, SLM up to 1 B, 4 B, 8 B, the LLM as it is.

    Args:
        task: one of `agentlog.cluster(agentlog.curate(dataset))`.
        licences: None: all; "commercial": all that do not forbid commercial use; "permissive": only those that allow it
            without conditions; else SPDX ids, like ["Apache-2.0", "MIT"].
        memory_gb: the memory of your device, in 10^9 bytes; models that do not fit are out.
        latency_ms: of one usual call, at most; models whose estimate is above are out.
        monthly_budget: USD a month, at most.
        catalogue: your own YAML file or files beside the shipped catalogue, or a loaded `Catalogue`.
        prices: model → (USD per million input tokens, USD per million output tokens); wins over the public list.
        llm: the language model that answers now, where the records do not name it.
        calls_per_month: where you know better than the record.
        weights: how an SLM's weights are stored, one of `footprint.FORMATS`.
        device: "A10G" or "H100"; None: the smallest that the model fits on.
        gpu_usd_per_hour: what an hour of your GPU costs.

    Returns:
        Every rung with its suitable models and reasons for and against; what is excluded, with the reason.

    Raises:
        ConfigurationError: an argument cannot be used, or a catalogue is wrong.
        DatasetError: the tasks were loaded without their calls, or the task has none.
        UnknownName: there is no such licence, device or weight format.
        MissingExtra: pyyaml is not installed.

    Example:
        >>> import agentlog
        >>> tasks = agentlog.cluster(agentlog.curate("agentlog-records"))  # doctest: +SKIP
        >>> agentlog.candidates(tasks["triage"], licences="commercial", memory_gb=24)  # doctest: +SKIP
    """
    limits = {"memory_gb": memory_gb, "latency_ms": latency_ms, "monthly_budget": monthly_budget}
    for name, value in limits.items():
        _positive(name, value)
    if licences is not None and not isinstance(licences, str):
        licences = list(licences)
    book = Prices(prices)
    about = profile(task, llm=llm, prices=book, calls_per_month=calls_per_month)
    models = _catalogue(catalogue)
    allowed = Allowed(licences, {entry.spdx for entry in models if entry.spdx})
    judge = Judge(about, allowed, limits, book, weights, devices(device, gpu_usd_per_hour))
    rows: list[Candidate] = [judge.head(), judge.tagger()]
    below = 0.0
    for rung, largest in _LARGEST.items():
        on_rung = [entry for entry in models if below < entry.params <= largest]
        rows += [judge.model(rung, entry) for entry in order(on_rung)]
        below = largest
    rows += [judge.too_large(entry) for entry in order([entry for entry in models if entry.params > below])]
    rows.append(judge.llm(llm))
    if licences is not None and not isinstance(licences, str):
        licences = sorted(licences)
    demanded: dict[str, Any] = {
        name: value for name, value in (("licences", licences), *limits.items()) if value is not None
    }
    return Candidates(tuple(rows), about, demanded, _assumptions(about, book, judge, weights))


def _positive(name: str, value: Any) -> None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf
    if value is not None and not good:
        raise ConfigurationError(f"{name} is a number above 0; found {value!r}")


def _catalogue(given: Catalogue | str | Path | Iterable[str | Path] | None) -> Catalogue:
    if isinstance(given, Catalogue):
        return given
    if given is None:
        return Catalogue.load()
    return Catalogue.load(given) if isinstance(given, str | Path) else Catalogue.load(*given)


def _assumptions(about: Profile, book: Prices, judge: Judge, weights: str) -> tuple[str, ...]:
    gpus = "; ".join(
        f"{one.name} {one.memory_gb:g} GB"
        + (f" ${one.usd_per_hour:g}/h" if one.usd_per_hour else "")
        + f" ({one.source})"
        for one in judge.devices
    )
    return (
        f"memory: {weights} weights and the cache of one call of p99 length, over 0.9",
        f"latency: one usual call alone, {BANDWIDTH_REACHED:.0%} of the GPU's bandwidth, {COMPUTE_REACHED:.0%} of its FLOPS",
        f"a GPU is rented all month and busy at most {BUSY:.0%}: {gpus}",
        f"hosted prices: {book.list_version or book.missing}; of the untuned model",
        *about.notes,
    )
