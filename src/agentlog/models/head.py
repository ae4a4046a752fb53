"""The smallest rung: a closed set of whole answers, one of which is chosen by the words of the prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from agentlog.models import answers as same
from agentlog.models.contract import Prediction, Row
from agentlog.models.features import Encoder, units
from agentlog.models.folder import WEIGHTS, Folder, packed
from agentlog.models.gates import Gate
from agentlog.models.prompts import Reader
from agentlog.models.scorer import Scorer
from agentlog.tasks.reading import Answer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

RULES: Final = "head.json"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose model it is."""

    task_id: str = ""
    task_name: str = ""
    version: str = ""
    threshold: float = float("inf")

    @classmethod
    def of(cls, folder: Folder) -> Identity:
        """What a model's folder says."""
        task = folder.about["task"]
        return cls(str(task.get("id")), str(task.get("name")), folder.version, folder.threshold)


NOBODY: Final = Identity()
"""Of a model that lies in no folder."""


class Head:
    """One of the answers that were seen in training, or none.

    Args:
        reader: drops the template.
        encoder: the columns are the scorer's, then the gate's.
        scorer: one class for each answer.
        gate: what is like the training prompts.
        answers: the closed set.
    """

    rung = "head"
    remote = False

    def __init__(
        self,
        reader: Reader,
        encoder: Encoder,
        scorer: Scorer,
        gate: Gate,
        answers: Sequence[Answer],
        identity: Identity = NOBODY,
    ) -> None:
        self.reader = reader
        self.encoder = encoder
        self.scorer = scorer
        self.gate = gate
        self.answers = tuple(answers)
        self.identify(identity)
        self._gate_starts = encoder.table.shape[1] - gate.centroids.shape[1]

    def identify(self, identity: Identity) -> None:
        """Say whose model it is."""
        self.task_id = identity.task_id
        self.task_name = identity.task_name
        self.version = identity.version
        self.threshold = identity.threshold

    def __repr__(self) -> str:
        return f"Head({self.task_name or 'unnamed'}@{self.version or 'unsaved'}: {len(self.answers)} answers)"

    def predict(self, row: Row) -> Prediction:
        """The likeliest answer, also where the prompt is novel; its score is its probability."""
        reading = self.reader.read(row)
        why = self.gate.form(reading)
        vector, known = self.encoder.encode(units(reading))
        best, score = self.scorer.best(vector)
        why = why or self.gate.likeness(vector[self._gate_starts :], known)
        return Prediction(self.answers[best], score, why)

    def probabilities(self, row: Row) -> Floats:
        """Of each answer, in the order of `answers`."""
        vector, _ = self.encoder.encode(units(self.reader.read(row)))
        return self.scorer.probabilities(vector)

    def to_files(self) -> dict[str, bytes]:
        """The files of its folder, without `model.json`."""
        arrays = {
            **self.encoder.to_arrays(), **self.scorer.to_arrays("scorer_"), "centroids": self.gate.centroids,
        }  # fmt: skip
        rules = {
            "template": sorted(self.reader.template),
            "answers": [same.to_json(answer) for answer in self.answers],
            "gate": self.gate.to_dict(),
        }
        return {WEIGHTS: packed(arrays), RULES: _json(rules)}

    @classmethod
    def from_folder(cls, folder: Folder) -> Head:
        """The head that `to_files` wrote."""
        arrays, rules = folder.arrays(), folder.json(RULES)
        return cls(
            Reader(rules["template"]),
            Encoder.from_arrays(arrays),
            Scorer.from_arrays(arrays, "scorer_"),
            Gate.from_dict(arrays["centroids"], rules["gate"]),
            [same.from_json(answer) for answer in rules["answers"]],
            Identity.of(folder),
        )


def _json(value: Any) -> bytes:
    import json

    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
