"""The second rung: JSON objects and tool calls whose values are copied from the prompt, or come from closed sets.

No value is invented: a copied one stands in the prompt as it is, letter for letter or in one of `FORMS`; the others were
seen in training.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agentlog.models import answers as same
from agentlog.models.contract import Prediction, Row
from agentlog.models.crf import BEGINS, OUTSIDE, SEPARATOR, Crf
from agentlog.models.features import Encoder, units
from agentlog.models.fields import Path, Style, put_together
from agentlog.models.folder import WEIGHTS, Folder, packed
from agentlog.models.gates import Gate
from agentlog.models.head import NOBODY, Identity
from agentlog.models.prompts import Reader, texts
from agentlog.models.scorer import Scorer
from agentlog.models.tokens import Tokens, tokens_of
from agentlog.tasks.reading import Answer

RULES: Final = "tagger.json"
CONSTANT, CLOSED, COPIED = "constant", "closed", "copied"
MISSING: Final = "missing"
"""A field that is absent has no key; else it has `Field.absent` as its value."""

_NUMBER: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def _number(text: str) -> Any:
    plain = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    return float(plain) if "." in plain else int(plain)


FORMS: Final[dict[str, Callable[[str], Any]]] = {
    "verbatim": lambda text: text,
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "capitalised": str.capitalize,
    "number": _number,
}
"""How a copied value is written: what it is made of the words of the prompt."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an answer."""

    shape: str
    """Of the answers that have it."""
    path: Path
    kind: str
    """CONSTANT, CLOSED or COPIED."""
    values: tuple[Any, ...] = ()
    """Of a constant field the value; of a closed one its classes, `MISSING` standing for no key."""
    scorer: int = -1
    """Of a closed field: which scorer decides."""
    form: str = "verbatim"
    """Of a copied field: one of FORMS."""
    many: bool = False
    """Of a copied field: the value is a list of what was copied."""
    absent: Any = MISSING
    """Of a copied field: its value where there is nothing to copy."""
    needed: bool = False
    """Of a copied field: every answer has a value, so where there is nothing to copy there is no answer."""

    @property
    def label(self) -> str:
        """Its name among the labels of the tokens."""
        return json.dumps([self.shape, *self.path], ensure_ascii=False)

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Field:
        """The field that `to_dict` wrote."""
        return cls(**{**value, "path": tuple(value["path"]), "values": tuple(value["values"])})


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of answer: a JSON object, a call of one tool, or an answer that is always the same."""

    name: str
    style: Style
    order: tuple[Path, ...]
    """Of the keys."""
    whole: Answer | None = None
    """The answer, where it is always the same."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "name": self.name,
            "style": self.style.to_dict(),
            "order": self.order,
            "whole": None if self.whole is None else same.to_json(self.whole),
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Shape:
        """The shape that `to_dict` wrote."""
        whole = None if value["whole"] is None else same.from_json(value["whole"])
        return cls(value["name"], Style(**value["style"]), tuple(map(tuple, value["order"])), whole)


class Tagger:
    """Fills in an answer's fields.

    Args:
        reader: drops the template.
        encoder: the columns are the scorers', then the gate's.
        scorers: the first decides the shape, the others the closed fields.
        gate: what is like the training prompts.
        crf: labels the tokens of the context.
        shapes: the kinds of answers, in the order of the first scorer's classes.
        fields: of all shapes.
        everywhere: the context is all messages; else it is the last one.
    """

    rung = "tagger"
    remote = False

    def __init__(
        self,
        reader: Reader,
        encoder: Encoder,
        scorers: Sequence[Scorer],
        gate: Gate,
        crf: Crf,
        shapes: Sequence[Shape],
        fields: Sequence[Field],
        everywhere: bool,
        identity: Identity = NOBODY,
    ) -> None:
        self.reader = reader
        self.encoder = encoder
        self.scorers = tuple(scorers)
        self.gate = gate
        self.crf = crf
        self.shapes = tuple(shapes)
        self.fields = tuple(fields)
        self.everywhere = everywhere
        self.identify(identity)
        self._gate_starts = encoder.table.shape[1] - gate.centroids.shape[1]
        self._of_shape = {shape.name: [one for one in self.fields if one.shape == shape.name] for shape in self.shapes}

    def identify(self, identity: Identity) -> None:
        """Say whose model it is."""
        self.task_id = identity.task_id
        self.task_name = identity.task_name
        self.version = identity.version
        self.threshold = identity.threshold

    def __repr__(self) -> str:
        return f"Tagger({self.task_name or 'unnamed'}@{self.version or 'unsaved'}: {len(self.fields)} fields)"

    def described(self) -> dict[str, str]:
        """Each field and how it is filled."""
        return {".".join((one.shape, *one.path)): one.kind for one in self.fields}

    def predict(self, row: Row) -> Prediction:
        """The answer with its fields filled in. Its score is the product of the probabilities of all that was decided."""
        reading = self.reader.read(row)
        why = self.gate.form(reading)
        vector, known = self.encoder.encode(units(reading))
        why = why or self.gate.likeness(vector[self._gate_starts :], known)
        shape, score = self.shapes[0], 1.0
        if len(self.shapes) > 1:
            which, score = self.scorers[0].best(vector)
            shape = self.shapes[which]
        if shape.whole is not None:
            return Prediction(shape.whole, score, why)
        tokens, before = context_of(self.reader, row, everywhere=self.everywhere)
        labels, sure = self.crf.label(tokens, before)
        score *= sure
        spans = spans_of(tokens, labels, self.crf.labels)
        values: dict[Path, Any] = {}
        for one in self._of_shape[shape.name]:
            if one.kind == CONSTANT:
                value = one.values[0]
            elif one.kind == CLOSED:
                which, sure = self.scorers[one.scorer].best(vector)
                score *= sure
                value = one.values[which]
            else:
                value = copied(one, spans.get(one.label, ()))
                if one.needed and value == one.absent:
                    return Prediction(None, 0.0, why)
            if value != MISSING or one.kind == CONSTANT:
                values[one.path] = value
        return Prediction(put_together(shape.name, values, shape.order, shape.style), score, why)

    def to_files(self) -> dict[str, bytes]:
        """The files of its folder, without `model.json`."""
        arrays: dict[str, Any] = {**self.encoder.to_arrays(), **self.crf.to_arrays(), "centroids": self.gate.centroids}
        for number, scorer in enumerate(self.scorers):
            arrays.update(scorer.to_arrays(f"scorer{number}_"))
        rules = {
            "template": sorted(self.reader.template),
            "shapes": [shape.to_dict() for shape in self.shapes],
            "fields": [one.to_dict() for one in self.fields],
            "everywhere": self.everywhere,
            "n_scorers": len(self.scorers),
            "gate": self.gate.to_dict(),
        }
        written = json.dumps(rules, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
        return {WEIGHTS: packed(arrays), RULES: written}

    @classmethod
    def from_folder(cls, folder: Folder) -> Tagger:
        """The tagger that `to_files` wrote."""
        arrays, rules = folder.arrays(), folder.json(RULES)
        return cls(
            Reader(rules["template"]),
            Encoder.from_arrays(arrays),
            [Scorer.from_arrays(arrays, f"scorer{number}_") for number in range(rules["n_scorers"])],
            Gate.from_dict(arrays["centroids"], rules["gate"]),
            Crf.from_arrays(arrays),
            [Shape.from_dict(one) for one in rules["shapes"]],
            [Field.from_dict(one) for one in rules["fields"]],
            rules["everywhere"],
            Identity.of(folder),
        )


def context_of(reader: Reader, row: Row, *, everywhere: bool) -> tuple[Tokens, str]:
    """The tokens from which values are copied, and what was said before them."""
    said = [reader.varying(text) for text in texts(row)]
    if everywhere:
        return tokens_of("\n".join(filter(None, said))), ""
    last = said.pop() if said else ""
    return tokens_of(last), "\n".join(filter(None, said))


def spans_of(tokens: Tokens, labels: Sequence[int], names: Sequence[str]) -> dict[str, list[str]]:
    """The labelled pieces of the text by field, in the order of the text.

    A token can belong to several fields: its label then has a part for each.
    """
    found: dict[str, list[str]] = {}
    opened: dict[str, tuple[int, int]] = {}
    for place, number in enumerate(labels):
        name = names[number]
        here = {} if name == OUTSIDE else {part[2:]: part[0] for part in name.split(SEPARATOR)}
        for label in [label for label in opened if here.get(label, BEGINS) == BEGINS]:
            start, end = opened.pop(label)
            found.setdefault(label, []).append(tokens.text[start:end])
        for label in here:
            start = opened[label][0] if label in opened else tokens.starts[place]
            opened[label] = start, tokens.ends[place]
    for label, (start, end) in opened.items():
        found.setdefault(label, []).append(tokens.text[start:end])
    return found


def copied(field: Field, spans: Sequence[str]) -> Any:
    """The value of a field of which these pieces of the prompt were labelled."""
    made = [value for span in spans if (value := FORMS[field.form](span)) is not None]
    if field.many:
        return list(dict.fromkeys(made)) if made else field.absent
    return made[0] if made else field.absent
