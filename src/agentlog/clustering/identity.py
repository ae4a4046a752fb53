"""Ids of tasks: the same for the same input, and kept when the records are clustered again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence

_KEPT = 0.5  # Jaccard of the shared calls above which a task is the earlier one


def new_id(seed: int, content: object, taken: Collection[str]) -> str:
    """An id drawn from `seed` and what the task is made of (JSON values), unlike those in `taken`."""
    number = 0
    while True:
        words = json.dumps([seed, content, number], ensure_ascii=False)
        made = "t-" + hashlib.blake2b(words.encode(), digest_size=4).hexdigest()
        if made not in taken:
            return made
        number += 1


def carried(
    old: Mapping[str, str | None], call_ids: Sequence[str], new: Sequence[Hashable | None]
) -> dict[Hashable, str]:
    """New label → old id, where a new task holds mostly the same calls as an old one.

    Only calls that `old` knows count. Of two disjoint sets at most one can share more than half of the union with a
    third, so that no id is given twice and nothing has to be optimised.
    """
    pairs = Counter((label, old[call]) for call, label in zip(call_ids, new, strict=True) if call in old)
    sizes: Counter[Hashable] = Counter()
    old_sizes: Counter[str] = Counter()
    for (label, one), count in pairs.items():
        if label is not None:
            sizes[label] += count
        if one is not None:
            old_sizes[one] += count
    return {
        label: one
        for (label, one), count in pairs.items()
        if label is not None and one is not None and count > _KEPT * (sizes[label] + old_sizes[one] - count)
    }
