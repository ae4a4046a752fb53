"""From which score on an answer of the merged model may be trusted: asked on calls later than those that it learned.

The score is the geometric mean of the tokens' probabilities, as an endpoint's is: the threshold holds for both.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from agentlog.models.answers import canonical
from agentlog.tasks.reading import answer_of
from agentlog.training.calibration import Calibration, calibrate
from agentlog.training.language.local import LocalModel


def calibrated(path: Path, later: pa.Table, target: float) -> Calibration:
    """What the model in the folder `path` does on the calls of `later`."""
    model = LocalModel(path)
    rows = later.to_pylist()
    said = [model.predict(row) for row in rows]
    agreed = [
        one.answer is not None and canonical(one.answer) == canonical(answer_of(row))
        for one, row in zip(said, rows, strict=True)
    ]
    return calibrate([one.score for one in said], agreed, [bool(one.novel) for one in said], target=target)
