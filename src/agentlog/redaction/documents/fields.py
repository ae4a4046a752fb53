"""Keys and values of any container, judged by the rules that JSON is judged by."""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.entities import (
    ADDRESS,
    CARD_LAST4,
    DOB,
    FAMILY,
    GIVEN,
    IP,
    NATIONAL_ID,
    PAYMENT_ID,
    PERSON,
    PHONE,
    SECRET,
    USER_ID,
    ZIP,
    Finding,
)
from agentlog.redaction.keys.key_words import LOGINS, PASSWORD_ENDS, words_of
from agentlog.redaction.keys.rules import SAFE, KeyRules, Rule, about_people
from agentlog.redaction.keys.values import empty, judged, person_like, reference
from agentlog.redaction.languages.dates import find_dates
from agentlog.redaction.structures.frames import Island
from agentlog.redaction.structures.records import Records
from agentlog.redaction.words.lists import COMMON, ORDINARY, ORGANISATION, SYSTEM_USERS
from agentlog.redaction.words.spans import FILLER, Span

_TEMPLATE: Final = re.compile(
    r".*(?:[{}]|\$[({A-Za-z_]|<[A-Za-z/]|%[sdrvq(]|\(\)|\b(?:self|this|os|process|request|config|settings)\.[a-z])"
    r"|[:?@$%][A-Za-z_]\w{0,40}|\$[0-9]{1,2}|\?",
    re.ASCII | re.DOTALL,
)
"""A template, or code, that stands for a value."""
_CODE: Final = re.compile(
    r"[a-z_]\w{0,40}(?:\.[a-z_]\w{0,40}){1,6}(?:\(.{0,200})?|[A-Za-z_][\w.]{0,60}[(\[].{0,200}", re.ASCII | re.DOTALL
)
"""What a program calls a value."""
_IDENTIFIER: Final = re.compile(
    r"[a-z]{1,30}(?:[A-Z][a-z0-9]{0,30}){1,12}|[A-Z][a-z]{1,30}(?:[A-Z][a-z]{1,30}){1,12}|[a-z]+(?:_[a-z]+){1,12}",
    re.ASCII,
)
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_CAPITALISED: Final = re.compile(r"[^\W\d_a-z][^\W\d_]+")
_SMALL: Final = re.compile(r"(?<!\w)[a-z]{2,}")
_SCHEME: Final = re.compile(r"(?:[Bb]earer|[Bb]asic|[Tt]oken|[Dd]igest|[Aa]pi[Kk]ey|AWS4-HMAC-SHA256)[ \t]{1,3}(?=\S)")
_NAMES_OF_LOGINS: Final = frozenset("username user login uid name email userid".split())
_SECRET_WORDS: Final = frozenset(
    """password passwd passphrase pass pwd secret token key apikey api hash hashed digest vault cookie session credential
    credentials auth bearer db database admin root none null nil undefined""".split()
)
_SERVICES: Final = SYSTEM_USERS | frozenset(
    """postgres mysql mariadb oracle sa dbo redis mongo mongodb nginx apache www http httpd ftp mail daemon bin sys proxy
    backup cron svc api bot system administrator anonymous deploy deployer ci build builder dev test tester staff wheel
    sudo operator monitor monitoring grafana prometheus kafka elastic rabbitmq airflow none self me current owner""".split()
)
"""Accounts that are no people."""
_TELLING: Final = frozenset((word,) for word in ("name", "names", "kind", "user", "author", "pass"))
_ABOUT_SOMEBODY: Final = frozenset((PHONE, ADDRESS, ZIP, PAYMENT_ID, CARD_LAST4, USER_ID, SECRET))
_MACHINE: Final = re.compile(
    r"(?<![A-Za-z])(?!(?:laptop|desktop|macbook|pc|mac|imac|host|server|win|local|localhost|home|office|work|the|pro|air|mini|book|lan|mail|smtp|mx|relay|gateway|unknown|localdomain)(?![A-Za-z]))[A-Za-z][a-z]{3,30}(?![A-Za-z])",
    re.IGNORECASE,
)
_OF_LDAP: Final = {
    "sn": Rule(PERSON, FAMILY), "cn": Rule(PERSON), "uid": Rule(USER_ID), "givenname": Rule(PERSON, GIVEN),
    "displayname": Rule(PERSON), "samaccountname": Rule(USER_ID), "userpassword": Rule(SECRET),
}  # fmt: skip
_SECRET_ENDS: Final = PASSWORD_ENDS | {"secret"}
_ONE_WORD: Final = re.compile(r"[a-z][\w.-]{2,40}")
_LOGINS: Final = frozenset((word,) for word in LOGINS)


class Fields(Records):
    """A sink for the readers of containers: they say what is a key and what its value, it judges and keeps what it finds.

    One object (`open` … `close`) is one thing or one person: a row of a table, an element, an indented block.
    """

    def __init__(self, text: str, rules: KeyRules) -> None:
        super().__init__(text, 0, rules)
        self._quoted: set[int] = set()
        self._known: list[int] = []
        self.open()

    def open(self, bracket: str = "{", key: Span | None = None, people: bool = False) -> None:
        """An object begins, under `key` if it has one of its own; `people`: it is about somebody."""
        if key is not None:
            self.key(*key)
        self.enter(bracket)
        self.frame.people |= people
        self._known.append(len(self.island.findings))

    def close(self) -> None:
        """The innermost object has been read.

        JSON wants an e-mail address or the like before a bare `name` is somebody's; for a form a phone number is enough.
        """
        frame = self.stack.pop()
        since = self._known.pop()
        if since < len(self.island.findings) and not frame.program:
            frame.personal |= any(found.entity in _ABOUT_SOMEBODY for found in self.island.findings[since:])
        self.apart = len(self.stack) == 1
        self.leave(frame)
        self.frame = self.stack[-1] if self.stack else frame

    def pair(self, key: Span, value: Span, quoted: bool = False, login: bool = False) -> None:
        """A key and its value.

        Args:
            key: where the key stands.
            value: where the value stands, without quotes.
            quoted: it had quotes; what stands there is a value then, and no code.
            login: a word like `user` says that the value is a login name: so in commands, settings, connection strings, logs.
        """
        self.key(*key)
        rule = self.frame.rule
        if rule is None or rule.weak:
            words = self.frame.key.words if self.frame.key is not None else ()
            if login and words[-1:] in _LOGINS:
                self.frame.rule = Rule(USER_ID)
            elif _secret_setting(words):
                self.frame.rule = Rule(SECRET)
            elif rule is None and words and words[-1].endswith("s") and self.text[slice(*value)].isdigit():
                return  # how many there are
        self.value(value, quoted)

    def value(self, value: Span, quoted: bool = False) -> None:
        """A value of the key that was said last, or of the list that has been opened."""
        start, end = _stripped(self.text, *value)
        if start < end and self.text.find(FILLER, start, end) < 0:
            if quoted:
                self._quoted.add(start)
            self.string(start, end)

    def member(self, value: Span) -> None:
        """A value with quotes in a row whose columns nobody has named; an empty one takes its place too."""
        if value[0] < value[1]:
            self.value(value, quoted=True)
        else:
            self.other()

    def secret(self, start: int, end: int) -> None:
        """A value that is secret because of where it stands, whatever its key says."""
        value = self.text[start:end]
        if not empty(value) and _TEMPLATE.fullmatch(value) is None and FILLER not in value:
            self.island.findings.append(Finding(start, end, SECRET))

    def login(self, start: int, end: int) -> None:
        """A login name, because of where it stands."""
        self.told(start, end, USER_ID)

    def person(self, start: int, end: int) -> None:
        """Somebody's name, because of where it stands; it must look like one."""
        start, end = _stripped(self.text, start, end)
        value = self.text[start:end]
        if judged(Rule(PERSON), value) == PERSON:
            self.told(start, end, PERSON)

    def couple(self, given: Span, family: Span) -> None:
        """A given and a family name of one person, because of where they stand."""
        places = []
        for (start, end), part in ((given, GIVEN), (family, FAMILY)):
            if start < end and judged(Rule(PERSON), self.text[start:end]) == PERSON:
                places.append(len(self.island.findings))
                self.island.findings.append(Finding(start, end, PERSON, part))
        if len(places) == 2:
            self.island.couples.append((places[0], places[1]))

    def machine(self, start: int, end: int) -> None:
        """The name of a computer that a mail came from: of a laptop it often is its owner's. Servers have a domain."""
        name = self.text[start:end]
        for match in _MACHINE.finditer(name) if "." not in name or name.endswith((".local", ".lan", ".home")) else ():
            self.told(start + match.start(), start + match.end(), USER_ID)

    def ldap(self, key: Span, value: Span) -> None:
        """An attribute of a directory: its short names say more there than elsewhere."""
        rule = _OF_LDAP.get(self.text[slice(*key)].lower())
        if rule is None:
            self.pair(key, value, quoted=True)
            return
        found = judged(rule, self.text[slice(*value)])
        if found:
            self._quoted.add(value[0])
            self.island.findings.append(Finding(*value, found, rule.part if found == PERSON else ""))

    def home(self, start: int, end: int) -> None:
        """The name of somebody's folder: a login name, or a name."""
        value = self.text[start:end]
        self._quoted.add(start)
        self.told(start, end, PERSON if person_like(value) else USER_ID)

    def told(self, start: int, end: int, entity: str) -> None:
        """A value that is of a kind because of where it stands."""
        if FILLER not in self.text[start:end] and not empty(self.text[start:end]):
            self.island.findings.append(Finding(start, end, entity))

    def found(self) -> Island:
        """All that has been found, without what is no value. What a backslash means differs: nothing is unescaped."""
        if not (self.island.keyed or self.island.findings):
            return self.island
        while self.stack:
            self.close()
        found = self.island.findings
        checked = [self._checked(one) for one in found]
        for couple in self.island.couples:  # Park is somebody's name beside Jane
            believed = [checked[index].start < checked[index].end for index in couple]
            for index, believe in zip(couple, believed, strict=True):
                if (
                    not believe
                    and any(believed)
                    and _CAPITALISED.fullmatch(self.text, found[index].start, found[index].end)
                ):
                    checked[index] = found[index]
        self.island.findings = checked
        return self.island

    def _checked(self, found: Finding) -> Finding:
        start, end, entity = found.start, found.end, found.entity
        value = self.text[start:end]
        if not believable(entity, value, start in self._quoted):
            return Finding(start, start, entity)
        if entity == SECRET and (scheme := _SCHEME.match(value)):
            start += scheme.end()
        return Finding(start, end, entity, found.part)


def identifier(value: str) -> bool:
    """Whether a value is written like a name of a program's: `RetryStatus`, `retryStatus`, `retry_status`."""
    return _IDENTIFIER.fullmatch(value) is not None


def one_word(text: str, start: int, end: int) -> bool:
    """Whether a value may be a login name: one word in small letters."""
    return _ONE_WORD.fullmatch(text, start, end) is not None


def is_setting(key: str) -> bool:
    """Whether a setting of this name holds a login name or a secret, whatever it opens: `DB_USER`, `smtp_pass`."""
    words = words_of(key)
    return words[-1:] in _LOGINS or _secret_setting(words)


def _secret_setting(words: tuple[str, ...]) -> bool:
    return len(words) > 1 and words[-1] in _SECRET_ENDS


def says_something(text: str, rules: KeyRules) -> bool:
    """Whether a word is a key that rules know, or about people, or a name."""
    rule = rules.rule(text)
    if rule is not None:
        return rule is not SAFE
    return about_people(text) or words_of(text) == ("name",)


def worth_reading(key: str, rules: KeyRules) -> bool:
    """Whether a key says something of its value or of what lies under it."""
    known = rules.key(key)
    return (
        known.rule is not None
        or known.people
        or known.container is not None
        or known.label
        or known.words[-1:] in _TELLING
    )


def of_somebody(key: str, rules: KeyRules) -> bool:
    """Whether a column or a field of this name is one that only people have."""
    rule = rules.rule(key)
    return rule is not None and rule is not SAFE and not rule.weak and rule.entity != SECRET


def believable(entity: str, value: str, quoted: bool) -> bool:
    """Whether what stands there is a value of that kind: not code that names one, a type, a word of a sentence.

    >>> believable("PERSON", "user.firstName", False), believable("SECRET", "correcthorse", False)
    (False, True)
    """
    value = value.strip()
    if entity == SECRET:
        return _secret(value, quoted)
    if _TEMPLATE.fullmatch(value) is not None or (
        (not quoted or entity == PERSON) and _CODE.fullmatch(value) is not None
    ):
        return False
    words = [word.lower() for word in _LETTERS.findall(value)]
    if entity == PERSON:
        return (
            bool(words)
            and not all(word in ORDINARY for word in words)
            and (" " in value or not (_IDENTIFIER.fullmatch(value) and value[0].islower()))
            and not (len(words) > 2 and value[0].islower())
            and not (words[-1] in ORGANISATION and len(words) > 1)
        )
    if entity == USER_ID:
        return (
            value.lower() not in _SERVICES
            and value.lower().rpartition("_")[2] not in _NAMES_OF_LOGINS
            and not (all(word in COMMON or word in _SERVICES for word in words) and not any(map(str.isdigit, value)))
            and (quoted or _IDENTIFIER.fullmatch(value) is None or "_" in value or value[0].isupper())
        )
    if entity == ADDRESS:
        shown = any(map(str.isdigit, value)) or value >= "\u4e00"
        said = sum(word in ORDINARY for word in _SMALL.findall(value)) > 1
        return (
            shown
            or (
                not said
                and len(value) > 2  # a state
                and (
                    any(word[0].isupper() and word.lower() not in COMMON for word in _LETTERS.findall(value))
                    or (1 < len(words) < 5 and ORDINARY.isdisjoint(words[:-1]))  # all in small letters
                )
            )
        )
    if entity == IP:
        return not value.startswith(("0.0.0.0", "127.", "255.", "::"))
    if entity == DOB:
        return any(first <= 3 for first, _, _ in find_dates(value[:48]))
    if entity in (PHONE, ZIP, NATIONAL_ID, PAYMENT_ID):
        return not any(word in ORDINARY for word in _SMALL.findall(value))
    return True


def _secret(value: str, quoted: bool) -> bool:
    if reference(value) or value.startswith(("http://", "https://", "/", "./", "~/")) or len(value) < 3:
        return False
    words = [word.lower() for word in _LETTERS.findall(value)]
    plain = not any(map(str.isdigit, value))
    if plain and all(word in ORDINARY or word in _SECRET_WORDS for word in words):
        return False
    if " " in value and not _SCHEME.match(value) and plain and any(word in ORDINARY for word in words):
        return False
    if quoted:
        return "${" not in value and "{{" not in value and not value.startswith(("%s", "%("))
    if (value.isdigit() and len(value) < 5) or value[-1] in ",(" or " | " in value:
        return False
    if " " in value and not _SCHEME.match(value):
        return value.count(" ") < 6 and ("; " in value or not _TEMPLATE.match(value))
    if _TEMPLATE.fullmatch(value) is not None or _CODE.fullmatch(value) is not None:
        return False
    return not plain or _IDENTIFIER.fullmatch(value) is None


_EDGES: Final = " \t\r\n*`"


def _stripped(text: str, start: int, end: int, edges: str = _EDGES) -> Span:
    while start < end and text[start] in edges:
        start += 1
    while end > start and text[end - 1] in edges:
        end -= 1
    return start, end


def unquoted(text: str, start: int, end: int) -> tuple[Span, bool]:
    """A value without its quotes, and whether it had any.

    >>> unquoted("a = 'b'", 4, 7)
    ((5, 6), True)
    """
    start, end = _stripped(text, start, end, " \t\r\n")
    if end - start > 1 and text[start] in "\"'" and text[end - 1] == text[start]:
        return (start + 1, end - 1), True
    return (start, end), False
