"""The scan of `phonenumbers.PhoneNumberMatcher`, with each candidate judged once: four fifths of Presidio's time go there.

A candidate's verdict depends on itself, the character before it and the three behind it; verdicts are remembered by a hash
of these. What may be a number is searched for once, not once for each region.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

_MOST: Final = 100_000
_UNSURE: Final = 0
"""Not among the verdicts, which are a span or None."""


class PhoneScan:
    """Finds what `PhoneNumberMatcher` finds in any of the regions.

    Args:
        regions: as `PhoneRecognizer.supported_regions`.
        leniency: of `phonenumbers`.
    """

    def __init__(self, regions: Iterable[str], leniency: int) -> None:
        phonenumbers = importlib.import_module("phonenumbers")
        matcher = importlib.import_module("phonenumbers.phonenumbermatcher")
        self._matcher = phonenumbers.PhoneNumberMatcher
        self._search = matcher._PATTERN.search
        self._second = matcher._SECOND_NUMBER_START_PATTERN.search
        self._leniency = leniency
        self._shortest = getattr(phonenumbers.PhoneNumberMatcher("", "US"), "_min_candidate_length", 0)
        self._regions: list[tuple[str, int, dict[int, Any]]] = []
        for region in regions:
            metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
            lengths = [length for length in metadata.general_desc.possible_length if length > 0] if metadata else []
            # below VALID a number need not have the length of one
            self._regions.append((region, min(lengths, default=0) if leniency >= 1 else 0, {}))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of every number, region by region; the same place may come several times."""
        candidates: dict[int, tuple[int, str, int] | None] = {}
        for region, least, verdicts in self._regions:
            index = 0
            while True:
                if index not in candidates:
                    candidates[index] = self._next(text, index)
                candidate = candidates[index]
                if candidate is None:
                    break
                start, found, digits = candidate
                index = start + len(found)
                if len(found) < self._shortest:
                    continue
                if digits < least and found[0] not in "+\uff0b0":
                    continue  # too short for a number of that region, and not written as another region's
                verdict = self._verdict(text, start, found, region, verdicts)
                if verdict is not None:
                    yield start + verdict[0], start + verdict[1]
                    index = start + verdict[1]

    def _next(self, text: str, index: int) -> tuple[int, str, int] | None:
        match = self._search(text, index)
        if match is None:
            return None
        found = match.group()
        second = self._second(found)
        if second is not None:
            found = found[: second.start()]
        return match.start(), found, sum(map(str.isdigit, found))

    def _verdict(
        self, text: str, start: int, found: str, region: str, verdicts: dict[int, Any]
    ) -> tuple[int, int] | None:
        before, after = text[max(0, start - 1) : start], text[start + len(found) : start + len(found) + 3]
        key = hash((found, before, after))
        known: Any = verdicts.get(key, _UNSURE)
        if known == _UNSURE:
            matcher = self._matcher(before + found + after, region, leniency=self._leniency)
            match = matcher._extract_match(found, len(before))
            known = None if match is None else (match.start - len(before), match.end - len(before))
            if len(verdicts) >= _MOST:
                verdicts.clear()
            verdicts[key] = known
        span: tuple[int, int] | None = known
        return span
