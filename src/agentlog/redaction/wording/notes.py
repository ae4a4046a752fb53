"""People in notes, minutes, chats and lists, where a name stands behind a role, a short form or a heading and no sentence helps.

"Spoke w/ T. Hanley", "cust Li, Mia", "Courier Stefan reported", "Present: Agnieszka, Bob, Chidi", "ANDERSSON/LARS MR", "hey dave,".
What a cue allows depends on how much it says: behind "his wife" any word with a capital letter that is no ordinary one is a
name, behind "client" only one that people are known to bear.
"""

# ruff: noqa: RUF001 - typographic quotes and dashes are what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import FAMILY as FAMILY_PART
from agentlog.redaction.entities import GIVEN as GIVEN_PART
from agentlog.redaction.entities import PERSON, Finding
from agentlog.redaction.wording.name_context import KIN
from agentlog.redaction.words.lists import NAME_SUFFIXES, ORDINARY, ORGANISATION, PARTICLES, PEOPLE, STREETS, TITLES
from agentlog.redaction.words.name_table import FAMILY, GIVEN, NAME, OTHER, WORD, is_word, known
from agentlog.redaction.words.text import NUMBERS, occurrences

_CALLED: Final = frozenset(
    "coach nurse pastor officer captain sergeant detective reverend rabbi imam deacon judge sister auntie aunt uncle grandma grandpa".split()
)
"""Behind these people are called by names that are words, too: "nurse Holly"."""
_ROLE_ENDS: Final = frozenset(" :,(")
"""What stands between a role and a name."""
_SHORT: Final = frozenset("cust tech pt rep mgr asst atty adj clmt appl cons".split())
_ROLES: Final = (PEOPLE | _SHORT | KIN | _CALLED) - {"people", "profile", "individual", "lead", "contact", "partner"}
_BY: Final = (
    "w/", "w/ ", "cc ", "lm for ", "vm for ", "vm left for ", "taken by ", "signed for by ", "seen by ", "reviewed by ", "referred by ",
    "intro'd by ", "introduced by ", "handled by ", "resolved by ", "approved by ", "assigned to ", "assigned: ", "attending: ",
    "ordering: ", "prescriber ", "prepared by ", "reported by ", "requested by ", "interviewed by ", "inspected by ", "seconded by ",
    "motion by ", "minutes by ", "spoke to ", "spoke with ", "met with ", "lunch with ", "coffee with ", "mtg w/ ", "tc w/ ", "1:1 with ", "dinner with ", "screen with ", "interview with ", "tour leader ", "rn ", "cllr. ", "cllr ",
    "forwarded to ", "reports to ", "married ", "maiden name ", "maiden name is ", "maiden name: ", "left with ", "ask for ", "asst = ", "loop in ",
)  # fmt: skip
"""What notes say before a name."""
_SURE: Final = frozenset(
    (
        "maiden name ",
        "maiden name is ",
        "maiden name: ",
        "1:1 with ",
        "lunch with ",
        "dinner with ",
        "coffee with ",
        "rn ",
        "cllr. ",
        "cllr ",
    )
)
"""Behind these there is nothing but people."""
_CALLED_BY: Final = frozenset(("taken by ", "signed for by "))
_BY_WORD: Final[dict[str, list[int]]] = {}
"""The longest word of a phrase → its places in `_BY`."""
for _place, _phrase in enumerate(_BY):
    _BY_WORD.setdefault(max(re.split(r"[^a-z]", _phrase), key=len), []).append(_place)
_WORDS: Final = frozenset(_BY_WORD)

_CAPITAL: Final = "[A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017f]"
_WORD: Final = rf"(?:(?:al|el|ad|an|ar|as|bin)-)?{_CAPITAL}[^\W\d_]{{1,24}}(?:['’-]{_CAPITAL}?[^\W\d_]{{1,24}}){{0,2}}"
_INITIALED: Final = re.compile(rf"(?:{_CAPITAL}\. ?){{1,2}}({_WORD})(?![\w@/\\(=_])(?! et al)")
_AND: Final = re.compile(r"(?: ?\([^()\n]{1,24}\))? ?(?:,? and|,? &|,|\+|/) ?(?=[A-Z\u00c0-\u017f])")
_NEXT: Final = re.compile(rf" ({_CAPITAL}[a-z]{{1,24}})")
_NAMES: Final = re.compile(
    rf"(?:is |was |named |called |= ?|: ?|\(|[\"“]){{0,2}}(?:(?:Mrs?|Ms|Miss|Dr|Prof)\.? )?"
    rf"(?P<name>(?:{_CAPITAL}\.? )?{_WORD}(?: (?:(?:de|del|der|den|van|von|al|el|bin|da|di) ){{0,2}}{_WORD}| {_CAPITAL}\.(?![\w])){{0,3}})(?![\w@/\\=_]|[.:-]\w)"
)
_LAST_FIRST: Final = re.compile(rf"({_WORD}), ({_WORD})(?: {_CAPITAL}\.?(?!\w))?(?![\w@/\\=_])")
_SLASHED: Final = re.compile(
    r"(?<![\w/])([A-Z]{2,24}(?:[ -][A-Z]{2,24})?)/([A-Z]{2,24}(?: [A-Z]{2,24})?) ?(?:MR|MRS|MS|MISS|MSTR|MSS|DR|PROF|CHD|INF)(?![\w/])",
    re.ASCII,
)
_SLASHED_BARE: Final = re.compile(r"(?<![\w/])([A-Z]{3,24})/([A-Z]{3,24})(?![\w/])", re.ASCII)
_HONOURED: Final = re.compile(rf"(?<![\w-])({_WORD})-(?:san|sama|sensei|kun|chan|ssi|nim)(?![\w-])")
_FAMILY_OF: Final = re.compile(
    rf"(?P<one>{_CAPITAL}[a-z]{{2,24}}) family(?!\w)|(?P<many>{_CAPITAL}[a-z]{{2,24}})s(?![\w-])"
)
_DOCTOR: Final = re.compile(
    rf"(?:{_CAPITAL}\.? ){{0,2}}({_CAPITAL}[^\W\d_]{{2,24}}(?:[-'’]{_CAPITAL}[^\W\d_]{{1,24}})?)(?!\w)"
)
_STREET_BEFORE: Final = re.compile(r"[A-Z0-9]\S* \Z")
"""Before "Dr" this says that it is a drive."""
_DRINKS: Final = frozenset("pepper martens seuss scholl dre who strange evil doom oetker".split())
_GREETINGS: Final = ("hey ", "hi ", "hello ", "dear ", "hiya ", "yo ")
_GREETED: Final = re.compile(r"(?:its |it's |it’s |this is )?([A-Za-z]{3,20})(?![\w'’@-])")
_TITLED: Final = ("mister ", "missus ", "miss ", "mrs ", "mr ")
_SMALL: Final = re.compile(r"[a-z]{3,20}(?![\w'’@-])")
_GREETING_WORDS: Final = frozenset(word.strip() for word in (*_GREETINGS, *_TITLED))
_HEADINGS: Final = (
    "present|in attendance|attendees|attendee|attending|apologies|absent|regrets|panel|participants|guests|invited|invitees|speakers|"
    "passengers|interviewers|hosts|team members|on the call|names"
).split("|")
_HEADING_WORDS: Final = {heading.rsplit(" ", 1)[-1] for heading in _HEADINGS}
_HEADED: Final = re.compile(r"[*_]{0,2} ?(?:\([^)\n]{1,20}\))?:[*_]{0,2} ?([^\n]{3,400})")
_PIECES: Final = re.compile(r"[^,;]+")
_HEADED_NAME: Final = re.compile(
    rf"(?:and |& )?(?:[0-9]{{1,2}}\. )?(?P<name>(?:(?:Mrs?|Ms|Miss|Dr|Prof|Cllr|Rev|Hon|Sir)\.? )?{_WORD}(?: {_CAPITAL}\.| (?:(?:de|del|der|den|van|von|al|bin|da|di) )?{_WORD}){{0,3}})(?: ?\([^)]{{1,40}}\))?\.?"
)
_ITEM: Final = re.compile(
    rf"(?:\A|\n)[ \t>]{{0,8}}(?:[-*•]|[0-9]{{1,3}}[.)]|#[0-9]{{1,3}})[ \t]{{1,3}}@?(?P<name>{_WORD}(?: (?:(?:de|der|van|von|al) )?{_WORD}){{0,2}})(?= ?(?:[-–—:(,+]|\n|\Z))"
)
_TIMED: Final = re.compile(
    rf"(?:\A|\n)\[[0-9][^\]\n]{{3,30}}\] (?P<name>{_WORD}(?: {_WORD}){{0,2}})(?=[^:\n]{{0,8}}: )"
)
"""Who speaks in a chat that was exported with its times."""
_LISTS: Final = frozenset(
    """guest guests attendees attendee participants contacts roster present standup minutes waiting candidates passengers players
    students invited members action rsvp crew volunteers patients tenants people employees party""".split()
)
"""A text with one of these may hold a list of people."""


def find_noted(text: str, low: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """Names by notes' own cues. `low` is `text` in lower case, character for character, `tokens` its words."""
    for role in tokens & _ROLES:
        length = len(role)
        for at in occurrences(low, role):
            if low[at + length : at + length + 1] in _ROLE_ENDS:
                yield from _behind_role(text, at + length, role)
    said = _WORDS & tokens
    for place in sorted([place for word in said for place in _BY_WORD[word]]) if said else ():
        phrase = _BY[place]
        if phrase in low:
            for at in occurrences(low, phrase):
                yield from _behind(text, at + len(phrase), sure=phrase in _SURE, called=phrase in _CALLED_BY)
    yield from _initialed(text)
    if "/" in text:
        yield from _slashed(text, tokens)
    if "-" in low and ("-san" in low or "-sama" in low or "-sensei" in low or "-kun" in low or "-chan" in low):
        yield from (Finding(*match.span(1), PERSON) for match in _HONOURED.finditer(text))
    for at in occurrences(low, "the ") if "the" in tokens else ():
        if text[at + 4 : at + 5].isupper():
            yield from _family_at(text, at + 4)
    if "dr" in tokens:
        yield from _doctors(text)
    if not tokens.isdisjoint(_GREETING_WORDS):
        yield from _greeted(text, low)
    for word in tokens & _HEADING_WORDS if ":" in text else ():
        yield from _headed(text, low, word)
    if "] " in text and NUMBERS in tokens:
        for match in _TIMED.finditer(text):
            if _bears(match.group("name")):
                yield Finding(*match.span("name"), PERSON)
    if not tokens.isdisjoint(_LISTS):
        for match in _ITEM.finditer(text):
            if _bears(match.group("name")):
                yield Finding(*match.span("name"), PERSON)


def _behind_role(text: str, end: int, role: str) -> Iterator[Finding]:
    """The name behind a role that ends at `end`."""
    start = end + 1
    if text[start - 1] in ":," and text[start : start + 1] == " ":
        start += 1
    both = _LAST_FIRST.match(text, start)
    if both is not None and all(known(word.lower()) & NAME and word.lower() not in ORDINARY for word in both.groups()):
        yield Finding(*both.span(1), PERSON, FAMILY_PART)
        yield Finding(*both.span(2), PERSON, GIVEN_PART)
        return
    yield from _behind(text, start, sure=role in KIN and text[end] == " ", called=role in _CALLED)


def _behind(text: str, start: int, *, sure: bool, called: bool = False, others: int = 3) -> Iterator[Finding]:
    """The name that begins at `start`, and up to `others` that go with it; `sure`: it needs not to be known, `called`: it may be a word."""
    match = _NAMES.match(text, start)
    if match is None:
        return
    name = match.group("name")
    words = name.split()
    taken = 0
    for word in words:
        plain = word.strip(".").removesuffix("'s").removesuffix("’s").lower()
        if taken and word.isupper() and 1 < len(word) < 6 and not words[0].isupper():
            break  # "A. Siddiqui NPI"
        if len(plain) == 1 or plain in PARTICLES or plain in NAME_SUFFIXES:
            taken += 1
        elif (
            plain in ORDINARY
            or plain in TITLES
            or plain in ORGANISATION
            or not (called or _strange(word) or known(plain) & NAME)
        ):
            break
        else:
            taken += 1
    names = [
        word.strip(".").removesuffix("'s").removesuffix("’s")
        for word in words[:taken]
        if len(word.strip(".")) > 1 and word.lower() not in PARTICLES
    ]
    if not names or (taken < len(words) and words[taken].lower() in ORGANISATION):
        return
    first = names[0].lower()
    kind = known(first)
    fits = (
        (sure and (_strange(first) or kind & GIVEN))
        or (called and kind & NAME)
        or (kind & NAME and not kind & OTHER)
        or (len(words[0].strip(".")) == 1 and _strange(first))
        or (len(names) > 1 and all(map(_strange, names)) and any(known(one.lower()) & NAME for one in names))
    )
    if fits and not (len(names) == 1 and names[0].isupper() and len(names[0]) < 4):
        end = match.start("name") + len(" ".join(words[:taken]))
        while text[end - 1] in ". ":
            end -= 1
        end -= 2 * text.endswith(("'s", "’s"), match.start("name"), end)
        yield Finding(match.start("name"), end, PERSON)
        more = _AND.match(text, end) if others else None
        if more is not None:
            yield from _behind(text, more.end(), sure=sure, others=others - 1)


def _strange(word: str) -> bool:
    """No ordinary word and no place."""
    low = word.lower()
    return not known(low) & OTHER and low not in ORDINARY and not is_word(low)


def _family(word: str) -> bool:
    kind = known(word.lower())
    return bool(kind & FAMILY) and not kind & OTHER and word.lower() not in ORDINARY


def _bears(name: str) -> bool:
    """Whether somebody bears that name, all of its words told: none is an ordinary one."""
    words = [word.lower() for word in name.split() if word.lower() not in PARTICLES]
    kinds = [known(word) for word in words]
    if (
        len(words) > 1
        and kinds[0] & GIVEN
        and kinds[-1] & FAMILY
        and words[-1] not in ORDINARY
        and not kinds[-1] & WORD
    ):
        return True
    if any(word in ORDINARY or word in ORGANISATION for word in words):
        return False
    if len(words) == 1:
        return bool(kinds[0] & GIVEN) and not kinds[0] & OTHER
    return all(_strange(word) or kind & NAME for word, kind in zip(words, kinds, strict=True)) and any(
        kind & NAME and not kind & OTHER for kind in kinds
    )


def _slashed(text: str, tokens: frozenset[str]) -> Iterator[Finding]:
    """`LI/MIA MRS`, and without a title where passengers are spoken of and both are names."""
    for match in _SLASHED.finditer(text):
        yield Finding(*match.span(1), PERSON, FAMILY_PART)
        yield Finding(*match.span(2), PERSON, GIVEN_PART)
    if not tokens.isdisjoint(("passenger", "passengers", "pax", "pnr", "names", "group")):
        for match in _SLASHED_BARE.finditer(text):
            if known(match.group(1).lower()) & FAMILY and known(match.group(2).lower()) & GIVEN:
                yield Finding(*match.span(1), PERSON, FAMILY_PART)
                yield Finding(*match.span(2), PERSON, GIVEN_PART)


def _initialed(text: str) -> Iterator[Finding]:
    """`T. Hanley`, `S. L. Moshier`."""
    at = text.find(". ")
    while at > 0:
        start = at - 1
        if text[start].isupper() and not text[max(0, start - 1) : start].isalnum():
            match = _INITIALED.match(text, start)
            if match is not None and _family(match.group(1)) and not _thing_behind(text, match.end()):
                yield Finding(*match.span(), PERSON)
        at = text.find(". ", at + 1)


def _thing_behind(text: str, end: int) -> bool:
    """Whether a word goes on that makes a place or a firm of it: "John F. Kennedy International"."""
    match = _NEXT.match(text, end)
    low = match.group(1).lower() if match is not None else ""
    return bool(low) and (low in ORDINARY or low in ORGANISATION or low in STREETS or is_word(low))


def _family_at(text: str, start: int) -> Iterator[Finding]:
    """`the Ramirez family`, `the Kaplans`."""
    match = _FAMILY_OF.match(text, start)
    if match is not None:
        group = "one" if match["one"] else "many"
        if _family(match[group]) and (group == "one" or not known(f"{match[group]}s".lower())):
            yield Finding(*match.span(group), PERSON, FAMILY_PART)


def _doctors(text: str) -> Iterator[Finding]:
    """`Dr Kilpatrick`, but neither `118 Juniper Dr Apt 4` nor a drink."""
    for at in occurrences(text, "Dr "):
        match = _DOCTOR.match(text, at + 3)
        if match is None or _STREET_BEFORE.search(text[max(0, at - 24) : at]) is not None:
            continue
        low = match.group(1).lower()
        if low not in _DRINKS and (_strange(low) or (known(low) & FAMILY and low not in ORDINARY)):
            yield Finding(*match.span(), PERSON)


def _greeted(text: str, low: str) -> Iterator[Finding]:
    """Names in small letters behind a greeting that opens a line, and behind a title: "hey dave,", "mister whitfield"."""
    for phrase in _GREETINGS:
        for at in occurrences(low, phrase) if phrase in low else ():
            match = _GREETED.match(text, at + len(phrase))
            if match is None:
                continue
            said = match.start(1) > at + len(phrase)
            opens = not text[:at].rpartition("\n")[2].strip(" \t>") if at else True
            if (said or (opens and text[match.end() : match.end() + 1] in (",", "!", "\n", ""))) and _small(
                match.group(1), GIVEN
            ):
                yield Finding(*match.span(1), PERSON)
    for phrase in _TITLED:
        for at in occurrences(low, phrase) if phrase in low else ():
            match = _SMALL.match(text, at + len(phrase))
            if match is not None and _small(match.group(), FAMILY) and not known(match.group()) & WORD:
                yield Finding(*match.span(), PERSON)


def _small(word: str, wanted: int) -> bool:
    return bool(known(word.lower()) & wanted) and word.lower() not in ORDINARY


def _headed(text: str, low: str, word: str) -> Iterator[Finding]:
    """People behind a heading that ends with `word`: all that stands there has to look like names."""
    for at in occurrences(low, word):
        match = _HEADED.match(text, at + len(word))
        if match is None:
            continue
        before = low[max(0, at - 24) : at + len(word)].rpartition("\n")[2]
        heading = re.split(r"[.;] ", before)[-1].lstrip(" \t>*_•-")
        if heading in _HEADINGS:
            yield from _listed(text, *match.span(1))


def _listed(text: str, start: int, end: int) -> Iterator[Finding]:
    """All pieces of a list of names; half of them have to be told as such, "Mercury, Venus, Mars" is no list of people."""
    found, sure = [], 0
    for piece in _PIECES.finditer(text, start, end):
        first = piece.start() + len(piece.group()) - len(piece.group().lstrip())
        name = _HEADED_NAME.fullmatch(text, first, first + len(piece.group().strip()))
        words = name["name"].lower().replace(".", "").split() if name is not None else []
        if name is None or any(word in ORDINARY or word in ORGANISATION for word in words):
            return
        kinds = [known(word) for word in words]
        if all(is_word(word) and not kind & NAME for word, kind in zip(words, kinds, strict=True)):
            return
        sure += any(kind & NAME and not kind & OTHER for kind in kinds)
        found.append(Finding(*name.span("name"), PERSON))
    if 2 * sure >= len(found):
        yield from found
