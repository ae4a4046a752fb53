"""What is known of a word: whether people bear it as a name, whether it is a place, whether it is an ordinary word too.

The table lies in `data/`, with its sources and licences beside it, and is read when the first word is looked up. Words
are spelled in lower case and without accents there.
"""

# ruff: noqa: RUF001 - the letters are what is exchanged

from __future__ import annotations

import unicodedata
import zlib
from functools import lru_cache
from importlib.resources import files
from typing import Final

GIVEN: Final = 1
"""A given name somewhere on earth."""
FAMILY: Final = 2
"""A family name somewhere on earth."""
FREQUENT: Final = 4
"""Of names: many people bear it, or people of many languages do."""
WORD: Final = 8
"""An ordinary word as well, or a brand, a program, a short form: as a name it needs more evidence."""
PLACE: Final = 16
"""A country, a state or a larger city."""
NAME: Final = GIVEN | FAMILY
"""A name of either kind."""
OTHER: Final = WORD | PLACE
"""Something else than a name, as well."""
CALLED: Final = 32
"""A given name that many in the United States bear …"""
BORNE: Final = 64
"""… and a family name of that kind."""
EVERYDAY: Final = 128
"""Of names: one of the thousand words that English uses most."""
FIRM: Final = 256
"""Of two names with `_` between them: they are a firm's."""

_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
ENDINGS: Final = ("s", "es", "ed", "ly", "ness")


HEAD: Final = 3
"""A row of the table holds all words that begin with the same three letters …"""
FIRST: Final = ord("0")
"""… and behind each of them the character this many places after its kind: `elyn=5` under `eve`."""


@lru_cache(1)
def _table() -> dict[str, str]:
    packed = files("agentlog.redaction.words").joinpath("data", "names.txt.z").read_bytes()
    rows = (row.partition(",") for row in zlib.decompress(packed).decode().split("\n"))
    return {head: comma + words for head, comma, words in rows}


@lru_cache(16_384)
def known(word: str) -> int:
    """What is known of one word in lower case: `GIVEN | FAMILY | FREQUENT | WORD | PLACE` …, 0 for nothing.

    A place of several words, and a firm, is looked up with `_` for its blanks. Costs about 1 µs, with accents 2 µs, and a tenth of that the next time.

    >>> known("evelyn") & (GIVEN | WORD) == GIVEN, known("jordan") & PLACE > 0, known("mark") & WORD > 0, known("qwxz")
    (True, True, True, 0)
    """
    word = word if word.isascii() else plain_letters(word)
    row = _table().get(word[:HEAD])
    if row is None:
        return 0
    rest = f",{word[HEAD:]}="
    at = row.find(rest)
    return ord(row[at + len(rest)]) - FIRST if at >= 0 else 0


def is_word(word: str) -> bool:
    """Whether a word in lower case is an ordinary one, in an inflected form too.

    >>> is_word("invoice"), is_word("invoices"), is_word("evelyn")
    (True, True, False)
    """
    if known(word) & WORD:
        return True
    return any(word.endswith(end) and known(word[: -len(end)]) & WORD for end in ENDINGS)


def plain_letters(word: str) -> str:
    """A word in lower case without accents, as the table spells it.

    >>> plain_letters("sölvi"), plain_letters("dvořák")
    ('solvi', 'dvorak')
    """
    parted = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(character for character in parted if not unicodedata.combining(character))
