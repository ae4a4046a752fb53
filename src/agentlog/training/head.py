"""Training a head: which of a closed set of answers, by the words of the prompt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from agentlog.errors import ConfigurationError, MissingExtra
from agentlog.models.answers import canonical
from agentlog.models.contract import Row
from agentlog.models.features import Encoder, grams, units
from agentlog.models.head import Head
from agentlog.models.prompts import Reader, Reading
from agentlog.models.scorer import Member, Scorer
from agentlog.tasks.reading import Answer
from agentlog.training import gates, network
from agentlog.training.calibration import DELTA, Calibration, calibrate, earlier_and_later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_SMALLEST: Final = 20
"""Fewer examples are not learned from."""
_ENOUGH_FOR_A_NETWORK: Final = 1000
"""Rows from which on a network takes the place of the logistic regression; fewer do not teach it more than that knows."""
_NEW: Final = 0.2
"""The share of answers that came only once estimates how often the next one is new (Good and Turing); above this, the
answers are no closed set."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A head, and how it does on rows later than those that it learned."""

    head: Head
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Matrix:
    """Texts as rows of TF-IDF weights."""

    names: list[str]
    idf: Floats
    weights: Any
    """scipy CSR, n_texts by n_grams, each row divided by the text's length (see `models.features`)."""


def fit_head(
    rows: Sequence[Row | str],
    answers: Sequence[Answer | str],
    *,
    later: tuple[Sequence[Row | str], Sequence[Answer | str]] | None = None,
    target: float = 0.99,
    delta: float = DELTA,
    seed: int = 0,
) -> Fitted:
    """A head that learned from rows and answers, calibrated on later ones.

    Args:
        rows: what was asked, in the order of time; a string is a row that holds nothing else.
        answers: what the LLM answered.
        later: rows and answers for calibration; None takes the last of `rows`, as `calibration.share` says.
        target: the agreement that the threshold must reach.
        delta: how often it may miss that.
        seed: of the training.

    Raises:
        ConfigurationError: too few rows, one answer only, or answers that are no closed set.
        MissingExtra: scikit-learn is not installed.
    """
    asked, told, rest, wanted = earlier_and_later(rows, answers, later, target, delta)
    classes, labels = closed(told)
    reader = Reader.fit(asked)
    readings = [reader.read(row) for row in asked]
    matrix = vectorise(readings)
    table, members = _scorers(matrix, labels, len(classes), seed)
    likeness = gates.fit(matrix, labels, len(classes), seed)
    encoder = Encoder(matrix.names, matrix.idf, _beside(table, likeness.table))
    later_readings = [reader.read(row) for row in rest]
    gate = gates.limits(likeness.centroids, encoder, table.shape[1], [*readings], later_readings)
    head = Head(reader, encoder, Scorer(members), gate, classes)
    said = [head.predict(row) for row in rest]
    agreed = [
        one.answer is not None and canonical(one.answer) == canonical(answer)
        for one, answer in zip(said, wanted, strict=True)
    ]
    return Fitted(
        head,
        calibrate([one.score for one in said], agreed, [bool(one.novel) for one in said], target=target, delta=delta),
    )


def closed(answers: Sequence[Answer]) -> tuple[list[Answer], list[int]]:
    """The classes, the most frequent form of each, and the class of every answer.

    Raises:
        ConfigurationError: too few answers, only one, or they are no closed set.
    """
    n = len(answers)
    if n < _SMALLEST:
        raise ConfigurationError(
            f"{n} calls to learn from are too few for a head, {_SMALLEST} are the least: record more calls"
        )
    forms: dict[str, Counter[Answer]] = {}
    keys = [canonical(answer) for answer in answers]
    for key, answer in zip(keys, answers, strict=True):
        forms.setdefault(key, Counter())[answer] += 1
    if len(forms) == 1:
        raise ConfigurationError(
            f"all {n} calls have one answer, {_shown(answers[0])}: that needs no model. Return it as a constant, or record "
            "calls in which the LLM decides otherwise"
        )
    once = sum(form.total() == 1 for form in forms.values())
    if once > _NEW * n:
        raise ConfigurationError(
            f"the answers are no closed set: {len(forms):,} different answers in {n:,} calls. "
            'Try "tagger" where values are copied from the prompt, else "lora"'
        )
    numbers = {key: number for number, key in enumerate(forms)}
    return [form.most_common(1)[0][0] for form in forms.values()], [numbers[key] for key in keys]


def vectorise(readings: Sequence[Reading]) -> Matrix:
    """The TF-IDF matrix of texts; grams of one text only are left out where there are many texts."""
    import numpy as np
    from scipy import sparse  # type: ignore[import-untyped, import-not-found, unused-ignore]

    documents = [Counter(units(reading)) for reading in readings]
    of_unit = {unit: Counter(grams(unit)) for document in documents for unit in document}
    frequency: Counter[str] = Counter()
    for document in documents:
        frequency.update({gram for unit in document for gram in of_unit[unit]})
    least = 2 if len(documents) >= 200 else 1
    names = sorted(gram for gram, count in frequency.items() if count >= least)
    places = {gram: place for place, gram in enumerate(names)}
    counts = np.array([frequency[name] for name in names], np.float64)
    idf = (np.log((1 + len(documents)) / (1 + counts)) + 1).astype(np.float32)
    # a unit's known grams, as places and weights; its squared length
    known = {
        unit: [(places[gram], count) for gram, count in found.items() if gram in places]
        for unit, found in of_unit.items()
    }
    squares = {unit: sum(float(count * idf[place]) ** 2 for place, count in found) for unit, found in known.items()}
    indices: list[int] = []
    values: list[float] = []
    ends = [0]
    for document in documents:
        sums: dict[int, float] = {}
        squared = 0.0
        for unit, times in document.items():
            squared += times * squares[unit]
            for place, count in known[unit]:
                sums[place] = sums.get(place, 0.0) + times * count
        length = squared**-0.5 if squared > 0 else 0.0
        indices += sums
        values += [length * value for value in sums.values()]
        ends.append(len(indices))
    weights = sparse.csr_matrix(
        (np.array(values, np.float32), np.array(indices, np.int32), np.array(ends, np.int32)),
        shape=(len(documents), len(names)),
    )
    return Matrix(names, idf, (weights @ sparse.diags(idf)).tocsr().astype(np.float32))


def _scorers(matrix: Matrix, labels: Sequence[int], n_classes: int, seed: int) -> tuple[Floats, list[Member]]:
    """The columns of the members' tables, n_grams by n_columns, and the members."""
    if len(labels) < _ENOUGH_FOR_A_NETWORK:
        table, bias = linear(matrix, labels, n_classes, seed)
        return table, [Member(0, bias)]
    learned = network.fit(matrix.weights, labels, n_classes, seed)
    return learned.first, [Member(0, learned.first_bias, learned.second, learned.second_bias)]


def linear(matrix: Matrix, labels: Sequence[int], n_classes: int, seed: int) -> tuple[Floats, Floats]:
    """Multinomial logistic regression: what each gram adds to each class, n_grams by n_classes, and the biases, n_classes."""
    import numpy as np

    model = logistic(matrix, labels, seed)
    coefficients, intercepts = model.coef_, model.intercept_
    if n_classes == 2:  # scikit-learn keeps one column: the log-odds of the second class
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
        intercepts = np.concatenate([np.zeros_like(intercepts), intercepts])
    return coefficients.T.astype(np.float32), intercepts.astype(np.float32)


def logistic(matrix: Matrix, labels: Sequence[int], seed: int) -> Any:
    """Multinomial logistic regression by scikit-learn."""
    try:
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError as error:
        raise MissingExtra("scikit-learn", "study", 'train(…, "head")') from error
    return LogisticRegression(C=10.0, max_iter=300, tol=1e-4, random_state=seed).fit(matrix.weights, labels)


def _beside(*tables: Floats) -> Floats:
    import numpy as np

    return np.concatenate(tables, axis=1).astype(np.float32)


def _shown(answer: Answer) -> str:
    words = answer.text or ", ".join(f"{name}({arguments})" for name, arguments in answer.calls)
    return repr(words if len(words) <= 60 else f"{words[:60]}…")
