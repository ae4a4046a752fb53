"""From a task to tokens: the exported, proved training set, each row as the tokens of its prompt and of its completion."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from agentlog.curation import sides
from agentlog.errors import ConfigurationError, DatasetError, ExportError
from agentlog.exports.proofs import lines
from agentlog.exports.training_set import Recipe as Format
from agentlog.exports.training_set import write
from agentlog.tasks import Task
from agentlog.training.calibration import cut
from agentlog.training.language.recipe import LEAST
from agentlog.training.language.rendering import Rendering, Row
from agentlog.training.language.whole import nulls, nulls_of

IGNORED: Final = -100
"""The label of a token that is read and not learned, as torch's loss has it."""

_TERMS: Final = (
    (
        ("gpt-", "o1", "o3", "o4", "chatgpt"),
        "OpenAI",
        "restrict the use of outputs to develop models that compete with its own",
    ),
    (("claude",), "Anthropic", "restrict the use of outputs to train competing models"),
    (("gemini",), "Google", "restrict the use of outputs to develop models that compete with its services"),
    (("grok",), "xAI", "restrict the use of outputs to train competing models"),
    (("command",), "Cohere", "restrict the use of outputs to train competing models"),
    (("llama",), "Meta", "its Llama licence asks for 'Llama' in the name of a model trained on outputs (from 3.1 on)"),
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A training set on disk, and where it comes from."""

    folder: Path
    rows: list[dict[str, Any]]
    """Of `train.jsonl`."""
    manifest: dict[str, Any]
    """The export's, with the proof."""
    sha256: str
    """Of `train.jsonl`."""

    @property
    def policies(self) -> list[str]:
        """The redaction policies of the calls."""
        return list(self.manifest["policies"])


def sides_of(task: Task, test_share: float, seed: int) -> tuple[pa.Table, pa.Table]:
    """The task's calls to learn from, and those to be tested with.

    Raises:
        ConfigurationError: the calls have no verdicts, or too few of them are left to learn from.
    """
    table = task.calls()
    if "kept" not in table.column_names:
        raise ConfigurationError(f"task {task.name!r} was found in calls without verdicts: cluster(curate(dataset))")
    train, test = sides.split(table, test_share, seed)
    if len(train) < LEAST:
        raise ConfigurationError(
            f"task {task.name!r} has {len(train)} examples to learn from ({len(table)} calls, {len(test)} kept for the "
            f"test): a language model takes {LEAST} at the very least, and is of use from about 1,000. "
            "Record more, or train a head or a tagger"
        )
    return train, test


def cut_off(train: pa.Table, target: float) -> tuple[pa.Table, pa.Table]:
    """The calls to learn from, and the later ones that decide a threshold.

    Raises:
        ConfigurationError: too few are left to learn from.
    """
    earlier, later = cut(train, target)
    if len(earlier) < LEAST:
        raise ConfigurationError(
            f"{len(earlier)} of {len(train)} examples are left to learn from when the later ones decide a threshold: leave "
            "calibrate= out, or record more"
        )
    return train.take(earlier), train.take(later)


def export(task: Task, train: pa.Table, folder: Path, seed: int) -> Lesson:
    """Write the calls as a TRL training set, proved by `datasets`, and read it.

    Raises:
        ExportError: a check of the export failed.
        ConfigurationError: too few rows are left.
    """
    form = Format("trl", test_share=0, render="surrogate", overwrite=True, seed=seed, source=f"task {task.name}")
    try:
        write(train, folder, form)
    except ExportError as error:
        raise ExportError(f"task {task.name!r} could not be exported as a training set: {error}") from None
    return read(folder)


def teachers_of(calls: pa.Table) -> dict[str, int]:
    """Model → how many of the calls it answered, the most frequent first."""
    names = [name for name in ("response_model", "request_model") if name in calls.column_names]
    rows: list[dict[str, str | None]] = calls.select(names).to_pylist() if names else [{}] * len(calls)
    found = Counter(next((row[name] or "" for name in names if row[name]), "unknown") for row in rows)
    return dict(found.most_common())


def read(folder: Path) -> Lesson:
    """The training set of an earlier run.

    Raises:
        DatasetError: it is not what was written.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        data = (folder / "train.jsonl").read_bytes()
    except (OSError, ValueError):
        raise DatasetError(
            f"{folder} is damaged: no training set can be read. Train anew with overwrite=True"
        ) from None
    found = hashlib.sha256(data).hexdigest()
    if found != manifest["files"]["train.jsonl"]["sha256"]:
        raise DatasetError(
            f"{folder / 'train.jsonl'} is damaged: not the bytes that were exported. Train anew with overwrite=True"
        )
    rows = list(lines(folder / "train.jsonl"))
    if len(rows) < LEAST:
        raise ConfigurationError(
            f"{len(rows)} rows are left after the export ({manifest['refused']}): a language model takes {LEAST} at the very least"
        )
    return Lesson(folder, rows, manifest, found)


def terms(teachers: Iterable[str]) -> list[str]:
    """What is to be read before a model that learned from these teachers is served; a reminder, not advice.

    >>> terms(["gpt-4o-mini"])[0][:42]
    'gpt-4o-mini (OpenAI): its terms restrict t'
    """
    found = []
    for teacher in teachers:
        word = teacher.rpartition("/")[2].lower()
        vendor, rule = next(
            ((vendor, rule) for starts, vendor, rule in _TERMS if word.startswith(starts)),
            ("unknown vendor", "are not known here: look whether they allow training on outputs"),
        )
        found.append(f"{teacher} ({vendor}): {rule if rule.startswith('its') else f'its terms {rule}'}")
    return found


@dataclass(frozen=True, slots=True)
class Tokens:
    """The rows as a trainer takes them."""

    input_ids: list[list[int]]
    labels: list[list[int]]
    """The same ids where they are learned, `IGNORED` in the prompt."""
    ends: tuple[int, ...]
    """The tokens that end a turn in these rows: what the model has to stop at."""

    @property
    def longest(self) -> int:
        """Tokens of the longest row."""
        return max(map(len, self.input_ids))

    @property
    def total(self) -> int:
        """Tokens of all rows."""
        return sum(map(len, self.input_ids))

    @property
    def answer(self) -> int:
        """Learned tokens of the longest answer."""
        return max(sum(label != IGNORED for label in labels) for labels in self.labels)


def tokens(rendering: Rendering, rows: Sequence[Row], tokenizer: Any, *, closes: bool = True) -> Tokens:
    """Each row as tokens; prompt and completion apart, so that no token spans them: the model is served such a prompt.

    Args:
        rendering: a verified one.
        rows: of the training set.
        tokenizer: the model's.
        closes: the template ends a turn; else the tokenizer's end token is appended.

    Raises:
        ConfigurationError: nothing tells the model where its answer ends, or a label is not what the row says.
    """
    special = set(tokenizer.all_special_ids) | set(tokenizer.get_added_vocab().values())
    input_ids: list[list[int]] = []
    labels: list[list[int]] = []
    ends: set[int] = set()
    for number, row in enumerate(rows, 1):
        prompt, whole = rendering.prompt(row), rendering.whole(row)
        before = _ids(tokenizer, prompt)
        after = _ids(tokenizer, whole[len(prompt) :])
        end: Any = next((one for one in reversed(after) if tokenizer.decode([one]).strip()), None)
        if not closes or end not in special:
            end = tokenizer.eos_token_id
            if end is None:
                raise ConfigurationError(
                    "neither the chat template nor the tokenizer has a token that ends an answer, so the model would "
                    "never stop: set tokenizer.eos_token"
                )
            after = [*after, end]
        ends.add(int(end))
        _check(tokenizer, after, row, number)
        input_ids.append(before + after)
        labels.append([IGNORED] * len(before) + after)
    return Tokens(input_ids, labels, tuple(sorted(ends)))


def _ids(tokenizer: Any, text: str) -> list[int]:
    # the template writes the tokens that begin a text itself
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def _check(tokenizer: Any, learned: list[int], row: Mapping[str, Any], number: int) -> None:
    """What is learned, read from its tokens, has no null that the row does not have."""
    text = tokenizer.decode(learned)
    if nulls(text) > sum(map(nulls_of, row["completion"])):
        raise ConfigurationError(f"the labels of row {number} say null where the row does not. Nothing was trained")
    if tokenizer.unk_token_id is not None and tokenizer.unk_token_id in learned:
        raise ConfigurationError(
            f"the tokenizer has no tokens for some characters of the answer in row {number}: take another base model"
        )


def check_length(found: Tokens, context: int | None, limit: int | None) -> None:
    """No row is cut: where one is too long, nothing is trained.

    Raises:
        ConfigurationError: rows are longer than `limit`, or than what the model reads.
    """
    for name, most in (("max_length=", limit), ("the context of the model is", context)):
        longer = sum(len(ids) > most for ids in found.input_ids) if most else 0
        if longer:
            raise ConfigurationError(
                f"{longer} of {len(found.input_ids)} examples would be cut: {name} {most} tokens, and the longest has "
                f"{found.longest}. "
                + ("Leave max_length out, or raise it" if most == limit else "Take a base model with a longer context")
            )


def plain_request(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request as chat APIs take it, as the prompt of a row: arguments are objects, contents are text.

    >>> plain_request({"messages": [{"role": "user", "content": "Hi"}], "temperature": 0.0})
    {'prompt': [{'role': 'user', 'content': 'Hi'}]}
    """
    messages = []
    for message in request["messages"]:
        made = {**message, "content": message.get("content") or ""}
        if message.get("tool_calls"):
            made["tool_calls"] = [
                {**call, "function": {**call["function"], "arguments": json.loads(call["function"]["arguments"])}}
                for call in message["tool_calls"]
            ]
        messages.append(made)
    return {"prompt": messages, **({"tools": request["tools"]} if request.get("tools") else {})}
