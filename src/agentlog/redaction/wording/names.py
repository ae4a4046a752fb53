"""Names of people in running text: who speaks, who is greeted, who signs, who is spoken of with a title or a role."""

# ruff: noqa: RUF001 - typographic quotes, dashes and Chinese punctuation are what is looked for

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from agentlog.redaction.entities import PERSON, Finding
from agentlog.redaction.languages.figures import figure
from agentlog.redaction.languages.zh_names import chinese_name_at
from agentlog.redaction.wording.bare_names import find_bare_names
from agentlog.redaction.wording.name_context import MODALS
from agentlog.redaction.words.lists import COMMON, NAME_SUFFIXES, ORDINARY, PARTICLES, PRONOUNS, TITLES, UNITS
from agentlog.redaction.words.name_table import FAMILY, FREQUENT, GIVEN, OTHER, known
from agentlog.redaction.words.text import occurrences, words_of

_WORD: Final = r"[A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017f\u0391-\u03a9\u0410-\u042f][^\W\d_\u3040-\u9fff]{0,30}(?:['’-][^\W\d_]{1,30}){0,3}"
_PARTICLE: Final = r"(?:de|del|della|der|den|di|da|dos|du|la|le|van|von|bin|ibn|al|el|ben|ter) "
_POINTED: Final = r"(?:[A-Z\u00c0-\u017f]|Jr|Sr|St|Esq|Ph)\."
_NAME: Final = re.compile(
    rf"(?:(?:Mrs?|Ms|Miss|Dr|Prof|Mister|Herr|Frau)\.? )?(?P<name>(?:{_PARTICLE}){{0,2}}{_WORD}(?: (?:{_PARTICLE}){{0,2}}(?:{_POINTED}|{_WORD})){{0,4}})(?![\w])"
)
_CAMEL: Final = re.compile("[a-z]{4}[A-Z]")
_CONTRACTIONS: Final = frozenset(("m", "s", "d", "re", "ve", "ll", "t"))
_END: Final = re.compile(
    r"[!,.?;:)\n\"“”*—–]|[ ]?\Z|[ ](?:and|from|here|at|with|but|calling|speaking|I|my|how|we|your|the|it|thank)\b"
)
_MAIL_BEHIND: Final = re.compile(rf"({_WORD}(?: {_WORD}\.?){{0,3}})\"? ?[<(](?=[\w.+-]{{1,64}}@)")

_STRONG: Final = (
    "my name is ", "my full name is ", "my first name is ", "my last name is ", "name's ", "name’s ", "call me ",
    "mr. ", "mr ", "mrs. ", "mrs ", "ms. ", "ms ", "miss ", "dr. ", "prof. ", "professor ", "speaking with ",
    "speak with ", "speak to ", "on behalf of ", "signed by ", "yours truly, ",
)  # fmt: skip
"""Phrases after which one word is enough."""
_GREETING: Final = (
    "hi ", "hi, ", "hello ", "hello, ", "hey ", "hey, ", "dear ", "thank you, ", "thank you ", "thank you so much, ",
    "thanks, ", "thanks ", "welcome, ", "welcome back, ", "good morning, ", "good morning ", "good afternoon, ",
    "good afternoon ", "good evening, ", "good evening ", "sure, ", "great, ", "sorry, ", "apologies, ", "okay, ", "ok, ",
    "alright, ", "perfect, ", "certainly, ", "of course, ", "absolutely, ", "understood, ", "no problem, ", "got it, ",
    "you're welcome, ", "you’re welcome, ", "congratulations, ", "please, ", "goodbye, ", "bye, ", "i understand, ",
)  # fmt: skip
"""Phrases after which a name is followed by a mark or the end of the line."""
_CALLED: Final = (
    "was called ",
    "is called ",
    "everyone calls me ",
    "people call me ",
    "calls me ",
    "call him ",
    "call her ",
)
"""Phrases after which two words are a name, and one that is no ordinary word."""
_SELF: Final = ("i am ", "i'm ", "i’m ", "this is ", "it's ", "it’s ", "here is ", "name is ")
"""Phrases after which two words are a name, and one only at the end of a phrase."""
_TITLED: Final = ("mr. ", "mr ", "mrs. ", "mrs ", "ms. ", "ms ", "miss ", "dr. ", "prof. ", "professor ")
_OWN: Final = frozenset(
    (*_TITLED, *_SELF, "my name is ", "my full name is ", "my first name is ", "name's ", "call me ")
)
"""Phrases after which a name may be written in small letters."""
_SMALL: Final = re.compile(r"([a-z\u00df-\u024f]{3,20})(?: ([a-z\u00df-\u024f]{2,20}))?(?![\w'’@-])")
_ROLES: Final = (
    "named ", "passenger ", "passengers ", "customer ", "user ", "client ", "patient ", "member ", "guest ",
    "traveler ", "traveller ", "employee ", "the user, ", "the customer, ", "the patient, ", "the client, ", "contact ",
    "colleague ", "friend ", "wife ", "husband ", "son ", "daughter ", "mother ", "father ", "brother ", "sister ",
    "partner ", "manager ", "passenger: ", "passengers: ", "user: ", "customer: ", "patient: ", "name: ",
    "passenger named ", "companion ", "wife, ", "husband, ", "son, ", "daughter, ", "mother, ", "father, ", "friend, ",
)  # fmt: skip
"""Roles: two words are needed, and one only at the end of a phrase."""
_SIGNATURE: Final = (
    "regards,\n",
    "sincerely,\n",
    "best,\n",
    "wishes,\n",
    "cheers,\n",
    "thanks,\n",
    "thank you,\n",
    "truly,\n",
)


def find_names(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Names that the words around them give away, and those that can be nothing else.

    `low` is `text` in lower case, character for character, `tokens` its words.
    """
    for first in sorted(_FIRSTS & tokens, key=_ORDER.__getitem__):
        for phrase, test in _CUES[first]:
            if phrase not in low:
                continue
            for at in occurrences(low, phrase):
                span = name_at(text, at + len(phrase))
                if span is None:
                    span = _small_name(low, at + len(phrase), phrase) if phrase in _OWN else None
                elif not test(text, *span) or (phrase in _TITLED and figure(text, span[0])):
                    span = None
                if span is not None:
                    yield Finding(*span, PERSON)
    if "@" in text:
        yield from _before_mail(text)
    yield from find_bare_names(text, tokens)


def name_at(text: str, start: int) -> tuple[int, int] | None:
    """The span of the name that begins at `start`, without title and without what follows the name."""
    while text[start : start + 1] in ("*", "_"):
        start += 1
    match = _NAME.match(text, start)
    if match is None:
        return chinese_name_at(text, start)
    words = list(re.finditer(r"[^ ]+", match.group("name")))
    end = 0
    for word in words:
        plain = without_contraction(word.group().strip(".").lower())
        if plain in ORDINARY or plain in TITLES or plain in PRONOUNS or plain in UNITS:
            break
        if "-" in plain and not ORDINARY.isdisjoint(plain.split("-")):  # `X-Api-Key`
            break
        if plain not in PARTICLES:
            end = word.end()
    if end == 0:
        return None
    begin = match.start("name")
    name = text[begin : begin + end]
    end -= len(name) - len(name.rstrip("."))
    if name.endswith(("'s", "’s")):
        end, name = end - 2, name[:-2]
    if (
        _CAMEL.search(name) is not None
        or len(name) < 2
        or name.lower() in NAME_SUFFIXES
        or (name.isupper() and len(name) < 4 and " " not in name)
    ):
        return None
    return begin, begin + end


def _small_name(low: str, start: int, phrase: str) -> tuple[int, int] | None:
    """The span of a name that somebody wrote in small letters: "my name is mia li". Only words that the table is sure of."""
    match = _SMALL.match(low, start)
    if match is None:
        return None
    first, last = match.groups()
    kind = known(first)
    if kind & OTHER or first in ORDINARY or not kind & (FAMILY if phrase in _TITLED else GIVEN):
        return None
    if phrase in _SELF and not kind & FREQUENT:
        return None
    both = last is not None and last not in ORDINARY and last not in MODALS and known(last) & (FAMILY | GIVEN) > 0
    return match.start(1), match.end(2) if both else match.end(1)


def without_contraction(word: str) -> str:
    """`i'm` → `i`, `let's` → `let`; `o'brien` stays.

    >>> without_contraction("i'm"), without_contraction("o'brien")
    ('i', "o'brien")
    """
    head, mark, tail = word.replace("’", "'").partition("'")
    return head if mark and tail in _CONTRACTIONS else word


def _long(text: str, start: int, end: int) -> bool:
    """Two words or more, or one with a mark behind it."""
    words = text[start:end].split()
    return len(words) > 1 or (
        words[0].lower() not in COMMON and _END.match(text, end) is not None and not words[0].isupper()
    )


def _marked(text: str, start: int, end: int) -> bool:
    """One or two words and then a mark, or the end."""
    if text.count(" ", start, end) > 2 or text[start:end].isupper():
        return False
    return end >= len(text) or text[end] in "!,.?\n:;—–" or text.startswith((" -", " –", " —"), end)


def _two(text: str, start: int, end: int) -> bool:
    words = text[start:end].split()
    return len(words) > 1 or (
        words[0].lower() not in COMMON and not words[0].isupper() and end < len(text) and text[end] in ",.)\n"
    )


def _by_first_word(*cues: tuple[tuple[str, ...], Callable[[str, int, int], bool]]) -> Mapping[str, list[_Cue]]:
    """Every phrase with its test, under its first word: that must be in a text at all."""
    sorted_in: dict[str, list[_Cue]] = {}
    for phrases, test in cues:
        for phrase in phrases:
            sorted_in.setdefault(words_of(phrase)[0], []).append((phrase, test))
    return sorted_in


_Cue = tuple[str, Callable[[str, int, int], bool]]
"""A phrase, and whether the span of a name behind it is to be believed."""
_CUES: Final = _by_first_word(
    (_STRONG, lambda text, start, end: True),
    (_GREETING, _marked),
    (_SELF, _long),
    (_CALLED, _long),
    (_ROLES, _two),
    (_SIGNATURE, lambda text, start, end: end >= len(text) or text[end] in "\n,"),
)
_FIRSTS: Final = frozenset(_CUES)
_ORDER: Final = {first: place for place, first in enumerate(_CUES)}
"""Of two phrases that stand at one place, the one that is listed first is believed."""


def _before_mail(text: str) -> Iterator[Finding]:
    """`Mia Li <mia@example.com>`."""
    for match in _MAIL_BEHIND.finditer(text):
        span = name_at(text, match.start(1))
        if span is not None and span[1] == match.end(1):
            yield Finding(*span, PERSON)
