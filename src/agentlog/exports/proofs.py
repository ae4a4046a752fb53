"""The consumers' own code reads what was written, and what it reads is compared with what was written.

`datasets` reads a JSON Lines file by guessing types: strings that are all dates become timestamps, `2` becomes `2.0`. The
card of the folder names the types and prevents that, so the folder is what a trainer should load. What the bare file
becomes is measured and said in the manifest.

What no card prevents (datasets 5.2): its JSON columns are read by pandas' fast reader, which makes 0.7000000000000001 of
0.7 and keeps ten decimals. A row whose messages hold such a number is refused; in a tool's definition it is only counted.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import repeat
from pathlib import Path
from typing import Any, Final

from agentlog.curation.sides import SIDES
from agentlog.errors import ExportError, MissingExtra
from agentlog.exports.target import Target

logger = logging.getLogger(__name__)

_OLDEST_DATASETS: Final = (4, 7)
"""Before it, two rows that call different tools are filled up with nulls."""


@dataclass(slots=True)
class Proof:
    """What the consumers' code said."""

    results: list[dict[str, Any]] = field(default_factory=list)
    """For the manifest: consumer, version, how it read, rows, result."""
    changed: set[tuple[str, int]] = field(default_factory=set)
    """(side, line number from 0) of the rows in whose messages the loader changes a number."""
    rounded_tools: int = 0
    """Rows in whose tool definitions it rounds one."""


def prove(folder: Path, target: Target, required: bool | None) -> Proof:
    """Let the consumers' code read `folder`.

    Args:
        folder: the written files, with their card.
        target: their format.
        required: True: every consumer must be installed; None: those that are; False: none is asked.

    Raises:
        MissingExtra: `required`, and a consumer is not installed.
        ExportError: a consumer rejects a file, or reads something else than was written.
    """
    proof = Proof()
    if required is False:
        proof.results.append({"consumer": "all", "result": "skipped: prove=False"})
        return proof
    if _have("datasets", "study", required, proof):
        _by_datasets(folder, target, proof)
    if target.name == "openai" and _have("openai", "openai", required, proof):
        _by_openai(folder, proof)
    return proof


def lines(path: Path) -> Iterator[Any]:
    """The values of a JSON Lines file, split at line feeds alone."""
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def _have(library: str, extra: str, required: bool | None, proof: Proof) -> bool:
    if importlib.util.find_spec(library) is None:
        if required:
            raise MissingExtra(library, extra, "the proof of an export")
        proof.results.append({"consumer": library, "result": "skipped: not installed"})
        return False
    found = tuple(int(number) for number in version(library).split(".")[:2])
    if library == "datasets" and found < _OLDEST_DATASETS:
        if required:
            raise ExportError(
                f"datasets {version(library)} fills tool calls up with nulls; nothing was written. "
                "Install a newer one: pip install 'datasets>=4.7'"
            )
        proof.results.append({"consumer": library, "version": version(library), "result": "skipped: older than 4.7"})
        return False
    return True


def _by_datasets(folder: Path, target: Target, proof: Proof) -> None:
    datasets: Any = importlib.import_module("datasets")  # it has no types
    files = {side: str(folder / f"{side}.jsonl") for side in SIDES if (folder / f"{side}.jsonl").exists()}
    types = {
        "list: json": datasets.List(datasets.Json()),
        "dtype: string": datasets.Value("string"),
        "dtype: bool": datasets.Value("bool"),
    }
    features = datasets.Features({column: types[kind] for column, kind in target.columns.items()})
    # the loader's cache is a copy of the data: it must not outlive the proof in the user's home
    with tempfile.TemporaryDirectory(prefix="proof-", dir=folder.parent) as cache, _quiet(datasets):
        for how, what in (
            ("folder", {"path": str(folder)}),
            ("files with types", {"path": "json", "data_files": files, "features": features}),
        ):
            try:
                loaded = datasets.load_dataset(**what, cache_dir=f"{cache}/{how}")
            except (datasets.exceptions.DatasetsError, ValueError, OSError) as error:
                raise ExportError(
                    f"datasets {datasets.__version__} does not load the {target.name} {how}: {type(error).__name__}. "
                    "Nothing was written; prove=False writes it unproved."
                ) from None
            rows = sum(_compare(folder, side, loaded[side], target, proof) for side in files)
            result = "equal" if not proof.changed else f"{len(proof.changed)} rows with a changed number"
            proof.results.append(_result(datasets, how, rows, result))
        rows, other = _bare(datasets, files, f"{cache}/bare")
        proof.results.append(_result(datasets, "bare files", rows, f"{other} rows differ" if other else "equal"))
        if other:
            logger.warning(
                "load_dataset('json', data_files=…) changes %d of %d rows: load the folder, whose card names the types",
                other,
                rows,
            )


def _result(datasets: Any, how: str, rows: int, result: str) -> dict[str, Any]:
    return {"consumer": "datasets", "version": datasets.__version__, "how": how, "rows": rows, "result": result}


def _compare(folder: Path, side: str, loaded: Iterable[Any], target: Target, proof: Proof) -> int:
    number = -1
    rounded: set[int] = set()
    for number, (written, read) in enumerate(zip(lines(folder / f"{side}.jsonl"), loaded, strict=True)):
        for column in target.columns:
            verdict = difference(written.get(column), read.get(column))
            if verdict == "changed":
                raise ExportError(
                    f"datasets reads something else than was written in {side}.jsonl, line {number + 1}, column "
                    f"{column!r}. Nothing was written; prove=False writes it unproved."
                )
            if verdict and column in target.compared:
                proof.changed.add((side, number))
            elif verdict:
                rounded.add(number)
    proof.rounded_tools = max(proof.rounded_tools, len(rounded))
    return number + 1


def _bare(datasets: Any, files: dict[str, str], cache: str) -> tuple[int, int]:
    """(rows, rows that differ) when the loader has to guess the types; all differ when it fails."""
    total = other = 0
    for side, path in files.items():
        try:
            loaded = datasets.load_dataset("json", data_files={side: path}, cache_dir=cache)[side]
        except (datasets.exceptions.DatasetsError, ValueError, OSError):
            loaded = repeat({})
        for one, read in zip(lines(Path(path)), loaded, strict=False):
            total += 1
            other += any(difference(one.get(key), read.get(key)) for key in {*one, *read})
    return total, other


def difference(written: Any, read: Any) -> str:
    """What a loader did to a value: "" nothing, "rounded" no more than floats, else "changed".

    Types and the order of keys count: 2 is not 2.0, and a chat template prints keys in their order.

    >>> difference({"a": 2}, {"a": 2.0}), difference(0.7, 0.7000000000000001), difference([1], [1])
    ('changed', 'rounded', '')
    """
    return "" if _text(written) == _text(read) else _difference(written, read)


def _text(value: Any) -> str:
    return json.dumps(value, default=repr)


def _difference(written: Any, read: Any) -> str:
    if type(written) is not type(read):
        return "changed"
    if isinstance(written, float):
        return "" if repr(written) == repr(read) else "rounded"  # repr, because -0.0 == 0.0
    if isinstance(written, dict):
        pairs = zip(written.values(), read.values(), strict=False) if list(written) == list(read) else None
    elif isinstance(written, list):
        pairs = zip(written, read, strict=False) if len(written) == len(read) else None
    else:
        return "" if written == read else "changed"
    if pairs is None:
        return "changed"
    found = {_difference(one, other) for one, other in pairs}
    return next((verdict for verdict in ("changed", "rounded") if verdict in found), "")


def _by_openai(folder: Path, proof: Proof) -> None:
    from openai.types.chat import ChatCompletionFunctionToolParam, ChatCompletionMessageParam
    from pydantic import TypeAdapter, ValidationError

    messages: TypeAdapter[Any] = TypeAdapter(list[ChatCompletionMessageParam])
    tools: TypeAdapter[Any] = TypeAdapter(list[ChatCompletionFunctionToolParam])
    rows = 0
    for side in SIDES:
        path = folder / f"{side}.jsonl"
        for number, line in enumerate(lines(path) if path.exists() else ()):
            try:
                for message in messages.validate_python(line["messages"]):
                    # the SDK's types say Iterable, which pydantic only checks as it is read
                    list(message.get("tool_calls") or ())
                tools.validate_python(line.get("tools", []))
            except ValidationError as error:
                where = ".".join(map(str, error.errors(include_input=False)[0]["loc"][:3]))
                raise ExportError(
                    f"openai {version('openai')} rejects {side}.jsonl, line {number + 1}, at {where}. Nothing was written; "
                    "prove=False writes it unproved."
                ) from None
            rows += 1
    proof.results.append(
        {"consumer": "openai", "version": version("openai"), "how": "types", "rows": rows, "result": "accepted"}
    )


@contextmanager
def _quiet(datasets: Any) -> Iterator[None]:
    """No progress bars and no call to the hub's download counter; the user's choice again afterwards."""
    shown = datasets.is_progress_bar_enabled()
    counted = datasets.config.HF_UPDATE_DOWNLOAD_COUNTS
    datasets.disable_progress_bars()
    datasets.config.HF_UPDATE_DOWNLOAD_COUNTS = False
    try:
        yield
    finally:
        datasets.config.HF_UPDATE_DOWNLOAD_COUNTS = counted
        if shown:
            datasets.enable_progress_bars()
