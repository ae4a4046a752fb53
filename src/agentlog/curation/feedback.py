"""Which calls somebody has approved of: feedback on the call, else on its run, else on its session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from agentlog.errors import UnknownName

GOOD_SCORE: Final = 0.5
"""A score from here on is good: yes is 1, no is 0, and a scale from 0 to 1 is cut in the middle."""
GOOD_LABELS: Final = frozenset(
    "yes y true ok okay good great excellent positive correct right pass passed success successful resolved solved accepted accept approved"
    " approve up thumbs_up like liked helpful".split()
)
"""Labels that are good when there is no score; any other label is not."""

_TARGETS: Final = ("call_id", "trace_id", "session")


def approved(feedback: pa.Table, name: str, targets: Mapping[str, Sequence[Any]]) -> list[bool]:
    """Whether each call has good feedback of that name.

    Args:
        feedback: with the columns of `feedback/`.
        name: of the feedback.
        targets: the columns `call_id`, `trace_id` and `session` of the calls.

    The nearest feedback decides: the one on the call before the one on its run before the one on its session. Of several
    on one target the last decides.

    Raises:
        UnknownName: no feedback has that name; the message lists those that are there.
    """
    names = Counter(feedback["name"].to_pylist())
    if name not in names:
        there = ", ".join(f"{one!r} ({count:,})" for one, count in names.most_common(20)) or "none at all"
        raise UnknownName(
            f"no feedback is called {name!r}. There is: {there}. agentlog.feedback({name!r}, score=1, call=…) records it"
        )
    rows = [
        row for row in feedback.select(["time", "name", "score", "label", *_TARGETS]).to_pylist() if row["name"] == name
    ]
    rows.sort(key=lambda row: row["time"])
    verdicts: dict[str, dict[Any, bool]] = {target: {} for target in _TARGETS}
    for row in rows:
        target = next((target for target in _TARGETS if row[target] is not None), None)
        if target is not None:
            verdicts[target][row[target]] = _good(row["score"], row["label"])
    return [
        next(
            (
                verdicts[target][value]
                for target, value in zip(_TARGETS, values, strict=True)
                if value in verdicts[target]
            ),
            False,
        )
        for values in zip(*(targets[target] for target in _TARGETS), strict=True)
    ]


def _good(score: float | None, label: str | None) -> bool:
    if score is not None:
        return score >= GOOD_SCORE
    return label is not None and label.strip().lower().replace(" ", "_").replace("-", "_") in GOOD_LABELS
