"""What answers a question for something personal: "And your zip code?" — "90210". The answer alone does not say what it is.

Question and answer are two messages of a trace, or two turns of a transcript in one text. An answer is only taken where the
whole of it, or a piece between commas, looks like what was asked for.
"""

# ruff: noqa: RUF001 - typographic quotes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import (
    ADDRESS,
    CARD_LAST4,
    DOB,
    NATIONAL_ID,
    PAYMENT_ID,
    PERSON,
    PHONE,
    SECRET,
    ZIP,
    Finding,
)
from agentlog.redaction.languages.dates import meanings
from agentlog.redaction.watching import watched
from agentlog.redaction.words.lists import ORDINARY, PARTICLES, TITLES
from agentlog.redaction.words.name_table import FAMILY, GIVEN, NAME, WORD, is_word, known
from agentlog.redaction.words.text import words_of

_TAIL: Final = 240
"""How much of a message's end may hold the question, in characters."""
_LONGEST_ASKING: Final = 1500
"""A longer message is a prompt or a document."""
_LONGEST: Final = 160
"""A longer answer is no answer but a story, in which other cues stand."""
_SENDING: Final = ("sent", "texted", "mailed")
_REQUESTS: Final = (
    *("please", "provide", "confirm", "verify", "tell me", "may i", "can i", "could i", "could you", "can you", "what"),
    *("give me", "share", "enter", "state"),
)
_ASKS: Final = re.compile(
    r"\?|(?<![a-z])(?:i|we)(?:'ve|’ve| have)? (?:just )?(?:sent|texted|e-?mailed)(?![a-z])"
    rf"|(?<![a-z])(?:{'|'.join(_REQUESTS)})(?![a-z])"
)
_ASKING: Final = (*_SENDING, *_REQUESTS)
"""One of these is in every text without a question mark in which `_ASKS` is."""
_KINDS: Final = tuple(
    (entity, frozenset(words.split()), re.compile(rf"(?<![a-z])(?:{phrases})(?![a-z])"))
    for entity, words, phrases in (
        (
            DOB,
            "birth birthdate birthday dob born",
            r"date of birth|birth ?date|birthday|dob|when (?:were|was) (?:you|he|she) born",
        ),
        (
            PHONE,
            "phone telephone mobile cell callback number",
            r"phone|telephone|mobile|cell|call ?back number|contact number|number (?:on file|to (?:call|reach)|we can)|best number",
        ),
        (ZIP, "zip zipcode postcode post postal", r"zip|zip ?code|post ?code|postal code"),
        (
            NATIONAL_ID,
            "social ssn passport license licence plate registration",
            r"social security|social insurance|ssn|passport number|license number|licence number|plate|plate number|registration number",
        ),
        (CARD_LAST4, "four 4", r"last four|last 4|final four"),
        (PAYMENT_ID, "card account iban sort routing", r"card number|account number|iban|sort code|routing number"),
        (ADDRESS, "address", r"(?<!mail )(?<!mail)(?<!ip )address"),
        (
            SECRET,
            "code passcode password otp pin",
            r"one[- ]time (?:code|password)|verification code|security code|passcode|password|otp|pin|code (?:we|i)(?:'ve)? (?:just )?sent"
            r"|(?:the|a) code",
        ),
        (
            PERSON,
            "name names surname who whom",
            r"(?:full|first|last|legal|your|given|family) names?|surname|name please|your name and|maiden name|"
            r"name (?:on|of|for) (?:the |your )?(?:account|booking|reservation|passenger|card|caller|customer|patient|guest|order|policy|file|ticket)s?|"
            r"who (?:am i (?:speaking|talking|chatting)|is this|is calling|are you)|whom am i",
        ),
    )
)
"""What is asked for, the words of which one is in every such question, and the question."""
_ABOUT: Final = frozenset().union(*(words for _, words, _ in _KINDS))
_FILLER: Final = re.compile(
    r"(?:(?:uh|um|er|well|yes|yeah|yep|sure|ok|okay|of course|certainly|hi|hello|it's|it’s|its|it is|this is|that's|that’s|that is|i'm|i’m|i think|i believe|"
    r"i am|my name is|my name's|the name is|name's|my|the|is|number|code|zip|zip code|postcode|phone|date of birth|dob|address|name|"
    r"here you go|here it is)(?![^\W_])[\s,:.!-]{0,4})+",
    re.IGNORECASE,
)
_PIECE: Final = re.compile(
    r"(?:[^,;\n]|, ?(?=(?:19|20)[0-9]{2}(?![0-9]))){2,80}"  # July 4, 1990
)
_PHONE: Final = re.compile(r"\+?\(?[0-9](?:[ .()/-]{0,3}[0-9]){6,14}", re.ASCII)
_ZIP: Final = re.compile(
    r"[0-9]{5}(?:-[0-9]{4})?|[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}|[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]|[0-9]{4,6}",
    re.ASCII,
)
_SHAPES: Final = {
    PHONE: _PHONE,
    ZIP: _ZIP,
    NATIONAL_ID: re.compile(r"(?=[A-Za-z0-9 -]{0,20}[0-9]{3})(?:[A-Za-z]{1,3} ?)?[0-9][0-9A-Za-z -]{3,18}", re.ASCII),
    CARD_LAST4: re.compile(r"[0-9]{4}", re.ASCII),
    PAYMENT_ID: re.compile(r"(?:[A-Z]{2}[0-9]{2})?[0-9][0-9A-Z -]{4,34}", re.ASCII),
    SECRET: re.compile(r"[0-9]{3}[ -]?[0-9]{3}|[0-9]{4,8}|(?=\S{0,40}[0-9])(?=\S{0,40}[A-Za-z])\S{6,40}", re.ASCII),
    ADDRESS: re.compile(r"[0-9]{1,6}[A-Za-z]?(?: [^\W_][\w.'’#-]{0,30}){1,6}"),
}
_NAME_WORD: Final = re.compile(r"[^\W\d_]{2,24}(?:['’-][^\W\d_]{1,24}){0,2}")
_RECENT: Final = "2018"
"""Who books a flight is asked for both: dates from then on are more likely those of a journey, an order or an appointment."""
_DAY: Final = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? [0-3]?[0-9](?:st|nd|rd|th)?",
    re.IGNORECASE,
)
_TURN: Final = watched(
    r"[?.](?:\s{1,3}|\\n)(?:(?!agent|rep|assistant|bot|system|operator)[A-Za-z][A-Za-z_ ]{0,20}(?:[0-9]{1,2})?(?: ?\([0-9:]{4,8}\))?:|A[.:]) {1,2}(?=\S)",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"(?<=[.!]) (?=[A-Z])|[?\n]|\.\Z")


def asked(text: str) -> frozenset[str]:
    """What the end of a message asks for, as entities.

    >>> sorted(asked("Thanks! And your zip code?"))
    ['ZIP']
    """
    if len(text) > _LONGEST_ASKING:
        return frozenset()
    tail = text[-_TAIL:].lower()
    about = _ABOUT.intersection(words_of(tail))
    if not about or not ("?" in tail or _may_ask(tail)) or _ASKS.search(tail) is None:
        return frozenset()
    return frozenset(
        entity for entity, words, pattern in _KINDS if not words.isdisjoint(about) and pattern.search(tail) is not None
    )


def _may_ask(tail: str) -> bool:
    """Whether a word that asks is in `tail`, which has no question mark: `_ASKS` is much slower than to look for each of them."""
    for word in _ASKING:  # noqa: SIM110 - a third quicker than any()
        if word in tail:
            return True
    return False


def find_answers(text: str, wanted: frozenset[str], start: int = 0, end: int | None = None) -> Iterator[Finding]:
    """The values in an answer, `text` from `start` to `end`, to a question that asked for `wanted`."""
    end = len(text) if end is None else end
    if end - start > _LONGEST:
        return
    for piece in _PIECE.finditer(text, start, end):
        filler = _FILLER.match(text, piece.start() + (len(piece.group()) - len(piece.group().lstrip())), piece.end())
        first = filler.end() if filler is not None else piece.start()
        value = text[first : piece.end()]
        first += len(value) - len(value.lstrip(" \t\"'“*"))
        value = value.strip(" \t\"'“”*").rstrip(".!")
        found = _kind_of(value, wanted, whole=piece.end() - piece.start() > end - start - 4)
        if found is not None:
            yield Finding(first, first + len(value), found)


def find_in_transcript(text: str) -> Iterator[Finding]:
    """Answers to questions within one text that has turns, as `And your zip? Caller: 90210` does."""
    if "?" not in text and "A. " not in text:
        return
    for turn in _TURN.finditer(text):
        wanted = asked(text[max(0, turn.start() - 120) : turn.start() + 1])
        if wanted:
            stop = _STOP.search(text, turn.end(), turn.end() + _LONGEST)
            yield from find_answers(text, wanted, turn.end(), stop.start() if stop else min(len(text), turn.end() + 80))


def _kind_of(value: str, wanted: frozenset[str], whole: bool) -> str | None:
    """Which of the entities asked for `value` looks like; `whole`: it is all that was answered."""
    for entity, _, _ in _KINDS:
        if entity not in wanted:
            continue
        if entity == PERSON:
            if _name(value):
                return PERSON
        elif entity == DOB:
            if any(date[:4] < _RECENT for date in meanings(value)) or (
                whole and len(wanted) == 1 and _DAY.fullmatch(value)
            ):
                return DOB
        elif _SHAPES[entity].fullmatch(value):
            return entity
    return None


def _name(value: str) -> bool:
    """One to four words, none of them only an ordinary word."""
    words = value.split()
    if not 1 <= len(words) <= 4 or any(_NAME_WORD.fullmatch(word) is None for word in words):
        return False
    names = [word.lower() for word in words if word.lower() not in PARTICLES and word.lower() not in TITLES]
    kinds = [known(word) for word in names]
    if not names or any(word in ORDINARY for word in names):
        return False
    if len(names) > 1 and kinds[0] & GIVEN and kinds[-1] & FAMILY:
        return True
    if len(names) > 1 and all(map(str.istitle, words)):
        return any(kind & NAME for kind in kinds) or not any(map(is_word, names))
    return any(kind & NAME for kind in kinds) and all(
        not kind & WORD and not is_word(word) for kind, word in zip(kinds, names, strict=True)
    )
