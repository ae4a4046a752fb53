"""Words and parts of words as numbers: TF-IDF over word 1-2-grams and character 2-5-grams within words, one gather at work.

A text is a list of *units*, its words and pairs of neighbours; a unit is a bag of *grams*. A trained model gives every gram
a row of a table, and a text is the sum of its units' rows, divided by its length. Sums of grams by unit are remembered,
because language repeats its words: at work most units cost one dict lookup.

The text's length is sqrt(sum over units of the unit's squared length): not quite the Euclidean one, which knows of grams
that two words share; but a sum over units, as all the rest.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from agentlog.models.prompts import Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_TOKEN: Final = re.compile(r"<[a-z_]+>|\w{1,32}|[^\w\s]")
_REST: Final = "~"
"""Begins the units of what was said before the last message, so that they count apart."""
_SHORTEST, _LONGEST = 2, 5
_UNITS: Final = 32_768
"""Units that are remembered; then all are forgotten."""


def units(reading: Reading) -> list[str]:
    """The words and pairs of words of a prompt.

    >>> units(Reading("Lost my card!", "", 13, 0, ""))
    ['lost', 'my', 'card', '!', '^ lost', 'lost my', 'my card', 'card !', '! $']
    """
    found = _TOKEN.findall(reading.last.lower())
    if found:
        found += [f"{one} {two}" for one, two in zip(["^", *found], [*found, "$"], strict=True)]
    if reading.rest:
        rest = _TOKEN.findall(reading.rest.lower())
        found += [f"{_REST}{word}" for word in rest]
        found += [f"{_REST}{one} {two}" for one, two in pairwise(rest)]
    return found


def grams(unit: str) -> list[str]:
    """The grams of a unit: itself, and of a word its character n-grams with its borders.

    >>> grams("up")
    ['=up', '[u', 'up', 'p]', '[up', 'up]', '[up]']
    """
    if " " in unit:
        return [unit]
    prefix, word = (_REST, unit[1:]) if unit[0] == _REST and len(unit) > 1 else ("", unit)
    found = [f"{prefix}={word}"]
    if len(word) == 1 and not word.isalnum():
        return found
    bordered = f"[{word}]"
    for size in range(_SHORTEST, _LONGEST + 1):
        found += [prefix + bordered[start : start + size] for start in range(len(bordered) - size + 1)]
    return found


class Encoder:
    """Turns texts into the vectors of one model.

    Args:
        names: the grams, in the order of the table's rows.
        idf: the weight of each gram, n_grams.
        table: what a gram adds to a text's vector before its own weight, n_grams by n_columns.
    """

    def __init__(self, names: Sequence[str], idf: Floats, table: Floats) -> None:
        import numpy as np

        self.names = list(names)
        self.idf = np.asarray(idf, np.float32)
        self.table = np.ascontiguousarray(table, np.float32)
        self._rows = {name: row for row, name in enumerate(self.names)}
        self._unknown = float(self.idf.max(initial=1.0)) ** 2
        self._add = np.add.reduce
        self._lock = threading.Lock()
        self._state = self._empty(256)

    def encode(self, units: Sequence[str]) -> tuple[Floats, float]:
        """The vector of a text, n_columns, and the share of it that is known, 0 to 1."""
        memory, places = self._state
        try:
            rows = [places[unit] for unit in units]
        except KeyError:
            memory, rows = self._learn(units)
        total = self._add(memory.take(rows, 0))  # the method .sum would take as long for Python as for the sum
        squared, unknown = total[-2:].tolist()
        if squared <= 0.0:
            return total[:-2], 0.0
        total *= squared**-0.5
        return total[:-2], squared / (squared + unknown)

    def _empty(self, size: int) -> tuple[Floats, dict[str, int]]:
        import numpy as np

        return np.zeros((size, self.table.shape[1] + 2), np.float32), {}

    def _learn(self, units: Sequence[str]) -> tuple[Floats, list[int]]:
        """Remembers units that came for the first time; another thread may be reading what is there."""
        import numpy as np

        with self._lock:
            memory, places = self._state
            fresh = [unit for unit in dict.fromkeys(units) if unit not in places]
            if len(places) + len(fresh) > _UNITS:
                memory, places = self._empty(256)
                fresh = list(dict.fromkeys(units))
            if len(places) + len(fresh) > len(memory):
                grown, _ = self._empty(2 * (len(places) + len(fresh)))
                grown[: len(memory)] = memory
                memory, places = grown, dict(places)
            for unit in fresh:
                row = memory[len(places)]
                for gram, count in Counter(grams(unit)).items():
                    known = self._rows.get(gram)
                    if known is None:
                        row[-1] += count * count * self._unknown
                    else:
                        weight = np.float32(count) * self.idf[known]
                        row[:-2] += weight * self.table[known]
                        row[-2] += weight * weight
                places[unit] = len(places)
            self._state = memory, places
            return memory, [places[unit] for unit in units]

    def columns(self, *, start: int, end: int) -> Encoder:
        """The same with some columns only."""
        return Encoder(self.names, self.idf, self.table[:, start:end])

    def to_arrays(self) -> dict[str, Any]:
        """What `from_arrays` reads; the names are UTF-8 lines."""
        import numpy as np

        words = np.frombuffer("\n".join(self.names).encode("utf-8", "surrogatepass"), np.uint8)
        return {"grams": words, "idf": self.idf, "table": self.table}

    @classmethod
    def from_arrays(cls, arrays: Any) -> Encoder:
        """The encoder that `to_arrays` wrote."""
        words = arrays["grams"].tobytes().decode("utf-8", "surrogatepass")
        return cls(words.split("\n") if words else [], arrays["idf"], arrays["table"])
