"""Languages other than English: each is a small table of words and shapes, and a user can add one.

`table` says what a table holds, `search` looks through a text with all of them, `checks` knows the check digits.
"""

from __future__ import annotations

from agentlog.redaction.languages.table import IdNumber, Language

__all__ = ["IdNumber", "Language"]
