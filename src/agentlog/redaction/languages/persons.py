"""Whether words are somebody's name, by the table of names and by what they say of firms and offices."""

# ruff: noqa: RUF001 - typographic apostrophes are part of names

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.words.name_table import GIVEN, NAME, OTHER, PLACE, WORD, known

_PARTS: Final = re.compile("[ .'’-]+")
_SMALL: Final = frozenset(
    "viuda vda freiin freifrau freiherr graf gräfin von van zu der den dem vom zum zur del della dos das las les los bin ibn ben ter".split()
)
_FIRMS: Final = re.compile(
    "(?i:[\\w]{0,20}(?:bahn|bank|werke|kasse|versicherung|service|gesellschaft)|gmbh|banque|banco|caixa|assurances?|seguros|team|equipo|équipe|equipe|equipa|"
    "support|suporte|soporte|atendimento|kundendienst|hotline|ministerio|ministério|ministère|mairie|ayuntamiento|câmara|prefeitura|sarl|ltda|lda)"
    "|AG|KG|OHG|SE|S\\.?A\\.?S?\\.?|S\\.?L\\.?|S/A"
)
"""Words that say: this is a firm or an office."""
_FEASTS: Final = frozenset("noël noel natal pascua pâques toussaint pasqua".split())
"""Given names that "it is" is said of far more often."""


def given(name: str) -> bool:
    """Whether a name of one word is a given name and hardly anything else: also `Jean-Pascal`.

    >>> given("Jean-Pascal"), given("Premium")
    (True, False)
    """
    kinds = [known(part) for part in name.lower().split("-")]
    return all(kind & GIVEN for kind in kinds) and any(not kind & OTHER for kind in kinds)


def personal(name: str) -> bool:
    """Whether words with capital letters are somebody's name.

    The table knows one of them as a name and as nothing else, or some of them as names and none of the others as a word.

    >>> personal("Wellington Bezerra"), personal("Banco Central"), personal("Lisboa")
    (True, False, False)
    """
    words = [word for word in _PARTS.split(name.lower()) if len(word) > 2 and word not in _SMALL]
    kinds = [known(word) for word in words]
    if known("_".join(words)) & PLACE:
        return False
    if len(words) == 1:
        return (
            name[0].isupper()
            and words[0] not in _FEASTS
            and all(kind & GIVEN for kind in kinds)
            and any(not kind & OTHER for kind in kinds)
        )
    if any(kind & NAME and not kind & OTHER for kind in kinds):
        return True
    named = [kind & NAME > 0 for kind in kinds]
    return any(named) and all(is_name or not kind & OTHER for is_name, kind in zip(named, kinds, strict=True))


def surely(name: str) -> bool:
    """Whether the table knows the first word as a given name, or some word as a name and nothing else."""
    kinds = [known(word) for word in _PARTS.split(name.lower()) if len(word) > 2 and word not in _SMALL]
    return any(kind & NAME and not kind & OTHER for kind in kinds) and not any(
        kind & WORD and not kind & NAME for kind in kinds
    )


def thing(word: str) -> bool:
    """Whether a name can hardly begin so: an ordinary word that nobody is called, or a short form."""
    return known(word.lower()) & (WORD | NAME) == WORD or (word.isupper() and 1 < len(word.strip(".")) < 4)


def firm(text: str, start: int, end: int) -> bool:
    """Whether one of the words from `start` to `end`, or the next one, says that this is a firm or an office.

    >>> firm("Deutsche Bahn", 0, 8), firm("Anna Weber", 0, 4)
    (True, False)
    """
    behind = text[end : end + 24].partition("\n")[0].split(" ")[1:2] if text[end : end + 1] == " " else []
    return any(_FIRMS.fullmatch(word.rstrip(",;:!?")) for word in (*text[start:end].split(), *behind))
