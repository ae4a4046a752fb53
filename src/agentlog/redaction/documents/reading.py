"""Has every reader look at a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from agentlog.redaction.documents import (
    accounts,
    addresses,
    assignments,
    bracketed,
    commands,
    delimited,
    indented,
    letters,
    markup,
    segments,
    statements,
)
from agentlog.redaction.documents.clues import Book
from agentlog.redaction.documents.page import Page
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.structures.frames import Island
from agentlog.redaction.words.spans import Span

READERS: Final[tuple[Callable[[Page], None], ...]] = (
    markup.read,
    delimited.read,
    indented.read,
    bracketed.read,
    assignments.read,
    statements.read,
    letters.read,
    segments.read,
    addresses.read,
)
"""In the order of their proof: of two findings in one place the first one counts."""
OF_STRUCTURE: Final = tuple(
    reader for reader in READERS if reader not in (delimited.read, indented.read, bracketed.read)
)
"""Those that find something in a text that is one structure."""
CLUES: Final = Book((*commands.CLUES, *assignments.CLUES, *statements.CLUES, *letters.CLUES, *accounts.CLUES))


def read(
    text: str, low: str, words: frozenset[str], rules: KeyRules, structured: Sequence[Span] = (), label: bool = False
) -> Island:
    """What the containers in `text` hold, as offsets; work is linear in its length.

    Args:
        text: with the strings blanked out that have to be unescaped first.
        low: `text` in lower case, character for character.
        words: the words of `text`.
        rules: what keys say.
        structured: the stretches of `text` that are JSON and have been read.
        label: the text is the name of something in a program: only paths and URLs are looked at.
    """
    page = Page(text, low, words, rules, structured)
    if label:
        addresses.read(page)
        return page.found
    for reader in READERS if not page.whole else OF_STRUCTURE:
        reader(page)
    CLUES.look(page)
    return page.found
