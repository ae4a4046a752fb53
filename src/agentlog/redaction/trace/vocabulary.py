"""The personal values of one trace, and what stands for each of them.

Whatever is found anywhere in a trace is learnt here and exchanged everywhere in it. A value keeps its placeholder for
the whole trace; numbers are given when a value is first written, in the order of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from agentlog.redaction.entities import (
    ADDRESS,
    APP_ID,
    BLOB,
    CARD_LAST4,
    DOB,
    EMAIL,
    FAMILY,
    GIVEN,
    LOCAL,
    MIDDLE,
    NATIONAL_ID,
    PAYMENT_ID,
    PERSON,
    PHONE,
    SECRET,
    USER_ID,
    ZIP,
)
from agentlog.redaction.fast import finder
from agentlog.redaction.forms.digits import digit_rows
from agentlog.redaction.keys.values import empty
from agentlog.redaction.languages.dates import find_dates, meanings
from agentlog.redaction.limits import MOST_VALUES, Unredactable
from agentlog.redaction.trace.people import People, Thing, names_in_id, split_name
from agentlog.redaction.words.lists import COMMON, MONTHS, PAYMENT_WORDS, PRONOUNS, ROLE_MAILBOXES
from agentlog.redaction.words.name_table import EVERYDAY, WORD, known
from agentlog.redaction.words.text import CJK, NUMBERS, TOKEN, folded, word_after, word_before

_PREFIX: Final = re.compile(r"(?:[A-Za-z]{1,12}[_-]){1,4}(?=[^_-]{0,40}[0-9])")
_POSTCODE: Final = re.compile(r"(?<![0-9])([0-9]{5})(?:-[0-9]{4})?\Z", re.ASCII)
_DIGITS: Final = re.compile("[0-9]+")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}", re.ASCII)
_IN_KEY: Final = re.compile(r"[^\"'\n]{0,60}[\"']\s{0,4}:")
_STREET: Final = "STREET"
_FEW: Final = 40
"""Words up to which a search for each of them is quicker than a look at the whole text."""
_DATE_WIDTH: Final = 28
_UNLIKE: Final = 8
_LONGEST_NUMBER: Final = 100
_MONTH_WORDS: Final = frozenset(MONTHS) | frozenset(month[:3] for month in MONTHS)
_MODAL: Final = frozenset(("will", "may", "mark", "grace", "can"))
_HAN: Final = re.compile(rf"[{CJK}]")
_ASCII_WORD: Final = re.compile("[a-z0-9]+")


class Entry:
    """One value of a trace, ready to be recognised."""

    __slots__ = ("after", "before", "cased", "guarded", "key", "label", "part", "thing")

    def __init__(self, key: str, thing: Thing, part: str, cased: bool = False) -> None:
        self.key = key
        self.thing = thing
        self.part = part
        self.cased = cased
        """Exchanged with a capital letter only: it is an ordinary word too."""
        self.guarded = key.isdigit() and len(key) < 7
        """Few digits: not within an amount, a date, a longer number."""
        self.before = key[0].isalnum() and (key[0] < "\u3040" or _HAN.match(key[0]) is None)
        self.after = key[-1].isalnum() and (key[-1] < "\u3040" or _HAN.match(key[-1]) is None)
        self.label = ""
        """The placeholder, once it has been written."""


class Match(NamedTuple):
    """A known value, by its place in a text."""

    start: int
    end: int
    entry: Entry


class Vocabulary:
    """All values of one trace."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._lengths: dict[str, list[int]] = {}
        self._fixed: dict[tuple[str, str], Entry] = {}
        self._dates: dict[str, Entry] = {}
        self._years: set[str] = set()
        self._numbers: dict[str, Entry] = {}
        self._counts: dict[str, int] = {}
        self._people = People()
        self._learnt: set[tuple[str, ...]] = set()
        """What was taken in already: a history repeats itself."""
        self._firm: set[str] = set()
        """First words of values that nothing else looks like."""
        self._version = 0
        self._latest: dict[int, int] = {}
        """Mark of a first word → the version at which something that begins with it was last learnt."""

    @property
    def version(self) -> int:
        """How much has been learnt; a text redacted at this version is redacted with all that is known."""
        return self._version

    @property
    def numbers(self) -> Mapping[str, int]:
        """The highest number that was given, by entity."""
        return self._counts

    def touches(self, marks: frozenset[int], since: int) -> bool:
        """Whether anything learnt after version `since` may stand in a text of words with these `text.marks`."""
        latest = self._latest
        if latest.keys().isdisjoint(marks):
            return False
        both = latest.keys() & marks if len(marks) < len(latest) else marks.intersection(latest)
        return any(latest[mark] >= since for mark in both)

    def _new(self, *words: str) -> None:
        """Something was learnt that stands only where these words do."""
        for word in words:
            self._latest[hash(word)] = self._version
            self._version += 1

    def begin_above(self, numbers: Mapping[str, int]) -> None:
        """Numbers up to these are given away already, by entity."""
        for entity, number in numbers.items():
            self._counts[entity] = max(number, self._counts.get(entity, 0))

    # ── learning ──────────────────────────────────────────────────────────────────────────────────────────────────

    def learn(self, entity: str, value: str, part: str = "") -> None:
        """Takes in one value, in all the forms in which it may come back.

        Raises:
            Unredactable: the trace holds more values than can be kept.
        """
        value = value.strip()
        full = len(self._entries) + len(self._fixed) > MOST_VALUES
        if len(value) > 4096 or entity == BLOB or (self._again(entity, value, part) and not full) or empty(value):
            return
        if full:
            raise Unredactable("too many values in one trace")
        special = _LEARN.get(entity)
        if special is not None:
            special(self, value, part)
        elif _distinctive(entity, value):
            self._enter(entity, value, cased=folded(value) in COMMON)

    def couple(self, given: str, family: str) -> None:
        """Two names that stand in one object are one person's."""
        if self._again(given, family):
            return
        first, last = split_name(given, GIVEN), split_name(family, FAMILY)
        if len(first) == 1 and len(last) == 1:
            self._people.couple(_cut(given, first[0]), _cut(family, last[0]))
        elif first and last:
            words = [(_cut(given, piece), GIVEN) for piece in first] + [(_cut(family, piece), FAMILY) for piece in last]
            self._people.learn(words)

    def _again(self, *learnt: str) -> bool:
        """Whether that was taken in before; from now on it was."""
        if learnt in self._learnt:
            return True
        if len(self._learnt) > MOST_VALUES:
            self._learnt.clear()
        self._learnt.add(learnt)
        return False

    def _enter(
        self, entity: str, value: str, part: str = "", thing: Thing | None = None, cased: bool = False
    ) -> Entry | None:
        key = folded(value)
        known = self._entries.get(key)
        if known is not None:
            return known
        first = (_ASCII_WORD if key.isascii() else TOKEN).search(key)
        if first is None:
            return None
        key = key[first.start() :]
        known = self._entries.get(key)
        if known is not None:
            return known
        entry = self._fixed.pop((entity, key), None) or Entry(key, thing or Thing(entity), part, cased)
        self._entries[key] = entry
        lengths = self._lengths.setdefault(first.group(), [])
        if len(key) not in lengths:
            lengths.append(len(key))
            lengths.sort(reverse=True)
        self._new(first.group())
        if len(key) >= _UNLIKE and _firm(key):
            self._firm.add(first.group())
        return entry

    def _person(self, value: str, part: str) -> None:
        pieces = split_name(value, part)
        words = [(_cut(value, piece), piece.part) for piece in pieces]
        if len(words) == 1 and " " in words[0][0]:
            self._enter(PERSON, words[0][0])
            return
        self._people.learn(words)
        for word, _ in words:
            self._name_word(word)

    def _name_word(self, word: str) -> None:
        low = folded(word)
        thing = self._people.bearer(low)
        if thing is not None and len(word) > 1 and low not in self._entries:
            self._enter(PERSON, word, self._people.parts[low], thing, cased=low in COMMON or known(low) & WORD > 0)

    def _names_in(self, identifier: str) -> None:
        words = names_in_id(identifier)
        if words:
            parts = [GIVEN, *[MIDDLE] * (len(words) - 2), FAMILY]
            self._people.learn(list(zip(words, parts, strict=True)))
            for word in words:
                self._name_word(word)

    def _email(self, value: str, part: str) -> None:
        entry = self._enter(EMAIL, value)
        local = value.split("@")[0].split("+")[0]
        if entry is None or local.lower() in ROLE_MAILBOXES:
            return
        self._names_in(local)
        if len(local) >= 5 and (any(map(str.isdigit, local)) or names_in_id(local)):
            self._enter(EMAIL, local, LOCAL, entry.thing)

    def _user_id(self, value: str, part: str) -> None:
        self._names_in(value.split("@")[0])
        if _distinctive(USER_ID, value):
            self._enter(USER_ID, value)

    def _payment_id(self, value: str, part: str) -> None:
        number = value[_prefix(value) :]
        if _distinctive(PAYMENT_ID, number):
            entry = self._enter(PAYMENT_ID, number)
            self._digits(number, entry)

    def _phone(self, value: str, part: str) -> None:
        digits = _digits_of(value)
        if len(digits) >= 7:
            entry = self._numbers.get(digits) or self._numbers.get(digits[-10:])
            entry = self._enter(PHONE, value, thing=entry.thing if entry is not None else None)
            self._digits(digits, entry)
            if len(digits) > 10 and entry is not None:
                self._digits(digits[-10:], entry)

    def _national_id(self, value: str, part: str) -> None:
        if _distinctive(NATIONAL_ID, value):
            known = self._numbers.get(_digits_of(value)) if not any(map(str.isalpha, value)) else None
            thing = known.thing if known is not None and known.thing.entity == NATIONAL_ID else None
            self._digits(value, self._enter(NATIONAL_ID, value, thing=thing))

    def _digits(self, value: str, entry: Entry | None) -> None:
        digits = _digits_of(value)
        if entry is not None and len(digits) >= 7 and digits not in self._numbers and not any(map(str.isalpha, value)):
            self._numbers[digits] = entry
            self._new(NUMBERS)

    def _dob(self, value: str, part: str) -> None:
        meant = meanings(value)
        if not meant:
            if len(value) >= 6 and any(map(str.isdigit, value)):
                self._enter(DOB, value)
            return
        entry = next((self._dates[date] for date in meant if date in self._dates), None)
        if entry is None:
            entry = Entry(meant[0], Thing(DOB), "")
        for date in meant:
            if date not in self._dates:
                self._dates[date] = entry
                self._years |= {date[:4], date[2:4], date.replace("-", "")}
                self._new(date[:4], date[2:4], date.replace("-", ""))

    def _address(self, value: str, part: str) -> None:
        if not _distinctive(ADDRESS, value):
            return
        entry = self._enter(ADDRESS, value)
        if "," in value and entry is not None:
            street, _, rest = value.partition(",")
            if not any(map(str.isalpha, street)) or (not any(map(str.isdigit, street)) and rest.strip()[:1].isdigit()):
                street += "," + rest.partition(",")[0]  # `96, Vig Road`, `Rua Costa, 662`: two parts are the street
            street = street.strip()
            if len(street) > 6 and any(map(str.isdigit, street)) and any(map(str.isalpha, street)):
                self._enter(ADDRESS, street, _STREET, entry.thing)
            code = _POSTCODE.search(value)
            if code is not None:
                self._enter(ZIP, code.group(1))

    def _zip(self, value: str, part: str) -> None:
        if _distinctive(ZIP, value):
            self._enter(ZIP, value)
            if len(value) == 10 and value[5] == "-":
                self._enter(ZIP, value[:5])

    # ── what stands for a value ───────────────────────────────────────────────────────────────────────────────────

    def pieces(self, entity: str, value: str, part: str = "") -> list[Match]:
        """What stands for `value` where it was found: usually one entry for the whole of it, for a name one a word."""
        start = len(value) - len(value.lstrip())
        stripped = value.strip()
        end = start + len(stripped)
        if empty(stripped):
            return []
        if entity == PERSON:
            names = self._name_pieces(value, part)
            if names:
                return names
        elif entity == PAYMENT_ID:
            prefix = _prefix(stripped)
            start, stripped = start + prefix, stripped[prefix:]
        elif entity == DOB:
            for date in meanings(stripped):
                if date in self._dates:
                    return [Match(start, end, self._dates[date])]
        elif entity == PHONE:
            known = self._numbers.get(_digits_of(stripped))
            if known is not None and folded(stripped) not in self._entries:
                return [Match(start, end, known)]
        return [Match(start, end, self._entry(entity, stripped, part))]

    def _entry(self, entity: str, value: str, part: str) -> Entry:
        low = folded(value)
        known = self._entries.get(low)
        if known is None:
            first = TOKEN.search(low)
            known = self._entries.get(low[first.start() :]) if first is not None else None
        if known is None:
            known = self._fixed.get((entity, low))
        if known is None:
            known = self._fixed[(entity, low)] = Entry(low, Thing(entity), part if entity == PERSON else "")
        return known

    def _name_pieces(self, value: str, part: str) -> list[Match]:
        found = []
        for piece in split_name(value, part):
            entry = self._entries.get(folded(_cut(value, piece)))
            if entry is not None:
                found.append(Match(piece.start, piece.end, entry))
        return found

    def label(self, entry: Entry) -> str:
        """The placeholder of `entry`; it is numbered now if it was not yet, and never changes again."""
        if not entry.label:
            thing = entry.thing.root()
            if not thing.number:
                thing.number = self._counts[thing.entity] = self._counts.get(thing.entity, 0) + 1
            part = self._people.parts.get(entry.key, entry.part) if thing.entity == PERSON else entry.part
            entry.label = f"<{thing.entity}_{thing.number}{'_' + part if part else ''}>"
        return entry.label

    # ── finding again ─────────────────────────────────────────────────────────────────────────────────────────────

    def find(self, text: str, low: str, tokens: frozenset[str]) -> list[Match]:
        """Every known value in `text`, by whole words, longest first at each place; they may overlap.

        `low` is `folded(text)`, `tokens` its words.
        """
        found: list[Match] = []
        hits = self._lengths.keys() & tokens
        for at, token in _places(low, hits):
            for length in self._lengths[token]:
                end = at + length
                # a slice over the end would be as long as a shorter value
                entry = self._entries.get(low[at:end]) if end <= len(low) else None
                if entry is not None and _whole(entry, low, at, end) and self._means(entry, text, low, at, end):
                    found.append(Match(at, end, entry))
                    break
        if self._dates and not tokens.isdisjoint(self._years):
            found += self._find_dates(text, low, self._years & tokens)
        if self._numbers and NUMBERS in tokens:
            found += self._find_numbers(text)
        return found

    def left_in(self, text: str, words: frozenset[str], keep: frozenset[str]) -> bool:
        """Whether a value of the trace that nothing else looks like is still in `text`, at whatever place: the last check."""
        hits = self._firm & words
        if not hits:
            return False
        low = folded(text)
        for at, token in _places(low, hits):
            for length in self._lengths[token]:
                entry = self._entries.get(low[at : at + length]) if length >= _UNLIKE else None
                if entry is None or entry.thing.entity in keep or not _whole(entry, low, at, at + length):
                    continue
                if _firm(entry.key):
                    return True
        return False

    def _find_dates(self, text: str, low: str, years: set[str]) -> list[Match]:
        found = []
        for at, _ in _places(low, years):
            around = max(0, at - _DATE_WIDTH)
            for start, end, meant in find_dates(text[around : at + _DATE_WIDTH]):
                entry = next((self._dates[date] for date in meant if date in self._dates), None)
                if entry is not None:
                    found.append(Match(around + start, around + end, entry))
        return found

    def _find_numbers(self, text: str) -> list[Match]:
        found = []
        for start, end in digit_rows(text):
            digits = "".join(filter(str.isdigit, text[start : min(end, start + _LONGEST_NUMBER)]))
            entry = self._numbers.get(digits)
            if entry is None and len(digits) > 10:
                entry = self._numbers.get(digits[-10:])
                entry = entry if entry is not None and entry.thing.entity == PHONE else None
            if entry is not None:
                found.append(Match(start, end, entry))
        return found

    def _means(self, entry: Entry, text: str, low: str, start: int, end: int) -> bool:
        """Whether what stands there is that value and not a word or an amount that is spelt like it."""
        if entry.cased:
            word = text[start:end]
            if not word[0].isupper() or (word.isupper() and len(word) > 1 and len(word) < 5):
                return False
            if entry.key in _MONTH_WORDS and text[end : end + 2].strip(" .")[:1].isdigit():
                return False
            if (
                text[end : end + 1] == ":"
                and known(entry.key) & EVERYDAY
                and self._people.parts.get(entry.key) == FAMILY
            ):
                return False  # "Price: 20"
            following = TOKEN.match(low, end + 1)
            if entry.key in _MODAL and following is not None and following.group() in PRONOUNS:
                return False
            return _IN_KEY.match(text, end) is None
        if entry.guarded:
            if text[end : end + 1] == "%" or (start and text[start - 1] in "$€£¥"):
                return False
            if start > 1 and text[start - 1] in ".,:/-" and text[start - 2].isdigit():
                return False
            after = text[end : end + 2]
            return not (
                len(after) == 2
                and after[0] in ".,:/-"
                and after[1].isdigit()
                and not (entry.thing.entity == ZIP and after[0] == "-")
            )
        return True


def _digits_of(value: str) -> str:
    return "".join(_DIGITS.findall(value))


def _cut(value: str, piece: tuple[int, int, str]) -> str:
    return value[piece[0] : piece[1]]


def _prefix(value: str) -> int:
    """How much of a payment method's id says of what kind it is: `credit_card_` of `credit_card_4421486`."""
    match = _PREFIX.match(value) if "_" in value or "-" in value else None
    if match is None or len(value) - match.end() < 5:
        return 0
    words = match.group().lower().replace("-", "_").split("_")[:-1]
    return match.end() if all(word in PAYMENT_WORDS for word in words) else 0


def _distinctive(entity: str, value: str) -> bool:
    """Whether `value` is exchanged wherever it stands in the trace, not only where its key or cue said what it is."""
    if entity in (NATIONAL_ID, PAYMENT_ID, APP_ID):
        return len(value) >= 5 and any(map(str.isdigit, value))
    digits = sum(map(str.isdigit, value))
    words = value.split()
    if entity == CARD_LAST4:
        return len(value) == 4 and _YEAR.fullmatch(value) is None
    if entity == ZIP:
        return 5 <= len(value) <= 10 and digits >= 2
    if entity == ADDRESS:
        return (
            (digits > 0 and len(value) > digits and len(value) >= 5)
            or len(words) > 1
            or (_HAN.match(value) is not None and len(value) > 3)
        )
    if entity == SECRET:
        return (
            len(words) == 1
            and (len(value) >= 8 or (len(value) >= 6 and 0 < digits < len(value)))
            and value.lower() not in COMMON
        )
    if entity == USER_ID:
        return len(value) >= 4 and (digits > 0 or "@" in value or len(value) >= 6) and value.lower() not in COMMON
    return len(value) >= 3


_LEARN: Final = {
    PERSON: Vocabulary._person,
    EMAIL: Vocabulary._email,
    USER_ID: Vocabulary._user_id,
    PAYMENT_ID: Vocabulary._payment_id,
    PHONE: Vocabulary._phone,
    NATIONAL_ID: Vocabulary._national_id,
    DOB: Vocabulary._dob,
    ADDRESS: Vocabulary._address,
    ZIP: Vocabulary._zip,
}


def _places(low: str, hits: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where the words `hits` stand in `low`. Few are searched for one by one, many by reading the text once."""
    wanted = set(hits)
    if len(wanted) > _FEW:
        find = finder()
        if find is not None:
            yield from find(wanted)(low)
            return
        yield from ((match.start(), match.group()) for match in TOKEN.finditer(low) if match.group() in wanted)
        return
    for token in wanted:
        at = low.find(token)
        while at >= 0:
            yield at, token
            at = low.find(token, at + len(token))


def _firm(key: str) -> bool:
    """Whether nothing but this value is spelt like it: letters and digits, or an address."""
    return "@" in key or (any(map(str.isdigit, key)) and any(map(str.isalpha, key)))


def _whole(entry: Entry, low: str, start: int, end: int) -> bool:
    """Whether the value stands there as words of its own."""
    return not (entry.before and word_before(low, start)) and not (entry.after and word_after(low, end))
