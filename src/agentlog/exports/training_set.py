"""From a table of examples to a folder of training files, through every check, or to nothing at all.

The way of a row:

    rows ── read ──→ conversations ── target ──→ lines ── sides ──→ files ── prove ──→ the folder, at once
              │ refused, with a reason             │ crossing prompts  │ a consumer says no: ExportError
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from agentlog.conversations import strict
from agentlog.conversations.conversation import read
from agentlog.conversations.reasons import REASONS, Refused
from agentlog.conversations.rendering import Rendering
from agentlog.curation import sides
from agentlog.curation.sides import SIDES, TRAIN, Row
from agentlog.errors import ConfigurationError, ExportError, UnknownName
from agentlog.exports import folder
from agentlog.exports.card import card
from agentlog.exports.openai_chat import OpenAI
from agentlog.exports.proofs import Proof, prove
from agentlog.exports.target import Target
from agentlog.exports.trl import Trl
from agentlog.storage.reader import in_order

FORMATS: Final[dict[str, Target]] = {target.name: target for target in (Trl(), OpenAI())}
RENDERS: Final = ("surrogate", "placeholder")
FIGURES: Final = ("kept", "shifted")

_READ: Final = (
    "call_id",
    "trace_id",
    "session",
    "time",
    "request",
    "redaction",
    "system_instructions",
    "input_messages",
    "output_messages",
    "tool_definitions",
)
_LINEAGE: Final = pa.schema([(name, pa.string()) for name in ("example_id", "split", "call_id", "trace_id")])


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a training set is to be made; checked."""

    format: str
    test_share: float = 0.1
    render: str = "surrogate"
    figures: str = "kept"
    prove: bool | None = None
    overwrite: bool = False
    seed: int = 0
    source: str = "a table"
    """What the manifest calls the source: a name, never a path."""
    require_feedback: str | None = None

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise UnknownName(f"no format answers to {self.format!r}. There is: {', '.join(FORMATS)}")
        if not 0 <= self.test_share < 1:
            raise ConfigurationError(f"test_share= is a share from 0 to less than 1; found {self.test_share!r}")
        if self.render not in RENDERS:
            raise ConfigurationError(f"render= is one of {', '.join(RENDERS)}; found {self.render!r}")
        if self.figures not in FIGURES:
            raise ConfigurationError(f"figures= is one of {', '.join(FIGURES)}; found {self.figures!r}")


@dataclass(frozen=True, slots=True)
class Export:
    """A training set on disk."""

    path: Path
    format: str
    train: int
    """Rows in `train.jsonl`."""
    test: int
    """Rows in `test.jsonl`; with 0 there is no such file, because `datasets` cannot load an empty one."""
    refused: dict[str, int]
    """Reason code → the calls that were kept by curation and left out here; `manifest.json` has the whole funnel."""
    files: tuple[Path, ...]
    manifest: dict[str, Any] = field(repr=False)
    """What `manifest.json` says."""

    def __repr__(self) -> str:
        left_out = f", {sum(self.refused.values())} refused" if self.refused else ""
        return f"Export({self.format}: {self.train} train, {self.test} test{left_out} → {self.path})"


def write(table: pa.Table, directory: str | Path, recipe: Recipe, funnel: Mapping[str, int] | None = None) -> Export:
    """Write the kept rows of an examples table as a training set.

    Args:
        table: the columns of `storage.schema.CALLS` for model calls, `kept` and `verdicts`, in any order of rows.
        directory: the folder to make.
        recipe: how.
        funnel: what curation says of the calls, for the manifest; None: counted from `kept`, `verdicts`.

    Raises:
        ConfigurationError: the folder exists.
        ExportError: a check failed.
    """
    target = FORMATS[recipe.format]
    directory = Path(directory).resolve()
    folder.check(directory, overwrite=recipe.overwrite)
    counted = _funnel(table) if funnel is None else funnel
    kept = table.filter(pc.field("kept"))
    with folder.staged(directory, overwrite=recipe.overwrite) as staging:
        refused: Counter[str] = Counter()
        with (staging.parent / "lines").open("w+b") as lines:
            rows = list(_examples(kept, target, recipe, lines, refused))
            sides.assign(rows, recipe.test_share, recipe.seed)
            rows, crossing = sides.without_crossing_prompts(rows)
            refused.update({"prompt_on_other_side": crossing} if crossing else {})
            manifest = _manifest(rows, kept, recipe, counted, refused)
            proof = _write_and_prove(staging, rows, lines, target, manifest, recipe.prove)
            if proof.changed:
                places = {side: [row for row in rows if row.side == side] for side in SIDES}
                changed = {places[side][number].call_id for side, number in proof.changed}
                refused["number_changed_by_loader"] += len(changed)
                rows = [row for row in rows if row.call_id not in changed]
                manifest = _manifest(rows, kept, recipe, counted, refused)
                proof = _write_and_prove(staging, rows, lines, target, manifest, recipe.prove)
                if proof.changed:
                    raise ExportError("datasets reads the same file differently twice. Nothing was written")
        _lineage(staging, rows)
        manifest["proof"] = proof.results
        manifest["rows_with_a_rounded_number_in_tools"] = proof.rounded_tools
        manifest["files"] = {path.name: _fingerprint(path) for path in sorted(staging.iterdir())}
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        (staging / folder.MANIFEST).write_text(text, encoding="utf-8")
    counts = Counter(row.side for row in rows)
    return Export(
        directory,
        target.name,
        counts[TRAIN],
        counts[sides.TEST],
        dict(manifest["refused"]),
        tuple(sorted(directory.iterdir())),
        manifest,
    )


def _examples(table: pa.Table, target: Target, recipe: Recipe, lines: BinaryIO, refused: Counter[str]) -> Iterator[Row]:
    """The rows that keep the format's rules, in the order of their time; their lines go into `lines`."""
    table = in_order(table.select([name for name in _READ if name in table.column_names]), ["time", "call_id"])
    rendering = Rendering(
        table, recipe.seed, surrogates=recipe.render == "surrogate", shifted=recipe.figures == "shifted"
    )
    seen: set[str] = set()
    for batch in table.to_batches(max_chunksize=256):
        for row in batch.to_pylist():
            trace = row["trace_id"]
            try:
                conversation = read(row)
                prompt = conversation.prompt_key()
                change = rendering.of(trace)
                if change is not None:
                    conversation = conversation.with_text(change)
                example = target.example(conversation)
                example_id = hashlib.sha256(strict.canonical(example)).hexdigest()
                if example_id in seen:
                    raise Refused("same_example")
            except Refused as reason:
                refused[reason.reason] += 1
                continue
            seen.add(example_id)
            line = target.line(example, example_id, row["call_id"])
            for problem in target.problems(line):
                raise ExportError(
                    f"call {row['call_id']} breaks a rule of {target.name}: {problem}. Nothing was written. "
                    "This is a mistake of agentlog: please report it"
                )
            start, size = lines.tell(), lines.write(strict.dumps(line).encode() + b"\n")
            yield Row(example_id, row["call_id"], trace, row.get("session"), row["time"], prompt, start, size)


def _write_and_prove(
    staging: Path, rows: list[Row], lines: BinaryIO, target: Target, manifest: dict[str, Any], required: bool | None
) -> Proof:
    leaks = sides.leakage(rows)
    if any(leaks.values()):
        raise ExportError(f"the split leaks: on both sides are {leaks}. Nothing was written")
    count = manifest["rows"].get(TRAIN, 0)
    if not rows or count < target.least:
        raise ExportError(_too_few(count, target, manifest))
    for side in SIDES:
        path = staging / f"{side}.jsonl"
        path.unlink(missing_ok=True)
        if side in manifest["rows"]:
            with path.open("wb") as file:
                for row in rows:
                    if row.side == side:
                        lines.seek(row.start)
                        file.write(lines.read(row.size))
    (staging / "README.md").write_text(card(target, manifest), encoding="utf-8")
    return prove(staging, target, required)


def _too_few(count: int, target: Target, manifest: Mapping[str, Any]) -> str:
    steps = [f"{step} {number}" for step, number in manifest["funnel"].items()]
    steps += [f"{code} {number} ({REASONS[code]})" for code, number in manifest["refused"].items()]
    what = (
        f"{count} rows in train, and {target.name} takes no fewer than {target.least}"
        if count
        else "no row is left for train"
    )
    return f"{what}. Nothing was written. From calls to rows: {'; '.join(steps)}"


def _manifest(
    rows: list[Row], kept: pa.Table, recipe: Recipe, counted: Mapping[str, int], refused: Counter[str]
) -> dict[str, Any]:
    present = [side for side in SIDES if any(row.side == side for row in rows)]
    policies = (
        {(value or {}).get("policy") for value in kept["redaction"].to_pylist()}
        if "redaction" in kept.column_names
        else set()
    )
    return {
        "agentlog": version("agentlog"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "format": recipe.format,
        "source": recipe.source,
        "require_feedback": recipe.require_feedback,
        "policies": sorted(policy for policy in policies if policy),
        "render": recipe.render,
        "figures": recipe.figures,
        "seed": recipe.seed,
        "test_share": recipe.test_share,
        "rows": {side: sum(row.side == side for row in rows) for side in present},
        "traces": {side: len({row.trace_id for row in rows if row.side == side}) for side in present},
        "longest_row_bytes": max((row.size for row in rows), default=0),
        "funnel": {**counted, "written": len(rows)},
        "refused": dict(sorted(refused.items())),
        "leakage": sides.leakage(rows),
    }


def _funnel(table: pa.Table) -> dict[str, int]:
    """From seen to kept: how many rows each reason takes away, a row with several under its first."""
    out = table.filter(~pc.field("kept") | pc.field("kept").is_null())["verdicts"].to_pylist()
    lost = Counter((verdicts or ["no verdict"])[0] for verdicts in out)
    return {"seen": table.num_rows, **dict(sorted(lost.items())), "kept": table.num_rows - len(out)}


def _lineage(staging: Path, rows: list[Row]) -> None:
    ordered = [row for side in SIDES for row in rows if row.side == side]
    columns = [
        [row.example_id for row in ordered],
        [row.side for row in ordered],
        [row.call_id for row in ordered],
        [row.trace_id for row in ordered],
    ]
    pq.write_table(
        pa.table([pa.array(column, pa.string()) for column in columns], schema=_LINEAGE), staging / "lineage.parquet"
    )


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
