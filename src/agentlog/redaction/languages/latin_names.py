"""Names behind the words of a table: a title, a label, a role, a closing; and names that are lines of a signature."""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import PERSON, Finding
from agentlog.redaction.languages.compiled import CLOSING, NAMED, ROLE, SELF, TITLE, Compiled
from agentlog.redaction.languages.figures import figure
from agentlog.redaction.languages.persons import firm, given, personal, surely, thing
from agentlog.redaction.words.lists import COMMON
from agentlog.redaction.words.name_table import NAME, OTHER, known

_CAPITAL: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017f\u0391-\u03a9\u0410-\u042f"
_LETTER: Final = r"[^\W\d_\u3040-\u9fff]"
_WORD: Final = rf"(?:[dDlL]['’])?[{_CAPITAL}]{_LETTER}{{0,30}}(?:['’-]{_LETTER}{{1,30}}){{0,3}}\.?"
_SMALL: Final = r"(?:viuda de|vda\. de|freiin von|freifrau von|freiherr von|graf von|gräfin von|i|de|del|della|di|da|do|das|dos|du|la|las|le|les|los|(?:van|von|zu|de)(?: der| den| dem)?|vom|zum|zur|bin|ibn|al|el|ben|ter) "
_NAME: Final = re.compile(rf"(?:{_SMALL}){{0,3}}{_WORD}(?: (?:{_SMALL}){{0,3}}{_WORD}){{0,4}}(?!\w)")
_NAME_WORD: Final = re.compile(r"[^ ]+")
_TITLE_GAP: Final = re.compile(r"\.?[ºª°]?\.?[ \t\u00a0]{1,3}|\.?: ?")
_BETWEEN: Final = re.compile(r"(?:[ \t\u00a0]{0,2}[:：,=][ \t]{0,2}|[ \t\u00a0*_]{1,4}|\"?: ?\"?)[*_\"'“„«]{0,3} ?")
_NEXT_LINE: Final = re.compile(r"[ \t]{0,4}[,.!;]?[ \t]{0,4}(?:\r?\n[ \t>]{0,8}){1,3}")
_END_OF_NAME: Final = re.compile(r"[,.;:!?)\n\"“”»|–—-]| [-–—(]|\s*\Z")
_LINE: Final = re.compile(r"(?<=\n\n)[ \t]{0,8}(?=[^\W\d_])")
_CAMEL: Final = re.compile("[a-z]{3}[A-Z]|[A-Z]{2}[a-z]")
_GUESSED: Final = (NAMED, SELF, ROLE)
_MOST_LISTED: Final = 8


def names_behind(text: str, end: int, kind: int, language: Compiled) -> Iterator[Finding]:
    """The name behind a phrase of `kind`, and those that are joined to it."""
    gap = (_TITLE_GAP if kind == TITLE else _NEXT_LINE if kind == CLOSING else _BETWEEN).match(text, end)
    start = gap.end() if gap is not None else end
    article = language.article.match(text, start) if language.article is not None and kind in _GUESSED else None
    start = article.end() if article is not None else start
    span = _name_at(text, start, language) if gap is not None else None
    titled = gap is not None and span is not None and span[0] > _skip_small(text, start)
    if span is None and kind in (NAMED, ROLE) and language.copula is not None:
        copula = language.copula.match(text, end)
        start = copula.end() if copula is not None else end
        article = language.article.match(text, start) if language.article is not None else None
        start = article.end() if article is not None else start
        span = _name_at(text, start, language) if copula is not None else None
    if span is None and kind == NAMED and gap is not None:
        span = _small_name(text, gap.end(), language)
        if span is not None:
            yield Finding(*span, PERSON)
        return
    if span is None:
        return
    if kind == CLOSING and text[span[1] : span[1] + 1] not in ("", "\n", "\r", ",", " "):
        return
    name = text[slice(*span)]
    if kind == TITLE and figure(text, span[0]):
        return
    if kind != TITLE and firm(text, *span):
        return
    if (kind == SELF or article is not None) and not titled and not personal(name):
        return
    words = [word for word in name.split() if not word.islower()]
    doubtful = len(words) == 1 and not titled and kind not in (TITLE, SELF)
    if doubtful and (words[0].isupper() or (kind == ROLE and not given(words[0]) and not _alone(text, *span))):
        return
    if kind == ROLE and not titled and len(words) > 1 and thing(words[0]):
        return
    yield Finding(*span, PERSON)
    for _ in range(_MOST_LISTED if kind == ROLE else 1):
        joint = language.joints.match(text, span[1])
        if joint is None:
            return
        span = _name_at(text, joint.end(), language)
        if span is None:
            return
        name = text[slice(*span)]
        if " " not in name and (joint.group() == ", " or not personal("A " + name)):
            return
        yield Finding(*span, PERSON)


_SMALL_NAME: Final = re.compile(
    r"([a-z\u00df-\u024f]{3,20}(?:-[a-z\u00df-\u024f]{2,20})?)(?: ([a-z\u00df-\u024f]{2,20}))?(?![\w'’@])"
)


def _small_name(text: str, start: int, language: Compiled) -> tuple[int, int] | None:
    """The name that somebody wrote in small letters: `je m'appelle ines belkacem`. Only words that the table is sure of."""
    match = _SMALL_NAME.match(text, start)
    if match is None:
        return None
    first, last = match.groups()
    family = last is not None and last not in language.stops and known(last) & NAME > 0
    sure = family and not known(last) & OTHER
    if first in language.stops or first in COMMON or known(first) & OTHER:
        return None
    if not (given(first) or (sure and len(first) > 3)):
        return None
    return match.start(), match.end() if family else match.end(1)


def _alone(text: str, start: int, end: int) -> bool:
    """Whether one word behind a role may be a name although the table does not know it: a mark or the end follows."""
    return (
        text[start].isupper() and _END_OF_NAME.match(text, end) is not None and _CAMEL.search(text, start, end) is None
    )


def signatures(text: str, active: list[Compiled]) -> Iterator[Finding]:
    """Names that are a line of their own, behind an empty one, at the end of a text: letters are signed so."""
    tail = max(0, len(text) - 400)
    for line in _LINE.finditer(text, tail):
        for language in active:
            span = _name_at(text, line.end(), language)
            if span is None or text[span[1] : span[1] + 1] not in ("", "\n", "\r"):
                continue
            name = text[slice(*span)]
            if " " in name and not name.isupper() and surely(name):
                yield Finding(*span, PERSON)
                break


def _skip_small(text: str, start: int) -> int:
    """Where the first capital letter within a few characters stands, past small words of a name."""
    match = _LEADING.match(text, start)
    return match.end() if match is not None else start


_LEADING: Final = re.compile(rf"(?:{_SMALL}){{0,3}}")


def _name_at(text: str, start: int, language: Compiled) -> tuple[int, int] | None:
    """The name that begins at `start`, behind titles, up to a word that no name holds."""
    titles = language.titles.match(text, start)
    match = _NAME.match(text, titles.end() if titles is not None else start)
    if match is None:
        return None
    begin, end = match.start(), 0
    for word in _NAME_WORD.finditer(match.group()):
        plain = word.group().rstrip(".").lower()
        if _ARTICLE.match(word.group()) is not None:
            break
        small = plain in _SMALL_WORDS and (word.group().islower() or plain in _CAPITAL_TOO)
        if not small and plain in language.stops:
            break
        if not small:
            end = begin + word.end()
            if word.group().endswith(".") and len(plain) > 2:
                break  # the end of a sentence, not an initial
    if not end:
        return None
    end -= text[begin:end].endswith(".")
    name = text[begin:end]
    return (begin, end) if len(name) > 1 and not (name.isupper() and len(name) < 4) else None


_ARTICLE: Final = re.compile("[LlDd]['’][a-zà-ÿ]")
"""`L'équipe` is no name, `d'Ormesson` is one."""
_SMALL_WORDS: Final = frozenset(re.findall("[a-zäöüß]+", _SMALL))
_CAPITAL_TOO: Final = frozenset("le la de du van von del da do dos di ben al el".split())
"""Those of them that may be written with a capital letter: Le Goff, De Luca."""
