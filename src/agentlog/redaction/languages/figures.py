"""Figures and brands that bear a title: `Dr. Oetker`, `Don Quijote`. Nobody's data."""

from __future__ import annotations

import re
from typing import Final

_FIGURES: Final = frozenset(
    """dr oetker|dr best|dr martens|dr pepper|dr house|dr who|dr strange|dr dre|dr beckmann|dr hauschka|dr scheller|frau holle|frau antje|fräulein smilla|
    herr der|don quijote|don quixote|don juan|don giovanni|don simón|don simon|don bosco|don pasquale|doña manolita|doña rosita|doña bárbara|dona maria|
    dom quixote|dom casmurro|dom pedro|dom pérignon|madame figaro|madame bovary|madame tussauds|madame butterfly|monsieur bricolage|monsieur cuisine|
    m propre|mme irma|mr proper|mr propper|mr bean|mr bricolage|mrs dalloway|mr robot|miss marple|miss dior|miss universe|miss france|mister spex|sor juana|
    señor wooly|prof dumbledore|professor layton""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_LAST_WORD: Final = re.compile(r"([^\W\d_]{1,12})[.\s]{1,4}\Z")
_FIRST_WORD: Final = re.compile(r"[^\W\d_]{1,20}")


def figure(text: str, name_at: int) -> bool:
    """Whether the title before `name_at` and the word that begins there belong to a figure or a brand.

    >>> figure("Dr. Oetker Pizza", 4), figure("Dr. Weber", 4)
    (True, False)
    """
    title, word = _LAST_WORD.search(text, max(0, name_at - 16), name_at), _FIRST_WORD.match(text, name_at)
    if title is None or word is None:
        return False
    return f"{title.group(1)} {word.group()}".lower() in _FIGURES
