"""Training a tagger: what of an answer is copied from the prompt, and what comes from closed sets.

answers ── taken apart ──→ shapes and fields ── each is constant, closed or copied, else the task is refused
prompts ── copied values found in them ──→ labelled tokens ── CRFsuite ──→ weights
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from agentlog.errors import ConfigurationError, MissingExtra
from agentlog.models.answers import canonical
from agentlog.models.contract import Row
from agentlog.models.crf import BEGINS, INSIDE, OUTSIDE, SEPARATOR, Crf, named
from agentlog.models.features import Encoder
from agentlog.models.fields import Path, Style, style_of, taken_apart
from agentlog.models.prompts import Reader
from agentlog.models.scorer import Member, Scorer
from agentlog.models.tagger import CLOSED, CONSTANT, COPIED, FORMS, MISSING, Field, Shape, Tagger, context_of
from agentlog.models.tokens import Tokens
from agentlog.tasks.reading import Answer
from agentlog.training import gates
from agentlog.training.calibration import DELTA, Calibration, calibrate, earlier_and_later
from agentlog.training.head import Matrix, linear, vectorise
from agentlog.training.spans import Chooser, Span, places

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_SMALLEST: Final = 20
_NEW: Final = 0.2
"""Of a closed field's values, at most this share came only once."""
_RECUR: Final = 0.8
"""Of the answers, at least this share must be of shapes that recur."""
_MOST_VALUES: Final = 200
_COPIED: Final = 0.9
"""Of a field's values, so many must stand in the prompt for it to be copied, or"""
_COPIED_AT_LEAST: Final = 0.6
"""so many, where the values are no closed set."""
_SETTINGS: Final[dict[str, Any]] = {"c1": 0.05, "c2": 0.01, "max_iterations": 120, "feature.possible_transitions": True}
"""Of CRFsuite: the penalties on the sum and the sum of squares of the weights; a transition that was never seen is unlikely."""
_FEW: Final = 3
"""A shape that came less often is not learned."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A tagger, and how it does on rows later than those that it learned."""

    tagger: Tagger
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class _Example:
    tokens: Tokens
    before: str
    shape: str
    values: Mapping[Path, Any]


def fit_tagger(
    rows: Sequence[Row | str],
    answers: Sequence[Answer | str],
    *,
    later: tuple[Sequence[Row | str], Sequence[Answer | str]] | None = None,
    target: float = 0.99,
    delta: float = DELTA,
    seed: int = 0,
) -> Fitted:
    """A tagger that learned from rows and answers, calibrated on later ones.

    Args:
        rows: what was asked, in the order of time; a string is a row that holds nothing else.
        answers: what the LLM answered; a string is a text.
        later: rows and answers for calibration; None takes the last of `rows`, as `calibration.share` says.
        target: the agreement that the threshold must reach.
        delta: how often it may miss that.
        seed: of the training.

    Raises:
        ConfigurationError: too few rows, no JSON object or tool call, a field that is neither copied nor closed, or none that
            is copied.
        MissingExtra: python-crfsuite or scikit-learn is not installed.
    """
    asked, told, rest, wanted = earlier_and_later(rows, answers, later, target, delta)
    if len(asked) < _SMALLEST:
        raise ConfigurationError(
            f"{len(asked)} calls to learn from are too few for a tagger, {_SMALLEST} are the least: record more calls"
        )
    reader = Reader.fit(asked)
    shapes, apart = _shapes(told)
    kept = [place for place, (shape, _) in enumerate(apart) if shape in shapes]
    everywhere = _everywhere(reader, asked, apart)
    examples = [_Example(*context_of(reader, asked[place], everywhere=everywhere), *apart[place]) for place in kept]
    fields = _fields(shapes, examples)
    crf = _crf(examples, fields)
    matrix = vectorise([reader.read(asked[place]) for place in kept])
    table, scorers, fields = _scorers(matrix, list(shapes), examples, fields, seed)
    likeness = gates.fit(matrix, None, 0, seed)
    import numpy as np

    encoder = Encoder(matrix.names, matrix.idf, np.concatenate([table, likeness.table], axis=1))
    gate = gates.limits(
        likeness.centroids,
        encoder,
        table.shape[1],
        [reader.read(row) for row in asked],
        [reader.read(row) for row in rest],
    )
    tagger = Tagger(reader, encoder, scorers, gate, crf, list(shapes.values()), fields, everywhere)
    said = [tagger.predict(row) for row in rest]
    agreed = [
        one.answer is not None and canonical(one.answer) == canonical(answer)
        for one, answer in zip(said, wanted, strict=True)
    ]
    return Fitted(
        tagger,
        calibrate([one.score for one in said], agreed, [bool(one.novel) for one in said], target=target, delta=delta),
    )


def _shapes(told: Sequence[Answer]) -> tuple[dict[str, Shape], list[tuple[str, dict[Path, Any]]]]:
    """The kinds of answers that recur, and every answer taken apart. An answer without a shape is one as a whole."""
    apart = [taken_apart(answer) for answer in told]
    apart = [
        (shape or f"whole {canonical(answer)}", values) for (shape, values), answer in zip(apart, told, strict=True)
    ]
    counts = Counter(shape for shape, _ in apart)
    wholes = sum(count for shape, count in counts.items() if shape.startswith("whole "))
    if wholes == len(told):
        raise ConfigurationError(
            "no answer is a JSON object or a single tool call, so there are no fields to fill: "
            'try "head" where answers repeat, else "lora"'
        )
    shapes: dict[str, Shape] = {}
    for name, count in counts.items():
        mine = [place for place, (shape, _) in enumerate(apart) if shape == name]
        if count < _FEW:
            continue
        if name.startswith("whole "):
            whole = Counter(told[place] for place in mine).most_common(1)[0][0]
            shapes[name] = Shape(name, Style(), (), whole)
            continue
        texts = [told[place].calls[0][1] if told[place].calls else told[place].text for place in mine]
        shapes[name] = Shape(name, style_of(texts), _order([apart[place][1] for place in mine]))
    learned = sum(counts[name] for name in shapes)
    if learned < _RECUR * len(told):
        raise ConfigurationError(
            f"{len(told) - learned:,} of {len(told):,} answers are of no kind that recurs (a JSON object, one tool call, or "
            'a text that comes again): try "lora"'
        )
    return shapes, apart


def _order(objects: Sequence[Mapping[Path, Any]]) -> tuple[Path, ...]:
    """The paths in the order in which most objects have them."""
    whole = Counter(tuple(one) for one in objects)
    order: list[Path] = []
    for paths, _ in whole.most_common():
        for place, path in enumerate(paths):
            if path not in order:  # behind the one it follows
                before = paths[place - 1] if place else None
                order.insert(order.index(before) + 1 if before in order else 0, path)
    return tuple(order)


def _everywhere(reader: Reader, asked: Sequence[Row], apart: Sequence[tuple[str, Mapping[Path, Any]]]) -> bool:
    """Whether values are copied from earlier messages too: where these hold a tenth more of them than the last does."""
    found = {False: 0, True: 0}
    total = 0
    for row, (_, values) in zip(asked[:2000], apart[:2000], strict=False):
        said = {where: context_of(reader, row, everywhere=where)[0].text.lower() for where in found}
        for value in values.values():
            words = [
                str(one).lower()
                for one in (value if isinstance(value, list) else [value])
                if isinstance(one, str | int)
            ]
            if words and all(words):
                total += 1
                for where, text in said.items():
                    found[where] += all(word in text for word in words)
    return found[True] - found[False] > 0.1 * total


def _fields(shapes: Mapping[str, Shape], examples: Sequence[_Example]) -> list[Field]:
    """What fills each field.

    Raises:
        ConfigurationError: a field is neither constant, closed nor copied, or none is copied.
    """
    fields = []
    for shape in shapes.values():
        mine = [example for example in examples if example.shape == shape.name]
        fields += [_field(shape.name, path, mine) for path in shape.order]
    if not any(one.kind == COPIED for one in fields):
        raise ConfigurationError(
            "no field of the answers is copied from the prompt, all come from closed sets: "
            'try "head" where whole answers repeat, else "lora"'
        )
    return fields


def _field(shape: str, path: Path, examples: Sequence[_Example]) -> Field:
    values = [example.values.get(path, MISSING) for example in examples]
    keys = Counter(_key(value) for value in values)
    if len(keys) == 1:
        return Field(shape, path, CONSTANT, (values[0],))
    present = [(example, value) for example, value in zip(examples, values, strict=True) if not _is_empty(value)]
    many = sum(isinstance(value, list) for _, value in present) > len(present) / 2
    form, found = _form(present, many)
    once = sum(count == 1 for count in keys.values())
    closed = len(keys) <= _MOST_VALUES and once <= _NEW * len(values)
    distinct = {_key(value) for _, value in present}
    few = closed and len(distinct) <= max(2, len(present) // 50) and found < 1.0
    if (found >= _COPIED and not few) or (found >= _COPIED_AT_LEAST and not closed):
        empty = Counter(_key(value) for value in values if _is_empty(value)).most_common(1)
        absent = json.loads(empty[0][0]) if empty else MISSING
        return Field(shape, path, COPIED, form=form, many=many, absent=absent, needed=len(present) == len(values))
    if closed:
        return Field(shape, path, CLOSED, tuple(json.loads(key) for key in keys))
    where = ".".join(path)
    raise ConfigurationError(
        f"field {where!r} of {shape!r} is neither copied nor closed: {found:.0%} of its values stand in the prompt, and there "
        f'are {len(distinct):,} different ones in {len(present):,} calls. Try "lora"'
    )


def _form(present: Sequence[tuple[_Example, Any]], many: bool) -> tuple[str, float]:
    """The form that explains most of the values, and the share of them that it explains."""
    best = "verbatim", 0.0
    for form in FORMS:
        found = 0
        for example, value in present:
            parts = value if many and isinstance(value, list) else [value]
            found += isinstance(value, list) == many and all(places(example.tokens, one, form) for one in parts)
        if present and found / len(present) > best[1] + 1e-9:
            best = form, found / len(present)
    return best


def _crf(examples: Sequence[_Example], fields: Sequence[Field], keep: FilePath | None = None) -> Crf:
    """The labels of the tokens, learned by CRFsuite; `keep`: where its own file is to stay."""
    import numpy as np

    try:
        import pycrfsuite  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError as error:
        raise MissingExtra("python-crfsuite", "study", 'train(…, "tagger")') from error
    labelled = _labelled(examples, [one for one in fields if one.kind == COPIED])
    names: dict[str, int] = {}
    labels: dict[str, int] = {OUTSIDE: 0}
    trainer = pycrfsuite.Trainer(verbose=False)
    for example, marks in labelled:
        # CRFsuite sees numbers for names: any character may stand in ours
        items = [
            [f"f{names.setdefault(name, len(names))}" for name in one] for one in named(example.tokens, example.before)
        ]
        trainer.append(items, [f"l{labels.setdefault(mark, len(labels))}" for mark in marks])
    trainer.set_params(_SETTINGS)
    with tempfile.TemporaryDirectory() as scratch:
        place = str(keep or FilePath(scratch) / "model.crfsuite")
        trainer.train(place)
        tagger = pycrfsuite.Tagger()
        tagger.open(place)
        info = tagger.info()
        state, between = dict(info.state_features), dict(info.transitions)
        tagger.close()
    used = sorted({int(name[1:]) for name, _ in state})
    rows = {number: row for row, number in enumerate(used)}
    every = list(names)
    weights = np.zeros((len(used), len(labels)))
    for (name, label), weight in state.items():
        weights[rows[int(name[1:])], int(label[1:])] = weight
    transitions = np.zeros((len(labels), len(labels)))
    for (one, other), weight in between.items():
        transitions[int(one[1:]), int(other[1:])] = weight
    return Crf(list(labels), [every[number] for number in used], weights, transitions)


def _labelled(examples: Sequence[_Example], fields: Sequence[Field]) -> list[tuple[_Example, list[str]]]:
    """The examples whose copied values are all found, with a mark for every token."""
    chooser = Chooser()
    found: list[tuple[_Example, list[tuple[Field, list[Span]]]]] = []
    for example in examples:
        if not len(example.tokens):
            continue
        chooser.see(example.tokens)
        wanted = []
        for one in fields:
            if one.shape == example.shape and not _is_empty(value := example.values.get(one.path, MISSING)):
                parts = value if one.many and isinstance(value, list) else [value]
                wanted += [(one, places(example.tokens, part, one.form)) for part in parts]
        if all(spans for _, spans in wanted):
            found.append((example, wanted))
            for one, spans in wanted:
                if len(spans) == 1:
                    chooser.learn(example.tokens, one.label, spans[0])
    labelled = []
    for example, wanted in found:
        marks: list[list[str]] = [[] for _ in range(len(example.tokens))]
        taken: dict[str, set[int]] = {}
        whole = True
        for one, spans in sorted(wanted, key=lambda pair: len(pair[1])):
            mine = taken.setdefault(one.label, set())
            span = chooser.choose(example.tokens, one.label, spans, mine)
            if span is None:  # two values of a list were copied from one place
                whole = False
                break
            # a name said twice is one name, and each mention of it teaches; a number said twice may be two things
            named = _is_name(example.tokens, span)
            for copy in [span, *(other for other in spans if other != span and named)]:
                if mine.isdisjoint(range(*copy)):
                    mine.update(range(*copy))
                    for place in range(*copy):
                        marks[place].append(f"{BEGINS if place == copy[0] else INSIDE} {one.label}")
        if whole:
            labelled.append((example, [SEPARATOR.join(sorted(parts)) or OUTSIDE for parts in marks]))
    return labelled


def _is_name(tokens: Tokens, span: Span) -> bool:
    """Whether a span is spelt in letters."""
    text = tokens.text[tokens.starts[span[0]] : tokens.ends[span[1] - 1]]
    return len(text) > 3 and any(map(str.isalpha, text))


def _scorers(
    matrix: Matrix, shapes: Sequence[str], examples: Sequence[_Example], fields: Sequence[Field], seed: int
) -> tuple[Floats, list[Scorer], list[Field]]:
    """The table of all scorers, the scorers, and the fields that know theirs."""
    import numpy as np

    tables: list[Any] = [np.zeros((len(matrix.names), 0), np.float32)]
    scorers: list[Scorer] = []
    start = 0

    def add(weights: Matrix, labels: Sequence[int], n_classes: int) -> int:
        nonlocal start
        table, bias = linear(weights, labels, n_classes, seed)
        tables.append(table)
        scorers.append(Scorer([Member(start, bias)]))
        start += n_classes
        return len(scorers) - 1

    if len(shapes) > 1:
        add(matrix, [shapes.index(example.shape) for example in examples], len(shapes))
    else:
        scorers.append(Scorer([]))
    settled = []
    for one in fields:
        if one.kind == CLOSED:
            mine = [place for place, example in enumerate(examples) if example.shape == one.shape]
            keys = [_key(value) for value in one.values]
            labels = [keys.index(_key(examples[place].values.get(one.path, MISSING))) for place in mine]
            settled.append(replace(one, scorer=add(replace(matrix, weights=matrix.weights[mine]), labels, len(keys))))
        else:
            settled.append(one)
    return np.concatenate(tables, axis=1), scorers, settled


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _is_empty(value: Any) -> bool:
    """Whether a value says that there is none."""
    return value is None or value in (MISSING, "", [])
