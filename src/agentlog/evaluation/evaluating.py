"""`evaluate`: a model is asked what the LLM was asked, and its answers are laid beside the recorded ones."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from agentlog import models
from agentlog.curation import sides
from agentlog.errors import AgentlogError, ConfigurationError
from agentlog.evaluation import texts
from agentlog.evaluation.comparing import Asked, Comparison
from agentlog.evaluation.repeats import self_agreement
from agentlog.evaluation.replay import NOT_SENT, REFUSED, Progress, Replay, Replayed, drawn, replay
from agentlog.evaluation.result import Evaluation
from agentlog.models.contract import Model, Prediction, Row
from agentlog.models.endpoint import Endpoint
from agentlog.models.folder import open_folder
from agentlog.models.served import as_served
from agentlog.tasks import Task

SPLITS: Final = ("test", "train", "all")
_TEST_SHARE: Final = 0.1
_SEED: Final = 0


def evaluate(
    model: Model | str | Path | Any,
    task: Task,
    *,
    split: str = "test",
    margin: float = 0.01,
    llm: Endpoint | Replay | str | None = None,
    judge: texts.Judge | str | None = None,
    test_share: float | None = None,
    seed: int | None = None,
    limit: int | None = None,
    max_usd: float | None = None,
    price: tuple[float, float] | None = None,
    concurrency: int = 4,
    progress: Progress | None = None,
) -> Evaluation:
    """How a model does on a task's calls, beside the LLM that answered them, with intervals and a sentence at the end.

    Args:
        model: what `agentlog.train` gave back or its folder, a loaded model, an endpoint, or an address like
            "http://127.0.0.1:8000/v1#model-name".
        task: a task of `cluster`, with its calls.
        split: "test" (runs that the model has not seen), "train" or "all".
        margin: how much worse than the LLM is still good enough, as a share: 0.01 is one point.
        llm: the LLM itself, to be asked the same calls again: an endpoint, its address, or a finished `Replay`. Without it
            the LLM's agreement with itself is taken from inputs that repeat, and nothing is compared in pairs.
        judge: for free texts: judge(prompt, a, b) → "a", "b" or "tie", or the address of a model that judges. Each pair is
            shown in both orders.
        test_share: of the split; None: as the model was trained, else 0.1.
        seed: of the split; None: as the model was trained, else 0.
        limit: so many calls, drawn at random; None: all.
        max_usd: for an endpoint: stop before the cost would pass this.
        price: for an endpoint: USD for a million input and for a million output tokens.
        concurrency: calls under way at once, for an endpoint.
        progress: is told (done, total).

    Raises:
        ConfigurationError: an argument cannot be used, the model is another task's, or there are no such calls.
        DatasetError: the task was loaded without its calls, or the model's folder is damaged.
        EndpointError: nobody answers at an endpoint.
        MissingExtra: a library is missing (`study`, `openai`).

    Example:
        >>> evaluate("agentlog-records/studies/default/models/triage-head", tasks["triage"])  # doctest: +SKIP
    """
    if split not in SPLITS:
        raise ConfigurationError(f"split= is one of {', '.join(SPLITS)}; found {split!r}")
    if not isinstance(task, Task):
        raise ConfigurationError(
            f"evaluate takes a task, like cluster(curate(dataset))['triage']; found {type(task).__name__}"
        )
    opened = _open(model)
    subject = opened.model
    if subject.task_id and subject.task_id != task.id:
        raise ConfigurationError(
            f"the model was trained for task {subject.task_name!r} ({subject.task_id}), and this is {task.name!r} ({task.id})"
        )
    share = opened.test_share if test_share is None else test_share
    number = opened.seed if seed is None else seed
    table = task.calls()
    rows = drawn(_side(table, split, share, number, task), limit, number)
    recorded, how = rows, ""
    if not isinstance(subject, Endpoint):  # an endpoint is sent natural values, and never sees a placeholder
        rows, how = as_served(rows, number)
    try:
        answered = _ask(subject, rows, max_usd=max_usd, price=price, concurrency=concurrency, progress=progress)
        sent = [place for place, one in enumerate(answered) if one is not None]
        asked = [one for one in answered if one is not None]
        if not sent:
            raise ConfigurationError("not one call was sent: max_usd= is less than what a call may cost")
        recorded, rows = [recorded[place] for place in sent], [rows[place] for place in sent]
        repeated = (
            llm
            if isinstance(llm, Replay)
            else replay(recorded, llm, concurrency=concurrency)
            if llm is not None
            else None
        )
    finally:
        if opened.ours and isinstance(subject, Endpoint):
            subject.close()
    about = {
        "task_id": task.id, "task_name": task.name, "split": split, "test_share": share, "seed": number,
        "model": subject.url if isinstance(subject, Endpoint) else f"{subject.rung} {subject.version}",
        "rung": subject.rung, "version": subject.version, "llm": _llm(table),
        "threshold": subject.threshold if math.isfinite(subject.threshold) else None,
    }  # fmt: skip
    own = self_agreement(repeated if repeated is not None else table)
    comparison = Comparison(rows, asked, task.output_kind)
    if len(answered) > len(rows):
        comparison.warnings.append(
            f"{len(answered) - len(rows):,} calls were not sent (budget, or nobody answered any more)"
        )
    if "redacted by" in how:
        comparison.warnings.append(f"The rows are taken {how}. A router would see them otherwise")
    return comparison.result(subject, about, own, repeated, margin, judge)


@dataclass(frozen=True, slots=True)
class _Opened:
    model: Any
    test_share: float = _TEST_SHARE
    seed: int = _SEED
    ours: bool = False
    """It was opened here, and is closed here."""


def _open(model: Any) -> _Opened:
    """Whatever was given, as a model; with the split that it was trained with, where it says."""
    if isinstance(model, str | Path):
        if isinstance(model, str) and "://" in model:
            return _Opened(models.load(model), ours=True)
        return _with_split(models.load(model), open_folder(Path(model)).about.get("split"))
    if not hasattr(model, "predict") and callable(getattr(model, "model", None)):  # what `train` gives back
        path = getattr(model, "path", None)
        if isinstance(path, Path):
            return _open(path)
        model = model.model()
    if not callable(getattr(model, "predict", None)):
        raise ConfigurationError(
            f"evaluate takes a model, its folder or an address like http://host/v1#name; found {type(model).__name__}"
        )
    return _with_split(model, getattr(model, "split", None))


def _with_split(model: Any, said: Any) -> _Opened:
    if not isinstance(said, Mapping):
        return _Opened(model)
    return _Opened(model, float(said.get("test_share", _TEST_SHARE)), int(said.get("seed", _SEED)))


def _side(table: pa.Table, split: str, test_share: float, seed: int, task: Task) -> Sequence[Row]:
    if not 0 <= test_share < 1:
        raise ConfigurationError(f"test_share= is from 0 to less than 1; found {test_share!r}")
    if split == "all":
        chosen = table.filter(table["kept"]) if "kept" in table.column_names else table
    else:
        chosen = sides.split(table, test_share, seed)[split == "test"]
    rows: Sequence[Row] = chosen.to_pylist()
    if not rows:
        raise ConfigurationError(
            f"task {task.name!r} has no {split} calls: {task.n_examples:,} kept calls of {task.n_traces:,} runs. A test side takes "
            "two runs; record more, or give split='all'"
        )
    return rows


def _llm(table: pa.Table) -> str:
    """The model of most calls, as the requests name it."""
    for name in ("request_model", "response_model"):
        if name in table.column_names:
            found = Counter(one for one in table[name].to_pylist() if one)
            if found:
                return str(found.most_common(1)[0][0])
    return ""


# ---------------------------------------------------------------- asking


def _ask(
    model: Model,
    rows: Sequence[Row],
    *,
    max_usd: float | None,
    price: tuple[float, float] | None,
    concurrency: int,
    progress: Progress | None,
) -> Sequence[Asked | None]:
    if isinstance(model, Endpoint):
        return _ask_endpoint(model, rows, max_usd=max_usd, price=price, concurrency=concurrency, progress=progress)
    done = 0

    def one(row: Row) -> Asked:
        nonlocal done
        begun = time.perf_counter()
        try:
            prediction, failure = model.predict(row), ""
        except AgentlogError as error:
            if not model.remote:
                raise
            prediction, failure = Prediction(None, 0.0), str(getattr(error, "kind", type(error).__name__))
        latency_s = time.perf_counter() - begun
        done += 1
        if progress is not None:
            progress(done, len(rows))
        return Asked(prediction, None if failure else latency_s, failure, None if model.remote else 0.0)

    if model.remote:
        with ThreadPoolExecutor(concurrency) as pool:
            return list(pool.map(one, rows))
    model.predict(rows[0])  # the first call loads what later ones find
    return [one(row) for row in rows]


def _ask_endpoint(
    endpoint: Endpoint,
    rows: Sequence[Row],
    *,
    max_usd: float | None,
    price: tuple[float, float] | None,
    concurrency: int,
    progress: Progress | None,
) -> list[Asked | None]:
    novel = ["" if endpoint.gate is None else endpoint.gate(row) for row in rows]
    sent = replay(
        [row for row, why in zip(rows, novel, strict=True) if not why],
        endpoint,
        max_usd=max_usd,
        price=price,
        concurrency=concurrency,
        progress=progress,
    )
    answers = iter(sent.calls)
    return [Asked(Prediction(None, 0.0, why), None) if why else _of_replay(next(answers)) for why in novel]


def _of_replay(one: Replayed) -> Asked | None:
    """None: it was never asked, and nothing can be said of it."""
    if one.outcome == NOT_SENT:
        return None
    if one.outcome == REFUSED:
        return Asked(Prediction(None, 0.0, one.why), None)
    if one.answer is None:
        return Asked(Prediction(None, 0.0), None, one.why)
    return Asked(Prediction(one.answer, one.score), one.latency_s, "", one.cost_usd)
