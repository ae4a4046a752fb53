"""How much work a text may ask for. What asks for more is not redacted but withheld: only its shape is stored."""

from __future__ import annotations

from typing import Final

LONGEST_TEXT: Final = 2_000_000
"""Characters of one text."""
DEEPEST: Final = 1_000
"""Brackets within brackets."""
DEEPEST_TEXT: Final = 6
"""JSON in a string in JSON in a string …"""
MOST_VALUES: Final = 200_000
"""Different values that one trace may hold."""
BUDGET_S: Final = 2.0
"""Processor seconds for one call's record."""


class Unredactable(Exception):
    """A text or a part is too long, too deep, too slow or of no known kind. Its message holds no content."""
